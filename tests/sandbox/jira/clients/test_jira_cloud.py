"""The Python client `jira`, signed in with e-mail and API token, works unchanged against the stand-in Cloud."""

from __future__ import annotations

import pytest

from jira import JIRA

from ..play import Sandbox
from . import jira_probe
from .jira_probe import refused
from .state import identity, issue_of

FLAVOUR = "cloud"


def _open(stage: Sandbox, role: str) -> JIRA:
    return JIRA(stage.url, basic_auth=stage.auth(role), max_retries=0)


@pytest.fixture(scope="module")
def client(stage: Sandbox) -> JIRA:
    return _open(stage, "")


@pytest.fixture(scope="module")
def reader(stage: Sandbox) -> JIRA:
    return _open(stage, "reader")


@pytest.fixture(scope="module")
def outsider(stage: Sandbox) -> JIRA:
    return _open(stage, "outsider")


class TestReading(jira_probe.Reading):
    def test_search_in_pages(self, client: JIRA, sandbox: Sandbox) -> None:
        every = [i.key for i in client.enhanced_search_issues("project = FAB ORDER BY key", maxResults=0)]
        held = [i for i in sandbox.jira.site.issues.values() if i.project == "10000"]
        assert every == [i.key for i in sorted(held, key=lambda i: i.number)]
        first = client.enhanced_search_issues("project = FAB ORDER BY key", maxResults=2, fields="summary")
        token = first.nextPageToken
        second = client.enhanced_search_issues("project = FAB ORDER BY key", nextPageToken=token, maxResults=2)
        assert [i.key for i in [*first, *second]] == every[:4]
        assert client.approximate_issue_count("project = FAB") == len(every)
        assert "does not exist" in refused(400, client.enhanced_search_issues, "nonsense = 1")

    def test_create_metadata(self, client: JIRA) -> None:
        found = client.createmeta("FAB", issuetypeNames="Story", expand="projects.issuetypes.fields")
        (story,) = found["projects"][0]["issuetypes"]
        assert story["fields"]["summary"]["required"] is True
        chosen = [v["value"] for v in story["fields"]["customfield_10030"]["allowedValues"]]
        assert chosen == ["Commuters", "Families", "Couriers"]

    def test_people_by_words(self, client: JIRA, sandbox: Sandbox) -> None:
        chandra = identity(sandbox, "chandra")
        assert [p.accountId for query in ("chan", chandra) for p in client.search_users(query=query)] == [chandra] * 2


class TestIssues(jira_probe.Issues):
    def test_epic_as_parent(self, client: JIRA, sandbox: Sandbox) -> None:
        epic = client.create_issue(project="FAB", issuetype={"name": "Epic"}, summary="Bells")
        story = client.create_issue(
            project="FAB", issuetype={"name": "Story"}, summary="ring", parent={"key": epic.key}
        )
        assert issue_of(sandbox, story.key).values["parent"] == epic.id


class TestAdministration(jira_probe.Administration):
    def test_dashboards(self, client: JIRA, sandbox: Sandbox) -> None:
        made = client.create_dashboard(name="Bells", description="All of them", share_permissions=[{"type": "global"}])
        gadget = client.add_gadget_to_dashboard(
            made.id, uri="rest/gadgets/1.0/g/com.atlassian.jira.gadgets/filter.xml", title="Mine", color="green"
        )
        held = sandbox.jira.site.dashboards[made.id]
        assert [(g.title, g.color) for g in held.gadgets] == [("Mine", "green")]
        assert [d.name for d in client.dashboards()] == ["Bells"]
        client.set_dashboard_item_property(made.id, gadget.id, "config", {"n": 5})
        assert client.dashboard_item_property(made.id, gadget.id, "config").value.n == 5
        copy = client.copy_dashboard(made.id, name="Bells again")
        assert [g.title for g in sandbox.jira.site.dashboards[copy.id].gadgets] == ["Mine"]
        client.dashboard(made.id).delete()
        assert made.id not in sandbox.jira.site.dashboards


class TestRights(jira_probe.Rights):
    def test_retired_search(self, client: JIRA, stage: Sandbox) -> None:
        answer = client._session.get
        refused(410, answer, f"{stage.url}/rest/api/2/search?jql=project=FAB")
