"""Which Aha! record and which Jira issue stand for the same thing, by rules, each with a confidence. Pure.

Rules look at what both sides say, never guess by likeness. A record that two others fit equally well is told, and
left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref

REFERENCE, EXPRESSION, TITLE, NAME = 100, 95, 90, 70
"""How sure each rule is, in percent."""
WHY: Mapping[int, str] = {
    REFERENCE: "one names the other in its reference field",
    EXPRESSION: "your expression holds",
    TITLE: "one has the other's key in its title",
    NAME: "they have the same name",
}
RULES: Mapping[str, int] = {"reference": REFERENCE, "expression": EXPRESSION, "title": TITLE, "name": NAME}
USUAL_LEAST = 90
"""An equal name alone is not linked unless that is asked for."""
KEY = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9_]{0,20}(?:-[A-Z]{1,2})?(?:-\d{1,9}){1,2}(?![\w-])")
"""What may be the key of a record or an issue within a text."""
EXPRESSION_LINE = re.compile(
    r'\s*(?P<field>[\w:.-]+)(?:\s+between\s+"(?P<before>[^"]*)"\s+and\s+"(?P<after>[^"]*)")?\s*'
)


@dataclass(frozen=True, slots=True)
class Card:
    """A record as matching sees it: its name, what its reference field says, and what the expression gives."""

    ref: Ref
    name: str
    reference: str = ""
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An Aha! record and a Jira issue that may be the same; `rivals` are issues or records that fit as well."""

    left: Card
    right: Card
    confidence: int
    rivals: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Why they are thought to be the same, and what speaks against it."""
        others = f"; so does {', '.join(self.rivals)}" if self.rivals else ""
        return f"{WHY[self.confidence]}{others}"

    def sure(self, least: int) -> bool:
        """Whether the two may be linked without a look at each."""
        return not self.rivals and self.confidence >= least


def match(lefts: Sequence[Card], rights: Sequence[Card], rules: Iterable[str] = tuple(RULES)) -> tuple[Proposal, ...]:
    """The proposals, the surest first. A record is in one sure proposal at most; time grows with their number."""
    wanted = {RULES[rule] for rule in rules}
    found: dict[tuple[Ref, Ref], Proposal] = {}
    for confidence, pairs in (
        (REFERENCE, _by_reference(lefts, rights)),
        (EXPRESSION, _by_keys(_given(lefts), _given(rights))),
        (TITLE, _by_title(lefts, rights)),
        (NAME, _by_keys(_names(lefts), _names(rights))),
    ):
        for left, right in pairs if confidence in wanted else ():
            found.setdefault((left.ref, right.ref), Proposal(left, right, confidence))
    return tuple(_weighed(sorted(found.values(), key=_order)))


def _order(one: Proposal) -> tuple[int, str, str, str, str]:
    return (-one.confidence, one.left.ref.key, one.right.ref.key, one.left.ref.id, one.right.ref.id)


def _weighed(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Each surer proposal takes its two out of the weaker ones; those that tie are rivals of each other."""
    taken: set[tuple[str, Ref]] = set()
    by_confidence: dict[int, list[Proposal]] = {}
    for one in proposals:
        by_confidence.setdefault(one.confidence, []).append(one)
    for alike in by_confidence.values():
        open_ = [one for one in alike if not {("left", one.left.ref), ("right", one.right.ref)} & taken]
        rivals: dict[tuple[str, Ref], list[str]] = {}
        for one in open_:
            rivals.setdefault(("left", one.left.ref), []).append(str(one.right.ref))
            rivals.setdefault(("right", one.right.ref), []).append(str(one.left.ref))
        for one in open_:
            others = [name for name in rivals["left", one.left.ref] if name != str(one.right.ref)]
            others += [name for name in rivals["right", one.right.ref] if name != str(one.left.ref)]
            yield Proposal(one.left, one.right, one.confidence, tuple(others[:MOST_RIVALS]))
        taken |= set(rivals)


