"""Minutes are shown as people write them; other numbers stay numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crosswalk.merge.plan import Change
from crosswalk.merge.values import Maybe
from crosswalk.sync.durations import in_line, in_plan, said


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("timeoriginalestimate", Decimal(2400), "40 h"),
        ("timeestimate", Decimal(90), "1 h 30 min"),
        ("timespent", Decimal(45), "45 min"),
        ("timespent", Decimal(0), "0 min"),
        ("timeestimate", Decimal("-75"), "-1 h 15 min"),
        ("timeestimate", Decimal("0.5"), "0.5 min"),
        ("timeestimate", None, "(empty)"),
        ("customfield_10016", Decimal(2400), "2400"),
        ("summary", "2400", "2400"),
    ],
)
def test_durations(field: str, value: Maybe, text: str) -> None:
    assert said(field, value) == text


def test_plans_and_samples_say_minutes_as_pages_do() -> None:
    assert in_line("timeoriginalestimate", Decimal(2400)) == "40 h"
    assert in_line("customfield_10016", Decimal(8)) == "8"
    assert in_line("summary", "two\nlines") == "two lines"


@pytest.mark.parametrize(
    ("field", "across"), [("original_estimate", "timeoriginalestimate"), ("timeoriginalestimate", "original_estimate")]
)
def test_an_estimate_is_said_in_hours_on_whichever_side_it_is_written(field: str, across: str) -> None:
    change = Change(field, Decimal(90), Decimal(2400), across=across)
    assert [in_plan(change, value) for value in (change.old, change.new)] == ["1 h 30 min", "40 h"]
