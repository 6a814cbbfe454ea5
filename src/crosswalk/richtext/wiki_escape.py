"""Makes plain text stay plain in wiki markup. It knows the signs of the markup, and nothing of documents.

A character that could begin or end something is escaped, and only then, so that people who edit the text in Jira read
ordinary words. What a backslash can not make plain is written as an entity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .wiki_words import EMOTICON, EMOTICONS, ENTITY, is_word


@dataclass(frozen=True, slots=True)
class Where:
    """Where a line stands: `barred` in a cell or link (a bar parts), `one_line` where a newline would end it,
    `literal` where addresses stay text."""

    barred: bool = False
    one_line: bool = False
    literal: bool = False


_SPECIAL = re.compile(r"[\\{}\[\]|*_+\-^~!?#(:;&)]")
_SPECIAL_AT_START = re.compile(r"[\\{}\[\]|*_+\-^~!?#(:;&.)]")
# What is an address has become a link (fit_wiki.py); what only looks like one must not.
_SCHEME = re.compile(r"(?:https?|ftps?|irc|mailto)$", re.IGNORECASE)
_MOUTHS = frozenset(sign[1] for sign in EMOTICONS if sign[0] in ":;")
_LINE_START = re.compile(r"(?:h[1-6]|bq)$")


def is_plain(text: str, before: str) -> bool:
    """A quick look: whether `text` behind the character `before` is read as itself, whatever follows it."""
    special = _SPECIAL_AT_START if before in ("", "\n") else _SPECIAL
    return special.search(text) is None


def escaped(text: str, before: str, after: str, where: Where) -> str:
    """`text` so that it is read as itself between the characters `before` and `after` ("" at the edges of the line).

    `before` is "" or a newline where a line begins.
    """
    begins = before in ("", "\n")
    special = _SPECIAL_AT_START if begins else _SPECIAL
    if special.search(text) is None:
        return text
    out: list[str] = []
    done = 0
    for found in special.finditer(text):
        index = found.start()
        previous = text[index - 1] if index else before
        following = text[index + 1] if index + 1 < len(text) else after
        out.append(text[done:index])
        out.append(_ESCAPES[found[0]](_Spot(text, index, previous, following, begins, where)))
        done = index + 1
    out.append(text[done:])
    return "".join(out)


@dataclass(slots=True)  # not frozen: that would take three times as long, and a text has hundreds of them
class _Spot:
    """A special character and what stands around it; `begins` where the text begins a line of markup."""

    text: str
    index: int
    previous: str
    next: str
    begins: bool
    where: Where

    @property
    def char(self) -> str:
        return self.text[self.index]

    @property
    def line_start(self) -> bool:
        return self.begins and self.index == 0


def _always(spot: _Spot) -> str:
    return "\\" + spot.char


def _phrase(spot: _Spot) -> str:
    """A mark's sign is plain inside a word and between spaces."""
    previous, following = spot.previous, spot.next
    if _is_ascii_word(previous) and _is_ascii_word(following):
        return spot.char
    if previous == " " and following == " " and not spot.line_start:
        return spot.char
    return "\\" + spot.char


def _is_ascii_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _bar(spot: _Spot) -> str:
    if spot.where.barred:
        return "&#124;"
    return "\\|" if spot.line_start else "|"


def _backslash(spot: _Spot) -> str:
    return "\\" if _is_ascii_word(spot.next) else "&#92;"


def _bang(spot: _Spot) -> str:
    return "!" if spot.next in (" ", "", "\n") else "\\!"


def _question(spot: _Spot) -> str:
    return "\\?" if "?" in (spot.previous, spot.next) else "?"


def _hash(spot: _Spot) -> str:
    """Plain behind a word or a space; at the start of a line, also behind a mark's sign, it would begin an item."""
    inside = spot.previous == " " or is_word(spot.previous or " ")
    return "#" if inside and not spot.line_start else "\\#"


def _paren(spot: _Spot) -> str:
    return "\\(" if EMOTICON.match(spot.text, spot.index) else "("


def _eyes(spot: _Spot) -> str:
    """`:D` and `http:` can not be escaped by a backslash; of `:)` the mouth is escaped."""
    named = spot.char == ":" and spot.previous.isalpha() and not spot.where.literal
    if named and _SCHEME.search(spot.text, max(0, spot.index - 7), spot.index):
        return "&#58;"
    if spot.next in _MOUTHS and (found := EMOTICON.match(spot.text, spot.index)):
        return spot.char if found[0][-1] in "()" and found[0][1] != "-" else f"&#{ord(spot.char)};"
    return spot.char


def _mouth(spot: _Spot) -> str:
    return "\\)" if spot.previous in (":", ";", "-") else ")"


def _open_mouth(spot: _Spot) -> str:
    return "\\(" if spot.previous in (":", "-") else _paren(spot)


def _ampersand(spot: _Spot) -> str:
    rest = spot.text[spot.index : spot.index + 40]
    return "&#38;" if ENTITY.match(rest) else "&"


def _dot(spot: _Spot) -> str:
    if spot.next not in (" ", "", "\n"):
        return "."
    return (
        "&#46;" if spot.begins and spot.index <= 3 and _LINE_START.fullmatch(spot.text[: spot.index].strip()) else "."
    )


_ESCAPES = {
    **dict.fromkeys("{}[]", _always),
    **dict.fromkeys("*_+-^~", _phrase),
    **dict.fromkeys(":;", _eyes),
    "|": _bar,
    "\\": _backslash,
    "!": _bang,
    "?": _question,
    "#": _hash,
    "(": _open_mouth,
    ")": _mouth,
    "&": _ampersand,
    ".": _dot,
}
