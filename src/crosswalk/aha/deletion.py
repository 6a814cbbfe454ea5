"""Whether a record that Aha! does not show was deleted, and when. Aha! answers 404 for what a key may not see, too.

The history keeps deletes by the record's id for a year, and the recycle bin by its reference number for a week, also
where a key may not read the history (https://www.aha.io/api/resources/audits, .../deletions). What stands below a
record goes with it and may have no entry of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Ref
from crosswalk.remote.moments import moment_of

PAGES = 5  # of the recycle bin: newest first
NOT_TOLD = (errors.Forbidden, errors.NotFound, errors.Invalid)


def told(workspace: Workspace, ref: Ref) -> bool:
    """Whether the history or the recycle bin names `ref`, or the feature above it. Raises RemoteError."""
    return _entry(workspace, ref) is not None


def went(workspace: Workspace, ref: Ref) -> datetime | None:
    """When `ref`, or the feature above it, was deleted; None where nothing says so. Raises RemoteError."""
    entry = _entry(workspace, ref) or {}
    return moment_of(entry.get("created_at") or entry.get("deleted_at"))


def _entry(workspace: Workspace, ref: Ref) -> wire.Json | None:
    """What says that `ref` was deleted: its history, else the recycle bin."""
    names = {name for name in (ref.key, ref.key.rpartition("-")[0] if ref.kind == "requirement" else "") if name}
    try:
        if (found := next(_in_history(workspace, ref), None)) is not None:
            return found
    except NOT_TOLD:
        pass
    try:
        return next(_in_bin(workspace, names), None)
    except NOT_TOLD:
        return None


def _in_history(workspace: Workspace, ref: Ref) -> Iterator[wire.Json]:
    kind = ref.kind.capitalize()
    answer = workspace.send(wire.audits(auditable_type=kind, auditable_id=ref.id, audit_action="destroy"))
    entries = wire.items(answer, "audits")
    return (one for one in entries if str(one.get("auditable_id")) == ref.id and one.get("audit_action") == "destroy")


def _in_bin(workspace: Workspace, names: set[str]) -> Iterator[wire.Json]:
    """What was deleted lately under one of these reference numbers."""
    page: int | None = 1
    while page is not None and page <= PAGES:
        answer = workspace.send(wire.deletions(page))
        for one in wire.items(answer, "deletions"):
            record = one.get("record")
            if isinstance(record, dict) and one.get("status") != "restored" and record.get("reference_num") in names:
                yield one
        page = wire.next_page(answer)
