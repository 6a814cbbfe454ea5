"""Which records match: by example, and never one record twice."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.sync.matching import Card, Pick, keys_in, match, read_expression


def aha(number: int, name: str, reference: str = "", given: str = "") -> Card:
    return Card(Ref("feature", f"a{number}", f"FAB-{number}"), name, reference, frozenset({given} - {""}))


def jira(number: int, name: str, reference: str = "", given: str = "") -> Card:
    return Card(Ref("issue", f"j{number}", f"WEB-{number}"), name, reference, frozenset({given} - {""}))


def told(lefts: list[Card], rights: list[Card]) -> list[tuple[str, str, int, tuple[str, ...]]]:
    return [(str(p.left.ref), str(p.right.ref), p.confidence, p.rivals) for p in match(lefts, rights)]


@pytest.mark.parametrize(
    ("left", "right", "confidence"),
    [
        (aha(1, "x"), jira(1, "y", "FAB-1"), 100),
        (aha(1, "x"), jira(1, "y", "https://a.aha.io/features/fab-1?x=1#t"), 100),
        (aha(1, "x", "https://j.example/browse/WEB-1#token"), jira(1, "y"), 100),
        (aha(1, "x", given="No. 7"), jira(1, "y", given="no.  7"), 95),
        (aha(1, "x"), jira(1, "[FAB-1] y"), 90),
        (aha(1, "x (see web-1)"), jira(1, "y"), 90),
        (aha(1, "Brass  Bell"), jira(1, "brass bell "), 70),
        (aha(1, "x"), jira(1, "FAB-11 FAB-1-2 XFAB-1 y"), None),
        (aha(1, ""), jira(1, ""), None),
        (aha(1, "x"), jira(1, "y", "FAB-2"), None),
    ],
)
def test_each_rule(left: Card, right: Card, confidence: int | None) -> None:
    assert [p.confidence for p in match([left], [right])] == ([] if confidence is None else [confidence])


def test_the_surer_rule_wins_and_takes_both_away() -> None:
    lefts, rights = [aha(1, "Bell"), aha(2, "Bell")], [jira(1, "Bell", "FAB-2"), jira(2, "Bell")]
    assert told(lefts, rights) == [("FAB-2", "WEB-1", 100, ()), ("FAB-1", "WEB-2", 70, ())]


def test_what_two_fit_equally_well_is_left_to_a_person() -> None:
    found = match([aha(1, "Bell")], [jira(1, "Bell"), jira(2, "bell")])
    assert [(p.rivals, p.sure(0)) for p in found] == [(("WEB-2",), False), (("WEB-1",), False)]
    assert found[0].why == "they have the same name; so does WEB-2"


def test_a_name_of_hundreds_says_nothing() -> None:
    assert told([aha(n, "Bug") for n in range(300)], [jira(n, "Bug") for n in range(300)]) == []


cards = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(["Bell", "Horn", "FAB-1 Bell", "WEB-2", "WEB-3 and FAB-2"]),
        st.sampled_from(["", "FAB-1", "FAB-2", "WEB-1", "WEB-4"]),
        st.sampled_from(["", "7", "8"]),
    ),
    max_size=6,
    unique_by=lambda card: card[0],
)


@given(cards, cards)
def test_no_record_is_in_two_sure_proposals(
    lefts: list[tuple[int, str, str, str]], rights: list[tuple[int, str, str, str]]
) -> None:
    proposals = match([aha(*card) for card in lefts], [jira(*card) for card in rights])
    sure = [proposal for proposal in proposals if proposal.sure(0)]
    counted = Counter(ref for proposal in sure for ref in (proposal.left.ref, proposal.right.ref))
    assert all(count == 1 for count in counted.values())


@given(cards, cards)
def test_the_order_in_which_records_are_read_does_not_matter(
    lefts: list[tuple[int, str, str, str]], rights: list[tuple[int, str, str, str]]
) -> None:
    there = {(p.left, p.right, p.confidence) for p in match([aha(*c) for c in lefts], [jira(*c) for c in rights])}
    back = match([aha(*c) for c in reversed(lefts)], [jira(*c) for c in reversed(rights)])
    assert {(p.left, p.right, p.confidence) for p in back} == there


@given(st.text())
def test_keys_are_found_in_any_text(text: str) -> None:
    assert "fab-12" in keys_in(f"{text} FAB-12 {text}"[-900:]) or len(text) > 400


def test_an_expression_is_read() -> None:
    found = read_expression('name between "[" and "]" = customfield_10050')
    assert found.left == Pick("name", "[", "]")
    assert found.right == Pick("customfield_10050")
    assert (found.left.of("[A 7] Bell"), found.left.of("no"), found.left.of("[no")) == ("A 7", "", "")
    assert read_expression('name between "=" and "" = key').left.of("x = 9") == " 9"


@pytest.mark.parametrize("text", ["", "=", "name", "name = ", "a = b = c", 'name between "[ = x', "name like x = y"])
def test_what_is_no_expression_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="is not an expression"):
        read_expression(text)
