"""What HTML may contain: one policy, used on what is kept as an island and to check what is written.

No script, no `javascript:`, no event attribute, no form. nh3 (ammonia) does the work.
"""

from __future__ import annotations

import nh3

from .addresses import SCHEMES

_TAGS = frozenset(
    [
        "a",
        "audio",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "iframe",
        "img",
        "ins",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "s",
        "source",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
        "video",
    ]
)
_ISLAND = frozenset({"data-format", "data-source"})
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "style"},
    "a": {"href", "title", "id", "data-media-id", "data-media-collection", "data-attachment"},
    "audio": {"src", "controls"},
    "div": {*_ISLAND, "data-width"},
    "figure": {"data-layout"},
    "iframe": {"src", "width", "height", "title", "allowfullscreen"},
    "img": {"src", "alt", "width", "height", "data-media-id", "data-media-collection", "data-attachment", "data-look"},
    "ol": {"start"},
    "source": {"src", "type"},
    "span": {*_ISLAND, "data-mention-id", "data-emoji", "data-emoji-id", "data-color"},
    "td": {"colspan", "rowspan", "data-colwidth"},
    "th": {"colspan", "rowspan", "data-colwidth"},
    "time": {"datetime"},
    "video": {"src", "controls", "poster", "width", "height"},
}
_STYLES = {"color", "background-color", "text-align", "margin-left"}
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    url_schemes=set(SCHEMES),
    link_rel=None,
    filter_style_properties=_STYLES,
)


def sanitised(html: str) -> str:
    """`html` with everything removed that is not plainly text, shape or picture."""
    return _CLEANER.clean(html)
