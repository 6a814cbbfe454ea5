"""A value that a conflict replaced can be put back, and then travels like any edit."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from tests.path.system import System


def conflict(system: System) -> tuple[Ref, Any, Any]:
    ref = system.feature("Bell")
    pair = system.send(ref)
    system.aha.rename("features", ref.key, "Left bell")
    system.pass_time(2)
    system.jira.rename(pair.right_key, "Right bell")
    system.wake(pair)
    system.drain()
    assert system.aha.name("features", ref.key) == system.jira.summary(pair.right_key) == "Right bell"
    kept = next(line for line in system.journal(ref) if line.kept)
    assert (kept.old, kept.new) == ("Left bell", "Right bell")
    return ref, pair, kept


def test_the_losing_value_can_be_put_back(system: System) -> None:
    from crosswalk.sync import service

    ref, pair, kept = conflict(system)
    assert service.put_back(kept.pk, "a test") == "Name"
    system.drain()
    assert system.aha.name("features", ref.key) == system.jira.summary(pair.right_key) == "Left bell"


def test_what_can_not_be_put_back_is_refused_in_words(cloud: System) -> None:
    from crosswalk.store.models import JournalEntry
    from crosswalk.sync import service

    ref, _, _ = conflict(cloud)
    plain = next(line for line in cloud.journal(ref) if not line.kept)
    for entry_id in (plain.pk, 10**9):
        with pytest.raises(Refused):
            service.put_back(entry_id, "a test")
    status = JournalEntry.objects.create(
        at=cloud.now(),
        integration=cloud.integration,
        pair=cloud.pair(ref),
        what="x",
        side="left",
        field="Status",
        kept='"New"',
    )
    with pytest.raises(Refused, match="Only Jira may set Status"):
        service.put_back(status.pk, "a test")
