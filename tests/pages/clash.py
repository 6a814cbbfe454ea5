"""A field that both sides changed, and that waits for a person: made by pages and by people on either side."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.pages.conftest import Stage
from tests.pages.look import says
from tests.pages.windows import DESKTOP


def clash(stage: Stage, page: Page, name: str, here: str, there: str) -> tuple[str, str]:
    """A new pair called `name` whose Aha! record became `here` and whose issue `there`; both keys, once it is asked.

    `say_who_wins` makes the newer change count again.
    """
    feature, issue = stage.pair(page, name)
    say_who_wins(page, stage, "a person decides")
    stage.rest(page)  # a run that had begun to read would carry one of the two changes
    page.goto(f"{stage.integration}settings/")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#messages")).to_contain_text("is paused.")
    stage.aha.rename("features", feature, here)
    stage.jira.rename(issue, there)
    page.get_by_role("button", name="Enable").click()
    says(page, f"{stage.integration}conflicts/", f">{feature}<")
    return feature, issue


def say_who_wins(page: Page, stage: Stage, word: str) -> None:
    """Who wins where both sides changed the name of a feature."""
    page.set_viewport_size(DESKTOP)  # a telephone shows the lines folded
    page.goto(f"{stage.integration}mapping/feature/")
    page.get_by_text("on their defaults").click()
    page.get_by_label("When both sides changed Name", exact=True).select_option(word)
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("The change is in use.")).to_be_visible()
