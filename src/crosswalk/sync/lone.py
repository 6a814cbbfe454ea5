"""What Jira alone has: issues and versions of the project that no pair holds, read as an errand and kept for pages.

A read asks for few fields, what changed last first. It has bounds, and says where it ended by them; a search by words
finds what lies beyond. Nothing is written on any side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crosswalk.merge.records import Snapshot
from crosswalk.merge.rules import Side
from crosswalk.store import findings
from crosswalk.store.models import Errand, Integration
from crosswalk.sync import candidates, importing
from crosswalk.sync.importing import Candidate
from crosswalk.sync.installation import current
from crosswalk.sync.joining import Tell, paired, quiet
from crosswalk.sync.mapping import parse


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a read goes: so many that are kept, issues that are looked at, and issues at a time."""

    most: int = 2_000
    read: int = 20_000
    step: int = 500


USUAL = Bounds()


@dataclass(frozen=True, slots=True)
class Lone:
    """What was found, of how many issues that were looked at, and whether those were all there are."""

    found: list[Candidate]
    looked: int
    whole: bool


def look(integration: Integration, words: str, tell: Tell = quiet, bounds: Bounds = USUAL) -> Lone:
    """The issues and versions in no pair, with what each may become; with `words`, those that are called so."""
    joined, mapping = current().bridges.joined(integration), parse(integration.mapping)
    free: list[Snapshot] = []
    looked, whole = 0, True
    for page in _pages(joined.seeker.newest(words), bounds.step):
        if len(free) >= bounds.most or looked >= bounds.read:
            whole = False
            break
        taken = paired(integration, Side.RIGHT, [one.ref for one in page])
        free += [one for one in page if one.ref not in taken]
        looked += len(page)
        tell(f"Looked at {looked} issues; {len(free)} are in no pair", 0, 0)
    whole = whole and len(free) <= bounds.most
    versions = [one for one in joined.seeker.versions() if words.casefold() in one.ref.key.casefold()]
    releases = importing.releases_of(integration, mapping, versions)
    return Lone([*releases, *importing.candidates_of(integration, joined, mapping, free[: bounds.most])], looked, whole)


def _pages(issues: Iterable[Snapshot], step: int) -> Iterator[list[Snapshot]]:
    rest = iter(issues)
    while page := list(islice(rest, step)):
        yield page


def read(errand: Errand, tell: Tell) -> dict[str, Any]:
    """Find them, and keep them in place of those of the read before."""
    tell("Reading Jira", 0, 0)
    seen = look(errand.integration, str(errand.asked.get("words", "")), tell)
    count = findings.keep(errand, [candidates.row_of(one, [], ticked=False) for one in seen.found])
    return {"found": count, "looked": seen.looked, "whole": seen.whole}
