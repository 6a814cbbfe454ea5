"""Long text in its two forms, Atlassian Document Format and wiki markup. Pure; knows no issue and no request.

ADF: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
Wiki markup: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
Not the whole of either: what has no wiki form (emoji, cards, media) becomes its text or address, unknown macros stay
text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape

from crosswalk_sandbox.jira.state import Json, Rich

LIMIT = 32767

BLOCKS = {
    "paragraph", "heading", "bulletList", "orderedList", "codeBlock", "blockquote", "panel", "rule", "table",
    "expand", "mediaSingle", "mediaGroup", "taskList", "decisionList", "blockCard", "embedCard", "layoutSection",
    "bodiedExtension", "extension", "nestedExpand", "multiBodiedExtension", "blockTaskItem", "syncBlock",
    "bodiedSyncBlock",
}  # fmt: skip
INLINES = {
    "text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "mediaInline", "inlineExtension",
    "placeholder",
}  # fmt: skip
CHILDREN: dict[str, set[str]] = {
    "doc": BLOCKS,
    "paragraph": INLINES,
    "heading": INLINES,
    "codeBlock": {"text"},
    "blockquote": {"paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle", "mediaGroup", "extension"},
    "panel": BLOCKS,
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": BLOCKS,
    "table": {"tableRow"},
    "tableRow": {"tableCell", "tableHeader"},
    "tableCell": BLOCKS,
    "tableHeader": BLOCKS,
    "expand": BLOCKS,
    "nestedExpand": BLOCKS,
    "taskList": {"taskItem", "taskList", "blockTaskItem"},
    "taskItem": INLINES,
    "blockTaskItem": BLOCKS,
    "decisionList": {"decisionItem"},
    "decisionItem": INLINES,
    "mediaSingle": {"media", "caption"},
    "mediaGroup": {"media"},
    "caption": INLINES,
    "layoutSection": {"layoutColumn"},
    "layoutColumn": BLOCKS,
    "bodiedExtension": BLOCKS,
}
MARKS = {
    "strong", "em", "code", "strike", "underline", "link", "subsup", "textColor", "backgroundColor", "annotation",
    "alignment", "indentation", "breakout", "border", "fragment", "dataConsumer", "fontSize",
}  # fmt: skip
MAX_DEPTH = 60


def is_document(value: object) -> bool:
    """Whether the value is an ADF document as far as its structure goes: node names, nesting, text, marks, heading
    levels."""
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        return False
    return isinstance(value.get("content"), list) and _sound(value, "doc", 0)


def _sound(node: Json, kind: str, depth: int) -> bool:
    if depth > MAX_DEPTH or not isinstance(node.get("attrs", {}), dict):
        return False
    if kind == "text":
        text = node.get("text")
        return isinstance(text, str) and text != "" and _marks_sound(node.get("marks", []))
    if kind == "heading" and _attrs(node).get("level") not in (1, 2, 3, 4, 5, 6):
        return False
    content = node.get("content", [])
    allowed = CHILDREN.get(kind, set())
    if not isinstance(content, list) or not _marks_sound(node.get("marks", [])):
        return False
    for child in content:
        if not isinstance(child, dict) or not isinstance(child.get("type"), str) or child["type"] not in allowed:
            return False
        if not _sound(child, child["type"], depth + 1):
            return False
    return True


def _marks_sound(marks: object) -> bool:
    if not isinstance(marks, list):
        return False
    for mark in marks:
        if not isinstance(mark, dict) or mark.get("type") not in MARKS or not isinstance(mark.get("attrs", {}), dict):
            return False
        if mark["type"] == "link" and not isinstance(_attrs(mark).get("href"), str):
            return False
    return True


def _attrs(node: Json) -> Json:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, dict) else {}


def _content(node: Json) -> list[Json]:
    content = node.get("content")
    return [child for child in content if isinstance(child, dict)] if isinstance(content, list) else []


def from_adf(document: Json) -> Rich:
    """Long text written as ADF."""
    return Rich(wiki=_blocks(_content(document)), adf=document)


def from_wiki(text: str) -> Rich:
    """Long text written as wiki markup."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Rich(wiki=text, adf=adf_of(text))


