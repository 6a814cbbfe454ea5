"""Builds the requests to Aha!'s REST API v1 and turns its pages. Pure: sends nothing, knows no clock.

Paths and bodies follow https://www.aha.io/api and the OpenAPI document at https://www.aha.io/openapi.json. An id in a
path may be a number or a reference number ("PRJ-12"). What Aha! answers when it refuses is in wire_errors.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import quote

from crosswalk.errors import a_or_an
from crosswalk.remote.request import File, Request

Json: TypeAlias = Any
"""Parsed JSON of a server: its shape is checked where it is read."""

API = "/api/v1"
PAGE = 200
"""The most records on one page; 30 unless asked for."""

PLURAL: Mapping[str, str] = {
    "feature": "features",
    "requirement": "requirements",
    "release": "releases",
    "epic": "epics",
    "initiative": "initiatives",
}
KINDS = tuple(PLURAL)


def me() -> Request:
    """Whose key this is: `{user: {id, name, email, product_roles, ...}}`."""
    return Request("GET", f"{API}/me", about="whose key this is")


def users(email: str) -> Request:
    """The users with an e-mail address: `{users, pagination}`."""
    return Request("GET", f"{API}/users", query=(("email", email),), about="find a person")


def user(user_id: str) -> Request:
    """One user by id: `{user: {id, name, email, ...}}`."""
    return Request("GET", f"{API}/users/{_part(user_id)}", about="find a person")


def products(page: int = 1) -> Request:
    """A page of the workspaces the key may see: `{products, pagination}`."""
    return Request("GET", f"{API}/products", query=_paged(page, PAGE), about="list workspaces")


def product(workspace: str) -> Request:
    """One workspace: `{product}`."""
    return Request("GET", f"{API}/products/{_part(workspace)}", about="read a workspace")


def workspace_users(workspace: str, page: int = 1) -> Request:
    """The people of a workspace: `{project_users: [{role, user}]}`."""
    path = f"{API}/products/{_part(workspace)}/users"
    return Request("GET", path, query=_paged(page, PAGE), about="list the people of a workspace")


def workflows(workspace: str) -> Request:
    """The workflows of a workspace with their statuses, not paged: `{workflows}`."""
    return Request("GET", f"{API}/products/{_part(workspace)}/workflows", about="read the workflows")


def custom_field_definitions() -> Request:
    """All custom fields of the account, not paged: `{custom_field_definitions}`."""
    return Request("GET", f"{API}/custom_field_definitions", about="read the custom fields")


def custom_field_options(definition_id: str) -> Request:
    """What may be chosen in a custom field, not paged: `{options}`."""
    path = f"{API}/custom_field_definitions/{_part(definition_id)}/options"
    return Request("GET", path, about="read the options of a custom field")


def create_option(definition_id: str, value: str) -> Request:
    """Add an option to a custom field. Needs an administrator's key."""
    path = f"{API}/custom_field_definitions/{_part(definition_id)}/custom_field_options"
    body = {"custom_field_option": {"value": value}}
    return Request("POST", path, body=body, repeatable=False, about=f"add the option {value}")


def integrations(workspace: str, page: int = 1) -> Request:
    """The integrations of a workspace: `{integrations}`."""
    path = f"{API}/products/{_part(workspace)}/integrations"
    return Request("GET", path, query=_paged(page, PAGE), about="list the integrations of a workspace")


def integration(workspace: str, integration_id: str) -> Request:
    """One integration of a workspace, with whether it is enabled: `{integration}`."""
    path = f"{API}/products/{_part(workspace)}/integrations/{_part(integration_id)}"
    return Request("GET", path, about="read an integration of a workspace")


def record(kind: str, record_id: str) -> Request:
    """One record in its long form, under its singular key; a feature brings its requirements whole."""
    return Request("GET", f"{API}/{PLURAL[kind]}/{_part(record_id)}", about=f"read {a_or_an(_spoken(kind))}")


@dataclass(frozen=True, slots=True)
class Listing:
    """What to ask a list for: page, records on it, the keys to show (none: Aha!'s short form), and two filters.

    `q` is matched against the name; `updated_since` does not see deletions.
    """

    page: int = 1
    per_page: int = PAGE
    fields: tuple[str, ...] = ()
    updated_since: datetime | None = None
    q: str = ""

    def on(self, page: int) -> Listing:
        """The same on another page."""
        return replace(self, page=page)

    def query(self) -> tuple[tuple[str, str], ...]:
        """As the query of a request."""
        asked = [*_paged(self.page, self.per_page)]
        if self.fields:
            asked.append(("fields", ",".join(self.fields)))
        if self.updated_since is not None:
            asked.append(("updated_since", stamp(self.updated_since)))
        if self.q:
            asked.append(("q", self.q))
        return tuple(asked)


