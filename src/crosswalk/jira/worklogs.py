"""Work logged on an issue as parts of it: read with the issue, and logged or taken back where the mapping says so."""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.part_fields import worklog_of
from crosswalk.jira.project import Project
from crosswalk.merge.records import Part, PartDraft, Ref, Snapshot


class Worklogs:
    """The worklogs of issues."""

    def __init__(self, project: Project) -> None:
        self._project, self._api = project, project.api

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All worklogs of an issue, by as many pages as they take."""
        found: list[Part] = []
        start = 0
        while True:
            data = self._project.send(wire.worklogs(self._api, record.ref.id, start)) or {}
            listed = wire_meta.objects(data.get("worklogs"))
            found += [part for entry in listed if (part := worklog_of(entry)) is not None]
            start += len(listed)
            if not listed or start >= int(data.get("total") or 0):
                return found

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Log work on an issue, at noon of its day; what is left to do stays as it is."""
        work = draft.source.work
        if work is None:
            raise errors.Refused("A worklog needs a time.", remedy="Report this.", code="F15")
        request = wire.add_worklog(self._api, ref.id, int(work.minutes * 60), work.day.isoformat())
        made = worklog_of(self._project.send(request) or {})
        if made is None:
            raise errors.Unreadable("Jira's answer holds no worklog.", remedy="Check the address.", code="N3")
        return made

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """A corrected worklog is another one."""
        del ref, draft
        return part

    def remove(self, ref: Ref, part: Part) -> None:
        """Take a worklog back; what is left to do stays as it is."""
        self._project.send(wire.remove_worklog(self._api, ref.id, part.id.partition(" ")[0]))
