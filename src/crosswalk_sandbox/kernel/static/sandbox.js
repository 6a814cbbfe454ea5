// What every sandbox page shares: say something, send JSON, look again every second.
"use strict";

function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { place.textContent = ""; }, 4000);
}

async function send(method, url, value) {
  const answer = await fetch(url, {
    method,
    headers: { "Content-Type": "application/json" },
    body: value === undefined ? undefined : JSON.stringify(value),
  });
  const text = await answer.text();
  const data = text ? JSON.parse(text) : {};
  if (!answer.ok) throw new Error(data.error || data.message || `the sandbox answered ${answer.status}`);
  return data;
}

// Makes an element: make("a", {href: "/x"}, "text", child, ...). Text is never read as HTML.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Calls look() with fresh data every second while the page is visible; draws only what changed.
function watch(url, look) {
  let last = "";
  async function once() {
    if (document.hidden) return;
    try {
      const text = await (await fetch(url)).text();
      if (text !== last) { last = text; look(JSON.parse(text)); }
    } catch (error) {
      say("The sandbox does not answer; trying again.");
    }
  }
  once();
  setInterval(once, 1000);
  return once;
}
