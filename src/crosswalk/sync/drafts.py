"""A change of a mapping from the first look to the last word: checked, shown by what it would do, used, taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crosswalk.engine.port import INTERACTIVE
from crosswalk.errors import Refused
from crosswalk.store import versions
from crosswalk.store.models import Integration, MappingVersion, Pair
from crosswalk.sync import errands, projectdata, service
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import SETTINGS, parse
from crosswalk.sync.waking import APPROVED, enqueue

SINGLE = ("imports", "shared")  # settings that are one word each; all others are tables


def propose(integration: Integration, data: dict[str, Any], seen: str, person: str) -> MappingVersion | None:
    """Use `data` as the mapping; where it would touch records, keep it as a draft and begin its plan instead.

    `seen` is the digest of the mapping the change was made from. Raises MappingRefused for one that does not fit, and
    Refused where somebody else changed the mapping meanwhile.
    """
    mapping = parse(data)
    service.check_mapping(mapping, projectdata.load(integration))
    integration.refresh_from_db()
    if seen != versions.digest(integration.mapping):
        raise Refused(
            f"The mapping was changed{_by(integration)} since you opened this page. Nothing was saved.",
            remedy="Open the page again in another window, compare, and enter your change there.",
        )
    wanted = mapping.as_data()
    note = " ".join(changes(integration.mapping, wanted))
    if not note:
        return None
    if not (integration.enabled and Pair.objects.filter(integration=integration).exists()):
        service.set_mapping(integration, wanted, person, note)
        return None
    draft = versions.propose(integration, wanted, person, note, current().now())
    errands.begin(integration, errands.PLAN, {"scope": errands.JOINED, "draft": draft.pk}, person)
    return draft


def _by(integration: Integration) -> str:
    known = versions.used(integration)
    return f" by {known[0].person}" if known and known[0].person else ""


def use(draft: MappingVersion, person: str) -> None:
    """A person saw what `draft` would do, and wants it: it becomes the mapping, and what it changes is carried."""
    integration = draft.integration
    if draft.used_at is not None or draft.before != versions.digest(integration.mapping):
        raise Refused("The mapping was changed meanwhile, so what was shown is not what would happen.", remedy=AGAIN)
    service.set_mapping(integration, draft.data, person, draft.note)
    service.note(integration, f"The mapping was changed: {draft.note}", person)
    enqueue(current().engine, APPROVED, integration.pk, priority=INTERACTIVE)


AGAIN = "Open the mapping and make the change anew."


def drop(integration: Integration) -> None:
    """Forget the draft; nothing was changed by it."""
    MappingVersion.objects.filter(integration=integration, used_at=None).delete()


def back_to(version: MappingVersion, person: str) -> MappingVersion | None:
    """Propose an earlier mapping again, as any other change."""
    integration = version.integration
    return propose(integration, version.data, versions.digest(integration.mapping), person)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What is different between two mappings, a sentence each."""
    for name in SINGLE:
        yield from _changed(name, before.get(name), after.get(name))
    for name in (name for name in SETTINGS if name not in SINGLE):
        old, new = before.get(name) or {}, after.get(name) or {}
        for kind in {**old, **new}:
            yield from _changed(f"{name} of {kind}".replace("_", " "), old.get(kind), new.get(kind))


def _changed(what: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old or "", str | bool) and isinstance(new or "", str | bool):
        yield f"{what}: {_said(old)} → {_said(new)}."
    elif isinstance(old or [], list) and isinstance(new or [], list):
        yield from _lines(old or [], new or [])
    elif isinstance(old or {}, dict) and isinstance(new or {}, dict):
        for key in {**(old or {}), **(new or {})}:
            here, there = (old or {}).get(key), (new or {}).get(key)
            if here != there:
                yield f"{what}, {key}: {_said(here)} → {_said(there)}."
    else:
        yield f"{what}: {_said(old)} → {_said(new)}."


def _lines(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    here = {(line["aha"], line["jira"]): line for line in old}
    there = {(line["aha"], line["jira"]): line for line in new}
    for pair in {**here, **there}:
        before, after = here.get(pair), there.get(pair)
        if before is None and after is not None:
            yield f"{after['name']} is added ({after['direction']})."
        elif after is None and before is not None:
            yield f"{before['name']} is taken out."
        elif before is not None and after is not None:
            for key in {**before, **after}:
                if before.get(key) != after.get(key):
                    yield f"{after['name']}, {key}: {_said(before.get(key))} → {_said(after.get(key))}."


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} = {entry}" for key, entry in value.items()) or "nothing"
    return {True: "yes", False: "no", None: "nothing", "": "nothing"}.get(value, str(value))
