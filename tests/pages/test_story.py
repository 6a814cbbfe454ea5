"""The story in a browser: send, watch it move, see a change arrive; by mouse, by keyboard alone, without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect
from tests.pages.conftest import PASSWORD, Stage
from tests.pages.pictures import picture
from tests.pages.rows import about, place, row_of
from tests.pages.windows import close

pytestmark = pytest.mark.pages


def _unsent(stage: Stage, page: Page, name: str) -> str:
    """The key of a feature that nobody sent, on a page of the records that begin so."""
    key = stage.feature(name)
    page.goto(f"{stage.integration}?q={name.rsplit(maxsplit=1)[-1]}")
    expect(row_of(page, key)).to_contain_text("Not sent")
    return key


def test_signing_in_and_out(stage: Stage) -> None:
    page = stage.page(storage_state=None)
    page.goto("/log/")
    picture(page, "login")
    page.get_by_label("Name").fill("alice")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("do not belong together")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{stage.url}/log/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    close(page)


def test_a_feature_is_sent_and_its_row_changes_by_itself(stage: Stage, page: Page) -> None:
    keys = {stage.feature("A stand of walnut"), _unsent(stage, page, "A wheel of walnut")}
    key = page.locator("tbody tr .what .key").first.inner_text()
    assert key in keys
    row = row_of(page, key)
    below, name, agreed = row.locator("+ tr"), row.locator(".title").inner_text(), page.locator("#count-agreed")
    before = place(below)
    agreed.evaluate("one => one.textContent = '?'")
    expect(page.get_by_role("button", name="Send to Jira", exact=True)).to_be_disabled()  # nothing is ticked
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(f"{key} is on its way to Jira.")
    assert place(below) == before, "nothing moves under the pointer"
    assert row.locator(".title").inner_text() == name
    picture(page, "sent")
    expect(row).to_contain_text("In step")
    expect(agreed).to_have_text(re.compile(r"^\d+$"))
    assert place(below) == before
    link = row.locator(".there a.key")
    stage.jira.move(link.inner_text(), "In Progress")
    expect(row.locator(".what .more")).to_contain_text("In development")  # without a reload
    expect(link).to_have_attribute("href", re.compile(f"^http://127.*/browse/{link.inner_text()}$"))
    row.locator("a.title").click()
    page.locator("#alike > summary").click()
    expect(page.locator("#alike table")).to_be_visible()
    expect(page.locator("#compare")).to_contain_text("In step")
    picture(page, "record", whole=True)


def test_a_button_pressed_twice_acts_once_and_the_next_waits_for_its_turn(stage: Stage, page: Page) -> None:
    one, other = stage.feature("A rim of walrus"), _unsent(stage, page, "A hub of walrus")
    posted: list[str] = []
    page.on("request", lambda asked: posted.append(asked.post_data or "") if asked.method == "POST" else None)
    buttons = [f'button[aria-label="Send to Jira: {key}"]' for key in (one, other)]
    # In one breath: no answer comes between.
    page.evaluate("all => all.forEach(one => document.querySelector(one).click())", [*buttons, buttons[0], buttons[1]])
    for key in (one, other):
        expect(row_of(page, key)).to_contain_text("In step")
    assert [[key for key in (one, other) if f"%3A{key}" in body.rpartition("only=")[2]] for body in posted] == [
        [one],
        [other],
    ]
    expect(page.get_by_text("Nothing was chosen")).to_have_count(0)


def test_an_answer_whose_place_was_made_anew_meanwhile_is_let_go(stage: Stage, page: Page) -> None:
    held: list[Route] = []
    page.route(re.compile("/progress/"), lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(re.compile("/progress/")):
        key = _unsent(stage, page, "A fork of walrus")
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(f"{key} is on its way to Jira.")
    with page.expect_event("requestfinished", lambda asked: asked == held[0].request):
        held[0].continue_()
    expect(row_of(page, key)).to_contain_text("In step")  # and the console says nothing of it: see `page`


def test_a_name_without_a_space_pushes_nothing_out_of_the_window(stage: Stage, page: Page) -> None:
    _unsent(stage, page, "W" * 280)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


def test_a_change_in_jira_appears_in_the_log_by_itself(stage: Stage, page: Page) -> None:
    key, issue = stage.pair(page, "A lock of steel")
    page.goto("/log/")
    stage.jira.rename(issue, "Renamed by an engineer")
    # Polls are far apart on this stage: it is the hook that brings it, and the page that shows it without being asked.
    fresh = about(page, "#lines li.fresh", key).filter(has_text="Renamed by an engineer")
    expect(fresh.first).to_be_visible()
    page.goto(f"{stage.integration}?q={key}")
    expect(row_of(page, key)).to_contain_text("Renamed by an engineer")
    expect(page.locator("#progress")).not_to_contain_text("Last hook never")
    page.goto("/log/")
    picture(page, "log", whole=True)


def test_several_are_sent_with_the_keyboard_alone(stage: Stage, page: Page) -> None:
    keys = [stage.feature(f"{name} of copper") for name in ("A bell", "A chain")]
    keys.append(_unsent(stage, page, "A spoke of copper"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    wanted = set(keys)
    for _ in range(120):
        page.keyboard.press("Tab")
        value = page.evaluate("document.activeElement.name == 'record' ? document.activeElement.value : ''")
        if value.rpartition(":")[2] in wanted:
            page.keyboard.press("Space")
            wanted.discard(value.rpartition(":")[2])
        if not wanted:
            break
    assert not wanted
    expect(page.locator("[data-count]")).to_have_text("3 records chosen")
    for _ in range(120):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.textContent") == "Send to Jira" and page.evaluate(
            "document.activeElement.closest('.chosen') != null"
        ):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("3 records are on their way to Jira.")
    for key in keys:
        expect(row_of(page, key).locator(".there a.key")).to_be_visible()


def test_it_works_without_script(stage: Stage) -> None:
    page = stage.page(java_script_enabled=False)
    key = _unsent(stage, page, "A pedal of bone")
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    expect(page.locator("#messages")).to_contain_text(f"{key} is on its way to Jira.")
    # The page asks for itself again while work runs.
    expect(row_of(page, key)).to_contain_text("In step")
    row_of(page, key).locator("a.title").click()
    page.get_by_role("link", name="Read both sides now").click()
    page.locator("#alike > summary").click()
    expect(page.locator("#alike table")).to_be_visible()
    close(page)


def test_a_record_is_found_by_the_key_of_either_side(stage: Stage, page: Page) -> None:
    unsent = stage.feature("A mirror of glass")
    key, issue = stage.pair(page, "A hub of iron")
    for query, found in ((unsent.lower(), unsent), (key, key), (issue, key)):
        page.goto(f"{stage.integration}?q={query}")
        expect(row_of(page, found)).to_be_visible()
    page.goto(f"{stage.integration}?q=nothing-is-called-so")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.wait_for_event("response", lambda answer: "/progress/" in answer.url)


def test_retry_and_sync_now(stage: Stage, page: Page) -> None:
    page.goto(stage.integration)
    page.locator("#progress").get_by_role("button", name="Sync now").click()
    expect(page.locator("#messages")).to_contain_text("Both sides are being asked what changed.")


def test_a_failure_would_say_what_went_on_behind_the_page(stage: Stage, page: Page) -> None:
    key, issue = stage.pair(page, "A bolt of pewter")
    said = stage.told()
    for part in (f"{key} | {issue} | agreed", f"{key} | info | {issue} made in Jira.", "Jobs: key | state", "aha 127."):
        assert part in said
    assert stage.key not in said


def test_a_plan_writes_nothing(stage: Stage, page: Page) -> None:
    stage.rest(page)
    before = stage.issue("Before a plan")  # a search of Jira would not know it yet: keys are counted, not issues
    page.goto(f"{stage.integration}plan/")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Make (a plan|it again)")).click()
    expect(page.get_by_role("link", name="JSON", exact=True)).to_be_visible()
    project, number = before.split("-")
    assert stage.issue("After a plan") == f"{project}-{int(number) + 1}"


def test_a_choice_made_while_another_is_on_its_way_is_kept(stage: Stage, page: Page) -> None:
    page.goto("/integrations/new/")
    expect(page.locator("#project-choices label").first).to_be_visible()
    expect(page.locator("#workspace-choices label").first).to_be_visible()
    held: list[Route] = []
    page.route("**/integrations/new/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_event("requestfailed") as given_up:  # the answer to the first choice knows nothing of the second
        page.locator("#aha").dispatch_event("change")
        page.locator("#jira").dispatch_event("change")
    assert given_up.value == held[0].request
    expect(page.locator("#project-choices label").first).to_be_visible()
