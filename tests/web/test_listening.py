"""What a connection may do before anybody is known: a real uvicorn as the service starts it, asked byte by byte."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from crosswalk.web import bodies, start
from crosswalk.web.hooks import Receive, Scope, Send, answer
from crosswalk.web.listening import MOST, Listening, served

HEAD = b"POST /login/ HTTP/1.1\r\nHost: localhost\r\n"


class _Quick(Listening):
    patience = 0.3


class _App:
    """Reads a body and says how large it was, and who asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, scope["path"] != "/unread"
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        await answer(send, 200, f"{size} bytes from {scope['client'][0]}")


@contextmanager
def _serving(app: Any, listening: type[Listening] = Listening) -> Iterator[int]:
    taken = start.listen("127.0.0.1", 0)
    server = uvicorn.Server(served(app, 1, listening))
    thread = threading.Thread(target=server.run, args=([taken],))
    thread.start()
    try:
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        taken.close()


@pytest.fixture
def port() -> Iterator[int]:
    with _serving(_App()) as found:
        yield found


def _talk(port: int, *parts: bytes) -> bytes:
    """What the service says to `parts`; b"" where it ended the connection without a word."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        try:
            for part in parts:
                line.sendall(part)
            return _all(line)
        except ConnectionError:
            return b""


def _is_broken_off(line: socket.socket, piece: bytes, most: int, gap: float = 0.0) -> bool:
    """Whether the service ends the connection before `piece` was sent `most` times."""
    pause = threading.Event()
    try:
        for _ in range(most):
            line.sendall(piece)
            pause.wait(gap)
    except ConnectionError:
        return True
    return False


def _all(line: socket.socket) -> bytes:
    got = b""
    while piece := line.recv(65_536):
        got += piece
    return got


def test_an_ordinary_request_is_answered(port: int) -> None:
    head = HEAD + b"Cookie: " + b"a" * 16_000 + b"\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n"
    assert _talk(port, head, b"x" * 200_000).endswith(b"200000 bytes from 127.0.0.1")


def test_two_requests_in_one_breath_are_answered_one_after_the_other(port: int) -> None:
    one = HEAD + b"Content-Length: 3\r\n\r\nabc"
    two = HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\nab"
    got = _talk(port, one + two)
    assert got.index(b"3 bytes") < got.index(b"2 bytes")


@pytest.mark.parametrize("line", [b"X-Many: " + b"a" * 1000 + b"\r\n", b"a" * 1000], ids=["many lines", "one line"])
def test_a_head_without_end_is_refused_while_it_comes(port: int, line: bytes) -> None:
    first = HEAD + (b"" if line.startswith(b"X") else b"X-One: ")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sender:
        sender.sendall(first)
        assert _is_broken_off(sender, line, 100 * MOST // 1000)


def test_who_sends_too_much_of_a_head_is_told(port: int) -> None:
    told = _talk(port, (HEAD + b"X-One: ").ljust(MOST + 1, b"a"))  # no byte is left unread, or the answer might be lost
    assert told.startswith(b"HTTP/1.1 431 ")
    assert told.endswith(b"before the body.\n")


def test_what_follows_a_body_has_an_end_too(port: int) -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sender:
        sender.sendall(chunked + b"X-After: ")
        assert _is_broken_off(sender, b"a" * MOST, 100)


@pytest.mark.parametrize("first", [b"", b"POST /lo", HEAD], ids=["nothing", "a part of a line", "a part of a head"])
def test_a_connection_on_which_nothing_is_asked_ends(first: bytes) -> None:
    with _serving(_App(), _Quick) as port:
        assert _talk(port, first) == b""


def test_what_drips_in_after_the_answer_keeps_nobody_waiting() -> None:
    with _serving(_App(), _Quick) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(HEAD.replace(b"/login/", b"/unread") + b"Content-Length: 100000\r\n\r\n")
        got = b""
        while b"0 bytes" not in got:
            got += line.recv(65_536)
        assert _is_broken_off(line, b"x", 200, gap=0.02)


def test_a_request_that_takes_long_to_answer_is_not_broken_off() -> None:
    class Slow(_App):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.sleep(3 * _Quick.patience)
            await super().__call__(scope, receive, send)

    with _serving(Slow(), _Quick) as port:
        assert b"0 bytes" in _talk(port, HEAD + b"Connection: close\r\n\r\n")


def test_what_anybody_says_of_being_forwarded_is_not_believed_here(port: int) -> None:
    """Who counts as a proxy is for CROSSWALK_PROXIES to say, which only pages read."""
    said = HEAD + b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    assert b"from 127.0.0.1" in _talk(port, said)


def test_the_service_listens_so() -> None:
    assert "uvicorn.Server(served(" in inspect.getsource(start.serve)


# ---- bodies of pages --------------------------------------------------------------------------------------------


@pytest.fixture
def pages() -> Iterator[int]:
    with _serving(bodies.bounded(_App(), longest=0.3)) as found:
        yield found


def test_a_body_that_is_declared_too_large_is_not_read(pages: int) -> None:
    told = _talk(pages, HEAD + f"Content-Length: {bodies.LARGEST + 1}\r\n\r\n".encode())
    assert told.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_say_how_large_it_is_is_counted(pages: int) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", pages), timeout=10) as line:
        line.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        assert _is_broken_off(line, piece, 20 * bodies.LARGEST // 0x10000)


def test_a_body_of_the_largest_size_is_taken(pages: int) -> None:
    head = HEAD + f"Connection: close\r\nContent-Length: {bodies.LARGEST}\r\n\r\n".encode()
    assert f"{bodies.LARGEST} bytes".encode() in _talk(pages, head, b"x" * bodies.LARGEST)


def test_a_question_that_no_database_takes_is_refused_before_it_is_asked(pages: int) -> None:
    assert _talk(pages, b"GET /log/?q=%00&x HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert _talk(pages, b"GET /log/?q=%2500&x HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_body_that_does_not_come_is_not_waited_for(pages: int) -> None:
    assert _talk(pages, HEAD + b"Content-Length: 10\r\n\r\nx").startswith(b"HTTP/1.1 408 ")


def test_an_answer_may_take_longer_than_its_body() -> None:
    class Slow(_App):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            waits = asyncio.create_task(_drained(receive))  # as Django listens for a browser that goes away
            await asyncio.sleep(0.6)
            assert not waits.done()
            waits.cancel()
            await answer(send, 200, "slow")

    async def _drained(receive: Receive) -> None:
        await receive()

    with _serving(bodies.bounded(Slow(), longest=0.3)) as port:
        assert _talk(port, HEAD + b"Connection: close\r\n\r\n").endswith(b"slow")


def test_only_so_many_are_answered_at_once_whoever_sends_or_reads_slowly() -> None:
    """Each has a connection to the database, and PostgreSQL has a hundred as delivered, for hooks and work as well."""
    now, most, never = 0, 0, asyncio.Event()

    async def page(_: Scope, receive: Receive, send: Send) -> None:
        nonlocal now, most
        await receive()
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.005)
        now -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})

    pages = bodies.bounded(page, at_once=3)

    async def ask(*, whole: bool = True, reads: bool = True) -> None:
        async def receive() -> Any:
            if not whole:
                await never.wait()
            return {"type": "http.request", "body": b""}

        async def send(_: Any) -> None:
            if not reads:
                await never.wait()

        await pages({"type": "http", "headers": []}, receive, send)

    async def play() -> None:
        slow = [asyncio.create_task(ask(whole=kind > 3, reads=kind < 4)) for kind in range(8)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(10):
            await asyncio.gather(*(ask() for _ in range(20)))
        for one in slow:
            one.cancel()

    asyncio.run(play())
    assert most == 3


def test_the_pages_are_bounded_so(database: Any) -> None:
    from crosswalk.web import asgi

    assert "bounded(" in inspect.getsource(asgi.application)
