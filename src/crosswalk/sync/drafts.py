"""A change of a mapping from the first look to the last word: checked, shown by what it would do, used, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosswalk.engine.port import INTERACTIVE
from crosswalk.errors import Refused
from crosswalk.store import sweeps, versions
from crosswalk.store.errands import one_at_a_time
from crosswalk.store.models import Integration, MappingVersion, Pair
from crosswalk.sync import errands, projectdata, service, wording
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import parse
from crosswalk.sync.placing import NEVER
from crosswalk.sync.waking import APPROVAL, Cause, enqueue, wake


def propose(integration: Integration, data: dict[str, Any], seen: str, person: str) -> MappingVersion | None:
    """Use `data` as the mapping; where it would touch records, keep it as a draft and begin its plan instead.

    `seen` is the digest of the mapping the change was made from. Raises MappingRefused for one that does not fit, and
    Refused where somebody else changed the mapping meanwhile.
    """
    mapping = parse(data)
    service.check_mapping(mapping, projectdata.load(integration))
    integration.refresh_from_db()
    if seen != versions.digest(integration.mapping):
        raise Refused(
            f"The mapping was changed{_by(integration)} since you opened this page. Nothing was saved.",
            remedy="Open the page again in another window, compare, and enter your change there.",
        )
    wanted = mapping.as_data()
    note = " ".join(changes(integration, integration.mapping, wanted))
    if not note:
        return None
    if not (integration.enabled and Pair.objects.filter(integration=integration).exists()):
        service.set_mapping(integration, wanted, person, note)
        return None
    draft = versions.propose(integration, wanted, person, note, current().now())
    errands.begin(integration, errands.PLAN, {"scope": errands.JOINED, "draft": draft.pk}, person)
    return draft


def _by(integration: Integration) -> str:
    known = versions.used(integration)
    return f" by {known[0].person}" if known and known[0].person else ""


def use(draft: MappingVersion, person: str) -> None:
    """A person saw what `draft` would do, and wants it: it becomes the mapping, and what it changes is carried.

    What its plan showed is meant, and no more: what came since has the brake as before.
    """
    integration = draft.integration
    with one_at_a_time(integration):  # of two who press at once, the second would say that nothing is meant
        integration.refresh_from_db()
        waits = MappingVersion.objects.filter(pk=draft.pk, used_at=None).exists()
        if not waits or draft.before != versions.digest(integration.mapping):
            what = "The mapping was changed meanwhile, so what was shown is not what would happen."
            raise Refused(what, remedy=AGAIN)
        service.set_mapping(integration, draft.data, person, draft.note)
        service.note(integration, f"The mapping was changed: {draft.note}", person)
        sweeps.mean_planned(integration.pk, draft.pk, current().now())
    enqueue(current().engine, APPROVAL, integration.pk, priority=INTERACTIVE)
    again(integration, person)


def again(integration: Integration, person: str) -> None:
    """Try again what stopped before it was made in Jira: another mapping may mend why, as the plan of it says."""
    here = current()
    stopped = Pair.objects.filter(integration=integration, right_id=None, held="", state__in=NEVER)
    cause = Cause(f"{person} (the mapping was changed)")
    wake(here.engine, stopped.exclude(left_id=None).values_list("pk", flat=True), here.now(), bulk=True, cause=cause)


AGAIN = "Open the mapping and make the change anew."


def drop(integration: Integration) -> None:
    """Forget the draft; nothing was changed by it."""
    MappingVersion.objects.filter(integration=integration, used_at=None).delete()
    sweeps.over(integration.pk, sweeps.DRAFT)


def back_to(version: MappingVersion, person: str) -> MappingVersion | None:
    """Propose an earlier mapping again, as any other change."""
    integration = version.integration
    return propose(integration, version.data, versions.digest(integration.mapping), person)


def changes(integration: Integration, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What is different between two mappings of an integration, a sentence each, with the names of its project data."""
    return tuple(wording.changes(before, after, names_of(integration)))


def names_of(integration: Integration) -> wording.Names:
    """What people call the fields of both sides, as far as the project data is loaded."""
    try:
        loaded = projectdata.load(integration)
    except Refused:
        return wording.NAMELESS
    return wording.names(loaded.aha, loaded.jira)
