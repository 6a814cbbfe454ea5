"""One side told of news: one read and one write carry it, and nothing that somebody else wrote meanwhile is lost."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import BELIEVED, assert_quiet, compared, look, warnings
from tests.path.system import System
from tests.path.test_bad_input import tags_and_labels

L, R = Side.LEFT, Side.RIGHT
GRAPHQL, BULK = ("POST", "/api/v2/graphql"), ("POST", "/rest/api/3/issue/bulkfetch")
dc_alone = pytest.mark.parametrize("system", ["dc"], indirect=True)
LOST = "Whether somebody had changed it just before is not known"


def at_rest(system: System) -> Ref:
    """A feature that was sent and looked at, so that everything about it is known."""
    ref = system.feature("Bell")
    system.wake(system.send(ref))
    system.drain()
    system.forget()
    return ref


def hooked(system: System, ref: Ref, side: Side) -> list[tuple[str, str]]:
    """A hook of `side` comes and is worked off; the requests that took, without the people's own."""
    system.forget()
    system.wake(system.pair(ref), side=side)
    system.drain()
    return [*system.requests("jira"), *system.requests("aha")]


def rename(system: System, ref: Ref, name: str, **other: Any) -> None:
    """A product owner edits the feature."""
    system.pass_time(60)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": name, **other}})


def resummarize(system: System, ref: Ref, summary: str) -> None:
    """An engineer edits the issue."""
    system.pass_time(60)
    system.jira.rename(system.pair(ref).right_key, summary)


def names(system: System, ref: Ref) -> tuple[str, str]:
    """What the feature and the issue are called."""
    return feature(system, ref)["name"], system.jira.summary(system.pair(ref).right_key)


def feature(system: System, ref: Ref) -> dict[str, Any]:
    """The feature as a product owner sees it."""
    found: dict[str, Any] = system.aha.get(f"/features/{ref.id}")["feature"]
    return found


def waits_to_be_looked_at(system: System, ref: Ref) -> bool:
    """Whether something was written of which it is not known what it replaced."""
    return any(name.startswith((" sent", " unsaid", " exchange")) for name in system.pair(ref).base)


def methods(calls: list[tuple[str, str]]) -> list[str]:
    return [method for method, _ in calls]


# ---- how many requests


def test_a_feature_with_four_requirements_is_sent_by_five_requests(system: System) -> None:
    system.send(system.feature("The first of its release"))
    ref = system.feature("Bell", 4)
    system.forget()
    system.send(ref)
    assert methods(system.requests("aha")) == ["GET", "POST"]
    assert methods(system.requests("jira")) == ["POST", "POST", "POST"]
    pairs = [system.pair(ref), *system.children(ref)]
    assert [pair.state for pair in pairs] == ["agreed"] * 5
    whole = feature(system, ref)
    for pair, record in zip(pairs, [whole, *whole["requirements"]], strict=True):
        (shown,) = (one["value"] for one in record["custom_fields"] if one["key"] == "jira_url")
        assert shown.endswith(f"/browse/{pair.right_key}")
    ranks = [system.site.issue(pair.right_key).rank for pair in pairs[1:]]
    assert ranks == sorted(ranks)
    assert_quiet(system, ref)


def test_a_lost_answer_below_leaves_one_record_each(cloud: System) -> None:
    ref = cloud.feature("Bell", 4)
    cloud.fault("jira", kind="reset_after", method="POST", path_regex="issue/bulk$", times=1)
    cloud.send(ref)
    while cloud.pair(ref).state == "waiting":
        cloud.pass_time(60)
        cloud.drain()
    pairs = [cloud.pair(ref), *cloud.children(ref)]
    assert [pair.state for pair in pairs] == ["agreed"] * 5
    assert sum(issue.values["summary"].startswith("Bell") for issue in cloud.site.issues.values()) == 5


def test_an_edit_in_jira_costs_one_read_and_one_write(system: System) -> None:
    ref = at_rest(system)
    resummarize(system, ref, "Brass bell")
    calls = hooked(system, ref, R)
    assert len(calls) == 2
    assert calls[1] == GRAPHQL
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert_quiet(system, ref)


