"""Whether the sandboxes are ever what is measured: simple requests a second on one core, large lists, start, memory.

A second is one of the server's own processor time, because other work on the machine must not change the figure; what
the clock on the wall showed stands beside it.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.bench.figure import Figure
from tests.bench.load import answers, cpu

SECONDS = 4.0
SIMPLE, STARTS, MEMORY = 1500, 10, 1024
ONE: Mapping[str, str] = {
    "aha": "/api/v1/features/FAB-1",
    "jira-cloud": "/rest/api/3/issue/FAB-1",
    "jira-dc": "/rest/api/2/issue/FAB-1",
}
LISTS: Mapping[str, str] = {
    "aha": "/api/v1/products/FAB/features?per_page=200",
    "jira-cloud": "/rest/api/3/search/jql?jql=project=FAB&maxResults=200&fields=id",
    "jira-dc": "/rest/api/2/search?jql=project=FAB&maxResults=200&fields=id",
}


@dataclass(frozen=True, slots=True)
class Stand:
    """A sandbox as a process of its own."""

    pid: int
    port: int
    headers: Mapping[str, str]
    began: float


@contextmanager
def stand(flavour: str, seed: str) -> Iterator[Stand]:
    """Start one, its limits off."""
    command = [sys.executable, "-m", "crosswalk_sandbox", flavour, "--seed", seed, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        began = cpu(process.pid)
        if flavour == "aha":
            headers = {"Authorization": f"Bearer {told['token']}"}
            httpx2.post(f"{told['address']}/_sandbox/settings", json={"limits": False}).raise_for_status()
        else:
            user, secret = told.get("email") or told["username"], told.get("token") or told["password"]
            headers = {"Authorization": "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()}
            httpx2.post(f"{told['address']}/_sandbox/limits", json={"active": False}).raise_for_status()
        yield Stand(process.pid, int(told["address"].rpartition(":")[2]), headers, began)
    finally:
        process.kill()
        process.communicate()


def measure() -> list[Figure]:
    """Every sandbox, with the demo and with the large seed."""
    found = []
    for flavour in ONE:
        with stand(flavour, "demo") as here:
            simple, wall = _rate(here, ONE[flavour])
            found.append(Figure(f"{flavour}: GET of one record, of one core", simple, "/s", SIMPLE, at_least=True))
            found.append(Figure(f"{flavour}: the same by the clock on the wall", wall, "/s"))
        with stand(flavour, "large") as here:
            found.append(Figure(f"{flavour}: start with the large seed", here.began, "s", STARTS))
            found.append(
                Figure(
                    f"{flavour}: one record of the large seed",
                    _rate(here, ONE[flavour])[0],
                    "/s",
                    SIMPLE,
                    at_least=True,
                )
            )
            found.append(Figure(f"{flavour}: pages of 200 of the large seed", _rate(here, LISTS[flavour])[0], "/s"))
            found.append(Figure(f"{flavour}: memory with the large seed, peak", _peak(here.pid), "MB", MEMORY))
    return found


def _rate(here: Stand, path: str) -> tuple[float, float]:
    """Answers a second of the server's processor time, and of the wall's clock."""
    answers(here.port, path, here.headers, 0.5)
    before, began = cpu(here.pid), time.perf_counter()
    count = answers(here.port, path, here.headers, SECONDS)
    return count / max(0.01, cpu(here.pid) - before), count / (time.perf_counter() - began)


def _peak(pid: int) -> float:
    """Peak resident memory of a process, in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
