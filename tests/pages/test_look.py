"""How pages look: nothing scrolls sideways or is too small to hit, and axe-core finds nothing, in light and dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.pages.axe import COLOURS, faults
from tests.pages.clash import clash, say_who_wins
from tests.pages.conftest import Stage
from tests.pages.keyboard import press, tab_to, write
from tests.pages.look import JUMPS, jumped, settled, wrong, wrong_in_any_window
from tests.pages.made_up import made_up_integrations
from tests.pages.rows import about, row_of
from tests.pages.windows import close

pytestmark = pytest.mark.pages

PAGES = {
    "home": "/",
    "records": "{integration}",
    "records-releases": "{integration}?kind=release",
    "waiting": "{integration}?state=due",
    "settings": "{integration}settings/",
    "mapping": "{integration}mapping/feature/",
    "mapping-requirement": "{integration}mapping/requirement/",
    "mapping-release": "{integration}mapping/release/",
    "mapping-parts": "{integration}mapping/parts/",
    "plan": "{integration}plan/",
    "send-all": "{integration}send-all/",
    "match-empty": "{integration}match/",
    "settle-empty": "{integration}settle/",
    "import-empty": "{integration}import/",
    "only-in-jira": "{integration}only-in-jira/",
    "setup": "{integration}setup/",
    "people": "{integration}people/",
    "firewall": "/firewall/",
    "conflicts": "{integration}conflicts/",
    "log": "/log/",
    "connections": "/connections/",
    "connection": "/connections/2/",
    "connect": "/connections/new/jira/",
    "connect-oauth": "/connections/new/jira/oauth/",
    "new": "/integrations/new/",
    "accounts": "/accounts/",
    "acts": "/acts/",
    "me": "/me/",
    "help": "/help/",
    "help-entry": "/help/A1/",
    "conflicts-all": "/conflicts/",
    "link-record": "{integration}link/?issue=FAB-1",
    "missing": "/nothing/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_and_used(lively: Stage, name: str) -> None:
    page = lively.page()
    lively.rest(page)
    page.add_init_script(JUMPS)
    page.goto(PAGES[name].format(integration=lively.integration))
    settled(page)
    assert jumped(page) == []
    assert wrong_in_any_window(page, name) == {}
    assert page.locator("h1").count() == 1
    close(page)
    complaints, lively.trouble = lively.trouble, []
    assert [line for line in complaints if not (name == "missing" and "404" in line)] == []


def test_home_with_many_integrations_is_searched_and_filtered(lively: Stage) -> None:
    page = lively.page()
    with made_up_integrations(lively.home, 60):
        page.goto("/")
        expect(page.locator("article.card")).to_have_count(12)
        assert wrong_in_any_window(page, "home-many") == {}
        page.set_viewport_size({"width": 1280, "height": 800})
        tab_to(page, "Not working 6")
        page.keyboard.press("Enter")
        expect(page.locator("article.card")).to_have_count(6)
        expect(page.get_by_role("link", name="Not working 6")).to_have_attribute("aria-current", "page")
        page.get_by_label("Search integrations").fill("made up 50")
        page.keyboard.press("Enter")
        expect(page.locator("article.card")).to_have_count(1)
        expect(page.get_by_role("heading", name="Made up 50")).to_be_visible()
    close(page)


def test_axe_finds_what_is_planted(lively: Stage) -> None:
    page = lively.page()
    page.goto("/help/")
    page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend", "<input id=planted><p id=faint>Faint</p>");
      document.getElementById("faint").style.cssText = "color: #999; background: #fff";
    }""")
    assert {line.split()[0] for line in faults(page)} >= {"color-contrast", "label"}
    assert [line.split()[:2] for line in faults(page, only=COLOURS)] == [["color-contrast", "#faint"]]
    close(page)


def test_what_a_narrow_window_shows_beside_is_judged_by_every_rule(lively: Stage) -> None:
    page = lively.page()
    page.goto("/help/")
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend", "<p id=p hidden><input>")""")
    assert wrong(page, "desktop") == {}
    page.evaluate("document.getElementById('p').hidden = false")
    assert "label" in {line.split()[0] for line in wrong(page, "phone")["axe"]}
    close(page)


