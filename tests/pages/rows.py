"""Rows and links found by the one key they stand for, where both sides number from one: FAB-1 may stand left and right.

A test that looks for a key anywhere in a row finds two, on the day on which the numbers meet.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def row_of(page: Page, key: str) -> Locator:
    """The row of the Aha! record `key`, in a list of records, matches or issues."""
    return _row(page, ".what .key, .here .key", key)


def row_to(page: Page, issue: str) -> Locator:
    """The row of the Jira issue `issue`, in a list of records, matches or issues."""
    return _row(page, ".there .key", issue)


def about(page: Page, within: str, key: str) -> Locator:
    """What of `within` (lines, conflicts) is about `key` and no other."""
    return page.locator(within).filter(has=page.locator(".key").get_by_text(key, exact=True))


def place(row: Locator) -> tuple[float, float]:
    """Where `row` stands in the page, however far that is scrolled: a click scrolls to what it is meant for."""
    found: list[float] = row.evaluate("one => [one.getBoundingClientRect().top + scrollY, one.offsetHeight]")
    return found[0], found[1]


def _row(page: Page, cell: str, key: str) -> Locator:
    return page.locator("tbody tr").filter(has=page.locator(cell).get_by_text(key, exact=True))
