"""Files of records of Aha!, as answers show them: wire JSON to parts. Pure; no I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from crosswalk.aha.wire import Json
from crosswalk.merge.records import Part, file_called
from crosswalk.remote.moments import moment_of

ATTACHMENT = "attachment"


def attachment_of(data: Mapping[str, Json]) -> Part:
    """A file of an answer. `file_size` may be that of a smaller copy of a picture; the original's counts."""
    name, size = str(data.get("file_name") or ""), 0
    for key in ("file_size", "original_file_size"):
        size = given if isinstance(given := data.get(key), int) else size
    called = file_called(name, size)
    return Part(
        str(data.get("id") or ""),
        called,
        key=called,
        name=name,
        url=str(data.get("download_url") or ""),
        made_at=moment_of(data.get("created_at")),
        size=size,
        media_type=str(data.get("content_type") or ""),
    )


def attachments_in(data: Mapping[str, Json]) -> tuple[Part, ...]:
    """The files of a record (`attachments`), of its description and of its custom fields; each once, oldest first."""
    note, customs = data.get("description"), data.get("custom_fields")
    found = [*files_of(data), *(files_of(note) if isinstance(note, dict) else ())]
    for custom in customs if isinstance(customs, list) else ():
        if isinstance(custom, dict):
            found += [replace(part, within=f"custom:{custom.get('key')}") for part in files_of(custom)]
    return in_order(found)


def in_order(files: Iterable[Part]) -> tuple[Part, ...]:
    """Each file once, oldest first."""
    by_id = {part.id: part for part in files}
    return tuple(sorted(by_id.values(), key=lambda part: (part.made_at is None, part.made_at, part.id)))


def files_of(data: Mapping[str, Json]) -> list[Part]:
    """The files that a record, a description or a comment lists."""
    listed = data.get("attachments")
    return [attachment_of(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
