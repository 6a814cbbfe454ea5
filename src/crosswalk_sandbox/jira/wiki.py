"""Wiki markup to Atlassian Document Format, as Jira Cloud makes it of text that arrives through REST v2. Pure.

https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all ; unknown macros stay text.
"""

from __future__ import annotations

import re

from crosswalk_sandbox.jira.adf_model import NODES
from crosswalk_sandbox.jira.state import Json

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
        return [{"type": "blockquote", "content": _fitted(inner, "blockquote")}], end
    return [{"type": "panel", "attrs": {"panelType": "info"}, "content": _fitted(inner, "panel")}], end


def _fitted(nodes: list[Json], parent: str) -> list[Json]:
    """The nodes as far as they may stand in the parent: a heading becomes a paragraph, of a table, a quote or a panel
    what is in it stays, a rule goes."""
    allowed = NODES[parent].children or {}
    out: list[Json] = []
    for node in nodes:
        content = node.get("content")
        inner = content if isinstance(content, list) else []
        if node["type"] in allowed:
            out.append(node)
        elif node["type"] == "heading":
            out.append({"type": "paragraph", "content": inner})
        else:
            out += _fitted(inner, parent)
    return out or [{"type": "paragraph"}]


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
    # Code goes with a link and with nothing else.
    kept = ["code"] if "code" in marks else list(dict.fromkeys(marks))
    all_marks: list[Json] = [{"type": mark} for mark in kept]
    if href:
        all_marks.append({"type": "link", "attrs": {"href": href}})
    if all_marks:
        node["marks"] = all_marks
    return node
