"""How each kind of field shows its value in an issue. One row per kind; system fields with a shape of their
own by id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from crosswalk_sandbox.jira.changelog import category_changed
from crosswalk_sandbox.jira.flavour import utc_stamp
from crosswalk_sandbox.jira.state import Field, Issue, Json, Named, Rich, Sprint
from crosswalk_sandbox.jira.views import View

Show = Callable[[View, Issue, Field], object]


def _as_is(_view: View, issue: Issue, field: Field) -> object:
    return issue.values.get(field.id)


def _rich(view: View, issue: Issue, field: Field) -> object:
    value = issue.values.get(field.id)
    return view.rich(value if isinstance(value, Rich) else None)


def _ids(issue: Issue, field: Field) -> list[str]:
    value = issue.values.get(field.id)
    return value if isinstance(value, list) else []


def _person(view: View, issue: Issue, field: Field) -> object:
    return view.person(issue.values.get(field.id))


def _people(view: View, issue: Issue, field: Field) -> object:
    return [view.person(key) for key in _ids(issue, field)] or None


def option_json(view: View, option: Named, *, disabled: bool = False) -> Json:
    """An option; of one below another the id is what stands behind the stroke. Data Center says whether it is disabled,
    as others recorded it."""
    own = option.id.rpartition("/")[2]
    shown: Json = {"self": f"{view.base}/customFieldOption/{own}", "value": option.name, "id": own}
    return shown if view.flavour.name == "cloud" else shown | {"disabled": disabled}


def _option_json(view: View, field: Field, option_id: object) -> Json | None:
    found = next((o for o in field.options if o.id == option_id), None)
    off = any(option_id in context.disabled for context in view.site.contexts.get(field.id, ()))
    return option_json(view, found, disabled=off) if found else None


def _option(view: View, issue: Issue, field: Field) -> object:
    return _option_json(view, field, issue.values.get(field.id))


def _options(view: View, issue: Issue, field: Field) -> object:
    return [_option_json(view, field, option) for option in _ids(issue, field)] or None


def _cascade(view: View, issue: Issue, field: Field) -> object:
    chosen = str(issue.values.get(field.id) or "")
    above, _, below = chosen.partition("/")
    shown = _option_json(view, field, above)
    if shown is None or not below:
        return shown
    child = _option_json(view, field, chosen)
    return shown | {"child": child} if child else shown


def _moment(view: View, issue: Issue, field: Field) -> object:
    """In the site's zone, whatever zone it was set in."""
    value = issue.values.get(field.id)
    return view.stamp(datetime.fromisoformat(value)) if isinstance(value, str) else None


def _version(view: View, issue: Issue, field: Field) -> object:
    found = view.site.versions.get(str(issue.values.get(field.id)))
    return view.version_short(found) if found else None


def _team(view: View, issue: Issue, field: Field) -> object:
    """Cloud shows a team with its name, Data Center by its id."""
    held = issue.values.get(field.id)
    if held is None or view.flavour.name != "cloud":
        return held
    name = view.site.teams[str(held)]
    shown = {"isVisible": True, "isVerified": False, "isShared": True, "avatarUrl": ""}
    return {"id": held, "name": name, "title": name, **shown}


def _group_json(view: View, name: object) -> Json | None:
    found = next((group for group in view.site.groups.values() if group.name == name), None)
    if found is None:
        return None
    own: Json = {"name": found.name, "self": f"{view.base}/group?groupname={quote(found.name)}"}
    return own | {"groupId": found.id} if view.flavour.name == "cloud" else own


def _picked_project(view: View, issue: Issue, field: Field) -> object:
    found = view.site.projects.get(str(issue.values.get(field.id)))
    return view.project_short(found) if found else None


def _groups(view: View, issue: Issue, field: Field) -> object:
    return [_group_json(view, name) for name in _ids(issue, field)] or None


def _versions(view: View, issue: Issue, field: Field) -> object:
    shown = [view.version_short(view.site.versions[v]) for v in _ids(issue, field)]
    return shown or (None if field.custom else [])


def _components(view: View, issue: Issue, field: Field) -> object:
    return [view.component(view.site.components[c]) for c in _ids(issue, field)]


