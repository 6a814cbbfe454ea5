// The pages of kernel/watching.py: hook deliveries, requests, faults.
"use strict";

function rows(place, list, cells) {
  place.replaceChildren(...list.map((one) => make("tr", null, ...cells(one).map((cell) => make("td", null, cell)))));
}

function showHooks(place) {
  watch("/_sandbox/hooks", (data) => rows(place, data.deliveries, (one) => {
    const last = one.attempts[one.attempts.length - 1];
    const body = make("details", null, make("summary", null, "show"), make("pre", null, one.body));
    const state = make("span", { class: one.state === "delivered" ? "good" : one.state === "waiting" ? "" : "bad" }, one.state);
    return [String(one.number), one.label, one.url, state, last ? String(last.status ?? last.reason) : "", body];
  }));
  const form = document.getElementById("hook-form");
  if (!form) return;
  const again = watch("/_sandbox/hooks/urls", (data) => {
    document.getElementById("hook-urls").replaceChildren(...data.urls.map((url) => {
      const off = make("button", { type: "button", "aria-label": `Take off ${url}` }, "Take off");
      off.addEventListener("click", () => send("DELETE", "/_sandbox/hooks", { url }).then(again));
      return make("li", null, url, " ", off);
    }));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await send("POST", "/_sandbox/hooks", { url: form.elements.url.value });
      form.reset();
      again();
    } catch (error) { say(error.message); }
  });
}

function showRequests(place) {
  const again = watch("/_sandbox/requests?limit=200", (data) => {
    const counts = Object.entries(data.by_status).map(([status, count]) => `${count} x ${status === "0" ? "no answer" : status}`);
    document.getElementById("counts").textContent = counts.join(", ") || "none yet";
    rows(place, data.requests.reverse(), (one) => [
      String(one.number), one.at.slice(11, 23), `${one.method} ${one.path}${one.query ? "?" + one.query : ""}`,
      make("span", { class: one.status >= 400 || !one.status ? "bad" : "good" }, String(one.status || "none")),
      one.milliseconds.toFixed(1), one.user, one.fault,
    ]);
  });
  document.getElementById("forget").addEventListener("click", () => send("DELETE", "/_sandbox/requests").then(again));
}

function showFaults(place) {
  const form = document.getElementById("fault-form");
  const again = watch("/_sandbox/faults", (data) => rows(place, data.faults, (one) => {
    const off = make("button", { type: "button", "aria-label": `Switch off fault ${one.number}` }, "Switch off");
    off.addEventListener("click", () => send("DELETE", `/_sandbox/faults?number=${one.number}`).then(again));
    return [String(one.number), one.kind, one.method, one.path_regex, String(one.matched), String(one.struck), off];
  }));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = {};
    for (const field of form.elements) {
      if (field.name && field.value !== "") fault[field.name] = field.type === "number" ? Number(field.value) : field.value;
    }
    try {
      await send("POST", "/_sandbox/faults", fault);
      again();
    } catch (error) { say(error.message); }
  });
  document.getElementById("faults-off").addEventListener("click", () => send("DELETE", "/_sandbox/faults").then(again));
}

for (const [id, show] of [["hooks", showHooks], ["requests", showRequests], ["faults", showFaults]]) {
  const place = document.getElementById(id);
  if (place) show(place);
}
