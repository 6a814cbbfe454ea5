"""Builds the requests about dynamic webhooks, which an OAuth app registers for itself on Jira Cloud. Pure.

Operations registerDynamicWebhooks and its siblings (https://developer.atlassian.com/cloud/jira/platform/rest/v3/): they
end after thirty days, have one address an app, and filter by a small part of JQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crosswalk.jira.wire import Json
from crosswalk.remote.request import Request

API = "/rest/api/3/webhook"
EVENTS = (
    *("jira:issue_created", "jira:issue_updated", "jira:issue_deleted"),
    *("comment_created", "comment_updated", "comment_deleted"),
    *("jira:version_created", "jira:version_updated", "jira:version_released", "jira:version_unreleased"),
    *("jira:version_moved", "jira:version_merged", "jira:version_deleted"),
)
"""What concerns what is kept in step, of the events there are; worklogs, links and attachments have none here."""


def dynamic_webhooks(start: int) -> Request:
    """A page of the app's webhooks."""
    query = (("startAt", str(start)), ("maxResults", "100"))
    return Request("GET", API, query=query, about="list the webhooks")


def register_dynamic(url: str, jql: str) -> Request:
    """Make one, for EVENTS. A second one of the same kind would only double deliveries, so it is not repeated."""
    body: dict[str, Json] = {"url": url, "webhooks": [{"events": list(EVENTS), "jqlFilter": jql}]}
    return Request("POST", API, body=body, repeatable=False, about="register the webhook")


def refresh_dynamic(ids: Sequence[int]) -> Request:
    """Thirty more days."""
    return Request("PUT", f"{API}/refresh", body={"webhookIds": list(ids)}, about="refresh the webhook")


def delete_dynamic(ids: Sequence[int]) -> Request:
    """Take some back."""
    return Request("DELETE", API, body={"webhookIds": list(ids)}, about="remove a webhook")


def of_projects(projects: Sequence[str]) -> str:
    """The filter for the issues of these projects (by id)."""
    ids = sorted(set(projects), key=lambda one: (len(one), one))
    return f"project = {ids[0]}" if len(ids) == 1 else f"project in ({', '.join(ids)})"


def moment(value: Json) -> datetime | None:
    """When a webhook ends: the document says milliseconds and shows a stamp in its examples, so both are read."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        found = datetime.fromisoformat(str(value or ""))
    except (ValueError, OverflowError, OSError):  # the last two: beyond what a clock here shows
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
