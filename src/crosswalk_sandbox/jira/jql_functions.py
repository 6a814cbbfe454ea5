"""The functions of JQL: what each answers, how it is called, where it may stand. Changes nothing.

https://support.atlassian.com/jira-software-cloud/docs/jql-functions/. Not among them: approvals, service-desk
functions, log-ins; those are refused as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from crosswalk_sandbox.jira import jql_dates, jql_more
from crosswalk_sandbox.jira.catalogue import PERMISSIONS
from crosswalk_sandbox.jira.compare import second
from crosswalk_sandbox.jira.directory import holders
from crosswalk_sandbox.jira.jql import Call, Literal
from crosswalk_sandbox.jira.jql_kinds import ALONE
from crosswalk_sandbox.jira.state import Issue, Project, Version
from crosswalk_sandbox.jira.traits import Traits


class Wrong(Exception):
    """A function was called wrongly; says so in Jira's words."""


Run = Callable[[Traits, Call], list[object]]


@dataclass(frozen=True, slots=True)
class Function:
    """`kinds` are the kinds of fields it fits, `many` whether it answers a list, `cloud` whether only Cloud has it."""

    name: str
    kinds: tuple[str, ...]
    many: bool
    run: Run
    cloud: bool = False


def count_arguments(call: Call, wanted: int) -> None:
    """Raises Wrong for any other number of arguments."""
    if len(call.arguments) != wanted:
        message = f"Function '{call.name}' expected '{wanted}' arguments but received '{len(call.arguments)}'."
        raise Wrong(message)


# ---- people


def current_user(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 0)
    return [traits.asker.person.key]


def members_of(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 1)
    wanted = call.arguments[0]
    for group in traits.site.groups.values():
        if wanted == group.id or wanted.lower() == group.name.lower():
            return list(group.members)
    raise Wrong(
        f"Function '{call.name}' can not generate a list of usernames for group '{wanted}'; the group does not exist."
    )


# ---- dates


def now(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 0)
    return [second(traits.site.now())]


def edge(traits: Traits, call: Call) -> list[object]:
    """startOfDay() and its seven kin."""
    if len(call.arguments) > 1:
        count_arguments(call, 1)
    given = call.arguments[0] if call.arguments else ""
    found = jql_dates.edge(call.name.lower(), given, traits.site.now(), traits.asker.zone)
    if found is None:
        message = (
            f"Duration for function '{call.name}' should have the format (+/-)n(yMwdm), e.g -1M for 1 month earlier."
        )
        raise Wrong(message)
    return [second(found)]


# ---- issues


def issue_history(traits: Traits, call: Call) -> list[object]:
    """Up to 50 issues the asker viewed."""
    count_arguments(call, 0)
    viewed = [i for i in traits.asker.person.viewed if i in traits.site.issues]
    return [*viewed[-50:]]


def linked_issues(traits: Traits, call: Call) -> list[object]:
    """Issues linked to one, by the words of the link type as they read from that issue."""
    if not call.arguments:
        raise Wrong(
            f"Incorrect number of arguments for function '{call.name}'. Usage: '{call.name} ( issuekey "
            "[, linkDescription ]* )'."
        )
    site = traits.site
    key, *kinds = call.arguments
    found = site.issue(key)
    if found is None or not site.sees(traits.asker.person, found):
        raise Wrong(f"Issue '{key}' could not be found in function '{call.name}'.")
    known = {word.lower() for kind in site.link_types.values() for word in (kind.inward, kind.outward)}
    for word in kinds:
        if word.lower() not in known:
            raise Wrong(f"Issue link type '{word}' could not be found in function '{call.name}'.")
    wanted = {word.lower() for word in kinds}
    out: list[object] = []
    for link in site.links_of(found):
        kind = site.link_types[link.type]
        for mine, other, word in (
            (link.source, link.target, kind.outward),
            (link.target, link.source, kind.inward),
        ):
            if mine == found.id and (not wanted or word.lower() in wanted):
                out.append(other)
    return out


def remote_links(traits: Traits, call: Call) -> list[object]:
    """Issues with a remote link of one of these global ids, at most 100 of them."""
    if not 1 <= len(call.arguments) <= 100:
        raise Wrong(
            f"Function '{call.name}' expects between 1 and 100 arguments but received '{len(call.arguments)}'."
        )  # wording unconfirmed
    wanted = set(call.arguments)
    return [i.id for i in traits.site.issues.values() if any(link.global_id in wanted for link in i.remote_links)]


