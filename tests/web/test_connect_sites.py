"""The page about Jira via Connect: what it says of each site, who may decide what, and the causes it shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.fixtures_store import Clock, make_integration
from tests.web.jira_site import JiraSite, key_host, key_pair, reached

from crosswalk.config import Config

PAGE = "/connections/connect/"


@pytest.fixture(scope="module")
def keys() -> Iterator[str]:
    with key_host() as address:
        yield address


@pytest.fixture
def jira(alice: Any, database: Config, clock: Clock, keys: str) -> Iterator[JiraSite]:
    with reached(database, clock, keys):
        yield JiraSite(Client(SERVER_NAME="localhost"), clock)


def site() -> Any:
    from crosswalk.store.connect_models import ConnectSite

    return ConnectSite.objects.select_related("connection").get()


def test_it_says_that_connect_ends_and_what_to_use_instead(client: Any, jira: JiraSite) -> None:
    page = client.get(PAGE).content.decode()
    assert "Atlassian ends Connect in December 2026." in page
    assert "e-mail address and API token" in page
    assert "https://crosswalk.example.com/connect/atlassian-connect.json" in page
    assert "Nothing yet. If Jira says that an event failed, the call did not get here" in page
    assert f'href="{PAGE}"' in client.get("/connections/").content.decode()


def test_the_cause_of_a_failed_installation_is_shown_with_its_remedy(client: Any, jira: JiraSite) -> None:
    jira.install(jira.by_atlassian("/connect/installed", aud=["https://other.example"]))
    page = client.get(PAGE).content.decode()
    assert "Event 'installed' failed" in page
    assert "meant for an app at https://other.example, and this is https://crosswalk.example.com" in page
    assert "Set CROSSWALK_URL" in page
    assert 'href="/help/C3/"' in page
    assert "the app is meant for another address" in client.get("/help/C3/").content.decode()


def test_what_a_call_claims_is_never_taken_for_html(client: Any, jira: JiraSite) -> None:
    token = jira.by_atlassian("/connect/installed", key=key_pair("x")[0])
    jira.install(token, baseUrl="https://x.example/<script>alert(1)</script>")
    assert b"<script>alert" not in client.get(PAGE).content


def test_a_site_waits_until_an_owner_allows_it(client: Any, jira: JiraSite, as_role: Any) -> None:
    jira.install()
    jira.turn("enabled")
    page = client.get(PAGE).content.decode()
    assert "Waits for you" in page
    assert "Allow this site" in page
    for role in ("viewer", "editor"):
        seen = as_role(role).get(PAGE).content
        assert b"Allow this site" not in seen
        assert b"Allowing a Jira site needs the role owner" in seen
        assert as_role(role).post(f"{PAGE}{site().pk}/allow/", {"allowed": "yes"}).status_code == 403
    assert site().allowed_by == ""
    # The site does not answer here; it is allowed all the same, and the page says what was found.
    found = site()
    found.connection.address = "http://127.0.0.1:9"
    found.connection.save()
    page = client.post(f"{PAGE}{found.pk}/allow/", {"allowed": "yes"}, follow=True).content.decode()
    assert "refuses the connection" in page
    assert (site().allowed_by, site().connection.paused) == ("alice", "")
    client.post(f"{PAGE}{found.pk}/allow/", {"allowed": "no"})
    assert site().allowed_by == ""
    assert "nobody here has allowed" in site().connection.paused


def test_what_hangs_on_a_site_is_named_and_can_move_only_where_a_way_is(client: Any, jira: JiraSite) -> None:
    jira.install()
    integration = make_integration("Boats")
    way = integration.jira
    integration.jira = site().connection
    integration.save()
    assert "connect Jira with a token" in client.get(PAGE).content.decode()
    way.server = {"site": jira.address, "flavour": "cloud"}
    way.save()
    assert "Move Boats to “Boats Jira”" in client.get(PAGE).content.decode()
    settings = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    assert "reaches Jira by the Connect app" in settings
    for wrong in ("", "x", "9" * 30, str(integration.jira_id)):
        client.post(f"/integrations/{integration.pk}/move/", {"to": wrong})
    integration.refresh_from_db()
    assert integration.jira == site().connection


def test_the_connection_of_a_site_has_nothing_to_enter(client: Any, jira: JiraSite) -> None:
    jira.install()
    found = site().connection
    path = f"/connections/{found.pk}/"
    page = client.get(path).content.decode()
    assert "signs in as that app" in page
    assert 'name="secret"' not in page
    form = {"name": "Mine", "address": "https://evil.example", "secret": "x" * 40}
    assert client.post(path, form).url == PAGE
    found.refresh_from_db()
    assert (found.address, found.secret.reveal()) == (jira.address, jira.secret)
