"""A connection by OAuth 2.0 in a browser: out to the consent page of another site, and back, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Serving, Stage, own
from tests.pages.look import wrong_in_any_window
from tests.pages.pictures import picture
from tests.pages.windows import close

from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Sandboxes

pytestmark = pytest.mark.pages


@pytest.fixture(scope="module")
def consenting(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A service whose Atlassian is the sandbox Jira, with an owner and nothing else."""
    with Sandboxes("jira-cloud", 0, 0) as sandboxes:
        there = sandboxes.jira.address.replace("127.0.0.1", "localhost")  # another site to the browser, as in life
        hosts = {"CROSSWALK_ATLASSIAN_AUTH": there, "CROSSWALK_ATLASSIAN_API": sandboxes.jira.address}
        serving = Serving(tmp_path_factory.mktemp("oauth"), **hosts)
        players = AhaPlayer(sandboxes.aha), JiraPlayer(sandboxes.jira, sandboxes.flavour)
        try:
            found = Stage(serving.url, browser, *players)
            page = found.page(storage_state=None)
            own(page, serving.code)
            found.state = page.context.storage_state()
            close(page)
            found.integration = sandboxes.jira.address
            yield found
            found.leave()
        finally:
            for player in players:
                player.close()
            status = serving.stop()
    assert status == 0, "".join(serving.said)[-2000:]
    assert "sandbox-" not in "".join(serving.said), "no token is logged"


def _type(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(text)


def test_an_owner_connects_jira_by_consent(consenting: Stage) -> None:
    page = consenting.page()
    page.goto("/connections/new/jira/")
    page.get_by_role("link", name="sign in by OAuth 2.0").press("Enter")
    callback = page.get_by_label("Callback address").input_value()
    assert callback == f"{consenting.url}/connections/oauth/back/"
    assert wrong_in_any_window(page, "oauth-new") == {}
    told = {"name": "Crosswalk", "callback": callback}
    app = httpx2.post(f"{consenting.integration}/_sandbox/oauth", json=told).raise_for_status().json()
    _type(page, "Client ID", app["client_id"])
    _type(page, "Secret", app["client_secret"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Crosswalk asks for access")).to_be_visible()
    picture(page, "oauth-consent")
    page.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_text("The connection works")).to_be_visible()
    expect(page.get_by_text("Signed in", exact=True)).to_be_visible()
    assert wrong_in_any_window(page, "oauth-connection") == {}
    page.get_by_role("button", name="Sign in again").press("Enter")
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_text("The sign-in was not completed (access_denied).")).to_be_visible()
    expect(page.get_by_text("Signed in", exact=True)).to_be_visible()
    close(page)
    complaints, consenting.trouble = consenting.trouble, []
    assert complaints == []
