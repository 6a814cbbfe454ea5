"""The Python client `jira`, signed in with a personal access token, works unchanged on the stand-in Data Center."""

from __future__ import annotations

import pytest

from jira import JIRA

from ..play import Sandbox
from . import jira_probe
from .jira_probe import refused
from .state import issue_of, person

FLAVOUR = "dc"


def _open(stage: Sandbox, token: str) -> JIRA:
    return JIRA(stage.url, token_auth=stage.credentials[token], get_server_info=True, max_retries=0)


@pytest.fixture(scope="module")
def client(stage: Sandbox) -> JIRA:
    return _open(stage, "pat")


@pytest.fixture(scope="module")
def reader(stage: Sandbox) -> JIRA:
    return _open(stage, "reader_pat")


@pytest.fixture(scope="module")
def outsider(stage: Sandbox) -> JIRA:
    return _open(stage, "outsider_pat")


class TestReading(jira_probe.Reading):
    def test_search_in_pages(self, client: JIRA, sandbox: Sandbox) -> None:
        total = len([i for i in sandbox.jira.site.issues.values() if i.project == "10000"])
        page = client.search_issues("project = FAB ORDER BY key", startAt=1, maxResults=2, fields="summary")
        assert ([i.key for i in page], page.total) == (["FAB-2", "FAB-3"], total)
        every = client.search_issues("project = FAB ORDER BY key", maxResults=False)
        assert len(every) == total
        assert client.search_issues("assignee = bruno", json_result=True)["total"] >= 1
        assert "does not exist" in refused(400, client.search_issues, "nonsense = 1")

    def test_create_metadata(self, client: JIRA) -> None:
        types = {t.name: t for t in client.project_issue_types("FAB", maxResults=100)}
        assert set(types) == {"Epic", "Story", "Task", "Bug", "Sub-task"}
        story = {f.fieldId: f for f in client.project_issue_fields("FAB", types["Story"].id, maxResults=100)}
        assert story["summary"].required is True
        assert [v.value for v in story["customfield_10030"].allowedValues] == ["Commuters", "Families", "Couriers"]

    def test_people_by_name(self, client: JIRA) -> None:
        found = client.search_assignable_users_for_projects("", projectKeys="FAB,OPS")
        assert {p.displayName for p in found} == {"Bruno Costa", "Alice Ng"}
        assert [p.name for p in client.search_users(user="chan")] == ["chandra"]


class TestIssues(jira_probe.Issues):
    def test_epic_by_its_link(self, client: JIRA, sandbox: Sandbox) -> None:
        epic = client.create_issue(
            project="FAB", issuetype={"name": "Epic"}, summary="Bells", customfield_10011="Bells"
        )
        story = client.create_issue(
            project="FAB", issuetype={"name": "Story"}, summary="ring", customfield_10014=epic.key
        )
        assert issue_of(sandbox, story.key).values["customfield_10014"] == epic.id

    def test_pinned_comments(self, client: JIRA) -> None:
        issue = client.create_issue(project="FAB", issuetype={"name": "Task"}, summary="pin")
        comment = client.add_comment(issue, "look here")
        client.pin_comment(issue.key, comment.id, True)
        assert [p.comment.id for p in client.pinned_comments(issue.key)] == [comment.id]
        client.pin_comment(issue.key, comment.id, False)
        assert client.pinned_comments(issue.key) == []


class TestAdministration(jira_probe.Administration):
    def test_type_schemes(self, client: JIRA) -> None:
        (scheme,) = client.issue_type_schemes()
        assert {p["key"] for p in client.get_issue_type_scheme_associations(scheme["id"])} >= {"FAB", "OPS"}

    def test_users(self, client: JIRA, sandbox: Sandbox) -> None:
        client.add_user("erika", "erika@example.com", fullname="Erika Muster", password="x")
        assert person(sandbox, "erika").email == "erika@example.com"
        client.rename_user("erika", "erik")
        assert client.user("erik").displayName == "Erika Muster"
        client.delete_user("erik")
        assert "erik" not in [p.name for p in sandbox.jira.site.people.values()]
        refused(404, client.user, "erik")


class TestRights(jira_probe.Rights):
    def test_wrong_token(self, stage: Sandbox) -> None:
        refused(401, JIRA, stage.url, token_auth="wrong", max_retries=0)
