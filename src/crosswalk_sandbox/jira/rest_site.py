"""Endpoints about the site that scripts reach for: settings, product access, events, avatars, help while writing JQL,
the issue picker, the old create metadata, tasks, reindexing.

Jira Cloud REST v3 groups "Jira settings", "Application roles", "JQL", "Issue search", "Issues", "Tasks", "Avatars".
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jira-settings/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-application-roles/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-avatars/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-avatars/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-time-tracking/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-tasks/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-application-properties/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-applicationrole/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-avatar/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-user/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-reindex/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-index/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import directory, hooks, metadata
from crosswalk_sandbox.jira.flavour import avatars, stamp
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Json, Project
from crosswalk_sandbox.jira.tasks import task_json
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

# ---- settings


OPTIONS = {
    "jira.option.allowunassigned": "issues without an assignee",
    "jira.option.watching": "watching",
    "jira.option.voting": "voting",
    "jira.option.allowsubtasks": "sub-tasks",
    "jira.option.allowattachments": "attachments",
    "jira.option.issuelinking": "links between issues",
    "jira.option.timetracking": "time tracking",
}


def settings(call: Call) -> dict[str, Json]:
    rows = (
        ("jira.title", "jira.title", "The title of the site.", call.site.title),
        ("jira.baseurl", "jira.baseurl", "The base URL of the site.", call.jira.root),
        *((key, key, f"Switches {words}.", "true") for key, words in OPTIONS.items()),
        ("jira.clone.prefix", "jira.clone.prefix", "The words before the summary of a clone.", "CLONE -"),
    )
    held = call.site.properties.get(("site", ""), {})
    return {
        key: {
            "id": key, "key": key, "name": name, "desc": text, "type": "string",
            "value": held.get(key, value), "defaultValue": value,
        }
        for key, name, text, value in rows
    }  # fmt: skip


def get_settings(call: Call) -> Answer:
    call.admin()
    known, key = settings(call), call.query.get("key")
    if key is not None and key not in known:
        raise NotThere(f"The application property '{key[:80]}' does not exist.")
    return Answer(200, known[key] if key else list(known.values()))


def advanced_settings(call: Call) -> Answer:
    call.admin()
    return Answer(200, list(settings(call).values()))


def put_setting(call: Call) -> Answer:
    call.admin()
    key, value = call.params["id"], call.json().get("value")
    if key not in settings(call):
        raise NotThere(f"The application property '{key[:80]}' does not exist.")
    if not isinstance(value, str) or len(value) > 1000:
        raise Refusal(400, "The value of the application property is not valid.")  # wording unconfirmed
    changed = settings(call)[key]["value"] != value
    call.site.properties.setdefault(("site", ""), {})[key] = value
    if changed and key in OPTIONS:
        call.jira.tell(hooks.option_event(key, value))
    return Answer(200, settings(call)[key])


def role_json(call: Call) -> Json:
    group = directory.group_named(call.site, directory.USERS)
    names = [group.name] if group else []
    out: Json = {
        "key": "jira-software", "name": "Jira Software", "groups": names, "defaultGroups": names,
        "selectedByDefault": False, "defined": True, "numberOfSeats": 100, "remainingSeats": 100,
        "userCount": len(group.members) if group else 0, "userCountDescription": "users",
        "hasUnlimitedSeats": False, "platform": False,
    }  # fmt: skip
    if call.cloud and group:
        details = [{"name": group.name, "groupId": group.id, "self": f"{call.view.base}/group?groupId={group.id}"}]
        out |= {"groupDetails": details, "defaultGroupsDetails": details}
    return out


def roles(call: Call) -> Answer:
    call.admin()
    return Answer(200, [role_json(call)])


def one_role(call: Call) -> Answer:
    call.admin()
    if call.params["key"] != "jira-software":
        raise NotThere(f"The application with key '{call.params['key'][:40]}' is not defined.")
    return Answer(200, role_json(call))


EVENTS = ("Issue Created", "Issue Updated", "Issue Assigned", "Issue Resolved", "Issue Closed", "Issue Commented",
          "Issue Reopened", "Issue Deleted", "Issue Moved", "Work Logged On Issue", "Work Started On Issue",
          "Work Stopped On Issue", "Generic Event", "Issue Comment Edited")  # fmt: skip


def events(call: Call) -> Answer:
    call.admin()
    return Answer(200, [{"id": number, "name": name} for number, name in enumerate(EVENTS, start=1)])


def system_avatars(call: Call) -> Answer:
    kind = call.params["type"]
    if kind not in ("project", "user", "issuetype", "priority"):
        raise NotThere(f"'{kind[:40]}' is not a valid avatar type.")
    number = {"project": 10324, "user": 10122, "issuetype": 10303, "priority": 10550}[kind]
    own: Json = {"id": str(number), "isSystemAvatar": True, "isSelected": False, "isDeletable": False}
    return Answer(200, {"system": [own | {"urls": avatars(call.root, kind, number)}]})


def project_avatars(call: Call) -> Answer:
    call.project(call.params["projectIdOrKey"])
    own: Json = {"id": "10324", "isSystemAvatar": True, "isSelected": True, "isDeletable": False}
    return Answer(200, {"system": [own | {"urls": avatars(call.root, "project", 10324)}], "custom": []})


def user_avatars(call: Call) -> Answer:
    """Data Center: what somebody can choose from."""
    if call.jira.flavour.find_person(call.site, {"name": call.query.get("username", "")}) is None:
        raise NotThere("The user was not found.")  # wording unconfirmed
    own: Json = {"id": "10122", "isSystemAvatar": True, "isSelected": True, "isDeletable": False}
    return Answer(200, {"system": [own | {"urls": avatars(call.root, "user", 10122)}], "custom": []})


def time_tracking(call: Call) -> Answer:
    call.admin()
    own: Json = {"key": "JIRA", "name": "JIRA provided time tracking"}
    return Answer(200, [own] if call.path.endswith("/list") else own)


def time_tracking_options(call: Call) -> Answer:
    call.admin()
    out: Json = {
        "workingHoursPerDay": call.site.working.hours_per_day,
        "workingDaysPerWeek": call.site.working.days_per_week,
        "timeFormat": "pretty",
        "defaultUnit": "minute",
    }
    return Answer(200, out)


def application_links(call: Call) -> Answer:
    """The sites this one is joined to: none. The Python client `jira` asks before it makes a remote link."""
    call.admin()
    return Answer(200, {"list": []})


# ---- the picker


def pick_issues(call: Call) -> Answer:
    """Issues whose key or summary holds the words, in two sections as the vendor's."""
    words = call.query.get("query", "").lower()
    found = [
        issue
        for issue in call.site.issues.values()
        if call.may(issue, "BROWSE_PROJECTS")
        and (words in issue.key.lower() or words in str(issue.values.get("summary", "")).lower())
        and issue.key != call.query.get("currentIssueKey")
    ][:20]
    issues: list[Json] = []
    for issue in found:
        text = str(issue.values.get("summary", ""))
        entry: Json = {"key": issue.key, "keyHtml": issue.key, "summary": text, "summaryText": text}
        issues.append(entry | ({"id": int(issue.id)} if call.cloud else {}))
    sub = f"Showing {len(issues)} of {len(issues)} matching issues"
    history: Json = {"label": "History Search", "sub": sub, "id": "hs", "issues": issues}
    return Answer(200, {"sections": [history, {"label": "Current Search", "sub": sub, "id": "cs", "issues": issues}]})


