"""The events of a stand-in Jira: their names, and bodies in the recorded shapes.

Events: https://developer.atlassian.com/cloud/jira/platform/webhooks/ and the recorded payloads. Issue objects in hooks
are in the shape of REST v2 on both flavours: long text is wiki markup, self links are /rest/api/2. Who gets an event,
and how, is decided in deliver.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crosswalk_sandbox.jira.changelog import created_items
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import (
    Attachment,
    Board,
    Change,
    Comment,
    Issue,
    Json,
    Link,
    Person,
    Project,
    Sprint,
    Version,
    Worklog,
)
from crosswalk_sandbox.jira.views import View

Build = Callable[[View], Json]

SHORT = {"summary", "issuetype", "project", "assignee", "priority", "status"}


@dataclass(slots=True)
class Event:
    """Something that happened.

    `body` builds the part of the JSON that belongs to it. `issue` is what a JQL filter looks at, for the events that
    can be filtered. `fields` are the ids of the fields an update changed, `property` the key of an issue property;
    `aliases` are other names by which a webhook may ask for the event. `variables` fill the address.
    """

    name: str
    body: Build
    issue: Issue | None = None
    secondary: bool = False
    person: Person | None = None
    fields: frozenset[str] = frozenset()
    property: str = ""
    aliases: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)


# ---- what each event carries ------------------------------------------------------------------------------


def _user(view: View, person: Person | None) -> Json:
    return {"user": view.person(person.key)} if person else {}


def issue_created(person: Person, issue: Issue, change_id: str) -> Event:
    """jira:issue_created, with every first value in the changelog."""

    def body(view: View) -> Json:
        items = created_items(view.site, view.flavour, issue)
        change = Change(change_id, person.key, issue.created, items)
        return {
            "issue_event_type_name": "issue_created",
            **_user(view, person),
            "issue": full_issue(view, issue),
            "changelog": changelog(view, change),
        }

    return Event("jira:issue_created", body, issue, person=person)


def issue_updated(person: Person, issue: Issue, change: Change, kind: str = "issue_updated") -> Event:
    """jira:issue_updated."""

    def body(view: View) -> Json:
        return {
            "issue_event_type_name": kind,
            **_user(view, person),
            "issue": full_issue(view, issue),
            "changelog": changelog(view, change),
        }

    changed = frozenset(item.field_id or item.field for item in change.items)
    return Event("jira:issue_updated", body, issue, person=person, fields=changed)


def changelog(view: View, change: Change) -> Json:
    """What changed."""
    return {"id": change.id, "items": view.items(change)}


def issue_deleted(person: Person, issue: Issue, *, secondary: bool = False) -> Event:
    """jira:issue_deleted."""
    return Event(
        "jira:issue_deleted", lambda v: {**_user(v, person), "issue": v.issue(issue)}, issue, secondary, person
    )


def issues_gone(site: Site, flavour: str, person: Person, doomed: list[Issue]) -> list[Event]:
    """What the deletion of an issue and its sub-tasks tells: the issue itself as a primary hook, all that went with it
    as secondary ones. An issue that is gone is not updated any more."""
    out = [issue_deleted(person, one, secondary=one is not doomed[0]) for one in doomed]
    for one in doomed:
        for comment in one.comments:
            told = comment_events(flavour, person, one, comment, "deleted")
            out += [replace(event, secondary=True) for event in told if event.name == "comment_deleted"]
        out += [attachment_event(one, site.attachments[a], "deleted", secondary=True) for a in one.attachments]
    links = {link.id: link for one in doomed for link in site.links_of(one)}
    return out + [link_event(link, "deleted", secondary=True) for link in links.values()]


def full_issue(view: View, issue: Issue) -> Json:
    """An issue as an issue event shows it: every field, `comment` and `worklog` on Data Center only."""
    names = {f.id for f in view.site.fields.values()}
    return view.issue(issue, names - ({"comment", "worklog"} if view.flavour.name == "cloud" else set()))


def comment_events(flavour: str, person: Person, issue: Issue, comment: Comment, verb: str) -> list[Event]:
    """Cloud: one comment event with a short issue. Data Center: an issue event as well, and the comment event without
    an issue."""
    if flavour == "cloud":

        def short(view: View) -> Json:
            return {"comment": view.comment(issue, comment), "issue": short_issue(view, issue)}

        return [Event(f"comment_{verb}", short, issue, person=person)]
    kinds = {"created": "issue_commented", "updated": "issue_comment_edited", "deleted": "issue_comment_deleted"}

    def long(view: View) -> Json:
        body = {"issue_event_type_name": kinds[verb], **_user(view, person), "issue": full_issue(view, issue)}
        return body if verb == "deleted" else body | {"comment": view.comment(issue, comment)}

    def alone(view: View) -> Json:
        out: Json = {"comment": view.comment(issue, comment)}
        return out if verb == "created" else _user(view, person) | out

    return [
        Event("jira:issue_updated", long, issue, person=person),
        Event(f"comment_{verb}", alone, issue, person=person),
    ]


def short_issue(view: View, issue: Issue) -> Json:
    """The short issue in Cloud's comment events."""
    return view.issue(issue, SHORT)


