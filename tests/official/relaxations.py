"""Every fault of the vendors' documents that the checks forgive, in one table, each with its name and its reason.

The names are those of `faults.py`: faults that the README beside the documents lists, and those found since.

A row names what it relaxes and where. Nothing else is forgiven: not by the checks, not by a test.

| kind | where | names | change |
|---|---|---|---|
| ANSWER | operations with a status, as "dc GET /api/2/field 200" | | of the answer's schema |
| PART | components, as "dc IssueBean" | | of the component's schema |
| STATUS | operations, or "dc *" with what is so of them (`grounds.py`) | statuses | |
| EMPTY | documents | statuses whose answer has no body, whatever is declared | |
| QUERY | operations, or "aha *" | names in the query | |
| SENT | "aha feature": the object of that name in a body | keys | |
| KEY | what is so of a key in Aha!'s answers: "null", "text or number", "record", "in x", "any type in x" | keys | |
| PATH | methods and paths, as "cloud GET /rest/webhooks/1.0/webhook" | | |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from tests.official import grounds
from tests.official.documents import Operation

Json = Any
Kind = Literal["ANSWER", "PART", "STATUS", "EMPTY", "QUERY", "SENT", "KEY", "PATH"]


@dataclass(frozen=True)
class Relaxation:
    """One row of the table."""

    kind: Kind
    where: tuple[str, ...]
    fault: str
    """The document's fault, by its name in `faults.py`."""
    why: str
    names: tuple[str, ...] = ()
    change: Callable[[Json], Json] | None = None
    when: Callable[[Operation, str], bool] | None = None
    """Of STATUS: of which of the operations it is so."""


def array(schema: Json) -> Json:
    """The declared schema is that of an item."""
    return {"type": "array", "items": schema}


def one_or_array(schema: Json) -> Json:
    """The declared schema is that of an item, and the answer an item or a list."""
    return {"anyOf": [schema, array(schema)]}


def with_texts(*names: str) -> Callable[[Json], Json]:
    """These properties are there, too, and text."""

    def change(schema: Json) -> Json:
        return {**schema, "properties": {**schema.get("properties", {}), **{n: {"type": "string"} for n in names}}}

    return change


def unknown(_schema: Json) -> Json:
    """What is declared is wrong, and nothing better known."""
    return {}


def page(schema: Json) -> Json:
    """The declared schema is that of an item of a page."""
    numbers = {name: {"type": "integer"} for name in ("startAt", "maxResults", "total")}
    return {
        "type": "object",
        "properties": {**numbers, "isLast": {"type": "boolean"}, "values": array(schema)},
        "required": ["values", "startAt", "maxResults", "total", "isLast"],
    }


def anything(*names: str) -> Callable[[Json], Json]:
    """These properties (or the values of these maps) may be of any type."""

    def change(schema: Json) -> Json:
        known = schema.get("properties", {})
        freed = {name: {"type": "object"} if "additionalProperties" in known[name] else {} for name in names}
        return {**schema, "properties": {**known, **freed}}

    return change


def or_null(*names: str) -> Callable[[Json], Json]:
    """These properties may be null, too."""

    def change(schema: Json) -> Json:
        known = schema.get("properties", {})
        freed = {name: {"anyOf": [known[name], {"type": "null"}]} for name in names if name in known}
        return {**schema, "properties": {**known, **freed}}

    return change


def open_to_all(schema: Json) -> Json:
    """Properties that it does not name itself are allowed."""
    return {name: value for name, value in schema.items() if name != "additionalProperties"}


def with_unlike(schema: Json) -> Json:
    """`!~` is an operator, too."""
    operator = schema["properties"]["operator"]
    return {
        **schema,
        "properties": {**schema["properties"], "operator": {**operator, "enum": [*operator["enum"], "!~"]}},
    }


def words(values: str) -> tuple[str, ...]:
    """The words of a line."""
    return tuple(values.split())


