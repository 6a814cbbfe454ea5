"""The order of issues: Jira Software's rank, a text that sorts. Read, compared, and changed only where it differs.

Operation rankIssues (https://developer.atlassian.com/cloud/jira/software/rest/), the same path on Data Center.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosswalk import errors
from crosswalk.jira import wire_agile, wire_meta
from crosswalk.jira.project import Project
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Ordered, Ref

FRESH = timedelta(seconds=10)
"""So long after an issue was read its rank is believed where that says that nothing is to be done."""
REMEMBERED = 1000


class Ranker:
    """Orders issues of one project. `field` holds the rank; "" where there is none. Raises RemoteError.

    May be used by several threads.
    """

    def __init__(self, project: Project, now: Callable[[], datetime]) -> None:
        self._project, self._now = project, now
        self.field = project.rank
        self._seen: OrderedDict[str, tuple[str, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def saw(self, issues: Iterable[Mapping[str, Json]]) -> None:
        """Remember the ranks of issues as they were just read."""
        moment = self._now()
        with self._lock:
            for issue in issues:
                rank = (issue.get("fields") or {}).get(self.field)
                if isinstance(rank, str):
                    self._seen[str(issue.get("id"))] = rank, moment
                    self._seen.move_to_end(str(issue.get("id")))
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def _forget(self, refs: Sequence[Ref]) -> None:
        """These are moved: what was read of them is no more their rank, whatever the answer."""
        with self._lock:
            for ref in refs:
                self._seen.pop(ref.id, None)

    def _just_read(self, refs: Sequence[Ref]) -> list[str]:
        """The ranks of issues that all were read a moment ago; else none."""
        moment = self._now()
        with self._lock:
            found = [self._seen.get(ref.id) for ref in refs]
        ranks = [seen[0] for seen in found if seen is not None and moment - seen[1] < FRESH]
        return ranks if len(ranks) == len(refs) else []

    def order(self, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
        """Put `refs` in this order, moving as few as can be; `tell` which, before. What Jira refuses is told."""
        try:
            return self._order(refs, tell)
        except (errors.Invalid, errors.Forbidden, errors.NotFound) as error:
            return Ordered(refused=error.message)

    def _order(self, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
        if not self.field or len(refs) < 2:
            return Ordered()
        if (known := self._just_read(refs)) and known == sorted(known):
            return Ordered()
        ranks = self._ranks(refs)
        if any(not ranks.get(ref.id) for ref in refs):
            return Ordered(refused="Jira shows no rank of some of these issues.")
        todo = moves([ranks[ref.id] for ref in refs])
        words, moved = list[str](), [ref for one in todo for ref in refs[one.start : one.end]]
        if moved:
            tell(moved)
            self._forget(moved)
        for one in todo:
            ids, anchor = [ref.id for ref in refs[one.start : one.end]], refs[one.anchor].id
            place = {"before": anchor} if one.ahead else {"behind": anchor}
            answer = self._project.send(wire_agile.rank(ids, **place))
            entries = answer.get("entries") if isinstance(answer, dict) else None
            for entry in entries or ():
                words += [str(word) for word in entry.get("errors") or ()]
        return Ordered(tuple(moved), " ".join(dict.fromkeys(words)))

    def _ranks(self, refs: Sequence[Ref]) -> dict[str, str]:
        found: dict[str, str] = {}
        flavour = self._project.flavour
        for start in range(0, len(refs), flavour.batch):
            ids = [ref.id for ref in refs[start : start + flavour.batch]]
            data = self._project.send(flavour.read_many(ids, [self.field]))
            listed = [data] if isinstance(data, dict) and "id" in data else wire_meta.items(data)
            found |= {str(issue["id"]): str((issue.get("fields") or {}).get(self.field) or "") for issue in listed}
        return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Places `start` to `end` (not included) that are moved together: behind the place `anchor`, or before it."""

    start: int
    end: int
    anchor: int

    @property
    def ahead(self) -> bool:
        """Whether they go before the anchor: where nothing that stays stands before them."""
        return self.anchor > self.start


def moves(ranks: Sequence[str]) -> list[Stretch]:
    """What has to be moved, in this order, so that `ranks` rise; the longest part that does already stays."""
    stays = _rising(ranks)
    found: list[Stretch] = []
    for place in (place for place in range(len(ranks)) if place not in stays):
        if found and found[-1].end == place and place - found[-1].start < wire_agile.RANKED:
            found[-1] = replace(found[-1], end=place + 1)
        else:
            found.append(Stretch(place, place + 1, min(stays) if place < min(stays) else place - 1))
    return found


def _rising(ranks: Sequence[str]) -> set[int]:
    """The places of a longest part of `ranks` that rises (patience sorting)."""
    tails: list[int] = []
    before: dict[int, int] = {}
    for place, rank in enumerate(ranks):
        at = bisect_left(tails, rank, key=ranks.__getitem__)
        if at:
            before[place] = tails[at - 1]
        tails[at : at + 1] = [place]
    kept: set[int] = set()
    place = tails[-1] if tails else -1
    while place >= 0:
        kept.add(place)
        place = before.get(place, -1)
    return kept
