"""No text is lost: the words of the output are those of the input, as `shown_words` finds them without our readers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.richtext import adf_to_html, html_to_adf, html_to_wiki, wiki_to_html
from crosswalk.richtext.html_write import write_html
from tests.richtext import test_any_input as soup
from tests.richtext.documents import documents
from tests.richtext.shown_words import in_attributes, of_adf, of_html, of_wiki

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "golden" / "golden.json").read_text(encoding="utf-8")
)
SOURCES = [one["html"] for one in GOLDEN]
EMOJI = re.compile(r'<span class="emoji"[^>]*>[^<]*</span>')
MENTION = re.compile(r'(<span class="mention" data-mention-id="([^"]*)">)[^<]*')


def plainly(html: str) -> str:
    """`html` without smileys, which wiki markup writes as signs, and with people called as their servers call them."""
    return MENTION.sub(r"\1@\2", EMOJI.sub("", html))


some_documents = documents.map(write_html).map(plainly)

WAYS: dict[str, Callable[[str], tuple[list[str], list[str]]]] = {
    "html -> adf": lambda html: (of_html(html), of_adf(html_to_adf(html))),
    "html -> wiki": lambda html: (of_html(html), of_wiki(html_to_wiki(html))),
    "adf -> html": lambda html: (of_adf(adf := html_to_adf(html)), of_html(adf_to_html(adf))),
    "wiki -> html": lambda html: (of_wiki(wiki := html_to_wiki(html)), of_html(wiki_to_html(wiki))),
}


def check(way: str, html: str) -> None:
    """All letters in their order, none twice; and in the same words, where no picture leaves its line."""
    before, after = WAYS[way](html)
    assert "".join(after) == "".join(before)
    assert "<img" in html or after == before


@pytest.mark.parametrize("way", WAYS)
def test_every_construct_keeps_its_words(way: str) -> None:
    for html in SOURCES:
        check(way, html)


@pytest.mark.parametrize("way", WAYS)
def test_any_document_keeps_its_words(way: str) -> None:
    @settings(max_examples=120)
    @given(some_documents)
    def law(html: str) -> None:
        check(way, html)

    law()


SHOWN: list[tuple[list[str], str]] = [
    (of_html('<p>a<b>b</b> c</p>d<img alt="e" src="f"><script>g</script><!-- h -->'), "ab c de"),
    (of_html("<ul><li>a</li><li>b</li></ul>c&#42;&amp;&eacute;"), "a b c é"),
    (of_wiki("h1. a *b*\n* c{*}d{*}e\n|f|g|\n{panel:title=h|bgColor=#fff}i{panel}"), "a b cde f g h i"),
    (of_wiki("[a|http://b.c] [~d] !e.png|alt=f! \\*g\\* &#124; {code:java}\n*h* {i}\n{code}"), "a d f g h i"),
    (of_adf({"type": "doc", "content": [{"type": "panel", "content": [{"type": "text", "text": "a"}]}]}), "a"),
    (of_adf({"type": "expand", "attrs": {"title": "a"}, "content": [{"type": "rule"}]}), "a"),
    (of_adf({"type": "date", "attrs": {"timestamp": "1764115200000"}}), "2025 11 26"),
]


@pytest.mark.parametrize(("seen", "shown"), SHOWN)
def test_the_judge_reads_what_is_shown(seen: list[str], shown: str) -> None:
    assert seen == shown.split()


@pytest.mark.parametrize("number", range(len(GOLDEN)))
def test_atlassians_own_document_keeps_its_words(number: int) -> None:
    """ADF that our writer did not write."""
    adf = GOLDEN[number]["adf"]
    assert of_html(adf_to_html(adf)) == of_adf(adf)


# ---- anything at all: numbered words among the signs --------------------------------------------------

QUIET = [tag for tag in soup.TAGS if tag not in ("script", "style", "iframe")]
"""Tags with text that a person reads."""
ATTRIBUTES = [
    *(one for one in soup.ATTRIBUTES if "mention" not in one),  # wiki markup holds no name of a mention
    *(' class="decisions"', ' data-type="taskList"', ' class="task-list"', ' class="panel-title"'),
]
BITS = [bit for bit in soup.BITS if bit != "<!--"]
SELDOM = ("template", "noscript", "noframes", "noembed", "input value=''")
"""Tags whose words a browser shows seldom, or never."""
html_bits = st.one_of(
    st.sampled_from(BITS),
    st.builds("<{}{}>".format, st.sampled_from(QUIET), st.sampled_from(ATTRIBUTES)),
    st.sampled_from(QUIET).map("</{}>".format),
    st.sampled_from(["\n", "\t", "&nbsp;", "<!-- c -->", "<title>", "<frameset>", "<button>", "<body>", "</body>"]),
    st.sampled_from([f"<{end}{name}>" for name in SELDOM for end in ("", "/")]),
)
wiki_bits = st.sampled_from((*soup.BITS, *soup.WIKI_BITS))


def numbered(bits: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Bits with a word of its own behind each."""
    listed = st.lists(bits, max_size=12)
    return listed.map(lambda found: "".join(f"{bit}1w{number}w" for number, bit in enumerate(found)))


