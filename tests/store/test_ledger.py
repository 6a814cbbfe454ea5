"""What only a database has: threads that work at the same moment, and columns that are too short."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.errors import Overtaken
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.store import journal
from crosswalk.store.ledger import DjangoLedger
from crosswalk.store.models import CreateIntent, Pair


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Have `work` done in so many threads that begin together."""
    barrier = threading.Barrier(count)

    def run(number: int) -> None:
        barrier.wait(60)
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_runs_that_begin_together_have_fences_apart_and_one_survives(each_database: Config, clock: Clock) -> None:
    pair_id = make_pair(make_integration(), clock()).pk
    ledger = DjangoLedger(clock)
    fences: list[int] = []
    survivors: list[int] = []
    begun = threading.Barrier(6)

    def run(number: int) -> None:
        mine, _ = ledger.begin(pair_id)
        fences.append(mine.fence)
        begun.wait(60)
        try:
            ledger.settle(mine, "agreed")
        except Overtaken:
            return
        survivors.append(mine.fence)

    at_once(6, run)
    assert sorted(fences) == [1, 2, 3, 4, 5, 6]
    assert survivors == [6]


def test_two_features_that_need_the_same_release_share_one_pair(each_database: Config, clock: Clock) -> None:
    integration = make_integration()
    features = [make_pair(integration, clock()).pk for _ in range(5)]
    ledger = DjangoLedger(clock)
    found: list[int] = []

    def run(number: int) -> None:
        mine, _ = ledger.begin(features[number])
        release = Ref("release", "5", "DEMO-R-1")
        found.append(ledger.adopt(mine, "release", Side.LEFT, release, child=False).id)

    at_once(5, run)
    assert len(found) == 5
    assert len(set(found)) == 1
    assert Pair.objects.filter(left_kind="release").count() == 1


def test_one_intent_is_open_however_many_ask(each_database: Config, clock: Clock) -> None:
    pair_id = make_pair(make_integration(), clock()).pk
    ledger = DjangoLedger(clock)
    mine, _ = ledger.begin(pair_id)
    tokens: list[str] = []
    at_once(5, lambda number: tokens.append(ledger.intend(mine, pair_id, Side.RIGHT).token))
    assert len(tokens) == 5
    assert len(set(tokens)) == CreateIntent.objects.count() == 1


def test_text_that_is_too_long_or_broken_is_kept_as_far_as_it_goes(each_database: Config, clock: Clock) -> None:
    pair_id = make_pair(make_integration(), clock(), left_kind="feature", left_id="1").pk
    ledger = DjangoLedger(clock)
    mine, _ = ledger.begin(pair_id)
    broken = "half \ud83d, nul \0"
    ledger.seen(
        mine, pair_id, Side.LEFT, Snapshot(Ref("feature", "1", "K" * 200), {}, "https://" + "x" * 600), "T" * 999
    )
    ledger.note(mine, pair_id, [Entry(broken, broken, old=broken, field="f" * 300)])
    ledger.settle(mine, "parked", broken, broken)
    row = Pair.objects.get(pk=pair_id)
    assert (row.title, row.left_url, row.left_key) == ("T" * 299 + "…", "", "K" * 99 + "…")
    assert row.reason == row.remedy == "half ?, nul \ufffd"
    (line,) = journal.of_pair(pair_id)
    assert (line.what, line.field) == (row.reason, "f" * 199 + "…")


def test_a_read_that_tells_nothing_new_writes_nothing_and_a_run_that_was_overtaken_is_told(
    each_database: Config, clock: Clock
) -> None:
    pair_id = make_pair(make_integration(), clock(), left_kind="feature", left_id="1").pk
    ledger = DjangoLedger(clock)
    mine, _ = ledger.begin(pair_id)
    record = Snapshot(Ref("feature", "1", "FAB-7"), {}, "https://acme.aha.io/features/FAB-7")
    ledger.seen(mine, pair_id, Side.LEFT, record, title="Bell")
    with CaptureQueriesContext(connection) as said:
        ledger.seen(mine, pair_id, Side.LEFT, record, title="Bell")
        ledger.seen(mine, pair_id, Side.LEFT, record)  # no title is given: the one there is stays
    assert [one["sql"].lstrip()[:6] for one in said.captured_queries] == ["SELECT", "SELECT"]
    ledger.seen(mine, pair_id, Side.LEFT, replace(record, ref=Ref("feature", "1", "FAB-8")), title="Horn")
    row = Pair.objects.get(pk=pair_id)
    assert (row.title, row.left_key) == ("Horn", "FAB-8")
    ledger.begin(pair_id)
    with pytest.raises(Overtaken):
        ledger.seen(mine, pair_id, Side.LEFT, replace(record, ref=Ref("feature", "1", "FAB-8")), title="Horn")
