"""What stands below what: epics and initiatives go first, and a move on either side is carried to the other."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look, only_warning, press_retry, warnings
from tests.path.system import System
from tests.path.test_match import story, subtask


@pytest.fixture
def with_epics(system: System) -> System:
    """Aha! epics become Jira epics, and features stand below them."""
    types = system.integration.mapping["types"]
    system.remap(types={**types, "epic": {**types["epic"], "create": "to jira"}})
    return system


def epic(system: System, name: str, **more: Any) -> Ref:
    release = system.aha.get("/products/FAB/releases")["releases"][0]["id"]
    made = system.aha.post(f"/releases/{release}/epics", {"epic": {"name": name, **more}})["epic"]
    return Ref("epic", made["id"], made["reference_num"])


def above(system: System, key: str) -> str:
    """The key of what an issue stands below."""
    fields = system.issue(key)
    if system.flavour == "dc":
        return str(fields.get("customfield_10014") or "")
    return str((fields.get("parent") or {}).get("key") or "")


def put_below(system: System, key: str, epic_key: str | None) -> None:
    """An engineer moves an issue below another epic."""
    if system.flavour == "dc":
        system.jira.edit(key, customfield_10014=epic_key)
    elif epic_key:
        system.jira.edit(key, parent={"key": epic_key})
    else:
        system.jira.send("PUT", f"/issue/{key}", {"update": {"parent": [{"set": {"none": True}}]}})


def jira_epic(system: System, summary: str) -> str:
    fields: dict[str, Any] = {"project": {"key": "FAB"}, "issuetype": {"name": "Epic"}, "summary": summary}
    if system.flavour == "dc":
        fields["customfield_10011"] = summary
    return str(system.jira.send("POST", "/issue", {"fields": fields})["key"])


def epic_of(system: System, ref: Ref) -> str:
    return str((system.aha.record("features", ref.key).get("epic") or {}).get("id") or "")


def test_the_epic_goes_first_and_the_feature_stands_below_it(with_epics: System) -> None:
    high = epic(with_epics, "Sound")
    ref = with_epics.feature("Bell", 1, epic=high.key)
    pair = with_epics.send(ref)
    assert pair.state == "agreed", pair.reason
    assert with_epics.pair(high).state == "agreed"
    assert with_epics.issue(with_epics.pair(high).right_key)["issuetype"]["name"] == "Epic"
    assert above(with_epics, pair.right_key) == with_epics.pair(high).right_key
    assert_quiet(with_epics, ref)
    assert_quiet(with_epics, high)


def test_a_move_on_either_side_and_away_from_every_epic(with_epics: System) -> None:
    first, second = epic(with_epics, "Sound"), epic(with_epics, "Light")
    ref = with_epics.feature("Bell", epic=first.key)
    key = with_epics.send(ref).right_key
    with_epics.aha.put(f"/features/{ref.id}", {"feature": {"epic": second.key}})
    look(with_epics, ref)
    assert above(with_epics, key) == with_epics.pair(second).right_key
    put_below(with_epics, key, with_epics.pair(first).right_key)
    look(with_epics, ref)
    assert epic_of(with_epics, ref) == first.id
    put_below(with_epics, key, None)
    look(with_epics, ref)
    assert epic_of(with_epics, ref) == ""
    with_epics.aha.put(f"/features/{ref.id}", {"feature": {"epic": second.key}})
    look(with_epics, ref)
    with_epics.aha.put(f"/features/{ref.id}", {"feature": {"epic": None}})
    look(with_epics, ref)
    assert above(with_epics, key) == ""
    assert with_epics.pair(ref).state == "agreed", with_epics.pair(ref).reason
    assert_quiet(with_epics, ref)


def test_a_jira_epic_in_no_pair_is_refused_and_nothing_moves(with_epics: System) -> None:
    high = epic(with_epics, "Sound")
    ref = with_epics.feature("Bell", epic=high.key)
    key = with_epics.send(ref).right_key
    stranger = jira_epic(with_epics, "Nobody knows it")
    put_below(with_epics, key, stranger)
    with_epics.jira.rename(key, "Horn")
    look(with_epics, ref)
    line = only_warning(with_epics, ref)
    assert (line.code, line.field) == ("L5", "Epic")
    assert stranger in line.why
    assert (above(with_epics, key), epic_of(with_epics, ref)) == (stranger, high.id)
    assert with_epics.aha.name("features", ref.key) == "Horn", "the rest was carried"
    assert_quiet(with_epics, ref)
    put_below(with_epics, key, with_epics.pair(high).right_key)
    assert press_retry(with_epics, ref).state == "agreed"


def test_an_epic_that_can_not_be_sent_does_not_hold_the_feature_back(with_epics: System) -> None:
    for kind in with_epics.site.types.values():
        if kind.name == "Epic":
            for project in with_epics.site.projects.values():
                project.types.remove(kind.id) if kind.id in project.types else None
    high = epic(with_epics, "Sound")
    ref = with_epics.feature("Bell", epic=high.key)
    pair = with_epics.send(ref)
    assert pair.right_key
    assert with_epics.pair(high).state == "parked"
    assert only_warning(with_epics, ref).code == "L5"


def test_epics_stay_off_until_the_mapping_switches_them_on(system: System) -> None:
    assert system.integration.mapping["types"]["epic"] == {"type": "Epic", "relation": "parent", "create": "off"}
    ref = system.feature("Bell", epic=epic(system, "Sound").key)
    pair = system.send(ref)
    assert pair.state == "agreed"
    assert above(system, pair.right_key) == ""


def test_initiatives_become_epics_where_the_mapping_says_so(system: System) -> None:
    mapping = system.integration.mapping
    lines = [
        {**line, "name": "Initiative", "aha": "initiative"} if line["name"] == "Epic" else line
        for line in mapping["fields"]["feature"]
    ]
    types = {**mapping["types"], "initiative": {"type": "Epic", "create": "to jira"}}
    system.remap(types=types, fields={**mapping["fields"], "feature": lines})
    made = system.aha.post("/products/FAB/initiatives", {"initiative": {"name": "Winter"}})["initiative"]
    high = Ref("initiative", made["id"], made["reference_num"])
    ref = system.feature("Bell", initiative=high.id)
    pair = system.send(ref)
    assert pair.state == "agreed", pair.reason
    assert system.issue(system.pair(high).right_key)["summary"] == "Winter"
    assert above(system, pair.right_key) == system.pair(high).right_key
    system.aha.put(f"/initiatives/{high.id}", {"initiative": {"name": "Deep winter"}})
    look(system, high)
    assert system.jira.summary(system.pair(high).right_key) == "Deep winter"
    put_below(system, pair.right_key, None)
    look(system, ref)
    assert not system.aha.record("features", ref.key).get("initiative")
    assert_quiet(system, ref)
    assert_quiet(system, high)


def test_features_between_epics_and_releases_on_both_sides_at_once(with_epics: System) -> None:
    system = with_epics
    high = [epic(system, name) for name in ("Sound", "Light", "Smell")]
    ref = system.feature("Bell", 1, epic=high[0].key)
    key = system.send(ref).right_key
    for one in high[1:]:
        system.send(one)
    release = system.aha.get("/products/FAB/releases")["releases"][1]
    system.pass_time(60)
    system.aha.put(f"/features/{ref.id}", {"feature": {"epic": high[1].key, "release": release["id"]}})
    system.pass_time(60)
    put_below(system, key, system.pair(high[2]).right_key)
    look(system, ref)
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert (above(system, key), epic_of(system, ref)) == (system.pair(high[2]).right_key, high[2].id)
    assert [one["name"] for one in system.issue(key)["fixVersions"]] == [release["name"]]
    kept = [line for line in warnings(system, ref) if line.kept]
    assert [line.field for line in kept] == ["Epic"], "what lost is kept"
    assert_quiet(system, ref)


def test_what_stands_below_a_version_an_epic_and_an_issue_waits_to_be_imported(with_epics: System) -> None:
    """Sub-tasks are asked for by another word than what links to an epic on Data Center."""
    from crosswalk.sync import importing

    high = epic(with_epics, "Sound")
    pair = with_epics.send(with_epics.feature("Bell", epic=high.key))
    top = with_epics.pair(high).right_key
    version = with_epics.issue(pair.right_key)["fixVersions"][0]
    fixed = story(with_epics, "Fixed", fixVersions=[{"id": version["id"]}])
    linked, part = story(with_epics, "Linked"), subtask(with_epics, pair.right_key, "Part")
    put_below(with_epics, linked, top)
    with_epics.pass_time(60)
    found = importing.find(with_epics.integration, importing.Asked())
    assert {(one.ref.key, one.kind, one.above) for one in found} == {
        (fixed, "feature", version["name"]),
        (linked, "feature", top),
        (part, "requirement", pair.right_key),
    }


def test_an_epic_that_becomes_another_type_in_jira_keeps_its_features_in_aha(with_epics: System) -> None:
    """Jira takes out of it what stood below: nobody moved any of that."""
    high = epic(with_epics, "Sound")
    ref = with_epics.feature("Bell", 1, epic=high.key)
    key, epic_key = with_epics.send(ref).right_key, with_epics.pair(high).right_key
    put_below(with_epics, key, None)
    with_epics.jira.edit(epic_key, issuetype={"name": "Bug"})
    look(with_epics, ref)
    assert (above(with_epics, key), epic_of(with_epics, ref)) == ("", high.id)
    assert_quiet(with_epics, ref)
    with_epics.jira.edit(epic_key, issuetype={"name": "Epic"})
    put_below(with_epics, key, epic_key)
    look(with_epics, ref)
    put_below(with_epics, key, None)
    look(with_epics, ref)
    assert epic_of(with_epics, ref) == "", "somebody took it out of one that is there"
