"""A page by the keyboard alone: Tab to what is wanted, and a walk that stops at everything Tab stops at."""

from __future__ import annotations

import re

from playwright.sync_api import Page

MOST = 400  # stops of the largest page


def tab_to(page: Page, text: str | re.Pattern[str]) -> None:
    """Press Tab until what has the focus says `text`, as who has no mouse does."""
    wanted = text if isinstance(text, re.Pattern) else re.compile(re.escape(text))
    said = """(({ activeElement: here, body }) =>
        here === body ? "" : (here.labels?.[0]?.textContent || here.textContent).trim())(document)"""
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.search(str(page.evaluate(said))):
            return
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
    found: list[str] = page.evaluate(_STOP)
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None:
            break
        found += stop
    left: list[str] = page.evaluate(_LEFT)
    return found + left
