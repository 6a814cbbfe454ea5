"""Wire value to state value for fields with options: one, several, one below another. Part of accept.py.

An option is named by its id or by its value:
https://developer.atlassian.com/server/jira/platform/jira-rest-api-examples/#creating-an-issue-examples
What refuses one, word for word, was observed by several clients; of a cascading field it is unconfirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crosswalk_sandbox.jira.contexts import options_for
from crosswalk_sandbox.jira.refusals import field_error
from crosswalk_sandbox.jira.state import Field, Json, Named, Value

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.accept import Setting

NO_OPTION = "Could not find valid 'id' or 'value' in the Parent Option object."


def _choices(setting: Setting, field: Field) -> list[Named]:
    return options_for(setting.site, field, setting.project, setting.type)


def _named(field: Field, wire: object) -> Json:
    """An object that names an option. Raises Refusal."""
    if not isinstance(wire, dict) or (wire.get("id") is None and wire.get("value") is None):
        raise field_error(field.id, NO_OPTION)
    return wire


def _found(choices: list[Named], wire: Json, above: str = "") -> Named | None:
    """The option below another that is meant, or one that is below none."""
    for option in choices:
        parent, _, own = option.id.rpartition("/")
        same = own == str(wire["id"]) if wire.get("id") is not None else option.name == wire.get("value")
        if parent == above and same:
            return option
    return None


def option(setting: Setting, field: Field, wire: object) -> Value:
    """One option. Raises Refusal."""
    given = _named(field, wire)
    found = _found(_choices(setting, field), given)
    if found is None:
        shown = "null" if given.get("id") is None else given["id"]
        raise field_error(field.id, f"Option id '{shown}' is not valid")
    return found.id


def options(setting: Setting, field: Field, wire: object) -> Value:
    """Several options, each once. Raises Refusal."""
    if not isinstance(wire, list):
        raise field_error(field.id, "data was not an array")
    choices, chosen = _choices(setting, field), []
    for given in [_named(field, entry) for entry in wire]:
        found = _found(choices, given)
        if found is None:
            what = "value" if given.get("id") is None else "id"
            raise field_error(field.id, f"Option {what} '{given[what]}' is not valid")
        chosen.append(found.id)
    return list(dict.fromkeys(chosen))


def cascade(setting: Setting, field: Field, wire: object) -> Value:
    """An option and one below it, `{"value", "child": {"value"}}`. Kept as both ids with a stroke between."""
    choices, given = _choices(setting, field), _named(field, wire)
    found, child = _found(choices, given), given.get("child")
    if found is not None and child is not None:
        given = _named(field, child)
        found = _found(choices, given, found.id)
    if found is None:
        shown = given["value"] if given.get("id") is None else given["id"]
        raise field_error(field.id, f"Option id '{shown}' is not valid")
    return found.id
