"""Nothing jumps while it loads: what stands on a page before its servers were asked stands there afterwards, too."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.pages.conftest import Stage
from tests.pages.look import JUMPS, jumped, says, settled
from tests.pages.made_up import made_up_failure
from tests.pages.pictures import picture
from tests.pages.rows import row_of
from tests.pages.test_look import PAGES
from tests.pages.windows import close

from crosswalk_demo.players import AhaPlayer
from crosswalk_demo.sandboxes import Account, free_port

pytestmark = pytest.mark.pages

STANDS = """() => [...document.querySelectorAll("main h1, main h2, #compare :is(p, tr, th, td), #history-lines > *")]
  .filter((one) => one.checkVisibility() && !one.closest("#status"))
  .map((one) => { const box = one.getBoundingClientRect();
    return [one.matches(":is(h1, h2, th)") ? one.innerText : one.tagName, box.top + scrollY, box.left, box.height];
  })"""
"""What stands on the page of a record, and where: headings and names of fields by their words."""
KINDS = ("feature", "requirement", "epic", "release")


@dataclass(frozen=True, slots=True)
class Site:
    """A service with an integration, on either flavour of Jira."""

    flavour: str
    context: BrowserContext
    integration: str
    aha: AhaPlayer

    def open(self, width: int) -> Page:
        """A window of somebody who may do everything."""
        page = self.context.new_page()
        page.set_default_timeout(60_000)
        page.set_viewport_size({"width": width, "height": 900})
        return page


def _free() -> int:
    """The first of three ports in a row that nobody listens on."""
    while True:
        port = free_port()
        if port < 65000:
            return port


@contextmanager
def _demo(browser: Browser, flavour: str) -> Iterator[Site]:
    """The demo in a process of its own, with epics sent, too."""
    first = _free()
    command = [sys.executable, "-m", "crosswalk_demo", "--jira", flavour, "--port", str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        key = next(line.rpartition("API key: ")[2].strip() for line in said if "API key" in line)
        aha = AhaPlayer(Account(f"http://127.0.0.1:{first + 1}", "", key))
        context = browser.new_context(base_url=f"http://127.0.0.1:{first}")
        _answers(first)
        yield Site(flavour, context, _enter(context.new_page()), aha)
        context.close()
        aha.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _answers(port: int) -> None:
    """Wait until somebody listens there."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody ever answers at {port}")


def _enter(page: Page) -> str:
    """Sign in, and have epics sent; the address of the integration."""
    page.set_default_timeout(60_000)
    page.goto("/")
    page.get_by_label("Name").fill("demo")
    page.get_by_label("Password").fill("demo-only-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Fable Bicycles").first.click()
    expect(page.get_by_role("searchbox", name="Search records")).to_be_visible()
    address = urlsplit(page.url).path
    page.goto(f"{address}mapping/epic/")
    page.get_by_label("New ones are made").select_option("to jira")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.locator("#messages")).to_contain_text("The mapping is saved.")
    return address


@pytest.fixture(scope="module", params=["cloud", "dc"])
def site(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Site]:
    with _demo(browser, request.param) as found:
        yield found


@pytest.fixture(scope="module")
def records(site: Site) -> dict[str, str]:
    """Addresses of records that are in step, by kind: a feature with an epic, a release and a requirement."""
    release = site.aha.get("/releases/FAB-R-1")["release"]
    epic = site.aha.post(f"/releases/{release['id']}/epics", {"epic": {"name": "Still waters"}})["epic"]
    wanted = {
        "name": "Stands still",
        "description": "<p>First.</p><p>Second, which is long enough to need more than one line in a column.</p>",
        "epic": epic["id"],
        "original_estimate_text": "6h",
        "tags": "calm, quiet",
        "due_date": "2027-03-01",
    }
    feature = site.aha.post(f"/releases/{release['id']}/features", {"feature": wanted})["feature"]
    site.aha.post(f"/features/{feature['id']}/requirements", {"requirement": {"name": "Not a pixel"}})
    page = site.open(1280)
    page.goto(f"{site.integration}?q={feature['reference_num']}")
    page.get_by_role("button", name=f"Send to Jira: {feature['reference_num']}", exact=True).click()
    expect(row_of(page, feature["reference_num"])).to_contain_text("In step", timeout=120_000)
    found = {"feature": _address(page, feature["reference_num"])}
    says(page, f"{site.integration}progress/", 'class="pulse"')
    page.goto(found["feature"])
    found["requirement"] = str(page.locator("[aria-labelledby=below] a.title").first.get_attribute("href"))
    for kind, key in (("epic", epic["reference_num"]), ("release", "FAB-R-1")):
        page.goto(f"{site.integration}?kind={kind}&q={key}")
        found[kind] = _address(page, key)
    page.close()
    return found


def _address(page: Page, key: str) -> str:
    return str(row_of(page, key).locator("a.title").get_attribute("href"))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("kind", KINDS)
