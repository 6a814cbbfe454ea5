"""Readers that turn one attribute of a write into an edit: a value is judged here, and stored later or not at all.

So a refused write changes nothing. Knows records, but neither HTTP nor the history, nor which kind has which attribute
(`attributes` does). What a write may say: https://www.aha.io/api/resources/features/update_a_feature
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.definitions import Status
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import Account, Kind, Record

Channel = Literal["record", "note", "tagging", "custom"]


@dataclass(slots=True)
class Edit:
    """One change that may be made: what it is called, its old and new display text, and how to make it."""

    label: str
    old: str
    new: str
    make: Callable[[], None]
    channel: Channel = "record"

    @property
    def shown(self) -> str:
        """The display text of the history: old, arrow, new, each escaped."""
        if self.channel in ("note", "tagging"):
            return self.new
        if not self.old:
            return escape(self.new, quote=False)
        return f"{escape(self.old, quote=False)} &rarr; {escape(self.new, quote=False)}"


@dataclass(slots=True)
class Desk:
    """What every reader of an attribute needs."""

    account: Account
    record: Record


Reader = Callable[[Desk, object], Edit | None]


def setter(record: Record, attribute: str, value: object) -> Callable[[], None]:
    """How to set an attribute, later."""
    return lambda: setattr(record, attribute, value)


def name(desk: Desk, value: object) -> Edit | None:
    """The name, which is never empty."""
    new = values.text(value, "Name").strip()
    if not new:
        raise Invalid("Name can't be blank")
    if new == desk.record.name:
        return None
    return Edit("Name", desk.record.name, new, setter(desk.record, "name", new))


def description(desk: Desk, value: object) -> Edit | None:
    """The text, also as `{"body": ...}`; it can not be emptied unless a setting says so."""
    if isinstance(value, dict):
        value = value.get("body")
    note, new = desk.record.description, normal(values.text(value, "Description"))
    if new == note.body or (not new and desk.account.settings.keep_text_when_emptied):
        return None
    moment = desk.account.now()

    def make() -> None:
        note.body, note.updated_at = new, moment

    label = "Theme" if desk.record.kind == "release" else "Description"
    return Edit(label, note.body, new, make, "note")


def status_of(record: Record, value: object) -> Status | None:
    """The status that a write names by name, id or category; None where it names none. Raises Invalid.
    https://www.aha.io/api/resources/features/update_a_feature (`workflow_status`)"""
    workflow = record.product.workflows[record.kind]
    if isinstance(value, dict) and isinstance(value.get("category"), str):
        found = next((s for s in workflow.statuses if s.category == value["category"]), None)
    else:
        wanted = values.pointer(value, "Workflow status")
        if wanted is None:
            return None
        found = next((s for s in workflow.statuses if wanted in (s.id, s.name)), None)
        found = found or next((s for s in workflow.statuses if s.name.lower() == wanted.lower()), None)
    if found is None:
        raise Invalid("Workflow status is not valid for this workspace")
    return found


def status(desk: Desk, value: object) -> Edit | None:
    """The workflow status, by name, id or category."""
    record, found = desk.record, status_of(desk.record, value)
    if found is None or found is record.status:
        return None
    moment, old = desk.account.now(), record.status

    def make() -> None:
        record.status, record.status_changed_on = found, moment.date()
        record.status_times.append((found, moment))

    return Edit("Workflow status", old.name, found.name, make)


def work_kind(desk: Desk, value: object) -> Edit | None:
    """The kind of work, by name or id."""
    wanted = values.pointer(value, "Workflow kind")
    if wanted is None:
        return None
    kinds = desk.record.product.workflows["feature"].kinds
    # The documents write "new" for the kind that is shown as "New".
    found = next((kind for kind in kinds if wanted == kind[0] or wanted.lower() == kind[1].lower()), None)
    if found is None:
        raise Invalid("Workflow kind is not valid for this workspace")
    old = desk.record.work_kind[1] if desk.record.work_kind else ""
    return None if old == found[1] else Edit("Type", old, found[1], setter(desk.record, "work_kind", found))


def person(attribute_label: str) -> Reader:
    """The person a record is assigned to, or its owner."""

    def read(desk: Desk, value: object) -> Edit | None:
        wanted = values.pointer(value, attribute_label)
        found = desk.account.user(wanted) if wanted else None
        if wanted and (found is None or not found.enabled):
            raise Invalid(f"{attribute_label} {wanted} is not a user of this workspace")
        if found is desk.record.owner:
            return None
        old = desk.record.owner.name if desk.record.owner else ""
        return Edit(attribute_label, old, found.name if found else "", setter(desk.record, "owner", found))

    return read


def tags(desk: Desk, value: object) -> Edit | None:
    """The tags, which replace or are added as a setting says."""
    record, new = desk.record, values.names(value, "Tags")
    if desk.account.settings.tags_mode == "add":
        new = list(dict.fromkeys([*record.tags, *new]))
    if new == record.tags:
        return None
    old = record.tags

    def make() -> None:
        record.tags = new
        for tag in new:
            desk.account.tag_id(tag)

    added = [tag for tag in new if tag not in old]
    if added and all(tag in new for tag in old):
        return Edit("Tag", "", ", ".join(added), make, "tagging")
    return Edit("Tags", ", ".join(old), ", ".join(new), make)


