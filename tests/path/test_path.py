"""A feature is sent, its status comes back, both sides keep in step: on Jira Cloud and on Data Center."""

from __future__ import annotations

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, press_retry
from tests.path.system import System


def test_a_feature_and_its_requirements_become_issues(system: System) -> None:
    ref = system.feature("Folding handlebar", 3, description="<p>Light and <strong>stiff</strong></p>")
    pair = system.send(ref)
    assert pair.state == "agreed", (pair.reason, [line.what for line in system.journal(ref)])
    issue = system.issue(pair.right_key)
    assert issue["summary"] == "Folding handlebar"
    assert issue["issuetype"]["name"] == "Story"
    assert "*stiff*" in issue["description"]
    subtasks = [system.issue(child.right_key) for child in system.children(ref)]
    assert [one["summary"] for one in subtasks] == [f"Folding handlebar part {n}" for n in (1, 2, 3)]
    assert {one["parent"]["key"] for one in subtasks} == {pair.right_key}


def test_the_release_becomes_the_version_of_the_same_name_whatever_its_case(system: System) -> None:
    versions = system.jira.get("/project/FAB/versions")
    name = versions[-1]["name"].swapcase()
    release = system.aha.post("/products/FAB/releases", {"release": {"name": name}})["release"]
    pair = system.send(system.feature("Bell", release=release["id"]))
    fixed = system.issue(pair.right_key)["fixVersions"]
    assert [version["id"] for version in fixed] == [versions[-1]["id"]]
    assert len(system.jira.get("/project/FAB/versions")) == len(versions)


def test_a_release_that_takes_the_name_of_another_version_is_told_and_not_sent_again(system: System) -> None:
    body = {"release": {"name": "Winter ride", "release_date": "2027-05-05"}}
    release = system.aha.post("/products/FAB/releases", body)["release"]
    system.send(system.feature("Bell", release=release["id"]))
    version = Ref("release", release["id"], release["reference_num"])
    system.aha.put(f"/releases/{release['id']}", {"release": {"name": "spring 2027", "release_date": "2027-05-06"}})
    system.wake(system.pair(version))
    system.drain()
    assert "already exists" in system.pair(version).reason
    shown = next(one for one in system.jira.get("/project/FAB/versions") if one["id"] == system.pair(version).right_id)
    assert (shown["name"], shown["releaseDate"]) == ("Winter ride", "2027-05-06")
    system.forget()
    assert_quiet(system, version)
    assert not [path for method, path in system.requests("jira") if method == "PUT"]
    press_retry(system, version)
    assert [path for method, path in system.requests("jira") if method == "PUT"], "a person asked for it"


def test_a_release_without_a_version_makes_one_and_leaves_other_fix_versions_alone(system: System) -> None:
    made = system.aha.post("/products/FAB/releases", {"release": {"name": "Second autumn"}})["release"]
    other = system.jira.get("/project/FAB/versions")[0]
    ref = system.feature("Bell", release=made["id"])
    pair = system.send(ref)
    fixed = system.issue(pair.right_key)["fixVersions"]
    assert [version["name"] for version in fixed] == ["Second autumn"]
    system.jira.edit(pair.right_key, fixVersions=[{"id": fixed[0]["id"]}, {"id": other["id"]}])
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Louder bell"}})
    system.wake(pair)
    system.drain()
    names = {version["name"] for version in system.issue(pair.right_key)["fixVersions"]}
    assert names == {"Second autumn", other["name"]}


