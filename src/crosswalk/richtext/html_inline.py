"""Reads the inline elements of HTML: marks, links, pictures, mentions. See html_read.py for what it refuses to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from selectolax.lexbor import LexborNode

from .addresses import color, safe_address
from .document import Anchor, Card, Date, Emoji, Image, Inline, InlineIsland, Mark, Mention, Status, Text
from .normal_line import line
from .wiki_words import picture_look

Marks = tuple[Mark, ...]

_KINDS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "dfn": "em", "var": "em",
    "u": "underline", "ins": "underline", "s": "strike", "del": "strike", "strike": "strike",
    "code": "code", "tt": "code", "kbd": "code", "samp": "code", "sub": "sub", "sup": "sup",
}  # fmt: skip
SIMPLE_MARKS = {tag: Mark(kind) for tag, kind in _KINDS.items()}


def children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def attr(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def classes(node: LexborNode) -> list[str]:
    return attr(node, "class").split()


def text(node: LexborNode) -> str:
    """The words inside `node` as one line."""
    return line(node.text(deep=True))


def number(value: str, largest: int = 100_000) -> int:
    """The whole number at the start of `value` ("120px"), 0 where there is none."""
    found = re.match(r"\s*(\d{1,6})", value)
    return min(int(found[1]), largest) if found else 0


def style(node: LexborNode) -> dict[str, str]:
    """The declarations of the style attribute."""
    declared: dict[str, str] = {}
    for declaration in attr(node, "style").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            declared[name.strip().lower()] = value.strip()
    return declared


_INDENT_PIXELS = 40


def placed(node: LexborNode) -> tuple[str, int]:
    """Alignment and indentation."""
    if not node.attributes:
        return "", 0
    declared = style(node)
    align = (declared.get("text-align") or attr(node, "align")).lower()
    shift = number(declared.get("margin-left", "") or declared.get("padding-left", ""))
    where = {"center": "center", "right": "end", "end": "end"}.get(align, "")
    return where, 0 if where else min(6, round(shift / _INDENT_PIXELS))


def share(node: LexborNode) -> float:
    """The width of a column, in per cent; 0 where it says none."""
    try:
        return min(100.0, max(0.0, float(attr(node, "data-width"))))
    except ValueError:
        return 0


# ---- inlines ----------------------------------------------------------------------------------------


def whole_inline(node: LexborNode, tag: str, marks: Marks) -> Inline | None:
    """The inline that an element as a whole is, None where its content counts."""
    match tag:
        case "a":
            return _special_link(node)
        case "span":
            return _special_span(node)
        case "img":
            return _image(node, marks)
        case "time":
            return _date(node)
        case _:
            return None


def _image(node: LexborNode, marks: Marks) -> Inline | None:
    alt = attr(node, "alt")
    source = attr(node, "src")
    if "emoji" in classes(node) or "/emoticons/" in source:
        return Text(alt or attr(node, "title"), marks)
    href = next((mark.value for mark in marks if mark.kind == "link"), "")
    width, height = number(attr(node, "width")), number(attr(node, "height"))
    look = picture_look(attr(node, "data-look"))
    if media := attr(node, "data-media-id"):
        return Image(media, "file", alt, width, height, href, attr(node, "data-media-collection"), look)
    if name := attr(node, "data-attachment"):
        return Image(name, "name", alt, width, height, href, look=look)
    address = safe_address(source)
    return Image(address, "url", alt, width, height, href, look=look) if address else Text(alt, marks)


def _date(node: LexborNode) -> Inline | None:
    try:
        day = date.fromisoformat(attr(node, "datetime")).isoformat()
    except ValueError:
        return None
    return Date(day) if text(node) == day else None


def _special_link(node: LexborNode) -> Inline | None:
    given = node.attributes
    if "class" not in given and "href" in given:
        return None
    kinds = classes(node)
    shown = text(node)
    if "attachment" in kinds and (media := attr(node, "data-media-id")):
        return Image(media, "link", shown, collection=attr(node, "data-media-collection"))
    if "attachment" in kinds and shown and (name := attr(node, "data-attachment")):
        return Image(name, "attached", shown)
    address = safe_address(attr(node, "href"))
    if "smart-link" in kinds and address and shown == address:
        return Card(address)
    name = attr(node, "name") or attr(node, "id")
    if name and "href" not in node.attributes and node.first_child is None:
        return Anchor(name)
    return None


def _special_span(node: LexborNode) -> Inline | None:
    if not (kinds := classes(node)):
        return None
    shown = text(node)
    if "mention" in kinds and (ident := attr(node, "data-mention-id")):
        return Mention(ident, shown)
    if "emoji" in kinds and (name := attr(node, "data-emoji")):
        return Emoji(name, shown, attr(node, "data-emoji-id"))
    if "status" in kinds and shown:
        return Status(shown, attr(node, "data-color") or "neutral")
    if "island" in kinds and attr(node, "data-format") in ("adf", "wiki") and (source := attr(node, "data-source")):
        return InlineIsland(attr(node, "data-format"), source, shown)
    return None


# ---- marks ------------------------------------------------------------------------------------------


def marks_of(node: LexborNode, tag: str) -> Marks:
    if tag == "a":
        given = node.attributes
        address = safe_address(given.get("href") or "")
        return (Mark("link", address, given.get("title") or ""),) if address else ()
    found: list[Mark] = []
    if tag == "mark":
        found.append(Mark("background", color(style(node).get("background-color", "")) or "#ffff00"))
    elif tag == "font" and (shade := color(attr(node, "color"))):
        found.append(Mark("color", shade))
    elif tag == "span" and "opaque" in classes(node):
        found.append(Mark("opaque", attr(node, "data-source"), attr(node, "data-format")))
    if tag in ("span", "font") and attr(node, "style"):
        found.extend(_styled(style(node)))
    return tuple(found)


def _styled(declared: dict[str, str]) -> Iterator[Mark]:
    if shade := color(declared.get("color", "")):
        yield Mark("color", shade)
    if shade := color(declared.get("background-color", declared.get("background", ""))):
        yield Mark("background", shade)
    weight = declared.get("font-weight", "")
    if weight in ("bold", "bolder") or number(weight) >= 600:
        yield Mark("strong")
    if declared.get("font-style") in ("italic", "oblique"):
        yield Mark("em")
    decoration = declared.get("text-decoration", declared.get("text-decoration-line", ""))
    if "underline" in decoration:
        yield Mark("underline")
    if "line-through" in decoration:
        yield Mark("strike")
    if (shift := declared.get("vertical-align")) in ("sub", "super"):
        yield Mark("sub" if shift == "sub" else "sup")
