"""Endpoints that administer custom fields, their contexts and options.

Jira Cloud REST v3 groups "Issue fields", "Issue custom field contexts", "Issue custom field options"; Data Center 10.3
`customFields`, `customFieldOption`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-screens/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-custom-field-contexts/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-customfields/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked, metadata
from crosswalk_sandbox.jira.contexts import context_for, contexts_of, forget_option
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.state import Context, Field, Json
from crosswalk_sandbox.jira.tasks import see_task
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

NO_CONTEXT = "The specified context could not be found."
CHOICES = ("option", "options")


def field_of(call: Call, name: str = "fieldId") -> Field:
    """The custom field of the path, for an administrator."""
    call.admin()
    found = call.site.fields.get(call.params[name])
    if found is None or not found.custom:
        raise NotThere(f"The custom field was not found: {call.params[name][:60]}")
    return found


def context_of(call: Call, field: Field) -> Context:
    found = next((c for c in contexts_of(call.site, field) if c.id == call.params["contextId"]), None)
    if found is None:
        raise NotThere(NO_CONTEXT)
    return found


def put_field(call: Call) -> Answer:
    field, wire = field_of(call), call.json()
    name = asked.words(wire, "name", "The custom field name is required.") if "name" in wire else field.name
    errors: dict[str, str] = {}
    searcher = metadata.searcher_asked(field.custom, wire, errors)
    if errors:
        raise Refusal(400, errors=errors)
    field.description = asked.optional(wire, "description", field.description)
    field.name = name
    if wire.get("searcherKey"):
        field.searcher, field.searchable = searcher, True
    return Answer(204)


def delete_field(call: Call) -> Answer:
    """Cloud answers 303 with the address of a task; here the field is gone at once, from screens and issues too."""
    field = field_of(call, "id")
    _drop(call, field)
    return see_task(call)


def _drop(call: Call, field: Field) -> None:
    if field.locked:
        raise Refusal(400, f"The custom field {field.id} is locked and cannot be deleted.")  # wording unconfirmed
    del call.site.fields[field.id]
    call.site.contexts.pop(field.id, None)
    for screen in call.site.screens.values():
        screen.fields = [name for name in screen.fields if name != field.id]
    for issue in call.site.issues.values():
        issue.values.pop(field.id, None)


def screens_of(call: Call) -> Answer:
    field = field_of(call)
    held = [s for s in call.site.screens.values() if field.id in s.fields]
    return Answer(200, bean(call, [{"id": int(s.id), "name": s.name, "description": ""} for s in held], 100))


# ---- contexts


def context_json(context: Context) -> Json:
    return {
        "id": context.id,
        "name": context.name,
        "description": context.description,
        "isGlobalContext": not context.projects,
        "isAnyIssueType": not context.types,
    }


def list_contexts(call: Call) -> Answer:
    field, ids = field_of(call), call.query.getlist("contextId")
    held = [context_json(c) for c in contexts_of(call.site, field) if not ids or c.id in ids]
    for name in ("isAnyIssueType", "isGlobalContext"):
        if call.query.get(name) in ("true", "false"):
            held = [c for c in held if c[name] is call.flag(name)]
    return Answer(200, bean(call, held))


def _known(names: list[str], among: dict[str, object], what: str) -> list[str]:
    unknown = [name for name in names if name not in among]
    if unknown:
        raise Refusal(400, f"These {what} do not exist: {', '.join(unknown)[:200]}.")  # wording unconfirmed
    return list(dict.fromkeys(names))


def _projects(call: Call, names: list[str]) -> list[str]:
    return _known(names, dict(call.site.projects), "projects")


def _types(call: Call, names: list[str]) -> list[str]:
    return _known(names, dict(call.site.types), "issue types")


def _not_taken(call: Call, field: Field, context: Context, status: int = 409) -> None:
    """A project has one context of a field at most, and one context is for all projects. Raises Refusal."""
    for other in contexts_of(call.site, field):
        same_all = not other.projects and not context.projects
        if other.id != context.id and (same_all or set(other.projects) & set(context.projects)):
            said = "There is a sub-task, a project or a global context for this field already."  # wording unconfirmed
            raise Refusal(status, said)


def create_context(call: Call) -> Answer:
    field, wire = field_of(call), call.json()
    name = asked.words(wire, "name", "The context name is required.")
    projects = _projects(call, asked.texts(wire, "projectIds")) if wire.get("projectIds") is not None else []
    types = _types(call, asked.texts(wire, "issueTypeIds")) if wire.get("issueTypeIds") is not None else []
    made = Context("", name, asked.optional(wire, "description"), projects, types)
    _not_taken(call, field, made)
    made.id = call.site.next_id("context")
    call.site.contexts[field.id].append(made)
    out: Json = {"id": made.id, "name": made.name, "description": made.description}
    return Answer(201, out | {"projectIds": projects, "issueTypeIds": types})


def put_context(call: Call) -> Answer:
    context, wire = context_of(call, field_of(call)), call.json()
    name = asked.words(wire, "name", "The context name is required.") if "name" in wire else context.name
    context.description = asked.optional(wire, "description", context.description)
    context.name = name
    return Answer(204)


def delete_context(call: Call) -> Answer:
    """Its options go with it; a value that was chosen stays in its issue's history only."""
    field = field_of(call)
    context = context_of(call, field)
    for one in list(context.options):
        forget_option(call.site, field, one)
    call.site.contexts[field.id].remove(context)
    return Answer(204)


