"""Why a field was not sent, once both sides are read: each verdict has its sentence and its link."""

from __future__ import annotations

from typing import Any

from crosswalk.merge.records import Ref
from crosswalk.sync import why
from tests.path.system import System
from tests.path.test_conflicts import apart
from tests.path.test_fields import put_in_aha, put_in_jira, remap
from tests.path.test_match import link_all, say, story


def asked(system: System, pair: Any, field: str = "Name") -> why.Answer:
    pair.refresh_from_db()
    pair.integration.refresh_from_db()
    pair.integration.polled_at = system.now()
    return why.ask(pair, field)


def test_a_conflict_that_waits_leads_to_where_it_is_decided(cloud: System) -> None:
    _, pair, _ = apart(cloud)
    for field in ("Name", ""):
        answer = asked(cloud, pair, field)
        assert answer.sentence == "Both sides changed Name, and it waits for a person to decide."
        assert answer.page == ("integration-conflicts", (pair.integration_id,))


def test_what_keeps_a_record_from_being_carried_is_said_with_its_reason(cloud: System) -> None:
    pair = cloud.send(cloud.feature("Bell"))
    cloud.aha.rename("features", pair.left_key, "Brass bell")
    for state, begins in (
        ("waiting", "It is tried again: "),
        ("parked", "It is stopped: "),
        ("asking", "It needs a decision: "),
        ("agreed", "It waits: "),
    ):
        pair.state, pair.reason = state, "Jira is away."
        pair.save()
        answer = asked(cloud, pair)
        assert answer.sentence == f"Name is still to be carried. {begins}Jira is away."
        assert answer.page == ("record", (pair.pk,))
    pair.reason = ""
    pair.save()
    assert "was not woken by the change" in asked(cloud, pair).sentence
    pair.dirty += 1
    pair.save()
    assert asked(cloud, pair).sentence.endswith("It is on its way.")


def line(system: System, name: str, **changes: Any) -> None:
    fields = system.integration.mapping["fields"]
    lines = [{**one, **changes} if one["name"] == name else one for one in fields["feature"]]
    system.remap(fields={**fields, "feature": lines})


def test_what_is_set_once_is_not_compared(cloud: System) -> None:
    line(cloud, "Name", direction="once to jira")
    pair = cloud.send(cloud.feature("Bell"))
    answer = asked(cloud, pair)
    assert answer.sentence == "Name is not compared: It is set once, and that was done."
    assert answer.page == ("integration-mapping", (pair.integration_id, "feature"))


def test_what_is_refused_leads_to_its_help(cloud: System) -> None:
    put_in_aha(cloud, "weight", "TextField", ())
    put_in_jira(cloud, "customfield_10301", "float")
    remap(cloud, {"name": "Weight", "aha": "custom:weight", "jira": "customfield_10301"})
    pair = cloud.send(cloud.feature("Bell"))
    cloud.aha.put(f"/features/{pair.left_id}", {"feature": {"custom_fields": {"weight": "twelve"}}})
    for field in ("Weight", ""):
        answer = asked(cloud, pair, field)
        assert answer.sentence.startswith("Weight is not carried: ")
        assert "“twelve” is not a number" in answer.sentence
        assert answer.page == ("help", ("F11",))


def test_who_is_not_found_leads_to_the_people(cloud: System) -> None:
    emil = cloud.aha.record("features", "FAB-5")  # nobody in Jira has the address of whom it is assigned to
    pair = cloud.send(Ref("feature", emil["id"], "FAB-5"))
    answer = asked(cloud, pair, "Assignee")
    assert answer.sentence.startswith(
        "Assignee is not carried: Aha! holds a value that Jira has no counterpart for: Emil"
    )
    assert "Say on the page People who that is" in answer.sentence
    assert answer.page == ("integration-people", (pair.integration_id,))


def test_what_differed_from_the_beginning_is_said_to_differ(cloud: System) -> None:
    ref = cloud.feature("Brass bell")
    story(cloud, "brass  bell")
    assert link_all(cloud) == 1
    say(cloud, "keep")
    pair = cloud.pair(ref)
    answer = asked(cloud, pair)
    assert answer.sentence.startswith("Name differs. Nobody changed it since the two were joined. The next")
    assert answer.page == ("record", (pair.pk,))
