"""Endpoints about what waits for a person: conflicts, and deletes that were stopped."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from crosswalk.store.acts import Deed
from crosswalk.store.models import DisputeRow, Integration
from crosswalk.sync import conflicts as inbox
from crosswalk.sync import deletions as stopping
from crosswalk.sync.bridge import NAMES
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting
from crosswalk.web.api.problems import Stop
from crosswalk.web.api.rows import SIDES, WORDS, Number
from crosswalk.web.api.shapes import Done
from crosswalk.web.api.shapes_deciding import (
    ConflictEnd,
    ConflictOut,
    Conflicts,
    DeletionIn,
    DeletionOut,
    SettleIn,
)
from crosswalk.web.reading import integration_of

router = Router(tags=["What waits for a person"])


@router.get("/conflicts", response=Conflicts)
def conflicts(
    request: HttpRequest,
    integration: Annotated[int, Query(ge=0, le=2**63 - 1, description="Only of this one; 0: of all")] = 0,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="Only conflicts with a higher id")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Conflicts:
    """Fields that both sides changed, which wait for an answer; everything else goes on."""
    about = get_object_or_404(Integration, pk=integration) if integration else None
    items = [_conflict(one) for one in inbox.waiting(about, after, limit)]
    return Conflicts(items=items, total=inbox.count(about))


def _conflict(one: inbox.Conflict) -> ConflictOut:
    ends = [
        ConflictEnd(side=WORDS[end.side], now=end.now, before=end.before, changed_at=end.at, changed_by=end.by)
        for end in one.ends
    ]
    return ConflictOut(
        id=one.row.pk,
        integration=one.pair.integration_id,
        record=one.pair.pk,
        aha=one.pair.left_key,
        jira=one.pair.right_key,
        field=one.row.field,
        since=one.row.since,
        mark=one.mark,
        is_text=one.text is not None,
        ends=ends,
    )


@router.post("/conflicts/{pk}", response=Done)
def settle(request: HttpRequest, pk: Number, body: SettleIn) -> Done:
    """Decide a conflict. The losing value stays in the history; an answer about older values is refused."""
    row = get_object_or_404(DisputeRow.objects.select_related("pair"), pk=pk)
    if row.winner or inbox.shown(row).mark != body.mark:
        raise Stop(409, inbox.CHANGED, "Read the conflicts again, then choose.")
    name, who = f"{row.field} of {row.pair.left_key or row.pair.right_key}", person(request)

    def act() -> str:
        if body.counts == "text":
            inbox.by_hand(pk, body.mark, body.text, who)
            return f"{name} is as you wrote it, on both sides."
        inbox.choose(pk, body.mark, SIDES[body.counts], who)
        return f"{NAMES[SIDES[body.counts]]} counts for {name}."

    said = acting(request, act, str, Deed("approval", "Deciding a conflict", str(row.pair)))
    return Done(said=said, count=1)


@router.get("/integrations/{pk}/deletions", response=list[DeletionOut])
def deletions(request: HttpRequest, pk: Number) -> list[DeletionOut]:
    """Deletes, and fields to be emptied, that were stopped and ask: approve, or keep the records."""
    return [
        DeletionOut(
            side=WORDS[one.side],
            in_doubt=one.doubt,
            emptied=one.emptied,
            question=one.question,
            rule=one.rule,
            records=list(one.names),
            last=one.last,
        )
        for one in stopping.stopped(integration_of(pk))
    ]


@router.post("/integrations/{pk}/deletions", response=Done, url_name="deletions")
def set_deletions(request: HttpRequest, pk: Number, body: DeletionIn) -> Done:
    """Answer deletes that wait on a side: delete, or keep."""
    found, side = integration_of(pk), SIDES[body.side]
    waiting = {(one.side, one.doubt, one.emptied): one for one in stopping.stopped(found)}
    meant = waiting.get((side, body.in_doubt, body.emptied))
    if meant is None or (len(meant.pairs), meant.last) != (body.records, body.last):
        raise Stop(409, "Not these deletes wait now, so nothing was answered.", "Read what waits, and answer that.")
    word = "yes" if body.delete else "no"

    def act() -> int:
        return stopping.answer(found, meant.about, word, person(request))

    def told(count: int) -> str:
        return stopping.answered(meant.about, word, count)

    count = acting(request, act, told)
    return Done(said=told(count), count=count)
