// The board and the backlog of a project: columns by status, or the issues by sprint in rank order.
"use strict";

const boardPlace = document.getElementById("board");
const lines = boardPlace.dataset.kind === "lines";
const project = document.getElementById("project");
const find = document.getElementById("find");
const who = document.getElementById("who");
let data = null;

const statusName = (id) => data.columns.find((one) => one.id === id)?.name || id;
const ways = (card, status) => data.transitions.filter((one) => one.to === status && (!one.sources.length || one.sources.includes(card.status)));

function refusal(card, id) {
  if (lines) {
    if (id === (card.sprint || "backlog")) return data.may.SCHEDULE_ISSUES ? "" : "You may not rank issues here.";
    return data.may.EDIT_ISSUES ? "" : "You may not edit issues here.";
  }
  if (id === card.status) return data.may.SCHEDULE_ISSUES ? "" : "You may not rank issues here.";
  if (!data.may.TRANSITION_ISSUES) return `You may not move issues of ${data.project.name}.`;
  if (ways(card, id).length) return "";
  const open = [...new Set(data.columns.filter((one) => one.id !== card.status && ways(card, one.id).length).map((one) => one.name))];
  return `The workflow has no transition from ${statusName(card.status)} to ${statusName(id)}. ${card.key} can go to ${open.join(" or ") || "nowhere"}.`;
}

async function rank(card, before, column) {
  if (before) return attempt(() => send("PUT", rest("agile/1.0/issue/rank"), { issues: [card.key], rankBeforeIssue: before }), "");
  const list = data.cards.filter((one) => columnOf(one) === column && one.key !== card.key);
  const last = list[list.length - 1];
  if (!last || !data.may.SCHEDULE_ISSUES) return true;
  return attempt(() => send("PUT", rest("agile/1.0/issue/rank"), { issues: [card.key], rankAfterIssue: last.key }), "");
}

async function choose(card, found) {
  if (found.length === 1) return found[0];
  let chosen = null;
  const list = make("select", { "data-testid": "transition" }, ...found.map((one) => make("option", { value: one.id }, one.name)));
  await ask(`Move ${card.key}`, [make("label", {}, "Transition", list)], "Go on", async () => { chosen = found.find((one) => one.id === list.value); });
  return chosen;
}

async function move(card, id, before) {
  if (id === columnOf(card)) { if (await rank(card, before, id)) say(`${card.key} ranked.`); }
  else if (lines) {
    const sprint = data.sprintField;
    if (await attempt(() => send("PUT", issueRest(card.key), { fields: { [sprint]: id === "backlog" ? null : Number(id) } }), `${card.key} moved.`) && before) await rank(card, before, id);
  } else {
    const way = await choose(card, ways(card, id));
    if (way && await makeTransition(card.key, way, await aboutProject(data.project.key)) && before) await rank(card, before, id);
  }
  await refresh();
}

const columnOf = (card) => (lines ? card.sprint || "backlog" : card.status);

function drawCard(card) {
  const chips = [card.parent && make("span", { class: "chip", title: card.parent.key }, card.parent.name), ...card.versions.map((text) => make("span", { class: "chip" }, text)),
    ...card.labels.map((text) => make("span", { class: "chip" }, text))];
  const status = lines ? make("span", { class: "pill", "data-category": data.columns.find((one) => one.id === card.status)?.category }, statusName(card.status)) : null;
  const foot = make("div", { class: "foot" }, make("span", { class: "key" }, `${card.key} · ${card.type}`), status,
    card.priority && card.priority !== "Medium" ? make("span", { class: "chip" }, card.priority) : null,
    card.points !== null ? make("span", { class: "chip", title: "Story points" }, String(card.points)) : null, ...(lines ? chips : []), face(card.assignee));
  return [lines ? null : make("div", { class: "chips" }, ...chips.filter(Boolean)), foot];
}

const board = makeBoard(boardPlace, {
  draw: drawCard, columnOf, refusal, move, ranked: true,
  href: (card) => `/browse/${card.key}`,
  more: (card) => [{ text: "Open", act: () => { location.href = `/browse/${card.key}`; } },
    ...(data.may.DELETE_ISSUES ? [{ text: "Delete …", act: () => remove(card), testid: "delete" }] : [])],
});

async function remove(card) {
  await sure(`Delete ${card.key} and its sub-tasks?`, "Delete", () => send("DELETE", `${issueRest(card.key)}?deleteSubtasks=true`));
  refresh();
}

