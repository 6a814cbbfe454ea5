"""Requirements that begin in Jira: a sub-task below a sent feature becomes a requirement, once, and stays in step."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.sync import service
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System


@pytest.fixture
def sent(system: System) -> Ref:
    """A feature with one requirement, sent."""
    system.poll()  # from now on
    ref = system.feature("Bell", 1)
    assert system.send(ref).state == "agreed"
    return ref


def make_below(system: System, ref: Ref, summary: str, **more: Any) -> str:
    """An engineer adds a sub-task to the feature's issue; its key."""
    key = system.pair(ref).right_key
    fields = {"project": {"key": "FAB"}, "parent": {"key": key}, "issuetype": {"name": "Sub-task"}, "summary": summary}
    return str(system.jira.send("POST", "/issue", {"fields": {**fields, **more}})["key"])


def names(system: System, ref: Ref) -> list[str]:
    return [one["name"] for one in system.aha.record("features", ref.key)["requirements"]]


def pair_of(system: System, key: str) -> Any:
    from crosswalk.store.models import Pair

    return Pair.objects.get(integration=system.integration, right_key=key)


def creates(system: System, word: str) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, "requirement": {**types["requirement"], "create": word}})


def test_a_sub_task_becomes_a_requirement_and_stays_in_step(system: System, sent: Ref) -> None:
    key = make_below(system, sent, "Clapper", description="Made of *brass*")
    system.pass_time(5)
    assert system.poll() >= 1
    system.drain()
    assert names(system, sent) == ["Bell part 1", "Clapper"]
    pair = pair_of(system, key)
    assert (pair.state, pair.title) == ("agreed", "Clapper"), pair.reason
    assert pair.parent_id == system.pair(sent).pk
    requirement = system.aha.record("requirements", pair.left_id)
    assert "<strong>brass</strong>" in requirement["description"]["body"]
    assert pair.left_key in str(system.issue(key)), "the issue shows its requirement"
    assert_quiet(system, sent)
    system.aha.rename("requirements", pair.left_id, "Tongue")
    look(system, sent)
    assert system.jira.summary(key) == "Tongue"
    system.jira.rename(key, "Clapper again")
    look(system, sent)
    assert names(system, sent) == ["Bell part 1", "Clapper again"]
    assert_quiet(system, sent)


def test_a_lost_answer_makes_one_requirement_and_one_sub_task(system: System, sent: Ref) -> None:
    make_below(system, sent, "Clapper")
    system.aha.post(f"/features/{sent.id}/requirements", {"requirement": {"name": "Rope"}})
    before = len(system.site.issues)
    system.fault("aha", kind="reset_after", method="POST", path_regex="/requirements$")
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issue$")
    for _ in range(4):
        look(system, sent)
        system.pass_time(100)
    assert sorted(names(system, sent)) == ["Bell part 1", "Clapper", "Rope"]
    assert len(system.site.issues) == before + 1
    assert {pair.state for pair in system.children(sent)} == {"agreed"}
    assert len(system.children(sent)) == 3
    assert_quiet(system, sent)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_requirement_that_is_deleted_while_the_answer_to_its_sub_task_is_lost_is_not_made_again(
    system: System, at_once: bool
) -> None:
    """The sub-task that had landed looked like an engineer's, and became a requirement."""
    ref = system.feature("Bell", 2 if at_once else 1)
    if not at_once:
        system.send(ref)
        look(system, ref)
        system.aha.post(f"/features/{ref.id}/requirements", {"requirement": {"name": "Bell part 2"}})
    before = len(system.site.issues)
    path = "/bulk$" if at_once else "/issue$"
    system.fault("jira", kind="reset_after", method="POST", path_regex=path, times=1)
    service.send(system.integration, [ref], "a test")
    system.wake(system.pair(ref))
    system.drain(3 if at_once else 1)
    assert (system.pair(ref).state, len(system.site.issues)) == ("waiting", before + (3 if at_once else 1))
    gone = next(one for one in system.aha.record("features", ref.key)["requirements"] if one["name"] == "Bell part 2")
    system.aha.send("DELETE", f"/requirements/{gone['id']}")
    for _ in range(4):
        look(system, ref)
    assert names(system, ref) == ["Bell part 1"]
    assert len(system.site.issues) == before + (3 if at_once else 1)
    pair = next(one for one in system.children(ref) if one.left_id == gone["id"])
    assert pair.right_key, "it is known whose the sub-task is"
    assert pair.state in ("gone", "asking")
    assert_quiet(system, ref)


