"""Each step of the set-up once more when all is set up: by the keyboard alone, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Stage
from tests.pages.keyboard import press, tab_to
from tests.pages.look import wrong, wrong_in_any_window
from tests.pages.pictures import picture
from tests.pages.windows import close

pytestmark = pytest.mark.pages
COPYING = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def telephone(lively: Stage) -> Iterator[Page]:
    """A window of Alice's, 360 pixels wide; in the end its console is clean."""
    page = lively.page(viewport={"width": 360, "height": 800}, permissions=COPYING)
    yield page
    close(page)
    complaints, lively.trouble = lively.trouble, []
    assert complaints == []


def _enter(page: Page, text: str) -> None:
    """Tab to what says `text`, and press it where no other page follows."""
    tab_to(page, re.compile(f"^{text}"))
    page.keyboard.press("Enter")


def test_a_connection_is_tested(telephone: Page) -> None:
    telephone.goto("/connections/2/")
    _enter(telephone, "Test connection$")
    found = telephone.locator("#check .found")
    for words in ("Cloud", "Signed in as", "the same as ours"):
        expect(found).to_contain_text(words)
    assert wrong(telephone, "phone") == {}


def test_project_data_is_loaded(lively: Stage, telephone: Page) -> None:
    telephone.goto(f"{lively.integration}settings/")
    press(telephone, "Load project data")
    expect(telephone.get_by_text(re.compile("Nothing changed since|What changed since"))).to_be_visible()
    assert wrong(telephone, "phone") == {}


def test_a_mapping_is_changed_used_and_taken_back(lively: Stage, telephone: Page) -> None:
    telephone.goto(f"{lively.integration}mapping/feature/")
    due = telephone.get_by_label("Direction of Due date", exact=True)
    _enter(telephone, "Fields")
    _enter(telephone, r"\d+ fields on their defaults")
    tab_to(telephone, re.compile("^Direction of Due date"))
    telephone.keyboard.press("End")
    expect(due).to_have_value("off")
    press(telephone, "See what it would do")
    expect(telephone.get_by_text("Due date of a feature, direction: both ways → off.")).to_be_visible()
    expect(telephone.get_by_role("button", name="Use it")).to_be_visible()
    picture(telephone, "phone-mapping-change", whole=True)
    assert wrong(telephone, "phone") == {}
    press(telephone, "Use it")
    expect(telephone.get_by_text("The change is in use.")).to_be_visible()
    expect(due).to_have_value("off")
    _enter(telephone, "Earlier mappings")
    press(telephone, "Go back to this")
    expect(telephone.get_by_text("Due date of a feature, direction: off → both ways.")).to_be_visible()
    expect(telephone.get_by_role("button", name="Use it")).to_be_visible()
    press(telephone, "Use it")
    expect(telephone.get_by_text("The change is in use.")).to_be_visible()
    expect(due).to_have_value("both")


def test_a_file_is_compared_with_what_runs(lively: Stage, telephone: Page) -> None:
    telephone.goto(f"{lively.integration}settings/")
    press(telephone, re.compile("^As a file$"))
    telephone.get_by_role("heading", name="As a file").click()
    press(telephone, "Compare with what runs")
    expect(telephone.get_by_role("heading", name="What runs is what the file says")).to_be_visible()
    text = telephone.get_by_label("Text of the file").input_value()
    _compare(telephone, text.replace("jira: duedate", "jira: no_such_date").replace("type: Story", "type: Saga"))
    expect(telephone.get_by_role("alert")).to_contain_text("has no issue type “Saga”")
    picture(telephone, "phone-file-faults", whole=True)
    assert wrong(telephone, "phone") == {}
    lively.trouble = [line for line in lively.trouble if "422" not in line]
    _compare(telephone, text.replace("name: Due date", "name: Due by"))
    expect(telephone.get_by_role("status").filter(has_text="differs from what runs")).to_contain_text("Due by")
    assert wrong_in_any_window(telephone, "file-drift") == {}
    press(telephone, "See what it would do")
    press(telephone, "Drop the change")
    expect(telephone.get_by_text("The change is dropped; the mapping is as it was.")).to_be_visible()


def _compare(page: Page, text: str) -> None:
    """Choose a file that holds `text` and have it compared, by the keyboard."""
    with page.expect_file_chooser() as chooser:
        tab_to(page, "A file to compare")
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "fable.yaml", "mimeType": "application/yaml", "buffer": text.encode()})
    press(page, "Compare with what runs")


REFUSED = """() => {
  navigator.clipboard.writeText = async () => { throw new DOMException("No.", "NotAllowedError"); };
}"""
"""A browser that keeps its clipboard to itself."""


