"""The faults of the vendors' documents, by name: those that the README beside them lists, and those found since.

A fault found since has a proof that a test carries out: an example of the document that does not fit the document's own
schema, words of the document against the document, another of the vendor's documents about the same operation, or a
recorded answer. Where an address is the proof, the row forgives nothing that a document says: it is about a path, a
parameter or a key that the document leaves out, or about what HTTP and JAX-RS say of every operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["example", "words", "other", "recorded", "page"]


@dataclass(frozen=True)
class Proof:
    """What proves a fault.

    | kind | where | words |
    |---|---|---|
    | example | operation with a status, or schema | the complaint about it |
    | words | operation or schema | what it says |
    | other | operation or schema of another document | what it says there; "" where it says nothing |
    | recorded | file below `../shared` | what it says |
    | page | | address |
    """

    kind: Kind
    where: str
    words: str = ""


LISTED = {
    "dc-items": "declare the ITEM schema instead of an array",
    "dc-pages": "createmeta shows only the item",
    "dc-values": "values are declared objects",
    "search-gone": "still listed but answers 410",
    "cloud-unlisted": "The admin webhook API",
    "aha-merged": "several documented examples are merged into one operation",
    "aha-ids": "some ids are integers in examples and strings in reality",
    "aha-refusals": "error bodies are missing",
    "aha-several": "answers an array here and an object",
}
"""Each by words of the README."""

OBSERVED = "fixtures/jira-rest/cloud-observed-2026-10-08"
AHA_FEATURE = "fixtures/aha/feature_with_jira_integration.json"
RATES = "https://developer.atlassian.com/cloud/jira/platform/rate-limiting/"
WEBHOOKS_DC = "https://developer.atlassian.com/server/jira/platform/webhooks/"
CHANGES = "GET /rest/api/{}/issue/{{issueIdOrKey}}/changelog 200"
FOUND: dict[str, tuple[str, Proof]] = {
    "property-value": (
        "the value of a property is declared text",
        Proof("other", "cloud EntityProperty", '"value": {"description": "The value of the property'),
    ),
    "autocomplete": ("objects are declared texts", Proof("example", "dc AutoCompleteResponseBean", "not of type")),
    "one-property": (
        "one setting is declared a list",
        Proof("words", "cloud GET /rest/api/3/application-properties", "returned as an object (not in an array)"),
    ),
    "estimation": (
        "a number is declared an object",
        Proof("example", "dc FieldValueBean", '8 is not of type "object"'),
    ),
    "gadget": (
        "descriptions stand in the place of names",
        Proof("example", "cloud GET /rest/api/3/dashboard/{dashboardId}/gadget 200", "The column position of the"),
    ),
    "change-names": (
        "two texts of a change are left out",
        Proof("example", f"cloud2 {CHANGES.format(2)}", "'fromString', 'toString' were unexpected"),
    ),
    "clause": (
        "a choice of forms forbids the forms' properties",
        Proof("example", "cloud POST /rest/api/3/jql/parse 200", "where: False schema does not allow"),
    ),
    "unlike": ("an operator is misspelt", Proof("words", "cloud POST /rest/api/3/jql/parse", "'~', '!~', 'IN'")),
    "where": (
        "a part of a query is left out",
        Proof("example", "cloud2 POST /rest/api/2/jql/parse 200", "'where' was unexpected"),
    ),
    "number-400": (
        "the refusal of a number has another form",
        Proof("recorded", f"{OBSERVED}/comments_max_results_not_a_number.json", "application/problem+json"),
    ),
    "refusal-text": (
        "an object is declared text",
        Proof("example", "cloud2 PUT /rest/api/2/field/{fieldId} 400", 'is not of type "string"'),
    ),
    "no-context": (
        "null is not declared",
        Proof("example", "cloud POST /rest/api/3/field/{fieldId}/context/mapping 200", 'null is not of type "string"'),
    ),
    "change-null": (
        "null is not declared",
        Proof("example", f"cloud {CHANGES.format(3)}", 'from: null is not of type "string"'),
    ),
    "beside": (
        "a refusal is left out that Cloud's document has of the same operation",
        Proof("other", "cloud PUT /rest/api/3/issue/{issueIdOrKey}", '"404"'),
    ),
    "unreadable": (
        "that something sent can not be read is left out",
        Proof("recorded", f"{OBSERVED}/issue_create_not_json.json", "There was an error parsing JSON"),
    ),
    "not-there": (
        "that what the path names is not there is left out",
        Proof("recorded", f"{OBSERVED}/unknown_issue.json", '"status": 404'),
    ),
    "archived": (
        "a refusal is left out",
        Proof(
            "words", "cloud DELETE /rest/api/3/project/{projectIdOrKey}", "You can't delete a project if it's archived"
        ),
    ),
    "dc-number": (
        "what comes before the operation is left out",
        Proof("page", "https://jakarta.ee/specifications/restful-ws/3.1/jakarta-restful-ws-spec-3.1#resource_field"),
    ),
    "gateway": ("what comes before the operation is left out", Proof("page", RATES)),
    "v2-bodies": (
        "an answer without a body has a schema",
        Proof("other", "cloud POST /rest/api/3/issueLink 201"),
    ),
    "dc-bodies": (
        "an answer without a body has a schema",
        Proof("other", "software PUT /rest/agile/1.0/board/{boardId}/properties/{propertyKey} 200"),
    ),
    "v2-204": (
        "an answer without a body has a schema",
        Proof("page", "https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5"),
    ),
    "v2-refusals": (
        "another body of a refusal is declared",
        Proof("recorded", f"{OBSERVED}/issue_create_not_json.json", '"errorMessages"'),
    ),
    "v2-older": (
        "an operation is not there yet",
        Proof("other", "cloud POST /rest/api/3/bulk/issues/move", "operationId"),
    ),
    "dc-screens": (
        "the answers of another operation stand there",
        Proof("words", "dc GET /api/2/screens", "successful addition of field to default screen"),
    ),
    "jira-client": ("a path is not documented", Proof("page", "https://github.com/pycontribs/jira")),
    "tokens": (
        "a path is not documented",
        Proof("page", "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html"),
    ),
    "dc-hooks": ("a path is not documented", Proof("page", WEBHOOKS_DC)),
    "media-host": (
        "a path of another host",
        Proof("page", "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/"),
    ),
    "transitions-expand": (
        "a parameter is left out",
        Proof("words", "dc GET /api/2/issue/{issueIdOrKey}/transitions", "expand"),
    ),
    "aha-cli": ("a path is not documented", Proof("page", "https://github.com/aha-app/aha-cli")),
    "aha-services": ("a path is not documented", Proof("page", "https://github.com/aha-app/aha-services")),
    "aha-null": ("nothing shows that a value may be absent", Proof("recorded", AHA_FEATURE, "null")),
    "aha-capacity": ("keys are left out", Proof("recorded", AHA_FEATURE, "work_units")),
    "aha-note": ("keys are left out", Proof("page", "https://www.aha.io/api/resources/custom_fields")),
    "aha-lists": ("parameters are left out", Proof("page", "https://www.aha.io/api#pagination")),
    "aha-pages": (
        "parameters are left out",
        Proof("page", "https://www.aha.io/api/resources/features/update_a_feature"),
    ),
}
"""Each by what is wrong, and the proof."""

PAGES = {"PATH", "QUERY", "SENT", "KEY", "STATUS", "EMPTY"}
"""The kinds of rows that a page may prove: those that change no schema."""
