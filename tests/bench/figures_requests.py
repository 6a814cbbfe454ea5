"""How many requests a piece of work takes, counted by the sandboxes."""

from __future__ import annotations

from crosswalk.merge.rules import Side
from tests.bench.figure import Figure
from tests.path.system import System, running


def measure() -> list[Figure]:
    """Requests to both sides together."""
    with running("cloud") as system:
        system.send(system.feature("Warm up"))
        figures = [_send(system), *_edit(system, "Jira Cloud"), _quiet(system)]
    with running("dc") as system:
        system.send(system.feature("Warm up"))
        return [*figures, *_edit(system, "Jira Data Center")]


def _total(system: System) -> list[tuple[str, str]]:
    return [*system.requests("aha"), *system.requests("jira")]


def _send(system: System) -> Figure:
    ref = system.feature("Bell", 4)
    system.forget()
    system.send(ref)
    return Figure("requests to send a feature with 4 requirements", len(_total(system)), "", 5, original="21")


def _edit(system: System, jira: str) -> list[Figure]:
    """One changed field and the hook that tells of it, each way."""
    ref = system.feature("Lamp")
    pair = system.send(ref)
    system.wake(pair)
    system.drain()
    figures = []
    for side, way in ((Side.RIGHT, f"{jira} to Aha!"), (Side.LEFT, f"Aha! to {jira}")):
        if side is Side.RIGHT:
            system.jira.rename(pair.right_key, f"Brighter lamp, {way}")
        else:
            system.aha.put(f"/features/{pair.left_id}", {"feature": {"name": f"Darker lamp, {way}"}})
        system.forget()
        system.wake(pair, side=side)
        system.drain()
        reads = [one for one in _total(system) if _reads(one)]
        writes = len(_total(system)) - len(reads)
        figures += [
            Figure(f"writes for one changed field, {way}", writes, "", 1, original="1, the whole record"),
            Figure(f"reads for one changed field, {way}", len(reads), "", 1, original="2, of Jira alone"),
        ]
    return figures


def _reads(request: tuple[str, str]) -> bool:
    """Whether a request only asks; what is posted to a search or a bulk fetch does."""
    method, path = request
    return method == "GET" or path.endswith(("/bulkfetch", "/search", "/search/jql"))


def _quiet(system: System) -> Figure:
    ref = system.feature("Saddle", 2)
    pair = system.send(ref)
    system.forget()
    system.wake(pair)
    system.drain()
    writes = [one for one in _total(system) if not _reads(one)]
    return Figure("writes when nothing changed", len(writes), "", 0, original="1, the whole record")
