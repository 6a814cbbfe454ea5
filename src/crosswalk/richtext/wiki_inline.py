"""Reads one line (or lines) of Jira wiki markup: marks, links, pictures, emoticons. It knows nothing of blocks.

A scanner that goes once over the text: every search for a closing sign is remembered, so that the time stays linear.
Marks are matched by a stack, as parentheses are; a sign that finds no partner is text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

from .addresses import color, safe_address
from .document import Anchor, Break, Card, Image, Inline, InlineIsland, Inlines, Mark, Mention, Text
from .wiki_colors import MOST
from .wiki_targets import file_name, is_held, link_parts, picture
from .wiki_words import (
    BARE_ADDRESS,
    EMOTICON,
    EMOTICONS,
    ENTITY,
    ESCAPABLE,
    MACRO,
    PHRASES,
    TARGET,
    is_word,
    unescaped,
)

_PLAIN = re.compile(r"[^\\{\[!*_+\-^~?&:;(\n]+")
_ALL_PLAIN = re.compile(r"[^\\{\[!*_+\-^~?&:;(]*")
_CLOSERS = {
    "]": re.compile(r"(?<!\\)\]"),
    "!": re.compile(r"(?<!\\)!"),
    "{}}}": re.compile(r"(?<!\\)\{\}\}\}"),
    "}}": re.compile(r"(?<!\\)\}\}"),
    "\n": re.compile(r"\n"),
    "[": re.compile(r"(?<!\\)\["),
}


@dataclass(slots=True)
class _Sign:
    """A mark's sign that has not found its partner: `literal` is what it is if it never does."""

    kind: str
    value: str
    literal: str
    at: int


_Piece = Inline | _Sign | None


def read_line(text: str, linking: bool = True) -> Inlines:
    """The inlines of `text`; a newline is a hard break. Inside a link (`linking` false) there is no link."""
    if "\n" not in text and _ALL_PLAIN.fullmatch(text):
        return (Text(text),) if text else ()
    return _Scanner(text, linking).run()


def read_colored(text: str, shades: tuple[str, ...]) -> tuple[Inlines, tuple[str, ...], set[str]]:
    """The inlines of a line where colours are open already; which are open behind it; and which macros of it are not
    held whole: one that closes a colour where none is open, a picture with a look that is not understood."""
    if not shades and "{" not in text and "!" not in text:
        return read_line(text), (), set()
    scanner = _Scanner(text, linking=True)
    for shade in shades:
        scanner._open("color", shade, "", 0)
    inlines = scanner.run()
    return inlines, tuple(sign.value for sign in scanner.open if sign.kind == "color"), scanner.lost


