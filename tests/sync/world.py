"""Two sides in memory, a ledger in memory and a small rule book: a world in which the story runs in microseconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosswalk.merge.brake import Brake
from crosswalk.merge.decision import Base
from crosswalk.merge.pairs import PairView
from crosswalk.merge.parts import PartRule
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Direction, Policy, Rule, Side
from crosswalk.merge.values import Choice, Value
from crosswalk.sync.after import Ending
from crosswalk.sync.bridge import Bridge
from crosswalk.sync.outline import Outlined
from crosswalk.sync.pair import sync_pair
from crosswalk.sync.translate import Labels, RichText, Table
from tests.fakes.ledger import MemoryLedger
from tests.fakes.side import START, MemorySide

TODO, DOING, DONE = (Choice(f"j{n}", name) for n, name in enumerate(("To Do", "In Progress", "Done")))
NEW, BUILDING, SHIPPED = (Choice(f"a{n}", name) for n, name in enumerate(("New", "Building", "Shipped")))
STATUS = Table("The status", left={"j0": NEW, "j1": BUILDING, "j2": SHIPPED})

RULES = (
    Rule("Name", "name", "summary"),
    Rule("Status", "status", "status", Direction.TO_LEFT, translation=STATUS),
    Rule("Tags", "tags", "labels", translation=Labels()),
    Rule("Note", "note", "note", policy=Policy.ASK),
)


class SmallBook:
    """A rule book of four rules; requirements stand below features."""

    def __init__(self) -> None:
        self.both_ways = False
        self.needed: dict[Ref, tuple[Ref, ...]] = {}

    def rules(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Rule, ...]:
        return RULES if kind != "release" else RULES[:1]

    def outline(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Outlined, ...]:
        """See RuleBook."""
        return self.expected(kind, {})

    def expected(self, kind: str, base: Base) -> tuple[Outlined, ...]:
        """See RuleBook."""
        return tuple(Outlined(rule.name, rule.right, rule.direction) for rule in self.rules(kind, None, None))

    def below(self, kind: str) -> str:
        return "requirement" if kind == "feature" else ""

    def ranked_by(self, kind: str) -> str:
        """See RuleBook."""
        return ""

    def ranks(self, kind: str) -> str:
        return ""

    def brake(self) -> Brake:
        """See the protocol."""
        return Brake()

    def removed(self, kind: str, side: Side) -> str:
        return "ask"

    def makes(self, kind: str) -> tuple[Side, ...]:
        return (Side.LEFT, Side.RIGHT) if self.both_ways and kind == "requirement" else (Side.RIGHT,)

    def parts(self, kind: str) -> tuple[PartRule, ...]:
        return ()

    def links(self, kind: str) -> None:
        return None

    def part_content(self, content: Value, to: Side, ends: Mapping[Side, Snapshot]) -> Value:
        return content

    def part_text(self, ends: Mapping[Side, Snapshot]) -> RichText:
        return RichText("adf")

    def needs(self, kind: str, record: Snapshot) -> tuple[Ref, ...]:
        return self.needed.get(record.ref, ())


@dataclass
class World:
    """Everything, and verbs for a test: `feature()` makes a pair to be sent, `sync()` runs it."""

    at: datetime = START
    book: SmallBook = field(default_factory=SmallBook)

    def __post_init__(self) -> None:
        self.ledger = MemoryLedger(self.now)
        fresh = {"name": "", "status": NEW, "tags": frozenset(), "note": None}
        self.left = MemorySide("AHA", "", fresh, self.now)
        issue = {"summary": "", "status": TODO, "labels": frozenset(), "note": None}
        self.right = MemorySide("JIRA", "issue", issue, self.now)
        self.bridge = Bridge(1, self.left, self.right, self.ledger, self.book, self.now)

    def now(self) -> datetime:
        return self.at

    def pass_time(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def feature(self, name: str = "Bell", requirements: int = 0) -> int:
        """A feature in Aha! with requirements, and its pair, not sent yet."""
        ref = self.left.put("feature", {"name": name})
        for number in range(requirements):
            self.left.put("requirement", {"name": f"{name} part {number + 1}"}, ref)
        return self.ledger.add(1, "feature", left=ref)

    def sync(self, pair_id: int) -> Ending:
        self.pass_time(1)
        return sync_pair(self.bridge, pair_id)

    def pair(self, pair_id: int) -> PairView:
        return self.ledger.pairs[pair_id].view

    def ref(self, pair_id: int, side: Side) -> Ref:
        view = self.pair(pair_id)
        found = view.left if side is Side.LEFT else view.right
        assert found is not None
        return found

    def value(self, pair_id: int, side: Side, name: str) -> object:
        held = (self.left if side is Side.LEFT else self.right).records[self.ref(pair_id, side)]
        return held.fields[name]

    def edit(self, pair_id: int, side: Side, name: str, value: object) -> None:
        self.pass_time(1)
        (self.left if side is Side.LEFT else self.right).edit(self.ref(pair_id, side), name, value)

    def journal(self, pair_id: int) -> list[str]:
        return [entry.what for entry in self.ledger.pairs[pair_id].lines]
