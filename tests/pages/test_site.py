"""The documentation site in a browser: it is read and searched, and asks nobody but the server it came from."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect
from tests.built_site import built
from tests.pages.pictures import picture

pytestmark = pytest.mark.pages


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(built())))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_it_is_read_and_asks_nobody_else(
    address: str, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: trouble.append(line.text) if line.type in ("error", "warning") else None)
    for name in ("index", "tutorial", "reference/mapping", "help/not-sent"):
        page.goto(f"{address}/{name}.html")
        expect(page.locator("h1")).to_have_count(1)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, f"site-{width}-{scheme}-{name.replace('/', '-')}")
    if width > 1000:
        page.locator(".md-search__input").click()
        # The index is made in the browser when search is opened first; what is typed before that is not looked up.
        expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
        page.locator(".md-search__input").press_sequentially("firewall")
        expect(page.locator(".md-search-result__item").first).to_be_visible()
    assert [one for one in asked if not one.startswith((address, "data:", "blob:"))] == []
    assert trouble == []
    context.close()
