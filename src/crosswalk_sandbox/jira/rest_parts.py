"""Endpoints for what hangs on an issue: comments, work logs.

Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import accept, edit, hooks, richtext
from crosswalk_sandbox.jira.directory import may_read
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Comment, Issue, Item, Json, Rich, Worklog
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, page

# ---- comments


def comment_of(call: Call, issue: Issue) -> Comment:
    found = next((c for c in issue.comments if c.id == call.params["id"]), None)
    if found is None or not call.view.reads(issue, found):
        raise NotThere(f"Can not find a comment for the id: {call.params['id']}.")
    return found


def comment_body(call: Call, issue: Issue, wire: Json, permission: str) -> Rich:
    """The text of a comment. Raises Refusal with both the permission's and the text's fault, as recorded on Cloud."""
    messages, errors = [], {}
    rich = None
    try:
        if richtext.says_nothing(wire.get("body")):
            raise field_error("comment", "Comment body can not be empty!")
        rich = accept.long_text(call.adf, "comment", wire.get("body"), "Comment body is not valid!")
    except Refusal as refusal:
        messages, errors = refusal.messages, refusal.errors
    if not call.may(issue, permission):
        messages = [f"{call.me.display_name}, you do not have the permission to comment on this issue."]
    if messages or errors or rich is None:
        raise Refusal(400, *messages, errors=errors)
    return rich


def list_comments(call: Call) -> Answer:
    issue = call.issue()
    order = call.query.get("orderBy", "created")
    if order.lstrip("+-") != "created":
        raise Refusal(400, f"The field to order by should be one of [created]. Instead, it was: {order.lstrip('+-')}.")
    seen = [c for c in issue.comments if call.view.reads(issue, c)]
    comments = [call.view.comment(issue, c) for c in (reversed(seen) if order.startswith("-") else seen)]
    start, size, shown = page(call, comments, 5000 if call.cloud else 1048576, 5000 if call.cloud else 1048576)
    return Answer(200, {"startAt": start, "maxResults": size, "total": len(comments), "comments": shown})


def get_comment(call: Call) -> Answer:
    issue = call.issue()
    return Answer(200, call.view.comment(issue, comment_of(call, issue)))


def post_comment(call: Call, issue: Issue, wire: Json) -> Comment:
    """Add a comment and tell about it."""
    body = comment_body(call, issue, wire, "ADD_COMMENTS")
    now = call.site.now()
    visibility = visibility_of(call, issue, wire)
    comment = Comment(call.site.next_id("comment"), call.me.key, call.me.key, body, now, now, visibility)
    issue.remember(call.site.now())
    issue.comments.append(comment)
    issue.updated = now
    call.jira.tell(*hooks.comment_events(call.jira.flavour.name, call.me, issue, comment, "created"))
    return comment


def visibility_of(call: Call, issue: Issue, wire: Json) -> Json | None:
    """To whom a comment or work log is restricted: a group or role that the caller is in. Raises Refusal."""
    given = wire.get("visibility")
    if given is None:
        return None
    if (
        not isinstance(given, dict)
        or given.get("type") not in ("group", "role")
        or not isinstance(given.get("value"), str)
    ):
        raise field_error("commentLevel", "Visibility needs a type (group or role) and a value.")  # wording unconfirmed
    out: Json = {"type": given["type"], "value": given["value"]}
    if not may_read(call.site, call.site.projects[issue.project], out, call.me):
        kind, name = given["type"], given["value"]
        raise field_error("commentLevel", f"You are currently not a member of the {kind}: {name}.")
    return out


def add_comment(call: Call) -> Answer:
    issue = call.issue()
    return Answer(201, call.view.comment(issue, post_comment(call, issue, call.json())))


def check_own(call: Call, issue: Issue, author: str, deed: str, what: str) -> None:
    """Raises Refusal where the caller may do it neither with everybody's parts nor, being the author, with theirs."""
    if not call.may_with(issue, author, deed):
        raise Refusal(400, f"You do not have permission to {what}.")


def put_comment(call: Call) -> Answer:
    issue = call.issue()
    comment = comment_of(call, issue)
    change_comment(call, issue, comment, call.json())
    return Answer(200, call.view.comment(issue, comment))


