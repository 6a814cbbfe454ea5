"""What hangs on issues, as answers show it: links by either end, work with its day, and what is not shown."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.jira.flavour import flavour_named
from crosswalk.jira.history import History
from crosswalk.jira.part_fields import LINK, WORKLOG, comment_of, hanging, links_in, worklog_of
from crosswalk.jira.wire_dynamic import moment
from crosswalk.merge.records import LinkTo, Ref

BLOCKS = {"id": "1", "name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
OTHER = {"id": "20", "key": "FAB-2"}


@pytest.mark.parametrize(("end", "outward", "words"), [("outwardIssue", True, "blocks"), ("inwardIssue", False, "is")])
def test_a_link_says_which_end_the_other_issue_is(end: str, outward: bool, words: str) -> None:
    (part,) = links_in([{"id": "7", "type": BLOCKS, end: OTHER}, {"id": "8", "type": BLOCKS}, "nonsense"])
    assert part.link == LinkTo("1", Ref("issue", "20"), outward)
    assert words in part.name
    assert "FAB-2" in part.name


def worklog(**more: Any) -> dict[str, Any]:
    return {"id": "5", "timeSpentSeconds": 5400, "started": "2026-11-20T23:30:00.000-0500", **more}


def test_work_is_of_the_day_that_its_author_saw() -> None:
    part = worklog_of(worklog())
    assert part is not None
    assert part.key == "90@2026-11-20"
    assert part.id.startswith("5 ")


@pytest.mark.parametrize(("seconds", "amount"), [(60, "1"), (3600, "60"), (90, "1.5"), (100, "1.67"), (36000, "600")])
def test_minutes_are_written_as_short_as_they_can_be(seconds: int, amount: str) -> None:
    part = worklog_of(worklog(timeSpentSeconds=seconds))
    assert part is not None
    assert part.key == f"{amount}@2026-11-20"


def test_corrected_work_is_another_piece() -> None:
    before, after = worklog_of(worklog()), worklog_of(worklog(timeSpentSeconds=60))
    assert before is not None
    assert after is not None
    assert before.id != after.id


def test_work_that_only_some_may_see_is_private() -> None:
    private, open_to_all = worklog_of(worklog(visibility={"type": "role", "value": "Staff"})), worklog_of(worklog())
    assert private is not None
    assert open_to_all is not None
    assert (private.private, open_to_all.private) == (True, False)


@pytest.mark.parametrize("data", [{}, {"timeSpentSeconds": "x"}, {"timeSpentSeconds": 60, "started": "never"}])
def test_what_is_no_work_is_left_out(data: dict[str, Any]) -> None:
    assert worklog_of(data) is None


def test_what_jira_does_not_show_is_neither_there_nor_gone() -> None:
    cloud = flavour_named("cloud")
    for fields in ({}, {"issuelinks": None, "worklog": None}):
        parts, more = hanging(fields, cloud, "")
        assert not {LINK, WORKLOG} & (parts.keys() | more)
    parts, more = hanging({"issuelinks": [], "worklog": {"worklogs": [], "total": 3}}, cloud, "")
    assert parts[LINK] == ()
    assert WORKLOG in more


@pytest.mark.parametrize("named", ["cloud", "datacenter"])
@pytest.mark.parametrize(
    ("more", "private"),
    [
        ({}, False),
        ({"jsdPublic": True}, False),
        ({"jsdPublic": False}, True),  # an internal comment of Service Management
        ({"jsdPublic": False, "visibility": {}}, True),
        ({"visibility": {"type": "role", "value": "Staff"}}, True),
    ],
)
def test_a_comment_that_only_some_may_see_is_private(named: str, more: dict[str, Any], *, private: bool) -> None:
    part = comment_of({"id": "7", "body": "x", **more}, flavour_named(named), "https://jira.example.com/browse/FAB-1")
    assert part.private == private


FAR = "9999-12-31T23:59:59.000-0800"
"""What servers write for “never”; in UTC it is no moment of Python's."""


def test_a_moment_beyond_what_clocks_show_is_none() -> None:
    assert comment_of({"id": "1", "created": FAR}, flavour_named("cloud"), "https://jira.test").made_at is None
    assert worklog_of(worklog(started=FAR)) is None
    assert History({"histories": [{"id": "1", "created": FAR, "items": []}]}, {}, None).latest is None
    assert [moment(value) for value in (10**30, -(10**30), 10**16)] == [None, None, None]
