"""Values as people read them in the journal and on pages: rich text by its words, everything on few lines."""

from __future__ import annotations

import json
from typing import Any

from crosswalk import richtext
from crosswalk.errors import Refused
from crosswalk.merge.values import Maybe, Rich, show

LONG = 2000  # characters of a value that the journal shows


def shown(value: Maybe, limit: int = LONG) -> str:
    """`value` for a person, at most `limit` characters; formatted text without its marks."""
    if not isinstance(value, Rich):
        return show(value, limit)
    try:
        text = richtext.plain_text(value.format, parsed(value)).strip()
    except (Refused, ValueError):
        text = value.source
    return text if len(text) <= limit else text[: limit - 1] + "…"


def given_up_in(value: Maybe) -> str:
    """What the format of a text that was converted does not hold of it, in words; "" where it holds all."""
    return "; ".join(value.lost) if isinstance(value, Rich) else ""


def parsed(value: Rich) -> Any:
    """A formatted text as richtext/ takes it: of ADF the object. Raises ValueError for what is no JSON."""
    return json.loads(value.source) if value.format == "adf" else value.source


def one_line(value: Maybe, limit: int = 120) -> str:
    """`value` for a person on one line, as plans show it."""
    text = " ".join(shown(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
