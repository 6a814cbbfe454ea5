"""What can be done to records: create, update, delete, restore, convert, move; comments, links, integration fields.

Each action changes the state and writes the history. Knows no HTTP; the caller holds the lock and has checked rights.
What a write may say is in `edits`; what goes where with it is observed unless a function names a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.attributes import LABELS, edits
from crosswalk_sandbox.aha.customs import give_file_fields
from crosswalk_sandbox.aha.edits import Edit
from crosswalk_sandbox.aha.history import Secondary, changed, record_audit
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.refusals import Bad, Invalid
from crosswalk_sandbox.aha.state import (
    KINDS,
    Account,
    Comment,
    Deletion,
    Integration,
    IntegrationField,
    Kind,
    Note,
    Product,
    Record,
    RecordLink,
    TimeEntry,
)


def blank(account: Account, kind: Kind, product: Product, user: User) -> Record:
    """A record with every default, not yet in the account and without a reference number."""
    now, workflow = account.now(), product.workflows[kind]
    status = workflow.statuses[0]
    note = Note(account.new_id(), "", now, now)
    record = Record(kind, account.new_id(), "", product, "", status, user, now, now, note, units=product.units)
    record.status_times.append((status, now))
    if kind == "feature":
        record.work_kind = product.workflows["feature"].kinds[0]
    if kind == "release":
        record.owner = user
    return record


def create(
    account: Account, user: User, record: Record, given: Mapping[str, object], *, siblings: Sequence[Record] = ()
) -> Record:
    """Fill a blank record from a write and put it into the account. Raises Invalid; then nothing has changed."""
    if not values.text(given.get("name"), "Name").strip():
        raise Invalid("Name can't be blank")
    asked = edits(account, record, given)
    for edit in asked:
        edit.make()
    # The first status counts from the beginning, whether it was asked for or not.
    record.status_times[:] = [(record.status, record.created_at)]
    record.status_changed_on = record.created_at.date()
    record.position = max((sibling.position for sibling in siblings), default=0) + 1
    record.ref = _reference(account, record)
    give_file_fields(account, record, LABELS[record.kind])
    account.past.entered(record, account.now())
    account.add(record)
    if record.parent is not None:
        record.parent.requirements.append(record)
        _touch_parent(account, record)
    shown = [(edit.label, edit.shown) for edit in asked if edit.channel != "note"]
    record_audit(account, user, "create", record, shown)
    return record


def _reference(account: Account, record: Record) -> str:
    """The reference number of a new record; phases and to-dos have none and are named by their id."""
    if record.kind in ("release_phase", "task"):
        return record.id
    holder = record.holder if record.kind == "key_result" else record.parent
    return account.next_ref(record.product, record.kind, holder)


def update(account: Account, user: User, record: Record, given: Mapping[str, object]) -> Record:
    """Apply a write to a record. Raises Invalid; then nothing has changed. What is already so leaves no trace."""
    asked = edits(account, record, given)
    product_before = record.product
    if asked:
        account.past.remember(record, account.now())
    for edit in asked:
        edit.make()
    if asked:
        record.updated_at = account.now()
        _follow_release(account, record, product_before)
        _touch_parent(account, record)
        _tell(account, user, record, asked)
    return record


def _tell(account: Account, user: User, record: Record, asked: Sequence[Edit]) -> None:
    """One audit for the record's own attributes, and one for each secondary thing (text, tag, custom value)."""
    own = [(edit.label, edit.shown) for edit in asked if edit.channel == "record"]
    if own:
        record_audit(account, user, "update", record, own)
    for edit in asked:
        if edit.channel == "note":
            shown = [(edit.label, edit.shown)]
            changed(account, user, record, Secondary("note", record.description.id, shown))
        elif edit.channel == "tagging":
            shown = [(edit.label, edit.shown)]
            tag_id = account.tag_id(record.tags[-1])
            changed(account, user, record, Secondary("tagging", tag_id, shown, "create"))
        elif edit.channel == "custom":
            shown = [(edit.label, edit.shown)]
            value = next((v for v in record.custom.values() if v.definition.name == edit.label), None)
            value_id = value.id if value else record.id
            changed(account, user, record, Secondary("custom_field_value", value_id, shown))


