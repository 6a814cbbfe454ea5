"""Reads what Jira says when it refuses, and says what a person can do about it. Pure; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from crosswalk import errors
from crosswalk.errors import RemoteError, Said
from crosswalk.jira.wire import Json
from crosswalk.remote import request as remote
from crosswalk.remote.request import Answer, Request

ON_SCREEN = "Put the field on the create and the edit screen of this type in Jira, and let the account edit issues."
ITS_ADDRESS = (
    "Check the address: it ends before /rest/ and /browse/, and has a path such as /jira only where your Jira has one."
)
OFFERED = (
    "The version was archived or deleted in Jira: unarchive it there, or move the record to another release in Aha!."
)
FILLED = (
    "Give it a fixed value on the page Mapping, under “Always set in Jira”, or join it there to a field and fill that "
    "in Aha! (Load project data, if it is not offered); or make it optional in Jira. Then press Retry."
)
REFUSALS: tuple[tuple[str, str, str], ...] = (
    ("not on the create screen", "F2", ON_SCREEN),
    ("not on the appropriate screen", "F2", ON_SCREEN),
    ("do not have permission", "A14", "Give the connection's account that right in Jira, then press Retry."),
    ("project is required", "A8", "Choose the project again, or give the account Browse Projects; then press Retry."),
    ("version id", "L11", OFFERED),
    ("is required", "F3", FILLED),
    ("must specify a summary", "F5", "Give the record a name."),
    ("255 characters", "F6", "Shorten the name to 254 characters."),
    ("entered text is too long", "F7", "Shorten the text to 32,767 characters, or attach it."),
    ("contains spaces", "F8", "Use a tag without spaces, or map it to a label without."),
    ("option id", "F9", "Map the value to an option that exists in Jira, or add the option there."),
    ("option value", "F9", "Map the value to an option that exists in Jira, or add the option there."),
    ("atlassian document", "F15", "Report this: the text was sent in the wrong format."),
    (
        "appropriate hierarchy",
        "L5",
        "Map the record above to a type that Jira has above this one, or switch the line off.",
    ),
    ("must be created in the same project", "F19", "Move the issue, or map the type to one that is no sub-task."),
    ("valid project id", "F17", "Choose the project again in the integration."),
    ("specify an issue type", "F17", "Choose the issue type again in the mapping."),
    ("issue type", "F20", "Load the project data and choose the issue type again."),
    ("transition id", "S2", "Press Retry: the ways out of the status are read again."),
    ("missing 'transition'", "S3", "Report this: a step was sent without its transition."),
    ("comment body is not valid", "F16", "Report this: the comment was sent in the wrong format."),
    ("parsing json", "F18", "Report this: the request was not one Jira understands."),
    ("invalid request payload", "F18", "Report this: the request was not one Jira understands."),
    ("query parameter must be provided", "U3", "Report this: nobody was asked for."),
    (
        "cannot be assigned",
        "U5",
        "Give that person an active account with the right to be assigned, or assign another.",
    ),
    ("unbounded jql", "Q2", "Name a project, or something else that issues have, in the query."),
    ("next page token", "Q3", "Ask once more: the search begins anew."),
    ("jql query", "Q4", "Mend the query; it must run in Jira's own search without ORDER BY."),
    ("the group '", "F9", "Write the name of a group that is in Jira, in its own large and small letters."),
    ("user", "U1", "Give that person an account in Jira with the same e-mail address."),
)
"""Words in lower case, the entry in docs/troubleshooting, and the remedy. The first that fits is taken."""


CALLED: Mapping[str, str] = {"parentId": "parent"}
"""Fields that Jira calls otherwise in its refusals than in what it is sent."""


def understand(request: Request, answer: Answer) -> Any:
    """The data of a good answer, or the RemoteError it is; see crosswalk.remote.request.understand."""
    return remote.understand(request, answer, words, tell)


def words(data: Json) -> tuple[str, Mapping[str, str]]:
    """Jira's message and its words per field.

    Reads `{errorMessages, errors}`, problem+json, the gateway's and OAuth's own forms, and the list of a bulk create,
    whose fields are named `<number>/<field>` and whose messages `<number>/`.
    """
    if not isinstance(data, dict):
        return "", {}
    messages = [str(message) for message in data.get("errorMessages") or [] if message]
    fields: dict[str, str] = {}
    listed = data.get("errors")
    if isinstance(listed, dict):
        fields = {CALLED.get(str(name), str(name)): _flat(said) for name, said in listed.items()}
    elif isinstance(listed, list):
        for error in listed:
            fields.update(_element(error))
    for name in ("detail", "error_description", "errorMessage", "message", "title", "error"):
        if not messages and not fields and isinstance(data.get(name), str):
            messages = [data[name]]
    return " ".join([*messages, *(f"{name}: {said}" for name, said in fields.items())]), fields


def _element(error: Json) -> dict[str, str]:
    """Words of one failed element of a bulk create."""
    if not isinstance(error, dict):
        return {}
    number = error.get("failedElementNumber", 0)
    text, fields = words(error.get("elementErrors") or {})
    if fields:
        return {f"{number}/{name}": said for name, said in fields.items()}
    return {f"{number}/": text or f"refused with status {error.get('status', 400)}"}


def _flat(said: Json) -> str:
    return said if isinstance(said, str) else " ".join(map(str, said)) if isinstance(said, list) else str(said)


def remedy_of(said: str) -> tuple[str, str]:
    """The remedy and the code for Jira's words about a field; both empty where there is nothing to add."""
    lower = said.lower()
    for part, code, remedy in REFUSALS:
        if part in lower:
            return remedy, code
    return "", ""


