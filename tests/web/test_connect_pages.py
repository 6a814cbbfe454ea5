"""Crosswalk's pages inside Jira: who is shown what, who may frame it, and what a form of theirs does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from tests.fixtures_store import Clock, make_integration, make_pair
from tests.web.jira_site import JiraSite, key_host, reached

from crosswalk.config import Config

PANEL = "/connect/panel?issue=2001&key=SEA-1"
CONFIGURE = "/connect/configure"


@pytest.fixture(scope="module")
def keys() -> Iterator[str]:
    with key_host() as address:
        yield address


@pytest.fixture
def jira(alice: Any, database: Config, clock: Clock, keys: str) -> Iterator[JiraSite]:
    """A site that installed the app and was let in."""
    with reached(database, clock, keys):
        site = JiraSite(Client(SERVER_NAME="localhost", enforce_csrf_checks=True), clock)
        assert site.install().status_code == 204
        assert site.turn("enabled").status_code == 204
        let_in(site)
        yield site


def row(site: JiraSite) -> Any:
    from crosswalk.store.connect_models import ConnectSite

    return ConnectSite.objects.select_related("connection").get(client_key=site.client_key)


def let_in(site: JiraSite, by: str = "alice") -> None:
    from crosswalk.sync.connect_sites import settle
    from crosswalk.sync.installation import current

    found = row(site)
    found.allowed_by = by
    settle(current(), found)


@pytest.fixture
def pair(jira: JiraSite, clock: Clock) -> Any:
    """SEA-1 over the Connect app, in step with BOAT-1."""
    integration = make_integration("Boats")
    integration.jira = row(jira).connection
    integration.save()
    kept = {"left_kind": "feature", "left_id": "1001", "left_key": "BOAT-1", "right_kind": "issue", "right_id": "2001"}
    more = {"right_key": "SEA-1", "title": "A <b>keel</b>", "left_url": "https://boats.aha.example/features/BOAT-1"}
    return make_pair(integration, clock(), **kept, **more, state="agreed", dirty=1, done=1, agreed_at=clock())


def other_site(jira: JiraSite) -> JiraSite:
    found = replace(jira, client_key="site-2", address="https://other.atlassian.net", installs=3)
    assert found.install().status_code == 204
    let_in(found)
    return found


# ---- the panel


def test_the_panel_shows_the_record_and_the_state_of_the_pair(jira: JiraSite, pair: Any) -> None:
    answer = jira.open(PANEL)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="https://boats.aha.example/features/BOAT-1"' in page
    assert "In step" in page
    assert "A &lt;b&gt;keel&lt;/b&gt;" in page
    assert f'href="https://crosswalk.example.com/records/{pair.pk}/"' in page
    pair.state, pair.reason, pair.remedy = "parked", "The status is unknown.", "Press Retry."
    pair.save()
    page = jira.open(PANEL).content.decode()
    assert "Stopped" in page
    assert "The status is unknown." in page


def test_only_the_site_may_frame_it_and_no_other_page_may_be_framed(jira: JiraSite, pair: Any, client: Any) -> None:
    answer = jira.open(PANEL)
    assert "frame-ancestors https://fable.atlassian.net" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert not answer.cookies
    for framed in (jira.browser.get(PANEL), client.get("/"), client.get("/connections/connect/")):
        assert "frame-ancestors 'none'" in framed["Content-Security-Policy"]


def test_an_issue_that_is_in_no_pair(jira: JiraSite, pair: Any) -> None:
    assert b"not in step with an Aha! record" in jira.open("/connect/panel?issue=7&key=SEA-7").content


def test_a_site_sees_the_pairs_of_its_own_connection_only(jira: JiraSite, pair: Any) -> None:
    other = other_site(jira)
    answer = other.open(PANEL)
    assert answer.status_code == 200
    assert b"BOAT-1" not in answer.content
    assert "frame-ancestors https://other.atlassian.net" in answer["Content-Security-Policy"]


def bad_addresses(jira: JiraSite, clock: Clock) -> dict[str, str]:
    def signed(*args: Any, **more: Any) -> str:
        return f"{PANEL}&jwt={jira.by_site(*args, **more)}"

    return {
        "none": PANEL,
        "rubbish": f"{PANEL}&jwt=a.b.c",
        "for another issue": signed("GET", "/connect/panel?issue=2002&key=SEA-2"),
        "for another page": signed("GET", CONFIGURE),
        "for a form": signed("POST", PANEL),
        "with another secret": signed("GET", PANEL, secret="a secret that nobody but a stranger knows"),
        "of a site nobody knows": signed("GET", PANEL, iss="site-9"),
        "expired": signed("GET", PANEL, exp=int(clock().timestamp()) - 100),
        "by the key of an installation": f"{PANEL}&jwt={jira.by_atlassian('/connect/panel')}",
    }


@pytest.mark.parametrize("name", bad_addresses(JiraSite(None, Clock()), Clock()))
def test_a_token_that_is_not_good_shows_nothing(jira: JiraSite, pair: Any, clock: Clock, name: str) -> None:
    answer = jira.browser.get(bad_addresses(jira, clock)[name])
    assert answer.status_code == 401
    assert b"BOAT-1" not in answer.content
    assert b"This page belongs inside Jira" in answer.content
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("context", "status"),
    [
        ({"jira": {"issue": {"id": "2001", "key": "SEA-1"}}}, 200),
        ({"jira": {"issue": {"id": 2001}}}, 200),
        ({"jira": {"issue": {"id": "2002"}}}, 401),
        ({"jira": {}}, 401),
        ({}, 401),
        (None, 401),
        ("2001", 401),
    ],
)
def test_the_panel_looks_again_with_a_token_given_out_beside_this_issue(
    jira: JiraSite, pair: Any, context: Any, status: int
) -> None:
    token = jira.by_site("GET", PANEL, qsh="context-qsh", context=context)
    answer = jira.browser.get(PANEL, headers={"Authorization": f"JWT {token}"})
    assert answer.status_code == status
    assert (b"BOAT-1" in answer.content) == (status == 200)


def test_a_site_that_may_not_be_asked_is_told_why_and_shown_nothing(jira: JiraSite, pair: Any) -> None:
    let_in(jira, "")
    for target in (PANEL, CONFIGURE):
        answer = jira.open(target)
        assert answer.status_code == 200
        assert b"nobody here has allowed that site yet" in answer.content
        assert b"BOAT" not in answer.content
        assert b"Boats" not in answer.content


# ---- the configuration page


def ticket_of(page: str) -> str:
    return page.split('name="ticket" value="')[1].split('"', maxsplit=1)[0]


def test_the_page_names_the_accounts_and_what_is_joined_and_says_that_connect_ends(jira: JiraSite, pair: Any) -> None:
    page = jira.open(CONFIGURE).content.decode()
    assert "Atlassian ends Connect in December 2026." in page
    assert "Boats Aha!" in page
    assert f'href="https://crosswalk.example.com/integrations/{pair.integration_id}/"' in page
    assert "aha-key" not in page
    assert jira.secret not in page


def test_a_token_of_a_page_opens_no_configuration(jira: JiraSite, pair: Any) -> None:
    """Whoever sees an issue can have such a token; only an administrator is led to the configuration's own address."""
    token = jira.by_site("GET", CONFIGURE, qsh="context-qsh")
    assert jira.browser.get(CONFIGURE, headers={"Authorization": f"JWT {token}"}).status_code == 401


