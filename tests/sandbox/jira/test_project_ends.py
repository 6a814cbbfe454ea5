"""Projects that are archived, put into the bin, brought back or deleted for good: who sees what of them, and what is
refused."""

from __future__ import annotations

from typing import Any

from .play import Sandbox


def verb(jira: Sandbox) -> str:
    return "POST" if jira.flavour == "cloud" else "PUT"


def step(jira: Sandbox, name: str, **more: Any) -> int:
    return jira.call(verb(jira), f"~/project/FAB/{name}", **more).status_code


def listed(jira: Sandbox, **query: str) -> list[str]:
    if jira.flavour == "cloud":
        return [project["key"] for project in jira.get("~/project/search", params=query)["values"]]
    return [project["key"] for project in jira.get("~/project", params=query)]


def test_an_archived_project_is_read_and_not_found(jira: Sandbox) -> None:
    refused = 400 if jira.flavour == "cloud" else 403
    assert step(jira, "restore") == refused
    assert step(jira, "archive", role="reader") == 403
    assert step(jira, "archive") == 204
    assert step(jira, "archive") == refused
    assert "FAB" not in listed(jira)
    assert "FAB" in listed(jira, **({"status": "archived"} if jira.flavour == "cloud" else {"includeArchived": "true"}))
    project = jira.get("~/project/FAB")
    assert project["archived"] is True
    if jira.flavour == "cloud":
        assert project["archivedBy"]["displayName"]
        assert "retentionTillDate" not in project
    assert jira.get("~/issue/FAB-1")["key"] == "FAB-1"
    assert jira.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "New"}}).status_code == 400
    fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "A bell"}
    assert jira.call("POST", "~/issue", json={"fields": fields}).status_code == 400
    assert not [key for key in jira.search("created >= -900d") if key.startswith("FAB")]
    assert jira.call("DELETE", "~/project/FAB").status_code == 400
    assert step(jira, "restore") == (200 if jira.flavour == "cloud" else 202)
    assert "FAB" in listed(jira)
    assert "FAB-1" in jira.search("created >= -900d")
    assert jira.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "New"}}).status_code == 204


def test_a_project_in_the_bin_is_nowhere_until_it_is_restored(cloud: Sandbox) -> None:
    assert cloud.call("DELETE", "~/project/FAB", role="reader").status_code == 404
    assert cloud.call("DELETE", "~/project/FAB").status_code == 204
    assert cloud.call("DELETE", "~/project/FAB").status_code == 404
    assert "FAB" not in listed(cloud)
    for path in ("~/project/FAB", "~/issue/FAB-1", "~/issue/FAB-1/comment", "/rest/agile/1.0/board/1"):
        assert cloud.call("GET", path).status_code == 404
    (held,) = cloud.get("~/project/search", params={"status": "deleted"})["values"]
    assert (held["key"], held["deleted"]) == ("FAB", True)
    assert held["retentionTillDate"] > held["deletedDate"]
    assert cloud.call("GET", "~/project/search", params={"status": "deleted"}, role="reader").json()["values"] == []
    assert step(cloud, "restore", role="reader") == 404
    assert cloud.call("POST", "~/project/FAB/restore").json()["key"] == "FAB"
    assert cloud.get("~/issue/FAB-1")["key"] == "FAB-1"


def test_what_is_deleted_for_good_does_not_come_back(jira: Sandbox) -> None:
    query = {"enableUndo": "false"} if jira.flavour == "cloud" else {}
    assert jira.call("DELETE", "~/project/FAB", params=query).status_code == 204
    assert step(jira, "restore") == 404
    if jira.flavour == "cloud":
        answer = jira.call("POST", "~/project/OPS/delete", follow_redirects=False)
        assert answer.status_code == 303
        assert jira.call("GET", answer.headers["location"].removeprefix(jira.url)).json()["status"] == "COMPLETE"
        assert jira.call("POST", "~/project/OPS/restore").status_code == 404


def test_a_project_keeps_the_keys_that_it_had(jira: Sandbox) -> None:
    """They lead to it, its issues are found by them, and no other project gets one."""
    assert jira.call("PUT", "~/project/FAB", json={"key": "BIKE"}).status_code == 200
    jira.clock.advance(60)
    assert jira.get("~/project/FAB")["key"] == "BIKE"
    assert jira.get("~/issue/FAB-2")["key"] == "BIKE-2"
    assert jira.search("project = FAB AND key = FAB-2") == ["BIKE-2"]
    lead = next(p for p in jira.jira.site.people.values() if p.name == "alice")
    wire = {"name": "Bells", "projectTypeKey": "software", "leadAccountId": lead.account_id, "lead": lead.name}
    wire.pop("lead" if jira.flavour == "cloud" else "leadAccountId")
    refused = jira.call("POST", "~/project", json={**wire, "key": "FAB"})
    assert (refused.status_code, "projectKey" in refused.json()["errors"]) == (400, True)
    assert jira.call("PUT", "~/project/BIKE", json={"key": "FAB"}).status_code == 200
    assert jira.get("~/project/BIKE")["key"] == "FAB"
