"""Matches as errands: who may be the same is found and kept for a person to tick; what is ticked is linked.

Nothing is written on a side by either: what is linked here waits until somebody says who counts (sync/settling.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.store import errands as kept
from crosswalk.store import findings
from crosswalk.store.models import Errand, Finding, Pair
from crosswalk.store.text import fit
from crosswalk.sync import errands, joining
from crosswalk.sync.joining import Asked, Found, Tell
from crosswalk.sync.matching import RULES, USUAL_LEAST, Card, Proposal

STEP = 20  # links kept together, between two words on how far it is


def search(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Find who matches and keep it, those that are sure enough ticked; what there was, in numbers."""
    found = joining.find(errand.integration, asked_of(errand), tell)
    tell("Keeping what was found", 0, 0)
    count = findings.keep(errand, list(_rows(found)))
    _set_above(errand)
    return {"found": count, "taken": found.taken, "alone": list(found.alone)}


def asked_of(errand: Errand) -> Asked:
    """What the errand was asked for."""
    said = errand.asked
    rules = tuple(str(rule) for rule in said.get("rules", RULES))
    return Asked(
        str(said.get("kind", "feature")), str(said.get("expression", "")), str(said.get("reference", "")), rules
    )


def _rows(found: Found) -> Iterator[Finding]:
    for one in found.proposals:
        yield _row(found.kind, one, ticked=one.sure(USUAL_LEAST))
        for child in found.below.get(one.left.ref, ()):
            yield _row("requirement", child, ticked=one.sure(USUAL_LEAST) and not child.rivals)


def _row(kind: str, one: Proposal, *, ticked: bool) -> Finding:
    left, right = one.left, one.right
    return Finding(
        kind=kind, confidence=one.confidence, clear=not one.rivals, rivals=list(one.rivals), ticked=ticked,
        left_kind=left.ref.kind, left_id=left.ref.id, left_key=fit(left.ref.key, 100), left_name=fit(left.name, 300),
        right_kind=right.ref.kind, right_id=right.ref.id, right_key=fit(right.ref.key, 100),
        right_name=fit(right.name, 300), why=one.why,
    )  # fmt: skip


def _set_above(errand: Errand) -> None:
    """Say of what stands below a match which one that is: the last row before it that stands below nothing."""
    above, changed = None, []
    for row in errand.findings.order_by("place").only("pk", "kind"):
        if row.kind != "requirement":
            above = row
            continue
        row.above = above
        changed.append(row)
    Finding.objects.bulk_update(changed, ["above"], batch_size=500)


def begin_link(search: Errand, count: int, person: str) -> Errand:
    """Have the `count` that are ticked of `search` linked. Raises Refused while others are being linked."""
    asked = {"of": search.pk, "ticked": count}
    with kept.one_at_a_time(search.integration):
        running = kept.newest(search.integration, errands.LINK)
        if running is not None and running.finished_at is None and running.asked != asked:
            raise Refused(
                f"{running.person or 'Somebody'} is linking matches now, so nothing was done.",
                remedy="Look when that has ended, or stop it.",
            )
        return errands.begin(search.integration, errands.LINK, asked, person)


def link(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Link what a person ticked among what the errand `of` found. Each by itself: one that is refused says why.

    Where a person stops it, what is `left` stays ticked.
    """
    rows = list(findings.ticked(search_of(errand)).select_related("above__pair"))
    linked: dict[int, Pair] = {}
    refused = 0
    for start in range(0, len(rows), STEP):
        if kept.paused(errand.pk):
            return {"linked": len(linked), "refused": refused, "left": len(rows) - start}
        tell(f"Linked {start} of {len(rows)}", start, len(rows))
        with (
            transaction.atomic()
        ):  # so a match is never linked without being known as linked, and a disk waited for less
            refused += sum(not _linked(errand, row, linked) for row in rows[start : start + STEP])
    return {"linked": len(linked), "refused": refused}


def _linked(errand: Errand, row: Finding, linked: dict[int, Pair]) -> bool:
    """Link one; False where it is refused. Either is said on it."""
    try:
        linked[row.pk] = _join(errand, row, linked)
    except Refused as error:
        Finding.objects.filter(pk=row.pk).update(trouble=str(error), state=findings.REFUSED)
        return False
    Finding.objects.filter(pk=row.pk).update(pair=linked[row.pk], trouble="", state=findings.DONE)
    return True


def search_of(errand: Errand) -> Errand:
    """The errand that found what this one is about. Raises Refused where it is not kept any more."""
    found = Errand.objects.filter(pk=errand.asked.get("of"), integration=errand.integration_id).first()
    if found is None:
        raise Refused("What was found is not kept any more.", remedy="Look again.")
    return found


def _join(errand: Errand, row: Finding, linked: dict[int, Pair]) -> Pair:
    parent = None
    if row.above is not None:
        parent = linked.get(row.above.pk) or row.above.pair
        if parent is None:
            raise Refused(
                f"{row.left_key} stands below {row.above.left_key}, which is not linked.",
                remedy=f"Tick {row.above.left_key}, too.",
            )
    left = Card(Ref(row.left_kind, row.left_id, row.left_key), row.left_name)
    right = Card(Ref(row.right_kind, row.right_id, row.right_key), row.right_name)
    one = Proposal(left, right, row.confidence, tuple(row.rivals))
    return joining.join(errand.integration, row.kind, one, errand.person, parent)
