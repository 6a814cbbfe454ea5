"""Reads what a webhook of Aha! concerns, or an entry of its history. Pure. A hook is a hint: no value of it counts.

Two kinds arrive: the activity webhook (`{"event": "audit", "audit": {...}}`) and the integration webhook of a workspace
(`{"event": "update_feature", "feature": {...}}`); both are sent by https://github.com/aha-app/aha-services. Neither is
signed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from crosswalk.aha.wire import KINDS, Json
from crosswalk.merge.records import Ref


@dataclass(frozen=True, slots=True)
class HookNews:
    """What a hook concerns: records, and the id of the workspace where it is known.

    `not_ours` says why there is nothing to look at; empty where there is. A record that is known by its reference
    number only has an empty id. `given`: see given().
    """

    event: str
    refs: tuple[Ref, ...] = ()
    project: str = ""
    not_ours: str = ""
    given: tuple[str, ...] = ()


REFERENCES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("release", re.compile(r"[A-Z0-9]+-(?:R|MR|P)-(?:\d+|PL)")),
    ("epic", re.compile(r"[A-Z0-9]+-E-\d+")),
    ("initiative", re.compile(r"[A-Z0-9]+-S-\d+")),
    ("requirement", re.compile(r"[A-Z0-9]+-\d+-\d+")),
    ("feature", re.compile(r"[A-Z0-9]+-\d+")),
)
"""What a reference number stands for; MR is an older roll-up release, P a parking lot."""


def kind_of(reference: str) -> str:
    """The kind of record that a reference number stands for; empty where it is none."""
    return next((kind for kind, form in REFERENCES if form.fullmatch(reference)), "")


ARROW = "&rarr;"
TYPES: Mapping[str, str] = {kind: kind for kind in KINDS} | {"master_feature": "epic", "masterfeature": "epic"}


def hook_refs(payload: Json) -> HookNews:
    """What `payload` (parsed JSON) concerns."""
    if not isinstance(payload, dict) or not payload:
        return HookNews("", not_ours="The hook has no body that could be read.")
    event = str(payload.get("event") or "")
    if isinstance(payload.get("audit"), dict):
        return _by_audit(event, payload["audit"])
    for name, kind in TYPES.items():
        if isinstance(entry := payload.get(name), dict) and (found := _record(kind, entry)):
            return HookNews(event, (found,), _id(entry.get("product_id")))
    thing = event or "nothing named"
    return HookNews(event, not_ours=f"Crosswalk keeps nothing in step that a hook about “{thing}” tells of.")


def actor(payload: Json) -> str:
    """Who did what `payload` tells of, by name; empty where it does not say so. The history names its `user`."""
    audit = payload.get("audit") if isinstance(payload, dict) else None
    who = audit.get("user") if isinstance(audit, dict) else None
    return str(who.get("name") or who.get("email") or "") if isinstance(who, dict) else ""


def _by_audit(event: str, audit: Mapping[str, Json]) -> HookNews:
    if refs := audit_refs(audit):
        return HookNews(event, refs, given=given(audit))
    thing = str(audit.get("auditable_type") or "unnamed thing")
    return HookNews(event, not_ours=f"Crosswalk does not keep in step what the history calls “{thing}”.")


def audit_refs(audit: Mapping[str, Json]) -> tuple[Ref, ...]:
    """The record an entry of the history is about.

    That is the record itself, or for a text, a tag, a comment, a custom value: the record it belongs to, named by
    `associated_*` or by the last part of `auditable_url`.
    """
    address = reference_of(str(audit.get("auditable_url") or ""))
    for name in ("auditable", "associated"):
        kind = TYPES.get(str(audit.get(f"{name}_type") or "").rpartition("/")[2].replace(" ", "_").lower(), "")
        found = _id(audit.get(f"{name}_id"))
        if kind and found and not (name == "associated" and address and address.kind != kind):
            return (Ref(kind, found, address.key if address and address.kind == kind else ""),)
    return (address,) if address else ()


def given(audit: Mapping[str, Json]) -> tuple[str, ...]:
    """The new value of each change in an entry of the history that tells of custom fields alone; else nothing.

    A change is words for people, `old &rarr; new`: good for telling what is no news, and for nothing else.
    """
    listed = audit.get("changes")
    kind, action = audit.get("auditable_type"), audit.get("audit_action")
    if kind != "custom_field_value" or action == "destroy" or not isinstance(listed, list):
        return ()
    words = [str(one.get("value") or "") if isinstance(one, dict) else "" for one in listed]
    return tuple(html.unescape(one.rpartition(ARROW)[2]).strip() for one in words)


def reference_of(address: str) -> Ref | None:
    """The record whose page is at `address`, by its reference number; None for one that is not kept in step."""
    last = re.split("[?#]", address, maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    kind = kind_of(last)
    return Ref(kind, "", last) if kind else None


def _record(kind: str, entry: Mapping[str, Json]) -> Ref | None:
    found, key = _id(entry.get("id")), str(entry.get("reference_num") or "")
    return Ref(kind, found, key) if found or key else None


def _id(value: Json) -> str:
    """An id as text: documents show numbers where servers send texts."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
