"""Importing on pages, on a whole installation: looked for, shown, then brought, ignored or linked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.path.system import System
from tests.path.test_import import features, pair_of, under
from tests.path.test_match import story
from tests.path.test_match_pages import address, browser, found, work

__all__ = ["browser"]


def look(system: System, browser: Any, **asked: str) -> str:
    """Ask for issues, let the background work, and give the page."""
    assert browser.post(address(system, "import"), {"which": "below", **asked}).status_code == 302
    work(system)
    return str(browser.get(address(system, "import")).content.decode())


def take(system: System, browser: Any, rows: list[Any], act: str) -> str:
    """Press a button of a page that shows everything and has `rows` ticked; the page afterwards."""
    everything = found(system)
    sent = {"of": everything[0].errand_id, "shown": [row.pk for row in everything], "act": act}
    browser.post(address(system, "import/take"), {**sent, "record": [row.pk for row in rows]})
    work(system)
    return str(browser.get(address(system, "import")).content.decode())


def test_candidates_wait_until_somebody_imports_or_ignores_them(cloud: System, browser: Any) -> None:
    mapped, other = under(cloud, "none")
    before = features(cloud)
    page = look(cloud, browser)
    assert {row.right_key: (row.kind, row.ticked) for row in found(cloud)} == {
        mapped: ("feature", False),
        other: ("feature", False),
    }
    assert "What would be written" in page
    assert '<datalist id="versions"><option value="Autumn 2026">' in page, "a version is chosen by its name"
    assert features(cloud) == before, "a look writes nothing"
    one, two = sorted(found(cloud), key=lambda row: row.right_key != mapped)
    assert "1 on their way to Aha!" in take(cloud, browser, [one], "import")
    assert pair_of(cloud, mapped).state == "agreed"
    assert "1 ignored" in take(cloud, browser, [two], "ignore")
    assert (pair_of(cloud, other).held, pair_of(cloud, other).left_id) == ("ignored", None)
    assert features(cloud) == before + 1
    assert "No issue waits" in look(cloud, browser), "what is ignored is asked about no more"
    browser.post(f"/records/{pair_of(cloud, other).pk}/act/", {"act": "resume"})
    cloud.drain()
    assert pair_of(cloud, other).state == "agreed", "Go on imports it"


def test_what_a_query_finds_is_ticked_and_imported(cloud: System, browser: Any) -> None:
    key = story(cloud, "Bell of brass", description="Rings")
    story(cloud, "Horn")
    look(cloud, browser, which="jql", jql='summary ~ "brass"')
    (row,) = found(cloud)
    assert (row.right_key, row.ticked) == (key, True)
    assert {"name": "Name", "new": "Bell of brass"} in row.changes
    take(cloud, browser, [row], "import")
    assert pair_of(cloud, key).state == "agreed"


def test_a_version_comes_with_what_is_fixed_in_it(cloud: System, browser: Any) -> None:
    made = cloud.jira.send("POST", "/version", {"name": "Spring 9", "project": "FAB"})
    key = story(cloud, "Bell", fixVersions=[{"id": made["id"]}])
    look(cloud, browser, which="release", release="Spring 9")
    assert [row.kind for row in found(cloud)] == ["release", "feature"]
    take(cloud, browser, found(cloud), "import")
    assert {pair_of(cloud, "Spring 9").state, pair_of(cloud, key).state} == {"agreed"}


def test_what_was_linked_meanwhile_is_refused_and_said(cloud: System, browser: Any) -> None:
    key = story(cloud, "Bell of brass")
    look(cloud, browser, which="jql", jql='summary ~ "brass"')
    rows = found(cloud)
    take(cloud, browser, rows, "import")
    type(rows[0]).objects.update(state="", pair=None)
    assert "0 on their way" in take(cloud, browser, rows, "import")
    assert "in a pair by now" in found(cloud)[0].trouble
    assert pair_of(cloud, key).state == "agreed"


def test_an_issue_is_linked_with_a_record_by_its_key(cloud: System, browser: Any) -> None:
    ref = cloud.feature("Bell")
    key = story(cloud, "Bell of brass")
    link = address(cloud, "link")
    assert "Key of the record in Aha!" in browser.get(f"{link}?issue={key}").content.decode()
    assert "There is no epic" in browser.get(f"{link}?issue={key}&kind=epic&key=FAB-E-99").content.decode()
    assert "There is no feature" in browser.get(f"{link}?issue={key}&key=FAB-99999").content.decode()
    page = browser.get(f"{link}?issue={key}&key={ref.key}", follow=True).content.decode()
    assert "Link them" in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"which": "jql"}, "Write a query."),
        ({"which": "release"}, "Write the name of a version."),
        ({"which": "<b>"}, "Choose what to look for."),
    ],
)
def test_what_is_wrong_is_said_beside_it(cloud: System, browser: Any, asked: dict[str, str], says: str) -> None:
    assert says in browser.post(address(cloud, "import"), asked).content.decode()


def test_a_query_that_jira_refuses_is_said(cloud: System, browser: Any) -> None:
    page = look(cloud, browser, which="jql", jql="summary ~ x ORDER BY key")
    assert "The query can not be used." in page


def test_nothing_is_imported_while_it_is_paused(cloud: System, browser: Any) -> None:
    story(cloud, "Bell of brass")
    look(cloud, browser, which="jql", jql='summary ~ "brass"')
    cloud.integration.enabled = False
    cloud.integration.save()
    assert "on their way" not in take(cloud, browser, found(cloud), "import")
    assert not cloud.integration.pairs.exists()
