// The board of features and the page of one record.
"use strict";

function jiraLink(jira) {
  if (!jira) return null;
  const safe = /^https?:/.test(jira.url) ? jira.url : null;
  return make(safe ? "a" : "span", { href: safe, class: "chip", "data-testid": "jira-link" }, `Jira: ${jira.key}`);
}

function card(one) {
  return make("article", { class: "card", "data-testid": `card-${one.ref}`, "data-status": one.status },
    make("a", { href: one.path }, make("span", { class: "key" }, one.ref), " ", one.name),
    make("div", { class: "soft" }, [one.status, one.who, one.due].filter(Boolean).join(" · ")),
    make("div", null, ...one.tags.map((tag) => make("span", { class: "chip" }, tag)), jiraLink(one.jira)));
}

function board(place) {
  const by = document.getElementById("by");
  const find = document.getElementById("find");
  const form = document.getElementById("new-feature");
  let data = null;
  function draw() {
    const words = find.value.toLowerCase();
    const shown = data.features.filter((one) => `${one.ref} ${one.name} ${one.tags}`.toLowerCase().includes(words));
    const columns = by.value === "status"
      ? data.statuses.map((name) => [name, null, shown.filter((one) => one.status === name)])
      : data.releases.map((one) => [one.name, one, shown.filter((feature) => feature.release === one.ref)]);
    place.replaceChildren(...columns.map(([name, release, cards]) => make("section", { class: "column", "aria-label": name },
      make("h2", null, release ? make("a", { href: release.path }, name) : name,
        make("span", { class: "soft" }, ` ${cards.length}${release && release.date ? " · " + release.date : ""}`)),
      ...cards.map(card))));
  }
  const again = watch("/_play/board", (fresh) => {
    data = fresh;
    options(form.elements.release, fresh.releases.map((one) => [one.ref, one.name]), form.elements.release.value);
    draw();
  });
  by.addEventListener("change", draw);
  find.addEventListener("input", draw);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = await send("POST", "/_play/features", { name: form.elements.name.value, release: form.elements.release.value });
      form.elements.name.value = "";
      say(`${made.ref} added`);
      again();
    } catch (error) { say(error.message); }
  });
}

function options(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, text]) => make("option", { value, selected: value === chosen }, text)));
}

function recordPage(form) {
  const { kind, ref } = form.dataset;
  const stem = `/_play/${kind}/${ref}`;
  const text = document.getElementById("description");
  const dirty = new Set();
  for (const part of document.querySelectorAll("[data-only]")) {
    if (!part.dataset.only.split(" ").includes(kind)) part.remove();
  }
  const touched = (name) => {
    dirty.add(name);
    document.getElementById("dirty").textContent = "not saved yet";
  };
  form.addEventListener("input", (event) => touched(event.target.name || "description"));

  function put(name, set) {
    const field = form.elements[name];
    if (field && !dirty.has(name)) set(field);
  }

  function draw(data) {
    document.getElementById("title").textContent = data.name;
    document.title = `${data.ref} ${data.name}`;
    const trail = [data.parent && make("a", { href: data.parent.path }, ` / ${data.parent.ref} ${data.parent.name}`)];
    document.getElementById("trail").replaceChildren(...trail.filter(Boolean));
    document.getElementById("links").replaceChildren(...[jiraLink(data.jira)].filter(Boolean));
    put("name", (field) => { field.value = data.name; });
    put("workflow_status", (field) => options(field, data.statuses.map((name) => [name, name]), data.status));
    put("assigned_to_user", (field) => options(field,
      [["", "nobody"], ...data.people.map((one) => [one.email, one.name])], data.email));
    put("release", (field) => options(field, data.releases.map((one) => [one.ref, one.name]), data.release));
    put("due_date", (field) => { field.value = data.due || ""; });
    put("release_date", (field) => { field.value = data.release_date || ""; });
    put("tags", (field) => { field.value = data.tags.join(", "); });
    // Stored text was cleaned by the sandbox: no scripts, no handlers, only harmless addresses.
    if (!dirty.has("description")) text.innerHTML = data.description;
    const list = document.getElementById("requirements");
    if (list) list.replaceChildren(...data.requirements.map(card));
    document.getElementById("comments").replaceChildren(...data.comments.map((one) => {
      const body = make("div", { class: "shown" });
      body.innerHTML = one.body;
      return make("article", null, make("p", { class: "soft" }, `${one.who}, ${one.at.slice(0, 16).replace("T", " ")}`), body);
    }));
    document.getElementById("fields").replaceChildren(...data.fields.map((one) => make("p", null, `${one.name}: ${one.value}`)));
  }

  const again = watch(stem, draw);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = {};
    for (const name of dirty) given[name] = name === "description" ? text.innerHTML : form.elements[name].value;
    try {
      const data = await send("POST", stem, given);
      dirty.clear();
      document.getElementById("dirty").textContent = "";
      draw(data);
      say("Saved");
    } catch (error) { say(error.message); }
  });
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      text.focus();
      document.execCommand(button.dataset.do);
      touched("description");
    });
  }
  for (const [id, path, field] of [["add-requirement", "requirements", "name"], ["add-comment", "comments", "body"]]) {
    const extra = document.getElementById(id);
    if (!extra) continue;
    extra.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send("POST", `${stem}/${path}`, { [field]: extra.elements[field].value });
        extra.reset();
        again();
      } catch (error) { say(error.message); }
    });
  }
}

const place = document.getElementById("board");
if (place) board(place);
const form = document.getElementById("record");
if (form) recordPage(form);
