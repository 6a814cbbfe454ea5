"""Pause, ignore, unlink and link again, and linking with an issue that is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import CreateIntent
from crosswalk.sync import holding, linking, service
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.connect import Bridges
from crosswalk.sync.installation import current, instead
from tests.fixtures_store import make_integration, make_pair
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_deletions import signed_in
from tests.path.test_refused_parts import allow

L, R = Side.LEFT, Side.RIGHT


def test_what_changes_while_it_is_paused_is_carried_when_it_goes_on(cloud: System) -> None:
    ref = cloud.feature("Bell", requirements=1)
    pair = cloud.send(ref)
    assert holding.do([pair], "pause", "Ann") == 1
    cloud.aha.rename("features", ref.key, "Brass bell")
    cloud.wake(pair)
    cloud.drain()
    assert cloud.jira.summary(pair.right_key) == "Bell"
    holding.do([cloud.pair(ref)], "resume", "Ann")
    cloud.drain()
    assert cloud.jira.summary(pair.right_key) == "Brass bell"
    assert_quiet(cloud, ref)


def test_of_a_paused_record_it_is_said_what_is_to_come_and_that_nothing_moves(cloud: System) -> None:
    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    holding.do([pair], "pause", "Ann")
    cloud.aha.rename("features", ref.key, "Brass bell")
    cloud.pass_time(60)
    cloud.jira.rename(pair.right_key, "Silver bell")
    web = signed_in()
    there = f"/records/{pair.pk}/compare/"
    shown = web.get(there).content.decode()
    comes = "Paused. When it goes on, Aha! takes Jira&#x27;s value. Both sides changed it; Jira is the newer."
    assert f'#i-pause"/></svg><span>Conflict</span></span> <span class="more">{comes}</span>' in shown
    assert "solved" not in shown
    cloud.aha.rename("features", ref.key, "Bell")
    shown = web.get(there).content.decode()
    assert '#i-pause"/></svg><span>To be carried</span></span> <span class="more">Paused. When it goes on,' in shown
    cloud.integration.enabled = False
    cloud.integration.save()
    holding.do([cloud.pair(ref)], "resume", "Ann")
    assert "Once the integration is enabled, Aha! takes Jira&#x27;s value." in web.get(there).content.decode()
    cloud.integration.enabled = True
    cloud.integration.save()
    assert "Once the" not in web.get(there).content.decode()


def test_what_is_ignored_is_not_sent_until_somebody_sends_it(cloud: System) -> None:
    ref = cloud.feature("Bell")
    assert holding.act(cloud.integration, [ref], "ignore", "Ann") == 1
    cloud.wake(cloud.pair(ref))
    cloud.drain()
    assert cloud.pair(ref).right_id is None
    assert cloud.send(ref).right_key


def test_unlinking_keeps_both_records_and_can_be_undone(cloud: System) -> None:
    ref = cloud.feature("Bell", requirements=1)
    pair = cloud.send(ref)
    (child,) = cloud.children(ref)
    issues = len(cloud.jira.issues())
    assert holding.unlink([pair], "Ann") == 1
    cloud.aha.rename("features", ref.key, "Brass bell")
    cloud.poll()
    cloud.drain()
    assert cloud.jira.summary(pair.right_key) == "Bell"
    pair.refresh_from_db()
    assert (pair.held, pair.left_id, pair.right_id) == ("unlinked", None, None)
    holding.relink(pair, "Ann")
    cloud.drain()
    assert cloud.jira.summary(cloud.pair(ref).right_key) == "Brass bell"
    assert [one.pk for one in cloud.children(ref)] == [child.pk]
    assert len(cloud.jira.issues()) == issues
    assert_quiet(cloud, ref)


def test_what_is_in_another_pair_by_now_is_not_linked_again(cloud: System) -> None:
    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    holding.unlink([pair], "Ann")
    pair.refresh_from_db()
    cloud.send(ref)
    with pytest.raises(Refused, match="in another pair now"):
        holding.relink(pair, "Ann")


def test_what_stands_below_is_not_unlinked_alone(cloud: System) -> None:
    ref = cloud.feature("Bell", requirements=1)
    cloud.send(ref)
    with pytest.raises(Refused, match="would be made again"):
        holding.unlink(cloud.children(ref), "Ann")


@pytest.mark.parametrize(("winner", "name"), [(L, "Bell"), (R, "Old issue")])
def test_a_record_is_linked_with_an_issue_and_the_winner_counts_per_field(
    cloud: System, winner: Side, name: str
) -> None:
    old = cloud.send(cloud.feature("Old issue"))
    holding.unlink([old], "Ann")
    cloud.jira.edit(old.right_key, duedate="2026-12-24")
    ref = cloud.feature("Bell")
    seen = linking.look(cloud.integration, ref, old.right_key.lower())
    by_name = {one.field: one for one in seen.choices}
    assert (by_name["Name"].left, by_name["Name"].right, by_name["Name"].asked) == ("Bell", "Old issue", True)
    linking.link(cloud.integration, seen, seen.mark, {"Name": (winner, False), "Due date": (L, False)}, "Ann")
    cloud.drain()
    pair = cloud.pair(ref)
    assert pair.right_key == old.right_key
    assert cloud.aha.name("features", ref.key) == cloud.jira.summary(old.right_key) == name
    # An empty winner erases nothing unless it was ticked.
    assert cloud.aha.get(f"/features/{ref.key}")["feature"]["due_date"] == "2026-12-24"
    assert_quiet(cloud, ref)


def test_what_stands_below_two_that_are_linked_anew_is_not_made_again(cloud: System) -> None:
    ref = cloud.feature("Bell", requirements=1)
    old, below = cloud.send(ref), cloud.children(ref)[0]
    holding.unlink([old], "Ann")
    for one, key in ((ref, old.right_key), (Ref("requirement", below.left_id, below.left_key), below.right_key)):
        seen = linking.look(cloud.integration, one, key)
        linking.link(cloud.integration, seen, seen.mark, {}, "Ann")
        cloud.drain()
        assert len(cloud.aha.record("features", ref.key)["requirements"]) == 1
        assert len(cloud.issue(old.right_key)["subtasks"]) == 1
        assert cloud.pair(one).right_key == key
    assert [one.right_key for one in cloud.children(ref)] == [below.right_key]
    assert_quiet(cloud, ref)


def sent_unanswered(system: System) -> tuple[Ref, str]:
    """A feature that was sent, and its issue, of which nobody told."""
    ref = system.feature("Bell")
    system.fault("jira", kind="reset_after", method="POST", path_regex="issue(/bulk)?$", times=0)
    service.send(system.integration, [ref], "Ann")
    system.drain(1)
    allow(system)
    assert (system.pair(ref).state, system.pair(ref).right_key) == ("waiting", "")
    return ref, *_called(system, "Bell")


def _called(system: System, name: str) -> list[str]:
    return [one.key for one in system.site.issues.values() if one.values["summary"] == name]


def test_what_may_have_been_made_a_moment_ago_is_linked_with_nothing_else(system: System) -> None:
    """There would be two issues of one feature."""
    old = system.send(system.feature("Old issue"))
    holding.unlink([old], "Ann")
    ref, key = sent_unanswered(system)
    system.fault("jira", kind="lag", seconds=50, times=0)
    with pytest.raises(Refused, match="not known yet whether an issue was made"):
        linking.look(system.integration, ref, old.right_key)
    allow(system)
    system.pass_time(60)
    with pytest.raises(Refused, match=f"{key} was made for it"):
        linking.look(system.integration, ref, old.right_key)
    seen = linking.look(system.integration, ref, key)
    linking.link(system.integration, seen, seen.mark, {}, "Ann")
    system.drain()
    assert (system.pair(ref).right_key, system.pair(ref).state) == (key, "agreed")
    assert _called(system, "Bell") == [key]
    assert_quiet(system, ref)


def test_what_may_have_been_made_a_moment_ago_is_not_unlinked(system: System) -> None:
    """Sent again, it was made a second time."""
    system.send(system.feature("The first of its release"))
    ref, key = sent_unanswered(system)
    with pytest.raises(Refused, match="not known yet whether it was made"):
        holding.unlink([system.pair(ref)], "Ann")
    service.send(system.integration, [ref], "Ann")
    system.pass_time(120)
    system.drain()
    assert (system.pair(ref).right_key, _called(system, "Bell")) == (key, [key])
    holding.unlink([system.pair(ref)], "Ann")


def part_unanswered(system: System) -> tuple[Ref, str]:
    """A feature with a requirement that was sent, of whose issue nobody told."""
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.aha.post(f"/features/{ref.id}/requirements", {"requirement": {"name": "Part"}})
    system.fault("jira", kind="reset_after", method="POST", path_regex="issue(/bulk)?$", times=0)
    service.retry([pair.pk], "Ann")
    system.drain(1)
    allow(system)
    assert [one.right_key for one in system.children(ref)] == [""]
    return ref, *_called(system, "Part")


def test_what_stands_above_what_may_have_been_made_is_not_unlinked(system: System) -> None:
    """Sent again, or linked with its issue once more, the feature brought its requirement a second time."""
    ref, key = part_unanswered(system)
    part = system.children(ref)[0].left_key
    with pytest.raises(Refused, match=f"^{part} was sent a moment ago, and it is not known yet whether it was made"):
        holding.unlink([system.pair(ref)], "Ann")
    assert [one.held for one in (system.pair(ref), *system.children(ref))] == ["", ""]
    system.pass_time(120)
    system.drain()
    assert [one.right_key for one in system.children(ref)] == [key]
    own = system.pair(ref).right_key
    holding.unlink([system.pair(ref)], "Ann")
    seen = linking.look(system.integration, ref, own)
    linking.link(system.integration, seen, seen.mark, {}, "Ann")
    system.drain()
    assert (_called(system, "Part"), len(_called(system, "Bell"))) == ([key], 1)


def _enable(system: System, *, on: bool) -> None:
    system.integration.enabled = on
    system.integration.save()


HOW = {
    "paused": "press Go on for {}",
    "off": "enable the integration",
    "both": "enable the integration and press Go on for {}",
    "neither": "press Retry for {}",
}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("unanswered", [sent_unanswered, part_unanswered])
def test_who_can_not_unlink_what_was_made_is_told_what_links_it_first(
    system: System, unanswered: Callable[[System], tuple[Ref, str]], how: str
) -> None:
    """Nothing goes on by itself while the record is held or the integration is off."""
    system.send(system.feature("The first of its release"))
    ref, key = unanswered(system)
    if how in ("paused", "both"):
        holding.do([system.pair(ref)], "pause", "Ann")
    _enable(system, on=how in ("paused", "neither"))
    system.pass_time(3 * 24 * 3600)
    with pytest.raises(Refused, match=f"{key} was made for it in Jira") as refused:
        holding.unlink([system.pair(ref)], "Ann")
    told = f"{HOW[how].format(ref.key)}, and unlink it once they are linked."
    assert refused.value.remedy.lower() == told.lower()
    _enable(system, on=True)
    pressed = "resume" if "Go on" in told else "resync"
    holding.do([system.pair(ref)], pressed, "Ann")
    system.drain()
    assert key in [one.right_key for one in (system.pair(ref), *system.children(ref))]
    assert holding.unlink([system.pair(ref)], "Ann") == 1


def unmade(system: System) -> Ref:
    """A feature that was sent, of which no issue was made, and nobody told that."""
    ref = system.feature("Bell")
    system.fault("jira", kind="reset_before", method="POST", path_regex="issue(/bulk)?$", times=0)
    service.send(system.integration, [ref], "Ann")
    system.drain(1)
    allow(system)
    assert CreateIntent.objects.filter(closed_at=None).exclude(sent_at=None).count() == 1
    return ref


@pytest.mark.parametrize("on", [True, False])
def test_what_surely_was_not_made_is_unlinked(system: System, on: bool) -> None:
    system.send(system.feature("The first of its release"))
    ref = unmade(system)
    holding.do([system.pair(ref)], "pause", "Ann")
    _enable(system, on=on)
    with pytest.raises(Refused, match="not known yet whether it was made"):
        holding.unlink([system.pair(ref)], "Ann")
    system.pass_time(120)
    assert holding.unlink([system.pair(ref)], "Ann") == 1
    _enable(system, on=True)
    assert system.send(ref).right_key == _called(system, "Bell")[0]
    assert len(_called(system, "Bell")) == 1


class Meanwhile:
    """The bridges of the installation; `happens` when one is first asked for."""

    def __init__(self, bridges: Bridges, happens: Callable[[], object]) -> None:
        self._bridges, self._happens = bridges, [happens]

    def of(self, integration: Any) -> Bridge:
        while self._happens:
            self._happens.pop()()
        return self._bridges.of(integration)


def test_what_is_sent_while_somebody_unlinks_it_is_not_unlinked(cloud: System) -> None:
    cloud.send(cloud.feature("The first of its release"))
    ref = unmade(cloud)
    cloud.pass_time(120)

    def again() -> None:
        """Somebody presses Retry after it was asked whether it had been sent: the run sends it once more."""
        cloud.fault("jira", kind="reset_before", method="POST", path_regex="issue(/bulk)?$", times=0)
        holding.do([cloud.pair(ref)], "resync", "Bob")
        cloud.drain(1)

    bridges: Any = Meanwhile(current().bridges, again)
    with instead(replace(current(), bridges=bridges)), pytest.raises(Refused, match="not known yet whether it was"):
        holding.unlink([cloud.pair(ref)], "Ann")
    assert cloud.pair(ref).held == ""


@pytest.mark.parametrize("same_server", [True, False])
def test_only_what_another_integration_has_of_the_same_server_is_in_the_way(cloud: System, same_server: bool) -> None:
    old = cloud.send(cloud.feature("Old issue"))
    holding.unlink([old], "Ann")
    there = make_integration("There")
    make_pair(there, cloud.now(), right_kind="issue", right_id=old.right_id, left_kind="feature", left_id="1")
    if same_server:
        there.jira.address = cloud.integration.jira.address
        there.jira.save()
        with pytest.raises(Refused, match="belongs to the integration “There”"):
            linking.look(cloud.integration, cloud.feature("Bell"), old.right_key)
    else:
        assert linking.look(cloud.integration, cloud.feature("Bell"), old.right_key).right.ref.id == old.right_id


def test_an_empty_value_erases_where_it_was_ticked(cloud: System) -> None:
    old = cloud.send(cloud.feature("Old issue"))
    holding.unlink([old], "Ann")
    cloud.jira.edit(old.right_key, duedate="2026-12-24")
    ref, browser = cloud.feature("Bell"), signed_in()
    address = f"/integrations/{cloud.integration.pk}/link/"
    page = browser.get(f"{address}?record=feature:{ref.id}:{ref.key}&issue={old.right_key}").content.decode()
    assert "An empty value erases nothing unless you tick it." in page
    chosen = {"Name": "right", "Due date": "left"}
    form = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("record", "issue", "mark")}
    for field, side in chosen.items():
        number = page.split(f"Which {field} counts</legend>")[1].split('name="winner-')[1].split('"')[0]
        form[f"winner-{number}"] = side
        if f'name="erase-{number}"' in page:
            form[f"erase-{number}"] = "on"
    assert sum(name.startswith("erase") for name in form) == 1, "only what is empty on one side can erase"
    said = browser.post(address, form, follow=True).content.decode()
    assert "are linked, and are being brought into step." in said
    cloud.drain()
    assert cloud.issue(old.right_key)["duedate"] is None
    assert cloud.aha.name("features", ref.key) == "Old issue", "the winner that was chosen"
    assert any(line.kept and "2026-12-24" in line.kept for line in cloud.journal(ref))


def test_what_can_not_be_linked_is_refused_in_words(cloud: System) -> None:
    ref, other = cloud.feature("Bell"), cloud.send(cloud.feature("Gong"))
    for name, words in (
        ("no key", "no key of an issue"),
        (other.right_key, "linked already"),
        ("FAB-99999", "shows no"),
    ):
        with pytest.raises(Refused, match=words):
            linking.look(cloud.integration, ref, name)
    holding.unlink([other], "Ann")
    seen = linking.look(cloud.integration, ref, other.right_key)
    with pytest.raises(Refused, match="since this page was made"):
        linking.link(cloud.integration, seen, "another", {}, "Ann")
    assert service.pair_for(cloud.integration, ref).right_id is None
