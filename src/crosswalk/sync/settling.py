"""Who counts in linked records, as errands: what a word would write is shown first, then it is said and carried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosswalk.merge.settle import Joining
from crosswalk.store import errands as kept
from crosswalk.store import pairs
from crosswalk.store.models import Errand, Integration, Pair
from crosswalk.sync import joining
from crosswalk.sync.joining import PAGE, Tell
from crosswalk.sync.mapping import parse
from crosswalk.sync.plandata import as_data


def word_of(asked: Mapping[str, Any]) -> Joining:
    """What a person said: {said, fields, erase}."""
    fields = {str(name): str(word) for name, word in dict(asked.get("fields") or {}).items()}
    return Joining(str(asked.get("said", "")), fields, frozenset(map(str, asked.get("erase") or ())))


def fields_of(integration: Integration) -> list[str]:
    """The fields one may speak about: those of the kinds that wait."""
    mapping = parse(integration.mapping)
    waiting = pairs.unsaid(integration.pk)
    kinds = set(waiting.order_by().values_list("kind", flat=True).distinct())
    lines = [line for kind in mapping.fields if kind in kinds for line in mapping.fields[kind]]
    return list(dict.fromkeys(line.name for line in lines if line.direction.value != "off"))


def look(errand: Errand, tell: Tell) -> dict[str, Any]:
    """What would be written if that were said about all that wait, as the data of a plan."""
    found, word = errand.integration, word_of(errand.asked)
    waiting = joining.waiting(found)
    survey = joining.surveyed(
        found, waiting, word, lambda at, of: tell(f"Looked at {at} of {of} linked records", at, of)
    )
    return as_data(survey, Pair.objects.filter(integration=found).count())


def carry(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Say it about those that waited when it was looked at, and have them carried; how many, and how many are left."""
    word, last = word_of(errand.asked), int(errand.asked.get("last", 0))
    waiting = [pair for pair in joining.waiting(errand.integration) if pair.pk <= last]
    count = 0
    for start in range(0, len(waiting), PAGE):
        if kept.paused(errand.pk):
            return {"carried": count, "left": len(waiting) - start}
        tell(f"{start} of {len(waiting)} are on their way", start, len(waiting))
        count += joining.settle(errand.integration, waiting[start : start + PAGE], word, errand.person)
    return {"carried": count}
