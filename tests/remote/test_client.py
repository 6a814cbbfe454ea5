"""Sending: what is waited for, what is repeated, what is never repeated, and what is said when nothing helps."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.errors import RemoteError
from crosswalk.remote import request as remote
from crosswalk.remote.budget import Budget, Limit, LocalBudget, Unlimited, unhurried
from crosswalk.remote.client import (
    ATTEMPTS,
    IN_TURN,
    LONGEST_WAIT,
    PROVEN,
    Account,
    Client,
    Exchange,
    Surroundings,
    connect,
    pause,
)
from crosswalk.remote.request import Answer, File, Request
from tests.remote.servers import HANG_UP, Script, answer, certificate, refused_address, serving

READ = Request("GET", "/thing", query=(("a", "1"), ("a", "2")), about="read")
CREATE = Request("POST", "/thing", body={"name": "x"}, repeatable=False, about="make")


@dataclass
class Around:
    """A clock that moves only by sleeping, and a log."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list)
    log: list[Exchange] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def values(self) -> Surroundings:
        return Surroundings(now=lambda: self.at, sleep=self.sleep, chance=lambda: 0.5, log=self.log.append)


def words(data: Any) -> tuple[str, Mapping[str, str]]:
    return (str(data.get("message", "")), data.get("fields", {})) if isinstance(data, dict) else ("", {})


def understand(request: Request, got: Answer) -> Any:
    return remote.understand(request, got, words, lambda _request, _answer: None)


@contextmanager
def client(url: str, around: Around, budget: Budget | None = None, **account: Any) -> Iterator[Client]:
    opened = connect(
        Account(url, "", "secret-1", **{"allow_private": True, **account}),
        {"Authorization": "Bearer secret-1"},
        understand,
        budget or Unlimited(),
        around.values(),
    )
    try:
        yield opened
    finally:
        opened.close()


def sent(request: Request, *answers: bytes, around: Around | None = None) -> tuple[Any, Script, Around]:
    """The data (or the error) of one request to a server that gives `answers`."""
    around = around or Around()
    with serving(*answers) as script, client(script.url, around) as opened:
        try:
            return opened.send(request), script, around
        except RemoteError as error:
            return error, script, around


# ---- what is sent ----


def test_a_request_goes_out_as_it_was_built() -> None:
    data, script, around = sent(READ, answer(200, {"ok": True}))
    assert data == {"ok": True}
    head = script.asked[0].decode()
    assert head.startswith("GET /thing?a=1&a=2 HTTP/1.1")
    assert "authorization: bearer secret-1" in head.lower()
    assert "user-agent: crosswalk/" in head.lower()
    assert "mozilla" not in head.lower()
    assert head.endswith("\r\n\r\n"), "a GET has no body"
    (line,) = around.log
    assert (line.status, line.error, line.request) == (200, "", READ)


def test_a_base_address_with_a_path_keeps_it() -> None:
    around = Around()
    with serving(answer()) as script, client(f"{script.url}/ex/jira/cloud-1/", around) as opened:
        opened.send(READ)
        assert opened.address.endswith("/ex/jira/cloud-1")
    assert script.lines == ["GET /ex/jira/cloud-1/thing?a=1&a=2 HTTP/1.1"]


def test_a_body_is_json_and_a_file_is_a_part() -> None:
    _, script, _ = sent(CREATE, answer(201))
    assert script.asked[0].endswith(b'{"name":"x"}')
    upload = Request("POST", "/files", files=(File("file", "a.txt", "text/plain", b"hello"),), headers={"X-Thing": "1"})
    _, script, _ = sent(upload, answer(200))
    assert b'name="file"; filename="a.txt"' in script.asked[0]
    assert b"x-thing: 1" in script.asked[0].lower()


# ---- what is waited for and repeated ----


def test_a_limit_is_waited_for_as_long_as_the_server_asks_even_with_a_create() -> None:
    data, script, around = sent(CREATE, answer(429, retry_after="7"), answer(201, {"id": 1}))
    assert data == {"id": 1}
    assert len(script.asked) == 2
    (slept,) = around.slept
    assert 7 <= slept <= 7.25
    assert [line.status for line in around.log] == [429, 201]


def test_a_longer_limit_goes_back_to_the_caller() -> None:
    error, script, around = sent(READ, answer(429, retry_after="60"))
    assert isinstance(error, errors.TooMany)
    assert error.wait == 60
    assert len(script.asked) == 1
    assert around.slept == []


def test_a_limit_without_a_time_is_asked_again_a_few_times() -> None:
    error, script, _ = sent(READ, answer(429))
    assert isinstance(error, errors.TooMany)
    assert len(script.asked) == ATTEMPTS


