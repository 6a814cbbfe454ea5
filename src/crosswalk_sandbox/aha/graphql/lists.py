"""The queries of GraphQL: single things by id or reference number, and lists with filters, order and pages.

As measured on a live account (https://github.com/cedricziel/aha-mcp): 20 a page,
clamped to 10..200; most lists want a scope; `id` takes reference numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import cast

from crosswalk_sandbox.aha.definitions import Workflow
from crosswalk_sandbox.aha.graphql.reading import MEANINGS, Args, Desk, Resolver, Table
from crosswalk_sandbox.aha.refusals import Bad, Missing
from crosswalk_sandbox.aha.state import Kind, Product, Record

Test = Callable[[Record], bool]
Key = Callable[[Record], tuple[object, ...]]


def one(kind: Kind) -> Resolver:
    """A record by its id."""

    def resolve(desk: Desk, _: object, args: Args) -> object:
        found = desk.account.find(kind, str(args["id"]))
        if found is None or not desk.sees(found.product):
            raise Missing
        return found

    return resolve


def release_of(record: Record) -> Record | None:
    """The release a record is in; of a requirement: that of its feature."""
    return record.release or (record.parent.release if record.parent else None)


def _is_active(record: Record) -> bool:
    release = record if record.kind == "release" else release_of(record)
    return release is not None and not release.parking_lot and release.status.category != "shipped"


def _tests(desk: Desk, filters: Mapping[str, object]) -> list[Test]:
    """What a record has to be, for each filter that is set. Raises Missing for a workspace that does not exist."""
    tests: list[Test] = []

    def add(name: str, test: Callable[[Record, object], bool]) -> None:
        value = filters.get(name)
        if value is not None:
            tests.append(lambda record: test(record, value))

    if filters.get("projectId") is not None:
        product = _project(desk, str(filters["projectId"]))
        tests.append(lambda record: record.product is product)
    if filters.get("releaseId") is not None:
        release = desk.account.find("release", str(filters["releaseId"]))
        tests.append(lambda record: release is not None and release_of(record) is release)
    add("id", lambda r, ids: r.id in cast("list[str]", ids) or r.ref in cast("list[str]", ids))
    add("active", lambda r, wanted: not wanted or _is_active(r))
    add("assignedToUserId", lambda r, who: r.owner is not None and who in (r.owner.id, r.owner.email))
    for name in ("workflowMeaning", "workflowStatusInternalMeanings"):
        add(name, lambda r, meanings: MEANINGS.get(r.status.category) in cast("list[str]", meanings))
    add("parkingLot", lambda r, wanted: r.parking_lot == wanted)
    add("hasDevelopmentStartedOn", lambda r, wanted: not wanted or r.development_started_on is not None)
    return tests


def _place(record: Record) -> tuple[object, ...]:
    release = release_of(record)
    return (release.position if release else 0, record.position, record.id)


def _begun(record: Record) -> tuple[object, ...]:
    return (record.development_started_on or date.max, record.id)


KEYS: Mapping[str, Key] = {
    "createdAt": lambda record: (record.created_at, record.id),
    "updatedAt": lambda record: (record.updated_at, record.id),
    "position": lambda record: (record.position, record.id),
    "featureBoardPosition": _place,
    "workflowBoardPosition": lambda record: (record.status.position, record.position, record.id),
    "featuresBoardOrder": lambda record: (record.release_date or date.max, record.id),
    "developmentStartedOn": _begun,
}
SCOPES = ("projectId", "releaseId", "id", "assignedToUserId")


def many(kind: Kind) -> Resolver:
    """A page of records. Raises Bad without a scope, as Aha! does."""

    def resolve(desk: Desk, _: object, args: Args) -> object:
        filters = cast("Mapping[str, object]", args["filters"])
        if not any(filters.get(scope) for scope in SCOPES):
            raise Bad("Must pass a project ID or release ID")
        tests = _tests(desk, filters)
        seen = (record for record in desk.account.all(kind) if desk.sees(record.product))
        found = [record for record in seen if all(test(record) for test in tests)]
        for clause in reversed(cast("Sequence[Mapping[str, str]]", args.get("order") or ())):
            found.sort(key=KEYS[clause["name"]], reverse=clause["direction"] == "DESC")
        return page(found, args)

    return resolve


def _phases(desk: Desk, _: object, args: Args) -> object:
    """The phases of every release; their one filter is by id."""
    ids = cast("Mapping[str, object]", args["filters"]).get("id")
    seen = [one for one in desk.account.all("release_phase") if desk.sees(one.product)]
    return page([one for one in seen if not isinstance(ids, list) or one.id in ids], args)


def page(found: Sequence[object], args: Args) -> dict[str, object]:
    """One page of a list: `per` between 10 and 200."""
    per = min(max(cast("int", args.get("per") or 20), 10), 200)
    number = max(cast("int", args.get("page") or 1), 1)
    pages = math.ceil(len(found) / per)
    return {
        "nodes": list(found[(number - 1) * per : number * per]),
        "currentPage": number,
        "isLastPage": number >= pages,
        "totalCount": len(found),
        "totalPages": pages,
    }


def _project(desk: Desk, key: str) -> Product:
    found = desk.account.product(key)
    if found is None or not desk.sees(found):
        raise Missing
    return found


def _user(desk: Desk, _: object, args: Args) -> object:
    if args.get("id") is None:
        return desk.user
    found = desk.account.user(str(args["id"]))
    if found is None:
        raise Missing
    return found


def _users(desk: Desk, _: object, args: Args) -> object:
    filters = cast("Mapping[str, object]", args["filters"])
    if filters.get("projectId") is not None:
        _project(desk, str(filters["projectId"]))
    ids = filters.get("id")
    return page([user for user in desk.account.users if not isinstance(ids, list) or user.id in ids], args)


def _projects(desk: Desk, _: object, args: Args) -> object:
    filters = args.get("filters")
    given: Mapping[str, object] = filters if isinstance(filters, Mapping) else {}
    found: Iterable[Product] = () if given.get("teams") else [one for one in desk.account.products if desk.sees(one)]
    ids = given.get("id")
    return page([one for one in found if not isinstance(ids, list) or one.id in ids or one.prefix in ids], args)


def _tags(desk: Desk, _: object, args: Args) -> object:
    ids = cast("Mapping[str, object]", args["filters"]).get("id")
    return page([n for n, key in desk.account.tags.items() if not isinstance(ids, list) or key in ids], args)


def _comment(desk: Desk, _: object, args: Args) -> object:
    found = desk.account.comments.get(str(args["id"]))
    if found is None:
        raise Missing
    return found


def _workflow(desk: Desk, _: object, args: Args) -> Workflow:
    found = desk.account.workflows.get(str(args["id"]))
    if found is None:
        raise Missing
    return found


def _status(desk: Desk, _: object, args: Args) -> object:
    for flow in desk.account.workflows.values():
        for status in flow.statuses:
            if status.id == args["id"]:
                return status, flow
    raise Missing


QUERY: Table = {
    "account": lambda desk, *_: desk.account,
    "user": _user,
    "users": _users,
    "project": lambda desk, _, args: _project(desk, str(args["id"])),
    "projects": _projects,
    "comment": _comment,
    "workflow": _workflow,
    "workflowStatus": _status,
    "tags": _tags,
    "releasePhase": one("release_phase"),
    "releasePhases": _phases,
    **{kind: one(kind) for kind in ("feature", "epic", "requirement", "release", "initiative", "goal")},
    **{f"{kind}s": many(kind) for kind in ("feature", "epic", "requirement", "release", "initiative", "goal")},
}
