"""Bugs planted in the product, each as somebody could write it; the live machine has to find every one by chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from crosswalk.merge.decision import Base
from crosswalk.merge.records import Changes, Ref, Steps, untold
from crosswalk.merge.stale import NEWEST
from crosswalk.merge.values import Value
from crosswalk.store.models import Pair
from crosswalk.sync.bridge import Bridge
from tests.path.matrix.bugs import Around, ClearDropped, NoBase, SetOverwritten, WrongDirection, on


class BaseStays(Around):
    """The base is stored when a pair is made, and not after a write."""

    def agree(self, run: Any, pair_id: int, base: Base) -> None:
        if not Pair.objects.get(pk=pair_id).base:
            self.real.agree(run, pair_id, base)


class NotLookedFor(Around):
    """A create whose answer was lost is sent again without a look."""

    def find(self, *_: Any) -> Mapping[str, Ref]:
        return {}


class EmptyErases(Around):
    """An edit is sent as a whole: what is not to be changed goes along empty."""

    def _whole(self, changes: Mapping[str, Value]) -> dict[str, Value]:
        return {"duedate": None, **changes} if "summary" in changes else dict(changes)

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Any:
        return self.real.update(ref, self._whole(changes), told)

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Any:
        return self.real.exchange(ref, self._whole(changes))


class Unmarked(Around):
    """A copy of a comment is not known for one."""

    def parts(self, record: Any, kind: str) -> Any:
        return [replace(one, twin="") for one in self.real.parts(record, kind)]


class Trusting(Around):
    """An answer that is older than what was read before is believed."""

    def begin(self, pair_id: int) -> Any:
        run, view = self.real.begin(pair_id)
        return run, replace(view, looks=99, base={name: held for name, held in view.base.items() if name != NEWEST})


class Deaf(Around):
    """A poll tells nothing."""

    def changed(self, cursor: str) -> Changes:
        return replace(self.real.changed(cursor), refs=())


class HalfWritten(Around):
    """Of an edit of several fields only the first is sent."""

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Any:
        return self.real.update(ref, dict(list(changes.items())[:1]), told)

    def exchange(self, _ref: Ref, _changes: Mapping[str, Value]) -> None:
        """Never taken."""


class ReadOnce(Around):
    """What was read once is believed for ever."""

    known: ClassVar[dict[Ref, Any]] = {}

    def read(self, refs: Sequence[Ref]) -> Any:
        self.known.update(self.real.read([ref for ref in refs if ref not in self.known]))
        return {ref: self.known[ref] for ref in refs}


def both(wrong: type[Around]) -> Callable[[Bridge], Bridge]:
    """Wrong on both sides."""
    return lambda bridge: on("left", wrong)(on("right", wrong)(bridge))


BUGS: Mapping[str, Callable[[Bridge], Bridge]] = {
    "no base after a write": on("ledger", BaseStays),
    "own echo taken for an edit": on("ledger", NoBase),
    "a lost create is sent again": on("right", NotLookedFor),
    "a child is made twice": on("left", NotLookedFor),
    "a set is overwritten": on("book", SetOverwritten),
    "an empty value erases": on("right", EmptyErases),
    "an empty value is not carried": on("right", ClearDropped),
    "the wrong direction": on("book", WrongDirection),
    "a comment is echoed": both(Unmarked),
    "a stale read is believed": on("ledger", Trusting),
    "a poll is deaf": both(Deaf),
    "half of an edit is written": on("right", HalfWritten),
    "what was read once is believed": on("right", ReadOnce),
}
