"""Every thing that is no field x create, change, clear, delete x from either side, quiet afterwards; and directions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.path.matrix.bench import Bench
from tests.path.matrix.play import READS
from tests.path.matrix.things import THINGS
from tests.path.system import System

PHASES = tuple(f"{event} {side}" for event in ("create", "change", "clear", "delete") for side in ("aha", "jira"))


@pytest.fixture
def bench(system: System) -> Iterator[Bench]:
    found = Bench(system)
    yield found
    found.close()


def look(bench: Bench) -> list[tuple[str, str, str]]:
    """What hooks about every pair do, a little later; the writes that followed."""
    from crosswalk.store.models import Pair

    bench.system.pass_time(5)
    bench.system.forget()
    bench.system.wake(*Pair.objects.all())
    bench.system.drain()
    return [
        (side, method, path)
        for side in ("aha", "jira")
        for method, path in bench.system.requests(side)
        if method != "GET" and not READS.search(path)
    ]


def test_every_event_from_either_side(bench: Bench) -> None:
    wrong = []
    held = {thing.name: (None, None) for thing in THINGS}
    for phase in PHASES:
        for thing in THINGS:
            if cell := thing.cells.get(phase):
                bench.system.pass_time(1)
                cell.do(bench)
                dc = cell.dc if bench.system.flavour == "dc" else None
                held[thing.name] = dc or (cell.aha, cell.jira)
        look(bench)
        for thing in THINGS:
            seen = thing.seen(bench, "aha"), thing.seen(bench, "jira")
            if held[thing.name] != (None, None) and seen != held[thing.name]:
                wrong.append(f"{thing.name}, {phase}: {seen}, not {held[thing.name]}")
        if wrote := look(bench):
            wrong.append(f"not quiet after {phase}: {wrote}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("direction", "to_aha", "to_jira"), [("to jira", 0, 1), ("to aha", 1, 0), ("off", 0, 0)])
def test_a_direction_is_kept_to(cloud: System, direction: str, to_aha: int, to_jira: int) -> None:
    bench = Bench(cloud)
    bench.direct(direction)
    for side in ("aha", "jira"):
        bench.say(side, f"w-{side}")
        bench.attach(side, side, b"x")
        bench.log(side, 30)
        bench.link(side)
    look(bench)
    for seen in (bench.comments, bench.files, bench.work):
        assert (len(seen("aha")), len(seen("jira"))) == (1 + to_aha, 1 + to_jira), seen
    assert (bench.links("aha"), bench.links("jira")) == (1 + to_aha, 1 + to_jira)
    assert look(bench) == []
    bench.close()


def test_every_cell_is_played_or_has_a_reason() -> None:
    for thing in THINGS:
        for phase in PHASES:
            event, side = phase.split()
            named = {event, f"{event} from {side}"} & thing.missing.keys()
            assert phase in thing.cells or named, f"{thing.name}, {phase}"
