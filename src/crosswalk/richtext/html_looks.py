"""How HTML of other makers says what a text looks like: widths of columns, boxes of a checklist; and what of it the
document tree does not hold (fonts, sizes, directions), by name."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from .addresses import color, safe_address
from .html_inline import attr, children, classes, number, style

_TOLD = frozenset({"font-size", "font-family", "direction", "letter-spacing", "text-transform", "font-variant"})
_COLORS = ("color", "background-color", "background")
_COLORED = frozenset({"span", "font", "mark", "td", "th"})
_USUAL = frozenset(
    {"", "inherit", "initial", "unset", "revert", "normal", "transparent", "none", "currentcolor", "ltr"}
)
_LOOKS = "a[href], [style], [dir], font[size], font[face], big, small"


def column_widths(table: LexborNode) -> list[int]:
    """The widths that the table says column by column, in pixels; 0 where it says none."""
    found: list[int] = []
    for part in children(table):
        columns = children(part) if part.tag == "colgroup" else [part]
        for column in columns:
            if column.tag == "col":
                found += [_pixels(column)] * max(1, number(attr(column, "span"), 1000))
    return found


def cell_widths(cell: LexborNode, columns: list[int], at: int, span: int) -> tuple[int, ...]:
    """The widths of the columns that a cell spans from column `at` on, or nothing where not all of them are known."""
    given = attr(cell, "data-colwidth") or attr(cell, "colwidth")
    if given:
        return tuple(number(width) for width in given.split(",") if number(width))
    spanned = tuple(columns[at : at + span])
    if len(spanned) == span and all(spanned):
        return spanned
    own = _pixels(cell)
    return (own,) if own and span == 1 else ()


def _pixels(node: LexborNode) -> int:
    """A width in pixels; one in per cent, or of other units, says nothing about them."""
    given = style(node).get("width", "") or attr(node, "width")
    return number(given) if given.strip().removesuffix("px").strip().replace(".", "", 1).isdigit() else 0


def is_checklist(node: LexborNode) -> bool:
    """Whether every item of a list has a box to tick, whatever the list is called."""
    found = False
    child = node.first_child
    while child is not None:
        if child.tag == "li" and not (found := _is_ticked(child)):
            return False
        child = child.next
    return found


def _is_ticked(item: LexborNode) -> bool:
    """Whether a box is the first thing in an item."""
    node: LexborNode | None = item
    while node is not None and node.tag in ("li", "p", "label", "span", "div"):
        node = node.first_child
        while node is not None and not (node.is_element_node or (node.text_content or "").strip()):
            node = node.next
    return node is not None and node.tag == "input" and attr(node, "type").lower() == "checkbox"


def looks_lost(body: LexborNode) -> set[str]:
    """What of `body` the tree does not hold, as keys of LOSSES."""
    return {what for node in body.css(_LOOKS) for what in _lost(node)}


def _is_colored(node: LexborNode) -> bool:
    """Whether a colour of it has a place in the tree."""
    return node.tag in _COLORED or "panel" in classes(node)


def _lost(node: LexborNode) -> Iterator[str]:
    tag, given = node.tag or "", node.attributes
    if tag == "a" and (href := (given.get("href") or "").strip()) and not safe_address(href):
        yield "address"
    if tag in ("big", "small", "font") or (given.get("dir") or "").lower() not in _USUAL:
        yield "style"
    if "style" not in given:
        return
    declared = {name: value.lower() for name, value in style(node).items() if value.lower() not in _USUAL}
    shades = [declared[name] for name in _COLORS if name in declared]
    if declared.keys() & _TOLD or any(not _is_colored(node) or not color(one) for one in shades):
        yield "style"
