"""What hangs on records: comments, notes, files, custom values, integrations, tags, links. Only reads, as `reading`.

Its schema, by introspection: https://github.com/caseyg/aha-mcp, docs/aha-graphql-api.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import cast

from crosswalk_sandbox.aha.customs import api_type, shown_text
from crosswalk_sandbox.aha.graphql.reading import LINKS, Args, Desk, Resolver, Table, may, stamps, two_stamps, typename
from crosswalk_sandbox.aha.show import stamp
from crosswalk_sandbox.aha.state import Attachment, Comment, CustomValue, Integration, Note, Record, RecordLink


def _comment(read: Callable[[Comment], object]) -> Resolver:
    return lambda _, source, __: read(cast("Comment", source))


def _note(read: Callable[[Note], object]) -> Resolver:
    return lambda _, source, __: read(cast("Note", source))


MARKS = (
    (re.compile(r"</?(?:strong|b)>"), "**"),
    (re.compile(r"</?(?:em|i)>"), "*"),
    (re.compile(r"<li[^>]*>"), "- "),
    (re.compile(r"<h(\d)[^>]*>"), "# "),
    (re.compile(r"<br>|</(?:p|li|h\d|ul|ol|tr|pre|blockquote)>"), "\n"),
    (re.compile(r"<[^>]+>"), ""),
)


def markdown(html: str) -> str:
    """A plain reading of rich text. Aha!'s own markdown is richer; tables and links lose their form here."""
    for pattern, mark in MARKS:
        html = pattern.sub(mark, html)
    return unescape(html).strip()


NOTE: Table = {
    "id": _note(lambda note: note.id),
    "htmlBody": _note(lambda note: note.body),
    "markdownBody": _note(lambda note: markdown(note.body)),
    "editorVersion": lambda *_: 1,
    "attachments": _note(lambda note: note.attachments),
}
COMMENT: Table = {
    "id": _comment(lambda one: one.id),
    "body": _comment(lambda one: one.body),
    "user": _comment(lambda one: one.user),
    "commentable": _comment(lambda one: one.record),
    "permissions": lambda desk, source, _: may(desk, cast("Comment", source).record),
    **stamps(two_stamps),
}


def _address(desk: Desk, source: object, args: Args) -> str:
    file = cast("Attachment", source)
    size = str(args.get("size") or "ORIGINAL").lower()
    return file.url or f"{desk.show.download(file)}.download?size={size}"


ATTACHMENT: Table = {
    "id": lambda _, file, __: cast("Attachment", file).id,
    "contentType": lambda _, file, __: cast("Attachment", file).content_type,
    "fileName": lambda _, file, __: cast("Attachment", file).file_name,
    "fileSize": lambda _, file, __: len(cast("Attachment", file).data),
    "downloadUrl": _address,
    **stamps(lambda file: (stamp(cast("Attachment", file).created_at),) * 2),
}


def _value(read: Callable[[CustomValue], object]) -> Resolver:
    return lambda _, source, __: read(cast("tuple[CustomValue, Record]", source)[0])


def _typed(value: CustomValue) -> object:
    kind = api_type(value.definition)
    if kind == "number" and isinstance(value.value, str) and value.value:
        return float(value.value)
    return None if kind == "attachment" else value.value


def _human(value: CustomValue) -> str:
    if api_type(value.definition) == "attachment":
        return ", ".join(one.file_name for one in value.attachments)
    return shown_text(value.value)


def _options(value: CustomValue) -> list[object]:
    chosen = value.value if isinstance(value.value, list) else [shown_text(value.value)]
    options = enumerate(value.definition.options, 1)
    moment = stamp(value.updated_at)
    return [
        {
            "id": key,
            "name": text,
            "color": int(color.lstrip("#"), 16),
            "position": place,
            "hidden": key in value.definition.hidden,
            "createdAt": moment,
            "updatedAt": moment,
        }
        for place, (key, text, color) in options
        if text in chosen
    ]


CUSTOM: Table = {
    "id": _value(lambda value: value.id),
    "key": _value(lambda value: value.definition.key),
    "value": _value(_typed),
    "humanValue": _value(_human),
    "customFieldOptions": _value(_options),
    "record": lambda _, source, __: cast("tuple[CustomValue, Record]", source)[1],
    **stamps(lambda source: (stamp(cast("tuple[CustomValue, Record]", source)[0].updated_at),) * 2),
}
INTEGRATION: Table = {
    "id": lambda _, one, __: cast("Integration", one).id,
    "name": lambda _, one, __: cast("Integration", one).name,
    "serviceName": lambda _, one, __: cast("Integration", one).service_name,
    "version": lambda _, one, __: cast("Integration", one).version,
}
TAG: Table = {
    "id": lambda desk, name, _: desk.account.tag_id(cast("str", name)),
    "name": lambda _, name, __: name,
    "color": lambda *_: 0x639EB4,
    "tagType": lambda *_: "GENERAL",
}


def _link(read: Callable[[RecordLink], object]) -> Resolver:
    return lambda _, source, __: read(cast("RecordLink", source))


def _linkable(record: Record) -> Record | None:
    """A release is no member of the union of linkable records, so it is not shown as one."""
    return None if record.kind == "release" else record


RECORD_LINK: Table = {
    "id": _link(lambda link: link.id),
    "linkType": _link(lambda link: LINKS[link.type_id]),
    "inverted": lambda *_: False,
    "relationDescription": _link(lambda link: LINKS[link.type_id].lower().replace("_", " ")),
    "parentRecord": _link(lambda link: _linkable(link.parent)),
    "parentRecordId": _link(lambda link: link.parent.id),
    "parentRecordType": _link(lambda link: typename(link.parent)),
    "childRecord": _link(lambda link: _linkable(link.child)),
    "childRecordId": _link(lambda link: link.child.id),
    "childRecordType": _link(lambda link: typename(link.child)),
    **stamps(lambda link: (stamp(cast("RecordLink", link).created_at),) * 2),
}