def change_comment(call: Call, issue: Issue, comment: Comment, wire: Json) -> None:
    """Change a comment and tell about it."""
    body = comment_body(call, issue, wire, "ADD_COMMENTS")
    check_own(call, issue, comment.author, "EDIT_{}_COMMENTS", "edit this comment")
    visibility = visibility_of(call, issue, wire) if "visibility" in wire else comment.visibility
    comment.body, comment.editor, comment.updated = body, call.me.key, call.site.now()
    comment.visibility = visibility
    issue.updated = comment.updated
    call.jira.tell(*hooks.comment_events(call.jira.flavour.name, call.me, issue, comment, "updated"))


def delete_comment(call: Call) -> Answer:
    issue = call.issue()
    comment = comment_of(call, issue)
    check_own(call, issue, comment.author, "DELETE_{}_COMMENTS", "delete this comment")
    drop_comment(call, issue, comment)
    return Answer(204)


def drop_comment(call: Call, issue: Issue, comment: Comment) -> None:
    """Remove a comment and tell about it."""
    issue.comments.remove(comment)
    issue.updated = call.site.now()
    call.jira.tell(*hooks.comment_events(call.jira.flavour.name, call.me, issue, comment, "deleted"))


# ---- work logs


def list_worklogs(call: Call) -> Answer:
    issue = call.issue()
    logs = [call.view.worklog(issue, log) for log in issue.worklogs if call.view.reads(issue, log)]
    start, size, shown = page(call, logs, 5000 if call.cloud else 1048576, 5000 if call.cloud else 1048576)
    return Answer(200, {"startAt": start, "maxResults": size, "total": len(logs), "worklogs": shown})


def get_worklog(call: Call) -> Answer:
    issue = call.issue()
    return Answer(200, call.view.worklog(issue, worklog_of(call, issue)))


def worklog_of(call: Call, issue: Issue) -> Worklog:
    found = next((log for log in issue.worklogs if log.id == call.params["id"]), None)
    if found is None or not call.view.reads(issue, found):
        raise NotThere(f"Cannot find worklog with id: '{call.params['id']}'.")
    return found


def adjusting(call: Call) -> str:
    """How the remaining estimate is to be adjusted. Raises Refusal for what is none of the documented ways."""
    mode = call.query.get("adjustEstimate", "auto")
    if mode not in ("new", "leave", "manual", "auto"):
        raise field_error(
            "adjustEstimate", "The estimate can be adjusted by new, leave, manual or auto."
        )  # unconfirmed
    return mode


def seconds_of(call: Call, wire: Json) -> int:
    spent, seconds = wire.get("timeSpent"), wire.get("timeSpentSeconds")
    if (spent is None) == (seconds is None):
        raise field_error("timeLogged", "You must indicate the time spent working.")
    if spent is not None:
        parsed = call.site.working.read(spent)
        if not parsed:
            raise field_error("timeLogged", "Invalid time duration entered.")
        return parsed
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 60 <= seconds < 10**9:
        raise field_error("timeLogged", "Worklog must not be null.")
    return seconds


def add_worklog(call: Call) -> Answer:
    """Logs work; the remaining estimate shrinks by as much unless `adjustEstimate` is leave, new or manual."""
    issue = call.issue()
    return Answer(201, call.view.worklog(issue, log_work(call, issue, call.json())))


def read_work(call: Call, issue: Issue, wire: Json) -> tuple[Worklog, int | None]:
    """The work a request describes, not yet entered, and the estimate it leaves. Raises Refusal."""
    if not call.may(issue, "WORK_ON_ISSUES"):
        said = "You do not have the permission to associate a worklog to this issue."
        raise Refusal(400 if call.cloud else 403, said)
    seconds = seconds_of(call, wire)
    now = call.site.now()
    started = accept.moment("started", wire["started"]) if wire.get("started") else now
    text = accept.long_text(call.adf, "comment", wire["comment"]) if wire.get("comment") else None
    left = _estimate(call, issue, seconds)
    visibility = visibility_of(call, issue, wire)
    return Worklog("", call.me.key, call.me.key, text, started, seconds, now, now, visibility), left


