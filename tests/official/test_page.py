"""The page about the sandboxes is what the code and the vendors' documents say."""

from __future__ import annotations

from tools.sandbox_page import PAGE, page

from tests.official.documents import document


def test_the_page_is_current() -> None:
    document("cloud")  # operationIds stand in the documents: left out loudly where these are absent
    assert PAGE.read_text("utf-8") == page(), "run: ./run python -m tools.sandbox_page"
