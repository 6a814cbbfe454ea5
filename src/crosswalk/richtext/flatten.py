"""A document as lines: what is left of blocks where only a line, or plain text, may stand. It knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .document import (
    Block,
    Blocks,
    Break,
    Card,
    CardBlock,
    CodeBlock,
    Date,
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
)

CODE = Mark("code")
STRONG = Mark("strong")


def lines_of(blocks: Blocks) -> Iterator[Inlines]:
    """Every line of `blocks`, in reading order, nesting and shape given up; no words are."""
    for block in blocks:
        yield from _lines(block)


def one_line(blocks: Blocks) -> Inlines:
    """`blocks` as one line with hard breaks."""
    return joined(lines_of(blocks))


def joined(lines: Iterable[Inlines]) -> Inlines:
    """Lines with a hard break between them."""
    out: list[Inline] = []
    for number, inlines in enumerate(lines):
        if number:
            out.append(Break())
        out.extend(inlines)
    return tuple(out)


def _lines(block: Block) -> Iterator[Inlines]:
    match block:
        case Paragraph() | Heading():
            yield block.inlines
        case List():
            for item in block.items:
                yield from lines_of(item.blocks)
        case TaskList():
            yield from task_lines(block.tasks)
        case DecisionList():
            yield from block.items
        case CodeBlock():
            yield from ((Text(part, (CODE,)),) for part in block.text.split("\n"))
        case Table():
            yield from table_lines(block)
        case Figure():
            yield (block.image,)
            if block.caption:
                yield block.caption
        case CardBlock():
            yield (Card(block.url),)
        case Island():
            yield from text_lines(block.text)
        case _:
            yield from _container_lines(block)


def _container_lines(block: Quote | Panel | Expand | Layout | Rule) -> Iterator[Inlines]:
    match block:
        case Panel() | Expand():
            if block.title:
                yield (Text(block.title, (STRONG,)),)
            yield from lines_of(block.blocks)
        case Quote():
            yield from lines_of(block.blocks)
        case Layout():
            for column in block.columns:
                yield from lines_of(column.blocks)
        case Rule():
            return


def text_lines(text: str) -> Iterator[Inlines]:
    """Plain text as lines."""
    for part in text.split("\n"):
        yield (Text(part),)


def task_lines(tasks: tuple[Task, ...]) -> Iterator[Inlines]:
    """Each task with a box before it."""
    for task in tasks:
        yield (Text("☑ " if task.done else "☐ "), *task.inlines)
        yield from task_lines(task.children)


def table_lines(table: Table) -> Iterator[Inlines]:
    """Each row as a line, its cells apart by a bar."""
    for row in table.rows:
        out: list[Inline] = []
        for number, cell in enumerate(row):
            if number:
                out.append(Text(" | "))
            out.extend(one_line(cell.blocks))
        yield tuple(out)


def inline_text(inline: Inline) -> str:
    """What a person reads of one inline."""
    match inline:
        case Text() | Mention() | Status() | InlineIsland():
            return inline.text
        case Break():
            return "\n"
        case Emoji():
            return inline.text or inline.name
        case Date():
            return inline.day
        case Card():
            return inline.url
        case Image():
            return inline.alt
        case _:
            return ""


def text_of(document: Document) -> str:
    """The words of a document as plain text, one line for each line."""
    return "\n".join("".join(map(inline_text, inlines)) for inlines in lines_of(document.blocks)).strip()
