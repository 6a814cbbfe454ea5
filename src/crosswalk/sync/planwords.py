"""What a plan would do, counted in words of the products. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crosswalk.errors import a_or_an

DONE = {
    "create": "to be made",
    "link": "to be linked",
    "update": "to be changed",
    "delete": "to be deleted",
    "unlink": "to be unlinked",
}
THINGS = {
    "show": "link to Jira",
    "comment": "comment",
    "attachment": "file",
    "worklog": "piece of work",
    "link": "link between records",
    "rank": "rank",
}
MANY = {
    "link to Jira": "links to Jira",
    "piece of work": "pieces of work",
    "link between records": "links between records",
}


def said(counts: Mapping[str, int]) -> str:
    """The counts of one side: "33 to be made, 2 comments"; "nothing" for none."""
    return ", ".join(f"{count} {_what(name, count)}" for name, count in counts.items()) or "nothing"


LINKS = "A link to a record that is neither in Jira nor sent by this plan is not counted: it waits until that one is."


def enabling(*, enabled: bool) -> str:
    """What of a plan is written when."""
    when = "by themselves" if enabled else "as soon as it is enabled"
    made = "New records are made" if enabled else "Enabling makes no record: records are made"
    return f"{made} when you press Send, one or many at once. Changes to records that are joined are carried {when}."


def _what(name: str, count: int) -> str:
    one = THINGS.get(name, "")
    return DONE.get(name, name) if not one else one if count == 1 else MANY.get(one, f"{one}s")


def does(patch: Mapping[str, Any]) -> str:
    """What a patch of a plan (as errands.as_data gives it) does, up to the record's key."""
    match patch["kind"]:
        case "create":
            return f"Make {a_or_an(patch.get('as') or patch['what'])} for"
        case "link":
            return "Take the version that has this name already for"
        case "show":
            return "Write the link to Jira into"
        case "part":
            return "Add to what becomes of" if patch["cause"] else "Comments, files, work and links of"
        case "order":
            return "Move what stands below"
        case "update":
            return "Change"
    return str(patch["kind"]).capitalize()
