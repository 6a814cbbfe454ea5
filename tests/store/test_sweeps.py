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
    assert list(map(Finding.load, sweeps.word(one)[1])) == found
    sweeps.stop(one, NOW, [found[0].as_data()])
    assert sweeps.number(one) != number
    assert not sweeps.mean(one, number), "it is not what is shown any more"
    assert not sweeps.mean(make_integration("Other").pk, sweeps.number(one)), "it is of another integration"
    assert list(map(Finding.load, sweeps.word(one)[1])) == found
    sweeps.passed(one, sweeps.word(one)[0])
    assert (sweeps.number(one), sweeps.word(one)) == (0, (0, []))


def test_a_word_that_is_given_while_a_sweep_goes_on_is_for_the_next_one(each_database: Config) -> None:
    from crosswalk.store import sweeps

    one = make_integration().pk
    sweeps.stop(one, NOW, [[7, {"left": "emptied"}, [], 5]])
    assert sweeps.mean(one, sweeps.number(one))
    word, _ = sweeps.word(one)
    sweeps.planned(one, 3, NOW, [[8, {"left": "emptied"}, [], 6]])
    sweeps.mean_planned(one, 3, NOW)
    sweeps.passed(one, word)
    assert sweeps.word(one)[1] == [[8, {"left": "emptied"}, [], 6]]
    sweeps.mean_planned(one, 3, NOW)
    assert sweeps.word(one)[1] == [], "its plan was used"
    sweeps.planned(one, 3, NOW, [[8, {"left": "emptied"}, [], 6]])
    sweeps.mean_planned(one, 4, NOW)
    assert sweeps.word(one)[1] == [], "it is the plan of another draft"


def test_what_a_former_version_kept_of_a_sweep_can_still_be_read() -> None:
    assert Finding.load([7, {"left": "emptied"}, []]) == Finding(7, {Side.LEFT: Effect.EMPTIED})
