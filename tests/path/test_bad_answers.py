"""Servers that fail in the middle of a run: what was asked for is there once in the end, and the reason was told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System, running

TEXT = {"Content-Type": "text/plain"}
FAULTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "500 twice": ({"kind": "status", "status": 500, "times": 2}, ("R9",)),
    "500 and applied": ({"kind": "status", "status": 500, "applied": True}, ("R9",)),
    "409": ({"kind": "status", "status": 409}, ("S5",)),
    "login page": ({"kind": "html_200"}, ("N3",)),
    "login page and applied": ({"kind": "html_200", "applied": True}, ("N3",)),
    "redirect to a login": ({"kind": "login_redirect"}, ("N2",)),
    "half an answer": ({"kind": "truncated"}, ("N9",)),
    "no answer": ({"kind": "reset_after"}, ("N9",)),
    "plain text": ({"kind": "status", "status": 200, "body": "OK", "headers": TEXT, "applied": True}, ("N3",)),
    "no issue": ({"kind": "status", "status": 201, "body": "{}", "applied": True}, ("N9",)),
    "429 without a time": ({"kind": "429"}, ()),
}


@pytest.fixture(scope="module", params=["cloud", "dc"])
def shared(request: pytest.FixtureRequest) -> Iterator[System]:
    """One installation for the whole table: each fault has a feature of its own."""
    with running(request.param) as found:
        yield found


def until_quiet(system: System) -> None:
    """Let all back-offs and index lags pass."""
    for _ in range(6):
        system.drain()
        system.pass_time(1000)
    httpx2.delete(f"{system.jira_at.address}/_sandbox/faults")
    httpx2.delete(f"{system.aha_at.address}/_sandbox/faults")
    system.drain()


@pytest.mark.parametrize("name", FAULTS)
def test_a_create_that_goes_wrong_makes_one_issue(shared: System, name: str) -> None:
    fault, codes = FAULTS[name]
    before = len(shared.site.issues)
    shared.fault("jira", method="POST", path_regex="/issue$", **fault)
    ref = shared.feature(f"Bell after {name}", 1)
    shared.send(ref)
    until_quiet(shared)
    assert shared.pair(ref).state == "agreed", shared.pair(ref).reason
    assert len(shared.site.issues) == before + 2
    told = warnings(shared, ref)
    assert [line.code for line in told][:1] == list(codes)
    assert all(line.remedy for line in told)
    assert_quiet(shared, ref)


@pytest.mark.parametrize("name", ["500 and applied", "login page and applied", "half an answer", "no issue"])
def test_several_creates_that_go_wrong_make_each_issue_once(shared: System, name: str) -> None:
    before = len(shared.site.issues)
    shared.fault("jira", method="POST", path_regex="/issue/bulk$", **FAULTS[name][0])
    ref = shared.feature(f"Bell after {name}", 3)
    shared.send(ref)
    until_quiet(shared)
    assert shared.pair(ref).state == "agreed", shared.pair(ref).reason
    assert len(shared.site.issues) == before + 4
    assert_quiet(shared, ref)


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "no issue"])
def test_an_edit_that_goes_wrong_is_made(shared: System, name: str) -> None:
    ref = shared.feature(f"Bell after {name}")
    pair = shared.send(ref)
    assert pair.state == "agreed"
    shared.fault("jira", method="PUT", path_regex="/issue/", **FAULTS[name][0])
    shared.aha.rename("features", ref.key, f"Horn after {name}")
    look(shared, ref)
    until_quiet(shared)
    assert shared.pair(ref).state == "agreed", shared.pair(ref).reason
    assert shared.jira.summary(pair.right_key) == f"Horn after {name}"
    assert_quiet(shared, ref)


@pytest.mark.parametrize("name", [name for name in FAULTS if name != "no issue"])
def test_an_answer_of_aha_that_goes_wrong(shared: System, name: str) -> None:
    fault = FAULTS[name][0]
    ref = shared.feature(f"Bell after {name}")
    pair = shared.send(ref)
    shared.jira.rename(pair.right_key, f"Horn after {name}")
    shared.fault("aha", method="PUT", path_regex=f"/features/{ref.id}", **fault)
    look(shared, ref)
    until_quiet(shared)
    assert shared.pair(ref).state == "agreed", shared.pair(ref).reason
    assert shared.aha.name("features", ref.key) == f"Horn after {name}"
    assert_quiet(shared, ref)


def test_a_429_without_a_time_is_waited_for(shared: System) -> None:
    shared.slept.clear()
    shared.fault("jira", kind="429", method="POST", path_regex="/issue$")
    assert shared.send(shared.feature("Bell")).state == "agreed"
    assert any(1 <= wait < 2 for wait in shared.slept)


class Meanwhile(list[float]):
    """The waits of a system; with the first of them something happens."""

    def __init__(self, does: Callable[[], object]) -> None:
        super().__init__()
        self._does = does

    def append(self, seconds: float) -> None:
        super().append(seconds)
        if len(self) == 1:
            self._does()


def test_a_create_that_had_to_wait_is_not_sent_by_a_run_that_was_overtaken(cloud: System) -> None:
    """A worker that is taken for dead while it waits: another looks for its create, finds none, and sends it."""
    from crosswalk.store.ledger import DjangoLedger
    from crosswalk.sync import service
    from crosswalk.sync.installation import current
    from crosswalk.sync.pair import sync_pair

    def made() -> int:
        return sum(one.values["summary"] == "Bell" for one in cloud.site.issues.values())

    cloud.send(cloud.feature("Drum"))  # and the release
    ref = cloud.feature("Bell")
    service.send(cloud.integration, [ref], "a test")
    cloud.fault("jira", kind="429", method="POST", path_regex="/issue$", retry_after=5)
    cloud.slept = Meanwhile(lambda: DjangoLedger(cloud.now).begin(cloud.pair(ref).pk))
    sync_pair(current().bridges.of(cloud.integration), cloud.pair(ref).pk)
    assert (len(cloud.slept), made()) == (1, 0)
    cloud.pass_time(120)
    cloud.drain()
    assert (made(), cloud.pair(ref).state) == (1, "agreed")
