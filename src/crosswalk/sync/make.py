"""Makes records across, never twice: intent first, token inside the create, a look before anything is sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk.merge.birth import sent_with
from crosswalk.merge.decision import Base, Decision, Held
from crosswalk.merge.merge import advance, introduce
from crosswalk.merge.pairs import Entry, Intent, PairView, Run
from crosswalk.merge.plan import draft_fields
from crosswalk.merge.records import Draft, Failed, Gone, Made, Ref, Snapshot, Wrote
from crosswalk.merge.refused import not_begun, of_its_own, stopped
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import MISSING, Person
from crosswalk.remote.budget import guarded
from crosswalk.sync.apply import left_out, mild, shortened, waiting
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.doubles import searching, shown_already, still_theirs, too_early
from crosswalk.sync.looked import keep_apart, looked_at
from crosswalk.sync.marks import mark_of, show_links, showing
from crosswalk.sync.shown import shown
from crosswalk.sync.translate import reopened
from crosswalk.sync.waves import A_PIECE, cut

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pair whose record on one side is to be made from `source`, below `parent` (a record of the target side).

    `run` owns the pair, or that of the record above it.
    """

    pair: PairView
    source: Snapshot
    parent: Ref | None
    run: Run


@dataclass(slots=True)
class Result:
    """What became of each pair: its record as read back, or its error.

    `attention` holds the journal's lines about pairs not carried whole; `found` names those whose record an earlier,
    unanswered create had made: their base is what was sent, so that the merge sees every edit since. `bases` holds
    those of pairs whose texts show files that are not across yet, whose new record is still to be brought to its
    status, or tells something (a rank, when it was made) that the source is to show: they are merged once more.
    """

    snapshots: dict[int, Snapshot] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)
    failed: dict[int, CrosswalkError] = field(default_factory=dict)
    attention: dict[int, list[Entry]] = field(default_factory=dict)
    bases: dict[int, Base] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is wanted, and what the rules bring along."""

    wanted: Wanted
    rules: tuple[Rule, ...]
    brought: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class _Create(_Decided):
    """One create: what was decided, and its intent."""

    intent: Intent

    @property
    def pair_id(self) -> int:
        return self.wanted.pair.id

    @property
    def run(self) -> Run:
        return self.wanted.run

    def draft(self, target: Side, stepwise: frozenset[str]) -> Draft:
        """The record as it is to be made."""
        wanted = self.wanted
        fields = {name: value for name, value in draft_fields(target, self.brought).items() if name not in stepwise}
        return Draft(wanted.pair.kind, fields, self.intent.token, wanted.parent, mark_of(wanted.source))


def make(bridge: Bridge, target: Side, wanted: Sequence[Wanted]) -> Result:
    """Make the records of `wanted` on `target` in as few requests as the side allows.

    Raises RemoteError when it is not known what landed; the intents then make the next run look first.
    """
    maker = Maker(bridge, target)
    maker.make(wanted)
    maker.agree()
    return maker.result


def make_family(bridge: Bridge, target: Side, head: Wanted, below: Callable[[Ref], Sequence[Wanted]]) -> Result:
    """Make the record of `head`, then those `below` it, and read all of them back together.

    Raises as make() does, after what surely landed is agreed.
    """
    maker = Maker(bridge, target)
    maker.make([head])
    try:
        if (ref := maker.refs.get(head.pair.id)) is not None:
            maker.make(below(ref))
    finally:
        maker.agree()
    return maker.result


class Maker:
    """The steps of make(), in the order they are told above; in memory what landed until it is agreed.

    Where records of several runs are made together, those of a run that was overtaken are left out, and `overtaken`
    names the runs' pairs; a run alone raises Overtaken.
    """

    def __init__(self, bridge: Bridge, target: Side, *, together: bool = False) -> None:
        self.bridge, self.target, self.together = bridge, target, together
        self.ledger, self.side = bridge.ledger, bridge.side(target)
        self.result = Result()
        self.left_out: dict[int, Mapping[str, str]] = {}
        self.by_name: set[int] = set()
        self.refs: dict[int, Ref] = {}
        self.landed: list[_Create] = []
        self.overtaken: set[int] = set()

    def make(self, wanted: Sequence[Wanted]) -> None:
        """Make records of one height; those that landed are told apart by their pairs."""
        asked = [item for item in self._unshown(wanted) if item.run.pair_id not in self.overtaken]
        creates = self.each([(one.wanted.run, one) for one in map(self.decided, asked)], self.intend)
        refs = self.already_there(creates)
        self.result.found |= refs.keys()
        refs |= self.send([create for create in creates if create.pair_id not in refs])
        landed = [create for create in creates if create.pair_id in refs]
        self.each([(create.run, create) for create in landed], lambda create: self.join(create, refs[create.pair_id]))
        self.refs |= refs
        self.landed += landed

    def _unshown(self, wanted: Sequence[Wanted]) -> Sequence[Wanted]:
        """Those that show no record yet; a person is asked about the others."""
        if self.target is Side.LEFT:
            return wanted
        asked = shown_already(self.bridge, [item.source for item in wanted])
        self.result.failed |= {item.pair.id: asked[item.source.ref] for item in wanted if item.source.ref in asked}
        return [item for item in wanted if item.source.ref not in asked]

    def each(self, items: Sequence[tuple[Run, _In]], step: Callable[[_In], _Out]) -> list[_Out]:
        """What `step` makes of each item; some of them in one piece of work of the ledger."""
        done: list[_Out] = []
        for some in cut(items, A_PIECE):
            with self.ledger.together():
                for run, item in some:
                    if run.pair_id in self.overtaken:
                        continue
                    try:
                        done.append(step(item))
                    except errors.Overtaken:
                        if not self.together:
                            raise
                        self.overtaken.add(run.pair_id)
        return done

    def decided(self, item: Wanted) -> _Decided:
        """What a record brings along. Who somebody is may have to be asked, so the store is not held meanwhile."""
        source = self.target.other
        ends = {source: item.source, self.target: None}
        rules = self.bridge.book.rules(item.pair.kind, ends[Side.LEFT], ends[Side.RIGHT])
        return _Decided(item, rules, introduce(item.source, source, rules))

    def intend(self, decided: _Decided) -> _Create:
        """Store the intent."""
        item = decided.wanted
        intent = self.ledger.intend(item.run, item.pair.id, self.target)
        return _Create(item, decided.rules, decided.brought, intent)

    def already_there(self, creates: Sequence[_Create]) -> dict[int, Ref]:
        """Records that an earlier, unanswered create left behind.

        Raises Unanswered while the side's search may not know them yet: making them again now could double them.
        """
        doubtful = [create for create in creates if create.intent.sent_at is not None]
        found: dict[int, Ref] = {}
        for kind in sorted({create.wanted.pair.kind for create in doubtful}):
            asked = [create for create in doubtful if create.wanted.pair.kind == kind]
            since = min(create.intent.since for create in asked)
            landed = self.side.find([create.intent.token for create in asked], kind, since)
            found |= {c.pair_id: landed[c.intent.token] for c in asked if c.intent.token in landed}
        if any(self._too_early(create) for create in doubtful if create.pair_id not in found):
            raise searching(self.target)
        return found

    def _too_early(self, create: _Create) -> bool:
        return too_early(self.bridge, create.intent)

    def send(self, creates: Sequence[_Create]) -> dict[int, Ref]:
        """Send the creates, and tell the ledger what surely landed and what surely did not."""
        at, sent = self.bridge.now(), self._sent(creates)
        self.each([(run, run) for run in sent], lambda run: self.ledger.sending(run, sent[run], at))
        creates = [create for create in creates if create.run.pair_id not in self.overtaken]
        if not creates:
            return {}
        try:
            with guarded(lambda: still_theirs(self.ledger, sent, together=self.together)):
                answers = self.side.create([create.draft(self.target, self.side.stepwise) for create in creates])
        except CrosswalkError as error:
            if not isinstance(error, (*MAY_HAVE_LANDED, errors.Overtaken)):
                self.each([(run, run) for run in sent], lambda run: self.ledger.unsent(run, list(sent[run])))
            raise
        refs: dict[int, Ref] = {}

        def told(both: tuple[_Create, Made | Failed]) -> None:
            create, answer = both
            if isinstance(answer, Failed):
                self.result.failed[create.pair_id] = answer.error
                self.ledger.unsent(create.run, [answer.token])
            else:
                refs[create.pair_id] = answer.ref
                self.left_out[create.pair_id] = answer.left_out
                self.by_name |= {create.pair_id} if answer.by_name else set()
                self._note(create, self._left_out(create, answer))

        both = list(zip(creates, answers, strict=True))
        self.each([(create.run, (create, answer)) for create, answer in both], told)
        return refs

    def _sent(self, creates: Sequence[_Create]) -> dict[Run, dict[str, Base]]:
        """By run and token, what both sides hold if a create lands."""
        found: dict[Run, dict[str, Base]] = {}
        for create in creates:
            found.setdefault(create.run, {})[create.intent.token] = sent_with(self.target, create.brought)
        return found

    def _left_out(self, create: _Create, made: Made) -> list[Entry]:
        """What the server would not take of this record."""
        record, target = str(create.wanted.source.ref), self.target
        written = {d.rule.field(target): d for d in create.brought if target in d.write}
        return [
            mild(name, left_out(record, written[name].name, target, words, shown(written[name].write[target])))
            if name in written
            else left_out(record, UNMAPPED.get(name, name), target, words)
            for name, words in made.left_out.items()
        ]

    def _note(self, create: _Create, lines: list[Entry]) -> None:
        """Journal what a person is to know, and remember what wants attention."""
        if lines:
            asks = [line for line in lines if line.level != "info"]
            self.result.attention.setdefault(create.pair_id, []).extend(asks)
            self.ledger.note(create.run, create.pair_id, lines)

    def join(self, create: _Create, ref: Ref) -> None:
        """The record is there: say so in the journal, then close the intent. Killed in between, it is found again."""
        pair_id, where = create.pair_id, NAMES[self.target]
        if pair_id in self.result.found:
            line = Entry(f"{ref} was found in {where}{LANDED}", side=self.target)
        else:
            done = f"was found in {where} by its name" if pair_id in self.by_name else f"{MADE}{where}"
            why = (
                f"{create.wanted.source.ref} was sent, and is then given the link to it in {NAMES[self.target.other]}."
            )
            line = Entry(f"{ref} {done}.", why=why, side=self.target)
        self.ledger.note(create.run, pair_id, [line])
        self.ledger.joined(create.run, pair_id, self.target, ref)

    def agree(self) -> None:
        """Read the new records back, show each side on the other, and store what both hold as the base."""
        if not self.landed:
            return
        read = self.side.read_new([self.refs[create.pair_id] for create in self.landed])
        self.each([(create.run, create) for create in self.landed], lambda create: self._seen(create, read))
        made = self.result.snapshots
        fresh = [c for c in self.landed if c.pair_id in made and c.pair_id not in self.result.found]
        fresh = [create for create in fresh if create.run.pair_id not in self.overtaken]
        ends = {create.pair_id: (create.run, self._ends(create, made[create.pair_id])) for create in fresh}
        for pair_id, lines in show_links(self.bridge, ends, self.each).items():
            self.result.attention.setdefault(pair_id, []).extend(lines)
        self.each([(create.run, create) for create in fresh], lambda one: self._agree_one(one, made[one.pair_id]))

    def _seen(self, create: _Create, read: Mapping[Ref, Snapshot | Gone]) -> None:
        made = read[self.refs[create.pair_id]]
        if isinstance(made, Snapshot):
            self.ledger.seen(create.run, create.pair_id, self.target, made)
            self.result.snapshots[create.pair_id] = made
        else:  # it may lag behind: the runs that follow tell when it never shows (removed.py)
            what = f"{NAMES[self.target]} made {made.ref} and does not show it yet: {made.reason.rstrip('.')}."
            self.result.failed[create.pair_id] = errors.Outdated(f"{what} It is looked at again.", code="A7")

    def _ends(self, create: _Create, made: Snapshot) -> tuple[Snapshot, Snapshot]:
        source = create.wanted.source
        return (source, made) if self.target is Side.RIGHT else (made, source)

    def _agree_one(self, create: _Create, made: Snapshot) -> None:
        source, pair_id = create.wanted.source, create.pair_id
        if self.target is Side.LEFT:
            source = showing(create.rules, made, source)
        wrote = Wrote(made, self.left_out.get(pair_id, {}))
        self.ledger.note(create.run, pair_id, shortened(str(source.ref), create.brought, self.target))
        base = first_base(source, wrote, self.target, create.rules, create.brought)
        ahead = still_ahead(wrote, self.target, create.brought, self.side.stepwise)
        opened = reopened(base | ahead, create.rules)
        if opened != base or made.touched or _tells_more(made, self.target, create.rules, base):
            self.result.bases[pair_id] = opened
        elif pair_id != create.run.pair_id:  # of its own pair a run keeps more, at its end
            kind, ends = create.wanted.pair.kind, self._ends(create, made)
            opened = dict(looked_at(self.bridge, kind, ends, opened))
        self.ledger.agree(create.run, pair_id, opened)
        keep_apart(
            self.bridge, create.run, create.wanted.pair, opened, [(one, MISSING, MISSING) for one in create.rules]
        )
        self._note(create, [waiting(str(source.ref), decision) for decision in create.brought if decision.waits])


UNMAPPED = {"issuelinks": "The link to the record above"}
"""What people call that which a create brings along without a rule."""
MADE, LANDED = "made in ", ": an earlier create had landed."
"""How the journal says that a record was made: before the name of a side, or behind it."""
MAY_HAVE_LANDED = (errors.Unanswered, errors.ServerFault, errors.Unreadable)


def first_base(
    source: Snapshot, wrote: Wrote, target: Side, rules: Sequence[Rule], brought: Sequence[Decision]
) -> dict[str, Held]:
    """The base of a pair whose record was just made, as read on both sides.

    What was written is agreed as far as it landed. What no rule brought (the server's own status, a default assignee)
    counts as agreed as it is: nobody changed anything yet. A value without a counterpart is asked about again, as long
    as the new record is empty there or holds a default person; what only the new record can tell (when it was
    made) while the source is empty. Where somebody changed the new record before it was read, it counts as agreed as it
    was made.
    """
    base = advance({}, brought, {target: wrote})
    decided = {decision.name: decision for decision in brought}
    for rule in rules:
        decision = decided[rule.name]
        name = rule.field(target)
        there = wrote.snapshot.get(name)
        refused = name in wrote.left_out and decision.write and of_its_own(wrote, name)
        if refused or (decision.waits and isinstance(there, Person) and name not in wrote.snapshot.touched):
            base[rule.name] = stopped(target, there)  # nobody's word: once the other can be written, it gives way
            continue
        if name in wrote.snapshot.touched and name not in wrote.left_out:
            there = decision.write.get(target, frozenset() if isinstance(there, frozenset) else None)
        elif rule.name in base or decision.write or (decision.waits and there in (None, frozenset())):
            continue
        here = source.get(rule.field(target.other))
        if rule.source is target and here in (None, frozenset()) and there not in (None, frozenset()):
            continue
        ends = {target: there, target.other: here}
        held = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT], fields=rule.fields)
        if held.known:
            base[rule.name] = held
    return base


def still_ahead(wrote: Wrote, target: Side, brought: Iterable[Decision], stepwise: frozenset[str]) -> dict[str, Held]:
    """The base of what no create takes and the new record does not hold yet: it is still to be brought there.

    Where somebody set it since, it counts as agreed as it was to be, and theirs is a change.
    """
    found: dict[str, Held] = {}
    for decision in brought:
        name = decision.rule.field(target)
        there, wanted = wrote.snapshot.get(name), decision.write.get(target, MISSING)
        if name in stepwise and MISSING not in (there, wanted) and there != wanted:
            own = not_begun(decision.rule, target, there)
            ends = {target: wanted, target.other: decision.value(target.other)}
            theirs = Held.agreed(left=ends[Side.LEFT], right=ends[Side.RIGHT])
            found[decision.name] = theirs if name in wrote.snapshot.touched else own
    return found


def _tells_more(made: Snapshot, target: Side, rules: Sequence[Rule], base: Base) -> bool:
    """Whether the new record holds something that only it can tell, and that was not agreed yet."""
    untold = (rule.field(target) for rule in rules if rule.source is target and rule.name not in base)
    return any(made.get(name) not in (MISSING, None, frozenset()) for name in untold)