def shown(value: object) -> str:
    """A value as the history shows it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def change(record: Record, attribute: str, label: str, new: object) -> Edit | None:
    """The edit of one attribute; None where it is so already."""
    old = getattr(record, attribute)
    if old == new:
        return None
    return Edit(label, shown(old), shown(new), setter(record, attribute, new))


def day(attribute: str, label: str, *, clearable: bool = True) -> Reader:
    """A date."""

    def read(desk: Desk, value: object) -> Edit | None:
        new = values.day(value, label)
        return None if new is None and not clearable else change(desk.record, attribute, label, new)

    return read


def number(attribute: str, label: str, most: float = values.LONGEST, *, clearable: bool = True) -> Reader:
    """A number from 0."""

    def read(desk: Desk, value: object) -> Edit | None:
        new = values.number(value, label, most)
        return None if new is None and not clearable else change(desk.record, attribute, label, new)

    return read


def estimate(attribute: str, label: str) -> Reader:
    """An estimate in words, which may set the unit of the record."""

    def read(desk: Desk, value: object) -> Edit | None:
        amount, units = values.estimate(value, label)
        edit = change(desk.record, attribute, label, amount)
        if edit is None or units is None:
            return edit
        make, record = edit.make, desk.record

        def make_both() -> None:
            make()
            record.units = units

        edit.make = make_both
        return edit

    return read


def choice(attribute: str, label: str, allowed: tuple[str, ...]) -> Reader:
    """One of the values that are allowed."""

    def read(desk: Desk, value: object) -> Edit | None:
        if value not in allowed:
            raise Invalid(f"{label} must be one of {', '.join(allowed)}")
        return change(desk.record, attribute, label, value)

    return read


def flag(attribute: str, label: str) -> Reader:
    """A truth value."""
    return lambda desk, value: change(desk.record, attribute, label, values.flag(value, label))


def relation(attribute: str, kind: Kind, label: str, *, clearable: bool) -> Reader:
    """Another record, by id, reference number or name."""

    def read(desk: Desk, value: object) -> Edit | None:
        wanted = values.pointer(value, label)
        found = named(desk, kind, wanted) if wanted else None
        if wanted and found is None:
            raise Invalid(f"{label} {wanted} does not exist")
        if found is desk.record or (found and attribute == "holder" and kind == "release" and not found.roll_up):
            raise Invalid(f"{label} {wanted} can not hold this record")
        old: Record | None = getattr(desk.record, attribute)
        if found is old or (found is None and not clearable):
            return None
        return Edit(label, _full_name(old), _full_name(found), setter(desk.record, attribute, found))

    return read


def named(desk: Desk, kind: Kind, wanted: str) -> Record | None:
    """A record by id or reference number, or by its name in the same workspace."""
    found = desk.account.find(kind, wanted)
    if found is not None:
        return found
    product = desk.record.product
    return next((r for r in desk.account.all(kind) if r.product is product and r.name == wanted), None)


def _full_name(record: Record | None) -> str:
    return f"{record.ref} {record.name}" if record else ""


def many(attribute: str, kind: Kind, label: str) -> Reader:
    """Several records of a kind, by id, reference number or name, as a list or a text with commas."""

    def read(desk: Desk, value: object) -> Edit | None:
        found = []
        for wanted in values.names(value, f"{label}s"):
            record = named(desk, kind, wanted)
            if record is None:
                raise Invalid(f"{label} {wanted} does not exist")
            found.append(record)
        present: list[Record] = getattr(desk.record, attribute)
        if found == present:
            return None
        old, new = (", ".join(record.name for record in records) for records in (present, found))
        return Edit(f"{label}s", old, new, setter(desk.record, attribute, found))

    return read


def watchers(desk: Desk, value: object) -> Edit | None:
    """Who is told of changes: ids or e-mail addresses, as a list or a text with commas."""
    found = []
    for wanted in values.names(value, "Watchers"):
        user = desk.account.user(wanted)
        if user is None:
            raise Invalid(f"Watcher {wanted} is not a user of this workspace")
        found.append(user)
    if found == desk.record.watchers:
        return None
    old, new = (", ".join(user.name for user in users) for users in (desk.record.watchers, found))
    return Edit("Watchers", old, new, setter(desk.record, "watchers", found))


def creator(desk: Desk, value: object) -> Edit | None:
    """Who is shown to have created the record."""
    wanted = values.pointer(value, "Created by")
    found = desk.account.user(wanted) if wanted else None
    if wanted and found is None:
        raise Invalid(f"Created by {wanted} is not a user of this workspace")
    if found is None or found is desk.record.created_by:
        return None
    return Edit("Created by", desk.record.created_by.name, found.name, setter(desk.record, "created_by", found))


def score_facts(desk: Desk, value: object) -> Edit | None:
    """Parts of the score, `[{"name": "Benefit", "value": 4}]`; what is not named keeps its value."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Invalid("Score facts is not a list of names and values")
    new = dict(desk.record.score_facts)
    for one in value:
        fact, amount = values.text(one.get("name"), "Score fact").strip(), values.number(one.get("value"), "Score fact")
        if not fact or amount is None:
            raise Invalid("Score facts is not a list of names and values")
        new[fact] = amount
    old = desk.record.score_facts
    if new == old:
        return None
    return Edit("Score", shown(sum(old.values())), shown(sum(new.values())), setter(desk.record, "score_facts", new))


def fact(key: str, label: str) -> Reader:
    """A plain text among the `metrics` of a record."""

    def read(desk: Desk, value: object) -> Edit | None:
        new, old = values.text(value, label).strip(), desk.record.metrics.get(key, "")

        def make() -> None:
            desk.record.metrics[key] = new

        return None if new == old else Edit(label, old, new, make)

    return read
