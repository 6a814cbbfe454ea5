"""Many integrations at one Aha! account and one Jira: what they cost when nothing happens, and when people edit.

Real processes, a real PostgreSQL, and sandboxes that enforce the published limits. Each integration joins a workspace
and a project of its own. The project data of the first is kept for each of them, by their own keys: loading it is a
person's work, once. In some of them, spread evenly, a feature was sent and is edited while all are polled.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from crosswalk.engine.process import utc_now
from tests.bench.figure import Figure, percentile
from tests.bench.load import cpu, peak
from tests.scaled.cluster import Cluster, Stage, cluster, stage, until, written_through
from tests.scaled.storm import People

TEMPLATE = "com.pyxis.greenhopper.jira:gh-scrum-template"


@dataclass(frozen=True, slots=True)
class Many:
    """How many integrations, over which processes, polled how often; edits a minute in `active` of them, and for how
    many seconds all of that is watched."""

    integrations: int
    webs: int
    workers: int
    poll_seconds: int
    active: int = 50
    edits: int = 60
    seconds: float = 120.0


@dataclass(slots=True)
class Feature:
    """A feature that was sent from the workspace `prefix`, and what somebody called it last."""

    prefix: str
    id: str
    integration_id: int
    name: str = "Bell"


def measure(many: Many, folder: Path) -> list[Figure]:
    """The whole of it."""
    more = {"CROSSWALK_POLL_SECONDS": str(many.poll_seconds)}
    with written_through("many") as config, stage(config) as here:
        people = People(here)
        try:
            _limits(here, on=False)
            integrations = list(_join(here, many.integrations))
            chosen = integrations[:: max(1, len(integrations) // many.active)][: many.active]
            features = [_feature(people, one) for one in chosen]
            with cluster(config, folder, many.webs, many.workers, more) as processes:
                _send(here, processes, features)
                return _watch(many, here, processes, people, features)
        finally:
            people.close()


def _limits(here: Stage, *, on: bool) -> None:
    """Whether Aha! counts: people who set all of this up took their time."""
    httpx2.post(f"{here.sandboxes.aha.address}/_sandbox/settings", json={"limits": on}).raise_for_status()


def _join(here: Stage, count: int) -> Iterator[Any]:
    """So many integrations, each of a workspace and a project of its own; the first is there."""
    from crosswalk.store.models import Integration
    from crosswalk.sync import installation, projectdata, service
    from crosswalk.sync.watch import poll

    first, known = here.integration, projectdata.load(here.integration)
    yield first
    lead = here.jira.send("GET", "/myself")["accountId"]
    for number in range(1, count):
        key = f"N{number}"
        made = here.aha.post("/products", {"product": {"name": f"Workspace {key}", "prefix": key}})["product"]
        body = {"key": key, "name": f"Project {key}", "leadAccountId": lead, "projectTypeKey": "software"}
        project = here.jira.send("POST", "/project", {**body, "projectTemplateKey": TEMPLATE})
        aha = replace(known.aha, workspace=str(made["id"]), key=key, name=f"Workspace {key}")
        jira = replace(known.jira, project=str(project["id"]), key=key)
        joined = service.keep_integration("", first.aha, first.jira, replace(known, aha=aha, jira=jira))
        Integration.objects.filter(pk=joined.pk).update(enabled=True)
        bridges = installation.current().bridges
        poll(installation.current().engine, bridges.of(joined), utc_now())  # the first asks for less than the others
        bridges.forget()
        yield joined


def _feature(people: People, integration: Any) -> Feature:
    """A product owner makes a feature in a release of the workspace."""
    key = integration.workspace_key
    body = {"release": {"name": f"Release of {key}"}}
    release = people.aha.post(f"/products/{key}/releases", json=body).raise_for_status().json()["release"]
    made = people.aha.post(f"/releases/{release['id']}/features", json={"feature": {"name": "Bell"}})
    return Feature(key, made.raise_for_status().json()["feature"]["id"], integration.pk)


def _send(here: Stage, processes: Cluster, features: Sequence[Feature]) -> None:
    """Send each of them, and wait until all is quiet."""
    from crosswalk.merge.records import Ref
    from crosswalk.store.models import Integration, Pair
    from crosswalk.sync import service

    here.hooks(processes.ports[0])
    for one in features:
        integration = Integration.objects.get(pk=one.integration_id)
        service.send(integration, [Ref("feature", one.id, "")], "the bench")
    sent = Pair.objects.filter(kind="feature", state="agreed")
    until(lambda: sent.count() >= len(features) and here.quiet(), processes.log, seconds=600, every=0.5)


def _watch(many: Many, here: Stage, processes: Cluster, people: People, features: Sequence[Feature]) -> list[Figure]:
    """For one half of the time nobody does anything; in the other half people edit names in Aha!."""
    _limits(here, on=True)
    for account in (here.sandboxes.aha, here.sandboxes.jira):
        httpx2.delete(f"{account.address}/_sandbox/requests").raise_for_status()
    pids = {name: process.pid for name, process in processes.running.items()}
    before, asked = _used(pids), _asked(here)
    time.sleep(many.seconds)
    idle, polled = _used(pids) - before, {side: n - asked[side] for side, n in _asked(here).items()}
    chance, began, edits = random.Random(1), time.monotonic(), dict[str, tuple[Feature, float]]()
    while time.monotonic() - began < many.seconds:
        one = features[len(edits) % len(features)]
        one.name = f"Bell {len(edits)}"
        people.aha.put(f"/features/{one.id}", json={"feature": {"name": one.name}}).raise_for_status()
        edits[one.name] = (one, time.time())
        time.sleep(chance.uniform(0.5, 1.5) * 60 / many.edits)
    until(here.quiet, processes.log, seconds=120, every=0.5)
    busy = _used(pids) - before - idle
    delays = _delays(edits)
    minutes = many.seconds / 60
    return [
        Figure("integrations", many.integrations, ""),
        Figure("polls a minute, to Aha!", polled["aha"] / minutes, ""),
        Figure("polls a minute, to Jira", polled["jira"] / minutes, ""),
        Figure("processor time of all processes, nothing happening", idle / minutes, "s/min"),
        Figure(f"the same, with {len(edits) / minutes:.0f} edits a minute", busy / minutes, "s/min"),
        Figure("change in Aha! to write in Jira, median", percentile(delays, 0.5) * 1000, "ms", 500),
        Figure("change in Aha! to write in Jira, p99", percentile(delays, 0.99) * 1000, "ms", 1500),
        Figure("edits that were not carried", len(edits) - len(delays), "", 0),
        *(Figure(f"memory of {name}, peak", peak(pid), "MB", 300) for name, pid in sorted(pids.items())),
        *(Figure(f"a limit of {side} was exceeded (0 or 1)", _exceeded(here, side), "", 0) for side in ("aha", "jira")),
    ]


def _used(pids: dict[str, int]) -> float:
    return sum(map(cpu, pids.values()))


def _asked(here: Stage) -> dict[str, int]:
    return {side: here.audit(side)["requests"]["total"] for side in ("aha", "jira")}


def _exceeded(here: Stage, side: str) -> int:
    return int(here.audit(side)["limits"]["exceeded"])


def _delays(edits: dict[str, tuple[Feature, float]]) -> list[float]:
    """Seconds from each edit to the journal's line about its write in Jira, which stands there when it landed."""
    from crosswalk.store.models import JournalEntry

    lines = JournalEntry.objects.filter(field="Name", side="right", new__in=edits)
    at = {new: moment.timestamp() for new, moment in lines.order_by("-id").values_list("new", "at")}
    return [at[name] - edited for name, (_, edited) in edits.items() if name in at]
