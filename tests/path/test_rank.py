"""The order of requirements goes both ways at first; to Jira alone, people may rank there until it changes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from crosswalk.aha.ordering import OTHER
from crosswalk.merge.records import Ordered, Ref
from crosswalk.merge.rules import Side
from tests.path.live.people import GIVE
from tests.path.looking import assert_quiet, look, warnings
from tests.path.matrix.bugs import Around
from tests.path.system import System

PLACE = (
    "mutation ($id: ID!, $at: Int) {updateRequirement(id: $id, attributes: {position: $at})"
    "{errors {attributes {name}}}}"
)


def place(system: System, requirement: str, position: int) -> None:
    """A product owner drags a requirement to another place."""
    ask(system, PLACE, {"id": requirement, "at": position})


def ask(system: System, mutation: str, variables: dict[str, Any]) -> None:
    """A product owner's page changes a requirement."""
    body = {"query": mutation, "variables": variables}
    headers = {"Authorization": f"Bearer {system.aha_at.secret}"}
    answer = httpx2.post(f"{system.aha_at.address}/api/v2/graphql", json=body, headers=headers).json()
    assert answer["data"]["updateRequirement"]["errors"]["attributes"] == [], answer


def ranked(system: System, ref: Ref) -> list[str]:
    """The summaries of the sub-tasks in the order of the backlog."""
    issues = [system.site.issue(pair.right_key) for pair in system.children(ref)]
    return [str(issue.values["summary"]) for issue in sorted(issues, key=lambda one: one.rank)]


def planned(system: System, ref: Ref) -> list[str]:
    found: list[dict[str, Any]] = system.aha.record("features", ref.key)["requirements"]
    return [one["name"] for one in sorted(found, key=lambda one: one["position"])]


def rank_calls(system: System) -> int:
    return sum(path.endswith("/issue/rank") for _, path in system.requests("jira"))


def test_a_new_order_in_aha_becomes_the_rank(system: System) -> None:
    ref = system.feature("Bell", 4)
    system.send(ref)
    assert ranked(system, ref) == planned(system, ref)
    assert rank_calls(system) == 0, "they were made in their order"
    children = system.children(ref)
    place(system, children[3].left_id, 1)
    system.wake(children[3])
    system.drain()
    assert planned(system, ref)[0] == "Bell part 4"
    assert ranked(system, ref) == planned(system, ref)
    assert rank_calls(system) == 1
    moved = f"{children[3].right_key} is moved in Jira."
    assert [line.what for line in system.journal(ref) if "order below" in line.what] == [
        f"The order below {ref.key} is carried: {moved}"
    ]
    assert_quiet(system, ref)


def test_people_rank_in_jira_until_the_order_in_aha_changes_again(system: System) -> None:
    both_ways(system, "to jira")
    ref = system.feature("Bell", 3)
    system.send(ref)
    look(system, ref)
    children = system.children(ref)
    body = {"issues": [children[2].right_key], "rankBeforeIssue": children[0].right_key}
    path = f"{system.jira_at.address}/rest/agile/1.0/issue/rank"
    httpx2.put(path, json=body, auth=(system.jira_at.user, system.jira_at.secret)).raise_for_status()
    assert_quiet(system, ref)
    assert ranked(system, ref)[0] == "Bell part 3"
    place(system, children[1].left_id, 1)
    look(system, ref)
    assert ranked(system, ref) == planned(system, ref) == ["Bell part 2", "Bell part 1", "Bell part 3"]
    assert_quiet(system, ref)


def test_without_the_line_nothing_is_ranked(cloud: System) -> None:
    fields = cloud.integration.mapping["fields"]
    cloud.remap(fields={**fields, "requirement": [one for one in fields["requirement"] if one["name"] != "Rank"]})
    ref = cloud.feature("Bell", 2)
    cloud.send(ref)
    place(cloud, cloud.children(ref)[1].left_id, 1)
    look(cloud, ref)
    assert ranked(cloud, ref) == ["Bell part 1", "Bell part 2"]
    assert rank_calls(cloud) == 0


