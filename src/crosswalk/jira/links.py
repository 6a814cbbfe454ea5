"""Links between issues as parts of an issue: read with the issue, made and removed one by one."""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk import errors
from crosswalk.jira import wire
from crosswalk.jira.part_fields import FIELDS, LINK, links_in
from crosswalk.jira.project import Project
from crosswalk.merge.records import Part, PartDraft, Ref, Snapshot


class Links:
    """The links of issues. Their type is its id."""

    def __init__(self, project: Project) -> None:
        self._project, self._api = project, project.api

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All links of an issue."""
        return self._of(record.ref)

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Link two issues; a link that is there already stays as it is. Jira's answer is empty, so it is looked up."""
        link = draft.link
        if link is None:
            raise errors.Refused("A link needs a type and another issue.", remedy="Report this.", code="F15")
        source, target = (ref, link.other) if link.outward else (link.other, ref)
        self._project.send(wire.link_by_type(self._api, link.type, source.id, target.id))
        found = next((part for part in self._of(ref) if part.link == link), None)
        if found is None:
            raise errors.Unanswered(
                f"Jira made a link between {source} and {target} and does not show it yet.",
                remedy="Nothing to do: it is looked for again.",
                code="N9",
            )
        return found

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """A link holds nothing that could be changed."""
        del ref, draft
        return part

    def remove(self, ref: Ref, part: Part) -> None:
        """Delete a link."""
        del ref
        self._project.send(wire.remove_link(self._api, part.id))

    def _of(self, ref: Ref) -> tuple[Part, ...]:
        data = self._project.send(wire.issue(self._api, ref.id, [FIELDS[LINK]])) or {}
        fields = data.get("fields")
        return links_in(fields.get(FIELDS[LINK]) if isinstance(fields, dict) else None)
