"""The extension for Aha!, as the vendor's program builds and installs it, in the pages of the sandbox Aha!.

What is pressed there becomes an issue by Crosswalk's API alone; what changes in Jira comes back beside the record.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from tests import extension
from tests.pages.conftest import Stage
from tests.pages.look import JUMPS, jumped, wrong_in_any_window
from tests.pages.windows import close

pytestmark = pytest.mark.pages
SETTINGS = "crosswalk"


@dataclass
class Aha:
    """The sandbox with the extension installed, its address and an account-wide token set."""

    stage: Stage
    address: str
    token: str

    def feature(self, name: str) -> str:
        """A new feature; its reference number."""
        made = self.stage.aha.post("/releases/FAB-R-1/features", {"feature": {"name": name}})
        return str(made["feature"]["reference_num"])

    def say(self, **values: str) -> None:
        """Change settings of the account; an empty one is taken away."""
        address = f"{self.address}/_play/extensions/{extension.IDENTIFIER}/settings"
        httpx2.post(address, json={"scope": "account", "values": values}).raise_for_status()


def _token(stage: Stage) -> str:
    page = stage.page()
    page.goto("/me/")
    page.get_by_label("What for").fill("Aha!")
    page.get_by_label("Sender").check()
    page.get_by_role("button", name="Make a token").click()
    found = page.get_by_role("textbox", name="Token").input_value()
    close(page)
    return found


@pytest.fixture(scope="module")
def aha(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Aha:
    out = tmp_path_factory.mktemp("extension") / "out"
    parts = urlsplit(stage.aha.record("features", "FAB-1")["url"])
    address = f"{parts.scheme}://{parts.netloc}"
    for done in (extension.build(stage.url, out), extension.vendor("extension:install", out, address, stage.key)):
        assert done.returncode == 0, done.stderr
    for name in ("react", "react-dom"):
        httpx2.put(f"{address}/_play/libraries/{name}", content=extension.library(name)).raise_for_status()
    found = Aha(stage, address, _token(stage))
    found.say(token=found.token)
    return found


@pytest.fixture
def window(aha: Aha) -> Iterator[Page]:
    """A window of somebody in Aha! who was never in Crosswalk; at the end its console must be clean."""
    page = aha.stage.page(base_url=aha.address, storage_state=None)
    yield page
    close(page)
    complaints, aha.stage.trouble = aha.stage.trouble, []
    assert complaints == []


def _beside(page: Page, key: str) -> Locator:
    page.goto(f"/features/{key}")
    return page.get_by_test_id("view-jira")


def _kept(field: Locator) -> Locator:
    """The line that says what was sent, which keeps what it said: it is empty again once the record is in step."""
    said = field.get_by_role("status")
    said.evaluate(
        "one => new MutationObserver(() => { one.dataset.said = `${one.dataset.said || ''} ${one.textContent}`; })"
        ".observe(one, { childList: true, characterData: true, subtree: true })"
    )
    return said


def test_a_record_is_sent_from_its_own_page_and_its_status_comes_back(aha: Aha, window: Page) -> None:
    key = aha.feature("A bell for the night")
    field = _beside(window, key)
    expect(field).to_contain_text("Not in Jira yet")
    assert wrong_in_any_window(window, "aha-not-sent") == {}
    said = _kept(field)
    field.get_by_role("button", name="Send to Jira").click()
    expect(said).to_have_attribute("data-said", re.compile(re.escape(f"{key} is on the way to Jira.")))
    link = field.get_by_role("link", name="FAB-")
    expect(link).to_be_visible()
    issue = link.inner_text()
    assert aha.stage.jira.summary(issue) == "A bell for the night"
    expect(link).to_have_attribute("href", re.compile(rf"/browse/{issue}$"))
    expect(field).to_contain_text("In step")
    expect(field).to_contain_text("· To Do")
    aha.stage.jira.move(issue, "In Progress")
    expect(field).to_contain_text("· In Progress")
    expect(field).to_contain_text("✓ In step")
    assert wrong_in_any_window(window, "aha-sent") == {}


def test_what_was_known_is_there_before_crosswalk_answers(aha: Aha, window: Page) -> None:
    key = aha.feature("A lamp")
    field = _beside(window, key)
    # What is shown is kept a moment later, and a page that is left meanwhile keeps nothing.
    with window.expect_response(lambda answer: '"In step"' in f"{answer.request.post_data}"):
        field.get_by_role("button", name="Send to Jira").click()
    expect(field).to_contain_text("In step")
    issue = field.get_by_role("link", name="FAB-").inner_text()
    window.route(f"{aha.stage.url}/**", lambda route: None)  # it never answers
    window.reload()
    expect(field.get_by_role("link", name=issue)).to_be_visible()
    expect(field).to_contain_text("In step")


def test_the_field_stands_still_while_crosswalk_is_asked(aha: Aha, window: Page) -> None:
    key = aha.feature("A mudguard")
    field = _beside(window, key)
    with window.expect_response(lambda answer: '"In step"' in f"{answer.request.post_data}"):
        field.get_by_role("button", name="Send to Jira").click()
    expect(field).to_contain_text("· To Do")
    window.add_init_script(JUMPS)

    def late(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    window.route(f"{aha.stage.url}/**", late)
    with window.expect_response(f"**/api/v1/aha/{key}"):
        window.reload()
    expect(field).to_contain_text("· To Do")
    window.wait_for_timeout(200)
    assert jumped(window) == []


def test_an_issue_whose_address_is_not_known_yet_is_no_link(aha: Aha, window: Page) -> None:
    """A pair has its key as soon as the issue is made, and its address with what is stored after it."""
    key = aha.feature("A pump")

    def made(route: Route) -> None:
        answer = route.fetch()
        found = {"places": [one | {"key": "FAB-999", "url": ""} for one in answer.json()["places"]]}
        route.fulfill(response=answer, json=found)

    window.route(f"**/api/v1/aha/{key}", made)
    field = _beside(window, key)
    expect(field).to_contain_text("FAB-999")
    expect(field.get_by_role("link", name="FAB-999")).to_have_count(0)


def test_the_record_action_sends_too(aha: Aha, window: Page) -> None:
    key = aha.feature("A basket")
    field = _beside(window, key)
    expect(field).to_contain_text("Not in Jira yet")
    window.get_by_test_id("command-sendToJira").click()
    expect(window.get_by_test_id("command-output")).to_contain_text(f"{key} is on the way to Jira.")
    expect(field).to_contain_text("In step")


def test_a_requirement_goes_with_its_feature(aha: Aha, window: Page) -> None:
    key = aha.feature("A pannier")
    aha.stage.aha.post(f"/features/{key}/requirements", {"requirement": {"name": "Fits on the left"}})
    window.goto(f"/requirements/{key}-1")
    field = window.get_by_test_id("view-jira")
    said = _kept(field)
    field.get_by_role("button", name="Send to Jira").click()
    expect(said).to_have_attribute("data-said", re.compile(re.escape(f"{key}-1 goes to Jira with {key}.")))
    link = field.get_by_role("link", name="FAB-")
    expect(link).to_be_visible(timeout=30_000)
    assert aha.stage.jira.summary(link.inner_text()) == "Fits on the left"


def test_what_is_not_sent_says_why_and_keeps_saying_it(aha: Aha) -> None:
    page = aha.stage.page(base_url=aha.address, storage_state=None)
    try:
        page.goto("/epics/FAB-E-1")
        field = page.get_by_test_id("view-jira")
        field.get_by_role("button", name="Send to Jira").click()
        alert = field.get_by_role("alert")
        expect(alert).to_contain_text("Epics are not sent by the integration “Fable Bicycles”.")
        expect(alert).to_contain_text("Say under Mapping")
        with page.expect_response("**/api/v1/aha/FAB-E-1"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(alert).to_contain_text("Epics are not sent")
        assert wrong_in_any_window(page, "aha-refused") == {}
    finally:
        close(page)
        aha.stage.trouble = []  # the browser itself says that a request was refused


def test_by_keyboard_alone(aha: Aha, window: Page) -> None:
    field = _beside(window, aha.feature("A saddle"))
    button = field.get_by_role("button", name="Send to Jira")
    expect(button).to_be_visible()
    window.get_by_test_id("delete").focus()
    window.keyboard.press("Tab")
    expect(button).to_be_focused()
    window.keyboard.press("Enter")
    expect(field).to_contain_text("In step")


def test_the_settings_page_says_who_sends(aha: Aha, window: Page) -> None:
    window.goto(f"/extensions/{extension.IDENTIFIER}/{SETTINGS}")
    view = window.locator("#view")
    expect(view).to_contain_text("Crosswalk answers. What you send is sent as alice.")
    expect(view).not_to_contain_text("more than send")
    assert wrong_in_any_window(window, "aha-settings") == {}


def test_the_settings_are_set_on_a_page(aha: Aha, window: Page) -> None:
    window.goto("/extensions")
    window.get_by_test_id("user-token").fill("cw_nothing")
    window.get_by_test_id("save-user").click()
    expect(window.get_by_text("Settings saved.")).to_be_visible()
    assert wrong_in_any_window(window, "aha-extensions") == {}
    window.get_by_test_id("user-token").fill("")
    window.get_by_test_id("save-user").click()
    expect(window.get_by_text("Settings saved.")).to_be_visible()


NOBODY = "There is no API token, or it has ended"
WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "no token": ({"token": ""}, "No token of Crosswalk is set.", "Make a sender's token"),
    "no word of a token": ({"token": "ab cd"}, "What stands as the token is none.", "Make a sender's token"),
    "a token that ended": ({"token": "cw_nothing"}, NOBODY, "Make a token"),
    "no address": ({"address": "crosswalk"}, "Crosswalk's address is not set.", "An administrator"),
    "another host": ({"address": "http://127.0.0.1:9"}, "Crosswalk did not answer", "Open that address"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_remedy(aha: Aha, name: str) -> None:
    settings, said, remedy = WRONG[name]
    aha.say(**settings)
    page = aha.stage.page(base_url=aha.address, storage_state=None)
    try:
        field = _beside(page, "FAB-1")
        alert = field.get_by_role("alert")
        expect(alert).to_contain_text(said)
        expect(alert).to_contain_text(remedy)
        expect(field.get_by_role("button", name="Send to Jira")).to_have_count(0)
        if name == "another host":
            assert wrong_in_any_window(page, "aha-wrong") == {}
        aha.say(token=aha.token, address="")
        page.reload()
        expect(field.get_by_role("alert")).to_have_count(0)
        expect(field).to_contain_text(re.compile("Send to Jira|In step"))  # whether another test has sent it or not
    finally:
        aha.say(token=aha.token, address="")
        close(page)
        aha.stage.trouble = []  # the browser itself says that a request was refused


def test_a_page_of_another_site_is_told_nothing(aha: Aha, stage: Stage) -> None:
    """The same request from an account that is not connected: the browser keeps the answer back."""
    page = stage.page(base_url=aha.address.replace("127.0.0.1", "localhost"), storage_state=None)
    try:
        field = _beside(page, "FAB-1")
        expect(field.get_by_role("alert")).to_contain_text("Crosswalk did not answer")
    finally:
        close(page)
        stage.trouble = []
