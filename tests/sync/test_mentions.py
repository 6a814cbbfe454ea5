"""Who a text mentions, on the other side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person, Rich
from crosswalk.sync.people import Nobody, PeopleBook
from crosswalk.sync.translate import RichText

KNOWN = {
    (Side.LEFT, "5b10"): Person("7001", "ann@example.com", "Ann Aha"),
    (Side.RIGHT, "7001"): Person("5b10", "ann@example.com", "Ann Jira"),
    (Side.LEFT, "ann"): Person("7001", "", ""),
}


def named(to: Side, ident: str) -> Person | None:
    return KNOWN.get((to, ident))


def in_document(ident: str, text: str) -> str:
    mention = {"type": "mention", "attrs": {"id": ident, "text": text}}
    return json.dumps({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [mention]}]})


def span(ident: str, text: str) -> str:
    return f'<p><span class="mention" data-mention-id="{ident}">{text}</span></p>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (in_document("5b10", "@ann"), span("7001", "@Ann Aha")),
        (in_document("5b99", "@Stranger"), span("jira:5b99", "@Stranger")),
        ("Ask [~ann].", '<p>Ask <span class="mention" data-mention-id="7001">@ann</span>.</p>'),
        ("Ask [~joe].", '<p>Ask <span class="mention" data-mention-id="jira:joe">@joe</span>.</p>'),
    ],
)
def test_a_jira_account_in_aha(source: str, html: str) -> None:
    form = "adf" if source.startswith("{") else "wiki"
    text = RichText(form, named=named)
    assert text.to_left(Rich(form, source)) == Rich("html", html)


@pytest.mark.parametrize(
    ("html", "adf", "wiki"),
    [
        (span("7001", "@Ann Aha"), in_document("5b10", "@Ann Jira"), "[~5b10]"),
        (span("jira:5b99", "@Stranger"), in_document("5b99", "@Stranger"), "[~5b99]"),
    ],
)
def test_an_aha_user_in_jira(html: str, adf: str, wiki: str) -> None:
    there = RichText("adf", named=named).to_right(Rich("html", html))
    assert isinstance(there, Rich)
    assert json.loads(there.source) == json.loads(adf)
    assert RichText("wiki", named=named).to_right(Rich("html", html)) == Rich("wiki", wiki)


@pytest.mark.parametrize("form", ["adf", "wiki"])
def test_somebody_without_an_account_is_words_in_jira(form: str) -> None:
    there = RichText(form, named=named).to_right(Rich("html", span("7002", "@Bob Aha")))
    assert isinstance(there, Rich)
    assert "@Bob Aha" in there.source
    assert "mention" not in there.source
    assert "7002" not in there.source


@pytest.mark.parametrize(("attrs", "shown"), [({}, "@5b99"), ({"text": ""}, "@5b99"), ({"text": "@Cy"}, "@Cy")])
def test_somebody_who_is_mentioned_without_a_name_is_shown_by_the_account(attrs: dict[str, str], shown: str) -> None:
    """As programs write it: Jira looks the name up when it shows the text."""
    node = {"type": "mention", "attrs": {"id": "5b99", **attrs}}
    blocks = [{"type": "paragraph", "content": [node]}]
    there = Rich("adf", json.dumps({"type": "doc", "version": 1, "content": blocks}))
    assert RichText("adf", named=named).to_left(there) == Rich("html", span("jira:5b99", shown))


class Table(Nobody):
    """The people table, with one line: an Aha! user, and an account that has another address."""

    def by_hand(self) -> Mapping[tuple[Side, str], tuple[Person, ...]]:
        """See Acquaintances."""
        return {
            (Side.LEFT, "7003"): (Person("5b33", "cem@jira.example", "Cem Jira"),),
            (Side.RIGHT, "5b33"): (Person("7003", "cem@aha.example", "Cem Aha"),),
        }


def test_a_line_of_the_people_table_says_who_is_mentioned() -> None:
    """Nobody looked the person up before, and nobody is asked for it."""

    def find(side: Side, email: str) -> Person | None:
        raise AssertionError(f"{email} was looked up on {side}")

    book = PeopleBook(find, lambda: datetime(2026, 11, 26, tzinfo=UTC), Table())
    there = RichText("adf", named=book.named).to_right(Rich("html", span("7003", "@Cem")))
    assert isinstance(there, Rich)
    assert json.loads(there.source) == json.loads(in_document("5b33", "@Cem Jira"))
    assert RichText("wiki", named=book.named).to_right(Rich("html", span("7003", "@Cem"))) == Rich("wiki", "[~5b33]")
    here = RichText("adf", named=book.named).to_left(Rich("adf", in_document("5b33", "@Cem")))
    assert here == Rich("html", span("7003", "@Cem Aha"))