def _touch_parent(account: Account, record: Record) -> None:
    if account.settings.parent_updated and record.parent is not None:
        record.parent.updated_at = account.now()


def _follow_release(account: Account, record: Record, before: Product) -> None:
    """A record moved to a release of another workspace belongs there and gets a new reference number; its id stays
    (observed: no page states it)."""
    if record.kind not in ("feature", "epic") or record.release is None or record.release.product is before:
        return
    record.product = record.release.product
    record.status = record.product.workflows[record.kind].statuses[0]
    account.rename_ref(record, account.next_ref(record.product, record.kind))
    for requirement in record.requirements:
        requirement.product = record.product
        account.rename_ref(requirement, account.next_ref(record.product, "requirement", record))


def delete(account: Account, user: User, record: Record) -> None:
    """Put a record and what belongs to it into the recycle bin. Raises Invalid for a release that holds features.
    https://www.aha.io/api/resources/deletions"""
    if record.kind == "release" and any(r.release is record for k in WORK for r in account.all(k)):
        raise Invalid("The release still holds features or epics")
    record_audit(account, user, "destroy", record, [])
    deletion = Deletion(account.new_id(), record, user, account.now())
    account.deletions[deletion.id] = deletion
    if record.parent is not None:
        record.parent.requirements.remove(record)
        _touch_parent(account, record)
    deletion.along.extend(_belongings(account, record))
    for one in (*deletion.along, record):
        account.remove(one)
    for kind in KINDS:
        for other in account.all(kind):
            _forget(other, record)


WORK: tuple[Kind, ...] = ("feature", "epic")


def _belongings(account: Account, record: Record) -> list[Record]:
    """What goes with a record: requirements of a feature, phases of a release, key results of a goal, its to-dos."""
    phases = [one for one in account.all("release_phase") if one.release is record]
    held = [one for kind in HELD for one in account.all(kind) if one.holder is record]
    return [*record.requirements, *phases, *held]


HELD: tuple[Kind, ...] = ("key_result", "task")


def _forget(other: Record, gone: Record) -> None:
    """Take a record out of what others point to."""
    for attribute in ("epic", "initiative", "phase", "holder"):
        if getattr(other, attribute) is gone:
            setattr(other, attribute, None)
    for listed in (other.goals, other.initiatives):
        if gone in listed:
            listed.remove(gone)


def restore(account: Account, user: User, deletion: Deletion) -> Record:
    """Take a record back out of the recycle bin. Raises Invalid when what it belongs to is gone.
    https://www.aha.io/api/resources/deletions"""
    record = deletion.record
    parent = record.parent
    for place in (parent, record.release):
        if place is not None and account.find(place.kind, place.id) is None:
            raise Invalid(f"The {place.kind} of this record is deleted")
    account.deletions.pop(deletion.id, None)
    account.add(record)
    if parent is not None:
        parent.requirements.append(record)
    for one in deletion.along:
        account.add(one)
    record_audit(account, user, "create", record, [("Restored", record.name)])
    return record


def comment(account: Account, user: User, record: Record, body: object) -> Comment:
    """Add a comment. Raises Invalid when it is empty. https://www.aha.io/api/resources/comments"""
    text, now = normal(values.text(body, "Body")), account.now()
    if not text:
        raise Invalid("Body can't be blank")
    made = Comment(account.new_id(), text, user, record, now, now)
    record.comments.append(made)
    account.comments[made.id] = made
    changed(account, user, record, Secondary("comment", made.id, [("Comment", text)], "create"))
    return made


def edit_comment(account: Account, user: User, made: Comment, body: object) -> Comment:
    """Change the text of a comment. Raises Invalid when it is empty."""
    text = normal(values.text(body, "Body"))
    if not text:
        raise Invalid("Body can't be blank")
    if text != made.body:
        made.body, made.updated_at = text, account.now()
        changed(account, user, made.record, Secondary("comment", made.id, [("Comment", text)]))
    return made


def delete_comment(account: Account, user: User, made: Comment) -> None:
    """Remove a comment."""
    made.record.comments.remove(made)
    account.comments.pop(made.id, None)
    changed(account, user, made.record, Secondary("comment", made.id, [], "destroy"))


