"""Links records that were there before: finds who matches, joins them, and takes a person's word on who counts.

What is joined here carries nothing until `settle` was called for it (merge/settle.py); the pair is there already, so
that nothing is made for it meanwhile and no other integration takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from crosswalk.errors import Refused
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import WORDS, Joining, dump_joining
from crosswalk.store import claims, journal, pairs
from crosswalk.store.models import Integration, Pair
from crosswalk.store.text import fit
from crosswalk.store.views import end_columns, view
from crosswalk.sync import outlook, planwords, preview, saying
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.connect import Bridges, Joined
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import VERSION, parse
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.matching import RULES, USUAL_LEAST, Card, Expression, Pick, Proposal, match, read_expression
from crosswalk.sync.pair import HELD_BACK
from crosswalk.sync.plandata import as_data
from crosswalk.sync.shown import one_line
from crosswalk.sync.waking import wake

KINDS = ("initiative", "epic", "feature")
PAGE = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What matching found for one kind, and for what stands below each of its matches."""

    kind: str
    proposals: tuple[Proposal, ...]
    below: Mapping[Ref, tuple[Proposal, ...]]
    taken: int = 0
    alone: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to match, and how: the kind of record, an expression, the field that names the others, and which rules."""

    kind: str = "feature"
    expression: str = ""
    reference: str = ""
    rules: tuple[str, ...] = tuple(RULES)


USUAL = Asked()
Tell = Callable[[str, int, int], object]
"""Told what is done now, how much of it is done, and of how much, where that is known."""


def quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody waits to be told."""


def find(integration: Integration, asked: Asked = USUAL, tell: Tell = quiet) -> Found:
    """Who matches among the records of a kind that are in no pair. Reads pages of both sides, writes nothing."""
    return _Search(current().bridges, integration, asked, tell).run()


def kinds(mapping: Map) -> list[str]:
    """The kinds whose records may be matched with issues."""
    return [kind for kind in KINDS if kind in mapping.types and mapping.types[kind].type != VERSION]


