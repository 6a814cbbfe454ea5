// Changes of the world around the API: made by name with what they need, in force until undone. And the clock.
"use strict";

const verbPlace = document.getElementById("verb");
const inputsPlace = document.getElementById("verb-inputs");
const wrongPlace = document.getElementById("world-wrong");
let world = { verbs: [], known: {}, changes: [] }, drawnFor = "";

const words = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

function fit() {
  const verb = world.verbs.find((one) => one.do === verbPlace.value);
  if (!verb) return;
  document.getElementById("verb-about").textContent = verb.about;
  const input = ([name, about], required) => make("div", {}, make("label", {}, `${words(name)}${required ? "" : " (optional)"}`,
    make("input", { name, required, list: world.known[name] ? `known-${name}` : null, "aria-describedby": `hint-${name}`, autocomplete: "off", "data-testid": `world-${name}` })),
    make("p", { class: "hint", id: `hint-${name}` }, about));
  inputsPlace.replaceChildren(...Object.entries(verb.needs).map((one) => input(one, true)), ...Object.entries(verb.may).map((one) => input(one, false)),
    ...Object.entries(world.known).map(([name, values]) => make("datalist", { id: `known-${name}` }, ...values.map((value) => make("option", { value })))));
}

const lookAgain = watch("/_sandbox/world", (fresh) => {
  world = fresh;
  const form = JSON.stringify([fresh.verbs, fresh.known]);
  if (form !== drawnFor) {
    const held = verbPlace.value;
    drawnFor = form;
    verbPlace.replaceChildren(...fresh.verbs.map((one) => make("option", { value: one.do }, words(one.do))));
    if (fresh.verbs.some((one) => one.do === held)) verbPlace.value = held;
    if (!inputsPlace.contains(document.activeElement)) fit();
  }
  const place = document.getElementById("changes");
  const rows = fresh.changes.map((one) => labelCells(make("tr", {}, make("td", {}, String(one.number)), make("td", {}, make("b", {}, words(one.do)), make("div", { class: "soft" }, one.about)),
    make("td", {}, Object.entries(one.with).map(([name, value]) => `${words(name)}: ${value}`).join(", ")),
    make("td", {}, make("button", { type: "button", "data-undo": one.number, "aria-label": `Undo change ${one.number}` }, "Undo"))), place));
  place.replaceChildren(...(rows.length ? rows : [make("tr", {}, make("td", { colspan: "4", class: "soft" }, "Nothing is changed."))]));
});

verbPlace.addEventListener("change", fit);
document.getElementById("changes").addEventListener("click", async (event) => {
  const number = event.target.dataset.undo;
  if (number && await attempt(() => send("DELETE", `/_sandbox/world?number=${number}`), "Undone.")) lookAgain();
});
document.getElementById("world-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  wrongPlace.textContent = "";
  const given = Object.fromEntries([...inputsPlace.querySelectorAll("input")].filter((one) => one.value !== "").map((one) => [one.name, one.value]));
  try {
    await send("POST", "/_sandbox/world", { do: verbPlace.value, ...given });
    say(`${words(verbPlace.value)}: done.`);
    fit();
    lookAgain();
  } catch (refused) { wrongPlace.textContent = refused.message; }
});

// ---- the clock, and being away

const lookClock = watch("/_sandbox/clock", (clock) => {
  document.getElementById("now").textContent = `${when(clock.now)} UTC, ${clock.virtual ? "moved by hand only" : "the machine's own time"}${clock.skew ? `; stamps are wrong by ${clock.skew} s` : ""}`;
  document.getElementById("advance").disabled = !clock.virtual;
});
const seconds = () => Number(document.getElementById("seconds").value);
document.getElementById("advance").addEventListener("click", async () => {
  if (await attempt(() => send("POST", "/_sandbox/clock/advance", { seconds: seconds() }), "The clock moved.")) lookClock();
});
document.getElementById("outage").addEventListener("click", () => attempt(() => send("POST", "/_sandbox/outage", { seconds: seconds() }), "Away; these pages come back by themselves."));
