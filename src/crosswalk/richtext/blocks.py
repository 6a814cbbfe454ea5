"""Takes a text apart into its outermost blocks (paragraphs, lists, tables), in its own bytes, and together again.

`join_blocks(f, split_blocks(f, text)) == text` for whatever servers store; where that can not be, the whole text is one
block. Reads no meaning out of a block. Linear in the length of the text.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping

from .adf_json import canonical, content_of

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
BLOCK = frozenset(
    {
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "center",
            "details",
            "div",
            "dl",
            "fieldset",
            "figure",
            "footer",
        ),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "ul"),
    }
)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)")
_STOP = re.compile(r"[>\"']")
_HEADING = re.compile(r"[ \t]*h[1-6]\.\s")
_MACRO = re.compile(r"(?<!\\)\{(code|noformat|quote|panel|color)(:[^{}\n]*)?\}")
_BLANK = re.compile(r"\s*\Z")


def split_blocks(format_name: str, source: str) -> tuple[str, ...]:
    """The outermost blocks of `source`, in the format's own form; `format_name` is html, adf or wiki."""
    if not source:
        return ()
    blocks = _SPLITTERS[format_name](source)
    return blocks if join_blocks(format_name, blocks) == source else (source,)


def join_blocks(format_name: str, blocks: tuple[str, ...]) -> str:
    """The text that consists of `blocks`."""
    if format_name == "adf":
        if len(blocks) == 1 and '"type":"doc"' in blocks[0] and json.loads(blocks[0]).get("type") == "doc":
            return blocks[0]
        content = [json.loads(block) for block in blocks]
        return canonical({"type": "doc", "version": 1, "content": content}) if content else ""
    return _join_wiki(blocks) if format_name == "wiki" else "".join(blocks)


# ---- ADF ----------------------------------------------------------------------------------------------


def _split_adf(source: str) -> tuple[str, ...]:
    return tuple(canonical(node) for node in content_of(json.loads(source)))


# ---- HTML ---------------------------------------------------------------------------------------------


def _split_html(source: str) -> tuple[str, ...]:
    """Cuts where an outermost block begins or ends; what stands loose between blocks is a block of its own."""
    cuts = sorted({0, len(source), *_html_cuts(source)})
    pieces = [source[start:end] for start, end in itertools.pairwise(cuts)]
    blocks: list[str] = []
    for piece in pieces:
        # White space between two blocks belongs to the one before it.
        if blocks and _BLANK.match(piece):
            blocks[-1] += piece
        else:
            blocks.append(piece)
    return tuple(blocks)


def _html_cuts(source: str) -> Iterator[int]:
    open_tags: list[str] = []
    inside: dict[str, int] = {}
    for start, end, closing, name in _tags(source):
        if closing:
            if inside.get(name):
                while open_tags:
                    gone = open_tags.pop()
                    inside[gone] -= 1
                    if gone == name:
                        break
                if not open_tags and name in BLOCK:
                    yield end
            continue
        if name in BLOCK and open_tags == ["p"]:  # a paragraph ends where the next block begins
            open_tags.clear()
            inside["p"] = 0
        if name in BLOCK and not open_tags:
            yield start
        if name in VOID:
            if name == "hr" and not open_tags:
                yield end
        else:
            open_tags.append(name)
            inside[name] = inside.get(name, 0) + 1


def _tags(source: str) -> Iterator[tuple[int, int, bool, str]]:
    """Where each tag begins and ends, whether it closes, and its name. Comments are passed over."""
    at = 0
    while (start := source.find("<", at)) >= 0:
        if source.startswith("<!--", start):
            end = source.find("-->", start)
            if end < 0:
                return
            at = end + 3
            continue
        found = _TAG.match(source, start)
        if found is None:
            at = start + 1
            continue
        at = end_of_tag(source, found.end())
        if at < 0:
            return
        yield start, at, bool(found[1]), found[2].lower()


def end_of_tag(source: str, at: int) -> int:
    """Behind the tag's “>”, past quoted values; -1 where it never ends."""
    while stop := _STOP.search(source, at):
        if stop[0] == ">":
            return stop.end()
        at = source.find(stop[0], stop.end()) + 1
        if at == 0:
            return -1
    return -1


# ---- wiki markup --------------------------------------------------------------------------------------


def _split_wiki(source: str) -> tuple[str, ...]:
    """Cuts behind blank lines and around headings, but never inside a macro such as {code}."""
    blocks: list[str] = []
    current = ""
    macro = ""
    blank = False
    for line in source.splitlines(keepends=True):
        text = line.strip()
        begins = not macro and text and (blank or _HEADING.match(line) or _HEADING.match(current))
        if current and begins:
            blocks.append(current)
            current = ""
        current += line
        macro = _macro_after(line, macro)
        blank = not text and not macro
    return (*blocks, current) if current else tuple(blocks)


def _macro_after(line: str, macro: str) -> str:
    """The macro that is open behind `line`; the same word opens and closes one."""
    for found in _MACRO.finditer(line):
        if not macro:
            macro = found[1]
        elif macro == found[1]:
            macro = ""
    return macro


def _join_wiki(blocks: tuple[str, ...]) -> str:
    text = ""
    for index, block in enumerate(blocks):
        text += block
        if index + 1 == len(blocks):
            break
        heading = _HEADING.match(block) or _HEADING.match(blocks[index + 1])
        if not block.endswith("\n"):
            text += "\n" if heading else "\n\n"
        elif not heading and not re.search(r"\n[ \t]*\r?\n\Z", block):
            text += "\n"
    return text


_SPLITTERS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "adf": _split_adf,
    "html": _split_html,
    "wiki": _split_wiki,
}
