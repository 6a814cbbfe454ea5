"""The laws of the converters, on generated documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from crosswalk.richtext import LOSSES, adf_to_html, fit, html_to_adf, html_to_wiki, wiki_to_html
from crosswalk.richtext.adf_read import read_adf
from crosswalk.richtext.adf_write import write_adf
from crosswalk.richtext.document import Document, Paragraph, Text
from crosswalk.richtext.html_read import read_html
from crosswalk.richtext.html_safe import sanitised
from crosswalk.richtext.html_write import write_html
from crosswalk.richtext.normal import normalise
from crosswalk.richtext.wiki_read import read_wiki
from crosswalk.richtext.wiki_write import write_wiki

from .documents import POOL, documents

PAIRS: dict[str, Callable[[Document], Document]] = {
    "html": lambda document: read_html(write_html(document)),
    "adf": lambda document: read_adf(write_adf(document)),
    "wiki": lambda document: read_wiki(write_wiki(document)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_written_is_read_back_the_same(name: str) -> None:
    @settings(max_examples=200)
    @given(documents)
    def law(document: Document) -> None:
        fitted, losses = fit(document, name)
        assert PAIRS[name](fitted) == fitted
        assert losses or fitted == document

    law()


@pytest.mark.parametrize("name", PAIRS)
def test_every_awkward_text_stays_itself(name: str) -> None:
    """Bits of markup beside each other, and what begins a block, in a paragraph of their own."""
    for text in POOL[::3]:
        fitted, _ = fit(normalise(Document((Paragraph((Text(text),)),))), name)
        assert PAIRS[name](fitted) == fitted, text


@pytest.mark.parametrize("name", PAIRS)
def test_fitting_twice_is_fitting_once(name: str) -> None:
    @settings(max_examples=60)
    @given(documents)
    def law(document: Document) -> None:
        fitted, _ = fit(document, name)
        assert fit(fitted, name) == (fitted, ())

    law()


@settings(max_examples=60)
@given(documents)
def test_the_canonical_form_is_final(document: Document) -> None:
    assert normalise(document) == document


@settings(max_examples=120)
@given(documents)
def test_html_is_stable_under_sanitising(document: Document) -> None:
    html = write_html(document)
    assert sanitised(html) == html


@pytest.mark.parametrize(
    ("name", "there_and_back"),
    [
        ("adf", lambda html: adf_to_html(html_to_adf(html))),
        ("wiki", lambda html: wiki_to_html(html_to_wiki(html))),
    ],
)
def test_html_comes_back_but_for_named_losses(name: str, there_and_back: Callable[[str], str]) -> None:
    @settings(max_examples=60)
    @given(documents)
    def law(document: Document) -> None:
        expected, losses = fit(document, name)
        assert read_html(there_and_back(write_html(document))) == expected
        assert losses or expected == document
        assert all(loss.what in LOSSES and loss.where for loss in losses)

    law()
