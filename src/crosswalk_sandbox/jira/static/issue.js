// One issue: fields that save themselves, its text, transitions, comments, files, links, work, history. Never overwrites typing.
"use strict";

const sheet = document.getElementById("issue");
const KEY = sheet.dataset.key;
const OTHERS = ["summary", "description"];
const fields = {}, wrongs = {}, touched = new Set();
let data = null, parts = null, shownFor = "";

async function act(work, done) {
  const well = await attempt(work, done);
  await refresh();
  return well;
}

// ---- text: shown, and edited as wiki markup with a preview

const MARKS = [["B", "Bold", "*", "*"], ["I", "Italic", "_", "_"], ["H", "Heading", "\nh2. ", "\n"], ["•", "List", "\n* ", ""], ["1.", "Numbered list", "\n# ", ""],
  ["Link", "Link", "[", "|https://]"], ["❝", "Quote", "\nbq. ", ""], ["</>", "Code", "{code}\n", "\n{code}"], ["Table", "Table", "\n||Head||Head||\n|", "|cell|\n"]];

function wiki(text, testid, label) {
  const area = make("textarea", { class: "markup", "aria-label": label, "data-testid": testid });
  area.value = text;
  const seen = make("div", { class: "panel", hidden: true, "data-testid": `${testid}-preview` });
  const tools = make("div", { class: "tools", role: "toolbar", "aria-label": "Wiki markup" }, ...MARKS.map(([sign, name, before, after]) => {
    const button = make("button", { type: "button", title: name, "aria-label": name, "data-sign": sign });
    button.addEventListener("click", () => {
      const [from, to] = [area.selectionStart, area.selectionEnd];
      const lead = before.startsWith("\n") && (from === 0 || area.value[from - 1] === "\n") ? before.slice(1) : before;
      area.setRangeText(lead + area.value.slice(from, to) + after, from, to, "end");
      area.setSelectionRange(from + lead.length, from + lead.length + (to - from));
      area.focus();
    });
    return button;
  }), make("button", { type: "button", "aria-pressed": "false", "data-testid": `${testid}-look`, onclick: async (event) => {
    const on = seen.hidden;
    if (on) seen.replaceChildren(written((await send("POST", `${OWN}/preview`, { text: area.value })).html));
    seen.hidden = !on;
    event.target.setAttribute("aria-pressed", String(on));
  } }, "Preview"));
  return { element: make("div", {}, tools, area, seen), area };
}

// A place that shows a text and lets it be edited; says so when the text changed elsewhere meanwhile.
function longText(id, name) {
  const place_ = make("div", { "data-testid": id === "description" ? "text" : `text-${id}` });
  let editing = null, last = null;
  function look() {
    editing = null;
    const html = data.shown[id];
    const button = make("button", { type: "button", class: "quiet", "data-testid": `edit-${id}`, "aria-label": `Edit ${name}`, onclick: open }, "Edit");
    place_.replaceChildren(make("div", { class: "row spread" }, make("h2", {}, name), data.may.EDIT_ISSUES && data.meta[id] ? button : null),
      html ? written(html) : none());
    last = data.fields[id];
  }
  function open() {
    const start = data.fields[id] || "";
    const { element, area } = wiki(start, id, name);
    const meanwhile = make("p", { class: "wrong", role: "alert", "data-testid": `meanwhile-${id}` });
    const save = make("button", { type: "button", class: "main", "data-testid": `save-${id}`, onclick: async () => {
      if (await attempt(() => send("PUT", issueRest(KEY), { fields: { [id]: area.value || null } }), "Saved.")) { editing = null; last = null; await refresh(); look(); }
    } }, "Save");
    place_.replaceChildren(make("h2", {}, name), element, meanwhile, make("div", { class: "row" }, save, make("button", { type: "button", onclick: look }, "Cancel")));
    editing = { start, meanwhile };
    area.focus();
  }
  return { place: place_, draw: () => {
    if (!editing) { if (last !== data.fields[id] || !place_.firstChild) look(); return; }
    if ((data.fields[id] || "") !== editing.start) editing.meanwhile.textContent = "Somebody else changed this text meanwhile; saving replaces theirs.";
  } };
}

// ---- the other fields

