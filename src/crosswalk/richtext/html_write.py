"""Writes the document tree as HTML for Aha!. It writes only what html_safe.py allows and html_read.py reads back.

Elements are the plain ones that any editor keeps; what HTML has no element for (a mention, a lozenge, a panel) is a
`span` or `div` with a class and data attributes. Where a server strips those, the words remain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .document import (
    Anchor,
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
from .html_safe import sanitised
from .runs import run, unopened

_TAGS = {
    "strong": "strong", "em": "em", "underline": "u", "strike": "s", "code": "code", "sub": "sub", "sup": "sup",
}  # fmt: skip
_TO_ESCAPE = re.compile("[&<>\u00a0]")


def write_html(document: Document) -> str:
    """`document` as HTML, safe to show."""
    return "".join(map(_block, document.blocks))


def escaped(text: str) -> str:
    if _TO_ESCAPE.search(text) is None:
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\u00a0", "&nbsp;")


def _attributes(**values: str | int) -> str:
    """Attributes as ` name="value"`, empty ones left out; `_` in a name stands for `-`."""
    given = ""
    for name, value in values.items():
        if value not in ("", 0):
            shown = escaped(str(value)).replace('"', "&quot;")
            given += f' {name.rstrip("_").replace("_", "-")}="{shown}"'
    return given


def _style(**values: str) -> str:
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in values.items() if value)


def _blocks(blocks: Blocks) -> str:
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            inner = write_line(block.inlines) or "<br>"
            return f"<p{_placed(block)}>{inner}</p>"
        case Heading(level=level):
            return f"<h{level}{_placed(block)}>{write_line(block.inlines)}</h{level}>"
        case List():
            return _list(block)
        case TaskList(tasks=tasks):
            return _tasks(tasks)
        case DecisionList(items=items):
            return '<ul class="decisions">' + "".join(f"<li>{write_line(item)}</li>" for item in items) + "</ul>"
        case CodeBlock():
            language = f"language-{block.language}" if block.language else ""
            return f"<pre><code{_attributes(class_=language)}>{escaped(block.text)}</code></pre>"
        case Quote():
            return f"<blockquote>{_blocks(block.blocks)}</blockquote>"
        case Table():
            return _table(block)
        case _:
            return _rarer(block)


def _rarer(block: Block) -> str:
    match block:
        case Rule():
            return "<hr>"
        case Panel():
            title = f'<div class="panel-title">{escaped(block.title)}</div>' if block.title else ""
            look = _attributes(class_=f"panel panel-{block.kind}", style=_style(background_color=block.color))
            return f"<div{look}>{title}{_blocks(block.blocks)}</div>"
        case Expand():
            return f"<details><summary>{escaped(block.title)}</summary>{_blocks(block.blocks)}</details>"
        case Figure():
            return _figure(block)
        case CardBlock(url=url, embed=embed):
            kind = "smart-link-embed" if embed else "smart-link-block"
            return f"<p><a{_attributes(class_=kind, href=url)}>{escaped(url)}</a></p>"
        case Layout(columns=columns):
            return '<div class="layout">' + "".join(map(_column, columns)) + "</div>"
        case Island():
            return _island(block)
        case _:
            return ""


def _column(column: Column) -> str:
    look = _attributes(class_="layout-column", data_width=f"{column.width:g}")
    return f"<div{look}>{_blocks(column.blocks)}</div>"


def _placed(block: Paragraph | Heading) -> str:
    if not block.align and not block.indent:
        return ""
    align = {"end": "right"}.get(block.align, block.align)
    shift = f"{block.indent * 40}px" if block.indent else ""
    return _attributes(style=_style(text_align=align, margin_left=shift))


def _list(block: List) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
    items = "".join([f"<li>{_body(item.blocks)}</li>" for item in block.items])
    return f"<{tag}{start}>{items}</{tag}>"


def _body(blocks: Blocks) -> str:
    """The content of an item or a cell; a plain first line needs no paragraph element where only lists follow."""
    if blocks and type(first := blocks[0]) is Paragraph and not first.align and not first.indent:
        if len(blocks) == 1:
            return write_line(first.inlines)
        if all(isinstance(block, List | TaskList) for block in blocks[1:]):
            return write_line(first.inlines) + _blocks(blocks[1:])
    return _blocks(blocks)


def _tasks(tasks: tuple[Task, ...]) -> str:
    return '<ul class="checklist">' + "".join(map(_task, tasks)) + "</ul>"


def _task(task: Task) -> str:
    state = "checked" if task.done else "unchecked"
    nested = _tasks(task.children) if task.children else ""
    return f'<li class="{state}">{write_line(task.inlines)}{nested}</li>'


def _table(table: Table) -> str:
    kind = ' class="numbered"' if table.numbered else ""
    rows = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in table.rows)
    return f"<table{kind}><tbody>{rows}</tbody></table>"


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    look = _attributes(
        colspan=cell.colspan if cell.colspan > 1 else "",
        rowspan=cell.rowspan if cell.rowspan > 1 else "",
        data_colwidth=",".join(map(str, cell.widths)),
        style=_style(background_color=cell.background),
    )
    return f"<{tag}{look}>{_body(cell.blocks)}</{tag}>"


def _figure(block: Figure) -> str:
    image = _image(block.image)
    if not block.caption and not block.layout:
        return f"<p>{image}</p>"
    caption = f"<figcaption>{write_line(block.caption)}</figcaption>" if block.caption else ""
    return f"<figure{_attributes(data_layout=block.layout)}>{image}{caption}</figure>"


def _island(block: Island) -> str:
    if block.format == "html":
        return sanitised(block.source)
    look = _attributes(class_="island", data_format=block.format, data_source=block.source)
    return f"<div{look}>{escaped(block.text)}</div>"


# ---- lines ------------------------------------------------------------------------------------------


def write_line(inlines: Inlines) -> str:
    """A line, its marks nested and shared by neighbours."""
    if len(inlines) == 1 and type(only := inlines[0]) is Text and not only.marks:
        return escaped(only.text)
    return _nested(inlines, ())


def _nested(inlines: Inlines, opened: tuple[Mark, ...]) -> str:
    out: list[str] = []
    start, size = 0, len(inlines)
    while start < size:
        inline = inlines[start]
        start += 1
        if type(inline) is Text and not inline.marks:
            out.append(escaped(inline.text))
            continue
        wanted = unopened(inline, opened)
        if wanted and start < size:
            mark, end = run(inlines, start - 1, wanted)
            if end > start:
                out.append(_marked(mark, _nested(inlines[start - 1 : end], (*opened, mark))))
                start = end
                continue
        shown = escaped(inline.text) if type(inline) is Text else _inline(inline)
        for mark in reversed(wanted):
            shown = _marked(mark, shown)
        out.append(shown)
    return "".join(out)


def _marked(mark: Mark, inner: str) -> str:
    if tag := _TAGS.get(mark.kind):
        return f"<{tag}>{inner}</{tag}>"
    match mark.kind:
        case "link":
            return f"<a{_attributes(href=mark.value, title=mark.title)}>{inner}</a>"
        case "color":
            return f'<span style="color:{mark.value}">{inner}</span>'
        case "background":
            return f'<span style="background-color:{mark.value}">{inner}</span>'
        case _:
            look = _attributes(class_="opaque", data_format=mark.title, data_source=mark.value)
            return f"<span{look}>{inner}</span>"


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text=text):
            return escaped(text)
        case Break():
            return "<br>"
        case Image():
            return _image_bare(inline)
        case Mention(ident=ident, text=text):
            return f"<span{_attributes(class_='mention', data_mention_id=ident)}>{escaped(text)}</span>"
        case Emoji(name=name, text=text, ident=ident):
            look = _attributes(class_="emoji", data_emoji=name, data_emoji_id=ident)
            return f"<span{look}>{escaped(text)}</span>"
        case Date(day=day):
            return f'<time datetime="{day}">{day}</time>'
        case Status(text=text, color=color):
            return f"<span{_attributes(class_='status', data_color=color)}>{escaped(text)}</span>"
        case Card(url=url):
            return f"<a{_attributes(class_='smart-link', href=url)}>{escaped(url)}</a>"
        case Anchor(name=name):
            return f"<a{_attributes(id=name)}></a>"
        case InlineIsland():
            return _inline_island(inline)


def _inline_island(inline: InlineIsland) -> str:
    if inline.format == "html":
        return sanitised(inline.source)
    look = _attributes(class_="island", data_format=inline.format, data_source=inline.source)
    return f"<span{look}>{escaped(inline.text)}</span>"


def _image(image: Image) -> str:
    bare = _image_bare(image)
    return f"<a{_attributes(href=image.href)}>{bare}</a>" if image.href else bare


def _image_bare(image: Image) -> str:
    if image.kind == "link":
        look = _attributes(class_="attachment", data_media_id=image.ref, data_media_collection=image.collection)
        return f"<a{look}>{escaped(image.alt)}</a>"
    if image.kind == "attached":
        return f"<a{_attributes(class_='attachment', data_attachment=image.ref)}>{escaped(image.alt or image.ref)}</a>"
    where: Iterable[tuple[str, str]] = {
        "file": (("data_media_id", image.ref), ("data_media_collection", image.collection)),
        "name": (("data_attachment", image.ref),),
    }.get(image.kind, (("src", image.ref),))
    shape = _attributes(alt=image.alt, width=image.width, height=image.height, data_look=image.look)
    return f"<img{_attributes(**dict(where))}{shape}>"
