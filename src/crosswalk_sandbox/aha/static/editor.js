// An editor for rich text: a toolbar over an editable element. What it stores is normalised by the sandbox.
"use strict";

const TOOLS = [
  ["bold", "B", "Bold"], ["italic", "I", "Italic"], ["strikeThrough", "S", "Strike through"], ["heading", "H", "Heading"], ["insertUnorderedList", "•", "List"],
  ["insertOrderedList", "1.", "Numbered list"], ["checklist", "☑", "Checklist"], ["quote", "❝", "Quote"], ["code", "</>", "Code"], ["link", "Link", "Link"],
  ["table", "Table", "Table"], ["picture", "Picture", "Picture"], ["removeFormat", "Plain", "Plain, without format"],
];

// options: label, testid, upload(file) -> address of the picture; changed() after every change.
function richEditor(options) {
  const text = make("div", { class: "shown rich", contenteditable: "true", role: "textbox", "aria-multiline": "true", "aria-label": options.label, "data-testid": options.testid });
  const file = make("input", { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", hidden: true, "data-testid": `${options.testid}-file` });
  const buttons = new Map(TOOLS.map(([name, sign, title]) => {
    const button = make("button", { type: "button", class: name, title, "aria-label": title, "aria-pressed": "false", "data-sign": sign, "data-testid": `${options.testid}-${name}` });
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => use(name, button));
    return [name, button];
  }));
  const tools = make("div", { class: "tools", role: "toolbar", "aria-label": `Format of ${options.label}` }, ...buttons.values());
  let range = null;

  const inside = (selector) => {
    const node = getSelection().anchorNode;
    const element = node && (node.nodeType === Node.TEXT_NODE ? node.parentElement : node);
    const found = element?.closest?.(selector);
    return found && text.contains(found) && found !== text ? found : null;
  };
  const run = (name, value) => { text.focus(); document.execCommand(name, false, value); };

  // Puts elements where the caret is. Not by insertHTML, which writes styles that the page's policy forbids.
  function insert(...nodes) {
    text.focus();
    const selection = getSelection(), place = selection.getRangeAt(0), last = nodes[nodes.length - 1];
    place.deleteContents();
    const block = inside("p, h2, h3");
    if (block && nodes[0].matches("table")) block.after(...nodes);
    else for (const node of [...nodes].reverse()) place.insertNode(node);
    selection.collapse(last.matches("p") ? last : last.parentNode, last.matches("p") ? 0 : [...last.parentNode.childNodes].indexOf(last) + 1);
  }

  // Where the caret was is kept, because dialogs and file choosers take the focus away.
  function keep() {
    const selection = getSelection();
    range = selection.rangeCount && text.contains(selection.anchorNode) ? selection.getRangeAt(0).cloneRange() : null;
  }
  function back() {
    text.focus();
    if (!range) { getSelection().selectAllChildren(text); getSelection().collapseToEnd(); return; }
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  async function link_() {
    const held = inside("a");
    keep();
    const input = make("input", { required: true, placeholder: "https://", value: held?.getAttribute("href") || "", "data-testid": "link-url" });
    const done = await ask("Link", [make("label", {}, "Address", input)], "Set link", async () => {
      if (!/^(https?:\/\/|mailto:|\/)/i.test(input.value.trim())) throw new Error("An address begins with https:// or mailto:.");
    });
    back();
    if (!done) return;
    const address = input.value.trim();
    if (held) held.setAttribute("href", address);
    else if (getSelection().isCollapsed) insert(make("a", { href: address }, address));
    else run("createLink", address);
  }

  function check() {
    if (!inside("ul")) run("insertUnorderedList");
    const list = inside("ul");
    if (!list) return;
    const on = list.classList.toggle("checklist");
    if (!on) list.removeAttribute("class");
    for (const item of list.children) {
      if (on) item.className = "unchecked";
      else item.removeAttribute("class");
    }
  }

  function table(button) {
    const cell = inside("td, th"), row = cell?.closest("tr");
    if (!cell) {
      const line = (tag, words) => make("tr", {}, make(tag, {}, words), make(tag, {}, words));
      insert(make("table", {}, make("tbody", {}, line("th", "Head"), line("td", " "))), make("p", {}, make("br")));
      return;
    }
    const at = [...row.children].indexOf(cell);
    const after = (work) => () => { work(); changed(); text.focus(); };
    openMenu(button, "Table", [
      { text: "Row below", act: after(() => row.after(make("tr", {}, ...[...row.children].map(() => make("td", {}, " "))))) },
      { text: "Column to the right", act: after(() => { for (const one of row.parentNode.children) one.children[at]?.after(make(one.children[at].tagName.toLowerCase(), {}, " ")); }) },
      { text: "Delete row", act: after(() => row.remove()) },
      { text: "Delete column", act: after(() => { for (const one of [...row.parentNode.children]) one.children[at]?.remove(); }) },
      { text: "Delete table", act: after(() => row.closest("table").remove()) },
    ]);
  }

  function code() {
    if (inside("pre")) { run("formatBlock", "p"); return; }
    const chosen = getSelection();
    if (chosen.isCollapsed || /\n/.test(chosen.toString())) run("formatBlock", "pre");
    else insert(make("code", {}, chosen.toString()));
  }

  async function use(name, button) {
    if (name === "picture") { keep(); file.click(); return; }
    if (!text.contains(getSelection().anchorNode)) back();
    if (name === "link") await link_();
    else if (name === "checklist") check();
    else if (name === "table") table(button);
    else if (name === "code") code();
    else if (name === "heading") run("formatBlock", inside("h2") ? "h3" : inside("h3, h1, h4") ? "p" : "h2");
    else if (name === "quote") run("formatBlock", inside("blockquote") ? "p" : "blockquote");
    else run(name);
    changed();
  }

  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    if (!chosen) return;
    await attempt(async () => {
      const address = await options.upload(chosen);
      back();
      insert(make("img", { src: address, alt: chosen.name }));
      changed();
    }, "Picture added.");
    file.value = "";
  });

  function pressed() {
    for (const name of ["bold", "italic", "strikeThrough", "insertUnorderedList", "insertOrderedList"]) {
      const on = text.contains(document.activeElement) && document.queryCommandState(name);
      buttons.get(name).setAttribute("aria-pressed", String(on));
    }
  }

  function changed() {
    options.changed();
    pressed();
  }

  // Chromium puts a list into the paragraph it was made from, and spans around what it joined; neither is worth keeping.
  function tidy() {
    const copy = text.cloneNode(true);
    for (const paragraph of copy.querySelectorAll("p")) {
      if (paragraph.querySelector("ul, ol, table, blockquote, pre, h1, h2, h3, h4, p")) paragraph.replaceWith(...paragraph.childNodes);
    }
    for (const span of copy.querySelectorAll("span:not([class])")) span.replaceWith(...span.childNodes);
    return copy.innerHTML;
  }

  document.execCommand("defaultParagraphSeparator", false, "p");
  document.execCommand("styleWithCSS", false, false);
  text.addEventListener("input", changed);
  text.addEventListener("keyup", pressed);
  text.addEventListener("click", (event) => {
    pressed();
    const item = event.target.closest("ul.checklist > li");
    if (!item || event.clientX > item.getBoundingClientRect().left + 24) return;
    item.className = item.classList.contains("checked") ? "unchecked" : "checked";
    changed();
  });
  return { element: make("div", {}, tools, text, file), text,
    get: () => (text.textContent.trim() || text.querySelector("img, table, hr") ? tidy() : "<p></p>"),
    set: (html) => { if (text.innerHTML !== html) text.innerHTML = html; } };
}
