"""What stands across for what a record refers to: the version of a release, the issue of an epic. Reads rows.

A feature, an epic or an initiative of another workspace is found in the integration that sends it.
"""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.merge.records import Ref
from crosswalk.merge.values import Choice
from crosswalk.store import asked
from crosswalk.store.joined import beside
from crosswalk.store.models import Pair
from crosswalk.store.views import view
from crosswalk.sync.above import Found, Pairs

ABROAD = ("feature", "epic", "initiative")
"""What records of other workspaces may stand below in Aha!, and issues of other projects in Jira; an issue stands below
one of another workspace's, too, where both are joined with its project."""

Joined = list[tuple[Ref, Ref]]


def versions_of(integration_id: int) -> dict[str, Choice]:
    """The Jira version of each Aha! release that has one, by the release's id."""
    return {left: Choice(right, key) for left, right, key in asked.versions(integration_id)}


def pairs_above(integration_id: int) -> Pairs:
    """Finds the counterparts of what a record stands below: two records at most, so a query of its own each time."""

    def find(kind: str, left: Choice | None, right: Choice | None) -> Found:
        here, there = left.id if left else None, right.id if right else None
        if here is None and there is None:
            return Found()
        found = _found(_joined(asked.above(integration_id, kind, here, there)))
        if kind in ABROAD and here is not None and here not in found.right:
            found = _with(found, _abroad(integration_id, kind, here, None))
        if kind in ABROAD and there is not None and there not in found.left:
            found = _with(found, _abroad(integration_id, kind, None, there))
        return found

    return find


def _abroad(integration_id: int, kind: str, left: str | None, right: str | None) -> Joined:
    """The one pair that another integration of both accounts holds; of several nobody knows which is meant."""
    found = [one for other in beside(integration_id) for one in _joined(asked.above(other, kind, left, right))]
    return found if len(found) == 1 else []


def _joined(pairs: Iterable[Pair]) -> Joined:
    return [(one.left, one.right) for one in map(view, pairs) if one.left and one.right]


def _found(joined: Joined) -> Found:
    return Found(
        {one.id: other for one, other in joined},
        {name: one for one, other in joined for name in (other.id, other.key)},
    )


def _with(found: Found, joined: Joined) -> Found:
    more = _found(joined)
    return Found({**more.right, **found.right}, {**more.left, **found.left})
