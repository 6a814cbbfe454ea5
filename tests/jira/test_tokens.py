"""What creates left behind whose answers were lost, when many ask for theirs at once: few requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crosswalk.jira.project import Project, Scope
from crosswalk.jira.tokens import Tokens
from crosswalk.jira.window import Window
from crosswalk.merge.records import Made, Ref
from tests.jira.slow import slowly
from tests.jira.stage import TYPES, Jira
from tests.jira.test_side import draft

TOKENS = [f"t{n}" for n in range(6)]


def made(each: Jira) -> tuple[datetime, list[Ref]]:
    """Six issues, made one after another, that the search knows; when the first create was intended."""
    since, side = each.clock.now(), each.side()
    refs = []
    for token in TOKENS:
        (answer,) = side.create([draft(token=token)])
        assert isinstance(answer, Made)
        refs.append(answer.ref)
        each.clock.advance(2)
    each.clock.advance(60)
    each.forget()
    return since, refs


def test_the_newest_is_looked_at_first(each: Jira) -> None:
    since, refs = made(each)
    assert each.side().find([TOKENS[-1]], "feature", since) == {TOKENS[-1]: refs[-1]}
    expected = {"cloud": [], "datacenter": ["getIssueProperty"]}
    assert each.calls()[1:] == expected[each.flavour.name], "no other issue is looked at"


def test_what_one_look_saw_is_not_asked_again(each: Jira) -> None:
    since, refs = made(each)
    side = each.side()
    assert side.find([TOKENS[0]], "feature", since) == {TOKENS[0]: refs[0]}
    each.forget()
    assert side.find(TOKENS, "feature", since) == dict(zip(TOKENS, refs, strict=True))
    assert each.calls() == []


def test_what_is_not_known_is_looked_for_anew(each: Jira) -> None:
    since, refs = made(each)
    side = each.side()
    assert side.find(["later"], "feature", since) == {}
    ref = answered(each.side().create([draft(token="later")]))
    each.clock.advance(60)
    each.forget()
    assert side.find(["later", TOKENS[2]], "feature", since) == {"later": ref, TOKENS[2]: refs[2]}
    assert each.calls().count("getIssueProperty") == (each.flavour.name == "datacenter"), "of the new issue alone"


def answered(answers: Sequence[object]) -> Ref:
    """The issue of the only answer."""
    (answer,) = answers
    assert isinstance(answer, Made)
    return answer.ref


def test_none_is_passed_over_while_the_window_moves(each: Jira) -> None:
    """New issues come between two pages, and the oldest leave the window: those that a lost answer is about."""
    side, refs, since = each.side(), {}, each.clock.now()
    for token in TOKENS:
        refs[token] = answered(side.create([draft(token=token)]))
        each.clock.advance(60)
    each.clock.advance(30)
    slow = slowly(each, lambda: side.create([draft(token="later")]))
    project = Project(each.client, slow, Scope(each.metadata, TYPES, {}))
    tokens = Tokens(project, Window(project, each.clock.now))
    seen = dict(tokens.since(since))
    assert {token: seen.get(token) for token in TOKENS} == refs
