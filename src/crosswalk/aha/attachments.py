"""Files on records of Aha!: of the record, its description and its comments. A copy is attached to the description.

There is no documented call that attaches to the record itself (https://www.aha.io/api, resources, attachments). A file
has no room for a token: after a lost answer it is known by name, size and content hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.attachment_fields import ATTACHMENT, attachment_of, attachments_in, files_of, in_order
from crosswalk.aha.wire import Json
from crosswalk.aha.wire_errors import TOO_LARGE, remedy_of
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import FileCopy, Part, PartDraft, Ref, Snapshot
from crosswalk.remote.request import File

OCTETS = "application/octet-stream"
MOST = 1 << 30  # Aha! publishes no limit; more than a gibibyte is not carried


class Attachments:
    """The files of records."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All files of a record, and of its comments, oldest first."""
        ref = record.ref
        own = record.parts.get(ATTACHMENT)
        if own is None:
            answer = self._workspace.send(wire.record(ref.kind, ref.id))
            own = attachments_in(_one(answer, ref.kind))
        answers = self._workspace.pages(lambda page: wire.comments(ref.kind, ref.id, page))
        said = [part for answer in answers for entry in wire.items(answer, "comments") for part in files_of(entry)]
        return in_order([*own, *said])

    def room(self, size: int) -> int:
        """How many bytes a file may have."""
        del size
        return MOST

    def fetch(self, part: Part, most: int) -> AbstractContextManager[FileCopy]:
        """The bytes of a file; its address holds the right to read it, and may lie on another host."""
        return self._workspace.client.download(wire.fetch_attachment(part.id), part.url, most)

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Attach a copy to the description. One that is there already counts as attached."""
        assert draft.file is not None
        source, file = draft.source, draft.file
        note = _one(self._workspace.send(wire.description(ref.kind, ref.id)), ref.kind).get("description")
        note_id = str(note.get("id") or "") if isinstance(note, dict) else ""
        if not note_id:
            raise errors.Refused(
                f"The {ref.kind} in Aha! has no description to attach a file to.",
                remedy="Write something in its description, then press Retry.",
                code="T2",
            )
        upload = File("attachment[data]", source.name, source.media_type or OCTETS, file.path)
        try:
            draft.guard()  # a file is long under way
            answer = self._workspace.write(wire.add_attachment(note_id, upload))
        except errors.Invalid as error:
            said = "it is too large" if error.status == 413 else error.message
            remedy, code = (TOO_LARGE, "T2") if error.status == 413 else remedy_of(said)
            raise errors.Refused(
                f"Aha! does not take “{source.name}” ({source.size:,} bytes): {said.rstrip('.')}.",
                remedy=remedy,
                code=code,
            ) from None
        if isinstance(answer, dict) and (known := answer.get("attachmentId")):
            listed = files_of(note) if isinstance(note, dict) else []
            return next((part for part in listed if part.id == str(known)), Part(str(known), source.content))
        stored = attachment_of(_one(answer, "attachment"))
        if stored.size != file.size:
            self.remove(ref, stored)
            raise errors.Refused(
                f"Aha! stored {stored.size:,} of {file.size:,} bytes; that attachment was deleted again.",
                remedy="See whether a proxy changes uploads, then press Retry.",
                code="T5",
            )
        return stored

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """The new bytes as another attachment, then the old one goes."""
        stored = self.add(ref, draft)
        self.remove(ref, part)
        return stored

    def remove(self, ref: Ref, part: Part) -> None:
        """Delete a file."""
        del ref  # an attachment's id is enough
        try:
            self._workspace.write(wire.remove_attachment(part.id))
        except errors.NotFound:
            return


def _one(answer: Json, name: str) -> dict[str, Json]:
    try:
        return wire.one(answer, name)
    except ValueError as error:
        raise errors.Unreadable(f"Aha!'s answer holds {error}.", remedy="Check the address.", code="N3") from None
