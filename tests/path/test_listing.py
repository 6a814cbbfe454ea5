"""Records of every kind that goes to Jira: listed as Aha! holds them, found by key, sent from the page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.system import System
from tests.path.test_hierarchy import epic
from tests.path.test_match_pages import browser

__all__ = ["browser"]


@pytest.fixture
def every_kind(cloud: System) -> System:
    """Epics and initiatives become epics in Jira, releases versions."""
    types = cloud.integration.mapping["types"]
    cloud.remap(types={**types, **{kind: {"type": "Epic", "create": "to jira"} for kind in ("epic", "initiative")}})
    return cloud


def made(system: System, kind: str) -> Ref:
    if kind == "epic":
        return epic(system, "Sound of brass")
    one = system.aha.post(f"/products/FAB/{kind}s", {kind: {"name": "Sound of brass"}})[kind]
    return Ref(kind, one["id"], one["reference_num"])


def listed(system: System, browser: Any, **asked: str) -> dict[str, str]:
    """The rows of the page: key of the record, and the word for its state."""
    page = browser.get(f"/integrations/{system.integration.pk}/", asked).content.decode()
    rows = re.findall(r'<td role="cell" class="what">(.*?)<td role="cell" class="there">', page, re.S)
    return {
        _text(row, r'class="key"[^>]*>([^<]+)<'): _text(row, r'class="state[^>]*>.*?<span>([^<]*)<') for row in rows
    }


def _text(row: str, form: str) -> str:
    found = re.search(form, row, re.S)
    return found[1] if found else ""


@pytest.mark.parametrize("kind", ["epic", "initiative", "release"])
def test_what_was_not_sent_is_listed_found_by_key_and_sent(every_kind: System, browser: Any, kind: str) -> None:
    ref = made(every_kind, kind)
    for asked in ({"kind": kind}, {"kind": kind, "state": "unsent"}, {"kind": kind, "q": "of brass"}):
        assert listed(every_kind, browser, **asked)[ref.key] == "Not sent"
    assert ref.key not in listed(every_kind, browser)
    for asked in ({"q": ref.key.lower()}, {"q": ref.key, "kind": "release"}, {"q": ref.key, "state": "unsent"}):
        assert listed(every_kind, browser, **asked) == {ref.key: "Not sent"}, "its key finds it among features, too"
    form = {"only": f"{kind}:{ref.id}:{ref.key}", "kind": kind, "page": "1"}
    assert browser.post(f"/integrations/{every_kind.integration.pk}/send/", form).url.endswith(f"?kind={kind}")
    every_kind.drain()
    pair = every_kind.pair(ref)
    assert (pair.kind, pair.state) == (kind, "agreed"), pair.reason
    assert pair.right_key
    assert listed(every_kind, browser, kind=kind)[ref.key] == "In step"
    assert ref.key not in listed(every_kind, browser, kind=kind, state="unsent")
    assert listed(every_kind, browser, q=ref.key) == {ref.key: "In step"}


def test_a_key_says_of_which_kind_a_record_is(every_kind: System) -> None:
    from crosswalk.errors import Refused
    from crosswalk.sync import service

    high = epic(every_kind, "Sound of brass")
    assert service.find_ref(every_kind.integration, high.key) == high
    types = every_kind.integration.mapping["types"]
    every_kind.remap(types={**types, "epic": {"type": "Epic", "create": "off"}})
    with pytest.raises(Refused, match="There is no feature"):
        service.find_ref(every_kind.integration, high.key)


class Window:
    """A window with the page of the records that `query` finds: it looks again, and takes what changed."""

    def __init__(self, system: System, browser: Any, query: str) -> None:
        self._address, self._browser = f"/integrations/{system.integration.pk}/", browser
        self._inputs, self._parts = {"q": query, "page": "1"}, dict[str, str]()
        self._take(browser.get(self._address, {"q": query}).content.decode())

    def _take(self, html: str) -> None:
        self._parts |= dict(re.findall(r' id="((?:more|state)-\w+)"[^>]*>(.*?)</(?:span>\n|div>)', html, re.S))
        self._inputs |= dict(re.findall(r' name="(of|asked_at)" value="([^"]*)"', html))

    def look(self, seconds: int = 0) -> bool:
        """Do what the page does by itself, `seconds` after it did so; whether a row was made anew."""
        asked = {**self._inputs, "asked_at": max(int(self._inputs["asked_at"]) - seconds, 0), "shown": self._shown()}
        html = self._browser.get(f"{self._address}progress/", asked).content.decode()
        self._take(html)
        return 'id="state-' in html

    def send(self, ref: Ref) -> None:
        """Press the button of a row."""
        form = {**self._inputs, "only": f"{ref.kind}:{ref.id}:{ref.key}", "shown": self._shown()}
        answer = self._browser.post(f"{self._address}send/", form, headers={"HX-Request": "true"})
        self._take(answer.content.decode())

    def _shown(self) -> list[str]:
        return re.findall(r'name="shown" value="([^"]+)"', " ".join(self._parts.values()))

    def status(self) -> str:
        """What its only row says of the record's status."""
        (more,) = (part for name, part in self._parts.items() if name.startswith("more-"))
        return more.rpartition("·")[2].strip()


