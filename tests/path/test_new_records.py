"""A record that was just made, and somebody who edits it before Crosswalk has read it back: nothing of that is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from crosswalk.errors import Unanswered
from crosswalk.merge.records import Ref
from crosswalk.sync import importing, service
from crosswalk.sync.bridge import Bridge
from tests.path.looking import assert_quiet, look, warnings
from tests.path.matrix.bugs import Around
from tests.path.system import System
from tests.path.test_bad_input import tags_and_labels

KEPT = ("name", "due_date", "workflow_status", "assigned_to_user", "tags", "start_date")


class Between(Around):
    """Something happens once to what was just made, before it is read."""

    then: Callable[[Ref], object]

    def read_new(self, refs: Sequence[Ref]) -> Any:
        for ref in refs[:1] if refs[0].kind in ("issue", "feature") else ():
            self.then(ref)
        return self.real.read_new(refs)


def between(system: System, then: Callable[[Ref], object], side: str) -> None:
    wrong = type("BetweenOnce", (Between,), {"then": staticmethod(then)})

    def bridge(found: Bridge) -> Bridge:
        return replace(found, **{side: wrong(getattr(found, side), found)})

    system.bridge = bridge


def test_what_somebody_changes_in_a_new_issue_before_it_is_read_is_carried(system: System) -> None:
    ref = system.feature("Bell")

    def edit(issue: Ref) -> None:
        fields = {"summary": "Silver bell", "duedate": "2027-05-04"}
        system.jira.send("PUT", f"/issue/{issue.id}", {"fields": fields})
        system.jira.move(issue.key, "In Progress")

    between(system, edit, "right")
    system.wake(system.send(ref))
    system.drain()
    found = system.aha.get(f"/features/{ref.id}")["feature"]
    assert (found["name"], found["due_date"]) == ("Silver bell", "2027-05-04")
    assert found["workflow_status"]["name"] == "In development"
    assert system.jira.summary(system.pair(ref).right_key) == "Silver bell"
    system.bridge = lambda one: one
    assert_quiet(system, ref)


def test_what_somebody_changes_below_a_new_issue_before_it_is_read_says_nothing_of_the_issue(cloud: System) -> None:
    ref = cloud.feature("Bell", 1)
    before = cloud.aha.get(f"/features/{ref.id}")["feature"]

    def edit(_: Ref) -> None:
        (below,) = (one for one in cloud.site.issues.values() if one.values["summary"] == "Bell part 1")
        cloud.jira.rename(below.key, "Silver part")

    between(cloud, edit, "right")
    cloud.send(ref)
    found = cloud.aha.get(f"/features/{ref.id}")["feature"]
    assert [one["name"] for one in found["requirements"]] == ["Silver part"]
    assert {name: found[name] for name in KEPT} == {name: before[name] for name in KEPT}
    assert [line.what for line in cloud.journal(ref) if "shows the other" in line.what] == []


def test_what_somebody_changes_in_a_new_feature_before_it_is_read_is_carried(system: System) -> None:
    from crosswalk.store.models import Pair

    fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": "Bell"}
    key = system.jira.send("POST", "/issue", {"fields": fields})["key"]

    def edit(feature: Ref) -> None:
        system.aha.put(f"/features/{feature.id}", {"feature": {"name": "Silver bell", "due_date": "2027-05-04"}})

    between(system, edit, "left")
    system.pass_time(60)
    importing.take(
        system.integration, importing.find(system.integration, importing.Asked(f"key = {key}", "")), "a test"
    )
    system.drain()
    issue = system.jira.send("GET", f"/issue/{key}")["fields"]
    assert (issue["summary"], issue["duedate"]) == ("Silver bell", "2027-05-04")
    system.bridge = lambda one: one
    pair = Pair.objects.get(right_key=key)
    assert_quiet(system, Ref("feature", pair.left_id, pair.left_key))


def test_what_only_aha_may_set_is_set_back_also_where_the_first_run_was_cut_short(system: System) -> None:
    """Aha! holds nothing there. What somebody puts into the new issue is no default of the server: that is kept."""
    fields = system.integration.mapping["fields"]
    lines = [{**one, "direction": "to jira"} if one["aha"] == "due_date" else one for one in fields["feature"]]
    system.remap(fields={**fields, "feature": lines})
    ref, cut = system.feature("Bell"), list[Ref]()

    def edit(issue: Ref) -> None:
        if not cut:
            cut.append(issue)
            system.jira.send("PUT", f"/issue/{issue.id}", {"fields": {"duedate": "2027-05-04"}})
            raise Unanswered("It ends here.")

    between(system, edit, "right")
    system.send(ref)
    assert cut
    assert system.issue(system.pair(ref).right_key)["duedate"] is None
    assert "2027-05-04" in [line.old for line in warnings(system, ref)], "it is kept in the journal"
    system.bridge = lambda one: one
    assert_quiet(system, ref)


def test_nothing_but_what_was_sent_is_taken_from_a_new_issue(system: System) -> None:
    ref = system.feature("Bell")
    before = system.aha.get(f"/features/{ref.id}")["feature"]
    system.wake(system.send(ref))
    system.drain()
    found = system.aha.get(f"/features/{ref.id}")["feature"]
    assert {name: found[name] for name in KEPT} == {name: before[name] for name in KEPT}


@pytest.mark.parametrize("winner", ["newest", "jira", "aha"])
def test_what_somebody_changes_in_a_new_issue_whose_making_was_not_answered_is_carried(
    system: System, winner: str
) -> None:
    """A label that was taken out came back, and a text that was edited was replaced where the rule prefers Aha!."""
    tags_and_labels(system)
    fields = system.integration.mapping["fields"]
    system.remap(fields={**fields, "feature": [{**one, "conflict": winner} for one in fields["feature"]]})
    ref = system.feature("Bell", tags="loud,red", description="<p>Rings</p><p>and more</p>")
    system.fault("jira", kind="reset_after", method="POST", path_regex="/issue$", times=1)
    service.send(system.integration, [ref], "a test")
    system.drain(3)
    assert system.pair(ref).state == "waiting"
    (key,) = (one.key for one in system.site.issues.values() if one.values["summary"] == "Bell")
    system.pass_time(10)
    system.jira.edit(key, labels=["loud", "new"], description="Tolls\n\nand more")
    while system.pair(ref).state == "waiting":
        system.pass_time(60)
        system.drain()
    look(system, ref)
    made, issue = system.aha.record("features", ref.key), system.issue(key)
    assert set(made["tags"]) == set(issue["labels"]) == {"loud", "new"}
    assert all("Tolls" in text for text in (made["description"]["body"], issue["description"]))
    assert not [line for line in warnings(system, ref) if line.kept]
    assert_quiet(system, ref)
