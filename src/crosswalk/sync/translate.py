"""Turns a value of one side into the other's: rich text, status, people, tags, releases. Pure; tables are passed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from crosswalk import richtext
from crosswalk.errors import Refused, a_or_an
from crosswalk.merge.decision import Base, Held
from crosswalk.merge.rules import Across, Rule, Side, Untranslatable
from crosswalk.merge.values import Choice, Maybe, Person, Rich, Value
from crosswalk.richtext.document import Image, Inline, Mention, Text
from crosswalk.richtext.islands import EMBEDDED
from crosswalk.richtext.limits import cut, units
from crosswalk.richtext.pictures import carried, carried_with_losses, told
from crosswalk.sync.mentions import MENTIONED, Named, mentions, nobody
from crosswalk.sync.pictures import NO_PICTURES, NOWHERE, Pictures
from crosswalk.sync.shown import parsed

PICTURED: Final = re.compile(r"<img|<a |media|!|[\[|]\^")
"""What a source holds, in any format, if it shows a picture or a file."""

ISLANDS: Final = {"html": EMBEDDED, "adf": re.compile("xtension"), "wiki": re.compile(r"\{\w|!\S")}
"""What a text of each format holds if something in it may be an island inside a paragraph, a panel or a cell."""

WORDLESS: Final = frozenset(carried("", "html", form) for form in ("html", "adf", "wiki"))
"""What nothing at all becomes in each format. A side keeps it as empty, so a write of it would never be seen there."""


@dataclass(frozen=True, slots=True)
class RichText:
    """Aha!'s HTML and Jira's format ("adf" on Cloud, "wiki" on Data Center). `files` are what pictures refer to.

    `named` says who an account of the other side, which a text mentions by its id, is on a side; None for nobody.
    """

    format: str
    files: Pictures = NO_PICTURES
    named: Named = nobody

    def to_right(self, value: Value) -> Value | Untranslatable:
        """HTML as Jira writes it."""
        if not isinstance(value, Rich):
            return _only_empty(value, "formatted text")
        return self._carried(value, Side.RIGHT)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """Jira's text as HTML."""
        if not isinstance(value, Rich):
            return _only_empty(value, "formatted text")
        return self._carried(value, Side.LEFT)

    def waiting(self, side: Side, value: Maybe) -> Maybe:
        """`value`, a text of `side`, as if those of its pictures lay elsewhere whose file has no copy across yet.

        `value` itself where there are none. As the base of a text it lets the pictures be carried when their files are
        there.
        """
        return self._elsewhere(side, value, self.files.waits)

    def wanting(self, side: Side, value: Maybe) -> Maybe:
        """The same, also of those whose file is there no more."""
        files = self.files
        return self._elsewhere(side, value, lambda *one: files.waits(*one) or files.lost(*one))

    def missing(self, side: Side, value: Maybe) -> Maybe:
        """The same of those pictures whose file was removed."""
        return self._elsewhere(side, value, self.files.gone)

    def _elsewhere(self, side: Side, value: Maybe, meant: Callable[[Side, Inline], bool]) -> Maybe:
        """Blocks without such a picture keep their bytes."""
        if not isinstance(value, Rich) or value.format != self._format(side) or not PICTURED.search(value.source):
            return value
        found: list[object] = []

        def see(item: Image | Text | Mention) -> Inline:
            if not isinstance(item, Image) or not meant(side, item):
                return item
            found.append(item)
            return replace(item, ref=NOWHERE, kind="url")

        blocks: list[str] = []
        for block in self.split(side, value) or ():
            before, text = len(found), self.join(side, (block,))
            assert isinstance(text, Rich)
            try:
                moved = carried(parsed(text), text.format, text.format, see)
            except (ValueError, Refused):
                return value
            blocks += [block] if len(found) == before else richtext.split_blocks(text.format, moved)
        return self.join(side, tuple(blocks)) if found else value

    def split(self, side: Side, value: Value) -> tuple[str, ...] | None:
        """The blocks of a text, see merge.rules.Blockwise; none for a text that does not come apart exactly."""
        if value is None:
            return ()
        if not isinstance(value, Rich) or value.format != self._format(side):
            return None
        try:
            blocks = richtext.split_blocks(value.format, value.source)
        except (ValueError, Refused):
            return None
        return blocks if richtext.join_blocks(value.format, blocks) == value.source else None

    def join(self, side: Side, blocks: tuple[str, ...]) -> Value:
        """The text of these blocks."""
        source = richtext.join_blocks(self._format(side), blocks)
        return Rich(self._format(side), source) if source else None

    def words(self, side: Side, block: str) -> str:
        """The words of a block, with single spaces, and which pictures it shows."""
        text = self.join(side, (block,))
        assert isinstance(text, Rich)

        def see(item: Image | Text | Mention) -> Inline:
            if isinstance(item, Image) and item.kind == "attached":
                return Text(item.alt)
            return Text(f" {self.files.named(side, item)} ") if isinstance(item, Image) else item

        try:
            return " ".join(told(parsed(text), text.format, see).split())
        except Refused:
            return text.source

    def said(self, value: Maybe) -> str:
        """The words of a text, with single spaces, and none of pictures and mentions, which servers put otherwise."""
        if not isinstance(value, Rich):
            return ""
        try:
            return " ".join(told(parsed(value), value.format, _only_words).split())
        except (ValueError, Refused):
            return value.source

    def carry(self, to: Side, blocks: tuple[str, ...], over: tuple[str, ...] = ()) -> Across | Untranslatable:
        """Blocks in the other side's format. What only that holds in `over` stays where its words do."""
        value, before = self.join(to.other, blocks), self.join(to, over)
        if isinstance(before, Rich) and ISLANDS[before.format].search(before.source):
            value = value if isinstance(value, Rich) else Rich(self._format(to.other), "")
            found = self._carried(value, to, parsed(before))
        else:
            found = self.to_right(value) if to is Side.RIGHT else self.to_left(value)
        if isinstance(found, Untranslatable):
            return found
        if not isinstance(found, Rich):
            return Across()
        return Across(richtext.split_blocks(self._format(to), found.source), found.lost)

    def _format(self, side: Side) -> str:
        return "html" if side is Side.LEFT else self.format

    def _carried(self, value: Rich, to: Side, over: Any = None) -> Value | Untranslatable:
        form = self._format(to)
        pictures = self.files.seen(to, form) if PICTURED.search(value.source) else None
        see = mentions(to, self.named, pictures) if MENTIONED.search(value.source) else pictures
        try:
            source, losses = carried_with_losses(parsed(value), value.format, form, see, over)
            if source in WORDLESS:
                return None
            return Rich(form, source, tuple(dict.fromkeys(loss.words for loss in losses)))
        except Refused as error:
            return Untranslatable(error.message, error.remedy, error.code)


