"""Which run sent a request, and the requests that a line of the journal is about. Sends nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from crosswalk.errors import Overtaken
from crosswalk.merge.rules import Side
from crosswalk.remote.request import changes
from crosswalk.store import asked
from crosswalk.store.models import JournalEntry, RequestEntry

AWAY = 900.0  # seconds a request may lie before or after its line
_NOBODY: tuple[int | None, int | None] = (None, None)
_run: ContextVar[tuple[int | None, int | None] | None] = ContextVar("run", default=None)


@contextmanager
def of_runs() -> Iterator[None]:
    """Inside, requests are of the run that this thread began last."""
    before = _run.set(_NOBODY)
    try:
        yield
    finally:
        _run.reset(before)


def begun(pair_id: int, fence: int) -> None:
    """A run began; told by the ledger."""
    if _run.get() is not None:
        _run.set((pair_id, fence))


def current() -> tuple[int | None, int | None]:
    """Pair and fence of the run that is under way; None and None outside of any."""
    return _run.get() or _NOBODY


def refuse_overtaken() -> None:
    """Raise Overtaken where another run of its pair began since the one that is under way."""
    pair_id, fence = current()
    if pair_id is not None and fence is not None and asked.owned(pair_id, fence, locked=False) is None:
        raise Overtaken(f"Run {fence} of pair {pair_id} was overtaken by a later one.")


def of_lines(lines: Iterable[JournalEntry], *, texts: bool = True) -> Mapping[int, Sequence[RequestEntry]]:
    """The requests of the runs that wrote `lines`, by line, oldest first; lines without any are left out.

    A run also writes lines about what stands below its pair. One query for all; without `texts` a small one.
    """
    asked = [line for line in lines if line.run is not None and line.pair_id is not None]
    if not asked:
        return {}
    moments = [line.at.timestamp() for line in asked]
    rows = RequestEntry.objects.filter(
        run__in={line.run for line in asked},
        pair__in={pair for line in asked for pair in _pairs(line)},
        at__range=(min(moments) - AWAY, max(moments) + AWAY),
    ).order_by("id")
    found: dict[tuple[int | None, int | None], list[RequestEntry]] = defaultdict(list)
    for row in rows if texts else rows.defer("sent", "got"):
        found[row.run, row.pair].append(row)
    kept = {}
    for line in asked:
        near = [row for pair in _pairs(line) for row in found[line.run, pair] if _distance(line, row) < AWAY]
        if near:
            kept[line.pk] = near
    return kept


def having(lines: Iterable[JournalEntry]) -> set[int]:
    """Those of `lines` that a request is kept for."""
    every = {line.pk: line for line in lines}
    return {pk for pk, rows in of_lines(every.values(), texts=False).items() if meant(every[pk], rows)}


def _pairs(line: JournalEntry) -> list[int]:
    above = line.pair.parent_id if line.pair else None
    return [pair for pair in (line.pair_id, above) if pair is not None]


def meant(line: JournalEntry, rows: Sequence[RequestEntry]) -> list[RequestEntry]:
    """Those of a run's requests that `line` is about: the write beside it, or what failed, with its repeats.

    A line is written shortly before or after its write, on the line's side; none for lines about no request.
    """
    sides = {Side.LEFT.value: line.integration.aha_id, Side.RIGHT.value: line.integration.jira_id}
    here = [row for row in rows if not line.side or row.connection_id == sides[line.side]]
    of_write = line.level == "info" or bool(line.kept)
    chosen = [] if of_write else [row for row in here if row.error]
    if not chosen and line.side:
        chosen = [row for row in here if changes(row.call)]
    if not chosen:
        return []
    nearest = min(chosen, key=lambda row: (_distance(line, row), row.pk))
    return _chain([row for row in here if row.call == nearest.call], nearest)


def _chain(same: Sequence[RequestEntry], one: RequestEntry) -> list[RequestEntry]:
    """`one` of `same` requests, with those that failed right before it, and what repeated it if it failed itself."""
    first = last = same.index(one)
    while first and same[first - 1].error:
        first -= 1
    while same[last].error and last + 1 < len(same):
        last += 1
    return list(same[first : last + 1])


def _distance(line: JournalEntry, row: RequestEntry) -> float:
    said = line.at.timestamp()
    return row.at - said if row.at >= said else max(0.0, said - row.at - (row.seconds or 0.0))
