"""The sandboxes' own pages in a browser: by mouse, by keyboard alone, in two windows, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.official.watch import Running
from tests.pages.look import WINDOWS, becomes, wrong
from tests.pages.pictures import picture

from crosswalk_sandbox.aha import build as build_aha
from crosswalk_sandbox.jira import build as build_jira
from crosswalk_sandbox.kernel.clock import Clock

pytestmark = pytest.mark.pages

BRUNO = "JIRAUSER10102"
HOSTILE = '<img src=x onerror="window.struck = 1"><script>window.struck = 1</script> & co'
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f0001040100"
    "5fe5c34b0000000049454e44ae426082"
)


@dataclass
class Pair:
    """A sandbox of each side that runs, and a browser; what a console complains about is kept."""

    aha: str
    jira: str
    browser: Browser
    trouble: list[str] = field(default_factory=list)

    def window(self, address: str, **options: Any) -> Page:
        """A window of a person of its own at `address`."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda line: self.trouble.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.goto(address)
        return page

    def feature(self, name: str, release: str = "FAB-R-1", **more: Any) -> str:
        """A new feature; its reference number."""
        url = f"{self.aha}/_play/as/alice@example.com/releases/{release}/features"
        return str(_well(httpx2.post(url, json={"feature": {"name": name, **more}}))["feature"]["reference_num"])

    def look(self, ref: str) -> Any:
        """A feature as its page gets it."""
        return _well(httpx2.get(f"{self.aha}/_play/feature/{ref}"))

    def issue(self, summary: str, **more: Any) -> str:
        """A new story in FAB; its key."""
        fields = {"project": {"key": "FAB"}, "issuetype": {"name": "Story"}, "summary": summary, **more}
        return str(_well(httpx2.post(self.rest("api/2/issue"), json={"fields": fields}))["key"])

    def rest(self, path: str) -> str:
        """An address of Jira's REST API as Bruno."""
        return f"{self.jira}/_sandbox/jira/as/{BRUNO}/{path}"

    def read(self, key: str) -> Any:
        """The fields of an issue."""
        return _well(httpx2.get(self.rest(f"api/2/issue/{key}")))["fields"]

    def order(self, *keys: str) -> list[str]:
        """The issues among `keys`, by rank."""
        cards = _well(httpx2.get(f"{self.jira}/_sandbox/jira/board?project=FAB"))["cards"]
        return [card["key"] for card in cards if card["key"] in keys]


def _well(answer: httpx2.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


@pytest.fixture(scope="session")
def sandboxes(browser: Browser) -> Iterator[Pair]:
    aha, _ = build_aha("demo", Clock())
    jira, _ = build_jira("cloud", "demo", Clock())
    with Running(aha) as left, Running(jira) as right:
        yield Pair(left, right, browser)


@pytest.fixture
def pair(sandboxes: Pair) -> Iterator[Pair]:
    """Both sandboxes; at the end every window is closed, no fault is on and no console has complained."""
    yield sandboxes
    contexts: list[BrowserContext] = list(sandboxes.browser.contexts)
    for context in contexts:
        for page in context.pages:
            if page.url.startswith((sandboxes.aha, sandboxes.jira)):
                assert page.evaluate("window.struck") is None
                page.context.close()
    for base in (sandboxes.aha, sandboxes.jira):
        httpx2.delete(f"{base}/_sandbox/faults")
    complaints, sandboxes.trouble = sandboxes.trouble, []
    # Chromium reports every refused request; the refusals are what some of these tests are about.
    assert [line for line in complaints if "Failed to load resource" not in line] == []


def _column(page: Page, name: str, key: str) -> Any:
    return page.get_by_test_id(f"column-{name}").get_by_test_id(f"card-{key}")


def _name(page: Page, key: str) -> Any:
    return page.get_by_test_id(f"card-{key}").locator(".name")


def _board(page: Page, words: str) -> Page:
    """A board that shows only cards with these words, so that a drag needs no scrolling on its way."""
    page.get_by_test_id("find").fill(words)
    expect(page.locator(".card").first).to_contain_text(words)
    return page


# ---- Jira


def test_a_card_is_dragged_to_a_status(pair: Pair) -> None:
    key = pair.issue("Drag me")
    page = _board(pair.window(pair.jira), "Drag me")
    page.get_by_test_id(f"card-{key}").drag_to(page.get_by_test_id("column-In Progress"))
    expect(_column(page, "In Progress", key)).to_be_visible()
    assert pair.read(key)["status"]["name"] == "In Progress"


def test_where_a_card_can_not_go_is_said_in_that_column(pair: Pair) -> None:
    key = pair.issue("Not so fast")
    page = _board(pair.window(pair.jira), "Not so fast")
    page.get_by_test_id(f"card-{key}").drag_to(page.get_by_test_id("column-In Review"))
    why = page.get_by_test_id("why-In Review")
    expect(why).to_contain_text(f"no transition from To Do to In Review. {key} can go to In Progress or Done.")
    expect(_column(page, "To Do", key)).to_be_visible()
    assert pair.read(key)["status"]["name"] == "To Do"


def test_cards_are_ranked_by_mouse_and_by_keyboard(pair: Pair) -> None:
    keys = [pair.issue(f"Rank {number}") for number in range(3)]
    page = _board(pair.window(pair.jira), "Rank")
    first = page.get_by_test_id(f"card-{keys[0]}")
    page.get_by_test_id(f"card-{keys[2]}").drag_to(first, target_position={"x": 60, "y": 4})
    expect(page.locator("#said")).to_contain_text(f"{keys[2]} ranked")
    assert pair.order(*keys) == [keys[2], keys[0], keys[1]]
    _name(page, keys[2]).focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".card").first).to_have_attribute("data-key", keys[0])
    expect(_name(page, keys[2])).to_be_focused()
    assert pair.order(*keys) == [keys[0], keys[2], keys[1]]


