"""Every kind of field: made with the issue, changed and cleared from either side, and quiet afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.sync.mapping import MappingRefused
from crosswalk_sandbox.aha.definitions import CustomField
from crosswalk_sandbox.jira.catalogue import KINDS, TYPE
from crosswalk_sandbox.jira.state import Field, Named
from tests.path.looking import assert_quiet, look, only_warning, warnings
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


@pytest.mark.parametrize("direction", ["to jira", "to aha", "once to jira"])
def test_a_direction_holds_for_every_kind(cloud: System, direction: str) -> None:
    fields = Fields(cloud, direction)
    ref = cloud.feature("Bell", custom_fields={f"extra{n}": case.first[0] for n, case in enumerate(CASES)})
    cloud.send(ref)
    sent = [(case.first[0], None if direction == "to aha" else case.first[1]) for case in CASES]
    expect(fields, ref, sent)
    fields.set_jira(ref, [case.third[1] for case in CASES])
    look(cloud, ref)
    here, there = {
        "to jira": ("first", "first"),
        "to aha": ("third", "third"),
        "once to jira": ("first", "third"),
    }[direction]
    wanted = [(getattr(case, here)[0], getattr(case, there)[1]) for case in CASES]
    held = zip(CASES, fields.in_aha(ref), fields.in_jira(ref), wanted, strict=True)
    differ = [
        (case.name, aha, jira)
        for case, aha, jira, want in held
        if not merged(case) and not (same(aha, want[0]) and same(jira, want[1]))
    ]
    assert differ == []
    assert_quiet(cloud, ref, 1)


def merged(case: Case) -> bool:
    """Whether the fields are merged entry by entry or block by block: what only the target has stays its own."""
    return all(isinstance(one, list) for one in case.first) or (case.aha, case.jira) == ("NoteField", "textarea")


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


# ---- estimates, people, stamps and the like ---------------------------------------------------------------------


def line(name: str, aha: str, jira: str, direction: str = "both", **more: Any) -> dict[str, Any]:
    return {"name": name, "aha": aha, "jira": jira, "direction": direction, **more}


def change(system: System, ref: Ref, **values: Any) -> None:
    system.aha.put(f"/features/{ref.id}", {"feature": values})


def test_estimates_are_times_or_points_as_the_record_counts(system: System) -> None:
    minutes = system.feature("Bell", original_estimate_text="1d", remaining_estimate_text="2h")
    points = system.feature("Horn", original_estimate_text="5p")
    keys = [system.send(ref).right_key for ref in (minutes, points)]
    times, story = system.issue(keys[0]), system.issue(keys[1])
    assert (times["timeoriginalestimate"], times["timeestimate"], times["customfield_10016"]) == (28800, 7200, None)
    assert (story["timeoriginalestimate"], story["customfield_10016"]) == (None, 5)
    change(system, minutes, original_estimate_text="3h")
    system.jira.edit(keys[1], customfield_10016=8)
    look(system, minutes)
    look(system, points)
    times = system.issue(keys[0])
    assert (times["timeoriginalestimate"], times["timeestimate"]) == (10800, 7200)
    assert system.aha.record("features", points.key)["original_estimate"] == 8
    system.jira.edit(keys[0], timetracking={"originalEstimate": "90m", "remainingEstimate": "45m"})
    look(system, minutes)
    shown = system.aha.record("features", minutes.key)
    assert (shown["original_estimate"], shown["remaining_estimate"]) == (90, 45)
    change(system, minutes, original_estimate=None, remaining_estimate=None)
    change(system, points, original_estimate=None)
    look(system, minutes)
    look(system, points)
    assert not system.issue(keys[0])["timeoriginalestimate"]
    assert system.issue(keys[1])["customfield_10016"] is None
    for ref in (minutes, points):
        assert_quiet(system, ref, 1)
        assert warnings(system, ref) == []


def test_an_estimate_of_any_size_is_carried(system: System) -> None:
    """Error catalogue F26: over 20,000 minutes nothing came."""
    ref = system.feature("Bell", original_estimate=30_000)
    assert system.issue(system.send(ref).right_key)["timeoriginalestimate"] == 30_000 * 60
    assert_quiet(system, ref, 1)


def test_what_one_side_only_shows_is_written_on_the_other(system: System) -> None:
    """Reporter, score, start date, constants to Jira; stamps, sprint and resolution to Aha!."""
    for key, type_ in (
        ("made", "DateField"),
        ("touched", "TextField"),
        ("sprint", "TextField"),
        ("outcome", "TextField"),
    ):
        put_in_aha(system, key, type_)
    for name, type_ in (("customfield_10071", "float"), ("customfield_10072", "datepicker")):
        put_in_jira(system, name, type_)
    fields = system.integration.mapping["fields"]
    others = [one for one in fields["feature"] if one["jira"] != "reporter"]
    system.remap(fields={**fields, "feature": others})
    constants = {"priority": "Low", "components": "App", "labels": "from-aha", "customfield_10033": "2027-06-01"}
    remap(
        system,
        line("Reporter", "created_by_user", "reporter"),
        line("Score", "score", "customfield_10071", "to jira"),
        line("Start", "start_date", "customfield_10072"),
        line("Made", "custom:made", "created", "to aha"),
        line("Touched", "custom:touched", "updated", "to aha"),
        line("Sprint", "custom:sprint", "customfield_10020", "to aha"),
        line("Outcome", "custom:outcome", "resolution", "to aha"),
        constants={"feature": constants},
    )
    facts = [{"name": "Benefit", "value": 7}]
    ref = system.feature("Bell", start_date="2027-02-01", score_facts=facts, created_by="bruno@example.com")
    key = system.send(ref).right_key
    issue = system.issue(key)
    assert issue["reporter"]["displayName"] == "Bruno Costa"
    assert issue["customfield_10071"] == system.aha.record("features", ref.key)["score"]
    assert (issue["customfield_10072"], issue["customfield_10033"]) == ("2027-02-01", "2027-06-01")
    assert (issue["priority"]["name"], [one["name"] for one in issue["components"]]) == ("Low", ["App"])
    assert issue["labels"] == ["from-aha"]
    look(system, ref)
    assert custom(system, ref, "made") == issue["created"][:10], [
        (f"{one.what} {one.why}") for one in system.journal(ref)
    ][-14:]
    chandra = next(one for one in system.site.people.values() if one.name == "chandra")
    who = {"accountId": chandra.account_id} if system.flavour == "cloud" else {"name": "chandra"}
    system.jira.edit(key, reporter=who, labels=["own"], priority={"name": "High"}, customfield_10020=1)
    system.jira.edit(key, customfield_10072=None)
    system.jira.move(key, "In Progress")
    system.jira.move(key, "In Review")
    system.jira.move(key, "Done")
    look(system, ref)
    look(system, ref)
    issue, shown = system.issue(key), system.aha.record("features", ref.key)
    assert (set(issue["labels"]), issue["priority"]["name"]) == ({"own", "from-aha"}, "Low")
    assert (shown["created_by_user"]["name"], shown["start_date"]) == ("Chandra Iyer", None)
    assert (custom(system, ref, "sprint"), custom(system, ref, "outcome")) == ("FAB Sprint 1", "Done")
    assert system.pair(ref).state == "agreed"


# ---- bad input: the error catalogue's rows about values ---------------------------------------------------------


@pytest.mark.parametrize(
    ("aha", "jira", "good", "bad", "code"),
    [
        ("TextField", "select", "Gold", "Platinum", "F9"),
        ("TextField", "float", "3", "three", "F11"),
        ("TextField", "datepicker", "2027-01-31", "soon", "F10"),
        ("TextField", "url", "https://a.example", "nowhere", "F10"),
    ],
)
def test_a_value_without_a_counterpart_is_told_and_the_rest_goes_on(
    system: System, aha: str, jira: str, good: str, bad: str, code: str
) -> None:
    put_in_aha(system, "extra", aha)
    put_in_jira(system, "customfield_10090", jira, ("Gold", "Silver") if jira == "select" else ())
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell", custom_fields={"extra": bad}, due_date="2027-03-01")
    pair = system.send(ref)
    told = only_warning(system, ref)
    assert (told.code, told.field, pair.state) == (code, "Extra", "asking")
    assert bad in told.what or bad in told.why
    issue = system.issue(pair.right_key)
    assert (issue["duedate"], issue["customfield_10090"]) == ("2027-03-01", None)
    assert_quiet(system, ref, 1)
    assert custom(system, ref, "extra") == bad
    change(system, ref, custom_fields={"extra": good})
    look(system, ref)
    assert system.pair(ref).state == "agreed"
    assert same(plain(system, system.issue(pair.right_key)["customfield_10090"]), 3 if good == "3" else good)


def test_an_option_that_aha_does_not_have_is_told(system: System) -> None:
    put_in_aha(system, "extra", "SelectConstant", ("Gold",))
    put_in_jira(system, "customfield_10090", "select", ("Gold", "Silver"))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    system.jira.edit(key, customfield_10090={"value": "Silver"}, summary="Horn")
    look(system, ref)
    told = only_warning(system, ref)
    assert (told.code, system.aha.name("features", ref.key)) == ("F9", "Horn")
    assert "“Silver” is no option in Aha!" in told.what + told.why
    remap(system, constants={})
    fields = system.integration.mapping["fields"]
    *others, extra = fields["feature"]
    system.remap(fields={**fields, "feature": [*others, {**extra, "options": {"Gold": "Silver"}}]})
    look(system, ref)
    assert (custom(system, ref, "extra"), system.pair(ref).state) == ("Gold", "agreed")


def test_a_missing_option_is_added_at_a_persons_word(system: System) -> None:
    from crosswalk.errors import Refused
    from crosswalk.merge.rules import Side
    from crosswalk.sync.options import add_option

    put_in_aha(system, "extra", "SelectConstant", ("Gold", "Silver"))
    put_in_jira(system, "customfield_10090", "select", ("Gold", "Tin"))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell", custom_fields={"extra": "Silver"})
    pair = system.send(ref)
    assert only_warning(system, ref).code == "F9"
    if system.flavour == "dc":
        with pytest.raises(Refused) as refused:
            add_option(system.integration, "Extra", "Silver", Side.RIGHT)
        assert "administrator can add it" in refused.value.remedy
        change(system, ref, custom_fields={"extra": "Gold"})
    else:
        add_option(system.integration, "extra", "Silver", Side.RIGHT)
    look(system, ref)
    wanted = "Gold" if system.flavour == "dc" else "Silver"
    assert plain(system, system.issue(pair.right_key)["customfield_10090"]) == wanted
    system.jira.edit(pair.right_key, customfield_10090={"value": "Tin"})
    look(system, ref)
    assert system.pair(ref).state == "asking"
    add_option(system.integration, "Extra", "Tin", Side.LEFT)
    look(system, ref)
    assert (custom(system, ref, "extra"), system.pair(ref).state) == ("Tin", "agreed")


def test_a_mapping_without_sense_is_refused_with_a_reason(cloud: System) -> None:
    """Error catalogue F10: a list mapped to a number, and what can not be written."""
    put_in_aha(cloud, "extra", "SelectMultiple", ("Gold",))
    put_in_jira(cloud, "customfield_10091", "float")
    with pytest.raises(MappingRefused) as refused:
        remap(
            cloud,
            line("A", "custom:extra", "customfield_10091"),
            line("B", "custom:confidence", "resolution"),
            line("C", "score", "customfield_10033"),
            line("D", "custom:nothing", "environment"),
            line("E", "custom:customer_tier", "customfield_10030", options={"Commuter": "Nobody"}),
            constants={"feature": {"customfield_10020": "1", "customfield_10033": "soon", "summary": "x"}},
        )
    said = str(refused.value)
    for part in (
        "only numbers, and texts of digits, become a number",
        "the Jira field “resolution” is not on the create screen",
        "only dates, and texts such as 2027-01-31, become a date",
        "Aha! has no field “custom:nothing” on a feature",
        "“Customer Segment” in Jira has no option “Nobody”",
        "“Sprint” in Jira can not be set to a fixed value",
        "“soon” is not a date",
    ):
        assert part in said


def test_a_type_that_the_project_does_not_have_is_told(cloud: System) -> None:
    """Error catalogue F20: types are those of the project, not of the site."""
    cloud.site.projects["10000"].types.remove("10001")
    from crosswalk.errors import Refused
    from crosswalk.sync import service

    service.load_project_data(cloud.integration)
    with pytest.raises(Refused) as refused:
        cloud.remap()
    assert "no issue type “Story”" in refused.value.message
    assert "Choose one of" in refused.value.remedy


def test_fields_of_equal_name_are_joined_by_themselves(cloud: System) -> None:
    lines = {one["jira"]: one for one in cloud.integration.mapping["fields"]["feature"]}
    assert lines["customfield_10032"]["aha"] == "custom:acceptance_criteria"
    assert lines["customfield_10016"]["aha"] == lines["timeoriginalestimate"]["aha"] == "original_estimate"
    assert lines["reporter"]["direction"] == "off"
