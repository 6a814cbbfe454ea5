"""Answers that Jira seldom gives: sums that do not add up, refusals without a field, transitions that failed."""

from __future__ import annotations

from datetime import date

import pytest

from crosswalk import errors
from crosswalk.merge.records import Failed, Snapshot
from crosswalk.merge.values import Choice
from crosswalk_sandbox.jira.state import Transition
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


def test_what_somebody_edits_while_the_status_is_on_its_way_is_a_change(cloud: Jira) -> None:
    side, ids = cloud.side(), {one.name: one.id for one in cloud.site.statuses.values()}
    cloud.site.project("FAB").transitions = [
        Transition("1", "Start", ids["In Progress"], (ids["To Do"],)),
        Transition("2", "Show", ids["In Review"], (ids["In Progress"],)),
    ]
    ref = one(side.create([draft()])).ref

    def somebody(_name: str, _there: frozenset[Choice]) -> None:
        cloud.person("PUT", f"/issue/{ref.id}", {"fields": {"summary": "Theirs", "duedate": "2027-05-05"}})

    wrote = side.update(ref, {"summary": "Ours", "status": Choice(ids["In Review"], "In Review")}, somebody)
    assert (wrote.snapshot.get("summary"), wrote.snapshot.get("duedate")) == ("Ours", date(2027, 5, 5))
    assert wrote.snapshot.get("status") == Choice(ids["In Review"])
    found = side.read([ref])[ref]
    assert isinstance(found, Snapshot)
    assert found.get("summary") == "Theirs"


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
