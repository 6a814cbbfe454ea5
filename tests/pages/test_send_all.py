"""Sending all in a browser: begun, paused, gone on with, and what came of it; by mouse, and by keyboard at 360 px."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Stage
from tests.pages.keyboard import press, tab_to
from tests.pages.look import wrong_in_any_window
from tests.pages.windows import close

pytestmark = pytest.mark.pages


def _release(stage: Stage, name: str, count: int) -> Any:
    """A release of its own with features in it, and the project data that knows it."""
    release = stage.aha.post("/products/FAB/releases", {"release": {"name": name}})["release"]
    for number in range(count):
        stage.aha.post(f"/releases/{release['id']}/features", {"feature": {"name": f"{name} {number + 1}"}})
    return release


def _load(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.integration}settings/")
    page.get_by_role("button", name="Load project data").click()
    expect(page.get_by_text("What changed since")).to_be_visible()


def test_a_release_is_sent_from_its_page(lively: Stage) -> None:
    _release(lively, "All of linen", 3)
    page = lively.page()
    _load(lively, page)
    page.goto(lively.integration)
    # The hint says what each of the three is for, in their order.
    expect(page.locator(".many")).to_contain_text(re.compile(r"Send all\s+Match and link\s+Import issues"))
    expect(page.locator(".many .hint")).to_have_text("for what was there before: in Aha!, on both sides, in Jira")
    page.get_by_role("link", name="Send all").click()
    expect(page.get_by_role("heading", name="Send all")).to_be_visible()
    page.get_by_label("Send", exact=True).select_option(label="release All of linen")
    page.get_by_role("button", name=re.compile("^Send (all|what is new)…$")).click()
    expect(page.get_by_role("heading", name="Send release All of linen?")).to_be_visible()
    assert wrong_in_any_window(page, "send-all-ask") == {}
    page.get_by_role("button", name="Send 3 features").click()
    expect(page.locator("p.done")).to_contain_text("Of release All of linen, 1 release and 3 features were sent")
    assert wrong_in_any_window(page, "send-all-done") == {}
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{lively.integration}?q=linen")
    expect(page.locator("tbody tr .there a.key")).to_have_count(3)
    close(page)


def test_it_is_paused_and_goes_on_by_the_keyboard_on_a_telephone(lively: Stage) -> None:
    release = _release(lively, "All of hemp", 2)
    there = lively.aha.record("features", "FAB-1")["url"].partition("/features/")[0]
    page = lively.page(viewport={"width": 360, "height": 800})
    _load(lively, page)
    page.goto(f"{lively.integration}send-all/")
    page.get_by_label("Send", exact=True).select_option(label="release All of hemp")
    press(page, re.compile("^Send (all|what is new)…$"))
    tab_to(page, re.compile("^Send 2 features$"))
    # Aha! takes its time until it is paused, however long that takes: nearly as much as Crosswalk waits for an answer.
    slow = {"kind": "slow", "path_regex": f"/releases/{release['id']}/features", "times": 0, "seconds": 25}
    httpx2.post(f"{there}/_sandbox/faults", json=slow).raise_for_status()
    try:
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Under way: release All of hemp")).to_be_visible()
        tab_to(page, "Pause")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Paused: release All of hemp")).to_be_visible()
    finally:
        httpx2.delete(f"{there}/_sandbox/faults").raise_for_status()
    expect(page.get_by_text("It is paused before its next page.")).to_be_visible()
    assert wrong_in_any_window(page, "send-all-paused") == {}
    page.goto(lively.integration)
    expect(page.get_by_text("Send all: paused")).to_be_visible()
    page.goto(f"{lively.integration}send-all/")
    tab_to(page, "Go on")
    page.keyboard.press("Enter")
    expect(page.locator("p.done")).to_contain_text("Of release All of hemp")
    close(page)
    complaints, lively.trouble = lively.trouble, []
    assert complaints == []
