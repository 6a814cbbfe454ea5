"""The JSON API: each endpoint keeps to roles, tokens open what they should, errors say what to do, secrets stay in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from tools import api_page

from crosswalk.store import tokens
from crosswalk.store.models import Act, ApiToken
from crosswalk.store.roles import Role
from crosswalk.web import access
from crosswalk.web.urls import urlpatterns

ROLES = ("viewer", "editor", "owner")
# Said once more, by hand: what needs an editor; the rest is for everybody. PUT changes what GET shows.
EDITORS = {"check", "apply", "send", "sync", "enabled", "load", "set_people", "retry", "put_back", "aha_send"}
EDITORS |= {"settle", "set_deletions", "set_mapping", "set_mapping_change", "set_link", "hold", "set_hooks", "set_undo"}
EDITORS |= {"set_lone", "set_put_back_planned"}
Ask = Callable[..., Any]


@pytest.fixture
def token(alice: Any) -> Callable[..., str]:
    """Makes a token: of somebody with the role `person`, that may do what `role` may."""

    def make(role: str = "owner", person: str = "owner", days: float = 1) -> str:
        user = alice
        if person != "owner":
            user, _ = User.objects.get_or_create(username=f"the {person}", is_staff=person == "editor")
        now = timezone.now()
        return tokens.make(user, "robot", Role(role), now + timedelta(days=days), now)

    return make


@pytest.fixture
def ask(token: Callable[..., str]) -> Ask:
    """Asks the API as a program with an owner's token, unless another is given."""

    def send(method: str, path: str, body: object = None, *, by: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {token() if by is None else by}"}
        text = json.dumps(body) if body is not None else ""
        program = Client(SERVER_NAME="localhost", raise_request_exception=False)
        return program.generic(method, f"/api/v1{path}", text, "application/json", headers=headers)

    return send


def _document() -> Any:
    return Client(SERVER_NAME="localhost").get("/api/v1/openapi.json").json()


def _operations() -> list[tuple[str, str, str]]:
    return [
        (operation["operationId"], method.upper(), path)
        for path, methods in _document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_there_for_everybody_and_names_the_role_of_each_endpoint(database: Any) -> None:
    document = _document()
    assert document["openapi"] == "3.1.0"
    for name, method, path in _operations():
        told = document["paths"][path][method.lower()]["description"]
        assert told.endswith(f"Needs the role {'editor' if name in EDITORS else 'viewer'}.")


def test_every_endpoint_has_a_line_in_the_table_of_rights(database: Any) -> None:
    inside = next(pattern for pattern in urlpatterns if getattr(pattern, "namespace", "") == "api")
    names = {f"api:{pattern.name}" for pattern in inside.url_patterns} - {"api:api-root", "api:openapi-json"}
    assert names == {name for name in access.NEEDS if name.startswith("api:")}
    assert "api:openapi-json" in access.OPEN


@pytest.mark.parametrize("role", ROLES)
def test_each_endpoint_lets_in_the_roles_it_is_for(
    ask: Ask, token: Callable[..., str], integration: Any, pair: Any, role: str
) -> None:
    number, wrong = pair().pk, []
    by_role, by_person = token(role, "owner"), token("owner", role)
    for name, method, path in _operations():
        for by in (by_role, by_person):
            address = path.removeprefix("/api/v1").replace("{pk}", str(number))
            passed = ask(method, address, {}, by=by).status_code != 403
            if passed != (name not in EDITORS or role != "viewer"):
                wrong.append(f"{method} {path}")
    assert wrong == []


def _without(text: str) -> dict[str, str]:
    return {"Authorization": text}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        _without("Bearer"),
        _without("Bearer "),
        _without("Bearer cw_wrong"),
        _without("Bearer cw_ünrëadable"),
        _without("Basic YTpi"),
        _without("cw_x"),
    ],
)
def test_without_a_good_token_nothing_opens(stranger: Any, integration: Any, headers: dict[str, str]) -> None:
    for _, method, path in _operations():
        answer = stranger.generic(method, path.replace("{pk}", "1"), "{}", "application/json", headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert "Make a token" in answer.json()["remedy"]


def test_a_session_opens_no_endpoint(client: Any, integration: Any) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/me").status_code == 401
    assert client.post(f"/api/v1/integrations/{integration.pk}/sync").status_code == 401


def test_a_token_ends_with_its_time_its_revocation_and_its_person(ask: Ask, token: Any, alice: Any) -> None:
    assert ask("GET", "/me", by=token(days=-0.001)).status_code == 401
    text = token("owner", "editor")
    assert ask("GET", "/me", by=text).json()["role"] == "editor"
    User.objects.filter(username="the editor").update(is_staff=False)
    assert ask("GET", "/me", by=text).json()["role"] == "viewer"
    User.objects.filter(username="the editor").update(is_active=False)
    assert ask("GET", "/me", by=text).status_code == 401
    text = token()
    tokens.revoke(alice, ApiToken.objects.latest("id").pk, timezone.now())
    assert ask("GET", "/me", by=text).status_code == 401


def test_a_token_is_made_shown_once_used_and_revoked_on_ones_own_page(client: Any, ask: Ask) -> None:
    page = client.post("/me/tokens/", {"name": "report", "role": "viewer", "days": "30"}, follow=True).content.decode()
    found = re.search(r'value="(cw_[^"]+)"', page)
    assert found
    assert found[1] not in client.get("/me/").content.decode()
    assert found[1] not in str([vars(one) for one in (*ApiToken.objects.all(), *Act.objects.all())])
    assert ask("GET", "/me", by=found[1]).json() | {"ends_at": ""} == {
        "person": "alice",
        "token": "report",
        "role": "viewer",
        "sender": False,
        "ends_at": "",
    }
    assert b"last used just now" in re.sub(rb"<[^>]+>", b"", client.get("/me/").content)
    client.post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert ask("GET", "/me", by=found[1]).status_code == 401
    assert list(Act.objects.filter(kind="token").values_list("what", flat=True)) == [
        "Making an API token",
        "Revoking an API token",
    ]


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "role": "viewer", "days": "30"},
        {"name": "x" * 81, "role": "viewer", "days": "30"},
        {"name": "x", "role": "owner", "days": "30"},
        {"name": "x", "role": "viewer", "days": "9999"},
        {},
    ],
)
def test_a_faulty_or_greedy_form_makes_no_token(as_role: Any, form: dict[str, str]) -> None:
    assert as_role("editor").post("/me/tokens/", form).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_revokes_anothers_token(as_role: Any, token: Any) -> None:
    token()
    as_role("editor").post(f"/me/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert ApiToken.objects.get().revoked_at is None


def test_no_answer_holds_a_secret(ask: Ask, token: Any, integration: Any, pair: Any, journal: Any) -> None:
    number, by = pair().pk, token()
    journal("Something")
    for connection in (integration.aha, integration.jira):
        connection.secret = "very-secret"
        connection.save()
    secrets = (b"very-secret", integration.hook_secret.reveal().encode(), by.encode(), b"argon2")
    for _, method, path in _operations():
        answer = ask(method, path.removeprefix("/api/v1").replace("{pk}", str(number)), {}, by=by)
        assert answer.status_code < 500 or answer.status_code == 502
        assert not [secret for secret in secrets if secret in answer.content]


def test_lists_are_paged_and_filtered(ask: Ask, integration: Any, pair: Any) -> None:
    for number in range(1, 6):
        pair(number, **({"state": "parked", "reason": "Stopped."} if number == 3 else {}))
    path = f"/integrations/{integration.pk}/records"
    first = ask("GET", f"{path}?per_page=2").json()
    assert [one["aha"] for one in first["items"]] == ["BOAT-5", "BOAT-4"]
    assert (first["total"], first["page"], first["pages"]) == (5, 1, 3)
    assert [one["aha"] for one in ask("GET", f"{path}?per_page=2&page=3").json()["items"]] == ["BOAT-1"]
    assert ask("GET", f"{path}?page=99").json()["items"] == []
    assert [one["aha"] for one in ask("GET", f"{path}?state=attention").json()["items"]] == ["BOAT-3"]
    assert [one["jira"] for one in ask("GET", f"{path}?q=boat-2").json()["items"]] == ["SEA-2"]
    found = ask("GET", f"/integrations/{integration.pk}/health").json()
    assert (found["need_you"], found["errors"], found["hooks"]["aha"]["state"]) == (1, 1, "waiting")
    assert {one["of"] for one in found["requests_left"]} == {"Aha!", "Jira"}


def test_the_log_is_read_on_from_a_line(ask: Ask, integration: Any, journal: Any) -> None:
    lines = [journal(f"line {number}", level="error" if number == 2 else "info").pk for number in range(4)]
    assert [one["what"] for one in ask("GET", "/log?limit=2").json()["items"]] == ["line 2", "line 3"]
    assert [one["id"] for one in ask("GET", f"/log?after={lines[1]}").json()["items"]] == lines[2:]
    assert [one["id"] for one in ask("GET", f"/log?after={lines[0]}&limit=2").json()["items"]] == lines[1:3]
    assert [one["what"] for one in ask("GET", "/log?level=error").json()["items"]] == ["line 2"]


def test_what_a_program_does_is_its_persons_act(ask: Ask, integration: Any, pair: Any) -> None:
    found = pair()
    answer = ask("POST", f"/integrations/{integration.pk}/send", {"records": ["BOAT-1"]})
    assert answer.json() == {"said": "BOAT-1 on the way to Jira.", "count": 1}
    assert ask("POST", f"/records/{found.pk}/retry").json()["count"] == 1
    assert ask("POST", f"/integrations/{integration.pk}/enabled", {"enabled": False}).json()["enabled"] is False
    lines = Act.objects.order_by("id")
    assert [(line.person, line.way, line.kind, line.about) for line in lines] == [
        ("alice", "API token “robot”", "send", "Boats"),
        ("alice", "API token “robot”", "work", "BOAT-1 ↔ SEA-1"),
        ("alice", "API token “robot”", "settings", "Boats"),
    ]
    assert lines[2].after == {"enabled": False}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "/integrations/99", None, 404, "take a number from it"),
        ("GET", "/integrations/0", None, 422, "path.pk"),
        ("GET", "/nothing", None, 404, "There is no such address"),
        ("DELETE", "/integrations", None, 405, "takes other methods"),
        ("GET", "/integrations/1/records?page=0", None, 422, "query.page"),
        ("GET", "/integrations/1/records?state=x", None, 422, "query.state"),
        ("GET", "/log?q=%00", None, 422, "query.q"),
        ("POST", "/integrations/1/send", {"records": []}, 422, "body.records"),
        ("POST", "/integrations/1/send", {"records": ["../x"]}, 422, "is no record's key"),
        ("POST", "/integrations/1/send", {"records": ["A-1"], "x": 1}, 422, "body.x"),
        ("POST", "/integrations/1/send", [], 422, "body"),
        ("POST", "/integrations/1/enabled", {"enabled": "yes"}, 422, "body.enabled"),
        ("POST", "/connections/1/check", None, 502, "API key"),
        ("POST", "/apply", {"file": "integration: ["}, 422, "file:1"),
        ("POST", "/apply", {"file": "nonsense: 1"}, 422, "there is no such setting"),
        ("PUT", "/integrations/1/people", {"table": "a,b"}, 422, "must name the columns"),
        ("POST", "/records/1/put-back", {"line": 1}, 404, "nothing of this number"),
    ],
)
def test_an_error_says_what_where_why_and_what_to_do(
    ask: Ask, integration: Any, method: str, path: str, *, body: object, status: int, said: str
) -> None:
    answer = ask(method, path, body)
    problem = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "instance", "remedy", "faults"}
    assert (problem["status"], problem["instance"]) == (status, f"/api/v1{path.partition('?')[0]}")
    assert problem["detail"]
    assert said in answer.content.decode()


