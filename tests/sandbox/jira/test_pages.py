"""The pages in a real browser: the board by mouse and by keyboard, the issue page, and that they keep
themselves fresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .play import Sandbox, playing

pytestmark = pytest.mark.pages


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    page.close()
    assert not wrong


@pytest.fixture(scope="module", params=["cloud", "dc"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with playing(request.param) as sandbox:
        yield sandbox


def test_cards_move_by_mouse_and_by_keyboard(page: Page, sandbox: Sandbox) -> None:
    key, other = sandbox.create(), sandbox.create()
    page.goto(sandbox.url)
    page.get_by_test_id(f"card-{key}").drag_to(page.get_by_test_id("column-In Progress"))
    expect(page.get_by_test_id("column-In Progress").get_by_test_id(f"card-{key}")).to_be_visible()
    page.get_by_test_id(f"move-{other}").select_option("In Progress")
    page.get_by_test_id(f"move-go-{other}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("column-In Progress").get_by_test_id(f"card-{other}")).to_be_visible()
    assert sandbox.get(f"~/issue/{key}")["fields"]["status"]["name"] == "In Progress"


def test_a_move_the_workflow_does_not_know_is_explained(page: Page, sandbox: Sandbox) -> None:
    key = sandbox.create()
    page.goto(sandbox.url)
    page.get_by_test_id(f"card-{key}").drag_to(page.get_by_test_id("column-In Review"))
    expect(page.locator("#said")).to_contain_text("no transition from To Do to In Review")


def test_the_board_shows_what_others_do(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url)
    page.get_by_test_id("create-summary").fill("Made on the page")
    page.get_by_test_id("create-type").select_option("Task")
    page.get_by_test_id("create-go").click()
    expect(page.get_by_text("Made on the page")).to_be_visible()
    key = sandbox.create(summary="Made by REST")
    expect(page.get_by_test_id(f"card-{key}")).to_contain_text("Made by REST")
    sandbox.call("DELETE", f"~/issue/{key}")
    expect(page.get_by_test_id(f"card-{key}")).to_have_count(0)


def test_an_issue_is_edited_and_commented(page: Page, sandbox: Sandbox) -> None:
    key = sandbox.create()
    page.goto(f"{sandbox.url}/browse/{key}")
    page.get_by_test_id("summary").fill("A bell & a <horn>")
    page.get_by_test_id("description").fill("h2. Loud\n\n* one")
    page.get_by_test_id("labels").fill("bell horn")
    page.get_by_test_id("assignee").select_option(label="Chandra Iyer")
    sandbox.call("PUT", f"~/issue/{key}", json={"fields": {"priority": {"name": "High"}}})
    expect(page.get_by_test_id("fields")).to_contain_text("High")
    page.get_by_test_id("save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A bell & a <horn>")
    fields = sandbox.get(f"~/issue/{key}")["fields"]
    assert (fields["labels"], fields["assignee"]["displayName"]) == (["bell", "horn"], "Chandra Iyer")
    expect(page.get_by_test_id("text").get_by_role("heading", level=2)).to_have_text("Loud")
    page.get_by_test_id("comment-text").fill("Ding *dong*")
    page.get_by_test_id("comment-add").click()
    expect(page.get_by_test_id("comments")).to_contain_text("Ding dong")
    page.get_by_test_id("to-In Progress").click()
    expect(page.get_by_test_id("status")).to_have_text("In Progress")


def test_phone_width_does_not_scroll_sideways(browser: Browser, sandbox: Sandbox) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    for path in ("/", "/browse/FAB-2", "/hooks", "/requests"):
        page.goto(sandbox.url + path)
        page.wait_for_load_state("networkidle") if path != "/" else page.get_by_test_id("card-FAB-1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.close()


def test_hooks_and_requests_are_listed(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"{sandbox.url}/hooks")
    page.get_by_test_id("hook-url").fill("http://127.0.0.1:9/nowhere")
    page.get_by_test_id("hook-add").click()
    expect(page.get_by_test_id("subscriptions")).to_contain_text("http://127.0.0.1:9/nowhere")
    sandbox.create()
    expect(page.get_by_test_id("deliveries")).to_contain_text("jira:issue_created")
    page.goto(f"{sandbox.url}/requests")
    expect(page.get_by_test_id("requests")).to_contain_text("createIssue")
