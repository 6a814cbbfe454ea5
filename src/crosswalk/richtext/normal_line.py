"""The canonical form of a line and of the words in it; normal.py says what that is. It knows nothing of blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import is_

from .document import (
    Anchor,
    Break,
    Emoji,
    Image,
    Inline,
    InlineIsland,
    Inlines,
    Mark,
    Mention,
    Status,
    Text,
    sort_marks,
)

_SPACES = re.compile(r"[ \t\n\r\f]+")
# C0 controls, DEL and lone surrogates can not be stored by either side; XML and PostgreSQL refuse them.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_STATUS_COLOR = re.compile(r"neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6}")
UNSEEN_ON_SPACE = frozenset({"strong", "em", "color", "sup", "sub"})


def storable(text: str) -> str:
    """`text` without the characters that neither side can store; line ends become `\\n`."""
    if text.isprintable():
        return text
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def normal_image(image: Image) -> Image:
    """A picture, its words on one line."""
    words = (image.ref, image.alt, image.collection, image.look)
    if words == (lines := tuple(map(line, words))):
        return image
    ref, alt, collection, look = lines
    return replace(image, ref=ref, alt=alt, collection=collection, look=look)


def line(text: str) -> str:
    """`text` as one line: ASCII white space collapsed, none at its ends."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _SPACES.sub(" ", storable(text)).strip(" ")


def normal_inlines(inlines: Inlines) -> Inlines:
    """A canonical line: see normal.py. One that is canonical already is given back as it is."""
    if _is_canonical(inlines):
        return inlines
    items: Sequence[Inline] = inlines
    if Break in map(type, inlines):
        items = _trimmed(inlines)
    found, loose = _collapsed(items)
    if loose:
        found = _spaces_unmarked(found)
    found = _merged(found)
    if len(found) == len(inlines) and all(map(is_, found, inlines)):
        return inlines
    return tuple(found)


def _is_canonical(inlines: Inlines) -> bool:
    """Whether a line is seen at once to be canonical, as most are: texts of at most one mark, and breaks."""
    if len(inlines) == 1 and type(only := inlines[0]) is Text and not only.marks:
        words = only.text
        return words.isprintable() and "  " not in words and words.strip(" ") == words != ""
    marks: tuple[Mark, ...] | None = None
    texts: list[str] = []
    for item in inlines:
        if type(item) is Text:
            if item.marks == marks or not item.text:
                return False
            marks = item.marks
            if marks and (len(marks) > 1 or marks[0].title or item.text != item.text.strip(" ")):
                return False
            texts.append(item.text)
        elif type(item) is Break:
            marks = None
            texts.append(" ")  # as beside a space and at an end, no space may stand beside it
        else:
            return False
    words = "".join(texts)
    return words.isprintable() and "  " not in words and words.strip(" ") == words


def _trimmed(inlines: Inlines) -> list[Inline]:
    """Without breaks and white space at the ends (an anchor shows nothing and does not count)."""
    items = list(inlines)
    for order in (1, -1):
        kept: list[Inline] = []
        started = False
        for item in items[::order]:
            shown = not (isinstance(item, Break) or (isinstance(item, Text) and not _visible(item.text)))
            started = started or (shown and not isinstance(item, Anchor))
            if started or shown:
                kept.append(item)
        items = kept[::order]
    return items


def _visible(text: str) -> bool:
    return bool((text if text.isprintable() else storable(text)).strip(" \t\n\r\f"))


