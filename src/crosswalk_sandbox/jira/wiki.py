"""Wiki markup to Atlassian Document Format, as Jira Cloud makes it of text that arrives through REST v2. Pure.

The blocks; their lines are made ready by `wiki_lines`, and what stands within one is read by `wiki_inline`. Unknown
macros stay text.
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all and, for what becomes what, Jira Cloud's own
converter: https://www.npmjs.com/package/@atlaskit/editor-wikimarkup-transformer
"""

from __future__ import annotations

import re

from crosswalk_sandbox.jira.adf_model import NODES
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.wiki_inline import BLOCKS, read_adf, spans
from crosswalk_sandbox.jira.wiki_lines import (
    FENCE,
    HEADING,
    ITEM,
    QUOTE,
    WITHIN,
    Behind,
    item_lines,
    prepared,
    starts_block,
)

_CELL = re.compile(
    r"(\|\|?)((?:\{color:[^}\n]*\}.*?\{color\}|\[[^\]\n]*\]|(?<!\w)![^\s!|][^!|\n]*\|[^!|\n]*!|\\\||[^|])*)"
)
PANELS = {"#fffae6": "warning", "#ffebe6": "error", "#e3fcef": "success", "#eae6ff": "note"}
"""By their ground; any other is `info`."""


EMPTY: Json = {"type": "paragraph"}
HELD: Json = {"type": "paragraph", "content": []}
"""An empty paragraph that stays where others are left out."""


def adf_of(text: str) -> Json:
    """The ADF document of a wiki text, as Jira Cloud makes it when text arrives through REST v2."""
    return {"type": "doc", "version": 1, "content": _parse(text.split("\n"), 0)}


def _parse(lines: list[str], depth: int) -> list[Json]:
    lines = prepared(lines) if depth < 5 else lines
    out: list[Json] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if not line.strip() and not isinstance(line, Behind):
            position += 1
            continue
        node, position = _take(lines, position, depth)
        out.extend(node)
    return out


def _take(lines: list[str], at: int, depth: int) -> tuple[list[Json], int]:
    """The block that starts at a line, and where the next one begins."""
    line = lines[at]
    fence = FENCE.match(line.strip())
    if fence and depth < 5:
        taken = _take_fence(lines, at, fence, depth)
        if taken:
            return taken
    if heading := HEADING.match(line):
        level = int(heading[1])
        content = spans(heading[2])
        if any(node["type"] in BLOCKS for node in content):
            return _paragraphs(content), at + 1
        return [{"type": "heading", "attrs": {"level": level}, "content": content}], at + 1
    if quote := QUOTE.match(line):
        if WITHIN.search(quote[1]) and depth < 5:
            return _quoted(_parse([quote[1]], depth + 1)), at + 1
        return [{"type": "blockquote", "content": _fitted(_paragraphs(spans(quote[1])), "blockquote")}], at + 1
    if line.strip() == "----":
        return [{"type": "rule"}], at + 1
    if ITEM.match(line.lstrip()):
        return _take_list(lines, at, depth)
    if line.startswith("|"):
        return _take_table(lines, at, depth)
    words = [line, *_words(lines, at + 1)]
    content = spans("\n".join(words))
    return ([] if all(node["type"] == "hardBreak" for node in content) else _paragraphs(content)), at + len(words)


def _words(lines: list[str], at: int) -> list[str]:
    """The lines of words from one on, until something else begins."""
    end = at
    while end < len(lines) and lines[end].strip() and not starts_block(lines[end]):
        end += 1
    return lines[at:end]


def _quoted(nodes: list[Json]) -> list[Json]:
    """A line of a quote with macros in it: a quote in it and a panel stand beside it."""
    out: list[Json] = []
    run: list[Json] = []
    for node in [*nodes, None]:
        beside = node is None or node["type"] in ("blockquote", "panel")
        if beside and run:
            out.append({"type": "blockquote", "content": _fitted(run, "blockquote")})
            run = []
        if node is not None:
            (out if beside else run).append(node)
    return out


def _paragraphs(nodes: list[Json]) -> list[Json]:
    """A line with what stands for itself in it taken out: paragraphs, and the blocks between them."""
    out: list[Json] = []
    line: list[Json] = []
    for node in nodes:
        if node["type"] in BLOCKS:
            out += [*_paragraph(line), node]
            line = []
        else:
            line.append(node)
    if not out:
        return [{"type": "paragraph", "content": line} if line else {"type": "paragraph"}]
    return out + _paragraph(line)


