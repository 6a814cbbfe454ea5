"""Which addresses a connection is made to: those that a look-up found and that were allowed, and no others."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from crosswalk import config, errors
from crosswalk.errors import Refused
from crosswalk.remote.budget import Unlimited
from crosswalk.remote.client import Account, Surroundings, connect
from crosswalk.remote.opening import open_http, transport_error
from crosswalk.remote.request import Answer, Request
from crosswalk.remote.transport import AddressRefusedError, Way
from tests.remote.servers import answer, serving

SOURCE = Path(__file__).resolve().parents[2] / "src/crosswalk"
READ = Request("GET", "/thing", about="thing")
METADATA = ("169.254.169.254", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "2852039166", "0xA9FEA9FE")


@pytest.mark.parametrize("host", METADATA)
def test_the_credentials_of_a_cloud_machine_are_out_of_reach_however_written(host: str) -> None:
    with open_http(f"http://{host}", {}, Way(allow_private=True)) as http, pytest.raises(AddressRefusedError) as caught:
        http.get("/latest/meta-data/")
    # No setting opens this way, so none is advised.
    assert "no setting" in transport_error(caught.value, READ).remedy


def test_an_address_that_only_some_programs_understand_is_none() -> None:
    with pytest.raises(Refused, match="no web address"):
        open_http("http://0251.0376.0251.0376", {}, Way())


def test_a_file_that_is_said_to_lie_at_no_address_is_told() -> None:
    with (
        serving(answer(302, location="http://0251.0376.0251.0376/x")) as script,
        pytest.raises(errors.Unreadable) as said,
    ):
        download(script.url)
    assert "no address" in said.value.message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::]", "0"])
def test_this_machine_is_out_of_reach_until_it_is_listed(host: str) -> None:
    with open_http(f"http://{host}:9", {}, Way()) as http, pytest.raises(AddressRefusedError) as caught:
        http.get("/")
    told = transport_error(caught.value, READ).remedy
    if host in ("[::]", "0"):
        assert "no setting" in told
    else:
        assert f"have the operator add {'::1' if ':' in host else '127.0.0.1'}" in told or host == "localhost"
        assert "CROSSWALK_ALLOW_PRIVATE" in told
        assert "each worker and each command needs the setting, too" in told


def test_a_file_that_lies_on_a_private_host_is_not_fetched_until_that_is_listed() -> None:
    """Where a redirect of a download leads is looked at as the server itself is: only what is listed is reached."""
    with (
        serving(answer(200, b"inside", "image/png"), host="127.0.0.2") as inside,
        serving(answer(302, location=f"{inside.url}/secret.png")) as script,
    ):
        with pytest.raises(errors.Untrusted, match=r"127\.0\.0\.2 is a private address") as caught:
            download(script.url, "127.0.0.1")
        assert caught.value.code == "N7"
        assert inside.asked == []
        assert download(script.url, "127.0.0.1, 127.0.0.2") == b"inside"
        assert b"secret" not in b"".join(script.asked)


def download(url: str, listed: str = "127.0.0.1") -> bytes:
    allowed = config.read({"CROSSWALK_ALLOW_PRIVATE": listed}).allow_private
    surroundings = Surroundings(now=lambda: 0.0, sleep=lambda _: None)
    account = Account(url, "", "s", allow_private=allowed)
    client = connect(account, {"Authorization": "s"}, understand, Unlimited(), surroundings)
    try:
        with client.download(READ, "/file", 10) as copy:
            return copy.path.read_bytes()
    finally:
        client.close()


def understand(request: Request, got: Answer) -> Answer:
    return got


# ---- a name service that changes its mind -------------------------------------------------------------------------

NAMES = """
import socket, sys
import httpx2
from crosswalk import config
from crosswalk.remote.opening import open_http
from crosswalk.remote.transport import Way

url, listed, *said = sys.argv[1:]
real, asked = socket.getaddrinfo, []

def names(host, port, *rest, **named):  # each look-up has the next answer; then the last for ever
    if host != "moves.example":
        return real(host, port, *rest, **named)
    asked.append(host)
    addresses = said[min(len(asked), len(said)) - 1].split(",")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in addresses]

