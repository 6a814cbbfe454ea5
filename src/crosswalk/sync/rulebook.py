"""The mapping at work: names become ids, lines become rules, and each rule gets its translation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from crosswalk.jira.metadata import REFERENCE
from crosswalk.merge.brake import Brake
from crosswalk.merge.decision import Base
from crosswalk.merge.parts import PartRule
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import SAME, Direction, Rule, Side, Translation, Untranslatable
from crosswalk.merge.values import MISSING, Choice, Rich, Value
from crosswalk.sync.above import LINKED, PARENT, Above, Pairs, held, is_above, sent
from crosswalk.sync.choosing import mailed
from crosswalk.sync.conversions import Ends, translation
from crosswalk.sync.lines import Lists, beside, constants
from crosswalk.sync.linktypes import LinkRules, link_lines, link_rules
from crosswalk.sync.mapping import TIMED, VERSION, FieldLine, creates
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.outline import (
    Outlined,
    Place,
    fields_of,
    fit,
    in_points,
    outlined,
    stand_ins,
    was_in_points,
    with_uncompared,
)
from crosswalk.sync.people import PeopleBook
from crosswalk.sync.pictures import NO_PICTURES, Pictures
from crosswalk.sync.statuses import status_table
from crosswalk.sync.translate import ByValue, Labels, People, RichText, Summary, Table, VersionName

__all__ = ["Lists", "MappedRules"]

BELOW = {"feature": "requirement"}
PEOPLE = ("assignee", "reporter")
TYPE = "issuetype"
TYPED = ("workflow_kind", "custom:")
"""Fields of Aha! that take the name of a type."""
FILES = "attachment"
"""What Jira calls the files of an issue, which a line joins with a custom field that holds files."""
ADDRESS = "url"
"""What the address of a record in Aha! is called among its values."""
NO_VERSION = (
    "Open the release in the integration's list: its version could not be made, or was deleted in Jira. "
    "Or move the record to another release in Aha!."
)


class MappedRules:
    """The rule book of one integration.

    `releases()` gives the Jira version for each Aha! release id that has one; `pairs` the counterparts of parents.
    """

    def __init__(
        self, mapping: Map, lists: Lists, people: PeopleBook, releases: Callable[[], Mapping[str, Choice]], pairs: Pairs
    ) -> None:
        self._mapping = mapping
        self._lists = lists
        self._people = people
        self._releases = releases
        self._links = link_lines(mapping.link_types, lists.link_types)
        self._pairs = pairs
        self._lines: dict[str, list[FieldLine]] = {}
        self._statuses: dict[tuple[str, str], Table] = {}

    def rules(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Rule, ...]:
        """See bridge.RuleBook."""
        type_ = self._own_type(kind, left, right)
        place = self._place(kind, type_, in_points(left))
        mapped = tuple(
            Rule(
                line.name,
                line.aha,
                line.jira,
                line.direction,
                line.conflict,
                beside(
                    self._mapping,
                    self._lists,
                    (kind, line.jira, type_),
                    self._translation(kind, line, left, right),
                ),
            )
            for line, why in fit(self._compared(kind), place)
            if not why
        )
        fixed = constants(self._mapping, self._lists, kind, right, type_)
        return mapped + fixed + self._type_rule(kind, new=left is None) + self._mark_rule(kind, place.lacks)

    def outline(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> tuple[Outlined, ...]:
        """See bridge.RuleBook."""
        return self._outline(kind, self._own_type(kind, left, right), in_points(left))

    def expected(self, kind: str, base: Base) -> tuple[Outlined, ...]:
        """See bridge.RuleBook."""
        lines, more = self._compared(kind), self._more(kind)
        points = was_in_points(lines, self._lists.jira_types.get(kind, {}), base)
        ends = stand_ins(kind, base, (*((one.name, one.aha, one.jira) for one in lines), *map(fields_of, more)), points)
        rules = {rule.name: rule for rule in self.rules(kind, *ends)}
        outline = self._outline(kind, self._own_type(kind, *ends), points)
        return tuple(replace(one, rule=rules.get(one.name)) for one in outline)

    def _more(self, kind: str) -> tuple[Rule, ...]:
        """The rules that records of a kind may have and that no line makes."""
        fixed = constants(self._mapping, self._lists, kind, None)
        return fixed + self._type_rule(kind, new=False) + self._mark_rule(kind, frozenset())

    def _outline(self, kind: str, type_: str, points: bool | None) -> tuple[Outlined, ...]:
        found = outlined(self._compared(kind), self._more(kind), self._place(kind, type_, points))
        return with_uncompared(found, self._mapping.fields.get(kind, ()), self._lists.rank, self._unsent)

    def _unsent(self, line: FieldLine) -> bool:
        return self._is_above(line) and not sent(self._mapping, line.aha)

    def _place(self, kind: str, type_: str, points: bool | None) -> Place:
        called = next((one.name for one in self._lists.type_names.values() if one.id == type_), type_)
        return Place(self._lists.jira_types.get(kind, {}), self._lists.lacking(kind, type_), called, points)

    def _compared(self, kind: str) -> list[FieldLine]:
        """The lines whose fields are compared: an order and a list of files are not."""
        return [line for line in self._active(kind) if line.jira not in (self._lists.rank, FILES)]

    def _own_type(self, kind: str, left: Snapshot | None, right: Snapshot | None) -> str:
        """The id of this issue's type, or of the type it is made of, where that makes a difference; else ""."""
        now: object = right.get(TYPE) if right else None
        if not isinstance(now, Choice) and kind not in self._lists.variants:
            return ""  # of the one type of the kind, as jira_types has it
        if not isinstance(now, Choice) and left is not None:
            (rule,) = self._type_rule(kind, new=False)
            held = left.get(rule.left)
            now = rule.translation.to_right(None if held is MISSING else held)
        return now.id if isinstance(now, Choice) else ""

    def _type_rule(self, kind: str, *, new: bool) -> tuple[Rule, ...]:
        """The issue type by an Aha! field: chosen when an issue is made, and never changed afterwards; so is the field
        of a `new` record in Aha! by the type of its issue."""
        line = self._mapping.types.get(kind)
        if line is None or not line.by:
            return ()
        names = self._lists.type_names
        chosen = {value.casefold(): names[name.casefold()] for value, name in line.types.items()}
        usual = names[line.type.casefold()]
        back = {names[name.casefold()].id: value for value, name in reversed(list(line.types.items()))}
        back.pop(usual.id, None)
        told = new and line.by.startswith(TYPED)
        direction = Direction.ONCE_TO_LEFT if told else Direction.ONCE_TO_RIGHT
        return (Rule("Issue type", line.by, TYPE, direction, translation=ByValue(usual, chosen, back)),)

    def _mark_rule(self, kind: str, lacks: frozenset[str]) -> tuple[Rule, ...]:
        """The Aha! Reference, where the issue type has it and no line or constant says otherwise."""
        name = self._lists.reference
        taken = {*self._mapping.constants.get(kind, {}), *(line.jira for line in self._active(kind))}
        if not name or name in taken or name in lacks or name not in self._lists.jira_fields.get(kind, ()):
            return ()
        return (Rule(REFERENCE, ADDRESS, name, Direction.TO_RIGHT, mark=True),)

    def below(self, kind: str) -> str:
        """See bridge.RuleBook."""
        child = BELOW.get(kind, "")
        return child if sent(self._mapping, child) else ""

    def ranks(self, kind: str) -> str:
        """See bridge.RuleBook."""
        return self._lists.rank if any(line.direction.writes(Side.RIGHT) for line in self._rank_lines(kind)) else ""

    def ranked_by(self, kind: str) -> str:
        """See bridge.RuleBook."""
        return self._lists.rank if any(line.direction.writes(Side.LEFT) for line in self._rank_lines(kind)) else ""

    def _rank_lines(self, kind: str) -> list[FieldLine]:
        return [line for line in self._active(kind) if line.jira == self._lists.rank != ""]

    def removed(self, kind: str, side: Side) -> str:
        """See bridge.RuleBook."""
        line = self._mapping.types.get(kind)
        if line is None:
            return "ask"
        return line.removed if side is Side.LEFT else line.removed_in_jira

    def brake(self) -> Brake:
        """See bridge.RuleBook."""
        return self._mapping.brake

    def makes(self, kind: str) -> tuple[Side, ...]:
        """See bridge.RuleBook."""
        return creates(kind, self._mapping.types[kind]) if kind in self._mapping.types else ()

    def parts(self, kind: str) -> tuple[PartRule, ...]:
        """See bridge.RuleBook. A release becomes a version, on which nothing hangs; of a kind that the mapping does not
        name any more nothing is carried."""
        if kind not in self._mapping.types or self._mapping.types[kind].type == VERSION:
            return ()
        within = frozenset(line.aha for line in self._active(kind) if line.direction.writes(Side.RIGHT))
        return tuple(
            PartRule(name, line.direction, line.edits, line.removes, line.private, line.below and kind in TIMED, within)
            for name, line in self._mapping.parts.items()
            if line.direction is not Direction.OFF and name != "link"
        )

    def links(self, kind: str) -> LinkRules | None:
        """See bridge.RuleBook."""
        found = link_rules(self._mapping, kind, self._links)
        return None if found is None or found.rule.direction is Direction.OFF else found

    def part_content(self, content: Value, to: Side, ends: Mapping[Side, Snapshot]) -> Value | Untranslatable:
        """See bridge.RuleBook: texts are translated, everything else is the same on both sides."""
        if not isinstance(content, Rich):
            return content
        translation = self.part_text(ends)
        return translation.to_right(content) if to is Side.RIGHT else translation.to_left(content)

    def part_text(self, ends: Mapping[Side, Snapshot]) -> RichText:
        """See bridge.RuleBook."""
        return self._rich(ends[Side.LEFT], ends[Side.RIGHT])

    def _rich(self, left: Snapshot | None, right: Snapshot | None) -> RichText:
        return RichText(self._lists.rich_format, self._pictures(left, right), self._people.named)

    def _pictures(self, left: Snapshot | None, right: Snapshot | None) -> Pictures:
        """The files that pictures in the texts of two records refer to; none where files are not carried."""
        line = self._mapping.parts.get("attachment")
        if line is None or line.direction is Direction.OFF:
            return NO_PICTURES
        here, there = (end.parts.get("attachment", ()) if end else () for end in (left, right))
        return Pictures(here, there)

    def needs(self, kind: str, record: Snapshot) -> tuple[Ref, ...]:
        """See bridge.RuleBook."""
        return (*self._above(kind, record), *self._releases_of(kind, record))

    def _above(self, kind: str, record: Snapshot) -> tuple[Ref, ...]:
        """The epic or initiative above. A requirement is sent together with its feature."""
        lines = [line for line in self._active(kind) if self._is_above(line) and line.aha != "feature"]
        found = [(line.aha, held(record, line.aha)) for line in lines if line.direction.writes(Side.RIGHT)]
        return tuple(Ref(above, choice.id, choice.name) for above, choice in found if choice is not None)

    def _releases_of(self, kind: str, record: Snapshot) -> tuple[Ref, ...]:
        wanted = any(line.aha == "releases" for line in self._active(kind)) and "release" in self._mapping.types
        among = record.get("releases")
        if not wanted or not isinstance(among, frozenset):
            return ()
        return tuple(sorted((_release(e) for e in among if isinstance(e, Choice)), key=lambda ref: ref.id))

    def _is_above(self, line: FieldLine) -> bool:
        return is_above(line.aha, line.jira, self._lists.links_above)

    def _active(self, kind: str) -> list[FieldLine]:
        """See `_travelling`, which depends on nothing but what this book was made from: found once a kind."""
        if (found := self._lines.get(kind)) is None:
            found = self._lines[kind] = self._travelling(kind)
        return found

    def _travelling(self, kind: str) -> list[FieldLine]:
        """The lines that travel: not switched off, no parent of a kind that is not sent, no reporter that the account
        may not set.

        What is called the parent stands in the field that this type has for it, if it has one.
        """
        on = [line for line in self._mapping.fields.get(kind, ()) if line.direction is not Direction.OFF]
        found = [line for line in on if not self._barred(kind, line)]
        above = self._lists.parents.get(kind, PARENT)
        return [
            replace(line, jira=above) if self._is_above(line) else line
            for line in found
            if not self._is_above(line) or (above and self._stands_below(kind, line.aha))
        ]

    def _stands_below(self, kind: str, above: str) -> bool:
        return sent(self._mapping, above) and self._lists.stands_below(kind, above)

    def _barred(self, kind: str, line: FieldLine) -> bool:
        """Whether a line would set the reporter, which the issue type does not show to the account."""
        known = self._lists.jira_fields.get(kind)
        return (
            line.jira == "reporter"
            and line.direction.writes(Side.RIGHT)
            and known is not None
            and (line.jira not in known)
        )

    def _translation(self, kind: str, line: FieldLine, left: Snapshot | None, right: Snapshot | None) -> Translation:
        """The translation a pair of fields needs; one line per pair."""
        if self._is_above(line):
            found = self._pairs(line.aha, held(left, line.aha), held(right, line.jira))
            by_key, linked = line.jira in self._lists.links_above, line.jira == LINKED
            return Above(line.aha, found, by_key=by_key, linked=linked)
        if line.jira == "summary":
            return Summary()
        if line.jira == "description" and line.aha == "description":
            return self._rich(left, right)
        if line.jira == "status" and line.aha == "workflow_status":
            return self._status_table(kind, self._own_type(kind, left, right))
        if line.jira == "fixVersions" and line.aha == "releases":
            return self._release_table()
        if line.jira == "labels" and line.aha == "tags":
            return Labels()
        if line.jira == "name":
            return VersionName()
        if line.jira in PEOPLE:
            return self._who(line, left, right)
        if (ends := self._lists.ends(kind, line, self._own_type(kind, left, right))) is None:
            return SAME
        if ends[0].holds == ends[1].holds == "rich":
            return self._rich(left, right)
        people = self._who(line, left, right) if ends[1].holds in ("person", "people") else People()
        back = line.direction is Direction.BOTH
        return translation(Ends(*ends, line.options, people, self._lists.rich_format, self._lists.zone, back))

    def _status_table(self, kind: str, type_: str) -> Table:
        if (found := self._statuses.get((kind, type_))) is None:
            found = self._statuses[kind, type_] = status_table(self._mapping, self._lists, kind, type_)
        return found

    def _release_table(self) -> Table:
        """Releases and their versions; a version that no release became is Jira's own."""
        across = self._releases()
        back = {version.id: Choice(release, version.name) for release, version in across.items()}
        return Table("The release", across, back, "L11", NO_VERSION, own=True)

    def _who(self, line: FieldLine, left: Snapshot | None, right: Snapshot | None) -> People:
        here = left.get(line.aha) if left else MISSING
        if isinstance(here, frozenset):
            here = frozenset(mailed(one) if isinstance(one, str) else one for one in here)
        ends = {Side.LEFT: left, Side.RIGHT: right}
        records = {side: f"{one.ref.kind} {one.ref.id}" for side, one in ends.items() if one}
        return self._people.table([here], [right.get(line.jira)] if right else [], records)


def _release(choice: Choice) -> Ref:
    return Ref("release", choice.id, choice.name)
