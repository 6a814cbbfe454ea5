"""Every page is looked at in a browser (tests/pages): axe-core, sizes, nothing cut off. Held here, without one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.urls import resolve
from tests.pages.test_look import PAGES
from tests.pages.test_states import STATES
from tests.web.test_access import ADDRESSES

FOLDER = Path(__file__).parents[1] / "pages"
LOOK = re.compile(r"(?:wrong(?:_in_any_window)?|judge)\(\w+, f?\"([\w-]+)\"\)")

ELSEWHERE = {
    "setup": "setup",
    "login": "login-provider",
    "join": "join",
    "template": "template",
    "templates": "templates",
    "record": "record",
    "record-why": "why",
    "record-undo": "undo",
    "record-put-back": "put-back",
    "integration-link": "link",
    "integration-unlink": "unlink",
    "integration-change": "mapping-change",
    "integration-file": "file-drift",
    "integration-conflicts": "conflict",
    "connect-sites": "connect-sites",
    "grant-new": "oauth-new",
}
"""Pages that want something first, and the name under which a test there looks at them."""

PARTS = {
    "errand",
    "integration-hooks",
    "integration-progress",
    "integration-sample",
    "log-lines",
    "log-requests",
    "record-compare",
    "record-status",
}
"""Parts of pages, looked at where they stand."""

FILES = {
    *("acts-file", "connect-descriptor", "integration-file-text"),
    *("integration-people-file", "integration-plan-file", "log-file"),
}
INSIDE = {"connect-panel", "connect-configure"}
"""Pages inside Jira: tests/pages/test_connect.py looks at each by its module."""
RARE = {"integration-making": ("making", "not-made"), "grant-site": ("grant-site",)}
"""Pages that stand in a state for a while, and what tests/pages/test_states.py calls that."""
PASSING = {"grant-back", "oidc", "oidc-back"}
"""They lead on, to a page of these; what one of them refuses is said on the page that is there for errors."""


def test_every_page_is_looked_at_in_a_browser(client: Any, integration: Any, pair: Any) -> None:
    pair()
    paths = {path.format(integration="/integrations/1/").partition("?")[0] for path in PAGES.values()}
    shown = {resolve(path).url_name for path in paths - {PAGES["missing"]}}
    known = shown | set(ELSEWHERE) | set(RARE) | PARTS | FILES | INSIDE | PASSING
    only_forms = {
        name for name, address in ADDRESSES.items() if name not in known and client.get(address).status_code == 405
    }
    assert set(ADDRESSES) - known - only_forms == set(), "give them to axe"
    assert known - set(ADDRESSES) == set()
    looked = {name for test in FOLDER.glob("test_*.py") for name in LOOK.findall(test.read_text("utf-8"))}
    looked |= set(LOOK.findall((FOLDER / "conftest.py").read_text("utf-8")))
    assert set(ELSEWHERE.values()) - looked == set()
    assert {name for some in RARE.values() for name in some} - set(STATES) == set()
    assert "wrong_in_any_window(page, module)" in (FOLDER / "test_connect.py").read_text("utf-8")
