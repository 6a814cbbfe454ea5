"""Requests and answers as values, and which error an answer is. No I/O, no clock."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NoReturn

from crosswalk import errors
from crosswalk.errors import RemoteError, Said

# RFC 9110, 8.3.1, in visible letters only.
_MEDIA_TYPE = re.compile(r"[\w.+*!#$&^-]+/[\w.+*!#$&^-]+(?:; ?[ -~]*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class File:
    """One part of an upload: form field, file name, media type, and the bytes or where they lie (they are streamed)."""

    field: str
    name: str
    media_type: str
    content: bytes | Path

    @property
    def kind(self) -> str:
        """The media type as it may stand in a header; what is none (a server said it) is taken for bytes."""
        return self.media_type if _MEDIA_TYPE.fullmatch(self.media_type) else "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """One call to a server. `path` starts with "/" and is added to the connection's address.

    `repeatable` says that applying it twice is the same as applying it once (reads, replacing writes, deletes); a
    create is not, and is never sent again blindly. `about` names what it is for, in the log.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    files: tuple[File, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True
    about: str = ""

    @property
    def call(self) -> str:
        """Method and path, as errors and logs name the request."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent back. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def request_id(self) -> str:
        """What the server's support will ask for."""
        for name in ("atl-traceid", "x-arequestid", "x-request-id"):
            if found := self.headers.get(name):
                return found
        return ""

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are shown as replacement marks."""
        return self.body.decode("utf-8", "replace")


Words = Callable[[Any], tuple[str, Mapping[str, str]]]
"""Reads an error body (parsed JSON): the server's message, and its words per field."""

Teller = Callable[[Request, Answer], RemoteError | None]
"""A connector's own reading of an answer, asked before the general one."""


_READ_BY_POST = ("/search", "/search/jql", "/issue/bulkfetch")


def changes(call: str) -> bool:
    """Whether a call (method and path) is meant to change something: a few reads are POSTs too."""
    method, _, path = call.partition(" ")
    return method not in ("GET", "HEAD", "") and not (method == "POST" and path.endswith(_READ_BY_POST))


def parse(body: bytes) -> Any:
    """The JSON in `body`, its texts without what no database and no other server takes (NUL, halves of a character).

    Raises ValueError for anything else, also for JSON nested thousands deep, and for numbers that none can hold.
    """
    try:
        data = json.loads(body, parse_constant=_no_number, parse_float=_number)
        return _storable(data) if _ODD.search(body) else data
    except RecursionError:
        raise ValueError("nested too deep") from None


# What such a text may be written by: escaped, as the bytes of a half, or in UTF-16, which json.loads takes as well.
_ODD = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\x00")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def _storable(data: Any) -> Any:
    if isinstance(data, str):
        return _UNSTORABLE.sub("\ufffd", data)
    if isinstance(data, list):
        return [_storable(one) for one in data]
    return {_storable(name): _storable(one) for name, one in data.items()} if isinstance(data, dict) else data


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is no number")


def decode(request: Request, answer: Answer) -> Any:
    """The JSON an answer carries; None for an empty body. Raises Unreadable for anything that is not JSON."""
    if not answer.body.strip():
        return None
    declared = answer.headers.get("content-length", "")
    if declared.isdigit() and "content-encoding" not in answer.headers and int(declared) > len(answer.body):
        raise _unreadable(request, answer, "The answer broke off before its end.")
    if answer.media_type in ("text/html", "application/xhtml+xml"):
        raise _unreadable(request, answer, "The server answered with a web page where data was expected.")
    if answer.media_type and "json" not in answer.media_type:
        raise _unreadable(request, answer, f"The answer is {answer.media_type}, not JSON.")
    try:
        return parse(answer.body)
    except ValueError:
        what = (
            "breaks off or is not JSON"
            if "json" in answer.media_type
            else f"is {answer.media_type or 'untyped'}, not JSON"
        )
        raise _unreadable(request, answer, f"The answer {what}.") from None


def understand(request: Request, answer: Answer, words: Words, tell: Teller) -> Any:
    """The data of a good answer; raises the RemoteError that says what the caller must do about any other.

    `words` reads the server's error bodies, `tell` knows what only this product's servers say.
    """
    if (told := tell(request, answer)) is not None:
        raise told
    if 300 <= answer.status < 400:
        target = answer.headers.get("location", "nowhere")
        raise errors.Unreadable(
            f"The server redirects {request.call} to {target.partition('?')[0]} instead of answering.",
            remedy="Enter the address the server gives itself (its base URL), or let /rest/ pass your sign-in proxy.",
            code="N2",
            call=request.call,
            answer=Said(answer.status, target.partition("?")[0], answer.request_id),
        )
    if answer.status < 300:
        return decode(request, answer)
    raise error_of(request, answer, words)


def error_of(request: Request, answer: Answer, words: Words) -> RemoteError:
    """The error an answer with status 400 or more is."""
    said, fields = _said(answer, words)
    call, status = request.call, answer.status
    if status == 401:
        return errors.NotSignedIn(
            "The server does not accept the credentials.",
            remedy="Make a new token, enter it in the connection, and press Save and test.",
            code="A1",
            call=call,
            answer=said,
        )
    if status == 403:
        return errors.Forbidden(
            f"The account may not do this: {said.text or request.call}",
            remedy="Give the account of the connection the right it lacks, then press Retry.",
            code="A14",
            call=call,
            answer=said,
        )
    if status in (404, 410):
        return errors.NotFound(
            said.text or "There is no such record, or it is hidden.", code="A7", call=call, answer=said
        )
    if status == 409:
        return errors.Conflicted(
            "Somebody changed the record at the same moment.",
            remedy="Nothing to do: it is read and merged again.",
            code="S5",
            call=call,
            answer=said,
        )
    if status == 429:
        return errors.TooMany(
            "The server's request limit is reached.", wait=wait_of(answer), code="R1", call=call, answer=said
        )
    if status in (408, 425) or status >= 500:
        return errors.ServerFault(
            f"The server failed with status {status} ({call}).",
            remedy="Nothing to do: it is tried again.",
            code="R9",
            call=call,
            answer=said,
        )
    return errors.Invalid(
        said.text or f"The server refused the request ({status}).", fields=fields, call=call, answer=said
    )


LONGEST_ASKED = 86_400.0
"""Seconds after which is asked again whatever a server says: no limit has a longer window."""


def wait_of(answer: Answer, default: float = 1.0) -> float:
    """How many seconds an answer asks us to wait: Retry-After as seconds or as a date beside the answer's own Date."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        return bounded(float(text))
    except ValueError:
        pass
    try:
        until, sent = parsedate_to_datetime(text), parsedate_to_datetime(answer.headers.get("date", ""))
        return bounded((until - sent).total_seconds())
    except (ValueError, TypeError):
        return default


def bounded(wait: float) -> float:
    """So many seconds to wait as can be meant."""
    return min(max(0.0, wait), LONGEST_ASKED)


def plain_words(answer: Answer) -> str:
    """The words of an answer that is not JSON; "" for a web page. Servers send bare words as text/html, too."""
    words = _UNSTORABLE.sub("\ufffd", " ".join(answer.text.split()))
    return "" if "html" in answer.media_type and "<" in words else words


def _said(answer: Answer, words: Words) -> tuple[Said, Mapping[str, str]]:
    """The server's own words. An error that is a web page keeps its status and nothing else."""
    if "json" not in answer.media_type:
        return Said(answer.status, plain_words(answer), answer.request_id), {}
    try:
        text, fields = words(parse(answer.body or b"null"))
    except ValueError:
        return Said(answer.status, "", answer.request_id), {}
    return Said(answer.status, text, answer.request_id), fields


def _unreadable(request: Request, answer: Answer, what: str) -> errors.Unreadable:
    return errors.Unreadable(
        f"{what} ({request.call}, status {answer.status})",
        remedy="Check the address. If a sign-in page or firewall stands before the server, let these calls pass.",
        code="N3",
        call=request.call,
        answer=Said(answer.status, " ".join(answer.text[:200].split()), answer.request_id),
    )
