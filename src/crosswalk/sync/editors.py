"""Who brought about a conflict: each side's own history is asked, because hooks may be lost, or not be there at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crosswalk.errors import RemoteError
from crosswalk.merge.disputes import Dispute
from crosswalk.merge.records import Edited, Snapshot
from crosswalk.merge.rules import Rule, Side
from crosswalk.sync.bridge import Bridge


def with_editors(
    bridge: Bridge, ends: Mapping[Side, Snapshot], rules: Sequence[Rule], found: Sequence[Dispute]
) -> list[Dispute]:
    """`found` with who changed the field last on either side, and when, where the sides say so."""
    fields = {rule.name: rule for rule in rules}
    told = []
    for one in found:
        edits = {side: _edited(bridge, side, ends[side], fields[one.name].field(side)) for side in Side}
        by = {side: edit.by for side, edit in edits.items() if edit.by}
        at = {side: edit.at for side, edit in edits.items() if edit.at}
        told.append(replace(one, by=by, at={**one.at, **at}))
    return told


def _edited(bridge: Bridge, side: Side, record: Snapshot, name: str) -> Edited:
    try:
        return bridge.side(side).edited(record.ref, name)
    except RemoteError:  # the conflict is told all the same
        return Edited()
