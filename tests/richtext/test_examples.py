"""Examples for a reader: what each format looks like on the other side, and what the original integration got wrong."""

from __future__ import annotations

import json

import pytest

from crosswalk.richtext import (
    adf_to_html,
    adf_to_html_with_losses,
    html_to_adf,
    html_to_adf_with_losses,
    html_to_wiki,
    html_to_wiki_with_losses,
    jira_length,
    plain_text,
    wiki_to_html,
    wiki_to_html_with_losses,
)  # fmt: skip
from crosswalk.richtext.adf_json import content_of, kind_of
from crosswalk.richtext.pictures import carried_with_losses

HTML_AND_WIKI = {
    "a paragraph": ("<p>One two.</p>", "One two."),
    "two paragraphs and a break": ("<p>a</p><p>b<br>c</p>", "a\n\nb\nc"),
    "a heading": ("<h2>Why</h2>", "h2. Why"),
    "marks": ("<p><strong>a</strong> <em>b</em> <u>c</u> <s>d</s></p>", "*a* _b_ +c+ -d-"),
    "a mark inside a word": ("<p>in<strong>side</strong></p>", "in{*}side{*}"),
    "marks in marks": ("<p><em>a <strong>b</strong></em></p>", "_a *b*_"),
    "underlined and struck": ("<p><u><s>x</s></u></p>", "+-x-+"),
    "code": ("<p><code>snake_case</code></p>", "{{snake_case}}"),
    "a link": ('<p><a href="https://x.y/z">there</a></p>', "[there|https://x.y/z]"),
    "nested lists": ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", "* a\n*# b\n* c"),
    "a checklist": (
        '<ul class="checklist"><li class="checked">a</li><li class="unchecked">b</li></ul>', "* ☑ a\n* ☐ b",
    ),
    "code with its spaces": (
        '<pre><code class="language-python">if *a*:\n    _b_\n\n\nc</code></pre>',
            "{code:python}\nif *a*:\n    _b_\n\n\nc\n{code}",
    ),
    "a quote": ("<blockquote><p>a</p><p>b</p></blockquote>", "{quote}\na\n\nb\n{quote}"),
    "a rule": ("<p>a</p><hr><p>b</p>", "a\n\n----\n\nb"),
    "a table": (
        "<table><tbody><tr><th>H</th><th>I</th></tr><tr><td>a|b</td><td>c</td></tr></tbody></table>",
        "||H||I||\n|a&#124;b|c|",
    ),
    "a picture": ('<p><img src="https://x.y/z.png" alt="Zed" width="20"></p>', "!https://x.y/z.png|width=20,alt=Zed!"),
    "an attached picture": ('<p><img data-attachment="shot 1.png"></p>', "!shot 1.png!"),
    "a panel": (
        '<div class="panel panel-warning"><div class="panel-title">Mind</div><p>a</p></div>',
        "{panel:title=Mind|bgColor=#fffae6}\na\n{panel}",
    ),
    "colour": ('<p><span style="color:#ff0000">a</span></p>', "{color:#ff0000}a{color}"),
    "a thumbnail": (
        '<p>a <img data-attachment="b c.png" width="20" data-look="thumbnail"></p>', "a !b c.png|width=20,thumbnail!",
    ),
    "a linked file": ('<p>see <a class="attachment" data-attachment="b c.pdf">it</a></p>', "see [it|^b c.pdf]"),
    "a linked file by its name": ('<p>(<a class="attachment" data-attachment="b.pdf">b.pdf</a>)</p>', "([^b.pdf])"),
    "a link within code": (
        '<p><code>a</code><a href="https://x.y"><code>b</code></a></p>', "{{{}a{}}}[{{{}b{}}}|https://x.y]",
    ),
    "a mention": ('<p><span class="mention" data-mention-id="joe">@joe</span></p>', "[~joe]"),
    "what looks like markup": ("<p>{html} *a* [b] !c! | C:\\x -d- h1. 2^n</p>",
        "\\{html\\} \\*a\\* \\[b\\] \\!c! | C:\\x \\-d\\- h1. 2^n"),
    "what looks like a heading": ("<p>h1. a</p>", "h1&#46; a"),
    "what looks like a smiley": ("<p>f(x) = :) (y)</p>", "f\\(x) = :\\) \\(y)"),
}  # fmt: skip


