"""JQL text to a tree, by the grammar in jql.lark. Pure; knows neither fields nor issues.

What is no JQL is refused in Jira's words (jql_errors.py). A query is limited in length and in how deep NOT and
parentheses change each other, so that hostile text costs little.
Document: https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import ClassVar

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken, v_args

from crosswalk_sandbox.jira import jql_errors
from crosswalk_sandbox.jira.jql_words import KEYWORDS, RESERVED, encoded, quoted, unescape
from crosswalk_sandbox.jira.refusals import Refusal

LONGEST, DEEPEST = 50_000, 100
OPPOSITE = {
    "=": "!=", "<": ">=", ">": "<=", "~": "!~", "in": "not in", "is": "is not", "was": "was not",
    "was in": "was not in", "changed": "not changed",
}  # fmt: skip
OPPOSITE |= {other: one for one, other in OPPOSITE.items()}


@dataclass(frozen=True, slots=True)
class Literal:
    """A value. `number` tells digits that were not quoted: Jira takes those for an id first."""

    text: str
    number: bool = False

    def __str__(self) -> str:
        return self.text if self.number else quoted(self.text)


@dataclass(frozen=True, slots=True)
class Empty:
    """EMPTY or NULL."""

    def __str__(self) -> str:
        return "EMPTY"


@dataclass(frozen=True, slots=True)
class Call:
    """A function, e.g. `currentUser()`."""

    name: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{encoded(self.name)}({', '.join(encoded(one) for one in self.arguments)})"


@dataclass(frozen=True, slots=True)
class Listed:
    """Operands in parentheses."""

    items: tuple[Operand, ...]
    depth: int = field(default=1, compare=False)

    def __str__(self) -> str:
        return f"({', '.join(str(item) for item in self.items)})"


Operand = Literal | Empty | Call | Listed


@dataclass(frozen=True, slots=True)
class Property:
    """`[key].path` after a field."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class Name:
    """A field as the query names it: by name or `cf[10000]`; `properties` only for entity properties."""

    text: str
    properties: tuple[Property, ...] = ()

    def __str__(self) -> str:
        return self.text + "".join(f"[{one.key}]" + (f".{one.path}" if one.path else "") for one in self.properties)


@dataclass(frozen=True, slots=True)
class Predicate:
    """`BY somebody`, `AFTER a date` ... behind WAS and CHANGED."""

    operator: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Clause:
    """`field operator operand`. CHANGED has no operand; only WAS and CHANGED have predicates."""

    field: Name
    operator: str
    operand: Operand | None
    predicates: tuple[Predicate, ...] = ()
    depth: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class Both:
    """All of the parts."""

    parts: tuple[Tree, ...]
    depth: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Either:
    """Any of the parts."""

    parts: tuple[Tree, ...]
    depth: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    inner: Tree
    depth: int = field(default=0, compare=False)


Tree = Clause | Both | Either | Not


@dataclass(frozen=True, slots=True)
class Sort:
    """`descending` None asks for the field's own order."""

    field: Name
    descending: bool | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `where` None has no restriction."""

    where: Tree | None
    order: tuple[Sort, ...] = ()


@lru_cache(maxsize=256)
def parse(source: str) -> Query:
    """The query in a text. Raises Refusal (400) in Jira's words."""
    if len(source) > LONGEST:
        raise Refusal(400, f"{jql_errors.ERROR}The query is longer than {LONGEST} characters.")  # unconfirmed
    parser = _parser()
    try:
        parsed = parser.parse(source)
    except UnexpectedCharacters as error:
        raise jql_errors.character(source, error.pos_in_stream or 0) from error
    except UnexpectedToken as error:
        # Jira reads all words before it looks at their order, so what can not be read comes first.
        try:
            for _ in parser.lex(source):
                pass
        except UnexpectedCharacters as unread:
            raise jql_errors.character(source, unread.pos_in_stream or 0) from unread
        raise jql_errors.token(error) from error
    assert isinstance(parsed, Query)
    return parsed


def _keyword(word: Token) -> Token:
    """The word as what it is: a keyword, a number, or a word. Raises Refusal for reserved words."""
    text = str(word)
    lower = text.lower()
    if lower in KEYWORDS:
        return word.update(type=KEYWORDS[lower])
    if lower in RESERVED:
        raise jql_errors.reserved(word)
    if re.fullmatch(r"-?[0-9]+", text):
        if not -(2**63) <= int(text[:40]) < 2**63:
            raise jql_errors.no_number(word)
        return word.update(type="NEGATIVE" if text[0] == "-" else "NATURAL")
    return word


