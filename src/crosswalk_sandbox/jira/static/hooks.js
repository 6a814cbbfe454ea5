// Where hooks go, and what became of each delivery.
"use strict";

const rows = document.getElementById("rows");
const places = document.getElementById("subscriptions");
const held = new Map();

function row(delivery) {
  const state = delivery.attempts.map((attempt) => attempt.status || attempt.reason).join(", ");
  const mood = { delivered: "good", failed: "bad", lost: "bad" }[delivery.state] || "soft";
  return make("tr", { "data-testid": `delivery-${delivery.number}` }, make("td", {}, String(delivery.number)), make("td", {}, delivery.label),
    make("td", { class: mood }, delivery.state, state ? ` (${state})` : ""), make("td", {}, delivery.url),
    make("td", {}, make("details", {}, make("summary", {}, `${delivery.body.length} characters`), make("pre", {}, delivery.body))));
}

watch("/_sandbox/hooks?limit=100", (data) => {
  data.deliveries.forEach((delivery, position) => {
    const text = JSON.stringify([delivery.state, delivery.attempts]);
    let entry = held.get(delivery.number);
    if (!entry || entry.text !== text) {
      const element = row(delivery);
      if (entry) entry.element.replaceWith(element);
      entry = { text, element };
      held.set(delivery.number, entry);
    }
    if (rows.children[position] !== entry.element) rows.insertBefore(entry.element, rows.children[position] || null);
  });
});

const again = watch("/_sandbox/state", (data) => {
  places.replaceChildren(...data.subscriptions.map((one) => make("li", {}, one.url, one.signed ? " (signed)" : "", one.enabled ? "" : " (off)")));
});

document.getElementById("subscribe").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    await send("POST", "/_sandbox/hooks", { url: form.url.value, secret: form.secret.value });
    form.reset();
    say("Hooks go there from now on.");
  } catch (error) {
    say(error.message);
  }
  again();
});
