"""A load generator that costs little itself: many kept-alive connections in one process, bytes made beforehand.

Knows HTTP/1.1 with a Content-Length and no more, because it must never be what is measured.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path


def answers(port: int, path: str, headers: Mapping[str, str], seconds: float, lines: int = 16) -> int:
    """How many GETs of `path` were answered with 200 within `seconds`. Raises AssertionError for any other answer."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{head}\r\n".encode()
    watch = selectors.DefaultSelector()
    for _ in range(lines):
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(request)
        watch.register(line, selectors.EVENT_READ, bytearray())
    done, until = 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        for key, _ in watch.select(1):
            assert isinstance(key.fileobj, socket.socket)
            if _whole(key.fileobj, key.data):
                done += 1
                key.data.clear()
                key.fileobj.sendall(request)
    for key in list(watch.get_map().values()):
        assert isinstance(key.fileobj, socket.socket)
        key.fileobj.close()
    watch.close()
    return done


def deliver(port: int, requests: Iterator[bytes], lines: int = 16) -> list[float]:
    """Send `requests`, each as soon as a line is free; the seconds each took. AssertionError unless all are 202."""
    watch = selectors.DefaultSelector()
    for first in islice(requests, lines):
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(first)
        watch.register(line, selectors.EVENT_READ, (bytearray(), time.perf_counter()))
    took: list[float] = []
    while watch.get_map():
        for key, _ in watch.select(30):
            assert isinstance(key.fileobj, socket.socket)
            held, began = key.data
            if not _whole(key.fileobj, held, b"202"):
                continue
            took.append(time.perf_counter() - began)
            if request := next(requests, b""):
                watch.modify(key.fileobj, selectors.EVENT_READ, (bytearray(), time.perf_counter()))
                key.fileobj.sendall(request)
            else:
                watch.unregister(key.fileobj)
                key.fileobj.close()
    watch.close()
    return took


def _whole(line: socket.socket, held: bytearray, status: bytes = b"200") -> bool:
    """Read what has come; whether the answer is complete now."""
    got = line.recv(1 << 20)
    assert got, "the server hung up"
    held += got
    end = held.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(held[:end])
    assert head.startswith(b"HTTP/1.1 " + status), head
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    return len(held) >= end + 4 + length


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def peak(pid: int) -> float:
    """Peak resident memory of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)
