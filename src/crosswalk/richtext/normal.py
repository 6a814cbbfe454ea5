"""The canonical form of a document: one tree for one meaning. It knows no format.

`normalise` merges texts, collapses white space as HTML does, keeps marks that can not be seen on a space off the
edges of words, and drops what shows nothing (empty headings, empty lists).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import is_
from typing import Any

from .document import (
    Anchor,
    Block,
    Blocks,
    Break,
    CardBlock,
    Cell,
    CodeBlock,
    Column,
    DecisionList,
    Document,
    Emoji,
    Expand,
    Figure,
    Heading,
    Image,
    Inline,
    InlineIsland,
    Inlines,
    Island,
    Item,
    Layout,
    List,
    Mark,
    Mention,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Status,
    Table,
    Task,
    TaskList,
    Text,
    sort_marks,
)

_SPACES = re.compile(r"[ \t\n\r\f]+")
# C0 controls, DEL and lone surrogates can not be stored by either side; XML and PostgreSQL refuse them.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LAYOUTS = frozenset({"wide", "full-width", "wrap-right", "wrap-left", "align-end", "align-start", "group"})
_PANELS = frozenset({"info", "note", "tip", "warning", "error", "success", "custom"})
_STATUS_COLOR = re.compile(r"neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6}")
UNSEEN_ON_SPACE = frozenset({"strong", "em", "color", "sup", "sub"})


def storable(text: str) -> str:
    """`text` without the characters that neither side can store; line ends become `\\n`."""
    if text.isprintable():
        return text
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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
    return Figure(_image(block.image), _seen(block.caption), layout)


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
    first, last = 0, len(found)
    while first < last and found[first] is _BLANK:  # a blank line is that very one
        first += 1
    while last > first and found[last - 1] is _BLANK:
        last -= 1
    return found if last - first == len(found) else found[first:last]


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
    if len(inlines) == 1 and isinstance(inlines[0], Image) and not inlines[0].linked:
        return Figure(inlines[0])
    if _blank(inlines):
        return _BLANK
    return block if inlines is block.inlines else Paragraph(inlines, block.align, block.indent)


_BLANK = Paragraph()


def _blank(inlines: Inlines) -> bool:
    """Whether nothing is shown: no inline, or nothing but spaces of any kind."""
    return all(type(inline) is Text and inline.text.isspace() for inline in inlines)


def _seen(inlines: Inlines) -> Inlines:
    """A canonical line, none where nothing of it is shown: in every place alike."""
    return () if _blank(found := normal_inlines(inlines)) else found


_BLOCKS: dict[type[Block], Callable[[Any], Block | None]] = {
    Paragraph: _paragraph, Heading: _heading, List: _items, TaskList: _task_list, DecisionList: _decisions,
    CodeBlock: _code, Figure: _figure, Table: _table, Quote: _quote, Panel: _panel, Expand: _expand, Layout: _layout,
    Rule: _same, CardBlock: _same, Island: _same,
}  # fmt: skip


def _image(image: Image) -> Image:
    ref, alt, collection, look = map(line, (image.ref, image.alt, image.collection, image.look))
    return replace(image, ref=ref, alt=alt, collection=collection, look=look)


def line(text: str) -> str:
    """`text` as one line: ASCII white space collapsed, none at its ends."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _SPACES.sub(" ", storable(text)).strip(" ")


def normal_inlines(inlines: Inlines) -> Inlines:
    """A canonical line: see the module's head. One that is canonical already is given back as it is."""
    if len(inlines) == 1 and type(only := inlines[0]) is Text and not only.marks and only.text == line(only.text) != "":
        return inlines
    items: Sequence[Inline] = inlines
    if Break in map(type, inlines):
        items = _trimmed(inlines)
    found, loose = _collapsed(items)
    if loose:
        found = _spaces_unmarked(found)
    found = _merged(found)
    if len(found) == len(inlines) and all(map(is_, found, inlines)):
        return inlines
    return tuple(found)


def _trimmed(inlines: Inlines) -> list[Inline]:
    """Without breaks and white space at the ends (an anchor shows nothing and does not count)."""
    items = list(inlines)
    for order in (1, -1):
        kept: list[Inline] = []
        started = False
        for item in items[::order]:
            shown = not (isinstance(item, Break) or (isinstance(item, Text) and not _visible(item.text)))
            started = started or (shown and not isinstance(item, Anchor))
            if started or shown:
                kept.append(item)
        items = kept[::order]
    return items