@pytest.mark.parametrize("name", HTML_AND_WIKI)
def test_html_and_wiki(name: str) -> None:
    html, wiki = HTML_AND_WIKI[name]
    assert html_to_wiki(html) == wiki
    assert wiki_to_html(wiki) == html


RED = '<span style="color:#ff0000">'
WIKI_OF_PEOPLE = {
    "- a\n- b": "<ul><li>a</li><li>b</li></ul>",
    "bq. said": "<blockquote><p>said</p></blockquote>",
    "* a\n\n* b": "<ul><li>a</li></ul><ul><li>b</li></ul>",
    "a -- b --- c": "<p>a – b — c</p>",
    "{color:red}a *b*{color}": '<p><span style="color:#ff0000">a <strong>b</strong></span></p>',
    "{color:red}a\n\nb{color} c": f"<p>{RED}a</span></p><p>{RED}b</span> c</p>",
    "{color:red}a\n* b\nh1. c{color}": f"<p>{RED}a</span></p><ul><li>{RED}b</span></li></ul><h1>{RED}c</span></h1>",
    "{color:red}\n|a|b|\n{color}c": f"<p><br></p><table><tbody><tr><td>{RED}a</span></td><td>{RED}b</span></td></tr>"
    "</tbody></table><p>c</p>",
    "{color:red}a {color:blue}b{color} c{color} d": (
        f'<p>{RED}a</span> <span style="color:#0000ff">b</span> {RED}c</span> d</p>'
    ),
    "{color:red}a\n\nb": f"<p>{RED}a</span></p><p>b</p>",
    "{color:red}a\n\n{color:blue}b{color} c": (f'<p>{RED}a</span></p><p><span style="color:#0000ff">b</span> c</p>'),
    "!a.png|width=50%, height=20!": '<p><img data-attachment="a.png" height="20" data-look="width=50%"></p>',
    "see https://x.y/z_1.": '<p>see <a href="https://x.y/z_1">https://x.y/z_1</a>.</p>',
    "{info}a{info}": '<div class="panel panel-info"><p>a</p></div>',
    "text {code}x{code} more": "<p>text</p><pre><code>x</code></pre><p>more</p>",
    "{quote}never closed": (
        '<p><span class="island" data-format="wiki" data-source="{quote}">{quote}</span>never closed</p>'
    ),
    "*not bold": "<p>*not bold</p>",
    "{code:title=A b.java|borderStyle=solid}\nx\n{code}": "<p><strong>A b.java</strong></p><pre><code>x</code></pre>",
    "{noformat:title=Log}x{noformat}": "<p><strong>Log</strong></p><pre><code>x</code></pre>",
    "[|https://x.y]": '<p><a href="https://x.y">https://x.y</a></p>',
    "[*my* file|^a\\_b.txt]": '<p><a class="attachment" data-attachment="a_b.txt">my file</a></p>',
    "!a.png|align=right, vspace=4!": '<p><img data-attachment="a.png" data-look="align=right,vspace=4"></p>',
    "|{status:colour=Green|title=DONE}|b|": (
        '<table><tbody><tr><td><span class="island" data-format="wiki" data-source="{status:colour=Green|title=DONE}">'
        "{status:colour=Green|title=DONE}</span></td><td>b</td></tr></tbody></table>"
    ),
    "a*b*c and snake_case_x": "<p>a*b*c and snake_case_x</p>",
    "(/) done": (
        '<p><span class="emoji" data-emoji=":check_mark:" data-emoji-id="atlassian-check_mark">:check_mark:</span>'
        " done</p>"
    ),
    "{toc:maxLevel=2}": (
        '<p><span class="island" data-format="wiki" data-source="{toc:maxLevel=2}">{toc:maxLevel=2}</span></p>'
    ),
}


