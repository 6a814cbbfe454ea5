"""`demo`: where everything is, and how a story that does not hold ends. `./run test` plays the one that holds."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from tests.processes import ROOT

pytestmark = pytest.mark.servers
DEMO = [sys.executable, "-m", "crosswalk_demo"]


def three_ports() -> int:
    """The first of three free ports in a row."""
    for port in range(23000, 32000, 3):
        try:
            with closing(socket.socket()) as one, closing(socket.socket()) as two, closing(socket.socket()) as three:
                for number, each in enumerate((one, two, three)):
                    each.bind(("127.0.0.1", port + number))
            return port
        except OSError:
            continue
    raise AssertionError("no three ports in a row are free")


def answers(port: int) -> bool:
    """Whether somebody answers there by now."""
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/", follow_redirects=True, timeout=10).status_code == 200
    except httpx2.TransportError:
        return False


def test_it_tells_three_addresses_that_answer_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = three_ports()
    said = tmp_path / "said.txt"
    with said.open("w") as out:  # no pipe, which what is left over would keep open
        process = subprocess.Popen(
            [*DEMO, "--port", str(port)], stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until = time.monotonic() + 240
        while not all(answers(port + number) for number in range(3)):
            assert process.poll() is None, said.read_text("utf-8")
            assert time.monotonic() < until, said.read_text("utf-8")
            time.sleep(0.1)
        told = said.read_text("utf-8").partition("Ctrl-C")[0]
        found = re.findall(r"^  (?:Crosswalk|Aha!|Jira) +http://127\.0\.0\.1:(\d+)", told, re.MULTILINE)
        assert found == [str(port), str(port + 1), str(port + 2)]
        assert "sign in: demo / " in told
        assert "API key: " in told
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert not any(answers(port + number) for number in range(3))
        # No log scrolls the addresses and the login out of sight.
        assert said.read_text("utf-8").rstrip().endswith("Ctrl-C ends everything; nothing is kept.")
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_port_that_is_taken_is_said_in_one_line_before_anything_else() -> None:
    from crosswalk_demo.__main__ import main

    before = dict(os.environ)
    try:
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            done = CliRunner().invoke(main, ["--port", str(taken.getsockname()[1])])
    finally:  # it sets its own
        os.environ.clear()
        os.environ.update(before)
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.fullmatch(r"Error: Port \d+ of 127\.0\.0\.1 can not be used: .*--port\.\n", done.stderr)


def test_a_story_that_does_not_hold_is_told_with_exit_code_1() -> None:
    """On the ports that are asked for, as without --check."""
    port = three_ports()
    script = (
        "import httpx2, sys, crosswalk_demo.story as story, crosswalk_demo.players as players\n"
        "def stay(self, issue, status):\n"  # nobody moves it, so that is waited for in vain
        "    story.PATIENCE = 1.0\n"
        f"    for port in range({port}, {port + 3}):\n"
        "        answer = httpx2.get(f'http://127.0.0.1:{port}/', follow_redirects=True)\n"
        "        sys.stdout.write(f'{port} {answer.status_code} ')\n"
        "players.JiraPlayer.move = stay\n"
        "import crosswalk_demo.__main__ as demo\n"
        "from tests.template import lay\n"
        "given = demo.set_environment\n"
        "def laid(folder, port):\n"  # with its tables, which the other demos make by themselves
        "    given(folder, port)\n"
        "    lay(folder)\n"
        "demo.set_environment = laid\n"
        f"demo.main(['--check', '--port', '{port}'])\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert [f"{port + number} 200" in said for number in range(3)] == [True] * 3, said
    assert "demo: NOT ok" in said
    assert "in Aha!" in said
