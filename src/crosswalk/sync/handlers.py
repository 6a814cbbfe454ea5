"""What the engine runs: a handler for each kind of job. Thin: finds the bridge, tells the story, asks for more time."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta

import structlog

from crosswalk.config import USUAL, Keep
from crosswalk.engine.port import BULK, CROWD, CROWDED, FIRST, HOOKED, INTERACTIVE, Engine, Handler
from crosswalk.errors import CrosswalkError
from crosswalk.remote.way import first
from crosswalk.store import budget, exchanges, inbox, joined, pairs, people, removals, retention, sweeps
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import drift, dynamic, hooks, returned, sweep, watch, works
from crosswalk.sync.after import Ending
from crosswalk.sync.calm import Calm
from crosswalk.sync.connect import Bridges
from crosswalk.sync.installation import Installation
from crosswalk.sync.new_integration import NewIntegrationHandler
from crosswalk.sync.pair import sync_pair
from crosswalk.sync.people import believing
from crosswalk.sync.waking import APPROVAL, APPROVED, COMPARE, ERRAND, INBOX, NEW, PAIR, POLL, SWEEP, enqueue, number_of

log = structlog.get_logger(__name__)

ROUND = "round"
"""The kind of job that starts polls and sweeps for every enabled integration."""
TIDY = "tidy"
"""The kind of job that removes what nobody needs any more."""
GRANTS = "grants"
"""The kind of job that renews sign-ins and webhooks of apps before they end."""
REMOVALS = timedelta(days=30)
"""For how long it is kept that something was deleted or emptied: longer than any window in which that is counted."""
EVERY_TIDY = 3600.0
EVERY_SWEEP = 900.0  # seconds between two sweeps of an integration


class PairHandler:
    """Runs one pair."""

    def __init__(
        self,
        engine: Engine,
        bridges: Bridges,
        now: Callable[[], datetime],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._engine, self._bridges, self._now, self._chance = engine, bridges, now, chance

    def run(self, key: str) -> None:
        """See engine.port.Handler."""
        pair_id = pairs.pair_of_key(key)
        pair = joined.pair(pair_id)
        if pair is None or not _works(pair.integration) or pair.held or pair.dirty == pair.done:
            return
        if not pair.urgent and (left := self._left_to_wait(pair)) > 0:
            self._engine.enqueue(key, PAIR, priority=HOOKED, delay=left)  # a hook ends no back-off, and no calm
            return
        with first(), exchanges.of_runs(), nullcontext() if pair.urgent else believing():
            ending = sync_pair(self._bridges.of(pair.integration), pair_id, chance=self._chance())
        log.info("pair", pair=pair_id, state=ending.state, reason=ending.reason)
        self._follow(key, pair, ending)

    def _left_to_wait(self, pair: Pair) -> float:
        return (pair.due_at - self._now()).total_seconds()

    def _follow(self, key: str, pair: Pair, ending: Ending) -> None:
        """Ask for the next run where one is due, and say on the connection that it is ill."""
        again = ending.wakes or ending.state in ("overtaken", "waiting")
        priority = self._priority(pair) if again else HOOKED
        for other in ending.wakes:
            self._engine.enqueue(pairs.key_of(other), PAIR, priority=priority)
        if ending.state == "overtaken":  # what was told meanwhile need not wait for the engine's sweep
            self._engine.enqueue(key, PAIR, priority=priority)
        if ending.state == "waiting" and ending.wait is not None:
            self._engine.enqueue(key, PAIR, priority=priority, delay=ending.wait)
        trouble = f"{ending.reason} {ending.remedy}".strip()[:500] if ending.trouble else ""
        if trouble != pair.integration.trouble and (ending.trouble or ending.state == "agreed"):
            Integration.objects.filter(pk=pair.integration_id).update(trouble=trouble)

    def _priority(self, pair: Pair) -> int:
        """Of its next run. One of many that people asked for goes behind what is woken one by one, as at first."""
        if not pair.urgent:
            return HOOKED
        return CROWDED if pairs.many_asked_for(CROWD, self._now()) else INTERACTIVE

    def failed(self, key: str, error: Exception) -> None:
        """Park the pair: running it again does not help."""
        remedy = error.remedy if isinstance(error, CrosswalkError) else "See the log, then press Retry."
        pairs.park([pairs.pair_of_key(key)], str(error) or type(error).__name__, remedy)


class IntegrationHandler:
    """Runs something for one integration; the key ends in its id."""

    def __init__(self, bridges: Bridges, work: Callable[[Integration], object]) -> None:
        self._bridges, self._work = bridges, work

    def run(self, key: str) -> None:
        """See engine.port.Handler."""
        integration = joined.integration(number_of(key))
        if integration is not None and _works(integration):
            with believing():
                self._work(integration)

    def failed(self, key: str, error: Exception) -> None:
        """Say on the integration what keeps it from working."""
        found = Integration.objects.filter(pk=number_of(key))
        found.update(trouble=str(error)[:500])


def _works(integration: Integration) -> bool:
    """Whether it is on, and both sides may be asked."""
    return integration.enabled and not integration.aha.paused and not integration.jira.paused


class PlainHandler:
    """Runs a function; a failure is logged."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work

    def run(self, key: str) -> None:
        """See engine.port.Handler."""
        log.debug("job", key=key)
        self._work()

    def failed(self, key: str, error: Exception) -> None:
        """Log it."""
        log.error("job failed", key=key, error=str(error))


