"""Two private endpoints of Jira Software, below `/rest/greenhopper`: those that the Python client
`atlassian-python-api` calls (`rename_sprint`, `flag_issue`). No document describes them.

Paths and bodies are what that client sends; the form of a sprint is as others recorded it, with the days of Jira's own
date pickers, in the caller's zone. What refuses, and in which words, is unconfirmed.
https://github.com/atlassian-api/atlassian-python-api
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.catalogue import FLAGGED
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_agile import sprint_of
from crosswalk_sandbox.jira.rest_parts import post_comment
from crosswalk_sandbox.jira.rest_sprints import alter_sprint, give
from crosswalk_sandbox.jira.state import Issue, Json, Sprint
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

PICKED = "%d/%b/%y %I:%M %p"
NO_MOMENT = "None"
SAID = {True: "(flag) Flag added", False: "(flagoff) Flag removed"}
"""What a comment says that is written with the flag."""


def _zone(call: Call) -> ZoneInfo:
    return ZoneInfo(call.me.zone)


def _picked(call: Call, moment: datetime | None) -> str:
    if moment is None:
        return NO_MOMENT
    local = moment.astimezone(_zone(call))
    return f"{local:%d/%b/%y} {local.hour % 12 or 12}:{local:%M %p}"


def _moment(call: Call, wire: object) -> object:
    """A day of a date picker as the agile API has it; anything else as it is."""
    try:
        return datetime.strptime(str(wire), PICKED).replace(tzinfo=_zone(call)).strftime("%Y-%m-%dT%H:%M:%S.000%z")
    except ValueError:
        return wire


def _sprint(call: Call, sprint: Sprint) -> Json:
    return {
        "id": sprint.id,
        "sequence": sprint.id,
        "name": sprint.name,
        "state": sprint.state.upper(),
        "linkedPagesCount": 0,
        "goal": sprint.goal,
        "startDate": _picked(call, sprint.start),
        "endDate": _picked(call, sprint.end),
        "completeDate": _picked(call, sprint.complete),
        "remoteLinks": [],
    }


def rename_sprint(call: Call) -> Answer:
    """PUT with a name and the days; what is not given stays."""
    sprint, wire = sprint_of(call, change=True), call.json()
    days = {name: _moment(call, wire[name]) for name in ("startDate", "endDate") if wire.get(name) not in (None, "")}
    alter_sprint(call, sprint, days | {name: wire[name] for name in ("name", "goal") if name in wire}, whole=False)
    return Answer(200, _sprint(call, sprint))


def _issues(call: Call) -> list[Issue]:
    out = []
    for key in asked.texts(call.json(), "issueKeys"):
        issue = call.site.issue(key)
        if issue is None or not call.may(issue, "BROWSE_PROJECTS"):
            raise NotThere(call.jira.flavour.no_issue)
        if not call.may(issue, "EDIT_ISSUES"):
            raise Refusal(403, f"You do not have permission to edit issue {issue.key}.")
        out.append(issue)
    return out


def flag(call: Call) -> Answer:
    """The flag of issues is set or taken away, whatever their screens have on them."""
    wire = call.json()
    issues, raised, text = _issues(call), asked.flag(wire, "flag"), asked.optional(wire, "comment")
    field = call.site.fields.get(FLAGGED)
    if field is None or not field.options:
        raise Refusal(400, "There is no field for the flag.")
    for issue in issues:
        give(call, issue, field, [field.options[0].id] if raised else None)
        if text:
            post_comment(call, issue, {"body": f"{SAID[raised]}\n\n{text}"})
    return Answer(200, {})


ROOT = "greenhopper/1.0"
ENDPOINTS = [
    Endpoint("PUT", f"{ROOT}/sprint/{{sprintId}}", rename_sprint, "(private: rename a sprint)"),
    Endpoint("POST", f"{ROOT}/xboard/issue/flag/flag.json", flag, "(private: flag issues)"),
]
