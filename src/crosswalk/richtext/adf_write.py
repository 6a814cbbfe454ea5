"""Writes the document tree as Atlassian Document Format, valid by the schema of `@atlaskit/adf-schema`.

It writes what fidelity.py has fitted to ADF; a block that ADF does not allow in its place never reaches it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from .adf_json import Node
from .document import (
    Block,
    Blocks,
    Break,
    Card,
    CardBlock,
    Cell,
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
)  # fmt: skip

_MARKS = {"strong": "strong", "em": "em", "underline": "underline", "strike": "strike", "code": "code"}
_EPOCH = date(1970, 1, 1)


def write_adf(document: Document) -> Node:
    """`document` as an ADF object."""
    writer = _Writer()
    return {"type": "doc", "version": 1, "content": writer.blocks(document.blocks)}


def _node(kind: str, content: list[Node] | None = None, **attrs: object) -> Node:
    node: Node = {"type": kind}
    if attrs and (kept := {name: value for name, value in attrs.items() if value not in ("", None)}):
        node["attrs"] = kept
    if content is not None:
        node["content"] = content
    return node


@dataclass
class _Writer:
    """Counts the ids that tasks and decisions must have; nested tells an expand inside something from one outside."""

    ids: int = 0
    nested: int = 0

    def _id(self) -> str:
        self.ids += 1
        return f"crosswalk-{self.ids}"

    def blocks(self, blocks: Blocks) -> list[Node]:
        out: list[Node] = []
        group: list[Node] | None = None
        for block in blocks:
            if type(block) is not Figure or block.layout != "group":
                group = None
                out.append(self.block(block))
            elif group is not None:
                group.append(_media(block.image))
            else:
                group = [_media(block.image)]
                out.append(_node("mediaGroup", group))
        return out

    def inside(self, blocks: Blocks) -> list[Node]:
        """Content that may not be empty and where an expand is a nested one."""
        self.nested += 1
        out = self.blocks(blocks or (Paragraph(),))
        self.nested -= 1
        return out

    def block(self, block: Block) -> Node:
        match block:
            case Paragraph():
                return _placed({"type": "paragraph", "content": write_line(block.inlines)}, block)
            case Heading(level=level):
                return _placed(_node("heading", write_line(block.inlines), level=level), block)
            case List():
                return self._list(block)
            case TaskList(tasks=tasks):
                return self._tasks(tasks)
            case DecisionList(items=items):
                decided = [
                    _node("decisionItem", write_line(item), localId=self._id(), state="DECIDED") for item in items
                ]
                return _node("decisionList", decided, localId=self._id())
            case CodeBlock(text=text, language=language):
                return _node("codeBlock", [{"type": "text", "text": text}] if text else [], language=language)
            case Table():
                return self._table(block)
            case _:
                return self._container(block)

    def _container(self, block: Block) -> Node:
        match block:
            case Quote(blocks=blocks):
                return _node("blockquote", self.inside(blocks))
            case Panel(kind=kind, blocks=blocks, color=color):
                return _node("panel", self.inside(blocks), panelType=kind, panelColor=color)
            case Expand(title=title, blocks=blocks):
                kind = "nestedExpand" if self.nested else "expand"
                node = _node(kind, self.inside(blocks))
                node["attrs"] = {"title": title}
                return node
            case Layout(columns=columns):
                return _node(
                    "layoutSection",
                    [
                        _node("layoutColumn", self.blocks(column.blocks or (Paragraph(),)), width=column.width)
                        for column in columns
                    ],
                )
            case _:
                return _leaf(block)

    def _list(self, block: List) -> Node:
        items: list[Node] = [{"type": "listItem", "content": self.inside(_led(item.blocks))} for item in block.items]
        if block.ordered:
            return _node("orderedList", items, order=block.start)
        return _node("bulletList", items)

    def _tasks(self, tasks: tuple[Task, ...]) -> Node:
        content: list[Node] = []
        ident = self._id()
        for task in tasks:
            state = "DONE" if task.done else "TODO"
            content.append(_node("taskItem", write_line(task.inlines), localId=self._id(), state=state))
            if task.children:
                content.append(self._tasks(task.children))
        return _node("taskList", content, localId=ident)

    def _table(self, table: Table) -> Node:
        rows = [_node("tableRow", [self._cell(cell) for cell in row]) for row in table.rows]
        return _node("table", rows, isNumberColumnEnabled=table.numbered or None)

    def _cell(self, cell: Cell) -> Node:
        return _node(
            "tableHeader" if cell.header else "tableCell",
            self.inside(cell.blocks),
            colspan=cell.colspan if cell.colspan > 1 else None,
            rowspan=cell.rowspan if cell.rowspan > 1 else None,
            colwidth=list(cell.widths) or None,
            background=cell.background,
        )


def _led(blocks: Blocks) -> Blocks:
    """A list item of ADF begins with a paragraph, a picture or code, never with a list."""
    return (Paragraph(), *blocks) if blocks and isinstance(blocks[0], List | TaskList) else blocks


def _placed(node: Node, block: Paragraph | Heading) -> Node:
    if block.align:
        node["marks"] = [{"type": "alignment", "attrs": {"align": block.align}}]
    elif block.indent:
        node["marks"] = [{"type": "indentation", "attrs": {"level": block.indent}}]
    return node


def _leaf(block: Block) -> Node:
    match block:
        case Rule():
            return {"type": "rule"}
        case CardBlock(url=url, embed=True):
            return _node("embedCard", url=url, layout="center")
        case CardBlock(url=url):
            return _node("blockCard", url=url)
        case Figure():
            caption = [_node("caption", write_line(block.caption))] if block.caption else []
            return _node("mediaSingle", [_media(block.image), *caption], layout=block.layout or "center")
        case Island(source=source):
            return cast(Node, json.loads(source))
        case _:
            raise AssertionError(f"ADF can not hold {type(block).__name__}; fidelity.py must replace it")


def _media(image: Image) -> Node:
    width, height = image.width or None, image.height or None
    if image.kind == "url":
        node = _node("media", type="external", url=image.ref, alt=image.alt, width=width, height=height)
    else:
        node = _node("media", type="file", id=image.ref, alt=image.alt, width=width, height=height)
        cast(Node, node["attrs"])["collection"] = image.collection
    return _linked(node, image)


def _linked(node: Node, image: Image) -> Node:
    if image.href:
        node["marks"] = [{"type": "link", "attrs": {"href": image.href}}]
    return node


# ---- lines ------------------------------------------------------------------------------------------


def write_line(inlines: Inlines) -> list[Node]:
    """A line as ADF inline nodes."""
    out: list[Node] = []
    for inline in inlines:
        if type(inline) is not Text:
            out.append(_inline(inline))
        elif inline.marks:
            out.append({"type": "text", "text": inline.text, "marks": _marks(inline.marks)})
        else:
            out.append({"type": "text", "text": inline.text})
    return out


def _inline(inline: Inline) -> Node:
    match inline:
        case Break():
            return {"type": "hardBreak"}
        case Emoji(name=name, text=text, ident=ident):
            return _node("emoji", shortName=name, text=text, id=ident)
        case Mention(ident=ident, text=text):
            return _node("mention", id=ident, text=text)
        case Date(day=day):
            days = (date.fromisoformat(day) - _EPOCH).days
            return _node("date", timestamp=str(days * 86_400_000))
        case Status(text=text, color=color):
            return _node("status", text=text, color=color)
        case Card(url=url):
            return _node("inlineCard", url=url)
        case Image():
            return _media_inline(inline)
        case InlineIsland(source=source):
            return cast(Node, json.loads(source))
        case _:
            raise AssertionError(f"ADF can not hold {type(inline).__name__}; fidelity.py must replace it")


def _media_inline(image: Image) -> Node:
    kind = "image" if image.kind == "file" else "file"
    width, height = image.width or None, image.height or None
    node = _node("mediaInline", type=kind, id=image.ref, alt=image.alt, width=width, height=height)
    cast(Node, node["attrs"])["collection"] = image.collection
    return _linked(node, image)


def _link(mark: Mark) -> Node:
    attrs: Node = {"href": mark.value}
    if mark.title:
        attrs["title"] = mark.title
    return {"type": "link", "attrs": attrs}


_WRITERS: dict[str, Callable[[Mark], Iterable[Node]]] = {
    "link": lambda mark: [_link(mark)],
    "color": lambda mark: [{"type": "textColor", "attrs": {"color": mark.value}}],
    "background": lambda mark: [{"type": "backgroundColor", "attrs": {"color": mark.value}}],
    "sub": lambda _: [{"type": "subsup", "attrs": {"type": "sub"}}],
    "sup": lambda _: [{"type": "subsup", "attrs": {"type": "sup"}}],
    "opaque": lambda mark: cast(list[Node], json.loads(mark.value)),
}


def _marks(marks: tuple[Mark, ...]) -> list[Node]:
    out: list[Node] = []
    for mark in marks:
        if (kind := _MARKS.get(mark.kind)) is not None:
            out.append({"type": kind})
        else:
            out += _WRITERS[mark.kind](mark)
    return out
