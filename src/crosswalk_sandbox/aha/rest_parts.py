"""Endpoints for what hangs on records: comments, attachments, record links.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/comments
https://www.aha.io/api/resources/record_links
https://www.aha.io/api/resources/attachments
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from crosswalk_sandbox.aha import actions, values
from crosswalk_sandbox.aha.call import NOTHING, Call, Endpoint, File, Table
from crosswalk_sandbox.aha.customs import api_type
from crosswalk_sandbox.aha.refusals import Bad, Duplicate, Invalid, Missing, TooLarge
from crosswalk_sandbox.aha.show import LINK_TYPES, PLURAL
from crosswalk_sandbox.aha.state import (
    Attachment,
    Comment,
    CustomValue,
    Kind,
    Note,
    Record,
    RecordLink,
)

# ---- comments ------------------------------------------------------------------------------------------


def list_comments(kind: Kind) -> Endpoint:
    """GET the comments of a record, oldest first."""
    return lambda call: call.page("comments", call.record(kind).comments, call.show.comment)


def create_comment(kind: Kind) -> Endpoint:
    """POST a comment to a record; its author is the key's user."""

    def endpoint(call: Call) -> object:
        record, given = call.record(kind), call.given("comment")
        made = actions.comment(call.account, call.user, record, given.get("body"))
        return {"comment": call.show.comment(made)}

    return endpoint


def _comment(call: Call) -> Comment:
    found = call.account.comments.get(call.args["id"])
    if found is None:
        raise Missing
    return found


def read_comment(call: Call) -> object:
    """GET a comment."""
    return {"comment": call.show.comment(_comment(call))}


def change_comment(call: Call) -> object:
    """PUT a comment."""
    found, given = _comment(call), call.given("comment")
    return {"comment": call.show.comment(actions.edit_comment(call.account, call.user, found, given.get("body")))}


def delete_comment(call: Call) -> object:
    """DELETE a comment."""
    actions.delete_comment(call.account, call.user, _comment(call))
    return NOTHING


def product_comments(call: Call) -> object:
    """GET every comment in a workspace."""
    product = call.product()
    found = [comment for comment in call.account.comments.values() if comment.record.product is product]
    return call.page("comments", found, call.show.comment)


# ---- attachments ---------------------------------------------------------------------------------------


def attach_to_note(call: Call) -> object:
    """POST a file to a description; the id is that of the note."""
    note = call.account.notes.get(call.args["id"])
    if note is None:
        raise Missing
    return _attach(call, note)


def attach_to_task(call: Call) -> object:
    """POST a file to a to-do."""
    return _attach(call, call.record("task"))


def attach_to_custom(kind: str) -> Endpoint:
    """POST a file to the value of a custom note or attachment field; the id is that of the value."""

    def endpoint(call: Call) -> object:
        found = call.account.custom_values.get(call.args["id"])
        if found is None or api_type(found.definition) != kind:
            raise Missing
        return _attach(call, found)

    return endpoint


def attach_to_comment(call: Call) -> object:
    """POST a file to a comment."""
    return _attach(call, _comment(call))


def _attach(call: Call, holder: Note | Comment | CustomValue | Record) -> object:
    upload, url = _upload(call)
    digest = hashlib.sha256(upload.data).digest()
    for present in holder.attachments:
        same = present.url == url if url else hashlib.sha256(present.data).digest() == digest
        if same and present.file_name == upload.name:
            link = f"{call.show.download(present)}?size=original"
            raise Duplicate(present.id, link)
    number = call.account.new_id()
    token = hashlib.sha256(f"token {number}".encode()).hexdigest()[:24]
    made = Attachment(number, upload.name, upload.content_type, upload.data, token, call.account.now(), holder, url)
    holder.attachments.append(made)
    call.account.attachments[made.id] = made
    return {"attachment": call.show.attachment(made)}


