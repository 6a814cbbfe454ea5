"""What is about to be done, as a value: ordered, counted, printable, able to refuse itself. Knows no product.

A plan is made before anything is written. Pages and the command line show the same text, and a plan that would
replace too much of what an integration holds stops and asks for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from crosswalk.errors import NeedsPerson
from crosswalk.merge.decision import Decision
from crosswalk.merge.records import Draft, Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.values import MISSING, Maybe, Rich, Value, dump


class Kind(StrEnum):
    """What a patch does. The order here is the order in a plan."""

    CREATE = "create"
    LINK = "link"
    SHOW = "show"  # a record is given the link to its counterpart
    UPDATE = "update"
    PART = "part"  # what hangs on a record: a change for each comment, file or piece of work
    ORDER = "order"  # what stands below a record gets another place: a change for each that is moved
    DELETE = "delete"


EACH = (Kind.PART, Kind.ORDER)
"""Of these each change is counted, by what it is."""
BESIDE = (Kind.SHOW, *EACH)
"""What a preview tells beside the patch of the same record; no decision about fields leads to these."""
RANK = {kind: rank for rank, kind in enumerate(Kind)}


class Effect(StrEnum):
    """What a patch does to something that a record already holds."""

    OVERWRITTEN = "overwritten"
    EMPTIED = "emptied"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a patch: its name on the patched side, and its value before and after.

    `old` is MISSING for a record to be made. `rule` is the mapping line, `why` the reason with `{left}` and `{right}`
    in it, `lost` whether `old` is a person's value that is kept aside, `across` the field's name on the other side.
    """

    field: str
    old: Maybe
    new: Value
    rule: str = ""
    why: str = ""
    lost: bool = False
    across: str = ""

    @property
    def given_up(self) -> tuple[str, ...]:
        """What the form of the patched side does not hold of a text that comes from across, in words."""
        return self.new.lost if isinstance(self.new, Rich) else ()

    @property
    def effect(self) -> Effect | None:
        """What becomes of the value held now; None where nothing is replaced (a set that only grows keeps all)."""
        if self.old in (MISSING, None, frozenset()) or self.old == self.new:
            return None
        if isinstance(self.old, frozenset) and isinstance(self.new, frozenset) and self.old < self.new:
            return None
        return Effect.EMPTIED if self.new in (None, frozenset()) else Effect.OVERWRITTEN


@dataclass(frozen=True, slots=True)
class Patch:
    """One change to one record on one side.

    `ref` is the record patched, or for a create None, and then `draft` is what to make. `pair` is the caller's name for
    the pair; it counts pairs and is shown nowhere. `under` is the parent: a record, or the token of another
    create in the same plan, which is then done first. `cause` says what led to it.
    """

    kind: Kind
    side: Side
    ref: Ref | None = None
    draft: Draft | None = None
    changes: tuple[Change, ...] = ()
    under: Ref | str | None = None
    cause: str = ""
    pair: str = ""

    @property
    def fields(self) -> dict[str, Value]:
        """The new values by field name, as a client is given them."""
        return {change.field: change.new for change in self.changes}

    @property
    def effect(self) -> Effect | None:
        """The gravest thing this does to what the record already holds."""
        if self.kind is Kind.DELETE:
            return Effect.DELETED
        effects = {change.effect for change in self.changes} if self.kind is Kind.UPDATE else set()
        return next((effect for effect in (Effect.EMPTIED, Effect.OVERWRITTEN) if effect in effects), None)

    @property
    def identity(self) -> Ref | str | None:
        """How other patches of the plan name this one as their parent."""
        if self.kind in BESIDE:
            return None  # beside the create or the update of the same record
        return self.draft.token if self.draft else self.ref


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a plan may replace without a person's word: a share of the known pairs, and a number always allowed."""

    share: float = 0.30
    least: int = 10


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, init=False)
class Plan:
    """Patches in the order they are to be applied. The same patches in the same order give the same plan."""

    patches: tuple[Patch, ...]
    pairs_known: int

    def __init__(self, patches: Iterable[Patch], pairs_known: int = 0) -> None:
        object.__setattr__(self, "patches", ordered(tuple(patches)))
        object.__setattr__(self, "pairs_known", pairs_known)

    def __bool__(self) -> bool:
        return bool(self.patches)

    def counts(self) -> dict[Kind, int]:
        """How many patches of each kind; kinds that do not occur are left out."""
        kinds = [patch.kind for patch in self.patches]
        return {kind: kinds.count(kind) for kind in Kind if kind in kinds}

    def tally(self, side: Side | None = None) -> dict[str, int]:
        """The same by name, of one side or of both, what hangs on records by what it is: a comment, an attachment."""
        found: dict[str, int] = {}
        for patch in self.patches:
            if side in (None, patch.side):
                for name in [one.field for one in patch.changes] if patch.kind in EACH else [patch.kind.value]:
                    found[name] = found.get(name, 0) + 1
        return found

    def effects(self) -> dict[Effect, int]:
        """How many known pairs are overwritten, emptied or deleted, each counted once, by the gravest."""
        gravest: dict[str | Ref | None, Effect] = {}
        for patch in self.patches:
            if patch.effect is not None:
                pair = patch.pair or patch.ref
                gravest[pair] = max(patch.effect, gravest.get(pair, patch.effect), key=list(Effect).index)
        found = list(gravest.values())
        return {effect: found.count(effect) for effect in Effect if effect in found}

    def raise_if_unsafe(self, limits: Limits = DEFAULT_LIMITS) -> None:
        """Raises errors.NeedsPerson where this would replace or delete more than `limits` allow (invariant I11)."""
        stop_if_unsafe(self.effects(), self.pairs_known, limits)

    def as_data(self) -> dict[str, Any]:
        """The plan as JSON-able data, values written as by `values.dump`."""
        return {
            "pairs_known": self.pairs_known,
            "counts": {str(kind): count for kind, count in self.counts().items()},
            "effects": {str(effect): count for effect, count in self.effects().items()},
            "patches": [_patch_data(patch) for patch in self.patches],
        }


