"""A whole run is undone: shown as a plan first, put back only where nobody changed it since, carried like any edit."""

from __future__ import annotations

import re
from typing import Any

from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.system import System
from tests.path.test_match_pages import browser, work

__all__ = ["browser"]


def renamed(system: System) -> tuple[Ref, Any, int]:
    """A feature in step whose name a product owner changed; the run that carried it."""
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.aha.rename("features", ref.key, "Bell of tin")
    system.wake(pair)
    system.drain()
    assert system.jira.summary(pair.right_key) == "Bell of tin"
    line = next(line for line in reversed(system.journal(ref)) if line.wrote and line.field == "Name")
    return ref, pair, line.run


def undoing_of(pair: Any, run: int) -> str:
    """The address of the page that undoes a run."""
    return f"/records/{pair.pk}/runs/{run}/undo/"


def look(system: System, browser: Any, where: str) -> str:
    """The page once its plan is made."""
    browser.post(where, {"of": "again"})
    work(system)
    return str(browser.get(where).content.decode())


def press(system: System, browser: Any, where: str, page: str) -> str:
    """Press the button of the page, if it has one; the page afterwards."""
    button = re.search(r'name="of" value="(\d+)"', page)
    browser.post(where, {"of": button[1] if button else "0"})
    work(system)
    return str(browser.get(where, follow=True).content.decode())


def test_a_run_is_undone_on_both_sides(cloud: System, browser: Any) -> None:
    ref, pair, run = renamed(cloud)
    assert f"Undo run {run}" in browser.get(f"/records/{pair.pk}/").content.decode()
    page = look(cloud, browser, undoing_of(pair, run))
    assert "<del>Bell of tin</del>" in page
    assert "<ins>Bell</ins>" in page
    assert cloud.jira.summary(pair.right_key) == "Bell of tin", "a look writes nothing"
    assert "1 field put back" in press(cloud, browser, undoing_of(pair, run), page)
    assert cloud.jira.summary(pair.right_key) == cloud.aha.name("features", ref.key) == "Bell"
    assert cloud.pair(ref).state == "agreed"
    assert_quiet(cloud, ref)


def test_what_somebody_changed_since_stays_and_is_said(cloud: System, browser: Any) -> None:
    _, pair, run = renamed(cloud)
    cloud.jira.rename(pair.right_key, "Bell of lead")
    page = look(cloud, browser, undoing_of(pair, run))
    assert "It holds “Bell of lead” now: somebody changed it since." in page
    assert "Put them back" not in page
    assert cloud.jira.summary(pair.right_key) == "Bell of lead"


def test_a_change_between_look_and_button_is_not_written_over(cloud: System, browser: Any) -> None:
    _, pair, run = renamed(cloud)
    page = look(cloud, browser, undoing_of(pair, run))
    cloud.jira.rename(pair.right_key, "Bell of lead")
    assert "is not what was shown" in press(cloud, browser, undoing_of(pair, run), page)
    assert cloud.jira.summary(pair.right_key) == "Bell of lead"


def test_what_a_later_run_wrote_again_names_that_run(cloud: System, browser: Any) -> None:
    ref, pair, run = renamed(cloud)
    cloud.aha.rename("features", ref.key, "Bell of lead")
    cloud.wake(pair)
    cloud.drain()
    assert "wrote it again since" in look(cloud, browser, undoing_of(pair, run))


def test_a_run_that_wrote_nothing_says_so(cloud: System, browser: Any) -> None:
    _, pair, run = renamed(cloud)
    assert "wrote no value that could be put back" in look(cloud, browser, undoing_of(pair, run + 1000))
