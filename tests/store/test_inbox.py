"""The inbox: kept once, looked at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connections
from tests.fixtures_store import Clock, make_integration

from crosswalk.config import Config
from crosswalk.store import inbox
from crosswalk.store.inbox import Delivery
from crosswalk.store.models import HookDelivery

HOOK = Delivery("jira", b'{"webhookEvent": "jira:issue_updated"}', datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "id-1")


def test_a_delivery_is_kept_as_it_came(each_database: Config, clock: Clock) -> None:
    integration = make_integration()
    headers = {"Content-Type": "application/json", "Authorization": "Basic c2VjcmV0", "Cookie": "s=1"}
    assert inbox.keep(replace(HOOK, integration_id=integration.pk, headers=headers))
    (row,) = inbox.unseen()
    assert (bytes(row.body), row.side, row.integration_id) == (HOOK.body, "jira", integration.pk)
    assert row.headers == {"Content-Type": "application/json"}
    assert row.received_at == HOOK.received_at


def test_a_double_is_ignored(each_database: Config) -> None:
    assert inbox.keep(HOOK)
    assert not inbox.keep(replace(HOOK, body=b"changed on the way"))
    assert inbox.keep(replace(HOOK, identifier="id-2"))
    assert inbox.keep(replace(HOOK, side="aha"))
    assert inbox.keep(replace(HOOK, identifier="x" * 5_000))
    assert not inbox.keep(replace(HOOK, identifier="x" * 5_000))
    assert len(inbox.unseen()) == 4


def test_the_same_identifier_for_two_integrations_is_no_double(each_database: Config) -> None:
    first, second = make_integration("First"), make_integration("Second")
    assert inbox.keep(replace(HOOK, integration_id=first.pk))
    assert inbox.keep(replace(HOOK, integration_id=second.pk))


def test_without_an_identifier_the_body_and_the_minute_count(each_database: Config) -> None:
    nameless = replace(HOOK, identifier="")
    assert inbox.keep(nameless)
    assert not inbox.keep(replace(nameless, received_at=HOOK.received_at + timedelta(seconds=3)))
    assert inbox.keep(replace(nameless, received_at=HOOK.received_at + timedelta(minutes=3)))
    assert inbox.keep(replace(nameless, body=b"{}"))


def test_doubles_that_arrive_together_are_kept_once(each_database: Config) -> None:
    kept: list[bool] = []
    barrier = threading.Barrier(6)

    def deliver() -> None:
        barrier.wait(60)
        try:
            kept.append(inbox.keep(HOOK))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * 5 + [True]
    assert len(inbox.unseen()) == 1


def test_what_was_seen_says_what_came_of_it_and_is_pruned_later(each_database: Config, clock: Clock) -> None:
    for number in range(3):
        inbox.keep(replace(HOOK, identifier=f"id-{number}", received_at=clock() - timedelta(seconds=number)))
    oldest, middle, newest = inbox.unseen()
    assert [row.identifier for row in (oldest, newest)] == ["jira - id-2", "jira - id-0"]
    inbox.mark_seen({oldest.pk: "Not ours: another project. " * 30, middle.pk: "woke 1 pair"}, clock())
    assert [row.pk for row in inbox.unseen()] == [newest.pk]
    clock.forward(3600)
    assert HookDelivery.objects.get(pk=middle.pk).outcome == "woke 1 pair"
    assert inbox.prune(clock()) == 2
    assert HookDelivery.objects.get().pk == newest.pk


def test_an_integration_that_is_no_more_is_not_taken_for_a_double(database: Config) -> None:
    with pytest.raises(IntegrityError):
        inbox.keep(replace(HOOK, integration_id=987_654))
