"""What a comparison stopped at is approved as it was shown: what came since has the brake as before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.path.system import System
from tests.path.test_api import Ask, ask
from tests.path.test_cli import good
from tests.path.test_commands import APPROVED, SWEEP, approve, browser, work

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
    assert f"approved:{cloud.integration.pk}" not in cloud.engine.keys
    assert number(said) != number(shown)


def number(page: str) -> str:
    return page.partition('name="approve" value="')[2].partition('"')[0]


def test_programs_and_commands_approve_what_they_were_told(cloud: System, pairs: list[Any], ask: Ask) -> None:
    at = f"/integrations/{cloud.integration.pk}"
    _, health = ask("GET", f"{at}/health")
    assert f"{MANY} of {MANY + 1} known pairs" in health["trouble"]
    status, said = ask("POST", f"{at}/sync?approve=true")
    assert (status, "not what you were shown" in said["detail"]) == (409, True)
    assert f"approved:{cloud.integration.pk}" not in cloud.engine.keys
    status, said = ask("POST", f"{at}/sync?approve=true&shown={health['stopped']}")
    assert (status, said["count"]) == (200, MANY + 1)
    work(cloud, APPROVED)
    assert (cloud.integration.stopped, woken()) == ("", MANY)
    _, health = ask("GET", f"{at}/health")
    assert health["stopped"] == 0
    cloud.drain()
    rewrite(cloud, pairs, "Alike again")
    work(cloud, SWEEP)
    assert good("sync", "Fable", "--approve") == f"Approved: {cloud.integration.stopped}\n"
    work(cloud, APPROVED)
    assert woken() == MANY
