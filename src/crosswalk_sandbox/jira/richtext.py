"""Long text in its two forms at once, with its size and its HTML. Pure; knows no issue and no request."""

from __future__ import annotations

import json
from html import escape

from crosswalk_sandbox.jira.adf import attrs_of, content_of, dicts_of, inline_text, wiki_of
from crosswalk_sandbox.jira.state import Json, Rich
from crosswalk_sandbox.jira.wiki import adf_of

LIMIT = 32767


def from_adf(document: Json) -> Rich:
    """Long text written as ADF."""
    return Rich(wiki=wiki_of(document), adf=document)


def from_wiki(text: str) -> Rich:
    """Long text written as wiki markup."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Rich(wiki=text, adf=adf_of(text))


def size(rich: Rich, *, as_adf: bool) -> int:
    """How much of the 32,767 characters it takes. For ADF the serialised document counts."""
    return len(json.dumps(rich.adf, ensure_ascii=False, separators=(",", ":"))) if as_adf else len(rich.wiki)


_TAGS = {
    "paragraph": "p", "bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote",
    "tableRow": "tr", "tableCell": "td", "tableHeader": "th", "table": "table", "panel": "div", "expand": "div",
    "taskList": "ul", "taskItem": "li",
}  # fmt: skip
_MARK_TAGS = {"strong": "b", "em": "em", "code": "tt", "strike": "del", "underline": "ins"}


def html_of(rich: Rich) -> str:
    """The text as HTML. Everything is escaped; only http, https and mailto addresses become links."""
    return "\n".join(_html(node) for node in content_of(rich.adf))


def _html(node: Json) -> str:
    kind = str(node.get("type"))
    if kind == "text":
        return _html_text(node)
    if kind == "hardBreak":
        return "<br/>"
    if kind == "rule":
        return "<hr/>"
    inner = "".join(_html(child) for child in content_of(node))
    if kind == "heading":
        level = attrs_of(node).get("level")
        level = level if level in (1, 2, 3, 4, 5, 6) else 1  # a document can carry anything there
        return f"<h{level}>{inner}</h{level}>"
    if kind == "codeBlock":
        return f"<pre>{inner}</pre>"
    tag = _TAGS.get(kind)
    if tag:
        return f"<{tag}>{inner}</{tag}>"
    return inner or escape(inline_text(node))


def _html_text(node: Json) -> str:
    out = escape(str(node.get("text", "")))
    for mark in dicts_of(node.get("marks")):
        kind = str(mark.get("type"))
        if tag := _MARK_TAGS.get(kind):
            out = f"<{tag}>{out}</{tag}>"
        href = str(attrs_of(mark).get("href", ""))
        if kind == "link" and href.lower().startswith(("http://", "https://", "mailto:")):
            out = f'<a href="{escape(href)}" rel="nofollow noreferrer">{out}</a>'
    return out
