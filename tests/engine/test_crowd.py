"""What a person sends by the thousand holds nobody up: hooks are looked at, and their pairs run, before its end."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures_store import Clock, make_integration, make_pair
from tests.web.test_hooks import Sender

from crosswalk.config import Config
from crosswalk.engine.embedded import EmbeddedEngine
from crosswalk.engine.port import State
from crosswalk.store import inbox
from crosswalk.store.pairs import key_of
from crosswalk.sync import hooks
from crosswalk.sync.handlers import start_round
from crosswalk.sync.waking import CROWD, INBOX, wake
from crosswalk.web.asgi import door


@pytest.fixture
def engine(database: Config, tmp_path: Path, clock: Clock) -> EmbeddedEngine:
    """An engine that only keeps what it is asked: nothing starts it."""
    return EmbeddedEngine(tmp_path, threads=1, clock=clock)


def _sent(engine: EmbeddedEngine, clock: Clock, count: int) -> list[Any]:
    """Pairs that a person sends at once."""
    integration = make_integration("Demo")
    chosen = [make_pair(integration, clock(), dirty=0) for _ in range(count)]
    wake(engine, [pair.pk for pair in chosen], clock(), urgent=True)
    clock.forward(1)
    return chosen


def _order(engine: EmbeddedEngine) -> list[str]:
    """The keys of what waits, in the order in which it would start."""
    return [job.key for job in engine.list(State.TODO)]


def test_a_hook_is_looked_at_before_anything_that_a_person_sent(engine: EmbeddedEngine, clock: Clock) -> None:
    chosen = _sent(engine, clock, CROWD)
    with closing(asyncio.new_event_loop()) as loop, closing(door(engine)) as opened:
        assert Sender(opened, loop)("/hooks/jira/hook-Demo", b"{}").status == 202
    assert _order(engine)[0] == INBOX
    assert len(_order(engine)) == len(chosen) + 1


def test_a_crowd_that_a_person_sent_goes_before_a_load(engine: EmbeddedEngine, clock: Clock) -> None:
    integration = make_integration("Load")
    load = [make_pair(integration, clock(), dirty=0) for _ in range(3)]
    wake(engine, [pair.pk for pair in load], clock(), bulk=True)
    clock.forward(1)
    chosen = _sent(engine, clock, CROWD + 1)
    assert _order(engine)[-3:] == [key_of(pair.pk) for pair in load]
    assert len(_order(engine)) == len(chosen) + 3


def test_a_round_looks_at_the_inbox_before_anything_that_a_person_sent(engine: EmbeddedEngine, clock: Clock) -> None:
    _sent(engine, clock, CROWD)
    start_round(engine)
    assert _order(engine)[0] == INBOX


@pytest.mark.parametrize(("count", "place"), [(CROWD + 1, 0), (CROWD, CROWD)])
def test_a_pair_of_which_a_hook_tells_runs_before_a_crowd_and_after_a_few(
    engine: EmbeddedEngine, clock: Clock, count: int, place: int
) -> None:
    chosen = _sent(engine, clock, count)
    edited = make_pair(chosen[0].integration, clock(), dirty=0, right_kind="issue", right_id="77", right_key="F-1")
    body = {"webhookEvent": "jira:issue_updated", "issue": {"id": "77", "key": "F-1"}}
    inbox.keep(inbox.Delivery("jira", json.dumps(body).encode(), clock(), "", edited.integration_id, {}))
    hooks.look(engine, clock)
    assert _order(engine).index(key_of(edited.pk)) == place
