"""Grants as they are kept: one run renews at a time, in whatever process; nothing is used before it is durable."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from tests.fixtures_store import Clock

from crosswalk.config import Config
from crosswalk.store import grants
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Connection

LEASE = timedelta(seconds=90)


def make() -> Grant:
    there = Connection.objects.create(name="By consent", kind="jira", address="https://api.test/ex/jira/1")
    return Grant.objects.create(connection=there, client_id="id", client_secret="s3", access="a1", refresh="r1")


def test_one_of_many_takes_the_lease(each_database: Config, clock: Clock) -> None:
    grant, start, won = make(), threading.Barrier(8), list[str]()

    def take(name: str) -> None:
        start.wait(60)
        if grants.take(grant.pk, name, clock(), LEASE):
            won.append(name)
        connections["default"].close()

    threads = [threading.Thread(target=take, args=(f"run {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_a_lease_ends_by_itself_and_what_came_too_late_is_not_kept(each_database: Config, clock: Clock) -> None:
    grant = make()
    assert grants.take(grant.pk, "slow", clock(), LEASE)
    assert not grants.take(grant.pk, "quick", clock(), LEASE)
    clock.forward(90)
    assert grants.take(grant.pk, "quick", clock(), LEASE)
    assert not grants.keep(grant.pk, "slow", "a2", "r2", None)
    assert not grants.end(grant.pk, "slow", "It has ended.")
    assert grants.keep(grant.pk, "quick", "a3", "r3", clock())
    kept = Grant.objects.get()
    assert (kept.access.reveal(), kept.refresh.reveal(), kept.trouble) == ("a3", "r3", "")


def test_what_is_given_back_can_be_taken(database: Config, clock: Clock) -> None:
    grant = make()
    assert grants.take(grant.pk, "one", clock(), LEASE)
    grants.give_back(grant.pk, "another")
    assert not grants.take(grant.pk, "two", clock(), LEASE)
    grants.give_back(grant.pk, "one", until=clock() + timedelta(seconds=5))
    assert not grants.take(grant.pk, "two", clock(), LEASE)
    clock.forward(5)
    assert grants.take(grant.pk, "two", clock(), LEASE)


def test_nothing_is_kept_in_a_transaction_that_could_still_be_undone(database: Config, clock: Clock) -> None:
    grant = make()
    assert grants.take(grant.pk, "one", clock(), LEASE)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        grants.keep(grant.pk, "one", "a2", "r2", None)
    assert Grant.objects.get().refresh.reveal() == "r1"


def test_a_server_that_gives_no_new_refresh_token_means_the_old_one(database: Config, clock: Clock) -> None:
    grant = make()
    assert grants.take(grant.pk, "one", clock(), LEASE)
    grants.about_to_use(grant.pk, clock())
    assert grants.keep(grant.pk, "one", "a2", "", None)
    kept = Grant.objects.get()
    assert (kept.access.reveal(), kept.refresh.reveal(), kept.tried_at) == ("a2", "r1", None)


def test_since_when_it_may_be_used_up_is_the_first_try(database: Config, clock: Clock) -> None:
    grant, first = make(), clock()
    grants.about_to_use(grant.pk, first)
    clock.forward(60)
    grants.about_to_use(grant.pk, clock())
    assert Grant.objects.get().tried_at == first


@pytest.mark.parametrize(("refused", "ended"), [("a1", True), ("a0", False)])
def test_only_the_token_that_was_refused_is_spent(database: Config, clock: Clock, refused: str, ended: bool) -> None:
    grant = make()
    grants.spend(grant.pk, refused, clock())
    assert (Grant.objects.get().access_until is not None) is ended


def test_no_column_holds_a_token_as_it_is(database: Config) -> None:
    make()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM store_grant")
        row: tuple[Any, ...] = cursor.fetchone()
    assert not {"s3", "a1", "r1"} & {str(cell) for cell in row}
