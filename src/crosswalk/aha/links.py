"""Links between records of Aha! as parts of the record where they begin: read with it, made and removed one by one."""

from __future__ import annotations

from collections.abc import Sequence

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.link_fields import LINK_TYPES, links_from, part_id
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Part, PartDraft, Ref, Snapshot

_NUMBERS = {name: number for number, name in LINK_TYPES.items()}


class Links:
    """The links of records. Their type is its name."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, record: Snapshot) -> Sequence[Part]:
        """The links that begin at a record."""
        return links_from(record.ref.id, self._listed(record.ref))

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Link two records. Aha!'s answer is empty; what was asked for is what is there."""
        link = draft.link
        if link is None or link.type not in _NUMBERS or not link.outward:
            raise errors.Refused("Aha! has no such link.", remedy="Choose another type in link_types.", code="L7")
        other = link.other
        request = wire.add_record_link(ref.kind, ref.id, _NUMBERS[link.type], other.kind, other.id)
        self._workspace.write(request)
        return Part(part_id(link), name=f"“{link.type}” {other}", link=link)

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """A link holds nothing that could be changed."""
        del ref, draft
        return part

    def remove(self, ref: Ref, part: Part) -> None:
        """Delete a link, by the id that only the record's own list shows."""
        for entry in self._listed(ref):
            if any(found.id == part.id for found in links_from(ref.id, [entry])):
                self._workspace.write(wire.remove_record_link(str(entry.get("id"))))

    def _listed(self, ref: Ref) -> list[dict[str, wire.Json]]:
        return list(wire.items(self._workspace.send(wire.record_links(ref.kind, ref.id)), "record_links"))
