"""How an account is set up: workflows with statuses and kinds, custom fields with options. Knows no record.

https://www.aha.io/api/resources/workflows and https://www.aha.io/api/resources/custom_fields
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Status:
    """A status of a workflow. `category` is what `{"category": ...}` names on a write."""

    id: str
    name: str
    position: int
    complete: bool
    color: str
    category: str


@dataclass(slots=True, eq=False)
class Workflow:
    """The statuses (and kinds, for features) of one record type."""

    id: str
    name: str
    statusable_type: str
    statuses: list[Status]
    kinds: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class CustomField:
    """A custom field of one record type. `options` are (id, text, colour); those with `hidden` ids are not offered."""

    id: str
    key: str
    name: str
    type: str
    fieldable_type: str
    options: list[tuple[str, str, str]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
