"""On-premise servers: client certificates, proxies, and what is heard of a server besides its answers."""

from __future__ import annotations

import base64
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crosswalk import errors
from crosswalk.remote import tls
from crosswalk.remote.tls import Heard
from tests.remote.servers import answer, certificate, client_certificate, serving
from tests.remote.test_client import CREATE, READ, Around, client

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC).timestamp()


def _asking(folder: Path) -> tuple[ssl.SSLContext, str, str]:
    """A server that asks for a client certificate; its own certificate, and one it accepts with its key."""
    context, pem = certificate(folder)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=pem)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # there a refusal comes while connecting, not with the answer
    return context, pem, (folder / "server.pem").read_text("ascii")


def test_a_server_that_asks_for_a_client_certificate_gets_it(tmp_path: Path) -> None:
    context, pem, own = _asking(tmp_path)
    around = Around()
    with serving(answer(), context=context) as script:
        with client(script.url, around, authority=pem) as opened, pytest.raises(errors.RemoteError):
            opened.send(READ)
        assert script.asked == []
        with client(script.url, around, authority=pem, certificate=own) as opened:
            assert opened.send(READ) == {}
            assert opened.heard.tls == "TLSv1.2"
            assert opened.heard.until.endswith("GMT")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("ours", [False, True])
def test_a_client_certificate_that_is_missing_or_refused_is_said(
    tmp_path: Path, version: ssl.TLSVersion, ours: bool
) -> None:
    context, pem, _ = _asking(tmp_path)
    context.maximum_version = version  # with 1.3 the refusal comes in place of the answer
    (tmp_path / "other").mkdir()
    account = {"authority": pem, "certificate": client_certificate(tmp_path / "other") if ours else ""}
    with serving(answer(), context=context) as script, client(script.url, Around(), **account) as opened:
        with pytest.raises(errors.Untrusted, match="ends the TLS handshake") as caught:
            opened.send(CREATE)
        assert script.asked == []
    assert caught.value.code == "N5"
    assert "client certificate" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "since", "says", "do"),
    [
        ("127.0.0.1", -9, "expired", "renewed"),
        ("127.0.0.1", 9, "not yet valid", "clock"),
        ("10.0.0.1", -1, "mismatch", "a name that the certificate is for"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_with_what_helps(
    tmp_path: Path, name: str, since: int, says: str, do: str
) -> None:
    context, pem = certificate(tmp_path, name, since)
    with serving(answer(), context=context) as script, client(script.url, Around(), authority=pem) as opened:
        with pytest.raises(errors.Untrusted, match=says) as caught:
            opened.send(READ)
        assert script.asked == []
    assert do in caught.value.remedy
    assert ".." not in caught.value.message


def test_a_server_that_speaks_only_old_versions_is_told_apart_from_one_without_tls(tmp_path: Path) -> None:
    context, pem = certificate(tmp_path)
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with serving(answer(), context=context) as script, client(script.url, Around(), authority=pem) as opened:
        with pytest.raises(errors.Untrusted, match="protocol version") as caught:
            opened.send(READ)
        assert script.asked == []
    assert "1.2 or newer" in caught.value.remedy


def test_the_client_certificate_is_not_shown_to_another_host(tmp_path: Path) -> None:
    context, pem, own = _asking(tmp_path)
    account = {"authority": pem, "certificate": own}
    with (
        serving(answer(), context=context) as home,
        serving(answer(), context=context) as other,
        client(home.url, Around(), **account) as opened,
    ):
        with pytest.raises(errors.RemoteError), opened.download(READ, f"{other.url}/file", 100):
            pass
        assert other.asked == []
        with opened.download(READ, f"{home.url}/file", 100):
            assert len(home.asked) == 1


@pytest.mark.parametrize("text", ["hello", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"])
def test_a_client_certificate_that_can_not_be_read_is_refused(text: str) -> None:
    with pytest.raises(errors.Refused, match="client certificate"):
        tls.context("", text)


def test_requests_go_by_the_proxy_and_sign_in_there() -> None:
    with (
        serving(answer()) as proxy,
        client("http://jira.invalid", Around(), proxy=proxy.url, proxy_login="alice:a:b") as opened,
    ):
        assert opened.send(READ) == {}
    assert proxy.lines == ["GET http://jira.invalid/thing?a=1&a=2 HTTP/1.1"]
    assert base64.b64encode(b"alice:a:b") in proxy.asked[0]


def test_a_proxy_that_lets_nobody_through_is_said() -> None:
    with (
        serving(answer(407)) as proxy,
        client("https://jira.invalid", Around(), proxy=proxy.url) as opened,
        pytest.raises(errors.Unreachable, match="proxy does not let Crosswalk through"),
    ):
        opened.send(READ)


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Tue, 24 Nov 2026 12:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 12:00:01 GMT", 0.0),
        ("Tue, 24 Nov 2026 12:05:00 GMT", 300.0),
        ("Tue, 24 Nov 2026 11:59:00 GMT", -60.0),
        ("soon", None),
        ("", None),
    ],
)
def test_the_clock_of_a_server(date: str, ahead: float | None) -> None:
    heard = Heard()
    heard.date(date, NOON)
    assert heard.ahead == ahead