def test_a_webhook_is_registered_copied_and_delivers(lively: Stage, telephone: Page) -> None:
    telephone.goto(f"{lively.integration}setup/")
    _enter(telephone, "See below")
    expect(telephone.locator("#hook-jira")).to_be_visible()
    if telephone.locator("#aha-again").count():  # one arrived from there before
        _enter(telephone, "Its address")
    telephone.evaluate(REFUSED)
    _enter(telephone, "Copy$")
    expect(telephone.get_by_role("button", name="Ctrl+C or ⌘C")).to_be_visible()
    expect(telephone.locator("#aha_hook")).to_be_focused()
    telephone.evaluate("delete navigator.clipboard.writeText")
    expect(telephone.get_by_role("button", name="Copy", exact=True).first).to_be_visible()
    _enter(telephone, "Copy$")
    expect(telephone.get_by_role("button", name="Copied")).to_be_visible()
    copied = telephone.evaluate("navigator.clipboard.readText()")
    assert copied == telephone.locator("#aha_hook").input_value()
    _enter(telephone, "Register it again")
    press(telephone, re.compile("^Register it in Jira$"))
    expect(telephone.get_by_text("Jira has this webhook already.")).to_be_visible()
    lively.jira.rename(lively.issue("A hook is heard of this"), "A hook was heard of this")
    lively.feature("A hook of Aha! is heard of this")
    for side in ("jira", "aha"):
        expect(telephone.locator(f"#hook-{side}")).to_contain_text("Delivers")
    assert wrong(telephone, "phone") == {}


def test_a_plan_of_a_release_is_made_and_exported(lively: Stage, telephone: Page) -> None:
    telephone.goto(f"{lively.integration}plan/")
    tab_to(telephone, re.compile("^Look at"))
    telephone.keyboard.press("Home")  # a plan that was made before may stand at the end of the list
    telephone.keyboard.press("ArrowDown")
    expect(telephone.get_by_label("Look at").locator("option:checked")).to_contain_text("release")
    expect(telephone.get_by_label("or one feature")).to_have_value("")
    press(telephone, re.compile("^Make (a plan|it again)$"))
    expect(telephone.get_by_text("Left alone")).to_be_visible()
    expect(telephone.get_by_role("link", name="CSV", exact=True)).to_be_visible()
    tab_to(telephone, re.compile("^CSV$"))
    with telephone.expect_download() as found:
        telephone.keyboard.press("Enter")
    assert found.value.path().read_text("utf-8").startswith("side,does,record")
    picture(telephone, "phone-plan-made", whole=True)
    folded = telephone.locator(".patches details:not([open])")
    expect(folded.first).to_be_visible()
    tab_to(telephone, re.compile(r"^\d+ more"))
    telephone.keyboard.press("Enter")
    expect(telephone.locator(".rest[open] > .patches").first).to_be_visible()
    assert telephone.evaluate("document.documentElement.scrollHeight") < 5000, "it can be looked through on a telephone"
    assert wrong(telephone, "phone") == {}
    button = telephone.locator("[data-unfolds]")
    for words, folded in (("Unfold all", 0), ("Fold all", telephone.locator("#writes details").count())):
        expect(button).to_have_text(words)
        button.press("Enter")
        expect(telephone.locator("#writes details:not([open])")).to_have_count(folded)
    expect(button).to_have_text("Unfold all")


def test_a_plan_of_one_feature_is_looked_at_and_that_one_is_sent(lively: Stage, telephone: Page) -> None:
    key = lively.feature("A plan of one")
    telephone.goto(f"{lively.integration}plan/?record={key}")
    press(telephone, re.compile("^Make (a plan|it again)$"))
    send = telephone.get_by_role("button", name=f"Send {key} to Jira", exact=True)
    expect(send).to_be_visible()
    picture(telephone, "phone-plan-one", whole=True)
    assert wrong(telephone, "phone") == {}
    posted: list[str] = []
    telephone.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    send.dblclick()
    expect(telephone).to_have_url(re.compile("/records/"))
    expect(telephone.locator("main")).to_contain_text(key)
    expect(telephone.locator("#compare")).to_contain_text("In step")
    assert len(posted) == 1, "pressed twice, sent once"


def test_it_is_paused_and_enabled_again(lively: Stage, telephone: Page) -> None:
    telephone.goto(f"{lively.integration}settings/")
    press(telephone, re.compile("^Pause$"))
    expect(telephone.locator("#messages")).to_contain_text("is paused.")
    assert wrong(telephone, "phone") == {}
    press(telephone, re.compile("^Enable$"))
    expect(telephone.locator("#messages")).to_contain_text("is enabled.")
