"""Puts a value back that a write had replaced: a person's own edit, made through Crosswalk."""

from __future__ import annotations

import json
from dataclasses import dataclass

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.merge.plan import Change, Kind, Patch
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Value, dump, load
from crosswalk.store.models import JournalEntry, Pair
from crosswalk.store.views import view
from crosswalk.sync import byhand
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.durations import said
from crosswalk.sync.mapping import FieldLine, Mapping
from crosswalk.sync.preview import Doubt, Survey
from crosswalk.sync.shown import shown


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value is to be put back: the line of the mapping, the record as it is now, and the field's name there."""

    line: FieldLine
    side: Side
    ref: Ref
    record: Snapshot
    field: str
    value: Value

    @property
    def now(self) -> Maybe:
        """What the field holds."""
        return self.record.get(self.field)

    @property
    def done(self) -> bool:
        """Whether the value stands there already."""
        return self.now == self.value

    @property
    def patch(self) -> Patch:
        """The update that puts it back."""
        other = self.line.jira if self.side is Side.LEFT else self.line.aha
        change = Change(self.field, self.now, self.value, self.line.name, lost=True, across=other)
        return Patch(Kind.UPDATE, self.side, self.ref, changes=(change,), cause="a value is put back")


def put_back(bridge: Bridge, mapping: Mapping, entry: JournalEntry) -> str:
    """Write the value that `entry` keeps on the side that held it; what the field is called. The next run carries it.

    Raises Refused where that can not be meant, see `target_of`, or where the field was changed since.
    """
    target = target_of(bridge, mapping, entry)
    assert entry.pair is not None
    if target.done:
        raise Refused(f"{target.line.name} holds that in {NAMES[target.side]} already.")
    if since := changed_since(entry, target):
        where = NAMES[target.side]
        raise Refused(
            f"{target.line.name} {since} Nothing was put back.",
            remedy=f"If the value in the history is still meant, set it in {where} by hand, or put it back on a page.",
        )
    wrote = byhand.write(bridge, entry.pair.pk, target.patch)
    if wrote.left_out:
        raise Refused(f"{NAMES[target.side]} would not take it: {next(iter(map(str, wrote.left_out.values())))}")
    return target.line.name


def surveyed(bridge: Bridge, mapping: Mapping, entry: JournalEntry) -> Survey:
    """The patch that puts back what `entry` keeps, and whether somebody changed the field since; none where it is done.

    Raises Refused where it can not be put back.
    """
    target = target_of(bridge, mapping, entry)
    found = Survey()
    if target.done:
        found.looked = found.alone = 1
        return found
    found.add([target.patch])
    if since := changed_since(entry, target):
        what = f"It {since}"
        found.doubts.append(Doubt(target.ref, target.line.name, what, "That is what would be replaced."))
    return found


def target_of(bridge: Bridge, mapping: Mapping, entry: JournalEntry) -> Target:
    """Where the value that `entry` keeps belongs, as it is now.

    Raises Refused where it can not be put back: nothing is kept, the record is gone, the rule lets only the other side
    speak, so that the value would be replaced again at once.
    """
    value = _kept(entry)
    side = Side(entry.side)
    assert entry.pair is not None
    pair = view(entry.pair)
    line = next((one for one in mapping.fields.get(pair.kind, ()) if one.name == entry.field), None)
    ref = pair.ref(side)
    if line is None or ref is None:
        raise Refused(f"{entry.field} is not kept in step any more.", remedy="Copy the value from the history by hand.")
    if not line.direction.writes(side.other):
        raise Refused(
            f"Only {NAMES[side.other]} may set {entry.field}, so the value would be replaced again at once.",
            remedy=f"Set it in {NAMES[side.other]}, or change the direction of the rule.",
        )
    record = bridge.side(side).read([ref])[ref]
    if not isinstance(record, Snapshot):
        raise Refused(f"{NAMES[side]} does not show the record.")
    return Target(line, side, ref, record, line.aha if side is Side.LEFT else line.jira, value)


def line_of(mapping: Mapping, pair: Pair, field: str) -> FieldLine:
    """The line of the mapping that people call `field`. Raises Refused where it is not kept in step any more."""
    for line in mapping.fields.get(pair.kind, ()):
        if line.name == field:
            return line
    raise Refused(f"{field} is not kept in step any more.", remedy="Press Retry: the conflict then goes by itself.")


def changed_since(entry: JournalEntry, target: Target) -> str:
    """What the field holds, and who changed it, where that is not what the write behind `entry` left; else ""."""
    now, where = target.now, NAMES[target.side]
    if now is not MISSING and entry.new.strip() in (said(target.line.jira, now).strip(), shown(now).strip()):
        return ""
    later = JournalEntry.objects.filter(pair=entry.pair, field=entry.field, side=entry.side, pk__gt=entry.pk)
    newer = later.exclude(wrote="").exclude(run=entry.run).order_by("-id").first()
    text = "nothing" if now is MISSING else said(target.line.jira, now)[:200]
    who = f"run {newer.run} wrote it" if newer and newer.new == text else "somebody changed it"
    return f"holds “{text}” in {where} now: {who} since."


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
