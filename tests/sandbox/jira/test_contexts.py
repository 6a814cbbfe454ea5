"""A custom field exists where a context of it does: on screens, in metadata, in writes, in what is read and found."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk_sandbox.jira.state import Context

from .play import Sandbox, playing
from .test_strict_rules import edited, fields_of, made

FAB, VET = "10000", "10010"
OFF = "Field '{0}' cannot be set. It is not on the appropriate screen, or unknown."


@pytest.fixture(params=["cloud", "dc"])
def jira(request: pytest.FixtureRequest) -> Any:
    with playing(request.param, "rules") as sandbox:
        yield sandbox


def create_meta(jira: Sandbox, project: str, kind: str) -> dict[str, Any]:
    found = jira.get(f"~/issue/createmeta/{project}/issuetypes/{kind}")
    return {field["fieldId"]: field for field in found["fields" if jira.flavour == "cloud" else "values"]}


def kind_id(jira: Sandbox, name: str) -> str:
    return next(kind.id for kind in jira.jira.site.types.values() if kind.name == name and kind.scope is None)


def choice(jira: Sandbox) -> str:
    """A field with options that stands on the common screen."""
    site = jira.jira.site
    return next(f.id for f in site.fields.values() if f.kind == "option" and f.id in site.screens["1"].fields)


def test_a_field_outside_its_contexts_is_on_no_screen(jira: Sandbox) -> None:
    site, field = jira.jira.site, choice(jira)
    first, second = (option.id for option in site.fields[field].options[:2])
    story, bug = kind_id(jira, "Story"), kind_id(jira, "Bug")
    inside = made(jira, project="FAB", **{field: {"id": first}})
    outside = made(jira, project="VET", **{field: {"id": first}})
    others = [option.id for option in site.fields[field].options[1:]]
    site.contexts[field] = [
        Context("77", "Stories of FAB", projects=[FAB], types=[story], options=[first]),
        Context("78", "Bugs of VET", projects=[VET], types=[bug], options=others),
    ]

    assert [o["id"] for o in create_meta(jira, "FAB", story)[field]["allowedValues"]] == [first]
    assert field not in create_meta(jira, "FAB", bug)
    assert field not in create_meta(jira, "VET", story)
    assert field in jira.get(f"~/issue/{inside}/editmeta")["fields"]
    assert field not in jira.get(f"~/issue/{outside}/editmeta")["fields"]
    assert fields_of(jira, inside)[field]["id"] == first
    assert field not in fields_of(jira, outside), "what is stored outside is not shown"

    assert edited(jira, outside, **{field: {"id": first}}) == {field: OFF.format(field)}
    assert edited(jira, inside, **{field: {"id": second}}) == {field: f"Option id '{second}' is not valid"}
    wire = {"project": {"key": "FAB"}, "issuetype": {"id": bug}, "summary": "A bell", field: {"id": first}}
    refused = jira.call("POST", "~/issue", json={"fields": wire})
    assert (refused.status_code, refused.json()["errors"]) == (400, {field: OFF.format(field)})


def test_a_required_field_is_required_only_where_it_exists(jira: Sandbox) -> None:
    site, field = jira.jira.site, choice(jira)
    site.projects[FAB].required.add(field)
    site.contexts[field] = [Context("77", "Stories", types=[kind_id(jira, "Story")])]
    assert made(jira, "Bug", "FAB").startswith("FAB-")
    fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "A bell"}
    refused = jira.call("POST", "~/issue", json={"fields": fields})
    assert list(refused.json()["errors"]) == [field]


def test_a_transition_screen_leaves_out_what_does_not_exist(jira: Sandbox) -> None:
    site = jira.jira.site
    key = made(jira)
    assert edited(jira, key, assignee=None) is None
    gate = "customfield_10032"
    site.contexts[gate] = []
    screens = [
        way.get("fields", {})
        for way in jira.get(f"~/issue/{key}/transitions", params={"expand": "transitions.fields"})["transitions"]
    ]
    assert screens
    assert all(gate not in screen for screen in screens)


def test_which_field_is_looked_at_first_does_not_matter() -> None:
    told = []
    for turned in (False, True):
        with playing("cloud", "rules") as jira:
            fields = sorted((f.id for f in jira.jira.site.fields.values() if f.custom), reverse=turned)
            seen = {field: jira.get(f"~/field/{field}/context")["values"] for field in fields}
            told.append({field: [context["id"] for context in seen[field]] for field in fields})
    assert told[0] == told[1]
    every = [one for ids in told[0].values() for one in ids]
    assert len(set(every)) == len(every) > 2


def test_which_context_counts_can_be_asked() -> None:
    with playing("cloud", "rules") as jira:
        field, story = choice(jira), kind_id(jira, "Story")
        own = jira.call("POST", f"~/field/{field}/context", json={"name": "VET", "projectIds": [VET]}).json()["id"]
        pairs = [{"projectId": project, "issueTypeId": story} for project in (FAB, VET)]
        found = jira.call("POST", f"~/field/{field}/context/mapping", json={"mappings": pairs}).json()["values"]
        (default,) = (c["id"] for c in jira.get(f"~/field/{field}/context")["values"] if c["isGlobalContext"])
        assert [one["contextId"] for one in found] == [default, own]
        assert jira.call("DELETE", f"~/field/{field}/context/{default}").status_code == 204
        found = jira.call("POST", f"~/field/{field}/context/mapping", json={"mappings": pairs}).json()["values"]
        assert [one["contextId"] for one in found] == [None, own]
        assert field not in create_meta(jira, "FAB", story)
        assert field in create_meta(jira, "VET", story)
        wire = {"issueTypeIds": [kind_id(jira, "Bug")]}
        assert jira.call("PUT", f"~/field/{field}/context/{own}/issuetype", json=wire).status_code == 204
        assert jira.call("POST", f"~/field/{field}/context", json={"name": "For all"}).status_code == 201
        assert field in create_meta(jira, "FAB", story)
        assert field not in create_meta(jira, "VET", story), "the project's own context hides the one for all"
        refused = jira.call("POST", f"~/field/{field}/context/mapping", json={"mappings": [{"projectId": "1"}]})
        assert refused.status_code == 400
