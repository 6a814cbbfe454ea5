"""What one troubleshooting entry is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of trouble: `cause` says why it comes, `remedy` what to do.

    Where Crosswalk is built so that it does not come, `place` names the module and what in it sees to that ("file.py:
    name"); then `cause` says why not, and `remedy` what a person sees instead. `see` names entries close to it.
    """

    title: str
    cause: str
    remedy: str
    place: str = ""
    see: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, str]:
        """What stands before the cause and the remedy."""
        return ("Why not here", "What you see instead") if self.place else ("Why", "What to do")
