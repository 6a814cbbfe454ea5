"""Starts both stand-ins as processes of their own, and ends them."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Self


def free_port() -> int:
    """A port of this machine that nobody uses now.

    Not one of those a system gives to whoever names none (from 32768 on, on Linux): before the one that asked here has
    opened it, it could go to somebody else.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True, slots=True)
class Account:
    """Where a stand-in answers, and who may sign in."""

    address: str
    user: str
    secret: str


class Sandboxes:
    """A context in which a sandbox Aha! and a sandbox Jira run. `jira` is "jira-cloud" or "jira-dc"."""

    def __init__(self, jira: str, aha_port: int, jira_port: int) -> None:
        self._wanted = {"aha": ("aha", aha_port), "jira": (jira, jira_port)}
        self._processes: list[subprocess.Popen[str]] = []
        self.flavour = jira
        self.aha = self.jira = Account("", "", "")

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.__exit__)
            for side in ("aha", "jira"):
                self._start(*self._wanted[side])
            aha, jira = (
                self._ready(process, side) for process, side in zip(self._processes, self._wanted, strict=True)
            )
            undo.pop_all()  # both are up: they end with this context
        user, secret = ("email", "token") if self.flavour == "jira-cloud" else ("username", "password")
        self.aha = Account(aha["address"], "", aha["token"])
        self.jira = Account(jira["address"], jira[user], jira[secret])
        return self

    def _start(self, name: str, port: int) -> None:
        command = [sys.executable, "-m", "crosswalk_sandbox", name, "--json", "--port", str(port)]
        # Ctrl-C goes to every process of the terminal. Crosswalk would ask sandboxes that are gone while it stops, so
        # these do not hear it: they end with this context.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _ready(self, process: subprocess.Popen[str], side: str) -> dict[str, str]:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise OSError(f"the sandbox {self._wanted[side][0]} did not start")
        found: dict[str, str] = json.loads(line)
        return found

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
            if process.stdout is not None:
                process.stdout.close()
