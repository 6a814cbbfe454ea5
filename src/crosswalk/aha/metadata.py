"""What is known of an Aha! workspace: statuses, custom fields, releases, people. Values that can be stored; no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crosswalk.aha.wire import Json, items
from crosswalk.merge.values import Choice, Person

API_TYPES: Mapping[str, str] = {
    "SelectConstant": "string",
    "SelectEditable": "string",
    "TextField": "string",
    "NumberField": "number",
    "UrlField": "url",
    "DateField": "date",
    "NoteField": "note",
    "LinkMany": "array",
    "LinkMasterDetail": "array",
    "Records::UsersField": "array",
    "SelectMultiple": "array",
    "TagsField": "array",
    "ScorecardField": "scorecard",
    "Scorecard": "scorecard",
    "AttachmentField": "attachment",
    "EquationField": "equation_sheet",
}
"""A definition's class, and the `type` its values are shown with (https://www.aha.io/api, screen definitions)."""

HOLDS: Mapping[str, str] = {
    "SelectConstant": "option",
    "SelectEditable": "open option",
    "TextField": "line",
    "NumberField": "number",
    "UrlField": "url",
    "DateField": "date",
    "NoteField": "rich",
    "SelectMultiple": "options",
    "TagsField": "words",
    "Records::UsersField": "people",
    "LinkMany": "links",
    "LinkMasterDetail": "links",
    "ScorecardField": "score",
    "Scorecard": "score",
    "EquationField": "formula",
    "AttachmentField": "files",
}
"""A definition's class, and what such a field holds, as fields.py calls it."""

CHOSEN = ("option", "open option", "options")
"""What is chosen from a list that can be asked for."""

CLOSED = ("option", "options")
"""What takes nothing besides."""

STATUSABLE: Mapping[str, str] = {
    "feature": "feature",
    "requirement": "requirement",
    "release": "release",
    "epic": "epic",
    "masterfeature": "epic",
    "initiative": "initiative",
}
"""What a workflow's `statusable_type` means, in small letters without underscores."""


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of one kind of record. `type` is what its values are shown with: "string", "url", "array" ...

    `holds` is what it holds in finer words (see HOLDS), `options` what may be chosen.
    """

    key: str
    name: str
    kind: str
    type: str
    id: str = ""
    holds: str = ""
    options: tuple[Choice, ...] = ()


JIRAS = ("jira", "jira_connect")  # service names of Aha!'s own integrations with Jira


@dataclass(frozen=True, slots=True)
class Integration:
    """An integration of the workspace, whose fields may show the Jira issue on a record."""

    id: str
    name: str
    service: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Metadata:
    """A workspace. `statuses` are by kind of record, in their order; a complete one has the category "done"."""

    workspace: str
    key: str
    name: str
    url: str = ""
    statuses: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    custom_fields: tuple[CustomField, ...] = ()
    releases: tuple[Choice, ...] = ()
    people: tuple[Person, ...] = ()
    integrations: tuple[Integration, ...] = ()

    def custom_types(self) -> dict[str, str]:
        """The `type` of each custom field by its key."""
        return {custom.key: custom.type for custom in self.custom_fields}

    def dump(self) -> dict[str, Any]:
        """As JSON-able data that `load` turns back."""
        return asdict(self)


def load(data: Mapping[str, Any]) -> Metadata:
    """The metadata that `Metadata.dump` wrote down. Raises KeyError or TypeError for anything else."""
    return Metadata(
        data["workspace"],
        data["key"],
        data["name"],
        data["url"],
        {kind: _choices(entries) for kind, entries in data["statuses"].items()},
        tuple(
            CustomField(**{**entry, "options": _choices(entry.get("options", ()))}) for entry in data["custom_fields"]
        ),
        _choices(data["releases"]),
        tuple(Person(**entry) for entry in data["people"]),
        tuple(Integration(**entry) for entry in data["integrations"]),
    )


def _choices(data: Iterable[Mapping[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(**entry) for entry in data)


def status(data: Mapping[str, Json]) -> Choice:
    """A workflow status; its category is "done" where Aha! calls it complete."""
    done = "done" if data.get("complete") is True else ""
    return Choice(str(data.get("id") or ""), str(data.get("name") or ""), done)


def statuses(answer: Json) -> dict[str, tuple[Choice, ...]]:
    """The statuses of each kind of record, in their order. The first workflow of a kind counts.

    Requirements and epics without a workflow of their own follow the features': the official example lists none for
    them, and recorded features and requirements share the ids of their statuses.
    """
    found: dict[str, tuple[Choice, ...]] = {}
    for workflow in items(answer, "workflows"):
        kind = STATUSABLE.get(str(workflow.get("statusable_type") or "").replace("_", "").lower(), "")
        if kind and kind not in found:
            listed = sorted(items(workflow, "workflow_statuses"), key=_position)
            found[kind] = tuple(status(entry) for entry in listed)
    for kind in ("requirement", "epic"):
        if kind not in found and "feature" in found:
            found[kind] = found["feature"]
    return found


def _position(entry: Mapping[str, Json]) -> float:
    position = entry.get("position")
    return float(position) if isinstance(position, int | float) else 0.0


def custom_fields(answer: Json) -> tuple[CustomField, ...]:
    """The custom fields of the kinds that are kept in step."""
    found = []
    for entry in items(answer, "custom_field_definitions"):
        kind = STATUSABLE.get(str(entry.get("custom_fieldable_type") or "").replace("_", "").lower(), "")
        if kind:
            type_ = str(entry.get("type") or "").removeprefix("CustomFieldDefinitions::")
            name, key = str(entry.get("name") or entry.get("key") or ""), str(entry.get("key") or "")
            shown, holds = API_TYPES.get(type_, "string"), HOLDS.get(type_, "other")
            found.append(CustomField(key, name, kind, shown, str(entry.get("id") or ""), holds))
    return tuple(found)


def options(answer: Json) -> tuple[Choice, ...]:
    """What may be chosen in a custom field: `{options: [{text, value}]}`."""
    return tuple(
        Choice(str(entry.get("value") or ""), str(entry.get("text") or "")) for entry in items(answer, "options")
    )


def integration(data: Mapping[str, Json]) -> Integration:
    """An integration of an answer."""
    return Integration(
        str(data.get("id") or ""),
        str(data.get("name") or ""),
        str(data.get("service_name") or ""),
        data.get("enabled") is True,
    )
