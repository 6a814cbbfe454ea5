"""Creating, editing, moving and deleting issues by Jira's rules: screens, required fields, operations, transitions,
history.

Works on the state alone and answers what happened; who is told about it is decided elsewhere.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-issue/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosswalk_sandbox.jira import rank, reasons, workflow
from crosswalk_sandbox.jira.accept import WRONG_LEVEL, Setting
from crosswalk_sandbox.jira.changelog import items_for, status_item
from crosswalk_sandbox.jira.contexts import exists
from crosswalk_sandbox.jira.flavour import Flavour
from crosswalk_sandbox.jira.operations import OFF_SCREEN, read_all, sections
from crosswalk_sandbox.jira.refusals import Refusal, field_error
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Change, Field, Issue, IssueType, Item, Json, Person, Project, Transition, Value


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on which site, and in which text format."""

    site: Site
    flavour: Flavour
    person: Person
    adf: bool = False

    def setting(self, project: Project, kind: IssueType, now: Mapping[str, Value] | None = None) -> Setting:
        return Setting(self.site, self.flavour, self.person, project, kind, self.adf, now or {})


def screen_fields(site: Site, place: tuple[Project, IssueType], operation: str, person: Person | None) -> list[Field]:
    """The fields on the "create" or "edit" screen of an issue type, in order, without those that do not exist there.

    The reporter shows to those alone who may change it:
    https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/
    """
    project, kind = place
    screen = site.screens[project.screens.get((kind.id, operation), "1")]
    return _shown(site, place, screen.fields, person)


def transition_fields(
    site: Site, place: tuple[Project, IssueType], found: Transition, person: Person | None
) -> list[Field]:
    """The fields on a transition's screen that exist for the issue, as far as they show to a person."""
    return _shown(site, place, found.screen, person)


def _shown(site: Site, place: tuple[Project, IssueType], names: Iterable[str], person: Person | None) -> list[Field]:
    may = site.allowed(person, place[0], "MODIFY_REPORTER")
    return [field for field in _existing(site, *place, names) if may or field.id != "reporter"]


def _existing(site: Site, project: Project, kind: IssueType, names: Iterable[str]) -> list[Field]:
    """A sub-task has the security level of its parent, which can not be set:
    https://support.atlassian.com/jira-cloud-administration/docs/configure-issue-security-schemes/"""
    fields = [site.fields[name] for name in names if name in site.fields]
    if kind.subtask:
        fields = [field for field in fields if field.kind != "security"]
    return [field for field in fields if exists(site, field, project.id, kind.id)]


def required_fields(project: Project, kind: IssueType, site: Site) -> set[str]:
    """Ids of the fields that must have a value:
    https://support.atlassian.com/jira-cloud-administration/docs/change-a-field-configuration/
    The reporter is one of them (recorded create metadata), which is whoever creates the issue unless another is named.
    """
    out = {"project", "issuetype", "reporter"} | project.required
    epic_name = site.of_kind("epicname") if kind.level == 1 else None
    return out | ({epic_name.id} if epic_name else set()) | ({"parent"} if kind.subtask else set())


# ---- create


def place(desk: Desk, fields: Mapping[str, object]) -> tuple[Project, IssueType]:
    """Project and issue type of a new issue. Raises Refusal.

    https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/
    """
    site, flavour = desk.site, desk.flavour
    wire = fields.get("project")
    given = (wire.get("id") or wire.get("key")) if isinstance(wire, dict) else None
    project = site.project(str(given)) if given else None
    if project is None or not site.allowed(desk.person, project, "BROWSE_PROJECTS"):
        raise field_error("project", flavour.project_missing if not given else "valid project is required")
    kind_wire = fields.get("issuetype")
    if not isinstance(kind_wire, dict) or not (kind_wire.get("id") or kind_wire.get("name")):
        raise field_error("issuetype", flavour.type_missing)
    if not site.allowed(desk.person, project, "CREATE_ISSUES"):
        raise Refusal(400, "You do not have permission to create issues in this project.")
    return project, find_type(site, project, kind_wire)


