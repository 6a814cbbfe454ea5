// Stands in for the place in which Aha! runs extensions: the global `aha`, React, views, commands, settings, fields.
// After the typings of aha-cli 1.10.0 (aha.d.ts); what an extension does not use here is not there.
"use strict";

const registered = new Map(); // "identifier view" -> function
const contexts = new Map();
let running = "", host = null;

const libraries = { react: () => window.React, "react-dom": () => window.ReactDOM };

window.aha = {
  get account() { return host.account; },
  import(name) {
    if (!libraries[name]) throw new Error(`Aha! has no library ${name} for extensions.`);
    return libraries[name]();
  },
  executeExtension(identifier, code) {
    const before = running;
    running = identifier;
    try { code(contexts.get(identifier)); } finally { running = before; }
  },
  on(name, work) {
    if (typeof name !== "string") throw new Error("The stand-in knows contributions by name only.");
    registered.set(`${running} ${name}`, work);
  },
  contextForIdentifier: (identifier) => contexts.get(identifier),
  commandOutput(text) { outputs.append(make("p", {}, String(text))); say(String(text)); },
  sanitizeUrl: (url) => (safe(url) ? url : "about:blank"),
  render(elements, node) { window.ReactDOM.render(elements, node); },
};
const outputs = make("div", { role: "log", "aria-label": "What commands said", "data-testid": "command-output" });

// Settings by name, and as properties, as extensions of both ages read them.
const settingsOf = (values) => Object.assign(Object.create({ get: (name) => values[name] }), values);

// A record as an extension gets it: what it is, and the fields that the extension stores with it.
function recordOf(stub, one) {
  const own = (identifier) => { if (identifier !== one.identifier) throw new Error("These fields are another extension's."); };
  const put = async (name, value) => {
    await send("POST", `/_play/extensions/${encodeURIComponent(one.identifier)}/fields`, { record: stub.id, name, value });
    one.fields[name] = value;
  };
  return {
    ...stub,
    setExtensionField: async (identifier, name, value) => { own(identifier); await put(name, value); },
    clearExtensionField: async (identifier, name) => { own(identifier); await put(name, null); },
    getExtensionField: async (identifier, name) => { own(identifier); return one.fields[name] ?? null; },
    getExtensionFields: async (identifier) => { own(identifier); return { ...one.fields }; },
  };
}

const loaded = (address) => new Promise((done, failed) => {
  document.head.append(make("script", { src: address, onload: done, onerror: () => failed(new Error(`${address} can not be loaded.`)) }));
});

async function begin(query) {
  host = await send("GET", `/_play/extensions?${new URLSearchParams({ as: actor(), ...query })}`);
  if (host.libraries) {
    await loaded("/_play/libraries/react");
    await loaded("/_play/libraries/react-dom");
  }
  for (const one of host.extensions) {
    contexts.set(one.identifier, { identifier: one.identifier, settings: settingsOf(one.settings) });
    if (host.libraries) for (const name of one.scripts) await loaded(`/_play/extensions/${encodeURIComponent(one.identifier)}/${encodeURIComponent(name)}.js`);
  }
}

// A view lives in a shadow tree: its styles reach nothing outside, and those of the page do not reach it.
function draw(one, view, place, record) {
  const work = registered.get(`${one.identifier} ${view.name}`);
  if (!host.libraries || !work) {
    place.append(make("p", { class: "bad" }, host.libraries ? `${one.name} registered no ${view.name}.` : "The sandbox has no React: put it there first, see docs/reference/sandboxes.md."));
    return;
  }
  const root = make("div", {});
  place.attachShadow({ mode: "open" }).append(root);
  let left = () => {};
  const props = { record, fields: { ...one.fields }, isUpdate: false, onUnmounted: (callback) => { left = callback; } };
  const shown = work(props, contexts.get(one.identifier));
  if (shown) window.ReactDOM.render(shown, root);
  addEventListener("pagehide", () => { window.ReactDOM.unmountComponentAtNode(root); left(); });
}

async function beside(place) {
  await begin({ kind: place.dataset.kind, ref: place.dataset.ref });
  for (const one of host.extensions) {
    const record = recordOf(host.record, one);
    for (const view of one.views.filter((each) => each.host === "attribute")) {
      const inside = make("div", { "data-testid": `view-${view.name}` });
      place.append(make("section", {}, make("h2", {}, view.title), inside));
      draw(one, view, inside, record);
    }
    for (const command of one.commands) {
      const run = () => attempt(() => registered.get(`${one.identifier} ${command.name}`)({ record }, contexts.get(one.identifier)));
      place.append(make("div", { class: "row" }, make("button", { type: "button", onclick: run, "data-testid": `command-${command.name}` }, `Action: ${command.title}`)));
    }
  }
  place.append(outputs);
  place.hidden = !host.extensions.length;
}

async function onItsOwn(place) {
  await begin({});
  const one = host.extensions.find((each) => each.identifier === place.dataset.extension);
  draw(one, one.views.find((each) => each.name === place.dataset.view), place);
}

function form(one, scope, title, values) {
  const asked = Object.entries(one.asked).filter(([, setting]) => setting.scope.includes(scope));
  const inputs = asked.map(([name, setting]) => {
    const input = make("input", { value: values[name] ?? "", autocomplete: "off", "data-testid": `${scope}-${name}` });
    return [name, input, make("div", {}, make("label", {}, setting.title, input), make("p", { class: "soft" }, setting.description))];
  });
  const made = make("form", { class: "stack" }, make("h3", {}, title), ...inputs.map(([, , shown]) => shown), make("div", {}, make("button", { "data-testid": `save-${scope}` }, "Save")));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(inputs.map(([name, input]) => [name, input.value]));
    attempt(() => send("POST", `/_play/extensions/${encodeURIComponent(one.identifier)}/settings`, { scope, as: actor(), values: given }), "Settings saved.");
  });
  return made;
}

async function list(place) {
  host = await send("GET", `/_play/extensions?${new URLSearchParams({ as: actor() })}`);
  const shown = host.extensions.map((one) => make("section", { "data-testid": `extension-${one.identifier}` }, make("h2", {}, `${one.name} ${one.version}`),
    ...one.views.filter((view) => view.host === "page").map((view) => make("p", {}, make("a", { href: `/extensions/${one.identifier}/${view.name}` }, view.title))),
    form(one, "account", "Settings of the account", one.account), form(one, "user", "Your settings", one.own),
    make("button", { type: "button", class: "danger", onclick: async () => { if (await attempt(() => send("DELETE", `/_play/as/${encodeURIComponent(actor())}/extensions/${one.identifier}`), "Uninstalled.")) list(place); } }, "Uninstall")));
  place.replaceChildren(...(shown.length ? shown : [make("p", { class: "soft" }, "No extension is installed.")]));
}

for (const [id, work] of [["beside", beside], ["view", onItsOwn], ["extensions", list]]) {
  const place = document.getElementById(id);
  if (place) attempt(() => work(place));
}
