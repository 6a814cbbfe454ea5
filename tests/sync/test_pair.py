"""One pair from waking to rest, situation by situation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from crosswalk.merge.records import Exchanged, Gone, Ref, Snapshot, Steps, Unsaid, Wrote, untold
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice, Value
from crosswalk.sync.pair import sync_pair
from tests.fakes.side import MemorySide
from tests.sync.world import BUILDING, DOING, NEW, TODO, SmallBook, World

L, R = Side.LEFT, Side.RIGHT


def sent(requirements: int = 0) -> tuple[World, int]:
    world = World()
    pair_id = world.feature(requirements=requirements)
    assert world.sync(pair_id).state == "agreed"
    return world, pair_id


def test_a_feature_is_made_with_its_requirements_in_two_creates() -> None:
    world, pair_id = sent(requirements=4)
    assert len(world.right.records) == 5
    assert world.right.calls["create"] == 2
    assert world.value(pair_id, R, "summary") == "Bell"
    parents = [held.parent for held in world.right.records.values()]
    assert parents.count(world.ref(pair_id, R)) == 4


def test_both_records_show_each_other() -> None:
    world, pair_id = sent()
    left, right = world.ref(pair_id, L), world.ref(pair_id, R)
    assert world.left.records[left].marks == {right.id: f"https://jira.example.com/{right.key}"}
    assert world.right.records[right].marks == {left.id: f"https://aha.example.com/{left.key}"}


def test_the_status_of_the_new_issue_does_not_overwrite_the_plan() -> None:
    world, pair_id = sent()
    assert world.sync(pair_id).state == "agreed"
    assert world.value(pair_id, L, "status") == NEW


def test_the_status_comes_back() -> None:
    world, pair_id = sent()
    world.edit(pair_id, R, "status", DOING)
    world.sync(pair_id)
    assert world.value(pair_id, L, "status") == BUILDING


def test_a_second_sync_writes_nothing_and_reads_each_side_once() -> None:
    world, pair_id = sent(requirements=2)
    before = list(world.right.writes), list(world.left.writes)
    world.left.calls.clear()
    world.right.calls.clear()
    assert world.sync(pair_id).state == "agreed"
    assert (world.right.writes, world.left.writes) == before
    assert world.left.calls == {"read": 1}
    assert world.right.calls == {"read": 1}


def test_edits_of_different_fields_on_both_sides_both_travel() -> None:
    world, pair_id = sent()
    world.edit(pair_id, L, "name", "Brass bell")
    world.edit(pair_id, R, "labels", frozenset({"sound"}))
    world.sync(pair_id)
    assert world.value(pair_id, R, "summary") == "Brass bell"
    assert world.value(pair_id, L, "tags") == frozenset({"sound"})


def test_what_a_conflict_replaces_is_kept_in_the_journal() -> None:
    world, pair_id = sent()
    world.edit(pair_id, L, "name", "Left bell")
    world.edit(pair_id, R, "summary", "Right bell")
    world.sync(pair_id)
    assert world.value(pair_id, L, "name") == world.value(pair_id, R, "summary") == "Right bell"
    lines = world.ledger.pairs[pair_id].lines
    assert any(line.old == "Left bell" and "kept here" in line.what for line in lines)


def test_a_conflict_that_asks_leaves_both_sides_alone_and_says_so() -> None:
    world, pair_id = sent()
    world.edit(pair_id, L, "note", "one")
    world.edit(pair_id, R, "note", "two")
    ending = world.sync(pair_id)
    assert (ending.state, ending.remedy) == ("asking", "Decide it on the page Conflicts.")
    assert world.value(pair_id, L, "note") == "one"
    assert world.value(pair_id, R, "note") == "two"


def test_an_unknown_status_is_told_and_the_rest_is_carried() -> None:
    world, pair_id = sent()
    world.edit(pair_id, R, "status", Choice("j9", "Blocked"))
    world.edit(pair_id, R, "summary", "Louder bell")
    assert world.sync(pair_id).state == "asking"
    assert world.value(pair_id, L, "name") == "Louder bell"
    assert any("“Blocked” has no counterpart" in line.why for line in world.ledger.pairs[pair_id].lines)


def test_a_field_the_side_would_not_take_is_told_and_the_rest_is_carried() -> None:
    world = World()
    world.right.off_screen = {"labels"}
    ref = world.left.put("feature", {"name": "Bell", "tags": frozenset({"sound"})})
    pair_id = world.ledger.add(1, "feature", left=ref)
    assert world.sync(pair_id).state == "asking"
    assert world.value(pair_id, R, "summary") == "Bell"
    assert any("Tags was left out" in what for what in world.journal(pair_id))


def test_a_lost_answer_to_a_create_never_doubles() -> None:
    world = World()
    pair_id = world.feature()
    world.right.next_call = ["lost"]
    assert world.sync(pair_id).state == "waiting"
    assert len(world.right.records) == 1
    assert world.sync(pair_id).state == "agreed"
    assert len(world.right.records) == 1


@pytest.mark.parametrize("faults", [["lost"], ["", "unreachable"]], ids=["lost answer", "killed before it was read"])
def test_what_people_changed_since_an_unfinished_create_is_carried_both_ways(faults: list[str]) -> None:
    world = World()
    pair_id = world.feature()
    world.right.next_call = faults
    assert world.sync(pair_id).state == "waiting"
    (issue,) = world.right.records
    world.edit(pair_id, L, "name", "Brass bell")
    world.pass_time(1)
    world.right.edit(issue, "note", "polished")  # the issue is the newer of the two
    assert world.sync(pair_id).state == "agreed"
    assert (world.value(pair_id, L, "name"), world.value(pair_id, R, "summary")) == ("Brass bell", "Brass bell")
    assert (world.value(pair_id, L, "note"), world.value(pair_id, R, "note")) == ("polished", "polished")
    world.right.edit(issue, "summary", "Silver bell")
    assert world.sync(pair_id).state == "agreed"
    assert world.value(pair_id, L, "name") == "Silver bell"


def test_what_a_person_changed_in_a_record_of_an_unfinished_create_is_carried_back() -> None:
    world = World()
    pair_id = world.feature()
    world.right.next_call = ["lost"]
    world.sync(pair_id)
    (issue,) = world.right.records
    world.right.edit(issue, "summary", "Silver bell")
    world.edit(pair_id, L, "note", "polished")  # the feature is the newer of the two
    assert world.sync(pair_id).state == "agreed"
    assert (world.value(pair_id, L, "name"), world.value(pair_id, R, "summary")) == ("Silver bell", "Silver bell")


def test_what_was_made_below_a_record_that_is_hidden_now_is_finished_without_it() -> None:
    world = World()
    pair_id = world.feature(requirements=1)
    world.right.next_call = ["ok", "ok", "unreachable"]  # the reading back
    world.sync(pair_id)
    (child,) = world.ledger.children(pair_id)
    assert (child.right is not None, dict(child.base)) == (True, {})
    world.left.hidden.add(world.ref(pair_id, L))
    for _ in range(5):
        world.pass_time(60)
        for due in world.ledger.due(world.at):
            world.sync(due)
    assert (world.pair(pair_id).state, world.pair(child.id).state) == ("asking", "agreed")
    world.edit(child.id, R, "summary", "Clapper")
    world.ledger.mark_dirty([child.id], world.at, side=R)
    assert world.sync(child.id).state == "agreed"
    assert world.value(child.id, L, "name") == "Clapper"


class DeletingBook(SmallBook):
    """Deletes are carried."""

    def removed(self, kind: str, side: Side) -> str:
        return "delete"


def test_a_record_is_not_deleted_over_a_requirement_that_was_never_sent_and_nobody_waits_for_it() -> None:
    world = World(book=DeletingBook())
    pair_id = world.feature()
    assert world.sync(pair_id).state == "agreed"
    part = world.left.put("requirement", {"name": "Clapper"}, world.ref(pair_id, L))
    child = world.ledger.add(1, "requirement", left=part, parent_id=pair_id)
    world.right.remove(world.ref(pair_id, R))
    world.ledger.mark_dirty([pair_id], world.at, side=R)
    for _ in range(8):
        world.pass_time(120)
        for due in world.ledger.due(world.at):
            world.sync(due)
    row = world.ledger.pairs[pair_id]
    assert (row.state, row.dirty) == ("asking", row.done)
    assert f"while {part} stands below it" in row.reason
    assert world.ledger.pairs[child].dirty == world.ledger.pairs[child].done
    assert part in world.left.records


def test_while_the_search_may_not_know_it_yet_nothing_is_made_again() -> None:
    world = World()
    pair_id = world.feature()
    world.right.lag = world.bridge.lag
    world.right.next_call = ["lost"]
    world.sync(pair_id)
    assert world.sync(pair_id).state == "waiting"
    world.pass_time(60)
    assert world.sync(pair_id).state == "agreed"
    assert len(world.right.records) == 1


def test_after_a_5xx_that_was_not_applied_it_is_made_once_the_search_is_sure() -> None:
    world = World()
    pair_id = world.feature()
    world.right.next_call = ["refused_5xx"]
    assert world.sync(pair_id).state == "waiting"
    assert world.sync(pair_id).state == "waiting"
    world.pass_time(60)
    assert world.sync(pair_id).state == "agreed"
    assert len(world.right.records) == 1


def test_a_refused_connection_needs_no_waiting() -> None:
    world = World()
    pair_id = world.feature()
    world.right.next_call = ["unreachable"]
    ending = world.sync(pair_id)
    assert (ending.state, ending.trouble) == ("waiting", True)
    assert world.sync(pair_id).state == "agreed"


def test_a_lost_answer_to_an_update_is_found_already_done() -> None:
    world, pair_id = sent()
    world.edit(pair_id, L, "name", "Brass bell")
    world.right.next_call = ["lost"]
    assert world.sync(pair_id).state == "waiting"
    writes = list(world.right.writes)
    assert world.sync(pair_id).state == "agreed"
    assert world.right.writes == writes


def test_a_write_that_was_found_already_done_is_what_was_agreed() -> None:
    world, pair_id = sent()
    world.edit(pair_id, L, "name", "Brass bell")
    world.right.next_call = ["lost"]
    assert world.sync(pair_id).state == "waiting"
    assert world.sync(pair_id).state == "agreed"
    world.edit(pair_id, L, "name", "Tin bell")
    assert world.sync(pair_id).state == "agreed"
    assert world.value(pair_id, R, "summary") == "Tin bell"
    assert not [line.what for line in world.ledger.pairs[pair_id].lines if "kept here" in line.what]


def test_a_record_that_vanished_is_told_and_the_other_is_left_alone() -> None:
    world, pair_id = sent()
    world.right.hidden.add(world.ref(pair_id, R))
    for _ in range(2):
        assert world.sync(pair_id).state == "waiting", "a side that lags behind shows no new record"
    ending = world.sync(pair_id)
    assert ending.state == "asking"
    assert "in Aha! was left alone" in ending.reason
    assert "say so, or that it is to be kept: on its page, on the integration's page" in ending.remedy
    assert len(world.left.records) == 1


def test_a_new_requirement_is_made_in_its_features_run() -> None:
    world, pair_id = sent()
    child = world.left.put("requirement", {"name": "Clapper"}, world.ref(pair_id, L))
    world.sync(pair_id)
    below = world.ledger.pair_of(1, L, child)
    assert below is not None
    assert below.right is not None
    assert world.right.records[below.right].parent == world.ref(pair_id, R)
    assert world.right.records[below.right].fields["status"] == TODO


def test_a_requirements_own_run_makes_nothing_and_wakes_its_feature() -> None:
    world, pair_id = sent()
    child = world.left.put("requirement", {"name": "Clapper"}, world.ref(pair_id, L))
    below = world.ledger.add(1, "requirement", left=child, parent_id=pair_id)
    assert world.sync(below).state == "new"
    assert len(world.right.records) == 1
    row = world.ledger.pairs[pair_id]
    assert row.dirty > row.done


def test_a_feature_waits_for_its_release_and_goes_on_without_one_that_is_parked() -> None:
    world = World()
    release = world.left.put("release", {"name": "Spring"})
    pair_id = world.feature()
    world.book.needed = {world.ref(pair_id, L): (release,)}
    assert world.sync(pair_id).state == "waiting"
    needed = world.ledger.pair_of(1, L, release)
    assert needed is not None
    assert world.sync(needed.id).state == "agreed"
    assert world.sync(pair_id).state == "agreed"


class Racing(MemorySide):
    """A side on which somebody else begins a run of the same pair while this one reads."""

    def __init__(self, world: World, pair_id: int) -> None:
        super().__init__("JIRA", "issue", {}, world.now)
        self.records, self.writes = world.right.records, world.right.writes
        self._begin = lambda: world.ledger.begin(pair_id)

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        self._begin()
        return super().read(refs)


class Quick(MemorySide):
    """A side on which somebody edits a record as soon as it is there."""

    def __init__(self, world: World, edits: Mapping[str, Value]) -> None:
        super().__init__("JIRA", "issue", world.right.defaults, world.now)
        self.records, self._edits = world.right.records, edits

    def read_new(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        for ref in refs:
            for name, value in self._edits.items():
                self.edit(ref, name, value)
        return super().read_new(refs)


def test_what_a_person_changed_before_the_new_record_was_read_is_carried_back() -> None:
    world = World()
    ref = world.left.put("feature", {"name": "Bell", "tags": frozenset({"sound"})})
    pair_id = world.ledger.add(1, "feature", left=ref)
    edits = {"summary": "Silver bell", "note": "polished", "labels": frozenset({"sound", "new"}), "status": DOING}
    quick = replace(world.bridge, right=Quick(world, edits))
    world.pass_time(1)
    assert sync_pair(quick, pair_id).state == "agreed"
    found = {name: world.value(pair_id, L, name) for name in ("name", "note", "tags", "status")}
    assert found == {
        "name": "Silver bell",
        "note": "polished",
        "tags": frozenset({"sound", "new"}),
        "status": BUILDING,
    }
    assert {name: world.value(pair_id, R, name) for name in edits} == edits


class Power(Exception):
    """It went off."""


class Dark(MemorySide):
    """A side whose answer meets a process that is no more."""

    def __init__(self, world: World) -> None:
        super().__init__("JIRA", "issue", world.right.defaults, world.now)
        self.records, self.untold = world.right.records, world.right.untold

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        super().update(ref, changes, told)
        raise Power

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        super().exchange(ref, changes)
        raise Power


@pytest.mark.parametrize("told", [True, False], ids=["exchange", "update"])
def test_what_a_killed_run_wrote_is_nobody_s_edit(told: bool) -> None:
    world, pair_id = sent()
    world.sync(pair_id)  # what hangs on it is known now
    world.right.untold = set() if told else {"note"}
    world.edit(pair_id, L, "note", "polished")
    world.ledger.pairs[pair_id].touch(L)
    with pytest.raises(Power):
        sync_pair(replace(world.bridge, right=Dark(world)), pair_id)
    assert world.value(pair_id, R, "note") == "polished"
    world.edit(pair_id, L, "note", "painted")
    world.ledger.pairs[pair_id].touch(L)
    assert world.sync(pair_id).state == "agreed"
    assert world.value(pair_id, R, "note") == "painted"


def test_an_overtaken_run_writes_nothing() -> None:
    world, pair_id = sent()
    world.edit(pair_id, L, "name", "Brass bell")
    writes = list(world.right.writes)
    racing = replace(world.bridge, right=Racing(world, pair_id))
    assert sync_pair(racing, pair_id).state == "overtaken"
    assert world.right.writes == writes