def find_type(site: Site, project: Project, wire: Json) -> IssueType:
    """The issue type of the project that a value means. Raises Refusal."""
    for type_id in project.types:
        kind = site.types[type_id]
        if kind.id == str(wire.get("id", "")) or ("id" not in wire and kind.name == wire.get("name")):
            return kind
    raise field_error("issuetype", "Specify a valid issue type")


def create(desk: Desk, payload: Json, *, moved: bool = False) -> Issue:
    """A new issue from `{"fields", "update", "properties"}`. Raises Refusal with every field that is wrong, and where
    it is to be `moved` also for a `transition` that can not be made from where it starts."""
    site = desk.site
    fields, update = sections(payload)
    project, kind = place(desk, fields)
    setting = desk.setting(project, kind)
    on_screen = {field.id: field for field in screen_fields(site, (project, kind), "create", desk.person)}
    given = {name: wire for name, wire in fields.items() if name not in ("project", "issuetype")}
    values = read_all(setting, on_screen, given, update, {})
    _check_required(setting, on_screen, values)
    properties = read_properties(payload.get("properties"))
    now = site.now()
    issue = Issue(
        id="",
        key="",
        project=project.id,
        type=kind.id,
        status=project.statuses[
            0
        ],  # https://support.atlassian.com/jira-cloud-administration/docs/configure-the-initial-status/
        creator=desk.person.key,
        created=now,
        updated=now,
        rank=rank.last(site),
        properties=properties,
    )
    issue.values = {"reporter": desk.person.key, "priority": _default_priority(site), "labels": [], **values}
    if "assignee" not in given and project.assignee_type == "PROJECT_LEAD":
        issue.values["assignee"] = project.lead
    if kind.subtask and (level := site.issues[str(issue.values["parent"])].values.get("security")):
        issue.values["security"] = level
    if issue.values.get("timeestimate") is None and issue.values.get("timeoriginalestimate") is not None:
        issue.values["timeestimate"] = issue.values["timeoriginalestimate"]
    if moved:
        _ready(desk, issue, {"transition": payload["transition"]})
    project.last_number += 1
    issue.id, issue.key = site.next_id("issue"), f"{project.key}-{project.last_number}"
    issue.remember(now, absent=True)
    site.enter(issue)
    return issue


def _default_priority(site: Site) -> str:
    return next(p.id for p in site.priorities.values() if p.name == "Medium")


def read_properties(wire: object) -> dict[str, object]:
    """Issue properties sent with a create or an edit, `[{"key", "value"}]`. Raises Refusal."""
    if wire is None:
        return {}
    entries = wire if isinstance(wire, list) else [None]
    out: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or not 0 < len(entry["key"]) < 256:
            raise Refusal(400, "The property key cannot be null, empty or longer than 255 characters.")
        out[entry["key"]] = entry.get("value")
    return out


def _check_required(setting: Setting, on_screen: Mapping[str, Field], values: Mapping[str, Value]) -> None:
    errors = {}
    for name in required_fields(setting.project, setting.type, setting.site):
        filled = name == "reporter" and name not in values
        if name in ("project", "issuetype") or filled or values.get(name) not in (None, []):
            continue
        if name == "summary":
            errors[name] = "You must specify a summary of the issue."
        elif name == "parent":
            errors["issuetype"] = "Issue type is a sub-task but parent issue key or id not specified."
        elif name in on_screen:
            errors[name] = f"{on_screen[name].name} is required."
    if errors:
        raise Refusal(400, errors=errors)


# ---- edit, transition, delete


