"""Sends requests and waits when told to. Decides nothing about their meaning; never repeats a create blindly."""

from __future__ import annotations

import random
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import urlsplit

import httpx2

from crosswalk import errors
from crosswalk.config import Private
from crosswalk.errors import RemoteError
from crosswalk.merge.records import FileCopy
from crosswalk.remote import redacted
from crosswalk.remote.address import checked_base
from crosswalk.remote.budget import Budget, patience, waited
from crosswalk.remote.download import REDIRECTS, next_address, nowhere, received, same_origin, whole
from crosswalk.remote.opening import Sign, open_http, transport_error
from crosswalk.remote.request import Answer, Request
from crosswalk.remote.tls import Heard, context
from crosswalk.remote.transport import Way

LONGEST_WAIT = 30.0  # seconds a run may sleep; longer waits go back to the engine, which does other work meanwhile
ATTEMPTS = 4
PROVEN = 60.0  # seconds for which an answer shows that the credential is accepted
IN_TURN = 1.0  # seconds that others wait for the first request to show that
LARGEST = 64 * 1024 * 1024
"""Bytes of an answer, unpacked: a page of a hundred issues with everything they hold has a few million."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where a server is and who signs in there.

    `user` is empty for a bearer token; `authority` is the PEM certificate of a private authority, empty for the
    machine's own list; `allow_private` says which private addresses the operator allows. `certificate` is a PEM
    client certificate with its key, `proxy` leads to the server, and `proxy_login` ("name:password") signs in there.
    """

    address: str
    user: str
    secret: str = field(repr=False)
    authority: str = ""
    allow_private: Private = False
    certificate: str = field(default="", repr=False)
    proxy: str = ""
    proxy_login: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it went, for the request log: times in seconds, `error` empty when it went well."""

    request: Request
    answer: Answer | None
    seconds: float
    error: str = ""

    @property
    def status(self) -> int:
        """The status of the answer; 0 where none came."""
        return self.answer.status if self.answer else 0

    @property
    def sent(self) -> str:
        """The request as text, without secrets and e-mail addresses."""
        return redacted.sent(self.request)

    @property
    def got(self) -> str:
        """The answer as text, likewise; "" where none came."""
        return redacted.got(self.answer) if self.answer else ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client is given from outside: clock, sleep, chance, the request log, and what carries requests in place of
    the network."""

    now: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float] = random.random
    log: Callable[[Exchange], object] = bool  # a request log that keeps nothing
    transport: httpx2.BaseTransport | None = None


