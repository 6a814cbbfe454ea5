"""Reads Atlassian Document Format (ADF), given as parsed JSON, into the document tree. It knows no other format.

Node and mark names are those of the schema in the npm package `@atlaskit/adf-schema` (https://developer.atlassian.com/
cloud/jira/platform/apis/document/structure/). A node that has no place in the tree becomes an island. Ids that Jira
makes anew itself (`localId`) are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import cast

from .addresses import color, safe_address
from .adf_json import Node, attrs_of, compact, content_of, kind_of, mark_of, number, string, words_of
from .document import (
    Block,
    Blocks,
    Break,
    Card,
    CardBlock,
    Cell,
    CodeBlock,
    Column,
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
)  # fmt: skip
from .limits import MAX_CHARS, MAX_DEPTH, NotRichText, check_size, too_deep
from .normal import normalise

_MARKS = {"strong": "strong", "em": "em", "underline": "underline", "strike": "strike", "code": "code"}
_LEAVES = frozenset(("rule", "blockCard", "embedCard"))
"""They hold nothing; one that does, from whatever made it, is an island, so that its words stay."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
_SECOND_SPACE = re.compile(r"(?<= ) ")


def read_adf(source: object) -> Document:
    """The document that the ADF object `source` (`{"type": "doc", "version": 1, "content": [...]}`) shows.

    Raises NotRichText where it is no such object, TextTooLarge and TextTooDeep (limits.py).
    """
    if not isinstance(source, dict) or source.get("type") != "doc":
        raise NotRichText("The value is not an Atlassian document (an object of type “doc”).")
    _check(source)
    return normalise(Document(_blocks(cast(Node, source))))


def _check(source: object) -> None:
    """Size and depth, without recursion: level by level."""
    level: list[object] = [source]
    characters = depth = 0
    while level:
        if depth > 2 * MAX_DEPTH:
            raise too_deep()
        below: list[object] = []
        for value in level:
            if isinstance(value, str):
                characters += len(value)
            elif isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                characters += len(value)
                below += value
        level, depth = below, depth + 1
    if characters > MAX_CHARS:
        check_size(" " * characters)


# ---- blocks -----------------------------------------------------------------------------------------


def _blocks(node: Node) -> Blocks:
    out: list[Block] = []
    line: list[Inline] = []
    for child in content_of(node):
        if (kind := kind_of(child)) in _INLINES:
            _inline(line, child, kind)
            continue
        if line:
            out.append(Paragraph(tuple(line)))
            line = []
        reader = None if kind in _LEAVES and content_of(child) else _BLOCKS.get(kind)
        out.extend(reader(child) if reader else (_island(child),))
    if line:
        out.append(Paragraph(tuple(line)))
    return tuple(out)


def _children(node: Node, kind: str, *also: str) -> list[Node]:
    """What `node` holds, each of the kind that belongs there: what does not is put into one that does."""
    fitting = (kind, *also)
    return [one if kind_of(one) in fitting else {"type": kind, "content": [one]} for one in content_of(node)]


def _island(node: Node) -> Island:
    return Island("adf", compact(node), words_of(node))


def _placed(node: Node) -> tuple[str, int]:
    if "marks" not in node:
        return "", 0
    align = string(mark_of(node, "alignment") or {}, "align")
    indent = number(mark_of(node, "indentation") or {}, "level")
    where = align if align in ("center", "end") else ""
    return where, 0 if where else min(indent, 6)


def _paragraph(node: Node) -> Blocks:
    return (Paragraph(_line(node), *_placed(node)),)


def _heading(node: Node) -> Blocks:
    return (Heading(number(attrs_of(node), "level", 1), _line(node), *_placed(node)),)


def _list(node: Node) -> Blocks:
    items = tuple(Item(_blocks(child)) for child in _children(node, "listItem"))
    ordered = kind_of(node) == "orderedList"
    return (List(items, ordered, number(attrs_of(node), "order", 1) if ordered else 1),)


def _tasks(node: Node) -> Blocks:
    return (TaskList(_task_items(node)),)


