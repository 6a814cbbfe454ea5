"""The `fields` and `update` parts of a request, read into values: set, add, remove, in order. Changes no issue.

Documents: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ (editIssue) and
https://developer.atlassian.com/server/jira/platform/rest/v10003/intro/ ("Field input formats").
"""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk_sandbox.jira import accept
from crosswalk_sandbox.jira.accept import Setting
from crosswalk_sandbox.jira.refusals import Refusal, field_error
from crosswalk_sandbox.jira.state import Field, Json, Value

OFF_SCREEN = "Field '{0}' cannot be set. It is not on the appropriate screen, or unknown."


def sections(payload: Json) -> tuple[Json, Json]:
    """The `fields` and `update` parts of a request. Raises Refusal when one is no object, or both name a field."""
    fields, update = payload.get("fields") or {}, payload.get("update") or {}
    if not isinstance(fields, dict) or not isinstance(update, dict):
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.", bare=True)
    twice = sorted(set(fields) & set(update))
    if twice:
        message = "Field '{0}' cannot appear in both 'fields' and 'update'"
        raise Refusal(400, errors={name: message.format(name) for name in twice})
    return fields, update


def read_all(
    setting: Setting, on_screen: Mapping[str, Field], fields: Json, update: Json, now: Mapping[str, Value]
) -> dict[str, Value]:
    """Every new value in a request, by field id. Raises one Refusal that names each field that is wrong.

    A document that does not fit refuses the whole request.
    """
    out: dict[str, Value] = {}
    errors: dict[str, str] = {}

    jobs = [(name, wire, False) for name, wire in fields.items()] + [
        (name, wire, True) for name, wire in update.items()
    ]
    for name, wire, operations in jobs:
        field = on_screen.get(name)
        if field is None or field.kind not in accept.SETTABLE:
            errors[name] = OFF_SCREEN.format(name)
            continue
        try:
            out |= _operate(setting, field, wire, now) if operations else _set(setting, field, wire)
        except Refusal as refusal:
            if refusal.messages:
                raise
            errors |= refusal.errors
    if errors:
        raise Refusal(400, errors=errors)
    return out


def _set(setting: Setting, field: Field, wire: object) -> dict[str, Value]:
    if field.kind == "timetracking":
        return _set_time(setting, wire)
    if field.kind in ("issuetype", "project"):
        raise field_error(field.id, OFF_SCREEN.format(field.id))
    return {field.id: accept.read(setting, field, wire)}


TIMES = {"originalEstimate": "timeoriginalestimate", "remainingEstimate": "timeestimate"}


def _set_time(setting: Setting, wire: object) -> dict[str, Value]:
    out: dict[str, Value] = {}
    if wire is not None and not isinstance(wire, dict):
        raise field_error("timetracking", "data was not an object")  # unconfirmed
    for name, inner in TIMES.items():
        given = (wire or {}).get(name)
        if given is None:
            continue
        seconds = setting.site.working.read(given)
        if given != "" and seconds is None:
            raise field_error("timetracking", f"'{str(given)[:40]}' is not a valid time duration.")  # unconfirmed
        out[inner] = seconds
    return out


OPERATIONS = {
    "labels": ("add", "set", "remove"),
    "versions": ("add", "set", "remove"),
    "components": ("add", "set", "remove"),
    "options": ("add", "set", "remove"),
    "people": ("add", "set", "remove"),
    "groups": ("add", "set", "remove"),
    "timetracking": ("set", "edit"),
}


PARTS = {"comment": ["add", "edit", "remove"], "worklog": ["add"], "issuelinks": ["add"]}
"""What `update` does to parts of an issue: rest_update.py."""


def operations_of(field: Field) -> list[str]:
    """The names of the operations a field supports, as create and edit metadata list them."""
    if field.id in PARTS:
        return PARTS[field.id]
    return list(OPERATIONS.get(field.kind, ("set",)))


def _operate(setting: Setting, field: Field, operations: object, now: Mapping[str, Value]) -> dict[str, Value]:
    """Apply the `update` operations of one field, in order."""
    if not isinstance(operations, list) or not all(isinstance(op, dict) and len(op) == 1 for op in operations):
        raise field_error(field.id, "Operations must be an array of objects with one operation each.")  # unconfirmed
    values: dict[str, Value] = {field.id: now.get(field.id)}
    for operation in operations:
        ((verb, wire),) = operation.items()
        if verb not in operations_of(field):
            supported = "', '".join(operations_of(field))
            message = (
                f"Field with id '{field.id}' and name '{field.name}' does not support operation '{verb}' "
                f"Supported operation(s) are: '{supported}'"
            )
            raise field_error(field.id, message)
        if verb in ("set", "edit"):
            values = _set(setting, field, wire)
            continue
        one = accept.read(setting, field, [wire])
        chosen = one if isinstance(one, list) else []
        held = values.get(field.id)
        held = held if isinstance(held, list) else []
        merged = [v for v in held if v not in chosen] if verb == "remove" else list(dict.fromkeys([*held, *chosen]))
        values = {field.id: sorted(merged) if field.kind == "labels" else merged}
    return values