def records(kind: str, workspace: str, listing: Listing) -> Request:
    """A page of a workspace's features, releases, epics or initiatives.

    There is no such list of requirements: they come with their features, or in one feature's own list.
    """
    path = f"{API}/products/{_part(workspace)}/{PLURAL[kind]}"
    return Request("GET", path, query=listing.query(), about=f"list {PLURAL[kind]}")


def planned(kind: str, release: str, listing: Listing) -> Request:
    """A page of the features (or epics) of a release."""
    path = f"{API}/releases/{_part(release)}/{PLURAL[kind]}"
    return Request("GET", path, query=listing.query(), about=f"list the {PLURAL[kind]} of a release")


def requirements(feature: str, page: int = 1) -> Request:
    """A page of the requirements of a feature, in their long form."""
    path = f"{API}/features/{_part(feature)}/requirements"
    return Request("GET", path, query=_paged(page, PAGE), about="list the requirements of a feature")


def create(kind: str, parent: str, values: Mapping[str, Json]) -> Request:
    """Make a record. `parent` is the release of a feature or epic, the feature of a requirement, else the workspace.

    Answers 200 (not 201) with the record.
    """
    above = {"feature": "releases", "epic": "releases", "requirement": "features"}.get(kind, "products")
    path = f"{API}/{above}/{_part(parent)}/{PLURAL[kind]}"
    return Request("POST", path, body={kind: dict(values)}, repeatable=False, about=f"make {a_or_an(_spoken(kind))}")


def update(kind: str, record_id: str, values: Mapping[str, Json], workspace: str) -> Request:
    """Change a record. Answers 200 with the whole record as it is now. Only a release's path names the workspace."""
    if kind == "release":
        path = f"{API}/products/{_part(workspace)}/releases/{_part(record_id)}"
    else:
        path = f"{API}/{PLURAL[kind]}/{_part(record_id)}"
    return Request("PUT", path, body={kind: dict(values)}, about=f"change {a_or_an(_spoken(kind))}")


def remove(kind: str, record_id: str, workspace: str) -> Request:
    """Delete a record, with what stands below it. Answers 204; Aha! keeps it seven days in its recycle bin."""
    above = f"products/{_part(workspace)}/" if kind == "initiative" else ""
    return Request("DELETE", f"{API}/{above}{PLURAL[kind]}/{_part(record_id)}", about=f"delete a {_spoken(kind)}")


def put_integration_fields(kind: str, record_id: str, integration_id: str, values: Mapping[str, str]) -> Request:
    """Set several fields of an integration on a record; the same name again replaces the value.

    Documented for features and epics; Aha!'s own service code uses it for requirements and releases alike
    (https://github.com/aha-app/aha-services). The answer differs between versions of the API and is not read.
    """
    path = f"{API}/{PLURAL[kind]}/{_part(record_id)}/integrations/{_part(integration_id)}/fields"
    body = {"integration_fields": [{"name": name, "value": value} for name, value in values.items()]}
    return Request("POST", path, body=body, about="show the Jira issue on a record")


def comments(kind: str, record_id: str, page: int = 1) -> Request:
    """A page of the comments on a record: `{comments, pagination}`."""
    path = f"{API}/{PLURAL[kind]}/{_part(record_id)}/comments"
    return Request("GET", path, query=_paged(page, PAGE), about="read a record's comments")


def add_comment(kind: str, record_id: str, body: str) -> Request:
    """Comment on a record, as the key's user. Answers `{comment}`."""
    path = f"{API}/{PLURAL[kind]}/{_part(record_id)}/comments"
    return Request("POST", path, body={"comment": {"body": body}}, repeatable=False, about="comment on a record")


def change_comment(comment_id: str, body: str) -> Request:
    """Change a comment. Answers `{comment}`."""
    path = f"{API}/comments/{_part(comment_id)}"
    return Request("PUT", path, body={"comment": {"body": body}}, about="change a comment")


def remove_comment(comment_id: str) -> Request:
    """Delete a comment."""
    return Request("DELETE", f"{API}/comments/{_part(comment_id)}", about="delete a comment")


def add_time(kind: str, record_id: str, user_id: str, work: str, day: str) -> Request:
    """Enter work done on a feature, requirement or initiative. Answers `{time_tracking_event}`."""
    path = f"{API}/{PLURAL[kind]}/{_part(record_id)}/time_tracking_events"
    event = {"user_id": int(user_id), "work_done_text": work, "occurred_on": day, "remaining_automatic": False}
    return Request("POST", path, body={"time_tracking_event": event}, repeatable=False, about="enter work done")


