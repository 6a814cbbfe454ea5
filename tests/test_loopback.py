"""The guard stops what leads away, and nothing else; it is on in every run."""

from __future__ import annotations

import socket

import httpx2
import pytest

from tests.loopback import ElsewhereError, leads_away

HERE = (
    "127.0.0.1",
    "localhost",
    "::1",
    "127.8.9.10",
    "",
    None,
    b"localhost",
    "x" * 300,
    "127.1",
    "0x7f.1",
    "0177.0.0.1",
)
AWAY = ("example.com", b"example.com", "localhost.example.com")
ADDRESSES = ("10.255.255.53", "fe80::1%eth0", "2001:db8::1", "0xA9FEA9FE", "2852039166", "169.254.43518")


@pytest.mark.parametrize("host", HERE)
def test_this_machine(host: object) -> None:
    assert leads_away("socket.getaddrinfo", (host, 80, 0, 0, 0)) == ""
    assert leads_away("socket.connect", (None, (host, 80))) == ""


@pytest.mark.parametrize("host", AWAY)
def test_another_machine(host: object) -> None:
    assert leads_away("socket.getaddrinfo", (host, 80, 0, 0, 0))
    assert leads_away("socket.connect", (None, (host, 80)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_looked_up_without_asking_anybody(address: str) -> None:
    assert leads_away("socket.getaddrinfo", (address, 80, 0, 0, 0)) == ""
    assert leads_away("socket.connect", (None, (address, 80)))


def test_other_events_and_paths_are_no_matter() -> None:
    assert leads_away("socket.connect", (None, "/run/postgresql/.s.PGSQL.5432")) == ""
    assert leads_away("socket.bind", (None, ("example.com", 80))) == ""


def test_it_is_on() -> None:
    with pytest.raises(ElsewhereError):
        socket.getaddrinfo("example.com", 80)
    with socket.socket() as unconnected, pytest.raises(ElsewhereError):
        unconnected.connect(("192.0.2.1", 80))  # an address of documentation (RFC 5737)


def test_an_answer_is_waited_for_however_busy_the_machine() -> None:
    with httpx2.Client() as client:
        assert client.timeout == httpx2.Timeout(60)
