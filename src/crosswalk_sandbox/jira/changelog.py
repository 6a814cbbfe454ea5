"""What a change looks like in the history: the id and the words of a value before and after. Pure over the state.

Labels and versions follow the recorded payloads: labels as one space-joined set, versions one item for each added or
removed.
Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ (getChangeLogs).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from crosswalk_sandbox.jira.flavour import Flavour, stamp
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Component, Field, Issue, Item, Json, Named, Rich, SecurityLevel, Value, Version


def items_for(site: Site, flavour: Flavour, field: Field, before: Value, after: Value) -> list[Item]:
    """The history items for one field; none when nothing changed."""
    if before == after or (not before and not after and before != 0 and after != 0):
        return []
    custom = bool(field.custom)
    if field.kind in ("versions", "components"):
        return _one_each(site, field, _list(before), _list(after))
    name, field_id = _names(field, flavour)
    (from_id, from_text), (to_id, to_text) = (_words(site, flavour, field, value) for value in (before, after))
    return [Item(name, field_id, from_id, from_text, to_id, to_text, custom)]


def shown(site: Site, flavour: Flavour, item: Item) -> Json:
    """An item as REST and hooks tell it. Only Cloud says `fieldId`, and not for every field; and it repeats the account
    ids of people, in histories as others recorded them and in the recorded hooks."""
    out: Json = {"field": item.field, "fieldtype": "custom" if item.custom else "jira"}
    if flavour.changelog_ids and item.field_id:
        out["fieldId"] = item.field_id
    out |= {"from": item.from_id, "fromString": item.from_text, "to": item.to_id, "toString": item.to_text}
    field = site.fields.get(item.field_id)
    if flavour.changelog_ids and field is not None and field.kind == "person":
        out |= {"tmpFromAccountId": item.from_id, "tmpToAccountId": item.to_id}
    return out


def _list(value: Value) -> list[str]:
    return value if isinstance(value, list) else []


NAMES = {"fixVersions": "Fix Version", "versions": "Version", "components": "Component", "parent": "Parent"}


def _names(field: Field, flavour: Flavour) -> tuple[str, str]:
    if field.id == "parent" and flavour.name == "cloud":
        return "IssueParentAssociation", ""
    if field.custom or field.id in ("timeestimate", "timeoriginalestimate"):
        return field.name if field.custom else field.id, field.id
    return NAMES.get(field.id, field.id), field.id


def _one_each(site: Site, field: Field, before: list[str], after: list[str]) -> list[Item]:
    things: Mapping[str, Component | Version] = site.components if field.kind == "components" else site.versions
    named = {identity: thing.name for identity, thing in things.items()}
    name = NAMES.get(field.id, field.name)
    custom = bool(field.custom)
    gone = [Item(name, field.id, one, named.get(one, ""), None, None, custom) for one in before if one not in after]
    new = [Item(name, field.id, None, None, one, named.get(one, ""), custom) for one in after if one not in before]
    return gone + new


def _words(site: Site, flavour: Flavour, field: Field, value: Value) -> tuple[str | None, str | None]:
    """Id and text of a value, as the history writes them."""
    kind = field.kind
    if kind == "labels":
        return (None, " ".join(_list(value))) if value is not None else (None, "")
    if value is None or value == []:
        return ("", "") if kind == "sprint" else (None, None)  # others observed so of sprints
    if isinstance(value, Rich):
        return None, value.wiki
    if kind == "person":
        person = site.people.get(str(value))
        return (flavour.person_id(person), person.display_name) if person else (None, None)
    if kind == "people":
        return None, ", ".join(site.people[key].display_name for key in _list(value))
    tables: dict[str, Mapping[str, Named | SecurityLevel | Version]] = {
        "priority": site.priorities,
        "resolution": site.resolutions,
        "security": site.levels,
        "version": site.versions,
    }
    if kind in tables:
        found = tables[kind].get(str(value))
        return str(value), found.name if found else None
    if kind in WORDS:
        return WORDS[kind](site, field, value)
    if kind in ("parent", "epiclink", "parentlink"):
        issue = site.issues.get(str(value))
        return str(value), issue.key if issue else None
    if kind == "sprint":
        return ", ".join(_list(value)), ", ".join(site.sprints[int(s)].name for s in _list(value))
    if field.id in ("timeestimate", "timeoriginalestimate"):
        return str(value), str(value)
    if kind == "number" and isinstance(value, float):
        return None, f"{value:g}"
    return None, str(value)


Ends = tuple[str | None, str | None]


def _option(_site: Site, field: Field, value: Value) -> Ends:
    return str(value), next((option.name for option in field.options if option.id == value), "")


def _options(_site: Site, field: Field, value: Value) -> Ends:
    """A list of ids, as others observed it."""
    chosen = [option for option in field.options if option.id in _list(value)]
    return f"[{', '.join(option.id for option in chosen)}]", ",".join(option.name for option in chosen)


def _cascade(_site: Site, field: Field, value: Value) -> Ends:
    """Words with the ids in them, as others observed them."""
    named = {option.id: option.name for option in field.options}
    above, _, below = str(value).partition("/")
    words = f"Parent values: {named.get(above, '')}({above})"
    return None, words + (f"Level 1 values: {named.get(str(value), '')}({below})" if below else "")


def _day(_site: Site, field: Field, value: Value) -> Ends:
    """The due date with a time that it has not, as others observed it."""
    return str(value), f"{value} 00:00:00.0" if field.id == "duedate" else str(value)


def _project(site: Site, _field: Field, value: Value) -> Ends:
    found = site.projects.get(str(value))
    return str(value), found.name if found else None


WORDS: dict[str, Callable[[Site, Field, Value], Ends]] = {
    "option": _option,
    "options": _options,
    "cascade": _cascade,
    "date": _day,
    "projectpick": _project,
    "datetime": lambda site, _field, value: (None, stamp(datetime.fromisoformat(str(value)), site)),  # unconfirmed
    "groups": lambda _site, _field, value: (None, f"[{', '.join(_list(value))}]"),  # unconfirmed
}


def status_item(site: Site, before: str, after: str, name: str = "status") -> Item:
    """The item of a transition."""
    return Item(name, "status", before, site.statuses[before].name, after, site.statuses[after].name)


def created_items(site: Site, flavour: Flavour, issue: Issue) -> list[Item]:
    """What the hook of a new issue lists as changed: every value it was given, and its first status."""
    items = [
        item
        for field_id, value in issue.values.items()
        if value not in (None, [])
        for item in items_for(site, flavour, site.fields[field_id], None, value)
    ]
    first = Item("Status", "status", None, None, issue.status, site.statuses[issue.status].name)
    return sorted([*items, first], key=lambda item: item.field.lower())


def category_changed(site: Site, issue: Issue, known: datetime | None = None) -> datetime:
    """When the status last went from one category to another, or the issue began; as far as `known`."""
    for change in reversed(issue.changes):
        for item in change.items if known is None or change.at <= known else []:
            ends = [site.statuses.get(str(end)) for end in (item.from_id, item.to_id)]
            if item.field_id == "status" and len({end.category.id for end in ends if end}) == 2:
                return change.at
    return issue.created
