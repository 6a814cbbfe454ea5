// Questions to a page that axe-core (axe.py) does not ask. Each gives a list of what is wrong.
(() => {
  // With what stands in open shadow trees, which selectors of the page do not reach.
  const roots = (root) => [root, ...[...root.querySelectorAll("*")].filter((e) => e.shadowRoot).flatMap((e) => roots(e.shadowRoot))];
  const all = (selector) => roots(document).flatMap((root) => [...root.querySelectorAll(selector)]).filter((e) => e.checkVisibility());
  const begin = (element) => element.outerHTML.slice(0, 120);
  window.look = {
    // WCAG 2.2, 2.5.8: at least 24 by 24 pixels, without axe-core's exception for what has room around it.
    small: () =>
      all("button, select, input:not([type=hidden]), .tabs a, .filters a, .top nav a")
        .map((e) => [(e.closest("label") || e).getBoundingClientRect(), e])
        .filter(([box]) => box.width < 24 || box.height < 24)
        .map(([box, e]) => `${box.width}x${box.height} ${begin(e)}`),
    // What a label says stands inside it, not across what comes below.
    spilled: () => all("label").filter((e) => e.scrollHeight > e.clientHeight + 4 && e.clientHeight > 1).map(begin),
    // What stands side by side begins at one height.
    stepped: () =>
      all(".sides")
        .map((e) => [e, ...[...e.children].slice(0, 2).map((c) => c.getBoundingClientRect())])
        .filter(([, left, right]) => right && left.right <= right.left && Math.abs(left.top - right.top) > 1)
        .map(([e]) => begin(e)),
    sideways: () => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return [];
      return all("body *").filter((e) => e.getBoundingClientRect().right > wide + 1).map(begin);
    },
  };
})();
