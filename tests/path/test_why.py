"""Why a field was not sent: each thing that can hold it up is found and named, and an update in step is said to be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crosswalk.sync import holding, service, why
from tests.path.system import System
from tests.path.test_deletions import signed_in


def asked(system: System, pair: Any, field: str = "") -> why.Answer:
    pair.refresh_from_db()
    pair.integration.refresh_from_db()
    pair.integration.polled_at = system.now()
    return why.ask(pair, field)


def test_each_hindrance_has_its_sentence_and_its_link(cloud: System) -> None:
    pair = cloud.send(cloud.feature("Bell"))
    answer = asked(cloud, pair, "Name")
    assert answer.sentence.startswith("Name is in step.")
    assert [step.looked for step in answer.steps][:3] == ["the integration", "the connections", "the record"]
    assert "No line of the mapping carries “Sprint”" in asked(cloud, pair, "Sprint").sentence
    assert "The line for Tags is switched off." in asked(cloud, pair, "Tags").sentence
    assert asked(cloud, pair, "Rank").sentence.startswith("The rank is no value: issues are placed")
    assert asked(cloud, pair, "Epic").sentence.startswith("A line carries it, but the mapping sends no epics")
    assert "fields that are compared are in step" in asked(cloud, pair).sentence
    type(pair).objects.filter(pk=pair.pk).update(state="asking", reason="TIN-1 was moved away.", remedy="Move it back.")
    assert asked(cloud, pair).sentence == "It needs a decision: TIN-1 was moved away. Move it back."
    assert asked(cloud, pair, "Name").sentence.startswith("Name is in step.")
    type(pair).objects.filter(pk=pair.pk).update(state="agreed", reason="", remedy="")
    cloud.aha.rename("features", pair.left_key, "Brass bell")
    answer = asked(cloud, pair)
    assert answer.sentence.startswith("Name is still to be carried.")
    assert answer.page == ("record", (pair.pk,))
    holding.do([pair], "pause", "Ann")
    paused = "Somebody has paused this record, so nothing is carried."
    assert asked(cloud, pair, "Name").sentence == paused
    assert asked(cloud, pair, "Tags").sentence == f"{paused} Besides: The line for Tags is switched off."
    cloud.integration.enabled = False
    cloud.integration.save()
    answer = asked(cloud, pair, "Name")
    assert "is paused" in answer.sentence
    assert answer.page == ("integration-settings", (pair.integration_id,))


def test_without_hooks_and_polls_nobody_knows_of_a_change(cloud: System) -> None:
    pair = cloud.send(cloud.feature("Bell"))
    pair.integration.hooked_at = pair.integration.polled_at = None
    assert "no poll came through ever" in why.ask(pair, "Name").sentence


@pytest.mark.parametrize("field", ["Name", ""])
def test_a_record_that_is_not_there_yet(cloud: System, field: str) -> None:
    ref = cloud.feature("Bell")
    holding.act(cloud.integration, [ref], "ignore", "Ann")
    holding.do([cloud.pair(ref)], "resume", "Ann")
    assert asked(cloud, cloud.pair(ref), field).sentence == "There is no record in Jira yet."


def test_of_a_list_it_is_said_that_jira_has_more_and_putting_an_entry_in_again_is_no_warning(cloud: System) -> None:
    """Somebody adds a version, and later takes the release's own out: that comes again, and nothing is lost."""
    pair = cloud.send(cloud.feature("Bell"))
    (own,) = cloud.jira.get(f"/issue/{pair.right_key}")["fields"]["fixVersions"]
    made = cloud.jira.send("POST", "/version", {"project": "FAB", "name": "autumn 2031"})
    carried, added = {"id": own["id"]}, {"id": made["id"]}
    cloud.jira.edit(pair.right_key, fixVersions=[carried, added])
    cloud.wake(pair)
    cloud.drain()
    pair.refresh_from_db()
    (line,) = (one for one in service.explain(pair) if one["field"] == "Release")
    assert (line["verdict"], line["more"]) == ("unchanged", "Jira has more: autumn 2031")
    (awaited,) = (one for one in service.expect(pair) if one["field"] == "Release")
    assert (awaited["verdict"], awaited["more"]) == ("awaited", line["more"])
    shown = signed_in().get(f"/records/{pair.pk}/compare/").content.decode().partition("<details")[0]
    said = '<span>In step</span></span> <span class="more">Jira has more: autumn 2031</span>'
    assert said in " ".join(shown.split())
    says = "Release is in step. Jira has more entries, and only Aha! may set it."
    assert asked(cloud, pair, "Release").sentence == says
    cloud.jira.edit(pair.right_key, fixVersions=[added])
    cloud.wake(pair)
    cloud.drain()
    names = {one["name"] for one in cloud.jira.get(f"/issue/{pair.right_key}")["fields"]["fixVersions"]}
    assert names == {own["name"], "autumn 2031"}
    kept = pair.journal.exclude(kept="").get()
    assert (kept.level, kept.old) == ("info", "autumn 2031")
    assert kept.what == "Release in Jira gets again what was taken out there. What it held is kept here."


def test_of_a_name_that_was_shortened_it_is_said_how_much_of_it_jira_holds(cloud: System) -> None:
    pair = cloud.send(cloud.feature("Bell " * 60 + "end"))
    says = "Shortened in Jira: it has 303 characters and Jira's summary holds 254; Aha! keeps all of it"
    lines = {"unchanged": service.explain(pair), "awaited": service.expect(pair)}
    for verdict, found in lines.items():
        (line,) = (one for one in found if one["field"] == "Name")
        assert (line["verdict"], line["more"]) == (verdict, says)
        assert [one["field"] for one in found if one["more"]] == ["Name"]
    told = re.compile(r'<span class="more">name shortened in Jira</span>')
    release = cloud.aha.post("/products/FAB/releases", {"release": {"name": "Bell " * 60}})["release"]["id"]
    cloud.send(cloud.feature("Horn", release=release))
    browser, address = signed_in(), f"/integrations/{cloud.integration.pk}/"
    for asked, count in (("", 1), ("?kind=release&state=agreed", 1), ("?state=agreed", 2)):
        assert len(told.findall(browser.get(address + asked).content.decode())) == count
    cloud.aha.rename("features", pair.left_key, "Bell")
    pair.refresh_from_db()
    cloud.wake(pair)
    assert len(told.findall(browser.get(f"{address}?state=agreed").content.decode())) == 1, "it may be another by now"
    cloud.drain()
    pair.refresh_from_db()
    assert not [one for one in service.explain(pair) if one["more"]]
    assert len(told.findall(browser.get(f"{address}?state=agreed").content.decode())) == 1
