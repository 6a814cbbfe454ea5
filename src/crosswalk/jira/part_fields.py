"""What hangs on issues, as answers show it: wire JSON to parts. Pure; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from crosswalk.jira import wire_meta
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.wire import Json
from crosswalk.merge.records import LinkTo, Part, Ref, Work, file_called
from crosswalk.merge.values import Person, Rich
from crosswalk.remote.moments import moment_of
from crosswalk.richtext.copies import split_heading

COMMENT, ATTACHMENT, LINK, WORKLOG = "comment", "attachment", "link", "worklog"
FIELDS: Mapping[str, str] = {
    COMMENT: "comment",
    ATTACHMENT: "attachment",
    LINK: "issuelinks",
    WORKLOG: "worklog",
}
"""The issue field that carries the parts of a kind."""


def hanging(
    fields: Mapping[str, Json], flavour: Flavour, issue_url: str
) -> tuple[dict[str, tuple[Part, ...]], frozenset[str]]:
    """The parts that an issue's `fields` carry whole, by kind, and the kinds of which there are more."""
    parts: dict[str, tuple[Part, ...]] = {}
    if "comment" in fields and (found := comments_in(fields["comment"], flavour, issue_url)) is not None:
        parts[COMMENT] = found
    if (logs := worklogs_in(fields.get(FIELDS[WORKLOG]))) is not None:
        parts[WORKLOG] = logs
    if isinstance(links := fields.get(FIELDS[LINK]), list):
        parts[LINK] = links_in(links)
    if "attachment" in fields:
        parts[ATTACHMENT] = attachments_in(fields["attachment"], flavour)
    return parts, frozenset(kind for kind, name in FIELDS.items() if fields.get(name) is not None and kind not in parts)


def comment_of(data: Mapping[str, Json], flavour: Flavour, issue_url: str) -> Part:
    """A comment of an answer; private where only some may see it (operation addComment: `visibility`, `jsdPublic`)."""
    rich = flavour.rich(data.get("body"))
    twin, text = split_heading(rich.format, rich.source) if rich else ("", "")
    author = data.get("author")
    key = str(data.get("id") or "")
    return Part(
        key,
        Rich(rich.format, text) if rich and text else None,
        twin,
        private=isinstance(data.get("visibility"), dict) or data.get("jsdPublic") is False,
        url=f"{issue_url}?focusedCommentId={key}",
        author=flavour.person(author) if isinstance(author, dict) else None,
        made_at=moment_of(data.get("created")),
        whole=rich,
    )


def comments_in(field: Json, flavour: Flavour, issue_url: str) -> tuple[Part, ...] | None:
    """The comments in an issue's field `comment`; None where it does not carry all of them."""
    if not isinstance(field, dict):
        return ()
    listed = wire_meta.objects(field.get("comments"))
    if int(field.get("total") or 0) > len(listed):
        return None
    return tuple(comment_of(entry, flavour, issue_url) for entry in listed)


def links_in(field: Json) -> tuple[Part, ...]:
    """The links in an issue's field `issuelinks`: each says which end the other issue is, and its type's words.

    An `outwardIssue` is the destination of a link that begins here.
    """
    return tuple(part for entry in wire_meta.objects(field) if (part := _link(entry)) is not None)


def _link(data: Mapping[str, Json]) -> Part | None:
    outward = isinstance(data.get("outwardIssue"), dict)
    other = data.get("outwardIssue") if outward else data.get("inwardIssue")
    kind = data.get("type")
    if not isinstance(other, dict) or not isinstance(kind, dict) or not other.get("id"):
        return None
    ref = Ref("issue", str(other["id"]), str(other.get("key") or ""))
    words = str(kind.get("outward" if outward else "inward") or kind.get("name") or "")
    link = LinkTo(str(kind.get("id") or ""), ref, outward)
    return Part(str(data.get("id") or ""), name=f"“{words}” {ref}", link=link)


def attachments_in(field: Json, flavour: Flavour) -> tuple[Part, ...]:
    """The files in an issue's field `attachment`, which always holds all of them; oldest first."""
    found = [attachment_of(entry, flavour) for entry in wire_meta.objects(field)]
    return tuple(sorted(found, key=lambda part: (part.made_at is None, part.made_at, part.id)))


def attachment_of(data: Mapping[str, Json], flavour: Flavour) -> Part:
    """A file of an answer. Its bytes never change: another version is another attachment."""
    name, size, author = str(data.get("filename") or ""), data.get("size"), data.get("author")
    size = size if isinstance(size, int) else 0
    called = file_called(name, size)
    return Part(
        str(data.get("id") or ""),
        called,
        key=called,
        name=name,
        url=str(data.get("content") or ""),
        author=flavour.person(author) if isinstance(author, dict) else None,
        made_at=moment_of(data.get("created")),
        size=size,
        media_type=str(data.get("mimeType") or ""),
    )


def worklogs_in(field: Json) -> tuple[Part, ...] | None:
    """The work in an issue's field `worklog`; None where it does not carry all of it. Never what sub-tasks took."""
    if not isinstance(field, dict):
        return None
    listed = wire_meta.objects(field.get("worklogs"))
    if int(field.get("total") or 0) > len(listed):
        return None
    return tuple(part for entry in listed if (part := worklog_of(entry)) is not None)


def worklog_of(data: Mapping[str, Json]) -> Part | None:
    """A worklog of an answer; None for one without a time. The day is that of its author's own clock.

    Its time is part of its id: where somebody corrects it, one piece of work is gone and another there.
    """
    seconds, started = data.get("timeSpentSeconds"), str(data.get("started") or "")
    if not isinstance(seconds, int) or not moment_of(started):
        return None
    work = Work(Decimal(seconds) / 60, date.fromisoformat(started[:10]))
    author = data.get("author")
    mail = str(author.get("emailAddress") or "") if isinstance(author, dict) else ""
    name = str(author.get("displayName") or "") if isinstance(author, dict) else ""
    return Part(
        f"{data.get('id')} {work.key}",
        key=work.key,
        private=isinstance(data.get("visibility"), dict),
        name=work.shown,
        author=Person("", mail, name),
        work=work,
        stem=f"{data.get('id')} ",
    )
