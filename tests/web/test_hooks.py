"""The hooks' door: stored durably, then answered; every recorded delivery is taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from tests.fixtures_store import make_integration
from tests.shared_files import shared

from crosswalk.web import hooks


@dataclass
class Answer:
    """What the door said."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Sender:
    """Sends requests to the door as a server would, one after the other or all at once."""

    def __init__(self, door: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.door, self.loop = door, loop

    def __call__(self, path: str, *parts: bytes, method: str = "POST", query: bytes = b"", **headers: str) -> Answer:
        return self.loop.run_until_complete(self.request(path, *parts, method=method, query=query, **headers))

    def together(self, *bodies: bytes, path: str) -> list[Answer]:
        async def all_of_them() -> list[Answer]:
            return list(await asyncio.gather(*(self.request(path, body) for body in bodies)))

        return self.loop.run_until_complete(all_of_them())

    async def request(
        self, path: str, *parts: bytes, method: str = "POST", broken: bool = False, query: bytes = b"", **headers: str
    ) -> Answer:
        messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        messages.append({"type": "http.disconnect"} if broken else {"type": "http.request", "more_body": False})
        answer = Answer()

        async def receive() -> Any:
            return messages.pop(0)

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                answer.body += message["body"]

        raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": method, "path": path, "headers": raw, "query_string": query}
        await self.door(scope, receive, send)
        return answer


class Engine:
    """Counts how often it was woken; the jobs themselves are not of interest here."""

    def __init__(self) -> None:
        self.woken = 0

    def enqueue(self, key: str, kind: str, *, priority: int = 0, delay: float = 0.0) -> Any:
        self.woken += 1


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def send(database: Any, engine: Engine) -> Iterator[Sender]:
    from crosswalk.web.asgi import door

    loop = asyncio.new_event_loop()
    opened = door(engine)
    yield Sender(opened, loop)
    opened.close()
    loop.close()


@pytest.fixture
def boats(database: Any) -> Any:
    return make_integration("Boats", hook_secret="boats-secret")


def _kept() -> list[Any]:
    from crosswalk.store.models import HookDelivery

    return list(HookDelivery.objects.order_by("id"))


JIRA, AHA = "/hooks/jira/boats-secret", "/hooks/aha/boats-secret"


def _recorded() -> list[tuple[str, Path]]:
    root = Path(__file__).resolve().parents[3] / "shared" / "fixtures"
    return [
        *(("jira", path) for path in sorted(root.glob("jira-webhooks/*.json"))),
        *(("aha", path) for path in sorted(root.glob("aha/webhooks/*.json"))),
    ]


def test_there_are_recorded_deliveries() -> None:
    shared("fixtures/jira-webhooks")
    assert len(_recorded()) >= 65


@pytest.mark.parametrize(("side", "path"), _recorded(), ids=lambda value: getattr(value, "stem", value))
def test_every_recorded_delivery_is_kept_as_it_came(
    send: Sender, boats: Any, engine: Engine, side: str, path: Path
) -> None:
    body = path.read_bytes()
    answer = send(f"/hooks/{side}/boats-secret", body, content_type="application/json")
    assert answer.status == 202
    (kept,) = _kept()
    assert bytes(kept.body) == body
    assert (kept.integration_id, kept.side, kept.seen_at) == (boats.pk, side, None)
    assert engine.woken == 1


def test_it_is_in_the_database_before_it_is_answered(send: Sender, boats: Any) -> None:
    seen: list[int] = []

    async def watch() -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b"{}"}

        async def answer(message: Any) -> None:
            seen.append(await asyncio.to_thread(_count))

        await send.door({"type": "http", "method": "POST", "path": JIRA, "headers": []}, receive, answer)

    send.loop.run_until_complete(watch())
    send.loop.run_until_complete(send.loop.shutdown_default_executor())
    assert seen[0] == 1


def _count() -> int:
    from django.db import connections

    count = len(_kept())
    connections.close_all()
    return count


def test_when_a_hook_last_came_is_known(send: Sender, boats: Any) -> None:
    send(AHA, b"{}")
    boats.refresh_from_db()
    assert boats.hooked_at == _kept()[0].received_at


def test_the_same_delivery_sent_again_is_kept_once(send: Sender, boats: Any) -> None:
    for retry in ("", "1"):
        answer = send(JIRA, b"{}", x_atlassian_webhook_identifier="abc", x_atlassian_webhook_retry=retry)
        assert answer.status == 202
    assert len(_kept()) == 1


