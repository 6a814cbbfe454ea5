"""Fields beside the matrix: estimates by units, stamps and constants, bad input, mappings without sense."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crosswalk.merge.records import Ref
from crosswalk.sync.mapping import MappingRefused
from tests.path.looking import assert_quiet, look, only_warning, warnings
from tests.path.matrix.hands import alike, plain, put_in_aha, put_in_jira
from tests.path.system import System


def remap(system: System, *lines: dict[str, Any], **changes: Any) -> None:
    from crosswalk.sync import service

    service.load_project_data(system.integration)
    fields = system.integration.mapping["fields"]
    system.remap(fields={**fields, "feature": [*fields["feature"], *lines]}, **changes)


def custom(system: System, ref: Ref, key: str) -> Any:
    """The value of a custom field of a feature; None where Aha! shows none."""
    shown = system.aha.record("features", ref.key)["custom_fields"]
    return next((one.get("value", one.get("body")) for one in shown if one["key"] == key), None)


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


def test_points_never_become_a_time(system: System) -> None:
    """Jira knows no remaining points: neither does what remains in points become minutes, nor the other way round."""
    points = system.feature("Horn", 1, original_estimate_text="5p", remaining_estimate_text="3p")
    (below,) = system.aha.record("features", points.key)["requirements"]
    system.aha.put(f"/requirements/{below['id']}", {"requirement": {"original_estimate_text": "2p"}})
    key = system.send(points).right_key
    story, task = system.issue(key), system.issue(system.children(points)[0].right_key)
    assert (story["customfield_10016"], story["timeestimate"], task["timeoriginalestimate"]) == (5, None, None)
    system.jira.edit(key, timetracking={"originalEstimate": "1h", "remainingEstimate": "45m"})
    look(system, points)
    shown = system.aha.record("features", points.key)
    assert (shown["work_units"], shown["original_estimate"], shown["remaining_estimate"]) == (20, 5, 3)
    assert_quiet(system, points, 1)


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
        ("firms", "TagsField"),
    ):
        put_in_aha(system, key, type_)
    for name, type_ in (("71", "float"), ("72", "datepicker"), ("73", "textfield")):
        put_in_jira(system, f"customfield_100{name}", type_)
    system.site.sprints[1].name = "FAB Sprint 1, late"
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
        line("Firms", "custom:firms", "customfield_10073", "to jira"),
        constants={"feature": constants},
    )
    facts = [{"name": "Benefit", "value": 7}]
    ref = system.feature("Bell", start_date="2027-02-01", score_facts=facts, created_by="bruno@example.com")
    change(system, ref, custom_fields={"firms": ["Acme, Inc.", "Bolt"]})
    key = system.send(ref).right_key
    issue = system.issue(key)
    assert issue["reporter"]["displayName"] == "Bruno Costa"
    assert issue["customfield_10071"] == system.aha.record("features", ref.key)["score"]
    assert (issue["customfield_10072"], issue["customfield_10033"]) == ("2027-02-01", "2027-06-01")
    assert (issue["priority"]["name"], [one["name"] for one in issue["components"]]) == ("Low", ["App"])
    assert (issue["labels"], issue["customfield_10073"]) == (["from-aha"], "Acme, Inc., Bolt")
    look(system, ref)
    created = datetime.fromisoformat(issue["created"]).astimezone(ZoneInfo("America/New_York"))
    assert custom(system, ref, "made") == created.date().isoformat(), [
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
    assert (custom(system, ref, "sprint"), custom(system, ref, "outcome")) == ("FAB Sprint 1, late", "Done")
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
    assert alike(plain(system, system.issue(pair.right_key)["customfield_10090"]), 3 if good == "3" else good)


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
        "the line “Name” sets “Summary”, too",
    ):
        assert part in said


def test_tags_and_a_fixed_label_are_one_write(system: System) -> None:
    """The label stays Jira's own; what tags put in and take out beside it arrives in one look."""
    fields = system.integration.mapping["fields"]
    lines = [{**one, "direction": "both"} if one["jira"] == "labels" else one for one in fields["feature"]]
    system.remap(constants={"feature": {"labels": "fixed"}}, fields={**fields, "feature": lines})
    ref = system.feature("Bell", tags=["loud"])
    key = system.send(ref).right_key

    def held() -> tuple[list[str], list[str]]:
        return system.aha.record("features", ref.id)["tags"], sorted(system.issue(key)["labels"])

    assert held() == (["loud"], ["fixed", "loud"])
    system.jira.edit(key, labels=["own"])
    look(system, ref)
    assert held() == (["own"], ["fixed", "own"])
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": ["new"]}})
    system.jira.edit(key, labels=["own", "more"])
    look(system, ref)
    assert (sorted(held()[0]), held()[1]) == (["more", "new"], ["fixed", "more", "new"])
    assert_quiet(system, ref)


def test_a_type_that_the_project_does_not_have_is_told(cloud: System) -> None:
    """Error catalogue F20: types are those of the project, not of the site."""
    from crosswalk.errors import Refused
    from crosswalk.sync import service

    cloud.site.projects["10000"].types.remove("10001")
    service.load_project_data(cloud.integration)
    with pytest.raises(Refused) as refused:
        cloud.remap()
    assert "no issue type “Story”" in refused.value.message
    assert "Choose one of" in refused.value.remedy