def stop_if_unsafe(effects: Mapping[Effect, int], known: int, limits: Limits = DEFAULT_LIMITS) -> None:
    """Raises errors.NeedsPerson where so many of the `known` pairs are more than `limits` allow (invariant I11)."""
    hit = sum(effects.values())
    if hit < limits.least or hit <= limits.share * known:
        return
    parts = ", ".join(f"{count} {effect}" for effect, count in effects.items())
    raise NeedsPerson(
        f"The plan would replace what {hit} of {known} known pairs hold ({parts}). "
        f"Nothing was written: more than {limits.share:.0%} is not done without a person's word.",
        remedy="Approve it if it is meant; if not, pause the integration, find what changed so many records at once "
        "(the mapping, a bulk edit, a restored back-up, a wrong project) and mend that first.",
    )


def ordered(patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """`patches` by kind, parents before what hangs below them (the reverse for deletes); otherwise as they came."""
    by_identity = {patch.identity: patch for patch in patches if patch.identity is not None}

    def depth(patch: Patch) -> int:
        above: list[Ref | str | None] = []
        parent = patch.under
        # A ring of parents is nonsense that a server may still tell us; it must not hang us.
        while parent in by_identity and parent not in above:
            above.append(parent)
            parent = by_identity[parent].under
        return len(above)

    def place(patch: Patch) -> tuple[int, int]:
        return RANK[patch.kind], -depth(patch) if patch.kind is Kind.DELETE else depth(patch)

    return tuple(sorted(patches, key=place))


def changes_on(side: Side, decisions: Iterable[Decision]) -> tuple[Change, ...]:
    """The fields that `decisions` write on `side`, in their order."""
    return tuple(
        Change(
            decision.rule.field(side),
            decision.value(side),
            decision.write[side],
            decision.name,
            decision.reason,
            lost=decision.lost_side is side,
            across=decision.rule.field(side.other),
        )
        for decision in decisions
        if side in decision.write
    )


def plan_pair(
    refs: Mapping[Side, Ref],
    decisions: Sequence[Decision],
    *,
    pair: str = "",
    parents: Mapping[Side, Ref] | None = None,
    cause: str = "",
) -> tuple[Patch, ...]:
    """At most one update for each side of an existing pair, with every field that `decisions` write there."""
    patches = []
    for side in Side:
        changes = changes_on(side, decisions)
        if changes:
            under = (parents or {}).get(side)
            patches.append(Patch(Kind.UPDATE, side, refs[side], None, changes, under, cause, pair))
    return tuple(patches)


def draft_fields(side: Side, decisions: Iterable[Decision]) -> dict[str, Value]:
    """The fields of the Draft that is to be made on `side`, from `merge.introduce`."""
    return {change.field: change.new for change in changes_on(side, decisions)}


def plan_new(
    side: Side, draft: Draft, decisions: Iterable[Decision] = (), *, after: str = "", cause: str = "new record"
) -> Patch:
    """The create of `draft` on `side`; `after` is the token of its parent's draft where that is in the same plan.

    `decisions` say where the draft's fields come from; fields that the caller added by itself are shown without.
    """
    known = {change.field: change for change in changes_on(side, decisions)}
    changes = tuple(
        replace(known[name], old=MISSING, new=value, lost=False) if name in known else Change(name, MISSING, value)
        for name, value in draft.fields.items()
    )
    return Patch(Kind.CREATE, side, None, draft, changes, after or draft.parent, cause)


def _patch_data(patch: Patch) -> dict[str, Any]:
    return {
        "kind": patch.kind.value,
        "side": patch.side.value,
        "ref": _ref_data(patch.ref),
        "draft": {"kind": patch.draft.kind, "token": patch.draft.token} if patch.draft else None,
        "under": {"token": patch.under} if isinstance(patch.under, str) else _ref_data(patch.under),
        "cause": patch.cause,
        "pair": patch.pair,
        "changes": [
            {
                "field": change.field,
                "old": dump(change.old),
                "new": dump(change.new),
                "rule": change.rule,
                "why": change.why,
                "lost": change.lost,
            }
            for change in patch.changes
        ],
    }


def _ref_data(ref: Ref | None) -> dict[str, str] | None:
    return {"kind": ref.kind, "id": ref.id, "key": ref.key} if ref else None
