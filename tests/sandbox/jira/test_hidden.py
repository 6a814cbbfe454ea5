"""What a person may not see shows nowhere: an issue by its security level, a comment or work log by its visibility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .play import Sandbox, playing
from .test_strict_rules import edited, fields_of, made

LEADS = {"id": "10021"}


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with playing(request.param, "rules") as sandbox:
        yield sandbox


def linked(jira: Sandbox, source: str, target: str) -> str:
    wire = {"type": {"name": "Blocks"}, "inwardIssue": {"key": source}, "outwardIssue": {"key": target}}
    assert jira.call("POST", "~/issueLink", json=wire).status_code == 201
    (link,) = fields_of(jira, source)["issuelinks"]
    return str(link["id"])


def shut(jira: Sandbox, key: str) -> str:
    """Give an issue a level that dana, the reader, is not in."""
    assert edited(jira, key, security=LEADS) is None
    assert jira.call("GET", f"~/issue/{key}", role="reader").status_code == 404
    return key


def everything(jira: Sandbox, key: str) -> str:
    """All that the reader is told of an issue, as text."""
    paths = [f"~/issue/{key}?expand=changelog,editmeta,transitions,renderedFields", f"/rest/agile/1.0/issue/{key}"]
    paths += [f"~/issue/{key}/changelog"] if jira.flavour == "cloud" else [f"~/issue/{key}/subtask"]
    return "".join(jira.call("GET", path, role="reader").text for path in paths)


def test_the_other_end_of_a_link_does_not_show(jira: Sandbox) -> None:
    plain, other = made(jira, summary="Plain"), made(jira, summary="Other")
    link = linked(jira, plain, other)
    assert other in everything(jira, plain)
    shut(jira, other)
    assert fields_of(jira, plain)["issuelinks"][0]["outwardIssue"]["key"] == other
    assert fields_of(jira, plain, role="reader")["issuelinks"] == []
    assert other not in everything(jira, plain)
    for method in ("GET", "DELETE"):
        assert jira.call(method, f"~/issueLink/{link}", role="reader").status_code == 404
    assert jira.get(f"~/issueLink/{link}")["outwardIssue"]["key"] == other


def test_a_hidden_parent_and_its_parts_do_not_show(jira: Sandbox) -> None:
    story = made(jira)
    part = made(jira, "Sub-task", parent={"key": story})
    assert [s["key"] for s in fields_of(jira, story, role="reader")["subtasks"]] == [part]
    shut(jira, story)
    assert jira.call("GET", f"~/issue/{part}", role="reader").status_code == 404, "a sub-task has its parent's level"
    late = made(jira, "Sub-task", parent={"key": story})
    assert jira.call("GET", f"~/issue/{late}", role="reader").status_code == 404
    assert edited(jira, part, security=None) == {
        "security": "Field 'security' cannot be set. It is not on the appropriate screen, or unknown."
    }


def test_a_hidden_epic_does_not_show_in_what_is_below(jira: Sandbox) -> None:
    site = jira.jira.site
    found = site.of_kind("epiclink")
    field = found.id if found else "parent"
    epic = made(jira, "Epic", "FAB", **({} if jira.flavour == "cloud" else {"customfield_10011": "Bells"}))
    below = made(jira, project="FAB", **{field: {"key": epic} if jira.flavour == "cloud" else epic})
    other = made(jira, "Epic", "FAB", **({} if jira.flavour == "cloud" else {"customfield_10011": "Lamps"}))
    assert edited(jira, below, **{field: {"key": other} if jira.flavour == "cloud" else other}) is None
    assert edited(jira, below, **{field: {"key": epic} if jira.flavour == "cloud" else epic}) is None
    assert epic in everything(jira, below)
    site.issues[site.keys[epic]].values["security"] = LEADS["id"]
    assert epic not in everything(jira, below)
    assert fields_of(jira, below, role="reader").get(field) is None
    jira.clock.advance(60)
    query = f"parent = {epic}" if jira.flavour == "cloud" else f'"Epic Link" = {epic}'
    assert jira.search(query) == [below]
    assert asked(jira, query).status_code == 400


def asked(jira: Sandbox, jql: str) -> Any:
    return (
        jira.call("POST", "~/search", json={"jql": jql}, role="reader")
        if jira.flavour == "dc"
        else jira.call("POST", "~/search/jql", json={"jql": jql, "fields": ["key"]}, role="reader")
    )


def test_queries_tell_nothing_of_a_hidden_issue(jira: Sandbox) -> None:
    plain, other = made(jira, labels=["open"]), made(jira, labels=["secret"])
    linked(jira, plain, other)
    wire = {"globalId": "aha=1", "object": {"url": "https://aha.test/1", "title": "One"}}
    for key in (plain, other):
        assert jira.call("POST", f"~/issue/{key}/remotelink", json=wire).is_success
    shut(jira, other)
    jira.clock.advance(60)
    assert jira.search(f"issue in linkedIssues({plain})") == [other]
    assert jira.search(f"issue in linkedIssues({plain})", role="reader") == []
    assert jira.search('issue in issuesWithRemoteLinksByGlobalId("aha=1")', role="reader") == [plain]
    for query in (f"key = {other}", f"issue in linkedIssues({other})"):
        assert asked(jira, query).status_code == 400
    assert plain in jira.search("project = VET", role="reader")
    assert other not in jira.search("project = VET", role="reader")
    offered = jira.get("~/jql/autocompletedata/suggestions", params={"fieldName": "labels"}, role="reader")
    values = [one["value"] for one in offered["results"]]
    assert "open" in values
    assert "secret" not in values


def test_boards_and_pages_leave_out_a_hidden_issue(jira: Sandbox) -> None:
    hidden = shut(jira, made(jira))
    open_one = made(jira)
    site = jira.jira.site
    dana = next(person.key for person in site.people.values() if person.name == "dana")
    board = jira.get("/_sandbox/jira/board", params={"project": "VET", "as": dana})
    cards = [card["key"] for card in board["cards"]]
    assert open_one in cards
    assert hidden not in cards
    assert jira.call("GET", f"/_sandbox/jira/issues/{hidden}", params={"as": dana}).status_code == 404


def test_restricted_comments_and_work_logs_are_for_those_who_are_in(jira: Sandbox) -> None:
    key = made(jira, project="FAB")
    only = {"type": "role", "value": "Administrators"}
    wire = {"body": jira.text("unspeakable"), "visibility": only}
    comment = jira.call("POST", f"~/issue/{key}/comment", json=wire).json()
    work = {"timeSpent": "1h", "comment": jira.text("unmentionable"), "visibility": only}
    log = jira.call("POST", f"~/issue/{key}/worklog", json=work).json()
    assert comment["visibility"]["value"] == log["visibility"]["value"] == "Administrators"
    assert "unmentionable" in jira.call("GET", f"~/issue/{key}").text

    told = everything(jira, key)
    for path in (f"~/issue/{key}/comment", f"~/issue/{key}/worklog"):
        told += jira.call("GET", path, role="reader").text
    told += jira.call("POST", "~/worklog/list", json={"ids": [int(log["id"])]}, role="reader").text
    assert "unspeakable" not in told
    assert "unmentionable" not in told
    for path in (f"comment/{comment['id']}", f"worklog/{log['id']}"):
        assert jira.call("GET", f"~/issue/{key}/{path}", role="reader").status_code == 404
    since = jira.get("~/worklog/updated", params={"since": 0}, role="reader")["values"]
    assert int(log["id"]) not in [one["worklogId"] for one in since]
    jira.clock.advance(60)
    for query in ('comment ~ "unspeakable"', 'text ~ "unspeakable"'):
        assert jira.search(query) == [key]
        assert jira.search(query, role="reader") == []

    everybody = jira.call("PUT", f"~/issue/{key}/worklog/{log['id']}", json={"timeSpent": "1h", "visibility": None})
    assert everybody.status_code == 200
    assert "visibility" not in everybody.json()
    assert jira.call("GET", f"~/issue/{key}/worklog/{log['id']}", role="reader").status_code == 200
