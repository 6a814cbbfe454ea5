"""Endpoints for moving issues in bulk and for asking how far a bulk operation is; and the sandbox's own way to move
one, for Data Center, whose REST has none.

Jira Cloud REST v3 group "Issue bulk operations", submitBulkMove, getBulkOperationProgress.
Document: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/
"""

from __future__ import annotations

import itertools

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crosswalk_sandbox.jira import hooks, move
from crosswalk_sandbox.jira.bulk import BulkTask
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.edit import Desk
from crosswalk_sandbox.jira.move import Target
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Change, Issue, Json, Person, Project
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint
from crosswalk_sandbox.kernel.requests import object_of

MOST = 1000
NOT_VALID = "Some of the issues in the issueIdsOrKeys are not valid"


def told(refusal: Refusal) -> Json:
    """How a bulk request that is refused as a whole looks: the document's BulkOperationErrorResponse."""
    return {"errors": [{"message": message} for message in refusal.messages]}


def submit_move(call: Call) -> Answer:
    """201 with the task. What can be told at once refuses the request; each issue's own trouble is in the task."""
    wire = call.json()
    mapping = wire.get("targetToSourcesMapping")
    if set(wire) - {"sendBulkNotification", "targetToSourcesMapping"} or not isinstance(mapping, dict) or not mapping:
        raise Refusal(400, "targetToSourcesMapping is required")  # wording unconfirmed
    jobs = [job for key, group in mapping.items() for job in _group(call, str(key), group)]
    if len(jobs) + sum(len(call.site.children(issue)) for issue, _ in jobs) > MOST:
        raise Refusal(400, f"More than {MOST} issues can not be moved at once")  # wording unconfirmed
    now = call.site.now()
    task = BulkTask(call.site.next_id("task"), call.me.key, now)
    call.site.tasks[task.id] = task
    for issue, target in jobs:
        if reason := move.objection(call.desk, issue, target):
            task.failed[issue.id] = [reason]
        else:
            tell_moved(call.jira, call.me, move.move(call.desk, issue, target))
            task.done.append(issue.id)
    return Answer(201, {"taskId": task.id})


def _group(call: Call, key: str, group: object) -> list[tuple[Issue, Target]]:
    """The issues of one entry of the mapping, each with its target. Raises Refusal."""
    if not isinstance(group, dict) or not isinstance(group.get("issueIdsOrKeys"), list):
        raise Refusal(400, NOT_VALID)
    found = [call.site.issue(str(one)) for one in group["issueIdsOrKeys"]]
    issues = [issue for issue in found if issue is not None and call.may(issue, "BROWSE_PROJECTS")]
    if not issues or len(issues) != len(found):
        raise Refusal(400, NOT_VALID)
    place, kind, parent = (part.strip() for part in itertools.islice(itertools.chain(key.split(","), ("", "", "")), 3))
    project, above = call.site.project(place), call.site.issue(parent) if parent else None
    if project is None or kind not in call.site.types or (parent and above is None):
        raise Refusal(
            400, "The target is not valid: <project ID or key>,<issueType ID>,<parent ID or key>"
        )  # unconfirmed
    statuses = _statuses(project, group)
    target = Target(project, call.site.types[kind], above, statuses)
    first = dict.fromkeys(call.site.statuses, project.statuses[0])
    infer = group.get("inferStatusDefaults") is True
    return [(issue, Target(project, target.type, above, first) if infer else target) for issue in issues]


def _statuses(project: Project, group: Json) -> dict[str, str]:
    """`targetStatus`: for each status of the target the source statuses that become it, turned round."""
    out: dict[str, str] = {}
    given = group.get("targetStatus")
    for entry in given if isinstance(given, list) else []:
        pairs = entry.get("statuses") if isinstance(entry, dict) else None
        for target, sources in pairs.items() if isinstance(pairs, dict) else ():
            if target not in project.statuses or not isinstance(sources, list):
                raise Refusal(
                    400, f"Status {target[:40]} is not valid in the destination project"
                )  # wording unconfirmed
            out |= {str(source): target for source in sources}
    return out


def tell_moved(jira: Jira, person: Person, moved: list[tuple[Issue, Change]]) -> None:
    """jira:issue_updated of the kind issue_moved, for each issue."""
    for issue, change in moved:
        jira.tell(hooks.issue_updated(person, issue, change, "issue_moved"))


def progress(call: Call) -> Answer:
    """How far a task is. The moments are numbers in the document's examples and date-times in its schema."""
    task = call.site.tasks.get(call.params["taskId"])
    if task is None:
        # The document's example for this has another shape than its schema; this is the schema's.
        message = "The task associated with this taskId is not a bulk operation task"
        return Answer(400, {"errors": [{"message": message}]})
    if task.by != call.me.key and not call.me.admin:
        raise NotThere("The task was not found.")  # wording unconfirmed
    moment = call.view.stamp(task.at)
    issues, (over, done) = call.site.issues, task.told()
    total = len(task.done) + len(task.failed)
    out: Json = {
        "taskId": task.id,
        "status": "COMPLETE" if over else "RUNNING",
        "progressPercent": 100 if over else len(done) * 100 // max(total, 1),
        "submittedBy": {"accountId": call.site.people[task.by].account_id},
        "created": moment,
        "started": moment,
        "updated": moment,
        "totalIssueCount": total,
        "processedAccessibleIssues": [
            int(one) for one in done if one in issues and call.site.sees(call.me, issues[one])
        ],
        "failedAccessibleIssues": task.failed if over else {},
        "invalidOrInaccessibleIssueCount": 0,
    }
    return Answer(200, out)


async def control_move(request: Request) -> Response:
    """`POST /_sandbox/move {"issue", "project", "type"?, "parent"?, "person"?}`: what is done in the browser."""
    jira: Jira = request.app.state.jira
    site = jira.site
    try:
        given = await object_of(request)
    except ValueError:
        given = {}
    issue, project = site.issue(str(given.get("issue", ""))), site.project(str(given.get("project", "")))
    names = (str(given.get("person", "")), "")
    person = next((p for p in site.people.values() if p.name == names[0] or (not names[0] and p.admin)), None)
    if issue is None or project is None or person is None:
        return JSONResponse({"error": "issue and project must exist, and the person"}, 400)
    kinds = [site.types[kind] for kind in project.types]
    wanted = str(given.get("type") or site.types[issue.type].name)
    kind = next((k for k in kinds if wanted in (k.id, k.name)), None)
    if kind is None:
        return JSONResponse({"error": f"type: the project has no {wanted[:40]}"}, 400)
    parent = site.issue(str(given["parent"])) if given.get("parent") else None
    target = Target(project, kind, parent, dict.fromkeys(site.statuses, project.statuses[0]))
    desk = Desk(site, jira.flavour, person)
    if reason := move.objection(desk, issue, target):
        return JSONResponse({"error": reason}, 400)
    tell_moved(jira, person, move.move(desk, issue, target))
    return JSONResponse({"id": issue.id, "key": issue.key})


ENDPOINTS = [
    Endpoint("POST", "api/X/bulk/issues/move", submit_move, "submitBulkMove", ("cloud",), told=told),
    Endpoint("GET", "api/X/bulk/queue/{taskId}", progress, "getBulkOperationProgress", ("cloud",)),
]