def start(here: Installation) -> None:
    """Begin to work in threads of this process. Raises Refused where another process does so already."""
    here.engine.every(here.config.poll_seconds, ROUND, ROUND, priority=FIRST)
    here.engine.every(EVERY_TIDY, TIDY, TIDY)
    here.engine.start(of(here))


def of(here: Installation) -> Mapping[str, Handler]:
    """What the engine of an installation runs, by kind of job."""
    return build(here.engine, here.bridges, here.now, here.config.keep, here.config.poll_seconds)


def build(
    engine: Engine, bridges: Bridges, now: Callable[[], datetime], keep: Keep = USUAL, over: float = 0.0
) -> Mapping[str, Handler]:
    """The handlers of an installation, by kind. The polls of a round are spread over so many seconds."""
    calm = Calm()
    approved = IntegrationHandler(bridges, lambda one: sweep.guarded(engine, bridges.of(one), now(), APPROVED))
    return {
        PAIR: PairHandler(engine, bridges, now),
        POLL: IntegrationHandler(bridges, lambda one: watch.poll(engine, bridges.of(one), now())),
        SWEEP: IntegrationHandler(bridges, lambda one: on_schedule(engine, bridges, one, now())),
        COMPARE: IntegrationHandler(bridges, lambda one: sweep.guarded(engine, bridges.of(one), now(), COMPARE)),
        APPROVAL: approved,
        APPROVED: approved,  # a former version asks so: it has the brake, unless a word is kept
        ERRAND: works.ErrandHandler(bridges, now),
        NEW: NewIntegrationHandler(bridges, now),
        INBOX: PlainHandler(lambda: _look(engine, now, calm)),
        TIDY: PlainHandler(lambda: tidy(now(), keep)),
        GRANTS: PlainHandler(lambda: (bridges.keep_grants(), dynamic.keep_all(bridges, now()))),
        ROUND: PlainHandler(lambda: start_round(engine, over)),
    }


def _look(engine: Engine, now: Callable[[], datetime], calm: Calm) -> None:
    with first():
        hooks.look(engine, now, calm)


def on_schedule(engine: Engine, bridges: Bridges, integration: Integration, now: datetime) -> None:
    """Look first whether the mapping still fits: where it does not, the comparison may fail by that.

    What somebody approved is carried then where that could not be when it was said: while the integration, or a
    connection of it, was paused. Records that are shown again go on.
    """
    drift.look_if_due(bridges, integration, now)
    bridge = bridges.of(integration)
    sweep.guarded(engine, bridge, now)
    returned.look(engine, bridge, now)
    if sweeps.word(integration.pk)[0]:
        enqueue(engine, APPROVAL, integration.pk)


def start_round(engine: Engine, over: float = 0.0) -> None:
    """Start a poll of every enabled integration and a look at the inbox, and see that a sweep will come.

    The polls are spread over `over` seconds: all at once would stand before whatever a hook wakes, and use up what an
    account takes in a minute. Rounds coalesce into the sweep that waits already, so it comes EVERY_SWEEP seconds after
    the one before.
    """
    engine.enqueue(INBOX, INBOX, priority=FIRST)
    if Grant.objects.exists():
        engine.enqueue(GRANTS, GRANTS, priority=HOOKED)
    enabled = list(Integration.objects.filter(enabled=True).order_by("pk").values_list("pk", flat=True))
    for number, integration_id in enumerate(enabled):
        enqueue(engine, POLL, integration_id, priority=HOOKED, delay=over * number / len(enabled))
        enqueue(engine, SWEEP, integration_id, priority=BULK, delay=EVERY_SWEEP)


def tidy(now: datetime, keep: Keep) -> None:
    """Remove what was kept long enough, and sessions that have ended."""
    inbox.prune(now - timedelta(days=keep.hooks))
    reads, rest = (now - timedelta(days=days) for days in (keep.requests, keep.exchanges))
    budget.prune(reads.timestamp(), rest.timestamp())
    if keep.journal:
        retention.journal(now - timedelta(days=keep.journal))
    removals.prune(now - REMOVALS)
    people.tidy()
    retention.sessions(now)
