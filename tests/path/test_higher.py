"""Epics and initiatives: what hangs on them, what stands below them, other types for them, and their end."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from crosswalk.merge.records import Ref
from crosswalk_sandbox.jira.catalogue import parent_link
from crosswalk_sandbox.jira.state import IssueType
from tests.path.looking import assert_quiet, look
from tests.path.matrix.bench import DEPENDS_ON
from tests.path.system import TLS, System
from tests.path.test_hierarchy import above, epic, epic_of, jira_epic
from tests.path.test_hierarchy import put_below as put_story_below
from tests.path.test_import import bring, pair_of

PARENT_LINK = "customfield_10015"
PLURAL = {"epic": "epics", "initiative": "initiatives"}


@pytest.fixture
def high(system: System) -> System:
    """Epics and initiatives become epics in Jira, and what hangs on them goes both ways and is removed."""
    mapping = system.integration.mapping
    types = {kind: {**mapping["types"].get(kind, {}), "type": "Epic", "create": "to jira"} for kind in PLURAL}
    parts = {kind: {**line, "direction": "both", "removes": True} for kind, line in mapping["parts"].items()}
    system.remap(types={**mapping["types"], **types}, parts=parts)
    return system


def made(system: System, kind: str, name: str) -> Ref:
    """One of that kind, with a description, sent."""
    if kind == "epic":
        ref = epic(system, name, description="<p>Loud</p>")
    else:
        body = {"initiative": {"name": name, "description": "<p>Loud</p>"}}
        one = system.aha.post("/products/FAB/initiatives", body)["initiative"]
        ref = Ref("initiative", one["id"], one["reference_num"])
    assert system.send(ref).state == "agreed"
    return ref


def record(system: System, ref: Ref) -> dict[str, Any]:
    return system.aha.record(PLURAL[ref.kind], ref.id)


def uploaded(system: System, side: str, where: str, name: str) -> Any:
    """A person attaches a file, in Aha! to a text and in Jira to an issue."""
    at, data = (system.aha_at, name.encode()) if side == "aha" else (system.jira_at, name.encode())
    if side == "aha":
        headers = {"Authorization": f"Bearer {at.secret}"}
        address, files = (
            f"{at.address}/api/v1/notes/{where}/attachments",
            {"attachment[data]": (name, data, "text/plain")},
        )
        return (
            httpx2.post(address, headers=headers, files=files, verify=TLS).raise_for_status().json()["attachment"]["id"]
        )
    address, files = f"{at.address}/rest/api/2/issue/{where}/attachments", {"file": (name, data, "text/plain")}
    headers = {"X-Atlassian-Token": "no-check"}
    got = httpx2.post(address, headers=headers, auth=(at.user, at.secret), files=files, verify=TLS)
    return got.raise_for_status().json()[0]["id"]


@pytest.mark.parametrize("kind", PLURAL)
def test_comments_of_epics_and_initiatives_travel(high: System, kind: str) -> None:
    ref = made(high, kind, "Sound")
    key, path = high.pair(ref).right_key, f"/{PLURAL[kind]}/{ref.id}/comments"
    mine = high.aha.post(path, {"comment": {"body": "<p>ours</p>"}})["comment"]["id"]
    theirs = high.jira.send("POST", f"/issue/{key}/comment", {"body": "theirs"})["id"]
    look(high, ref)
    assert said(high, path, key, "ours") == said(high, path, key, "theirs") == (1, 1)
    high.aha.put(f"/comments/{mine}", {"comment": {"body": "<p>mended</p>"}})
    high.jira.send("DELETE", f"/issue/{key}/comment/{theirs}")
    look(high, ref)
    assert (said(high, path, key, "mended"), said(high, path, key, "ours")) == ((1, 1), (0, 0))
    assert said(high, path, key, "theirs") == (0, 0)
    assert_quiet(high, ref)


def said(system: System, path: str, key: str, word: str) -> tuple[int, int]:
    listed = system.aha.get(path)["comments"], system.jira.get(f"/issue/{key}/comment")["comments"]
    aha, jira = (sum(word in one["body"] for one in side) for side in listed)
    return aha, jira


@pytest.mark.parametrize("kind", PLURAL)
def test_files_of_epics_and_initiatives_travel(high: System, kind: str) -> None:
    ref = made(high, kind, "Sound")
    key, note = high.pair(ref).right_key, record(high, ref)["description"]["id"]
    mine = uploaded(high, "aha", note, "ours.txt")
    uploaded(high, "jira", key, "theirs.txt")
    look(high, ref)
    assert files(high, ref) == (["ours.txt", "theirs.txt"],) * 2
    high.aha.send("DELETE", f"/attachments/{mine}")
    look(high, ref)
    assert files(high, ref) == (["theirs.txt"],) * 2
    assert_quiet(high, ref)


def files(system: System, ref: Ref) -> tuple[list[str], list[str]]:
    aha = record(system, ref)["description"]["attachments"]
    jira = system.issue(system.pair(ref).right_key)["attachment"]
    return sorted(one["file_name"] for one in aha), sorted(one["filename"] for one in jira)


@pytest.mark.parametrize("kind", PLURAL)
def test_links_of_epics_and_initiatives_travel(high: System, kind: str) -> None:
    ref, other = made(high, kind, "Sound"), made(high, kind, "Light")
    key = high.pair(ref).right_key
    body = {"record_type": kind, "record_id": int(other.id), "link_type": DEPENDS_ON}
    high.aha.send("POST", f"/{PLURAL[kind]}/{ref.id}/record_links", {"record_link": body})
    look(high, ref)
    assert len(high.issue(key)["issuelinks"]) == 1
    (mine,) = (one for one in high.account.links.values() if one.parent.id == ref.id)
    high.aha.send("DELETE", f"/record_links/{mine.id}")
    look(high, ref)
    assert high.issue(key)["issuelinks"] == []
    assert_quiet(high, ref)


def test_an_epic_of_an_initiative_that_is_an_epic_too_is_sent_beside_it(cloud: System) -> None:
    """Where a site has one level above stories, both become its type by default; Jira made no such epic."""
    types = cloud.integration.mapping["types"]
    assert types["initiative"]["type"] == types["epic"]["type"] == "Epic"
    cloud.remap(types={**types, **{kind: {**types[kind], "create": "to jira"} for kind in PLURAL}})
    line = next(one for one in cloud.integration.mapping["fields"]["epic"] if one["aha"] == "initiative")
    assert line["direction"] == "both"
    winter = made(cloud, "initiative", "Winter")
    low = epic(cloud, "Sound", initiative=winter.key)
    assert cloud.send(low).state == "agreed", cloud.pair(low).reason
    assert above(cloud, cloud.pair(low).right_key) == ""


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_deleted_epic_is_asked_about_and_its_features_stay(high: System, side: str) -> None:
    ref = made(high, "epic", "Sound")
    below = high.feature("Bell", epic=ref.key)
    key = high.send(below).right_key
    if side == "aha":
        high.aha.send("DELETE", f"/epics/{ref.id}")
    else:
        high.jira.send("DELETE", f"/issue/{high.pair(ref).right_key}")
    look(high, ref)
    pair = high.pair(ref)
    assert (pair.state, bool(pair.remedy)) == ("asking", True)
    if side == "aha":
        assert high.jira.summary(pair.right_key) == "Sound", "the other side stays until a person says more"
    else:
        assert high.aha.name("epics", ref.id) == "Sound"
    assert (high.jira.summary(key), high.aha.name("features", below.key)) == ("Bell", "Bell")
    high.aha.rename("features", below.key, "Horn")
    look(high, below)
    assert high.jira.summary(key) == "Horn", "what stood below it goes on"
    stays = (pair.right_key, "") if side == "aha" else ("", ref.id)
    assert (above(high, key), epic_of(high, below)) == stays, "it stays below the one that stays"
    assert high.pair(below).state == "agreed"
    assert_quiet(high, below)
    other = made(high, "epic", "Light")
    high.aha.put(f"/features/{below.id}", {"feature": {"epic": other.key}})
    look(high, below)
    assert above(high, key) == high.pair(other).right_key
    put_story_below(high, key, None)
    look(high, below)
    assert epic_of(high, below) == "", "a person took it away from one that is there"


def test_an_initiative_becomes_another_type_than_an_epic(system: System) -> None:
    """A story here, as it would be a type above epics in a site that has one."""
    types = system.integration.mapping["types"]
    system.remap(types={**types, "initiative": {"type": "Task", "create": "to jira"}})
    ref = made(system, "initiative", "Winter")
    key = system.pair(ref).right_key
    assert system.issue(key)["issuetype"]["name"] == "Task"
    system.jira.rename(key, "Deep winter")
    look(system, ref)
    assert record(system, ref)["name"] == "Deep winter"
    assert_quiet(system, ref)


def test_an_epic_stands_below_its_initiative_and_moves(system: System) -> None:
    """With a type above epics: in Cloud's Premium, and on Data Center with Advanced Roadmaps and its field."""
    site = system.site
    site.types["10900"] = IssueType("10900", "Initiative", level=2)
    site.projects["10000"].types.append("10900")
    if system.flavour == "dc":
        site.fields[PARENT_LINK] = parent_link()
        for screen in site.screens.values():
            screen.fields.append(PARENT_LINK)
    from crosswalk.sync import service

    service.load_project_data(system.integration)
    mapping = system.integration.mapping
    lines = [one for one in mapping["fields"]["epic"] if one["jira"] != "parent"]
    above = {"name": "Initiative", "aha": "initiative", "jira": "parent", "direction": "both"}
    types = {"initiative": {"type": "Initiative", "create": "to jira"}, "epic": {"type": "Epic", "create": "to jira"}}
    system.remap(types={**mapping["types"], **types}, fields={**mapping["fields"], "epic": [*lines, above]})
    first, second = made(system, "initiative", "Winter"), made(system, "initiative", "Summer")
    ref = epic(system, "Sound", initiative=first.id)
    key = system.send(ref).right_key
    assert parent(system, key) == system.pair(first).right_key
    system.aha.put(f"/epics/{ref.id}", {"epic": {"initiative": second.id}})
    look(system, ref)
    assert parent(system, key) == system.pair(second).right_key
    put_below(system, key, system.pair(first).right_key)
    look(system, ref)
    assert record(system, ref)["initiative"]["id"] == first.id
    assert_quiet(system, ref)
    if system.flavour == "dc":  # Cloud's parent is taken out as test_hierarchy.py does
        system.aha.put(f"/epics/{ref.id}", {"epic": {"initiative": None}})
        look(system, ref)
        assert parent(system, key) == ""
        put_below(system, key, system.pair(second).right_key)
        look(system, ref)
        assert record(system, ref)["initiative"]["id"] == second.id
        put_below(system, key, None)
        look(system, ref)
        assert not record(system, ref).get("initiative")
    assert_quiet(system, ref)
    assert not [one for one in system.journal(ref) if one.level != "info"]


