// Inputs for Jira's fields, made from their metadata; so whatever is on a screen can be asked for. Used by forms and dialogs.
"use strict";

const OWN = "/_sandbox/jira";
const rest = (path) => `${OWN}/as/${encodeURIComponent(actor())}/${path}`;
const issueRest = (key, path) => rest(`api/2/issue/${encodeURIComponent(key)}${path || ""}`);
const BESIDE = "Not done; what is wrong stands beside the fields.";
const NOT_FORMED = ["attachment", "issuelinks", "comment", "worklog", "project"];

function pick(options, chosen, empty, attributes) {
  return make("select", attributes, empty === null ? null : make("option", { value: "" }, empty),
    ...options.map(([value, text]) => make("option", { value, selected: value === chosen }, text)));
}

function boxes(options, chosen) {
  const place = make("div", { class: "row", role: "group" }, ...options.map(([value, text]) => {
    const box = make("input", { type: "checkbox", value });
    box.checked = chosen.includes(value);
    return make("label", { class: "check" }, box, text);
  }));
  const all = () => [...place.querySelectorAll("input")];
  return { element: place, get: () => all().filter((one) => one.checked).map((one) => one.value),
    set: (values) => { for (const one of all()) one.checked = values.includes(one.value); } };
}

// A field's editor: {element, get() -> value as REST takes it, set(value as REST shows it)}. null for what forms do not show.
function editor(id, meta, about) {
  const schema = meta.schema, custom = (schema.custom || "").split(":").pop();
  const attributes = { name: id, "data-testid": `field-${id}`, autocomplete: "off" };
  if (NOT_FORMED.includes(schema.system)) return null;
  const plain = (element, out, into) => ({ element, get: () => out(element.value), set: (value) => { element.value = into ? into(value) : value ?? ""; } });
  const filled = (value) => (value === "" ? null : value);
  if (id === "timetracking") return estimates(attributes);
  if (id === "parent") return plain(make("input", { ...attributes, placeholder: "key of the parent" }), (v) => (v ? { key: v.trim() } : null), (v) => v?.key || "");
  if (custom === "gh-epic-link") return plain(make("input", { ...attributes, placeholder: "key of the epic" }), (v) => filled(v.trim()));
  if (custom === "gh-sprint") {
    const list = pick((about.sprints || []).map((s) => [s.id, s.name]), "", "None", attributes);
    // An object on Cloud, a text that holds its number on Data Center.
    const numberOf = (one) => String(one.id ?? /\bid=(\d+)/.exec(one)?.[1] ?? "");
    return plain(list, (v) => (v ? Number(v) : null), (v) => (v?.length ? numberOf(v[v.length - 1]) : ""));
  }
  if (meta.allowedValues && schema.type === "array") {
    const made = boxes(meta.allowedValues.map((one) => [one.id, one.name || one.value]), []);
    made.element.setAttribute("data-testid", `field-${id}`);
    return { element: made.element, get: () => made.get().map((value) => ({ id: value })), set: (value) => made.set((value || []).map((one) => one.id)) };
  }
  if (meta.allowedValues) {
    const list = pick(meta.allowedValues.map((one) => [one.id, one.name || one.value]), "", meta.required || id === "priority" ? null : "None", attributes);
    return plain(list, (v) => (v ? { id: v } : null), (v) => v?.id ?? "");
  }
  if (schema.type === "user") {
    const people = id === "assignee" ? about.assignable : about.people;
    const list = pick(people.map((one) => [one.key, one.name]), "", id === "assignee" ? "Unassigned" : id === "reporter" ? "Whoever creates it" : "Nobody", attributes);
    const same = (one, shown) => (one.wire.accountId ? shown.accountId === one.wire.accountId : shown.name === one.wire.name);
    return plain(list, (v) => about.people.find((one) => one.key === v)?.wire ?? null, (v) => (v ? about.people.find((one) => same(one, v))?.key ?? "" : ""));
  }
  if (schema.type === "array" && schema.items === "user") {
    const made = boxes(about.people.map((one) => [one.key, one.name]), []);
    return { element: made.element, get: () => made.get().map((key) => about.people.find((one) => one.key === key).wire),
      set: (value) => made.set(about.people.filter((one) => (value || []).some((shown) => shown.displayName === one.name)).map((one) => one.key)) };
  }
  if (schema.type === "array") return plain(make("input", { ...attributes, placeholder: "with spaces between" }), (v) => v.split(/\s+/).filter(Boolean), (v) => (v || []).join(" "));
  if (schema.type === "number") return plain(make("input", { ...attributes, type: "number", step: "any" }), (v) => (v === "" ? null : Number(v)));
  if (schema.type === "date") return plain(make("input", { ...attributes, type: "date" }), filled);
  if (schema.type === "datetime") {
    return plain(make("input", { ...attributes, type: "datetime-local" }), (v) => (v ? `${v}:00.000+0000` : null), (v) => (v ? new Date(v.replace(/(\d\d)(\d\d)$/, "$1:$2")).toISOString().slice(0, 16) : ""));
  }
  if (["description", "environment"].includes(schema.system) || custom === "textarea") return { ...plain(make("textarea", { ...attributes, class: "markup" }), filled), long: true };
  return plain(make("input", { ...attributes, type: custom === "url" ? "url" : "text" }), filled);
}

