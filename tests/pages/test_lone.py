"""What is only in Jira, in a browser: read by opening its page, searched, imported; by keyboard on a telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Stage
from tests.pages.rows import row_to
from tests.pages.test_look import tab_to, wrong_in_any_window
from tests.pages.windows import close

pytestmark = pytest.mark.pages


def _read(page: Page, issue: str) -> None:
    """Read again until the search of Jira knows the issue that was just made."""
    for _ in range(40):
        expect(page.get_by_role("button", name="Read again")).to_be_visible()
        if row_to(page, issue).count():
            return
        page.get_by_role("button", name="Read again").click()
        page.wait_for_timeout(250)
    raise AssertionError(f"{issue} was not found")


def test_what_is_only_in_jira_is_read_searched_and_imported(lively: Stage) -> None:
    issue, other = lively.issue("A lamp of copper"), lively.issue("A lamp of lead")
    page = lively.page()
    page.goto(lively.integration)
    page.get_by_role("link", name="Only in Jira").click()
    _read(page, other)
    expect(page.get_by_text(re.compile("issues looked at"))).to_be_visible()
    assert wrong_in_any_window(page, "lone") == {}
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("searchbox").fill("copper")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(row_to(page, issue)).to_be_visible()
    expect(row_to(page, other)).to_have_count(0)
    row_to(page, issue).get_by_role("checkbox").check()
    expect(page.locator("#ticked")).to_contain_text(re.compile(r"\b1 ticked"))
    assert wrong_in_any_window(page, "lone-searched") == {}
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Import the ticked").click()
    expect(page.get_by_text("1 on their way to Aha!")).to_be_visible()
    expect(row_to(page, issue)).to_have_count(0)
    close(page)


def test_it_is_done_by_the_keyboard_on_a_telephone(lively: Stage) -> None:
    issue = lively.issue("A lamp of zinc")
    page = lively.page(viewport={"width": 360, "height": 800})
    page.goto(f"{lively.integration}only-in-jira/")
    _read(page, issue)
    page.get_by_role("heading", name="Only in Jira").click()
    tab_to(page, re.compile(rf"{issue} A lamp of zinc"))
    page.keyboard.press("Space")
    expect(page.locator("#ticked")).to_contain_text(re.compile(r"\b1 ticked"))
    page.get_by_role("heading", name="Only in Jira").click()
    tab_to(page, "Ignore the ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 ignored,")).to_be_visible()
    expect(row_to(page, issue)).to_have_count(0)
    page.get_by_role("link", name=re.compile("ignored$")).click()
    expect(row_to(page, issue)).to_be_visible()
    close(page)
