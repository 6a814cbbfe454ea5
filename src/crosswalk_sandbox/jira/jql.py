"""JQL text to a tree, refusing in Jira's words what is no JQL. Pure; knows neither fields nor issues.

Grammar: https://support.atlassian.com/jira-software-cloud/docs/what-is-advanced-search-in-jira-cloud/ Not understood,
and refused: WAS, CHANGED, entity properties (`issue.property[...]`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosswalk_sandbox.jira.refusals import Refusal

ERROR = "Error in the JQL Query: "
OPERATORS = "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'"
RESERVED_WORDS = {"and", "or", "not", "in", "is", "order", "by", "was", "changed"}
EMPTY = {"empty", "null"}


@dataclass(frozen=True, slots=True)
class Call:
    """A function in a query, e.g. `currentUser()`."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value; `quoted` tells a word from a text; `empty` is EMPTY or NULL."""

    text: str
    quoted: bool = False
    empty: bool = False


Operand = Literal | Call


@dataclass(frozen=True, slots=True)
class Clause:
    """`field operator operands`. The operator is one of = != < > <= >= ~ !~ in, not in, is, is not."""

    field: str
    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Both:
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Either:
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Not:
    inner: Tree


Tree = Clause | Both | Either | Not


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. `where` None has no restriction; `order` are (field, descending)."""

    where: Tree | None
    order: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"\s+"
    r"|(?P<text>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    r"|(?P<broken>[\"'])"
    r"|(?P<field>cf\s*\[\s*\d+\s*\])"
    r"|(?P<sign><=|>=|!=|!~|[=<>~(),!]|&&|&|\|\||\|)"
    r"|(?P<word>(?:\\u[0-9a-fA-F]{4}|\\.|[^\s=<>!~(),\"'&|;@#%^$*/{}\[\]?])+)"
    r"|(?P<reserved>.)",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def _unescape(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        inner = found[1]
        if len(inner) == 5:
            return chr(int(inner[1:], 16))
        return _ESCAPED.get(inner, inner)

    return _ESCAPE.sub(one, text)


def _where(source: str, at: int) -> str:
    line = source.count("\n", 0, at) + 1
    return f"(line {line}, character {at - source.rfind(chr(10), 0, at)})"


def tokens(source: str) -> list[Token]:
    """The tokens of a query. Raises Refusal for an open quotation and for reserved characters."""
    out = []
    for found in _TOKEN.finditer(source):
        kind = found.lastgroup
        if kind is None:
            continue
        if kind == "broken":
            rest = source[found.end() : found.end() + 40]
            raise Refusal(
                400, f"{ERROR}The quoted string '{rest}' has not been completed. {_where(source, found.start())}"
            )
        if kind == "reserved":
            sign = found[0]
            message = (
                f"{ERROR}The character '{sign}' is a reserved JQL character. You must enclose it in a string or use "
                f"the escape '\\u{ord(sign) & 0xFFFF:04x}' instead. {_where(source, found.start())}"
            )
            raise Refusal(400, message)
        out.append(Token(kind, found[0], found.start()))
    return out


def parse(source: str) -> Query:
    """The query in a text. Raises Refusal (400) in Jira's words."""
    return _Parser(source, tokens(source)).query()


