"""What Jira wiki markup can not hold. It decides, wiki_write.py writes.

Wiki markup has one line a list item or cell, no merged cells, no nesting of a macro in itself, and signs that must
stand at the edge of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from operator import is_
from typing import ClassVar

from .addresses import safe_address
from .document import (
    Anchor,
    Block,
    Blocks,
    Break,
    Card,
    Cell,
    CodeBlock,
    Date,
    Emoji,
    Figure,
    Heading,
    Image,
    Inline,
    InlineIsland,
    Inlines,
    Item,
    List,
    Mark,
    Mention,
    Panel,
    Paragraph,
    Quote,
    Status,
    Table,
    TaskList,
    Text,
    sort_marks,
)  # fmt: skip
from .flatten import joined, lines_of
from .loss import Fitter, described, no_marks, task_list_as_list, titled
from .normal_line import line, normal_inlines
from .wiki_edges import edges, spaced, target
from .wiki_words import BARE_ADDRESS, PANEL_COLORS, PANEL_KINDS, PICTURE, SIGN_OF, is_foreign_macro

_BODY = frozenset({"Paragraph", "Heading", "List", "TaskList", "CodeBlock", "Rule", "Table", "Figure"})
_PLAIN = re.compile(r"[^{}|\[\]\\&=!,\"]*")
_NAME = re.compile(r"[^{}|\[\]\\&=!,\"\s][^{}|\[\]\\&=!,\"]*")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#.\-_ ]*")
_SIMPLE = frozenset({"strong", "em", "underline", "strike", "sub", "sup", "code"})
_NOT_HELD = frozenset({"background", "opaque"})
_MAX_COLUMNS = 100


class WikiFitter(Fitter):
    holds: ClassVar[Mapping[str, frozenset[str]]] = {
        "root": _BODY | {"Panel", "Quote"},
        "quote": _BODY,
        "panel": _BODY,
        "item": frozenset({"Paragraph", "List", "TaskList", "CodeBlock", "Figure"}),
        "cell": frozenset({"Paragraph", "List", "TaskList", "Figure"}),
    }

    @staticmethod
    def holds_line(inlines: Inlines, /) -> bool:
        """Whether a line is text alone, without an address, of marks that stand for themselves and on words."""
        for inline in inlines:
            if type(inline) is not Text or (":" in inline.text and BARE_ADDRESS.search(inline.text)):
                return False
            if marks := inline.marks:
                if len(marks) > 1 or inline.text != inline.text.strip():
                    return False
                if marks[0].kind not in _SIMPLE and not _stands(marks[0]):
                    return False
        return True

    def takes(self, block: Block) -> bool:
        match block:
            case Figure(image=image):
                return self._image(image) is not None
            case CodeBlock(text=text):
                return not ("{code" in text.lower() and "{noformat" in text.lower())
            case _:
                return True

    def kept(self, block: Block, _place: str, /) -> Blocks:
        if isinstance(block, Paragraph | Heading):
            inlines = self.line(block.inlines, "heading" if isinstance(block, Heading) else "paragraph")
            if block.align or block.indent:
                self.lose("aligned")
            elif inlines is block.inlines:
                return (block,)
            return (replace(block, inlines=inlines, align="", indent=0),)
        match block:
            case List():
                if block.start != 1:
                    self.lose("list")
                    block = replace(block, start=1)
                return (self._items(block),)
            case TaskList(tasks=tasks):
                return (TaskList(self.tasks(tasks)),)
            case CodeBlock():
                return (self._code(block),)
            case Figure():
                return self._figure(block)
            case Table():
                return (self._table(block),)
            case _:
                return self._container(block)

    def _container(self, block: Block) -> Blocks:
        match block:
            case Quote(blocks=blocks):
                return (Quote(self.blocks(blocks, "quote")),)
            case Panel():
                return (self._panel(block),)
            case _:
                return (block,)

    def _panel(self, panel: Panel) -> Panel:
        title, blocks = panel.title, panel.blocks
        if not _PLAIN.fullmatch(title):
            self.lose("panel")
            title, blocks = "", titled(title, blocks)
        kind, shade = panel.kind, panel.color
        if shade:
            kind, shade = PANEL_KINDS.get(shade, "custom"), "" if shade in PANEL_KINDS else shade
        elif kind not in PANEL_COLORS:
            kind = "success" if kind == "tip" else "info"
        if (kind, shade) != (panel.kind, panel.color):
            self.lose("panel")
        return Panel(kind, self.blocks(blocks, "panel"), title, shade)

    def _code(self, block: CodeBlock) -> CodeBlock:
        if block.language and ("{code" in block.text.lower() or not _LANGUAGE.fullmatch(block.language)):
            self.lose("code")
            return replace(block, language="")
        return block

    def _figure(self, block: Figure) -> Blocks:
        image = self._image(block.image)
        assert image is not None, "takes() has looked"
        if block.layout or image != block.image:
            self.lose("picture")
        if not block.caption:
            return (Figure(image),)
        self.lose("caption")
        return (Figure(image), Paragraph(self.line(block.caption, "paragraph")))

    # ---- one line an item, one line a cell ----------------------------------------------------------

    def _items(self, block: List) -> List:
        fitted = self.items(block)
        items: list[Item] = []
        for item in fitted.items:
            blocks = self._leading_line(item.blocks)
            items.append(item if blocks is item.blocks else Item(blocks))
        return fitted if all(map(is_, items, fitted.items)) else replace(fitted, items=tuple(items))

    def _leading_line(self, blocks: Blocks) -> Blocks:
        """Lines, code between them, then lists; what follows a list belongs, in markup, to that list's last item."""
        if blocks and type(blocks[0]) is Paragraph and (len(blocks) == 1 or _is_list(blocks[1:])):
            return blocks
        out: list[Block] = []
        for is_list, run in groupby(blocks, lambda block: isinstance(block, List | TaskList)):
            if is_list:
                self._add_lists(out, run)
            elif out:
                self.lose("list")
                out[-1] = self._ending_with(_as_list(out[-1]), tuple(run))
            else:
                out.extend(self._lines(run))
        return tuple(out)

    def _lines(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Neighbouring lines as one with hard breaks."""
        for is_code, run in groupby(blocks, lambda block: isinstance(block, CodeBlock)):
            if is_code:
                yield from run
                continue
            lines = list(lines_of(tuple(run)))
            if len(lines) > 1:
                self.lose("list")
            yield Paragraph(normal_inlines(joined(lines)))

    def _ending_with(self, block: List, blocks: Blocks) -> List:
        last = block.items[-1]
        return replace(block, items=(*block.items[:-1], Item(self._leading_line(last.blocks + blocks))))

    def _add_lists(self, out: list[Block], lists: Iterable[Block]) -> None:
        """Lists of one kind beside each other are one list in markup."""
        for block in lists:
            before = out[-1] if out else None
            if isinstance(before, List | TaskList) and isinstance(block, List | TaskList):
                one, two = _as_list(before), _as_list(block)
                if one.ordered == two.ordered:
                    self.lose("list")
                    out[-1] = replace(one, items=one.items + two.items)
                    continue
            out.append(block)

    def _table(self, table: Table) -> Table:
        if table.numbered:
            self.lose("table")
        rows: list[tuple[Cell, ...]] = []
        for number, row in enumerate(self._grid(table), 1):
            rows.append(tuple(self._cell(cell, f"row {number}, cell {at}") for at, cell in enumerate(row, 1)))
        return Table(tuple(rows))

    def _grid(self, table: Table) -> Iterator[tuple[Cell, ...]]:
        """Rows with an empty cell for each place that a merged cell covers."""
        below: dict[int, int] = {}
        for row in table.rows:
            out: list[Cell] = []
            for cell in row:
                self._covered(out, below)
                if cell.colspan > 1 or cell.rowspan > 1:
                    self.lose("table")
                for extra in range(min(cell.colspan, _MAX_COLUMNS)):
                    if cell.rowspan > 1:
                        below[len(out)] = cell.rowspan - 1
                    out.append(replace(cell, blocks=() if extra else cell.blocks))
            self._covered(out, below)
            yield tuple(out)

    def _covered(self, out: list[Cell], below: dict[int, int]) -> None:
        while below.get(len(out), 0):
            below[len(out)] -= 1
            out.append(Cell(()))

    def _cell(self, cell: Cell, name: str) -> Cell:
        if cell.background or cell.widths:
            self.lose("table")
        return Cell(self._leading_line(self.within(name, cell.blocks, "cell")), cell.header)

    # ---- lines --------------------------------------------------------------------------------------

    def line(self, inlines: Inlines, _place: str, /) -> Inlines:
        if self.holds_line(inlines):
            return inlines
        items: list[Inline] = [found for inline in inlines for found in self._inline(inline)]
        items = [found for inline in self._merged(items, inlines) for found in self._addressed(inline)]
        items = spaced(self._merged(items, inlines), self.lose)
        return tuple(self._merged([*edges(items, self.lose)], inlines))

    @staticmethod
    def _merged(items: list[Inline], inlines: Inlines) -> list[Inline]:
        """Canonical again, where something was changed."""
        if len(items) == len(inlines) and all(map(is_, items, inlines)):
            return items
        return [*normal_inlines(tuple(items))]

    def _inline(self, inline: Inline) -> Iterator[Inline]:
        match inline:
            case Text():
                yield self._marks(inline)
            case Break() | Card():
                yield inline
            case Date(day=day):
                self.lose("date")
                yield Text(day)
            case Status(text=text):
                self.lose("status")
                yield Text(text, (Mark("strong"),))
            case Anchor(name=name) if _NAME.fullmatch(name):
                yield inline
            case Anchor():
                self.lose("anchor")
            case Image():
                yield self._picture(inline)
            case _:
                yield self._foreign(inline)

    def _foreign(self, inline: Inline) -> Inline:
        match inline:
            case Mention(ident=ident, text=text):
                if not _NAME.fullmatch(ident):
                    self.lose("mention")
                    return Text(text or ident)
                if text != "@" + ident:
                    self.lose("mention")
                return Mention(ident, "@" + ident)
            case Emoji(text=text, name=name) if inline not in SIGN_OF:
                self.lose("emoji")
                return Text(text or name)
            case InlineIsland(format=name, source=source, text=text) if name != "wiki" or not (
                source == text and is_foreign_macro(source)
            ):
                self.lose("island")
                return Text(text)
            case _:
                return inline

    def _picture(self, image: Image) -> Inline:
        if image.kind == "attached":
            if _NAME.fullmatch(image.ref) and "^" not in image.ref:
                return image
            self.lose("picture")
            return described(image)
        fitted = self._image(image)
        if fitted != image:
            self.lose("picture")
        return fitted or described(image)

    def _image(self, image: Image) -> Image | None:
        """The picture as markup holds it, None where markup has no reference for it."""
        ref = (
            image.ref.replace("!", "%21").replace("[", "%5B").replace("]", "%5D") if image.kind == "url" else image.ref
        )
        if image.kind not in ("url", "name") or not PICTURE.fullmatch(ref):
            return None
        if image.kind == "name" and (not _NAME.fullmatch(ref) or "://" in ref):
            return None
        return replace(image, ref=ref, alt=line(re.sub(r'[{}|\[\]\\&=!,"]', " ", image.alt)), href=target(image.href))

    def _addressed(self, text: Inline) -> Iterator[Inline]:
        """Jira makes a link of a bare address by itself, so that it is one here too."""
        if not isinstance(text, Text) or any(mark.kind in ("link", "code") for mark in text.marks):
            yield text
            return
        done = 0
        if ":" not in text.text:
            yield text
            return
        for found in BARE_ADDRESS.finditer(text.text):
            if address := safe_address(found[0]):
                self.lose("link")
                yield Text(text.text[done : found.start()], text.marks)
                link = Mark("link", target(address))
                marks = (mark for mark in text.marks if mark.kind != "color")
                yield Text(found[0], sort_marks((*marks, link)))
                done = found.end()
        yield Text(text.text[done:], text.marks) if done else text

    def _marks(self, text: Text) -> Text:
        if not text.marks:
            return text
        kinds = {mark.kind for mark in text.marks}
        drop = set(kinds & _NOT_HELD)
        if drop:
            self.lose("background" if "background" in drop else "opaque")
        if "code" in kinds and kinds - drop - {"code", "link"}:
            self.lose("code-marks")
            drop |= kinds - {"code", "link"}
        if {"link", "color"} <= kinds - drop:
            self.lose("link")
            drop.add("color")
        if drop:
            text = no_marks(text, frozenset(drop))
        if "link" not in kinds:
            return text
        marks = tuple([self._link(mark) if mark.kind == "link" else mark for mark in text.marks])
        return text if all(map(is_, marks, text.marks)) else Text(text.text, marks)

    def _link(self, mark: Mark) -> Mark:
        held = mark.title and _PLAIN.fullmatch(mark.title) and mark.title != "smart-link"
        fitted = Mark("link", target(mark.value), mark.title if held else "")
        if fitted == mark:
            return mark
        self.lose("link")
        return fitted


def _stands(mark: Mark) -> bool:
    """Whether a mark is a link that markup holds as it is."""
    return mark.kind == "link" and not mark.title and target(mark.value) == mark.value


def _is_list(blocks: Blocks) -> bool:
    return len(blocks) == 1 and isinstance(blocks[0], List | TaskList)


def _as_list(block: Block) -> List:
    if isinstance(block, TaskList):
        return task_list_as_list(block.tasks)
    assert isinstance(block, List), "only lists are asked for"
    return block
