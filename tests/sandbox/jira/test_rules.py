"""Jira's rules for issues: screens, required fields, words of refusals, hierarchy, workflow, long text, parts and
links."""

from __future__ import annotations

from typing import Any

import pytest

from .play import Sandbox

URL_FIELD = "com.atlassian.jira.plugin.system.customfieldtypes:url"
SEARCHED = {"searcherKey": "com.atlassian.jira.plugin.system.customfieldtypes:exacttextsearcher"}


def refused(jira: Sandbox, fields: dict[str, Any], kind: str = "Story") -> dict[str, str]:
    """The field errors of a create that has to be refused."""
    before = jira.get("/_sandbox/state")
    fields = {"project": {"key": "FAB"}, "issuetype": {"name": kind}, "summary": "x", **fields}
    answer = jira.call("POST", "~/issue", json={"fields": fields})
    assert answer.status_code == 400, answer.text
    assert jira.get("/_sandbox/state") == before
    errors: dict[str, str] = answer.json()["errors"]
    return errors


def test_words_of_refusals(jira: Sandbox) -> None:
    assert refused(jira, {"summary": ""}) == {"summary": "You must specify a summary of the issue."}
    assert refused(jira, {"summary": "x" * 256}) == {"summary": "Summary must be less than 255 characters."}
    assert "newline" in refused(jira, {"summary": "a\nb"})["summary"]
    assert refused(jira, {"labels": ["Test Application"]}) == {
        "labels": "The label 'Test Application' contains spaces which is invalid."
    }
    for given, words in (
        ({"customfield_10030": {"value": "Nobody"}}, "Option id 'null' is not valid"),
        ({"customfield_10030": "Families"}, "Could not find valid 'id' or 'value' in the Parent Option object."),
        ({"customfield_10031": [{"value": "Nobody"}]}, "Option value 'Nobody' is not valid"),
        ({"duedate": {"value": "2026-11-27"}}, "Operation value must be a string"),
    ):
        assert list(refused(jira, given).values()) == [words]
    assert "is not valid" in refused(jira, {"fixVersions": [{"name": "Spring 2027"}]})["fixVersions"]
    long = refused(jira, {"description": jira.text("x" * 32768)})
    assert long["description"] == "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
    wrong = "plain" if jira.flavour == "cloud" else {"type": "doc"}
    assert "description" in refused(jira, {"description": wrong})
    off = refused(jira, {"resolution": {"name": "Done"}, "nonsense": 1})
    assert off["nonsense"] == "Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown."
    assert set(off) == {"resolution", "nonsense"}


def test_a_field_is_made_and_put_on_the_screen(jira: Sandbox) -> None:
    made = jira.call("POST", "~/field", json={"name": "Aha! Reference", "type": URL_FIELD, **SEARCHED}).json()["id"]
    value = {made: "https://example.aha.io/features/PRJ1-1"}
    assert made in refused(jira, value)
    assert made in {one["id"] for one in jira.get("~/screens/1/availableFields")}
    assert jira.call("POST", f"~/screens/addToDefault/{made}").status_code == (200 if jira.flavour == "cloud" else 204)
    assert made not in {one["id"] for one in jira.get("~/screens/1/availableFields")}
    assert jira.call("GET", "~/screens/9/availableFields").status_code == (404 if jira.flavour == "cloud" else 400)
    key = jira.create(**value)
    assert jira.get(f"~/issue/{key}")["fields"][made] == value[made]
    envelope = jira.get("~/issue/createmeta/FAB/issuetypes/10001?maxResults=200")
    listed = envelope["fields" if jira.flavour == "cloud" else "values"]
    assert made in {field["fieldId"] for field in listed}
    assert jira.search(f'project = FAB AND "Aha! Reference" = "{value[made]}"') in ([key], [])
    assert jira.call("POST", "~/field", json={"name": "x", "type": URL_FIELD}, role="reader").status_code == 400


