"""The page about the sandboxes is what the code and the vendors' documents say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tools.sandbox_words import NOT_IMITATED

from crosswalk_sandbox.kernel.clock import VirtualClock
from tests.official.documents import document

# What the page is written from is imported by the tests, because that is both sandboxes, and the fast tier reads this.


def test_the_page_is_current() -> None:
    from tools.sandbox_page import PAGE, page

    document("cloud")  # operationIds stand in the documents: left out loudly where these are absent
    assert PAGE.read_text("utf-8") == page(), "run: ./run python -m tools.sandbox_page"


EXPLAINED = {
    "extensions: `aha.models`": "aha extension",  # they are installed and run; what follows the colon is not there
    "Jira Service Management": "jira",
    "export of archived issues": "issue",
    "the scaling of thumbnails": "file",  # files are there, as thumbnails of pictures are
    "the limits of user search": "limit",
    "fields that a workspace requires": "field",
    "the API v3": "api",
    "GraphQL's words": "graphql place",  # it answers, in words of its own
    "hooks to certain addresses alone": "hook jira aha",  # hooks are sent; these say to whom and when
    "hooks of an OAuth app that is not public": "hook app oauth",
    "hooks of issues whose component is deleted": "hook issue",
    "how long a receiver of hooks": "hook",
    "GraphQL's iterations": "graphql task",  # records answer, without these; to-dos by REST
}
"""What a row of the table has in common with a path that answers, where the row is right all the same."""


def test_no_group_that_answers_is_said_not_to_be_imitated() -> None:
    """The groups of Aha!'s document are named like its records, so both lists can be held against each other."""
    from tools.sandbox_page import PAGE

    _, _, table = PAGE.read_text("utf-8").partition("#### Aha! v1")
    answering = {group.lower().replace("-", " ") for group in re.findall(r"^\| (.+?) \| [1-9]", table, re.MULTILINE)}
    assert {"release phases", "to dos", "notes"} <= answering
    for where, what, _why in NOT_IMITATED:
        if where == "Aha!":
            assert not answering & set(re.split(", | and ", what.lower().replace("-", " "))), what


def _words(text: str) -> set[str]:
    """The words of a text, in the singular; those of two letters say nothing."""
    return {word.rstrip("s") for word in re.findall("[a-z]{3,}", text.lower())}


def _claimed(table: Sequence[tuple[str, str, str]], answering: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """The rows that name a path which answers, each with the word."""
    return {
        (what, word)
        for where, what, _why in table
        for product, words in answering.items()
        if where == "both" or product.startswith(where)
        for word in (_words(what) & words) - _of(what)
    }


def _of(what: str) -> set[str]:
    return {word for row, words in EXPLAINED.items() if what.startswith(row) for word in words.split()}


def test_no_path_that_answers_is_said_not_to_be_imitated() -> None:
    """Beside the vendors' APIs, whose groups the page counts: what a sandbox routes by itself, sign-in and control."""
    from tools.sandbox_page import JIRA_KINDS, build_aha, jira

    apps = {"Aha!": build_aha("empty", VirtualClock())[0]} | {
        title: jira.build(kind, "empty", VirtualClock())[0] for kind, title in JIRA_KINDS.items()
    }
    answering = {
        product: _words(re.sub(r"\{.*?\}", "", " ".join(getattr(route, "path", "") for route in app.routes)))
        for product, app in apps.items()
    }
    assert _claimed(NOT_IMITATED, answering) == set()
    wrong = [
        ("Aha!", "OAuth", ""),
        ("Jira Cloud", "OAuth's pages for people", ""),
        ("Jira Cloud", "a Connect app's modules beside webhooks", ""),
    ]
    assert {what for what, _ in _claimed(wrong, answering)} == {what for _, what, _ in wrong}
    known = {what for _, what, _ in NOT_IMITATED}
    assert [row for row in EXPLAINED if not any(what.startswith(row) for what in known)] == []
