"""The endpoints about queries: parse, match, completion data; and the rules of the two searches."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosswalk_sandbox.jira import jql, search
from crosswalk_sandbox.jira.catalogue import TYPE
from crosswalk_sandbox.jira.traits import Asker

from .play import Sandbox

SHAPES: list[tuple[str, dict[str, Any]]] = [
    (
        'summary ~ test AND (labels in (urgent, "not yet") OR assignee = currentUser()) ORDER BY updated DESC, key',
        {
            "where": {
                "operator": "and",
                "clauses": [
                    {
                        "field": {"name": "summary", "encodedName": "summary"},
                        "operator": "~",
                        "operand": {"value": "test", "encodedValue": "test"},
                    },
                    {
                        "operator": "or",
                        "clauses": [
                            {
                                "field": {"name": "labels", "encodedName": "labels"},
                                "operator": "in",
                                "operand": {
                                    "values": [
                                        {"value": "urgent", "encodedValue": "urgent"},
                                        {"value": "not yet", "encodedValue": '"not yet"'},
                                    ],
                                    "encodedOperand": '("urgent", "not yet")',
                                },
                            },
                            {
                                "field": {"name": "assignee", "encodedName": "assignee"},
                                "operator": "=",
                                "operand": {
                                    "function": "currentUser",
                                    "arguments": [],
                                    "encodedOperand": "currentUser()",
                                },
                            },
                        ],
                    },
                ],
            },
            "orderBy": {
                "fields": [
                    {"field": {"name": "updated", "encodedName": "updated"}, "direction": "desc"},
                    {"field": {"name": "key", "encodedName": "key"}},
                ]
            },
        },
    ),
    (
        'NOT "Story Points" is EMPTY',
        {
            "where": {
                "operator": "not",
                "clauses": [
                    {
                        "field": {"name": "Story Points", "encodedName": '"Story Points"'},
                        "operator": "is",
                        "operand": {"keyword": "empty"},
                    }
                ],
            }
        },
    ),
    (
        "status CHANGED AFTER startOfMonth(-1M) BY currentUser()",
        {
            "where": {
                "field": {"name": "status", "encodedName": "status"},
                "operator": "changed",
                "predicates": [
                    {
                        "operator": "after",
                        "operand": {
                            "function": "startOfMonth",
                            "arguments": ["-1M"],
                            "encodedOperand": "startOfMonth(-1M)",
                        },
                    },
                    {
                        "operator": "by",
                        "operand": {"function": "currentUser", "arguments": [], "encodedOperand": "currentUser()"},
                    },
                ],
            }
        },
    ),
]


@pytest.mark.parametrize(("text", "structure"), SHAPES)
def test_parse_takes_a_query_apart(cloud: Sandbox, text: str, structure: dict[str, Any]) -> None:
    answer = cloud.call("POST", "~/jql/parse?validation=strict", json={"queries": [text]})
    assert answer.json() == {"queries": [{"query": text, "structure": structure}]}


def test_parse_says_what_is_wrong(cloud: Sandbox) -> None:
    texts = ["invalid query", "summary = test", "summary in test", "project = INVALID", "universe = 42"]
    texts.append('board.property["spaces here"].value = 1')
    strict = cloud.call("POST", "~/jql/parse?validation=strict", json={"queries": texts}).json()["queries"]
    assert [len(one["errors"]) for one in strict] == [1] * 6
    assert not any("structure" in one for one in strict)
    assert strict[3]["errors"] == ["The value 'INVALID' does not exist for the field 'project'."]
    warned = cloud.call("POST", "~/jql/parse?validation=warn", json={"queries": texts}).json()["queries"]
    assert [("errors" in one, "warnings" in one, "structure" in one) for one in warned] == [
        (True, False, False),
        *[(False, True, True)] * 5,
    ]
    trusted = cloud.call("POST", "~/jql/parse?validation=none", json={"queries": texts}).json()["queries"]
    assert [sorted(one) for one in trusted] == [["errors", "query"], *[["query", "structure"]] * 5]
    assert trusted[5]["structure"]["where"]["field"]["property"] == [
        {"entity": "board", "key": "spaces here", "path": "value"}
    ]
    for body in ({}, {"queries": []}, {"queries": [1]}, {"queries": "x"}, {"queries": [""]}):
        assert cloud.call("POST", "~/jql/parse?validation=strict", json=body).status_code == 400
    assert cloud.call("POST", "~/jql/parse?validation=loose", json={"queries": ["a = b"]}).status_code == 400


def test_the_documents_own_query_about_a_property_is_taken_apart_as_its_example_says(cloud: Sandbox) -> None:
    """https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-parse-post"""
    text = 'issue.property["spaces here"].value in ("Service requests", Incidents)'
    answer = cloud.call("POST", "~/jql/parse?validation=strict", json={"queries": [text]})
    assert answer.json()["queries"][0]["structure"]["where"]["field"] == {
        "name": "issue.property[spaces here].value",
        "encodedName": 'issue.property["spaces here"].value',
        "property": [{"entity": "issue", "key": "spaces here", "path": "value"}],
    }


def test_match(cloud: Sandbox) -> None:
    body = {"issueIds": [10000, 10001, 10003], "jqls": ["labels = lighting", "status = Done", "a b", "colour = red"]}
    matches = cloud.call("POST", "~/jql/match", json=body).json()["matches"]
    assert [sorted(one["matchedIssues"]) for one in matches] == [[10000, 10001], [10003], [], []]
    assert [len(one["errors"]) for one in matches] == [0, 0, 1, 1]
    for wrong in (
        {},
        {"issueIds": ["x"], "jqls": []},
        {"issueIds": [1], "jqls": [1]},
        {"issueIds": [True], "jqls": []},
    ):
        assert cloud.call("POST", "~/jql/match", json=wrong).status_code == 400
    assert cloud.call("POST", "~/jql/match", json={"issueIds": [], "jqls": ["a = b"] * 101}).status_code == 400


def test_completion_data(jira: Sandbox) -> None:
    data = jira.get("~/jql/autocompletedata")
    fields = {one["value"]: one for one in data["visibleFieldNames"]}
    assert fields['"Story Points"']["cfid"] == "cf[10016]"
    assert fields['"Story Points"']["displayName"] == "Story Points - cf[10016]"
    assert fields["summary"]["operators"] == ["~", "!~", "is", "is not"]
    assert "changed" in fields["status"]["operators"]
    assert "changed" not in fields["labels"]["operators"]
    assert fields["text"]["orderable"] == "false"
    assert {"fixVersion", "affectedVersion", "component", "due", "Sprint"} <= set(fields)
    functions = {one["value"]: one for one in data["visibleFunctionNames"]}
    assert functions["openSprints()"]["isList"] == "true"
    assert "isList" not in functions["currentUser()"]
    assert {"and", "empty", "select"} <= set(data["jqlReservedWords"])
    # Every field and every operator that is named can be used.
    site, asker = jira.jira.site, Asker(next(iter(jira.jira.site.people.values())), jira.flavour == "cloud")
    for name, one in fields.items():
        for operator in one["operators"]:
            operand = {"is": "EMPTY", "is not": "EMPTY", "changed": ""}.get(operator, "1")
            operand = f"({operand})" if operator.split()[-1] == "in" else operand
            found = search.look(site, asker, jql.parse(f"{name} {operator} {operand}"))
            assert not [message for message in found.warnings if "support" in message and "EMPTY" not in message]
    if jira.flavour == "cloud":
        assert jira.call("POST", "~/jql/autocompletedata", json={"projectIds": [10000]}).json() == data


LINKED = {"inwardIssue": {"key": "FAB-2"}, "outwardIssue": {"key": "FAB-3"}}


def test_the_list_of_fields_names_their_clauses(jira: Sandbox) -> None:
    """As others recorded it of a site of Cloud; Data Center has no types in the names."""
    fields = {one["id"]: (one.get("clauseNames"), one["searchable"]) for one in jira.get("~/field")}
    typed = ["Story Points[Number]"] if jira.flavour == "cloud" else []
    assert fields["customfield_10016"] == (["cf[10016]", "Story Points", *typed], True)
    typed = ["Acceptance Criteria[Paragraph]"] if jira.flavour == "cloud" else []
    assert sorted(fields["customfield_10032"][0]) == ["Acceptance Criteria", *typed, "cf[10032]"]
    assert fields["resolutiondate"] == (["resolutiondate", "resolved"], True)
    assert (fields["security"], fields["worklog"][0]) == ((["level"], True), [])
    assert fields["issuekey"] == (["id", "issue", "issuekey", "key"], False)
    asker = Asker(next(iter(jira.jira.site.people.values())), jira.flavour == "cloud")
    for clause in [clause for clauses, _ in fields.values() for clause in clauses]:
        found = search.look(jira.jira.site, asker, jql.parse(f'"{clause}" is EMPTY'))
        assert not [message for message in found.warnings if "does not exist" in message], clause
    only = "Field 'progress' is not searchable, it is only sortable."
    assert search.look(jira.jira.site, asker, jql.parse("progress > 1")).warnings == [only]
    for order in ("progress", "cf[10019]"):
        assert search.look(jira.jira.site, asker, jql.parse(f"project = FAB order by {order}")).warnings == []
    if jira.flavour == "cloud":
        jira.call("POST", "~/issueLink", json={"type": {"name": "Blocks"}, **LINKED})
        assert [i.key for i in search.look(jira.jira.site, asker, jql.parse("issueLink = FAB-2")).issues] == ["FAB-3"]


def test_a_field_without_a_searcher_is_not_searched(jira: Sandbox) -> None:
    """createCustomField: "You must specify a searcher that is valid for the field type [...] If no searcher is
    provided, the field isn't searchable", and what Jira's own tests say of one."""
    new = {"name": "Mood", "type": TYPE + "select"}
    made = jira.call("POST", "~/field", json=new).json()
    assert made["searchable"] is False
    asker = Asker(next(iter(jira.jira.site.people.values())), jira.flavour == "cloud")
    told = search.look(jira.jira.site, asker, jql.parse("Mood = x")).warnings
    assert told == ["Field 'Mood' is not searchable, it is only sortable."]
    assert jira.call("POST", "~/field", json={**new, "searcherKey": TYPE + "textsearcher"}).status_code == 400
    if jira.flavour == "cloud":
        change = {"searcherKey": TYPE + "multiselectsearcher"}
        assert jira.call("PUT", f"~/field/{made['id']}", json=change).status_code == 204
        (held,) = jira.get("~/field/search?query=Mood")["values"]
        assert held["searcherKey"] == change["searcherKey"]


def test_completion_of_projects_and_of_names_that_fields_share(cloud: Sandbox) -> None:
    """getAutoCompletePost: custom fields filtered by project, and "collapsed fields for fields that have non-unique
    names"."""
    for name in ("Mood", "Mood", "Look"):
        new = {"name": name, "type": TYPE + "textfield", "searcherKey": TYPE + "textsearcher"}
        assert cloud.call("POST", "~/field", json=new).status_code == 201
    own = cloud.jira.site.fields["customfield_10033"]
    own.scope = "10001"

    def names(**body: Any) -> list[str]:
        data = cloud.call("POST", "~/jql/autocompletedata", json=body).json()
        return [name for one in data["visibleFieldNames"] if re.match('"?(Mood|Targ|Look)', name := one["value"])]

    assert names() == ["Look", "Mood", "Mood", '"Target date"']
    assert names(projectIds=[10000], includeCollapsedFields=True) == ["Look", "Mood", "Mood", '"Mood[Short text]"']
    assert cloud.search('"Mood[Short text]" is EMPTY and key = FAB-1') == ["FAB-1"]


