"""What people change while a load is under way, it keeps to from its next page on; switched off, it waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_load import asked, everything, go, issues, planned
from tests.path.test_types import type_of

BELLS = 2


@pytest.fixture
def halves(cloud: System) -> tuple[list[Ref], list[Ref]]:
    """Two releases with features that are due, each with a requirement: a page of a load each."""
    _, first = planned(cloud, BELLS, 1)
    release, second = planned(cloud, BELLS, 1)
    cloud.aha.put(f"/releases/{release}", {"release": {"name": "Summer"}})
    for ref in (*first, *second):
        cloud.aha.put(f"/features/{ref.id}", {"feature": {"due_date": "2027-05-01"}})
    return first, second


def sent(system: System, refs: list[Ref]) -> list[Any]:
    """The pairs of those that are in Jira."""
    from crosswalk.store.models import Pair

    return list(Pair.objects.filter(left_id__in=[ref.id for ref in refs]).exclude(right_id=None).order_by("left_key"))


def cut(system: System, first: list[Ref], do: Callable[[Any], object]) -> Any:
    """A load of the whole workspace, whose job ends for once; `do` is done where the first half is sent."""
    from crosswalk.store.models import Integration
    from crosswalk.sync import sending

    errand, told = asked(system, ""), list[str]()

    def tell(step: str, done: int, total: int) -> None:
        if not told and len(sent(system, first)) == len(first):
            told.append(step)
            do(Integration.objects.get(pk=system.integration.pk))

    result = sending.send(errand, tell)
    assert told
    system.integration.refresh_from_db()
    errand.refresh_from_db()
    return errand if result is None else result


def remapped(found: Any, **parts: Any) -> None:
    from crosswalk.sync import service

    service.set_mapping(found, {**found.mapping, **parts})


def test_the_rest_is_sent_as_the_mapping_says_by_then(cloud: System, halves: tuple[list[Ref], list[Ref]]) -> None:
    first, second = halves

    def change(found: Any) -> None:
        types, fields = found.mapping["types"], found.mapping["fields"]
        lines = [{**one, "direction": "off"} if one["name"] == "Due date" else one for one in fields["feature"]]
        task = {**types["feature"], "type": "Task"}
        remapped(found, types={**types, "feature": task}, fields={**fields, "feature": lines})

    result = cut(cloud, first, change)
    cloud.drain()
    for refs, kind, due in ((first, "Story", "2027-05-01"), (second, "Task", None)):
        keys = [cloud.pair(ref).right_key for ref in refs]
        assert [(type_of(cloud, key), cloud.issue(key)["duedate"]) for key in keys] == [(kind, due)] * BELLS
    assert result["sent"] >= 2 * BELLS
    made = [str(one.values["summary"]) for one in cloud.site.issues.values()]
    assert sorted(one for one in made if one.startswith("Bell")) == sorted(
        name for at in range(BELLS) for name in (f"Bell {at}", f"Bell {at} part 1") * 2
    )
    for ref in (*first, *second):
        assert_quiet(cloud, ref)


def test_what_a_new_line_carries_goes_with_the_rest(cloud: System, halves: tuple[list[Ref], list[Ref]]) -> None:
    """It is read with the list, which the load reads anew."""
    first, second = halves
    fields = cloud.integration.mapping["fields"]
    without = [one for one in fields["feature"] if one["name"] != "Due date"]
    cloud.remap(fields={**fields, "feature": without})
    cut(cloud, first, lambda found: remapped(found, fields=fields))
    assert [cloud.issue(one.right_key)["duedate"] for one in sent(cloud, second)] == ["2027-05-01"] * BELLS


def test_what_is_taken_out_of_the_mapping_is_made_no_more(cloud: System, halves: tuple[list[Ref], list[Ref]]) -> None:
    first, second = halves

    def without_requirements(found: Any) -> None:
        parts = {name: dict(found.mapping[name]) for name in ("types", "fields", "statuses")}
        for one in parts.values():
            one.pop("requirement", None)
        remapped(found, **parts)

    cut(cloud, first, without_requirements)
    cloud.drain()
    assert [len(cloud.children(ref)) for ref in first] == [1] * BELLS
    assert [cloud.pair(ref).reason for ref in second] == [""] * BELLS
    assert [cloud.children(ref) for ref in second] == [[]] * BELLS


def test_switched_off_it_waits_and_goes_on_when_it_is_on(cloud: System, halves: tuple[list[Ref], list[Ref]]) -> None:
    from crosswalk.errors import Refused
    from crosswalk.sync import sending, service

    first, second = halves
    cloud.poll()
    errand = cut(cloud, first, lambda found: service.set_enabled(found, False, "olga"))
    assert (len(sent(cloud, second)), errand.finished_at) == (0, None)
    cloud.forget()
    go(cloud, errand)
    assert errand.step.startswith("Waits, as the integration is paused: ")
    assert (cloud.requests("jira"), cloud.requests("aha")) == ([], [])
    sending.pause(cloud.integration)
    with pytest.raises(Refused, match="is paused"):
        sending.go_on(cloud.integration)
    service.set_enabled(cloud.integration, True, "olga")
    assert cloud.engine.keys[f"errand:{errand.pk}"] == "errand"
    assert go(cloud, errand).finished_at is None, "a person paused the load itself, too"
    assert sending.go_on(cloud.integration)
    assert go(cloud, errand).finished_at is not None
    assert len(sent(cloud, second)) == BELLS


def resumed(system: System, refs: list[Ref]) -> None:
    """What was left to itself comes to rest: every feature, and both of its requirements, once."""
    for _ in range(6):
        system.pass_time(90)
        system.drain()
    pairs = everything(system, refs)
    assert [pair.state for pair in pairs] == ["agreed"] * 3 * BELLS
    assert len(issues(system)) == len(pairs)
    for ref in refs:
        assert_quiet(system, ref)
    assert len(issues(system)) == len(pairs)


@pytest.mark.parametrize("landed", [True, False])
@pytest.mark.parametrize("change", ["another type", "taken out, and back after days"])
def test_requirements_whose_making_was_not_answered_as_the_mapping_was_changed(
    system: System, landed: bool, change: str
) -> None:
    release, refs = planned(system, BELLS, 2)
    kind = "reset_after" if landed else "reset_before"
    system.fault("jira", kind=kind, method="POST", path_regex="issue/bulk$", nth=2, times=1)
    before = dict(system.integration.mapping)
    changed = {name: dict(before[name]) for name in ("types", "fields", "statuses")}
    if change == "another type":
        changed["types"]["requirement"] = {**before["types"]["requirement"], "type": "Task", "relation": "relates"}
    else:
        for one in changed.values():
            one.pop("requirement", None)
    errand = asked(system, release)
    sending_once(errand)
    assert len(issues(system)) == (3 * BELLS if landed else BELLS)
    system.remap(**changed)
    system.drain()
    if change != "another type":
        system.pass_time(5 * 86_400)
        system.drain()
        assert len(issues(system)) == (3 * BELLS if landed else BELLS)
        system.remap(**before)
        system.wake(*(system.pair(ref) for ref in refs))
    resumed(system, refs)


def sending_once(errand: Any) -> None:
    """One go of the engine at a load, and nothing of what it leaves to others."""
    from crosswalk.sync.installation import current
    from crosswalk.sync.works import ErrandHandler

    here = current()
    ErrandHandler(here.bridges, here.now).run(f"errand:{errand.pk}")
