// The board of features, by release or by status, with a record in a drawer beside it.
"use strict";

const boardPlace = document.getElementById("board");
const by = document.getElementById("by");
const find = document.getElementById("find");
const who = document.getElementById("who");
const drawer = document.getElementById("drawer");
let data = null, opened = null;

const columnOf = (card) => (by.value === "status" ? card.status : card.release);
const looking = () => data.viewers.includes(actor());

function drawCard(card) {
  const done = card.parts ? make("span", { class: "soft", title: "Requirements done" }, `☑ ${card.done}/${card.parts}`) : null;
  return [make("div", { class: "soft" }, by.value === "status" ? card.key : `${card.key} · ${card.status}`),
    make("div", { class: "chips" }, ...card.tags.map((tag) => make("span", { class: "chip" }, tag)), jiraLink(card.jira)),
    make("div", { class: "foot" }, done, card.due ? make("span", { class: "soft" }, card.due) : null, face(card.who))];
}

async function move(card, id, before) {
  const given = { kind: "feature", ref: card.key, as: actor(), ...(id === columnOf(card) ? {} : { [by.value]: id }) };
  // A status holds features of several releases, and each release has an order of its own.
  if (by.value === "release" || board.card(before)?.release === card.release) given.before = before;
  else if (id === columnOf(card)) { say("The order is kept within a release."); return; }
  await attempt(() => send("POST", "/_play/place", given), `${card.key} moved.`);
  await refresh();
}

const board = makeBoard(boardPlace, {
  draw: drawCard, columnOf, move, ranked: true, href: (card) => card.path, open: (card) => show(card.kind, card.key),
  refusal: () => (looking() ? "You may look, but not move features. Choose somebody else above to act as." : ""),
  more: (card) => [{ text: "Open", act: () => show(card.kind, card.key) }, ...(looking() ? [] : [{ text: "Delete …", act: () => remove(card), testid: "delete" }])],
});

async function remove(card) {
  await sure(`Delete ${card.key} and its requirements?`, "Delete", () => send("DELETE", api(`features/${card.key}`)));
  refresh();
}

function draw() {
  if (!data) return; // what is typed or chosen before the first answer counts when that comes
  const words = find.value.trim().toLowerCase();
  const fits = (card) => `${card.key} ${card.name} ${card.tags.join(" ")}`.toLowerCase().includes(words) && (!who.value || (who.value === "-" ? !card.who : card.who === who.value));
  const columns = by.value === "status" ? data.statuses.map((one) => ({ id: one.name, name: one.name }))
    : data.releases.map((one) => ({ id: one.ref, name: one.name, href: one.path, note: one.parked ? "not planned yet" : [one.date, one.status].filter(Boolean).join(" · ") }));
  board.show(columns, data.features.filter(fits));
  document.getElementById("may").textContent = looking() ? "You may look at this workspace, but not change it. Choose somebody else above to act as." : "";
  for (const id of ["new", "new-release"]) document.getElementById(id).disabled = looking();
}

const refresh = watch("/_play/board", (fresh) => {
  data = fresh;
  const names = [...new Set(fresh.features.map((card) => card.who).filter(Boolean))].sort(), held = who.value;
  refill(who, make("option", { value: "" }, "Anybody"), make("option", { value: "-" }, "Nobody"), ...names.map((name) => make("option", { value: name }, name)));
  who.value = [...who.options].some((one) => one.value === held) ? held : "";
  draw();
});

by.value = localStorage.getItem("columns") === "status" ? "status" : "release";
by.addEventListener("change", () => { localStorage.setItem("columns", by.value); draw(); });
for (const input of [find, who]) input.addEventListener("input", draw);
acting?.addEventListener("change", draw);

// ---- the drawer

const narrow = matchMedia("(max-width: 60rem)");
// Where the drawer lies over the page, what is beneath can not be reached.
function cover() {
  for (const beneath of [document.querySelector(".top"), boardPlace.parentElement]) beneath.inert = narrow.matches && !drawer.hidden;
}
narrow.addEventListener("change", cover);

function show(kind, ref) {
  opened?.view.stop();
  drawer.hidden = false;
  cover();
  document.body.classList.add("drawn");
  history.replaceState(null, "", `#${kind}/${ref}`);
  opened = { kind, ref, view: recordView(drawer, kind, ref, { open: show, close, changed: () => refresh() }) };
  drawer.scrollTop = 0;
}

function close() {
  if (!opened) return;
  const { ref, view } = opened;
  view.stop();
  opened = null;
  drawer.hidden = true;
  cover();
  drawer.replaceChildren();
  document.body.classList.remove("drawn");
  history.replaceState(null, "", location.pathname);
  if (board.card(ref)) board.focusOn(ref);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opened && !document.querySelector("dialog[open], .menu") && !opened.view.dirty()) close();
});
const start = location.hash.match(/^#([a-z]+)\/([A-Za-z0-9-]+)$/);
if (start) show(start[1], start[2]);

// ---- adding

document.getElementById("new").addEventListener("click", async () => {
  const name = make("input", { required: true, autocomplete: "off", "data-testid": "new-name" });
  const options = (list) => list.map(([value, text]) => make("option", { value }, text));
  const release = make("select", { "data-testid": "new-release-of" }, ...options(data.releases.map((one) => [one.ref, one.name])));
  const kind = make("select", {}, ...options(data.kinds.map((one) => [one, one])));
  let ref = "";
  const done = await ask("Add a feature", [make("label", {}, "Name", name), make("div", { class: "two" }, make("label", {}, "Release", release), make("label", {}, "Type", kind))], "Add feature", async () => {
    ref = (await send("POST", api(`releases/${release.value}/features`), { feature: { name: name.value, workflow_kind: kind.value } })).feature.reference_num;
  });
  if (!done) return;
  await refresh();
  say(`${ref} added.`);
  show("feature", ref);
});

document.getElementById("new-release").addEventListener("click", async () => {
  const name = make("input", { required: true, autocomplete: "off" }), date = make("input", { type: "date" });
  await ask("Add a release", [make("label", {}, "Name", name), make("label", {}, "Release date", date)], "Add release",
    () => send("POST", api(`products/${data.product}/releases`), { release: { name: name.value, ...(date.value ? { release_date: date.value } : {}) } }));
  refresh();
});