function estimates(attributes) {
  const first = make("input", { ...attributes, placeholder: "2d 4h", "aria-label": "Original estimate" });
  const left = make("input", { name: "remaining", placeholder: "1d", "aria-label": "Remaining estimate", "data-testid": "field-remaining" });
  const get = () => ({ ...(first.value ? { originalEstimate: first.value } : {}), ...(left.value ? { remainingEstimate: left.value } : {}) });
  return { element: make("div", { class: "two" }, make("label", {}, "Original", first), make("label", {}, "Remaining", left)), get,
    set: (value) => { first.value = value?.originalEstimate || ""; left.value = value?.remainingEstimate || ""; } };
}

// A field with its label and a place for what is wrong with it.
function labelled(id, meta, made) {
  const wrong = make("p", { class: "wrong", role: "alert", "data-testid": `wrong-${id}` });
  const name = make("span", {}, meta.name, meta.required ? make("span", { class: "bad" }, " *", make("span", { class: "hidden" }, "required")) : null);
  if (made.element.matches("div")) {
    return { place: make("fieldset", {}, make("legend", {}, name), made.element, wrong), wrong };
  }
  if (meta.required) made.element.setAttribute("aria-required", "true");
  return { place: make("div", {}, make("label", {}, name, made.element), wrong), wrong };
}

// Shows what a refusal says about fields beside them; answers whether it said anything else.
function place(refused, wrongs) {
  let all = true;
  for (const wrong of Object.values(wrongs)) wrong.textContent = "";
  for (const [id, text] of Object.entries(refused.fields || {})) {
    if (wrongs[id]) wrongs[id].textContent = text;
    else all = false;
  }
  return !all || !Object.keys(refused.fields || {}).length;
}

// A dialog that asks for fields. `work` gets the values that were filled in.
function askFields(title, intro, metas, about, go, work, start) {
  const made = {}, wrongs = {}, places = [];
  for (const [id, meta] of Object.entries(metas)) {
    const one = editor(id, meta, about);
    if (!one) continue;
    const { place: shown, wrong } = labelled(id, meta, one);
    if (start && id in start) one.set(start[id]);
    made[id] = one;
    wrongs[id] = wrong;
    places.push(shown);
  }
  const empty = (value) => value === null || (Array.isArray(value) && !value.length) || (typeof value === "object" && !Array.isArray(value) && !Object.keys(value).length);
  return ask(title, [...intro, ...places], go, async () => {
    const fields = Object.fromEntries(Object.entries(made).map(([id, one]) => [id, one.get()]).filter(([, value]) => !empty(value)));
    try {
      await work(fields);
    } catch (refused) {
      throw place(refused, wrongs) ? refused : new Error(BESIDE);
    }
  }, "fields");
}

// Makes a transition; where it has a screen, its fields are asked for first.
async function makeTransition(key, transition, about) {
  const address = issueRest(key, "/transitions");
  const done = (fields) => send("POST", address, { transition: { id: transition.id }, ...(fields && Object.keys(fields).length ? { fields } : {}) });
  if (!transition.screen) return attempt(() => done(), `${key}: ${transition.name}`);
  const found = await (await fetch(`${address}?expand=transitions.fields&transitionId=${transition.id}`)).json();
  const screen = found.transitions?.[0];
  if (!screen) return attempt(() => done(), "");
  const went = await askFields(`${key}: ${transition.name}`, [make("p", { class: "soft" }, `To go to ${screen.to.name}, Jira asks for this.`)], screen.fields,
    about, transition.name, done);
  say(went ? `${key}: ${transition.name}` : `${key} stays where it is.`);
  return went;
}

// People, sprints and the like that inputs offer; the board has no issue to take them from.
async function aboutProject(project) {
  const people = await (await fetch(rest(`api/2/user/assignable/search?project=${project}&username=&query=&maxResults=200`))).json();
  const listed = (Array.isArray(people) ? people : []).map((one) => ({ key: one.key || one.accountId, name: one.displayName,
    wire: one.accountId ? { accountId: one.accountId } : { name: one.name } }));
  return { people: listed, assignable: listed };
}
