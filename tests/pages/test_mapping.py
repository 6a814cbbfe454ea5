"""The mapping editor in a browser: by mouse, by keyboard alone, without script; a change is seen before it is used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.pages.conftest import Stage
from tests.pages.look import words, wrong, wrong_in_any_window
from tests.pages.pictures import picture
from tests.pages.windows import close

pytestmark = pytest.mark.pages


@pytest.fixture
def sheet(lively: Stage) -> Iterator[Page]:
    """The sheet of features; what a test leaves waiting is dropped."""
    page = lively.page()
    page.goto(f"{lively.integration}mapping/feature/")
    yield page
    page.goto(f"{lively.integration}change/")
    if page.get_by_role("button", name="Drop the change").count():
        page.get_by_role("button", name="Drop the change").click()
    close(page)
    complaints, lively.trouble = lively.trouble, []
    assert [one for one in complaints if "422" not in one] == []


def _line(page: Page, name: str) -> Locator:
    return page.locator("table.lines tbody tr").filter(has=page.locator("th").get_by_text(name, exact=False)).first


def test_a_change_shows_what_it_would_do_and_is_taken_back(sheet: Page) -> None:
    sheet.get_by_text("Switched off").click()
    sheet.get_by_label("Direction of Tags").select_option("both ways")
    sheet.get_by_role("button", name="See what it would do").click()
    expect(sheet.get_by_role("heading", name="What the change would do")).to_be_visible()
    expect(sheet.get_by_text("Tags of a feature, direction: off → both ways.")).to_be_visible()
    expect(sheet.get_by_text("Left alone")).to_be_visible()
    picture(sheet, "mapping-change", whole=True)
    assert wrong(sheet, "mapping-change") == {}
    sheet.get_by_role("button", name="Use it").click()
    expect(sheet.get_by_text("The change is in use.")).to_be_visible()
    expect(sheet.get_by_label("Direction of Tags")).to_have_value("both")
    sheet.get_by_text("Earlier mappings").click()
    sheet.get_by_role("button", name="Go back to this").first.click()
    expect(sheet.get_by_text("Tags of a feature, direction: both ways → off.")).to_be_visible()
    sheet.get_by_role("button", name="Use it").click()
    expect(sheet.get_by_label("Direction of Tags")).to_have_value("off")


def test_a_pair_without_sense_is_refused_with_the_reason_beside_it(sheet: Page) -> None:
    sheet.get_by_label("Add a field of Aha!").fill("Start date")
    sheet.get_by_label("and a field of Jira").fill("Priority")
    sheet.get_by_role("button", name="Join them").click()
    expect(_line(sheet, "Start date")).to_contain_text("can not become “Priority” in Jira")
    picture(sheet, "mapping-refused", whole=True)
    sheet.get_by_role("button", name="See what it would do").click()
    expect(sheet.get_by_role("alert")).to_contain_text("Nothing was saved.")
    sheet.get_by_role("button", name="Take out Start date").click()
    expect(_line(sheet, "Start date")).to_have_count(0)


def test_a_field_that_is_not_there_is_said_beside_the_input(sheet: Page) -> None:
    sheet.get_by_label("Add a field of Aha!").fill("Flavour")
    sheet.get_by_label("and a field of Jira").fill("Priority")
    sheet.get_by_role("button", name="Join them").click()
    expect(sheet.locator(".add .wrong").first).to_contain_text("Aha! has no field “Flavour” here.")


def test_a_real_record_is_shown_on_both_sides_and_follows_the_form(sheet: Page) -> None:
    sample = sheet.locator("#sample")
    expect(sheet.locator("#sample table").first).to_be_attached()
    expect(sample).to_be_hidden()  # one line says what it is
    sheet.get_by_text("With a real record").click()
    expect(sample.get_by_role("row", name="Name")).to_be_visible()
    # All of it is in sight: nothing is cut off in a box of its own.
    assert sample.evaluate("(one) => one.scrollHeight <= one.clientHeight")
    # Workspace and project have the same key here: it is named once.
    expect(sheet.get_by_label("Record to look at")).to_have_attribute("placeholder", "FAB-1")
    expect(sample).to_contain_text("FAB-")
    expect(sample.get_by_role("row").filter(has_text="Due date")).to_contain_text("In step")
    sheet.get_by_text("fields on their defaults").click()
    sheet.get_by_label("Direction of Due date").select_option("off")
    expect(sample.get_by_role("row").filter(has_text="Due date")).to_have_count(0)


def test_what_has_to_be_read_before_it_is_switched_on_is_short(sheet: Page) -> None:
    """It was 645 words, and 687 with all that Jira asked for; the sample was 132 of the 300 that were left."""
    expect(sheet.locator("#sample table").first).to_be_attached()
    assert words(sheet, "#mapping-form") < 140
    shown = (sheet.locator(f".by-way {part}").all_inner_texts() for part in ("dt", "dd"))
    ways = dict(zip(*shown, strict=True))
    assert ways["To Aha!"] == "Status"
    assert {"Name", "Due date", "Points"} < set(ways["Both ways"].split(", "))
    sheet.get_by_text("fields on their defaults").click()
    kinds = sheet.locator("table.lines th.aha-field").filter(has_text="Original estimate").all_inner_texts()
    assert [one.split("\n")[-1] for one in kinds] == [
        "estimate, of records counted in time",
        "estimate, of records counted in points",
    ]
    assert wrong_in_any_window(sheet, "mapping-unfolded") == {}


def test_what_is_not_on_its_default_stands_open(sheet: Page) -> None:
    due = sheet.get_by_label("When both sides changed Due date")
    expect(due).to_be_hidden()
    sheet.get_by_text("fields on their defaults").click()
    due.select_option("a person decides")
    sheet.get_by_label("Add a field of Aha!").fill("Start date")
    sheet.get_by_label("and a field of Jira").fill("Priority")
    sheet.get_by_role("button", name="Join them").click()
    expect(_line(sheet, "Start date")).to_contain_text("can not become “Priority” in Jira")
    open_ones = sheet.locator("#fold-fields > table.lines .aha-field")
    expect(open_ones).to_have_count(2)
    expect(open_ones.first).to_contain_text("Due date")
    expect(open_ones.last).to_contain_text("Start date")
    expect(sheet.locator(".by-way")).not_to_contain_text("Due date")


def test_everything_is_done_by_the_keyboard(sheet: Page) -> None:
    sheet.locator("#fold-off summary").first.focus()
    sheet.keyboard.press("Enter")
    sheet.get_by_label("Direction of Tags").focus()
    sheet.keyboard.press("Home")
    assert sheet.get_by_label("Direction of Tags").input_value() == "both"
    sheet.get_by_label("Add a field of Aha!").focus()
    sheet.keyboard.type("Created at")
    sheet.keyboard.press("Tab")
    sheet.keyboard.type("Labels")
    sheet.keyboard.press("Tab")
    sheet.keyboard.press("Enter")
    expect(sheet.locator("table.lines").first.locator("tbody tr").last).to_contain_text("Created at")
    expect(sheet.get_by_label("Direction of Tags")).to_be_visible()  # what was unfolded stays so
    sheet.get_by_role("button", name="Take out Created at").focus()
    sheet.keyboard.press("Enter")
    expect(_line(sheet, "Created at")).to_have_count(0)
    sheet.get_by_role("button", name="See what it would do").focus()
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_role("heading", name="What the change would do")).to_be_visible()


def test_on_a_telephone_the_parts_stand_folded_and_open_by_the_keyboard(lively: Stage) -> None:
    page = lively.page(viewport={"width": 360, "height": 800})
    page.goto(f"{lively.integration}mapping/feature/")
    fields = page.locator("#fold-fields > summary")
    expect(fields).to_contain_text("Fields")
    expect(page.get_by_label("Direction of Due date")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    assert wrong(page, "desktop") == {}
    picture(page, "phone-mapping-folded", whole=True)
    fields.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".by-way")).to_contain_text("Due date")
    expect(page.get_by_label("Direction of Due date")).to_be_hidden()
    assert wrong(page, "phone") == {}
    picture(page, "phone-mapping-fields", whole=True)
    page.locator("#fold-usual > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Direction of Due date")).to_be_visible()
    expect(page.locator(".by-way")).to_be_hidden()
    long = lively.feature("An_anchor_whose_name_is_one_word_" + "and_" * 20 + "no_more")
    page.locator("details:has(#record) > summary").click()
    page.get_by_label("Record to look at").fill(long)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#sample")).to_contain_text("to Jira: An_anchor")  # not sent: the addresses, too
    assert page.evaluate("look.sideways()") == []
    page.goto(f"{lively.integration}mapping/feature/#line-due-date")
    page.reload()
    expect(page.locator("#line-due-date")).to_be_in_viewport()
    close(page)


def test_it_works_without_script(lively: Stage) -> None:
    page = lively.page(java_script_enabled=False)
    page.goto(f"{lively.integration}mapping/feature/")
    page.get_by_label("Add a field of Aha!").fill("Start date")
    page.get_by_label("and a field of Jira").fill("Priority")
    page.get_by_role("button", name="Join them").click()
    expect(_line(page, "Start date")).to_contain_text("can not become")
    page.get_by_role("button", name="Take out Start date").click()
    expect(_line(page, "Start date")).to_have_count(0)
    close(page)


def test_a_plan_of_a_release_is_made_and_exported(lively: Stage) -> None:
    page = lively.page()
    page.goto(f"{lively.integration}plan/")
    page.get_by_label("Look at").select_option(index=1)
    page.get_by_role("button", name="Make").click()
    expect(page.get_by_text("Left alone")).to_be_visible()
    expect(page.get_by_role("heading", name="What would be written")).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="CSV").click()
    assert found.value.path().read_text("utf-8").startswith("side,does,record")
    picture(page, "plan-release", whole=True)
    close(page)