class _Search:
    """The steps of find()."""

    def __init__(self, bridges: Bridges, integration: Integration, asked: Asked, tell: Tell) -> None:
        if asked.kind not in kinds(parse(integration.mapping)):
            raise Refused(
                f"The mapping joins no {asked.kind} with an issue.", remedy=f"Choose one of: {', '.join(KINDS)}."
            )
        if unknown := [rule for rule in asked.rules if rule not in RULES]:
            raise Refused(f"There is no rule “{unknown[0]}”.", remedy=f"There are: {', '.join(RULES)}.")
        self._integration, self._kind, self._rules, self._tell = integration, asked.kind, asked.rules, tell
        self._rule: Expression | None = read_expression(asked.expression) if asked.expression.strip() else None
        self._joined: Joined = bridges.joined(integration)
        self._reference = asked.reference or self._joined.seeker.reference
        self._taken = 0

    def run(self) -> Found:
        """Read, leave out what is taken, match; then what stands below."""
        lefts = self._free(Side.LEFT, self._joined.aha.all_of(self._kind))
        rights = self._free(Side.RIGHT, self._issues())
        self._tell(f"Comparing {len(lefts)} records with {len(rights)} issues", 0, 0)
        cards = [self._left(one) for one in lefts.values()], [self._right(one) for one in rights.values()]
        proposals = match(*cards, self._rules)
        sure = [one for one in proposals if not one.rivals]
        below = self._below([(lefts[one.left.ref], rights[one.right.ref]) for one in sure])
        matched = {one.left.ref for one in proposals}, {one.right.ref for one in proposals}
        alone = len(lefts.keys() - matched[0]), len(rights.keys() - matched[1])
        return Found(self._kind, proposals, below, self._taken, alone)

    def _issues(self) -> Iterable[Snapshot]:
        types = ", ".join(sorted(self._joined.seeker.types_for(self._kind)))
        more = [self._rule.right.field] if self._rule and self._rule.right.field not in ("key", "summary") else []
        return self._joined.seeker.search(
            f"issuetype in ({types})", [*more, *([self._reference] if self._reference else [])]
        )

    def _free(self, side: Side, records: Iterable[Snapshot]) -> dict[Ref, Snapshot]:
        """The records that no integration has a pair for."""
        found: dict[Ref, Snapshot] = {}
        for record in records:
            found[record.ref] = record
            if len(found) % PAGE == 0:
                self._tell(f"Read {len(found)} records of {NAMES[side]}", 0, 0)
        taken = paired(self._integration, side, found)
        self._taken += len(taken)
        return {ref: record for ref, record in found.items() if ref not in taken}

    def _left(self, record: Snapshot) -> Card:
        link = self._joined.aha.shown_link(record) if record.ref.kind == self._kind else ""
        given = _given(record, self._rule.left if self._rule else None)
        return Card(record.ref, _text(record, "name"), link, given)

    def _right(self, record: Snapshot) -> Card:
        reference = _text(record, self._reference) if self._reference else ""
        given = _given(record, self._rule.right if self._rule else None)
        return Card(record.ref, _text(record, "summary"), reference, given)

    def _below(self, matched: Sequence[tuple[Snapshot, Snapshot]]) -> dict[Ref, tuple[Proposal, ...]]:
        """Who matches below each match: only the two families are compared, and only what issues name themselves."""
        kind = self._joined.bridge.book.below(self._kind)
        if not kind or not matched:
            return {}
        types = self._joined.seeker.types_for(kind)
        named = {right.ref: [ref for ref, type_ in right.below.items() if type_ in types] for _, right in matched}
        read = self._joined.bridge.right.read([ref for refs in named.values() for ref in refs])
        taken = paired(self._integration, Side.RIGHT, read) | paired(
            self._integration, Side.LEFT, [child.ref for left, _ in matched for child in left.children]
        )
        found = {}
        for left, right in matched:
            records = [read.get(ref) for ref in named[right.ref] if ref not in taken]
            issues = [self._right(one) for one in records if isinstance(one, Snapshot)]
            children = [self._left(child) for child in left.children if child.ref not in taken]
            found[left.ref] = match(children, issues, self._rules)
        return found


def _given(record: Snapshot, pick: Pick | None) -> frozenset[str]:
    if pick is None:
        return frozenset()
    text = str(record.ref) if pick.field == "key" else _text(record, pick.field)
    return frozenset({pick.of(text)} - {""})


def _text(record: Snapshot, name: str) -> str:
    value = record.get(name)
    return one_line(value, 1000) if value else ""


def paired(integration: Integration, side: Side, refs: Iterable[Ref]) -> set[Ref]:
    """Those of `refs` that this integration has in a pair, or that another one claims."""
    wanted = list(refs)
    own = set(claims.here(integration, side, wanted))
    if integration.mapping.get("shared") is True:
        return own
    return own | claims.elsewhere(integration, side, wanted).keys()


def link(integration: Integration, found: Found, person: str, least: int = USUAL_LEAST) -> int:
    """Join those of `found` that are sure enough, and what matches below them. Writes on no side; how many."""
    count = 0
    for one in found.proposals:
        if one.sure(least):
            pair = join(integration, found.kind, one, person)
            count += 1
            for child in found.below.get(one.left.ref, ()):
                if not child.rivals:
                    join(integration, "requirement", child, person, pair)
                    count += 1
    return count


def join(integration: Integration, kind: str, one: Proposal, person: str, parent: Pair | None = None) -> Pair:
    """Join two records that were there before. Raises Refused where one of them is in a pair already."""
    now = current().now()
    left, right = one.left.ref, one.right.ref
    fresh = Pair(
        integration=integration, kind=kind, parent=parent, title=fit(one.left.name, 300), due_at=now, dirty=0,
        **end_columns(Side.LEFT, left), **end_columns(Side.RIGHT, right),
        state=Pair.State.ASKING, reason=HELD_BACK.reason, remedy=HELD_BACK.remedy, joining=dump_joining(Joining()),
    )  # fmt: skip
    add(integration, fresh)
    line = Entry(f"Linked with {right}: {one.why}.", why=saying.asked(person))
    journal.append(integration.pk, [line], now, pair_id=fresh.pk, person=person)
    return fresh


