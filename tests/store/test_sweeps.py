"""What a sweep stopped at is kept under a number, which is another one for other changes."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.fixtures_store import make_integration

from crosswalk.config import Config
from crosswalk.merge.plan import Effect
from crosswalk.merge.rules import Side
from crosswalk.sync.sweep import Finding

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_what_is_shown_has_a_number_and_that_alone_is_meant(each_database: Config) -> None:
    from crosswalk.store import sweeps

    one = make_integration().pk
    found = [Finding(7, {Side.LEFT: Effect.EMPTIED}, (), 2**32 - 1), Finding(9, gone=(Side.RIGHT,))]
    sweeps.stop(one, NOW, [finding.as_data() for finding in found])
    number = sweeps.number(one)
    sweeps.stop(one, NOW, [finding.as_data() for finding in found])
    assert sweeps.number(one) == number > 0
    assert sweeps.mean(one, number)
    assert list(map(Finding.load, sweeps.kept(one, sweeps.MEANT) or [])) == found
    sweeps.stop(one, NOW, [found[0].as_data()])
    assert sweeps.number(one) != number
    assert not sweeps.mean(one, number), "it is not what is shown any more"
    assert not sweeps.mean(make_integration("Other").pk, sweeps.number(one)), "it is of another integration"
    assert list(map(Finding.load, sweeps.kept(one, sweeps.MEANT) or [])) == found
    sweeps.over(one, sweeps.SHOWN, sweeps.MEANT)
    assert (sweeps.number(one), sweeps.kept(one, sweeps.MEANT)) == (0, None)


def test_what_a_former_version_kept_of_a_sweep_can_still_be_read() -> None:
    assert Finding.load([7, {"left": "emptied"}, []]) == Finding(7, {Side.LEFT: Effect.EMPTIED})