def _priority(view: View, issue: Issue, field: Field) -> object:
    found = view.site.priorities.get(str(issue.values.get(field.id)))
    return view.priority(found) if found else None


def _resolution(view: View, issue: Issue, field: Field) -> object:
    found = view.site.resolutions.get(str(issue.values.get(field.id)))
    return view.resolution(found) if found else None


def _parent(view: View, issue: Issue, _field: Field) -> object:
    above = view.site.issues.get(str(issue.values.get("parent")))
    return view.issue_short(above) if above is not None and view.sees(above) else None


def _epic_link(view: View, issue: Issue, field: Field) -> object:
    epic = view.site.issues.get(str(issue.values.get(field.id)))
    return epic.key if epic is not None and view.sees(epic) else None


def _sprints(view: View, issue: Issue, field: Field) -> object:
    sprints = [view.site.sprints[int(s)] for s in _ids(issue, field) if int(s) in view.site.sprints]
    return [view.sprint(sprint) if view.flavour.name == "cloud" else _sprint_text(sprint) for sprint in sprints] or None


def _sprint_text(sprint: Sprint) -> str:
    """A sprint as a value of an issue on Data Center: the text that Java makes of it, as recorded."""
    stamps = {"startDate": sprint.start, "endDate": sprint.end, "completeDate": sprint.complete}
    parts: dict[str, object] = {"id": sprint.id, "rapidViewId": sprint.board, "state": sprint.state.upper()}
    parts |= {"name": sprint.name} | {name: utc_stamp(at) if at else "<null>" for name, at in stamps.items()}
    parts |= {"sequence": sprint.id, "goal": sprint.goal or "<null>"}
    told = ",".join(f"{name}={value}" for name, value in parts.items())
    return f"com.atlassian.greenhopper.service.sprint.Sprint@{0xA88A000 + sprint.id:x}[{told}]"


def _time_tracking(view: View, issue: Issue, _field: Field) -> object:
    out: Json = {}
    parts = {
        "originalEstimate": issue.values.get("timeoriginalestimate"),
        "remainingEstimate": issue.values.get("timeestimate"),
        "timeSpent": issue.spent or None,
    }
    for name, seconds in parts.items():
        if isinstance(seconds, int):
            out |= {name: view.site.working.write(seconds), f"{name}Seconds": seconds}
    return out


def _progress(_view: View, issue: Issue, _field: Field) -> object:
    left = issue.values.get("timeestimate")
    return _percent(issue.spent, issue.spent + (left if isinstance(left, int) else 0))


