"""Two people at once, each in a browser of their own: the first decides, and the second is told so and loses nothing.

Alice has a mouse. Eve, an editor, has a telephone and nothing but its keys, and a page that was opened before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.pages.clash import clash, say_who_wins
from tests.pages.conftest import Stage, watched
from tests.pages.keyboard import press, tab_to, write
from tests.pages.look import becomes, wrong, wrong_in_any_window
from tests.pages.pictures import picture
from tests.pages.rows import about
from tests.pages.windows import close

pytestmark = pytest.mark.pages
TELEPHONE = {"width": 360, "height": 800}
EVES = "lamp, tram, forty boats"
DECIDED = "Somebody changed the field, or answered, since this page was made. Nothing was chosen."


@pytest.fixture(scope="module")
def eves(stage: Stage) -> Any:
    """What Eve's browser keeps once she was invited and came in."""
    page, guest = stage.page(), stage.page(storage_state=None, viewport=TELEPHONE)
    page.goto("/accounts/")
    page.get_by_label("Name", exact=True).fill("eve")
    page.get_by_role("radio", name="Editor").check()
    page.get_by_role("button", name="Make a link").click()
    guest.goto(page.get_by_role("textbox", name="Link").input_value())
    for label in ("Password", "Password again"):
        guest.get_by_label(label, exact=True).fill(EVES)
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Integrations")).to_be_visible()
    kept = guest.context.storage_state()
    for one in (page, guest):
        close(one)
    return kept


@pytest.fixture
def alice(lively: Stage) -> Iterator[Page]:
    """A window of Alice's; in the end neither console has more to say than that a form was not taken."""
    yield from watched(lively, but=("422",))


@pytest.fixture
def eve(alice: Page, lively: Stage, eves: Any) -> Iterator[Page]:
    """A window of Eve's, beside Alice's."""
    page = lively.page(storage_state=eves, viewport=TELEPHONE)
    yield page
    close(page)


def _told(page: Page, said: Locator, words: str) -> None:
    """What the second one reads stands where she sees it, on a page that is as good as any other."""
    expect(said).to_contain_text(words)
    expect(said).to_be_in_viewport()
    assert wrong(page, "phone") == {}


@pytest.mark.parametrize("way", ["a side", "by hand"])
def test_a_conflict_is_decided_once(lively: Stage, alice: Page, eve: Page, way: str) -> None:
    material = {"a side": "wood", "by hand": "clay"}[way]
    brass, tin = f"A gong of brass, once of {material}", f"A gong of tin, once of {material}"
    feature, issue = clash(lively, alice, f"A gong of {material}", brass, tin)
    try:
        lively.rest(alice)
        for page in (alice, eve):
            page.goto(f"{lively.integration}conflicts/")
            expect(about(page, ".conflict", feature)).to_be_visible()
        about(alice, ".conflict", feature).get_by_role("button", name="Use Aha!").click()
        expect(alice.locator("#messages")).to_contain_text(f"Aha! counts for Name of {feature}.")

        about(eve, ".conflict", feature).get_by_role("link").first.focus()
        if way == "a side":
            press(eve, re.compile("^Use Jira"))
        else:
            tab_to(eve, "Merge by hand")
            eve.keyboard.press("Enter")
            write(eve, "The text for both sides", "A gong that nobody asked for")
            press(eve, "Use this text")
        _told(eve, eve.locator("#messages .error"), DECIDED)
        picture(eve, f"phone-decided-{way.replace(' ', '-')}", whole=True)
        if way == "by hand":
            expect(eve.get_by_label("What you wrote")).to_have_value("A gong that nobody asked for")
            assert wrong_in_any_window(eve, "text-not-used") == {}
            press(eve, "See how it stands now")
        expect(about(eve, ".conflict", feature)).to_have_count(0)

        becomes(alice, lambda: lively.jira.summary(issue), brass)
        lively.rest(alice)
        assert (lively.aha.name("features", feature), lively.jira.summary(issue)) == (brass, brass)
        said = alice.request.get(f"/log/?q={feature}").text()
        assert "Aha! was chosen for Name." in said
        assert "Jira was chosen for Name." not in said
        assert "merged by hand" not in said
    finally:
        say_who_wins(alice, lively, "the newer change")