def test_cards_move_by_keyboard_alone(pair: Pair) -> None:
    key = pair.issue("By keys")
    page = _board(pair.window(pair.jira), "By keys")
    _name(page, key).focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(_column(page, "In Progress", key)).to_be_visible()
    expect(_name(page, key)).to_be_focused()
    page.keyboard.press("m")
    expect(page.get_by_role("menuitem", name="Move to In Review")).to_be_visible()
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_have_count(0)
    page.keyboard.press("Enter")
    page.get_by_test_id("to-In Review").press("Enter")
    expect(_column(page, "In Review", key)).to_be_visible()


def test_a_transition_with_a_screen_asks_for_its_fields(pair: Pair) -> None:
    key = pair.issue("Close me")
    page = _board(pair.window(pair.jira), "Close me")
    page.get_by_test_id(f"card-{key}").drag_to(page.get_by_test_id("column-Done"))
    dialog = page.get_by_test_id("fields")
    expect(dialog.get_by_role("heading")).to_have_text(f"{key}: Close")
    dialog.get_by_label("spring 2027").check()
    picture(page, "sandbox-jira-transition")
    dialog.get_by_role("button", name="Cancel").click()
    expect(_column(page, "To Do", key)).to_be_visible()
    page.get_by_test_id(f"card-{key}").drag_to(page.get_by_test_id("column-Done"))
    dialog.get_by_label("Resolution").select_option("Won't Do")
    dialog.get_by_label("spring 2027").check()
    page.get_by_test_id("dialog-go").click()
    expect(_column(page, "Done", key)).to_be_visible()
    fields = pair.read(key)
    assert (fields["resolution"]["name"], [v["name"] for v in fields["fixVersions"]]) == ("Won't Do", ["spring 2027"])


def test_what_a_transition_screen_lacks_is_said_in_the_dialog(pair: Pair) -> None:
    key = pair.issue("No resolution")
    page = pair.window(f"{pair.jira}/browse/{key}")
    # A screen may change between being shown and being sent; the server has the last word.
    page.route("**/transitions", lambda route: route.continue_(post_data='{"transition": {"id": "51"}}'))
    page.get_by_test_id("to-Done").click()
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id("wrong-resolution")).to_have_text("Resolution is required.")
    expect(page.get_by_test_id("status")).to_have_text("To Do")


