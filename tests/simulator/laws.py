"""What has to hold: the invariants I1 to I12 of the design, read from the sandboxes' own state and history.

Knows what people did (play.py), every request with its moment (wires.py), and what a person could see in the journal.
It knows no merge. A change in a sandbox's history is Crosswalk's where its moment is that of a request of Crosswalk's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from crosswalk.aha.client import LIMITS
from crosswalk.sync.connect import JIRA_LIMITS
from tests.path.live import laws as rest
from tests.path.live.acts import at_rest
from tests.simulator.wires import Sent
from tests.simulator.world import World

if TYPE_CHECKING:
    from tests.simulator.play import Play

ROUNDS = (61, 61, 700, 70, 4000, 70, 4000, 70)
"""How long everybody is waited for, until all is at rest."""
FORBIDDEN = {"jira": ("customfield_10394",), "aha": ("live_plan", "live_plan NumberField", "Release", "release")}
"""What the histories call the fields that travel to the other side only."""
QUIET = 3
"""Looks at everything until one writes nothing: what an old error left waiting may still be carried by the first."""


def never_doubled(world: World) -> None:
    """I1, at every moment: one issue for one record, and the reverse; a create lands once."""
    for doubles in world.apps["aha.sim"].state.control.doubles().values():
        assert not doubles, f"I1: {doubles}"
    tokens = Counter(
        str(value) for issue in world.site.issues.values() for key, value in issue.properties.items() if "cross" in key
    )
    twice = [token for token, times in tokens.items() if times > 1]
    assert not twice, f"I1: created twice: {twice}"


def looked_at(world: World) -> None:
    """I2: what counts as done was looked at since a hook told of it, and does not wait for the next poll or sweep.

    A hook about a record that had no pair wakes the one above: what is made of it then is looked at with that one.
    """
    from crosswalk.store.models import HookDelivery

    told = HookDelivery.objects.filter(pk__in=world.told).exclude(seen_at=None) if world.told else None
    seen = list(told.values_list("pk", "side", "outcome")) if told else []
    ends = _ends() if any(outcome.startswith("woke") for *_, outcome in seen) else {"left": [], "right": []}
    for number, side, outcome in seen:
        names = outcome.partition(": ")[2].split(", ") if outcome.startswith("woke") else []
        before, newest = world.told[number]
        about = [end for end in ends["left" if side == "aha" else "right"] if end.key in names]
        done = [end for end in about if end.done and (end.above or end.pair <= newest)]
        since = world.log[before:] if done else []
        reads = [s.words for s in since if s.who == "crosswalk" and s.side == side and not s.writes]
        for end in done:
            looked = any(word in read for read in reads for word in end.words)
            assert looked, f"I2: {end.key} counts as done, and nobody looked: {outcome}"
        if len(done) == len(about):
            del world.told[number]


class End(NamedTuple):
    """One end of a pair: its key, whether the pair and the one above count as done, and by what requests name it or its
    parent."""

    pair: int
    key: str
    done: bool
    above: bool
    words: frozenset[str]


def _ends() -> dict[str, list[End]]:
    from crosswalk.store.models import Pair

    rows = Pair.objects.values("pk", "parent_id", "left_id", "left_key", "right_id", "right_key", "dirty", "done")
    by_pk = {row["pk"]: row for row in rows}
    found: dict[str, list[End]] = {"left": [], "right": []}
    for row in by_pk.values():
        both = [row, *([by_pk[row["parent_id"]]] if row["parent_id"] else [])]
        for end, ends in found.items():
            words = frozenset(str(one[f"{end}_{what}"]) for one in both for what in ("id", "key"))
            own, *above = [one["dirty"] == one["done"] for one in both]
            ends.append(End(row["pk"], row[f"{end}_key"], own, all(above), words - {"", "None"}))
    return found


def at_the_end(play: Play) -> None:
    """Everything fails no longer; a while later everything else has to hold."""
    world = play.world
    world.events.clear()
    play.do_servers_are_well()
    changes = world.happened["the mapping changes"]
    play.map("both")
    comes_to_rest(play)
    switched_on = world.happened["the mapping changes"] > changes
    if switched_on or any(fault.kind == "stale" for fault in play.faults):
        # An edit of which hook and poll told while the record still looked as before, or while its line was off, is
        # found by the next sweep.
        play.do_everything_is_swept()
        comes_to_rest(play)
    never_doubled(world)
    rest.fields_agree(play)
    # Not everything is told by a hook or a poll (a file in Aha!): a look at everything brings the rest.
    is_quiet(play)
    looked_back(play)
    rest.hold(play)
    in_direction(play)
    within_limits(world)
    in_journal(play)
    lets_go(world)
    fenced(world)
    deletes_no_more(play)
    tells_no_secret(world)


def comes_to_rest(play: Play) -> None:
    """I3: within a few rounds nothing waits any more."""
    from django.db.models import F

    from crosswalk.store.models import Pair

    for pause in ROUNDS:
        play.world.pass_time(pause)
        for _ in range(6):
            play.world.pass_time(1)
            play.world.deliver()
            done = play.world.work(150)
            assert done < 150, "I3: it never comes to rest"
        play.look()
        waiting = Pair.objects.exclude(dirty=F("done")).exists() or Pair.objects.exclude(state="agreed").exists()
        if pause >= 700 and not waiting:
            return


def is_quiet(play: Play) -> None:
    """I4 and I5: every hook comes once more and everything is looked at, and nothing is written."""
    from crosswalk.store.models import Pair
    from crosswalk.sync.waking import wake

    world = play.world
    wrote: list[Sent] = []
    for _ in range(QUIET):
        begun = len(world.log)
        for side, body in world.hooks_past[-40:]:
            world.take_in(side, body, {})
        wake(world.engine, Pair.objects.values_list("pk", flat=True), world.now())
        for _ in range(4):
            world.pass_time(20)
            world.deliver()
            world.work(100)
        wrote = [sent for sent in world.log[begun:] if sent.who == "crosswalk" and sent.writes]
        if not wrote:
            return
    raise AssertionError(f"I4: it is never quiet: {list(map(str, wrote[:5]))}")


def looked_back(play: Play) -> None:
    """I2: of each write it is known by now what it replaced, in whichever way its side answers."""
    waits = [pair.left_key for pair in play.people.all_pairs() if not at_rest(pair) and pair.state == "agreed"]
    assert not waits, f"I2: nobody looked at what was replaced in {waits}"


def history(world: World) -> Iterator[tuple[str, datetime, str, str]]:
    """Every change of both sandboxes: side, moment, record, field."""
    for issue in world.site.issues.values():
        for change in issue.changes:
            for item in change.items:
                yield "jira", change.at, issue.key, item.field_id or item.field
    for audit in world.account.audits:
        for name, _ in audit.changes:
            yield "aha", audit.created_at, f"{audit.auditable_type} {audit.auditable_id} {audit.action}", name


def in_direction(play: Play) -> None:
    """I6: what a field's direction forbids is in no history as Crosswalk's."""
    world = play.world
    ours = {_cut(sent.at) for sent in world.log if sent.who == "crosswalk"}
    for side, at, record, field in history(world):
        if _cut(at) not in ours or at < world.begun:
            continue
        created = side == "aha" and record.endswith("create")
        assert created or field not in FORBIDDEN[side], f"I6: {field} of {record} was written in {side} at {at}"


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def within_limits(world: World) -> None:
    """I9: no window holds more of Crosswalk's requests than is published."""
    for side, limits in (("aha", LIMITS), ("jira", JIRA_LIMITS)):
        moments = [sent.at for sent in world.log if sent.who == "crosswalk" and sent.side == side]
        for limit in limits:
            for first, last in zip(moments, moments[limit.count :], strict=False):
                assert (last - first).total_seconds() >= limit.seconds, f"I9: {side} at {last}: more than {limit}"


