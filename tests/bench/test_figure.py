"""The bench holds what it measures against targets, and says which were missed."""

from __future__ import annotations

import pytest

from tests.bench import figures_pure
from tests.bench.__main__ import line
from tests.bench.figure import Figure


@pytest.mark.parametrize(
    ("figure", "missed"),
    [
        (Figure("x", 199, "/s", 200, at_least=True), True),
        (Figure("x", 200, "/s", 200, at_least=True), False),
        (Figure("x", 3, "requests", 2), True),
        (Figure("x", 2, "requests", 2), False),
        (Figure("x", 2, "requests"), False),
    ],
)
def test_a_missed_target_is_told(figure: Figure, missed: bool) -> None:
    assert ("missed" in line(figure)) is missed


def test_descriptions_of_five_kilobytes_have_a_target_each_way() -> None:
    assert 5_000 <= len(figures_pure.DESCRIPTION) < 5_500
    found = [one for one in figures_pure.measure(0.001) if one.what.startswith("descriptions of 5 KB")]
    assert [one.what.partition(", ")[2] for one in found] == [
        *("HTML to ADF", "ADF to HTML"),
        *("HTML to wiki", "wiki to HTML"),
    ]
    assert {(one.target, one.at_least) for one in found} == {(200, True)}
