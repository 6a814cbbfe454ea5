"""An entry of a list that an administrator takes away: it goes from every record that had it, and nobody chose that."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.store.models import JournalEntry
from crosswalk_sandbox.jira.contexts import contexts_of, forget_option
from tests.path.looking import assert_quiet, look
from tests.path.matrix.hands import plain, put_in_aha, put_in_jira
from tests.path.system import System
from tests.path.test_fields import change, custom, line, remap

FIELD = "customfield_10090"
METALS = ("Gold", "Silver", "Tin")


def joined(system: System, value: Any, aha: str, jira: str) -> tuple[Ref, str]:
    """A feature and its issue with `value` in a list of metals."""
    put_in_aha(system, "extra", aha, METALS)
    put_in_jira(system, FIELD, jira, METALS)
    remap(system, line("Extra", "custom:extra", FIELD))
    ref = system.feature("Bell", custom_fields={"extra": value})
    return ref, system.send(ref).right_key


def forget(system: System, name: str) -> None:
    """An administrator of Jira deletes an option: no history of an issue tells that."""
    field = system.site.fields[FIELD]
    forget_option(system.site, field, next(one.id for one in field.options if one.name == name))


def told(system: System) -> list[str]:
    return [one.why for one in JournalEntry.objects.filter(code="F12").order_by("pk")]


def test_an_option_that_is_deleted_in_jira_empties_nothing_in_aha(system: System) -> None:
    ref, key = joined(system, "Gold", "SelectConstant", "select")
    forget(system, "Gold")
    system.jira.edit(key, summary="Gong")
    look(system, ref)
    assert system.issue(key)[FIELD] is None
    assert (custom(system, ref, "extra"), system.aha.name("features", ref.key)) == ("Gold", "Gong")
    assert told(system) == ["Jira offers Gold no more; what Aha! holds of it stays."]
    assert_quiet(system, ref)
    system.jira.edit(key, **{FIELD: {"value": "Tin"}})
    look(system, ref)
    assert custom(system, ref, "extra") == "Tin"
    system.jira.edit(key, **{FIELD: None})
    look(system, ref)
    assert custom(system, ref, "extra") is None, "somebody emptied it: the option is there"


def test_of_a_list_that_entry_stays_alone(system: System) -> None:
    ref, key = joined(system, ["Gold", "Silver"], "SelectMultiple", "multiselect")
    forget(system, "Gold")
    system.jira.edit(key, summary="Gong")
    look(system, ref)
    assert sorted(custom(system, ref, "extra")) == ["Gold", "Silver"]
    system.jira.edit(key, **{FIELD: [{"value": "Tin"}]})
    look(system, ref)
    assert sorted(custom(system, ref, "extra")) == ["Gold", "Tin"]
    assert plain(system, system.issue(key)[FIELD]) == ["Tin"]
    assert_quiet(system, ref)


def test_a_component_that_is_deleted_stays_in_aha_unless_another_took_its_place(system: System) -> None:
    put_in_aha(system, "area", "SelectMultiple", ("App", "Rim", "Frame"))
    ids = {one["name"]: one["id"] for one in system.jira.get("/project/FAB/components")}
    for name in {"Rim", "Frame"} - ids.keys():
        ids[name] = system.jira.send("POST", "/component", {"name": name, "project": "FAB"})["id"]
    remap(system, line("Area", "custom:area", "components"))
    ref = system.feature("Bell", custom_fields={"area": ["App", "Rim"]})
    key = system.send(ref).right_key
    system.jira.send("DELETE", f"/component/{ids['Rim']}")
    system.jira.edit(key, summary="Gong")
    look(system, ref)
    assert [one["name"] for one in system.issue(key)["components"]] == ["App"]
    assert sorted(custom(system, ref, "area")) == ["App", "Rim"]
    system.jira.send("DELETE", f"/component/{ids['App']}?moveIssuesTo={ids['Frame']}")
    system.jira.edit(key, summary="Horn")
    look(system, ref)
    assert sorted(custom(system, ref, "area")) == ["Frame", "Rim"]


def test_an_option_that_is_switched_off_may_be_taken_out(system: System) -> None:
    ref, key = joined(system, "Gold", "SelectConstant", "select")
    field = system.site.fields[FIELD]
    contexts_of(system.site, field)[0].disabled.add(field.options[0].id)
    system.jira.edit(key, **{FIELD: None})
    look(system, ref)
    assert custom(system, ref, "extra") is None, "somebody emptied it: the issue's history says so"


@pytest.mark.parametrize(("type_", "value"), [("SelectConstant", "Gold"), ("SelectMultiple", ["Gold"])])
def test_a_choice_that_is_deleted_in_aha_empties_nothing_in_jira(system: System, type_: str, value: Any) -> None:
    ref, key = joined(system, value, type_, "select" if isinstance(value, str) else "multiselect")
    before = system.issue(key)[FIELD]
    (field,) = [one for one in system.account.custom_fields if one.key == "extra"]
    field.options.pop(0)
    change(system, ref, custom_fields={"extra": ""}, name="Gong")
    look(system, ref)
    assert (system.issue(key)[FIELD], system.issue(key)["summary"]) == (before, "Gong")
    assert told(system) == ["Aha! offers Gold no more; what Jira holds of it stays."]
    change(system, ref, custom_fields={"extra": "Tin" if isinstance(value, str) else ["Tin"]})
    look(system, ref)
    change(system, ref, custom_fields={"extra": ""})
    look(system, ref)
    stays = [] if isinstance(value, str) else ["Gold"]
    assert (plain(system, system.issue(key)[FIELD]) or []) == stays, "somebody took out the one that is there"