def _percent(spent: int, total: int) -> Json:
    out: Json = {"progress": spent, "total": total}
    return out | ({"percent": spent * 100 // total} if total else {})


def family(view: View, issue: Issue) -> list[Issue]:
    """An issue and those of its sub-tasks that the reader sees, over which the Σ fields add up."""
    return [issue, *filter(view.sees, view.site.children(issue))]


def links(view: View, issue: Issue) -> list[Json]:
    """The links of an issue whose other end the reader sees."""
    ends = [(link, link.target if link.source == issue.id else link.source) for link in view.site.links_of(issue)]
    return [view.link(issue, link) for link, other in ends if view.sees(view.site.issues.get(other))]


def _sum(name: str) -> Show:
    """The sum of a number over an issue and its sub-tasks; None where none has one."""

    def total(view: View, issue: Issue, _field: Field) -> object:
        held = [one.spent or None if name == "timespent" else one.values.get(name) for one in family(view, issue)]
        numbers = [number for number in held if isinstance(number, int)]
        return sum(numbers) if numbers else None

    return total


def _all_progress(view: View, issue: Issue, _field: Field) -> object:
    left = [one.values.get("timeestimate") for one in family(view, issue)]
    spent = sum(one.spent for one in family(view, issue))
    return _percent(spent, spent + sum(number for number in left if isinstance(number, int)))


def _work_ratio(_view: View, issue: Issue, _field: Field) -> object:
    """How much of the original estimate is spent, in percent; -1 without an estimate (recorded).
    https://support.atlassian.com/jira-software-cloud/docs/jql-fields/ ("Work ratio")"""
    original = issue.values.get("timeoriginalestimate")
    return issue.spent * 100 // original if isinstance(original, int) and original else -1


def _comments(view: View, issue: Issue, _field: Field) -> object:
    comments = [view.comment(issue, comment) for comment in issue.comments if view.reads(issue, comment)]
    page: Json = {"comments": comments, "maxResults": len(comments), "total": len(comments), "startAt": 0}
    own = {"self": f"{view.base}/issue/{issue.id}/comment"}
    return page | (own if view.flavour.name == "cloud" and not view.brief else {})


def _worklogs(view: View, issue: Issue, _field: Field) -> object:
    logs = [view.worklog(issue, log) for log in issue.worklogs if view.reads(issue, log)]
    return {"startAt": 0, "maxResults": 20, "total": len(logs), "worklogs": logs[:20]}


def _watches(view: View, issue: Issue, _field: Field) -> object:
    mine = view.reader is not None and view.reader.key in issue.watchers
    return {"self": f"{view.base}/issue/{issue.key}/watchers", "watchCount": len(issue.watchers), "isWatching": mine}


def _votes(view: View, issue: Issue, _field: Field) -> object:
    mine = view.reader is not None and view.reader.key in issue.voters
    return {"self": f"{view.base}/issue/{issue.key}/votes", "votes": len(issue.voters), "hasVoted": mine}


def _category_changed(view: View, issue: Issue, _field: Field) -> object:
    return view.stamp(category_changed(view.site, issue))


def _security(view: View, issue: Issue, _field: Field) -> object:
    level = view.site.levels.get(str(issue.values.get("security")))
    return view.level(level) if level else None


SHOWN: dict[str, Show] = {
    "text": _as_is,
    "epicname": _as_is,
    "number": _as_is,
    "date": _as_is,
    "datetime": _moment,
    "url": _as_is,
    "labels": lambda _v, i, f: list(_ids(i, f)) if not f.custom else (list(_ids(i, f)) or None),
    "rich": _rich,
    "person": _person,
    "people": _people,
    "option": _option,
    "options": _options,
    "versions": _versions,
    "version": _version,
    "cascade": _cascade,
    "team": _team,
    "group": lambda v, i, f: _group_json(v, i.values.get(f.id)),
    "groups": _groups,
    "projectpick": _picked_project,
    "components": _components,
    "priority": _priority,
    "resolution": _resolution,
    "parent": _parent,
    "epiclink": _epic_link,
    "parentlink": _epic_link,
    "sprint": _sprints,
    "rank": lambda _v, i, _f: i.rank,
    "timetracking": _time_tracking,
    "project": lambda v, i, _f: v.project_short(v.site.projects[i.project]),
    "issuetype": lambda v, i, _f: v.issue_type(v.site.types[i.type]),
    "status": lambda v, i, _f: v.status(v.site.statuses[i.status]),
    "creator": lambda v, i, _f: v.person(i.creator),
    "created": lambda v, i, _f: v.stamp(i.created),
    "updated": lambda v, i, _f: v.stamp(i.updated),
    "resolutiondate": lambda v, i, _f: v.stamp(i.resolved) if i.resolved else None,
    "timespent": lambda _v, i, _f: i.spent or None,
    "aggregatetimespent": _sum("timespent"),
    "timeestimate": _as_is,
    "timeoriginalestimate": _as_is,
    "aggregatetimeestimate": _sum("timeestimate"),
    "aggregatetimeoriginalestimate": _sum("timeoriginalestimate"),
    "progress": _progress,
    "aggregateprogress": _all_progress,
    "comment": _comments,
    "worklog": _worklogs,
    "attachment": lambda v, i, _f: [v.attachment(v.site.attachments[a]) for a in i.attachments],
    "issuelinks": lambda v, i, _f: links(v, i),
    "subtasks": lambda v, i, _f: [v.issue_short(child) for child in family(v, i)[1:]],
    "watches": _watches,
    "votes": _votes,
    "workratio": _work_ratio,
    "lastViewed": lambda _v, _i, _f: None,
    "security": _security,
    "statuscategorychangedate": _category_changed,
}
