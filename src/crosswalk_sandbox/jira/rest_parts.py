"""Endpoints for what hangs on an issue: comments, work logs, attachments.

Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-attachment/
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from crosswalk_sandbox.jira import accept, edit, hooks, ranges, richtext
from crosswalk_sandbox.jira.directory import may_read
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Attachment, Comment, Issue, Item, Json, Rich, Worklog
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
        messages = ["You do not have the permission to comment on this issue."]
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


def check_own(call: Call, issue: Issue, author: str, permission: str, what: str) -> None:
    """Raises Refusal where the part is another's and the caller has no permission for those."""
    if author != call.me.key and not call.may(issue, permission):
        raise Refusal(400, f"You do not have permission to {what}.")


def put_comment(call: Call) -> Answer:
    issue = call.issue()
    comment = comment_of(call, issue)
    change_comment(call, issue, comment, call.json())
    return Answer(200, call.view.comment(issue, comment))


def change_comment(call: Call, issue: Issue, comment: Comment, wire: Json) -> None:
    """Change a comment and tell about it."""
    body = comment_body(call, issue, wire, "ADD_COMMENTS")
    check_own(call, issue, comment.author, "EDIT_ALL_COMMENTS", "edit this comment")
    visibility = visibility_of(call, issue, wire) if "visibility" in wire else comment.visibility
    comment.body, comment.editor, comment.updated = body, call.me.key, call.site.now()
    comment.visibility = visibility
    issue.updated = comment.updated
    call.jira.tell(*hooks.comment_events(call.jira.flavour.name, call.me, issue, comment, "updated"))


def delete_comment(call: Call) -> Answer:
    issue = call.issue()
    comment = comment_of(call, issue)
    check_own(call, issue, comment.author, "DELETE_ALL_COMMENTS", "delete this comment")
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
    mode = call.query.get("adjustEstimate", "auto")
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
    mode = call.query.get("adjustEstimate", "auto")
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
    if not call.may(issue, "WORK_ON_ISSUES") or (
        log.author != call.me.key and not call.may(issue, "DELETE_ALL_WORKLOGS")
    ):
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


# ---- attachments


def add_attachments(call: Call) -> Answer:
    """Multipart part `file`, with `X-Atlassian-Token: no-check`; at most 60 files. Too large is 413 on Cloud, 404 on
    Data Center."""
    issue = call.issue()
    if call.headers.get("x-atlassian-token", "").lower() not in ("no-check", "nocheck"):
        raise Refusal(403, "XSRF check failed")
    if not call.may(issue, "CREATE_ATTACHMENTS"):
        raise Refusal(403, "You do not have permission to create attachments for this issue.")
    if len(call.files) > 60:
        raise Refusal(413, "The number of files to attach exceeds the limit of 60.")
    if any(len(upload.data) > call.site.upload_limit for upload in call.files):
        status = 413 if call.cloud else 404
        raise Refusal(status, f"The file exceeds its maximum permitted size of {call.site.upload_limit} bytes.")
    if not call.files:
        raise Refusal(400, "No file was uploaded.")
    files = []
    for upload in call.files:
        name = upload.filename.replace("\\", "/").rpartition("/")[2] or "file"
        identity = call.site.next_id("attachment")
        data = upload.data[: round(len(upload.data) * call.site.upload_kept)]
        files.append(Attachment(identity, issue.id, name, upload.media, data, call.me.key, call.site.now()))
    issue.remember(call.site.now())
    items = [Item("Attachment", "attachment", None, None, file.id, file.filename) for file in files]
    for file in files:
        call.site.attachments[file.id] = file
        issue.attachments.append(file.id)
    change = edit.record(call.desk, issue, items)
    call.jira.tell(
        hooks.issue_updated(call.me, issue, change), *(hooks.attachment_event(issue, file, "created") for file in files)
    )
    return Answer(200, [call.view.attachment(file) for file in files])


