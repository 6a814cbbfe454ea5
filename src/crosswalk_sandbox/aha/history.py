"""The history of an account: one audit for each change, merged in a window where that is switched on.

Knows what an audit says, not who is told; see https://www.aha.io/api/resources/audits/retrieve_history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.state import Account, Audit, Record

VERBS = {"create": "created", "update": "updated", "destroy": "deleted"}
WEB = {
    "feature": "features",
    "requirement": "requirements",
    "epic": "epics",
    "release": "releases",
    "initiative": "initiatives",
    "goal": "strategic_imperatives",
    "release_phase": "release_phases",
    "key_result": "key_results",
    "page": "pages",
    "task": "tasks",
}
Changes = Sequence[tuple[str, str]]


def web_path(record: Record) -> str:
    """The path of the record's page."""
    return f"/{'master_releases' if record.roll_up else WEB[record.kind]}/{record.ref}"


def record_audit(account: Account, user: User, action: str, record: Record, changes: Changes) -> None:
    """Write down that a record itself was created, changed or deleted."""
    holder = record.parent or record.release or (record.holder if record.kind in ("key_result", "task") else None)
    kind, key = (holder.kind, holder.id) if holder else ("project", record.product.id)
    audit = Audit(
        account.new_id(),
        action,
        account.now(),
        True,
        user,
        record.kind,
        record.id,
        kind,
        key,
        f"{VERBS[action]} {record.kind} {record.ref} {record.name}",
        web_path(record),
        list(changes),
    )
    _keep(account, audit)


@dataclass(frozen=True, slots=True)
class Secondary:
    """Something of a record with audits of its own: a text ("note"), a tag ("tagging"), a comment, a custom value.
    Recorded deliveries show the first two; the types of the rest follow https://www.aha.io/api/resources/audits"""

    type: str
    id: str
    changes: Changes
    action: str = "update"


def changed(account: Account, user: User, record: Record, what: Secondary) -> None:
    """Write down a change of something secondary; its `associated` record is the main one."""
    verb = {"tagging": "tagged", "comment": "commented on", "record_link": "linked"}.get(what.type, "updated")
    audit = Audit(
        account.new_id(),
        what.action,
        account.now(),
        what.type != "tagging",
        user,
        what.type,
        what.id,
        record.kind,
        record.id,
        f"{verb} {record.kind} {record.ref} {record.name}",
        web_path(record),
        list(what.changes),
    )
    _keep(account, audit)


def _keep(account: Account, audit: Audit) -> None:
    """Keep an audit, or take it into the one before where edits are merged, as the page of the webhook tells:
    https://www.aha.io/support/suite/suite/integrations/activity-webhook"""
    account.revision += 1
    window = account.settings.merge_seconds
    if window and audit.action == "update":
        for last in reversed(account.audits):
            if last.created_at < audit.created_at - timedelta(seconds=window):
                break
            if _same(last, audit):
                _merge(last, audit)
                account.on_audit(last)
                return
    account.audits.append(audit)
    account.on_audit(audit)


def _same(last: Audit, audit: Audit) -> bool:
    return (last.action, last.user, last.auditable_type, last.auditable_id) == (
        audit.action,
        audit.user,
        audit.auditable_type,
        audit.auditable_id,
    )


def _merge(last: Audit, audit: Audit) -> None:
    """Take the later changes into the earlier audit: from the first old value to the last new one."""
    merged = dict(last.changes)
    for name, value in audit.changes:
        arrow = " &rarr; "
        if name in merged and arrow in merged[name] and arrow in value:
            merged[name] = merged[name].split(arrow)[0] + arrow + value.split(arrow)[-1]
        else:
            merged[name] = value
    last.changes = list(merged.items())