@pytest.mark.parametrize("system", ["dc"], indirect=True)
def test_what_says_an_epics_initiative_on_data_center_is_told_by_the_mapping(system: System) -> None:
    """Without Advanced Roadmaps there is no field: the line is left out with its reason, all else is carried."""
    dc = system
    from crosswalk.sync import differences, projectdata
    from crosswalk.sync.mapping import parse
    from tests.path.test_deletions import signed_in

    mapping = dc.integration.mapping
    above = {"name": "Initiative", "aha": "initiative", "jira": "parent", "direction": "both"}
    types = {"initiative": {"type": "Epic", "create": "to jira"}, "epic": {"type": "Epic", "create": "to jira"}}
    fields = {**mapping["fields"], "epic": [*mapping["fields"]["epic"], above]}
    dc.remap(types={**mapping["types"], **types}, fields=fields)
    said = differences.faults(parse(dc.integration.mapping), projectdata.load(dc.integration))
    what = "Parent Link (Advanced Roadmaps), by which Data Center says this, is not on the screen of “Epic”"
    assert [(one.where, one.mild) for one in said if what in one.what] == [
        (f"fields.epic[{len(fields['epic']) - 1}].jira", True)
    ]
    assert what in signed_in().get(f"/integrations/{dc.integration.pk}/mapping/epic/").content.decode()
    assert dc.send(epic(dc, "Sound", initiative=made(dc, "initiative", "Winter").id)).state == "agreed"


