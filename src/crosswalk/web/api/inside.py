"""Endpoints for pages of Aha! itself: how a record is in Jira, by its reference there, and send it."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from ninja import Path, Router

from crosswalk.store.acts import Deed
from crosswalk.sync import inside
from crosswalk.sync.inside import Place
from crosswalk.sync.installation import current
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting
from crosswalk.web.api.shapes import Done, InsideIn, InsideOut, PlaceOut
from crosswalk.web.words import state_of

router = Router(tags=["Inside Aha!"])
Reference = Annotated[str, Path(max_length=100, pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)+$")]


@router.get("/aha/{reference}", response=InsideOut)
def aha_record(request: HttpRequest, reference: Reference) -> InsideOut:
    """How a record of Aha! is in Jira, in each integration that covers it. A page sees its own account's only."""
    found = inside.places(reference, request.headers.get("Origin", ""))
    return InsideOut(reference=reference, places=[_place(place) for place in found])


@router.post("/aha/{reference}/send", response=Done)
def aha_send(request: HttpRequest, reference: Reference, body: InsideIn) -> Done:
    """Send a record of Aha! to Jira; a requirement goes with its feature. Doing it twice does it once."""
    deed = Deed("send", "Sending records", reference)

    def send() -> str:
        found = inside.places(reference, request.headers.get("Origin", ""))
        place = inside.one_of(reference, found, body.integration)
        return inside.send(body.kind, reference, place, person(request))

    return Done(said=acting(request, send, str, deed), count=1)


def _place(place: Place) -> PlaceOut:
    pair, shown = place.pair, state_of(place.pair)
    return PlaceOut.model_validate(
        {
            "integration": place.integration.pk,
            "name": place.integration.name,
            "enabled": place.integration.enabled,
            "record": pair.pk if pair else None,
            "key": pair.right_key if pair else "",
            "url": pair.right_url if pair else "",
            "status": place.status,
            "state": shown.word,
            "tone": shown.tone,
            "due": pair is not None and pair.dirty != pair.done,
            "reason": pair.reason if pair else "",
            "remedy": pair.remedy if pair else "",
            "page": f"{current().config.url}{reverse('record', args=[pair.pk])}" if pair else "",
        }
    )
