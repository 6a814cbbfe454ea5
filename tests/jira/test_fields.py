"""Fields of Jira, value by value: read, written, refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crosswalk.jira.cloud import Cloud
from crosswalk.jira.datacenter import DataCenter
from crosswalk.jira.fields import (
    Kind,
    Unfit,
    cut,
    issue_snapshot,
    kind_of,
    kinds_of,
    one_line,
    read_value,
    set_ops,
    units,
    version_wire,
    wire_value,
)
from crosswalk.jira.metadata import FieldInfo
from crosswalk.merge.records import Ref
from crosswalk.merge.values import MISSING, Choice, Person, Rich, Value
from crosswalk.richtext import canonical

CLOUD, DC = Cloud(), DataCenter()
TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
AGILE = "com.pyxis.greenhopper.jira:"
DOC = {"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "ä"}]}]}

KINDS: list[tuple[FieldInfo, Kind]] = [
    (FieldInfo("summary", "Summary", "string"), Kind.LINE),
    (FieldInfo("description", "Description", "string"), Kind.RICH),
    (FieldInfo("customfield_1", "", "string", custom=TYPES + "textarea"), Kind.RICH),
    (FieldInfo("customfield_1", "", "string", custom=TYPES + "textfield"), Kind.LINE),
    (FieldInfo("customfield_1", "", "string", custom=TYPES + "url"), Kind.URL),
    (FieldInfo("customfield_1", "", "number", custom=TYPES + "float"), Kind.NUMBER),
    (FieldInfo("customfield_1", "", "date", custom=TYPES + "datepicker"), Kind.DATE),
    (FieldInfo("customfield_1", "", "datetime", custom=TYPES + "datetime"), Kind.MOMENT),
    (FieldInfo("customfield_1", "", "option", custom=TYPES + "select"), Kind.CHOICE),
    (FieldInfo("customfield_1", "", "array", "option", TYPES + "multiselect"), Kind.CHOICES),
    (FieldInfo("customfield_1", "", "array", "user", TYPES + "multiuserpicker"), Kind.PEOPLE),
    (FieldInfo("customfield_1", "", "array", "string", TYPES + "labels"), Kind.WORDS),
    (FieldInfo("customfield_1", "", "user", custom=TYPES + "userpicker"), Kind.PERSON),
    (FieldInfo("customfield_1", "", "any", custom=AGILE + "gh-epic-link"), Kind.EPIC),
    (FieldInfo("customfield_1", "", "string", custom=AGILE + "gh-epic-label"), Kind.LINE),
    (FieldInfo("customfield_1", "", "array", "json", AGILE + "gh-sprint"), Kind.SPRINTS),
    (FieldInfo("customfield_1", "", "array", "string", AGILE + "gh-sprint"), Kind.SPRINTS),
    (FieldInfo("customfield_1", "", "any", custom=AGILE + "gh-lexo-rank"), Kind.OTHER),
    (FieldInfo("customfield_1", "", "option-with-child", custom=TYPES + "cascadingselect"), Kind.CASCADE),
    (FieldInfo("parent", "Parent", "issuelink"), Kind.ISSUE),
    (FieldInfo("attachment", "Attachment", "array", "attachment"), Kind.FILES),
    (FieldInfo("progress", "Progress", "progress"), Kind.OTHER),
]


@pytest.mark.parametrize(("field", "kind"), KINDS)
def test_the_kind_of_a_field_follows_its_schema(field: FieldInfo, kind: Kind) -> None:
    assert kind_of(field) is kind


READ: list[tuple[Kind, Any, Any]] = [
    (Kind.LINE, "x", "x"),
    (Kind.LINE, "", None),
    (Kind.LINE, None, None),
    (Kind.LINE, {"odd": 1}, MISSING),
    (Kind.NUMBER, 5.0, Decimal(5)),
    (Kind.NUMBER, 0.1, Decimal("0.1")),
    (Kind.NUMBER, "x", MISSING),
    (Kind.DATE, "2027-04-01", date(2027, 4, 1)),
    (Kind.DATE, "01/Apr/27", MISSING),
    (Kind.MOMENT, "2025-07-25T21:00:41.624+0200", datetime(2025, 7, 25, 19, 0, 41, 624000, tzinfo=UTC)),
    (Kind.MOMENT, "9999-12-31T23:59:59.000-0800", MISSING),  # in UTC that is no moment of Python's
    (Kind.MOMENT, "0001-01-01T00:00:00.000+0100", MISSING),
    (Kind.CHOICE, {"id": "3", "name": "In Progress", "statusCategory": {"key": "indeterminate"}}, Choice("3")),
    (Kind.CHOICE, {"id": "3", "value": "red"}, Choice("3")),
    (Kind.CHOICE, "red", MISSING),
    (Kind.CHOICES, [{"id": "1", "name": "1.0"}], frozenset({Choice("1")})),
    (Kind.CHOICES, None, frozenset()),
    (Kind.WORDS, [], frozenset()),
    (Kind.WORDS, "a b", MISSING),
    (Kind.ISSUE, {"id": "10001", "key": "FAB-1"}, Choice("10001")),
    (Kind.EPIC, "FAB-1", Choice("FAB-1")),
    (Kind.OTHER, {"anything": 1}, MISSING),
    (Kind.OTHER, None, MISSING),
    (Kind.FILES, [{"id": "1"}], MISSING),
]


@pytest.mark.parametrize(("kind", "data", "value"), READ)
def test_reading_a_value(kind: Kind, data: Any, value: Any) -> None:
    assert read_value(kind, data, CLOUD) == value
    assert read_value(kind, data, DC) == value


def test_long_text_is_kept_as_stored() -> None:
    stored = read_value(Kind.RICH, DOC, CLOUD)
    assert stored == Rich("adf", canonical(DOC))
    assert isinstance(stored, Rich)
    assert stored.source.startswith('{"content":[{"content":[{"text":"ä"')
    assert wire_value(Kind.RICH, stored, CLOUD) == DOC
    assert read_value(Kind.RICH, {"type": "doc", "version": 1, "content": []}, CLOUD) is None
    assert read_value(Kind.RICH, "h1. x\r\n", DC) == Rich("wiki", "h1. x\r\n")
    assert read_value(Kind.RICH, "", DC) is None


def test_people_by_each_flavours_own_id() -> None:
    ann = {"accountId": "712020:x", "displayName": "Ann"}
    assert read_value(Kind.PERSON, ann, CLOUD) == Person("712020:x")
    old = {"name": "ann", "key": "JIRAUSER1", "emailAddress": "ann@example.com", "displayName": "Ann"}
    found = read_value(Kind.PEOPLE, [old], DC)
    assert found == frozenset({Person("ann")})
    assert wire_value(Kind.PEOPLE, found, DC) == [{"name": "ann"}]


WRITE: list[tuple[Kind, Value, Any]] = [
    (Kind.LINE, "a\nb\r\nc ", "a b c"),
    (Kind.LINE, None, None),
    (Kind.NUMBER, Decimal("5.0"), 5),
    (Kind.NUMBER, Decimal("0.5"), 0.5),
    (Kind.DATE, date(2027, 4, 1), "2027-04-01"),
    (Kind.MOMENT, datetime(2025, 7, 25, 19, 0, 41, 624000, tzinfo=UTC), "2025-07-25T19:00:41.624+0000"),
    (Kind.MOMENT, datetime(999, 1, 1, 12, tzinfo=UTC), "0999-01-01T12:00:00.000+0000"),
    (Kind.CHOICE, Choice("3", "x"), {"id": "3"}),
    (Kind.CHOICES, frozenset({Choice("2"), Choice("1")}), [{"id": "1"}, {"id": "2"}]),
    (Kind.CHOICES, None, []),
    (Kind.WORDS, frozenset({"b", "a"}), ["a", "b"]),
    (Kind.ISSUE, Choice("10001", "FAB-1"), {"id": "10001"}),
    (Kind.EPIC, Choice("FAB-1", "FAB-1"), "FAB-1"),
]


@pytest.mark.parametrize(("kind", "value", "wire"), WRITE)
def test_writing_a_value(kind: Kind, value: Value, wire: Any) -> None:
    written = wire_value(kind, value, CLOUD)
    assert written == wire
    assert type(written) is type(wire)


UNFIT: list[tuple[Kind, Value, str]] = [
    (Kind.RICH, Rich("html", "<p>x</p>"), "F15"),
    (Kind.RICH, Rich("adf", '"' + "x" * 32_766 + '"'), "F7"),
    (Kind.WORDS, frozenset({"two words"}), "F8"),
    (Kind.WORDS, frozenset({"x" * 256}), "F8"),
    (Kind.NUMBER, Decimal("NaN"), "F10"),
    (Kind.NUMBER, "5", "F10"),
    (Kind.DATE, datetime(2027, 4, 1, tzinfo=UTC), "F10"),
    (Kind.CHOICES, Choice("1"), "F10"),
    (Kind.CHOICES, frozenset({"x"}), "F10"),
    (Kind.PERSON, "ann", "F10"),
    (Kind.OTHER, "x", "F10"),
    (Kind.FILES, "x", "F10"),
    (Kind.RICH, "plain", "F10"),
]


@pytest.mark.parametrize(("kind", "value", "code"), UNFIT)
def test_a_value_that_does_not_fit_says_why(kind: Kind, value: Value, code: str) -> None:
    unfit = wire_value(kind, value, CLOUD)
    assert isinstance(unfit, Unfit)
    assert unfit.code == code
    assert unfit.remedy
    assert str(unfit).endswith(f"({code})")


def test_the_longest_text_still_fits() -> None:
    assert not isinstance(wire_value(Kind.RICH, Rich("wiki", "x" * 32_767), DC), Unfit)
    assert isinstance(wire_value(Kind.RICH, Rich("wiki", "x" * 32_768), DC), Unfit)
    assert isinstance(wire_value(Kind.RICH, Rich("wiki", "🚲" * 16_384), DC), Unfit)


def test_a_name_is_cut_where_jira_counts() -> None:
    assert one_line("x" * 255) == "x" * 255
    assert one_line("x" * 256) == "x" * 254 + "…"
    bicycles = one_line("🚲" * 200)
    assert units(bicycles) <= 255
    assert bicycles == "🚲" * 127 + "…"
    assert cut("a🚲", 2) == "a"


def test_set_operations_name_what_others_did_not_touch() -> None:
    old, new = frozenset({"a", "b"}), frozenset({"b", "c"})
    assert set_ops(old, new, Kind.WORDS, CLOUD) == [{"add": "c"}, {"remove": "a"}]
    assert set_ops({"with space"}, set(), Kind.WORDS, CLOUD) == [{"remove": "with space"}]
    assert isinstance(set_ops(set(), {"with space"}, Kind.WORDS, CLOUD), Unfit)
    assert set_ops({Choice("1")}, {Choice("1", "renamed")}, Kind.CHOICES, CLOUD) == []


def test_a_snapshot_holds_what_was_readable_only() -> None:
    data = {
        "id": "10002",
        "key": "FAB-2",
        "fields": {"summary": "x", "duedate": None, "votes": {}, "parent": {"id": "10001", "key": "FAB-1"}},
    }
    snapshot = issue_snapshot(data, kinds_of({}), CLOUD, "https://example.atlassian.net")
    assert set(snapshot.fields) == {"summary", "duedate", "parent"}
    assert snapshot.parent == Ref("issue", "10001")
    assert snapshot.get("description") is MISSING
    assert snapshot.url == "https://example.atlassian.net/browse/FAB-2"
    with pytest.raises(ValueError):
        issue_snapshot({"key": "FAB-2"}, kinds_of({}), CLOUD, "")


def test_fields_of_a_version() -> None:
    wire, unfit = version_wire(
        {"name": "1.0\n", "releaseDate": date(2027, 1, 2), "startDate": None, "released": True, "description": None}
    )
    assert wire == {"name": "1.0", "releaseDate": "2027-01-02", "startDate": "", "released": True, "description": ""}
    assert not unfit
    wire, unfit = version_wire({"name": " ", "released": "yes", "colour": "red"})
    assert not wire
    assert set(unfit) == {"name", "released", "colour"}
