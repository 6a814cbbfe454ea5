"""Endpoints about the site itself: server info, permissions, fields, screens, types, priorities, resolutions, statuses,
labels.

Jira Cloud REST v3 groups "Server info", "Permissions", "Issue fields", "Screens", "Issue types" ...
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-server-info/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jira-settings/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-screens/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-screen-tabs/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-screen-tab-fields/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-types/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-priorities/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-resolutions/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-statuses/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-status-categories/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-labels/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-serverinfo/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-configuration/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-mypermissions/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-field/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-screens/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issuetype/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-priority/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-resolution/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-status/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-statuscategory/
"""

from __future__ import annotations

import itertools

from crosswalk_sandbox.jira import catalogue, metadata
from crosswalk_sandbox.jira.flavour import stamp
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Field, IssueType, Json
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean


def server_info(call: Call) -> Answer:
    flavour, site = call.jira.flavour, call.site
    out: Json = {
        "baseUrl": call.jira.root,
        "version": flavour.version,
        "versionNumbers": list(flavour.numbers),
        "deploymentType": flavour.deployment,
        "buildNumber": flavour.build,
        "buildDate": "2026-10-01T00:00:00.000+0000",
        "serverTime": stamp(site.now(), site),
        "scmInfo": "0" * 40,
        "serverTitle": site.title,
    }
    if call.cloud:
        out |= {"displayUrl": call.jira.root, "serverTimeZone": str(site.zone), "defaultLocale": {"locale": "en_US"}}
    else:  # so observed by others, also that nobody who is not signed in is told the time
        out["databaseBuildNumber"] = flavour.build
        if call.person is None:
            del out["serverTime"]
    return Answer(200, out)


def configuration(call: Call) -> Answer:
    time: Json = {
        "workingHoursPerDay": call.site.working.hours_per_day,
        "workingDaysPerWeek": call.site.working.days_per_week,
        "timeFormat": "pretty",
        "defaultUnit": "minute",
    }
    on = ("votingEnabled", "watchingEnabled", "unassignedIssuesAllowed", "subTasksEnabled", "issueLinkingEnabled",
          "timeTrackingEnabled", "attachmentsEnabled")  # fmt: skip
    return Answer(200, {**dict.fromkeys(on, True), "timeTrackingConfiguration": time})


def my_permissions(call: Call) -> Answer:
    """Cloud demands `permissions=`; the answer is about a project or issue where one is named. Data Center has no such
    parameter and answers all, with the keys of old beside (observed by others on 10.3, as are its headers)."""
    wanted = [name.upper() for name in call.many("permissions")] if call.cloud else []
    if call.cloud and not wanted:
        raise Refusal(400, "The 'permissions' query parameter is required.")  # wording unconfirmed
    known = catalogue.PERMISSIONS | catalogue.GLOBAL_PERMISSIONS
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise Refusal(400, f"Unrecognized permission: {unknown[0]}")
    projects, issue = list(call.site.projects.values()), None
    if place := call.query.get("projectKey") or call.query.get("projectId"):
        projects = [call.project(place)]
    elif place := call.query.get("issueKey") or call.query.get("issueId"):
        call.params["issueIdOrKey"] = place
        issue = call.issue()
        projects = [call.site.projects[issue.project]]
    out: dict[str, Json] = {}
    for number, (key, name) in enumerate(known.items(), start=10):
        if wanted and key not in wanted:
            continue
        local = key in catalogue.PERMISSIONS
        have = any(call.site.allowed(call.person, p, key) for p in projects) if local else call.everywhere(key)
        have = have or (local and issue is not None and call.site.may(call.person, issue, key))
        kind = "PROJECT" if local else "GLOBAL"
        out[key] = {
            "id": str(number),
            "key": key,
            "name": name,
            "type": kind,
            "description": name,
            "havePermission": have,
        }
    if not call.cloud:
        out |= {o: out[key] | {"key": o, "deprecatedKey": True} for o, key in catalogue.OLD_PERMISSIONS.items()}
    return Answer(200, {"permissions": out})


# ---- fields and screens


def browses(call: Call) -> bool:
    """Whether there is a project that the caller may browse."""
    return any(call.site.allowed(call.person, p, "BROWSE_PROJECTS") for p in call.site.projects.values())


def list_fields(call: Call) -> Answer:
    """Custom fields are for those who may browse a project that has them:
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/ (getFields)."""
    fields = [field for field in call.site.fields.values() if not field.custom or browses(call)]
    return Answer(200, [*(metadata.details(call.view, field) for field in fields), *metadata.columns(call.view)])


def search_fields(call: Call) -> Answer:
    fields = list(call.site.fields.values())
    if ids := call.many("id"):
        fields = [f for f in fields if f.id in ids]
    if query := call.query.get("query", "").lower():
        fields = [f for f in fields if query in f.name.lower()]
    kinds = call.many("type")
    if kinds:
        fields = [f for f in fields if ("custom" if f.custom else "system") in kinds]
    screens = call.site.screens.values()
    return Answer(
        200, bean(call, [metadata.found(call.site, f, sum(f.id in s.fields for s in screens)) for f in fields])
    )


