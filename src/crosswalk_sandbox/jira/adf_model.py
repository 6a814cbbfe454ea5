"""What an Atlassian document may hold: every node with its attributes, its children and the marks they may carry where
they stand. A table and one walk over it; knows no issue and no text format.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ and the JSON schema it links to
(https://go.atlassian.com/adf-json-schema). Jira refuses what does not fit and mends nothing. Two things are tighter
here than that schema, which leaves them open by how it is made: what follows the second child of a block task item, and
the marks and content of what stands in a synced block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[object], bool]
Marks = frozenset[str]

MAX_DEPTH = 60
"""Deeper documents are refused, so that no walk over one can exhaust the stack."""


# ---- attribute values


def text(value: object) -> bool:
    return isinstance(value, str)


def filled(value: object) -> bool:
    return isinstance(value, str) and value != ""


def flag(value: object) -> bool:
    return isinstance(value, bool)


def anything(_value: object) -> bool:
    return True


def number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def within(low: float, high: float = float("inf")) -> Check:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def among(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


def like(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def listed(check: Check, least: int = 0) -> Check:
    return lambda value: isinstance(value, list) and len(value) >= least and all(check(one) for one in value)


def _views(value: object) -> bool:
    """The views of a card's data source: each has a `type`, and `properties` of any kind."""
    return listed(
        lambda view: isinstance(view, dict) and text(view.get("type")) and set(view) <= {"type", "properties"}, 1
    )(value)


def _source(value: object) -> bool:
    """The data source of a card."""
    return isinstance(value, dict) and set(value) == {"id", "parameters", "views"} and _fits(value, _SOURCE)


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes one form of a node or mark may have; no other is allowed."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)


def attributes(required: Mapping[str, Check] | None = None, **optional: Check) -> Attributes:
    return Attributes(required or {}, optional)


def _fits(held: Mapping[str, object], form: Attributes) -> bool:
    known = {**form.required, **form.optional}
    return all(name in held for name in form.required) and all(
        name in known and known[name](value) for name, value in held.items()
    )


_SOURCE = attributes({"id": text, "parameters": anything, "views": _views})
_COLOUR = like("#[0-9a-fA-F]{6}")
_LAYOUTS = among("wide", "full-width", "center", "wrap-right", "wrap-left", "align-end", "align-start")
_ONLY_ID = attributes(localId=text)


# ---- marks

MARKS: Mapping[str, Attributes | None] = {
    "strong": None, "em": None, "code": None, "strike": None, "underline": None,
    "link": attributes({"href": text}, title=text, id=text, collection=text, occurrenceKey=text),
    "subsup": attributes({"type": among("sub", "sup")}),
    "textColor": attributes({"color": _COLOUR}),
    "backgroundColor": attributes({"color": _COLOUR}),
    "annotation": attributes({"id": text, "annotationType": among("inlineComment")}),
    "alignment": attributes({"align": among("center", "end")}),
    "indentation": attributes({"level": within(1, 6)}),
    "breakout": attributes({"mode": among("wide", "full-width")}, width=number),
    "border": attributes({"size": within(1, 3), "color": like("#[0-9a-fA-F]{8}|#[0-9a-fA-F]{6}")}),
    "fragment": attributes({"localId": filled}, name=text),
    "dataConsumer": attributes({"sources": listed(text, 1)}),
    "fontSize": attributes({"fontSize": among("small")}),
}  # fmt: skip
"""Every mark; None for those that take no attributes."""

NO_MARKS: tuple[Marks, ...] = (frozenset(),)
"""A `marks` list may stand there, if it is empty."""
_FORMATTED = frozenset(
    {"link", "em", "strong", "strike", "subsup", "underline", "textColor", "annotation", "backgroundColor"}
)
_TEXT: tuple[Marks, ...] = (_FORMATTED, frozenset({"code", "link", "annotation"}))
_DATA: tuple[Marks, ...] = (frozenset({"dataConsumer", "fragment"}),)
_MEDIA: tuple[Marks, ...] = (frozenset({"dataConsumer", "link", "annotation", "border"}),)
_SMALL: tuple[Marks, ...] = (frozenset({"fontSize"}),)
_BREAKOUT: tuple[Marks, ...] = (frozenset({"breakout"}),)
_PLACED: tuple[Marks, ...] = (frozenset({"fontSize", "alignment"}), frozenset({"fontSize", "indentation"}))
_TURNED: tuple[Marks, ...] = (frozenset({"alignment"}), frozenset({"indentation"}))


