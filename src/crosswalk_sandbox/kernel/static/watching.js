// The pages of kernel/watching.py: hook deliveries, requests, faults.
"use strict";

function nothing(place, words) {
  place.replaceChildren(make("tr", {}, make("td", { colspan: place.parentNode.querySelectorAll("thead th").length, class: "soft" }, words)));
}

// Keeps rows whose content is the same, so that what is opened or focused in them stays.
function steadyRows(place, list, cells, empty) {
  const held = place.held || (place.held = new Map());
  if (!list.length || !held.size) { held.clear(); place.replaceChildren(); }
  if (!list.length) { nothing(place, empty); return; }
  const wanted = new Set(list.map((one) => one.number));
  for (const [number, { element }] of held) { if (!wanted.has(number)) { element.remove(); held.delete(number); } }
  list.forEach((one, at) => {
    const text = JSON.stringify(one);
    let found = held.get(one.number);
    if (!found || found.text !== text) {
      const element = labelCells(make("tr", { "data-number": one.number }, ...cells(one).map((cell) => make("td", {}, cell))), place);
      if (found) found.element.replaceWith(element);
      found = { element, text };
      held.set(one.number, found);
    }
    if (place.children[at] !== found.element) place.insertBefore(found.element, place.children[at] || null);
  });
}

const value = (id) => document.getElementById(id).value;
const has = (one, words) => JSON.stringify(Object.values(one)).toLowerCase().includes(words.trim().toLowerCase());

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 1); } catch { return text; }
}

function showHooks(place) {
  let data = { deliveries: [] };
  function attempts(one) {
    if (!one.attempts.length) return one.state === "waiting" ? `due ${one.due.slice(11, 19)}` : "none";
    const words = one.attempts.map((a) => make("li", { class: a.status >= 200 && a.status < 300 ? "good" : "bad" }, `${a.at.slice(11, 19)} ${a.status ?? a.reason}`));
    return make("ol", { class: "plain" }, ...words, one.state === "waiting" ? make("li", { class: "soft" }, `next ${one.due.slice(11, 19)}`) : null);
  }
  function body(one) {
    const headers = Object.entries(one.headers).map(([name, text]) => `${name}: ${text}`).join("\n");
    return make("details", {}, make("summary", {}, `${one.body.length} characters`), make("pre", {}, headers), make("pre", {}, pretty(one.body)));
  }
  function cells(one) {
    const state = make("span", { class: one.state === "delivered" ? "good" : one.state === "waiting" ? "" : "bad" }, one.state);
    const again = make("button", { type: "button", "aria-label": `Send again: delivery ${one.number}`, "data-testid": `again-${one.number}` }, "Send again");
    again.addEventListener("click", () => attempt(() => send("POST", `/_sandbox/pages/hooks/${one.number}/again`), (made) => `Sent again as number ${made.number}.`));
    return [String(one.number), one.label, one.url, state, attempts(one), body(one), again];
  }
  function draw() {
    const shown = data.deliveries.filter((one) => (!value("hook-state") || one.state === value("hook-state")) && has(one, value("hook-find")));
    document.getElementById("hook-count").textContent = `${shown.length} of the last ${data.deliveries.length} shown; ${data.waiting || 0} waiting.`;
    steadyRows(place, shown, cells, "No hook was sent yet. Add an address, then change something.");
  }
  watch("/_sandbox/hooks?limit=100", (fresh) => { data = fresh; draw(); });
  for (const id of ["hook-state", "hook-find"]) document.getElementById(id).addEventListener("input", draw);
  const form = document.getElementById("hook-form");
  const again = watch("/_sandbox/hooks/urls", (fresh) => {
    refill(document.getElementById("hook-urls"), ...fresh.urls.map((url) => make("li", {}, url, " ",
      make("button", { type: "button", "data-url": url, "aria-label": `Take off ${url}` }, "Take off"))));
  });
  document.getElementById("hook-urls").addEventListener("click", async (event) => {
    const url = event.target.dataset.url;
    if (url && await attempt(() => send("DELETE", "/_sandbox/hooks", { url }), "No hooks go there any more.")) again();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const secret = form.elements.secret?.value;
    const given = { url: form.elements.url.value, ...(secret ? { secret } : {}) };
    if (await attempt(() => send("POST", "/_sandbox/hooks", given), "Hooks go there from now on.")) { form.reset(); again(); }
  });
}