def test_a_look_finds_what_is_planted(lively: Stage) -> None:
    page = lively.page()
    page.goto("/help/")
    page.evaluate("""() => {
      document.querySelector("main").insertAdjacentHTML("beforeend",
        "<label id=planted><input type=checkbox>Words that need more room than there is</label>" +
        "<div class=sides><p>Left</p><p id=low>Right</p></div>" +
        "<table class=records><tr id=row><td class=how>In step</td><td class=there>FAB-1</td></tr></table>" +
        "<p id=tight><button class=button>One</button><br><button class=button>Below</button></p>" +
        "<h2 id=head>Head</h2><p id=under>Under it</p>" +
        "<input id=asks aria-label=Asks placeholder='More than there is room for'>" +
        "<time id=bare datetime=2026-11-24T10:00:00Z data-ago>24 November 2026</time>");
      document.getElementById("planted").style.cssText = "display: flex; width: 2rem; height: 2rem";
      document.getElementById("tight").style.cssText = "line-height: 1; margin: 2rem 0";
      document.querySelectorAll("#head, #under").forEach((one) => { one.style.margin = 0; });
      document.getElementById("asks").style.width = "6rem";
      document.querySelector(".sides").style.cssText = "display: grid; grid-template-columns: 1fr 1fr";
      document.getElementById("low").style.marginTop = "3rem";
      for (const cell of document.querySelectorAll("#row td")) cell.style.cssText = "display: inline; padding: 0";
    }""")
    found = wrong(page, "dark")
    assert [line[:18] for line in found["spilled"]] == ['<label id="planted']
    assert [line[:18] for line in found["stepped"]] == ['<div class="sides"']
    assert [line[:12] for line in found["touching"]] == ['<tr id="row"']
    assert [line[:13] for line in found["crowded"]] == ["<button class", '<h2 id="head"']
    assert [line[:16] for line in found["unseen"]] == ['<input id="asks"']
    assert [line[:15] for line in found["timeless"]] == ['<time id="bare"']
    close(page)


def test_what_is_unfolded_in_the_moment_in_which_its_part_is_made_anew_stays_so(lively: Stage) -> None:
    page = lively.page()
    feature, _ = lively.pair(page, "A lantern of glass")
    page.add_init_script(
        "addEventListener('htmx:beforeSwap', (event) => { if (event.detail.target.id === 'compare')"
        " document.querySelector('#alike:not([open]) > summary').click(); }, { capture: true })"
    )
    row_of(page, feature).locator("a.title").click()
    expect(page.get_by_text("All fields that are compared are in step.")).to_be_visible()
    expect(page.locator("#compare table")).to_be_visible()
    close(page)


