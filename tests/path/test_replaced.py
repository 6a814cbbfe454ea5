"""Hooks may replace texts of many records, not of masses; and never stop the work of a day."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.brake import TEXTS
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.sync.waking import go_on
from tests.path.looking import assert_quiet, press_retry
from tests.path.system import System


def replaced_lately(system: System, count: int, side: Side, ago: float = 60) -> None:
    """Hooks had texts of so many other records replaced on `side`."""
    from datetime import timedelta

    from crosswalk.store.models import Pair
    from crosswalk.store.replaced_models import Replaced

    integration, at = system.integration, system.now() - timedelta(seconds=ago)
    others = [Pair(integration=integration, kind="feature", due_at=at, dirty=0) for _ in range(count)]
    Pair.objects.bulk_create(others)
    Replaced.objects.bulk_create(Replaced(integration=integration, pair=one, side=side.value, at=at) for one in others)


def renamed(system: System) -> tuple[Ref, Any]:
    """A feature in step, whose issue was given another name."""
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.pass_time(60)
    system.jira.rename(pair.right_key, "Rewritten")
    return ref, pair


def hook(system: System, pair: Any, side: Side | None = Side.RIGHT) -> None:
    """A hook of that side tells of the pair; None: hooks of both."""
    system.pass_time(5)
    system.wake(pair, side=side)
    system.drain()


def names(system: System, ref: Ref) -> tuple[str, str]:
    return system.aha.name("features", ref.key), system.jira.summary(system.pair(ref).right_key)


def test_one_text_too_many_waits_for_a_person(system: System) -> None:
    ref, pair = renamed(system)
    replaced_lately(system, TEXTS, Side.LEFT)
    # Whoever tells of it, and also when what was counted is long ago.
    for later, side in ((0, Side.RIGHT), (4000, Side.RIGHT), (0, None), (0, Side.LEFT)):
        system.pass_time(later)
        hook(system, pair, side)
        assert names(system, ref) == ("Bell", "Rewritten")
    stopped = system.pair(ref)
    assert (stopped.state, "were left as they are" in stopped.reason) == ("asking", True), stopped.reason
    assert [line.code for line in system.journal(ref) if line.level != "info"] == ["L17", "L17"]
    press_retry(system, ref)
    assert names(system, ref) == ("Rewritten", "Rewritten")
    assert_quiet(system, ref)


def test_texts_that_are_put_back_where_they_were_changed_end_it(cloud: System) -> None:
    ref, pair = renamed(cloud)
    replaced_lately(cloud, TEXTS, Side.LEFT)
    hook(cloud, pair)
    cloud.jira.rename(pair.right_key, "Bell")
    hook(cloud, pair)
    assert (names(cloud, ref), cloud.pair(ref).state) == (("Bell", "Bell"), "agreed")
    cloud.pass_time(4000)
    cloud.jira.rename(pair.right_key, "Chime")
    hook(cloud, pair)
    assert names(cloud, ref) == ("Chime", "Chime")


def test_a_connection_that_works_again_is_no_word_about_texts(cloud: System) -> None:
    """What hooks told while it was paused is counted like everything that hooks tell."""
    ref, pair = renamed(cloud)
    replaced_lately(cloud, TEXTS, Side.LEFT)
    cloud.wake(pair, side=Side.RIGHT)
    go_on(cloud.engine_as_port(), cloud.integration, cloud.now())
    cloud.drain()
    assert (names(cloud, ref), cloud.pair(ref).state) == (("Bell", "Rewritten"), "asking")


@pytest.mark.parametrize(
    ("what", "count", "side", "ago"),
    [
        ("no more than a person renames", TEXTS - 1, Side.LEFT, 60),
        ("on the other side", TEXTS, Side.RIGHT, 60),
        ("an hour ago", TEXTS, Side.LEFT, 3700),
    ],
)
def test_what_stays_below_is_carried(cloud: System, what: str, count: int, side: Side, ago: float) -> None:
    ref, pair = renamed(cloud)
    replaced_lately(cloud, count, side, ago)
    hook(cloud, pair)
    assert names(cloud, ref) == ("Rewritten", "Rewritten"), what


def test_statuses_dates_and_a_sweep_are_no_flood_of_texts(cloud: System) -> None:
    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    replaced_lately(cloud, TEXTS, Side.LEFT)
    cloud.pass_time(60)
    cloud.jira.move(pair.right_key, "In Progress")
    cloud.jira.edit(pair.right_key, duedate="2027-05-01")
    hook(cloud, pair)
    assert cloud.pair(ref).state == "agreed", cloud.pair(ref).reason
    assert cloud.aha.get(f"/features/{ref.id}")["feature"]["due_date"] == "2027-05-01"
    cloud.jira.rename(pair.right_key, "Rewritten")
    cloud.pass_time(5)
    cloud.wake(pair)  # what a sweep does, which has counted
    cloud.drain()
    assert names(cloud, ref) == ("Rewritten", "Rewritten")
