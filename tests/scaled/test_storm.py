"""The kill test in short; `./run python -m tests.scaled` is the long one. And its judge finds what it has to find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scaled.storm import Outcome, Storm, run

pytestmark = [pytest.mark.acceptance, pytest.mark.postgres, pytest.mark.slow]


def test_nothing_is_lost_or_doubled_while_processes_are_killed(tmp_path: Path) -> None:
    outcome = run(Storm(features=5, requirements=2, kills=4, seconds=240, pause=2.0), tmp_path)
    # Requests that a busy machine holds up after their right was taken arrive together: tests/store/test_budget.py
    # holds how rights are given.
    account = "\n".join([str(outcome.wrong), *outcome.journal])
    assert {name for name in outcome.faults if name != "limits_exceeded"} == set(), f"{outcome.faults}\n{account}"
    assert sum(outcome.kills.values()) == 4
    assert outcome.sent == outcome.records == 15


def test_an_outcome_names_what_went_wrong() -> None:
    assert Outcome(records=5, sent=4, doubles=1, lost_edits=2).faults == {"doubles": 1, "lost_edits": 2}
