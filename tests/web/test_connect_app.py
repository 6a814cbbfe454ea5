"""Who may say that the Connect app is installed, enabled, disabled, uninstalled; and what is kept of each such call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jwt
import pytest
from django.test import Client
from django.urls import resolve
from tests.fixtures_store import Clock
from tests.web.jira_site import KID, URL, JiraSite, key_host, key_pair, reached

from crosswalk.config import Config, read
from crosswalk.errors import Refused
from crosswalk.web import connect_hooks


@pytest.fixture(scope="module")
def keys() -> Iterator[str]:
    with key_host() as address:
        yield address


@pytest.fixture
def jira(alice: Any, database: Config, clock: Clock, keys: str) -> Iterator[JiraSite]:
    with reached(database, clock, keys):
        yield JiraSite(Client(SERVER_NAME="localhost"), clock)


def sites() -> list[Any]:
    from crosswalk.store.connect_models import ConnectSite

    return list(ConnectSite.objects.select_related("connection").order_by("pk"))


def last_call() -> Any:
    from crosswalk.store.connect_models import ConnectCall

    return ConnectCall.objects.first()


def test_each_address_of_the_descriptor_is_answered(jira: JiraSite) -> None:
    answer = jira.browser.get("/connect/atlassian-connect.json")
    told: Any = answer.json()
    assert (answer.status_code, told["baseUrl"], told["key"]) == (200, URL, "crosswalk-sync")
    modules = told["modules"]
    for address in told["lifecycle"].values():
        assert resolve(address.partition("?")[0]).url_name
    assert {one["url"] for one in modules["webhooks"]} == {connect_hooks.PATH}


def test_a_site_that_installs_is_known_and_waits_to_be_allowed(jira: JiraSite) -> None:
    assert jira.install().status_code == 204
    (site,) = sites()
    assert (site.state, site.client_key, site.allowed_by) == ("installed", "site-1", "")
    assert (site.connection.address, site.connection.name) == (jira.address, "fable.atlassian.net via Connect")
    assert site.connection.secret.reveal() == jira.secret
    assert "nobody here has allowed" in site.connection.paused
    assert jira.turn("enabled").status_code == 204
    assert sites()[0].state == "enabled"
    assert (last_call().step, last_call().refused, last_call().said_site) == ("enabled", "", jira.address)


def test_the_secret_is_stored_sealed(jira: JiraSite) -> None:
    from django.db import connection

    jira.install()
    jira.install()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM store_connection UNION SELECT former FROM store_connectsite")
        held = [row[0] for row in cursor.fetchall()]
    assert len(held) == 2
    assert all(text and "shares" not in text for text in held)


HERE = "/connect/installed"
REFUSED: dict[str, tuple[Any, str, str]] = {
    "no token": (lambda jira: "", "C2", "no token"),
    "alg none": (lambda jira: jwt.encode(jira.claims("POST", HERE, aud=[URL]), None, "none"), "C2", "“none”"),
    "signed with the secret it brings": (lambda jira: jira.by_site("POST", HERE, aud=[URL]), "C2", "RS256"),
    "somebody else's key": (lambda jira: jira.by_atlassian(HERE, key=key_pair("x")[0]), "C2", "not good"),
    "a kid nobody has": (lambda jira: jira.by_atlassian(HERE, kid="other"), "C2", "knows no key"),
    "a kid that leads elsewhere": (lambda jira: jira.by_atlassian(HERE, kid="../x"), "C2", "names no key"),
    "a key that is a page": (lambda jira: jira.by_atlassian(HERE, kid="page"), "C1", "no public key"),
    "a key without end": (lambda jira: jira.by_atlassian(HERE, kid="large"), "C1", "no public key"),
    "another app": (lambda jira: jira.by_atlassian(HERE, aud=["https://x.example"]), "C3", "x.example"),
    "no audience": (lambda jira: jira.by_atlassian(HERE, aud=None), "C3", "no address"),
    "another call": (lambda jira: jira.by_atlassian("/connect/uninstalled"), "C5", "another request"),
    "another site": (lambda jira: jira.by_atlassian(HERE, iss="site-2"), "C2", "signed for another"),
    "expired": (lambda jira: jira.by_atlassian(HERE, exp=1_790_000_000), "C4", "expired"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_installation_that_is_not_atlassians_changes_nothing_and_its_cause_is_kept(
    jira: JiraSite, name: str
) -> None:
    make, code, words = REFUSED[name]
    answer = jira.install(make(jira) or " ")
    assert answer.status_code == 401
    assert words in answer.content.decode()
    assert sites() == []
    call = last_call()
    assert (call.step, call.code) == ("installed", code)
    assert words in call.refused
    assert call.remedy
    assert jira.install().status_code == 204, "the same with a good token"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"sharedSecret": None}, "no secret"),
        ({"sharedSecret": "short"}, "no secret"),
        ({"key": "com.example.other"}, "com.example.other"),
        ({"clientKey": "site-2"}, "signed for another"),
        ({"baseUrl": "javascript:alert(1)"}, "not a web address"),
        ({"baseUrl": None}, "not a web address"),
    ],
)
def test_a_body_that_can_not_be_meant(jira: JiraSite, changed: dict[str, Any], words: str) -> None:
    answer = jira.install(**changed)
    assert (answer.status_code, sites()) == (401, [])
    assert words in answer.content.decode()


@pytest.mark.parametrize("body", ["", "null", "[]", "{", "7", '{"clientKey": {}}', "[" * 60_000])
def test_rubbish_is_refused_and_accounted_for(jira: JiraSite, body: str) -> None:
    assert jira.post("/connect/installed", jira.by_atlassian("/connect/installed"), body).status_code == 401
    assert last_call().refused


def test_a_call_is_good_once(jira: JiraSite) -> None:
    """The token does not sign the body: who saw one could send a secret of his own with it."""
    jira.clock.forward(1)
    token = jira.by_atlassian("/connect/installed")
    assert jira.install(token).status_code == 204
    answer = jira.install(token, sharedSecret="a secret that somebody else would like to be used")
    assert answer.status_code == 401
    assert "repeated changes nothing" in answer.content.decode()
    assert last_call().code == "C7"
    assert sites()[0].connection.secret.reveal() == jira.secret
    jira.clock.forward(10)
    jira.uninstall()
    assert jira.install(token).status_code == 401, "not after uninstalling, either"
    assert sites()[0].state == "uninstalled"


def test_installing_again_brings_a_new_secret_and_the_old_one_ends_a_little_later(jira: JiraSite) -> None:
    jira.install()
    old = jira.secret
    jira.install(baseUrl="https://renamed.atlassian.net")
    (site,) = sites()
    assert site.connection.address == "https://renamed.atlassian.net"
    assert site.connection.secret.reveal() == jira.secret != old

    def enable(secret: str) -> int:
        token = jira.by_site("POST", "/connect/enabled", secret=secret)
        return int(jira.post("/connect/enabled", token, jira.told()).status_code)

    assert (enable(old), enable(jira.secret)) == (204, 204), "what was under way still arrives"
    jira.clock.forward(600)
    assert (enable(old), enable(jira.secret)) == (401, 204)


def test_two_sites_never_meet(jira: JiraSite) -> None:
    other = replace(jira, client_key="site-2", address="https://other.atlassian.net", installs=7)
    assert (jira.install().status_code, other.install().status_code) == (204, 204)
    first, second = sites()
    assert first.connection_id != second.connection_id
    # Signed by one, for the other: as issuer, in the body, with either secret.
    as_other = other.by_site("POST", "/connect/disabled", secret=jira.secret)
    assert jira.post("/connect/disabled", as_other, other.told()).status_code == 401
    own = jira.by_site("POST", "/connect/disabled")
    assert jira.post("/connect/disabled", own, other.told()).status_code == 401
    assert [site.state for site in sites()] == ["installed", "installed"]
    token = jira.by_atlassian("/connect/uninstalled", iat=int(jira.clock().timestamp()) + 5)
    assert jira.post("/connect/uninstalled", token, other.told()).status_code == 401
    assert [site.state for site in sites()] == ["installed", "installed"]


def test_an_uninstalled_site_is_a_stranger_and_its_secret_is_gone(jira: JiraSite) -> None:
    jira.install()
    jira.turn("enabled")
    assert jira.turn("disabled").status_code == 204
    assert "disabled in fable.atlassian.net" in sites()[0].connection.paused
    assert jira.uninstall().status_code == 204
    (site,) = sites()
    assert (site.state, bool(site.connection.secret), bool(site.former)) == ("uninstalled", False, False)
    assert "uninstalled from fable.atlassian.net" in site.connection.paused
    answer = jira.turn("enabled")
    assert answer.status_code == 401
    assert last_call().code == "C6"
    assert sites()[0].state == "uninstalled"


def test_a_key_host_that_does_not_answer_is_named(jira: JiraSite, database: Config, clock: Clock) -> None:
    with reached(database, clock, "http://127.0.0.1:9"):
        answer = jira.install()
    assert answer.status_code == 401
    assert "could not be fetched" in answer.content.decode()
    assert last_call().code == "C1"


def test_a_key_host_at_an_address_nobody_may_reach(jira: JiraSite, database: Config, clock: Clock) -> None:
    from crosswalk.jira.connect import KeyHost

    with pytest.raises(Refused, match="private address") as refused:
        KeyHost("http://127.0.0.1:9", allow_private=False).key(KID)
    assert "add 127.0.0.1, or the network around, to CROSSWALK_ALLOW_PRIVATE" in refused.value.remedy
    assert refused.value.remedy.endswith("Then install the app again.")
    with pytest.raises(Refused, match="no Aha! or Jira server has"):
        KeyHost("http://169.254.169.254", allow_private=True).key(KID)


def test_only_the_last_calls_are_kept(jira: JiraSite) -> None:
    from crosswalk.store.connect_models import ConnectCall

    for _ in range(60):
        jira.clock.forward(1)
        jira.browser.post("/connect/installed", "{}", content_type="application/json")
    assert ConnectCall.objects.count() == 50


def test_a_storm_of_calls_that_are_refused_is_told_once_a_second(jira: JiraSite) -> None:
    from crosswalk.store.connect_models import ConnectCall

    for _ in range(20):
        jira.browser.post("/connect/installed", "{}", content_type="application/json")
    assert ConnectCall.objects.count() == 1
    jira.install()
    assert (last_call().refused, ConnectCall.objects.count()) == ("", 2)


@pytest.mark.postgres
def test_the_same_on_postgresql(postgresql: Config, clock: Clock, keys: str) -> None:
    with reached(postgresql, clock, keys):
        jira = JiraSite(Client(SERVER_NAME="localhost"), clock)
        assert [jira.install().status_code, jira.turn("enabled").status_code] == [204, 204]
        assert jira.install(jira.by_atlassian("/connect/installed")).status_code == 401, "the same second"
        assert [jira.install().status_code, jira.turn("disabled").status_code] == [204, 204]
        assert jira.uninstall().status_code == 204
        assert (sites()[0].state, bool(sites()[0].connection.secret)) == ("uninstalled", False)


def test_get_is_no_lifecycle_call(jira: JiraSite) -> None:
    assert jira.browser.get("/connect/installed").status_code == 405


@pytest.mark.parametrize(
    "given",
    [
        {"CROSSWALK_CONNECT_KEYS": "http://keys.example.com"},
        {"CROSSWALK_CONNECT_KEYS": "ftp://127.0.0.1"},
        {"CROSSWALK_CONNECT_KEYS": "https://"},
        {"CROSSWALK_CONNECT_KEYS": "https://keys.example.com?x=1"},
        {"CROSSWALK_ATLASSIAN_AUTH": "http://auth.example.com"},
        {"CROSSWALK_ATLASSIAN_API": "api.atlassian.com"},
        {"CROSSWALK_CONNECT_APP": "a b"},
        {"CROSSWALK_CONNECT_APP": "a" * 65},
    ],
)
def test_a_setting_that_can_not_be_meant_is_named(given: dict[str, str]) -> None:
    with pytest.raises(Refused, match=next(iter(given))):
        read(given)
    assert read({}).connect_keys == "https://connect-install-keys.atlassian.com"