def test_a_sub_task_that_is_deleted_while_the_answer_to_its_requirement_is_lost_is_not_made_again(
    system: System, sent: Ref
) -> None:
    before = len(system.site.issues)
    key = make_below(system, sent, "Clapper")
    system.fault("aha", kind="reset_after", method="POST", path_regex="/requirements$", times=1)
    system.wake(system.pair(sent))
    system.drain(1)
    assert (system.pair(sent).state, names(system, sent)) == ("waiting", ["Bell part 1", "Clapper"])
    system.jira.send("DELETE", f"/issue/{key}")
    for _ in range(4):
        look(system, sent)
    assert len(system.site.issues) == before


def test_the_mapping_says_on_which_side_they_are_made(system: System, sent: Ref) -> None:
    creates(system, "to jira")
    make_below(system, sent, "Clapper")
    system.aha.post(f"/features/{sent.id}/requirements", {"requirement": {"name": "Rope"}})
    look(system, sent)
    assert names(system, sent) == ["Bell part 1", "Rope"]
    assert len(system.issue(system.pair(sent).right_key)["subtasks"]) == 3
    creates(system, "to aha")
    system.aha.post(f"/features/{sent.id}/requirements", {"requirement": {"name": "Never sent"}})
    look(system, sent)
    assert sorted(names(system, sent)) == ["Bell part 1", "Clapper", "Never sent", "Rope"]
    assert len(system.issue(system.pair(sent).right_key)["subtasks"]) == 3


def test_a_hook_about_a_new_sub_task_wakes_the_feature_above_it(system: System, sent: Ref) -> None:
    key = make_below(system, sent, "Clapper")
    issue = system.jira.get(f"/issue/{key}")
    body = {"webhookEvent": "jira:issue_created", "issue_event_type_name": "issue_created", "issue": issue}
    from crosswalk.jira.wire_hooks import hook_refs

    assert system.pair(sent).right_key in [ref.key for ref in hook_refs(body).refs]


def test_a_story_below_an_epic_where_features_are_epics(system: System) -> None:
    types = system.integration.mapping["types"]
    fields = system.integration.mapping["fields"]
    field = "customfield_10014" if system.flavour == "dc" else "parent"
    line = {"name": "Parent", "aha": "feature", "jira": field}
    below = [one for one in fields["requirement"] if one["name"] != "Parent"]
    system.remap(
        types={**types, "feature": {"type": "Epic"}, "requirement": {"type": "Story", "relation": "epic"}},
        fields={
            **fields,
            "feature": [one for one in fields["feature"] if one["name"] != "Epic"],
            "requirement": [*below, line],
        },
    )
    system.poll()
    ref = system.feature("Bell", 1)
    assert system.send(ref).state == "agreed", system.pair(ref).reason
    story: dict[str, Any] = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "Clapper"}
    key = system.pair(ref).right_key
    above = {"customfield_10014": key} if system.flavour == "dc" else {"parent": {"key": key}}
    system.jira.send("POST", "/issue", {"fields": {**story, **above}})
    system.pass_time(5)
    system.poll()
    system.drain()
    assert names(system, ref) == ["Bell part 1", "Clapper"]
    assert_quiet(system, ref)


def test_a_requirement_that_aha_refuses_is_told_and_the_rest_goes_on(system: System, sent: Ref) -> None:
    refused = make_below(system, sent, "Clapper")
    make_below(system, sent, "Rope")
    system.fault(
        "aha",
        kind="status",
        status=422,
        body='{"error": "Not today"}',
        method="POST",
        path_regex="/requirements$",
        times=2,
    )
    look(system, sent)
    assert names(system, sent) == ["Bell part 1", "Rope"]
    assert [line for line in warnings(system, sent) if line.level == "error"], pair_of(system, refused).reason
