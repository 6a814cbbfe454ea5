"""Records that were there before are matched and linked, and carry nothing until a person said who counts."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.merge.settle import Joining
from crosswalk.sync import why
from tests.path.looking import assert_quiet, press_retry
from tests.path.system import System


def story(system: System, name: str, **fields: Any) -> str:
    """An engineer makes an issue, before anybody linked anything."""
    kind = next(one for one in system.site.types.values() if one.name == "Story")
    body = {"project": {"key": "FAB"}, "issuetype": {"id": kind.id}, "summary": name, **fields}
    made = system.jira.send("POST", "/issue", {"fields": body})
    system.pass_time(60)  # Cloud's search knows a new issue only after a while
    return str(made["key"])


def subtask(system: System, parent: str, name: str) -> str:
    kind = next(one for one in system.site.types.values() if one.subtask)
    body = {"project": {"key": "FAB"}, "issuetype": {"id": kind.id}, "summary": name, "parent": {"key": parent}}
    return str(system.jira.send("POST", "/issue", {"fields": body})["key"])


def link_all(system: System, least: int = 70, **rules: str) -> int:
    from crosswalk.sync import joining

    return joining.link(system.integration, joining.find(system.integration, joining.Asked(**rules)), "a test", least)


def say(system: System, word: str, erase: tuple[str, ...] = (), **fields: str) -> None:
    from crosswalk.sync import joining

    said = Joining(word, fields, frozenset(erase))
    joining.settle(system.integration, joining.waiting(system.integration), said, "a test")
    system.drain()


def test_a_linked_pair_carries_nothing_until_a_person_chose(system: System) -> None:
    ref = system.feature("Brass bell", 1)
    key = story(system, "brass  bell", labels=["loud"])
    issues = len(system.site.issues)
    assert link_all(system) == 1
    pair = system.pair(ref)
    assert (pair.right_key, pair.state, pair.left_key) == (key, "asking", ref.key)
    assert "until somebody says who counts" in why.ask(pair).sentence
    system.aha.rename("features", ref.key, "Brass bell, loud")
    system.poll()
    system.wake(pair)
    system.drain()
    press_retry(system, ref)
    assert system.pair(ref).state == "asking"
    assert system.issue(key)["summary"] == "brass  bell"
    assert (len(system.site.issues), system.pair(ref).base) == (issues, {})
    say(system, "left")
    assert system.issue(key)["summary"] == "Brass bell, loud"
    assert system.pair(ref).state == "agreed"
    assert len(system.site.issues) == issues + 1, "the requirement, which had no sub-task"
    assert_quiet(system, ref)


def test_the_winner_is_chosen_per_field(cloud: System) -> None:
    ref = cloud.feature("Bell", description="<p>From the owner</p>")
    key = story(cloud, f"{ref.key} the bell")
    cloud.jira.edit(key, description="From the engineer")
    assert link_all(cloud, 90) == 1
    say(cloud, "left", Name="right")
    assert cloud.aha.name("features", ref.key) == f"{ref.key} the bell"
    assert "From the owner" in str(cloud.issue(key)["description"])
    cloud.poll()
    cloud.jira.rename(key, "Bell again")
    cloud.pass_time(60)
    cloud.poll()
    cloud.drain()
    assert cloud.aha.name("features", ref.key) == "Bell again", "from now on it is a pair like any other"
    assert_quiet(cloud, ref)


@pytest.mark.parametrize("erase", [(), ("Description",)])
def test_an_empty_value_empties_nothing_unless_that_is_ticked(cloud: System, erase: tuple[str, ...]) -> None:
    ref = cloud.feature("Bell")
    key = story(cloud, "Bell")
    cloud.jira.edit(key, description="From the engineer")
    link_all(cloud)
    say(cloud, "left", erase)
    assert ("From the engineer" in str(cloud.issue(key)["description"])) is not bool(erase)
    there = str(cloud.aha.record("features", ref.key)["description"])
    assert ("From the engineer" in there) is not bool(erase)


def test_both_keep_what_they_hold(cloud: System) -> None:
    ref = cloud.feature("Bell")
    key = story(cloud, f"{ref.key} horn")
    link_all(cloud)
    say(cloud, "keep")
    assert (cloud.issue(key)["summary"], cloud.aha.name("features", ref.key)) == (f"{ref.key} horn", "Bell")
    assert cloud.pair(ref).state == "agreed"


def test_what_stands_below_is_linked_along_and_not_doubled(system: System) -> None:
    ref = system.feature("Bell", 2)
    key = story(system, "Bell")
    below = [subtask(system, key, f"bell part {number}") for number in (1, 2)]
    issues = len(system.site.issues)
    assert link_all(system) == 3
    say(system, "left")
    assert [pair.right_key for pair in system.children(ref)] == below
    assert {pair.state for pair in system.children(ref)} == {"agreed"}
    assert system.issue(below[0])["summary"] == "Bell part 1"
    assert len(system.site.issues) == issues
    assert len(system.aha.record("features", ref.key)["requirements"]) == 2
    assert_quiet(system, ref)


def test_hundreds_take_a_request_for_a_page(cloud: System) -> None:
    from crosswalk.sync import joining

    count = 250
    release = cloud.aha.get("/products/FAB/releases")["releases"][0]["id"]
    for number in range(count):
        cloud.aha.post(f"/releases/{release}/features", {"feature": {"name": f"Bell {number}"}})
    kind = next(one for one in cloud.site.types.values() if one.name == "Story")
    for start in range(0, count, 50):
        fields = [
            {"project": {"key": "FAB"}, "issuetype": {"id": kind.id}, "summary": f"bell {number}"}
            for number in range(start, start + 50)
        ]
        cloud.jira.send("POST", "/issue/bulk", {"issueUpdates": [{"fields": one} for one in fields]})
    cloud.pass_time(60)
    cloud.forget()
    found = joining.find(cloud.integration)
    assert len([one for one in found.proposals if one.sure(70)]) >= count
    assert len(cloud.requests("aha")) <= 5
    assert len(cloud.requests("jira")) <= 8
    cloud.forget()
    joining.link(cloud.integration, found, "a test", 70)
    assert (cloud.requests("aha"), cloud.requests("jira")) == ([], [])
    assert len(joining.waiting(cloud.integration)) >= count


def test_an_expression_and_a_reference_field_link(cloud: System) -> None:
    first, second = cloud.feature("[A 7] Bell"), cloud.feature("Horn")
    one, two = story(cloud, "No. A 7 of ours", labels=["x"]), story(cloud, "Else", environment=second.key)
    assert link_all(cloud, 95, expression='name between "[" and "]" = summary between "No. " and " of"') == 1
    assert cloud.pair(first).right_key == one
    assert link_all(cloud, 100, reference="environment") == 1
    assert cloud.pair(second).right_key == two


def test_the_command_says_who_matches_and_links_nobody_when_it_is_dry(cloud: System) -> None:
    from crosswalk.cli_many import match, settle
    from crosswalk.store.models import Pair

    ref = cloud.feature("Bell")
    key = story(cloud, "=1+1 Bell")
    other = story(cloud, "Bell")
    out = CliRunner().invoke(match, ["Fable", "--least", "70", "--dry-run", "--csv"])
    assert out.exit_code == 0, out.output
    assert f"{ref.key},Bell,{other},Bell,70,they have the same name,yes" in out.stdout
    assert (key in out.stdout, Pair.objects.filter(left_id=ref.id).exists()) == (False, False)
    out = CliRunner().invoke(match, ["Fable", "--least", "70"])
    assert "1 linked" in out.output, out.output
    cloud.jira.rename(other, "Horn")
    dry = CliRunner().invoke(settle, ["Fable", "--default", "aha", "--dry-run"])
    assert "Name: Horn → Bell" in dry.output, dry.output
    assert cloud.issue(other)["summary"] == "Horn"
    assert CliRunner().invoke(settle, ["Fable", "--default", "aha", ref.key]).exit_code == 0
    cloud.drain()
    assert cloud.issue(other)["summary"] == "Bell"
    for words in (["--default", "aha", "--field", "Nose=aha"], ["--default", "aha", "FAB-999"]):
        refused = CliRunner().invoke(settle, ["Fable", *words])
        assert (refused.exit_code, refused.exception.__class__) == (1, SystemExit)


def test_what_is_in_a_pair_is_not_linked_again(cloud: System) -> None:
    from crosswalk.sync import joining
    from crosswalk.sync.matching import Card, Proposal

    ref = cloud.feature("Bell")
    pair = cloud.send(ref)
    key = story(cloud, "Bell")
    found = joining.find(cloud.integration)
    assert not [one for one in found.proposals if one.left.ref == ref]
    issue = Ref("issue", cloud.jira.get(f"/issue/{key}")["id"], key)
    with pytest.raises(Refused, match=f"{ref.key} is in a pair already"):
        joining.join(cloud.integration, "feature", Proposal(Card(ref, "Bell"), Card(issue, "Bell"), 70), "a test")
    assert cloud.pair(ref).right_key == pair.right_key
