"""Words in HTML that a browser shows seldom or never, and that are words all the same: templates, frames, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .blocks import end_of_tag
from .html_inline import attr, children

_HIDDEN = frozenset({"template", "noembed", "noframes"})
"""Elements whose content the parser gives as a fragment of its own, or as text with its tags."""
DROPPED = frozenset({"script", "style", "head", "meta", "link", "base"})
"""Elements that hold no words for people."""
_TABLE = frozenset({"tbody", "thead", "tfoot", "tr", "colgroup"})
_TYPED = frozenset({"", "text", "button", "submit", "reset", "search", "email", "url", "tel", "number", "date"})
_NESTED = re.compile("(</?)template", re.IGNORECASE)


def revealed(node: LexborNode) -> LexborNode:
    """The node that holds what stands in `node`: another one where it is one of _HIDDEN, whose content is read as HTML;
    templates within it as if they were none, so that it ends. Not where it is its children, as in a drawing.
    """
    if node.tag not in _HIDDEN:
        return node
    if node.tag == "template":
        source = node.html or ""
        inside = source[max(0, end_of_tag(source, len("<template"))) :].removesuffix("</template>")
        source = _NESTED.sub(r"\1span", inside)
    elif any(child.is_element_node for child in children(node)):
        return node
    else:
        source = "".join(child.text_content or "" for child in children(node))
    body = LexborHTMLParser(f"<body>{source}").body
    return node if body is None else body


def typed(node: LexborNode) -> str:
    """The words in a field of a form: what it holds, else what stands in it as long as it is empty; of a box none."""
    return (attr(node, "value") or attr(node, "placeholder")) if attr(node, "type").lower() in _TYPED else ""


def between_rows(node: LexborNode) -> Iterator[LexborNode]:
    """The templates of a table that stand in no cell: the one thing with words that a parser leaves there."""
    for child in children(node):
        if child.tag == "template":
            yield child
        elif child.tag in _TABLE:
            yield from between_rows(child)


def loose(node: LexborNode, *tags: str) -> bool:
    """Whether something to read stands straight in `node`, beside its children of these kinds."""
    return any(
        (child.is_element_node and child.tag not in DROPPED) or (child.text_content or "").strip()
        for child in children(node)
        if child.tag not in tags and child.tag != "-comment"
    )