# ---- the old create metadata


def old_metadata(call: Call) -> Answer:
    """Cloud's deprecated `GET /issue/createmeta`: projects with their types, and fields where `expand` asks."""
    keys, ids, kinds, names = (
        call.many(name) for name in ("projectKeys", "projectIds", "issuetypeIds", "issuetypeNames")
    )
    projects = [p for p in call.site.projects.values() if call.site.allowed(call.person, p, "CREATE_ISSUES")]
    projects = [p for p in projects if (not keys and not ids) or p.key in keys or p.id in ids]
    fields = "projects.issuetypes.fields" in call.many("expand")
    shown = [_old_project(call, project, kinds, names, fields=fields) for project in projects]
    return Answer(200, {"expand": "projects", "projects": shown})


def _old_project(call: Call, project: Project, ids: list[str], names: list[str], *, fields: bool) -> Json:
    types: list[Json] = []
    for kind in (call.site.types[t] for t in project.types if t in call.site.types):
        if (ids or names) and kind.id not in ids and kind.name not in names:
            continue
        entry = call.view.issue_type(kind) | {"expand": "fields"}
        if fields:
            held = metadata.create_fields(call.view, project, kind)
            entry["fields"] = {str(field["fieldId"]): field for field in held}
        types.append(entry)
    keep = ("self", "id", "key", "name", "avatarUrls")
    own = {name: value for name, value in call.view.project_short(project).items() if name in keep}
    return {"expand": "issuetypes"} | own | {"issuetypes": types}


