"""The set-up in a browser: steps that resume where they were, a webhook by one click, one feature sent to try it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.pages.conftest import Stage
from tests.pages.look import settled, words
from tests.pages.pictures import picture
from tests.pages.windows import close

pytestmark = pytest.mark.pages


def _step(page: Page, title: str) -> Locator:
    return page.locator("ol.setup > li").filter(has_text=title)


def test_it_is_done_by_the_keyboard_alone_on_a_telephone(stage: Stage) -> None:
    """The stage was set up so: on each of its pages nothing is cut off, and Tab comes to everything."""
    assert list(stage.judged) == [
        "setup", "home-first", "connected", "new", "settings", "setup-begun", "mapping", "plan", "enabled",
        "setup-done",
    ]  # fmt: skip
    wrong = [f"{name}: {one}" for name, found in stage.judged.items() for one in found]
    assert wrong == [], "\n".join(wrong)


def test_the_steps_say_how_far_it_is(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.integration}setup/")
    for title in ("Connect Aha!", "Connect Jira", "Load project data", "Map types and fields", "Enable"):
        expect(_step(page, title)).to_have_class("done")
    # The stage sent FAB-4 by this page, once for all.
    expect(_step(page, "Send one feature")).to_have_class("done")
    expect(_step(page, "Send one feature")).to_contain_text("in Jira now, as issue")
    expect(page.locator("#setup-lead").get_by_role("link")).to_have_count(2)  # what to do next
    _step(page, "Send one feature").get_by_role("link", name="See both sides").click()
    expect(page.locator("#compare")).to_be_visible()


def test_a_webhook_is_registered_by_one_click_and_turns_green(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.integration}setup/")
    page.get_by_role("link", name="See below").click()
    page.get_by_text("Register it again, or by hand").click()  # the stage did so once
    page.get_by_role("button", name="Register it in Jira").click()
    expect(page.get_by_text("Jira has this webhook already.")).to_be_visible()
    page.get_by_role("link", name="See below").click()
    expect(page.locator("#hook-jira")).to_be_visible()
    stage.jira.rename(stage.issue("A hook tells of this"), "A hook told of this")
    stage.feature("A hook of Aha! tells of this")
    for side in ("jira", "aha"):
        expect(page.locator(f"#hook-{side}")).to_contain_text("Delivers")
    picture(page, "setup-steps", whole=True)


def test_a_test_of_a_connection_says_what_it_found(stage: Stage, page: Page) -> None:
    page.goto("/connections/2/")
    page.get_by_role("button", name="Test connection").click()
    found = page.locator("#check .found")
    expect(found).to_contain_text("Its clock")
    # Nothing may have changed since the test before: what shows that it was tested is the moment, and the focus.
    expect(found).to_contain_text("tested just now")
    expect(page.locator("#tested")).to_be_focused()
    for told in ("Cloud", "Signed in as", "Encryption", "the same as ours", "none missing, looked at in 1 project"):
        expect(found).to_contain_text(told)
    picture(page, "connection-found", whole=True)
    expect(page.get_by_label("Proxy", exact=True)).to_be_hidden()  # it works: nobody has to read its settings
    page.get_by_role("heading", name="Settings").click()
    page.get_by_text("Behind a firewall: own certificates, proxy").click()
    page.locator("#id_proxy").fill("http://alice:secret@proxy.example.com:3128")
    page.get_by_role("button", name="Save and test").click()
    expect(page.get_by_text("Enter name and password below")).to_be_visible()
    stage.trouble = [line for line in stage.trouble if "422" not in line]


ARROWS = """(bar) => ["::before", "::after"].map((one) => getComputedStyle(bar, one).content.replace(/[" /]/g, ""))"""


def test_an_arrow_says_that_there_are_more_tabs(stage: Stage) -> None:
    page = stage.page(viewport={"width": 360, "height": 780})
    page.goto(stage.integration)
    bar = page.locator(".tabs")
    expect(bar).to_have_class("tabs after")
    assert bar.evaluate(ARROWS) == ["none", "›"]
    bar.evaluate("(one) => { one.scrollLeft = 60; }")
    expect(bar).to_have_class("tabs after before")
    assert bar.evaluate(ARROWS) == ["‹", "›"]
    bar.evaluate("(one) => { one.scrollLeft = one.scrollWidth; }")
    expect(bar).to_have_class("tabs before")
    page.set_viewport_size({"width": 1280, "height": 780})
    expect(bar).to_have_class("tabs")
    assert bar.evaluate(ARROWS) == ["none", "none"]
    close(page)


MOST = {
    "setup/": 150,
    "mapping/feature/": 170,
    "/connections/1/": 60,
    "/connections/2/": 70,
    "/connections/new/jira/": 120,
}
"""How many words a page may ask somebody to read who sets up for the first time: all of them took ten minutes."""


def test_what_has_to_be_read_to_set_up_is_short(stage: Stage, page: Page) -> None:
    found = {}
    for address in MOST:
        page.goto(address if address.startswith("/") else f"{stage.integration}{address}")
        settled(page)
        found[address] = words(page)
    assert {address: count for address, count in found.items() if count > MOST[address]} == {}


def test_a_connection_that_does_not_answer_shows_its_settings(stage: Stage, page: Page) -> None:
    page.goto("/connections/new/jira/")
    for label, text in {"Name": "Nowhere", "Server URL": "http://127.0.0.1:9", "Password or token": "t0ken"}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator("#check .trouble")).to_be_visible()
    expect(page.get_by_label("Server URL")).to_be_visible()  # what is wrong is mended there
    page.get_by_role("button", name="Remove Nowhere").click()
    expect(page.locator("#messages")).to_contain_text("Nowhere is removed.")