def child_issues_of(traits: Traits, call: Call) -> list[object]:
    """Every issue below one, however deep."""
    count_arguments(call, 1)
    site, wanted = traits.site, call.arguments[0]
    top = site.issue(wanted)
    if top is None or not site.sees(traits.asker.person, top):
        raise Wrong(f"Issue '{wanted}' could not be found in function '{call.name}'.")
    return [one.id for one in site.issues.values() if any(up is top for up in jql_more.above(site, one))]


def watched_issues(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 0)
    return [i.id for i in traits.site.issues.values() if traits.asker.person.key in i.watchers]


def voted_issues(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 0)
    return [i.id for i in traits.site.issues.values() if traits.asker.person.key in i.voters]


def updated_by(traits: Traits, call: Call) -> list[object]:
    """Issues somebody created, changed or commented on, from one day to another."""
    if not 1 <= len(call.arguments) <= 3:
        count_arguments(call, 1)
    who = traits.user(Literal(call.arguments[0]))
    if not who:
        raise Wrong(f"The user '{call.arguments[0]}' does not exist and cannot be used in the '{call.name}' function.")
    bounds = []
    for text in call.arguments[1:]:
        date = jql_dates.moment(text, traits.site.now(), traits.asker.zone)
        if date is None:
            raise Wrong(f"Date value '{text}' for function '{call.name}' is invalid.")  # wording unconfirmed
        bounds.append(date)
    since = bounds[0] if bounds else datetime.min.replace(tzinfo=UTC)
    until = bounds[1] if len(bounds) > 1 else datetime.max.replace(tzinfo=UTC)

    def touched(issue: Issue) -> bool:
        times = [(issue.creator, issue.created), *((c.author, c.at) for c in issue.changes)]
        times += [(c.author, c.created) for c in issue.comments]
        return any(person in who and since <= at <= until for person, at in times)

    return [issue.id for issue in traits.site.issues.values() if touched(issue)]


# ---- versions, components, projects, types, sprints


def _projects(traits: Traits, call: Call, names: Iterable[str]) -> list[Project]:
    """The projects named, or all the asker sees."""
    site = traits.site
    if not call.arguments:
        return [project for project in site.projects.values() if traits.sees(project.id)]
    out = []
    for name in names:
        found = traits.project(Literal(name, number=name.isdecimal()))
        if not found:
            raise Wrong(f"Could not resolve the project '{name}' provided to function '{call.name}'.")
        out += [site.projects[str(identity)] for identity in found]
    return out


def _versions(traits: Traits, call: Call, *, released: bool) -> list[Version]:
    """Versions in the order of their project, without those that are archived."""
    site = traits.site
    every = [site.versions[v] for p in _projects(traits, call, call.arguments) for v in p.versions]
    return [version for version in every if version.released is released and not version.archived]


def released(traits: Traits, call: Call) -> list[object]:
    return [version.id for version in _versions(traits, call, released=True)]


def unreleased(traits: Traits, call: Call) -> list[object]:
    return [version.id for version in _versions(traits, call, released=False)]


def latest_released(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 1)
    return [*released(traits, call)[-1:]]


def earliest_unreleased(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 1)
    return [*unreleased(traits, call)[:1]]


def _whose(traits: Traits, call: Call) -> object:
    """The person a function asks about: the one named, or the asker."""
    if len(call.arguments) > 1:
        count_arguments(call, 1)
    if not call.arguments:
        return traits.asker.person.key
    found = traits.user(Literal(call.arguments[0]))
    if not found:
        raise Wrong(f"The user '{call.arguments[0]}' does not exist and cannot be used in the '{call.name}' function.")
    return found[0]


def projects_led(traits: Traits, call: Call) -> list[object]:
    who = _whose(traits, call)
    return [project.id for project in traits.site.projects.values() if project.lead == who and traits.sees(project.id)]


def projects_permitted(traits: Traits, call: Call) -> list[object]:
    """By the permission's name: "Edit Issues"."""
    count_arguments(call, 1)
    wanted = call.arguments[0].lower()
    found = next((key for key, name in PERMISSIONS.items() if name.lower() == wanted), None)
    if found is None:
        raise Wrong(f"Function '{call.name}' can not find a permission '{call.arguments[0]}'.")  # wording unconfirmed
    site, person = traits.site, traits.asker.person
    return [p.id for p in site.projects.values() if traits.sees(p.id) and site.allowed(person, p, found)]


