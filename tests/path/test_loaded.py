"""What a load of project data holds, as lists for people; and what a mapping wants of boards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosswalk.aha import metadata as aha
from crosswalk.jira import metadata as jira
from crosswalk.jira.field_forms import SPRINT
from crosswalk.merge.rules import Direction
from crosswalk.merge.values import Choice, Person
from crosswalk.sync.differences import between, boardless
from crosswalk.sync.loadedlists import SHOWN, listings
from crosswalk.sync.mapping import FieldLine, Mapping, TypeLine
from crosswalk.sync.projectdata import Loaded

SCRUM, KANBAN, TEAM = Choice("1", "Team", "scrum"), Choice("2", "Flow", "kanban"), Choice("3", "Own", "simple")
ANN = Person("a1", "ann@example.com", "Ann")
STORY = jira.TypeInfo(
    "1",
    "Story",
    fields={"summary": jira.FieldInfo("summary", "Summary", required=True)},
    statuses=(Choice("1", "Open"),),
)


def loaded(**there: object) -> Loaded:
    fields = {"customfield_1": jira.FieldInfo("customfield_1", "Sprint", custom=SPRINT)}
    found = jira.Metadata("https://x", "10", "FAB", "Fable", {"1": STORY}, fields)
    here = aha.Metadata("7", "FAB", "Fable", people=(ANN,), releases=(Choice("1", "Spring"),))
    return Loaded(here, replace(found, **there), "cloud")


def told(found: Loaded) -> dict[str, str]:
    return {f"{one.side} {one.what}": str(one) for one in listings(found)}


def test_every_list_is_counted_and_empty_is_not_unreadable() -> None:
    lists = told(loaded(boards=(), people=(ANN,)))
    assert lists["aha People"] == "People: 1"
    assert lists["jira Required fields"] == "Required fields: 1"
    assert lists["jira Statuses"] == "Statuses: 1"
    assert lists["jira Boards"] == "Boards: 0"
    assert lists["jira People"] == "People: 1"
    lists = told(loaded())
    assert lists["jira Boards"].startswith("Boards: not readable (")
    assert lists["jira People"].startswith("People: not readable (")


def test_a_long_list_shows_its_beginning_and_a_capped_one_says_so() -> None:
    many = tuple(Person(str(number), "", f"P{number}") for number in range(250))
    found = next(one for one in listings(loaded(people=many, more_people=True)) if str(one).startswith("People: 250"))
    assert (found.count, len(found.names)) == (250, SHOWN)
    assert str(found) == "People: 250 (there may be more: Jira lists at most 1,000)"


def test_boards_and_people_that_came_and_went_are_told() -> None:
    before, now = loaded(boards=(SCRUM,), people=(ANN,)), loaded(boards=(KANBAN,), people=())
    assert {str(one) for one in between(before, now)} == {
        "The Jira board “Team” is gone.",
        "The Jira board “Flow” is new.",
        "The person in Jira “Ann” is gone.",
    }
    assert between(loaded(), now) == (), "what was not readable before is no news"
    assert between(before, loaded()) == ()


def mapping(direction: Direction = Direction.TO_LEFT) -> Mapping:
    line = FieldLine("Sprint", "custom:sprint", "customfield_1", direction)
    return Mapping({"feature": TypeLine("Story")}, {"feature": (line,)})


@pytest.mark.parametrize(
    ("boards", "direction", "said"),
    [
        ((), Direction.TO_LEFT, True),
        ((KANBAN,), Direction.TO_LEFT, True),
        ((KANBAN, SCRUM), Direction.TO_LEFT, False),
        ((TEAM,), Direction.TO_LEFT, False),
        ((), Direction.OFF, False),
        (None, Direction.TO_LEFT, False),
    ],
)
def test_a_sprint_that_is_carried_needs_a_board_with_sprints(
    boards: tuple[Choice, ...] | None, direction: Direction, said: bool
) -> None:
    found = boardless(mapping(direction), loaded(boards=boards))
    assert [one.message.startswith("No Scrum board shows issues of FAB") for one in found] == [True] * said
