// One record, on a page of its own or in the drawer: fields that save themselves, its text, parts, files, comments, history.
"use strict";

const PLURALS = { feature: "features", requirement: "requirements", epic: "epics", release: "releases", initiative: "initiatives", goal: "goals" };
const api = (path) => `/_play/as/${encodeURIComponent(actor())}/${path}`;

// name, label, kind of input, which records have it, what the choices are. The first ones stand above the text.
const FIELDS = [
  ["workflow_status", "Status", "select", "feature requirement epic release initiative goal", (d) => d.statuses.map((one) => [one.name, one.name])],
  ["assigned_to_user", "Assigned to", "select", "feature requirement epic initiative", (d) => [["", "Nobody"], ...d.people.map((one) => [one.email, one.name])]],
  ["owner", "Owner", "select", "release", (d) => d.people.map((one) => [one.email, one.name])],
  ["release", "Release", "select", "feature epic", (d) => d.releases.map((one) => [one.ref, one.name])],
  ["epic", "Epic", "select", "feature", (d) => [["", "None"], ...d.epics.map((one) => [one.ref, one.name])]],
  ["initiative", "Initiative", "select", "feature epic", (d) => [["", "None"], ...d.initiatives.map((one) => [one.ref, one.name])]],
  ["workflow_kind", "Type", "select", "feature", (d) => d.kinds.map((one) => [one, one])],
  ["start_date", "Start date", "date", "feature epic release initiative"],
  ["due_date", "Due date", "date", "feature epic"],
  ["end_date", "End date", "date", "initiative"],
  ["release_date", "Release date", "date", "release"],
  ["tags", "Tags", "text", "feature requirement epic"],
  ["original_estimate", "Estimate", "text", "feature requirement epic"],
  ["remaining_estimate", "Remaining", "text", "feature requirement epic"],
  ["progress", "Progress (%)", "number", "feature epic release initiative goal"],
];
const FIRST = ["workflow_status", "assigned_to_user", "owner", "release", "due_date", "release_date", "tags"];
const ESTIMATES = ["original_estimate", "remaining_estimate"];

function jiraLink(jira) {
  return jira ? link(jira.url, `Jira: ${jira.key}`, { class: "chip", "data-testid": "jira-link" }) : null;
}

// An estimate as people write it: points, or days of eight hours, hours and minutes.
function spoken(amount, units) {
  if (amount === null || amount === undefined || amount === "") return "";
  if (units === 20) return `${amount}p`;
  const parts = [["d", 480], ["h", 60], ["min", 1]];
  let left = Math.round(amount);
  return parts.map(([letter, size]) => { const count = Math.floor(left / size); left -= count * size; return count ? `${count}${letter}` : ""; }).filter(Boolean).join(" ") || "0h";
}

