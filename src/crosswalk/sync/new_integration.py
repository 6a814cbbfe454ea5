"""An integration that a person asked for on a page: made by the engine, while the page says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from crosswalk.engine.port import INTERACTIVE
from crosswalk.errors import CrosswalkError, Refused
from crosswalk.store import new_integrations as rows
from crosswalk.store.models import NewIntegration
from crosswalk.store.new_integrations import Wish
from crosswalk.sync import ascode, service
from crosswalk.sync.connect import Bridges
from crosswalk.sync.installation import current
from crosswalk.sync.waking import NEW, enqueue, number_of


def begin(wish: Wish, person: str) -> NewIntegration:
    """Have it made now. What keeps it from being made is said on what this returns."""
    here = current()
    asked = rows.begin(wish, person, here.now())
    enqueue(here.engine, NEW, asked.pk, priority=INTERACTIVE)
    return asked


class NewIntegrationHandler:
    """Makes one: both sides are read first, and it is kept and said to be made at once, or not at all.

    One that is made of a file is kept first; should the service end there, the file is applied when it goes on.
    """

    def __init__(self, bridges: Bridges, now: Callable[[], datetime]) -> None:
        self._bridges, self._now = bridges, now

    def run(self, key: str) -> None:
        """See engine.port.Handler."""
        unfinished = NewIntegration.objects.select_related("aha", "jira", "made").filter(finished_at=None)
        asked = unfinished.filter(pk=number_of(key)).first()
        if asked is None:
            return
        try:
            self._make(asked)
        except CrosswalkError as error:
            rows.fail(asked.pk, error, self._now())

    def _make(self, asked: NewIntegration) -> None:
        def say(step: str, done: int, total: int) -> None:
            rows.tell(asked.pk, step, done, total)

        made = asked.made
        if made is None:
            loaded = self._bridges.load(asked.aha, asked.workspace, asked.jira, asked.project, say)
            with transaction.atomic():
                made = service.keep_integration(asked.name, asked.aha, asked.jira, loaded)
                service.note(made, "The integration is made.", asked.person)
                if not asked.file:
                    rows.finish(asked.pk, made, self._now())
                    return
                rows.keep(asked.pk, made)
        try:
            said = list(ascode.filled(made, asked.file))
        except Refused:
            made.delete()
            raise
        rows.finish(asked.pk, made, self._now(), said)

    def failed(self, key: str, error: Exception) -> None:
        """See engine.port.Handler."""
        rows.fail(number_of(key), error, self._now())