class Client:
    """Sends requests to one server.

    `understand` turns an answer into data or raises the RemoteError it is. `stranger` carries no credential: it fetches
    what lies on another host. `renewed` is asked once after a 401: whether the next try signs in with something newer;
    `refused` is told of a credential that is not accepted all the same. While `barred` says why, nothing is sent: a
    wrong password that is tried again and again locks the account. For the same reason, where no answer showed lately
    that the credential is accepted, one request goes first and the others wait a moment for what it finds. Raises
    RemoteError.
    """

    def __init__(
        self,
        http: httpx2.Client,
        understand: Callable[[Request, Answer], Any],
        budget: Budget,
        surroundings: Surroundings,
        stranger: httpx2.Client,
    ) -> None:
        self._http, self._stranger = http, stranger
        # A client that is replaced is closed when the last run that works with it has ended.
        self._closing = weakref.finalize(self, _close, http, stranger)
        self._understand = understand
        self._budget = budget
        self._around = surroundings
        self.heard = Heard()
        self.renewed: Callable[[], bool] = bool
        self.refused: Callable[[errors.NotSignedIn], object] = bool
        self.barred = ""
        self.in_turn = IN_TURN
        self._abreast: threading.BoundedSemaphore | None = None
        self._first = threading.RLock()
        self._proven = float("-inf")

    def narrow(self, most: int) -> None:
        """Send at most so many requests at once, from now on: where a few wrong passwords lock the account, it may be
        changed while all threads are at work. Other processes are the budget's to count."""
        self._abreast = self._abreast or threading.BoundedSemaphore(most)

    @property
    def address(self) -> str:
        """The server's base address, without a slash at its end."""
        return str(self._http.base_url).rstrip("/")

    def send(self, request: Request) -> Any:
        """The data of the answer to `request`, waiting and repeating where that is safe."""
        with self._in_turn():
            try:
                return self._repeated(request, lambda: self._once(request, self._transmit))
            except errors.NotSignedIn as error:
                # Only an answer counts: what was barred, or could not be signed, was never sent.
                if error.status:
                    self.refused(error)
                raise

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One at a time until the credential is known to be accepted; a slow server holds nobody up for long."""
        alone = not self._is_proven() and self._first.acquire(timeout=self.in_turn)
        if alone and self._is_proven():  # by the one that was waited for
            self._first.release()
            alone = False
        try:
            yield
        finally:
            if alone:
                self._first.release()

    def _is_proven(self) -> bool:
        return self._around.now() - self._proven <= PROVEN

    @contextmanager
    def download(self, request: Request, address: str, most: int) -> Iterator[FileCopy]:
        """The file at `address` (a path of this server, or whole), at most `most` bytes, kept until the context ends.

        `request` names it in the log and in errors: the address itself may hold a right to read. A redirect is followed
        once, without the credential. Raises Refused for a larger file.
        """
        with TemporaryDirectory(prefix="crosswalk-") as folder:
            path = Path(folder) / "file"

            def fetch() -> FileCopy:
                found: list[FileCopy] = []
                self._once(
                    request, lambda asked: self._fetch(asked, address, lambda got: received(got, path, most), found)
                )
                return found[0]

            yield self._repeated(request, fetch)

    def leads_to(self, request: Request) -> str:
        """Where the server sends a reader of `request` on to, "" where it answers itself. Nothing is followed."""
        found = [""]

        def look(asked: Request) -> Answer:
            answer = self._transmit(asked)
            if answer.status in REDIRECTS:
                found[0] = answer.headers.get("location", "")
            return replace(answer, status=204, body=b"") if answer.status < 400 else answer

        self._repeated(request, lambda: self._once(request, look))
        return found[0]

    def _repeated(self, request: Request, once: Callable[[], Any]) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return once()
            except RemoteError as error:
                wait = pause(error, request, attempt, self._around.chance())
                # What was refused with 401 was not applied, so even a create may follow.
                if attempt == 1 and isinstance(error, errors.NotSignedIn) and self.renewed():
                    wait = 0.0
                if wait is None:
                    raise
                self._around.sleep(wait)
                waited()
        raise AssertionError("pause() ends the last attempt")

    def close(self) -> None:
        """Close the connections."""
        self._closing()

    def _once(self, request: Request, transmit: Callable[[Request], Answer]) -> Any:
        with self._among_few():
            self._pass_bar(request)
            while (wait := self._budget.take(self._around.now())) > 0:
                if wait > max(LONGEST_WAIT, patience()):
                    raise errors.TooMany("The request budget is used up.", wait=wait, call=request.call)
                self._around.sleep(wait)
                self._pass_bar(request)
                waited()
            return self._answered(request, transmit)

    @contextmanager
    def _among_few(self) -> Iterator[None]:
        """Wait for a place, where requests are narrowed; as with any wait, what is sent may be another's meanwhile."""
        if self._abreast is None:
            yield
            return
        at_once = self._abreast.acquire(blocking=False)
        with ExitStack() as place:
            if not at_once:
                self._abreast.acquire()
            place.callback(self._abreast.release)
            if not at_once:
                waited()
            yield

    def _answered(self, request: Request, transmit: Callable[[Request], Answer]) -> Any:
        started = self._around.now()
        answer, problem = None, ""
        try:
            answer = transmit(request)
            return self._understand(request, answer)
        except RemoteError as error:
            problem = error.message
            if isinstance(error, errors.NotSignedIn) and error.status and self._abreast is not None:
                self.refused(error)  # before another takes this one's place
            raise
        finally:
            self._around.log(Exchange(request, answer, self._around.now() - started, problem))

    def _pass_bar(self, request: Request) -> None:
        if self.barred:
            raise errors.paused(self.barred, request.call)

    def _transmit(self, request: Request) -> Answer:
        with ExitStack() as opened:
            files = [(file.field, (file.name, _bytes(file.content, opened), file.kind)) for file in request.files]
            try:
                with self._http.stream(
                    request.method,
                    request.path,
                    params=list(request.query) or None,
                    json=request.body,
                    files=files or None,
                    headers=dict(request.headers),
                ) as got:
                    body = whole(got, request, LARGEST)
            except httpx2.RequestError as error:
                raise transport_error(error, request, urlsplit(self.address).netloc) from error
        self.heard.date(got.headers.get("date", ""), self._around.now())
        if got.status_code not in (401, 403):
            self._proven = self._around.now()
        return Answer(got.status_code, _lower(got), body)

    def _fetch(
        self, request: Request, address: str, keep: Callable[[httpx2.Response], FileCopy], found: list[FileCopy]
    ) -> Answer:
        """The answer at `address` without its body, which `keep` takes where it is a file; what it kept is `found`.

        Where the second answer comes from the server that sent on to it, and is no file, the first one is returned:
        servers keep files elsewhere, and lead to a page of their own whom they do not know.
        """
        home = same_origin(self.address, address)
        http = self._http if home else self._stranger
        if not home or urlsplit(address).scheme:
            address = next_address(request, self.address, address)
        first: Answer | None = None
        for hop in (1, 2):
            try:
                with http.stream("GET", address, headers={"Accept": "*/*"}) as got:
                    answer = Answer(got.status_code, _lower(got), b"")
                    if got.is_success:
                        found[:] = [keep(got)]
                        return answer
                    if hop == 2 or got.status_code not in REDIRECTS or "location" not in got.headers:
                        return first or Answer(got.status_code, _lower(got), whole(got, request, LARGEST))
            except httpx2.RequestError as error:
                where = urlsplit(address).netloc or urlsplit(str(http.base_url)).netloc
                raise transport_error(error, request, where.rpartition("@")[2]) from error
            except httpx2.InvalidURL as error:
                raise nowhere(request, error) from error
            target = next_address(request, str(got.url), got.headers["location"])
            first = answer if same_origin(str(got.url), target) else None
            address, http = target, self._stranger
        raise AssertionError("the second hop returns")