def test_a_read_is_repeated_after_a_server_fault() -> None:
    data, script, around = sent(READ, answer(503), answer(502, b"<html>", "text/html"), answer(200, {"ok": 1}))
    assert data == {"ok": 1}
    assert len(script.asked) == 3
    assert around.slept == sorted(around.slept)


def test_a_read_is_repeated_after_a_lost_answer() -> None:
    data, script, _ = sent(READ, HANG_UP, answer(200, {"ok": 1}))
    assert data == {"ok": 1}
    assert len(script.asked) == 2


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (HANG_UP, errors.Unanswered),
        (answer(200, b'{"id": 1', length="99"), errors.Unanswered),
        (answer(500), errors.ServerFault),
        (answer(504, b"<html>busy</html>", "text/html"), errors.ServerFault),
        (answer(201, b"<html>Log in</html>", "text/html"), errors.Unreadable),
        (answer(201, b'{"id": '), errors.Unreadable),
    ],
)
def test_a_create_is_never_repeated_when_it_may_have_landed(bad: bytes, kind: type[RemoteError]) -> None:
    error, script, around = sent(CREATE, bad, answer(201))
    assert type(error) is kind
    assert error.retryable
    assert len(script.asked) == 1
    assert around.slept == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_is_not_repeated(status: int) -> None:
    error, script, _ = sent(READ, answer(status, {"message": "no"}))
    assert isinstance(error, RemoteError)
    assert error.status == status
    assert len(script.asked) == 1


def test_a_server_that_is_not_there_is_tried_again_then_told() -> None:
    around = Around()
    with client(refused_address(), around) as opened, pytest.raises(errors.Unreachable) as caught:
        opened.send(CREATE)
    assert caught.value.code == "N6"
    assert caught.value.remedy
    assert len(around.slept) == ATTEMPTS - 1
    assert [line.status for line in around.log] == [0] * ATTEMPTS


def test_an_unknown_name_is_told() -> None:
    around = Around()
    nowhere = ".".join(["unknown" * 8] * 5)  # longer than names may be, so that no server is asked for it
    with client(f"http://{nowhere}", around) as opened, pytest.raises(errors.Unreachable) as caught:
        opened.send(READ)
    assert caught.value.code == "N1"


# ---- answers that are none ----


def test_a_login_page_is_no_data() -> None:
    error, _, _ = sent(CREATE, answer(200, b"<html><title>Log in</title></html>", "text/html"))
    assert isinstance(error, errors.Unreadable)
    assert error.code == "N3"
    assert "web page" in error.message
    assert "Log in" in error.said


def test_a_redirect_is_not_followed() -> None:
    with serving(answer(200, {"stolen": True})) as elsewhere:
        target = f"{elsewhere.url}/login?token=abc"
        error, script, _ = sent(CREATE, answer(302, b"", "text/html", location=target))
        assert isinstance(error, errors.Unreadable)
        assert error.code == "N2"
        assert f"{elsewhere.url}/login" in error.message
        assert "abc" not in str(error)
        assert elsewhere.asked == []
        assert len(script.asked) == 1


def test_another_content_type_is_no_data() -> None:
    error, _, _ = sent(CREATE, answer(200, b"hello", "text/plain"))
    assert isinstance(error, errors.Unreadable)
    assert "text/plain" in error.message


def test_an_answer_packed_wrongly_is_no_data() -> None:
    error, script, _ = sent(CREATE, answer(200, b"not gzip at all", content_encoding="gzip"))
    assert isinstance(error, errors.Unreadable)
    assert len(script.asked) == 1
    data, _, _ = sent(READ, answer(200, gzip.compress(b'{"ok": 1}'), content_encoding="gzip"))
    assert data == {"ok": 1}


def test_no_content_is_none() -> None:
    assert sent(READ, answer(204, b""))[0] is None


# ---- certificates and addresses ----


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path)
    around = Around()
    with serving(answer(), context=context) as script:
        with client(script.url, around) as opened, pytest.raises(errors.Untrusted) as caught:
            opened.send(READ)
        assert caught.value.code == "N5"
        assert not caught.value.retryable
        assert script.asked == []
        with client(script.url, around, authority=pem) as opened:
            assert opened.send(READ) == {}


