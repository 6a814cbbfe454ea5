"""The page about the sandboxes is what the code and the vendors' documents say."""

from __future__ import annotations

import re

from tools.sandbox_words import NOT_IMITATED

from tests.official.documents import document

# What the page is written from is imported by the tests, because that is both sandboxes, and the fast tier reads this.


def test_the_page_is_current() -> None:
    from tools.sandbox_page import PAGE, page

    document("cloud")  # operationIds stand in the documents: left out loudly where these are absent
    assert PAGE.read_text("utf-8") == page(), "run: ./run python -m tools.sandbox_page"


def test_nothing_that_answers_is_said_not_to_be_imitated() -> None:
    """The groups of Aha!'s document are named like its records, so both lists can be held against each other."""
    from tools.sandbox_page import PAGE

    _, _, table = PAGE.read_text("utf-8").partition("#### Aha! v1")
    answering = {group.lower().replace("-", " ") for group in re.findall(r"^\| (.+?) \| [1-9]", table, re.MULTILINE)}
    assert {"release phases", "to dos", "notes"} <= answering
    for where, what, _why in NOT_IMITATED:
        if where == "Aha!":
            assert not answering & set(re.split(", | and ", what.lower().replace("-", " "))), what
