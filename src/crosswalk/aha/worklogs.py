"""Work done on records of Aha!, as parts: read with the record, entered and taken back one by one.

REST v1 writes no field of a record for work done: it is the sum of time tracking events
(https://www.aha.io/api/resources/time_tracking_events).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.worklog_fields import WORKLOG, worklog_of
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Part, PartDraft, Ref, Snapshot
from crosswalk.merge.values import Person


class Worklogs:
    """The time tracking events of records. `person` finds a user by the exact e-mail address."""

    def __init__(self, workspace: Workspace, person: Callable[[str], Person | None]) -> None:
        self._workspace, self._person = workspace, person
        self._own_id = ""

    def read(self, record: Snapshot) -> Sequence[Part]:
        """What the record itself shows."""
        return record.parts.get(WORKLOG, ())

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Enter work done, as the user with the author's e-mail address, else as the key's; no estimate changes."""
        work = draft.source.work
        if work is None:
            raise errors.Refused("Work done needs a time.", remedy="Report this.", code="F15")
        request = wire.add_time(ref.kind, ref.id, self._user(draft.source), f"{work.amount}min", work.day.isoformat())
        draft.guard()  # asking who it is took a while
        answer = self._workspace.write(request)
        try:
            made = worklog_of(wire.one(answer, "time_tracking_event"))
        except ValueError:
            made = None
        if made is None:
            raise errors.Unreadable("Aha!'s answer holds no work done.", remedy="Check the address.", code="N3")
        return made

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """Corrected work is entered anew."""
        del ref, draft
        return part

    def remove(self, ref: Ref, part: Part) -> None:
        """Take work done back."""
        del ref
        self._workspace.write(wire.remove_time(part.id))

    def _user(self, source: Part) -> str:
        author = self._person(source.author.email) if source.author and source.author.email else None
        if author is not None:
            return author.id
        if not self._own_id:
            answer = self._workspace.send(wire.me())
            try:
                self._own_id = str(wire.one(answer, "user").get("id") or "")
            except ValueError:
                raise errors.Unreadable(
                    "Aha!'s answer names no user.", remedy="Check the address.", code="N3"
                ) from None
        return self._own_id
