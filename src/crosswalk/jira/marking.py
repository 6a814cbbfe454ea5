"""Shows Aha! records on issues: in the field “Aha! Reference” where there is one, else as a link with a stable id."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk.jira import wire
from crosswalk.jira.making import version_note
from crosswalk.jira.project import VERSION, Project
from crosswalk.merge.records import Mark, Ref, Snapshot

REMEMBERED = 10_000  # issues known to show their record already
NOT_SHOWN = (errors.Refused, errors.Forbidden, errors.Invalid, errors.NotFound)


class Marker:
    """The marks of one project. `held` gives an issue as it was read last; `known` are those shown already, by address,
    which making issues adds to."""

    def __init__(self, project: Project, held: Callable[[Ref], Snapshot | None]) -> None:
        self._project, self._held = project, held
        self.known: dict[Ref, str] = {}

    def show(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, CrosswalkError]:
        """See RemoteSide.mark."""
        failed: dict[Ref, CrosswalkError] = {}
        for ref, mark in marks.items():
            try:
                self._show(ref, mark)
            except NOT_SHOWN as error:
                failed[ref] = error
        if len(self.known) >= REMEMBERED:
            self.known.clear()
        return failed

    def _show(self, ref: Ref, mark: Mark) -> None:
        if self.known.get(ref) == mark.url:
            return
        if ref.kind == VERSION:
            self._mark_version(ref, mark)
        elif not self._mark_field(ref, mark):
            title = f"{mark.ref}: {mark.title}" if mark.title else str(mark.ref)
            link = wire.put_remote_link(self._project.api, ref.id, f"crosswalk:{mark.ref.id}", mark.url, title)
            self._project.send(link)
        self.known[ref] = mark.url

    def _mark_field(self, ref: Ref, mark: Mark) -> bool:
        """Whether the field shows the record now."""
        if not self._project.reference:
            return False
        seen = self._held(ref)
        if seen is not None and seen.get(self._project.reference) == mark.url:
            return True
        body = wire.issue_body({self._project.reference: mark.url})
        try:
            self._project.send(wire.update_issue(self._project.api, ref.id, body))
        except errors.Invalid:
            return False  # not on the edit screen of this type
        return True

    def _mark_version(self, ref: Ref, mark: Mark) -> None:
        """A version shows the record in its description, unless somebody wrote something else there."""
        data = self._project.send(wire.version(self._project.api, ref.id))
        if not data.get("description"):
            self._project.send(wire.update_version(self._project.api, ref.id, {"description": version_note(mark)}))
