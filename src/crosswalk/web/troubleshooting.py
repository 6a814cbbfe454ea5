"""What the codes in messages mean: cause and remedy. Words only; which message carries which code is not known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of trouble."""

    title: str
    cause: str
    remedy: str


ENTRIES: Final[dict[str, Entry]] = {}