def create_field(call: Call) -> Answer:
    """201 with the field. It is on no screen yet. Whoever is no administrator gets a 400, as the documents say."""
    if not call.someone.admin:
        raise Refusal(400, "Only Jira administrators can perform this operation.")
    wire = call.json(("name", "description", "type", "searcherKey"))
    name, kind = wire.get("name"), str(wire.get("type", ""))
    errors: dict[str, str] = {}
    if not isinstance(name, str) or not name.strip() or len(name) > 255:
        errors["name"] = "The custom field name is required."
    known = catalogue.KINDS.get(kind.removeprefix(catalogue.TYPE)) if kind.startswith(catalogue.TYPE) else None
    if known is None:
        errors["type"] = "Please select a custom field type."
    searcher = metadata.searcher_asked(kind, wire, errors)
    if errors or known is None:
        raise Refusal(400, errors=errors)
    taken = call.site.fields
    identity = next(f"customfield_{n}" for n in itertools.count(10050) if f"customfield_{n}" not in taken)
    field = Field(
        identity, str(name).strip(), known[0], known[1], known[2], kind, description=str(wire.get("description") or "")
    )
    field.searcher, field.searchable = searcher, bool(searcher)
    call.site.fields[field.id] = field
    return Answer(201, metadata.details(call.view, field))


def add_to_default(call: Call) -> Answer:
    """Put a custom field on the default screen. 400 when it is there already."""
    call.admin()
    field = call.site.fields.get(call.params["fieldId"])
    screen = call.site.screens["1"]
    if field is None or not field.custom:
        said = f"The field with id '{call.params['fieldId']}' was not found."
        raise NotThere(said) if call.cloud else Refusal(400, said)
    if field.id in screen.fields:
        raise Refusal(400, f"The field with id '{field.id}' already exists on the screen.")
    screen.fields.append(field.id)
    return Answer(200, {}) if call.cloud else Answer(204)


def list_screens(call: Call) -> Answer:
    call.admin()
    screens: list[Json] = [{"id": int(s.id), "name": s.name, "description": ""} for s in call.site.screens.values()]
    return Answer(200, bean(call, screens) if call.cloud else screens)


def screen_tabs(call: Call) -> Answer:
    call.admin()
    _screen(call)
    return Answer(200, [{"id": 10000 + int(call.params["screenId"]), "name": "Field Tab"}])


def _screen(call: Call) -> list[str]:
    screen = call.site.screens.get(call.params["screenId"])
    if screen is None:
        raise NotThere(f"Screen with id '{call.params['screenId']}' does not exist.")
    return screen.fields


def tab_fields(call: Call) -> Answer:
    call.admin()
    fields = call.site.fields
    return Answer(200, [{"id": name, "name": fields[name].name} for name in _screen(call) if name in fields])


def fields_to_add(call: Call) -> Answer:
    """Fields that are not on the screen. One that is not there is a 404 on Cloud, a 400 on Data Center."""
    call.admin()
    screen = call.site.screens.get(call.params["screenId"])
    if screen is None:
        raise Refusal(404 if call.cloud else 400, f"Screen with id '{call.params['screenId']}' does not exist.")
    free = [field for name, field in call.site.fields.items() if name not in screen.fields]
    return Answer(200, [{"id": field.id, "name": field.name} for field in free])


def remove_from_tab(call: Call) -> Answer:
    """204. A screen or a field that is not there is a 404 on Cloud, a 400 on Data Center, as the documents say."""
    call.admin()
    screen = call.site.screens.get(call.params["screenId"])
    fields = screen.fields if screen else []
    if call.params["id"] not in fields:
        raise Refusal(404 if call.cloud else 400, f"The field with id '{call.params['id']}' is not on the screen.")
    fields.remove(call.params["id"])
    return Answer(204)


def add_to_tab(call: Call) -> Answer:
    call.admin()
    fields, wanted = _screen(call), call.json().get("fieldId")
    if not isinstance(wanted, str) or wanted not in call.site.fields:
        raise Refusal(400, "The field was not found.")
    if wanted in fields:
        raise Refusal(400, f"The field with id '{wanted}' already exists on the screen.")
    fields.append(wanted)
    return Answer(200, {"id": wanted, "name": call.site.fields[wanted].name})


# ---- lists


def types_seen(call: Call) -> list[IssueType]:
    """An administrator sees every issue type, others those of the projects that they may browse:
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-types/ (getIssueAllTypes)."""
    browsed = [p for p in call.site.projects.values() if call.site.allowed(call.person, p, "BROWSE_PROJECTS")]
    mine = {kind for project in browsed for kind in project.types}
    return [kind for kind in call.site.types.values() if call.someone.admin or kind.id in mine]


def list_types(call: Call) -> Answer:
    return Answer(200, [call.view.issue_type(kind) for kind in types_seen(call)])


