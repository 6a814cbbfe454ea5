"""Atlassian Document Format to wiki markup. Pure; knows no issue. What a document may hold: adf_model.py.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ ; what becomes what: Jira Cloud's own
converter, https://www.npmjs.com/package/@atlaskit/editor-wikimarkup-transformer . What has no wiki form goes into an
`{adf}` macro.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

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
_SPECIAL = re.compile(r"([{}\[\]*_+^~|]|(?<!\w)-(?=\S)|!)")


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _inline(nodes: list[Json]) -> str:
    return "".join(inline_text(node) for node in nodes)


STATUS = {
    "neutral": "#97A0AF", "purple": "#6554C0", "blue": "#00B8D9", "red": "#FF5630", "yellow": "#FF991F",
    "green": "#36B37E",
}  # fmt: skip
PANELS = {
    "info": "#deebff", "note": "#eae6ff", "warning": "#fffae6", "error": "#ffebe6", "success": "#e3fcef",
}  # fmt: skip
"""The ground of a panel by its type; of any other it is not told."""
CARDS = {"inlineCard": "smart-link", "blockCard": "smart-card", "embedCard": "smart-embed"}


def inline_text(node: Json) -> str:
    """The wiki markup of what stands within a line."""
    inline = INLINE.get(str(node.get("type")))
    return inline(node) if inline else _adf(node, "inline")


def _adf(node: Json, display: str) -> str:
    text = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    return (
        "{adf:display=inline}" + text + "{adf}" if display == "inline" else "{adf:display=block}\n" + text + "\n{adf}"
    )


def day_of(node: Json) -> str:
    """The day of a date, which ADF tells as milliseconds; "" for a number that is no moment."""
    stamp = str(attrs_of(node).get("timestamp", ""))
    days = int(stamp) // 86_400_000 if re.fullmatch("-?[0-9]{1,14}", stamp) else None
    return (
        f"{datetime.fromtimestamp(days * 86_400, UTC):%Y-%m-%d}" if days is not None and 0 <= days < 2_900_000 else ""
    )


def _status(node: Json) -> str:
    attrs = attrs_of(node)
    words = f"*[ {_plain(str(attrs.get('text', '')).upper())} ]*"
    return f"{{color:{STATUS.get(str(attrs.get('color')), STATUS['neutral'])}}}{words}{{color}}"


def _card(node: Json) -> str:
    """A card that holds data in place of an address has no wiki form."""
    url, kind = attrs_of(node).get("url"), str(node.get("type"))
    if not isinstance(url, str):
        return _adf(node, "inline" if kind == "inlineCard" else "block")
    return f"[{url}|{url}|{CARDS[kind]}]"


def _media(node: Json, more: str = "") -> str:
    attrs = attrs_of(node)
    options = [f"{side}={attrs[side]}" for side in ("width", "height") if side in attrs]
    options += [f'alt="{attrs["alt"]}"'] if attrs.get("alt") else []
    options = options or ([more] if more else [])
    return f"!{attrs.get('url') or attrs.get('id', '')}{'|' if options else ''}{','.join(options)}!"


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


INLINE: dict[str, Callable[[Json], str]] = {
    "text": _marked,
    "hardBreak": lambda _node: "\n",
    "mention": lambda node: f"[~accountid:{attrs_of(node).get('id', '')}]",
    "inlineCard": _card,
    "status": _status,
    "date": lambda node: f"{{{{{day_of(node)}}}}}",
    "emoji": lambda node: str(attrs_of(node).get("shortName", "")),
    "mediaInline": lambda node: f"[^{attrs_of(node).get('id', '')}]",
}
"""Placeholders and extensions in a line have no wiki form."""


def _blocks(nodes: list[Json]) -> str:
    return "\n\n".join(text for text in (_block(node) for node in nodes) if text)


def _block(node: Json) -> str:
    block = BLOCKS.get(str(node.get("type")))
    return block(node) if block else _adf(node, "block")


def _panel(node: Json) -> str:
    ground = PANELS.get(str(attrs_of(node).get("panelType")), "")
    return f"{{panel:bgColor={ground}}}\n" + _blocks(content_of(node)) + "\n{panel}"


def _expand(node: Json) -> str:
    title = str(attrs_of(node).get("title", ""))
    return (f"*{_plain(title)}*\n\n" if title else "") + _blocks(content_of(node))


def _single(node: Json) -> str:
    """A picture, with its caption below."""
    lines = [_media(one) if one.get("type") == "media" else _inline(content_of(one)) for one in content_of(node)]
    return "\n".join(line for line in lines if line)


def _code(node: Json) -> str:
    language, text = attrs_of(node).get("language"), "".join(str(one.get("text", "")) for one in content_of(node))
    return f"{{code:{language}}}\n{text}\n{{code}}" if language else f"{{noformat}}\n{text}\n{{noformat}}"


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


def _tasks(node: Json, bullet: str = "*") -> str:
    """Done ones are struck through."""
    lines = []
    for item in content_of(node):
        if item.get("type") == "taskList":
            lines.append(_tasks(item, f"{bullet}*"))
            continue
        content = content_of(item)
        text = _blocks(content) if item.get("type") == "blockTaskItem" else _inline(content)
        lines.append(f"{bullet} " + (f"-{text}-" if attrs_of(item).get("state") == "DONE" and text else text))
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[Json], str]] = {
    "paragraph": lambda node: _inline(content_of(node)),
    "heading": lambda node: f"h{attrs_of(node).get('level', 1)}. {_inline(content_of(node))}",
    "bulletList": lambda node: _list(node, "*"),
    "orderedList": lambda node: _list(node, "#"),
    "codeBlock": _code,
    "blockquote": lambda node: "{quote}\n" + _blocks(content_of(node)) + "\n{quote}",
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "rule": lambda _node: "----",
    "table": lambda node: "\n".join(_row(row) for row in content_of(node)),
    "taskList": _tasks,
    "decisionList": lambda node: "\n".join(f"* <> {_inline(content_of(item))}" for item in content_of(node)),
    "blockCard": _card,
    "embedCard": _card,
    "mediaSingle": _single,
    "mediaGroup": lambda node: "\n".join(_media(one, "thumbnail") for one in content_of(node)),
}
"""Layouts, synced blocks and extensions have no wiki form."""


def wiki_of(document: Json) -> str:
    """The wiki markup of a document, as hooks and REST v2 show it."""
    return _blocks(content_of(document))
