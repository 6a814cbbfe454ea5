"""Which request belongs to which line of the journal, and how long what is kept."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.fixtures_store import make_integration, make_pair

from crosswalk.config import Config
from crosswalk.errors import Overtaken
from crosswalk.store import budget, exchanges
from crosswalk.store.budget import CUT, SharedBudget
from crosswalk.store.ledger import DjangoLedger
from crosswalk.store.models import JournalEntry, RequestEntry

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AT = NOON.timestamp()


@dataclass(frozen=True)
class Sent:
    call: str


@dataclass(frozen=True)
class Exchange:
    request: Sent
    status: int = 200
    seconds: float = 0.1
    error: str = ""
    sent: str = "sent"
    got: str = "got"


def test_a_run_that_was_overtaken_sends_no_more_requests(each_database: Config) -> None:
    """Not only its next write is refused: reaching a status takes several requests."""
    pair, ledger = make_pair(make_integration(), NOON), DjangoLedger(lambda: NOON)
    shared = SharedBudget("aha example.aha.io", (), elapsed=lambda: 0.0)
    with exchanges.of_runs():
        ledger.begin(pair.pk)
        assert shared.take(AT) == 0
        newer = contextvars.copy_context()
        newer.run(ledger.begin, pair.pk)
        with pytest.raises(Overtaken):
            shared.take(AT)
        assert newer.run(shared.take, AT) == 0


def test_a_request_knows_the_run_that_sent_it_and_no_other(each_database: Config) -> None:
    integration = make_integration()
    pair = make_pair(integration, NOON)
    ledger, shared = DjangoLedger(lambda: NOON), SharedBudget("a", (), connection_id=integration.aha.pk)

    def send(call: str) -> tuple[int | None, int | None]:
        shared.take(AT)
        shared.record(Exchange(Sent(call)))
        row = RequestEntry.objects.latest("id")
        return row.pair, row.run

    assert send("GET /before") == (None, None)
    with exchanges.of_runs():
        assert send("GET /not-begun") == (None, None)
        run, _ = ledger.begin(pair.pk)
        assert send("PUT /x") == (pair.pk, run.fence)
    ledger.begin(pair.pk)
    assert send("GET /a-poll") == (None, None)


def test_no_text_holds_the_accounts_own_secret_or_more_than_is_stated(each_database: Config) -> None:
    shared = SharedBudget("a", (), hidden=("k3y-of-ours", ""))
    shared.take(AT)
    texts = ("k3y-of-ours?", "k3y-of-ours", "k3y-of-ours\0" + "x" * 2 * CUT)
    shared.record(Exchange(Sent("GET /x?k=k3y-of-ours"), 400, 0.1, *texts))
    row = RequestEntry.objects.get()
    assert "k3y-of-ours" not in f"{row.call}{row.error}{row.sent}{row.got}"
    assert (row.sent, len(row.got), row.got[-1]) == ("••••", CUT, "…")


@pytest.fixture
def world(database: Config) -> Callable[..., JournalEntry]:
    """A run of a pair with five requests; makes a line of it, some seconds after its begin."""
    integration = make_integration()
    parent = make_pair(integration, NOON, left_id="1")
    child = make_pair(integration, NOON, left_id="2", parent=parent)
    aha, jira = integration.aha_id, integration.jira_id
    for at, connection, call, error in (
        (0, aha, "GET /features/1", ""),
        (1, jira, "POST /rest/api/3/search/jql", ""),
        (2, aha, "PUT /features/1", ""),
        (4, jira, "PUT /issue/1", "No answer came."),
        (5, jira, "PUT /issue/1", ""),
        (8, jira, "POST /issue/1/comment", ""),
    ):
        RequestEntry.objects.create(
            at=AT + at, connection_id=connection, call=call, seconds=0.5, error=error, pair=parent.pk, run=7
        )

    def line(seconds: float, **fields: Any) -> JournalEntry:
        given = {"integration": integration, "pair": parent, "run": 7, **fields}
        if given.pop("below", False):
            given["pair"] = child
        return JournalEntry.objects.create(at=NOON + timedelta(seconds=seconds), what="It.", **given)

    return line


@pytest.mark.parametrize(
    ("seconds", "fields", "calls"),
    [
        (1.9, {"side": "left"}, ["PUT /features/1"]),
        (3.9, {"side": "right"}, ["PUT /issue/1", "PUT /issue/1"]),  # with its repeat
        (7.9, {"side": "right"}, ["POST /issue/1/comment"]),
        (8.6, {"side": "right"}, ["POST /issue/1/comment"]),  # a line after its write
        (3.9, {"side": "right", "below": True}, ["PUT /issue/1", "PUT /issue/1"]),
        (3.9, {"side": "right", "level": "warning", "kept": '"old"'}, ["PUT /issue/1", "PUT /issue/1"]),
        (9.0, {"level": "error"}, ["PUT /issue/1", "PUT /issue/1"]),  # what failed
        (9.0, {"side": "left", "level": "warning"}, ["PUT /features/1"]),
        (9.0, {}, []),  # about no request
        (1.9, {"side": "left", "run": 8}, []),
        (1.9, {"side": "left", "run": None}, []),
        (5000, {"side": "left"}, []),  # a run of that number, but another time
    ],
)
def test_the_requests_that_a_line_is_about(
    world: Callable[..., JournalEntry], seconds: float, fields: dict[str, Any], calls: list[str]
) -> None:
    line = world(seconds, **fields)
    found = exchanges.meant(line, exchanges.of_lines([line]).get(line.pk, []))
    assert [row.call for row in found] == calls
    assert exchanges.having([line]) == ({line.pk} if calls else set())


def test_reads_go_before_what_changed_something_or_failed(each_database: Config) -> None:
    for day, lasting in ((40, True), (40, False), (10, True), (10, False), (1, False)):
        RequestEntry.objects.create(at=AT - day * 86_400, lasting=lasting, sent="x", got="y")
    budget.prune(AT - 2 * 86_400, AT - 30 * 86_400)
    left = {(round((AT - row.at) / 86_400), row.lasting) for row in RequestEntry.objects.all()}
    assert left == {(10, True), (1, False)}


def test_so_many_are_kept_and_no_more(database: Config) -> None:
    rows = [RequestEntry(at=AT - n, lasting=n % 2 == 0, sent="x", got="y") for n in range(40)]
    RequestEntry.objects.bulk_create(rows)
    budget.prune(AT - 20, AT - 100, most=(5, 15))
    left = list(RequestEntry.objects.order_by("-at"))
    assert [round(AT - row.at) for row in left if row.lasting] == list(range(0, 30, 2))  # 15
    assert [round(AT - row.at) for row in left if row.sent and not row.lasting] == [1, 3, 5, 7, 9]
    assert [round(AT - row.at) for row in left if not row.lasting] == list(range(1, 20, 2))
