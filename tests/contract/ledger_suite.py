"""What every ledger does, whatever it keeps its memory in. A subclass gives the fixture `bench`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import pytest
from tests.fixtures_store import Clock

from crosswalk.errors import Overtaken, Refused
from crosswalk.merge.birth import Birth
from crosswalk.merge.disputes import Dispute
from crosswalk.merge.merge import Held
from crosswalk.merge.pairs import Entry
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice
from crosswalk.sync.ports import Ledger

FEATURE = Ref("feature", "71", "DEMO-7")
REQUIREMENT = Ref("requirement", "72", "DEMO-7-1")
ISSUE = Ref("issue", "10071", "DEMO-12")
OTHER = Ref("issue", "10072", "DEMO-13")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Look:
    """A pair as it is kept, for tests to compare."""

    dirty: int
    done: int
    due_at: datetime
    tries: int
    urgent: bool
    state: str
    reason: str
    remedy: str
    title: str
    left_url: str
    agreed_at: datetime | None


class Bench(Protocol):
    """A ledger and what a test needs around it."""

    ledger: Ledger
    clock: Clock

    def pair(self, *, left: Ref | None = None, right: Ref | None = None, parent_id: int | None = None) -> int:
        """A new pair, dirty and due now."""

    def touch(self, pair_id: int, *, urgent: bool = False, side: Side | None = None) -> None:
        """What a hook (of `side`) or a person does: mark it dirty now."""

    def look(self, pair_id: int) -> Look:
        """The pair as it is kept."""

    def lines(self, pair_id: int) -> list[Entry]:
        """What the journal says about it."""

    def remove(self, pair_id: int) -> None:
        """Take the pair away."""

    @property
    def integration_id(self) -> int:
        """Where its pairs belong."""


class LedgerSuite:
    """The promises of sync.ports.Ledger."""

    # ---- conflicts -----------------------------------------------------------------------------------

    def test_a_conflict_stays_until_a_run_does_not_find_it_any_more(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE, right=ISSUE)
        run, _ = bench.ledger.begin(pair_id)
        one, other = Dispute("Name", "a", "b"), Dispute("Note", None, "b", Held.agreed(left="x", right="y"))
        bench.ledger.dispute(run, pair_id, [one, other])
        assert bench.ledger.disputes(pair_id) == {"Name": None, "Note": None}
        bench.ledger.dispute(run, pair_id, [other])
        assert bench.ledger.disputes(pair_id) == {"Note": None}

    def test_an_overtaken_run_keeps_no_conflict(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE, right=ISSUE)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.begin(pair_id)
        with pytest.raises(Overtaken):
            bench.ledger.dispute(run, pair_id, [Dispute("Name", "a", "b")])

    # ---- runs and fences ---------------------------------------------------------------------------

    def test_a_run_sees_the_pair_and_its_dirty_count(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        bench.touch(pair_id)
        run, view = bench.ledger.begin(pair_id)
        assert (run.pair_id, run.seen) == (pair_id, bench.look(pair_id).dirty)
        assert (view.id, view.kind, view.left, view.right, dict(view.base)) == (pair_id, "feature", FEATURE, None, {})
        assert (view.state, view.parent_id, view.integration_id) == ("new", None, bench.integration_id)

    def test_news_is_of_one_side_until_the_pair_is_settled(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        steps: Sequence[tuple[Sequence[Side | None], Side | None]] = [
            ([Side.LEFT, Side.LEFT], Side.LEFT),
            ([Side.RIGHT], Side.RIGHT),
            ([Side.LEFT, Side.RIGHT], None),
            ([Side.LEFT, None], None),
            ([None], None),
            ([], None),
        ]
        for sides, news in steps:
            run, _ = bench.ledger.begin(pair_id)
            bench.ledger.settle(run, "agreed")
            for side in sides:
                bench.touch(pair_id, side=side)
            assert bench.ledger.begin(pair_id)[1].news is news, sides
            assert bench.ledger.begin(pair_id)[1].news is news, "a run that is killed settles nothing"

    def test_news_during_a_run_is_the_next_runs(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.touch(pair_id, side=Side.RIGHT)
        bench.ledger.settle(run, "agreed")
        run, view = bench.ledger.begin(pair_id)
        assert view.news is Side.RIGHT
        bench.ledger.postpone(run, bench.clock(), "busy")
        bench.touch(pair_id, side=Side.LEFT)
        assert bench.ledger.begin(pair_id)[1].news is None
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.settle(run, "agreed")
        run, _ = bench.ledger.begin(pair_id)
        bench.touch(pair_id, side=Side.LEFT)
        bench.ledger.wake(run, pair_id)
        assert bench.ledger.begin(pair_id)[1].news is None

    def test_a_pair_that_is_no_more_can_not_be_run(self, bench: Bench) -> None:
        with pytest.raises(Refused):
            bench.ledger.begin(987_654)

    def test_a_later_run_overtakes_an_earlier_one(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        early, _ = bench.ledger.begin(pair_id)
        bench.ledger.guard(early)
        late, _ = bench.ledger.begin(pair_id)
        assert late.fence > early.fence
        bench.ledger.guard(late)
        with pytest.raises(Overtaken):
            bench.ledger.guard(early)

    def test_no_write_of_an_overtaken_run_is_kept(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        early, _ = bench.ledger.begin(pair_id)
        token = bench.ledger.intend(early, pair_id, Side.RIGHT).token
        late, _ = bench.ledger.begin(pair_id)
        ledger, now, snapshot = bench.ledger, bench.clock(), Snapshot(FEATURE, {}, "https://aha.test/7")
        writes: Sequence[Callable[[], object]] = [
            lambda: ledger.adopt(early, "requirement", Side.LEFT, REQUIREMENT, child=True),
            lambda: ledger.intend(early, pair_id, Side.LEFT),
            lambda: ledger.sending(early, {token: {}}, now),
            lambda: ledger.unsent(early, [token]),
            lambda: ledger.joined(early, pair_id, Side.RIGHT, ISSUE),
            lambda: ledger.seen(early, pair_id, Side.LEFT, snapshot, "Title"),
            lambda: ledger.agree(early, pair_id, {"Name": Held.agreed(left="a", right="b")}),
            lambda: ledger.note(early, pair_id, [Entry("wrote")]),
            lambda: ledger.wake(early, pair_id),
            lambda: ledger.removing(early, Side.RIGHT),
            lambda: ledger.deleted(early, Side.RIGHT),
            lambda: ledger.weigh(early, Side.RIGHT, now),
            lambda: ledger.removed(early, done=True),
            lambda: ledger.erasing(early, Side.RIGHT, now),
            lambda: ledger.erased(early, Side.RIGHT, done=True),
            lambda: ledger.replacing(early, Side.RIGHT, now),
            lambda: ledger.show(early, pair_id, "parked"),
            lambda: ledger.settle(early, "agreed"),
            lambda: ledger.postpone(early, now + MINUTE, "busy"),
        ]
        before = bench.look(pair_id)
        for write in writes:
            with pytest.raises(Overtaken):
                write()
        assert bench.look(pair_id) == before
        assert bench.lines(pair_id) == []
        assert bench.ledger.children(pair_id) == []
        _, view = bench.ledger.begin(pair_id)
        assert (view.right, dict(view.base)) == (None, {})
        with pytest.raises(Overtaken):
            bench.ledger.guard(late)

    def test_a_removed_pair_overtakes_its_run(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.remove(pair_id)
        with pytest.raises(Overtaken):
            bench.ledger.settle(run, "agreed")

    # ---- ends of a run -----------------------------------------------------------------------------

    def test_settling_answers_for_what_the_run_saw(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.settle(run, "parked", "The project is gone.", "Choose another.", "J1")
        look = bench.look(pair_id)
        assert (look.done, look.state, look.reason, look.remedy) == (
            look.dirty,
            "parked",
            "The project is gone.",
            "Choose another.",
        )
        run, view = bench.ledger.begin(pair_id)
        bench.ledger.postpone(run, bench.clock(), "busy")
        assert (view.code, bench.ledger.begin(pair_id)[1].code) == ("J1", "J1")
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.settle(run, "agreed")
        assert (bench.look(pair_id).reason, bench.look(pair_id).remedy) == ("", "")
        assert bench.ledger.begin(pair_id)[1].code == ""

    def test_an_event_during_a_run_leaves_the_pair_due(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.touch(pair_id, urgent=True)
        bench.ledger.settle(run, "agreed")
        look = bench.look(pair_id)
        assert look.dirty > look.done
        assert look.due_at <= bench.clock()
        assert look.urgent
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.settle(run, "agreed")
        look = bench.look(pair_id)
        assert (look.dirty, look.urgent) == (look.done, False)

    def test_a_state_nobody_knows_is_refused(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        with pytest.raises(ValueError):
            bench.ledger.settle(run, "splendid")
        assert bench.look(pair_id).done == 0

    def test_postponing_counts_and_settling_starts_anew(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        later, looked = bench.clock() + MINUTE, None
        for before in (0, 1, 2):
            run, view = bench.ledger.begin(pair_id)
            assert (view.tries, view.looks) == (before, before // 2)
            assert view.looked_at == (looked if before == 2 else None)
            looked = bench.clock()
            bench.ledger.postpone(run, later, "Jira is busy.", "Nothing to do.", looked=before == 1)
        look = bench.look(pair_id)
        assert (look.state, look.reason, look.remedy) == ("waiting", "Jira is busy.", "Nothing to do.")
        assert (look.due_at, look.dirty > look.done) == (later, True)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.settle(run, "agreed")
        _, view = bench.ledger.begin(pair_id)
        assert (view.tries, view.looks, view.looked_at) == (0, 0, None)

    def test_what_is_sent_anew_is_looked_for_anew(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        for _ in range(2):
            run, _ = bench.ledger.begin(pair_id)
            bench.ledger.postpone(run, bench.clock(), "An old state.", looked=True)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.look_anew(run)
        later, view = bench.ledger.begin(pair_id)
        assert (view.state, view.tries, view.looks, view.looked_at) == ("waiting", 2, 0, None)
        with pytest.raises(Overtaken):
            bench.ledger.look_anew(run)
        bench.ledger.postpone(later, bench.clock(), "An old state.", looked=True)
        _, view = bench.ledger.begin(pair_id)
        assert (view.looks, view.looked_at) == (1, bench.clock())

    def test_a_hook_keeps_the_back_off_and_a_person_does_not(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.postpone(run, bench.clock() + MINUTE, "busy")
        bench.touch(pair_id)
        assert bench.look(pair_id).due_at == bench.clock() + MINUTE
        bench.touch(pair_id, urgent=True)
        assert bench.look(pair_id).due_at == bench.clock()

    def test_a_run_knows_that_a_person_asked_for_it(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        for urgent in (False, True, False):
            bench.touch(pair_id, urgent=urgent)
            run, view = bench.ledger.begin(pair_id)
            assert view.asked is urgent
            bench.ledger.settle(run, "asking", "It was refused.")

    # ---- families ----------------------------------------------------------------------------------

    def test_a_child_is_adopted_once_and_is_not_due(self, bench: Bench) -> None:
        parent = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(parent)
        child = bench.ledger.adopt(run, "requirement", Side.LEFT, REQUIREMENT, child=True)
        again = bench.ledger.adopt(run, "requirement", Side.LEFT, REQUIREMENT, child=True)
        assert child == again
        assert (child.kind, child.left, child.right, child.parent_id) == ("requirement", REQUIREMENT, None, parent)
        look = bench.look(child.id)
        assert look.dirty == look.done
        assert bench.ledger.children(parent) == [child]

    def test_children_keep_their_order(self, bench: Bench) -> None:
        parent = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(parent)
        refs = [Ref("requirement", str(number)) for number in (9, 3, 7, 1)]
        made = [bench.ledger.adopt(run, "requirement", Side.LEFT, ref, child=True) for ref in refs]
        assert bench.ledger.children(parent) == made

    def test_a_record_on_its_own_is_no_child_and_is_due(self, bench: Bench) -> None:
        parent = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(parent)
        release = bench.ledger.adopt(run, "release", Side.LEFT, Ref("release", "5", "DEMO-R-1"), child=False)
        assert release.parent_id is None
        assert bench.ledger.children(parent) == []
        look = bench.look(release.id)
        assert (look.dirty > look.done, look.due_at) == (True, bench.clock())

    def test_waking_another_pair_ends_its_back_off(self, bench: Bench) -> None:
        waiting = bench.pair(left=Ref("feature", "80"))
        run, _ = bench.ledger.begin(waiting)
        bench.ledger.postpone(run, bench.clock() + MINUTE, "its release is to be made first")
        dirty = bench.look(waiting).dirty
        run, _ = bench.ledger.begin(bench.pair(left=Ref("release", "5")))
        bench.ledger.wake(run, waiting)
        assert (bench.look(waiting).dirty, bench.look(waiting).due_at) == (dirty + 1, bench.clock())

    def test_waking_later_keeps_an_earlier_moment(self, bench: Bench) -> None:
        mine, other = bench.pair(left=FEATURE), bench.pair(left=REQUIREMENT)
        run, _ = bench.ledger.begin(mine)
        now = bench.look(other).due_at
        bench.ledger.wake(run, other, delay=60)
        assert (bench.look(other).due_at, bench.look(other).dirty) == (now, 2), "it was due already"
        bench.ledger.settle(bench.ledger.begin(other)[0], "agreed")
        bench.ledger.wake(run, other, delay=60)
        assert bench.look(other).due_at == bench.clock() + MINUTE
        bench.ledger.wake(run, other, delay=90)
        assert (bench.look(other).due_at, bench.look(other).dirty) == (bench.clock() + MINUTE, 4)

    def test_parts_are_kept_replaced_and_forgotten(self, bench: Bench) -> None:
        mine, other = bench.pair(left=FEATURE), bench.pair(left=Ref("feature", "80"))
        run, _ = bench.ledger.begin(mine)
        held = Held.agreed(left="a", right="b")
        first, second = PartPair("1", "2", Side.LEFT, held), PartPair("3", "", Side.RIGHT, held)
        for part in (first, second):
            bench.ledger.part(run, mine, "comment", None, part)
        assert list(bench.ledger.parts(mine, "comment")) == [first, second]
        assert not bench.ledger.parts(mine, "link")
        assert not bench.ledger.parts(other, "comment")
        assert list(bench.ledger.holders(bench.integration_id, "comment", "3")) == [mine]
        assert not bench.ledger.holders(bench.integration_id, "link", "3")
        moved = replace(first, held=Held.agreed(left="c", right="d"))
        bench.ledger.part(run, mine, "comment", first, moved)
        bench.ledger.part(run, mine, "comment", second, None)
        assert list(bench.ledger.parts(mine, "comment")) == [moved]
        assert not bench.ledger.holders(bench.integration_id, "comment", "3")
        bench.ledger.begin(mine)
        with pytest.raises(Overtaken):
            bench.ledger.part(run, mine, "comment", moved, None)

    def test_deletes_are_kept_counted_and_closed(self, bench: Bench) -> None:
        ledger, since = bench.ledger, bench.clock() - MINUTE
        pairs = [bench.pair(left=replace(FEATURE, id=str(number))) for number in range(3)]
        runs = [ledger.begin(pair_id)[0] for pair_id in pairs]
        assert ledger.weigh(runs[0], Side.RIGHT, since) == (0, 3)
        first = ledger.removing(runs[0], Side.RIGHT)
        assert (first.side, first.since, first.word) == (Side.RIGHT, bench.clock(), "")
        assert ledger.removing(runs[0], Side.RIGHT) == first
        ledger.removing(runs[1], Side.LEFT)
        assert ledger.weigh(runs[0], Side.RIGHT, since) == (1, 3)
        ledger.removing(runs[2], Side.RIGHT)
        ledger.removed(runs[0], done=True)
        assert ledger.weigh(runs[0], Side.RIGHT, since) == (2, 3), "what was done counts for a while"
        assert ledger.weigh(runs[0], Side.RIGHT, since, ("feature",)) == (1, 3), (
            "what is asked about one by one does not"
        )
        assert ledger.weigh(runs[0], Side.RIGHT, bench.clock() + MINUTE) == (1, 3)
        ledger.removed(runs[2], done=False)
        assert ledger.weigh(runs[0], Side.RIGHT, since) == (1, 3), "what is not wanted any more does not"

    def test_what_is_emptied_is_counted_by_pair_and_side(self, bench: Bench) -> None:
        ledger, since = bench.ledger, bench.clock() - MINUTE
        pairs = [bench.pair(left=replace(FEATURE, id=str(number))) for number in range(3)]
        first, second, third = (ledger.begin(pair_id)[0] for pair_id in pairs)
        assert ledger.erasing(first, Side.RIGHT, since) == ("", 1, 3)
        ledger.erased(first, Side.RIGHT, done=True)
        assert ledger.erasing(first, Side.RIGHT, since) == ("", 1, 3), "a pair counts once"
        assert ledger.erasing(second, Side.LEFT, since) == ("", 1, 3)
        assert ledger.erasing(second, Side.RIGHT, since) == ("", 2, 3)
        ledger.erased(second, Side.RIGHT, done=False)
        assert ledger.erasing(third, Side.RIGHT, since) == ("", 2, 3)
        assert ledger.weigh(third, Side.RIGHT, since) == (0, 3), "no record is deleted by it"
        assert ledger.erasing(third, Side.RIGHT, bench.clock() + MINUTE) == ("", 0, 3)

    def test_texts_that_are_replaced_are_counted_by_pair_and_side(self, bench: Bench) -> None:
        ledger, since = bench.ledger, bench.clock() - MINUTE
        pairs = [bench.pair(left=replace(FEATURE, id=str(number))) for number in range(2)]
        first, second = (ledger.begin(pair_id)[0] for pair_id in pairs)
        assert [ledger.replacing(first, Side.RIGHT, since) for _ in range(2)] == [1, 1], "a pair counts once"
        assert ledger.replacing(second, Side.LEFT, since) == 1
        assert ledger.replacing(second, Side.RIGHT, since) == 2
        assert ledger.replacing(first, Side.RIGHT, bench.clock() + MINUTE) == 0

    def test_what_was_counted_before_the_clock_was_set_back_holds_nothing_up(self, bench: Bench) -> None:
        ledger, clock = bench.ledger, bench.clock
        pairs = [bench.pair(left=replace(FEATURE, id=str(number))) for number in range(2)]
        first, second = (ledger.begin(pair_id)[0] for pair_id in pairs)
        assert ledger.removing(first, Side.RIGHT).since == clock()
        assert ledger.replacing(first, Side.RIGHT, clock() - MINUTE) == 1
        clock.forward(-(10**6))
        assert ledger.removing(first, Side.RIGHT).since == clock()
        assert ledger.replacing(second, Side.RIGHT, clock() - MINUTE) == 1

    def test_a_delete_in_doubt_does_not_count_and_begins_anew_where_the_doubt_ends(self, bench: Bench) -> None:
        ledger, since = bench.ledger, bench.clock() - MINUTE
        pair_id = bench.pair(left=FEATURE)
        run, view = ledger.begin(pair_id)
        assert view.deleted is None
        first = ledger.removing(run, Side.RIGHT, doubt=True)
        assert (first.doubt, ledger.weigh(run, Side.RIGHT, since)) == (True, (0, 1))
        assert ledger.removing(run, Side.RIGHT, doubt=True) == first
        ledger.deleted(run, Side.LEFT)
        sure = ledger.removing(run, Side.RIGHT)
        assert (sure.doubt, sure.since, ledger.weigh(run, Side.RIGHT, since)) == (False, bench.clock(), (1, 1))
        assert ledger.begin(pair_id)[1].deleted is Side.LEFT
        run, _ = ledger.begin(pair_id)
        ledger.deleted(run, None)
        assert ledger.begin(pair_id)[1].deleted is None

    def test_what_a_pair_holds_is_told_by_side(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        number = bench.ledger.begin(pair_id)[1].integration_id
        other = replace(FEATURE, id="none")
        assert set(bench.ledger.paired(number, Side.LEFT, [FEATURE, other])) == {FEATURE}
        assert set(bench.ledger.paired(number, Side.RIGHT, [FEATURE])) == set()

    def test_a_child_shows_what_became_of_it(self, bench: Bench) -> None:
        parent = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(parent)
        child = bench.ledger.adopt(run, "requirement", Side.LEFT, REQUIREMENT, child=True).id
        before = bench.look(child)
        bench.ledger.show(run, child, "parked", "A field is required.", "Map it.")
        look = bench.look(child)
        assert (look.state, look.reason, look.remedy) == ("parked", "A field is required.", "Map it.")
        assert (look.dirty, look.done) == (before.dirty, before.done)
        with pytest.raises(ValueError):
            bench.ledger.show(run, child, "splendid")
        bench.ledger.agree(run, child, {})
        assert (bench.look(child).state, bench.look(child).reason) == ("agreed", "")
        bench.ledger.agree(run, parent, {})
        assert bench.look(parent).state == "new"

    def test_in_which_fields_two_records_differ_is_kept_until_it_is_told_anew(self, bench: Bench) -> None:
        parent = bench.pair(left=FEATURE)
        early, pair = bench.ledger.begin(parent)
        assert pair.apart == ()
        child = bench.ledger.adopt(early, "requirement", Side.LEFT, REQUIREMENT, child=True).id
        bench.ledger.differ(early, child, ("Status", "Größe, „lang“"))
        bench.ledger.differ(early, parent, ["Name"])
        assert [one.apart for one in bench.ledger.children(parent)] == [("Status", "Größe, „lang“")]
        run, pair = bench.ledger.begin(parent)
        assert pair.apart == ("Name",)
        with pytest.raises(Overtaken):
            bench.ledger.differ(early, parent, ())
        bench.ledger.differ(run, parent, ())
        assert bench.ledger.begin(parent)[1].apart == ()

    def test_a_record_that_moved_becomes_a_child_of_the_other(self, bench: Bench) -> None:
        first, second = bench.pair(left=FEATURE), bench.pair(left=Ref("feature", "80"))
        run, _ = bench.ledger.begin(first)
        child = bench.ledger.adopt(run, "requirement", Side.LEFT, REQUIREMENT, child=True)
        run, _ = bench.ledger.begin(second)
        moved = bench.ledger.adopt(run, "requirement", Side.LEFT, REQUIREMENT, child=True)
        assert (moved.id, moved.parent_id) == (child.id, second)
        assert bench.ledger.children(first) == []

    def test_a_pair_is_found_by_either_record(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE, right=ISSUE)
        for side, ref in ((Side.LEFT, FEATURE), (Side.RIGHT, ISSUE)):
            found = bench.ledger.pair_of(bench.integration_id, side, ref)
            assert found is not None
            assert found.id == pair_id
        assert bench.ledger.pair_of(bench.integration_id, Side.LEFT, ISSUE) is None
        assert bench.ledger.pair_of(bench.integration_id, Side.LEFT, Ref("requirement", FEATURE.id)) is None
        assert bench.ledger.pair_of(bench.integration_id + 1, Side.LEFT, FEATURE) is None

    # ---- creates -----------------------------------------------------------------------------------

    def test_an_intent_is_kept_until_the_record_is_known(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        first = bench.ledger.intend(run, pair_id, Side.RIGHT)
        assert (first.pair_id, first.side, first.since, first.sent_at) == (pair_id, Side.RIGHT, bench.clock(), None)
        since = bench.clock()
        bench.clock.forward(60)
        run, _ = bench.ledger.begin(pair_id)
        again = bench.ledger.intend(run, pair_id, Side.RIGHT)
        assert (again.token, again.since) == (first.token, since)
        bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        assert bench.ledger.intend(run, pair_id, Side.RIGHT).token != first.token

    def test_what_was_sent_may_have_landed_until_told_otherwise(self, bench: Bench) -> None:
        parent = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(parent)
        child = bench.ledger.adopt(run, "requirement", Side.LEFT, REQUIREMENT, child=True).id
        tokens = [bench.ledger.intend(run, pair_id, Side.RIGHT).token for pair_id in (parent, child)]
        assert len(set(tokens)) == 2
        bench.ledger.sending(run, {token: {} for token in tokens}, bench.clock())
        sent = bench.clock()
        bench.clock.forward(5)
        below = bench.ledger.unanswered(bench.integration_id, Side.RIGHT, "requirement")
        assert [(one.token, one.pair_id, one.sent_at) for one in below] == [(tokens[1], child, sent)]
        assert not bench.ledger.unanswered(bench.integration_id, Side.LEFT, "requirement")
        assert not bench.ledger.unanswered(bench.integration_id + 1, Side.RIGHT, "requirement")
        bench.ledger.unsent(run, tokens[1:])
        assert not bench.ledger.unanswered(bench.integration_id, Side.RIGHT, "requirement")
        run, _ = bench.ledger.begin(parent)
        assert bench.ledger.intend(run, parent, Side.RIGHT).sent_at == sent
        assert bench.ledger.intend(run, child, Side.RIGHT).sent_at is None

    def test_what_was_sent_last_is_known_of_the_record_that_was_made(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        assert bench.ledger.birth(pair_id) is None
        run, _ = bench.ledger.begin(pair_id)
        token = bench.ledger.intend(run, pair_id, Side.RIGHT).token
        for name in ("Bell", "Louder bell"):
            bench.ledger.sending(run, {token: {"name": Held.agreed(left=name, right=name.upper())}}, bench.clock())
        assert bench.ledger.birth(pair_id) is None  # whether it landed is not known
        bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        held = Held.agreed(left="Louder bell", right="LOUDER BELL")
        assert bench.ledger.birth(pair_id) == Birth(Side.RIGHT, {"name": held})

    def test_nothing_is_known_of_a_record_that_was_joined_without_a_create(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        assert bench.ledger.birth(pair_id) is None

    def test_joining_stores_the_record(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        _, view = bench.ledger.begin(pair_id)
        assert view.right == ISSUE
        assert view.right is not None
        assert view.right.key == "DEMO-12"

    def test_a_record_is_in_one_pair_only(self, bench: Bench) -> None:
        bench.pair(left=Ref("feature", "1"), right=ISSUE)
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        with pytest.raises(Refused):
            bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        bench.ledger.joined(run, pair_id, Side.RIGHT, OTHER)
        with pytest.raises(Refused):
            bench.ledger.joined(run, pair_id, Side.RIGHT, ISSUE)
        _, view = bench.ledger.begin(pair_id)
        assert view.right == OTHER

    # ---- what was read and agreed ------------------------------------------------------------------

    def test_what_was_read_is_shown(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        renamed = Snapshot(Ref("feature", "71", "NEW-7"), {}, "https://aha.test/features/NEW-7")
        bench.ledger.seen(run, pair_id, Side.LEFT, renamed, "Sign in with a key")
        bench.ledger.seen(run, pair_id, Side.LEFT, renamed)
        look = bench.look(pair_id)
        assert (look.title, look.left_url) == ("Sign in with a key", "https://aha.test/features/NEW-7")
        _, view = bench.ledger.begin(pair_id)
        assert view.left is not None
        assert (view.left.id, view.left.key) == ("71", "NEW-7")

    def test_the_base_comes_back_as_it_was_stored(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        base = {
            "Name": Held.agreed(left="Ärger – “quoted”", right="b"),
            "Tags": Held.agreed(left=frozenset({"x", "y"}), right=frozenset[str]()),
            "Status": Held.agreed(left=Choice("1", "Ready"), right=None),
        }
        bench.clock.forward(5)
        bench.ledger.agree(run, pair_id, base)
        _, view = bench.ledger.begin(pair_id)
        assert dict(view.base) == base
        assert bench.look(pair_id).agreed_at == bench.clock()

    def test_one_value_of_another_base_is_replaced_only_where_it_is_what_was_read(self, bench: Bench) -> None:
        above, pair_id = bench.pair(left=Ref("release", "1")), bench.pair(left=FEATURE)
        one, two, three = (Held.agreed(left=text, right=text) for text in ("1", "2", "3"))
        bench.ledger.agree(bench.ledger.begin(above)[0], above, {"Name": one, "order": one})
        run, _ = bench.ledger.begin(pair_id)
        assert bench.ledger.exchanged(run, above, "order", one, two)
        assert not bench.ledger.exchanged(run, above, "order", one, three)
        assert not bench.ledger.exchanged(run, above, "other", one, three)
        assert dict(bench.ledger.begin(above)[1].base) == {"Name": one, "order": two}
        bench.ledger.begin(pair_id)
        with pytest.raises(Overtaken):
            bench.ledger.exchanged(run, above, "order", two, three)

    def test_the_journal_keeps_order_and_words(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        run, _ = bench.ledger.begin(pair_id)
        first = Entry("read both sides", "a hook came")
        second = Entry("wrote", "Jira moved", Side.LEFT, "warning", "Status", "Ready", "Done", "none", "F2")
        bench.ledger.note(run, pair_id, [first, second])
        bench.ledger.note(run, pair_id, [])
        bench.ledger.note(run, pair_id, [first])
        assert bench.lines(pair_id) == [first, second, first]

    @pytest.mark.parametrize("wrote", ["[]", ""], ids=["a value", "a part"])
    def test_what_landed_is_told_by_the_run_that_wrote_it(self, bench: Bench, wrote: str) -> None:
        pair_id = bench.pair(left=FEATURE)
        line = Entry("wrote", "Aha! changed", Side.RIGHT, "info", "Name", "one", "two", wrote=wrote)
        died, _ = bench.ledger.begin(pair_id)
        bench.ledger.note(died, pair_id, [line])
        bench.ledger.note(died, pair_id, [line], landed=True)
        assert len(bench.lines(pair_id)) == 1
        bench.ledger.note(bench.ledger.begin(pair_id)[0], pair_id, [line], landed=True)
        assert [one.what for one in bench.lines(pair_id)] == ["wrote", "wrote"]

    def test_what_wants_nobody_is_told_once(self, bench: Bench) -> None:
        pair_id = bench.pair(left=FEATURE)
        line = Entry("left as it is", "nobody in Jira", Side.RIGHT, "info", "Reporter")
        for _ in range(2):
            run, _ = bench.ledger.begin(pair_id)
            bench.ledger.note(run, pair_id, [line], once=True)
            bench.ledger.settle(run, "agreed")
        assert bench.lines(pair_id) == [line]
