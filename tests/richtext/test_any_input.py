"""Any input at all keeps the laws; no words are lost; hostile input is converted or refused in linear time."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalk.errors import Refused
from crosswalk.richtext import (
    NotRichText,
    TextTooDeep,
    TextTooLarge,
    adf_to_html,
    fit,
    html_to_adf,
    html_to_wiki,
    plain_text,
    wiki_to_html,
)  # fmt: skip
from crosswalk.richtext.adf_read import read_adf
from crosswalk.richtext.adf_write import write_adf
from crosswalk.richtext.document import Document
from crosswalk.richtext.html_read import read_html
from crosswalk.richtext.html_safe import sanitised
from crosswalk.richtext.html_write import escaped, write_html
from crosswalk.richtext.wiki_read import read_wiki

from .documents import BITS, documents
from .test_laws import PAIRS

ADF_SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(__file__).parent / "data" / "adf-schema-full.json").read_text(encoding="utf-8"))
)
TAGS = ["p", "div", "b", "i", "u", "code", "pre", "ul", "ol", "li", "table", "tr", "td", "th", "h1", "h2", "a",
    "img", "br", "hr", "blockquote", "span", "details", "summary", "figure", "figcaption", "time", "font",
    "mark", "dl", "dt", "dd", "iframe", "script", "style", "em", "strong", "sub", "sup", "del", "video", "svg",
    "textarea", "caption", "select", "option"]  # fmt: skip
ATTRIBUTES = (
    "", "", "", ' class="checklist"', ' class="checked"', ' class="panel panel-x"',
        ' style="color:red;text-align:center"',
    ' href="http://a.b/ c"', ' href="javascript:x"', ' onclick="x"', ' colspan="3"', " rowspan=2",
    ' src="http://a/b.png" alt="x!|y"', ' class="mention" data-mention-id=" q"', ' class="emoji" data-emoji=":x:"',
    ' class="status" data-color="zz"', ' class="island" data-source="{}" data-format="adf"', ' start="0"', " start=5",
    ' datetime="2020-01-01"', ' class="smart-link" href="http://a.b"', ' id="k"', ' class="layout"',
        ' data-attachment="a.png"',
    ' class="opaque" data-source="x" data-format="adf"', ' src="/rel.png"', ' title=" a  b "',
        ' data-colwidth="100,x,50"',
)  # fmt: skip
some_html = st.lists(
    st.one_of(
        st.sampled_from(BITS),
        st.builds(lambda tag, given_: f"<{tag}{given_}>", st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
        st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(["\n", "\t", "&nbsp;", "<!-- c -->", "\r", "\x00", "\x0b", "&#x1F600;"]),
    ),
    max_size=12,
).map("".join)
WIKI_BITS = (
    "\n", "\n\n", "\n* ", "\n# ", "\n** ", "\n|", "|\n", "||", "\n----\n", "{quote}", "{panel:title=a|bgColor=#fff}",
    "{panel}", "{noformat}", "{code:java}", "{info}", "!x.png|width=2!", "[x|", "|y]", "[~a]", "[#a]", "{*}", "{_}",
    "\nh2. ", "\nbq. ", "\x000\x00",
)  # fmt: skip
some_wiki = st.lists(st.sampled_from((*BITS, *WIKI_BITS)), max_size=14).map("".join)


def check_laws(document: Document, *, valid: bool = True) -> None:
    """With `valid` false it was read from what is no valid ADF, of which islands are written as they were."""
    for name, round_trip in PAIRS.items():
        fitted, _ = fit(document, name)
        assert round_trip(fitted) == fitted, name
        if name == "adf" and (valid or "Island(" not in repr(fitted)):
            assert ADF_SCHEMA.is_valid(write_adf(fitted))
    html = write_html(document)
    assert sanitised(html) == html


@settings(max_examples=150)
@given(some_html)
def test_any_html(source: str) -> None:
    check_laws(read_html(source))


@settings(max_examples=150)
@given(some_wiki)
def test_any_wiki(source: str) -> None:
    check_laws(read_wiki(source))


@settings(max_examples=120)
@given(documents)
def test_adf_is_valid_by_the_schema(document: Document) -> None:
    ADF_SCHEMA.validate(write_adf(fit(document, "adf")[0]))


# ---- words ------------------------------------------------------------------------------------------

anything = st.one_of(
    st.lists(st.sampled_from(BITS), max_size=12).map("".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


WAYS: dict[str, Callable[[str], str]] = {
    "html -> adf": lambda html: plain_text("adf", html_to_adf(html)),
    "html -> wiki": lambda html: plain_text("wiki", html_to_wiki(html)),
    "html -> adf -> html": lambda html: plain_text("html", adf_to_html(html_to_adf(html))),
    "html -> wiki -> html": lambda html: plain_text("html", wiki_to_html(html_to_wiki(html))),
}


@pytest.mark.parametrize("way", WAYS)
def test_plain_text_stays_plain_text(way: str) -> None:
    """Nothing in plain text is read as markup on the way, in a paragraph, an item, a cell and a heading."""

    @settings(max_examples=120)
    @given(anything)
    def law(text: str) -> None:
        shown = " ".join(re.split(r"[ \t\n\f\r]+", text)).strip(" ")
        for html in ("<p>{}</p>", "<ul><li>{}</li></ul>", "<table><tr><td>{}</td></tr></table>", "<h2>{}</h2>"):
            assert WAYS[way](html.format(escaped(text))).strip() == shown.strip()

    law()


@settings(max_examples=120)
@given(some_html)
def test_no_word_of_html_is_lost(source: str) -> None:
    for way in WAYS.values():
        before, after = words(plain_text("html", source)), words(way(source))
        assert [word for word in before if word not in after] == []


# ---- hostile ----------------------------------------------------------------------------------------

MEGA = 1_000_000


def steps(work: Callable[[], object]) -> int:
    """How many calls `work` makes, of Python and of C: the same on any machine. A refusal ends it."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        work()
    except TextTooDeep:
        pass
    finally:
        sys.setprofile(None)
    return count


