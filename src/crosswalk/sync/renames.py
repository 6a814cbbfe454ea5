"""A mapping speaks in names; what it names is known by id. Here a mapping follows what was renamed on a side. Pure.

A name that another thing has taken meanwhile still means the one that it meant when the data was loaded before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from crosswalk.jira.metadata import FieldInfo, TypeInfo
from crosswalk.merge.values import Choice
from crosswalk.sync.mapping import VERSION, FieldLine, TypeLine
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.projectdata import Loaded

Names: TypeAlias = Mapping[str, str]
"""What something was called, in small letters, and what it is called now."""


def followed(mapping: Map, before: Loaded, now: Loaded) -> Map:
    """`mapping` with the new names of what it named at the load `before` and what is still there, by id."""
    types = _renamed(_named(before.jira.types.values()), _named(now.jira.types.values()))
    said = mapping.as_data()
    found = replace(
        mapping,
        types={kind: _type(kind, line, types, before, now) for kind, line in mapping.types.items()},
        fields={
            kind: tuple(_line(kind, line, before, now) for line in lines) for kind, lines in mapping.fields.items()
        },
        statuses={
            kind: _table(table, _jira_statuses(before, now), _aha_statuses(kind, before, now))
            for kind, table in mapping.statuses.items()
        },
        statuses_to_jira={
            kind: _table(table, _aha_statuses(kind, before, now), _jira_statuses(before, now))
            for kind, table in mapping.statuses_to_jira.items()
        },
        constants={
            kind: {name: _new(text, _jira_options(name, before, now)) for name, text in table.items()}
            for kind, table in mapping.constants.items()
        },
        screens=_screens(mapping.screens, before, now),
        link_types={aha: _new(words, _link_words(before, now)) for aha, words in mapping.link_types.items()},
    )
    return found if found.as_data() != said else mapping


def _named(entries: Iterable[TypeInfo | FieldInfo | Choice]) -> dict[str, str]:
    return {one.id: one.name for one in entries}


def _renamed(before: Names, now: Names) -> dict[str, str]:
    """Old names and new ones, of what has the same id."""
    return {name.casefold(): now[key] for key, name in before.items() if now.get(key, name) != name}


def _new(name: str, names: Names) -> str:
    return names.get(name.casefold(), name)


def _table(table: Names, keys: Names, values: Names) -> dict[str, str]:
    return {_new(key, keys): _new(value, values) for key, value in table.items()}


def _type(kind: str, line: TypeLine, types: Names, before: Loaded, now: Loaded) -> TypeLine:
    if line.type == VERSION:
        return line
    chosen = _table(line.types, _aha_options(kind, line.by, before, now), types)
    return replace(line, type=_new(line.type, types), types=chosen)


def _jira_statuses(before: Loaded, now: Loaded) -> dict[str, str]:
    """A status is one for all types of a site."""
    old, new = ({s.id: s.name for t in one.jira.types.values() for s in t.statuses} for one in (before, now))
    return _renamed(old, new)


def _aha_statuses(kind: str, before: Loaded, now: Loaded) -> dict[str, str]:
    return _renamed(_named(before.aha.statuses.get(kind, ())), _named(now.aha.statuses.get(kind, ())))


def _aha_entries(kind: str, name: str, loaded: Loaded) -> tuple[Choice, ...]:
    """The options of a custom field in Aha!."""
    key = name.removeprefix("custom:")
    return next((one.options for one in loaded.aha.custom_fields if (one.kind, one.key) == (kind, key)), ())


def _jira_entries(name: str, loaded: Loaded) -> tuple[Choice, ...]:
    """The options of a field in Jira, on whatever type it has them."""
    listed = (info.fields[name].options for info in loaded.jira.types.values() if name in info.fields)
    return tuple({one.id: one for options in listed for one in options}.values())


def _aha_options(kind: str, name: str, before: Loaded, now: Loaded) -> dict[str, str]:
    return _renamed(_named(_aha_entries(kind, name, before)), _named(_aha_entries(kind, name, now)))


def _jira_options(name: str, before: Loaded, now: Loaded) -> dict[str, str]:
    return _renamed(_named(_jira_entries(name, before)), _named(_jira_entries(name, now)))


def _line(kind: str, line: FieldLine, before: Loaded, now: Loaded) -> FieldLine:
    """A line with its table of options; what went by equal names, and does not any more, comes into the table."""
    here, there = _aha_options(kind, line.aha, before, now), _jira_options(line.jira, before, now)
    if not here and not there:
        return line
    table = _table(line.options, here, there)
    said = {name.casefold() for name in line.options}
    in_jira = {one.name.casefold(): one.name for one in _jira_entries(line.jira, before)}
    for one in _aha_entries(kind, line.aha, before):
        old = one.name.casefold()
        if old in said or old not in in_jira:
            continue
        mine, theirs = _new(one.name, here), _new(in_jira[old], there)
        if mine.casefold() != theirs.casefold():
            table[mine] = theirs
    return replace(line, options=table)


def _screens(table: Names, before: Loaded, now: Loaded) -> dict[str, str]:
    """Values for transitions, by the name of a field, and the option that each names."""
    fields = _renamed(_named(before.jira.fields.values()), _named(now.jira.fields.values()))
    ids = {one.name.casefold(): one.id for one in before.jira.fields.values()}
    return {
        _new(name, fields): _new(value, _jira_options(ids.get(name.casefold(), ""), before, now))
        for name, value in table.items()
    }


def _link_words(before: Loaded, now: Loaded) -> dict[str, str]:
    old, new = (
        {(one.id, end): getattr(one, end) for one in loaded.jira.link_types for end in ("outward", "inward")}
        for loaded in (before, now)
    )
    return {words.casefold(): new[key] for key, words in old.items() if new.get(key, words) != words}
