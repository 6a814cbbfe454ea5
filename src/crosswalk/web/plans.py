"""A plan on a page: what happens in groups, each with a few of its changes in sight and the rest unfolded. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosswalk.merge.plan import EACH
from crosswalk.sync import planwords

FEW = 5
"""So many of a group are in sight; the rest is unfolded."""
MOST = 100
"""So many of a group are on the page; an export lists all."""
KEYS = 1000
"""So many keys are on the page where one sentence says the same of all."""
SMALL = 40
"""A plan of no more differences than this is shown unfolded."""


@dataclass(frozen=True, slots=True)
class Item:
    """One patch: the record's name, how much is changed, whether that is folded, and whether it is open at first."""

    patch: Mapping[str, Any]
    name: str
    said: str
    folds: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What a plan does of one kind on one side: counted, in sight, the `rest`, and how many are not on the page.

    Links to what becomes of records are the same line over and over: `shown` says it once, of the records `keys`. Of a
    long plan they are not `open` at first.
    """

    side: str
    said: str
    items: Sequence[Item]
    rest: Sequence[Item]
    beyond: int
    open: bool
    shown: str = ""
    keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """What needs somebody, or is left alone, for one reason: the records with their field.

    Where each names itself in it, what is said `about` them is that of the first, as an example.
    """

    records: Sequence[str]
    about: Mapping[str, str]
    example: bool = False


def groups(plan: Mapping[str, Any]) -> list[Group]:
    """What a plan (as plandata.as_data gives it) would write, in the order in which that is done."""
    whole = sum(len(patch["changes"]) for patch in plan["patches"]) <= SMALL
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for patch in plan["patches"]:
        found.setdefault((patch["side"], patch["kind"]), []).append(patch)
    made: list[Group] = []
    for (side, kind), patches in found.items():
        if kind == "show" and not any(change["old"] for patch in patches for change in patch["changes"]):
            made.append(_links(side, patches, whole))
            continue
        items = [_item(patch, whole or not (made or at)) for at, patch in enumerate(patches[:MOST])]
        few = len(items) if whole else FEW
        said = planwords.said(planwords.tally(patches))
        made.append(Group(side, said, items[:few], items[few:], len(patches) - len(items), whole or kind != "show"))
    return made


def _links(side: str, patches: Sequence[Mapping[str, Any]], whole: bool) -> Group:
    """The group of records that are given the link to Jira, none of which held another one."""
    said, keys = planwords.said(planwords.tally(patches)), [patch["record"] for patch in patches[:KEYS]]
    return Group(side, said, (), (), len(patches) - len(keys), whole, planwords.linked(side, len(patches)), keys)


def _item(patch: Mapping[str, Any], unfolded: bool) -> Item:
    changes = patch["changes"]
    name = next((one["new"] for one in changes if patch["kind"] in ("create", "link") and one["name"] == "Name"), "")
    fields = f"{len(changes)} field{'' if len(changes) == 1 else 's'}"
    said = planwords.said(planwords.tally([patch])) if patch["kind"] in EACH else fields
    return Item(patch, name, said, len(changes) > 1, unfolded)


def alike(doubts: Sequence[Mapping[str, str]]) -> list[Alike]:
    """`doubts` by what they say, but for the keys in it, each with the records it is said of."""
    found: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for one in doubts:
        said = (_KEY.sub("", one.get(name, "").replace(one["record"], "")) for name in ("why", "remedy"))
        found.setdefault((one.get("field", ""), one.get("code", ""), *said), []).append(one)
    return [
        Alike([one["record"] for one in some], some[0], len({(one.get("why"), one.get("remedy")) for one in some}) > 1)
        for some in found.values()
    ]


_KEY = re.compile(r"\b[A-Z][A-Z0-9_]*(-[A-Z]+)?-\d+\b")