function draw() {
  if (!data) return; // what is typed or chosen before the first answer counts when that comes
  const words = find.value.trim().toLowerCase();
  const fits = (card) => `${card.key} ${card.name} ${card.labels.join(" ")} ${card.type} ${card.versions.join(" ")}`.toLowerCase().includes(words)
    && (!who.value || (who.value === "-" ? !card.assignee : card.assignee === who.value));
  const columns = lines ? [...data.sprints.map((one) => ({ id: one.id, name: one.name, note: one.state })), { id: "backlog", name: "Backlog" }] : data.columns;
  board.show(columns, data.cards.filter(fits));
  const missing = !data.may.BROWSE_PROJECTS ? `You may not see ${data.project.name}. Choose somebody else above to act as.` : data.may.TRANSITION_ISSUES ? "" : `You may look at ${data.project.name}, but not move its issues. Choose somebody else above to act as.`;
  document.getElementById("may").textContent = missing;
  document.getElementById("new").disabled = !data.may.CREATE_ISSUES;
}

const refresh = watch(() => `${OWN}/board?project=${project.value}&as=${encodeURIComponent(actor())}`, (fresh) => {
  data = fresh;
  const names = [...new Set(fresh.cards.map((card) => card.assignee).filter(Boolean))].sort();
  const held = who.value;
  refill(who, make("option", { value: "" }, "Anybody"), make("option", { value: "-" }, "Unassigned"), ...names.map((name) => make("option", { value: name }, name)));
  who.value = [...who.options].some((one) => one.value === held) ? held : "";
  draw();
});

for (const input of [find, who]) input.addEventListener("input", draw);
project.addEventListener("change", () => { location.search = `?project=${project.value}`; });
acting?.addEventListener("change", () => refresh());

// ---- creating

async function create() {
  const types = await (await fetch(rest(`api/2/issue/createmeta/${project.value}/issuetypes?maxResults=200`))).json();
  const kinds = types.issueTypes || types.values || [];
  if (!kinds.length) { say(`You may not create issues in ${data.project.name}.`); return; }
  const kind = pick(kinds.map((one) => [one.id, one.name]), kinds.find((one) => one.name === "Story")?.id, null, { "data-testid": "create-type", name: "type" });
  const about = { ...(await aboutProject(project.value)), sprints: data.sprints };
  const place_ = make("div", { class: "stack" });
  let made = {}, wrongs = {};
  async function fit() {
    const answer = await (await fetch(rest(`api/2/issue/createmeta/${project.value}/issuetypes/${kind.value}?maxResults=200`))).json();
    const kept = Object.fromEntries(Object.entries(made).map(([id, one]) => [id, one.element.value]));
    made = {};
    wrongs = {};
    const first = make("div", { class: "stack" }), rest_ = make("div", { class: "stack" });
    for (const meta of answer.fields || answer.values || []) {
      const one = meta.fieldId === "issuetype" ? null : editor(meta.fieldId, meta, about);
      if (!one) continue;
      if (kept[meta.fieldId]) one.element.value = kept[meta.fieldId];
      if (meta.fieldId === "priority") one.set((meta.allowedValues || []).find((value) => value.name === "Medium"));
      const { place: shown, wrong } = labelled(meta.fieldId, meta, one);
      made[meta.fieldId] = one;
      wrongs[meta.fieldId] = wrong;
      (meta.required || ["summary", "description", "assignee", "parent"].includes(meta.fieldId) ? first : rest_).append(shown);
    }
    place_.replaceChildren(first, make("details", {}, make("summary", {}, "More fields"), rest_));
    made.summary?.element.focus();
  }
  kind.addEventListener("change", fit);
  await fit();
  let key = "";
  const done = await ask(`Create an issue in ${data.project.name}`, [make("label", {}, "Type", kind), place_], "Create", async () => {
    const fields = { project: { key: project.value }, issuetype: { id: kind.value } };
    for (const [id, one] of Object.entries(made)) {
      const value = one.get();
      if (value !== null && !(typeof value === "object" && !Object.keys(value).length)) fields[id] = value;
    }
    try {
      key = (await send("POST", rest("api/2/issue"), { fields })).key;
    } catch (refused) {
      throw place(refused, wrongs) ? refused : new Error(BESIDE);
    }
  }, "create-dialog");
  if (!done) return;
  await refresh();
  say(`${key} created.`);
  board.focusOn(key);
}
document.getElementById("new").addEventListener("click", create);
