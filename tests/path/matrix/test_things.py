"""Every thing that is no field x create, change, clear, delete x from either side, quiet afterwards; and directions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.path.looking import BELIEVED, assert_quiet
from tests.path.matrix.bench import Bench
from tests.path.matrix.hands import put_in_aha
from tests.path.matrix.play import READS
from tests.path.matrix.things import THINGS
from tests.path.system import System
from tests.path.test_deletions import answer, delete_in_jira, follow, wait

PHASES = tuple(f"{event} {side}" for event in ("create", "change", "clear", "delete") for side in ("aha", "jira"))


@pytest.fixture
def bench(system: System) -> Iterator[Bench]:
    found = Bench(system)
    yield found
    found.close()


def look(bench: Bench, *pairs: Any) -> list[tuple[str, str, str]]:
    """What hooks about these pairs (or every one) do, a little later; the writes that followed."""
    from crosswalk.store.models import Pair

    bench.system.pass_time(BELIEVED)
    bench.system.forget()
    bench.system.wake(*(pairs or Pair.objects.all()))
    bench.system.drain()
    return [
        (side, method, path)
        for side in ("aha", "jira")
        for method, path in bench.system.requests(side)
        if method != "GET" and not READS.search(path)
    ]


def test_every_event_from_either_side(bench: Bench) -> None:
    wrong, woken = [], set()
    held = {thing.name: (None, None) for thing in THINGS}
    for phase in PHASES:
        for thing in THINGS:
            if cell := thing.cells.get(phase):
                bench.system.pass_time(1)
                cell.do(bench)
                dc = cell.dc if bench.system.flavour == "dc" else None
                held[thing.name] = dc or (cell.aha, cell.jira)
        for thing in THINGS:  # nothing was carried yet: where something is to be, the check has to say so
            if phase in thing.cells and (thing.seen(bench, "aha"), thing.seen(bench, "jira")) != held[thing.name]:
                woken.add(thing.name)
        look(bench)
        for thing in THINGS:
            seen = thing.seen(bench, "aha"), thing.seen(bench, "jira")
            if held[thing.name] != (None, None) and seen != held[thing.name]:
                wrong.append(f"{thing.name}, {phase}: {seen}, not {held[thing.name]}")
        if wrote := look(bench):
            wrong.append(f"not quiet after {phase}: {wrote}")
    assert not wrong, "\n".join(wrong)
    never = {thing.name for thing in THINGS} - woken
    assert never == NOT_CARRIED[bench.system.flavour], "these would not be missed if nothing were carried"


NOT_CARRIED = {"cloud": set[str](), "dc": {"Requirement below another feature"}}
"""Moved by hand on both sides."""
DIRECTIONS = ("to jira", "to aha", "once to jira", "once to aha", "both", "off")
OTHER = {"aha": "jira", "jira": "aha"}


class Shelf:
    """What each side has to hold of one kind of part: by what each is called, and what became of it. Knows no merge."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, str]] = {}  # by its first word: what it says, on each side that has it
        self.parted: set[str] = set()
        self.edited: dict[str, str] = {}  # where what was carried was edited while edits did not follow
        self.direction = ""

    def writes(self, side: str) -> bool:
        return self.direction == "both" or self.direction.endswith(f"to {side}")

    def follows(self, side: str) -> bool:
        """Whether edits and removals reach that side."""
        return self.writes(side) and not self.direction.startswith("once")

    def look(self, direction: str) -> None:
        self.direction = direction
        for word, there in self.held.items():
            for side in OTHER:
                if side not in there and there and word not in self.parted and self.writes(side):
                    there[side] = there[OTHER[side]]
        for word, side in [item for item in self.edited.items() if self.follows(OTHER[item[1]])]:
            self.held[word][OTHER[side]] = self.held[word][side]
            del self.edited[word]

    def add(self, side: str, word: str) -> None:
        self.held[word] = {side: word}
        self.look(self.direction)

    def edit(self, side: str, word: str, new: str) -> None:
        self.held[word][side] = new
        if OTHER[side] in self.held[word] and self.follows(OTHER[side]):
            self.held[word][OTHER[side]] = new
        elif OTHER[side] in self.held[word]:
            self.edited[word] = side

    def remove(self, side: str, word: str) -> None:
        self.parted.add(word)
        del self.held[word][side]
        if self.follows(OTHER[side]):
            self.held[word].pop(OTHER[side], None)

    def on(self, side: str) -> list[str]:
        return sorted(there[side] for there in self.held.values() if side in there)


