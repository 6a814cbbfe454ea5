"""What people do to a family of records, and what is remembered of it: shared by the live machine and the simulator.

Knows no play: whoever uses it says when what happens, and how often hooks tell of it.
"""

from __future__ import annotations

from typing import Any

from crosswalk.merge.presume import UNSAID
from tests.path.live.memory import Memory
from tests.path.live.people import SETS, People, Twins


def at_rest(pair: Any) -> bool:
    """Whether a pair is in step, nothing about it waits, and of each write it is known what it replaced.

    Data Center answers an edit with nothing: until the next look somebody's edit may have been replaced of which
    Crosswalk was not told, and comes back then (docs/decisions/0007).
    """
    return pair.state == "agreed" and pair.dirty == pair.done and not any(name.startswith(UNSAID) for name in pair.base)


class Acts:
    """The acts by their names, each with a record or a feature's number, a side, and a number that picks a value."""

    system: Any
    people: People
    memory: Memory
    crowd: int
    """To how many records things happen: few, so that edits meet each other."""
    most = 4
    """Requirements, at most."""
    raced = False

    def remember(self, requirements: int) -> None:
        """Nobody did anything yet."""
        self.requirements = requirements
        self.written: list[tuple[Twins, str, str]] = []  # words that have to be found at the end
        self.kept: dict[tuple[Twins, str, str], str] = {}  # by record, side, field: a word that nobody looked at yet
        self.said: dict[str, tuple[Twins, str]] = {}
        self.shown: dict[str, str] = {}  # a file, by its word, and the comment on which it hangs
        self.files: list[tuple[int, str]] = []
        self.deleted: list[Twins] = []
        self.work: dict[str, tuple[int, int]] = {}  # a piece of work logged in Jira: of which feature, how long
        self.linked = False

    @property
    def racing(self) -> bool:
        """Whether Crosswalk may write over what is done now without having seen it."""
        return self.raced

    # ---- which records

    def at(self, number: int) -> Twins | None:
        found = [one for one in self.people.twins() if one not in self.deleted][: self.crowd]
        return found[number % len(found)] if found else None

    def top(self, number: int) -> int:
        """Which feature: one that was sent, as far as people know."""
        known = {one.id for one in self.people.twins()}
        sent = [which for which, ref in enumerate(self.people.refs) if ref.id in known]
        return sent[number % len(sent)]

    def twins_of(self, which: int) -> Twins:
        """A feature that was sent."""
        return next(one for one in self.people.twins() if one.id == self.people.refs[which].id)

    # ---- fields and texts

    def edit(self, at: Twins, side: str, field: str, pick: int) -> None:
        self.system.pass_time(1)
        people = self.people
        field = "points" if field == "estimate" and at.id in people.counted else field
        field = field if people.has(at, field) else "name"
        side = "aha" if field == "release" else side  # a version that Jira alone has stays: tests/path/matrix
        if field in SETS:
            entry, now = people.toggle(at, side, field, pick)
            self.memory.did(at, f"{field}:{entry}", side, now, raced=self.racing)
            return
        value, begun = people.value(field, pick), people.begun(at)
        people.put(at, side, field, value)
        self.memory.did(at, field, side, value, raced=self.racing, begun=begun)
        if field == "estimate":
            self.memory.may_follow(at, "remaining")
        self.write_down(at, side, field, value if field in ("name", "note") else None)

    def describe(self, at: Twins, side: str, pick: int) -> None:
        self.write_down(at, side, "description", self.people.describe(at, side, pick))

    def write_down(self, at: Twins, side: str, field: str, word: str | None) -> None:
        """A word that has to be found at the end, unless its own writer thought better before anybody looked."""
        before = self.kept.pop((at, side, field), None)
        self.written = [one for one in self.written if one[1] != before]
        if word and not self.racing:
            self.kept[at, side, field] = word
            self.written.append((at, word, field))

    # ---- what hangs on records

    def comment(self, at: Twins, side: str, _pick: int) -> None:
        self.said[self.people.comment(at, side)] = at, side

    def change_comment(self, _at: Twins, _side: str, pick: int) -> None:
        """Somebody changes what they said; or takes it back."""
        said = {word: where for word, where in self.said.items() if where[0] not in self.deleted}
        if said:
            old = sorted(said)[pick % len(said)]
            at, side = self.said.pop(old)
            if pick % 3:
                new = self.people.change_comment(at, side, old)
                self.said[new] = at, side
                self.shown = {file: new if word == old else word for file, word in self.shown.items()}
            else:
                self.people.remove_comment(at, side, old)
                self.shown = {file: word for file, word in self.shown.items() if word != old}

    def attach_to_comment(self, at: Twins, _side: str, pick: int) -> None:
        """A product owner attaches a file to what they said."""
        mine = sorted(word for word, where in self.said.items() if where == (at, "aha"))
        if at.kind == "feature" and mine:
            word = mine[pick % len(mine)]
            self.shown[self.people.attach_to_comment(at, word)] = word

    def attach(self, which: int, side: str, _pick: int) -> None:
        self.files.append((which, self.people.attach(self.people.refs[which], side)))

    def detach(self, which: int, side: str, pick: int) -> None:
        mine = [word for where, word in self.files if where == which]
        if mine and self.people.detach(self.people.refs[which], side, word := mine[pick % len(mine)]):
            self.files.remove((which, word))

    def log_work(self, which: int, _side: str, pick: int) -> None:
        """An engineer logs work, or changes what was logged, or takes it away."""
        if self.work and pick % 3 == 0:
            number = sorted(self.work)[pick % len(self.work)]
            where, minutes = self.work.pop(number)
            minutes = (minutes + 1) * (pick % 2)
            self.people.change_work(self.people.refs[where], number, minutes)
            self.memory.may_follow(self.twins_of(where), "remaining")
            if minutes:
                self.work[number] = where, minutes
            return
        minutes = 10 + 10 * len(self.work)
        self.work[self.people.log_work(self.people.refs[which], minutes)] = which, minutes
        self.memory.may_follow(self.twins_of(which), "remaining")

    def link(self, _which: int, side: str, _pick: int) -> None:
        """Somebody links the first two features, or takes the link away."""
        if self.linked:
            self.linked = not self.people.unlink(side)
        elif not self.people.links("aha") and not self.people.links("jira"):
            self.linked = True
            self.people.link(side)

    # ---- what stands below

    def add_requirement(self, which: int, side: str, _pick: int) -> None:
        if self.requirements < self.most:
            self.requirements += 1
            self.people.add_requirement(self.people.refs[which], side)

    def move(self, at: Twins, side: str, pick: int) -> None:
        if at.kind == "requirement":
            self.people.move_requirement(at, self.people.refs[self.top(pick)], side)

    def place(self, at: Twins, _side: str, pick: int) -> None:
        if at.kind == "requirement":
            self.people.place(at, 1 + pick % 3)

    def delete(self, at: Twins, side: str, _pick: int) -> None:
        """A requirement, but none that somebody just edited: then a person is asked (tests/path/test_deletions.py)."""
        pair = next(one for one in self.people.pairs() if one.left_id == at.id)
        untouched = at_rest(pair) and not self.memory.open(at)
        told = at.id in {where.id for where, _ in self.said.values()} | {where.id for where, *_ in self.written}
        if at.kind == "requirement" and untouched and not told and not self.racing and not self.deleted:
            self.deleted.append(at)
            self.people.delete(at, side)

    # ---- what is seen

    def look(self) -> None:
        """What is at rest holds what it has to."""
        resting = {one.left_id for one in self.people.all_pairs() if at_rest(one)}
        for at in self.people.everybody():
            if at.id in resting and at not in self.deleted and self.memory.open(at):
                self.memory.settle(at, self.people.held(at, "aha"), self.people.held(at, "jira"))
        for at, side, field in sorted(self.kept, key=str):
            if field != "description":
                seen = (at.id, field) not in self.memory.since
            else:
                seen = at.id in resting and self.people.described(at, "aha") == self.people.described(at, "jira")
            if seen:
                self.kept.pop((at, side, field))
