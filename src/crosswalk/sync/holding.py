"""What a person says about whole records: pause, go on, ignore, look again, unlink, link again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.store import pairs
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import saying, service, unsure
from crosswalk.sync.installation import current
from crosswalk.sync.waking import Cause, wake

ALONE = "pair-"
"""How the id of a record that is still to come begins, where a page names it; its pair's number follows."""
ACTS = {"resync": "Retry", "pause": "Pause", "resume": "Go on", "ignore": "Ignore", "unlink": "Unlink…"}
DONE = {
    "resync": "{} being looked at now.",
    "pause": "{} paused: what changes meanwhile is carried when it goes on.",
    "resume": "{} kept in step again.",
    "ignore": "{} ignored until somebody presses Go on.",
}
_WORD = {"pause": "paused", "resume": "", "ignore": "ignored"}


def act(integration: Integration, refs: Sequence[Ref], what: str, person: str) -> int:
    """Do `what` (of ACTS, without unlink) to the records `refs`; how many there were."""
    known = pairs_of(integration, refs)
    if what == "ignore":
        fresh = [ref for ref in dict.fromkeys(refs) if not ref.id.startswith(ALONE)]
        alone = [pair for pair in known if pair.left_id is None]
        known = [*alone, *(service.pair_for(integration, ref) for ref in fresh)]
    return do(known, what, person)


def pairs_of(integration: Integration, refs: Sequence[Ref]) -> list[Pair]:
    """The pairs of those of `refs` that have one; what is in Jira alone is named by its pair (ALONE)."""
    ids = {ref.id for ref in refs} | {ref.key for ref in refs}
    numbers = [int(ref.id.removeprefix(ALONE)) for ref in refs if ref.id.startswith(ALONE)]
    named = Q(left_id__in=ids) | Q(pk__in=numbers, left_id=None)
    return list(Pair.objects.filter(named, integration=integration).select_related("integration"))


def do(chosen: Sequence[Pair], what: str, person: str) -> int:
    """Do `what` to these pairs and what stands below them; how many of them there were."""
    if what == "resync":
        return service.retry([pair.pk for pair in chosen if not pair.held], person)
    word = _WORD[what]
    free = [pair for pair in chosen if pair.held not in ("unlinked", word)]
    for pair in free:
        service.note(pair.integration, f"{ACTS[what]} was pressed.", person, pair.pk)
    family = _family(free)
    pairs.hold(family, word)
    if not word:
        here = current()
        wake(here.engine, family, here.now(), urgent=True, cause=Cause(f"{person} ({ACTS[what]})"))
    return len(free)


def _family(chosen: Sequence[Pair]) -> list[int]:
    ids = [pair.pk for pair in chosen]
    below = Pair.objects.filter(parent_id__in=ids).exclude(held="unlinked").values_list("pk", flat=True)
    return [*ids, *below]


def unlink(chosen: Sequence[Pair], person: str) -> int:
    """Take pairs apart, with what stands below them. Both records stay as they are; nothing is written anywhere."""
    for pair in chosen:
        if pair.parent_id is not None:
            raise Refused(
                f"{pair.left_key or pair.right_key} is sent with the record above it, so it would be made again.",
                remedy="Unlink the record above it, or ignore this one.",
            )
    free = [pair for pair in chosen if pair.held != "unlinked"]
    family = _family(free)
    judged = unsure.absent(family)
    with transaction.atomic():
        pairs.lock(family)  # so that no run sends one of them meanwhile
        unsure.refuse_others(family, judged)
        for pair in Pair.objects.filter(pk__in=family).select_related("integration"):
            service.note(pair.integration, f"{pair} was unlinked. Both records stay as they are.", person, pair.pk)
            pairs.unlink(pair, f"{saying.called(person)} unlinked {pair}. Both records stay, and are not kept in step.")
    return len(free)


def relink(pair: Pair, person: str) -> None:
    """Join an unlinked pair again, with what stands below it. Raises Refused where a record is in another pair now."""
    if pair.held != "unlinked":
        raise Refused(f"{pair} is not unlinked.")
    here, woken = current(), []
    for one in [pair, *pair.children.filter(held="unlinked")]:
        if not pairs.relink(one):
            raise Refused(
                "One of the two records is in another pair now, so they were not linked again.",
                remedy="Unlink that pair first.",
            )
        service.note(pair.integration, "Link again was pressed.", person, one.pk)
        woken.append(one.pk)
    wake(here.engine, woken, here.now(), urgent=True, cause=Cause(f"{person} (Link again)"))
