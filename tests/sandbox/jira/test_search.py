"""JQL and the two ways to page; the lag of the index."""

from __future__ import annotations

import pytest

from .play import Sandbox, playing


def test_token_pages(cloud: Sandbox) -> None:
    keys: list[str] = []
    token, pages = "", 0
    while True:
        body = {"jql": "project = FAB ORDER BY key", "fields": ["key"], "maxResults": 4} | (
            {"nextPageToken": token} if token else {}
        )
        page = cloud.call("POST", "~/search/jql", json=body).json()
        keys += [issue["key"] for issue in page["issues"]]
        assert "total" not in page
        pages += 1
        if page["isLast"]:
            break
        token = page["nextPageToken"]
    assert (keys, pages) == ([f"FAB-{n}" for n in range(1, 7)], 2)
    other = {"jql": "project = OPS", "nextPageToken": token}
    assert cloud.call("POST", "~/search/jql", json=other).status_code == 400
    cloud.clock.advance(8 * 86400)
    old = {"jql": "project = FAB ORDER BY key", "nextPageToken": token}
    assert cloud.call("POST", "~/search/jql", json=old).status_code == 400
    assert cloud.get("~/search/jql?jql=project=OPS")["issues"] == [{"id": "10006"}]


def test_a_page_may_be_shorter_than_asked_for() -> None:
    with playing("cloud", "large:300") as cloud:
        sizes = {}
        for fields in ("summary", "id"):
            asked = {"jql": "created is not empty", "fields": [fields], "maxResults": 250}
            page = cloud.call("POST", "~/search/jql", json=asked).json()
            sizes[fields] = len(page["issues"])
            assert (page["isLast"], "nextPageToken" in page) == (False, True)
    assert sizes == {"summary": 100, "id": 250}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"jql": "project = FAB ORDER BY key, summary, status, priority, created, updated, assignee"}, 200),
        ({"jql": "project = FAB ORDER BY key, summary, status, priority, created, updated, assignee, reporter"}, 400),
        ({"jql": "project = FAB", "reconcileIssues": list(range(10000, 10050))}, 200),
        ({"jql": "project = FAB", "reconcileIssues": list(range(10000, 10051))}, 400),
    ],
)
def test_a_search_names_at_most_so_many(cloud: Sandbox, body: dict[str, object], status: int) -> None:
    assert cloud.call("POST", "~/search/jql", json=body).status_code == status


def test_counted_pages(dc: Sandbox) -> None:
    page = dc.get("~/search?jql=project=FAB%20order%20by%20key&startAt=4&maxResults=5&fields=summary")
    assert (page["startAt"], page["total"], [issue["key"] for issue in page["issues"]]) == (4, 6, ["FAB-5", "FAB-6"])
    assert dc.get("~/search")["total"] == 7


def test_index_lags_unless_reconciled(cloud: Sandbox) -> None:
    key = cloud.create(labels=["horn"])
    identity = cloud.get(f"~/issue/{key}")["id"]
    assert cloud.search("project = FAB AND labels = horn") == []
    fresh = cloud.get(f"~/search/jql?jql=project=FAB%20and%20labels=horn&fields=key&reconcileIssues={identity}")
    assert [issue["key"] for issue in fresh["issues"]] == [key]
    cloud.clock.advance(2)
    assert cloud.search("project = FAB AND labels = horn") == [key]
    cloud.call("PUT", f"~/issue/{key}", json={"fields": {"labels": ["bell"]}})
    assert cloud.search("project = FAB AND labels = horn") == [key]


def test_faults_make_search_lag_and_reads_stale(jira: Sandbox) -> None:
    jira.clock.advance(5)
    jira.call("PUT", "~/issue/FAB-1", json={"fields": {"summary": "Altered"}})
    jira.clock.advance(5)
    jira.call("POST", "/_sandbox/faults", json={"kind": "lag", "seconds": 30, "path_regex": "/search", "times": 0})
    jira.call(
        "POST", "/_sandbox/faults", json={"kind": "stale", "seconds": 30, "path_regex": "/issue/FAB-1", "times": 1}
    )
    assert jira.search("project = FAB AND summary ~ Altered") == []
    assert jira.get("~/issue/FAB-1")["fields"]["summary"] == "Lights for dark mornings"
    assert jira.get("~/issue/FAB-1")["fields"]["summary"] == "Altered"


def test_times_are_asked_for_as_durations(jira: Sandbox) -> None:
    key = jira.create(timetracking={"originalEstimate": "1d 2h", "remainingEstimate": "30m"})
    assert jira.call("POST", f"~/issue/{key}/worklog?adjustEstimate=leave", json={"timeSpent": "3h"}).status_code == 201
    jira.clock.advance(5)
    for query, found in [
        ('originalEstimate = "1d 2h"', True),
        ("originalEstimate < 10h", False),
        ("timeoriginalestimate >= 600", True),
        ("remainingEstimate in (1h, 30m)", True),
        ("timeSpent > 2h AND timeSpent < 1d", True),
        ("timeSpent is EMPTY", False),
    ]:
        assert jira.search(f"key = {key} AND {query}") == [key] * found, query
    path = "~/search/jql" if jira.flavour == "cloud" else "~/search"
    assert jira.call("GET", path, params={"jql": "timeSpent > bell"}).status_code == 400


def test_minus_one_is_the_default_assignee(jira: Sandbox) -> None:
    name = "accountId" if jira.flavour == "cloud" else "name"
    project = jira.jira.site.project("FAB")
    assert project is not None
    lead = jira.jira.site.people[project.lead]
    project.assignee_type = "PROJECT_LEAD"
    assert jira.call("PUT", "~/issue/FAB-2/assignee", json={name: "-1"}).status_code == 204
    assignee = jira.get("~/issue/FAB-2")["fields"]["assignee"]
    assert assignee[name] == (lead.account_id if name == "accountId" else lead.name)
    project.assignee_type = "UNASSIGNED"
    assert jira.call("PUT", "~/issue/FAB-2/assignee", json={name: "-1"}).status_code == 204
    assert jira.get("~/issue/FAB-2")["fields"]["assignee"] is None
    assert jira.call("PUT", "~/issue/FAB-2/assignee", json={name: "-2"}).status_code in (400, 404)


def test_labels_are_found_in_capitals_or_not(jira: Sandbox) -> None:
    """As in the source of Jira Server, whose index holds labels in lower case; what is shown stays as it was typed."""
    key = jira.create(labels=["Bell", "horn"])
    jira.clock.advance(60)
    for query in ("labels = BELL", "labels in (bell, x)", "labels = bell AND labels = Horn"):
        assert jira.search(f"project = FAB AND {query}") == [key], query
    assert key not in jira.search("project = FAB AND labels != bELL")
    assert jira.get(f"~/issue/{key}?fields=labels")["fields"]["labels"] == ["Bell", "horn"]
