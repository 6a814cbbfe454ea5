"""Fields of JQL that look beyond an issue's own values: filters, work, links, descent; and what only Cloud has."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk_sandbox.jira.catalogue import SEARCHERS, TYPE

from .play import Sandbox


def ask(jira: Sandbox, jql: str, role: str = "") -> Any:
    path = "~/search/jql" if jira.flavour == "cloud" else "~/search"
    return jira.call("POST", path, json={"jql": jql, "fields": ["key"]}, role=role)


def refusal(jira: Sandbox, jql: str, role: str = "") -> list[str]:
    answer = ask(jira, jql, role)
    assert answer.status_code == 400, answer.text
    messages: list[str] = answer.json()["errorMessages"]
    return messages


def keep(jira: Sandbox, name: str, jql: str) -> str:
    answer = jira.call("POST", "~/filter", json={"name": name, "jql": jql})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_a_filter_stands_for_its_query(jira: Sandbox) -> None:
    number = keep(jira, "Early ones", "key in (FAB-1, FAB-2) ORDER BY key")
    keep(jira, "Earliest", 'filter = "Early ones" AND key != FAB-2')
    for query, found in (
        (f"filter = {number} ORDER BY key", ["FAB-1", "FAB-2"]),
        ('filter = "early ones" ORDER BY key', ["FAB-1", "FAB-2"]),
        ("savedFilter in (Earliest)", ["FAB-1"]),
        ('project = FAB AND filter != "Early ones" ORDER BY key', ["FAB-3", "FAB-4", "FAB-5", "FAB-6"]),
        ('project = FAB AND NOT searchRequest in (Earliest, "Early ones") ORDER BY key', ["FAB-3", "FAB-4"]),
    ):
        assert jira.search(query)[: len(found)] == found
    assert "does not exist" in refusal(jira, 'project = FAB AND filter = "Early ones"', "reader")[0]
    assert "does not exist" in refusal(jira, "project = FAB AND filter = nothing")[0]
    assert "EMPTY" in refusal(jira, "filter is EMPTY")[0]


def test_a_filter_that_leads_to_itself_ends(jira: Sandbox) -> None:
    one = keep(jira, "One", "key = FAB-1")
    two = keep(jira, "Two", f"filter = {one} OR key = FAB-2")
    answer = jira.call("PUT", f"~/filter/{one}", json={"name": "One", "jql": f"filter = {two} OR key = FAB-3"})
    assert answer.status_code == 200
    found = ask(jira, f"filter = {one}")
    assert found.status_code == 200
    assert {issue["key"] for issue in found.json()["issues"]} == {"FAB-2", "FAB-3"}


def test_work_is_found_by_who_when_and_what(jira: Sandbox) -> None:
    wire = {"timeSpent": "3h", "started": "2026-03-05T23:30:00.000-0500", "comment": jira.text("polished the bell")}
    assert jira.call("POST", "~/issue/FAB-3/worklog", json=wire).status_code == 201
    estimate = {"fields": {"timetracking": {"originalEstimate": "4h"}}}
    assert jira.call("PUT", "~/issue/FAB-3", json=estimate).status_code == 204
    jira.clock.advance(60)
    for query in (
        "worklogAuthor = currentUser()",
        "worklogAuthor is not EMPTY",
        "worklogDate = 2026-03-05",
        "worklogDate < '2026/03/06' AND worklogDate >= 2026-03-05",
        "worklogComment ~ 'polish* bell'",
        "workRatio = 75",
        "workratio > 74 AND workRatio < 76",
    ):
        assert jira.search(f"project = FAB AND {query}") == ["FAB-3"], query
    assert jira.search("project = FAB AND worklogDate > 2026-03-05") == []
    assert "not supported" in refusal(jira, "project = FAB AND worklogComment = bell")[0]


def test_links_are_found_by_their_words(jira: Sandbox) -> None:
    wire = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "FAB-3"}, "outwardIssue": {"key": "FAB-4"}}
    assert jira.call("POST", "~/issueLink", json=wire).status_code == 201
    jira.clock.advance(60)
    assert jira.search("project = FAB AND issueLinkType = blocks") == ["FAB-3"]
    assert jira.search('project = FAB AND issueLinkType in ("is blocked by")') == ["FAB-4"]
    assert "does not exist" in refusal(jira, "project = FAB AND issueLinkType = eats")[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project = FAB AND hierarchyLevel = 1", ["FAB-1"]),
        ("project = FAB AND hierarchyLevel < 0", ["FAB-6"]),
        ("parentEpic = FAB-1 ORDER BY key", ["FAB-2", "FAB-3"]),
        ("issue in childIssuesOf(FAB-1) ORDER BY key", ["FAB-2", "FAB-3"]),
        ("issue in childIssuesOf(FAB-5)", ["FAB-6"]),
        ("project = FAB AND statusCategoryChangedDate > now()", []),
        ('"Story Points[Number]" > 3', ["FAB-2"]),
        ('project = FAB AND "acceptance criteria[Paragraph]" is not EMPTY', []),
    ],
)
def test_what_only_cloud_has(jira: Sandbox, query: str, found: list[str]) -> None:
    if jira.flavour == "cloud":
        assert jira.search(query) == found
    else:
        assert refusal(jira, query)


def test_a_property_that_no_app_had_indexed_finds_nothing(jira: Sandbox) -> None:
    """Observed on a live site of Cloud: no error and no match for a property that is there."""
    assert jira.call("PUT", "~/issue/FAB-2/properties/mine", json={"id": "D-19"}).status_code in (200, 201)
    for query in ('issue.property[mine].id = "D-19"', "issue.property[mine].id != x", "issue.property[mine].n > 3"):
        if jira.flavour == "cloud":
            assert jira.search(f"project = FAB AND {query}") == []
        else:
            assert "does not exist" in refusal(jira, query)[0]


def test_an_epic_has_the_parts_of_its_parts(cloud: Sandbox) -> None:
    part = cloud.create("Sub-task", parent={"key": "FAB-2"})
    cloud.clock.advance(60)
    assert cloud.search("parentEpic = FAB-1 ORDER BY key") == ["FAB-2", "FAB-3", part]
    assert cloud.search("issue in childIssuesOf(FAB-1) ORDER BY key") == ["FAB-2", "FAB-3", part]
    assert cloud.search("project = FAB AND parentEpic != FAB-1") == []
    assert cloud.search("project = FAB AND statusCategoryChangedDate >= -5m") == [part], "it began a minute ago"
    ways = {way["name"]: way["id"] for way in cloud.get("~/issue/FAB-3/transitions")["transitions"]}
    wire = {"transition": {"id": ways["Start progress"]}}
    assert cloud.call("POST", "~/issue/FAB-3/transitions", json=wire).is_success
    cloud.clock.advance(60)
    assert set(cloud.search("project = FAB AND statusCategoryChangedDate >= -5m")) == {part, "FAB-3"}
    assert "could not be found" in refusal(cloud, "issue in childIssuesOf(NOPE-1)")[0]


def test_completion_knows_them(jira: Sandbox) -> None:
    keep(jira, "Early ones", "key = FAB-1")
    data = jira.get("~/jql/autocompletedata")
    names = {field["value"] for field in data["visibleFieldNames"]}
    functions = {function["value"] for function in data["visibleFunctionNames"]}
    assert {"filter", "category", "level", "workRatio", "worklogAuthor", "issueLinkType"} <= names
    of_cloud = {"hierarchyLevel", "parentEpic", "statusCategoryChangedDate"}
    assert of_cloud & names == (of_cloud if jira.flavour == "cloud" else set())
    assert ("childIssuesOf()" in functions) is (jira.flavour == "cloud")
    found = jira.get("~/jql/autocompletedata/suggestions", params={"fieldName": "filter", "fieldValue": "early"})
    assert [one["value"] for one in found["results"]] == ['"Early ones"']


def field_of(jira: Sandbox, kind: str, name: str) -> str:
    """A new custom field of a kind, on the screens; its id."""
    searcher = {"searcherKey": TYPE + SEARCHERS[kind][0]} if kind in SEARCHERS else {}
    made = jira.call("POST", "~/field", json={"name": name, "type": TYPE + kind, **searcher})
    assert made.status_code == 201, made.text
    field = str(made.json()["id"])
    site = jira.jira.site
    for screen in site.screens.values():
        screen.fields.append(field)
    return field


def put(jira: Sandbox, key: str, **fields: Any) -> None:
    answer = jira.call("PUT", f"~/issue/{key}", json={"fields": fields})
    assert answer.status_code == 204, answer.text


def test_cascading_options_are_found_with_what_is_below_them(cloud: Sandbox) -> None:
    """https://support.atlassian.com/jira-software-cloud/docs/jql-functions/ ("cascadeOption()")"""
    field = field_of(cloud, "cascadingselect", "Part")
    context = cloud.get(f"~/field/{field}/context")["values"][0]["id"]
    base = f"~/field/{field}/context/{context}/option"
    wheel, frame = (
        cloud.call("POST", base, json={"options": [{"value": value}]}).json()["options"][0]["id"]
        for value in ("Wheel", "Frame")
    )
    body = {"options": [{"value": "Spoke", "optionId": wheel}, {"value": "Rim", "optionId": wheel}]}
    spoke = cloud.call("POST", base, json=body).json()["options"][0]["id"]
    put(cloud, "FAB-2", **{field: {"id": wheel, "child": {"id": spoke}}})
    put(cloud, "FAB-3", **{field: {"id": wheel}})
    put(cloud, "FAB-4", **{field: {"id": frame}})
    cloud.clock.advance(60)
    shown = cloud.get("~/issue/FAB-2")["fields"][field]
    assert (shown["value"], shown["child"]["value"]) == ("Wheel", "Spoke")
    for query, found in (
        ("Part in cascadeOption(Wheel)", ["FAB-2", "FAB-3"]),
        ('Part in cascadeOption("wheel", "Spoke")', ["FAB-2"]),
        ("Part in cascadeOption(Wheel, none)", ["FAB-3"]),
        ("Part = Frame", ["FAB-4"]),
        ("Part is not EMPTY", ["FAB-2", "FAB-3", "FAB-4"]),
        ("Part not in cascadeOption(Wheel)", ["FAB-4"]),
    ):
        assert cloud.search(f"project = FAB AND {query} ORDER BY key") == found, query
    assert "cascadeOption" in refusal(cloud, "Part in cascadeOption(Bell)")[0]
    assert "Incorrect number" in refusal(cloud, "Part in cascadeOption()")[0]
    assert "invalid for the field" in refusal(cloud, "status in cascadeOption(Wheel)")[0]