def test_an_issue_is_edited_field_by_field(pair: Pair) -> None:
    key = pair.issue("A bell")
    page = pair.window(f"{pair.jira}/browse/{key}")
    page.get_by_test_id("field-assignee").select_option(label="Chandra Iyer")
    page.get_by_test_id("field-labels").fill("bell horn")
    page.get_by_test_id("field-duedate").fill("2027-03-01")
    page.get_by_test_id("field-parent").fill("FAB-1")
    page.get_by_test_id("field-timetracking").fill("2d 4h")
    page.get_by_test_id("fields").get_by_label("spring 2027").first.check()
    page.get_by_test_id("field-customfield_10031").or_(page.get_by_label("Story Points")).first.focus()
    page.get_by_label("Story Points").fill("8")
    page.get_by_label("Customer Segment").select_option("Families")
    page.get_by_test_id("summary").fill("A horn")
    page.get_by_test_id("summary").press("Enter")
    expect(page.get_by_test_id("history")).to_contain_text("A bell → A horn")
    becomes(page, lambda: str(pair.read(key)["customfield_10016"] == 8), "True")  # each field is saved by itself
    fields = pair.read(key)
    assert (fields["summary"], fields["labels"], fields["duedate"]) == ("A horn", ["bell", "horn"], "2027-03-01")
    assert (fields["assignee"]["displayName"], fields["parent"]["key"]) == ("Chandra Iyer", "FAB-1")
    assert (fields["timetracking"]["originalEstimate"], fields["customfield_10016"]) == ("2d 4h", 8)
    assert [version["name"] for version in fields["fixVersions"]] == ["spring 2027"]
    page.get_by_test_id("field-parent").fill("FAB-999")
    page.get_by_test_id("field-parent").press("Enter")
    expect(page.get_by_test_id("wrong-parent")).to_contain_text("Could not find issue")


def test_an_issues_text_comments_files_and_links(pair: Pair) -> None:
    key = pair.issue("Loud")
    page = pair.window(f"{pair.jira}/browse/{key}")
    page.get_by_test_id("edit-description").click()
    page.get_by_test_id("description").fill("h2. Loud\n\n* one")
    page.get_by_test_id("description-look").click()
    expect(page.get_by_test_id("description-preview").get_by_role("heading")).to_have_text("Loud")
    page.get_by_test_id("save-description").click()
    expect(page.get_by_test_id("text").get_by_role("listitem")).to_have_text("one")
    page.get_by_test_id("comment-text").fill("Ding *dong*")
    page.get_by_test_id("comment-add").click()
    expect(page.get_by_test_id("comments").locator("b")).to_have_text("dong")
    page.get_by_test_id("comments").get_by_role("button", name="Edit").click()
    page.get_by_test_id("comment-edit").fill("Dong")
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id("comments")).to_contain_text("edited")
    page.get_by_test_id("comments").get_by_role("button", name="Delete").click()
    expect(page.get_by_test_id("comments")).not_to_contain_text("Dong")
    page.get_by_test_id("attach").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PICTURE})
    expect(page.get_by_test_id("files").locator("img")).to_be_visible()
    page.get_by_test_id("link-add").click()
    page.get_by_test_id("link-key").fill("FAB-2")
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id("links")).to_contain_text("blocks FAB-2")
    page.get_by_test_id("work-add").click()
    page.get_by_test_id("spent").fill("3h")
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id("work")).to_contain_text("3h Bruno Costa")
    fields = pair.read(key)
    assert (fields["description"], fields["timespent"]) == ("h2. Loud\n\n* one", 3 * 3600)
    assert (len(fields["attachment"]), fields["issuelinks"][0]["outwardIssue"]["key"]) == (1, "FAB-2")


def test_an_issue_is_created_and_a_version_released(pair: Pair) -> None:
    page = pair.window(pair.jira)
    page.get_by_test_id("create").click()
    dialog = page.get_by_test_id("create-dialog")
    dialog.get_by_test_id("create-type").select_option("Bug")
    page.get_by_test_id("dialog-go").click()
    expect(dialog.get_by_test_id("wrong-summary")).to_have_text("You must specify a summary of the issue.")
    dialog.get_by_test_id("field-summary").fill("Made by hand")
    page.get_by_test_id("dialog-go").click()
    expect(page.locator(".card", has_text="Made by hand")).to_contain_text("Bug")
    page.goto(f"{pair.jira}/versions")
    expect(page.get_by_test_id("create")).to_be_disabled()
    page.get_by_test_id("acting").select_option(label="Alice Ng")
    page.get_by_test_id("create").click()
    page.get_by_test_id("version-name").fill("Midsummer")
    page.get_by_test_id("dialog-go").click()
    page.get_by_test_id("menu-Midsummer").click()
    page.get_by_test_id("release").click()
    expect(page.get_by_test_id("versions").locator("tr", has_text="Midsummer")).to_contain_text("released")


