"""Normalises HTML as the stand-in stores it. Pure; knows no record.

Aha! keeps rich text as HTML, but not the bytes one sent. What its sanitiser does exactly is not documented, so these
rules are the stand-in's own, chosen to be ordinary: `b` becomes `strong`, `i` `em`, `strike` and `del` `s`; scripts,
styles, frames and forms go with their content, unknown elements without it; only harmless attributes and addresses
stay; a text outside any block is put into a paragraph; open elements are closed; what is nested deeper than any page
is goes without its content going; text is escaped anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

RENAMED = {"b": "strong", "i": "em", "strike": "s", "del": "s", "h5": "h4", "h6": "h4"}
INLINE = {"strong", "em", "u", "s", "a", "code", "sub", "sup", "span", "mark", "img", "br"}
BLOCKS = {
    "p", "ul", "ol", "li", "h1", "h2", "h3", "h4", "pre", "blockquote", "div", "hr",
    "table", "thead", "tbody", "tr", "td", "th",
}  # fmt: skip
VOID = {"br", "hr", "img"}
SWALLOWED = {"script", "style", "iframe", "object", "embed", "form", "title", "head", "template", "svg", "math"}
HOLDERS = {"li", "td", "th", "blockquote", "div"}
ATTRIBUTES = {
    "a": ("href", "title", "target", "rel"),
    "img": ("src", "alt", "width", "height"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "pre": ("class",),
    "span": ("class",),
    "li": ("class",),
    "ul": ("class",),
}
DEEPEST = 400
SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:", "/", "#")


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.swallowed = 0
        self.flattened: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in SWALLOWED:
            self.swallowed += 1
        tag = RENAMED.get(tag, tag)
        if self.swallowed or tag not in INLINE | BLOCKS:
            return
        if len(self.open) >= DEEPEST and tag not in VOID:
            self.flattened[tag] += 1
            return
        if tag in BLOCKS:
            self._make_room(tag)
        else:
            self._hold_inline()
        self.out.append(f"<{tag}{_attributes(tag, attrs)}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in SWALLOWED:
            return
        self.handle_starttag(tag, attrs)
        if RENAMED.get(tag, tag) not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SWALLOWED:
            self.swallowed = max(0, self.swallowed - 1)
            return
        tag = RENAMED.get(tag, tag)
        if self.swallowed:
            return
        if self.flattened[tag]:
            self.flattened[tag] -= 1
            return
        if tag not in self.open:
            return
        while self.open:
            last = self.open.pop()
            self.out.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.swallowed:
            return
        if not data.strip() and not self.open:
            self.out.append("\n" if self.out and "\n" in data else "")
            return
        if data.strip():
            self._hold_inline()
        self.out.append(escape(data, quote=False).replace("\xa0", "&nbsp;"))

    def _make_room(self, tag: str) -> None:
        """Close what may not hold this block: a paragraph always, an item before its next sibling."""
        if "p" in self.open:
            self.handle_endtag("p")
        if tag == "li" and "li" in self.open:
            lists = [n for n, name in enumerate(self.open) if name in ("ul", "ol")]
            items = [n for n, name in enumerate(self.open) if name == "li"]
            if not lists or items[-1] > lists[-1]:
                self.handle_endtag("li")

    def _hold_inline(self) -> None:
        if not self.open:
            self.out.append("<p>")
            self.open.append("p")

    def finished(self) -> str:
        self.close()
        while self.open:
            self.out.append(f"</{self.open.pop()}>")
        return "".join(self.out).strip()


def _attributes(tag: str, attrs: Sequence[tuple[str, str | None]]) -> str:
    kept = []
    for name, value in attrs:
        if name not in ATTRIBUTES.get(tag, ()) or value is None:
            continue
        if name in ("href", "src") and not value.strip().lower().startswith(SAFE_SCHEMES):
            continue
        kept.append(f' {name}="{escape(value)}"')
    return "".join(kept)


def normal(html: str) -> str:
    """The HTML as it is stored. Normalising twice changes nothing more."""
    writer = _Writer()
    writer.feed(html.replace("\x00", "").replace("\r\n", "\n"))
    return writer.finished()
