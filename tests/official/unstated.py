"""What the vendors' documents are silent about, and the sandboxes have: statuses, names in a query, paths.

OpenAPI does not say that a document lists every status, so that a row here contradicts no statement; those that do
stand in `relaxations.py`. Each row has a proof that it is so at the real server.

| kind | where | names |
|---|---|---|
| STATUS | operations, or "dc *" with what is so of them (`grounds.py`) | statuses |
| QUERY | operations, or "aha *" | names in the query |
| PATH | methods and paths, as "cloud GET /rest/webhooks/1.0/webhook" | |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tests.official import grounds
from tests.official.documents import Operation
from tests.official.proofs import Proof, readme

Kind = Literal["STATUS", "QUERY", "PATH"]


@dataclass(frozen=True)
class Unstated:
    """One row of the table."""

    kind: Kind
    where: tuple[str, ...]
    why: str
    proofs: tuple[Proof, ...]
    names: tuple[str, ...] = ()
    when: Callable[[Operation, str], bool] | None = None
    """Of STATUS: of which of the operations it is so."""


OBSERVED = "fixtures/jira-rest/cloud-observed-2026-10-08"
JIRA = ("cloud *", "cloud2 *", "software *", "dc *")
FILES = "cloud POST /rest/api/3/issue/{issueIdOrKey}/attachments"
RESOURCES = "https://jakarta.ee/specifications/restful-ws/3.1/jakarta-restful-ws-spec-3.1#resource_field"


def jira_says(words: str) -> Proof:
    """Words of what is known of Jira."""
    return Proof("reference", "reference/jira-api.md", words)


def aha_says(words: str) -> Proof:
    """Words of what is known of Aha!."""
    return Proof("reference", "reference/aha-api.md", words)


UNSTATED: tuple[Unstated, ...] = (
    # ---- statuses ----
    Unstated(
        "STATUS",
        ("dc *",),
        "left out on this operation, and documented on the same operation of Jira Cloud",
        (Proof("other", "cloud PUT /rest/api/3/issue/{issueIdOrKey}", '"404"'),),
        ("400", "404"),
        grounds.beside,
    ),
    Unstated(
        "STATUS",
        JIRA,
        "a body or a value of the query that can not be read is refused wherever one is read; left out on some",
        (Proof("recorded", f"{OBSERVED}/issue_create_not_json.json", "There was an error parsing JSON"),),
        ("400",),
        grounds.reads,
    ),
    Unstated(
        "STATUS",
        JIRA,
        "what a path names is not there, or not for the caller: left out on some operations whose path names something",
        (Proof("recorded", f"{OBSERVED}/unknown_issue.json", '"status": 404'),),
        ("404",),
        grounds.names_something,
    ),
    Unstated(
        "STATUS",
        JIRA,
        "before the operation is reached: not signed in, too large, over the request limit; documented on some",
        (
            Proof("words", FILES, '"413"'),
            Proof("words", "cloud POST /rest/api/3/group/user", '"429"'),
            jira_says('401 "Client must be authenticated to access this resource."'),
        ),
        ("401", "413", "429"),
        grounds.always,
    ),
    Unstated(
        "STATUS",
        JIRA,
        "before the operation is reached: a type of body that is not taken",
        (Proof("page", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16"),),
        ("415",),
        grounds.always,
    ),
    Unstated(
        "STATUS",
        ("dc *",),
        "a number in the query that is none: JAX-RS finds no method for such an address",
        (Proof("page", RESOURCES),),
        ("404",),
        grounds.counts,
    ),
    Unstated(
        "STATUS",
        (
            "cloud DELETE /rest/api/3/project/{projectIdOrKey}",
            "cloud2 DELETE /rest/api/2/project/{projectIdOrKey}",
            "dc DELETE /api/2/project/{projectIdOrKey}",
        ),
        "its own description says that an archived project can not be deleted, and no refusal stands there for it",
        (
            Proof(
                "words",
                "cloud DELETE /rest/api/3/project/{projectIdOrKey}",
                "You can't delete a project if it's archived",
            ),
        ),
        ("400",),
    ),
    Unstated(
        "STATUS",
        ("aha *",),
        "no refusal is documented but one 401 and one 412",
        (readme("error bodies are missing"), aha_says("400,401,403,404,406,422,429")),
        ("400", "401", "403", "404", "412", "422", "429"),
    ),
    Unstated(
        "STATUS",
        ("aha *",),
        "a file or a body over the limit, as a gateway refuses it: Aha! documents neither the limit nor the answer",
        (readme("error bodies are missing"),),
        ("413",),
    ),
    Unstated(
        "STATUS",
        ("aha GET /api/v1/webhooks/{token}", "aha POST /api/v1/webhooks/{token}"),
        "a token that is not known",
        (aha_says("410 when the token is invalid"),),
        ("410",),
    ),
    # ---- names in a query ----
    Unstated(
        "QUERY",
        ("dc GET /api/2/issue/{issueIdOrKey}/transitions",),
        "its own description says: fields are given only with `expand=transitions.fields`",
        (Proof("words", "dc GET /api/2/issue/{issueIdOrKey}/transitions", "expand"),),
        ("expand",),
    ),
    Unstated(
        "QUERY",
        ("aha *",),
        "of every list",
        (aha_says("Query: `page` (1-based), `per_page`"), aha_says("- `fields`: comma list.")),
        ("page", "per_page", "fields"),
    ),
    Unstated(
        "QUERY",
        (
            "aha GET /api/v1/products/{product_id}/features",
            "aha GET /api/v1/products/{product_id}/releases",
            "aha GET /api/v1/products/{product_id}/epics",
            "aha GET /api/v1/products/{product_id}/initiatives",
        ),
        "of these lists",
        (aha_says("`updated_since` (ISO 8601 UTC) works on"), aha_says("Other filters: `q` (name)")),
        ("q", "updated_since"),
    ),
    Unstated("QUERY", ("aha GET /api/v1/users",), "of this list", (aha_says("`GET /users?email=`"),), ("email",)),
    Unstated(
        "QUERY",
        ("aha GET /api/v1/audits",),
        "of this list",
        (
            aha_says("params: `auditable_id, auditable_type"),
            aha_says("audit_action (create|update|destroy), created_since, created_before, after_id, user_id, page"),
        ),
        ("created_since", "after_id", "audit_action", "auditable_id"),
    ),
    # ---- paths ----
    Unstated(
        "PATH",
        ("cloud GET /rest/applinks/latest/listApplicationlinks", "dc GET /applinks/latest/listApplicationlinks"),
        "what the Python client `jira` sends: https://github.com/pycontribs/jira",
        (Proof("client", "jira.client", "/rest/applinks/latest/listApplicationlinks"),),
    ),
    Unstated(
        "PATH",
        ("dc GET /api/2/group",),
        "what the Python client `jira` sends: https://github.com/pycontribs/jira",
        (Proof("client", "jira.client", 'self._get_json("group", params=params)'),),
    ),
    Unstated(
        "PATH",
        ("dc DELETE /api/2/version/{}",),
        "what the Python client `jira` sends: https://github.com/pycontribs/jira",
        (Proof("client", "jira.resources", "def delete(self, moveFixIssuesTo=None, moveAffectedIssuesTo=None)"),),
    ),
    Unstated(
        "PATH",
        ("cloud POST /rest/api/2/bulk/issues/move", "cloud GET /rest/api/2/bulk/queue/{}"),
        "in v3's document; v2's, which is older, has them not yet",
        (
            Proof("other", "cloud POST /rest/api/3/bulk/issues/move", "operationId"),
            Proof("other", "cloud GET /rest/api/3/bulk/queue/{taskId}", "operationId"),
        ),
    ),
    Unstated(
        "PATH",
        ("cloud * /rest/webhooks/1.0/webhook", "cloud * /rest/webhooks/1.0/webhook/{}"),
        "the administrator's webhooks: "
        "https://developer.atlassian.com/cloud/jira/platform/webhooks/#registering-a-webhook-using-the-rest-api",
        (readme("The admin webhook API"),),
    ),
    Unstated(
        "PATH",
        (
            "cloud PUT /rest/greenhopper/1.0/sprint/{}",
            "cloud POST /rest/greenhopper/1.0/xboard/issue/flag/flag.json",
            "dc PUT /greenhopper/1.0/sprint/{}",
            "dc POST /greenhopper/1.0/xboard/issue/flag/flag.json",
        ),
        "what the Python client `atlassian-python-api` sends: https://github.com/atlassian-api/atlassian-python-api",
        (
            Proof("client", "atlassian.jira.jira_server", "def rename_sprint(self, sprint_id: T_id, name: str"),
            Proof("client", "atlassian.jira.jira_server", 'resource = "xboard/issue/flag/flag.json"'),
        ),
    ),
    Unstated(
        "PATH",
        ("dc * /pat/latest/tokens", "dc DELETE /pat/latest/tokens/{}"),
        "a person's own access tokens: "
        "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html",
        (jira_says("`/rest/pat/latest/tokens`"),),
    ),
    Unstated(
        "PATH",
        ("dc * /webhooks/1.0/webhook", "dc * /webhooks/1.0/webhook/{}"),
        "the administrator's webhooks of Jira before 10, which the sandbox can be: "
        "https://developer.atlassian.com/server/jira/platform/webhooks/",
        (jira_says("webhooks admin `/rest/webhooks/1.0/webhook`"),),
    ),
    Unstated(
        "PATH",
        ("dc * /jira-webhook/1.0/webhooks", "dc * /jira-webhook/1.0/webhooks/{}"),
        "the administrator's webhooks of Jira 10: https://developer.atlassian.com/server/jira/platform/webhooks/",
        (jira_says("**10+: `/rest/jira-webhook/1.0/webhooks`**, not in spec"),),
    ),
    Unstated(
        "PATH",
        ("cloud GET /rest/media/file/{}/binary",),
        "where a download of an attachment redirects to; the real one is another host "
        "(https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/)",
        (jira_says("Cloud content GET answers 303 to a media URL"),),
    ),
    Unstated(
        "PATH",
        ("aha POST /api/v1/extensions", "aha DELETE /api/v1/extensions/{}"),
        "what the vendor's program for extensions sends: https://github.com/aha-app/aha-cli",
        (aha_says("`POST /api/v1/extensions` (multipart); `DELETE /api/v1/extensions/:identifier`"),),
    ),
    Unstated(
        "PATH",
        (
            "aha * /api/v1/{}/{}/integrations/{}/fields",
            "aha GET /api/v1/{}/{}/integrations/{}/fields/{}",
            "aha GET /api/v1/{}/fields/{}/value/{}",
        ),
        "integration fields of every kind of record, as Aha!'s own services use them: "
        "https://github.com/aha-app/aha-services",
        (
            aha_says("same for releases, requirements, initiatives"),
            aha_says("`GET /:resource/:id/integrations/:integration_id/fields/:field_name`"),
            aha_says("fields/:name/value/:value`"),
        ),
    ),
    Unstated(
        "PATH",
        (
            "aha GET /api/v1/{}/{}/record_links",
            "aha GET /api/v1/integrations/{}",
            "aha GET /api/v1/historical_audits/{}",
            "aha PUT /api/v1/integrations/{}",
            "aha * /api/v1/{}/{}/comments",
            "aha POST /api/v1/{}/{}/time_tracking_events",
        ),
        "in the pages at https://www.aha.io/api, or listed for one kind of record that stands for all",
        (readme("several documented examples are merged into one operation"),),
    ),
)


def rows(kind: Kind) -> Iterator[Unstated]:
    """The rows of a kind."""
    return (row for row in UNSTATED if row.kind == kind)


@cache
def may_answer(operation: Operation, status: str) -> bool:
    """Whether an operation may answer with a status of which its document is silent."""
    return any(
        status in row.names
        and {operation.id, f"{operation.document} *"} & set(row.where)
        and (row.when is None or row.when(operation, status))
        for row in rows("STATUS")
    )


@cache
def asked_besides(operation: Operation) -> frozenset[str]:
    """The names that a query may have besides those documented."""
    places = {operation.id, f"{operation.document} *"}
    return frozenset(name for row in rows("QUERY") if places & set(row.where) for name in row.names)


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