WORK = {"created": "issue_work_logged", "updated": "issue_worklog_updated", "deleted": "issue_worklog_deleted"}


def worklog_events(flavour: str, person: Person, issue: Issue, log: Worklog, change: Change, verb: str) -> list[Event]:
    """worklog_created/updated/deleted without the issue, and the issue events that logging work also is on
    Data Center."""

    def body(view: View) -> Json:
        log_json = {"comment": ""} | view.worklog(issue, log)
        out: Json = {"worklog": log_json}
        return out | ({"isFromIssueLimitTransformation": False} if flavour == "cloud" and verb != "updated" else {})

    events = [Event(f"worklog_{verb}", body, issue, person=person)]
    if flavour == "dc":
        updated = issue_updated(person, issue, change, WORK[verb])
        events += [updated, Event("jira:worklog_updated", updated.body, issue, person=person)]
    return events


def property_event(person: Person, issue: Issue, key: str, value: object, verb: str) -> Event:
    """issue_property_set/deleted. No recording is known; the parts are those that the page names:
    https://developer.atlassian.com/cloud/jira/platform/webhooks/"""

    def body(view: View) -> Json:
        link = f"{view.base}/issue/{issue.id}/properties/{key}"
        shown: Json = {"self": link, "key": key} | ({"value": value} if verb == "set" else {})
        return {**_user(view, person), "issue": short_issue(view, issue), "property": shown}

    return Event(f"issue_property_{verb}", body, issue, person=person, property=key)


def link_event(link: Link, verb: str, *, secondary: bool = False) -> Event:
    """issuelink_created/deleted: numbers only, no keys, no user."""

    def body(view: View) -> Json:
        kind = view.site.link_types[link.type]
        shown: Json = {
            "id": int(link.id),
            "sourceIssueId": int(link.source),
            "destinationIssueId": int(link.target),
            "issueLinkType": {
                "id": int(kind.id),
                "name": kind.name,
                "outwardName": kind.outward,
                "inwardName": kind.inward,
                "isSubTaskLinkType": False,
                "isSystemLinkType": False,
            },
            "systemLink": False,
            "sequence": None,
        }
        return {"issueLink": shown}

    return Event(f"issuelink_{verb}", body, secondary=secondary)


def version_event(version: Version, verb: str, merged_to: Version | None = None) -> Event:
    """jira:version_created, _updated, _released, _unreleased, _deleted, _moved. A merged version is deleted with
    `mergedTo`; a webhook may ask for it as jira:version_merged."""

    def body(view: View) -> Json:
        out: Json = {"version": view.version(version)}
        return out | ({"mergedTo": view.version(merged_to)} if merged_to else {})

    variables = {"version.id": version.id, "project.id": version.project}
    if merged_to is None:
        return Event(f"jira:version_{verb}", body, variables=variables)
    variables["mergedVersion.id"] = merged_to.id
    return Event(f"jira:version_{verb}", body, aliases=("jira:version_merged",), variables=variables)