def link(account: Account, user: User, parent: Record, child: Record, type_id: int) -> RecordLink:
    """Link two records; the same link once more is the same link. Raises Invalid for a record and itself.
    https://www.aha.io/api/resources/record_links/create_a_record_link"""
    if parent is child:
        raise Invalid("Record does not exist")
    for present in account.links.values():
        if (present.parent, present.child, present.type_id) == (parent, child, type_id):
            return present
    made = RecordLink(account.new_id(), type_id, parent, child, account.now())
    account.links[made.id] = made
    changed(account, user, parent, Secondary("record_link", made.id, [("Link", f"{child.ref} {child.name}")], "create"))
    return made


def unlink(account: Account, user: User, made: RecordLink) -> None:
    """Remove a link."""
    del account.links[made.id]
    shown = [("Link", f"{made.child.ref} {made.child.name}")]
    changed(account, user, made.parent, Secondary("record_link", made.id, shown, "destroy"))


def track_time(account: Account, user: User, entry: TimeEntry, remaining: float | None, *, automatic: bool) -> None:
    """Keep an entry of work done. `remaining` is set where it is given; `automatic` takes the work from it.
    https://www.aha.io/api/resources/time_tracking_events"""
    record, old = entry.record, entry.record.work_done
    record.time_entries.append(entry)
    record.work_done = (old or 0) + entry.work_done
    record.units = entry.units
    if remaining is not None:
        record.remaining_estimate = remaining
    elif automatic and record.remaining_estimate is not None:
        record.remaining_estimate = max(0.0, record.remaining_estimate - entry.work_done)
    _worked(account, user, record, old)


def untrack_time(account: Account, user: User, entry: TimeEntry) -> None:
    """Take an entry of work done back."""
    record, old = entry.record, entry.record.work_done
    record.time_entries.remove(entry)
    record.work_done = max(0.0, (old or 0) - entry.work_done)
    _worked(account, user, record, old)


def _worked(account: Account, user: User, record: Record, before: float | None) -> None:
    record.updated_at = account.now()
    shown = f"{before:g} &rarr; {record.work_done:g}" if before is not None else f"{record.work_done:g}"
    record_audit(account, user, "update", record, [("Work done", shown)])


def write_field(
    account: Account, record: Record, integration: Integration, name: object, value: object
) -> IntegrationField:
    """Set an integration field; the same name on the same integration is replaced and keeps its id.
    https://www.aha.io/api/resources/integration_fields

    Raises Bad when the integration is not one of the record's workspace: Aha!'s own Jira service expects a 400 there
    (https://github.com/aha-app/aha-services, lib/services/jira.rb).
    """
    if integration.product is not None and integration.product is not record.product:
        raise Bad("The integration does not belong to the workspace of this record")
    named = values.text(name, "Name").strip()
    if not named:
        raise Invalid("Name can't be blank")
    text = values.text(value, "Value")
    present = next((f for f in record.fields if f.name == named and f.integration is integration), None)
    if present is not None:
        account.drop_field(present)
        present.value = text
        account.index_field(present)
        return present
    made = IntegrationField(account.new_id(), named, text, integration, record, account.now())
    record.fields.append(made)
    account.index_field(made)
    return made


def convert(account: Account, user: User, record: Record, kind: Kind) -> Record:
    """Make a feature of a requirement, or an epic of a feature: a new record with a new id; the old one is gone.
    https://www.aha.io/api/resources/features and https://www.aha.io/api/resources/requirements"""
    made = blank(account, kind, record.product, user)
    source = record.parent or record
    made.name, made.description.body = record.name, record.description.body
    made.release, made.owner, made.tags = source.release, record.owner, list(record.tags)
    name = record.status.name
    made.status = next((s for s in made.product.workflows[kind].statuses if s.name == name), made.status)
    made.status_times[:] = [(made.status, made.created_at)]
    made.status_changed_on = made.created_at.date()
    made.ref = account.next_ref(made.product, kind)
    account.add(made)
    record_audit(account, user, "create", made, [("Name", made.name)])
    delete(account, user, record)
    return made
