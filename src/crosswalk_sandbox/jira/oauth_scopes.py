"""Which scope of OAuth 2.0 an operation needs, roughly: by method and path, as the official documents list them.

Document: https://developer.atlassian.com/cloud/jira/platform/scopes-for-oauth-2-3LO-and-forge-apps/
"""

from __future__ import annotations

from crosswalk_sandbox.jira.subscriptions import App

READ, WRITE, USER = "read:jira-work", "write:jira-work", "read:jira-user"
PROJECT, CONFIGURE, HOOKS = "manage:jira-project", "manage:jira-configuration", "manage:jira-webhook"
# The first row that fits; "" needs no scope. A path is given by how it begins, below /rest.
SCHEMES = ("api/X/issuetypescreenscheme", "api/X/screenscheme", "api/X/workflow", "api/X/fieldconfiguration")
LISTS = ("api/X/field", "api/X/issuetype", "api/X/priority", "api/X/resolution", "api/X/issueLinkType")
SEARCHES = ("api/X/search", "api/X/issue/bulkfetch", "api/X/jql", "api/X/changelog/bulkfetch", "api/X/comment/list")
ROWS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("*", ("api/X/serverInfo",), ""),
    ("*", ("api/X/webhook",), HOOKS),
    ("GET", ("api/X/myself", "api/X/user", "api/X/users", "api/X/group"), USER),
    ("*", ("api/X/screens",), PROJECT),
    ("*", SCHEMES, CONFIGURE),
    ("GET", ("api/X/field/",), CONFIGURE),
    ("WRITE", (*LISTS, "api/X/group", "api/X/role", "api/X/projectCategory"), CONFIGURE),
    ("WRITE", ("api/X/version", "api/X/component", "api/X/project"), PROJECT),
    ("PUT", ("agile/1.0/issue/rank",), "write:issue:jira-software"),
    ("GET", ("agile/1.0/board",), "read:board-scope:jira-software read:project:jira"),
    ("*", ("agile/", "software/", "greenhopper/"), ""),
    ("GET", ("",), READ),
    ("POST", (*SEARCHES, "api/X/worklog/list", "api/X/permissions"), READ),
    ("*", ("",), WRITE),
)


def needed(method: str, template: str) -> str:
    """The scope that an operation needs, or several with spaces between; "" for none."""
    asked = "GET" if method == "HEAD" else method
    methods = ("*", asked, *(() if asked == "GET" else ("WRITE",)))
    return next(
        scope for row, paths, scope in ROWS if row in methods and any(_begins(template, path) for path in paths)
    )


def _begins(template: str, path: str) -> bool:
    return template.startswith(path) and (path.endswith("/") or template[len(path) :][:1] in ("", "/") or not path)


def allowed(app: App, method: str, template: str) -> bool:
    """Whether the app's consent covers the operation; an app without any scope was let in for everything."""
    scope = needed(method, template)
    return app.kind != "oauth" or not app.scopes or all(one in app.scopes for one in scope.split())
