"""What Aha! says when it refuses: every known form of words, and which error each status is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.wire_errors import refused, understand, words
from crosswalk.remote.request import Answer

CREATE = wire.create("feature", "FAB-R-1", {"name": "A bell"})
PAGE = b"<!doctype html><html><body>The page you were looking for doesn't exist.</body></html>"


def answer(status: int, body: object = None, media: str = "application/json", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"content-type": f"{media}; charset=utf-8", **named}, raw)


def raised(status: int, body: object = None, media: str = "application/json", **headers: str) -> errors.RemoteError:
    with pytest.raises(errors.RemoteError) as caught:
        understand(CREATE, answer(status, body, media, **headers))
    assert caught.value.call == "POST /api/v1/releases/FAB-R-1/features"
    assert caught.value.status == status
    return caught.value


@pytest.mark.parametrize(
    ("body", "text", "fields"),
    [
        ({"error": "Record not found."}, "Record not found.", {}),
        ({"message": "No."}, "No.", {}),
        ({"error": "No.", "message": "No."}, "No.", {}),
        ({"errors": "No."}, "No.", {}),
        ({"errors": {"message": "Name can't be blank"}}, "Name can't be blank", {}),
        ({"errors": [{"message": "One."}, {"message": "Two."}]}, "One. Two.", {}),
        ({"errors": ["One.", "Two."]}, "One. Two.", {}),
        ({"errors": {"name": ["is blank", "is odd"]}}, "name: is blank is odd", {"name": "is blank is odd"}),
        ({"errors": {"name": "is blank"}}, "name: is blank", {"name": "is blank"}),
        (
            {"errors": {"attributes": [{"name": "name", "messages": ["is blank"], "fullMessages": ["Name is blank"]}]}},
            "name: Name is blank",
            {"name": "Name is blank"},
        ),
        (["a list"], "", {}),
        ({}, "", {}),
        ({"errors": {"message": None}}, "None", {}),
        ({"error": {"nested": "x"}}, "", {}),
    ],
)
def test_every_form_of_words_is_read(body: object, text: str, fields: dict[str, str]) -> None:
    said, by_field = words(body)
    assert by_field == fields
    if body != {"errors": {"message": None}}:
        assert said == text


@pytest.mark.parametrize(
    ("status", "body", "media", "kind", "code"),
    [
        (400, {"error": "No."}, "application/json", errors.Invalid, ""),
        (401, {"error": "No."}, "application/json", errors.NotSignedIn, "A13"),
        (401, b"", "text/html", errors.NotSignedIn, "A13"),
        (403, {"error": "Not allowed"}, "application/json", errors.Forbidden, "A14"),
        (404, {"error": "Record not found."}, "application/json", errors.NotFound, "A15"),
        (404, PAGE, "text/html", errors.NotFound, "N4"),
        (409, {}, "application/json", errors.Conflicted, "S5"),
        (422, {"errors": {"name": ["is blank"]}}, "application/json", errors.Invalid, ""),
        (429, {}, "application/json", errors.TooMany, "R3"),
        (500, {"error": "deadlock"}, "application/json", errors.ServerFault, "R8"),
        (502, PAGE, "text/html", errors.ServerFault, "R9"),
        (504, b"", "text/plain", errors.ServerFault, "R9"),
    ],
)
def test_every_status_is_the_error_it_calls_for(
    status: int, body: object, media: str, kind: type[errors.RemoteError], code: str
) -> None:
    error = raised(status, body, media)
    assert type(error) is kind
    assert error.code == code
    assert kind is errors.Invalid or kind is errors.Conflicted or error.remedy


def test_the_fields_of_a_refusal_are_kept() -> None:
    error = raised(422, {"errors": {"name": ["is blank"]}})
    assert isinstance(error, errors.Invalid)
    assert error.fields == {"name": "is blank"}


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "Tue, 24 Nov 2026 12:00:09 GMT", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, 9.0),
        ({"x_ratelimit_reset": "1795521642", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, 42.0),
        ({"x_ratelimit_reset": "1795521642"}, 1.0),
        ({"x_ratelimit_reset": "30", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, 1.0),
        ({"x_ratelimit_reset": "soon", "date": "Tue, 24 Nov 2026 12:00:00 GMT"}, 1.0),
        ({}, 1.0),
    ],
)
def test_how_long_a_429_asks_to_wait(headers: dict[str, str], wait: float) -> None:
    error = raised(429, {}, **headers)
    assert isinstance(error, errors.TooMany)
    assert error.wait == wait


def test_a_good_answer_is_its_data_and_a_strange_one_is_said() -> None:
    assert understand(CREATE, answer(200, {"feature": {}})) == {"feature": {}}
    assert understand(CREATE, answer(204, b"")) is None
    for body, media in [(PAGE, "text/html"), (b'{"feature": {"id"', "application/json"), (b"ok", "text/plain")]:
        error = raised(200, body, media)
        assert isinstance(error, errors.Unreadable)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Workflow status is not valid for this workspace", "(S8)"),
        ("Assigned to bo@example.com is not a user of this workspace", "(U1)"),
        ("Customer tier: Gold is not one of the options", "(F9)"),
        ("Something new", "Something new"),
    ],
)
def test_words_about_a_field_say_what_to_do(said: str, code: str) -> None:
    text: Any = refused(said)
    assert text.startswith(said)
    assert text.endswith(code)