def assert_linear(convert: Callable[[str], object], source: str) -> None:
    """Twice as long a text takes at most a little more than twice the steps."""
    short, long = (source * (size // len(source)) for size in (4_000, 8_000))
    assert steps(lambda: convert(long)) <= 2.4 * steps(lambda: convert(short)) + 2_000


WIKI_SIGNS = (
    "{", "[", "!", "*", "* ", "|", "||", "{{", "{quote}", "{code}", "{panel}", "[a|", "!a", "{*}", "\\", "&", "http://",
    ":-", "\n* a", "\n|a", "_a ", "{color:red}", "(*", "{a:", "h1. ", "[a", "a]", "*a*", "_*", "----\n", "-", "- ", "<",
    "\n** a", "\n# a\n#* b", "{quote}{panel}", "|a|{code}", "[!a", "![", "{{a", "|\n",
    "{color:red}\n\n", "{color:red}a *", "{color:red}a\n\nb{color}\n\n", "\n\n{color}",
)  # fmt: skip
HTML_SIGNS = (
    "{", "[", "*", "|", "!", "<", "&", "-", "<b>", "<div>", "<p>", "<li>", "<a href=x>", "&amp;", "<td>", "<br>", "* ",
    "a<ul>", "<ul><li>", "<blockquote>", "<table><tr><td>", "</p>", "<!--", "<b></i>", "<li></ul>", "&lt;", "<p>a</p>",
    "<i>a</i> ", "<table><tr><td>a</table>", "<ul><li>a</ul>", "<details>", "http://a ", ":-)", "<p>* a",
)  # fmt: skip


@pytest.mark.parametrize("source", WIKI_SIGNS)
def test_wiki_takes_linear_time(source: str) -> None:
    assert_linear(wiki_to_html, source)


@pytest.mark.parametrize("source", HTML_SIGNS)
def test_html_takes_linear_time_or_is_refused(source: str) -> None:
    assert_linear(html_to_adf, source)
    assert_linear(html_to_wiki, source)


def test_adf_takes_linear_time() -> None:
    """As wide as it may be, and with every mark changing from word to word."""

    def wide(size: int) -> dict[str, object]:
        marks = [[{"type": "strong"}], [{"type": "em"}], [{"type": "strong"}, {"type": "em"}]]
        line = [{"type": "text", "text": "a ", "marks": marks[number % 3]} for number in range(size)]
        return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": line}] * 3}

    assert steps(lambda: adf_to_html(wide(600))) <= 2.4 * steps(lambda: adf_to_html(wide(300)))


def test_a_quadratic_reader_would_be_found() -> None:
    with pytest.raises(AssertionError):
        assert_linear(
            lambda text: [text.count("*", 0, end) for end in range(len(text)) for _ in range(end // 400)], "*"
        )


@pytest.mark.parametrize("sign", ["{", "<"])
def test_a_megabyte_of_one_sign_is_converted(sign: str) -> None:
    assert wiki_to_html(sign * MEGA) == f"<p>{escaped(sign) * MEGA}</p>"


def test_a_hundred_thousand_nested_elements_are_refused_in_clear_words() -> None:
    with pytest.raises(TextTooDeep, match="more than 100 levels deep"):
        html_to_adf("<div>" * 100_000)
    nested: dict[str, object] = {"type": "paragraph"}
    for _ in range(100_000):
        nested = {"type": "blockquote", "content": [nested]}
    with pytest.raises(TextTooDeep):
        adf_to_html({"type": "doc", "version": 1, "content": [nested]})
    while isinstance(inner := nested.pop("content", None), list):  # or the interpreter recurses when it is thrown away
        nested = inner[0]


def test_more_than_any_real_text_is_refused() -> None:
    with pytest.raises(TextTooLarge, match="at most 2,000,000"):
        html_to_adf("x" * (2 * MEGA + 1))
    assert issubclass(TextTooLarge, Refused)


@pytest.mark.parametrize("value", [None, "text", [], {"type": "paragraph"}, 3])
def test_what_is_no_adf_is_refused(value: object) -> None:
    with pytest.raises(NotRichText):
        adf_to_html(value)


json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.sampled_from(["", "x", "text", "3", "#ff0000"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "text", "width"]), inner, max_size=3)
    ),
    max_leaves=4,
)
node_names = ["paragraph", "heading", "bulletList", "orderedList", "listItem", "taskList", "taskItem",
    "blockTaskItem", "decisionList", "decisionItem", "codeBlock", "blockquote", "panel", "expand",
    "nestedExpand", "rule", "table", "tableRow", "tableCell", "tableHeader", "mediaSingle", "mediaGroup",
    "media", "caption", "blockCard", "embedCard", "layoutSection", "layoutColumn", "text", "hardBreak", "emoji",
    "mention", "date", "status", "inlineCard", "mediaInline", "placeholder", "inlineExtension", "extension",
    "bodiedExtension", "unheardOf"]  # fmt: skip
attribute_names = ["level", "order", "state", "localId", "language", "panelType", "title", "layout", "width",
    "type", "id", "collection", "url", "alt", "timestamp", "text", "shortName", "color", "colspan", "colwidth",
    "background", "isNumberColumnEnabled"]  # fmt: skip
any_nodes = st.recursive(
    st.builds(
        lambda kind, text: {"type": kind, "text": text},
        st.sampled_from(node_names),
        st.sampled_from(["a", " b ", "", "c\nd"]),
    ),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(node_names)},
        optional={
            "content": st.one_of(st.lists(inner, max_size=3), json_values),
            "attrs": st.one_of(st.dictionaries(st.sampled_from(attribute_names), json_values, max_size=3), json_values),
            "marks": st.one_of(json_values, st.just([{"type": "strong"}, {"type": "link", "attrs": {"href": "x"}}])),
        },
    ),
    max_leaves=6,
)


@settings(max_examples=150)
@given(st.lists(any_nodes, max_size=3))
def test_any_json_that_calls_itself_a_document_is_read(content: list[object]) -> None:
    source = {"type": "doc", "version": 1, "content": content}
    html = adf_to_html(source)
    assert sanitised(html) == html
    assert set(words(plain_text("adf", source))) <= set(words(plain_text("html", html)))
    check_laws(read_adf(source), valid=ADF_SCHEMA.is_valid(source))
