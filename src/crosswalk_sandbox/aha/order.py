"""The order of records among their siblings, and requirements that move to another feature. Knows no HTTP.

A position is a whole number from 1 in a release (features, epics), a feature (requirements) or a workspace.
It is read as in https://www.aha.io/api/resources/features/get_a_specific_feature; no parameter of REST writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from crosswalk_sandbox.aha.history import record_audit
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import Account, Record

Where = Literal["TOP", "BOTTOM", "BEFORE", "AFTER"]


def siblings(account: Account, record: Record) -> list[Record]:
    """The records of the same kind in the same place, in their order, the record itself among them."""
    if record.parent is not None:
        found = list(record.parent.requirements)
    elif record.kind in ("feature", "epic"):
        found = [other for other in account.all(record.kind) if other.release is record.release]
    else:
        found = [other for other in account.all(record.kind) if other.product is record.product]
    return sorted(found, key=lambda one: (one.position, int(one.id)))


def place(account: Account, user: User, records: Sequence[Record], where: Where, beside: Record | None = None) -> None:
    """Put records, in their order, to an end of their siblings or beside one of them. Raises Invalid."""
    if not records:
        return
    others = [one for one in siblings(account, records[0]) if one not in records]
    if any(one not in siblings(account, records[0]) for one in records):
        raise Invalid("Records are not in the same place")
    if where in ("BEFORE", "AFTER") and beside not in others:
        raise Invalid("Record to place beside does not exist there")
    at = {"TOP": 0, "BOTTOM": len(others)}.get(where, -1)
    if at < 0:
        at = others.index(beside) + (where == "AFTER") if beside is not None else 0
    _number(account, user, [*others[:at], *records, *others[at:]], records)


def move_to(account: Account, user: User, record: Record, position: int) -> None:
    """Give a record a position counted from 1; beyond the end is the end. Raises Invalid."""
    if position < 1:
        raise Invalid("Position must be greater than 0")
    others = [one for one in siblings(account, record) if one is not record]
    at = min(position - 1, len(others))
    _number(account, user, [*others[:at], record, *others[at:]], [record])


def _number(account: Account, user: User, ordered: Sequence[Record], moved: Sequence[Record]) -> None:
    before = {record.id: record.position for record in ordered}
    for number, record in enumerate(ordered, 1):
        record.position = number
    if ordered[0].parent is not None:
        ordered[0].parent.requirements[:] = ordered
    for record in moved:
        if record.position != before[record.id]:
            record.updated_at = account.now()
            change = f"{before[record.id]} &rarr; {record.position}"
            record_audit(account, user, "update", record, [("Position", change)])


def move_requirement(account: Account, user: User, record: Record, feature: Record) -> None:
    """Put a requirement into another feature: it gets a new reference number there; its id stays."""
    old = record.parent
    if old is None or old is feature:
        return
    old.requirements.remove(record)
    change = [("Feature", f"{old.ref} {old.name} &rarr; {feature.ref} {feature.name}")]
    record.parent, record.product = feature, feature.product
    record.position = len(feature.requirements) + 1
    feature.requirements.append(record)
    account.rename_ref(record, account.next_ref(feature.product, "requirement", feature))
    record.updated_at = account.now()
    record_audit(account, user, "update", record, change)
