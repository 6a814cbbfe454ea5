"""The kill test: records are sent and edited while workers and web processes are killed and answers are lost.

Real processes, a real PostgreSQL that writes through to the disk, and sandboxes that enforce the published limits.
People act through the sandboxes' own pages, whose requests count against no limit. What both sides hold at the end is
read there too, never through Crosswalk.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2

from crosswalk.merge.records import Ref
from tests.scaled.cluster import Cluster, Stage, cluster, stage, until, written_through

PERSON, ENGINEER = "alice@example.com", "JIRAUSER10101"
FAULTS = (
    {"kind": "reset_after", "method": "POST", "probability": 0.03},
    {"kind": "reset_after", "method": "PUT", "probability": 0.03},
    {"kind": "503", "probability": 0.005, "retry_after": 1},
    {"kind": "hook_lost", "probability": 0.05},
    {"kind": "hook_double", "probability": 0.05},
)
"""Lost answers after applied writes, a server that is down, hooks that are lost or come twice."""


@dataclass(frozen=True, slots=True)
class Storm:
    """How much: features with requirements, kills at most and at least every so many seconds, and for how long."""

    features: int
    requirements: int
    kills: int
    seconds: float
    pause: float = 3.0
    patience: float = 400.0
    seed: int = 1


@dataclass
class Outcome:
    """The figures. All of the last block have to be 0."""

    records: int = 0
    sent: int = 0
    seconds: float = 0.0
    kills: dict[str, int] = field(default_factory=dict)
    edits: int = 0
    lost_answers: int = 0
    requests: int = 0
    runs: int = 0
    doubles: int = 0
    missing: int = 0
    lost_edits: int = 0
    disagreeing: int = 0
    limits_exceeded: int = 0
    not_in_step: int = 0
    limits: dict[str, Any] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, int]:
        """What must not be, and is."""
        names = ("doubles", "missing", "lost_edits", "disagreeing", "limits_exceeded", "not_in_step")
        return {name: count for name, count in asdict(self).items() if name in names and count}


class People:
    """A product owner and an engineer at their pages, and what they said last."""

    def __init__(self, here: Stage) -> None:
        self.aha = httpx2.Client(base_url=f"{here.sandboxes.aha.address}/_play/as/{PERSON}", timeout=60)
        pages = f"{here.sandboxes.jira.address}/_sandbox/jira/as/{ENGINEER}/api/2"
        self.jira = httpx2.Client(base_url=pages, timeout=60)
        self.names: dict[str, str] = {}
        self.dates: dict[str, str] = {}

    def close(self) -> None:
        self.aha.close()
        self.jira.close()

    def make(self, storm: Storm) -> list[Ref]:
        """Every feature with its requirements."""
        release = self.aha.get("/products/FAB/releases").raise_for_status().json()["releases"][0]["id"]
        found = []
        for number in range(storm.features):
            body = {"feature": {"name": f"Storm {number}"}}
            made = self.aha.post(f"/releases/{release}/features", json=body).raise_for_status().json()["feature"]
            for part in range(storm.requirements):
                below = {"requirement": {"name": f"Storm {number} part {part}"}}
                self.aha.post(f"/features/{made['id']}/requirements", json=below).raise_for_status()
            self.names[made["id"]] = f"Storm {number}"
            found.append(Ref("feature", made["id"], made["reference_num"]))
        return found

    def edit(self, chance: random.Random, left: str, right: str, number: int) -> None:
        """One of them changes the field that is theirs."""
        if chance.random() < 0.5:
            self.names[left] = f"{self.names[left].split(' (')[0]} ({number})"
            answer = self.aha.put(f"/features/{left}", json={"feature": {"name": self.names[left]}})
        else:
            self.dates[left] = str(date(2027, 1, 1) + timedelta(days=number % 300))
            answer = self.jira.put(f"/issue/{right}", json={"fields": {"duedate": self.dates[left]}})
        answer.raise_for_status()


def run(storm: Storm, folder: Path) -> Outcome:
    """The whole of it."""
    with written_through("storm") as config, stage(config) as here, cluster(config, folder, 2, 3) as processes:
        people = People(here)
        try:
            return _run(storm, here, processes, people)
        finally:
            people.close()


def _run(storm: Storm, here: Stage, processes: Cluster, people: People) -> Outcome:
    from crosswalk.store.models import Pair
    from crosswalk.sync import service

    outcome, began = Outcome(records=storm.features * (1 + storm.requirements)), time.monotonic()
    for port in processes.ports:
        here.hooks(port)
    refs = people.make(storm)
    for account in (here.sandboxes.aha, here.sandboxes.jira):
        for number, fault in enumerate(FAULTS):
            rule = {**fault, "times": 0, "seed": storm.seed + number}
            httpx2.post(f"{account.address}/_sandbox/faults", json=rule).raise_for_status()
    service.send(here.integration, refs, "the storm")
    _rage(storm, here, processes, people, outcome)
    outcome.lost_answers = _calm(here)
    mine = Pair.objects.filter(title__startswith="Storm")

    def settled() -> bool:
        """A lost hook is made up for by a poll: until then Crosswalk has nothing to do, and is not done."""
        return mine.exclude(right_id=None).count() == outcome.records and here.quiet() and _agreed(here, people)

    try:
        until(settled, "everything is in step", storm.patience, every=1.0)
    except AssertionError:
        outcome.not_in_step = mine.exclude(state="agreed").count() or 1
    outcome.seconds = time.monotonic() - began
    judge(here, people, outcome)
    outcome.journal = _account(people) if outcome.faults else []
    return outcome


def _account(people: People) -> list[str]:
    """What Crosswalk itself says about the records, for whoever has to find out why."""
    from django.db.models import Q

    from crosswalk.store.models import HookDelivery, Integration, Job, JournalEntry, Pair

    mine = Pair.objects.filter(Q(left_id__in=people.names) | Q(parent__left_id__in=people.names))
    lines = [f"{row}" for row in Integration.objects.values("trouble", "polled_at", "aha_cursor", "jira_cursor")]
    lines += [
        f"{row}" for row in mine.values("id", "left_id", "right_key", "state", "reason", "dirty", "done", "due_at")
    ]
    lines += [f"{row}" for row in Job.objects.values("key", "state", "due_at", "tries")]
    lines += [f"{row}" for row in HookDelivery.objects.filter(seen_at=None).values("id", "side", "received_at")]
    names = ("at", "pair_id", "run", "level", "what", "why", "old", "new", "cause")
    return [*lines, *(f"{row}" for row in JournalEntry.objects.filter(pair__in=mine).order_by("id").values(*names))]


def _rage(storm: Storm, here: Stage, processes: Cluster, people: People, outcome: Outcome) -> None:
    """Kill somebody, start another in its place, edit something; until there were enough kills or the time is up."""
    from crosswalk.store.models import Pair

    chance, killed = random.Random(storm.seed), Counter[str]()
    sent = Pair.objects.filter(kind="feature", title__startswith="Storm", right_id__isnull=False)
    until_ = time.monotonic() + storm.seconds
    while sum(killed.values()) < storm.kills and time.monotonic() < until_:
        time.sleep(chance.uniform(0.2, storm.pause))
        name = chance.choice(sorted(processes.running))
        processes.kill(name)
        processes.start(name)
        killed[name[:-1]] += 1
        pairs = list(sent.values_list("left_id", "right_id"))
        for left, right in chance.sample(pairs, min(3, len(pairs))):
            outcome.edits += 1
            people.edit(chance, left, right, outcome.edits)
    outcome.kills = {"workers": killed["worker"], "web processes": killed["web"]}


def _calm(here: Stage) -> int:
    """Switch the faults off; how many answers were lost after the request was carried out."""
    lost = 0
    for account in (here.sandboxes.aha, here.sandboxes.jira):
        rules = httpx2.get(f"{account.address}/_sandbox/faults").json()["faults"]
        lost += sum(rule["struck"] for rule in rules if rule["kind"] == "reset_after")
        httpx2.delete(f"{account.address}/_sandbox/faults").raise_for_status()
    return lost


def _agreed(here: Stage, people: People) -> bool:
    """Whether both sides hold what people said. What is lost for good is still lost when patience ends."""
    now = Outcome()
    judge(here, people, now)
    return not now.missing + now.lost_edits + now.disagreeing


def judge(here: Stage, people: People, outcome: Outcome) -> None:
    """Compare what both sides hold with what people said, and with each other."""
    from django.db.models import Sum

    from crosswalk.store.models import Pair

    issues = _issues(people)
    by_name = Counter(fields["summary"] for fields in issues.values())
    for left, name in people.names.items():
        feature = people.aha.get(f"/features/{left}").raise_for_status().json()["feature"]
        linked = issue_shown(feature)
        issue = issues.get(linked, {})
        outcome.sent += bool(issue)
        outcome.missing += not issue
        said = people.dates.get(left)
        _lost(outcome, f"name of {left}", name, (feature["name"], issue.get("summary")))
        if said is not None:
            _lost(outcome, f"due date of {left}", said, (feature["due_date"], issue.get("duedate")))
        outcome.doubles += _twice(outcome, name, issues, by_name)
        for part in feature["requirements"]:
            below = issues.get(issue_shown(part), {})
            outcome.sent += bool(below)
            outcome.missing += not below
            outcome.doubles += _twice(outcome, part["name"], issues, by_name)
            above = (below.get("parent") or {}).get("key")
            outcome.disagreeing += bool(below) and (below["summary"], above) != (part["name"], linked)
    for side in ("aha", "jira"):
        audit = here.audit(side)
        outcome.requests += audit["requests"]["total"]
        if exceeded := audit["limits"]["exceeded"]:
            outcome.limits_exceeded += 1
            outcome.wrong.append(f"limits of {side} exceeded: {exceeded}")
        outcome.limits[side] = audit["limits"]
        for found in audit["doubles"].values():
            outcome.doubles += len(found)
            outcome.wrong += [f"twice in {side}: {one}" for one in found]
    outcome.runs = Pair.objects.aggregate(runs=Sum("fence"))["runs"] or 0


def _twice(outcome: Outcome, name: str, issues: Mapping[str, Any], by_name: Mapping[str, int]) -> int:
    """How many issues too many bear a name; which, and when each was made, is said."""
    more = max(0, by_name[name] - 1)
    if more:
        made = {key: issue["created"] for key, issue in issues.items() if issue["summary"] == name}
        outcome.wrong.append(f"{name} stands in Jira {1 + more} times: {made}")
    return more


def _lost(outcome: Outcome, what: str, said: str, held: tuple[str | None, str | None]) -> None:
    """Count an edit that one side does not hold."""
    if held != (said, said):
        outcome.lost_edits += 1
        outcome.wrong.append(f"{what} is {said!r}; Aha! and Jira hold {held!r}")


def issue_shown(record: dict[str, Any]) -> str:
    """The key of the issue whose address Aha! shows with a record, in whichever field; empty where there is none."""
    shown = [*(record.get("integration_fields") or []), *(record.get("custom_fields") or [])]
    found = (re.search(r"/browse/([A-Z]+-\d+)", str(one.get("value"))) for one in shown)
    return next((match[1] for match in found if match), "")


def _issues(people: People) -> dict[str, dict[str, Any]]:
    """Every issue of the project by its key."""
    found: dict[str, dict[str, Any]] = {}
    query: dict[str, Any] = {"jql": "project = FAB", "fields": "summary,duedate,parent,created", "maxResults": "100"}
    while True:
        page = people.jira.get("/search/jql", params=query).raise_for_status().json()
        found |= {one["key"]: one["fields"] for one in page["issues"]}
        if not page.get("nextPageToken"):
            return found
        query["nextPageToken"] = page["nextPageToken"]
