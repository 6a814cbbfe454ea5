"""The JSON of records and what hangs on them, in the shapes of Aha!'s examples and of a recorded feature.

Only reads. The whole forms of records are in `forms`.
https://www.aha.io/api/resources/comments, https://www.aha.io/api/resources/attachments,
https://www.aha.io/api/resources/record_links, https://www.aha.io/api/resources/integration_fields,
https://www.aha.io/api/resources/workflows, https://www.aha.io/api/resources/products,
https://www.aha.io/api/resources/users
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache

from crosswalk_sandbox.aha.customs import api_type
from crosswalk_sandbox.aha.definitions import Status, Workflow
from crosswalk_sandbox.aha.history import web_path
from crosswalk_sandbox.aha.people import User
from crosswalk_sandbox.aha.state import (
    Account,
    Attachment,
    Comment,
    CustomValue,
    Integration,
    IntegrationField,
    Kind,
    Note,
    Product,
    Record,
    RecordLink,
)

Json = dict[str, object]
PLURAL: Mapping[Kind, str] = {
    "feature": "features",
    "requirement": "requirements",
    "epic": "epics",
    "release": "releases",
    "initiative": "initiatives",
    "goal": "goals",
    "release_phase": "release_phases",
    "key_result": "key_results",
    "page": "pages",
    "task": "tasks",
}
NAMED: Mapping[Kind, str] = {"goal": "StrategicImperative"}
TYPES: Mapping[Kind, str] = {
    "epic": "master_feature",  # as the example of https://www.aha.io/api/resources/record_links/list_record_links
}


def type_name(record: Record) -> str:
    """What answers call the type of a record in capitals."""
    return NAMED.get(record.kind) or "".join(part.capitalize() for part in record.kind.split("_"))


@lru_cache(maxsize=65_536)  # a record shows dozens of moments, and the same ones every time
def stamp(moment: datetime) -> str:
    """A moment as Aha! writes it: UTC with milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def iso(day: date | None) -> str | None:
    """A date as Aha! writes it."""
    return day.isoformat() if day else None