def edit(desk: Desk, issue: Issue, payload: Json) -> Change | None:
    """Apply `{"fields", "update", "properties"}`; the change, or None when nothing is different. Raises Refusal."""
    site = desk.site
    project, kind = site.projects[issue.project], site.types[issue.type]
    fields, update = sections(payload)
    if not fields and not update and "properties" not in payload:
        raise Refusal(400, "one of 'fields' or 'update' required")
    if not site.may(desk.person, issue, "EDIT_ISSUES"):
        refuse_edit(desk, fields, update)
    new_kind = kind
    if isinstance(wire := fields.get("issuetype"), dict):
        new_kind = find_type(site, project, wire)
        check_conversion(site, issue, kind, new_kind)
    setting = desk.setting(project, new_kind, issue.values)
    on_screen = {field.id: field for field in screen_fields(site, (project, new_kind), "edit", desk.person)}
    given = {k: v for k, v in fields.items() if k != "issuetype" and not _same_project(project, k, v)}
    values = read_all(setting, on_screen, given, update, issue.values)
    check_parent(desk, issue, new_kind, values)
    required = required_fields(project, new_kind, site)
    missing = {n: f"{on_screen[n].name} is required." for n, v in values.items() if n in required and v in (None, [])}
    if missing:
        raise Refusal(400, errors=missing)
    properties, reason = read_properties(payload.get("properties")), reasons.read(payload.get("historyMetadata"))
    items = [
        i
        for name, v in values.items()
        for i in items_for(site, desk.flavour, site.fields[name], issue.values.get(name), v)
    ]
    if new_kind.id != kind.id:
        items.append(Item("issuetype", "issuetype", kind.id, kind.name, new_kind.id, new_kind.name))
    issue.properties.update(properties)
    if not items:
        return None
    issue.remember(site.now())
    issue.values.update(values)
    for child in site.children(issue) if "security" in values else []:
        child.values["security"] = values["security"]
    issue.type = new_kind.id
    site.adopt(issue)
    return record(desk, issue, items, reason)


def check_conversion(site: Site, issue: Issue, kind: IssueType, new: IssueType) -> None:
    """An edit can not turn an issue into a sub-task or a sub-task into an issue, nor change the level of one that has
    children; that takes a conversion or a move. Raises Refusal. Observed by several clients, words and all; no page
    states it."""
    below = any(other.values.get("parent") == issue.id for other in site.issues.values())
    if kind.subtask != new.subtask or (kind.level != new.level and below):
        raise field_error("issuetype", "The issue type selected is invalid.")


def check_parent(desk: Desk, issue: Issue, kind: IssueType, values: Mapping[str, Value]) -> None:
    """Whether the parent after an edit is one level above. Raises Refusal.

    On Data Center REST gives a sub-task no other parent, as its edit screen has no such field (observed).
    """
    parent = values.get("parent", issue.values.get("parent"))
    if desk.flavour.name == "dc" and "parent" in values and parent != issue.values.get("parent"):
        raise field_error("parent", OFF_SCREEN.format("parent"))
    above = desk.site.issues.get(str(parent))
    if above is not None and not desk.site.fits_below(kind, desk.site.types[above.type]):
        raise field_error("parentId", WRONG_LEVEL)


def _same_project(project: Project, name: str, wire: object) -> bool:
    """A client may send the project an issue is in; moving to another is not done through an edit."""
    return (
        name == "project"
        and isinstance(wire, dict)
        and (wire.get("id") == project.id or wire.get("key") == project.key)
    )


def refuse_edit(desk: Desk, fields: Json, update: Json) -> None:
    """Cloud names each field (recorded 2026-10-08); Data Center speaks of the issue."""
    if desk.flavour.name == "cloud":
        raise Refusal(400, errors={name: OFF_SCREEN.format(name) for name in [*fields, *update]})
    raise Refusal(400, "You do not have permission to edit issues in this project.")


def record(desk: Desk, issue: Issue, items: list[Item], reason: Json | None = None) -> Change:
    """Write a change into the history, with the reason that was told, and move `updated`."""
    now = desk.site.now()
    change = Change(desk.site.next_id("change"), desk.person.key, now, items, reason or {})
    issue.changes.append(change)
    issue.updated = now
    return change


def transitions_of(site: Site, issue: Issue, person: Person | None) -> list[Transition]:
    """The transitions somebody can make now; empty also without the permission:
    https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/#Transition-issues/"""
    if person is None or not site.may(person, issue, "TRANSITION_ISSUES"):
        return []
    return [t for t in ways_out(site, issue) if workflow.offered(site, issue, person, t)]


def ways_out(site: Site, issue: Issue) -> list[Transition]:
    """The transitions that leave the issue's status, whoever may make them."""
    return [t for t in site.projects[issue.project].transitions if not t.sources or issue.status in t.sources]


def transition_name(desk: Desk, issue: Issue, payload: Json) -> str:
    """The name of the transition a request asks for, "" for one that can not be made."""
    wire = payload.get("transition")
    given = str(wire.get("id")) if isinstance(wire, dict) else ""
    return next((t.name for t in transitions_of(desk.site, issue, desk.person) if t.id == given), "")


