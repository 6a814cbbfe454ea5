"""What real processes do: hooks acknowledged, time from a hook to the write on the other side, memory."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Sandboxes, free_port
from crosswalk_demo.service import Service
from crosswalk_demo.story import Installed
from tests.bench.figure import Figure, percentile
from tests.bench.load import deliver, peak

HOOKS, SENDERS, STORMED = 5000, 16, 50
EDITS, LATENCY = 15, 0.1
LOADED, PARTS = 1500, 2
"""Features of the load that runs beside edits, and the requirements of each."""
MINUTE, PAUSE = 60.0, 1.5
"""Aha! takes 300 requests a minute, of which a load leaves 75 to others: two for each edit and its echo."""
PERSON = "alice@example.com"


@dataclass(frozen=True, slots=True)
class Live:
    """A running installation."""

    port: int
    installed: Installed
    secret: str
    pid: int


@contextmanager
def live() -> Iterator[Live]:
    """Both sandboxes and the service as processes, as in the demo."""
    from crosswalk_demo.__main__ import OWNER, PASSWORD, set_environment

    port = free_port()
    with tempfile.TemporaryDirectory(prefix="crosswalk-bench-") as folder:
        set_environment(Path(folder), port)
        os.environ["CROSSWALK_POLL_SECONDS"] = "600"
        with Sandboxes("jira-cloud", 0, 0) as sandboxes:
            from crosswalk_demo import story

            installed = story.install(sandboxes, OWNER, PASSWORD, hooks=True)
            from crosswalk.store.models import Integration

            secret = Integration.objects.get(pk=installed.integration_id).hook_secret.reveal()
            with Service(port) as service:
                yield Live(port, installed, secret, service.pid)


def measure() -> list[Figure]:
    """One installation for all of it: memory at the end."""
    with live() as here:
        latency = _latency(here)
        beside = _beside_a_load(here)
        hooks = _hooks(here)
        return [*latency, *beside, *hooks, Figure("memory of the service, peak", peak(here.pid), "MB", 300)]


def _hooks(here: Live) -> list[Figure]:
    """Acknowledged deliveries a second, each durable before its answer; and how often the pairs they name are run."""
    from django.db.models import F

    from crosswalk.store.models import HookDelivery, Pair

    _plan(here)
    _send_all(here)
    pairs = Pair.objects.filter(integration=here.installed.integration_id, right_kind="issue").exclude(right_id=None)
    rest = pairs.exclude(dirty=F("done"))
    _until(lambda: not rest.exists(), 120)
    named = dict(pairs.order_by("pk").values_list("pk", "fence")[:STORMED])
    issues = list(pairs.filter(pk__in=named).order_by("pk").values_list("right_id", "right_key"))
    began = time.perf_counter()
    took = deliver(here.port, (_hook(here, number, *issues[number % len(issues)]) for number in range(HOOKS)), SENDERS)
    seconds = time.perf_counter() - began
    _until(lambda: not rest.exists() and not HookDelivery.objects.filter(seen_at=None).exists(), 120)
    runs = [fence - named[pk] for pk, fence in pairs.filter(pk__in=named).values_list("pk", "fence")]
    return [
        Figure(f"runs of a pair after {HOOKS} hooks on {len(issues)} pairs, most", max(runs), "", 3),
        Figure(f"hooks acknowledged a second, durable ({HOOKS} of them)", HOOKS / seconds, "/s", 1000, at_least=True),
        Figure("hook acknowledged, p99", percentile(took, 0.99) * 1000, "ms", 50),
    ]


def _plan(here: Live) -> None:
    """Enough features that so many pairs can be stormed."""
    with closing(AhaPlayer(here.installed.aha)) as aha:
        release = aha.get("/products/FAB/releases")["releases"][0]["id"]
        for number in range(STORMED):
            aha.post(f"/releases/{release}/features", {"feature": {"name": f"Stormed {number}"}})


def _send_all(here: Live) -> None:
    from crosswalk.store.models import Integration
    from crosswalk.sync import sending

    errand = sending.begin(Integration.objects.get(pk=here.installed.integration_id), "", "the bench")
    _until(lambda: _over(errand), 120)


def _hook(here: Live, number: int, issue: str, key: str) -> bytes:
    body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": issue, "key": key}})
    lines = [
        f"POST /hooks/jira/{here.secret} HTTP/1.1",
        f"Host: 127.0.0.1:{here.port}",
        "Content-Type: application/json",
        f"X-Atlassian-Webhook-Identifier: bench-{number}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", body]).encode()


def _latency(here: Live) -> list[Figure]:
    """From a change in Jira to the write in Aha!, with 100 ms put on every remote call."""
    from crosswalk.store.models import Integration, Pair
    from crosswalk.sync import service

    integration = Integration.objects.get(pk=here.installed.integration_id)
    aha, jira = AhaPlayer(here.installed.aha), JiraPlayer(here.installed.jira, here.installed.flavour)
    with closing(aha), closing(jira):
        feature = aha.feature_with_requirements("")
        service.send(integration, [service.find_ref(integration, feature["reference_num"])], "the bench")
        pair = Pair.objects.filter(integration=integration, left_id=feature["id"])
        _until(lambda: pair.exclude(right_id=None).filter(state__in=("agreed", "asking")).exists())
        key = pair.get().right_key
        _slow(here)
        took = [_one_edit(here, jira, key, number) for number in range(EDITS)]
        _quick(here)
    return [
        Figure(f"change in Jira to write in Aha!, median ({EDITS} edits)", percentile(took, 0.5) * 1000, "ms", 500),
        Figure("change in Jira to write in Aha!, slowest", max(took) * 1000, "ms", 1500),
    ]


def _one_edit(here: Live, jira: JiraPlayer, key: str, number: int) -> float:
    """Seconds from the moment Jira had answered the edit (its hook is on its way) to the write's arrival at Aha!."""
    httpx2.delete(f"{here.installed.aha.address}/_sandbox/requests")
    jira.rename(key, f"Name number {number}")
    began = time.time()

    def arrived() -> bool:
        seen = httpx2.get(f"{here.installed.aha.address}/_sandbox/requests", params={"limit": "20"}).json()["requests"]
        return any(one["method"] != "GET" and _stamp(one["at"]) >= began - 1 for one in seen)

    _until(arrived)
    took = time.time() - began
    time.sleep(0.6)  # let the run and its echo end, so that the next edit finds an idle service
    return took