def _task_items(node: Node) -> tuple[Task, ...]:
    tasks: list[Task] = []
    for child in _children(node, "taskItem", "blockTaskItem", "taskList"):
        if kind_of(child) == "taskList":
            nested = _task_items(child)
            if tasks:
                last = tasks.pop()
                nested = (Task(last.inlines, last.done, last.children + nested),)
            tasks.extend(nested)
        else:
            inlines = _flat(child) if kind_of(child) == "blockTaskItem" else _line(child)
            tasks.append(Task(inlines, string(attrs_of(child), "state") == "DONE"))
    return tuple(tasks)


def _flat(node: Node) -> Inlines:
    out: list[Inline] = []
    for child in content_of(node):
        out += [Break()] if out else []
        out += _line(child) if kind_of(child) == "paragraph" else [Text(words_of(child))]
    return tuple(out)


def _decisions(node: Node) -> Blocks:
    if any(string(attrs_of(one), "state") not in ("", "DECIDED") for one in content_of(node)):
        return (_island(node),)  # nothing else says that a decision is open
    return (DecisionList(tuple(_line(child) for child in _children(node, "decisionItem"))),)


def _code(node: Node) -> Blocks:
    text = "".join(string(child, "text") or words_of(child) for child in content_of(node))
    return (CodeBlock(text, string(attrs_of(node), "language")),)


def _panel(node: Node) -> Blocks:
    attrs = attrs_of(node)
    return (Panel(string(attrs, "panelType"), _blocks(node), color=color(string(attrs, "panelColor"))),)


def _table(node: Node) -> Blocks:
    rows = tuple(
        tuple(_cell(cell) for cell in _children(row, "tableCell", "tableHeader")) for row in _children(node, "tableRow")
    )
    return (Table(rows, attrs_of(node).get("isNumberColumnEnabled") is True),)


def _cell(node: Node) -> Cell:
    attrs = attrs_of(node)
    widths = attrs.get("colwidth")
    return Cell(
        _blocks(node),
        kind_of(node) == "tableHeader",
        max(1, number(attrs, "colspan", 1)),
        max(1, number(attrs, "rowspan", 1)),
        tuple(int(width) for width in widths if isinstance(width, int | float) and 0 < width < 1e5)
        if isinstance(widths, list)
        else (),
        color(string(attrs, "background")),
    )


def _media_single(node: Node) -> Blocks:
    attrs = attrs_of(node)
    layout = string(attrs, "layout")
    href = string(mark_of(node, "link") or {}, "href")
    caption: Inlines = ()
    found: list[Block] = []
    for child in content_of(node):
        if kind_of(child) == "caption" and not caption:
            caption = _line(child)
        elif image := _media(child, href):
            found.append(Figure(image, layout="" if layout == "center" else layout))
        elif words_of(child):
            return (_island(node),)
    if len(found) == 1 and isinstance(figure := found[0], Figure):
        return (Figure(figure.image, caption, figure.layout),)
    return (_island(node),)


def _media_group(node: Node) -> Blocks:
    images = [_media(child, "") for child in content_of(node)]
    if not images or None in images:
        return (_island(node),)
    return tuple(Figure(image, layout="group") for image in images if image)


def _media(node: Node, href: str) -> Image | None:
    if content_of(node):
        return None
    attrs = attrs_of(node)
    href = safe_address(string(mark_of(node, "link") or {}, "href") or href)
    shape = {"width": number(attrs, "width"), "height": number(attrs, "height")}
    alt = string(attrs, "alt")
    if string(attrs, "type") == "external":
        address = safe_address(string(attrs, "url"))
        return Image(address, "url", alt, shape["width"], shape["height"], href) if address else None
    if not (ident := string(attrs, "id")):
        return None
    return Image(ident, "file", alt, shape["width"], shape["height"], href, string(attrs, "collection"))


def _card(node: Node) -> Blocks:
    url = safe_address(string(attrs_of(node), "url"))
    if not url or "datasource" in attrs_of(node):
        return (_island(node),)
    return (CardBlock(url, kind_of(node) == "embedCard"),)


def _layout(node: Node) -> Blocks:
    columns = _children(node, "layoutColumn")
    return (Layout(tuple(Column(_blocks(column), _share(attrs_of(column).get("width"))) for column in columns)),)


def _share(width: object) -> float:
    return round(float(width), 2) if isinstance(width, int | float) and 0 <= width <= 100 else 0


