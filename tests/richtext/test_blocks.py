"""Texts come apart into their outermost blocks and together again, byte for byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk import richtext
from crosswalk.merge.merge import Held, Verdict, merge
from crosswalk.merge.rules import Rule, Side
from crosswalk.merge.values import Rich
from crosswalk.richtext import canonical, html_to_adf, html_to_wiki, join_blocks, split_blocks
from crosswalk.sync.translate import RichText

TABLE: list[tuple[str, str, list[str]]] = [
    ("html", "", []),
    (
        "html",
        "<p>a</p>\n<ul><li>x<p>y</p></li></ul>loose <b>t</b>",
        ["<p>a</p>\n", "<ul><li>x<p>y</p></li></ul>", "loose <b>t</b>"],
    ),
    ("html", "<p>a<p>b</p><hr>c", ["<p>a", "<p>b</p>", "<hr>", "c"]),
    ("html", "<p title='>'>a</p><p>b", ["<p title='>'>a</p>", "<p>b"]),
    ("html", "x < y <!-- <p> --> z", ["x < y <!-- <p> --> z"]),
    ("html", "</p></div><p>a</p>", ["</p></div>", "<p>a</p>"]),
    ("wiki", "a\nb\n\nh1. T\nc\n\n* x\n* y", ["a\nb\n\n", "h1. T\n", "c\n\n", "* x\n* y"]),
    ("wiki", "{code}\nx\n\ny\n{code}\n\nz", ["{code}\nx\n\ny\n{code}\n\n", "z"]),
    ("wiki", "{code}\nnever ends\n\nz", ["{code}\nnever ends\n\nz"]),
]


@pytest.mark.parametrize(("form", "text", "blocks"), TABLE)
def test_the_table(form: str, text: str, blocks: list[str]) -> None:
    assert list(split_blocks(form, text)) == blocks
    assert join_blocks(form, tuple(blocks)) == text


@given(st.text(alphabet="<>/phrul1 =\"'!-ab\n{}code*", max_size=60), st.sampled_from(["html", "wiki"]))
def test_any_text_comes_together_again(text: str, form: str) -> None:
    assert join_blocks(form, split_blocks(form, text)) == text


def test_wiki_blocks_that_meet_stay_apart() -> None:
    assert join_blocks("wiki", ("a", "b")) == "a\n\nb"
    assert join_blocks("wiki", ("a\n", "b")) == "a\n\nb"
    assert join_blocks("wiki", ("h1. a", "b")) == "h1. a\nb"


@pytest.mark.slow
def test_long_hostile_text_is_taken_apart_quickly() -> None:
    for text in ("<p>" * 100_000, "<" * 1_000_000, '<p a="' * 100_000, "{code}" * 200_000, "<!--" * 200_000):
        for form in ("html", "wiki"):
            assert join_blocks(form, split_blocks(form, text)) == text


BASE = "<p>One</p><p>Two</p><table><tbody><tr><td colspan='2'>Cell</td></tr></tbody></table>"


@pytest.mark.parametrize("form", ["adf", "wiki"])
def test_two_people_keep_their_work_and_untouched_paragraphs_their_bytes(form: str) -> None:
    across = canonical(html_to_adf(BASE)) if form == "adf" else html_to_wiki(BASE)
    held = Held.agreed(left=Rich("html", BASE), right=Rich(form, across))
    rule = Rule("Description", "d", "d", translation=RichText(form))
    left = BASE.replace("One", "Uno")
    right = across.replace("Two", "Due")
    (one,) = merge({"Description": held}, {"d": Rich("html", left)}, {"d": Rich(form, right)}, [rule])
    assert one.verdict is Verdict.CARRY
    written = {side: value for side, value in one.write.items() if isinstance(value, Rich)}
    assert written[Side.LEFT].source == left.replace("<p>Two</p>", "<p>Due</p>"), "the table keeps its bytes"
    source = written[Side.RIGHT].source
    text = richtext.plain_text(form, json.loads(source) if form == "adf" else source)
    assert text.split()[:3] == ["Uno", "Due", "Cell"]


SPANNED = "<table><tbody><tr><td colspan='2'>{}</td></tr></tbody></table>"


def test_neighbours_that_markup_can_not_hold_keep_their_bytes_each() -> None:
    """Their words differ in markup (a cell more), so that only their places say which stands for which."""
    base = f"<p>One</p>{SPANNED.format('Second cell here')}{SPANNED.format('Third cell here')}"
    across = html_to_wiki(base)
    held = Held.agreed(left=Rich("html", base), right=Rich("wiki", across))
    rule = Rule("Description", "d", "d", translation=RichText("wiki"))
    edited = across.replace("Third", "Last")
    (one,) = merge({"Description": held}, {"d": Rich("html", base)}, {"d": Rich("wiki", edited)}, [rule])
    written = one.write[Side.LEFT]
    assert isinstance(written, Rich)
    assert SPANNED.format("Second cell here") in written.source
    assert "Last cell here" in written.source