@pytest.mark.parametrize("wiki", WIKI_OF_PEOPLE)
def test_wiki_as_people_write_it(wiki: str) -> None:
    assert wiki_to_html(wiki) == WIKI_OF_PEOPLE[wiki]


HTML_OF_PEOPLE = {
    '<ul><li><input type="checkbox" checked> a<ul><li><p><input type=checkbox>b</p></li></ul></li><li><label><input '
    'type="checkbox"> c</label></li></ul>': (
        '<ul class="checklist"><li class="checked">a<ul class="checklist"><li class="unchecked">b</li></ul></li>'
        '<li class="unchecked">c</li></ul>'
    ),
    '<ul><li>a <input type="checkbox"></li></ul>': "<ul><li>a</li></ul>",
    '<table><colgroup><col width="120"><col style="width:80px"></colgroup><tr><th colspan="2">a</th></tr></table>': (
        '<table><tbody><tr><th colspan="2" data-colwidth="120,80">a</th></tr></tbody></table>'
    ),
    '<table><tr><td colwidth="50">a</td><td style="width: 40.5px">b</td><td width="33%">c</td></tr></table>': (
        '<table><tbody><tr><td data-colwidth="50">a</td><td data-colwidth="40">b</td><td>c</td></tr></tbody></table>'
    ),
    "plain <b>text</b>": "<p>plain <strong>text</strong></p>",
    "<b>a <i>b</b> c</i>": "<p><strong>a <em>b</em></strong><em> c</em></p>",
    "<div>a<div>b</div></div>": "<p>a</p><p>b</p>",
    "<ul><li>a</li><ul><li>b</li></ul></ul>": "<ul><li>a<ul><li>b</li></ul></li></ul>",
    "<p>a<script>alert(1)</script><style>b{}</style></p>": "<p>a</p>",
    '<p onclick="x()">a <a href="javascript:alert(1)">b</a></p>': "<p>a b</p>",
    "<p>a &nbsp;b</p><p><br></p><p></p>": "<p>a &nbsp;b</p><p><br></p>",
    '<p><span style="font-weight: bold; color: rgb(255, 0, 0)">a</span></p>': (
        '<p><span style="color:#ff0000"><strong>a</strong></span></p>'
    ),
    "<dl><dt>a</dt><dd>b</dd></dl>": "<p><strong>a</strong></p><p>b</p>",
    '<p><a href="\ufeffjava\u200bscript:x">a</a><img src="\u2028javascript:x" alt="b"></p>': "<p>ab</p>",
    '<iframe src="https://x.y/f" style="color:expression(1)"></iframe>': '<p><iframe src="https://x.y/f"></iframe></p>',
    '<iframe src="\u00a0javascript:x" title="t"></iframe>': '<p><iframe title="t"></iframe></p>',
    '<iframe src="https://x.y/film" onload="x()"></iframe>': '<p><iframe src="https://x.y/film"></iframe></p>',
}


@pytest.mark.parametrize("html", HTML_OF_PEOPLE)
def test_html_as_it_comes(html: str) -> None:
    assert wiki_or_adf_free(html) == HTML_OF_PEOPLE[html]


def wiki_or_adf_free(html: str) -> str:
    from crosswalk.richtext.html_read import read_html
    from crosswalk.richtext.html_write import write_html

    return write_html(read_html(html))


def test_adf_that_nobody_has_heard_of_survives_and_is_shown() -> None:
    node = {"type": "newThing", "attrs": {"a": [1]}, "content": [{"type": "text", "text": "its words"}]}
    adf: dict[str, object] = {"type": "doc", "version": 1, "content": [node]}
    html = adf_to_html(adf)
    assert plain_text("html", html) == "its words"
    assert html_to_adf(html) == adf


