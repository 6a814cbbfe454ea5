"""The ledger suite on every ledger there is: in memory, and on Django's tables in both databases."""

from __future__ import annotations

import pytest
from tests.contract.ledger_suite import Bench, LedgerSuite, Look
from tests.fakes.ledger import MemoryLedger
from tests.fixtures_store import Clock, make_integration, make_pair

from crosswalk.config import Config
from crosswalk.merge.pairs import Entry
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side


class MemoryBench:
    """The ledger in memory."""

    integration_id = 1

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ledger = MemoryLedger(clock)

    def pair(self, *, left: Ref | None = None, right: Ref | None = None, parent_id: int | None = None) -> int:
        return self.ledger.add(self.integration_id, "feature", left=left, right=right, parent_id=parent_id)

    def touch(self, pair_id: int, *, urgent: bool = False, side: Side | None = None) -> None:
        self.ledger.mark_dirty([pair_id], self.clock(), urgent=urgent, side=side)

    def look(self, pair_id: int) -> Look:
        row = self.ledger.pairs[pair_id]
        return Look(
            dirty=row.dirty,
            done=row.done,
            due_at=row.due_at,
            tries=row.tries,
            urgent=row.urgent,
            state=row.state,
            reason=row.reason,
            remedy=row.remedy,
            title=row.title,
            left_url=row.urls.get(Side.LEFT, ""),
            agreed_at=row.agreed_at,
        )

    def lines(self, pair_id: int) -> list[Entry]:
        return self.ledger.pairs[pair_id].lines

    def remove(self, pair_id: int) -> None:
        del self.ledger.pairs[pair_id]


class DjangoBench:
    """The ledger on Django's tables."""

    def __init__(self, clock: Clock) -> None:
        from crosswalk.store.ledger import DjangoLedger

        self.clock = clock
        self.ledger = DjangoLedger(clock)
        self._integration = make_integration()

    @property
    def integration_id(self) -> int:
        return int(self._integration.pk)

    def pair(self, *, left: Ref | None = None, right: Ref | None = None, parent_id: int | None = None) -> int:
        columns = {}
        for side, ref in (("left", left), ("right", right)):
            if ref:
                columns |= {f"{side}_kind": ref.kind, f"{side}_id": ref.id, f"{side}_key": ref.key}
        return int(make_pair(self._integration, self.clock(), parent_id=parent_id, **columns).pk)

    def touch(self, pair_id: int, *, urgent: bool = False, side: Side | None = None) -> None:
        from crosswalk.store import pairs

        pairs.mark_dirty([pair_id], self.clock(), urgent=urgent, side=side)

    def look(self, pair_id: int) -> Look:
        from crosswalk.store.models import Pair

        names = list(Look.__annotations__)
        return Look(**Pair.objects.values(*names).get(pk=pair_id))

    def lines(self, pair_id: int) -> list[Entry]:
        from crosswalk.store import journal

        return [
            Entry(
                line.what,
                line.why,
                Side(line.side) if line.side else None,
                line.level,
                line.field,
                line.old,
                line.new,
                line.remedy,
                line.code,
            )
            for line in journal.of_pair(pair_id)
        ]

    def remove(self, pair_id: int) -> None:
        from crosswalk.store.models import Pair

        Pair.objects.filter(pk=pair_id).delete()


class TestMemoryLedger(LedgerSuite):
    """In memory."""

    @pytest.fixture
    def bench(self, clock: Clock) -> Bench:
        return MemoryBench(clock)


class TestDjangoLedger(LedgerSuite):
    """On SQLite and on PostgreSQL."""

    @pytest.fixture
    def bench(self, clock: Clock, each_database: Config) -> Bench:
        return DjangoBench(clock)
