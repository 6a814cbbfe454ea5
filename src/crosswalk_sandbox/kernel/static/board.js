// A board of columns with cards: by mouse, by keyboard, by a menu. Knows no vendor; what may move where it is told.
"use strict";

// options: draw(card) -> elements; columnOf(card); refusal(card, column) -> "" or why not; move(card, column, before);
// href(card); open(card) or nothing; more(card) -> menu items; ranked: whether the order in a column can be changed.
function makeBoard(place, options) {
  const held = new Map(), sections = new Map();
  let columns = [], dragged = null, waiting = null;
  const gap = make("li", { class: "gap", "aria-hidden": "true" });
  const cardOf = (key) => held.get(key)?.card;

  function inColumn(id) {
    return [...sections.get(id).list.querySelectorAll(".card")].map((element) => cardOf(element.dataset.key));
  }

  function explain(id, text) {
    const why = sections.get(id).why;
    why.textContent = text;
    clearTimeout(why.timer);
    why.timer = setTimeout(() => { why.textContent = ""; }, 8000);
  }

  async function move(card, id, before) {
    const refused = options.refusal(card, id);
    if (refused) { explain(id, refused); say(refused); return; }
    await options.move(card, id, before);
    focusOn(card.key);
  }

  function focusOn(key) {
    held.get(key)?.element.querySelector(".name").focus({ preventScroll: false });
  }

  // ---- keyboard

  function shift(card, step) {
    const list = inColumn(options.columnOf(card));
    const at = list.findIndex((one) => one.key === card.key);
    const to = at + step;
    if (to < 0 || to >= list.length) { say(step < 0 ? "It is the first already." : "It is the last already."); return; }
    move(card, options.columnOf(card), (step < 0 ? list[to] : list[to + 1])?.key ?? null);
  }

  function pass(card, step) {
    const at = columns.findIndex((one) => one.id === options.columnOf(card)) + step;
    if (!columns[at]) { say("There is no column further on."); return; }
    move(card, columns[at].id, null);
  }

  function neighbour(card, key) {
    const list = inColumn(options.columnOf(card));
    const at = list.findIndex((one) => one.key === card.key);
    if (key === "ArrowDown" || key === "ArrowUp") return list[at + (key === "ArrowDown" ? 1 : -1)];
    const step = key === "ArrowRight" ? 1 : -1;
    for (let c = columns.findIndex((one) => one.id === options.columnOf(card)) + step; columns[c]; c += step) {
      const there = inColumn(columns[c].id);
      if (there.length) return there[Math.min(at, there.length - 1)];
    }
    return undefined;
  }

  function pressed(event, card) {
    if (event.key === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) { menu(card, held.get(card.key).element.querySelector(".more")); event.preventDefault(); return; }
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    if (!event.shiftKey) { const next = neighbour(card, event.key); if (next) focusOn(next.key); return; }
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") pass(card, event.key === "ArrowRight" ? 1 : -1);
    else if (options.ranked) shift(card, event.key === "ArrowDown" ? 1 : -1);
  }

  function menu(card, button) {
    const here = options.columnOf(card);
    const open = columns.filter((one) => one.id !== here && !options.refusal(card, one.id));
    const closed = columns.filter((one) => one.id !== here && options.refusal(card, one.id));
    const list = inColumn(here);
    const items = open.map((one) => ({ text: `Move to ${one.name}`, act: () => move(card, one.id, null), testid: `to-${one.name}` }));
    if (options.ranked && list.length > 1) {
      items.push({ text: "To the top", act: () => move(card, here, list[0].key === card.key ? list[1].key : list[0].key), testid: "to-top" });
      items.push({ text: "To the bottom", act: () => move(card, here, null), testid: "to-bottom" });
    }
    items.push(...(options.more ? options.more(card) : []));
    items.push(...closed.map((one) => options.refusal(card, one.id)).slice(0, 4));
    openMenu(button, `Move ${card.key}`, items.length ? items : ["Nothing can be done here."]);
  }

  // ---- mouse

  function beforeAt(list, y) {
    return [...list.querySelectorAll(".card:not(.dragged)")].find((element) => {
      const box = element.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
  }

  function started(event, card, element) {
    dragged = card;
    event.dataTransfer.setData("text/plain", card.key);
    event.dataTransfer.effectAllowed = "move";
    setTimeout(() => {
      if (dragged !== card) return;
      element.classList.add("dragged");
      for (const { id } of columns) sections.get(id).section.classList.add(options.refusal(card, id) ? "cannot" : "can");
    });
  }

  function ended() {
    dragged = null;
    gap.remove();
    for (const { section } of sections.values()) section.classList.remove("can", "cannot", "over");
    for (const { element } of held.values()) element.classList.remove("dragged");
    if (waiting) { const data = waiting; waiting = null; show(...data); }
  }

  function over(event, id) {
    if (!dragged) return;
    const { section, list } = sections.get(id);
    for (const other of sections.values()) other.section.classList.toggle("over", other.section === section);
    const refused = options.refusal(dragged, id);
    if (refused) { gap.remove(); explain(id, refused); event.dataTransfer.dropEffect = "none"; return; }
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    const next = options.ranked ? beforeAt(list, event.clientY) : null;
    if (gap.parentNode !== list || gap.nextSibling !== (next || null)) list.insertBefore(gap, next || null);
  }

  function dropped(event, id) {
    event.preventDefault();
    const card = dragged;
    let next = gap.nextElementSibling;
    if (next?.classList.contains("dragged")) next = next.nextElementSibling;
    const before = gap.parentNode ? next?.dataset.key ?? null : null;
    ended();
    if (!card) return;
    const after = held.get(card.key)?.element.nextElementSibling?.dataset.key ?? null;
    if (id !== options.columnOf(card) || before !== after) move(card, id, before);
  }

  // ---- drawing

  function section(column) {
    let found = sections.get(column.id);
    if (!found) {
      const list = make("ol", { class: "cards" });
      const head = make("header", {}), why = make("p", { class: "why", role: "alert" });
      const element = make("section", { class: "column" }, head, why, list);
      element.addEventListener("dragover", (event) => over(event, column.id));
      element.addEventListener("drop", (event) => dropped(event, column.id));
      found = { section: element, list, head, why };
      sections.set(column.id, found);
    }
    // Names change while the board is open; what they stand for does not.
    found.section.setAttribute("aria-label", column.name);
    found.section.dataset.testid = `column-${column.name}`;
    found.why.dataset.testid = `why-${column.name}`;
    return found;
  }

  function draw(card) {
    const name = make("a", { class: "name", href: options.href(card), draggable: "false", "aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight m" }, card.name);
    name.addEventListener("keydown", (event) => pressed(event, cardOf(card.key)));
    if (options.open) {
      name.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
        event.preventDefault();
        options.open(card);
      });
    }
    const more = make("button", { type: "button", class: "quiet more", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": `Move ${card.key}`,
      title: "Move", "data-testid": `move-${card.key}` }, "⋯");
    more.addEventListener("click", () => menu(cardOf(card.key), more));
    const element = make("li", { class: "card", draggable: "true", "data-key": card.key, "data-testid": `card-${card.key}` }, name, more, ...options.draw(card));
    element.addEventListener("dragstart", (event) => started(event, cardOf(card.key), element));
    element.addEventListener("dragend", ended);
    return colour(element, card.colour);
  }

  function keep(card) {
    const text = JSON.stringify(card);
    const old = held.get(card.key);
    if (old && old.text === text) return old.element;
    const element = draw(card);
    if (old) {
      const focus = old.element.contains(document.activeElement) ? document.activeElement.className : "";
      old.element.replaceWith(element);
      if (focus) element.getElementsByClassName(focus)[0]?.focus({ preventScroll: true });
    }
    held.set(card.key, { text, element, card });
    return element;
  }

  // Draws a card anew only when it changed, and puts it in place only when it is not there, so nothing flickers or loses focus.
  function show(newColumns, cards) {
    if (dragged) { waiting = [newColumns, cards]; return; }
    columns = newColumns;
    const wanted = new Set(columns.map((one) => one.id));
    for (const [id, { section: element }] of sections) { if (!wanted.has(id)) { element.remove(); sections.delete(id); } }
    const alive = new Set(cards.map((card) => card.key));
    for (const [key, { element }] of held) { if (!alive.has(key)) { element.remove(); held.delete(key); } }
    columns.forEach((column, at) => {
      const { section: element, list, head } = section(column);
      if (place.children[at] !== element) place.insertBefore(element, place.children[at] || null);
      const own = cards.filter((card) => options.columnOf(card) === column.id);
      const count = make("span", { class: "soft", "data-testid": `count-${column.name}` }, String(own.length));
      refill(head, make("h2", {}, column.href ? make("a", { href: column.href }, column.name) : column.name, " ", count),
        column.note ? make("div", { class: "soft" }, column.note) : null);
      own.forEach((card, index) => {
        const drawn = keep(card);
        if (list.children[index] === drawn) return;
        const focus = drawn.contains(document.activeElement) ? document.activeElement : null;
        list.insertBefore(drawn, list.children[index] || null);
        focus?.focus({ preventScroll: true });
      });
    });
    place.removeAttribute("aria-busy");
  }

  return { show, focusOn, card: cardOf };
}
