"""How far sweeps are: pages are appended, read again after a cut, and removed at the end. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crosswalk.store.sweep_models import SweepPage

SHOWN, MEANT, DRAFT = "shown", "meant", "draft"
"""What a sweep stopped at, as it is shown to people; what somebody said is meant, that or a draft's plan; and what
the plan of a draft of the mapping would replace."""


def pages_of(name: str) -> str:
    """What the pages of a sweep of this name are called: a former version, which reads them differently, and may still
    run beside this one, calls its own by the bare name."""
    return f"{name} 2"


def pages(integration_id: int, name: str, since: datetime) -> list[SweepPage]:
    """What the sweep of this name that began after `since` has read; an older one is forgotten, a former version's,
    too."""
    mine = SweepPage.objects.filter(integration_id=integration_id)
    mine.filter(name__in=(name, pages_of(name)), began_at__lte=since).delete()
    return list(mine.filter(name=pages_of(name)).order_by("id"))


def add(integration_id: int, name: str, began_at: datetime, place: int | None, met: Sequence[int], found: Any) -> None:
    """Keep a page. `place` is the page of the list that comes next."""
    SweepPage.objects.create(
        integration_id=integration_id, name=name, began_at=began_at, next=place, met=list(met), found=found
    )


def over(integration_id: int, *names: str) -> None:
    """The sweep came to its end."""
    SweepPage.objects.filter(integration_id=integration_id, name__in=names).delete()


def stop(integration_id: int, at: datetime, found: list[Any], word: int = 0) -> None:
    """Keep what a sweep stopped at, under a new number where it is not what is kept; the `word` that was not enough is
    used up."""
    with transaction.atomic():
        _used(word)
        if kept(integration_id, SHOWN) != found:
            over(integration_id, SHOWN)
            add(integration_id, SHOWN, at, None, (), found)


def passed(integration_id: int, word: int = 0) -> None:
    """A sweep carried what it found: nothing is stopped any more, and the `word` it had is used up. A word that was
    given meanwhile is for the sweep that comes."""
    over(integration_id, SHOWN)
    _used(word)


def _used(word: int) -> None:
    SweepPage.objects.filter(pk=word, name=MEANT).delete()


def kept(integration_id: int, name: str) -> list[Any] | None:
    """What is SHOWN; None for nothing."""
    mine = SweepPage.objects.filter(integration_id=integration_id, name=name)
    return mine.order_by("-id").values_list("found", flat=True).first()


def number(integration_id: int) -> int:
    """Of what is shown: other changes have another one; 0 for nothing."""
    mine = SweepPage.objects.filter(integration_id=integration_id, name=SHOWN)
    return mine.order_by("-id").values_list("id", flat=True).first() or 0


def word(integration_id: int) -> tuple[int, list[Any]]:
    """The newest word that was not used up, by its number, and what it says is meant; 0 and nothing where none is."""
    mine = SweepPage.objects.filter(integration_id=integration_id, name=MEANT).order_by("-id").first()
    return (mine.pk, mine.found) if mine is not None else (0, [])


def mean(integration_id: int, number: int) -> bool:
    """Somebody says that what is shown under `number` is meant; False where something else is shown by now.

    Said by two at once it is one word: one that is left over would be used by a later sweep.
    """
    with transaction.atomic():
        rows = SweepPage.objects.select_for_update()
        shown = rows.filter(integration_id=integration_id, name=SHOWN, pk=number).first()
        if shown is not None:
            over(integration_id, MEANT)
            add(integration_id, MEANT, shown.began_at, None, (), shown.found)
    return shown is not None


def planned(integration_id: int, draft_id: int, at: datetime, found: list[Any]) -> None:
    """Keep what the plan of a draft would replace, in place of any other plan's."""
    with transaction.atomic():
        over(integration_id, DRAFT)
        add(integration_id, DRAFT, at, None, [draft_id], found)


def mean_planned(integration_id: int, draft_id: int, at: datetime) -> None:
    """Somebody says that what the plan of a draft would replace is meant: nothing, where no plan of it was made."""
    with transaction.atomic():
        plan = SweepPage.objects.filter(integration_id=integration_id, name=DRAFT).order_by("-id").first()
        found = plan.found if plan is not None and plan.met == [draft_id] else []
        over(integration_id, DRAFT, MEANT)
        add(integration_id, MEANT, at, None, (), found)
