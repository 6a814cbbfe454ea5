"""A whole release or workspace is sent at once: in few requests, in its order, nothing doubled, whatever goes wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import Ref
from tests.path.looking import assert_quiet
from tests.path.matrix.bugs import Around
from tests.path.system import System
from tests.path.test_hierarchy import epic
from tests.path.test_types import by_kind, type_of


def planned(system: System, features: int, requirements: int = 2) -> tuple[str, list[Ref]]:
    """A new release with features and their requirements."""
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "Spring"}})["release"]["id"]
    refs = [system.feature(f"Bell {number}", requirements, release=release) for number in range(features)]
    return release, refs


def asked(system: System, release: str) -> Any:
    """A person asks for a load."""
    from crosswalk.sync import sending

    return sending.begin(system.integration, release, "a test")


def go(system: System, errand: Any) -> Any:
    """One go at a load by the engine, and whatever it left to others."""
    from crosswalk.sync.installation import current
    from crosswalk.sync.works import ErrandHandler

    try:
        ErrandHandler(current().bridges, system.now).run(f"errand:{errand.pk}")
    finally:
        system.drain()
        errand.refresh_from_db()
    return errand


def everything(system: System, refs: list[Ref]) -> list[Any]:
    return [pair for ref in refs for pair in (system.pair(ref), *system.children(ref))]


def issues(system: System, begins: str = "Bell") -> list[Any]:
    """The issues that stand for the features and requirements, in the order of the backlog."""
    found = [one for one in system.site.issues.values() if str(one.values["summary"]).startswith(begins)]
    return sorted(found, key=lambda one: one.rank)


def test_a_page_asks_by_kind(cloud: System) -> None:
    from tests.path.test_deletions import signed_in

    planned(cloud, 3)
    there = f"/integrations/{cloud.integration.pk}/send-all/"
    page = signed_in().get(there, {"ask": "yes", "release": ""}).content.decode()
    kinds = re.search(r'value="begin">Send ([^<]*)</button>', page)
    assert kinds is not None
    assert re.fullmatch(r"\d+ releases and \d+ features", kinds[1])
    assert f"{kinds[1]} would be made in Jira, and below each feature its requirements" in page


def test_a_release_is_sent_in_few_requests_and_in_its_order(system: System) -> None:
    release, refs = planned(system, 6)
    system.forget()
    errand = go(system, asked(system, release))
    calls = [*system.requests("aha"), *system.requests("jira")]
    assert errand.result == {"sent": 6, "asking": 0, "own": 0, "along": 1}, "the release went along"
    assert (errand.done, errand.total) == (6, 6)
    assert len(calls) <= 13, calls
    assert [call for call in calls if call[1].endswith("/rank")] == []
    pairs = everything(system, refs)
    assert [pair.state for pair in pairs] == ["agreed"] * 18
    features = [str(one.values["summary"]) for one in issues(system) if not one.values.get("parent")]
    assert features == [f"Bell {number}" for number in range(6)]
    for pair in pairs:
        plural = f"{pair.left_kind}s"
        shown = {one["key"]: one.get("value") for one in system.aha.record(plural, pair.left_id)["custom_fields"]}
        assert shown["jira_url"].endswith(f"/browse/{pair.right_key}")
    assert_quiet(system, refs[0])
    system.forget()
    assert go(system, asked(system, release)).result["sent"] == 0
    assert [method for method, path in system.requests("jira") if method != "GET"] == [], "nothing is sent twice"


def held_in(system: System, kind: str) -> set[str]:
    from crosswalk.store.models import Pair

    held = Pair.objects.filter(integration=system.integration, left_kind=kind).exclude(right_id=None)
    return set(held.values_list("left_id", flat=True))


def there_of(system: System, kind: str) -> set[str]:
    """The records of the workspace, without the parking lots."""
    found = (one for one in system.account.all(kind) if one.product.prefix == "FAB")
    return {one.id for one in found if not getattr(one, "parking_lot", False)}


def higher_too(system: System) -> None:
    """Epics and initiatives go to Jira as well, and there are some."""
    types = dict(system.integration.mapping["types"])
    types |= {kind: {**types.get(kind, {}), "type": "Epic", "create": "to jira"} for kind in ("epic", "initiative")}
    system.remap(types=types)
    for number in range(2):
        epic(system, f"Brass {number}")
        system.aha.post("/products/FAB/initiatives", {"initiative": {"name": f"Sound {number}"}})


def test_a_whole_workspace_with_every_kind_that_the_mapping_sends(system: System) -> None:
    from crosswalk.sync import sending

    higher_too(system)
    kinds = sending.kinds_of(system.integration)
    assert kinds == ("initiative", "release", "epic", "feature")
    before = {one.kind: (one.total, one.new) for one in sending.counts(system.integration)}
    assert before == {kind: (len(there_of(system, kind)),) * 2 for kind in kinds}
    one = system.aha.get("/products/FAB/epics")["epics"][0]
    system.send(Ref("epic", one["id"], one["reference_num"]))
    assert {one.kind: one.new for one in sending.counts(system.integration)}["epic"] == before["epic"][0] - 1
    errand = go(system, asked(system, ""))
    for kind in kinds:
        assert held_in(system, kind) == there_of(system, kind), kind
    assert errand.done == errand.total == sum(len(there_of(system, kind)) for kind in kinds)
    asking = [pair for pair in system.integration.pairs.filter(parent=None) if pair.state in ("asking", "parked")]
    assert errand.result["asking"] == len(asking)
    assert {pair.kind for pair in asking} <= {"feature"}, "somebody has no account in Jira"
    assert [one.new for one in sending.counts(system.integration)] == [0] * len(kinds)
    system.forget()
    assert go(system, asked(system, "")).result == {"sent": 0, "asking": 0, "own": 0, "along": 0}, "nothing more"
    assert [call for call in system.requests("jira") if call[0] != "GET" and "search" not in call[1]] == []


def test_what_the_mapping_does_not_send_stays_where_it_is(cloud: System) -> None:
    from crosswalk.sync import sending

    epic(cloud, "Brass")
    assert {one.kind for one in sending.counts(cloud.integration)} == {"release", "feature"}
    go(cloud, asked(cloud, ""))
    assert held_in(cloud, "feature") == there_of(cloud, "feature")
    assert held_in(cloud, "epic") == set()


def test_the_counts_of_a_release_are_those_of_its_features(cloud: System) -> None:
    from crosswalk.sync import sending

    release, refs = planned(cloud, 3, 1)
    cloud.send(refs[0])
    (count,) = sending.counts(cloud.integration, release)
    assert (count.kind, count.total, count.new) == ("feature", 3, 2)
    cloud.aha.post(f"/features/{refs[1].id}/comments", {"comment": {"body": "<p>Loud</p>"}})
    result = go(cloud, asked(cloud, release)).result
    assert result == {"sent": 1, "asking": 0, "own": 1, "along": 0}, "each that is new is counted once"


@pytest.mark.parametrize("lost", ["issue/bulk$", "bulkfetch|/search$", "graphql"])
def test_after_a_lost_answer_there_is_one_issue_for_each_record(system: System, lost: str) -> None:
    release, refs = planned(system, 3)
    side = "aha" if lost == "graphql" else "jira"
    system.fault(side, kind="reset_after", method="POST", path_regex=lost, times=1)
    go(system, asked(system, release))
    for _ in range(10):
        system.pass_time(90)
        system.drain()
    assert [pair.state for pair in everything(system, refs)] == ["agreed"] * 9
    assert len(issues(system)) == 9


def test_one_that_is_refused_has_its_own_error_and_the_others_are_sent(system: System) -> None:
    release, refs = planned(system, 4, 0)
    for ref in refs[:1] + refs[2:]:
        system.aha.put(f"/features/{ref.id}", {"feature": {"due_date": "2027-05-01"}})
    next(one for one in system.site.projects.values() if one.key == "FAB").required = {"duedate"}
    errand = go(system, asked(system, release))
    assert errand.result == {"sent": 3, "asking": 1, "own": 0, "along": 1}
    states = [system.pair(ref).state for ref in refs]
    assert states == ["agreed", "parked", "agreed", "agreed"]
    assert "Due date is required" in system.pair(refs[1]).reason
    assert [str(one.values["summary"]) for one in issues(system)] == ["Bell 0", "Bell 2", "Bell 3"]


def test_a_limit_that_is_reached_stops_the_load_which_goes_on_by_itself(cloud: System) -> None:
    release, refs = planned(cloud, 3)
    cloud.fault("jira", kind="429", method="POST", path_regex="issue/bulk$", retry_after=60, times=1)
    errand = asked(cloud, release)
    with pytest.raises(CrosswalkError) as caught:
        go(cloud, errand)
    assert caught.value.retryable
    assert errand.finished_at is None
    assert "goes on by itself" in errand.step
    assert errand.result == {"sent": 0, "asking": 0, "own": 0, "along": 1}, "what was not reached needs nobody"
    done = go(cloud, errand)
    assert done.finished_at is not None
    assert done.result["sent"] + done.result["own"] == len(refs), "what came of the first try is not forgotten"
    assert (done.result["asking"], done.result["along"]) == (0, 1)
    assert [pair.state for pair in everything(cloud, refs)] == ["agreed"] * 9
    assert len(issues(cloud)) == 9


def test_whoever_is_missing_in_jira_is_looked_for_once(cloud: System) -> None:
    release, refs = planned(cloud, 4, 0)
    person = cloud.aha.get("/users")["users"][0]
    for ref in refs:
        cloud.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": person["email"]}})
    for known in cloud.site.people.values():
        known.email = f"other-{known.email}"
    cloud.forget()
    go(cloud, asked(cloud, release))
    asked_for = [path for _, path in cloud.requests("jira") if path.endswith("/user/search")]
    assert 1 <= len(asked_for) <= 2, "an assignee and who made the feature"


def test_a_load_gives_each_feature_the_type_that_the_rule_names(system: System) -> None:
    """Many are made in one request: the type is each one's own, and the rest takes the usual one."""
    by_kind(system, by="workflow_kind", types={"Improvement": "Bug"})
    release = system.aha.post("/products/FAB/releases", {"release": {"name": "Spring"}})["release"]["id"]
    kinds = ("New", "Improvement", "Research", "Improvement")
    refs = [system.feature(f"Bell {kind}", 1, release=release, workflow_kind=kind) for kind in kinds]
    system.forget()
    assert go(system, asked(system, release)).result == {"sent": 4, "asking": 0, "own": 0, "along": 1}
    assert [path for method, path in system.requests("jira") if (method, path[-6:]) == ("POST", "/issue")] == []
    assert [pair.state for pair in everything(system, refs)] == ["agreed"] * 8
    assert [type_of(system, system.pair(ref).right_key) for ref in refs] == ["Story", "Bug", "Story", "Bug"]
    assert {type_of(system, system.children(ref)[0].right_key) for ref in refs} == {"Sub-task"}


