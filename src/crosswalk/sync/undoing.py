"""Undoes what a run wrote, or puts one replaced value back: as a plan first, then by a person's word.

Of a run only what nobody changed since is put back. One value is put back also over what somebody changed since: the
plan says so, and what it shows as replaced is what is replaced.

It is a person's own edit, made through Crosswalk: the next run carries it to the other side as any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.merge.plan import Change, Kind, Patch
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING, Maybe, load
from crosswalk.store import journal
from crosswalk.store.models import Errand, Integration, JournalEntry, Pair
from crosswalk.store.views import view
from crosswalk.sync import byhand, errands, planwords, restore, saying
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.durations import said
from crosswalk.sync.installation import current
from crosswalk.sync.joining import Tell
from crosswalk.sync.mapping import parse
from crosswalk.sync.plandata import as_data
from crosswalk.sync.preview import Doubt, Survey
from crosswalk.sync.waking import Cause, wake

CHANGED = "What would be put back is not what was shown: somebody changed a record meanwhile."


@dataclass(frozen=True, slots=True)
class Written:
    """What a run wrote into one field of one side: the value before and after, and the last line that says so."""

    field: str
    side: Side
    before: Maybe
    after: Maybe
    line: JournalEntry


def of_run(pair: Pair, run: int) -> list[Written]:
    """What the run wrote, a field of a side each; empty where it wrote nothing, or before such was kept."""
    found: dict[tuple[str, str], Written] = {}
    for line in JournalEntry.objects.filter(pair=pair, run=run).exclude(wrote="").order_by("id"):
        before, after = (load(value) for value in json.loads(line.wrote))
        first = found.get((line.field, line.side))
        old = first.before if first else before
        found[line.field, line.side] = Written(line.field, Side(line.side), old, after, line)
    return list(found.values())


def of_a_run(pair: Pair, run: int) -> dict[str, int]:
    """What an errand is asked that undoes a run."""
    return {"pair": pair.pk, "run": run}


def of_a_line(pair: Pair, line: int) -> dict[str, int]:
    """What an errand is asked that puts the value back which a line of the history keeps."""
    return {"pair": pair.pk, "line": line}


def look(errand: Errand, tell: Tell) -> dict[str, Any]:
    """What would be written to put the values before back, as the data of a plan. Writes nothing."""
    tell("Reading both sides", 0, 0)
    survey = _surveyed(errand.integration, errand.asked)
    return as_data(survey, Pair.objects.filter(integration=errand.integration).count())


def looked(pair: Pair, asked: dict[str, int]) -> Errand | None:
    """The newest look at what undoing that would write."""
    made = Errand.objects.filter(integration_id=pair.integration_id, what=errands.UNDO)
    return made.filter(asked=asked).order_by("-id").first()


def reverting(look: Errand | None) -> Errand | None:
    """The undoing of what was looked at, if that was asked for."""
    if look is None:
        return None
    done = Errand.objects.filter(integration_id=look.integration_id, what=errands.REVERT, asked={"of": look.pk})
    return done.order_by("-id").first()


def begin_look(pair: Pair, asked: dict[str, int], person: str) -> Errand:
    """Look at what would be written to undo that; it is made in the background."""
    return errands.begin(pair.integration, errands.UNDO, asked, person)


def begin_revert(look: Errand | None, seen: str, person: str) -> bool:
    """Undo what the look called `seen` showed; False where that is not the newest, or showed nothing to write."""
    if look is None or seen != str(look.pk) or look.finished_at is None or look.trouble:
        return False
    if reverting(look) is None:
        errands.begin(look.integration, errands.REVERT, {"of": look.pk}, person)
    return True


def _pair(integration: Integration, asked: Mapping[str, Any]) -> Pair:
    pair = Pair.objects.filter(pk=int(asked.get("pair", 0)), integration=integration).first()
    if pair is None:
        raise Refused("The record is not there any more.")
    return pair


def _surveyed(integration: Integration, asked: Mapping[str, Any]) -> Survey:
    """What would be written to undo what is `asked`."""
    bridge, pair = current().bridges.of(integration), _pair(integration, asked)
    if "line" in asked:
        return restore.surveyed(bridge, parse(integration.mapping), _line(pair, asked))
    return surveyed(bridge, pair, int(asked.get("run", 0)))


def _line(pair: Pair, asked: Mapping[str, Any]) -> JournalEntry:
    line = JournalEntry.objects.select_related("pair").filter(pk=asked["line"], pair=pair).first()
    if line is None:
        raise Refused("The line of the history is not kept any more.")
    return line


def _said(pair: Pair, asked: Mapping[str, Any]) -> tuple[str, str, str]:
    """What is said of an undoing: what was done, what a person did, and what wakes the pair."""
    if "line" in asked:
        return f"{_line(pair, asked).field} was put back as it had been.", "put it back", "a value was put back"
    run = asked.get("run", 0)
    return f"Run {run} was undone.", f"undid run {run}", "a run was undone"


def surveyed(bridge: Bridge, pair: Pair, run: int) -> Survey:
    """The patches that put back what the run replaced, and why some of it can not be."""
    seen, wrote = view(pair), of_run(pair, run)
    if not wrote:
        raise Refused(f"Run {run} wrote no value that could be put back.")
    refs = {side: ref for side, ref in ((Side.LEFT, seen.left), (Side.RIGHT, seen.right)) if ref is not None}
    ends = {side: bridge.side(side).read([ref])[ref] for side, ref in refs.items()}
    records = {side: end for side, end in ends.items() if isinstance(end, Snapshot)}
    rules = {one.name: one for one in bridge.book.rules(pair.kind, records.get(Side.LEFT), records.get(Side.RIGHT))}
    found = Survey()
    for side in Side:
        mine = [one for one in wrote if one.side is side]
        if mine and side in refs:
            changes = list(_changes(mine, refs[side], records, rules, found.doubts))
            cause = f"run {run} is undone"
            found.add([Patch(Kind.UPDATE, side, refs[side], changes=tuple(changes), cause=cause)] if changes else [])
    return found


def _changes(
    wrote: list[Written], ref: Ref, records: Mapping[Side, Snapshot], rules: Mapping[str, Rule], doubts: list[Doubt]
) -> Iterator[Change]:
    for one in wrote:
        rule, record = rules.get(one.field), records.get(one.side)
        why, remedy = _why_not(one, rule, record)
        if why or rule is None or record is None or one.before is MISSING:
            doubts.append(Doubt(ref, one.field, why or "What it held before is not known.", remedy))
            continue
        name = rule.field(one.side)
        yield Change(name, record.get(name), one.before, rule.name, lost=True, across=rule.field(one.side.other))


def _why_not(one: Written, rule: Rule | None, record: Snapshot | None) -> tuple[str, str]:
    """Why the value before can not be put back, and what to do instead; "" where it can."""
    if record is None:
        return f"{NAMES[one.side]} does not show the record.", ""
    if rule is None:
        return "It is not kept in step any more.", "Copy the value from the history by hand."
    if not rule.direction.writes(one.side.other):
        other = NAMES[one.side.other]
        return f"Only {other} may set it, so the value would be replaced again at once.", f"Set it in {other}."
    now = record.get(rule.field(one.side))
    later = JournalEntry.objects.filter(pair=one.line.pair, field=one.field, pk__gt=one.line.pk)
    if newer := later.exclude(wrote="").exclude(run=one.line.run).order_by("id").first():
        return f"Run {newer.run} wrote it again since.", "Undo that run first, or put a value back by hand."
    text = "nothing" if now is MISSING else said(rule.right, now)
    if now != one.after and text != one.line.new:
        return f"It holds “{text[:200]}” now: somebody changed it since.", "Put a value back by hand."
    return "", ""


def revert(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Put back what a look showed, if that is still what would be written; in how many fields."""
    seen = Errand.objects.filter(pk=errand.asked.get("of"), integration=errand.integration).first()
    if seen is None:
        raise Refused("What was shown is not kept any more.", remedy="Look at it again.")
    return {"count": write(errand.integration, seen.asked, seen.result.get("patches"), errand.person, tell)}