def _open_mapping(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.integration}mapping/feature/")
    expect(page.locator("#fold-fields > summary")).to_be_visible()


def _unfold(page: Page, *folds: str) -> None:
    """By the keyboard: what a telephone shows by its name first, and what stands below the lines."""
    for fold in folds:
        if page.locator(f"#{fold}").get_attribute("open") is None:
            page.locator(f"#{fold} > summary").focus()
            page.keyboard.press("Enter")


def _direction(page: Page, field: str) -> Locator:
    return page.get_by_label(f"Direction of {field}", exact=True)


def _by_key(page: Page, button: str) -> None:
    """Press what stands at the end of a long form; that Tab comes there is shown elsewhere (test_setup.py)."""
    page.get_by_role("button", name=button).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _propose(page: Page) -> None:
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", name="What the change would do")).to_be_visible()


def _use(page: Page) -> None:
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("The change is in use.")).to_be_visible()


def test_a_mapping_form_that_was_opened_before_a_change_saves_nothing(lively: Stage, alice: Page, eve: Page) -> None:
    for page in (alice, eve):
        _open_mapping(lively, page)
    _unfold(alice, "fold-off")
    _direction(alice, "Tags").select_option("both")
    _propose(alice)
    _use(alice)
    try:
        _unfold(eve, "fold-fields", "fold-usual")
        _direction(eve, "Due date").select_option("off")
        _by_key(eve, "See what it would do")
        _told(eve, eve.get_by_role("alert"), "The mapping was changed by alice since you opened this page.")
        expect(eve.get_by_role("alert")).to_contain_text("Nothing was saved.")
        picture(eve, "phone-mapping-stale", whole=True)
        # What she chose is still in her form, however often she presses; and no change of hers waits anywhere.
        expect(_direction(eve, "Due date")).to_have_value("off")
        _by_key(eve, "See what it would do")
        expect(eve.get_by_role("alert")).to_contain_text("Nothing was saved.")
        eve.goto(f"{lively.integration}change/")
        expect(eve.get_by_role("heading", name="What a feature becomes")).to_be_visible()
        expect(eve.get_by_text("A change waits for your word.")).to_have_count(0)
        expect(_direction(eve, "Tags")).to_have_value("both")
        expect(_direction(eve, "Due date")).not_to_have_value("off")
    finally:
        _open_mapping(lively, alice)
        _direction(alice, "Tags").select_option("off")
        _propose(alice)
        _use(alice)


def test_of_two_changes_that_wait_only_the_one_that_was_seen_is_used(lively: Stage, alice: Page, eve: Page) -> None:
    _open_mapping(lively, alice)
    _unfold(alice, "fold-off")
    _direction(alice, "Tags").select_option("both")
    _propose(alice)
    expect(alice.get_by_role("button", name="Use it")).to_be_visible()
    try:
        _open_mapping(lively, eve)
        expect(eve.get_by_text("A change waits for your word.")).to_be_visible()
        _unfold(eve, "fold-fields", "fold-usual")
        _direction(eve, "Due date").select_option("off")
        _by_key(eve, "See what it would do")
        expect(eve.get_by_role("button", name="Use it")).to_be_visible()

        alice.get_by_role("button", name="Use it").click()
        expect(alice.locator("#messages .error")).to_contain_text("That change does not wait any more.")
        expect(_direction(alice, "Due date")).not_to_have_value("off")
        expect(_direction(alice, "Tags")).to_have_value("off")
    finally:
        eve.goto(f"{lively.integration}change/")
        _by_key(eve, "Drop the change")
        expect(eve.get_by_text("The change is dropped; the mapping is as it was.")).to_be_visible()
