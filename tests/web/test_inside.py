"""What pages of Aha! may ask: a record by its reference, send it, and nothing else; from connected accounts alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from crosswalk.merge.decision import Held, dump_base
from crosswalk.merge.values import Choice
from crosswalk.store import tokens
from crosswalk.store.models import Act
from crosswalk.store.roles import Role

AHA = "https://boats.aha.test"
STATUS: dict[str, Any] = {
    "types": {"feature": {"type": "Story"}, "epic": {"type": "Epic", "create": "off"}},
    "fields": {"feature": [{"name": "Status", "aha": "workflow_status", "jira": "status"}]},
}
Ask = Callable[..., Any]


@pytest.fixture
def boats(integration: Any) -> Any:
    """The integration, over an Aha! account whose pages come from AHA."""
    integration.aha.address = AHA
    integration.aha.save()
    integration.workspace_key, integration.mapping = "BOAT", STATUS
    integration.save()
    return integration


@pytest.fixture
def ask(alice: Any) -> Ask:
    """Asks as a page of Aha! does: with its origin and a sender's token of Alice's, unless told otherwise."""
    now = timezone.now()

    def send(method: str, path: str, body: object = None, *, by: str | None = None, origin: str = AHA) -> Any:
        text = tokens.make(alice, "Aha!", tokens.SENDER, now + timedelta(days=1), now) if by is None else by
        headers = {"Origin": origin, **({"Authorization": f"Bearer {text}"} if text else {})}
        page = Client(SERVER_NAME="localhost", raise_request_exception=False)
        given = json.dumps(body) if body is not None else ""
        return page.generic(method, f"/api/v1{path}", given, "application/json", headers=headers)

    return send


def test_a_record_says_its_issue_its_status_and_how_the_pair_is(ask: Ask, boats: Any, pair: Any) -> None:
    done = Held.agreed(left=Choice("1", "Shipped"), right=Choice("9", "Done"))
    pair(base=dump_base({"Status": done}), reason="", remedy="")
    place = ask("GET", "/aha/BOAT-1").json()["places"][0]
    assert place == {
        "integration": boats.pk,
        "name": "Boats",
        "enabled": True,
        "record": place["record"],
        "key": "SEA-1",
        "url": "https://sea.example/browse/SEA-1",
        "status": "Done",
        "state": "In step",
        "tone": "good",
        "due": False,
        "reason": "",
        "remedy": "",
        "page": place["page"],
    }
    assert place["page"].endswith(f"/records/{place['record']}/")


def test_a_record_that_was_not_sent_has_a_place_and_one_of_elsewhere_has_none(ask: Ask, boats: Any) -> None:
    place = ask("GET", "/aha/boat-7").json()["places"][0]
    assert (place["state"], place["key"], place["record"]) == ("Not sent", "", None)
    assert ask("GET", "/aha/TRAIN-7").json()["places"] == []


def test_a_record_whose_workspace_has_another_prefix_is_found_by_its_pair(ask: Ask, boats: Any, pair: Any) -> None:
    pair(left_key="RAFT-1")
    assert ask("GET", "/aha/RAFT-1").json()["places"][0]["key"] == "SEA-1"


@pytest.mark.parametrize("reference", ["BOAT", "BOAT-", "BOAT-1/..", "x" * 200, "BOAT-1<b>"])
def test_what_is_no_reference_is_refused(ask: Ask, boats: Any, reference: str) -> None:
    assert ask("GET", f"/aha/{reference}").status_code in (404, 422)


# ---- sending


def test_a_record_is_sent_as_the_act_of_the_token_s_person(ask: Ask, boats: Any, pair: Any) -> None:
    row = pair(right_id=None, right_key="", state="parked", done=1)
    answer = ask("POST", "/aha/BOAT-1/send", {"kind": "feature"})
    assert (answer.status_code, answer.json()["said"]) == (200, "BOAT-1 is on the way to Jira.")
    row.refresh_from_db()
    assert row.dirty != row.done
    act = Act.objects.latest("id")
    assert (act.person, act.kind, act.about, act.way) == ("alice", "send", "BOAT-1", "API token “Aha!”")


def test_a_requirement_goes_with_its_feature(ask: Ask, boats: Any, pair: Any) -> None:
    boats.mapping = {**STATUS, "types": {"feature": {"type": "Story"}, "requirement": {"type": "Sub-task"}}}
    boats.save()
    row = pair()
    assert (
        ask("POST", "/aha/BOAT-1-2/send", {"kind": "requirement"}).json()["said"]
        == "BOAT-1-2 goes to Jira with BOAT-1."
    )
    row.refresh_from_db()
    assert row.dirty == 2


@pytest.mark.parametrize(
    ("reference", "body", "said", "remedy"),
    [
        ("BOAT-E-1", {"kind": "epic"}, "Epics are not sent by the integration “Boats”", "Mapping"),
        ("TRAIN-1", {}, "No integration covers TRAIN-1", "Make an integration"),
        ("BOAT-1", {"integration": 999}, "No integration covers BOAT-1", "Make an integration"),
        ("BOAT-1", {"kind": "goal"}, "does not fit the document", "openapi"),
    ],
)
def test_a_refusal_says_what_to_do(
    ask: Ask, boats: Any, reference: str, body: dict[str, Any], said: str, remedy: str
) -> None:
    told = ask("POST", f"/aha/{reference}/send", body)
    assert told.status_code == 422
    assert said in told.json()["detail"]
    assert remedy in told.json()["remedy"]


def test_a_paused_integration_sends_nothing(ask: Ask, boats: Any, pair: Any) -> None:
    pair()
    boats.enabled = False
    boats.save()
    told = ask("POST", "/aha/BOAT-1/send", {}).json()
    assert (told["detail"], told["remedy"]) == (
        "The integration is not enabled yet.",
        "Enable it under Set-up, then send again.",
    )


def test_two_integrations_are_asked_about(ask: Ask, boats: Any, pair: Any) -> None:
    pair()
    first = boats.pk
    boats.pk, boats.name, boats.hook_secret = None, "More boats", "another"
    boats.save()
    assert len(ask("GET", "/aha/BOAT-1").json()["places"]) == 2
    assert "“Boats”, “More boats”" in ask("POST", "/aha/BOAT-1/send", {}).json()["detail"]
    assert ask("POST", "/aha/BOAT-1/send", {"integration": first}).status_code == 200


# ---- who may


def test_a_sender_s_token_opens_nothing_else(ask: Ask, boats: Any, pair: Any) -> None:
    number = pair().pk
    assert ask("GET", "/me").json()["sender"] is True
    for path in ("/integrations", f"/records/{number}", "/log", "/connections", f"/integrations/{boats.pk}/export"):
        assert ask("GET", path).status_code == 403
    for path in (f"/integrations/{boats.pk}/send", f"/records/{number}/retry", "/apply"):
        assert ask("POST", path, {}).status_code == 403


def test_a_sender_s_token_sends_no_more_than_its_person_may(ask: Ask, boats: Any, pair: Any) -> None:
    pair()
    now = timezone.now()
    vic = User.objects.create(username="vic")
    text = tokens.make(vic, "Aha!", tokens.SENDER, now + timedelta(days=1), now)
    assert ask("GET", "/aha/BOAT-1", by=text).status_code == 200
    assert ask("POST", "/aha/BOAT-1/send", {}, by=text).status_code == 403


def test_viewers_are_offered_no_sender_s_token(as_role: Any) -> None:
    asked = {"name": "Aha!", "role": "sender", "days": "30"}
    assert as_role("viewer").post("/me/tokens/", asked).status_code == 422
    assert "cw_" in as_role("editor").post("/me/tokens/", asked, follow=True).content.decode()


# ---- from where


def test_a_connected_account_s_pages_are_let_in_and_others_are_not(ask: Ask, boats: Any, pair: Any) -> None:
    pair()
    for path, method in (("/aha/BOAT-1", "GET"), ("/aha/BOAT-1/send", "POST"), ("/me", "GET")):
        answer = ask(method, path, {})
        assert answer["Access-Control-Allow-Origin"] == AHA
        assert "Access-Control-Allow-Credentials" not in answer
        for other in ("https://evil.test", f"{AHA}.evil.test", "null", "http://boats.aha.test"):
            assert "Access-Control-Allow-Origin" not in ask(method, path, {}, origin=other)
    assert ask("GET", "/aha/BOAT-1", origin="https://evil.test").json()["places"] == []


def test_a_page_can_read_why_it_was_refused(ask: Ask, boats: Any) -> None:
    answer = ask("GET", "/aha/BOAT-1", by="")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (401, AHA)
    assert "Make a token" in answer.json()["remedy"]


def _first(path: str, origin: str) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return Client(SERVER_NAME="localhost").options(path, headers=headers)


def test_the_browser_asks_first_without_a_token(boats: Any) -> None:
    answer = _first("/api/v1/aha/BOAT-1/send", AHA)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == AHA
    assert answer["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Origin" not in _first("/api/v1/aha/BOAT-1/send", "https://evil.test")


@pytest.mark.parametrize("path", ["/api/v1/integrations", "/api/v1/log", "/api/v1/nothing", "/", "/connections/"])
def test_everything_else_stays_shut_to_pages_of_others(ask: Ask, boats: Any, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in _first(path, AHA)
    assert "Access-Control-Allow-Origin" not in Client(SERVER_NAME="localhost").get(path, headers={"Origin": AHA})


def test_the_role_of_a_sender_is_no_role_of_a_person() -> None:
    assert tokens.SENDER not in list(Role)
