"""Links between records travel both ways, once both ends have counterparts; each is made once, and removed across."""

from __future__ import annotations

import pytest

from crosswalk.merge.records import Ref
from crosswalk.store.models import JournalEntry
from crosswalk.sync import service
from tests.path.looking import BELIEVED, assert_quiet, only_warning, press_retry, warnings
from tests.path.system import System

NUMBERS = {"Relates to": 10, "Depends on": 20, "Duplicated by": 30, "Blocked by": 60, "Research for": 80}


def link_in_aha(system: System, begins: Ref, type_name: str, ends: Ref) -> None:
    body = {"record_type": "feature", "record_id": int(ends.id), "link_type": NUMBERS[type_name]}
    system.aha.send("POST", f"/features/{begins.id}/record_links", {"record_link": body})


def unlink_in_aha(system: System, begins: Ref) -> None:
    for link in system.aha.get(f"/features/{begins.id}/record_links")["record_links"]:
        system.aha.send("DELETE", f"/record_links/{link['id']}")


def in_aha(system: System) -> list[tuple[str, str, str]]:
    """Every link: where it begins, its type, where it ends."""
    links = system.account.links.values()
    names = {number: name for name, number in NUMBERS.items()}
    return sorted((one.parent.name, names[one.type_id], one.child.name) for one in links if one.parent.name in "ABC")


def issue_of(system: System, ref: Ref) -> str:
    return str(system.pair(ref).right_key)


def link_in_jira(system: System, source: Ref, type_name: str, target: Ref) -> None:
    """`source` is where the link begins: "Blocks" with source A and target B says that A blocks B."""
    ends = {"inwardIssue": {"key": issue_of(system, source)}, "outwardIssue": {"key": issue_of(system, target)}}
    system.jira.send("POST", "/issueLink", {"type": {"name": type_name}, **ends})


def unlink_in_jira(system: System, ref: Ref) -> None:
    for link in system.issue(issue_of(system, ref), "issuelinks")["issuelinks"]:
        system.jira.send("DELETE", f"/issueLink/{link['id']}")


def in_jira(system: System, *refs: Ref) -> list[tuple[str, str, str]]:
    """Every link of the features' issues, as an engineer reads it at its beginning."""
    found = set()
    for ref in refs:
        fields = system.issue(issue_of(system, ref), "summary,issuelinks")
        for link in fields["issuelinks"]:
            other = link.get("outwardIssue")
            if other:
                found.add((link["id"], fields["summary"], link["type"]["outward"], other["fields"]["summary"]))
    return sorted(one[1:] for one in found)


def look(system: System, *refs: Ref) -> None:
    """What hooks about these records do."""
    system.pass_time(BELIEVED)
    system.wake(*(system.pair(ref) for ref in refs))
    system.drain()


@pytest.fixture
def two(system: System) -> tuple[Ref, Ref]:
    """Two features that were sent."""
    refs = system.feature("A"), system.feature("B")
    for ref in refs:
        assert system.send(ref).state == "agreed"
    return refs


