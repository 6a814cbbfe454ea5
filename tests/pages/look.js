// Questions to a page about its look. Each gives a list of what is wrong.
(() => {
  const parts = (text) => {
    const found = text.match(/[\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found;
  };
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parts(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255, 1];
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
  const begin = (element) => element.outerHTML.slice(0, 120);
  window.look = {
    // WCAG 2.2, success criterion 1.4.3, for every element that holds words of its own.
    faint: () =>
      all("body *")
        .filter((e) => e.getBoundingClientRect().width && !e.closest("noscript, svg, option"))
        .filter((e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim()))
        .map((e) => {
          const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))];
          return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e];
        })
        .filter(([ratio]) => ratio < 4.5)
        .map(([ratio, e]) => `${ratio.toFixed(2)} ${begin(e)}`),
    // 4.1.2: everything that can be used has a name.
    nameless: () =>
      all("a, button, input:not([type=hidden]), select, textarea")
        .filter((e) => !e.textContent.trim() || e.matches("select, textarea"))
        .filter((e) => !e.ariaLabel && ![...(e.labels || [])].some((label) => label.textContent.trim()))
        .map(begin),
    // 2.5.8: at least 24 by 24 pixels, words within a sentence excepted.
    small: () =>
      all("button, select, input:not([type=hidden]), .tabs a, .filters a, .top nav a")
        .map((e) => [(e.closest("label") || e).getBoundingClientRect(), e])
        .filter(([box]) => box.width < 24 || box.height < 24)
        .map(([box, e]) => `${box.width}x${box.height} ${begin(e)}`),
    twice: () => {
      const names = [...document.querySelectorAll("[id]")].map((e) => e.id);
      return names.filter((name, index) => names.indexOf(name) !== index);
    },
    sideways: () => {
      const wide = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= wide) return [];
      return all("body *").filter((e) => e.getBoundingClientRect().right > wide + 1).map(begin);
    },
  };
})();