def size(rich: Rich, *, as_adf: bool) -> int:
    """How much of the 32,767 characters it takes. For ADF the serialised document counts."""
    return len(json.dumps(rich.adf, ensure_ascii=False, separators=(",", ":"))) if as_adf else len(rich.wiki)


# ---- ADF to wiki markup -------------------------------------------------------------------------------

_WRAP = {"strong": "*", "em": "_", "strike": "-", "underline": "+"}
_SPECIAL = re.compile(r"([{}\[\]*_+^~|\\]|(?<!\w)-(?=\S)|!)")


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _inline(nodes: list[Json]) -> str:
    return "".join(_one_inline(node) for node in nodes)


def _one_inline(node: Json) -> str:
    kind, attrs = node.get("type"), _attrs(node)
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
    marks = {str(m.get("type")): _attrs(m) for m in _list_of_dicts(node.get("marks"))}
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


def _list_of_dicts(value: object) -> list[Json]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _blocks(nodes: list[Json]) -> str:
    return "\n\n".join(text for text in (_block(node) for node in nodes) if text)


def _block(node: Json) -> str:  # one branch per kind of block
    kind, content, attrs = str(node.get("type")), _content(node), _attrs(node)
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
    for item in _content(node):
        parts = []
        for child in _content(item):
            kind = child.get("type")
            if kind in ("bulletList", "orderedList"):
                parts.append(_list(child, bullet + ("*" if kind == "bulletList" else "#")))
            else:
                parts.append(_block(child))
        lines.append(f"{bullet} " + "\n".join(part for part in parts if part))
    return "\n".join(lines)


def _row(row: Json) -> str:
    cells = _content(row)
    out = ""
    for cell in cells:
        bar = "||" if cell.get("type") == "tableHeader" else "|"
        out += bar + (_blocks(_content(cell)) or " ")
    return out + ("||" if cells and cells[-1].get("type") == "tableHeader" else "|")


def _task(item: Json) -> str:
    done = _attrs(item).get("state") == "DONE"
    return "* " + ("(/) " if done else "") + _inline(_content(item))


# ---- wiki markup to ADF -------------------------------------------------------------------------------

_HEADING = re.compile(r"h([1-6])\.\s+(.*)")
_ITEM = re.compile(r"([*#]+|-)\s+(.*)")
_FENCE = re.compile(r"\{(code|noformat|quote|panel)(?::([^}]*))?\}(.*)", re.DOTALL)
_INLINE = re.compile(
    r"\\(?P<escaped>[^\w\s])"
    r"|\{\{(?P<code>.+?)\}\}"
    r"|\[(?:(?P<text>[^\]|\n]*)\|)?(?P<href>(?:https?://|mailto:|ftp://)[^\]|\n]+)(?:\|[^\]\n]*)?\]"
    r"|\[~accountid:(?P<mention>[^\]\n]+)\]"
    r"|(?<![\w*])\*(?P<strong>\S(?:[^*\n]*[^\s*\\])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<em>\S(?:[^_\n]*[^\s_\\])?)_(?![\w_])"
    r"|(?<![\w+])\+(?P<underline>\S(?:[^+\n]*[^\s+\\])?)\+(?![\w+])"
    r"|(?<![\w-])-(?P<strike>[^\s-](?:[^-\n]*[^\s\-\\])?)-(?![\w-])"
    r"|(?P<url>https?://[^\s|\]<>\"]+)"
    r"|(?P<br>\n)"
)


def adf_of(text: str) -> Json:
    """The ADF document of a wiki text, as Jira Cloud makes it when text arrives through REST v2."""
    return {"type": "doc", "version": 1, "content": _parse(text.split("\n"), 0)}


def _parse(lines: list[str], depth: int) -> list[Json]:
    out: list[Json] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.strip():
            position += 1
            continue
        node, position = _take(lines, position, depth)
        out.extend(node)
    return out


