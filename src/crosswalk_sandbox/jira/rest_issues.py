"""Endpoints for issues: create, bulk create, read, edit, delete, metadata, transitions, history.

Jira Cloud REST v3 group "Issues"; Data Center 10.3 `issue`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from crosswalk_sandbox.jira import edit, hooks, metadata, rendered
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_update import Job, draft_of, take_parts
from crosswalk_sandbox.jira.state import Change, Issue, Json, Project
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint, bean

NO_PLACE = 2**31 - 1  # of a transition that was given no place among the others; so observed of 10.4


def created(call: Call, issue: Issue) -> Json:
    return {"id": issue.id, "key": issue.key, "self": f"{call.view.base}/issue/{issue.id}"}


def make(call: Call, payload: Json) -> Issue:
    """Create one issue and tell about it; then log the work and make the links that `update` asks for, and on Cloud the
    `transition`, which Data Center passes over (https://jira.atlassian.com/browse/JRASERVER-66881)."""
    payload = dict(payload)
    wire = payload.get("transition")
    moved = call.cloud and isinstance(wire, dict) and wire.get("id") not in (None, "")
    jobs: list[Job] = []
    if isinstance(payload.get("update"), dict):
        jobs = take_parts(call, payload, draft_of(call, payload), ("worklog", "issuelinks"))
    issue = edit.create(call.desk, payload, moved=moved)
    call.jira.tell(hooks.issue_created(call.me, issue, call.site.next_id("change")))
    for job in jobs:
        job(issue)
    if moved:
        make_transition(call, issue, {"transition": wire})
    return issue


def create_issue(call: Call) -> Answer:
    return Answer(201, created(call, make(call, call.json())))


def create_issues(call: Call) -> Answer:
    """201 when at least one was created, with the others in `errors`; 400 when none was."""
    updates = call.json().get("issueUpdates")
    if not isinstance(updates, list):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    if len(updates) > 50:
        raise Refusal(400, "The number of issues to create exceeds the limit of 50.")  # wording unconfirmed
    issues: list[Json] = []
    errors: list[Json] = []
    for number, payload in enumerate(updates):
        try:
            if not isinstance(payload, dict):
                raise Refusal(400, BAD_PAYLOAD)
            issues.append(created(call, make(call, payload)))
        except Refusal as refusal:
            body: Json = {"errorMessages": refusal.messages, "errors": refusal.errors}
            errors.append({"status": refusal.status, "elementErrors": body, "failedElementNumber": number})
    return Answer(201 if issues or not updates else 400, {"issues": issues, "errors": errors})


def refused_whole(refusal: Refusal) -> Json:
    """How creating several looks that is refused as a whole: the document's CreatedIssues."""
    told: Json = {"errorMessages": refusal.messages, "errors": refusal.errors}
    return {"issues": [], "errors": [{"status": 400, "elementErrors": told, "failedElementNumber": 0}]}


# ---- read


def field_names(call: Call, wanted: list[str], default: str) -> set[str] | None:
    """The field ids that `fields=` means; None for all. `*all`, `*navigable`, names, and names to leave out with a
    minus."""
    names = wanted or [default]
    if names == ["*all"]:
        return None
    every = {field.id for field in call.site.fields.values()}
    navigable = {field.id for field in call.site.fields.values() if field.navigable}
    out: set[str] = set()
    if all(name.startswith("-") for name in names):
        out = every if default == "*all" else set(navigable)
    for name in names:
        if name == "*all":
            out |= every
        elif name == "*navigable":
            out |= navigable
        elif name.startswith("-"):
            out.discard(name[1:])
        else:
            out.add(name)
    return out


def shown(call: Call, issue: Issue, names: set[str] | None, expand: set[str], properties: list[str]) -> Json:
    """An issue as REST shows it."""
    view = call.view
    out: Json = {"expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"}
    out |= view.issue(issue, names)
    project, kind = call.site.projects[issue.project], call.site.types[issue.type]
    if properties:
        every = "*all" in properties
        out["properties"] = {key: value for key, value in issue.properties.items() if every or key in properties}
    if "renderedFields" in expand:
        out["renderedFields"] = rendered.rendered(view, issue, names)
    if "names" in expand:
        out["names"] = {f.id: f.name for f in call.site.fields.values() if names is None or f.id in names}
    if "schema" in expand:
        fields = call.site.fields.values()
        out["schema"] = {f.id: metadata.schema(f) for f in fields if names is None or f.id in names}
    if "changelog" in expand:
        changes = view.changes(issue)
        histories = changes[::-1] if call.cloud else changes  # oldest first on 10.4, others observed
        out["changelog"] = {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}
    if "transitions" in expand:
        out["transitions"] = [
            transition_json(call, issue, t.id) for t in edit.transitions_of(call.site, issue, call.person)
        ]
    if "editmeta" in expand:
        out["editmeta"] = {"fields": metadata.edit_fields(view, project, kind)}
    return out


def get_issue(call: Call) -> Answer:
    issue = stale(call, call.issue())
    names = field_names(call, call.many("fields"), "*all")
    if call.person is not None and call.flag("updateHistory"):
        call.person.views(issue.id, call.site.now())
    return Answer(200, shown(call, issue, names, set(call.many("expand")), call.many("properties")))


def stale(call: Call, issue: Issue) -> Issue:
    """The issue, or where a fault says so as it was some seconds ago. Raises NotThere when it was not there then."""
    return _as_of(call, issue, call.jira.fault_seconds("stale", call.method, call.path))


def _as_of(call: Call, issue: Issue, seconds: float) -> Issue:
    held = issue.as_of(call.site.now() - timedelta(seconds=seconds)) if seconds else None
    if held is None:
        return issue
    if held.absent:
        raise NotThere(call.jira.flavour.no_issue)
    return replace(issue, status=held.status, type=held.type, updated=held.updated, values=held.values)


def bulk_fetch(call: Call) -> Answer:
    """POST /issue/bulkfetch: up to 100 ids or keys, answered by ascending id."""
    body = call.json(("issueIdsOrKeys", "fields", "expand", "properties", "fieldsByKeys"))
    wanted = body.get("issueIdsOrKeys")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(key, str) for key in wanted):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    if len(wanted) > 100:
        raise Refusal(400, "The number of issues to fetch exceeds the limit of 100.")  # wording unconfirmed
    seconds = call.jira.fault_seconds("stale", call.method, call.path)
    found: dict[str, Issue] = {}
    errors: list[Json] = []
    for key in wanted:
        issue = call.site.issue(key)
        if issue is not None and call.may(issue, "BROWSE_PROJECTS"):
            with suppress(NotThere):
                found[issue.id] = _as_of(call, issue, seconds)
        if issue is None or issue.id not in found:
            errors.append({"id": key, "errorMessage": call.jira.flavour.no_issue})
    names = field_names(call, strings(body.get("fields")), "*navigable")
    issues = [
        shown(call, found[key], names, set(strings(body.get("expand"))), strings(body.get("properties")))
        for key in sorted(found, key=int)
    ]
    return Answer(200, {"issues": issues, "issueErrors": errors})


