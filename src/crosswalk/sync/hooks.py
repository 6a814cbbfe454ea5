"""Looks at hooks that were kept and answered: which pairs do they concern? A hook carries no value, only a hint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from crosswalk.aha import wire_hooks as aha_hooks
from crosswalk.engine.port import Engine
from crosswalk.jira import wire_hooks as jira_hooks
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.remote.request import parse
from crosswalk.store import inbox, journal
from crosswalk.store.models import HookDelivery, Integration, Pair
from crosswalk.sync.bridge import NAMES
from crosswalk.sync.waking import pairs_about, wake

BATCH = 100
SIDES = {"aha": Side.LEFT, "jira": Side.RIGHT}


def look(engine: Engine, now: datetime) -> int:
    """Look at every hook nobody has looked at yet, wake the pairs they concern, and say so. How many there were.

    A batch is read first and written in one short transaction, so that hooks which arrive meanwhile are kept at once.
    """
    count = 0
    while batch := inbox.unseen(BATCH):
        seen = [(delivery.pk, *news_of(delivery)) for delivery in batch]
        by_outcome: dict[str, list[int]] = {}
        for delivery_id, _, outcome in seen:
            by_outcome.setdefault(outcome, []).append(delivery_id)
        with transaction.atomic():
            _tell(batch, seen, now)
            wake(engine, [pair_id for _, woken, _ in seen for pair_id in woken], now)
            for outcome, ids in by_outcome.items():
                inbox.mark_seen(ids, now, outcome)
        count += len(batch)
    return count


def _tell(batch: list[HookDelivery], seen: list[tuple[int, list[int], str]], now: datetime) -> None:
    """A line in the journal of each pair that was at rest: a storm of hooks on one pair is told once."""
    sides = {delivery.pk: SIDES[delivery.side] for delivery in batch}
    about = {pair_id: sides[delivery_id] for delivery_id, woken, _ in seen for pair_id in woken}
    for pair in Pair.objects.filter(pk__in=about, dirty=F("done")):
        side = about[pair.pk]
        line = Entry(f"{NAMES[side]} says that something about it changed.", why="A hook arrived.", side=side)
        journal.append(pair.integration_id, [line], now, pair_id=pair.pk)


def news_of(delivery: HookDelivery) -> tuple[list[int], str]:
    """The pairs that a delivery concerns, and what to say of it: what it wakes, or why it is not ours."""
    try:
        payload = parse(bytes(delivery.body) or b"null")
    except ValueError:
        return [], "not ours: its body is not JSON"
    side = SIDES[delivery.side]
    refs, not_ours = _read(side, payload)
    if not_ours:
        return [], f"not ours: {not_ours}"
    woken = sorted(set(pairs_about(_integrations(delivery), side, refs)))
    if not woken:
        names = ", ".join(str(ref) for ref in refs) or "nothing that is kept in step"
        return [], f"not ours: {names} is in no pair"
    return woken, f"woke {len(woken)} pair{'s' if len(woken) != 1 else ''}: {', '.join(str(ref) for ref in refs)}"


def _read(side: Side, payload: Any) -> tuple[tuple[Ref, ...], str]:
    news = aha_hooks.hook_refs(payload) if side is Side.LEFT else jira_hooks.hook_refs(payload)
    return news.refs, news.not_ours


def _integrations(delivery: HookDelivery) -> list[int]:
    """One hook serves every integration on the same account: the one it was addressed to, and its siblings."""
    addressed = delivery.integration
    if addressed is None:
        return []
    account: Mapping[str, int] = {f"{delivery.side}_id": getattr(addressed, f"{delivery.side}_id")}
    return list(Integration.objects.filter(**account).values_list("pk", flat=True))
