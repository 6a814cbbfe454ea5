"""The words a person reads in HTML, ADF and wiki markup, found without Crosswalk's readers.

HTML by Python's own parser, ADF by a walk through its JSON, and wiki markup by taking away, sign by sign, what Jira's
notation guide calls markup (https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all).
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

INLINE = frozenset(
    [
        "a",
        "b",
        "i",
        "u",
        "s",
        "em",
        "strong",
        "sub",
        "sup",
        "del",
        "ins",
        "code",
        "span",
        "font",
        "mark",
        "small",
        "big",
        "time",
        "cite",
        "q",
        "tt",
        "kbd",
        "img",
        "iframe",
        "button",
    ]
)
UNSEEN = frozenset({"script", "style"})
LEAVES = {"mention": "text", "status": "text", "inlineCard": "url", "blockCard": "url", "embedCard": "url",
    "inlineExtension": "text", "expand": "title", "nestedExpand": "title", "media": "alt",
    "mediaInline": "alt"}  # fmt: skip
PHRASES = frozenset({"text", "mention", "status", "emoji", "date", "inlineCard", "inlineExtension", "mediaInline"})


def words(text: str) -> list[str]:
    """The words of a text, whatever stands between them."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))


# ---- HTML -------------------------------------------------------------------------------------------


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.attributes: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes += given.values()
        self.out += [] if tag in INLINE else ["\n"]
        self.unseen += tag in UNSEEN
        if tag == "img":
            self.out.append(given.get("alt", ""))
        elif tag == "iframe":
            self.out.append(given.get("title") or given.get("src", ""))

    def handle_endtag(self, tag: str) -> None:
        self.out += [] if tag in INLINE else ["\n"]
        self.unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.out.append(data)


def _parsed(source: str) -> _Html:
    parser = _Html()
    parser.feed(source)
    parser.close()
    return parser


def of_html(source: str) -> list[str]:
    """The words between the tags, and those that stand for pictures and films."""
    return words("".join(_parsed(source).out))


def in_attributes(source: str) -> list[str]:
    """The words in the attributes of HTML, such as addresses."""
    return words("\n".join(_parsed(source).attributes))


# ---- ADF --------------------------------------------------------------------------------------------


def of_adf(document: Any) -> list[str]:
    """The words of every node that shows some."""
    return words("".join(_shown(document)))


def _shown(node: Any) -> list[str]:
    kind, attrs = node["type"], node.get("attrs") or {}
    around = [] if kind in PHRASES else ["\n"]
    own = str(node.get("text") or attrs.get(LEAVES.get(kind, ""), ""))
    if kind == "emoji":
        own = attrs.get("text") or attrs["shortName"]
    elif kind == "date":
        own = datetime.fromtimestamp(int(attrs["timestamp"]) / 1000, UTC).date().isoformat()
    elif kind == "hardBreak":
        own = "\n"
    inner = [piece for child in node.get("content") or () for piece in _shown(child)]
    return [*around, own, *around, *inner, *around]


# ---- wiki markup ------------------------------------------------------------------------------------

_VERBATIM = re.compile(r"\{(code|noformat)(?::([^{}\n]*))?\}\n?(.*?)\n?\{\1\}", re.DOTALL)
_SIGNS = (
    (re.compile(r"\\\\"), "\n"),  # a line break
    (re.compile(r"^\s*(?:h[1-6]|bq)\.\s", re.MULTILINE), "\n"),
    (re.compile(r"^[ \t]*[*#-]+[ \t]", re.MULTILINE), "\n"),
    (re.compile(r"\{([*_+^~-]|\?\?|\{\{|\}\})\}"), ""),  # a sign inside a word; what follows begins no line
    (re.compile(r"\{panel:(?:[^{}\n|]*\|)*?title=([^{}\n|]*)[^{}\n]*\}"), r"\n\1\n"),
    (re.compile(r"\{(?:color|panel|quote|anchor|info|note|tip|warning)(?::[^{}\n]*)?\}"), ""),
    (re.compile(r"\{\{|\}\}|\?\?"), ""),
    (re.compile(r"\[(![^!\n]*!)\|[^\[\]\n]*\]"), r"\1 "),  # a picture that leads somewhere
    (re.compile(r"!(?:[^!\n|]*)\|(?:[^!\n]*?alt=\"?([^\"!,\n]*)\"?)?[^!\n]*!"), r"\1"),
    (re.compile(r"!\S[^!\n]*!"), ""),
    (re.compile(r"\[([^\[\]\n|]*)\|[^\[\]\n]*\]"), r"\1"),  # a link: its words
    (re.compile(r"\[~([^\]\n]*)\]"), r"@\1"),
    (re.compile(r"\[#?\^?([^\[\]\n]*)\]"), r"\1"),
    (re.compile(r"\|+"), "\n"),
    (re.compile(r"(?<!\w)[*_+^~-]+|[*_+^~-]+(?!\w)"), ""),  # a phrase begins or ends
)


def of_wiki(source: str) -> list[str]:
    """The words between the signs of well-formed markup."""
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return f"\ue000{len(kept) - 1}\ue001"

    text = _VERBATIM.sub(lambda found: "\n" + keep(found[3]) + "\n", source)
    text = re.sub(r"\\([^\\\n\w\s])", lambda found: keep(found[1]), text)
    text = re.sub(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);", lambda found: keep(html.unescape(found[0])), text)
    for sign, instead in _SIGNS:
        text = sign.sub(instead, text)
    return words(re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], text))