class _Scanner:
    __slots__ = ("buffer", "index", "linking", "lost", "next_closer", "open", "pieces", "spans", "text")

    def __init__(self, text: str, linking: bool) -> None:
        self.text = text
        self.linking = linking
        self.lost: set[str] = set()
        self.index = 0
        self.pieces: list[_Piece] = []
        self.buffer: list[str] = []
        self.open: list[_Sign] = []
        self.spans: list[tuple[int, int, Mark]] = []
        self.next_closer: dict[str, int] = {}

    def run(self) -> Inlines:
        text, end = self.text, len(self.text)
        addresses = BARE_ADDRESS.finditer(text) if self.linking and ":" in text else iter(())
        address = next(addresses, None)
        while self.index < end:
            while address and address.start() < self.index:
                address = next(addresses, None)
            if address and address.start() == self.index:
                self._address(address)
            elif plain := _PLAIN.match(text, self.index, address.start() if address else end):
                self.buffer.append(plain[0])
                self.index = plain.end()
            else:
                self._step(text[self.index])
        self._flush()
        self._close_at_end()
        return _marked(self.pieces, self.spans)

    def _step(self, char: str) -> None:
        """One special character: the first reading that fits, else the character itself."""
        match char:
            case "\\":
                done = self._backslash()
            case "\n":
                done = self._newline()
            case "{":
                done = self._braced() or self._code() or self._macro()
            case "[":
                done = self._link()
            case "!":
                done = self._picture()
            case "&":
                done = self._entity()
            case ":" | ";" | "(":
                done = self._emoticon()
            case _:
                done = self._dashes() or self._phrase()
        if not done:
            self.buffer.append(char)
            self.index += 1

    # ---- pieces -------------------------------------------------------------------------------------

    def _flush(self) -> None:
        if self.buffer:
            self.pieces.append(Text("".join(self.buffer)))
            self.buffer = []

    def _add(self, piece: _Piece, end: int) -> bool:
        self._flush()
        self.pieces.append(piece)
        self.index = end
        return True

    def _closer(self, sign: str, start: int) -> int:
        """Where `sign` next stands at or after `start` on the same line, -1 if nowhere. Remembered, hence linear."""
        found = self._seek(sign, start)
        newline = self._seek("\n", start) if sign != "\n" else -1
        return -1 if found >= len(self.text) or (0 <= newline < found) else found

    def _seek(self, sign: str, start: int) -> int:
        known = self.next_closer.get(sign, -1)
        if known < start:
            found = _CLOSERS[sign].search(self.text, start)
            known = found.start() if found else len(self.text) + 1
            self.next_closer[sign] = known
        return known

    def _backslash(self) -> bool:
        following = self.text[self.index + 1 : self.index + 2]
        if following == "\\":
            return self._add(Break(), self.index + 2)
        if following and following in ESCAPABLE:
            self.buffer.append(following)
            self.index += 2
            return True
        return False

    def _newline(self) -> bool:
        self.open = [sign for sign in self.open if sign.kind == "color"]
        return self._add(Break(), self.index + 1)

    def _entity(self) -> bool:
        if found := ENTITY.match(self.text, self.index):
            self.buffer.append(html.unescape(found[0]))
            self.index = found.end()
            return True
        return False

    def _emoticon(self) -> bool:
        if found := EMOTICON.match(self.text, self.index):
            return self._add(EMOTICONS[found[0]], found.end())
        return False

    def _address(self, found: re.Match[str]) -> None:
        address = safe_address(found[0])
        self._add(Text(found[0], (Mark("link", address),) if address else ()), found.end())

    def _dashes(self) -> bool:
        """`--` and `---` between spaces are dashes."""
        for sign, dash in (("---", "—"), ("--", "–")):
            end = self.index + len(sign)
            if self.text.startswith(sign, self.index) and not self.text.startswith("-", end):
                around = self.text[self.index - 1 : self.index] + self.text[end : end + 1]
                if around.isspace() and (self.index == 0 or not is_word(self.text[self.index - 1])):
                    self.buffer.append(dash)
                else:
                    self.buffer.append(sign)
                self.index = end
                return True
        return False

    # ---- marks --------------------------------------------------------------------------------------

    def _phrase(self) -> bool:
        sign = "??" if self.text.startswith("??", self.index) else self.text[self.index]
        kind = PHRASES.get(sign)
        if kind is None:
            return False
        end = self.index + len(sign)
        before = self.text[self.index - 1 : self.index]
        after = self.text[end : end + 1]
        closes = bool(before) and not before.isspace() and not is_word(after or " ") and self._is_open(kind, sign)
        if closes:
            return self._close(kind, sign, end)
        opens = (
            bool(after) and not after.isspace() and after != sign[0] and not is_word(before or " ") and before != "\\"
        )
        if opens and not self._is_open(kind):
            return self._open(kind, "", sign, end)
        self.buffer.append(sign)
        self.index = end
        return True

    def _braced(self) -> bool:
        """`{*}` opens or closes inside a word too."""
        sign = self.text[self.index + 1 : self.index + 2]
        if not sign or sign not in PHRASES or self.text[self.index + 2 : self.index + 3] != "}":
            return False
        kind, end = PHRASES[sign], self.index + 3
        literal = "{" + sign + "}"
        if self._is_open(kind, literal):
            return self._close(kind, literal, end)
        return not self._is_open(kind) and self._open(kind, "", literal, end)

    def _is_open(self, kind: str, literal: str | None = None) -> bool:
        """Whether a mark is open, begun with `literal` where that is given. At most one of a kind is, colours aside."""
        for sign in self.open:
            if sign.kind == kind:
                return literal is None or sign.literal == literal
        return False

    def _open(self, kind: str, value: str, literal: str, end: int) -> bool:
        sign = _Sign(kind, value, literal, 0)
        self._add(sign, end)
        sign.at = len(self.pieces) - 1
        self.open.append(sign)
        return True

    def _close(self, kind: str, literal: str, end: int) -> bool:
        """Close the nearest open `kind`; signs opened after it stay text."""
        self._flush()
        while self.open:
            sign = self.open.pop()
            if sign.kind == kind and sign.literal == literal:
                self.pieces[sign.at] = None
                self.spans.append((sign.at, len(self.pieces), Mark(kind, sign.value)))
                break
        self.index = end
        return True

    def _close_at_end(self) -> None:
        """A colour that is never closed colours the rest."""
        for sign in self.open:
            if sign.kind == "color":
                self.pieces[sign.at] = None
                self.spans.append((sign.at, len(self.pieces), Mark("color", sign.value)))

    def _color(self, value: str | None, end: int) -> bool:
        if value is None:
            if self._is_open("color"):
                return self._close("color", "", end)
            self._flush()
            self.index = end
            self.lost.add("{color}")
            return True
        shade = color(value)
        more = sum(sign.kind == "color" for sign in self.open) < MOST
        return bool(shade) and more and self._open("color", shade, "", end)

    # ---- wholes -------------------------------------------------------------------------------------

    def _code(self) -> bool:
        if not self.text.startswith("{{", self.index):
            return False
        wrapped = self.text.startswith("{{{}", self.index)
        start = self.index + (4 if wrapped else 2)
        sign = "{}}}" if wrapped else "}}"
        end = self._closer(sign, start)
        if end <= start:
            return False
        return self._add(Text(unescaped(self.text[start:end]), (Mark("code"),)), end + len(sign))

    def _macro(self) -> bool:
        found = MACRO.match(self.text, self.index)
        if not found:
            return False
        name, value = found[1].lower(), found[2]
        if name == "color":
            return self._color(value, found.end())
        if name == "anchor" and value:
            return self._add(Anchor(value), found.end())
        return self._add(InlineIsland("wiki", found[0], found[0]), found.end())

    def _picture(self) -> bool:
        start = self.index + 1
        before = self.text[self.index - 1 : self.index]
        end = self._closer("!", start)
        if end <= start or is_word(before or " "):
            return False
        image = picture(inner := self.text[start:end])
        if image is not None and not is_held(inner):
            self.lost.add("!")
        return image is not None and self._add(image, end + 1)

    def _link(self) -> bool:
        start = self.index + 1
        end = self._closer("]", start)
        if not self.linking or end <= start or self._seek("[", start) < end:
            return False
        inner = self.text[start:end]
        if inner[0] == "~" and len(inner) > 1:
            return self._add(Mention(inner[1:], "@" + inner[1:]), end + 1)
        alias, bar, rest = link_parts(inner)
        target, _, tip = rest.partition("|")
        if name := file_name(target if bar else inner):
            return self._add(Image(name, "attached", _bare(alias if bar else "") or name), end + 1)
        address = safe_address(target.strip() if bar else inner)
        bar = bar if alias.strip() else ""
        shown = alias if bar else target.strip() or inner
        if not address or not TARGET.match(address):
            return False
        if tip == "smart-link" and (not shown or safe_address(unescaped(shown)) == address):
            return self._add(Card(address), end + 1)
        self._flush()
        mark = Mark("link", address, unescaped(tip) if tip != "smart-link" else "")
        inlines = read_line(shown, linking=False) if bar else (Text(shown),)
        for inline in inlines:
            self.pieces.append(_linked(inline, mark))
        self.index = end + 1
        return True


