"""Windows of one person share a renderer, so that axe-core and the scripts of the pages are read and compiled once.

A window in a context of its own gets a renderer of its own, which costs as much again as a page and its judgement.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

DESKTOP = ViewportSize(width=1280, height=800)


class Desk:
    """A context that lasts. Each window begins with the `cookies` given at first: the product keeps nothing else there.

    One window stays open at a quiet address of the site: with the last of its windows a renderer ends, too.
    """

    def __init__(self, browser: Browser, url: str, state: Any) -> None:
        self.closed = False
        self._cookies = state["cookies"]
        self._context = browser.new_context(viewport=DESKTOP, storage_state=state, base_url=url)
        self._context.on("close", self._note)
        self._context.new_page().goto("/healthz")

    def window(self, size: ViewportSize) -> Page:
        """A fresh window."""
        self._context.clear_cookies()
        self._context.add_cookies(self._cookies)
        page = self._context.new_page()
        page.set_viewport_size(size)
        return page

    def leave(self) -> None:
        """Close all of it."""
        self._context.close()

    def _note(self, _: object) -> None:
        self.closed = True


def close(page: Page) -> None:
    """Close a window, and with the last of its windows a context."""
    if len(page.context.pages) == 1:
        page.context.close()
    else:
        page.close()
