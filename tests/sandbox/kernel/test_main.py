"""Starting one sandbox from the command line, as a process."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import httpx2
import pytest
from click.testing import CliRunner

from crosswalk_sandbox.__main__ import main


def test_the_first_line_is_address_and_credentials_and_ctrl_c_ends_it_quietly() -> None:
    command = [sys.executable, "-m", "crosswalk_sandbox", "aha", "--json", "--hooks-to", "http://127.0.0.1:9/hook"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {told['token']}"}
        me = httpx2.get(f"{told['address']}/api/v1/me", headers=headers).json()["user"]
        assert me["email"] == told["user"] == "alice@example.com"
        assert httpx2.get(f"{told['address']}/_sandbox/hooks/urls").json() == {"urls": ["http://127.0.0.1:9/hook"]}
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.parametrize("kind", ["aha", "jira-cloud", "jira-dc"])
def test_the_first_line_is_for_people_or_for_programs(kind: str) -> None:
    for arguments in ([], ["--json"]):
        command = [sys.executable, "-m", "crosswalk_sandbox", kind, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            told = json.loads(first) if arguments else {"address": first.split()[0]}
            assert httpx2.get(told["address"], follow_redirects=True).status_code == 200
            for value in {"user", "token", "password"} & told.keys():
                assert told[value]
        finally:
            process.kill()
            process.communicate()


def test_what_can_not_be_started_is_refused_in_one_line() -> None:
    for arguments, says in (
        (["trello"], "trello"),
        (["aha", "--seed", "lavish"], "no seed 'lavish'; there are demo, empty, large, large:N"),
        (["aha", "--hooks-to", "mailto:x"], "no http address"),
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code != 0
        assert says in result.output


def test_a_taken_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["aha", "--port", str(port)])
    assert result.exit_code == 1
    assert f"port {port}" in result.output
