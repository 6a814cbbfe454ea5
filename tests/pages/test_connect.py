"""Jira via Connect in a browser: allowed by an owner, chosen on a page inside Jira, seen in a panel of an issue."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Serving, Stage, connect, own
from tests.pages.keyboard import press, write
from tests.pages.look import says, wrong_in_any_window
from tests.pages.pictures import picture
from tests.pages.windows import close

from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Account, Sandboxes

pytestmark = pytest.mark.pages

LEFTMOST = (
    "Math.min(...[...document.querySelectorAll('main :not(.for-readers)')]"
    ".filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().left))"
)
CDN = "https://connect-cdn.atl-paas.net/**"


@dataclass
class Inside:
    """The stage with the app installed, allowed, and an integration over it that has sent a feature."""

    stage: Stage
    jira: str
    elsewhere: str
    account: Account
    key: str = ""
    feature: str = ""

    def frame(self, module: str, issue: str = "") -> tuple[str, str]:
        """The address of a module's iframe as Jira signs it, and the token that its page may ask Jira for."""
        asked = f"{self.jira}/_sandbox/apps/crosswalk-sync/modules/{module}"
        told = httpx2.get(asked, params={"issue": issue}).raise_for_status().json()
        return told["address"], told["token"]

    def page(self, token: str = "") -> Page:
        """A window without any cookie. Atlassian's script is stood in for: it gives the page `token`."""
        page = self.stage.page(storage_state=None)
        script = f"window.AP = {{ context: {{ getToken: (take) => take({token!r}) }} }};" if token else ""
        page.route(CDN, lambda route: route.fulfill(body=script, content_type="text/javascript"))
        return page

    def framed(self, page: Page, address: str, by: str = "") -> Any:
        """`address` in an iframe of a page of Jira's (or of `by`)."""
        # A real answer of the host's: Chromium lets no page that was made up reach this machine's own addresses.
        page.goto(f"{by or self.jira}/_sandbox/requests")
        page.evaluate(
            "(address) => { const frame = Object.assign(document.createElement('iframe'), { src: address, width: 900,"
            " height: 700 }); document.body.replaceChildren(frame); }",
            address,
        )
        return page.frame_locator("iframe")

    def in_step(self, page: Page, address: str) -> Any:
        """The panel in an iframe of Jira's, opened until it says so: a panel that is open stays as it is."""
        for _ in range(20):
            says(page, address, "In step")
            frame = self.framed(page, address)
            expect(frame.locator("h1")).to_be_visible()
            if frame.get_by_text("In step").count():
                return frame
        raise AssertionError("the panel never says In step")


@pytest.fixture(scope="module")
def inside(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    with Sandboxes("jira-cloud", 0, 0) as sandboxes:
        # Nobody is asked for news: what comes, comes by the app's own hooks.
        given = {"CROSSWALK_CONNECT_KEYS": sandboxes.jira.address, "CROSSWALK_POLL_SECONDS": "3600"}
        serving = Serving(tmp_path_factory.mktemp("connect"), **given)
        players = AhaPlayer(sandboxes.aha), JiraPlayer(sandboxes.jira, sandboxes.flavour)
        try:
            window = Stage(serving.url, browser, *players)
            found = Inside(window, sandboxes.jira.address, sandboxes.aha.address, sandboxes.jira)
            _set_up(found, serving.code, sandboxes)
            yield found
            window.leave()
        finally:
            for player in players:
                player.close()
            status = serving.stop()
    assert status == 0, "".join(serving.said)[-2000:]


def _set_up(inside: Inside, code: str, sandboxes: Sandboxes) -> None:
    """By pages alone: an owner allows the site, an administrator of Jira makes an integration, the owner enables it."""
    stage = inside.stage
    page = stage.page(storage_state=None)
    own(page, code)
    connect(page, "Connect Aha!", {"Address": sandboxes.aha.address, "API key": sandboxes.aha.secret})
    descriptor = f"{stage.url}/connect/atlassian-connect.json"
    httpx2.post(f"{inside.jira}/_sandbox/apps", json={"descriptor": descriptor}, timeout=60).raise_for_status()
    page.goto("/connections/")
    page.get_by_role("link", name="Jira via Connect").click()
    expect(page.get_by_text("Waits for you")).to_be_visible()
    picture(page, "connect-waits", whole=True)
    page.get_by_role("button", name="Allow this site").click()
    expect(page.get_by_text("is allowed, and the connection works")).to_be_visible()

    admin = inside.page()
    frame = inside.framed(admin, inside.frame("crosswalk-configure")[0])
    page.goto(_made(frame, "Over Connect"))
    close(admin)
    expect(page.get_by_text("reaches Jira by the Connect app")).to_be_visible()
    page.get_by_role("button", name="Enable").click()
    page.get_by_role("link", name="Records").click()
    row = page.locator("tbody tr").first
    row.get_by_role("button").click()
    expect(row).to_contain_text("In step")
    inside.key = str(row.locator("a.key").last.text_content())
    inside.feature = str(row.locator(".key").first.text_content()).strip()
    stage.integration = page.url.removeprefix(stage.url)
    stage.state = page.context.storage_state()
    close(page)


def _made(frame: Any, name: str) -> str:
    """An integration that an administrator of Jira makes inside Jira; the address of its settings."""
    frame.get_by_role("button", name="Go on").click()
    frame.get_by_role("radiogroup", name="Workspace in Aha!").get_by_text("FAB").click()
    frame.get_by_role("radiogroup", name="Project in Jira").get_by_text("FAB").click()
    frame.get_by_label("Name of the integration").fill(name)
    frame.get_by_role("button", name="Make the integration").click()
    link = frame.get_by_role("link", name="Look at its settings")
    expect(link).to_be_visible()
    return str(link.get_attribute("href"))


def _quiet(stage: Stage) -> None:
    complaints, stage.trouble = stage.trouble, []
    assert complaints == []


@pytest.mark.parametrize("module", ["crosswalk-panel", "crosswalk-configure"])
def test_a_page_inside_jira_can_be_read_and_used(inside: Inside, module: str) -> None:
    address, token = inside.frame(module, inside.key if module.endswith("panel") else "")
    page = inside.page(token)
    page.goto(address)
    if module.endswith("configure"):
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_label("Name of the integration")).to_be_visible()
    assert wrong_in_any_window(page, module) == {}
    assert page.locator("h1").count() == 1
    assert page.evaluate(LEFTMOST) >= 12  # the iframe's edge is the page's own
    assert page.context.cookies() == []
    close(page)
    _quiet(inside.stage)


