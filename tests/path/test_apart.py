"""In which fields records in step differ is kept with their pair, and is what the record's page finds out by reading.

A new issue begins where its workflow begins: that differs from a feature's status until somebody moves one of them.
"""

from __future__ import annotations

import json
from typing import Any

from crosswalk.merge.rules import Side
from tests.path.looking import compared, look
from tests.path.system import System, pairs_where
from tests.path.test_api import Ask, ask
from tests.path.test_cli import good
from tests.path.test_load import asked, everything, go, planned
from tests.path.test_mapping_change import _propose, _run

__all__ = ["ask"]


def seen(pair: Any) -> list[str]:
    """The fields that the record's page calls left as they are."""
    from crosswalk.sync import service

    return [line["field"] for line in service.explain(pair) if line["verdict"] == "apart"]


def told(pair: Any) -> list[str]:
    """What lists say of it, which is what its own page says."""
    from crosswalk.store.pairs import excepted

    assert pair.state == "agreed", pair.reason
    assert excepted(pair) == seen(pair), pair
    return excepted(pair)


def begun(system: System, name: str, requirements: int = 0, **values: Any) -> Any:
    """A feature that is further on than where an issue begins."""
    return system.feature(name, requirements, workflow_status={"name": "In development"}, **values)


def test_what_is_sent_alone_or_in_a_load_says_where_it_differs(system: System) -> None:
    ref = begun(system, "Bell", 1)
    assert told(system.send(ref)) == ["Status"]
    for below in system.children(ref):
        told(below)
    release, refs = planned(system, 3, 1)
    refs.append(begun(system, "Loaded", release=release))
    assert go(system, asked(system, release)).result["sent"] == 4
    assert told(system.pair(refs[-1])) == ["Status"]
    for pair in everything(system, refs):
        told(pair)
    for pair in pairs_where("kind = %s AND state = %s", "release", "agreed"):
        told(pair)


def test_an_estimate_that_jira_filled_by_itself_is_no_difference(system: System) -> None:
    from crosswalk.sync import service

    pair = system.send(system.feature("Bell", original_estimate_text="6h"))
    assert "Remaining estimate" not in told(pair)
    (line,) = [one for one in service.explain(pair) if one["field"] == "Remaining estimate"]
    assert (line["left"], line["right"], line["verdict"]) == ("(empty)", "6 h", "filled")
    assert line["why"] == "Jira filled it from the original estimate, and nobody has set it on either side."


def test_once_both_agree_nothing_is_excepted_any_more(system: System) -> None:
    ref = begun(system, "Bell")
    pair = system.send(ref)
    assert told(pair) == ["Status"]
    system.jira.move(pair.right_key, "In Progress")
    for side in (Side.RIGHT, None):  # news of one side alone, then of nobody knows which
        system.wake(pair, side=side)
        system.drain()
        assert told(system.pair(ref)) == []


def test_a_status_changed_in_aha_is_set_back_and_that_was_said_before(system: System) -> None:
    from crosswalk.sync import service

    ref = begun(system, "Bell")
    pair = system.send(ref)
    (line,) = [one for one in service.explain(pair) if one["field"] == "Status"]
    assert line["remedy"] == (
        "The next change in Jira is carried to Aha!. A change in Aha! is set back to what Jira holds."
    )
    system.aha.put(f"/features/{ref.id}", {"feature": {"workflow_status": {"name": "Shipped"}}})
    system.wake(pair)
    system.drain()
    assert system.aha.record("features", ref.id)["workflow_status"]["name"] == "Under consideration"
    assert told(system.pair(ref)) == []
    (kept,) = [one for one in system.journal(ref) if one.kept]
    assert (kept.field, kept.old, kept.new) == ("Status", "Shipped", "Under consideration")


def test_one_write_without_a_read_of_the_other_side_says_it_anew(system: System) -> None:
    ref = system.feature("Bell", workflow_status={"name": "Shipped"})
    pair = system.send(ref)
    assert told(pair) == ["Status"]
    system.jira.move(pair.right_key, "In Progress")
    system.forget()
    system.wake(pair, side=Side.RIGHT)
    system.drain()
    assert [path for _, path in system.requests("aha")] == ["/api/v2/graphql"], "one write, and no read"
    assert told(system.pair(ref)) == []


def test_news_that_is_none_says_it_of_what_was_sent_before_it_was_kept(system: System) -> None:
    from crosswalk.store.models import Pair

    ref = begun(system, "Bell")
    pair = system.send(ref)
    Pair.objects.filter(pk=pair.pk).update(apart=None)
    system.forget()
    system.wake(pair, side=Side.RIGHT)
    system.drain()
    assert system.requests("aha") == []
    assert told(system.pair(ref)) == ["Status"]


def test_news_of_another_field_leaves_it_said(system: System) -> None:
    ref = begun(system, "Bell")
    pair = system.send(ref)
    system.jira.edit(pair.right_key, summary="Horn")
    system.wake(pair, side=Side.RIGHT)
    system.drain()
    assert told(system.pair(ref)) == ["Status"]