def change_scope(call: Call) -> Answer:
    """PUT .../project and .../issuetype add to a context, POST .../remove takes away."""
    field = field_of(call)
    context = context_of(call, field)
    by_project = "/project" in call.path
    wire = call.json()
    names = asked.texts(wire, "projectIds" if by_project else "issueTypeIds")
    names = _projects(call, names) if by_project else _types(call, names)
    held = context.projects if by_project else context.types
    if call.method == "PUT":
        new = list(dict.fromkeys([*held, *names]))
    else:
        missing = [name for name in names if name not in held]
        if missing:
            raise Refusal(400, f"Not in the context: {', '.join(missing)[:200]}.")  # wording unconfirmed
        new = [name for name in held if name not in names]
    if by_project:
        _not_taken(call, field, Context(context.id, "", projects=new), 400)
        context.projects = new
    else:
        context.types = new
    return Answer(204)


def project_mapping(call: Call) -> Answer:
    out: list[Json] = []
    for context in contexts_of(call.site, field_of(call)):
        out += [{"contextId": context.id, "projectId": one} for one in context.projects]
        out += [] if context.projects else [{"contextId": context.id, "isGlobalContext": True}]
    return Answer(200, bean(call, out))


def type_mapping(call: Call) -> Answer:
    out: list[Json] = []
    for context in contexts_of(call.site, field_of(call)):
        out += [{"contextId": context.id, "issueTypeId": one} for one in context.types]
        out += [] if context.types else [{"contextId": context.id, "isAnyIssueType": True}]
    return Answer(200, bean(call, out))


def contexts_for(call: Call) -> Answer:
    """Which context counts for each pair of a project and an issue type; null where the field does not exist."""
    field, wire = field_of(call), call.json()
    given = wire.get("mappings")
    out: list[Json] = []
    for pair in given if isinstance(given, list) else []:
        names = [pair.get("projectId"), pair.get("issueTypeId")] if isinstance(pair, dict) else [None, None]
        project, kind = call.site.projects.get(str(names[0])), call.site.types.get(str(names[1]))
        if project is None or kind is None:
            raise Refusal(400, "The project or the issue type does not exist.")  # wording unconfirmed
        found = context_for(call.site, field, project, kind)
        out.append({"contextId": found.id if found else None, "issueTypeId": kind.id, "projectId": project.id})
    if len({(one["projectId"], one["issueTypeId"]) for one in out}) < len(out):
        raise Refusal(400, "Duplicate project and issue type mappings cannot be provided.")
    if not out:
        raise Refusal(400, "At least one project and issue type mapping is required.")  # wording unconfirmed
    return Answer(200, bean(call, out))


# ---- Data Center


