// The versions of a project: create, edit, release, archive, merge, delete.
"use strict";

const OWN = "/_sandbox/jira";
const rest = (path) => `${OWN}/as/${encodeURIComponent(actor())}/${path}`;
const project = document.getElementById("project");
let data = null;

const input = (name, label, type, value, more) => make("label", {}, label, make("input", { name, type, value, autocomplete: "off", "data-testid": `version-${name}`, ...more }));

function body(one) {
  return [input("name", "Name", "text", one.name || "", { required: true }), input("description", "Description", "text", one.description || ""),
    make("div", { class: "two" }, input("startDate", "Start date", "date", one.startDate || ""), input("releaseDate", "Release date", "date", one.releaseDate || ""))];
}

const values = (form) => Object.fromEntries(["name", "description", "startDate", "releaseDate"].map((name) => [name, form.elements[name].value]));

async function edit(one) {
  const done = await ask(`Edit ${one.name}`, body(one), "Save", (form) => send("PUT", rest(`api/2/version/${one.id}`), values(form)));
  if (done) say("Saved.");
  refresh();
}

async function change(one, part, done) {
  await attempt(() => send("PUT", rest(`api/2/version/${one.id}`), part), done);
  refresh();
}

async function remove(one) {
  const others = data.versions.filter((other) => other.id !== one.id);
  const list = make("select", { "data-testid": "version-swap" }, make("option", { value: "" }, "no version"), ...others.map((other) => make("option", { value: other.id }, other.name)));
  await ask(`Delete ${one.name}`, [make("label", {}, `Its ${one.issues} issues go to`, list)], "Delete", () => send("POST", rest(`api/2/version/${one.id}/removeAndSwap`),
    list.value ? { moveFixIssuesTo: Number(list.value), moveAffectedIssuesTo: Number(list.value) } : {}));
  refresh();
}

async function merge(one) {
  const list = make("select", {}, ...data.versions.filter((other) => other.id !== one.id).map((other) => make("option", { value: other.id }, other.name)));
  await ask(`Merge ${one.name} into another`, [make("label", {}, "Into", list)], "Merge", () => send("PUT", rest(`api/2/version/${one.id}/mergeto/${list.value}`)));
  refresh();
}

function menu(one, button) {
  openMenu(button, one.name, [
    { text: "Edit …", act: () => edit(one), testid: "edit" },
    one.released ? { text: "Not released after all", act: () => change(one, { released: false }, "Not released any more.") }
      : { text: "Release", act: () => change(one, { released: true, ...(one.releaseDate ? {} : { releaseDate: new Date().toISOString().slice(0, 10) }) }, `${one.name} is released.`), testid: "release" },
    { text: one.archived ? "Bring back" : "Archive", act: () => change(one, { archived: !one.archived }, "Saved.") },
    ...(data.versions.length > 1 ? [{ text: "Merge into …", act: () => merge(one) }] : []),
    { text: "Delete …", act: () => remove(one), testid: "delete" },
  ]);
}

const refresh = watch(() => `${OWN}/versions?project=${project.value}&as=${encodeURIComponent(actor())}`, (fresh) => {
  data = fresh;
  document.getElementById("may").textContent = fresh.may.ADMINISTER_PROJECTS ? "" : `You may look at these versions, but not change them. Choose somebody else above to act as.`;
  document.getElementById("new").disabled = !fresh.may.ADMINISTER_PROJECTS;
  const rows = fresh.versions.map((one) => {
    const state = one.archived ? "archived" : one.released ? "released" : one.overdue ? "overdue" : "open";
    const more = make("button", { type: "button", "aria-haspopup": "menu", "aria-label": `Change ${one.name}`, "data-testid": `menu-${one.name}`, disabled: !fresh.may.ADMINISTER_PROJECTS }, "Change");
    more.addEventListener("click", () => menu(data.versions.find((held) => held.id === one.id), more));
    return make("tr", {}, make("td", {}, make("b", {}, one.name), make("div", { class: "soft" }, one.description || "")),
      make("td", {}, make("span", { class: "pill", "data-category": one.released ? "done" : "indeterminate" }, state)), make("td", {}, one.startDate || ""),
      make("td", {}, one.releaseDate || ""), make("td", {}, `${one.done} of ${one.issues} done`), make("td", {}, more));
  });
  for (const row of rows) labelCells(row, document.getElementById("versions"));
  document.getElementById("versions").replaceChildren(...(rows.length ? rows : [make("tr", {}, make("td", { colspan: "6", class: "soft" }, "There is no version yet."))]));
});

document.getElementById("new").addEventListener("click", async () => {
  await ask("Create a version", body({}), "Create", (form) => send("POST", rest("api/2/version"), { ...values(form), projectId: Number(data.project.id) }));
  refresh();
});
project.addEventListener("change", () => { location.search = `?project=${project.value}`; });
acting?.addEventListener("change", () => refresh());
