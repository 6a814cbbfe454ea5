"""Ways through workflows: a table for the reader, and paths beside an independent search."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.jira.fields import Kind
from crosswalk.jira.screens import Need
from crosswalk.jira.workflow import SEEN, Known, Learned, Way, frontier, path, ways_of
from crosswalk.merge.values import Choice


def known(text: str) -> Known:
    """`"a>b b>c"`: the ways out of each status named on the left."""
    out: dict[str, list[Way]] = {}
    for number, arrow in enumerate(text.split()):
        start, _, end = arrow.partition(">")
        out.setdefault(start, [])
        if end:
            out[start].append(Way(str(number), arrow, Choice(end, end)))
    return out


@pytest.mark.parametrize(
    ("arrows", "start", "goal", "steps"),
    [
        ("a>b", "a", "b", "b"),
        ("a>b b>c", "a", "c", "bc"),
        ("a>b b>c a>c", "a", "c", "c"),
        ("a>b b>a b>c", "a", "c", "bc"),
        ("a>b c>d", "a", "d", None),
        ("a>a", "a", "b", None),
        ("", "a", "b", None),
    ],
)
def test_paths(arrows: str, start: str, goal: str, steps: str | None) -> None:
    found = path(known(arrows), start, goal)
    assert (None if found is None else "".join(way.to.id for way in found)) == steps


def test_what_is_not_known_yet_is_at_the_edge() -> None:
    assert [one.id for one in frontier(known("a>b a>c b>d"), "a")] == ["c", "d"]
    assert frontier(known("a>b b>a"), "a") == []


@given(st.sets(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"))))
def test_the_shortest_path_is_found_where_there_is_one(arrows: set[tuple[str, str]]) -> None:
    found = path(known(" ".join(f"{a}>{b}" for a, b in sorted(arrows))), "a", "e")
    walks = (
        walk
        for length in range(1, 5)
        for middle in itertools.product("bcd", repeat=length - 1)
        for walk in [("a", *middle, "e")]
        if all(step in arrows for step in itertools.pairwise(walk))
    )
    shortest = next(walks, None)
    assert (len(found) if found else None) == (len(shortest) - 1 if shortest else None)
    if found:
        assert all(step in arrows for step in itertools.pairwise(("a", *(way.to.id for way in found))))


def test_an_answer_is_read() -> None:
    fields = {
        "resolution": {"required": True, "name": "Resolution", "allowedValues": [{"id": "1", "name": "Done"}]},
        "comment": {"required": False, "name": "Comment"},
        "priority": {"required": True, "hasDefaultValue": True, "name": "Priority"},
    }
    (way,) = ways_of({"transitions": [{"id": 5, "name": "Close", "to": {"id": "9"}, "fields": fields}, "junk"]})
    assert way.needs == (Need("resolution", "Resolution", Kind.CHOICE, (Choice("1", "Done"),)),)
    assert ways_of(None) == ways_of({"transitions": None}) == ()


def test_what_one_issue_may_not_do_is_not_hidden_from_others() -> None:
    done, back = Way("1", "Finish", Choice("9", "Done")), Way("2", "Back", Choice("1", "To Do"))
    learned = Learned()
    learned.learn("5", "101", (done, back))
    learned.learn("5", "102", (back,))
    assert set(learned.known()["5"]) == {done, back}, "a condition hides it from 102 alone"
    for issue in range(103, 103 + SEEN):
        learned.learn("5", str(issue), (back,))
    assert learned.known()["5"] == (back,), "nobody had it for a while: it was taken away"
    learned.learn("5", "110", (Way("2", "Back", Choice("2", "Backlog")),))
    assert [way.to.name for way in learned.known()["5"]] == ["Backlog"], "as it was told last"
    learned.forget(["5", "6"])
    assert learned.known() == {}