def dc_fields(call: Call) -> Answer:
    """Data Center's page of custom fields."""
    call.admin()
    words = call.query.get("search", "").lower()
    out: list[Json] = []
    for field in call.site.fields.values():
        if not field.custom or words not in field.name.lower():
            continue
        context = contexts_of(call.site, field)[0] if contexts_of(call.site, field) else Context("0", "")
        screens = sum(field.id in s.fields for s in call.site.screens.values())
        out.append(
            {
                "id": field.id,
                "name": field.name,
                "description": field.description,
                "type": field.custom,
                "searcherKey": metadata.searcher_of(field),
                "self": f"{call.view.base}/customFields/{field.id}",
                "numericId": int(field.id.removeprefix("customfield_")),
                "isLocked": field.locked,
                "isManaged": field.locked,
                "isAllProjects": not context.projects,
                "isTrusted": True,
                "projectsCount": len(context.projects),
                "screensCount": screens,
            }
        )
    return Answer(200, bean(call, out, 50, 100))


def dc_delete(call: Call) -> Answer:
    """Deletes custom fields by `ids`, and tells which."""
    call.admin()
    ids = call.many("ids")
    if not ids:
        raise field_error("ids", "The ids of custom fields are required.")
    gone, kept = [], {}
    for name in ids:
        field = call.site.fields.get(name)
        if field is None or not field.custom or field.locked:
            kept[name] = "The custom field does not exist or is locked."
            continue
        _drop(call, field)
        gone.append(name)
    text = f"{len(gone)} custom fields were deleted."
    return Answer(200, {"message": text, "deletedCustomFields": gone, "notDeletedCustomFields": kept})


def trashed(call: Call) -> Answer:
    """Cloud: fields in the bin. The sandbox deletes at once, so there are none."""
    call.admin()
    return Answer(
        200, bean(call, [metadata.found(call.site, f, 0) for f in call.site.fields.values() if f.kind == "binned"])
    )


CLOUD, DC = ("cloud",), ("dc",)
FIELD = "api/X/field/{fieldId}"
ONE = f"{FIELD}/context/{{contextId}}"
ENDPOINTS = [
    Endpoint("PUT", FIELD, put_field, "updateCustomField", CLOUD),
    Endpoint("DELETE", "api/X/field/{id}", delete_field, "deleteCustomField", CLOUD),
    Endpoint("GET", "api/X/field/search/trashed", trashed, "getTrashedFieldsPaginated", CLOUD, told=Refusal.body),
    Endpoint("GET", f"{FIELD}/screens", screens_of, "getScreensForField", CLOUD),
    Endpoint("GET", f"{FIELD}/context", list_contexts, "getContextsForField", CLOUD),
    Endpoint("POST", f"{FIELD}/context", create_context, "createCustomFieldContext", CLOUD),
    Endpoint("GET", f"{FIELD}/context/projectmapping", project_mapping, "getProjectContextMapping", CLOUD),
    Endpoint("GET", f"{FIELD}/context/issuetypemapping", type_mapping, "getIssueTypeMappingsForContexts", CLOUD),
    Endpoint("POST", f"{FIELD}/context/mapping", contexts_for, "getCustomFieldContextsForProjectsAndIssueTypes", CLOUD),
    Endpoint("PUT", ONE, put_context, "updateCustomFieldContext", CLOUD),
    Endpoint("DELETE", ONE, delete_context, "deleteCustomFieldContext", CLOUD),
    Endpoint("PUT", f"{ONE}/project", change_scope, "assignProjectsToCustomFieldContext", CLOUD),
    Endpoint("POST", f"{ONE}/project/remove", change_scope, "removeCustomFieldContextFromProjects", CLOUD),
    Endpoint("PUT", f"{ONE}/issuetype", change_scope, "addIssueTypesToContext", CLOUD),
    Endpoint("POST", f"{ONE}/issuetype/remove", change_scope, "removeIssueTypesFromContext", CLOUD),
    Endpoint("GET", "api/X/customFields", dc_fields, "getCustomFields", DC),
    Endpoint("DELETE", "api/X/customFields", dc_delete, "bulkDeleteCustomFields", DC),
]
