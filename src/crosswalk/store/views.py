"""Rows as the values that merge/pairs.py defines. Reads rows; never asks the database."""

from __future__ import annotations

from crosswalk.merge.merge import load_base
from crosswalk.merge.pairs import Intent, PairView
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store.models import CreateIntent, Pair


def view(pair: Pair) -> PairView:
    """The pair as the story sees it."""
    return PairView(
        id=pair.pk,
        integration_id=pair.integration_id,
        kind=pair.kind,
        left=Ref(pair.left_kind, pair.left_id, pair.left_key) if pair.left_id is not None else None,
        right=Ref(pair.right_kind, pair.right_id, pair.right_key) if pair.right_id is not None else None,
        base=load_base(pair.base),
        parent_id=pair.parent_id,
        state=pair.state,
        tries=pair.tries,
    )


def intent_of(row: CreateIntent) -> Intent:
    """The create intent as the story sees it."""
    return Intent(row.token, row.pair_id, Side(row.side), row.since, row.sent_at)