class Show:
    """Makes JSON of records for one request; `base` is the address that absolute links start with."""

    def __init__(self, account: Account, base: str) -> None:
        self.account = account
        self.base = base

    def id(self, value: str) -> str | int:
        """Ids that the documents show as numbers and recorded payloads as text; a setting decides."""
        return int(value) if self.account.settings.integer_ids else value

    def url(self, record: Record) -> str:
        """The record's page."""
        return self.base + web_path(record)

    def resource(self, record: Record) -> str:
        """The record's API address."""
        return f"{self.base}/api/v1/{PLURAL[record.kind]}/{record.ref}"

    def user(self, user: User) -> Json:
        """A person inside a record."""
        return {
            "id": user.id,
            "name": user.name,
            "email": user.email,
            "created_at": stamp(user.created_at),
            "updated_at": stamp(user.updated_at),
        }

    def assignee(self, user: User | None, default: User | None = None) -> Json | None:
        """The person a record is assigned to, else the workspace's default one, which says so."""
        shown = user or default
        return {**self.user(shown), "default_assignee": user is None} if shown else None

    def status(self, status: Status) -> Json:
        """A workflow status."""
        return {
            "id": status.id,
            "name": status.name,
            "position": status.position,
            "complete": status.complete,
            "color": status.color,
        }

    def status_times(self, record: Record) -> list[Json]:
        """When the record was in which status."""
        times = record.status_times
        ends: list[str | None] = [stamp(later) for _, later in times[1:]]
        return [
            {
                "status_id": status.id,
                "status_name": status.name,
                "started_at": stamp(began),
                "ended_at": end,
            }
            for (status, began), end in zip(times, [*ends, None], strict=True)
        ]

    def attachment(self, attachment: Attachment) -> Json:
        """A file. Its address carries a token, so it can be fetched without the key."""
        return {
            "id": attachment.id,
            "download_url": attachment.url or f"{self.download(attachment)}.download?size=original",
            "created_at": stamp(attachment.created_at),
            "updated_at": stamp(attachment.created_at),
            "original_file_size": len(attachment.data),
            "content_type": attachment.content_type,
            "file_name": attachment.file_name,
            "file_size": len(attachment.data),
        }

    def download(self, attachment: Attachment) -> str:
        """The stem of a file's address."""
        return f"{self.base}/attachments/{attachment.id}/token/{attachment.token}"

    def note(self, note: Note) -> Json:
        """A rich text."""
        return {
            "id": note.id,
            "body": note.body,
            "editor_version": 1,
            "created_at": stamp(note.created_at),
            "updated_at": stamp(note.updated_at),
            "attachments": [self.attachment(attachment) for attachment in note.attachments],
        }

    def project(self, product: Product) -> Json:
        """The workspace inside a record, and in the list of workspaces."""
        return {
            "id": product.id,
            "reference_prefix": product.prefix,
            "name": product.name,
            "product_line": False,
            "created_at": stamp(product.created_at),
            "workspace_type": "product_workspace",
            "url": f"{self.base}/projects/{product.prefix}",
        }

    def field(self, field: IntegrationField) -> Json:
        """An integration field inside a record."""
        return {
            "id": field.id,
            "name": field.name,
            "value": field.value,
            "integration_id": self.id(field.integration.id),
            "service_name": field.integration.service_name,
            "created_at": stamp(field.created_at),
        }

    def fields(self, record: Record) -> list[Json]:
        """The integration fields of a record."""
        return [self.field(field) for field in record.fields]

    def single_field(self, field: IntegrationField) -> Json:
        """An integration field on its own."""
        where = {"url": self.url(field.record), "resource": self.resource(field.record)}
        return {**self.field(field), "integratable": where}

    def phase(self, record: Record) -> Json:
        """A release phase inside a feature."""
        return {
            "id": record.id,
            "name": record.name,
            "start_on": iso(record.start),
            "end_on": iso(record.due),
            "type": record.type,
            "release_id": self.id(record.release.id) if record.release else None,
            "created_at": stamp(record.created_at),
            "updated_at": stamp(record.updated_at),
            "progress": record.progress,
            "progress_source": record.progress_source,
            "duration_source": record.duration_source,
            "description": self.note(record.description),
        }

    def roll_up(self, record: Record) -> Json:
        """A roll-up release, on its own and as the `parent` of a release."""
        shown = self.stub(record, product=False)
        dates: Json = {"start_date": iso(record.start), "release_date": iso(record.release_date)}
        head = {name: shown[name] for name in ("id", "reference_num", "name")}
        return {**head, **dates, **{name: shown[name] for name in ("created_at", "url", "resource")}}

    def custom(self, value: CustomValue) -> Json:
        """A custom value; long text shows its note as well."""
        shown: Json = {
            "id": value.id,
            "key": value.definition.key,
            "name": value.definition.name,
            "updatedAt": stamp(value.updated_at)[:19] + "Z",
        }
        kind = api_type(value.definition)
        files = [self.attachment(attachment) for attachment in value.attachments]
        if kind == "attachment":
            return {**shown, "attachments": files, "type": kind}
        if isinstance(value.value, dict):
            cells = {
                column: {"value": amount, "name": column, "display_value": str(amount)}
                for column, amount in value.value.items()
            }
            return {**shown, "value": {"values": cells}, "type": kind}
        if kind == "note":
            moment = stamp(value.updated_at)
            shown |= {"body": value.value, "editor_version": 1, "created_at": moment, "updated_at": moment}
            shown["attachments"] = files
        return {**shown, "value": value.value, "type": kind}

    def tags(self, record: Record) -> list[Json]:
        """The tags of a record with id and colour."""
        return [{"id": self.account.tag_id(tag), "name": tag, "color": "#639eb4"} for tag in record.tags]

    def stub(self, record: Record, *, product: bool = True) -> Json:
        """A record as others name it."""
        shown: Json = {
            "id": record.id,
            "reference_num": record.ref,
            "name": record.name,
            "created_at": stamp(record.created_at),
            "url": self.url(record),
            "resource": self.resource(record),
        }
        return {**shown, "product_id": record.product.id} if product else shown

    def aim(self, record: Record) -> Json:
        """An initiative or a goal as other records name it."""
        shown: Json = {"id": record.id}
        if record.kind == "initiative":
            shown["reference_num"] = record.ref
        shown |= {
            "name": record.name,
            "url": self.url(record),
            "resource": self.resource(record),
            "created_at": stamp(record.created_at),
            "description": self.note(record.description),
        }
        return {**shown, "integration_fields": self.fields(record)} if record.kind == "initiative" else shown

    def release(self, record: Record) -> Json:
        """A release inside a record, and in lists of releases."""
        above = {"parent": self.roll_up(record.holder)} if record.holder else {}
        return {
            "id": record.id,
            "reference_num": record.ref,
            "name": record.name,
            "start_date": iso(record.start),
            "release_date": iso(record.release_date),
            "parking_lot": record.parking_lot,
            "created_at": stamp(record.created_at),
            "product_id": record.product.id,
            "integration_fields": self.fields(record),
            "url": self.url(record),
            "resource": self.resource(record),
            "owner": self.user(record.owner) if record.owner else None,
            "project": self.project(record.product),
            **above,
        }

    def comment(self, comment: Comment) -> Json:
        """A comment."""
        record = comment.record
        return {
            "id": comment.id,
            "body": comment.body,
            "created_at": stamp(comment.created_at),
            "updated_at": stamp(comment.updated_at),
            "user": self.user(comment.user),
            "attachments": [self.attachment(attachment) for attachment in comment.attachments],
            "url": f"{self.base}/comments/{comment.id}",
            "resource": f"{self.base}/api/v1/comments/{comment.id}",
            "commentable": {
                "type": type_name(record),
                "id": record.id,
                **({} if record.kind == "release_phase" else {"product_id": record.product.id}),
                "url": self.url(record),
                "resource": self.resource(record),
            },
        }

    def workflow(self, workflow: Workflow) -> Json:
        """A workflow with its statuses and kinds. Which transitions are allowed is not shown by Aha! either."""
        return {
            "id": int(workflow.id),
            "name": workflow.name,
            "statusable_type": workflow.statusable_type,
            "transitions_only": False,
            "workflow_statuses": [self.status(status) for status in workflow.statuses],
            "workflow_kinds": [{"id": key, "name": name} for key, name in workflow.kinds],
        }

    def integration(self, integration: Integration) -> Json:
        """An integration on its own."""
        product = integration.product
        owner: Json = {"type": "Account", "id": "1", "url": self.base, "resource": self.base}
        if product is not None:
            url = f"{self.base}/projects/{product.prefix}"
            owner = {"type": "Project", "id": product.id, "url": url, "resource": url}
        shown: Json = {
            "id": integration.id,
            "service_name": integration.service_name,
            "template_id": integration.template_id,
            "name": integration.name,
            "enabled": integration.enabled,
            "callback_token": integration.callback_token,
            "created_at": stamp(integration.created_at),
            "updated_at": stamp(integration.updated_at),
            "last_error_at": None,
            "last_webhook_request_at": None,
            "url": f"{self.base}/integrations/{integration.id}",
            "resource": f"{self.base}/api/v1/integrations/{integration.id}",
            "owner": owner,
        }
        if integration.service_name == "jira":
            shown["jql_filter"] = None
        return shown

    def link(self, link: RecordLink, *, parent: bool) -> Json:
        """A link between two Aha! records; `parent`: seen from its parent."""
        return {
            "id": int(link.id),
            "link_type": LINK_TYPES[link.type_id],
            "link_type_id": link.type_id,
            "created_at": stamp(link.created_at),
            "parent_record_type": TYPES.get(link.parent.kind, link.parent.kind),
            "parent_record_id": int(link.parent.id),
            "child_record_type": TYPES.get(link.child.kind, link.child.kind),
            "child_record_id": int(link.child.id),
            "parent": parent,
            "parent_record": self._end(link.parent),
            "child_record": self._end(link.child),
        }

    def _end(self, record: Record) -> Json:
        kind = TYPES.get(record.kind, record.kind)
        return {"record_type": kind, **self.stub(record, product=record.kind != "epic")}


# https://www.aha.io/api/resources/record_links/create_a_record_link
LINK_TYPES = {
    10: "Relates to",
    20: "Depends on",
    30: "Duplicated by",
    40: "Contained by",
    50: "Impacted by",
    60: "Blocked by",
    80: "Research for",
}
