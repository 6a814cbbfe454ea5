"""Reads Jira wiki markup into the document tree. It knows no other format.

Two passes, each linear: macros that hold blocks ({code}, {quote}, {panel}, ...) are taken out first and a place-holder
left, because their content may hold anything; then lines are grouped into headings, lists, tables and paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from .addresses import color
from .document import (
    Block,
    Blocks,
    Cell,
    CodeBlock,
    Document,
    Heading,
    Item,
    List,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Table,
)  # fmt: skip
from .limits import MAX_DEPTH, check_size, too_deep
from .loss import Loss, titled
from .normal import normalise
from .normal_line import storable
from .wiki_colors import MOST, Colors, closers, closes_color
from .wiki_inline import read_colored
from .wiki_words import PANEL_KINDS, unescaped

Lost = set[str]
"""The macros of a text that are not held whole, as they are written, without their parameters."""
Piece = str | Block

_RAW = ("code", "noformat")
_NAMES = "code|noformat|quote|panel|info|note|tip|warning"
# What no backslash stands before; the brace comes first, so that the search goes from brace to brace.
_BLOCK_MACRO = re.compile(r"\{(?<!\\\{)(" + _NAMES + r")(?::([^{}\n]*))?\}", re.IGNORECASE)
_HELD = re.compile(r"\x00(\d+)\x00")
# A line that begins a block: a heading, a quote, a rule, an item. _Lines goes by the number of the last group.
_BEGINS = re.compile(r"[ \t]*(?:h([1-6])\.[ \t]+(.*)|bq\.[ \t]+(.*)|(-{4,5})[ \t]*|([*#]{1,60}-?|-)[ \t]+(.*))")
_HEADING, _QUOTE, _ITEM = 2, 3, 6
_ROW = re.compile(r"[ \t]*\|")


def read_wiki(source: str) -> Document:
    """The document that the wiki markup `source` shows. Raises TextTooLarge and TextTooDeep (limits.py)."""
    return read_wiki_with_losses(source)[0]


def read_wiki_with_losses(source: str) -> tuple[Document, tuple[Loss, ...]]:
    """The same, and what the tree does not hold of it: how Jira shows a macro, a picture or a colour."""
    check_size(source)
    lost: Lost = set()
    document = normalise(Document(_read(storable(source), 0, lost)))
    return document, tuple(Loss(where, "look") for where in sorted(lost))


def _read(source: str, depth: int, lost: Lost) -> Blocks:
    if depth > MAX_DEPTH // 4:
        raise too_deep()
    text, held = _take_out(source, depth, lost)
    return _Lines(held, depth, lost).read(text)


# ---- macros -----------------------------------------------------------------------------------------


def _take_out(source: str, depth: int, lost: Lost) -> tuple[str, list[Blocks]]:
    """Replace each block macro by a place-holder. A macro that is never closed is text."""
    found = _outside_code(list(_BLOCK_MACRO.finditer(source)))
    closing = _closers(found)
    held: list[Blocks] = []
    out: list[str] = []
    done = 0
    number = 0
    while number < len(found):
        start, end = found[number], closing[number]
        if end is None:
            number += 1
            continue
        inner = source[start.end() : found[end].start()]
        out += [source[done : start.start()], f"\x00{len(held)}\x00"]
        held.append(_macro(start[1].lower(), start[2] or "", inner, depth, lost))
        done = found[end].end()
        number = end + 1
    return "".join([*out, source[done:]]), held


def _outside_code(found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The macros without those that stand inside code."""
    closing = _closers(found)
    kept: list[re.Match[str]] = []
    number = 0
    while number < len(found):
        kept.append(found[number])
        end = closing[number]
        if found[number][1].lower() in _RAW and end is not None:
            kept.append(found[end])
            number = end
        number += 1
    return kept


def _closers(found: list[re.Match[str]]) -> list[int | None]:
    """For each macro the number of the bare one of the same name that closes it: the next one."""
    closing: list[int | None] = [None] * len(found)
    next_bare: dict[str, int] = {}
    for number in range(len(found) - 1, -1, -1):
        name = found[number][1].lower()
        closing[number] = next_bare.get(name)
        if found[number][2] is None:
            next_bare[name] = number
    return closing


