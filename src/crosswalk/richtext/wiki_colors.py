"""Colours of Jira wiki markup that go on over several blocks: which of them are closed further on. It reads no line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MOST = 20
"""Colours that are open within each other; what opens more is text, so that the time stays linear."""
_COLOR = re.compile(r"(?<!\\)\{color(:[^{}\n]*)?\}", re.IGNORECASE)
_QUICK = re.compile(r"\{color\}", re.IGNORECASE)


def closes_color(text: str) -> bool:
    """Whether `text` may close a colour: where it does not, none of its lines needs to be looked at."""
    return _QUICK.search(text) is not None


def closers(texts: Sequence[str]) -> list[int]:
    """For each of `texts` how many colours that are open before it are closed in it and in those behind it; and none
    behind the last."""
    counts = [0] * (len(texts) + 1)
    for number in range(len(texts) - 1, -1, -1):
        count = counts[number + 1]
        if "{" in texts[number] and _QUICK.search(texts[number]):
            for found in reversed(list(_COLOR.finditer(texts[number]))):
                count = max(0, count - 1) if found[1] else count + 1
        counts[number] = count
    return counts


class Colors:
    """The colours that are open where a line begins, outermost first. The first `inherited` of them were opened outside
    of these lines, by something that is closed."""

    def __init__(self, inherited: Iterable[str] = ()) -> None:
        self.open = tuple(inherited)
        self.inherited = len(self.open)

    def after(self, left_open: tuple[str, ...], closed_later: int) -> None:
        """What a line left open goes on as far as it is closed later; else it coloured the rest of its line alone."""
        self.inherited = min(self.inherited, len(left_open))
        own = left_open[self.inherited :]
        self.open = (*left_open[: self.inherited], *own[max(0, len(own) - closed_later) :])
