"""Takes a file out of an answer, piece by piece, and says where a redirect leads. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx2

from crosswalk import errors
from crosswalk.merge.records import FileCopy
from crosswalk.remote import pace
from crosswalk.remote.opening import WHO_ANSWERS
from crosswalk.remote.request import Request

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PIECE = 65_536


def same_origin(base: str, address: str) -> bool:
    """Whether `address` (a path, or whole) lies on the server at `base`, so that its credential may go along."""
    try:
        there, here = urlsplit(address), urlsplit(base)
    except ValueError:  # no address at all, which next_address() tells
        return False
    if not there.netloc and not there.scheme:
        return True
    return (there.scheme, there.netloc.lower()) == (here.scheme, here.netloc.lower())


def next_address(request: Request, address: str, location: str) -> str:
    """Where `location`, told by the server at `address`, leads. Raises Untrusted where that leaves TLS, or is no web
    address, and Unreadable where it is none at all."""
    try:
        target = urljoin(address, location)
        scheme = urlsplit(target).scheme
    except ValueError as error:
        raise nowhere(request, error) from None
    if scheme != "https" and not (scheme == "http" and urlsplit(address).scheme == "http"):
        raise errors.Untrusted(
            f"{request.call} leads to an address without TLS, which is not followed.",
            remedy="Ask the operator of the server why its files lie there.",
            code="N2",
            call=request.call,
        )
    return target


def nowhere(request: Request, error: Exception) -> errors.Unreadable:
    """The error of what was to be an address."""
    return errors.Unreadable(
        f"{request.call} leads to no address: {error}.", remedy=WHO_ANSWERS, code="N3", call=request.call
    )


def whole(got: httpx2.Response, request: Request, most: int) -> bytes:
    """The body of `got`, unpacked. Raises Unreadable for more than `most` bytes, however small it came."""
    too_large = errors.Unreadable(
        f"The answer to {request.call} is larger than {most:,} bytes and was not read to its end.",
        remedy=WHO_ANSWERS,
        code="N3",
        call=request.call,
    )
    return b"".join(_pieces(got, most, too_large))


def short(got: httpx2.Response, most: int) -> bytes:
    """The body of `got`, unpacked; b"" where it has more than `most` bytes: no more of it is read."""
    read = b""
    pace.expect(most)
    for piece in got.iter_bytes(PIECE):
        read += piece
        if len(read) > most:
            return b""
    return read


def _pieces(got: httpx2.Response, most: int, too_large: errors.CrosswalkError) -> Iterator[bytes]:
    """The body of `got` piece by piece; `too_large` is raised before the piece that would be more than `most` bytes."""
    size = 0
    pace.expect(most)
    for piece in got.iter_bytes(PIECE):
        size += len(piece)
        if size > most:
            raise too_large
        yield piece


def received(got: httpx2.Response, path: Path, most: int) -> FileCopy:
    """The body of `got`, kept at `path`. Raises Refused for more than `most` bytes, or where there is no room."""
    too_large = errors.Refused(
        f"The file is larger than {most:,} bytes.",
        remedy="Raise the limit for attachments on the other side, or link the file instead.",
        code="T1",
    )
    digest, size = sha256(), 0
    try:
        with path.open("wb") as file:
            for piece in _pieces(got, most, too_large):
                size += len(piece)
                digest.update(piece)
                file.write(piece)
    except OSError as error:
        raise errors.Refused(
            f"The file can not be kept while it is carried: {error.strerror}.",
            remedy="Make room in the folder for temporary files of Crosswalk's machine, then press Retry.",
        ) from None
    return FileCopy(path, size, digest.hexdigest())
