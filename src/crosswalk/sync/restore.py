"""Puts a value back that a write had replaced: a person's own edit, made through Crosswalk."""

from __future__ import annotations

import json

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Value, dump, load
from crosswalk.store.models import JournalEntry, Pair
from crosswalk.store.views import view
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.mapping import FieldLine, Mapping
from crosswalk.sync.shown import shown


def put_back(bridge: Bridge, mapping: Mapping, entry: JournalEntry) -> str:
    """Write the value that `entry` keeps on the side that held it; what the field is called. The next run carries it.

    Raises Refused where that can not be meant: nothing is kept, the record is gone, or the rule lets only the other
    side speak, so that the value would be replaced again at once.
    """
    value = _kept(entry)
    side = Side(entry.side)
    assert entry.pair is not None
    pair = view(entry.pair)
    line = next((one for one in mapping.fields.get(pair.kind, ()) if one.name == entry.field), None)
    ref = pair.left if side is Side.LEFT else pair.right
    if line is None or ref is None:
        raise Refused(f"{entry.field} is not kept in step any more.", remedy="Copy the value from the history by hand.")
    if not line.direction.writes(side.other):
        raise Refused(
            f"Only {NAMES[side.other]} may set {entry.field}, so the value would be replaced again at once.",
            remedy=f"Set it in {NAMES[side.other]}, or change the direction of the rule.",
        )
    wrote = bridge.side(side).update(ref, {line.aha if side is Side.LEFT else line.jira: value})
    if wrote.left_out:
        raise Refused(f"{NAMES[side]} would not take it: {next(iter(map(str, wrote.left_out.values())))}")
    return line.name


def line_of(mapping: Mapping, pair: Pair, field: str) -> FieldLine:
    """The line of the mapping that people call `field`. Raises Refused where it is not kept in step any more."""
    for line in mapping.fields.get(pair.kind, ()):
        if line.name == field:
            return line
    raise Refused(f"{field} is not kept in step any more.", remedy="Press Retry: the conflict then goes by itself.")


def keeping(field: str, side: Side, value: Maybe, why: str) -> Entry:
    """The line that keeps a value which a person is about to replace."""
    what = f"{field} in {NAMES[side]} is replaced. What it held is kept here."
    return Entry(what, why, side, "warning", field, old=shown(value), kept=json.dumps(dump(value)))


def _kept(entry: JournalEntry) -> Value:
    try:
        value = load(json.loads(entry.kept))
    except ValueError:
        value = MISSING
    if value is MISSING or entry.pair is None or not entry.side:
        raise Refused("This line of the history keeps no value that could be put back.")
    return value
