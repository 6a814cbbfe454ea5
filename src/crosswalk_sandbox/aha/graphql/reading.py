"""What each field of each GraphQL type answers. Only reads; lists with filters and pages are in `lists`.

Field names and types: Aha!'s own schema, by introspection: https://github.com/caseyg/aha-mcp, docs/aha-graphql-api.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from graphql import GraphQLError

from crosswalk_sandbox.aha.history import web_path
from crosswalk_sandbox.aha.people import NONE, User, may_write
from crosswalk_sandbox.aha.show import Show, iso, stamp
from crosswalk_sandbox.aha.state import POINTS, Account, Comment, IntegrationField, Kind, Product, Record

Args = Mapping[str, object]
MOST_THINGS = 100_000
MEANINGS = {
    "initial": "NOT_STARTED",
    "in_progress": "IN_PROGRESS",
    "done": "DONE",
    "shipped": "SHIPPED",
    "will_not_implement": "WONT_DO",
}
LINKS = {
    10: "RELATES_TO",
    20: "DEPENDS_ON",
    30: "DUPLICATES",
    40: "CONTAINS",
    50: "IMPACTS",
    60: "BLOCKS",
    80: "HAS_RESEARCH_IN",
}


@dataclass(slots=True)
class Desk:
    """What every resolver gets: the account, who asks, and how many things may still be answered."""

    account: Account
    user: User
    show: Show
    left: int = MOST_THINGS

    def sees(self, product: Product) -> bool:
        """Whether who asks has any role in the workspace."""
        return self.user.role_in(product.id) != NONE

    def count(self, things: list[object]) -> list[object]:
        """The same list, counted. Raises GraphQLError when the answer grows beyond measure."""
        self.left -= len(things)
        if self.left < 0:
            raise GraphQLError("Timeout on validation of query")
        return things


Resolver = Callable[[Desk, object, Args], object]
Table = dict[str, Resolver]


def typename(record: Record) -> str:
    """The GraphQL type of a record."""
    return "".join(part.capitalize() for part in record.kind.split("_"))


def _of(read: Callable[[Record], object]) -> Resolver:
    return lambda _desk, source, _args: read(cast("Record", source))


def _among(kind: Kind, belongs: Callable[[Record, Record], bool]) -> tuple[Resolver, Resolver]:
    """The records of a kind that belong to the source, and how many they are."""

    def found(desk: Desk, source: object) -> list[Record]:
        return [other for other in desk.account.all(kind) if belongs(other, cast("Record", source))]

    return lambda desk, source, _: found(desk, source), lambda desk, source, _: len(found(desk, source))


def _held(name: str, things: Callable[[Record], list[Record]]) -> Table:
    return {
        name: _of(things),
        f"{name}Count": _of(lambda record: len(things(record))),
    }


def _held_people(name: str, people: Callable[[Record], list[User]]) -> Table:
    return {
        name: _of(people),
        f"{name}Count": _of(lambda record: len(people(record))),
    }


def _inside(name: str, kind: Kind, belongs: Callable[[Record, Record], bool]) -> Table:
    many, count = _among(kind, belongs)
    return {name: many, f"{name}Count": count}


def _estimate(attribute: str) -> Resolver:
    def read(record: Record) -> object:
        value = getattr(record, attribute)
        if value is None:
            return None
        points = record.units == POINTS
        return {"value": value, "units": "POINTS" if points else "MINUTES", "text": _amount(value, points)}

    return _of(read)


def _amount(value: float, points: bool) -> str:
    """An estimate in words: 90 minutes are "1h 30min"."""
    if points:
        return f"{value:g}p"
    days, rest = divmod(value, 480)
    hours, minutes = divmod(rest, 60)
    parts = [f"{amount:g}{unit}" for amount, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if amount]
    return " ".join(parts) or "0h"


def _customs(_: Desk, source: object, args: Args) -> object:
    record = cast("Record", source)
    keys, ids = args.get("keys"), args.get("ids")
    values = record.custom.values()
    found = [
        value
        for value in values
        if (not isinstance(keys, list) or value.definition.key in keys)
        and (not isinstance(ids, list) or value.id in ids)
    ]
    return [(value, record) for value in found]


def _linked(side: str) -> Resolver:
    def read(desk: Desk, source: object, args: Args) -> object:
        found = [link for link in desk.account.links.values() if getattr(link, side) is source]
        filters = args.get("filters")
        if isinstance(filters, Mapping):
            types, kinds = filters["linkType"], filters["recordType"]
            other = "child" if side == "parent" else "parent"
            found = [x for x in found if LINKS[x.type_id] in types and typename(getattr(x, other)) in kinds]
        return found

    return read


def _integration_links(_: Desk, source: object, __: Args) -> list[object]:
    """What the page of a record shows of its integrations: one link for each that has an address."""
    record = cast("Record", source)
    fields: dict[str, dict[str, IntegrationField]] = {}
    for field in record.fields:
        fields.setdefault(field.integration.id, {})[field.name] = field
    return [
        {
            "integration": own["url"].integration,
            "integrationId": key,
            "name": (own.get("display_short") or own.get("key") or own["url"]).value,
            "url": own["url"].value,
        }
        for key, own in fields.items()
        if "url" in own
    ]


def _shipped_on(record: Record) -> str | None:
    return iso(record.status_changed_on) if record.status.category == "shipped" else None


def _days_to(desk: Desk, source: object, _: Args) -> int | None:
    due: date | None = cast("Record", source).release_date
    return (due - desk.account.now().date()).days if due else None


def stamps(read: Callable[[object], tuple[str, str]]) -> Table:
    """When something was made and changed."""
    return {
        "createdAt": lambda _, source, __: read(source)[0],
        "updatedAt": lambda _, source, __: read(source)[1],
    }


def two_stamps(source: object) -> tuple[str, str]:
    """Both moments of a record or comment."""
    dated = cast("Record | Comment", source)
    return stamp(dated.created_at), stamp(dated.updated_at)


def _integration_count(desk: Desk, source: object, args: Args) -> int:
    return len(_integration_links(desk, source, args))


def may(desk: Desk, record: Record) -> dict[str, bool]:
    """What who asks may do with a record, or with what hangs on it."""
    writes = may_write(desk.user.role_in(record.product.id))
    return {"show": True, "update": writes, "destroy": writes, "duplicate": writes}


RECORD: Table = {
    "id": _of(lambda r: r.id),
    "name": _of(lambda r: r.name),
    "path": _of(web_path),
    "referenceNum": _of(lambda r: r.ref),
    "project": _of(lambda r: r.product),
    "projectId": _of(lambda r: r.product.id),
    **stamps(two_stamps),
    "comments": _of(lambda r: r.comments),
    "commentsCount": _of(lambda r: len(r.comments)),
    "customFieldValues": _customs,
    "workflowStatus": _of(lambda r: (r.status, r.product.workflows[r.kind])),
    "workflowStatusId": _of(lambda r: r.status.id),
    "childRecordLinks": _linked("parent"),
    "parentRecordLinks": _linked("child"),
    "integrationLinks": _integration_links,
    "integrationLinksCount": _integration_count,
    "createdByUser": _of(lambda r: r.created_by),
    "assignedToUser": _of(lambda r: r.owner),
    "owner": _of(lambda r: r.owner),
    "description": _of(lambda r: r.description),
    "theme": _of(lambda r: r.description),
    "position": _of(lambda r: r.position),
    "progress": _of(lambda r: None if r.progress is None else int(r.progress)),
    **_held("goals", lambda r: r.goals),
    "tags": _of(lambda r: r.tags),
    "tagsCount": _of(lambda r: len(r.tags)),
    "tagList": _of(lambda r: ", ".join(r.tags)),
    "release": _of(lambda r: r.release or (r.parent.release if r.parent else None)),
    "releaseId": _of(lambda r: _id(r.release or (r.parent.release if r.parent else None))),
    "epic": _of(lambda r: r.epic or (r.parent.epic if r.parent else None)),
    "epicId": _of(lambda r: _id(r.epic or (r.parent.epic if r.parent else None))),
    "initiative": _of(lambda r: r.initiative or (r.parent.initiative if r.parent else None)),
    "initiativeId": _of(lambda r: _id(r.initiative or (r.parent.initiative if r.parent else None))),
    "startDate": _of(lambda r: iso(r.start)),
    "dueDate": _of(lambda r: iso(r.due)),
    "endDate": _of(lambda r: iso(r.due)),
    "startOn": _of(lambda r: iso(r.start)),
    "endOn": _of(lambda r: iso(r.due)),
    "initialEstimate": _estimate("initial_estimate"),
    "originalEstimate": _estimate("original_estimate"),
    "remainingEstimate": _estimate("remaining_estimate"),
    "bestEstimate": _estimate("original_estimate"),
    "workDone": _estimate("work_done"),
    "feature": _of(lambda r: r.parent),
    "featureId": _of(lambda r: _id(r.parent)),
    **_held("requirements", lambda r: r.requirements),
    "workflowKind": _of(lambda r: (r.work_kind, r.product.workflows[r.kind])),
    "workflowKindId": _of(lambda r: r.work_kind[0] if r.work_kind else None),
    "parkingLot": _of(lambda r: r.parking_lot),
    "releaseDate": _of(lambda r: iso(r.release_date)),
    "releasedOn": _of(_shipped_on),
    "externalReleaseDate": _of(lambda r: iso(r.external_release_date or r.release_date)),
    "developmentStartedOn": _of(lambda r: iso(r.development_started_on)),
    "daysToRelease": _days_to,
    "capacityUnits": _of(lambda r: "POINTS" if r.units == POINTS else "MINUTES"),
    "color": _of(lambda _: 0x397E82),
    "score": _of(lambda r: float(sum(r.score_facts.values()))),
    **_held_people("watchers", lambda r: r.watchers),
    "releasePhase": _of(lambda r: r.phase),
    "releasePhaseId": _of(lambda r: _id(r.phase)),
    "permissions": lambda desk, source, _: may(desk, cast("Record", source)),
}


def _id(record: Record | None) -> str | None:
    return record.id if record else None


def _by(attribute: str) -> Callable[[Record, Record], bool]:
    return lambda other, source: getattr(other, attribute) is source


def _aims_at(other: Record, source: Record) -> bool:
    return source in other.goals


RELEASE: Table = {
    **_inside("features", "feature", _by("release")),
    **_inside("epics", "epic", _by("release")),
    **_inside("releasePhases", "release_phase", _by("release")),
    **_held("initiatives", lambda r: r.initiatives),
}
PHASE: Table = {
    "type": _of(lambda r: "Milestone" if r.type == "milestone" else "Phase"),
    **_inside("features", "feature", _by("phase")),
}
EPIC: Table = _inside("features", "feature", _by("epic"))
INITIATIVE: Table = {
    "parent": _of(lambda r: r.holder),
    "parentId": _of(lambda r: _id(r.holder)),
    **_inside("children", "initiative", _by("holder")),
    **_inside("features", "feature", _by("initiative")),
    **_inside("epics", "epic", _by("initiative")),
    **_inside("releases", "release", lambda other, source: source in other.initiatives),
}
GOAL: Table = {
    **_inside("features", "feature", _aims_at),
    **_inside("epics", "epic", _aims_at),
    **_inside("initiatives", "initiative", _aims_at),
    **_inside("releases", "release", _aims_at),
}
