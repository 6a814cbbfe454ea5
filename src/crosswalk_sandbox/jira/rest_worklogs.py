"""Endpoints for comments and work logs beyond one issue: by id, by when they changed; and editing a work log, pinned
comments, sub-tasks.

Jira Cloud REST v3 groups "Issue worklogs", "Issue comments"; Data Center 10.3 `issue`, `worklog`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-worklog/
"""

from __future__ import annotations

from datetime import datetime

from crosswalk_sandbox.jira import accept, edit, hooks
from crosswalk_sandbox.jira.flavour import stamp
from crosswalk_sandbox.jira.refusals import Refusal, field_error
from crosswalk_sandbox.jira.rest_parts import comment_of, seconds_of, visibility_of, worklog_of
from crosswalk_sandbox.jira.state import Issue, Item, Json, Worklog
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint, bean


def put_worklog(call: Call) -> Answer:
    """Changes what is given; with another time spent the remaining estimate follows by the difference."""
    issue = call.issue()
    log = worklog_of(call, issue)
    if not call.may(issue, "WORK_ON_ISSUES") or not call.may_with(issue, log.author, "EDIT_{}_WORKLOGS"):
        raise Refusal(400 if call.cloud else 403, "You do not have permission to edit this worklog.")
    wire = call.json()
    timed = "timeSpent" in wire or "timeSpentSeconds" in wire
    seconds = seconds_of(call, wire) if timed else log.seconds
    started = accept.moment("started", wire["started"]) if wire.get("started") else log.started
    text = accept.long_text(call.adf, "comment", wire["comment"]) if wire.get("comment") else log.comment
    visibility = visibility_of(call, issue, wire) if "visibility" in wire else log.visibility
    held = issue.values.get("timeestimate")
    left = _left(call, held if isinstance(held, int) else None, seconds - log.seconds)
    before, issue.spent = issue.spent, issue.spent - log.seconds + seconds
    log.seconds, log.started, log.comment, log.visibility = seconds, started, text, visibility
    log.editor, log.updated = call.me.key, call.site.now()
    items = [Item("WorklogId", "WorklogId", log.id, log.id, log.id, log.id)]
    if before != issue.spent:
        items.append(Item("timespent", "timespent", str(before), str(before), str(issue.spent), str(issue.spent)))
    if left != held:
        old = None if held is None else str(held)
        items.append(Item("timeestimate", "timeestimate", old, old, str(left), str(left)))
        issue.values["timeestimate"] = left
    change = edit.record(call.desk, issue, items)
    call.jira.tell(*hooks.worklog_events(call.jira.flavour.name, call.me, issue, log, change, "updated"))
    return Answer(200, call.view.worklog(issue, log))


def _left(call: Call, held: int | None, more: int) -> int | None:
    """The remaining estimate after so much more work was logged."""
    mode = call.query.get("adjustEstimate", "auto")
    if mode == "leave":
        return held
    if mode == "new":
        given = call.site.working.read(call.query.get("newEstimate"))
        if given is None:
            raise field_error("newEstimate", "You must supply a valid new estimate.")  # wording unconfirmed
        return given
    if mode != "auto":
        raise field_error("adjustEstimate", "The estimate can be adjusted by new, leave or auto.")  # unconfirmed
    return held if held is None else max(0, held - more)


def _readable(call: Call) -> list[tuple[Issue, Worklog]]:
    return [
        (i, log)
        for i in call.site.issues.values()
        if i.worklogs and call.may(i, "BROWSE_PROJECTS")
        for log in i.worklogs
        if call.view.reads(i, log)
    ]


def _ids(call: Call) -> list[int]:
    ids = call.json(("ids",)).get("ids")
    if not isinstance(ids, list) or len(ids) > 1000 or not all(type(one) is int for one in ids):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return ids