def test_an_edit_in_aha_costs_one_read_and_one_write(system: System) -> None:
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    assert methods(hooked(system, ref, L)) == ["PUT", "GET"]  # Jira's come first in the list, Aha!'s last
    assert system.pair(ref).state == "agreed"
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert_quiet(system, ref)


@dc_alone
def test_the_hook_of_that_write_brings_the_look_that_tells_what_it_replaced(system: System) -> None:
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    hooked(system, ref, L)
    assert waits_to_be_looked_at(system, ref)
    (read,) = hooked(system, ref, R)
    assert read[0] == "GET"
    assert not waits_to_be_looked_at(system, ref)
    assert methods(hooked(system, ref, R)) == ["GET"]
    assert not warnings(system, ref)


@dc_alone
@pytest.mark.parametrize("net", ["poll", "sweep"])
def test_without_a_hook_the_next_poll_or_sweep_brings_it(system: System, net: str) -> None:
    ref = at_rest(system)
    system.poll()
    resummarize(system, ref, "Silver bell")
    rename(system, ref, "Brass bell")
    hooked(system, ref, L)
    assert names(system, ref) == ("Brass bell", "Brass bell")
    system.pass_time(60)
    assert system.poll() if net == "poll" else compared(system)
    system.drain()
    assert not waits_to_be_looked_at(system, ref)
    assert any(line.old == "Silver bell" and "kept here" in line.what for line in warnings(system, ref))
    assert names(system, ref) == ("Brass bell", "Brass bell")  # the newer of the two


@dc_alone
def test_who_edits_it_again_before_that_look_counts(system: System) -> None:
    ref = at_rest(system)
    resummarize(system, ref, "Silver bell")
    rename(system, ref, "Brass bell")
    hooked(system, ref, L)
    resummarize(system, ref, "Tin bell")
    hooked(system, ref, R)
    assert names(system, ref) == ("Tin bell", "Tin bell")
    assert {line.old for line in warnings(system, ref)} == {"Silver bell", "Brass bell"}
    assert_quiet(system, ref)


@dc_alone
@pytest.mark.parametrize("then", [["brass", "new", "old"], ["brass"], ["new"]])
@pytest.mark.parametrize("first", [["brass", "mine"], ["brass"], ["mine"]])
def test_of_a_list_that_is_edited_again_before_that_look_both_edits_count(
    system: System, first: list[str], then: list[str]
) -> None:
    """Lists are sent whole: what that took out came back to nobody, and what was taken out since came back."""
    tags_and_labels(system)
    ref = system.feature("Bell", tags="brass")
    key = system.send(ref).right_key
    system.wake(system.pair(ref))
    system.drain()
    for labels in (first, then):
        system.pass_time(60)
        system.jira.edit(key, labels=labels)
        if labels is first:
            rename(system, ref, "Bell", tags="brass,new")
            hooked(system, ref, L)
            assert (set(system.issue(key)["labels"]), waits_to_be_looked_at(system, ref)) == ({"brass", "new"}, True)
    hooked(system, ref, R)
    wanted = (set(then) | ({"mine"} & set(first))) - ({"brass"} - set(first))
    assert set(feature(system, ref)["tags"]) == set(system.issue(key)["labels"]) == wanted
    assert_quiet(system, ref)


@dc_alone
def test_another_field_that_was_edited_before_that_look_is_carried_by_it(system: System) -> None:
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    hooked(system, ref, L)
    system.jira.edit(system.pair(ref).right_key, duedate="2027-05-01")
    hooked(system, ref, R)
    assert feature(system, ref)["due_date"] == "2027-05-01"
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert not warnings(system, ref)
    assert_quiet(system, ref)


