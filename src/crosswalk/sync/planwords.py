"""What a plan would do, in words of the products: the one wording for pages, files, commands and the JSON API. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosswalk.errors import a_or_an
from crosswalk.merge.plan import EACH

DONE = {
    "create": "to be made",
    "link": "to be linked",
    "update": "to be changed",
    "delete": "to be deleted",
    "unlink": "to be unlinked",
    "rank": "to be ranked",
}
THINGS = {
    "field": "field for all projects",
    "show": "link to Jira",
    "comment": "comment",
    "attachment": "file",
    "worklog": "piece of work",
    "record_link": "link between records",
}
MANY = {
    "field for all projects": "fields for all projects",
    "link to Jira": "links to Jira",
    "piece of work": "pieces of work",
    "link between records": "links between records",
}


def said(counts: Mapping[str, int]) -> str:
    """The counts of one side: "33 to be made, 2 comments"; "nothing" for none."""
    return ", ".join(f"{count} {_what(name, count)}" for name, count in counts.items()) or "nothing"


def of_side(plan: Mapping[str, Any], side: str) -> str:
    """The same of a side of a plan, with the kinds of what is to be made: "2 to be made (1 feature, 1 release)"."""
    counts = plan["counts"][side]
    kinds = Counter(one["what"] for one in plan["patches"] if (one["side"], one["kind"]) == (side, "create"))
    if not kinds or kinds.total() != counts.get("create"):  # a very long plan does not list all
        return said(counts)
    listed = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in kinds.items())
    return said(counts).replace(DONE["create"], f"{DONE['create']} ({listed})")


def tally(patches: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How often what happens, as the counts of a whole plan say it: what hangs on records by what it is."""
    found: dict[str, int] = {}
    for patch in patches:
        for name in [one["field"] for one in patch["changes"]] if patch["kind"] in EACH else [patch["kind"]]:
            found[name] = found.get(name, 0) + 1
    return found


LINKS = "A link to a record that is neither in Jira nor sent by this plan is not counted: it waits until that one is."


def enabling(*, enabled: bool, below: bool = False) -> str:
    """What of a plan is written when; `below`: what stands below a record that was sent is made without being sent."""
    when = "by themselves" if enabled else "as soon as it is enabled"
    made = "New records are made when you press Send" + ("" if enabled else ", not by enabling")
    made += "; new requirements below what was sent come by themselves" if below else ""
    return f"{made}. Changes to joined records are carried {when}."


def _what(name: str, count: int) -> str:
    one = THINGS.get(name, "")
    return DONE.get(name, name) if not one else one if count == 1 else MANY.get(one, f"{one}s")


def does(patch: Mapping[str, Any]) -> str:
    """What a patch of a plan (as plandata.as_data gives it) does, up to the record's key."""
    match patch["kind"]:
        case "field":
            return "Put on the screens the field" if patch.get("there") else "Make the field"
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


UNREAD = (
    "Not counted: comments, files, links or ranks of {} more, which were not looked at. There are too many for one "
    "plan. Make one of a release."
)


def text(plan: Mapping[str, Any]) -> str:
    """A plan (as plandata.as_data gives it) as a person reads it."""
    return "\n".join(lines(plan))


def counts(plan: Mapping[str, Any]) -> Iterator[str]:
    """What a plan would write, counted by side, and the brake's word where it would refuse itself."""
    yield from (f"{side}: {of_side(plan, side)}" for side in plan["counts"])
    if plan["alone"]:
        yield f"left alone: {left_alone(plan)}"
    if plan["brake"]:
        yield plan["brake"]


def left_alone(plan: Mapping[str, Any]) -> str:
    """How many of the records that were chosen nothing is done about: what goes along with them is not among these."""
    looked, paused = plan["looked"], plan.get("paused")  # an older stored plan does not tell the paused ones
    said = f"{plan['alone']} of {looked} record{'' if looked == 1 else 's'} looked at"
    return f"{said}; {paused} paused: carried when {'it goes' if paused == 1 else 'they go'} on" if paused else said


def lines(plan: Mapping[str, Any]) -> Iterator[str]:
    """The same and each patch with its differences, what needs somebody, and what was left alone or not looked at."""
    yield from counts(plan)
    if said := nothing(plan):
        yield said
    patches, shown = links_apart(plan["patches"])
    for patch in patches:
        yield from _patch(patch)
    yield from (f"{linked(side, len(keys))}." for side, keys in shown.items())
    for one in plan["doubts"]:
        field = f", {one['field']}" if one["field"] else ""
        yield f"needs somebody: {one['record']}{field}: {one['why']} {one['remedy']}".rstrip()
    for one in plan.get("left", ()):
        yield f"left alone: {one['record']}: {one['why']} {one['remedy']}".rstrip()
    yield from (said for said in (above(plan), further(plan)) if said)
    yield from (f"{one.said}: {', '.join(one.records)}" for one in keeping(plan))
    yield from (f"{why}." for why in plan.get("without", ()))
    if unread := plan.get("unread"):
        yield UNREAD.format(unread)
    if more := left_off(plan):
        yield more


