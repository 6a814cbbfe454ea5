// Questions to a page that axe-core (axe.py) does not ask. Each gives a list of what is wrong.
(() => {
  // With what stands in open shadow trees, which selectors of the page do not reach.
  const roots = (root) => [root, ...[...root.querySelectorAll("*")].filter((e) => e.shadowRoot).flatMap((e) => roots(e.shadowRoot))];
  const all = (selector) => roots(document).flatMap((root) => [...root.querySelectorAll(selector)]).filter((e) => e.checkVisibility());
  const begin = (element) => element.outerHTML.slice(0, 120);
  const words = (element) => {
    // A range measures what is folded, too, where it would stand.
    const folded = [...element.querySelectorAll("details:not([open]) > :not(summary)")];
    for (const e of folded) e.style.display = "none";
    const range = document.createRange();
    range.selectNodeContents(element);
    const box = range.getBoundingClientRect();
    for (const e of folded) e.style.removeProperty("display");
    return box;
  };
  const pen = document.createElement("canvas").getContext("2d");
  window.look = {
    // WCAG 2.2, 2.5.8: at least 24 by 24 pixels, without axe-core's exception for what has room around it.
    small: () =>
      all("button, select, input:not([type=hidden]), .tabs a, .filters a, .top nav a")
        .map((e) => [(e.closest("label") || e).getBoundingClientRect(), e])
        .filter(([box]) => box.width < 24 || box.height < 24)
        .map(([box, e]) => `${box.width}x${box.height} ${begin(e)}`),
    // What a label says stands inside it, not across what comes below; a button stands inside what has an edge.
    spilled: () =>
      [
        ...all("label").filter((e) => e.scrollHeight > e.clientHeight + 4 && e.clientHeight > 1),
        ...all(".trouble .button").filter((e) => e.getBoundingClientRect().right > e.closest(".trouble").getBoundingClientRect().right),
      ].map(begin),
    // What stands side by side begins at one height.
    stepped: () =>
      all(".sides")
        .map((e) => [e, ...[...e.children].slice(0, 2).map((c) => c.getBoundingClientRect())])
        .filter(([, left, right]) => right && left.right <= right.left && Math.abs(left.top - right.top) > 1)
        .map(([e]) => begin(e)),
    // What is chosen in a list, and what a button or a heading says, can be read to its end.
    cut: () =>
      [
        ...all("select").filter((e) => {
          const style = getComputedStyle(e);
          pen.font = style.font;
          const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 14;
          return pen.measureText(e.selectedOptions[0]?.text || "").width > room;
        }),
        ...all("button, summary, legend, h1, h2, h3, .state, .button").filter((e) =>
          e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && getComputedStyle(e).overflowX !== "visible"),
      ].map(begin),
    // Where the focus is can be seen on every kind of control.
    faint: () => {
      const before = document.activeElement, kinds = new Map();
      for (const e of all("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
        const kind = [e.tagName, e.type, e.className].join(" ");
        if (!kinds.has(kind) && !e.matches(":disabled")) kinds.set(kind, e);
      }
      const found = [...kinds.values()].filter((e) => {
        e.focus({ focusVisible: true, preventScroll: true });
        const style = getComputedStyle(e);
        return document.activeElement === e && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2);
      });
      if (before && before !== document.body) before.focus({ preventScroll: true });
      else document.activeElement.blur();
      return found.map(begin);
    },
    // What the two ends of a row say does not run together.
    touching: () =>
      all(".records tbody tr")
        .map((e) => [e, ...[e.querySelector(".how"), e.querySelector(".there")].map((cell) => cell && words(cell))])
        .filter(([, how, there]) => how && there && how.bottom > there.top && there.bottom > how.top && there.left - how.right < 6)
        .map(([e]) => begin(e)),
    // A time is relative, and the exact one is there on hover.
    timeless: () =>
      all("time").filter((e) => Number.isNaN(Date.parse(e.dateTime)) || !/\d{4}/.test(e.title) || /\d{4}/.test(e.textContent)
        || ("ago" in e.dataset && !(/\d:\d\d:\d\d/.test(e.title) && /^(just now|.+ ago|in .+)$/.test(e.textContent)))).map(begin),
    // What stands below another of its kind, or below a heading, does not touch it.
    crowded: () => {
      const below = (one, other, least) =>
        other.top > one.top + 2 && other.top - one.bottom < least && other.left < one.right && one.left < other.right;
      const box = (e) => e.getBoundingClientRect();
      const beside = (selector, of, least, measure) => {
        const every = all(selector).map((e) => [e, e.closest(of), measure(e)]);
        return every.filter(([e, within, at]) => every.some(([o, other, there]) => o !== e && other === within && below(at, there, least)))
          .map(([e]) => e);
      };
      const buttons = beside(".button", "div, p, form, td", 3, box);
      const options = beside("fieldset label:has(> [type=radio], > [type=checkbox])", "fieldset", 3, words);
      const headings = all("main h2, main h3").filter((e) => {
        const next = e.nextElementSibling;
        return next && next.checkVisibility() && Math.abs(box(next).top - box(e).bottom) < 1 && box(next).left < box(e).right;
      });
      return [...buttons, ...options, ...headings].map(begin);
    },
    // A table shows all its columns, and an empty input all that it asks for.
    unseen: () => [
      ...all(".wide-scroll").filter((e) => e.scrollWidth > e.clientWidth + 1),
      ...all("input[placeholder]").filter((e) => {
        const style = getComputedStyle(e);
        pen.font = style.font;
        return !e.value && pen.measureText(e.placeholder).width > e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
      }),
    ].map(begin),
    sideways: () => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return [];
      return all("body *").filter((e) => e.getBoundingClientRect().right > wide + 1).map(begin);
    },
  };
})();