def _bare(alias: str) -> str:
    """The words of a link to a file, which have no form."""
    return "".join(item.text for item in read_line(alias, linking=False) if isinstance(item, Text)).strip()


def _linked(inline: Inline, mark: Mark) -> Inline:
    if isinstance(inline, Text):
        return Text(inline.text, (*inline.marks, mark))
    return replace(inline, href=mark.value) if isinstance(inline, Image) else inline


def _marked(pieces: list[_Piece], spans: list[tuple[int, int, Mark]]) -> Inlines:
    """Lay the marks over the pieces in one sweep."""
    if not spans:
        return tuple(
            [Text(piece.literal) if isinstance(piece, _Sign) else piece for piece in pieces if piece is not None]
        )
    starts: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for start, end, mark in spans:
        starts.setdefault(start, []).append(mark)
        ends.setdefault(end, []).append(mark)
    active: list[Mark] = []
    out: list[Inline] = []
    for index, piece in enumerate(pieces):
        if index in ends:
            for mark in ends[index]:
                active.remove(mark)
        if index in starts:
            active += starts[index]
        if isinstance(piece, _Sign):
            out.append(Text(piece.literal, tuple(active)))
        elif isinstance(piece, Text):
            out.append(Text(piece.text, (*piece.marks, *active)) if active else piece)
        elif piece is not None:
            out.append(piece)
    return tuple(out)