function buildFields() {
  const place_ = parts.fields;
  for (const name of Object.keys(fields)) delete fields[name];
  place_.replaceChildren();
  for (const [id, meta] of Object.entries(data.meta)) {
    if (OTHERS.includes(id)) continue;
    const made = editor(id, meta, data);
    if (!made || made.long) continue;
    const { place: shown, wrong } = labelled(id, meta, made);
    fields[id] = made;
    wrongs[id] = wrong;
    made.element.addEventListener("input", () => touched.add(id));
    made.element.addEventListener("change", () => save(id));
    if (!data.may.EDIT_ISSUES) for (const one of [made.element, ...made.element.querySelectorAll("input")]) one.disabled = true;
    place_.append(shown);
  }
}

async function save(id) {
  try {
    await send("PUT", issueRest(KEY), { fields: { [id]: fields[id].get() } });
    wrongs[id].textContent = "";
    fields[id].element.removeAttribute("aria-invalid");
    say(`${data.meta[id]?.name || id} saved.`);
    touched.delete(id);
  } catch (refused) {
    wrongs[id].textContent = refused.message;
    fields[id].element.setAttribute("aria-invalid", "true");
  }
  await refresh();
}

function summary() {
  const input = make("input", { name: "summary", class: "title", maxlength: "255", "aria-label": "Summary", "data-testid": "summary" });
  const wrong = make("p", { class: "wrong", role: "alert" });
  fields.summary = { element: input, get: () => input.value, set: (value) => { input.value = value || ""; } };
  wrongs.summary = wrong;
  input.addEventListener("input", () => touched.add("summary"));
  input.addEventListener("change", () => save("summary"));
  return make("div", {}, make("h1", { class: "hidden", "data-testid": "heading" }), input, wrong);
}

// ---- what hangs on the issue

function section(name, testid, ...more) {
  const place_ = make("div", { "data-testid": testid });
  return { place: place_, element: make("section", { class: "panel" }, make("h2", {}, name), place_, ...more) };
}

function comments() {
  const box = wiki("", "comment-text", "New comment");
  const add = make("button", { type: "button", class: "main", "data-testid": "comment-add", onclick: async () => {
    if (await act(() => send("POST", issueRest(KEY, "/comment"), { body: box.area.value }), "Comment added.")) box.area.value = "";
  } }, "Add comment");
  return section("Comments", "comments", box.element, make("div", { class: "row" }, add));
}

function drawComments() {
  refill(parts.comments, ...data.comments.map((one) => make("article", { class: "note", "data-testid": `comment-${one.id}` },
    make("div", { class: "row soft" }, face(one.author), `${one.author} · ${when(one.at)}${one.edited ? " · edited" : ""}`,
      make("button", { type: "button", class: "quiet", "data-edit-comment": one.id, "data-testid": `comment-edit-${one.id}` }, "Edit"),
      make("button", { type: "button", class: "quiet", "data-drop-comment": one.id, "data-testid": `comment-delete-${one.id}` }, "Delete")), written(one.html))));
}

async function editComment(id) {
  const one = data.comments.find((held) => held.id === id);
  const box = wiki(one.text, "comment-edit", "Comment");
  await ask("Edit comment", [box.element], "Save", () => send("PUT", issueRest(KEY, `/comment/${id}`), { body: box.area.value }));
  refresh();
}

function files() {
  const input = make("input", { type: "file", multiple: true, "aria-label": "Attach files", "data-testid": "attach" });
  input.addEventListener("change", async () => {
    const form = new FormData();
    for (const file of input.files) form.append("file", file);
    await act(() => send("POST", issueRest(KEY, "/attachments"), form, { "X-Atlassian-Token": "no-check" }), "Attached.");
    input.value = "";
  });
  return section("Attachments", "files", input);
}

function drawFiles() {
  refill(parts.files, make("ul", { class: "files" }, ...data.files.map((one) => make("li", {}, make("a", { href: `${OWN}/files/${one.id}` },
    one.picture ? make("img", { src: `${OWN}/files/${one.id}`, alt: "" }) : null, one.name), make("div", { class: "soft" }, `${one.size} bytes, ${one.who} `,
    make("button", { type: "button", class: "quiet", "data-drop-file": one.id, "aria-label": `Delete ${one.name}` }, "Delete"))))));
}

