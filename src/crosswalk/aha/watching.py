"""What changed in an account since last time: its history where the key may read it, else stamps of last changes.

The cursor is short text: `a <audit id> <moment>` for the history, `u <moment>` for stamps. Aha! adds a person's further
changes to the same entry for about five minutes, so entries are looked at again until they are older than that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zlib import crc32

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.wire import Json
from crosswalk.aha.wire_hooks import actor, audit_refs, given
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Changes, Edited, Ref
from crosswalk.remote.moments import moment_of

MERGED = timedelta(minutes=6)
CLOCKS = timedelta(minutes=2)  # how far this machine's clock may be ahead of Aha!'s
STAMPED = ("feature", "release", "epic", "initiative")


class Watch:
    """Remembers which entries it named before a cursor that came back; others it names again, which does no harm."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._named: dict[str, int] = {}
        self._sure: dict[str, int] = {}
        self._given: str | None = None

    def changed(self, cursor: str, now: datetime) -> Changes:
        """See `crosswalk.sync.ports.RemoteSide.changed`."""
        # Where the last cursor does not come back, nobody was woken by what was named with it.
        self._sure = dict(self._named) if cursor == self._given else self._sure
        self._named, self._given = dict(self._sure), None
        changes = self._changed(cursor, now)
        self._given = changes.cursor
        return changes

    def _changed(self, cursor: str, now: datetime) -> Changes:
        if not cursor:
            return Changes((), f"a - {(now - CLOCKS).isoformat()}")
        how, _, rest = cursor.partition(" ")
        if how == "u":
            return self._by_stamps(datetime.fromisoformat(rest))
        after, _, moment = rest.partition(" ")
        try:
            return self._by_history("" if after == "-" else after, datetime.fromisoformat(moment))
        except (errors.Forbidden, errors.NotFound):
            return self._by_stamps(datetime.fromisoformat(moment))

    def edited(self, ref: Ref, field: str) -> Edited:
        """See `crosswalk.sync.ports.RemoteSide.edited`: by the history, where the key may read it.

        It names fields by words ("Due date"); where none of them is this field's, the record's last change is told.
        """
        try:
            answer = self._workspace.send(wire.audits(auditable_type=ref.kind.capitalize(), auditable_id=ref.id))
        except (errors.Forbidden, errors.NotFound):
            return Edited()
        own = [one for one in wire.items(answer, "audits") if str(one.get("auditable_id")) == ref.id]
        named = [one for one in own if field in _fields(one)]
        last = max(named or own, key=lambda one: _order(str(one.get("id") or "")), default=None)
        if last is None:
            return Edited()
        return Edited(actor({"audit": last}), moment_of(last.get("created_at")))

    def _by_history(self, after: str, since: datetime) -> Changes:
        """`after`: entries up to this id are done with; without it entries since a moment are asked for."""
        asked = None if after else since
        told: dict[Ref, list[tuple[str, ...]]] = {}
        entries: dict[str, datetime] = {}
        for answer in self._workspace.pages(lambda page: wire.audits(after_id=after, created_since=asked, page=page)):
            for audit in wire.items(answer, "audits"):
                audit_id = str(audit.get("id") or "")
                entries[audit_id] = moment_of(audit.get("created_at")) or since
                digest = crc32(json.dumps(audit.get("changes"), sort_keys=True).encode())
                if self._named.get(audit_id) != digest:
                    self._named[audit_id] = digest
                    for ref in audit_refs(audit):
                        told.setdefault(ref, []).append(given(audit))
        newest = max([since, *entries.values()])
        settled = [audit_id for audit_id, moment in entries.items() if moment < newest - MERGED]
        done = max(settled, key=_order, default=after)
        self._named = {audit_id: digest for audit_id, digest in self._named.items() if _order(audit_id) > _order(done)}
        only = {ref: tuple(value for one in values for value in one) for ref, values in told.items() if all(values)}
        return Changes(tuple(told), f"a {done or '-'} {newest.isoformat()}", given=only)

    def _by_stamps(self, since: datetime) -> Changes:
        """By stamps. What changes below a record (a requirement) need not move its stamp; a sweep finds that."""
        refs: list[Ref] = []
        newest = since
        for kind in STAMPED:
            below = ("requirements",) if kind == "feature" else ()
            keys = ("id", "reference_num", "updated_at", *below)
            listing = wire.Listing(fields=keys, updated_since=since - timedelta(seconds=1))
            for entry in self._workspace.listed(kind, listing):
                refs += self._new(kind, entry)
                refs += [ref for child in wire.items(entry, "requirements") for ref in self._new("requirement", child)]
                newest = max(newest, moment_of(entry.get("updated_at")) or since)
        return Changes(tuple(dict.fromkeys(refs)), f"u {newest.isoformat()}")

    def _new(self, kind: str, entry: Mapping[str, Json]) -> Iterable[Ref]:
        found, stamp = str(entry.get("id") or ""), crc32(str(entry.get("updated_at")).encode())
        if found and self._named.get(found) != stamp:
            self._named[found] = stamp
            yield Ref(kind, found, str(entry.get("reference_num") or ""))


def _fields(audit: Mapping[str, Json]) -> set[str]:
    """The fields that an entry of the history names, as REST calls them."""
    listed = audit.get("changes")
    words = [str(one.get("field_name") or "") for one in listed or () if isinstance(one, dict)]
    return {word.strip().casefold().replace(" ", "_") for word in words}


def _order(audit_id: str) -> tuple[int, str]:
    """Ids are numbers written as text, and grow."""
    return len(audit_id), audit_id
