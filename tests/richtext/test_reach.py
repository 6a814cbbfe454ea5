"""The laws find what they are there for: each planted fault is found by the generated documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from re import sub

import pytest
from hypothesis import Phase, given, settings

from crosswalk.richtext import fit
from crosswalk.richtext.adf_read import read_adf
from crosswalk.richtext.adf_write import write_adf
from crosswalk.richtext.document import Block, Blocks, Document, Item, List, Paragraph, Table, Text
from crosswalk.richtext.html_read import read_html
from crosswalk.richtext.html_write import write_html
from crosswalk.richtext.normal import normalise
from crosswalk.richtext.wiki_read import read_wiki
from crosswalk.richtext.wiki_write import write_wiki

from .documents import POOL, documents


def _flat(document: Document) -> Document:
    """Inner lists are put beside the outer ones."""

    def flat(blocks: Blocks) -> Blocks:
        out = []
        for block in blocks:
            if isinstance(block, List):
                inner = [one for item in block.items for one in item.blocks if isinstance(one, List)]
                own = [Item(tuple(one for one in item.blocks if not isinstance(one, List))) for item in block.items]
                out += [replace(block, items=tuple(own)), *inner]
            else:
                out.append(block)
        return tuple(out)

    return Document(flat(document.blocks))


def _last_mark_lost(document: Document) -> Document:
    def one(block: Block) -> Block:
        if isinstance(block, Paragraph):
            return replace(block, inlines=tuple(
                Text(inline.text, inline.marks[:-1]) if isinstance(inline, Text) and len(inline.marks) > 1 else inline
                for inline in block.inlines
            ))  # fmt: skip
        return block

    return Document(tuple(one(block) for block in document.blocks))


def _headers_lost(document: Document) -> Document:
    return Document(tuple(
        replace(block, rows=tuple(tuple(replace(cell, header=False) for cell in row) for row in block.rows))
        if isinstance(block, Table) else block
        for block in document.blocks
    ))  # fmt: skip


def _wiki(spoil: Callable[[str], str]) -> Callable[[Document], Document]:
    return lambda document: read_wiki(spoil(write_wiki(document)))


def _html(spoil: Callable[[str], str]) -> Callable[[Document], Document]:
    return lambda document: read_html(spoil(write_html(document)))


PLANTED: dict[str, tuple[str, Callable[[Document], Document]]] = {
    "wiki: * is not escaped": ("wiki", _wiki(lambda text: text.replace("\\*", "*"))),
    "wiki: { is not escaped": ("wiki", _wiki(lambda text: text.replace("\\{", "{"))),
    "wiki: mentions are not escaped": ("wiki", _wiki(lambda text: sub(r"\\([\[~\]])", r"\1", text))),
    "wiki: ! is not escaped": ("wiki", _wiki(lambda text: text.replace("\\!", "!"))),
    "wiki: - is not escaped": ("wiki", _wiki(lambda text: text.replace("\\-", "-"))),
    "wiki: smileys are not escaped": ("wiki", _wiki(lambda text: text.replace("\\)", ")").replace("\\(", "("))),
    "wiki: the dot of h1. is not written as an entity": ("wiki", _wiki(lambda text: text.replace("&#46;", "."))),
    "wiki: a bar in a cell is not an entity": ("wiki", _wiki(lambda text: text.replace("&#124;", "|"))),
    "wiki: a backslash is not an entity": ("wiki", _wiki(lambda text: text.replace("&#92;", "\\"))),
    "wiki: an ampersand is not an entity": ("wiki", _wiki(lambda text: text.replace("&#38;", "&"))),
    "wiki: signs inside a word have no braces": ("wiki", _wiki(lambda text: re.sub(r"\{([*_+^~-])\}", r"\1", text))),
    "wiki: numbered items become bullets": ("wiki", _wiki(lambda text: text.replace("\n#", "\n*"))),
    "wiki: line breaks become spaces": ("wiki", _wiki(lambda text: text.replace("\\\\ ", " "))),
    "wiki: spaces in code are lost": ("wiki", _wiki(lambda text: re.sub("  +", " ", text))),
    "html: < is not escaped": ("html", _html(lambda text: text.replace("&lt;", "<"))),
    "html: & is not escaped": ("html", _html(lambda text: text.replace("&amp;", "&"))),
    "html: quotes in attributes are not escaped": ("html", _html(lambda text: text.replace("&quot;", '"'))),
    "html: no-break spaces become spaces": ("html", _html(lambda text: text.replace("&nbsp;", " "))),
    "html: start numbers are lost": ("html", _html(lambda text: text.replace(' start="3"', ""))),
    "html: merged cells are lost": ("html", _html(lambda text: text.replace(' rowspan="2"', ""))),
    "html: checked items are open": ("html", _html(lambda text: text.replace('"checked"', '"unchecked"'))),
    "adf: inner lists are put beside the outer": ("adf", lambda document: read_adf(write_adf(_flat(document)))),
    "adf: the innermost mark is lost": ("adf", lambda document: read_adf(write_adf(_last_mark_lost(document)))),
    "adf: header cells are cells": ("adf", lambda document: read_adf(write_adf(_headers_lost(document)))),
}  # fmt: skip


@pytest.fixture(scope="module")
def many() -> list[Document]:
    """Generated documents, drawn once for all faults, and a paragraph of each awkward text."""
    found = [normalise(Document((Paragraph((Text(text),)),))) for text in POOL[::4]]

    @settings(max_examples=600, phases=[Phase.generate])
    @given(documents)
    def draw(document: Document) -> None:
        found.append(document)

    draw()
    return found


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, many: list[Document]) -> None:
    name, faulty = PLANTED[fault]

    def breaks_the_law(document: Document) -> bool:
        fitted, _ = fit(document, name)
        return faulty(fitted) != fitted

    assert any(map(breaks_the_law, many))
