"""An integration ready to work: both sides, the memory, the rules, the clock. Values and protocols only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from crosswalk.merge.brake import Brake
from crosswalk.merge.decision import Base
from crosswalk.merge.parts import PartRule
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Rule, Side, Untranslatable
from crosswalk.merge.values import Value
from crosswalk.sync.linktypes import LinkRules
from crosswalk.sync.originals import Ours, nobody_known
from crosswalk.sync.outline import Outlined
from crosswalk.sync.ports import Ledger, RemoteSide
from crosswalk.sync.translate import RichText

NAMES: Mapping[Side, str] = {Side.LEFT: "Aha!", Side.RIGHT: "Jira"}


class RuleBook(Protocol):
    """The mapping at work. May ask the sides about people; everything else it knows already."""

    def rules(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Rule, ...]:
        """The field rules for records of `kind`, with all that their translations need for these two looked up."""

    def outline(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Outlined, ...]:
        """The rules that any record of `kind` may have, in their order, with why these two have not all of them."""

    def expected(self, kind: str, base: Base) -> tuple[Outlined, ...]:
        """The same before any of the two is read, as far as what they last agreed on tells why."""

    def below(self, kind: str) -> str:
        """The kind of records that are sent together with one of `kind`, below it; "" for none."""

    def ranks(self, kind: str) -> str:
        """The field on the right that keeps records of `kind` in the order they have on the left; "" for none."""

    def ranked_by(self, kind: str) -> str:
        """The field on the right by which records of `kind` are ordered on the left; "" where they are not."""

    def removed(self, kind: str, side: Side) -> str:
        """What becomes of the counterpart when a record of `kind` is deleted on `side`: a word of mapping.REMOVED."""

    def brake(self) -> Brake:
        """How many deletes are done without a person's word."""

    def makes(self, kind: str) -> tuple[Side, ...]:
        """The sides on which new records of `kind` are made."""

    def parts(self, kind: str) -> tuple[PartRule, ...]:
        """How comments and attachments of records of `kind` travel; none for what does not."""

    def links(self, kind: str) -> LinkRules | None:
        """How links of records of `kind` travel; None where they do not."""

    def part_content(self, content: Value, to: Side, ends: Mapping[Side, Snapshot]) -> Value | Untranslatable:
        """The content of a part, held by the side across, in the form of side `to`; it hangs on one of `ends`."""

    def part_text(self, ends: Mapping[Side, Snapshot]) -> RichText:
        """How texts of parts that hang on `ends` travel."""

    def needs(self, kind: str, record: Snapshot) -> tuple[Ref, ...]:
        """Records of the same side that must have a counterpart before `record` can be made or updated."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """Everything one run needs. `lag` is how long a search may not know what was just made."""

    integration_id: int
    left: RemoteSide
    right: RemoteSide
    ledger: Ledger
    book: RuleBook
    now: Callable[[], datetime]
    lag: timedelta = timedelta(seconds=60)
    homes: Mapping[Side, str] = field(default_factory=dict)
    """What people call the workspace and the project; nothing is said of a side that is not named."""
    ours: Ours = nobody_known

    def strayed(self, side: Side, ref: Ref) -> str:
        """The workspace or project that a record was moved to; "" for one that is at home."""
        home, there = self.homes.get(side, ""), ref.key.partition("-")[0]
        stays = ref.kind == "version" or not home or "-" not in ref.key or there.casefold() == home.casefold()
        return "" if stays else there

    def side(self, side: Side) -> RemoteSide:
        """The left or the right."""
        return self.left if side is Side.LEFT else self.right
