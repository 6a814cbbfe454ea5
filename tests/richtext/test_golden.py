"""The wiki markup that is written, read by Atlassian's own converter, is the document that was meant."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crosswalk.richtext import fit, html_to_adf, html_to_wiki
from crosswalk.richtext.adf_read import read_adf
from crosswalk.richtext.adf_write import write_adf
from crosswalk.richtext.document import (
    Block,
    Blocks,
    CodeBlock,
    Document,
    Figure,
    Inlines,
    Item,
    List,
    Mark,
    Mention,
    Panel,
    Paragraph,
    Quote,
    Table,
    Text,
)  # fmt: skip
from crosswalk.richtext.html_read import read_html
from crosswalk.richtext.normal import normalise
from crosswalk.richtext.wiki_read import read_wiki

from .golden.make import cases

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "golden.json").read_text(encoding="utf-8")
)


def test_the_golden_file_is_of_these_cases() -> None:
    assert [one["html"] for one in GOLDEN] == cases()
    stale = [one["html"] for one in GOLDEN if html_to_wiki(one["html"]) != one["wiki"]]
    assert stale == [], "the wiki writer has changed: make golden.json anew as golden/README.md says"


@pytest.mark.parametrize("number", range(len(GOLDEN)))
def test_atlassians_converter_reads_what_was_meant(number: int) -> None:
    one = GOLDEN[number]
    meant, _ = fit(read_wiki(one["wiki"]), "adf")
    assert even(read_adf(one["adf"])) == even(meant), one["wiki"]


@pytest.mark.parametrize("number", range(len(GOLDEN)))
def test_atlassians_converter_gives_our_adf(number: int) -> None:
    """The JSON itself, node by node: no reader of ours stands between, neither of wiki markup nor of ADF."""
    one = GOLDEN[number]
    held, losses = fit(read_html(one["html"]), "wiki")
    ours = write_adf(fit(held, "adf")[0]) if losses else html_to_adf(one["html"])
    assert even_json(ours) == even_json(one["adf"]), one["wiki"]


Json = dict[str, Any]
UNSAID = {"mention": ("text", "accessLevel"), "media": ("width", "height", "collection", "alt")}
"""What wiki markup does not say, or Atlassian's converter invents."""


def even_json(node: Json, *, head: bool = False) -> Json:
    """A node of ADF without what the two converters are known to write differently."""
    kind = node["type"]
    unsaid = ("localId", "isNumberColumnEnabled", "layout", *UNSAID.get(kind, ()))
    attrs = {
        name: value
        for name, value in node.get("attrs", {}).items()
        if name not in unsaid and value not in (None, "", 1)
    }
    out: Json = {"type": kind, "attrs": attrs, "content": []}
    if kind == "text":
        out["text"], out["marks"] = html.unescape(node["text"]), _even_marks(node, head)
    if kind == "taskList":  # wiki markup has no tasks: items with boxes
        return _even_tasks(node)
    for inner in node.get("content", ()):
        made, last = even_json(inner, head=head or kind == "tableHeader"), (out["content"] or [{"type": ""}])[-1]
        if made["type"] == last["type"] == "text" and made["marks"] == last["marks"]:
            last["text"] += made["text"]
        else:
            out["content"].append(made)
    return _trimmed(out)


def _even_marks(node: Json, head: bool) -> list[str]:
    """Without the bold that it gives header cells, and the slash that it takes from an address."""
    marks = []
    for mark in node.get("marks", ()):
        attrs = dict(mark.get("attrs", {}))
        if "href" in attrs:
            attrs = {"href": attrs["href"].rstrip("/")}
        if not (head and mark["type"] == "strong"):
            marks.append(json.dumps([mark["type"], attrs], sort_keys=True))
    return sorted(marks)


def _even_tasks(node: Json) -> Json:
    items = []
    for task in node["content"]:
        box = {"type": "text", "text": "☑ " if task["attrs"]["state"] == "DONE" else "☐ "}
        line = {"type": "paragraph", "content": [box, *task["content"]]}
        items.append({"type": "listItem", "content": [line]})
    return even_json({"type": "bulletList", "content": items})


def _trimmed(node: Json) -> Json:
    """It keeps the space behind a line break, and trims the blank lines at both ends of code."""
    texts, after_break = [], False
    for one in node["content"]:
        if one["type"] == "text":
            text = one["text"].strip("\n") if node["type"] == "codeBlock" else one["text"]
            text = text.removeprefix(" ") if after_break else text
            texts += [{**one, "text": text}] if text else []
        else:
            texts.append(one)
        after_break = one["type"] == "hardBreak"
    return {**node, "content": texts}


def test_a_difference_in_the_json_is_found() -> None:
    """Each node of a document matters: without any one of them it is another."""
    one = next(case for case in GOLDEN if "<table" in case["html"] and "<em" in case["html"])
    whole = json.dumps(even_json(one["adf"]))
    spoiled = [one["adf"] | {"content": []}, json.loads(json.dumps(one["adf"]).replace('"em"', '"strong"')),
        json.loads(json.dumps(one["adf"]).replace("tableHeader", "tableCell"))]  # fmt: skip
    assert all(json.dumps(even_json(other)) != whole for other in spoiled)


def even(document: Document) -> Document:
    """`document` without what the two converters are known to see differently."""
    return normalise(Document(_blocks(document.blocks, frozenset())))


def _blocks(blocks: Blocks, drop: frozenset[str]) -> Blocks:
    return tuple(_block(block, drop) for block in blocks)


def _block(block: Block, drop: frozenset[str]) -> Block:
    match block:
        case Paragraph(inlines=inlines):
            return replace(block, inlines=_line(inlines, drop))
        case List(items=items):
            return replace(block, items=tuple(Item(_blocks(item.blocks, drop)) for item in items))
        case Quote(blocks=inner):
            return Quote(_blocks(inner, drop))
        case Panel(blocks=inner):
            return replace(block, blocks=_blocks(inner, drop))
        case Table(rows=rows):
            # Atlassian's converter makes the words of header cells bold.
            return replace(block, rows=tuple(
                tuple(replace(cell, blocks=_blocks(cell.blocks,
                    frozenset({"strong"}) if cell.header else drop)) for cell in row)
                for row in rows
            ))  # fmt: skip
        case CodeBlock(text=text):
            # It trims the blank lines at both ends of code.
            return replace(block, text=text.strip("\n"))
        case Figure(image=image):
            # It invents a size where none is given.
            return replace(block, image=replace(image, width=0, height=0))
        case _ if hasattr(block, "inlines"):
            return replace(block, inlines=_line(block.inlines, drop))
        case _:
            return block


def _line(inlines: Inlines, drop: frozenset[str]) -> Inlines:
    out = []
    for inline in inlines:
        if isinstance(inline, Text):
            # Data Center's renderer shows `&#92;` as a backslash; Cloud's converter leaves entities as they are.
            marks = tuple(mark for mark in inline.marks if mark.kind not in drop)
            out.append(Text(html.unescape(inline.text), tuple(_mark(mark) for mark in marks)))
        elif isinstance(inline, Mention):
            # It knows no names.
            out.append(Mention(inline.ident))
        else:
            out.append(inline)
    return tuple(out)


def _mark(mark: Mark) -> Mark:
    return replace(mark, value=mark.value.rstrip("/")) if mark.kind == "link" else mark