def _collapsed(items: Sequence[Inline]) -> tuple[list[Inline], bool]:
    """White space runs become one space, across texts too; none beside a break or at an end.

    The second value says whether a text with marks has a space at one of its edges.
    """
    out: list[Inline] = []
    after_space, loose = True, False
    for item in items:
        if type(item) is Text:
            text, marks = item.text, item.marks
            if not text.isprintable() or "  " in text:
                text = _SPACES.sub(" ", storable(text))
            if after_space:
                text = text.lstrip(" ")
            if not text:
                continue
            if marks:
                if len(marks) > 1 or marks[0].title:
                    marks = _marks(marks)
                loose = loose or text[0] == " " or text[-1] == " "
            out.append(item if text is item.text and marks is item.marks else Text(text, marks))
            after_space = text[-1] == " "
        elif type(item) is Break:
            _strip_end(out)
            out.append(item)
            after_space = True
        elif (whole := _whole(item)) is not None:
            out.append(whole)
            after_space = after_space and type(whole) is Anchor
    _strip_end(out)
    return out, loose


def _marks(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Marks in canonical order, their titles on one line."""
    if any(mark.title for mark in marks):
        marks = tuple([replace(mark, title=line(mark.title)) if mark.title else mark for mark in marks])
    return sort_marks(marks)


def _whole(item: Inline) -> Inline | None:
    """An inline that is no text, its words on one line; None where nothing of it is left."""
    match item:
        case Image():
            return normal_image(item)
        case Mention(ident=ident, text=text):
            return Mention(line(ident), line(text)) if line(ident) else None
        case Emoji(name=name, text=text, ident=ident):
            return Emoji(line(name), line(text), line(ident)) if line(name) else None
        case Status(text=text, color=color):
            shade = color if _STATUS_COLOR.fullmatch(color) else "neutral"
            return Status(line(text), shade) if line(text) else None
        case Anchor(name=name):
            return Anchor(line(name)) if line(name) else None
        case InlineIsland(text=text):
            return replace(item, text=line(text))
        case _:
            return item


def _strip_end(out: list[Inline]) -> None:
    index = len(out) - 1
    while index >= 0 and type(out[index]) is Anchor:
        index -= 1
    if index >= 0 and type(last := out[index]) is Text and last.text[-1] == " ":
        text = last.text.rstrip(" ")
        out[index : index + 1] = [Text(text, last.marks)] if text else []


def _spaces_unmarked(items: list[Inline]) -> list[Inline]:
    """A space between texts keeps a mark that can not be seen on it only where both neighbours have that mark."""
    atoms: list[Inline] = []
    for item in items:
        if type(item) is not Text or (item.text[0] != " " and item.text[-1] != " "):
            atoms.append(item)
            continue
        core = item.text.strip(" ")
        if item.text[0] == " ":
            atoms.append(Text(" ", item.marks))
        if core:
            atoms.append(Text(core, item.marks))
            if item.text[-1] == " ":
                atoms.append(Text(" ", item.marks))
    for index, atom in enumerate(atoms):
        if type(atom) is Text and atom.marks and atom.text == " ":
            before, after = _marks_at(atoms, index - 1), _marks_at(atoms, index + 1)
            atoms[index] = Text(" ", tuple(
                [mark for mark in atom.marks if mark.kind not in UNSEEN_ON_SPACE or (mark in before and mark in after)]
            ))  # fmt: skip
    return atoms


def _marks_at(atoms: list[Inline], index: int) -> tuple[Mark, ...]:
    if 0 <= index < len(atoms) and type(atom := atoms[index]) is Text:
        return atom.marks
    return ()


def _merged(items: list[Inline]) -> list[Inline]:
    """Neighbouring texts of the same marks as one."""
    before: tuple[Mark, ...] | None = None
    for item in items:
        marks = item.marks if type(item) is Text else None
        if marks is not None and marks == before:
            break
        before = marks
    else:
        return items
    out: list[Inline] = []
    run: list[Text] = []
    for item in items:
        if type(item) is not Text:
            _end_run(out, run)
            out.append(item)
        elif run and item.marks == run[0].marks:
            run.append(item)
        else:
            _end_run(out, run)
            run.append(item)
    _end_run(out, run)
    return out


def _end_run(out: list[Inline], run: list[Text]) -> None:
    if run:
        out.append(run[0] if len(run) == 1 else Text("".join([text.text for text in run]), run[0].marks))
        run.clear()
