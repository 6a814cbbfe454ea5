"""A first send of a large workspace: requests, the time that the limits alone ask for, memory of the worker.

Two sandboxes that enforce the published limits run as processes on virtual clocks, which move only when Crosswalk
waits: what passes there is limit time, without a second for networks and processors. `--features` says how many there
are, each with four requirements and without files. A tenth of the way is told at a time: what grows faster than the
number of records shows there.
"""

from __future__ import annotations

import contextvars
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2

from crosswalk.merge.rules import Side
from crosswalk_demo.sandboxes import Account
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.bench.figure import Figure
from tests.bench.load import cpu
from tests.django_setup import on_sqlite
from tests.path.system import TLS, System, installed

FEATURES = int(os.environ.get("BENCH_FEATURES", "10000"))
RECORDS = 5 * FEATURES
EDITS = 15
CONTROL = httpx2.Client(verify=TLS)


class Three(System):
    """A system whose waiting moves three clocks: its own and those of the sandboxes."""

    def pass_time(self, seconds: float) -> None:
        super().pass_time(seconds)
        for account in (self.aha_at, self.jira_at):
            CONTROL.post(f"{account.address}/_sandbox/clock/advance", json={"seconds": seconds}).raise_for_status()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_time(seconds)


class Edits:
    """A person who edits a record that was sent, again and again while the load goes on: how long limits hold that up.

    The load asks as often as it may, because no clock moves while it works: nobody can wait for it longer than here.
    """

    def __init__(self, system: Three) -> None:
        self._system, self._next, self.waited = system, 1, list[float]()

    def meanwhile(self, done: int) -> None:
        """The load has sent `done` features."""
        if done >= self._next and len(self.waited) < EDITS:
            self._next = done + max(1, FEATURES // EDITS)
            contextvars.Context().run(self._edit)  # not within the load, which leaves a share of the limits to others

    def _edit(self) -> None:
        from crosswalk.store.exchanges import of_runs
        from crosswalk.store.models import Pair
        from crosswalk.sync.installation import current
        from crosswalk.sync.pair import sync_pair

        system = self._system
        pair = Pair.objects.filter(kind="feature", state="agreed").exclude(right_id=None).order_by("pk").first()
        if pair is None:
            return  # what features stand in is sent first
        system.jira.rename(pair.right_key, f"Name number {len(self.waited)}")
        system.wake(pair, side=Side.RIGHT)
        before = len(system.slept)
        with of_runs():
            ending = sync_pair(current().bridges.of(system.integration), pair.pk)
        assert ending.state == "agreed", ending
        self.waited.append(sum(system.slept[before:]))


class Way:
    """Says on standard error how far a load is: where it stands after each tenth, and what that tenth took."""

    def __init__(self, system: Three) -> None:
        self._system, self._began, self._next = system, system.now(), 0
        self._before: dict[str, float] = {}

    def meanwhile(self, done: int, memory: float) -> None:
        """The load has sent `done` features."""
        if done < self._next:
            return
        self._next = done + max(1, FEATURES // 10)
        now, system = {"s of the worker": time.process_time()}, self._system
        for side, account in (("aha", system.aha_at), ("jira", system.jira_at)):
            now[f"requests to {side}"] = sum(_seen(account)["by_operation"].values())
            now[f"s of {side}"] = cpu(int(system.credentials[side]["pid"]))
        took = ", ".join(f"{value - self._before.get(name, 0.0):,.1f} {name}" for name, value in now.items())
        self._before = now
        minutes = (system.now() - self._began).total_seconds() / 60
        sys.stderr.write(f"  {done:>7,} features, {minutes:.1f} min of limit time, {memory:.0f} MB; it took {took}\n")
        sys.stderr.flush()


@contextmanager
def _sandbox(flavour: str, seed: str) -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "crosswalk_sandbox", flavour, "--seed", seed, "--json", "--virtual-clock"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found: dict[str, str] = json.loads(process.stdout.readline())
            yield {**found, "pid": str(process.pid)}
        finally:
            process.terminate()


@contextmanager
def large() -> Iterator[Three]:
    """An installation with a large Aha! workspace and a Jira project to send it to, connected."""
    with ExitStack() as opened:
        aha = opened.enter_context(_sandbox("aha", f"large:{FEATURES}"))
        jira = opened.enter_context(_sandbox("jira-cloud", "demo"))
        config = opened.enter_context(on_sqlite())
        accounts = Account(aha["address"], "", aha["token"]), Account(jira["address"], jira["email"], jira["token"])
        system = Three("cloud", *accounts, {"aha": aha, "jira": jira}, VirtualClock())
        opened.enter_context(installed(system, config))
        system.connect()
        mapping, stands_in = system.integration.mapping, {"jira": jira["email"]}
        system.remap(parts={name: {"direction": "off"} for name in mapping["parts"]}, people=stands_in)
        system.pass_time(120)
        yield system


def measure() -> list[Figure]:
    """One load, and what it left to others."""
    from crosswalk.sync import sending

    with large() as system:
        system.poll()
        system.forget()
        errand = sending.begin(system.integration, "", "the bench")
        began, wall, memory = system.now(), time.perf_counter(), list[tuple[int, float]]()
        edits, way = Edits(system), Way(system)

        def tell(_step: str, done: int, _total: int) -> None:
            memory.append((done, _resident()))
            edits.meanwhile(done)
            way.meanwhile(done, memory[-1][1])

        result = sending.send(errand, tell)
        system.drain()
        wall, minutes = time.perf_counter() - wall, (system.now() - began).total_seconds() / 60
        assert result is not None
        early = next((held for done, held in memory if done >= FEATURES // 5), 0.0)
        seen = [_seen(account) for account in (system.aha_at, system.jira_at)]
        held = Figure(
            f"longest that limits held up an edit meanwhile, of {len(edits.waited)}",
            max(edits.waited, default=0.0),
            "s",
            1.5,
        )
        return [*_figures(seen, result, minutes, wall, early), held, *_polled(system), *_swept(system)]


def _polled(system: Three) -> list[Figure]:
    """What it takes to look at all of it when the next polls tell of it."""
    from crosswalk.store.models import Pair

    system.forget()
    system.pass_time(60)
    woken = system.poll()
    system.drain()
    asked = sum(_kinds(system).values())
    releases = Pair.objects.filter(integration=system.integration, kind="release").count()
    return [
        Figure("requests of the poll that tells of it, and of what it wakes", asked, "", 20 + RECORDS // 25),
        Figure("pairs that it woke, with each release once for its order", woken, "", 20 + releases),
        Figure("memory of the worker by then, peak", _resident("VmHWM"), "MB", 300),
    ]


def _swept(system: Three) -> list[Figure]:
    """What it takes to prove that all of it is in step."""
    from crosswalk.store.models import Pair
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import sweep

    system.forget()
    woken = sweep(system.engine_as_port(), current().bridges.of(system.integration), system.now())
    kinds = _kinds(system)
    pairs = Pair.objects.filter(integration=system.integration, state="agreed").count()
    return [
        Figure(f"requests to prove {pairs:,} pairs in step", sum(kinds.values()), "", 800, original="150,000"),
        Figure("pairs that it found out of step", woken, "", 0),
    ]


def _kinds(system: Three) -> Counter[str]:
    """How often each operation was asked of both sandboxes since they forgot; it is told on standard error."""
    kinds: Counter[str] = Counter()
    for account in (system.aha_at, system.jira_at):
        kinds.update(_seen(account)["by_operation"])
    sys.stderr.write("".join(f"  {count:>7,}  {name}\n" for name, count in kinds.most_common(8)))
    return kinds


def _seen(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = CONTROL.get(f"{account.address}/_sandbox/requests", params={"limit": "0"}).json()
    return found


def _figures(
    seen: list[dict[str, Any]], result: dict[str, int], minutes: float, wall: float, early: float
) -> list[Figure]:
    of = f"{FEATURES:,} features x 4"
    kinds: Counter[str] = Counter()
    for one in seen:
        kinds.update(one["by_operation"])
    for name, count in kinds.most_common(12):
        sys.stderr.write(f"  {count:>7,}  {name}\n")
    refused = sum(one["by_status"].get("429", 0) for one in seen)
    return [
        Figure(f"requests to send {of}", sum(kinds.values()), "", 3500, original="220,000"),
        Figure(f"limit time to send {of}", minutes, "min", 12, original="333 of Aha! alone"),
        Figure("features sent by it, none of them in doubt", result["sent"], "", FEATURES, at_least=True),
        Figure("features left to runs of their own", result["own"], "", 0),
        Figure("requests refused for a limit", refused, "", 0),
        Figure("memory of the worker, peak", _resident("VmHWM"), "MB", 300),
        Figure("memory of the worker, growth after a fifth", _resident() - early, "MB", 50),
        Figure("records a second, wall clock, both sandboxes on this machine", RECORDS / wall, "/s"),
    ]


def _resident(name: str = "VmRSS") -> float:
    """Memory of this process, in megabytes."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0
