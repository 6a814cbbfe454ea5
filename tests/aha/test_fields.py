"""Wire JSON to snapshots: real records, the examples of the official document, and round trips."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.aha.attachment_fields import attachment_of
from crosswalk.aha.fields import (
    FIELDS,
    LISTED,
    Kind,
    address_with_token,
    completed,
    custom_value,
    paragraph_with_token,
    read_value,
    snapshot,
    token_of,
)
from crosswalk.aha.patches import READ_ONLY, SENT_AS, Patch, patch
from crosswalk.merge.records import Mark, Ref
from crosswalk.merge.values import MISSING, Choice, Person, Rich, Value
from crosswalk.remote.moments import moment_of
from tests.shared_files import shared


def fixture(path: str) -> Any:
    return json.loads(shared(f"fixtures/aha/{path}").read_text())


def test_a_feature_that_ahas_own_jira_integration_has_touched() -> None:
    found = snapshot("feature", fixture("feature_with_jira_integration.json")["feature"])
    assert found.ref == Ref("feature", "7400000000000000017")
    assert found.ref.key == "PRJ-910"
    assert found.url == "https://company.aha.io/features/PRJ-910"
    assert found.changed_at == datetime(2025, 7, 10, 7, 50, 36, 813000, tzinfo=UTC)
    assert found.get("description") == Rich("html", "<p>Example text</p>")
    status = found.get("workflow_status")
    assert isinstance(status, Choice)
    assert (status.id, status.name, status.category) == ("7400000000004000029", "Ready to ship", "done")
    assert found.get("initial_estimate") == Decimal(5)
    assert found.get("work_units") == Decimal(20)
    assert found.get("original_estimate") is None
    assert found.get("assigned_to_user") is None
    assert found.get("epic") is None
    assert found.get("initiative") is None
    assert found.get("created_by_user") == Person("7400000000002000023")
    release = found.get("release")
    assert isinstance(release, Choice)
    assert release.id == "7400000000015000062"
    assert found.get("releases") == frozenset({release})
    assert found.get("integration:7400000000007000038:key") == "JIRA-100"
    assert found.get("integration:7400000000007000038:aha::remote_entity") == "issue_5"


def test_its_requirements_are_whole() -> None:
    found = snapshot("feature", fixture("feature_with_jira_integration.json")["feature"])
    first = found.children[0]
    assert first.ref == Ref("requirement", "7400000000018000071")
    assert first.ref.key == "PRJ-910-1"
    assert first.parent == found.ref
    assert first.get("custom:acceptance_criteria") == "Example value"
    assert first.get("tags") == frozenset()
    assert first.get("integration:7400000000007000038:id") == "10029"
    assert first.get("due_date") is MISSING


EVENTS = (
    ("feature", "events/create_feature_event.json"),
    ("feature", "events/create_feature_event_assignee.json"),
    ("feature", "events/create_feature_event_no_attach.json"),
    ("feature", "events/update_feature_event.json"),
    ("release", "events/create_release_event.json"),
    ("release", "events/update_release_event.json"),
)


@pytest.mark.parametrize(("kind", "path"), EVENTS)
def test_a_record_of_an_older_server_is_read(kind: str, path: str) -> None:
    data = fixture(path)[kind]
    found = snapshot(kind, data)
    assert found.ref.key == data["reference_num"]
    assert found.get("name") == data["name"]
    assert isinstance(found.get("workflow_status"), Choice)
    assert len(found.children) == len(data.get("requirements", []))
    assert found.get("theme" if kind == "release" else "position") is not MISSING


def test_every_example_of_the_official_document_is_read() -> None:
    document = json.loads(shared("fixtures/openapi/aha-v1.json").read_text())
    seen = dict.fromkeys(FIELDS, 0)
    for operations in document["paths"].values():
        for operation in operations.values():
            for example in _examples(operation):
                for kind in FIELDS:
                    one, many = example.get(kind), example.get(f"{kind}s")
                    for data in [one, *(many if isinstance(many, list) else [])]:
                        if isinstance(data, dict) and data.get("id") and data.get("reference_num"):
                            _check(kind, data)
                            seen[kind] += 1
    assert min(seen.values()) > 2, seen


def _examples(operation: Any) -> list[Any]:
    if not isinstance(operation, dict):
        return []
    answers = operation.get("responses", {}).values()
    media = [m for answer in answers if isinstance(answer, dict) for m in answer.get("content", {}).values()]
    found = [m.get("example") for m in media]
    found += [e.get("value") for m in media for e in (m.get("examples") or {}).values() if isinstance(e, dict)]
    return [example for example in found if isinstance(example, dict)]


def _check(kind: str, data: Any) -> None:
    found = snapshot(kind, data)
    assert found.ref.id == str(data["id"])
    for name in FIELDS[kind]:
        if name in data:
            assert found.get(name) is not MISSING, (name, data[name])


# ---- single values ----


def test_an_id_may_be_a_number() -> None:
    found = snapshot(
        "requirement",
        {"id": 7, "feature": {"id": 8, "reference_num": "FAB-1"}, "integration_fields": [{"integration_id": 9}]},
    )
    assert (found.ref.id, found.parent) == ("7", Ref("feature", "8"))


@pytest.mark.parametrize("data", [{}, {"id": None}, {"id": True}, {"id": ""}])
def test_a_record_without_an_id_is_none(data: Any) -> None:
    with pytest.raises(ValueError, match="without an id"):
        snapshot("feature", data)


def test_a_default_assignee_was_chosen_by_nobody() -> None:
    data = {"id": "7", "assigned_to_user": {"id": "1", "name": "Alice", "default_assignee": True}}
    assert snapshot("feature", data).get("assigned_to_user") is None


def test_absent_is_missing_and_null_is_empty() -> None:
    found = snapshot("feature", {"id": "7", "due_date": None, "tags": None})
    assert found.get("due_date") is None
    assert found.get("tags") == frozenset()
    for name in ("start_date", "description", "epic", "releases", "custom:x"):
        assert found.get(name) is MISSING


def test_a_custom_field_that_is_wanted_and_left_out_is_empty() -> None:
    wanted = frozenset({"custom:tier", "custom:areas", "name"})
    data = {"id": "7", "requirements": [{"id": "8"}]}
    found = completed(snapshot("feature", data), wanted, {"areas": "array"})
    for record in (found, *found.children):
        assert record.get("custom:tier") is None
        assert record.get("custom:areas") == frozenset()
        assert record.get("name") is MISSING


def test_an_epic_by_its_old_name() -> None:
    data = {"id": "7", "master_feature": {"id": "9", "name": "Sounds"}}
    assert snapshot("feature", data).get("epic") == Choice("9")


@pytest.mark.parametrize(
    ("type_", "value", "read"),
    [
        ("string", "x", "x"),
        ("string", "", None),
        ("string", None, None),
        ("url", "https://example.com/#part", "https://example.com/#part"),
        ("url", "https://example.com/x#crosswalk=abc", "https://example.com/x"),
        ("number", "300.0", Decimal(300)),
        ("number", "", None),
        ("number", "many", MISSING),
        ("date", "2027-01-31", date(2027, 1, 31)),
        ("date", "soon", MISSING),
        ("array", ["b", "a"], frozenset({"a", "b"})),
        ("array", None, frozenset()),
        ("note", "<p>x</p>", Rich("html", "<p>x</p>")),
        ("scorecard", "5", Decimal(5)),
        ("equation_sheet", {"values": {"1": {"name": "a", "display_value": "10.0"}}}, "10.0"),
        (
            "equation_sheet",
            {"values": {"1": {"name": "a", "display_value": "10.0"}, "2": {"name": "b", "display_value": "x"}}},
            "a: 10.0; b: x",
        ),
        ("equation_sheet", {"values": {"1": {"name": "a", "display_value": None}}}, None),
        ("equation_sheet", "x", MISSING),
        ("array", [{"email": "a@b.c", "name": "A"}, {"name": "B"}], frozenset({"a@b.c", "B"})),
        ("attachment", "x", MISSING),
    ],
)
def test_a_custom_field_is_read_by_its_type(type_: str, value: Any, read: Any) -> None:
    assert custom_value({"key": "k", "type": type_, "value": value}) == read


def test_a_moment_beyond_what_clocks_show_is_none() -> None:
    far = "9999-12-31T23:59:59.000-08:00"  # in UTC it is no moment of Python's
    assert read_value(Kind.MOMENT, far) is MISSING
    assert moment_of(far) is None
    assert attachment_of({"id": "1", "file_name": "a", "created_at": far}).made_at is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name", "body"]), inner),
    max_leaves=5,
)


@given(st.sampled_from(list(Kind)), anything)
def test_no_json_breaks_a_reader(kind: Kind, data: Any) -> None:
    read_value(kind, data)


of_itself = [name for name in LISTED["feature"] if name != "requirements"]


@given(st.sampled_from(list(FIELDS)), st.dictionaries(st.sampled_from(of_itself), anything, max_size=6))
def test_no_record_breaks_the_reader(kind: str, data: dict[str, Any]) -> None:
    assert snapshot(kind, {**data, "id": "7"}).ref == Ref(kind, "7")


def test_a_requirement_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="a requirement without an id"):
        snapshot("feature", {"id": "7", "requirements": [{"id": "8"}, {"name": "nameless"}]})


# ---- there and back ----

texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
numbers = st.decimals(0, 10_000, places=2, allow_nan=False)
dates = st.dates(date(2000, 1, 1), date(2100, 1, 1))
choices = st.builds(Choice, texts, texts)
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.LINE: texts,
    Kind.RICH: st.builds(lambda text: Rich("html", f"<p>{text}</p>"), texts),
    Kind.NUMBER: numbers,
    Kind.ESTIMATE: numbers,
    Kind.FLAG: st.booleans(),
    Kind.DATE: dates,
    Kind.STATUS: choices,
    Kind.CHOICE: choices,
    Kind.WORDS: st.frozensets(texts, max_size=3),
    Kind.PERSON: st.builds(Person, texts, st.just("a@example.com"), texts),
}


def _shown(held: Kind, sent: Any, value: Value) -> Any:
    """What Aha! would answer to `sent`: names and e-mails become the things they name."""
    if held in (Kind.STATUS, Kind.CHOICE):
        assert isinstance(value, Choice)
        assert sent in ({"name": value.name}, value.name, value.id)
        return {"id": value.id, "name": value.name}
    if held is Kind.PERSON:
        assert isinstance(value, Person)
        assert sent in ({"email": value.email}, value.email)
        return {"id": value.id, "email": value.email, "name": value.name}
    return {"body": sent} if held is Kind.RICH else sent


@given(st.data())
def test_what_is_written_reads_back(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(FIELDS)))
    name = data.draw(st.sampled_from([n for n in FIELDS[kind] if n not in READ_ONLY | {"created_by_user"}]))
    held = FIELDS[kind][name]
    value = data.draw(VALUES[held])
    body = json.loads(json.dumps(patch(kind, {name: value}).body))
    found = snapshot(kind, {"id": "7", name: _shown(held, body[SENT_AS.get((kind, name), name)], value)})
    assert found.get(name) == value


@pytest.mark.parametrize(
    ("kind", "name", "value", "code"),
    [
        ("feature", "name", None, "F5"),
        ("feature", "name", "  ", "F5"),
        ("feature", "description", None, "F10"),
        ("feature", "description", Rich("html", " "), "F10"),
        ("feature", "description", Rich("adf", "{}"), "F10"),
        ("feature", "workflow_status", None, "F10"),
        ("feature", "workflow_kind", None, "F10"),
        ("feature", "release", None, "F10"),
        ("feature", "releases", frozenset(), "F24"),
        ("feature", "releases", frozenset({Choice("1"), Choice("2")}), "F24"),
        ("feature", "position", Decimal(1), "F10"),
        ("feature", "due_date", "2027-01-31", "F10"),
        ("feature", "due_date", datetime(2027, 1, 31, tzinfo=UTC), "F10"),
        ("feature", "initial_estimate", Decimal("NaN"), "F10"),
        ("feature", "tags", frozenset({Choice("1")}), "F10"),
        ("feature", "custom:number", Decimal("Infinity"), "F10"),
        ("feature", "theme", Rich("html", "<p>x</p>"), "F10"),
        ("requirement", "due_date", date(2027, 1, 31), "F10"),
        ("release", "release_date", None, "F10"),
        ("release", "released", True, "F10"),
        ("release", "created_by_user", Person("1", "a@example.com"), "U1"),
        ("feature", "created_by_user", Person("1"), "U1"),
        ("feature", "created_by_user", None, "U1"),
    ],
)
def test_what_aha_can_not_take_is_refused_with_a_remedy(kind: str, name: str, value: Value, code: str) -> None:
    found = patch(kind, {name: value})
    assert found.body == {}
    assert found.unfit[name].code == code
    assert found.unfit[name].remedy


@pytest.mark.parametrize("name", ["due_date", "assigned_to_user", "epic", "initial_estimate", "tags", "custom:x"])
def test_what_can_be_emptied_is(name: str) -> None:
    (empty,) = patch("feature", {name: None}).body.values()
    assert empty in (None, [], {"x": None})


def test_who_made_a_record_is_written_by_an_address() -> None:
    assert patch("feature", {"created_by_user": Person("1", "a@example.com")}).body == {"created_by": "a@example.com"}


def test_custom_fields_are_gathered() -> None:
    changes: dict[str, Value] = {
        "custom:a": Decimal("2.50"),
        "custom:b": frozenset({"y", "x"}),
        "custom:c": Choice("1", "Gold"),
        "custom:d": date(2027, 1, 31),
        "custom:e": Rich("html", "<p>x</p>"),
        "custom:f": Person("1", "a@example.com"),
    }
    found: Patch = patch("feature", changes)
    assert found.body == {
        "custom_fields": {
            "a": 2.5,
            "b": ["x", "y"],
            "c": "Gold",
            "d": "2027-01-31",
            "e": "<p>x</p>",
            "f": "a@example.com",
        }
    }


# ---- the token of a create ----


@given(st.text(min_size=1, max_size=20), st.booleans())
def test_a_token_is_found_where_it_was_put_and_is_no_part_of_the_text(token: str, marked: bool) -> None:
    token = token.encode("utf-8", "ignore").decode() or "x"
    mark = Mark(Ref("issue", "1", "FAB-1"), "https://jira.example.com/browse/FAB-1?a=1&b=2") if marked else None
    for name, kind in (("description", "feature"), ("theme", "release")):
        data = {"id": "7", name: {"body": f"<p>Rings.</p>{paragraph_with_token(mark, token)}"}}
        assert token_of(data) == token
        assert snapshot(kind, data).get(name) == Rich("html", "<p>Rings.</p>")
    address = address_with_token("https://jira.example.com/browse/FAB-1", token)
    linked = {"id": "7", "custom_fields": [{"key": "jira_url", "type": "url", "value": address}]}
    assert token_of(linked) == token
    assert snapshot("feature", linked).get("custom:jira_url") == "https://jira.example.com/browse/FAB-1"


def test_a_record_without_a_token_has_none() -> None:
    assert token_of({}) == ""
    assert token_of({"description": {"body": "<p>crosswalk</p>"}, "custom_fields": [{"value": 7}]}) == ""
