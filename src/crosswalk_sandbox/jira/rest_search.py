"""Endpoints for search: Cloud's token pages without a total, Data Center's pages with one, and Cloud's retired search.

Jira Cloud REST v3 searchAndReconsileIssuesUsingJql; Data Center 10.3 `search`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-search/
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence

from crosswalk_sandbox.jira import jql, search
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.rest_issues import field_names, shown, strings
from crosswalk_sandbox.jira.state import Issue, Json
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint

UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
EXPIRED = "The provided next page token is invalid or expired."
MOST_ORDER = 7
TOKEN_LIFE = 7 * 24 * 3600
BODY = (
    "jql",
    "nextPageToken",
    "maxResults",
    "fields",
    "expand",
    "properties",
    "fieldsByKeys",
    "failFast",
    "reconcileIssues",
)


def asked(call: Call) -> Json:
    """The parameters of a search, from the query or from the body."""
    if call.method == "POST":
        return call.json(BODY)
    out: Json = {
        name: call.query[name] for name in ("jql", "nextPageToken", "expand", "validateQuery") if name in call.query
    }
    out["maxResults"] = call.number("maxResults", 50, least=-1)
    out["startAt"] = call.number("startAt", 0)
    out["fields"], out["properties"] = call.many("fields"), call.many("properties")
    out["reconcileIssues"] = call.many("reconcileIssues")
    return out


def lag_of(call: Call) -> float:
    """Seconds the index is behind: the site's own, or more where a fault says so."""
    return max(call.site.index_lag, call.jira.fault_seconds("lag", call.method, call.path))


def text_of(wire: Json, name: str) -> str:
    value = wire.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return value or ""


def number_of(wire: Json, name: str, default: int) -> int:
    value = wire.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return value


def bounded(text: str) -> jql.Query:
    """The query of a text, for Cloud: with a restriction, and by at most seven fields in order. Raises Refusal.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ (`jql`).
    """
    query = jql.parse(text)
    if query.where is None:
        raise Refusal(400, UNBOUNDED)
    if len(query.order) > MOST_ORDER:
        raise Refusal(400, f"The orderBy clause can contain a maximum of {MOST_ORDER} fields.")  # wording unconfirmed
    return query


def found(call: Call, query: jql.Query, reach: search.Reach, *, strict: bool = True) -> search.Found:
    """What the caller finds. Raises Refusal with everything that is wrong, if `strict`."""
    out = call.jira.remembered.look(call.asker, query, reach)
    if out.warnings and strict:
        raise Refusal(400, *out.warnings)
    return out


def search_jql(call: Call) -> Answer:
    """Pages by token, may be shorter than asked for; the last has `isLast` and no token. Anonymous callers find
    nothing."""
    wire = asked(call)
    query = bounded(text_of(wire, "jql"))
    given = wire.get("reconcileIssues") or []
    if not isinstance(given, list) or len(given) > 50:
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    reconcile = [str(issue) for issue in given]
    print_of = hashlib.blake2b(json.dumps([text_of(wire, "jql"), reconcile]).encode(), digest_size=6).hexdigest()
    start = _read_token(call, text_of(wire, "nextPageToken"), print_of)
    size = number_of(wire, "maxResults", 50)
    if not 0 < size <= 5000:
        raise Refusal(400, "The maxResults parameter must be between 1 and 5,000.")  # wording unconfirmed
    if call.person is None:
        return Answer(200, {"issues": [], "isLast": True})
    issues = found(call, query, search.Reach(lag_of(call), reconcile)).issues
    names = field_names(call, strings(wire.get("fields")), "id")
    # With many fields Jira answers fewer issues than asked for: at most 100 a page.
    size = size if names is not None and names <= {"id", "key"} else min(size, 100)
    expand = set(strings(wire.get("expand")))
    pages = issues[start : start + size]
    out: Json = {"issues": results(call, pages, names, expand, strings(wire.get("properties")))}
    last = start + size >= len(issues)
    if not last:
        out["nextPageToken"] = _make_token(call, start + size, print_of)
    return Answer(200, out | {"isLast": last})


