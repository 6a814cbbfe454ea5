"""Writes the document tree as Jira wiki markup. It writes what fidelity.py has fitted to wiki markup.

Plain text never turns into markup: a character that could begin or end something is escaped, and only then, so that
people who edit the text in Jira read ordinary words. What a backslash can not make plain is written as an entity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .document import (
    Anchor,
    Block,
    Blocks,
    Break,
    Card,
    Cell,
    CodeBlock,
    Document,
    Emoji,
    Figure,
    Heading,
    Image,
    Inline,
    InlineIsland,
    Inlines,
    List,
    Mark,
    Mention,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Table,
    TaskList,
    Text,
)  # fmt: skip
from .loss import task_list_as_list
from .runs import runs
from .wiki_words import EMOTICON, ENTITY, PANEL_COLORS, SIGN_OF, SYMBOLS, is_word


def write_wiki(document: Document) -> str:
    """`document` as wiki markup."""
    return "\n\n".join(map(_block, document.blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(inlines=inlines):
            return write_line(inlines) if inlines else "\u00a0"
        case Heading(level=level, inlines=inlines):
            return f"h{level}. {write_line(inlines, Where(one_line=True))}"
        case List():
            return "\n".join(_list(block, "", Where()))
        case TaskList(tasks=tasks):
            return "\n".join(_list(task_list_as_list(tasks), "", Where()))
        case CodeBlock():
            return _code(block)
        case Quote(blocks=blocks):
            return f"{{quote}}\n{_inside(blocks)}\n{{quote}}"
        case Panel():
            return _panel(block)
        case Rule():
            return "----"
        case Table(rows=rows):
            return "\n".join(map(_row, rows))
        case Figure(image=image):
            return _picture(image)
        case _:
            raise AssertionError(f"wiki markup can not hold {type(block).__name__}; fidelity.py must replace it")


def _inside(blocks: Blocks) -> str:
    return "\n\n".join(map(_block, blocks))


def _code(block: CodeBlock) -> str:
    if block.language:
        return f"{{code:{block.language}}}\n{block.text}\n{{code}}"
    name = "code" if "{noformat" in block.text.lower() else "noformat"
    return f"{{{name}}}\n{block.text}\n{{{name}}}"


def _panel(block: Panel) -> str:
    shade = block.color or PANEL_COLORS.get(block.kind, "")
    given = [f"title={block.title}"] if block.title else []
    given += [f"bgColor={shade}"] if shade else []
    parameters = ":" + "|".join(given) if given else ""
    return f"{{panel{parameters}}}\n{_inside(block.blocks)}\n{{panel}}"


def _list(block: List, signs: str, where: Where) -> list[str]:
    """The lines of a list; its items carry the signs of all lists around it."""
    own = signs + ("#" if block.ordered else "*")
    lines: list[str] = []
    for item in block.items:
        first = True
        for part in item.blocks or (Paragraph(),):
            inner = _plain_list(part)
            if isinstance(inner, List):
                if first:
                    lines.append(f"{own} \u00a0")
                lines += _list(inner, own, where)
            else:
                shown = _item_part(inner, where)
                lines.append(f"{own} {shown}" if first else shown)
            first = False
    return lines


def _plain_list(block: Block) -> Block:
    return task_list_as_list(block.tasks) if isinstance(block, TaskList) else block


def _item_part(block: Block, where: Where) -> str:
    if isinstance(block, Paragraph):
        return write_line(block.inlines, where) if block.inlines else "\u00a0"
    return _block(block)


def _row(row: Sequence[Cell]) -> str:
    out: list[str] = []
    for cell in row:
        out += ["||" if cell.header else "|", _cell(cell)]
    return "".join(out) + ("||" if row[-1].header else "|")


def _cell(cell: Cell) -> str:
    parts: list[str] = []
    where = Where(barred=True)
    for part in cell.blocks:
        block = _plain_list(part)
        if isinstance(block, List):
            parts += _list(block, "", where)
        elif isinstance(block, Paragraph):
            parts.append(write_line(block.inlines, where))
        else:
            parts.append(_block(block))
    return "\n".join(parts) or " "


# ---- lines ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Where:
    """Where a line stands: `barred` in a cell or link (a bar parts), `one_line` where a newline would end it,
    `literal` where addresses stay text."""

    barred: bool = False
    one_line: bool = False
    literal: bool = False


def write_line(inlines: Inlines, where: Where | None = None) -> str:
    """A line of markup; hard breaks are newlines where a newline does not end the line."""
    return "".join(_Line(where or Where()).run(inlines))


class _Line:
    """Writes the pieces of a line, knowing what stands on both sides of each."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.out: list[str] = []
        self.last = ""

    def run(self, inlines: Inlines) -> list[str]:
        self._nested(inlines, frozenset(), "")
        return self.out

    def _put(self, piece: str) -> None:
        if piece:
            self.out.append(piece)
            self.last = piece[-1]

    def _nested(self, inlines: Sequence[Inline], opened: frozenset[Mark], after: str) -> None:
        """Write inlines whose marks in `opened` are open; `after` is the character that follows them."""
        end = 0
        for mark, run in runs(inlines, opened):
            start, end = end, end + len(run)
            following = _first_char(inlines[end], opened) if end < len(inlines) else after
            if mark is None:
                self._inline(run[0], following, _is_break(inlines, start - 1) or _is_break(inlines, end))
            else:
                self._marked(mark, run, opened | {mark}, following)

    def _marked(self, mark: Mark, inlines: Sequence[Inline], opened: frozenset[Mark], after: str) -> None:
        match mark.kind:
            case "link":
                self._link(mark, inlines, opened)
            case "color":
                self._put(f"{{color:{mark.value}}}")
                self._nested(inlines, opened, "{")
                self._put("{color}")
            case "code":
                bare = self.last in _BEFORE and after in _AFTER
                self._put("{{" if bare else "{{{}")
                for inline in inlines:
                    if isinstance(inline, Text):
                        self._put(escaped(inline.text, "{", "}", replace(self.where, literal=True)))
                self._put("}}" if bare else "{}}}")
            case kind:
                sign = SYMBOLS[kind]
                bare = self.last in _BEFORE and after in _AFTER
                shown = sign if bare else f"{{{sign}}}"
                self._put(shown)
                self.last = "(" if bare else "}"
                self._nested(inlines, opened, ")" if bare else "{")
                self._put(shown)

    def _link(self, mark: Mark, inlines: Sequence[Inline], opened: frozenset[Mark]) -> None:
        tail = f"|{mark.value}" + (f"|{mark.title}" if mark.title else "") + "]"
        only = inlines[0]
        if (
            isinstance(only, Text)
            and only.text == mark.value
            and len(inlines) == 1
            and not mark.title
            and opened.issuperset(only.marks)
        ):
            self._put(f"[{mark.value}]")
            return
        self._put("[")
        outer, self.where = self.where, Where(barred=True, one_line=True, literal=True)
        self._nested(inlines, opened, "|")
        self.where = outer
        self._put(tail)

    def _inline(self, inline: Inline, after: str, beside_break: bool) -> None:
        match inline:
            case Text(text=text):
                self._put(escaped(text, self.last, after, self.where))
            case Break():
                if self.where.one_line or beside_break:
                    self._put("\\\\ ")
                else:
                    self._put("\n")
            case Image():
                self._put(_picture_bare(inline))
            case Emoji():
                self._put(SIGN_OF[inline])
            case Mention(ident=ident):
                self._put(f"[~{ident}]")
            case Card(url=url):
                self._put(f"[{url}|{url}|smart-link]")
            case Anchor(name=name):
                self._put(f"{{anchor:{name}}}")
            case InlineIsland(source=source):
                self._put(source)
            case _:
                raise AssertionError(f"wiki markup can not hold {type(inline).__name__}; fidelity.py must replace it")


