"""A world of Jira's stricter rules, for the seed `rules`: a workflow with conditions and validators, security levels, a
team-managed project, an archived version. Data only.
"""

from __future__ import annotations

from crosswalk_sandbox.jira import catalogue
from crosswalk_sandbox.jira.catalogue import BUG, STORY, SUBTASK, TASK, TYPE
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import (
    Context,
    Field,
    IssueType,
    Project,
    Screen,
    SecurityLevel,
    Status,
    Transition,
    Validator,
    Version,
)

CRITERIA = "customfield_10032"
GATE = "Acceptance criteria are wanted before work is finished."


def plant(site: Site, flavour: str) -> None:
    """Add the strict project VET, and on Cloud the team-managed project KIT."""
    _strict(site)
    if flavour == "cloud":
        _team_managed(site)


def _strict(site: Site) -> None:
    fab = site.projects["10000"]
    vet = Project("10010", "VET", "Vetting", fab.lead, [STORY, TASK, BUG, SUBTASK], "Everything is checked here.")
    vet.grants = {key: set(rights) for key, rights in fab.grants.items()}
    vet.statuses = [status.id for status in catalogue.STATUSES]
    todo, doing, review, done = vet.statuses
    vet.transitions = [
        Transition("11", "Take up", doing, (todo,), conditions=(("assignee", ""),)),
        Transition("21", "Hand in", review, (doing,), (CRITERIA,), validators=(Validator("field", CRITERIA, GATE),)),
        Transition("31", "Accept", done, (review,), sets_resolution="10000", conditions=(("subtasks", "done"),)),
        Transition("41", "Sign off", done, (review,), sets_resolution="10000",
                   validators=(Validator("permission", "ADMINISTER_PROJECTS", "Only a lead signs off."),)),
        Transition("51", "Give up", done, (), ("resolution",), ("resolution",), conditions=(("reporter", ""),)),
        Transition("61", "Reopen", todo, (done,)),
    ]  # fmt: skip
    site.screens["10"] = Screen("10", "VET: Edit Bug Screen", ["summary", "description", "security", "fixVersions"])
    site.screens["11"] = Screen("11", "VET: Create Screen", [*site.screens["1"].fields, "security"])
    vet.screens = {(BUG, "edit"): "10", **{(kind, "create"): "11" for kind in vet.types}}
    vet.screens |= {(kind, "edit"): "11" for kind in (STORY, TASK)}
    alice, bruno, *_ = site.people
    levels = [
        SecurityLevel("10020", "Reporter Only", "Only the reporter sees it.", reporter=True),
        SecurityLevel("10021", "Leads", "Only the leads see it.", people=frozenset({alice, bruno})),
    ]
    site.levels = {level.id: level for level in levels}
    vet.levels = [level.id for level in levels]
    for identity, name, archived in (("10010", "Vet 1", True), ("10011", "Vet 2", False)):
        site.versions[identity] = Version(identity, vet.id, name, archived=archived, release="2026-01-31")
        vet.versions.append(identity)
    site.projects[vet.id] = vet


def _team_managed(site: Site) -> None:
    """Statuses, types and a field of its own: team-managed projects share none of them
    (https://support.atlassian.com/jira-software-cloud/docs/what-are-team-managed-and-company-managed-projects/)."""
    fab = site.projects["10000"]
    kit = Project("10011", "KIT", "Kit of parts", fab.lead, ["10030", "10031", "10032"], style="next-gen")
    kit.grants = {key: set(rights) for key, rights in fab.grants.items()}
    for identity, name, level in (("10030", "Epic", 1), ("10031", "Task", 0), ("10032", "Subtask", -1)):
        site.types[identity] = IssueType(identity, name, level, scope=kit.id)
    for status in catalogue.STATUSES[:2] + catalogue.STATUSES[3:]:
        own = Status(f"1002{len(kit.statuses)}", status.name, status.category, scope=kit.id)
        site.statuses[own.id] = own
        kit.statuses.append(own.id)
    kit.transitions = [
        Transition(f"{place}1", site.statuses[status].name, status, sets_resolution="10000" if place == 3 else None)
        for place, status in enumerate(kit.statuses, start=1)
    ]
    colour = Field("customfield_10040", "Colour", "text", "string", "", TYPE + "textfield", scope=kit.id)
    site.fields[colour.id] = colour
    site.contexts[colour.id] = [Context(site.next_id("context"), "Colour", projects=[kit.id])]
    shared = [name for name in site.screens["1"].fields if not name.startswith("customfield_1003")]
    site.screens["12"] = Screen("12", "KIT", [*shared, colour.id])
    kit.screens = {(kind, use): "12" for kind in kit.types for use in ("create", "edit")}
    site.projects[kit.id] = kit
