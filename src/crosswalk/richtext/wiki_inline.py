"""Reads one line (or lines) of Jira wiki markup: marks, links, pictures, emoticons. It knows nothing of blocks.

A scanner that goes once over the text: every search for a closing sign is remembered, so that the time stays linear.
Marks are matched by a stack, as parentheses are; a sign that finds no partner is text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from .addresses import color, safe_address
from .document import Anchor, Break, Card, Image, Inline, InlineIsland, Inlines, Mark, Mention, Text
from .wiki_colors import MOST
from .wiki_targets import file_name, is_held, link_parts, picture
from .wiki_words import (
    EMOTICON,
    EMOTICONS,
    ENTITY,
    ESCAPABLE,
    MACRO,
    PHRASES,
    TARGET,
    bare_addresses,
    is_word,
    unescaped,
)

_BRACED = {f"{{{sign}}}": kind for sign, kind in PHRASES.items() if len(sign) == 1}
_SPECIAL = re.compile(r"[\\{\[!*_+\-^~?&:;(\n]")


@dataclass(slots=True)
class _Sign:
    """A mark's sign that has not found its partner: `literal` is what it is if it never does."""

    kind: str
    value: str
    literal: str
    at: int


_MARKS = {kind: Mark(kind) for kind in PHRASES.values()}


def read_line(text: str, linking: bool = True) -> Inlines:
    """The inlines of `text`; a newline is a hard break. Inside a link (`linking` false) there is no link."""
    if _SPECIAL.search(text) is None:
        return (Text(text),) if text else ()
    return _Scanner(text, linking).run()


def read_colored(text: str, shades: tuple[str, ...]) -> tuple[Inlines, tuple[str, ...], Set[str]]:
    """The inlines of a line where colours are open already; which are open behind it; and which macros of it are not
    held whole: one that closes a colour where none is open, a picture with a look that is not understood."""
    if not shades and _SPECIAL.search(text) is None:
        return (Text(text),), (), _NOTHING
    scanner = _Scanner(text, linking=True)
    for shade in shades:
        scanner._open("color", shade, "", 0)
    inlines = scanner.run()
    left_open = tuple([sign.value for sign in scanner.open if sign.kind == "color"]) if scanner.open else ()
    return inlines, left_open, scanner.lost


_NOTHING: frozenset[str] = frozenset()


