"""Values are written down, read back and shown without a change."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Direction, Policy, Side
from crosswalk.merge.values import MISSING, Choice, Person, Rich, dump, load, show

text = st.text(max_size=5)
elements = text | st.builds(Choice, text, text, text) | st.builds(Person, text, text, text)
values = st.one_of(
    st.none(),
    st.just(MISSING),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.integers(0, 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, timezone(timedelta(hours=5)))),
    st.builds(Rich, st.sampled_from(["html", "adf", "wiki"]), text),
    elements,
    st.frozensets(elements, max_size=3),
)


@given(values)
def test_what_is_written_down_is_read_back(value):
    again = load(dump(value))
    assert again == value
    assert dump(again) == dump(value), "names too"


@given(values)
def test_shown_on_one_line(value):
    assert "\n" not in show(value)
    assert len(show(value, 7)) <= 7


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "(empty)"),
        (MISSING, "(not read)"),
        (True, "yes"),
        (False, "no"),
        (Decimal("1.50"), "1.5"),
        (Decimal("2400.0"), "2400"),
        (date(2026, 3, 1), "2026-03-01"),
        (Rich("html", "<p>two\nlines</p>"), "<p>two lines</p>"),
        (Person("7", "p@example.com", "Pat"), "Pat"),
        (Person("7", "p@example.com"), "p@example.com"),
        (Choice("3", "Done", "done"), "Done"),
        (Choice("3", category="done"), "3"),
        (frozenset(), "(none)"),
        (frozenset({"b", "a"}), "a, b"),
        ("x" * 200, "x" * 119 + "…"),
    ],
)
def test_show(value, shown):
    assert show(value) == shown


@pytest.mark.parametrize("data", [1, 1.5, [], {}, {"number": 3}, {"set": [None]}, {"set": [True]}, {"set": "ab"}])
def test_what_was_not_written_down_is_not_read(data):
    with pytest.raises(ValueError, match="not a"):
        load(data)


def test_what_is_no_value_is_not_written_down():
    with pytest.raises(TypeError, match="not a value"):
        dump(object())


def test_three_kinds_of_nothing():
    snapshot = Snapshot(Ref("feature", "1", "P-1"), {"a": None})
    assert (snapshot.get("a"), snapshot.get("b")) == (None, MISSING)
    assert not MISSING
    assert repr(MISSING) == "MISSING"


def test_a_record_is_the_same_under_another_key():
    assert Ref("issue", "1", "A-1") == Ref("issue", "1", "B-9")
    assert (str(Ref("issue", "1", "A-1")), str(Ref("issue", "1"))) == ("A-1", "issue 1")


@pytest.mark.parametrize("direction", Direction)
def test_directions_mirror(direction):
    assert direction.mirrored.mirrored is direction
    assert all(direction.writes(side) == direction.mirrored.writes(side.other) for side in Side)
    assert direction.mirrored.once == direction.once


@pytest.mark.parametrize("policy", Policy)
def test_policies_mirror(policy):
    assert policy.mirrored.mirrored is policy
    assert (policy.mirrored is policy) == (policy in (Policy.NEWEST, Policy.ASK))