def _take(lines: list[str], at: int, depth: int) -> tuple[list[Json], int]:
    """The block that starts at a line, and where the next one begins."""
    line = lines[at]
    fence = _FENCE.match(line.strip())
    if fence and depth < 5:
        taken = _take_fence(lines, at, fence, depth)
        if taken:
            return taken
    if heading := _HEADING.match(line):
        level = int(heading[1])
        return [{"type": "heading", "attrs": {"level": level}, "content": _spans(heading[2])}], at + 1
    if line.strip() == "----":
        return [{"type": "rule"}], at + 1
    if _ITEM.match(line.strip()):
        return _take_list(lines, at)
    if line.startswith("|"):
        return _take_table(lines, at)
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _starts_block(lines[end]):
        end += 1
    content = _spans("\n".join(lines[at:end]))
    return ([{"type": "paragraph", "content": content}] if content else [{"type": "paragraph"}]), end


def _starts_block(line: str) -> bool:
    found = _HEADING.match(line) or _ITEM.match(line.strip()) or _FENCE.match(line.strip())
    return bool(found) or line.strip() == "----" or line.startswith("|")


def _take_fence(lines: list[str], at: int, fence: re.Match[str], depth: int) -> tuple[list[Json], int] | None:
    kind, options, rest = fence[1], fence[2] or "", fence[3]
    closing = "{" + kind + "}"
    body: list[str] = []
    if closing in rest:
        body, end = [rest.split(closing)[0]], at + 1
    else:
        end = next((n for n in range(at + 1, len(lines)) if closing in lines[n]), -1)
        if end < 0:
            return None
        body = ([rest] if rest else []) + lines[at + 1 : end]
        if before := lines[end].split(closing)[0]:
            body.append(before)
        end += 1
    if kind in ("code", "noformat"):
        text = "\n".join(body)
        node: Json = {"type": "codeBlock", "content": [{"type": "text", "text": text}] if text else []}
        if options and "=" not in options:
            node["attrs"] = {"language": options.split("|")[0]}
        return [node], end
    inner = _parse(body, depth + 1) or [{"type": "paragraph"}]
    if kind == "quote":
        return [{"type": "blockquote", "content": inner}], end
    return [{"type": "panel", "attrs": {"panelType": "info"}, "content": inner}], end


def _take_list(lines: list[str], at: int) -> tuple[list[Json], int]:
    entries: list[tuple[str, str]] = []
    while at < len(lines) and lines[at].strip():
        found = _ITEM.match(lines[at].strip())
        if found:
            entries.append((found[1].replace("-", "*"), found[2]))
        elif _starts_block(lines[at]):
            break
        else:
            bullet, text = entries[-1]
            entries[-1] = (bullet, text + "\n" + lines[at].strip())
        at += 1
    return _nest(entries, 1), at


def _nest(entries: list[tuple[str, str]], level: int) -> list[Json]:
    out: list[Json] = []
    position = 0
    while position < len(entries):
        bullet, text = entries[position]
        sign = bullet[min(level, len(bullet)) - 1]
        end = position + 1
        while end < len(entries) and len(entries[end][0]) > level:
            end += 1
        body: list[Json] = [{"type": "paragraph", "content": _spans(text)}]
        if level < 20:
            body += _nest(entries[position + 1 : end], level + 1)
        kind = "bulletList" if sign == "*" else "orderedList"
        item: Json = {"type": "listItem", "content": body}
        last = out[-1] if out else {}
        if last.get("type") == kind and isinstance(last["content"], list):
            last["content"].append(item)
        else:
            out.append({"type": kind, "content": [item]})
        position = end
    return out


