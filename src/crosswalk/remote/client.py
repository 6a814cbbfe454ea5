"""Sends requests and waits when told to. Decides nothing about their meaning; never repeats a create blindly."""

from __future__ import annotations

import random
import socket
import ssl
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import urlsplit

import httpx2

from crosswalk import __version__, errors
from crosswalk.errors import RemoteError
from crosswalk.merge.records import FileCopy
from crosswalk.remote.address import checked_base, forbidden
from crosswalk.remote.budget import Budget
from crosswalk.remote.download import REDIRECTS, next_address, received, same_origin
from crosswalk.remote.request import Answer, Request

USER_AGENT = f"Crosswalk/{__version__} (+https://github.com/crosswalk-sync/crosswalk)"
LONGEST_WAIT = 30.0  # seconds a run may sleep; longer waits go back to the engine, which does other work meanwhile
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Account:
    """Where a server is and who signs in there.

    `user` is empty for a bearer token; `authority` is the PEM certificate of a private authority, empty for the
    machine's own list; `allow_private` is False where the operator allows public addresses only.
    """

    address: str
    user: str
    secret: str = field(repr=False)
    authority: str = ""
    allow_private: bool = True


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it went, for the request log: times in seconds, `error` empty when it went well."""

    request: Request
    status: int
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a client is given from outside: clock, sleep, chance and the request log."""

    now: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float] = random.random
    log: Callable[[Exchange], object] = bool  # a request log that keeps nothing


Sign = Callable[[str, str, str], Mapping[str, str]]
"""The headers that sign one request in, from its method, its path as it is sent, and its raw query."""


class Client:
    """Sends requests to one server.

    `understand` turns an answer into data or raises the RemoteError it is. `stranger` carries no credential: it fetches
    what lies on another host. Raises RemoteError.
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

    @property
    def address(self) -> str:
        """The server's base address, without a slash at its end."""
        return str(self._http.base_url).rstrip("/")

    def send(self, request: Request) -> Any:
        """The data of the answer to `request`, waiting and repeating where that is safe."""
        return self._repeated(request, lambda: self._once(request, self._transmit))

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
                if wait is None:
                    raise
                self._around.sleep(wait)
        raise AssertionError("pause() ends the last attempt")

    def close(self) -> None:
        """Close the connections."""
        self._closing()

    def _once(self, request: Request, transmit: Callable[[Request], Answer]) -> Any:
        while (wait := self._budget.take(self._around.now())) > 0:
            if wait > LONGEST_WAIT:
                raise errors.TooMany("The request budget is used up.", wait=wait, call=request.call)
            self._around.sleep(wait)
        started = self._around.now()
        status, problem = 0, ""
        try:
            answer = transmit(request)
            status = answer.status
            return self._understand(request, answer)
        except RemoteError as error:
            problem = error.message
            raise
        finally:
            self._around.log(Exchange(request, status, self._around.now() - started, problem))

    def _transmit(self, request: Request) -> Answer:
        with ExitStack() as opened:
            files = [(file.field, (file.name, _bytes(file.content, opened), file.media_type)) for file in request.files]
            try:
                got = self._http.request(
                    request.method,
                    request.path,
                    params=list(request.query) or None,
                    json=request.body,
                    files=files or None,
                    headers=dict(request.headers),
                )
            except httpx2.RequestError as error:
                raise transport_error(error, request, urlsplit(self.address).netloc) from error
        return Answer(got.status_code, _lower(got), got.content)

    def _fetch(
        self, request: Request, address: str, keep: Callable[[httpx2.Response], FileCopy], found: list[FileCopy]
    ) -> Answer:
        """The answer at `address` without its body, which `keep` takes where it is a file; what it kept is `found`."""
        http = self._http if same_origin(self.address, address) else self._stranger
        for hop in (1, 2):
            try:
                with http.stream("GET", address, headers={"Accept": "*/*"}) as got:
                    answer = Answer(got.status_code, _lower(got), b"")
                    if got.is_success:
                        found[:] = [keep(got)]
                        return answer
                    if hop == 2 or got.status_code not in REDIRECTS or "location" not in got.headers:
                        return Answer(got.status_code, _lower(got), got.read())
            except httpx2.RequestError as error:
                raise transport_error(error, request, urlsplit(str(http.base_url)).netloc) from error
            address, http = next_address(request, str(got.url), got.headers["location"]), self._stranger
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
    if isinstance(error, errors.Conflicted):
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
    try:
        verify = ssl.create_default_context(cadata=account.authority or None)
    except (ssl.SSLError, ValueError, TypeError):
        raise errors.Refused(
            "The certificate of the authority can not be read.",
            remedy="Paste it in PEM form: it begins with -----BEGIN CERTIFICATE-----.",
            code="N5",
        ) from None
    _check_secret(headers)
    base, private = checked_base(account.address), account.allow_private
    http = open_http(base, headers, verify=verify, allow_private=private, sign=sign)
    return Client(http, understand, budget, surroundings, open_http(base, {}, verify=verify, allow_private=private))


