"""Durations with the days and weeks of the site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk_sandbox.jira.durations import Working

STANDARD, LONG = Working(), Working(24, 7)


@pytest.mark.parametrize(("text", "seconds"), [
    ("1w 2d 3h 4m", 144000 + 57600 + 10800 + 240), ("1w", 144000), ("4d", 115200), ("1.5h", 5400), ("90", 5400),
    ("2D", 57600), ("1h30m", 5400), ("", None), ("soon", None), ("1y", None), ("-1h", None), ("1h soon", None),
    (3, None), (None, None), ("9" * 50, None),
])  # fmt: skip
def test_reading(text: object, seconds: int | None) -> None:
    assert STANDARD.read(text) == seconds


def test_a_day_is_as_long_as_the_site_says() -> None:
    assert LONG.read("1w 1d") == 8 * 24 * 3600
    assert (LONG.write(8 * 24 * 3600), STANDARD.write(8 * 24 * 3600)) == ("1w 1d", "4w 4d")
    assert Working(7.5, 5).write(27000) == "1d"


@given(st.integers(0, 10**9).map(lambda minutes: minutes * 60), st.sampled_from([STANDARD, LONG, Working(6, 4)]))
def test_what_is_written_reads_back(seconds: int, working: Working) -> None:
    assert working.read(working.write(seconds)) == seconds


def test_seconds_left_over_are_not_shown() -> None:
    assert (STANDARD.write(59), STANDARD.write(3661)) == ("0m", "1h 1m")
