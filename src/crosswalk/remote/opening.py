"""Opens connections to servers, and says what kind of error one that failed is. Knows no product."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping

import httpx2

from crosswalk import __version__, errors
from crosswalk.errors import RemoteError
from crosswalk.remote import pace
from crosswalk.remote.cookies import Few
from crosswalk.remote.request import Request, changes
from crosswalk.remote.tls_errors import asked_for_ours, tls_error
from crosswalk.remote.transport import AddressRefusedError, Transport, Way

USER_AGENT = f"Crosswalk/{__version__} (+https://github.com/crosswalk-sync/crosswalk)"

Sign = Callable[[str, str, str], Mapping[str, str]]
"""The headers that sign one request in, from its method, its path as it is sent, and its raw query."""


def open_http(base: str, headers: Mapping[str, str], way: Way, sign: Sign | None = None) -> httpx2.Client:
    """An HTTP client for the server at `base` that follows no redirect and checks each address it connects to.

    Raises Refused for a base that no host can have.
    """
    try:
        url = httpx2.URL(base)
    except httpx2.InvalidURL as error:
        raise errors.Refused(
            f"“{base[:100]}” is no web address: {error}.", remedy="Copy it from the browser."
        ) from None
    client = httpx2.Client(
        base_url=url,
        headers={"Accept": "application/json", "User-Agent": USER_AGENT, **headers},
        cookies=Few(),
        transport=way.transport or Transport(way),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(30.0, connect=10.0),
    )

    def begun(_request: httpx2.Request) -> None:
        pace.begin(way.seconds)

    def signed(request: httpx2.Request) -> None:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        request.headers.update(sign(request.method, path, query) if sign else {})

    client.event_hooks = {"request": [begun, signed]}
    return client


LOOKED_UP = "Nothing to do: Crosswalk looks whether it was applied before it repeats anything."
LATER = "Runs ask again later, by themselves."
ASKED_AGAIN = "Runs ask again by themselves. If it was a test of the connection, press Test connection once more."

WHO_ANSWERS = "See what answers at the address of the connection: Aha! and Jira send no such thing."


def transport_error(error: httpx2.RequestError, request: Request, host: str = "") -> RemoteError:
    """The RemoteError a failed transmission to `host` is: could the request have been applied or not?"""
    call = request.call
    if isinstance(error, AddressRefusedError):
        return errors.Untrusted(
            f"The connection was refused before anything was sent: {error}.",
            remedy=to_do(error),
            code="N7",
            call=call,
        )
    if isinstance(
        error,
        httpx2.ProxyError
        | httpx2.ConnectError
        | httpx2.ConnectTimeout
        | httpx2.PoolTimeout
        | httpx2.UnsupportedProtocol,
    ):
        return _connect_error(error, call, f"The server {host}".strip())
    if isinstance(error, httpx2.DecodingError):
        return errors.Unreadable(
            f"The answer to {call} is not what it says it is: {error}",
            remedy="See whether a proxy between Crosswalk and the server changes answers.",
            code="N3",
            call=call,
        )
    if isinstance(error, pace.TooSlowError):
        return errors.TooSlow(
            f"The answer to {call} came so slowly that it was broken off: {error}.",
            remedy=f"{LOOKED_UP if changes(call) else LATER} If it stays so, see what lies between both.",
            code="N9",
            call=call,
        )
    if isinstance(error, pace.TooMuchError):
        return errors.Unreadable(
            f"The answer to {call} does not end, and was broken off.",
            remedy=WHO_ANSWERS,
            code="N3",
            call=call,
        )
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and asked_for_ours(cause):
            return tls_error(cause, call, f"The server {host}".strip())
    return errors.Unanswered(
        f"The connection broke before the answer to {call} came ({type(error).__name__}).",
        remedy=LOOKED_UP if changes(call) else ASKED_AGAIN,
        code="N9",
        call=call,
    )


def to_do(error: AddressRefusedError) -> str:
    """What to do about a connection that was refused."""
    if not error.private:
        return "Enter the server's own address; no setting allows this one."
    them = " and ".join(error.private)
    return (
        f"If this is a server of your own, have the operator add {them}, or the network around, to "
        "CROSSWALK_ALLOW_PRIVATE and start Crosswalk anew (each worker and each command needs the setting, too). "
        "Else correct the address."
    )


def _connect_error(error: Exception, call: str, server: str) -> RemoteError:
    for cause in _causes(error):
        if isinstance(cause, httpx2.ProxyError):
            return _proxy_error(cause, call)
        if isinstance(cause, ssl.SSLError):
            return tls_error(cause, call, server)
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


def _proxy_error(error: Exception, call: str) -> RemoteError:
    return errors.Unreachable(
        f"The proxy does not let Crosswalk through: {error}.",
        remedy="Check the proxy's name and password in the connection, and that it allows this server.",
        code="N6",
        call=call,
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
