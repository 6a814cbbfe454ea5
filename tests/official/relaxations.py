"""What the checks forgive although a vendor's document states otherwise, in one table: each row with its fault.

The names are those of `faults.py`: faults that the README beside the documents lists, and those found since. What a
document is silent about stands in `unstated.py`. Nothing else is forgiven: not by the checks, not by a test.

| kind | where | names | change |
|---|---|---|---|
| ANSWER | operations with a status, as "dc GET /api/2/field 200" | | of the answer's schema |
| PART | components, as "dc IssueBean" | | of the component's schema |
| STATUS | operations | statuses given in place of those stated | |
| SENT | "aha feature": the object of that name in a body | keys | |
| KEY | of a key in Aha!'s answers: "null", "null in x", "text or number", "any type in x", "record", "in x" | keys | |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from tests.official.documents import Operation

Json = Any
Kind = Literal["ANSWER", "PART", "STATUS", "SENT", "KEY"]


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


PEOPLE = ("tmpFromAccountId", "tmpToAccountId")


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


def list_or_item(schema: Json) -> Json:
    """The declared schema is that of a list, and the answer a list or one of its items."""
    return {"anyOf": [schema, schema["items"]]}


def of_objects(*names: str) -> Callable[[Json], Json]:
    """The items of these lists are objects."""

    def change(schema: Json) -> Json:
        lists = {name: array({"type": "object"}) for name in names}
        return {**schema, "properties": {**schema["properties"], **lists}}

    return change


def with_number_or_text(schema: Json) -> Json:
    """The value is a number or text, or there is none."""
    return {**schema, "properties": {**schema["properties"], "value": {"type": ["number", "string", "null"]}}}


def position(_schema: Json) -> Json:
    """A row and a column, under names as in the examples."""
    number = {"type": "integer"}
    names = ["row", "column"]
    known = dict.fromkeys(names, number)
    return {"type": "object", "properties": known, "required": names, "additionalProperties": False}


def an_object(_schema: Json) -> Json:
    """An object, of which nothing is declared."""
    return {"type": "object"}


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


def with_locale(schema: Json) -> Json:
    """It has the language of the site, too."""
    return {**schema, "properties": {**schema["properties"], "defaultLocale": {"type": "object"}}}


def open_to_all(schema: Json) -> Json:
    """Properties that it does not name itself are allowed."""
    return {name: value for name, value in schema.items() if name != "additionalProperties"}


def items_with(*names: str) -> Callable[[Json], Json]:
    """The items of a page have these properties, too, and they are text."""

    def change(schema: Json) -> Json:
        values = schema["properties"]["values"]
        items = with_texts(*names)(values["items"])
        return {**schema, "properties": {**schema["properties"], "values": {**values, "items": items}}}

    return change


def page_of(schema: Json) -> Json:
    """The example is that of an item of a page of issues."""
    numbers = {name: {"type": "integer"} for name in ("startAt", "maxResults", "total")}
    return {
        "type": "object",
        "properties": {**numbers, "expand": {"type": "string"}, "issues": array(schema)},
        "required": ["issues", "startAt", "maxResults", "total"],
        "additionalProperties": False,
    }


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
            "dc GET /api/2/screens/{screenId}/availableFields 200",
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
        "PART",
        ("dc AutoCompleteResponseBean",),
        "autocomplete",
        "the names are declared texts; they are objects, as Cloud's document says of the same operation",
        change=of_objects("visibleFieldNames", "visibleFunctionNames"),
    ),
    Relaxation(
        "ANSWER",
        ("cloud GET /rest/api/3/application-properties 200",),
        "one-property",
        "a list is declared; asked by key, the answer is the one, which the Python client `jira` counts on",
        change=list_or_item,
    ),
    Relaxation(
        "PART",
        ("cloud2 Get2ApplicationPropertiesV1R200",),
        "one-property",
        "the same, where the list has a name",
        change=list_or_item,
    ),
    Relaxation(
        "PART",
        ("dc FieldValueBean",),
        "estimation",
        "the value is declared an object; it is a number or text, as Cloud's document shows",
        change=with_number_or_text,
    ),
    Relaxation(
        "PART",
        ("cloud DashboardGadgetPosition", "cloud2 DashboardGadgetPosition"),
        "gadget",
        "the descriptions of row and column stand in the place of their names",
        change=position,
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
        "PART",
        ("cloud2 *V1R4xx",),
        "refusal-text",
        "a refusal is declared text; the example beside it is an object, and v3 declares no text",
        change=an_object,
    ),
    # ---- Jira Software: examples that stand for schemas ----
    Relaxation(
        "ANSWER",
        (
            "software GET /rest/agile/1.0/epic/{epicIdOrKey} 200",
            "software POST /rest/agile/1.0/epic/{epicIdOrKey} 200",
        ),
        "epic-key",
        "the example lacks the key of the epic, which Data Center's document declares",
        change=with_texts("key"),
    ),
    Relaxation(
        "ANSWER",
        ("software GET /rest/agile/1.0/board/{boardId}/epic 200",),
        "epic-key",
        "the same of each epic in a list",
        change=items_with("key"),
    ),
    Relaxation(
        "ANSWER",
        ("software GET /rest/agile/1.0/board/{boardId}/version 200",),
        "version-start",
        "the examples are of versions without a start, which Data Center's document declares",
        change=items_with("startDate"),
    ),
    Relaxation(
        "ANSWER",
        ("software GET /rest/agile/1.0/sprint/{sprintId}/issue 200",),
        "sprint-issues",
        "the example is an issue; the answer is a page of them, as of the same operation below a board",
        change=page_of,
    ),
    Relaxation(
        "ANSWER",
        (
            "software GET /rest/agile/1.0/sprint/{sprintId} 200",
            "software POST /rest/agile/1.0/sprint 201",
            "software POST /rest/agile/1.0/sprint/{sprintId} 200",
            "software PUT /rest/agile/1.0/sprint/{sprintId} 200",
        ),
        "sprint-created",
        "the examples lack when a sprint was made, which a recorded one has",
        change=with_texts("createdDate"),
    ),
    Relaxation(
        "ANSWER",
        ("software GET /rest/agile/1.0/board/{boardId}/sprint 200",),
        "sprint-created",
        "the same of each sprint in a list",
        change=items_with("createdDate"),
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
        ("cloud ChangeDetails", "cloud2 ChangeDetails"),
        "change-null",
        "from and to of a change are null where there was nothing",
        change=or_null("from", "fromString", "to", "toString"),
    ),
    Relaxation(
        "PART",
        ("cloud ChangeDetails", "cloud2 ChangeDetails"),
        "change-people",
        "a change of people repeats their account ids, in recorded hooks and in histories alike",
        change=lambda schema: or_null(*PEOPLE)(with_texts(*PEOPLE)(schema)),
    ),
    Relaxation(
        "PART",
        ("cloud ServerInformation", "cloud2 ServerInformation"),
        "locale",
        "the example beside it tells the language of the site",
        change=with_locale,
    ),
    Relaxation(
        "PART",
        ("dc ChangeItemBean",),
        "dc-change-null",
        "from and to of a change are null where there was nothing",
        change=or_null("from", "fromString", "to", "toString"),
    ),
    # ---- statuses ----
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
        "STATUS",
        ("dc GET /api/2/screens",),
        "dc-screens",
        "the answers of another operation are declared (201, with the body of a POST)",
        words("200 403"),
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
        ("null in task",),
        "aha-merged",
        "a to-do about no record has none, as the example of POST /api/v1/tasks shows",
        ("position",),
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
        "aha-merged",
        "a list where several may be chosen, as the example of PUT /api/v1/ideas/{id}/promote shows",
        ("value",),
    ),
    Relaxation(
        "KEY",
        ("in custom_fields",),
        "aha-merged",
        "a note in a custom field has more than other values, as the example of GET /api/v1/releases/{id} shows",
        words("body editor_version created_at updated_at attachments"),
    ),
    Relaxation(
        "KEY",
        ("in screen_definition_ids",),
        "aha-merged",
        "an object by kind of record; the example's account has one layout only",
        words("Feature Requirement Epic Release Initiative"),
    ),
    Relaxation(
        "SENT",
        ("aha feature",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/features/update_a_feature",
        words(
            "workflow_status workflow_kind release description assigned_to_user tags start_date due_date epic "
            "initiative initial_estimate original_estimate remaining_estimate progress progress_source custom_fields "
            "name created_by"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha requirement",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/requirements/update_a_requirement",
        words(
            "workflow_status description assigned_to_user initial_estimate original_estimate remaining_estimate "
            "progress progress_source custom_fields name created_by"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha requirement",),
        "aha-requirement-tags",
        "a requirement has tags, and no parameter is documented that writes them",
        ("tags",),
    ),
    Relaxation(
        "SENT",
        ("aha epic",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/epics/update_an_epic",
        words(
            "workflow_status release assigned_to_user tags start_date due_date initiative initial_estimate "
            "detailed_estimate remaining_estimate progress progress_source custom_fields created_by"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha release",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/releases/update_a_release",
        words(
            "workflow_status owner theme start_date end_date release_date external_release_date "
            "development_started_on parking_lot progress progress_source custom_fields"
        ),
    ),
    Relaxation(
        "SENT",
        ("aha initiative",),
        "aha-pages",
        f"parameters in the page of the operation: {AHA_PAGES}/resources/initiatives/update_an_initiative",
        words(
            "workflow_status description assigned_to_user start_date end_date progress progress_source custom_fields "
            "name"
        ),
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
    """Whether a row lets an operation answer with a status other than those stated."""
    return any(status in row.names and operation.id in row.where for row in rows("STATUS"))


@cache
def names(kind: Kind, *where: str, without: Relaxation | None = None) -> frozenset[str]:
    """What the rows of a kind name for any of these places; `without`: as if these names were not there for its."""
    return frozenset(
        name
        for row in rows(kind)
        for name in row.names
        if set(where) & set(row.where) and not (without and _takes(without, row, name))
    )


def _takes(without: Relaxation, row: Relaxation, name: str) -> bool:
    return without.kind == row.kind and name in without.names and bool(set(without.where) & set(row.where))


def each_name(kind: Kind) -> Iterator[Relaxation]:
    """The rows of a kind, taken apart: one for each place and name."""
    for row in rows(kind):
        for where in row.where:
            yield from (replace(row, where=(where,), names=(name,)) for name in row.names)


def changed(kind: Kind, where: str, schema: Json, without: Relaxation | None = None) -> Json:
    """A schema after the changes of the rows for a place; of all but one, where that one is looked at."""
    for row in rows(kind):
        if where in row.where and row.change is not None and row is not without:
            schema = row.change(schema)
    return schema
