"""Integrations that are being made: kept here with how far they are, until what came of it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from crosswalk.store import errands
from crosswalk.store.models import Connection, Integration, NewIntegration

KEPT: Final = 50  # that have ended


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: the ids of a workspace and a project, who signs in on either side, and of which file."""

    name: str
    aha: Connection
    jira: Connection
    workspace: str
    project: str
    file: str = ""


def begin(wish: Wish, person: str, at: datetime) -> NewIntegration:
    """The one that was asked for; the same one asked for twice is made once, also in the same instant."""
    asked = {"name": wish.name, "aha": wish.aha, "jira": wish.jira}
    asked |= {"workspace": wish.workspace, "project": wish.project, "file": wish.file}
    with transaction.atomic():
        list(Connection.objects.select_for_update(no_key=True).filter(pk=wish.jira.pk).values_list("pk"))
        same = NewIntegration.objects.filter(finished_at=None, **asked).first()
        if same is not None:
            return same
        ended = NewIntegration.objects.exclude(finished_at=None).order_by("-id").values_list("pk", flat=True)
        NewIntegration.objects.filter(pk__in=list(ended[KEPT:])).delete()
        return NewIntegration.objects.create(**asked, person=person, asked_at=at)


def tell(pk: int, step: str, done: int, total: int) -> None:
    """How far it is."""
    NewIntegration.objects.filter(pk=pk).update(step=step[:200], done=done, total=total)


def keep(pk: int, made: Integration) -> None:
    """It is there, and its file is still to be applied."""
    NewIntegration.objects.filter(pk=pk).update(made=made)


def finish(pk: int, made: Integration, at: datetime, said: Sequence[str] = ()) -> None:
    """It is made; with what came of its file."""
    NewIntegration.objects.filter(pk=pk).update(made=made, step="", finished_at=at, said="\n".join(said))


def fail(pk: int, error: Exception, at: datetime) -> None:
    """It could not be made, and why."""
    errands.failed(NewIntegration.objects.filter(pk=pk), error, at)
