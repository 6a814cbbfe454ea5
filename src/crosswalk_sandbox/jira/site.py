"""One site of a stand-in Jira: everything it holds, and how things are found in it. Knows no HTTP and no flavour."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from crosswalk_sandbox.jira.bulk import BulkTask
from crosswalk_sandbox.jira.directory import Group, Role
from crosswalk_sandbox.jira.durations import Working
from crosswalk_sandbox.jira.saved import Dashboard, Filter
from crosswalk_sandbox.jira.schemes import Scheme, personally
from crosswalk_sandbox.jira.state import (
    Attachment,
    Board,
    Category,
    Component,
    Context,
    Field,
    Issue,
    IssueType,
    Link,
    LinkType,
    Named,
    Person,
    Project,
    Screen,
    SecurityLevel,
    Sprint,
    Status,
    Version,
)
from crosswalk_sandbox.jira.subscriptions import App, Subscription
from crosswalk_sandbox.jira.tokens import AccessToken
from crosswalk_sandbox.kernel.clock import Clock


@dataclass(slots=True)
class Habits:
    """How hooks are delivered where the vendor promises little; changed at `/_sandbox/settings`.

    Cloud delivers secondary hooks up to fifteen minutes late and twenty primary and ten secondary ones of a host at
    once (https://developer.atlassian.com/cloud/jira/platform/webhooks/); Data Center from version 10 on in no order
    (https://developer.atlassian.com/server/jira/platform/webhooks/). A sandbox sends them one after another, so that a
    run can be repeated, until it is told to be `concurrent`.
    """

    secondary_delay: float = 0.0
    concurrent: bool = False


@dataclass
class Site:
    """The whole state of one stand-in Jira."""

    clock: Clock
    cloud_id: str
    title: str
    zone: ZoneInfo
    index_lag: float = 0.0
    parted: frozenset[int] = frozenset({0})  # the levels of what can have sub-tasks
    upload_limit: int = 10 * 1024 * 1024
    upload_kept: float = 1.0  # the share of an upload's bytes that arrives, as behind a proxy that cuts it
    working: Working = field(default_factory=Working)
    people: dict[str, Person] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=list)
    statuses: dict[str, Status] = field(default_factory=dict)
    types: dict[str, IssueType] = field(default_factory=dict)
    priorities: dict[str, Named] = field(default_factory=dict)
    resolutions: dict[str, Named] = field(default_factory=dict)
    link_types: dict[str, LinkType] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    screens: dict[str, Screen] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    levels: dict[str, SecurityLevel] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)  # id to name, for fields of the kind “team”
    versions: dict[str, Version] = field(default_factory=dict)
    components: dict[str, Component] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    family: dict[str, dict[str, None]] = field(default_factory=dict)
    ends: dict[str, dict[str, None]] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    tasks: dict[str, BulkTask] = field(default_factory=dict)
    boards: dict[int, Board] = field(default_factory=dict)
    sprints: dict[int, Sprint] = field(default_factory=dict)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    schemes: dict[int, Scheme] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)
    dashboards: dict[str, Dashboard] = field(default_factory=dict)
    project_categories: dict[str, Named] = field(default_factory=dict)
    contexts: dict[str, list[Context]] = field(default_factory=dict)
    properties: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    template: Project | None = None
    sessions: dict[str, str] = field(default_factory=dict)  # a person's key by the cookie's value
    tokens: dict[str, AccessToken] = field(default_factory=dict)  # those that people made, by their value
    revoked: set[str] = field(default_factory=set)  # people whose printed access token is taken no more
    apps: dict[str, App] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)  # global permissions that are granted to nobody
    habits: Habits = field(default_factory=Habits)
    counters: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: itertools.count(10000)))

    def now(self) -> datetime:
        """The site's clock, cut to the millisecond that Jira stores."""
        return self.clock.shown()

    def next_id(self, kind: str) -> str:
        """The next id of a kind of thing (issue, comment, version ...)."""
        return str(next(self.counters[kind]))

    def issue(self, id_or_key: str) -> Issue | None:
        """The issue with this id or key; keys are not case-sensitive, and an old key of a moved issue still answers:
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ (getIssue)."""
        return self.issues.get(id_or_key) or self.issues.get(self.keys.get(id_or_key.upper(), ""))

    def project(self, id_or_key: str) -> Project | None:
        """The project with this id or key, or with a key that it had:
        https://support.atlassian.com/jira-cloud-administration/docs/edit-a-projects-details/"""
        found, key = self.projects.get(id_or_key), id_or_key.upper()
        found = found or next((p for p in self.projects.values() if p.key == key), None)
        return found or next((p for p in self.projects.values() if key in p.former), None)

    def allowed(self, person: Person | None, project: Project, permission: str) -> bool:
        """Whether the person holds the permission in the project. Who is not signed in, or is switched off, holds
        none; in an archived project one can only read, in a deleted one nothing:
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/"""
        if project.ended is not None and (project.ended.how != "archived" or permission != "BROWSE_PROJECTS"):
            return False
        return person is not None and person.active and permission in project.grants.get(person.key, set())

    def sees(self, person: Person | None, issue: Issue) -> bool:
        """Whether the person may see an issue: its project, and the issue's security level:
        https://support.atlassian.com/jira-cloud-administration/docs/configure-issue-security-schemes/"""
        if person is None or not self.allowed(person, self.projects[issue.project], "BROWSE_PROJECTS"):
            return False
        level = self.levels.get(str(issue.values.get("security")))
        named = {issue.values.get(name) for name in ("reporter", "assignee") if level and getattr(level, name)}
        return level is None or person.key in level.people or person.key in named

    def may(self, person: Person | None, issue: Issue, permission: str) -> bool:
        """Whether the person holds a permission for an issue that the person may see; of an archived one, to read:
        https://support.atlassian.com/jira-software-cloud/docs/archive-an-issue/"""
        project = self.projects[issue.project]
        if person is None or not self.sees(person, issue) or (issue.archived and permission != "BROWSE_PROJECTS"):
            return False
        return self.allowed(person, project, permission) or (
            project.ended is None and personally(self, person.key, project, issue, permission)
        )

    def of_kind(self, kind: str) -> Field | None:
        """The field with this codec, e.g. "epiclink"."""
        return next((f for f in self.fields.values() if f.kind == kind), None)

    def children(self, issue: Issue) -> list[Issue]:
        """The sub-tasks of an issue, oldest first. On Cloud an epic has none; the many others below it are not looked
        through."""
        if self.types[issue.type].level not in self.parted:
            return []
        below = (self.issues[i] for i in self.family.get(issue.id, ()) if i in self.issues)
        return [i for i in below if i.values.get("parent") == issue.id and self.types[i.type].subtask]

    def fits_below(self, kind: IssueType, above: IssueType) -> bool:
        """Whether the one can be a child of the other."""
        return above.level in self.parted if kind.subtask else above.level == kind.level + 1

    def enter(self, issue: Issue) -> None:
        """Take in a new issue."""
        self.issues[issue.id] = issue
        self.keys[issue.key] = issue.id
        self.adopt(issue)

    def adopt(self, issue: Issue) -> None:
        """Note the parent an issue has now. Former parents keep a note that `children` sees through."""
        if parent := issue.values.get("parent"):
            self.family.setdefault(str(parent), {})[issue.id] = None

    def links_of(self, issue: Issue) -> list[Link]:
        """Every link that ends or starts at the issue."""
        return [self.links[link] for link in self.ends.get(issue.id, ())]

    def join(self, link: Link) -> None:
        """Take in a link."""
        self.links[link.id] = link
        for end in (link.source, link.target):
            self.ends.setdefault(end, {})[link.id] = None

    def part(self, link: Link) -> None:
        """Give up a link."""
        del self.links[link.id]
        for end in (link.source, link.target):
            self.ends[end].pop(link.id, None)
