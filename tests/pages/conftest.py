"""A stage for page tests: both sandboxes, the real service, and a Chromium that has set everything up by its pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.pages.pictures import picture
from tests.pages.rows import row_of
from tests.template import lay

from crosswalk_demo.players import AhaPlayer, JiraPlayer
from crosswalk_demo.sandboxes import Account, Sandboxes, free_port

PASSWORD = "a boat, a bridge, a bend"
# Other tests run beside these: it may take long, and no wait is longer than it has to be.
expect.set_options(timeout=30_000)


class Serving:
    """`crosswalk serve` with a home of its own; reads the setup code off its console."""

    def __init__(self, home: Path, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        lay(home)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSWALK_")}
        own = {"CROSSWALK_HOME": str(home), "CROSSWALK_URL": self.url, "CROSSWALK_POLL_SECONDS": "20", **more}
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
        status = self._process.wait(20)
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

    def page(self, **options: Any) -> Page:
        """A fresh window of Alice's. What the console complains about is kept in `trouble`."""
        given = {"viewport": {"width": 1280, "height": 800}, "storage_state": self.state, "base_url": self.url}
        page = self.browser.new_context(**{**given, **options}).new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda line: self.trouble.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        return page

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
            found = Stage(serving.url, browser, *players, key=sandboxes.aha.secret)
            _set_up(found, serving.code, sandboxes.aha, sandboxes.jira)
            yield found
            for player in players:
                player.close()
        finally:
            status = serving.stop()
    assert status == 0, "".join(serving.said)[-2000:]
    for secret in (sandboxes.aha.secret, sandboxes.jira.secret, PASSWORD):
        assert secret not in "".join(serving.said)


def own(page: Page, code: str) -> None:
    """Become the owner, called alice."""
    page.goto("/")
    page.get_by_label("Setup code").fill(code)
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    picture(page, "setup")
    page.get_by_role("button", name="Make the owner's account").click()
    expect(page.get_by_role("heading", name="Three steps")).to_be_visible()
    picture(page, "home-first")


def _set_up(stage: Stage, code: str, aha: Account, jira: Account) -> None:
    page = stage.page(storage_state=None)
    own(page, code)
    connect(page, "Connect Aha!", {"Address": aha.address, "API key": aha.secret})
    connect(page, "Connect Jira", {"Server URL": jira.address, "Username": jira.user, "Password": jira.secret})
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="New integration").click()
    page.get_by_label("Workspace in Aha!", exact=True).first.fill("fab")
    page.locator("#workspace-choices label").first.click()
    page.get_by_label("Project in Jira", exact=True).first.fill("fab")
    page.locator("#project-choices label").first.click()
    page.get_by_label("Name").fill("Fable Bicycles")
    picture(page, "new-integration")
    expect(page.locator("#workspace-choices :checked, #project-choices :checked")).to_have_count(2)
    page.get_by_role("button", name="Make the integration").click()
    target = page.locator("#aha_hook").input_value(timeout=60_000)
    answer = page.request.post(f"{aha.address}/_sandbox/hooks", data={"url": target})
    assert answer.ok, answer.text()
    page.get_by_role("button", name="Register it in Jira").click()
    expect(page.get_by_text("The webhook is registered in Jira.")).to_be_visible()
    picture(page, "setup-begun", whole=True)
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_text("Fable Bicycles is enabled.")).to_be_visible()
    _try_it(page)
    page.get_by_role("link", name="Records").click()
    stage.integration = page.url.removeprefix(stage.url)
    stage.state = page.context.storage_state()
    page.context.close()


def _try_it(page: Page) -> None:
    """The last step: one feature is sent, and the step says so."""
    page.get_by_label("Feature to send").fill("FAB-4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("FAB-4 is on its way to Jira.")).to_be_visible()
    step = page.locator("ol.setup > li").filter(has_text="Send one feature")
    for _ in range(120):
        if step.get_attribute("class") == "done":
            return
        page.wait_for_timeout(250)
        page.reload()
    pytest.fail("the feature did not come: " + step.inner_text())


def connect(page: Page, button: str, fields: dict[str, str]) -> None:
    """Connect an account on the side that the button names."""
    page.goto("/")
    page.get_by_role("link", name=button).click()
    for label, value in fields.items():
        page.get_by_label(label, exact=False).first.fill(value)
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator("#check .found")).to_be_visible()
    picture(page, f"connected-{'aha' if 'Aha' in button else 'jira'}")


@pytest.fixture
def page(stage: Stage) -> Iterator[Page]:
    """A window of Alice's on a desktop; at the end its console must be clean."""
    opened = stage.page()
    yield opened
    opened.context.close()
    complaints, stage.trouble = stage.trouble, []
    assert not complaints


@pytest.fixture
def lively(stage: Stage) -> Stage:
    """The stage, for a test that opens windows of its own: what their consoles said before it is nobody's."""
    stage.trouble = []
    return stage