@dc_alone
def test_a_second_edit_in_aha_before_that_look_is_carried_too(system: System) -> None:
    ref = at_rest(system)
    for name in ("Brass bell", "Tin bell", "Silver bell"):
        rename(system, ref, name)
        calls = hooked(system, ref, L)
        assert methods(calls).count("PUT") == 1
        assert len(calls) <= 3
        assert names(system, ref) == (name, name)
    assert not warnings(system, ref)
    assert_quiet(system, ref)


def test_a_hook_about_our_own_write_costs_one_read(system: System) -> None:
    ref = at_rest(system)
    resummarize(system, ref, "Brass bell")
    hooked(system, ref, R)
    assert methods(hooked(system, ref, L)) == ["GET"]
    assert len(hooked(system, ref, R)) == 1


def test_a_status_goes_to_aha_the_same_way(system: System) -> None:
    ref = at_rest(system)
    system.jira.move(system.pair(ref).right_key, "In Progress")
    assert len(hooked(system, ref, R)) == 2
    assert feature(system, ref)["workflow_status"]["name"] == "In development"


def test_a_field_that_graphql_does_not_take_is_read_on_both_sides(cloud: System) -> None:
    ref = at_rest(cloud)
    cloud.jira.edit(cloud.pair(ref).right_key, duedate="2027-05-01")
    calls = hooked(cloud, ref, R)
    assert sorted(methods(calls)) == ["GET", "POST", "PUT"]
    assert feature(cloud, ref)["due_date"] == "2027-05-01"


def test_a_comment_is_seen_by_what_is_remembered(cloud: System) -> None:
    ref = at_rest(cloud)
    cloud.jira.send("POST", f"/issue/{cloud.pair(ref).right_key}/comment", {"body": "Ring it twice."})
    hooked(cloud, ref, R)
    (comment,) = cloud.aha.get(f"/features/{ref.id}/comments")["comments"]
    assert "Ring it twice." in comment["body"]


def test_a_comment_that_was_just_carried_and_is_deleted_again_is_missed(system: System) -> None:
    parts = system.integration.mapping["parts"]
    system.remap(parts={kind: {**line, "removes": True} for kind, line in parts.items()})
    ref = at_rest(system)
    key = system.pair(ref).right_key
    system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": "<p>Ring it twice.</p>"}})
    system.wake(system.pair(ref))
    system.drain()
    (copy,) = system.jira.get(f"/issue/{key}/comment")["comments"]
    system.pass_time(BELIEVED)
    system.jira.send("DELETE", f"/issue/{key}/comment/{copy['id']}")
    hooked(system, ref, R)
    assert system.aha.get(f"/features/{ref.id}/comments")["comments"] == []


def test_a_pair_that_nobody_says_a_side_of_is_read_on_both(cloud: System) -> None:
    ref = at_rest(cloud)
    cloud.wake(cloud.pair(ref))
    cloud.drain()
    assert len([*cloud.requests("aha"), *cloud.requests("jira")]) == 2


# ---- somebody else wrote meanwhile


