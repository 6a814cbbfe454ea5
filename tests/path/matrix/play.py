"""Plays the rows on one running system: makes records, edits, looks, and collects what is not as it should be.

Many cells are played at once: the fields of a record do not depend on each other, and neither do records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crosswalk.merge.records import Ref
from tests.path.matrix import oracle
from tests.path.matrix.hands import PLURALS, Carrier, Hands, Values, aha_name, alike, jira_name
from tests.path.matrix.rows import ROWS, Both, Row
from tests.path.system import System

READS = re.compile(r"/search|/graphql|/jql|/bulkfetch|/users?/")
STATUSES = {
    "To Do": "Under consideration",
    "In Progress": "In development",
    "In Review": "Ready to ship",
    "Done": "Shipped",
}
SENDS = {aha: jira for jira, aha in STATUSES.items()}
AIM_SENDS = {"Not started": "To Do", "In progress": "In Progress", "Complete": "In Review"}
AIMS = {"To Do": "Not started", "In Progress": "In progress", "In Review": "Complete", "Done": "Complete"}


class Play:
    """One system, its carriers, and what each row of each carrier has to hold."""

    def __init__(self, system: System, rows: Sequence[Row] = ROWS) -> None:
        self.system, self.hands, self.rows = system, Hands(system), rows
        self.carriers: dict[str, Carrier] = {}
        self.held: dict[tuple[str, Row], Both] = {}
        self.direction = "both"
        self.wrong: list[str] = []
        self.cells: set[tuple[str, str, str, str]] = set()

    # ---- the mapping

    def map_all(self, direction: str) -> None:
        """Every row in a line, in that direction, for each kind of record that has it."""
        self.direction = direction
        mapping = self.system.integration.mapping
        fields = dict(mapping["fields"])
        for kind in PLURALS:
            held = [row for row in self.rows if any(KIND.get(name, name) == kind for name in row.on)]
            lines = [self._line(row, oracle.direction_of(row, direction)) for row in held]
            kept = [one for one in fields[kind] if one["name"] in ("Parent", "Rank")]
            fields[kind] = lines + kept
        types = {
            **mapping["types"],
            "epic": {"type": "Epic", "create": "to jira"},
            "initiative": {"type": "Epic", "create": "to jira"},
        }
        tables = {kind: AIMS if kind == "initiative" else STATUSES for kind in PLURALS}
        sends = {kind: AIM_SENDS if kind == "initiative" else SENDS for kind in PLURALS}
        self.system.remap(fields=fields, types=types, statuses=tables, statuses_to_jira=sends)

    def _line(self, row: Row, direction: str) -> dict[str, Any]:
        aha = f"custom:{aha_name(row)}" if row.custom else row.aha
        line = {"name": row.name, "aha": aha, "jira": jira_name(row, self.system.flavour), "direction": direction}
        return {**line, "options": dict(row.table)} if row.table else line

    def rows_on(self, has: str) -> list[Row]:
        return [row for row in self.rows if has in row.on]

    # ---- making

    def epics(self) -> None:
        """The epics that the row of that name speaks of, sent."""
        for name in ("Sound", "Light"):
            self.make(name, "epic", {}, name=name)
            self.hands.epics[name] = self.carriers[name]
        self.send(*self.hands.epics)

    def make(self, name_: str, has: str, values: Values, *, name: str = "", below: str = "") -> Carrier:
        """Somebody makes a record in Aha!."""
        release = next(iter(self.hands.releases.values()))
        kind = KIND.get(has, has)
        where = {
            "feature": f"/releases/{release}/features",
            "epic": f"/releases/{release}/epics",
            "initiative": "/products/FAB/initiatives",
        }.get(kind) or f"/features/{self.carriers[below].id}/requirements"
        body = self.hands.aha_body(values)
        body.pop("release", None)
        made = self.system.aha.post(where, {kind: {"name": name, **body}})[kind]
        carrier = self.carriers[name_] = Carrier(name_, kind, self.rows_on(has), made["id"])
        self.hands.rate(carrier, values)
        return carrier

    def make_in_aha(self, name: str, has: str, below: str = "") -> None:
        """Somebody makes a record in Aha! with every row at `a`."""
        rows = self.rows_on(has)
        named = {} if any(row.aha == "name" for row in rows) else {"name": name}
        self.make(name, has, {row: row.a[0] for row in rows}, below=below, **named)
        for row in rows:
            self.held[name, row] = oracle.made(row, self._direction(row), "aha", row.a)

    def make_bare(self, name: str, has: str) -> None:
        """Somebody makes a record in Aha! that has nothing but a name."""
        self.make(name, has, {}, name="Bell")
        for row in self.carriers[name].rows:
            by_itself = row.name in ("Name", "Release")
            self.held[name, row] = row.a if by_itself else (None if row.custom else row.fresh[0], row.fresh[1])

    def make_sub_task(self, name: str, below: str) -> None:
        """Somebody makes a sub-task in Jira with every row of a requirement at `a`."""
        rows = self.rows_on("requirement")
        values = {row: row.a[1] for row in rows}
        place = {"project": {"key": "FAB"}, "parent": {"key": self.carriers[below].key}}
        fields = {**place, "issuetype": {"name": "Sub-task"}, **self.hands.jira_fields(values)}
        key = self.system.jira.send("POST", "/issue", {"fields": fields})["key"]
        self.carriers[name] = Carrier(name, "requirement", rows, key=key)
        self.hands.edit_jira(self.carriers[name], {row: value for row, value in values.items() if row.jira == "status"})
        for row in rows:
            self.held[name, row] = oracle.made(row, self._direction(row), "jira", row.a)

    def learn_sub_task(self, name: str) -> None:
        """The requirement that was made for a sub-task."""
        from crosswalk.store.models import Pair

        found = Pair.objects.filter(integration=self.system.integration, right_key=self.carriers[name].key).first()
        if found is None or not found.left_id:
            raise AssertionError(f"the sub-task {name} did not become a requirement")
        self.carriers[name].id = found.left_id

    def _direction(self, row: Row) -> str:
        return oracle.direction_of(row, self.direction)

    def send(self, *names: str) -> None:
        """Send them, let everything come to rest, and learn the keys of the issues."""
        from crosswalk.store.models import Pair
        from crosswalk.sync import service

        sent = [one for name in names if (one := self.carriers[name]).kind != "requirement"]
        service.send(self.system.integration, [Ref(one.kind, one.id, one.id) for one in sent], "a test")
        self.system.drain()
        for name in names:
            one = self.carriers[name]
            pair = Pair.objects.get(integration=self.system.integration, left_kind=one.kind, left_id=one.id)
            one.key = pair.right_key
            if pair.state != "agreed":
                self.wrong.append(f"{name} is {pair.state}: {pair.reason}")

    def pairs(self) -> list[Any]:
        """The pairs of the carriers."""
        from crosswalk.store.models import Pair

        keys = [one.key for one in self.carriers.values()]
        return list(Pair.objects.filter(integration=self.system.integration, right_key__in=keys).order_by("pk"))

    def look(self) -> None:
        """What hooks about every pair do, a little later."""
        self.system.pass_time(5)
        self.system.wake(*self.pairs())
        self.system.drain()

    # ---- steps

    def step(self, event: str, side: str, edits: Mapping[str, Mapping[Row, Both]]) -> None:
        """Somebody edits rows of carriers on one side; then both sides hold what they have to, and are quiet."""
        for name, values in edits.items():
            carrier, at = self.carriers[name], 0 if side == "aha" else 1
            edit = self.hands.edit_aha if side == "aha" else self.hands.edit_jira
            edit(carrier, {row: both[at] for row, both in values.items()})
            for row, both in values.items():
                self.held[name, row] = oracle.edited(row, self._direction(row), side, both, self.held[name, row])
        cells = {(name, row) for name, values in edits.items() for row in values}
        self.look()
        self.check(event, side, cells)

    def check(self, event: str, side: str, cells: Iterable[tuple[str, Row]]) -> None:
        """Every row of every carrier holds what it has to; `cells` are the ones this step was about."""
        for name in sorted({name for name, _ in self.held}):
            carrier = self.carriers[name]
            for at, seen in enumerate((self.hands.seen_in_aha(carrier), self.hands.seen_in_jira(carrier))):
                for row, value in seen.items():
                    wanted = self.held[name, row][at] if (name, row) in self.held else value
                    if not alike(value, wanted):
                        where = ("Aha!", "Jira")[at]
                        self.wrong.append(
                            f"{self.direction}: {event} from {side}: {row.name} of {name}: {where} holds {value!r}, "
                            f"not {wanted!r}"
                        )
        self.cells |= {(row.name, self.direction, event, side) for _, row in cells}

    def lose(self, lost: Mapping[str, str]) -> None:
        """A record is deleted on one side: what it held stays on the other, and the pair says what happened."""
        for name, side in lost.items():
            carrier = self.carriers[name]
            if side == "aha":
                self.system.aha.send("DELETE", f"/{PLURALS[carrier.kind]}/{carrier.id}")
            elif carrier.kind != "requirement":  # sub-tasks go with their issue
                self.system.jira.send("DELETE", f"/issue/{carrier.key}?deleteSubtasks=true")
        self.look()
        for name, side in lost.items():
            self._lost(self.carriers[name], side)
        self.quiet("delete")

    def _lost(self, carrier: Carrier, side: str) -> None:
        at = 1 if side == "aha" else 0
        for row, value in (self.hands.seen_in_aha, self.hands.seen_in_jira)[at](carrier).items():
            wanted = self.held.pop((carrier.name, row))[at]
            if not alike(value, wanted):
                self.wrong.append(f"{carrier.name}: {row.name} across holds {value!r}, not {wanted!r}")
        pair = next(one for one in self.pairs() if one.right_key == carrier.key)
        if pair.state != "asking" or not pair.remedy:
            self.wrong.append(f"{carrier.name}: the pair is {pair.state}: {pair.reason}")
        self.cells |= {(row.name, self.direction, "delete", side) for row in carrier.rows}

    def quiet(self, when: str) -> None:
        """A further look at every pair writes nothing."""
        self.system.forget()
        before = self.footprint()
        self.look()
        wrote = [
            f"{side} {method} {path}"
            for side in ("aha", "jira")
            for method, path in self.system.requests(side)
            if method != "GET" and not READS.search(path)
        ]
        if wrote or self.footprint() != before:
            self.wrong.append(f"{self.direction}: not quiet after {when}: {wrote}")

    def footprint(self) -> object:
        """How many issues there are, and when each was last changed on either side."""
        issues = sorted((key, str(one.updated)) for key, one in self.system.site.issues.items())
        stamps = []
        for pair in self.pairs():
            record = self.system.account.find(pair.left_kind, pair.left_id)
            stamps.append((pair.pk, pair.state, str(record.updated_at) if record else ""))
        return issues, stamps

    def warnings(self) -> list[str]:
        """What the journal wants a person to look at, since the last call."""
        from crosswalk.store.models import JournalEntry

        found = JournalEntry.objects.exclude(level="info").order_by("pk")
        return [f"{line.what} {line.why}" for line in found]


KIND = {"points": "feature"}


EVENTS = (
    ("change", "aha", "b"),
    ("clear", "aha", "empty"),
    ("create", "jira", "a"),  # in a field that is empty; the others are changed
    ("change", "jira", "c"),
    ("clear", "jira", "empty"),
)
LOST = {
    "feature lost in aha": "feature",
    "points lost in aha": "points",
    "feature lost in jira": "feature",
    "points lost in jira": "points",
    "initiative lost in jira": "initiative",
    "epic lost in aha": "epic",
    "epic lost in jira": "epic",
    "requirement lost in aha": "requirement",
    "requirement lost in jira": "requirement",
}


def play_both(play: Play) -> None:
    """Every event from either side, with everything travelling both ways."""
    play.map_all("both")
    play.epics()
    for name in ("feature", "points", "epic", "initiative"):
        play.make_in_aha(name, name)
    play.make_in_aha("requirement", "requirement", below="feature")
    play.make_bare("late", "feature")
    for name, has in LOST.items():
        play.make_in_aha(name, has, below="feature lost in jira" if name == "requirement lost in jira" else "feature")
    started = ("feature", "points", "epic", "initiative", "requirement", "late", *LOST)
    play.send(*started)
    play.check("create", "aha", everything(play, *started))
    play.quiet("create from aha")
    play.make_sub_task("sub", "feature")
    play.look()
    play.learn_sub_task("sub")
    play.step("create", "jira", {"late": {row: row.a for row in play.carriers["late"].rows if row.name != "Name"}})
    play.check("create", "jira", everything(play, "sub"))
    play.quiet("create from jira")
    main = ("feature", "points", "epic", "initiative", "requirement", "sub")
    for event, side, word in EVENTS:
        play.step(event, side, edits(play, main, event, side, word))
        play.quiet(f"{event} from {side}")
    play.lose({name: name.rpartition(" ")[2] for name in LOST})


def play_one_way(play: Play, direction: str) -> None:
    """Made, changed on either side, with everything travelling in `direction`."""
    play.carriers, play.held = dict(play.hands.epics), {}
    play.map_all(direction)
    if not play.hands.epics:
        play.epics()
    main = ("feature", "points", "epic", "initiative")
    for name in main:
        play.make_in_aha(name, name)
    play.make_in_aha("requirement", "requirement", below="feature")
    play.send(*main, "requirement")
    play.make_sub_task("sub", "feature")
    play.look()
    play.learn_sub_task("sub")
    main = (*main, "requirement", "sub")
    play.check("create", "aha", everything(play, *main))
    play.step("change", "jira", edits(play, main, "change", "jira", "c"))
    play.step("change", "aha", edits(play, main, "change", "aha", "b"))
    for side in ("jira", "aha"):
        play.step("clear", side, edits(play, main, "clear", side, "empty"))
    play.quiet("changes")
    play.lose({"feature": "jira", "requirement": "jira", "sub": "jira", "points": "aha"})


def everything(play: Play, *names: str) -> list[tuple[str, Row]]:
    return [(name, row) for name in names for row in play.carriers[name].rows]


def edits(play: Play, names: Iterable[str], event: str, side: str, word: str) -> dict[str, dict[Row, Both]]:
    """For each carrier the rows that have this cell, with what they are set to."""
    return {
        name: {row: getattr(row, word) for row in play.carriers[name].rows if row.has(event, side)} for name in names
    }