class _Scanner:
    """What stands before `done` is in `pieces` and, as plain text, in `buffer`; from there to `index` it is plain."""

    __slots__ = ("buffer", "done", "index", "linking", "lost", "next_closer", "open", "pieces", "text")

    def __init__(self, text: str, linking: bool) -> None:
        self.text = text
        self.linking = linking
        self.lost: set[str] = set()
        self.index = self.done = 0
        self.pieces: list[Inline | None] = []
        self.buffer: list[str] = []
        self.open: list[_Sign] = []
        self.next_closer: dict[str, int] = {}

    def run(self) -> Inlines:
        text = self.text
        addresses = bare_addresses(text) if self.linking else iter(())
        address, stop = None, -1
        while True:
            while stop < self.index:
                address = next(addresses, None)
                stop = address.start() if address else len(text)
            if special := _SPECIAL.search(text, self.index, stop):
                self.index = at = special.start()
                if not _READERS[special[0]](self):
                    self.index = at + 1  # the character itself
                continue
            self.index = stop
            if address is None:
                break
            self._address(address)
        self._flush()
        self._close_at_end()
        return tuple([piece for piece in self.pieces if piece is not None])

    # ---- pieces -------------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Make a piece of the plain text before `index`."""
        plain = self.text[self.done : self.index]
        if self.buffer:
            plain = "".join([*self.buffer, plain])
            self.buffer.clear()
        if plain:
            self.pieces.append(Text(plain))

    def _add(self, piece: Inline, end: int) -> bool:
        self._flush()
        self.pieces.append(piece)
        self.index = self.done = end
        return True

    def _plain(self, shown: str, end: int) -> bool:
        """Plain text that is written otherwise."""
        self.buffer += [self.text[self.done : self.index], shown]
        self.index = self.done = end
        return True

    def _closer(self, sign: str, start: int) -> int:
        """Where `sign` next stands at or after `start` on the same line, -1 if nowhere. Remembered, hence linear."""
        found = self._seek(sign, start)
        return -1 if found >= len(self.text) or self._seek("\n", start) < found else found

    def _seek(self, sign: str, start: int) -> int:
        """Where `sign` next stands without a backslash before it, behind the text if nowhere."""
        known = self.next_closer.get(sign, -1)
        if known < start:
            known = self.text.find(sign, start)
            while known > 0 and self.text[known - 1] == "\\" and sign != "\n":
                known = self.text.find(sign, known + 1)
            if known < 0:
                known = len(self.text) + 1
            self.next_closer[sign] = known
        return known

    def _backslash(self) -> bool:
        following = self.text[self.index + 1 : self.index + 2]
        if following == "\\":
            return self._add(Break(), self.index + 2)
        return following in ESCAPABLE and self._plain(following, self.index + 2)

    def _newline(self) -> bool:
        if self.open:
            self.open = [sign for sign in self.open if sign.kind == "color"]
        return self._add(Break(), self.index + 1)

    def _entity(self) -> bool:
        found = ENTITY.match(self.text, self.index)
        return found is not None and self._plain(html.unescape(found[0]), found.end())

    def _emoticon(self) -> bool:
        found = EMOTICON.match(self.text, self.index)
        return found is not None and self._add(EMOTICONS[found[0]], found.end())

    def _address(self, found: re.Match[str]) -> None:
        address = safe_address(found[0])
        self._add(Text(found[0], (Mark("link", address),) if address else ()), found.end())

    def _dashes(self) -> bool:
        """`--` and `---` between spaces are dashes."""
        for sign, dash in (("---", "—"), ("--", "–")):
            end = self.index + len(sign)
            if self.text.startswith(sign, self.index) and not self.text.startswith("-", end):
                around = self.text[self.index - 1 : self.index] + self.text[end : end + 1]
                apart = around.isspace() and (self.index == 0 or not is_word(self.text[self.index - 1]))
                return self._plain(dash if apart else sign, end)
        return self._phrase()

    # ---- marks --------------------------------------------------------------------------------------

    def _phrase(self) -> bool:
        """A mark's sign outside a word opens or closes the mark."""
        at, text = self.index, self.text
        sign = "??" if text.startswith("??", at) else text[at]
        if (kind := PHRASES.get(sign)) is None:
            return False
        end = at + len(sign)
        before, after = text[at - 1 : at], text[end : end + 1]
        if (opened := self._opened(kind)) is not None and opened.literal == sign:
            if before and not before.isspace() and not is_word(after or " "):
                return self._close(opened, end)
        elif (
            opened is None
            and after
            and after != sign[0]
            and not after.isspace()
            and before != "\\"
            and not is_word(before or " ")
        ):
            return self._open(kind, "", sign, end)
        self.index = end
        return True

    def _braced(self) -> bool:
        """`{*}` opens or closes inside a word too; else it may be code or a macro."""
        literal = self.text[self.index : self.index + 3]
        if (kind := _BRACED.get(literal)) is None:
            return self._code() or self._macro()
        opened, end = self._opened(kind), self.index + 3
        if opened is None:
            return self._open(kind, "", literal, end)
        return opened.literal == literal and self._close(opened, end)

    def _opened(self, kind: str) -> _Sign | None:
        """The sign of a mark that is open. At most one of a kind is, colours aside: of those the outermost."""
        for sign in self.open:
            if sign.kind == kind:
                return sign
        return None

    def _open(self, kind: str, value: str, literal: str, end: int) -> bool:
        self._flush()
        self.open.append(_Sign(kind, value, literal, len(self.pieces)))
        self.pieces.append(Text(literal) if literal else None)
        self.index = self.done = end
        return True

    def _close(self, opened: _Sign, end: int) -> bool:
        """Close the innermost mark that was begun as `opened` was; signs opened after it stay text."""
        self._flush()
        self.index = self.done = end
        while True:
            sign = self.open.pop()
            if sign.kind == opened.kind and sign.literal == opened.literal:
                self._span(sign)
                return True

    def _span(self, sign: _Sign) -> None:
        """The mark of `sign` is on what came since. Of two colours the inner one is the last, which counts."""
        mark = Mark(sign.kind, sign.value) if sign.value else _MARKS[sign.kind]
        pieces = self.pieces
        pieces[sign.at] = None
        for at in range(sign.at + 1, len(pieces)):
            if type(piece := pieces[at]) is Text:
                pieces[at] = Text(piece.text, (mark, *piece.marks))

    def _close_at_end(self) -> None:
        """A colour that is never closed colours the rest."""
        for sign in reversed(self.open):
            if sign.kind == "color":
                self._span(sign)

    def _color(self, value: str | None, end: int) -> bool:
        if value is None:
            if opened := self._opened("color"):
                return self._close(opened, end)
            self.lost.add("{color}")
            return self._plain("", end)
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
        self.pieces += [_linked(inline, mark) for inline in inlines]
        self.index = self.done = end + 1
        return True


def _bare(alias: str) -> str:
    """The words of a link to a file, which have no form."""
    return "".join(item.text for item in read_line(alias, linking=False) if isinstance(item, Text)).strip()


def _linked(inline: Inline, mark: Mark) -> Inline:
    if isinstance(inline, Text):
        return Text(inline.text, (*inline.marks, mark))
    return replace(inline, href=mark.value) if isinstance(inline, Image) else inline


_READERS: dict[str, Callable[[_Scanner], bool]] = {
    "\\": _Scanner._backslash,
    "\n": _Scanner._newline,
    "{": _Scanner._braced,
    "[": _Scanner._link,
    "!": _Scanner._picture,
    "&": _Scanner._entity,
    "-": _Scanner._dashes,
    **dict.fromkeys("*_+^~?", _Scanner._phrase),
    **dict.fromkeys(":;(", _Scanner._emoticon),
}
"""What reads a special character; it says whether it is more than the character itself."""
