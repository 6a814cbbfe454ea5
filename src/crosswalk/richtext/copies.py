"""The first line of a copied comment: who wrote it, where and when, with a link that also says what it is a copy of.

A copy is known again by the end of that link's address (`#crosswalk=comment-ID`), in each format. Pure.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from .adf_json import attrs_of, canonical, content_of, kind_of, mark_of, string

MARK = "#crosswalk=comment-"
_IN_ADDRESS = re.compile(re.escape(MARK) + r"([\w.-]+)")
_SITE = re.compile(rf"(https?://[^/\s\"|\]]+)[^\s\"|\]]*{re.escape(MARK)}", re.IGNORECASE)
_HTML = re.compile(rf"\s*<p>\s*<a\b[^>]*{re.escape(MARK)}([\w.-]+)[^>]*>.*?</p>\s*", re.DOTALL)
_WIKI = re.compile(rf"\s*\[[^\n]*?{re.escape(MARK)}([\w.-]+)[^\n\]]*\][^\n]*(?:\n\s*|$)")


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose comment it is: the author's name, the product it was written in, its address there, when, and its id."""

    author: str
    place: str
    url: str
    at: datetime | None
    id: str

    def html(self) -> str:
        """The line as HTML; the other formats are made from it."""
        who = f"{self.author} in {self.place}" if self.author else f"Somebody in {self.place}"
        when = f", {self.at.astimezone(UTC):%-d %b %Y, %H:%M} UTC" if self.at else ""
        address = f"{self.url.partition('#')[0]}{MARK}{self.id}"
        return f'<p><a href="{escape(address)}">{escape(who)}</a>{when}</p>'


def with_heading(format_name: str, source: str, heading: Heading) -> str:
    """`source` below the line of `heading`, in its own format ("adf" as canonical JSON)."""
    from . import html_to_adf, html_to_wiki

    line = heading.html()
    if format_name == "html":
        return line + source
    if format_name == "wiki":
        return f"{html_to_wiki(line)}\n\n{source}"
    document = json.loads(source) if source else {"type": "doc", "version": 1, "content": []}
    return canonical({**document, "content": [*content_of(html_to_adf(line)), *content_of(document)]})


def split_heading(format_name: str, source: str) -> tuple[str, str]:
    """The id that the first line of `source` names, "" where there is no such line; and the text without it."""
    if format_name == "adf":
        return _split_adf(source)
    found = (_HTML if format_name == "html" else _WIKI).match(source)
    return (found[1], source[found.end() :]) if found else ("", source)


def site_of(source: str) -> str:
    """The server that the first line of a copy leads to, as `https://host`; "" where it names none."""
    found = _SITE.search(source)
    return found[1].casefold() if found else ""


def _split_adf(source: str) -> tuple[str, str]:
    document = json.loads(source)
    blocks = content_of(document)
    first = content_of(blocks[0]) if blocks and kind_of(blocks[0]) == "paragraph" else []
    link = mark_of(first[0], "link") if first else None
    address = string(link, "href") if link else string(attrs_of(first[0]), "url") if first else ""
    found = _IN_ADDRESS.search(address)
    if not found:
        return "", source
    return found[1], canonical({**document, "content": blocks[1:]}) if blocks[1:] else ""
