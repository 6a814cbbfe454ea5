"""A page by the keyboard alone: Tab to what is wanted, and a walk that stops at everything Tab stops at."""

from __future__ import annotations

import re

from playwright.sync_api import Page

MOST = 400  # stops of the largest page
AT_ONCE = 8  # stops of a walk between two questions whether it is over


# To ask at every Tab costs as much as the Tab: the page says how many there are to what is sought, where it can tell.
# Whoever has come to it goes no further, however often Tab is pressed.
_SOUGHT = """(source) => {
  const wanted = new RegExp(source), names = new Set();
  const says = (one) => wanted.test((one.labels?.[0]?.textContent || one.textContent).trim());
  const sought = { come: () => document.activeElement !== document.body && says(document.activeElement) };
  let pressed = 0;
  const at = (event) => {
    if (event.key !== "Tab" || pressed++ === 0 || !sought.come()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  sought.end = () => { removeEventListener("keydown", at, true); return true; };
  addEventListener("keydown", at, true);
  window.sought = sought;
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.matches(":disabled"))
    .filter((one) => one.type !== "radio" || (!names.has(one.name) && names.add(one.name)));
  const from = document.activeElement === document.body ? -1 : stops.indexOf(document.activeElement);
  return stops.slice(from + 1).findIndex(says) + 1;
}"""


def tab_to(page: Page, text: str | re.Pattern[str]) -> None:
    """Press Tab until what has the focus says `text`, as who has no mouse does."""
    wanted = text.pattern if isinstance(text, re.Pattern) else re.escape(text)
    least = page.evaluate(_SOUGHT, wanted)
    for pressed in range(1, 121):
        page.keyboard.press("Tab")
        if pressed >= least and page.evaluate("sought.come() && sought.end()"):
            return
    page.evaluate("sought.end()")
    raise AssertionError(f"Tab never came to {text}")


def write(page: Page, label: str, text: str) -> None:
    """Tab to an input and write `text` in place of what it holds."""
    tab_to(page, re.compile(rf"^{re.escape(label)}"))
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def press(page: Page, text: str | re.Pattern[str]) -> None:
    """Tab to a button or a link and press it; gives the page that follows."""
    tab_to(page, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


# The same of a walk: each Tab looks at where the one before it came to, and none goes on from the last stop.
_WALK = """() => {
  const stop = STOP, walked = { over: false, found: [] };
  const at = (event) => {
    if (event.key !== "Tab") return;
    const found = walked.over ? null : stop();
    walked.over = found === null;
    if (!walked.over) return walked.found.push(...found);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  walked.end = () => { removeEventListener("keydown", at, true); return walked.found; };
  addEventListener("keydown", at, true);
  window.walked = walked;
}"""
_STOP = """() => {
  const here = document.activeElement;
  if (here === document.body || (here.dataset.walked && here.matches(".skip"))) return null;
  if (here.dataset.walked) return [];  // a date has several stops
  here.dataset.walked = "yes";
  const box = (here.closest("label") || here).getBoundingClientRect(), own = here.getBoundingClientRect();
  const style = getComputedStyle(here), says = here.outerHTML.slice(0, 120), found = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) found.push(`no focus to be seen: ${says}`);
  if (own.left < -1 || own.right > innerWidth + 1) found.push(`cut off at the side: ${says}`);
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) =>
    document.elementFromPoint(box.left + x * box.width, box.top + y * box.height));
  const seen = points.some((one) => one && (one === here || here.contains(one) || one.contains(here)));
  if (!seen) found.push(`hidden by something: ${says}`);
  return found;
}"""
_LEFT = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
  .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.matches(":disabled") && !one.dataset.walked)
  .filter((one) => one.type !== "radio" || !document.querySelector(`[type=radio][name="${one.name}"][data-walked]`))
  .map((one) => `Tab never stops at: ${one.outerHTML.slice(0, 120)}`)"""


def walk(page: Page) -> list[str]:
    """What is wrong with a page for who has no mouse, from its first stop to its last."""
    page.evaluate("() => document.querySelectorAll('[data-walked]').forEach((one) => delete one.dataset.walked)")
    page.locator("a.skip, body:not(:has(a.skip)) a.brand").focus()
    page.evaluate(_WALK.replace("STOP", _STOP))
    for pressed in range(MOST):
        page.keyboard.press("Tab")
        if pressed % AT_ONCE == 0 and page.evaluate("walked.over"):
            break
    found: list[str] = page.evaluate("walked.end()")
    left: list[str] = page.evaluate(_LEFT)
    return found + left
