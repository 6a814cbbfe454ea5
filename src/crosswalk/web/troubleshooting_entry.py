"""What one troubleshooting entry is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of trouble."""

    title: str
    cause: str
    remedy: str