def attachment_of(call: Call) -> Attachment:
    found = call.site.attachments.get(call.params["id"])
    issue = call.site.issues.get(found.issue) if found else None
    if found is None or issue is None or not call.may(issue, "BROWSE_PROJECTS"):
        raise NotThere(f"The attachment with id '{call.params['id']}' does not exist")
    return found


def get_attachment(call: Call) -> Answer:
    found = attachment_of(call)
    out = call.view.attachment(found)
    return Answer(200, {**out, "id": int(found.id)} if call.cloud else out)


def get_content(call: Call) -> Answer:
    """Cloud: 303 to a media address unless `redirect=false`."""
    found = attachment_of(call)
    if call.flag("redirect", True):
        media, key = call.jira.media_id(found.id), call.jira.media_key(found.id)
        location = f"{call.root}/rest/media/file/{media}/binary?token={key}&dl=true&name={quote(found.filename)}"
        return Answer(303, None, {"Location": location}, media="text/html;charset=UTF-8")
    return _part(call, found)


def get_media(call: Call) -> Answer:
    """The media host: no credential, the address itself is the right to read."""
    named = (one for one in call.site.attachments.values() if call.jira.media_id(one.id) == call.params["id"])
    found = next(named, None)
    if found is None or call.query.get("token") != call.jira.media_key(found.id):
        raise NotThere("Not found")
    return _part(call, found)


def _part(call: Call, found: Attachment) -> Answer:
    """The file, or the part of it that a `Range` header asks for. Raises Refusal; its words are unconfirmed."""
    size, answer = len(found.data), _file(found)
    try:
        asked = ranges.part(call.headers.get("range", ""), size)
    except ranges.Malformed as error:
        raise Refusal(400, "The range is malformed.") from error
    except ranges.Beyond as error:
        raise Refusal(416, "The range is not satisfiable.") from error
    if asked is None:
        return answer
    headers = {**answer.headers, "Content-Range": f"bytes {asked[0]}-{asked[1] - 1}/{size}"}
    return replace(answer, status=206, body=found.data[asked[0] : asked[1]], headers=headers)


def _file(found: Attachment) -> Answer:
    # A control character in a header would end the connection.
    printable = "".join(c if 32 <= ord(c) < 127 else "?" for c in found.filename).replace('"', "'")
    media = found.media if all(32 <= ord(c) < 127 for c in found.media) else "application/octet-stream"
    return Answer(200, found.data, {"Content-Disposition": f'attachment; filename="{printable}"'}, media)


def delete_attachment(call: Call) -> Answer:
    found = attachment_of(call)
    issue = call.site.issues[found.issue]
    if found.author != call.me.key and not call.may(issue, "DELETE_ALL_ATTACHMENTS"):
        raise Refusal(403, "You do not have permission to delete this attachment.")
    issue.attachments.remove(found.id)
    del call.site.attachments[found.id]
    change = edit.record(call.desk, issue, [Item("Attachment", "attachment", found.id, found.filename, None, None)])
    call.jira.tell(hooks.issue_updated(call.me, issue, change), hooks.attachment_event(issue, found, "deleted"))
    return Answer(204)


def attachment_meta(call: Call) -> Answer:
    return Answer(200, {"enabled": True, "uploadLimit": call.site.upload_limit})


CLOUD = ("cloud",)
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
    Endpoint("POST", f"{ISSUE}/attachments", add_attachments, "addAttachment", per_issue=True),
    Endpoint("GET", "api/X/attachment/meta", attachment_meta, "getAttachmentMeta"),
    Endpoint("GET", "api/X/attachment/{id}", get_attachment, "getAttachment"),
    Endpoint("DELETE", "api/X/attachment/{id}", delete_attachment, "removeAttachment"),
    Endpoint("GET", "api/X/attachment/content/{id}", get_content, "getAttachmentContent", CLOUD),
    Endpoint("GET", "media/file/{id}/binary", get_media, "(media host)", CLOUD, anonymous=True),
    Endpoint("GET", "secure/attachment/{id}/{filename}", lambda call: _file(attachment_of(call)), "(download)"),
]
