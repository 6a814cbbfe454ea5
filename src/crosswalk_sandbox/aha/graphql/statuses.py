"""The mutations of workflow statuses, for those who administer the account. Knows no record type's rules.

Its schema, by introspection: https://github.com/caseyg/aha-mcp, docs/aha-graphql-api.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.definitions import Status, Workflow
from crosswalk_sandbox.aha.graphql.reading import MEANINGS, Args, Desk
from crosswalk_sandbox.aha.refusals import Forbidden, Invalid, Missing
from crosswalk_sandbox.aha.state import KINDS

Given = Mapping[str, object]
CATEGORIES = {meaning: category for category, meaning in MEANINGS.items()} | {"ALREADY_EXISTS": "will_not_implement"}
COMPLETE = ("done", "shipped", "will_not_implement")


def _administer(desk: Desk) -> None:
    if "administer_configuration" not in desk.user.administers:
        raise Forbidden("You do not have permission to perform this action")


def _name(given: Given, workflow: Workflow, own: Status | None = None) -> str:
    name = values.text(given.get("name"), "Name").strip()
    if not name:
        raise Invalid("Name can't be blank")
    if any(one.name.lower() == name.lower() for one in workflow.statuses if one is not own):
        raise Invalid("Name has already been taken")
    return name


def _color(given: Given) -> str:
    number = values.number(given.get("color"), "Color", most=0xFFFFFF)
    return f"#{int(0x666666 if number is None else number):06x}"


def _place(workflow: Workflow, status: Status, position: object) -> None:
    """Put a status at a position from 1, and number the rest anew. Raises Invalid before anything is moved."""
    if position is not None:
        others = [one for one in workflow.statuses if one is not status]
        others.insert(min(cast("int", position) - 1, len(others)), status)
        workflow.statuses[:] = others
    for number, one in enumerate(workflow.statuses, 1):
        one.position = number


def _position(given: Given) -> object:
    position = given.get("position")
    if isinstance(position, int) and position < 1:
        raise Invalid("Position must be greater than 0")
    return position


def _find(desk: Desk, args: Args) -> tuple[Status, Workflow]:
    for workflow in desk.account.workflows.values():
        for status in workflow.statuses:
            if status.id == args["id"]:
                return status, workflow
    raise Missing


def create(desk: Desk, args: Args) -> object:
    """Add a status to a workflow; without a meaning it is one of those not started."""
    _administer(desk)
    given = cast("Given", args["attributes"])
    pointer = given.get("workflow")
    key = str(pointer.get("id")) if isinstance(pointer, Mapping) else ""
    workflow = desk.account.workflows.get(key)
    if workflow is None:
        raise Invalid("Workflow must exist")
    name, color, position = _name(given, workflow), _color(given), _position(given)
    category = CATEGORIES[str(given.get("internalMeaning") or "NOT_STARTED")]
    made = Status(desk.account.new_id(), name, len(workflow.statuses) + 1, category in COMPLETE, color, category)
    workflow.statuses.append(made)
    _place(workflow, made, position)
    return made, workflow


def update(desk: Desk, args: Args) -> object:
    """Change the name, meaning, colour or position of a status."""
    _administer(desk)
    status, workflow = _find(desk, args)
    given = cast("Given", args["attributes"])
    name = _name(given, workflow, status) if "name" in given else status.name
    color = _color(given) if given.get("color") is not None else status.color
    position = _position(given)
    if given.get("internalMeaning"):
        status.category = CATEGORIES[str(given["internalMeaning"])]
        status.complete = status.category in COMPLETE
    status.name, status.color = name, color
    _place(workflow, status, position)
    return status, workflow


def delete(desk: Desk, args: Args) -> object:
    """Remove a status that no record is in. Raises Invalid for one that is in use, and for the last."""
    _administer(desk)
    status, workflow = _find(desk, args)
    if any(record.status is status for kind in KINDS for record in desk.account.all(kind)):
        raise Invalid("Status is in use")
    if len(workflow.statuses) == 1:
        raise Invalid("Status is the last of its workflow")
    workflow.statuses.remove(status)
    _place(workflow, status, None)
    return status, workflow


STATUSES: Mapping[str, Callable[[Desk, Args], object]] = {"create": create, "update": update, "delete": delete}
