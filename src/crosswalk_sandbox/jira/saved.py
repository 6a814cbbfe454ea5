"""Saved filters and dashboards: what a site keeps for people, and who may see it. Knows no HTTP.

Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filter-sharing/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-dashboards/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crosswalk_sandbox.jira.site import Site
    from crosswalk_sandbox.jira.state import Person


@dataclass(slots=True)
class Share:
    """To whom something is shown. `kind` is global, authenticated, group, project, projectRole or user; `target` the id
    of the group, project or person; `role` a role's id."""

    id: int
    kind: str
    target: str = ""
    role: str = ""


@dataclass(slots=True)
class Filter:
    """A saved query. `favourites` are keys of people, `columns` field ids in the order of the list, None for the
    site's."""

    id: str
    name: str
    owner: str
    jql: str
    description: str = ""
    shares: list[Share] = field(default_factory=list)
    edits: list[Share] = field(default_factory=list)
    favourites: list[str] = field(default_factory=list)
    columns: list[str] | None = None


@dataclass(slots=True)
class Gadget:
    id: int
    title: str
    module: str
    uri: str
    color: str = "blue"
    row: int = 0
    column: int = 0


@dataclass(slots=True)
class Dashboard:
    id: str
    name: str
    owner: str
    description: str = ""
    shares: list[Share] = field(default_factory=list)
    edits: list[Share] = field(default_factory=list)
    gadgets: list[Gadget] = field(default_factory=list)


def plant(site: Site) -> None:
    """The filter behind each board, shared with the board's project."""
    for board in site.boards.values():
        project = site.projects[board.project]
        share = Share(int(site.next_id("share")), "project", project.id)
        jql = f"project = {project.key} ORDER BY Rank ASC"
        made = Filter(site.next_id("filter"), f"Filter for {board.name}", project.lead, jql, shares=[share])
        site.filters[made.id] = made
        board.filter = made.id


def shared_with(site: Site, share: Share, person: Person) -> bool:
    """Whether a share reaches somebody."""
    if share.kind in ("global", "authenticated"):
        return share.kind == "global" or bool(person.key)
    if share.kind == "user":
        return share.target == person.key
    if share.kind == "group":
        return share.target in site.groups and person.key in site.groups[share.target].members
    project = site.projects.get(share.target)
    return project is not None and site.allowed(person, project, "BROWSE_PROJECTS")


def may_see(site: Site, thing: Filter | Dashboard, person: Person) -> bool:
    return thing.owner == person.key or any(shared_with(site, s, person) for s in [*thing.shares, *thing.edits])


def may_edit(site: Site, thing: Filter | Dashboard, person: Person) -> bool:
    shared = bool(person.key) and any(shared_with(site, share, person) for share in thing.edits)
    return shared or thing.owner == person.key