class _Parser:
    def __init__(self, source: str, found: list[Token]) -> None:
        self.source, self.tokens, self.position, self.depth = source, found, 0, 0

    def peek(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def is_word(self, *words: str) -> bool:
        token = self.peek()
        return token is not None and token.kind in ("word", "sign") and token.text.lower() in words

    def take(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def fail(self, expecting: str, hint: str = "") -> Refusal:
        """The refusal for what stands where something else was expected."""
        token = self.peek()
        if token is None:
            return Refusal(400, f"{ERROR}Expecting {expecting} at the end of the query.")
        got = token.text.strip("\"'")
        return Refusal(400, f"{ERROR}Expecting {expecting} but got '{got}'.{hint} {_where(self.source, token.at)}")

    def query(self) -> Query:
        where = None if self.peek() is None or self.is_word("order") else self.either()
        order = self.order() if self.is_word("order") else ()
        if self.peek() is not None:
            raise self.fail("either 'OR' or 'AND'")
        return Query(where, order)

    def order(self) -> tuple[tuple[str, bool], ...]:
        self.take()
        if not self.is_word("by"):
            raise self.fail("'by'")
        self.take()
        out = []
        while True:
            name = self.field_name()
            down = self.is_word("desc")
            if self.is_word("asc", "desc"):
                self.take()
            out.append((name, down))
            if not self.is_word(","):
                return tuple(out)
            self.take()

    def either(self) -> Tree:
        left = self.both()
        while self.is_word("or", "||", "|"):
            self.take()
            left = Either(left, self.both())
        return left

    def both(self) -> Tree:
        left = self.unit()
        while self.is_word("and", "&&", "&"):
            self.take()
            left = Both(left, self.unit())
        return left

    def unit(self) -> Tree:
        if self.depth > 100:
            raise Refusal(400, f"{ERROR}The query is nested too deeply.")
        self.depth += 1
        try:
            if self.is_word("not", "!"):
                self.take()
                return Not(self.unit())
            if self.is_word("("):
                self.take()
                inner = self.either()
                if not self.is_word(")"):
                    raise (
                        Refusal(400, f"{ERROR}Expecting ')' before the end of the query.")
                        if self.peek() is None
                        else (self.fail("either 'OR' or 'AND'"))
                    )
                self.take()
                return inner
            return self.clause()
        finally:
            self.depth -= 1

    def field_name(self) -> str:
        token = self.peek()
        if token is None or token.kind == "sign":
            raise self.fail("a field name")
        if token.kind == "word" and token.text.lower() in RESERVED_WORDS:
            hint = f" You must surround '{token.text}' in quotation marks to use it as a field name."
            raise self.fail("a field name", hint)
        self.take()
        if token.kind == "text":
            return _unescape(token.text[1:-1])
        return _unescape(token.text) if token.kind == "word" else "".join(token.text.split())

    def clause(self) -> Clause:
        name = self.field_name()
        operator = self.operator()
        if operator in ("in", "not in"):
            if not self.is_word("("):
                raise self.fail("either a value, list or function") if self.peek() is None else self.fail("'('")
            return Clause(name, operator, self.list())
        value = self.value()
        if operator in ("is", "is not") and not (isinstance(value, Literal) and value.empty):
            raise Refusal(400, f"{ERROR}The operator '{operator}' must be followed by EMPTY or NULL.")  # unconfirmed
        return Clause(name, operator, (value,))

    def operator(self) -> str:
        token = self.peek()
        if token is not None and token.kind == "sign" and token.text in ("=", "!=", "<", ">", "<=", ">=", "~", "!~"):
            return self.take().text
        if self.is_word("in"):
            self.take()
            return "in"
        if self.is_word("is"):
            self.take()
            if self.is_word("not"):
                self.take()
                return "is not"
            return "is"
        if self.is_word("not"):
            self.take()
            if self.is_word("in"):
                self.take()
                return "not in"
        raise self.fail("operator", f" The valid operators are {OPERATORS}.")

    def list(self) -> tuple[Operand, ...]:
        self.take()
        out = [self.value()]
        while self.is_word(","):
            self.take()
            out.append(self.value())
        if not self.is_word(")"):
            raise (
                self.fail("')' or ','")
                if self.peek()
                else Refusal(400, f"{ERROR}Expecting ')' before the end of the query.")
            )
        self.take()
        return tuple(out)

    def value(self) -> Operand:
        token = self.peek()
        expecting = "either a value, list or function"
        if token is None or token.kind in ("sign", "field"):
            raise self.fail(expecting)
        if token.kind == "text":
            self.take()
            return Literal(_unescape(token.text[1:-1]), quoted=True)
        if token.text.lower() in RESERVED_WORDS:
            hint = f" You must surround '{token.text}' in quotation marks to use it as a value."
            raise self.fail(expecting, hint)
        self.take()
        if self.is_word("("):
            return Call(token.text, self.arguments())
        return Literal(_unescape(token.text), empty=token.text.lower() in EMPTY)

    def arguments(self) -> tuple[str, ...]:
        self.take()
        out: list[str] = []
        while not self.is_word(")"):
            token = self.peek()
            if token is None:
                raise Refusal(400, f"{ERROR}Expecting ')' before the end of the query.")
            self.take()
            if token.text != ",":
                out.append(_unescape(token.text[1:-1]) if token.kind == "text" else _unescape(token.text))
        self.take()
        return tuple(out)