def test_from_aha_and_back_away(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Depends on", b)
    link_in_aha(system, b, "Relates to", a)
    look(system, a, b)
    assert in_jira(system, a, b) == [("B", "blocks", "A"), ("B", "relates to", "A")]
    told = [line.what for line in system.journal(a) if " is added in Jira" in line.what]
    assert told == [f"A link “is blocked by” {system.pair(b).right_key} is added in Jira."], "in the words of that side"
    assert_quiet(system, a)
    assert_quiet(system, b)
    unlink_in_aha(system, a)
    look(system, a)
    assert in_jira(system, a, b) == [("B", "relates to", "A")]
    assert in_aha(system) == [("B", "Relates to", "A")]


@pytest.mark.parametrize("looked_at", [0, 1])
def test_from_jira_and_back_away_whichever_end_is_looked_at(
    system: System, two: tuple[Ref, Ref], looked_at: int
) -> None:
    a, b = two
    link_in_jira(system, a, "Blocks", b)
    link_in_jira(system, a, "Relates", b)
    look(system, two[looked_at])
    assert in_aha(system) == [("A", "Relates to", "B"), ("B", "Blocked by", "A")]
    told = [line.what for ref in two for line in system.journal(ref) if " is added in Aha!" in line.what]
    assert sorted(told) == [
        f"A link “Blocked by” {a.key} is added in Aha!.",
        f"A link “Relates to” {b.key} is added in Aha!.",
    ]
    for _ in range(2):
        look(system, a, b)
    assert in_aha(system) == [("A", "Relates to", "B"), ("B", "Blocked by", "A")]
    assert len(in_jira(system, a, b)) == 2
    unlink_in_jira(system, a)
    look(system, a, b)
    assert in_aha(system) == []
    assert warnings(system, a) == warnings(system, b) == []


def test_what_was_carried_is_removed_on_the_side_it_was_carried_to(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Relates to", b)
    look(system, a)
    unlink_in_jira(system, b)
    look(system, a, b)
    assert in_aha(system) == []
    link_in_jira(system, b, "Duplicate", a)
    look(system, a, b)
    assert in_aha(system) == [("A", "Duplicated by", "B")]
    unlink_in_aha(system, a)
    look(system, a)
    assert in_jira(system, a, b) == []


def test_a_link_to_a_record_not_sent_yet_waits_for_it(system: System) -> None:
    a, b, c = (system.feature(name) for name in "ABC")
    link_in_aha(system, a, "Depends on", b)
    link_in_aha(system, c, "Relates to", a)
    assert system.send(a).state == "agreed"
    assert system.issue(issue_of(system, a), "issuelinks")["issuelinks"] == []
    assert_quiet(system, a)
    for later in (b, c):
        assert system.send(later).state == "agreed"
    assert in_jira(system, a, b, c) == [("B", "blocks", "A"), ("C", "relates to", "A")]
    assert warnings(system, a) == []
    assert_quiet(system, a)


@pytest.mark.parametrize("begun_in", ["aha", "jira"])
def test_a_link_that_somebody_removed_after_a_lost_answer_stays_removed(
    system: System, two: tuple[Ref, Ref], begun_in: str
) -> None:
    """The copy landed and nobody said so. It was there before, too, so that the journal names it twice."""
    a, b = two
    link, unlink = (link_in_aha, unlink_in_aha) if begun_in == "aha" else (link_in_jira, unlink_in_jira)
    side, path = ("jira", "/issueLink$") if begun_in == "aha" else ("aha", "/record_links$")
    type_name = "Relates to" if begun_in == "aha" else "Relates"
    for lost in (False, True):
        link(system, a, type_name, b)
        if lost:
            system.fault(side, kind="reset_after", method="POST", path_regex=path, times=9)
        system.wake(system.pair(a))
        system.drain(1)
        assert (len(in_aha(system)), len(in_jira(system, a, b))) == (1, 1)
        assert (system.pair(a).state == "waiting") == lost
        unlink(system, a)
        system.pass_time(600)
        look(system, a, b)
        assert (in_aha(system), in_jira(system, a, b)) == ([], [])
    told = [line.what for line in system.journal(a) if "is removed in" in line.what]
    assert len(told) == 2, told
    assert_quiet(system, a)


def test_equal_links_on_both_sides_are_joined(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Relates to", b)
    link_in_jira(system, b, "Relates", a)  # the other way round, which says the same
    link_in_aha(system, a, "Depends on", b)
    link_in_jira(system, b, "Blocks", a)
    for _ in range(3):
        look(system, b, a)
    assert len(in_aha(system)) == 2
    assert in_jira(system, a, b) == [("B", "blocks", "A"), ("B", "relates to", "A")]
    unlink_in_jira(system, a)
    look(system, a, b)
    assert in_aha(system) == []


def test_two_aha_links_that_jira_calls_alike_are_one_there(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Depends on", b)
    link_in_aha(system, a, "Blocked by", b)
    look(system, a, b)
    assert in_jira(system, a, b) == [("B", "blocks", "A")]
    assert len(in_aha(system)) == 2
    assert_quiet(system, a)


def test_a_lost_answer_makes_one_link(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Depends on", b)
    link_in_jira(system, b, "Relates", a)
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issueLink$")
    system.fault("aha", kind="reset_after", method="POST", path_regex="/record_links$")
    for _ in range(4):
        look(system, a, b)
        system.pass_time(100)
    assert in_aha(system) == [("A", "Depends on", "B"), ("B", "Relates to", "A")]
    assert in_jira(system, a, b) == [("B", "blocks", "A"), ("B", "relates to", "A")]
    assert system.pair(a).state == system.pair(b).state == "agreed"


def test_one_way_and_once_are_kept_to(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    parts = system.integration.mapping["parts"]
    system.remap(parts={**parts, "link": {"direction": "to jira"}})
    link_in_aha(system, a, "Depends on", b)
    link_in_jira(system, a, "Relates", b)
    look(system, a, b)
    assert in_aha(system) == [("A", "Depends on", "B")]
    assert len(in_jira(system, a, b)) == 2
    system.remap(parts={**parts, "link": {"direction": "off"}})
    unlink_in_aha(system, a)
    look(system, a, b)
    assert len(in_jira(system, a, b)) == 2


def test_a_type_without_a_line_stays_where_it_is(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Research for", b)
    link_in_jira(system, a, "Cloners", b)
    look(system, a, b)
    assert in_aha(system) == [("A", "Research for", "B")]
    assert in_jira(system, a, b) == [("A", "clones", "B")]
    system.remap(link_types={"Research for": "is cloned by"})
    look(system, a, b)
    assert in_aha(system) == [("A", "Research for", "B"), ("B", "Research for", "A")]
    assert in_jira(system, a, b) == [("A", "clones", "B"), ("B", "clones", "A")]


def test_a_record_that_is_gone_takes_no_link_of_the_other_side_along(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Depends on", b)
    look(system, a)
    system.jira.send("DELETE", f"/issue/{issue_of(system, b)}")
    look(system, a, b)
    assert in_aha(system) == [("A", "Depends on", "B")]


def test_links_to_the_issues_of_requirements_are_no_record_links(system: System) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, "requirement": {"type": "Task", "relation": "relates"}})
    a = system.feature("A", 1)
    system.send(a)
    fields = system.issue(issue_of(system, a), "issuelinks")
    assert len(fields["issuelinks"]) == 1
    assert_quiet(system, a)
    assert in_aha(system) == []


def test_a_link_that_is_refused_is_told_and_the_rest_goes_on(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    system.aha.put(f"/features/{a.id}", {"feature": {"due_date": "2027-01-31"}})
    del system.site.link_types["10002"]  # an administrator deleted Duplicate since the project data was loaded
    link_in_aha(system, a, "Duplicated by", b)
    link_in_aha(system, a, "Relates to", b)
    look(system, a, b)
    assert in_jira(system, a, b) == [("A", "relates to", "B")]
    assert system.issue(issue_of(system, a))["duedate"] == "2027-01-31"
    line = only_warning(system, a)
    assert line.code == "L7"
    assert "“Duplicated by”" in line.what
    assert_quiet(system, a)


def test_a_missing_right_to_link_is_no_bad_credential(system: System, two: tuple[Ref, Ref]) -> None:
    from crosswalk.store.models import Connection

    a, b = two
    account = next(one for one in system.site.people.values() if one.name == "alice")
    project = next(one for one in system.site.projects.values() if one.key == "FAB")
    full, account.admin = project.grants[account.key], False
    project.grants[account.key] = full - {"LINK_ISSUES"}
    link_in_aha(system, a, "Relates to", b)
    system.aha.rename("features", a.key, "Renamed")
    look(system, a, b)
    line = only_warning(system, a)
    assert (line.code, "Link Issues" in line.remedy) == ("L6", True), line
    assert Connection.objects.exclude(paused="").count() == 0
    assert system.jira.summary(system.pair(a).right_key) == "Renamed", "the rest goes on"
    project.grants[account.key] = full
    press_retry(system, a)
    assert len(in_jira(system, a, b)) == 1


def test_a_type_that_is_deleted_in_jira_takes_no_link_out_of_aha(system: System, two: tuple[Ref, Ref]) -> None:
    a, b = two
    link_in_aha(system, a, "Depends on", b)
    link_in_aha(system, a, "Relates to", b)
    look(system, a, b)
    (blocks,) = [one for one in system.jira.get("/issueLinkType")["issueLinkTypes"] if one["name"] == "Blocks"]
    system.jira.send("DELETE", f"/issueLinkType/{blocks['id']}")
    unlink_in_jira(system, a)
    look(system, a, b)
    assert (in_aha(system), in_jira(system, a, b)) == ([("A", "Depends on", "B")], [])
    told = JournalEntry.objects.get(code="L7")
    assert (told.what, told.level) == (f"A link “Depends on” {b.key} stays in Aha!.", "info")
    assert_quiet(system, a)
    service.load_project_data(system.integration)
    look(system, a, b)
    assert in_aha(system) == [("A", "Depends on", "B")]
    unlink_in_aha(system, a)
    look(system, a, b)
    assert in_aha(system) == []
    assert_quiet(system, a)