def _check_secret(headers: Mapping[str, str]) -> None:
    """A header takes visible ASCII only (RFC 9110, 5.5); nothing is sent that can not arrive."""
    for value in headers.values():
        if value.endswith(" "):
            raise errors.Refused("The connection has no token.", remedy="Enter the token, then press Test connection.")
        if not (value.isascii() and value.isprintable()):
            raise errors.Refused(
                "The token holds a line break or a letter that no token has.",
                remedy="Copy the token once more, without anything before or behind it, then press Test connection.",
                code="A1",
            )


def open_http(
    base: str,
    headers: Mapping[str, str],
    *,
    verify: ssl.SSLContext | bool,
    allow_private: bool,
    sign: Sign | None = None,
) -> httpx2.Client:
    """An HTTP client for the server at `base` that follows no redirect and checks each address it connects to."""
    client = httpx2.Client(
        base_url=base,
        headers={"Accept": "application/json", "User-Agent": USER_AGENT, **headers},
        verify=verify,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(30.0, connect=10.0),
    )

    def check_address(name: str, info: Mapping[str, Any]) -> None:
        # Before connecting, so that a forbidden address is not even knocked at; and after, because a name may lead
        # elsewhere a moment later.
        if name == "connection.connect_tcp.started":
            for address in _addresses(info["host"]):
                _refuse(address, allow_private)
        if name == "connection.connect_tcp.complete":
            stream = info["return_value"]
            try:
                _refuse(stream.get_extra_info("server_addr")[0], allow_private)
            except AddressRefusedError:
                stream.close()
                raise

    def trace(request: httpx2.Request) -> None:
        request.extensions["trace"] = check_address

    def signed(request: httpx2.Request) -> None:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        request.headers.update(sign(request.method, path, query) if sign else {})

    client.event_hooks = {"request": [trace, signed]}
    return client


def _addresses(host: str) -> list[str]:
    """Where a host name leads; nowhere when it is not known (then connecting says so)."""
    try:
        return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    except OSError:
        return []


def _refuse(address: str, allow_private: bool) -> None:
    """Raise AddressRefusedError for an address that may not be reached."""
    if reason := forbidden(address, allow_private=allow_private):
        raise AddressRefusedError(reason)


class AddressRefusedError(httpx2.TransportError):
    """The address a host name leads to is not one this installation may reach."""


def transport_error(error: httpx2.RequestError, request: Request, host: str = "") -> RemoteError:
    """The RemoteError a failed transmission to `host` is: could the request have been applied or not?"""
    call = request.call
    if isinstance(error, AddressRefusedError):
        return errors.Untrusted(
            f"The connection was refused before anything was sent: {error}.",
            remedy="Enter the server's own address, or have the operator set CROSSWALK_ALLOW_PRIVATE=yes.",
            code="N7",
            call=call,
        )
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout | httpx2.UnsupportedProtocol):
        return _connect_error(error, call, f"The server {host}".strip())
    if isinstance(error, httpx2.DecodingError):
        return errors.Unreadable(
            f"The answer to {call} is not what it says it is: {error}",
            remedy="See whether a proxy between Crosswalk and the server changes answers.",
            code="N3",
            call=call,
        )
    return errors.Unanswered(
        f"The connection broke before the answer to {call} came ({type(error).__name__}).",
        remedy="Nothing to do: Crosswalk looks whether it was applied before it repeats anything.",
        code="N9",
        call=call,
    )


def _connect_error(error: Exception, call: str, server: str) -> RemoteError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return errors.Untrusted(
                f"{server} shows a certificate that can not be verified: {cause.verify_message}.",
                remedy="Install the authority's certificate in the connection; Crosswalk has no way to skip the check.",
                code="N5",
                call=call,
            )
        if isinstance(cause, ssl.SSLError):
            return errors.Untrusted(
                f"{server} does not speak TLS at this address.",
                remedy="Check the port, and whether the address begins with https:// or http://.",
                code="N5",
                call=call,
            )
        if isinstance(cause, socket.gaierror):
            return errors.Unreachable(
                f"{server} is not known by that name (DNS).",
                remedy="Check the address for a typing error, or the name service of the machine Crosswalk runs on.",
                code="N1",
                call=call,
            )
    timed_out = isinstance(error, httpx2.ConnectTimeout)
    return errors.Unreachable(
        f"{server} gave no connection in 10 seconds." if timed_out else f"{server} refuses the connection.",
        remedy="Check address and port, and that a firewall lets Crosswalk's machine through.",
        code="N6",
        call=call,
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