def remove_time(event_id: str) -> Request:
    """Take work done back."""
    return Request("DELETE", f"{API}/time_tracking_events/{_part(event_id)}", about="take work done back")


def record_links(kind: str, record_id: str) -> Request:
    """The links that begin at a record, not paged: `{record_links}`. Requirements have none."""
    return Request("GET", f"{API}/{PLURAL[kind]}/{_part(record_id)}/record_links", about="read a record's links")


def add_record_link(kind: str, record_id: str, link_type: int, other_kind: str, other_id: str) -> Request:
    """Link a record to another. Answers 204 and nothing."""
    path = f"{API}/{PLURAL[kind]}/{_part(record_id)}/record_links"
    other = {"record_type": other_kind, "record_id": int(other_id), "link_type": link_type}
    return Request("POST", path, body={"record_link": other}, repeatable=False, about="link two records")


def remove_record_link(link_id: str) -> Request:
    """Delete a link between records."""
    return Request("DELETE", f"{API}/record_links/{_part(link_id)}", about="delete a link")


def description(kind: str, record_id: str) -> Request:
    """The record with its description, whose id names where files are attached."""
    path = f"{API}/{PLURAL[kind]}/{_part(record_id)}"
    return Request("GET", path, query=(("fields", "id,reference_num,description"),), about="find a description")


def add_attachment(note_id: str, file: File) -> Request:
    """Attach a file to a description. Answers `{attachment}`, or 412 `{attachmentId}` where it is there already."""
    path = f"{API}/notes/{_part(note_id)}/attachments"
    return Request("POST", path, files=(file,), repeatable=False, about="attach a file")


def remove_attachment(attachment_id: str) -> Request:
    """Delete a file."""
    return Request("DELETE", f"{API}/attachments/{_part(attachment_id)}", about="delete a file")


def fetch_attachment(attachment_id: str) -> Request:
    """What a download is called in the log and in errors: its own address holds a right to read."""
    return Request("GET", f"/attachments/{_part(attachment_id)}", about="fetch a file")


def audits(
    *,
    after_id: str = "",
    created_since: datetime | None = None,
    auditable_type: str = "",
    auditable_id: str = "",
    audit_action: str = "",
    page: int = 1,
) -> Request:
    """A page of the account's history. `after_id`: only entries with a larger id
    (https://www.aha.io/api/resources/audits/retrieve_history). Types are capitalised in the question ("Feature")."""
    query = [*_paged(page, PAGE)]
    if after_id:
        query.append(("after_id", after_id))
    if created_since is not None:
        query.append(("created_since", stamp(created_since)))
    if auditable_type:
        query.append(("auditable_type", auditable_type))
    if auditable_id:
        query.append(("auditable_id", auditable_id))
    if audit_action:
        query.append(("audit_action", audit_action))
    return Request("GET", f"{API}/audits", query=tuple(query), about="read the history")


def deletions(page: int) -> Request:
    """A page of the recycle bin, which keeps a week: `{deletions: [{record: {type, reference_num}, deleted_at}]}`."""
    return Request("GET", f"{API}/deletions", query=_paged(page, PAGE), about="read the recycle bin")


# ---- pages --------------------------------------------------------------------------------------------


def next_page(answer: Json) -> int | None:
    """The page after this one; None after the last. An answer without `pagination` is whole."""
    told = pagination(answer)
    current, total = told.get("current_page"), told.get("total_pages")
    if isinstance(current, int) and isinstance(total, int) and current < total:
        return current + 1
    return None


def pagination(answer: Json) -> Mapping[str, Json]:
    """`{total_records, total_pages, current_page}`; empty where there is none. Report answers give a list of one."""
    told = answer.get("pagination") if isinstance(answer, dict) else None
    if isinstance(told, list) and told:
        told = told[0]
    return told if isinstance(told, dict) else {}


def items(answer: Json, name: str) -> Iterator[dict[str, Json]]:
    """The objects that an answer lists under `name`."""
    listed = answer.get(name) if isinstance(answer, dict) else None
    return (entry for entry in listed if isinstance(entry, dict)) if isinstance(listed, list) else iter(())


def one(answer: Json, name: str) -> dict[str, Json]:
    """The object an answer holds under `name`. Raises ValueError where there is none."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, dict):
        raise ValueError(f"no {_spoken(name)}")
    return found


def stamp(moment: datetime) -> str:
    """A moment as Aha! takes one: UTC, ISO 8601, cut to seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _paged(page: int, per_page: int) -> tuple[tuple[str, str], ...]:
    return (("page", str(page)), ("per_page", str(per_page)))


def _part(text: str) -> str:
    """One part of a path."""
    return quote(text, safe="")


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
