"""The journal: appended in order, read by pair, by integration and for the live log."""

from __future__ import annotations

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
    everything = journal.after(0)
    assert words(everything) == ["one", "two", "three", "elsewhere"]
    assert words(journal.after(everything[1].pk)) == ["three", "elsewhere"]
    assert words(journal.after(everything[0].pk, integration_id=ours.pk, limit=1)) == ["two"]
    second = everything[1]
    assert (second.why, second.side, second.run, second.at, second.person) == ("because", "right", 3, clock(), "")
    assert everything[3].person == "Ada"