def test_a_load_can_be_paused_and_goes_on(cloud: System) -> None:
    from crosswalk.sync import sending

    release, refs = planned(cloud, 2)
    errand = asked(cloud, release)
    assert sending.pause(cloud.integration)
    assert not sending.pause(cloud.integration)
    assert go(cloud, errand).finished_at is None
    assert errand.step == "Paused: 0 of 2 records looked at"
    assert issues(cloud) == []
    assert sending.go_on(cloud.integration)
    assert go(cloud, errand).result["sent"] == 2
    assert len(everything(cloud, refs)) == len(issues(cloud))
    assert not sending.go_on(cloud.integration)


def test_a_command_asks_for_a_load_pauses_it_and_says_how_far_it_is(cloud: System) -> None:
    from click.testing import CliRunner

    from crosswalk.cli import main

    def said(*words: str) -> str:
        return CliRunner().invoke(main, ["send-all", "Fable", *words]).output

    release, refs = planned(cloud, 1)
    key = next(one.ref for one in cloud.account.all("release") if one.id == release)
    assert "On its way" in said("--release", key, "--yes")
    assert "It is paused" in said("--pause")
    assert "nothing to pause" in said("--pause")
    from crosswalk.store.models import Errand

    assert go(cloud, Errand.objects.get()).finished_at is None
    assert "Paused: 0 of 1 records looked at" in said("--release", key)
    assert "It goes on." in said("--go-on")
    assert go(cloud, Errand.objects.get()).result["sent"] == 1
    assert cloud.pair(refs[0]).state == "agreed"