def strings(value: object) -> list[str]:
    """A list of strings from a list, or from a string with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


# ---- edit


def put_issue(call: Call) -> Answer:
    """204, or 200 with the issue for `returnIssue=true` (Cloud)."""
    issue = call.issue()
    payload = dict(call.json())
    if call.query.get("notifyUsers") == "false" and not call.me.admin and not call.may(issue, "ADMINISTER_PROJECTS"):
        raise Refusal(400, "To discard the user notification either admin or project admin permissions are required.")
    jobs = take_parts(call, payload, issue)
    assigned = call.site.projects[issue.project]
    change = None
    if {name: part for name, part in payload.items() if part} or not jobs:
        change = edit.edit(call.desk, issue, payload)
    for job in jobs:
        job(issue)
    if change is not None:
        only = {item.field_id for item in change.items}
        kind = "issue_assigned" if only == {"assignee"} and assigned else "issue_updated"
        call.jira.tell(hooks.issue_updated(call.me, issue, change, kind))
    if call.cloud and call.flag("returnIssue"):
        names = field_names(call, [], "*all")
        return Answer(200, shown(call, issue, names, set(call.many("expand")), []))
    return Answer(204)


def put_assignee(call: Call) -> Answer:
    issue = call.issue()
    body = call.json()
    change = edit.edit(call.desk, issue, {"fields": {"assignee": body}})
    if change is not None:
        kind = "issue_assigned"
    elif call.cloud:
        # Assigning to whom it is assigned already tells so too, with nothing in the changelog (as recorded).
        change, kind = Change(call.site.next_id("change"), call.me.key, issue.updated, []), "issue_assigned"
    if change is not None:
        call.jira.tell(hooks.issue_updated(call.me, issue, change, kind))
    return Answer(204)


def delete_issue(call: Call) -> Answer:
    """204. Sends issue_deleted, then what went with it as secondary hooks."""
    issue = call.issue()
    doomed = [issue, *call.site.children(issue)]
    events = hooks.issues_gone(call.site, call.jira.flavour.name, call.me, doomed)
    events = [call.jira.as_now(event) for event in events]
    edit.delete(call.desk, issue, with_subtasks=call.flag("deleteSubtasks"))
    call.jira.tell(*events)
    return Answer(204)


# ---- metadata


def _creating_in(call: Call) -> Project:
    """The project of the path. Raises Refusal 400 where there is none or it is hidden, as both documents say of create
    metadata, unlike of other paths."""
    try:
        return call.project(call.params["projectIdOrKey"])
    except NotThere as hidden:
        raise Refusal(400, *hidden.messages) from hidden


def create_types(call: Call) -> Answer:
    project = _creating_in(call)
    if not call.site.allowed(call.person, project, "CREATE_ISSUES"):
        if call.cloud:
            return Answer(200, call.jira.flavour.create_types(0, 50, []))
        raise Refusal(400, "Issue does not exist or you do not have permission to create issues in this project.")
    start, size = call.number("startAt", 0), call.number("maxResults", 50, 200)
    types = [call.view.issue_type(call.site.types[t]) for t in project.types]
    return Answer(200, call.jira.flavour.create_types(start, size, types))


def create_type_fields(call: Call) -> Answer:
    project = _creating_in(call)
    if call.params["issueTypeId"] not in project.types or not call.site.allowed(call.person, project, "CREATE_ISSUES"):
        raise Refusal(400, f"Issue type with the id {call.params['issueTypeId']} does not exist in the project.")
    kind = call.site.types[call.params["issueTypeId"]]
    start, size = call.number("startAt", 0), call.number("maxResults", 50, 200)
    return Answer(200, call.jira.flavour.create_fields(start, size, metadata.create_fields(call.view, project, kind)))


def edit_meta(call: Call) -> Answer:
    issue = call.issue()
    if not call.may(issue, "EDIT_ISSUES"):
        return Answer(200, {"fields": {}})
    project, kind = call.site.projects[issue.project], call.site.types[issue.type]
    return Answer(200, {"fields": metadata.edit_fields(call.view, project, kind)})


# ---- transitions


def transition_json(call: Call, issue: Issue, transition_id: str, *, fields: bool = False) -> Json:
    project = call.site.projects[issue.project]
    found = next(t for t in project.transitions if t.id == transition_id)
    out: Json = {"id": found.id, "name": found.name, "to": call.view.status(call.site.statuses[found.to])}
    if not call.cloud:
        out |= {"description": "", "opsbarSequence": NO_PLACE}
    if call.cloud:
        out |= {
            "hasScreen": bool(found.screen),
            "isGlobal": not found.sources,
            "isInitial": False,
            "isAvailable": found in edit.transitions_of(call.site, issue, call.person),
            "isConditional": bool(found.conditions),
            "isLooped": False,
        }
    if fields:
        kind = call.site.types[issue.type]
        out["fields"] = {
            field.id: metadata.metadata(call.view, field, project, kind) | {"required": field.id in found.required}
            for field in edit.transition_fields(call.site, (project, kind), found, call.person)
        }
    return out


def get_transitions(call: Call) -> Answer:
    issue = call.issue()
    possible = edit.transitions_of(call.site, issue, call.person)
    if call.cloud and call.flag("includeUnavailableTransitions") and call.may(issue, "TRANSITION_ISSUES"):
        possible = edit.ways_out(call.site, issue)
    if wanted := call.query.get("transitionId"):
        possible = [t for t in possible if t.id == wanted]
    fields = "transitions.fields" in call.many("expand")
    return Answer(
        200,
        {"expand": "transitions", "transitions": [transition_json(call, issue, t.id, fields=fields) for t in possible]},
    )


def post_transition(call: Call) -> Answer:
    """204 without a body but with `Content-Type: text/html`, as recorded in 2025."""
    issue = call.issue()
    payload = dict(call.json())
    wire = payload.get("transition")
    if isinstance(wire, dict) and not edit.transitions_of(call.site, issue, call.me) and wire.get("id"):
        raise Refusal(400, f"Transition id '{wire['id']}' is not valid for this issue.")
    jobs = take_parts(call, payload, issue)
    make_transition(call, issue, payload)
    for job in jobs:
        job(issue)
    return Answer(204, media="text/html;charset=UTF-8")


def make_transition(call: Call, issue: Issue, payload: Json) -> None:
    """Make it and tell about it."""
    before = call.site.statuses[issue.status].category.key
    name = edit.transition_name(call.desk, issue, payload)
    change = edit.transition(call.desk, issue, payload)
    after = call.site.statuses[issue.status].category.key
    if change is not None:
        kind = call.jira.flavour.transition_event(before, after, name)
        call.jira.tell(hooks.issue_updated(call.me, issue, change, kind))


def get_changelog(call: Call) -> Answer:
    """Oldest first, unlike the expand."""
    issue = call.issue()
    return Answer(200, bean(call, call.view.changes(issue), 100))


def bulk_changelog(call: Call) -> Answer:
    """POST /changelog/bulkfetch with issue ids or keys."""
    body = call.json(("issueIdsOrKeys", "fieldIds", "maxResults", "nextPageToken"))
    wanted = set(strings(body.get("fieldIds")))
    out: list[Json] = []
    for key in strings(body.get("issueIdsOrKeys")):
        issue = call.site.issue(key)
        if issue is None or not call.may(issue, "BROWSE_PROJECTS"):
            continue
        held = [c for c in issue.changes if not wanted or any(i.field_id in wanted for i in c.items)]
        shown_changes = call.view.changes(replace(issue, changes=held))
        out.append({"issueId": issue.id, "changeHistories": shown_changes})
    return Answer(200, {"issueChangeLogs": out})


CLOUD = ("cloud",)
ENDPOINTS = [
    Endpoint("POST", "api/X/issue", create_issue, "createIssue"),
    Endpoint("POST", "api/X/issue/bulk", create_issues, "createIssues", told=refused_whole),
    Endpoint("POST", "api/X/issue/bulkfetch", bulk_fetch, "bulkFetchIssues", CLOUD),
    Endpoint("GET", "api/X/issue/createmeta/{projectIdOrKey}/issuetypes", create_types, "getCreateIssueMetaIssueTypes"),
    Endpoint(
        "GET",
        "api/X/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
        create_type_fields,
        "getCreateIssueMetaIssueTypeId",
    ),
    Endpoint("GET", "api/X/issue/{issueIdOrKey}", get_issue, "getIssue"),
    Endpoint("PUT", "api/X/issue/{issueIdOrKey}", put_issue, "editIssue", per_issue=True),
    Endpoint("DELETE", "api/X/issue/{issueIdOrKey}", delete_issue, "deleteIssue", per_issue=True),
    Endpoint("PUT", "api/X/issue/{issueIdOrKey}/assignee", put_assignee, "assignIssue", per_issue=True),
    Endpoint("GET", "api/X/issue/{issueIdOrKey}/editmeta", edit_meta, "getEditIssueMeta"),
    Endpoint("GET", "api/X/issue/{issueIdOrKey}/transitions", get_transitions, "getTransitions"),
    Endpoint("POST", "api/X/issue/{issueIdOrKey}/transitions", post_transition, "doTransition", per_issue=True),
    Endpoint("GET", "api/X/issue/{issueIdOrKey}/changelog", get_changelog, "getChangeLogs", CLOUD),
    Endpoint("POST", "api/X/changelog/bulkfetch", bulk_changelog, "getBulkChangelogs", CLOUD),
]
