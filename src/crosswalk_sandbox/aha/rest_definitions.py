"""Endpoints about workflows and custom field definitions with their options.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/workflows
https://www.aha.io/api/resources/custom_fields
https://www.aha.io/api/resources/custom_field_options
"""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.call import Call, Table
from crosswalk_sandbox.aha.definitions import CustomField, Workflow
from crosswalk_sandbox.aha.refusals import Invalid, Missing
from crosswalk_sandbox.aha.show import Json
from crosswalk_sandbox.aha.state import KINDS


def workflows(call: Call) -> object:
    """GET the workflows of a workspace, each once. Not paged."""
    once: dict[str, Workflow] = {flow.id: flow for flow in call.product().workflows.values()}
    return {"workflows": [call.show.workflow(flow) for flow in once.values()]}


def workflow(call: Call) -> object:
    """GET one workflow."""
    found = call.account.workflows.get(call.args["id"])
    if found is None:
        raise Missing
    return {"workflow": call.show.workflow(found)}


def definitions(call: Call) -> object:
    """GET the custom field definitions of the account. Not paged."""
    return {
        "custom_field_definitions": [
            {
                "name": field.name,
                "id": field.id,
                "key": field.key,
                "type": field.type,
                "custom_fieldable_type": field.fieldable_type,
                "internal_name": None,
            }
            for field in call.account.custom_fields
        ]
    }


def _definition(call: Call) -> CustomField:
    found = next((field for field in call.account.custom_fields if field.id == call.args["id"]), None)
    if found is None:
        raise Missing
    return found


def options(call: Call) -> object:
    """GET the options of a custom field as a form shows them."""
    found = _definition(call).options
    return {"options": [{"text": text, "value": key, "meta": {"color": color}} for key, text, color in found]}


def _option_json(field: CustomField, option: tuple[str, str, str]) -> Json:
    key, text, color = option
    return {"id": key, "value": text, "color": int(color.lstrip("#"), 16), "hidden": key in field.hidden}


def option_list(call: Call) -> object:
    """GET the options of a custom field as they are administered."""
    field = _definition(call)
    return {"custom_field_options": [_option_json(field, option) for option in field.options]}


def _option_values(given: Mapping[str, object], text: object, color: object) -> tuple[str, str]:
    """Text and colour of an option. Raises Invalid."""
    shown = values.text(given.get("value", text), "Value").strip()
    if not shown:
        raise Invalid("Value can't be blank")
    number = values.number(given.get("color", color), "Color", most=0xFFFFFF)
    return shown, f"#{int(number or 0):06x}"


def create_option(call: Call) -> object:
    """POST an option. Only fields with options have any."""
    call.administrator()
    field = _definition(call)
    if not field.type.endswith(CHOSEN):
        raise Invalid("The custom field has no options")
    text, color = _option_values(call.given("custom_field_option"), "", 0x666666)
    if any(text == present for _, present, _ in field.options):
        raise Invalid("Value has already been taken")
    made = (call.account.new_id(), text, color)
    field.options.append(made)
    return _option_json(field, made)


def _option(call: Call, field: CustomField) -> int:
    for place, (key, _, _) in enumerate(field.options):
        if key == call.args["option"]:
            return place
    raise Missing


def change_option(call: Call) -> object:
    """PUT an option: its text, colour, whether it is hidden. Records that carry it show the new text."""
    call.administrator()
    field, given = _definition(call), call.given("custom_field_option")
    place = _option(call, field)
    key, old, old_color = field.options[place]
    text, color = _option_values(given, old, int(old_color.lstrip("#"), 16))
    hidden = values.flag(given.get("hidden", key in field.hidden), "Hidden")
    if any(text == present for other, present, _ in field.options if other != key):
        raise Invalid("Value has already been taken")
    field.options[place] = (key, text, color)
    (field.hidden.add if hidden else field.hidden.discard)(key)
    _rename_values(call, field, old, text)
    return _option_json(field, field.options[place])


def _rename_values(call: Call, field: CustomField, old: str, new: str) -> None:
    for kind in KINDS:
        for record in call.account.all(kind):
            value = record.custom.get(field.key)
            if value is None or value.definition is not field:
                continue
            if isinstance(value.value, list):
                value.value = [new if one == old else one for one in value.value]
            elif value.value == old:
                value.value = new


def delete_option(call: Call) -> object:
    """DELETE an option; answers 200 with what it was."""
    call.administrator()
    field = _definition(call)
    place = _option(call, field)
    shown = _option_json(field, field.options[place])
    field.hidden.discard(field.options.pop(place)[0])
    return shown


CHOSEN = ("SelectConstant", "SelectEditable", "SelectMultiple", "TagsField")


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    table.add("GET /products/{product}/workflows", workflows)
    table.add("GET /workflows/{id}", workflow)
    table.add("GET /custom_field_definitions", definitions)
    stem = "/custom_field_definitions/{id}"
    table.add(f"GET {stem}/options", options)
    table.add(f"GET {stem}/custom_field_options", option_list)
    table.add(f"POST {stem}/custom_field_options", create_option)
    table.add(f"PUT {stem}/custom_field_options/{{option}}", change_option)
    table.add(f"DELETE {stem}/custom_field_options/{{option}}", delete_option)
