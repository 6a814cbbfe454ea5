"""Conflicts that a person decides: found by a run, answered here, carried by the next run; the rest goes on."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import DisputeRow
from crosswalk.sync import conflicts
from tests.path.looking import assert_quiet
from tests.path.system import System

L, R = Side.LEFT, Side.RIGHT


def asking(system: System) -> None:
    """The rule for the name asks a person."""
    fields = system.integration.mapping["fields"]
    lines = [{**line, "conflict": "ask"} if line["name"] == "Name" else line for line in fields["feature"]]
    system.remap(fields={**fields, "feature": lines})


def apart(system: System, left: str = "Left bell", right: str = "Right bell") -> tuple[Ref, Any, conflicts.Conflict]:
    asking(system)
    ref = system.feature("Bell")
    pair = system.send(ref)
    both(system, ref, pair, left, right)
    (found,) = conflicts.waiting(system.integration)
    return ref, pair, found


def both(system: System, ref: Ref, pair: Any, left: str, right: str) -> None:
    system.aha.rename("features", ref.key, left)
    system.jira.rename(pair.right_key, right)
    system.wake(pair)
    system.drain()


def names(system: System, ref: Ref, pair: Any) -> tuple[str, str]:
    return system.aha.name("features", ref.key), system.jira.summary(pair.right_key)


def test_it_shows_the_base_and_both_values_and_nothing_is_written(system: System) -> None:
    ref, pair, found = apart(system)
    assert [(end.before, end.now) for end in found.ends] == [("Bell", "Left bell"), ("Bell", "Right bell")]
    assert [(end.by, end.at is not None) for end in found.ends] == [("Alice Ng", True)] * 2
    assert names(system, ref, pair) == ("Left bell", "Right bell")
    asked = system.pair(ref)
    assert (asked.state, "Conflicts" in asked.remedy, "Retry" in asked.remedy) == ("asking", True, False)


@pytest.mark.parametrize(("side", "name"), [(L, "Left bell"), (R, "Right bell")])
def test_the_side_that_is_chosen_counts_and_the_other_value_is_kept(cloud: System, side: Side, name: str) -> None:
    ref, pair, found = apart(cloud)
    conflicts.choose(found.row.pk, found.mark, side, "Ann")
    cloud.drain()
    assert names(cloud, ref, pair) == (name, name)
    assert cloud.pair(ref).state == "agreed"
    assert not DisputeRow.objects.exists()
    kept = next(line for line in cloud.journal(ref) if line.kept)
    assert {kept.old, name} == {"Left bell", "Right bell"}
    assert kept.why == f"{'Aha!' if side is L else 'Jira'} counts: Ann chose so."
    assert kept.cause == "Ann (a conflict was decided)"
    assert_quiet(cloud, ref)


def test_a_text_merged_by_hand_stands_on_both_sides_and_both_old_ones_are_kept(system: System) -> None:
    ref, pair, found = apart(system)
    conflicts.by_hand(found.row.pk, found.mark, "  Two bells ", "Ann")
    system.drain()
    assert names(system, ref, pair) == ("Two bells", "Two bells")
    assert {line.old for line in system.journal(ref) if line.kept} == {"Left bell", "Right bell"}
    assert_quiet(system, ref)


def test_the_rest_of_the_record_goes_on(cloud: System) -> None:
    ref, pair, _ = apart(cloud)
    cloud.jira.edit(pair.right_key, duedate="2026-12-24")
    cloud.wake(pair)
    cloud.drain()
    assert cloud.aha.get(f"/features/{ref.key}")["feature"]["due_date"] == "2026-12-24"
    assert names(cloud, ref, pair) == ("Left bell", "Right bell")
    assert conflicts.count(cloud.integration) == 1


def test_an_answer_about_other_values_is_refused_and_one_that_was_overtaken_asks_again(cloud: System) -> None:
    ref, pair, found = apart(cloud)
    cloud.pass_time(2)
    both(cloud, ref, pair, "Left gong", "Right bell")
    with pytest.raises(Refused, match="since this page was made"):
        conflicts.choose(found.row.pk, found.mark, L, "Ann")
    (again,) = conflicts.waiting()
    conflicts.choose(again.row.pk, again.mark, L, "Ann")
    cloud.jira.rename(pair.right_key, "Right gong")
    cloud.drain()
    assert names(cloud, ref, pair) == ("Left gong", "Right gong")
    (last,) = conflicts.waiting()
    assert last.ends[1].now == "Right gong"
    assert not last.row.winner


def test_a_conflict_that_people_settled_themselves_leaves_the_inbox(cloud: System) -> None:
    ref, pair, _ = apart(cloud)
    both(cloud, ref, pair, "One bell", "One bell")
    assert conflicts.count() == 0
    assert cloud.pair(ref).state == "agreed"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 30_001])
def test_no_text_and_too_much_text_are_refused(cloud: System, text: str) -> None:
    ref, pair, found = apart(cloud)
    with pytest.raises(Refused, match="1 to 30000"):
        conflicts.by_hand(found.row.pk, found.mark, text, "Ann")
    assert names(cloud, ref, pair) == ("Left bell", "Right bell")


def test_one_answer_for_every_conflict_of_a_field(cloud: System) -> None:
    ref, pair, _ = apart(cloud)
    assert conflicts.choose_all(cloud.integration, "Name", R, "Ann") == 1
    cloud.drain()
    assert names(cloud, ref, pair) == ("Right bell", "Right bell")
