"""A server that drips is left after a while, wherever it drips; a large file over a slow line is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.remote import oauth
from crosswalk.remote.budget import Unlimited
from crosswalk.remote.client import Client
from crosswalk.remote.opening import open_http
from crosswalk.remote.pace import RATE, SECONDS, Meter, TooSlowError
from crosswalk.remote.request import Request
from crosswalk.remote.tls import context as shown
from crosswalk.remote.transport import Way
from tests.remote.servers import answer, certificate, dripping, endless, serving, swallowing
from tests.remote.test_client import CREATE, READ, Around, understand

SHORT = 0.4
CHUNKED = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = CHUNKED + b"4\r\n{   \r\n" * 500


@contextmanager
def hasty(url: str, **way: Any) -> Iterator[Client]:
    """A client that waits for an answer SHORT seconds in all."""
    http = open_http(url, {}, Way(allow_private=True, seconds=SHORT, **way))
    opened = Client(http, understand, Unlimited(), Around().values(), http)
    yield opened
    opened.close()


@pytest.mark.parametrize("request_", [READ, CREATE], ids=["read", "create"])
@pytest.mark.parametrize(
    "whole",
    [
        answer(200, {"name": "x" * 2000}, X_Long="y" * 2000),
        answer(200, {"name": "x" * 2000}),
        CHUNKS,
    ],
    ids=["its head", "its body", "its chunks"],
)
def test_an_answer_that_drips_is_broken_off_and_not_asked_for_again(request_: Request, whole: bytes) -> None:
    begun = time.monotonic()
    with dripping(whole, 0.02) as script, hasty(script.url) as opened, pytest.raises(errors.TooSlow) as caught:
        opened.send(request_)
    assert time.monotonic() - begun < 20, "not the minute that all of it takes"
    assert len(script.asked) == 1
    assert (caught.value.code, caught.value.retryable) == ("N9", True)
    assert "came so slowly that it was broken off" in caught.value.message
    assert caught.value.remedy.startswith("Nothing to do" if request_ is CREATE else "Runs ask again later")


def test_a_file_that_drips_is_broken_off() -> None:
    with dripping(answer(200, b"x" * 4000), 0.02) as script, hasty(script.url) as opened, ExitStack() as kept:
        with pytest.raises(errors.TooSlow):
            kept.enter_context(opened.download(READ, "/file", 10_000))
        assert len(script.asked) == 1


PACKED = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\3"
ENDLESS = {
    "heads of answers to come": (b"", b"HTTP/1.1 103 X\r\n\r\n" * 500),
    "blocks that unpack to nothing": (PACKED, b"\0\0\0\xff\xff" * 10_000),
    "chunks with long names": (CHUNKED, b"1;name=" + b"x" * 15_000 + b"\r\n \r\n"),
}


@pytest.mark.parametrize("what", ENDLESS)
@pytest.mark.parametrize("kept", ["whole", "a file", "a short one"])
def test_what_comes_quickly_and_holds_nothing_is_not_read_for_ever(what: str, kept: str) -> None:
    found: list[errors.RemoteError] = []

    def ask(url: str) -> None:
        with hasty(url) as opened, ExitStack() as file:
            try:
                if kept == "whole":
                    opened.send(CREATE)
                elif kept == "a file":
                    file.enter_context(opened.download(CREATE, "/file", 1_000_000))
                else:
                    oauth.read_list(url, "/sites", "token", Way(allow_private=True, seconds=SHORT))
            except errors.RemoteError as error:
                found.append(error)

    with endless(*ENDLESS[what]) as script:
        asking = Thread(target=ask, args=(script.url,), daemon=True)  # who does read for ever holds up no other test
        asking.start()
        asking.join(30)
    assert [one.message for one in found if "does not end, and was broken off" in one.message], found
    assert found[0].code == "N3"


def test_an_encrypted_answer_that_drips_is_broken_off(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path)
    with dripping(answer(200, {"name": "x" * 2000}), 0.02, context) as script:
        with hasty(script.url, tls=shown(authority)) as opened, pytest.raises(errors.TooSlow):
            opened.send(READ)
        assert len(script.asked) == 1


def test_the_next_request_over_the_same_client_has_its_own_time() -> None:
    with serving(answer(200, {"ok": True})) as script, hasty(script.url) as opened:
        for _ in range(3):
            assert opened.send(READ) == {"ok": True}
            time.sleep(SHORT / 2)


def test_a_large_upload_goes_through_in_pieces() -> None:
    with swallowing() as (url, read), hasty(url) as opened:
        assert opened.send(Request("POST", "/thing", body={"name": "x" * 3_000_000})) == {}
    assert read[0] > 3_000_000


@pytest.mark.parametrize(("rate", "ends"), [(RATE * 1.01, True), (RATE * 2.0, True), (RATE * 0.5, False), (1.0, False)])
def test_what_moves_at_the_least_rate_ends_however_large_it_is(rate: float, *, ends: bool) -> None:
    now = [0.0]
    meter = Meter(SECONDS, lambda: now[0])
    moments = [step * 20.0 for step in range(500)]
    try:
        for before, now[0] in pairwise(moments):
            meter.count(int(rate * (now[0] - before)))
    except TooSlowError:
        assert not ends
        assert now[0] <= SECONDS * 2 + 20
    else:
        assert ends