def types_of_project(call: Call) -> Answer:
    project = call.project(call.query.get("projectId", ""))
    kinds: list[IssueType] = [call.site.types[t] for t in project.types]
    level = call.query.get("level")
    return Answer(200, [call.view.issue_type(k) for k in kinds if level is None or str(k.level) == level])


def get_type(call: Call) -> Answer:
    found = next((kind for kind in types_seen(call) if kind.id == call.params["id"]), None)
    if found is None:
        raise NotThere(f"The issue type with id '{call.params['id']}' does not exist")
    return Answer(200, call.view.issue_type(found))


def list_priorities(call: Call) -> Answer:
    return Answer(200, [priority_json(call, p) for p in call.site.priorities])


def priority_json(call: Call, priority_id: str) -> Json:
    out = call.view.priority(call.site.priorities[priority_id]) | {"description": "", "statusColor": "#cccccc"}
    return out | ({"isDefault": call.site.priorities[priority_id].name == "Medium"} if call.cloud else {})


def search_priorities(call: Call) -> Answer:
    return Answer(200, bean(call, [priority_json(call, p) for p in call.site.priorities]))


def list_resolutions(call: Call) -> Answer:
    return Answer(200, [call.view.resolution(r) for r in call.site.resolutions.values()])


def search_resolutions(call: Call) -> Answer:
    return Answer(200, bean(call, [call.view.resolution(r) for r in call.site.resolutions.values()]))


def list_statuses(call: Call) -> Answer:
    """Who may browse no project sees none:
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-workflow-statuses/ (getStatuses)."""
    return Answer(200, [call.view.status(s) for s in call.site.statuses.values()] if browses(call) else [])


def get_status(call: Call) -> Answer:
    wanted = call.params["idOrName"]
    found = next((s for s in call.site.statuses.values() if wanted in (s.id, s.name)), None)
    if found is None or not browses(call):
        raise NotThere(f"The status with id '{wanted}' does not exist")
    return Answer(200, call.view.status(found))


def list_categories(call: Call) -> Answer:
    return Answer(200, [call.view.category(c) for c in call.site.categories])


def list_labels(call: Call) -> Answer:
    labels: set[str] = set()
    for issue in call.site.issues.values():
        held = issue.values.get("labels")
        labels.update(held if isinstance(held, list) else [])
    return Answer(
        200, bean(call, [{"label": label} for label in sorted(labels)], 1000, 1000) | {"values": sorted(labels)}
    )


CLOUD = ("cloud",)
TAB = "api/X/screens/{screenId}/tabs/{tabId}/fields"
ENDPOINTS = [
    Endpoint("GET", "api/X/serverInfo", server_info, "getServerInfo"),
    Endpoint("GET", "api/X/configuration", configuration, "getConfiguration"),
    Endpoint("GET", "api/X/mypermissions", my_permissions, "getMyPermissions"),
    Endpoint("GET", "api/X/field", list_fields, "getFields"),
    Endpoint("POST", "api/X/field", create_field, "createCustomField"),
    Endpoint("GET", "api/X/field/search", search_fields, "getFieldsPaginated", CLOUD, told=Refusal.body),
    Endpoint("POST", "api/X/screens/addToDefault/{fieldId}", add_to_default, "addFieldToDefaultScreen"),
    Endpoint("GET", "api/X/screens", list_screens, "getScreens"),
    Endpoint("GET", "api/X/screens/{screenId}/tabs", screen_tabs, "getAllScreenTabs"),
    Endpoint("GET", "api/X/screens/{screenId}/availableFields", fields_to_add, "getAvailableScreenFields"),
    Endpoint("GET", TAB, tab_fields, "getAllScreenTabFields"),
    Endpoint("POST", TAB, add_to_tab, "addScreenTabField"),
    Endpoint("DELETE", f"{TAB}/{{id}}", remove_from_tab, "removeScreenTabField"),
    Endpoint("GET", "api/X/issuetype", list_types, "getIssueAllTypes"),
    Endpoint("GET", "api/X/issuetype/project", types_of_project, "getIssueTypesForProject", CLOUD),
    Endpoint("GET", "api/X/issuetype/{id}", get_type, "getIssueType"),
    Endpoint("GET", "api/X/priority", list_priorities, "getPriorities"),
    Endpoint("GET", "api/X/priority/search", search_priorities, "searchPriorities", CLOUD),
    Endpoint("GET", "api/X/resolution", list_resolutions, "getResolutions"),
    Endpoint("GET", "api/X/resolution/search", search_resolutions, "searchResolutions", CLOUD),
    Endpoint("GET", "api/X/status", list_statuses, "getStatuses"),
    Endpoint("GET", "api/X/status/{idOrName}", get_status, "getStatus"),
    Endpoint("GET", "api/X/statuscategory", list_categories, "getStatusCategories"),
    Endpoint("GET", "api/X/label", list_labels, "getAllLabels", CLOUD),
]
