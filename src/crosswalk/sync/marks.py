"""How each record of a pair is shown on the other: written when they are joined; in Jira's field a rule keeps it so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from crosswalk.merge.pairs import Entry, Run
from crosswalk.merge.records import Mark, Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.maplines import Link


def mark_of(record: Snapshot) -> Mark:
    """How `record` is shown on the other side."""
    titles = (record.get("name"), record.get("summary"))
    return Mark(record.ref, record.url, next((title for title in titles if isinstance(title, str)), ""))


def told(link: Link) -> str:
    """What a plan does not list: that the two records of a new pair are shown on each other, and where in Aha!."""
    where = f"custom field “{link.aha_field}”" if link.aha_field else ""
    where = where or (f"fields of the integration {link.aha_integration}" if link.aha_integration else "")
    across = "in Jira by the record's address (Aha! Reference, web link, or a version's description) and a hidden mark"
    if not where:
        return f"The records of a new pair lead to each other {across}; for Aha! the mapping names no place."
    return f"The records of a new pair lead to each other: in Aha! by a link to the issue ({where}), {across}."


Ends: TypeAlias = tuple[Run, tuple[Snapshot, Snapshot]]
Each: TypeAlias = Callable[[Sequence[tuple[Run, Run]], Callable[[Run], None]], object]


def _one_by_one(items: Sequence[tuple[Run, Run]], step: Callable[[Run], None]) -> None:
    for _, item in items:
        step(item)


def show_links(bridge: Bridge, ends: Mapping[int, Ends], each: Each = _one_by_one) -> dict[int, list[Entry]]:
    """Show the two records of each pair on each other; the journal's lines about what could not be shown, by pair.

    A side that can not is told once, and never holds the record back. `each` guards the runs.
    """
    lines: dict[int, list[Entry]] = {}
    runs = list(dict.fromkeys(run for run, _ in ends.values()))
    for number, side in enumerate(Side if ends else ()):
        each([(run, run) for run in runs], bridge.ledger.guard)
        on = {both[number].ref: (pair_id, both[1 - number]) for pair_id, (_, both) in ends.items()}
        marks = {ref: mark_of(other) for ref, (_, other) in on.items()}
        for ref, error in bridge.side(side).mark(marks).items():
            pair_id, other = on[ref]
            what = f"{ref} in {NAMES[side]} does not show the link to {other.ref}: {error.message}"
            line = Entry(what, level="warning", side=side, remedy=error.remedy, code=error.code)
            lines.setdefault(pair_id, []).append(line)
    told = {run for run, _ in (ends[pair_id] for pair_id in lines)}
    each([(run, run) for run in runs if run in told], lambda run: _note_all(bridge, run, ends, lines))
    return lines


def _note_all(bridge: Bridge, run: Run, ends: Mapping[int, Ends], lines: Mapping[int, Sequence[Entry]]) -> None:
    for pair_id, told in lines.items():
        if ends[pair_id][0] == run:
            bridge.ledger.note(run, pair_id, told)


def showing(rules: Iterable[Rule], left: Snapshot, right: Snapshot) -> Snapshot:
    """`right` as it is now that it shows `left`, in the field that a rule says."""
    shown = {rule.right: left.get(rule.left) for rule in rules if rule.mark and right.get(rule.right) is not MISSING}
    found = {name: value for name, value in shown.items() if value is not MISSING}
    return replace(right, fields={**right.fields, **found}) if found else right
