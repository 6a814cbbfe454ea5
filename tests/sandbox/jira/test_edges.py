"""Small rules of the documents, at their edges: how many, who may, what an answer's headers tell."""

from __future__ import annotations

import pytest

from .play import Sandbox


def test_a_get_with_a_body(jira: Sandbox) -> None:
    """https://developer.atlassian.com/changelog/#CHANGE-2328"""
    assert jira.call("GET", "~/myself", content=b"{}").status_code == (403 if jira.flavour == "cloud" else 200)


def test_a_new_parent_in_the_changelog(cloud: Sandbox) -> None:
    assert cloud.call("PUT", "~/issue/FAB-4", json={"fields": {"parent": {"key": "FAB-1"}}}).status_code == 204
    (item,) = cloud.get("~/issue/FAB-4/changelog")["values"][-1]["items"]
    told = {"field": "IssueParentAssociation", "to": "10000", "toString": "FAB-1"}
    assert {name: item[name] for name in told} == told


@pytest.mark.parametrize(("number", "status"), [(50, 201), (51, 400)])
def test_so_many_issues_are_created_at_once(jira: Sandbox, number: int, status: int) -> None:
    one = {"fields": {"project": {"key": "FAB"}, "issuetype": {"name": "Task"}, "summary": "x"}}
    answer = jira.call("POST", "~/issue/bulk", json={"issueUpdates": [one] * number})
    assert (answer.status_code, len(jira.jira.site.issues)) == (status, 7 + (number if status == 201 else 0))


def test_only_an_administrator_writes_without_mail(jira: Sandbox) -> None:
    site = jira.jira.site
    dana = next(person for person in site.people.values() if person.name == "dana")
    site.projects["10000"].grants[dana.key].add("EDIT_ISSUES")
    body = {"fields": {"summary": "Quiet"}}
    refused = jira.call("PUT", "~/issue/FAB-2?notifyUsers=false", json=body, role="reader")
    assert (refused.status_code, jira.get("~/issue/FAB-2")["fields"]["summary"] == "Quiet") == (400, False)
    assert jira.call("PUT", "~/issue/FAB-2", json=body, role="reader").status_code == 204
    assert jira.call("PUT", "~/issue/FAB-2?notifyUsers=false", json=body).status_code == 204


@pytest.mark.parametrize(("number", "status"), [(60, 200), (61, 413)])
def test_so_many_files_are_attached_at_once(jira: Sandbox, number: int, status: int) -> None:
    files = [("file", (f"{n}.txt", b"x", "text/plain")) for n in range(number)]
    headers = {"X-Atlassian-Token": "no-check"}
    assert jira.call("POST", "~/issue/FAB-2/attachments", files=files, headers=headers).status_code == status


def test_headers_name_the_caller_and_the_request(jira: Sandbox) -> None:
    first, second = jira.call("GET", "~/myself"), jira.call("GET", "~/myself")
    assert first.headers["x-arequestid"] != second.headers["x-arequestid"]
    if jira.flavour == "cloud":
        assert first.headers["x-aaccountid"] == first.json()["accountId"].replace(":", "%3A")
        assert first.headers["atl-traceid"] == first.headers["x-arequestid"]
    else:
        assert first.headers["x-ausername"] == "alice"
    assert not {"x-aaccountid", "x-ausername"} & set(jira.call("GET", "~/serverInfo", role=None).headers)
