"""What people do with fields and see of them on each side, through the vendors' own REST. Nothing of Crosswalk's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crosswalk_sandbox.aha.definitions import CustomField
from crosswalk_sandbox.aha.state import CustomValue
from crosswalk_sandbox.jira.catalogue import KINDS, TYPE
from crosswalk_sandbox.jira.state import Field, Named
from tests.path.matrix.rows import ROWS, Row
from tests.path.system import System

TOKEN = re.compile(r"<p><a href=[^>]*#crosswalk=[^<]*</a></p>$")
"""A record that was made in Aha! for an issue names the issue in a last paragraph."""
Values = Mapping[Row, Any]
WAYS = {("To Do", "In Review"): "In Progress", ("To Do", "Done"): "In Progress", ("In Progress", "Done"): "In Review"}
WAYS |= {("Done", other): "To Do" for other in ("In Progress", "In Review")}
"""Where no transition without a screen leads from one status to another: the status in between."""
PLURALS = {"feature": "features", "requirement": "requirements", "epic": "epics", "initiative": "initiatives"}


@dataclass
class Carrier:
    """A record in Aha! and its issue, with the rows that are played on it."""

    name: str
    kind: str
    rows: list[Row]
    id: str = ""
    key: str = ""  # of the issue


def aha_name(row: Row) -> str:
    """The field's name in Aha!, as the API says it."""
    return f"extra{ROWS.index(row)}" if row.custom else row.aha


def jira_name(row: Row, flavour: str) -> str:
    if row.own:
        return f"customfield_10{ROWS.index(row) + 200}"
    return "customfield_10014" if row.aha == "epic" and flavour == "dc" else row.jira


class Hands:
    """A product owner and an engineer who edit and read every row."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.epics: dict[str, Carrier] = {}
        self.releases = {one["name"]: one["id"] for one in system.aha.get("/products/FAB/releases")["releases"]}

    # ---- fields of their own

    def make_fields(self) -> None:
        """A custom field on either side for each row that has one."""
        for row in ROWS:
            if row.custom:
                kinds = sorted({"feature" if kind == "points" else kind for kind in row.on})
                put_in_aha(self.system, aha_name(row), row.aha, row.options[0], kinds)
            if row.own:
                put_in_jira(self.system, jira_name(row, ""), row.jira, row.options[1])

    # ---- Aha!

    def aha_body(self, values: Values) -> dict[str, Any]:
        """A record's JSON as REST v1 takes it. None empties."""
        body: dict[str, Any] = {}
        for row, value in values.items():
            if row.aha == "EquationField":
                body.setdefault("custom_fields", {})[aha_name(row)] = {"Sum": value} if value else {}
            elif row.custom and row.aha != "ScorecardField":
                empty: Any = [] if isinstance(row.a[0], list) else ""
                body.setdefault("custom_fields", {})[aha_name(row)] = empty if value is None else value
            else:
                body |= self._aha_part(row, value)
        return body

    def _aha_part(self, row: Row, value: Any) -> dict[str, Any]:
        match row.aha:
            case "workflow_status":
                return {"workflow_status": {"name": value}}
            case "assigned_to_user":
                return {"assigned_to_user": {"email": value} if value else None}
            case "created_by_user":
                return {"created_by": value}
            case "original_estimate" if row.name == "Points":
                return {"original_estimate_text": f"{value}p"} if value else {"original_estimate": None}
            case "tags":
                return {"tags": value or []}
            case "releases":
                return {"release": self.releases[value[0]]}
            case "epic":
                return {"epic": self.epics[value].id if value else None}
            case "score":
                return {"score_facts": [{"name": "Benefit", "value": value}]}
        return {row.aha: value}

    def rate(self, carrier: Carrier, values: Values) -> None:
        """Somebody fills in a scorecard: there is no API for that."""
        account = self.system.account
        for row, value in values.items():
            if row.aha == "ScorecardField":
                record, definition = (
                    account.find(carrier.kind, carrier.id),
                    account.definition(aha_name(row), "Feature"),
                )
                shown = "" if value is None else str(value)
                made = CustomValue(account.new_id(), definition, shown, account.now(), record)
                record.custom[definition.key], record.updated_at = made, account.now()

    def edit_aha(self, carrier: Carrier, values: Values) -> None:
        self.rate(carrier, values)
        if values:
            self.system.aha.put(f"/{PLURALS[carrier.kind]}/{carrier.id}", {carrier.kind: self.aha_body(values)})

    def seen_in_aha(self, carrier: Carrier) -> dict[Row, Any]:
        """What a product owner sees."""
        shown = self.system.aha.record(PLURALS[carrier.kind], carrier.id)
        custom = {one["key"]: _custom_value(one) for one in shown.get("custom_fields", ())}
        return {row: custom.get(aha_name(row)) if row.custom else _aha_value(row, shown) for row in carrier.rows}

    # ---- Jira

    def jira_fields(self, values: Values) -> dict[str, Any]:
        """The fields of an issue as REST v2 takes them, but for the status."""
        fields: dict[str, Any] = {}
        for row, value in values.items():
            name = jira_name(row, self.system.flavour)
            if name in ("timeoriginalestimate", "timeestimate"):
                inner = "originalEstimate" if name == "timeoriginalestimate" else "remainingEstimate"
                fields.setdefault("timetracking", {})[inner] = f"{value // 60}m" if value else ""
            elif row.aha == "epic":
                key = self.epics[value].key if value else None
                fields[name] = key if self.system.flavour == "dc" else {"key": key}
            elif row.name == "Sprint":
                fields[name] = int(value[-1]) if value else None
            elif row.jira != "status":
                empty: Any = [] if isinstance(row.a[1], list) else None
                fields[name] = empty if value is None else self._wire(row, name, value)
        return fields

    def edit_jira(self, carrier: Carrier, values: Values) -> None:
        fields = self.jira_fields(values)
        if fields.get("parent") == {"key": None}:
            fields.pop("parent")
            body = {"update": {"parent": [{"set": {"none": True}}]}}
            self.system.jira.send("PUT", f"/issue/{carrier.key}", body)
        if fields:
            self.system.jira.edit(carrier.key, **fields)
        for row, value in values.items():
            if row.jira == "status" and value is not None:
                self.walk(carrier.key, value)

    def walk(self, key: str, status: str) -> None:
        """Through the workflow to a status."""
        while (now := self.system.issue(key, "status")["status"]["name"]) != status:
            self.system.jira.move(key, WAYS.get((now, status), status))

    def seen_in_jira(self, carrier: Carrier) -> dict[Row, Any]:
        """What an engineer sees."""
        fields = self.system.issue(carrier.key)
        return {row: self._jira_value(row, fields) for row in carrier.rows}

    def _jira_value(self, row: Row, fields: dict[str, Any]) -> Any:
        value = fields.get(jira_name(row, self.system.flavour))
        if row.aha == "epic":
            key = value["key"] if isinstance(value, dict) else value
            return next((name for name, one in self.epics.items() if one.key == key), key)
        if row.name == "Sprint":
            return re.search(r"FAB Sprint \d", str(value))[0] if value else None
        return plain(self.system, value)

    def _wire(self, row: Row, name: str, value: Any) -> Any:
        held = self.system.site.fields[name]
        if isinstance(value, list):
            return [self._wire(row, name, one) for one in value]
        if held.kind in ("person", "people"):
            who = next(one for one in self.system.site.people.values() if one.name == value)
            return {"accountId": who.account_id} if self.system.flavour == "cloud" else {"name": value}
        if held.kind == "cascade":
            chosen = next(one.id for one in held.options if one.name == value.split(" / ")[-1])
            above, _, below = chosen.partition("/")
            return {"id": above, "child": {"id": below}} if below else {"id": above}
        if held.kind in ("option", "options"):
            return {"value": value}
        if held.kind == "projectpick":
            return {"key": next(one.key for one in self.system.site.projects.values() if one.name == value)}
        if held.kind in ("group", "groups", "version", "versions", "components", "priority"):
            return {"name": value}
        return value


