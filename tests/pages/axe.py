"""What axe-core (tests/pages/axe, from npm) finds wrong with a page, in one line each.

axe-core judges WCAG 2.2 A and AA and its own best practices, all of them; no rule is switched off. In dark only what
colours decide is asked again. The script is put into the page by the browser's debugger, so that the page's
Content-Security-Policy stays as it is. https://github.com/dequelabs/axe-core
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from playwright.sync_api import Page
from tests.left_out import left_out

SCRIPT = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
SIZES = ("target-size", "scrollable-region-focusable")
"""The rules that go by where things stand and how large they are."""
_RUN = """async ([type, values, without]) => {
  const rules = Object.fromEntries(without.map((one) => [one, { enabled: false }]));
  const found = await axe.run({ runOnly: { type, values }, rules, resultTypes: ["violations"], elementRef: false });
  return found.violations.flatMap((rule) => rule.nodes.map(
    (node) => `${rule.id} ${node.target} ${node.html.slice(0, 160)}`));
}"""
_BEGIN = """(script) => {
  if (typeof axe !== "undefined") return true;
  try {
    if (script) localStorage.setItem("axe-core", script);
    else script = localStorage.getItem("axe-core");
  } catch { /* a page that may keep nothing is brought it each time */ }
  if (script) (0, eval)(script);
  return Boolean(script);
}"""
"""To bring half a million signs to a page takes longer than to read them: each site keeps what it was brought once."""


@cache
def script() -> str:
    """axe-core's own text; without it the tests are left out loudly, and fail under CI."""
    if SCRIPT.exists():
        return SCRIPT.read_text(encoding="utf-8")
    raise left_out("every test of accessibility", "axe-core is not installed", "./run clients")


def faults(page: Page, *, only: Sequence[str] = (), without: Sequence[str] = ()) -> list[str]:
    """What axe-core finds in the page as it stands now, by all rules, `only` some, or all `without` some.

    The rule, the element, how the element begins.
    """
    if not page.evaluate(_BEGIN, None):
        page.evaluate(_BEGIN, script())
    found: list[str] = page.evaluate(_RUN, ["rule", only, []] if only else ["tag", TAGS, without])
    return found
