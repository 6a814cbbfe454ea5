"""Lays two sequences beside each other: what is the same in both, in order. Knows neither texts nor records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_STEPS = 20_000_000
"""Comparisons that laying out may take at worst, less than a second or two. Where the same word stands hundreds of
times, an exact answer would take the cube of the length."""


def beside(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs that are the same: where each begins in `one` and in `other`, and how long it is.

    Exact for ordinary texts. Where that would take too long, what stands there very often begins no run; where that is
    everything, only what is the same at both ends counts.
    """
    counts = Counter(other)
    seldom = len(other) // 100 + 1 if len(other) >= 200 else len(other)  # as difflib has it
    for most in (len(other), seldom):
        equal = sum(counts[word] for word in one if counts[word] <= most)
        if equal * min(len(one), len(other)) <= MOST_STEPS:
            found = SequenceMatcher(None, one, other, autojunk=most == seldom)
            return [(run.a, run.b, run.size) for run in found.get_matching_blocks() if run.size]
    return _ends(one, other)


def _ends(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    head = _alike(one, other)
    tail = min(_alike(one[::-1], other[::-1]), min(len(one), len(other)) - head)
    runs = [(0, 0, head), (len(one) - tail, len(other) - tail, tail)]
    return [run for run in runs if run[2]]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (at for at, (first, second) in enumerate(zip(one, other, strict=False)) if first != second),
        min(len(one), len(other)),
    )