def _paragraph(line: list[Json]) -> list[Json]:
    """What is beside a block; a line break there, and a blank, are of no use."""
    while line and line[0]["type"] == "hardBreak":
        line = line[1:]
    while line and line[-1]["type"] == "hardBreak":
        line = line[:-1]
    blank = all(node["type"] == "text" and not str(node["text"]).strip() for node in line)
    return [] if blank else [{"type": "paragraph", "content": line}]


def _take_fence(lines: list[str], at: int, fence: re.Match[str], depth: int) -> tuple[list[Json], int] | None:
    kind, options, rest = fence[1], fence[2] or "", fence[3]
    closing = "{" + kind + "}"
    body: list[str] = []
    if closing in rest:
        first, _, behind = rest.partition(closing)
        body, end = [first], at + 1
    else:
        end = next((n for n in range(at + 1, len(lines)) if closing in lines[n]), -1)
        if end < 0:
            return None
        body = ([rest] if rest else []) + lines[at + 1 : end]
        before, _, behind = lines[end].partition(closing)
        body += [before] if before else []
        end += 1
    if behind.strip() and kind != "adf":
        end -= 1
        lines[end] = behind
    if kind == "adf":
        node = read_adf("\n".join(body))
        return None if node is None else ([node], end)
    given = dict(part.partition("=")[::2] for part in options.split("|") if "=" in part)
    title: list[Json] = []
    if given.get("title"):
        bold: Json = {"type": "text", "text": given["title"], "marks": [{"type": "strong"}]}
        title = [{"type": "paragraph", "content": [bold]}]
    if kind in ("code", "noformat"):
        return [*title, _code(kind, options, "\n".join(body))], end
    inner = title + (_parse(body, depth + 1) or [{"type": "paragraph"}])
    if kind == "quote":
        return [{"type": "blockquote", "content": _fitted(inner, "blockquote")}], end
    return _panels(inner, PANELS.get(given.get("bgColor", "").lower(), "info")), end


def _panels(nodes: list[Json], ground: str) -> list[Json]:
    """A panel, which code, a quote and a table break in two."""
    out: list[Json] = []
    run: list[Json] = []
    for node in [*nodes, None]:
        breaks = node is None or node["type"] in ("codeBlock", "blockquote", "table")
        if breaks and (run or not out):
            out.append({"type": "panel", "attrs": {"panelType": ground}, "content": _fitted(run, "panel")})
            run = []
        if node is not None:
            (out if breaks else run).append(node)
    return out


def _code(kind: str, options: str, text: str) -> Json:
    """A language that is not told is Java, as it is in the wiki renderer."""
    node: Json = {"type": "codeBlock", "content": [{"type": "text", "text": text}] if text.strip() else []}
    language = next((part for part in options.split("|") if part and "=" not in part), "java")
    return {**node, "attrs": {"language": language}} if kind == "code" else node


def _fitted(nodes: list[Json], parent: str, after: list[Json] | None = None) -> list[Json]:
    """The nodes as far as they may stand in the parent: a heading becomes a paragraph, of a table, a quote or a panel
    what is in it stays, a rule goes, a card becomes a link in a line, and files go `after` the parent."""
    allowed = NODES[parent].children or {}
    out: list[Json] = []
    for node in nodes:
        content = node.get("content")
        inner = content if isinstance(content, list) else []
        if node["type"] in allowed:
            out.append(node)
        elif node["type"] == "heading":
            out.append({"type": "paragraph", "content": inner})
        elif node["type"] in ("blockCard", "embedCard"):
            attrs = node["attrs"] if isinstance(node["attrs"], dict) else {}
            out.append({"type": "paragraph", "content": [{"type": "inlineCard", "attrs": {"url": attrs["url"]}}]})
        elif node["type"] == "mediaGroup" and after is not None:
            after.append(node)
        else:
            out += _fitted(inner, parent, after)
    return out or [{"type": "paragraph"}]


Entry = tuple[str, str, list[Json]]
"""An item: its bullets, its text, and the blocks behind the text."""


