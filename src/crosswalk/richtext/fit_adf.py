"""What Atlassian Document Format can not hold. It decides, adf_write.py writes; it knows nothing of JSON.

Which container holds which block is the schema's (npm package @atlaskit/adf-schema, `dist/json-schema/v1/full.json`:
definitions doc_node, panel_node, blockquote_node, listItem_node, table_cell_content, nestedExpand_content, ...).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from .adf_json import Node, words_of
from .document import (
    Anchor,
    Block,
    Blocks,
    CardBlock,
    Cell,
    Column,
    DecisionList,
    Expand,
    Figure,
    Heading,
    Image,
    Inline,
    InlineIsland,
    Inlines,
    Island,
    Layout,
    List,
    Panel,
    Paragraph,
    Quote,
    Table,
    TaskList,
    Text,
)  # fmt: skip
from .loss import Fitter, described, no_marks, titled
from .normal_line import line

_LEAVES = frozenset({"Paragraph", "List", "CodeBlock", "Figure", "Island"})
_BODY = _LEAVES | {"Heading", "TaskList", "DecisionList", "Rule", "Panel", "Quote", "Group"}
_EVERY = _BODY | {"CardBlock", "Embed", "Table", "Expand", "Layout"}
# Where an aligned line may stand, and where an indented one.
_ALIGNED = frozenset({"root", "column", "cell"})
_INDENTED = frozenset({"root", "column"})
_WITH_CODE = frozenset({"code", "link", "opaque"})
_NOT_IN_LINES = frozenset({"task", "heading", "caption", "decision"})


class AdfFitter(Fitter):
    holds: ClassVar[Mapping[str, frozenset[str]]] = {
        "root": _EVERY,
        "column": _EVERY - {"Layout"},
        "quote": _LEAVES | {"Group"},
        "panel": (_BODY - {"Panel", "Quote"}) | {"CardBlock"},
        "item": _LEAVES | {"TaskList"},
        "cell": _BODY | {"CardBlock", "Embed", "Expand"},
        "expand": _EVERY - {"Layout"},
        "inner expand": _BODY,
    }

    @staticmethod
    def holds_line(inlines: Inlines, /) -> bool:
        """Whether a line is text alone, of marks that any line holds in any company."""
        for inline in inlines:
            if type(inline) is not Text:
                return False
            for mark in inline.marks:
                if mark.kind in ("code", "opaque"):
                    return False
        return True

    def takes(self, block: Block) -> bool:
        if isinstance(block, Paragraph):
            return not any(type(inline) is Image and inline.kind == "url" for inline in block.inlines)
        match block:
            case Island(format=name, source=source, text=text):
                return name == "adf" and (node := _node(source)) is not None and _same_words(words_of(node), text)
            case Figure(image=image):
                return image.kind != "name"
            case Layout(columns=columns):
                return 2 <= len(columns) <= 3
            case _:
                return True

    def block(self, block: Block, place: str) -> Blocks:
        if isinstance(block, Paragraph) and not self.takes(block):
            self.lose("picture")
            return tuple(inner for part in _split(block) for inner in self.block(part, place))
        if isinstance(block, CardBlock) and block.embed and "Embed" not in self.holds[place]:
            self.lose("card")
            return self.block(CardBlock(block.url), place)
        return super().block(block, place)

    def kept(self, block: Block, place: str, /) -> Blocks:
        if isinstance(block, Paragraph | Heading):
            inlines = self.line(block.inlines, _line_place(block))
            fitted = block if inlines is block.inlines else replace(block, inlines=inlines)
            return (self._placed(fitted, place) if block.align or block.indent else fitted,)
        match block:
            case List():
                return (self.items(block),)
            case TaskList(tasks=tasks):
                return (TaskList(self.tasks(tasks)),)
            case DecisionList(items=items):
                return (DecisionList(tuple(self.line(item, "decision") for item in items)),)
            case Figure(image=image, caption=caption):
                return (replace(block, image=self._looked(image), caption=self.line(caption, "caption")),)
            case Table():
                return (self._table(block),)
            case _:
                return self._container(block, place)

    def _container(self, block: Block, place: str) -> Blocks:
        match block:
            case Quote(blocks=blocks):
                return (Quote(self.blocks(blocks, "quote")),)
            case Panel(title=title, blocks=blocks):
                if title:
                    self.lose("panel")
                return (replace(block, title="", blocks=self.blocks(titled(title, blocks), "panel")),)
            case Expand(blocks=blocks):
                inner = "expand" if place in ("root", "column") else "inner expand"
                return (replace(block, blocks=self.blocks(blocks, inner)),)
            case Layout(columns=columns):
                return (Layout(tuple(Column(self.blocks(one.blocks, "column"), one.width) for one in columns)),)
            case Island(source=source, text=text):
                words = words_of(_node(source) or {})
                if words != text:
                    self.lose("island")
                return (replace(block, text=words),)
            case _:
                return (block,)

    def _placed(self, block: Paragraph | Heading, place: str) -> Paragraph | Heading:
        if block.align and place not in _ALIGNED:
            self.lose("aligned")
            block = replace(block, align="")
        if block.indent and place not in _INDENTED:
            self.lose("aligned")
            block = replace(block, indent=0)
        return block

    def _table(self, table: Table) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for number, row in enumerate(table.rows, 1):
            cells = (
                replace(cell, blocks=self.within(f"row {number}, cell", cell.blocks, "cell", place))
                for place, cell in enumerate(row, 1)
            )
            rows.append(tuple(cells))
        return replace(table, rows=tuple(rows))

    # ---- lines --------------------------------------------------------------------------------------

    def line(self, inlines: Inlines, place: str, /) -> Inlines:
        if self.holds_line(inlines):
            return inlines
        return tuple([found for inline in inlines if (found := self._inline(inline, place)) is not None])

    def _inline(self, inline: Inline, place: str) -> Inline | None:
        match inline:
            case Text():
                return self._text(inline)
            case Anchor():
                self.lose("anchor")
                return None
            case InlineIsland(format=name, source=source, text=text):
                node = _node(source) if name == "adf" and place != "caption" else None
                if node is not None and line(words_of(node)) == line(text):
                    return inline
                self.lose("island")
                return Text(text)
            case Image(kind=kind):
                if kind in ("file", "link") and place != "caption":
                    return self._looked(inline)
                self.lose("picture")
                return described(inline)
            case _:
                return inline

    def _looked(self, image: Image) -> Image:
        if not image.look:
            return image
        self.lose("picture")
        return replace(image, look="")

    def _text(self, text: Text) -> Text:
        kinds = {mark.kind for mark in text.marks}
        if "code" in kinds and kinds - _WITH_CODE:
            self.lose("code-marks")
            text = no_marks(text, frozenset(kinds - _WITH_CODE))
        if any(mark.kind == "opaque" and not _are_marks(mark.value, mark.title) for mark in text.marks):
            self.lose("opaque")
            text = no_marks(text, frozenset({"opaque"}))
        return text


def _line_place(block: Block) -> str:
    return "heading" if isinstance(block, Heading) else "paragraph"


def _split(block: Paragraph) -> Blocks:
    """ADF has no picture of another server inside a line: the line is parted around it."""
    out: list[Block] = []
    line: list[Inline] = []
    for inline in block.inlines:
        if isinstance(inline, Image) and inline.kind == "url":
            out += [replace(block, inlines=tuple(line)), Figure(inline)] if line else [Figure(inline)]
            line = []
        else:
            line.append(inline)
    if line:
        out.append(replace(block, inlines=tuple(line)))
    return tuple(out)


def _node(source: str) -> Node | None:
    """The ADF node that an island keeps, None where it is none (a person may have changed the HTML around it)."""
    try:
        node = json.loads(source)
    except (ValueError, RecursionError):
        return None
    return node if isinstance(node, dict) and isinstance(node.get("type"), str) else None


def _same_words(one: str, other: str) -> bool:
    """Whether nobody has written into an island: if somebody has, its words count and not its source."""
    return one.split() == other.split()


def _are_marks(source: str, format_name: str) -> bool:
    try:
        marks = json.loads(source)
    except (ValueError, RecursionError):
        return False
    return (
        format_name == "adf"
        and isinstance(marks, list)
        and all(isinstance(mark, dict) and isinstance(mark.get("type"), str) for mark in marks)
    )
