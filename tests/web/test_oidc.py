"""Sign-in with an OpenID Connect provider, a real one on loopback; what a hostile one says is not believed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from django.contrib.auth.models import User
from django.test import Client
from structlog.testing import capture_logs
from tests.web.provider import CLIENT, SECRET, Provider, serving

from crosswalk.config import Oidc, read
from crosswalk.errors import Refused
from crosswalk.store.models import Act, Identity
from crosswalk.store.roles import Role, role_of
from crosswalk.web.keys import setup_code

ROLES = (("chiefs", "owner"), ("dev", "editor"), ("*", "viewer"))


@pytest.fixture
def provider(settings_with: Any) -> Iterator[Provider]:
    """A provider, and a service that knows it."""
    with serving() as found, settings_with(oidc=Oidc(found.issuer, CLIENT, SECRET, ROLES, name="Corp")):
        yield found


Go = Callable[..., Any]


@pytest.fixture
def go(provider: Provider) -> Go:
    """A browser goes to the provider and comes back; gives the answer it then gets."""

    def journey(browser: Any = None, start: str = "/login/with/", change: Callable[[str], str] = str) -> Any:
        browser = browser or Client(SERVER_NAME="localhost")
        out = browser.get(start)
        assert out.status_code == 302, out.content
        back = httpx2.get(out.url).headers["location"]
        parts = urlsplit(change(back))
        return browser.get(f"{parts.path}?{parts.query}")

    return journey


def test_somebody_comes_in_with_the_role_their_claim_gives(alice: Any, provider: Provider, go: Go) -> None:
    browser = Client(SERVER_NAME="localhost")
    answer = go(browser, "/login/with/?next=/log/")
    assert b"url=/log/" in answer.content
    assert browser.get("/log/").status_code == 200
    olga = User.objects.get(username="olga")
    assert role_of(olga) is Role.EDITOR
    assert not olga.has_usable_password()
    asked = provider.asked[-1]
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://127.0.0.1:8400/login/with/back/"
    assert "crosswalk_oidc" not in {name for name, one in browser.cookies.items() if one.value}
    assert Act.objects.filter(person="olga", what="Signed in").exists()


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ("dev", "editor"),
        (["x", "chiefs", "dev"], "owner"),
        ([], "viewer"),
        (None, "viewer"),
        (7, "viewer"),
    ],
)
def test_the_highest_role_counts(alice: Any, provider: Provider, go: Go, groups: object, role: str) -> None:
    provider.claims["groups"] = groups
    go()
    assert role_of(User.objects.get(username="olga")) == role


def test_who_comes_again_is_the_same_person_with_the_role_of_today(alice: Any, provider: Provider, go: Go) -> None:
    go()
    provider.claims |= {"preferred_username": "olga.new", "groups": ["chiefs"]}
    go()
    assert Identity.objects.count() == 1
    assert role_of(User.objects.get(username="olga")) is Role.OWNER


def test_a_name_proves_nothing(alice: Any, provider: Provider, go: Go) -> None:
    provider.claims |= {"preferred_username": "alice", "email": "alice@example.com"}
    browser = Client(SERVER_NAME="localhost")
    go(browser)
    assert b"alice-2" in browser.get("/me/").content
    assert role_of(User.objects.get(username="alice-2")) is Role.EDITOR


def test_the_last_owner_stays_one_whatever_the_claim_says(provider: Provider, go: Go, database: Any) -> None:
    owner = User.objects.create(username="olga", is_superuser=True, is_staff=True)
    Identity.objects.create(issuer=provider.issuer, subject="u-1", user=owner)
    browser = Client(SERVER_NAME="localhost")
    go(browser)
    owner.refresh_from_db()
    assert owner.is_superuser
    assert browser.get("/").status_code == 200


def test_who_is_deactivated_here_does_not_come_in(alice: Any, provider: Provider, go: Go) -> None:
    go()
    User.objects.filter(username="olga").update(is_active=False)
    browser = Client(SERVER_NAME="localhost")
    assert b"deactivated" in go(browser).content
    assert browser.get("/").status_code == 302


def test_without_a_role_nobody_comes_in(alice: Any, provider: Provider, go: Go, settings_with: Any) -> None:
    with settings_with(oidc=Oidc(provider.issuer, CLIENT, SECRET, (("chiefs", "owner"),), name="Corp")):
        answer = go()
    assert b"gives you no role here" in answer.content
    assert not User.objects.filter(username="olga").exists()


@pytest.mark.parametrize(
    ("lies", "said"),
    [
        ({"nonce": "another"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"iss": "https://evil.example"}, "can not be believed"),
        ({"aud": "another"}, "can not be believed"),
        ({"aud": [CLIENT, "another"]}, "another service"),
        ({"azp": "another"}, "another service"),
        ({"exp": 1}, "can not be believed"),
        ({"iat": 99999999999}, "can not be believed"),
        ({"exp": None}, "can not be believed"),
        ({"sub": None}, "can not be believed"),
        ({"sub": "x" * 256}, "more than 255"),
    ],
)
def test_a_token_that_is_not_meant_for_us_is_not_believed(
    alice: Any, provider: Provider, go: Go, lies: dict[str, Any], said: str
) -> None:
    provider.lies = lies
    browser = Client(SERVER_NAME="localhost")
    answer = go(browser)
    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert browser.get("/").status_code == 302
    assert User.objects.count() == 1


def test_a_token_that_the_provider_did_not_sign_is_not_believed(alice: Any, provider: Provider, go: Go) -> None:
    for algorithm, key in (("RS256", provider.stranger), ("none", None), ("HS256", SECRET + " " * 32)):
        provider.signs_with = (algorithm, key)
        assert b"can not be believed" in go().content
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda back: back.replace("state=", "state=x"), b"begun in another browser"),
        (lambda back: back.split("?")[0], b"begun in another browser"),
        (lambda back: back.replace("iss=", "iss=https://evil.example/"), b"from another provider"),
        (lambda back: back.replace("code=", "c0de="), b"no code"),
        (lambda back: back.replace("code=", "code=x"), b"answered with 400"),
    ],
)
def test_an_answer_that_was_tampered_with_opens_nothing(
    alice: Any, provider: Provider, go: Go, change: Callable[[str], str], said: bytes
) -> None:
    browser = Client(SERVER_NAME="localhost")
    answer = go(browser, change=change)
    assert said in answer.content
    assert SECRET.encode() not in answer.content
    assert browser.get("/").status_code == 302


def test_another_browsers_answer_opens_nothing(alice: Any, provider: Provider) -> None:
    out = Client(SERVER_NAME="localhost").get("/login/with/")
    back = urlsplit(httpx2.get(out.url).headers["location"])
    victim = Client(SERVER_NAME="localhost")
    assert b"begun in another browser" in victim.get(f"{back.path}?{back.query}").content
    victim.get("/login/with/")
    assert b"begun in another browser" in victim.get(f"{back.path}?{back.query}").content
    assert victim.get("/").status_code == 302


def test_an_answer_works_once(alice: Any, provider: Provider) -> None:
    browser = Client(SERVER_NAME="localhost")
    out = browser.get("/login/with/")
    back = urlsplit(httpx2.get(out.url).headers["location"])
    kept = browser.cookies["crosswalk_oidc"].value
    browser.get(f"{back.path}?{back.query}")
    browser.post("/logout/")
    browser.cookies["crosswalk_oidc"] = kept
    assert browser.get(f"{back.path}?{back.query}").status_code == 403


@pytest.mark.parametrize("trap", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(alice: Any, provider: Provider, go: Go, trap: str) -> None:
    assert b"evil" not in go(start=f"/login/with/?next={trap}").content


def test_the_first_person_becomes_owner_only_with_the_setup_code(database: Any, provider: Provider, go: Go) -> None:
    from django.conf import settings

    browser = Client(SERVER_NAME="localhost")
    assert browser.get("/login/with/").url == "/setup/"
    assert browser.get("/login/with/?owner=forged").url == "/setup/"
    assert browser.post("/login/with/owner/", {"code": "wrong"}).status_code == 422
    assert b"Become the owner with Corp" in browser.get("/setup/").content
    page = browser.post("/login/with/owner/", {"code": setup_code(settings.CONFIG)}).content.decode()
    start = page.split("url=")[1].split('"')[0]
    go(browser, start)
    assert role_of(User.objects.get()) is Role.OWNER
    assert browser.get("/").status_code == 200
    provider.claims["sub"] = "u-2"
    assert b"has an owner already" in go(start=start).content


@pytest.mark.parametrize(
    ("discovery", "said"),
    [
        ({"issuer": "https://evil.example"}, b"calls itself https://evil.example"),
        ({"token_endpoint": "ftp://x/"}, b"no safe token_endpoint"),
        ({"jwks_uri": ""}, b"no safe jwks_uri"),
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_used(
    alice: Any, provider: Provider, discovery: dict[str, Any], said: bytes
) -> None:
    provider.discovery = discovery
    answer = Client(SERVER_NAME="localhost").get("/login/with/")
    assert answer.status_code == 502
    assert said in answer.content


def test_a_refusal_of_the_provider_is_said(alice: Any, provider: Provider, go: Go) -> None:
    provider.refuses = "access_denied"
    assert b"Corp did not sign you in (access_denied)" in go().content


def test_a_provider_at_a_private_address_is_refused_where_those_are(
    alice: Any, provider: Provider, settings_with: Any
) -> None:
    corp = Oidc(provider.issuer, CLIENT, SECRET, ROLES)
    with settings_with(oidc=corp, allow_private=False), capture_logs() as logged:
        page = Client(SERVER_NAME="localhost").get("/login/with/").content.decode()
    assert "this installation may not connect to its address" in page
    assert "127.0.0.1" not in page, "whoever is not signed in learns no address"
    assert "have the operator add 127.0.0.1" in logged[0]["remedy"], "the operator does"


def test_without_a_provider_there_is_no_such_address(stranger: Any) -> None:
    assert stranger.get("/login/with/").status_code == 404
    assert stranger.get("/login/with/back/").status_code == 404
    assert b"Sign in with" not in stranger.get("/login/").content


def test_the_button_is_there_and_keeps_where_one_wanted_to_go(stranger: Any, provider: Provider) -> None:
    assert b'href="/login/with/?next=/log/">Sign in with Corp' in stranger.get("/login/?next=/log/").content


GOOD = {"ISSUER": "https://id.example", "CLIENT": "c", "SECRET": "s", "ROLES": "a=b=owner, *=viewer"}


def _read(**given: str) -> Oidc | None:
    return read({f"CROSSWALK_OIDC_{name}": text for name, text in given.items()}).oidc


def test_the_settings_are_read() -> None:
    found = _read(**GOOD)
    assert found is not None
    assert found.roles == (("a=b", "owner"), ("*", "viewer"))
    assert "'s'" not in repr(found)
    assert _read() is None


@pytest.mark.parametrize(
    "change",
    [
        {"ISSUER": ""},
        {"ISSUER": "http://id.example"},
        {"ISSUER": "id.example"},
        {"ISSUER": "https://id.example?x"},
        {"CLIENT": ""},
        {"SECRET": ""},
        {"ROLES": ""},
        {"ROLES": "a=king"},
        {"ROLES": "owner"},
        {"ROLES": "=owner"},
    ],
)
def test_half_a_provider_is_refused_at_the_start(change: dict[str, str]) -> None:
    with pytest.raises(Refused, match="CROSSWALK_OIDC_"):
        _read(**{**GOOD, **change})


def test_the_verifier_is_another_one_each_time(alice: Any, provider: Provider) -> None:
    seen = {
        parse_qs(urlsplit(Client(SERVER_NAME="localhost").get("/login/with/").url).query)[name][0]
        for name in ("state", "nonce", "code_challenge")
        for _ in range(3)
    }
    assert len(seen) == 9
    assert all(len(one) >= len(secrets.token_urlsafe(32)) for one in seen)
