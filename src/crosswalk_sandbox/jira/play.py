"""What the pages draw: a project's board, an issue with everything it can become, versions. Only reads; edits go by
`acting`.
"""

from __future__ import annotations

from dataclasses import replace

from crosswalk_sandbox.jira import edit, metadata, richtext
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.state import Attachment, Comment, Issue, Json, Person, Project, Rich, Transition, Worklog
from crosswalk_sandbox.jira.views import View

RIGHTS = (
    "BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "DELETE_ISSUES", "ADD_COMMENTS",
    "CREATE_ATTACHMENTS", "LINK_ISSUES", "WORK_ON_ISSUES", "SCHEDULE_ISSUES", "ADMINISTER_PROJECTS",
)  # fmt: skip


def view_of(jira: Jira) -> View:
    """Issues as REST v2 shows them: long text is wiki markup on both flavours."""
    return View(jira.site, jira.flavour, jira.root, "2")


def name_of(jira: Jira, key: object) -> str:
    """What a person is called; empty for nobody."""
    person = jira.site.people.get(str(key))
    return person.display_name if person else ""


def rights(jira: Jira, person: Person, project: Project) -> Json:
    """What the person may do in the project."""
    return {right: jira.site.allowed(person, project, right) for right in RIGHTS}


def projects(jira: Jira) -> list[Json]:
    """Every project, as the header offers them."""
    return [{"key": project.key, "name": project.name} for project in jira.site.projects.values()]


def _assignable(jira: Jira, project: Project) -> list[Json]:
    people = jira.site.people.values()
    return [_person(jira, person) for person in people if jira.site.allowed(person, project, "ASSIGNABLE_USER")]


def _person(jira: Jira, person: Person) -> Json:
    """A person, with the value that a write names it by."""
    wire = {"accountId": person.account_id} if jira.flavour.name == "cloud" else {"name": person.name}
    return {"key": person.key, "name": person.display_name, "wire": wire}


# ---- board


def board(jira: Jira, person: Person, project: Project) -> Json:
    """Columns, cards and the workflow of a project; cards in rank order."""
    site, may = jira.site, rights(jira, person, project)
    held = (i for i in site.issues.values() if i.project == project.id and not i.archived and site.sees(person, i))
    issues = sorted(held, key=lambda issue: issue.rank)
    statuses = [site.statuses[status] for status in project.statuses]
    field = site.of_kind("sprint")
    sprints = [s for s in site.sprints.values() if site.boards[s.board].project == project.id]
    return {
        "project": {"key": project.key, "name": project.name},
        "columns": [{"id": s.id, "name": s.name, "category": s.category.key} for s in statuses],
        "cards": [_card(jira, person, issue) for issue in issues],
        "transitions": [
            {"id": t.id, "name": t.name, "to": t.to, "sources": list(t.sources), "screen": bool(t.screen)}
            for t in project.transitions
        ],
        "sprints": [{"id": str(s.id), "name": s.name, "state": s.state} for s in sprints],
        "sprintField": field.id if field else "",
        "may": may,
    }


def _listed(issue: Issue, field: str) -> list[str]:
    value = issue.values.get(field)
    return value if isinstance(value, list) else []


def _card(jira: Jira, person: Person, issue: Issue) -> Json:
    site = jira.site
    kinds = {kind: site.of_kind(kind) for kind in ("sprint", "epiclink")}
    points = next((f for f in site.fields.values() if f.name.startswith("Story") and f.kind == "number"), None)
    above = issue.values.get("parent") or (issue.values.get(kinds["epiclink"].id) if kinds["epiclink"] else None)
    parent = site.issues.get(str(above))
    parent = parent if parent is not None and site.sees(person, parent) else None
    priority = site.priorities.get(str(issue.values.get("priority")))
    sprint = _listed(issue, kinds["sprint"].id)[-1:] if kinds["sprint"] else []
    return {
        "key": issue.key,
        "name": str(issue.values.get("summary") or ""),
        "type": site.types[issue.type].name,
        "level": site.types[issue.type].level,
        "status": issue.status,
        "assignee": name_of(jira, issue.values.get("assignee")),
        "labels": _listed(issue, "labels"),
        "versions": [site.versions[v].name for v in _listed(issue, "fixVersions")],
        "parent": {"key": parent.key, "name": str(parent.values.get("summary"))} if parent else None,
        "priority": priority.name if priority else "",
        "points": issue.values.get(points.id) if points else None,
        "due": issue.values.get("duedate"),
        "sprint": sprint[0] if sprint else "",
    }