def in_journal(play: Play) -> None:
    """I7: a run that wrote says so in the journal, on that side; and every line of a run has a cause.

    What was told after a backup was made is lost when it is put back. And what a run said that ended with a warning (a
    write that was not confirmed) the next one does not say again where it does the same.
    """
    from crosswalk.store.models import JournalEntry, Pair

    lines = list(JournalEntry.objects.exclude(run=None).order_by("pk").values_list("pair_id", "run", "level", "at"))
    told = {(pair, run) for pair, run, _, _ in lines}
    above = dict(Pair.objects.values_list("pk", "parent_id"))
    told |= {(above.get(pair), run) for pair, run in told}
    lost, since = play.world.journal_lost, play.world.journal_from
    for sent in play.world.log:
        if any(made <= sent.at <= back for made, back in lost):
            continue
        if sent.who == "crosswalk" and sent.writes and 200 <= sent.status < 300 and sent.at > since:
            # A run that was killed or answered by nobody is told of by the one that finds what it made.
            pair, fence = sent.run or (None, 0)
            # Where a record is shown on the other side is told by the line that says it was made.
            shown = "/integrations/" in sent.path
            later = any(one == pair and (shown or (run or 0) >= (fence or 0)) for one, run in told)
            before = [level for one, _, level, at in lines if pair in (one, above.get(one)) and at <= sent.at]
            assert pair is None or later or before[-1:] == ["warning"], f"I7: nothing in the journal of {sent}"


def lets_go(world: World) -> None:
    """I3: while a server is waited for, nobody waits for the store: SQLite lets one write, and refuses the others."""
    assert not world.holding, f"I3: the store was held for writing at {world.holding[0]}"


def fenced(world: World) -> None:
    """I8: a run that was overtaken writes no more; what it was just sending may land."""
    for run, moment in world.overtaken:
        late = [s for s in world.log if s.run == run and s.at > moment and s.writes and not s.struck]
        assert not late, f"I8: the overtaken run {run} wrote: {late[0]}"


def deletes_no_more(play: Play) -> None:
    """I11: nothing is deleted that no person deleted."""
    mine = [s for s in play.world.log if s.who == "crosswalk" and s.method == "DELETE" and s.status in (200, 204)]
    records = [s for s in mine if s.path.rpartition("/")[0].endswith(("/issue", "/requirements", "/features"))]
    assert len(records) <= len(play.deleted), f"I11: {list(map(str, records))}"


def tells_no_secret(world: World) -> None:
    """I12: credentials go to their own host alone, and stand in no log."""
    from crosswalk.store.models import JournalEntry, RequestEntry

    assert not world.strayed, f"I12: a credential went to {world.strayed[0]}"
    for _, secret in world.secrets.values():
        assert not RequestEntry.objects.filter(sent__contains=secret).exists(), "I12: a secret is in the request log"
        assert not JournalEntry.objects.filter(what__contains=secret).exists(), "I12: a secret is in the journal"