def _take_table(lines: list[str], at: int) -> tuple[list[Json], int]:
    rows: list[Json] = []
    while at < len(lines) and lines[at].startswith("|"):
        cells: list[Json] = []
        for bar, text in re.findall(r"(\|\|?)((?:\[[^\]\n]*\]|\\\||[^|\n])*)", lines[at].rstrip()):
            if text == "" and cells:
                continue
            kind = "tableHeader" if bar == "||" else "tableCell"
            cells.append({"type": kind, "content": [{"type": "paragraph", "content": _spans(text.strip())}]})
        rows.append({"type": "tableRow", "content": cells})
        at += 1
    return [{"type": "table", "content": rows}], at


def _spans(text: str, marks: tuple[str, ...] = (), href: str = "") -> list[Json]:
    """The inline nodes of a piece of wiki text."""
    out: list[Json] = []
    plain = ""

    def flush() -> None:
        nonlocal plain
        if plain:
            out.append(_text(plain, marks, href))
        plain = ""

    position = 0
    for found in _INLINE.finditer(text):
        plain += text[position : found.start()]
        position = found.end()
        kind, value = str(found.lastgroup), found[found.lastgroup or 0]
        if kind == "escaped":
            plain += value
            continue
        flush()
        out.extend(_special(kind, value, found, marks))
    plain += text[position:]
    flush()
    return out


def _special(kind: str, value: str, found: re.Match[str], marks: tuple[str, ...]) -> list[Json]:
    if kind == "br":
        return [{"type": "hardBreak"}]
    if kind == "mention":
        return [{"type": "mention", "attrs": {"id": value}}]
    if kind == "url":
        return [_text(value, marks, value)]
    if kind == "href":
        return _spans(found["text"], marks, value) if found["text"] else [_text(value, marks, value)]
    if kind == "code":
        return [_text(re.sub(r"\\([^\w\s])", r"\1", value), (*marks, "code"), "")]
    return _spans(value, (*marks, kind)) if len(marks) < 6 else [_text(value, marks, "")]


def _text(text: str, marks: tuple[str, ...], href: str) -> Json:
    node: Json = {"type": "text", "text": text}
    all_marks: list[Json] = [{"type": mark} for mark in dict.fromkeys(marks)]
    if href:
        all_marks.append({"type": "link", "attrs": {"href": href}})
    if all_marks:
        node["marks"] = all_marks
    return node


# ---- HTML, for renderedFields and the sandbox's own pages ------------------------------------------------

_TAGS = {
    "paragraph": "p", "bulletList": "ul", "orderedList": "ol", "listItem": "li", "blockquote": "blockquote",
    "tableRow": "tr", "tableCell": "td", "tableHeader": "th", "table": "table", "panel": "div", "expand": "div",
    "taskList": "ul", "taskItem": "li",
}  # fmt: skip
_MARK_TAGS = {"strong": "b", "em": "em", "code": "tt", "strike": "del", "underline": "ins"}


def html_of(rich: Rich) -> str:
    """The text as HTML. Everything is escaped; only http, https and mailto addresses become links."""
    return "\n".join(_html(node) for node in _content(rich.adf))


def _html(node: Json) -> str:
    kind = str(node.get("type"))
    if kind == "text":
        return _html_text(node)
    if kind == "hardBreak":
        return "<br/>"
    if kind == "rule":
        return "<hr/>"
    inner = "".join(_html(child) for child in _content(node))
    if kind == "heading":
        level = _attrs(node).get("level", 1)
        return f"<h{level}>{inner}</h{level}>"
    if kind == "codeBlock":
        return f"<pre>{inner}</pre>"
    tag = _TAGS.get(kind)
    if tag:
        return f"<{tag}>{inner}</{tag}>"
    return inner or escape(_one_inline(node))


def _html_text(node: Json) -> str:
    out = escape(str(node.get("text", "")))
    for mark in _list_of_dicts(node.get("marks")):
        kind = str(mark.get("type"))
        if tag := _MARK_TAGS.get(kind):
            out = f"<{tag}>{out}</{tag}>"
        href = str(_attrs(mark).get("href", ""))
        if kind == "link" and href.lower().startswith(("http://", "https://", "mailto:")):
            out = f'<a href="{escape(href)}" rel="nofollow noreferrer">{out}</a>'
    return out
