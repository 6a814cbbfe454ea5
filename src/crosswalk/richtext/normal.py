"""The canonical form of a document: one tree for one meaning. It knows no format.

`normalise` merges texts, collapses white space as HTML does, keeps marks that can not be seen on a space off the
edges of words, and drops what shows nothing (empty headings, empty lists).
"""

from __future__ import annotations

import re
from dataclasses import replace

from .document import (
    Anchor,
    Block,
    Blocks,
    Break,
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
    Item,
    Layout,
    List,
    Mark,
    Mention,
    Panel,
    Paragraph,
    Quote,
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
    """Canonical blocks; a block that shows nothing is dropped."""
    out: list[Block] = []
    for block in blocks:
        found = _block(block)
        if found is not None:
            out.append(found)
    return tuple(out)


def _block(block: Block) -> Block | None:
    match block:
        case Paragraph():
            return _paragraph(block)
        case Heading():
            inlines = normal_inlines(block.inlines)
            return None if _blank(inlines) else replace(block, inlines=inlines, level=min(max(block.level, 1), 6))
        case List():
            items = tuple(Item(_body(item.blocks)) for item in block.items)
            return _list(replace(block, items=items, start=block.start if block.ordered else 1)) if items else None
        case TaskList():
            tasks = _tasks(block.tasks)
            return TaskList(tasks) if tasks else None
        case DecisionList():
            return DecisionList(tuple(map(normal_inlines, block.items))) if block.items else None
        case CodeBlock():
            language = "-".join(storable(block.language).split())
            return CodeBlock(storable(block.text), language)
        case Figure():
            layout = block.layout if block.layout in _LAYOUTS else ""
            return Figure(_image(block.image), normal_inlines(block.caption), layout)
        case Table():
            return _table(block)
        case _:
            return _container(block)


def _container(block: Block) -> Block | None:
    match block:
        case Quote():
            blocks = _body(block.blocks)
            return Quote(blocks) if blocks else None
        case Panel():
            kind = block.kind if block.kind in _PANELS else "info"
            return Panel(kind, _body(block.blocks), line(block.title), block.color)
        case Expand():
            return Expand(line(block.title), _body(block.blocks))
        case Layout():
            columns = tuple(Column(_body(column.blocks), column.width) for column in block.columns)
            return Layout(columns) if columns else None
        case _:
            return block


def _list(block: List) -> Block:
    """A bullet list whose every item begins with a box is a checklist: wiki markup knows no other."""
    tasks = [None if block.ordered else _boxed(item) for item in block.items]
    found = tuple(task for task in tasks if task)
    return TaskList(found) if len(found) == len(tasks) else block


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
    inlines = normal_inlines((Text(box.text[1:]), *first.inlines[1:]))
    return Task(inlines, box.text[0] == "☑", tuple(nested))


def _body(blocks: Blocks) -> Blocks:
    """The content of a container: no blank line before its first or after its last block."""
    found = normal_blocks(blocks)
    blank = [block == Paragraph() for block in found]
    first, last = 0, len(found)
    while first < last and blank[first]:
        first += 1
    while last > first and blank[last - 1]:
        last -= 1
    return found[first:last]


def _tasks(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple(Task(normal_inlines(task.inlines), task.done, _tasks(task.children)) for task in tasks)


def _table(table: Table) -> Table | None:
    rows = tuple(
        tuple(replace(cell, blocks=_cell(cell), widths=tuple(cell.widths[: cell.colspan])) for cell in row)
        for row in table.rows
        if row
    )
    return replace(table, rows=rows) if rows else None


def _cell(cell: Cell) -> Blocks:
    return _body(cell.blocks)


def _paragraph(block: Paragraph) -> Block:
    inlines = normal_inlines(block.inlines)
    if len(inlines) == 1 and isinstance(inlines[0], Image) and inlines[0].kind != "link":
        return Figure(inlines[0])
    if _blank(inlines):
        return Paragraph()
    return replace(block, inlines=inlines)


def _blank(inlines: Inlines) -> bool:
    return all(isinstance(inline, Text) and not inline.text.strip() for inline in inlines)


def _image(image: Image) -> Image:
    return replace(image, ref=line(image.ref), alt=line(image.alt), collection=line(image.collection))


def line(text: str) -> str:
    """`text` as one line: ASCII white space collapsed, none at its ends."""
    return _SPACES.sub(" ", storable(text)).strip(" ")


# ---- lines ------------------------------------------------------------------------------------------


def normal_inlines(inlines: Inlines) -> Inlines:
    """A canonical line: see the module's head."""
    if len(inlines) == 1 and isinstance(only := inlines[0], Text) and not only.marks:
        text = line(only.text)
        return (Text(text),) if text else ()
    return tuple(_merged(_spaces_unmarked(_collapsed(_trimmed(inlines)))))


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


def _collapsed(items: list[Inline]) -> list[Inline]:
    """White space runs become one space, across texts too; none beside a break or at an end."""
    out: list[Inline] = []
    after_space = True
    for item in items:
        if isinstance(item, Text):
            text = _SPACES.sub(" ", storable(item.text))
            if after_space:
                text = text.lstrip(" ")
            if text:
                out.append(Text(text, sort_marks(tuple(map(_mark, item.marks)))))
                after_space = text.endswith(" ")
        elif isinstance(item, Break):
            _strip_end(out)
            out.append(item)
            after_space = True
        elif (whole := _whole(item)) is not None:
            out.append(whole)
            after_space = after_space and isinstance(whole, Anchor)
    _strip_end(out)
    return out


def _mark(mark: Mark) -> Mark:
    return replace(mark, title=line(mark.title)) if mark.title else mark


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
    while index >= 0 and isinstance(out[index], Anchor):
        index -= 1
    if index >= 0 and isinstance(last := out[index], Text):
        text = last.text.rstrip(" ")
        out[index : index + 1] = [Text(text, last.marks)] if text else []


def _spaces_unmarked(items: list[Inline]) -> list[Inline]:
    """A space between texts keeps a mark that can not be seen on it only where both neighbours have that mark."""
    atoms: list[Inline] = []
    for item in items:
        if not isinstance(item, Text):
            atoms.append(item)
            continue
        core = item.text.strip(" ")
        if item.text.startswith(" "):
            atoms.append(Text(" ", item.marks))
        if core:
            atoms.append(Text(core, item.marks))
            if item.text.endswith(" "):
                atoms.append(Text(" ", item.marks))
    for index, atom in enumerate(atoms):
        if isinstance(atom, Text) and atom.text == " ":
            common = _marks_at(atoms, index - 1) & _marks_at(atoms, index + 1)
            marks = tuple(mark for mark in atom.marks if mark.kind not in UNSEEN_ON_SPACE or mark in common)
            atoms[index] = Text(" ", marks)
    return atoms


def _marks_at(atoms: list[Inline], index: int) -> frozenset[Mark]:
    if 0 <= index < len(atoms):
        atom = atoms[index]
        if isinstance(atom, Text):
            return frozenset(atom.marks)
    return frozenset()


def _merged(items: list[Inline]) -> list[Inline]:
    out: list[Inline] = []
    run: list[str] = []
    marks: tuple[Mark, ...] = ()
    for item in items:
        if isinstance(item, Text) and run and item.marks == marks:
            run.append(item.text)
            continue
        if run:
            out.append(Text("".join(run), marks))
            run = []
        if isinstance(item, Text):
            run, marks = [item.text], item.marks
        else:
            out.append(item)
    if run:
        out.append(Text("".join(run), marks))
    return out
