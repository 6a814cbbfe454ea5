"""The descriptor of the Connect app: what a Jira site is told about Crosswalk before it installs it. Pure.

https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
"""

from __future__ import annotations

from crosswalk.jira.wire import Json

DESCRIPTOR = "/connect/atlassian-connect.json"
HOOKS = "/connect/hooks"
LIFECYCLE = {step: f"/connect/{step}" for step in ("installed", "enabled", "disabled", "uninstalled")}
CONFIGURE = "/connect/configure"
PANEL = "/connect/panel"

# The events that an administrator's webhook is asked to send, too: see docs/how-to/connect.md.
EVENTS = (
    "jira:issue_created", "jira:issue_updated", "jira:issue_deleted",
    "comment_created", "comment_updated", "comment_deleted",
    "worklog_created", "worklog_updated", "worklog_deleted",
    "issuelink_created", "issuelink_deleted",
    "jira:version_created", "jira:version_updated", "jira:version_deleted",
    "jira:version_released", "jira:version_unreleased", "jira:version_moved",
)  # fmt: skip

# PROJECT_ADMIN makes versions for releases. ADMIN is not asked for, although without it the field “Aha! Reference” has
# to be made by hand: an app should not be able to change a whole site.
SCOPES = ("READ", "WRITE", "DELETE", "PROJECT_ADMIN")


def descriptor(key: str, base: str) -> dict[str, Json]:
    """The descriptor of the app `key` that answers at `base`."""
    return {
        "key": key,
        "name": "Crosswalk",
        "description": "Keeps Aha! and Jira in step, both ways. Served by your own Crosswalk.",
        "baseUrl": base,
        "vendor": {"name": "Crosswalk", "url": "https://github.com/crosswalk-sync/crosswalk"},
        "authentication": {"type": "jwt"},
        "apiVersion": 1,
        "apiMigrations": {"gdpr": True, "signed-install": True, "context-qsh": True},
        "lifecycle": dict(LIFECYCLE),
        "scopes": list(SCOPES),
        "modules": {
            "webhooks": [{"event": event, "url": HOOKS} for event in EVENTS],
            "postInstallPage": {"key": "crosswalk-start", "url": CONFIGURE, "name": {"value": "Crosswalk"}},
            "configurePage": {"key": "crosswalk-configure", "url": CONFIGURE, "name": {"value": "Crosswalk"}},
            "webPanels": [
                {
                    "key": "crosswalk-panel",
                    "url": f"{PANEL}?issue={{issue.id}}&key={{issue.key}}",
                    "location": "atl.jira.view.issue.right.context",
                    "name": {"value": "Aha!"},
                }
            ],
        },
    }
