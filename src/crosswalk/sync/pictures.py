"""Which file a picture in a text is, and how the other side refers to its twin. Pure; the files are passed in.

Aha! refers to a file by its address, Jira's markup by its name (the newest of that name counts), a document by its
media id; where that could not be learned, by the address of its content, or by the name in the picture's description.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from crosswalk.merge.records import Part
from crosswalk.merge.rules import Side
from crosswalk.richtext.document import Image, Inline, Mark, Mention, Text
from crosswalk.richtext.pictures import See, named_in_wiki

FOLDERS = frozenset({"attachment", "attachments", "thumbnail"})
NOWHERE = "https://waiting.invalid/"
MISSING_PICTURE = "picture"
"""What a picture of a document is called that has neither a file nor a description."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The files of two records, oldest first; `twin` of each is the id of its copy across."""

    left: tuple[Part, ...] = ()
    right: tuple[Part, ...] = ()

    def seen(self, to: Side, form: str) -> See:
        """What stands on side `to`, whose format is `form`, for a picture or a word of the other side's text.

        A file that has no copy there stands as a link to the original, one that was removed by its name; a picture
        that is no file here stays as it is.
        """

        def see(item: Image | Text | Mention) -> Inline:
            if isinstance(item, Image):
                return self._image(item, to, form)
            return self._word(item, to) if isinstance(item, Text) else item

        return see

    def waits(self, side: Side, item: Inline) -> bool:
        """Whether `item`, of a text of `side`, is a file there that has no copy across yet."""
        part = self._shown(item, side) if isinstance(item, Image) else None
        return part is not None and not part.gone and self._twin(part, side.other) is None

    def lost(self, side: Side, item: Inline) -> bool:
        """Whether `item`, of a text of `side`, looks like a file of its record, and there is none."""
        if not isinstance(item, Image) or self._shown(item, side) is not None:
            return False
        return item.kind in ("name", "attached", "file") or bool(FOLDERS & set(urlsplit(item.ref).path.split("/")))

    def gone(self, side: Side, item: Inline) -> bool:
        """Whether `item`, of a text of `side`, is a file that was removed."""
        part = self._shown(item, side) if isinstance(item, Image) else None
        return part is not None and part.gone

    def named(self, side: Side, image: Image) -> str:
        """Which picture `image`, of a text of `side`, is, in words that also name its copy across.

        Only its description where no file is known. A description that repeats the file's name says nothing.
        """
        part = self._shown(image, side)
        if part is None or part.gone:
            known = image.kind == "url" and not image.ref.startswith(NOWHERE) and part is None
            return f"{image.alt} {image.ref}" if known else image.alt
        twin = self._twin(part, side.other)
        alt = "" if image.alt in (part.name, twin and twin.name) else image.alt
        left = part if side is Side.LEFT else twin
        return f"{alt} file {left.id}" if left else f"{alt} {side} file {part.id}"

    def _image(self, image: Image, to: Side, form: str) -> Inline:
        part = self._shown(image, to.other)
        href = self._address(image.href, to) if image.href else ""
        if part is None:
            return replace(_told(image, to), href=href)
        if part.gone:
            return _missing(image, part, to, href)
        twin = self._twin(part, to)
        shown, link = image.alt or part.name, (twin or part).url
        if twin is None or image.linked:
            return Text(shown, (Mark("link", link),)) if link else Text(shown)
        plain = Image(twin.url, "url", image.alt, image.width, image.height, href, look=image.look)
        if form == "adf" and twin.media:
            return replace(plain, ref=twin.media, kind="file", alt=image.alt or twin.name)
        if form == "wiki" and named_in_wiki(twin.name) and self._newest(twin.name, to) == twin:
            return replace(plain, ref=twin.name, kind="name")
        return plain

    def _word(self, text: Text, to: Side) -> Inline:
        marks = tuple(
            replace(mark, value=self._address(mark.value, to)) if mark.kind == "link" else mark for mark in text.marks
        )
        return replace(text, marks=marks)

    def _address(self, address: str, to: Side) -> str:
        """Where `address`, of a text of the other side, leads on side `to`."""
        part = self._lies_at(address, to.other)
        twin = self._twin(part, to) if part else None
        return twin.url if twin else address

    def _shown(self, image: Image, side: Side) -> Part | None:
        """The file of `side` that a picture in its text is."""
        if image.kind == "url":
            return self._lies_at(image.ref, side)
        if known := next((part for part in self._of(side) if part.media and part.media == image.ref), None):
            return known
        if image.kind in ("name", "attached"):
            return self._newest(image.ref, side)
        # Which media id a removed file had is not known any more.
        return self._newest(image.alt, side) or next((part for part in self._of(side) if part.gone), None)

    def _lies_at(self, address: str, side: Side) -> Part | None:
        """The file at `address`: below a folder of attachments of that server, its id is a part of the path."""
        there = urlsplit(address)
        steps = [unquote(step) for step in there.path.split("/")]
        if not FOLDERS & set(steps):
            return None
        return next(
            (
                part
                for part in self._of(side)
                if part.id in steps and there.netloc.lower() in ("", urlsplit(part.url).netloc.lower())
            ),
            None,
        )

    def _newest(self, name: str, side: Side) -> Part | None:
        return next((part for part in reversed(self._of(side)) if part.name == name), None) if name else None

    def _twin(self, part: Part, to: Side) -> Part | None:
        return next((other for other in self._of(to) if other.id == part.twin and part.twin), None)

    def _of(self, side: Side) -> tuple[Part, ...]:
        return self.left if side is Side.LEFT else self.right


def _told(image: Image, to: Side) -> Image:
    """A picture whose file is nowhere: Aha! keeps neither its name nor its id, so its description says what is missing.

    On the way back the description that only says that is dropped.
    """
    if image.kind not in ("name", "file"):
        return image
    said = image.ref if image.kind == "name" else MISSING_PICTURE
    if to is Side.LEFT:
        return replace(image, alt=image.alt or said)
    return replace(image, alt="") if image.alt == said else image


def _missing(image: Image, part: Part, to: Side, href: str) -> Inline:
    """A picture whose file was removed: its name as words in Jira, and in Aha! as _told() says it."""
    said = image.alt or part.name
    if to is Side.LEFT and not image.linked:
        return Image(part.name, "name", said, image.width, image.height, href)
    return Text(said, (Mark("link", href),) if href else ())


NO_PICTURES = Pictures()