def tell(request: Request, answer: Answer) -> RemoteError | None:
    """What only a Jira says: locked log-ins, anonymous answers, tokens at the wrong address, limits."""
    said = Said(answer.status, _plain(answer), answer.request_id)
    if answer.status == 429:
        return _too_many(request, answer, said)
    reason = answer.headers.get("x-seraph-loginreason", "")
    if answer.headers.get("x-authentication-denied-reason") or "AUTHENTICATION_DENIED" in reason:
        return errors.NotSignedIn(
            "Jira has locked this account after failed log-ins (CAPTCHA).",
            remedy="Log in to Jira in the browser as that account, solve the CAPTCHA, then press Test connection.",
            code="A3",
            call=request.call,
            answer=said,
        )
    # Cloud then answers as to anybody: an issue that is there is “not found”. A 401 says it by itself.
    stranger = "AUTHENTICATED_FAILED" in reason or "AUTHORISATION_FAILED" in reason
    if stranger and answer.status != 401 and answer.status < 500:
        return errors.NotSignedIn(
            "Jira did not accept the credential and answered as to an anonymous visitor.",
            remedy="Make a new token, enter it in the connection, and press Save and test.",
            code="A6",
            call=request.call,
            answer=said,
        )
    return _by_words(request, answer, said) if answer.status >= 400 else None


def _by_words(request: Request, answer: Answer, said: Said) -> RemoteError | None:
    lower, call = said.text.lower(), request.call
    # Data Center, which names the caller in a header of its own, says the same of every token that it does not know.
    cloud = "x-ausername" not in answer.headers
    if answer.status == 401 and cloud and "client must be authenticated" in lower:
        return errors.NotSignedIn(
            "Jira does not accept the token at this address. A token with scopes works at the gateway address only.",
            remedy="Check e-mail and token; for a token with scopes enter https://api.atlassian.com/ex/jira/{cloudId}.",
            code="A2",
            call=call,
            answer=said,
        )
    if answer.status == 403 and "connect session auth token" in lower:
        return errors.NotSignedIn(
            "Jira Cloud takes an API token only together with the e-mail address of its owner.",
            remedy="Enter the e-mail address as user and the API token (id.atlassian.com) as secret.",
            code="A1",
            call=call,
            answer=said,
        )
    if answer.status in (401, 403) and "scope does not match" in lower:
        return errors.Forbidden(
            "The app may not do this: its consent lacks a scope.",
            remedy="Add the scopes shown with the connection to the app in Atlassian's console, then sign in again.",
            code="O3",
            call=call,
            answer=said,
        )
    if answer.status in (401, 403) and "link issue permission" in lower:
        return errors.Forbidden(
            f"Jira does not let the account link issues: {said.text}",
            remedy="Give the connection's account Link Issues in the project, then press Retry.",
            code="L6",
            call=call,
            answer=said,
        )
    if answer.status == 403 and "xsrf check failed" in lower:
        return errors.Forbidden(
            "Jira took the request for one of a browser (XSRF check failed).",
            remedy="See that no proxy changes the User-Agent of Crosswalk's requests.",
            code="A12",
            call=call,
            answer=said,
        )
    if answer.status == 400 and "you do not have permission to edit issues" in lower:
        return errors.Forbidden(
            "Jira lets nobody, or not this account, edit the issue in its present status.",
            remedy="Give the account Edit Issues, or allow editing in that status; then press Retry.",
            code="A10",
            call=call,
            answer=said,
        )
    if answer.status in (404, 410):
        return _not_found(answer, lower, call, said)
    if answer.status in (400, 413, 422):
        return _invalid(answer, call, said)
    return None