socket.getaddrinfo = names
allowed = config.read({"CROSSWALK_ALLOW_PRIVATE": listed}).allow_private
with open_http(url, {}, Way(allow_private=allowed)) as http:
    try:
        got = http.get("/").text
    except httpx2.TransportError as error:
        got = type(error).__name__
        if got == "AddressRefusedError":
            got += f" {error}"
sys.stdout.write(f"{got} after {len(asked)} look-up")
"""


@dataclass
class Told:
    """What the process said in the end, and the first bytes that came to each address."""

    said: str
    came: dict[str, bytes]


def looking_up(*said: str, listed: str, scheme: str = "http", open_at: tuple[str, ...]) -> Told:
    """A process of its own, with a name service of its own, asks moves.example; `open_at` takes connections there."""
    with listening(open_at) as (port, listeners):
        command = [sys.executable, "-c", NAMES, f"{scheme}://moves.example:{port}", listed, *said]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            came: dict[str, bytes] = {}
            while process.poll() is None:
                for address, listener in listeners.items():
                    with suppress(TimeoutError), listener.accept()[0] as taken:
                        taken.settimeout(30)
                        came[address] = came.get(address, b"") + taken.recv(4000)
                        taken.sendall(answer(200, address.encode()))
            assert process.stdout is not None
            return Told(process.stdout.read(), came)


@contextmanager
def listening(addresses: tuple[str, ...]) -> Iterator[tuple[int, dict[str, socket.socket]]]:
    """Sockets that listen at each address, all on one port."""
    first = socket.create_server((addresses[0], 0))
    port = first.getsockname()[1]
    found = {addresses[0]: first} | {each: socket.create_server((each, port)) for each in addresses[1:]}
    try:
        for each in found.values():
            each.settimeout(0.02)
        yield port, found
    finally:
        for each in found.values():
            each.close()


BOTH = ("127.0.0.2", "127.0.0.1")


def test_a_name_is_looked_up_once_and_the_address_that_was_checked_is_connected_to() -> None:
    """DNS rebinding: whatever the name leads to a moment later is neither asked for nor reached."""
    told = looking_up("127.0.0.2", "127.0.0.1", listed="127.0.0.2", open_at=BOTH)
    assert told.said == "127.0.0.2 after 1 look-up"
    assert list(told.came) == ["127.0.0.2"]
    assert b"Host: moves.example" in told.came["127.0.0.2"], "the server is still asked by its name"


def test_with_tls_the_certificate_is_still_that_of_the_name() -> None:
    told = looking_up("127.0.0.2", "127.0.0.1", listed="127.0.0.2", scheme="https", open_at=BOTH)
    assert told.said == "ConnectError after 1 look-up", "what listens there speaks no TLS"
    assert list(told.came) == ["127.0.0.2"]
    assert b"moves.example" in told.came["127.0.0.2"], "the name is what the greeting asks for (SNI)"


@pytest.mark.parametrize("said", ["127.0.0.1", "169.254.169.254,127.0.0.1", "127.0.0.1,10.9.8.7,127.0.0.3"])
def test_a_name_that_leads_to_forbidden_addresses_alone_reaches_nothing(said: str) -> None:
    told = looking_up(said, "127.0.0.2", listed="127.0.0.2", open_at=BOTH)
    assert told.said.startswith("AddressRefusedError")
    assert told.said.endswith("after 1 look-up")
    assert all(address in told.said for address in said.split(",")), "each is named"
    assert "(moves.example leads there)" in told.said
    assert told.came == {}, "not even a connection"


@pytest.mark.parametrize("said", ["127.0.0.2,127.0.0.1", "127.0.0.1,127.0.0.2", "169.254.169.254,127.0.0.2"])
def test_a_forbidden_address_of_several_is_passed_over(said: str) -> None:
    told = looking_up(said, "127.0.0.1", listed="127.0.0.2", open_at=BOTH)
    assert told.said == "127.0.0.2 after 1 look-up"
    assert list(told.came) == ["127.0.0.2"]


def test_a_forbidden_address_is_not_fallen_back_on() -> None:
    told = looking_up("127.0.0.3,127.0.0.1", listed="127.0.0.3", open_at=BOTH)
    assert told.said == "ConnectError after 1 look-up", "nothing listens at the one that is allowed"
    assert told.came == {}


def test_of_several_allowed_addresses_the_next_is_tried() -> None:
    told = looking_up("127.0.0.3,127.0.0.2", listed="127.0.0.0/8", open_at=("127.0.0.2",))
    assert told.said == "127.0.0.2 after 1 look-up"


def test_nothing_that_listens_is_told_as_such_whichever_address_was_last() -> None:
    told = looking_up("127.0.0.3,127.0.0.4", listed="127.0.0.0/8", open_at=("127.0.0.2",))
    assert told.said == "ConnectError after 1 look-up"


def test_what_is_no_name_is_not_found() -> None:
    host = f"http://{'x' * 64}.127.0.0.1"
    with open_http(host, {}, Way()) as http, pytest.raises(httpx2.ConnectError):
        http.get("/")


def test_a_proxy_is_reached_where_its_own_address_is_listed_and_the_server_is_its_to_find() -> None:
    with serving(answer(200, {"through": "the proxy"})) as script:
        proxy = httpx2.Proxy(script.url, auth=("me", "secret"))
        with open_http("http://jira.example", {}, Way(proxy=proxy)) as http, pytest.raises(AddressRefusedError):
            http.get("/")
        assert script.asked == []
        listed = config.read({"CROSSWALK_ALLOW_PRIVATE": "127.0.0.1"}).allow_private
        with open_http("http://jira.example", {}, Way(allow_private=listed, proxy=proxy)) as http:
            assert http.get("/thing").json() == {"through": "the proxy"}
    assert script.lines == ["GET http://jira.example/thing HTTP/1.1"]
    assert b"Proxy-Authorization: Basic" in script.asked[0]


@pytest.mark.parametrize("host", [*METADATA, "127.0.0.1", "10.1.2.3", "[::1]", "[fd12::1]", "127.1", "127.0.0.1."])
def test_what_is_written_as_a_number_is_not_asked_of_a_proxy_either(host: str) -> None:
    listed = config.read({"CROSSWALK_ALLOW_PRIVATE": "127.0.0.2, 10.7.7.7"}).allow_private
    with serving(answer(200), host="127.0.0.2") as script:
        with (
            open_http(f"http://{host}", {}, Way(allow_private=listed, proxy=httpx2.Proxy(script.url))) as http,
            pytest.raises(AddressRefusedError),
        ):
            http.get("/latest/meta-data/")
        assert script.asked == []
        for allowed in ("10.7.7.7", "93.184.216.34", "jira.example"):
            with open_http(f"http://{allowed}", {}, Way(allow_private=listed, proxy=httpx2.Proxy(script.url))) as http:
                assert http.get("/").status_code == 200


def test_that_it_is_the_proxy_s_address_is_said() -> None:
    way = Way(proxy=httpx2.Proxy("http://localhost:9"))
    with open_http("http://jira.example", {}, way) as http, pytest.raises(AddressRefusedError) as caught:
        http.get("/")
    assert "(the proxy localhost leads there)" in transport_error(caught.value, READ).message


def test_a_file_without_tls_is_not_fetched_for_a_server_with_it() -> None:
    """The first address is told by a server as that of a redirect is, and held to the same."""
    surroundings = Surroundings(now=lambda: 0.0, sleep=lambda _: None)
    account = Account("https://127.0.0.1:9", "", "s", allow_private=True)
    client = connect(account, {"Authorization": "s"}, understand, Unlimited(), surroundings)
    with serving(answer(200, b"inside", "image/png")) as script:
        for address in (f"{script.url}/file", "ftp://127.0.0.1/file"):
            with pytest.raises(errors.Untrusted, match="without TLS"), client.download(READ, address, 10):
                pass
        assert script.asked == []
    client.close()


def test_there_is_one_place_that_opens_connections() -> None:
    opening = ("httpx2.Client(", "httpx2.get(", "httpx2.post(", "httpx2.stream(", "urlopen(", "create_connection(")
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if any(each in path.read_text("utf-8") for each in opening)
    }
    assert found == {"remote/opening.py"}
