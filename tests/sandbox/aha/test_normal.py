"""HTML as the stand-in stores it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk_sandbox.aha.normal import normal

TAGS = (
    "<p> </p> <b> </b> <ul> <li> </li> </ul> <br> a &amp; < <div> </div> <script> </script> <x> <p/> <table> <tr> <td>"
)
PIECES = st.sampled_from([*TAGS.split(), " ", "\n", "\xa0", "é", '<a href="http://x.example">', "</a>"])


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("", ""),
        ("plain", "<p>plain</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<i>x</i> <strike>y</strike>", "<p><em>x</em> <s>y</s></p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("<p>a<br/>b</p>", "<p>a<br>b</p>"),
        ("<p>x&nbsp;y</p>", "<p>x&nbsp;y</p>"),
        ('<p style="color:red" class=x>t</p>', "<p>t</p>"),
        ("<style>p{}</style><p>t</p><iframe src=x>y</iframe>", "<p>t</p>"),
        ('<a href=" JavaScript:x" title="t">l</a>', '<p><a title="t">l</a></p>'),
        ("<font>t</font>", "<p>t</p>"),
        ("<p></p>", "<p></p>"),
        ("</p>t</div>", "<p>t</p>"),
    ],
)
def test_examples(sent: str, stored: str) -> None:
    assert normal(sent) == stored


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_a_second_time_changes_nothing(sent: str) -> None:
    once = normal(sent)
    assert normal(once) == once
    assert "<script" not in once


def test_what_is_nested_without_end_is_flattened_and_takes_no_time() -> None:
    deep = "<table><tr><td>" * 50_000 + "x" + "</td></tr></table>" * 50_000
    began = time.process_time()
    stored = normal(deep)
    assert time.process_time() - began < 5
    assert stored.count("<t") == stored.count("</t") == 400
    assert "x" in stored
    assert normal(stored) == stored
    assert normal("<b>" * 500 + "a" + "</b>" * 500 + "<p>b</p>").endswith("</strong></p><p>b</p>")
