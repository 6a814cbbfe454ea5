"""What the request log keeps of requests and answers: enough to understand them, no secret, no e-mail address."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.remote.redacted import BEGINNING, WHOLE, got, sent
from crosswalk.remote.request import Answer, File, Request, changes

PICTURE = File("file", "a.png", "image/png", b"xx")
JSON = {"content-type": "application/json;charset=UTF-8"}


def _answer(body: object, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(200, {**JSON, **headers}, raw)


@pytest.mark.parametrize(
    ("request_", "shown"),
    [
        (Request("GET", "/api/v1/features/FAB-1"), "GET /api/v1/features/FAB-1"),
        (Request("GET", "/users", query=(("email", "al@ex.org"), ("page", "2"))), "GET /users?email=••••&page=2"),
        (Request("GET", "/s", query=(("query", "al@ex.org"),)), "GET /s?query=••••@ex.org"),
        (
            Request("PUT", "/i", body={"fields": {"summary": "Bell"}}, headers={"Authorization": "x", "X-More": "y"}),
            'PUT /i\n\n{"fields": {"summary": "Bell"}}',
        ),
        (
            Request("POST", "/webhook", body={"url": "https://c.example/hooks/jira/s3cret", "secret": "s3cret"}),
            'POST /webhook\n\n{"url": "https://c.example/hooks/jira/••••", "secret": "••••"}',
        ),
        (
            Request(
                "POST", "/a", files=(File("file", "a.png", "image/png", b"xx"),), headers={"X-Atlassian-Token": "n"}
            ),
            "POST /a\nX-Atlassian-Token: n\n\n(a.png, image/png)",
        ),
    ],
)
def test_a_request(request_: Request, shown: str) -> None:
    assert sent(request_) == shown


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (Answer(204, {"set-cookie": "s=1", "x-request-id": "7"}, b""), "204\nx-request-id: 7"),
        (
            _answer({"author": {"emailAddress": "al@ex.org", "displayName": "Al"}}),
            '{"author": {"emailAddress": "••••", "',
        ),
        (
            _answer({"nextPageToken": "abc", "note": "ask al.b@ex.org"}),
            '{"nextPageToken": "••••", "note": "ask ••••@ex.org"}',
        ),
        (_answer(b'{"token": "abc", "note": "breaks of'), '{"token": "••••", "note": "breaks of'),
        (_answer(b'{"token": "abc'), '{"token": "••••"'),
        (_answer(b'{"mail": "al\\u0040ex.org", "b": "al\\u0040ex.org" '), '"b": "••••\\u0040ex.org"'),
        (Answer(200, {"content-type": "image/png"}, b"\x89PNG"), "(4 bytes)"),
        (Answer(502, {"content-type": "text/html"}, b"<p>Write to it@ex.org</p>"), "<p>Write to ••••@ex.org</p>"),
    ],
)
def test_an_answer(answer: Answer, shown: str) -> None:
    assert shown in got(answer)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters='"\\'), max_size=30)
NAMES = st.sampled_from(["token", "accessToken", "refresh_token", "password", "api_key", "secret", "Cookie", "email"])


@given(TEXTS, NAMES, st.integers(0, 3), st.integers(0, 200))
def test_no_secret_is_left_wherever_the_text_breaks_off(note: str, name: str, depth: int, cut: int) -> None:
    data: object = {"note": note, name: "S3CRET-S3CRET"}
    for _ in range(depth):
        data = [{"inner": data}]
    whole = json.dumps(data, ensure_ascii=False).encode()
    for body in (whole, whole[: max(0, len(whole) - cut)], whole[:-1] + b" " * WHOLE + b"}"):
        assert "S3CRET" not in got(Answer(200, JSON, body))


def test_of_a_long_answer_the_beginning_is_kept() -> None:
    found = got(_answer({"password": "p4ss", "long": "x" * WHOLE}))
    assert "p4ss" not in found
    assert 0.9 * BEGINNING < len(found) < 1.1 * BEGINNING


@pytest.mark.parametrize(
    ("call", "is_change"),
    [
        ("GET /rest/api/3/issue/1", False),
        ("POST /rest/api/3/search/jql", False),
        ("POST /rest/api/2/search", False),
        ("POST /rest/api/3/issue/bulkfetch", False),
        ("POST /rest/api/3/issue", True),
        ("POST /api/v2/graphql", True),
        ("PUT /x", True),
        ("DELETE /x", True),
        ("", False),
    ],
)
def test_what_changes_something(call: str, is_change: bool) -> None:
    assert changes(call) is is_change
