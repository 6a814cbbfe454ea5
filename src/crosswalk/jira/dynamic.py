"""Sees that an OAuth app has the one dynamic webhook that is wanted, and that it does not end. Keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crosswalk import errors
from crosswalk.jira import wire_dynamic as wire
from crosswalk.jira.wire_meta import items, next_start
from crosswalk.remote.client import Client


@dataclass(frozen=True, slots=True)
class Hook:
    """A dynamic webhook as Jira lists it."""

    id: int
    url: str
    jql: str
    until: datetime | None


def ours(client: Client, prefix: str) -> list[Hook]:
    """The app's webhooks whose address begins with `prefix`. Raises Forbidden for a consent without the scope."""
    found: list[Hook] = []
    start: int | None = 0
    while start is not None:
        page = client.send(wire.dynamic_webhooks(start))
        for one in items(page):
            if isinstance(one.get("id"), int) and str(one.get("url") or "").startswith(prefix):
                until = wire.moment(one.get("expirationDate"))
                found.append(Hook(one["id"], str(one["url"]), str(one.get("jqlFilter") or ""), until))
        start = next_start(page)
    return found


def register(client: Client, url: str, jql: str) -> int:
    """Make the webhook; its id. Raises Invalid with Jira's words where it does not take it."""
    answer = client.send(wire.register_dynamic(url, jql))
    results = answer.get("webhookRegistrationResult") if isinstance(answer, dict) else None
    first = results[0] if isinstance(results, list) and results and isinstance(results[0], dict) else {}
    if isinstance(made := first.get("createdWebhookId"), int):
        return made
    said = " ".join(map(str, first.get("errors") or ["it did not say why"]))
    raise errors.Invalid(
        f"Jira did not take the webhook: {said}",
        remedy="Paste the address into Jira by hand, or leave it: changes are found by polling.",
        code="A16",
    )


def refresh(client: Client, hook: int) -> datetime | None:
    """Thirty more days; until when."""
    answer = client.send(wire.refresh_dynamic([hook]))
    return wire.moment(answer.get("expirationDate")) if isinstance(answer, dict) else None


def forget(client: Client, hooks: list[Hook]) -> None:
    """Take webhooks back."""
    if hooks:
        client.send(wire.delete_dynamic([one.id for one in hooks]))
