"""Request limits as pure arithmetic on keys and seconds. Knows no HTTP, no clock and no vendor."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one request may pass. `retry_after` and `reset` are seconds; `reset` is on the caller's time axis."""

    allowed: bool
    retry_after: float
    limit: int
    remaining: int
    reset: float
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `seconds` seconds (sliding)."""

    name: str
    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: `limit` tokens at most, refilled with `per_second` tokens a second."""

    name: str
    limit: int
    per_second: float


Rule = Window | Bucket


class Windows:
    """Counts hits per key under several rules at once. A refused hit is not counted.

    Not thread-safe: the caller holds its own lock, or lives on one event loop.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._windows: dict[tuple[str, str], deque[float]] = {}
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def hit(self, key: str, now: float, cost: int = 1) -> Verdict:
        """Judge one request of `cost` units by `key` at `now` (seconds on any axis that only grows).

        The verdict is that of the rule that refuses longest, or else of the rule with the least left.
        """
        verdicts = [self._judge(rule, key, now, cost) for rule in self.rules]
        refused = [verdict for verdict in verdicts if not verdict.allowed]
        if refused:
            return max(refused, key=lambda verdict: verdict.retry_after)
        for rule in self.rules:
            self._count(rule, key, now, cost)
        if not verdicts:
            return Verdict(True, 0.0, 0, 0, now)
        return min(verdicts, key=lambda verdict: verdict.remaining)

    def look(self, name: str, key: str, now: float) -> Verdict:
        """How the rule of that name stands for `key`; nothing is counted. Raises KeyError for an unknown name."""
        rule = next((rule for rule in self.rules if rule.name == name), None)
        if rule is None:
            raise KeyError(name)
        return self._judge(rule, key, now, 0)

    def _judge(self, rule: Rule, key: str, now: float, cost: int) -> Verdict:
        if isinstance(rule, Window):
            return self._judge_window(rule, key, now, cost)
        tokens = self._tokens(rule, key, now)
        if tokens + 1e-9 < cost:
            wait = (cost - tokens) / rule.per_second
            return Verdict(False, wait, rule.limit, max(0, int(tokens)), now + wait, rule.name)
        left = tokens - cost
        return Verdict(True, 0.0, rule.limit, int(left), now + (rule.limit - left) / rule.per_second, rule.name)

    def _judge_window(self, rule: Window, key: str, now: float, cost: int) -> Verdict:
        hits = self._windows.setdefault((rule.name, key), deque())
        while hits and hits[0] <= now - rule.seconds:
            hits.popleft()
        if len(hits) + cost > rule.limit:
            # The window opens again when so many of the oldest hits have left it that the cost fits.
            leaving = min(len(hits) + cost - rule.limit, len(hits))
            opens = hits[leaving - 1] + rule.seconds if leaving else now + rule.seconds
            return Verdict(False, opens - now, rule.limit, max(0, rule.limit - len(hits)), opens, rule.name)
        reset = (hits[0] if hits else now) + rule.seconds
        return Verdict(True, 0.0, rule.limit, rule.limit - len(hits) - cost, reset, rule.name)

    def _tokens(self, rule: Bucket, key: str, now: float) -> float:
        tokens, at = self._buckets.get((rule.name, key), (float(rule.limit), now))
        return min(float(rule.limit), tokens + max(0.0, now - at) * rule.per_second)

    def _count(self, rule: Rule, key: str, now: float, cost: int) -> None:
        if isinstance(rule, Window):
            self._windows[rule.name, key].extend([now] * cost)
        else:
            self._buckets[rule.name, key] = (self._tokens(rule, key, now) - cost, now)
