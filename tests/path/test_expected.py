"""What a record's page shows before both sides are read is what it shows afterwards, and no server is asked for it."""

from __future__ import annotations

from typing import Any

from crosswalk.sync import why
from crosswalk_sandbox.jira.state import Screen
from tests.path.looking import look
from tests.path.system import System, pairs_where
from tests.path.test_types import by_kind

UNSENT = {"Epic": "A line carries it, but the mapping sends no epics: there is none in Jira to stand below."}
TOLD = ("field", "left", "right", "note")


def expected(system: System, pair: Any) -> list[dict[str, Any]]:
    """The lines before, held against those after: the same fields in the same order, with the same values."""
    from crosswalk.sync import service

    system.forget()
    before = service.expect(pair)
    assert [*system.requests("aha"), *system.requests("jira")] == []
    after = service.explain(pair)
    assert [{name: line[name] for name in TOLD} for line in before] == [
        {name: line[name] for name in TOLD} for line in after
    ]
    for here, there in zip(before, after, strict=True):
        at_rest = here["verdict"] == "awaited" and there["verdict"] in ("unchanged", "agreed")
        assert at_rest or (here["verdict"], here["why"]) == (there["verdict"], there["why"]), (here, there)
    return after


def reasons(lines: list[dict[str, Any]]) -> dict[str, str]:
    return {line["field"]: line["why"] for line in lines if line["verdict"] == "inapplicable"}


def test_of_every_kind_each_line_is_expected(system: System) -> None:
    timed = system.feature("Bell", 1, original_estimate_text="1d", description="<p>Loud</p>", tags="a, b")
    points = system.feature("Horn", original_estimate_text="5p")
    for ref in (timed, points):
        system.send(ref)
    told = reasons(expected(system, system.pair(timed)))
    assert told == {"Points": "This record is estimated in time, not in points.", **UNSENT}
    told = reasons(expected(system, system.pair(points)))
    in_points = "This record is estimated in points, not in time."
    assert told == {**dict.fromkeys(("Estimate", "Remaining estimate"), in_points), **UNSENT}
    (below,) = system.children(timed)
    expected(system, below)
    (release,) = pairs_where("kind = %s", "release")
    expected(system, release)


def test_the_rank_and_what_stands_above_have_lines_at_their_places(system: System) -> None:
    def lines(pair: Any) -> list[tuple[str, str]]:
        return [(line["field"], line["verdict"]) for line in expected(system, pair)]

    ref = system.feature("Bell", 1)
    found = lines(system.send(ref))
    mapped = [one["name"] for one in system.integration.mapping["fields"]["feature"] if one["direction"] != "off"]
    assert [name for name, _ in found if name in mapped] == mapped
    assert dict(found) | {"Epic": "inapplicable", "Rank": "placed"} == dict(found)
    every = [one["name"] for one in system.integration.mapping["fields"]["feature"]]
    assert [name for name, _ in found if name in every] == every
    assert {name for name, verdict in found if verdict == "off"} == set(every) - set(mapped)
    system.remap(types={**system.integration.mapping["types"], "epic": {"type": "Epic", "create": "to jira"}})
    look(system, ref)
    assert dict(lines(system.pair(ref)))["Epic"] in ("unchanged", "agreed")


def test_a_line_that_does_not_apply_is_no_reason_to_worry(cloud: System) -> None:
    pair = cloud.send(cloud.feature("Bell", original_estimate_text="5p"))
    pair.integration.polled_at = cloud.now()
    sentence = why.ask(pair, "Estimate").sentence
    assert sentence == "Estimate does not apply. This record is estimated in points, not in time."
    assert "are in step on Aha! and Jira" in why.ask(pair).sentence


def test_before_it_was_ever_in_step_the_fields_are_those_that_come(system: System) -> None:
    from crosswalk.sync import service

    ref = system.feature("Bell", 1, original_estimate_text="5p")
    system.fault("jira", kind="status", status=500, path_regex="/issue", times=99)
    service.send(system.integration, [ref], "a test")
    system.drain()
    pair = system.pair(ref)
    assert pair.right_id is None
    names = [line["field"] for line in service.expect(pair)]
    assert {"Name", "Estimate", "Points"} < set(names)
    assert [line["field"] for line in service.explain(pair)] == names


def test_what_the_screen_of_one_type_lacks_does_not_apply_to_its_issues(cloud: System) -> None:
    from crosswalk.sync import service

    project, screens = cloud.site.project("FAB"), cloud.site.screens
    types = {cloud.site.types[one].name: one for one in project.types}
    screens["9"] = Screen("9", "Short", [name for name in screens["1"].fields if name != "duedate"])
    project.screens |= {(types["Bug"], operation): "9" for operation in ("create", "edit")}
    service.load_project_data(cloud.integration)
    by_kind(cloud, by="workflow_kind", types={"Bug fix": "Bug"})
    bug = cloud.send(cloud.feature("Bell", workflow_kind="Bug fix", original_estimate_text="1d"))
    told = reasons(expected(cloud, bug))
    assert told.pop("Due date") == "The create screen of “Bug” in Jira lacks it."
    assert list(told) == ["Points", "Epic"]
    usual = cloud.send(cloud.feature("Horn", workflow_kind="Improvement", original_estimate_text="1d"))
    assert list(reasons(expected(cloud, usual))) == ["Points", "Epic"]