def attachment_event(issue: Issue, file: Attachment, verb: str, *, secondary: bool = False) -> Event:
    """attachment_created/deleted. No issue in it, as a live site's log showed; a JQL filter looks at the issue
    all the same. A recorded picture has no address of a thumbnail there."""

    def body(view: View) -> Json:
        return {"attachment": {name: value for name, value in view.attachment(file).items() if name != "thumbnail"}}

    return Event(f"attachment_{verb}", body, issue, secondary)


def _sprint(view: View, sprint: Sprint) -> Json:
    """A sprint: a number for an id, stamps in UTC, no goal where there is none."""
    shown = view.sprint(sprint)
    out: Json = {"id": sprint.id, "self": f"{view.root}/rest/agile/1.0/sprint/{sprint.id}", "state": sprint.state}
    out["name"] = sprint.name
    out |= {name: shown[name] for name in ("startDate", "endDate", "completeDate") if name in shown}
    return out | {"originBoardId": sprint.board} | ({"goal": sprint.goal} if sprint.goal else {})


def _board(view: View, board: Board) -> Json:
    link = f"{view.root}/rest/agile/1.0/board/{board.id}"
    return {"id": board.id, "self": link, "name": board.name, "type": board.kind}


def sprint_event(sprint: Sprint, verb: str, old: Sprint | None = None) -> Event:
    """sprint_created, _updated (with `oldValue`), _started, _closed, _deleted: no user, no issues."""

    def body(view: View) -> Json:
        out: Json = {"sprint": _sprint(view, sprint)}
        return out | ({"oldValue": _sprint(view, old)} if old else {})

    return Event(f"sprint_{verb}", body, variables={"sprint.id": str(sprint.id), "board.id": str(sprint.board)})


def board_event(board: Board, verb: str) -> Event:
    """board_created, _updated, _deleted, and board_configuration_changed with the configuration in place of
    the board."""
    name = "configuration" if verb == "configuration_changed" else "board"

    def body(view: View) -> Json:
        return {name: _board(view, board)}

    return Event(f"board_{verb}", body, variables={"board.id": str(board.id)})


def project_event(project: Project, verb: str, person: Person | None = None) -> Event:
    """project_created, _updated, _deleted, _soft_deleted, _restored_deleted, _archived, _restored_archived: the id is
    a number, the lead stands under `projectLead`."""

    def body(view: View) -> Json:
        keep = ("self", "key", "name", "avatarUrls")
        short = {name: value for name, value in view.project_short(project).items() if name in keep}
        more = {"projectLead": view.person(project.lead), "assigneeType": "admin.assignee.type.unassigned"}
        return {"project": short | {"id": int(project.id)} | more}

    variables = {"project.id": project.id, "project.key": project.key}
    return Event(f"project_{verb}", body, person=person, variables=variables)


def user_event(person: Person, verb: str) -> Event:
    """user_created, _updated, _deleted: the user and nothing else."""
    return Event(f"user_{verb}", lambda view: {"user": view.person(person.key) or {}})


OPTION_EVENTS = {
    "jira.option.voting": "option_voting_changed",
    "jira.option.watching": "option_watching_changed",
    "jira.option.allowunassigned": "option_unassigned_issues_changed",
    "jira.option.allowsubtasks": "option_subtasks_changed",
    "jira.option.allowattachments": "option_attachments_changed",
    "jira.option.issuelinking": "option_issuelinks_changed",
    "jira.option.timetracking": "option_timetracking_changed",
}


def option_event(key: str, value: str) -> Event:
    """option_..._changed: the property that was switched. No recording is known."""

    def body(view: View) -> Json:
        link = f"{view.base}/application-properties/{key}"
        return {"property": {"self": link, "key": key, "value": value}}

    return Event(OPTION_EVENTS[key], body, variables={"property.key": key})
