"""What the pure parts do in a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from crosswalk import richtext
from crosswalk.merge.decision import Held
from crosswalk.merge.merge import merge
from crosswalk.merge.rules import Rule
from tests.bench.figure import Figure

RULES = tuple(Rule(f"f{number}", f"f{number}", f"f{number}") for number in range(8))
PARAGRAPH = (
    "<p>A bell that is <strong>heard</strong> over traffic, and <em>seen</em>: see <a href='https://e.org/'>it</a>.</p>"
)
DESCRIPTION = (PARAGRAPH + "<ul><li>brass</li><li>steel<ul><li>polished</li></ul></li></ul>") * 30


def measure() -> list[Figure]:
    """Decisions and conversions a second, on one core."""
    left = {rule.left: "one" for rule in RULES}
    right = {**left, "f3": "two", "f5": "three"}
    base = {rule.name: Held.agreed(left="one", right="one") for rule in RULES}
    adf, wiki = richtext.html_to_adf(DESCRIPTION), richtext.html_to_wiki(DESCRIPTION)
    size = f"{len(DESCRIPTION) / 1000:.0f} KB"
    return [
        Figure("plan decisions a second", _rate(lambda: merge(base, left, right, RULES)) * len(RULES), "/s"),
        Figure(f"descriptions of {size}, HTML to ADF", _rate(lambda: richtext.html_to_adf(DESCRIPTION)), "/s"),
        Figure(f"descriptions of {size}, ADF to HTML", _rate(lambda: richtext.adf_to_html(adf)), "/s"),
        Figure(f"descriptions of {size}, HTML to wiki", _rate(lambda: richtext.html_to_wiki(DESCRIPTION)), "/s"),
        Figure(f"descriptions of {size}, wiki to HTML", _rate(lambda: richtext.wiki_to_html(wiki)), "/s"),
    ]


def _rate(work: Callable[[], object], seconds: float = 1.0) -> float:
    work()
    count, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        work()
        count += 1
    return count / (time.process_time() - began)