# ---- children

Children = Mapping[str, tuple[Marks, ...] | None]
"""The nodes allowed at a place, each with the sets its marks must lie within, one of them; None where no `marks` key
may stand."""

INLINE: Children = {
    "text": _TEXT, "date": None, "emoji": None, "hardBreak": None, "inlineCard": None, "mention": None,
    "placeholder": None, "status": None, "inlineExtension": _DATA, "mediaInline": _MEDIA,
}  # fmt: skip
_CAPTION: Children = {name: INLINE[name] for name in INLINE if name not in ("inlineExtension", "mediaInline")}
_PICTURES: Children = {"mediaSingle": (frozenset({"link"}),), "mediaGroup": None}
_LISTS: Children = {"bulletList": None, "orderedList": None}
_TASKS: Children = {"taskList": None, "decisionList": None}
_CARDS: Children = {"blockCard": None, "embedCard": None}
_CODE: Children = {"codeBlock": NO_MARKS}
_EXTENSION: Children = {"extension": _DATA}
_TABLE: Children = {"table": (frozenset({"fragment"}),)}
_PLAIN: Children = {"paragraph": NO_MARKS, "heading": NO_MARKS}
_SMALL_PLAIN: Children = {"paragraph": _SMALL, "heading": NO_MARKS}

_QUOTE: Children = {"paragraph": NO_MARKS, **_LISTS, **_CODE, **_PICTURES, **_EXTENSION}
_ITEM: Children = {
    "paragraph": _SMALL, **_LISTS, "taskList": None, "mediaSingle": _PICTURES["mediaSingle"], **_CODE, **_EXTENSION,
}  # fmt: skip
_PANEL: Children = {
    **_SMALL_PLAIN, **_LISTS, "blockCard": None, **_PICTURES, **_CODE, **_TASKS, "rule": None, **_EXTENSION,
}  # fmt: skip
_NESTED: Children = {
    **_SMALL_PLAIN, **_PICTURES, **_CODE, **_LISTS, **_TASKS, "rule": None, "panel": None, "blockquote": None,
    **_EXTENSION,
}  # fmt: skip
_UNNESTABLE: Children = {**_NESTED, **_TABLE, **_CARDS}
_CELL: Children = {
    "paragraph": (frozenset({"fontSize", "alignment"}),), "heading": _TURNED, "panel": None, "blockquote": None,
    **_LISTS, "rule": None, **_CODE, **_PICTURES, **_TASKS, **_CARDS, **_EXTENSION, "nestedExpand": None,
}  # fmt: skip
_BLOCKS: Children = {
    "paragraph": _PLACED, "heading": _TURNED, **_CARDS, **_PICTURES, **_CODE, **_TASKS, **_LISTS, "rule": None,
    "panel": None, "blockquote": None, **_EXTENSION, **_TABLE, "expand": NO_MARKS, "bodiedExtension": _DATA,
}  # fmt: skip
_ROOT: Children = {
    **_BLOCKS, "codeBlock": _BREAKOUT, "expand": _BREAKOUT, "layoutSection": _BREAKOUT, "syncBlock": _BREAKOUT,
    "bodiedSyncBlock": _BREAKOUT,
}  # fmt: skip
_SYNCED: Children = {
    **{name: marks for name, marks in _BLOCKS.items() if name not in ("extension", "bodiedExtension")},
    "layoutSection": _BREAKOUT,
}  # fmt: skip


# ---- nodes


@dataclass(frozen=True, slots=True)
class Node:
    """One kind of node. `forms` are the attributes it may have, empty for none; `children` None means that it takes no
    content. `order` names the children by position; `open` nodes may carry keys of any other name."""

    forms: tuple[Attributes, ...] = ()
    bare: bool = True
    children: Children | None = None
    least: int = 0
    most: int | None = None
    hollow: bool = False
    order: tuple[str, ...] = ()
    open: bool = False

    @property
    def keys(self) -> set[str]:
        """The keys such a node may have."""
        out = {"type", "marks"} | ({"attrs"} if self.forms else set())
        return out | ({"content"} if self.children is not None else set())


def _leaf(*forms: Attributes, bare: bool = False) -> Node:
    return Node(forms, bare)


