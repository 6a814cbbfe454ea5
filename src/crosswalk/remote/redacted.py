"""Strikes out what must not be kept or shown: credentials, and the e-mail addresses of people. No I/O.

Used for the service's own log lines and for the requests and answers that the store keeps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from crosswalk.remote.request import Answer, Request

STRUCK = "••••"
SECRET_NAME = re.compile(r"authori[sz]ation|secret|password|passwd|token|cookie|api[-_]?key|credential", re.IGNORECASE)
# A credential in a header, the secret end of a webhook address, a password in an address, a secret in a query.
_SECRET_TEXT = re.compile(
    r"(?P<head>\b(?:bearer|basic)\s+|/hooks/(?:aha|jira)/|[?&](?:code|token|secret|api_key|jwt)=)[^\s/@&'\"]+"
    r"|(?P<user>://[^\s/:@]*:)[^\s/@]+(?=@)",
    re.IGNORECASE,
)
_SECRET_SIGNS = ("bearer", "basic", "/hooks/", "code=", "token=", "secret=", "api_key=", "jwt=", "@")
"""One of these is in every text that _SECRET_TEXT finds something in: most have none, and are looked through in no
time."""
_EMAIL_SIGNS = ("@", "%40", "u0040")
_PERSONAL_NAME = re.compile(f"{SECRET_NAME.pattern}|e-?mail|jwt", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%'-]{1,64}(?P<at>@|%40|\\u0040)(?=[\w-]{1,63}\.)", re.IGNORECASE)
# A field of JSON, also where the text was cut within its value.
_FIELD = re.compile(r'(?P<head>"(?P<name>[^"\\]{1,100})"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^\s,}\]\[{"]+)')

_PLAIN = (str, int, float)
WHOLE = 64_000  # bytes of a body that is read as a whole; of a longer one only the beginning is looked at
BEGINNING = 12_000
EDGE = 2_000  # characters before a cut that are not believed: what the cut went through can not be recognised
# Header lines that help and give nothing away; everything else is left out.
_SENT_HEADERS = ("content-type", "x-atlassian-token")
_GOT_HEADERS = ("content-type", "date", "retry-after", "x-request-id", "atl-traceid", "x-arequestid", "x-ratelimit-")


def redact(value: object) -> object:
    """`value` without what looks like a secret: values under secret-like names, and known forms inside texts."""
    if isinstance(value, str):
        if not _signs(value, _SECRET_SIGNS):
            return value
        return _SECRET_TEXT.sub(lambda found: (found["head"] or found["user"]) + STRUCK, value)
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, Mapping):
        return {name: STRUCK if SECRET_NAME.search(str(name)) else redact(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(inner) for inner in value]
    return value


def sent(request: Request) -> str:
    """`request` as text: its line, the headers of its own, its body; files by name only."""
    query = [(name, STRUCK if _PERSONAL_NAME.search(name) else _words(value)) for name, value in request.query]
    line = (
        f"{request.method} {_words(request.path)}" + ("?" if query else "") + "&".join("=".join(one) for one in query)
    )
    files = [f"({file.name}, {file.media_type})" for file in request.files]
    body = json.dumps(_personal(request.body), ensure_ascii=False) if request.body is not None else ""
    return _text(line, _allowed(request.headers, _SENT_HEADERS), _words("\n".join([body, *files]).strip()))


def got(answer: Answer) -> str:
    """`answer` as text: its status, the headers that help, its body where that is text."""
    kind = answer.media_type
    readable = not kind or kind.startswith("text/") or "json" in kind or "xml" in kind
    body = _body(answer.body) if readable else f"({len(answer.body)} bytes)"
    return _text(str(answer.status), _allowed(answer.headers, _GOT_HEADERS), body)


def _body(raw: bytes) -> str:
    if len(raw) <= WHOLE:
        try:
            return _beginning(json.dumps(_personal(json.loads(raw)), ensure_ascii=False))
        except (ValueError, RecursionError):
            pass
    return _fields(_words(raw[:BEGINNING].decode("utf-8", "replace")))


def _beginning(text: str) -> str:
    """As much of a text as anybody keeps, struck. An address or a secret that the cut went through is left out whole:
    the longest have 320 characters, and what no blank ends is no text for people."""
    if len(text) <= BEGINNING:
        return _words(text)
    return f"{_words(text[:BEGINNING])[:-EDGE]}…"


@lru_cache(maxsize=4096)
def _is_personal(name: str) -> bool:
    """Answers have the same few hundred names again and again."""
    return bool(_PERSONAL_NAME.search(name))


def _personal(value: Any) -> Any:
    """Data without the values under names of secrets and of e-mail addresses."""
    if value is None or isinstance(value, _PLAIN):  # nearly everything; asking for a Mapping takes long
        return value
    if isinstance(value, Mapping):
        return {k: STRUCK if v and _is_personal(str(k)) else _personal(v) for k, v in value.items()}
    return [_personal(one) for one in value] if isinstance(value, list | tuple) else value


def _fields(text: str) -> str:
    return _FIELD.sub(
        lambda found: f'{found["head"]}"{STRUCK}"' if _PERSONAL_NAME.search(found["name"]) else found[0], text
    )


def _words(text: str) -> str:
    """A text without what looks like a secret or an e-mail address in it."""
    known = str(redact(text))
    return _EMAIL.sub(lambda found: STRUCK + found["at"], known) if _signs(known, _EMAIL_SIGNS) else known


def _signs(text: str, signs: tuple[str, ...]) -> bool:
    small = text.lower()
    return any(sign in small for sign in signs)


def _allowed(headers: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    return [f"{name}: {_words(value)}" for name, value in headers.items() if name.lower().startswith(names)]


def _text(line: str, headers: Iterable[str], body: str) -> str:
    return "\n".join([line, *headers]) + (f"\n\n{body}" if body else "")
