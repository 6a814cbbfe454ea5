"""Every construct that is covered, by example: HTML, wiki markup, and what Jira's two formats can not hold of it."""

from __future__ import annotations

import re

import pytest

from crosswalk.richtext import (
    adf_to_html,
    html_to_adf_with_losses,
    html_to_wiki_with_losses,
    plain_text,
    wiki_to_html,
)

# name: (HTML, wiki markup, losses of a document, losses of markup)
CONSTRUCTS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "a heading in the middle": (
        '<h3 style="text-align:center">Why</h3>',
        "h3. Why",
        (),
        ("aligned",),
    ),
    "a line to the right": (
        '<p style="text-align:right">a</p>',
        "a",
        (),
        ("aligned",),
    ),
    "an indented line": (
        '<p style="margin-left:80px">a</p>',
        "a",
        (),
        ("aligned",),
    ),
    "sub and super": (
        "<p>H<sub>2</sub>O x<sup>2</sup></p>",
        "H{~}2{~}O x{^}2{^}",
        (),
        (),
    ),
    "a background": (
        '<p><span style="background-color:#ffff00">a</span></p>',
        "a",
        (),
        ("background",),
    ),
    "a link's tooltip": (
        '<p><a href="https://x.y/z" title="tip">a</a></p>',
        "[a|https://x.y/z|tip]",
        (),
        (),
    ),
    "an anchor and a link to it": (
        '<p><a href="#place">a</a></p><p><a id="place"></a>b</p>',
        "[a|#place]\n\n{anchor:place}b",
        ("anchor",),
        (),
    ),
    "a smart link": (
        '<p><a class="smart-link" href="https://x.y/z">https://x.y/z</a></p>',
        "[https://x.y/z|https://x.y/z|smart-link]",
        (),
        (),
    ),
    "a smart link on its own line": (
        '<p><a class="smart-link-block" href="https://x.y/z">https://x.y/z</a></p>',
        "[https://x.y/z|https://x.y/z|smart-link]",
        (),
        ("card",),
    ),
    "nested lists with start numbers": (
        '<ol start="4"><li>a<ul><li>b<ol start="2"><li>c</li></ol></li></ul></li></ol>',
        "# a\n#* b\n#*# c",
        (),
        ("list",),
    ),
    "nested tasks with state": (
        (
            '<ul class="checklist"><li class="checked">a<ul class="checklist">'
            '<li class="unchecked">b</li></ul></li></ul>'
        ),
        "* ☑ a\n** ☐ b",
        (),
        (),
    ),
    "merged cells, widths, a list in a cell": (
        (
            '<table><tbody><tr><th colspan="2" data-colwidth="100,50">H</th></tr><tr>'
            '<td rowspan="2">a</td><td style="background-color:#deebff"><p>b</p><p>c</p></td></tr><tr>'
            "<td>d<ul><li>e</li></ul></td></tr></tbody></table>"
        ),
        "||H|| ||\n|a|b\nc|\n| |d\n* e|",
        (),
        ("table", "list"),
    ),
    "an expand": (
        "<details><summary>More</summary><p>a</p></details>",
        "*More*\n\na",
        (),
        ("expand",),
    ),
    "a panel of one's own colour": (
        '<div class="panel panel-custom" style="background-color:#123456"><p>a</p></div>',
        "{panel:bgColor=#123456}\na\n{panel}",
        (),
        (),
    ),
    "a picture with size, layout and caption": (
        (
            '<figure data-layout="wide"><img src="https://x.y/z.png" alt="Zed" width="20" height="10">'
            "<figcaption>cap</figcaption></figure>"
        ),
        "!https://x.y/z.png|width=20,height=10,alt=Zed!\n\ncap",
        (),
        ("picture", "caption"),
    ),
    "an outside picture in a line": (
        '<p>a <img src="https://x.y/z.png" alt="Zed"> b</p>',
        "a !https://x.y/z.png|alt=Zed! b",
        ("picture",),
        (),
    ),
    "an attached picture of a document": (
        '<p><img data-media-id="0f-1" data-media-collection="c" alt="a.png" width="10" height="5"></p>',
        "a.png",
        (),
        ("picture",),
    ),
    "an attached file in a line": (
        '<p>a <a class="attachment" data-media-id="0f-2" data-media-collection="c">b.pdf</a></p>',
        "a b.pdf",
        (),
        ("picture",),
    ),
    "an attached picture by name": (
        '<p><img data-attachment="a.png" alt="x"></p>',
        "!a.png|alt=x!",
        ("picture",),
        (),
    ),
    "a mention by account id": (
        '<p><span class="mention" data-mention-id="5b10">@Ann B</span></p>',
        "[~5b10]",
        (),
        ("mention",),
    ),
    "an emoji": (
        '<p>x <span class="emoji" data-emoji=":smile:" data-emoji-id="1f604">😄</span></p>',
        "x 😄",
        (),
        ("emoji",),
    ),
    "an emoticon": (
        '<p>x <span class="emoji" data-emoji=":wink:" data-emoji-id="1f609">😉</span></p>',
        "x ;)",
        (),
        (),
    ),
    "a date": (
        '<p><time datetime="2026-11-24">2026-11-24</time></p>',
        "2026-11-24",
        (),
        ("date",),
    ),
    "a status lozenge": (
        '<p><span class="status" data-color="green">DONE</span></p>',
        "*DONE*",
        (),
        ("status",),
    ),
    "a decision": (
        '<ul class="decisions"><li>We go</li></ul>',
        "* We go",
        (),
        ("decisions",),
    ),
    "columns": (
        (
            '<div class="layout"><div class="layout-column" data-width="50"><p>a</p></div>'
            '<div class="layout-column" data-width="50"><p>b</p></div></div>'
        ),
        "a\n\nb",
        (),
        ("layout",),
    ),
    "entities and no-break spaces": (
        "<p>&lt;b&gt; &amp;amp; © — &nbsp;x</p>",
        "<b> &#38;amp; © — \xa0x",
        (),
        (),
    ),
    "right-to-left text and its marks": (
        "<p>\u200fשלום <strong>עולם</strong> العربية \u202eabc</p>",
        "\u200fשלום *עולם* العربية \u202eabc",
        (),
        (),
    ),
    "all of Unicode": (
        "<p>👩\u200d💻 é 漢字 𝒳 ﬁ \u2003x</p>",
        "👩\u200d💻 é 漢字 𝒳 ﬁ \u2003x",
        (),
        (),
    ),
    "hard breaks": (
        "<p>a<br><br>b</p>",
        "a\\\\ \\\\ b",
        (),
        (),
    ),
    "a quote in a quote": (
        "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>",
        "{quote}\na\n\nb\n{quote}",
        ("quote",),
        ("quote",),
    ),
}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_html_to_a_document_and_back(name: str) -> None:
    html, _, lost, _ = CONSTRUCTS[name]
    adf, losses = html_to_adf_with_losses(html)
    back = adf_to_html(adf)
    assert tuple(dict.fromkeys(loss.what for loss in losses)) == lost
    assert (back == html) is not bool(lost), back
    assert words(plain_text("html", back)) == words(plain_text("html", html))
    assert html_to_adf_with_losses(back) == (adf, ()), "what was lost once is not lost again"


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_html_to_markup_and_back(name: str) -> None:
    html, wiki, _, lost = CONSTRUCTS[name]
    found, losses = html_to_wiki_with_losses(html)
    back = wiki_to_html(found)
    assert found == wiki
    assert tuple(dict.fromkeys(loss.what for loss in losses)) == lost
    assert (back == html) is not bool(lost), back
    assert html_to_wiki_with_losses(back) == (wiki, ()), "what was lost once is not lost again"
