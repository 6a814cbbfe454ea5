"""Who a text mentions, on the other side: by the people table or because they were looked up before. Pure.

| mentioned in | known across | stands there as |
|---|---|---|
| either | yes | a mention of that account, by its name |
| Jira | no | a mention that remembers the Jira account, so that it goes back as it came |
| Aha! | no | the words alone: Jira shows a mention of no account as unknown |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person
from crosswalk.richtext.document import Image, Inline, Mention, Text
from crosswalk.richtext.pictures import See

Named: TypeAlias = Callable[[Side, str], Person | None]
"""Who the account with this id, of the other side, is on a side; None where nobody is known."""

MENTIONED: Final = re.compile(r"mention|\[~")
"""What a source holds, in any format, if it mentions somebody."""
_FROM_JIRA: Final = "jira:"


def nobody(_: Side, __: str) -> Person | None:
    """Nobody is known."""
    return None


def mentions(to: Side, named: Named, others: See | None) -> See:
    """What stands on side `to` for each mention; for everything else what `others` says."""

    def see(item: Image | Text | Mention) -> Inline:
        if isinstance(item, Mention):
            return _mention(item, to, named)
        return others(item) if others else item

    return see


def _mention(item: Mention, to: Side, named: Named) -> Inline:
    if to is Side.RIGHT and item.ident.startswith(_FROM_JIRA):
        return Mention(item.ident.removeprefix(_FROM_JIRA), item.text)
    if person := named(to, item.ident):
        return Mention(person.id, f"@{person.name}" if person.name else item.text)
    shown = item.text or f"@{item.ident}"  # a program may mention somebody without saying the name
    return Mention(_FROM_JIRA + item.ident, shown) if to is Side.LEFT else Text(shown)
