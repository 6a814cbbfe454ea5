"""Judges a page as a window shows it: look.js and axe-core, wide and narrow, light and dark; and how far it jumped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, expect
from tests.pages.axe import COLOURS, SIZES, faults
from tests.pages.pictures import picture

WINDOWS: dict[str, tuple[int, Literal["light", "dark"]]] = {
    "desktop": (1280, "light"),
    "dark": (1280, "dark"),
    "phone": (360, "light"),
    "phone-dark": (360, "dark"),
}
QUESTIONS = (
    "sideways", "small", "spilled", "stepped", "cut", "faint", "touching", "timeless", "crowded", "unseen",
)  # fmt: skip
KNOWN = """() => {
  const before = window.lookedAt;
  const shown = [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility());
  window.lookedAt = new Set(shown);
  if (!before || !shown.every((one) => before.has(one))) return "";
  return before.size === shown.length ? "all" : "less";
}"""
"""How much is shown of what was shown when this was asked last: "all", "less", or "" where there is something else."""
LOOK = f"""(questions) => {{
{Path(__file__).with_name("look.js").read_text(encoding="utf-8")}
  return Object.fromEntries(questions.map((question) => [question, look[question]()]));
}}"""
"""All questions in one, since each trip to a page costs more than what most of them look at."""


def wrong(page: Page, window: str) -> dict[str, list[str]]:
    """What is wrong with the page as `window` shows it now, by question.

    axe-core takes longest. It is asked about each width and each set of colours, and not about each of both; and where
    a window shows what the one before showed, only what sizes decide is asked again, or, where it shows less, all but
    what colours decide.
    """
    answers: dict[str, list[str]] = page.evaluate(LOOK, QUESTIONS)
    if window == "dark":
        answers["axe"] = faults(page, only=COLOURS)
    elif window != "phone-dark":
        known = page.evaluate(KNOWN)
        answers["axe"] = faults(page, only=SIZES) if known == "all" else faults(page, without=COLOURS if known else ())
    return {question: found for question, found in answers.items() if found}


def wrong_in_any_window(page: Page, name: str) -> dict[str, dict[str, list[str]]]:
    """What is wrong with the page, by window; takes a picture in each."""
    faulty = {}
    page.wait_for_load_state("load")  # what a click led to may show its words before its style came
    for window, (width, scheme) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        picture(page, f"{window}-{name}", whole=True)
        if found := wrong(page, window):
            faulty[window] = found
    return faulty


JUMPS = (
    "window.moved = []; new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput)"
    " window.moved.push(`${e.value.toFixed(3)} ${e.sources.map((s) => s.node && s.node.cloneNode &&"
    " (s.node.outerHTML || s.node.textContent).slice(0, 80)).join(' | ')}`);"
    " }).observe({ type: 'layout-shift', buffered: true });"
)
MOST = 0.01
"""How far a page may jump in all while it loads: layout shift, of which 0.1 counts as good (https://web.dev/cls)."""


def jumped(page: Page) -> list[str]:
    """What jumped while the page was loaded with JUMPS as its first script, where that was more than MOST."""
    moved: list[str] = page.evaluate("window.moved")
    return moved if sum(float(one.split()[0]) for one in moved) > MOST else []


WORDS = """(within) => {
  const words = (text) => text.split(/\\s+/).filter((one) => /\\w/.test(one)).length;
  const part = document.querySelector(within), walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let count = 0;
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!one.closest("select, datalist, noscript, .for-readers") && one.checkVisibility())
      count += words(walker.currentNode.textContent);
  }
  for (const one of part.querySelectorAll("select"))
    if (one.checkVisibility()) count += words(one.selectedOptions[0].text);
  return count;
}"""


def words(page: Page, within: str = "main") -> int:
    """How many words a part of the page shows, with what is chosen in its lists."""
    found: int = page.evaluate(WORDS, within)
    return found


def says(page: Page, address: str, words: str) -> None:
    """Wait until the page at `address` says `words`, asking for it as `page` would, without having it drawn."""
    for _ in range(240):
        text = page.request.get(address).text()
        if words in text:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{address} never says “{words}”:\n{text}")


def becomes(page: Page, ask: Callable[[], str], wanted: str) -> None:
    """Wait until `ask` answers `wanted`: the log tells of a write before it is sent."""
    for _ in range(240):
        if (found := ask()) == wanted:
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{found!r} never becomes {wanted!r}")


def settled(page: Page) -> None:
    """Wait for what the page fetches when it is opened, and for work that is shown anew when it has ended."""
    expect(page.locator("[hx-trigger=load], .htmx-request, #errand")).to_have_count(0)