def test_an_account_that_may_not_rank_is_told_once_and_the_rest_goes_on(cloud: System) -> None:
    ref = cloud.feature("Bell", 2)
    cloud.send(ref)
    for project in cloud.site.projects.values():
        for person in project.grants:
            project.grants[person] = project.grants[person] - {"SCHEDULE_ISSUES"}
    child = cloud.children(ref)[1]
    place(cloud, child.left_id, 1)
    cloud.aha.rename("requirements", child.left_id, "Renamed")
    look(cloud, ref)
    child.refresh_from_db()
    assert cloud.jira.summary(child.right_key) == "Renamed"
    lines = [line for line in cloud.journal(ref) if "order below" in line.what]
    assert ["Schedule Issues" in line.remedy for line in lines] == [False, True]
    assert_quiet(cloud, ref)


# ---- features in a release -----------------------------------------------------------------------------------------

FEATURE = PLACE.replace("updateRequirement", "updateFeature")
EPIC = PLACE.replace("updateRequirement", "updateEpic")


def drag(system: System, ref: Ref, position: int, mutation: str = FEATURE) -> None:
    """A product owner drags a feature, or an epic, to another place in its release."""
    body = {"query": mutation, "variables": {"id": ref.id, "at": position}}
    headers = {"Authorization": f"Bearer {system.aha_at.secret}"}
    answer = httpx2.post(f"{system.aha_at.address}/api/v2/graphql", json=body, headers=headers).json()
    (changed,) = answer["data"].values()
    assert changed["errors"]["attributes"] == [], answer


def features(system: System, count: int) -> tuple[str, list[Ref]]:
    """A new release with features, all sent and at rest."""
    from crosswalk.sync import service

    release = system.aha.post("/products/FAB/releases", {"release": {"name": "Ranked"}})["release"]["id"]
    refs = [system.feature(f"Bell {number}", release=release) for number in range(count)]
    service.send(system.integration, refs, "a test")
    system.drain()
    return release, refs


def in_aha(system: System, release: str) -> list[str]:
    found = [one for one in system.account.all("feature") if one.release is not None and one.release.id == release]
    return [one.name for one in sorted(found, key=lambda one: one.position)]


def in_jira(system: System, refs: list[Ref]) -> list[str]:
    issues = [system.site.issue(system.pair(ref).right_key) for ref in refs]
    return [str(issue.values["summary"]) for issue in sorted(issues, key=lambda one: one.rank)]


def test_the_order_of_features_in_a_release_becomes_their_rank(system: System) -> None:
    release, refs = features(system, 5)
    assert in_jira(system, refs) == in_aha(system, release)
    before = rank_calls(system)
    drag(system, refs[4], 1)
    system.wake(system.pair(refs[4]))
    system.drain()
    assert in_aha(system, release)[0] == "Bell 4"
    assert in_jira(system, refs) == in_aha(system, release)
    assert rank_calls(system) == before + 1
    assert_quiet(system, refs[0])
    assert rank_calls(system) == before + 1


def test_a_wave_of_looks_costs_one_list_and_no_rank_while_nothing_changed(cloud: System) -> None:
    release, refs = features(cloud, 6)
    drag(cloud, refs[5], 2)
    cloud.wake(*(cloud.pair(ref) for ref in refs))
    cloud.drain()
    assert in_jira(cloud, refs) == in_aha(cloud, release)
    cloud.forget()
    cloud.wake(*(cloud.pair(ref) for ref in refs))
    cloud.drain()
    assert rank_calls(cloud) == 0
    lists = [path for _, path in cloud.requests("aha") if path.endswith(f"/releases/{release}/features")]
    assert lists == [], "every feature stands where it stood"
    # An order that only got other numbers is looked at once, and ranks nothing.
    for record in cloud.account.all("feature"):
        record.position += 10
    cloud.wake(*(cloud.pair(ref) for ref in refs))
    cloud.drain()
    lists = [path for _, path in cloud.requests("aha") if path.endswith(f"/releases/{release}/features")]
    assert (len(lists), rank_calls(cloud)) == (1, 0)


