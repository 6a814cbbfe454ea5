"""An edit of a comment's copy leaves what nobody touched as it is, in the form that only the original's side knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.files import Desk
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_comments import in_aha, in_jira, say_in_aha, say_in_jira
from tests.path.test_descriptions import CLOUD, MARKUP
from tests.path.test_refused_parts import allow


@pytest.fixture
def desk(system: System) -> Iterator[Desk]:
    """A feature that was sent; nobody has said anything."""
    ref = system.feature("Bell", description="<p>Text</p>")
    assert system.send(ref).state == "agreed"
    found = Desk(system, ref)
    yield found
    found.close()


def comment(system: System, desk: Desk, number: int = 0) -> tuple[str, Any]:
    """The address of a comment of the issue, and its blocks in their own form."""
    api = "3" if system.flavour == "cloud" else "2"
    address = f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}/comment"
    found = desk.jira.get(address).raise_for_status().json()["comments"][number]
    body = found["body"]
    return f"{address}/{found['id']}", body.split("\n\n") if isinstance(body, str) else body["content"]


def body_of(system: System, blocks: Any) -> dict[str, Any]:
    if system.flavour == "dc":
        return {"body": "\n\n".join(blocks)}
    return {"body": {"type": "doc", "version": 1, "content": blocks}}


def test_macros_and_cells_stay_in_a_comment_whose_copy_is_edited(system: System, desk: Desk) -> None:
    ref: Ref = desk.ref
    blocks = CLOUD if system.flavour == "cloud" else MARKUP
    api = "3" if system.flavour == "cloud" else "2"
    address = f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}/comment"
    desk.jira.post(address, json=body_of(system, blocks)).raise_for_status()
    look(system, ref)
    _, before = comment(system, desk)
    (copy,) = system.aha.get(f"/features/{ref.id}/comments")["comments"]
    body = copy["body"].replace("Loud", "Very loud", 1)
    system.aha.put(f"/comments/{copy['id']}", {"comment": {"body": body}})
    look(system, ref)
    _, after = comment(system, desk)
    assert "Very loud" in json.dumps(after[0])
    assert after[1:] == before[1:], "a merged cell, a macro, a mention: as they were"
    assert_quiet(system, ref)


def test_an_edit_that_did_not_follow_is_made_up_for_by_the_next(system: System, desk: Desk) -> None:
    ref = desk.ref
    said = say_in_aha(system, ref, "<p>One</p><p>Two</p>")
    look(system, ref)
    line = system.integration.mapping["parts"]["comment"]
    for edits, body in ((False, "<p>First</p><p>Two</p>"), (True, "<p>First</p><p>Second</p>")):
        system.remap(parts={**system.integration.mapping["parts"], "comment": {**line, "edits": edits}})
        system.aha.put(f"/comments/{said['id']}", {"comment": {"body": body}})
        look(system, ref)
    (copy,) = in_jira(system, ref)
    assert ("First" in copy, "Second" in copy, "One" in copy, "Two" in copy) == (True, True, False, False)


def change(system: System, ref: Ref, side: str, old: str, new: str) -> None:
    """Somebody edits the one comment there is."""
    if side == "aha":
        (one,) = system.aha.get(f"/features/{ref.id}/comments")["comments"]
        assert old in one["body"]
        system.aha.put(f"/comments/{one['id']}", {"comment": {"body": one["body"].replace(old, new)}})
    else:
        path = f"/issue/{system.pair(ref).right_key}/comment"
        (one,) = system.jira.get(path)["comments"]
        assert old in one["body"]
        system.jira.send("PUT", f"{path}/{one['id']}", {"body": one["body"].replace(old, new)})


@pytest.mark.parametrize("side", ["aha", "jira"])
@pytest.mark.parametrize("both", [False, True])
def test_a_copy_that_somebody_edits_while_its_answer_is_lost_is_edited(system: System, side: str, both: bool) -> None:
    """It was brought up to its original, and what somebody had written there was kept nowhere."""
    ref = system.feature("Bell")
    system.send(ref)
    (say_in_jira if side == "aha" else say_in_aha)(system, ref, "Ring it")
    system.fault(side, kind="reset_after", method="POST", path_regex="/comments?$", times=1)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    for where in ("aha", "jira") if both else (side,):
        change(system, ref, where, "Ring it", "Ring it twice" if where == side else "Toll it")
    look(system, ref)
    for (body,) in (in_aha(system, ref), in_jira(system, ref)):
        assert ("Toll it" if both else "Ring it twice") in body
    assert any("Ring it twice" in line.kept for line in system.journal(ref)) == both
    assert_quiet(system, ref)


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_what_a_copy_held_that_is_not_known_any_more_is_kept(system: System, side: str) -> None:
    """As where a backup is put back that was made before it was carried."""
    from crosswalk.store.models import PartRow

    ref = system.feature("Bell")
    system.send(ref)
    (say_in_jira if side == "aha" else say_in_aha)(system, ref, "Ring it")
    look(system, ref)
    change(system, ref, side, "Ring it", "Toll it")
    PartRow.objects.filter(kind="comment").delete()
    look(system, ref)
    for (body,) in (in_aha(system, ref), in_jira(system, ref)):
        assert "Ring it" in body
    assert any("Toll it" in line.kept for line in system.journal(ref))
    assert_quiet(system, ref)


@pytest.mark.parametrize("origin", ["aha", "jira"])
@pytest.mark.parametrize("side", ["aha", "jira"])
@pytest.mark.parametrize("again", ["Ring it", "Gong it"])
@pytest.mark.parametrize("lags", [False, True])
def test_who_edits_a_comment_again_after_an_edit_that_nobody_confirmed_counts(
    system: System, side: str, origin: str, again: str, lags: bool
) -> None:
    """Our own write looked like somebody's edit of the other one: it was carried back, over what was said last."""
    ref = system.feature("Bell")
    system.send(ref)
    (say_in_aha if origin == "aha" else say_in_jira)(system, ref, "Ring it")
    look(system, ref)
    look(system, ref)
    other = "jira" if side == "aha" else "aha"
    change(system, ref, side, "Ring it", "Toll it")
    system.fault(other, kind="reset_after", method="PUT", path_regex="/comments?/[0-9]+$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    assert all("Toll it" in body for (body,) in (in_aha(system, ref), in_jira(system, ref))), "it landed"
    change(system, ref, side, "Toll it", again)
    if lags:
        system.fault(other, kind="stale", seconds=20, times=2)
    system.wake(system.pair(ref))
    system.drain(1)
    allow(system)
    look(system, ref)
    assert all(again in body for (body,) in (in_aha(system, ref), in_jira(system, ref)))
    assert not any(line.kept for line in system.journal(ref))
    assert_quiet(system, ref)


def test_an_edit_of_a_comment_that_did_not_land_is_sent_again(system: System) -> None:
    """And what somebody wrote into the other one meanwhile is kept."""
    ref = system.feature("Bell")
    system.send(ref)
    say_in_aha(system, ref, "Ring it")
    look(system, ref)
    look(system, ref)
    change(system, ref, "aha", "Ring it", "Toll it")
    system.fault("jira", kind="reset_before", method="PUT", path_regex="/comments?/[0-9]+$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    change(system, ref, "jira", "Ring it", "Gong it")
    look(system, ref)
    assert all("Toll it" in body for (body,) in (in_aha(system, ref), in_jira(system, ref)))
    assert any("Gong it" in line.kept for line in system.journal(ref))
    assert_quiet(system, ref)