SUGGESTIONS = [
    (
        {"fieldName": "status", "fieldValue": "re"},
        [('"In Progress"', "In Prog<b>re</b>ss"), ('"In Review"', "In <b>Re</b>view")],
    ),
    ({"fieldName": "priority", "fieldValue": "low"}, [("Low", "<b>Low</b>"), ("Lowest", "<b>Low</b>est")]),
    ({"fieldName": "fixVersion", "fieldValue": "spr"}, [('"spring 2027"', "<b>spr</b>ing 2027")]),
    ({"fieldName": "labels"}, [("lighting", "lighting")]),
    ({"fieldName": "project", "fieldValue": "fab"}, [('"Fable Bicycles"', "<b>Fab</b>le Bicycles (<b>FAB</b>)")]),
    ({"fieldName": '"Customer Segment"', "fieldValue": "com"}, [("Commuters", "<b>Com</b>muters")]),
    ({"fieldName": "status", "predicateName": "to", "predicateValue": "done"}, [("Done", "<b>Done</b>")]),
    ({"fieldName": "colour"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), SUGGESTIONS)
def test_suggestions(shared_jira: Sandbox, query: dict[str, str], expected: list[tuple[str, str]]) -> None:
    results = shared_jira.get("~/jql/autocompletedata/suggestions", params=query)["results"]
    assert [(one["value"], one["displayName"]) for one in results] == expected


def test_suggested_people(jira: Sandbox) -> None:
    query = {"fieldName": "status", "predicateName": "by", "predicateValue": "ali"}
    (alice,) = jira.get("~/jql/autocompletedata/suggestions", params=query)["results"]
    assert alice["displayName"] == "<b>Ali</b>ce Ng"
    assert jira.search(f"project = FAB and assignee = {alice['value']}") == ["FAB-1"]
    wrong = {"fieldName": "status", "predicateName": "near"}
    answer = jira.call("GET", "~/jql/autocompletedata/suggestions", params=wrong)
    assert answer.status_code == 400 if jira.flavour == "cloud" else answer.json() == {"results": []}


def test_dates_are_in_the_callers_zone(jira: Sandbox) -> None:
    """FAB-1 was created at 09:07 UTC: 04:07 for alice in New York, 10:07 for dana in Berlin; stamps are Berlin's."""
    at = "created >= '2026-11-05 {0}' and created <= '2026-11-05 {0}'"
    assert jira.search(at.format("04:07")) == ["FAB-1"]
    assert jira.search(at.format("10:07"), role="reader") == ["FAB-1"]
    assert jira.search(at.format("10:07")) == []
    assert jira.get("~/issue/FAB-1")["fields"]["created"] == "2026-11-05T10:07:00.000+0100"


def test_unknown_names_can_be_let_pass_on_data_center(dc: Sandbox) -> None:
    query = "project = FAB and status in (Done, Gone) order by hue"
    answer = dc.call("POST", "~/search", json={"jql": query})
    assert answer.status_code == 400
    for body in (
        dc.call("POST", "~/search", json={"jql": query, "validateQuery": False}).json(),
        dc.get("~/search", params={"jql": query, "validateQuery": "false"}),
    ):
        assert [issue["key"] for issue in body["issues"]] == ["FAB-4"]
        assert body["warningMessages"] == [
            "The value 'Gone' does not exist for the field 'status'.",
            "Not able to sort using field 'hue'.",
        ]
    unread = dc.call("POST", "~/search", json={"jql": "project = ", "validateQuery": False})
    assert unread.status_code == 400


def test_cloud_bounds_a_query(cloud: Sandbox) -> None:
    for text in ("", "order by key", "   "):
        for answer in (
            cloud.call("GET", "~/search/jql", params={"jql": text}),
            cloud.call("POST", "~/search/jql", json={"jql": text}),
            cloud.call("POST", "~/search/approximate-count", json={"jql": text}),
        ):
            assert answer.status_code == 400
            assert answer.json()["errorMessages"][0].startswith("Unbounded JQL queries are not allowed here.")
    fields = ", ".join(["key", "created", "updated", "priority", "status", "summary", "duedate"])
    assert cloud.search(f"key = FAB-1 order by {fields}") == ["FAB-1"]
    assert cloud.call("GET", "~/search/jql", params={"jql": f"key = FAB-1 order by {fields}, rank"}).status_code == 400
    assert cloud.call("POST", "~/search/approximate-count", json={"jql": "project = FAB"}).json() == {"count": 6}


def test_nobody_finds_nothing_on_cloud_and_is_told_of_no_field(cloud: Sandbox) -> None:
    for text in ("colour = red", "project = NOPE", "project = FAB", "assignee = nobody()"):
        assert cloud.get("~/search/jql", params={"jql": text}, role=None) == {"issues": [], "isLast": True}
    assert cloud.call("GET", "~/search/jql", params={"jql": "colour ="}, role=None).status_code == 400


def test_issue_history_is_what_was_looked_at(jira: Sandbox) -> None:
    assert jira.search("issue in issueHistory()") == []
    jira.get("~/issue/FAB-2")
    jira.get("~/issue/FAB-3?updateHistory=true")
    jira.clock.advance(60)
    jira.get("~/issue/FAB-1?updateHistory=true")
    assert jira.search("issue in issueHistory() order by lastViewed") == ["FAB-1", "FAB-3"]
    assert jira.search("lastViewed >= -1m and issue in issueHistory() order by key") == ["FAB-1", "FAB-3"]
    assert jira.search("issue in issueHistory()", role="reader") == []


def test_links_are_searched(jira: Sandbox) -> None:
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "FAB-2"}, "outwardIssue": {"key": "FAB-4"}}
    assert jira.call("POST", "~/issueLink", json=link).status_code == 201
    target = {"globalId": "aha:FEAT-1", "object": {"url": "https://example.com", "title": "T"}}
    assert jira.call("POST", "~/issue/FAB-3/remotelink", json=target).status_code in (200, 201)
    jira.clock.advance(5)
    assert jira.search("issue in linkedIssues(FAB-2)") == ["FAB-4"]
    assert jira.search("issue in linkedIssues(FAB-2, blocks)") == ["FAB-4"]
    assert jira.search("issue in linkedIssues(FAB-2, 'is blocked by')") == []
    assert jira.search("issue in linkedIssues(FAB-4, 'IS blocked BY')") == ["FAB-2"]
    assert jira.search("issue in issuesWithRemoteLinksByGlobalId('aha:FEAT-1', other)") == ["FAB-3"]
    others = "labels = lighting and issue not in issuesWithRemoteLinksByGlobalId('aha:FEAT-1') order by key"
    assert jira.search(others) == ["FAB-1", "FAB-2"]