def test_every_direction_is_kept_to(bench: Bench) -> None:
    """Parts are made, edited and removed on either side; with "once" what was carried goes its own way, until edits
    follow again."""
    said, files, work, wrong = Shelf(), Shelf(), Shelf(), []
    pairs = [bench.system.pair(ref) for ref in (bench.one, bench.two)]

    def check(when: str) -> None:
        look(bench, *pairs)
        for shelf, seen in (
            (said, bench.comments),
            (files, lambda side: sorted(name for name, _ in bench.files(side))),
            (work, lambda side: sorted(map(str, bench.work(side)))),
        ):
            for side in OTHER:
                if seen(side) != shelf.on(side):
                    wrong.append(f"{when}: {side} holds {seen(side)}, not {shelf.on(side)}")

    for number, direction in enumerate(DIRECTIONS):
        bench.direct(direction)
        for shelf in (said, files, work):
            shelf.look(direction)
        for side in OTHER:
            made = f"{side}{number}"
            minutes = 6 * (2 * number + 1 + (side == "jira"))
            bench.say(side, f"w-{made}")
            said.add(side, f"w-{made}")
            bench.attach(side, made, made.encode())
            files.add(side, made)
            bench.log(side, minutes)
            work.add(side, str(minutes))
            bench.link(side)
        check(f"made, {direction}")
        links = bench.links("aha"), bench.links("jira")
        if links != (1 + said.writes("aha"), 1 + said.writes("jira")):
            wrong.append(f"links, {direction}: {links}")
        for side in OTHER:
            bench.say_anew(side, f"w-{side}{number}", f"w-{side}{number}new")
            said.edit(side, f"w-{side}{number}", f"w-{side}{number}new")
            bench.detach(side, f"{side}{number}")
            files.remove(side, f"{side}{number}")
        bench.clear_links()
        check(f"edited and removed, {direction}")
    assert look(bench) == []
    assert not wrong, "\n".join(wrong)


def test_the_moment_an_issue_was_updated_is_shown(system: System) -> None:
    """Apart from the rest: Crosswalk's own copy of a comment is an update, too, which the next look shows."""
    from crosswalk.sync import service

    put_in_aha(system, "touched", "TextField")
    service.load_project_data(system.integration)
    lines = system.integration.mapping["fields"]
    shown = {"name": "Touched", "aha": "custom:touched", "jira": "updated", "direction": "to aha"}
    system.remap(fields={**lines, "feature": [*lines["feature"], shown]})
    ref = system.feature("Bell")
    key = system.send(ref).right_key
    over = {"feature": {"custom_fields": {"touched": "mine"}}}
    for edit in (
        lambda: system.jira.edit(key, summary="Horn"),
        lambda: system.aha.put(f"/features/{ref.id}", over),
        lambda: system.aha.rename("features", ref.id, "Gong"),
    ):
        system.pass_time(60)
        edit()
        for _ in range(2):
            system.wake(system.pair(ref))
            system.drain()
        custom = {one["key"]: one.get("value") for one in system.aha.record("features", ref.id)["custom_fields"]}
        assert datetime.fromisoformat(custom["touched"]) == datetime.fromisoformat(system.issue(key)["updated"])
    assert_quiet(system, ref)


@pytest.mark.parametrize("side", ["aha", "jira"])
@pytest.mark.parametrize("word", ["delete", "ask"])
def test_a_requirement_is_removed_on_both_sides(system: System, word: str, side: str) -> None:
    """By the setting, or (as at first) by a person's word on the question; what the person keeps stays."""
    follow(system, ("requirement",), removed=word, removed_in_jira=word)
    ref = system.feature("Bell", 3)
    system.send(ref)

    def left() -> tuple[list[str], list[str]]:
        here = [one["name"] for one in system.aha.record("features", ref.key)["requirements"]]
        return here, [
            one["fields"]["summary"] for one in system.issue(system.pair(ref).right_key, "subtasks")["subtasks"]
        ]

    for number, answered in ((1, "yes"), (2, "no")):
        name = f"Bell part {number}"
        child = next(one for one in system.children(ref) if one.title == name)
        before = left()
        if side == "aha":
            system.aha.send("DELETE", f"/requirements/{child.left_id}")
        else:
            delete_in_jira(system, child.right_key)
        wait(system, ref)
        if word == "ask":
            assert [name in held for held in left()] == [side == "jira", side == "aha"], "nothing without a word"
            assert answer(system, answered) == 1
            wait(system, ref)
        kept = word == "ask" and answered == "no"
        wanted = tuple(
            [one for one in held if one != name or (kept and at != side)]
            for at, held in zip(("aha", "jira"), before, strict=True)
        )
        assert left() == wanted
        assert_quiet(system, ref)


def test_every_cell_is_played_or_has_a_reason() -> None:
    for thing in THINGS:
        for phase in PHASES:
            event, side = phase.split()
            named = {event, f"{event} from {side}"} & thing.missing.keys()
            assert phase in thing.cells or named, f"{thing.name}, {phase}"