def test_an_open_decision_is_not_taken_by_a_carrying() -> None:
    item = {"type": "decisionItem", "attrs": {"state": "UNDECIDED"}, "content": [{"type": "text", "text": "or not"}]}
    adf: dict[str, object] = {"type": "doc", "version": 1, "content": [{"type": "decisionList", "content": [item]}]}
    html = adf_to_html(adf)
    assert plain_text("html", html) == "or not"
    assert html_to_adf(html) == adf


def test_decisions_with_boxes_are_no_checklist_where_none_may_stand() -> None:
    adf = html_to_adf('<blockquote><ul class="decisions"><li>☑ a</li></ul></blockquote>')
    (quote,) = content_of(adf)
    assert [kind_of(block) for block in content_of(quote)] == ["paragraph"]


@pytest.mark.parametrize("kind", ["checklist", "decisions"])
def test_a_line_of_spaces_is_empty_in_every_place(kind: str) -> None:
    html = f'<ul class="{kind}"><li>&nbsp;</li></ul><p>a</p>'
    assert adf_to_html(html_to_adf(html)) == wiki_or_adf_free(html)
    assert "&nbsp;" not in wiki_or_adf_free(html)
    assert wiki_to_html("* ☑ &nbsp;") == '<ul class="checklist"><li class="checked"></li></ul>'


def test_words_written_into_an_island_count_more_than_its_source() -> None:
    adf: dict[str, object] = {"type": "doc", "version": 1, "content": [{"type": "newThing"}]}
    html = adf_to_html(adf).replace("></div>", ">new words</div>")
    assert plain_text("adf", html_to_adf(html)) == "new words"


def test_losses_say_what_and_where() -> None:
    quote = "<p>a</p><blockquote><h2>b</h2></blockquote>"
    adf, losses = html_to_adf_with_losses(quote)
    assert [str(loss) for loss in losses] == ["block 2 > block 1: a heading becomes a bold line here"]
    assert json.dumps(adf).count('"strong"') == 1
    merged = "<table><tr><th colspan=2>a</th></tr><tr><td>b</td><td>c</td></tr></table>"
    wiki, losses = html_to_wiki_with_losses(merged)
    assert wiki == "||a|| ||\n|b|c|"
    assert [loss.what for loss in losses] == ["table"]


ONE = {"type": "paragraph", "content": [{"type": "text", "text": "a"}]}
CELL = {"type": "tableRow", "content": [{"type": "tableCell", "attrs": {}, "content": [ONE]}]}
FILE = {"type": "media", "attrs": {"type": "file", "id": "1", "collection": "", "__fileName": "a.png"}}
UNHELD: list[tuple[dict[str, object], list[str]]] = [
    ({**ONE, "attrs": {"localId": "1"}}, []),
    ({**ONE, "marks": [{"type": "fontSize", "attrs": {"fontSize": "small"}}]}, ["look"]),
    ({"type": "panel", "attrs": {"panelType": "custom", "panelIcon": ":x:"}, "content": [ONE]}, ["look"]),
    ({"type": "table", "attrs": {"layout": "default", "localId": "1"}, "content": [CELL]}, []),
    ({"type": "table", "attrs": {"layout": "wide", "width": 900}, "content": [CELL]}, ["look"]),
    ({"type": "expand", "attrs": {"title": "t"}, "marks": [{"type": "breakout"}], "content": [ONE]}, ["look"]),
    ({"type": "blockquote", "content": [{"type": "codeBlock", "attrs": {"wrap": True}}]}, ["look"]),
    ({"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [FILE]}, []),
    ({"type": "mediaSingle", "attrs": {"width": 50, "widthType": "percentage"}, "content": [FILE]}, ["look"]),
    ({"type": "extension", "attrs": {"layout": "wide"}}, []),
    ({"type": "paragraph", "content": [{"type": "text", "text": "a", "marks": [{"type": "annotation"}]}]}, []),
    (
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "a", "marks": [{"type": "link", "attrs": {"href": "javascript:x"}}]},
                {"type": "emoji", "attrs": {"shortName": ":x:"}, "marks": [{"type": "annotation"}]},
            ],
        },
        ["address", "look"],
    ),
    (
        {"type": "taskList", "content": [{"type": "blockTaskItem", "content": [ONE, {"type": "extension"}]}]},
        ["island"],
    ),
]