def test_a_sweep_says_it_of_what_was_sent_before_it_was_kept(cloud: System) -> None:
    from crosswalk.store.models import Pair

    ref, other = begun(cloud, "Bell"), cloud.feature("Horn")
    cloud.send(ref), cloud.send(other)
    before = told(cloud.pair(ref)), told(cloud.pair(other))
    assert before == (["Status"], [])
    Pair.objects.filter(left_id=ref.id).update(apart=None)  # as an earlier version left them
    Pair.objects.filter(left_id=other.id).update(apart=["Name"])
    assert compared(cloud) == 0, "nobody is woken for that"
    assert (told(cloud.pair(ref)), told(cloud.pair(other))) == before


def test_what_a_run_found_meanwhile_counts_more_than_a_sweep(cloud: System) -> None:
    from crosswalk.store import pairs

    ref = begun(cloud, "Bell")
    pair = cloud.send(ref)
    look(cloud, ref)
    pairs.differ({pair.pk: (pair.fence, ("Name",))})
    assert told(cloud.pair(ref)) == ["Status"]
    pairs.differ({pair.pk: (cloud.pair(ref).fence, ())})
    assert cloud.pair(ref).apart is None


def test_a_change_of_the_mapping_says_it_anew(cloud: System) -> None:
    from crosswalk.sync import drafts

    ref = begun(cloud, "Bell")
    cloud.send(ref)
    assert told(cloud.pair(ref)) == ["Status"]
    data = cloud.integration.mapping
    statuses = {**data["statuses"], "feature": {**data["statuses"]["feature"], "To Do": "In development"}}
    draft = _propose(cloud, {**data, "statuses": statuses})
    _run()
    drafts.use(draft, "alice")
    cloud.integration.refresh_from_db()
    compared(cloud, name="approved")
    cloud.drain()
    assert told(cloud.pair(ref)) == [], "In development is what To Do stands for now"


def test_commands_and_programs_find_it_also_where_somebody_is_needed(cloud: System, ask: Ask) -> None:
    pair = cloud.send(begun(cloud, "Bell", assigned_to_user="emil@example.com"))
    (row,) = json.loads(good("records", cloud.integration.name, "--state", "except", "--json"))
    assert (row["aha"], row["state"], row["differs_in"]) == (pair.left_key, "Needs a decision", ["Status"])
    assert "    It differs in Status, too." in good("records", cloud.integration.name).splitlines()
    _, found = ask("GET", f"/integrations/{cloud.integration.pk}/records?state=except")
    assert [(one["aha"], one["state"], one["differs_in"]) for one in found["items"]] == [
        (pair.left_key, "asking", ["Status"])
    ]


def test_a_pair_that_is_not_in_step_is_not_said_to_be_but_for_a_field(cloud: System) -> None:
    from crosswalk.store.pairs import excepted
    from crosswalk.web.words import state_of

    pair = cloud.send(begun(cloud, "Bell"))
    assert state_of(pair).word == "In step except for Status"
    pair.state = "asking"
    assert excepted(pair) == []
    assert state_of(pair).word == "Needs a decision"


def test_commands_and_programs_are_told_of_it_too(cloud: System, ask: Ask) -> None:
    pair = cloud.send(begun(cloud, "Bell"))
    cloud.send(cloud.feature("Horn"))
    (row,) = json.loads(good("records", cloud.integration.name, "--state", "except", "--json"))
    assert (row["aha"], row["state"]) == (pair.left_key, "In step except for Status")
    assert row["differs_in"] == ["Status"]
    assert f"{pair}  In step except for Status  Bell" in good("records", cloud.integration.name, "--search", "Bell")
    told = good("status", cloud.integration.name)
    assert "3 records: 3 in step (1 of them except for a field), 0 waiting" in told
    (data,) = json.loads(good("status", "--json"))
    assert (data["in_step"], data["in_step_differing"]) == (3, 1)
    here = f"/integrations/{cloud.integration.pk}"
    _, found = ask("GET", f"{here}/records?state=except")
    assert [(one["aha"], one["differs_in"]) for one in found["items"]] == [(pair.left_key, ["Status"])]
    assert ask("GET", f"{here}/health")[1]["in_step_differing"] == 1


def test_one_that_needs_somebody_besides_says_it_too(system: System) -> None:
    ref = begun(system, "Bell", assigned_to_user="emil@example.com")
    pair = system.send(ref)
    assert (pair.state, pair.apart, seen(pair)) == ("asking", ["Status"], ["Status"])
    system.jira.move(pair.right_key, "In Progress")
    look(system, ref)
    pair = system.pair(ref)
    assert (pair.state, pair.apart, seen(pair)) == ("asking", None, [])
    system.jira.move(pair.right_key, "To Do")
    look(system, ref)
    pair = system.pair(ref)
    assert (pair.state, pair.apart or [], seen(pair)) == ("asking", [], [])
