"""Builds the requests that administer Jira's webhooks. Pure. In no official OpenAPI document.

`/rest/webhooks/1.0/webhook` on Cloud and on Data Center before 10, `/rest/jira-webhook/1.0/webhooks` from 10 on
(https://developer.atlassian.com/cloud/jira/platform/webhooks/,
https://confluence.atlassian.com/jiracore/preparing-for-jira-10-0-1283686888.html).
"""

from __future__ import annotations

from crosswalk.jira.wire import Json
from crosswalk.remote.request import Request

OLD, NEW = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
EVENTS = (
    *("jira:issue_created", "jira:issue_updated", "jira:issue_deleted"),
    *("comment_created", "comment_updated", "comment_deleted"),
    *("worklog_created", "worklog_updated", "worklog_deleted"),
    *("issuelink_created", "issuelink_deleted", "attachment_created", "attachment_deleted"),
    *("jira:version_created", "jira:version_updated", "jira:version_released", "jira:version_unreleased"),
    *("jira:version_deleted", "jira:version_moved"),
)
"""Everything that concerns what is kept in step."""


def path_of(flavour: str, version: str) -> str:
    """Where this Jira keeps its webhooks."""
    major = version.partition(".")[0]
    return NEW if flavour != "cloud" and major.isdigit() and int(major) >= 10 else OLD


def webhooks(path: str) -> Request:
    """All webhooks; needs the right to administer Jira."""
    return Request("GET", path, about="list the webhooks")


def register(path: str, name: str, url: str, secret: str = "") -> Request:
    """Make a webhook for EVENTS with their bodies, for all projects. A Jira that knows of secrets signs with `secret`;
    one that does not leaves it."""
    body: dict[str, Json] = {"name": name, "url": url, "events": list(EVENTS), "excludeBody": False, "filters": {}}
    if path == NEW:
        body |= {"active": True, "sslVerificationRequired": True, "configuration": {"EXCLUDE_BODY": "false"}}
        body.pop("filters")
    if secret and path == NEW:
        body["configuration"] = {**body["configuration"], "SECRET": secret}
    elif secret:
        body["secret"] = secret
    return Request("POST", path, body=body, repeatable=False, about="register the webhook")
