"""When a refused part is tried again, as a table of what may be otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosswalk.merge.decision import Held
from crosswalk.merge.parts import Act, PartDecision, PartPair, PartRule
from crosswalk.merge.records import LeftOut, LinkTo, Mark, Part, PartDraft, Ref
from crosswalk.merge.refused_parts import by_ids, deed, mark, refused_before
from crosswalk.merge.rules import Side

L, R = Side.LEFT, Side.RIGHT
HERE, THERE = Part("a1", "hi"), Part("b1", "hello", twin="a1")
KNOWN = PartPair("a1", "b1", L, Held.agreed(left="hello", right="hello"))
CHANGE = PartDecision(Act.CHANGE, R, HERE, THERE, KNOWN, "It was edited.")
RULE = PartRule("comment")
DRAFT = PartDraft("hi", HERE, Mark(Ref("feature", "1", "FAB-1"), "http://aha/FAB-1"))
LINKED = replace(DRAFT, link=LinkTo("Relates", Ref("issue", "1"), outward=True))
WORDS = LeftOut("You may not.", "Ask somebody.", "A4")


@pytest.mark.parametrize(
    ("what", "decision", "rule", "draft", "held"),
    [
        ("nothing", CHANGE, RULE, DRAFT, True),
        ("its name alone", replace(CHANGE, source=replace(HERE, name="other")), RULE, DRAFT, True),
        ("the text", CHANGE, RULE, replace(DRAFT, content="ho"), False),
        ("what it replaces", replace(CHANGE, target=replace(THERE, content="hey")), RULE, DRAFT, False),
        ("where a link leads", CHANGE, RULE, LINKED, False),
        ("the mapping", CHANGE, replace(RULE, private=True), DRAFT, False),
        ("the copy is another", replace(CHANGE, target=replace(THERE, id="b2")), RULE, DRAFT, False),
        ("it is to be removed", replace(CHANGE, act=Act.REMOVE), RULE, None, False),
        ("the other side", replace(CHANGE, side=L, source=THERE, target=HERE), RULE, DRAFT, False),
    ],
)
def test_what_is_otherwise_is_tried(
    what: str, decision: PartDecision, rule: PartRule, draft: PartDraft | None, held: bool
) -> None:
    known = by_ids([mark(CHANGE, deed(CHANGE, RULE, DRAFT), WORDS)])
    said = refused_before(known, decision, deed(decision, rule, draft))
    assert (said is not None) is held, what
    if said is not None:
        assert (said.words, said.remedy, said.code) == (WORDS.words, WORDS.remedy, WORDS.code)
