"""Fetching files: streamed, capped, one redirect without the credential, and nowhere that may not be reached."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from crosswalk import errors
from crosswalk.remote.client import ATTEMPTS, LONGEST_WAIT
from crosswalk.remote.download import next_address, same_origin
from crosswalk.remote.request import File, Request
from tests.remote.servers import HANG_UP, answer, refused_address, serving, swallowing
from tests.remote.test_client import Around, client

FILE = Request("GET", "/file/7", about="fetch a file")
DATA = bytes(range(256)) * 1000
OCTETS = "application/octet-stream"


def test_a_file_is_kept_until_the_context_ends() -> None:
    around = Around()
    with serving(answer(200, DATA, OCTETS)) as script, client(script.url, around) as opened:
        with opened.download(FILE, "/raw/7?right=secret", len(DATA)) as got:
            assert got.path.read_bytes() == DATA
            assert (got.size, got.digest) == (len(DATA), sha256(DATA).hexdigest())
        assert not got.path.exists()
    assert script.lines == ["GET /raw/7?right=secret HTTP/1.1"]
    assert b"authorization: bearer secret-1" in script.asked[0].lower()
    assert [line.request for line in around.log] == [FILE], "the log does not show the right to read"


def test_a_file_over_the_limit_is_not_kept() -> None:
    with (
        serving(answer(200, DATA, OCTETS)) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.Refused, match="larger than 1,000 bytes"),
        opened.download(FILE, "/raw", 1000),
    ):
        pass
    assert len(script.asked) == 1


def test_one_redirect_is_followed_without_the_credential() -> None:
    with serving(answer(200, DATA, OCTETS)) as media:
        leads = answer(303, b"", Location=f"{media.url}/media/7?token=t")
        with serving(leads) as script, client(script.url, Around()) as opened:
            with opened.download(FILE, "/content/7", len(DATA)) as got:
                assert got.size == len(DATA)
            assert b"authorization" in script.asked[0].lower()
    assert media.lines == ["GET /media/7?token=t HTTP/1.1"]
    assert b"authorization" not in media.asked[0].lower()
    assert b"secret-1" not in media.asked[0]


def test_not_even_the_same_server_gets_it_after_a_redirect_or_at_another_address() -> None:
    with serving(answer(303, b"", Location="/media/7"), answer(200, DATA, OCTETS)) as script:
        with client(script.url, Around()) as opened, opened.download(FILE, "/content/7", len(DATA)):
            pass
        assert b"authorization" not in script.asked[1].lower()
    with serving(answer(200, DATA, OCTETS)) as other, serving(answer()) as script:
        with client(script.url, Around()) as opened, opened.download(FILE, f"{other.url}/raw", len(DATA)):
            pass
        assert script.asked == []
        assert b"authorization" not in other.asked[0].lower()


def test_a_second_redirect_is_an_error() -> None:
    round_and_round = answer(302, b"", Location="/again")
    with (
        serving(round_and_round) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.Unreadable, match="redirects"),
        opened.download(FILE, "/raw", 10),
    ):
        pass
    assert len(script.asked) == 2 * ATTEMPTS


def test_a_page_of_the_server_that_sent_on_says_nothing_of_the_file() -> None:
    page = answer(404, b"<h1>not found</h1>", "text/html")
    with (
        serving(*[answer(302, b"", Location="/login"), page] * ATTEMPTS) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.Unreadable, match="redirects GET /file/7 to /login"),
        opened.download(FILE, "/raw", 10),
    ):
        pass
    with (
        serving(page) as media,
        serving(answer(302, b"", Location=f"{media.url}/7")) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.NotFound),
        opened.download(FILE, "/raw", 10),
    ):
        pass


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data", "http://[fe80::1]/x"])
def test_a_redirect_to_an_address_nobody_may_reach_is_refused(target: str) -> None:
    with (
        serving(answer(302, b"", Location=target)) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.Untrusted) as caught,
        opened.download(FILE, "/raw", 10),
    ):
        pass
    assert caught.value.code == "N7"


@pytest.mark.parametrize("target", ["http://files.example.com/x", "file:///etc/passwd", "ftp://files.example.com/x"])
def test_a_redirect_never_leaves_tls(target: str) -> None:
    with pytest.raises(errors.Untrusted):
        next_address(FILE, "https://jira.example.com/content/7", target)
    assert next_address(FILE, "https://a.example.com/x/y", "../z") == "https://a.example.com/z"


@pytest.mark.parametrize("target", ["http://[::1", "//[bad", "http://a\u2100b/x", "http://a:b/x", "\0"])
@pytest.mark.parametrize("told", ["by the record", "by a redirect"])
def test_what_is_no_address_is_told_and_ends_no_run_in_an_error_of_the_program(target: str, told: str) -> None:
    lead = answer(302, b"", Location=target)
    with (
        serving(lead) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.RemoteError) as caught,
        opened.download(FILE, target if told == "by the record" else "/raw", 10),
    ):
        pass
    assert caught.value.message
    assert caught.value.remedy


def test_what_signs_in_at_another_host_stands_in_no_message() -> None:
    refusing = refused_address().replace("http://", "http://anna:geheim@")
    with (
        serving(answer(302, b"", Location=refusing)) as script,
        client(script.url, Around()) as opened,
        pytest.raises(errors.Unreachable) as caught,
        opened.download(FILE, "/raw", 10),
    ):
        pass
    assert "geheim" not in f"{caught.value.message}{caught.value.remedy}"


def test_a_broken_download_is_begun_anew() -> None:
    around = Around()
    short = answer(200, DATA[:100], OCTETS, length=str(len(DATA)))
    with (
        serving(HANG_UP, short, answer(200, DATA, OCTETS)) as script,
        client(script.url, around) as opened,
        opened.download(FILE, "/raw", len(DATA)) as got,
    ):
        assert got.digest == sha256(DATA).hexdigest()
    assert len(script.asked) == 3


def test_errors_are_those_of_any_request() -> None:
    slow = answer(429, {"message": "slow"}, Retry_After=str(int(LONGEST_WAIT) + 60))
    for given, error in ((answer(404, {"message": "gone"}), errors.NotFound), (slow, errors.TooMany)):
        with (
            serving(given) as script,
            client(script.url, Around()) as opened,
            pytest.raises(error),
            opened.download(FILE, "/raw", 10),
        ):
            pass


def test_an_upload_is_read_from_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    upload = Request("POST", "/files", files=(File("file", 'a"b ü.bin', OCTETS, path),), repeatable=False)
    with serving(answer(200)) as script, client(script.url, Around()) as opened:
        opened.send(upload)
    assert DATA in script.asked[0]


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("/raw/7", True),
        ("https://co.aha.io/raw", True),
        ("https://CO.aha.io/raw", True),
        ("http://co.aha.io/raw", False),
        ("https://co.aha.io.evil.example/raw", False),
        ("https://co.aha.io:8443/raw", False),
        ("//evil.example/raw", False),
    ],
)
def test_the_credential_goes_to_its_own_server_only(address: str, *, same: bool) -> None:
    assert same_origin("https://co.aha.io/sub", address) is same


LARGE = 30 << 20
MOST_HELD = 5 << 20


@contextmanager
def held(most: int) -> Iterator[None]:
    """Fails where more than `most` bytes more were held at once."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < most


def test_a_large_file_is_never_held_whole(tmp_path: Path) -> None:
    """Down and up again; the server at the other end drops what it reads."""
    given = answer(200, bytes(LARGE), OCTETS)
    with (
        serving(given) as script,
        client(script.url, Around()) as opened,
        held(MOST_HELD),
        opened.download(FILE, "/raw", LARGE) as got,
    ):
        assert got.size == LARGE
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(LARGE)
    upload = Request("POST", "/files", files=(File("file", "large.bin", OCTETS, path),), repeatable=False)
    with swallowing() as (url, read), client(url, Around()) as opened, held(MOST_HELD):
        opened.send(upload)
    assert read[0] > LARGE
