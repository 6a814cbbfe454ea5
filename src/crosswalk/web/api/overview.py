"""Endpoints about the whole: who am I, connections, the log, files to apply."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from crosswalk.errors import Refused
from crosswalk.store import journal, tokens
from crosswalk.store.acts import Deed
from crosswalk.store.models import ApiToken, Connection, Integration, JournalEntry, NewIntegration
from crosswalk.sync import ascode, service
from crosswalk.sync import new_integration as making
from crosswalk.sync.ends import end_of
from crosswalk.sync.files import read
from crosswalk.sync.installation import current
from crosswalk.web import reading
from crosswalk.web.acts import person
from crosswalk.web.api import shapes
from crosswalk.web.api.acting import acting
from crosswalk.web.api.problems import Stop
from crosswalk.web.api.rows import Number, version_of
from crosswalk.web.api.shapes import Applying, Checkup, ConnectionOut, FileIn, Lines, Me, ProblemFound, Said

router = Router(tags=["Overview"])


@router.get("/me", response=Me)
def me(request: HttpRequest) -> Me:
    """Who acts with this token, and what it may do."""
    token = getattr(request, "auth", None)
    assert isinstance(token, ApiToken)
    role = tokens.role(token)
    sender = token.role == tokens.SENDER
    return Me(person=token.user.get_username(), token=token.name, role=role.value, sender=sender, ends_at=token.ends_at)


@router.get("/connections", response=list[ConnectionOut])
def connections(request: HttpRequest) -> list[ConnectionOut]:
    """The accounts on both sides, without their secrets."""
    return [_connection(one) for one in Connection.objects.order_by("kind", "name")]


def _connection(one: Connection) -> ConnectionOut:
    end = end_of(one, current().now().date())
    return ConnectionOut(
        id=one.pk,
        name=one.name,
        kind="aha" if one.kind == Connection.Kind.AHA else "jira",
        address=one.address,
        user=one.user,
        product=str(one.server.get("product", "")),
        version=str(one.server.get("version", "")),
        checked_at=one.checked_at,
        paused=one.paused,
        trouble=str(one.server.get("trouble", "")),
        token_ends=end.on if end else None,
    )


@router.post("/connections/{pk}/check", response=Checkup)
def check(request: HttpRequest, pk: Number) -> Checkup:
    """Test a connection: what answers, as whom, and what is missing."""
    found = get_object_or_404(Connection, pk=pk)
    deed = Deed("work", "Testing a connection", found.name)
    checkup = acting(request, lambda: service.check_connection(found), lambda one: f"{one.product} {one.version}", deed)
    problems = [ProblemFound(message=one.message, remedy=one.remedy, code=one.code) for one in checkup.problems]
    return Checkup(
        product=checkup.product,
        version=checkup.version,
        flavour=checkup.flavour,
        account=checkup.account,
        problems=problems,
    )


class LogAsked(Schema):
    """Which lines of the log."""

    integration: Annotated[int, Field(ge=0, le=2**63 - 1)] = Field(0, description="Only of this one; 0: of all")
    record: Annotated[int, Field(ge=0, le=2**63 - 1)] = Field(0, description="Only of this one; 0: of all")
    level: Literal["info", "warning", "error"] = Field("info", description="This level or worse")
    q: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""
    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = Field(
        0, description="Only lines with a higher id, the first ones"
    )
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@router.get("/log", response=Lines)
def log(request: HttpRequest, asked: Query[LogAsked]) -> Lines:
    """Lines of the log, in the order they were written; the newest where there are more than `limit`.

    With `after`, the id of the last line that was read, the first ones behind it: whoever reads on so misses none.
    """
    about, now = get_object_or_404(Integration, pk=asked.integration) if asked.integration else None, current().now()
    lines = reading.journal(about, asked.level, asked.q.strip())
    if asked.record:
        lines = lines.filter(pair=asked.record)
    if asked.after:
        found, _ = journal.behind(lines, asked.after, now, asked.limit)
    else:
        found = list(reversed(lines.filter(pk__lte=journal.settled(now))[: asked.limit]))
    return Lines(items=[_line(one) for one in found])


def _line(one: JournalEntry) -> shapes.Line:
    return shapes.Line(
        id=one.pk,
        at=one.at,
        integration=one.integration_id,
        record=one.pair_id,
        run=one.run,
        level="error" if one.level == "error" else "warning" if one.level == "warning" else "info",
        what=one.what,
        why=one.why,
        side="aha" if one.side == "left" else "jira" if one.side == "right" else "",
        field=one.field,
        old=one.old,
        new=one.new,
        remedy=one.remedy,
        code=one.code,
        person=one.person,
    )


@router.post("/apply", response={200: Said, 202: Applying})
def apply(request: HttpRequest, body: FileIn) -> Said | Status[Applying]:
    """Make or change the integration that a file describes; with `dry_run` say what it would do, with its plan."""
    named = read(ascode.NAME, body.file).integration
    before = Integration.objects.filter(name=named).first()
    if body.version and (before is None or version_of(before) != body.version):
        raise Stop(
            409, f"“{named}” was changed since that version.", "Export it again, make your change there, apply that."
        )
    if body.dry_run:
        return Said(lines=list(ascode.apply(ascode.NAME, body.file, dry_run=True)))
    if not body.wait and (begun := _begun(request, body.file, named)):
        return Status(202, _applying(begun))
    was = before.mapping if before else {}

    def act() -> list[str]:
        return list(ascode.apply(ascode.NAME, body.file, dry_run=False))

    lines = acting(request, act, "\n".join, Deed("settings", "Applying a file", named))
    now = Integration.objects.filter(name=named).first()
    if now is None:
        raise Refused("The integration is gone.")
    if now.mapping != was:
        deed = Deed("settings", "Changing the mapping", named, {"mapping": was}, {"mapping": now.mapping})
        acting(request, lambda: None, lambda _: "", deed)
    return Said(lines=lines)


def _begun(request: HttpRequest, file: str, named: str) -> NewIntegration | None:
    """A new integration, being made of `file`; None where it is there already."""

    def act() -> NewIntegration | None:
        wish = ascode.wish(file)
        return making.begin(wish, person(request)) if wish else None

    if Integration.objects.filter(name=named).exists():
        return None
    return acting(request, act, lambda _: "It is being made.", Deed("settings", "Applying a file", named))


@router.get("/apply/{pk}", response=Applying)
def applying(request: HttpRequest, pk: Number) -> Applying:
    """How far an integration is that is made of a file, for `apply` with `wait` false."""
    return _applying(get_object_or_404(NewIntegration.objects.exclude(file=""), pk=pk))


def _applying(one: NewIntegration) -> Applying:
    ended = one.finished_at is not None
    return Applying(
        address=reverse("api:applying", args=[one.pk]),
        ended=ended,
        step=one.step,
        done=one.done,
        total=one.total,
        integration=one.made_id if ended and not one.trouble else None,
        lines=one.said.splitlines(),
        trouble=one.trouble,
        remedy=one.remedy,
        code=one.code,
    )
