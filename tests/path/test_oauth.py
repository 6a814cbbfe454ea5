"""Jira Cloud by OAuth 2.0: consent, rotating tokens, lost answers, consents that end; nothing is lost meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from crosswalk.errors import Forbidden, NotSignedIn
from tests.fixtures_store import make_integration
from tests.path.granting import Granted, granting, leads_to
from tests.path.system import TLS, running

HOUR, DAY = 3600.0, 86400.0


@pytest.fixture
def oauth() -> Iterator[Granted]:
    with granting() as found:
        yield found


@pytest.fixture
def signed(oauth: Granted) -> Granted:
    """A connection that signed in by consent."""
    oauth.sign_in()
    oauth.forget()
    return oauth


@pytest.fixture
def over() -> Iterator[Granted]:
    """A whole installation, whose integration goes over a connection that signed in by consent."""
    from crosswalk.sync import connect_sites

    with granting(lambda: running("cloud")) as found:
        connect_sites.move(found.integration, found.sign_in(), "alice")
        found.forget()
        yield found


def test_a_connection_is_made_by_consent_and_a_feature_goes_over_it(over: Granted) -> None:
    connection = over.connection()
    assert connection.address == f"{over.there}/ex/jira/{over.site.cloud_id}"
    assert connection.server["account"] == "Alice Ng"
    assert (connection.grant.granted_by, connection.paused) == ("alice", "")
    assert "offline_access" in connection.grant.scopes
    from crosswalk.sync import projectdata, service

    service.load_project_data(over.integration)
    loaded = projectdata.load(over.integration).jira
    assert loaded.boards, "boards have scopes of their own"
    assert loaded.people
    assert connection.server["problems"] == []
    pair = over.send(over.feature("Bell", 2))
    assert pair.state == "agreed", pair.reason
    used = [path for _, path in over.requests("jira") if path.startswith("/rest/")]
    assert not used, "everything goes through the gateway"


def test_the_token_is_renewed_before_its_end_and_its_successor_is_kept_first(signed: Granted) -> None:
    before = signed.grant
    first = before.access.reveal(), before.refresh.reveal()
    left = (before.access_until - signed.now()).total_seconds()
    signed.pass_time(left - 310)
    signed.check(signed.connection())
    assert signed.asked == 0
    signed.pass_time(20)
    signed.check(signed.connection())
    assert signed.asked == 1
    after = signed.grant
    assert after.access.reveal() != first[0]
    assert after.refresh.reveal() != first[1]
    assert after.tried_at is after.lease_until is None
    signed.check(signed.connection())
    assert signed.asked == 1


def test_a_year_of_days_goes_by_with_renewals_and_then_somebody_signs_in_again(signed: Granted) -> None:
    from crosswalk.sync.installation import current

    keep = current().bridges.keep_grants
    for _ in range(8):
        signed.pass_time(45 * DAY)
        assert keep() == 1
    assert signed.asked == 8
    signed.pass_time(6 * DAY)
    assert keep() == 0
    assert signed.grant.trouble.startswith("Atlassian does not accept the sign-in any more (invalid_grant).")
    signed.pass_time(10 * DAY)
    assert keep() == 0
    assert signed.asked == 9, "a sign-in that has ended is not tried over and over"


def test_an_access_token_that_is_refused_early_is_renewed_once_and_the_create_follows(over: Granted) -> None:
    ref = over.feature("Bell")
    over.revoke_access()
    assert over.send(ref).state == "agreed"
    assert over.asked == 1


def test_several_that_renew_at_once_ask_once(signed: Granted) -> None:
    from django.db import connections

    from crosswalk.sync.installation import current

    signed.pass_time(2 * HOUR)
    start, got = threading.Barrier(6), list[str]()

    def ask() -> None:
        keeper = current().bridges.keeper(signed.connection())
        start.wait(60)
        try:
            got.append(keeper.token() if keeper else "nobody")
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6
    assert set(got) == {signed.grant.access.reveal()}
    assert signed.asked == 1


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_is_asked_for_again(signed: Granted, lost: int) -> None:
    signed.pass_time(2 * HOUR)
    signed.lose_answers(lost)
    assert signed.check(signed.connection())
    assert signed.asked == lost + 1
    assert signed.grant.tried_at is None


def test_answers_that_stay_lost_are_asked_for_until_the_vendor_no_longer_takes_the_token(over: Granted) -> None:
    from crosswalk.sync.installation import current

    ref = over.feature("Bell")
    pair = over.send(ref)
    over.pass_time(2 * HOUR)
    over.lose_answers(1000)
    over.aha.put(f"/features/{ref.id}", {"feature": {"name": "Louder bell"}})
    over.wake(pair)
    over.drain(3)
    assert over.pair(ref).state == "waiting"
    assert over.grant.tried_at is not None
    assert over.connection().paused == "", "it may come right by itself"
    over.mend()
    assert current().bridges.keep_grants() == 1, "within ten minutes the token is taken again"
    over.drain()
    assert over.issue(pair.right_key)["summary"] == "Louder bell"


def test_after_that_somebody_signs_in_again_and_what_waited_goes_on(over: Granted) -> None:
    from crosswalk.store.models import JournalEntry

    ref = over.feature("Bell")
    pair = over.send(ref)
    over.pass_time(2 * HOUR)
    over.lose_answers(1000)
    over.aha.put(f"/features/{ref.id}", {"feature": {"name": "Louder bell"}})
    over.wake(pair)
    over.drain(2)
    over.pass_time(601)
    over.mend()
    with pytest.raises(NotSignedIn, match=r"lost at .* UTC and could not be asked for again in time") as told:
        over.check(over.connection())
    assert (told.value.code, "press Sign in again" in told.value.remedy) == ("O1", True)
    over.integration.refresh_from_db()
    assert over.integration.enabled
    assert "sign in again" in over.integration.trouble
    assert "was lost at" in over.connection().paused
    over.forget()
    over.drain(3)
    assert over.pair(ref).state == "waiting"
    assert over.requests("jira") == [], "nothing is asked of Jira meanwhile"
    page = over.browser.get(f"/connections/{over.connection().pk}/").content.decode()
    assert "Sign in again" in page
    assert over.sign_in_again().url.endswith("?test=now")
    over.integration.refresh_from_db()
    assert (over.integration.trouble, over.connection().paused) == ("", "")
    over.pass_time(1000)
    over.drain()
    assert over.issue(pair.right_key)["summary"] == "Louder bell"
    told_about = [line.what for line in JournalEntry.objects.filter(pair=None, integration=over.integration)]
    assert "“By consent” is signed in again." in told_about


def test_a_withdrawn_consent_pauses_at_the_next_renewal(signed: Granted) -> None:
    signed.withdraw()
    signed.pass_time(2 * HOUR)
    with pytest.raises(NotSignedIn, match="Consent was withdrawn"):
        signed.check(signed.connection())
    assert "invalid_grant" in signed.connection().paused


def test_a_host_that_is_down_for_a_while_ends_nothing(signed: Granted) -> None:
    from crosswalk.errors import ServerFault

    signed.pass_time(2 * HOUR)
    signed.fault("jira", kind="503", path_regex="/oauth/token$", times=1000)
    with pytest.raises(ServerFault):
        signed.check(signed.connection())
    assert signed.grant.trouble == ""
    assert signed.connection().paused == ""
    signed.mend()
    signed.pass_time(6)
    assert signed.check(signed.connection())


def test_another_secret_is_told_apart_from_an_ended_consent(signed: Granted) -> None:
    page = f"/connections/{signed.connection().pk}/app/"
    signed.browser.post(page, {"client_id": signed.app["client_id"], "client_secret": "another"})
    signed.pass_time(2 * HOUR)
    with pytest.raises(NotSignedIn, match="does not know the app by this client id and secret"):
        signed.check(signed.connection())
    signed.browser.post(page, {"client_id": signed.app["client_id"], "client_secret": signed.app["client_secret"]})
    assert signed.sign_in_again().url.endswith("?test=now")
    assert signed.check(signed.connection())


def test_a_scope_that_the_app_lacks_is_named_and_stops_nothing_else(oauth: Granted) -> None:
    from crosswalk.sync.installation import current

    connection = oauth.sign_in()
    oauth.server.consents[-1].site_app.scopes = ["read:jira-work", "write:jira-work", "read:jira-user"]
    from crosswalk.remote.request import Request

    client = current().bridges.client(connection)
    with pytest.raises(Forbidden, match="its consent lacks a scope") as told:
        client.send(Request("GET", "/rest/api/3/webhook"))
    assert told.value.code == "O3"
    assert oauth.grant.trouble == ""
    assert oauth.check(connection)


# ---- the way there and back


def test_what_comes_back_is_good_once_and_in_the_browser_that_began(oauth: Granted) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    back = oauth.consent(oauth.enter())
    other = Client(SERVER_NAME="localhost")
    other.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(back).url == "/connections/"
    assert oauth.grant.granted_at is None
    assert oauth.browser.get(back).url.endswith("?test=now")
    assert oauth.browser.get(back).url == "/connections/"
    assert "is done already" in oauth.browser.get("/connections/").content.decode()


@pytest.mark.parametrize("change", ["", "x", "another"])
def test_another_state_is_not_believed(oauth: Granted, change: str) -> None:
    from urllib.parse import parse_qs, urlencode, urlsplit

    given = {name: values[0] for name, values in parse_qs(urlsplit(oauth.consent(oauth.enter())).query).items()}
    given["state"] = given["state"] + change if change == "x" else change
    oauth.forget()
    oauth.browser.get(f"/connections/oauth/back/?{urlencode(given)}")
    assert oauth.grant.granted_at is None
    assert oauth.asked == 0


def test_a_consent_that_took_longer_than_ten_minutes_is_begun_again(oauth: Granted) -> None:
    address = oauth.enter()
    oauth.pass_time(601)
    oauth.browser.get(oauth.consent(address))
    assert oauth.grant.granted_at is None
    assert "older than ten minutes" in oauth.browser.get("/connections/").content.decode()


def test_somebody_who_does_not_consent_changes_nothing(signed: Granted) -> None:
    before = signed.grant.refresh.reveal()
    answer = signed.sign_in_again(word="no")
    assert answer.url == f"/connections/{signed.connection().pk}/"
    assert "The sign-in was not completed (access_denied)." in signed.browser.get(answer.url).content.decode()
    assert signed.grant.refresh.reveal() == before
    assert signed.check(signed.connection())


def test_a_code_is_worth_nothing_without_what_this_service_kept(oauth: Granted) -> None:
    """PKCE: the authorisation server refuses whoever caught the code."""
    from urllib.parse import parse_qs, urlsplit

    import httpx2

    code = parse_qs(urlsplit(oauth.consent(oauth.enter())).query)["code"][0]
    given = {"grant_type": "authorization_code", "code": code, "code_verifier": "guess", **oauth.app}
    given["redirect_uri"] = next(iter(oauth.server.registered.values())).callback
    assert httpx2.post(f"{oauth.there}/oauth/token", json=given, verify=TLS).json()["error"] == "invalid_grant"


ELSEWHERE = {"id": "11111111-2222-3333-4444-555555555555", "url": "https://other.atlassian.example", "name": "Other"}
SCOPES = {"scopes": ["read:jira-work", "write:jira-work"]}


def test_of_several_sites_a_person_chooses_one(oauth: Granted) -> None:
    wiki = {**ELSEWHERE, "id": "wiki", "scopes": ["read:confluence-content.all"]}
    oauth.server.more = [{**ELSEWHERE, **SCOPES}, wiki]
    answer = oauth.browser.get(oauth.consent(oauth.enter()))
    pk = oauth.connection().pk
    assert answer.url == f"/connections/{pk}/site/"
    page = oauth.browser.get(answer.url).content.decode()
    assert "2 Jira sites" in page
    assert "other.atlassian.example" in page
    refused = oauth.browser.post(answer.url, {"site": "wiki"})
    assert "does not open that site" in refused.content.decode()
    chosen = oauth.browser.post(answer.url, {"site": oauth.site.cloud_id})
    assert chosen.url == f"/connections/{pk}/?test=now"
    assert oauth.check(oauth.connection())


def test_runs_go_on_before_the_connection_is_tested_again(over: Granted) -> None:
    """Of several sites a person chooses the one that the connection stands for already; nobody presses Test."""
    pk = over.connection().pk
    over.server.more = [{**ELSEWHERE, **SCOPES}]
    over.sign_in_again()
    chosen = over.browser.post(f"/connections/{pk}/site/", {"site": over.site.cloud_id})
    assert chosen.url == f"/connections/{pk}/?test=now"
    over.integration.refresh_from_db()
    found = over.connection()
    assert (found.checked_at, "account" in found.server) == (None, False)
    assert over.send(over.feature("Bell")).state == "agreed"
    over.poll()
    over.integration.refresh_from_db()
    assert over.integration.trouble == ""


def test_a_consent_for_another_site_changes_nothing(signed: Granted) -> None:
    before = signed.grant.refresh.reveal()
    signed.server.resources = lambda _access, _root: [{**ELSEWHERE, **SCOPES}]
    answer = signed.sign_in_again()
    page = signed.browser.get(answer.url).content.decode()
    assert "opens https://other.atlassian.example, not the site that “By consent” stands for" in page
    assert signed.grant.refresh.reveal() == before
    signed.server.resources = lambda _access, _root: []
    page = signed.browser.get(signed.sign_in_again().url).content.decode()
    assert "opens no Jira site" in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "This field is required"),
        ("name", "The Jira", "already exists"),
        ("client_id", "", "This field is required"),
        ("client_id", "two words", "Copy it once more"),
        ("client_secret", "", "This field is required"),
        ("client_secret", "ö", "Copy it once more"),
        ("client_secret", "x" * 1001, "at most 1000 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(oauth: Granted, field: str, value: str, says: str) -> None:
    make_integration("The")
    form = {"name": "By consent", **oauth.app, field: value}
    answer = oauth.browser.post("/connections/new/jira/oauth/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page.split(f'name="{field}"')[1].split("</div>")[0]
    assert oauth.app["client_secret"] not in page


def test_no_page_log_line_or_export_shows_what_a_grant_holds(over: Granted, capfd: Any) -> None:
    from crosswalk.store.models import Act, JournalEntry, RequestEntry
    from crosswalk.sync import ascode

    over.pass_time(2 * HOUR)
    over.check(over.connection())
    grant = over.grant
    secrets = [getattr(grant, name).reveal() for name in ("access", "refresh", "client_secret")]
    assert all(secrets)
    pk = over.connection().pk
    addresses = [f"/connections/{pk}/", f"/connections/{pk}/site/", "/connections/", "/acts/", "/log/", "/"]
    shown = "".join(over.browser.get(one, follow=True).content.decode() for one in addresses)
    rows = [
        *Act.objects.values_list("said", "what", "about"),
        *JournalEntry.objects.values_list("what", "why", "remedy"),
        *RequestEntry.objects.values_list("call", "error"),
    ]
    shown += repr(rows) + ascode.export(over.integration) + repr(grant) + "".join(capfd.readouterr())
    assert not [secret for secret in secrets if secret in shown]


def test_the_form_of_such_a_connection_asks_for_no_secret_and_keeps_the_site(signed: Granted) -> None:
    connection = signed.connection()
    page = signed.browser.get(f"/connections/{connection.pk}/").content.decode()
    assert 'name="secret"' not in page
    assert 'name="address"' not in page
    form = {
        "name": "Sea",
        "authority": "",
        "address": "https://evil.example",
        "version": connection.updated_at.isoformat(),
    }
    signed.browser.post(f"/connections/{connection.pk}/", form)
    assert signed.connection("Sea").address == connection.address


def test_only_an_owner_signs_in(signed: Granted) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    editor = Client(SERVER_NAME="localhost")
    editor.force_login(
        User.objects.create(username="eve", is_staff=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert editor.post(f"/connections/{signed.connection().pk}/sign-in/").status_code == 403
    assert editor.get("/connections/oauth/back/?code=x&state=y").status_code == 403


def test_the_consent_page_is_asked_for_what_the_page_shows(oauth: Granted) -> None:
    from urllib.parse import parse_qs, urlsplit

    page = oauth.browser.get("/connections/new/jira/oauth/").content.decode()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(oauth.enter()).query).items()}
    assert f">{asked['scope']}</textarea>" in page
    assert f'value="{asked["redirect_uri"]}"' in page
    assert (asked["audience"], asked["prompt"], asked["code_challenge_method"]) == (
        "api.atlassian.com",
        "consent",
        "S256",
    )
    answer = oauth.browser.post(f"/connections/{oauth.connection().pk}/sign-in/")
    assert leads_to(answer) != oauth.enter("Another")
