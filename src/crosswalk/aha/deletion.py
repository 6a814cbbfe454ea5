"""Whether a record that Aha! does not show was deleted. It answers 404 for what is hidden from the key's user, too.

The history keeps deletes by the record's id for a year, and the recycle bin by its reference number for a week, also
where a key may not read the history (https://www.aha.io/api/resources/audits, .../deletions). What stands below a
record goes with it and may have no entry of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Ref

PAGES = 5  # of the recycle bin: newest first
NOT_TOLD = (errors.Forbidden, errors.NotFound, errors.Invalid)


def told(workspace: Workspace, ref: Ref) -> bool:
    """Whether the history or the recycle bin names `ref`, or the feature above it. Raises RemoteError."""
    names = {name for name in (ref.key, ref.key.rpartition("-")[0] if ref.kind == "requirement" else "") if name}
    try:
        if _in_history(workspace, ref):
            return True
    except NOT_TOLD:
        pass
    try:
        return any(name in names for name in _in_bin(workspace))
    except NOT_TOLD:
        return False


def _in_history(workspace: Workspace, ref: Ref) -> bool:
    kind = ref.kind.capitalize()
    answer = workspace.send(wire.audits(auditable_type=kind, auditable_id=ref.id, audit_action="destroy"))
    entries = wire.items(answer, "audits")
    return any(str(one.get("auditable_id")) == ref.id and one.get("audit_action") == "destroy" for one in entries)


def _in_bin(workspace: Workspace) -> Iterator[str]:
    """The reference numbers of what was deleted lately."""
    page: int | None = 1
    while page is not None and page <= PAGES:
        answer = workspace.send(wire.deletions(page))
        yield from _names(wire.items(answer, "deletions"))
        page = wire.next_page(answer)


def _names(entries: Iterable[wire.Json]) -> Iterator[str]:
    for one in entries:
        record = one.get("record")
        if isinstance(record, dict) and one.get("status") != "restored":
            yield str(record.get("reference_num") or "")
