"""`demo`: where everything is, and how a story that does not hold ends. `./run test` plays the one that holds."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from contextlib import closing

import httpx2
import pytest

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


def test_it_tells_three_addresses_that_answer_and_ends_with_ctrl_c() -> None:
    port = three_ports()
    process = subprocess.Popen(
        [*DEMO, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert process.stdout is not None
        told = ""
        while "Ctrl-C" not in told:
            line = process.stdout.readline()
            assert line, told
            told += line
        addresses = re.findall(r"http://127\.0\.0\.1:(\d+)", told)
        assert addresses == [str(port), str(port + 1), str(port + 2)]
        assert "sign in: demo / " in told
        assert "API key: " in told
        for one in addresses[1:]:
            assert httpx2.get(f"http://127.0.0.1:{one}/", follow_redirects=True).status_code == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0


def test_a_story_that_does_not_hold_is_told_with_exit_code_1() -> None:
    script = (
        "import crosswalk_demo.story as story, crosswalk_demo.players as players\n"
        "def stay(self, issue, status): story.PATIENCE = 1.0\n"  # nobody moves it, so that is waited for in vain
        "players.JiraPlayer.move = stay\n"
        "from crosswalk_demo.__main__ import main\n"
        "main(['--check'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "demo: NOT ok" in said
    assert "in Aha!" in said
