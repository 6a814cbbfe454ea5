"""A change of the mapping on a whole installation: seen as a plan, used, refused when overtaken, taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_deletions import signed_in
from tests.path.test_fields import change, custom, line, put_in_aha, put_in_jira, remap
from tests.path.test_refused_parts import allow


def _run(kind: str = "errand") -> Any:
    """Run the newest errand as the engine would, and give it."""
    from crosswalk.store.models import Errand
    from crosswalk.sync.handlers import of
    from crosswalk.sync.installation import current

    errand = Errand.objects.order_by("-id").first()
    assert errand is not None
    of(current())[kind].run(f"errand:{errand.pk}")
    errand.refresh_from_db()
    assert errand.trouble == ""
    return errand


def _tags(system: System, direction: str) -> dict[str, Any]:
    return _way(system, "Tags", direction)


def _way(system: System, name: str, direction: str) -> dict[str, Any]:
    data = system.integration.mapping
    lines = [{**line, "direction": direction} if line["name"] == name else line for line in data["fields"]["feature"]]
    return {**data, "fields": {**data["fields"], "feature": lines}}


def _propose(system: System, data: dict[str, Any]) -> Any:
    from crosswalk.store.versions import digest
    from crosswalk.sync import drafts

    return drafts.propose(system.integration, data, digest(system.integration.mapping), "alice")


def test_what_stopped_for_what_a_change_mends_is_made_as_its_plan_says(cloud: System) -> None:
    from crosswalk.sync import drafts, service

    ready = cloud.send(cloud.feature("Bell"))
    cloud.site.projects["10000"].required.add("duedate")
    service.load_project_data(cloud.integration)
    stopped = cloud.feature("Lamp")
    assert cloud.send(stopped).state == "parked"
    data = cloud.integration.mapping
    always = {**data.get("constants", {}), "feature": {"duedate": "2026-12-24"}}
    without = [line for line in data["fields"]["feature"] if line["jira"] != "duedate"]
    draft = _propose(cloud, {**data, "constants": always, "fields": {**data["fields"], "feature": without}})
    assert _run().result["counts"]["Jira"]["create"] == 1
    drafts.use(draft, "alice")
    cloud.integration.refresh_from_db()
    cloud.drain()
    assert cloud.issue(cloud.pair(stopped).right_key)["duedate"] == "2026-12-24"
    assert ready.right_key != cloud.pair(stopped).right_key


def test_a_change_is_a_plan_first_and_then_carried(cloud: System) -> None:
    from crosswalk.sync import drafts

    pair = cloud.send(cloud.feature("Bell", tags="loud, brass"))
    draft = _propose(cloud, _tags(cloud, "to jira"))
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping != draft.data
    plan = _run().result
    assert plan["counts"] == {"Aha!": {}, "Jira": {"update": 1}}
    assert plan["patches"][0]["changes"][0]["new"] == "brass, loud"
    assert cloud.issue(pair.right_key)["labels"] == []
    drafts.use(draft, "alice")
    assert cloud.engine.keys[f"approval:{cloud.integration.pk}"] == "approval"
    cloud.integration.refresh_from_db()
    cloud.wake(pair)
    cloud.drain()
    assert sorted(cloud.issue(pair.right_key)["labels"]) == ["brass", "loud"]


def test_no_plan_promises_a_write_into_what_is_paused(cloud: System) -> None:
    from crosswalk.sync import errands, holding, planwords
    from crosswalk.sync.installation import current

    held = cloud.send(cloud.feature("Bell", tags="brass", requirements=1))
    cloud.send(cloud.feature("Lamp", tags="brass"))
    holding.do([held], "pause", "Ann")
    cloud.aha.rename("features", held.left_key, "Brass bell")
    ordinary = errands.planned(current().bridges, cloud.integration, {"scope": errands.JOINED})
    assert ordinary["counts"] == {"Aha!": {}, "Jira": {}}
    assert "Nothing would be written." in planwords.text(ordinary)
    _propose(cloud, _tags(cloud, "to jira"))
    plan = _run().result
    assert plan["counts"] == {"Aha!": {}, "Jira": {"update": 1}}
    assert held.right_key not in planwords.text(plan)
    assert "left alone: 3 of 4 records looked at; 2 paused: carried when they go on" in planwords.text(plan)
    page = signed_in().get(f"/integrations/{cloud.integration.pk}/change/").content.decode()
    assert "2 paused: carried when they go on" in page
    held.refresh_from_db()
    holding.do([held], "resume", "Ann")
    gone_on = errands.planned(current().bridges, cloud.integration, {"scope": errands.JOINED})
    assert "paused" not in planwords.text(gone_on)
    assert gone_on["counts"]["Jira"] == {"update": 1}


def test_a_change_says_what_stays_different_and_what_has_no_counterpart(cloud: System) -> None:
    from crosswalk.sync import planfile, planwords

    sent = ("Under consideration", "In development", "In development", "Will not implement")
    refs = [cloud.feature(f"Bell {at}", workflow_status={"name": name}) for at, name in enumerate(sent)]
    for ref in refs:
        cloud.send(ref)
    _propose(cloud, _way(cloud, "Status", "both"))
    plan = _run().result
    assert plan["patches"] == plan["doubts"] == []
    assert plan["differing"] == {"Status": [ref.key for ref in refs[1:]]}
    lines = planwords.text(plan).splitlines()
    assert "Nothing would be written." in lines
    assert f"3 records keep a different Status: {', '.join(plan['differing']['Status'])}" in lines
    assert "The status “Will not implement” has no counterpart in Jira." in lines
    assert f"{refs[3].key},,,Status" in planfile.as_csv(plan)
    page = signed_in().get(f"/integrations/{cloud.integration.pk}/change/").content.decode()
    assert "everything that was looked at is in step" not in page
    assert "3 records keep a different Status." in page
    assert "The status “Will not implement” has no counterpart in Jira." in page


@pytest.mark.parametrize(("one_way", "side"), [("to jira", "jira"), ("to aha", "aha")])
def test_entries_that_stood_on_one_side_alone_travel_once_both_ways_are_set(
    cloud: System, one_way: str, side: str
) -> None:
    """As a plan first; afterwards taking one out counts, as always."""
    from crosswalk.sync import drafts

    cloud.remap(**_tags(cloud, one_way))
    ref = cloud.feature("Bell", tags="brass")
    key = cloud.send(ref).right_key

    def put(labels: str) -> None:
        if side == "jira":
            cloud.jira.edit(key, labels=labels.split())
        else:
            cloud.aha.put(f"/features/{ref.id}", {"feature": {"tags": ", ".join(labels.split())}})
        look(cloud, ref)

    def held() -> tuple[list[str], list[str]]:
        return sorted(cloud.aha.record("features", ref.id)["tags"]), sorted(cloud.issue(key)["labels"])

    put("brass loud")
    own, other = (1, 0) if side == "jira" else (0, 1)
    assert "loud" in held()[own]
    assert "loud" not in held()[other]
    draft = _propose(cloud, _tags(cloud, "both"))
    counts = _run().result["counts"]
    assert counts["Aha!" if side == "jira" else "Jira"] == {"update": 1}
    drafts.use(draft, "alice")
    cloud.integration.refresh_from_db()
    look(cloud, ref)
    assert held() == (["brass", "loud"], ["brass", "loud"])
    assert_quiet(cloud, ref)
    put("brass")
    assert held() == (["brass"], ["brass"])


@pytest.mark.parametrize("told", ["nothing", "unanswered", "landed", "looked back"])
@pytest.mark.parametrize("moved", ["jira", "aha"])
def test_a_line_that_joins_another_field_by_now_empties_none(system: System, moved: str, told: str) -> None:
    """It has the name of one that was there before: what was agreed about that one is nothing about this one."""
    from crosswalk.sync import drafts

    for number in (1, 2):
        put_in_aha(system, f"note_{number}", "TextField")
        put_in_jira(system, f"customfield_1029{number}", "textfield")
    remap(system, line("Note", "custom:note_1", "customfield_10291"))
    ref = system.feature("Bell", custom_fields={"note_1": "loud"})
    key = system.send(ref).right_key
    look(system, ref)
    text = "loud"
    if told != "nothing":
        text = "louder"
        change(system, ref, custom_fields={"note_1": text})
    if told == "unanswered":
        system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
        system.wake(system.pair(ref))
        system.drain(1)
        assert system.pair(ref).state == "waiting"
        allow(system)
    elif told != "nothing":
        system.wake(system.pair(ref), side=Side.LEFT)
        system.drain()
    if told == "looked back":  # Data Center answers an edit with nothing: the issue's own hook has it looked at
        system.wake(system.pair(ref), side=Side.RIGHT)
        system.drain()
    assert system.issue(key)["customfield_10291"] == text, "it landed"
    (aha, jira), fields = (("1", "2") if moved == "jira" else ("2", "1")), system.integration.mapping["fields"]
    now = line("Note", f"custom:note_{aha}", f"customfield_1029{jira}")
    lines = [one for one in fields["feature"] if one["name"] != "Note"]
    draft = _propose(system, {**system.integration.mapping, "fields": {**fields, "feature": [*lines, now]}})
    counts = _run().result["counts"]
    assert counts == ({"Aha!": {}, "Jira": {"update": 1}} if moved == "jira" else {"Aha!": {"update": 1}, "Jira": {}})
    drafts.use(draft, "alice")
    system.integration.refresh_from_db()
    look(system, ref)
    assert (custom(system, ref, f"note_{aha}"), system.issue(key)[f"customfield_1029{jira}"]) == (text, text)
    assert_quiet(system, ref)
    system.jira.edit(key, **{f"customfield_1029{jira}": None})
    look(system, ref)
    assert not custom(system, ref, f"note_{aha}"), "emptied by somebody, it is emptied across"
    assert_quiet(system, ref)


@pytest.mark.parametrize("moved", ["jira", "aha"])
def test_nor_does_one_that_did_when_a_record_was_made_and_nobody_told_that(system: System, moved: str) -> None:
    from crosswalk.sync import service

    for number in (1, 2):
        put_in_aha(system, f"note_{number}", "TextField")
        put_in_jira(system, f"customfield_1029{number}", "textfield")
    service.load_project_data(system.integration)
    fields = system.integration.mapping["fields"]
    system.remap(fields={**fields, "feature": [*fields["feature"], line("Note", "custom:note_1", "customfield_10291")]})
    system.send(system.feature("The first of its release"))
    ref = system.feature("Bell", custom_fields={"note_1": "loud"})
    system.fault("jira", kind="reset_after", method="POST", path_regex="issue(/bulk)?$", times=0)
    service.send(system.integration, [ref], "a test")
    system.drain(1)
    allow(system)
    aha, jira = ("1", "2") if moved == "jira" else ("2", "1")
    now = line("Note", f"custom:note_{aha}", f"customfield_1029{jira}")
    system.remap(fields={**fields, "feature": [*fields["feature"], now]})
    system.pass_time(120)
    system.drain()
    look(system, ref)
    key = system.pair(ref).right_key
    assert (custom(system, ref, f"note_{aha}"), system.issue(key)[f"customfield_1029{jira}"]) == ("loud", "loud")
    assert_quiet(system, ref)


def _with_children(system: System, state: str) -> Ref:
    """A feature that was sent, and whose first requirement is in `state`: if it is not agreed, an answer was lost."""
    from crosswalk.sync import service

    system.send(system.feature("The first of its release"))
    ref = system.feature("Bell", 2)
    lost: dict[str, Any] = {"kind": "reset_after", "times": 0, "path_regex": "issue(/bulk|/[0-9]+)?$"}
    if state == "new":
        system.fault("jira", **lost, method="POST", nth=2)
        service.send(system.integration, [ref], "a test")
        system.drain(1)
    else:
        system.send(ref)
    if state == "waiting":
        system.aha.rename("requirements", system.children(ref)[0].left_id, "Renamed")
        system.fault("jira", **lost, method="PUT")
        system.wake(system.children(ref)[0])
        system.drain(1)
    allow(system)
    assert system.children(ref)[0].state == state
    return ref


def _without(mapping: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        name: {one: held for one, held in kinds.items() if one != kind} if isinstance(kinds, dict) else kinds
        for name, kinds in mapping.items()
    }


@pytest.mark.parametrize("state", ["agreed", "waiting", "new"])
def test_a_kind_that_the_mapping_names_no_more_is_left_alone_until_it_does(cloud: System, state: str) -> None:
    """Also where a write, or the making of one, was not answered yet: the plan and each run ended in an error."""
    from crosswalk.sync import drafts, service

    ref, before = _with_children(cloud, state), cloud.integration.mapping
    draft = _propose(cloud, _without(before, "requirement"))
    _run()
    drafts.use(draft, "alice")
    cloud.integration.refresh_from_db()
    cloud.aha.rename("features", ref.key, "Brass bell")
    cloud.aha.rename("requirements", cloud.children(ref)[1].left_id, "Another")
    look(cloud, ref)
    assert (cloud.pair(ref).state, cloud.jira.summary(cloud.pair(ref).right_key)) == ("agreed", "Brass bell")
    assert "Another" not in {issue.values["summary"] for issue in cloud.site.issues.values()}
    browser = signed_in()
    for page in ("", "compare/"):
        assert browser.get(f"/records/{cloud.children(ref)[0].pk}/{page}").status_code == 200
    service.set_mapping(cloud.integration, before)
    look(cloud, ref)
    look(cloud, ref)
    assert [one.state for one in (cloud.pair(ref), *cloud.children(ref))] == ["agreed"] * 3
    issues = [str(cloud.issue(one.right_key)["summary"]) for one in cloud.children(ref)]
    assert issues == ["Renamed" if state == "waiting" else "Bell part 1", "Another"]
    assert len(cloud.issue(cloud.pair(ref).right_key)["subtasks"]) == 2
    assert_quiet(cloud, ref)


def test_earlier_versions_are_kept_and_one_comes_back(cloud: System) -> None:
    from crosswalk.store import versions
    from crosswalk.sync import drafts

    before = cloud.integration.mapping
    assert _propose(cloud, _tags(cloud, "both")) is None  # nothing was sent: there is nothing to show
    cloud.integration.refresh_from_db()
    assert [one.note for one in versions.used(cloud.integration)] == [
        "Tags of a feature, direction: off → both ways.",
        "As it was made.",
    ]
    assert drafts.back_to(versions.used(cloud.integration)[-1], "alice") is None
    cloud.integration.refresh_from_db()
    assert cloud.integration.mapping == before


def test_two_people_at_once_do_not_overwrite_each_other(cloud: System) -> None:
    from crosswalk.store.versions import digest
    from crosswalk.sync import drafts

    cloud.send(cloud.feature("Bell"))
    seen = digest(cloud.integration.mapping)
    draft = _propose(cloud, _tags(cloud, "both"))
    _run()
    cloud.remap(**{"people": {"aha": "", "jira": "bob@example.com"}})
    with pytest.raises(Refused, match="changed meanwhile"):
        drafts.use(draft, "alice")
    with pytest.raises(Refused, match="Nothing was saved"):
        drafts.propose(cloud.integration, _tags(cloud, "to jira"), seen, "alice")


def test_a_plan_of_everything_counts_what_would_be_made_and_what_is_left_alone(system: System) -> None:
    from crosswalk.sync import errands

    system.send(system.feature("Bell"))
    before = len(system.jira.issues())
    errands.begin(system.integration, errands.PLAN, {"scope": errands.ALL}, "alice")
    plan = _run()
    made = plan.result["counts"]["Jira"]["create"]
    assert made > 3
    assert plan.result["alone"] >= 1
    assert plan.done == plan.total == plan.result["looked"]
    assert len(system.jira.issues()) == before
    assert not [one for one in plan.result["doubts"] if one["field"] == "Parent"]


def test_a_load_says_what_changed_and_where_the_mapping_is_stale(cloud: System) -> None:
    from crosswalk.sync import differences, errands, projectdata
    from crosswalk.sync.mapping import parse

    story = next(one for one in cloud.site.types.values() if one.name == "Story")
    cloud.site.types["77001"] = replace(story, id="77001", name="Tale")  # made anew: another id
    for project in cloud.site.projects.values():
        project.types[:] = ["77001" if one == story.id else one for one in project.types]
    errands.begin(cloud.integration, errands.LOAD, {}, "alice")
    result = _run().result
    assert {"The Jira issue type “Story” is gone.", "The Jira issue type “Tale” is new."} <= set(result["changed"])
    loaded = projectdata.load(cloud.integration)
    faults = differences.faults(parse(cloud.integration.mapping), loaded, result["renamed"])
    assert [(one.where, "Tale" in one.remedy) for one in faults] == [("types.feature.type", True)]


def test_a_required_field_without_a_source_is_known_before_anything_fails(system: System) -> None:
    from crosswalk.sync import differences, projectdata, service
    from crosswalk.sync.mapping import parse

    def needed() -> list[tuple[str, str]]:
        loaded = projectdata.load(system.integration)
        mapping = parse(system.integration.mapping)
        return [(one.kind, one.field) for one in differences.needed(mapping, loaded)]

    assert needed() == []
    project = next(one for one in system.site.projects.values() if one.key == "FAB")
    project.required = project.required | {"components"}
    service.load_project_data(system.integration)
    assert set(needed()) == {("feature", "components"), ("requirement", "components")}
    loaded = projectdata.load(system.integration)
    name = differences.needed(parse(system.integration.mapping), loaded)[0].options[0]
    system.remap(constants={"feature": {"components": name}})
    assert needed() == [("requirement", "components")]
