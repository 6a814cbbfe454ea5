"""What stands within a line of wiki markup, as ADF: marks, links, people, pictures, emoticons, dashes. Pure.

Notation: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
What becomes what: Jira Cloud's own converter, https://www.npmjs.com/package/@atlaskit/editor-wikimarkup-transformer
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from crosswalk_sandbox.jira.adf_model import JIRA
from crosswalk_sandbox.jira.state import Json

Mark = tuple[str, str]
Marks = tuple[Mark, ...]

SIGNS: dict[str, tuple[str, Mark]] = {
    "strong": ("*", ("strong", "")),
    "em": ("_", ("em", "")),
    "underline": ("+", ("underline", "")),
    "strike": ("-", ("strike", "")),
    "sup": ("^", ("subsup", "sup")),
    "sub": ("~", ("subsup", "sub")),
}
VALUES = {"subsup": "type", "textColor": "color", "link": "href"}
COLOURS = {
    "black": "#000000", "blue": "#0000ff", "cyan": "#00ffff", "gray": "#808080", "green": "#008000",
    "grey": "#808080", "lime": "#00ff00", "magenta": "#ff00ff", "maroon": "#800000", "navy": "#000080",
    "olive": "#808000", "orange": "#ffa500", "purple": "#800080", "red": "#ff0000", "silver": "#c0c0c0",
    "teal": "#008080", "white": "#ffffff", "yellow": "#ffff00",
}  # fmt: skip
"""By the names of https://www.w3.org/TR/css-color-3/; any other is black."""
OWN_EMOJI = {
    "(/)": "check_mark", "(x)": "cross_mark", "(!)": "warning", "(i)": "info", "(*)": "yellow_star",
    "(*y)": "yellow_star", "(*r)": "red_star", "(*g)": "green_star", "(*b)": "blue_star", "(on)": "light_bulb_on",
    "(off)": "light_bulb_off", "(+)": "plus", "(-)": "minus", "(flag)": "flag_on", "(flagoff)": "flag_off",
}  # fmt: skip
EMOJI = {sign: (name, f"atlassian-{name}", f":{name}:") for sign, name in OWN_EMOJI.items()} | {
    "(?)": ("question", "atlassian-question_mark", ":question:"),
    **dict.fromkeys(("(y)",), ("thumbsup", "1f44d", "👍")),
    **dict.fromkeys(("(n)",), ("thumbsdown", "1f44e", "👎")),
    **dict.fromkeys((":)", ":-)"), ("slight_smile", "1f642", "🙂")),
    **dict.fromkeys((":(", ":-("), ("disappointed", "1f61e", "😞")),
    **dict.fromkeys((";)", ";-)"), ("wink", "1f609", "😉")),
    **dict.fromkeys((":P", ":p"), ("stuck_out_tongue", "1f61b", "😛")),
    ":D": ("smiley", "1f603", "😃"),
}
DASHES = {"--": "–", "---": "—"}
CARDS = {"smart-link": "inlineCard", "smart-card": "blockCard", "smart-embed": "embedCard"}
BLOCKS = ("mediaSingle", "mediaGroup", "blockCard", "embedCard")
"""What a line can hold that stands for itself in ADF."""


def _signs() -> str:
    """For each sign `*x*` and, also within a word, `{*}x{*}`."""
    out = []
    for name, (sign, _) in SIGNS.items():
        one = re.escape(sign)
        out.append(rf"\{{{one}\}}(?P<in_{name}>[^\n]+?)\{{{one}\}}")
        body = rf"[^\s{one}](?:[^{one}\n]*[^\s{one}\\])?"
        out.append(rf"(?<![\w{one}]){one}(?P<{name}>{body}){one}(?![\w{one}])")
    return "|".join(out)


_INLINE = re.compile(
    r"(?<!\\)\\\\(?!\\)(?P<broken>)"
    r"|\\(?P<escaped>[^\w\s\\]|_)"
    r"|\{adf:display=inline\}(?P<adf>.+?)\{adf\}"
    r"|\{anchor:(?P<anchor>[^}\n]*)\}"
    r"|\{color:(?P<colour>[^}\n]*)\}(?P<coloured>.*?)\{color\}"
    r"|\{color:[^}\n]*\}(?P<endless>)"
    r"|\{\{(?:\{\})?(?P<code>.+?)(?:\{\})?\}\}"
    r"|\[~(?:accountid:)?(?P<mention>[^\]\n]+)\]"
    r"|\[(?:[^\]|\n]*\|)?\^(?P<file>[^\]|\n]+)\]"
    r"|\[(?:(?P<text>[^\]|\n]*)\|)?(?P<href>(?:https?://|mailto:|ftp://|#)[^\]|\n]+)(?:\|(?P<smart>[^\]\n]*))?\]"
    r"|(?<!\w)!(?P<picture>[^\s!|][^!|\n]*)(?:\|(?P<options>[^!\n]*))?!(?!\w)"
    rf"|(?<!\w)(?P<emoji>{'|'.join(re.escape(sign) for sign in EMOJI)})(?!\w)"
    r"|(?<!\S)(?P<dash>---?)(?!\S)"
    r"|\?\?(?P<cited>\S(?:[^?\n]*[^\s?\\])?)\?\?"
    rf"|{_signs()}"
    r"|(?P<url>(?:https?://|mailto:)[^\s|\]<>\"]*[^\s|\]<>\".,;:!?])"
    r"|(?P<br>\n)",
    re.DOTALL,
)


