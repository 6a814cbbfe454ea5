"""How many requests a piece of work takes, counted by the sandboxes."""

from __future__ import annotations

from tests.bench.figure import Figure
from tests.path.system import System, running


def measure() -> list[Figure]:
    """Requests to both sides together, on Jira Cloud."""
    with running("cloud") as system:
        system.send(system.feature("Warm up"))
        return [_send(system), *_edit(system), _quiet(system)]


def _total(system: System) -> list[tuple[str, str]]:
    return [*system.requests("aha"), *system.requests("jira")]


def _send(system: System) -> Figure:
    ref = system.feature("Bell", 4)
    system.forget()
    system.send(ref)
    return Figure("requests to send a feature with 4 requirements", len(_total(system)), "", 20, original="21")


def _edit(system: System) -> list[Figure]:
    ref = system.feature("Lamp")
    pair = system.send(ref)
    system.jira.rename(pair.right_key, "Brighter lamp")
    system.forget()
    system.wake(pair)
    system.drain()
    writes = [one for one in _total(system) if one[0] in ("PUT", "DELETE")]
    reads = len(_total(system)) - len(writes)
    return [
        Figure("writes for one changed field", len(writes), "", 1, original="1, the whole record"),
        # One of each side: a merge that looks at one side alone would overwrite what nobody has told it of yet.
        Figure("reads for one changed field, both sides together", reads, "", 1, original="2, of Jira alone"),
    ]


def _quiet(system: System) -> Figure:
    ref = system.feature("Saddle", 2)
    pair = system.send(ref)
    system.forget()
    system.wake(pair)
    system.drain()
    writes = [one for one in _total(system) if one[0] in ("PUT", "DELETE")]
    return Figure("writes when nothing changed", len(writes), "", 0, original="1, the whole record")
