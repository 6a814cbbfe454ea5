"""What Jira says when it refuses: which error it is, and what a person is told to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.jira.edits import refused
from crosswalk.jira.wire_errors import remedy_of, understand, words
from crosswalk.remote.request import Answer, Request

ASK = Request("POST", "/rest/api/3/issue", repeatable=False)
JSON = "application/json"


def told(status: int, body: Any = b"", media: str = JSON, **headers: str) -> errors.RemoteError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(errors.RemoteError) as caught:
        understand(ASK, Answer(status, {"content-type": media, **named}, content))
    return caught.value


def said(*messages: str, **fields: str) -> dict[str, Any]:
    return {"errorMessages": list(messages), "errors": fields}


FROZEN = said("You do not have permission to edit issues in this project.")
TOO_LONG = said(description="The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
SPACES = said(labels="The label 'Test Application' contains spaces which is invalid.")
SITUATIONS: list[tuple[str, errors.RemoteError | Any, type[errors.RemoteError], str]] = [
    ("wrong token", (401, b""), errors.NotSignedIn, "A1"),
    ("token with scopes", (401, b"Client must be authenticated to access this resource.", "text/html"),
     errors.NotSignedIn, "A2"),
    ("token with scopes, JSON asked for",
     (401, b"Client must be authenticated to access this resource.", "application/json"), errors.NotSignedIn, "A2"),
    ("no e-mail at Cloud", (403, b'{"error": "Failed to parse Connect Session Auth Token"}'), errors.NotSignedIn, "A1"),
    ("not allowed", (403, said("You may not.")), errors.Forbidden, "A14"),
    ("browser-like", (403, b"XSRF check failed", "text/plain"), errors.Forbidden, "A12"),
    ("frozen issue", (400, FROZEN), errors.Forbidden, "A10"),
    ("gone", (404, said("Issue does not exist or you do not have permission to see it.")), errors.NotFound, "A7"),
    ("no project", (404, said("No project could be found with key 'X'.")), errors.NotFound, "A8"),
    ("not a Jira", (404, b"<html>Not here</html>", "text/html"), errors.NotFound, "N4"),
    ("at once", (409, said("Conflict")), errors.Conflicted, "S5"),
    ("off screen", (400, said(x="Field 'x' cannot be set. It is not on the appropriate screen, or unknown.")),
     errors.Invalid, "F2"),
    ("required", (400, said(components="Component/s is required.")), errors.Invalid, "F3"),
    ("no summary", (400, said(summary="You must specify a summary of the issue.")), errors.Invalid, "F5"),
    ("long summary", (400, said(summary="Summary must be less than 255 characters.")), errors.Invalid, "F6"),
    ("long text", (400, TOO_LONG), errors.Invalid, "F7"),
    ("label", (400, SPACES), errors.Invalid, "F8"),
    ("option", (400, said(customfield_1="Option id 'null' is not valid")), errors.Invalid, "F9"),
    ("no document", (400, said(description="Operation value must be an Atlassian Document (see the Atlassian "
     "Document Format)")), errors.Invalid, "F15"),
    ("sub-task elsewhere", (400, said("Sub-tasks must be created in the same project as the parent.")),
     errors.Invalid, "F19"),
    ("unknown user", (400, said(assignee="User 'ann' does not exist.")), errors.Invalid, "U1"),
    ("server down", (503, b"<html>busy</html>", "text/html"), errors.ServerFault, "R9"),
    ("login page", (200, b"<html><title>Log in</title></html>", "text/html"), errors.Unreadable, "N3"),
    ("half an answer", (200, b'{"issues": [', JSON), errors.Unreadable, "N3"),
    ("other content", (200, b"ok", "text/plain"), errors.Unreadable, "N3"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "kind", "code"), [entry[1:] for entry in SITUATIONS], ids=[e[0] for e in SITUATIONS])
def test_a_refusal_is_one_error_with_a_remedy(
    given: tuple[Any, ...], kind: type[errors.RemoteError], code: str
) -> None:
    error = told(*given)
    assert type(error) is kind
    assert error.code == code
    assert error.remedy or code in ("S5",)
    assert error.message


def test_a_login_redirect_names_its_target_and_no_secret() -> None:
    error = told(302, b"", "text/html", location="https://sso.example.com/login?os_destination=secret")
    assert type(error) is errors.Unreadable
    assert error.code == "N2"
    assert "https://sso.example.com/login" in error.message
    assert "secret" not in str(error)


def test_a_locked_account_is_recognised_by_its_headers() -> None:
    for headers in (
        {"x_seraph_loginreason": "AUTHENTICATION_DENIED"},
        {"x_authentication_denied_reason": "CAPTCHA_CHALLENGE; login-url=https://jira.example.com/login.jsp"},
    ):
        error = told(403, b"", **headers)
        assert type(error) is errors.NotSignedIn
        assert error.code == "A3"


def test_a_wrong_token_of_data_center_is_not_taken_for_one_with_scopes() -> None:
    """It has no gateway, and its words are Cloud's."""
    body = {"message": "Client must be authenticated to access this resource.", "status-code": 401}
    assert told(401, body, x_ausername="anonymous").code == "A1"
    assert told(401, body).code == "A2"


