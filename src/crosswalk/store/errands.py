"""Errands: what a person asked for that takes longer than a page may. Kept here with how far they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from crosswalk.errors import CrosswalkError
from crosswalk.store.models import Errand, Integration

KEPT = 10  # errands of one kind that an integration keeps


def begin(integration: Integration, what: str, asked: dict[str, Any], person: str, at: datetime) -> tuple[Errand, bool]:
    """The errand, and whether it is new: the same one asked for twice is done once, also in the same instant."""
    with one_at_a_time(integration):
        same = Errand.objects.filter(integration=integration, what=what, finished_at=None, asked=asked).first()
        if same is not None:
            return same, False
        old = Errand.objects.filter(integration=integration, what=what).order_by("-id").values_list("id", flat=True)
        Errand.objects.filter(pk__in=list(old[KEPT - 1 :])).delete()
        made = Errand.objects.create(integration=integration, what=what, asked=asked, person=person, asked_at=at)
        return made, True


@contextmanager
def one_at_a_time(integration: Integration) -> Iterator[None]:
    """A transaction in which nobody else asks for an errand of this integration. A block within another is fine."""
    with transaction.atomic():
        list(Integration.objects.select_for_update(no_key=True).filter(pk=integration.pk).values_list("pk"))
        yield


def newest(integration: Integration, what: str) -> Errand | None:
    """The errand of this kind that was asked for last."""
    return Errand.objects.filter(integration=integration, what=what).order_by("-id").first()


def newest_done(integration: Integration, what: str) -> Errand | None:
    """The newest errand of this kind that ended well."""
    done = Errand.objects.filter(integration=integration, what=what, trouble="").exclude(finished_at=None)
    return done.order_by("-id").first()


def under_way(integration: Integration) -> list[int]:
    """Those that have not ended."""
    return list(Errand.objects.filter(integration=integration, finished_at=None).values_list("pk", flat=True))


def tell(errand_id: int, step: str, done: int, total: int) -> None:
    """How far it is."""
    Errand.objects.filter(pk=errand_id).update(step=step[:200], done=done, total=total)


def pause(integration: Integration, what: str, *, paused: bool) -> bool:
    """Say that the errand of this kind that is under way is to be left alone, or to go on; False for none."""
    with transaction.atomic():
        found = Errand.objects.select_for_update().filter(integration=integration, what=what).order_by("-id").first()
        if found is None or found.finished_at is not None or bool(found.result.get("paused")) == paused:
            return False
        found.result = {**found.result, "paused": paused}
        found.save(update_fields=["result"])
        return True


def add(errand_id: int, counts: Mapping[str, int]) -> dict[str, int]:
    """Add to what came of it so far, which a pause or another try does not forget; the sums."""
    with transaction.atomic():
        found = Errand.objects.select_for_update().get(pk=errand_id)
        sums = {name: int(found.result.get(name, 0)) + count for name, count in counts.items()}
        found.result = {**found.result, **sums}
        found.save(update_fields=["result"])
        return sums


def paused(errand_id: int) -> bool:
    """Whether a person said so."""
    return bool(Errand.objects.values_list("result", flat=True).get(pk=errand_id).get("paused"))


def finish(errand_id: int, result: dict[str, Any], at: datetime) -> None:
    """It is done."""
    Errand.objects.filter(pk=errand_id).update(result=result, step="", finished_at=at)


def fail(errand_id: int, error: Exception, at: datetime) -> None:
    """It could not be done, and why."""
    failed(Errand.objects.filter(pk=errand_id), error, at)


def failed(found: QuerySet[Any], error: Exception, at: datetime) -> None:
    """Say on the work `found` that it could not be done, and why."""
    if isinstance(error, CrosswalkError):
        found.update(trouble=error.message, remedy=error.remedy, code=error.code, step="", finished_at=at)
    else:
        remedy = "See the console of the service, then try again."
        found.update(trouble=str(error) or type(error).__name__, remedy=remedy, step="", finished_at=at)