def test_epics_and_subtasks(jira: Sandbox) -> None:
    if jira.flavour == "cloud":
        epic = jira.create("Epic")
        story = jira.create(parent={"key": epic})
        assert jira.get(f"~/issue/{story}")["fields"]["parent"]["key"] == epic
        assert "hierarchy" in refused(jira, {"parent": {"key": story}})["parentId"]
        unset = {"update": {"parent": [{"set": {"none": True}}]}}
        assert jira.call("PUT", f"~/issue/{story}", json=unset).status_code == 204
        assert "parent" not in jira.get(f"~/issue/{story}")["fields"]
    else:
        assert refused(jira, {}, "Epic") == {"customfield_10011": "Epic Name is required."}
        epic = jira.create("Epic", customfield_10011="Bells")
        story = jira.create(customfield_10014=epic)
        assert jira.get(f"~/issue/{story}")["fields"]["customfield_10014"] == epic
        assert jira.search(f'"Epic Link" = {epic}') == [story]
    assert "parent issue key or id not specified" in refused(jira, {}, "Sub-task")["issuetype"]
    part = jira.create("Sub-task", parent={"key": story})
    assert [child["key"] for child in jira.get(f"~/issue/{story}")["fields"]["subtasks"]] == [part]
    assert jira.call("DELETE", f"~/issue/{story}").status_code == 400
    assert jira.call("DELETE", f"~/issue/{story}?deleteSubtasks=true").status_code == 204
    assert jira.call("GET", f"~/issue/{part}").status_code == 404


def test_the_same_field_twice_and_unknown_operations(jira: Sandbox) -> None:
    twice = {"fields": {"labels": ["a"]}, "update": {"labels": [{"add": "b"}]}}
    assert set(jira.call("PUT", "~/issue/FAB-1", json=twice).json()["errors"]) == {"labels"}
    add = jira.call("PUT", "~/issue/FAB-1", json={"update": {"summary": [{"add": "b"}]}})
    assert "does not support operation 'add'" in add.json()["errors"]["summary"]
    assert jira.call("PUT", "~/issue/FAB-1", json={}).json()["errorMessages"] == [
        "one of 'fields' or 'update' required"
    ]


def test_workflow_and_required_transition_field(jira: Sandbox) -> None:
    key = jira.create()
    possible = jira.get(f"~/issue/{key}/transitions?expand=transitions.fields")["transitions"]
    assert {t["name"]: t["to"]["name"] for t in possible} == {"Start progress": "In Progress", "Close": "Done"}
    close = next(t for t in possible if t["name"] == "Close")
    assert close["fields"]["resolution"]["required"] is True
    move = {"transition": {"id": close["id"]}}
    assert jira.call("POST", f"~/issue/{key}/transitions", json=move).json()["errors"] == {
        "resolution": "Resolution is required."
    }
    move["fields"] = {"resolution": {"name": "Won't Do"}}
    assert jira.call("POST", f"~/issue/{key}/transitions", json=move).status_code == 204
    fields = jira.get(f"~/issue/{key}")["fields"]
    assert (fields["status"]["name"], fields["resolution"]["name"]) == ("Done", "Won't Do")
    again = jira.call("POST", f"~/issue/{key}/transitions", json={"transition": {"id": 31}})
    assert again.json()["errorMessages"] == ["Transition id '31' is not valid for this issue."]


def test_an_edit_without_a_difference_is_no_change(jira: Sandbox) -> None:
    before = jira.get("~/issue/FAB-2?expand=changelog")
    jira.clock.advance(60)
    same = {"fields": {"summary": before["fields"]["summary"], "labels": ["lighting"]}}
    assert jira.call("PUT", "~/issue/FAB-2", json=same).status_code == 204
    after = jira.get("~/issue/FAB-2?expand=changelog")
    assert after["fields"]["updated"] == before["fields"]["updated"]
    assert after["changelog"]["total"] == before["changelog"]["total"]


