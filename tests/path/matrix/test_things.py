"""Every thing that is no field x create, change, clear, delete x from either side, quiet afterwards; and directions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.path.looking import assert_quiet
from tests.path.matrix.bench import Bench
from tests.path.matrix.hands import put_in_aha
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


def test_the_moment_an_issue_was_updated_is_shown(system: System) -> None:
    """Apart from the rest: Crosswalk's own copy of a comment is an update, too, which the next look shows."""
    from crosswalk.sync import service

    put_in_aha(system, "touched", "TextField")
    service.load_project_data(system.integration)
    lines = system.integration.mapping["fields"]
    shown = {"name": "Touched", "aha": "custom:touched", "jira": "updated", "direction": "to aha"}
    system.remap(fields={**lines, "feature": [*lines["feature"], shown]})
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    over = {"feature": {"custom_fields": {"touched": "mine"}}}
    for edit in (
        lambda: system.jira.edit(key, summary="Horn"),
        lambda: system.aha.put(f"/features/{ref.id}", over),
        lambda: system.aha.rename("features", ref.id, "Gong"),
    ):
        system.pass_time(60)
        edit()
        for _ in range(2):
            system.wake(system.pair(ref))
            system.drain()
        custom = {one["key"]: one.get("value") for one in system.aha.record("features", ref.id)["custom_fields"]}
        assert datetime.fromisoformat(custom["touched"]) == datetime.fromisoformat(system.issue(key)["updated"])
    assert_quiet(system, ref)


def test_every_cell_is_played_or_has_a_reason() -> None:
    for thing in THINGS:
        for phase in PHASES:
            event, side = phase.split()
            named = {event, f"{event} from {side}"} & thing.missing.keys()
            assert phase in thing.cells or named, f"{thing.name}, {phase}"
