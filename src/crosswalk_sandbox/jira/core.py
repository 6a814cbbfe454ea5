"""One stand-in Jira: its state, its flavour, and who is told when something happens. Knows no HTTP."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from crosswalk_sandbox.jira.deliver import Posting, deliver
from crosswalk_sandbox.jira.flavour import Flavour
from crosswalk_sandbox.jira.hooks import Event
from crosswalk_sandbox.jira.oauth import OAuth
from crosswalk_sandbox.jira.remembered import Remembered
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.views import View


class Jira:
    """State and flavour, with `tell` for what happened."""

    def __init__(self, site: Site, flavour: Flavour, posting: Posting) -> None:
        self.site, self.flavour, self.posting = site, flavour, posting
        self.remembered = Remembered(site)
        self.oauth = OAuth(site)
        self.started = site.now()
        self.token_ends: dict[str, list[datetime | None]] = {}  # of a person's access tokens, by name
        self.root = "http://sandbox.invalid"
        self.trace = ""
        self.fault_seconds: Callable[[Literal["lag", "stale"], str, str], float] = lambda _kind, _method, _path: 0.0
        self._requests = 0

    @property
    def hook_view(self) -> View:
        """How hooks show state: as REST v2, people without their e-mail address on Cloud."""
        return View(self.site, self.flavour, self.root, "2", adf=False, brief=self.flavour.hides_email_in_hooks)

    def tell(self, *events: Event) -> None:
        """Deliver hooks about what happened, in order, with the trace an app attached to its request."""
        if not self.site.subscriptions:
            return
        for event in events:
            deliver(self.site, self.hook_view, event, self.posting, self.trace)

    def as_now(self, event: Event) -> Event:
        """The event with its body made at once, for something that is about to be deleted."""
        body = event.body(self.hook_view)
        return replace(event, body=lambda _view: body)

    def media_id(self, attachment_id: str) -> str:
        """What documents and the media host call a file; no answer of the REST API says it."""
        known = hashlib.blake2b(f"{self.site.cloud_id}/media/{attachment_id}".encode(), digest_size=16).digest()
        return str(uuid.UUID(bytes=known, version=4))

    def media_key(self, attachment_id: str) -> str:
        """The unguessable part of a media address."""
        return hashlib.blake2b(f"{self.site.cloud_id}/{attachment_id}".encode(), digest_size=12).hexdigest()

    def common_headers(self) -> dict[str, str]:
        """The headers on every answer."""
        self._requests += 1
        if self.flavour.name == "dc":
            return {"X-AREQUESTID": f"{self._requests}x{self._requests}x1", "X-Content-Type-Options": "nosniff"}
        mark = hashlib.md5(str(self._requests).encode(), usedforsecurity=False).hexdigest()
        return {
            "Server": "AtlassianEdge",
            "X-Arequestid": mark,
            "Atl-Traceid": mark,
            "Cache-Control": "no-cache, no-store, no-transform",
            "X-Content-Type-Options": "nosniff",
            "X-Xss-Protection": "1; mode=block",
            "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
        }

    def gateway_not_found(self, path: str) -> Json:
        """The gateway's own 404 body for a cloudId it does not know (recorded 2026-10-08)."""
        moment = self.site.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return {
            "timestamp": moment,
            "status": 404,
            "error": "Not Found",
            "message": "No message available",
            "path": path,
        }
