"""Answers as values: which error an answer is, and how long it asks us to wait."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.remote.request import Answer, Request, decode, parse, plain_words, understand, wait_of

ASK = Request("GET", "/x")


def words(data: Any) -> tuple[str, dict[str, str]]:
    return (data["said"], data.get("fields", {})) if isinstance(data, dict) and "said" in data else ("", {})


def error_of(status: int, body: bytes = b"", media: str = "application/json", **headers: str) -> errors.RemoteError:
    with pytest.raises(errors.RemoteError) as caught:
        understand(ASK, Answer(status, {"content-type": media, **headers}, body), words, lambda _r, _a: None)
    return caught.value


STATUSES = [
    (400, errors.Invalid),
    (401, errors.NotSignedIn),
    (403, errors.Forbidden),
    (404, errors.NotFound),
    (408, errors.ServerFault),
    (409, errors.Conflicted),
    (410, errors.NotFound),
    (413, errors.Invalid),
    (422, errors.Invalid),
    (425, errors.ServerFault),
    (429, errors.TooMany),
    (500, errors.ServerFault),
    (503, errors.ServerFault),
    (302, errors.Unreadable),
]


@pytest.mark.parametrize(("status", "kind"), STATUSES)
def test_the_error_of_a_status(status: int, kind: type[errors.RemoteError]) -> None:
    error = error_of(status, b'{"said": "words", "fields": {"a": "b"}}')
    assert type(error) is kind
    assert error.status == status
    assert error.said in ("words", "nowhere")
    if isinstance(error, errors.Invalid):
        assert dict(error.fields) == {"a": "b"}


def test_a_connectors_own_reading_comes_first() -> None:
    own = errors.Forbidden("mine")
    with pytest.raises(errors.Forbidden, match="mine"):
        understand(ASK, Answer(200, {}, b"{}"), words, lambda _r, _a: own)


def test_words_of_an_error_that_is_no_json() -> None:
    assert error_of(403, b"XSRF check failed", "text/plain").said == "XSRF check failed"
    assert error_of(401, b"Bare words", "text/html").said == "Bare words"
    assert error_of(500, b"<html>long page</html>", "text/html").said == ""
    assert error_of(400, b"{broken").said == ""
    assert error_of(400, b"\xff\xfe", "text/plain").said
    assert plain_words(Answer(400, {"content-type": "text/plain"}, b" a \n b ")) == "a b"


def test_an_error_keeps_no_more_than_it_needs() -> None:
    assert len(error_of(500, b"x" * 9000, "text/plain").said) == 500


WAITS = [
    ({"retry-after": "3"}, 3.0),
    ({"retry-after": "0"}, 0.0),
    ({"retry-after": "-5"}, 0.0),
    ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30.0),
    ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT"}, 1.0),
    ({"retry-after": "soon"}, 1.0),
    ({"retry-after": "inf"}, 86_400.0),  # a day at most: nothing that is meant lasts longer
    ({"retry-after": "99999999999999999999"}, 86_400.0),
    ({"retry-after": "nan"}, 0.0),
    ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 86_400.0),
    ({}, 1.0),
]


@pytest.mark.parametrize(("headers", "wait"), WAITS)
def test_how_long_an_answer_asks_to_wait(headers: dict[str, str], wait: float) -> None:
    assert wait_of(Answer(429, headers, b"")) == wait


GARBAGE = [b"null", b"[]", b"7", b'"x"', b"{", b"\x00", b"[" * 5000, b"{}" * 2, "{“a”: 1}".encode()]


@pytest.mark.parametrize("body", GARBAGE)
@pytest.mark.parametrize("status", [200, 400, 404, 429, 500])
def test_garbage_is_data_or_a_remote_error(status: int, body: bytes) -> None:
    with contextlib.suppress(errors.RemoteError):
        understand(ASK, Answer(status, {"content-type": "application/json"}, body), words, lambda _r, _a: None)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (rb'{"summary": "a\u0000b"}', {"summary": "a\ufffdb"}),
        (rb'{"summary": ["\ud83d", "\uDE00", 1]}', {"summary": ["\ufffd", "\ufffd", 1]}),
        (b'{"a\xed\xa0\x80": null}', {"a\ufffd": None}),
        ('{"a": "\0"}'.replace("\0", "\\u0000").encode("utf-16"), {"a": "\ufffd"}),
        (rb'"\ud83d\ude00 \\u0000"', "\U0001f600 \\u0000"),
    ],
)
def test_no_text_holds_what_postgresql_keeps_in_none(body: bytes, data: Any) -> None:
    assert parse(body) == data
    assert decode(ASK, Answer(200, {"content-type": "application/json"}, body)) == data


def test_words_that_are_bytes_of_something_else_can_be_kept() -> None:
    """As a firewall that answers with a picture; what is told of it stands on the integration, in the database."""
    told = error_of(403, b"GIF89a \0\xed\xa0\x80", media="application/octet-stream")
    assert "GIF89a \ufffd" in str(told)
    assert "\0" not in str(told)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_no_number_is_no_answer(number: str) -> None:
    """Python takes them for JSON, and no database does."""
    with pytest.raises(errors.Unreadable):
        decode(ASK, Answer(200, {"content-type": "application/json"}, f'{{"points": {number}}}'.encode()))
