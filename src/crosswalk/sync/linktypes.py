"""Link types at work: which Jira link says what an Aha! link says, and which links are carried at all. Pure.

An Aha! link belongs to the record where it begins; a Jira link to the issue whose record would begin it in Aha!. So
each link is carried by exactly one pair, whichever end was looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosswalk.aha.link_fields import LINK_TYPES, LINKED
from crosswalk.jira.metadata import LinkType
from crosswalk.jira.wire import LINK_TYPE
from crosswalk.merge.parts import PartRule
from crosswalk.merge.records import LinkTo, Ref
from crosswalk.merge.rules import Side
from crosswalk.sync.mapping import VERSION, Problem
from crosswalk.sync.mapping import Mapping as Map


@dataclass(frozen=True, slots=True)
class Line:
    """An Aha! type, and the Jira type that says the same; `outward` where the Jira link begins at the same record."""

    aha: str
    jira: LinkType
    outward: bool


@dataclass(frozen=True, slots=True)
class LinkRules:
    """How links of one kind of record travel. `related` are the kinds that Crosswalk itself hangs up by a link."""

    rule: PartRule
    lines: tuple[Line, ...]
    kind: str
    kinds: frozenset[str]
    related: frozenset[str]

    def to_jira(self, link: LinkTo, other: Ref) -> LinkTo | None:
        """An Aha! link, that leads to the issue `other`, as Jira has it; None where the table has no line for it."""
        wanted = link.type.casefold()
        line = next((line for line in self.lines if line.aha.casefold() == wanted), None)
        return LinkTo(line.jira.id, other, line.outward) if line else None

    def to_aha(self, link: LinkTo, other: Ref) -> LinkTo | None:
        """A Jira link, that leads to the record `other`, as Aha! has it: not `outward` where it begins there."""
        line = next((line for line in self.lines if line.jira.id == link.type), None)
        return LinkTo(line.aha, other, link.outward == line.outward) if line else None

    def key(self, issue_id: str, link: LinkTo) -> str:
        """What both sides call a link, given as Jira has it at the issue `issue_id`."""
        ends = (issue_id, link.other.id) if link.outward else (link.other.id, issue_id)
        return ":".join((link.type, *(sorted(ends) if self.mutual(link) else ends)))

    def named(self, side: Side, link: LinkTo | None) -> str:
        """What `side` calls a link of its own."""
        if link is None:
            return ""
        line = next((line for line in self.lines if line.jira.id == link.type), None) if side is Side.RIGHT else None
        words = (line.jira.outward if link.outward else line.jira.inward) or line.jira.name if line else link.type
        return f"“{words}” {link.other}"

    def mutual(self, link: LinkTo) -> bool:
        """Whether a Jira link says the same at both ends."""
        return any(line.jira.mutual for line in self.lines if line.jira.id == link.type)

    def own(self, link: LinkTo, other_kind: str) -> bool:
        """Whether a Jira link is what Crosswalk itself hangs records of two kinds below each other by."""
        below = self.kind != other_kind and bool(self.related & {self.kind, other_kind})
        return below and any(line.jira.name == LINK_TYPE for line in self.lines if line.jira.id == link.type)


def link_lines(table: Mapping[str, str], jira: Iterable[LinkType]) -> tuple[Line, ...]:
    """The lines of a mapping's table that name what Jira has."""
    types = list(jira)
    return tuple(line for aha, words in table.items() if (line := _line(aha, words, types)) is not None)


def _line(aha: str, words: str, types: list[LinkType]) -> Line | None:
    wanted = words.casefold()
    for one in types:
        if wanted in (one.outward.casefold(), one.inward.casefold()):
            known = next((name for name in LINK_TYPES.values() if name.casefold() == aha.casefold()), aha)
            return Line(known, one, outward=wanted == one.outward.casefold())
    return None


def link_rules(mapping: Map, kind: str, lines: tuple[Line, ...]) -> LinkRules | None:
    """How links of records of `kind` travel; None where they do not."""
    given = mapping.parts.get("link")
    kinds = frozenset(one for one, line in mapping.types.items() if one in LINKED and line.type != VERSION)
    if given is None or not lines or kind not in kinds:
        return None
    rule = PartRule("link", given.direction, edits=False, removes=given.removes)
    related = frozenset(one for one, line in mapping.types.items() if line.relation == "relates")
    return LinkRules(rule, lines, kind, kinds, related)


def check_links(mapping: Map, jira: Iterable[LinkType]) -> Iterable[Problem]:
    """What in the table of link types neither side has."""
    known = {name.casefold() for name in LINK_TYPES.values()}
    types = list(jira)
    words = ", ".join(dict.fromkeys(word for one in types for word in (one.outward, one.inward))) or "none"
    for aha, jira_words in mapping.link_types.items():
        where = f"link_types.{aha}"
        if aha.casefold() not in known:
            yield Problem(where, f"Aha! has no link type “{aha}”.", f"Known are: {', '.join(LINK_TYPES.values())}.")
        if _line(aha, jira_words, types) is None:
            yield Problem(where, f"no Jira link says “{jira_words}”.", f"Known are: {words}.")
