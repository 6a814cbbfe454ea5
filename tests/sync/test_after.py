"""How a run ends: what a person is told to do."""

from __future__ import annotations

import pytest

from crosswalk.merge.pairs import Entry
from crosswalk.sync.after import Ending


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        ("", "Then press Retry."),
        ("Put it on the screen.", "Put it on the screen. Then press Retry."),
        ("Put it on the screen, then press Retry.", "Put it on the screen, then press Retry."),
        ("Decide it on the page Conflicts.", "Decide it on the page Conflicts."),
        (
            "Say on the page People who that is.",
            "Say on the page People who that is. Once said there, it is tried again by itself; else press Retry.",
        ),
    ],
)
def test_retry_is_asked_for_where_nothing_tries_again_by_itself(remedy: str, told: str) -> None:
    assert Ending.asking([Entry("Assignee is not carried.", "Nobody has the address.", remedy=remedy)]).remedy == told
