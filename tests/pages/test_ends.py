"""A token whose end is near is said on home, in the list and with its connection, readable in every window."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Stage
from tests.pages.look import wrong_in_any_window
from tests.pages.windows import close

pytestmark = pytest.mark.pages


def _say(page: Page, days: int) -> None:
    """Enter with the Jira connection that its token ends in so many days."""
    page.goto("/connections/")
    page.locator("tr").filter(has=page.locator(".side.jira")).get_by_role("link").first.click()
    page.goto(f"{page.url}#settings")  # unfolds them, where they are folded
    day = datetime.now(UTC).date() + timedelta(days=days)
    page.get_by_label("The token ends on").fill(day.isoformat())
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator("#check .found")).to_be_visible()


def test_an_end_that_is_near_is_said_everywhere(lively: Stage) -> None:
    page = lively.page()
    try:
        _say(page, 12)
        expect(page.locator("#token-end")).to_contain_text(
            "The token ends in 12 days (as entered, or a year on where nothing was)."
        )
        assert wrong_in_any_window(page, "token-end") == {}
        for name, address in (("home-token-end", "/"), ("connections-token-end", "/connections/")):
            page.goto(address)
            expect(page.get_by_text(re.compile("The token .*ends in 12 days"))).to_be_visible()
            assert wrong_in_any_window(page, name) == {}
    finally:
        _say(page, 300)
    page.goto("/")
    expect(page.get_by_text(re.compile("The token .*ends in"))).to_have_count(0)
    close(page)
    complaints, lively.trouble = lively.trouble, []
    assert complaints == []
