"""Endpoints that administer boards and show what is on them: configuration, issues, backlog, epics, versions, projects.

Jira Software Cloud REST group "Board"; the same paths on Data Center 10.3.
Documents:
https://developer.atlassian.com/cloud/jira/software/rest/api-group-board/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-board/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-sprint/
"""

from __future__ import annotations

import itertools

from crosswalk_sandbox.jira import asked, hooks, jql, saved, search
from crosswalk_sandbox.jira.catalogue import FLAGGED
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_agile import agile_page, board_json, board_of, sprint_json, sprint_of
from crosswalk_sandbox.jira.rest_issues import field_names, shown
from crosswalk_sandbox.jira.rest_search import LISTED
from crosswalk_sandbox.jira.saved import Filter, Share
from crosswalk_sandbox.jira.state import Board, Issue, Json, Project, Sprint
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

KINDS = ("scrum", "kanban")


# ---- what is on a board


def on_board(call: Call, board: Board) -> list[Issue]:
    """The issues of a board's filter that the caller may see, in rank order."""
    kept = call.site.filters.get(board.filter)
    if kept is None:
        held = [i for i in call.site.issues.values() if i.project == board.project and call.may(i, "BROWSE_PROJECTS")]
    else:
        held = search.find(call.site, call.asker, jql.parse(kept.jql))
    return sorted(held, key=lambda issue: issue.rank)


def sprints_of(call: Call, issue: Issue) -> list[Sprint]:
    field = call.site.of_kind("sprint")
    held = issue.values.get(field.id) if field else None
    return [call.site.sprints[int(s)] for s in held if int(s) in call.site.sprints] if isinstance(held, list) else []


def epic_of(call: Call, issue: Issue) -> Issue | None:
    """The epic an issue belongs to: its Epic Link on Data Center, its parent on Cloud."""
    field = call.site.of_kind("epiclink")
    found = call.site.issues.get(str(issue.values.get(field.id if field else "parent")))
    return found if found is not None and call.site.types[found.type].level == 1 else None


def epic_json(call: Call, epic: Issue) -> Json:
    extra = call.site.properties.get(("epic", epic.id), {})
    field = call.site.of_kind("epicname")
    name = epic.values.get(field.id) if field else epic.values.get("summary")
    return {
        "id": int(epic.id),
        "key": epic.key,
        "self": f"{call.root}/rest/agile/1.0/epic/{epic.id}",
        "name": name or "",
        "summary": epic.values.get("summary"),
        "color": {"key": extra.get("color", "color_1")},
        "done": bool(extra.get("done", False)),
    }


def agile_issue(call: Call, issue: Issue) -> Json:
    """An issue as the agile API shows it: with its sprint, closed sprints and epic as fields of their own."""
    names = field_names(call, call.many("fields"), "*all")
    out = shown(call, issue, names, set(call.many("expand")), [])
    fields = out["fields"]
    assert isinstance(fields, dict)
    wanted = set(call.many("fields")) - {"*all", "*navigable"}
    sprints = [sprint_json(call, sprint.id) for sprint in sprints_of(call, issue)]
    now = [sprint for sprint in sprints if sprint["state"] != "closed"]
    epic = epic_of(call, issue)
    more: Json = {
        "sprint": now[-1] if now else None,
        "closedSprints": [sprint for sprint in sprints if sprint["state"] == "closed"],
        "epic": epic_json(call, epic) if epic and call.may(epic, "BROWSE_PROJECTS") else None,
        "flagged": bool(issue.values.get(FLAGGED)),
    }
    fields |= {name: value for name, value in more.items() if not wanted or name in wanted}
    return out


def issue_page(call: Call, issues: list[Issue]) -> Answer:
    """A page of issues, narrowed by `jql`."""
    if text := call.query.get("jql"):
        among = {issue.id for issue in issues}
        query = jql.parse(text)
        found = search.find(call.site, call.asker, query)
        fitting = {issue.id for issue in found}
        issues = [i for i in found if i.id in among] if query.order else [i for i in issues if i.id in fitting]
    start, size = call.number("startAt", 0), call.number("maxResults", 50, 1000)
    page = [agile_issue(call, issue) for issue in issues[start : start + size]]
    for entry in [] if call.cloud else page:
        entry["expand"] = LISTED
    out: Json = {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(issues), "issues": page}
    return Answer(200, out)


def board_issues(call: Call) -> Answer:
    return issue_page(call, on_board(call, board_of(call)))


def in_backlog(call: Call, issue: Issue) -> bool:
    """Whether an issue waits: not done, no sub-task or epic, and in no sprint that runs or is planned."""
    open_sprints = [sprint for sprint in sprints_of(call, issue) if sprint.state != "closed"]
    done = call.site.statuses[issue.status].category.key == "done"
    return not done and not open_sprints and call.site.types[issue.type].level == 0


