"""Link types by table: what an Aha! link is in Jira, what a Jira link is in Aha!, and which end it belongs to."""

from __future__ import annotations

import pytest

from crosswalk.jira.metadata import LinkType
from crosswalk.merge.parts import PartRule
from crosswalk.merge.records import LinkTo, Ref
from crosswalk.sync import defaults
from crosswalk.sync.linktypes import LinkRules, check_links, link_lines, link_rules
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.mapping import PartLine, TypeLine, parse

BLOCKS = LinkType("1", "Blocks", "is blocked by", "blocks")
RELATES = LinkType("2", "Relates", "relates to", "relates to")
DUPLICATE = LinkType("3", "Duplicate", "is duplicated by", "duplicates")
ALL = (BLOCKS, RELATES, DUPLICATE)
HERE, THERE = Ref("issue", "10"), Ref("issue", "20")
RECORD = Ref("feature", "7")


def rules(table: dict[str, str] | None = None, types: tuple[LinkType, ...] = ALL) -> LinkRules:
    lines = link_lines(defaults.link_types(types) if table is None else table, types)
    return LinkRules(PartRule("link"), lines, "feature", frozenset({"feature", "epic"}), frozenset({"epic"}))


@pytest.mark.parametrize(
    ("aha", "jira", "outward"),
    [
        ("Relates to", "2", True),
        ("Depends on", "1", False),
        ("Blocked by", "1", False),
        ("Duplicated by", "3", False),
        ("depends ON", "1", False),
        ("Research for", None, None),
    ],
)
def test_an_aha_link_in_jira(aha: str, jira: str | None, outward: bool | None) -> None:
    found = rules().to_jira(LinkTo(aha, RECORD, outward=True), THERE)
    assert found == (LinkTo(jira, THERE, bool(outward)) if jira else None)


@pytest.mark.parametrize(
    ("jira", "outward", "aha", "begins_here"),
    [
        ("2", True, "Relates to", True),
        ("2", False, "Relates to", False),
        ("1", True, "Blocked by", False),  # this issue blocks: the Aha! link begins at the other record
        ("1", False, "Blocked by", True),
        ("3", False, "Duplicated by", True),
        ("4", True, None, None),
    ],
)
def test_a_jira_link_in_aha(jira: str, outward: bool, aha: str | None, begins_here: bool | None) -> None:
    found = rules().to_aha(LinkTo(jira, THERE, outward), RECORD)
    assert found == (LinkTo(aha, RECORD, bool(begins_here)) if aha else None)


@pytest.mark.parametrize("jira", ["1", "2", "3"])
@pytest.mark.parametrize("outward", [True, False])
def test_a_link_begins_at_one_end_only_and_both_ends_call_it_alike(jira: str, outward: bool) -> None:
    here, there = LinkTo(jira, THERE, outward), LinkTo(jira, HERE, not outward)
    begins = [rules().to_aha(link, RECORD) for link in (here, there)]
    assert [found.outward for found in begins if found].count(True) == 1
    assert rules().key(HERE.id, here) == rules().key(THERE.id, there)


def test_only_a_mutual_link_is_the_same_the_other_way_round() -> None:
    for kind, same in ((BLOCKS, False), (RELATES, True)):
        one, turned = (rules().key(HERE.id, LinkTo(kind.id, THERE, outward)) for outward in (True, False))
        assert (one == turned) is same


def test_what_crosswalk_hangs_records_up_by_is_no_link_of_theirs() -> None:
    relates, blocks = LinkTo("2", THERE, outward=True), LinkTo("1", THERE, outward=True)
    assert rules().own(relates, "epic")
    assert not rules().own(relates, "feature")
    assert not rules().own(blocks, "epic")


def test_the_usual_table_names_only_what_this_jira_has() -> None:
    assert defaults.link_types([BLOCKS]) == {"Blocked by": "is blocked by", "Depends on": "is blocked by"}
    assert defaults.link_types([]) == {}


def test_a_table_is_checked_against_both_sides() -> None:
    mapping = Map(link_types={"Depends on": "is haunted by", "Loves": "blocks", "Relates to": "Relates To"})
    assert [problem.where for problem in check_links(mapping, ALL)] == ["link_types.Depends on", "link_types.Loves"]


def test_links_of_requirements_and_of_versions_are_not_carried() -> None:
    types = {"feature": TypeLine("Story"), "requirement": TypeLine("Sub-task"), "release": TypeLine("version")}
    mapping = Map(types, parts={"link": PartLine()})
    lines = link_lines({"Relates to": "relates to"}, ALL)
    assert [kind for kind in types if link_rules(mapping, kind, lines)] == ["feature"]
    assert link_rules(mapping, "feature", ()) is None
    assert link_rules(Map(types), "feature", lines) is None


def test_a_mapping_that_names_links_lets_removals_follow() -> None:
    data = {"types": {"feature": "Story"}, "parts": {"link": {"direction": "to jira"}, "comment": {}}}
    mapping = parse({**data, "link_types": {"Depends on": "is blocked by"}})
    assert (mapping.parts["link"].removes, mapping.parts["comment"].removes) == (True, False)
    assert parse(mapping.as_data()) == mapping
