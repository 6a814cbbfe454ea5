"""Asks both sides what changed: the net under the hooks. With hooks switched off this alone keeps pairs in step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crosswalk.engine.port import CROWD, Engine
from crosswalk.errors import CrosswalkError
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Changes, Ref
from crosswalk.merge.rules import Side
from crosswalk.store import journal
from crosswalk.store.models import HookDelivery, Integration
from crosswalk.sync import breaker, echo, importing
from crosswalk.sync.bridge import NAMES, Bridge
from crosswalk.sync.unmoved import moved
from crosswalk.sync.waking import Cause, pairs_about, wake

HOOK_TIME = timedelta(minutes=1)  # a hook may be this much earlier than the poll before
DEEPEST = 4  # levels above a record that are asked for what is in a pair
SIDES = {Side.LEFT: "aha", Side.RIGHT: "jira"}
UNASKED = "could not be asked what changed"
CURSORS = {Side.LEFT: "aha_cursor", Side.RIGHT: "jira_cursor"}


def poll(engine: Engine, bridge: Bridge, now: datetime) -> int:
    """Wake every pair that changed on either side since the last poll; how many.

    A side that can not be asked is named in the integration's trouble and does not stop the other; its cursor stays,
    so nothing is missed. The cursor moves only after the pairs are marked.
    """
    integration = Integration.objects.select_related("aha", "jira").get(pk=bridge.integration_id)
    woken, trouble = 0, ""
    failed: CrosswalkError | None = None
    for side, column in CURSORS.items():
        try:
            changes = bridge.side(side).changed(getattr(integration, column))
            woken += importing.notice(integration, changes.refs) if side is Side.RIGHT else 0
        except CrosswalkError as error:
            failed = failed or error
            trouble = trouble or f"{NAMES[side]} {UNASKED}: {error}"
            continue
        about = _news(integration, changes, pairs_about([integration.pk], side, changes.refs))
        cause = Cause(f"a poll of {NAMES[side]}", side)
        concerned = {pair_id for ids in about for pair_id in ids}
        if side is Side.RIGHT and len(concerned) > CROWD:
            concerned = moved(bridge, concerned, changes.stamps)
        try:
            concerned |= above(
                bridge,
                side,
                [
                    changes.above[ref]
                    for ref, ids in zip(changes.refs, about, strict=True)
                    if not ids and ref in changes.above
                ],
            )
        except CrosswalkError as error:
            failed = failed or error
            trouble = trouble or f"{NAMES[side]} {UNASKED}: {error}"
            continue
        changed = wake(engine, concerned, now, cause=cause)
        woken += changed
        if changed and not told(integration, side, (integration.polled_at or now) - HOOK_TIME):
            Integration.objects.filter(pk=integration.pk).update(**{f"{SIDES[side]}_missed_at": now})
        Integration.objects.filter(pk=integration.pk).update(**{column: changes.cursor})
    moment = {} if trouble else {"polled_at": now}
    Integration.objects.filter(pk=integration.pk).update(trouble=trouble[:500], **moment)
    _tell(integration, trouble, failed, now)
    return woken


def _tell(integration: Integration, trouble: str, failed: CrosswalkError | None, now: datetime) -> None:
    """Say in the log when a side could not be asked for the first time, and when both can be again."""
    if failed is None:
        breaker.answered(integration.aha, integration.jira)
        if f" {UNASKED}: " in integration.trouble:  # and not what a sweep or a run met
            journal.append(integration.pk, [Entry("Aha! and Jira can be asked again; what waited goes on.")], now)
    elif not integration.trouble:
        what = trouble.removesuffix(failed.remedy).strip()
        level = "warning" if failed.retryable else "error"
        journal.append(integration.pk, [Entry(what, level=level, remedy=failed.remedy, code=failed.code)], now)


def _news(integration: Integration, changes: Changes, about: Sequence[list[int]]) -> list[list[int]]:
    """The pairs that each change concerns, without those of which only the link that they show is told."""
    given = [pk for ref, ids in zip(changes.refs, about, strict=True) if ref in changes.given for pk in ids]
    links = echo.links_of([integration.pk], given)
    return [
        [] if echo.is_echo(changes.given.get(ref, ()), ids, links) else ids
        for ref, ids in zip(changes.refs, about, strict=True)
    ]


def above(bridge: Bridge, side: Side, refs: Sequence[Ref]) -> set[int]:
    """The nearest pairs above records in no pair that stand below `refs`: the work logged on those counts there."""
    found: set[int] = set()
    for _ in range(DEEPEST):
        if not refs:
            break
        about = pairs_about([bridge.integration_id], side, refs)
        found |= {pair_id for ids in about for pair_id in ids}
        refs = bridge.side(side).above([ref for ref, ids in zip(refs, about, strict=True) if not ids])
    return found


def told(integration: Integration, side: Side, since: datetime) -> bool:
    """Whether a hook of this side arrived since then, for any integration of the same account: one serves them all."""
    name = SIDES[side]
    account = {f"integration__{name}_id": getattr(integration, f"{name}_id")}
    return HookDelivery.objects.filter(side=name, received_at__gte=since, **account).exists()
