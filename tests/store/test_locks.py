"""Several who change the same pairs at the same time, on PostgreSQL: they wait their turn, and never for each other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from tests import postgres
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.engine.port import COALESCED, Enqueued
from crosswalk.merge.pairs import Entry

pytestmark = pytest.mark.postgres


class Silent:
    """An engine that nobody listens to."""

    def enqueue(self, *_: Any, **__: Any) -> Enqueued:
        return COALESCED


def together(*works: Callable[[], object]) -> list[Exception]:
    """Run `works`, each in a thread of its own; what they raised."""
    raised: list[Exception] = []

    def run(work: Callable[[], object]) -> None:
        try:
            for _ in range(25):
                work()
        except DatabaseError as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_runs_hooks_and_people_never_wait_for_each_other(postgresql: Config, clock: Clock) -> None:
    from crosswalk.store.ledger import DjangoLedger
    from crosswalk.store.models import HookDelivery
    from crosswalk.sync import hooks
    from crosswalk.sync.waking import wake

    engine: Any = Silent()
    integration, ledger = make_integration(), DjangoLedger(clock)
    rows = [
        make_pair(
            integration, clock(), left_kind="feature", left_id=f"{number}", right_kind="issue", right_id=f"1{number}"
        )
        for number in range(6)
    ]
    low, high = rows[0].pk, rows[-1].pk
    every = [row.pk for row in rows]
    numbers = iter(range(10_000))

    def run() -> None:
        """A run of the last pair writes to the first, as that of a requirement does to what stands above it."""
        own, _ = ledger.begin(high)
        ledger.show(own, low, "agreed")
        ledger.wake(own, low)
        ledger.note(own, low, [Entry("Something.")])

    def hooked() -> None:
        for row in reversed(rows):
            body = f'{{"webhookEvent": "jira:issue_updated", "issue": {{"id": "{row.right_id}", "key": "X-1"}}}}'
            told = {"side": "jira", "identifier": str(next(numbers)), "received_at": clock(), "body": body.encode()}
            HookDelivery.objects.create(integration=integration, **told)
        hooks.look(engine, clock)

    assert together(run, hooked, lambda: wake(engine, every, clock(), urgent=True)) == []


def test_a_line_of_the_journal_does_not_wait_for_a_change_of_its_pair(postgresql: Config, clock: Clock) -> None:
    import psycopg

    from crosswalk.store import journal, pairs

    pair = make_pair(make_integration(), clock())
    with closing(psycopg.connect(postgres.server().url(postgresql.database.name))) as other:
        other.execute("SET lock_timeout = '200ms'")
        with transaction.atomic():
            assert pairs.lock([pair.pk]) == 1
            other.execute(
                "INSERT INTO store_removalrow (pair_id, side, since, word, person, doubt)"
                " VALUES (%s, 'left', now(), '', '', false)",
                [pair.pk],
            )
            journal.append(pair.integration_id, [Entry("Something.")], clock(), pair_id=pair.pk)
