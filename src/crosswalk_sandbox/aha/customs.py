"""Custom fields: judging the values of a write, and showing them. Knows neither HTTP nor the history.

Written as an object `{key: value}`, read as an array (https://www.aha.io/api/resources/features/update_a_feature).
A key that the record type does not have is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import Account, CustomField, CustomValue, Record

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
}


def api_type(definition: CustomField) -> str:
    """The `type` a value of this field is shown with."""
    return API_TYPES.get(definition.type.removeprefix(PREFIX), "string")


def custom_edits(
    account: Account, record: Record, fieldable_type: str, given: object
) -> Iterator[tuple[str, str, str, Callable[[], None]]]:
    """(label, old text, new text, how to make it) for each value that changes. Raises Invalid."""
    if not isinstance(given, dict):
        raise Invalid("custom_fields is not an object of keys and values")
    for key, value in given.items():
        definition = account.definition(key, fieldable_type)
        if definition is None:
            continue
        new = _value(definition, value)
        present = record.custom.get(key)
        if (present.value if present else _nothing(definition)) == new:
            continue
        old_text = _text(present.value) if present else ""
        yield definition.name, old_text, _text(new), _maker(account, record, definition, new)


def _maker(account: Account, record: Record, definition: CustomField, new: str | list[str]) -> Callable[[], None]:
    def make() -> None:
        present = record.custom.get(definition.key)
        if new == _nothing(definition):
            record.custom.pop(definition.key, None)
        elif present is None:
            record.custom[definition.key] = CustomValue(account.new_id(), definition, new, account.now())
        else:
            present.value, present.updated_at = new, account.now()

    return make


def _nothing(definition: CustomField) -> str | list[str]:
    return [] if api_type(definition) == "array" else ""


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _value(definition: CustomField, value: object) -> str | list[str]:
    kind, name = api_type(definition), definition.name
    if kind == "array":
        found = values.names(value, name)
        return [_option(definition, one) for one in found]
    if kind == "date":
        day = values.day(value, name)
        return day.isoformat() if day else ""
    if kind == "number":
        number = values.number(value, name)
        return "" if number is None else str(number)
    if kind == "note":
        return normal(values.text(value, name))
    return _option(definition, values.text(value, name).strip())


def _option(definition: CustomField, value: str) -> str:
    """A value of a closed list has to be one of its options, named by text or id; other fields take any text."""
    if not value or not definition.type.endswith(("SelectConstant", "SelectMultiple")):
        return value
    for option_id, text, _ in definition.options:
        if value in (option_id, text):
            return text
    raise Invalid(f"{definition.name}: {value} is not one of the options")