function showRequests(place) {
  let data = { requests: [] };
  function fits(one) {
    const wanted = value("request-status"), method = value("request-method");
    if (method && one.method !== method) return false;
    if (wanted && String(Math.floor(one.status / 100)) !== wanted) return false;
    if (document.getElementById("request-faulty").checked && !one.fault) return false;
    const words = value("request-find").trim().toLowerCase();
    return `${one.method} ${one.path}?${one.query} ${one.user} ${one.operation} ${one.fault}`.toLowerCase().includes(words);
  }
  function cells(one) {
    const good = one.status && one.status < 400;
    const path = make("span", {}, `${one.method} ${one.path}${one.query ? "?" + one.query : ""}`);
    const what = one.operation && one.operation !== one.path ? make("div", { class: "soft" }, one.operation) : null;
    const fault = one.fault ? `${one.fault}${one.applied ? ", done" : ", not done"}` : "";
    return [String(one.number), one.at.slice(11, 23), make("div", {}, path, what), make("span", { class: good ? "good" : "bad" }, String(one.status || "none")),
      one.milliseconds.toFixed(1), one.user, fault];
  }
  function draw() {
    const counts = Object.entries(data.by_status || {}).map(([status, count]) => `${count} × ${status === "0" ? "no answer" : status}`);
    const shown = data.requests.filter(fits).slice(0, 200);
    document.getElementById("counts").textContent = `${shown.length} shown of ${data.total || 0} since the start. ${counts.join(", ")}`;
    steadyRows(place, shown, cells, "No request fits.");
  }
  const again = watch("/_sandbox/requests?limit=1000", (fresh) => { fresh.requests.reverse(); data = fresh; draw(); });
  for (const id of ["request-find", "request-method", "request-status", "request-faulty"]) document.getElementById(id).addEventListener("input", draw);
  document.getElementById("forget").addEventListener("click", () => send("DELETE", "/_sandbox/requests").then(again));
}

function showFaults(place) {
  const form = document.getElementById("fault-form");
  const places = [...document.querySelectorAll("#fault-fields [data-for]")];
  const kindOf = () => form.querySelector("[name=kind]:checked");
  function fit() {
    const kind = kindOf(), own = kind.dataset.own.split(" ");
    for (const one of places) {
      const method = one.dataset.for === "method" && kind.dataset.about === "requests";
      one.hidden = !("everywhere" in one.dataset || own.includes(one.dataset.for) || method);
    }
  }
  form.addEventListener("change", fit);
  fit();
  const named = (kind) => form.querySelector(`[name=kind][value="${CSS.escape(kind)}"]`)?.dataset.name || kind;
  const again = watch("/_sandbox/faults", (data) => steadyRows(place, data.faults, (one) => {
    const off = make("button", { type: "button", "aria-label": `Switch off fault ${one.number}` }, "Switch off");
    off.addEventListener("click", () => send("DELETE", `/_sandbox/faults?number=${one.number}`).then(again));
    const spent = one.times && one.struck >= one.times ? make("span", { class: "soft" }, " (spent)") : null;
    const kind = make("span", {}, make("b", {}, named(one.kind)), make("div", { class: "soft" }, one.kind));
    const fits = [`${one.method === "*" ? "any" : one.method} ${one.path_regex}`];
    if (one.nth > 1) fits.push(`from match ${one.nth} on`);
    if (one.probability < 1) fits.push(`by a chance of ${one.probability}, seed ${one.seed}`);
    return [String(one.number), kind, fits.join(", "), one.times ? String(one.times) : "always",
      String(one.matched), make("span", {}, String(one.struck), spent), off];
  }, "No fault is on."));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = document.getElementById("fault-wrong");
    wrong.textContent = "";
    const fault = { kind: kindOf().value };
    for (const one of places.filter((place_) => !place_.hidden)) {
      const field = one.querySelector("input, select");
      if (field.type === "checkbox") { if (field.checked) fault[field.name] = true; }
      else if ("json" in field.dataset && field.value !== "") {
        try { fault[field.name] = JSON.parse(field.value); } catch { wrong.textContent = `${field.name}: no JSON`; return; }
      } else if (field.value !== "") fault[field.name] = field.type === "number" ? Number(field.value) : field.value;
    }
    try {
      await send("POST", "/_sandbox/faults", fault);
      say(`${kindOf().dataset.name}: on`);
      again();
    } catch (error) { wrong.textContent = error.message; }
  });
  document.getElementById("faults-off").addEventListener("click", () => send("DELETE", "/_sandbox/faults").then(again));
}

for (const [id, show] of [["hooks", showHooks], ["requests", showRequests], ["faults", showFaults]]) {
  const place = document.getElementById(id);
  if (place) show(place);
}
