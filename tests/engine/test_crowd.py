"""What a person sends by the thousand holds nobody up: hooks are looked at, and their pairs run, before its end."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from tests.fixtures_store import Clock, make_integration, make_pair
from tests.web.test_hooks import Sender

from crosswalk.config import Config
from crosswalk.engine.embedded import EmbeddedEngine, taken
from crosswalk.engine.port import CROWD, CROWDED, INTERACTIVE, State
from crosswalk.engine.sweep import sweep
from crosswalk.merge.pairs import PairView, Run
from crosswalk.store import inbox
from crosswalk.store.ledger import DjangoLedger
from crosswalk.store.models import Integration, Job
from crosswalk.store.pairs import key_of
from crosswalk.sync import hooks
from crosswalk.sync.handlers import PairHandler, start_round
from crosswalk.sync.waking import INBOX, POLL, wake
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


AS_SENT = pytest.mark.parametrize(("count", "priority"), [(CROWD + 1, CROWDED), (CROWD, INTERACTIVE)])


@AS_SENT
def test_a_crowd_that_an_engine_lost_is_a_crowd_again(
    engine: EmbeddedEngine, clock: Clock, count: int, priority: int
) -> None:
    _sent(engine, clock, count)
    Job.objects.all().delete()
    assert sweep(engine, clock(), taken()) == count
    assert {job.priority for job in engine.list()} == {priority}


class Overtaken(DjangoLedger):
    """Another run begins after each that begins here."""

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        begun = super().begin(pair_id)
        super().begin(pair_id)
        return begun


@dataclass
class Bridges:
    """They lead to nothing but the ledger."""

    ledger: DjangoLedger

    def of(self, _: Integration) -> Bridges:
        return self


@AS_SENT
def test_one_of_a_crowd_that_runs_again_is_one_of_a_crowd(
    engine: EmbeddedEngine, clock: Clock, count: int, priority: int
) -> None:
    key, bridges = key_of(_sent(engine, clock, count)[0].pk), cast("Any", Bridges(Overtaken(clock)))
    Job.objects.all().delete()
    PairHandler(engine, bridges, clock).run(key)
    assert [(job.key, job.priority) for job in engine.list()] == [(key, priority)]


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


def test_the_polls_of_a_round_are_spread_so_that_hooks_come_between(engine: EmbeddedEngine, clock: Clock) -> None:
    for number in range(4):
        make_integration(f"Demo {number}")
    start_round(engine, over=60.0)
    due = [(job.due_at - clock()).total_seconds() for job in engine.list() if job.kind == POLL]
    assert sorted(due) == [0.0, 15.0, 30.0, 45.0]
