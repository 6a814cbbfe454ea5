"""Wiki markup and ADF become each other as Jira Cloud's own converter makes them, whose answers are kept.

`wiki_golden.json` and the golden file of `tests/richtext` hold what the npm package
`@atlaskit/editor-wikimarkup-transformer` 12.2.2 made of each text; tests/richtext/golden/README.md says how.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crosswalk_sandbox.jira.adf import wiki_of
from crosswalk_sandbox.jira.richtext import from_wiki, html_of
from crosswalk_sandbox.jira.wiki import adf_of
from tests.sandbox.jira.adf_documents import oracle

HERE = Path(__file__).parent
GOLDEN: dict[str, Any] = json.loads((HERE / "wiki_golden.json").read_text("utf-8"))
SHARED = json.loads((HERE.parent.parent / "richtext" / "golden" / "golden.json").read_text("utf-8"))
READ = [(one["wiki"], one["adf"]) for one in (*GOLDEN["read"], *SHARED)]
LEFT = {
    "localId", "isNumberColumnEnabled", "accessLevel",
}  # fmt: skip
"""What the converter adds and says nothing: ids, and defaults of the editor."""


def even(node: Any, parent: str = "") -> Any:
    """A node without defaults, with texts of equal marks joined."""
    kind = node["type"]
    attrs = {
        name: value for name, value in node.get("attrs", {}).items() if name not in LEFT and value not in (None, "")
    }
    if kind == "table":
        attrs.pop("layout", None)
    if kind == "orderedList" and attrs.get("order") == 1:
        attrs.pop("order")
    if kind == "media" and (attrs.get("width"), attrs.get("height")) != (30, 20):
        attrs = {name: value for name, value in attrs.items() if name not in ("width", "height")}
    if kind == "mention":
        attrs["id"] = attrs["id"].removeprefix("accountid:")
    if kind == "text":
        marks = [json.dumps(mark, sort_keys=True).replace('/"', '"') for mark in node.get("marks", ())]
        text = html.unescape(node["text"])
        return {"type": kind, "text": text.strip("\n") if parent == "codeBlock" else text, "marks": sorted(marks)}
    content: list[Any] = []
    for child in (even(one, kind) for one in node.get("content", ())):
        if content and child["type"] == "text" == content[-1]["type"] and child["marks"] == content[-1]["marks"]:
            content[-1]["text"] += child["text"]
        else:
            content.append(child)
    return {"type": kind, "attrs": attrs, "content": content}


@pytest.mark.parametrize(("wiki", "document"), READ, ids=[wiki for wiki, _ in READ])
def test_wiki_becomes_what_jiras_converter_makes_of_it(wiki: str, document: Any) -> None:
    made = adf_of(wiki)
    assert even(made) == even(document)
    assert oracle().is_valid(made)


@pytest.mark.parametrize("case", GOLDEN["write"], ids=lambda case: case["wiki"])
def test_adf_becomes_what_jiras_converter_writes(case: Any) -> None:
    made = wiki_of({"type": "doc", "version": 1, "content": [case["adf"]]})
    assert _together(made) == _together(case["wiki"])


def _together(wiki: str) -> str:
    """Without the line breaks inside quotes and code, of which the renderer makes nothing."""
    return re.sub(r"\n?(\{quote\}|\{noformat\})\n?", r"\1", wiki)


LOST = [
    {"type": "layoutSection", "content": 2 * [{"type": "layoutColumn", "attrs": {"width": 50}, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "kept"}]}]}]},
    {"type": "extension", "attrs": {"extensionKey": "kept", "extensionType": "t"}},
    {"type": "paragraph", "content": [{"type": "placeholder", "attrs": {"text": "kept"}}]},
    {"type": "blockCard", "attrs": {"datasource": {"id": "kept", "parameters": {}, "views": [{"type": "table"}]}}},
]  # fmt: skip


@pytest.mark.parametrize("node", LOST, ids=lambda node: node["type"])
def test_what_wiki_has_no_sign_for_comes_back_whole(node: Any) -> None:
    document = {"type": "doc", "version": 1, "content": [node]}
    assert "kept" in wiki_of(document)
    assert adf_of(wiki_of(document)) == document


@pytest.mark.parametrize("text", ["{adf}nonsense{adf}", '{adf}{"type": "x"}{adf}', "{adf}" + "[" * 9000 + "{adf}"])
def test_a_macro_that_holds_no_document_stays_text(text: str) -> None:
    made = adf_of(text)
    assert oracle().is_valid(made)
    assert made["content"]


SHOWN = [
    ("bq. one line", "<blockquote><p>one line</p></blockquote>"),
    ("a ^b^ ~c~ {color:red}d{color}", '<p>a <sup>b</sup> <sub>c</sub> <font color="#ff0000">d</font></p>'),
    ("[~accountid:1]", "<p><a>Alice Ng</a></p>"),
    ("[~accountid:<x>]", "<p>@&lt;x&gt;</p>"),
    ("!https://x.y/z.png|alt=\"a\"!", '<span class="image-wrap"><img src="https://x.y/z.png" alt="a"/></span>'),
    ("!pic.png!", '<span class="image-wrap">pic.png</span>'),
    ("see [^a<b.txt]", "<p>see </p>\n<span class=\"nobr\">a&lt;b.txt</span>"),
    ("(/) x", "<p>:check_mark: x</p>"),
    ("{panel:title=T}\nx\n{panel}", '<div class="panel"><p><b>T</b></p><p>x</p></div>'),
    ('{adf:display=inline}{"type":"date","attrs":{"timestamp":"1700000000000"}}{adf}', "<p>2023-11-14</p>"),
    ("[https://x.y/|https://x.y/|smart-link]", '<p><a href="https://x.y/" rel="nofollow noreferrer">https://x.y/</a></p>'),
]  # fmt: skip


@pytest.mark.parametrize(("wiki", "shown"), SHOWN, ids=[wiki for wiki, _ in SHOWN])
def test_a_reader_sees_it_as_html(wiki: str, shown: str) -> None:
    names = {"1": "<a>Alice Ng</a>"}
    assert html_of(from_wiki(wiki), names.get) == shown
