"""What hangs on issues: comments, files (attachments.py), links (links.py) and worklogs (worklogs.py).

Reads comments from the issue's own answer where it carries them all, and writes copies. A copy begins with
a line that names its author and says by its link what it is a copy of (richtext/copies.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.attachments import Attachments
from crosswalk.jira.fields import Kind, Unfit, wire_value
from crosswalk.jira.links import Links
from crosswalk.jira.part_fields import ATTACHMENT, COMMENT, LINK, WORKLOG, comment_of
from crosswalk.jira.project import Project
from crosswalk.jira.wire import Json
from crosswalk.jira.worklogs import Worklogs
from crosswalk.merge.records import FileCopy, Part, PartDraft, Ref, Snapshot
from crosswalk.merge.values import Rich
from crosswalk.richtext.copies import Heading, with_heading


class Comments:
    """The comments of issues."""

    def __init__(self, project: Project) -> None:
        self._project, self._flavour, self._api = project, project.flavour, project.api

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All comments of an issue, by as many pages as they take."""
        found: list[Part] = []
        while True:
            data = self._project.send(wire.comments(self._api, record.ref.id, len(found))) or {}
            listed = wire_meta.objects(data.get("comments"))
            found += [comment_of(entry, self._flavour, record.url) for entry in listed]
            if not listed or len(found) >= int(data.get("total") or 0):
                return found

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Comment on an issue."""
        return self._stored(ref, self._project.send(wire.add_comment(self._api, ref.id, self._body(draft))))

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """Write a comment anew: a copy keeps its first line, an original has none."""
        body = self._body(draft) if part.twin else self._plain(draft.content)
        return self._stored(ref, self._project.send(wire.change_comment(self._api, ref.id, part.id, body)))

    def remove(self, ref: Ref, part: Part) -> None:
        """Delete a comment."""
        self._project.send(wire.remove_comment(self._api, ref.id, part.id))

    def _body(self, draft: PartDraft) -> Json:
        source = draft.source
        author = source.author.name if source.author else ""
        heading = Heading(author, "Aha!", source.url or draft.record.url, source.made_at, source.id)
        text = draft.content.source if isinstance(draft.content, Rich) else ""
        return self._plain(Rich(self._flavour.rich_format, with_heading(self._flavour.rich_format, text, heading)))

    def _plain(self, content: object) -> Json:
        if not isinstance(content, Rich):
            raise errors.Refused("Jira takes no comment without text.", remedy="Write something in it.", code="F16")
        written = wire_value(Kind.RICH, content, self._flavour)
        if isinstance(written, Unfit):
            raise errors.Refused(written.words, remedy=written.remedy, code=written.code)
        return written

    def _stored(self, ref: Ref, data: Json) -> Part:
        return comment_of(data, self._flavour, f"{self._project.scope.metadata.site}/browse/{ref.key}")


class Parts:
    """What hangs on issues, by kind. Has the shape of the part methods of `crosswalk.sync.ports.RemoteSide`."""

    def __init__(self, project: Project) -> None:
        self._attachments, self._worklogs = Attachments(project), Worklogs(project)
        self._kinds: Mapping[str, Comments | Attachments | Links | Worklogs] = {
            COMMENT: Comments(project),
            ATTACHMENT: self._attachments,
            LINK: Links(project),
            WORKLOG: self._worklogs,
        }

    def parts(self, record: Snapshot, kind: str) -> Sequence[Part]:
        """See RemoteSide.parts."""
        told = kind in record.parts or kind not in record.more
        found = record.parts.get(kind, ()) if told else self._kinds[kind].read(record)
        return self._attachments.with_media(record, found) if kind == ATTACHMENT else found

    def work_below(self, record: Snapshot, paired: Callable[[Iterable[Ref]], Collection[Ref]]) -> Sequence[Part]:
        """See RemoteSide.work_below."""
        return self._worklogs.below(record, paired)

    def above(self, refs: Sequence[Ref]) -> Sequence[Ref]:
        """See RemoteSide.above."""
        return self._worklogs.above(refs)

    def fetch_part(self, part: Part, most: int) -> AbstractContextManager[FileCopy]:
        """See RemoteSide.fetch_part."""
        return self._attachments.fetch(part, most)

    def room(self, size: int) -> int:
        """See RemoteSide.room."""
        return self._attachments.room(size)

    def add_part(self, ref: Ref, kind: str, draft: PartDraft) -> Part:
        """See RemoteSide.add_part."""
        return self._kinds[kind].add(ref, draft)

    def change_part(self, ref: Ref, kind: str, part: Part, draft: PartDraft) -> Part:
        """See RemoteSide.change_part."""
        return self._kinds[kind].change(ref, part, draft)

    def remove_part(self, ref: Ref, kind: str, part: Part) -> None:
        """See RemoteSide.remove_part."""
        try:
            self._kinds[kind].remove(ref, part)
        except errors.NotFound:
            return
