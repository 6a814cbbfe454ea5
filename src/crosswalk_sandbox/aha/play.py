"""What the pages draw, as JSON below `/_play`, and the one edit that the REST API does not have: the order of records.

It answers a page with what the page needs and no more; it is no part of Aha!'s API. Other edits go by `acting`.
"""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.aha import actions, order
from crosswalk_sandbox.aha.attributes import LABELS
from crosswalk_sandbox.aha.customs import api_type, shown_text
from crosswalk_sandbox.aha.history import web_path
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.refusals import Bad, Forbidden, Missing, Refusal
from crosswalk_sandbox.aha.show import Show, iso, stamp
from crosswalk_sandbox.aha.state import KINDS, Account, Attachment, Audit, Comment, Kind, Record
from crosswalk_sandbox.kernel.requests import parsed

Json = dict[str, object]
Given = Mapping[str, object]
Handler = Callable[[Request], Awaitable[Response]]
SHOWN = 1000  # features on the board; more would be too many for a person and a browser
PAST = 60  # entries of a record's history


def answering(lock: threading.RLock, answer: Callable[[Request, Given], Json]) -> Handler:
    """A route that answers with what `answer` makes of the JSON object it was sent, one at a time."""

    async def handler(request: Request) -> Response:
        try:
            given = await object_of(request)
            with lock:
                return JSONResponse(answer(request, given))
        except Refusal as refusal:
            return JSONResponse({"error": refusal.message}, refusal.status)

    return handler


class Play:
    """What a page asks for. Each method answers one route; `given` is the JSON object that the page sent."""

    def __init__(self, account: Account, lock: threading.RLock) -> None:
        self.account = account
        self.lock = lock

    def routes(self) -> list[Route]:
        """The routes below `/_play`."""
        return [
            Route("/_play/board", answering(self.lock, self.board)),
            Route("/_play/place", answering(self.lock, self.place), methods=["POST"]),
            Route("/_play/{kind}/{ref}", answering(self.lock, self.look), methods=["GET"]),
        ]

    def _find(self, name: object, ref: object) -> Record:
        kind: Kind | None = next((kind for kind in KINDS if kind == name), None)
        found = self.account.find(kind, str(ref)) if kind else None
        if found is None:
            raise Missing
        return found

    def board(self, _request: Request, _given: Given) -> Json:
        """Everything on the board."""
        return _board(self.account)

    def look(self, request: Request, _given: Given) -> Json:
        """One record."""
        record = self._find(request.path_params["kind"], request.path_params["ref"])
        return _record(self.account, record, str(request.app.state.base_url))

    def place(self, _request: Request, given: Given) -> Json:
        """Put `{"kind", "ref"}` into a `{"release"}` or `{"status"}` and `{"before"}` another (null: last)."""
        account, user = self.account, self.account.user(str(given.get("as")))
        if user is None or not user.writes:
            raise Forbidden("You do not have permission to perform this action")
        record = self._find(given.get("kind"), given.get("ref"))
        beside = self._find(given.get("kind"), given["before"]) if given.get("before") else None
        names = {"release": "release", "status": "workflow_status"}
        moved = {name: given[short] for short, name in names.items() if given.get(short)}
        actions.update(account, user, record, moved)
        if "before" in given:
            order.place(account, user, [record], "BEFORE" if beside else "BOTTOM", beside)
        return {"ref": record.ref}


async def object_of(request: Request) -> Mapping[str, object]:
    if request.method == "GET":
        return {}
    try:
        given = parsed(await request.body())
    except (ValueError, RecursionError) as error:
        raise Bad("no JSON") from error
    if not isinstance(given, dict):
        raise Bad("a JSON object is wanted")
    return given


def _jira(record: Record) -> Json | None:
    """The Jira issue that the integration fields name, or the link in the custom field."""
    fields = {field.name: field.value for field in record.fields}
    if fields.get("key"):
        return {"key": fields["key"], "url": fields.get("url", "")}
    link = record.custom.get("jira_url")
    if link is not None and isinstance(link.value, str):
        return {"key": link.value.rstrip("/").rsplit("/", 1)[-1], "url": link.value}
    return None


def _card(record: Record) -> Json:
    return {
        "key": record.ref,
        "kind": record.kind,
        "name": record.name,
        "path": web_path(record),
        "status": record.status.name,
        "colour": record.status.color,
        "release": record.release.ref if record.release else "",
        "epic": record.epic.name if record.epic else "",
        "who": record.owner.name if record.owner else "",
        "tags": record.tags,
        "due": iso(record.due),
        "done": sum(one.status.complete for one in record.requirements),
        "parts": len(record.requirements),
        "jira": _jira(record),
    }


def _named(record: Record) -> Json:
    return {"ref": record.ref, "name": record.name, "path": web_path(record)}


