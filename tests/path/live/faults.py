"""What servers do wrong while workers run: rules for the sandboxes. Data only."""

from __future__ import annotations

from typing import Any

MAKES = "/(issue|bulk|requirements|comments?|issueLink|record_links|attachments|time_tracking_events|transitions)$"
"""Where something is made; POST alone is a read, too."""
LOST: dict[str, Any] = {"kind": "reset_after", "method": "POST", "path_regex": MAKES}
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_before"},
    {"kind": "reset_before", "times": 9},
    {"kind": "reset_after"},
    LOST,
    {**LOST, "times": 2},
    {"kind": "reset_after", "method": "PUT"},
    {"kind": "429", "retry_after": 3},
    {"kind": "429", "times": 3},
    {"kind": "429", "retry_after": 900, "times": 2},
    {"kind": "500", "times": 2},
    {"kind": "503", "times": 5},
    {"kind": "504", "method": "POST", "path_regex": MAKES},
    {"kind": "504", "method": "PUT"},
    {"kind": "truncated"},
    {"kind": "slow", "seconds": 0.01},
)
STALE: tuple[dict[str, Any], ...] = (
    {"kind": "stale", "seconds": 50, "times": 0},
    {"kind": "stale", "seconds": 3, "times": 4},
)
OLD: tuple[dict[str, Any], ...] = (
    {"kind": "lag", "seconds": 50, "times": 0},
    {"kind": "lag", "seconds": 5, "times": 0},
)
