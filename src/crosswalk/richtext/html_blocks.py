"""Reads the block elements of HTML: lists, tables, code, quotes, panels. html_read.py says the rest."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from selectolax.lexbor import LexborNode

from .addresses import color, safe_address
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
    Expand,
    Figure,
    Heading,
    Inline,
    InlineIsland,
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
)  # fmt: skip
from .flatten import one_line
from .html_hidden import DROPPED, between_rows, loose, revealed, typed
from .html_inline import (
    SIMPLE_MARKS,
    Marks,
    attr,
    children,
    classes,
    marks_of,
    number,
    placed,
    share,
    style,
    text,
    whole_inline,
)  # fmt: skip
from .html_looks import cell_widths, column_widths, is_checklist
from .html_safe import sanitised
from .limits import MAX_DEPTH, too_deep
from .normal import normal_blocks
from .normal_line import line

_ISLANDS = frozenset(["iframe", "video", "audio"])
_LEADS = ("src", "poster")


class Flow:
    """Blocks being collected, and the line that is not yet a block."""

    __slots__ = ("blocks", "line")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.line: list[Inline] = []

    def flush(self, align: str = "", indent: int = 0) -> None:
        """Make a paragraph of the line; a line of white space alone makes none."""
        line, self.line = self.line, []
        for item in line:
            if type(item) is not Text or item.text.strip(" \t\r\n\f"):
                self.blocks.append(Paragraph(tuple(line), align, indent))
                return


def read_into(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    """Read the children of `node` into `flow`."""
    if depth > MAX_DEPTH:
        raise too_deep()
    child = node.first_child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            flow.line.append(Text(child.text_content or "", marks))
        elif tag[:1] != "-":  # a comment is “-comment”
            _read(flow, child, tag, marks, depth + 1)
        child = child.next


def _read(flow: Flow, node: LexborNode, tag: str, marks: Marks, depth: int) -> None:
    """Read one element into `flow`."""
    if mark := SIMPLE_MARKS.get(tag):
        read_into(flow, node, (*marks, mark), depth)
    elif reader := _READERS.get(tag):
        if flow.line:
            flow.flush()
        reader(flow, node, marks, depth)
        if flow.line:
            flow.flush()
    elif tag == "br":
        flow.line.append(Break())
    elif tag not in DROPPED:
        _element(flow, node, tag, marks, depth)


def _element(flow: Flow, node: LexborNode, tag: str, marks: Marks, depth: int) -> None:
    """An element inside a line that is more than a mark."""
    if tag in _ISLANDS:
        _island(flow, node, marks, depth)
    elif tag == "input":
        flow.line.append(Text(typed(node), marks))
    elif (inline := whole_inline(node, tag, marks)) is not None:
        flow.line.append(inline)
    else:
        read_into(flow, revealed(node), marks + marks_of(node, tag), depth)


def _island(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    """A film, a sound or a page of another site: its own tag and sources are kept, the rest is text."""
    sources = "".join(_opening(child) for child in children(node) if child.tag == "source")
    source = sanitised(f"{_opening(node)}{sources}</{node.tag}>")
    flow.line.append(InlineIsland("html", source, _shown(source)))
    if node.tag != "iframe":
        read_into(flow, node, marks, depth)


def _shown(source: str) -> str:
    """The title, else the address, of a film or a page that is kept."""
    given = dict(re.findall(r' (title|src)="([^"]*)"', source))
    return line(html.unescape(given.get("title", ""))) or line(html.unescape(given.get("src", ""))) or source


def _opening(node: LexborNode) -> str:
    named = ((name, value or "") for name, value in node.attributes.items() if re.fullmatch("[a-z]+", name))
    given = ((name, value) for name, value in named if name != "style" and (name not in _LEADS or safe_address(value)))
    return f"<{node.tag}" + "".join(f' {name}="{html.escape(value)}"' for name, value in given) + ">"


def content(node: LexborNode, marks: Marks, depth: int) -> Blocks:
    """The blocks inside `node`."""
    flow = Flow()
    read_into(flow, node, marks, depth)
    if flow.line:
        flow.flush()
    return tuple(flow.blocks)


def content_line(node: LexborNode, marks: Marks, depth: int) -> Inlines:
    """The content of `node` as one line."""
    return one_line(normal_blocks(content(node, marks, depth)))


def _paragraph(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    if card := _card(node):
        flow.blocks.append(card)
        return
    read_into(flow, node, marks, depth)
    flow.flush(*placed(node))


def _card(node: LexborNode) -> CardBlock | None:
    link = node.first_child
    if link is None or link.next is not None or link.tag != "a":
        return None
    kinds = classes(link)
    if "smart-link-block" not in kinds and "smart-link-embed" not in kinds:
        return None
    address = safe_address(attr(link, "href"))
    if address and text(link) == address:
        return CardBlock(address, embed="smart-link-embed" in kinds)
    return None


def _heading(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    inlines = content_line(node, marks, depth)
    if name := attr(node, "id"):
        inlines = (Anchor(name), *inlines)
    flow.blocks.append(Heading(int((node.tag or "h1")[1]), inlines, *placed(node)))


def _list(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    ticked = node.tag != "ol" and is_checklist(node)
    if not (ticked or node.attributes) or loose(node, "li", "ul", "ol"):
        flow.blocks.append(_plain_list(node, marks, depth))
        return
    kinds = classes(node)
    named = any("checklist" in kind or "task" in kind for kind in kinds) or attr(node, "data-type") == "taskList"
    if named or ticked:
        flow.blocks.append(TaskList(_tasks(node, marks, depth)))
        return
    if "decisions" in kinds and not loose(node, "li"):
        items = tuple(content_line(child, marks, depth + 1) for child in children(node) if child.tag == "li")
        flow.blocks.append(DecisionList(items))
        return
    flow.blocks.append(_plain_list(node, marks, depth))


def _plain_list(node: LexborNode, marks: Marks, depth: int) -> List:
    items: list[Item] = []
    for child in children(node):
        tag = child.tag or ""
        if tag == "li":
            items.append(Item(content(child, marks, depth + 1)))
            continue
        stray = Flow()
        if tag == "-text":
            if (words := child.text_content or "").isspace():
                continue
            stray.line.append(Text(words, marks))
        elif tag in ("ul", "ol"):
            _list(stray, child, marks, depth + 1)
        elif tag[:1] != "-":
            _read(stray, child, tag, marks, depth + 1)
        stray.flush()
        if not stray.blocks:
            continue
        # A list straight inside a list belongs, as shown, to the item before it.
        if items and tag in ("ul", "ol"):
            items[-1] = Item(items[-1].blocks + tuple(stray.blocks))
        else:
            items.append(Item(tuple(stray.blocks)))
    ordered = node.tag == "ol"
    start = attr(node, "start").strip() if ordered else ""
    return List(tuple(items), ordered, number(start) if start.isdigit() else 1)


def _tasks(node: LexborNode, marks: Marks, depth: int) -> tuple[Task, ...]:
    tasks: list[Task] = []
    for child in children(node):
        if child.tag == "li":
            tasks.append(_task(child, marks, depth + 1))
        elif child.tag in ("ul", "ol"):
            nested = _tasks(child, marks, depth + 1)
            last = tasks.pop() if tasks else None
            tasks += [replace(last, children=last.children + nested)] if last else nested
    return tuple(tasks)


def _task(node: LexborNode, marks: Marks, depth: int) -> Task:
    kinds = " ".join(classes(node))
    box = node.css_first("input[type=checkbox]")
    done = (
        ("checked" in kinds and "unchecked" not in kinds)
        or attr(node, "data-checked") == "true"
        or (box is not None and "checked" in box.attributes)
    )
    blocks = content(node, marks, depth)
    nested = tuple(task for block in blocks if isinstance(block, TaskList) for task in block.tasks)
    own = normal_blocks(tuple(block for block in blocks if not isinstance(block, TaskList)))
    return Task(one_line(own), done, nested)


def _code(flow: Flow, node: LexborNode, *_: object) -> None:
    inner = node.css_first("code")
    names = classes(node) + (classes(inner) if inner is not None else [])
    language = next((name[9:] for name in names if name.startswith("language-")), "")
    flow.blocks.append(CodeBlock(_raw(node), language))


def _raw(node: LexborNode) -> str:
    if node.is_text_node:
        return node.text_content or ""
    if node.tag == "br":
        return "\n"
    return "".join(map(_raw, children(node)))


def _quote(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    flow.blocks.append(Quote(content(node, marks, depth)))


def _rule(flow: Flow, *_: object) -> None:
    flow.blocks.append(Rule())


def _division(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    kinds = classes(node)
    if "island" in kinds and attr(node, "data-format") == "adf" and (source := attr(node, "data-source")):
        flow.blocks.append(Island("adf", source, _raw(node)))
    elif "panel" in kinds:
        flow.blocks.append(_panel(node, kinds, marks, depth))
    elif "layout" in kinds and not loose(node, "div"):
        columns = [child for child in children(node) if child.is_element_node]
        flow.blocks.append(Layout(tuple(Column(content(child, marks, depth + 1), share(child)) for child in columns)))
    else:
        _paragraph(flow, node, marks, depth)


def _panel(node: LexborNode, kinds: list[str], marks: Marks, depth: int) -> Panel:
    kind = next((name[6:] for name in kinds if name.startswith("panel-")), "info")
    inside = Flow()
    title = ""
    for child in children(node):
        if child.tag == "div" and "panel-title" in classes(child) and not title:
            title = text(child)
            child.remove(recursive=True)
            break
    read_into(inside, node, marks, depth)
    inside.flush()
    return Panel(kind, tuple(inside.blocks), title, color(style(node).get("background-color", "")))


def _expand(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    title = ""
    summary = next((child for child in children(node) if child.tag == "summary"), None)
    if summary is not None:
        title = text(summary)
        summary.remove(recursive=True)
    flow.blocks.append(Expand(title, content(node, marks, depth)))


def _figure(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    caption = next((child for child in children(node) if child.tag == "figcaption"), None)
    shown = content_line(caption, marks, depth) if caption is not None else ()
    if caption is not None:
        caption.remove(recursive=True)
    blocks = normal_blocks(content(node, marks, depth))
    if len(blocks) == 1 and isinstance(found := blocks[0], Figure):
        flow.blocks.append(replace(found, caption=shown, layout=attr(node, "data-layout")))
        return
    flow.blocks.extend(blocks)
    if shown:
        flow.blocks.append(Paragraph(shown))


def _table(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    rows: list[tuple[Cell, ...]] = []
    columns = column_widths(node)
    for part in children(node):
        if part.tag == "caption":
            flow.blocks.extend(content(part, marks, depth + 1))
        elif part.tag in ("tbody", "thead", "tfoot"):
            for row in children(part):
                if row.tag == "tr":  # the first row says the widths of all
                    rows.append(_row(row, marks, depth + 2, [] if rows else columns))
    for one in between_rows(node):
        flow.blocks.extend(content(revealed(one), marks, depth + 1))
    flow.blocks.append(Table(tuple(rows), "numbered" in classes(node)))


def _row(row: LexborNode, marks: Marks, depth: int, columns: list[int]) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for node in children(row):
        if node.tag in ("td", "th"):
            at = sum(cell.colspan for cell in cells)
            cells.append(_cell(node, content(node, marks, depth + 1), columns, at))
    return tuple(cells)


def _cell(node: LexborNode, blocks: Blocks, columns: list[int], at: int) -> Cell:
    span = max(1, number(attr(node, "colspan"), 1000))
    shade = color(style(node).get("background-color", "") or attr(node, "bgcolor"))
    widths = cell_widths(node, columns, at, span)
    return Cell(blocks, node.tag == "th", span, max(1, number(attr(node, "rowspan"), 65534)), widths, shade)


def _term(flow: Flow, node: LexborNode, marks: Marks, depth: int) -> None:
    read_into(flow, node, (*marks, Mark("strong")), depth)


_READERS: dict[str, Callable[[Flow, LexborNode, Marks, int], None]] = {
    **dict.fromkeys(("p", "address", "center", "dd", "summary", "figcaption", "legend", "option"), _paragraph),
    **dict.fromkeys(("div", "section", "article", "main", "aside", "header", "footer", "nav"), _division),
    **dict.fromkeys(("form", "fieldset", "dl", "hgroup", "search"), _division),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext", "textarea"), _code),
    "li": _paragraph,
    "blockquote": _quote,
    "hr": _rule,
    "details": _expand,
    "figure": _figure,
    "table": _table,
    "dt": _term,
}