def backlog(call: Call) -> Answer:
    return issue_page(call, [issue for issue in on_board(call, board_of(call)) if in_backlog(call, issue)])


def sprint_issues(call: Call) -> Answer:
    """The issues of a sprint, in rank order; below a board only those that are on it."""
    sprint = sprint_of(call)
    held = [i for i in call.site.issues.values() if sprint in sprints_of(call, i) and call.may(i, "BROWSE_PROJECTS")]
    if "boardId" in call.params:
        among = {issue.id for issue in on_board(call, board_of(call))}
        held = [issue for issue in held if issue.id in among]
    return issue_page(call, sorted(held, key=lambda issue: issue.rank))


def board_epics(call: Call) -> Answer:
    epics = [i for i in on_board(call, board_of(call)) if call.site.types[i.type].level == 1]
    entries = [epic_json(call, epic) for epic in epics]
    if (done := call.query.get("done")) in ("true", "false"):
        entries = [entry for entry in entries if entry["done"] is (done == "true")]
    return Answer(200, agile_page(call, entries))


def board_epic_issues(call: Call) -> Answer:
    """The issues of an epic that are on a board; of `none` those without one."""
    board, wanted = board_of(call), call.params.get("epicId")
    epic = call.site.issue(wanted) if wanted else None
    if wanted and (epic is None or call.site.types[epic.type].level != 1 or not call.may(epic, "BROWSE_PROJECTS")):
        raise NotThere("The requested epic does not exist or you do not have permission to view it.")
    issues = [i for i in on_board(call, board) if call.site.types[i.type].level == 0]
    return issue_page(call, [issue for issue in issues if epic_of(call, issue) is epic])


def board_versions(call: Call) -> Answer:
    board = board_of(call)
    versions = [call.site.versions[v] for v in call.site.projects[board.project].versions]
    if (released := call.query.get("released")) in ("true", "false"):
        versions = [v for v in versions if v.released is (released == "true")]
    keep = ("self", "id", "name", "description", "archived", "released", "startDate", "releaseDate", "projectId")
    entries: list[Json] = []
    for version in versions:
        full = call.view.version(version)
        entries.append({name: full[name] for name in keep if name in full} | {"id": int(version.id)})
    return Answer(200, agile_page(call, entries))


def board_projects(call: Call) -> Answer:
    board = board_of(call)
    ids = [board.project, *(issue.project for issue in on_board(call, board))]
    projects = [call.site.projects[one] for one in dict.fromkeys(ids)]
    return Answer(200, agile_page(call, [call.view.project_short(project) for project in projects]))


def quick_filters(call: Call) -> Answer:
    board_of(call)
    return Answer(200, agile_page(call, []))


# ---- administration


def _project(call: Call, wire: Json, kept: Filter) -> Project:
    """Where a new board lives: the `location`, or the first project that the filter leads to."""
    place = wire.get("location")
    if isinstance(place, dict) and place.get("type", "project") == "project" and place.get("projectKeyOrId"):
        found = call.site.project(str(place["projectKeyOrId"]))
        if found is None or not call.site.allowed(call.me, found, "BROWSE_PROJECTS"):
            raise Refusal(400, "The project of the location does not exist.")  # wording unconfirmed
        return found
    issues = search.find(call.site, call.asker, jql.parse(kept.jql))
    candidates = [s.target for s in kept.shares if s.target in call.site.projects]
    candidates += [issue.project for issue in issues[:1]]
    candidates += [p.id for p in call.site.projects.values() if call.site.allowed(call.me, p, "BROWSE_PROJECTS")]
    if not candidates:
        raise Refusal(403, "You do not have permission to create a board.")  # wording unconfirmed
    return call.site.projects[candidates[0]]


def create_board(call: Call) -> Answer:
    """A board over a saved filter."""
    wire = call.json()
    name = asked.words(wire, "name", "The board name must not be empty.")
    if wire.get("type") not in KINDS:
        raise Refusal(400, errors={"type": "The type of the board must be scrum or kanban."})
    kept = call.site.filters.get(str(asked.whole(wire.get("filterId"))))
    if kept is None or not saved.may_see(call.site, kept, call.me):
        raise Refusal(400, errors={"filterId": "The filter does not exist or you cannot see it."})
    project = _project(call, wire, kept)
    if not call.me.admin and not call.site.allowed(call.me, project, "CREATE_ISSUES"):
        raise Refusal(403, "You do not have permission to create a board.")  # wording unconfirmed
    board = add_board(call, name, project, str(wire["type"]), kept.id)
    return Answer(201, board_json(call, board))


