"""Issues that Jira hid for a while, and shows again: what goes on by itself then, and what is left alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_commands import SWEEP, work
from tests.path.test_deletions import account_of, hide


def family(system: System) -> tuple[Ref, Any]:
    """A feature with two requirements in a release of its own, sent; and the pair of that release."""
    body = {"release": {"name": "Autumn", "release_date": "2027-05-05"}}
    release = str(system.aha.post("/products/FAB/releases", body)["release"]["id"])
    ref = system.feature("Bell", 2, release=release)
    assert system.send(ref).state == "agreed"
    return ref, system.pair(Ref("release", release))


def all_of(system: System, ref: Ref, version: Any) -> list[Any]:
    version.refresh_from_db()
    return [system.pair(ref), *system.children(ref), version]


def hide_project(system: System) -> Any:
    """The connection's account may not browse the project any more; what brings it back."""
    project = next(one for one in system.site.projects.values() if one.key == "FAB")
    account, grants = account_of(system), project.grants
    account.admin, project.grants = False, {**grants, account.key: set()}

    def back() -> None:
        account.admin, project.grants = True, grants

    return back


def told_of(system: System, pair: Any) -> None:
    """A hook of Aha! about one record alone."""
    system.pass_time(5)
    system.wake(pair, side=Side.LEFT)
    system.drain()


def comment(system: System, kind: str, id_: str, text: str) -> None:
    system.aha.post(f"/{kind}/{id_}/comments", {"comment": {"body": f"<p>{text}</p>"}})


def test_what_is_below_a_record_that_shows_again_goes_on_by_itself(system: System) -> None:
    """Somebody presses Retry for the feature alone, or edits it: requirements and the release waited for Retry."""
    ref, version = family(system)
    back = hide_project(system)
    look(system, ref)
    system.wake(version)
    system.drain()
    assert [one.state in ("asking", "gone") for one in all_of(system, ref, version)] == [True] * 4
    child = system.children(ref)[0]
    system.aha.rename("requirements", child.left_id, "Clapper")
    comment(system, "requirements", child.left_id, "Made of brass")
    comment(system, "features", ref.id, "Rings twice")
    system.aha.put(f"/products/FAB/releases/{version.left_id}", {"release": {"name": "Winter"}})
    back()
    told_of(system, system.pair(ref))
    states = [(one.kind, one.state, one.reason) for one in all_of(system, ref, version)]
    assert [state for _, state, _ in states] == ["agreed"] * 4, states
    assert system.jira.summary(child.right_key) == "Clapper"
    assert system.jira.get(f"/version/{version.right_id}")["name"] == "Winter"
    for key, text in ((child.right_key, "Made of brass"), (system.pair(ref).right_key, "Rings twice")):
        assert [text in str(one["body"]) for one in system.issue(key)["comment"]["comments"]] == [True]
    assert_quiet(system, ref, 1)


def test_what_is_planned_in_a_release_that_shows_again_goes_on_too(system: System) -> None:
    ref, version = family(system)
    back = hide_project(system)
    look(system, ref)
    system.wake(version)
    system.drain()
    back()
    system.aha.rename("features", ref.key, "Brass bell")
    told_of(system, version)
    states = [(one.title, one.state) for one in all_of(system, ref, version)]
    assert [state for _, state in states] == ["agreed"] * 4, states
    assert system.jira.summary(system.pair(ref).right_key) == "Brass bell"
    assert_quiet(system, ref, 1)


def test_what_is_above_a_record_that_shows_again_goes_on_too_and_what_stays_hidden_is_told_once(system: System) -> None:
    ref, version = family(system)
    child, other = system.children(ref)
    hide(system, other.right_key)
    back = hide_project(system)
    look(system, ref)
    back()
    account_of(system).admin = False  # an administrator sees every level
    system.aha.rename("features", ref.key, "Brass bell")
    lines = len(warnings(system, ref))
    told_of(system, child)
    states = [(one.title, one.state) for one in all_of(system, ref, version)]
    assert [state for _, state in states] == ["agreed", "agreed", "asking", "agreed"], states
    assert system.jira.summary(system.pair(ref).right_key) == "Brass bell"
    assert len(warnings(system, ref)) == lines + 1, "why it does not show is another reason now"
    assert_quiet(system, ref)


def test_some_that_show_again_go_on_by_themselves(system: System) -> None:
    """Half of them were hidden, one by one: nothing tells that they are not any more."""
    refs = [system.feature(f"Bell {number}") for number in range(4)]
    keys = [system.send(ref).right_key for ref in refs]
    made = len(system.site.issues)

    def compared() -> list[str]:
        for _ in range(2):
            system.pass_time(16 * 60)
            work(system, SWEEP)
            system.drain()
        return [system.pair(ref).state for ref in refs]

    for key in keys[:2]:
        hide(system, key)
    assert compared() == ["asking", "asking", "agreed", "agreed"]
    system.aha.rename("features", refs[0].id, "Gong")
    lines = [len(warnings(system, ref)) for ref in refs]
    assert compared() == ["asking", "asking", "agreed", "agreed"]
    assert [len(warnings(system, ref)) for ref in refs] == lines, "nobody is told twice"
    for key in keys[:2]:
        system.site.issue(key).values["security"] = None
    assert compared() == ["agreed"] * 4
    assert system.jira.summary(keys[0]) == "Gong"
    assert len(system.site.issues) == made
    assert_quiet(system, refs[1], 1)


@pytest.mark.parametrize("grants", [{"BROWSE_PROJECTS"}, set()])
def test_a_right_that_is_given_back_is_noticed_without_a_press(system: System, grants: set[str]) -> None:
    refs = [system.feature(f"Bell {number}") for number in range(3)]
    keys = [system.send(ref).right_key for ref in refs]
    project = next(one for one in system.site.projects.values() if one.key == "FAB")
    account, full = account_of(system), project.grants
    account.admin, project.grants = False, {**full, account.key: grants}
    for ref in refs:
        system.aha.rename("features", ref.id, f"Gong {ref.key}")
        told_of(system, system.pair(ref))
    new = system.feature("Lamp")
    system.send(new)
    # Jira Cloud says of one that may not edit that the field is on no screen: of that a person is told.
    stuck = [ref for ref in (*refs, new) if system.pair(ref).code != "F2"]
    assert new in stuck

    def compared(times: int = 2) -> set[str]:
        for _ in range(times):
            system.pass_time(16 * 60)
            with suppress(CrosswalkError):
                work(system, SWEEP)
            system.drain()
        return {system.pair(ref).state for ref in stuck}

    compared()
    lines = [len(warnings(system, ref)) for ref in stuck]
    assert "agreed" not in compared(6)
    assert [len(warnings(system, ref)) for ref in stuck] == lines, "nobody is told twice"
    account.admin, project.grants = True, full
    assert compared() == {"agreed"}
    known = dict(zip(refs, keys, strict=True))
    assert all(system.jira.summary(known[ref]) == f"Gong {ref.key}" for ref in stuck if ref in known)
