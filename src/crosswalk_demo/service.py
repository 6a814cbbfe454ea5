"""The real service as a process of its own, for the check. What it logs is kept, to be shown when something fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx2


class Service:
    """A context in which `crosswalk serve` runs on a port of this machine, with this process's environment."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._log = Path(os.environ["CROSSWALK_HOME"]) / "service.log"  # a folder that is thrown away

    def last_words(self, lines: int = 30) -> str:
        """The end of what the service logged."""
        return "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-lines:]) if self._log.exists() else ""

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Service:
        command = [sys.executable, "-m", "crosswalk", "serve", "--port", str(self._port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
        until = time.monotonic() + 180
        while time.monotonic() < until and self._process.poll() is None:
            try:
                httpx2.get(f"http://127.0.0.1:{self._port}/", timeout=10)
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
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