async function addLink() {
  const words = data.linkTypes.flatMap((one) => [[`${one.name}/out`, one.outward], [`${one.name}/in`, one.inward]]);
  const kind = make("select", { "data-testid": "link-type" }, ...words.map(([value, text]) => make("option", { value }, text)));
  const key = make("input", { required: true, placeholder: "FAB-1", "data-testid": "link-key" });
  await ask(`Link ${KEY}`, [make("label", {}, `${KEY} …`, kind), make("label", {}, "Issue", key)], "Link", () => {
    const [name, way] = kind.value.split("/");
    const [source, target] = way === "out" ? [KEY, key.value.trim()] : [key.value.trim(), KEY];
    return send("POST", rest("api/2/issueLink"), { type: { name }, inwardIssue: { key: source }, outwardIssue: { key: target } });
  });
  refresh();
}

async function addRemote() {
  const url = make("input", { type: "url", required: true, "data-testid": "remote-url" }), title = make("input", { required: true, "data-testid": "remote-title" });
  await ask("Link to a page", [make("label", {}, "Address", url), make("label", {}, "Title", title)], "Link",
    () => send("POST", issueRest(KEY, "/remotelink"), { object: { url: url.value, title: title.value } }));
  refresh();
}

function drawLinks() {
  const drop = (name, id, what) => make("button", { type: "button", class: "quiet", [`data-drop-${name}`]: id, "aria-label": `Take off the link to ${what}` }, "Take off");
  const issues = (data.fields.issuelinks || []).map((one) => {
    const other = one.outwardIssue || one.inwardIssue;
    return make("li", {}, `${one.outwardIssue ? one.type.outward : one.type.inward} `, make("a", { href: `/browse/${other.key}` }, other.key), ` ${other.fields.summary} `, drop("link", one.id, other.key));
  });
  const remote = data.remote.map((one) => make("li", { "data-testid": "remote-link" }, link(one.object.url, String(one.object.title)), " ", drop("remote", one.id, one.object.title)));
  const subtasks = (data.fields.subtasks || []).map((one) => make("li", {}, "sub-task ", make("a", { href: `/browse/${one.key}` }, one.key), ` ${one.fields.summary}`));
  refill(parts.links, make("ul", { class: "plain" }, ...subtasks, ...issues, ...remote));
}

async function logWork() {
  const spent = make("input", { required: true, placeholder: "3h 30m", "data-testid": "spent" }), text = make("input", {});
  await ask("Log work", [make("label", {}, "Time spent", spent), make("label", {}, "What was done", text)], "Log",
    () => send("POST", issueRest(KEY, "/worklog"), { timeSpent: spent.value, ...(text.value ? { comment: text.value } : {}) }));
  refresh();
}

function drawWork() {
  refill(parts.work, make("ul", { class: "plain" }, ...data.worklogs.map((one) => make("li", {}, make("b", {}, one.spent), ` ${one.who}, ${when(one.at)} `, one.text,
    make("button", { type: "button", class: "quiet", "data-drop-worklog": one.id, "aria-label": `Delete ${one.spent} of ${one.who}` }, "Delete")))));
}

function drawHistory() {
  refill(parts.history, data.history.length ? "" : none(), ...data.history.map((entry) => make("div", { class: "note" }, make("div", { class: "soft" }, `${entry.who} · ${when(entry.at)}`),
    ...entry.items.map(([name, from, to]) => make("div", {}, make("b", {}, name), from || to ? `: ${from || "(none)"} → ${to || "(none)"}` : "")))));
}

// ---- the whole

