"""Who reported: carried both ways from the beginning, and never a reason to hold a record back."""

from __future__ import annotations

from typing import Any

from crosswalk.merge.records import Ref
from crosswalk.sync import acquaintances, differences, drift, projectdata, service
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import parse
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System


def account(system: System, name: str) -> dict[str, str]:
    """How people name an account to this Jira."""
    found = next(one for one in system.site.people.values() if one.name == name)
    return {"accountId": found.account_id} if system.flavour == "cloud" else {"name": found.name}


def reporter(system: System, key: str) -> str:
    return str(system.issue(key)["reporter"]["displayName"])


def creator(system: System, plural: str, ident: str) -> str:
    return str(system.aha.record(plural, ident)["created_by_user"]["email"])


def told(system: System, ref: Ref) -> list[Any]:
    """The lines about the reporter that no one has to act upon."""
    return [line for line in system.journal(ref) if line.what.startswith("Reporter") and line.remedy]


def without_the_right(system: System) -> None:
    """A Jira administrator takes Modify Reporter away from everybody."""
    for project in system.site.projects.values():
        project.grants = {who: rights - {"MODIFY_REPORTER"} for who, rights in project.grants.items()}


def test_of_a_feature_and_its_requirements_both_ways(system: System) -> None:
    ref = system.feature("Bell", created_by="bruno@example.com")
    body = {"requirement": {"name": "Clapper", "created_by": "chandra@example.com"}}
    child = system.aha.post(f"/features/{ref.id}/requirements", body)["requirement"]
    key = system.send(ref).right_key
    (below,) = system.children(ref)
    assert (reporter(system, key), reporter(system, below.right_key)) == ("Bruno Costa", "Chandra Iyer")
    for one in (key, below.right_key):
        system.jira.edit(one, reporter=account(system, "dana"))
    look(system, ref)
    assert creator(system, "features", ref.id) == creator(system, "requirements", child["id"]) == "dana@example.com"
    system.aha.put(f"/features/{ref.id}", {"feature": {"created_by": "alice@example.com"}})
    look(system, ref)
    assert reporter(system, key) == "Alice Ng"
    place = {"project": {"key": "FAB"}, "parent": {"key": key}, "issuetype": {"name": "Sub-task"}}
    fields = {**place, "summary": "Spring", "reporter": account(system, "chandra")}
    system.jira.send("POST", "/issue", {"fields": fields})
    look(system, ref)
    made = system.children(ref)[-1]
    assert creator(system, "requirements", made.left_id) == "chandra@example.com"
    assert warnings(system, ref) == []
    assert_quiet(system, ref, 1)


def test_of_an_epic_both_ways_and_of_an_initiative_once(system: System) -> None:
    """Aha!'s calls for initiatives know no parameter for who made one."""
    types = system.integration.mapping["types"]
    on = {kind: {**types[kind], "create": "to jira"} for kind in ("epic", "initiative")}
    system.remap(types={**types, **on})
    body = {"name": "Sound", "created_by": "bruno@example.com"}
    release = system.aha.get("/products/FAB/releases")["releases"][0]["id"]
    epic = system.aha.post(f"/releases/{release}/epics", {"epic": body})["epic"]
    aim = system.aha.post("/products/FAB/initiatives", {"initiative": {"name": "Safety"}})["initiative"]
    refs = {one: Ref(one, made["id"], made["reference_num"]) for one, made in (("epic", epic), ("initiative", aim))}
    keys = {kind: system.send(ref).right_key for kind, ref in refs.items()}
    assert (reporter(system, keys["epic"]), reporter(system, keys["initiative"])) == ("Bruno Costa", "Alice Ng")
    for key in keys.values():
        system.jira.edit(key, reporter=account(system, "dana"))
    for ref in refs.values():
        look(system, ref)
        assert warnings(system, ref) == []
        assert_quiet(system, ref, 1)
    assert creator(system, "epics", epic["id"]) == "dana@example.com"
    assert (creator(system, "initiatives", aim["id"]), reporter(system, keys["initiative"])) == (
        "alice@example.com",
        "Dana Weiss",
    )


def test_without_modify_reporter_the_line_is_left_out_and_that_is_said_once(system: System) -> None:
    """Error catalogue U5: everything else is carried, and no record wants a person."""
    without_the_right(system)
    _, problems = service.load_now(system.integration, current().bridges, system.now())
    assert sum("MODIFY_REPORTER" in one.message for one in problems) == 1
    mapping, loaded = parse(system.integration.mapping), projectdata.load(system.integration)
    said = [one for one in differences.faults(mapping, loaded) if one.where.startswith("fields.feature")]
    assert ["may not set the reporter of “Story”" in one.what for one in said] == [True]
    system.remap()  # it keeps nobody from using the mapping
    ref = system.feature("Bell", 1, created_by="bruno@example.com")
    key = system.send(ref).right_key
    system.jira.edit(key, summary="Horn")
    look(system, ref)
    assert system.aha.record("features", ref.id)["name"] == "Horn"
    assert creator(system, "features", ref.id) == "bruno@example.com"
    assert warnings(system, ref) == []
    assert told(system, ref) == []
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref, 1)
    usual = projectdata.default_mapping(projectdata.load(system.integration))
    assert not [one for one in usual.fields["feature"] if one.jira == "reporter"]


def test_a_right_that_went_since_the_last_load_is_no_error_of_a_record(system: System) -> None:
    ref = system.feature("Bell", 1, created_by="bruno@example.com")
    key = system.send(ref).right_key
    without_the_right(system)
    system.aha.put(f"/features/{ref.id}", {"feature": {"created_by": "chandra@example.com", "name": "Horn"}})
    look(system, ref)
    assert (system.issue(key)["summary"], reporter(system, key)) == ("Horn", "Bruno Costa")
    other = system.feature("Lamp", created_by="bruno@example.com")
    made = system.send(other)
    assert system.issue(made.right_key)["summary"] == "Lamp"
    for one in (ref, other):
        look(system, one)  # what a new issue would not take is tried once more
        lines = told(system, one)
        assert {(line.level, line.code) for line in lines} == {("info", "U5")}
        assert "Modify Reporter" in lines[0].remedy
        assert system.pair(one).state == "agreed"
        assert warnings(system, one) == []
        assert_quiet(system, one, 1)
        assert len(told(system, one)) == len(lines)
    said = drift.look(current().bridges, system.integration, system.now())
    assert "may not set the reporter of “Story”" in said


def test_a_reporter_without_an_account_is_listed_and_taken_once_known(system: System) -> None:
    ref = system.feature("Bell", created_by="emil@example.com")
    key = system.send(ref).right_key
    assert reporter(system, key) != "Emil Sand"
    assert system.pair(ref).state == "agreed"
    assert warnings(system, ref) == []
    assert creator(system, "features", ref.id) == "emil@example.com"
    assert_quiet(system, ref, 1)
    lines = len(told(system, ref))
    look(system, ref)
    (missing,) = acquaintances.unmatched(system.integration)
    assert (missing.name, len(told(system, ref))) == ("Emil Sand", lines)
    acquaintances.say(system.integration, missing, "bruno@example.com")
    system.drain()
    look(system, ref)
    assert reporter(system, key) == "Bruno Costa"
    assert creator(system, "features", ref.id) == "emil@example.com"
    assert_quiet(system, ref, 1)
