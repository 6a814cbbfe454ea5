"""Starting: what stands in the way is said before anything is served."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.left_out import left_out
from tests.template import lay

from crosswalk import config
from crosswalk.errors import Refused
from crosswalk.web.start import listen


@pytest.mark.parametrize(
    ("url", "asked", "address", "port"),
    [
        ("", None, "http://127.0.0.1:8400", 8400),
        ("", 9310, "http://127.0.0.1:9310", 9310),
        ("", 0, "http://127.0.0.1:8400", 0),
        ("http://127.0.0.1:9310", None, "http://127.0.0.1:9310", 9310),
        ("http://localhost:9310/", None, "http://localhost:9310/", 9310),
        ("http://[::1]:9310", None, "http://[::1]:9310", 9310),
        ("http://localhost:9310", 8500, "http://localhost:9310", 8500),
        ("http://localhost", None, "http://localhost", 8400),
        ("https://localhost:9310", None, "https://localhost:9310", 8400),
        ("https://crosswalk.example:9310", None, "https://crosswalk.example:9310", 8400),
        ("http://crosswalk.example:9310", None, "http://crosswalk.example:9310", 8400),
        ("http://localhost:x", None, "http://localhost:x", 8400),
    ],
)
def test_the_address_and_the_port_follow_each_other(url: str, asked: int | None, address: str, port: int) -> None:
    environment = {"CROSSWALK_URL": url} if url else {}
    assert config.door(environment, asked) == (address, port)


@pytest.mark.parametrize(
    "url",
    [
        *("nonsense", "crosswalk.example.com", "http://localhost:99999", "ftp://here", "https://", "http://[::1"),
        *("http://a b", "https://ann:pw@here", "https://here/?x=1"),
        # Django takes these for many names, or never finds the name again that a browser sends.
        *("https://*", "https://*.example", "https://.example", "https://ex<ample", "https://my_host", "https://here."),
    ],
)
def test_an_address_of_its_own_that_can_not_be_meant_is_refused(url: str) -> None:
    config.door({"CROSSWALK_URL": url}, None)
    with pytest.raises(Refused, match="CROSSWALK_URL") as refused:
        config.read({"CROSSWALK_URL": url})
    assert "https://crosswalk.example.com" in refused.value.remedy
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CROSSWALK_POL_SECONDS", "CROSSWALK_POLL_SECONDS"),
        ("CROSSWALK_ALLOW_PRIVAT", "CROSSWALK_ALLOW_PRIVATE"),
        ("CROSSWALK_DATABASE_ULR", "CROSSWALK_DATABASE_URL"),
        ("CROSSWALK_KEY", "CROSSWALK_KEYS"),
        ("CROSSWALK_OIDC_ISSUERS", "CROSSWALK_OIDC_ISSUER"),
    ],
)
def test_a_setting_with_a_typing_error_is_refused(name: str, meant: str) -> None:
    with pytest.raises(Refused, match=name) as refused:
        config.read({name: "no"})
    assert meant in refused.value.remedy


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, "10.20.0.0/16") for text in ("10.0.0.0/33", "10.0.0.0/8, jira.local", "10.0.0.0-10.0.0.9", "[::1]")),
        *((text, "10.20.0.0/16") for text in ("perhaps", "all", "localhost", "*", "10", ",", "10.20.*.*")),
        ("10.20.0.5/16", "Write 10.20.0.0/16."),
        ("fd12::1, fd12::1/64", "Write fd12::/64."),
    ],
)
def test_private_networks_that_can_not_be_meant_are_refused(text: str, told: str) -> None:
    with pytest.raises(Refused, match="CROSSWALK_ALLOW_PRIVATE") as refused:
        config.read({"CROSSWALK_ALLOW_PRIVATE": text})
    assert told in refused.value.remedy


@pytest.mark.parametrize("text", ["fd12:0000::/32", "10.20.0.0/255.255.0.0", " 10.0.0.1 ,, ", "FD12::1"])
def test_private_networks_may_be_written_as_people_do(text: str) -> None:
    assert isinstance(config.read({"CROSSWALK_ALLOW_PRIVATE": text}).allow_private, tuple)


def test_somebody_without_a_home_folder_is_told_what_to_set() -> None:
    """A container may run as a number that no name belongs to."""
    environment = {name: text for name, text in os.environ.items() if name != "HOME" and "CROSSWALK" not in name}
    asked = "import os, pwd; from crosswalk import config; pwd.getpwuid = {}.__getitem__; config.read(os.environ)"
    done = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=False)
    assert "Refused" in done.stderr
    assert "CROSSWALK_HOME" in done.stderr


def test_what_containers_are_given_is_no_typing_error() -> None:
    ends = ("PORT", "SERVICE_HOST", "SERVICE_PORT", "PORT_8400_TCP", "PORT_8400_TCP_ADDR", "WEB_PORT", "VERSION")
    assert config.read({f"CROSSWALK_{end}": "x" for end in ends}) == config.read({})


def test_every_setting_is_known_by_its_name() -> None:
    source = Path(config.__file__).read_text("utf-8")
    asked = set(re.findall(r'"CROSSWALK_([A-Z_]+[A-Z])"', source))
    assert len(asked) > 10
    assert asked <= set(config._NAMES)


def test_an_empty_address_is_the_one_of_the_service(tmp_path: Path) -> None:
    home = {"CROSSWALK_HOME": str(tmp_path)}
    assert config.read({**home, "CROSSWALK_URL": " "}).url == config.address_at(config.PORT)
    config.read(home).address_file.write_text("http://127.0.0.1:19200\n", "utf-8")
    assert config.read(home).url == "http://127.0.0.1:19200"
    assert config.read({"CROSSWALK_URL": "https://here/crosswalk/ "}).url == "https://here/crosswalk"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_before_the_first_request_is_not_lost(tmp_path: Path, number: signal.Signals) -> None:
    script = (
        "import os, signal\n"
        "from crosswalk import config\n"
        "from crosswalk.web import start\n"
        f"start._say = lambda *told: os.kill(os.getpid(), {int(number)})\n"
        "os.environ['CROSSWALK_URL'] = config.address_at(19200)\n"
        "start.serve(config.read(os.environ), '127.0.0.1', 0)\n"
    )
    lay(tmp_path)
    environment = {**os.environ, "CROSSWALK_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "crosswalk.web.settings"}
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert "event='stopped'" in ended.stderr + ended.stdout
    assert config.read({"CROSSWALK_HOME": str(tmp_path)}).url == "http://127.0.0.1:19200", "what commands say"


def test_a_port_that_is_taken_is_said_with_a_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port}") as refused:
            listen("127.0.0.1", port)
    assert "--port" in refused.value.remedy


def test_a_free_port_is_taken_at_once() -> None:
    with listen("127.0.0.1", 0) as ours, pytest.raises(Refused):
        listen("127.0.0.1", ours.getsockname()[1])


@pytest.mark.parametrize(("host", "reached"), [("::1", ["::1"]), ("::", ["::1", "127.0.0.1"])])
def test_an_address_of_ipv6_is_listened_at(host: str, reached: list[str]) -> None:
    if not Path("/proc/net/if_inet6").exists():
        raise left_out("listening at IPv6", "this machine speaks none", "enable IPv6 on the loopback interface")
    with listen(host, 0) as ours:
        for address in reached:
            socket.create_connection((address, ours.getsockname()[1]), timeout=5).close()


@pytest.mark.parametrize("host", ["999.1.1.1", "192.0.2.1"])
def test_a_host_that_is_none_is_told_as_that(host: str) -> None:
    with pytest.raises(Refused, match=f"{host} is no address") as refused:
        listen(host, 0)
    assert "--host" in refused.value.remedy


def test_an_answer_is_sent_at_once_and_not_held_back_for_an_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as ours, socket.create_connection(ours.getsockname()):
        taken, _ = ours.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
