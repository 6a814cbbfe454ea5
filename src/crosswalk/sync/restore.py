"""Puts a value back that a write had replaced: a person's own edit, made through Crosswalk."""

from __future__ import annotations

import json

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Value, dump, load
from crosswalk.store.models import JournalEntry, Pair
from crosswalk.store.views import view
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.durations import said
from crosswalk.sync.mapping import FieldLine, Mapping
from crosswalk.sync.shown import shown


def put_back(bridge: Bridge, mapping: Mapping, entry: JournalEntry) -> str:
    """Write the value that `entry` keeps on the side that held it; what the field is called. The next run carries it.

    Raises Refused where that can not be meant: nothing is kept, the record is gone, the rule lets only the other side
    speak, so that the value would be replaced again at once, or the field was changed since.
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
    name = line.aha if side is Side.LEFT else line.jira
    record = bridge.side(side).read([ref])[ref]
    if not isinstance(record, Snapshot):
        raise Refused(f"{NAMES[side]} does not show the record.")
    _only_if_unchanged(entry, line, record.get(name), value)
    wrote = bridge.side(side).update(ref, {name: value})
    if wrote.left_out:
        raise Refused(f"{NAMES[side]} would not take it: {next(iter(map(str, wrote.left_out.values())))}")
    return line.name


def line_of(mapping: Mapping, pair: Pair, field: str) -> FieldLine:
    """The line of the mapping that people call `field`. Raises Refused where it is not kept in step any more."""
    for line in mapping.fields.get(pair.kind, ()):
        if line.name == field:
            return line
    raise Refused(f"{field} is not kept in step any more.", remedy="Press Retry: the conflict then goes by itself.")


def _only_if_unchanged(entry: JournalEntry, line: FieldLine, now: Maybe, value: Value) -> None:
    """Raises Refused where the side no longer holds what the write behind `entry` left there."""
    where = NAMES[Side(entry.side)]
    if now == value:
        raise Refused(f"{line.name} holds that in {where} already.")
    if now is not MISSING and entry.new.strip() in (said(line.jira, now).strip(), shown(now).strip()):
        return
    later = JournalEntry.objects.filter(pair=entry.pair, field=entry.field, side=entry.side, pk__gt=entry.pk)
    newer = later.exclude(wrote="").exclude(run=entry.run).order_by("-id").first()
    text = "nothing" if now is MISSING else said(line.jira, now)[:200]
    who = f"run {newer.run} wrote it" if newer and newer.new == text else "somebody changed it"
    raise Refused(
        f"{line.name} holds “{text}” in {where} now: {who} since. Nothing was put back.",
        remedy=f"If the value in the history is still meant, set it in {where} by hand.",
    )


def keeping(field: str, side: Side, value: Maybe, new: Maybe, why: str) -> Entry:
    """The line that keeps a value which a person is about to replace by `new`."""
    what = f"{field} in {NAMES[side]} is replaced. What it held is kept here."
    return Entry(what, why, side, "warning", field, old=shown(value), new=shown(new), kept=json.dumps(dump(value)))


def _kept(entry: JournalEntry) -> Value:
    try:
        value = load(json.loads(entry.kept))
    except ValueError:
        value = MISSING
    if value is MISSING or entry.pair is None or not entry.side:
        raise Refused("This line of the history keeps no value that could be put back.")
    return value