def _visible(text: str) -> bool:
    return bool((text if text.isprintable() else storable(text)).strip(" \t\n\r\f"))


def _collapsed(items: Sequence[Inline]) -> tuple[list[Inline], bool]:
    """White space runs become one space, across texts too; none beside a break or at an end.

    The second value says whether a text with marks has a space at one of its edges.
    """
    out: list[Inline] = []
    after_space, loose = True, False
    for item in items:
        if type(item) is Text:
            text, marks = item.text, item.marks
            if not text.isprintable() or "  " in text:
                text = _SPACES.sub(" ", storable(text))
            if after_space:
                text = text.lstrip(" ")
            if not text:
                continue
            if marks:
                if len(marks) > 1 or marks[0].title:
                    marks = _marks(marks)
                loose = loose or text[0] == " " or text[-1] == " "
            out.append(item if text is item.text and marks is item.marks else Text(text, marks))
            after_space = text[-1] == " "
        elif type(item) is Break:
            _strip_end(out)
            out.append(item)
            after_space = True
        elif (whole := _whole(item)) is not None:
            out.append(whole)
            after_space = after_space and type(whole) is Anchor
    _strip_end(out)
    return out, loose


def _marks(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Marks in canonical order, their titles on one line."""
    if any(mark.title for mark in marks):
        marks = tuple([replace(mark, title=line(mark.title)) if mark.title else mark for mark in marks])
    return sort_marks(marks)


def _whole(item: Inline) -> Inline | None:
    """An inline that is no text, its words on one line; None where nothing of it is left."""
    match item:
        case Image():
            return _image(item)
        case Mention(ident=ident, text=text):
            return Mention(line(ident), line(text)) if line(ident) else None
        case Emoji(name=name, text=text, ident=ident):
            return Emoji(line(name), line(text), line(ident)) if line(name) else None
        case Status(text=text, color=color):
            shade = color if _STATUS_COLOR.fullmatch(color) else "neutral"
            return Status(line(text), shade) if line(text) else None
        case Anchor(name=name):
            return Anchor(line(name)) if line(name) else None
        case InlineIsland(text=text):
            return replace(item, text=line(text))
        case _:
            return item


def _strip_end(out: list[Inline]) -> None:
    index = len(out) - 1
    while index >= 0 and type(out[index]) is Anchor:
        index -= 1
    if index >= 0 and type(last := out[index]) is Text and last.text[-1] == " ":
        text = last.text.rstrip(" ")
        out[index : index + 1] = [Text(text, last.marks)] if text else []


def _spaces_unmarked(items: list[Inline]) -> list[Inline]:
    """A space between texts keeps a mark that can not be seen on it only where both neighbours have that mark."""
    atoms: list[Inline] = []
    for item in items:
        if type(item) is not Text or (item.text[0] != " " and item.text[-1] != " "):
            atoms.append(item)
            continue
        core = item.text.strip(" ")
        if item.text[0] == " ":
            atoms.append(Text(" ", item.marks))
        if core:
            atoms.append(Text(core, item.marks))
            if item.text[-1] == " ":
                atoms.append(Text(" ", item.marks))
    for index, atom in enumerate(atoms):
        if type(atom) is Text and atom.marks and atom.text == " ":
            before, after = _marks_at(atoms, index - 1), _marks_at(atoms, index + 1)
            atoms[index] = Text(" ", tuple(
                [mark for mark in atom.marks if mark.kind not in UNSEEN_ON_SPACE or (mark in before and mark in after)]
            ))  # fmt: skip
    return atoms


def _marks_at(atoms: list[Inline], index: int) -> tuple[Mark, ...]:
    if 0 <= index < len(atoms) and type(atom := atoms[index]) is Text:
        return atom.marks
    return ()


def _merged(items: list[Inline]) -> list[Inline]:
    """Neighbouring texts of the same marks as one."""
    before: tuple[Mark, ...] | None = None
    for item in items:
        marks = item.marks if type(item) is Text else None
        if marks is not None and marks == before:
            break
        before = marks
    else:
        return items
    out: list[Inline] = []
    run: list[Text] = []
    for item in items:
        if type(item) is not Text:
            _end_run(out, run)
            out.append(item)
        elif run and item.marks == run[0].marks:
            run.append(item)
        else:
            _end_run(out, run)
            run.append(item)
    _end_run(out, run)
    return out


def _end_run(out: list[Inline], run: list[Text]) -> None:
    if run:
        out.append(run[0] if len(run) == 1 else Text("".join([text.text for text in run]), run[0].marks))
        run.clear()
