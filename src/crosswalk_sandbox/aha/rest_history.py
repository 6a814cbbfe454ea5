"""Endpoints about what happened: audits and the recycle bin.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/audits
https://www.aha.io/api/resources/historical_audits
https://www.aha.io/api/resources/deletions
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.responses import JSONResponse

from crosswalk_sandbox.aha import actions, values
from crosswalk_sandbox.aha.call import Call, Table
from crosswalk_sandbox.aha.refusals import Bad, Missing
from crosswalk_sandbox.aha.rest_records import moment
from crosswalk_sandbox.aha.show import Json, stamp, type_name
from crosswalk_sandbox.aha.state import Account, Audit, Deletion


def _audit(call: Call, audit: Audit) -> Json:
    user_json = call.show.user(audit.user)
    return {
        "id": audit.id,
        "audit_action": audit.action,
        "created_at": stamp(audit.created_at),
        "interesting": audit.interesting,
        "user": user_json,
        "contributors": [{"user": user_json}],
        "auditable_type": audit.auditable_type,
        "auditable_id": int(audit.auditable_id),
        "associated_type": audit.associated_type,
        "associated_id": int(audit.associated_id),
        "description": audit.description,
        "auditable_url": call.show.base + audit.path,
        "changes": [{"field_name": name, "value": value} for name, value in audit.changes],
    }


def _plain(value: str) -> str:
    """`CustomFieldValue`, as a query writes it, in the form of an answer: `custom_field_value`."""
    return "".join(f"_{c.lower()}" if c.isupper() and n else c.lower() for n, c in enumerate(value))


def audits(call: Call) -> object:
    """GET the history, oldest first: by kind, id, associated record, action, user, time, and `after_id`."""
    found = _found(call.account, call.query)
    return call.page("audits", found, lambda audit: _audit(call, audit))


def _found(account: Account, query: Mapping[str, str]) -> list[Audit]:
    """The audits that a search finds. Raises Bad."""
    found = account.audits
    after = query.get("after_id")
    if after:
        if not after.isascii() or not after.isdecimal() or len(after) > 30:
            raise Bad("after_id is not an id")
        found = found[_first_after(found, int(after)) :]
    for name, read in (("created_since", 1), ("created_before", -1)):
        if query.get(name):
            edge = moment(query[name], name)
            found = [a for a in found if (a.created_at >= edge if read > 0 else a.created_at < edge)]
    tests: dict[str, Callable[[Audit], str]] = {
        "auditable_id": lambda a: a.auditable_id,
        "associated_id": lambda a: a.associated_id,
        "audit_action": lambda a: a.action,
        "user_id": lambda a: a.user.id,
    }
    for name, read_audit in tests.items():
        if query.get(name):
            found = [audit for audit in found if read_audit(audit) == query[name]]
    for name in ("auditable_type", "associated_type"):
        if query.get(name):
            wanted = _plain(query[name])
            found = [audit for audit in found if getattr(audit, name) == wanted]
    return found


SEARCHED = (
    "created_since", "created_before", "auditable_id", "auditable_type", "associated_id", "associated_type",
    "audit_action", "after_id", "user_id",
)  # fmt: skip


def historical(call: Call) -> object:
    """GET who was active on which record on which days: https://www.aha.io/api/resources/historical_audits."""
    days: dict[tuple[str, str, str], list[Audit]] = {}
    for audit in _found(call.account, call.query):
        days.setdefault((audit.auditable_type, audit.auditable_id, audit.user.id), []).append(audit)

    def shown(audits: list[Audit]) -> Json:
        first = audits[0]
        dates = sorted({audit.created_at.date().isoformat() for audit in audits})
        named = "".join(part.capitalize() for part in first.auditable_type.split("_"))
        about = {"auditable_id": int(first.auditable_id), "auditable_type": named}
        return {**about, **call.show.user(first.user), "dates_active": dates}

    return call.page("historical_audits", list(days.values()), shown)


def search_history(call: Call) -> object:
    """POST a search through the whole history. The answer is the id to ask for the results with."""
    given = call.given("search")
    asked = {name: values.text(given[name], name) for name in SEARCHED if given.get(name) is not None}
    _found(call.account, asked)
    account = call.account
    key = account.new_id()
    account.searches[key] = asked
    return JSONResponse({"search_id": key}, headers={"X-Historical-Tokens-Available": str(_tokens(account))})


TOKENS, AT_ONCE = 1000, 100


def _tokens(account: Account) -> int:
    """How many searches are left. Aha! does not say how many there are, nor when they come back."""
    return max(0, TOKENS - len(account.searches))


def history_found(call: Call) -> object:
    """GET what a search has found, 100 at a time; `next_token` asks for more."""
    asked = call.account.searches.get(call.args["id"])
    if asked is None:
        raise Missing
    token = call.query.get("next_token", "")
    found = _found(call.account, {**asked, "after_id": token} if token else asked)
    shown, more = found[:AT_ONCE], len(found) > AT_ONCE
    answer = {
        "audits": [_audit(call, audit) for audit in shown],
        "running": False,
        "next_token": shown[-1].id if more else None,
        "results_complete": not more,
    }
    return JSONResponse(answer, headers={"X-Historical-Tokens-Available": str(_tokens(call.account))})


def _first_after(audits: list[Audit], number: int) -> int:
    """Where the audits with a larger id begin; the list is in order of ids."""
    low, high = 0, len(audits)
    while low < high:
        middle = (low + high) // 2
        if int(audits[middle].id) > number:
            high = middle
        else:
            low = middle + 1
    return low


def _deletion(deletion: Deletion, status: str) -> Json:
    record, by = deletion.record, deletion.deleted_by
    return {
        "status": status,
        "record": {
            "name": record.name,
            "type": type_name(record),
            "reference_num": record.ref,
        },
        "deleted_by": {"id": int(by.id), "name": by.name, "email": by.email},
        "id": deletion.id,
        "deleted_at": stamp(deletion.deleted_at),
    }


def deletions(call: Call) -> object:
    """GET the recycle bin, newest first; it keeps seven days."""
    now = call.account.now()
    recent = [d for d in call.account.deletions.values() if (now - d.deleted_at).days < 7]
    return call.page("deletions", recent[::-1], lambda deletion: _deletion(deletion, "deleted"))


def restore(call: Call) -> object:
    """POST restore: take a record out of the recycle bin."""
    found = call.account.deletions.get(call.args["id"])
    if found is None:
        raise Missing
    actions.restore(call.account, call.user, found)
    return {"deletion": _deletion(found, "restore_in_progress")}


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    table.add("GET /audits", audits)
    table.add("GET /historical_audits", historical)
    table.add("POST /historical_audits", search_history, viewer=True)
    table.add("GET /historical_audits/{id}", history_found)
    table.add("GET /deletions", deletions)
    table.add("POST /deletions/{id}/restore", restore)
