"""What a record that was never sent stands in or below is part of its plan, and of the mapping's sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.settle import Joining
from tests.path.system import System, pairs_where
from tests.path.test_match import link_all, story


def _planned(system: System, records: Sequence[Ref] = ()) -> dict[str, Any]:
    from crosswalk.sync import errands
    from crosswalk.sync.installation import current

    asked = {"scope": errands.ALL, "records": errands.as_asked(records)}
    return errands.planned(current().bridges, system.integration, asked)


def _made(plan: dict[str, Any], what: str) -> list[str]:
    return [one["record"] for one in plan["patches"] if one["kind"] == "create" and one["what"] == what]


def test_what_a_stored_plan_does_not_list_is_said_and_a_command_lists_all(cloud: System) -> None:
    from crosswalk.sync import errands, planfile, planwords
    from crosswalk.sync.installation import current

    def planned(most: int | None) -> dict[str, Any]:
        return errands.planned(current().bridges, cloud.integration, {"scope": errands.ALL}, most=most)

    whole, cut = planned(None), planned(2)
    assert (whole["left_off"], whole["doubts_left_off"], planwords.left_off(whole)) == (0, 0, "")
    assert cut["patches"] == whole["patches"][:2]
    assert cut["left_off"] == len(whole["patches"]) - 2 > 0
    assert cut["counts"] == whole["counts"]
    said = f"Not listed here: {cut['left_off']} more to write"
    assert said in planfile.as_csv(cut).splitlines()[-1]
    rows = planfile.as_csv(whole).splitlines()
    assert f"in all: {planwords.said(whole['counts']['Jira'])}" in rows[2]
    assert any(row.startswith("Jira,Make a Sub-task for,FAB-1-1,requirement,the issue of FAB-1,") for row in rows)
    listed = planfile.written(cloud.integration, errands.ALL, "text").splitlines()
    links = sum(patch["kind"] == "show" for patch in whole["patches"])
    assert links > 1
    assert (
        sum(
            line.startswith(("Jira: Make ", "Jira: Take ", "Aha!: Write ", "Jira: Comm", "Jira: Add", "Jira: Move"))
            for line in listed
        )
        >= len(whole["patches"]) - links
    )
    assert f"{planwords.linked('Aha!', links)}." in listed


def test_what_is_ignored_is_planned_only_where_it_is_named(cloud: System) -> None:
    from crosswalk.sync import holding, service

    ref = cloud.feature("Bell")
    assert ref.key in _made(_planned(cloud), "feature")
    holding.act(cloud.integration, [ref], "ignore", "Ann")
    told = _planned(cloud)
    assert ref.key not in _made(told, "feature")
    assert ref.key not in service.plan_text(cloud.integration)
    assert "Name: Bell" in service.plan_text(cloud.integration, [ref])
    holding.do([cloud.pair(ref)], "resume", "Ann")
    again = _planned(cloud)
    assert again["looked"] == told["looked"]
    assert ref.key in _made(again, "feature")


def test_an_ignored_requirement_is_in_no_plan_of_the_feature_that_is_not_sent_yet(cloud: System) -> None:
    from crosswalk.sync import holding, service

    feature = cloud.feature("Bell", 2)
    below = cloud.aha.get(f"/features/{feature.id}")["feature"]["requirements"]
    kept, left = (Ref("requirement", str(one["id"]), one["reference_num"]) for one in below)
    holding.act(cloud.integration, [left], "ignore", "Ann")
    assert _made(_planned(cloud), "requirement").count(kept.key) == 1
    assert left.key not in _made(_planned(cloud), "requirement")
    assert "Bell part 2" not in service.plan_text(cloud.integration, [feature])
    cloud.send(feature)
    assert "Bell part 2" not in str(cloud.jira.issues()), "and it is not made"


def test_a_plan_says_where_new_pairs_are_shown_on_each_other(cloud: System) -> None:
    from crosswalk.sync import planfile
    from crosswalk.sync.maplines import Link
    from crosswalk.sync.marks import told

    *_, last = planfile.written(cloud.integration, "all", "text").splitlines()
    assert last == told(Link("", "jira_url"))
    ref = cloud.feature("Bell")
    cloud.forget()
    cloud.send(ref)
    assert [path for method, path in cloud.requests("aha") if method == "PUT" and "/features/" in path], "it is so"
    assert "custom field “jira_url”" in last
    assert "fields of the integration 12" in told(Link("12", ""))
    assert "for Aha! the mapping names no place" in told(Link())


def test_what_needs_somebody_is_counted_where_it_is_not_listed(cloud: System) -> None:
    from crosswalk.sync import plandata, planwords
    from crosswalk.sync.preview import Doubt, Survey

    doubts = [Doubt(Ref("feature", str(number), f"FAB-{number}"), "Status", "No such status.") for number in range(5)]
    plan = plandata.as_data(Survey(doubts=doubts, looked=5), 5, most=2)
    assert [one["record"] for one in plan["doubts"]] == ["FAB-0", "FAB-1"]
    assert planwords.left_off(plan) == "Not listed here: 3 more that need somebody."
    assert planwords.counted(plan, "doubts") == 5
    older = {name: value for name, value in plan.items() if name != "doubts_left_off"}
    assert planwords.left_off(older) == "", "one that an older Crosswalk stored"


def test_a_release_is_planned_once_and_before_its_features(system: System) -> None:
    features = [system.feature("A bell"), system.feature("A lamp")]
    release = system.aha.record("features", features[0].id)["release"]["reference_num"]
    plan = _planned(system)
    assert _made(plan, "release").count(release) == 1
    order = [one["record"] for one in plan["patches"]]
    assert order.index(release) < order.index(features[0].key)
    assert {one.key for one in features} <= set(_made(plan, "feature"))
    assert [one for one in plan["doubts"] if one["field"] == "Release"] == []


def test_a_release_whose_name_a_version_has_is_planned_to_take_that_one(system: System) -> None:
    from crosswalk.sync import planwords, projectdata, service

    taken = projectdata.load(system.integration).jira.versions[0]
    release = system.aha.post("/products/FAB/releases", {"release": {"name": taken.name.upper()}})["release"]
    feature = system.feature("A bell", release=release["id"])
    plan = _planned(system)
    assert release["reference_num"] not in _made(plan, "release")
    assert [one["kind"] for one in plan["patches"] if one["record"] == release["reference_num"]] == ["link", "show"]
    assert plan["counts"]["Jira"]["link"] == 1
    assert "1 to be linked" in planwords.said(plan["counts"]["Jira"])
    assert "Jira: Take the version that has this name already for" in service.plan_text(system.integration, [feature])
    system.send(feature)
    assert system.pair(Ref("release", release["id"])).right_id == taken.id


def test_a_release_that_is_in_jira_is_planned_no_more(system: System) -> None:
    sent, other = system.feature("A bell"), system.feature("A lamp")
    system.send(sent)
    plan = _planned(system)
    release = system.aha.record("features", sent.id)["release"]["reference_num"]
    assert release not in _made(plan, "release")
    assert other.key in _made(plan, "feature")
    assert [one for one in plan["doubts"] if one["record"] == other.key and one["field"] == "Release"] == []


def test_the_sample_of_a_record_that_was_never_sent_shows_its_release(system: System) -> None:
    from crosswalk.sync.mapping import parse
    from crosswalk.sync.sample import sample

    feature = system.feature("A bell")
    name = system.aha.record("features", feature.id)["release"]["name"]
    shown = sample(system.integration, parse(system.integration.mapping), "feature", feature.key)
    row = next(one for one in shown.rows if one.name == "Release")
    assert (row.verdict, row.to_right, row.remedy) == ("carry", name, "")


def test_of_a_pair_the_plan_says_that_its_new_release_is_made_first(system: System) -> None:
    """Of one that is moved to a release which was never sent, and of one that was linked: both wait for it."""
    from crosswalk.sync import joining

    moved, linked = system.feature("A bell"), system.feature("A lamp")
    system.send(moved)
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "Of linen"}})["release"]
    for one in (moved, linked):
        system.aha.send("PUT", f"/features/{one.id}", {"feature": {"release": release["id"]}})
    key = story(system, "a lamp")
    assert link_all(system) == 1
    plan = _planned(system)
    assert _made(plan, "release").count(release["reference_num"]) == 1
    assert [one for one in plan["doubts"] if one["record"] == moved.key] == []
    (moves,) = [one for one in plan["patches"] if one["kind"] == "update"]
    assert (moves["side"], moves["record"]) == ("Jira", system.pair(moved).right_key)
    assert [(one["name"], one["old"], one["new"]) for one in moves["changes"]] == [
        ("Release", "Spring ride", "Of linen")
    ]
    found = joining.surveyed(system.integration, joining.waiting(system.integration), Joining("left"))
    assert found.doubts == [], "who counts was said"
    assert [str(one.kind) for one in found.patches if one.side is Side.RIGHT] == ["create", "update"]
    (update,) = [one for one in found.patches if one.kind == "update"]
    changes = {one.rule: one.why for one in update.changes}
    assert {one.ref for one in found.patches if one.kind == "show"} == {linked, Ref("release", release["id"])}
    assert changes["Release"] == "It is made in {right} first."
    assert changes["Name"] == "{left} counts in this field, as was said when the two were joined."
    joining.settle(system.integration, joining.waiting(system.integration), Joining("left"), "a test")
    system.wake(system.pair(moved))
    system.drain()
    for issue in (key, system.pair(moved).right_key):
        assert [one["name"] for one in system.issue(issue)["fixVersions"]] == ["Of linen"]
    shown = {one["key"]: one.get("value") for one in system.aha.record("features", linked.id)["custom_fields"]}
    assert str(shown["jira_url"]).endswith(f"/{key}")


def test_a_plan_counts_all_that_a_send_writes_on_both_sides(cloud: System) -> None:
    """The links in Aha!, comments and files; and what stopped below a feature only once, with the feature."""
    from crosswalk.sync import planwords

    feature = cloud.feature("Bell", 2)
    cloud.aha.post(f"/features/{feature.id}/comments", {"comment": {"body": "<p>Well</p>"}})
    plan = _planned(cloud, records=[feature])
    assert plan["counts"] == {"Aha!": {"show": 4}, "Jira": {"create": 4, "comment": 1}}
    assert {one["as"] for one in plan["patches"] if one["kind"] == "create"} == {"version", "Story", "Sub-task"}
    assert [one["changes"][0]["new"] for one in plan["patches"] if one["kind"] == "part"] == ["Well"]
    told = [line for line in planwords.text(plan).splitlines() if "link to" in line]
    assert told == ["4 records in Aha! are given the link to their issue or version in Jira."]
    cloud.send(feature)
    pairs = [cloud.pair(feature), *cloud.children(feature), *pairs_where("kind = 'release'")]
    for pair in pairs:
        record = cloud.aha.record(f"{pair.left_kind}s", pair.left_id)
        shown = {one["key"]: one.get("value") for one in record["custom_fields"]}
        assert str(shown["jira_url"]).rpartition("/")[2] in (pair.right_key, pair.right_id)
    told = [line.why for line in cloud.journal(feature) if line.what == f"{pairs[0].right_key} made in Jira."]
    assert told == [f"{feature.key} was sent, and is then given the link to it in Aha!."]
    assert len(cloud.jira.get(f"/issue/{pairs[0].right_key}/comment")["comments"]) == 1
    cloud.aha.post(f"/features/{feature.id}/comments", {"comment": {"body": "<p>Well again</p>"}})
    assert _planned(cloud, records=[feature])["counts"] == {"Aha!": {}, "Jira": {"comment": 1}}


@pytest.mark.parametrize("way", ["to aha", "both"])
def test_a_plan_says_whose_status_will_differ_from_that_in_which_issues_begin(cloud: System, way: str) -> None:
    """It is the number of those that differ once they were sent; nothing of a status that is sent."""
    from crosswalk.store.pairs import excepted
    from crosswalk.sync import planfile, planwords, projectdata

    statuses = {one.name: one.id for one in projectdata.load(cloud.integration).aha.statuses["feature"]}
    sent = ("Under consideration", "Ready to develop", "In development", "In development", "Will not implement")
    features = [cloud.feature("Bell", workflow_status={"id": statuses[name]}) for name in sent]
    lines = cloud.integration.mapping["fields"]["feature"]
    cloud.remap(fields={"feature": [{**one, "direction": way} if one["jira"] == "status" else one for one in lines]})
    plan = _planned(cloud, records=features)
    behind = {"Ready to develop": 1, "In development": 2, "Will not implement": 1}
    assert plan["further"] == (behind if way == "to aha" else {})
    said = planwords.further(plan)
    assert (said in planwords.text(plan), said in planfile.as_csv(plan)) == (True, True)
    if way == "to aha":
        assert said.startswith(
            "4 new records will differ in Status, as issues begin where Jira's workflow does: 1 Ready"
        )
        cloud.send(features[2])
        assert cloud.issue(cloud.pair(features[2]).right_key)["status"]["name"] == "To Do", "it is so"
        assert _planned(cloud, records=features)["further"]["In development"] == 1
        for one in features:
            cloud.send(one)
        assert [excepted(cloud.pair(one)) for one in features] == [[], *[["Status"]] * 4]


def test_a_plan_counts_the_links_and_the_ranks_that_a_send_writes(cloud: System) -> None:
    """Links to what is there, from what waited, among what is sent; ranks in a release and below a feature."""
    from crosswalk.sync import plandata, planwords, service
    from tests.path import test_links, test_rank

    release, (a, b, c) = test_rank.features(cloud, 3)
    family = cloud.feature("Family", 3, release=release)
    cloud.send(family)
    d, e = cloud.feature("D", release=release), cloud.feature("E", release=release)
    test_links.link_in_aha(cloud, a, "Depends on", d)  # waits
    cloud.wake(cloud.pair(a))
    cloud.drain()
    test_links.link_in_aha(cloud, d, "Relates to", e)
    test_links.link_in_aha(cloud, e, "Relates to", d)  # says the same
    test_links.link_in_aha(cloud, d, "Blocked by", b)
    test_links.link_in_jira(cloud, c, "Blocks", b)  # nobody told of it yet
    test_rank.drag(cloud, d, 1)
    below = cloud.children(family)
    test_rank.backlog(cloud, below[2].right_key, below[0].right_key)
    plan = _planned(cloud, records=[b, family, d, e])
    assert plan["counts"] == {
        "Aha!": {"show": 2, "record_link": 1, "rank": 1},
        "Jira": {"create": 2, "record_link": 3, "rank": 1},
    }
    said = {(one["kind"], line["name"], line["new"]) for one in plan["patches"] for line in one["changes"]}
    assert {
        ("part", "Link", f"“is blocked by” {cloud.pair(b).right_key}"),
        ("order", f"Rank of {d}", f"before {a}"),
        ("order", f"Rank of {below[2].left_key}", "first"),
    } <= said
    links, told = len(cloud.site.links), len(cloud.account.links)
    ranked, placed = test_rank.rank_calls(cloud), test_rank.places(cloud)
    service.send(cloud.integration, [b, family, d, e], "a test")
    cloud.drain()
    assert (len(cloud.site.links) - links, len(cloud.account.links) - told) == (3, 1)
    assert (test_rank.rank_calls(cloud) - ranked, test_rank.places(cloud) - placed) == (1, 1)
    moved = [one.what for one in cloud.journal(family) if "are moved" in one.what or "is moved" in one.what]
    assert [one.rpartition(": ")[2] for one in moved] == [f"{below[2].left_key} is moved in Aha!."]
    again = _planned(cloud, records=[a, b, c, d, e, family])
    assert not {"record_link", "rank"} & {name for counts in again["counts"].values() for name in counts}, (
        "all is written"
    )
    test_rank.drag(cloud, e, 1)
    found = _after_all_it_may_ask(cloud, e)
    assert (found.patches, {ref.id for ref in found.asks.unread}) == ([], {release})
    assert "Not counted: comments, files, links or ranks of 1 more" in planwords.text(plandata.as_data(found, 0))


def _after_all_it_may_ask(system: System, ref: Ref) -> Any:
    """What a plan says of a pair, that asked for as many lists as one may before."""
    from crosswalk.store.views import view
    from crosswalk.sync.installation import current
    from crosswalk.sync.partplan import MOST, Asks
    from crosswalk.sync.preview import Survey

    bridge, pair, found = current().bridges.of(system.integration), view(system.pair(ref)), Survey(asks=Asks(MOST))
    assert pair.right is not None
    ends = bridge.left.read([ref])[ref], bridge.right.read([pair.right])[pair.right]
    assert isinstance(ends[0], Snapshot)
    assert isinstance(ends[1], Snapshot)
    found.ranks.met(bridge, pair, *ends)
    found.finish(bridge)
    return found


def test_what_jira_asks_for_and_nothing_fills_needs_somebody_and_nothing_is_planned_twice(cloud: System) -> None:
    from crosswalk.sync import service

    cloud.site.projects["10000"].required.add("duedate")
    feature = cloud.feature("Bell", 2, due_date="2026-12-24")
    cloud.send(feature)
    below = [one.left_key for one in cloud.children(feature)]
    assert [one for one in _made(_planned(cloud), "requirement") if one in below] == below, "it is not known yet"
    service.load_project_data(cloud.integration)
    plan = _planned(cloud)
    asked = [(one["record"], one["field"], one["code"]) for one in plan["doubts"] if one["record"] in below]
    assert asked == [(one, "Due date", "F3") for one in below]
    assert not set(below) & set(_made(plan, "requirement"))


def test_what_another_integration_has_is_left_alone_with_the_reason(cloud: System) -> None:
    from crosswalk.store.models import Integration, Pair

    feature, mine = cloud.feature("Bell", 1), cloud.feature("Lamp")
    cloud.send(feature)
    there = Integration.objects.create(
        name="There", aha=cloud.integration.aha, jira=cloud.integration.jira, mapping={}, workspace="x", project="y"
    )
    Pair.objects.filter(integration=cloud.integration).update(integration=there)
    plan = _planned(cloud, records=[feature, mine])
    assert _made(plan, "feature") == [mine.key]
    (left,) = plan["left"]
    assert left["why"] == f"{feature.key} belongs to the integration “There”."
    assert "tick “A record may be in a pair of another integration, too”" in left["remedy"]
    cloud.remap(shared=True)
    shared = _planned(cloud, records=[feature, mine])
    assert shared["left"] == []
