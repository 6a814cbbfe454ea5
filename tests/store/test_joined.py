"""Rows that plain SQL gives are those that Django gives."""

from __future__ import annotations

from django.db import models
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.store import inbox, joined
from crosswalk.store.models import Connection, HookDelivery, Integration, Pair


def values(row: models.Model) -> dict[str, object]:
    return {field.attname: repr(getattr(row, field.attname)) for field in row._meta.concrete_fields}


def test_an_integration_and_a_pair_are_whole_with_both_connections(each_database: Config, clock: Clock) -> None:
    one = make_integration()
    Integration.objects.filter(pk=one.pk).update(mapping={"types": {}}, enabled=True, polled_at=clock())
    Connection.objects.filter(pk=one.jira_id).update(paused="It is ill.", server={"site": "https://x.example"})
    pair = make_pair(one, clock(), base={"name": [1, None]}, urgent=True)
    with_both = Integration.objects.select_related("aha", "jira").get(pk=one.pk)
    found, of_pair = joined.integration(one.pk), joined.pair(pair.pk)
    assert found is not None
    assert of_pair is not None
    assert values(of_pair) == values(Pair.objects.get(pk=pair.pk))
    for read in (found, of_pair.integration):
        assert values(read) == values(with_both)
        assert values(read.aha) == values(with_both.aha)
        assert values(read.jira) == values(with_both.jira)
        assert read.jira.secret.reveal() == with_both.jira.secret.reveal()
    assert joined.integration(0) is joined.pair(0) is None
    assert joined.servers("jira") == [(one.jira_id, with_both.jira.address, {"site": "https://x.example"})]
    assert (joined.connected(one.pk, "jira"), joined.connected(0, "jira")) == (one.jira_id, None)
    assert joined.over([one.jira_id], "jira") == joined.over([one.aha_id], "aha") == (one.pk,)
    assert joined.over([one.jira_id], "aha") == ()


def test_hooks_nobody_looked_at_are_read_oldest_first(each_database: Config, clock: Clock) -> None:
    assert inbox.newest() == 0
    for number in range(3):
        inbox.keep(inbox.Delivery("aha", b"{}", clock(), str(number), None, {"x": "y"}))
    first, second, last = HookDelivery.objects.order_by("id")
    inbox.mark_seen({first.pk: "looked at"}, clock())
    assert inbox.newest() == last.pk
    assert [values(one) for one in inbox.unseen()] == [values(one) for one in (second, last)]
    assert [one.pk for one in inbox.unseen(upto=second.pk)] == [one.pk for one in inbox.unseen(1)] == [second.pk]
