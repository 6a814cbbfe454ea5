"""What the pages draw and the edits made on them, as JSON below `/_play`. Every rule is in `actions`; knows no HTML.

It answers a page with what the page needs and no more; it is no part of Aha!'s API.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from itertools import islice

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crosswalk_sandbox.aha import actions
from crosswalk_sandbox.aha.history import web_path
from crosswalk_sandbox.aha.refusals import Bad, Missing, Refusal
from crosswalk_sandbox.aha.show import iso, stamp
from crosswalk_sandbox.aha.state import KINDS, Account, Record, User

Json = dict[str, object]
Given = Mapping[str, object]
Handler = Callable[[Request], Awaitable[Response]]
SHOWN = 1000  # features on the board; more would be too many for a person and a browser


class Play:
    """The edits that a page offers. Each method answers one route; `given` is the JSON object that the page sent."""

    def __init__(self, account: Account, lock: threading.RLock) -> None:
        self.account = account
        self.lock = lock

    def routes(self) -> list[Route]:
        """The routes below `/_play`."""
        stem = "/_play/{kind}/{ref}"
        return [
            Route("/_play/board", self._serve(self.board)),
            Route("/_play/features", self._serve(self.add), methods=["POST"]),
            Route(stem, self._serve(self.look), methods=["GET"]),
            Route(stem, self._serve(self.change), methods=["POST"]),
            Route(f"{stem}/requirements", self._serve(self.require), methods=["POST"]),
            Route(f"{stem}/comments", self._serve(self.comment), methods=["POST"]),
        ]

    def _serve(self, answer: Callable[[Request, Given], Json]) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                given = await _object(request)
                with self.lock:
                    return JSONResponse(answer(request, given))
            except Refusal as refusal:
                return JSONResponse({"error": refusal.message}, refusal.status)

        return handler

    def _find(self, request: Request) -> Record:
        kind = next((kind for kind in KINDS if kind == request.path_params["kind"]), None)
        found = self.account.find(kind, request.path_params["ref"]) if kind else None
        if found is None:
            raise Missing
        return found

    def board(self, _request: Request, _given: Given) -> Json:
        """Everything on the board."""
        return _board(self.account)

    def look(self, request: Request, _given: Given) -> Json:
        """One record."""
        return _record(self.account, self._find(request))

    def change(self, request: Request, given: Given) -> Json:
        """Edit a record."""
        record = actions.update(self.account, _actor(self.account, given), self._find(request), given)
        return _record(self.account, record)

    def add(self, _request: Request, given: Given) -> Json:
        """Add a feature to the release it names."""
        release = self.account.find("release", str(given.get("release")))
        if release is None:
            raise Missing
        user = _actor(self.account, given)
        record = actions.blank(self.account, "feature", release.product, user)
        record.release = release
        siblings = [other for other in self.account.all("feature") if other.release is release]
        return _record(self.account, actions.create(self.account, user, record, given, siblings=siblings))

    def require(self, request: Request, given: Given) -> Json:
        """Add a requirement to a feature."""
        feature, user = self._find(request), _actor(self.account, given)
        if feature.kind != "feature":
            raise Missing
        record = actions.blank(self.account, "requirement", feature.product, user)
        record.parent = feature
        actions.create(self.account, user, record, given, siblings=feature.requirements)
        return _record(self.account, feature)

    def comment(self, request: Request, given: Given) -> Json:
        """Comment on a record in plain lines."""
        record = self._find(request)
        lines = str(given.get("body", "")).splitlines()
        body = "".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())
        actions.comment(self.account, _actor(self.account, given), record, body)
        return _record(self.account, record)


def _actor(account: Account, given: Mapping[str, object]) -> User:
    """Who edits on the page: the first person, unless another is named."""
    return account.user(str(given.get("as", ""))) or account.users[0]


async def _object(request: Request) -> Mapping[str, object]:
    if request.method == "GET":
        return {}
    try:
        given = json.loads(await request.body())
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
        "ref": record.ref,
        "name": record.name,
        "path": web_path(record),
        "status": record.status.name,
        "release": record.release.ref if record.release else "",
        "who": record.owner.name if record.owner else "",
        "tags": record.tags,
        "due": iso(record.due),
        "jira": _jira(record),
    }


def _board(account: Account) -> Json:
    product = account.products[0]
    return {
        "releases": [
            {"ref": release.ref, "name": release.name, "date": iso(release.release_date), "path": web_path(release)}
            for release in account.all("release")
        ],
        "statuses": [status.name for status in product.workflows["feature"].statuses],
        "features": [_card(feature) for feature in islice(account.all("feature"), SHOWN)],
    }


def _record(account: Account, record: Record) -> Json:
    return {
        **_card(record),
        "kind": record.kind,
        "updated": stamp(record.updated_at),
        "description": record.description.body,
        "email": record.owner.email if record.owner else "",
        "release_date": iso(record.release_date),
        "statuses": [status.name for status in record.product.workflows[record.kind].statuses],
        "people": [{"name": user.name, "email": user.email} for user in account.users],
        "releases": [{"ref": release.ref, "name": release.name} for release in account.all("release")],
        "parent": _card(record.parent) if record.parent else None,
        "requirements": [_card(requirement) for requirement in record.requirements],
        "comments": [
            {"who": comment.user.name, "at": stamp(comment.created_at), "body": comment.body}
            for comment in record.comments
        ],
        "fields": [{"name": field.name, "value": field.value} for field in record.fields],
    }
