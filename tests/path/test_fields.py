"""Every kind of field: made with the issue, changed and cleared from either side, and quiet afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosswalk.merge.records import Ref
from crosswalk_sandbox.aha.definitions import CustomField
from crosswalk_sandbox.jira.catalogue import KINDS, TYPE
from crosswalk_sandbox.jira.state import Field, Named
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System


@dataclass(frozen=True)
class Case:
    """A pair of fields, and for each of three moments what Aha! and Jira hold."""

    aha: str  # the class of the Aha! definition
    jira: str  # the type of the Jira field
    first: tuple[Any, Any]  # set in Aha! before it is sent
    second: tuple[Any, Any]  # then in Aha!
    third: tuple[Any, Any]  # then in Jira
    options: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    table: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.aha} and {self.jira}"


TIERS = (("Gold", "Silver", "Tin"), ("gold", "Silver", "Blech"))
PLACES = (("Europe / Oslo", "Asia", "Asia / Pune"), ("Europe", "Europe / Oslo", "Asia", "Asia / Pune"))
TIN = {"Tin": "Blech"}
CASES = [
    Case("TextField", "textfield", ("a", "a"), ("*b* [x]", "*b* [x]"), ("h1. c", "h1. c")),
    Case("TextField", "textarea", ("a b", "a b"), ("*b*", "\\*b\\*"), ("c d", "c  *d*")),
    Case("NoteField", "textarea", ("<p>a</p>", "a"), ("<p><strong>b</strong></p>", "*b*"), ("<p>c</p>", "c")),
    Case("NoteField", "textfield", ("<p>a</p>", "a"), ("<p><strong>b</strong></p>", "b"), ("<p>c</p>", "c")),
    Case("NumberField", "float", ("1.5", 1.5), ("1234567.25", 1234567.25), ("3.0", 3)),
    Case("TextField", "float", ("1.5", 1.5), ("0", 0), ("12", 12)),
    Case("DateField", "datepicker", ("2027-01-31",) * 2, ("2028-02-29",) * 2, ("2026-12-01",) * 2),
    Case(
        "DateField",
        "datetime",
        ("2027-01-31", "2027-01-31T12:00:00.000+0000"),
        ("2028-02-29", "2028-02-29T12:00:00.000+0000"),
        ("2026-12-01", "2026-12-01T23:59:00.000+0100"),
    ),
    Case("UrlField", "url", ("https://a.example/x",) * 2, ("https://b.example/?y=1#z",) * 2, ("http://c.example",) * 2),
    Case("SelectConstant", "select", ("Gold", "gold"), ("Silver", "Silver"), ("Tin", "Blech"), TIERS, TIN),
    Case("SelectEditable", "radiobuttons", ("Gold", "gold"), ("Tin", "Blech"), ("Silver", "Silver"), TIERS, TIN),
    Case("SelectConstant", "textfield", ("Gold", "Gold"), ("Tin", "Tin"), ("Silver", "Silver"), TIERS),
    Case(
        "SelectMultiple",
        "multiselect",
        (["Gold", "Tin"], ["gold", "Blech"]),
        (["Tin"], ["Blech"]),
        (["Tin", "Silver"], ["Blech", "Silver"]),
        TIERS,
        TIN,
    ),
    Case("SelectMultiple", "multicheckboxes", (["Gold"],) * 2, (["Tin"],) * 2, (["Gold", "Tin"],) * 2, (TIERS[0],) * 2),
    Case("SelectConstant", "multiselect", ("Gold", ["gold"]), ("Tin", ["Blech"]), ("Silver", ["Silver"]), TIERS, TIN),
    Case("SelectMultiple", "select", (["Gold"], "gold"), (["Tin"], "Blech"), (["Silver"], "Silver"), TIERS, TIN),
    Case(
        "SelectMultiple", "labels", (["a b"], ["a_b"]), (["c"], ["c"]), (["a b", "c"], ["a_b", "c"]), (("a b", "c"), ())
    ),
    Case("TagsField", "labels", (["a b", "c"], ["a_b", "c"]), (["c"], ["c"]), (["c", "d"], ["c", "d"])),
    Case("TextField", "labels", ("a, b", ["a", "b"]), ("b", ["b"]), ("b, c", ["b", "c"])),
    Case("SelectConstant", "cascadingselect", ("Europe / Oslo",) * 2, ("Asia",) * 2, ("Asia / Pune",) * 2, PLACES),
    Case(
        "TextField",
        "grouppicker",
        ("jira-software-users",) * 2,
        ("jira-administrators",) * 2,
        ("jira-software-users",) * 2,
    ),
    Case(
        "TagsField",
        "multigrouppicker",
        (["jira-software-users"],) * 2,
        (["jira-administrators"],) * 2,
        (["jira-software-users"],) * 2,
    ),
    Case("TextField", "version", ("Autumn 2026",) * 2, ("spring 2027",) * 2, ("Autumn 2026",) * 2),
    Case("TagsField", "multiversion", (["Autumn 2026"],) * 2, (["spring 2027"],) * 2, (["Autumn 2026"],) * 2),
    Case(
        "Records::UsersField",
        "multiuserpicker",
        (["bruno@example.com"], ["bruno"]),
        (["chandra@example.com"], ["chandra"]),
        (["chandra@example.com", "alice@example.com"], ["chandra", "alice"]),
    ),
    Case(
        "Records::UsersField",
        "userpicker",
        (["bruno@example.com"], "bruno"),
        (["chandra@example.com"], "chandra"),
        (["alice@example.com"], "alice"),
    ),
]


class Fields:
    """A custom field on either side for each case, all joined by lines of the mapping."""

    def __init__(self, system: System, direction: str = "both") -> None:
        self.system = system
        lines = []
        for number, case in enumerate(CASES):
            put_in_aha(system, f"extra{number}", case.aha, case.options[0])
            put_in_jira(system, f"customfield_10{number + 200}", case.jira, case.options[1])
            line = {"aha": f"custom:extra{number}", "jira": f"customfield_10{number + 200}", "options": case.table}
            lines.append({**line, "name": f"Extra {number}", "direction": direction})
        remap(system, *lines)

    def in_aha(self, ref: Ref) -> list[Any]:
        shown = self.system.aha.record("features", ref.key)["custom_fields"]
        held = {one["key"]: one.get("value", one.get("body")) for one in shown}
        return [held.get(f"extra{number}") for number in range(len(CASES))]

    def set_aha(self, ref: Ref, values: list[Any]) -> None:
        made = {f"extra{number}": value for number, value in enumerate(values)}
        self.system.aha.put(f"/features/{ref.id}", {"feature": {"custom_fields": made}})

    def in_jira(self, ref: Ref) -> list[Any]:
        held = self.system.issue(self.system.pair(ref).right_key)
        return [plain(self.system, held[f"customfield_10{number + 200}"]) for number in range(len(CASES))]

    def set_jira(self, ref: Ref, values: list[Any]) -> None:
        made = {
            f"customfield_10{number + 200}": self.wire(case.jira, f"customfield_10{number + 200}", value)
            for number, (case, value) in enumerate(zip(CASES, values, strict=True))
        }
        self.system.jira.edit(self.system.pair(ref).right_key, **made)

    def wire(self, type_: str, name: str, value: Any) -> Any:
        """A value as REST v2 takes it."""
        system, (kind, schema, items) = self.system, KINDS[type_]
        if isinstance(value, list):
            return [self.wire(type_, name, one) for one in value]
        if value is None or kind in ("labels",) or (schema in ("string", "number", "date", "datetime") and not items):
            return value
        if kind in ("person", "people"):
            who = next(one for one in system.site.people.values() if one.name == value)
            return {"accountId": who.account_id} if system.flavour == "cloud" else {"name": value}
        if kind == "cascade":
            chosen = next(one.id for one in system.site.fields[name].options if one.name == value.split(" / ")[-1])
            above, _, below = chosen.partition("/")
            return {"id": above, "child": {"id": below}} if below else {"id": above}
        return {"name": value} if kind in ("group", "groups", "version", "versions") else {"value": value}


def put_in_aha(system: System, key: str, type_: str, options: tuple[str, ...] = ()) -> None:
    held = [(f"70{number}", text, "#666666") for number, text in enumerate(options)]
    definition = CustomField(
        f"77{len(system.account.custom_fields)}",
        key,
        f"{key} {type_}",
        f"CustomFieldDefinitions::{type_}",
        "Feature",
        held,
    )
    system.account.custom_fields.append(definition)


def put_in_jira(system: System, field_id: str, type_: str, options: tuple[str, ...] = ()) -> Field:
    kind, schema, items = KINDS[type_]
    made = Field(field_id, f"{field_id} {type_}", kind, schema, items, TYPE + type_)
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


def remap(system: System, *lines: dict[str, Any], **changes: Any) -> None:
    from crosswalk.sync import service

    service.load_project_data(system.integration)
    fields = system.integration.mapping["fields"]
    system.remap(fields={**fields, "feature": [*fields["feature"], *lines]}, **changes)


def custom(system: System, ref: Ref, key: str) -> Any:
    """The value of a custom field of a feature; None where Aha! shows none."""
    shown = system.aha.record("features", ref.key)["custom_fields"]
    return next((one.get("value", one.get("body")) for one in shown if one["key"] == key), None)


def plain(system: System, value: Any) -> Any:
    """What Jira shows, in the words of the cases."""
    if isinstance(value, list):
        return [plain(system, one) for one in value] or None
    if not isinstance(value, dict):
        return value
    if "child" in value:
        return f"{value['value']} / {value['child']['value']}"
    if "displayName" in value:
        return next(one.name for one in system.site.people.values() if one.display_name == value["displayName"])
    return value.get("value") or value.get("name")


def same(held: Any, wanted: Any) -> bool:
    """Whether a side holds what is wanted: lists in any order, texts as they read."""
    if isinstance(wanted, list):
        return sorted(held or []) == sorted(wanted)
    if wanted is None:
        return not held
    if isinstance(held, str) and ":00" in held and "T" in held:
        return datetime.fromisoformat(held) == datetime.fromisoformat(wanted)
    return held == wanted or (isinstance(held, str) and held.replace("  ", " ") == str(wanted).replace("  ", " "))


def test_every_kind_is_carried_both_ways_and_cleared_from_either(system: System) -> None:
    fields = Fields(system)
    ref = system.feature("Bell", custom_fields={f"extra{n}": case.first[0] for n, case in enumerate(CASES)})
    system.send(ref)
    expect(fields, ref, [case.first for case in CASES])
    fields.set_aha(ref, [case.second[0] for case in CASES])
    look(system, ref)
    expect(fields, ref, [case.second for case in CASES])
    fields.set_jira(ref, [case.third[1] for case in CASES])
    look(system, ref)
    expect(fields, ref, [case.third for case in CASES])
    fields.set_aha(ref, [[] if isinstance(case.first[0], list) else "" for case in CASES])
    look(system, ref)
    expect(fields, ref, [(None, None)] * len(CASES))
    fields.set_jira(ref, [case.third[1] for case in CASES])
    look(system, ref)
    expect(fields, ref, [case.third for case in CASES])
    fields.set_jira(ref, [[] if isinstance(case.first[1], list) else None for case in CASES])
    look(system, ref)
    expect(fields, ref, [(None, None)] * len(CASES))
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref, 2)


def expect(fields: Fields, ref: Ref, wanted: list[tuple[Any, Any]]) -> None:
    """Both sides hold what is wanted; says of which pairs of fields that is not so."""
    told = [line.what for line in warnings(fields.system, ref)]
    held = list(zip(CASES, fields.in_aha(ref), fields.in_jira(ref), wanted, strict=True))
    differ = [
        (case.name, aha, jira, want)
        for case, aha, jira, want in held
        if not (same(aha, want[0]) and same(jira, want[1]))
    ]
    assert (differ, told) == ([], [])
