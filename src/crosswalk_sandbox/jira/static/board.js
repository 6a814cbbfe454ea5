// The board: columns by status, cards that are dragged, or moved with a list and a button.
"use strict";

const OWN = "/_sandbox/jira";
const board = document.getElementById("board");
const cards = new Map();
let dragged = "";

const acting = () => document.getElementById("acting").value;

async function move(key, status) {
  try {
    await send("POST", `${OWN}/issues/${key}`, { move: status, as: acting() });
    say(`${key} moved to ${status}`);
  } catch (error) {
    say(error.message);
  }
  refresh();
}

function chips(card) {
  return [...card.versions, ...card.labels.map((label) => `#${label}`)].map((text) => make("span", { class: "chip" }, text));
}

function mover(card) {
  const list = make("select", { "data-testid": `move-${card.key}`, "aria-label": `Move ${card.key} to` },
    ...card.targets.map((name) => make("option", {}, name)));
  const button = make("button", { type: "button", "data-testid": `move-go-${card.key}` }, "Move");
  button.addEventListener("click", () => move(card.key, list.value));
  return make("div", { class: "mover" }, list, button);
}

function draw(card) {
  const element = make("article", { class: "card", draggable: "true", "data-testid": `card-${card.key}`, "data-key": card.key },
    make("div", { class: "key" }, `${card.key} · ${card.type}`),
    make("a", { href: `/browse/${card.key}`, draggable: "false" }, card.summary),
    make("div", { class: "soft" }, card.assignee || "Unassigned"),
    make("div", {}, ...chips(card)),
    card.targets.length ? mover(card) : null);
  element.addEventListener("dragstart", (event) => {
    dragged = card.key;
    event.dataTransfer.setData("text/plain", card.key);
    event.dataTransfer.effectAllowed = "move";
  });
  return element;
}

function column(name) {
  const found = [...board.children].find((element) => element.dataset.status === name);
  if (found) return found;
  const element = make("section", { class: "column", "data-testid": `column-${name}`, "data-status": name, "aria-label": name },
    make("h2", {}, name, " ", make("span", { class: "soft", "data-testid": `count-${name}` })), make("div", { class: "cards" }));
  element.addEventListener("dragover", (event) => { event.preventDefault(); element.classList.add("over"); });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("over");
    const key = event.dataTransfer.getData("text/plain") || dragged;
    if (key && cards.get(key)?.card.status !== name) move(key, name);
  });
  board.append(element);
  return element;
}

// Draws a card anew only when it changed, and puts it in place only when it is not there, so nothing flickers or loses focus.
function look(data) {
  board.removeAttribute("aria-busy");
  for (const name of data.columns) {
    const place = column(name).querySelector(".cards");
    const wanted = data.cards.filter((card) => card.status === name);
    column(name).querySelector("h2 span").textContent = wanted.length;
    wanted.forEach((card, position) => {
      const text = JSON.stringify(card);
      let held = cards.get(card.key);
      if (!held || held.text !== text) {
        const element = draw(card);
        if (held) held.element.replaceWith(element);
        held = { text, element, card };
        cards.set(card.key, held);
      }
      if (place.children[position] !== held.element) place.insertBefore(held.element, place.children[position] || null);
    });
  }
  const alive = new Set(data.cards.map((card) => card.key));
  for (const [key, held] of cards) {
    if (!alive.has(key)) { held.element.remove(); cards.delete(key); }
  }
}

document.getElementById("create").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const made = await send("POST", `${OWN}/issues`, { summary: form.summary.value, type: form.type.value, as: acting() });
    say(`${made.key} created`);
    form.summary.value = "";
  } catch (error) {
    say(error.message);
  }
  refresh();
});

const refresh = watch(`${OWN}/board`, look);
