"""Endpoints about one record: how it is, why, and look again."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from crosswalk.store.models import Pair
from crosswalk.sync import service
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting
from crosswalk.web.api.rows import Number, record_out
from crosswalk.web.api.shapes import Done, FieldOut, PutBackIn, RecordOut

router = Router(tags=["Records"])


def _pair(pk: int) -> Pair:
    return get_object_or_404(Pair.objects.select_related("integration"), pk=pk)


@router.get("/records/{pk}", response=RecordOut)
def record(request: HttpRequest, pk: Number) -> RecordOut:
    """One record."""
    return record_out(_pair(pk))


@router.get("/records/{pk}/explain", response=list[FieldOut])
def explain(request: HttpRequest, pk: Number) -> list[FieldOut]:
    """Why each field is or is not carried, from both sides as they are now."""
    return [
        FieldOut(
            field=line["field"],
            verdict=line["verdict"],
            why=line["why"],
            remedy=line["remedy"],
            aha=line["left"],
            jira=line["right"],
        )
        for line in service.explain(_pair(pk))
    ]


@router.post("/records/{pk}/retry", response=Done)
def retry(request: HttpRequest, pk: Number) -> Done:
    """Look at it now, whatever happened before."""
    found = _pair(pk)
    said = f"{found.left_key or found.right_key} is being looked at now."
    count = acting(request, lambda: service.retry([found.pk], person(request)), lambda _: said)
    return Done(said=said, count=count)


@router.post("/records/{pk}/put-back", response=Done)
def put_back(request: HttpRequest, pk: Number, body: PutBackIn) -> Done:
    """Put back a value that a write had replaced."""
    found = _pair(pk)
    entry = get_object_or_404(found.journal, pk=body.line)
    name = acting(request, lambda: service.put_back(entry.pk, person(request)), lambda one: f"{one} is put back.")
    return Done(said=f"{name} is put back.", count=1)
