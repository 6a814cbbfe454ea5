"""The vocabulary that reader and writer of Jira wiki markup share: marks, macros, emoticons, addresses, escapes.

After Jira's own help page (“Text formatting notation”) and, where that is silent, Atlassian's Apache-2.0 converter
(npm package `@atlaskit/editor-wikimarkup-transformer`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from .document import Emoji

# Characters that a backslash before them makes plain (the renderer's escaping pattern).
ESCAPABLE = frozenset("-#*_+?^~|%{}[]()!@")

PHRASES = {
    "*": "strong", "_": "em", "+": "underline", "-": "strike", "^": "sup", "~": "sub", "??": "em",
}  # fmt: skip
SYMBOLS = {"strong": "*", "em": "_", "underline": "+", "strike": "-", "sup": "^", "sub": "~"}

# Longest first, so that a shorter one never hides a longer.
_EMOTICONS = """
    (flagoff) :flag_off: atlassian-flag_off
    (flag) :flag_on: atlassian-flag_on
    (off) :light_bulb_off: atlassian-light_bulb_off
    (on) :light_bulb_on: atlassian-light_bulb_on
    (*r) :red_star: atlassian-red_star
    (*g) :green_star: atlassian-green_star
    (*b) :blue_star: atlassian-blue_star
    (*y) :yellow_star: atlassian-yellow_star
    (*) :yellow_star: atlassian-yellow_star
    (/) :check_mark: atlassian-check_mark
    (x) :cross_mark: atlassian-cross_mark
    (!) :warning: atlassian-warning
    (i) :info: atlassian-info
    (+) :plus: atlassian-plus
    (-) :minus: atlassian-minus
    (?) :question: atlassian-question_mark
    (y) :thumbsup: 1f44d 👍
    (n) :thumbsdown: 1f44e 👎
    :-) :slight_smile: 1f642 🙂
    :) :slight_smile: 1f642 🙂
    :-( :disappointed: 1f61e 😞
    :( :disappointed: 1f61e 😞
    :-P :stuck_out_tongue: 1f61b 😛
    :P :stuck_out_tongue: 1f61b 😛
    :-p :stuck_out_tongue: 1f61b 😛
    :p :stuck_out_tongue: 1f61b 😛
    :-D :smiley: 1f603 😃
    :D :smiley: 1f603 😃
    ;-) :wink: 1f609 😉
    ;) :wink: 1f609 😉
"""


def _emoticons() -> dict[str, Emoji]:
    table: dict[str, Emoji] = {}
    for line in _EMOTICONS.strip().splitlines():
        sign, name, ident, *shown = line.split()
        table[sign] = Emoji(name, shown[0] if shown else name, ident)
    return table


EMOTICONS = _emoticons()
# The last sign of an emoji in the table is the one that is written.
SIGN_OF = {emoji: sign for sign, emoji in EMOTICONS.items()}
EMOTICON = re.compile("(?:" + "|".join(map(re.escape, EMOTICONS)) + ")(?![A-Za-z0-9])")

# A bare address in running text, which Jira turns into a link by itself.
# That no word stands before it is asked behind its first letter: so the search goes from one such letter to the next.
_BARE = "|".join(
    f"{first}(?<![A-Za-z0-9]{first}){rest}"
    for first, rest in (("h", "ttps?://"), ("f", "tps?://"), ("i", "rc://"), ("m", "ailto:"))
)
BARE_ADDRESS = re.compile(rf"(?:{_BARE})[^\s|{{}}\[\]\"<>\\^`*]*[^\s|{{}}\[\]\"<>\\^`*.,;:!?')(_~+\-]")


def bare_addresses(text: str) -> Iterator[re.Match[str]]:
    """The bare addresses in `text`."""
    return BARE_ADDRESS.finditer(text) if "://" in text or "mailto:" in text else iter(())


ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# The look of a panel says its kind (Atlassian's converter writes and reads these colours).
PANEL_COLORS = {
    "info": "#deebff", "note": "#eae6ff", "success": "#e3fcef", "warning": "#fffae6", "error": "#ffebe6",
}  # fmt: skip
PANEL_KINDS = {color: kind for kind, color in PANEL_COLORS.items()}


def is_word(char: str) -> bool:
    """Whether a mark's sign beside `char` would be inside a word; no-break space is the only non-ASCII that is not."""
    return char.isalnum() or (char > "\x7f" and char != "\u00a0")


MACRO = re.compile(r"\{([A-Za-z][\w\-]{0,60})(?::([^{}\n]*))?\}")
BLOCK_MACROS = frozenset({"code", "noformat", "quote", "panel", "info", "note", "tip", "warning"})
# What a link may lead to; anything else in brackets is text.
TARGET = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.\-]*:\S|/|#|\.|www\.|\?)")
PICTURE = re.compile(r"(?:https?://\S+|[^\s/|!][^/|!\n]*\.[A-Za-z0-9]{2,5})")

_LOOK = re.compile(
    r"(?!(?:width|height) *= *\d+ *$|alt *=)[A-Za-z]+(?: *= *[\w.%#:; -]*[\w%])?", re.ASCII | re.IGNORECASE
)


def picture_look(given: str) -> str:
    """What a picture's parameters say besides its size and its description (`thumbnail`, `align=right`)."""
    return ",".join(one.strip() for one in given.split(",") if _LOOK.fullmatch(one.strip()))


def is_foreign_macro(source: str) -> bool:
    """Whether `source` is one macro that Crosswalk does not know, and so keeps as it is."""
    found = MACRO.fullmatch(source)
    return found is not None and found[1].lower() not in BLOCK_MACROS | {"color", "anchor"}


def unescaped(text: str) -> str:
    """Plain text: backslashes and entities resolved."""
    if "\\" not in text and "&" not in text:
        return text
    return _ESCAPED.sub(lambda found: found[1] or html.unescape(found[0]), text)


_ESCAPED = re.compile(rf"\\([{re.escape(''.join(sorted(ESCAPABLE)))}])|{ENTITY.pattern}")
