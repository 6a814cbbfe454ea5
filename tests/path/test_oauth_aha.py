"""Aha! by OAuth 2.0: consent, a token that does not end, and a consent that is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from crosswalk.errors import NotSignedIn
from tests.path.granting import Granted, granting, leads_to
from tests.path.system import TLS, running


class There:
    """The sandbox Aha!'s consent page, and the browser that goes there."""

    def __init__(self, stage: Granted) -> None:
        from crosswalk.web.views.grants import callback

        self.stage, self.address, self.browser = stage, stage.aha_at.address, stage.browser
        told = {"name": "Crosswalk", "callback": callback()}
        self.app = httpx2.post(f"{self.address}/_sandbox/oauth", json=told, verify=TLS).raise_for_status().json()

    def enter(self, **changed: str) -> Any:
        form = {"name": "Aha! by consent", "address": f"{self.address}/", **self.app, **changed}
        return self.browser.post("/connections/new/aha/oauth/", form)

    def consent(self, address: str, word: str = "yes") -> Any:
        """Press a button of the consent page, and follow the browser back."""
        assert "Authorize Crosswalk?" in httpx2.get(address, verify=TLS).text
        person = self.stage.account.users[0].id
        answer = httpx2.post(address, data={"word": word, "person": person}, verify=TLS)
        parts = urlsplit(answer.headers["location"])
        return self.browser.get(f"{parts.path}?{parts.query}")

    def withdraw(self) -> None:
        httpx2.delete(f"{self.address}/_sandbox/oauth", verify=TLS).raise_for_status()

    @property
    def connection(self) -> Any:
        return self.stage.connection("Aha! by consent")


@pytest.fixture
def there() -> Iterator[There]:
    with granting(lambda: running("cloud")) as stage:
        yield There(stage)


def over(there: There) -> Any:
    """The integration goes over the consent from now on."""
    from crosswalk.sync import service

    answer = there.consent(leads_to(there.enter()))
    assert answer.url.endswith("?test=now"), there.stage.said()
    service.check_connection(there.connection)
    integration = there.stage.integration
    integration.aha = there.connection
    integration.save()
    return integration


def test_a_feature_is_sent_over_a_consent(there: There) -> None:
    over(there)
    assert there.connection.address == there.address
    assert there.connection.grant.access_until is None
    pair = there.stage.send(there.stage.feature("Bell", 1))
    assert pair.state == "agreed", pair.reason
    there.stage.pass_time(400 * 86400)
    assert there.stage.check(there.connection), "it does not end"


def test_a_consent_that_is_taken_back_pauses_and_signing_in_again_goes_on(there: There) -> None:
    over(there)
    stage = there.stage
    ref = stage.feature("Bell")
    pair = stage.send(ref)
    there.withdraw()
    stage.jira.move(pair.right_key, "In Progress")
    stage.wake(pair)
    stage.drain(3)
    assert stage.pair(ref).state == "waiting"
    with pytest.raises(NotSignedIn, match="does not accept the sign-in any more") as told:
        stage.check(there.connection)
    assert told.value.code == "O1"
    page = there.browser.get(f"/connections/{there.connection.pk}/").content.decode()
    assert "Sign in again</span>" in page
    again = leads_to(there.browser.post(f"/connections/{there.connection.pk}/sign-in/"))
    assert there.consent(again).url.endswith("?test=now")
    assert there.connection.paused == ""
    stage.pass_time(1000)
    stage.drain()
    status = stage.aha.get(f"/features/{ref.id}")["feature"]["workflow_status"]["name"]
    assert status == "In development"


def test_a_denied_consent_and_a_wrong_secret_are_said(there: There) -> None:
    there.consent(leads_to(there.enter(client_secret="wrong")))
    assert "does not know the app by this client id and secret" in there.stage.said()
    pk = there.connection.pk
    there.browser.post(f"/connections/{pk}/app/", there.app)
    there.consent(leads_to(there.browser.post(f"/connections/{pk}/sign-in/")), word="no")
    assert "was not completed (access_denied)" in there.stage.said()
    assert there.connection.grant.granted_at is None


def test_an_account_has_an_address_and_no_scopes(there: There) -> None:
    answer = there.enter(address="not an address")
    assert answer.status_code == 422
    assert "is not a web address" in answer.content.decode()
    page = there.browser.get("/connections/new/aha/oauth/").content.decode()
    assert 'id="scopes"' not in page
    asked = parse_qs(urlsplit(leads_to(there.enter())).query)
    assert not asked.keys() & {"scope", "audience", "prompt"}