def test_an_issue_goes_into_a_sprint_in_the_backlog(pair: Pair) -> None:
    key = pair.issue("Sprint on")
    page = pair.window(f"{pair.jira}/backlog")
    page.get_by_test_id(f"move-{key}").click()
    page.get_by_test_id("to-FAB Sprint 2").click()
    expect(_column(page, "FAB Sprint 2", key)).to_be_visible()
    page.goto(f"{pair.jira}/browse/{key}")
    expect(page.get_by_test_id("field-customfield_10020")).to_have_value("2")


# ---- Aha!


def test_a_feature_is_dragged_to_another_release_and_place(pair: Pair) -> None:
    one, two = pair.feature("Tandem one", "FAB-R-3"), pair.feature("Tandem two", "FAB-R-4")
    page = _board(pair.window(pair.aha), "Tandem")
    target = page.get_by_test_id(f"card-{two}")
    page.get_by_test_id(f"card-{one}").drag_to(target, target_position={"x": 60, "y": 4})
    expect(_column(page, "Parking lot", one)).to_be_visible()
    expect(page.get_by_test_id("column-Parking lot").locator(".card").first).to_have_attribute("data-key", one)
    assert pair.look(one)["release"] == "FAB-R-4"
    _name(page, one).focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(_column(page, "Autumn leaves", one)).to_be_visible()
    page.get_by_test_id("by").select_option("status")
    page.get_by_test_id(f"card-{one}").drag_to(page.get_by_test_id("column-Shipped"))
    expect(_column(page, "Shipped", one)).to_be_visible()
    assert (pair.look(one)["status"], pair.look(one)["release"]) == ("Shipped", "FAB-R-3")
    # Statuses hold features of several releases, whose order is not one.
    page.get_by_test_id(f"card-{two}").drag_to(page.get_by_test_id("column-Shipped"))
    expect(_column(page, "Shipped", two)).to_be_visible()
    _name(page, two).focus()
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator("#said")).to_contain_text("The order is kept within a release.")


def test_an_edit_in_the_drawer_appears_in_the_other_window(pair: Pair) -> None:
    ref = pair.feature("Quiet bell")
    page, other = pair.window(pair.aha), pair.window(pair.aha)
    other.get_by_test_id(f"card-{ref}").locator(".name").click()
    _name(page, ref).press("Enter")
    drawer = page.get_by_test_id("drawer")
    drawer.get_by_test_id("name").fill("Loud bell")
    drawer.get_by_test_id("name").press("Enter")
    drawer.get_by_test_id("status").select_option("In development")
    drawer.get_by_test_id("tags").fill("safety, fun")
    drawer.get_by_test_id("due").fill("2027-05-01")
    drawer.get_by_label("Customer tier").select_option("Courier")
    expect(other.get_by_test_id("drawer").get_by_test_id("name")).to_have_value("Loud bell")
    expect(other.get_by_test_id("drawer").get_by_label("Customer tier")).to_have_value("Courier")
    expect(other.get_by_test_id(f"card-{ref}")).to_contain_text("In development")
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(_name(page, ref)).to_be_focused()
    becomes(page, lambda: str(pair.look(ref)["due"]), "2027-05-01")  # each field is saved by itself
    seen = pair.look(ref)
    assert (seen["status"], seen["tags"], seen["due"]) == ("In development", ["safety", "fun"], "2027-05-01")