def _beside_a_load(here: Live) -> list[Figure]:
    """From the arrival of an edit's hook to the end of the write in Aha!, while a load runs.

    The sandbox delivers one hook after the other, so that of an edit waits for those of the issues that the load makes;
    and it shows its page in the one thread in which it answers everything: it is asked ten times a second.
    """
    from crosswalk.store.models import Integration, Pair
    from crosswalk.sync import sending

    integration = Integration.objects.get(pk=here.installed.integration_id)
    pair = Pair.objects.filter(integration=integration, kind="feature", state="agreed").exclude(right_id=None)[0]
    jira = JiraPlayer(here.installed.jira, here.installed.flavour)
    with closing(jira), httpx2.Client(base_url=f"{here.installed.aha.address}/_play/as/{PERSON}", timeout=60) as page:
        release = page.get("/products/FAB/releases").json()["releases"][0]["id"]
        for number in range(LOADED):
            made = page.post(f"/releases/{release}/features", json={"feature": {"name": f"Loaded {number}"}}).json()
            for part in range(PARTS):
                below = {"requirement": {"name": f"Loaded {number} part {part}"}}
                page.post(f"/features/{made['feature']['id']}/requirements", json=below).raise_for_status()
        time.sleep(MINUTE)  # what was sent before counts against the limit for so long
        _slow(here)
        errand = sending.begin(integration, "", "the bench")
        sent = Pair.objects.filter(integration=integration, right_kind="issue").exclude(right_id=None)
        began = sent.count()
        _until(lambda: sent.count() > began, 120)
        took = list(_edits_beside(errand, jira, page, pair))
        _quick(here)
        _until(lambda: _over(errand), 600)
    assert len(took) >= EDITS // 2, f"the load lasted for {len(took)} edits only"
    return [
        Figure(f"hook to write while a load runs, median ({len(took)} edits)", percentile(took, 0.5) * 1000, "ms", 500),
        Figure("hook to write while a load runs, slowest", max(took) * 1000, "ms", 1500),
    ]


def _edits_beside(errand: Any, jira: JiraPlayer, page: httpx2.Client, pair: Any) -> Iterator[float]:
    """Seconds from the hook of each edit in Jira, while the load runs, to Aha!'s answer to the write."""
    from crosswalk.store.models import HookDelivery, JournalEntry

    told = HookDelivery.objects.filter(side="jira", outcome=f"woke 1 pair: {pair.right_key}").order_by("id")
    for number in range(EDITS):
        name, since = f"Beside the load {number}", datetime.now(UTC)
        jira.rename(pair.right_key, name)
        _until(lambda name=name: page.get(f"/features/{pair.left_id}").json()["feature"]["name"] == name, 60, 0.1)
        if _over(errand):
            return
        hook = told.filter(received_at__gte=since)[0].received_at.timestamp()
        sent = JournalEntry.objects.filter(pair=pair, field="Name", side="left", new=name).order_by("id")[0]
        yield sent.at.timestamp() + LATENCY - hook
        time.sleep(PAUSE)


def _over(errand: Any) -> bool:
    errand.refresh_from_db()
    return errand.finished_at is not None


def _slow(here: Live) -> None:
    """Put LATENCY on every remote call."""
    for account in (here.installed.aha, here.installed.jira):
        slow = {"kind": "slow", "seconds": LATENCY, "times": 0}
        httpx2.post(f"{account.address}/_sandbox/faults", json=slow).raise_for_status()


def _quick(here: Live) -> None:
    for account in (here.installed.aha, here.installed.jira):
        httpx2.delete(f"{account.address}/_sandbox/faults").raise_for_status()


def _stamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _until(done: object, patience: float = 30.0, every: float = 0.01) -> None:
    assert callable(done)
    until = time.monotonic() + patience
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("the bench waited in vain")
        time.sleep(every)
