"""Bringing together what was there before, in a browser: matched, ticked, linked, settled; by keyboard alone too."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, ViewportSize, expect
from tests.pages.conftest import Stage
from tests.pages.keyboard import press, tab_to, write
from tests.pages.look import becomes, says, wrong_in_any_window
from tests.pages.made_up import made_up_matches
from tests.pages.pictures import picture
from tests.pages.rows import row_of, row_to
from tests.pages.windows import close

pytestmark = pytest.mark.pages


def _twins(stage: Stage, *names: str) -> list[tuple[str, str]]:
    """A feature and a story of each name, that nobody linked; their keys."""
    return [(stage.feature(name), stage.issue(name.lower())) for name in names]


def _look(page: Page, expected: str) -> None:
    """Look for matches until the search of Jira knows the issue that was just made."""
    for _ in range(40):
        if not page.locator("details[open]").count():
            page.locator("summary").first.click()
        with page.expect_navigation():
            page.get_by_role("button", name="Look for matches").click()
        expect(page.get_by_text("In a pair already")).to_be_visible()
        if row_to(page, expected).count():
            return
    raise AssertionError(f"{expected} was not found")


def test_matches_are_reviewed_linked_and_settled(lively: Stage) -> None:
    (feature, issue), (_, other) = _twins(lively, "A lamp of tin", "A lamp of brass")
    page = lively.page()
    page.goto(lively.integration)
    page.get_by_role("link", name="Match and link").click()
    expect(page.get_by_role("heading", name="Match and link")).to_be_visible()
    assert wrong_in_any_window(page, "match-first") == {}
    page.set_viewport_size({"width": 1280, "height": 800})
    _look(page, other)
    page.get_by_role("link", name="70 %").click()
    row = row_to(page, issue)
    expect(row).to_contain_text("they have the same name")
    expect(row.get_by_role("checkbox")).not_to_be_checked()
    row.get_by_role("checkbox").check()
    expect(page.locator("#ticked")).to_contain_text(re.compile(r"\b1 ticked"))
    page.reload()
    expect(row.get_by_role("checkbox")).to_be_checked()
    assert wrong_in_any_window(page, "match") == {}
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Link the ticked").click()
    expect(page.get_by_text("1 linked just now")).to_be_visible()
    page.get_by_role("link", name="somebody says who counts").click()
    expect(page.get_by_text("was linked and carries nothing")).to_be_visible()
    page.get_by_label("Aha!: what it holds is written in Jira").check()
    page.get_by_role("button", name="See what would be written").click()
    expect(page.get_by_role("heading", name="What would be written")).to_be_visible()
    assert lively.jira.summary(issue) == "a lamp of tin"
    assert wrong_in_any_window(page, "settle") == {}
    page.get_by_role("button", name="Carry it").click()
    expect(page.get_by_text("went on its way")).to_be_visible()
    page.goto(f"{lively.integration}?state=agreed&q={feature}")
    expect(row_of(page, feature)).to_contain_text("In step")  # a list that shows nothing fills by itself
    assert lively.jira.summary(issue) == "A lamp of tin"
    _an_empty_list_fills(lively, page, feature)
    close(page)


def _an_empty_list_fills(stage: Stage, page: Page, feature: str) -> None:
    """What another person does comes into a list that showed nothing, and the search is still there."""
    page.goto(f"{stage.integration}?state=ignored&q={feature}")
    expect(page.get_by_role("heading", name=f"Nothing matches “{feature}”")).to_be_visible()
    other = stage.page()
    other.goto(f"{stage.integration}?state=agreed&q={feature}")
    row_of(other, feature).get_by_role("checkbox").check()
    other.get_by_role("button", name="Ignore").click()
    expect(other.locator("#messages")).to_contain_text("1 record is ignored")
    close(other)
    expect(row_of(page, feature)).to_contain_text("Ignored")
    expect(page.locator("#list[hx-trigger]")).to_have_count(0)
    expect(page.get_by_label("Search records")).to_have_value(feature)


def test_it_is_done_by_the_keyboard_on_a_telephone(lively: Stage) -> None:
    ((_, issue),) = _twins(lively, "A lamp of glass")
    page = lively.page(viewport={"width": 360, "height": 800})
    page.goto(f"{lively.integration}match/")
    page.get_by_role("heading", name="Match and link").click()
    if not page.locator("details[open]").count():
        tab_to(page, "Look again, or by other rules")
        page.keyboard.press("Enter")
    tab_to(page, "Look for matches")
    page.keyboard.press("Enter")
    expect(page.get_by_text("In a pair already")).to_be_visible()
    if not row_to(page, issue).count():
        _look(page, issue)
    tab_to(page, re.compile(rf"and {issue}$"))
    page.keyboard.press("Space")
    expect(page.locator("#ticked")).to_contain_text(re.compile(r"\b[1-9]\d* ticked"))
    page.locator("#ticked").click()
    press(page, re.compile("^Untick all"))
    expect(page.locator("#ticked")).to_contain_text(re.compile(r"\b0 ticked"))
    picture(page, "phone-match-list", whole=True)
    with made_up_matches(lively.home, {90: 200, 70: 2_800}):
        _thousands(page)
    close(page)


def _thousands(page: Page) -> None:
    """Page on, search, and link all that one rule is sure of, by one act each."""
    page.reload()
    press(page, re.compile(r"^70 % sure 2,?8\d\d$"))
    press(page, "Next →")
    expect(page.locator("tbody tr")).to_have_count(50)
    press(page, "← The surest")
    write(page, "Search the matches", "made up 2777")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    press(page, "Tick all of these")
    expect(page.locator("#ticked")).to_have_text("1 ticked")
    press(page, "Untick all of these")
    write(page, "Search the matches", "")
    page.keyboard.press("Delete")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, re.compile("^90 % sure"))
    press(page, "Tick all of these")
    expect(page.locator("#ticked")).to_have_text("200 ticked")
    press(page, "Link the ticked")
    expect(page.locator(".done")).to_contain_text("200 linked just now")


def _look_for(page: Page, issue: str, ask: Callable[[], None]) -> None:
    """Look for issues to import until the search of Jira knows the one that was just made. `ask` fills the form in."""
    for _ in range(40):
        ask()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_text("Look again, or for others")).to_be_visible()
        expect(page.locator("#errand")).to_have_count(0)
        if row_to(page, issue).count():
            return
    raise AssertionError(f"{issue} was not found")


def test_issues_are_looked_for_and_imported(lively: Stage) -> None:
    issue = lively.issue("A pump of steel")
    page = lively.page(viewport={"width": 360, "height": 800})
    page.goto(f"{lively.integration}import/")

    def ask() -> None:
        if not page.locator("details.ask[open]").count():
            page.locator("details.ask summary").click()
        page.get_by_label("what a query finds in the project").focus()
        page.keyboard.press("Space")
        page.get_by_label("Query (JQL)").fill('summary ~ "pump"')

    _look_for(page, issue, ask)
    row = row_to(page, issue)
    expect(row.get_by_role("checkbox")).to_be_checked()
    row.locator("summary").click()
    expect(row.locator(".changes")).to_contain_text("A pump of steel")
    assert wrong_in_any_window(page, "import") == {}
    page.get_by_role("heading", name="Import issues").click()
    tab_to(page, "Import the ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 on their way to Aha!")).to_be_visible()
    page.get_by_role("link", name="See it").click()
    expect(page.locator("#status")).to_contain_text("In step")
    close(page)


def test_a_version_is_imported_whole_by_the_keyboard_on_a_telephone(lively: Stage) -> None:
    made = lively.jira.send("POST", "/version", {"name": "Nine bells", "project": "FAB"})
    issue = lively.issue("A bell of nine")
    lively.jira.edit(issue, fixVersions=[{"id": made["id"]}])
    page = lively.page(viewport={"width": 360, "height": 800})
    page.goto(f"{lively.integration}import/")

    def ask() -> None:
        page.get_by_role("heading", name="Import issues").click()
        if not page.locator("details.ask[open]").count():
            tab_to(page, "Look again, or for others")
            page.keyboard.press("Enter")
        tab_to(page, re.compile("^(what stands below|what a query|a version)"))  # whichever was looked for last
        while not page.get_by_label("a version, and all that is fixed in it").is_checked():
            page.keyboard.press("ArrowDown")
        write(page, "Version", "Nine bells")

    _look_for(page, issue, ask)
    page.get_by_role("heading", name="Import issues").click()
    tab_to(page, "Import the ticked")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 on their way to Aha!")).to_be_visible()
    says(page, f"{lively.integration}?q={issue}&state=agreed", issue)
    assert "Nine bells" in page.request.get(f"{lively.integration}?kind=release&q=Nine").text()
    close(page)


def test_an_issue_that_is_moved_away_is_asked_about_and_comes_back(lively: Stage) -> None:
    page = lively.page(viewport={"width": 360, "height": 800})
    feature, issue = lively.pair(page, "A bell that is moved")
    here = lively.jira.get(f"/issue/{issue}")
    made = {
        "key": "TIN",
        "name": "Tin",
        "projectTypeKey": "software",
        "leadAccountId": lively.jira.get("/myself")["accountId"],
    }
    lively.jira.send("POST", "/project", made)
    there = f"{here['self'].partition('/rest/')[0]}/_sandbox/move"
    lively.rest(page)
    httpx2.post(there, json={"issue": issue, "project": "TIN"}).raise_for_status()
    asked = f"{lively.integration}?state=attention&q={feature}"
    says(page, asked, "was moved to the project TIN")
    page.goto(asked)
    press(page, re.compile("^A bell that is moved$"))
    expect(page.locator("#status")).to_contain_text("Move it back; or make and enable an integration for TIN")
    press(page, re.compile("^Why was an update not reflected"))
    expect(page.locator("main .lead")).to_contain_text("was moved to the project TIN in Jira")
    press(page, re.compile(f"^Open the record {feature}$"))
    back = lively.jira.get(f"/issue/{here['id']}")["key"]
    httpx2.post(there, json={"issue": back, "project": "FAB"}).raise_for_status()
    expect(page.locator("#status")).to_contain_text("In step")
    close(page)


def test_a_template_is_saved_and_its_effect_is_seen(lively: Stage) -> None:
    page = lively.page()
    page.goto("/")
    tab_to(page, "Templates")
    page.keyboard.press("Enter")
    page.get_by_label("Name of the template").focus()
    page.keyboard.type("Ours")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ours")).to_be_visible()
    expect(page.get_by_text("As the template")).to_be_visible()
    tab_to(page, "See what it would do to all")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing would change.")).to_be_visible()
    assert wrong_in_any_window(page, "template") == {}
    tab_to(page, re.compile("^Name$"))
    # A workspace of its own: a record of FAB goes through the one integration that there is for it.
    lively.aha.post("/products", {"product": {"name": "Fable Boats", "prefix": "BOAT"}})
    for text in ("Fable Boats", "BOAT", "FAB"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Fable Boats is made.")).to_be_visible()
    second = page.locator("section").filter(has=page.get_by_role("heading", name="Fable Boats", exact=True))
    expect(second).to_contain_text("As the template")
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Templates").click()
    assert wrong_in_any_window(page, "templates") == {}
    close(page)


def test_a_run_is_undone_by_the_keyboard_on_a_telephone(lively: Stage) -> None:
    narrow = ViewportSize(width=360, height=800)
    page, feature = lively.page(viewport=narrow), lively.feature("A bell that is right")
    page.goto(f"{lively.integration}?q={feature}")
    tab_to(page, "Send to Jira")  # that of the row: nothing is ticked
    page.keyboard.press("Enter")
    expect(row_of(page, feature)).to_contain_text("In step")
    issue = row_of(page, feature).locator(".there a.key").inner_text()
    lively.aha.rename("features", feature, "A bell that was a mistake")
    press(page, re.compile("^A bell that is right$"))
    press(page, "Sync now")
    change = page.locator(".line").filter(has_text="A bell that was a mistake").filter(has_text="Undo run")
    expect(change.first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("In step")  # the line is there before Jira has it
    press(page, re.compile("^Undo run"))
    expect(page.locator(".changes")).to_contain_text("A bell that is right")
    assert wrong_in_any_window(page, "undo") == {}
    page.set_viewport_size(narrow)
    press(page, re.compile("^Put them back$"))
    expect(page.get_by_text("put back just now")).to_be_visible()
    assert lively.jira.summary(issue) == "A bell that is right"
    becomes(page, lambda: lively.aha.name("features", feature), "A bell that is right")
    lively.rest(page)
    press(page, re.compile("^See the record$"))
    press(page, re.compile("^Put “A bell that was a mistake” back…$"))
    expect(page.locator(".changes")).to_contain_text("A bell that was a mistake")
    assert wrong_in_any_window(page, "put-back") == {}
    page.set_viewport_size(narrow)
    press(page, re.compile("^Put it back$"))
    expect(page.get_by_text("put back just now")).to_be_visible()
    assert lively.jira.summary(issue) == "A bell that was a mistake"
    close(page)
