"""Moving issues to another project or type: new keys, statuses and values that fit there, the history of it. Works on
the state alone; who is told about it is decided elsewhere.

submitBulkMove: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/
getIssue, by which the old key goes on answering with the issue:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
What the history says of a move follows recorded changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crosswalk_sandbox.jira.changelog import items_for, status_item
from crosswalk_sandbox.jira.edit import Desk, record
from crosswalk_sandbox.jira.state import Change, Issue, IssueType, Item, Project, Value

WORKFLOW = "Software Simplified Workflow for Project {}"


@dataclass(frozen=True, slots=True)
class Target:
    """Where issues go. `parent` only for sub-tasks and children; `statuses` maps a source status to one of the target,
    for the statuses the target does not have."""

    project: Project
    type: IssueType
    parent: Issue | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)


def objection(desk: Desk, issue: Issue, target: Target) -> str:
    """Why an issue can not be moved; "" when it can. The rights are those that submitBulkMove names, the words
    unconfirmed: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-bulk-operations/"""
    site = desk.site
    if not site.may(desk.person, issue, "MOVE_ISSUES"):
        return "You do not have permission to move issues in the source project."
    if not site.allowed(desk.person, target.project, "CREATE_ISSUES"):
        return "You do not have permission to create issues in the destination project."
    if target.type.id not in target.project.types:
        return "The issue type is not available in the destination project."
    above = target.parent
    if target.type.subtask and (above is None or above.project != target.project.id):
        return "A sub-task needs a parent in the destination project."
    if above is not None and not site.fits_below(target.type, site.types[above.type]):
        return "The parent is not one level above."
    if site.children(issue) and target.type.level not in site.parted:
        return "An issue with sub-tasks can not become one."
    if site.children(issue) and _subtask_type(desk, target) is None:
        return "The destination project has no sub-task type."
    if issue.status not in target.project.statuses and target.statuses.get(issue.status) is None:
        return "A status of the destination is wanted for a status that it does not have."
    return ""


def _subtask_type(desk: Desk, target: Target) -> IssueType | None:
    kinds = [desk.site.types[kind] for kind in target.project.types]
    return next((kind for kind in kinds if kind.subtask), None)


def move(desk: Desk, issue: Issue, target: Target) -> list[tuple[Issue, Change]]:
    """Move an issue that nothing speaks against, and its sub-tasks with it; answers what changed, the issue first."""
    children = desk.site.children(issue)
    moved = [(issue, _one(desk, issue, target))]
    kind = _subtask_type(desk, target)
    for child in children if kind else ():
        own = kind if kind and child.type not in target.project.types else desk.site.types[child.type]
        moved.append((child, _one(desk, child, Target(target.project, own, issue, target.statuses))))
    return moved


def _one(desk: Desk, issue: Issue, target: Target) -> Change:
    site, source, project = desk.site, desk.site.projects[issue.project], target.project
    issue.remember(site.now())
    items: list[Item] = []
    if source.id != project.id:
        project.last_number += 1
        key = f"{project.key}-{project.last_number}"
        items.append(Item("project", "project", source.id, source.name, project.id, project.name))
        items.append(Item("Key", "", None, issue.key, None, key))
        if source.transitions != project.transitions:
            items.append(Item("Workflow", "", None, WORKFLOW.format(source.key), None, WORKFLOW.format(project.key)))
        issue.project, issue.key = project.id, key
        site.keys[key] = issue.id
    if issue.type != target.type.id:
        old = site.types[issue.type]
        items.append(Item("issuetype", "issuetype", old.id, old.name, target.type.id, target.type.name))
        issue.type = target.type.id
    if issue.status not in project.statuses:
        status = target.statuses.get(issue.status, project.statuses[0])
        items.append(status_item(site, issue.status, status))
        issue.status = status
    values = _fitting(desk, issue, target)
    for name, value in values.items():
        items += items_for(site, desk.flavour, site.fields[name], issue.values.get(name), value)
    issue.values.update(values)
    site.adopt(issue)
    return record(desk, issue, items)


def _fitting(desk: Desk, issue: Issue, target: Target) -> dict[str, Value]:
    """New values for what the target project does not have: its versions, components and security levels are others; of
    the same name are taken for the same."""
    site, project = desk.site, target.project
    out: dict[str, Value] = {}
    for name in ("fixVersions", "versions"):
        wanted = {site.versions[one].name.lower() for one in _listed(issue, name)}
        out[name] = [one for one in project.versions if site.versions[one].name.lower() in wanted]
    parts = {site.components[one].name.lower() for one in _listed(issue, "components")}
    own = [part for part in site.components.values() if part.project == project.id]
    out["components"] = [part.id for part in own if part.name.lower() in parts]
    if issue.values.get("security") not in project.levels:
        out["security"] = None
    if target.parent is not None:
        out["parent"] = target.parent.id
    elif (above := site.issues.get(str(issue.values.get("parent")))) and not site.fits_below(
        target.type, site.types[above.type]
    ):
        out["parent"] = None
    return {name: value for name, value in out.items() if (issue.values.get(name) or None) != (value or None)}


def _listed(issue: Issue, name: str) -> list[str]:
    value = issue.values.get(name)
    return value if isinstance(value, list) else []
