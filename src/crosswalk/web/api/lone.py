"""Endpoints about what Jira alone has: issues and versions of the project in no pair."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from crosswalk.store import findings
from crosswalk.store.errands import newest, newest_done
from crosswalk.sync import errands
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting
from crosswalk.web.api.rows import Number
from crosswalk.web.api.shapes import Done
from crosswalk.web.api.shapes_deciding import LoneIn, LoneItem, LoneOut
from crosswalk.web.reading import integration_of

router = Router(tags=["Only in Jira"])


@router.get("/integrations/{pk}/only-in-jira", response=LoneOut)
def lone(
    request: HttpRequest,
    pk: Number,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="Only those behind this id")] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> LoneOut:
    """Issues and versions of the project in no pair, as they were last read. Asks no server."""
    found = integration_of(pk)
    last, shown = newest(found, errands.LONE), newest_done(found, errands.LONE)
    reading = last is not None and last.finished_at is None
    if shown is None:
        return LoneOut(read_at=None, reading=reading, words="", whole=False, total=0, items=[])
    some = findings.in_no_pair(shown)
    items = [
        LoneItem(
            jira=one.right_key,
            name=one.right_name,
            type=one.type,
            becomes=one.kind if one.clear else "",
            below=one.below,
            why=one.why,
            id=one.pk,
        )
        for one in some.filter(pk__gt=after).order_by("pk")[:limit]
    ]
    words, whole = str(shown.asked.get("words", "")), shown.result.get("whole") is True
    return LoneOut(
        read_at=shown.finished_at, reading=reading, words=words, whole=whole, total=some.count(), items=items
    )


@router.post("/integrations/{pk}/only-in-jira", response=Done, url_name="lone")
def set_lone(request: HttpRequest, pk: Number, body: LoneIn) -> Done:
    """Have Jira read. Ask again until `reading` is false; asked twice for the same, it is read once."""
    found, said = integration_of(pk), "Jira is being read."
    asked = {"words": body.words.strip()}
    acting(request, lambda: errands.begin(found, errands.LONE, asked, person(request)), lambda _: said)
    return Done(said=said, count=1)
