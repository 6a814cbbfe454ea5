"""A stage for page tests: both sandboxes, the real service, and a Chromium that has set everything up by its pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect
from tests.pages.keyboard import press, tab_to, walk, write
from tests.pages.look import says, wrong
from tests.pages.pictures import picture
from tests.pages.rows import row_of
from tests.pages.told import told
from tests.pages.windows import DESKTOP, Desk, close
from tests.processes import LOOPBACK
from tests.template import lay

from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Account, Sandboxes, free_port

PASSWORD = "a boat, a bridge, a bend"
GIVEN_UP = ("htmx:sendAbort", "htmx:afterRequest")
"""What htmx says of a request that was given up for a newer one; of one that failed it says htmx:sendError, too."""
# Other tests run beside these: it may take long, and no wait is longer than it has to be.
expect.set_options(timeout=60_000)


class Serving:
    """`crosswalk serve` with a home of its own; reads the setup code off its console."""

    def __init__(self, home: Path, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        lay(home)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")}
        own = {
            "CROSSWALK_HOME": str(home),
            "CROSSWALK_URL": self.url,
            "CROSSWALK_ALLOW_PRIVATE": LOOPBACK,
            "CROSSWALK_POLL_SECONDS": "20",
            **more,
        }
        command = [sys.executable, "-m", "crosswalk", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env={**kept, **own}, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        )
        self.said: list[str] = []
        self.code = self._code()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _code(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said.append(line)
            if found := re.search(r"Setup code: (\S+)", line):
                return found[1]
        pytest.fail("Crosswalk did not start: " + "".join(self.said))

    def _read(self) -> None:
        assert self._process.stderr is not None
        self.said.extend(self._process.stderr)

    def stop(self) -> int:
        """End it as an operator would; gives the exit status."""
        self._process.terminate()
        status = self._process.wait(120)
        self._reader.join()
        if self._process.stderr is not None:
            self._process.stderr.close()
        return status


@dataclass
class Stage:
    """The service at `url`, signed in as Alice by the cookies in `state`, and a person on each side; Aha!'s `key`."""

    url: str
    browser: Browser
    aha: AhaPlayer
    jira: JiraPlayer
    state: Any = None
    integration: str = ""
    key: str = ""
    trouble: list[str] = field(default_factory=list)
    judged: dict[str, list[str]] = field(default_factory=dict)
    told: Callable[[], str] = str
    home: Path = Path()
    desk: Desk | None = None

    def page(self, viewport: ViewportSize = DESKTOP, **options: Any) -> Page:
        """A fresh window of Alice's, or with other `options`, for `close` of windows.py.

        What its console complains about is kept in `trouble`.
        """
        if options or self.state is None:
            given = {"viewport": viewport, "storage_state": self.state, "base_url": self.url}
            page = self.browser.new_context(**{**given, **options}).new_page()
        else:
            if self.desk is None or self.desk.closed:
                self.desk = Desk(self.browser, self.url, self.state)
            page = self.desk.window(viewport)
        page.set_default_timeout(60_000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        return page

    def _hear(self, line: ConsoleMessage) -> None:
        if line.type in ("error", "warning") and not line.text.startswith(GIVEN_UP):
            self.trouble.append(line.text)

    def leave(self) -> None:
        """Close the windows that stay open from one test to the next."""
        if self.desk is not None:
            self.desk.leave()

    def judge(self, page: Page, name: str) -> None:
        """Keep what is wrong with a page of the set-up as it stands now, to the eye and to who has no mouse.

        Only the very first page stands nowhere else, where axe-core judges it.
        """
        window = "phone" if name == "setup" else "phone-dark"
        found = [f"{question}: {one}" for question, some in wrong(page, window).items() for one in some]
        self.judged[name] = found + walk(page)
        page.locator("a.skip").focus()

    def rest(self, page: Page) -> None:
        """Wait until nothing is under way: what a run is about to read is not changed, and no page is moved by it."""
        says(page, f"{self.integration}progress/", 'class="pulse"')

    def feature(self, name: str) -> str:
        """A new feature, in the first release; its reference number."""
        return str(self.aha.post("/releases/FAB-R-1/features", {"feature": {"name": name}})["feature"]["reference_num"])

    def issue(self, summary: str) -> str:
        """A new story that is in no pair; its key."""
        fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": summary}
        return str(self.jira.send("POST", "/issue", {"fields": fields})["key"])

    def pair(self, page: Page, name: str) -> tuple[str, str]:
        """A new feature that is sent and in step; its key and its issue's. `page` shows its row alone."""
        key = self.feature(name)
        page.goto(f"{self.integration}?q={key}")
        page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
        expect(row_of(page, key)).to_contain_text("In step")
        return key, row_of(page, key).locator(".there a.key").inner_text()


@pytest.fixture(scope="session")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Everything, set up by hand: owner, both connections, integration, hooks, enabled, one feature sent."""
    with Sandboxes("jira-cloud", 0, 0) as sandboxes:
        serving = Serving(tmp_path_factory.mktemp("home"))
        try:
            players = AhaPlayer(sandboxes.aha), JiraPlayer(sandboxes.jira, sandboxes.flavour)
            found = Stage(serving.url, browser, *players, key=sandboxes.aha.secret, home=serving.home)
            found.told = lambda: told(serving.home, serving.said)
            _set_up(found, serving.code, sandboxes.aha, sandboxes.jira)
            yield found
            found.leave()
            for player in players:
                player.close()
        finally:
            status = serving.stop()
    assert status == 0, "".join(serving.said)[-2000:]
    for secret in (sandboxes.aha.secret, sandboxes.jira.secret, PASSWORD):
        assert secret not in "".join(serving.said)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test on the stage that fails says what went on behind the page: it may never fail so again."""
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if report.failed and stage is not None:
        report.sections.append(("What Crosswalk knew", stage.told()))
    return report


def own(page: Page, code: str) -> None:
    """Become the owner, called alice."""
    page.goto("/")
    for label, text in {"Setup code": code, "Name": "alice", "Password": PASSWORD, "Password again": PASSWORD}.items():
        write(page, label, text)
    picture(page, "setup")
    press(page, "Make the owner's account")
    expect(page.get_by_role("heading", name="Three steps")).to_be_visible()
    picture(page, "home-first")


def _set_up(stage: Stage, code: str, aha: Account, jira: Account) -> None:
    """By the keyboard alone, on a telephone. What is wrong with a page is kept: test_setup.py says it, once for all."""
    page = stage.page(storage_state=None, viewport={"width": 360, "height": 780})
    page.goto("/")
    stage.judge(page, "setup")
    own(page, code)
    stage.judge(page, "home-first")
    connect(page, "Connect Aha!", {"Address": aha.address, "API key": aha.secret})
    connect(page, "Connect Jira", {"Server URL": jira.address, "Username": jira.user, "Password": jira.secret})
    stage.judge(page, "connected")
    press(page, "New integration")  # beside what the test found: it leads on by itself
    _choose(page, "Workspace in Aha!", "workspace")
    _choose(page, "Project in Jira", "project")
    write(page, "Name", "Fable Bicycles")
    picture(page, "new-integration")
    expect(page.locator("#workspace-choices :checked, #project-choices :checked")).to_have_count(2)
    stage.judge(page, "new")
    press(page, "Make the integration")
    target = page.locator("#aha_hook").input_value()
    answer = page.request.post(f"{aha.address}/_sandbox/hooks", data={"url": target})
    assert answer.ok, answer.text()
    _go_through(stage, page)
    stage.integration = page.url.removeprefix(stage.url)
    stage.state = page.context.storage_state()
    close(page)


def _go_through(stage: Stage, page: Page) -> None:
    """The steps that are left once the integration is made."""
    press(page, "Load again")
    expect(page.get_by_text(re.compile("Nothing changed since|What changed since"))).to_be_visible()
    stage.judge(page, "settings")
    press(page, "Set-up")
    expect(page.get_by_role("button", name="Register it in Jira")).to_be_hidden()
    press(page, "See below")
    press(page, "Register it in Jira")
    expect(page.get_by_text("The webhook is registered in Jira.")).to_be_visible()
    stage.judge(page, "setup-begun")
    picture(page, "setup-begun", whole=True)
    press(page, "Open the mapping")
    expect(page.get_by_role("heading", name="What a feature becomes")).to_be_visible()
    stage.judge(page, "mapping")
    press(page, "Set-up")
    press(page, "Make a plan")
    expect(page.get_by_role("heading", name="What would be written")).to_be_visible()
    stage.judge(page, "plan")
    press(page, "Set-up")
    press(page, "Enable")
    expect(page.get_by_text("Fable Bicycles is enabled.")).to_be_visible()
    stage.judge(page, "enabled")
    _try_it(stage, page)
    stage.judge(page, "setup-done")
    press(page, "Records")
    expect(page.get_by_role("searchbox", name="Search records")).to_be_visible()


def _choose(page: Page, label: str, name: str) -> None:
    """Search a list for FAB and choose it."""
    # The list may have held it before, and where the keys come slowly each is looked for by itself.
    with page.expect_response(lambda answer: f"{name}_query=fab&" in f"{answer.request.post_data}&"):
        write(page, label, "fab")
    first = page.locator(f"#{name}-choices label").first
    expect(first).to_contain_text("FAB")
    expect(page.locator(".htmx-request")).to_have_count(0)
    tab_to(page, "FAB · Fable Bicycles")
    page.keyboard.press("Space")


def _try_it(stage: Stage, page: Page) -> None:
    """The last step: what is no feature is said beside the field; of one that is sent, the step says it by itself."""
    step = page.locator("ol.setup > li").filter(has_text="Send one feature")
    write(page, "Feature to send", "FAB-777")
    page.keyboard.press("Enter")
    expect(step.locator(".errorlist")).to_contain_text("There is no feature “FAB-777”")
    expect(page.get_by_label("Feature to send")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("FAB-4")
    page.keyboard.press("Enter")
    expect(step).to_have_class("done", timeout=120_000)
    expect(step).to_contain_text("FAB-4 is in Jira now, as issue FAB-")
    stage.trouble = [line for line in stage.trouble if "422" not in line]


def connect(page: Page, button: str, fields: dict[str, str]) -> None:
    """Connect an account on the side that the button names."""
    page.goto("/")
    press(page, button)
    for label, value in fields.items():
        write(page, label, value)
    press(page, "Save and test")
    expect(page.locator("#check .found")).to_be_visible()
    picture(page, f"connected-{'aha' if 'Aha' in button else 'jira'}")


def watched(stage: Stage, but: tuple[str, ...] = ()) -> Iterator[Page]:
    """A window of Alice's on a desktop; at the end no console said more than what holds a word of `but`."""
    opened = stage.page()
    yield opened
    close(opened)
    complaints, stage.trouble = stage.trouble, []
    assert [line for line in complaints if not any(word in line for word in but)] == []


@pytest.fixture
def page(stage: Stage) -> Iterator[Page]:
    """A window of Alice's on a desktop; at the end its console must be clean."""
    yield from watched(stage)


@pytest.fixture
def lively(stage: Stage) -> Stage:
    """The stage, for a test that opens windows of its own: what their consoles said before it is nobody's."""
    stage.trouble = []
    return stage
