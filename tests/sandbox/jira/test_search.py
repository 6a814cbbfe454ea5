"""JQL and the two ways to page; the lag of the index."""

from __future__ import annotations

import pytest

from .play import Sandbox

FINDS = [
    ("project = FAB AND issuetype = Epic", ["FAB-1"]),
    ('project = "Fable Bicycles" AND status = "In Review"', ["FAB-5"]),
    ("project = FAB AND status IN (Done, 'In Review') ORDER BY key", ["FAB-4", "FAB-5"]),
    ("project = FAB AND statusCategory = Done", ["FAB-4"]),
    ("key in (FAB-2, FAB-1) ORDER BY key DESC", ["FAB-2", "FAB-1"]),
    ("id = 10001", ["FAB-2"]),
    ('project = FAB AND fixVersion = "Spring 2027" ORDER BY key', ["FAB-1", "FAB-2"]),
    ("project = FAB AND labels IS EMPTY ORDER BY key", ["FAB-4", "FAB-5", "FAB-6"]),
    ("project = FAB AND labels != lighting", []),
    ("project = FAB AND (summary ~ dynamo OR summary ~ 'cobble*') ORDER BY key", ["FAB-2", "FAB-5"]),
    ("project = FAB AND NOT labels = lighting AND assignee is not EMPTY ORDER BY key", ["FAB-4", "FAB-5"]),
    ("project = FAB AND resolution = Unresolved AND priority = Highest ORDER BY key", ["FAB-2", "FAB-5"]),
    ("reporter = currentUser() AND project = OPS", []),
    ('cf[10016] > 3 AND "Story Points" <= 5', ["FAB-2"]),
    ("project = FAB AND created >= -1d", []),
    ("project = FAB AND created <= now() AND key = FAB-1", ["FAB-1"]),
    ('project = FAB AND updated >= "2026/11/10" AND updated < "2026-11-11 00:00"', ["FAB-6"]),
    ("Sprint = 1", ["FAB-2"]),
    ("parent = FAB-5", ["FAB-6"]),
]

ERRORS = [
    ("project =", "Error in the JQL Query: Expecting either a value, list or function at the end of the query."),
    ("project FAB", "Error in the JQL Query: Expecting operator but got 'FAB'. The valid operators are"),
    ("project = FAB OR", "Error in the JQL Query: Expecting a field name at the end of the query."),
    (
        "project = 'FAB",
        "Error in the JQL Query: The quoted string 'FAB' has not been completed. (line 1, character 11)",
    ),
    ("project = FAB; x", "Error in the JQL Query: The character ';' is a reserved JQL character."),
    ("(project = FAB", "Error in the JQL Query: Expecting ')' before the end of the query."),
    ("project = FAB labels = a", "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'labels'."),
    ("project = and", "You must surround 'and' in quotation marks to use it as a value."),
    ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
    ("colour = red", "Field 'colour' does not exist or you do not have permission to view it."),
    ("project ~ FAB", "The operator '~' is not supported by the 'project' field."),
    ("project = FAB AND updated > soon", "Date value 'soon' for field 'updated' is invalid."),
    ("project = FAB AND assignee = nobody()", "Unable to find JQL function 'nobody()'."),
    ("project = FAB ORDER BY colour", "Field 'colour' does not exist or you do not have permission to view it."),
]


@pytest.mark.parametrize(("jql", "keys"), FINDS)
def test_finds(shared_jira: Sandbox, jql: str, keys: list[str]) -> None:
    assert shared_jira.search(jql) == keys


@pytest.mark.parametrize(("jql", "message"), ERRORS)
def test_refuses_in_jiras_words(shared_jira: Sandbox, jql: str, message: str) -> None:
    path = "~/search/jql" if shared_jira.flavour == "cloud" else "~/search"
    answer = shared_jira.call("GET", path, params={"jql": jql})
    assert answer.status_code == 400
    assert message in answer.json()["errorMessages"][0]


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
