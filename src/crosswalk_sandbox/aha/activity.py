"""The activity webhook: each audit, posted at most once to every address that asked for it.

The shape is that of recorded deliveries: the audit without `contributors` and `associated_*`; `&`, `<` and `>` escaped
as Rails does. No signature, no delivery id, no second try, because
https://www.aha.io/support/suite/suite/integrations/activity-webhook says nothing of them. The same page has changes in
a text editor sent five minutes after the last one: a text that is edited again before that goes out once, as it is
then. Knows no route.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from crosswalk_sandbox.aha.show import Json, Show
from crosswalk_sandbox.aha.show import stamp as stamp_of
from crosswalk_sandbox.aha.state import Account, Audit
from crosswalk_sandbox.kernel.hooks import Courier, Delivery, Terms, is_address

HEADERS = {"Content-Type": "application/json"}
ESCAPES = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


def body(show: Show, audit: Audit, *, bare: bool = False) -> Json:
    """The JSON that is posted; a `bare` one does not say what changed."""
    changes = {"changes": [{"field_name": name, "value": value} for name, value in audit.changes]}
    return {
        "event": "audit",
        "audit": {
            "id": audit.id,
            "audit_action": audit.action,
            "created_at": stamp_of(audit.created_at),
            "interesting": audit.interesting,
            "user": show.user(audit.user),
            "auditable_type": audit.auditable_type,
            "auditable_id": audit.auditable_id,
            "description": audit.description,
            "auditable_url": show.base + audit.path,
            **({} if bare else changes),
        },
    }


def _written(told: Json) -> bytes:
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).translate(ESCAPES).encode()


class Activity:
    """Hands audits to the courier. `urls` are the addresses that asked; texts go out later than the rest."""

    def __init__(self, account: Account, courier: Courier, base: Callable[[], str]) -> None:
        self.account = account
        self.courier = courier
        self.base = base
        self.urls: list[str] = []
        self._texts: dict[tuple[str, str], Delivery] = {}
        account.on_audit = self.send

    def add(self, url: str) -> None:
        """Post audits to `url` too. Raises ValueError when it is no address."""
        if not is_address(url):
            raise ValueError(f"{url!r} is no http address")
        if url not in self.urls:
            self.urls.append(url)

    def remove(self, url: str | None) -> None:
        """Post no more to `url`, or to anybody for None."""
        self.urls = [kept for kept in self.urls if url is not None and kept != url]

    def send(self, audit: Audit) -> None:
        """Queue one audit for every address."""
        if not self.urls:
            return
        show = Show(self.account, self.base())
        raw = _written(body(show, audit))
        for url in self.urls:
            self._post(url, audit, raw, _written(body(show, audit, bare=True)))

    def _post(self, url: str, audit: Audit, raw: bytes, bare: bytes) -> None:
        """A text waits, and takes the place of its earlier state that still waits; anything else goes out at once."""
        in_editor = audit.auditable_type == "note"
        delay = self.account.settings.text_delay if in_editor else 0.0
        terms = Terms(delay, bare=lambda: (HEADERS, bare))
        if in_editor and (earlier := self._texts.pop((url, audit.auditable_id), None)):
            self.courier.withdraw(earlier)
        label = f"{audit.auditable_type} {audit.action}"
        posted = self.courier.post(url, HEADERS, raw, terms, label=label)
        if in_editor and posted is not None:
            self._texts[url, audit.auditable_id] = posted