def test_the_status_comes_back(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    before = system.aha.status(ref.key)
    system.jira.move(pair.right_key, "In Progress")
    system.wake(pair)
    system.drain()
    assert system.aha.status(ref.key) == system.integration.mapping["statuses"]["feature"]["In Progress"] != before


def test_edits_on_both_sides_meet(system: System) -> None:
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    child = system.children(ref)[0]
    system.aha.rename("features", ref.key, "Brass bell")
    system.jira.edit(pair.right_key, description="As loud as *possible*")
    system.jira.rename(child.right_key, "A clapper")
    system.wake(pair, child)
    system.drain()
    assert system.jira.summary(pair.right_key) == "Brass bell"
    assert "<strong>possible</strong>" in system.aha.record("features", ref.key)["description"]["body"]
    assert system.aha.name("requirements", child.left_key) == "A clapper"


def test_polling_alone_keeps_both_sides_in_step(system: System) -> None:
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    system.poll()
    system.drain()
    system.aha.rename("features", ref.key, "Brass bell")
    system.jira.move(pair.right_key, "In Progress")
    body = {"requirement": {"name": "A late wish"}}
    system.aha.post(f"/features/{ref.id}/requirements", body)
    assert system.poll() >= 1
    system.drain()
    assert system.jira.summary(pair.right_key) == "Brass bell"
    assert system.aha.status(ref.key) == system.integration.mapping["statuses"]["feature"]["In Progress"]
    assert [child.right_key != "" for child in system.children(ref)] == [True, True]


def test_each_record_shows_the_other(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    shown = {field["key"]: field.get("value") for field in system.aha.record("features", ref.key)["custom_fields"]}
    assert shown["jira_url"].endswith(f"/browse/{pair.right_key}")
    links = system.jira.get(f"/issue/{pair.right_key}/remotelink")
    fields = system.issue(pair.right_key)
    assert any(ref.key in str(link) for link in links) or any(ref.key in str(value) for value in fields.values())


def test_a_second_look_writes_nothing_and_reads_each_side_once(system: System) -> None:
    ref = system.feature("Bell", 2, description="<ul><li>one</li><li>two</li></ul>")
    pair = system.send(ref)
    system.forget()
    system.wake(pair)
    assert system.drain() == 1
    assert [method for method, _ in system.requests("aha")] == ["GET"]
    # The issue, and what stands below it: its order goes both ways.
    assert len(system.requests("jira")) == 2
    assert all(method == "GET" or path.endswith(("/bulkfetch", "/search")) for method, path in system.requests("jira"))
    alone = system.send(system.feature("Wheel"))
    system.forget()
    system.wake(alone)
    assert system.drain() == 1
    assert [len(system.requests(side)) for side in ("aha", "jira")] == [1, 1]


def test_one_field_takes_one_read_a_side_and_one_write(system: System) -> None:
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.aha.rename("features", ref.key, "Brass bell")
    system.forget()
    system.wake(pair)
    system.drain()
    writes = [one for one in system.requests("jira") if one[0] == "PUT"]
    assert len(writes) == 1
    assert len(system.requests("aha")) == 1
    assert len(system.requests("jira")) <= (2 if system.flavour == "cloud" else 3)


def test_a_lost_answer_to_a_create_doubles_nothing(system: System) -> None:
    before = len(system.jira.issues())
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issue$")
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issue/bulk$")
    ref = system.feature("Bell", 2)
    pair = system.send(ref)
    assert pair.right_key
    assert len(system.jira.issues()) == before + 3


def test_too_many_requests_are_waited_for(system: System) -> None:
    system.fault("jira", kind="429", method="POST", path_regex="/issue$", retry_after=3)
    pair = system.send(system.feature("Bell"))
    assert pair.state == "agreed"
    assert any(3 <= wait < 4 for wait in system.slept)


def test_requirements_that_are_no_subtasks_are_linked(system: System) -> None:
    types = {**system.integration.mapping["types"], "requirement": {"type": "Task", "relation": "relates"}}
    system.remap(types=types)
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    links = system.issue(pair.right_key)["issuelinks"]
    assert [link["type"]["name"] for link in links] == ["Relates"]


def test_a_feature_that_is_an_epic_has_its_requirements_below_it(system: System) -> None:
    types = {"feature": {"type": "Epic"}, "requirement": {"type": "Story", "relation": "epic"}}
    system.remap(types={**system.integration.mapping["types"], **types})
    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    assert pair.state == "agreed", [line.what + line.why for line in system.journal(ref)]
    child = system.children(ref)[0]
    below = system.issue(child.right_key)
    assert pair.right_key in (below.get("parent", {}).get("key"), *(str(value) for value in below.values()))