def test_people_rank_features_in_jira_until_the_order_in_aha_changes(system: System) -> None:
    release, refs = features(system, 3)
    keys = [system.pair(ref).right_key for ref in refs]
    path = f"{system.jira_at.address}/rest/agile/1.0/issue/rank"
    body = {"issues": [keys[2]], "rankBeforeIssue": keys[0]}
    httpx2.put(path, json=body, auth=(system.jira_at.user, system.jira_at.secret)).raise_for_status()
    assert_quiet(system, refs[0])
    assert in_jira(system, refs)[0] == "Bell 2"
    drag(system, refs[1], 1)
    look(system, refs[1])
    assert in_jira(system, refs) == in_aha(system, release) == ["Bell 1", "Bell 0", "Bell 2"]


def test_a_rank_line_where_nothing_is_ranked_is_refused(cloud: System) -> None:
    from crosswalk.sync.mapping import MappingRefused

    fields = cloud.integration.mapping["fields"]
    (line,) = [one for one in fields["feature"] if one["name"] == "Rank"]
    with pytest.raises(MappingRefused, match="are ranked"):
        cloud.remap(fields={**fields, "release": [line]})


def swept(system: System) -> int:
    from crosswalk.sync.installation import current
    from crosswalk.sync.sweep import sweep

    found = sweep(system.engine_as_port(), current().bridges.of(system.integration), system.now())
    system.drain()
    return found


def test_a_sweep_carries_an_order_of_features_that_nobody_told_of(system: System) -> None:
    release, refs = features(system, 5)
    assert swept(system) == 0
    before = rank_calls(system)
    drag(system, refs[4], 1)
    assert swept(system) >= 1
    assert in_aha(system, release)[0] == "Bell 4"
    assert in_jira(system, refs) == in_aha(system, release)
    assert rank_calls(system) == before + 1
    system.forget()
    assert swept(system) == 0
    lists = [path for _, path in system.requests("aha") if path.endswith(f"/releases/{release}/features")]
    assert (lists, rank_calls(system)) == ([], 0)


def test_a_sweep_carries_an_order_of_requirements_that_nobody_told_of(system: System) -> None:
    ref = system.feature("Bell", 3)
    system.send(ref)
    assert swept(system) == 0
    place(system, system.children(ref)[2].left_id, 1)
    assert swept(system) >= 1
    assert ranked(system, ref) == planned(system, ref) == ["Bell part 3", "Bell part 1", "Bell part 2"]
    assert swept(system) == 0


def test_a_sweep_leaves_the_order_that_people_gave_in_jira(system: System) -> None:
    _, refs = features(system, 3)
    keys = [system.pair(ref).right_key for ref in refs]
    path = f"{system.jira_at.address}/rest/agile/1.0/issue/rank"
    body = {"issues": [keys[2]], "rankBeforeIssue": keys[0]}
    httpx2.put(path, json=body, auth=(system.jira_at.user, system.jira_at.secret)).raise_for_status()
    swept(system)
    assert in_jira(system, refs) == ["Bell 2", "Bell 0", "Bell 1"]
    assert swept(system) == 0


# ---- the number of the place ---------------------------------------------------------------------------------------

RANK = "customfield_10290"


def numbered(system: System, plural: str, pairs: list[Any]) -> tuple[list[int], list[int]]:
    """The places of records in Aha!, and what the number field of their issues says."""
    here = [int(system.aha.record(plural, pair.left_id)["position"]) for pair in pairs]
    return here, [int(system.issue(pair.right_key)[RANK] or 0) for pair in pairs]


def test_the_place_of_features_and_of_epics_is_a_number_in_jira(system: System) -> None:
    """Aha! Rank: the number follows the place of every record that moved, and is put back where somebody changed it."""
    from crosswalk.sync import service
    from tests.path.test_fields import put_in_jira

    put_in_jira(system, RANK, "float")
    service.load_project_data(system.integration)
    line = {"name": "Aha! Rank", "aha": "position", "jira": RANK, "direction": "to jira"}
    fields, types = system.integration.mapping["fields"], system.integration.mapping["types"]
    kept = {kind: [one for one in fields[kind] if one["jira"] != RANK] for kind in ("feature", "epic")}
    system.remap(
        types={**types, "epic": {"type": "Epic", "create": "to jira"}},
        fields={**fields, **{kind: [*lines, line] for kind, lines in kept.items()}},
    )
    release, refs = features(system, 3)
    made = [
        system.aha.post(f"/releases/{release}/epics", {"epic": {"name": f"Sound {number}"}})["epic"]
        for number in range(2)
    ]
    epics = [Ref("epic", one["id"], one["reference_num"]) for one in made]
    for ref in epics:
        assert system.send(ref).state == "agreed"
    for plural, records, mutation in (("features", refs, FEATURE), ("epics", epics, EPIC)):
        pairs = [system.pair(ref) for ref in records]
        before, shown = numbered(system, plural, pairs)
        assert before == shown
        assert len(set(before)) == len(pairs)
        drag(system, records[-1], min(before), mutation)
        system.jira.edit(pairs[0].right_key, **{RANK: 99})
        system.pass_time(5)
        system.wake(*pairs)
        system.drain()
        after, shown = numbered(system, plural, pairs)
        assert after == shown
        assert after != before
        assert_quiet(system, records[0])


