"""The real service as a process of its own, for the check. What it logs is kept, to be shown when something fails."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

import httpx2


class Service:
    """A context in which `crosswalk serve` runs on a port of this machine, with this process's environment."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._log = tempfile.TemporaryFile()

    def last_words(self, lines: int = 30) -> str:
        """The end of what the service logged."""
        self._log.seek(0)
        return "\n".join(self._log.read().decode("utf-8", "replace").splitlines()[-lines:])

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Service:
        command = [sys.executable, "-m", "crosswalk", "serve", "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self._log)
        until = time.monotonic() + 20
        while time.monotonic() < until and self._process.poll() is None:
            try:
                httpx2.get(f"http://127.0.0.1:{self._port}/", timeout=2)
            except httpx2.TransportError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise OSError(f"Crosswalk did not start:\n{self.last_words()}")

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
