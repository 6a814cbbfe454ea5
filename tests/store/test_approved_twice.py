"""What a sweep stopped at, and a person's word on it, where several processes are at it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from tests.fixtures_store import Clock, make_integration

from crosswalk.config import Config


@pytest.mark.postgres
def test_two_who_approve_at_once_give_one_word(postgresql: Config, clock: Clock) -> None:
    from django.db import connection, connections

    from crosswalk.store import sweeps
    from crosswalk.store.sweep_models import SweepPage

    integration = make_integration()
    sweeps.stop(integration.pk, clock(), [[1, {"left": "overwritten"}, [], 7]])
    number, said = sweeps.number(integration.pk), list[bool]()

    def press() -> None:
        try:
            said.append(sweeps.mean(integration.pk, number))
        finally:
            connections.close_all()

    other = threading.Thread(target=press)

    def meanwhile(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if sql.startswith("DELETE") and other.ident is None:
            other.start()
            other.join(1)  # it waits for the first one, or is through
        return done

    with connection.execute_wrapper(meanwhile):
        assert sweeps.mean(integration.pk, number)
    other.join(60)
    assert said == [True]
    assert SweepPage.objects.filter(name=sweeps.MEANT).count() == 1
    word, _ = sweeps.word(integration.pk)
    sweeps.passed(integration.pk, word)
    assert sweeps.word(integration.pk) == (0, []), "nothing is left for a later sweep"