# ---- the order of requirements from Jira ----------------------------------------------------------------------------


def both_ways(system: System, direction: str = "both") -> None:
    fields = system.integration.mapping["fields"]
    lines = [{**one, "direction": direction} if one["name"] == "Rank" else one for one in fields["requirement"]]
    system.remap(fields={**fields, "requirement": lines})


def backlog(system: System, key: str, before: str) -> None:
    """Somebody drags an issue before another one in Jira's backlog."""
    path = f"{system.jira_at.address}/rest/agile/1.0/issue/rank"
    auth = (system.jira_at.user, system.jira_at.secret)
    httpx2.put(path, json={"issues": [key], "rankBeforeIssue": before}, auth=auth).raise_for_status()


def places(system: System) -> int:
    return sum(path.endswith("/graphql") for method, path in system.requests("aha") if method == "POST")


@pytest.mark.parametrize("direction", ["both", "to aha"])
def test_an_order_in_jira_becomes_that_of_the_requirements(system: System, direction: str) -> None:
    """The issue that was moved is what a hook tells of; then it is quiet, whatever the other side's hooks say."""
    both_ways(system, direction)
    ref = system.feature("Bell", 4)
    system.send(ref)
    look(system, ref)
    children = system.children(ref)
    system.forget()
    backlog(system, children[3].right_key, children[0].right_key)
    system.wake(children[3], side=Side.RIGHT)
    system.drain()
    assert planned(system, ref) == ranked(system, ref) == [f"Bell part {number}" for number in (4, 1, 2, 3)]
    assert places(system) == 1, "one requirement was put at its place"
    (line,) = [line for line in system.journal(ref) if "order below" in line.what]
    assert (line.what, line.level) == (
        f"The order below {ref.key} is carried: {children[3].left_key} is moved in Aha!.",
        "info",
    )
    system.forget()
    for side in Side:
        system.wake(*children, side=side)
        system.drain()
    assert_quiet(system, ref)
    assert (places(system), rank_calls(system)) == (0, 0)
    assert swept(system) == 0


def test_both_ways_each_side_is_compared_with_itself_and_aha_counts_in_a_conflict(system: System) -> None:
    both_ways(system)
    ref = system.feature("Bell", 3)
    system.send(ref)
    look(system, ref)
    one, two, three = system.children(ref)
    place(system, three.left_id, 1)
    look(system, ref)
    assert planned(system, ref) == ranked(system, ref) == ["Bell part 3", "Bell part 1", "Bell part 2"]
    backlog(system, two.right_key, three.right_key)
    look(system, ref)
    assert planned(system, ref) == ranked(system, ref) == ["Bell part 2", "Bell part 3", "Bell part 1"]
    backlog(system, one.right_key, two.right_key)
    place(system, three.left_id, 1)
    look(system, ref)
    assert planned(system, ref) == ranked(system, ref) == ["Bell part 3", "Bell part 2", "Bell part 1"]
    before = rank_calls(system)
    assert_quiet(system, ref)
    assert rank_calls(system) == before
    assert swept(system) == 0
    backlog(system, one.right_key, three.right_key)
    assert swept(system) >= 1, "a sweep finds an order in Jira that nobody told of"
    assert planned(system, ref) == ["Bell part 1", "Bell part 3", "Bell part 2"]
    assert swept(system) == 0


