"""What stands between the signs of a link or a picture in Jira wiki markup. It knows nothing of lines."""

from __future__ import annotations

import re

from .addresses import safe_address
from .document import Image
from .wiki_words import PICTURE, picture_look, unescaped

_FILE = re.compile(r"\^(?!\s)((?:\\.|[^|\\^])+)")
_IN_LINK = re.compile(r"\\.|!(?=\S)[^!\n]{0,1000}!|\|")


def link_parts(inner: str) -> tuple[str, str, str]:
    """The words of a link, the bar, and the rest; a bar inside a picture parts nothing."""
    if "!" not in inner and "\\" not in inner:
        return inner.partition("|")
    for found in _IN_LINK.finditer(inner):
        if found[0] == "|":
            return inner[: found.start()], "|", inner[found.end() :]
    return inner, "", ""


def file_name(target: str) -> str:
    """The name in `^name`, which is a file of the same record; empty where it is none."""
    found = _FILE.fullmatch(target.strip())
    return unescaped(found[1]) if found else ""


def picture(inner: str) -> Image | None:
    """What stands between two exclamation marks as a picture: `name|width=10,height=20,alt=words`."""
    ref, _, rest = inner.partition("|")
    if not PICTURE.fullmatch(ref):
        return None
    given = dict(pair.strip().split("=", 1) for pair in rest.split(",") if "=" in pair)
    width, height = (int(given.get(key, "")) if given.get(key, "").isdigit() else 0 for key in ("width", "height"))
    alt = unescaped(given.get("alt", "").strip('"'))
    kind, found = ("url", safe_address(ref)) if "://" in ref else ("name", unescaped(ref))
    size = min(width, 100_000), min(height, 100_000)
    return Image(found, kind, alt, *size, look=picture_look(rest)) if found else None


def is_held(inner: str) -> bool:
    """Whether all that a picture's parameters say has a place in the tree."""
    given = [one.strip() for one in inner.partition("|")[2].split(",") if one.strip()]
    return all(_SIZED.fullmatch(one) or picture_look(one) for one in given)


_SIZED = re.compile(r"(?:width|height)=\d+|alt=.*", re.DOTALL)
