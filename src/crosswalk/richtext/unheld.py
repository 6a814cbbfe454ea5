"""What the document tree does not hold of an ADF object: widths, frames, icons. It names them; it changes nothing.

What becomes an island is kept whole, and ids that Jira makes anew itself are nobody's loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .addresses import safe_address
from .adf_json import Node, attrs_of, content_of, kind_of, mark_of, string
from .loss import Loss

_PICTURE: Final = frozenset({"type", "id", "collection", "url", "alt", "width", "height", "occurrenceKey"})
_NOTHING: Final = frozenset[str]()
_HELD: Final = {
    **dict.fromkeys(("paragraph", "bulletList", "listItem", "taskList", "decisionList", "blockquote"), _NOTHING),
    **dict.fromkeys(("rule", "tableRow", "mediaGroup", "caption", "layoutSection", "text"), _NOTHING),
    **dict.fromkeys(("expand", "nestedExpand"), frozenset({"title"})),
    **dict.fromkeys(("taskItem", "blockTaskItem", "decisionItem"), frozenset({"state"})),
    **dict.fromkeys(("tableCell", "tableHeader"), frozenset({"colspan", "rowspan", "colwidth", "background"})),
    **dict.fromkeys(("media", "mediaInline"), _PICTURE),
    **dict.fromkeys(("blockCard", "embedCard", "inlineCard"), frozenset({"url"})),
    "heading": frozenset({"level"}),
    "orderedList": frozenset({"order"}),
    "codeBlock": frozenset({"language", "uniqueId"}),
    "panel": frozenset({"panelType", "panelColor"}),
    "table": frozenset({"isNumberColumnEnabled"}),
    "mediaSingle": frozenset({"layout"}),
    "layoutColumn": frozenset({"width"}),
    "emoji": frozenset({"shortName", "text", "id"}),
    "mention": frozenset({"id", "text", "userType", "accessLevel"}),
    "date": frozenset({"timestamp"}),
    "status": frozenset({"text", "color"}),
    "hardBreak": frozenset({"text"}),
}
"""The attributes of each kind of node that have a place in the tree, or say nothing about it."""
_HELD_MARKS: Final = {
    **dict.fromkeys(("paragraph", "heading"), frozenset({"alignment", "indentation"})),
    **dict.fromkeys(("media", "mediaInline", "mediaSingle"), frozenset({"link"})),
}
_USUAL: Final = {("layout", "default"), ("layout", "center"), ("layout", "align-start"), ("widthType", "percentage"),
                 ("widthType", "pixel"), ("displayMode", "default"), ("wrap", False)}  # fmt: skip
"""What says nothing by itself: how Jira shows it anyway, or in which unit a width is."""


def unheld(source: Node) -> Iterator[Loss]:
    """A loss for each outermost block that holds something the tree does not."""
    for number, block in enumerate(content_of(source), 1):
        for what in sorted({what for node in _known(block) for what in _lost(node)}):
            yield Loss(f"block {number}", what)


def _known(block: Node) -> Iterator[Node]:
    """Every node of a block that says something, is no island and stands in none. Without recursion."""
    pending = [block]
    while pending:
        node = pending.pop()
        kind = kind_of(node)
        if kind in _HELD and "datasource" not in attrs_of(node):
            if "attrs" in node or "marks" in node or kind == "blockTaskItem":  # most nodes have neither
                yield node
            if "content" in node:
                pending += content_of(node)


def _lost(node: Node) -> Iterator[str]:
    kind = kind_of(node)
    if (link := mark_of(node, "link")) is not None and not safe_address(string(link, "href")):
        yield "address"
    if kind in ("text", "hardBreak"):
        return  # marks of a text that are not known are kept (adf_read.py)
    if kind == "blockTaskItem" and any(kind_of(one) != "paragraph" for one in content_of(node)):
        yield "island"
    given = {name: value for name, value in attrs_of(node).items() if value not in (None, "") and name != "localId"}
    named = {name for name, value in given.items() if not name.startswith("__") and not _is_usual(name, value)}
    marks = {kind_of(mark) for mark in content_of(node, "marks")}
    if named - _HELD[kind] or marks - _HELD_MARKS.get(kind, _NOTHING):
        yield "look"


def _is_usual(name: str, value: object) -> bool:
    return isinstance(value, str | bool) and (name, value) in _USUAL
