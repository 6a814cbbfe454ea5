"""The faults of the vendors' documents, by name: those that the README beside them lists, and those found since.

A fault found since has a proof that a test carries out: an example of the document that does not fit the document's own
schema, words of the document against the document, another of the vendor's documents about the same operation, or a
recorded answer.
"""

from __future__ import annotations

from tests.official.proofs import Proof

LISTED = {
    "dc-items": "declare the ITEM schema instead of an array",
    "dc-pages": "createmeta shows only the item",
    "dc-values": "values are declared objects",
    "search-gone": "still listed but answers 410",
    "aha-merged": "several documented examples are merged into one operation",
    "aha-ids": "some ids are integers in examples and strings in reality",
    "aha-several": "answers an array here and an object",
}
"""Each by words of the README."""

AHA_WORDS = "reference/aha-api.md"
AHA_FEATURE = "fixtures/aha/feature_with_jira_integration.json"
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
    "refusal-text": (
        "an object is declared text",
        Proof("example", "cloud2 PUT /rest/api/2/field/{fieldId} 400", 'is not of type "string"'),
    ),
    "epic-key": ("the example lacks the key", Proof("other", "dc EpicBean", '"key": {')),
    "version-start": ("the examples lack the start", Proof("other", "dc VersionBean", '"startDate": {')),
    "sprint-created": (
        "the examples lack when it was made",
        Proof("recorded", "fixtures/jira-rest/jira-ruby/sprint__1.json", '"createdDate": "'),
    ),
    "sprint-issues": (
        "the example of an item stands in the place of that of the page",
        Proof("other", "software GET /rest/agile/1.0/board/{boardId}/sprint/{sprintId}/issue", '\\"issues\\":'),
    ),
    "no-context": (
        "null is not declared",
        Proof("example", "cloud POST /rest/api/3/field/{fieldId}/context/mapping 200", 'null is not of type "string"'),
    ),
    "change-null": (
        "null is not declared",
        Proof("example", f"cloud {CHANGES.format(3)}", 'from: null is not of type "string"'),
    ),
    "change-people": (
        "two names are left out",
        Proof("recorded", "fixtures/jira-webhooks/mm-issue-updated-multiple-values.json", '"tmpToAccountId": "'),
    ),
    "locale": (
        "a name is left out",
        Proof("example", "cloud GET /rest/api/3/serverInfo 200", "'defaultLocale' was unexpected"),
    ),
    "dc-change-null": (
        "null is not declared",
        Proof("recorded", "fixtures/jira-webhooks/mm-server-issue-updated-resolved.json", '"from": null'),
    ),
    "dc-screens": (
        "the answers of another operation stand there",
        Proof("words", "dc GET /api/2/screens", "successful addition of field to default screen"),
    ),
    "aha-null": (
        "the example shows no value that is absent",
        Proof("words", "aha GET /api/v1/users", '"accessed_at": null'),
    ),
    "aha-capacity": ("keys are left out", Proof("recorded", AHA_FEATURE, "work_units")),
    "aha-pages": ("parameters are left out", Proof("reference", AHA_WORDS, 'Body `{"feature":{...}}`. Writable:')),
    "aha-requirement-tags": (
        "a parameter is left out",
        Proof("reference", AHA_WORDS, "no tags write documented (reads `tags`, `full_tags`)"),
    ),
}
"""Each by what is wrong, and the proof."""
