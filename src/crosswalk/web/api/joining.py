"""Endpoints about which records belong together: link, unlink, pause; and whether webhooks deliver."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from crosswalk.store.acts import Deed
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import holding, hooking, linking
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting, refs
from crosswalk.web.api.problems import Stop
from crosswalk.web.api.rows import SIDES, WORDS, Number, record_out
from crosswalk.web.api.shapes import Done, Name, RecordOut
from crosswalk.web.api.shapes_deciding import BesideOut, HoldIn, HookOut, LinkField, LinkIn
from crosswalk.web.reading import integration_of

router = Router(tags=["Links and webhooks"])


def _look(found: Integration, record: str, issue: str) -> linking.Beside:
    (ref,) = refs(found, [record])
    return linking.look(found, ref, issue)


@router.get("/integrations/{pk}/link", response=BesideOut)
def link(
    request: HttpRequest,
    pk: Number,
    record: Annotated[Name, Query(description="A record of Aha!, such as FAB-7")],
    issue: Annotated[Name, Query(description="The key of an issue that is there already")],
) -> BesideOut:
    """A record and an issue beside each other, before they are linked. Reads both and writes nothing."""
    seen = _look(integration_of(pk), record, issue)
    fields = [
        LinkField(
            field=one.field,
            aha=one.left,
            jira=one.right,
            winner=WORDS[one.winner] if one.winner else "",
            asked=one.asked,
            why=one.why,
        )
        for one in seen.choices
    ]
    return BesideOut(aha=str(seen.left.ref), jira=str(seen.right.ref), mark=seen.mark, fields=fields)


@router.post("/integrations/{pk}/link", response=RecordOut, url_name="link")
def set_link(request: HttpRequest, pk: Number, body: LinkIn) -> RecordOut:
    """Link them and bring them into step. An empty value erases the other only where `erase` says so."""
    found = integration_of(pk)
    seen = _look(found, body.record, body.issue)
    if seen.mark != body.mark:
        raise Stop(409, "Somebody changed a value since you looked.", "Look at both again, then link them.")

    def act() -> Pair:
        asked = {one.field for one in seen.choices if one.asked}
        words = {one.field: (SIDES[one.side], one.erase) for one in body.winners if one.field in asked}
        return linking.link(found, seen, body.mark, words, person(request))

    pair = acting(request, act, lambda one: f"{one} are linked, and are being brought into step.")
    pair.refresh_from_db()
    return record_out(pair)


_HELD = {"pause": "pause", "go-on": "resume", "ignore": "ignore"}


@router.post("/records/{pk}/hold", response=Done)
def hold(request: HttpRequest, pk: Number, body: HoldIn) -> Done:
    """Pause a record, ignore it, unlink it, or undo that. Both records stay as they are."""
    pair = get_object_or_404(Pair.objects.select_related("integration"), pk=pk)
    who, said = (
        person(request),
        {
            "unlink": f"{pair} is unlinked. Nothing was changed in Aha! or Jira.",
            "link-again": f"{pair} is linked again.",
        },
    )

    def act() -> int:
        if body.word == "unlink":
            return holding.unlink([pair], who)
        if body.word == "link-again":
            holding.relink(pair, who)
            return 1
        return holding.do([pair], _HELD[body.word], who)

    def told(count: int) -> str:
        return said.get(body.word) or holding.DONE[_HELD[body.word]].format("1 record is" if count else "0 records are")

    count = acting(request, act, told, Deed("approval", "Pausing, ignoring or linking a record", str(pair)))
    return Done(said=told(count), count=count)


@router.get("/integrations/{pk}/hooks", response=list[HookOut])
def hooks(request: HttpRequest, pk: Number) -> list[HookOut]:
    """Whether the webhooks of each side deliver, or fell silent; never their addresses, nor the secret of Jira's."""
    return [
        HookOut.model_validate(
            {
                "side": one.side,
                "state": one.state,
                "last_at": one.last,
                "missed_at": one.missed,
                "hint": one.hint,
                "bare": one.bare,
                "secret_set": one.secret,
                "signed": one.signed,
            }
        )
        for one in hooking.hooking(integration_of(pk))
    ]


@router.post("/integrations/{pk}/hooks", response=Done, url_name="hooks")
def set_hooks(request: HttpRequest, pk: Number) -> Done:
    """Register the webhook in Jira, where its API allows that. Doing it twice does it once."""
    found = integration_of(pk)
    said = acting(request, lambda: hooking.register(found, person(request)), str)
    return Done(said=said, count=1)