def _ready(desk: Desk, issue: Issue, payload: Json) -> tuple[Transition, dict[str, Value]]:
    """The transition that is asked for and the values entered with it. Raises Refusal where it can not be made."""
    site = desk.site
    wire = payload.get("transition")
    given = wire.get("id") if isinstance(wire, dict) else None
    if given is None or given == "":
        raise Refusal(400, "Missing 'transition' identifier")
    found = next((t for t in transitions_of(site, issue, desk.person) if t.id == str(given)), None)
    if found is None:
        raise Refusal(400, f"Transition id '{given}' is not valid for this issue.")
    fields, update = sections(payload)
    update = {name: wire for name, wire in update.items() if name != "comment"}
    project, kind = site.projects[issue.project], site.types[issue.type]
    on_screen = {field.id: field for field in transition_fields(site, (project, kind), found, desk.person)}
    values = read_all(desk.setting(project, kind, issue.values), on_screen, fields, update, issue.values)
    missing = [n for n in found.required if n in on_screen and not values.get(n, issue.values.get(n))]
    always = required_fields(project, kind, site)
    missing += [n for n, v in values.items() if n in always and n not in missing and v in (None, [])]
    if missing:
        raise Refusal(400, errors={name: f"{site.fields[name].name} is required." for name in missing})
    messages, errors = workflow.objections(site, issue, desk.person, found, values)
    if messages or errors:
        raise Refusal(400, *messages, errors=errors)
    return found, values


def transition(desk: Desk, issue: Issue, payload: Json) -> Change | None:
    """Make a transition `{"transition": {"id"}, "fields", "update"}`. Raises Refusal."""
    site = desk.site
    found, values = _ready(desk, issue, payload)
    properties, reason = read_properties(payload.get("properties")), reasons.read(payload.get("historyMetadata"))
    issue.remember(site.now())
    issue.properties.update(properties)
    _resolve(site, issue, found, values)
    items = [
        i for n, v in values.items() for i in items_for(site, desk.flavour, site.fields[n], issue.values.get(n), v)
    ]
    if found.to != issue.status:
        items.append(status_item(site, issue.status, found.to))
    issue.values.update(values)
    issue.status = found.to
    return record(desk, issue, items, reason) if items else None


def _resolve(site: Site, issue: Issue, found: Transition, values: dict[str, Value]) -> None:
    """Entering a done status sets a resolution, leaving it clears it (the post functions of the default workflow:
    https://developer.atlassian.com/cloud/jira/platform/modules/workflow-post-function/). The moment of resolution
    follows the resolution, not the status."""
    done = site.statuses[found.to].category.key == "done"
    before = issue.values.get("resolution")
    if done and not before:
        values.setdefault("resolution", found.sets_resolution)
    elif not done and before:
        values["resolution"] = None
    after = values.get("resolution", before)
    if not after:
        issue.resolved = None
    elif not before:
        issue.resolved = site.now()


def delete(desk: Desk, issue: Issue, *, with_subtasks: bool) -> list[Issue]:
    """Delete an issue and, where asked, its sub-tasks; answers what went, the issue itself last. Raises Refusal.

    https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/#Delete-issues/
    """
    site = desk.site
    if not site.may(desk.person, issue, "DELETE_ISSUES"):
        raise Refusal(403, "You do not have permission to delete issues in this project.")
    children = site.children(issue)
    if children and not with_subtasks:
        message = (
            f"The issue '{issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this "
            "issue and all its subtasks."
        )
        raise Refusal(400, message)
    gone = [*children, issue]
    for one in gone:
        del site.issues[one.id]
        for key in [key for key, target in site.keys.items() if target == one.id]:
            del site.keys[key]
        for link in site.links_of(one):
            site.part(link)
        for attachment in one.attachments:
            site.attachments.pop(attachment, None)
    for other in site.issues.values():
        for name in ("parent", *(f.id for f in site.fields.values() if f.kind in ("epiclink", "parentlink"))):
            if other.values.get(name) == issue.id:
                other.values[name] = None
    return gone
