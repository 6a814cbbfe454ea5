"""Endpoints of Jira Software: rank, and boards and sprints to read.

Jira Software Cloud REST, `rankIssues`, `getAllBoards`, `getAllSprints`; the same paths on Data Center 10.3.
Documents:
https://developer.atlassian.com/cloud/jira/software/rest/api-group-issue/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-board/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-board/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-sprint/
"""

from __future__ import annotations

from datetime import UTC

from crosswalk_sandbox.jira import edit, hooks, rank
from crosswalk_sandbox.jira.flavour import utc_stamp
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_issues import strings
from crosswalk_sandbox.jira.state import Board, Issue, Item, Json, Sprint
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint


def put_rank(call: Call) -> Answer:
    """Move up to 50 issues before or after another. 204; 207 with an entry for each when some could not be moved; 403
    for somebody who may schedule none of them."""
    wire = call.json(("issues", "rankBeforeIssue", "rankAfterIssue", "rankCustomFieldId"))
    keys = strings(wire.get("issues"))
    before, after = wire.get("rankBeforeIssue"), wire.get("rankAfterIssue")
    if not keys or len(keys) > 50:
        raise Refusal(400, "Between 1 and 50 issues can be ranked at once.")  # wording unconfirmed
    if (before is None) == (after is None):
        raise Refusal(400, "Exactly one of rankBeforeIssue and rankAfterIssue must be given.")  # wording unconfirmed
    field = call.site.of_kind("rank")
    if (given := wire.get("rankCustomFieldId")) is not None and (not field or field.id != f"customfield_{given}"):
        raise Refusal(400, f"There is no rank field with id {str(given)[:40]}.")  # wording unconfirmed
    anchor = call.site.issue(str(before or after))
    if anchor is None or not call.may(anchor, "BROWSE_PROJECTS"):
        raise Refusal(400, call.jira.flavour.no_issue)
    found = {key: issue for key in keys if (issue := call.site.issue(key)) and call.may(issue, "BROWSE_PROJECTS")}
    movable = {key: issue for key, issue in found.items() if call.may(issue, "SCHEDULE_ISSUES")}
    if found and not movable:
        raise Refusal(403, NOT_SCHEDULED)
    _place(call, list({issue.id: issue for issue in movable.values()}.values()), anchor, ahead=before is not None)
    if len(movable) == len(set(keys)):
        return Answer(204)
    return Answer(207, {"entries": [_entry(call, key, found.get(key), key in movable) for key in keys]})


NOT_SCHEDULED = "You do not have permission to rank issues."  # wording unconfirmed


def _entry(call: Call, key: str, issue: Issue | None, moved: bool) -> Json:
    """What became of one issue of a request to rank."""
    if issue is None:
        return {"issueKey": key, "status": 404, "errors": [call.jira.flavour.no_issue]}
    own: Json = {"issueId": int(issue.id), "issueKey": issue.key}
    return own | ({"status": 200} if moved else {"status": 403, "errors": [NOT_SCHEDULED]})


def _place(call: Call, moved: list[Issue], anchor: Issue, *, ahead: bool) -> None:
    """Give issues, in their order, ranks between the anchor and its neighbour among those that stay."""
    moved = [issue for issue in moved if issue is not anchor]
    going = {issue.id for issue in moved}
    staying = [issue.rank for issue in call.site.issues.values() if issue.id not in going]
    if ahead:
        low, high = max((rank for rank in staying if rank < anchor.rank), default=""), anchor.rank
    else:
        low, high = anchor.rank, min((rank for rank in staying if rank > anchor.rank), default="")
    for issue in moved:
        old, issue.rank = issue.rank, rank.between(low, high)
        low = issue.rank
        words = "Ranked higher" if issue.rank < old else "Ranked lower"
        change = edit.record(call.desk, issue, [Item("Rank", "customfield_10019", "", "", "", words, custom=True)])
        call.jira.tell(hooks.issue_updated(call.me, issue, change))


def board_json(call: Call, board: Board) -> Json:
    project = call.site.projects[board.project]
    place: Json = {
        "projectId": int(project.id),
        "displayName": f"{project.name} ({project.key})",
        "projectName": project.name,
        "projectKey": project.key,
        "projectTypeKey": "software",
        "name": f"{project.name} ({project.key})",
    }
    own: Json = {
        "id": board.id,
        "self": f"{call.root}/rest/agile/1.0/board/{board.id}",
        "name": board.name,
        "type": board.kind,
    }
    return own | ({"location": place} if call.cloud else {})