function build() {
  const made = { comments: comments(), files: files(), history: section("History", "history"),
    links: section("Links", "links", make("div", { class: "row" }, make("button", { type: "button", "data-testid": "link-add", onclick: addLink }, "Link issue …"),
      make("button", { type: "button", "data-testid": "remote-add", onclick: addRemote }, "Link page …"))),
    work: section("Work log", "work", make("div", { class: "row" }, make("button", { type: "button", "data-testid": "work-add", onclick: logWork }, "Log work …"))) };
  parts = Object.fromEntries(Object.entries(made).map(([name, one]) => [name, one.place]));
  parts.fields = make("div", { class: "stack", "data-testid": "fields" });
  parts.ways = make("div", { class: "row", "data-testid": "ways" });
  parts.stamps = make("p", { class: "soft" });
  parts.texts = ["description", ...Object.keys(data.meta).filter((id) => id !== "description" && editor(id, data.meta[id], data)?.long)]
    .map((id) => longText(id, data.meta[id]?.name || "Description"));
  const remove = make("button", { type: "button", class: "danger", "data-testid": "delete", onclick: async () => {
    if (await sure(`Delete ${KEY} and its sub-tasks?`, "Delete", () => send("DELETE", `${issueRest(KEY)}?deleteSubtasks=true`))) location.href = `/?project=${sheet.dataset.project}`;
  } }, "Delete issue …");
  const head = summary();
  const texts = make("section", { class: "panel" }, ...parts.texts.map((one) => one.place));
  sheet.replaceChildren(make("div", { class: "sheet" }, make("div", { class: "stack" }, head, parts.ways, texts, made.files.element, made.links.element, made.work.element,
    made.comments.element, made.history.element), make("aside", { class: "stack", "aria-label": "Fields" }, parts.fields, parts.stamps, remove)));
  parts.remove = remove;
}

function look(fresh, status) {
  if (status === 404) { sheet.replaceChildren(make("p", { class: "bad", role: "alert", "data-testid": "gone" }, fresh.error)); parts = null; shownFor = ""; touched.clear(); return; }
  data = fresh;
  if (!parts) build();
  sheet.removeAttribute("aria-busy");
  document.title = `${data.key} ${data.name}`;
  sheet.querySelector("h1").textContent = data.name;
  const form = JSON.stringify([data.meta, data.may, data.assignable, data.sprints]);
  if (form !== shownFor) { shownFor = form; const held = fields.summary; buildFields(); fields.summary = held; held.element.disabled = !data.may.EDIT_ISSUES; }
  for (const [id, one] of Object.entries(fields)) {
    if (!touched.has(id)) { one.set(data.fields[id]); one.element.removeAttribute("aria-invalid"); if (wrongs[id]) wrongs[id].textContent = ""; }
  }
  refill(parts.ways, make("span", { class: "pill", "data-category": data.status.category, "data-testid": "status" }, data.status.name),
    ...data.transitions.filter((one) => one.to !== data.status.id).map((one) => make("button", { type: "button", "data-way": one.id, "data-testid": `to-${one.status}` }, one.name === one.status ? one.name : `${one.name} → ${one.status}`)),
    data.transitions.length ? null : make("span", { class: "soft" }, "You may not move this issue."));
  refill(document.getElementById("above"), data.parent ? make("a", { href: `/browse/${data.parent.key}` }, `${data.parent.key} ${data.parent.name}`) : "", data.parent ? " / " : "");
  parts.stamps.textContent = `Created ${when(data.fields.created)} by ${data.who.creator}, changed ${when(data.fields.updated)}. Reported by ${data.who.reporter || "nobody"}.`;
  parts.remove.disabled = !data.may.DELETE_ISSUES;
  for (const one of parts.texts) one.draw();
  for (const draw of [drawComments, drawFiles, drawLinks, drawWork, drawHistory]) draw();
}

const DROPS = { dropComment: (id) => [issueRest(KEY, `/comment/${id}`), "Comment deleted."], dropFile: (id) => [rest(`api/2/attachment/${id}`), "File deleted."],
  dropLink: (id) => [rest(`api/2/issueLink/${id}`), "Link taken off."], dropRemote: (id) => [issueRest(KEY, `/remotelink/${id}`), "Link taken off."],
  dropWorklog: (id) => [issueRest(KEY, `/worklog/${id}`), "Work log entry deleted."] };

sheet.addEventListener("click", async (event) => {
  const given = event.target.dataset || {};
  if (given.way) { await makeTransition(KEY, data.transitions.find((one) => one.id === given.way), data); refresh(); }
  if (given.editComment) editComment(given.editComment);
  for (const [name, where] of Object.entries(DROPS)) {
    if (given[name]) { const [address, done] = where(given[name]); await act(() => send("DELETE", address), done); }
  }
});

const refresh = watch(() => `${OWN}/issues/${KEY}?as=${encodeURIComponent(actor())}`, look);
acting?.addEventListener("change", () => refresh());