def test_rich_text_is_written_and_kept_as_normal_html(pair: Pair) -> None:
    ref = pair.feature("Written")
    page = pair.window(f"{pair.aha}/#feature/{ref}")
    text = page.get_by_test_id("description")
    text.click()
    page.keyboard.type("Bold")
    text.press("Shift+Home")
    page.get_by_test_id("description-bold").click()
    expect(page.get_by_test_id("description-bold")).to_have_attribute("aria-pressed", "true")
    text.press("Control+End")
    page.get_by_test_id("description-bold").click()
    for tool, words in (("heading", "Why"), ("insertOrderedList", "One"), ("checklist", "Done")):
        # A second Enter ends the list that the first one went on with.
        for _ in range(2 if tool == "checklist" else 1):
            page.keyboard.press("Enter")
        page.get_by_test_id(f"description-{tool}").click()
        page.keyboard.type(words)
    text.press("Shift+Home")
    page.get_by_test_id("description-link").click()
    page.get_by_test_id("link-url").fill("javascript:alert(1)")
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id("dialog-wrong")).to_contain_text("https://")
    page.get_by_test_id("link-url").fill("https://example.com/a?b=1&c=2")
    page.get_by_test_id("dialog-go").click()
    page.get_by_test_id("description-file").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    expect(text.locator("img")).to_be_visible()
    text.press("Control+End")
    page.get_by_test_id("description-table").click()
    expect(text.get_by_role("columnheader")).to_have_text(["Head", "Head"])
    picture(page, "sandbox-aha-editor")
    page.get_by_test_id("save").click()
    expect(page.locator("#said")).to_have_text("Text saved.")
    html = pair.look(ref)["description"]
    for wanted in ("<strong>Bold</strong>", '</p><h2>Why</h2><ol><li>One</li></ol><ul class="checklist">'):
        assert wanted in html, html
    assert '<a href="https://example.com/a?b=1&amp;c=2">Done</a>' in html
    assert re.search(r'<img src="http://127.0.0.1:\d+/attachments/\d+/token/\w+\.download\?size=original"', html)
    assert "<table><tbody><tr><th>Head</th><th>Head</th></tr>" in html
    assert re.search("style=|<b>|<span", html) is None


def test_a_text_changed_elsewhere_is_not_overwritten_unseen(pair: Pair) -> None:
    ref = pair.feature("Twice", description="<p>First</p>")
    page = pair.window(f"{pair.aha}/features/{ref}")
    expect(page.get_by_test_id("description")).to_have_text("First")
    page.get_by_test_id("description").fill("Mine")
    url = f"{pair.aha}/_play/as/bruno@example.com/features/{ref}"
    httpx2.put(url, json={"feature": {"description": "<p>Theirs</p>"}})
    expect(page.get_by_test_id("meanwhile")).to_contain_text("Somebody else changed this text")
    expect(page.get_by_test_id("description")).to_have_text("Mine")


def test_requirements_comments_and_files_of_a_feature(pair: Pair) -> None:
    ref = pair.feature("Parts")
    page = pair.window(f"{pair.aha}/#feature/{ref}")
    for words in ("One", "Two"):
        page.get_by_test_id("requirement-name").fill(words)
        page.get_by_test_id("requirement-name").press("Enter")
        expect(page.get_by_test_id("requirements")).to_contain_text(words)
    page.get_by_test_id(f"part-{ref}-2").click()
    page.get_by_test_id("up").click()
    expect(page.get_by_test_id("requirements").get_by_role("listitem").first).to_contain_text("Two")
    page.get_by_test_id("comment").fill("Well done")
    page.get_by_test_id("comment-add").click()
    expect(page.get_by_test_id("comments")).to_contain_text("Alice Ng")
    page.get_by_test_id("attach").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(page.get_by_test_id("files")).to_contain_text("a.txt")
    expect(page.get_by_test_id("history")).to_contain_text("commented on feature")
    page.get_by_test_id("requirements").get_by_role("link", name="Two").click()
    expect(page.get_by_test_id("trail")).to_contain_text(f"{ref}-2")
    page.get_by_test_id("trail").get_by_role("link").click()
    page.get_by_test_id("delete").click()
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id(f"card-{ref}")).to_have_count(0)


def test_a_feature_is_added_and_who_only_looks_is_told_so(pair: Pair) -> None:
    page = pair.window(pair.aha)
    page.get_by_test_id("create").click()
    page.get_by_test_id("new-name").fill("From the board")
    page.get_by_test_id("dialog-go").click()
    expect(page.get_by_test_id("drawer").get_by_test_id("name")).to_have_value("From the board")
    page.get_by_test_id("acting").select_option(label="Dana Weiss")
    expect(page.get_by_test_id("may")).to_contain_text("You may look at this workspace")
    expect(page.get_by_test_id("drawer").get_by_test_id("status")).to_be_disabled()