def test_the_same_identifier_at_another_address_is_another_delivery(send: Sender, boats: Any) -> None:
    make_integration("Cars", hook_secret="cars-secret")
    for path in (JIRA, AHA, "/hooks/jira/cars-secret"):
        assert send(path, b"{}", x_atlassian_webhook_identifier="abc").status == 202
    assert len(_kept()) == 3


def test_deliveries_that_come_together_are_all_kept(send: Sender, boats: Any, engine: Engine) -> None:
    bodies = [json.dumps({"timestamp": number}).encode() for number in range(100)]
    assert {answer.status for answer in send.together(*bodies, path=JIRA)} == {202}
    assert sorted(bytes(kept.body) for kept in _kept()) == sorted(bodies)
    assert engine.woken < 20  # they shared commits


@pytest.mark.parametrize("body", [b"", b"not json", b'{"half": ', b"\xff\xfe\x00", b"<html>", b"[]", b"null"])
def test_what_is_not_json_is_kept_and_answered_all_the_same(send: Sender, boats: Any, body: bytes) -> None:
    assert send(JIRA, body).status == 202
    assert bytes(_kept()[0].body) == body


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/jira/boats-secreT",
        "/hooks/jira/boats-secre",
        "/hooks/jira/",
        "/hooks/jira",
        "/hooks/",
        "/hooks/trello/boats-secret",
        "/hooks/jira/boats-secret-more/FAB-1",
        "/hooks/jira/../boats-secret",
        "/hooks/jira/\udcff",
        "/hooks/jira/" + "x" * 5000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_address_is_not_found(send: Sender, boats: Any, path: str, method: str) -> None:
    answer = send(path, b"{}", method=method)
    assert answer.status == 404
    assert not _kept()


def test_an_address_made_a_moment_ago_is_known(send: Sender, boats: Any) -> None:
    assert send(JIRA, b"{}").status == 202
    make_integration("Cars", hook_secret="cars-secret")
    send.door._secrets._every = send.door._secrets._took = 0.0
    assert send("/hooks/jira/cars-secret", b"{}").status == 202


def test_whoever_guesses_takes_a_tenth_of_the_time_that_hooks_are_stored_in() -> None:
    """With 5,000 integrations each look takes a while, and the thread that looks is the one that stores."""
    now, loads = [0.0], []

    def load() -> Any:
        loads.append(now[0])
        now[0] += 0.5
        return []

    async def guess() -> None:
        found = hooks.Secrets(load, clock=lambda: now[0])
        with ThreadPoolExecutor(1) as thread:
            while now[0] < 20:
                assert await found.find("a guess", thread) is None
                now[0] += 0.125

    asyncio.run(guess())
    assert loads == [0.0, 5.0, 10.0, 15.0]


def test_a_removed_integration_is_noticed_and_nothing_is_answered_that_was_not_kept(send: Sender, boats: Any) -> None:
    send.door._secrets._every = 0.0
    assert send(JIRA, b"1").status == 202
    boats.delete()
    refused = send(JIRA, b"2")
    assert refused.status == 503
    assert refused.headers["retry-after"] == "5"
    assert send(JIRA, b"2").status == 404


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_does_not_answer_has_it_sent_again(send: Sender, boats: Any, error: type[Exception]) -> None:
    """Not only what is stored needs it: whose an address is stands there, too, and is asked anew after a failure."""

    def gone(*_: object) -> Any:
        raise error("the connection is closed")

    door = send.door
    load, keep = door._secrets._load, door._keep
    door._secrets._load = gone
    refused = send(JIRA, b"1")
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    door._secrets._load = load
    assert send(JIRA, b"1").status == 202
    door._keep = gone
    assert send(JIRA, b"2").status == 503
    door._keep = keep
    assert send(JIRA, b"2").status == 202
    assert len(_kept()) == 2


def test_twenty_five_megabytes_are_the_limit_declared_or_not(send: Sender, boats: Any) -> None:
    from crosswalk.web.hooks import LARGEST

    assert send(JIRA, b"x" * LARGEST).status == 202
    assert send(JIRA, b"x" * LARGEST, b"x").status == 413
    assert send(JIRA, content_length=str(LARGEST + 1)).status == 413
    assert len(_kept()) == 1


def test_half_a_body_is_not_a_delivery(send: Sender, boats: Any) -> None:
    answer = send.loop.run_until_complete(send.request(JIRA, b'{"half"', broken=True))
    assert answer.status == 0
    assert not _kept()


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("PUT", 405), ("DELETE", 405)])
def test_a_person_who_opens_the_address_is_told_it_listens(send: Sender, boats: Any, method: str, status: int) -> None:
    answer = send(JIRA, method=method)
    assert answer.status == status
    assert not _kept()


