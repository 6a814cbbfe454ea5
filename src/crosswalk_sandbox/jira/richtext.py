"""Long text in its two forms at once, with its size and its HTML. Pure; knows no issue and no request.

The HTML follows https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from crosswalk_sandbox.jira.adf import attrs_of, content_of, day_of, dicts_of, wiki_of
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
    """How much of the 32,767 characters it takes. For ADF the serialised document counts (observed by clients)."""
    return len(json.dumps(rich.adf, ensure_ascii=False, separators=(",", ":"))) if as_adf else len(rich.wiki)


def says_nothing(wire: object) -> bool:
    """Whether a text as it was sent, in either format, holds nothing but blanks and empty paragraphs. A comment is
    refused for it in whichever form it comes (observed on a live site)."""
    if wire is None or isinstance(wire, str):
        return not (wire or "").strip()
    waiting = [wire]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict) or node.get("type") not in ("doc", "paragraph", "text"):
            return False
        inner = node.get("content", [])
        if str(node.get("text", "")).strip() or not isinstance(inner, list):
            return False
        waiting += inner
    return True


Named = Callable[[str], str | None]
"""The link to a person, by id; None for somebody unknown."""

_TAGS = {
    "paragraph": "p", "bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote",
    "tableRow": "tr", "tableCell": "td", "tableHeader": "th", "table": "table", "expand": "div",
    "taskList": "ul", "decisionList": "ul", "decisionItem": "li", "codeBlock": "pre",
}  # fmt: skip
_MARK_TAGS = {"strong": "b", "em": "em", "code": "tt", "strike": "del", "underline": "ins", "sup": "sup", "sub": "sub"}


def _nobody(_key: str) -> None:
    return None


def html_of(rich: Rich, named: Named = _nobody) -> str:
    """The text as HTML. Everything is escaped; only http, https and mailto addresses become links."""
    return "\n".join(_html(node, named) for node in content_of(rich.adf))


def _html(node: Json, named: Named) -> str:
    kind = str(node.get("type"))
    shown = _SHOWN.get(kind)
    if shown is not None:
        return shown(node)
    if kind == "mention":
        return _mention(node, named)
    inner = "".join(_html(child, named) for child in content_of(node))
    if kind == "heading":
        level = attrs_of(node).get("level")
        level = level if level in (1, 2, 3, 4, 5, 6) else 1  # a document can carry anything there
        return f"<h{level}>{inner}</h{level}>"
    if kind == "panel":
        return f'<div class="panel">{inner}</div>'
    if kind == "taskItem":
        done = attrs_of(node).get("state") == "DONE"
        return f"<li><del>{inner}</del></li>" if done else f"<li>{inner}</li>"
    tag = _TAGS.get(kind)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _mention(node: Json, named: Named) -> str:
    key = str(attrs_of(node).get("id", ""))
    return named(key) or escape(str(attrs_of(node).get("text") or f"@{key}"))


def _link(href: str, shown: str) -> str:
    if not href.lower().startswith(("http://", "https://", "mailto:")):
        return shown
    return f'<a href="{escape(href)}" rel="nofollow noreferrer">{shown}</a>'


def _card(node: Json) -> str:
    url = str(attrs_of(node).get("url", ""))
    return _link(url, escape(url))


def _picture(node: Json) -> str:
    """A picture by its address, or a file of the issue by its name."""
    attrs = attrs_of(node)
    url, alt = str(attrs.get("url", "")), escape(str(attrs.get("alt", "")))
    if url.lower().startswith(("http://", "https://")):
        return f'<span class="image-wrap"><img src="{escape(url)}" alt="{alt}"/></span>'
    return f'<span class="image-wrap">{alt or escape(str(attrs.get("id", "")))}</span>'


def _files(node: Json) -> str:
    names = [escape(str(attrs_of(one).get("id", ""))) for one in content_of(node)]
    return " ".join(f'<span class="nobr">{name}</span>' for name in names)


def _text(node: Json) -> str:
    out = escape(str(node.get("text", "")))
    for mark in dicts_of(node.get("marks")):
        attrs = attrs_of(mark)
        kind = str(attrs.get("type") if mark.get("type") == "subsup" else mark.get("type"))
        tag = _MARK_TAGS.get(kind)
        if tag:
            out = f"<{tag}>{out}</{tag}>"
        elif kind == "textColor":
            out = f'<font color="{escape(str(attrs.get("color", "")))}">{out}</font>'
        elif kind == "link":
            out = _link(str(attrs.get("href", "")), out)
    return out


def _said(node: Json) -> str:
    attrs = attrs_of(node)
    return escape(str(attrs.get("text") or attrs.get("shortName") or ""))


_SHOWN: dict[str, Callable[[Json], str]] = {
    "text": _text,
    "hardBreak": lambda _node: "<br/>",
    "rule": lambda _node: "<hr/>",
    "inlineCard": _card,
    "blockCard": _card,
    "embedCard": _card,
    "media": _picture,
    "mediaGroup": _files,
    "date": lambda node: escape(day_of(node)),
    "emoji": _said,
    "status": _said,
    "placeholder": _said,
}
"""What is shown without a look at what it holds."""
