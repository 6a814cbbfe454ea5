"""The documentation is a site that builds without a warning, whose links lead somewhere, and that asks nobody else."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from tests.built_site import built

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("object", "data")}
"""Where a browser fetches without being asked; links of kinds below, too."""
LINKED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "manifest", "modulepreload"}


class _Page(HTMLParser):
    """What a page loads, where it leads, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors.update(filter(None, (given.get("id"), given.get("name"))))
        self.loads += [given[name] for kind, name in LOADS if kind == tag and name in given]
        if tag == "link" and LINKED & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])


@pytest.fixture(scope="module")
def site() -> Path:
    """The site, built as `./run docs` builds it; a warning would end that."""
    return built()


@cache
def _page(path: Path) -> _Page:
    return _Page(path.read_text("utf-8"))


def _pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_of_docs_is_there_and_in_navigation(site: Path) -> None:
    docs = ROOT / "docs"
    wanted = {str(path.relative_to(docs).with_suffix(".html")) for path in docs.rglob("*.md")}
    assert wanted <= {str(path.relative_to(site)) for path in _pages(site)}
    entries = {name for name in wanted if name.startswith("errors/")}
    assert len(entries) > 120
    assert entries <= set(_page(site / "troubleshooting.html").leads)
    wanted -= entries
    navigation = (site / "index.html").read_text("utf-8").split("md-nav--primary", 1)[1].split("</nav>\n  </div>", 1)[0]
    assert {name for name in wanted if f'href="{name}"' not in navigation} <= {"index.html"}


def test_every_link_inside_leads_somewhere(site: Path) -> None:
    lost = []
    for path in _pages(site):
        base = site if path.name == "404.html" else path.parent
        for link in {*_page(path).leads, *_page(path).loads}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            named = unquote(parts.path)
            target = path if not named else (site / named[1:] if named.startswith("/") else base / named).resolve()
            if target.is_dir():
                target /= "index.html"
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target.suffix == ".html" and anchor not in _page(target).anchors):
                lost.append(f"{path.relative_to(site)}: {link}")
    assert not lost


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in _pages(site):
        assert not [one for one in _page(path).loads if urlsplit(one).netloc], path.name
    styles = list(site.rglob("*.css"))
    assert styles
    for path in styles:
        assert not re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']*", path.read_text("utf-8")), path.name


def test_a_page_that_loads_from_elsewhere_would_be_found() -> None:
    page = _Page('<link rel="stylesheet" href="https://fonts.example/a.css"><script src="//cdn.example/b.js"></script>')
    assert sorted(page.loads) == ["//cdn.example/b.js", "https://fonts.example/a.css"]