def _only_words(item: Image | Text | Mention) -> Inline:
    return item if isinstance(item, Text) else Text(" ")


def _only_empty(value: Value, expected: str) -> Value | Untranslatable:
    return None if value is None else Untranslatable(f"{expected} was expected, not {type(value).__name__}")


@dataclass(frozen=True, slots=True)
class Table:
    """Choices by table: from one side's id to the other side's choice. `what` names them in messages. With `own`, a
    Jira choice that is in no line of it is Jira's own: nothing stands for it, and nobody is asked."""

    what: str
    right: Mapping[str, Choice] = field(default_factory=dict)
    left: Mapping[str, Choice] = field(default_factory=dict)
    code: str = "S8"
    remedy: str = ""
    own: bool = False

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The Jira choice that stands for an Aha! choice."""
        return self._look(value, self.right, "Jira")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The Aha! choice that stands for a Jira choice."""
        if self.own and isinstance(value, Choice) and value.id not in self.left:
            return None
        return self._look(value, self.left, "Aha!")

    def _look(self, value: Value, table: Mapping[str, Choice], other: str) -> Value | Untranslatable:
        if value is None:
            return None
        if isinstance(value, Choice) and value.id in table:
            return table[value.id]
        name = value.name or value.id if isinstance(value, Choice) else str(value)
        return Untranslatable(
            f"{self.what} “{name}” has no counterpart in {other}",
            self.remedy or f"Add “{name}” to the table of the integration's mapping.",
            self.code,
        )


@dataclass(frozen=True, slots=True)
class People:
    """People by exact match only, looked up beforehand: from one side's id to the other side's person."""

    right: Mapping[str, Person | Untranslatable] = field(default_factory=dict)
    left: Mapping[str, Person | Untranslatable] = field(default_factory=dict)

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The Jira account of an Aha! user."""
        return _person(value, self.right, "Jira account")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The Aha! user of a Jira account."""
        return _person(value, self.left, "Aha! user")


def _person(value: Value, table: Mapping[str, Person | Untranslatable], other: str) -> Value | Untranslatable:
    if value is None:
        return None
    if isinstance(value, Person) and value.id in table:
        return table[value.id]
    if not isinstance(value, Person):
        return Untranslatable(f"a person was expected, not {type(value).__name__}")
    who = value.name or value.id
    mail = f" with the e-mail address {value.email}" if value.email else "; the e-mail address is hidden"
    return Untranslatable(
        f"{who} has no {other}{mail}",
        f"Say on the page People who that is, or give {who} {a_or_an(other)} with the same e-mail address.",
        "U1",
    )


