"""Looks at hooks that were kept and answered: which pairs do they concern? A hook carries no value, only a hint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crosswalk.aha import wire_hooks as aha_hooks
from crosswalk.engine.port import Engine
from crosswalk.jira import wire_hooks as jira_hooks
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import inbox
from crosswalk.store.models import HookDelivery, Integration
from crosswalk.sync.waking import pairs_about, wake

SIDES = {"aha": Side.LEFT, "jira": Side.RIGHT}


def look(engine: Engine, now: datetime) -> int:
    """Look at every hook nobody has looked at yet, wake the pairs they concern, and say so. How many there were."""
    count = 0
    for delivery in inbox.unseen():
        inbox.mark_seen([delivery.pk], now, outcome_of(engine, delivery, now))
        count += 1
    return count


def outcome_of(engine: Engine, delivery: HookDelivery, now: datetime) -> str:
    """Wake the pairs that one delivery concerns; what it woke, or why it is not ours."""
    try:
        payload = json.loads(bytes(delivery.body) or b"null")
    except ValueError:
        return "not ours: its body is not JSON"
    side = SIDES[delivery.side]
    refs, not_ours = _read(side, payload)
    if not_ours:
        return f"not ours: {not_ours}"[:300]
    woken = pairs_about(_integrations(delivery), side, refs)
    if not woken:
        names = ", ".join(str(ref) for ref in refs) or "nothing that is kept in step"
        return f"not ours: {names} is in no pair"[:300]
    wake(engine, woken, now)
    return f"woke {len(set(woken))} pair{'s' if len(set(woken)) != 1 else ''}: {', '.join(str(ref) for ref in refs)}"[
        :300
    ]


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
