"""How a long reading says what it reads: the name of a list, and how far within it. Values only."""

from __future__ import annotations

from typing import Protocol


class Tell(Protocol):
    """Told before each list is read: `what` it is, and where it takes long how far that is ("of Story, 2 of 7")."""

    def __call__(self, what: str, more: str = "") -> object: ...


def silent(what: str, more: str = "") -> None:
    """Nobody wants to know."""
