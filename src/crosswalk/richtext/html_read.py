"""Reads HTML, as Aha! stores it, into the document tree. It knows HTML and nothing of Jira's formats.

The HTML5 parser (lexbor, through selectolax) repairs mis-nested markup as browsers do. What has no place in the tree
becomes an island: its HTML is kept, its words are shown. Scripts, styles and comments are not text and are dropped.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from .document import Document
from .html_blocks import Flow, read_into
from .html_looks import looks_lost
from .limits import MAX_DEPTH, check_size, too_deep
from .loss import Loss
from .normal import normalise
from .normal_line import storable

# Their end tag may be left out, so that counting them says nothing about depth.
_OPTIONAL = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "dt",
        "dd",
        "option",
        "optgroup",
        "colgroup",
        "rb",
        "rt",
        "rp",
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_UNCOUNTED = _OPTIONAL | {f"/{name}" for name in _OPTIONAL}
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*)")
_IN_BODY = "<body>"
"""What stands before a text is not its head: a frame set or a title in it would hide the words that follow."""


def read_html(source: str) -> Document:
    """The document that `source` shows.

    Raises TextTooLarge and TextTooDeep (limits.py). Any string is HTML: nothing else is refused.
    """
    return read_html_with_losses(source)[0]


def read_html_with_losses(source: str) -> tuple[Document, tuple[Loss, ...]]:
    """The same, and what the tree does not hold of how it looks, and of where it leads."""
    check_size(source)
    _check_depth(source)
    body = LexborHTMLParser(_IN_BODY + storable(source)).body
    flow = Flow()
    if body is not None:
        read_into(flow, body, (), 0)
    flow.flush()
    lost = looks_lost(body) if body is not None else ()
    return normalise(Document(tuple(flow.blocks))), tuple(Loss("text", what) for what in sorted(lost))


def _check_depth(source: str) -> None:
    """Refuse what would make any HTML5 parser slow: the count of elements open at once is bounded first."""
    if source.count("<") <= MAX_DEPTH:
        return
    open_tags: dict[str, int] = {}
    depth = 0
    for tag in map(str.lower, _TAG.findall(source)):
        if tag in _UNCOUNTED:
            continue
        if tag[0] != "/":
            open_tags[tag] = open_tags.get(tag, 0) + 1
            depth += 1
            if depth > MAX_DEPTH:
                raise too_deep()
        elif open_tags.get(name := tag[1:]):
            open_tags[name] -= 1
            depth -= 1
