"""The words of JQL: what is reserved, how a text is quoted and read. Pure."""

from __future__ import annotations

import re

KEYWORDS = {
    "and": "AND", "or": "OR", "not": "NOT", "in": "IN", "is": "IS", "was": "WAS", "changed": "CHANGED",
    "empty": "EMPTY", "null": "EMPTY", "cf": "CF", "order": "ORDER", "by": "BY", "asc": "ASC", "desc": "DESC",
    "from": "FROM", "to": "TO", "after": "AFTER", "before": "BEFORE", "on": "ON", "during": "DURING",
}  # fmt: skip

# https://support.atlassian.com/jira-software-cloud/docs/jql-reserved-words/ without the keywords above.
RESERVED = frozenset(
    [
        "abort",
        "access",
        "add",
        "alias",
        "all",
        "alter",
        "any",
        "as",
        "audit",
        "avg",
        "begin",
        "between",
        "boolean",
        "break",
        "byte",
        "catch",
        "char",
        "character",
        "check",
        "checkpoint",
        "collate",
        "collation",
        "column",
        "commit",
        "connect",
        "continue",
        "count",
        "create",
        "current",
        "date",
        "decimal",
        "declare",
        "decrement",
        "default",
        "defaults",
        "define",
        "delete",
        "delimiter",
        "difference",
        "distinct",
        "divide",
        "do",
        "double",
        "drop",
        "else",
        "encoding",
        "end",
        "equals",
        "escape",
        "exclusive",
        "exec",
        "execute",
        "exists",
        "explain",
        "false",
        "fetch",
        "file",
        "field",
        "first",
        "float",
        "for",
        "function",
        "go",
        "goto",
        "grant",
        "greater",
        "group",
        "having",
        "identified",
        "if",
        "immediate",
        "increment",
        "index",
        "initial",
        "inner",
        "inout",
        "input",
        "insert",
        "int",
        "integer",
        "intersect",
        "intersection",
        "into",
        "isempty",
        "isnull",
        "join",
        "last",
        "left",
        "less",
        "like",
        "limit",
        "lock",
        "long",
        "max",
        "min",
        "minus",
        "mode",
        "modify",
        "modulo",
        "more",
        "multiply",
        "next",
        "noaudit",
        "notin",
        "nowait",
        "number",
        "object",
        "of",
        "option",
        "outer",
        "output",
        "power",
        "previous",
        "prior",
        "privileges",
        "public",
        "raise",
        "raw",
        "remainder",
        "rename",
        "resource",
        "return",
        "returns",
        "revoke",
        "right",
        "row",
        "rowid",
        "rownum",
        "rows",
        "select",
        "session",
        "set",
        "share",
        "size",
        "sqrt",
        "start",
        "strict",
        "string",
        "subtract",
        "sum",
        "synonym",
        "table",
        "then",
        "trans",
        "transaction",
        "trigger",
        "true",
        "uid",
        "union",
        "unique",
        "update",
        "user",
        "validate",
        "values",
        "view",
        "when",
        "whenever",
        "where",
        "while",
        "with",
    ]
)
RESERVED_CHARACTERS = "{}*/%+^$#@?;"

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_PLAIN = re.compile(r"[^\x00-\x20\\\"'=!<>()~,\[\]|&{}*/%+^$#@?;\x7f-\x9f]+")


def unescape(text: str) -> str:
    """The text that a word or the inside of a quotation stands for."""

    def one(found: re.Match[str]) -> str:
        inner = found[1]
        return chr(int(inner[1:], 16)) if len(inner) == 5 else _ESCAPED.get(inner, inner)

    return _ESCAPE.sub(one, text)


def quoted(text: str) -> str:
    """The text as a quotation."""
    for plain, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(plain, escape)
    return f'"{text}"'


def encoded(text: str, *, number: bool = True) -> str:
    """The text as a query can hold it: as it is, or quoted where it has to be. `number` False quotes digits too."""
    lower = text.lower()
    plain = _PLAIN.fullmatch(text) and lower not in KEYWORDS and lower not in RESERVED
    return text if plain and (number or not re.fullmatch(r"-?\d+", text)) else quoted(text)
