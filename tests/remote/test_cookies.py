"""A server's cookies are sent back to it, and none it can set keeps later requests from being sent, or taken."""

from __future__ import annotations

import pytest

from crosswalk.remote.cookies import MOST
from tests.remote.servers import Script, answer, serving
from tests.remote.test_client import READ, Around, client


def setting(*cookies: str) -> bytes:
    """An answer that sets these."""
    plain = answer(200, {"ok": True})
    head, _, body = plain.partition(b"\r\n\r\n")
    lines = [head, *(f"Set-Cookie: {one}".encode() for one in cookies)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def asked(*answers: bytes) -> Script:
    """What a server was asked in as many requests as it has answers, and one more."""
    with serving(*answers) as script, client(script.url, Around()) as opened:
        for _ in range(len(answers) + 1):
            assert opened.send(READ) == {"ok": True}
    return script


def sent(script: Script) -> str:
    """The cookies that went with the last request."""
    lines = script.asked[-1].decode("ascii").split("\r\n")
    return next((one.partition(": ")[2] for one in lines if one.lower().startswith("cookie: ")), "")


def test_a_session_is_kept() -> None:
    assert sent(asked(setting("JSESSIONID=abc; Path=/; HttpOnly", "node=2; Path=/"))) == "JSESSIONID=abc; node=2"


@pytest.mark.parametrize("value", ["Jörg", "名前", "\U0001f511", "a\x80b"])
def test_one_that_no_header_takes_is_left_and_the_others_are_kept(value: str) -> None:
    """It ended each request from then on in an error of the program, until Crosswalk was started anew."""
    assert sent(asked(setting(f"user={value}", "node=2"))) == "node=2"


@pytest.mark.parametrize("length", [1, 900])
def test_they_do_not_grow_without_end(length: int) -> None:
    """Servers refuse each request whose header is too long: 400 or 431, for ever."""
    answers = [setting(*(f"c{turn}-{one}={'x' * length}" for one in range(50))) for turn in range(20)]
    script = asked(*answers)
    assert len(script.asked) == len(answers) + 1
    assert max(len(one) for one in script.asked) < MOST + 1024
    assert sent(asked(*answers, setting("node=2"))).endswith("node=2")