@dataclass(frozen=True, slots=True)
class ByValue:
    """An issue type by the value of an Aha! field, by name whatever its case; `usual` for every other value.

    `back` are the values by the id of the type, for what is made in Aha!.
    """

    usual: Choice
    chosen: Mapping[str, Choice]
    back: Mapping[str, str] = field(default_factory=dict)

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The type for a value."""
        name = value.name or value.id if isinstance(value, Choice) else str(value)
        return self.chosen.get(name.strip().casefold(), self.usual)

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The first value that stands for a type; nothing for the usual one."""
        name = self.back.get(value.id) if isinstance(value, Choice) else None
        return Choice(name, name) if name else None


class Labels:
    """Aha! tags and Jira labels: a label holds no spaces, so they become underscores; what came so goes back so.

    Jira's limit: 255 characters (error catalogue F8).
    """

    def to_right(self, value: Value) -> Value | Untranslatable:
        """A tag as a label."""
        if not isinstance(value, str):
            return _only_empty(value, "a tag")
        label = "_".join(value.split())
        if units(label) > 255:
            return Untranslatable("a Jira label holds at most 255 characters", "Shorten the tag in Aha!.", "F8")
        return label

    def loss(self, value: Value, to: Side) -> Untranslatable | None:
        """Tags whose spaces became underscores."""
        tags = value if isinstance(value, frozenset) else {value}
        spaced = sorted(tag for tag in tags if isinstance(tag, str) and len(tag.split()) > 1)
        if to is Side.LEFT or not spaced:
            return None
        told = ", ".join(f"“{tag}” is written “{'_'.join(tag.split())}”" for tag in spaced)
        remedy = (
            "Nothing needs to be done: it keeps its spaces in Aha!. A tag without spaces is the same on both sides."
        )
        return Untranslatable(f"A Jira label holds no spaces: {told}", remedy, "F8")

    def to_left(self, value: Value) -> Value | Untranslatable:
        """A label as a tag."""
        return value if value is None or isinstance(value, str) else _only_empty(value, "a label")


class Summary:
    """A name and a summary: Jira's holds one line of at most 254 characters, and a cut one never comes back."""

    LONGEST, HOLDER = 254, "summary"

    def line(self, name: str) -> str:
        """The whole name as Jira holds it."""
        return " ".join(name.split())

    def to_right(self, value: Value) -> Value | Untranslatable:
        """The name on one line, cut with an ellipsis (error catalogue F6)."""
        if not isinstance(value, str):
            return value
        line = self.line(value)
        return line if units(line) <= self.LONGEST else cut(line, self.LONGEST - 1) + "…"

    def loss(self, value: Value, to: Side) -> Untranslatable | None:
        """A name that was cut."""
        line = self.line(value) if to is Side.RIGHT and isinstance(value, str) else ""
        if (length := units(line)) <= self.LONGEST:
            return None
        counted = "" if length == len(line) else ", some counted twice as Jira does,"
        reason = f"It has {length} characters{counted} and Jira's {self.HOLDER} holds {self.LONGEST}"
        return Untranslatable(
            f"{reason}; Aha! keeps all of it", f"Shorten the name to {self.LONGEST} characters.", "F6"
        )

    def to_left(self, value: Value) -> Value | Untranslatable:
        """The summary, unless it is one that was cut: one less where half a character was left over."""
        if isinstance(value, str) and value.endswith("…") and self.LONGEST - 1 <= units(value) <= self.LONGEST:
            return Untranslatable(
                f"the {self.HOLDER} in Jira is the shortened form of a longer name",
                f"Change the name in Aha!, or write a {self.HOLDER} of your own in Jira.",
                "F6",
            )
        return value


class VersionName(Summary):
    """A release's name and a version's, which is found by it: nothing but its length changes."""

    LONGEST, HOLDER = 255, "version name"

    def line(self, name: str) -> str:
        """The whole name; what stands on several lines is written on one (jira/fields.py)."""
        return name


def reopened(base: Base, rules: Sequence[Rule]) -> dict[str, Held]:
    """`base` with its texts as if their pictures lay elsewhere whose files are not across yet.

    The next merge then sees these pictures as changed, and refers to the copies of the files that are there by then.
    """
    found = dict(base)
    for rule in rules:
        form, held = rule.translation, base.get(rule.name)
        if isinstance(form, RichText) and held is not None and held.known:
            left, right = (form.waiting(side, held.of(side)) for side in Side)
            found[rule.name] = Held.agreed(left=left, right=right, fields=held.fields)
    return found
