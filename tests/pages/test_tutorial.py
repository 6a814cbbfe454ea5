"""docs/tutorial.md, played step by step. Pictures go to var/screenshots/docs; `./run screenshots` takes them over."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.pages.conftest import Stage
from tests.pages.look import becomes
from tests.pages.pictures import picture
from tests.pages.rows import about, row_of
from tests.pages.windows import close

from crosswalk_demo.players import AhaPlayer

pytestmark = pytest.mark.pages


def _picture(page: Page, name: str) -> None:
    """A picture for the docs; and whether the one that they show has the same fixed words."""
    picture(page, f"docs/{name}", always=True)
    fixed = ", ".join(f"{within} {one}" for within, ones in FIXED.get(name, OURS).items() for one in ones)
    words = [text.strip().partition("\n")[0].strip() for text in page.locator(fixed).all_inner_texts() if text.strip()]
    known = json.loads(PICTURED.read_text("utf-8"))
    if REMADE:
        PICTURED.write_text(json.dumps({**known, name: words}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    else:
        assert known[name] == words, "docs/images shows the page as it was: ./run screenshots, and look at the pictures"


OURS = {"main": (".tabs a", ".many a", ".chosen button", ".asked label", "h2", "thead th")}
"""What a page of Crosswalk's says whatever its data are."""
_SANDBOX = (
    "h2",
    "legend",
    "button:not(.card button)",
    "label:not(fieldset label, :has(select))",
    "label:has(> select)",
)
FIXED = {
    "issue": {".top": ("nav a",), "main": _SANDBOX},
    "board": {".top": ("nav a",), "main": _SANDBOX},
    "feature": {".top": ("nav a",), "#drawer": _SANDBOX},
}
"""The same of the sandboxes' pages, which show more of other tests' data: names of versions, other cards."""
PICTURED = Path(__file__).with_name("pictured.json")
"""The fixed words of the pages as docs/images shows them."""
REMADE = "SCREENSHOTS" in os.environ  # by ./run screenshots


def _window(stage: Stage, address: str) -> Page:
    page = stage.page(base_url=None)
    page.goto(address)
    return page


def _fresh(aha: AhaPlayer) -> dict[str, Any]:
    """A feature that no other test has sent, whatever their order."""
    release = aha.get("/products/FAB/releases")["releases"][0]["id"]
    wanted = {"name": "Fold-away cargo rack", "description": "<p>Carries 25 kg, folds flat in one move.</p>"}
    feature: dict[str, Any] = aha.post(f"/releases/{release}/features", {"feature": wanted})["feature"]
    for name in ("The hinge holds 25 kg", "Folds with one hand"):
        aha.post(f"/features/{feature['id']}/requirements", {"requirement": {"name": name}})
    return feature


def test_from_the_first_feature_to_its_status(stage: Stage, page: Page) -> None:
    feature = _fresh(stage.aha)
    key, name = feature["reference_num"], feature["name"]
    page.goto(stage.integration)
    expect(page.locator("tbody tr").first).to_be_visible()
    _picture(page, "records")

    # What other tests sent before fills a page of the list: the row is found as a person finds it.
    page.goto(f"{stage.integration}?q={key}")
    row = row_of(page, key)
    page.get_by_role("button", name=f"Send to Jira: {key}", exact=True).click()
    expect(row).to_contain_text("In step")
    link = row.locator(".there a.key")
    issue, address = link.inner_text(), str(link.get_attribute("href"))
    row.locator("a.title").click()
    expect(page.locator("#compare")).to_contain_text("fields alike")
    page.locator("#alike > summary").click()
    expect(page.locator("#alike table")).to_be_visible()
    _picture(page, "record")

    jira = _window(stage, address)
    expect(jira.get_by_test_id("heading")).to_have_text(name)
    _picture(jira, "issue")
    jira.goto(address.partition("/browse/")[0])
    jira.get_by_test_id("find").fill(name)
    column = jira.get_by_test_id("column-In Progress")
    jira.get_by_test_id(f"card-{issue}").drag_to(column)
    expect(column.get_by_test_id(f"card-{issue}")).to_be_visible()
    _picture(jira, "board")
    close(jira)

    expect(page.locator("#history")).to_be_visible()
    page.goto(f"{stage.integration}?q={key}")
    expect(row).to_contain_text("In step")
    page.goto("/log/")
    expect(about(page, "#lines li", key).filter(has_text="In development").first).to_be_visible()
    _picture(page, "log")

    aha = _window(stage, "{0.scheme}://{0.netloc}/#feature/{1}".format(urlsplit(feature["url"]), key))
    expect(aha.get_by_test_id("drawer").get_by_test_id("name")).to_have_value(re.compile(re.escape(name)))
    becomes(page, lambda: stage.aha.status(key), "In development")
    _picture(aha, "feature")
    close(aha)
