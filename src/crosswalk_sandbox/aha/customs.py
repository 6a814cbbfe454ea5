"""Custom fields: judging the values of a write, and showing them. Knows neither HTTP nor the history.

Written as an object `{key: value}` or a list of `{key, value}`, read as an array:
https://www.aha.io/api/resources/features/update_a_feature
A key that the record type does not have is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.definitions import CustomField
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import Account, Custom, CustomValue, Record

PREFIX = "CustomFieldDefinitions::"
# From the definition's class to the `type` that a record shows, as seen in Aha!'s examples of screen definitions.
API_TYPES = {
    "SelectConstant": "string",
    "SelectEditable": "string",
    "TextField": "string",
    "NumberField": "number",
    "UrlField": "url",
    "DateField": "date",
    "NoteField": "note",
    "TagsField": "array",
    "SelectMultiple": "array",
    "LinkMany": "array",
    "LinkMasterDetail": "array",
    "Records::UsersField": "array",
    "AttachmentField": "attachment",
    "EquationField": "equation_sheet",
    "ScorecardField": "scorecard",
}


def api_type(definition: CustomField) -> str:
    """The `type` a value of this field is shown with."""
    return API_TYPES.get(definition.type.removeprefix(PREFIX), "string")


def custom_edits(
    account: Account, record: Record, fieldable_type: str, given: object
) -> Iterator[tuple[str, str, str, Callable[[], None]]]:
    """(label, old text, new text, how to make it) for each value that changes. Raises Invalid."""
    for key, value in _pairs(given):
        definition = account.definition(key, fieldable_type)
        if definition is None:
            continue
        new = _value(definition, value)
        present = record.custom.get(key)
        if (present.value if present else _nothing(definition)) == new:
            continue
        old_text = shown_text(present.value) if present else ""
        yield definition.name, old_text, shown_text(new), _maker(account, record, definition, new)


def give_file_fields(account: Account, record: Record, fieldable_type: str) -> None:
    """A record shows its attachment fields from the start, because files are added to the value by its id."""
    for definition in account.custom_fields:
        if definition.fieldable_type == fieldable_type and api_type(definition) == "attachment":
            value = CustomValue(account.new_id(), definition, "", account.now(), record)
            record.custom[definition.key] = value


def _pairs(given: object) -> list[tuple[str, object]]:
    """Keys and values: an object, or a list of such, as the example for initiatives writes it.

    https://www.aha.io/api/resources/initiatives/update_an_initiatives_custom_fields
    """
    if isinstance(given, dict):
        return list(given.items())
    if isinstance(given, list) and all(isinstance(one, dict) and isinstance(one.get("key"), str) for one in given):
        return [(one["key"], one.get("value")) for one in given]
    raise Invalid("custom_fields is not an object of keys and values")


def _maker(account: Account, record: Record, definition: CustomField, new: Custom) -> Callable[[], None]:
    def make() -> None:
        present = record.custom.get(definition.key)
        if present is None:
            made = CustomValue(account.new_id(), definition, new, account.now(), record)
            record.custom[definition.key] = account.custom_values[made.id] = made
        elif new == _nothing(definition) and not present.attachments:
            account.custom_values.pop(present.id, None)
            del record.custom[definition.key]
        else:
            present.value, present.updated_at = new, account.now()

    return make


def _nothing(definition: CustomField) -> Custom:
    kind = api_type(definition)
    return [] if kind == "array" else {} if kind == "equation_sheet" else ""


def shown_text(value: Custom) -> str:
    """A value in words."""
    if isinstance(value, dict):
        return ", ".join(f"{column}: {amount:g}" for column, amount in value.items())
    return value if isinstance(value, str) else ", ".join(value)


def _value(definition: CustomField, value: object) -> Custom:
    kind, name = api_type(definition), definition.name
    if kind == "array":
        found = values.names(value, name)
        return [_option(definition, one) for one in found]
    if kind == "date":
        day = values.day(value, name)
        return day.isoformat() if day else ""
    if kind == "number":
        number = values.any_number(value, name)
        return "" if number is None else str(number)
    if kind == "note":
        return normal(values.text(value, name))
    if kind == "equation_sheet":
        return _sheet(value, name)
    if kind in ("attachment", "scorecard"):
        raise Invalid(f"{name} can not be written as a custom field value")
    return _option(definition, values.text(value, name).strip())


def _sheet(value: object, name: str) -> dict[str, float]:
    """The columns of an equation sheet by id: https://www.aha.io/api/resources/features/update_a_feature."""
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > 1000:
        raise Invalid(f"{name} is not an object of columns and numbers")
    amounts = {values.text(column, name): values.number(amount, name) for column, amount in value.items()}
    return {column: amount for column, amount in amounts.items() if amount is not None}


def _option(definition: CustomField, value: str) -> str:
    """A value of a closed list has to be one of its options, named by text or id; other fields take any text."""
    if not value or not definition.type.endswith(("SelectConstant", "SelectMultiple")):
        return value
    for option_id, text, _ in definition.options:
        if value in (option_id, text):
            return text
    raise Invalid(f"{definition.name}: {value} is not one of the options")
