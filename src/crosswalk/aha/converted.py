"""What a record that is gone was converted to: a feature to an epic, a requirement to a feature, and the other ways.

A conversion makes a new record with a new id and number and deletes the old one
(https://www.aha.io/api/resources/features/convert_a_feature_to_an_epic), and nothing that Aha! tells names both. They
are known by what they share: another kind of record, made in the very moment in which the old one went, has its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.deletion import NOT_TOLD, went
from crosswalk.aha.wire_hooks import audit_refs
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.remote.moments import moment_of

NEAR = timedelta(minutes=1)
MOST = 20  # records of that moment that are looked at
KINDS = ("feature", "epic", "requirement", "initiative")
LISTED = ("feature", "epic", "initiative")
"""Where the history may not be read: the kinds that a workspace lists."""


def became(workspace: Workspace, ref: Ref, title: str) -> tuple[Ref, ...]:
    """The records that `ref`, which was called `title`, may have become; none where it was only deleted or is hidden.

    Raises RemoteError.
    """
    at = went(workspace, ref) if ref.kind in KINDS and title else None
    if at is None:
        return ()
    try:
        made = list(_made(workspace, ref, at))
    except NOT_TOLD:
        return tuple(_listed(workspace, ref, at, title))
    read = (_read(workspace, one) for one in made[:MOST])
    return tuple(one.ref for one in read if one is not None and _name(one) == title)


def _made(workspace: Workspace, ref: Ref, at: datetime) -> Iterator[Ref]:
    """What was made about then, of other kinds, by the history."""
    answer = workspace.send(wire.audits(created_since=at - NEAR, audit_action="create"))
    for entry in wire.items(answer, "audits"):
        then = moment_of(entry.get("created_at"))
        own = str(entry.get("auditable_type") or "").lower() in KINDS
        if own and entry.get("audit_action") == "create" and then is not None and then <= at + NEAR:
            yield from (one for one in audit_refs(entry) if one.kind in KINDS and one.kind != ref.kind)


def _listed(workspace: Workspace, ref: Ref, at: datetime, title: str) -> Iterator[Ref]:
    """The same by the lists of the workspace, which hold no requirements."""
    listing = wire.Listing(fields=("id", "reference_num", "name", "created_at"), updated_since=at - NEAR, q=title)
    for kind in (one for one in LISTED if one != ref.kind):
        for entry in wire.items(workspace.send(wire.records(kind, workspace.id, listing)), wire.PLURAL[kind]):
            then = moment_of(entry.get("created_at"))
            if str(entry.get("name") or "")[:300] == title and then is not None and abs(then - at) <= NEAR:
                yield Ref(kind, str(entry.get("id") or ""), str(entry.get("reference_num") or ""))


def _read(workspace: Workspace, ref: Ref) -> Snapshot | None:
    try:
        return workspace.get(ref)
    except errors.NotFound:
        return None


def _name(record: Snapshot) -> str:
    name = record.get("name")
    return name[:300] if isinstance(name, str) else ""