def test_an_anonymous_answer_is_no_answer() -> None:
    """Neither is a refusal: an issue that a token does not show any more is not deleted."""
    for status, body in ((200, {"issues": []}), (404, said("Issue does not exist or you do not have permission."))):
        error = told(status, body, x_seraph_loginreason="AUTHENTICATED_FAILED")
        assert type(error) is errors.NotSignedIn
        assert error.code == "A6"
    assert told(401, b"", x_seraph_loginreason="AUTHENTICATED_FAILED").code == "A1"


LIMITS = [
    ({"retry_after": "7"}, 7.0, "R7"),
    ({"retry_after": "1", "ratelimit_reason": "jira-burst-based"}, 1.0, "R4"),
    ({"retry_after": "2", "ratelimit_reason": "jira-per-issue-on-write"}, 2.0, "R6"),
    ({"ratelimit_reason": "jira-quota-tenant-based", "x_ratelimit_reset": "2026-01-01T01:00:40Z",
      "date": "Thu, 01 Jan 2026 01:00:00 GMT"}, 40.0, "R5"),
    ({"x_ratelimit_reset": "soon"}, 1.0, "R7"),
    ({}, 1.0, "R7"),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "wait", "code"), LIMITS)
def test_a_limit_says_how_long_to_wait(headers: dict[str, str], wait: float, code: str) -> None:
    error = told(429, b"", **headers)
    assert isinstance(error, errors.TooMany)
    assert (error.wait, error.code) == (wait, code)


def test_an_error_keeps_what_support_will_ask_for() -> None:
    error = told(400, said("Nope"), atl_traceid="trace-1")
    assert (error.status, error.said, error.request_id, error.call) == (
        400,
        "Nope",
        "trace-1",
        "POST /rest/api/3/issue",
    )


def test_an_empty_good_answer_is_none() -> None:
    assert understand(ASK, Answer(204, {"content-type": "text/html;charset=UTF-8"}, b"")) is None


WORDS: list[tuple[Any, str, dict[str, str]]] = [
    (said("One.", "Two.", a="bad"), "One. Two. a: bad", {"a": "bad"}),
    ({"errorMessages": ["Only this."]}, "Only this.", {}),
    ({"type": "about:blank", "title": "Bad Request", "detail": "Not a number"}, "Not a number", {}),
    ({"title": "Not Found"}, "Not Found", {}),
    ({"status": 404, "error": "Not Found", "message": "No message available"}, "No message available", {}),
    ({"error": "invalid_request", "error_description": "No such grant"}, "No such grant", {}),
    ({"errors": {"a": ["x", "y"]}}, "a: x y", {"a": "x y"}),
    ({"errors": {"parentId": "Too low."}}, "parent: Too low.", {"parent": "Too low."}),
    (["odd"], "", {}),
    (None, "", {}),
    ({"errors": [{"status": 400, "failedElementNumber": 2, "elementErrors": said("Bad.", a="no")}]}, "2/a: no",
     {"2/a": "no"}),
    ({"errors": [{"status": 403, "failedElementNumber": 0, "elementErrors": said("Bad.")}]}, "0/: Bad.",
     {"0/": "Bad."}),
    ({"errors": [{"status": 403, "failedElementNumber": 1}, "odd"]}, "1/: refused with status 403",
     {"1/": "refused with status 403"}),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text", "fields"), WORDS)
def test_every_form_of_an_error_is_read(data: Any, text: str, fields: dict[str, str]) -> None:
    assert words(data) == (text, fields)


def test_a_version_that_can_not_be_chosen_was_archived_or_deleted() -> None:
    remedy, code = remedy_of("Version id '10002' is not valid")
    assert ("archived" in remedy, "deleted" in remedy, code) == (True, True, "L11"), "Jira says the same of both"


def test_a_group_is_no_person_whatever_it_is_called() -> None:
    remedy, code = remedy_of("The group 'JIRA-Software-Users' does not exist.")
    assert (code, "group" in remedy) == ("F9", True)


def test_words_without_a_known_cure_are_kept_as_they_are() -> None:
    assert remedy_of("Something new.") == ("", "")
    assert (refused("Something new.").words, refused("Something new.").code) == ("Something new.", "F1")
    assert refused("Component/s is required.").endswith("(F3)")
    for told in ("User 'dana' cannot be assigned issues.", "User 'x' does not exist.", "Something new."):
        assert "on the page People" in refused(told, "assignee").remedy


def test_a_limit_that_ends_in_thousands_of_years_is_asked_again_after_a_day() -> None:
    headers = {"x-ratelimit-reset": "9999-12-31T23:59:59+00:00", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    with pytest.raises(errors.TooMany) as caught:
        understand(Request("GET", "/x"), Answer(429, headers, b"{}"))
    assert caught.value.wait == 86_400
