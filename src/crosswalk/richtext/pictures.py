"""Changes what a text refers to (pictures, files, links to them, people) on its way into another format.

It knows no servers: `see` says what stands for a picture, a linked word or a mention on the other side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias

from .adf_json import canonical
from .adf_read import read_adf
from .adf_write import write_adf
from .document import Document, Figure, Image, Inline, Mention, Paragraph, Text
from .fidelity import Loss, fit
from .flatten import text_of
from .html_read import read_html, read_html_with_losses
from .html_write import write_html
from .islands import put_back
from .normal import normalise
from .unheld import unheld
from .wiki_read import read_wiki, read_wiki_with_losses
from .wiki_words import PICTURE
from .wiki_write import write_wiki
from .wordless import wordless_back

See: TypeAlias = Callable[[Image | Text | Mention], Inline]


def carried(source: Any, old: str, new: str, see: See | None = None) -> str:
    """`source` (a string, or for ADF the parsed object) of the format `old` in the format `new`; ADF as canonical JSON.

    Raises as the converters do.
    """
    return carried_with_losses(source, old, new, see)[0]


def carried_with_losses(
    source: Any, old: str, new: str, see: See | None = None, over: Any = None
) -> tuple[str, tuple[Loss, ...]]:
    """The same, and what the format `new` can not hold of it. Of what stands there (`over`), what only `new` holds
    is kept."""
    document, unheld_there = _read_with_losses(source, old)
    gone, silent = tuple[str, ...](), False
    if see is not None:
        document = swapped(document, see)
    if over:
        before = _read(over, new)
        document, gone = put_back(_shown_alike(document, before), before, new)
        document, silent = wordless_back(document, before) if new == "adf" else (document, False)
        gone = gone if new == "html" else ()  # a macro has no words, or its own; it may stand there as an island still
    fitted, losses = fit(document, new)
    losses += unheld_there if new != old else ()
    losses += tuple(Loss("", what) for what, lost in (("embedded", gone), ("wordless", silent)) if lost)
    written = canonical(write_adf(fitted)) if new == "adf" else _WRITERS[new](fitted)
    return written, losses


def _shown_alike(document: Document, before: Document) -> Document:
    """`document` with pictures that stood in `before` already shown as they were (a thumbnail)."""
    looks: dict[str, str] = {}

    def learn(item: Image | Text | Mention) -> Inline:
        if isinstance(item, Image) and item.look:
            looks[item.ref] = item.look
        return item

    def show(item: Image | Text | Mention) -> Inline:
        return replace(item, look=item.look or looks.get(item.ref, "")) if isinstance(item, Image) else item

    swapped(before, learn)
    return swapped(document, show) if looks else document


def told(source: Any, form: str, see: See) -> str:
    """The words of `source`, with what `see` gives for each picture, each piece of text and each mention."""
    return text_of(swapped(_read(source, form), see))


_WRITERS: dict[str, Callable[[Document], str]] = {"html": write_html, "wiki": write_wiki}


def _read(source: Any, form: str) -> Document:
    return read_adf(source) if form == "adf" else {"html": read_html, "wiki": read_wiki}[form](source)


def _read_with_losses(source: Any, form: str) -> tuple[Document, tuple[Loss, ...]]:
    """A text, and what the tree does not hold of it."""
    if form in _WRITERS:
        return read_wiki_with_losses(source) if form == "wiki" else read_html_with_losses(source)
    return _read(source, form), tuple(unheld(source)) if form == "adf" else ()


def swapped(document: Document, see: See) -> Document:
    """`document` with what `see` gives for each picture, each piece of text and each mention."""
    return normalise(Document(_swap(document.blocks, see)))


def named_in_wiki(name: str) -> bool:
    """Whether wiki markup can refer to an attachment of this name, as `!name!`."""
    return PICTURE.fullmatch(name) is not None and not set(name) & set('{}|[]\\&=!,"') and "://" not in name


def _swap(node: Any, see: See) -> Any:
    """The readers allow no deeper nesting than limits.MAX_DEPTH, so recursion ends."""
    if isinstance(node, tuple):
        return tuple(_swap(inner, see) for inner in node)
    if isinstance(node, Image | Text | Mention):
        return see(node)
    if isinstance(node, Figure):
        seen = see(node.image)
        caption = _swap(node.caption, see)
        return replace(node, image=seen, caption=caption) if isinstance(seen, Image) else Paragraph((seen, *caption))
    if is_dataclass(node) and not isinstance(node, type):
        inner = {one.name: getattr(node, one.name) for one in fields(node)}
        changed = {name: _swap(value, see) for name, value in inner.items() if isinstance(value, tuple)}
        return replace(node, **changed) if changed else node
    return node
