"""Whose words stand below the first line of a copy: Crosswalk's, or somebody's who pasted it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person, Rich
from crosswalk.sync.originals import as_written, nobody_known

L, R = Side.LEFT, Side.RIGHT
OURS, ANN = Person("bot"), Person("ann")
SAID, COPY = Part("a1", "said"), Part("b1", "said", twin="a1", author=OURS, whole="line said")
PASTED = Part("b2", "no", twin="a1", author=ANN, whole="line no")
KNOWN = PartPair("a1", "b1", L, Held.agreed(left="said", right="said"))
CARRIED = PartPair("a2", "b2", R, Held.agreed(left="line no", right="line no"))


@pytest.mark.parametrize(
    ("known", "left", "right", "originals"),
    [
        pytest.param([KNOWN], [SAID], [COPY, PASTED], ["b2"], id="pasted below the line of a known copy"),
        pytest.param([], [], [PASTED], ["b2"], id="pasted from elsewhere"),
        pytest.param([], [], [COPY], [], id="a copy whose original is gone"),
        pytest.param([], [SAID], [PASTED], [], id="a copy that somebody made who is signed in no more"),
        pytest.param([], [], [Part("b3", "x", twin="a9")], [], id="by nobody"),
        pytest.param([CARRIED], [], [PASTED], ["b2"], id="carried once"),
        pytest.param([KNOWN], [SAID], [Part("b1", "said", twin="a1", author=ANN)], [], id="a copy once"),
    ],
)
def test_the_table(
    known: Sequence[PartPair], left: Sequence[Part], right: Sequence[Part], originals: list[str]
) -> None:
    found = as_written(known, {L: left, R: right}, lambda side: frozenset({OURS.id}) if side is R else frozenset())
    assert [part.id for part in found[R] if not part.twin] == originals
    assert all(part.content == part.whole for part in found[R] if not part.twin)
    assert found[L] == list(left)


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("html", '<p><a href="https://x.test/browse/A-1?focusedCommentId=10001#crosswalk=comment-10001">Ann</a></p>'),
        ("wiki", "[Ann|https://x.test/browse/A-1?focusedCommentId=10001#crosswalk=comment-10001]\n\nx"),
        ("adf", '{"attrs":{"href":"https://X.test/a#crosswalk=comment-10001"}}'),
    ],
)
def test_a_copy_of_another_servers_comment_of_that_number_is_none_of_this_one(form: str, line: str) -> None:
    """Two integrations of one feature with two Jira sites: the comment of one was written over the other's copy."""
    copy = Part("a1", "x", twin="10001", author=OURS, whole=Rich(form, line))
    for site, joined in (("https://x.test", True), ("https://y.test", False), ("https://x.test.org", False)):
        said = Part("10001", "y", url=f"{site}/browse/A-1?focusedCommentId=10001")
        (found,) = as_written([], {L: [copy], R: [said]}, nobody_known)[L]
        assert (found.twin == "10001") is joined
        assert found.twin


def test_where_it_is_not_known_who_crosswalk_is_every_line_counts() -> None:
    found = as_written([KNOWN], {L: [SAID], R: [COPY, PASTED]}, nobody_known)
    assert [part.twin for part in found[R]] == ["a1", "a1"]