def test_rarer_kinds_of_custom_fields_are_found(jira: Sandbox) -> None:
    group, groups, project, version = (
        field_of(jira, kind, name)
        for kind, name in (
            ("grouppicker", "Crew"),
            ("multigrouppicker", "Crews"),
            ("project", "Home"),
            ("version", "In"),
        )
    )
    name = next(iter(jira.jira.site.groups.values())).name
    put(jira, "FAB-2", **{group: {"name": name}, groups: [{"name": name}]})
    put(jira, "FAB-3", **{project: {"key": "FAB"}, version: {"name": "Autumn 2026"}})
    jira.clock.advance(60)
    for query, found in (
        (f'Crew = "{name}"', "FAB-2"),
        (f'Crews in ("{name}")', "FAB-2"),
        ("Home = FAB", "FAB-3"),
        ("Home in projectsLeadByUser()", "FAB-3"),
        ('In = "Autumn 2026"', "FAB-3"),
        ("In in releasedVersions()", "FAB-3"),
    ):
        assert jira.search(f"project = FAB AND {query.replace('In ', f'cf[{version[12:]}] ', 1)}") == [found], query
    assert "does not exist" in refusal(jira, "Crew = nobody")[0]


def test_projects_are_found_by_what_one_may_there(jira: Sandbox) -> None:
    every = set(jira.search("project is not EMPTY"))
    of_fab = {key for key in every if key.startswith("FAB-")}
    assert set(jira.search('project in projectsWhereUserHasPermission("Edit Issues")')) == of_fab
    assert set(jira.search('project in projectsWhereUserHasRole("Administrators")')) == of_fab
    reader = 'project = FAB AND project in projectsWhereUserHasPermission("Edit Issues")'
    assert jira.search(reader, role="reader") == []
    assert "permission" in refusal(jira, 'project in projectsWhereUserHasPermission("Fly")')[0]
    assert "role" in refusal(jira, 'project in projectsWhereUserHasRole("Pilots")')[0]
    assert set(jira.search("projectType = software")) == every
    assert jira.search("project = FAB AND projectType in (business, service_desk)") == []
    assert "does not exist" in refusal(jira, "projectType = nonsense")[0]
