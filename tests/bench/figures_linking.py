"""How long it takes to match and link many records that both sides have already, and to say who counts in them."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from typing import Any

from django.db.models import F

from tests.bench.figure import Figure
from tests.path.system import System, running
from tests.path.test_match_pages import twins

COUNT = int(os.environ.get("BENCH_LINKS", "1000"))
CARRIED = 20


def measure() -> list[Figure]:
    """The errands of the pages, one after the other, and a few of the runs that carry what was linked."""
    with running("cloud") as system:
        twins(system, COUNT)
        system.forget()
        return [*_linked(system), *_settled(system)]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def _errand(system: System, what: str, asked: dict[str, Any]) -> Any:
    from crosswalk.store import errands

    return errands.begin(system.integration, what, asked, "the bench", system.now())[0]


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody waits to be told."""


def _linked(system: System) -> list[Figure]:
    from crosswalk.store import errands as rows
    from crosswalk.store import findings
    from crosswalk.sync import errands, proposals

    search = _errand(system, errands.MATCH, {"rules": ["name"]})
    looking, found = _timed(lambda: proposals.search(search, _quiet))
    assert found["found"] == COUNT
    rows.finish(search.pk, found, system.now())
    findings.tick_all(search.findings.all(), on=True)
    asked = len(system.requests("aha")) + len(system.requests("jira"))
    system.forget()
    said: list[float] = []
    linking, made = _timed(
        lambda: proposals.link(
            _errand(system, errands.LINK, {"of": search.pk}), lambda *_: said.append(time.process_time())
        )
    )
    assert made == {"linked": COUNT, "refused": 0}
    assert not [*system.requests("aha"), *system.requests("jira")]
    longest = max(after - before for before, after in itertools.pairwise(said))
    return [
        Figure(f"requests to match {COUNT:,} records", asked, "", 2 * COUNT // 100 + 10),
        Figure(f"processor time to match {COUNT:,} records", looking, "s", 5),
        Figure(f"processor time to link {COUNT:,} records", linking, "s", 15),
        Figure("longest of it without a word on its progress", longest, "s", 2),
    ]


def _settled(system: System) -> list[Figure]:
    from crosswalk.store.models import Pair
    from crosswalk.sync import errands, settling

    word = {"said": "rule"}
    look = _errand(system, errands.SETTLE, word)
    planning, _ = _timed(lambda: settling.look(look, _quiet))
    system.forget()
    last = Pair.objects.order_by("-pk").values_list("pk", flat=True)[0]
    carry = _errand(system, errands.CARRY, {**word, "last": last})
    saying, said = _timed(lambda: settling.carry(carry, _quiet))
    assert said == {"carried": COUNT}
    pairs = list(Pair.objects.filter(integration=system.integration).order_by("pk"))
    Pair.objects.exclude(pk__in=[pair.pk for pair in pairs[:CARRIED]]).update(done=F("dirty"))
    system.drain()
    agreed = Pair.objects.filter(integration=system.integration, state="agreed").count()
    each = (len(system.requests("aha")) + len(system.requests("jira"))) / CARRIED
    return [
        Figure(f"processor time to plan who counts in {COUNT:,} pairs", planning, "s", 20),
        Figure(f"processor time to say who counts in {COUNT:,} pairs", saying, "s", 5),
        Figure(f"of {CARRIED} pairs in step afterwards", agreed, "", CARRIED, at_least=True),
        Figure("requests to carry a linked pair that differs", each, "", 12),
    ]
