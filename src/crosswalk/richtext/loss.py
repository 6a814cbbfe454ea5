"""Fitting a document to a format: the walk that fit_adf.py and fit_wiki.py share, and the names of what is given up.

It knows which block stands nearest to another, not why a format lacks one. Words are never given up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import is_
from typing import ClassVar

from .document import (
    Block,
    Blocks,
    Card,
    CardBlock,
    CodeBlock,
    DecisionList,
    Expand,
    Figure,
    Heading,
    Image,
    Inlines,
    Island,
    Item,
    Layout,
    List,
    Mark,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Table,
    Task,
    TaskList,
    Text,
    sort_marks,
)  # fmt: skip
from .flatten import CODE, STRONG, joined, lines_of, table_lines, task_lines, text_lines
from .normal import normal_blocks


@dataclass(frozen=True, slots=True, order=True)
class Loss:
    """`what` is a key of LOSSES, `where` the way to the block (“block 3 > item 1”, counted from 1), or
    the macro (“{panel}”)."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"

    @property
    def words(self) -> str:
        """What is given up, wherever it is."""
        return LOSSES[self.what]


LOSSES = {
    "address": "a link to an address of an unknown or unsafe kind becomes its words",
    "aligned": "alignment or indentation is not held here",
    "anchor": "an anchor is not held",
    "background": "a background colour behind text is not held",
    "boundary": "formatting of a space at the edge of a word is not held",
    "break": "a line break is not held here",
    "caption": "a caption becomes a paragraph",
    "card": "a smart link becomes a plain link",
    "code": "code in these words becomes plain lines",
    "code-marks": "code holds no further formatting",
    "date": "a date becomes plain text",
    "decisions": "decisions become a list",
    "embedded": "something embedded (a film, a page of another site) is gone: its words were edited on the other side",
    "emoji": "an emoji becomes its character",
    "expand": "an expand is opened: its title becomes a bold line",
    "heading": "a heading becomes a bold line here",
    "island": "something of another product is shown as its text",
    "layout": "columns are put below each other",
    "link": "a bare address becomes a link, or a link's tooltip is not held",
    "list": "the parts of a list are joined or renumbered",
    "look": "how Jira shows it (a width, a frame, an icon) is not held",
    "mention": "a mention's name is shown by the server, not held in the text",
    "opaque": "a mark of another product is not held",
    "panel": "a panel's look or title is not held whole, or its content is shown without it",
    "picture": "a picture is put on a line of its own, or its look is not held, or its description stands for it",
    "quote": "a quote is shown without its frame here",
    "rule": "a horizontal rule is not held here",
    "status": "a status becomes plain text",
    "style": "a font, a size, a direction of writing or an unusual colour is not held",
    "table": "a table's look or merged cells are not held, or it becomes lines here",
    "tasks": "a checklist becomes lines with boxes here",
    "wordless": "something of Jira that shows no words (a table of contents) is gone with what it stood in",
}


def kind_of(block: Block) -> str:
    """The kind of a block as the tables of the fitters name it."""
    kind = type(block)
    if kind is CardBlock or kind is Figure:
        if isinstance(block, CardBlock) and block.embed:
            return "Embed"
        if isinstance(block, Figure) and block.layout == "group":
            return "Group"
    return kind.__name__


class Fitter:
    """Walks a document, keeps what `holds` allows in each container, softens the rest, and notes each loss.

    A format overrides `line` (what a line may hold) and `kept` (what an allowed block may hold).
    """

    holds: ClassVar[Mapping[str, frozenset[str]]]

    def __init__(self) -> None:
        self.losses: list[Loss] = []
        self._path: list[tuple[str, int]] = []

    def lose(self, what: str) -> None:
        """Note a loss at the present place, once."""
        where = " > ".join(f"{word} {number}" if number else word for word, number in self._path)
        loss = Loss(where or "text", what)
        if loss not in self.losses[-8:]:
            self.losses.append(loss)

    def blocks(self, blocks: Blocks, place: str, word: str = "block") -> Blocks:
        """`blocks` as `place` holds them."""
        out: list[Block] = []
        for number, block in enumerate(blocks, 1):
            if self._is_plain(block):
                out.append(block)
                continue
            self._path.append((word, number))
            out += self.block(block, place)
            self._path.pop()
        return blocks if len(out) == len(blocks) and all(map(is_, out, blocks)) else tuple(out)

    def _is_plain(self, block: Block) -> bool:
        """A quick look: whether it is a paragraph that every place holds as it is. Most blocks are."""
        return type(block) is Paragraph and not block.align and not block.indent and self.holds_line(block.inlines)

    def block(self, block: Block, place: str) -> Blocks:
        if kind_of(block) in self.holds[place] and self.takes(block):
            return self.kept(block, place)
        self.lose(_LOST_AS[type(block)])
        return tuple(inner for soft in soften(block) for inner in self.block(soft, place))

    @staticmethod
    def holds_line(inlines: Inlines, /) -> bool:
        """A quick look: whether every place holds this line as it is."""
        raise NotImplementedError

    def takes(self, block: Block) -> bool:
        """Whether this very block can be held where its kind is allowed."""
        raise NotImplementedError

    def kept(self, block: Block, place: str, /) -> Blocks:
        raise NotImplementedError

    def line(self, inlines: Inlines, place: str, /) -> Inlines:
        raise NotImplementedError

    def within(self, word: str, blocks: Blocks, place: str, number: int = 0) -> Blocks:
        """Fit the content of a part of the present block, named `word` (with `number` if there are many) in losses."""
        self._path.append((word, number))
        out = self.blocks(blocks, place)
        self._path.pop()
        return out

    def items(self, block: List) -> List:
        items: list[Item] = []
        for number, item in enumerate(block.items, 1):
            if len(item.blocks) == 1 and self._is_plain(item.blocks[0]):
                items.append(item)
                continue
            blocks = self.within("item", item.blocks, "item", number)
            items.append(item if blocks is item.blocks else Item(blocks))
        return block if all(map(is_, items, block.items)) else replace(block, items=tuple(items))

    def tasks(self, tasks: tuple[Task, ...]) -> tuple[Task, ...]:
        return tuple(
            replace(task, inlines=self.line(task.inlines, "task"), children=self.tasks(task.children)) for task in tasks
        )


