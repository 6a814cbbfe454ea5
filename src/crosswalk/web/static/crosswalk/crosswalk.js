// What the pages do beyond HTML and htmx: times stay fresh and local, forms are sent once, ticking, copying, tabs in sight.
"use strict";
(() => {
  const units = [[86400, "day"], [3600, "h"], [60, "min"]];

  function relative(moment, now) {
    const seconds = (now - moment) / 1000;
    let amount = Math.abs(seconds);
    if (amount < 10) return "just now";
    let unit = "s";
    for (const [size, name] of units) if (amount >= size) { amount /= size; unit = name; break; }
    amount = seconds > 0 ? Math.floor(amount) : Math.round(amount); // what ends in seven days does not end in six
    if (unit === "day" && amount !== 1) unit = "days";
    return seconds > 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
  }

  function times(root) {
    const now = new Date();
    for (const time of root.querySelectorAll("time[data-ago]")) {
      const moment = new Date(time.dateTime);
      const text = relative(moment, now);
      if (time.textContent !== text) time.textContent = text;
      time.title = moment.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
    }
  }

  function count(form) {
    const boxes = [...form.querySelectorAll("[name=record]")];
    const ticked = boxes.filter((box) => box.checked).length;
    const all = form.querySelector("[data-all]");
    if (all) { all.checked = ticked > 0 && ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length; }
    for (const button of form.querySelectorAll("[data-chosen] button")) button.disabled = !ticked;
    const says = form.querySelector("[data-count]");
    if (!says) return;
    says.dataset.none ??= says.textContent;
    says.textContent = ticked ? `${ticked} record${ticked === 1 ? "" : "s"} chosen` : says.dataset.none;
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("#records, [data-ticks]");
    if (!form) return;
    if ("all" in event.target.dataset) for (const box of form.querySelectorAll("[name=record]")) box.checked = event.target.checked;
    count(form);
  });

  // A second click while the first is under way is not sent; the server would take it for the same anyway.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("once" in form.dataset)) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter || form.querySelector("button");
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // Of the records: a button that is pressed twice acts once. Another one waits for its turn, and htmx has forgotten by
  // then which it was: its row may be made anew.
  const pressed = new Set();
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "records" || !event.submitter) return;
    if (pressed.has(event.submitter)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    pressed.add(event.submitter);
  }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    const by = event.target.id === "records" && event.detail.triggeringEvent && event.detail.triggeringEvent.submitter;
    if (by && by.name && event.detail.parameters[by.name] === undefined) event.detail.parameters[by.name] = by.value;
  });
  addEventListener("pageshow", () => pressed.clear());

  // What asks again and again may be made anew by another answer while its own is still on the way. That one would find
  // no place on the page, and what it tells is asked for once more.
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.elt.addEventListener("htmx:beforeOnLoad", (late) => {
      if (!late.detail.target.isConnected) late.preventDefault();
    }, { once: true });
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch { // the browser keeps its clipboard to itself
      field.focus();
      field.select();
      button.textContent = "Ctrl+C or ⌘C";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  document.addEventListener("focusin", (event) => { if ("select" in event.target.dataset) event.target.select(); });

  // What is chosen in a list while its search is under way stays chosen in what the search brings.
  const chosen = {};
  document.addEventListener("htmx:beforeSwap", (event) => {
    const list = event.detail.target;
    if (list && list.matches(".choices")) chosen[list.id] = (list.querySelector(":checked") || {}).value;
  });
  document.addEventListener("htmx:load", (event) => {
    const list = event.detail.elt;
    if (!list.matches || !list.matches(".choices")) return;
    for (const box of list.querySelectorAll("input")) if (box.value === chosen[list.id]) box.checked = true;
  });

  // Of two fields that say what is meant the one that was changed last counts.
  document.addEventListener("change", (event) => {
    const other = document.getElementById(event.target.dataset.clears);
    if (other) other.value = "";
  });

  // A telephone shows the parts of a long page by their names first.
  const telephone = matchMedia("(max-width: 46rem)").matches;
  const foldIn = (part, which) => { if (telephone) for (const fold of part.querySelectorAll(which)) fold.open = false; };
  foldIn(document, "details[data-wide]");

  // What was unfolded stays so when its part of the page is made anew; what an address points to is unfolded.
  const unfolded = new Set();
  const noted = (fold) => { if (fold.id) unfolded[fold.open ? "add" : "delete"](fold.id); };
  document.addEventListener("toggle", (event) => noted(event.target), true);
  document.addEventListener("htmx:beforeSwap", (event) => { // a toggle is told a moment after it was made
    for (const fold of event.detail.target.querySelectorAll("details")) noted(fold);
  });
  document.addEventListener("htmx:load", (event) => {
    foldIn(event.detail.elt, ".mending[data-wide]");
    const wanted = event.detail.elt.dataset && document.getElementById(event.detail.elt.dataset.opens);
    if (wanted) wanted.open = true; // what is said there is mended here
    for (const fold of event.detail.elt.querySelectorAll("details[id]")) if (unfolded.has(fold.id)) fold.open = true;
  });
  // One button unfolds all of a part of the page; where nothing is left to unfold, it folds all.
  for (const button of document.querySelectorAll("[data-unfolds]")) {
    const part = document.getElementById(button.dataset.unfolds);
    const folds = [...part.querySelectorAll("details")];
    const shut = () => folds.some((fold) => !fold.open);
    const say = () => { button.textContent = shut() ? "Unfold all" : "Fold all"; };
    button.addEventListener("click", () => { const open = shut(); for (const fold of folds) fold.open = open; });
    part.addEventListener("toggle", say, true);
    button.hidden = !folds.length;
    say();
  }

  function unfold() {
    const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let fold = aim && aim.closest("details:not([open])");
    if (!fold) return;
    for (; fold; fold = aim.closest("details:not([open])")) fold.open = true;
    aim.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  unfold();

  // Who sent a form that was not taken goes on where it is mended, wherever the form has its focus else.
  const wrong = document.querySelector(".field.wrong :is(input:not([type=hidden]), select, textarea)");
  if (wrong) wrong.focus();

  // Where tabs do not fit beside each other, the one of this page is brought into sight, and an arrow says that there are more.
  function arrows(bar) {
    bar.classList.toggle("before", bar.scrollLeft > 8);
    bar.classList.toggle("after", bar.scrollLeft + bar.clientWidth < bar.scrollWidth - 8);
  }
  for (const bar of document.querySelectorAll(".tabs")) bar.addEventListener("scroll", () => arrows(bar));
  function tab() {
    for (const bar of document.querySelectorAll(".tabs")) arrows(bar);
    const here = document.querySelector(".tabs [aria-current]");
    if (!here) return;
    const bar = here.parentElement;
    bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
  }
  addEventListener("resize", tab);
  document.addEventListener("focusin", (event) => {
    if (event.target.closest(".tabs")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  tab();

  document.addEventListener("htmx:load", (event) => times(event.detail.elt));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form#records");
    const press = form && event.detail.requestConfig.triggeringEvent;
    if (press) pressed.delete(press.submitter);
    if (form && event.detail.successful) { for (const box of form.querySelectorAll("[name=record]")) box.checked = false; count(form); }
  });
  if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  for (const form of document.querySelectorAll("#records, [data-ticks]")) count(form);
  times(document);
  setInterval(() => times(document), 5000);
})();
