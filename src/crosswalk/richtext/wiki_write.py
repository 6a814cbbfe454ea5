"""Writes the document tree as Jira wiki markup. It writes what fidelity.py has fitted to wiki markup.

Plain text never turns into markup (wiki_escape.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
from .runs import run, unopened
from .wiki_escape import Where, escaped, is_plain
from .wiki_words import PANEL_COLORS, SIGN_OF, SYMBOLS

PLAIN, ONE_LINE, IN_CELL = Where(), Where(one_line=True), Where(barred=True)
IN_LINK = Where(barred=True, one_line=True, literal=True)


def write_wiki(document: Document) -> str:
    """`document` as wiki markup."""
    return "\n\n".join(map(_block, document.blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(inlines=inlines):
            return write_line(inlines) if inlines else "\u00a0"
        case Heading(level=level, inlines=inlines):
            return f"h{level}. {write_line(inlines, ONE_LINE)}"
        case List():
            return "\n".join(_list(block, "", PLAIN))
        case TaskList(tasks=tasks):
            return "\n".join(_list(task_list_as_list(tasks), "", PLAIN))
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
            if type(part) is Paragraph:
                shown = write_line(part.inlines, where) if part.inlines else "\u00a0"
            elif isinstance(part, List | TaskList):
                if first:
                    lines.append(f"{own} \u00a0")
                lines += _list(_plain_list(part), own, where)
                first = False
                continue
            else:
                shown = _block(part)
            lines.append(f"{own} {shown}" if first else shown)
            first = False
    return lines


def _plain_list(block: List | TaskList) -> List:
    return task_list_as_list(block.tasks) if isinstance(block, TaskList) else block


def _row(row: Sequence[Cell]) -> str:
    out: list[str] = []
    for cell in row:
        out += ["||" if cell.header else "|", _cell(cell)]
    return "".join(out) + ("||" if row[-1].header else "|")


def _cell(cell: Cell) -> str:
    parts: list[str] = []
    where = IN_CELL
    for part in cell.blocks:
        if isinstance(part, Paragraph):
            parts.append(write_line(part.inlines, where))
        elif isinstance(part, List | TaskList):
            parts += _list(_plain_list(part), "", where)
        else:
            parts.append(_block(part))
    return "\n".join(parts) or " "


# ---- lines ------------------------------------------------------------------------------------------


def write_line(inlines: Inlines, where: Where | None = None) -> str:
    """A line of markup; hard breaks are newlines where a newline does not end the line."""
    where = where or PLAIN
    if len(inlines) == 1 and type(only := inlines[0]) is Text and not only.marks:
        return escaped(only.text, "", "", where)
    line = _Line(where)
    line.write(inlines, (), "")
    return "".join(line.out)


class _Line:
    """Writes the pieces of a line, knowing what stands on both sides of each."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.out: list[str] = []
        self.last = ""

    def _put(self, piece: str) -> None:
        if piece:
            self.out.append(piece)
            self.last = piece[-1]

    def write(self, inlines: Inlines, opened: tuple[Mark, ...], after: str) -> None:
        """Write inlines whose marks in `opened` are open; `after` is the character that follows them."""
        start, size = 0, len(inlines)
        while start < size:
            inline, end = inlines[start], start + 1
            if type(inline) is Text and not inline.marks and is_plain(inline.text, self.last):
                self._put(inline.text)
            elif wanted := unopened(inline, opened):
                mark, end = run(inlines, start, wanted)
                following = _first_char(inlines[end], opened) if end < size else after
                self._marked(mark, inlines[start:end], (*opened, mark), following)
            elif type(inline) is not Text:
                self._inline(inline, _is_break(inlines, start - 1) or _is_break(inlines, end))
            else:
                following = _first_char(inlines[end], opened) if end < size else after
                self._put(escaped(inline.text, self.last, following, self.where))
            start = end

    def _marked(self, mark: Mark, inlines: Inlines, opened: tuple[Mark, ...], after: str) -> None:
        bare = self.last in _BEFORE and after in _AFTER
        if sign := SYMBOLS.get(mark.kind):
            shown = sign if bare else f"{{{sign}}}"
            before, behind = ("(", ")") if bare else ("}", "{")
            if (words := _words(inlines, opened)) is not None:
                self._put(f"{shown}{escaped(words, before, behind, self.where)}{shown}")
                return
            self._put(shown)
            self.last = before
            self.write(inlines, opened, behind)
            self._put(shown)
        elif mark.kind == "link":
            self._link(mark, inlines, opened)
        elif mark.kind == "code":
            self._put("{{" if bare else "{{{}")
            for inline in inlines:
                if isinstance(inline, Text):
                    self._put(escaped(inline.text, "{", "}", replace(self.where, literal=True)))
            self._put("}}" if bare else "{}}}")
        else:
            self._put(f"{{color:{mark.value}}}")
            self.write(inlines, opened, "{")
            self._put("{color}")

    def _link(self, mark: Mark, inlines: Inlines, opened: tuple[Mark, ...]) -> None:
        tail = f"|{mark.value}" + (f"|{mark.title}" if mark.title else "") + "]"
        if (words := _words(inlines, opened)) is not None:
            bare = words == mark.value and not mark.title
            self._put(f"[{mark.value}]" if bare else f"[{escaped(words, '[', '|', IN_LINK)}{tail}")
            return
        self._put("[")
        outer, self.where = self.where, IN_LINK
        self.write(inlines, opened, "|")
        self.where = outer
        self._put(tail)

    def _inline(self, inline: Inline, beside_break: bool) -> None:
        match inline:
            case Break():
                if self.where.one_line or beside_break:
                    self._put("\\\\ ")
                else:
                    self._put("\n")
            case Image(kind="attached", ref=ref, alt=alt):
                self._put("[" if alt == ref else f"[{escaped(alt, '[', '|', IN_LINK)}|")
                self._put(f"^{ref}]")
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


def _words(inlines: Inlines, opened: tuple[Mark, ...]) -> str | None:
    """The words of what is a single text whose marks are open already; None for anything else."""
    if len(inlines) == 1 and type(only := inlines[0]) is Text and _all_open(only.marks, opened):
        return only.text
    return None


def _all_open(marks: tuple[Mark, ...], opened: tuple[Mark, ...]) -> bool:
    return not marks or marks == opened or all(mark in opened for mark in marks)


def _first_char(inline: Inline, opened: tuple[Mark, ...]) -> str:
    """The character that will follow; a brace stands for any markup."""
    if type(inline) is Text:
        return inline.text[0] if not inline.marks or _all_open(inline.marks, opened) else "{"
    return "\n" if type(inline) is Break else "{"


# Beside these a mark's sign may stand bare: it is then neither inside a word nor beside other markup.
_BEFORE = frozenset({"", " ", "\n", "\u00a0", "("})
_AFTER = frozenset({"", " ", "\n", "\u00a0", ")", ".", ",", ";"})


def _picture(image: Image) -> str:
    bare = _picture_bare(image)
    return f"[{bare}|{image.href}]" if image.href else bare


def _picture_bare(image: Image) -> str:
    given = [f"{name}={value}" for name, value in (("width", image.width), ("height", image.height)) if value]
    given += [image.look] if image.look else []
    if image.alt:
        given.append(f"alt={image.alt}")
    return f"!{image.ref}" + ("|" + ",".join(given) if given else "") + "!"
