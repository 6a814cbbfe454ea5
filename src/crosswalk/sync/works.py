"""Runs errands: a table says which function does which kind, beyond plans and loads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from crosswalk.errors import CrosswalkError
from crosswalk.store import errands as rows
from crosswalk.store.models import Errand
from crosswalk.sync import candidates, errands, lone, proposals, sending, settling, templates, undoing
from crosswalk.sync.connect import Bridges
from crosswalk.sync.errands import (
    BRING,
    CARRY,
    LINK,
    LOAD,
    LONE,
    MATCH,
    PLAN,
    REVERT,
    SEEK,
    SEND,
    SETTLE,
    TEMPLATE,
    UNDO,
)
from crosswalk.sync.joining import Tell
from crosswalk.sync.people import believing
from crosswalk.sync.waking import number_of

Work = Callable[[Errand, Tell], dict[str, Any] | None]

WORKS: Mapping[str, Work] = {
    MATCH: proposals.search,
    LINK: proposals.link,
    SETTLE: settling.look,
    CARRY: settling.carry,
    SEEK: candidates.seek,
    LONE: lone.read,
    BRING: candidates.bring,
    TEMPLATE: templates.look,
    UNDO: undoing.look,
    REVERT: undoing.revert,
    SEND: sending.send,
}


class ErrandHandler:
    """Runs one errand; what keeps it from ending well is said on it. Only a load is tried again, where that helps."""

    def __init__(self, bridges: Bridges, now: Callable[[], datetime]) -> None:
        self._bridges, self._now = bridges, now

    def run(self, key: str) -> None:
        """See engine.port.Handler."""
        found = Errand.objects.select_related("integration").filter(pk=number_of(key), finished_at=None).first()
        if found is None:
            return
        try:
            with believing():
                result = self._result(found)
        except CrosswalkError as error:
            if found.what == SEND and error.retryable:
                rows.tell(found.pk, f"It goes on by itself: {error.message}", found.done, found.total)
                raise
            rows.fail(found.pk, error, self._now())
        else:
            if result is not None:
                rows.finish(found.pk, result, self._now())

    def _result(self, errand: Errand) -> dict[str, Any] | None:
        def say(step: str, at: int, of: int) -> None:
            errands.tell(errand, step, at, of)

        if errand.what == LOAD:
            return errands.load(self._bridges, errand.integration, self._now, say)
        if errand.what == PLAN:
            return errands.plan(self._bridges, errand, self._now(), lambda at, of: say("", at, of))
        return WORKS[errand.what](errand, say)

    def failed(self, key: str, error: Exception) -> None:
        """See engine.port.Handler."""
        rows.fail(number_of(key), error, self._now())
