"""What hangs on records of Aha!: comments, files (attachments.py), links (links.py), work done (worklogs.py).

A record says how many comments there are; they are read only where there are some. A copy begins with
a line that names its author and says by its link what it is a copy of (richtext/copies.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.attachment_fields import ATTACHMENT
from crosswalk.aha.attachments import Attachments
from crosswalk.aha.fields import COMMENT
from crosswalk.aha.link_fields import LINK
from crosswalk.aha.links import Links
from crosswalk.aha.part_fields import comment_of
from crosswalk.aha.setup import people
from crosswalk.aha.wire import Json
from crosswalk.aha.worklog_fields import WORKLOG
from crosswalk.aha.worklogs import Worklogs
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import FileCopy, Part, PartDraft, Ref, Snapshot
from crosswalk.merge.values import Rich
from crosswalk.richtext.copies import Heading, with_heading


class Comments:
    """The comments of records."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def read(self, record: Snapshot) -> Sequence[Part]:
        """All comments of a record, oldest first."""
        ref = record.ref
        answers = self._workspace.pages(lambda page: wire.comments(ref.kind, ref.id, page))
        found = [comment_of(entry) for answer in answers for entry in wire.items(answer, "comments")]
        return sorted(found, key=lambda part: (part.made_at is None, part.made_at, part.id))

    def add(self, ref: Ref, draft: PartDraft) -> Part:
        """Comment on a record, as the key's user: the first line names the author."""
        return _stored(self._workspace.write(wire.add_comment(ref.kind, ref.id, _with_line(draft))))

    def change(self, ref: Ref, part: Part, draft: PartDraft) -> Part:
        """Write a comment anew: a copy keeps its first line, an original has none."""
        del ref  # a comment's id is enough
        body = _with_line(draft) if part.twin else _text(draft)
        return _stored(self._workspace.write(wire.change_comment(part.id, body)))

    def remove(self, ref: Ref, part: Part) -> None:
        """Delete a comment."""
        del ref
        self._workspace.write(wire.remove_comment(part.id))


def _with_line(draft: PartDraft) -> str:
    source = draft.source
    author = source.author.name if source.author else ""
    heading = Heading(author, "Jira", source.url or draft.record.url, source.made_at, source.id)
    return with_heading("html", draft.content.source if isinstance(draft.content, Rich) else "", heading)


def _text(draft: PartDraft) -> str:
    if not isinstance(draft.content, Rich):
        raise errors.Refused("Aha! takes no comment without text.", remedy="Write something in it.", code="F16")
    return draft.content.source


def _stored(answer: Json) -> Part:
    try:
        return comment_of(wire.one(answer, "comment"))
    except ValueError as error:
        raise errors.Unreadable(f"Aha!'s answer holds {error}.", remedy="Check the address.", code="N3") from None


class Parts:
    """What hangs on records, by kind. Has the shape of the part methods of `crosswalk.sync.ports.RemoteSide`."""

    def __init__(self, workspace: Workspace) -> None:
        self._attachments = Attachments(workspace)
        self._kinds: Mapping[str, Comments | Attachments | Links | Worklogs] = {
            COMMENT: Comments(workspace),
            ATTACHMENT: self._attachments,
            LINK: Links(workspace),
            WORKLOG: Worklogs(workspace, lambda email: people(workspace.client, email)),
        }

    def parts(self, record: Snapshot, kind: str) -> Sequence[Part]:
        """See RemoteSide.parts."""
        if kind not in record.more:
            return record.parts.get(kind, ())
        return self._kinds[kind].read(record)

    def work_below(self, record: Snapshot, paired: Callable[[Iterable[Ref]], Collection[Ref]]) -> Sequence[Part]:
        """See RemoteSide.work_below: whatever stands below a record of Aha! is carried itself."""
        del record, paired
        return ()

    def above(self, refs: Sequence[Ref]) -> Sequence[Ref]:
        """See RemoteSide.above."""
        del refs
        return ()

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