def test_the_page_of_a_pair(lively: Stage) -> None:
    page = lively.page()
    feature, issue = lively.pair(page, "A lantern of paper")
    row_of(page, feature).locator("a.title").click()
    page.locator("#compare #alike > summary").click()  # all of it is alike, and folded
    expect(page.locator("#compare table")).to_be_visible()
    assert wrong_in_any_window(page, "record") == {}
    address = page.url
    page.get_by_text("Request and answer", exact=True).first.click()
    expect(page.get_by_label("Answer", exact=True).first).to_be_visible()
    assert wrong_in_any_window(page, "record-requests") == {}
    here = page.evaluate("document.activeElement.id")
    lively.jira.rename(issue, "A lantern of silk")
    expect(page.locator("#history-lines")).to_contain_text("A lantern of silk")
    # What is unfolded stays so, and what has the focus keeps it.
    expect(page.get_by_label("Answer", exact=True).first).to_be_visible()
    assert here == page.evaluate("document.activeElement.id") != ""
    lively.rest(page)
    page.locator("#compare tbody th a").first.click()
    expect(page.get_by_role("heading", name="What was looked at")).to_be_visible()
    assert wrong_in_any_window(page, "why") == {}
    press(page, "Ask")
    expect(page.get_by_role("heading", name="What was looked at")).to_be_visible()
    page.goto(address)
    page.get_by_role("link", name="Unlink…").click()
    expect(page.get_by_role("button", name="Unlink", exact=True)).to_be_visible()
    assert wrong_in_any_window(page, "unlink") == {}
    close(page)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_of_a_pair_stands_still(lively: Stage, width: int) -> None:
    page = lively.page(viewport={"width": width, "height": 800})
    feature, issue = lively.pair(page, "A lantern of glass")
    page.goto(f"{lively.integration}?q={feature}")
    address = row_of(page, feature).locator("a.title").get_attribute("href")
    lively.rest(page)
    page.add_init_script(JUMPS)
    page.goto(str(address))
    settled(page)
    expect(page.locator("#compare tbody tr").first).to_contain_text("A lantern of glass")
    page.wait_for_timeout(200)
    assert jumped(page) == []
    tops = (
        page.locator("#compare tbody tr")
        .first.locator("td[data-side]")
        .evaluate_all("all => all.map(e => e.offsetTop)")
    )
    assert tops[0] == tops[1], "Aha! left, Jira right, on a telephone, too"
    page.evaluate(
        "document.querySelector('#compare table').dataset.before = 'yes'; window.least = 1e9;"
        "new MutationObserver(() => window.least = Math.min(window.least,"
        " document.querySelectorAll('#compare tbody tr').length))"
        ".observe(document.querySelector('#compare'), {childList: true})"
    )
    rows = page.locator("#compare tbody tr").count()
    lively.jira.rename(issue, "A lantern of horn")
    expect(page.locator("#compare tbody tr").first).to_contain_text("A lantern of horn")
    expect(page.locator("[data-before]")).to_have_count(0)
    assert page.evaluate("window.least") == rows
    close(page)


def test_a_record_is_linked_with_an_issue_by_the_keyboard(lively: Stage) -> None:
    feature, issue = lively.feature("A brake of cork"), lively.issue("It was there before")
    page = lively.page()
    page.goto(f"{lively.integration}?q={feature}")
    press(page, re.compile("^Link…$"))
    write(page, "Key of the issue", issue)
    press(page, "Compare")
    expect(page.get_by_role("button", name="Link them")).to_be_visible()
    assert wrong_in_any_window(page, "link") == {}
    press(page, "Link them")  # on a telephone by now
    expect(page.locator("#messages")).to_contain_text(f"{feature} and {issue} are linked")
    expect(page.locator("#status")).to_contain_text("In step")
    close(page)


def test_a_conflict_that_waits(lively: Stage) -> None:
    page = lively.page()
    feature, _ = clash(lively, page, "A bell of wood", "A bell of brass", "A bell of tin")
    conflict = about(page, ".conflict", feature)
    page.goto(f"{lively.integration}conflicts/")
    conflict.get_by_role("link").first.focus()
    tab_to(page, "Merge by hand")
    page.keyboard.press("Enter")
    expect(conflict.get_by_label("The text for both sides")).to_be_visible()
    assert wrong_in_any_window(page, "conflict") == {}
    page.goto("/")
    asked = about(page, ".asking-you li", feature)
    expect(asked).to_be_visible()
    assert wrong_in_any_window(page, "home-asking") == {}
    page.get_by_role("link", name="Decide").click()
    conflict.get_by_role("link").first.focus()
    tab_to(page, "Use Jira")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Jira counts for Name of {feature}.")).to_be_visible()
    say_who_wins(page, lively, "the newer change")
    close(page)


def test_on_a_telephone_the_tab_of_the_page_is_in_sight(lively: Stage) -> None:
    page = lively.page(viewport={"width": 360, "height": 800})
    for name in ("settings", "records"):
        page.goto(PAGES[name].format(integration=lively.integration))
        tab = page.locator(".tabs [aria-current]").bounding_box()
        assert tab is not None
        assert tab["x"] >= 0
        assert tab["x"] + tab["width"] <= 360
    close(page)
