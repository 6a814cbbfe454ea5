"""Endpoints for watchers, votes, and mail about an issue (which goes nowhere here).

Jira Cloud REST v3 groups "Issue watchers", "Issue votes". Nobody watches by merely creating or commenting: the
preference "Autowatch" is off for everybody.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-watchers/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-votes/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.state import Issue, Json, Person
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint


def get_watchers(call: Call) -> Answer:
    issue = call.issue()
    out: Json = {
        "self": f"{call.view.base}/issue/{issue.key}/watchers",
        "isWatching": call.me.key in issue.watchers,
        "watchCount": len(issue.watchers),
        "watchers": [],
    }
    if call.may(issue, "VIEW_VOTERS_AND_WATCHERS"):
        out["watchers"] = [call.view.full_person(call.site.people[key]) for key in issue.watchers]
    return Answer(200, out)


def _watcher(call: Call, issue: Issue, given: object) -> Person:
    """Whom a request means; nobody named is the caller. Raises Refusal."""
    if given is None or given == "":
        return call.me
    person = asked.person_named(call, given)
    if person is not None and person.key == call.me.key:
        return person
    if not call.may(issue, "MANAGE_WATCHERS"):
        raise Refusal(
            403 if call.cloud else 401,
            f"User '{call.me.display_name}' is not allowed to manage watchers of issue '{issue.key}'",
        )  # wording unconfirmed
    if person is None:
        raise NotThere(f"The user '{str(given)[:80]}' does not exist.")
    return person


def add_watcher(call: Call) -> Answer:
    """The body is the accountId (Data Center: the name) as a JSON string; without one the caller watches."""
    issue = call.issue()
    if call.body is not None and not isinstance(call.body, str):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    person = _watcher(call, issue, call.body)
    if not call.site.allowed(person, call.site.projects[issue.project], "BROWSE_PROJECTS"):
        name = person.display_name
        raise Refusal(
            400 if call.cloud else 401, f'The user "{name}" does not have permission to view this issue.'
        )  # wording unconfirmed
    if person.key not in issue.watchers:
        issue.watchers.append(person.key)
    return Answer(204)


def remove_watcher(call: Call) -> Answer:
    issue = call.issue()
    given = call.query.get("accountId" if call.cloud else "username")
    if given is None:
        raise Refusal(400, f"The '{'accountId' if call.cloud else 'username'}' query parameter must be provided.")
    person = _watcher(call, issue, given)
    if person.key in issue.watchers:
        issue.watchers.remove(person.key)
    return Answer(204)


def watching(call: Call) -> Answer:
    wanted = asked.texts(call.json(("issueIds",)), "issueIds")
    held = {i: issue for i in wanted if (issue := call.site.issue(i)) and call.may(issue, "BROWSE_PROJECTS")}
    mine = {i: i in held and call.me.key in held[i].watchers for i in wanted}
    return Answer(200, {"issuesIsWatching": mine})


def get_votes(call: Call) -> Answer:
    issue = call.issue()
    out: Json = {
        "self": f"{call.view.base}/issue/{issue.key}/votes",
        "votes": len(issue.voters),
        "hasVoted": call.me.key in issue.voters,
        "voters": [],
    }
    if call.may(issue, "VIEW_VOTERS_AND_WATCHERS"):
        out["voters"] = [call.view.full_person(call.site.people[key]) for key in issue.voters]
    return Answer(200, out)


def _may_vote(call: Call, issue: Issue) -> None:
    if issue.values.get("reporter") == call.me.key:
        raise NotThere("You cannot vote for an issue you have reported.")
    if issue.values.get("resolution"):
        raise NotThere("You cannot vote or change your vote on resolved issues.")


def add_vote(call: Call) -> Answer:
    """204 on Cloud, 200 on Data Center."""
    issue = call.issue()
    _may_vote(call, issue)
    if call.me.key not in issue.voters:
        issue.voters.append(call.me.key)
    return Answer(204 if call.cloud else 200)


def remove_vote(call: Call) -> Answer:
    issue = call.issue()
    _may_vote(call, issue)
    if call.me.key not in issue.voters:
        raise NotThere("You cannot remove a vote for an issue you have not voted for.")  # wording unconfirmed
    issue.voters.remove(call.me.key)
    return Answer(204)


def notify(call: Call) -> Answer:
    """204; no mail is sent by a sandbox."""
    call.issue()
    wire = call.json()
    if not isinstance(wire.get("to"), dict) or not wire["to"]:
        raise Refusal(400, "No recipients were defined for notification")
    return Answer(204)


CLOUD = ("cloud",)
ISSUE = "api/X/issue/{issueIdOrKey}"
ENDPOINTS = [
    Endpoint("GET", f"{ISSUE}/watchers", get_watchers, "getIssueWatchers"),
    Endpoint("POST", f"{ISSUE}/watchers", add_watcher, "addWatcher", per_issue=True),
    Endpoint("DELETE", f"{ISSUE}/watchers", remove_watcher, "removeWatcher", per_issue=True),
    Endpoint("POST", "api/X/issue/watching", watching, "getIsWatchingIssueBulk", CLOUD),
    Endpoint("GET", f"{ISSUE}/votes", get_votes, "getVotes"),
    Endpoint("POST", f"{ISSUE}/votes", add_vote, "addVote", per_issue=True, read=False),
    Endpoint("DELETE", f"{ISSUE}/votes", remove_vote, "removeVote", per_issue=True),
    Endpoint("POST", f"{ISSUE}/notify", notify, "notify"),
]
