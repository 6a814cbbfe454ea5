"""The filters above a list of records: each record is in one, and in parts of it only that say so. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crosswalk.web.reading import ALWAYS, BESIDES, ENDED, FILTERS

WITHIN = ("conflict", "error", "gone", "changed", "except")
"""Filters that show a part of what the one before them shows."""


def offered(each: Mapping[str, int], chosen: str) -> list[str]:
    """Those that show something, in their order; `each` says how many. One that was `chosen` stays."""
    return [name for name in FILTERS if each[name] or name == chosen or name in ALWAYS]


def within(each: Mapping[str, int]) -> Sequence[str]:
    """Those of which all is in the one before them, too."""
    besides = {"except": each[BESIDES], "gone": each[ENDED]}
    return [name for name in WITHIN if not besides.get(name)]


def label(name: str, each: Mapping[str, int]) -> str:
    """What a filter is called, so that nobody adds up what is counted twice."""
    if name in within(each):
        return f"of these {FILTERS[name][0].lower()}"
    if name == "except" and each[BESIDES]:
        return "Differ in a field"
    asking = each["gone"] - each[ENDED]
    return f"{FILTERS[name][0]} ({asking} under Need you)" if name == "gone" and asking else FILTERS[name][0]
