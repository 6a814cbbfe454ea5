"""Endpoints about one record: how it is, why, and look again."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router

from crosswalk.store.models import Errand, Pair
from crosswalk.sync import service, undoing
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting
from crosswalk.web.api.problems import Stop
from crosswalk.web.api.rows import Number, record_out
from crosswalk.web.api.shapes import Done, FieldOut, PutBackIn, RecordOut
from crosswalk.web.api.shapes_deciding import UndoIn, UndoOut

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
            note=line["note"],
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
    """Put back at once a value that a write had replaced, unless somebody changed the field since.

    To look first at what that would write, see `lines/{line}/put-back`.
    """
    found = _pair(pk)
    entry = get_object_or_404(found.journal, pk=body.line)
    name = acting(request, lambda: service.put_back(entry.pk, person(request)), lambda one: f"{one} is put back.")
    return Done(said=f"{name} is put back.", count=1)


Run = Annotated[int, Path(ge=0, le=2**63 - 1)]


def _out(look: Errand) -> UndoOut:
    done = undoing.reverting(look)
    ready = look.finished_at is not None
    undone = done is not None and done.finished_at is not None and not done.trouble
    return UndoOut(
        id=look.pk,
        planned=ready,
        plan=look.result if ready else {},
        undone=int(done.result.get("count", 0)) if undone and done is not None else None,
        trouble=" ".join(one for one in (look.trouble, done.trouble if done else "") if one),
        remedy=" ".join(one for one in (look.remedy, done.remedy if done else "") if one),
    )


def _looked(pair: Pair, asked: dict[str, int], what: str) -> UndoOut:
    look = undoing.looked(pair, asked)
    if look is None:
        raise Stop(404, f"Nobody looked at what {what} would write.", "Ask for it by POST first.")
    return _out(look)


def _set(request: HttpRequest, pair: Pair, asked: dict[str, int], seen: int | None, said: str) -> UndoOut:
    """Begin a look; or, where one was `seen`, have what it showed put back, unless it is not the newest."""
    who = person(request)
    if seen is None:
        return _out(undoing.begin_look(pair, asked, who))
    look = undoing.looked(pair, asked)

    def act() -> None:
        if not undoing.begin_revert(look, str(seen), who):
            raise Stop(409, "That is not the newest look, or it is not ready. Nothing was done.", "Read it again.")

    acting(request, act, lambda _: said)
    assert look is not None
    return _out(look)


@router.get("/records/{pk}/runs/{run}/undo", response=UndoOut)
def undo(request: HttpRequest, pk: Number, run: Run) -> UndoOut:
    """What undoing a run would write, and whether it was done."""
    pair = _pair(pk)
    return _looked(pair, undoing.of_a_run(pair, run), f"undoing run {run}")


@router.post("/records/{pk}/runs/{run}/undo", response=UndoOut, url_name="undo")
def set_undo(request: HttpRequest, pk: Number, run: Run, body: UndoIn) -> UndoOut:
    """Without an id: look at what undoing a run would write. With the id of a look: put back what that one showed."""
    pair = _pair(pk)
    return _set(request, pair, undoing.of_a_run(pair, run), body.id, f"Run {run} is being undone.")


@router.get("/records/{pk}/lines/{line}/put-back", response=UndoOut)
def put_back_planned(request: HttpRequest, pk: Number, line: Run) -> UndoOut:
    """What putting back the value that a line of the log keeps would write, and whether it was done."""
    pair = _pair(pk)
    return _looked(pair, undoing.of_a_line(pair, line), f"putting back line {line}")


@router.post("/records/{pk}/lines/{line}/put-back", response=UndoOut, url_name="put_back_planned")
def set_put_back_planned(request: HttpRequest, pk: Number, line: Run, body: UndoIn) -> UndoOut:
    """Without an id: look at what putting a value back would write. With the id of a look: write what that one showed.

    What somebody changed since is replaced, too, if the look showed it.
    """
    pair = _pair(pk)
    entry = get_object_or_404(pair.journal, pk=line)
    said = f"{entry.field} is being put back."
    return _set(request, pair, undoing.of_a_line(pair, entry.pk), body.id, said)