def put_below(system: System, key: str, above: str | None) -> None:
    """An engineer puts an epic below an initiative's issue."""
    system.jira.edit(key, **({PARENT_LINK: above} if system.flavour == "dc" else {"parent": {"key": above}}))


def parent(system: System, key: str) -> str:
    if system.flavour == "dc":
        return str(system.issue(key)[PARENT_LINK] or "")
    return str((system.issue(key).get("parent") or {}).get("key") or "")


def test_an_epic_is_imported_with_what_it_says(system: System) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, "epic": {**types["epic"], "type": "Epic", "create": "to jira"}})
    key = jira_epic(system, "Bell of brass")
    system.jira.edit(key, description="Rings", duedate="2027-01-31")
    system.pass_time(60)  # Cloud's search knows of it by then
    assert bring(system, 'summary ~ "brass"') == 1
    pair = pair_of(system, key)
    assert (pair.state, pair.left_kind) == ("agreed", "epic"), pair.reason
    ref = Ref("epic", pair.left_id, pair.left_key)
    brought = record(system, ref)
    assert (brought["name"], "Rings" in brought["description"]["body"]) == ("Bell of brass", True)
    system.aha.rename("epics", ref.id, "Bell of tin")
    look(system, ref)
    assert system.jira.summary(key) == "Bell of tin"
    assert_quiet(system, ref)
    system.pass_time(60)
    assert bring(system, 'summary ~ "tin"') == 0
