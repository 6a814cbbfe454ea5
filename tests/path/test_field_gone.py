"""A custom field that is deleted in Aha!: no record names it any more, as if each had been emptied there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.store.models import JournalEntry
from crosswalk.sync import drift, service
from crosswalk.sync.installation import current
from crosswalk_sandbox.aha.state import CustomValue
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_commands import SWEEP, work
from tests.path.test_fields import change, custom, line, put_in_aha, put_in_jira, remap

FIELD = "customfield_10091"


def sent(system: System, *names: str) -> list[tuple[Ref, str]]:
    """Features with a value in the field, and their issues."""
    put_in_aha(system, "depth", "TextField")
    put_in_jira(system, FIELD, "textfield")
    remap(system, line("Depth", "custom:depth", FIELD))
    refs = [system.feature(name, custom_fields={"depth": f"of {name}"}) for name in names]
    return [(ref, system.send(ref).right_key) for ref in refs]


def delete(system: System) -> tuple[Any, dict[str, CustomValue]]:
    """An administrator of Aha! deletes the field; what it was, and what records held in it."""
    held = system.account.custom_fields
    (field,) = [one for one in held if one.key == "depth"]
    held.remove(field)
    values = {one.id: one.custom.pop("depth") for one in system.account.all("feature") if "depth" in one.custom}
    return field, values


def looked(system: System) -> str:
    said = drift.look(current().bridges, system.integration, system.now())
    system.integration.refresh_from_db()
    return said


def test_what_jira_holds_of_it_stays_and_goes_on_once_it_is_back(system: System) -> None:
    ((bell, key), (lamp, other)) = sent(system, "Bell", "Lamp")
    field, values = delete(system)
    system.aha.rename("features", bell.id, "Gong")
    for ref in (bell, lamp):
        look(system, ref)
        assert system.pair(ref).state == "agreed"
    assert [system.issue(one)[FIELD] for one in (key, other)] == ["of Bell", "of Lamp"]
    assert system.issue(key)["summary"] == "Gong"
    told = JournalEntry.objects.filter(what="Depth of FAB-13 is carried no more.", code="F12")
    assert told.get().why == "Aha! has no such field any more; what Jira holds stays."
    assert_quiet(system, bell)
    system.account.custom_fields.append(field)
    for record in system.account.all("feature"):
        record.custom |= {"depth": values[record.id]} if record.id in values else {}
    look(system, bell)
    change(system, bell, custom_fields={"depth": "deeper"})
    look(system, bell)
    assert (system.issue(key)[FIELD], custom(system, bell, "depth")) == ("deeper", "deeper")
    change(system, bell, custom_fields={"depth": ""})
    look(system, bell)
    assert system.issue(key)[FIELD] is None, "somebody emptied it: the field is there"


def test_what_an_engineer_writes_meanwhile_stays(system: System) -> None:
    ((bell, key),) = sent(system, "Bell")
    delete(system)
    system.jira.edit(key, **{FIELD: "by an engineer"})
    system.pass_time(5)
    system.aha.rename("features", bell.id, "Gong")
    for _ in range(2):
        look(system, bell)
        assert system.issue(key)[FIELD] == "by an engineer"


def test_one_that_is_made_anew_by_the_same_key_empties_nothing(system: System) -> None:
    ((bell, key),) = sent(system, "Bell")
    field, _ = delete(system)
    system.account.custom_fields.append(replace(field, id=system.account.new_id()))
    look(system, bell)
    assert system.issue(key)[FIELD] == "of Bell"
    said = "The Aha! feature field “depth TextField” is another one now: what records held in the former one is gone "
    assert looked(system) == f"{said}there."
    service.load_project_data(system.integration)
    assert looked(system) == ""
    look(system, bell)
    assert system.issue(key)[FIELD] == "of Bell"
    change(system, bell, custom_fields={"depth": "anew"})
    look(system, bell)
    change(system, bell, custom_fields={"depth": ""})
    look(system, bell)
    assert system.issue(key)[FIELD] is None


def test_the_project_is_looked_at_soon_after(system: System) -> None:
    """Not six hours later, as where nothing points at it."""
    ((bell, _),) = sent(system, "Bell")
    looked(system)
    delete(system)
    system.pass_time(60)
    look(system, bell)
    system.pass_time(15 * 60)
    work(system, SWEEP)
    system.integration.refresh_from_db()
    assert "The Aha! feature field “depth TextField” is gone." in system.integration.drift.splitlines()


@pytest.mark.parametrize("value", [["red", "blue"]])
def test_a_list_stays_too(system: System, value: list[str]) -> None:
    put_in_aha(system, "depth", "TagsField")
    put_in_jira(system, FIELD, "labels")
    remap(system, line("Colours", "custom:depth", FIELD))
    bell = system.feature("Bell", custom_fields={"depth": value})
    key = system.send(bell).right_key
    assert sorted(system.issue(key)[FIELD]) == sorted(value)
    delete(system)
    system.jira.edit(key, **{FIELD: [*value, "green"]})
    for _ in range(2):
        look(system, bell)
        assert sorted(system.issue(key)[FIELD]) == sorted([*value, "green"])