# ---- both


def test_hostile_words_are_only_words(pair: Pair) -> None:
    ref, key = pair.feature(HOSTILE, tags=[HOSTILE]), pair.issue(HOSTILE, description=HOSTILE)
    plain = pair.look(ref)["name"]
    page = pair.window(f"{pair.aha}/#feature/{ref}")
    expect(_name(page, ref)).to_have_text(plain)
    expect(page.get_by_test_id("drawer").get_by_test_id("name")).to_have_value(plain)
    page.goto(f"{pair.jira}/browse/{key}")
    expect(page.get_by_test_id("heading")).to_have_text(HOSTILE)
    expect(page.get_by_test_id("text").locator(".shown")).to_have_text(HOSTILE)
    page.goto(pair.jira)
    expect(_name(page, key)).to_have_text(HOSTILE)
    # A text that got past every writer: neither a handler nor a script in it runs.
    page.evaluate(f"document.body.append(written({HOSTILE!r}))")
    expect(page.locator(".shown img").first).to_have_js_property("complete", True)
    assert page.evaluate("window.struck") is None
    assert any("Content Security Policy" in line for line in pair.trouble)
    pair.trouble[:] = [line for line in pair.trouble if "Content Security Policy" not in line]


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_fault_is_switched_on_strikes_and_is_seen(pair: Pair, side: str) -> None:
    base, api = (pair.aha, "/api/v1/me") if side == "aha" else (pair.jira, "/rest/api/2/myself")
    page = pair.window(f"{base}/_sandbox/pages/faults")
    page.get_by_test_id("fault-429").check()
    expect(page.get_by_test_id("fault-set-status")).to_be_hidden()
    page.get_by_test_id("fault-set-retry_after").fill("7")
    page.get_by_test_id("fault-set-probability").fill("0.99")
    page.get_by_test_id("fault-set-seed").fill("4")
    page.get_by_test_id("fault-add").click()
    expect(page.get_by_test_id("faults")).to_contain_text("Too many requests")
    expect(page.get_by_test_id("faults")).to_contain_text("by a chance of 0.99, seed 4")
    struck = httpx2.get(base + api)
    assert (struck.status_code, struck.headers["Retry-After"]) == (429, "7")
    expect(page.get_by_test_id("faults")).to_contain_text("spent")
    page.get_by_test_id("fault-set-path_regex").fill("(")
    page.get_by_test_id("fault-add").click()
    expect(page.locator("#fault-wrong")).to_contain_text("path_regex")
    page.get_by_test_id("faults-off").click()
    expect(page.get_by_test_id("faults")).to_contain_text("No fault is on.")
    page.goto(f"{base}/_sandbox/pages/requests")
    page.get_by_test_id("request-faulty").check()
    expect(page.get_by_test_id("requests").locator("tbody tr").first).to_contain_text(f"GET {api}")
    expect(page.get_by_test_id("requests").locator("tbody tr").first).to_contain_text("429")
    page.get_by_test_id("request-method").select_option("PUT")
    expect(page.get_by_test_id("requests")).to_contain_text("No request fits.")


def test_a_hook_is_seen_and_sent_again(pair: Pair) -> None:
    page = pair.window(f"{pair.aha}/_sandbox/pages/hooks")
    page.get_by_test_id("hook-url").fill("http://127.0.0.1:9/nowhere")
    page.get_by_test_id("hook-add").click()
    expect(page.get_by_test_id("hook-urls")).to_contain_text("http://127.0.0.1:9/nowhere")
    pair.feature("Tell")
    expect(page.get_by_test_id("hooks")).to_contain_text("Connection refused")
    rows = page.get_by_test_id("hooks").locator("tbody tr")
    before = rows.count()
    rows.first.get_by_role("button", name=re.compile("again")).click()
    expect(rows).to_have_count(before + 1)
    page.get_by_role("button", name="Take off http://127.0.0.1:9/nowhere").click()
    expect(page.get_by_test_id("hook-urls")).to_be_empty()