def links_apart(patches: Iterable[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], dict[str, list[str]]]:
    """All patches but those that give a record its first link to Jira, and by side the records that get one: of a whole
    plan these are the same line over and over."""
    others, shown = [], dict[str, list[str]]()
    for patch in patches:
        if patch["kind"] == "show" and not any(change["old"] for change in patch["changes"]):
            shown.setdefault(patch["side"], []).append(patch["record"])
        else:
            others.append(patch)
    return others, shown


def further(plan: Mapping[str, Any]) -> str:
    """That new issues begin in another status than their records, by status; "" where none does, or an older plan does
    not say so."""
    found = plan.get("further") or {}
    if not (count := sum(found.values())):
        return ""
    told = ", ".join(f"{number} {status}" for status, number in found.items())
    what = "1 new record" if count == 1 else f"{count} new records"
    return (
        f"{what} will differ in Status, as issues begin where Jira's workflow does: {told}. It is not sent, and a "
        "status changed in Aha! is set back to Jira's. To send it, let Status go both ways on the page Mapping."
    )


def above(plan: Mapping[str, Any]) -> str:
    """That what stands above new records is not sent, by kind; "" where all is, or an older plan does not say so."""
    found = plan.get("above") or {}
    if not (count := sum(found.values())):
        return ""
    told = " and ".join(f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in found.items())
    return f"{told} above these records {'is' if count == 1 else 'are'} not sent: see the page Mapping."


@dataclass(frozen=True, slots=True)
class Keeping:
    """That some records which are in step keep other values in a field, and which these are."""

    said: str
    records: Sequence[str]


def keeping(plan: Mapping[str, Any]) -> list[Keeping]:
    """What is in step and differs all the same, by field; nothing of an older plan, which does not say so."""
    found = plan.get("differing") or {}
    return [
        Keeping(f"{len(keys)} record{' keeps' if len(keys) == 1 else 's keep'} a different {name}", keys)
        for name, keys in found.items()
    ]


def nothing(plan: Mapping[str, Any]) -> str:
    """Why a plan holds nothing at all; "" for one that does."""
    if plan["patches"] or plan["doubts"] or plan.get("left"):
        return ""
    if not plan["looked"]:
        return "There was nothing to look at: nothing is joined there yet, or it holds no records."
    if plan.get("differing") or plan.get("paused"):
        return "Nothing would be written."
    return "Nothing would be written: everything that was looked at is in step."


def _patch(patch: Mapping[str, Any]) -> Iterator[str]:
    below = f" below {patch['below']}" if patch["below"] else ""
    why = f" ({patch['cause']})" if patch["kind"] == "delete" and patch["cause"] else ""
    yield f"{patch['side']}: {does(patch)} {patch['record']}{below}{why}"
    for change in patch["changes"]:
        before = f"{change['old']} → " if change["old"] else ""
        yield f"    {change['name']}: {before}{change['new']}"
        yield from (f"        {note}" for note in notes(patch, change))


def linked(side: str, count: int) -> str:
    """That so many records of a side are given the link to Jira, in one sentence."""
    if count == 1:
        return f"1 record in {side} is given the link to its issue or version in Jira"
    return f"{count} records in {side} are given the link to their issue or version in Jira"


def notes(patch: Mapping[str, Any], change: Mapping[str, Any]) -> Iterator[str]:
    """What becomes of a value that is replaced, and what the written side does not hold of a text (X1)."""
    if change.get("lost"):
        yield "The old value is kept in the history."
    if change.get("given_up"):  # an older stored plan says nothing of it
        yield f"Not held in {patch['side']}: {change['given_up']}."


def left_off(plan: Mapping[str, Any]) -> str:
    """What a stored plan counts and does not list; "" where it lists all. An older one does not count its doubts."""
    writes, doubts = (counted(plan, what) - len(plan[what]) for what in ("patches", "doubts"))
    told = [f"{writes} more to write"] if writes else []
    told += [f"{doubts} more that need somebody"] if doubts else []
    return f"Not listed here: {', '.join(told)}." if told else ""


def counted(plan: Mapping[str, Any], what: str) -> int:
    """How many "patches" or "doubts" a plan found, listed or not."""
    missing: int = plan.get({"patches": "left_off", "doubts": "doubts_left_off"}[what], 0)
    return len(plan[what]) + missing