def _board(account: Account) -> Json:
    product = account.products[0]
    features = sorted(account.all("feature"), key=lambda one: (one.position, int(one.id)))
    return {
        "product": product.prefix,
        "releases": [
            {
                **_named(release),
                "date": iso(release.release_date),
                "status": release.status.name,
                "parked": release.parking_lot,
            }
            for release in account.all("release")
        ],
        "statuses": [
            {"name": status.name, "colour": status.color, "complete": status.complete}
            for status in product.workflows["feature"].statuses
        ],
        "features": [_card(feature) for feature in islice(features, SHOWN)],
        "kinds": [name for _, name in product.workflows["feature"].kinds],
        "viewers": [user.email for user in account.users if not user.writes],
    }


def _record(account: Account, record: Record, base: str) -> Json:
    show = Show(account, base)
    workflow = record.product.workflows[record.kind]
    return {
        **_card(record),
        "id": record.id,
        "product": record.product.prefix,
        "created": stamp(record.created_at),
        "updated": stamp(record.updated_at),
        "by": record.created_by.name,
        # Stored text is normal already; it is made so again where it leaves, so that no way in can be forgotten.
        "description": normal(record.description.body),
        "note": record.description.id,
        "values": _values(record),
        "statuses": [{"name": status.name, "colour": status.color} for status in workflow.statuses],
        "kinds": [name for _, name in workflow.kinds] if record.kind == "feature" else [],
        "people": [{"name": user.name, "email": user.email} for user in account.users if user.enabled],
        "releases": [_named(release) for release in account.all("release")],
        "epics": [_named(epic) for epic in account.all("epic")],
        "initiatives": [_named(initiative) for initiative in account.all("initiative")],
        "parent": _card(record.parent) if record.parent else None,
        "requirements": [_card(requirement) for requirement in record.requirements],
        "features": [_card(one) for one in account.all("feature") if record in (one.release, one.epic, one.initiative)],
        "customs": _customs(account, record),
        "files": [_file(show, file) for file in record.description.attachments],
        "comments": [_comment(show, comment) for comment in record.comments],
        "fields": [{"name": field.name, "value": field.value} for field in record.fields],
        "links": [
            _named(link.child if link.parent is record else link.parent)
            for link in account.links.values()
            if record in (link.parent, link.child)
        ],
        "history": _history(account, record),
        "viewers": [user.email for user in account.users if not user.writes],
    }


def _values(record: Record) -> Json:
    """The fields by the names that the API writes them by."""
    return {
        "name": record.name,
        "workflow_status": record.status.name,
        "workflow_kind": record.work_kind[1] if record.work_kind else "",
        "assigned_to_user": record.owner.email if record.owner else "",
        "owner": record.owner.email if record.owner else "",
        "release": record.release.ref if record.release else "",
        "epic": record.epic.ref if record.epic else "",
        "initiative": record.initiative.ref if record.initiative else "",
        "start_date": iso(record.start),
        "due_date": iso(record.due),
        "end_date": iso(record.due),
        "release_date": iso(record.release_date),
        "tags": ", ".join(record.tags),
        "original_estimate": record.original_estimate,
        "remaining_estimate": record.remaining_estimate,
        "progress": record.progress,
        "units": record.units,
    }


UNWRITTEN = ("attachment", "equation_sheet", "scorecard")  # no plain text that a page could edit


def _customs(account: Account, record: Record) -> list[Json]:
    shown: list[Json] = []
    for definition in account.custom_fields:
        kind = api_type(definition)
        if definition.fieldable_type != LABELS[record.kind] or kind in UNWRITTEN:
            continue
        held = record.custom.get(definition.key)
        text = shown_text(held.value) if held else ""
        shown.append(
            {
                "key": definition.key,
                "name": definition.name,
                "type": kind,
                "value": normal(text) if kind == "note" else text,
                "options": [option for _, option, _ in definition.options],
            }
        )
    return shown


def _file(show: Show, file: Attachment) -> Json:
    shown = show.attachment(file)
    return {
        "id": file.id,
        "name": file.file_name,
        "size": len(file.data),
        "url": shown["download_url"],
        "picture": file.content_type.startswith("image/") and not file.content_type.startswith("image/svg"),
    }


def _comment(show: Show, comment: Comment) -> Json:
    return {
        "id": comment.id,
        "who": comment.user.name,
        "at": stamp(comment.created_at),
        "edited": comment.updated_at != comment.created_at,
        "body": normal(comment.body),
        "files": [_file(show, file) for file in comment.attachments],
    }


def _history(account: Account, record: Record) -> list[Json]:
    """What happened to the record and to what hangs on it, newest first."""
    own = islice((audit for audit in reversed(account.audits) if _about(audit, record)), PAST)
    return [_audit(audit) for audit in own]


def _audit(audit: Audit) -> Json:
    changes = [[name, normal(text)] for name, text in audit.changes]
    return {"at": stamp(audit.created_at), "who": audit.user.name, "what": audit.description, "changes": changes}


def _about(audit: Audit, record: Record) -> bool:
    return record.id == audit.auditable_id or (record.kind, record.id) == (audit.associated_type, audit.associated_id)
