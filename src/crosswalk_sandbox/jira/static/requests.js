// The newest requests of the REST API. New rows are put on top; old ones stay as they are.
"use strict";

const table = document.getElementById("rows");
let newest = 0;

watch("/_sandbox/requests?limit=200", (data) => {
  document.getElementById("total").textContent = `${data.total} requests since the start`;
  for (const seen of data.requests.filter((one) => one.number > newest && one.status)) {
    const fault = seen.fault ? ` (${seen.fault})` : "";
    table.prepend(make("tr", {}, make("td", {}, String(seen.number)), make("td", {}, `${seen.method} ${seen.path}${seen.query ? "?" + seen.query : ""}`),
      make("td", {}, seen.operation), make("td", {}, seen.user || "nobody"),
      make("td", { class: seen.status < 400 ? "good" : "bad" }, `${seen.status}${fault}`), make("td", {}, seen.milliseconds.toFixed(1))));
    newest = seen.number;
  }
  while (table.children.length > 200) table.lastElementChild.remove();
});
