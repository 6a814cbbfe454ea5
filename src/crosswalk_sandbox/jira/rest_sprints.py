"""Endpoints that administer sprints, put issues into sprints, backlogs and epics, and estimate them.

Jira Software Cloud REST groups "Sprint", "Backlog", "Epic", "Issue"; the same paths on Data Center 10.3.
Documents:
https://developer.atlassian.com/cloud/jira/software/rest/api-group-sprint/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-backlog/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-epic/
https://developer.atlassian.com/cloud/jira/software/rest/api-group-issue/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-sprint/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-backlog/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-epic/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime

from crosswalk_sandbox.jira import accept, asked, edit, hooks
from crosswalk_sandbox.jira.changelog import items_for
from crosswalk_sandbox.jira.refusals import NotThere, Refusal, field_error
from crosswalk_sandbox.jira.rest_agile import put_rank, sprint_json, sprint_of
from crosswalk_sandbox.jira.rest_boards import agile_issue, epic_json, epic_of, issue_page, sprints_of
from crosswalk_sandbox.jira.state import Field, Issue, Json, Sprint, Value
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

STATES = ("future", "active", "closed")
POINTS = "customfield_10016"


# ---- sprints


def _when(wire: Json, name: str, held: datetime | None) -> datetime | None:
    if name not in wire or wire[name] == "":
        return held
    if wire[name] is None:
        return None
    try:
        return accept.moment(name, wire[name]).astimezone(UTC)
    except OverflowError as error:
        raise field_error(name, "The date is out of range.") from error


def _name(wire: Json) -> str:
    return asked.words(wire, "name", "The sprint name must not be empty.", most=30)


def create_sprint(call: Call) -> Answer:
    """A future sprint of a scrum board."""
    wire = call.json()
    board = call.site.boards.get(asked.whole(wire.get("originBoardId")) or 0)
    project = call.site.projects.get(board.project) if board else None
    if board is None or project is None or not call.site.allowed(call.me, project, "BROWSE_PROJECTS"):
        raise NotThere("The requested board cannot be viewed because it either does not exist or you do not have "
                       "permission to view it.")  # fmt: skip
    if not call.site.allowed(call.me, project, "MANAGE_SPRINTS_PERMISSION"):
        raise Refusal(403, "You do not have permission to create sprints on this board.")  # wording unconfirmed
    if board.kind != "scrum":
        raise Refusal(400, "The board does not support sprints")
    start, end = _when(wire, "startDate", None), _when(wire, "endDate", None)
    _check_dates(start, end)
    identity = next(n for n in itertools.count(1) if n not in call.site.sprints)
    sprint = Sprint(identity, _name(wire), "future", board.id, asked.optional(wire, "goal"), start, end)
    sprint.created = call.site.now()
    call.site.sprints[identity] = sprint
    call.jira.tell(hooks.sprint_event(sprint, "created"))
    return Answer(201, sprint_json(call, identity))


def _check_dates(start: datetime | None, end: datetime | None) -> None:
    if start and end and end <= start:
        raise field_error("endDate", "The end date of a sprint must be after the start date.")  # wording unconfirmed


def change_sprint(call: Call) -> Answer:
    """POST changes what is given; PUT everything, and takes away what is not given."""
    sprint = sprint_of(call, change=True)
    alter_sprint(call, sprint, call.json(), whole=call.method == "PUT")
    return Answer(200, sprint_json(call, sprint.id))


def alter_sprint(call: Call, sprint: Sprint, wire: Json, *, whole: bool) -> None:
    """Change a sprint as a body says and tell about it; with `whole` what is not given goes. Raises Refusal."""
    name = _name(wire) if whole or "name" in wire else sprint.name
    goal = asked.optional(wire, "goal", "" if whole else sprint.goal)
    start = _when(wire, "startDate", None if whole else sprint.start)
    end = _when(wire, "endDate", None if whole else sprint.end)
    state = wire.get("state", sprint.state)
    if state not in STATES:
        raise field_error("state", "The state must be future, active or closed.")  # wording unconfirmed
    _check_dates(start, end)
    if sprint.state == "closed" and (start, end) != (sprint.start, sprint.end):
        raise Refusal(400, "The dates of a closed sprint cannot be changed.")  # wording unconfirmed
    if STATES.index(state) - STATES.index(sprint.state) not in (0, 1):
        raise Refusal(400, f"A sprint cannot go from {sprint.state} to {state}.")  # wording unconfirmed
    if state == "active" and not (start and end):
        raise Refusal(400, "A sprint needs a start date and an end date to be started.")  # wording unconfirmed
    before = replace(sprint)
    if state == "closed" and sprint.state == "active":
        sprint.complete = call.site.now()
    sprint.name, sprint.goal, sprint.start, sprint.end, sprint.state = name, goal, start, end, str(state)
    verb = {"active": "started", "closed": "closed"}.get(sprint.state) if sprint.state != before.state else None
    call.jira.tell(hooks.sprint_event(sprint, verb) if verb else hooks.sprint_event(sprint, "updated", before))


def delete_sprint(call: Call) -> Answer:
    """The sprint goes; its open issues fall back into the backlog."""
    sprint = sprint_of(call, change=True)
    if sprint.state == "active" and not call.cloud:
        raise Refusal(400, "An active sprint cannot be deleted.")  # wording unconfirmed
    for issue in [i for i in call.site.issues.values() if sprint in sprints_of(call, i)]:
        _put_in(call, issue, [s for s in sprints_of(call, issue) if s is not sprint])
    del call.site.sprints[sprint.id]
    call.jira.tell(hooks.sprint_event(sprint, "deleted"))
    return Answer(204)


def swap_sprints(call: Call) -> Answer:
    """Two future sprints change places in the list."""
    sprint, other = sprint_of(call, change=True), call.json(("sprintToSwapWith",)).get("sprintToSwapWith")
    found = call.site.sprints.get(asked.whole(other) or 0)
    if found is None:
        raise NotThere("Sprint does not exist.")
    order = list(call.site.sprints)
    at, to = order.index(sprint.id), order.index(found.id)
    order[at], order[to] = order[to], order[at]
    call.site.sprints = {number: call.site.sprints[number] for number in order}
    return Answer(204)


# ---- issues into sprints, backlogs, epics


def give(call: Call, issue: Issue, field: Field, value: Value) -> None:
    """Give an issue a value, with its history and hook."""
    items = items_for(call.site, call.jira.flavour, field, issue.values.get(field.id), value)
    if not items:
        return
    issue.remember(call.site.now())
    issue.values[field.id] = value
    call.site.adopt(issue)
    change = edit.record(call.desk, issue, items)
    call.jira.tell(hooks.issue_updated(call.me, issue, change))


def _put_in(call: Call, issue: Issue, sprints: list[Sprint]) -> None:
    if (field := call.site.of_kind("sprint")) is not None:
        give(call, issue, field, [str(sprint.id) for sprint in sprints] or None)


def _issues(call: Call, permission: str) -> list[Issue]:
    """The issues a request names, at most 50. Raises Refusal when the caller may not move one of them."""
    keys = asked.texts(call.json(), "issues")
    if not 0 < len(keys) <= 50:
        raise Refusal(400, "Between 1 and 50 issues can be moved at once.")  # wording unconfirmed
    out = []
    for key in keys:
        issue = call.site.issue(key)
        if issue is None or not call.may(issue, "BROWSE_PROJECTS"):
            raise NotThere(call.jira.flavour.no_issue)
        if not call.may(issue, permission) or not call.may(issue, "EDIT_ISSUES"):
            raise Refusal(403, f"You do not have permission to move issue {issue.key}.")  # wording unconfirmed
        out.append(issue)
    return out


def move_to_sprint(call: Call) -> Answer:
    """Issues join an open sprint; what was closed stays in their history of sprints."""
    sprint = sprint_of(call)
    if sprint.state == "closed":
        raise Refusal(400, "Issues can only be moved to open or active sprints.")  # wording unconfirmed
    issues = _issues(call, "SCHEDULE_ISSUES")
    for issue in issues:
        _put_in(call, issue, [*(s for s in sprints_of(call, issue) if s.state == "closed"), sprint])
    return _rank(call, issues)


def _rank(call: Call, issues: list[Issue]) -> Answer:
    wire = call.json()
    places = {name: wire[name] for name in ("rankBeforeIssue", "rankAfterIssue") if wire.get(name)}
    if places and issues:
        return put_rank(replace(call, body={"issues": [issue.key for issue in issues], **places}))
    return Answer(204)


def move_to_backlog(call: Call) -> Answer:
    issues = _issues(call, "SCHEDULE_ISSUES")
    for issue in issues:
        _put_in(call, issue, [s for s in sprints_of(call, issue) if s.state == "closed"])
    return _rank(call, issues)


def epic_asked(call: Call) -> Issue:
    epic = call.site.issue(call.params["epicIdOrKey"])
    if epic is None or call.site.types[epic.type].level != 1 or not call.may(epic, "BROWSE_PROJECTS"):
        raise NotThere("The requested epic does not exist or you do not have permission to view it.")
    return epic


def get_epic(call: Call) -> Answer:
    return Answer(200, epic_json(call, epic_asked(call)))


def epic_issues(call: Call) -> Answer:
    epic = epic_asked(call) if "epicIdOrKey" in call.params else None
    issues = [i for i in call.site.issues.values() if call.site.types[i.type].level == 0]
    held = [i for i in issues if call.may(i, "BROWSE_PROJECTS") and epic_of(call, i) is epic]
    return issue_page(call, sorted(held, key=lambda issue: issue.rank))


def change_epic(call: Call) -> Answer:
    epic, wire = epic_asked(call), call.json()
    color = wire.get("color")
    key = color.get("key") if isinstance(color, dict) else None
    if color is not None and key not in [f"color_{number}" for number in range(1, 15)]:
        raise field_error("color", "The colour must be one of color_1 to color_14.")  # wording unconfirmed
    done = asked.flag(wire, "done") if "done" in wire else None
    field = call.site.of_kind("epicname")
    fields: Json = {"summary": wire["summary"]} if "summary" in wire else {}
    if "name" in wire:
        fields[field.id if field else "summary"] = wire["name"]
    if not call.may(epic, "EDIT_ISSUES"):
        raise Refusal(403, "You do not have permission to edit this epic.")  # wording unconfirmed
    if fields and (change := edit.edit(call.desk, epic, {"fields": fields})) is not None:
        call.jira.tell(hooks.issue_updated(call.me, epic, change))
    extra = call.site.properties.setdefault(("epic", epic.id), {})
    extra |= {name: value for name, value in (("color", key), ("done", done)) if value is not None}
    return Answer(200, epic_json(call, epic))


def move_to_epic(call: Call) -> Answer:
    """Issues come under an epic; under `none` they leave theirs."""
    epic = epic_asked(call) if "epicIdOrKey" in call.params else None
    issues = _issues(call, "EDIT_ISSUES")
    if any(call.site.types[issue.type].level != 0 for issue in issues):
        raise Refusal(400, "Only standard issues can belong to an epic.")  # wording unconfirmed
    field = call.site.of_kind("epiclink") or call.site.fields["parent"]
    for issue in issues:
        give(call, issue, field, epic.id if epic else None)
    return Answer(204)


# ---- one issue


def get_issue(call: Call) -> Answer:
    return Answer(200, agile_issue(call, call.issue()))


def estimation(call: Call) -> Answer:
    """The story points of an issue; the board of the query says that it is these."""
    issue, number = call.issue(), call.query.get("boardId", "")
    board = call.site.boards.get(int(number)) if number.isdecimal() and len(number) < 18 else None
    if board is None:
        raise Refusal(400, "The 'boardId' query parameter must name a board.")  # wording unconfirmed
    if board.kind != "scrum":
        raise Refusal(400, "The board has no estimation statistic.")  # wording unconfirmed
    if call.method == "PUT":
        text = call.json(("value",)).get("value")
        try:
            value = None if text in (None, "") else float(str(text)[:30])
        except ValueError as error:
            raise Refusal(400, "The value is not a number.") from error
        change = edit.edit(call.desk, issue, {"fields": {POINTS: value}})
        if change is not None:
            call.jira.tell(hooks.issue_updated(call.me, issue, change))
    held = issue.values.get(POINTS)
    return Answer(200, {"fieldId": POINTS, "value": held if held is not None else None})


AGILE = "agile/1.0"
SPRINT, EPIC = f"{AGILE}/sprint/{{sprintId}}", f"{AGILE}/epic/{{epicIdOrKey}}"
CLOUD = ("cloud",)
ENDPOINTS = [
    Endpoint("POST", f"{AGILE}/sprint", create_sprint, "createSprint"),
    Endpoint("POST", SPRINT, change_sprint, "partiallyUpdateSprint"),
    Endpoint("PUT", SPRINT, change_sprint, "updateSprint"),
    Endpoint("DELETE", SPRINT, delete_sprint, "deleteSprint"),
    Endpoint("POST", f"{SPRINT}/issue", move_to_sprint, "moveIssuesToSprintAndRank"),
    Endpoint("POST", f"{SPRINT}/swap", swap_sprints, "swapSprint"),
    Endpoint("POST", f"{AGILE}/backlog/issue", move_to_backlog, "moveIssuesToBacklog"),
    Endpoint("POST", f"{AGILE}/backlog/{{boardId}}/issue", move_to_backlog, "moveIssuesToBacklogForBoard", CLOUD),
    Endpoint("GET", EPIC, get_epic, "getEpic"),
    Endpoint("POST", EPIC, change_epic, "partiallyUpdateEpic"),
    Endpoint("GET", f"{EPIC}/issue", epic_issues, "getIssuesForEpic"),
    Endpoint("POST", f"{EPIC}/issue", move_to_epic, "moveIssuesToEpic"),
    Endpoint("GET", f"{AGILE}/epic/none/issue", epic_issues, "getIssuesWithoutEpic"),
    Endpoint("POST", f"{AGILE}/epic/none/issue", move_to_epic, "removeIssuesFromEpic"),
    Endpoint("GET", f"{AGILE}/issue/{{issueIdOrKey}}", get_issue, "getIssue"),
    Endpoint("GET", f"{AGILE}/issue/{{issueIdOrKey}}/estimation", estimation, "getIssueEstimationForBoard"),
    Endpoint("PUT", f"{AGILE}/issue/{{issueIdOrKey}}/estimation", estimation, "estimateIssueForBoard"),
]
