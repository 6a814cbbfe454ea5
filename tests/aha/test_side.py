"""The side against the sandbox: reading in few requests, making without doubling, writing, marking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from crosswalk import errors
from crosswalk.aha.metadata import CustomField
from crosswalk.merge.records import Draft, Failed, Gone, Made, Mark, Ref, Snapshot, Wrote
from crosswalk.merge.values import Choice, Person, Rich, Value
from crosswalk_sandbox.kernel.faults import Fault

from .play import Sandbox

CUSTOM = tuple(CustomField("jira_url", "Jira link", kind, "url") for kind in ("feature", "requirement", "epic"))
ISSUE = Mark(Ref("issue", "10001", "FAB-1"), "https://jira.example.com/browse/FAB-1", "A bell")


def snapshot(found: object) -> Snapshot:
    assert isinstance(found, Snapshot)
    return found


def made(answers: Sequence[Made | Failed]) -> list[Made]:
    assert all(isinstance(answer, Made) for answer in answers), answers
    return [answer for answer in answers if isinstance(answer, Made)]


def draft(kind: str, token: str, parent: Ref | None = None, mark: Mark | None = ISSUE, **fields: Value) -> Draft:
    return Draft(kind, {"name": "A bell", **fields}, token, parent, mark)


# ---- people ----


def test_people_are_found_by_their_very_address_only(aha: Sandbox) -> None:
    chandra = next(one for one in aha.state.users if one.email == "chandra@example.com")
    emil = next(one for one in aha.state.users if one.email == "emil@example.com")
    side = aha.side()
    assert side.people("CHANDRA@example.com") is not None
    for like in ("chandra+jira@example.com", "chandra@example.co", "handra@example.com", "chandra\u0131@example.com"):
        assert side.people(like) is None
    emil.email = chandra.email
    with pytest.raises(errors.Refused, match="2 Aha! users"):
        side.people(chandra.email)
    emil.enabled = False
    found = side.people(chandra.email)
    assert found is not None
    assert found.name == chandra.name
    chandra.enabled = False
    with pytest.raises(errors.Refused, match="deactivated"):
        side.people(chandra.email)


# ---- reading ----


def test_one_request_reads_a_feature_with_its_requirements(aha: Sandbox) -> None:
    feature = aha.ref("feature", "FAB-1")
    below = [Ref("requirement", r.id, r.ref) for r in aha.record("feature", "FAB-1").requirements]
    found = aha.side().read([feature, *below])
    assert aha.calls() == [f"GET /features/{feature.id}"]
    whole = snapshot(found[feature])
    assert [child.ref for child in whole.children] == below
    assert all(snapshot(found[ref]) == child for ref, child in zip(below, whole.children, strict=True))
    assert isinstance(whole.get("workflow_status"), Choice)
    assert isinstance(whole.get("description"), Rich)
    assert whole.get("custom:confidence") == Decimal(80)


def test_several_requirements_of_one_feature_come_through_it(aha: Sandbox) -> None:
    below = [Ref("requirement", r.id, r.ref) for r in aha.record("feature", "FAB-1").requirements]
    found = aha.side().read(below)
    assert aha.calls() == ["GET /features/FAB-1"]
    assert {snapshot(found[ref]).ref for ref in below} == set(below)


def test_a_stale_reference_number_of_the_feature_costs_a_request_and_nothing_else(aha: Sandbox) -> None:
    below = [Ref("requirement", r.id, "OLD-9-1") for r in aha.record("feature", "FAB-1").requirements]
    found = aha.side().read(below)
    assert all(isinstance(found[ref], Snapshot) for ref in below)


def test_many_features_come_by_the_list_and_read_as_they_do_alone(aha: Sandbox) -> None:
    refs = [Ref("feature", record.id, record.ref) for record in aha.state.all("feature")][:10]
    found = aha.side().read(refs)
    assert len(aha.calls()) == 1
    alone = {ref: snapshot(aha.side().read([ref])[ref]) for ref in refs}
    assert found == alone


def test_releases_come_by_the_list_too(aha: Sandbox) -> None:
    refs = [Ref("release", record.id, record.ref) for record in aha.state.all("release")]
    found = aha.side().read(refs)
    assert all(snapshot(found[ref]).get("name") for ref in refs)


def test_what_is_gone_is_gone_and_what_is_no_record_too(aha: Sandbox) -> None:
    gone, strange = Ref("feature", "7", "FAB-777"), Ref("goal", "8")
    found = aha.side().read([gone, strange])
    assert isinstance(found[gone], Gone)
    assert isinstance(found[strange], Gone)


def test_a_workspace_that_is_out_of_sight_is_no_mass_deletion(aha: Sandbox) -> None:
    with pytest.raises(errors.NotFound):
        aha.side(workspace="NOPE").read([Ref("feature", "7")])


def test_an_empty_custom_field_is_empty_and_not_missing(aha: Sandbox) -> None:
    ref = aha.ref("feature", "FAB-2")
    found = snapshot(aha.side(fields=frozenset({"custom:jira_url"})).read([ref])[ref])
    assert found.get("custom:jira_url") is None
    assert "custom:jira_url" in found.fields


def test_the_release_is_a_set_that_a_parking_lot_leaves_empty(aha: Sandbox) -> None:
    lot = next(release for release in aha.state.all("release") if release.parking_lot)
    parked = next(record for record in aha.state.all("feature") if record.release is lot)
    ref = Ref("feature", parked.id, parked.ref)
    found = snapshot(aha.side().read([ref])[ref])
    assert found.get("releases") == frozenset()
    assert found.get("release") == Choice(lot.id)


# ---- making ----


@pytest.mark.parametrize("link_field", ["jira_url", ""])
@pytest.mark.parametrize("kind", ["feature", "requirement", "release", "epic", "initiative"])
def test_a_record_is_made_with_its_token_and_found_by_it(aha: Sandbox, kind: str, link_field: str) -> None:
    side = aha.side(link_field=link_field)
    parent = aha.ref("feature", "FAB-1") if kind == "requirement" else None
    since = aha.clock.now()
    text = {"theme" if kind == "release" else "description": Rich("html", "<p>It rings.</p>")}
    (answer,) = made(side.create([draft(kind, "token-1", parent, **text)]))
    assert answer.left_out == {}
    assert side.find(["token-1", "token-2"], kind, since) == {"token-1": answer.ref}
    found = snapshot(side.read([answer.ref])[answer.ref])
    assert found.get("name") == "A bell"
    assert found.get(next(iter(text))) == Rich("html", "<p>It rings.</p>")
    assert found.get("custom:jira_url") in ((ISSUE.url,) if link_field else (None, found.get("custom:jira_url")))


def test_a_record_without_text_or_mark_still_carries_its_token(aha: Sandbox) -> None:
    side, since = aha.side(), aha.clock.now()
    (answer,) = made(side.create([draft("feature", "token-1", mark=None)]))
    assert side.find(["token-1"], "feature", since) == {"token-1": answer.ref}
    assert snapshot(side.read([answer.ref])[answer.ref]).get("description") is None


def test_a_token_in_the_link_is_gone_once_the_record_is_marked(aha: Sandbox) -> None:
    side = aha.side(link_field="jira_url")
    (answer,) = made(side.create([draft("feature", "token-1")]))
    assert aha.record("feature", answer.ref.key).custom["jira_url"].value == f"{ISSUE.url}#crosswalk=token-1"
    side.read([answer.ref])
    side.mark({answer.ref: ISSUE})
    assert aha.record("feature", answer.ref.key).custom["jira_url"].value == ISSUE.url


def test_a_lost_answer_is_looked_up_and_never_sent_again(aha: Sandbox) -> None:
    side, since = aha.side(), aha.clock.now()
    before = aha.state.count("feature")
    aha.fault("reset_after", "POST", "/features$")
    with pytest.raises(errors.Unanswered):
        side.create([draft("feature", "token-1")])
    assert aha.state.count("feature") == before + 1
    found = side.find(["token-1"], "feature", since)
    assert snapshot(side.read([found["token-1"]])[found["token-1"]]).get("name") == "A bell"


def test_a_create_that_ends_in_a_server_fault_is_not_repeated(aha: Sandbox) -> None:
    before = aha.state.count("feature")
    aha.fault("status", "POST", "/features$", status=500, applied=True)
    with pytest.raises(errors.ServerFault):
        aha.side().create([draft("feature", "token-1")])
    assert aha.state.count("feature") == before + 1


def test_what_surely_did_not_land_does_not_hide_what_did(aha: Sandbox) -> None:
    feature = aha.ref("feature", "FAB-1")
    aha.fault("status", "POST", "/requirements$", nth=2, status=403)
    answers = aha.side().create([draft("requirement", f"token-{n}", feature) for n in (1, 2, 3)])
    assert [type(answer) for answer in answers] == [Made, Failed, Made]


def test_a_refused_field_is_left_out_and_named(aha: Sandbox) -> None:
    fields = {
        "workflow_status": Choice("1", "Nowhere"),
        "assigned_to_user": Person("9", "nobody@example.com"),
        "due_date": date(2027, 1, 31),
        "position": Decimal(3),
    }
    (answer,) = made(aha.side().create([draft("feature", "token-1", **fields)]))
    assert set(answer.left_out) == {"workflow_status", "assigned_to_user", "position"}
    assert aha.record("feature", answer.ref.key).due == date(2027, 1, 31)


def test_a_record_without_a_name_is_refused_before_anything_is_sent(aha: Sandbox) -> None:
    (answer,) = aha.side().create([Draft("feature", {"name": " "}, "token-1")])
    assert isinstance(answer, Failed)
    assert answer.error.code == "F5"
    assert aha.calls() == []


def test_a_feature_goes_into_its_release_or_the_parking_lot(aha: Sandbox) -> None:
    release = aha.ref("release", "FAB-R-1")
    chosen = frozenset({Choice(release.id)})
    answers = made(
        aha.side().create(
            [
                draft("feature", "token-1", release),
                draft("feature", "token-2", releases=chosen),
                draft("feature", "token-3", releases=frozenset()),
            ]
        )
    )
    held = [aha.record("feature", answer.ref.key).release for answer in answers]
    assert [record.parking_lot if record else None for record in held] == [False, False, True]


# ---- changing ----


def update(aha: Sandbox, ref: Ref, **changes: Value) -> Wrote:
    return aha.side().update(ref, changes)


def test_one_request_writes_and_reads_back(aha: Sandbox) -> None:
    ref = aha.ref("feature", "FAB-1")
    wrote = update(aha, ref, name="Another name", description=Rich("html", "<b>Bold</b>"), tags=frozenset({"x", "y"}))
    assert aha.calls() == [f"PUT /features/{ref.id}"]
    assert wrote.left_out == {}
    assert wrote.snapshot.get("name") == "Another name"
    assert wrote.snapshot.get("description") == Rich("html", "<p><strong>Bold</strong></p>")
    assert wrote.snapshot.get("tags") == frozenset({"x", "y"})


@pytest.mark.parametrize(
    ("kind", "key", "changes"),
    [
        ("requirement", "FAB-1-1", {"name": "Other", "workflow_status": Choice("", "In development")}),
        ("release", "FAB-R-1", {"name": "Other", "release_date": date(2027, 2, 1)}),
        ("epic", "FAB-E-1", {"name": "Other", "due_date": None}),
        ("initiative", "FAB-S-1", {"name": "Other", "end_date": date(2027, 2, 1)}),
        ("feature", "FAB-1", {"assigned_to_user": None, "due_date": None, "initial_estimate": None, "epic": None}),
        ("feature", "FAB-1", {"custom:confidence": Decimal("12.5"), "custom:promised_on": date(2027, 5, 5)}),
    ],
)
def test_every_kind_is_changed(aha: Sandbox, kind: str, key: str, changes: dict[str, Value]) -> None:
    wrote = aha.side(fields=frozenset(changes)).update(aha.ref(kind, key), changes)
    assert wrote.left_out == {}
    for name, value in changes.items():
        held = wrote.snapshot.get(name)
        shown = held.name if isinstance(held, Choice) else held
        assert shown == (value.name if isinstance(value, Choice) else value)


def test_refused_values_are_left_out_and_the_rest_is_written(aha: Sandbox) -> None:
    ref = aha.ref("feature", "FAB-1")
    wrote = update(
        aha,
        ref,
        name="Another name",
        workflow_status=Choice("1", "Nowhere"),
        description=None,
        release=None,
        **{"custom:no_such_field": "x"},
    )
    assert set(wrote.left_out) == {"workflow_status", "description", "release", "custom:no_such_field"}
    assert "S8" in wrote.left_out["workflow_status"]
    assert wrote.snapshot.get("name") == "Another name"


def test_tags_that_an_account_only_adds_are_said_to_be_kept(aha: Sandbox) -> None:
    aha.state.settings.tags_mode = "add"
    wrote = update(aha, aha.ref("feature", "FAB-1"), tags=frozenset({"new"}))
    assert "maps" in wrote.left_out["tags"]


def test_a_deadlock_is_tried_again(aha: Sandbox) -> None:
    aha.fault("status", "PUT", "/features/", status=500)
    wrote = update(aha, aha.ref("feature", "FAB-1"), name="Another name")
    assert wrote.snapshot.get("name") == "Another name"
    assert len(aha.calls()) == 2


def test_a_reader_may_not_write(aha: Sandbox) -> None:
    side = aha.side(aha.client(aha.credentials["reviewer_token"]))
    with pytest.raises(errors.Forbidden) as caught:
        side.update(aha.ref("feature", "FAB-1"), {"name": "Another name"})
    assert caught.value.code == "A14"


# ---- marking ----


@pytest.mark.parametrize("kind_key", [("feature", "FAB-1"), ("requirement", "FAB-1-1"), ("release", "FAB-R-1")])
def test_one_request_shows_the_issue_in_the_integrations_fields(aha: Sandbox, kind_key: tuple[str, str]) -> None:
    side, ref = aha.side(integration_id=aha.credentials["integration_id"]), aha.ref(*kind_key)
    side.mark({ref: ISSUE})
    side.mark({ref: ISSUE})
    assert len(aha.calls()) == 1
    held = {field.name: field.value for field in aha.record(*kind_key).fields}
    assert held == {"id": "10001", "key": "FAB-1", "url": ISSUE.url}


@pytest.mark.parametrize("answer", ["array", "object"])
def test_an_account_that_writes_ids_as_numbers_is_understood(aha: Sandbox, answer: str) -> None:
    aha.state.settings.integer_ids, aha.state.settings.many_fields_answer = True, answer
    ref, integration = aha.ref("feature", "FAB-1"), aha.credentials["integration_id"]
    aha.side(integration_id=integration).mark({ref: ISSUE})
    found = snapshot(aha.side().read([ref])[ref])
    assert found.get(f"integration:{integration}:key") == "FAB-1"


def test_a_mark_that_was_read_is_not_written_again(aha: Sandbox) -> None:
    ref = aha.ref("feature", "FAB-1")
    for scope in ({"link_field": "jira_url"}, {"integration_id": aha.credentials["integration_id"]}):
        aha.side(**scope).mark({ref: ISSUE})
        side = aha.side(**scope)
        side.read([ref])
        aha.forget()
        side.mark({ref: ISSUE})
        assert aha.calls() == []


def test_another_workspaces_integration_gives_way_to_the_custom_field(aha: Sandbox) -> None:
    ref = aha.ref("feature", "FAB-1")
    aha.side(integration_id="12345", link_field="jira_url").mark({ref: ISSUE})
    assert aha.record("feature", "FAB-1").custom["jira_url"].value == ISSUE.url


@pytest.mark.parametrize("scope", [{}, {"link_field": "no_such_field"}, {"integration_id": "12345"}])
def test_no_place_for_the_link_is_said(aha: Sandbox, scope: dict[str, str]) -> None:
    ref = aha.ref("feature", "FAB-1")
    failed = aha.side(**scope).mark({ref: ISSUE})
    assert isinstance(failed[ref], errors.Refused)
    assert "no place for the link" in failed[ref].message


SEVERAL = [("feature", "FAB-1"), ("feature", "FAB-2"), ("requirement", "FAB-1-1"), ("epic", "FAB-E-1")]


def several(aha: Sandbox) -> dict[Ref, Mark]:
    """Some records, and an issue for each."""
    refs = [aha.ref(*one) for one in SEVERAL]
    return {ref: Mark(Ref("issue", str(n)), f"https://jira.example.com/browse/X-{n}") for n, ref in enumerate(refs)}


def shown(aha: Sandbox) -> list[str]:
    """What the records show."""
    return [str(held.value) if (held := aha.record(*one).custom.get("jira_url")) else "" for one in SEVERAL]


def test_many_links_are_shown_by_one_request(aha: Sandbox) -> None:
    marks, side = several(aha), aha.side(link_field="jira_url", custom=CUSTOM)
    aha.forget()
    assert side.mark(marks) == side.mark(marks) == {}
    assert len(aha.calls()) == 1
    assert shown(aha) == [mark.url for mark in marks.values()]


def test_one_that_is_gone_does_not_keep_the_others_from_being_shown(aha: Sandbox) -> None:
    marks = {Ref("feature", "12345"): ISSUE, **several(aha)}
    failed = aha.side(link_field="jira_url", custom=CUSTOM).mark(marks)
    assert [ref.id for ref in failed] == ["12345"]
    assert shown(aha) == [mark.url for ref, mark in marks.items() if ref not in failed]


@pytest.mark.parametrize("status", [403, 404])
def test_where_graphql_is_refused_each_link_is_a_request(aha: Sandbox, status: int) -> None:
    aha.control.faults.add(Fault("status", "POST", "graphql", status=status, times=0))
    marks, side = several(aha), aha.side(link_field="jira_url", custom=CUSTOM)
    assert side.mark(marks) == {}
    assert shown(aha) == [mark.url for mark in marks.values()]
    aha.forget()
    side.mark(dict.fromkeys(marks, ISSUE))
    assert len(aha.calls()) == len(marks), "it is not asked again"


def test_where_so_many_are_too_many_half_are_sent(aha: Sandbox) -> None:
    body = '{"errors": [{"message": "Timeout on validation of query"}]}'
    aha.control.faults.add(Fault("status", "POST", "graphql", status=200, times=1, body=body))
    marks = several(aha)
    aha.forget()
    assert aha.side(link_field="jira_url", custom=CUSTOM).mark(marks) == {}
    assert len(aha.calls()) == 3
    assert shown(aha) == [mark.url for mark in marks.values()]
