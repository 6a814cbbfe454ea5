"""Plans as files: JSON, and a table for a spreadsheet with a line for each difference and for what needs somebody."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Direction
from crosswalk.store.models import Integration
from crosswalk.sync import csvfile, errands, projectdata
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.mapping import parse
from crosswalk.sync.marks import told
from crosswalk.sync.planwords import LINKS, UNREAD, above, does, further, left_off, lines, notes, said

HEAD = ("side", "does", "record", "what", "below", "field", "before", "after", "why")


def as_csv(plan: Mapping[str, Any]) -> str:
    """The plan (as errands.as_data gives it) with a heading line."""
    return csvfile.as_csv(HEAD, _rows(plan))


def _rows(plan: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for side, counts in plan["counts"].items():
        yield (side, f"in all: {said(counts)}", "", "", "", "", "", "", "")
    for patch in plan["patches"]:
        head = (patch["side"], does(patch), *(str(patch[name]) for name in ("record", "what", "below")))
        for change in patch["changes"] or [{"name": "", "old": "", "new": ""}]:
            why = " ".join(filter(None, (patch["cause"], *notes(patch, change))))
            yield (*head, change["name"], change["old"], change["new"], why)
    for one in plan["doubts"]:
        yield (
            "",
            "needs somebody",
            one["record"],
            "",
            "",
            one["field"],
            "",
            "",
            f"{one['why']} {one['remedy']}".strip(),
        )
    for one in plan.get("left", ()):
        yield ("", "left alone", one["record"], "", "", "", "", "", f"{one['why']} {one['remedy']}".strip())
    if unsent := above(plan):
        yield ("", "is not sent", "", "", "", "", "", "", unsent)
    if begins := further(plan):
        yield ("", "status is not sent", "", "", "", "Status", "", "", begins)
    for name, keys in (plan.get("differing") or {}).items():
        yield from (("", "differs, and is left as it is", key, "", "", name, "", "", "") for key in keys)
    if unread := plan.get("unread"):
        yield ("", "not looked at", "", "", "", "", "", "", UNREAD.format(unread))
    if more := left_off(plan):
        yield ("", "not listed", "", "", "", "", "", "", more)


# ---- for the command line ----------------------------------------------------------------------------------------


def written(integration: Integration, scope: str, form: str, refs: Sequence[Ref] = ()) -> str:
    """The plan of what is joined (""), of everything ("all"), of a release or of `refs`, made now and whole."""
    asked: dict[str, Any] = {"scope": scope if scope in (errands.JOINED, errands.ALL) else _release(integration, scope)}
    if refs:
        asked["records"] = errands.as_asked(refs)
    plan = errands.planned(current().bridges, integration, asked, most=None)
    if form == "csv":
        return as_csv(plan)
    if form == "json":
        return json.dumps(plan, indent=1, ensure_ascii=False) + "\n"
    mapping = parse(integration.mapping)
    old = errands.old_data(plan, current().now())
    data = [f"The project data is of {old:%Y-%m-%d %H:%M} UTC: `crosswalk load` reads it anew."] if old else []
    return "\n".join([*lines(plan), *beside(mapping), told(mapping.link), *data]) + "\n"


def beside(mapping: Map) -> tuple[str, ...]:
    """What a plan does not list, though it is carried: the links of records to each other."""
    link = mapping.parts.get("link")
    return (LINKS,) if link is not None and link.direction is not Direction.OFF else ()


def _release(integration: Integration, name: str) -> str:
    known = projectdata.load(integration).aha.releases
    found = [one.id for one in known if name in (one.id, one.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"“{one.name}”" for one in known) or "none"
    what = "There are several releases" if found else "There is no release"
    raise Refused(f"{what} “{name}” in {integration.workspace_key}.", remedy=f"Known are: {names}.")