def test_the_world_is_changed_and_changed_back(pair: Pair) -> None:
    page = pair.window(f"{pair.jira}/_sandbox/pages/world")
    page.get_by_test_id("verb").select_option("rename_status")
    page.get_by_test_id("world-status").fill("Nowhere")
    page.get_by_test_id("world-name").fill("Checking")
    page.get_by_test_id("world-do").click()
    expect(page.locator("#world-wrong")).to_contain_text("Nowhere")
    page.get_by_test_id("world-status").fill("In Review")
    page.get_by_test_id("world-do").click()
    expect(page.get_by_test_id("changes")).to_contain_text("Status: In Review, Name: Checking")
    board = pair.window(pair.jira)
    expect(board.get_by_test_id("column-Checking")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_test_id("changes")).to_contain_text("Nothing is changed.")
    expect(board.get_by_test_id("column-In Review")).to_be_visible()


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_what_is_looked_for_before_the_board_is_there_is_found_when_it_comes(pair: Pair, side: str) -> None:
    key = pair.feature("Early bird") if side == "aha" else pair.issue("Early bird")
    page = pair.window("about:blank")
    held: list[Route] = []
    page.route(re.compile(r"/board(\?|$)"), lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request(re.compile(r"/board(\?|$)")):
        page.goto(pair.aha if side == "aha" else pair.jira)
    page.get_by_test_id("find").fill("Early")
    held[0].continue_()
    expect(page.locator(".card")).to_have_count(1)
    expect(_name(page, key)).to_have_text("Early bird")


PAGES = {
    "jira-board": "{jira}/",
    "jira-backlog": "{jira}/backlog",
    "jira-versions": "{jira}/versions",
    "jira-issue": "{jira}/browse/FAB-2",
    "aha-board": "{aha}/",
    "aha-drawer": "{aha}/#feature/FAB-1",
    "aha-record": "{aha}/features/FAB-7",
    "hooks": "{aha}/_sandbox/pages/hooks",
    "requests": "{jira}/_sandbox/pages/requests",
    "faults": "{aha}/_sandbox/pages/faults",
    "world": "{jira}/_sandbox/pages/world",
}
READY = ".card, tbody tr, [data-testid=text], #record [data-testid=description]"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_and_used(pair: Pair, name: str) -> None:
    page = pair.window(PAGES[name].format(aha=pair.aha, jira=pair.jira))
    expect(page.locator(READY).first).to_be_visible()
    faulty = {}
    for window, (width, scheme) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if window != "phone-dark":
            picture(page, f"{window}-sandbox-{name}")
        if found := wrong(page, window):
            faulty[window] = found
    assert faulty == {}
    assert page.locator("h1").count() == 1
    expect(page.get_by_test_id("notice")).to_contain_text("Not made by")


def test_a_row_stays_a_row_and_a_line_runs_through(pair: Pair) -> None:
    page = pair.window(f"{pair.aha}/#feature/FAB-1", viewport={"width": 360, "height": 900})
    more = page.get_by_test_id("part-FAB-1-2")
    expect(more).to_be_visible()
    name = page.get_by_test_id("row-FAB-1-2").get_by_role("link").first.bounding_box()
    button = more.bounding_box()
    assert name is not None
    assert button is not None
    assert button["x"] > name["x"] + name["width"] / 2, "beside a long name, not below it"
    page.goto(f"{pair.aha}/features/{pair.feature('n' * 90)}")
    expect(page.get_by_text("created feature")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360, "a long name in the history is broken"
    faults = pair.window(f"{pair.aha}/_sandbox/pages/faults")
    widths = "[...document.querySelectorAll('thead tr > *')].map((one) => getComputedStyle(one).borderBottomWidth)"
    assert set(faults.evaluate(widths)) == {"1px"}


def test_what_a_change_of_the_world_needs_is_said_whole(pair: Pair) -> None:
    page = pair.window(f"{pair.jira}/_sandbox/pages/world")
    page.get_by_test_id("verb").select_option("skew_clock")
    expect(page.get_by_text("how far ahead; negative: behind")).to_be_visible()
    expect(page.get_by_test_id("world-seconds")).to_have_accessible_description("how far ahead; negative: behind")
