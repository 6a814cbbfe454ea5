"""What becomes of a link, of work, or of a comment that was sent without an answer, by what either side shows now."""

from __future__ import annotations

import pytest

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.merge.sent_parts import left_behind, sent_part, still_sent

ORIGINAL, COPY = Part("10", key="relates"), Part("L", key="relates")
AGAIN, OTHER = Part("11", key="relates"), Part("12", key="blocks")
BOTH = PartPair("L", "10", Side.RIGHT, Held.agreed(left=None, right=None))


@pytest.mark.parametrize(
    ("jira", "aha", "known", "waits", "found"),
    [
        pytest.param([ORIGINAL], [], [], True, None, id="the original stands, nothing landed"),
        pytest.param([ORIGINAL], [COPY], [], True, None, id="both are there: they are joined"),
        pytest.param([ORIGINAL], [COPY], [BOTH], False, None, id="they were joined"),
        pytest.param([], [COPY], [], False, BOTH, id="the copy is left behind"),
        pytest.param([OTHER], [COPY], [], False, BOTH, id="another link is no original"),
        pytest.param([], [], [], False, None, id="nothing landed, and nobody wants it any more"),
        pytest.param([], [OTHER], [], False, None, id="what is there is another link"),
        pytest.param([AGAIN], [COPY], [], False, None, id="somebody made it anew: that one is joined"),
        pytest.param([], [COPY], [BOTH], False, None, id="a known pair goes its own way"),
    ],
)
def test_what_becomes_of_it(
    jira: list[Part], aha: list[Part], known: list[PartPair], waits: bool, found: PartPair | None
) -> None:
    sent, lists = sent_part(ORIGINAL, Side.RIGHT), {Side.LEFT: aha, Side.RIGHT: jira}
    assert still_sent(sent, known, lists) == waits
    assert left_behind(sent, known, lists) == found


def test_it_is_the_same_from_either_side() -> None:
    sent = sent_part(COPY, Side.LEFT)
    lists = {Side.LEFT: [], Side.RIGHT: [ORIGINAL]}
    found = left_behind(sent, [], lists)
    assert found is not None
    assert (found.left, found.right, found.origin) == ("L", "10", Side.LEFT)


SAID, SHOWN, OF_ANOTHER = Part("20"), Part("C", twin="20"), Part("D", twin="21")


@pytest.mark.parametrize(
    ("jira", "aha", "copy"),
    [
        pytest.param([], [OF_ANOTHER, SHOWN], "C", id="the copy names its original"),
        pytest.param([Part("21")], [OF_ANOTHER], "", id="nothing landed; that one is of another comment"),
        pytest.param([Part("22")], [SHOWN], "C", id="what is said besides took nobody's place"),
    ],
)
def test_what_becomes_of_a_comment(jira: list[Part], aha: list[Part], copy: str) -> None:
    found = left_behind(sent_part(SAID, Side.RIGHT), [], {Side.LEFT: aha, Side.RIGHT: jira})
    assert (found.left if found else "") == copy


WORK, CORRECTED, ALIKE = Part("7 60@d", key="60@d"), Part("7 90@d", key="90@d"), Part("8 60@d", key="60@d")
ENTERED, SECOND = Part("E", key="60@d"), Part("F", key="60@d")
ALIKE_THERE = PartPair("E", "8 60@d", Side.RIGHT, Held.agreed(left=None, right=None))


@pytest.mark.parametrize(
    ("jira", "aha", "known", "copy"),
    [
        pytest.param([CORRECTED], [ENTERED], [], "E", id="it was corrected: what stands across is its copy"),
        pytest.param([CORRECTED, ALIKE], [ENTERED, SECOND], [ALIKE_THERE], "F", id="another like it has its own copy"),
        pytest.param([CORRECTED, ALIKE], [ENTERED], [ALIKE_THERE], "", id="nothing landed, another like it did"),
        pytest.param([CORRECTED, ALIKE], [ENTERED], [], "", id="another like it takes it over"),
    ],
)
def test_work_that_was_corrected_meanwhile(jira: list[Part], aha: list[Part], known: list[PartPair], copy: str) -> None:
    sent, lists = sent_part(WORK, Side.RIGHT), {Side.LEFT: aha, Side.RIGHT: jira}
    assert not still_sent(sent, known, lists)
    found = left_behind(sent, known, lists)
    assert (found.left if found else "") == copy
