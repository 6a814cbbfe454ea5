"""What a comparison stopped at is approved as it was shown: what came since has the brake as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.path.system import System
from tests.path.test_api import Ask, ask
from tests.path.test_cli import bad, good
from tests.path.test_commands import APPROVED, COMPARE, SWEEP, approve, browser, work
from tests.path.test_mapping_change import _propose, _run, _tags
from tests.path.test_refused_parts import allow

__all__ = ["ask"]
MANY = 12


@pytest.fixture
def pairs(cloud: System) -> list[Any]:
    """Twelve pairs in step whose names a script made alike in Jira; a comparison stopped at that."""
    found = [cloud.send(cloud.feature(f"Bell {number}", description="<p>Loud</p>")) for number in range(MANY)]
    rewrite(cloud, found, "All the same")
    work(cloud, SWEEP)
    assert f"{MANY} of {MANY + 1} known pairs" in cloud.integration.stopped
    return found


def rewrite(system: System, pairs: list[Any], name: str) -> None:
    for pair in pairs:
        system.jira.rename(pair.right_key, name)


def look(system: System) -> str:
    return str(browser().get(f"/integrations/{system.integration.pk}/").content.decode())


def woken() -> int:
    from django.db.models import F

    from crosswalk.store.models import Pair

    return Pair.objects.exclude(dirty=F("done")).count()


def names(system: System) -> set[str]:
    return {one["name"] for one in system.aha.get("/features", fields="name")["features"]}


@pytest.mark.parametrize("more", ["the same again, otherwise", "another field", "it is gone"])
def test_what_came_since_is_not_approved_with_it(cloud: System, pairs: list[Any], more: str) -> None:
    from crosswalk.store import sweeps

    shown = look(cloud)
    for pair in pairs:
        if more == "another field":
            cloud.jira.send("PUT", f"/issue/{pair.right_key}", {"fields": {"description": None}})
        elif more == "it is gone":
            cloud.jira.send("DELETE", f"/issue/{pair.right_key}")
    if more == "the same again, otherwise":
        rewrite(cloud, pairs, "Otherwise alike")
    assert "what you saw is carried" in approve(shown)
    work(cloud, APPROVED)
    assert woken() == 0
    assert cloud.integration.stopped.startswith("What would change is not what was approved: more, or something else,")
    assert names(cloud).isdisjoint({"All the same", "Otherwise alike"})
    assert sweeps.word(cloud.integration.pk) == (0, []), "the word is used up"
    approve(look(cloud))
    work(cloud, APPROVED)
    assert cloud.integration.stopped == ""
    assert woken() == MANY


def test_an_edit_that_somebody_makes_meanwhile_needs_no_other_word(cloud: System, pairs: list[Any]) -> None:
    shown = look(cloud)
    rewrite(cloud, pairs[:1], "One by hand")
    approve(shown)
    work(cloud, APPROVED)
    assert cloud.integration.stopped == ""
    cloud.drain()
    assert names(cloud) >= {"All the same", "One by hand"}


def test_a_page_that_shows_what_is_stopped_no_more_approves_nothing(cloud: System, pairs: list[Any]) -> None:
    shown = look(cloud)
    work(cloud, SWEEP)  # finds just the same: what is shown stays good
    assert look(cloud).count(f'name="approve" value="{number(shown)}"') == 1
    rewrite(cloud, pairs, "Otherwise alike")
    work(cloud, SWEEP)
    said = approve(shown)
    assert "What would change is not what you were shown: everything was compared once more." in said
    assert f"approval:{cloud.integration.pk}" not in cloud.engine.keys
    assert number(said) != number(shown)


def number(page: str) -> str:
    return page.partition('name="approve" value="')[2].partition('"')[0]


def test_programs_and_commands_approve_what_they_were_told(cloud: System, pairs: list[Any], ask: Ask) -> None:
    at = f"/integrations/{cloud.integration.pk}"
    _, health = ask("GET", f"{at}/health")
    assert f"{MANY} of {MANY + 1} known pairs" in health["trouble"]
    status, said = ask("POST", f"{at}/sync?approve=true")
    assert (status, "not what you were shown" in said["detail"]) == (409, True)
    assert f"approval:{cloud.integration.pk}" not in cloud.engine.keys
    status, said = ask("POST", f"{at}/sync?approve=true&shown={health['stopped']}")
    assert (status, said["count"]) == (200, MANY + 1)
    work(cloud, APPROVED)
    assert (cloud.integration.stopped, woken()) == ("", MANY)
    _, health = ask("GET", f"{at}/health")
    assert health["stopped"] == 0
    cloud.drain()
    cloud.engine.keys.clear()
    rewrite(cloud, pairs, "Alike again")
    work(cloud, SWEEP)
    seen = good("status", "Fable").partition("crosswalk sync Fable --approve ")[2].split()[0]
    rewrite(cloud, pairs, "Never shown to anybody")
    work(cloud, SWEEP)
    assert "What would change is not what you were shown" in bad("sync", "Fable", "--approve", seen)
    assert f"approval:{cloud.integration.pk}" not in cloud.engine.keys
    seen = good("status").partition("crosswalk sync Fable --approve ")[2].split()[0]
    assert good("sync", "Fable", "--approve", seen) == f"Approved: {cloud.integration.stopped}\n"
    work(cloud, APPROVED)
    assert woken() == MANY
    assert "--approve" not in good("status", "Fable")


def empty(system: System, pairs: list[Any]) -> None:
    """A script that nobody was shown: it empties the descriptions in Jira."""
    for pair in pairs:
        system.jira.send("PUT", f"/issue/{pair.right_key}", {"fields": {"description": None}})


@contextmanager
def as_pairs_are_woken(do: Callable[[], object]) -> Iterator[None]:
    """Have something happen just as a sweep that passed begins to wake what it found."""
    from django.db import connection

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE store_pair SET dirty = dirty + 1"):
            do()
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        yield


def cut_off(system: System) -> None:
    """An approved sweep whose database is locked as it would wake what it found: its job is tried again."""
    from django.db import OperationalError

    def locked() -> None:
        raise OperationalError("database is locked")

    with as_pairs_are_woken(locked), pytest.raises(OperationalError):
        work(system, APPROVED)


def test_a_try_that_is_cut_off_leaves_its_word_to_the_next_one(cloud: System, pairs: list[Any]) -> None:
    approve(look(cloud))
    cut_off(cloud)
    empty(cloud, pairs)
    work(cloud, APPROVED)
    assert cloud.integration.stopped.startswith("What would change is not what was approved")
    assert woken() == 0
    approve(look(cloud))
    cut_off(cloud)
    work(cloud, APPROVED)
    assert (cloud.integration.stopped, woken()) == ("", MANY)


def test_a_second_press_lets_nothing_more_go(cloud: System, pairs: list[Any]) -> None:
    from crosswalk.sync import approving

    shown, pressed = look(cloud), list[str]()
    integration, seen = cloud.integration, int(number(shown))
    approve(shown)

    def press() -> None:  # not by a page: here it would have the connection of the sweep, amid its transaction
        if not pressed:
            pressed.append("once more")
            approving.approve(integration, seen, "olga")

    with as_pairs_are_woken(press):
        work(cloud, APPROVED)
    assert pressed
    cloud.drain()
    rewrite(cloud, pairs, "Never shown to anybody")
    work(cloud, APPROVED)
    work(cloud, APPROVED)
    assert f"{MANY} of {MANY + 1} known pairs" in cloud.integration.stopped
    assert woken() == 0


def test_a_sweep_in_between_lets_nothing_more_go(cloud: System, pairs: list[Any]) -> None:
    approve(look(cloud))
    for number, pair in enumerate(pairs):
        cloud.jira.rename(pair.right_key, f"Bell {number}")
    work(cloud, SWEEP)
    assert cloud.integration.stopped == ""
    rewrite(cloud, pairs, "Never shown to anybody")
    work(cloud, APPROVED)
    assert f"{MANY} of {MANY + 1} known pairs" in cloud.integration.stopped
    assert woken() == 0


def test_the_word_on_a_change_of_the_mapping_is_about_its_plan(cloud: System) -> None:
    from crosswalk.sync import drafts

    tagged = [
        cloud.send(cloud.feature(f"Bell {number}", description="<p>Loud</p>", tags="a")) for number in range(MANY)
    ]
    for pair in tagged:
        cloud.jira.send("PUT", f"/issue/{pair.right_key}", {"fields": {"labels": ["z"]}})
    draft = _propose(cloud, _tags(cloud, "to jira"))
    assert _run().result["counts"]["Jira"] == {"update": MANY}
    empty(cloud, tagged)
    drafts.use(draft, "alice")
    work(cloud, APPROVED)
    assert cloud.integration.stopped.startswith("What would change is not what was approved")
    assert (woken(), allowed()) == (0, [])


def test_a_change_of_the_mapping_is_carried_as_its_plan_showed_it_whatever_was_stopped_before(
    cloud: System, pairs: list[Any]
) -> None:
    """Twelve labels in Jira become the tags, which the brake would stop; and names, which the plan shows, too."""
    from crosswalk.sync import drafts

    approve(look(cloud))
    rewrite(cloud, pairs, "Otherwise alike")
    work(cloud, APPROVED)
    assert cloud.integration.stopped != ""
    for pair in pairs:
        cloud.jira.send("PUT", f"/issue/{pair.right_key}", {"fields": {"labels": ["z"]}})
    draft = _propose(cloud, _tags(cloud, "to jira"))
    _run()
    drafts.use(draft, "alice")
    work(cloud, APPROVED)
    assert (cloud.integration.stopped, woken()) == ("", MANY)


def test_a_change_of_the_mapping_without_a_plan_has_the_usual_brake(cloud: System, pairs: list[Any]) -> None:
    from crosswalk.sync import drafts

    drafts.use(_propose(cloud, _tags(cloud, "to jira")), "alice")
    work(cloud, APPROVED)
    assert f"{MANY} of {MANY + 1} known pairs" in cloud.integration.stopped
    assert woken() == 0


def allowed() -> list[int]:
    """The pairs of which somebody said that fields of theirs may be emptied."""
    from crosswalk.store.models import RemovalRow

    return list(
        RemovalRow.objects.filter(word="yes", emptied=True).order_by("pair_id").values_list("pair_id", flat=True)
    )


def test_the_word_on_what_is_emptied_is_given_for_just_that(cloud: System) -> None:
    found = [
        cloud.send(cloud.feature(f"Bell {number}", description="<p>Loud</p>", due_date="2026-12-01"))
        for number in range(MANY)
    ]
    for pair in found:
        cloud.jira.send("PUT", f"/issue/{pair.right_key}", {"fields": {"duedate": None}})
    work(cloud, SWEEP)
    approve(look(cloud))
    cloud.jira.send("PUT", f"/issue/{found[0].right_key}", {"fields": {"duedate": "2026-12-01", "description": None}})
    cloud.jira.send("PUT", f"/issue/{found[1].right_key}", {"fields": {"duedate": "2026-12-01"}})
    work(cloud, APPROVED)
    assert cloud.integration.stopped == ""
    assert allowed() == [pair.pk for pair in found[2:]]


def test_what_a_former_version_stopped_is_found_anew_first(cloud: System, pairs: list[Any]) -> None:
    from crosswalk.store import sweeps

    sweeps.over(cloud.integration.pk, sweeps.SHOWN)  # which it did not keep
    said = approve(look(cloud))
    assert "Nothing was approved." in said
    assert "everything was compared once more" not in said
    assert "Press Sync now" in said
    assert f"approval:{cloud.integration.pk}" not in cloud.engine.keys
    work(cloud, COMPARE)
    assert "what you saw is carried" in approve(look(cloud))


def test_nor_does_it_take_a_job_by_which_something_is_approved(cloud: System, pairs: list[Any]) -> None:
    """It would carry whatever it found. What it asks for itself has the brake, unless a word is kept."""
    from crosswalk.sync import drafts

    cloud.engine.keys.clear()
    approve(look(cloud))
    assert set(cloud.engine.keys.values()) == {APPROVED}
    work(cloud, SWEEP)
    assert FORMER not in cloud.engine.keys.values()
    work(cloud, APPROVED)
    cloud.drain()
    rewrite(cloud, pairs, "Alike again")
    cloud.engine.keys.clear()
    work(cloud, FORMER)
    assert (woken(), f"{MANY} of {MANY + 1} known pairs" in cloud.integration.stopped) == (0, True)
    draft = _propose(cloud, _tags(cloud, "both"))
    _run()
    drafts.use(draft, "alice")
    assert FORMER not in cloud.engine.keys.values()
    assert APPROVED in cloud.engine.keys.values()


FORMER = "approved"
"""The kind of job by which a former version carries all it finds."""


def test_a_former_version_that_still_runs_reads_no_page_of_this_one(cloud: System, pairs: list[Any]) -> None:
    """Its sweeps unpack three values of each finding, and are called by the bare name."""
    from crosswalk.errors import CrosswalkError
    from crosswalk.store.sweep_models import SweepPage
    from crosswalk.sync.sweep import RESUMED

    approve(look(cloud))
    cloud.fault("jira", kind="status", status=500, path_regex="/version", times=99)
    for kind, name in ((SWEEP, SWEEP), (COMPARE, COMPARE), (APPROVED, FORMER)):
        with pytest.raises(CrosswalkError):
            work(cloud, kind)
        old = cloud.now() - 2 * RESUMED
        SweepPage.objects.create(integration=cloud.integration, name=name, began_at=old, met=[], found=[])
    allow(cloud)
    held = SweepPage.objects.filter(integration=cloud.integration, began_at__gt=cloud.now() - RESUMED)
    assert set(held.values_list("name", flat=True)) == {"shown", "meant", "sweep 2", "compare 2", "approved 2"}
    for name in (SWEEP, COMPARE, APPROVED):
        work(cloud, name)
    assert (cloud.integration.stopped, woken()) == ("", MANY), "the word holds for what was read before the cut"
    assert not SweepPage.objects.exists(), "what a former version left is forgotten, too"
