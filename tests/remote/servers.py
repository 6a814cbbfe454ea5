"""Real servers on loopback that answer as they are told, byte by byte: for everything a proper framework can not do."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_UP = b""


@dataclass
class Script:
    """What a server answers to each request in turn (the last one for ever), and what it was asked."""

    url: str
    asked: list[bytes] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The request lines."""
        return [entry.split(b"\r\n", 1)[0].decode() for entry in self.asked]


def answer(status: int = 200, body: Any = b"{}", media: str = "application/json", **headers: str) -> bytes:
    """An answer as bytes. `length` in `headers` overrides the true length."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = headers.pop("length", str(len(content)))
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {media}", f"Content-Length: {length}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


@contextmanager
def serving(*answers: bytes, context: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Script]:
    """A server that gives `answers`; HANG_UP closes the connection after the request was read."""
    listener = socket.create_server((host, 0))
    scheme = "https" if context else "http"
    script = Script(f"{scheme}://{host}:{listener.getsockname()[1]}")
    thread = threading.Thread(target=_serve, args=(listener, script, answers, context), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _serve(listener: socket.socket, script: Script, answers: Sequence[bytes], context: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            connection.settimeout(60)
            try:
                line = context.wrap_socket(connection, server_side=True) if context else connection
            except (ssl.SSLError, OSError):
                continue
            with line:
                if request := _request(line):
                    script.asked.append(request)
                    line.sendall(answers[min(len(script.asked), len(answers)) - 1])


@contextmanager
def dripping(whole: bytes, every: float, context: ssl.SSLContext | None = None) -> Iterator[Script]:
    """A server that answers byte by byte, `every` so many seconds, and never falls silent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        speaking = context.wrap_socket(listener, server_side=True) if context else listener
        script = Script(f"{'https' if context else 'http'}://127.0.0.1:{speaking.getsockname()[1]}")
        ended = threading.Event()
        thread = threading.Thread(target=_drip, args=(speaking, script, whole, every, ended), daemon=True)
        thread.start()
        yield script
        ended.set()
        speaking.close()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _drip(listener: socket.socket, script: Script, whole: bytes, every: float, ended: threading.Event) -> None:
    with suppress(OSError):  # the listener was closed, or the client hung up
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                script.asked.append(_request(connection))
                for at in range(len(whole)):
                    connection.sendall(whole[at : at + 1])
                    if ended.wait(every):
                        return


@contextmanager
def endless(begin: bytes, more: bytes) -> Iterator[Script]:
    """A server that answers `begin`, and then `more` again and again, as quickly as it is read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        script = Script(f"http://127.0.0.1:{listener.getsockname()[1]}")
        ended = threading.Event()
        thread = threading.Thread(target=_go_on, args=(listener, script, (begin, more), ended), daemon=True)
        thread.start()
        yield script
        ended.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _go_on(listener: socket.socket, script: Script, said: tuple[bytes, bytes], ended: threading.Event) -> None:
    with suppress(OSError):  # the listener was closed
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                script.asked.append(_request(connection))
                connection.sendall(said[0])
                while not ended.is_set():
                    connection.sendall(said[1])


@contextmanager
def swallowing() -> Iterator[tuple[str, list[int]]]:
    """A server that reads one request without keeping it: its address, and how many bytes came."""
    read = [0]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_swallow, args=(listener, read), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", read
        thread.join(5)


def _swallow(listener: socket.socket, read: list[int]) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(60)
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        lines = head.lower().partition(b"\r\n\r\n")[0].split(b"\r\n")
        wanted = next(int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length"))
        read[0] = len(head.partition(b"\r\n\r\n")[2])
        while read[0] < wanted and (more := len(connection.recv(65536))):
            read[0] += more
        connection.sendall(answer())


def _request(line: socket.socket) -> bytes:
    """One whole request."""
    got = b""
    try:
        while b"\r\n\r\n" not in got:
            if not (more := line.recv(65536)):
                return b""
            got += more
            if got.startswith(b"\x16"):  # a TLS greeting: this server speaks none
                return b""
        head, _, body = got.partition(b"\r\n\r\n")
        wanted = next(
            (int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length")), 0
        )
        while len(body) < wanted:
            more = line.recv(65536)
            body, got = body + more, got + more
    except OSError:
        return b""
    return got


def refused_address() -> str:
    """An address on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def certificate(folder: Path, name: str = "127.0.0.1", since: int = -1) -> tuple[ssl.SSLContext, str]:
    """A server's context with a certificate nobody vouches for, and that certificate as PEM. It holds for two days,
    the first of which is `since` days from today."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + datetime.timedelta(days=since))
        .not_valid_after(now + datetime.timedelta(days=since + 2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context, pem.decode()


def client_certificate(folder: Path) -> str:
    """A certificate and its key as a person pastes them."""
    certificate(folder)
    return (folder / "server.pem").read_text("ascii")
