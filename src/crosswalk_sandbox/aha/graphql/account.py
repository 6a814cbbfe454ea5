"""What GraphQL answers about people, workspaces and workflows. Only reads.

Its schema, by introspection: https://github.com/caseyg/aha-mcp, docs/aha-graphql-api.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from crosswalk_sandbox.aha.definitions import Status, Workflow
from crosswalk_sandbox.aha.graphql.reading import MEANINGS, Args, Desk, Resolver, Table
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.show import stamp
from crosswalk_sandbox.aha.state import POINTS, Kind, Product, Record


def _user(read: Callable[[User], object]) -> Resolver:
    return lambda _, source, __: read(cast("User", source))


def _product(read: Callable[[Product], object]) -> Resolver:
    return lambda _, source, __: read(cast("Product", source))


def _begun(desk: Desk, _: object, __: Args) -> str:
    """Workflows carry no date of their own here: they are as old as the account."""
    return stamp(desk.account.users[0].created_at)


SINCE: Table = {"createdAt": _begun, "updatedAt": _begun}
USER: Table = {
    "id": _user(lambda user: user.id),
    "name": _user(lambda user: user.name),
    "email": _user(lambda user: user.email),
    "initials": _user(lambda user: "".join(part[0] for part in user.name.split())[:2].upper()),
    "timezone": _user(lambda user: user.timezone),
    "avatarUrl": lambda *_: None,
    "projects": lambda desk, *_: desk.account.products,
    "createdAt": _user(lambda user: stamp(user.created_at)),
    "updatedAt": _user(lambda user: stamp(user.updated_at)),
}
ACCOUNT: Table = {
    "id": lambda *_: "1",
    "name": lambda desk, *_: desk.account.name,
    "domain": lambda desk, *_: desk.account.domain,
    **SINCE,
}


def _own(kind: Kind) -> Resolver:
    return lambda desk, product, _: [record for record in desk.account.all(kind) if record.product is product]


def _count(kind: Kind) -> Resolver:
    return lambda desk, product, _: sum(record.product is product for record in desk.account.all(kind))


def default_release(desk: Desk, product: Product) -> Record | None:
    """The first release of a workspace that is neither a parking lot nor shipped."""
    own = (record for record in desk.account.all("release") if record.product is product)
    return next((r for r in own if not r.parking_lot and r.status.category != "shipped"), None)


def _flow(kind: Kind) -> Resolver:
    return _product(lambda product: product.workflows[kind])


def _flow_id(kind: Kind) -> Resolver:
    return _product(lambda product: product.workflows[kind].id)


FLOWS: tuple[Kind, ...] = ("feature", "epic", "requirement", "release", "initiative")
PROJECT: Table = {
    "id": _product(lambda product: product.id),
    "name": _product(lambda product: product.name),
    "referencePrefix": _product(lambda product: product.prefix),
    "path": _product(lambda product: f"/products/{product.prefix}"),
    "description": _product(lambda product: product.description),
    "isProductLine": lambda *_: False,
    "isTeam": lambda *_: False,
    "defaultCapacityUnits": _product(lambda product: "POINTS" if product.units == POINTS else "MINUTES"),
    "defaultRelease": lambda desk, product, _: default_release(desk, cast("Product", product)),
    "releases": _own("release"),
    "releasesCount": _count("release"),
    "initiatives": _own("initiative"),
    "initiativesCount": _count("initiative"),
    "goals": _own("goal"),
    "goalsCount": _count("goal"),
    "users": lambda desk, *_: desk.account.users,
    **{f"{kind}Workflow": _flow(kind) for kind in FLOWS},
    **{f"{kind}WorkflowId": _flow_id(kind) for kind in FLOWS},
    "createdAt": _product(lambda product: stamp(product.created_at)),
    "updatedAt": _product(lambda product: stamp(product.updated_at)),
}


def _workflow(read: Callable[[Workflow], object]) -> Resolver:
    return lambda _, source, __: read(cast("Workflow", source))


WORKFLOW: Table = {
    "id": _workflow(lambda flow: flow.id),
    "name": _workflow(lambda flow: flow.name),
    "builtIn": lambda *_: True,
    "transitionsOnly": lambda *_: False,
    "workflowKinds": _workflow(lambda flow: [(kind, flow) for kind in flow.kinds]),
    "workflowStatuses": _workflow(lambda flow: [(status, flow) for status in flow.statuses]),
    **SINCE,
}
Pair = tuple[tuple[str, str], Workflow]


def _kind(read: Callable[[Pair], object]) -> Resolver:
    return lambda _, source, __: read(cast("Pair", source))


KIND: Table = {
    "id": _kind(lambda pair: pair[0][0]),
    "name": _kind(lambda pair: pair[0][1]),
    "position": _kind(lambda pair: pair[1].kinds.index(pair[0]) + 1),
    "color": lambda *_: None,
    "iconName": lambda *_: None,
    "workflow": _kind(lambda pair: pair[1]),
    **SINCE,
}
StatusPair = tuple[Status, Workflow]


def _status(read: Callable[[StatusPair], object]) -> Resolver:
    return lambda _, source, __: read(cast("StatusPair", source))


STATUS: Table = {
    "id": _status(lambda pair: pair[0].id),
    "name": _status(lambda pair: pair[0].name),
    "position": _status(lambda pair: pair[0].position),
    "color": _status(lambda pair: int(pair[0].color.lstrip("#"), 16)),
    "builtIn": lambda *_: True,
    "internalMeaning": _status(lambda pair: MEANINGS.get(pair[0].category)),
    "workflow": _status(lambda pair: pair[1]),
    **SINCE,
}
