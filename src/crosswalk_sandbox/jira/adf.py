"""Atlassian Document Format to wiki markup. Pure; knows no issue. What a document may hold: adf_model.py.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ What has no wiki form (emoji, cards, media)
becomes its text or its address.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crosswalk_sandbox.jira.state import Json


def attrs_of(node: Json) -> Json:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, dict) else {}


def content_of(node: Json) -> list[Json]:
    content = node.get("content")
    return [child for child in content if isinstance(child, dict)] if isinstance(content, list) else []


def dicts_of(value: object) -> list[Json]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


_WRAP = {"strong": "*", "em": "_", "strike": "-", "underline": "+"}
_SPECIAL = re.compile(r"([{}\[\]*_+^~|\\]|(?<!\w)-(?=\S)|!)")


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _inline(nodes: list[Json]) -> str:
    return "".join(inline_text(node) for node in nodes)


def inline_text(node: Json) -> str:
    kind, attrs = node.get("type"), attrs_of(node)
    if kind == "text":
        return _marked(node)
    if kind == "hardBreak":
        return "\n"
    if kind == "mention":
        return f"[~accountid:{attrs.get('id', '')}]"
    if kind == "inlineCard":
        return f"[{attrs.get('url', '')}]"
    if kind == "status":
        return _plain(str(attrs.get("text", "")))
    return _plain(str(attrs.get("text") or attrs.get("shortName") or attrs.get("timestamp") or ""))


def _marked(node: Json) -> str:
    text = str(node.get("text", ""))
    marks = {str(m.get("type")): attrs_of(m) for m in dicts_of(node.get("marks"))}
    out = text if "code" in marks else _plain(text)
    if "code" in marks:
        out = "{{" + _plain(text) + "}}"
    for name, sign in _WRAP.items():
        if name in marks:
            out = f"{sign}{out}{sign}"
    if "subsup" in marks:
        sign = "^" if marks["subsup"].get("type") == "sup" else "~"
        out = f"{sign}{out}{sign}"
    if "textColor" in marks:
        out = f"{{color:{marks['textColor'].get('color', '')}}}{out}{{color}}"
    if "link" in marks:
        href = str(marks["link"].get("href", ""))
        out = f"[{href}]" if text == href else f"[{out}|{href}]"
    return out


def _blocks(nodes: list[Json]) -> str:
    return "\n\n".join(text for text in (_block(node) for node in nodes) if text)


def _block(node: Json) -> str:  # one branch per kind of block
    kind, content, attrs = str(node.get("type")), content_of(node), attrs_of(node)
    simple: dict[str, Callable[[], str]] = {
        "paragraph": lambda: _inline(content),
        "heading": lambda: f"h{attrs.get('level', 1)}. {_inline(content)}",
        "bulletList": lambda: _list(node, "*"),
        "orderedList": lambda: _list(node, "#"),
        "codeBlock": lambda: _code(attrs, content),
        "blockquote": lambda: "{quote}\n" + _blocks(content) + "\n{quote}",
        "panel": lambda: "{panel}\n" + _blocks(content) + "\n{panel}",
        "expand": lambda: "{panel:title=" + str(attrs.get("title", "")) + "}\n" + _blocks(content) + "\n{panel}",
        "rule": lambda: "----",
        "table": lambda: "\n".join(_row(row) for row in content),
        "taskList": lambda: "\n".join(_task(item) for item in content),
        "blockCard": lambda: f"[{attrs.get('url', '')}]",
    }
    make = simple.get(kind)
    return make() if make else _blocks(content)


def _code(attrs: Json, content: list[Json]) -> str:
    language = attrs.get("language")
    opening = "{code:" + str(language) + "}" if language else "{code}"
    return opening + "\n" + "".join(str(node.get("text", "")) for node in content) + "\n{code}"


def _list(node: Json, bullet: str) -> str:
    lines = []
    for item in content_of(node):
        parts = []
        for child in content_of(item):
            kind = child.get("type")
            if kind in ("bulletList", "orderedList"):
                parts.append(_list(child, bullet + ("*" if kind == "bulletList" else "#")))
            else:
                parts.append(_block(child))
        lines.append(f"{bullet} " + "\n".join(part for part in parts if part))
    return "\n".join(lines)


def _row(row: Json) -> str:
    cells = content_of(row)
    out = ""
    for cell in cells:
        bar = "||" if cell.get("type") == "tableHeader" else "|"
        out += bar + (_blocks(content_of(cell)) or " ")
    return out + ("||" if cells and cells[-1].get("type") == "tableHeader" else "|")


def _task(item: Json) -> str:
    done = attrs_of(item).get("state") == "DONE"
    return "* " + ("(/) " if done else "") + _inline(content_of(item))


def wiki_of(document: Json) -> str:
    """The wiki markup of a document, as hooks and REST v2 show it."""
    return _blocks(content_of(document))
