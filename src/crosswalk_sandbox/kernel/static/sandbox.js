// What every sandbox page shares: saying something, sending, making elements, looking again, menus and dialogs.
"use strict";

function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { place.textContent = ""; }, 6000);
}

// What a refusal says, in whichever of the vendors' shapes it comes.
function reason(data, status) {
  const given = data || {};
  const several = [...(given.errorMessages || []), ...Object.values(given.errors && typeof given.errors === "object" ? given.errors : {})];
  const one = typeof given.error === "string" ? given.error : given.message;
  return several.length ? several.join(" ") : one || `The sandbox answered ${status}.`;
}

// Sends JSON, or a form with files. Raises an Error with the refusal's words in `message` and, by field, in `fields`.
async function send(method, url, value, headers) {
  const files = value instanceof FormData;
  const answer = await fetch(url, {
    method,
    headers: { ...(files ? {} : { "Content-Type": "application/json" }), ...headers },
    body: value === undefined || files ? value : JSON.stringify(value),
  });
  const text = await answer.text();
  let data = {};
  try { data = text ? JSON.parse(text) : {}; } catch { data = {}; }
  if (!answer.ok) {
    const refused = new Error(reason(data, answer.status));
    refused.fields = data.errors && !Array.isArray(data.errors) ? data.errors : {};
    throw refused;
  }
  return data;
}

// Does something that may be refused, says how it went, and tells whether it went well.
async function attempt(work, done) {
  try {
    const made = await work();
    if (done) say(typeof done === "function" ? done(made) : done);
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}

// Makes an element: make("a", {href: "/x"}, "text", child, ...). Text is never read as HTML. `on...` are listeners.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// HTML that the sandbox made from what people wrote: escaped or sanitised there, and without script by this page's policy.
function written(html, attributes) {
  const element = make("div", { ...attributes, class: "shown" });
  element.innerHTML = html;
  return element;
}

// An address that may be followed, or null.
function safe(url) {
  return /^(https?:\/\/|\/)/i.test(url || "") ? url : null;
}

function link(url, text, attributes) {
  return make(safe(url) ? "a" : "span", { href: safe(url), rel: safe(url) ? "noreferrer" : null, ...attributes }, text);
}

// A day as it is, a moment in UTC: the two sandboxes and the page World then tell one time.
function when(text) {
  const at = text && text.includes("T") ? new Date(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) : NaN;
  return (isNaN(at) ? text || "" : at.toISOString()).slice(0, 16).replace("T", " ");
}

function initials(name) {
  return name.split(/\s+/).map((word) => word[0] || "").join("").slice(0, 2).toUpperCase();
}

function face(name) {
  return name ? make("span", { class: "face", title: name, "aria-label": name, role: "img" }, initials(name)) : null;
}

// Names the cells of a row after their columns, for windows too narrow for a table.
function labelCells(row, body) {
  const heads = [...body.parentNode.querySelectorAll("thead th")].map((head) => head.textContent);
  [...row.children].forEach((cell, at) => { if (heads[at] && cell.textContent) cell.dataset.label = heads[at]; });
  return row;
}

function colour(element, value) {
  if (/^#[0-9a-f]{3,8}$/i.test(value || "")) element.style.setProperty("--dot", value);
  return element;
}

// What stands in a section that holds nothing.
function none() {
  return make("p", { class: "soft none" }, "None");
}

// Puts fresh children into a place unless they would look the same; keeps what has the focus.
function refill(place, ...children) {
  const fresh = make("div", {}, ...children);
  if (place.innerHTML === fresh.innerHTML) return false;
  if (place.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]")) return false;
  const held = place.contains(document.activeElement) ? document.activeElement.getAttribute("data-testid") : null;
  place.replaceChildren(...fresh.childNodes);
  if (held) place.querySelector(`[data-testid="${CSS.escape(held)}"]`)?.focus();
  return true;
}

// Calls look() with fresh data about twice a second while the page is visible; draws only what changed. `url` may be a function.
function watch(url, look) {
  let last = "", missed = 0;
  async function once() {
    try {
      const answer = await fetch(typeof url === "function" ? url() : url);
      const text = await answer.text();
      missed = 0;
      if (text === last) return;
      last = text;
      look(JSON.parse(text), answer.status);
    } catch (error) {
      missed += 1;
      if (missed === 2) say("The sandbox does not answer; trying again.");
    }
  }
  once();
  const timer = setInterval(() => { if (!document.hidden) once(); }, 600);
  once.stop = () => clearInterval(timer);
  return once;
}

// ---- who acts

const acting = document.getElementById("acting");
if (acting) {
  const kept = localStorage.getItem("acting");
  if (kept && [...acting.options].some((one) => one.value === kept)) acting.value = kept;
  acting.addEventListener("change", () => {
    localStorage.setItem("acting", acting.value);
    say(`You act as ${acting.selectedOptions[0].textContent} from now on.`);
  });
}
const actor = () => (acting ? acting.value : "");

// ---- menus and dialogs

// Opens a menu beside a button; `items` are {text, act, testid} or a sentence. Arrows move in it, Escape closes it.
function openMenu(button, label, items) {
  document.querySelector(".menu")?.remove();
  const menu = make("div", { class: "menu", role: "menu", "aria-label": label, "data-testid": "menu" });
  const close = (back) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside);
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  const outside = (event) => { if (!menu.contains(event.target)) close(false); };
  menu.append(...items.map((item) => (typeof item === "string" ? make("p", { class: "soft" }, item)
    : make("button", { type: "button", role: "menuitem", tabindex: "-1", "data-testid": item.testid, onclick: () => { close(true); item.act(); } }, item.text))));
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[(to + all.length) % all.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  const box = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.left + scrollX, scrollX + document.documentElement.clientWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${box.bottom + scrollY + 4}px`;
  button.setAttribute("aria-expanded", "true");
  setTimeout(() => document.addEventListener("pointerdown", outside));
  menu.querySelector("button")?.focus();
}

// A dialog with a form. `work` gets the form and may refuse by raising; its words then stand in the dialog.
function ask(title, body, go, work, testid) {
  return new Promise((resolve) => {
    const wrong = make("p", { class: "wrong", role: "alert", "data-testid": "dialog-wrong" });
    const cancel = make("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
    const form = make("form", { method: "dialog" }, ...body, wrong,
      make("div", { class: "row" }, cancel, make("button", { class: "main", "data-testid": "dialog-go" }, go)));
    const dialog = make("dialog", { "aria-label": title, "data-testid": testid || "dialog" }, make("h2", {}, title), form);
    let done = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      try {
        await work(form);
        done = true;
        dialog.close();
      } catch (error) {
        wrong.textContent = error.message;
      }
    });
    dialog.addEventListener("close", () => { dialog.remove(); resolve(done); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function sure(question, go, work) {
  return ask(question, [], go, work, "sure");
}
