"""The authorisation server beside the sandbox Jira: codes, rotation, reuse, ends, and a page with two buttons."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from crosswalk_sandbox.jira import build
from crosswalk_sandbox.jira.oauth import OAuth, Refused
from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.official.watch import Running

BACK = "http://127.0.0.1:1/back"
VERIFIER = "a verifier of more than forty-three letters, as the RFC asks"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
MINUTE, DAY = 60.0, 86400.0


class Told:
    """An app and a person, in front of a server."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        app, _ = build("cloud", "demo", self.clock)
        self.asgi, self.server = app, app.state.jira.oauth
        assert isinstance(self.server, OAuth)
        self.app = self.server.register("An app", BACK, ["read:jira-work", "write:jira-work"])
        self.alice = next(one for one in app.state.jira.site.people.values() if one.name == "alice")

    def query(self, **changed: str) -> dict[str, str]:
        given = {
            "client_id": self.app.id,
            "redirect_uri": BACK,
            "response_type": "code",
            "audience": "api.atlassian.com",
            "scope": "read:jira-work offline_access",
            "state": "s",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**given, **changed}.items() if value}

    def code(self, **changed: str) -> str:
        found: str = self.server.consent(self.query(**changed), self.alice)
        return found

    def ask(self, **given: str) -> dict[str, Any]:
        client = {"client_id": self.app.id, "client_secret": self.app.secret}
        found: dict[str, Any] = self.server.tokens({**client, **given})
        return found

    def exchange(self, code: str, **changed: str) -> dict[str, Any]:
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return self.ask(**{**given, **changed})

    def refresh(self, tokens: dict[str, Any]) -> dict[str, Any]:
        return self.ask(grant_type="refresh_token", refresh_token=tokens["refresh_token"])


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "http://127.0.0.1:1/other"},
        {"response_type": "token"},
        {"audience": "elsewhere"},
        {"scope": "manage:jira-webhook"},
        {"scope": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_what_is_asked_wrongly_gets_no_code(told: Told, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        told.code(**changed)


@pytest.mark.parametrize(
    "changed",
    [{"code_verifier": "x"}, {"redirect_uri": "http://127.0.0.1:1/other"}, {"client_secret": "x"}, {"client_id": "x"}],
)
def test_a_code_is_good_for_whoever_asked_for_it(told: Told, changed: dict[str, str]) -> None:
    with pytest.raises(Refused):
        told.exchange(told.code(), **changed)


def test_a_code_is_good_once_and_for_five_minutes(told: Told) -> None:
    code = told.code()
    assert told.exchange(code)["token_type"] == "Bearer"
    with pytest.raises(Refused):
        told.exchange(code)
    late = told.code()
    told.clock.advance(5 * MINUTE + 1)
    with pytest.raises(Refused):
        told.exchange(late)


def test_no_refresh_token_comes_unasked(told: Told) -> None:
    assert "refresh_token" not in told.exchange(told.code(scope="read:jira-work"))


def test_a_refresh_token_is_taken_again_within_ten_minutes_and_then_ends_the_consent(told: Told) -> None:
    first = told.exchange(told.code())
    second = told.refresh(first)
    assert second["refresh_token"] != first["refresh_token"]
    told.clock.advance(9 * MINUTE)
    third = told.refresh(first)
    assert told.server.app_of(third["access_token"]) is told.server.app_of(second["access_token"]) is not None
    told.clock.advance(2 * MINUTE)
    with pytest.raises(Refused, match="Unknown or invalid refresh token"):
        told.refresh(first)
    for later in (second, third):
        with pytest.raises(Refused):
            told.refresh(later)
        assert told.server.app_of(later["access_token"]) is None


def test_an_access_token_ends_after_an_hour(told: Told) -> None:
    tokens = told.exchange(told.code())
    told.clock.advance(tokens["expires_in"] - 1)
    assert told.server.app_of(tokens["access_token"])
    told.clock.advance(2)
    assert told.server.app_of(tokens["access_token"]) is None


def test_a_consent_ends_after_ninety_days_without_use_and_after_a_year_in_any_case(told: Told) -> None:
    idle = told.exchange(told.code())
    told.clock.advance(91 * DAY)
    with pytest.raises(Refused):
        told.refresh(idle)
    used = told.exchange(told.code())
    for _ in range(8):
        told.clock.advance(45 * DAY)
        used = told.refresh(used)
    told.clock.advance(6 * DAY)
    with pytest.raises(Refused):
        told.refresh(used)


def test_a_person_presses_a_button_and_the_token_opens_the_gateway(told: Told) -> None:
    with Running(told.asgi) as url, httpx2.Client(base_url=url) as http:
        page = http.get("/authorize", params=told.query())
        assert "An app asks for access" in page.text
        assert "form-action 'self' http://127.0.0.1:1;" in page.headers["content-security-policy"]
        target = f"/authorize?{urlencode(told.query())}"
        no = http.post(target, data={"word": "no", "person": told.alice.key})
        assert "error=access_denied" in no.headers["location"]
        yes = http.post(target, data={"word": "yes", "person": told.alice.key})
        given = parse_qs(urlsplit(yes.headers["location"]).query)
        assert given["state"] == ["s"]
        body = {"grant_type": "authorization_code", "code": given["code"][0], "redirect_uri": BACK}
        body |= {"code_verifier": VERIFIER, "client_id": told.app.id, "client_secret": told.app.secret}
        bearer = {"Authorization": f"Bearer {http.post('/oauth/token', json=body).json()['access_token']}"}
        sites = http.get("/oauth/token/accessible-resources", headers=bearer).json()
        assert [one["scopes"] for one in sites] == [["read:jira-work"]]
        gateway = f"/ex/jira/{sites[0]['id']}/rest/api/3"
        assert http.get(f"{gateway}/project/search", headers=bearer).status_code == 200
        refused = http.get(f"{gateway}/myself", headers=bearer)
        assert (refused.status_code, refused.json()["message"]) == (401, "Unauthorized; scope does not match")
        assert http.get("/oauth/token/accessible-resources").status_code == 401


def test_an_unknown_grant_is_refused_in_the_recorded_words(told: Told) -> None:
    with Running(told.asgi) as url:
        for body in ({"json": {"grant_type": "password"}}, {"data": {"grant_type": "password"}}):
            answer = httpx2.post(f"{url}/oauth/token", **body)
            said = "grant_type must be one of [authorization_code|refresh_token|client_credentials]"
            assert (answer.status_code, answer.json()) == (
                400,
                {"error": "invalid_request", "error_description": said},
            )
        assert httpx2.post(f"{url}/oauth/token", json=[1]).status_code == 400
