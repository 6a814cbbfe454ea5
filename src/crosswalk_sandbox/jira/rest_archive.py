"""Endpoints that archive issues and bring them back. An archived issue can be read, and neither found nor changed.

Jira Cloud REST v3 group "Issues" (archiveIssues, unarchiveIssues, archiveIssuesAsync); Data Center 10.3 `issue`.
Sub-tasks go with their parent. No document names a hook for it.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
https://support.atlassian.com/jira-software-cloud/docs/archive-an-issue/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked, jql, search
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.state import Ended, Issue, Json
from crosswalk_sandbox.jira.tasks import task_json
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint

MOST = 1000
NOT_FOUND, SUBTASK, ENDED = "issuesNotFound", "issueIsSubtask", "issuesInArchivedProjects"
WHY = {
    NOT_FOUND: "Issue not found.",
    SUBTASK: "Issue is subtask.",
    ENDED: "Issue exists in archived project.",
}
"""Why an issue stays as it is, in the words of the documents' examples."""


def _admin(call: Call) -> None:
    if not call.me.admin:
        raise Refusal(403, "Only admins can archive or unarchive issues. Access denied.")


def _objection(call: Call, issue: Issue | None) -> str:
    """Why an issue can neither be archived nor brought back by itself; "" where it can."""
    if issue is None or not call.site.sees(call.me, issue):
        return NOT_FOUND
    if call.site.types[issue.type].level < 0:
        return SUBTASK
    return ENDED if call.site.projects[issue.project].ended else ""


def _turn(call: Call, issue: Issue, archived: bool) -> int:
    """Archive an issue with its sub-tasks, or bring them back; how many are otherwise than before."""
    family = [one for one in (issue, *call.site.children(issue)) if (one.archived is not None) is not archived]
    for one in family:
        one.archived = Ended("archived", call.me.key, call.site.now()) if archived else None
    return len(family)


def turn_many(call: Call) -> Answer:
    """Cloud: 200 with how many there are and what was wrong with the others; 400 where none could be, and 412 where
    they were more than a request takes: the first of them are done."""
    _admin(call)
    wanted = list(dict.fromkeys(asked.texts(call.json(), "issueIdsOrKeys")))
    done, refused = 0, dict[str, list[str]]()
    for given in wanted[:MOST]:
        issue = call.site.issue(given)
        why = _objection(call, issue)
        if why:
            refused.setdefault(why, []).append(given)
        elif issue is not None:
            done += _turn(call, issue, call.path.endswith("/archive"))
    if not done:
        raise Refusal(400, "No valid issue to archive or unarchive. Bad request.")
    if len(wanted) > MOST:
        words = f"The number of issues to archive or unarchive exceeds the hard limit of {MOST}. Precondition failed."
        raise Refusal(412, words)
    errors: Json = {
        why: {"count": len(keys), "issueIdsOrKeys": keys, "message": WHY[why]} for why, keys in refused.items()
    }
    return Answer(200, {"numberOfIssuesUpdated": done, "errors": errors})


def archive_found(call: Call) -> Answer:
    """Cloud: 202 with the address of the task that archives what a query finds. Sub-tasks go only with their parent."""
    _admin(call)
    text = call.json().get("jql")
    if not isinstance(text, str) or not text.strip():
        raise Refusal(400, "Invalid JQL. Bad request.")
    try:
        found = search.find(call.site, call.asker, jql.parse(text))
    except Refusal:
        raise Refusal(400, "Invalid JQL. Bad request.") from None
    for issue in found:
        if not _objection(call, issue):
            _turn(call, issue, True)
    return Answer(202, str(task_json(call)["self"]))


def turn_one(call: Call) -> Answer:
    """Data Center: 204; 403 for who does not administer the project, for a sub-task, and where nothing would change."""
    issue = call.issue()
    project, archived = call.site.projects[issue.project], call.path.endswith("/archive")
    rights = call.me.admin or call.site.allowed(call.me, project, "ADMINISTER_PROJECTS")
    if not rights or _objection(call, issue) or (issue.archived is not None) is archived:
        raise Refusal(403, f"You cannot {'archive' if archived else 'restore'} this issue.")  # wording unconfirmed
    _turn(call, issue, archived)
    return Answer(204)


CLOUD, DC = ("cloud",), ("dc",)
ENDPOINTS = [
    Endpoint("PUT", "api/X/issue/archive", turn_many, "archiveIssues", CLOUD),
    Endpoint("POST", "api/X/issue/archive", archive_found, "archiveIssuesAsync", CLOUD),
    Endpoint("PUT", "api/X/issue/unarchive", turn_many, "unarchiveIssues", CLOUD),
    Endpoint("PUT", "api/X/issue/{issueIdOrKey}/archive", turn_one, "archiveIssue", DC, read=False),
    Endpoint("PUT", "api/X/issue/{issueIdOrKey}/restore", turn_one, "restoreIssue", DC, read=False),
]
