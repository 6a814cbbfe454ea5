"""What a person sees of a pair, and the proof that looking again changes nothing and says nothing twice."""

from __future__ import annotations

from typing import Any

from crosswalk.merge.records import Ref
from tests.path.system import System


def warnings(system: System, ref: Ref) -> list[Any]:
    """The journal lines about a feature and what is below it that want a person's attention."""
    return [line for line in system.journal(ref) if line.level != "info"]


def only_warning(system: System, ref: Ref) -> Any:
    """The one line there is, which the pair shows as well."""
    (line,) = warnings(system, ref)
    pair = system.pair(ref)
    assert line.what in pair.reason
    assert line.remedy in pair.remedy
    assert line.remedy
    return line


BELIEVED = 125
"""After so many seconds it is believed that a part is gone which was made, or written, just before."""


def look(system: System, ref: Ref, later: int = BELIEVED) -> None:
    """What a hook about the whole family does, some seconds `later`."""
    system.pass_time(later)
    system.wake(system.pair(ref), *system.children(ref))
    system.drain()


def compared(system: System, **words: Any) -> int:
    """A sweep compares everything; how many pairs it wakes."""
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import sweep

    return sweep(system.engine_as_port(), current().bridges.of(system.integration), system.now(), **words)


def press_retry(system: System, ref: Ref) -> Any:
    """A person presses Retry; the pair as it is afterwards."""
    from crosswalk.sync import service

    system.pass_time(5)
    service.retry([pair.pk for pair in (system.pair(ref), *system.children(ref))], "a test")
    system.drain()
    return system.pair(ref)


def assert_quiet(system: System, ref: Ref, looks: int = 2) -> None:
    """Looking again changes no record, makes none, and adds no line to the journal."""
    before, lines = held(system, ref), len(warnings(system, ref))
    for _ in range(looks):
        look(system, ref)
    assert held(system, ref) == before
    assert len(warnings(system, ref)) == lines


def held(system: System, ref: Ref) -> list[object]:
    """How many issues there are, and when each record of the family was last changed on either side."""
    found: list[object] = [len(system.site.issues)]
    for pair in (system.pair(ref), *system.children(ref)):
        issue = system.site.issue(pair.right_key) if pair.right_key else None
        found.append((pair.right_key, issue.updated if issue else None))
        record = system.account.find(pair.left_kind, pair.left_id)
        found.append(record.updated_at if record else None)
    return found