def projects_of_role(traits: Traits, call: Call) -> list[object]:
    count_arguments(call, 1)
    site, wanted = traits.site, call.arguments[0].lower()
    roles = [role.id for role in site.roles.values() if role.name.lower() == wanted]
    if not roles:
        raise Wrong(f"Function '{call.name}' can not find a project role '{call.arguments[0]}'.")  # unconfirmed
    return [
        project.id
        for project in site.projects.values()
        if traits.sees(project.id)
        and any(traits.asker.person.key in holders(site, project.actors[one]) for one in roles if one in project.actors)
    ]


def cascade_option(traits: Traits, call: Call) -> list[object]:
    """An option with whatever is below it, with one below it, or with `none`."""
    if len(call.arguments) not in (1, 2):
        raise Wrong(
            f"Incorrect number of arguments for function '{call.name}'. Usage: '{call.name} ( parentOption "
            "[, childOption ] )'."
        )
    parent, *rest = (one.lower() for one in call.arguments)
    out: list[object] = []
    for field in traits.site.fields.values():
        options = field.options if field.kind == "cascade" else []
        for above in (o for o in options if "/" not in o.id and parent in (o.name.lower(), o.id)):
            below = [o for o in options if o.id.startswith(f"{above.id}/")]
            if not rest:
                out.append(above.id)
            elif rest[0] in ("none", "empty"):
                out.append(above.id + ALONE)
            else:
                out += [o.id for o in below if rest[0] in (o.name.lower(), o.id.rpartition("/")[2])]
    if not out:
        raise Wrong(
            f"The option '{', '.join(call.arguments)}' for function '{call.name}' doesn't exist."
        )  # unconfirmed
    return out


def components_led(traits: Traits, call: Call) -> list[object]:
    who = _whose(traits, call)
    return [component.id for component in traits.site.components.values() if component.lead == who]


def types_of(*, subtask: bool) -> Run:
    def run(traits: Traits, call: Call) -> list[object]:
        count_arguments(call, 0)
        return [kind.id for kind in traits.site.types.values() if kind.subtask is subtask]

    return run


def sprints_of(state: str) -> Run:
    def run(traits: Traits, call: Call) -> list[object]:
        count_arguments(call, 0)
        return [str(sprint.id) for sprint in traits.site.sprints.values() if sprint.state == state]

    return run


_DATES = ("moment", "day")
_EDGES = [f"{end}Of{period}" for end in ("start", "end") for period in ("Day", "Week", "Month", "Year")]
FUNCTIONS = {
    function.name.lower(): function
    for function in (
        Function("currentUser", ("user",), False, current_user),
        Function("membersOf", ("user",), True, members_of),
        Function("now", _DATES, False, now),
        *(Function(name, _DATES, False, edge) for name in _EDGES),
        Function("issueHistory", ("issue",), True, issue_history),
        Function("linkedIssues", ("issue",), True, linked_issues),
        Function("issuesWithRemoteLinksByGlobalId", ("issue",), True, remote_links),
        Function("childIssuesOf", ("issue",), True, child_issues_of, cloud=True),
        Function("watchedIssues", ("issue",), True, watched_issues),
        Function("votedIssues", ("issue",), True, voted_issues),
        Function("updatedBy", ("issue",), True, updated_by),
        Function("releasedVersions", ("version",), True, released),
        Function("unreleasedVersions", ("version",), True, unreleased),
        Function("latestReleasedVersion", ("version",), False, latest_released),
        Function("earliestUnreleasedVersion", ("version",), False, earliest_unreleased),
        Function("componentsLeadByUser", ("component",), True, components_led),
        Function("projectsLeadByUser", ("project",), True, projects_led),
        Function("projectsWhereUserHasPermission", ("project",), True, projects_permitted),
        Function("projectsWhereUserHasRole", ("project",), True, projects_of_role),
        Function("cascadeOption", ("cascade",), True, cascade_option),
        Function("standardIssueTypes", ("issuetype",), True, types_of(subtask=False)),
        Function("subtaskIssueTypes", ("issuetype",), True, types_of(subtask=True)),
        Function("openSprints", ("sprint",), True, sprints_of("active")),
        Function("closedSprints", ("sprint",), True, sprints_of("closed")),
        Function("futureSprints", ("sprint",), True, sprints_of("future")),
    )
}


def function_named(name: str, *, cloud: bool) -> Function | None:
    """The function of this name, if this Jira has it."""
    found = FUNCTIONS.get(name.lower())
    return None if found is not None and found.cloud and not cloud else found
