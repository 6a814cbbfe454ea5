"""Links between records of Aha!, as answers show them: wire JSON to parts. Pure; no I/O, no clock.

A record shows the links that begin at it, without their ids: a part is known by its type and where it leads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crosswalk.aha.wire import PLURAL, Json
from crosswalk.merge.records import LinkTo, Part, Ref

LINK = "link"
LINKED = ("feature", "epic", "initiative")
"""The kinds whose links Crosswalk carries; requirements have none in Aha!."""

LINK_TYPES: Mapping[int, str] = {
    10: "Relates to",
    20: "Depends on",
    30: "Duplicated by",
    40: "Contained by",
    50: "Impacted by",
    60: "Blocked by",
    80: "Research for",
}
"""https://www.aha.io/api/resources/record_links/create_a_record_link"""

_KINDS: Mapping[str, str] = {plural: kind for kind, plural in PLURAL.items()}
_RECORD_TYPES: Mapping[str, str] = {"master_feature": "epic"}


def links_in(kind: str, data: Mapping[str, Json]) -> tuple[Part, ...] | None:
    """The links that a record's own answer names; None where it does not (a list's short form, an initiative)."""
    listed = data.get(f"{kind}_links") if kind in LINKED else None
    return links_from(str(data.get("id") or ""), listed) if isinstance(listed, list) else None


def links_from(own_id: str, entries: Iterable[Json]) -> tuple[Part, ...]:
    """Those of `entries` that begin at the record `own_id`, each once."""
    found = (_link(entry, own_id) for entry in entries if isinstance(entry, dict))
    return tuple({part.id: part for part in found if part is not None}.values())


def _link(data: Mapping[str, Json], own_id: str) -> Part | None:
    parent, child = data.get("parent_record"), data.get("child_record")
    if not isinstance(parent, dict) or not isinstance(child, dict) or str(parent.get("id") or "") != own_id:
        return None
    number = data.get("link_type_id")
    name = (LINK_TYPES.get(number) if isinstance(number, int) else None) or str(data.get("link_type") or "")
    kind = str(child.get("record_type") or "")
    kind = _RECORD_TYPES.get(kind, kind) or _kind_in(str(child.get("resource") or child.get("url") or ""))
    other = Ref(kind, str(child.get("id") or ""), str(child.get("reference_num") or ""))
    if not (name and kind and other.id):
        return None
    link = LinkTo(name, other, outward=True)
    return Part(part_id(link), name=f"“{name}” {other}", link=link)


def part_id(link: LinkTo) -> str:
    """What a link is known by at the record where it begins."""
    return f"{link.type}:{link.other.kind}:{link.other.id}"


def _kind_in(address: str) -> str:
    """The kind of record in an address such as `.../api/v1/features/PRJ1-2`."""
    return next((kind for part in reversed(address.split("/")) if (kind := _KINDS.get(part))), "")