def _is_break(inlines: Sequence[Inline], index: int) -> bool:
    return 0 <= index < len(inlines) and isinstance(inlines[index], Break)


def _first_char(inline: Inline, opened: frozenset[Mark]) -> str:
    """The character that will follow; a brace stands for any markup."""
    if isinstance(inline, Break):
        return "\n"
    if isinstance(inline, Text) and opened.issuperset(inline.marks):
        return inline.text[0]
    return "{"


# Beside these a mark's sign may stand bare: it is then neither inside a word nor beside other markup.
_BEFORE = frozenset({"", " ", "\n", "\u00a0", "("})
_AFTER = frozenset({"", " ", "\n", "\u00a0", ")", ".", ",", ";"})


def _picture(image: Image) -> str:
    bare = _picture_bare(image)
    return f"[{bare}|{image.href}]" if image.href else bare


def _picture_bare(image: Image) -> str:
    given = [f"{name}={value}" for name, value in (("width", image.width), ("height", image.height)) if value]
    if image.alt:
        given.append(f"alt={image.alt}")
    return f"!{image.ref}" + ("|" + ",".join(given) if given else "") + "!"


# ---- escaping ---------------------------------------------------------------------------------------

_SPECIAL = re.compile(r"[\\{}\[\]|*_+\-^~!?#(:;&.)]")
# What is an address has become a link (fit_wiki.py); what only looks like one must not.
_SCHEME = re.compile(r"(?:https?|ftps?|irc|mailto)$", re.IGNORECASE)
_LINE_START = re.compile(r"(?:h[1-6]|bq)$")


def escaped(text: str, before: str, after: str, where: Where) -> str:
    """`text` so that it is read as itself between the characters `before` and `after` ("" at the edges of the line).

    `before` is "" or a newline where a line begins.
    """
    out: list[str] = []
    done = 0
    for found in _SPECIAL.finditer(text):
        index = found.start()
        previous = text[index - 1] if index else before
        following = text[index + 1] if index + 1 < len(text) else after
        out.append(text[done:index])
        out.append(_ESCAPES[found[0]](_Spot(text, index, previous, following, before in ("", "\n"), where)))
        done = index + 1
    out.append(text[done:])
    return "".join(out)


@dataclass(frozen=True, slots=True)
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
    if not spot.where.literal and _SCHEME.search(spot.text, max(0, spot.index - 7), spot.index):
        return "&#58;"
    if found := EMOTICON.match(spot.text, spot.index):
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
