"""The journal: appended in order, read by pair, by integration and for the live log."""

from __future__ import annotations

import pytest
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.merge.pairs import Entry
from crosswalk.merge.rules import Side
from crosswalk.store import journal
from crosswalk.store.models import JournalEntry


def test_lines_are_read_in_the_order_they_were_written(each_database: Config, clock: Clock) -> None:
    ours, other = make_integration("Ours"), make_integration("Other")
    pair = make_pair(ours, clock())
    child = make_pair(ours, clock(), parent=pair)
    journal.append(
        ours.pk, [Entry("one"), Entry("two", "because", Side.RIGHT)], clock(), pair_id=pair.pk, run=(3, "a poll")
    )
    journal.append(ours.pk, [Entry("three")], clock(), pair_id=child.pk)
    journal.append(other.pk, [Entry("elsewhere")], clock(), person="Ada")
    journal.append(ours.pk, [], clock())

    def words(lines: list[JournalEntry]) -> list[str]:
        return [line.what for line in lines]

    assert words(journal.of_pair(pair.pk)) == ["one", "two"]
    assert words(journal.of_pair(pair.pk, family=True)) == ["one", "two", "three"]
    assert words(journal.of_pair(pair.pk, limit=1)) == ["two"]
    assert words(journal.of_integration(ours.pk, limit=2)) == ["two", "three"]
    everything, last = journal.behind(JournalEntry.objects.all(), 0, clock())
    assert words(everything) == ["one", "two", "three", "elsewhere"]
    assert last == everything[3].pk
    mine = JournalEntry.objects.filter(integration=ours)
    assert journal.behind(mine, everything[0].pk, clock(), 1) == ([everything[1]], everything[1].pk)
    assert journal.behind(mine, everything[1].pk, clock()) == ([everything[2]], last)
    assert journal.behind(mine, last, clock()) == ([], last)
    second = everything[1]
    assert (second.why, second.side, second.run, second.at, second.person) == ("because", "right", 3, clock(), "")
    assert everything[3].person == "Ada"


def test_on_sqlite_no_line_waits(database: Config, clock: Clock) -> None:
    """What was removed leaves gaps there, and nothing can come into one."""
    ours = make_integration("Ours")
    for number in (1, 3):
        JournalEntry.objects.create(pk=number, at=clock(), integration=ours, what=f"{number}")
    assert journal.settled(clock()) == 3
    assert [line.what for line in journal.behind(JournalEntry.objects.all(), 1, clock())[0]] == ["3"]


@pytest.mark.postgres
def test_a_line_waits_a_while_for_one_with_a_lower_number(postgresql: Config, clock: Clock) -> None:
    """A line may be committed after one that was begun later."""
    ours, lines = make_integration("Ours"), JournalEntry.objects.all()

    def line(number: int) -> None:
        JournalEntry.objects.create(pk=number, at=clock(), integration=ours, what=f"{number}")

    def told(last: int) -> tuple[list[str], int]:
        found, last = journal.behind(lines, last, clock())
        return [one.what for one in found], last

    assert (journal.settled(clock()), told(0)) == (0, ([], 0))
    line(5)
    clock.forward(60)
    line(7)
    assert (journal.settled(clock()), told(0), told(5)) == (5, (["5"], 5), ([], 5)), "6 may still come"
    clock.forward(5)
    line(6)
    line(8)
    assert told(5) == (["6", "7", "8"], 8)
    line(10)
    assert told(8) == ([], 8)
    clock.forward(journal.HOLD.total_seconds())
    assert told(8) == (["10"], 10), "9 was undone"
