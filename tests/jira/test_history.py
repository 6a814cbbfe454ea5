"""What an issue's history says a write replaced, situation by situation, and on recorded entries of real servers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crosswalk.jira.fields import Kind
from crosswalk.jira.history import History, tells
from crosswalk.merge.values import MISSING, Choice, Maybe, Person, Value
from tests.shared_files import shared

LINE, WORDS, DATE, CHOICE, CHOICES = Kind.LINE, Kind.WORDS, Kind.DATE, Kind.CHOICE, Kind.CHOICES
V1, V2, V3 = (Choice(str(n), f"v{n}") for n in (1, 2, 3))


def item(field: str, before: str | None, after: str | None, *, ids: bool = False, **more: str) -> dict[str, Any]:
    """One changed field, by words or by ids."""
    ends = {"from": before, "to": after} if ids else {"from": None, "to": None}
    return {"field": field, **ends, "fromString": before, "toString": after, **more}


def history(*entries: list[dict[str, Any]], names: dict[str, str] | None = None, since: int | None = None) -> History:
    """A history with one entry a minute, the oldest first; looked back at from the minute `since`."""
    listed = [
        {"id": str(n), "created": f"2027-03-01T09:0{n}:00.000+0000", "items": items} for n, items in enumerate(entries)
    ]
    moment = None if since is None else datetime(2027, 3, 1, 9, since, tzinfo=UTC)
    return History({"histories": listed}, names or {}, moment)


@pytest.mark.parametrize(
    ("situation", "moves", "sent", "after", "before", "stored"),
    [
        ("our own write is the newest", [("a", "b")], "b", "b", "a", "b"),
        ("somebody wrote before it", [("a", "c"), ("c", "b")], "b", "b", "c", "b"),
        ("somebody wrote after it", [("a", "b"), ("b", "c")], "b", "c", "a", "b"),
        ("the server stored another form", [("a", "b!")], "b", "b!", "a", "b!"),
        ("it was empty", [(None, "b")], "b", "b", None, "b"),
        ("it was emptied", [("a", None)], None, None, "a", None),
        ("it held the same, and nothing was ever changed", [], "b", "b", "b", "b"),
        ("it holds something else, and no entry says why", [], "b", "c", MISSING, "c"),
        ("the entries are about something else", [("x", "y")], "b", "c", MISSING, "c"),
    ],
)
def test_what_a_write_replaced(
    situation: str, moves: list[tuple[str | None, str | None]], sent: Value, after: Maybe, before: Maybe, stored: Maybe
) -> None:
    told = history(*([item("summary", one, other)] for one, other in moves))
    assert told.replaced("summary", LINE, sent, after) == (before, stored), situation


@pytest.mark.parametrize(
    ("situation", "moves", "sent", "after", "before", "stored"),
    [
        ("nobody else wrote", [("a", "b")], "b", "b", "a", "b"),
        ("somebody wrote before it", [("a", "c"), ("c", "b")], "b", "b", "c", "b"),
        ("somebody wrote after it", [("a", "b"), ("b", "c")], "b", "c", "a", "b"),
        ("the server stored another form", [("a", "b!")], "b", "b!", "a", "b!"),
        ("somebody wrote over another form", [("a", "b!"), ("b!", "c")], "b", "c", MISSING, "c"),
        ("somebody else brought it back to the same", [("a", "b"), ("b", "c"), ("c", "b")], "b", "b", MISSING, "b"),
        ("it was there already", [], "b", "b", "b", "b"),
        ("it never landed", [], "b", "a", MISSING, "a"),
    ],
)
def test_what_a_write_replaced_that_is_looked_back_at(
    situation: str, moves: list[tuple[str | None, str | None]], sent: Value, after: Maybe, before: Maybe, stored: Maybe
) -> None:
    old = [("b", "x"), ("x", "b"), ("b", "a")]  # of long ago
    told = history(*([item("summary", one, other)] for one, other in [*old, *moves]), since=2)
    assert told.replaced("summary", LINE, sent, after) == (before, stored), situation


@pytest.mark.parametrize(
    ("situation", "moves", "sent", "after", "theirs"),
    [
        ("somebody wrote over it", [("a", "b"), ("b", "c")], "b", "c", True),
        ("somebody set it back", [("a", "b"), ("b", "a")], "b", "a", True),
        ("it held what was sent, and somebody wrote over that", [("b", "c")], "b", "c", True),
        ("nobody else wrote", [("a", "b")], "b", "b", False),
        ("the record is shown as it was before", [("a", "b")], "b", "a", False),
        ("somebody wrote before it, and the record is shown as it was then", [("a", "c"), ("c", "b")], "b", "c", False),
        ("the server stored another form", [("a", "b!")], "b", "b!", False),
        ("the newest entry says something else than the record", [("a", "b"), ("b", "c")], "b", "d", False),
        ("nothing is told", [], "b", "a", False),
    ],
)
def test_whether_somebody_wrote_over_it(
    situation: str, moves: list[tuple[str | None, str | None]], sent: Value, after: Maybe, theirs: bool
) -> None:
    told = history(*([item("summary", one, other)] for one, other in moves))
    assert told.overwritten("summary", LINE, sent, after) is theirs, situation


def test_time_is_told_in_seconds_and_is_minutes() -> None:
    moved = [item("timeoriginalestimate", "3600", "7200", ids=True), item("timeestimate", None, "5400", ids=True)]
    over = [item("timeoriginalestimate", "7200", "10800", ids=True)]
    once, twice = history(moved), history(moved, over)
    two, three = Decimal(120), Decimal(180)
    assert once.replaced("timeoriginalestimate", Kind.MINUTES, two, two) == (Decimal(60), two)
    assert once.replaced("timeestimate", Kind.MINUTES, Decimal(90), Decimal(90)) == (None, Decimal(90))
    assert twice.replaced("timeoriginalestimate", Kind.MINUTES, two, three) == (Decimal(60), two)
    assert twice.overwritten("timeoriginalestimate", Kind.MINUTES, two, three)
    assert not once.overwritten("timeoriginalestimate", Kind.MINUTES, two, two)


def test_of_what_is_not_told_exactly_it_counts_that_it_changed_more_than_once() -> None:
    """Else what somebody wrote between a write and its being read back would be taken for the write."""
    first, second = [item("Team", "Red", "Blue")], [item("Team", "Blue", "Green")]
    blue, green = Choice("2", "Blue"), Choice("3", "Green")
    names = {"customfield_1": "Team"}
    assert history(first, second, names=names).overwritten("customfield_1", Kind.TEAM, blue, green)
    assert not history(first, second, names=names).overwritten("customfield_1", Kind.TEAM, green, green)
    assert not history(first, names=names).overwritten("customfield_1", Kind.TEAM, blue, green), "another form of it"


def test_of_a_set_one_entry_is_told_and_several_are_not() -> None:
    came = [item("Fix Version", None, "2", ids=True)]
    went = [item("Fix Version", "1", None, ids=True)]
    once, twice = history(went, came, since=0), history(went, came, [item("Fix Version", "2", None, ids=True)], since=0)
    assert once.replaced("fixVersions", CHOICES, frozenset({V2}), frozenset({V2})) == (frozenset(), frozenset({V2}))
    assert twice.replaced("fixVersions", CHOICES, frozenset({V2}), frozenset()) == (MISSING, frozenset())


def test_when_others_changed_it_last() -> None:
    told = history([item("summary", "a", "b")], [item("summary", "b", "c")], [item("duedate", None, "2027-03-01")])
    minutes = {"c": 2, "b": 2, "x": 1}
    for sent, minute in minutes.items():
        assert told.changed_besides({"summary": sent}, {"summary": LINE}) == datetime(2027, 3, 1, 9, minute, tzinfo=UTC)


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_order_of_the_entries_does_not_matter(newest_first: bool) -> None:
    listed = [
        {"id": "9", "created": "2027-03-01T09:00:00.000+0000", "items": [item("summary", "a", "c")]},
        {"id": "10", "created": "2027-03-01T10:00:00.000+0100", "items": [item("summary", "c", "b")]},
    ]
    told = History({"histories": listed[::-1] if newest_first else listed}, {})
    assert told.replaced("summary", LINE, "b", "b") == ("c", "b")
    assert told.changed_besides({"summary": "b"}, {"summary": LINE}) == datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name", "entry", "sent", "before"),
    [
        (WORDS, "labels", item("labels", "a b", "a c"), frozenset({"a", "c"}), frozenset({"a", "b"})),
        (WORDS, "labels", item("labels", "", "a"), frozenset({"a"}), frozenset()),
        (DATE, "duedate", item("duedate", "2027-03-01", "2027-04-01", ids=True), date(2027, 4, 1), date(2027, 3, 1)),
        (CHOICE, "priority", item("priority", "2", "3", ids=True), Choice("3"), Choice("2")),
        (Kind.PERSON, "assignee", item("assignee", "5f1", "5f2", ids=True), Person("5f2"), Person("5f1")),
        (Kind.NUMBER, "customfield_1", item("Points", "1", "12"), Decimal(12), Decimal(1)),
        (Kind.NUMBER, "customfield_1", item("Points", "one", "12"), Decimal(12), MISSING),
        (CHOICE, "customfield_1", item("Points", "Red", "Blue"), Choice("7"), MISSING),
        (
            CHOICES,
            "customfield_1",
            item("Points", "[7]", "[7, 8]", ids=True),
            frozenset({Choice("7"), Choice("8")}),
            frozenset({Choice("7")}),
        ),
        (CHOICES, "customfield_1", item("Points", None, "[7]", ids=True), frozenset({Choice("7")}), None),
        (CHOICES, "customfield_1", item("Points", "Red", "Red,Blue"), frozenset({Choice("7")}), MISSING),
    ],
)
def test_values_of_each_kind(kind: Kind, name: str, entry: dict[str, Any], sent: Value, before: Maybe) -> None:
    told = history([entry], names={"customfield_1": "Points"})
    after = sent if before is not MISSING or kind is Kind.NUMBER else Choice("8")
    assert told.replaced(name, kind, sent, after)[0] == before


@pytest.mark.parametrize(
    ("situation", "entry", "after", "before"),
    [
        ("one for another", [("1", "2")], frozenset({V2}), frozenset({V1})),
        ("one came", [(None, "2")], frozenset({V1, V2}), frozenset({V1})),
        ("one went", [("2", None)], frozenset({V1}), frozenset({V1, V2})),
        ("all went", [("1", None), ("2", None)], frozenset(), frozenset({V1, V2})),
        ("somebody took it away again", [(None, "2")], frozenset({V1}), MISSING),
        ("somebody put it back", [("2", None)], frozenset({V1, V2}), MISSING),
        ("no entry: nothing was replaced", [], frozenset({V1}), frozenset({V1})),
    ],
)
def test_versions_come_and_go_one_by_one(
    situation: str, entry: list[tuple[str | None, str | None]], after: Maybe, before: Maybe
) -> None:
    told = history([item("Fix Version", one, other, ids=True) for one, other in entry])
    assert told.replaced("fixVersions", CHOICES, after if after is not MISSING else None, after)[0] == before, situation


def test_a_field_is_known_by_its_id_where_that_is_said() -> None:
    told = history([item("Renamed", "a", "b", fieldId="customfield_1"), item("Points", "x", "y", fieldId="other")])
    assert told.replaced("customfield_1", LINE, "b", "b") == ("a", "b")


def test_an_answer_without_a_history_tells_nothing() -> None:
    assert not History(None, {}).known
    assert not History({"histories": "?"}, {}).known
    assert history().known
    assert history([item("summary", "a", "b")]).changed_besides({"summary": "b"}, {"summary": LINE}) is None


@pytest.mark.parametrize(
    ("name", "kind", "cloud", "dc"),
    [
        ("summary", LINE, True, True),
        ("labels", WORDS, True, True),
        ("fixVersions", CHOICES, True, True),
        ("assignee", Kind.PERSON, True, False),
        ("description", Kind.RICH, False, False),
        ("status", CHOICE, False, False),
        ("parent", Kind.ISSUE, False, False),
        ("timeestimate", Kind.MINUTES, False, False),
        ("customfield_1", LINE, True, True),
        ("customfield_1", Kind.RICH, False, False),
        ("customfield_1", CHOICES, False, False),
    ],
)
def test_which_fields_are_told(name: str, kind: Kind, cloud: bool, dc: bool) -> None:
    assert (tells(name, kind, "cloud"), tells(name, kind, "datacenter")) == (cloud, dc)


KINDS = {"summary": LINE, "labels": WORDS, "priority": CHOICE, "fixVersions": CHOICES, "components": CHOICES}


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(shared("fixtures/jira-webhooks").glob("*.json")):
        changelog = json.loads(path.read_bytes()).get("changelog") or {}
        for entry in changelog.get("items") or ():
            if entry.get("field") in ("summary", "labels", "priority", "Fix Version", "Component"):
                yield path.name, entry


def test_recorded_entries_are_read_back() -> None:
    names = {"Fix Version": "fixVersions", "Component": "components"}
    read = 0
    for where, entry in recorded():
        name = names.get(entry["field"], entry["field"])
        told = history([entry])
        if name in names.values():
            after: Maybe = frozenset({Choice(entry["to"])}) if entry.get("to") else frozenset()
        elif name == "labels":
            after = frozenset(entry["toString"].split())
        else:
            after = Choice(entry["to"]) if name == "priority" else entry["toString"]
        before, stored = told.replaced(name, KINDS[name], None if after is MISSING else after, after)
        assert before is not MISSING, where
        assert stored == after, where
        read += 1
    assert read > 10
