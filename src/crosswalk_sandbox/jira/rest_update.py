"""What `update` of a create, an edit or a transition does to the parts of an issue: comments, work logs, links.

Everything is read, and refused where it makes no sense, before anything is changed.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ (createIssue, editIssue, doTransition)
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

from collections.abc import Callable

from crosswalk_sandbox.jira import edit, rest_links, rest_parts
from crosswalk_sandbox.jira.operations import OFF_SCREEN, sections
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Comment, Issue, Json
from crosswalk_sandbox.jira.web import Call

Job = Callable[[Issue], object]
Reader = Callable[[Call, Issue, Json], Job]


def _add_comment(call: Call, issue: Issue, wire: Json) -> Job:
    rest_parts.comment_body(call, issue, wire, "ADD_COMMENTS")
    rest_parts.visibility_of(call, issue, wire)
    return lambda issue: rest_parts.post_comment(call, issue, wire)


def _comment(call: Call, issue: Issue, wire: Json) -> Comment:
    identity = str(wire.get("id"))
    found = next((c for c in issue.comments if c.id == identity and call.view.reads(issue, c)), None)
    if found is None:
        raise field_error("comment", f"Can not find a comment for the id: {identity[:40]}.")
    return found


def _edit_comment(call: Call, issue: Issue, wire: Json) -> Job:
    found = _comment(call, issue, wire)
    rest_parts.comment_body(call, issue, wire, "ADD_COMMENTS")
    rest_parts.check_own(call, issue, found.author, "EDIT_{}_COMMENTS", "edit this comment")
    if "visibility" in wire:
        rest_parts.visibility_of(call, issue, wire)
    return lambda issue: rest_parts.change_comment(call, issue, found, wire)


def _remove_comment(call: Call, issue: Issue, wire: Json) -> Job:
    found = _comment(call, issue, wire)
    rest_parts.check_own(call, issue, found.author, "DELETE_{}_COMMENTS", "delete this comment")
    return lambda issue: rest_parts.drop_comment(call, issue, found)


def _add_work(call: Call, issue: Issue, wire: Json) -> Job:
    rest_parts.read_work(call, issue, wire)
    return lambda issue: rest_parts.log_work(call, issue, wire)


def _add_link(call: Call, issue: Issue, wire: Json) -> Job:
    """One end is named; the other is the issue itself."""
    ends = [name for name in ("inwardIssue", "outwardIssue") if wire.get(name) is not None]
    if len(ends) != 1:
        raise field_error("issuelinks", "Exactly one of inwardIssue and outwardIssue must be given.")  # unconfirmed
    try:
        kind, other = rest_links.type_of(call, wire.get("type")), rest_links.end_of(call, wire[ends[0]])
    except NotThere as missing:
        raise field_error("issuelinks", missing.messages[0]) from missing
    if other.id == issue.id:
        raise field_error("issuelinks", "You cannot link an issue to itself.")
    if not call.may(issue, "LINK_ISSUES"):
        raise field_error("issuelinks", OFF_SCREEN.format("issuelinks"))
    outward = ends[0] == "outwardIssue"
    return lambda issue: rest_links.connect(call, kind, *((issue, other) if outward else (other, issue)))


READERS: dict[tuple[str, str], Reader] = {
    ("comment", "add"): _add_comment,
    ("comment", "edit"): _edit_comment,
    ("comment", "remove"): _remove_comment,
    ("worklog", "add"): _add_work,
    ("issuelinks", "add"): _add_link,
}
PARTS = ("comment", "worklog", "issuelinks")


def take_parts(call: Call, payload: Json, issue: Issue, parts: tuple[str, ...] = PARTS) -> list[Job]:
    """Take the operations on parts out of a request; they are no fields. Raises Refusal for those without sense."""
    update = payload.get("update")
    if not isinstance(update, dict) or not set(parts) & set(update):
        return []
    payload["update"] = {name: wire for name, wire in update.items() if name not in parts}
    return [job for name in parts if name in update for job in _read(call, issue, name, update[name])]


def _read(call: Call, issue: Issue, name: str, operations: object) -> list[Job]:
    out: list[Job] = []
    for operation in operations if isinstance(operations, list) else [None]:
        verb, wire = next(iter(operation.items()), ("", None)) if isinstance(operation, dict) else ("", None)
        read = READERS.get((name, verb))
        if read is None or not isinstance(wire, dict) or not isinstance(operation, dict) or len(operation) != 1:
            known = "', '".join(v for n, v in READERS if n == name)
            message = (
                f"Field with id '{name}' and name '{name}' does not support operation '{str(verb)[:40]}' "
                f"Supported operation(s) are: '{known}'"
            )
            raise Refusal(400, errors={name: message})
        out.append(read(call, issue, wire))
    return out


def draft_of(call: Call, payload: Json) -> Issue:
    """An issue that is not yet there, for asking what its creator may do to it."""
    fields, _ = sections(payload)
    project, kind = edit.place(call.desk, fields)
    now = call.site.now()
    return Issue("", "", project.id, kind.id, project.statuses[0], call.me.key, now, now)
