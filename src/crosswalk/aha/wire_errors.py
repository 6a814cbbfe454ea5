"""Reads what Aha! says when it refuses, and says what a person can do about it. Pure; no I/O, no clock.

The bodies of 400, 401, 403, 422 and 429 are not documented: every form that Aha!'s own clients read is read here
(https://github.com/aha-app/aha-api, https://github.com/aha-app/aha-cli).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from crosswalk import errors
from crosswalk.aha.wire import Json
from crosswalk.errors import RemoteError, Said
from crosswalk.merge.records import LeftOut
from crosswalk.remote import request as remote
from crosswalk.remote.request import Answer, Request

TOO_LARGE = "Make the file smaller; or link to it from the text, and delete it in Jira."
REFUSALS: tuple[tuple[str, str, str], ...] = (
    ("workflow status", "S8", "Load the project data and map the status to one that this workspace has."),
    ("workflow_status", "S8", "Load the project data and map the status to one that this workspace has."),
    ("not a user", "U1", "Give that person a user in Aha! with access to the workspace, or map another."),
    ("one of the options", "F9", "Map the value to an option of the field in Aha!, or add the option there."),
    ("file size", "T2", TOO_LARGE),
    ("name can't be blank", "F5", "Give the record a name."),
    ("integration does not belong", "L4", "Choose the id of an integration of this workspace, or a URL custom field."),
)
"""Words in lower case, the entry in docs/troubleshooting, and the remedy. The first that fits is taken."""


def understand(request: Request, answer: Answer) -> Any:
    """The data of a good answer, or the RemoteError it is; see crosswalk.remote.request.understand.

    412 says that this very file is attached already, and which one it is: that is an answer, no error
    (https://www.aha.io/api/resources/attachments/create_an_attachment).
    """
    if answer.status == 412 and "json" in answer.media_type:
        return remote.decode(request, answer)
    return remote.understand(request, answer, words, tell)


def words(data: Json) -> tuple[str, Mapping[str, str]]:
    """Aha!'s message and its words per field.

    Read are `error`, `message`, and `errors` as text, as `{message}`, as a list of those or of texts, as
    `{name: [text]}`, and as `{attributes: [{name, messages}]}`.
    """
    if not isinstance(data, dict):
        return "", {}
    messages = [data[name] for name in ("error", "message", "error_description") if isinstance(data.get(name), str)]
    fields: dict[str, str] = {}
    _read(data.get("errors"), messages, fields)
    said = [*dict.fromkeys(messages), *(f"{name}: {text}" for name, text in fields.items())]
    return " ".join(said), fields


def _read(listed: Json, messages: list[str], fields: dict[str, str]) -> None:
    if isinstance(listed, str):
        messages.append(listed)
    elif isinstance(listed, list):
        for entry in listed:
            _read(entry, messages, fields)
    elif isinstance(listed, dict):
        if isinstance(listed.get("name"), str) and (told := listed.get("fullMessages") or listed.get("messages")):
            fields[listed["name"]] = _flat(told)
            return
        for name, said in listed.items():
            if name == "message":
                messages.append(_flat(said))
            elif name == "attributes":
                _read(said, messages, fields)
            elif said:
                fields[str(name)] = _flat(said)


def _flat(said: Json) -> str:
    return said if isinstance(said, str) else " ".join(map(str, said)) if isinstance(said, list) else str(said)


def remedy_of(said: str) -> tuple[str, str]:
    """The remedy and the code for Aha!'s words; both empty where there is nothing to add."""
    lower = said.lower()
    for part, code, remedy in REFUSALS:
        if part in lower:
            return remedy, code
    return "", ""


def refused(said: str) -> LeftOut:
    """Aha!'s words about a field, with what a person can do."""
    return LeftOut(said, *remedy_of(said))


def tell(request: Request, answer: Answer) -> RemoteError | None:
    """What only Aha! says: whose key, which right, which of two kinds of 404, how long to wait."""
    if answer.status < 400:
        return None
    said = Said(answer.status, _plain(answer), answer.request_id)
    match answer.status:
        case 401:
            return errors.NotSignedIn(
                "Aha! does not accept the key: it is mistyped, it was removed, or its user was switched off.",
                remedy="Check the key, or make a new one (Aha!: Settings > Personal > Developer); press Save and test.",
                code="A13",
                call=request.call,
                answer=said,
            )
        case 403:
            return errors.Forbidden(
                f"Aha! does not let the key's user do this{': ' + said.text if said.text else '.'}",
                remedy="Make that user a contributor or owner of the workspace in Aha!, then press Retry.",
                code="A14",
                call=request.call,
                answer=said,
            )
        case 404 | 410:
            return _not_found(request, answer, said)
        case 429:
            return errors.TooMany(
                "Aha!'s request limit is reached; it counts for the whole account.",
                wait=wait_of(answer),
                remedy="Nothing to do: it goes on by itself. If it happens often, slow other programs down.",
                code="R3",
                call=request.call,
                answer=said,
            )
        case 500:
            return errors.ServerFault(
                "Aha! failed (500), as it does when two writes meet in one workspace.",
                remedy="Nothing to do: it is tried again.",
                code="R8",
                call=request.call,
                answer=said,
            )
    return None


def _not_found(request: Request, answer: Answer, said: Said) -> RemoteError:
    """A JSON body: no such record. A web page: no such call at this address."""
    if "json" in answer.media_type:
        return errors.NotFound(
            said.text or "Record not found.",
            remedy="If you see it in Aha!, give the key's user access to its workspace.",
            code="A15",
            call=request.call,
            answer=said,
        )
    return errors.NotFound(
        "There is no Aha! API at this address: a web page says “not found”.",
        remedy="Enter your account's own address, such as https://company.aha.io",
        code="N4",
        call=request.call,
        answer=said,
    )


def wait_of(answer: Answer) -> float:
    """Seconds to wait: Retry-After, else X-Ratelimit-Reset (Unix seconds) beside the answer's own Date, else 1."""
    if "retry-after" in answer.headers:
        return remote.wait_of(answer)
    try:
        reset = float(answer.headers.get("x-ratelimit-reset", ""))
        sent = parsedate_to_datetime(answer.headers.get("date", "")).replace(tzinfo=UTC).timestamp()
    except (ValueError, TypeError):
        return 1.0
    wait = reset - sent
    return wait if 0 <= wait <= 3600 else 1.0


def _plain(answer: Answer) -> str:
    """The server's own words as text; empty for a web page."""
    if "html" in answer.media_type:
        return ""
    if "json" not in answer.media_type:
        return " ".join(answer.text.split())
    try:
        return words(json.loads(answer.body or b"null"))[0]
    except ValueError:
        return ""