def _id(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def board_of(call: Call) -> Board:
    found = call.site.boards.get(_id(call.params["boardId"]))
    if found is None or not call.site.allowed(call.person, call.site.projects[found.project], "BROWSE_PROJECTS"):
        raise NotThere(
            "The requested board cannot be viewed because it either does not exist or you do not have "
            "permission to view it."
        )
    return found


def agile_page(call: Call, values: list[Json]) -> Json:
    start, size = call.number("startAt", 0), call.number("maxResults", 50, 50)
    shown = values[start : start + size]
    last = start + len(shown) >= len(values)
    return {"maxResults": size, "startAt": start, "total": len(values), "isLast": last, "values": shown}


def list_boards(call: Call) -> Answer:
    wanted, kinds, name = call.query.get("projectKeyOrId"), call.many("type"), call.query.get("name", "").lower()
    boards = [
        board
        for board in call.site.boards.values()
        if call.site.allowed(call.person, call.site.projects[board.project], "BROWSE_PROJECTS")
        and (not wanted or wanted in (board.project, call.site.projects[board.project].key))
        and (not kinds or board.kind in kinds)
        and name in board.name.lower()
    ]
    return Answer(200, agile_page(call, [board_json(call, board) for board in boards]))


def get_board(call: Call) -> Answer:
    return Answer(200, board_json(call, board_of(call)))


def sprint_json(call: Call, sprint_id: int) -> Json:
    """A sprint; when it was made is told on Cloud alone, as its document has it, and Data Center's does not."""
    sprint = call.site.sprints[sprint_id]
    shown = call.view.sprint(sprint)
    own: Json = {"originBoardId": shown.pop("boardId")}
    if sprint.complete:
        own["completeDate"] = sprint.complete.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if sprint.created and call.cloud:
        own["createdDate"] = utc_stamp(sprint.created)
    return {"id": sprint.id, "self": f"{call.root}/rest/agile/1.0/sprint/{sprint.id}"} | shown | own


def list_sprints(call: Call) -> Answer:
    board, states = board_of(call), call.many("state")
    if wrong := [state for state in states if state not in ("future", "active", "closed")]:
        raise Refusal(400, f"The state '{wrong[0][:80]}' is not valid: future, active and closed are.")  # unconfirmed
    sprints = [s for s in call.site.sprints.values() if s.board == board.id and (not states or s.state in states)]
    return Answer(200, agile_page(call, [sprint_json(call, sprint.id) for sprint in sprints]))


def sprint_of(call: Call, *, change: bool = False) -> Sprint:
    """The sprint of the path, if the caller may see its board, or with `change` manage its sprints."""
    wanted = call.params["sprintId"]
    sprint = call.site.sprints.get(int(wanted)) if wanted.isdecimal() and len(wanted) < 18 else None
    board = call.site.boards.get(sprint.board) if sprint else None
    project = call.site.projects.get(board.project) if board else None
    if sprint is None or (project is not None and not call.site.allowed(call.person, project, "BROWSE_PROJECTS")):
        raise NotThere("Sprint does not exist.")
    if change and (project is None or not call.site.allowed(call.me, project, "MANAGE_SPRINTS_PERMISSION")):
        raise Refusal(403, "You do not have permission to manage sprints on this board.")  # wording unconfirmed
    return sprint


def get_sprint(call: Call) -> Answer:
    return Answer(200, sprint_json(call, sprint_of(call).id))


AGILE = "agile/1.0"
ENDPOINTS = [
    Endpoint("PUT", f"{AGILE}/issue/rank", put_rank, "rankIssues"),
    Endpoint("GET", f"{AGILE}/board", list_boards, "getAllBoards"),
    Endpoint("GET", f"{AGILE}/board/{{boardId}}", get_board, "getBoard"),
    Endpoint("GET", f"{AGILE}/board/{{boardId}}/sprint", list_sprints, "getAllSprints"),
    Endpoint("GET", f"{AGILE}/sprint/{{sprintId}}", get_sprint, "getSprint"),
]
