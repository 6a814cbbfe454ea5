"""The story in a browser: send, watch it move, see a change arrive; by mouse, by keyboard alone, without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from tests.pages.conftest import PASSWORD, Stage
from tests.pages.pictures import picture

pytestmark = pytest.mark.pages


def _unsent(page: Page) -> str:
    """The key of a feature that was not sent yet, and that can be carried whole."""
    # The person this one is assigned to has no account in the sandbox Jira: sending it ends in a question.
    row = page.locator("tbody tr", has_text="Not sent", has_not_text="Service reminder").first
    expect(row).to_be_visible()
    return row.locator(".key").first.inner_text()


def _row(page: Page, key: str) -> Locator:
    return page.locator("tbody tr").filter(has=page.locator(".what .key").get_by_text(key, exact=True))


def test_signing_in_and_out(stage: Stage) -> None:
    page = stage.page(storage_state=None)
    page.goto("/log/")
    picture(page, "login")
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("do not belong together")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{stage.url}/log/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.context.close()


def test_a_feature_is_sent_and_its_row_changes_by_itself(stage: Stage, page: Page) -> None:
    page.goto(stage.integration)
    key = _unsent(page)
    row = _row(page, key)
    below, name, agreed = row.locator("+ tr"), row.locator(".title").inner_text(), page.locator("#count-agreed")
    place = below.bounding_box()
    agreed.evaluate("one => one.textContent = '?'")
    expect(page.get_by_role("button", name="Send to Jira", exact=True)).to_be_disabled()  # nothing is ticked
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(f"{key} is on its way to Jira.")
    assert below.bounding_box() == place, "nothing moves under the pointer"
    assert row.locator(".title").inner_text() == name
    picture(page, "sent")
    expect(row).to_contain_text("In step")
    expect(agreed).to_have_text(re.compile(r"^\d+$"))
    assert below.bounding_box() == place
    link = row.locator(".there a.key")
    stage.jira.move(link.inner_text(), "In Progress")
    expect(row.locator(".what .more")).to_contain_text("In development")  # without a reload
    expect(link).to_have_attribute("href", re.compile(f"^http://127.*/browse/{link.inner_text()}$"))
    row.locator("a.title").click()
    expect(page.locator("#compare table")).to_be_visible()
    expect(page.locator("#compare")).to_contain_text("In step")
    picture(page, "record", whole=True)


def test_a_change_in_jira_appears_in_the_log_by_itself(stage: Stage, page: Page) -> None:
    page.goto(stage.integration)
    key = _unsent(page)
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    row = _row(page, key)
    expect(row).to_contain_text("In step")
    issue = row.locator(".there a.key").inner_text()
    page.goto("/log/")
    before = page.locator("#lines li").count()
    stage.jira.rename(issue, "Renamed by an engineer")
    # Polls are far apart on this stage: it is the hook that brings it, and the page that shows it without being asked.
    expect(page.locator("#lines li").filter(has_text="Renamed by an engineer").first).to_contain_text(key)
    assert page.locator("#lines li").count() > before
    page.goto(stage.integration)
    expect(row).to_contain_text("Renamed by an engineer")
    expect(page.locator("#progress")).not_to_contain_text("Last hook never")
    page.goto("/log/")
    picture(page, "log", whole=True)


def test_several_are_sent_with_the_keyboard_alone(stage: Stage, page: Page) -> None:
    page.goto(stage.integration)
    keys = [row.locator(".key").first.inner_text() for row in page.locator("tr", has_text="Not sent").all()[:3]]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    wanted = set(keys)
    for _ in range(120):
        page.keyboard.press("Tab")
        value = page.evaluate("document.activeElement.name == 'record' ? document.activeElement.value : ''")
        if value.rpartition(":")[2] in wanted:
            page.keyboard.press("Space")
            wanted.discard(value.rpartition(":")[2])
        if not wanted:
            break
    assert not wanted
    expect(page.locator("[data-count]")).to_have_text("3 records chosen")
    for _ in range(120):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Send to Jira" and page.evaluate(
            "document.activeElement.closest('.chosen') != null"
        ):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("3 records are on their way to Jira.")
    for key in keys:
        expect(_row(page, key).locator(".there a.key")).to_be_visible()


def test_it_works_without_script(stage: Stage) -> None:
    page = stage.page(java_script_enabled=False)
    page.goto(stage.integration)
    key = _unsent(page)
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(f"{key} is on its way to Jira.")
    # The page asks for itself again while work runs.
    expect(_row(page, key)).to_contain_text("In step")
    _row(page, key).locator("a.title").click()
    page.get_by_role("link", name="Read both sides now").click()
    expect(page.locator("#compare table")).to_be_visible()
    page.context.close()


def test_retry_and_sync_now(stage: Stage, page: Page) -> None:
    page.goto(stage.integration)
    page.locator("#progress").get_by_role("button", name="Sync now").click()
    expect(page.locator("#messages")).to_contain_text("Both sides are being asked what changed.")


def test_a_plan_writes_nothing(stage: Stage, page: Page) -> None:
    before = len(stage.jira.issues())
    page.goto(f"{stage.integration}plan/")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Make (a plan|it again)")).click()
    expect(page.get_by_role("link", name="JSON", exact=True)).to_be_visible()
    assert len(stage.jira.issues()) == before


def test_a_choice_made_while_another_is_on_its_way_is_kept(stage: Stage, page: Page) -> None:
    page.goto("/integrations/new/")
    expect(page.locator("#project-choices label").first).to_be_visible()
    expect(page.locator("#workspace-choices label").first).to_be_visible()
    held: list[Route] = []
    page.route("**/integrations/new/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_event("requestfailed") as given_up:  # the answer to the first choice knows nothing of the second
        page.locator("#aha").dispatch_event("change")
        page.locator("#jira").dispatch_event("change")
    assert given_up.value == held[0].request
    expect(page.locator("#project-choices label").first).to_be_visible()
    stage.trouble[:] = [line for line in stage.trouble if not line.startswith(("htmx:sendAbort", "htmx:afterRequest"))]
