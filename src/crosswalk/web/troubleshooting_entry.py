"""What one troubleshooting entry is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of trouble: `cause` says why it comes, `remedy` what to do.

    Where Crosswalk is built so that it does not come, `place` names the module and what in it sees to that ("file.py:
    name"); then `cause` says why not, and `remedy` what a person sees instead. Where it `comes` all the same, without a
    message of its own, that place is where it is dealt with. `see` names entries close to it.
    """

    title: str
    cause: str
    remedy: str
    place: str = ""
    see: tuple[str, ...] = ()
    comes: bool = False

    @property
    def kept_away(self) -> bool:
        """Whether Crosswalk is built so that it does not come."""
        return bool(self.place) and not self.comes

    @property
    def labels(self) -> tuple[str, str]:
        """What stands before the cause and the remedy."""
        return ("Why not here", "What you see instead") if self.kept_away else ("Why", "What to do")