def _bytes(content: bytes | Path, opened: ExitStack) -> bytes | IO[bytes]:
    return opened.enter_context(content.open("rb")) if isinstance(content, Path) else content


def _lower(got: httpx2.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in got.headers.items()}


def _close(*clients: httpx2.Client) -> None:
    for client in clients:
        client.close()


def pause(error: RemoteError, request: Request, attempt: int, chance: float) -> float | None:
    """How many seconds to wait before sending `request` again; None when it must not be, or not now.

    A 429 was not applied, so even a create may follow. After a lost answer or a 5xx only what is repeatable is sent
    again: the caller looks a create up first.
    """
    if not error.retryable or attempt >= ATTEMPTS:
        return None
    if isinstance(error, errors.TooMany):
        return None if error.wait > LONGEST_WAIT else max(error.wait, 0.05) + 0.25 * chance
    if isinstance(error, errors.Conflicted | errors.TooSlow):
        return None
    if not isinstance(error, errors.Unreachable) and not request.repeatable:
        return None
    return min(0.25 * 4.0 ** (attempt - 1), 8.0) * (0.75 + 0.5 * chance)


def connect(
    account: Account,
    headers: Mapping[str, str],
    understand: Callable[[Request, Answer], Any],
    budget: Budget,
    surroundings: Surroundings,
    sign: Sign | None = None,
) -> Client:
    """A client for `account` that sends `headers` with each request, and what `sign` makes of it.

    Raises Refused for a bad address or authority.
    """
    _check_secret(headers)
    base, private = checked_base(account.address), account.allow_private
    shown, proxy = context(account.authority, account.certificate), _proxy(account)
    heard, carrier = Heard(), surroundings.transport
    http = open_http(base, headers, Way(shown, private, proxy, heard.stream, carrier), sign)
    # What lies on another host sees neither the credential nor the client certificate.
    stranger = open_http(base, {}, replace(way_to(account), transport=carrier))
    client = Client(http, understand, budget, surroundings, stranger)
    client.heard = heard
    return client


def way_to(account: Account) -> Way:
    """How hosts beside the server of `account` are reached: by the same checks and proxy, without its certificate."""
    return Way(context(account.authority), account.allow_private, _proxy(account))


def _proxy(account: Account) -> httpx2.Proxy | None:
    if not account.proxy:
        return None
    user, _, password = account.proxy_login.partition(":")
    return httpx2.Proxy(checked_base(account.proxy), auth=(user, password) if user else None)


def _check_secret(headers: Mapping[str, str]) -> None:
    """A header takes visible ASCII only (RFC 9110, 5.5); nothing is sent that can not arrive."""
    for value in headers.values():
        if value.endswith(" "):
            raise errors.Refused("The connection has no token.", remedy="Enter the token, then press Save and test.")
        if not (value.isascii() and value.isprintable()):
            raise errors.Refused(
                "The token holds a line break or a letter that no token has.",
                remedy="Copy the token once more, without anything before or behind it, then press Save and test.",
                code="A1",
            )
