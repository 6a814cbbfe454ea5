"""What is done once: testing a connection, finding projects and people, loading a project's data, preparing the field.

Reads and decides nothing about records. Raises RemoteError for what can not even be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from crosswalk import errors
from crosswalk.jira import edit_screens, listing, rights, wire, wire_meta, wire_webhooks
from crosswalk.jira.field_forms import team
from crosswalk.jira.fields import Kind, kind_of
from crosswalk.jira.flavour import Flavour, flavour_named, flavour_of
from crosswalk.jira.metadata import (
    REFERENCE,
    FieldInfo,
    Metadata,
    TypeInfo,
    choice,
    field_info,
    link_type,
    style_of,
    type_info,
)
from crosswalk.jira.wire import Json
from crosswalk.jira.wire_meta import PAGE
from crosswalk.merge.values import Choice, Person
from crosswalk.remote.checkup import Checkup, Problem
from crosswalk.remote.client import Client
from crosswalk.remote.request import Request
from crosswalk.remote.telling import Tell, silent

READ = (
    "the project and its statuses", "issue types", "fields", "teams", "people", "versions", "priorities", "link types",
    "boards",
)  # fmt: skip
"""What load_metadata reads, in this order."""

MOST_PEOPLE = 1000
"""Jira shows no more of a search (operation findUsers)."""


def check(client: Client, project: str = "") -> Checkup:
    """What answers, who we are there, and (for the project with this id) what the account may not do.

    Raises NotSignedIn where Jira takes us for an anonymous visitor.
    """
    info = _server_info(client)
    if not isinstance(info, dict) or not (info.get("version") or info.get("deploymentType")):
        raise errors.Unreadable(
            "Something answers at this address, but it is no Jira.",
            remedy="Enter the address at which you open Jira in the browser, up to and without “/browse” or “/rest”.",
            code="N3",
        )
    flavour = flavour_of(info)
    me = flavour.person(_myself(client, flavour, info) or {})
    if not me.id:
        raise errors.NotSignedIn(
            "Jira answers as to an anonymous visitor.",
            remedy="Check e-mail (or user name) and token; a token alone belongs in a connection without a user.",
            code="A6",
        )
    return Checkup(
        product="Jira",
        version=str(info.get("version") or ""),
        flavour=flavour.name,
        site=str(info.get("baseUrl") or "").rstrip("/"),
        account=me.name or me.email or me.id,
        account_id=me.id,
        problems=rights.missing_rights(client, flavour, project) if project else (),
    )


def _server_info(client: Client) -> Json:
    """What the server says of itself; a wrong password is refused here already, before it is known which Jira it is."""
    try:
        return client.send(wire.server_info())
    except errors.NotSignedIn as error:
        if error.code != "A1":
            raise
        remedy = (
            "Check user and secret: Data Center takes user name and password, or a personal access token without a "
            "user; Cloud your e-mail address and an API token (id.atlassian.com)."
        )
        raise errors.NotSignedIn("Jira does not accept the credentials.", remedy=remedy, code="A1") from error


def _myself(client: Client, flavour: Flavour, info: Mapping[str, Json]) -> Json:
    """Who is signed in; where nobody is, the advice that fits this server.

    Passwords ended on Cloud in 2019; Data Center takes none by default from version 11.
    """
    try:
        return client.send(wire.myself(flavour.api))
    except errors.NotSignedIn as error:
        if error.code != "A1":
            raise
        major = str(info.get("version") or "").partition(".")[0]
        remedy, code = "Check user name and password, or leave the user empty and enter a personal access token.", "A1"
        if flavour.name == "cloud":
            remedy = "Enter your e-mail address as user and an API token (id.atlassian.com) as secret, no password."
        elif major.isdigit() and int(major) >= 11:
            remedy, code = "Jira 11 takes no passwords by default: leave the user empty, enter an access token.", "A5"
        raise errors.NotSignedIn("Jira does not accept the credentials.", remedy=remedy, code=code) from error


def check_in(client: Client, projects: Sequence[str]) -> Checkup:
    """The same as `check`, with what the account may not do in each of `projects`, or (without any) anywhere at all.

    Also whether it may find people, and whether it could register webhooks.
    """
    found = check(client)
    flavour = flavour_named(found.flavour)
    given = rights.given(client, flavour)
    problems = [problem for project in projects for problem in rights.in_project(client, flavour, project)]
    if not projects:
        problems += rights.lacking_anywhere(given)
    if not rights.has(given, "USER_PICKER"):
        what = "The account may not browse users, so nobody is found by e-mail address (USER_PICKER)."
        remedy = "Ask a Jira administrator for the global permission “Browse users and groups”."
        problems.append(Problem(what, remedy, "U1"))
    looked = "looked at in no project yet"
    if projects:
        looked = f"looked at in {len(projects)} project{'' if len(projects) == 1 else 's'}"
    administers = rights.has(given, "ADMINISTER")
    hooks = rights.HOOKS if administers else rights.NO_HOOKS
    return replace(found, problems=tuple(problems), hooks=hooks, rights=looked, administers=administers)


def webhook(client: Client, checked: Checkup, name: str, url: str, secret: str = "") -> bool:
    """See that a webhook leads to `url`; whether it had to be made. Raises Forbidden where the account may not.

    One that is made signs what it sends with `secret`, where this Jira can.
    """
    path = wire_webhooks.path_of(checked.flavour, checked.version)
    known = client.send(wire_webhooks.webhooks(path))
    if any(isinstance(one, dict) and one.get("url") == url for one in (known if isinstance(known, list) else [])):
        return False
    client.send(wire_webhooks.register(path, name, url, secret))
    return True


def projects(client: Client, flavour: Flavour, query: str = "") -> list[Choice]:
    """Projects whose name or key contains `query`: id, name, and the key as category."""
    found = [_project(entry) for entry in _all(client, lambda start: flavour.projects(query, start))]
    wanted = query.casefold()
    return [entry for entry in found if wanted in entry.name.casefold() or wanted in entry.category.casefold()]


def projects_page(client: Client, flavour: Flavour, query: str, start: int) -> tuple[list[Choice], int]:
    """At most PAGE projects whose name or key contains `query`, from the `start`th on; where the next ones begin, or 0.

    Cloud searches and pages itself. Data Center has no such search and answers with all: they are cut here.
    """
    if flavour.name != "cloud":
        found = projects(client, flavour, query)
        return found[start : start + PAGE], start + PAGE if len(found) > start + PAGE else 0
    data = client.send(flavour.projects(query, start))
    return [_project(entry) for entry in wire_meta.items(data)], wire_meta.next_start(data) or 0


def _project(entry: Mapping[str, Json]) -> Choice:
    return Choice(str(entry.get("id") or ""), str(entry.get("name") or ""), str(entry.get("key") or ""))


def people(client: Client, flavour: Flavour, email: str) -> Person | None:
    """The person with exactly this e-mail address; never a similar one. Raises Refused where several have it.

    Cloud finds a person by the whole address even where the address itself is hidden: then the only one found is
    meant (https://developer.atlassian.com/cloud/jira/platform/rest/v3/, operation findUsers).
    """
    if "@" not in email:
        return None
    found: list[Mapping[str, Json]] = []
    while len(found) % PAGE == 0 and len(found) < MOST_PEOPLE:  # to the end: the next page may hold the exact one
        page = wire_meta.items(client.send(flavour.people(email.strip(), len(found))))
        found += page
        if not page:
            break
    exact = [entry for entry in found if flavour.person(entry).has_address(email)]
    if not exact and len(found) == 1 and not flavour.person(found[0]).email:
        exact = found if _found_by(flavour.person(found[0]), email) else []
    active = [flavour.person(entry) for entry in exact if entry.get("active") is not False]
    if len(active) > 1:
        raise errors.Refused(
            f"{len(active)} Jira accounts have the e-mail address {email.strip()}: {', '.join(p.name for p in active)}",
            remedy="Leave the address with one of them, and switch the others off or change theirs.",
            code="U2",
        )
    if exact and not active:
        raise errors.Refused(
            f"The Jira account of {flavour.person(exact[0]).name} ({email.strip()}) is deactivated",
            remedy="Activate it in Jira, choose somebody else, or say in the table of people who it is now.",
            code="U1",
        )
    return active[0] if active else None


def _found_by(who: Person, email: str) -> bool:
    """Whether the address alone can have found somebody who hides it. Raises Refused where the name may have."""
    if email.strip().casefold() not in who.name.casefold():
        return True
    raise errors.Refused(
        f"A Jira account calls itself {who.name} and hides its address: whose {email.strip()} is can not be told",
        remedy="Say in the table of people who it is.",
        code="U2",
    )


def load_metadata(client: Client, flavour: Flavour, project: str, site: str = "", tell: Tell = silent) -> Metadata:
    """Everything about a project (by id or key) that mapping and sending need. `site` is asked for where it is ""."""
    api = flavour.api
    tell("the project and its statuses")
    if not site:
        site = str((client.send(wire.server_info()) or {}).get("baseUrl") or "").rstrip("/")
    found = client.send(wire_meta.project(api, project))
    project_id, key = str(found["id"]), str(found.get("key") or "")
    types = _types(client, api, project_id, tell)
    fields = _all_fields(client, api)
    tell("teams")
    teams = {one: _teams(client, flavour, project_id, one) for one in fields if kind_of(fields[one]) is Kind.TEAM}
    tell("people")
    people, more_people = listing.assignable(client, flavour, key)
    tell("versions")
    versions = _choices(client, wire.versions(api, project_id))
    tell("priorities")
    priorities = _choices(client, wire_meta.priorities(api))
    tell("link types")
    link_types = tuple(link_type(entry) for entry in _list(client, wire_meta.link_types(api)))
    tell("boards")
    return Metadata(
        site=site,
        project=project_id,
        key=key,
        name=str(found.get("name") or ""),
        types={name: replace(kind, fields=_with_teams(kind.fields, teams)) for name, kind in types.items()},
        fields=_with_teams(fields, teams),
        versions=versions,
        priorities=priorities,
        link_types=link_types,
        boards=listing.boards(client, key),
        people=people,
        more_people=more_people,
        zone=_zone(client, api),
        style=style_of(found),
        uneditable=edit_screens.lacking(client, flavour, project_id, types),
    )


def _zone(client: Client, api: str) -> str:
    """The time zone in the profile of the account; "" where Jira does not tell it of itself."""
    try:
        return str((client.send(wire.myself(api)) or {}).get("timeZone") or "")
    except (errors.Forbidden, errors.NotFound):
        return ""


def _types(client: Client, api: str, project: str, tell: Tell) -> dict[str, TypeInfo]:
    """The issue types of a project, each with its statuses and with the fields of its screens."""
    statuses = {
        str(entry.get("id")): tuple(choice(status) for status in entry.get("statuses") or [])
        for entry in _list(client, wire_meta.project_statuses(api, project))
    }
    tell("issue types")
    kinds = [type_info(entry) for entry in _all(client, lambda start: wire_meta.issue_types(api, project, start))]
    types = {}
    for number, kind in enumerate(kinds, 1):
        tell("fields", f"of {kind.name}, {number} of {len(kinds)} types")
        fields = _type_fields(client, api, project, kind)
        types[kind.id] = replace(kind, statuses=statuses.get(kind.id, ()), fields=fields)
    return types


def _teams(client: Client, flavour: Flavour, project: str, field: str) -> tuple[Choice, ...]:
    """The teams that issues of the project show in a field, by id and name; one page of them.

    No operation of the platform lists teams (only plans name theirs, and those no name); an issue on Cloud shows both.
    """
    jql = f"project = {project} AND cf[{field.removeprefix('customfield_')}] IS NOT EMPTY ORDER BY updated DESC"
    try:
        issues = wire_meta.items(client.send(flavour.search(jql, [field], "")))
    except (errors.Invalid, errors.Forbidden, errors.NotFound):
        return ()
    held = [(issue.get("fields") or {}).get(field) for issue in issues]
    found = {one.id: one for one in map(team, (data for data in held if isinstance(data, dict) and data.get("id")))}
    return tuple(sorted((one for one in found.values() if one.name), key=lambda one: (one.name.casefold(), one.id)))


def _with_teams(fields: Mapping[str, FieldInfo], teams: Mapping[str, tuple[Choice, ...]]) -> dict[str, FieldInfo]:
    return {name: replace(info, options=teams[name]) if teams.get(name) else info for name, info in fields.items()}


def _all_fields(client: Client, api: str) -> dict[str, FieldInfo]:
    every = map(field_info, wire_meta.items(client.send(wire_meta.all_fields(api))))
    return {info.id: info for info in every}


def _type_fields(client: Client, api: str, project: str, kind: TypeInfo) -> dict[str, FieldInfo]:
    pages = _all(client, lambda start: wire_meta.type_fields(api, project, kind.id, start))
    return {info.id: info for info in map(field_info, pages)}


def _choices(client: Client, request: Request) -> tuple[Choice, ...]:
    """A list that may be switched off or closed to this account; then it is empty."""
    return tuple(choice(entry) for entry in _list(client, request))


def _list(client: Client, request: Request) -> list[dict[str, Json]]:
    """The entries of a list that some servers can not give: none then (a project's set-up may be corrupt, Q9)."""
    try:
        return wire_meta.items(client.send(request))
    except (errors.NotFound, errors.Forbidden, errors.Invalid, errors.ServerFault):
        return []


def _all(client: Client, ask: Callable[[int], Request]) -> list[dict[str, Json]]:
    """The entries of all pages."""
    found: list[dict[str, Json]] = []
    start: int | None = 0
    while start is not None:
        data = client.send(ask(start))
        found += wire_meta.items(data)
        start = wire_meta.next_start(data)
    return found


INSTEAD = "Records are shown as web links on the issues instead. A Jira administrator can add the field."


def prepare(client: Client, flavour: Flavour, metadata: Metadata) -> tuple[Metadata, tuple[Problem, ...]]:
    """See that the field “Aha! Reference” exists and is on the project's screens.

    Gives back `metadata` with what that changed, all else as it was; and what could not be done. Needs the right to
    administer Jira. Without it nothing is lost: records are shown as remote links instead.
    """
    if metadata.shows_reference():
        return metadata, ()
    api, project, now = flavour.api, metadata.project, metadata
    try:
        info = metadata.field_by_name(REFERENCE) or _reference(client, api)
        now = replace(now, fields={**now.fields, info.id: info})
        _put_on_screens(client, flavour, project, info.id)
    except (errors.NotSignedIn, errors.Forbidden, errors.NotFound, errors.Invalid) as error:
        return now, (Problem(f"The field “{REFERENCE}” could not be added: {error.message}", INSTEAD, "F2"),)
    types = {}
    for key, kind in now.types.items():
        shown = _type_fields(client, api, project, kind).get(info.id)
        types[key] = replace(kind, fields={**kind.fields, info.id: shown}) if shown else kind
    now = replace(now, types=types)
    if without := [kind.name for kind in types.values() if info.id not in kind.fields]:
        what = f"The field “{REFERENCE}” is not on the screens of {', '.join(without)}."
        return now, (Problem(what, INSTEAD, "F2"),)
    return now, ()


def _reference(client: Client, api: str) -> FieldInfo:
    """The field “Aha! Reference”, made where Jira has none: another integration may have made it meanwhile."""
    named = [one for one in _all_fields(client, api).values() if one.name == REFERENCE]
    if named:
        return named[0]
    request = wire_meta.create_field(api, REFERENCE, "The record in Aha! this issue stands for.")
    made = str(client.send(request)["id"])
    return _all_fields(client, api)[made]


def _put_on_screens(client: Client, flavour: Flavour, project: str, field_id: str) -> None:
    """On the default screen, and on Cloud on every screen that the project uses."""
    _unless_there(client, wire_meta.add_to_default_screen(flavour.api, field_id))
    if flavour.name != "cloud":
        return
    api = flavour.api
    for screen in sorted(_screens_of(client, api, project)):
        tabs = wire_meta.items(client.send(wire_meta.screen_tabs(api, screen)))
        if tabs:
            _unless_there(client, wire_meta.add_to_screen(api, screen, str(tabs[0]["id"]), field_id))


def _screens_of(client: Client, api: str, project: str) -> set[str]:
    """The ids of the screens of a project (Cloud). None where the project manages its own (team-managed)."""
    try:
        used = wire_meta.items(client.send(wire_meta.screen_scheme_of(api, project)))
        scheme = str(used[0]["issueTypeScreenScheme"]["id"]) if used else ""
        if not scheme:
            return set()
        mappings = _all(client, lambda start: wire_meta.screen_scheme_mappings(api, scheme, start))
        schemes = tuple(sorted({str(entry["screenSchemeId"]) for entry in mappings}))
        found = wire_meta.items(client.send(wire_meta.screen_schemes(api, schemes)))
    except errors.NotFound:
        return set()
    return {str(screen) for entry in found for screen in (entry.get("screens") or {}).values()}


def _unless_there(client: Client, request: Request) -> None:
    """Put a field on a screen; Jira answers 400 where it is there already."""
    try:
        client.send(request)
    except errors.Invalid:
        return
