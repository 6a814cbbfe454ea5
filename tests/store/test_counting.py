"""Runs that the brake counts together are counted one after another, in however many processes they are."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.merge.pairs import Run
from crosswalk.merge.rules import Side


@pytest.mark.postgres
@pytest.mark.parametrize("what", ["emptied", "replaced"])
def test_of_two_in_one_instant_the_second_sees_the_first(postgresql: Config, clock: Clock, what: str) -> None:
    from django.db import connection, connections

    from crosswalk.store.ledger import DjangoLedger

    integration, ledger, since = make_integration(), DjangoLedger(clock), clock() - timedelta(hours=1)
    pairs = [make_pair(integration, clock(), left_kind="feature", left_id=str(number)) for number in range(2)]
    runs = [ledger.begin(pair.pk)[0] for pair in pairs]
    counts: list[int] = []
    count: dict[str, Callable[[Run], int]] = {
        "emptied": lambda run: ledger.erasing(run, Side.RIGHT, since)[1],
        "replaced": lambda run: ledger.replacing(run, Side.RIGHT, since),
    }

    counted, over = threading.Event(), threading.Event()

    def holds(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if "COUNT(" in sql:
            counted.set()
            over.wait(60)  # its transaction is open as long as the first one's
        return done

    def second() -> None:
        try:
            with connection.execute_wrapper(holds):
                counts.append(count[what](runs[1]))
        finally:
            connections.close_all()

    other = threading.Thread(target=second)

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if sql.startswith("INSERT") and other.ident is None:
            other.start()
            counted.wait(1)  # in vain where it waits for the first one
        return done

    with connection.execute_wrapper(meanwhile):
        first = count[what](runs[0])
    over.set()
    other.join(60)
    assert (first, counts) == (1, [2])