def _invalid(answer: Answer, call: str, said: Said) -> RemoteError:
    """Refused values: with the remedy for the first thing that is wrong."""
    try:
        text, fields = words(remote.parse(answer.body or b"null"))
    except ValueError:
        text, fields = said.text, {}
    remedy, code = remedy_of(text)
    message = text or f"Jira refused the request ({answer.status})."
    return errors.Invalid(message, fields=fields, remedy=remedy, code=code, call=call, answer=said)


def _not_found(answer: Answer, lower: str, call: str, said: Said) -> RemoteError | None:
    remedies = (
        ("no project could be found", "A8", "Choose the project again, or give the account Browse Projects."),
        ("issue does not exist", "A7", "Open it in Jira as the connection's account; give that Browse Projects."),
        ("no issue link type", "L7", "Choose a link type that exists in Jira."),
        ("no message available", "Q8", "Check the cloud id in the gateway address."),
        ("requested api has been removed", "Q1", "Update Crosswalk."),
        ("no endpoint", "Q7", ITS_ADDRESS),
        ("null for uri", "Q7", ITS_ADDRESS),
    )
    for part, code, remedy in remedies:
        if part in lower:
            what = f"Jira has nothing at this address ({said.text})." if code == "Q7" else said.text
            return errors.NotFound(what, remedy=remedy, code=code, call=call, answer=said)
    if "html" in answer.media_type:
        return errors.NotFound(
            "There is no Jira at this address: a web page says “not found”.",
            remedy="Check the address, and whether Jira lies below a path such as /jira.",
            code="N4",
            call=call,
            answer=said,
        )
    return None


def _too_many(request: Request, answer: Answer, said: Said) -> RemoteError:
    """https://developer.atlassian.com/cloud/jira/platform/rate-limiting/: the reason says which limit it was."""
    reason = answer.headers.get("ratelimit-reason", "")
    code = {"jira-burst-based": "R4", "jira-per-issue-on-write": "R6"}.get(reason, "R5" if "quota" in reason else "R7")
    return errors.TooMany(
        "Jira's request limit is reached" + (f" ({reason})." if reason else "."),
        wait=_wait(answer),
        remedy="Nothing to do: it goes on by itself.",
        code=code,
        call=request.call,
        answer=said,
    )


def _wait(answer: Answer) -> float:
    """Seconds to wait: Retry-After, else X-RateLimit-Reset beside the answer's own Date, else 1."""
    if "retry-after" in answer.headers:
        return remote.wait_of(answer)
    try:
        until = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", ""))
        return remote.bounded((until - parsedate_to_datetime(answer.headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):
        return 1.0


def _plain(answer: Answer) -> str:
    """The server's own words as text; empty for a web page."""
    if answer.status < 400:
        return ""
    if "json" not in answer.media_type:
        return remote.plain_words(answer)
    try:
        return words(remote.parse(answer.body or b"null"))[0]
    except ValueError:  # Cloud's 401 says it is JSON where JSON is asked for, and is a line of text
        return remote.plain_words(answer)
