"""What Jira alone has, on a whole installation: read, listed, imported, ignored, and gone on with after all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from tests.path.system import System
from tests.path.test_api import Ask, ask
from tests.path.test_import import features, pair_of
from tests.path.test_match import story, subtask
from tests.path.test_match_pages import address, browser, found, work

__all__ = ["ask", "browser"]


def read(system: System, browser: Any, words: str = "") -> str:
    """Have Jira read, let the background work, and give the page."""
    assert browser.post(address(system, "only-in-jira"), {"q": words}).status_code == 302
    work(system)
    return page(system, browser)


def page(system: System, browser: Any, **asked: str) -> str:
    return str(browser.get(address(system, "only-in-jira"), asked).content.decode())


def take(system: System, browser: Any, rows: list[Any], act: str) -> str:
    """Press a button of a page that shows everything and has `rows` ticked; the page afterwards."""
    everything = found(system)
    sent = {"of": everything[0].errand_id, "shown": [row.pk for row in everything], "act": act}
    browser.post(address(system, "only-in-jira/take"), {**sent, "record": [row.pk for row in rows]})
    work(system)
    return page(system, browser)


def row(system: System, key: str) -> Any:
    return next(one for one in found(system) if one.right_key == key)


def test_what_is_in_no_pair_is_read_and_imported_or_ignored(cloud: System, browser: Any) -> None:
    """A page of issues is one request of few fields; what is in a pair by now is left out without another read."""
    sent = cloud.feature("Bell", 1)
    pair = cloud.send(sent)
    lamp, horn, lost = story(cloud, "Lamp"), story(cloud, "Horn"), story(cloud, "Lost")
    below = subtask(cloud, lost, "Wick")
    assert "Jira was not read yet" in page(cloud, browser)
    cloud.pass_time(90)  # a search may not know at once what was just made
    cloud.forget()
    text = read(cloud, browser)
    asked = [path for method, path in cloud.requests("jira") if "/search" in path]
    assert len(asked) == 1, cloud.requests("jira")
    keys = {one.right_key for one in found(cloud)}
    assert {lamp, horn, lost, below} <= keys
    assert not keys & {pair.right_key, *(child.right_key for child in cloud.children(sent))}
    assert (row(cloud, lamp).kind, row(cloud, lamp).clear) == ("feature", True)
    assert not row(cloud, below).clear, "what it stands below is in no pair"
    assert f'<span class="key">{lamp}</span>' in text
    assert "Read " in text
    before = features(cloud)
    assert "1 on their way to Aha!" in take(cloud, browser, [row(cloud, lamp)], "import")
    assert (features(cloud), pair_of(cloud, lamp).state) == (before + 1, "agreed")
    text = take(cloud, browser, [row(cloud, horn)], "ignore")
    assert "1 ignored" in text
    assert all(f'<span class="key">{key}</span>' not in text for key in (lamp, horn))
    assert f'<span class="key">{lost}</span>' in text
    ignored = pair_of(cloud, horn)
    browser.post(
        address(cloud, "act"), {"act": "resume", "record": [f"feature:pair-{ignored.pk}:"], "state": "ignored"}
    )
    cloud.drain()
    assert pair_of(cloud, horn).state == "agreed", "Go on imports it"


def test_words_search_what_was_read_and_then_all_of_jira(cloud: System, browser: Any) -> None:
    brass, tin = story(cloud, "Lamp of brass"), story(cloud, "Lamp of tin")
    cloud.pass_time(90)
    read(cloud, browser)
    assert "2 of what was read is called" in page(cloud, browser, q="lamp of")
    assert "Nothing of what was read" in page(cloud, browser, q="lamp of gold")
    text = read(cloud, browser, 'of bras") ((')
    assert [one.right_key for one in found(cloud)] == [brass]
    assert "only what is called" in text
    read(cloud, browser, tin.lower())
    assert [one.right_key for one in found(cloud)] == [tin], "by its key"
    read(cloud, browser, "FAB-9999")
    assert found(cloud) == []


@pytest.mark.parametrize(
    ("bounds", "issues", "whole"),
    [({"most": 2}, 2, False), ({"most": 3}, 3, True), ({"read": 2, "step": 1}, 2, False), ({"step": 2}, 3, True)],
)
def test_a_read_has_bounds_and_says_where_it_ended_by_them(
    cloud: System, bounds: dict[str, int], issues: int, whole: bool
) -> None:
    from crosswalk.sync import lone

    cloud.site.issues.clear()
    for name in ("Lamp", "Horn", "Bell"):
        story(cloud, name)
        cloud.pass_time(60)
    seen = lone.look(cloud.integration, "", bounds=lone.Bounds(**bounds))
    titles = [one.title for one in seen.found if one.ref.kind == "issue"]
    assert (len(titles), seen.whole) == (issues, whole)
    assert set(titles) == set(["Bell", "Horn", "Lamp"][:issues]), "what changed last"


def test_versions_without_a_release_are_there_too(cloud: System, browser: Any) -> None:
    cloud.jira.send("POST", "/version", {"name": "Spring 9", "project": "FAB"})
    read(cloud, browser)
    assert (row(cloud, "Spring 9").kind, row(cloud, "Spring 9").right_kind) == ("release", "version")
    take(cloud, browser, [row(cloud, "Spring 9")], "import")
    assert pair_of(cloud, "Spring 9").state == "agreed"


def test_a_read_that_fails_says_why_and_keeps_what_was_known(cloud: System, browser: Any) -> None:
    key = story(cloud, "Lamp")
    cloud.pass_time(90)
    read(cloud, browser)
    cloud.fault("jira", kind="status", status=400, body="{}", method="POST", path_regex="/search", times=9)
    text = read(cloud, browser)
    assert 'class="trouble"' in text
    assert f'<span class="key">{key}</span>' in text


def test_the_command_lists_them(system: System) -> None:
    from crosswalk.cli_many import only_in_jira

    key = story(system, "Lamp of brass")
    system.pass_time(90)
    told = CliRunner().invoke(only_in_jira, ["Fable", "--search", "brass"])
    assert f"{key} Lamp of brass (Story) may become: feature\n1 in no pair, of 1 issues" in told.output, told.output
    by_key = CliRunner().invoke(only_in_jira, ["Fable", "--search", key.lower()])
    assert "1 in no pair" in by_key.output, by_key.output
    assert "0 in no pair" in CliRunner().invoke(only_in_jira, ["Fable", "--search", "FAB-9999"]).output
    data = json.loads(CliRunner().invoke(only_in_jira, ["Fable", "--search", "brass", "--json"]).output)
    assert (data["whole"], [one["jira"] for one in data["items"]]) == (True, [key])


def test_the_api_lists_them_as_they_were_last_read(cloud: System, ask: Ask) -> None:
    home = f"/integrations/{cloud.integration.pk}/only-in-jira"
    assert ask("GET", home)[1]["read_at"] is None
    key, other = story(cloud, "Lamp of brass"), story(cloud, "Horn of brass")
    cloud.pass_time(90)
    assert ask("POST", home, {"words": "brass"})[1]["said"] == "Jira is being read."
    assert ask("GET", home)[1]["reading"]
    work(cloud)
    _, told = ask("GET", f"{home}?limit=1")
    assert (told["reading"], told["words"], told["whole"], told["total"]) == (False, "brass", True, 2)
    _, more = ask("GET", f"{home}?after={told['items'][0]['id']}")
    both = [*told["items"], *more["items"]]
    assert [(one["jira"], one["becomes"]) for one in both] == [(key, "feature"), (other, "feature")]