def test_a_records_page_stands_while_both_sides_are_asked(
    site: Site, records: dict[str, str], kind: str, width: int
) -> None:
    page = site.open(width)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/compare/", hold)
    page.goto(records[kind])
    expect(page.locator("#compare")).to_contain_text("Reading both sides")
    folded = page.evaluate(STANDS)
    _unfold(page)
    waiting = page.evaluate(STANDS)
    picture(page, f"still-{site.flavour}-{kind}-{width}-waiting", whole=True)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator("#compare .sum")).not_to_contain_text("Reading both sides")
    expect(page.locator("[hx-trigger=load], .htmx-request")).to_have_count(0)
    expect(page.locator("#alike")).to_have_attribute("open", "")
    picture(page, f"still-{site.flavour}-{kind}-{width}", whole=True)
    after = page.evaluate(STANDS)
    assert [one[0] for one in waiting] == [one[0] for one in after]
    assert _apart(waiting, after) == []
    assert len([one for one in waiting if one[0] == "TR"]) > 2
    _unfold(page)
    after = page.evaluate(STANDS)
    assert [one[0] for one in folded] == [one[0] for one in after]
    assert _apart(folded, after) == []
    assert len(folded) < len(waiting)
    page.close()


def _unfold(page: Page) -> None:
    """By the keyboard; where it is unfolded, the other way round."""
    page.locator("#alike > summary").focus()
    page.keyboard.press("Enter")


SIZES = ((1280, 1600), (360, 1600))
"""Windows that are high enough for what stands far down on a page."""
MORE = {
    "record": "{record}",
    "why": "{record}why/",
    "in-step": "{integration}?state=agreed",
    "attention": "{integration}?state=attention",
    "mapping-epic": "{integration}mapping/epic/",
    "templates": "/templates/",
    "connection-aha": "/connections/1/",
}
ASKS_AGAIN = ("home", "records", "setup")
"""Pages that are made anew every five seconds."""


def test_no_page_jumps_while_it_loads(lively: Stage) -> None:
    """With an answer that is late for whatever the page asks for by itself, and for its scripts."""
    page = lively.page()
    page.goto(f"{lively.integration}?state=agreed")
    record = str(page.locator("tbody a.title").first.get_attribute("href"))
    close(page)
    found = {}
    for width, height in SIZES:
        page = lively.page(viewport={"width": width, "height": height})
        page.add_init_script(JUMPS)
        page.route("**/*", _late)
        for name, address in {**PAGES, **MORE}.items():
            page.goto(address.format(integration=lively.integration, record=record))
            settled(page)
            page.wait_for_timeout(5500 if name in ASKS_AGAIN and width == 1280 else 100)
            if moved := jumped(page):
                found[name, width] = moved
        close(page)
    lively.trouble = []  # the page that is not there says so
    assert found == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_moves_when_a_test_of_a_connection_is_answered(lively: Stage, width: int) -> None:
    """Neither where it begins by itself, as after Save and test, nor where somebody pressed the button."""
    found = {}
    for address in ("/connections/1/?test=now", "/connections/2/?test=now", "/connections/2/"):
        page = lively.page(viewport={"width": width, "height": 1600})
        page.add_init_script(JUMPS)
        page.route("**/check/", _later)
        page.goto(address)
        if "now" not in address:
            page.get_by_role("button", name="Test connection").click()
        expect(page.locator("#tested.now")).to_contain_text("The connection works")
        page.wait_for_timeout(100)
        if moved := jumped(page):
            found[address] = moved
        close(page)
    assert found == {}


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_moves_when_a_failure_that_was_kept_is_followed_by_a_good_test(
    lively: Stage, width: int, paused: bool
) -> None:
    """What makes room for the answer does so at the press, where it is expected."""
    page = lively.page(viewport={"width": width, "height": 1600})
    page.add_init_script(JUMPS)
    page.route("**/check/", _later)
    with made_up_failure(lively.home, 2, paused=paused):
        page.goto("/connections/2/")
        expect(page.get_by_label("Server URL")).to_be_visible()
        expect(page.locator("main")).to_contain_text("is not accepted" if paused else "does not answer")
        page.get_by_role("button", name="Test connection").click()
        expect(page.locator("#asking")).to_be_visible()
        waiting = page.evaluate(SETTINGS)
        expect(page.locator("#tested.now")).to_contain_text("The connection works")
        page.wait_for_timeout(100)
    found = jumped(page), page.evaluate(SETTINGS)
    close(page)
    assert found == ([], waiting)


SETTINGS = "() => document.querySelector('#settings').getBoundingClientRect().top + scrollY"


def _later(route: Route) -> None:
    time.sleep(0.8)  # what moves within half a second of a press counts as expected
    route.continue_()


def _late(route: Route) -> None:
    if "hx-request" in route.request.headers or "crosswalk.js" in route.request.url:
        time.sleep(0.2)
    route.continue_()


def _apart(waiting: list[Any], after: list[Any]) -> list[str]:
    """What moved or grew by more than a rounded pixel."""
    return [
        f"{there[0]}: {here[1:]} -> {there[1:]}"
        for here, there in zip(waiting, after, strict=True)
        if any(abs(one - other) > 0.5 for one, other in zip(here[1:], there[1:], strict=True))
    ]
