"""Builds the requests about records of Jira: issues, versions, links. Pure: sends nothing, knows no clock.

`api` is the flavour's base path, "/rest/api/3" or "/rest/api/2". Shapes follow the OpenAPI documents of Jira Cloud
(https://developer.atlassian.com/cloud/jira/platform/rest/v3/) and of Data Center
(https://developer.atlassian.com/server/jira/platform/rest/). What only one flavour has: cloud.py, datacenter.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from crosswalk.remote.request import File, Request

Json: TypeAlias = Any
"""Parsed JSON of a server: its shape is checked where it is read."""

PROPERTY = "crosswalk"
"""The issue property that carries a create's token, so that a lost answer can be looked up."""

BULK_CREATE = 50
"""Issues in one bulk create (Jira Cloud REST v3, operation createIssues)."""

LINK_TYPE = "Relates"


def part(text: str) -> str:
    """An id or a key as one part of a path, whatever somebody typed."""
    return quote(text, safe="")


def server_info() -> Request:
    """What answers there; needs no sign-in. v2 exists on every flavour."""
    return Request("GET", "/rest/api/2/serverInfo", about="what server this is")


def myself(api: str) -> Request:
    """Who is signed in. Searches run anonymously when nobody is; this one refuses."""
    return Request("GET", f"{api}/myself", about="who is signed in")


def issue(api: str, issue_id: str, fields: Iterable[str], query: tuple[tuple[str, str], ...] = ()) -> Request:
    """One issue by id or key."""
    wanted = (("fields", ",".join(sorted(fields))), *query)
    return Request("GET", f"{api}/issue/{part(issue_id)}", query=wanted, about="read an issue")