_LOST_AS: dict[type[Block], str] = {
    Paragraph: "break", Heading: "heading", List: "list", TaskList: "tasks", DecisionList: "decisions",
    CodeBlock: "code", Quote: "quote", Panel: "panel", Expand: "expand", Rule: "rule", Table: "table",
    Figure: "picture", CardBlock: "card", Layout: "layout", Island: "island",
}  # fmt: skip


def soften(block: Block) -> Blocks:
    """The nearest simpler blocks. Repeated, it ends in paragraphs."""
    match block:
        case Heading(inlines=inlines, align=align, indent=indent):
            return (Paragraph(strong(inlines), align, indent),)
        case Quote(blocks=blocks):
            return blocks
        case Layout(columns=columns):
            return tuple(inner for column in columns for inner in column.blocks)
        case Panel(title=title, blocks=blocks) | Expand(title=title, blocks=blocks):
            return titled(title, blocks)
        case TaskList(tasks=tasks):
            # Not a list: one whose items begin with boxes is a checklist (normal.py).
            return tuple(map(Paragraph, task_lines(tasks)))
        case DecisionList(items=items):
            listed = normal_blocks((List(tuple(Item((Paragraph(item),)) for item in items)),))
            # Words that begin with a box would make a checklist of it, which stands in fewer places than a list.
            return listed if isinstance(listed[0], List) else tuple(map(Paragraph, items))
        case CardBlock(url=url):
            return (Paragraph((Card(url),)),)
        case CodeBlock():
            return (Paragraph(code_line(block)),)
        case Figure(image=image, caption=caption):
            return tuple(Paragraph(inlines) for inlines in ((described(image),), caption) if inlines)
        case Table():
            return tuple(map(Paragraph, table_lines(block)))
        case Island(text=text):
            return tuple(map(Paragraph, text_lines(text)))
        case _:
            return tuple(map(Paragraph, lines_of((block,))))


def strong(inlines: Inlines) -> Inlines:
    return tuple(
        Text(inline.text, sort_marks((*inline.marks, STRONG))) if isinstance(inline, Text) else inline
        for inline in inlines
    )


def titled(title: str, blocks: Blocks) -> Blocks:
    return (Paragraph((Text(title, (STRONG,)),)), *blocks) if title else blocks


def task_list_as_list(tasks: tuple[Task, ...]) -> List:
    """A checklist as a bullet list with a box before each line."""
    items: list[Item] = []
    for task in tasks:
        nested: Blocks = (task_list_as_list(task.children),) if task.children else ()
        items.append(Item((Paragraph((Text("☑ " if task.done else "☐ "), *task.inlines)), *nested)))
    return List(tuple(items))


def code_line(block: CodeBlock) -> Inlines:
    """Code as one line with hard breaks, every space of it kept visible."""
    shown = re.sub(r"^ | (?= )| $", "\u00a0", block.text.expandtabs(4), flags=re.MULTILINE)
    return joined((Text(part, (CODE,)),) for part in shown.split("\n"))


def described(image: Image) -> Text:
    """The words that stand for a picture, leading to where it leads or lies."""
    shown = image.alt or image.ref
    address = image.href or (image.ref if image.kind == "url" else "")
    return Text(shown, (Mark("link", address),) if address else ())


def no_marks(inline: Text, kinds: frozenset[str]) -> Text:
    """`inline` without the marks of these kinds."""
    return Text(inline.text, tuple(mark for mark in inline.marks if mark.kind not in kinds))
