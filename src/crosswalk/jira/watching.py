"""What changed in a project since last time: issues by their stamps of last changes, versions by a digest of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from crosswalk.jira.project import VERSION, Project
from crosswalk.jira.window import Window
from crosswalk.jira.wire import Json
from crosswalk.jira.wire_dynamic import moment
from crosswalk.merge.records import Changes, Ref
from crosswalk.remote.request import Request

RUNNING = " (running)"
OVER = timedelta(seconds=4)  # a second is over by then; how far the server's clock is ahead is known to two


class Watch:
    """Remembers which stamps were told: those before a cursor that came back. `above` says of issues which of them
    count for what they stand below.

    Raises RemoteError.
    """

    def __init__(
        self,
        project: Project,
        above: Callable[[Iterable[Mapping[str, Json]]], Mapping[Ref, Ref]],
        now: Callable[[], datetime],
    ) -> None:
        self._project, self._above, self._now = project, above, now
        self._window = Window(project, now)
        self._stamps = ["updated", *project.above_fields]
        self._told: dict[Ref, str] = {}
        self._sure: dict[Ref, str] = {}
        self._given: str | None = None

    def changed(self, cursor: str) -> Changes:
        """See RemoteSide.changed. The cursor is the moment of asking, and a digest of the versions where they matter.

        Versions have no stamp of their last change: when anything about them differs, all of them are named.
        """
        # Where the last cursor does not come back, nobody was woken by what was named with it.
        self._told = self._sure = self._told if cursor == self._given else self._sure
        self._given = None
        now = self._now()
        since, _, before = cursor.partition(" ")
        refs: list[Ref] = []
        above: Mapping[Ref, Ref] = {}
        stamps: Mapping[Ref, datetime] = {}
        digest = ""
        if VERSION in self._project.scope.types.values():
            listed = self._project.versions()
            digest = sha256(repr([sorted(map(str, entry.items())) for entry in listed]).encode()).hexdigest()[:16]
            if before and before != digest:
                refs += [self._project.version(entry).ref for entry in listed]
        if since:
            issues = self._window.since(datetime.fromisoformat(since), "updated", "", self._asked)
            news, above = self._news(issues, now)
            refs += news
            stamps = self._changed_at(refs)
        self._given = f"{now.isoformat()} {digest}".strip()
        return Changes(tuple(dict.fromkeys(refs)), self._given, above, stamps=stamps)

    def _news(self, issues: Iterable[Mapping[str, Json]], now: datetime) -> tuple[list[Ref], dict[Ref, Ref]]:
        """Those of `issues` whose stamp was not told before, with what some of them count for: windows overlap, so most
        of them come again and again. One issue is held at a time, as a load changes tens of thousands.
        """
        told, news, over, above = dict[Ref, str](), list[Ref](), list[Ref | None](), dict[Ref, Ref]()
        for issue in issues:
            ref = Ref("issue", str(issue["id"]), str(issue.get("key") or ""))
            stamp = str((issue.get("fields") or {}).get("updated"))
            moved = self._told.get(ref) != stamp
            news += [ref] if moved else []
            # What is new below a record is that record's news, and a link may be younger than what it joins.
            if self._project.scope.below and (ref not in self._told or (moved and self._project.linked)):
                over.append(self._project.above(issue))
            above |= self._above([issue])
            told[ref] = self._remembered(ref, stamp, now)
        self._told = told
        news += [ref for ref in over if ref is not None]
        named = set(news)
        return news, {ref: up for ref, up in above.items() if ref in named}

    def _remembered(self, ref: Ref, stamp: str, now: datetime) -> str:
        """A search on Data Center tells whole seconds: what was changed in one that may not have been over is told once
        more."""
        changed = moment(stamp) if self._project.flavour.name != "cloud" else None
        if changed is None or self._told.get(ref) == stamp:
            return stamp
        server = now + timedelta(seconds=self._project.client.heard.ahead or 0.0)
        return stamp + RUNNING if server - changed < OVER else stamp

    def _asked(self, jql: str, after: str) -> Request:
        return self._project.flavour.search(jql, self._stamps, after)

    def _changed_at(self, refs: Sequence[Ref]) -> dict[Ref, datetime]:
        """When each of `refs` was changed last, as far as that was told."""
        told = {ref: moment(self._told[ref].removesuffix(RUNNING)) for ref in refs if ref in self._told}
        return {ref: stamp for ref, stamp in told.items() if stamp is not None}