def log_work(call: Call, issue: Issue, wire: Json) -> Worklog:
    """Enter work and tell about it."""
    log, left = read_work(call, issue, wire)
    log.id, seconds = call.site.next_id("worklog"), log.seconds
    issue.remember(call.site.now())
    issue.worklogs.append(log)
    before, before_left = issue.spent, issue.values.get("timeestimate")
    issue.spent += seconds
    was = str(before) if before else None
    items = [
        Item("timespent", "timespent", was, was, str(issue.spent), str(issue.spent)),
        Item("WorklogId", "WorklogId", None, None, log.id, log.id),
    ]
    if left != before_left:
        old = None if before_left is None else str(before_left)
        items.append(Item("timeestimate", "timeestimate", old, old, str(left), str(left)))
    issue.values["timeestimate"] = left
    change = edit.record(call.desk, issue, items)
    call.jira.tell(*hooks.worklog_events(call.jira.flavour.name, call.me, issue, log, change, "created"))
    return log


def _estimate(call: Call, issue: Issue, seconds: int) -> int | None:
    """The remaining estimate after work was logged."""
    mode = adjusting(call)
    held = issue.values.get("timeestimate")
    left = held if isinstance(held, int) else None
    if mode == "leave":
        return left
    name = {"new": "newEstimate", "manual": "reduceBy"}.get(mode)
    if name is not None:
        given = call.site.working.read(call.query.get(name))
        if given is None:
            raise field_error(name, f"You must supply a valid {name}.")  # wording unconfirmed
        return given if mode == "new" else max(0, (left or 0) - given)
    return max(0, (left or 0) - seconds)


def _given_back(call: Call, issue: Issue, seconds: int) -> int | None:
    """The remaining estimate after logged work was taken back: it grows by as much unless `adjustEstimate` is leave,
    new or manual."""
    mode = adjusting(call)
    held = issue.values.get("timeestimate")
    left = held if isinstance(held, int) else None
    if mode == "leave":
        return left
    name = {"new": "newEstimate", "manual": "increaseBy"}.get(mode)
    if name is not None:
        given = call.site.working.read(call.query.get(name))
        if given is None:
            raise field_error(name, f"You must supply a valid {name}.")  # wording unconfirmed
        return given if mode == "new" else (left or 0) + given
    return left if left is None else left + seconds


def delete_worklog(call: Call) -> Answer:
    issue = call.issue()
    log = worklog_of(call, issue)
    if not call.may(issue, "WORK_ON_ISSUES") or not call.may_with(issue, log.author, "DELETE_{}_WORKLOGS"):
        raise Refusal(400 if call.cloud else 403, "You do not have permission to delete this worklog.")
    left, before_left = _given_back(call, issue, log.seconds), issue.values.get("timeestimate")
    issue.worklogs.remove(log)
    issue.values["timeestimate"] = left
    before, issue.spent = issue.spent, issue.spent - log.seconds
    items = [Item("timespent", "timespent", str(before), str(before), str(issue.spent), str(issue.spent)),
             Item("WorklogId", "WorklogId", log.id, log.id, None, None)]  # fmt: skip
    if left != before_left:
        old = None if before_left is None else str(before_left)
        items.append(Item("timeestimate", "timeestimate", old, old, str(left), str(left)))
    change = edit.record(call.desk, issue, items)
    call.jira.tell(*hooks.worklog_events(call.jira.flavour.name, call.me, issue, log, change, "deleted"))
    return Answer(204)


ISSUE = "api/X/issue/{issueIdOrKey}"
ENDPOINTS = [
    Endpoint("GET", f"{ISSUE}/comment", list_comments, "getComments"),
    Endpoint("POST", f"{ISSUE}/comment", add_comment, "addComment", per_issue=True),
    Endpoint("GET", f"{ISSUE}/comment/{{id}}", get_comment, "getComment"),
    Endpoint("PUT", f"{ISSUE}/comment/{{id}}", put_comment, "updateComment", per_issue=True),
    Endpoint("DELETE", f"{ISSUE}/comment/{{id}}", delete_comment, "deleteComment", per_issue=True),
    Endpoint("GET", f"{ISSUE}/worklog", list_worklogs, "getIssueWorklog"),
    Endpoint("POST", f"{ISSUE}/worklog", add_worklog, "addWorklog", per_issue=True),
    Endpoint("GET", f"{ISSUE}/worklog/{{id}}", get_worklog, "getWorklog"),
    Endpoint("DELETE", f"{ISSUE}/worklog/{{id}}", delete_worklog, "deleteWorklog", per_issue=True),
]
