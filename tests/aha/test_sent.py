"""Every attribute of a record that Crosswalk writes is sent once; what the table of relaxations lets Crosswalk send
besides the document's examples is no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from crosswalk.aha import wire
from crosswalk.aha.fields import FIELDS, Kind
from crosswalk.aha.patches import CREATORS, patch
from crosswalk.merge.values import Choice, Person, Rich, Value
from crosswalk.remote.request import Request
from tests.official.documents import document
from tests.official.exchanges import operation_of, shows
from tests.official.relaxations import each_name
from tests.official.unstated import rows
from tests.official.watch import FINDINGS

from .play import Sandbox

KEYS = {"feature": "FAB-1", "requirement": "FAB-1-1", "epic": "FAB-E-1", "release": "FAB-R-1", "initiative": "FAB-S-1"}
PARENTS = {"feature": "FAB-R-1", "epic": "FAB-R-1", "requirement": "FAB-1", "release": "FAB", "initiative": "FAB"}
VALUES: dict[Kind, Value] = {
    Kind.LINE: "A bell",
    Kind.RICH: Rich("html", "<p>It rings.</p>"),
    Kind.NUMBER: Decimal(10),
    Kind.ESTIMATE: Decimal(60),
    Kind.DATE: date(2026, 12, 1),
    Kind.FLAG: False,
    Kind.PERSON: Person("", "alice@example.com"),
    Kind.WORDS: frozenset({"bell"}),
}


def value_of(aha: Sandbox, kind: str, name: str) -> Value:
    """A value that the demo's workspace takes there."""
    record = aha.record(kind, KEYS[kind])
    if name == "workflow_status":
        return Choice(record.status.id, record.status.name)
    if name == "workflow_kind":
        return Choice("", "Research")
    if name in ("release", "epic", "initiative"):
        return Choice(aha.record(name, KEYS[name]).id)
    return "progress_manual" if name == "progress_source" else VALUES[FIELDS[kind][name]]


def writes(aha: Sandbox) -> Iterator[Request]:
    """What changes and makes records of every kind, an attribute at a time and all at once."""
    for kind, fields in FIELDS.items():
        changes = {name: patch(kind, {name: value_of(aha, kind, name)}).body for name in fields if writable(kind, name)}
        changes["custom:jira_url"] = patch(kind, {"custom:jira_url": "https://jira.example.com/browse/FAB-1"}).body
        if kind in CREATORS:
            changes["created_by_user"] = patch(kind, {"created_by_user": VALUES[Kind.PERSON]}).body
        for body in changes.values():
            yield wire.update(kind, KEYS[kind], body, "FAB")
        whole = {name: value for body in changes.values() for name, value in body.items()}
        yield wire.create(kind, PARENTS[kind], whole)
        yield wire.put_integration_fields(kind, KEYS[kind], aha.credentials["integration_id"], {"key": "FAB-1"})
    me = next(one.id for one in aha.state.users if one.email == "alice@example.com")
    for kind in ("feature", "requirement"):
        yield wire.add_time(kind, KEYS[kind], me, "1h", "2026-11-24")


def writable(kind: str, name: str) -> bool:
    return not patch(kind, {name: VALUES.get(FIELDS[kind][name], Choice("1", "x"))}).unfit


def test_nothing_is_forgiven_of_requests_that_crosswalk_does_not_send(aha: Sandbox) -> None:
    client = aha.client()
    with FINDINGS.keeping() as kept:
        for request in writes(aha):
            client.send(request)
    ours = [one for one in kept if one.ours and operation_of(one)]
    needless = [row for row in each_name("SENT") if not any(shows(row, row.where[0], one) for one in ours)]
    assert not needless, "\n".join(f"{row.where[0]}: {row.names[0]}" for row in needless)


def reads() -> Iterator[Request]:
    """Every list with all that it can be asked for."""
    then = datetime(2026, 11, 24, tzinfo=UTC)
    listing = wire.Listing(2, 30, ("id", "name"), then, "bell")
    for kind in ("feature", "release", "epic", "initiative"):
        yield wire.records(kind, "FAB", listing)
    yield wire.planned("feature", "FAB-R-1", listing)
    yield wire.users("alice@example.com")
    yield wire.audits(after_id="7", created_since=then, auditable_id="8", audit_action="destroy")


def test_nothing_is_forgiven_of_a_query_that_crosswalk_does_not_ask() -> None:
    asked = set()
    for request in reads():
        operation = document("aha").find(request.method, request.path.strip("/").split("/"))
        assert operation is not None
        asked |= {(where, name) for name, _ in request.query for where in (operation.id, "aha *")}
    allowed = {(where, name) for row in rows("QUERY") for where in row.where for name in row.names}
    assert {one for one in allowed if one[0].startswith("aha ")} - asked == set()
