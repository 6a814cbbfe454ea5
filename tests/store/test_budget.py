"""The shared budget: limits hold across threads and processes; the request log says how requests went."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from django.db import connections
from tests.fixtures_store import make_integration
from tests.processes import at_once, environment

from crosswalk.config import Config
from crosswalk.errors import NotSignedIn
from crosswalk.remote.budget import Limit
from crosswalk.store import budget
from crosswalk.store.budget import MARGIN, SharedBudget
from crosswalk.store.models import RequestEntry

NOON = 1_795_000_000.0
AHA = (Limit(300, 60), Limit(20, 1))


def still() -> float:
    """Nobody waits."""
    return 0.0


@dataclass(frozen=True)
class Sent:
    """A request, as the log sees it."""

    call: str


@dataclass(frozen=True)
class Exchange:
    """A request as it went."""

    request: Sent
    status: int
    seconds: float
    error: str = ""
    sent: str = ""
    got: str = ""


def go(shared: SharedBudget, now: float) -> float:
    """Send at `now` if that may be, and be answered at once; how long to wait where it may not."""
    if not (wait := shared.take(now)):
        shared.record(Exchange(Sent("GET /"), 200, 0.0))
    return wait


def most(moments: Sequence[float], window: float) -> int:
    """The most of `moments` that lie in any `window` seconds."""
    ordered, first, found = sorted(moments), 0, 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] >= window:
            first += 1
        found = max(found, last - first + 1)
    return found


def test_a_window_has_room_for_so_many_and_says_how_long_to_wait(each_database: Config) -> None:
    shared = SharedBudget("a", (Limit(3, 10),), margin=0, elapsed=still)
    assert [go(shared, NOON + second) for second in (0, 1, 2)] == [0, 0, 0]
    assert go(shared, NOON + 4) == pytest.approx(6)
    assert go(shared, NOON + 10) == 0
    assert go(shared, NOON + 10.5) == pytest.approx(0.5)
    assert RequestEntry.objects.count() == 4


def test_the_strictest_limit_counts(each_database: Config) -> None:
    shared = SharedBudget("a", (Limit(4, 60), Limit(2, 1)), margin=0, elapsed=still)
    assert [go(shared, NOON), go(shared, NOON)] == [0, 0]
    assert go(shared, NOON) == pytest.approx(1)
    assert [go(shared, NOON + 1), go(shared, NOON + 1)] == [0, 0]
    assert go(shared, NOON + 2) == pytest.approx(58)


def test_all_limits_are_one_question(each_database: Config) -> None:
    """Each request asks: what it says and asks is told anew to the database, and adds up."""
    from django.test.utils import CaptureQueriesContext

    told = []
    for limits in ((Limit(9, 60),), (Limit(9, 60), Limit(9, 1), Limit(9, 3600))):
        with CaptureQueriesContext(connections["default"]) as queries:
            assert SharedBudget("a", limits, elapsed=still).take(NOON) == 0
        told.append([one["sql"].split()[0] for one in queries if "store_requestentry" in one["sql"]])
    assert told == [["SELECT", "INSERT"]] * 2


def test_accounts_do_not_share(each_database: Config) -> None:
    one, other = (SharedBudget(name, (Limit(1, 60),), elapsed=still) for name in ("one", "other"))
    assert (go(one, NOON), go(other, NOON)) == (0, 0)
    assert go(one, NOON) == pytest.approx(60 + MARGIN)


def test_two_budgets_of_one_account_share(each_database: Config) -> None:
    first, second = (SharedBudget("one", (Limit(1, 60),), elapsed=still) for _ in range(2))
    assert go(first, NOON) == 0
    assert go(second, NOON) > 0


def test_a_clock_that_was_set_back_does_not_stop_the_work(database: Config) -> None:
    shared = SharedBudget("a", (Limit(1, 60),), elapsed=still)
    assert go(shared, NOON + 86_400) == 0
    assert go(shared, NOON) == 0


def test_a_request_counts_when_it_may_have_arrived(each_database: Config) -> None:
    """It was held up: the server counts it when it comes, long after its right was taken."""
    now = [0.0]
    slow, quick = (SharedBudget("a", (Limit(1, 1),), margin=0, elapsed=lambda: now[0]) for _ in range(2))
    assert slow.take(NOON) == 0
    now[0] = 1.5
    assert quick.take(NOON + 1.5) == budget.CROWDED, "it may arrive just now"
    slow.record(Exchange(Sent("GET /"), 200, 0.1))
    assert quick.take(NOON + 1.5) == pytest.approx(1)
    assert quick.take(NOON + 2.5) == 0
    now[0] += budget.ON_ITS_WAY + 0.9
    assert slow.take(NOON + 3.4 + budget.ON_ITS_WAY) == budget.CROWDED, "it may have arrived at the last moment"
    now[0] += 0.1
    assert slow.take(NOON + 3.5 + budget.ON_ITS_WAY) == 0, "whoever was killed is not waited for for ever"


def test_what_a_killed_process_sent_stays_in_the_window(each_database: Config) -> None:
    """The server counts it for the whole window from when it came, whether or not anybody heard the answer."""
    now = [0.0]
    killed, other = (SharedBudget("a", (Limit(3, 60),), margin=0, elapsed=lambda: now[0]) for _ in range(2))
    assert [killed.take(NOON) for _ in range(2)] == [0, 0]  # both are without an answer for ever
    assert go(other, NOON) == 0
    for second in (1, 31, 59):
        now[0] = second
        assert other.take(NOON + second) > 0, f"after {second} seconds the server still counts three"
    now[0] = 60
    assert go(other, NOON + 60) == 0, "the one that was answered has left the window"
    assert other.take(NOON + 60) > 0, "the others may have come until half a minute after their rights were taken"
    now[0] = 60 + budget.ON_ITS_WAY
    assert other.take(NOON + 60 + budget.ON_ITS_WAY) == 0


def test_of_a_narrow_connection_few_are_on_their_way(each_database: Config) -> None:
    """However many processes there are; and none where it is paused, which is looked at when the way is free."""
    pk, now, why = make_integration().jira.pk, [0.0], [""]
    one, other = (
        SharedBudget("a", (), connection_id=pk, margin=0, elapsed=lambda: now[0]) for _ in ("a process", "another")
    )
    for shared in (one, other):
        shared.narrow(1, lambda: why[0])
    assert SharedBudget("a", (), elapsed=still).take(NOON) == 0, "another connection of the account counts for itself"
    assert one.take(NOON) == 0
    assert other.take(NOON) == budget.CROWDED
    why[0] = "The password is wrong."
    assert other.take(NOON) == budget.CROWDED, "the answer may be that it is not"
    one.record(Exchange(Sent("GET /"), 401, 0.1))
    before = RequestEntry.objects.count()
    with pytest.raises(NotSignedIn, match="The password is wrong"):
        other.take(NOON)
    assert RequestEntry.objects.count() == before, "what is not sent is not counted"
    why[0] = ""
    assert other.take(NOON) == 0
    now[0] = budget.ON_ITS_WAY
    assert one.take(NOON + now[0]) == 0, "whoever was killed is not waited for for ever"


def test_the_time_a_right_was_waited_for_counts(database: Config) -> None:
    ticks = iter([100.0, 107.0])
    SharedBudget("a", AHA, elapsed=lambda: next(ticks)).take(NOON)
    assert RequestEntry.objects.get().at == NOON + 7


def test_the_log_says_how_it_went(each_database: Config) -> None:
    connection_id = make_integration().aha.pk
    shared = SharedBudget("aha test.aha.io", (), connection_id=connection_id)
    shared.record(Exchange(Sent("GET /nothing-was-taken"), 200, 0.1))
    for exchange in (
        Exchange(Sent("GET /api/v1/me"), 200, 0.25),
        Exchange(Sent("PUT /" + "x" * 400), 0, 30.0, "no answer " * 100),
    ):
        assert shared.take(NOON) == 0
        shared.record(exchange)
        shared.record(Exchange(Sent("GET /a-second-time"), 500, 9.9))
    late, early = budget.recent(connection_id)
    assert (early.call, early.status, early.seconds, early.error) == ("GET /api/v1/me", 200, 0.25, "")
    assert (len(late.call), late.status, len(late.error)) == (300, 0, 500)
    assert budget.recent(connection_id, 1) == [late]


def test_old_rows_are_pruned(database: Config) -> None:
    shared = SharedBudget("a", (), elapsed=still)
    for second in range(5):
        go(shared, NOON + second)
    assert budget.prune(NOON + 3, NOON) == 3
    assert RequestEntry.objects.count() == 2


def test_threads_never_exceed_a_limit(each_database: Config) -> None:
    shared, sent = SharedBudget("a", (Limit(10, 0.5),), margin=0), Counter[bool]()

    def send() -> None:
        try:
            while sent[True] < 25:
                wait = go(shared, time.time())
                sent[not wait] += 1
                time.sleep(min(wait, 0.05))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments = list(RequestEntry.objects.values_list("at", flat=True))
    # However busy the machine: none more than are allowed, and somebody had to wait.
    assert most(moments, 0.5) <= 10
    assert len(moments) >= 25
    assert sent[False]


@contextlib.contextmanager
def processes(config: Config, count: int, *arguments: str) -> Iterator[list[float]]:
    """Run so many, let them begin together, and give the moments at which they would have sent."""
    with at_once("tests.store.budget_process", arguments, environment(config), count) as started:
        moments = [float(line) for process in started for line in process.stdout or ()]
        assert [process.wait(60) for process in started] == [0] * count
        yield moments


@pytest.mark.acceptance
def test_processes_never_exceed_300_a_minute(each_database: Config) -> None:
    # The clock runs 30 times as fast: a minute and a half in three seconds.
    with processes(each_database, 3, "30", "3", "300:60", "20:1") as sent:
        moments = list(RequestEntry.objects.values_list("at", flat=True))
        # However busy the machine: enough were sent that the limits stood in their way.
        assert len(moments) == len(sent) > 20
        assert most(moments, 60) <= 300
        assert most(moments, 1) <= 20


@pytest.mark.acceptance
def test_processes_never_exceed_20_a_second_when_they_really_send(database: Config) -> None:
    with processes(database, 3, "1", "2.8", "300:60", "20:1") as sent:
        assert most(sent, 1) <= 20
        assert len(sent) > 20