def results(
    call: Call, issues: Sequence[Issue], names: set[str] | None, expand: set[str], properties: list[str]
) -> list[Json]:
    """Issues in a result; with only the id asked for they have no fields at all."""
    out = []
    for issue in issues:
        entry = shown(call, issue, names, expand, properties)
        if names is not None and names <= {"id"}:
            entry = {"id": issue.id}
        out.append(entry)
    return out


def _make_token(call: Call, start: int, print_of: str) -> str:
    until = int(call.site.now().timestamp()) + TOKEN_LIFE
    return base64.urlsafe_b64encode(json.dumps([start, until, print_of]).encode()).decode()


def _read_token(call: Call, token: str, print_of: str) -> int:
    if not token:
        return 0
    try:
        start, until, held = json.loads(base64.urlsafe_b64decode(token.encode()))
        if held == print_of and int(until) > call.site.now().timestamp() and 0 <= int(start) < 10**9:
            return int(start)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise Refusal(400, EXPIRED)


def retired(call: Call) -> Answer:
    """410 since 2025 (CHANGE-2046)."""
    api = call.api
    raise Refusal(
        410,
        f"The requested API has been removed. Please migrate to the /rest/api/{api}/search/jql API. A full migration "
        "guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
    )


def count(call: Call) -> Answer:
    """POST /search/approximate-count."""
    query = bounded(text_of(call.json(("jql",)), "jql"))
    issues = found(call, query, search.Reach(lag_of(call))).issues if call.person else []
    return Answer(200, {"count": len(issues)})


def search_dc(call: Call) -> Answer:
    """Data Center: startAt, maxResults up to 1000 (so many also for a number below 0: observed by many scripts, no page
    states it), total; default fields `*navigable`; an empty query finds everything.

    With `validateQuery` false what does not exist is a warning, and the clause that names it finds nothing.
    """
    wire = asked(call)
    query = jql.parse(text_of(wire, "jql"))
    nothing, reach = search.Found([], []), search.Reach(lag_of(call))
    answer = found(call, query, reach, strict=_validates(wire)) if call.person else nothing
    issues = answer.issues
    start, asked_for = max(0, number_of(wire, "startAt", 0)), number_of(wire, "maxResults", 50)
    size = min(asked_for, 1000) if asked_for >= 0 else 1000
    names = field_names(call, strings(wire.get("fields")), "*navigable")
    expand = set(strings(wire.get("expand")))
    shown_issues = [
        shown(call, issue, names, expand, strings(wire.get("properties"))) for issue in issues[start : start + size]
    ]
    for entry in shown_issues:
        entry["expand"] = LISTED
        from_index(entry["fields"])
    body: Json = {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": len(issues),
        "issues": shown_issues,
    }
    return Answer(200, body | ({"warningMessages": answer.warnings} if answer.warnings else {}))


LISTED = "operations,versionedRepresentations,editmeta,changelog,renderedFields"
"""What an issue in a list of Data Center names in its `expand`: so recorded of Server."""


def from_index(fields: object) -> None:
    """The index of Data Center keeps whole seconds, where the issue itself has milliseconds: `.000` from a search and
    `.679` from the issue, as others observed on 10.4."""
    for name in ("created", "updated"):
        if isinstance(fields, dict) and isinstance(moment := fields.get(name), str):
            whole, _, rest = moment.partition(".")
            fields[name] = f"{whole}.000{rest[3:]}"


def _validates(wire: Json) -> bool:
    given = wire.get("validateQuery")
    return given is None or str(given).lower() not in ("false", "warn", "none")


CLOUD, DC = ("cloud",), ("dc",)
ENDPOINTS = [
    Endpoint("GET", "api/X/search/jql", search_jql, "searchAndReconsileIssuesUsingJql", CLOUD),
    Endpoint("POST", "api/X/search/jql", search_jql, "searchAndReconsileIssuesUsingJqlPost", CLOUD),
    Endpoint("GET", "api/X/search", retired, "searchForIssuesUsingJql", CLOUD),
    Endpoint("POST", "api/X/search", retired, "searchForIssuesUsingJqlPost", CLOUD),
    Endpoint("POST", "api/X/search/approximate-count", count, "countIssues", CLOUD),
    Endpoint("GET", "api/X/search", search_dc, "searchUsingSearchRequest", DC),
    Endpoint("POST", "api/X/search", search_dc, "searchUsingSearchRequest", DC),
]
