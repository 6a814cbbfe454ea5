"""What has to hold when everything came to rest: both sides agree, nobody's word is lost, nothing is there twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.path.live.people import FIELDS, PLURALS, Twins
from tests.path.matrix.play import READS
from tests.path.system import System

if TYPE_CHECKING:
    from tests.path.live.machine import Machine

ROUNDS = 4
"""Looks at everything until one writes nothing."""
NO_WAY = "No way from"
"""What is said of a status to which no issue ever showed a way through the workflow."""


def everything(system: System) -> set[str]:
    """The features, requirements and issues there are."""
    records = {f"{kind} {one.id}" for kind in PLURALS for one in system.account.all(kind)}
    return records | {f"issue {number}" for number in system.site.issues}


def fields_agree(machine: Machine) -> None:
    """Both sides hold the same in every field, and what it may be."""
    people = machine.people
    lost: set[str] = set()
    for pair in people.all_pairs():
        deleted = pair.left_id in {one.id for one in machine.deleted}
        fine = ("agreed", "gone") if deleted else ("agreed",)
        if NO_WAY in pair.reason:  # told once, and everything else has to be carried
            fine, lost = (*fine, "asking"), {*lost, pair.left_id}
        assert pair.state in fine, f"{pair.left_key} and {pair.right_key} are {pair.state}: {pair.reason}"
    for at in alive(machine):
        here, there = people.held(at, "aha"), people.held(at, "jira")
        for key in (*never_said(machine, at, here, there), *(("status",) if at.id in lost else ())):
            here.pop(key, None)
            there.pop(key, None)
            machine.memory.forget(at, key)
        assert here == there, (
            f"{at}: Aha! and Jira hold {sorted(set(map(str, here.items())) ^ set(map(str, there.items())))}"
        )
        machine.memory.settle(at, here, there)
        words = people.described(at, "aha"), people.described(at, "jira")
        assert words[0] == words[1], f"description of {at}: {words}"


def never_said(machine: Machine, at: Twins, here: dict[str, Any], there: dict[str, Any]) -> list[str]:
    """The fields that go to Aha! alone, that Aha! held before both sides first agreed, and of which nobody in Jira ever
    said anything: an empty side empties none then."""
    mine = [name for name, line in FIELDS.items() if line.direction == "to aha" and here.get(name) is not None]
    return [key for key in mine if there.get(key) is None and not machine.memory.spoke((at.id, key), "jira")]


def comes_to_rest(machine: Machine) -> None:
    """A few looks at everything, with time for what waits, until one writes nothing."""
    system = machine.system
    wrote: list[Any] = []
    for _ in range(ROUNDS):
        system.forget()
        system.pass_time(4000)
        system.wake(*machine.people.all_pairs())
        system.drain(12)
        wrote = [
            (side, method, path)
            for side in ("aha", "jira")
            for method, path in system.requests(side)
            if method != "GET" and not READS.search(path)
        ]
        if not wrote:
            return
    raise AssertionError(f"it is never quiet: {wrote}")


def hold(machine: Machine) -> None:
    """Everything else."""
    fields_agree(machine)
    nothing_lost(machine)
    nothing_doubled(machine)
    parts_agree(machine)
    in_order(machine)


def alive(machine: Machine) -> list[Twins]:
    """The records that nobody deleted."""
    return [at for at in machine.people.everybody() if at not in machine.deleted]


def nothing_lost(machine: Machine) -> None:
    """Every word that somebody wrote is there, or in the journal with what replaced it."""
    from crosswalk.store.models import JournalEntry

    people = machine.people
    lines = JournalEntry.objects.filter(pair__in=people.all_pairs())
    told = "\n".join(f"{one.old} {one.new} {one.kept}" for one in lines)
    for at, word, field in machine.written:
        shown = str(people.in_aha(at)) + str(machine.system.issue(at.key))
        assert word in shown or word in told or in_its_history(machine, at, word), f"{word} ({field} of {at}) was lost"


def in_its_history(machine: Machine, at: Twins, word: str) -> bool:
    """Whether the log sends people to the history of a record in Aha!, and `word` is told there.

    A process ended between a write and its answer: what that replaced, nobody is told by Aha! afterwards (its history
    has texts for people, and makes one entry of several changes), and somebody had edited it within that moment.
    """
    from crosswalk.store.models import JournalEntry

    lines = JournalEntry.objects.filter(pair__left_id=at.id, side="left", level="warning")
    sent_there = lines.filter(remedy="See the history of the record in Aha!.").exists()
    audits = [one for one in machine.system.account.audits if one.auditable_id == at.id]
    return sent_there and any(word in str(value) for one in audits for _, value in one.changes)


def nothing_doubled(machine: Machine) -> None:
    """Each record is there once on either side, and nothing came out of nowhere."""
    now = everything(machine.system) - machine.before
    pairs = [one for one in machine.people.pairs() if one.left_id not in {at.id for at in machine.deleted}]
    mine = {f"{one.left_kind} {one.left_id}" for one in pairs} | {f"issue {one.right_id}" for one in pairs}
    assert now == mine, f"without a pair, or not there: {sorted(now ^ mine)}"
    wanted = len(machine.people.refs) + machine.requirements - len(machine.deleted)
    shown = [(one.left_key, one.right_key, one.state, one.title) for one in machine.people.pairs()]
    assert len(pairs) == wanted, f"{len(pairs)} pairs, not {wanted}: {shown}; deleted: {machine.deleted}"


def parts_agree(machine: Machine) -> None:
    """Everything that hangs on records or stands below them is there once, on both sides."""
    people = machine.people
    for at in alive(machine):
        aha, jira = people.comments(at, "aha"), people.comments(at, "jira")
        assert aha.keys() == jira.keys(), f"comments of {at}: {aha.keys()} in Aha!, {jira.keys()} in Jira"
        mine = {word for word, (where, _) in machine.said.items() if where.id == at.id}
        assert aha.keys() == mine, f"comments of {at}: {aha.keys() ^ mine}"
    for which, ref in enumerate(people.refs):
        wanted = Counter(word for where, word in machine.files if where == which)
        said = Counter(word for word, comment in machine.shown.items() if machine.said[comment][0].id == ref.id)
        files = people.files(ref, "aha"), people.files_said(ref), people.files(ref, "jira")
        assert files == (wanted, said, wanted + said), f"files of {ref}: {files}, not {wanted} and {said}"
        assert people.below(ref, "aha") == people.below(ref, "jira")
        events = machine.system.aha.record("features", ref.id)["time_tracking_events"]
        logged = Counter(minutes for where, minutes in machine.work.values() if where == which)
        shown = Counter(int(one["work_done"]) for one in events)
        assert shown == logged, f"work of {ref}: {dict(shown)} in Aha!, {dict(logged)} logged in Jira"
    links = len(people.links("aha")), len(people.links("jira"))
    assert links == (int(machine.linked),) * 2, f"links: {links}"


def in_order(machine: Machine) -> None:
    """What stands below a feature is ranked in Jira as in Aha!."""
    for ref in machine.people.refs:
        here, there = machine.people.order(ref, "aha"), machine.people.order(ref, "jira")
        assert here == there, f"order below {ref}: {here} and {there}"
