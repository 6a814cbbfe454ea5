"""What people did in a story, and what a system that was answered with old states, or put back, may make of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from tests.path.live.memory import Memory, Place, Since, value_of
from tests.path.live.people import Twins


class Recollection(Memory):
    """A memory that allows for what no reader of states can know: that somebody set a value and set it back.

    Both sides may hold the same before Crosswalk looked. What goes back to an older state from there is no change. Nor
    is what goes back to the base of a backup that was put back, until both sides are next at rest: what the other side
    was brought to since looks like an edit there (docs/how-to/backup.md).
    """

    def __init__(self) -> None:
        super().__init__()
        self.ever: defaultdict[Place, list[Any]] = defaultdict(list)
        self.met: dict[Place, list[Any]] = {}
        """Where people themselves brought both sides to hold the same, and what they wrote on the way."""
        self.put_back = False
        self.old: defaultdict[Place, list[Any]] = defaultdict(list)
        """What a side was seen to hold that nobody wrote: a server itself changes what remains of an estimate."""
        self.answered_with_old = False
        """Whether a server ever answered with old states: what a side held before looks like an edit then."""

    def settle(self, at: Twins, aha: dict[str, Any], jira: dict[str, Any]) -> None:
        mine = [place for place in self.since if place[0] == at.id]
        # An entry of a set that was never seen was not in it.
        was = {place: self.rest.get(place, False if ":" in place[1] else place) for place in mine}
        open_ = {place: (was[place], self.since[place]) for place in mine}
        known = set(self.rest)
        for place in mine:
            if not self.since[place].every:  # nobody wrote there
                self.old[place] += [value_of(aha, place[1]), value_of(jira, place[1])]
        super().settle(at, aha, jira)
        if self.put_back:  # both hold the same, and the base of the backup may say something else
            self.met |= {place: list(self.ever[place]) for place in self.rest.keys() - known - open_.keys()}
        for place, (before, since) in open_.items():
            if place not in self.since:
                self._meet(place, before, since)
        for (number, key), value in self.rest.items():
            if number == at.id and value not in self.ever[number, key]:
                self.ever[number, key].append(value)

    def _meet(self, place: Place, before: Any, since: Since) -> None:
        now = self.rest[place]
        if now == before or list(since.last.values()) == [now, now]:
            known = self.ever[place] if self.put_back else ()
            self.met[place] = [*self.met.get(place, ()), before, *since.every, *known]
        else:
            self.met.pop(place, None)  # one side was brought to what the other says: Crosswalk read that

    def unread(self, place: Place) -> Collection[Any]:
        return (*self.met.get(place, ()), *(self.old.get(place, ()) if self.answered_with_old else ()))

    def allowed(self, place: Place) -> list[Any] | None:
        found = super().allowed(place)
        since = self.since.get(place)
        if found is None:
            return None
        if since is None:  # read as it was before people brought both sides back to the same, it may look like an edit
            return [*found, *self.met.get(place, ())] if self.answered_with_old else found
        if place in self.met:  # the base may be older: what one side holds since then looks like an edit
            found = [*found, self.rest[place]] if place in self.rest else found
        if place not in self.rest:  # a backup was put back: the base may be older than what either side holds
            return [*found, *self.ever[place]]
        return [*found, self.rest[place]] if any(one in self.ever[place] for one in since.last.values()) else found
