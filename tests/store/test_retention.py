"""What is kept only for a while: removed when its time has come, in small batches, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.fixtures_store import Clock, make_integration

from crosswalk.config import USUAL, Config, Keep, read
from crosswalk.errors import Refused


def lines(clock: Clock, days: list[float]) -> None:
    from crosswalk.store.models import JournalEntry

    one = make_integration()
    for ago in days:
        JournalEntry.objects.create(integration=one, at=clock() - timedelta(days=ago), what=f"{ago:g} days ago")


def told() -> list[str]:
    from crosswalk.store.models import JournalEntry

    return [one.what for one in JournalEntry.objects.order_by("id")]


def test_each_kind_is_kept_as_long_as_it_is_said(each_database: Config, clock: Clock) -> None:
    from crosswalk.store.models import HookDelivery, RequestEntry
    from crosswalk.sync.handlers import tidy

    lines(clock, [40, 10, 5])
    for ago in (4, 2):
        moment = clock() - timedelta(days=ago)
        HookDelivery.objects.create(side="aha", identifier=str(ago), received_at=moment, seen_at=moment, body=b"{}")
        for lasting in (False, True):
            RequestEntry.objects.create(at=moment.timestamp(), account="a", lasting=lasting)
    HookDelivery.objects.create(side="aha", identifier="unseen", received_at=clock() - timedelta(days=99), body=b"{}")
    tidy(clock(), Keep(hooks=3, requests=1, exchanges=3, journal=7))
    assert told() == ["5 days ago"]
    assert sorted(HookDelivery.objects.values_list("identifier", flat=True)) == ["2", "unseen"]
    assert list(RequestEntry.objects.values_list("lasting", flat=True)) == [True]


def test_a_journal_is_kept_for_ever_where_that_is_said(database: Config, clock: Clock) -> None:
    from crosswalk.sync.handlers import tidy

    lines(clock, [9999, 1])
    tidy(clock(), replace(USUAL, journal=0))
    assert len(told()) == 2
    tidy(clock(), USUAL)
    assert told() == ["1 days ago"]


def test_batches_are_small_and_each_is_committed(database: Config, clock: Clock) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.store.retention import remove

    lines(clock, [9.0] * 7 + [1])
    old = JournalEntry.objects.filter(at__lt=clock() - timedelta(days=2))
    with CaptureQueriesContext(connection) as seen:
        assert remove(old, batch=3) == 7
    deletes = [one["sql"] for one in seen.captured_queries if one["sql"].startswith("DELETE")]
    assert [sql.count(",") + 1 for sql in deletes] == [3, 3, 1]
    assert told() == ["1 days ago"]


@pytest.mark.parametrize(
    ("name", "text"), [("HOOKS", "0"), ("REQUESTS", "0"), ("EXCHANGES", "a week"), ("JOURNAL", "1"), ("HOOKS", "1e9")]
)
def test_what_can_not_be_meant_is_refused(name: str, text: str) -> None:
    with pytest.raises(Refused, match=f"CROSSWALK_KEEP_{name}"):
        read({f"CROSSWALK_KEEP_{name}": text})
    assert read({}).keep == USUAL