def _upload(call: Call) -> tuple[File, str]:
    """The uploaded file, or the name and address of one that lies elsewhere. Raises Bad, Invalid or TooLarge."""
    upload, settings = call.files.get("attachment[data]"), call.account.settings
    if upload is not None:
        if len(upload.data) <= settings.upload_limit:
            return replace(upload, data=upload.data[: round(len(upload.data) * settings.upload_kept)]), ""
        if settings.upload_answer == "page":
            raise TooLarge("The file is too large")
        raise Invalid(f"Data file size must be less than or equal to {settings.upload_limit} bytes")
    given = call.body.get("attachment")
    if not isinstance(given, dict) or not isinstance(given.get("file_url"), str):
        raise Bad("param is missing or the value is empty: attachment")
    url = values.text(given["file_url"], "File url")
    if not url.startswith(("http://", "https://")):
        raise Invalid("File url is not an address")
    name = values.text(given.get("file_name"), "File name") or url.rsplit("/", 1)[-1] or "file"
    content_type = values.text(given.get("content_type"), "Content type") or "application/octet-stream"
    return File(name, content_type, b""), url


def delete_attachment(call: Call) -> object:
    """DELETE a file."""
    found = call.account.attachments.pop(call.args["id"], None)
    if found is None:
        raise Missing
    found.holder.attachments.remove(found)
    return NOTHING


# ---- record links --------------------------------------------------------------------------------------


def list_links(kind: Kind) -> Endpoint:
    """GET the links of a record: those it is the parent of, and with `parent_and_child_links` the others too."""

    def endpoint(call: Call) -> object:
        record, links = call.record(kind), call.account.links.values()
        shown = [call.show.link(link, parent=True) for link in links if link.parent is record]
        if call.query.get("parent_and_child_links") == "true":
            shown += [call.show.link(link, parent=False) for link in links if link.child is record]
        return {"record_links": shown}

    return endpoint


def create_link(kind: Kind) -> Endpoint:
    """POST a link to another Aha! record; answers 204."""

    def endpoint(call: Call) -> object:
        record, given = call.record(kind), call.given("record_link")
        other_kind = given.get("record_type")
        # https://www.aha.io/api/resources/record_links/create_a_record_link; the stand-in has no ideas.
        if other_kind not in ("feature", "release", "epic", "initiative", "goal", "release_phase", "page"):
            raise Invalid("Record type is not valid")
        other = call.account.find(other_kind, values.text(given.get("record_id"), "Record"))
        if other is None or other is record:
            raise Invalid("Record does not exist")
        number = values.number(given.get("link_type", 10), "Link type")
        if number not in LINK_TYPES:
            raise Invalid("Link type is not valid")
        actions.link(call.account, call.user, record, other, int(number))
        return NOTHING

    return endpoint


def _link(call: Call) -> RecordLink:
    found = call.account.links.get(call.args["id"])
    if found is None:
        raise Missing
    return found


def read_link(call: Call) -> object:
    """GET a link."""
    return {"record_link": call.show.link(_link(call), parent=True)}


def delete_link(call: Call) -> object:
    """DELETE a link."""
    actions.unlink(call.account, call.user, _link(call))
    return NOTHING


# https://www.aha.io/api/resources/record_links lists every kind but these.
UNLINKED = ("requirement", "key_result", "task")


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    for kind, plural in PLURAL.items():
        if kind != "key_result":
            table.add(f"GET /{plural}/{{id}}/comments", list_comments(kind))
            table.add(f"POST /{plural}/{{id}}/comments", create_comment(kind))
        if kind not in UNLINKED:
            table.add(f"GET /{plural}/{{id}}/record_links", list_links(kind))
            table.add(f"POST /{plural}/{{id}}/record_links", create_link(kind))
    table.add("GET /comments/{id}", read_comment)
    table.add("PUT /comments/{id}", change_comment)
    table.add("DELETE /comments/{id}", delete_comment)
    table.add("GET /products/{product}/comments", product_comments)
    table.add("POST /notes/{id}/attachments", attach_to_note)
    table.add("POST /comments/{id}/attachments", attach_to_comment)
    table.add("POST /tasks/{id}/attachments", attach_to_task)
    table.add("POST /custom_fields/{id}/attachments", attach_to_custom("note"))
    table.add("POST /custom_field_values/{id}/attachments", attach_to_custom("attachment"))
    table.add("DELETE /attachments/{id}", delete_attachment)
    table.add("GET /record_links/{id}", read_link)
    table.add("DELETE /record_links/{id}", delete_link)