@pytest.mark.parametrize(("node", "lost"), UNHELD)
def test_what_html_does_not_hold_of_a_document_is_named(node: dict[str, object], lost: list[str]) -> None:
    adf = {"type": "doc", "version": 1, "content": [ONE, node]}
    _, losses = adf_to_html_with_losses(adf)
    assert [(loss.where, loss.what) for loss in losses] == [("block 2", what) for what in lost]
    assert [loss.what for loss in carried_with_losses(adf, "adf", "html")[1]] == lost


def test_the_length_that_jira_counts() -> None:
    assert jira_length("a👍") == 3
    assert jira_length({"type": "doc"}) == len('{"type":"doc"}')


STYLES = {
    '<p dir="rtl">a</p>': ["style"],
    '<p dir="ltr"><span style="font-weight:400;color:inherit">a</span></p>': [],
    '<p><span style="font-size:18px">a</span></p>': ["style"],
    '<p style="color:red">a</p>': ["style"],
    '<p><span style="color:red;background-color:#fff">a</span></p>': [],
    '<p><span style="color:var(--x)">a</span> <small>b</small></p>': ["style"],
    '<p><a href="javascript:x">a</a> <a href="#b">c</a></p>': ["address"],
}


@pytest.mark.parametrize("form", ["adf", "wiki"])
@pytest.mark.parametrize("html", STYLES)
def test_what_no_format_holds_of_html_is_named(html: str, form: str) -> None:
    both = {"adf": html_to_adf_with_losses, "wiki": html_to_wiki_with_losses}
    found = [loss.what for loss in carried_with_losses(html, "html", form)[1] if loss.what != "background"]
    assert found == STYLES[html]
    assert [loss.what for loss in both[form](html)[1] if loss.what != "background"] == found
    assert carried_with_losses(html, "html", "html")[1] == ()


LOOKS = {
    "{panel:title=a|bgColor=#deebff}b{panel}": [],
    "{panel:title=a|borderStyle=dashed|titleBGColor=#ccc}b{panel}": ["{panel}"],
    "{quote}{panel:borderColor=red}a{panel}{quote}": ["{panel}"],
    "{code:java}a{code}{code:lang=java|borderStyle=solid}b{code}": [],
    "{code:title=a|java}b{code}": ["{code}"],
    "{code:java|linenumbers=true}a{code}": ["{code}"],
    "{noformat:nopanel=true}a{noformat}": ["{noformat}"],
    "{noformat}{panel:borderColor=red}a{panel}{noformat}": [],
    "{info:title=a|icon=false}b{info}": ["{info}"],
    "{code:java|linenumbers=true}never closed": [],
    "{color:red}a\n\nb{color}": [],
    "{color:red}a{quote}b{quote}c{color}": ["{color}"],
    "|{color:red}a|b{color}|": ["{color}"],
    "!a.png|width=10,height=50%,alt=b!": [],
    '!a.png|name="b"!': ["!"],
}


@pytest.mark.parametrize("wiki", LOOKS)
def test_what_html_does_not_hold_of_markup_is_named(wiki: str) -> None:
    found = [(where, "look") for where in LOOKS[wiki]]
    assert [(loss.where, loss.what) for loss in wiki_to_html_with_losses(wiki)[1]] == found
    assert [(loss.where, loss.what) for loss in carried_with_losses(wiki, "wiki", "html")[1]] == found
    assert "look" not in {loss.what for loss in carried_with_losses(wiki, "wiki", "wiki")[1]}
