"""What a list of pairs tells of a record without asking Aha!: status and release, as both sides last agreed, and that
its name was shortened. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice, Maybe, load
from crosswalk.store.models import Pair
from crosswalk.sync.translate import Summary, VersionName

_HOLDERS: Final[Mapping[str, Summary]] = {"summary": Summary(), "name": VersionName()}
"""What Jira keeps a name in, and how."""


def last_told(pair: Pair) -> tuple[str, str]:
    """The record's status and release in Aha!; "" for what is not known, or may be another by now."""
    if pair.dirty != pair.done:
        return "", ""
    lines = pair.integration.mapping.get("fields", {}).get(pair.kind, ())
    names = {line.get("aha"): line.get("name") for line in lines}
    status, release = (pair.base.get(names.get(field), {}) for field in ("workflow_status", "releases"))
    return _named(load(status.get("left"))), _named(load(release.get("left")))


def _named(value: Maybe) -> str:
    """How a choice, or several, are called."""
    some = value if isinstance(value, frozenset) else {value}
    return ", ".join(sorted(one.name for one in some if isinstance(one, Choice)))


def shortened(pair: Pair) -> str:
    """That of two records in step Jira holds less of the name than Aha!; "" where it holds all of it."""
    if pair.state != Pair.State.AGREED or pair.held or pair.dirty != pair.done:
        return ""
    for line in pair.integration.mapping.get("fields", {}).get(pair.kind, ()):
        form, held = _HOLDERS.get(line.get("jira")), pair.base.get(line.get("name"))
        if line.get("aha") != "name" or form is None or not held:
            continue
        name = load(held.get("left"))
        if isinstance(name, str) and form.loss(name, Side.RIGHT) and form.to_right(name) == load(held.get("right")):
            return "name shortened in Jira"
    return ""