# ---- tasks and the index


def task(call: Call) -> Answer:
    """What took a task is done at once, so the only task is finished."""
    if call.params["taskId"] != "1":
        raise NotThere("The task was not found.")
    return Answer(200, task_json(call))


def reindex(call: Call) -> Answer:
    """Data Center: GET tells about the last reindexing, POST starts one (202), done at once."""
    call.admin()
    now = stamp(call.site.now(), call.site)
    out: Json = {
        "progressUrl": f"{call.jira.root}/secure/admin/jira/IndexProgress.jspa?taskId=1", "currentProgress": 100,
        "currentSubTask": "", "type": "BACKGROUND_PREFERRED", "submittedTime": now, "startTime": now, "finishTime": now,
        "success": True,
    }  # fmt: skip
    return Answer(202 if call.method == "POST" else 200, out)


def index_summary(call: Call) -> Answer:
    call.admin()
    count, now = len(call.site.issues), stamp(call.site.now(), call.site)
    index: Json = {"indexReadable": True, "countInDatabase": count, "countInIndex": count, "countInArchive": 0,
                   "lastUpdatedInDatabase": now, "lastUpdatedInIndex": now}  # fmt: skip
    return Answer(200, {"nodeId": "node1", "reportTime": now, "issueIndex": index, "replicationQueues": {}})


CLOUD, DC = ("cloud",), ("dc",)
ENDPOINTS = [
    Endpoint("GET", "api/X/application-properties", get_settings, "getApplicationProperty"),
    Endpoint("GET", "api/X/application-properties/advanced-settings", advanced_settings, "getAdvancedSettings"),
    Endpoint("PUT", "api/X/application-properties/{id}", put_setting, "setApplicationProperty"),
    Endpoint("GET", "api/X/applicationrole", roles, "getAllApplicationRoles"),
    Endpoint("GET", "api/X/applicationrole/{key}", one_role, "getApplicationRole"),
    Endpoint("GET", "api/X/events", events, "getEvents", CLOUD),
    Endpoint("GET", "api/X/avatar/{type}/system", system_avatars, "getAllSystemAvatars"),
    Endpoint("GET", "api/X/project/{projectIdOrKey}/avatars", project_avatars, "getAllProjectAvatars"),
    Endpoint("GET", "api/X/user/avatars", user_avatars, "getAllAvatars_1", ("dc",)),
    Endpoint("GET", "api/X/configuration/timetracking", time_tracking, "getSelectedTimeTrackingImplementation", CLOUD),
    Endpoint(
        "GET", "api/X/configuration/timetracking/list", time_tracking, "getAvailableTimeTrackingImplementations", CLOUD
    ),
    Endpoint(
        "GET",
        "api/X/configuration/timetracking/options",
        time_tracking_options,
        "getSharedTimeTrackingConfiguration",
        CLOUD,
    ),
    Endpoint("GET", "applinks/latest/listApplicationlinks", application_links, "(application links)"),
    Endpoint("GET", "api/X/issue/picker", pick_issues, "getIssuePickerResource"),
    Endpoint("GET", "api/X/issue/createmeta", old_metadata, "getCreateIssueMeta", CLOUD),
    Endpoint("GET", "api/X/task/{taskId}", task, "getTask", CLOUD),
    Endpoint("GET", "api/X/reindex", reindex, "getReindexInfo", DC),
    Endpoint("POST", "api/X/reindex", reindex, "reindex", DC, read=False),
    Endpoint("GET", "api/X/reindex/progress", reindex, "getReindexProgress", DC),
    Endpoint("GET", "api/X/index/summary", index_summary, "getIndexSummary", DC),
]
