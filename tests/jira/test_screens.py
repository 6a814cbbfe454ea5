"""What a transition's screen is filled with: a table for the reader, one row for each kind of field."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.jira.cloud import Cloud
from crosswalk.jira.datacenter import DataCenter
from crosswalk.jira.fields import Kind
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.screens import Need, needs_of, screen
from crosswalk.merge.values import Choice

CLOUD, SERVER = Cloud(), DataCenter()
LIST = (Choice("1", "Done"), Choice("2", "Won't do"), Choice("3", "Web, iOS"), Choice("4", "Web"))
CASCADE = (Choice("7", "Europe"), Choice("7/8", "Europe / Norway"))
SAID = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "*Loud*"}]}],
}


@pytest.mark.parametrize(
    ("kind", "options", "text", "flavour", "wire"),
    [
        (Kind.CHOICE, LIST, "done", CLOUD, {"id": "1"}),
        (Kind.CHOICE, LIST, "Maybe", CLOUD, None),
        (Kind.CHOICE, (), "Done", CLOUD, {"name": "Done"}),
        (Kind.CHOICES, LIST, "Web, iOS", CLOUD, [{"id": "3"}]),
        (Kind.CHOICES, LIST, "done, Web", CLOUD, [{"id": "1"}, {"id": "4"}]),
        (Kind.CHOICES, LIST, "done, Maybe", CLOUD, None),
        (Kind.CHOICES, (), "A, B", CLOUD, [{"name": "A"}, {"name": "B"}]),
        (Kind.CASCADE, CASCADE, "Europe / Norway", CLOUD, {"id": "7", "child": {"id": "8"}}),
        (Kind.WORDS, (), "loud, brass", CLOUD, ["brass", "loud"]),
        (Kind.WORDS, (), "very loud", CLOUD, None),
        (Kind.NUMBER, (), "3.5", CLOUD, 3.5),
        (Kind.NUMBER, (), "12", CLOUD, 12),
        (Kind.NUMBER, (), "many", CLOUD, None),
        (Kind.NUMBER, (), "NaN", CLOUD, None),
        (Kind.DATE, (), "2027-01-31", CLOUD, "2027-01-31"),
        (Kind.DATE, (), "31.1.", CLOUD, None),
        (Kind.MOMENT, (), "2027-01-31T12:00", CLOUD, "2027-01-31T12:00:00.000+0000"),
        (Kind.RICH, (), "*Loud*", CLOUD, SAID),
        (Kind.RICH, (), "*Loud*", SERVER, r"\*Loud\*"),
        (Kind.LINE, (), "Loud", CLOUD, "Loud"),
        (Kind.URL, (), "https://example.com", CLOUD, "https://example.com"),
        (Kind.PERSON, (), "5f", CLOUD, {"accountId": "5f"}),
        (Kind.PERSON, (), "alice", SERVER, {"name": "alice"}),
        (Kind.PEOPLE, (), "alice, bruno", SERVER, [{"name": "alice"}, {"name": "bruno"}]),
        (Kind.GROUP, (), "staff", CLOUD, {"name": "staff"}),
        (Kind.GROUPS, (), "staff, guests", CLOUD, [{"name": "guests"}, {"name": "staff"}]),
        (Kind.OTHER, (), "x", CLOUD, "x"),
    ],
)
def test_a_value_is_sent_as_its_field_takes_it(
    kind: Kind, options: tuple[Choice, ...], text: str, flavour: Flavour, wire: Any
) -> None:
    found = screen([Need("cf", "Why", kind, options)], {"why": text}, flavour)
    if wire is None:
        assert (found.fields, found.missing, found.unfit) == ({}, ("Why",), {"Why": text})
    else:
        assert (found.fields, found.missing) == ({"cf": wire}, ())


def test_a_field_goes_by_its_id_too_and_what_nobody_gave_is_missing() -> None:
    needs = [Need("cf_1", "Why"), Need("cf_2", "Who", Kind.OTHER, listed=True), Need("cf_3", "When")]
    found = screen(needs, {"CF_1": "so", "Who": "me"}, CLOUD)
    assert (found.fields, found.missing, found.unfit) == ({"cf_1": "so", "cf_2": ["me"]}, ("When",), {})


def test_a_field_that_holds_something_keeps_it() -> None:
    found = screen([Need("cf_1", "Why"), Need("cf_2", "When")], {"Why": "so"}, CLOUD, held={"cf_1", "cf_2"})
    assert (found.fields, found.missing) == ({}, ())


def test_an_address_is_looked_up_by_whoever_sends() -> None:
    found = screen([Need("assignee", "Assignee", Kind.PERSON)], {"Assignee": " a@example.com "}, CLOUD)
    assert (found.fields, found.people, found.missing) == ({}, {"assignee": "a@example.com"}, ())


def test_the_fields_of_an_answer_are_read() -> None:
    options = [{"id": "1", "name": "Done"}]
    fields = {
        "resolution": {
            "required": True, "name": "Resolution", "allowedValues": options, "schema": {"type": "resolution"}
        },
        "comment": {"required": False, "name": "Comment"},
        "priority": {"required": True, "hasDefaultValue": True, "name": "Priority"},
        "customfield_1": {"required": True, "schema": {"type": "array", "items": "any"}},
        "odd": "junk",
    }  # fmt: skip
    assert list(needs_of(fields)) == [
        Need("resolution", "Resolution", Kind.CHOICE, (Choice("1", "Done"),)),
        Need("customfield_1", "customfield_1", Kind.OTHER, listed=True),
    ]
    assert list(needs_of(None)) == []
