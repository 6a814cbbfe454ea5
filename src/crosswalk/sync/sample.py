"""One real record through a mapping: what stands on either side, and what would be written. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosswalk.errors import Refused
from crosswalk.merge.decision import Decision, Verdict
from crosswalk.merge.merge import introduce
from crosswalk.merge.pairs import PairView
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import Joining
from crosswalk.store.models import Integration, Pair
from crosswalk.store.views import view
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.durations import in_line
from crosswalk.sync.explaining import told
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import Mapping
from crosswalk.sync.pair import decided
from crosswalk.sync.preview import field_of, missing_above

SHORT = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the mapping with a record's values; `to_left` and `to_right` are what would be written, as text."""

    name: str
    left: str
    right: str
    verdict: str
    why: str
    remedy: str = ""
    to_left: str | None = None
    to_right: str | None = None

    @property
    def moves(self) -> bool:
        """Whether something would be written, or is refused or asked."""
        stopped = (Verdict.REFUSED, Verdict.CONFLICT, Verdict.ASK)
        return self.to_left is not None or self.to_right is not None or self.verdict in stopped


@dataclass(frozen=True, slots=True)
class Sample:
    """A record on both sides; `right` is None while it is on one side only."""

    left: Ref
    right: Ref | None
    rows: tuple[Row, ...]

    @property
    def moving(self) -> tuple[Row, ...]:
        """The rows in which something would be written, or is refused or asked."""
        return tuple(row for row in self.rows if row.moves)

    @property
    def still(self) -> tuple[Row, ...]:
        """All others."""
        return tuple(row for row in self.rows if not row.moves)


def sample(integration: Integration, mapping: Mapping, kind: str, record: str) -> Sample:
    """What `mapping` makes of `record` (its reference number or issue key; "" for one that is in step).

    Raises Refused where there is no such record of this kind.
    """
    bridge = current().bridges.draft(integration, mapping).bridge
    known = Pair.objects.filter(integration=integration, kind=kind).exclude(left_id=None)
    if record:
        pair = (known.filter(left_key=record) | known.filter(right_key=record)).first()
    else:
        pair = known.exclude(right_id=None).order_by("-agreed_at", "-pk").first() or known.order_by("-pk").first()
    if pair is not None and pair.right_id is not None:
        return _joined(bridge, view(pair))
    return _alone(bridge, _alone_ref(integration, kind, record, pair), kind)


def any_of(integration: Integration, kind: str) -> bool:
    """Whether there is a record of `kind` to look at before somebody names one."""
    return kind == "feature" or Pair.objects.filter(integration=integration, kind=kind, left_id__isnull=False).exists()


def _alone_ref(integration: Integration, kind: str, record: str, pair: Pair | None) -> Ref:
    if pair is not None:
        return Ref(pair.left_kind, pair.left_id or "", pair.left_key)
    if record:
        return Ref(kind, "", record)
    if kind == "feature" and (lines := current().bridges.records(integration, "", 1).lines):
        return lines[0].ref
    raise Refused(f"No {kind} was sent yet.", remedy=f"Enter the reference number of the {kind} to look at.")


def _joined(bridge: Bridge, pair: PairView) -> Sample:
    left = bridge.left.read([pair.left])[pair.left] if pair.left else None
    right = bridge.right.read([pair.right])[pair.right] if pair.right else None
    if not (isinstance(left, Snapshot) and isinstance(right, Snapshot)):
        raise Refused("One of the two records can not be read now.", remedy="Choose another one.")
    rules = bridge.book.rules(pair.kind, left, right)
    return Sample(
        left.ref, right.ref, _rows(decided(pair, (left, right), rules, bridge.ledger.disputes(pair.id)), pair.joining)
    )


def _alone(bridge: Bridge, ref: Ref, kind: str) -> Sample:
    found = next((one for one in bridge.left.read([ref]).values() if isinstance(one, Snapshot)), None)
    if found is None:
        raise Refused(f"There is no {kind} “{ref}” in Aha!.", remedy="Check its reference number.")
    first = {field_of(ref): ref for ref in missing_above(bridge, kind, found)}
    decisions = introduce(found, Side.LEFT, bridge.book.rules(kind, found, None))
    rows = zip(decisions, _rows(decisions), strict=True)
    return Sample(found.ref, None, tuple(_going(row, first.get(one.rule.left)) for one, row in rows))


def _going(row: Row, first: Ref | None) -> Row:
    """`row` as it will be: what the record stands in or below has no issue yet, and goes first when it is sent."""
    if first is None or row.verdict != Verdict.REFUSED:
        return row
    said = f"The {first.kind} goes to Jira first."
    return replace(row, verdict=Verdict.CARRY.value, why=said, remedy="", to_right=row.left)


def _rows(decisions: Sequence[Decision], joining: Joining | None = None) -> tuple[Row, ...]:
    return tuple(
        Row(
            one.name,
            in_line(one.rule.right, one.left, SHORT),
            in_line(one.rule.right, one.right, SHORT),
            *told(one, decisions, joining),
            in_line(one.rule.right, one.write[Side.LEFT], SHORT) if Side.LEFT in one.write else None,
            in_line(one.rule.right, one.write[Side.RIGHT], SHORT) if Side.RIGHT in one.write else None,
        )
        for one in decisions
    )
