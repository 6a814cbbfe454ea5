"""The faults of the vendors' documents, by name: those that the README beside them lists, and those found since.

A fault found since has its proof: a recorded answer, another of the vendor's documents, or the document itself, where
it contradicts itself; a page of the vendor; or what a program of wide use counts on, where the vendor says nothing.
"""

from __future__ import annotations

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

FOUND: dict[str, tuple[str, str]] = {
    "property-value": (
        "the value of a property is declared text",
        "https://developer.atlassian.com/server/jira/platform/entity-properties/",
    ),
    "autocomplete": ("objects are declared texts", "cloud GET /rest/api/3/jql/autocompletedata"),
    "one-property": ("one setting is declared a list", "https://github.com/pycontribs/jira"),
    "estimation": ("a number is declared an object", "software GET /rest/agile/1.0/issue/{issueIdOrKey}/estimation"),
    "gadget": ("descriptions stand in the place of names", "cloud DashboardGadgetPosition"),
    "change-names": ("two texts of a change are left out", "cloud ChangeDetails"),
    "clause": ("a choice of forms forbids the forms' properties", "cloud JqlQueryClause"),
    "unlike": (
        "an operator is misspelt",
        "https://support.atlassian.com/jira-work-management/docs/advanced-search-reference-jql-operators/",
    ),
    "where": ("a part of a query is left out", "cloud JqlQuery"),
    "number-400": (
        "the refusal of a number has another form",
        "fixtures/jira-rest/cloud-observed-2026-10-08/comments_max_results_not_a_number.json",
    ),
    "refusal-text": ("an object is declared text", "cloud2 GET /rest/api/2/universal_avatar/view/type/{type}"),
    "no-context": ("null is not declared", "cloud ContextForProjectAndIssueType"),
    "change-null": (
        "null is not declared",
        "fixtures/jira-webhooks/mm-issue-updated-assigned.json",
    ),
    "statuses-400": (
        "a refusal is left out",
        "fixtures/jira-rest/cloud-observed-2026-10-08/comments_order_unknown.json",
    ),
    "dc-404": ("a refusal is left out", "fixtures/jira-rest/cloud-observed-2026-10-08/unknown_issue.json"),
    "gateway": (
        "what comes before the operation is left out",
        "https://developer.atlassian.com/cloud/jira/platform/rate-limiting/",
    ),
    "v2-bodies": ("an answer without a body has a schema", "cloud POST /rest/api/3/issueLink"),
    "dc-bodies": (
        "an answer without a body has a schema",
        "software PUT /rest/agile/1.0/board/{boardId}/properties/{propertyKey}",
    ),
    "v2-204": ("an answer without a body has a schema", "https://www.rfc-editor.org/rfc/rfc9110#section-15.3.5"),
    "v2-refusals": ("another body of a refusal is declared", "cloud POST /rest/api/3/issue/{issueIdOrKey}/remotelink"),
    "v2-older": ("an operation is not there yet", "cloud POST /rest/api/3/bulk/issues/move"),
    "dc-screens": ("the answers of another operation stand there", "dc GET /api/2/screens"),
    "jira-client": ("a path is not documented", "https://github.com/pycontribs/jira"),
    "tokens": (
        "a path is not documented",
        "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
    ),
    "dc-hooks": ("a path is not documented", "https://developer.atlassian.com/server/jira/platform/webhooks/"),
    "media-host": (
        "a path of another host",
        "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/",
    ),
    "transitions-expand": ("a parameter is left out", "dc GET /api/2/issue/{issueIdOrKey}/transitions"),
    "aha-cli": ("a path is not documented", "https://github.com/aha-app/aha-cli"),
    "aha-services": ("a path is not documented", "https://github.com/aha-app/aha-services"),
    "aha-null": ("nothing shows that a value may be absent", "fixtures/aha/feature_with_jira_integration.json"),
    "aha-capacity": ("keys are left out", "fixtures/aha/feature_with_jira_integration.json"),
    "aha-note": ("keys are left out", "https://www.aha.io/api/resources/custom_fields"),
    "aha-lists": ("parameters are left out", "https://www.aha.io/api#pagination"),
    "aha-pages": ("parameters are left out", "https://www.aha.io/api/resources/features/update_a_feature"),
}
"""Each by what is wrong, and the proof."""
