"""Endpoints about workflows and custom field definitions with their options.

Paths and parameters: https://www.aha.io/api/resources/workflows and https://www.aha.io/api/resources/custom_fields.
Knows no HTTP server.
"""

from __future__ import annotations

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.call import Call, Table
from crosswalk_sandbox.aha.refusals import Invalid, Missing
from crosswalk_sandbox.aha.state import KINDS, CustomField, Workflow


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


def option_list(call: Call) -> object:
    """GET the options of a custom field as they are administered."""
    return {"custom_field_options": [_option_json(*option) for option in _definition(call).options]}


def _option_json(key: str, text: str, color: str) -> dict[str, object]:
    return {"id": key, "value": text, "color": int(color.lstrip("#"), 16), "hidden": False}


def _option_values(call: Call) -> tuple[str, str]:
    given = call.given("custom_field_option")
    text = values.text(given.get("value"), "Value").strip()
    if not text:
        raise Invalid("Value can't be blank")
    color = values.number(given.get("color", 0x666666), "Color", most=0xFFFFFF)
    return text, f"#{int(color or 0):06x}"


def create_option(call: Call) -> object:
    """POST an option; answers it bare, without a name around it, as the document shows."""
    field, (text, color) = _definition(call), _option_values(call)
    if any(text == present for _, present, _ in field.options):
        raise Invalid("Value has already been taken")
    field.options.append((call.account.new_id(), text, color))
    return _option_json(*field.options[-1])


def _option(call: Call, field: CustomField) -> int:
    for place, (key, _, _) in enumerate(field.options):
        if key == call.args["option"]:
            return place
    raise Missing


def change_option(call: Call) -> object:
    """PUT an option: rename it. Records that carry it show the new text."""
    field = _definition(call)
    place, (text, color) = _option(call, field), _option_values(call)
    key, old, _ = field.options[place]
    field.options[place] = (key, text, color)
    _rename_values(call, field, old, text)
    return _option_json(*field.options[place])


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
    """DELETE an option; answers 200 with it, as the document shows."""
    field = _definition(call)
    return _option_json(*field.options.pop(_option(call, field)))


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
