"""The lines of a wiki text, made ready to be read one after another: each block macro stands on lines of its own, one
without an end is empty, and a colour holds one run of words. Pure; makes no ADF.

What becomes what: Jira Cloud's own converter, https://www.npmjs.com/package/@atlaskit/editor-wikimarkup-transformer
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

HEADING = re.compile(r"h([1-6])\.\s+(.*)")
ITEM = re.compile(r"([*#]+|-)\s+(.*)")
FENCE = re.compile(r"\{(code|noformat|quote|panel|adf)(?::([^}]*))?\}(.*)", re.DOTALL)
QUOTE = re.compile(r"\s*bq\.\s+(.*)")
WITHIN = re.compile(r"(?<![\\{])\{(code|noformat|quote|panel)(?::[^}\n]*)?\}")
"""A macro that makes a block, also in the middle of a line; not in `{{code}}`."""
_COLOUR = re.compile(r"(?<!\\)\{color:[^}\n]*\}")
_END = "{color}"


class Behind(str):
    """Blanks behind a block macro in its line, which are a paragraph of their own."""


def starts_block(line: str) -> bool:
    """Whether a line begins something else than a paragraph."""
    found = HEADING.match(line) or QUOTE.match(line) or ITEM.match(line.lstrip()) or FENCE.match(line.strip())
    return bool(found) or line.strip() == "----" or line.startswith("|")


def prepared(lines: list[str]) -> list[str]:
    """The lines as they can be read."""
    return _spread(_apart(lines)) if lines else []


# ---- block macros


def _lines_with(lines: list[str], sign: str) -> list[int]:
    return [number for number, line in enumerate(lines) if sign in line]


def _apart(lines: list[str]) -> list[str]:
    ends = {kind: _lines_with(lines, "{" + kind + "}") for kind in ("code", "noformat", "quote", "panel")}
    out: list[str] = []
    at, line, behind = 0, lines[0], False
    while True:
        found = None if line.startswith("|") or QUOTE.match(line) else _first_macro(lines, line, at, ends)
        if found is None:
            out.append(line)
        else:
            start, last, stop, missing = found
            heading = HEADING.match(line[:start])
            head = heading[2] if heading else line[:start]
            out += [head] if head.strip() else [Behind(head)] if behind and head else []
            whole = [line[start:stop]] if last == at else [line[start:], *lines[at + 1 : last], lines[last][:stop]]
            out += [*whole[:-1], whole[-1] + missing]
            at, line = last, (line if last == at else lines[last])[stop:]
            behind = True
            if line.strip():
                continue
            out += [Behind(line)] if line else []
        at += 1
        if at == len(lines):
            return out
        line, behind = lines[at], False


def _first_macro(lines: list[str], line: str, at: int, ends: dict[str, list[int]]) -> tuple[int, int, int, str] | None:
    """The first macro in (what is left of) a line: where it starts, in which line and where it ends, and the end that
    it lacks: Jira's converter takes one that nothing ends for an empty one."""
    found = WITHIN.search(line)
    if found is None:
        return None
    closing = "{" + found[1] + "}"
    stop = line.find(closing, found.end())
    if stop >= 0:
        return found.start(), at, stop + len(closing), ""
    later = bisect_right(ends[found[1]], at)
    if later < len(ends[found[1]]):
        last = ends[found[1]][later]
        return found.start(), last, lines[last].index(closing) + len(closing), ""
    return found.start(), at, found.end(), closing


# ---- colours


@dataclass(slots=True)
class _Runs:
    """What a colour holds, as lines: the words that no blank line follows get the colour, and those alone."""

    sign: str
    out: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)

    def close(self, *, coloured: bool) -> None:
        """The run of words is at its end."""
        if self.run:
            text = "\n".join(self.run)
            self.out.append(f"{self.sign}{text}{_END}" if coloured else text)
        self.run = []

    def take(self, inner: list[str], *, within: bool) -> None:
        """Every line. `within`: the first one continues a line."""
        at = 0
        while at < len(inner):
            line = inner[at]
            end = at + 1
            if not line.strip():
                self.close(coloured=False)
                self.out.append("")
            elif starts_block(line) and not (at == 0 and within):
                self.close(coloured=True)
                end = _whole(inner, at)
                self.out += inner[at:end]
            else:
                self.run.append(line)
            at = end
        self.close(coloured=True)


def _spread(lines: list[str]) -> list[str]:
    ends = _lines_with(lines, _END)
    if not ends:
        return lines
    lines = list(lines)
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        opened = next(reversed(list(_COLOUR.finditer(line))), None)
        after = bisect_right(ends, at)
        if FENCE.match(line.strip()):
            end = _whole(lines, at)
            out += lines[at:end]
            at = end
        elif opened is None or _END in line[opened.end() :] or after == len(ends):
            out.append(line)
            at += 1
        elif ITEM.match(line.lstrip()):  # what the colour holds belongs to the item: see `item_lines`
            out += lines[at : ends[after]]
            at = ends[after]
        elif HEADING.match(line) or QUOTE.match(line):  # neither goes on in the next line, nor does its colour
            out.append(line[: opened.start()] + line[opened.end() :])
            lines[ends[after]] = "\n".join(lines[ends[after]].split(_END, 1)).rstrip("\n")
            at += 1
        else:
            made = _coloured(lines[at : ends[after] + 1], opened)
            out += made[:-1]
            at = ends[after]  # once more from its last line on, in which another colour may begin
            lines[at] = made[-1]
    return out


def _coloured(lines: list[str], opened: re.Match[str]) -> list[str]:
    """The lines from the one where a colour begins to the one where it ends."""
    head, (last, _, behind) = lines[0][: opened.start()], lines[-1].partition(_END)
    inner = [lines[0][opened.end() :], *lines[1:-1], last]
    if all(line.strip() and not starts_block(line) for line in inner[1:]):
        return lines
    runs = _Runs(opened[0])
    runs.take(inner, within=bool(head.strip()))
    out = runs.out
    if head.strip():
        out = [head + out[0], *out[1:]] if out and out[0].startswith(opened[0]) else [head, "", *out]
    if behind and out and out[-1].endswith(_END):
        out[-1] += behind
    elif behind.strip():
        out += ["", behind]
    return [line for piece in out for line in piece.split("\n")]


def item_lines(text: str, lines: list[str], at: int) -> tuple[list[str], int] | None:
    """The lines of a list item whose colour goes on over what begins a block, as other items, all of which is in that
    item; and where the next one begins. None for any other item. `at` is the line of its `text`."""
    opened = next(reversed(list(_COLOUR.finditer(text))), None)
    if opened is None or _END in text[opened.end() :]:
        return None
    last = next((number for number in range(at + 1, len(lines)) if _END in lines[number]), None)
    if last is None:
        return None
    given = [text, *lines[at + 1 : last + 1]]
    made = _coloured(given, opened)
    return None if made == given else (made, last + 1)


def _whole(lines: list[str], at: int) -> int:
    """Where a block that starts at a line ends, as far as it can hold blank lines: a macro does with its last one."""
    fence = FENCE.match(lines[at].strip())
    closing = "{" + fence[1] + "}" if fence else ""
    if fence is None or closing in fence[3]:
        return at + 1
    return next((n + 1 for n in range(at + 1, len(lines)) if closing in lines[n]), at + 1)
