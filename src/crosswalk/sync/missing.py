"""An option that one side has and the other lacks: said in a sentence, and read out of it again for a button. Pure."""

from __future__ import annotations

import re

from crosswalk.merge.rules import Side, Untranslatable

_SENTENCE = re.compile(r"“(?P<name>[^”]+)” is no option(?: of “[^”]*”)? in (?P<product>Jira|Aha!)")


def no_option(name: str, product: str, field: str, of_type: str = "") -> Untranslatable:
    """`name` can not be chosen in `product`, in an issue `of_type` where types differ (error catalogue F9)."""
    there = f" of “{field}”" if field and product == "Jira" else ""
    among = f" for a “{of_type}”" if of_type else ""
    return Untranslatable(
        f"“{name}” is no option{there} in {product}{among}",
        "Add it to the line's table of options, or press “Add the option” on the record's page (where the account may; "
        f"`crosswalk add-option` does the same), or add it in {product} and load the project data.",
        "F9",
    )


def missing_option(text: str) -> tuple[str, Side] | None:
    """The option that such a sentence misses and the side on which; None for another sentence."""
    found = _SENTENCE.search(text)
    return (found["name"], Side.RIGHT if found["product"] == "Jira" else Side.LEFT) if found else None