def test_long_text_is_adf_on_v3_and_wiki_elsewhere(cloud: Sandbox) -> None:
    wiki = "h2. Bells\n\nA *loud* one, see [this|https://example.com].\n\n* brass\n* steel"
    cloud.call("PUT", "/rest/api/2/issue/FAB-1", json={"fields": {"description": wiki}})
    document = cloud.get("~/issue/FAB-1")["fields"]["description"]
    assert [node["type"] for node in document["content"]] == ["heading", "paragraph", "bulletList"]
    assert cloud.get("/rest/api/2/issue/FAB-1")["fields"]["description"] == wiki
    cloud.call("PUT", "~/issue/FAB-1", json={"fields": {"description": document}})
    assert cloud.get("/rest/api/2/issue/FAB-1")["fields"]["description"] == wiki
    rendered = cloud.get("~/issue/FAB-1?expand=renderedFields")["renderedFields"]["description"]
    assert "<b>loud</b>" in rendered


def test_comments_worklogs_and_attachments(jira: Sandbox) -> None:
    made = jira.call("POST", "~/issue/FAB-4/comment", json={"body": jira.text("One")}).json()
    jira.call("PUT", f"~/issue/FAB-4/comment/{made['id']}", json={"body": jira.text("Two")})
    assert [c["body"] for c in jira.get("~/issue/FAB-4/comment")["comments"]] == [jira.text("Two")]
    assert jira.call("DELETE", f"~/issue/FAB-4/comment/{made['id']}").status_code == 204
    jira.call("PUT", "~/issue/FAB-4", json={"fields": {"timetracking": {"originalEstimate": "1w"}}})
    jira.call("PUT", "~/issue/FAB-4", json={"fields": {"timetracking": {"remainingEstimate": "1w"}}})
    jira.call("POST", "~/issue/FAB-4/worklog", json={"timeSpent": "1d"})
    tracking = jira.get("~/issue/FAB-4")["fields"]["timetracking"]
    assert (tracking["timeSpent"], tracking["remainingEstimate"]) == ("1d", "4d")
    assert tracking["remainingEstimateSeconds"] == 115200
    files = {"file": ("ringing bell.txt", b"ding", "text/plain")}
    headers = {"X-Atlassian-Token": "no-check"}
    (file,) = jira.call("POST", "~/issue/FAB-4/attachments", files=files, headers=headers).json()
    content = file["content"].removeprefix(jira.url).replace(" ", "%20")
    assert jira.call("GET", content, follow_redirects=True).content == b"ding"
    if jira.flavour == "cloud":
        assert jira.call("GET", content).status_code == 303
        assert jira.call("GET", content + "?redirect=false").content == b"ding"
    assert jira.call("DELETE", f"~/attachment/{file['id']}").status_code == 204
    assert jira.get("~/issue/FAB-4")["fields"]["attachment"] == []


def test_links_remote_links_and_properties(jira: Sandbox) -> None:
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "FAB-2"}, "outwardIssue": {"key": "FAB-3"}}
    for _ in range(2):
        made = jira.call("POST", "~/issueLink", json=link)
        assert (made.status_code, made.content) == (201, b"")
    (seen,) = jira.get("~/issue/FAB-2")["fields"]["issuelinks"]
    assert (seen["type"]["outward"], seen["outwardIssue"]["key"]) == ("blocks", "FAB-3")
    assert jira.get("~/issue/FAB-3")["fields"]["issuelinks"][0]["inwardIssue"]["key"] == "FAB-2"
    assert jira.call("DELETE", f"~/issueLink/{seen['id']}").status_code == 204
    remote = {"globalId": "aha=1", "object": {"url": "https://example.aha.io/1", "title": "PRJ1-1"}}
    first = jira.call("POST", "~/issue/FAB-2/remotelink", json=remote).json()["id"]
    remote["object"] = {"url": "https://example.aha.io/1", "title": "Renamed"}
    second = jira.call("POST", "~/issue/FAB-2/remotelink", json=remote)
    assert (second.status_code, second.json()["id"]) == (200, first)
    assert jira.get("~/issue/FAB-2/remotelink?globalId=aha%3D1")["object"]["title"] == "Renamed"
    assert jira.call("PUT", "~/issue/FAB-2/properties/p", json=[1, 2]).status_code == 201
    assert jira.call("PUT", "~/issue/FAB-2/properties/p", json=[3]).status_code == 200
    assert jira.get("~/issue/FAB-2?properties=p&fields=summary")["properties"] == {"p": [3]}
    assert jira.call("DELETE", "~/issue/FAB-2/properties/p").status_code == 204


