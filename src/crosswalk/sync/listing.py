"""The records of a workspace as Aha! holds them now, a kind at a time, with their pairs. Reads, writes nothing.

Knows the kinds that a person sends by themselves: requirements go with their features and are not among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crosswalk.aha.wire_hooks import kind_of
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import Integration, Pair
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import MappingRefused, creates, parse

FEATURE: Final = "feature"
KINDS: Final = (FEATURE, "epic", "initiative", "release")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record of the workspace as lists show it; `pair` is None while it was never sent."""

    ref: Ref
    title: str
    status: str
    release: str
    url: str
    pair: Pair | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page of records; `total` counts all pages."""

    rows: list[RecordRow]
    total: int
    page: int
    pages: int


def kinds(integration: Integration) -> tuple[str, ...]:
    """Features, and what else the mapping sends to Jira; features alone where the mapping can not be used."""
    try:
        types = parse(integration.mapping).types
    except MappingRefused:
        return (FEATURE,)
    going = {kind for kind, line in types.items() if Side.RIGHT in creates(kind, line)}
    return tuple(kind for kind in KINDS if kind == FEATURE or kind in going)


def named_kind(integration: Integration, key: str) -> str:
    """Which of those kinds the reference number `key` stands for; a feature where it is none of them."""
    found = kind_of(key.upper())
    return found if found in kinds(integration) else FEATURE


def records(integration: Integration, query: str = "", page: int = 1, kind: str = FEATURE) -> RecordPage:
    """The records of `kind` in the workspace with their pairs, a page at a time. A key finds its record of any kind."""
    found = current().bridges.records(integration, query, page, kind, kinds(integration))
    refs = [line.ref for line in found.lines]
    known = integration.pairs.filter(left_kind__in={ref.kind for ref in refs}, left_id__in=[ref.id for ref in refs])
    pairs = {(pair.left_kind, pair.left_id): pair for pair in known}
    rows = [
        RecordRow(
            line.ref,
            line.name,
            line.status.name if line.status else "",
            line.release.name if line.release else "",
            line.url,
            pairs.get((line.ref.kind, line.ref.id)),
        )
        for line in found.lines
    ]
    return RecordPage(rows, found.total, found.page, found.pages)