def moved(system: System, pair: Any, status: str) -> None:
    """An engineer moves the issue, and a run carries it."""
    system.jira.move(pair.right_key, status)
    system.wake(pair, side=Side.RIGHT)
    system.drain()


def under_way(pair: Any, more: int = 1) -> None:
    """A run of the pair has begun; with 0 it has ended."""
    from django.db.models import F
    from django.utils import timezone

    type(pair).objects.filter(pk=pair.pk).update(dirty=F("done") + more, due_at=timezone.now())


def test_a_row_shows_its_status_also_when_it_was_carried_while_others_are_under_way(
    cloud: System, browser: Any
) -> None:
    one, other = (cloud.send(cloud.feature(name)) for name in ("Sound of brass", "Sound of tin"))
    window = Window(cloud, browser, "of brass")
    before = window.status()
    moved(cloud, one, "In Progress")
    under_way(other)
    assert window.look()
    assert window.status() == cloud.aha.status(one.left_key) == "In development" != before
    moved(cloud, one, "To Do")
    under_way(other)
    assert window.look(1), "its state is shown at once"
    assert window.status() == "In development", "Aha! is not asked every second while work is under way"
    assert not window.look(1), "nothing is sent twice"
    assert window.look(10), "but now and then"
    assert window.status() == cloud.aha.status(one.left_key) == before
    moved(cloud, one, "In Progress")
    under_way(other)
    assert window.look(1)
    assert window.status() == before
    under_way(other, 0)
    assert window.look(1), "what was not asked while others were under way is asked when they are at rest"
    assert window.status() == "In development"
    assert not window.look(20)


def test_a_status_that_aha_did_not_tell_is_asked_again(cloud: System, browser: Any) -> None:
    one = cloud.send(cloud.feature("Sound of brass"))
    window = Window(cloud, browser, "of brass")
    moved(cloud, one, "In Progress")
    cloud.fault("aha", kind="400", method="GET", path_regex="/features", times=1)
    assert window.look()
    assert window.status() != "In development"
    assert window.look(5)
    assert window.status() == "In development"
    assert not window.look(5)


def test_a_record_that_the_search_does_not_find_any_more_shows_its_status_too(cloud: System, browser: Any) -> None:
    one = cloud.send(cloud.feature("Sound of brass"))
    window = Window(cloud, browser, "of brass")
    cloud.jira.rename(one.right_key, "Sound of tin")
    moved(cloud, one, "In Progress")
    assert window.look()
    assert window.status() == "In development"
    assert not window.look(5)


def test_who_sends_does_not_wait_for_statuses_and_the_next_look_brings_them(cloud: System, browser: Any) -> None:
    ref = cloud.feature("Sound of brass")
    window = Window(cloud, browser, "of brass")
    cloud.forget()
    window.send(ref)
    assert cloud.requests("aha") == []
    assert window.look(1) is False, "a pair that is under way has no news of its status"
    assert cloud.requests("aha") == []
    cloud.drain()
    cloud.aha.put(f"/features/{ref.id}", {"feature": {"workflow_status": {"name": "In development"}}})
    assert window.look(1)
    assert window.status() == "In development"


def test_a_list_of_what_was_sent_tells_release_and_status_as_that_of_the_workspace_does(
    cloud: System, browser: Any
) -> None:
    pair = cloud.send(cloud.feature("Bell"))
    there = f"/integrations/{cloud.integration.pk}/"

    def more(state: str) -> list[str]:
        page = browser.get(there, {"state": state, "q": pair.left_key}).content.decode()
        return [" ".join(one.split()) for one in re.findall(r'<span id="more-[^>]*>([^<]*)</span>', page)]

    (told,) = more("")
    assert re.fullmatch(r"Spring ride · \w[\w ]*", told)
    assert more("agreed") == [told]
    cloud.wake(pair)
    assert more("changed") == [""], "what may be another by now is not said"