def test_versions(jira: Sandbox) -> None:
    same = jira.call("POST", "~/version", json={"name": "Spring 2027", "projectId": 10000})
    assert same.json()["errors"] == {"name": "A version with this name already exists in this project."}
    made = jira.call("POST", "~/version", json={"name": "Summer 2027", "projectId": 10000, "released": True}).json()
    assert made["released"] is False
    released = jira.call("PUT", f"~/version/{made['id']}", json={"released": True, "releaseDate": "2027-07-01"}).json()
    assert (released["released"], released["userReleaseDate"]) == (True, "01/Jul/27")
    denied = jira.call("POST", "~/version", json={"name": "X", "projectId": 10000}, role="reader")
    assert "you do not have permission to create versions in it" in denied.json()["errorMessages"][0]
    swapped = jira.call("POST", "~/version/10001/removeAndSwap", json={"moveFixIssuesTo": int(made["id"])})
    assert swapped.status_code == 204
    assert [v["name"] for v in jira.get("~/issue/FAB-2")["fields"]["fixVersions"]] == ["Summer 2027"]


def test_rank_moves_issues(jira: Sandbox) -> None:
    def order() -> list[str]:
        return jira.search("project = FAB ORDER BY Rank ASC")

    assert order()[:3] == ["FAB-1", "FAB-2", "FAB-3"]
    moved = jira.call(
        "PUT", "/rest/agile/1.0/issue/rank", json={"issues": ["FAB-3", "FAB-4"], "rankBeforeIssue": "FAB-1"}
    )
    assert moved.status_code == 204
    assert order()[:3] == ["FAB-3", "FAB-4", "FAB-1"]
    partly = {"issues": ["FAB-2", "NOPE-1"], "rankAfterIssue": "FAB-3"}
    answer = jira.call("PUT", "/rest/agile/1.0/issue/rank", json=partly)
    assert (answer.status_code, len(answer.json()["entries"])) == (207, 2)
    assert order()[:3] == ["FAB-3", "FAB-2", "FAB-4"]


def test_stamps_are_in_the_zone_of_the_site(jira: Sandbox) -> None:
    assert jira.get("~/issue/FAB-1")["fields"]["created"].endswith("+0100")


def test_edit_can_answer_with_the_issue_on_cloud(cloud: Sandbox) -> None:
    answer = cloud.call("PUT", "~/issue/FAB-1?returnIssue=true", json={"fields": {"summary": "Both at once"}})
    assert (answer.status_code, answer.json()["fields"]["summary"]) == (200, "Both at once")


@pytest.mark.parametrize("seed", ["empty"])
def test_empty_seed_has_no_issue(seed: str) -> None:
    from .play import playing

    with playing("cloud", seed) as sandbox:
        assert sandbox.get("/_sandbox/state")["issues"] == 0
        assert sandbox.create() == "FAB-1"


def test_a_body_that_is_too_large_is_answered(jira: Sandbox) -> None:
    """The answer arrives though the client sends on until it has sent everything."""
    raw = b'{"fields": {"summary": "' + b"x" * (31 * 1024 * 1024) + b'"}}'
    answer = jira.call("POST", "~/issue", content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert jira.create().startswith("FAB-")
