"""Why a field was not sent: each thing that can hold it up is found and named, and an update in step is said to be."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.sync import holding, why
from tests.path.system import System


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
    assert asked(cloud, pair, "Name").sentence == "Somebody has paused this record, so nothing is carried."
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
