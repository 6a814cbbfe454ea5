"""A person's word that what a comparison stopped at is meant: it is about what was shown, and about nothing else."""

from __future__ import annotations

from crosswalk.engine.port import INTERACTIVE
from crosswalk.errors import Refused
from crosswalk.store import sweeps
from crosswalk.store.models import Integration, JournalEntry
from crosswalk.sync import saying, service
from crosswalk.sync.installation import current
from crosswalk.sync.waking import APPROVAL, enqueue

CHANGED = "What would change is not what you were shown: everything was compared once more. Nothing was approved."
READ = "Read what it says now, make a plan to see each change, then approve that."
FORMER = "A former version of Crosswalk found what is stopped, and did not keep what it was. Nothing was approved."
ANEW = "Press Sync now: everything is compared, and what would change is shown anew; approve that."
USUAL = "If it is meant, approve it; if not, pause the integration and mend what changed so many records at once."
NUMBER = 10**15  # no row has a greater number


def shown(integration: Integration) -> int:
    """The number of what is stopped: other changes have another one. 0 for nothing, and where by now something else is
    than the words that `integration` was read with, which a person is shown, are about."""
    if not (integration.stopped and integration.enabled):
        return 0
    number = sweeps.number(integration.pk)
    same = Integration.objects.filter(pk=integration.pk, stopped=integration.stopped).exists()
    return number if same else 0


def advice(integration: Integration) -> str:
    """What to look at before a word is given, as the log says it of what is stopped."""
    told = JournalEntry.objects.filter(integration=integration, what=integration.stopped, level="error")
    if integration.swept_at:  # what stops sweeps stands behind the last one that came to its end
        told = told.filter(at__gte=integration.swept_at)
    return told.order_by("-pk").values_list("remedy", flat=True).first() or USUAL


def approve(integration: Integration, number: int, person: str) -> None:
    """Have what was shown under `number` carried. Raises Refused where something else is stopped by now, or nothing."""
    saying.refuse_while_off(integration, "approve")
    if not integration.stopped:
        raise Refused(
            "Nothing was stopped, so there is nothing to approve.",
            remedy="Press Sync now: where it would change very much it stops, and says what.",
        )
    if not shown(integration):
        raise Refused(FORMER, remedy=ANEW)
    if not 0 < number < NUMBER or not sweeps.mean(integration.pk, number):
        raise Refused(CHANGED, remedy=READ)
    service.note(integration, f"What the brake had stopped was approved: {integration.stopped}"[:900], person)
    enqueue(current().engine, APPROVAL, integration.pk, priority=INTERACTIVE)