def _custom_value(one: dict[str, Any]) -> Any:
    value = one.get("value", one.get("body"))
    if one["type"] == "equation_sheet":
        return next((column["value"] for column in value["values"].values()), None)
    return float(value) if one["type"] == "scorecard" and value else value


def _aha_value(row: Row, shown: dict[str, Any]) -> Any:
    value = shown.get(row.aha)
    match row.aha:
        case "description":
            return TOKEN.sub("", value["body"]) if value else None
        case "assigned_to_user" | "created_by_user":
            return value["email"] if value else None
        case "workflow_status" | "epic":
            return value["name"] if value else None
        case "releases":
            return [shown["release"]["name"]]
    return value


def plain(system: System, value: Any) -> Any:
    """What Jira shows, in the words of the rows."""
    if isinstance(value, list):
        return [plain(system, one) for one in value] or None
    if not isinstance(value, dict):
        return value
    if "child" in value:
        return f"{value['value']} / {value['child']['value']}"
    if "displayName" in value:
        return next(one.name for one in system.site.people.values() if one.display_name == value["displayName"])
    if "isShared" in value:
        return value["id"]  # of a team
    return value.get("value") or value.get("name")


def put_in_aha(
    system: System, key: str, type_: str, options: tuple[str, ...] = (), kinds: Iterable[str] = ("feature",)
) -> None:
    """A custom field of features, or of each of these kinds."""
    held = [(f"70{number}", text, "#666666") for number, text in enumerate(options)]
    for kind in kinds:
        number, name = f"77{len(system.account.custom_fields)}", f"{key} {type_}"
        made = CustomField(number, key, name, f"CustomFieldDefinitions::{type_}", kind.capitalize(), held)
        system.account.custom_fields.append(made)


def put_in_jira(system: System, field_id: str, type_: str, options: tuple[str, ...] = ()) -> Field:
    """A custom field on every screen."""
    kind, schema, items = KINDS[type_]
    custom = TYPE + type_
    if type_ == "atlassian-team" and system.flavour == "dc":
        custom, schema = "com.atlassian.teams:rm-teams-custom-field-team", "any"
    made = Field(field_id, f"{field_id} {type_}", kind, schema, items, custom)
    if kind == "team":
        system.site.teams |= {text: f"Team {text}" for text in options}
    above = ""
    for number, text in enumerate(options):
        if " / " in text:
            made.options.append(Named(f"{above}/10{number}", text.split(" / ")[1]))
        else:
            above = f"10{number}"
            made.options.append(Named(above, text))
    system.site.fields[field_id] = made
    for screen in system.site.screens.values():
        screen.fields.append(field_id)
    return made


def alike(held: Any, wanted: Any) -> bool:
    """Whether a side holds what is wanted: lists in any order, moments in any zone, texts as they read."""
    if isinstance(wanted, list):
        return sorted(held or []) == sorted(wanted)
    if wanted is None:
        return not held
    if isinstance(held, str) and ":00" in held and "T" in held:
        return datetime.fromisoformat(held) == datetime.fromisoformat(wanted)
    return bool(held == wanted) or (isinstance(held, str) and held.replace("  ", " ") == str(wanted).replace("  ", " "))
