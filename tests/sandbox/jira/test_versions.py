"""Versions as the documents tell of them: order, counts, release with what is left, merge, delete with swap."""

from __future__ import annotations

from typing import Any

import pytest

from .play import Receiver, Sandbox

AUTUMN, SPRING = "10000", "10001"


def new_version(jira: Sandbox, name: str, **more: Any) -> str:
    answer = jira.call("POST", "~/version", json={"name": name, "projectId": 10000, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def picker(jira: Sandbox, kind: str = "multiversion") -> str:
    """A custom field for versions, on the screen."""
    wire = {"name": f"Seen in ({kind})", "type": f"com.atlassian.jira.plugin.system.customfieldtypes:{kind}"}
    field = jira.call("POST", "~/field", json=wire).json()["id"]
    assert jira.call("POST", f"~/screens/addToDefault/{field}").is_success
    return str(field)


def names_in(jira: Sandbox, key: str, field: str) -> Any:
    value = jira.get(f"~/issue/{key}")["fields"][field]
    return value["name"] if isinstance(value, dict) else [one["name"] for one in value] if value else value


def test_a_deleted_version_is_swapped_in_every_field(jira: Sandbox) -> None:
    many, one = picker(jira), picker(jira, "version")
    gone, fix, seen = (new_version(jira, name) for name in ("Gone", "Fix", "Seen"))
    held = {many: [{"id": gone}, {"id": AUTUMN}], one: {"id": gone}}
    key = jira.create(fixVersions=[{"id": gone}], versions=[{"id": gone}], **held)
    counts = jira.get(f"~/version/{gone}/relatedIssueCounts")
    usage = counts["customFieldUsage" if jira.flavour == "cloud" else "customFieldNames"]
    assert (counts["issuesFixedCount"], counts["issuesAffectedCount"]) == (1, 1)
    assert counts["issueCountWithCustomFieldsShowingVersion"] == 1
    assert {row["fieldName"]: row["issueCountWithVersionInCustomField"] for row in usage} == {
        "Seen in (multiversion)": 1,
        "Seen in (version)": 1,
    }
    before = jira.get(f"~/issue/{key}")["fields"]["updated"]
    jira.clock.advance(60)
    rows = [{"customFieldId": int(many.removeprefix("customfield_")), "moveTo": int(seen)}]
    wire = {"moveFixIssuesTo": int(fix), "customFieldReplacementList": rows}
    assert jira.call("POST", f"~/version/{gone}/removeAndSwap", json=wire).status_code == 204
    assert names_in(jira, key, "fixVersions") == ["Fix"]
    assert names_in(jira, key, "versions") == []
    assert names_in(jira, key, many) == ["Seen", "Autumn 2026"]
    assert names_in(jira, key, one) is None
    issue = jira.get(f"~/issue/{key}?expand=changelog")
    assert issue["fields"]["updated"] > before, "who polls by time must see it"
    told = {(i["field"], i["fromString"], i["toString"]) for h in issue["changelog"]["histories"] for i in h["items"]}
    assert {("Fix Version", "Gone", None), ("Fix Version", None, "Fix"), ("Version", "Gone", None)} <= told


@pytest.mark.parametrize(
    "wire",
    [
        {"moveFixIssuesTo": 1},
        {"moveFixIssuesTo": AUTUMN},
        {"customFieldReplacementList": 7},
        {"customFieldReplacementList": [7]},
        {"customFieldReplacementList": [{"customFieldId": 10016, "moveTo": 10001}]},
        {"customFieldReplacementList": [{"customFieldId": 99999, "moveTo": 10001}]},
    ],
)
def test_a_swap_that_makes_no_sense_changes_nothing(jira: Sandbox, wire: Any) -> None:
    field = picker(jira)
    key = jira.create(fixVersions=[{"id": AUTUMN}], **{field: [{"id": AUTUMN}]})
    assert jira.call("POST", f"~/version/{AUTUMN}/removeAndSwap", json=wire).status_code == 400
    assert names_in(jira, key, "fixVersions") == names_in(jira, key, field) == ["Autumn 2026"]


def test_a_plain_delete_leaves_no_trace_in_custom_fields(jira: Sandbox) -> None:
    field, gone = picker(jira), new_version(jira, "Gone")
    key = jira.create(versions=[{"id": gone}], **{field: [{"id": gone}]})
    path = f"~/version/{gone}?moveAffectedIssuesTo={SPRING}"
    assert jira.call("DELETE", path).status_code == 204
    assert names_in(jira, key, field) is None
    assert len(names_in(jira, key, "versions")) == 1
    assert jira.call("DELETE", path).status_code == 404


def test_a_merge_moves_every_field_and_tells_of_each_issue(jira: Sandbox) -> None:
    field, gone, stays = picker(jira), new_version(jira, "Gone"), new_version(jira, "Stays")
    key = jira.create(fixVersions=[{"id": gone}, {"id": stays}], **{field: [{"id": gone}]})
    with Receiver() as receiver:
        assert jira.call("POST", "/_sandbox/hooks", json={"url": receiver.url}).is_success
        assert jira.call("PUT", f"~/version/{gone}/mergeto/{stays}").status_code == 204
        jira.courier.settle(5)
        assert receiver.events() == ["jira:issue_updated", "jira:version_deleted"]
    assert names_in(jira, key, "fixVersions") == names_in(jira, key, field) == ["Stays"]


def test_a_release_moves_what_is_not_resolved(jira: Sandbox) -> None:
    now, later = new_version(jira, "Now"), new_version(jira, "Later")
    open_one = jira.create(fixVersions=[{"id": now}])
    done = jira.create(fixVersions=[{"id": now}])
    jira.jira.site.issues[jira.jira.site.keys[done]].values["resolution"] = "10000"
    link = jira.get(f"~/version/{later}")["self"]
    wire = {"released": True, "moveUnfixedIssuesTo": link}
    assert jira.call("PUT", f"~/version/{now}", json=wire).json()["released"] is True
    assert (names_in(jira, open_one, "fixVersions"), names_in(jira, done, "fixVersions")) == (["Later"], ["Now"])
    refused = jira.call("PUT", f"~/version/{now}", json={"released": False, "moveUnfixedIssuesTo": "http://x/7"})
    assert refused.status_code == 400
    assert jira.get(f"~/version/{now}")["released"] is True


def test_the_list_is_moved_sorted_and_narrowed(jira: Sandbox) -> None:
    zero = new_version(jira, "0 Zero", releaseDate="2026-01-01")
    path = "~/project/FAB/version"

    def listed(**query: str) -> list[str]:
        return [version["id"] for version in jira.get(path, params=query)["values"]]

    every = listed()
    assert every[-1] == zero
    assert listed(orderBy="name")[0] == zero
    assert listed(orderBy="-sequence") == every[::-1]
    assert listed(orderBy="+releaseDate")[0] == zero
    assert jira.call("GET", path, params={"orderBy": "colour"}).status_code == 400
    assert jira.call("PUT", f"~/version/{zero}", json={"released": True}).is_success
    released = [version["id"] for version in jira.get("~/project/FAB/versions") if version["released"]]
    assert zero in released
    assert len(released) < len(every)
    if jira.flavour == "cloud":
        assert listed(status="released") == released
    self_links = {v["id"]: v["self"] for v in jira.get("~/project/FAB/versions")}
    both = {"after": self_links[AUTUMN], "position": "First"}
    assert jira.call("POST", f"~/version/{zero}/move", json=both).status_code == 400
    assert jira.call("POST", f"~/version/{zero}/move", json={"after": self_links[AUTUMN]}).is_success
    assert listed().index(zero) == listed().index(AUTUMN) + 1
    assert jira.call("POST", f"~/version/{zero}/move", json={"position": "First"}).is_success
    assert listed()[0] == zero
    assert jira.call("POST", f"~/version/{zero}/move", json={"after": self_links[zero]}).status_code == 404


def test_what_expand_asks_for(cloud: Sandbox) -> None:
    made = new_version(cloud, "Asked")
    cloud.create(fixVersions=[{"id": made}])
    shown = cloud.get(f"~/version/{made}?expand=issuesstatus,operations,approvers")
    assert shown["issuesStatusForFixVersion"] == {"unmapped": 0, "toDo": 1, "inProgress": 0, "done": 0}
    assert [one["id"] for one in shown["operations"]] == ["edit-version", "delete-version", "merge-version"]
    assert cloud.get(f"~/version/{made}?expand=operations", role="reader")["operations"] == []
