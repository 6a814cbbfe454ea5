"""Pairs, runs, create intents and journal lines as values. The store keeps them, the story in sync/ works with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosswalk.merge.merge import Base
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import Joining


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair as the story sees it. `right` is None until the record there is made or linked (so with `left`).

    `news` is the only side that was said to have changed since the pair was last settled; None where both were, or
    where nobody said which. `asked` is whether a person asked for a run. `held` is a person's word that nothing is
    to be done about it: "paused", "ignored", or "".
    `code` is that of the reason for which it was left as it is, when it was last settled.
    `joining` is what a person said about two records that both were there before; None for every other pair.
    `deleted` is the side that said its record was deleted, and not hidden; `title` is what its record on the left is
    called, as it was last read. Of its `tries` in vain since it was last settled, `looks` saw what is not believed at
    once, the first of them at `looked_at`: a server that did not answer showed nothing. `apart` names the fields in
    which the two differ although they are in step, as it was told last.
    """

    id: int
    integration_id: int
    kind: str
    left: Ref | None
    right: Ref | None
    base: Base
    parent_id: int | None = None
    state: str = "new"
    code: str = ""
    tries: int = 0
    looks: int = 0
    looked_at: datetime | None = None
    news: Side | None = None
    asked: bool = False
    held: str = ""
    joining: Joining | None = None
    deleted: Side | None = None
    title: str = ""
    apart: tuple[str, ...] = ()

    def ref(self, side: Side) -> Ref | None:
        """Its record on `side`."""
        return self.left if side is Side.LEFT else self.right

    @property
    def complete(self) -> bool:
        """Whether it has its record on either side."""
        return self.left is not None and self.right is not None

    @property
    def held_back(self) -> bool:
        """Whether nothing is carried until a person said who counts."""
        return self.joining is not None and not self.joining.said


def only_news(told: Mapping[Side, bool]) -> Side | None:
    """The side that has news, where the other has none."""
    sides = [side for side, has_news in told.items() if has_news]
    return sides[0] if len(sides) == 1 else None


@dataclass(frozen=True, slots=True)
class Run:
    """The right to work on one pair: `fence` grows with every run; `seen` is the dirty count this run answers for."""

    pair_id: int
    fence: int
    seen: int


@dataclass(frozen=True, slots=True)
class Intent:
    """A create that is about to be sent, stored first.

    `since` is when it was first intended; `sent_at` when it was last sent without a sure answer (None: it surely did
    not land, or was never sent, so nothing has to be looked up).
    """

    token: str
    pair_id: int
    side: Side
    since: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: what was read, decided or written, on which side, and why.

    `old` and `new` are for reading; `kept` is a value that was replaced, whole, as JSON that `values.load` understands,
    and `wrote` two of them, before and after a write, so that a run can be undone.
    """

    what: str
    why: str = ""
    side: Side | None = None
    level: str = "info"
    field: str = ""
    old: str = ""
    new: str = ""
    remedy: str = ""
    code: str = ""
    kept: str = ""
    wrote: str = ""


def told_already(entry: Entry, before: Iterable[Entry], *, waiting: bool) -> bool:
    """Whether `before`, the pair's lines about the entry's field and side, newest first, end with what `entry` says.

    A refused write leaves up to three lines: what it replaces, that it is written, that it was refused. While nothing
    about the field changes, the next try would leave the same. One whose run did not come to an end (`waiting`) is
    the same write when it is tried again.
    """
    lines = iter(before)
    newest = next(lines, None)
    if newest is None or (entry.level == "info" and not entry.field):
        return False
    if newest.level == "info":
        return waiting and newest == entry
    refused_on_create = entry.level == "info" and not newest.old and newest.new == entry.new
    if newest == entry or refused_on_create:
        return True
    tries = 0
    for line in lines:
        tries += line.level == "info"
        if tries > 1 or (line.level == "info" and not line.field):
            return False
        if line == entry:
            return True
    return False