def test_an_authority_that_is_no_certificate_is_refused() -> None:
    for text in ("hello", "zertifikät", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"):
        with pytest.raises(errors.Refused) as caught, client("https://example.com", Around(), authority=text):
            pass
        assert caught.value.code == "N5"


def test_https_to_a_server_without_it_is_told() -> None:
    around = Around()
    with serving(answer()) as script:
        url = script.url.replace("http://", "https://")
        with client(url, around) as opened, pytest.raises(errors.Unreachable) as caught:
            opened.send(READ)
    assert caught.value.remedy


def test_a_private_address_is_refused_before_anything_is_sent() -> None:
    around = Around()
    with serving(answer()) as script:
        with client(script.url, around, allow_private=False) as opened, pytest.raises(errors.Untrusted) as caught:
            opened.send(READ)
        assert script.asked == []
    assert caught.value.code == "N7"
    assert "127.0.0.1" in caught.value.message


# ---- budgets ----


def test_a_budget_is_waited_for() -> None:
    around = Around()
    budget = LocalBudget((Limit(2, 1.0), Limit(3, 10.0)))
    with serving(answer()) as script, client(script.url, around, budget) as opened:
        for _ in range(4):
            opened.send(READ)
    assert len(script.asked) == 4
    assert sum(around.slept) == pytest.approx(10.0)


def test_a_budget_that_is_used_up_for_long_goes_back_to_the_caller() -> None:
    around = Around()
    budget = LocalBudget((Limit(1, 3600.0),))
    with serving(answer()) as script, client(script.url, around, budget) as opened:
        opened.send(READ)
        with pytest.raises(errors.TooMany) as caught:
            opened.send(READ)
    assert caught.value.wait == pytest.approx(3600.0)
    assert len(script.asked) == 1


def test_a_secret_is_in_no_text_about_its_account() -> None:
    assert "secret-1" not in repr(Account("https://x", "me", "secret-1"))


PAUSES: list[tuple[RemoteError, bool, int, bool]] = [
    (errors.Unreachable("x"), False, 1, True),
    (errors.Untrusted("x"), True, 1, False),
    (errors.Unanswered("x"), True, 1, True),
    (errors.Unanswered("x"), False, 1, False),
    (errors.ServerFault("x"), True, 3, True),
    (errors.ServerFault("x"), True, ATTEMPTS, False),
    (errors.Conflicted("x"), True, 1, False),
    (errors.TooMany("x", wait=0), False, 1, True),
    (errors.TooMany("x", wait=LONGEST_WAIT + 1), True, 1, False),
    (errors.NotFound("x"), True, 1, False),
]


@pytest.mark.parametrize(("error", "repeatable", "attempt", "again"), PAUSES)
def test_when_a_request_is_sent_again(error: RemoteError, repeatable: bool, attempt: int, again: bool) -> None:
    wait = pause(error, Request("POST", "/x", repeatable=repeatable), attempt, 0.5)
    assert (wait is not None) is again
    assert wait is None or 0 < wait < 30


@pytest.mark.parametrize(("patience", "waits"), [(0.0, False), (50.0, False), (60.0, True)])
def test_what_is_dear_to_break_off_waits_longer_for_its_turn(patience: float, *, waits: bool) -> None:
    around, budget = Around(), LocalBudget((Limit(1, 60.0),))
    with serving(answer(), answer()) as script, client(script.url, around, budget) as opened, unhurried(patience):
        opened.send(READ)
        around.at += 2
        with nullcontext() if waits else pytest.raises(errors.TooMany):
            opened.send(READ)
    assert around.slept == ([58.0] if waits else [])


def test_a_credential_that_is_not_accepted_is_tried_once_however_many_begin() -> None:
    """Three wrong passwords lock an account of Data Center, and eight threads begin when records are changed."""
    with serving(answer(401)) as script, client(script.url, Around()) as opened:

        def refuse(error: errors.NotSignedIn) -> None:
            opened.barred = error.message

        def send(_: int) -> bool:
            with pytest.raises(errors.NotSignedIn):
                opened.send(READ)
            return True

        opened.refused, opened.in_turn = refuse, 60
        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(send, range(8)))
    assert len(script.asked) == 1


@pytest.mark.parametrize("most", [1, 2])
def test_a_password_that_is_changed_while_all_threads_work_is_refused_no_more_often_than_the_account_bears(
    most: int,
) -> None:
    """Each request under way is refused once; what waits for its turn is not sent at all."""
    around = Around()
    with serving(answer(200), answer(401)) as script, client(script.url, around) as opened:

        def refuse(error: errors.NotSignedIn) -> None:
            time.sleep(0.1)  # a database is slow, and others wait for the place meanwhile
            opened.barred = error.message

        def send(_: int) -> bool:
            with pytest.raises(errors.NotSignedIn):
                opened.send(READ)
            return True

        opened.refused = refuse
        opened.narrow(most)
        opened.send(READ)
        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(send, range(8)))
    assert 1 <= len(script.asked) - 1 <= most


def test_once_it_is_accepted_nobody_waits_for_another() -> None:
    around = Around()
    with serving(answer(200)) as script, client(script.url, around) as opened:
        opened.send(READ)
        with opened._first, ThreadPoolExecutor(1) as other:
            other.submit(opened.send, READ).result(timeout=30)
            around.at += PROVEN + 1
            began = time.monotonic()
            other.submit(opened.send, READ).result(timeout=30)
            assert time.monotonic() - began > IN_TURN / 2, "the credential may have been changed meanwhile"
    assert len(script.asked) == 3