def worklogs_by_id(call: Call) -> Answer:
    wanted = _ids(call)
    return Answer(200, [call.view.worklog(i, log) for i, log in _readable(call) if int(log.id) in wanted])


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def updated_worklogs(call: Call) -> Answer:
    """At most 1,000 ids of work logs changed since a moment, oldest first."""
    since = call.number("since", 0)
    found = sorted((log for _, log in _readable(call) if _millis(log.updated) >= since), key=lambda log: log.updated)
    return Answer(200, _changed(call, since, [(int(log.id), _millis(log.updated)) for log in found]))


def deleted_worklogs(call: Call) -> Answer:
    since = call.number("since", 0)
    gone = [
        (int(item.from_id), _millis(change.at))
        for issue in call.site.issues.values()
        if call.may(issue, "BROWSE_PROJECTS")
        for change in issue.changes
        for item in change.items
        if item.field == "WorklogId" and item.to_id is None and item.from_id
    ]
    return Answer(200, _changed(call, since, sorted((g for g in gone if g[1] >= since), key=lambda g: g[1])))


def _changed(call: Call, since: int, rows: list[tuple[int, int]]) -> Json:
    page = rows[:1000]
    values: list[Json] = [{"worklogId": number, "updatedTime": at, "properties": []} for number, at in page]
    out: Json = {"values": values, "since": since, "until": page[-1][1] if page else _millis(call.site.now())}
    address = f"{call.root}{call.path}?since="
    out |= {"self": f"{address}{since}", "lastPage": len(rows) <= 1000}
    return out | ({"nextPage": f"{address}{out['until']}"} if len(rows) > 1000 else {})


def comments_by_id(call: Call) -> Answer:
    wanted = _ids(call)
    found = [
        call.view.comment(issue, comment)
        for issue in call.site.issues.values()
        if call.may(issue, "BROWSE_PROJECTS")
        for comment in issue.comments
        if int(comment.id) in wanted and call.view.reads(issue, comment)
    ]
    return Answer(200, bean(call, found, 1000, 1000))


# ---- Data Center


def pin(call: Call) -> Answer:
    """The body is true or false."""
    issue = call.issue()
    comment = comment_of(call, issue)
    if not call.may(issue, "ADD_COMMENTS"):
        raise Refusal(403, "You do not have permission to pin comments.")  # wording unconfirmed
    if not isinstance(call.body, bool):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    held = call.site.properties.setdefault(("pins", issue.id), {})
    held.pop(comment.id, None)
    if call.body:
        held[comment.id] = [call.me.key, stamp(call.site.now(), call.site)]
    return Answer(204)


def pinned(call: Call) -> Answer:
    issue = call.issue()
    out: list[Json] = []
    for comment in issue.comments:
        held = call.site.properties.get(("pins", issue.id), {}).get(comment.id)
        if isinstance(held, list) and call.view.reads(issue, comment):
            shown = call.view.comment(issue, comment)
            out.append({"comment": shown, "pinnedBy": held[0], "pinnedDate": held[1]})
    return Answer(200, out)


def subtasks(call: Call) -> Answer:
    below = filter(call.view.sees, call.site.children(call.issue()))
    return Answer(200, [call.view.issue_short(child) for child in below])


CLOUD, DC = ("cloud",), ("dc",)
ISSUE = "api/X/issue/{issueIdOrKey}"
ENDPOINTS = [
    Endpoint("PUT", f"{ISSUE}/worklog/{{id}}", put_worklog, "updateWorklog", per_issue=True),
    Endpoint("POST", "api/X/worklog/list", worklogs_by_id, "getWorklogsForIds"),
    Endpoint("GET", "api/X/worklog/updated", updated_worklogs, "getIdsOfWorklogsModifiedSince"),
    Endpoint("GET", "api/X/worklog/deleted", deleted_worklogs, "getIdsOfWorklogsDeletedSince"),
    Endpoint("POST", "api/X/comment/list", comments_by_id, "getCommentsByIds", CLOUD),
    Endpoint("PUT", f"{ISSUE}/comment/{{id}}/pin", pin, "setPinComment", DC),
    Endpoint("GET", f"{ISSUE}/pinned-comments", pinned, "getPinnedComments", DC),
    Endpoint("GET", f"{ISSUE}/subtask", subtasks, "getSubTasks", DC),
]