def test_what_comes_in_stands_where_somebody_put_it(cloud: System) -> None:
    """A requirement that was away and back, and a sub-task that is new: last on one side, first on the other."""
    both_ways(cloud)
    ref, away = cloud.feature("Bell", 2), cloud.feature("Lamp")
    for one in (ref, away):
        cloud.send(one)
        look(cloud, one)
    first = cloud.children(ref)[0]
    for to in (away, ref):
        ask(cloud, GIVE, {"id": first.left_id, "given": {"feature": {"id": to.id}}})
        cloud.wake(first)
        cloud.drain()
        look(cloud, ref)
    assert planned(cloud, ref) == ranked(cloud, ref) == ["Bell part 1", "Bell part 2"], "its rank in Jira was kept"
    above = {"project": {"key": "FAB"}, "parent": {"key": cloud.pair(ref).right_key}}
    fields = {**above, "issuetype": {"name": "Sub-task"}, "summary": "Bell new"}
    backlog(cloud, cloud.jira.send("POST", "/issue", {"fields": fields})["key"], first.right_key)
    look(cloud, ref)
    look(cloud, ref)
    assert planned(cloud, ref) == ranked(cloud, ref) == ["Bell new", "Bell part 1", "Bell part 2"]
    assert_quiet(cloud, ref)


class Lagging(Around):
    """A side whose copies do not show what stands there for the first few times that an order is written."""

    def order(self, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
        self.bridge.append(refs)
        return OTHER if len(self.bridge) <= 2 else self.real.order(refs, tell)


def test_an_order_that_an_old_state_knows_nothing_of_is_carried_later(cloud: System) -> None:
    both_ways(cloud)
    asked: Any = []
    ref = cloud.feature("Bell", 2)
    cloud.send(ref)
    look(cloud, ref)
    one, two = cloud.children(ref)
    cloud.bridge = lambda bridge: replace(bridge, left=Lagging(bridge.left, asked))
    backlog(cloud, two.right_key, one.right_key)
    look(cloud, ref)
    assert planned(cloud, ref) == ranked(cloud, ref) == ["Bell part 2", "Bell part 1"]
    assert len(asked) == 3
    assert ["not carried yet" in line.what for line in warnings(cloud, ref)] == [True], "said once"


def test_an_order_that_aha_refuses_is_told_and_the_rest_goes_on(cloud: System) -> None:
    both_ways(cloud)
    ref = cloud.feature("Bell", 2)
    cloud.send(ref)
    look(cloud, ref)
    one, two = cloud.children(ref)
    cloud.fault("aha", kind="status", status=403, method="POST", path_regex="/graphql", times=9)
    backlog(cloud, two.right_key, one.right_key)
    cloud.jira.rename(two.right_key, "Renamed")
    look(cloud, ref)
    assert cloud.aha.name("requirements", two.left_id) == "Renamed"
    lines = [line for line in cloud.journal(ref) if "order below" in line.what]
    said = [(line.level, "“Rank” go to jira" in line.remedy) for line in lines]
    assert said == [("info", False), ("warning", True)], "a line before it is sent, and what came of it"


@pytest.mark.parametrize(
    ("kind", "direction", "why"),
    [
        ("requirement", "once to jira", "never set once"),
        ("requirement", "once to aha", "never set once"),
        ("feature", "both", "comes from Aha! only"),
        ("feature", "to aha", "comes from Aha! only"),
    ],
)
def test_a_direction_that_is_not_real_is_refused_with_its_reason(
    cloud: System, kind: str, direction: str, why: str
) -> None:
    from crosswalk.sync import projectdata
    from crosswalk.sync.mapping import MappingRefused
    from crosswalk.web.mapping_sheet import Sheet

    fields = cloud.integration.mapping["fields"]
    lines = [{**one, "direction": direction} if one["name"] == "Rank" else one for one in fields[kind]]
    with pytest.raises(MappingRefused, match=why):
        cloud.remap(fields={**fields, kind: lines})
    sheet = Sheet(projectdata.load(cloud.integration), cloud.integration.mapping, kind)
    (row,) = [row for row in sheet.lines if row.data["name"] == "Rank"]
    assert why in {word: no for word, _, no in row.ways}[direction]
    assert any(why in reason for reason in row.barred)