def add_board(call: Call, name: str, project: Project, kind: str, filter_id: str = "") -> Board:
    """A new board; without a filter it gets one of its own."""
    if not filter_id:
        share = Share(int(call.site.next_id("share")), "project", project.id)
        query = f"project = {project.key} ORDER BY Rank ASC"
        kept = Filter(call.site.next_id("filter"), f"Filter for {name}", call.me.key, query, shares=[share])
        call.site.filters[kept.id] = kept
        filter_id = kept.id
    number = next(n for n in itertools.count(1) if n not in call.site.boards)
    board = Board(number, name, project.id, kind, filter_id)
    call.site.boards[number] = board
    call.jira.tell(hooks.board_event(board, "created"))
    return board


def delete_board(call: Call) -> Answer:
    """The board goes and its sprints with it; their issues stay."""
    board = board_of(call)
    project = call.site.projects[board.project]
    if not call.me.admin and not call.site.allowed(call.me, project, "ADMINISTER_PROJECTS"):
        raise Refusal(403, "You do not have permission to delete this board.")  # wording unconfirmed
    del call.site.boards[board.id]
    for sprint in [s for s in call.site.sprints.values() if s.board == board.id]:
        del call.site.sprints[sprint.id]
    call.site.properties.pop(("board", str(board.id)), None)
    call.jira.tell(hooks.board_event(board, "deleted"))
    return Answer(204)


COLUMNS = (("To Do", "new"), ("In Progress", "indeterminate"), ("Done", "done"))


def configuration(call: Call) -> Answer:
    board = board_of(call)
    project, points = call.site.projects[board.project], call.site.fields.get("customfield_10016")
    statuses = [call.site.statuses[s] for s in project.statuses if s in call.site.statuses]
    columns: list[Json] = []
    for name, category in COLUMNS:
        held = [s for s in statuses if s.category.key == category]
        entries = [{"id": s.id, "self": f"{call.root}/rest/api/2/status/{s.id}"} for s in held]
        columns.append({"name": name, "statuses": entries})
    out = board_json(call, board)
    if "location" in out:
        out["location"] = {"type": "project", "projectKeyOrId": project.key}
    out |= {
        "filter": {"id": board.filter, "self": f"{call.root}/rest/api/2/filter/{board.filter}"},
        "columnConfig": {"columns": columns, "constraintType": "none"},
        "ranking": {"rankCustomFieldId": 10019},
    }
    if board.kind == "scrum" and points is not None:
        field: Json = {"fieldId": points.id, "displayName": points.name}
        out["estimation"] = {"type": "field", "field": field}
    else:
        out["subQuery"] = {"query": "fixVersion in unreleasedVersions() OR fixVersion is EMPTY"}
    return Answer(200, out)


def boards_of_filter(call: Call) -> Answer:
    boards = [
        b
        for b in call.site.boards.values()
        if b.filter == call.params["filterId"]
        and call.site.allowed(call.person, call.site.projects[b.project], "BROWSE_PROJECTS")
    ]
    shown = [{name: board_json(call, b)[name] for name in ("id", "self", "name")} for b in boards]
    return Answer(200, agile_page(call, shown))


CLOUD = ("cloud",)
BOARD = "agile/1.0/board/{boardId}"
ENDPOINTS = [
    Endpoint("POST", "agile/1.0/board", create_board, "createBoard"),
    Endpoint("DELETE", BOARD, delete_board, "deleteBoard"),
    Endpoint("GET", f"{BOARD}/configuration", configuration, "getConfiguration"),
    Endpoint("GET", f"{BOARD}/issue", board_issues, "getIssuesForBoard"),
    Endpoint("GET", f"{BOARD}/backlog", backlog, "getIssuesForBacklog"),
    Endpoint("GET", f"{BOARD}/epic", board_epics, "getEpics"),
    Endpoint("GET", f"{BOARD}/epic/none/issue", board_epic_issues, "getIssuesWithoutEpicForBoard"),
    Endpoint("GET", f"{BOARD}/epic/{{epicId}}/issue", board_epic_issues, "getBoardIssuesForEpic"),
    Endpoint("GET", f"{BOARD}/version", board_versions, "getAllVersions"),
    Endpoint("GET", f"{BOARD}/project", board_projects, "getProjects"),
    Endpoint("GET", f"{BOARD}/sprint/{{sprintId}}/issue", sprint_issues, "getBoardIssuesForSprint"),
    Endpoint("GET", f"{BOARD}/quickfilter", quick_filters, "getAllQuickFilters", CLOUD),
    Endpoint("GET", "agile/1.0/board/filter/{filterId}", boards_of_filter, "getBoardByFilterId", CLOUD),
    Endpoint("GET", "agile/1.0/sprint/{sprintId}/issue", sprint_issues, "getIssuesForSprint"),
]
