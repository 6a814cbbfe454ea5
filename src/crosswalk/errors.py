"""Every exception Crosswalk raises on purpose. A class is one thing the caller does differently.

::

    CrosswalkError
    ├── Refused              bad input or setting; nothing was sent. A person mends it.
    ├── Overtaken            another run owns the pair now; this one stops without a trace.
    ├── NeedsPerson          the plan refuses itself (mass change, unanswered conflict); a person decides.
    └── RemoteError          a server answered, or failed to.
        ├── Unreachable      the request can not have been applied: send it again later.        retryable
        │   └── Untrusted    the certificate or the address is not acceptable: never again as it is.
        ├── Unanswered       the request may have been applied: look before repeating it.       retryable
        │   └── TooSlow      it was broken off after minutes: again later, not at once.          retryable
        ├── Unreadable       an answer that is not this API's (login page, half a body).        retryable
        ├── ServerFault      the server failed (5xx): again later; a create is looked up first. retryable
        ├── TooMany          a limit was reached (429): again after `wait` seconds.             retryable
        ├── Outdated         an answer older than one that was read before: read again later.   retryable
        ├── Conflicted       somebody wrote at the same moment (409): read and merge again.     retryable
        ├── NotSignedIn      the credential is not accepted (401, captcha): pause the connection.
        ├── Forbidden        signed in, but not allowed (403): park the pair.
        ├── NotFound         deleted, moved out of sight, or never there (404).
        └── Invalid          the server refuses values (400, 422): `fields` says which; write the rest.

`retryable` says whether doing the same again later can help without a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

# Words that begin with the sound of “you”.
_LIKE_YOU = ("uni", "use", "usa", "uti", "ur", "eu", "one")


def a_or_an(noun: str, article: str = "a") -> str:
    """`noun` behind its article, for messages: “a feature”, “an epic”; `article` is “A” where a sentence begins."""
    word = noun.lower()
    return f"{article}{'n' if word.startswith(tuple('aeiou')) and not word.startswith(_LIKE_YOU) else ''} {noun}"


class CrosswalkError(Exception):
    """Something a person or a caller can act on.

    `message` says what happened, where and why; `remedy` says what to do next, in words of the person's own
    screens; `code` is the entry in docs/troubleshooting (such as "F2"), empty where there is none.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, remedy: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Refused(CrosswalkError):
    """Bad input or a setting that can not work; nothing was sent."""


class Overtaken(CrosswalkError):
    """Another run owns the pair now (its fence is higher); this run must write nothing more."""


class NeedsPerson(CrosswalkError):
    """A plan that refuses itself until a person has spoken."""


class RemoteError(CrosswalkError):
    """A server answered with an error, or did not answer.

    `status` is the HTTP status (0 where there was no answer), `said` the server's own words, `request_id` what its
    support will ask for, `call` the method and path.
    """

    def __init__(
        self, message: str, *, remedy: str = "", code: str = "", call: str = "", answer: Said | None = None
    ) -> None:
        super().__init__(message, remedy=remedy, code=code)
        self.call = call
        self.status = answer.status if answer else 0
        self.said = answer.text if answer else ""
        self.request_id = answer.request_id if answer else ""


class Said:
    """What a server said, as far as an error keeps it: status, its own message (at most 500 characters), request id."""

    __slots__ = ("request_id", "status", "text")

    def __init__(self, status: int, text: str = "", request_id: str = "") -> None:
        self.status = status
        self.text = text[:500]
        self.request_id = request_id


class Unreachable(RemoteError):
    """No connection, so the request can not have been applied."""

    retryable = True


class Untrusted(Unreachable):
    """The certificate can not be verified, or the address is one this connection may not reach."""

    retryable = False


class Unanswered(RemoteError):
    """The request was sent and no whole answer came: it may have been applied."""

    retryable = True


class TooSlow(Unanswered):
    """The answer came so slowly that it was broken off: it is asked for again later, not at once."""


class Unreadable(RemoteError):
    """The answer is not one this API gives: an HTML page, a redirect to a login, half a body."""

    retryable = True


class ServerFault(RemoteError):
    """The server failed (5xx)."""

    retryable = True


class TooMany(RemoteError):
    """A request limit was reached. `wait` is how many seconds the server asks us to wait."""

    retryable = True

    def __init__(
        self,
        message: str,
        *,
        wait: float,
        remedy: str = "",
        code: str = "",
        call: str = "",
        answer: Said | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, code=code, call=call, answer=answer)
        self.wait = wait


class Conflicted(RemoteError):
    """Somebody wrote the same record at the same moment (409)."""

    retryable = True


class Outdated(RemoteError):
    """The answer is older than one that was read before: it comes from a copy that lags behind."""

    retryable = True


class NotSignedIn(RemoteError):
    """The credential is missing, wrong, expired or locked."""


def paused(why: str, call: str) -> NotSignedIn:
    """What a request meets whose connection is paused: it is not sent."""
    return NotSignedIn(why, remedy="Open the connection, mend that, then press Test connection.", call=call)


class Forbidden(RemoteError):
    """Signed in, but this is not allowed."""


class NotFound(RemoteError):
    """Deleted, moved out of sight, or never there; the servers do not tell which."""


class Invalid(RemoteError):
    """The server refuses values. `fields` maps a field's name on that side to the server's words about it."""

    def __init__(
        self,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        remedy: str = "",
        code: str = "",
        call: str = "",
        answer: Said | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, code=code, call=call, answer=answer)
        self.fields: Mapping[str, str] = MappingProxyType(dict(fields or {}))