MOST_RIVALS = 3  # that a proposal names
Pairs = Iterator[tuple[Card, Card]]


def _by_reference(lefts: Sequence[Card], rights: Sequence[Card]) -> Pairs:
    """One side's reference field holds the other's key, or an address that ends in it."""
    by_left, by_right = _by_key(lefts), _by_key(rights)
    for right in rights:
        yield from ((left, right) for left in by_left.get(_last(right.reference), ()))
    for left in lefts:
        yield from ((left, right) for right in by_right.get(_last(left.reference), ()))


def _by_title(lefts: Sequence[Card], rights: Sequence[Card]) -> Pairs:
    by_left, by_right = _by_key(lefts), _by_key(rights)
    for right in rights:
        yield from ((left, right) for key in keys_in(right.name) for left in by_left.get(key, ()))
    for left in lefts:
        yield from ((left, right) for key in keys_in(left.name) for right in by_right.get(key, ()))


MOST_ALIKE = 50
"""A name that so many records share says nothing, and would make every one a rival of every other."""


def _by_keys(lefts: Mapping[str, Sequence[Card]], rights: Mapping[str, Sequence[Card]]) -> Pairs:
    for text, some in lefts.items():
        others = rights.get(text, ())
        if text and len(some) * len(others) <= MOST_ALIKE:
            yield from ((left, right) for left in some for right in others)


def _by_key(cards: Iterable[Card]) -> dict[str, list[Card]]:
    found: dict[str, list[Card]] = {}
    for card in cards:
        if card.ref.key:
            found.setdefault(card.ref.key.casefold(), []).append(card)
    return found


def _names(cards: Iterable[Card]) -> dict[str, list[Card]]:
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(folded(card.name), []).append(card)
    return found


def _given(cards: Iterable[Card]) -> dict[str, list[Card]]:
    found: dict[str, list[Card]] = {}
    for card in cards:
        for text in card.given:
            found.setdefault(folded(text), []).append(card)
    return found


def keys_in(text: str) -> set[str]:
    """What may be keys within a title, folded."""
    return {found.casefold() for found in KEY.findall(text[:1000])}


def _last(reference: str) -> str:
    """A key, or the last part of an address, folded."""
    return reference.strip().partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2].casefold()


def folded(text: str) -> str:
    """A name without what people do not see: case, doubled spaces, other forms of the same letters."""
    return " ".join(normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Pick:
    """What one half of an expression takes: a field, or what stands in it between two texts."""

    field: str
    before: str = ""
    after: str = ""

    def of(self, text: str) -> str:
        """What is taken of a field's text; "" where the two texts are not in it."""
        if not self.before and not self.after:
            return text
        _, found, rest = text.partition(self.before) if self.before else ("", "x", text)
        inside, end, _ = rest.partition(self.after) if self.after else (rest, "x", "")
        return inside if found and end else ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A rule that a person writes: `name between "[" and "]" = customfield_10050`; Aha!'s field stands first."""

    left: Pick
    right: Pick = field(default_factory=lambda: Pick("summary"))


def read_expression(text: str) -> Expression:
    """The expression that `text` spells. Raises Refused with an example for anything else."""
    halves = [EXPRESSION_LINE.fullmatch(half) for half in _halves(text)]
    if len(halves) != 2 or None in halves:
        raise Refused(
            f"“{text[:200]}” is not an expression.",
            remedy='Write a field of Aha! and one of Jira, such as: name between "[" and "]" = customfield_10050',
        )
    left, right = (Pick(one["field"], one["before"] or "", one["after"] or "") for one in halves if one)
    return Expression(left, right)


def _halves(text: str) -> list[str]:
    """What stands on either side of the equals signs that are outside quotation marks."""
    found, quoted = [""], False
    for sign in text[:1000]:
        quoted ^= sign == '"'
        if sign == "=" and not quoted:
            found.append("")
        else:
            found[-1] += sign
    return found
