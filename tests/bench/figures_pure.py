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
LIST = "<ul><li>brass</li><li>steel<ul><li>polished</li></ul></li></ul>"
SIZE = 5_000
DESCRIPTION = (PARAGRAPH + LIST) * -(-SIZE // len(PARAGRAPH + LIST))
"""A description of 5 KB and a little."""
LEAST = 200
"""Descriptions of that size a second, each way."""


def measure(seconds: float = 1.0) -> list[Figure]:
    """Decisions and conversions a second, on one core, each measured for so many `seconds`."""

    def rate(work: Callable[[], object]) -> float:
        return _rate(work, seconds)

    left = {rule.left: "one" for rule in RULES}
    right = {**left, "f3": "two", "f5": "three"}
    base = {rule.name: Held.agreed(left="one", right="one") for rule in RULES}
    adf, wiki = richtext.html_to_adf(DESCRIPTION), richtext.html_to_wiki(DESCRIPTION)
    size = f"{len(DESCRIPTION) / 1000:.0f} KB"
    return [
        Figure("plan decisions a second", rate(lambda: merge(base, left, right, RULES)) * len(RULES), "/s"),
        *(
            Figure(f"descriptions of {size}, {way}", rate(work), "/s", LEAST, at_least=True)
            for way, work in (
                ("HTML to ADF", lambda: richtext.html_to_adf(DESCRIPTION)),
                ("ADF to HTML", lambda: richtext.adf_to_html(adf)),
                ("HTML to wiki", lambda: richtext.html_to_wiki(DESCRIPTION)),
                ("wiki to HTML", lambda: richtext.wiki_to_html(wiki)),
            )
        ),
    ]


def _rate(work: Callable[[], object], seconds: float) -> float:
    work()
    count, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        work()
        count += 1
    return count / (time.process_time() - began)
