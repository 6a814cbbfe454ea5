"""How long the service takes to answer a page with 50,000 pairs and 100,000 lines of the journal.

The integration joins both sandboxes, so that there are project data and a mapping to show; a page that asks Aha! waits
for the sandbox as well.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from tests.bench.figure import Figure
from tests.path.system import running

PAIRS, MOST, MANY = 50_000, 150, 5_000
LONE = 2_000  # the most that a read of what is only in Jira keeps
PAGES = {
    "home": "/",
    "records, Aha! asked": "/integrations/{pk}/",
    "progress of records": "/integrations/{pk}/progress/",
    "records in step": "/integrations/{pk}/?state=agreed",
    "records in step, the last page": "/integrations/{pk}/?state=agreed&page=60",
    "records in step except for a field": "/integrations/{pk}/?state=except",
    "records of a kind in step except for a field": "/integrations/{pk}/?state=except&kind=feature",
    "records, searched": "/integrations/{pk}/?state=agreed&q=Bell+49",
    "records in conflict": "/integrations/{pk}/?state=conflict",
    "conflicts": "/conflicts/",
    "log": "/log/",
    "log of one integration": "/log/?integration={pk}",
    "a record": "/records/{pair}/",
    "status of a record": "/records/{pair}/status/",
    "why a field is not sent": "/records/{pair}/why/?field=Name",
    "set-up": "/integrations/{pk}/setup/",
    "settings": "/integrations/{pk}/settings/",
    "mapping of features": "/integrations/{pk}/mapping/feature/",
    "mapping of requirements": "/integrations/{pk}/mapping/requirement/",
    "mapping of releases": "/integrations/{pk}/mapping/release/",
    "mapping of comments, files, links": "/integrations/{pk}/mapping/parts/",
    "plan": "/integrations/{pk}/plan/",
    "people": "/integrations/{pk}/people/",
    "conflicts of one integration": "/integrations/{pk}/conflicts/",
    "acts": "/acts/",
    "connections": "/connections/",
    "a connection": "/connections/{jira}/",
    "new integration": "/integrations/new/",
    "templates": "/templates/",
    "firewall": "/firewall/",
    "help": "/help/",
    "matches": "/integrations/{pk}/match/",
    "matches of one confidence, a later page": "/integrations/{pk}/match/?only=70&after=40000",
    "matches, searched": "/integrations/{pk}/match/?q=bell+49",
    "send all": "/integrations/{pk}/send-all/",
    "who counts": "/integrations/{pk}/settle/",
    "candidates to import": "/integrations/{pk}/import/",
    "only in Jira": "/integrations/{pk}/only-in-jira/",
    "only in Jira, searched": "/integrations/{pk}/only-in-jira/?q=bell+7&only=ready",
}

OF_ALL = ("home", "log", "a connection", "templates", "connections", "new integration")
"""The pages that look at every integration."""
PLACED = ("workspace", "workspace_key", "project", "project_key")


def measure() -> list[Figure]:
    """The quickest of nine answers of each page, in milliseconds: the others waited for what else the machine does."""
    with running("cloud") as system:
        found = _fill(system.integration)
        figures = [_figure(name, path.format(**found), found["client"]) for name, path in PAGES.items()]
        _more_of(system.integration)
        many = [(f"{name}, {MANY:,} integrations", PAGES[name].format(**found)) for name in OF_ALL]
        return [*figures, *(_figure(name, path, found["client"]) for name, path in many)]


def _more_of(first: Any) -> None:
    """Integrations like the first, each of a workspace and a project of its own."""
    from crosswalk.store.models import Integration

    there = Integration.objects.get(pk=first.pk)
    columns = [one.attname for one in Integration._meta.concrete_fields if not one.primary_key]
    held = {name: getattr(there, name) for name in columns}
    Integration.objects.bulk_create(
        Integration(**{**held, **dict.fromkeys(PLACED, f"MADE{number}"), "name": f"Made up {number}"})
        for number in range(1, MANY)
    )


def _fill(here: Any) -> dict[str, Any]:
    from django.contrib.auth.models import User
    from django.test import Client

    from crosswalk.store.models import JournalEntry, Pair
    from crosswalk.sync.hooks import HOOK

    now = datetime.now(UTC)
    Pair.objects.bulk_create(
        Pair(
            integration=here,
            kind="feature",
            left_kind="feature",
            left_id=str(number),
            left_key=f"B-{number}",
            right_kind="issue",
            right_id=str(number),
            right_key=f"J-{number}",
            title=f"Bell {number}",
            state="parked" if number % 500 == 0 else "agreed",
            dirty=1,
            done=1,
            due_at=now,
            apart=["Status"] if number % 3 else None,
        )
        for number in range(PAIRS)
    )
    ids = list(Pair.objects.order_by("pk").values_list("pk", flat=True))
    JournalEntry.objects.bulk_create(
        line
        for pair in ids
        for line in (
            JournalEntry(
                at=now, integration=here, pair_id=pair, what="Name is written.", field="Name", side="left", run=1
            ),
            JournalEntry(at=now, integration=here, pair_id=pair, what="Jira says so.", why=HOOK, side="right"),
        )
    )
    _find(here, now)
    user = User.objects.create(username="alice", is_staff=True, is_superuser=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return {"pk": here.pk, "pair": ids[-1], "jira": here.jira_id, "client": client}


def _find(here: Any, now: datetime) -> None:
    """As many matches, and as many candidates, as there are pairs."""
    from crosswalk.store.models import Errand

    result = {"found": PAIRS, "taken": 0, "alone": [0, 0]}
    for what in ("match", "seek"):
        made = Errand.objects.create(integration=here, what=what, asked_at=now, finished_at=now, result=result)
        _findings(made, PAIRS)
    lone = {"found": LONE, "looked": 10 * LONE, "whole": False}
    made = Errand.objects.create(integration=here, what="lone", asked_at=now, finished_at=now, result=lone)
    _findings(made, LONE)


def _findings(made: Any, count: int) -> None:
    from crosswalk.store.models import Finding

    Finding.objects.bulk_create(
        Finding(
            errand=made,
            place=number,
            kind="feature",
            confidence=(100, 90, 70)[number % 3],
            clear=number % 7 != 0,
            ticked=number % 2 == 0,
            left_key=f"B-{number}",
            left_name=f"Bell {number}",
            right_kind="issue",
            right_id=str(2 * PAIRS + number) if number % 2 else str(number),
            right_key=f"J-{number}",
            right_name=f"bell {number}",
            why="they have the same name",
        )
        for number in range(count)
    )


def _figure(name: str, path: str, client: Any) -> Figure:
    times = []
    for _ in range(9):
        began = time.perf_counter()
        assert client.get(path).status_code == 200, path
        times.append((time.perf_counter() - began) * 1000)
    return Figure(f"page with {PAIRS:,} pairs: {name}", min(times), "ms", MOST)