def test_fields_of_equal_name_are_joined_by_themselves(cloud: System) -> None:
    lines = {one["jira"]: one for one in cloud.integration.mapping["fields"]["feature"]}
    assert lines["customfield_10032"]["aha"] == "custom:acceptance_criteria"
    assert lines["customfield_10016"]["aha"] == lines["timeoriginalestimate"]["aha"] == "original_estimate"
    assert lines["reporter"]["direction"] == "both"


# ---- priority, components, teams ----------------------------------------------------------------------------------


def test_priority_and_components_travel_both_ways_by_name_and_table(system: System) -> None:
    put_in_aha(system, "weight", "SelectConstant", ("Urgent", "Low"))
    put_in_aha(system, "area", "SelectMultiple", ("App", "Rim"))
    for name in ("Rim", "Jira's own"):
        system.jira.send("POST", "/component", {"name": name, "project": "FAB"})
    remap(
        system,
        line("Priority", "custom:weight", "priority", options={"Urgent": "Highest"}),
        line("Area", "custom:area", "components"),
    )
    ref = system.feature("Bell", custom_fields={"weight": "Urgent", "area": ["App"]})
    key = system.send(ref).right_key
    held = system.issue(key)
    assert (held["priority"]["name"], [one["name"] for one in held["components"]]) == ("Highest", ["App"])
    system.jira.edit(key, priority={"name": "Low"}, components=[{"name": "App"}, {"name": "Rim"}])
    look(system, ref)
    assert (custom(system, ref, "weight"), sorted(custom(system, ref, "area"))) == ("Low", ["App", "Rim"])
    change(system, ref, custom_fields={"weight": "Urgent", "area": ["Rim"]})
    look(system, ref)
    held = system.issue(key)
    assert (held["priority"]["name"], [one["name"] for one in held["components"]]) == ("Highest", ["Rim"])
    assert_quiet(system, ref, 1)
    # A component that only Jira has is told, and stays when the others change.
    system.jira.edit(key, components=[{"name": "Rim"}, {"name": "Jira's own"}])
    look(system, ref)
    assert only_warning(system, ref).code == "F9"
    change(system, ref, custom_fields={"area": ["App", "Rim"]})
    look(system, ref)
    assert sorted(one["name"] for one in system.issue(key)["components"]) == ["App", "Jira's own", "Rim"]


def team_field(system: System, **teams: str) -> None:
    """Jira's Team field, and the teams there are, by id."""
    made = put_in_jira(system, "customfield_10098", "textfield")
    made.kind = made.schema = "team"
    made.custom = "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team"
    system.site.teams |= teams


def test_a_team_is_named_as_issues_show_it(cloud: System) -> None:
    from crosswalk.sync import service

    put_in_aha(cloud, "squad", "SelectConstant", ("Bikes", "Bells", "Horns", "Nobody"))
    team_field(cloud, t1="bikes", t2="Ringers", t3="Horns", t4="horns")
    for team in ("t1", "t2", "t3", "t4"):
        place = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": team}
        cloud.jira.send("POST", "/issue", {"fields": {**place, "customfield_10098": team}})
    cloud.pass_time(60)  # the index of a search is late
    service.load_project_data(cloud.integration)
    remap(cloud, line("Team", "custom:squad", "customfield_10098", options={"Bells": "Ringers"}))
    ref = cloud.feature("Bell", custom_fields={"squad": "Bikes"})
    key = cloud.send(ref).right_key
    assert cloud.issue(key)["customfield_10098"]["id"] == "t1", "by equal name"
    change(cloud, ref, custom_fields={"squad": "Bells"})
    look(cloud, ref)
    assert cloud.issue(key)["customfield_10098"]["id"] == "t2", "by the name that the table gives"
    cloud.jira.edit(key, customfield_10098="t1")
    look(cloud, ref)
    assert custom(cloud, ref, "squad") == "Bikes"
    cloud.jira.edit(key, customfield_10098="t2")
    look(cloud, ref)
    assert custom(cloud, ref, "squad") == "Bells"
    assert_quiet(cloud, ref, 1)
    change(cloud, ref, custom_fields={"squad": "Horns"})
    look(cloud, ref)
    assert "2 teams in Jira are called" in only_warning(cloud, ref).why, "never a guess"
    assert cloud.issue(key)["customfield_10098"]["id"] == "t2"


def test_a_team_is_written_by_the_id_that_the_table_gives(system: System) -> None:
    put_in_aha(system, "squad", "SelectConstant", ("Bikes", "Bells", "Nobody"))
    made = put_in_jira(system, "customfield_10099", "textfield")
    made.custom = "com.atlassian.teams:rm-teams-custom-field-team"
    table = {"Bikes": "36885b3c-1bf0", "Bells": "7"}
    remap(system, line("Team", "custom:squad", "customfield_10099", options=table))
    ref = system.feature("Bell", custom_fields={"squad": "Bikes"})
    key = system.send(ref).right_key
    assert system.issue(key)["customfield_10099"] == "36885b3c-1bf0"
    system.jira.edit(key, customfield_10099="7")
    look(system, ref)
    assert custom(system, ref, "squad") == "Bells"
    assert_quiet(system, ref, 1)
    change(system, ref, name="Horn", custom_fields={"squad": "Nobody"})
    look(system, ref)
    warning = only_warning(system, ref)
    assert (warning.code, "“Nobody”" in warning.why, "team's id" in warning.remedy) == ("F9", True, True)
    assert (system.jira.summary(key), system.issue(key)["customfield_10099"]) == ("Horn", "7")