def _take_list(lines: list[str], at: int, depth: int) -> tuple[list[Json], int]:
    entries: list[Entry] = []
    after: list[Json] = []
    while at < len(lines) and (lines[at].strip() or isinstance(lines[at], Behind)):
        if isinstance(lines[at], Behind):  # it counts with the words that go on in the next line alone
            if words := _words(lines, at + 1):
                lines[at + 1] = f"{lines[at]}\n{words[0]}"
            at += 1
            continue
        line = lines[at].lstrip()
        found, fence = ITEM.match(line), FENCE.match(line.rstrip())
        taken = _take_fence(lines, at, fence, depth + 1) if fence and entries and depth < 5 else None
        own = item_lines(found[2], lines, at) if found and depth < 5 else None
        if found and own:
            (text, *below), at = own
            entries.append((found[1].replace("-", "*"), text, _parse(below, depth + 1)))
            continue
        if found:
            entries.append((found[1].replace("-", "*"), found[2], []))
        elif taken:
            entries[-1][2].extend(taken[0])
            at = taken[1]
            continue
        elif starts_block(lines[at]):
            break
        else:
            words = _words(lines, at)
            bullet, text, blocks = entries[-1]
            if blocks:
                blocks.extend(_paragraphs(spans("\n".join(words))))
            else:
                entries[-1] = (bullet, "\n".join([text, *words]), blocks)
            at += len(words)
            continue
        at += 1
    return [*_lists(entries, after), *after], at


def _lists(entries: list[Entry], after: list[Json]) -> list[Json]:
    """The items as one list, which each panel breaks in two."""
    out: list[Json] = []
    run: list[Entry] = []
    for bullet, text, blocks in entries:
        words, rest = text, blocks
        while panel := next((node for node in rest if node["type"] == "panel"), None):
            cut = rest.index(panel)
            above = rest[:cut] if words.strip() or cut else [HELD]
            out += [*_nest([*run, (bullet, words, above)], 1, after), panel]
            run, words, rest = [], "", rest[cut + 1 :]
        run.append((bullet, words, rest))
    return [*out, *_nest(run, 1, after)]


def _nest(entries: list[Entry], level: int, after: list[Json]) -> list[Json]:
    out: list[Json] = []
    position = 0
    while position < len(entries):
        bullet, text, blocks = entries[position]
        skips = len(bullet) > level and level < 20  # an item with nothing above it: a list in an item without text
        sign = bullet[-1 if skips else min(level, len(bullet)) - 1]
        end = position + 1
        while end < len(entries) and len(entries[end][0]) > level:
            end += 1
        body = [] if skips else _item([*_paragraphs(spans(text)), *blocks], after)
        if level < 20:
            body += _nest(entries[position + (not skips) : end], level + 1, after)
        position = end
        if not body:
            continue
        kind = "bulletList" if sign == "*" else "orderedList"
        item: Json = {"type": "listItem", "content": body}
        last = out[-1] if out else {}
        if last.get("type") == kind and isinstance(last["content"], list):
            last["content"].append(item)
        else:
            out.append({"type": kind, "content": [item]})
    return out


def _item(nodes: list[Json], after: list[Json]) -> list[Json]:
    """What an item holds, without what says nothing; nothing at all for an item without words."""
    files = len(after)
    body = [node for node in _fitted(nodes, "listItem", after) if node != EMPTY]
    if not body and len(after) > files:
        return [EMPTY]
    return [EMPTY, *body] if body and body[0]["type"] == "codeBlock" else body


def _take_table(lines: list[str], at: int, depth: int) -> tuple[list[Json], int]:
    rows: list[Json] = []
    while at < len(lines) and lines[at].startswith("|"):
        row, at = lines[at].rstrip(), at + 1
        while at < len(lines) and not row.endswith("|") and lines[at].strip() and not lines[at].startswith("|"):
            row, at = f"{row}\n{lines[at].rstrip()}", at + 1
        cells: list[Json] = []
        for bar, text in _CELL.findall(row):
            if text == "" and cells:
                continue
            kind = "tableHeader" if bar == "||" else "tableCell"
            cells.append({"type": kind, "content": _cell(kind, text, depth)})
        rows.append({"type": "tableRow", "content": cells})
    return [{"type": "table", "content": rows}], at


def _bold(node: Json) -> Json:
    """A paragraph of a header."""
    held = node.get("content")
    if node["type"] != "paragraph" or not isinstance(held, list):
        return node
    return {**node, "content": [_strong(one) if one["type"] == "text" else one for one in held]}


def _strong(text: Json) -> Json:
    held = text.get("marks")
    marks = held if isinstance(held, list) else []
    plain = all(mark["type"] not in ("code", "strong") for mark in marks)
    return {**text, "marks": [*marks, {"type": "strong"}]} if plain else text


def _cell(kind: str, text: str, depth: int) -> list[Json]:
    """What a cell holds; a line in a header is bold."""
    if ("\n" in text or (WITHIN.search(text))) and depth < 5:
        nodes = _fitted(_parse(text.lstrip().split("\n"), depth + 1), kind)
        return [_bold(node) for node in nodes] if kind == "tableHeader" else nodes
    return _fitted(_paragraphs(spans(text.strip(), (("strong", ""),) if kind == "tableHeader" else ())), kind)
