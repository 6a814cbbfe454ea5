"""What only Aha!'s HTML holds (a film, a page of another site) stays in a paragraph that somebody edits in Jira: in
texts of records, and in comments."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from crosswalk.merge.decision import Decision, Held
from crosswalk.merge.merge import Base, merge
from crosswalk.merge.parts import PartPair, PartRule, decide_parts
from crosswalk.merge.records import Part, Ref, Snapshot
from crosswalk.merge.rules import Across, Rule, Side
from crosswalk.merge.values import Rich
from crosswalk.sync.edited import edited as edited_part
from crosswalk.sync.translate import RichText

FILM = '<iframe src="https://film.example/embed/1" title="How a bell is cast"></iframe>'
PAGE = '<iframe src="https://board.example/b/2"></iframe>'
SOUND = '<audio src="https://sound.example/ding.mp3" controls=""></audio>'
GONE = "something embedded (a film, a page of another site) is gone: its words were edited on the other side"

#        what stood in Aha!, what becomes of its words in Jira, what then stands in Aha!
KEPT = [
    (f"<p>See {FILM} now</p>", ("now", "today"), f"<p>See {FILM} today</p>"),
    (f"<p>{FILM}</p>", ("How", "Look: How"), f"<p>Look: {FILM}</p>"),
    (f"<p>See {PAGE} now</p>", ("See", "Read"), f"<p>Read {PAGE} now</p>"),
    (f"<p>a {SOUND} b</p>", (" b", " b c"), f"<p>a {SOUND} b c</p>"),
    (f"<ul><li>one</li><li>two {FILM}</li></ul>", ("one", "1"), f"<ul><li>1</li><li>two {FILM}</li></ul>"),
    (f"<p>{FILM} and {PAGE}</p>", ("and", "or"), f"<p>{FILM} or {PAGE}</p>"),
    (f"<p>{FILM} and {FILM}</p>", ("and", "or"), f"<p>{FILM} or {FILM}</p>"),
    (f"<p>How a bell is cast: {FILM}!</p>", ("!", "?"), f"<p>How a bell is cast: {FILM}?</p>"),
]
LOST = [
    (f"<p>See {FILM} now</p>", ("bell", "gong"), "<p>See How a gong is cast now</p>"),
    (f"<p>See {FILM} now</p>", (" How a bell is cast", ""), "<p>See now</p>"),
    (f"<p>See {FILM} now</p>", ("cast", "casting"), "<p>See How a bell is casting now</p>"),
]


def edited(text: Rich, change: tuple[str, str]) -> Rich:
    """A text of Jira in which somebody replaced some words, once, from the end."""
    old, new = change
    if text.format == "wiki":
        head, found, tail = text.source.rpartition(old)
        assert found, text.source
        return Rich("wiki", head + new + tail)
    done = False

    def walk(node: Any) -> Any:
        nonlocal done
        if isinstance(node, list):
            return [walk(one) for one in reversed(node)][::-1]
        if not isinstance(node, dict):
            return node
        if not done and old in str(node.get("text", "")):
            done = True
            head, _, tail = node["text"].rpartition(old)
            return {**node, "text": head + new + tail}
        return {key: walk(value) for key, value in node.items()}

    found = walk(json.loads(text.source))
    assert done, text.source
    return Rich("adf", json.dumps(found, separators=(",", ":"), sort_keys=True, ensure_ascii=False))


def carried(form: str, html: str, change: tuple[str, str]) -> Decision:
    """Somebody edited in Jira what was carried there."""
    rule = Rule("Text", "t", "t", translation=RichText(form))
    left = Rich("html", html)
    right = RichText(form).to_right(left)
    assert isinstance(right, Rich)
    right = Rich(form, right.source)
    base: Base = {"Text": Held.agreed(left=left, right=right)}
    ends = (Snapshot(Ref("feature", "1"), {"t": left}), Snapshot(Ref("issue", "1"), {"t": edited(right, change)}))
    (decision,) = merge(base, *ends, (rule,))
    return decision


@pytest.mark.parametrize("form", ["adf", "wiki"])
@pytest.mark.parametrize(("html", "change", "after"), KEPT)
def test_it_stands_where_its_words_still_stand(form: str, html: str, change: tuple[str, str], after: str) -> None:
    decision = carried(form, html, change)
    assert decision.write == {Side.LEFT: Rich("html", after)}


@pytest.mark.parametrize("form", ["adf", "wiki"])
@pytest.mark.parametrize(("html", "change", "after"), LOST)
def test_an_edit_of_its_words_counts_and_the_loss_is_told(
    form: str, html: str, change: tuple[str, str], after: str
) -> None:
    written = carried(form, html, change).write[Side.LEFT]
    assert isinstance(written, Rich)
    assert (written.source, written.lost) == (after, (GONE,))


@pytest.mark.parametrize("form", ["adf", "wiki"])
def test_a_long_text_is_laid_beside_the_other_from_both_ends(form: str) -> None:
    words = "".join(f"w{number} " for number in range(30_000))
    html = f"<p>{FILM} {words}x {PAGE}</p>"
    written = carried(form, html, ("w15000", "y")).write[Side.LEFT]
    assert isinstance(written, Rich)
    assert (FILM in written.source, PAGE in written.source, "w15000" in written.source) == (True, True, False)


def said(form: str, html: str, change: tuple[str, str], also: tuple[str, str] | None = None) -> tuple[str, Any]:
    """What is written of a comment whose other end was edited in Jira: the side, and the text.

    It was made in Jira, so that an edit of its copy in Aha! as well (`also`) does not count.
    """
    left = Rich("html", html)
    right = RichText(form).to_right(left)
    assert isinstance(right, Rich)
    right = Rich(form, right.source)
    known = PartPair("1", "2", Side.RIGHT, Held.agreed(left=left, right=right))
    here = Rich("html", html.replace(*also)) if also else left
    ends = [Part("1", here, twin="2")], [Part("2", edited(right, change))]
    (decision,) = decide_parts([known], *ends, PartRule("comment"))
    return decision.side, edited_part(RichText(form), decision)


@pytest.mark.parametrize("form", ["adf", "wiki"])
@pytest.mark.parametrize(("html", "change", "after"), KEPT)
def test_it_stands_in_a_comment_too(form: str, html: str, change: tuple[str, str], after: str) -> None:
    large = '<p>Kept <span style="font-size:18px">large</span></p>'
    assert said(form, html + large, change) == (Side.LEFT, Rich("html", after + large))


@pytest.mark.parametrize("form", ["adf", "wiki"])
@pytest.mark.parametrize(("html", "change", "after"), LOST)
def test_a_comment_tells_what_it_lost(form: str, html: str, change: tuple[str, str], after: str) -> None:
    assert said(form, html, change) == (Side.LEFT, Rich("html", after, (GONE,)))


@pytest.mark.parametrize("form", ["adf", "wiki"])
def test_it_stands_in_a_comment_that_both_edited(form: str) -> None:
    written = said(form, f"<p>One</p><p>See {FILM} now</p>", (" now", " today"), ("One", "First"))
    assert written == (Side.LEFT, Rich("html", f"<p>One</p><p>See {FILM} today</p>"))


CHART = {"type": "inlineExtension", "attrs": {"extensionType": "com.x", "extensionKey": "chart", "text": "A chart"}}
#        what stood in Jira, and what becomes of its words in Aha!, which keeps no attributes of ours
MACROS = [
    ("wiki", "See {chart:x=1} now", ("now", "today"), "See {chart:x=1} today"),
    ("wiki", "* a\n* b {include:Page}, c", ("b", "B"), "* a\n* B {include:Page}, c"),
    ("wiki", "See {chart:x=1} now", ("x=1", "x=2"), "See \\{chart:x=2\\} now"),
    ("adf", CHART, ("now", "today"), CHART),
    ("adf", CHART, ("A chart", "A graph"), {"type": "text", "text": "See A graph now"}),
]


@pytest.mark.parametrize(("form", "stood", "change", "after"), MACROS)
def test_a_macro_stays_where_its_words_do(form: str, stood: Any, change: tuple[str, str], after: Any) -> None:
    if form == "adf":
        words = [{"type": "text", "text": "See "}, stood, {"type": "text", "text": " now"}]
        blocks = [{"type": "paragraph", "content": words}]
        stood = json.dumps({"type": "doc", "version": 1, "content": blocks}, separators=(",", ":"), sort_keys=True)
    right, text = Rich(form, stood), RichText(form)
    left = text.to_left(right)
    assert isinstance(left, Rich)
    left = Rich("html", re.sub(r' data-\w+="[^"]*"', "", left.source))
    assert change[0] in left.source
    base: Base = {"Text": Held.agreed(left=left, right=right)}
    ends = (
        Snapshot(Ref("feature", "1"), {"t": Rich("html", left.source.replace(*change))}),
        Snapshot(Ref("issue", "1"), {"t": right}),
    )
    (decision,) = merge(base, *ends, (Rule("Text", "t", "t", translation=text),))
    written = decision.write[Side.RIGHT]
    assert isinstance(written, Rich)
    if form == "wiki":
        assert (written.source, written.lost) == (after, ())
    else:
        assert after in json.loads(written.source)["content"][0]["content"]


def test_a_thumbnail_stays_one_in_a_paragraph_that_is_edited_in_aha() -> None:
    """Aha! keeps nothing of how markup shows a picture."""
    form = RichText("wiki")
    across = form.carry(Side.RIGHT, ('<p>Look <img data-attachment="a.png"></p>',), ("See !a.png|thumbnail!",))
    assert isinstance(across, Across)
    assert across.blocks == ("Look !a.png|thumbnail!",)


GRAPH = {"type": "bodiedExtension", "attrs": {"extensionType": "com.x", "extensionKey": "graph"}, "content": [
    {"type": "paragraph", "content": [{"type": "text", "text": "Sales"}]},
    {"type": "paragraph", "content": [{"type": "text", "text": "by year"}]},
]}  # fmt: skip
HOLDERS: list[dict[str, Any]] = [
    {"type": "panel", "attrs": {"panelType": "info"}},
    {"type": "blockquote"},
    {"type": "table", "rows": True},
    {"type": "bulletList", "items": True},
]


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_macro_of_several_lines_stays_in_a_block_that_is_edited_in_aha(holder: dict[str, Any]) -> None:
    """Aha! keeps its words alone, as one line."""
    inner = [{"type": "paragraph", "content": [{"type": "text", "text": "See"}]}, GRAPH]
    if holder.get("rows"):
        inner = [{"type": "tableRow", "content": [{"type": "tableCell", "content": inner}]}]
    if holder.get("items"):
        inner = [{"type": "listItem", "content": inner}]
    block = {"type": holder["type"], "content": inner, **({"attrs": holder["attrs"]} if "attrs" in holder else {})}
    stood = json.dumps({"type": "doc", "version": 1, "content": [block]}, separators=(",", ":"), sort_keys=True)
    form = RichText("adf")
    left = form.to_left(Rich("adf", stood))
    assert isinstance(left, Rich)
    html = re.sub(r' data-\w+="[^"]*"', "", left.source).replace("See", "Look")
    across = form.carry(Side.RIGHT, form.split(Side.LEFT, Rich("html", html)) or (), (json.dumps(block),))
    assert isinstance(across, Across)
    written = "".join(across.blocks)
    assert "Look" in written
    assert json.dumps(GRAPH, separators=(",", ":"), sort_keys=True) in written
    assert written.count("Sales") == 1


TOC = {"type": "extension", "attrs": {"extensionType": "com.x", "extensionKey": "toc"}}
COUNT = {"type": "inlineExtension", "attrs": {"extensionType": "com.x", "extensionKey": "count"}}


def line(*pieces: Any) -> dict[str, Any]:
    """A paragraph of words and macros."""
    return {
        "type": "paragraph",
        "content": [{"type": "text", "text": one} if isinstance(one, str) else one for one in pieces],
    }


def panel(*blocks: Any) -> dict[str, Any]:
    return {"type": "panel", "attrs": {"panelType": "info"}, "content": [*blocks]}


def bullets(*items: Any) -> dict[str, Any]:
    return {"type": "bulletList", "content": [{"type": "listItem", "content": [*blocks]} for blocks in items]}


def row(*cells: Any) -> dict[str, Any]:
    found = [{"type": "tableCell", "content": [*blocks]} for blocks in cells]
    return {"type": "table", "content": [{"type": "tableRow", "content": found}]}


def outline(node: Any) -> str:
    """A document in short: its words, and `<toc>` and `<count>` for the macros."""
    if "xtension" in node["type"]:
        return f"<{node['attrs']['extensionKey']}>"
    inner = [outline(one) for one in node.get("content", ())]
    return str(node["text"]) if "text" in node else f"({''.join(inner)})" if inner else ""


PANEL = '<div class="panel panel-info"><p>a</p><div></div><p>b</p></div>'
TWO = bullets([line("a"), TOC], [line("b ", COUNT)])
QUOTE = {"type": "blockquote"}
SILENT = [
    #  what stood in Jira, what Aha! has of it, what somebody made of that, and what then stands in Jira
    ([panel(line("a"), TOC, line("b"))], ">a", ">new", "(((new)<toc>(b)))"),
    ([panel(line("a"), TOC, line("b"))], PANEL, "<p>a new</p><p>b</p>", "((a new)<toc>(b))"),
    ([line("a"), TOC, line("b")], "<div></div>", "", "((a)<toc>(b))"),
    ([line("a"), TOC, line("b")], "<p>a</p><div></div>", "<p>new</p>", "((new)<toc>(b))"),
    ([line("one ", COUNT, " two")], "one", "uno", "((uno <count> two))"),
    ([line("one ", COUNT, " two")], "two", "due", "((one <count> due))"),
    ([line("one ", COUNT, " two")], "<p>one <span></span> two</p>", "<p>three</p>", "((three <count>))"),
    ([line(COUNT, "one")], "one", "1", "((<count>1))"),
    ([line("a ", COUNT, " b ", COUNT, " c")], "a", "A", "((A <count> b <count> c))"),
    ([TWO], "<ul>", "<ul><li>new</li>", "((((new))((a)<toc>)((b <count>))))"),
    ([row([line("a"), TOC], [line(COUNT)])], ">a", ">A", "(((((A)<toc>)((<count>)))))"),
    ([panel(line("a"), line(COUNT))], ">a", ">A", "(((A)(<count>)))"),
    ([{**QUOTE, "content": [line("a b"), TOC, line("c")]}], "<p>a b", "<p>z</p><p>a b", "(((z)(a b)<toc>(c)))"),
]  # fmt: skip


@pytest.mark.parametrize(("blocks", "here", "becomes", "after"), SILENT)
def test_a_macro_without_words_stays_by_its_neighbours(blocks: list[Any], here: str, becomes: str, after: str) -> None:
    """Aha! keeps no attributes of ours, so nothing of it is there but an empty element, if that."""
    written = silently(blocks, here, becomes)
    assert isinstance(written, Rich)
    assert (outline(json.loads(written.source)), written.lost) == (after, ())


def silently(blocks: list[Any], here: str, becomes: str) -> Any:
    """What is written in Jira when somebody in Aha! made something else of what is `here`."""
    right = Rich(
        "adf", json.dumps({"type": "doc", "version": 1, "content": blocks}, separators=(",", ":"), sort_keys=True)
    )
    text = RichText("adf")
    left = text.to_left(right)
    assert isinstance(left, Rich)
    left = Rich("html", re.sub(r' class="island"| data-\w+="[^"]*"', "", left.source))
    assert here in left.source
    base: Base = {"Text": Held.agreed(left=left, right=right)}
    now = left.source.replace(here, becomes, 1)
    ends = (
        Snapshot(Ref("feature", "1"), {"t": Rich("html", now) if now else None}),
        Snapshot(Ref("issue", "1"), {"t": right}),
    )
    (decision,) = merge(base, *ends, (Rule("Text", "t", "t", translation=text),))
    return decision.write.get(Side.RIGHT, right)


def test_a_macro_without_words_goes_with_what_it_stood_in_and_that_is_told() -> None:
    written = silently([bullets([line("a"), TOC], [line("b")])], "<li><p>a</p><div></div></li>", "")
    assert outline(json.loads(written.source)) == "((((b))))"
    assert written.lost == (
        "something of Jira that shows no words (a table of contents) is gone with what it stood in",
    )


def test_a_text_that_is_emptied_is_emptied_across() -> None:
    assert silently([line("a"), TOC], "<p>a</p><div></div>", "") is None


def test_a_macro_that_comes_back_by_itself_is_there_once() -> None:
    """A server may keep what it does not know."""
    block = panel(line("a"), TOC)
    form = RichText("adf")
    left = form.to_left(Rich("adf", json.dumps({"type": "doc", "version": 1, "content": [block]})))
    assert isinstance(left, Rich)
    html = Rich("html", left.source.replace(">a<", ">b<"))
    across = form.carry(Side.RIGHT, form.split(Side.LEFT, html) or (), (json.dumps(block),))
    assert isinstance(across, Across)
    assert [outline(json.loads(one)) for one in across.blocks] == ["((b)<toc>)"]
