"""Endpoints for the files of issues.

Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-attachment/
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from crosswalk_sandbox.jira import edit, hooks, ranges
from crosswalk_sandbox.jira.attached import pictured
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Attachment, Item
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint


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


def get_thumbnail(call: Call) -> Answer:
    """Cloud: as the content. Nothing is scaled; what is no picture has no thumbnail."""
    if call.params["id"] in call.site.attachments and not pictured(attachment_of(call)):
        raise NotThere(f"The attachment with id '{call.params['id']}' has no thumbnail")  # wording unconfirmed
    for name in ("width", "height"):
        call.number(name, 0)
    return get_content(call)


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
    named = f'attachment; filename="{printable}"'
    if not found.filename.isascii():
        named += f"; filename*=UTF-8''{quote(found.filename, safe='')}"
    return Answer(200, found.data, {"Content-Disposition": named}, media)


def delete_attachment(call: Call) -> Answer:
    found = attachment_of(call)
    issue = call.site.issues[found.issue]
    if not call.may_with(issue, found.author, "DELETE_{}_ATTACHMENTS"):
        raise Refusal(403, "You do not have permission to delete this attachment.")
    issue.attachments.remove(found.id)
    del call.site.attachments[found.id]
    change = edit.record(call.desk, issue, [Item("Attachment", "attachment", found.id, found.filename, None, None)])
    call.jira.tell(hooks.issue_updated(call.me, issue, change), hooks.attachment_event(issue, found, "deleted"))
    return Answer(204)


def attachment_meta(call: Call) -> Answer:
    return Answer(200, {"enabled": True, "uploadLimit": call.site.upload_limit})


CLOUD, DC = ("cloud",), ("dc",)
ISSUE = "api/X/issue/{issueIdOrKey}"
ENDPOINTS = [
    Endpoint("POST", f"{ISSUE}/attachments", add_attachments, "addAttachment", per_issue=True),
    Endpoint("GET", "api/X/attachment/meta", attachment_meta, "getAttachmentMeta"),
    Endpoint("GET", "api/X/attachment/{id}", get_attachment, "getAttachment"),
    Endpoint("DELETE", "api/X/attachment/{id}", delete_attachment, "removeAttachment"),
    Endpoint("GET", "api/X/attachment/content/{id}", get_content, "getAttachmentContent", CLOUD),
    Endpoint("GET", "media/file/{id}/binary", get_media, "(media host)", CLOUD),
    Endpoint("GET", "secure/attachment/{id}/{filename}", lambda call: _file(attachment_of(call)), "(download)"),
    Endpoint("GET", "api/X/attachment/thumbnail/{id}", get_thumbnail, "getAttachmentThumbnail", CLOUD),
    Endpoint("GET", "secure/thumbnail/{id}/{filename}", lambda call: _file(attachment_of(call)), "(thumbnail)", DC),
]
