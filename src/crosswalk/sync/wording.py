"""A mapping in the words of people: what its words mean, what its fields are called, what a change of it changes. Pure.

Pages and commands say these; a mapping itself speaks in words that can be typed, and names fields by their ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from crosswalk.aha import described as aha_described
from crosswalk.aha import metadata as aha_metadata
from crosswalk.errors import a_or_an
from crosswalk.jira import described as jira_described
from crosswalk.jira import metadata as jira_metadata
from crosswalk.sync.mapping import KINDS, SETTINGS

Table: TypeAlias = Mapping[str, Any]
Words: TypeAlias = Mapping[Any, str]

WAYS = {
    "both": "both ways",
    "to jira": "to Jira",
    "to aha": "to Aha!",
    "once to jira": "to Jira, when made",
    "once to aha": "to Aha!, when made",
    "off": "off",
}
WINNERS = {"newest": "the newer change", "aha": "Aha!", "jira": "Jira", "ask": "a person decides"}
CREATES = {"": "the default", "to jira": "in Jira", "to aha": "in Aha!", "both": "on both sides", "off": "nowhere: off"}
RELATIONS = {"parent": "as its child", "epic": "by the epic link", "relates": "by a link"}
BROUGHT = {
    "none": "wait until they are imported",
    "mapped": "are imported if their type is mapped",
    "all": "are all imported",
}
REMOVED = {"ask": "ask a person", "unlink": "leave the other one", "mark": "mark the other one", "delete": "delete it"}
PARTS = {"comment": "Comments", "attachment": "Files", "link": "Links to other records", "worklog": "Work logged"}
"""What hangs on a record, by the words of a mapping."""
BRAKE = {
    "least": "Records always allowed",
    "share": "Share of records, in %",
    "minutes": "Counted over, in minutes",
    "pause": "Wait before, in seconds",
}
NO_WORDS: Words = {}
_FLAGS = {True: "yes", False: "no"}
_TYPE: Mapping[str, tuple[str, Words]] = {
    "relation": ("joined to its parent", RELATIONS),
    "create": ("new ones are made", {**CREATES, None: CREATES[""]}),
    "by": ("the field that chooses another type", {}),
    "removed": ("deleted in Aha!", {**REMOVED, None: REMOVED["ask"]}),
    "removed_in_jira": ("deleted in Jira", {**REMOVED, None: REMOVED["ask"]}),
}
_LINE: Mapping[str, tuple[str, Words]] = {
    "name": ("name", {}),
    "direction": ("direction", WAYS),
    "conflict": ("when both changed", WINNERS),
}
_PART: Mapping[str, tuple[str, Words]] = {
    "direction": ("direction", WAYS),
    "edits": ("edits follow", _FLAGS),
    "removes": ("removals follow", _FLAGS),
    "private": ("also what only some may see", _FLAGS),
    "below": ("work on what stands below counts", {**_FLAGS, None: "as usual"}),
}
_LINK: Mapping[str, tuple[str, Words]] = {
    "aha_integration": ("by the integration in Aha! with the id", {}),
    "aha_field": ("in the custom field with the key", {}),
}
_PEOPLE = {"aha": "Aha!", "jira": "Jira"}


@dataclass(frozen=True, slots=True)
class Names:
    """What people call the fields of either side, by the ids that a mapping has; what is not known is its own name."""

    aha: Mapping[str, str] = field(default_factory=dict)
    jira: Mapping[str, str] = field(default_factory=dict)


NAMELESS = Names()


def names(aha: aha_metadata.Metadata, jira: jira_metadata.Metadata) -> Names:
    """The names in the project data."""
    here = {
        name: one.name
        for kind in reversed(KINDS)
        for name, one in aha_described.described(kind, aha.custom_fields).items()
    }
    infos = [
        *jira.fields.values(),
        *(one for info in jira.types.values() for one in info.fields.values()),
    ]
    there = {name: one.name for name, one in jira_described.VERSION.items()}
    there |= {one.id: one.name for one in infos if one.name}
    return Names(here, there | jira_described.NAMES)


def changes(before: Table, after: Table, known: Names = NAMELESS) -> Iterator[str]:
    """What is different between two mappings, a sentence each."""
    for name in SETTINGS:
        if before.get(name) != after.get(name):
            yield from _setting(name, before.get(name), after.get(name), known)


def _setting(name: str, old: Any, new: Any, known: Names) -> Iterator[str]:
    if name == "imports":
        yield from _one("Issues that appear in Jira", old or "none", new or "none", BROUGHT)
    elif name == "shared":
        yield from _one("A record may be in a pair of another integration, too", bool(old), bool(new), _FLAGS)
    elif name == "link":
        yield from _keys("Where a record of Aha! shows its issue", old or {}, new or {}, _LINK)
    elif name == "brake":
        yield from _entries("Brake on deletes, {}", old or {}, new or {}, BRAKE, {None: "as usual"})
    elif name in _ENTRY:
        yield from _entries(_ENTRY[name], old or {}, new or {}, _PEOPLE)
    else:
        for key in _both(old, new):
            here, there = (old or {}).get(key), (new or {}).get(key)
            if here != there:
                yield from _kind(name, key, here, there, known)


_ENTRY = {
    "screens": "Given where a transition asks for {}",
    "people": "Who stands in for people without an account in {}",
    "link_types": "A link in Aha! called “{}” is in Jira",
}


def _kind(name: str, kind: str, old: Any, new: Any, known: Names) -> Iterator[str]:
    """What is different in a setting that has a table for each kind of record, or of what hangs on them."""
    of = a_or_an(kind.replace("_", " "))
    if name == "types":
        yield from _type(kind.capitalize(), old or {}, new or {}, known)
    elif name == "fields":
        yield from _lines(of, old or [], new or [])
    elif name == "parts":
        yield from _keys(PARTS.get(kind, kind), old or {}, new or {}, _PART)
    elif name == "statuses":
        yield from _entries(f"Jira's status “{{}}” of {of} means in Aha!", old or {}, new or {})
    elif name == "statuses_to_jira":
        yield from _entries(f"Aha!'s status “{{}}” of {of} leads in Jira to", old or {}, new or {})
    else:
        yield from _entries(f"{{}} of {of}, always set in Jira", old or {}, new or {}, known.jira)


def _type(label: str, old: Table, new: Table, known: Names) -> Iterator[str]:
    yield from _one(f"{label} becomes in Jira", old.get("type"), new.get("type"), NO_WORDS)
    if new:  # of one that is taken out, nothing else counts
        yield from _keys(label, old or {"relation": "parent"}, new, {**_TYPE, "by": (_TYPE["by"][0], known.aha)})
        label = f"{label} is in Jira, where that field is “{{}}”"
        yield from _entries(label, old.get("types") or {}, new.get("types") or {})


def _lines(of: str, old: list[Table], new: list[Table]) -> Iterator[str]:
    here = {(line["aha"], line["jira"]): line for line in old}
    there = {(line["aha"], line["jira"]): line for line in new}
    for pair in _both(here, there):
        before, after = here.get(pair), there.get(pair)
        label = f"{(after or before or {})['name']} of {of}"
        if before is None and after is not None:
            yield f"{label} is added ({_said(after['direction'], WAYS)})."
        elif after is None:
            yield f"{label} is taken out."
        elif before is not None:
            yield from _keys(label, before, after, _LINE)
            yield from _entries(f"{label}, option “{{}}”", before.get("options") or {}, after.get("options") or {})


def _keys(label: str, old: Table, new: Table, words: Mapping[str, tuple[str, Words]]) -> Iterator[str]:
    """What is different in a table whose keys are known."""
    for key, (what, meant) in words.items():
        yield from _one(f"{label}, {what}", old.get(key), new.get(key), meant)


def _entries(
    label: str, old: Table, new: Table, known: Mapping[str, str] | None = None, words: Words = NO_WORDS
) -> Iterator[str]:
    """What is different in a table whose keys are names; `label` takes the name at {}."""
    begins, _, ends = label.rpartition("{}")
    for key in _both(old, new):
        yield from _one(f"{begins}{(known or {}).get(key, key)}{ends}", old.get(key), new.get(key), words)


def _both(old: Any, new: Any) -> Iterator[Any]:
    yield from {**dict.fromkeys(old or ()), **dict.fromkeys(new or ())}


def _one(label: str, old: Any, new: Any, words: Words) -> Iterator[str]:
    if old != new and _said(old, words) != _said(new, words):
        yield f"{label}: {_said(old, words)} → {_said(new, words)}."


def _said(value: Any, words: Words) -> str:
    return words.get(value) or {None: "nothing", "": "nothing"}.get(value, str(value))
