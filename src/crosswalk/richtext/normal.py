"""The canonical form of a document: one tree for one meaning. It knows no format.

`normalise` merges texts, collapses white space as HTML does, keeps marks that can not be seen on a space off the
edges of words, and drops what shows nothing (empty headings, empty lists).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import is_
from typing import Any

from .document import (
    Block,
    Blocks,
    CardBlock,
    Cell,
    CodeBlock,
    Column,
    DecisionList,
    Document,
    Expand,
    Figure,
    Heading,
    Image,
    Inline,
    Inlines,
    Island,
    Item,
    Layout,
    List,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Table,
    Task,
    TaskList,
    Text,
)
from .normal_line import line, normal_image, normal_inlines, storable

_LAYOUTS = frozenset({"wide", "full-width", "wrap-right", "wrap-left", "align-end", "align-start", "group"})
_PANELS = frozenset({"info", "note", "tip", "warning", "error", "success", "custom"})


def normalise(document: Document) -> Document:
    """The canonical form of `document`. Idempotent."""
    return Document(normal_blocks(document.blocks))


def normal_blocks(blocks: Blocks) -> Blocks:
    """Canonical blocks; a block that shows nothing is dropped. What is canonical already is given back as it is."""
    found = [_BLOCKS[type(block)](block) for block in blocks]
    if all(map(is_, found, blocks)):
        return blocks
    return tuple([block for block in found if block is not None])


def _heading(block: Heading) -> Block | None:
    inlines = normal_inlines(block.inlines)
    if _blank(inlines):
        return None
    level = min(max(block.level, 1), 6)
    if inlines is block.inlines and level == block.level:
        return block
    return Heading(level, inlines, block.align, block.indent)


def _items(block: List) -> Block | None:
    items = tuple([_item(item) for item in block.items])
    start = block.start if block.ordered else 1
    if start == block.start and all(map(is_, items, block.items)):
        return _list(block) if items else None
    return _list(List(items, block.ordered, start)) if items else None


def _item(item: Item) -> Item:
    blocks = _body(item.blocks)
    return item if blocks is item.blocks else Item(blocks)


def _task_list(block: TaskList) -> Block | None:
    return TaskList(_tasks(block.tasks)) if block.tasks else None


def _decisions(block: DecisionList) -> Block | None:
    return DecisionList(tuple(map(_seen, block.items))) if block.items else None


def _code(block: CodeBlock) -> Block:
    return CodeBlock(storable(block.text), "-".join(storable(block.language).split()))


def _figure(block: Figure) -> Block:
    layout = block.layout if block.layout in _LAYOUTS else ""
    return Figure(normal_image(block.image), _seen(block.caption), layout)


def _quote(block: Quote) -> Block | None:
    blocks = _body(block.blocks)
    return Quote(blocks) if blocks else None


def _panel(block: Panel) -> Block:
    kind = block.kind if block.kind in _PANELS else "info"
    return Panel(kind, _body(block.blocks), line(block.title), block.color)


def _expand(block: Expand) -> Block:
    return Expand(line(block.title), _body(block.blocks))


def _layout(block: Layout) -> Block | None:
    columns = tuple(Column(_body(column.blocks), column.width) for column in block.columns)
    return Layout(columns) if columns else None


def _same(block: Block) -> Block:
    return block


def _list(block: List) -> Block:
    """A bullet list whose every item begins with a box is a checklist: wiki markup knows no other."""
    if block.ordered:
        return block
    found: list[Task] = []
    for item in block.items:
        if (task := _boxed(item)) is None:
            return block
        found.append(task)
    return TaskList(tuple(found))


def _boxed(item: Item) -> Task | None:
    if not item.blocks or not isinstance(first := item.blocks[0], Paragraph) or not first.inlines:
        return None
    box = first.inlines[0]
    if not isinstance(box, Text) or box.marks or box.text[0] not in "☐☑" or box.text[1:2] not in ("", " "):
        return None
    nested: list[Task] = []
    for block in item.blocks[1:]:
        if not isinstance(block, TaskList):
            return None
        nested += block.tasks
    inlines = _seen((Text(box.text[1:]), *first.inlines[1:]))
    return Task(inlines, box.text[0] == "☑", tuple(nested))


def _body(blocks: Blocks) -> Blocks:
    """The content of a container: no blank line before its first or after its last block."""
    found = normal_blocks(blocks)
    if not found or (found[0] is not _BLANK and found[-1] is not _BLANK):
        return found
    first, last = 0, len(found)
    while first < last and found[first] is _BLANK:  # a blank line is that very one
        first += 1
    while last > first and found[last - 1] is _BLANK:
        last -= 1
    return found[first:last]


def _tasks(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple(Task(_seen(task.inlines), task.done, _tasks(task.children)) for task in tasks)


def _table(table: Table) -> Table | None:
    rows = tuple(tuple([_cell(cell) for cell in row]) for row in table.rows if row)
    return Table(rows, table.numbered) if rows else None


def _cell(cell: Cell) -> Cell:
    blocks, widths = _body(cell.blocks), cell.widths[: cell.colspan]
    if blocks is cell.blocks and len(widths) == len(cell.widths):
        return cell
    return replace(cell, blocks=blocks, widths=widths)


def _paragraph(block: Paragraph) -> Block:
    inlines = normal_inlines(block.inlines)
    if _blank(inlines):
        return _BLANK
    if type(only := inlines[0]) is Image and len(inlines) == 1 and not only.linked:
        return Figure(only)
    return block if inlines is block.inlines else Paragraph(inlines, block.align, block.indent)


_BLANK = Paragraph()


def _blank(inlines: Inlines) -> bool:
    """Whether nothing is shown: no inline, or nothing but spaces of any kind."""
    if inlines and (type(first := inlines[0]) is not Text or not first.text.isspace()):
        return False
    return all(map(_is_space, inlines))


def _is_space(inline: Inline) -> bool:
    return type(inline) is Text and inline.text.isspace()


def _seen(inlines: Inlines) -> Inlines:
    """A canonical line, none where nothing of it is shown: in every place alike."""
    return () if _blank(found := normal_inlines(inlines)) else found


_BLOCKS: dict[type[Block], Callable[[Any], Block | None]] = {
    Paragraph: _paragraph, Heading: _heading, List: _items, TaskList: _task_list, DecisionList: _decisions,
    CodeBlock: _code, Figure: _figure, Table: _table, Quote: _quote, Panel: _panel, Expand: _expand, Layout: _layout,
    Rule: _same, CardBlock: _same, Island: _same,
}  # fmt: skip
