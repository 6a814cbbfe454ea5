"""Records of every kind that goes to Jira: listed as Aha! holds them, found by key, sent from the page."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosswalk.merge.records import Ref
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