def test_the_owners_page_can_be_read_and_used(inside: Inside) -> None:
    httpx2.post(f"{inside.stage.url}/connect/installed", json={"baseUrl": "https://somebody.atlassian.net"})
    page = inside.stage.page()
    page.goto("/connections/connect/")
    assert "Event 'installed' failed" in page.locator(".calls").inner_text()
    assert wrong_in_any_window(page, "connect-sites") == {}
    close(page)
    _quiet(inside.stage)


def test_an_integration_moves_away_from_connect_by_the_keyboard(inside: Inside) -> None:
    admin, at = inside.page(), inside.account
    there = _made(inside.framed(admin, inside.frame("crosswalk-configure")[0]), "To be moved")
    close(admin)
    page = inside.stage.page(viewport={"width": 360, "height": 800})
    page.goto("/connections/new/jira/")
    given = {"Name": "With a token", "Server URL": at.address, "Username": at.user, "Password": at.secret}
    for label, text in given.items():
        write(page, label, text)
    press(page, "Save and test")
    expect(page.locator("#check .found")).to_be_visible()
    page.goto("/connections/connect/")
    press(page, re.compile("^Move To be moved to “"))
    expect(page.locator("#messages")).to_contain_text("To be moved")
    assert wrong_in_any_window(page, "connect-moved") == {}
    page.goto(there)
    expect(page.get_by_role("heading", name="To be moved")).to_be_visible()
    expect(page.get_by_text("reaches Jira by the Connect app")).to_have_count(0)
    close(page)
    _quiet(inside.stage)


def test_the_panel_looks_again_with_a_token_of_jiras(inside: Inside) -> None:
    address, token = inside.frame("crosswalk-panel", inside.key)
    page = inside.page(token)
    frame = inside.in_step(page, address)
    alice = inside.stage.page()
    alice.goto(f"{inside.stage.integration}settings/")
    alice.get_by_role("button", name="Pause").click()
    expect(alice.get_by_text("Over Connect is paused.")).to_be_visible()
    frame.get_by_role("button", name="Look again").focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_text("Over Connect is paused. Changes are kept.")).to_be_visible()
    alice.get_by_role("button", name="Enable").click()
    expect(alice.get_by_text("Over Connect is enabled.")).to_be_visible()
    for one in (alice, page):
        close(one)
    _quiet(inside.stage)


def test_a_change_in_jira_comes_by_the_apps_own_hook(inside: Inside) -> None:
    inside.stage.jira.rename(inside.key, "Renamed in Jira")
    until = time.monotonic() + 120
    while inside.stage.aha.name("features", inside.feature) != "Renamed in Jira":
        assert time.monotonic() < until
        time.sleep(0.1)


def test_nobody_but_the_site_can_frame_a_page(inside: Inside) -> None:
    address, token = inside.frame("crosswalk-panel", inside.key)
    page = inside.page(token)
    inside.in_step(page, address)
    with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
        frame = inside.framed(page, address, by=inside.elsewhere)
    expect(frame.get_by_text("In step")).to_have_count(0)
    close(page)
    complaints, inside.stage.trouble = inside.stage.trouble, []
    assert any("frame-ancestors" in line for line in complaints)
