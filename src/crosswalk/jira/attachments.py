"""Files on issues. A file has no room for a token: after a lost answer it is known by name, size and content hash.

Jira never changes the bytes of an attachment; a new version is another attachment, and the old one is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.part_fields import COMMENT, attachment_of, attachments_in
from crosswalk.jira.project import Project
from crosswalk.merge.records import FileCopy, Part, PartDraft, Ref, Snapshot
from crosswalk.merge.values import Rich
from crosswalk.remote.request import File

OCTETS = "application/octet-stream"
# The address of a file on the media host: https://api.media.atlassian.com/file/UUID/binary?token=...
_MEDIA = re.compile(r"/file/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/")


class Attachments:
    """The files of issues."""

    def __init__(self, project: Project) -> None:
        self._project, self._flavour, self._api = project, project.flavour, project.api
        self._limit: int | None = None
        self._media: dict[str, str] = {}

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All files of an issue. Its own answer carries them; this is for one that does not."""
        data = self._project.send(wire.attachments(self._api, record.ref.id)) or {}
        fields = data.get("fields")
        return attachments_in(fields.get("attachment") if isinstance(fields, dict) else None, self._flavour)

    def with_media(self, record: Snapshot, files: Sequence[Part]) -> Sequence[Part]:
        """`files` with their media ids: asked for where a document of the issue refers to a file by one, else as known.

        A picture that comes into a text later than its file, after a restart, is written by the file's address instead.
        """
        texts = [*record.fields.values(), *(part.content for part in record.parts.get(COMMENT, ()))]
        if any(isinstance(text, Rich) and text.format == "adf" and '"type":"file"' in text.source for text in texts):
            return tuple(self._named(part) for part in files)
        return tuple(replace(part, media=self._media.get(part.id, "")) for part in files)

    def _named(self, part: Part) -> Part:
        """A file with its media id, asked once; without one where it can not be told."""
        if self._flavour.rich_format != "adf":
            return part
        if part.id not in self._media:
            try:
                address = self._project.client.leads_to(wire.attachment_content(self._api, part.id))
            except errors.RemoteError:
                return part
            found = _MEDIA.search(address)
            self._media[part.id] = found[1] if found else ""
        return replace(part, media=self._media[part.id])

    def room(self, size: int) -> int:
        """How many bytes a file may have; asked again where `size` seems too much, as the limit may have been raised.

        Raises Refused where attachments are switched off.
        """
        if self._limit is None or size > self._limit:
            data = self._project.send(wire.attachment_meta(self._api)) or {}
            if data.get("enabled") is False:
                raise errors.Refused(
                    "Attachments are switched off in Jira.",
                    remedy="Switch them on in Jira's settings (System, Attachments), or set “attachment” to off.",
                    code="T1",
                )
            self._limit = int(data.get("uploadLimit") or 0)
        return self._limit

    def fetch(self, part: Part, most: int) -> AbstractContextManager[FileCopy]:
        """The bytes of a file. Cloud answers 303 to a media host, which gets no credential."""
        request = wire.fetch_attachment(self._api, part.id)
        return self._project.client.download(request, self._flavour.content_path(part.id, part.name), most)

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Attach a copy; what Jira stored must have as many bytes as were sent."""
        assert draft.file is not None
        source, file = draft.source, draft.file
        upload = File("file", source.name, source.media_type or OCTETS, file.path)
        try:
            data = self._project.send(wire.add_attachment(self._api, ref.id, upload))
        except (errors.NotFound, errors.Invalid) as error:
            if error.status in (404, 413):  # Data Center says 404 where a file is too large (operation addAttachment)
                raise _too_large(source, error) from None
            raise
        listed = wire_meta.objects(data)
        if not listed:
            raise errors.Unreadable(
                "Jira's answer names no attachment.", remedy="Nothing to do: it is looked for.", code="N3"
            )
        stored = attachment_of(listed[0], self._flavour)
        if stored.size != file.size:
            self.remove(ref, stored)
            raise errors.Refused(
                f"Jira stored {stored.size:,} of {file.size:,} bytes; that attachment was deleted again.",
                remedy="See whether a proxy or an app in Jira changes uploads, then press Retry.",
                code="T5",
            )
        return self._named(stored) if stored.media_type.startswith("image/") else stored

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """The new bytes as another attachment, then the old one goes."""
        stored = self.add(ref, draft)
        self.remove(ref, part)
        return stored

    def remove(self, ref: Ref, part: Part) -> None:
        """Delete a file."""
        del ref  # an attachment's id is enough
        try:
            self._project.send(wire.remove_attachment(self._api, part.id))
        except errors.NotFound:
            return


def _too_large(source: Part, error: errors.RemoteError) -> errors.Refused:
    words = f" Jira says: {error.said}" if error.said else ""
    return errors.Refused(
        f"Jira does not take “{source.name}” ({source.size:,} bytes), perhaps it is too large.{words}",
        remedy="Raise the limit for attachments in Jira, or link the file instead; then press Retry.",
        code="T3" if error.status == 404 else "T2",
    )
