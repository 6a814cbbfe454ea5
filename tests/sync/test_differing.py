"""In which fields two records in step differ: told alike from what was agreed and from the records themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.decision import Base, Held
from crosswalk.merge.merge import merge
from crosswalk.merge.rules import Direction, Rule
from crosswalk.merge.settle import Joining
from crosswalk.merge.values import MISSING, Maybe, Person, Value
from crosswalk.sync.differing import differing, differing_in
from crosswalk.sync.turning import Constant

ESTIMATE = Rule("Estimate", "original_estimate", "timeoriginalestimate")
REMAINING = Rule("Remaining estimate", "remaining_estimate", "timeestimate")
SIX, THREE = Decimal(360), Decimal(180)


def base_of(**held: tuple[Maybe, Maybe]) -> Base:
    return {name.replace("_", " "): Held.agreed(left=left, right=right) for name, (left, right) in held.items()}


@pytest.mark.parametrize(
    ("estimate", "remaining", "names"),
    [
        ((SIX, SIX), (None, SIX), ()),  # Jira's own doing
        ((SIX, SIX), (None, THREE), ("Remaining estimate",)),  # somebody's
        ((SIX, SIX), (THREE, SIX), ("Remaining estimate",)),
        ((SIX, SIX), (SIX, None), ("Remaining estimate",)),
        ((None, SIX), (None, SIX), ("Estimate",)),  # the one follows the other, which differs
        ((SIX, SIX), (SIX, SIX), ()),
        ((SIX, SIX), (None, None), ()),
    ],
)
def test_a_remaining_estimate_that_jira_filled_is_no_difference(
    estimate: tuple[Value, Value], remaining: tuple[Value, Value], names: tuple[str, ...]
) -> None:
    base = base_of(Estimate=estimate, Remaining_estimate=remaining)
    assert differing_in(base, (ESTIMATE, REMAINING), None, {}) == names


def test_where_the_original_estimate_is_not_mapped_nobody_knows_what_filled_it() -> None:
    assert differing_in(base_of(Remaining_estimate=(None, SIX)), (REMAINING,), None, {}) == ("Remaining estimate",)


def test_what_is_not_compared_is_no_difference() -> None:
    off, once = Rule("Off", "a", "a", Direction.OFF), Rule("Once", "b", "b", Direction.ONCE_TO_RIGHT)
    unread, unknown = Rule("Unread", "c", "c"), Rule("Unknown", "d", "d")
    base = base_of(Off=("x", "y"), Once=("x", "y"), Unread=("x", MISSING), Gone=("x", "y"))
    assert differing_in(base, (off, once, unread, unknown), None, {}) == ()


def test_of_people_it_is_said_only_where_they_were_looked_up() -> None:
    """The rules know who somebody is across for the values that they were made for."""
    ann, bob = Person("1", "", "Ann"), Person("2", "", "Bob")
    rule, base = Rule("Owner", "owner", "assignee"), base_of(Owner=(ann, bob))
    assert differing_in(base, (rule,), None, {"Owner": (ann, bob)}) == ("Owner",)
    assert differing_in(base, (rule,), None, {"Owner": (ann, None)}) == ()
    assert differing_in(base, (rule,), None, {}) == ()


def test_what_is_always_set_to_one_value_is_no_difference_where_somebody_put_more_beside_it() -> None:
    rule = Rule(
        "Labels = fixed", "name", "labels", Direction.TO_RIGHT, translation=Constant(frozenset({"fixed", "old"}))
    )
    assert differing_in(base_of(**{"Labels_=_fixed": ("Bell", frozenset({"fixed", "new"}))}), (rule,), None, {}) == ()


values = st.one_of(st.none(), st.sampled_from(["x", "y"]), st.frozensets(st.sampled_from("ab")))
fields = st.lists(st.tuples(st.sampled_from(list(Direction)), values, values), max_size=4)


@given(fields, st.sampled_from([None, Joining("left"), Joining("keep")]))
def test_the_records_and_what_was_agreed_of_them_say_the_same(
    found: list[tuple[Direction, Value, Value]], joining: Joining | None
) -> None:
    rules = [Rule(f"F{number}", f"f{number}", f"f{number}", way) for number, (way, _, _) in enumerate(found)]
    base = {rule.name: Held.agreed(left=here, right=there) for rule, (_, here, there) in zip(rules, found, strict=True)}
    left = {rule.left: here for rule, (_, here, _) in zip(rules, found, strict=True)}
    right = {rule.right: there for rule, (_, _, there) in zip(rules, found, strict=True)}
    mixed = {r.name for r, (_, here, there) in zip(rules, found, strict=True) if _mixed(here, there)}
    now = [one for one in differing(merge(base, left, right, rules), joining) if one not in mixed]
    assert now == [one for one in differing_in(base, rules, joining, {}) if one not in mixed]


def _mixed(left: Value, right: Value) -> bool:
    """A list against a single value is refused at once, and never agreed."""
    return isinstance(left, frozenset) != isinstance(right, frozenset) and None not in (left, right)
