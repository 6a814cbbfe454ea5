"""One document tree for every rich text format. It refuses to know how any format is written.

A document is a tuple of blocks; a block holds blocks or a line of inlines; an inline text carries a sorted tuple of
marks. Everything is frozen (`value` below) and comparable, so that "the same text" is `==`.

White space means what it means in HTML: a run of ASCII spaces is one space, and none stands at the edge of a line;
a space that must be seen is a no-break space. `normalise()` (in normal.py) establishes this; every reader ends with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

FORMATS = ("html", "adf", "wiki")
_T = TypeVar("_T")


@dataclass_transform(frozen_default=True)
def value(cls: type[_T]) -> type[_T]:
    """A frozen dataclass: the type checker refuses an assignment, the interpreter does not look.

    Looking would take three times as long for each object, and a description is a thousand of them.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@value
class Mark:
    """A property of a stretch of text. `kind` is one of MARK_ORDER.

    `value` is the address of a link, the `#rrggbb` of a colour or background, or the source of an `opaque` mark;
    `title` is the tooltip of a link, or the format of an opaque mark.
    """

    kind: str
    value: str = ""
    title: str = ""


# Outermost first: the order in which nested formats open them.
MARK_ORDER = (
    "opaque", "link", "background", "color", "strong", "em", "underline", "strike", "sup", "sub", "code",
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(MARK_ORDER)}


def sort_marks(marks: tuple[Mark, ...] | list[Mark]) -> tuple[Mark, ...]:
    """Marks in canonical order, the last of each kind kept; subscript wins over superscript."""
    if len(marks) < 2:
        return tuple(marks)
    by_kind = {mark.kind: mark for mark in marks}
    if "sub" in by_kind:
        by_kind.pop("sup", None)
    return tuple(sorted(by_kind.values(), key=lambda mark: _RANK[mark.kind]))


# ---- inlines ----------------------------------------------------------------------------------------


@value
class Text:
    text: str
    marks: tuple[Mark, ...] = ()


@value
class Break:
    """A hard line break."""


@value
class Emoji:
    """`name` as `:smile:`, `ident` as Atlassian's emoji id, `text` what is shown (a character, or the name)."""

    name: str
    text: str = ""
    ident: str = ""


@value
class Mention:
    """A person: `ident` is the id on the side that wrote it, `text` what is shown (with its @)."""

    ident: str
    text: str = ""


@value
class Date:
    """A calendar day, `YYYY-MM-DD`."""

    day: str


@value
class Status:
    """A lozenge. `color` is neutral, purple, blue, red, yellow, green or `#rrggbb`."""

    text: str
    color: str = "neutral"


@value
class Card:
    """A smart link: an address shown as what lies behind it."""

    url: str


@value
class Anchor:
    """A place that a link `#name` leads to; shows nothing."""

    name: str


@value
class Image:
    """A picture or a file inside text.

    `ref` is an address (`kind` "url"), the name of an attachment of the same record ("name" for a picture, "attached"
    for a linked file), or a media id with its `collection` ("file" for a picture, "link" for a linked file). `width`
    and `height` are pixels, 0 where unknown. `href` is the address the picture leads to. `look` is how Jira's markup
    shows it ("thumbnail", "align=right"), in its own words.
    """

    ref: str
    kind: str = "url"
    alt: str = ""
    width: int = 0
    height: int = 0
    href: str = ""
    collection: str = ""
    look: str = ""

    @property
    def linked(self) -> bool:
        """Whether it is a file that a word leads to, and no picture."""
        return self.kind in ("link", "attached")


@value
class InlineIsland:
    """Something inside a line that only its own format understands. `text` is what is shown meanwhile."""

    format: str
    source: str
    text: str = ""


Inline = Text | Break | Emoji | Mention | Date | Status | Card | Anchor | Image | InlineIsland
Inlines = tuple[Inline, ...]

# ---- blocks -----------------------------------------------------------------------------------------


@value
class Paragraph:
    """`align` is "", "center" or "end"; `indent` counts steps from 0 to 6. Without inlines it is a blank line."""

    inlines: Inlines = ()
    align: str = ""
    indent: int = 0


@value
class Heading:
    level: int
    inlines: Inlines
    align: str = ""
    indent: int = 0


@value
class Item:
    blocks: Blocks


@value
class List:
    items: tuple[Item, ...]
    ordered: bool = False
    start: int = 1


@value
class Task:
    inlines: Inlines
    done: bool = False
    children: tuple[Task, ...] = ()


@value
class TaskList:
    tasks: tuple[Task, ...]


@value
class DecisionList:
    """`items` are lines; each states one decision."""

    items: tuple[Inlines, ...]


@value
class CodeBlock:
    """Every space and newline of `text` counts."""

    text: str
    language: str = ""


@value
class Quote:
    blocks: Blocks


@value
class Panel:
    """`kind` is info, note, tip, warning, error, success or custom; `title` exists in wiki markup only."""

    kind: str
    blocks: Blocks
    title: str = ""
    color: str = ""


@value
class Expand:
    title: str
    blocks: Blocks


@value
class Rule:
    pass


@value
class Cell:
    """`widths` are column widths in pixels, one for each spanned column, or empty."""

    blocks: Blocks
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    widths: tuple[int, ...] = ()
    background: str = ""


@value
class Table:
    rows: tuple[tuple[Cell, ...], ...]
    numbered: bool = False


@value
class Figure:
    """A picture on a line of its own. `layout` is "" (the default) or one of ADF's layouts."""

    image: Image
    caption: Inlines = ()
    layout: str = ""


@value
class CardBlock:
    """A smart link on a line of its own; `embed` shows the page itself."""

    url: str
    embed: bool = False


@value
class Column:
    blocks: Blocks
    width: float = 0


@value
class Layout:
    columns: tuple[Column, ...]


@value
class Island:
    """A block that only its own format understands. `text` is what is shown meanwhile."""

    format: str
    source: str
    text: str = ""


Block = (
    Paragraph | Heading | List | TaskList | DecisionList | CodeBlock | Quote | Panel | Expand | Rule
    | Table | Figure | CardBlock | Layout | Island
)  # fmt: skip
Blocks = tuple[Block, ...]


@value
class Document:
    blocks: Blocks = ()