# ---- one issue


def issue_json(jira: Jira, person: Person, issue: Issue) -> Json:
    """An issue with its fields, what they can become, and everything that hangs on it."""
    site, view = jira.site, replace(view_of(jira), reader=person)
    project, kind = site.projects[issue.project], site.types[issue.type]
    may = rights(jira, person, project)
    status = site.statuses[issue.status]
    fields = view.fields(issue)
    return {
        **_card(jira, person, issue),
        "status": {"id": status.id, "name": status.name, "category": status.category.key},
        "fields": fields,
        "shown": {name: richtext.html_of(text) for name in fields if isinstance(text := issue.values.get(name), Rich)},
        "meta": metadata.edit_fields(view, project, kind),
        "transitions": [_transition(jira, t) for t in edit.transitions_of(site, issue, person)],
        "may": may,
        "me": person.key,
        "assignable": _assignable(jira, project),
        "people": [_person(jira, one) for one in site.people.values()],
        "sprints": board(jira, person, project)["sprints"],
        "linkTypes": [view.link_type(link) for link in site.link_types.values()],
        "comments": [_comment(jira, comment) for comment in issue.comments if view.reads(issue, comment)],
        "files": [_file(jira, site.attachments[a]) for a in issue.attachments],
        "remote": [view.remote_link(issue, link) for link in issue.remote_links],
        "worklogs": [_worklog(jira, log) for log in issue.worklogs if view.reads(issue, log)],
        "history": [
            {
                "at": view.stamp(change.at),
                "who": name_of(jira, change.author),
                "items": [[i.field, _short(i.from_text), _short(i.to_text)] for i in change.items if view.tells(i)],
            }
            for change in reversed(issue.changes[-100:])
        ],
        "who": {"reporter": name_of(jira, issue.values.get("reporter")), "creator": name_of(jira, issue.creator)},
    }


def _transition(jira: Jira, transition: Transition) -> Json:
    to = jira.site.statuses[transition.to]
    return {
        "id": transition.id,
        "name": transition.name,
        "to": to.id,
        "status": to.name,
        "screen": bool(transition.screen),
    }


def _short(text: str | None) -> str:
    text = text or ""
    return text if len(text) <= 120 else text[:119] + "…"


def _comment(jira: Jira, comment: Comment) -> Json:
    return {
        "id": comment.id,
        "author": name_of(jira, comment.author),
        "own": comment.author,
        "at": view_of(jira).stamp(comment.created),
        "edited": comment.updated != comment.created,
        "text": comment.body.wiki,
        "html": richtext.html_of(comment.body),
    }


def _file(jira: Jira, file: Attachment) -> Json:
    return {
        "id": file.id,
        "name": file.filename,
        "size": len(file.data),
        "picture": file.media in PICTURES,
        "who": name_of(jira, file.author),
    }


def _worklog(jira: Jira, log: Worklog) -> Json:
    text = log.comment.wiki if isinstance(log.comment, Rich) else ""
    return {
        "id": log.id,
        "who": name_of(jira, log.author),
        "at": view_of(jira).stamp(log.started),
        "spent": jira.site.working.write(log.seconds),
        "text": text,
    }


# Shown in the page; any other file is only handed out for saving, because it may hold a page with script.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


# ---- versions


def versions(jira: Jira, person: Person, project: Project) -> Json:
    """The versions of a project with how many issues are fixed in each."""
    view, site = view_of(jira), jira.site
    issues = [issue for issue in site.issues.values() if issue.project == project.id]
    shown = []
    for key in project.versions:
        held = [issue for issue in issues if key in _listed(issue, "fixVersions")]
        done = sum(site.statuses[issue.status].category.key == "done" for issue in held)
        shown.append({**view.version(site.versions[key]), "issues": len(held), "done": done})
    return {"project": {"key": project.key, "name": project.name, "id": project.id}, "versions": shown,
            "may": rights(jira, person, project)}  # fmt: skip
