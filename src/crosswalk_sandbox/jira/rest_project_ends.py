"""Endpoints that end projects and bring them back: the bin, the archive, deleting for good.

Jira Cloud REST v3 group "Projects"; Data Center 10.3 `project`, which has no bin. Of an archived project the issues can
be read but not found or changed; a project in the bin is to be seen by nobody.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
"""

from __future__ import annotations

from datetime import timedelta

from crosswalk_sandbox.jira import hooks
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Ended, Issue, Project
from crosswalk_sandbox.jira.tasks import see_task
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

KEPT = timedelta(days=60)
"""How long the bin keeps a project: https://support.atlassian.com/jira-cloud-administration/docs/delete-a-project/"""


def _project(call: Call) -> Project:
    """The project of the path, in whatever state, for an administrator. For anybody else it is not there on Cloud,
    except when it is to be archived; so the documents' statuses say."""
    quiet = call.cloud and not call.path.endswith("/archive")
    if not quiet:
        call.admin()
    wanted = call.params["projectIdOrKey"]
    found = call.site.project(wanted)
    if found is None or not call.me.admin:
        raise NotThere(f"No project could be found with {'id' if wanted.isdecimal() else 'key'} '{wanted[:60]}'.")
    return found


def delete_project(call: Call) -> Answer:
    """204. On Cloud the project goes into the bin unless `enableUndo=false`; an archived one can not be deleted."""
    project = call.project(_project(call).id)
    _not_archived(project)
    if call.cloud and call.flag("enableUndo", True):
        now = call.site.now()
        project.ended = Ended("deleted", call.me.key, now, now + KEPT)
        call.jira.tell(hooks.project_event(project, "soft_deleted"))
    else:
        _remove(call, project)
    return Answer(204)


def delete_later(call: Call) -> Answer:
    """Cloud: 303 with the address of a task. The project is gone for good."""
    project = _project(call)
    _not_archived(project)
    _remove(call, project)
    return see_task(call)


def _not_archived(project: Project) -> None:
    if project.ended and project.ended.how == "archived":
        raise Refusal(400, "An archived project cannot be deleted. Restore it first.")  # wording unconfirmed


def archive(call: Call) -> Answer:
    """204. A project that is archived already is refused: with 403 on Data Center, as its document says."""
    project = _project(call)
    if project.ended is not None:
        raise Refusal(400 if call.cloud else 403, "The project is archived or deleted already.")  # wording unconfirmed
    project.ended = Ended("archived", call.me.key, call.site.now())
    call.jira.tell(hooks.project_event(project, "archived"))
    return Answer(204)


def restore(call: Call) -> Answer:
    """From the archive or the bin: 200 with the project on Cloud, 202 on Data Center."""
    project = _project(call)
    if project.ended is None:
        raise Refusal(400 if call.cloud else 403, "The project is neither archived nor deleted.")  # wording unconfirmed
    verb = "restored_archived" if project.ended.how == "archived" else "restored_deleted"
    project.ended = None
    call.jira.tell(hooks.project_event(project, verb))
    return Answer(200, call.view.project(project)) if call.cloud else Answer(202)


def _remove(call: Call, project: Project) -> None:
    """The issues, versions, components and boards go with it. Only the project's end is told, not that of its
    issues."""
    site = call.site
    for issue in [i for i in site.issues.values() if i.project == project.id]:
        forget(site, issue)
    for version in project.versions:
        del site.versions[version]
    for component in [c for c in site.components.values() if c.project == project.id]:
        del site.components[component.id]
    for board in [b for b in site.boards.values() if b.project == project.id]:
        del site.boards[board.id]
        for sprint in [s for s in site.sprints.values() if s.board == board.id]:
            del site.sprints[sprint.id]
    del site.projects[project.id]
    call.jira.tell(hooks.project_event(project, "deleted"))


def forget(site: Site, issue: Issue) -> None:
    """Take an issue and all that hangs on it out of the site, telling nobody."""
    del site.issues[issue.id]
    for key in [key for key, target in site.keys.items() if target == issue.id]:
        del site.keys[key]
    for link in site.links_of(issue):
        site.part(link)
    for attachment in issue.attachments:
        site.attachments.pop(attachment, None)
    for other in site.issues.values():
        for name in ("parent", *(f.id for f in site.fields.values() if f.kind in ("epiclink", "parentlink"))):
            if other.values.get(name) == issue.id:
                other.values[name] = None


CLOUD, DC = ("cloud",), ("dc",)
PROJECT = "api/X/project/{projectIdOrKey}"
ENDPOINTS = [
    Endpoint("DELETE", PROJECT, delete_project, "deleteProject"),
    Endpoint("POST", f"{PROJECT}/delete", delete_later, "deleteProjectAsynchronously", CLOUD),
    Endpoint("POST", f"{PROJECT}/archive", archive, "archiveProject", CLOUD),
    Endpoint("POST", f"{PROJECT}/restore", restore, "restore", CLOUD),
    Endpoint("PUT", f"{PROJECT}/archive", archive, "archiveProject", DC, read=False),
    Endpoint("PUT", f"{PROJECT}/restore", restore, "restoreProject", DC, read=False),
]