def issue_body(
    fields: Mapping[str, Json],
    update: Mapping[str, Sequence[Json]] | None = None,
    properties: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """The body of a create or an edit: values to set, operations, issue properties. A field is in one of them only."""
    body: dict[str, Json] = {"fields": dict(fields)}
    if update:
        body["update"] = {name: list(operations) for name, operations in update.items()}
    if properties:
        body["properties"] = [{"key": key, "value": value} for key, value in properties.items()]
    return body


def create_issue(api: str, body: Mapping[str, Json]) -> Request:
    """Make one issue. Answers 201 `{id, key, self}`."""
    return Request("POST", f"{api}/issue", body=dict(body), repeatable=False, about="make an issue")


def create_issues(api: str, bodies: Sequence[Mapping[str, Json]]) -> Request:
    """Make up to 50 issues. Answers 201 `{issues, errors}` when any was made."""
    body = {"issueUpdates": [dict(body) for body in bodies]}
    return Request("POST", f"{api}/issue/bulk", body=body, repeatable=False, about=f"make {len(bodies)} issues")


def update_issue(api: str, issue_id: str, body: Mapping[str, Json], query: tuple[tuple[str, str], ...] = ()) -> Request:
    """Change fields of an issue. Answers 204, or 200 and the issue with `returnIssue=true` (Cloud)."""
    return Request("PUT", f"{api}/issue/{part(issue_id)}", query=query, body=dict(body), about="change an issue")


def remove_issue(api: str, issue_id: str) -> Request:
    """Delete an issue. Answers 204; 400 while it has sub-tasks, which are never taken along (`deleteSubtasks`)."""
    return Request("DELETE", f"{api}/issue/{part(issue_id)}", about="delete an issue")


def transitions(api: str, issue_id: str) -> Request:
    """The ways out of an issue's status, with their screens. None at all may also mean a lack of rights."""
    query = (("expand", "transitions.fields"),)
    return Request(
        "GET", f"{api}/issue/{part(issue_id)}/transitions", query=query, about="read the ways out of a status"
    )


def move_issue(api: str, issue_id: str, transition_id: str, fields: Mapping[str, Json] | None = None) -> Request:
    """Move an issue along a transition. Not repeatable: the same transition may lead on from the new status."""
    body: dict[str, Json] = {"transition": {"id": transition_id}}
    if fields:
        body["fields"] = dict(fields)
    return Request(
        "POST", f"{api}/issue/{part(issue_id)}/transitions", body=body, repeatable=False, about="move an issue"
    )


def issue_property(api: str, issue_id: str, key: str = PROPERTY) -> Request:
    """One property of an issue: `{key, value}`, or 404."""
    return Request("GET", f"{api}/issue/{part(issue_id)}/properties/{part(key)}", about="read an issue's property")


def put_issue_property(api: str, issue_id: str, value: Json, key: str = PROPERTY) -> Request:
    """Set a property of an issue; at most 32,768 characters of JSON."""
    return Request(
        "PUT", f"{api}/issue/{part(issue_id)}/properties/{part(key)}", body=value, about="write an issue's property"
    )


def remote_links(api: str, issue_id: str) -> Request:
    """Links of an issue to pages elsewhere."""
    return Request("GET", f"{api}/issue/{part(issue_id)}/remotelink", about="read an issue's remote links")


def put_remote_link(api: str, issue_id: str, global_id: str, url: str, title: str) -> Request:
    """Make or replace the link with `global_id`: repeating it changes nothing."""
    body = {
        "globalId": global_id,
        "application": {"type": "io.aha", "name": "Aha!"},
        "relationship": "planned in",
        "object": {"url": url, "title": title[:255]},
    }
    return Request(
        "POST", f"{api}/issue/{part(issue_id)}/remotelink", body=body, about="show the Aha! record on an issue"
    )


def link_issues(api: str, source_id: str, target_id: str, type_name: str = LINK_TYPE) -> Request:
    """Link two issues: the source "relates to" the target. A link that is there already stays as it is."""
    body = {"type": {"name": type_name}, "inwardIssue": {"id": source_id}, "outwardIssue": {"id": target_id}}
    return Request("POST", f"{api}/issueLink", body=body, about="link two issues")


def worklogs(api: str, issue_id: str, start: int) -> Request:
    """The work logged on an issue from the entry `start`: `{worklogs, total}`. Data Center sends all at once."""
    query = (("startAt", str(start)),) if start else ()
    return Request("GET", f"{api}/issue/{part(issue_id)}/worklog", query=query, about="read an issue's worklogs")


def add_worklog(api: str, issue_id: str, seconds: int, day: str, offset: str = "+0000") -> Request:
    """Log work on an issue, at noon where clocks have this offset from UTC. Answers 201 and the worklog."""
    body = {"timeSpentSeconds": seconds, "started": f"{day}T12:00:00.000{offset}"}
    path, query = f"{api}/issue/{part(issue_id)}/worklog", (("adjustEstimate", "leave"),)
    return Request("POST", path, query=query, body=body, repeatable=False, about="log work on an issue")


def remove_worklog(api: str, issue_id: str, worklog_id: str) -> Request:
    """Take a worklog back. Answers 204."""
    path = f"{api}/issue/{part(issue_id)}/worklog/{part(worklog_id)}"
    return Request("DELETE", path, query=(("adjustEstimate", "leave"),), about="take a worklog back")


def link_by_type(api: str, type_id: str, source_id: str, target_id: str) -> Request:
    """Link two issues by a type's id; answers 201 without a body. The inward issue is the source (operation linkIssues,
    whose document does not say so: what Jira shows on the inward issue is the type's outward words).

    Repeatable: a link that is there stays as it is. After a lost answer it is sent again at once, since waiting for the
    next run would only leave people more time to take away a link of which nobody knows whether it landed.
    """
    body = {"type": {"id": type_id}, "inwardIssue": {"id": source_id}, "outwardIssue": {"id": target_id}}
    return Request("POST", f"{api}/issueLink", body=body, about="link two issues")


def remove_link(api: str, link_id: str) -> Request:
    """Delete a link between issues. Answers 204, or 200 and nothing."""
    return Request("DELETE", f"{api}/issueLink/{part(link_id)}", about="delete a link")


def versions(api: str, project: str) -> Request:
    """All versions of a project, in their order."""
    return Request("GET", f"{api}/project/{part(project)}/versions", about="read the versions of a project")


def version(api: str, version_id: str) -> Request:
    """One version."""
    return Request("GET", f"{api}/version/{part(version_id)}", about="read a version")


def create_version(api: str, project: str, fields: Mapping[str, Json]) -> Request:
    """Make a version. A name that is taken (case does not matter) is refused with 400."""
    body = {**fields, "projectId": int(project)}
    return Request("POST", f"{api}/version", body=body, repeatable=False, about="make a version")


def update_version(api: str, version_id: str, fields: Mapping[str, Json]) -> Request:
    """Change a version. Answers the version."""
    return Request("PUT", f"{api}/version/{part(version_id)}", body=dict(fields), about="change a version")


def comments(api: str, issue_id: str, start: int) -> Request:
    """A page of an issue's comments, oldest first: `{comments, total, startAt, maxResults}`."""
    query = (("startAt", str(start)), ("maxResults", "100"), ("orderBy", "created"))
    return Request("GET", f"{api}/issue/{part(issue_id)}/comment", query=query, about="read an issue's comments")


def add_comment(api: str, issue_id: str, body: Json) -> Request:
    """Comment on an issue. Answers 201 and the comment."""
    path = f"{api}/issue/{part(issue_id)}/comment"
    return Request("POST", path, body={"body": body}, repeatable=False, about="comment on an issue")


def change_comment(api: str, issue_id: str, comment_id: str, body: Json) -> Request:
    """Change a comment. Answers the comment. One's own needs “Edit own comments”, others' “Edit all comments”."""
    path = f"{api}/issue/{part(issue_id)}/comment/{part(comment_id)}"
    return Request("PUT", path, body={"body": body}, about="change a comment")


def remove_comment(api: str, issue_id: str, comment_id: str) -> Request:
    """Delete a comment. Answers 204."""
    path = f"{api}/issue/{part(issue_id)}/comment/{part(comment_id)}"
    return Request("DELETE", path, about="delete a comment")


def attachment_meta(api: str) -> Request:
    """Whether files may be attached, and how large: `{enabled, uploadLimit}`."""
    return Request("GET", f"{api}/attachment/meta", about="read the limit of attachments")


def attachments(api: str, issue_id: str) -> Request:
    """An issue's files, in its field."""
    return issue(api, issue_id, ["attachment"])


def add_attachment(api: str, issue_id: str, file: File) -> Request:
    """Attach one file. Answers 200 and a list of one. Without the header Jira answers “XSRF check failed”."""
    path = f"{api}/issue/{part(issue_id)}/attachments"
    headers = {"X-Atlassian-Token": "no-check"}
    return Request("POST", path, files=(file,), headers=headers, repeatable=False, about="attach a file")


def remove_attachment(api: str, attachment_id: str) -> Request:
    """Delete a file. Answers 204."""
    return Request("DELETE", f"{api}/attachment/{part(attachment_id)}", about="delete a file")


def attachment_content(api: str, attachment_id: str) -> Request:
    """Cloud: answers 303; the address behind it names the file's media id, which no other answer does.

    Operation getAttachmentContent. Should it answer with the file itself, one byte is enough.
    """
    path = f"{api}/attachment/content/{part(attachment_id)}"
    return Request("GET", path, headers={"Range": "bytes=0-0"}, about="ask for a file's media id")


def fetch_attachment(api: str, attachment_id: str) -> Request:
    """What a download is called in the log and in errors; where it lies differs by flavour."""
    return Request("GET", f"{api}/attachment/{part(attachment_id)}", about="fetch a file")
