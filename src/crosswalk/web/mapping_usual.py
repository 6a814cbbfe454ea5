"""What of a mapping's sheet is as Crosswalk proposes it, so that nobody has to read it before deciding something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from crosswalk.sync import projectdata
from crosswalk.sync.mapping import KINDS, POLICIES, SHARED, WORDS, FieldLine, TypeLine
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.wording import WAYS

POLICY_WORDS = {policy: word for word, policy in POLICIES.items()}


def usual_lines(loaded: Loaded, data: Mapping[str, Any], kind: str) -> tuple[FieldLine, ...]:
    """The lines that are proposed for `kind` where the kinds become the types that `data` says."""
    said = {one: line for one in KINDS if isinstance(line := (data.get("types") or {}).get(one), dict) and line}
    types = {
        one: TypeLine(str(line.get("type", "")), str(line.get("relation") or "parent")) for one, line in said.items()
    }
    return projectdata.usual_lines(loaded, types, kind)[0] if kind in types else ()


def is_usual(line: Mapping[str, Any], usual: Sequence[FieldLine]) -> bool:
    """Whether a line says what is proposed, and nothing beside it."""
    told = [str(line.get(name, "")) for name in ("name", "aha", "jira")]
    ways = str(line.get("direction") or "both"), str(line.get("conflict") or "newest")
    return not line.get("options") and any(
        told == [one.name, one.aha, one.jira] and ways == (WORDS[one.direction], POLICY_WORDS[one.conflict])
        for one in usual
    )


def names_by_way(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """The names of lines by the way they go, both ways first."""
    found: dict[str, list[str]] = {word: [] for word in WAYS}
    for line in lines:
        found.setdefault(str(line.get("direction") or "both"), []).append(str(line.get("name", "")))
    ways = {word: f"{label[0].upper()}{label[1:]}" for word, label in WAYS.items()}
    return [(ways.get(word, word), names) for word, names in found.items() if names]


def unit(line: Mapping[str, Any], among: Sequence[Mapping[str, Any]], minutes: Callable[[str], bool]) -> str:
    """Of lines that join one estimate with several fields of Jira, which records this one is for; "" for all others."""
    name = line.get("aha")
    if name not in SHARED or sum(one.get("aha") == name for one in among) < 2:
        return ""
    return "in time" if minutes(str(line.get("jira", ""))) else "in points"


def as_proposed(loaded: Loaded, kind: str, line: Mapping[str, Any]) -> bool:
    """Whether what hangs on the type of `kind` is as proposed: its parent, deletions, and that it is the only type."""
    proposed = projectdata.default_mapping(loaded).types.get(kind)
    relation = proposed.relation if proposed else "parent"
    asked = all(str(line.get(name) or "ask") == "ask" for name in ("removed", "removed_in_jira"))
    return asked and not line.get("by") and str(line.get("relation") or "parent") == relation