def test_a_form_needs_the_ticket_of_the_page(jira: JiraSite, pair: Any) -> None:
    ticket = ticket_of(jira.open(CONFIGURE).content.decode())
    for given in ("", "x", ticket[:-2], ticket + "x"):
        assert jira.browser.post(CONFIGURE, {"ticket": given, "aha": "1"}).status_code == 401
    token = jira.by_site("POST", CONFIGURE)
    answer = jira.browser.post(CONFIGURE, {"aha": "1"}, headers={"Authorization": f"JWT {token}"})
    assert answer.status_code == 401
    assert row(jira).aha_id is None


def test_the_chosen_account_is_kept_and_what_the_servers_refuse_is_said(jira: JiraSite, pair: Any) -> None:
    from crosswalk.store.models import Connection

    aha = Connection.objects.get(kind="aha")
    aha.address = "http://127.0.0.1:9"
    aha.save()
    ticket = ticket_of(jira.open(CONFIGURE).content.decode())
    answer = jira.browser.post(CONFIGURE, {"ticket": ticket, "aha": str(aha.pk), "list": "1"})
    assert answer.status_code == 200
    assert b"refuses the connection" in answer.content
    assert row(jira).aha_id == aha.pk
    assert "frame-ancestors https://fable.atlassian.net" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("aha", ["", "x", "9" * 30, "-1", "999", "<script>"])
