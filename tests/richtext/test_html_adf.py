"""html <-> adf by example."""

from __future__ import annotations

from crosswalk.richtext import adf_to_html, html_to_adf


def test_paragraphs_lists_and_links_come_back() -> None:
    html = '<p>One <strong>two</strong></p><ul><li>a<ol start="3"><li>b</li></ol></li></ul><p><a href="https://x.y/">z</a></p>'
    assert adf_to_html(html_to_adf(html)) == html
