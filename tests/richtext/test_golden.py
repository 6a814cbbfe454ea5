"""The wiki markup that is written, read by Atlassian's own converter, is the document that was meant."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crosswalk.richtext import fit, html_to_wiki
from crosswalk.richtext.adf_read import read_adf
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
