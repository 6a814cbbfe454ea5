"""State to JSON: issues, people, projects, versions and the rest, as REST and hooks show them. Changes nothing.
Shapes: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ and the groups beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from crosswalk_sandbox.jira import changelog
from crosswalk_sandbox.jira.attached import addresses
from crosswalk_sandbox.jira.contexts import exists
from crosswalk_sandbox.jira.directory import may_read
from crosswalk_sandbox.jira.flavour import Flavour, as_lead, avatars, spoken_day, stamp, utc_stamp
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import (
    Attachment,
    Category,
    Change,
    Comment,
    Component,
    Issue,
    IssueType,
    Item,
    Json,
    Link,
    LinkType,
    Named,
    Person,
    Project,
    RemoteLink,
    Rich,
    SecurityLevel,
    Sprint,
    Status,
    Version,
    Worklog,
)


@dataclass(frozen=True, slots=True)
class View:
    """How state is shown: `root` is the address of the site, `api` the REST version in self links, `adf` how long text
    is written, `reader` who reads it: None for a hook, which shows everything."""

    site: Site
    flavour: Flavour
    root: str
    api: str = "2"
    adf: bool = False
    brief: bool = False
    reader: Person | None = None

    @property
    def base(self) -> str:
        return f"{self.root}/rest/api/{self.api}"

    def stamp(self, moment: datetime) -> str:
        return stamp(moment, self.site)

    def sees(self, issue: Issue | None) -> bool:
        """Whether the reader may know of an issue. One that is hidden shows in no other."""
        return issue is not None and (self.reader is None or self.site.sees(self.reader, issue))

    def reads(self, issue: Issue, part: Comment | Worklog) -> bool:
        """Whether the reader may read a comment or work log of an issue."""
        held = part.visibility
        return not (held and self.reader) or may_read(self.site, self.site.projects[issue.project], held, self.reader)

    # ---- people and metadata

    def person(self, key: object) -> Json | None:
        """The person with this key, or None for nobody."""
        found = self.site.people.get(str(key))
        if found is None:
            return None
        out = self.flavour.person(self.base, found)
        if self.brief:
            out.pop("emailAddress", None)
        return out | self.own_email(found)

    def own_email(self, person: Person) -> Json:
        """The reader's own address, which no privacy setting hides from the reader."""
        return {"emailAddress": person.email} if self.reader is person and not self.brief else {}

    def full_person(self, person: Person) -> Json:
        return self.flavour.person(self.base, person) | self.own_email(person)

    def category(self, category: Category) -> Json:
        return {
            "self": f"{self.base}/statuscategory/{category.id}",
            "id": category.id,
            "key": category.key,
            "colorName": self.flavour.colors.get(category.key, category.color),
            "name": category.name,
        }

    def scope(self, project_id: str | None) -> Json:
        """`scope`, for what belongs to a team-managed project (schema Scope, of issue types, statuses and fields)."""
        return {"scope": {"type": "PROJECT", "project": {"id": project_id}}} if project_id else {}

    def status(self, status: Status) -> Json:
        return {
            **self.scope(status.scope),
            "self": f"{self.base}/status/{status.id}",
            "description": status.description,
            "iconUrl": f"{self.root}/images/icons/statuses/generic.png",
            "name": status.name,
            "id": status.id,
            "statusCategory": self.category(status.category),
        }

    def issue_type(self, kind: IssueType) -> Json:
        return {
            "self": f"{self.base}/issuetype/{kind.id}",
            "id": kind.id,
            "description": kind.description,
            "iconUrl": f"{self.root}/secure/viewavatar?size=xsmall&avatarId={kind.avatar}&avatarType=issuetype",
            "name": kind.name,
            "subtask": kind.subtask,
            "avatarId": kind.avatar,
            **self.scope(kind.scope),
            **({"hierarchyLevel": kind.level} if self.flavour.shows_levels else {}),
        }

    def priority(self, priority: Named) -> Json:
        icon = f"{self.root}/images/icons/priorities/{priority.name.lower()}.svg"
        return {
            "self": f"{self.base}/priority/{priority.id}",
            "iconUrl": icon,
            "name": priority.name,
            "id": priority.id,
        }

    def resolution(self, resolution: Named) -> Json:
        return {
            "self": f"{self.base}/resolution/{resolution.id}",
            "id": resolution.id,
            "description": resolution.description,
            "name": resolution.name,
        }

    def level(self, level: SecurityLevel) -> Json:
        return {
            "self": f"{self.base}/securitylevel/{level.id}",
            "id": level.id,
            "description": level.description,
            "name": level.name,
        }

    def version(self, version: Version) -> Json:
        overdue = bool(
            version.release and not version.released and version.release < self.site.now().date().isoformat()
        )
        out: Json = {
            "self": f"{self.base}/version/{version.id}",
            "id": version.id,
            "description": version.description,
            "name": version.name,
            "archived": version.archived,
            "released": version.released,
        }
        if version.start:
            out |= {"startDate": version.start, "userStartDate": spoken_day(version.start)}
        if version.release:
            out |= {"releaseDate": version.release, "overdue": overdue, "userReleaseDate": spoken_day(version.release)}
        return out | {"projectId": int(version.project)}

    def version_short(self, version: Version) -> Json:
        """A version as a value of an issue."""
        out = {key: value for key, value in self.version(version).items() if key in _SHORT_VERSION}
        return out | ({"releaseDate": version.release} if version.release else {})

    def component(self, component: Component) -> Json:
        out: Json = {"self": f"{self.base}/component/{component.id}", "id": component.id, "name": component.name}
        if component.description:
            out["description"] = component.description
        return out

    def project_short(self, project: Project) -> Json:
        """A project as a value of an issue and in lists."""
        out: Json = {
            "self": f"{self.base}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "avatarUrls": avatars(self.root, "project", 10324),
        }
        return out | ({"simplified": project.style == "next-gen"} if self.flavour.name == "cloud" else {})

    def project(self, project: Project) -> Json:
        """A project with everything."""
        site = self.site
        return self.project_short(project) | {
            "expand": self.flavour.project_expand,
            "description": project.description,
            "lead": as_lead(self.person(project.lead)),
            "components": [self.component(c) for c in site.components.values() if c.project == project.id],
            "issueTypes": [self.issue_type(site.types[t]) for t in project.types],
            "assigneeType": project.assignee_type,
            "versions": [self.version(site.versions[v]) for v in project.versions],
            "roles": {role.name: f"{self.base}/project/{project.id}/role/{role.id}" for role in site.roles.values()},
            **({"url": project.url} if project.url else {}),
            **self.category_of(project),
            **self.style(project),
            **self.end_of(project),
        }

    def end_of(self, project: Project) -> Json:
        """That a project is archived or in the bin. Data Center says only whether it is archived."""
        if (ended := project.ended) is None:
            return {}
        if self.flavour.name == "dc":
            return {"archived": ended.how == "archived"}
        out: Json = {ended.how: True, f"{ended.how}By": self.person(ended.by), f"{ended.how}Date": utc_stamp(ended.at)}
        return out | ({"retentionTillDate": utc_stamp(ended.until)} if ended.until else {})

    def style(self, project: Project) -> Json:
        """Whether the project is team-managed, on Cloud."""
        out = dict(self.flavour.project_extra)
        own = {"style": project.style, "simplified": project.style == "next-gen"}
        return out | {name: value for name, value in own.items() if name in out}

    def category_of(self, project: Project) -> Json:
        """`projectCategory`, for a project that is in one."""
        held = self.site.project_categories.get(project.category or "")
        if held is None:
            return {}
        own = f"{self.base}/projectCategory/{held.id}"
        return {"projectCategory": {"self": own, "id": held.id, "name": held.name, "description": held.description}}

    # ---- parts of an issue

    def rich(self, text: Rich | None) -> object:
        if text is None:
            return None
        return text.adf if self.adf else text.wiki

    def comment(self, issue: Issue, comment: Comment) -> Json:
        out: Json = {
            "self": f"{self.base}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            "author": self.person(comment.author),
            "body": self.rich(comment.body),
            "updateAuthor": self.person(comment.editor),
            "created": self.stamp(comment.created),
            "updated": self.stamp(comment.updated),
        }
        if comment.visibility:
            out["visibility"] = comment.visibility
        return out | ({"jsdPublic": True} if self.flavour.name == "cloud" else {})

    def worklog(self, issue: Issue, log: Worklog) -> Json:
        return {
            "self": f"{self.base}/issue/{issue.id}/worklog/{log.id}",
            "author": self.person(log.author),
            "updateAuthor": self.person(log.editor),
            **({"comment": self.rich(log.comment)} if log.comment else self.flavour.no_worklog_comment),
            "created": self.stamp(log.created),
            "updated": self.stamp(log.updated),
            "started": self.stamp(log.started),
            "timeSpent": self.site.working.write(log.seconds),
            "timeSpentSeconds": log.seconds,
            "id": log.id,
            "issueId": issue.id,
            **({"visibility": log.visibility} if log.visibility else {}),
        }

    def attachment(self, file: Attachment) -> Json:
        return {
            "self": f"{self.base}/attachment/{file.id}",
            "id": file.id,
            "filename": file.filename,
            "author": self.person(file.author),
            "created": self.stamp(file.created),
            "size": len(file.data),
            "mimeType": file.media,
            **addresses(file, self.root, self.base, cloud=self.flavour.name == "cloud"),
        }

    def changes(self, issue: Issue) -> list[Json]:
        """The history of an issue, oldest first, without what would tell of issues that the reader does not see."""
        return [shown for change in issue.changes if (shown := self.change(change))["items"] or not change.items]

    def tells(self, item: Item) -> bool:
        """Whether a changed field names only issues that the reader may see."""
        field = self.site.fields.get(item.field_id)
        if self.reader is None or (item.field not in JOINING and (field is None or not field.kind.endswith("link"))):
            return True
        named = [self.site.issue(end) for end in (item.from_id, item.to_id) if end]
        return all(issue is None or self.sees(issue) for issue in named)

    def change(self, change: Change) -> Json:
        own: Json = {"id": change.id, "author": self.person(change.author), "created": self.stamp(change.at)}
        told = {"historyMetadata": change.reason} if change.reason else {}
        return {**own, **told, "items": self.items(change)}

    def items(self, change: Change) -> list[Json]:
        """The changed fields."""
        return [changelog.shown(self.site, self.flavour, item) for item in change.items if self.tells(item)]

    def link_type(self, kind: LinkType) -> Json:
        return {
            "id": kind.id,
            "name": kind.name,
            "inward": kind.inward,
            "outward": kind.outward,
            "self": f"{self.base}/issueLinkType/{kind.id}",
        }

    def link(self, issue: Issue, link: Link) -> Json:
        """A link seen from one of its ends: the other end is `outwardIssue` for the source, `inwardIssue` for the
        target."""
        out: Json = {
            "id": link.id,
            "self": f"{self.base}/issueLink/{link.id}",
            "type": self.link_type(self.site.link_types[link.type]),
        }
        if link.source == issue.id:
            return out | {"outwardIssue": self.issue_short(self.site.issues[link.target])}
        return out | {"inwardIssue": self.issue_short(self.site.issues[link.source])}

    def remote_link(self, issue: Issue, link: RemoteLink) -> Json:
        out: Json = {"id": link.id, "self": f"{self.base}/issue/{issue.key}/remotelink/{link.id}"}
        if link.global_id:
            out["globalId"] = link.global_id
        out["application"] = link.application
        if link.relationship:
            out["relationship"] = link.relationship
        status = link.object.get("status")
        # Both are always there, as others observed of both Jiras.
        object_ = {**link.object, "icon": link.object.get("icon") or {}}
        object_["status"] = {"icon": {}, **status} if isinstance(status, dict) else {"icon": {}}
        return out | {"object": object_}

    def sprint(self, sprint: Sprint) -> Json:
        """A sprint as a value of an issue on Cloud and as the agile API shows it."""
        out: Json = {
            "id": sprint.id,
            "name": sprint.name,
            "state": sprint.state,
            "boardId": sprint.board,
            "goal": sprint.goal,
        }
        if sprint.start and sprint.end:
            out |= {"startDate": utc_stamp(sprint.start), "endDate": utc_stamp(sprint.end)}
        return out | ({"completeDate": utc_stamp(sprint.complete)} if sprint.complete else {})

    # ---- issues

    def issue_short(self, issue: Issue) -> Json:
        """An issue as parent, sub-task or end of a link."""
        names = {"summary", "status", "priority", "issuetype"}
        return {
            "id": issue.id,
            "key": issue.key,
            "self": f"{self.base}/issue/{issue.id}",
            "fields": {name: value for name, value in self.fields(issue, names).items() if value is not None},
        }

    def issue(self, issue: Issue, names: Collection[str] | None = None) -> Json:
        """An issue with the named fields, or all of them."""
        return {
            "id": issue.id,
            "self": f"{self.base}/issue/{issue.id}",
            "key": issue.key,
            "fields": self.fields(issue, names),
        }

    def fields(self, issue: Issue, names: Collection[str] | None = None) -> Json:
        from crosswalk_sandbox.jira.shown import SHOWN  # the table of fields refers to this class

        out: Json = {}
        # Recorded Server payloads have no empty security.
        left_out = ("parent", "security") if self.flavour.name == "dc" else ("parent",)
        for field in self.site.fields.values():
            name = field.id
            if names is not None and name not in names:
                continue
            limited = field.custom or field.types is not None or field.scope is not None
            if field.kind == "hidden" or (limited and not exists(self.site, field, issue.project, issue.type)):
                continue
            if (show := SHOWN.get(name) or SHOWN.get(field.kind)) is None:
                continue
            if (value := show(self, issue, field)) or name not in left_out:
                out[name] = value
        return out


JOINING = ("Link", "Parent", "IssueParentAssociation")  # what names another issue in the history
_SHORT_VERSION = ("self", "id", "description", "name", "archived", "released")