def add(integration: Integration, fresh: Pair) -> None:
    """Save a new pair. Raises Refused where one of its records is in a pair by now."""
    ends = view(fresh)
    held = [(side, ref) for side, ref in ((Side.LEFT, ends.left), (Side.RIGHT, ends.right)) if ref is not None]
    try:
        with transaction.atomic():
            claims.one_at_a_time(integration)
            if taken := [ref for side, ref in held if paired(integration, side, [ref])]:
                raise Refused(f"{taken[0]} is in a pair already.", remedy="Unlink it there first.")
            fresh.save(force_insert=True)
    except IntegrityError:
        names = " or ".join(str(ref) for _, ref in held)
        raise Refused(f"{names} is in a pair already.", remedy="Unlink it there first.") from None


def waiting(integration: Integration) -> list[Pair]:
    """The linked pairs about which nobody has said who counts."""
    return list(pairs.unsaid(integration.pk).order_by("pk"))


def checked(integration: Integration, joining: Joining) -> Joining:
    """`joining`, if its words and fields exist. Raises Refused."""
    names = {line.name for lines in parse(integration.mapping).fields.values() for line in lines}
    for word in (joining.said, *joining.fields.values()):
        if word not in WORDS:
            raise Refused(f"“{word}” does not say who counts.", remedy="Choose Aha!, Jira, both keep, or the mapping.")
    if unknown := sorted((joining.fields.keys() | joining.erase) - names):
        raise Refused(f"The mapping has no field “{unknown[0]}”.", remedy=f"It has: {', '.join(sorted(names))}.")
    return joining


def surveyed(
    integration: Integration, pairs: Sequence[Pair], joining: Joining, tell: preview.Tell = max
) -> preview.Survey:
    """What would be written on each side if `joining` were said about `pairs`, and what waits. Writes nothing."""
    bridge = current().bridges.of(integration)
    views = [replace(view(pair), joining=checked(integration, joining)) for pair in pairs]
    return preview.survey(bridge, views, (), tell, outlook.of(integration))


def settled_text(integration: Integration, pairs: Sequence[Pair], joining: Joining) -> str:
    """The same as a person reads it, with its brake."""
    found = surveyed(integration, pairs, joining)
    return planwords.text(as_data(found, Pair.objects.filter(integration=integration).count(), most=None))


def settle(integration: Integration, pairs: Sequence[Pair], joining: Joining, person: str) -> int:
    """Say who counts in those of `pairs` nobody has spoken about, and have them carried now. How many there were."""
    here = current()
    data = dump_joining(checked(integration, joining))
    chosen = [pair.pk for pair in pairs if pair.joining is not None and not pair.joining.get("said")]
    for start in range(0, len(chosen), PAGE):
        Pair.objects.filter(pk__in=chosen[start : start + PAGE], joining__said="").update(joining=data)
    for pair_id in chosen:
        line = Entry(f"Who counts was said: {_told(joining)}.", why=f"{person} chose." if person else "")
        journal.append(integration.pk, [line], here.now(), pair_id=pair_id, person=person)
    return wake(here.engine, chosen, here.now(), urgent=len(chosen) == 1, bulk=len(chosen) > 1)


NAMED = {"left": "Aha!", "right": "Jira", "keep": "both keep what they hold", "rule": "as the mapping says"}


def _told(joining: Joining) -> str:
    fields = [f"{name}: {NAMED[word]}" for name, word in sorted(joining.fields.items())]
    erase = [f"{name} may be emptied" for name in sorted(joining.erase)]
    return "; ".join([NAMED[joining.said], *fields, *erase])
