"""Talking to the account: the key, the limits, the lock of a workspace."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from crosswalk import errors
from crosswalk.aha.client import LIMITS, open_client, sign_in, write_lock
from crosswalk.merge.records import Draft, Made
from crosswalk.remote.budget import Unlimited
from crosswalk.remote.client import Account, Surroundings

from .play import Sandbox, clients_budget

AROUND = Surroundings(lambda: 0.0, lambda seconds: None)


def test_the_key_is_sent_and_not_shown() -> None:
    account = Account("https://fable.aha.io", "", "the-key")
    assert sign_in(account) == {"Authorization": "Bearer the-key"}
    assert "the-key" not in repr(account)


@pytest.mark.parametrize("address", ["fable.aha.io", "https://user:x@fable.aha.io", "https://fable.aha.io/?x=1"])
def test_an_address_that_can_not_be_meant_is_refused(address: str) -> None:
    with pytest.raises(errors.Refused):
        open_client(Account(address, "", "k"), Unlimited(), AROUND)


def test_a_429_is_waited_for(aha: Sandbox) -> None:
    aha.fault("429", "POST", "/features$", retry_after=7)
    before = aha.state.count("feature")
    (made,) = aha.side().create([Draft("feature", {"name": "A bell"}, "token-1")])
    assert isinstance(made, Made)
    assert aha.slept == [7.0]
    assert aha.state.count("feature") == before + 1


def test_the_budget_keeps_below_what_aha_allows(aha: Sandbox) -> None:
    aha.state.settings.limits = True
    side = aha.side(aha.client(budget=clients_budget()))
    ref = aha.ref("feature", "FAB-1")
    for _ in range(300):
        side.read([ref])
    with pytest.raises(errors.TooMany) as caught:
        side.read([ref])  # so long a wait is not slept through: the engine does other work meanwhile
    assert 30 < caught.value.wait <= 60
    aha.clock.advance(caught.value.wait)
    for _ in range(30):
        side.read([ref])
    seen = list(aha.control.log.seen)
    assert Counter(entry.status for entry in seen) == {200: 330}
    moments = [entry.at.timestamp() for entry in seen]
    for limit in LIMITS:
        for first, later in zip(moments, moments[limit.count :], strict=False):
            assert later - first >= limit.seconds - 1e-6
    assert sum(aha.slept) >= 14


def test_writes_to_one_workspace_never_meet(aha: Sandbox) -> None:
    ref = aha.ref("feature", "FAB-1")
    lock = write_lock(aha.url + "/", "FAB")
    assert lock is write_lock(aha.url, "FAB")
    assert lock is not write_lock(aha.url, "OTHER")
    done = threading.Event()

    def write() -> None:
        aha.side().update(ref, {"name": "Written"})
        done.set()

    thread = threading.Thread(target=write)
    with lock:
        thread.start()
        assert not done.wait(0.2)
        assert aha.side().read([ref])[ref]
    assert done.wait(60)
    thread.join()
    assert aha.record("feature", "FAB-1").name == "Written"