def test_an_edit_nobody_told_of_is_a_conflict_when_it_is_the_older(system: System) -> None:
    ref = at_rest(system)
    rename(system, ref, "Silver bell")
    resummarize(system, ref, "Brass bell")
    hooked(system, ref, R)
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert any(line.old == "Silver bell" and "kept here" in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


def test_an_edit_nobody_told_of_wins_when_it_is_the_newer(system: System) -> None:
    ref = at_rest(system)
    resummarize(system, ref, "Brass bell")
    rename(system, ref, "Silver bell")
    hooked(system, ref, R)
    assert names(system, ref) == ("Silver bell", "Silver bell")
    assert any(line.old == "Brass bell" and "kept here" in line.what for line in warnings(system, ref))
    assert any("had been changed before it was written" in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


@pytest.mark.parametrize("later", [True, False])
def test_the_same_in_jira(system: System, later: bool) -> None:
    ref = at_rest(system)
    for edit in (rename, resummarize) if later else (resummarize, rename):
        edit(system, ref, "Silver bell" if edit is resummarize else "Brass bell")
    hooked(system, ref, L)
    hooked(system, ref, R)  # its echo
    won, lost = ("Silver bell", "Brass bell") if later else ("Brass bell", "Silver bell")
    assert names(system, ref) == (won, won)
    assert any(line.old == lost and "kept here" in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


def test_another_field_that_nobody_told_of_stays_and_is_carried_by_its_own_hook(system: System) -> None:
    ref = at_rest(system)
    rename(system, ref, "Bell", due_date="2027-05-01")
    resummarize(system, ref, "Brass bell")
    hooked(system, ref, R)
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert feature(system, ref)["due_date"] == "2027-05-01"
    hooked(system, ref, L)
    assert system.issue(system.pair(ref).right_key)["duedate"] == "2027-05-01"
    assert not warnings(system, ref)


def test_both_edited_to_the_same_is_no_conflict(system: System) -> None:
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    resummarize(system, ref, "Brass bell")
    hooked(system, ref, R)
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert not warnings(system, ref)


# ---- when it can not be told


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_without_graphql_is_read_on_both_sides_and_asked_once(cloud: System, status: int) -> None:
    ref = at_rest(cloud)
    cloud.fault("aha", kind="status", method="POST", path_regex="graphql", status=status, times=0)
    for turn, name in enumerate(("Brass bell", "Tin bell")):
        resummarize(cloud, ref, name)
        calls = hooked(cloud, ref, R)
        assert calls.count(GRAPHQL) == (1 if turn == 0 else 0)
        assert sorted(methods(calls))[-1] == "PUT"
        assert names(cloud, ref) == (name, name)
    assert not warnings(cloud, ref)


def test_a_refused_value_is_told_as_always(cloud: System) -> None:
    ref = at_rest(cloud)
    cloud.fault(
        "jira",
        kind="status",
        method="PUT",
        path_regex="issue",
        status=400,
        times=2,
        body='{"errors": {"summary": "No."}}',
    )
    rename(cloud, ref, "Brass bell")
    hooked(cloud, ref, L)
    assert cloud.pair(ref).state == "asking"
    assert any("left out" in line.what for line in warnings(cloud, ref))


@pytest.mark.parametrize("side", [L, R])
def test_a_lost_answer_is_looked_at_and_what_can_not_be_known_is_said(cloud: System, side: Side) -> None:
    ref = at_rest(cloud)
    path = "graphql" if side is R else "issue/[0-9]+$"
    cloud.fault("aha" if side is R else "jira", kind="reset_after", method="*", path_regex=path, times=1)
    rename(cloud, ref, "Silver bell") if side is R else resummarize(cloud, ref, "Silver bell")
    resummarize(cloud, ref, "Brass bell") if side is R else rename(cloud, ref, "Brass bell")
    hooked(cloud, ref, side)
    assert names(cloud, ref) == ("Brass bell", "Brass bell")
    told = [line.what for line in warnings(cloud, ref)]
    if side is R:
        assert any(LOST in what for what in told)  # Aha! has forgotten it
    else:
        assert any(line.old == "Silver bell" for line in warnings(cloud, ref))  # Jira's history has not
    assert_quiet(cloud, ref)


@pytest.mark.parametrize("told", [Side.RIGHT, None])
def test_lists_call_a_pair_as_it_was_renamed_in_jira(system: System, told: Side | None) -> None:
    ref = system.feature("Bell", 1)
    system.send(ref)
    (child,) = system.children(ref)
    look(system, ref)
    for pair, name in ((system.pair(ref), "Brass bell"), (child, "Clapper")):
        system.jira.rename(pair.right_key, name)
        system.pass_time(5)
        system.wake(pair, side=told)
        system.drain()
        pair.refresh_from_db()
        assert (pair.title, pair.state) == (name, "agreed")


def test_lists_call_a_pair_as_it_was_renamed_in_aha(system: System) -> None:
    ref = system.feature("Bell")
    system.send(ref)
    look(system, ref)
    system.aha.rename("features", ref.key, "Brass bell")
    system.wake(system.pair(ref), side=Side.LEFT)
    system.drain()
    assert system.pair(ref).title == "Brass bell"
