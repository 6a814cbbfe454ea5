// One issue: a form that never overwrites what somebody is typing, transitions, comments, links, history.
"use strict";

const place = document.getElementById("issue");
const address = `/_sandbox/jira/issues/${place.dataset.key}`;
const acting = () => document.getElementById("acting").value;
const touched = new Set();
let form, parts;

async function act(value, done) {
  try {
    await send("POST", address, { ...value, as: acting() });
    say(done);
    return true;
  } catch (error) {
    say(error.message);
    return false;
  } finally {
    refresh();
  }
}

function input(name, tag, label, attributes) {
  const element = make(tag, { name, "data-testid": name, ...attributes });
  element.addEventListener("input", () => touched.add(name));
  return make("label", {}, label, element);
}

function build() {
  form = make("form", { class: "record" },
    input("summary", "input", "Summary", { maxlength: "255" }),
    make("div", { class: "two" }, input("assignee", "select", "Assignee"), input("labels", "input", "Labels (with spaces between)")),
    input("description", "textarea", "Description (wiki markup)"),
    make("div", {}, make("button", { class: "main", "data-testid": "save" }, "Save")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = {};
    if (touched.has("summary")) fields.summary = form.summary.value;
    if (touched.has("description")) fields.description = form.description.value;
    if (touched.has("labels")) fields.labels = form.labels.value.split(/\s+/).filter(Boolean);
    if (touched.has("assignee")) fields.assignee = form.assignee.value || null;
    if (!Object.keys(fields).length) { say("Nothing was changed."); return; }
    if (await act({ fields }, "Saved")) touched.clear();
  });
  parts = Object.fromEntries(["head", "text", "fields", "links", "comments", "history"].map((name) => [name, make("div", { "data-testid": name })]));
  const say_ = make("form", { class: "record" }, make("label", {}, "Comment", make("textarea", { name: "text", "data-testid": "comment-text", required: true })),
    make("div", {}, make("button", { "data-testid": "comment-add" }, "Add comment")));
  say_.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await act({ comment: say_.text.value }, "Comment added")) say_.reset();
  });
  place.append(parts.head, form, parts.text, parts.fields, parts.links, make("h2", {}, "Comments"), parts.comments, say_,
    make("h2", {}, "History"), parts.history);
}

function keep(name, value) {
  if (!touched.has(name) && form[name].value !== value) form[name].value = value;
}

function refill(element, ...children) {
  const fresh = make("div", {}, ...children);
  if (element.innerHTML !== fresh.innerHTML) element.replaceChildren(...fresh.childNodes);
}

// The HTML comes from the sandbox, which escapes all text and lets through only addresses of web and mail.
function shown(html) {
  const element = make("div", { class: "shown" });
  element.innerHTML = html;
  return element;
}

function rows(pairs) {
  return make("table", {}, make("tbody", {}, ...pairs.map(([name, ...rest]) => make("tr", {}, make("th", { scope: "row" }, name),
    ...rest.map((text) => make("td", {}, text))))));
}

function look(data) {
  if (!form) build();
  place.removeAttribute("aria-busy");
  refill(parts.head, make("h1", {}, data.summary), make("p", {}, make("span", { class: "chip" }, data.type), " ",
    make("span", { class: "chip", "data-testid": "status" }, data.status), " ",
    ...data.targets.map((name) => make("button", { type: "button", "data-move": name, "data-testid": `to-${name}` }, `→ ${name}`))));
  if (form.assignee.options.length !== data.people.length + 1) {
    form.assignee.replaceChildren(make("option", { value: "" }, "Unassigned"),
      ...data.people.map((person) => make("option", { value: person.key }, person.name)));
  }
  keep("summary", data.summary);
  keep("description", data.description);
  keep("labels", data.labels.join(" "));
  keep("assignee", data.assigneeKey);
  refill(parts.text, data.rendered ? shown(data.rendered) : null);
  refill(parts.fields, make("h2", {}, "Fields"), rows([["Fix versions", data.versions.join(", ") || "None"],
    ...data.fields.map((field) => [field.name, /^https?:/.test(field.text) ? make("a", { href: field.text }, field.text) : field.text])]));
  refill(parts.links, make("h2", {}, "Links"), make("ul", {}, ...data.links.map((link) => make("li", {}, `${link.words} `,
    make("a", { href: `/browse/${link.key}` }, link.key))), ...data.remoteLinks.map((link) => make("li", { "data-testid": "remote-link" },
    make("a", { href: /^https?:/.test(link.url) ? link.url : "#", rel: "noreferrer" }, link.title)))));
  refill(parts.comments, ...data.comments.map((comment) => make("article", { class: "card", "data-testid": `comment-${comment.id}` },
    make("div", { class: "key" }, `${comment.author} · ${comment.at.slice(0, 16).replace("T", " ")} UTC`), shown(comment.html))));
  refill(parts.history, rows(data.history.map((entry) => [entry.at.slice(0, 16).replace("T", " "), entry.who, entry.what])));
}

place.addEventListener("click", (event) => {
  const status = event.target.dataset?.move;
  if (status) act({ move: status }, `Moved to ${status}`);
});

const refresh = watch(address, look);
