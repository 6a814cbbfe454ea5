"""Carries requests to the addresses a server's name leads to, and to no other. Knows no product.

A name is looked up once for each connection, every address found is checked, and one that may be reached is connected
to by its number: nobody can have the name lead elsewhere between the look and the connection (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpcore2
import httpx2

from crosswalk.config import Private
from crosswalk.remote import pace
from crosswalk.remote.address import forbidden, to_list
from crosswalk.remote.tls import context

MOST = 100
"""Connections to one server at once; so many wait for one that ends."""
KEPT = 20
"""Idle connections that are kept, for SECONDS_KEPT each."""
SECONDS_KEPT = 5.0


@dataclass(frozen=True, slots=True)
class Way:
    """How a server is reached: how its certificate is checked, which addresses may be connected to, by which proxy.

    Without `tls` the machine's own list of authorities is trusted. Of private addresses `allow_private` says which may
    be reached; with a proxy it is the proxy's address that is checked, and the server's where it is written as a
    number: where a name leads is then the proxy's to say. `transport` carries requests in place of the network. A
    request may take `seconds`, and longer the more it moves.
    """

    tls: ssl.SSLContext | None = None
    allow_private: Private = False
    proxy: httpx2.Proxy | None = None
    heard: Callable[[httpcore2.NetworkStream], object] = bool  # told of each encrypted stream that was opened
    transport: httpx2.BaseTransport | None = None
    seconds: float = pace.SECONDS


class AddressRefusedError(httpx2.TransportError):
    """None of the addresses a host name leads to is one this installation may reach.

    `private` are those that the operator may list; none where no setting helps.
    """

    def __init__(self, reason: str, private: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.private = private


class Network(httpcore2.NetworkBackend):
    """Opens connections, each to an address that was looked at before anything was knocked at."""

    def __init__(self, way: Way) -> None:
        self._way, self._plain = way, httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address of `host` that takes one, in the order of the machine (RFC 6724).

        Those that may not be reached are passed over. Raises AddressRefusedError where there are no others.
        """
        role = f"the proxy {host}" if self._way.proxy else host
        addresses = _allowed(_addresses(host, port), role, self._way.allow_private)
        for place, address in enumerate(addresses, 1):
            try:
                stream = self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if place == len(addresses):
                    raise
            else:
                return pace.Paced(stream, self._way.heard)
        raise httpcore2.ConnectError(f"{host} leads nowhere")


def _addresses(host: str, port: int) -> list[str]:
    """Where a host name leads, each address once."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # no name at all, such as a part of more than 63 letters
        raise httpcore2.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _allowed(addresses: list[str], host: str, allow_private: Private) -> list[str]:
    """Those that may be reached. Raises AddressRefusedError where `host` leads to others alone."""
    reasons = {address: forbidden(address, allow_private=allow_private) for address in addresses}
    found = [address for address, reason in reasons.items() if not reason]
    if reasons and not found:
        leads = "" if addresses == [host] else f" ({host} leads there)"
        raise AddressRefusedError(f"{'; '.join(reasons.values())}{leads}", to_list(addresses))
    return found


def _written(host: str) -> list[str]:
    """The address that `host` is, however it is written (as 127.1, or 2130706433); none where it is a name."""
    host = host.rstrip(".")
    with suppress(OSError):
        return [socket.inet_ntoa(socket.inet_aton(host))]
    with suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    return []


class Transport(httpx2.BaseTransport):
    """The HTTP client's way to the network: the pool of connections it has by itself, over connections of ours."""

    def __init__(self, way: Way) -> None:
        self._way, self._pool = way, _pool(way)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, its content still to be read. Raises TransportError."""
        if self._way.proxy is not None:  # which has no reason to keep away from what only we know to be forbidden
            _allowed(_written(request.url.host), request.url.host, self._way.allow_private)
        asked = httpcore2.Request(
            method=request.method,
            url=_url(request.url),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _told():
            got = self._pool.handle_request(asked)
        return httpx2.Response(got.status, headers=got.headers, stream=_Content(got), extensions=got.extensions)

    def close(self) -> None:
        self._pool.close()


class _Content(httpx2.SyncByteStream):
    """The content of an answer."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _told():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _url(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _pool(way: Way) -> httpcore2.ConnectionPool:
    usual = context("")
    proxy = None
    if way.proxy is not None:
        over_tls = usual if way.proxy.url.scheme == "https" else None
        proxy = httpcore2.Proxy(_url(way.proxy.url), way.proxy.raw_auth, way.proxy.headers.raw, over_tls)
    return httpcore2.ConnectionPool(
        ssl_context=way.tls or usual,
        proxy=proxy,
        max_connections=MOST,
        max_keepalive_connections=KEPT,
        keepalive_expiry=SECONDS_KEPT,
        network_backend=Network(way),
    )


_PASSED = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProxyError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong in the pool is told as the HTTP client tells it: both call it by the same names."""
    try:
        yield
    except _PASSED as error:
        raise getattr(httpx2, type(error).__name__)(str(error)) from error