def spans(text: str, marks: Marks = ()) -> list[Json]:
    """The nodes of a piece of wiki text. Pictures, files and cards among them are blocks."""
    out: list[Json] = []
    plain = ""
    position = 0
    for found in _INLINE.finditer(text):
        plain += text[position : found.start()]
        position = found.end()
        kind = str(found.lastgroup)
        value = found[kind]
        if kind in ("escaped", "dash"):
            plain += DASHES.get(value, value) if kind == "dash" else value
            continue
        if plain:
            out.append(text_node(plain, marks))
        plain = ""
        out += _special(kind, value, found, marks)
    plain += text[position:]
    if plain:
        out.append(text_node(plain, marks))
    return out


def _special(kind: str, value: str, found: re.Match[str], marks: Marks) -> list[Json]:
    special = SPECIAL.get(kind)
    if special is not None:
        return special(found, marks)
    mark = SIGNS[kind.removeprefix("in_")][1]
    return spans(value, (*marks, mark)) if len(marks) < 6 else [text_node(value, marks)]


def _coloured(found: re.Match[str], marks: Marks) -> list[Json]:
    if len(marks) >= 6:
        return [text_node(found["coloured"], marks)] if found["coloured"] else []
    return spans(found["coloured"], (*marks, ("textColor", colour(found["colour"]))))


def colour(word: str) -> str:
    """A colour as ADF has it."""
    word = word.strip().lower()
    if re.fullmatch("#[0-9a-f]{3}", word):
        return "#" + "".join(2 * digit for digit in word[1:])
    return word if re.fullmatch("#[0-9a-f]{6}", word) else COLOURS.get(word, COLOURS["black"])


def _link(found: re.Match[str], marks: Marks) -> list[Json]:
    href, card = found["href"], CARDS.get(found["smart"] or "")
    if card is not None:
        frame = {"layout": "center", "width": 100} if card == "embedCard" else {}
        return [{"type": card, "attrs": {"url": href, **frame}}]
    return spans(found["text"], (*marks, ("link", href))) if found["text"] else [_address(href, marks)]


def _address(href: str, marks: Marks) -> Json:
    return text_node(href.removeprefix("mailto:"), (*marks, ("link", href)))


def _picture(found: re.Match[str], _marks: Marks) -> list[Json]:
    """The size that Atlassian's converter invents, 200 by 183, is left out."""
    name = found["picture"].strip()
    attrs: Json = {"type": "file", "id": name, "collection": ""}
    if re.match("https?://", name):
        attrs = {"type": "external", "url": name}
    given = dict(re.findall(r"(width|height|alt)=([^,|]*)", found["options"] or ""))
    if given.get("alt", "").strip('"'):
        attrs["alt"] = given["alt"].strip('"')
    for side in ("width", "height"):
        if re.fullmatch("[0-9]{1,5}", given.get(side, "")):
            attrs[side] = int(given[side])
    media: Json = {"type": "media", "attrs": attrs}
    return [{"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [media]}]


def _file(found: re.Match[str], _marks: Marks) -> list[Json]:
    media: Json = {"type": "media", "attrs": {"type": "file", "id": found["file"], "collection": ""}}
    return [{"type": "mediaGroup", "content": [media]}]


def _emoji(found: re.Match[str], _marks: Marks) -> list[Json]:
    name, key, text = EMOJI[found["emoji"]]
    return [{"type": "emoji", "attrs": {"shortName": f":{name}:", "id": key, "text": text}}]


def _adf(found: re.Match[str], marks: Marks) -> list[Json]:
    node = read_adf(found["adf"], inline=True)
    return [text_node(found[0], marks)] if node is None else [node]


def read_adf(text: str, *, inline: bool = False) -> Json | None:
    """The node that an `{adf}` macro holds, which is how what wiki markup has no sign for is written; None for none."""
    try:
        node = json.loads(text)
    except (ValueError, RecursionError):
        return None
    held = [{"type": "paragraph", "content": [node]}] if inline else [node]
    return node if JIRA.valid({"type": "doc", "version": 1, "content": held}) else None


def text_node(text: str, marks: Marks) -> Json:
    """A text with its marks. Code goes with a link and with nothing else; of each kind the innermost mark counts."""
    held = dict(marks)
    kept = [kind for kind in held if "code" not in held or kind in ("code", "link")]
    kept.sort(key=lambda kind: kind == "link")
    node: Json = {"type": "text", "text": text}
    made: list[Json] = [
        {"type": kind, "attrs": {VALUES[kind]: held[kind]}} if kind in VALUES else {"type": kind} for kind in kept
    ]
    return {**node, "marks": made} if made else node


Special = Callable[[re.Match[str], Marks], list[Json]]
SPECIAL: dict[str, Special] = {
    "br": lambda _found, _marks: [{"type": "hardBreak"}],
    "broken": lambda _found, _marks: [{"type": "hardBreak"}],
    "anchor": lambda _found, _marks: [],
    "endless": lambda _found, _marks: [],
    "mention": lambda found, _marks: [{"type": "mention", "attrs": {"id": found["mention"]}}],
    "url": lambda found, marks: [_address(found["url"], marks)],
    "code": lambda found, marks: [text_node(re.sub(r"\\([^\w\s])", r"\1", found["code"]), (*marks, ("code", "")))],
    "cited": lambda found, marks: spans("— " + found["cited"], (*marks, ("em", ""))),
    "coloured": _coloured,
    "href": _link,
    "smart": _link,
    "picture": _picture,
    "options": _picture,
    "file": _file,
    "emoji": _emoji,
    "adf": _adf,
}
"""What the last group of a match becomes."""
