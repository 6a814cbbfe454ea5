"""Looking for what lost answers left behind: one at a time, no further than needed, and once for all who ask."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from crosswalk import errors
from crosswalk.merge.records import Ref
from crosswalk.remote import landed
from crosswalk.remote.landed import Landed

REFS = {f"t{number}": Ref("issue", str(number), f"FAB-{number}") for number in range(5)}


class Listed:
    """Records in a row, and how many of them were read."""

    def __init__(self) -> None:
        self.read = 0

    def look(self) -> Iterator[tuple[str, Ref]]:
        """All of them, among some that nobody's create made."""
        for token, ref in REFS.items():
            self.read += 1
            yield token, ref
            yield "", Ref("issue", f"9{ref.id}", "")


def test_no_more_is_read_than_is_needed() -> None:
    found, listed = Landed(), Listed()
    assert found.find(["t1"], listed.look) == {"t1": REFS["t1"]}
    assert listed.read == 2


def test_what_was_seen_is_remembered_and_what_was_not_is_looked_for() -> None:
    found, listed = Landed(), Listed()
    assert found.find(["t3"], listed.look) == {"t3": REFS["t3"]}
    assert found.find(["t0", "t2"], listed.look) == {"t0": REFS["t0"], "t2": REFS["t2"]}
    assert listed.read == 4
    assert found.find(["t2", "t4", "other"], listed.look) == {"t2": REFS["t2"], "t4": REFS["t4"]}
    assert listed.read == 9
    assert found.find([], listed.look) == {}
    assert found.find([""], listed.look) == {}, "a record without a token answers to nobody"


def test_of_two_records_with_one_token_the_first_counts() -> None:
    copied = [("t", Ref("feature", "1", "")), ("t", Ref("feature", "2", "")), ("u", Ref("feature", "3", ""))]
    found = Landed()
    assert found.find(["t", "u"], lambda: copied)["t"].id == "1"
    assert found.find(["t"], lambda: copied)["t"].id == "1"


def test_memory_has_an_end() -> None:
    found = Landed()
    many = [(f"m{number}", Ref("issue", str(number), "")) for number in range(landed.REMEMBERED)]
    found.find(["last"], lambda: many)
    listed = Listed()
    assert found.find(["m0", "t0"], listed.look) == {"t0": REFS["t0"]}, "forgotten, and so looked for"
    assert listed.read == 5


def test_one_looks_at_a_time_and_nobody_waits_for_ever() -> None:
    found, listed = Landed(patience=0.01), Listed()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[tuple[str, Ref]]:
        begun.set()
        assert go_on.wait(60)
        yield from listed.look()

    seen: list[object] = []
    first = threading.Thread(target=lambda: seen.append(found.find(["t2"], slow)))
    first.start()
    assert begun.wait(60)
    with pytest.raises(errors.Unanswered) as caught:
        found.find(["t1"], listed.look)
    assert (caught.value.retryable, caught.value.code, listed.read) == (True, "N9", 0)
    go_on.set()
    first.join()
    assert seen == [{"t2": REFS["t2"]}]
    assert found.find(["t1"], listed.look) == {"t1": REFS["t1"]}
    assert listed.read == 3, "the look of the first answered it"


def test_a_look_that_fails_lets_the_next_one_in() -> None:
    found, listed = Landed(patience=0.01), Listed()

    def broken() -> Iterator[tuple[str, Ref]]:
        raise errors.Unanswered("nothing came", remedy="try again")

    with pytest.raises(errors.Unanswered):
        found.find(["t0"], broken)
    assert found.find(["t0"], listed.look) == {"t0": REFS["t0"]}
