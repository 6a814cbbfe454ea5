"""What a list of pairs tells of a record without asking Aha!: status and release, as both sides last agreed. Pure."""

from __future__ import annotations

from crosswalk.merge.values import Choice, Maybe, load
from crosswalk.store.models import Pair


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
