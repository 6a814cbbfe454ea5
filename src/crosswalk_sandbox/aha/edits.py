"""Turns the attributes of a write into edits: every value is judged before any is stored.

So a refused write changes nothing. Knows records, but neither HTTP nor the history. Attributes that a kind does not
have are passed over, as Aha! does.
Which attributes there are: https://www.aha.io/api/resources/features/update_a_feature and its siblings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.customs import custom_edits
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.refusals import Invalid
from crosswalk_sandbox.aha.state import Account, Kind, Record, Status

Channel = Literal["record", "note", "tagging", "custom"]
LABELS: Mapping[Kind, str] = {
    "feature": "Feature",
    "requirement": "Requirement",
    "epic": "Epic",
    "release": "Release",
    "initiative": "Initiative",
    "goal": "StrategicImperative",
}


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


def edits(account: Account, record: Record, given: Mapping[str, object]) -> list[Edit]:
    """The edits that `given` asks for, without those that would change nothing. Raises Invalid."""
    desk = Desk(account, record)
    readers = READERS[record.kind]
    found = [readers[name](desk, value) for name, value in given.items() if name in readers]
    made = [edit for edit in found if edit is not None]
    if "custom_fields" in given:
        fieldable = LABELS[record.kind]
        for label, old, new, make in custom_edits(account, record, fieldable, given["custom_fields"]):
            made.append(Edit(label, old, new, make, "custom"))
    return made


def _set(record: Record, attribute: str, value: object) -> Callable[[], None]:
    return lambda: setattr(record, attribute, value)


def _name(desk: Desk, value: object) -> Edit | None:
    new = values.text(value, "Name").strip()
    if not new:
        raise Invalid("Name can't be blank")
    if new == desk.record.name:
        return None
    return Edit("Name", desk.record.name, new, _set(desk.record, "name", new))


def _description(desk: Desk, value: object) -> Edit | None:
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
    """The status that a write names by name, id or category; None where it names none. Raises Invalid."""
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


def _status(desk: Desk, value: object) -> Edit | None:
    record, found = desk.record, status_of(desk.record, value)
    if found is None or found is record.status:
        return None
    moment, old = desk.account.now(), record.status

    def make() -> None:
        record.status, record.status_changed_on = found, moment.date()
        record.status_times.append((found, moment))

    return Edit("Workflow status", old.name, found.name, make)


def _kind(desk: Desk, value: object) -> Edit | None:
    wanted = values.pointer(value, "Workflow kind")
    if wanted is None:
        return None
    kinds = desk.record.product.workflows["feature"].kinds
    found = next((kind for kind in kinds if wanted in kind), None)
    if found is None:
        raise Invalid("Workflow kind is not valid for this workspace")
    old = desk.record.work_kind[1] if desk.record.work_kind else ""
    return None if old == found[1] else Edit("Type", old, found[1], _set(desk.record, "work_kind", found))


def _person(attribute_label: str) -> Reader:
    def read(desk: Desk, value: object) -> Edit | None:
        wanted = values.pointer(value, attribute_label)
        found = desk.account.user(wanted) if wanted else None
        if wanted and (found is None or not found.enabled):
            raise Invalid(f"{attribute_label} {wanted} is not a user of this workspace")
        if found is desk.record.owner:
            return None
        old = desk.record.owner.name if desk.record.owner else ""
        return Edit(attribute_label, old, found.name if found else "", _set(desk.record, "owner", found))

    return read


def _tags(desk: Desk, value: object) -> Edit | None:
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


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _change(record: Record, attribute: str, label: str, new: object) -> Edit | None:
    old = getattr(record, attribute)
    if old == new:
        return None
    return Edit(label, _shown(old), _shown(new), _set(record, attribute, new))


def _day(attribute: str, label: str, *, clearable: bool = True) -> Reader:
    def read(desk: Desk, value: object) -> Edit | None:
        new = values.day(value, label)
        return None if new is None and not clearable else _change(desk.record, attribute, label, new)

    return read


def _number(attribute: str, label: str, most: float = values.LONGEST) -> Reader:
    return lambda desk, value: _change(desk.record, attribute, label, values.number(value, label, most))


def _estimate(attribute: str, label: str) -> Reader:
    def read(desk: Desk, value: object) -> Edit | None:
        amount, units = values.estimate(value, label)
        edit = _change(desk.record, attribute, label, amount)
        if edit is None or units is None:
            return edit
        make, record = edit.make, desk.record

        def make_both() -> None:
            make()
            record.units = units

        edit.make = make_both
        return edit

    return read


def _choice(attribute: str, label: str, allowed: tuple[str, ...]) -> Reader:
    def read(desk: Desk, value: object) -> Edit | None:
        if value not in allowed:
            raise Invalid(f"{label} must be one of {', '.join(allowed)}")
        return _change(desk.record, attribute, label, value)

    return read


def _flag(attribute: str, label: str) -> Reader:
    return lambda desk, value: _change(desk.record, attribute, label, values.flag(value, label))


def _relation(attribute: str, kind: Kind, label: str, *, clearable: bool) -> Reader:
    def read(desk: Desk, value: object) -> Edit | None:
        wanted = values.pointer(value, label)
        found = _named(desk, kind, wanted) if wanted else None
        if wanted and found is None:
            raise Invalid(f"{label} {wanted} does not exist")
        old: Record | None = getattr(desk.record, attribute)
        if found is old or (found is None and not clearable):
            return None
        return Edit(label, _full_name(old), _full_name(found), _set(desk.record, attribute, found))

    return read


def _named(desk: Desk, kind: Kind, wanted: str) -> Record | None:
    """A record by id or reference number, or by its name in the same workspace."""
    found = desk.account.find(kind, wanted)
    if found is not None:
        return found
    product = desk.record.product
    return next((r for r in desk.account.all(kind) if r.product is product and r.name == wanted), None)


def _full_name(record: Record | None) -> str:
    return f"{record.ref} {record.name}" if record else ""


def _goals(desk: Desk, value: object) -> Edit | None:
    found = []
    for wanted in values.names(value, "Goals"):
        goal = _named(desk, "goal", wanted)
        if goal is None:
            raise Invalid(f"Goal {wanted} does not exist")
        found.append(goal)
    if found == desk.record.goals:
        return None
    old = ", ".join(goal.name for goal in desk.record.goals)
    return Edit("Goals", old, ", ".join(goal.name for goal in found), _set(desk.record, "goals", found))


SOURCES = (
    "progress_manual", "progress_from_requirements", "progress_from_remaining_estimate", "progress_from_todos",
    "progress_from_features", "progress_from_epics", "progress_from_release_phases",
)  # fmt: skip
RESOLUTIONS = ("sync", "exact", "week", "month", "quarter", "half", "year")

COMMON: Mapping[str, Reader] = {
    "name": _name,
    "description": _description,
    "workflow_status": _status,
    "goals": _goals,
    "progress": _number("progress", "Progress", most=100),
    "progress_source": _choice("progress_source", "Progress source", SOURCES),
}
WORK: Mapping[str, Reader] = {
    "assigned_to_user": _person("Assigned to"),
    "tags": _tags,
    "initial_estimate": _number("initial_estimate", "Initial estimate"),
    "initial_estimate_text": _estimate("initial_estimate", "Initial estimate"),
    "detailed_estimate": _number("original_estimate", "Original estimate"),
    "detailed_estimate_text": _estimate("original_estimate", "Original estimate"),
    "original_estimate": _number("original_estimate", "Original estimate"),
    "original_estimate_text": _estimate("original_estimate", "Original estimate"),
    "remaining_estimate": _number("remaining_estimate", "Remaining estimate"),
    "remaining_estimate_text": _estimate("remaining_estimate", "Remaining estimate"),
}
DATED: Mapping[str, Reader] = {
    "start_date": _day("start", "Start date"),
    "due_date": _day("due", "Due date"),
    "release": _relation("release", "release", "Release", clearable=False),
    "initiative": _relation("initiative", "initiative", "Initiative", clearable=True),
}
# A release's dates can not be emptied; measured by a commercial connector, see the OpsHub documentation of Aha!.
RELEASE: Mapping[str, Reader] = {
    "owner": _person("Owner"),
    "status": _status,
    "theme": _description,
    "start_date": _day("start", "Start date", clearable=False),
    "end_date": _day("due", "End date", clearable=False),
    "release_date": _day("release_date", "Release date", clearable=False),
    "development_started_on": _day("development_started_on", "Development started on", clearable=False),
    "external_release_date": _day("external_release_date", "External release date", clearable=False),
    "external_date_resolution": _choice("external_date_resolution", "External date resolution", RESOLUTIONS),
    "parking_lot": _flag("parking_lot", "Parking lot"),
}
READERS: Mapping[Kind, Mapping[str, Reader]] = {
    "feature": {
        **COMMON,
        **WORK,
        **DATED,
        "workflow_kind": _kind,
        "epic": _relation("epic", "epic", "Epic", clearable=True),
        "master_feature": _relation("epic", "epic", "Epic", clearable=True),
    },
    "requirement": {**COMMON, **WORK},
    "epic": {**COMMON, **WORK, **DATED},
    "release": {**COMMON, **RELEASE},
    "initiative": {
        **COMMON,
        "assigned_to_user": _person("Assigned to"),
        "start_date": _day("start", "Start date"),
        "end_date": _day("due", "End date"),
    },
    "goal": COMMON,
}
