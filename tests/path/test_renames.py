"""What is renamed on a side is followed by its id: types, statuses, options, link types. Nobody has to map it anew."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

from crosswalk.merge.rules import Side
from crosswalk.store import versions
from crosswalk.store.models import Integration
from crosswalk.sync import differences, drift, projectdata, service
from crosswalk.sync.connect import Bridges, Outside
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import parse
from crosswalk.sync.pair import sync_pair
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_commands import SWEEP, work
from tests.path.test_fields import custom, line, put_in_aha, put_in_jira, remap


def rename(table: dict[str, Any], name: str, new: str) -> None:
    """A Jira administrator gives something of the site another name."""
    key, found = next((key, one) for key, one in table.items() if one.name == name)
    table[key] = replace(found, name=new)


def in_aha(system: System, name: str, new: str) -> None:
    for flow in system.account.workflows.values():
        for status in flow.statuses:
            status.name = new if status.name == name else status.name


def faults(system: System) -> list[str]:
    system.integration.refresh_from_db()
    return [
        str(one) for one in differences.faults(parse(system.integration.mapping), projectdata.load(system.integration))
    ]


def test_a_renamed_type_and_statuses_are_followed_by_a_load(system: System) -> None:
    """Error catalogue F14."""
    ref = system.feature("Bell", 1)
    key = system.send(ref).right_key
    rename(system.site.types, "Story", "Tale")
    rename(system.site.statuses, "In Progress", "Doing it")
    in_aha(system, "In development", "Being built")
    service.load_project_data(system.integration)
    assert faults(system) == []
    mapping = system.integration.mapping
    assert mapping["types"]["feature"]["type"] == "Tale"
    assert mapping["statuses"]["feature"]["Doing it"] == "Being built"
    said = versions.used(system.integration)[0].note
    assert said == "The mapping follows new names."
    system.jira.move(key, "Doing it")
    look(system, ref)
    assert system.aha.record("features", ref.id)["workflow_status"]["name"] == "Being built"
    other = system.send(system.feature("Lamp"))
    assert system.issue(other.right_key)["issuetype"]["name"] == "Tale"
    assert warnings(system, ref) == []
    assert_quiet(system, ref, 1)


def test_the_look_at_the_project_follows_names_by_itself(system: System) -> None:
    rename(system.site.types, "Story", "Tale")
    in_aha(system, "In development", "Being built")
    assert drift.look(current().bridges, system.integration, system.now()) == ""
    assert faults(system) == []
    assert system.integration.mapping["types"]["feature"]["type"] == "Tale"
    made = system.send(system.feature("Bell"))
    assert (system.issue(made.right_key)["issuetype"]["name"], made.state) == ("Tale", "agreed")


def test_options_of_equal_name_stay_joined_when_one_is_renamed(system: System) -> None:
    put_in_aha(system, "tier", "SelectConstant", ("Gold", "Tin"))
    put_in_jira(system, "customfield_10081", "select", ("Gold", "Blech"))
    remap(system, line("Tier", "custom:tier", "customfield_10081", options={"Tin": "Blech"}))
    for option in system.site.fields["customfield_10081"].options:
        option.name = {"Gold": "Golden", "Blech": "Zinn"}[option.name]
    service.load_project_data(system.integration)
    assert faults(system) == []
    (found,) = [one for one in system.integration.mapping["fields"]["feature"] if one["name"] == "Tier"]
    assert found["options"] == {"Tin": "Zinn", "Gold": "Golden"}
    ref = system.feature("Bell", custom_fields={"tier": "Gold"})
    key = system.send(ref).right_key
    assert system.issue(key)["customfield_10081"]["value"] == "Golden"
    system.jira.edit(key, customfield_10081={"value": "Zinn"})
    look(system, ref)
    assert custom(system, ref, "tier") == "Tin"
    assert_quiet(system, ref, 1)


def test_a_project_with_another_key_is_followed(system: System) -> None:
    from crosswalk.store.models import JournalEntry

    ref = system.feature("Bell", 1)
    pair = system.send(ref)
    system.jira.send("PUT", "/project/FAB", {"key": "NEU"})
    system.aha.rename("features", ref.id, "Gong")
    look(system, ref)
    assert system.pair(ref).state == "asking"
    assert "is noticed by itself" in system.pair(ref).remedy
    system.pass_time(15 * 60)
    work(system, SWEEP)
    system.drain()
    assert JournalEntry.objects.filter(what="The project FAB in Jira has the key NEU now.").count() == 1
    assert system.integration.project_key == "NEU"
    assert system.pair(ref).state == "agreed"
    assert system.jira.get(f"/issue/{pair.right_id}")["fields"]["summary"] == "Gong"
    assert_quiet(system, ref, 1)


def test_a_project_with_another_key_is_followed_by_each_process(system: System) -> None:
    """The one that did not look kept its bridge, and each record that it ran asked for ever."""
    service.load_project_data(system.integration)
    ref = system.feature("Bell", 1)
    pair, here = system.send(ref), current()
    outside = Outside(elapsed=lambda: system.now().timestamp())
    with closing(Bridges(here.config, system.now, system.sleep, outside)) as other:
        before = other.of(Integration.objects.get())
        assert other.of(Integration.objects.get()) is before, "it is kept until something changes"
        system.jira.send("PUT", "/project/FAB", {"key": "NEU"})
        system.aha.rename("features", ref.id, "Gong")
        look(system, ref)
        assert (system.pair(ref).state, system.pair(ref).code) == ("asking", "L8")
        system.pass_time(15 * 60)
        work(system, SWEEP)
        after = other.of(Integration.objects.get())
        assert dict(after.homes) == {Side.LEFT: "FAB", Side.RIGHT: "NEU"}
        assert sync_pair(after, pair.pk).state == "agreed"
        assert other.of(Integration.objects.get()) is after
    assert system.jira.get(f"/issue/{pair.right_id}")["fields"]["summary"] == "Gong"


def test_a_record_that_is_elsewhere_has_the_project_looked_at_once(system: System) -> None:
    """Not with each comparison, for as long as nobody says what becomes of it."""
    ref = system.feature("Bell")
    system.send(ref)
    system.aha.post("/products", {"product": {"name": "Elsewhere", "prefix": "ELS"}})
    release = system.aha.post("/products/ELS/releases", {"release": {"name": "Far"}})["release"]["id"]
    system.aha.put(f"/features/{ref.id}", {"feature": {"release": release}})
    look(system, ref)
    assert (system.pair(ref).state, system.pair(ref).code) == ("asking", "L8")
    looks = []
    for _ in range(3):
        system.pass_time(15 * 60)
        system.forget()
        work(system, SWEEP)
        looks.append(any("createmeta" in path for _, path in system.requests("jira")))
    assert looks == [True, False, False]
    assert system.pair(ref).state == "asking"