def plan_of(pair: Pair, asked: Mapping[str, int]) -> tuple[dict[str, Any], str]:
    """What undoing that would write, as data for `write` and as a person reads it. Writes nothing."""
    survey = _surveyed(pair.integration, asked)
    plan = as_data(survey, 0)
    return plan, planwords.text(plan)


def write(integration: Integration, asked: Mapping[str, Any], shown: Any, who: str, tell: Tell) -> int:
    """Put back what was `shown`, if those are still the patches that undo what is `asked`; in how many fields."""
    found, pair = _surveyed(integration, asked), _pair(integration, asked)
    if as_data(found, 0)["patches"] != shown:
        raise Refused(CHANGED, remedy="Look at it again, then undo it.")
    done, did, cause = _said(pair, asked)
    bridge, here = current().bridges.of(integration), current()
    count = 0
    for patch in found.patches:
        tell(f"Writing in {NAMES[patch.side]}", 0, 0)
        lines = [restore.keeping(one.rule, patch.side, one.old, one.new, f"{who} {did}.") for one in patch.changes]
        journal.append(pair.integration_id, lines, here.now(), pair_id=pair.pk, person=who)
        wrote = byhand.write(bridge, pair.pk, patch)
        count += len(patch.changes) - len(wrote.left_out)
        refused = [
            Entry(f"{name} was not put back.", str(words), patch.side, "warning")
            for name, words in wrote.left_out.items()
        ]
        journal.append(pair.integration_id, refused, here.now(), pair_id=pair.pk, person=who)
    lines = [Entry(done, why=saying.asked(who))] if count else []
    journal.append(pair.integration_id, lines, here.now(), pair_id=pair.pk, person=who)
    wake(here.engine, [pair.pk], here.now(), urgent=True, cause=Cause(f"{who} ({cause})"))
    return count


def newest_run(pair: Pair) -> int:
    """The run that wrote a value of this pair last. Raises Refused where none did."""
    line = JournalEntry.objects.filter(pair=pair).exclude(run=None).exclude(wrote="").order_by("-id").first()
    if line is None or line.run is None:
        raise Refused(f"No run wrote a value of {pair} that could be put back.")
    return line.run


def newest_kept(pair: Pair, field: str) -> int:
    """The newest line of the pair's history that keeps a replaced value of `field`. Raises Refused where none does."""
    line = JournalEntry.objects.filter(pair=pair, field=field).exclude(kept="").order_by("-id").first()
    if line is None:
        raise Refused(f"The history of {pair} keeps no replaced value of {field}.")
    return line.pk