_BLOCKS: dict[str, Callable[[Node], Blocks]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bulletList": _list,
    "orderedList": _list,
    "taskList": _tasks,
    "decisionList": _decisions,
    "codeBlock": _code,
    "blockquote": lambda node: (Quote(_blocks(node)),),
    "panel": _panel,
    "expand": lambda node: (Expand(string(attrs_of(node), "title"), _blocks(node)),),
    "nestedExpand": lambda node: (Expand(string(attrs_of(node), "title"), _blocks(node)),),
    "rule": lambda _: (Rule(),),
    "table": _table,
    "mediaSingle": _media_single,
    "mediaGroup": _media_group,
    "blockCard": _card,
    "embedCard": _card,
    "layoutSection": _layout,
}

# ---- lines ------------------------------------------------------------------------------------------


def _line(node: Node) -> Inlines:
    line: list[Inline] = []
    for child in content_of(node):
        _inline(line, child, kind_of(child))
    return tuple(line)


def _inline(line: list[Inline], node: Node, kind: str) -> None:
    if kind == "text":
        _text(line, node)
        return
    reader = None if content_of(node) else _INLINES.get(kind)
    found = reader(node) if reader else None
    line.append(found or InlineIsland("adf", compact(node), words_of(node)))


def _text(line: list[Inline], node: Node) -> None:
    """A text node; ADF shows every space, so that the second of two becomes a no-break space, and a newline a break."""
    marks = tuple(_text_marks(node)) if "marks" in node else ()
    text = string(node, "text")
    if text.isprintable() and "  " not in text:
        line.append(Text(text, marks))
        return
    for place, part in enumerate(text.replace("\t", " ").split("\n")):
        if place:
            line.append(Break())
        line.append(Text(_SECOND_SPACE.sub("\u00a0", part), marks))


def _text_marks(node: Node) -> Iterator[Mark]:
    unknown: list[Node] = []
    for mark in content_of(node, "marks"):
        if (kind := kind_of(mark)) in _MARKS:
            yield Mark(_MARKS[kind])
            continue
        attrs = attrs_of(mark)
        if kind == "link":
            if address := safe_address(string(attrs, "href")):
                yield Mark("link", address, string(attrs, "title"))
        elif kind == "subsup":
            yield Mark("sup" if string(attrs, "type") == "sup" else "sub")
        elif kind in ("textColor", "backgroundColor") and (shade := color(string(attrs, "color"))):
            yield Mark("color" if kind == "textColor" else "background", shade)
        else:
            unknown.append(mark)
    if unknown:
        yield Mark("opaque", compact(unknown), "adf")


def _date(node: Node) -> Inline | None:
    stamp = string(attrs_of(node), "timestamp")
    if not re.fullmatch(r"-?\d{1,15}", stamp) or int(stamp) % _DAY_MS:
        return None
    try:
        return Date((_EPOCH + timedelta(days=int(stamp) // _DAY_MS)).date().isoformat())
    except OverflowError:
        return None


def _emoji(node: Node) -> Inline | None:
    attrs = attrs_of(node)
    name = string(attrs, "shortName")
    return Emoji(name, string(attrs, "text") or name, string(attrs, "id")) if name else None


def _mention(node: Node) -> Inline | None:
    attrs = attrs_of(node)
    ident = string(attrs, "id")
    return Mention(ident, string(attrs, "text")) if ident else None


def _status(node: Node) -> Inline | None:
    attrs = attrs_of(node)
    text = string(attrs, "text")
    return Status(text, string(attrs, "color") or "neutral") if text else None


def _inline_card(node: Node) -> Inline | None:
    url = safe_address(string(attrs_of(node), "url"))
    return Card(url) if url else None


def _media_inline(node: Node) -> Inline | None:
    image = _media(node, "")
    if image is None:
        return None
    kind = "file" if string(attrs_of(node), "type") == "image" else "link"
    return Image(image.ref, kind, image.alt, image.width, image.height, image.href, image.collection)


_INLINES: dict[str, Callable[[Node], Inline | None]] = {
    "text": lambda _: None,
    "hardBreak": lambda _: Break(),
    "emoji": _emoji,
    "mention": _mention,
    "date": _date,
    "status": _status,
    "inlineCard": _inline_card,
    "mediaInline": _media_inline,
    "placeholder": lambda _: None,
    "inlineExtension": lambda _: None,
}