class Faster(Around):
    """A ledger with which another run of the same pair begins right after each."""

    def begin(self, pair_id: int) -> Any:
        begun = self.real.begin(pair_id)
        self.real.begin(pair_id)
        return begun


def test_an_order_is_left_to_the_release_where_another_run_of_it_is_faster(cloud: System) -> None:
    from crosswalk.sync.installation import current
    from crosswalk.sync.ranks import ORDER, keep_order

    release, refs = planned(cloud, 1, 0)
    cloud.send(refs[0])
    bridge, pair = current().bridges.of(cloud.integration), cloud.pair(Ref("release", release))
    before = bridge.ledger.get(pair.pk)
    assert not keep_order(Faster(bridge.ledger, bridge), pair.pk, "1:1"), "it ends no load"
    assert bridge.ledger.get(pair.pk) == before
    assert keep_order(bridge.ledger, pair.pk, "1:1")
    assert bridge.ledger.get(pair.pk).base[ORDER].left == "1:1"


def test_a_run_that_was_overtaken_is_run_again_at_once(cloud: System) -> None:
    from dataclasses import replace

    from crosswalk.store.pairs import key_of
    from crosswalk.sync.handlers import PairHandler
    from crosswalk.sync.installation import current

    class Overtaken:
        """Bridges whose runs are overtaken before they have done anything."""

        def of(self, integration: Any) -> Any:
            found = current().bridges.of(integration)
            return replace(found, ledger=Faster(found.ledger, found))

    pair = cloud.send(cloud.feature("Bell"))
    bridges: Any = Overtaken()
    cloud.wake(pair)
    cloud.engine.keys.clear()
    PairHandler(cloud.engine_as_port(), bridges, cloud.now).run(key_of(pair.pk))
    assert list(cloud.engine.keys) == [key_of(pair.pk)], "what woke it does not wait for the engine's sweep"
    cloud.engine.keys.clear()
    PairHandler(cloud.engine_as_port(), current().bridges, cloud.now).run(key_of(pair.pk))
    assert cloud.engine.keys == {}


@pytest.mark.parametrize("requirements", ["no longer named", "made in Jira only", "made by nobody"])
def test_what_the_mapping_does_not_make_below_features_is_left_alone(cloud: System, requirements: str) -> None:
    from crosswalk.store.models import Pair

    named = {name: dict(cloud.integration.mapping[name]) for name in ("types", "fields", "statuses")}
    if requirements == "no longer named":
        for one in named.values():
            one.pop("requirement", None)
    else:
        create = "to aha" if requirements == "made in Jira only" else "off"
        named["types"]["requirement"] = {**named["types"]["requirement"], "create": create}
    cloud.remap(**named)
    release, refs = planned(cloud, 2)
    assert go(cloud, asked(cloud, release)).result == {"sent": 2, "asking": 0, "own": 0, "along": 1}
    assert [cloud.pair(ref).reason for ref in refs] == [""] * 2
    assert [str(one.values["summary"]) for one in issues(cloud)] == ["Bell 0", "Bell 1"]
    assert not Pair.objects.filter(parent__isnull=False).exists()
