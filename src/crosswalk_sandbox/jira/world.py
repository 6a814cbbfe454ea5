"""Changes that an administrator or a person makes in a stand-in Jira while somebody else works with its API.

Each is a verb of `/_sandbox/world` with its way back. Tells nobody: no hook is sent, as Jira sends none for most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from crosswalk_sandbox.jira.contexts import contexts_of
from crosswalk_sandbox.jira.core import Jira
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Context, Field, IssueType, Named, Person, Project, Screen, Version
from crosswalk_sandbox.kernel.world import Given, Known, Undo, Verb, World, skew_of

USER, PROJECT = "an account's log-in name, e.g. bruno", "a project's key"


def world_of(jira: Jira) -> World:
    """Every change this Jira knows."""
    site = jira.site
    return World(
        [skew_of(site.clock), *_definitions(site), *_people(site), *_projects(site), *_issues(site)],
        lambda: _known(site),
    )


def _known(site: Site) -> Known:
    return {
        "user": [person.name for person in site.people.values()],
        "project": [project.key for project in site.projects.values()],
        "field": [field.id for field in site.fields.values()],
        "type": [kind.name for kind in site.types.values()],
        "status": [status.name for status in site.statuses.values()],
        "version": [version.name for version in site.versions.values()],
        "option": [option.name for field in site.fields.values() for option in field.options],
        "permission": sorted(
            {name for project in site.projects.values() for held in project.grants.values() for name in held}
        ),
    }


# ---- finding what an argument names ----------------------------------------------------------------------


def _field(site: Site, given: Given) -> Field:
    wanted = given["field"]
    found = site.fields.get(wanted) or next((f for f in site.fields.values() if f.name == wanted), None)
    if found is None:
        raise ValueError(f"field: there is no {wanted!r}")
    return found


def _option(field: Field, given: Given) -> Named:
    found = next((option for option in field.options if given["option"] in (option.id, option.name)), None)
    if found is None:
        raise ValueError(f"option: {field.name} has no {given['option']!r}")
    return found


def _person(site: Site, given: Given) -> Person:
    wanted = given["user"]
    for person in site.people.values():
        if wanted in (person.name, person.key, person.account_id, person.email):
            return person
    raise ValueError(f"user: there is no {wanted!r}")


def _project(site: Site, given: Given, name: str = "project") -> Project:
    found = site.project(given[name]) if given.get(name) else next(iter(site.projects.values()))
    if found is None:
        raise ValueError(f"{name}: there is no {given[name]!r}")
    return found


def _version(site: Site, given: Given) -> Version:
    for version in site.versions.values():
        if given["version"] in (version.id, version.name):
            return version
    raise ValueError(f"version: there is no {given['version']!r}")


def _setting(thing: object, attribute: str, value: object) -> Undo:
    """Set an attribute now; the way back sets the old value."""
    before = getattr(thing, attribute)
    setattr(thing, attribute, value)
    return lambda: setattr(thing, attribute, before)


# ---- fields, options, screens, statuses, types -----------------------------------------------------------


def _definitions(site: Site) -> list[Verb]:
    field, option = {"field": "a field's id or name"}, {"option": "an option's id or name"}

    def rename_option(given: Given) -> Undo:
        return _setting(_option(_field(site, given), given), "name", given["name"])

    def remove_option(given: Given) -> Undo:
        found = _field(site, given)
        gone = _option(found, given)
        return _setting(found, "options", [one for one in found.options if one is not gone])

    def own_options(given: Given) -> Undo:
        return _own_options(site, _field(site, given), _kind(site, given), given["options"])

    def rename_field(given: Given) -> Undo:
        return _setting(_field(site, given), "name", given["name"])

    def off_screen(given: Given) -> Undo:
        return _off_screens(site, _field(site, given), given.get("screen"))

    def rename_status(given: Given) -> Undo:
        found = next((s for s in site.statuses.values() if given["status"] in (s.id, s.name)), None)
        if found is None:
            raise ValueError(f"status: there is no {given['status']!r}")
        site.statuses[found.id] = replace(found, name=given["name"])
        return lambda: site.statuses.update({found.id: found})

    new = {"name": "the new name"}
    return [
        Verb(
            "rename_option",
            "An option of a field gets another name; its id stays.",
            rename_option,
            {**field, **option, **new},
        ),
        Verb("remove_option", "An option can not be chosen any more.", remove_option, {**field, **option}),
        Verb(
            "own_options",
            "A field that is chosen from a list has other options for one issue type: in a context of its own.",
            own_options,
            {**field, "type": "an issue type's name", "options": "its options for this type, between commas"},
        ),
        Verb("rename_field", "A field gets another name; its id stays.", rename_field, {**field, **new}),
        Verb(
            "take_field_off_screen",
            "A field can not be set any more.",
            off_screen,
            field,
            {"screen": "only this screen's id"},
        ),
        Verb("rename_status", "A status gets another name.", rename_status, {"status": "a status's name", **new}),
    ]


def _kind(site: Site, given: Given) -> IssueType:
    found = next((kind for kind in site.types.values() if given["type"] in (kind.id, kind.name)), None)
    if found is None:
        raise ValueError(f"type: there is no {given['type']!r}")
    return found


def _own_options(site: Site, field: Field, kind: IssueType, names: str) -> Undo:
    """A context for one issue type before the others. A Jira keeps options by project and issue type; its REST makes no
    second context for a project (rest_fields.py), while apps, scripts and imports on Data Center do."""
    if field.kind not in ("option", "options") or not field.custom:
        raise ValueError(f"field: {field.name} has no options of its own")
    held, options = list(contexts_of(site, field)), list(field.options)
    taken = {option.id for one in site.fields.values() for option in one.options}
    made = []
    for name in (one.strip() for one in names.split(",")):
        made.append(Named(next(n for n in iter(lambda: site.next_id("option"), "") if n not in taken), name))
    field.options = [*options, *made]
    own = Context(
        site.next_id("context"), f"{field.name} of {kind.name}", types=[kind.id], options=[o.id for o in made]
    )
    site.contexts[field.id] = [own, *held]

    def undo() -> None:
        field.options, site.contexts[field.id] = options, held

    return undo


def _off_screens(site: Site, field: Field, only: str) -> Undo:
    if only and only not in site.screens:
        raise ValueError(f"screen: there is no {only!r}")
    screens: list[Screen] = [
        screen for screen in site.screens.values() if field.id in screen.fields and only in ("", screen.id)
    ]
    if not screens:
        raise ValueError(f"field: {field.name} is on no such screen")
    back = [_setting(screen, "fields", [name for name in screen.fields if name != field.id]) for screen in screens]
    return _all(back)


def _all(back: list[Undo]) -> Undo:
    def undo() -> None:
        for one in back:
            one()

    return undo


# ---- people ----------------------------------------------------------------------------------------------


def _people(site: Site) -> list[Verb]:
    def deactivate(given: Given) -> Undo:
        return _setting(_person(site, given), "active", False)

    def hide(given: Given) -> Undo:
        return _setting(_person(site, given), "email_hidden", True)

    def revoke(given: Given) -> Undo:
        person, project, permission = _person(site, given), _project(site, given), given["permission"]
        held = project.grants.get(person.key, set())
        if permission not in held:
            raise ValueError(f"permission: {person.name} does not hold {permission!r} in {project.key}")
        project.grants[person.key] = held - {permission}
        return lambda: project.grants.update({person.key: held})

    user = {"user": USER}
    return [
        Verb(
            "deactivate_user", "An account is switched off: it can neither sign in nor be assigned.", deactivate, user
        ),
        Verb("hide_email", "A person's e-mail address is not shown any more.", hide, user),
        Verb(
            "take_permission_away",
            "A person loses a permission in a project.",
            revoke,
            {**user, "permission": "e.g. EDIT_ISSUES"},
            {"project": PROJECT},
        ),
    ]


# ---- projects --------------------------------------------------------------------------------------------


def _projects(site: Site) -> list[Verb]:
    def require(given: Given) -> Undo:
        project, field = _project(site, given), _field(site, given)
        return _setting(project, "required", project.required | {field.id})

    def archive(given: Given) -> Undo:
        return _setting(_version(site, given), "archived", True)

    def remove_type(given: Given) -> Undo:
        project = _project(site, given)
        gone = next((k for k in project.types if given["type"] in (k, site.types[k].name)), None)
        if gone is None:
            raise ValueError(f"type: {project.key} has no {given['type']!r}")
        return _setting(project, "types", [kind for kind in project.types if kind != gone])

    def remove_transition(given: Given) -> Undo:
        project, wanted = _project(site, given), given["transition"]
        left = [one for one in project.transitions if wanted not in (one.id, one.name)]
        if len(left) == len(project.transitions):
            raise ValueError(f"transition: {project.key} has no {wanted!r}")
        return _setting(project, "transitions", left)

    project = {"project": PROJECT}
    return [
        Verb(
            "require_field",
            "A field must have a value from now on.",
            require,
            {"field": "a field's id or name"},
            project,
        ),
        Verb("archive_version", "A version is archived.", archive, {"version": "a version's id or name"}),
        Verb(
            "remove_issue_type",
            "A project does not have this issue type any more.",
            remove_type,
            {"type": "a type's name"},
            project,
        ),
        Verb(
            "remove_transition",
            "The workflow loses a way.",
            remove_transition,
            {"transition": "its id or name"},
            project,
        ),
        Verb(
            "rename_project_key",
            "A project gets another key; the old one still finds its issues.",
            _renaming(site),
            {"project": PROJECT, "key": "the new key"},
        ),
    ]


def _renaming(site: Site) -> Callable[[Given], Undo]:
    def rename(given: Given) -> Undo:
        project, new = _project(site, given), given["key"].upper()
        taken = site.project(new)
        if (taken is not None and (taken is not project or new == project.key)) or not new.isalnum():
            raise ValueError(f"key: {new!r} can not be taken")
        old, former = project.key, list(project.former)

        def rekey(key: str) -> None:
            project.key = key
            for issue in site.issues.values():
                if issue.project == project.id:
                    issue.key = f"{key}-{issue.number}"
                    site.keys[issue.key] = issue.id

        def back() -> None:
            rekey(old)
            project.former = former

        rekey(new)
        project.former = [one for one in (*former, old) if one != new]
        return back

    return rename


# ---- issues ----------------------------------------------------------------------------------------------


def _issues(site: Site) -> list[Verb]:
    def delete(given: Given) -> Undo:
        issue = site.issue(given["issue"])
        if issue is None:
            raise ValueError(f"issue: there is no {given['issue']!r}")
        del site.issues[issue.id]
        return lambda: site.issues.update({issue.id: issue})

    def move(given: Given) -> Undo:
        issue, project = site.issue(given["issue"]), _project(site, given)
        if issue is None or issue.project == project.id:
            raise ValueError(f"issue: {given['issue']!r} is not there, or already in {project.key}")
        back = [_setting(issue, "key", issue.key), _setting(issue, "project", issue.project)]
        project.last_number += 1
        issue.project, issue.key = project.id, f"{project.key}-{project.last_number}"
        site.keys[issue.key] = issue.id
        return _all(back)

    def bring(given: Given) -> Undo:
        issue = site.issue(given["issue"])
        status = next((one.id for one in site.statuses.values() if given["status"] in (one.id, one.name)), None)
        if issue is None or status is None:
            raise ValueError(f"{given['issue']!r} or {given['status']!r} is not there")
        return _all([_setting(issue, "status", status), _setting(issue, "updated", site.now())])

    issue = {"issue": "an issue's key"}
    return [
        Verb(
            "bring_issue",
            "Somebody brings an issue to another status, whatever its workflow says.",
            bring,
            {**issue, "status": "a status's name"},
        ),
        Verb("delete_issue", "An issue is gone, without a hook.", delete, issue),
        Verb(
            "move_issue", "An issue goes to another project and gets another key.", move, {**issue, "project": PROJECT}
        ),
    ]
