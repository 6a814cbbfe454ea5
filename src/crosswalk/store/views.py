"""Rows as the values that merge/pairs.py defines. Reads rows; never asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from crosswalk.merge.merge import Held, load_base
from crosswalk.merge.pairs import Intent, PairView, only_news
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import load_joining
from crosswalk.merge.values import dump, load
from crosswalk.store.models import CreateIntent, Pair, PartRow
from crosswalk.store.text import fit


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
        code=pair.code,
        tries=pair.tries,
        looks=pair.looks,
        looked_at=pair.looked_at,
        news=only_news({side: getattr(pair, f"{side.value}_told") > pair.done for side in Side}),
        held=pair.held,
        joining=load_joining(pair.joining),
        deleted=Side(pair.deleted_on) if pair.deleted_on else None,
        asked=pair.urgent,
        title=pair.title,
        apart=tuple(pair.apart or ()),
    )


def end_columns(side: Side, ref: Ref, url: str | None = None) -> dict[str, str]:
    """The columns that say which record stands at one end of a pair and, with `url`, where people open it."""
    columns = {f"{side.value}_kind": ref.kind, f"{side.value}_id": ref.id, f"{side.value}_key": fit(ref.key, 100)}
    return columns if url is None else {**columns, f"{side.value}_url": openable(url)}


def openable(url: str) -> str:
    """`url` as its column takes it: an address that had to be cut would lead nowhere."""
    return url if len(url) <= 500 else ""


def touched(side: Side | None = None) -> dict[str, Any]:
    """The columns that change when `side` may have changed; where it is not known which, both may have."""
    count = F("dirty") + 1
    return {"dirty": count, **{f"{one.value}_told": count for one in ((side,) if side else Side)}}


def intent_of(row: CreateIntent) -> Intent:
    """The create intent as the story sees it."""
    return Intent(row.token, row.pair_id, Side(row.side), row.since, row.sent_at)


def part_of(row: PartRow) -> PartPair:
    """Two parts as the story sees them."""
    since = datetime.fromisoformat(row.held["since"]) if row.held.get("since") else None
    was = _held(row.held["was"]) if row.held.get("was") else None
    return PartPair(row.left_id or "", row.right_id or "", Side(row.origin), _held(row.held), since, was)


def part_columns(part: PartPair) -> dict[str, Any]:
    """The columns that keep two parts."""
    held: dict[str, Any] = _dumped(part.held)
    if part.since is not None:
        held["since"] = part.since.isoformat()
    if part.was is not None:
        held["was"] = _dumped(part.was)
    return {"left_id": part.left or None, "right_id": part.right or None, "origin": part.origin.value, "held": held}


def _held(ends: Mapping[str, Any]) -> Held:
    return Held.agreed(left=load(ends["left"]), right=load(ends["right"]))


def _dumped(held: Held) -> dict[str, Any]:
    return {"left": dump(held.left), "right": dump(held.right)}
