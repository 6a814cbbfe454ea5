"""What queries find in the demo, read as a table: the query, the keys. Asked by alice, who lives in New York."""

from __future__ import annotations

import pytest

from crosswalk_sandbox.jira import edit, jql, search, seeds
from crosswalk_sandbox.jira.app import credentials_of
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.traits import Asker
from crosswalk_sandbox.kernel.clock import VirtualClock

FINDS = [
    # fields and their values
    ("project = FAB AND issuetype = Epic", ["FAB-1"]),
    ('project = "Fable Bicycles" AND status = "In Review"', ["FAB-5"]),
    ("project = 10000 and type = sub-task", ["FAB-6"]),
    ("project = FAB AND status IN (Done, 'In Review') ORDER BY key", ["FAB-4", "FAB-5"]),
    ("status = 3 order by key", ["FAB-1", "FAB-2"]),
    ("project = FAB AND statusCategory = Done", ["FAB-4"]),
    ("statusCategory = 4 order by key desc", ["FAB-5", "FAB-2", "FAB-1"]),
    ("key in (FAB-2, FAB-1) ORDER BY key DESC", ["FAB-2", "FAB-1"]),
    ("key > FAB-3", ["FAB-6", "FAB-5", "FAB-4"]),
    ("id = 10001", ["FAB-2"]),
    ('project = FAB AND fixVersion = "Spring 2027" ORDER BY key', ["FAB-1", "FAB-2"]),
    ("fixVersion = 10001 order by key", ["FAB-1", "FAB-2"]),
    ('fixVersion > "autumn 2026" order by key', ["FAB-1", "FAB-2"]),
    ('fixVersion < "spring 2027"', []),
    ("priority > Medium order by priority desc, key", ["FAB-2", "FAB-5", "FAB-1"]),
    ("project = FAB and priority <= medium order by key", ["FAB-3", "FAB-4", "FAB-6"]),
    ('assignee = "Bruno Costa" order by key', ["FAB-2", "FAB-4"]),
    ("project = FAB AND resolution = Unresolved AND priority = Highest ORDER BY key", ["FAB-2", "FAB-5"]),
    ("resolution is not empty", ["FAB-4"]),
    ("resolution != Unresolved", ["FAB-4"]),
    ("resolution in (Unresolved, Done) and key in (FAB-3, FAB-4)", ["FAB-4", "FAB-3"]),
    ('cf[10016] > 3 AND "Story Points" <= 5', ["FAB-2"]),
    ("customfield_10016 = 5", ["FAB-2"]),
    ("Sprint = 1", ["FAB-2"]),
    ("sprint = 'fab sprint 1'", ["FAB-2"]),
    ("parent = FAB-5", ["FAB-6"]),
    ('"Epic Link" = FAB-1 order by key', ["FAB-2", "FAB-3"]),
    ("attachments is not empty", []),
    ("lastViewed is not empty", []),
    # EMPTY, and what NOT leaves out
    ("project = FAB AND labels IS EMPTY ORDER BY key", ["FAB-4", "FAB-5", "FAB-6"]),
    ("project = FAB AND labels = NULL ORDER BY key", ["FAB-4", "FAB-5", "FAB-6"]),
    ("project = FAB AND labels != lighting", []),
    ("project = FAB AND NOT labels = lighting", []),
    ("NOT labels not in (dynamo) order by key", []),
    ("NOT (labels != lighting OR priority < High) order by key", ["FAB-1", "FAB-2"]),
    ("labels in (EMPTY, lighting) and project = FAB and not key > FAB-2 order by key", ["FAB-1", "FAB-2"]),
    # joining
    ("key = FAB-1 or key = FAB-2 and key = FAB-3", ["FAB-1"]),
    ("(key = FAB-1 or key = FAB-2) && !(key = FAB-1)", ["FAB-2"]),
    ("key = FAB-1 | key = FAB-2 & key = FAB-3", ["FAB-1"]),
    # words
    ("project = FAB AND (summary ~ dynamo OR summary ~ 'cobble*') ORDER BY key", ["FAB-2", "FAB-5"]),
    ("summary ~ 'dynamo OR cobblestones' order by key", ["FAB-2", "FAB-5"]),
    ("summary ~ 'light -dynamo'", ["FAB-5"]),
    (r'summary ~ "\"traffic lights\""', ["FAB-2"]),
    (r'summary ~ "\"lights traffic\""', []),
    ("summary ~ 'lights traffic'", ["FAB-2"]),
    ("summary ~ 'light?' order by key", ["FAB-1", "FAB-2", "FAB-3"]),
    ("summary ~ 'work'", []),
    ("text ~ capacitor", ["FAB-2"]),
    ("comment ~ 'data sheet'", ["FAB-2"]),
    ("text ~ riders and not text ~ winter", ["FAB-1"]),
    ("description !~ capacitor and project = FAB order by key", ["FAB-1", "FAB-3", "FAB-5"]),
    # dates, in New York, where alice is
    ("project = FAB AND created >= -1d", []),
    ("project = FAB AND created <= now() AND key = FAB-1", ["FAB-1"]),
    ('project = FAB AND updated >= "2026/11/10" AND updated < "2026-11-11 00:00"', ["FAB-6"]),
    ('created >= "2026-11-05 04:07" and created <= "2026-11-05 04:07"', ["FAB-1"]),
    ('created = "2026-11-05 09:07"', []),
    ("created >= startOfDay(-15d) and created < startOfDay(-14d)", ["FAB-5"]),
    ("created > startOfMonth(8d) and created < endOfDay('-14') order by created asc", ["FAB-5", "FAB-6"]),
    ("created < startOfYear() or created > endOfYear()", []),
    ("created > endOfMonth('-1M') and key = FAB-1", ["FAB-1"]),
    ("created >= startOfWeek(-2w) order by key", ["FAB-4", "FAB-5", "FAB-6"]),
    ("project = FAB and created <= endOfWeek(-3w) order by key", ["FAB-1", "FAB-2", "FAB-3"]),
    ("created > '-2w 1d' order by key", ["FAB-5", "FAB-6"]),
    ("due is empty and key = FAB-1", ["FAB-1"]),
    # functions
    ("assignee = currentUser()", ["FAB-1"]),
    ("assignee in (currentUser(), 'chandra@example.com') order by key", ["FAB-1", "FAB-3", "FAB-5"]),
    ("reporter = currentUser() AND project = OPS", []),
    ("assignee in membersOf('jira-administrators')", ["FAB-1"]),
    ("watcher = currentUser() or votes > 0 or issue in watchedIssues() or issue in votedIssues()", []),
    ("sprint in openSprints()", ["FAB-2"]),
    ("sprint in (futureSprints(), closedSprints())", []),
    ("fixVersion in unreleasedVersions(FAB) order by key", ["FAB-1", "FAB-2"]),
    ("fixVersion in releasedVersions()", []),
    ("fixVersion = earliestUnreleasedVersion(FAB) and fixVersion != latestReleasedVersion(FAB)", ["FAB-2", "FAB-1"]),
    ("issuetype in subTaskIssueTypes()", ["FAB-6"]),
    ("project = FAB and issuetype not in standardIssueTypes()", ["FAB-6"]),
    ("project in projectsLeadByUser('Bruno Costa')", ["OPS-1"]),
    ("issue in linkedIssues(FAB-1)", []),
    ("issue in updatedBy('Bruno Costa', '-60d') order by key", ["FAB-2", "OPS-1"]),
    # order
    ("project = FAB order by rank desc", ["FAB-6", "FAB-5", "FAB-4", "FAB-3", "FAB-2", "FAB-1"]),
    ("project = FAB order by priority, created asc", ["FAB-2", "FAB-5", "FAB-1", "FAB-3", "FAB-4", "FAB-6"]),
    ("project = FAB order by assignee, key desc", ["FAB-1", "FAB-4", "FAB-2", "FAB-5", "FAB-3", "FAB-6"]),
    ("key in (FAB-1, FAB-2, FAB-4) order by cf[10016] desc, summary", ["FAB-1", "FAB-4", "FAB-2"]),
    ("key in (FAB-1, FAB-2, FAB-4) order by resolution, status desc, summary", ["FAB-4", "FAB-2", "FAB-1"]),
]  # fmt: skip


