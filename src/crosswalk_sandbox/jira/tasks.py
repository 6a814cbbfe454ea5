"""The long tasks of Jira Cloud. In the sandbox they are done at once, so there is one task, and it is finished.

Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-tasks/
"""

from __future__ import annotations

from crosswalk_sandbox.jira.state import Json
from crosswalk_sandbox.jira.web import Answer, Call


def task_json(call: Call) -> Json:
    """The task as `getTask` shows it."""
    now = int(call.site.now().timestamp() * 1000)
    return {
        "self": f"{call.view.base}/task/1", "id": "1", "description": "", "status": "COMPLETE", "progress": 100,
        "elapsedRuntime": 0, "submitted": now, "started": now, "finished": now, "lastUpdate": now, "submittedBy": 10000,
    }  # fmt: skip


def see_task(call: Call) -> Answer:
    """303 with the task's address and the task itself, for an operation that takes long."""
    found = task_json(call)
    return Answer(303, found, {"Location": str(found["self"])})
