"""What each side has to hold after an edit, for every direction: a few lines that know nothing of the merge."""

from __future__ import annotations

from typing import Any

from tests.path.matrix.rows import Both, Row

TO_JIRA = ("to jira", "both")
TO_AHA = ("to aha", "both")


def direction_of(row: Row, wanted: str) -> str:
    """The direction a row has where `wanted` is asked for; a row that flows one way has that one, or none."""
    return wanted if row.flow == "both" or wanted in (row.flow, "off") else row.flow


def is_set(row: Row) -> bool:
    """Whether both sides hold lists, which are merged entry by entry."""
    return isinstance(row.a[0], list) and isinstance(row.a[1], list)


def is_text(row: Row) -> bool:
    """Whether both sides hold formatted text, which is merged paragraph by paragraph."""
    return row.name in ("Description", "NoteField and textarea")


def made(row: Row, direction: str, side: str, value: Both) -> Both:
    """A record with `value` was made on `side`, and its counterpart after it. A name is always sent: both need one.

    What does not travel is on the other side what a new record holds by itself, and stays so until somebody changes it.
    """
    to_jira, to_aha = ("to jira", "both", "once to jira"), ("to aha", "both", "once to aha")
    if row.name == "Name" or direction in (to_jira if side == "aha" else to_aha):
        return value
    return (value[0], row.fresh[1]) if side == "aha" else (row.fresh[0], value[1])


def edited(row: Row, direction: str, side: str, new: Both, held: Both) -> Both:
    """Somebody set the row on `side` to `new`, and the pair was looked at."""
    if is_set(row):
        return _edited_set(row, direction, side, new, held)
    if is_text(row) and direction == "to aha" and side == "jira" and held[0] and not held[1]:
        return f"{new[0]}{held[0]}", new[1]  # paragraph by paragraph: what only Aha! has stays its own
    if side == "aha":
        return (
            new if direction in TO_JIRA else _back(direction == "to aha", (new[0], held[1]), _turned(row, held[1], 1))
        )
    return new if direction in TO_AHA else _back(direction == "to jira", (held[0], new[1]), _turned(row, held[0], 0))


def _back(put_back: bool, as_edited: Both, as_before: Both) -> Both:
    return as_before if put_back else as_edited


def _turned(row: Row, value: Any, side: int) -> Both:
    """The pair of values of which one side holds `value`."""
    return next(both for both in (row.a, row.b, row.c, row.empty, row.fresh) if both[side] == value)


def _edited_set(row: Row, direction: str, side: str, new: Both, held: Both) -> Both:
    """Entry by entry: what the speaking side has, the other has to have; what it took out goes; the rest stays."""
    names = {jira: aha for pair in (row.a, row.b, row.c) for aha, jira in zip(*pair, strict=True)}
    turned = {aha: jira for jira, aha in names.items()}
    aha, jira = set(held[0] or ()), {names[one] for one in held[1] or ()}
    if side == "aha":
        wanted = set(new[0] or ())
        jira = (jira - (aha - wanted)) | wanted if direction in TO_JIRA else jira
        aha = wanted | jira if direction == "to aha" else wanted
    else:
        wanted = {names[one] for one in new[1] or ()}
        aha = (aha - (jira - wanted)) | wanted if direction in TO_AHA else aha
        jira = wanted | aha if direction == "to jira" else wanted
    return sorted(aha) or None, sorted(turned[one] for one in jira) or None