World = tuple[Site, Asker]


@pytest.fixture(scope="module", params=["cloud", "dc"])
def world(request: pytest.FixtureRequest) -> World:
    site = seeds.plant("demo", request.param, VirtualClock())
    return site, Asker(next(iter(site.people.values())), request.param == "cloud")


def found(world: World, query: str) -> list[str]:
    site, asker = world
    return [issue.key for issue in search.find(site, asker, jql.parse(query))]


@pytest.mark.parametrize(("query", "keys"), FINDS)
def test_finds(world: World, query: str, keys: list[str]) -> None:
    assert found(world, query) == keys


HISTORY = [
    ("status WAS 'To Do'", ["FAB-3", "FAB-6", "OPS-1"]),
    ("status WAS 'In Progress' AND key in (FAB-3, FAB-6)", ["FAB-3"]),
    ("status WAS NOT 'To Do' AND key in (FAB-3, FAB-5)", ["FAB-5"]),
    ("status WAS IN (Done, 'In Review')", ["FAB-3", "FAB-4", "FAB-5"]),
    ("status WAS NOT IN (Done, 'In Review', 'In Progress') and project = FAB", ["FAB-6"]),
    ("status WAS 'To Do' BEFORE '2026-11-24 04:00'", ["FAB-3", "FAB-6", "OPS-1"]),
    ("status WAS 'To Do' AFTER '2026-11-24 06:00'", ["FAB-6", "OPS-1"]),
    ("status WAS 'In Progress' BY 'Bruno Costa'", ["FAB-3"]),
    ("status WAS 'In Progress' BY currentUser()", ["FAB-1", "FAB-2"]),
    ("status WAS 'In Review' DURING ('2026-11-24 04:30', '2026-11-24 05:30')", ["FAB-5"]),
    ("status WAS 'In Review' ON '2026-11-24'", ["FAB-3", "FAB-5"]),
    ("status WAS 'In Review' ON '2026-11-23'", ["FAB-5"]),
    ("status CHANGED", ["FAB-3"]),
    ("NOT status CHANGED and key in (FAB-2, FAB-3)", ["FAB-2"]),
    ("status CHANGED FROM 'To Do' TO 'In Progress' BY 'Bruno Costa'", ["FAB-3"]),
    ("status CHANGED FROM 'To Do' TO 'In Review'", []),
    ("status CHANGED AFTER '2026-11-24 05:30'", ["FAB-3"]),
    ("status CHANGED BEFORE '2026-11-24 04:00'", []),
    ("status CHANGED TO 'In Review' DURING ('2026-11-24 05:30', now())", ["FAB-3"]),
    ("status CHANGED ON startOfDay()", ["FAB-3"]),
    ("assignee WAS EMPTY and project = FAB", ["FAB-3", "FAB-6"]),
    ("assignee CHANGED FROM 'Chandra Iyer' TO EMPTY", ["FAB-3"]),
    ("assignee WAS 'Chandra Iyer'", ["FAB-3", "FAB-5"]),
    ("priority CHANGED TO Lowest", ["FAB-3"]),
    ("fixVersion WAS 'Spring 2027'", ["FAB-1", "FAB-2"]),
    ("fixVersion CHANGED FROM 'Spring 2027'", ["FAB-2"]),
    ("fixVersion CHANGED TO 10000", ["FAB-2"]),
    ("fixVersion WAS EMPTY and key in (FAB-1, FAB-2, FAB-4)", ["FAB-4"]),
]


@pytest.fixture(scope="module", params=["cloud", "dc"])
def worked(request: pytest.FixtureRequest) -> World:
    """Bruno starts FAB-3 at 05:00 and sends it to review at 06:00 (in New York), nobody's then; and moves FAB-2 to
    another version."""
    clock = VirtualClock()
    site = seeds.plant("demo", request.param, clock)
    flavour, _ = credentials_of(request.param, site)
    alice, bruno, *_ = site.people.values()
    desk = edit.Desk(site, flavour, bruno)

    def move(transition: str) -> None:
        clock.advance(3600)
        assert edit.transition(desk, site.issues["10002"], {"transition": {"id": transition}})

    def put(issue: str, fields: Json) -> None:
        assert edit.edit(desk, site.issues[issue], {"fields": fields})

    move("21")
    move("31")
    put("10002", {"assignee": None, "priority": {"name": "Lowest"}})
    put("10001", {"fixVersions": [{"id": "10000"}]})
    clock.advance(3600)
    return site, Asker(alice, request.param == "cloud")


@pytest.mark.parametrize(("query", "keys"), HISTORY)
def test_finds_in_the_history(worked: World, query: str, keys: list[str]) -> None:
    assert found(worked, query + " ORDER BY key") == keys
