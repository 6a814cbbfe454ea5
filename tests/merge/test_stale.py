"""What is older than what was read before, as a table of situations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crosswalk.merge.decision import dump_base, load_base
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Ref, Snapshot, Wrote
from crosswalk.merge.stale import BELIEVED, answered, believed, since, stale, stamped, unseen
from tests.merge.cast import L, R

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def read_at(moment: datetime | None) -> Snapshot:
    return Snapshot(Ref("x", "1"), {}, changed_at=moment)


@pytest.mark.parametrize(
    ("situation", "known", "now", "old"),
    [
        ("unchanged", NOON, NOON, False),
        ("newer", NOON, NOON + SECOND, False),
        ("older", NOON, NOON - SECOND, True),
        ("never read before", None, NOON, False),
        ("it has no stamp", NOON, None, False),
    ],
)
def test_what_is_old(situation: str, known: datetime | None, now: datetime | None, old: bool) -> None:
    base = load_base(dump_base(stamped({}, {L: read_at(known), R: read_at(NOON + 9 * SECOND)})))
    assert stale(base, L, read_at(now)) is old, situation
    assert not stale(base, R, read_at(NOON + 9 * SECOND))


@pytest.mark.parametrize(
    ("situation", "looks", "minutes", "taken"),
    [
        ("the first time", 0, 0, False),
        ("for long, and seldom", BELIEVED - 1, 60, False),
        ("again and again: a backup", BELIEVED, 2, True),
        ("again and again, but within a moment", 2 * BELIEVED, 1, False),
    ],
)
def test_what_is_believed(situation: str, looks: int, minutes: int, taken: bool) -> None:
    pair = PairView(1, 1, "x", None, None, {}, looks=looks, looked_at=NOON if looks else None)
    assert believed(pair, NOON + timedelta(minutes=minutes)) is taken, situation


@pytest.mark.parametrize(
    ("situation", "ahead", "taken"),
    [
        ("it was just written", timedelta(0), False),
        ("by a clock that is a little ahead", timedelta(minutes=9), False),
        ("by a clock that was hours ahead", timedelta(hours=5), True),
        ("long ago", timedelta(minutes=-2), True),
    ],
)
def test_a_moment_of_a_wrong_clock_is_not_waited_for(situation: str, ahead: timedelta, taken: bool) -> None:
    """A server whose clock was set right again would show old states for as long as it was ahead."""
    pair = PairView(1, 1, "x", None, None, {}, looks=BELIEVED, looked_at=NOON - timedelta(minutes=3))
    assert believed(pair, NOON, NOON + ahead) is taken, situation


@pytest.mark.parametrize(
    ("situation", "now", "stamp", "left_out", "old"),
    [
        ("what was sent is there", "new", NOON, (), False),
        ("it is as before", "was", NOON, (), True),
        ("the server stored something else", "New", NOON, (), False),
        ("it changed and holds what it held", "was", NOON + SECOND, (), False),
        ("it would not take it", "was", NOON, ("name",), False),
        ("it has no stamp", "was", None, (), False),
    ],
)
def test_a_write_that_does_not_show(
    situation: str, now: str, stamp: datetime | None, left_out: tuple[str, ...], old: bool
) -> None:
    wrote = Wrote(Snapshot(Ref("x", "1"), {"name": now}, changed_at=stamp), dict.fromkeys(left_out, "no"))
    assert unseen(wrote, {"name": "new"}, {"name": "was"}, NOON) is old, situation


@pytest.mark.parametrize(("read", "old"), [(NOON, True), (NOON + SECOND, False), (None, False)])
def test_what_is_older_than_the_write_s_own_answer(read: datetime | None, old: bool) -> None:
    """It shows the edit, as that answer did; a transition that followed it shows nowhere."""
    shown = Snapshot(Ref("x", "1"), {"name": "new", "status": "was"}, changed_at=read)
    wrote = Wrote(shown, {}, NOON + SECOND)
    assert unseen(wrote, {"name": "new", "status": "goal"}, {"name": "was", "status": "was"}, NOON) is old


@pytest.mark.parametrize(
    ("situation", "now", "ago", "old"),
    [
        ("a state that nobody had seen, from before the write", "was", 9, True),
        ("the same, in which somebody had changed it", "theirs", 9, True),
        ("it changed about when the write was answered", "was", 3, False),
        ("what was sent was there already, and nothing changed", "new", 9, False),
    ],
)
def test_what_is_older_than_an_answer_that_said_nothing(situation: str, now: str, ago: int, old: bool) -> None:
    read = Snapshot(Ref("x", "1"), {"name": now}, changed_at=NOON - ago * SECOND)
    wrote = Wrote(read, answered=NOON)
    assert unseen(wrote, {"name": "new"}, {"name": "was"}, NOON - 60 * SECOND) is old, situation


@pytest.mark.parametrize(
    ("situation", "stamp", "answer", "now", "old"),
    [
        ("newer than all that was read, and older than the write", None, NOON, NOON - 9 * SECOND, True),
        ("of about when the write was answered", None, NOON, NOON - 3 * SECOND, False),
        ("older than the stamp in the write's answer", NOON, None, NOON - SECOND, True),
        ("the write itself", NOON, None, NOON, False),
        ("nothing told of when it was", None, None, NOON - 9 * SECOND, False),
        ("the answer is older than what was read", None, NOON - 90 * SECOND, NOON - 70 * SECOND, True),
    ],
)
def test_what_is_older_than_a_write_that_did_not_show(
    situation: str, stamp: datetime | None, answer: datetime | None, now: datetime, old: bool
) -> None:
    at = answered(Wrote(read_at(None), stamped=stamp, answered=answer))
    known = stamped({}, {L: read_at(NOON - 60 * SECOND), R: read_at(NOON)})
    base = load_base(dump_base(since(known, {L: at} if at else {})))
    assert stale(base, L, read_at(now)) is old, situation
    assert not stale(base, R, read_at(NOON))
    assert not stale(stamped(base, {L: read_at(now)}), L, read_at(now)), "once believed it counts"


def test_what_was_believed_is_what_is_known_next() -> None:
    base = stamped(stamped({}, {L: read_at(NOON)}), {L: read_at(NOON - SECOND)})
    assert not stale(base, L, read_at(NOON - SECOND))


def test_nothing_is_kept_where_nothing_is_stamped() -> None:
    assert stamped({}, {L: read_at(None)}) == {}
