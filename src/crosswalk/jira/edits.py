"""What one edit of an issue sends: values, operations on sets, and what can not be sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from crosswalk.jira.field_forms import TIME, TIMES, gathered
from crosswalk.jira.fields import SETS, Kind, Unfit, set_ops, wire_value
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.wire import Json, issue_body
from crosswalk.jira.wire_errors import remedy_of
from crosswalk.merge.records import LeftOut, Snapshot
from crosswalk.merge.values import MISSING, Value


@dataclass(frozen=True, slots=True)
class Edit:
    """`fields` are set, `update` holds operations per field, `unfit` is not sent. `estimate` is the time tracking as
    the change alone would set it, where the other estimate only goes along. `whole` is what a set is to be whose
    entries are taken out by operations."""

    fields: Mapping[str, Json] = field(default_factory=dict)
    update: Mapping[str, list[Json]] = field(default_factory=dict)
    unfit: Mapping[str, Unfit] = field(default_factory=dict)
    estimate: Json = None
    whole: Mapping[str, Json] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The fields that are sent."""
        return {*self.fields, *self.update}

    @property
    def body(self) -> dict[str, Json]:
        """The body of the request; empty when there is nothing to send."""
        return issue_body(self.fields, self.update) if self.names else {}

    def without(self, names: Iterable[str]) -> Edit:
        """The same edit without some fields."""
        gone = set(names)
        return replace(
            self,
            fields={name: value for name, value in self.fields.items() if name not in gone},
            update={name: operations for name, operations in self.update.items() if name not in gone},
        )

    def with_whole(self, names: Iterable[str]) -> Edit | None:
        """The same with some sets as a whole; None where none of them is changed by operations that take entries out.

        An entry that the field does not have any more for this issue (its option belongs to another context since) can
        not be named, not even to be taken out.
        """
        sets = {name: self.whole[name] for name in names if name in self.whole and name in self.update}
        return replace(self.without(sets), fields={**self.fields, **sets}) if sets else None

    def with_one_estimate(self) -> Edit | None:
        """The same without the estimate that only goes along; None where both change, or none.

        In Legacy mode Jira takes one of the two at a time
        (https://confluence.atlassian.com/adminjiraserver0903/configuring-time-tracking-1167690158.html).
        """
        if self.estimate is None or TIME not in self.fields:
            return None
        return replace(self, fields={**self.fields, TIME: self.estimate}, estimate=None)

    def each(self) -> list[Edit]:
        """The same field by field."""
        return [self.without(self.names - {name}) for name in sorted(self.names)]


def edit_of(changes: Mapping[str, Value], kinds: Mapping[str, Kind], flavour: Flavour, before: Snapshot | None) -> Edit:
    """The edit that makes `changes`. Sets are changed element by element where `before` says what they held.

    The status is no field: it is reached by a transition.
    """
    fields: dict[str, Json] = {}
    update: dict[str, list[Json]] = {}
    unfit: dict[str, Unfit] = {}
    whole: dict[str, Json] = {}
    for name, value in changes.items():
        if name == "status":
            continue
        wire = _wire(name, value, kinds, flavour, before)
        if isinstance(wire, Unfit):
            unfit[name] = wire
        elif isinstance(wire, _Operations):
            if wire.listed:
                update[name] = wire.listed
            if wire.whole is not None:
                whole[name] = wire.whole
        else:
            fields[name] = wire
    sent, alone = gathered(_with_other_estimate(fields, kinds, flavour, before)), gathered(fields).get(TIME)
    return Edit(sent, update, unfit, None if alone == sent.get(TIME) else alone, whole)


def _with_other_estimate(
    fields: Mapping[str, Json], kinds: Mapping[str, Kind], flavour: Flavour, before: Snapshot | None
) -> dict[str, Json]:
    """With the estimate that stays, where it is known: time tracking is one field, and is set as one."""
    held = {name: before.get(name) for name in TIMES if before is not None and name not in fields}
    if not any(name in fields for name in TIMES):
        return dict(fields)
    stays = {
        name: wire_value(kinds[name], value, flavour) for name, value in held.items() if isinstance(value, Decimal)
    }
    return {**fields, **stays}


@dataclass(frozen=True, slots=True)
class _Operations:
    listed: list[Json]
    whole: Json = None


def _wire(
    name: str, value: Value, kinds: Mapping[str, Kind], flavour: Flavour, before: Snapshot | None
) -> Json | Unfit | _Operations:
    if name not in kinds:
        return unknown(name)
    kind = kinds[name]
    old = before.get(name) if before is not None else MISSING
    new = frozenset() if value is None else value
    if kind in SETS and isinstance(old, frozenset) and isinstance(new, frozenset):
        operations = set_ops(old, new, kind, flavour)
        if isinstance(operations, Unfit):
            return operations
        whole = wire_value(kind, new, flavour) if kind is Kind.CHOICES and old - new else None
        return _Operations(operations, None if isinstance(whole, Unfit) else whole)
    if name == "parent" and value is None:
        return _Operations([{"set": {"none": True}}])
    return wire_value(kind, value, flavour)


def unknown(name: str) -> Unfit:
    """A field this Jira does not have."""
    return Unfit(f"Jira has no field “{name}”.", "Load the project data again and choose the field anew.", "F12")


GRANT = "Give the account Modify Reporter, put the field on the screens, and load the project data."
"""Jira shows the reporter on a screen only to those who may change it, and refuses it as it refuses any other field
that is not there (https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/).
"""


ESTIMATES = (
    "If Jira's time tracking is in Legacy mode, it takes one of the two estimates at a time: let a Jira administrator "
    "end that mode, or switch the line of the other estimate off. If it is switched off, map a number field."
)


WHO = (
    "If the table on the page People names the wrong account, change it there; or give that person an active account "
    "in Jira with the right to be assigned."
)
"""Whoever is sent was found by exact address, or comes from the table of people, where a person said it."""


def refused(words: str, name: str = "") -> LeftOut:
    """Jira's words about the field `name`, with what can be done about it."""
    remedy, code = remedy_of(words)
    if not code and name == TIME:
        return LeftOut(words, ESTIMATES, "F25")
    if name == "reporter" and code == "F2":
        return LeftOut(words, GRANT, "U5")
    if name in ("assignee", "reporter") and code in ("", "U1", "U5"):
        return LeftOut(words, WHO, code or "F1")
    return LeftOut(words, remedy, code or "F1")