def _macro(name: str, parameters: str, inner: str, depth: int, lost: Lost) -> Blocks:
    given = dict(pair.split("=", 1) for pair in parameters.split("|") if "=" in pair)
    if not all(_is_held(name, one) for one in parameters.split("|")):
        lost.add(f"{{{name}}}")
    title = unescaped(given.get("title", ""))
    if name in _RAW:  # no other format has a title on code
        return titled(title, (CodeBlock(_unframed(inner), _language(parameters) if name == "code" else ""),))
    if name == "quote":
        return (Quote(_read(inner, depth + 1, lost)),)
    shade = color(given.get("bgColor", ""))
    kind = PANEL_KINDS.get(shade, "custom" if shade else "info") if name == "panel" else name
    return (Panel(kind, _read(inner, depth + 1, lost), title, "" if shade in PANEL_KINDS else shade),)


_USUAL = frozenset({"borderstyle=solid", "collapse=false", "linenumbers=false", "icon=true", "nopanel=false"})
"""Parameters that say nothing: how Jira shows it anyway."""


def _is_held(name: str, parameter: str) -> bool:
    """Whether the tree holds this parameter of a macro that it knows. A title of code becomes a line above it."""
    key, equals, value = parameter.partition("=")
    if not parameter.strip() or parameter.replace(" ", "").lower() in _USUAL:
        return True
    if name == "code":
        return not equals or key.strip().lower() in ("language", "lang")
    if name in ("noformat", "quote"):
        return False
    return key == "title" or (key == "bgColor" and (bool(color(value)) or not value.strip()))


def _unframed(code: str) -> str:
    """Code without the line ends that belong to the macro's own lines."""
    return code.removeprefix("\n").removesuffix("\n")


def _language(parameters: str) -> str:
    for part in parameters.split("|"):
        key, equals, value = part.partition("=")
        if not equals:
            return key.strip()
        if key.strip().lower() in ("language", "lang"):
            return value.strip()
    return ""


# ---- lines ------------------------------------------------------------------------------------------


class _Lines:
    """Groups lines into blocks; one group is open at a time."""

    def __init__(self, held: list[Blocks], depth: int, lost: Lost, colors: Colors | None = None) -> None:
        self.held = held
        self.depth = depth
        self.lost = lost
        self.colors = colors or Colors()
        self.closed_later: list[int] = []
        self.at = 0
        self.blocks: list[Block] = []
        self.paragraph: list[str] = []
        self.items: list[tuple[str, list[Piece]]] = []
        self.rows: list[str] = []

    def read(self, text: str) -> Blocks:
        lines = text.split("\n")
        self.closed_later = closers(lines) if closes_color(text) else []
        for self.at, line in enumerate(lines):
            if not line.strip(" \t"):
                self._flush()
            elif self.rows and self._goes_on(line):
                self.rows[-1] += "\n" + line
            elif (found := _BEGINS.fullmatch(line)) is None:
                self._running(line)
            elif found.lastindex == _ITEM:
                if not self.items:
                    self._flush()
                self.items.append((found[5], self._split(found[6])))
            else:
                self._begin(found)
        self.at = len(lines)
        self._flush()
        return tuple(self.blocks)

    def _begin(self, found: re.Match[str]) -> None:
        """A line that is a block of its own."""
        self._flush()
        which = found.lastindex
        if which == _HEADING:
            self.blocks += self._read(self._split(found[2]), self.at + 1, int(found[1]))
        elif which == _QUOTE:
            self.blocks.append(Quote(tuple(self._read(self._split(found[3]), self.at + 1))))
        else:
            self.blocks.append(Rule())

    def _goes_on(self, line: str) -> bool:
        """A row goes on over lines until one ends with a bar."""
        return not self.rows[-1].rstrip(" \t").endswith("|") and not _ROW.match(line)

    def _running(self, line: str) -> None:
        """A line that begins nothing: part of the open item, a row, or a paragraph."""
        if self.items:
            parts = self.items[-1][1]
            fresh = self._split(line)
            if parts and fresh and isinstance(last := parts[-1], str) and isinstance(first := fresh[0], str):
                parts[-1] = f"{last}\n{first}"
                del fresh[0]
            parts.extend(fresh)
        elif _ROW.match(line):
            if not self.rows:
                self._flush()
            self.rows.append(line)
        else:
            if not self.paragraph:
                self._flush()
            self.paragraph.append(line)

    def _flush(self) -> None:
        """Make blocks of the group that is open."""
        if self.paragraph:
            self.blocks += self._read(self._split("\n".join(self.paragraph)), self.at)
            self.paragraph = []
        elif self.items:
            read = iter(self._read([part for _, parts in self.items for part in parts], self.at))
            self.blocks += _lists([(signs, [*islice(read, len(parts))]) for signs, parts in self.items])
            self.items = []
        elif self.rows:
            self.blocks.append(Table(tuple([self._row(row) for row in self.rows])))
            self.rows = []

    def _split(self, text: str) -> list[Piece]:
        """`text` parted around the macros that were taken out."""
        if "\x00" not in text:
            return [text] if text.strip(" \t\n") else []
        pieces: list[Piece] = []
        for number, part in enumerate(_HELD.split(text)):
            if number % 2:
                pieces += self.held[int(part)]
            elif part.strip(" \t\n"):
                pieces.append(part)
        return pieces

    def _read(self, pieces: list[Piece], end: int, level: int = 0) -> list[Block]:
        """A block for each of the pieces, which are text or blocks. `end` is the number of the line behind them."""
        later: list[int] = []
        if self.closed_later:
            later = closers([piece if isinstance(piece, str) else "" for piece in pieces])
        blocks: list[Block] = []
        for number, piece in enumerate(pieces, 1):
            if isinstance(piece, str):
                inlines, left_open, lost = read_colored(piece, self.colors.open)
                blocks.append(Heading(level, inlines) if level else Paragraph(inlines))
                if left_open or self.colors.open:
                    self.colors.after(left_open, later[number] + self.closed_later[end] if later else 0)
                if lost:
                    self.lost |= lost
            else:
                if self.colors.open and not isinstance(piece, CodeBlock):
                    self.lost.add("{color}")
                blocks.append(piece)
        return blocks

    # ---- tables -------------------------------------------------------------------------------------

    def _row(self, row: str) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        for header, content in split_cells(row):
            within = _Lines(self.held, self.depth + 1, self.lost, Colors(self.colors.open))
            cells.append(Cell(within.read(content), header))
            self.colors.after(within.colors.open[: within.colors.inherited], MOST)
        return tuple(cells)