def test_an_account_that_is_none_is_said_beside_its_field(jira: JiraSite, pair: Any, aha: str) -> None:
    ticket = ticket_of(jira.open(CONFIGURE).content.decode())
    answer = jira.browser.post(CONFIGURE, {"ticket": ticket, "aha": aha, "make": "1", "name": "<b>"})
    assert b"Choose an Aha! account." in answer.content
    assert b"<b>" not in answer.content


def test_a_ticket_ends_with_the_installation(jira: JiraSite, pair: Any) -> None:
    ticket = ticket_of(jira.open(CONFIGURE).content.decode())
    assert jira.uninstall().status_code == 204
    assert jira.browser.post(CONFIGURE, {"ticket": ticket, "aha": "1"}).status_code == 401


def making(jira: JiraSite, clock: Clock, **more: Any) -> Any:
    """An integration over the site's connection that is being made."""
    from crosswalk.store.models import Connection, NewIntegration

    given = {"aha": Connection.objects.get(kind="aha"), "jira": row(jira).connection, "asked_at": clock(), **more}
    return NewIntegration.objects.create(name="Asked <i>for</i>", workspace="1", project="2", **given)


def test_how_far_an_integration_is_asks_by_the_ticket_and_renews_it(jira: JiraSite, pair: Any, clock: Clock) -> None:
    asked = making(jira, clock, step="Reading Jira: fields", done=3, total=9)
    page = jira.open(CONFIGURE).content.decode()
    for _ in range(2):
        assert "Reading Jira: fields…" in page
        assert "Asked &lt;i&gt;for&lt;/i&gt;" in page
        form = {"ticket": ticket_of(page), "making": str(asked.pk)}
        answer = jira.browser.post(CONFIGURE, form, headers={"HX-Request": "true"})
        assert "HX-Retarget" not in answer
        assert "frame-ancestors https://fable.atlassian.net" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        page = answer.content.decode()
    form["ticket"] += "x"
    answer = jira.browser.post(CONFIGURE, form, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (401, "#main"), "the reason takes the place of the progress"


def test_what_keeps_an_integration_from_being_made_is_said_over_the_form_as_it_was(
    jira: JiraSite, pair: Any, clock: Clock
) -> None:
    from crosswalk.store.models import Connection

    Connection.objects.filter(kind="aha").update(address="http://127.0.0.1:9")
    asked = making(jira, clock, finished_at=clock(), trouble="The name is taken.", remedy="Choose another.")
    form = {"ticket": ticket_of(jira.open(CONFIGURE).content.decode()), "making": str(asked.pk)}
    answer = jira.browser.post(CONFIGURE, form, headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#main"
    assert b"The name is taken." in answer.content
    assert b'value="Asked &lt;i&gt;for&lt;/i&gt;"' in answer.content


@pytest.mark.parametrize("number", ["of another site", "", "x", "9" * 30, "-1"])
def test_what_is_made_over_another_sites_connection_is_not_told(
    jira: JiraSite, pair: Any, clock: Clock, number: str
) -> None:
    other = other_site(jira)
    asked = making(other, clock, step="Reading a secret")
    form = {"ticket": ticket_of(jira.open(CONFIGURE).content.decode())}
    answer = jira.browser.post(CONFIGURE, {**form, "making": str(asked.pk) if "site" in number else number})
    assert answer.status_code == 200
    assert b"Reading a secret" not in answer.content
