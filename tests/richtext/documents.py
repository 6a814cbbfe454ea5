"""Generated documents: every kind of block, inline and mark, and words made of what markup is made of."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace

from hypothesis import strategies as st

from crosswalk.richtext.document import (
    Anchor,
    Block,
    Blocks,
    Break,
    Card,
    CardBlock,
    Cell,
    CodeBlock,
    Column,
    Date,
    DecisionList,
    Document,
    Emoji,
    Expand,
    Figure,
    Heading,
    Image,
    Inline,
    InlineIsland,
    Island,
    Item,
    Layout,
    List,
    Mark,
    Mention,
    Panel,
    Paragraph,
    Quote,
    Rule,
    Status,
    Table,
    Task,
    TaskList,
    Text,
    sort_marks,
)  # fmt: skip
from crosswalk.richtext.normal import normalise
from crosswalk.richtext.wiki_words import EMOTICONS

# What could be taken for markup in one of the formats, among plain words.
BITS = (
    "*", "_", "-", "+", "^", "~", "??", "#", "|", "||", "!", "\\", "\\\\", "{", "}", "[", "]", "(", ")", ":", ";", "&",
    "<", ">", '"', "'", "%", "@", ".", ",", "{{", "}}", "{code}", "{html}", "{noformat}", "{quote}", "{color:red}",
    "{color}", "{panel}", "{anchor:a}", "{foo:bar}", "[a|http://b.c]", "[~joe]", "[^f.txt]", "!a.png!", "h1.", "h1. ",
    "bq. ", "* ", "- ", "# ", "----", "---", "--", " -- ", ":)", ":D", ":-P", ";-)", "(y)", "(x)", "(!)", "(*r)",
    "http://a.b/c_d", "https://x.y", "mailto:a@b.c", "http; or", "mailto;", "&amp;", "&#42;", "&lt", "<b>", "</p>",
    "<!--", "☐ ", "☑",
        "\u00a0",
    "\u2003", "\u200f", "\u202e", "é", "ß", "漢", "👍", "👩‍💻", "e\u0301", "a", "b1", "Word", "two words", "x",
        " ", " ", "  ",
)  # fmt: skip

# What begins a block where it begins a line.
STARTS = ("", "", "", "", "h1. ", "bq. ", "* ", "# ", "- ", "----", "|", "h2.", "** ", "!a.png! ", "{code} ")


def _pool() -> list[str]:
    """Texts to choose from, the short ones first: each bit, each two beside each other, and longer rows of them.

    One choice a text leaves a generated document many different texts; a list of choices repeats the same few.
    """
    chance = random.Random(1)
    rows = [[chance.choice(STARTS), *chance.choices(BITS, k=chance.randint(3, 7))] for _ in range(3000)]
    begun = itertools.product(STARTS, ("a", "two words", "漢", "x. y"), BITS)
    return [*BITS, *map("".join, itertools.product(BITS, BITS)), *map("".join, begun), *map("".join, rows)]


POOL = _pool()
words = st.sampled_from(POOL)
plain_words = st.sampled_from(["one", "two three", "Über", "x1", "naïve ☃"])
titles = st.one_of(plain_words, words)
colors = st.sampled_from(["#ff0000", "#00875a", "#deebff", "#123abc"])
addresses = st.sampled_from(
    [
        "http://a.b",
        "https://x.y/z?q=1&r=2#f",
        "mailto:a@b.c",
        "/attachments/1",
        "#place",
        "https://a.b/%7Cx!y(z)",
        "rel/x",
    ]
)
marks = st.one_of(
    st.sampled_from([Mark(kind) for kind in ("strong", "em", "underline", "strike", "sup", "sub", "code")]),
    st.builds(Mark, st.just("color"), colors),
    st.builds(Mark, st.just("background"), colors),
    st.builds(Mark, st.just("link"), addresses, st.one_of(st.just(""), st.just(""), titles.map(str.strip))),
    st.just(Mark("opaque", json.dumps([{"type": "annotation", "attrs": {"id": "1", "annotationType": "inlineComment"}}],
                                      separators=(",", ":")), "adf")),
)  # fmt: skip
texts = st.builds(lambda text, found: Text(text, sort_marks(found)), words, st.lists(marks, max_size=3))
_extension = {"type": "inlineExtension", "attrs": {"extensionType": "t", "extensionKey": "k", "text": "shown"}}
images = st.one_of(
    st.builds(Image, st.sampled_from(["http://a.b/c.png", "https://a.b/d!e.jpg?x=1"]), st.just("url"),
        titles.map(str.strip),
              st.sampled_from([0, 300]), st.sampled_from([0, 20]), st.one_of(st.just(""), addresses)),
    st.builds(Image, st.sampled_from(["a.png", "my shot (1).jpg", "odd|name.gif"]), st.just("name"), plain_words),
    st.builds(Image, st.just("0f-1"), st.just("file"), plain_words, st.just(10), st.just(5), st.just(""),
        st.just("coll")),
    st.builds(Image, st.just("0f-2"), st.just("link"), plain_words, collection=st.just("coll")),
    st.builds(Image, st.sampled_from(["a.png", "https://a.b/c.png"]), st.just("name"), titles.map(str.strip),
              look=st.sampled_from(["thumbnail", "align=right,vspace=4"]))
    .map(lambda image: replace(image, kind="url") if ":" in image.ref else image),
    st.builds(Image, st.sampled_from(["my notes (2).txt", "odd|name.pdf", "a.b"]), st.just("attached"),
              titles.map(str.strip).filter(bool)),
)  # fmt: skip
inlines: st.SearchStrategy[Inline] = st.one_of(
    texts, texts, texts, texts,
    st.just(Break()),
    st.sampled_from(sorted(set(EMOTICONS.values()), key=str)),
    st.just(Emoji(":custom:", ":custom:", "abc")),
    st.builds(Mention, st.sampled_from(["5b10a2", "accountid:77", "joe", "o|dd"]), st.sampled_from(["@Ann B",
        "@joe", ""])),
    st.just(Date("2026-11-24")),
    st.builds(Status, plain_words, st.sampled_from(["neutral", "green", "#123456"])),
    st.builds(Card, st.sampled_from(["https://a.b/browse/X-1", "http://a.b"])),
    st.builds(Anchor, st.sampled_from(["place", "o}dd"])),
    images,
    st.just(InlineIsland("adf", json.dumps(_extension, separators=(",", ":")), "shown")),
    st.just(InlineIsland("wiki", "{toc:maxLevel=2}", "{toc:maxLevel=2}")),
    st.just(InlineIsland("html", '<iframe src="https://a.b/v"></iframe>', "https://a.b/v")),
)  # fmt: skip
lines = st.lists(inlines, min_size=1, max_size=4).map(tuple)
aligns = st.sampled_from(["", "", "", "center", "end"])
codes = st.one_of(
    st.lists(st.sampled_from([*BITS, "\n", "    ", "\t"]), max_size=6).map("".join), st.just("\n a\n  b\n\n")
)


paragraphs = st.builds(
    lambda line, align, indent: Paragraph(line, align, 0 if align else indent),
    lines,
    aligns,
    st.sampled_from([0, 0, 0, 2]),
)
headings = st.builds(Heading, st.integers(1, 6), lines, aligns)
_node = {"type": "extension", "attrs": {"extensionType": "t", "extensionKey": "k"}}
leaves: st.SearchStrategy[Block] = st.one_of(
    paragraphs, paragraphs, headings,
    st.just(Paragraph()),
    st.just(Rule()),
    st.builds(CodeBlock, codes, st.sampled_from(["", "python", "c++"])),
    st.builds(Figure, images.filter(lambda image: not image.linked), st.one_of(st.just(()), lines),
              st.sampled_from(["", "wide"])),
    st.builds(CardBlock, st.just("https://a.b/c"), st.booleans()),
    st.builds(DecisionList, st.lists(lines, min_size=1, max_size=2).map(tuple)),
    st.just(Island("adf", json.dumps(_node, separators=(",", ":")), "")),
)  # fmt: skip


def tasks(depth: int) -> st.SearchStrategy[tuple[Task, ...]]:
    children = tasks(depth - 1) if depth else st.just(())
    return st.lists(st.builds(Task, lines, st.booleans(), children), min_size=1, max_size=2).map(tuple)


def blocks(depth: int, most: int = 3) -> st.SearchStrategy[Blocks]:
    return st.lists(block(depth), max_size=most).map(tuple)


def cells(depth: int) -> st.SearchStrategy[Cell]:
    spans = st.sampled_from([1, 1, 1, 2])
    return st.builds(
        lambda inner, header, across, down, wide, shade: Cell(
            inner, header, across, down, (120,) * across if wide else (), shade
        ),
        blocks(depth, 2), st.booleans(), spans, spans, st.booleans(), st.one_of(st.just(""), colors),
    )  # fmt: skip


def block(depth: int) -> st.SearchStrategy[Block]:
    if depth == 0:
        return leaves
    inner = blocks(depth - 1)
    items = st.lists(st.builds(Item, inner), min_size=1, max_size=3).map(tuple)
    rows = st.lists(st.lists(cells(depth - 1), min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        leaves, leaves,
        st.builds(List, items),
        st.builds(List, items, st.just(True), st.sampled_from([1, 1, 3])),
        st.builds(TaskList, tasks(1)),
        st.builds(Quote, inner),
        st.builds(Panel, st.sampled_from(["info", "note", "tip", "warning", "error", "success", "custom"]), inner,
                  st.one_of(st.just(""), titles), st.one_of(st.just(""), colors)),
        st.builds(Expand, titles, inner),
        st.builds(Table, rows, st.booleans()),
        st.builds(Layout, st.lists(st.builds(Column, inner, st.sampled_from([50.0, 33.33])), min_size=1,
            max_size=3).map(tuple)),
    )  # fmt: skip


documents = blocks(2, 4).map(lambda found: normalise(Document(found)))
