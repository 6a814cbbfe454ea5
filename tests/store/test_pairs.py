"""Many pairs at once: what is due, what was touched, how many are in which state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.engine.embedded import taken
from crosswalk.errors import Overtaken
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import asked, pairs
from crosswalk.store.ledger import DjangoLedger
from crosswalk.store.models import Job, Pair

MINUTE = timedelta(minutes=1)


def settled(pair_id: int, clock: Clock) -> None:
    ledger = DjangoLedger(clock)
    run, _ = ledger.begin(pair_id)
    ledger.settle(run, "agreed")


def due(clock: Clock) -> list[int]:
    return [found.pair_id for found in pairs.due_pairs(clock(), 100, taken())]


def test_only_what_is_dirty_and_whose_moment_came_is_due(each_database: Config, clock: Clock) -> None:
    integration = make_integration()
    late, early, clean, later = (make_pair(integration, clock() + MINUTE * shift).pk for shift in (0, -2, -3, 1))
    settled(clean, clock)
    assert due(clock) == [early, late]
    assert [found.pair_id for found in pairs.due_pairs(clock(), 1, taken())] == [early]
    clock.forward(61)
    assert due(clock) == [early, late, later]


def test_a_pair_that_has_a_job_is_left_to_it(each_database: Config, clock: Clock) -> None:
    integration = make_integration()
    waiting, running, free = (make_pair(integration, clock()).pk for _ in range(3))
    Job.objects.create(key=pairs.key_of(waiting), kind="pair", due_at=clock(), state="todo")
    Job.objects.create(key=pairs.key_of(running), kind="pair", due_at=clock(), state="doing")
    assert due(clock) == [free]


def test_urgent_pairs_come_first(each_database: Config, clock: Clock) -> None:
    integration = make_integration()
    early, asked = make_pair(integration, clock() - MINUTE).pk, make_pair(integration, clock()).pk
    pairs.mark_dirty([asked], clock(), urgent=True)
    assert pairs.due_pairs(clock(), 9, taken()) == [pairs.Due(asked, True), pairs.Due(early, False)]
    assert pairs.pair_of_key(pairs.due_pairs(clock(), 9, taken())[0].key) == asked


def test_what_is_off_or_paused_waits(each_database: Config, clock: Clock) -> None:
    off, paused, on = make_integration("Off", enabled=False), make_integration("Paused"), make_integration("On")
    paused.jira.paused = "The token was refused."
    paused.jira.save()
    expected = [make_pair(integration, clock()).pk for integration in (off, paused, on)]
    assert due(clock) == expected[2:]
    paused.jira.paused = ""
    paused.jira.save()
    assert due(clock) == expected[1:]


def test_marking_moves_the_moment_only_forward(each_database: Config, clock: Clock) -> None:
    integration = make_integration()
    clean, dirty, soon = (make_pair(integration, clock() + MINUTE * shift).pk for shift in (0, 5, -1))
    settled(clean, clock)
    clock.forward(60)
    assert pairs.mark_dirty([clean, dirty, soon, 987_654], clock()) == 3
    rows = {row.pk: row for row in Pair.objects.all()}
    assert [rows[pair_id].due_at for pair_id in (clean, dirty)] == [clock(), clock()]
    assert rows[soon].due_at == clock() - MINUTE * 2
    assert [(row.dirty, row.done) for row in (rows[clean], rows[dirty])] == [(2, 1), (2, 0)]
    assert pairs.mark_dirty([], clock()) == 0


def test_a_parked_pair_rests_until_something_changes(each_database: Config, clock: Clock) -> None:
    pair_id = make_pair(make_integration(), clock()).pk
    ledger = DjangoLedger(clock)
    run, _ = ledger.begin(pair_id)
    pairs.park([pair_id], "The project is gone.", "Choose another.")
    with pytest.raises(Overtaken):
        ledger.guard(run)
    row = Pair.objects.get(pk=pair_id)
    assert (row.state, row.reason, row.remedy) == ("parked", "The project is gone.", "Choose another.")
    assert due(clock) == []
    pairs.mark_dirty([pair_id], clock())
    assert due(clock) == [pair_id]


def test_a_person_can_have_it_tried_again(each_database: Config, clock: Clock) -> None:
    pair_id = make_pair(make_integration(), clock()).pk
    ledger = DjangoLedger(clock)
    run, _ = ledger.begin(pair_id)
    ledger.postpone(run, clock() + MINUTE * 60, "busy")
    assert due(clock) == []
    pairs.retry([pair_id], clock())
    assert due(clock) == [pair_id]
    pairs.park([pair_id], "no")
    pairs.retry([pair_id], clock())
    row = Pair.objects.get(pk=pair_id)
    assert (row.state, row.tries, row.urgent) == ("waiting", 0, True)
    assert due(clock) == [pair_id]


def test_records_lead_to_their_pairs(each_database: Config, clock: Clock) -> None:
    ours, other = make_integration("Ours"), make_integration("Other")
    issue, feature = Ref("issue", "10001", "DEMO-1"), Ref("feature", "71")
    pair = make_pair(ours, clock(), left_kind="feature", left_id="71", right_kind="issue", right_id="10001")
    make_pair(other, clock(), right_kind="issue", right_id="10002")
    asked = [issue, Ref("issue", "10002"), Ref("version", "10001")]
    assert pairs.pairs_for_refs(ours.pk, Side.RIGHT, asked) == {issue: pair.pk}
    assert pairs.pairs_for_refs(ours.pk, Side.LEFT, [feature]) == {feature: pair.pk}
    assert pairs.pairs_for_refs(ours.pk, Side.LEFT, []) == {}
    view = pairs.get(pair.pk)
    assert view is not None
    assert (view.left, view.right) == (feature, issue)
    assert pairs.get(987_654) is None


def test_counts_in_one_query(each_database: Config, clock: Clock) -> None:
    ours, other = make_integration("Ours"), make_integration("Other")
    for _ in range(2):
        settled(make_pair(ours, clock()).pk, clock)
    make_pair(ours, clock())
    make_pair(other, clock())
    with CaptureQueriesContext(connection) as queries:
        found = pairs.counts()
    assert len(queries) == 1
    assert found == {ours.pk: {"agreed": 2, "new": 1, "dirty": 1}, other.pk: {"new": 1, "dirty": 1}}
    assert pairs.counts(other.pk) == {other.pk: {"new": 1, "dirty": 1}}


def test_finding_what_is_due_among_many_uses_the_indexes(database: Config, clock: Clock) -> None:
    integration = make_integration()
    Pair.objects.bulk_create(
        Pair(integration=integration, kind="feature", due_at=clock(), dirty=1, done=1) for _ in range(2_000)
    )
    plan = Pair.objects.filter(~pairs.CLEAN, due_at__lte=clock()).explain()
    assert "pair_due" in plan
    plan = Job.objects.filter(key="pair:1", state="todo").explain()
    assert "job_key" in plan


def test_what_each_record_of_a_load_is_asked_about_uses_the_indexes(database: Config, clock: Clock) -> None:
    """A question that looks at every pair made a load of ten thousand features a hundred times slower at its end."""
    integration = make_integration()
    ends = {"left_id": "1", "left_kind": "epic", "right_id": "10001", "right_kind": "issue", "right_key": "FAB-1"}
    pair = make_pair(integration, clock(), kind="epic", **ends)
    ends = {"left_id": "2", "left_kind": "release", "right_id": "7", "right_kind": "version", "right_key": "1.0"}
    make_pair(integration, clock(), kind="release", **ends)
    with CaptureQueriesContext(connection) as queries:
        for left, right in (("1", None), (None, "10001"), (None, "FAB-1"), ("1", "10001")):
            assert {one.pk for one in asked.above(integration.pk, "epic", left, right)} == {pair.pk}
        assert asked.above(integration.pk, "feature", "1", "10001") == []
        assert asked.versions(integration.pk) == [("2", "7", "1.0")]
    for query in list(queries):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            (plan,) = (row[-1] for row in cursor.fetchall())
        assert "_kind=?" in plan, (plan, query["sql"])


def test_where_records_in_step_differ_is_kept_and_counted(each_database: Config, clock: Clock) -> None:
    from crosswalk.web.reading import FILTERS, counts_of, filter_counts, overview

    integration = make_integration()
    ids = [make_pair(integration, clock(), dirty=1, done=1, state="agreed").pk for _ in range(4)]
    late = DjangoLedger(clock).begin(ids[3])[0]
    pairs.differ({pk: (0, names) for pk, names in zip(ids, (["Status"], ["Größe"], [], ["Name"]), strict=True)})
    assert late.fence == 1, "what a run has looked at since is left to it"
    assert list(Pair.objects.order_by("pk").values_list("apart", flat=True)) == [["Status"], ["Größe"], None, None]
    assert [one.pk for one in Pair.objects.filter(FILTERS["except"][1]).order_by("pk")] == ids[:2]
    found, shown = filter_counts(integration, "feature")
    assert (found.agreed, found.apart, shown["agreed"], shown["except"]) == (4, 2, 4, 2)
    pairs.mark_dirty(ids[:1], clock())
    pairs.hold(ids[1:2], "paused")
    assert counts_of([integration])[integration.pk].apart == 0, "neither is shown as in step"
    assert [card.counts.apart for card in overview()] == [0]
    with CaptureQueriesContext(connection) as queries:
        pairs.differ({})
    assert len(queries) == 0, "nobody waits for nothing"
    pairs.differ({ids[1]: (1, ())})
    assert Pair.objects.filter(pk=ids[1], apart__isnull=True).exists()


def test_those_that_differ_are_found_by_their_index(database: Config, clock: Clock) -> None:
    from crosswalk.web.reading import APART, GROUPED

    integration = make_integration()
    Pair.objects.bulk_create(
        Pair(integration=integration, kind="feature", due_at=clock(), dirty=1, done=1, apart=["A"] if one else None)
        for one in (*[0] * 2_000, 1)
    )
    for some in (Pair.objects.all(), integration.pairs.all(), integration.pairs.filter(kind="feature")):
        found = some.filter(APART).order_by().values_list(*GROUPED).annotate(all=Count("*"))
        assert "pair_apart" in found.explain(), str(found.query)