def split_cells(row: str) -> Iterator[tuple[bool, str]]:
    """The cells of a row: whether each is a header, and its content. A bar inside a link, a picture or a macro
    parts nothing."""
    text = row.strip(" \t")
    header = text.startswith("||")
    start = index = 2 if header else 1
    for found in _IN_ROW.finditer(text, start):
        if found[0] not in ("|", "||"):
            continue
        yield header, text[start : found.start()]
        header = found[0] == "||"
        start = index = found.end()
    if text[index:].strip():
        yield header, text[index:]


_IN_ROW = re.compile(
    r"\\."
    r"|\[(?:\\.|[^\[\]\\\n]){0,2000}\]"
    r"|![^!|\s][^!\n]{0,1000}!"
    r"|\{\{(?:\{\})?(?:\\.|[^\n{}\\]){0,1000}(?:\{\})?\}\}"
    r"|\{[A-Za-z][\w\-]{0,60}:[^{}\n]{0,1000}\}"
    r"|\|\|?",
    re.DOTALL,
)

# ---- lists ------------------------------------------------------------------------------------------


def _lists(items: list[tuple[str, list[Block]]]) -> list[Block]:
    """Lists from (signs, content) lines: each item goes below the last item whose signs begin its own."""
    roots: list[Block] = []
    open_lists: list[list[list[Block]]] = []
    signs = ""
    for given, content in (*items, ("", [])):
        wanted = given.replace("-", "*")
        while signs != wanted and not wanted.startswith(signs):
            whole = List(tuple([Item(tuple(parts)) for parts in open_lists.pop()]), signs[-1] == "#")
            (open_lists[-1][-1] if open_lists else roots).append(whole)
            signs = signs[:-1]
        while signs != wanted:
            if open_lists and not open_lists[-1]:
                open_lists[-1].append([])  # an item that holds nothing but the list in it
            open_lists.append([])
            signs = wanted[: len(open_lists)]
        if signs:
            open_lists[-1].append(content)
    return roots
