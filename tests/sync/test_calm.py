"""Hooks in a storm run a pair at most three times, however quick they come; beside it everything is run at once."""

from __future__ import annotations

import heapq
from datetime import UTC, datetime, timedelta

import pytest

from crosswalk.sync.calm import LONGEST, MANY, QUIET, Calm
from crosswalk.web.storm import Storm

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Service:
    """The door, the looks and the runs of an installation, on a clock of its own. A look takes `slow` seconds."""

    def __init__(self, slow: float = 0.0) -> None:
        self.storm, self.calm, self.slow = Storm(), Calm(), slow
        self.kept: list[int] = []
        self.look_at: float | None = None
        self.due: dict[int, datetime] = {}
        self.runs: dict[int, list[float]] = {}

    def play(self, hooks: list[tuple[float, int]]) -> None:
        """`hooks` are moments and pairs."""
        events = [(moment, 0, pair) for moment, pair in hooks]
        heapq.heapify(events)
        while events:
            now, what, pair = heapq.heappop(events)
            if what == 0:
                self.kept.append(pair)
                if (wait := self.storm.look(now, 1)) is not None and self.look_at is None:
                    self.look_at = now + wait
                    heapq.heappush(events, (self.look_at, 1, 0))
                self.storm.stored(now)
            elif what == 1:
                self.look_at = None
                self._look(now + self.slow)
                for each, due in self.due.items():
                    heapq.heappush(events, (max((due - NOON).total_seconds(), now), 2, each))
            elif pair in self.due and self.due[pair] <= at(now):
                del self.due[pair]
                self.runs.setdefault(pair, []).append(now)

    def _look(self, now: float) -> None:
        for start in range(0, len(self.kept), 100):
            batch = self.kept[start : start + 100]
            left = self.calm.hear(len(batch), sorted(set(batch)), at(now))
            for pair in set(batch):
                self.due[pair] = left.get(pair, min(self.due.get(pair, at(now)), at(now)))
        self.kept = []


@pytest.mark.parametrize("rate", [3000, 2000, 1000, 590, 250, 200])
@pytest.mark.parametrize("slow", [0.0, 0.5])
def test_five_thousand_hooks_on_fifty_pairs_run_none_more_than_three_times(rate: int, slow: float) -> None:
    service = Service(slow)
    service.play([(number / rate, number % 50) for number in range(5000)])
    assert len(service.runs) == 50
    assert max(map(len, service.runs.values())) <= 3
    assert all(runs[-1] >= 5000 / rate for runs in service.runs.values()), "none before the last word about it"


def test_a_long_storm_runs_a_pair_now_and_then() -> None:
    service = Service()
    service.play([(number / 200, number % 20) for number in range(200 * 300)])
    assert all(300 / LONGEST.total_seconds() - 2 <= len(runs) <= 13 for runs in service.runs.values())


def test_what_is_said_of_another_pair_in_a_storm_is_carried_at_once() -> None:
    service = Service()
    storm = [(number / 500, number % 50) for number in range(5000)]
    service.play([*storm, (6.3, 99)])
    assert service.runs[99][0] <= 6.3 + 1.01


def test_somebody_who_edits_quickly_waits_for_nothing() -> None:
    """Four hooks a second on one pair, for a minute: its edits and their echoes."""
    service = Service()
    moments = [number / 4 + 0.01 for number in range(240)]
    service.play([(moment, 1) for moment in moments])
    assert all(any(moment <= run <= moment + 0.26 for run in service.runs[1]) for moment in moments)


def test_a_storm_that_is_over_is_forgotten() -> None:
    calm = Calm()
    assert calm.hear(MANY, [1], NOON) == {}
    assert calm.hear(MANY, [1], at(1)) == {1: at(1) + QUIET}
    assert calm.hear(1, [1], at(60)) == {}
