"""The laws of the converters, on generated documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from crosswalk.richtext import fit
from crosswalk.richtext.adf_read import read_adf
from crosswalk.richtext.adf_write import write_adf
from crosswalk.richtext.document import Document
from crosswalk.richtext.html_read import read_html
from crosswalk.richtext.html_safe import sanitised
from crosswalk.richtext.html_write import write_html
from crosswalk.richtext.normal import normalise
from crosswalk.richtext.wiki_read import read_wiki
from crosswalk.richtext.wiki_write import write_wiki

from .documents import documents

PAIRS: dict[str, Callable[[Document], Document]] = {
    "html": lambda document: read_html(write_html(document)),
    "adf": lambda document: read_adf(write_adf(document)),
    "wiki": lambda document: read_wiki(write_wiki(document)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_written_is_read_back_the_same(name: str) -> None:
    @settings(max_examples=300)
    @given(documents)
    def law(document: Document) -> None:
        fitted, losses = fit(document, name)
        assert PAIRS[name](fitted) == fitted
        assert losses or fitted == document

    law()


@pytest.mark.parametrize("name", PAIRS)
def test_fitting_twice_is_fitting_once(name: str) -> None:
    @settings(max_examples=100)
    @given(documents)
    def law(document: Document) -> None:
        fitted, _ = fit(document, name)
        assert fit(fitted, name) == (fitted, ())

    law()


@settings(max_examples=100)
@given(documents)
def test_the_canonical_form_is_final(document: Document) -> None:
    assert normalise(document) == document


@settings(max_examples=200)
@given(documents)
def test_html_is_stable_under_sanitising(document: Document) -> None:
    html = write_html(document)
    assert sanitised(html) == html
