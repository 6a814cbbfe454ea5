"""The service was off for five days, its memory kept for less, and no hook comes again: all is found and merged."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.config import Keep
from crosswalk.merge.records import Ref
from tests.path.looking import BELIEVED, assert_quiet, compared, warnings
from tests.path.system import System
from tests.path.test_bad_input import tags_and_labels
from tests.path.test_comments import in_aha, in_jira, say_in_aha, say_in_jira
from tests.path.test_deletions import follow, there
from tests.path.test_moves import feature_of, move_in_jira
from tests.path.test_refused_parts import allow

DAY = 86_400.0
SHORT = Keep(hooks=1, requests=0.5, exchanges=1, journal=3)


def rename(system: System, ref: Ref, name: str, **more: Any) -> None:
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": name, **more}})


def names(system: System, ref: Ref) -> tuple[str, str]:
    return system.aha.record("features", ref.key)["name"], system.jira.summary(system.pair(ref).right_key)


def back(system: System) -> None:
    """The service starts again, tidies up, polls, and compares everything."""
    from crosswalk.sync.handlers import tidy
    from crosswalk.sync.installation import current

    current().bridges.forget()
    tidy(system.now(), SHORT)
    for _ in range(4):
        system.poll()
        system.drain()
        system.pass_time(60)
    system.integration.refresh_from_db()
    assert system.integration.trouble == ""
    compared(system)
    system.drain()
    system.pass_time(BELIEVED)
    system.poll()
    system.drain()


@pytest.fixture(params=["history", "stamps"])
def sent(request: pytest.FixtureRequest, system: System) -> dict[str, Ref]:
    """Features with two requirements each, by what happens to them. Without its history Aha! tells by stamps."""
    if request.param == "stamps":
        system.fault("aha", kind="status", status=403, path_regex="audits", times=0)
    follow(system, removed="delete")
    tags_and_labels(system)
    words = ["apart", "newer aha", "newer jira", "texts", "tags", "said", "deleted", "grown", "moved", "target", "back"]
    text = "<p>One</p><p>Two</p><p>Three</p>"
    refs = {one: system.feature(f"Bell {one}", 2, description=text, tags="a,b") for one in words}
    for ref in refs.values():
        assert system.send(ref).state == "agreed"
    system.pass_time(BELIEVED)
    system.poll()
    system.drain()
    system.poll()
    system.drain()
    return refs


def first_day(system: System, sent: dict[str, Ref], keys: dict[str, str]) -> None:
    rename(system, sent["apart"], "Apart of Aha!")
    rename(system, sent["newer jira"], "Older of Aha!")
    system.jira.rename(keys["newer aha"], "Older of Jira")
    rename(system, sent["back"], "Somewhere else")
    system.jira.edit(keys["tags"], labels=["a", "b", "jira"])


def second_day(system: System, sent: dict[str, Ref], keys: dict[str, str]) -> None:
    rename(system, sent["newer aha"], "Newer of Aha!")
    system.jira.edit(keys["apart"], duedate="2027-05-01")
    system.jira.rename(keys["newer jira"], "Newer of Jira")
    rename(system, sent["texts"], "Bell texts", description="<p>One of Aha!</p><p>Two</p><p>Three</p>")
    system.jira.edit(keys["texts"], description="One\n\nTwo\n\nThree of Jira")
    rename(system, sent["tags"], "Bell tags", tags="b,aha")


def third_day(system: System, sent: dict[str, Ref]) -> None:
    say_in_aha(system, sent["said"], "<p>From Aha!</p>")
    say_in_jira(system, sent["said"], "From Jira")
    system.aha.post(f"/features/{sent['grown'].id}/requirements", {"requirement": {"name": "New in Aha!"}})
    rename(system, sent["back"], "Bell back")


def test_everything_is_found_and_merged(system: System, sent: dict[str, Ref]) -> None:
    keys = {name: system.pair(ref).right_key for name, ref in sent.items()}
    gone, _ = system.children(sent["deleted"])
    strayed, _ = system.children(sent["moved"])
    system.pass_time(DAY)
    first_day(system, sent, keys)
    system.pass_time(DAY)
    second_day(system, sent, keys)
    system.aha.send("DELETE", f"/requirements/{gone.left_id}")
    system.pass_time(DAY)
    third_day(system, sent)
    move_in_jira(system, strayed.right_key, keys["target"])
    system.pass_time(2 * DAY)
    issues = len(system.site.issues)
    back(system)
    assert names(system, sent["apart"]) == ("Apart of Aha!",) * 2
    assert system.aha.record("features", sent["apart"].key)["due_date"] == "2027-05-01"
    for side, name, lost in (("aha", "Newer of Aha!", "Older of Jira"), ("jira", "Newer of Jira", "Older of Aha!")):
        ref = sent[f"newer {side}"]
        assert names(system, ref) == (name, name)
        assert [line.old for line in warnings(system, ref) if line.old] == [lost]
    text = system.aha.record("features", sent["texts"].key)["description"]["body"]
    assert ("One of Aha!" in text, "Three of Jira" in text) == (True, True), text
    assert set(system.issue(keys["tags"])["labels"]) == {"b", "aha", "jira"}
    assert (len(in_aha(system, sent["said"])), len(in_jira(system, sent["said"]))) == (2, 2)
    assert not there(system, gone.right_key)
    assert len(system.children(sent["grown"])) == 3
    assert feature_of(system, strayed.left_id) == sent["target"].id
    assert len(system.site.issues) == issues, "one was made, one deleted"
    assert names(system, sent["back"]) == ("Bell back",) * 2
    assert not [line for line in system.journal(sent["back"]) if "Somewhere" in f"{line.old}{line.new}"]
    for ref in sent.values():
        assert_quiet(system, ref)


@pytest.mark.parametrize("landed", [True, False])
@pytest.mark.parametrize("later", ["aha", "both"])
def test_a_write_that_was_not_answered_before(system: System, landed: bool, later: str) -> None:
    ref = system.feature("Bell")
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(BELIEVED)
    system.poll()
    rename(system, ref, "Brass bell")
    kind = "reset_after" if landed else "reset_before"
    system.fault("jira", kind=kind, method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    system.pass_time(DAY)
    rename(system, ref, "Tin bell")
    system.pass_time(DAY)
    if later == "both":
        system.jira.rename(system.pair(ref).right_key, "Silver bell")
    system.pass_time(3 * DAY)
    back(system)
    assert names(system, ref) == ("Tin bell" if later == "aha" else "Silver bell",) * 2
    assert {line.old for line in warnings(system, ref) if line.old} == ({"Tin bell"} if later == "both" else set())
    assert_quiet(system, ref)


@pytest.mark.parametrize("landed", [True, False])
def test_a_create_that_was_not_answered_before(system: System, landed: bool) -> None:
    from crosswalk.sync import service

    ref, before = system.feature("Bell", 1), len(system.site.issues)
    kind = "reset_after" if landed else "reset_before"
    system.fault("jira", kind=kind, method="POST", path_regex="issue$|issue/bulk$", times=0)
    service.send(system.integration, [ref], "a test")
    system.drain(3)
    assert (len(system.site.issues) > before, system.pair(ref).right_id) == (landed, None)
    allow(system)
    system.pass_time(DAY)
    for issue in list(system.site.issues.values())[before:]:
        system.jira.rename(issue.key, "Renamed in Jira")
    system.pass_time(4 * DAY)
    back(system)
    assert len(system.site.issues) == before + 2
    assert names(system, ref) == ("Renamed in Jira" if landed else "Bell",) * 2
    assert_quiet(system, ref)