def test_a_body_that_is_no_json_is_refused(ask: Ask, token: Any, integration: Any) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    for text in (b"{", b"\xff", b'{"records": ' + b"[" * 100_000):
        path = f"/api/v1/integrations/{integration.pk}/send"
        answer = Client(SERVER_NAME="localhost").generic("POST", path, text, "application/json", headers=headers)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"


def test_a_file_that_was_made_from_an_older_state_is_refused(ask: Ask, integration: Any) -> None:
    integration.mapping = {"types": {"feature": {"type": "Story"}}}
    integration.save()
    made = ask("GET", f"/integrations/{integration.pk}/export").json()
    integration.enabled = False
    integration.save()
    answer = ask("POST", "/apply", {"file": made["file"], "version": made["version"]})
    assert answer.status_code == 409
    assert "Export it again" in answer.json()["remedy"]


def test_the_reference_is_the_document_in_words(database: Any) -> None:
    assert api_page.PAGE.read_text("utf-8") == api_page.text(_document()), "./run python -m tools.api_page"


def test_a_connection_says_that_its_last_test_failed(ask: Ask, integration: Any) -> None:
    integration.jira.server = {"trouble": "The server jira.test refuses the connection."}
    integration.jira.save()
    listed = {one["kind"]: one["trouble"] for one in ask("GET", "/connections").json()}
    assert listed == {"aha": "", "jira": "The server jira.test refuses the connection."}


def test_a_connection_says_when_its_token_ends(ask: Ask, integration: Any) -> None:
    integration.jira.ends_on = date(2099, 5, 1)
    integration.jira.save()
    listed = {one["kind"]: one["token_ends"] for one in ask("GET", "/connections").json()}
    assert listed == {"aha": None, "jira": "2099-05-01"}
