"""Answers that Jira seldom gives: sums that do not add up, refusals without a field, transitions that failed."""

from __future__ import annotations

import pytest

from crosswalk import errors
from crosswalk.merge.records import Failed
from crosswalk.merge.values import Choice
from crosswalk_sandbox.kernel.faults import Fault
from tests.jira.stage import Jira
from tests.jira.test_side import draft, one


def test_a_bulk_answer_that_does_not_add_up_is_looked_into(cloud: Jira) -> None:
    side = cloud.side()
    cloud.control.faults.add(Fault("status", "POST", "/issue/bulk", status=201, body='{"issues": [], "errors": []}'))
    with pytest.raises(errors.Unreadable) as caught:
        side.create([draft(token="a"), draft(token="b")])
    assert caught.value.retryable


def test_a_bulk_create_refused_without_numbers_is_refused_for_each(cloud: Jira) -> None:
    side = cloud.side()
    body = '{"errorMessages": ["The project is archived."], "errors": {}}'
    cloud.control.faults.add(Fault("status", "POST", "/issue/bulk", status=400, body=body))
    answers = side.create([draft(token="a"), draft(token="b")])
    assert all(isinstance(answer, Failed) and "archived" in answer.error.message for answer in answers)


def test_no_create_takes_a_status_and_an_update_does(each: Jira) -> None:
    side = each.side()
    made = one(side.create([draft(status=Choice("3", "In Progress"))]))
    assert made.left_out.keys() == {"status"} == side.stepwise
    steps: list[tuple[str, frozenset[Choice]]] = []
    wrote = side.update(made.ref, {"status": Choice("3", "In Progress")}, lambda *step: steps.append(step))
    assert (wrote.snapshot.get("status"), wrote.left_out) == (Choice("3"), {})
    assert steps == [], "one that is there at once is told by what was to be written"


def test_a_transition_that_is_refused_is_said(each: Jira) -> None:
    side = each.side()
    ref = one(side.create([draft()])).ref
    body = '{"errorMessages": ["Transition id \'31\' is not valid for this issue."], "errors": {}}'
    each.control.faults.add(Fault("status", "POST", "/transitions", status=400, body=body, times=3))
    assert "not valid" in side.update(ref, {"status": Choice("3", "In Progress")}).left_out["status"]


def test_issues_of_people_carry_no_token(each: Jira) -> None:
    since = each.clock.now()
    for summary in ("By hand", "By hand, too"):
        fields = {"project": {"key": "FAB"}, "issuetype": {"id": "10001"}, "summary": summary}
        each.person("POST", "/issue", {"fields": fields})
    ref = one(each.side().create([draft(token="mine")])).ref
    each.clock.advance(5)
    assert each.side().find(["mine", "other"], "feature", since) == {"mine": ref}