@v_args(inline=True)
class _Build(Transformer[Token, Query]):
    """Builds the tree while the text is read, so that no depth of it needs the machine's stack."""

    def query(self, where: Tree | None, order: tuple[Sort, ...] | None) -> Query:
        return Query(where, order or ())

    def either(self, *parts: object) -> Tree:
        return _joined(Either, parts)

    def both(self, *parts: object) -> Tree:
        return _joined(Both, parts)

    def negated(self, _sign: Token, inner: Tree) -> Tree:
        return Not(inner, _deeper(inner))

    def inner(self, _open: Token, inner: Tree, _close: Token) -> Tree:
        return inner

    def plain(self, name: Name, operator: str, operand: Operand, *predicates: Predicate) -> Clause:
        if predicates:
            raise jql_errors.unwanted_predicates(operator, " ".join(f"{p.operator} {p.operand}" for p in predicates))
        return Clause(name, operator, operand)

    def was(self, name: Name, operator: str, operand: Operand, *predicates: Predicate) -> Clause:
        return Clause(name, operator, operand, predicates)

    def changed(self, name: Name, _word: Token, operand: Operand | None, *predicates: Predicate) -> Clause:
        if operand is not None:
            raise jql_errors.unwanted_operand(str(operand))
        return Clause(name, "changed", None, predicates)

    def compare(self, *words: Token) -> str:
        return " ".join(str(word).lower() for word in words)

    history = compare

    def predicate(self, word: Token, operand: Operand) -> Predicate:
        return Predicate(str(word).lower(), operand)

    def named(self, word: Token) -> Name:
        text = _text(word)
        if not text:
            raise jql_errors.empty_name(word, "field")
        return Name(text)

    def with_properties(self, word: Token, *properties: Property) -> Name:
        return Name(self.named(word).text, properties)

    def property(self, _open: Token, key: Token, _close: Token, *path: Token) -> Property:
        for word in path:
            if not re.match(r"\.[^.]", _text(word)):
                raise jql_errors.wrong_path(word)
        return Property(_text(key), "".join(_text(word) for word in path)[1:])

    def numbered(self, _cf: Token, _open: Token, number: Token, _close: Token) -> Name:
        return Name(f"cf[{int(number)}]")

    def empty(self, _word: Token) -> Empty:
        return Empty()

    def literal(self, word: Token) -> Literal:
        return Literal(_text(word))

    def number(self, word: Token) -> Literal:
        return Literal(str(word), number=True)

    def listed(self, *parts: object) -> Listed:
        items = tuple(p for p in parts if isinstance(p, Literal | Empty | Call | Listed))
        depth = 1 + max(item.depth if isinstance(item, Listed) else 0 for item in items)
        return Listed(items, _limited(depth))

    def call(self, word: Token, _open: Token, arguments: tuple[str, ...] | None, _close: Token) -> Call:
        name = _text(word)
        if not name:
            raise jql_errors.empty_name(word, "function")
        return Call(name, arguments or ())

    def arguments(self, *parts: Token) -> tuple[str, ...]:
        return tuple(_text(part) for part in parts if part.type != "COMMA")

    def argument(self, word: Token) -> Token:
        return word

    def order(self, _order: Token, _by: Token, *parts: object) -> tuple[Sort, ...]:
        return tuple(part for part in parts if isinstance(part, Sort))

    def sort(self, name: Name, direction: Token | None) -> Sort:
        return Sort(name, None if direction is None else direction.type == "DESC")


def _text(word: Token) -> str:
    return unescape(str(word)[1:-1] if word.type == "QUOTED" else str(word))


def _joined(kind: type[Both] | type[Either], parts: tuple[object, ...]) -> Tree:
    trees = tuple(p for p in parts if isinstance(p, Clause | Both | Either | Not))
    return trees[0] if len(trees) == 1 else kind(trees, _deeper(*trees))


def _deeper(*trees: Tree) -> int:
    return _limited(1 + max(tree.depth for tree in trees))


def _limited(depth: int) -> int:
    """The depth, if it is not too deep. Raises Refusal."""
    if depth > DEEPEST:
        raise Refusal(400, f"{jql_errors.ERROR}The query is nested too deeply.")  # wording unconfirmed
    return depth


@cache
def _parser() -> Lark:
    return Lark.open(
        "jql.lark",
        rel_to=__file__,
        start="query",
        parser="lalr",
        lexer="basic",
        maybe_placeholders=True,
        transformer=_Build(),
        lexer_callbacks={"WORD": _keyword},
    )


def clauses(tree: Tree | None) -> Iterator[Clause]:
    """Every clause of a tree, from left to right."""
    waiting = [tree] if tree else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, Clause):
            yield one
        elif isinstance(one, Not):
            waiting.append(one.inner)
        else:
            waiting.extend(reversed(one.parts))