function recordView(place, kind, ref, options = {}) {
  const stem = `${PLURALS[kind]}/${ref}`;
  const address = kind === "feature" || kind === "requirement" || kind === "epic" ? stem : null;
  const inputs = new Map(), touched = new Set();
  let data = null, parts = null, dirty = false, start = "", customShown = "";

  const remove = () => send("DELETE", api(address || `products/${data.product}/${stem}`));
  const put = (values) => send("PUT", api(stem), { [kind]: values });
  const may = () => !data.viewers.includes(actor());

  async function act(work, done) {
    const well = await attempt(work, done);
    await refresh();
    options.changed?.();
    return well;
  }

  async function save(name) {
    const { element, wrong, custom, label } = inputs.get(name);
    const given = ESTIMATES.includes(name) ? { [`${name}_text`]: element.value } : { [name]: element.value };
    try {
      await put(custom ? { custom_fields: { [custom]: element.value } } : given);
      touched.delete(name);
      wrong.textContent = "";
      element.removeAttribute("aria-invalid");
      say(`${label} saved.`);
    } catch (refused) {
      wrong.textContent = refused.message;
      element.setAttribute("aria-invalid", "true");
    }
    await refresh();
    options.changed?.();
  }

  function field(name, label, element, custom) {
    const wrong = make("p", { class: "wrong", role: "alert", "data-testid": `wrong-${name}` });
    element.setAttribute("name", name);
    element.setAttribute("autocomplete", "off");
    element.setAttribute("data-testid", { workflow_status: "status", assigned_to_user: "assignee", due_date: "due" }[name] || name);
    element.addEventListener("input", () => touched.add(name));
    element.addEventListener("change", () => save(name));
    inputs.set(name, { element, wrong, custom, label });
    return make("div", {}, make("label", {}, label, element), wrong);
  }

  // A record may be another than the link says by now: it opens where this one is, or as a page.
  function opener(one, text) {
    const element = make("a", { href: one.path, "data-open": one.kind || "", "data-ref": one.key || one.ref }, text || `${one.key || one.ref} ${one.name}`);
    return element;
  }

  // ---- text

  function description() {
    const meanwhile = make("p", { class: "wrong", role: "alert", "data-testid": "meanwhile" });
    const bar = make("div", { class: "row", hidden: true }, make("button", { type: "button", class: "main", "data-testid": "save", onclick: saveText }, "Save text"),
      make("button", { type: "button", onclick: () => { dirty = false; editor_.set(data.description); settle(); } }, "Cancel"));
    const settle = () => { bar.hidden = !dirty; meanwhile.textContent = ""; };
    const editor_ = richEditor({ label: kind === "release" ? "Theme" : "Description", testid: "description", upload, changed: () => { dirty = true; bar.hidden = false; } });
    async function saveText() {
      if (await attempt(() => put({ [kind === "release" ? "theme" : "description"]: editor_.get() }), "Text saved.")) { dirty = false; settle(); await refresh(); options.changed?.(); }
    }
    editor_.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && dirty) { event.preventDefault(); saveText(); }
      if (event.key === "Escape" && dirty) event.stopPropagation();
    });
    return { element: make("section", {}, make("h2", {}, kind === "release" ? "Theme" : "Description"), editor_.element, meanwhile, bar), draw: () => {
      editor_.text.setAttribute("contenteditable", String(may()));
      if (!dirty) { if (!editor_.text.contains(document.activeElement) || start !== data.description) { editor_.set(data.description); start = data.description; } }
      else if (start !== data.description) meanwhile.textContent = "Somebody else changed this text meanwhile; saving replaces theirs.";
    } };
  }

  async function upload(file, holder) {
    const form = new FormData();
    form.append("attachment[data]", file, file.name);
    const made = await send("POST", api(`${holder || `notes/${data.note}`}/attachments`), form);
    await refresh();
    return made.attachment.download_url;
  }

  // ---- what hangs on it

  const section = (name, testid, ...more) => {
    const shown = make("div", { "data-testid": testid });
    return { place: shown, element: make("section", {}, make("h2", {}, name), shown, ...more) };
  };

  function adder(testid, label, words, work) {
    const input = make("input", { required: true, autocomplete: "off", "aria-label": label, placeholder: label, "data-testid": testid });
    const form = make("form", { class: "inline" }, make("label", { class: "wide-one" }, make("span", { class: "hidden" }, label), input), make("button", {}, words));
    form.addEventListener("submit", async (event) => { event.preventDefault(); if (await act(() => work(input.value), "Added.")) input.value = ""; });
    return form;
  }

  function rowOf(one) {
    const more = make("button", { type: "button", class: "quiet", "aria-haspopup": "menu", "aria-label": `Change ${one.key}`, "data-part": one.key, "data-testid": `part-${one.key}` }, "⋯");
    return make("li", { class: "row spread", "data-testid": `row-${one.key}` }, make("span", {}, colour(make("span", { class: "dot", title: one.status, role: "img", "aria-label": one.status }), one.colour), " ", opener(one)),
      make("span", { class: "row" }, jiraLink(one.jira), face(one.who), one.kind === "requirement" && kind === "feature" ? more : null));
  }

  function partMenu(key, button) {
    const list = data.requirements, at = list.findIndex((one) => one.key === key), one = list[at];
    const move = (before) => act(() => send("POST", "/_play/place", { kind: "requirement", ref: key, before, as: actor() }), `${key} moved.`);
    openMenu(button, key, [
      { text: "Open", act: () => go("requirement", key, one.path) },
      ...(at > 0 ? [{ text: "Move up", act: () => move(list[at - 1].key), testid: "up" }] : []),
      ...(at < list.length - 1 ? [{ text: "Move down", act: () => move(list[at + 2]?.key ?? null), testid: "down" }] : []),
      { text: "Make it a feature", act: () => act(() => send("POST", api(`requirements/${key}/convert_to_feature`), {}), "It is a feature now.") },
      { text: "Delete …", act: async () => { await sure(`Delete ${key}?`, "Delete", () => send("DELETE", api(`requirements/${key}`))); refresh(); options.changed?.(); } },
    ]);
  }

  function fileList(files) {
    return make("ul", { class: "files" }, ...files.map((one) => make("li", {}, one.picture ? make("img", { src: one.url, alt: "" }) : null, link(one.url, one.name),
      make("div", { class: "soft" }, `${one.size} bytes `, make("button", { type: "button", class: "quiet", "data-file": one.id, "aria-label": `Delete ${one.name}` }, "Delete")))));
  }

  function comments() {
    const box = richEditor({ label: "New comment", testid: "comment", changed: () => {}, upload: async () => { throw new Error("Add the comment first, then attach the picture to it."); } });
    const add = make("button", { type: "button", "data-testid": "comment-add", onclick: async () => {
      if (await act(() => send("POST", api(`${stem}/comments`), { comment: { body: box.get() } }), "Comment added.")) box.set("");
    } }, "Add comment");
    const shown = section("Comments", "comments", box.element, make("div", { class: "row" }, add));
    shown.box = box;
    return shown;
  }

  async function editComment(id) {
    const held = data.comments.find((one) => one.id === id);
    const box = richEditor({ label: "Comment", testid: "comment-edit", changed: () => {}, upload: (file) => upload(file, `comments/${id}`) });
    box.set(held.body);
    await ask("Edit comment", [box.element], "Save", () => send("PUT", api(`comments/${id}`), { comment: { body: box.get() } }));
    refresh();
  }

  // ---- the whole

  function build() {
    const name = make("input", { class: "title", "data-testid": "name", "aria-label": "Name" });
    const head = field("name", "Name", name);
    name.setAttribute("data-testid", "name");
    const close = options.close ? make("button", { type: "button", class: "quiet", "aria-label": "Close", "data-testid": "close", onclick: options.close }, "✕") : null;
    const trail = make("div", { class: "row spread" }, make("span", { class: "soft", "data-testid": "trail" }), make("span", { class: "row" },
      options.close ? make("a", { href: `/${kind === "goal" ? "strategic_imperatives" : PLURALS[kind]}/${ref}`, class: "soft" }, "Own page") : null, close));
    const text = description();
    const hints = { tags: "one, two", original_estimate: "2d 4h or 3p", remaining_estimate: "1d or 2p" };
    const own = FIELDS.filter((one) => one[3].split(" ").includes(kind));
    const grid = (list) => make("div", { class: "two" }, ...list.map(([id, label, type]) =>
      field(id, label, type === "select" ? make("select") : make("input", { type, step: type === "number" ? "any" : null, placeholder: hints[id] }))));
    const first = grid(own.filter((one) => FIRST.includes(one[0])));
    const custom = make("div", { class: "two", "data-testid": "customs" });
    const fields = make("section", {}, make("h2", {}, "Fields"), make("div", { class: "stack" }, grid(own.filter((one) => !FIRST.includes(one[0]))), custom));
    const attach = make("input", { type: "file", multiple: true, "aria-label": "Attach files", "data-testid": "attach" });
    attach.addEventListener("change", async () => {
      for (const file of attach.files) await act(() => upload(file), "Attached.");
      attach.value = "";
    });
    const made = { requirements: section("Requirements", "requirements", adder("requirement-name", "New requirement", "Add", (value) => send("POST", api(`features/${ref}/requirements`), { requirement: { name: value } }))),
      features: section("Features", "features"), files: section("Attachments", "files", attach), comments: comments(), others: section("Links and fields of integrations", "fields"), history: section("History", "history") };
    const gone = make("button", { type: "button", class: "danger", "data-testid": "delete", onclick: async () => {
      if (!await sure(`Delete ${data.key}? It goes to the recycle bin.`, "Delete", remove)) return;
      say(`${data.key} deleted.`);
      options.changed?.();
      if (options.close) options.close(); else location.href = "/";
    } }, "Delete …");
    parts = { trail: trail.firstChild, head, text, custom, gone, attach, ...Object.fromEntries(Object.entries(made).map(([id, one]) => [id, one.place])), box: made.comments.box };
    made.requirements.element.hidden = kind !== "feature";
    made.features.element.hidden = !["release", "epic", "initiative"].includes(kind);
    const stamps = make("p", { class: "soft" });
    parts.stamps = stamps;
    place.replaceChildren(make("div", { class: "stack" }, trail, head, first, text.element, made.requirements.element, made.features.element, fields, made.files.element,
      made.comments.element, made.others.element, made.history.element, stamps, make("div", {}, gone)));
    place.onclick = clicked;
    if (options.close) close.focus();
  }

  function clicked(event) {
    const given = event.target.dataset || {};
    if (given.part) partMenu(given.part, event.target);
    if (given.file) act(() => send("DELETE", api(`attachments/${given.file}`)), "File deleted.");
    if (given.editComment) editComment(given.editComment);
    if (given.dropComment) act(() => send("DELETE", api(`comments/${given.dropComment}`)), "Comment deleted.");
    if (given.open && options.open && !event.ctrlKey && !event.metaKey) { event.preventDefault(); options.open(given.open, given.ref); }
  }

  function go(which, key, path) {
    if (options.open) options.open(which, key); else location.href = path;
  }

  function drawCustoms() {
    const form = JSON.stringify(data.customs.map(({ value, ...rest }) => rest));
    if (form !== customShown) {
      customShown = form;
      parts.custom.replaceChildren(...data.customs.map((one) => {
        const types = { number: "number", date: "date", url: "url" };
        const element = one.options.length && one.type === "string" ? make("select", {}, ...["", ...one.options].map((value) => make("option", { value }, value || "None")))
          : one.type === "note" ? make("textarea", {}) : make("input", { type: types[one.type] || "text", step: one.type === "number" ? "any" : null });
        return field(`custom-${one.key}`, one.name, element, one.key);
      }));
    }
    for (const one of data.customs) if (!touched.has(`custom-${one.key}`)) set(`custom-${one.key}`, one.type === "number" && one.value !== "" ? Number(one.value) : one.value);
  }

  function set(name, value) {
    const { element, wrong } = inputs.get(name);
    if (element.value !== String(value ?? "")) element.value = value ?? "";
    element.disabled = !may();
    wrong.textContent = "";
    element.removeAttribute("aria-invalid");
  }

  function look(fresh, status) {
    if (status === 404) { place.replaceChildren(make("p", { class: "bad", role: "alert" }, `${ref} is not there any more.`), options.close ? make("button", { type: "button", onclick: options.close }, "Close") : ""); parts = null; return; }
    data = fresh;
    if (!parts) build();
    document.title = options.close ? document.title : `${data.key} ${data.name}`;
    refill(parts.trail, data.parent ? opener(data.parent) : "", data.parent ? " / " : "", make("span", { class: "key", "data-testid": "ref" }, data.key), " ", jiraLink(data.jira));
    for (const [id, , type, , choices] of FIELDS) {
      if (!inputs.has(id) || touched.has(id)) continue;
      const { element } = inputs.get(id);
      if (type === "select" && document.activeElement !== element) refill(element, ...choices(data).map(([value, text]) => make("option", { value }, text)));
      set(id, ESTIMATES.includes(id) ? spoken(data.values[id], data.values.units) : data.values[id]);
    }
    if (!touched.has("name")) set("name", data.values.name);
    drawCustoms();
    parts.text.draw();
    refill(parts.requirements, make("ul", { class: "plain" }, ...data.requirements.map(rowOf)));
    refill(parts.features, make("ul", { class: "plain" }, ...data.features.map(rowOf)));
    refill(parts.files, fileList(data.files));
    refill(parts.comments, ...data.comments.map((one) => make("article", { class: "note", "data-testid": `comment-${one.id}` }, make("div", { class: "row soft" }, face(one.who), `${one.who} · ${when(one.at)}${one.edited ? " · edited" : ""}`,
      make("button", { type: "button", class: "quiet", "data-edit-comment": one.id, "data-testid": `comment-edit-${one.id}` }, "Edit"),
      make("button", { type: "button", class: "quiet", "data-drop-comment": one.id, "data-testid": `comment-delete-${one.id}` }, "Delete")), written(one.body), one.files.length ? fileList(one.files) : null)));
    const others = [...data.links.map((one) => make("li", {}, "Linked: ", opener(one))),
      ...data.fields.map((one) => make("li", {}, `${one.name}: `, /^https?:/.test(one.value) ? link(one.value, one.value) : one.value))];
    refill(parts.others, others.length ? make("ul", { class: "plain" }, ...others) : none());
    refill(parts.history, data.history.length ? "" : none(), ...data.history.map((one) => make("div", { class: "note" }, make("div", { class: "soft" }, `${one.who} · ${when(one.at)} · ${one.what}`),
      ...one.changes.map(([label, html]) => make("div", {}, make("b", {}, label), written(html))))));
    parts.stamps.textContent = `Created ${when(data.created)} by ${data.by}, changed ${when(data.updated)}.`;
    parts.gone.disabled = parts.attach.disabled = !may();
  }

  const refresh = watch(`/_play/${kind}/${ref}`, look);
  const again = () => { if (data) look(data, 200); };
  acting?.addEventListener("change", again);
  return { stop: () => { refresh.stop(); acting?.removeEventListener("change", again); }, dirty: () => dirty };
}

const alone = document.getElementById("record");
if (alone) recordView(alone, alone.dataset.kind, alone.dataset.ref);
