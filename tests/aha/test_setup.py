"""What is asked once: the check of a connection, workspaces, project data, the list of features, people."""

from __future__ import annotations

import json

import pytest

from crosswalk import errors
from crosswalk.aha import metadata, setup, wire
from crosswalk.merge.values import Choice

from .play import Sandbox


def test_a_connection_that_works_has_no_problems(aha: Sandbox) -> None:
    found = aha.side().check()
    assert (found.product, found.account, found.site) == ("Aha!", "Alice Ng", aha.url)
    assert found.problems == ()


def test_a_wrong_key_is_refused(aha: Sandbox) -> None:
    with pytest.raises(errors.NotSignedIn) as caught:
        setup.check(aha.client("wrong"))
    assert caught.value.code == "A13"


def test_who_may_write_somewhere_is_told_nothing_before_a_workspace_is_chosen(aha: Sandbox) -> None:
    assert setup.check(aha.client()).problems == ()
    owner, roles = {"role": 20, "product_id": "1"}, [{"role": 50, "product_id": "2"}]
    told = {
        count: len(list(setup._nowhere({"product_roles": rows})))
        for count, rows in enumerate(([], roles, [owner, *roles], [{"role": 30}], [{"role": None}]))
    }
    assert told == {0: 0, 1: 1, 2: 0, 3: 0, 4: 0}


@pytest.mark.parametrize(("workspace", "key", "code"), [("NOPE", "token", "A15"), ("FAB", "reviewer_token", "A14")])
def test_a_connection_says_what_will_not_work(aha: Sandbox, workspace: str, key: str, code: str) -> None:
    problems = setup.check(aha.client(aha.credentials[key]), workspace).problems
    assert [problem.code for problem in problems] == [code]
    assert problems[0].remedy


def test_what_is_not_aha_is_said(aha: Sandbox) -> None:
    aha.fault("html_200", "GET", "/me", times=0)
    with pytest.raises(errors.Unreadable) as caught:
        setup.check(aha.client())
    assert caught.value.code == "N3"


def test_an_address_without_aha_is_said(aha: Sandbox) -> None:
    aha.fault("status", "GET", "/me", status=404, body="<html>nothing here</html>", times=0)
    with pytest.raises(errors.NotFound) as caught:
        setup.check(aha.client())
    assert caught.value.code == "N4"


def test_workspaces_are_found_by_name_and_prefix(aha: Sandbox) -> None:
    side = aha.side()
    everything = side.workspaces()
    fab = next(choice for choice in everything if choice.category == "FAB")
    assert side.workspaces("fab") == (fab,)
    assert side.workspaces(fab.name[:4].upper()) == (fab,)
    assert side.workspaces("no such workspace") == ()


def test_project_data_can_be_stored(aha: Sandbox) -> None:
    found = aha.side().metadata()
    assert found.key == "FAB"
    names = [status.name for status in found.statuses["feature"]]
    assert names[0] == "Under consideration"
    assert [s.name for s in found.statuses["feature"] if s.category == "done"][:2] == ["Ready to ship", "Shipped"]
    assert {"feature", "requirement", "release", "epic"} <= set(found.statuses)
    assert found.custom_types()["jira_url"] == "url"
    assert any(choice.category == "parking" for choice in found.releases)
    assert {person.email for person in found.people} >= {"alice@example.com"}
    assert aha.credentials["integration_id"] in {integration.id for integration in found.integrations}
    assert metadata.load(json.loads(json.dumps(found.dump()))) == found


def test_what_the_key_may_not_list_is_left_empty(aha: Sandbox) -> None:
    aha.fault("status", "GET", "/(integrations|users)$", status=403, times=0)
    found = aha.side().metadata()
    assert (found.people, found.integrations) == ((), ())
    assert found.statuses


def test_features_are_listed_a_page_in_one_request(aha: Sandbox) -> None:
    found = setup.records(aha.client(), "FAB", per_page=5)
    assert len(aha.calls()) == 1
    assert (len(found.lines), found.page, found.total) == (5, 1, aha.state.count("feature"))
    line = found.lines[0]
    assert line.name == "Route planner that avoids cobblestones"
    assert line.url.endswith("/features/FAB-1")
    assert isinstance(line.status, Choice)
    assert isinstance(line.release, Choice)
    last = setup.records(aha.client(), "FAB", page=found.pages, per_page=5)
    assert {entry.ref for entry in last.lines}.isdisjoint({entry.ref for entry in found.lines})


@pytest.mark.parametrize(("kind", "letter"), [("epic", "E"), ("initiative", "S"), ("release", "R")])
def test_other_kinds_are_listed_and_found_by_their_keys(aha: Sandbox, kind: str, letter: str) -> None:
    found = setup.records(aha.client(), "FAB", kind=kind)
    assert found.lines
    assert {(line.ref.kind, line.ref.key.split("-")[1]) for line in found.lines} == {(kind, letter)}, "no parking lot"
    assert (found.page, found.pages, found.total) == (1, 1, len(found.lines))
    first = found.lines[0]
    assert first.name
    assert first.url.endswith(first.ref.key)
    assert isinstance(first.status, Choice)
    assert [line.ref for line in setup.called(aha.client(), first.ref.key, kind).lines] == [first.ref]
    assert first.ref in {line.ref for line in aha.side().records(first.name[:6], kind=kind).lines}


def test_a_parking_lot_is_no_release_to_send(aha: Sandbox) -> None:
    lots = [one for one in aha.side().metadata().releases if one.category == "parking"]
    key = wire.one(aha.client().send(wire.record("release", lots[0].id)), "release")["reference_num"]
    assert setup.called(aha.client(), str(key), "release").lines == ()


def test_features_are_found_by_name(aha: Sandbox) -> None:
    found = aha.side().records("battery")
    assert found.lines
    assert all("batter" in line.name.casefold() for line in found.lines)


def test_a_feature_is_found_by_its_key(aha: Sandbox) -> None:
    assert [line.ref.key for line in setup.called(aha.client(), "FAB-3").lines] == ["FAB-3"]
    assert len(aha.calls()) == 1
    assert setup.called(aha.client(), "FAB-999").lines == ()


def test_people_are_found_by_their_exact_address(aha: Sandbox) -> None:
    side = aha.side()
    alice = side.people("Alice@Example.com")
    assert alice is not None
    assert (alice.email, alice.name) == ("alice@example.com", "Alice Ng")
    assert side.people("alice") is None
    assert side.people("nobody@example.com") is None
