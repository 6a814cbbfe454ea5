"""Fetches the bytes of attachments, and tells files apart that both sides call alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TypeAlias

from crosswalk import errors
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import FileCopy, Part, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.sent_parts import TOLD
from crosswalk.sync.bridge import NAMES, Bridge

ATTACHMENT = "attachment"
Ends: TypeAlias = Mapping[Side, Snapshot]
Lists: TypeAlias = Mapping[Side, Sequence[Part]]
LATER = (errors.ServerFault, errors.Unanswered, errors.Unreadable, errors.Conflicted)
"""Errors after which the same may go well another time."""


@contextmanager
def fetched(bridge: Bridge, side: Side, part: Part) -> Iterator[FileCopy]:
    """The bytes of a file on `side`, as far as the other side has room for them.

    The limit is asked first, so that nothing is fetched in vain. Raises Refused for a file that is too large, and
    Unreadable where something else comes in its place: a page to log in, say, which would be carried as the file.
    """
    room = bridge.side(side.other).room(part.size)
    if part.size > room:
        raise errors.Refused(
            f"It has {part.size:,} bytes; {NAMES[side.other]} takes at most {room:,}.",
            remedy=f"Raise the limit for attachments in {NAMES[side.other]}, or link the file instead.",
            code="T1",
        )
    with ExitStack() as kept:
        try:
            file = kept.enter_context(bridge.side(side).fetch_part(part, room))
        except errors.NotFound as error:
            raise errors.Refused(
                f"{NAMES[side]} lists the file and does not give it ({error.message})",
                remedy=f"Open it in {NAMES[side]}; if that fails too, attach it again or delete it. Then press Retry.",
                code="T4",
            ) from None
        if part.size and file.size != part.size:
            raise _something_else(side, part, f"{file.size:,}")
        yield file


def _something_else(side: Side, part: Part, sent: str) -> errors.Unreadable:
    return errors.Unreadable(
        f"{NAMES[side]} lists “{part.name}” with {part.size:,} bytes and sent {sent}.",
        remedy=f"Nothing to do: it is fetched again. If it stays so, attach it again in {NAMES[side]}.",
        code="N3",
    )


def told_apart(
    bridge: Bridge, known: Sequence[PartPair], lists: Lists, later: list[errors.RemoteError]
) -> dict[Side, list[Part]]:
    """`lists` with the hash of its content in the name of each new file that both sides call alike.

    So only files with the same content are joined. One that can not be fetched is left out. Where it may be another
    time, that goes into `later`, and so do all that are called like it: its copy would look like a file of its own.
    """
    taken = {side: {pair.id(side) for pair in known} for side in Side}
    fresh = {side: [part for part in lists[side] if part.id not in taken[side]] for side in Side}
    alike = {part.key for part in fresh[Side.LEFT]} & {part.key for part in fresh[Side.RIGHT]}
    unread: set[str] = set()
    named: dict[tuple[Side, str], Part | None] = {}
    for side in Side:
        for part in (one for one in fresh[side] if one.key in alike):
            try:
                named[side, part.id] = _with_hash(bridge, side, part)
            except LATER as error:
                later.append(error)
                unread.add(part.key)
    found: dict[Side, list[Part]] = {}
    for side in Side:
        sure = (one for one in lists[side] if one.id in taken[side] or one.key not in unread)
        whole = (named.get((side, part.id), part) for part in sure)
        found[side] = [part for part in whole if part is not None]
    return found


def _with_hash(bridge: Bridge, side: Side, part: Part) -> Part | None:
    """`part` with its hash; None where it is not to be had. Raises what may go well another time."""
    try:
        with bridge.side(side).fetch_part(part, part.size or 1) as file:
            if part.size and file.size != part.size:
                raise _something_else(side, part, f"{file.size:,}")
            return replace(part, key=f"{part.key}{TOLD}{file.digest}")
    except errors.Refused as error:
        if not part.size:
            return None
        if error.code == "T1":
            raise _something_else(side, part, "more") from None
        raise errors.Unreadable(error.message, remedy=error.remedy, code=error.code) from None
    except errors.RemoteError as error:
        if isinstance(error, (errors.TooMany, errors.NotSignedIn, errors.Untrusted, *LATER)):
            raise
        return None
