"""Joins the two sandboxes by Crosswalk's own service, as a person would by its pages. Import Django's set-up before."""

from __future__ import annotations

from typing import Any

from crosswalk_demo.sandboxes import Account


def joined(aha: Account, jira: Account) -> Any:
    """Both connections, made and tested, and the integration of the workspace and the project FAB, switched on."""
    from crosswalk.store.models import Connection
    from crosswalk.sync import service

    made = []
    for kind, account in (("aha", aha), ("jira", jira)):
        connection = Connection.objects.create(
            name=f"The {kind}", kind=kind, address=account.address, user=account.user, secret=account.secret
        )
        service.check_connection(connection)
        made.append(connection)
    workspace, project = service.workspaces(made[0], "FAB")[0], service.projects(made[1], "FAB")[0]
    integration = service.create_integration("Fable", *made, workspace.id, project.id)
    service.set_enabled(integration, True, "a test")
    return integration
