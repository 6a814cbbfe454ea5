"""An order that was not carried to its end: what it moved is nobody's change, and the order across still counts."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet, look
from tests.path.system import System, pairs_where
from tests.path.test_rank import backlog, both_ways, drag, features, in_aha, in_jira, place, planned, ranked
from tests.path.test_refused_parts import allow

PARTS = [f"Bell part {number}" for number in (1, 2, 3, 4)]
LANDS = {
    "jira": {"kind": "reset_after", "method": "PUT", "path_regex": "issue/rank$", "times": 0},
    "aha": {"kind": "reset_after", "method": "POST", "path_regex": "graphql$", "times": 0},
}


def four(system: System) -> tuple[Ref, list[Any]]:
    """A feature with four requirements that was sent and looked at."""
    ref = system.feature("Bell", 4)
    system.send(ref)
    look(system, ref)
    return ref, system.children(ref)


def cut_off(system: System, ref: Ref) -> None:
    """A run of the feature that does not come to its end; then the servers are well."""
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)


def placed_unanswered(system: System) -> tuple[Ref, list[Any]]:
    """The last of four requirements was put first in Jira, and so it was in Aha!, of which nobody told."""
    both_ways(system)
    ref, children = four(system)
    backlog(system, children[3].right_key, children[0].right_key)
    system.fault("aha", **LANDS["aha"])
    cut_off(system, ref)
    assert planned(system, ref) == [PARTS[3], *PARTS[:3]], "it landed"
    return ref, children


@pytest.mark.parametrize("direction", ["both", "to jira"])
def test_who_puts_a_requirement_back_while_its_rank_is_not_answered_counts(system: System, direction: str) -> None:
    """Our own order in Jira stayed there, and with both ways it was taken for an edit, over what Aha! said last."""
    both_ways(system, direction)
    ref, children = four(system)
    place(system, children[3].left_id, 1)
    system.fault("jira", **LANDS["jira"])
    cut_off(system, ref)
    assert ranked(system, ref) == [PARTS[3], *PARTS[:3]], "it landed"
    place(system, children[3].left_id, 4)
    system.wake(system.pair(ref))
    system.drain()
    assert planned(system, ref) == ranked(system, ref) == PARTS
    assert_quiet(system, ref)


@pytest.mark.parametrize("quick", [True, False])
def test_who_puts_a_feature_back_while_its_rank_is_not_answered_counts(system: System, quick: bool) -> None:
    """Also where the issues were read just before: what was read then is no more their rank."""
    release, refs = features(system, 4)
    (pair,) = pairs_where("kind = 'release' AND left_id = %s", release)
    before = in_aha(system, release)
    system.pass_time(100)
    if quick:
        system.wake(*(system.pair(ref) for ref in refs))
        system.drain(1)
    drag(system, refs[3], 1)
    system.fault("jira", **LANDS["jira"])
    system.wake(pair)
    system.drain(1)
    assert in_jira(system, refs) == ["Bell 3", "Bell 0", "Bell 1", "Bell 2"], "it landed"
    allow(system)
    drag(system, refs[3], 4)
    system.wake(pair)
    system.drain()
    assert in_jira(system, refs) == in_aha(system, release) == before
    assert_quiet(system, refs[0])


def test_an_order_that_is_put_back_at_once_is_carried(system: System) -> None:
    """The ranks that were read a moment before the first order said that nothing is to be done for the second one."""
    release, refs = features(system, 4)
    (pair,) = pairs_where("kind = 'release' AND left_id = %s", release)
    system.pass_time(100)
    system.wake(*(system.pair(ref) for ref in refs))
    system.drain(1)
    for at in (1, 4):
        drag(system, refs[3], at)
        system.wake(pair)
        system.drain(1)
        assert in_jira(system, refs) == in_aha(system, release)


@pytest.mark.parametrize("kind", ["429", "503", "reset_before"])
def test_an_order_of_jira_that_is_half_way_in_aha_is_not_replaced_by_that(system: System, kind: str) -> None:
    """One requirement was put at its place and the next one was not: that looked like an order somebody gave in Aha!,
    which counts where both sides changed it."""
    both_ways(system)
    ref, children = four(system)
    for child in (children[3], children[2]):
        backlog(system, child.right_key, children[0].right_key)
    wanted = ranked(system, ref)
    system.fault("aha", **{**LANDS["aha"], "kind": kind}, nth=2)
    cut_off(system, ref)
    assert planned(system, ref) == [PARTS[3], *PARTS[:3]], "the first of two"
    system.pass_time(60)
    system.drain()
    assert planned(system, ref) == ranked(system, ref) == wanted == [PARTS[3], PARTS[2], *PARTS[:2]]
    assert_quiet(system, ref)


def test_who_ranks_in_jira_again_while_a_place_in_aha_is_not_answered_counts(system: System) -> None:
    """Our own write in Aha! looked like somebody's, and took the place of the order that Jira was given last."""
    ref, children = placed_unanswered(system)
    backlog(system, children[2].right_key, children[3].right_key)
    system.wake(system.pair(ref))
    system.drain()
    assert planned(system, ref) == ranked(system, ref) == [PARTS[2], PARTS[3], *PARTS[:2]]
    assert_quiet(system, ref)


def test_who_moves_another_requirement_in_aha_meanwhile_counts(system: System) -> None:
    """Both sides changed the order then, and that of Aha! counts, as always."""
    ref, children = placed_unanswered(system)
    place(system, children[2].left_id, 2)
    backlog(system, children[1].right_key, children[3].right_key)
    wanted = planned(system, ref)
    assert wanted == [PARTS[3], PARTS[2], *PARTS[:2]]
    system.wake(system.pair(ref))
    system.drain()
    assert planned(system, ref) == ranked(system, ref) == wanted
    assert_quiet(system, ref)