def marked(found: list[str]) -> list[str]:
    return sorted(word for text in found for word in re.findall(r"1w\d+w", text))


HELD = {
    "<noscript><p>a <b>b</b></p></noscript>": "a b",
    '<p>a<template title="<template>">b<template>c</template></template>d</p>': "abcd",
    "<noframes><p>a</p>b</noframes> <noembed>c <i>d</i></noembed>": "a b c d",
    "<table><template>a</template><tr><td>b</td><template>c</template></tr></table>": "a c b",
    "<ul class=checklist><li>a</li><b>b</b><template>c</template></ul>": "a b c",
    "<ul><img alt=a src=/x><input value=b><template>c</template></ul>": "a b c",
    '<div class="layout"><div>a</div><template>b</template></div>': "a b",
    "<p>a <input value=b> <input placeholder=c> <input value=d placeholder=e></p>": "a b c d",
    "<p>a <input type=hidden value=b><input type=password value=c><input type=checkbox value=d></p>": "a",
}
"""What a browser shows seldom or never, and the words in it. What is hidden from people as well is no text."""


@pytest.mark.parametrize("words", ["use http; or not", "mailto;x", "https:; and ftp;", "a http: b http; c"])
def test_a_semicolon_behind_what_could_begin_an_address_stays(words: str) -> None:
    assert wiki_to_html(html_to_wiki(f"<p>{words}</p>")) == f"<p>{words}</p>"


@pytest.mark.parametrize("html", HELD)
def test_words_that_a_browser_seldom_shows_are_words(html: str) -> None:
    found = HELD[html].split()
    assert (of_adf(html_to_adf(html)), of_wiki(html_to_wiki(html))) == (found, found)


@settings(max_examples=150)
@given(numbered(html_bits))
def test_any_html_keeps_its_words(html: str) -> None:
    words = marked([html])
    adf, wiki = html_to_adf(html), html_to_wiki(html)
    assert marked(of_adf(adf)) == words
    assert sorted(set(re.findall(r"1w\d+w", wiki))) == words
    for back in (adf_to_html(adf), wiki_to_html(wiki)):
        assert marked(of_html(back)) == words


@settings(max_examples=150)
@given(numbered(wiki_bits))
def test_any_wiki_keeps_its_words(wiki: str) -> None:
    """What stands where an address stands may become one."""
    html = wiki_to_html(wiki)
    assert set(marked(of_html(html) + in_attributes(html))) == set(marked([wiki]))


attributes = st.fixed_dictionaries({}, optional={
    "title": st.just("3t"), "text": st.just("3x"), "alt": st.just("3a"), "shortName": st.just(":s:"),
    "timestamp": st.just("1764115200000"), "state": st.just("DONE"), "level": st.just(2), "url": st.just("http://a.b"),
    "type": st.sampled_from(["file", "external", "link"]), "id": st.just("5"), "color": st.just("green"),
    "panelType": st.just("info"), "layout": st.just("wide"),
})  # fmt: skip
nodes = st.recursive(
    st.builds(lambda text: {"type": "text", "text": text}, st.sampled_from(["2a", " 2b ", "2c\n2d", "h1. 2e", "*2f*"])),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from([kind for kind in soup.node_names if kind not in ("text", "emoji", "date")])},
        optional={"content": st.lists(inner, max_size=3), "attrs": attributes},
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.lists(nodes, max_size=3))
def test_any_adf_keeps_its_words(content: list[object]) -> None:
    adf = {"type": "doc", "version": 1, "content": content}
    before, after = ("".join(found) for found in (of_adf(adf), of_html(adf_to_html(adf))))
    assert re.findall("2[a-f]", after) == re.findall("2[a-f]", before)


@pytest.mark.parametrize("way", WAYS)
def test_a_sign_in_braces_begins_no_heading(way: str) -> None:
    check(way, "<p><strong>h1. \u6f22----</strong>*</p>")