def test_an_address_holds_nothing_that_no_database_keeps(send: Sender, boats: Any) -> None:
    """In one transaction with others, which would all have been told to come again."""
    assert send(f"{JIRA}/FAB\0-7").status == 202
    assert _kept()[0].headers == {":path": "FAB\ufffd-7"}


def test_credentials_in_headers_are_not_kept(send: Sender, boats: Any) -> None:
    send(JIRA, b"{}", authorization="Basic abc", cookie="x=y", x_api_key="k", user_agent="Jira")
    assert _kept()[0].headers == {"user-agent": "Jira"}


@pytest.mark.parametrize(
    ("behind", "query", "body", "kept"),
    [
        ("", b"issue_key=FAB-1", b"", "?issue_key=FAB-1"),
        ("/FAB-1", b"", b"", "FAB-1"),
        ("/FAB-1/", b"user_id=alice", b"", "FAB-1/?user_id=alice"),
        ("/", b"", b"", None),
        ("/FAB-1", b"issue_key=FAB-1", b"{}", None),
        ("", b"q=" + b"x" * 9000, b"", "?q=" + "x" * 497),
    ],
)
def test_what_stands_behind_the_secret_is_kept_where_there_is_no_body(
    send: Sender, boats: Any, behind: str, query: bytes, body: bytes, kept: str | None
) -> None:
    assert send(JIRA + behind, body, query=query).status == 202
    (one,) = _kept()
    assert one.headers.get(":path") == kept
    assert "boats-secret" not in repr((one.headers, one.identifier))


# ---- signatures

HUB = "sha256=" + hmac.new(b"sealed", b"{}", hashlib.sha256).hexdigest()


@pytest.fixture
def sealed(database: Any) -> Any:
    return make_integration("Boats", hook_secret="boats-secret", hook_signature="sealed")


def _told() -> list[tuple[str, str]]:
    from crosswalk.store.models import JournalEntry

    return [(line.code, line.what) for line in JournalEntry.objects.order_by("id")]


def test_a_hook_with_the_right_signature_is_kept_and_from_then_on_all_have_one(send: Sender, sealed: Any) -> None:
    assert send(JIRA, b"{}").status == 202, "a webhook may have no secret"
    assert send(JIRA, b"{}", x_hub_signature=HUB).status == 202
    sealed.refresh_from_db()
    assert sealed.hooks_signed
    before = len(_kept())
    assert send(JIRA, b'{"a": 1}').status == 401
    assert len(_kept()) == before
    assert _told() == [("W6", "A hook of Jira's is not signed any more.")]


def test_a_wrong_signature_is_refused_and_told_once_in_an_hour(send: Sender, sealed: Any) -> None:
    assert send(JIRA, b"{} ", x_hub_signature=HUB).status == 401
    assert send(JIRA, b"{}", x_hub_signature=HUB[:-1]).status == 401
    assert send(JIRA, b"{}", x_hub_signature="sha1=1").status == 401
    assert _kept() == []
    assert _told() == [("W6", "A hook of Jira's is signed with another secret, or was changed on its way.")]
    assert send(JIRA, b"{}", x_hub_signature=HUB).status == 202


def test_who_is_no_jira_signs_nothing(send: Sender, sealed: Any) -> None:
    assert send(JIRA, b"{}", x_hub_signature=HUB).status == 202
    assert send(AHA, b"{}").status == 202


def test_a_signature_that_nobody_agreed_on_is_not_looked_at(send: Sender, boats: Any) -> None:
    assert send(JIRA, b"{}", x_hub_signature="sha256=00").status == 202


def test_what_another_process_learned_counts_within_a_minute(send: Sender, sealed: Any, engine: Engine) -> None:
    from crosswalk.store.models import Integration

    assert send(JIRA, b"{}").status == 202
    Integration.objects.update(hooks_signed=True)
    send.door._secrets._loaded_at -= hooks.FRESH
    assert send(JIRA, b'{"a": 1}').status == 401


def test_the_webhook_of_an_app_is_never_signed_so(send: Sender, sealed: Any) -> None:
    from crosswalk.store.grant_models import Grant

    Grant.objects.create(connection=sealed.jira, client_id="x", client_secret="y")
    type(sealed).objects.update(hooks_signed=True)
    assert send(JIRA, b"{}").status == 202