def _branch(children: Children, form: Attributes = _ONLY_ID, *, least: int = 1, bare: bool = True) -> Node:
    return Node((form,), bare, children, least)


def _line(form: Attributes = _ONLY_ID, children: Children = INLINE, *, bare: bool = True) -> Node:
    """A node whose content may be left out."""
    return Node((form,), bare, children, hollow=True)


_STATE = among("TODO", "DONE")
_CELL_FORM = attributes(
    colspan=number, rowspan=number, colwidth=listed(number), background=text, localId=text,
    valign=among("top", "middle", "bottom"),
)  # fmt: skip
_EXTENDED = {"extensionKey": filled, "extensionType": filled}
_EXTENSION_FORM = attributes(
    _EXTENDED, parameters=anything, text=text, layout=among("wide", "full-width", "default"), localId=filled
)
_SYNC_FORM = attributes({"resourceId": text, "localId": text})
_SIZE = {"width": number, "height": number}
_FILE = {"alt": text, "localId": text, "occurrenceKey": filled, **_SIZE}

NODES: Mapping[str, Node] = {
    "paragraph": _line(),
    "heading": _line(attributes({"level": within(1, 6)}, localId=text), bare=False),
    "codeBlock": _line(
        attributes(language=text, uniqueId=text, localId=text, wrap=flag, hideLineNumbers=flag), {"text": NO_MARKS}
    ),
    "blockquote": _branch(_QUOTE),
    "bulletList": _branch({"listItem": None}),
    "orderedList": _branch({"listItem": None}, attributes(order=within(0), localId=text)),
    "listItem": _branch(_ITEM),
    "taskList": _branch(
        {"taskItem": None, "taskList": None, "blockTaskItem": None}, attributes({"localId": text}), bare=False
    ),
    "taskItem": _line(attributes({"localId": text, "state": _STATE}), bare=False),
    "blockTaskItem": _branch(
        {"paragraph": _SMALL, **_EXTENSION}, attributes({"localId": text, "state": _STATE}), bare=False
    ),
    "decisionList": _branch({"decisionItem": None}, attributes({"localId": text}), bare=False),
    "decisionItem": _line(attributes({"localId": text, "state": text}), bare=False),
    "panel": _branch(
        _PANEL,
        attributes(
            {"panelType": among("info", "note", "tip", "warning", "error", "success", "custom")},
            panelIcon=text, panelIconId=text, panelIconText=text, panelColor=text, localId=text,
        ),
        bare=False,
    ),
    "rule": _leaf(_ONLY_ID, bare=True),
    "table": _branch(
        {"tableRow": None},
        attributes(
            displayMode=among("default", "fixed"), isNumberColumnEnabled=flag, localId=filled, width=number,
            layout=among("wide", "full-width", "center", "align-end", "align-start", "default"),
        ),
    ),
    "tableRow": _branch({"tableCell": None, "tableHeader": None}, least=0),
    "tableCell": _branch(_CELL, _CELL_FORM),
    "tableHeader": _branch(_CELL, _CELL_FORM),
    "expand": _branch({**_UNNESTABLE, "nestedExpand": None}, attributes(title=text, localId=text)),
    "nestedExpand": _branch(_NESTED, attributes(title=text, localId=text), bare=False),
    "mediaGroup": Node((), True, {"media": _MEDIA}, 1),
    "mediaSingle": Node(
        (
            attributes({"layout": _LAYOUTS}, localId=text, width=within(0, 100), widthType=among("percentage")),
            attributes({"layout": _LAYOUTS, "width": within(0), "widthType": among("pixel")}, localId=text),
        ),
        True, {"media": _MEDIA, "caption": None}, 1, 2, order=("media", "caption"), open=True,
    ),
    "media": _leaf(
        attributes({"type": among("link", "file"), "id": filled, "collection": text}, **_FILE),
        attributes({"type": among("external"), "url": text}, localId=text, alt=text, **_SIZE),
    ),
    "mediaInline": _leaf(
        attributes({"id": filled, "collection": text}, type=among("link", "file", "image"), data=anything, **_FILE)
    ),
    "caption": _line(children=_CAPTION),
    "blockCard": _leaf(
        attributes({"datasource": _source}, localId=text, url=text, width=number, layout=_LAYOUTS),
        attributes({"url": text}, localId=text),
        attributes({"data": anything}, localId=text),
    ),
    "embedCard": _leaf(
        attributes(
            {"url": text, "layout": _LAYOUTS}, width=within(0, 100), originalHeight=number, originalWidth=number,
            localId=text,
        )
    ),
    "inlineCard": _leaf(attributes({"url": text}, localId=text), attributes({"data": anything}, localId=text)),
    "layoutSection": Node((_ONLY_ID,), True, {"layoutColumn": None}, 2, 3),
    "layoutColumn": _branch(
        _BLOCKS,
        attributes({"width": within(0, 100)}, localId=text, valign=among("top", "middle", "bottom")),
        bare=False,
    ),
    "extension": _leaf(_EXTENSION_FORM),
    "inlineExtension": _leaf(attributes(_EXTENDED, parameters=anything, text=text, localId=filled)),
    "bodiedExtension": _branch(_UNNESTABLE, _EXTENSION_FORM, bare=False),
    "syncBlock": _leaf(_SYNC_FORM),
    "bodiedSyncBlock": _branch(_SYNCED, _SYNC_FORM, bare=False),
    "date": _leaf(attributes({"timestamp": filled}, localId=text)),
    "emoji": _leaf(attributes({"shortName": text}, id=text, text=text, localId=text)),
    "hardBreak": _leaf(attributes(text=among("\n"), localId=text), bare=True),
    "mention": _leaf(
        attributes(
            {"id": text}, localId=text, text=text, accessLevel=text, userType=among("DEFAULT", "SPECIAL", "APP")
        )
    ),
    "placeholder": _leaf(attributes({"text": text}, localId=text)),
    "status": _leaf(
        attributes(
            {"text": filled, "color": like("neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6}")}, localId=text,
            style=text,
        )
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """The tables together, with the walk over a document."""

    root: Children
    nodes: Mapping[str, Node]
    marks: Mapping[str, Attributes | None]

    def valid(self, document: object) -> bool:
        """Whether Jira takes this as a document."""
        if not isinstance(document, dict) or set(document) != {"type", "version", "content"}:
            return False
        version = document["version"]
        if document["type"] != "doc" or version != 1 or isinstance(version, bool):
            return False
        return self._content_fits(document["content"], Node(children=self.root), 1)

    def _node_fits(self, node: Mapping[str, object], marks: tuple[Marks, ...] | None, depth: int) -> bool:
        name = node["type"]
        if depth > MAX_DEPTH or not self._marks_fit(node, marks):
            return False
        if name == "text":
            return filled(node.get("text")) and set(node) <= {"type", "text", "marks"}
        kind = self.nodes[str(name)]
        if not kind.open and not set(node) <= kind.keys:
            return False
        attrs = node.get("attrs")
        if "attrs" not in node:
            held = kind.bare
        else:
            held = isinstance(attrs, dict) and any(_fits(attrs, form) for form in kind.forms)
        if not held or kind.children is None:
            return held
        return kind.hollow if "content" not in node else self._content_fits(node["content"], kind, depth)

    def _marks_fit(self, node: Mapping[str, object], allowed: tuple[Marks, ...] | None) -> bool:
        if "marks" not in node:
            return True
        marks = node["marks"]
        if allowed is None or not isinstance(marks, list) or not all(self._mark_fits(mark) for mark in marks):
            return False
        names = {mark["type"] for mark in marks}
        return any(names <= group for group in allowed)

    def _mark_fits(self, mark: object) -> bool:
        if not isinstance(mark, dict) or not isinstance(mark.get("type"), str) or mark["type"] not in self.marks:
            return False
        form = self.marks[mark["type"]]
        if form is None:
            return set(mark) == {"type"}
        attrs = mark.get("attrs")
        return set(mark) == {"type", "attrs"} and isinstance(attrs, dict) and _fits(attrs, form)

    def _content_fits(self, content: object, kind: Node, depth: int) -> bool:
        if not isinstance(content, list) or len(content) < kind.least or (kind.most and len(content) > kind.most):
            return False
        for place, child in enumerate(content):
            name = child.get("type") if isinstance(child, dict) else None
            if not isinstance(name, str) or kind.children is None or name not in kind.children:
                return False
            if kind.order and kind.order[place] != name:
                return False
            if not self._node_fits(child, kind.children[name], depth + 1):
                return False
        return True


JIRA = Model(_ROOT, NODES, MARKS)
