"""Edits that tell what they replace: the issue's own history says it, together with what the edit left.

Cloud answers an edit with the issue and its history (operation editIssue, `returnIssue` and `expand`). Data Center
answers nothing, so there the next look at the issue brings its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crosswalk import errors
from crosswalk.jira import wire
from crosswalk.jira.edits import Edit, edit_of
from crosswalk.jira.history import History, stored, tells
from crosswalk.jira.project import VERSION, Project
from crosswalk.jira.wire import Json
from crosswalk.merge.records import Exchanged, LookedBack, Ref, Snapshot, Unsaid, Wrote
from crosswalk.merge.stale import GRAIN
from crosswalk.merge.values import MISSING, Value
from crosswalk.remote.request import Request

HISTORY = (("expand", "changelog"),)


class Exchanger:
    """The exchanges of one project; `fields` are those that its issues are read with."""

    def __init__(self, project: Project, fields: frozenset[str]) -> None:
        self._project, self._fields = project, fields

    def tells(self, ref: Ref, changes: Mapping[str, Value]) -> bool:
        """See RemoteSide.tells."""
        kinds, flavour = self._project.kinds, self._project.flavour.name
        if ref.kind == VERSION or not all(name in kinds and tells(name, kinds[name], flavour) for name in changes):
            return False
        edit = self._edit(changes)
        return bool(edit.body) and not edit.unfit

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        """See RemoteSide.exchange: sets are sent whole, because what they hold was not read."""
        try:
            answer = self._project.send(self._request(ref, changes))
        except (errors.Invalid, errors.Forbidden, errors.NotFound):
            return None
        if not _has_history(answer):
            return Unsaid(self._project.answered_at())
        return self._told(ref, changes, answer, None).told

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack:
        """See RemoteSide.look_back: of what issues hold alone. Raises NotFound, also for a version: it has no history,
        and its number may be that of an issue."""
        if ref.kind == VERSION:
            raise errors.NotFound(f"Jira keeps no history of the version {ref}.")
        known = {name: value for name, value in changes.items() if name in self._project.kinds}
        return self._told(ref, known, self._project.send(self._read(ref)), since)

    def _told(self, ref: Ref, changes: Mapping[str, Value], data: Json, since: datetime | None) -> LookedBack:
        project = self._project
        after, history = project.snapshot(data), History(data.get("changelog"), project.custom_names, since)
        told = {
            name: history.replaced(name, project.kinds[name], value, after.get(name)) for name, value in changes.items()
        }
        before = {name: held for name, (held, _) in told.items() if held is not MISSING and history.known}
        snapshot = stored(after, {name: now for name, (_, now) in told.items()})
        changed_at = history.changed_besides(changes, project.kinds)
        over = {
            name: value
            for name, value in changes.items()
            if history.overwritten(name, project.kinds[name], value, after.get(name))
        }
        stamped = history.latest - GRAIN if history.latest is not None else None  # a history may be newer than the rest
        wrote = Wrote(snapshot, stamped=stamped)
        return LookedBack(after, Exchanged(Snapshot(ref, before, changed_at=changed_at), wrote), over)

    def _edit(self, changes: Mapping[str, Value]) -> Edit:
        return edit_of(changes, self._project.kinds, self._project.flavour, None)

    def _request(self, ref: Ref, changes: Mapping[str, Value]) -> Request:
        flavour, body = self._project.flavour, self._edit(changes).body
        query = (*flavour.edit_query, *HISTORY) if flavour.edit_query else ()
        return wire.update_issue(self._project.api, ref.id, body, query)

    def _read(self, ref: Ref) -> Request:
        return wire.issue(self._project.api, ref.id, self._fields, HISTORY)


def _has_history(answer: Json) -> bool:
    return isinstance(answer, dict) and isinstance(answer.get("fields"), dict) and "changelog" in answer