WEBHOOKS = "https://developer.atlassian.com/cloud/jira/platform/webhooks/"
WEBHOOKS_DC = "https://developer.atlassian.com/server/jira/platform/webhooks/"
AHA_PAGES = "https://www.aha.io/api"
AHA_SERVICES = "https://github.com/aha-app/aha-services"

RELAXATIONS: tuple[Relaxation, ...] = (
    # ---- Data Center: what is declared ----
    Relaxation(
        "ANSWER",
        (
            "dc GET /api/2/project 200",
            "dc GET /api/2/field 200",
            "dc GET /api/2/issuetype 200",
            "dc GET /api/2/priority 200",
            "dc GET /api/2/resolution 200",
            "dc GET /api/2/status 200",
            "dc GET /api/2/statuscategory 200",
            "dc GET /api/2/user/search 200",
            "dc GET /api/2/user/assignable/search 200",
            "dc GET /api/2/project/{projectIdOrKey}/versions 200",
            "dc GET /api/2/project/{projectIdOrKey}/components 200",
            "dc GET /api/2/project/{projectIdOrKey}/statuses 200",
            "dc POST /api/2/issue/{issueIdOrKey}/attachments 200",
            "dc GET /api/2/role 200",
            "dc GET /api/2/screens/{screenId}/tabs 200",
            "dc GET /api/2/screens/{screenId}/tabs/{tabId}/fields 200",
            "dc GET /api/2/projectCategory 200",
            "dc GET /api/2/project/type 200",
            "dc GET /api/2/issuetypescheme/{schemeId}/associations 200",
            "dc GET /api/2/issue/{issueIdOrKey}/pinned-comments 200",
            "dc GET /api/2/filter/favourite 200",
            "dc GET /api/2/filter/{id}/permission 200",
            "dc POST /api/2/filter/{id}/permission 201",
            "dc GET /api/2/applicationrole 200",
            "dc GET /api/2/user/viewissue/search 200",
            "dc GET /api/2/user/permission/search 200",
            "dc GET /api/2/user/assignable/multiProjectSearch 200",
            "dc POST /api/2/worklog/list 200",
            "dc GET /api/2/issue/{issueIdOrKey}/subtask 200",
            "dc GET /api/2/issuetype/{id}/alternatives 200",
            "dc GET /api/2/filter/{id}/columns 200",
            "dc GET /api/2/application-properties/advanced-settings 200",
        ),
        "dc-items",
        "a list is declared as one of its items",
        change=array,
    ),
    Relaxation(
        "ANSWER",
        (
            "dc GET /api/2/issue/createmeta/{projectIdOrKey}/issuetypes 200",
            "dc GET /api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId} 200",
        ),
        "dc-pages",
        "a page is declared as one of its items",
        change=page,
    ),
    Relaxation(
        "ANSWER",
        (
            "dc GET /api/2/issue/{issueIdOrKey}/remotelink 200",
            "cloud2 GET /rest/api/2/issue/{issueIdOrKey}/remotelink 200",
            "dc GET /api/2/application-properties 200",
        ),
        "dc-items",
        "a list is declared as one of its items; asked by globalId or key, it is the item",
        change=one_or_array,
    ),
    Relaxation(
        "PART",
        ("dc IssueBean",),
        "dc-values",
        "the values of fields are declared objects; they are of every type",
        change=anything("fields", "renderedFields"),
    ),
    Relaxation(
        "PART",
        ("dc IssueUpdateBean",),
        "dc-values",
        "the values of fields are declared objects; they are of every type",
        change=anything("fields"),
    ),
    Relaxation(
        "PART",
        ("dc EntityPropertyBean",),
        "property-value",
        "the value of a property is declared text; it is any JSON, as the page on entity properties says: "
        "https://developer.atlassian.com/server/jira/platform/entity-properties/",
        change=anything("value"),
    ),
    Relaxation(
        "ANSWER",
        ("dc GET /api/2/jql/autocompletedata 200",),
        "autocomplete",
        "the names are declared texts; they are objects, as Cloud's document says of the same operation",
        change=unknown,
    ),
    Relaxation(
        "ANSWER",
        (
            "cloud GET /rest/api/3/application-properties 200",
            "cloud2 GET /rest/api/2/application-properties 200",
        ),
        "one-property",
        "a list is declared; asked by key, the answer is the one, which the Python client `jira` counts on",
        change=unknown,
    ),
    Relaxation(
        "ANSWER",
        (
            "dc GET /agile/1.0/issue/{issueIdOrKey}/estimation 200",
            "dc PUT /agile/1.0/issue/{issueIdOrKey}/estimation 200",
        ),
        "estimation",
        "the value is declared an object; it is a number or text, as Cloud's document shows",
        change=unknown,
    ),
    Relaxation(
        "PART",
        ("cloud DashboardGadgetPosition", "cloud2 DashboardGadgetPosition"),
        "gadget",
        "the descriptions of row and column stand in the place of their names",
        change=unknown,
    ),
    Relaxation(
        "PART",
        ("cloud2 ChangeDetails",),
        "change-names",
        "fromString and toString are left out; v3's document has them, and recorded answers",
        change=with_texts("fromString", "toString"),
    ),
    Relaxation(
        "PART",
        ("cloud JqlQueryClause",),
        "clause",
        "a clause has one of four forms, and no property at all: the properties of the forms were meant",
        change=open_to_all,
    ),
    Relaxation(
        "PART",
        ("cloud FieldValueClause",),
        "unlike",
        "the list of operators has ~= for !~",
        change=with_unlike,
    ),
    Relaxation(
        "PART",
        ("cloud2 JqlQuery",),
        "where",
        "`where` is left out; v3's document has it",
        change=lambda schema: {**schema, "properties": {**schema["properties"], "where": {}}},
    ),
    Relaxation(
        "ANSWER",
        (
            "cloud GET /rest/api/3/dashboard 400",
            "cloud GET /rest/api/3/dashboard/search 400",
            "cloud GET /rest/api/3/field/search 400",
            "cloud GET /rest/api/3/field/search/trashed 400",
            "cloud GET /rest/api/3/filter/search 400",
            "cloud GET /rest/api/3/user/search/query 400",
            "cloud GET /rest/api/3/user/search/query/key 400",
            "cloud GET /rest/api/3/webhook 400",
            "cloud2 GET /rest/api/2/dashboard 400",
            "cloud2 GET /rest/api/2/dashboard/search 400",
            "cloud2 GET /rest/api/2/field/search 400",
            "cloud2 GET /rest/api/2/field/search/trashed 400",
            "cloud2 GET /rest/api/2/filter/search 400",
            "cloud2 GET /rest/api/2/user/search/query 400",
            "cloud2 GET /rest/api/2/user/search/query/key 400",
            "cloud2 GET /rest/api/2/webhook 400",
        ),
        "number-400",
        "a number that is none is refused before the operation sees it, by a problem document (recorded on others)",
        change=unknown,
    ),
    Relaxation(
        "PART",
        ("cloud2 *V1R4xx",),
        "refusal-text",
        "a refusal is declared text; the example beside it is an object, and v3 declares no text",
        change=unknown,
    ),
    # ---- Jira: null ----
    Relaxation(
        "PART",
        ("cloud ContextForProjectAndIssueType", "cloud2 ContextForProjectAndIssueType"),
        "no-context",
        "null where no context fits, says the operation's own description and example",
        change=or_null("contextId"),
    ),
    Relaxation(
        "PART",
        ("cloud ChangeDetails", "cloud2 ChangeDetails", "dc ChangeItemBean"),
        "change-null",
        "from and to of a change are null where there was nothing (recorded)",
        change=or_null("from", "fromString", "to", "toString"),
    ),
    # ---- statuses ----
    Relaxation(
        "STATUS",
        ("dc *",),
        "beside",
        "left out on this operation, and documented on the same operation of Jira Cloud",
        words("400 404"),
        when=grounds.beside,
    ),
    Relaxation(
        "STATUS",
        ("cloud *", "cloud2 *", "software *", "dc *"),
        "unreadable",
        "a body or a value of the query that can not be read is refused wherever one is read; left out on some",
        ("400",),
        when=grounds.reads,
    ),
    Relaxation(
        "STATUS",
        ("cloud *", "cloud2 *", "software *", "dc *"),
        "not-there",
        "what a path names is not there, or not for the caller: left out on some operations whose path names something",
        ("404",),
        when=grounds.names_something,
    ),
    Relaxation(
        "STATUS",
        ("cloud *", "cloud2 *", "software *", "dc *"),
        "gateway",
        "given before the operation is reached: not signed in, a type of body or a size not taken, the request limit",
        words("401 413 415 429"),
        when=grounds.always,
    ),
    Relaxation(
        "STATUS",
        ("dc *",),
        "dc-number",
        "a number in the query that is none: JAX-RS finds no method for such an address",
        ("404",),
        when=grounds.counts,
    ),
    Relaxation(
        "STATUS",
        (
            "cloud DELETE /rest/api/3/project/{projectIdOrKey}",
            "cloud2 DELETE /rest/api/2/project/{projectIdOrKey}",
            "dc DELETE /api/2/project/{projectIdOrKey}",
        ),
        "archived",
        "its own description says that an archived project can not be deleted, and no refusal stands there for it",
        ("400",),
    ),
    Relaxation(
        "STATUS",
        (
            "cloud GET /rest/api/3/search",
            "cloud POST /rest/api/3/search",
            "cloud2 GET /rest/api/2/search",
            "cloud2 POST /rest/api/2/search",
        ),
        "search-gone",
        "still listed, and gone: https://developer.atlassian.com/changelog/#CHANGE-2046",
        ("410",),
    ),
    Relaxation(
        "EMPTY",
        (
            "cloud2 PUT /rest/api/2/issue/{issueIdOrKey}/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/comment/{commentId}/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/project/{projectIdOrKey}/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/issuetype/{issueTypeId}/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/user/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/dashboard/{dashboardId}/items/{itemId}/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/issue/{issueIdOrKey}/worklog/{worklogId}/properties/{propertyKey}",
            "cloud2 PUT /rest/api/2/filter/{id}/columns",
        ),
        "v2-bodies",
        "a schema is declared; v3's document has none, and setting a property answers nothing",
        ("200", "201"),
    ),
    Relaxation(
        "EMPTY",
        ("dc PUT /agile/1.0/board/{boardId}/properties/{propertyKey}",),
        "dc-bodies",
        "a schema is declared for a property that is set anew; Cloud's document of the same operation has none",
        ("200",),
    ),
    Relaxation(
        "EMPTY", ("cloud2 *",), "v2-204", "a 204 has no body (RFC 9110, 15.3.5); a schema is declared for it", ("204",)
    ),
    Relaxation(
        "EMPTY",
        ("cloud2 POST /rest/api/2/issueLink",),
        "v2-bodies",
        "a schema is declared; v3's document has none, and the answer is empty (recorded)",
        ("201",),
    ),
    Relaxation(
        "STATUS",
        ("dc GET /api/2/screens",),
        "dc-screens",
        "the answers of another operation are declared (201, with the body of a POST)",
        words("200 403"),
    ),
    Relaxation(
        "ANSWER",
        (
            "cloud2 POST /rest/api/2/issue/bulk 400",
            # A body that can not be read at all gets the general refusal there as well (recorded for one issue).
            "cloud POST /rest/api/3/issue/bulk 400",
        ),
        "v2-refusals",
        "another body of a refusal is declared than for every other operation, and than in v3's document",
        change=unknown,
    ),
    Relaxation(
        "STATUS",
        ("aha *",),
        "aha-refusals",
        f"no refusal is documented but one 401 and one 412; they are told in words at {AHA_PAGES}",
        words("400 401 403 404 412 422 429"),
    ),
    Relaxation(
        "STATUS",
        ("aha POST /api/v1/notes/{note_id}/attachments",),
        "aha-refusals",
        "a file over the limit, as a gateway refuses it: Aha! documents neither the limit nor the answer",
        ("413",),
    ),
    Relaxation(
        "STATUS",
        ("aha GET /api/v1/webhooks/{token}", "aha POST /api/v1/webhooks/{token}"),
        "aha-refusals",
        f"an unknown token, in words: {AHA_PAGES}/resources/webhooks/process_a_jira_webhook",
        ("410",),
    ),
    # ---- paths that no document has ----
    Relaxation(
        "PATH",
        (
            "cloud GET /rest/applinks/latest/listApplicationlinks",
            "dc GET /applinks/latest/listApplicationlinks",
            "dc GET /api/2/group",
            "dc GET /agile/1.0/board/{}/quickfilter",
            "dc DELETE /api/2/version/{}",
        ),
        "jira-client",
        "what the Python client `jira` sends: https://github.com/pycontribs/jira",
    ),
    Relaxation(
        "PATH",
        ("cloud POST /rest/api/2/bulk/issues/move", "cloud GET /rest/api/2/bulk/queue/{}"),
        "v2-older",
        "in v3's document; v2's, which is older, has them not yet",
    ),
    Relaxation(
        "PATH",
        ("cloud * /rest/webhooks/1.0/webhook", "cloud * /rest/webhooks/1.0/webhook/{}"),
        "cloud-unlisted",
        f"the administrator's webhooks: {WEBHOOKS}#registering-a-webhook-using-the-rest-api",
    ),
    Relaxation(
        "PATH",
        ("dc GET /pat/latest/tokens",),
        "tokens",
        "a person's own access tokens: https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
    ),
    Relaxation(
        "PATH",
        ("dc * /webhooks/1.0/webhook", "dc * /webhooks/1.0/webhook/{}"),
        "dc-hooks",
        f"the administrator's webhooks of Jira before 10, which the sandbox can be: {WEBHOOKS_DC}",
    ),
    Relaxation(
        "PATH",
        ("dc * /jira-webhook/1.0/webhooks", "dc * /jira-webhook/1.0/webhooks/{}"),
        "dc-hooks",
        f"the administrator's webhooks of Jira 10: {WEBHOOKS_DC}#registering-a-webhook-via-the-jira-rest-api",
    ),
    Relaxation(
        "PATH",
        ("cloud GET /rest/media/file/{}/binary",),
        "media-host",
        "where a download of an attachment redirects to; the real one is another host "
        "(https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/)",
    ),
    Relaxation(
        "PATH",
        ("aha POST /api/v1/extensions", "aha DELETE /api/v1/extensions/{}"),
        "aha-cli",
        "what the vendor's program for extensions sends: https://github.com/aha-app/aha-cli",
    ),
    Relaxation(
        "PATH",
        (
            "aha * /api/v1/{}/{}/integrations/{}/fields",
            "aha GET /api/v1/{}/{}/integrations/{}/fields/{}",
            "aha GET /api/v1/{}/fields/{}/value/{}",
        ),
        "aha-services",
        f"Aha!'s own services use integration fields on every kind of record: {AHA_SERVICES}",
    ),
    Relaxation(
        "PATH",
        (
            "aha GET /api/v1/{}/{}/record_links",
            "aha GET /api/v1/integrations/{}",
            "aha GET /api/v1/historical_audits/{}",
            "aha PUT /api/v1/integrations/{}",
            "aha * /api/v1/{}/{}/comments",
            "aha POST /api/v1/{}/{}/time_tracking_events",
        ),
        "aha-merged",
        f"in the pages at {AHA_PAGES}, or listed for one kind of record that stands for all",
    ),
    Relaxation(
        "ANSWER",
        (
            "aha POST /api/v1/features/{feature_id}/integrations/{integration_id}/fields 200",
            "aha POST /api/v1/epics/{epic_id}/integrations/{integration_id}/fields 200",
        ),
        "aha-several",
        "one field at once answers as in the page of the operation; several answer an array here and an object in the "
        f"pages of 2025: {AHA_PAGES}/resources/integration_fields",
        change=unknown,
    ),
    # ---- Aha!: what its examples, which come from tests, do not show ----
    Relaxation(
        "KEY",
        ("null",),
        "aha-null",
        "filled in every example, and empty on a record that lacks the thing",
        words(
            "assigned_to_user start_date due_date release_date released_on development_started_on accessed_at "
            "external_release_date external_release_date_description epic_reference_num initiative_reference_num "
            "product_line_type epic_only_original_estimate epic_only_remaining_estimate start_on end_on parent_id "
            "master_feature_only_original_estimate master_feature_only_remaining_estimate owner "
            "target_metric starting_metric current_metric"
        ),
    ),
    Relaxation(
        "KEY",
        ("text or number",),
        "aha-ids",
        "numbers in some examples, text in others and in a recorded answer",
        words("id integration_id release_id"),
    ),
    Relaxation(
        "KEY",
        ("record",),
        "aha-capacity",
        "keys of a recorded feature of an account with capacity planning, which no example comes from",
        words(
            "initial_estimate original_estimate remaining_estimate work_done work_units time_tracking_events "
            "use_requirements_estimates workflow_status_times"
        ),
    ),
    Relaxation(
        "KEY",
        ("record",),
        "aha-merged",
        "keys that an operation's example lacks and the example of the same record elsewhere has",
        words(
            "initiatives key_results features releases epic master_feature master_features initiative custom_fields "
            "watchers parent"
        ),
    ),
    Relaxation(
        "KEY",
        ("in task",),
        "aha-merged",
        "a to-do about a record has it, as the example of PUT /api/v1/tasks/{id} shows",
        ("taskable",),
    ),
    Relaxation(
        "KEY",
        ("in assigned_to_users",),
        "aha-merged",
        "a to-do that is done has it, as the example of PUT /api/v1/tasks/{id} shows",
        ("completed_date",),
    ),
    Relaxation(
        "KEY",
        ("in success_metric",),
        "aha-merged",
        "the example of GET /api/v1/goals/{id} has it, those of goals that never changed their status have not",
        ("workflow_status_times",),
    ),
    Relaxation(
        "KEY",
        ("in records",),
        "aha-merged",
        "records of every kind carry integration fields; the example has two kinds only",
        words("requirement epic release initiative"),
    ),
    Relaxation(
        "KEY",
        ("any type in custom_fields",),
        "aha-note",
        f"text in the examples; a list where several may be chosen ({AHA_PAGES}/resources/custom_fields)",
        ("value",),
    ),
    Relaxation(
        "KEY",
        ("in custom_fields",),
        "aha-note",
        f"a note in a custom field has more than other values ({AHA_PAGES}/resources/custom_fields)",
        words("body editor_version created_at updated_at attachments"),
    ),
    Relaxation(
        "KEY",
        ("in screen_definition_ids",),
        "aha-merged",
        "an object by kind of record; the example's account has one layout only",
        words("Feature Requirement Epic Release Initiative Goal Idea"),
    ),
    Relaxation(
        "QUERY",
        ("dc GET /api/2/issue/{issueIdOrKey}/transitions",),
        "transitions-expand",
        "its own description says: fields are given only with `expand=transitions.fields`",
        ("expand",),
    ),
    Relaxation(
        "QUERY",
        ("aha *",),
        "aha-lists",
        f"of every list, in words: {AHA_PAGES}#pagination and #requesting-additional-fields",
        words("page per_page fields"),
    ),
    Relaxation(
        "QUERY",
        (
            "aha GET /api/v1/products/{product_id}/features",
            "aha GET /api/v1/products/{product_id}/releases",
            "aha GET /api/v1/products/{product_id}/epics",
            "aha GET /api/v1/products/{product_id}/initiatives",
        ),
        "aha-pages",
        f"parameters in the page of the operation, as {AHA_PAGES}/resources/features/list_features",
        words("q updated_since"),
    ),
    Relaxation(
        "QUERY",
        ("aha GET /api/v1/users",),
        "aha-pages",
        f"a parameter in the page of the operation: {AHA_PAGES}/resources/users/list_users",
        ("email",),
    ),
    Relaxation(
        "QUERY",
        ("aha GET /api/v1/audits",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/audits/list_audits",
        words("created_since created_before after_id audit_action auditable_id user_id"),
    ),
    Relaxation(
        "SENT",
        ("aha feature",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/features/update_a_feature",
        words(
            "workflow_status release description assigned_to_user tags start_date due_date epic initiative goals "
            "initial_estimate original_estimate remaining_estimate custom_fields name created_by"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha requirement",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/requirements/update_a_requirement",
        words(
            "workflow_status description assigned_to_user custom_fields name initial_estimate original_estimate "
            "remaining_estimate created_by"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha epic",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/epics/update_an_epic",
        words(
            "workflow_status description assigned_to_user tags start_date due_date custom_fields initiative created_by"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha release",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/releases/update_a_release",
        words("workflow_status theme start_date end_date release_date development_started_on custom_fields name"),
    ),
    Relaxation(
        "SENT",
        ("aha initiative",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/initiatives/update_an_initiative",
        words("workflow_status description assigned_to_user start_date end_date custom_fields name"),
    ),
    Relaxation(
        "SENT",
        ("aha time_tracking_event",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/time_tracking_events",
        words("occurred_on remaining_automatic"),
    ),
    Relaxation(
        "SENT",
        ("aha",),
        "aha-several",
        f"several integration fields at once ({AHA_PAGES}/resources/integration_fields), and an epic under its name, "
        "which one example sends bare",
        words("integration_fields epic"),
    ),
)


def rows(kind: Kind) -> Iterator[Relaxation]:
    """The rows of a kind."""
    return (row for row in RELAXATIONS if row.kind == kind)


@cache
def may_answer(operation: Operation, status: str) -> bool:
    """Whether a row lets an operation answer with a status that its document leaves out."""
    return any(
        status in row.names
        and {operation.id, f"{operation.document} *"} & set(row.where)
        and (row.when is None or row.when(operation, status))
        for row in rows("STATUS")
    )


@cache
def names(kind: Kind, *where: str) -> frozenset[str]:
    """What the rows of a kind name for any of these places."""
    return frozenset(name for row in rows(kind) if set(where) & set(row.where) for name in row.names)


def changed(kind: Kind, where: str, schema: Json, without: Relaxation | None = None) -> Json:
    """A schema after the changes of the rows for a place; of all but one, where that one is looked at."""
    for row in rows(kind):
        if where in row.where and row.change is not None and row is not without:
            schema = row.change(schema)
    return schema


def outside(product: str, method: str, parts: list[str]) -> bool:
    """Whether a path that no document has is in the table."""
    return bool(outside_why(product, method, parts))


def outside_why(product: str, method: str, parts: list[str]) -> str:
    """Why a path that no document has is there; "" for one that is not in the table."""
    found = (row.why for row in rows("PATH") if any(_fits(one, product, method, parts) for one in row.where))
    return next(found, "")


def _fits(pattern: str, product: str, method: str, parts: list[str]) -> bool:
    wanted, verb, path = pattern.split(" ")
    shape = path.strip("/").split("/")
    return (
        wanted == product
        and verb in ("*", method)
        and len(shape) == len(parts)
        and all(want in ("{}", have) for want, have in zip(shape, parts, strict=True))
    )
