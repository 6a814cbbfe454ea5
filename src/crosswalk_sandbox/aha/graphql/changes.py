"""The mutations of GraphQL. What is refused is answered as `errors` of the payload; every rule is in `actions`.

Attributes are turned into those of a REST write, so both ways obey the same rules.
The names are those of the schema, by introspection: https://github.com/caseyg/aha-mcp, docs/aha-graphql-api.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from crosswalk_sandbox.aha import actions, order
from crosswalk_sandbox.aha.graphql.lists import one
from crosswalk_sandbox.aha.graphql.reading import LINKS, Args, Desk, Resolver, Table
from crosswalk_sandbox.aha.graphql.statuses import STATUSES
from crosswalk_sandbox.aha.people import may_write
from crosswalk_sandbox.aha.refusals import Bad, Forbidden, Invalid, Missing, Refusal
from crosswalk_sandbox.aha.state import Kind, Product, Record

Given = Mapping[str, object]
RENAMED = {
    "name": "name",
    "description": "description",
    "tagList": "tags",
    "initialEstimate": "initial_estimate_text",
    "originalEstimate": "original_estimate_text",
    "remainingEstimate": "remaining_estimate_text",
    "developmentStartedOn": "development_started_on",
    "releaseDate": "release_date",
    "workflowStatus": "workflow_status",
    "assignedToUser": "assigned_to_user",
    "release": "release",
    "epic": "epic",
    "initiative": "initiative",
    "successMetric": "success_metric",
}
NAMES = {
    "Name": "name",
    "Workflow status": "workflowStatus",
    "Assigned to": "assignedToUser",
    "Owner": "owner",
    "Release": "release",
    "Release date": "releaseDate",
    "Development started on": "developmentStartedOn",
    "Feature": "feature",
    "Epic": "epic",
    "Initiative": "initiative",
    "Goal": "goals",
    "Tags": "tagList",
    "Position": "position",
    "Initial estimate": "initialEstimate",
    "Original estimate": "originalEstimate",
    "Remaining estimate": "remainingEstimate",
    "Body": "body",
}


def errors(refusal: Refusal | None = None) -> dict[str, object]:
    """The `errors` of a payload: which attribute is refused and why; empty for None."""
    if refusal is None:
        return {"attributes": []}
    label = max((label for label in NAMES if refusal.message.startswith(label)), key=len, default="")
    text = refusal.message.removeprefix(label).strip()
    code = "blank" if text == "can't be blank" else "invalid"
    name = NAMES.get(label, "base")
    return {"attributes": [{"name": name, "messages": [text], "fullMessages": [refusal.message], "codes": [code]}]}


def _mutation(name: str, change: Callable[[Desk, Args], object], refused: object = None) -> Resolver:
    """A mutation whose payload shows its outcome under `name`, or `refused` beside the errors."""

    def resolve(desk: Desk, _: object, args: Args) -> object:
        try:
            return {name: change(desk, args), "errors": errors()}
        except Invalid as refusal:
            return {name: refused, "errors": errors(refusal)}

    return resolve


def _rest(desk: Desk, record: Record, given: Given) -> dict[str, object]:
    """The attributes of a REST write that say the same. Raises Invalid."""
    made = {RENAMED[name]: value for name, value in given.items() if name in RENAMED}
    person = made.get("assigned_to_user")
    if isinstance(person, Mapping):
        made["assigned_to_user"] = _person(desk, person)
    if record.kind == "release":
        made = {name: value for name, value in made.items() if name != "description"}
    for name, present in (("Goals", record.goals), ("Initiatives", record.initiatives)):
        if {name.lower(), f"add{name}", f"remove{name}"} & given.keys():
            made[name.lower()] = _many(present, given, name)
    for name in ("release", "epic", "initiative"):
        pointer = made.get(name)
        if isinstance(pointer, Mapping):
            made[name] = pointer.get("id")
    status = made.get("workflow_status")
    if isinstance(status, Mapping):
        made["workflow_status"] = {key: value for key, value in status.items() if value is not None} or None
    return made


def _person(desk: Desk, person: Given) -> object:
    if not any(person.values()):
        return None
    for name in ("id", "email"):
        if person.get(name):
            return person[name]
    named = [user for user in desk.account.users if user.name == person["name"]]
    return named[0].id if named else person["name"]


def _many(present: Sequence[Record], given: Given, name: str) -> list[str]:
    """The ids that are left of goals or initiatives: those listed or present, with the added, without the removed."""
    listed = given.get(name.lower())
    kept = [one.id for one in present] if listed is None else _ids(listed)
    removed = _ids(given.get(f"remove{name}"))
    gone = {key for one in present for key in (one.id, one.ref) if one.id in removed or one.ref in removed}
    return [key for key in dict.fromkeys([*kept, *_ids(given.get(f"add{name}"))]) if key not in gone]


def _ids(given: object) -> list[str]:
    listed = cast("Sequence[Given]", given or ())
    return [str(entry["id"]) for entry in listed if entry.get("id")]


def _pointed(desk: Desk, given: Given, name: Kind) -> Record:
    """The record that an attribute such as `release: {id}` names. Raises Invalid."""
    pointer = given.get(name)
    key = pointer.get("id") if isinstance(pointer, Mapping) else None
    if not key:
        raise Invalid(f"{name.capitalize()} can't be blank")
    found = desk.account.find(name, str(key))
    if found is None:
        raise Invalid(f"{name.capitalize()} {key} does not exist")
    return found


def _project(desk: Desk, given: Given) -> Product:
    pointer = given.get("project")
    key = pointer.get("id") if isinstance(pointer, Mapping) else None
    found = desk.account.product(str(key)) if key else None
    if found is None:
        raise Invalid("Project can't be blank")
    return found


def _blank(desk: Desk, kind: Kind, given: Given) -> Record:
    """The record to be created, in its place. Raises Invalid."""
    if kind == "requirement":
        feature = _pointed(desk, given, "feature")
        record = actions.blank(desk.account, kind, feature.product, desk.user)
        record.parent = feature
    elif kind in ("feature", "epic"):
        release = _pointed(desk, given, "release")
        record = actions.blank(desk.account, kind, release.product, desk.user)
        record.release = release
    else:
        record = actions.blank(desk.account, kind, _project(desk, given), desk.user)
    return record


def _position(given: Given) -> int | None:
    position = cast("int | None", given.get("position"))
    if position is not None and position < 1:
        raise Invalid("Position must be greater than 0")
    return position


def _create(kind: Kind) -> Callable[[Desk, Args], Record]:
    def change(desk: Desk, args: Args) -> Record:
        given = cast("Given", args["attributes"])
        position = _position(given)
        record = _blank(desk, kind, given)
        allow(desk, record.product)
        attributes = _rest(desk, record, given)
        made = actions.create(
            desk.account, desk.user, record, attributes, siblings=order.siblings(desk.account, record)
        )
        if position is not None:
            order.move_to(desk.account, desk.user, made, position)
        elif args.get("placement") == "TOP":
            order.place(desk.account, desk.user, [made], "TOP")
        return made

    return change


def _update(kind: Kind) -> Callable[[Desk, Args], Record]:
    find = one(kind)

    def change(desk: Desk, args: Args) -> Record:
        record = cast("Record", find(desk, None, args))
        allow(desk, record.product)
        given = cast("Given", args["attributes"])
        position = _position(given)
        feature = _pointed(desk, given, "feature") if given.get("feature") else None
        if given.get("project") and _project(desk, given) is not record.product:
            raise Invalid("Project can't be changed here")
        actions.update(desk.account, desk.user, record, _rest(desk, record, given))
        if feature is not None:
            order.move_requirement(desk.account, desk.user, record, feature)
        if position is not None:
            order.move_to(desk.account, desk.user, record, position)
        return record

    return change


def _delete(kind: Kind) -> Callable[[Desk, Args], Record]:
    find = one(kind)

    def change(desk: Desk, args: Args) -> Record:
        record = cast("Record", find(desk, None, args))
        allow(desk, record.product)
        actions.delete(desk.account, desk.user, record)
        return record

    return change


def allow(desk: Desk, product: Product) -> None:
    """Raises Forbidden for somebody who only reads in the workspace, Missing where it is not even seen."""
    if not desk.sees(product):
        raise Missing
    if not may_write(desk.user.role_in(product.id)):
        raise Forbidden("You do not have permission to perform this action")


def typed(desk: Desk, name: object, key: object) -> Record:
    """The record of a GraphQL type name and an id, to be changed. Raises Missing, Forbidden, or Bad for other types."""
    wanted = "".join(part.capitalize() for part in str(name).split("_"))
    if wanted.lower() not in SIX:
        raise Bad(f"The stand-in serves no {name} over GraphQL")
    for kind in SIX:
        if "".join(part.capitalize() for part in kind.split("_")) == wanted:
            found = desk.account.find(kind, str(key))
            if found is not None:
                allow(desk, found.product)
                return found
    raise Missing


def _comment(desk: Desk, args: Args) -> object:
    given = cast("Given", args["attributes"])
    subject = cast("Given", given["commentable"])
    return actions.comment(desk.account, desk.user, typed(desk, subject["typename"], subject["id"]), given["body"])


def _custom(desk: Desk, args: Args) -> object:
    given = cast("Given", args["attributes"])
    subject = cast("Given", given["record"])
    record, key = typed(desk, subject["typename"], subject["id"]), str(given["key"])
    if desk.account.definition(key, str(subject["typename"])) is None:
        raise Invalid(f"Custom field {key} does not exist on this record")
    actions.update(desk.account, desk.user, record, {"custom_fields": {key: given.get("value")}})
    value = record.custom.get(key)
    return (value, record) if value else None


def _link(desk: Desk, args: Args) -> object:
    given = cast("Given", args["attributes"])
    parent, child = (cast("Given", given[name]) for name in ("parentRecord", "childRecord"))
    ends = [typed(desk, end["type"], end["id"]) for end in (parent, child)]
    number = next(number for number, name in LINKS.items() if name == given["linkType"])
    return actions.link(desk.account, desk.user, ends[0], ends[1], number)


def _place(desk: Desk, args: Args) -> object:
    given = cast("Given", args["attributes"])
    entries = cast("Sequence[Given]", given["records"])
    records = [typed(desk, entry["typename"], entry["id"]) for entry in entries]
    placement = cast("Given", given["placement"])
    beside = cast("Given | None", placement.get("record"))
    near = typed(desk, beside["typename"], beside["id"]) if beside else None
    order.place(desk.account, desk.user, records, cast("order.Where", placement["position"]), near)
    return [
        {
            "bookmarkType": given["bookmarkType"],
            "id": f"{record.id}-{given['bookmarkId']}",
            "position": record.position,
            "recordId": record.id,
            "recordType": record.kind.capitalize(),
            "secondaryScope": given["secondaryScopeId"],
        }
        for record in records
    ]


SIX: tuple[Kind, ...] = ("feature", "epic", "requirement", "release", "initiative", "goal")
THREE: tuple[Kind, ...] = ("feature", "epic", "requirement")
MUTATION: Table = {
    **{f"create{kind.capitalize()}": _mutation(kind, _create(kind)) for kind in SIX},
    **{f"update{kind.capitalize()}": _mutation(kind, _update(kind)) for kind in SIX},
    **{f"delete{kind.capitalize()}": _mutation(kind, _delete(kind)) for kind in THREE},
    **{f"{verb}WorkflowStatus": _mutation("workflowStatus", change) for verb, change in STATUSES.items()},
    "createComment": _mutation("comment", _comment),
    "createRecordLink": _mutation("recordLink", _link),
    "setCustomFieldValue": _mutation("customFieldValue", _custom),
    "placeRecordsInPosition": _mutation("bookmarksRecordPositions", _place, refused=[]),
}