def test_the_history_lags_with_the_index(cloud: Sandbox) -> None:
    cloud.clock.advance(60)
    cloud.call("POST", "~/issue/FAB-3/transitions", json={"transition": {"id": "21"}})
    assert cloud.search("status changed") == []
    assert cloud.search("status was 'In Progress' and key = FAB-3") == []
    cloud.clock.advance(2)
    assert cloud.search("status changed") == ["FAB-3"]
    assert cloud.search("status was 'In Progress' and key = FAB-3") == ["FAB-3"]


# ---- few issues are looked at

POOLS = [
    ("key = FAB-2", 1),
    ("key in (FAB-2, OPS-1) and project = FAB", 1),
    ("project = OPS", 1),
    ("project = FAB and updated >= '2026-11-08'", 3),
    ("project = FAB and (status = Done or labels = x) and created > '2026-11-08' order by updated", 3),
    ("issue in linkedIssues(FAB-1)", 0),
    ("updated < '2026-11-08'", 7),
    ("key = FAB-2 or labels = x", 7),
    ("not key = FAB-2", 7),
]


@pytest.mark.parametrize(("query", "size"), POOLS)
def test_few_issues_are_looked_at(shared_jira: Sandbox, query: str, size: int) -> None:
    site = shared_jira.jira.site
    searcher = search.Searcher(site, Asker(next(iter(site.people.values()))))
    assert len(searcher.pool(jql.parse(query).where, set(site.projects))) == size
