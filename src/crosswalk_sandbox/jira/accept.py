"""Wire value to state value, one reader per kind of field; refuses what Jira refuses, in its words. Changes nothing.

The words marked "unconfirmed" are known from no recording; clients should go by the field and the status code.
The forms of values: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ and, by kind of
field, https://developer.atlassian.com/server/jira/platform/rest/v10003/intro/ ("Field input formats").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime

from crosswalk_sandbox.jira import accept_options, adf_model, richtext
from crosswalk_sandbox.jira.flavour import Flavour
from crosswalk_sandbox.jira.refusals import Refusal, field_error
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Field, IssueType, Person, Project, Rich, Value

TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
"""Observed by many clients; no page states the limit for issues."""
WRONG_LEVEL = "Given parent work item does not belong to appropriate hierarchy."
"""The parent is not one level above; observed, as sites answer since issues are called work items."""
INVALID_ADF = "INVALID_INPUT"
"""The whole refusal of a document that does not fit: neither field nor place is named. Seen on live sites by several
authors, e.g. https://github.com/nguyenvanduocit/jira-mcp/issues/42"""
NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a value is to be set: by whom, in which project, for which issue type, in which text format."""

    site: Site
    flavour: Flavour
    person: Person
    project: Project
    type: IssueType
    adf: bool
    now: Mapping[str, Value] = made(default_factory=dict)


Reader = Callable[[Setting, Field, object], Value]


def read(setting: Setting, field: Field, wire: object) -> Value:
    """The state value for a wire value. Raises Refusal naming the field."""
    if wire is None and field.kind not in ("priority",):
        return _empty(field)
    return READERS[field.kind](setting, field, wire)


def _empty(field: Field) -> Value:
    if field.id == "summary":
        raise field_error("summary", "You must specify a summary of the issue.")
    return [] if field.kind in MANY else None


def _text(_setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, str):
        raise field_error(field.id, "Operation value must be a string")
    if field.id == "summary":
        return _summary(wire)
    if len(wire) > (255 if field.custom else richtext.LIMIT):
        limit = "255" if field.custom else "32,767"
        raise field_error(
            field.id, f"The entered text is too long. It exceeds the allowed limit of {limit} characters."
        )
    return wire or None


def _summary(wire: str) -> str:
    if "\n" in wire or "\r" in wire:
        raise field_error("summary", "The summary is invalid because it contains newline characters.")
    if not wire.strip():
        raise field_error("summary", "You must specify a summary of the issue.")
    if len(wire) > 255:
        raise field_error("summary", "Summary must be less than 255 characters.")
    return wire.strip()


def long_text(setting_adf: bool, name: str, wire: object, not_valid: str = NOT_ADF) -> Rich:
    """Long text in the format of the REST version. Raises Refusal naming the field.
    https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/"""
    if setting_adf:
        if not isinstance(wire, dict) or wire.get("type") != "doc":
            raise field_error(name, not_valid)
        if not adf_model.JIRA.valid(wire):
            raise Refusal(400, INVALID_ADF)
        rich = richtext.from_adf(wire)
    elif isinstance(wire, str):
        if len(wire) > 2 * richtext.LIMIT:  # so that nothing larger is read
            raise field_error(name, TOO_LONG)
        rich = richtext.from_wiki(wire)
    else:
        raise field_error(name, "Operation value must be a string")
    if richtext.size(rich, as_adf=setting_adf) > richtext.LIMIT:
        raise field_error(name, TOO_LONG)
    return rich


def _rich(setting: Setting, field: Field, wire: object) -> Value:
    if wire == "":
        return None
    rich = long_text(setting.adf, field.id, wire)
    return rich if rich.wiki or rich.adf.get("content") else None


def _number(_setting: Setting, field: Field, wire: object) -> Value:
    if isinstance(wire, bool) or not isinstance(wire, int | float) or not abs(wire) <= 1e14:
        raise field_error(field.id, "Operation value must be a number")
    return float(wire)


def _date(_setting: Setting, field: Field, wire: object) -> Value:
    if wire == "":
        return None
    if not isinstance(wire, str):
        raise field_error(field.id, "Operation value must be a string")
    try:
        if len(wire) == 10:
            return date.fromisoformat(wire).isoformat()
    except ValueError:
        pass
    raise field_error(field.id, f"Error parsing date string: {wire[:80]}")  # unconfirmed


def moment(name: str, wire: object) -> datetime:
    """A moment as `yyyy-MM-dd'T'HH:mm:ss.SSSZ`. Raises Refusal naming the field."""
    try:
        found: datetime | None = datetime.strptime(str(wire), "%Y-%m-%dT%H:%M:%S.%f%z")
    except (ValueError, OverflowError):
        found = None
    if found and 1 < found.year < 9999:  # every zone has it
        return found
    raise field_error(name, f"Error parsing time: {str(wire)[:80]}")  # unconfirmed


def _moment(_setting: Setting, field: Field, wire: object) -> Value:
    return moment(field.id, wire).isoformat()


def _labels(_setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, list) or not all(isinstance(label, str) for label in wire):
        words = "string expected at index 0" if isinstance(wire, list) else "data was not an array"
        raise field_error(field.id, words)
    for label in wire:
        check_label(field, label)
    return sorted(dict.fromkeys(wire))


def check_label(field: Field, label: str) -> None:
    """Raises Refusal for a label Jira does not take."""
    if re.search(r"\s", label) or not label:
        raise field_error(field.id, f"The label '{label}' contains spaces which is invalid.")
    if len(label) > 255:
        raise field_error(field.id, f"The label '{label}' exceeds the maximum length of 255 characters.")  # unconfirmed


def _person(setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, dict):
        raise field_error(field.id, "data was not an object")
    keys = ("accountId", "id") if setting.flavour.name == "cloud" else ("name", "key")
    if all(wire.get(key) is None for key in keys):
        return None
    found = setting.flavour.find_person(setting.site, wire)
    shown = next(str(wire[key]) for key in keys if wire.get(key) is not None)
    if found is None and field.id == "assignee" and shown == "-1":
        # The project's default assignee: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/
        # (assignIssue); Data Center does the same.
        return setting.project.lead if setting.project.assignee_type == "PROJECT_LEAD" else None
    if found is None:
        if setting.flavour.name == "cloud":
            raise field_error(field.id, "Specify a valid value for " + field.id)
        raise field_error(field.id, f"User '{shown}' does not exist.")
    if field.id == "assignee" and not setting.site.allowed(found, setting.project, "ASSIGNABLE_USER"):
        raise field_error("assignee", f"User '{shown}' cannot be assigned issues.")
    return found.key


def _people(setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, list):
        raise field_error(field.id, "data was not an array")
    keys = [_person(setting, field, entry) for entry in wire]
    return list(dict.fromkeys(str(key) for key in keys if key))


def _versions(setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, list):
        raise field_error(field.id, "data was not an array")
    return list(dict.fromkeys(one_version(setting, field, entry) for entry in wire))


def one_version(setting: Setting, field: Field, wire: object) -> str:
    """The id of the version that a value means. An archived one can not be chosen, an issue that has it may keep it:
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-versions/ (the words unconfirmed)."""
    wire = wire if isinstance(wire, dict) else {}
    held = setting.now.get(field.id)
    for version_id in setting.project.versions:
        version = setting.site.versions[version_id]
        if version.archived and not (isinstance(held, list) and version.id in held):
            continue
        if version.id == str(wire.get("id", "")) or ("id" not in wire and version.name == wire.get("name")):
            return version.id
    if "id" in wire:
        raise field_error(field.id, f"Version id '{wire['id']}' is not valid")
    raise field_error(field.id, f"Version name '{wire.get('name') or 'null'}' is not valid")


def _team(setting: Setting, field: Field, wire: object) -> Value:
    """Written by its id alone (https://developer.atlassian.com/platform/teams/components/team-field-in-jira-rest-api/)."""
    if not isinstance(wire, str) or wire not in setting.site.teams:
        raise field_error(field.id, "Team id is not valid.")  # wording unconfirmed
    return wire


def _components(setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, list):
        raise field_error(field.id, "data was not an array")
    return list(dict.fromkeys(one_component(setting, field, entry) for entry in wire))


def one_component(setting: Setting, field: Field, wire: object) -> str:
    """The id of the component that a value means."""
    wire = wire if isinstance(wire, dict) else {}
    for component in setting.site.components.values():
        same = component.id == str(wire.get("id", "")) or ("id" not in wire and component.name == wire.get("name"))
        if component.project == setting.project.id and same:
            return component.id
    if "id" in wire:
        raise field_error(field.id, f"Component id '{wire['id']}' is not valid")
    raise field_error(field.id, f"Component name '{wire.get('name') or 'null'}' is not valid")


def _version(setting: Setting, field: Field, wire: object) -> Value:
    return one_version(setting, field, wire)


def _group(setting: Setting, field: Field, wire: object) -> Value:
    """A group by its name, or by its id: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/"""
    given = wire if isinstance(wire, dict) else {}
    for group in setting.site.groups.values():
        if group.name == given.get("name") or ("name" not in given and group.id == given.get("groupId")):
            return group.name
    raise field_error(field.id, f"The group '{given.get('name') or 'null'}' does not exist.")  # unconfirmed


def _groups(setting: Setting, field: Field, wire: object) -> Value:
    if not isinstance(wire, list):
        raise field_error(field.id, "data was not an array")
    return list(dict.fromkeys(str(_group(setting, field, entry)) for entry in wire))


def _picked_project(setting: Setting, field: Field, wire: object) -> Value:
    given = wire if isinstance(wire, dict) else {}
    for project in setting.site.projects.values():
        named = project.id == str(given["id"]) if "id" in given else project.key == given.get("key")
        if named and setting.site.allowed(setting.person, project, "BROWSE_PROJECTS"):
            return project.id
    raise field_error(field.id, "The project could not be found.")  # unconfirmed


def _priority(setting: Setting, _field: Field, wire: object) -> Value:
    wire = wire if isinstance(wire, dict) else {}
    for priority in setting.site.priorities.values():
        if priority.id == str(wire.get("id", "")) or ("id" not in wire and priority.name == wire.get("name")):
            return priority.id
    if "id" in wire:
        raise field_error("priority", "The priority selected is invalid.")
    raise field_error("priority", f"Priority name '{wire.get('name') or 'null'}' is not valid")


def _resolution(setting: Setting, _field: Field, wire: object) -> Value:
    wire = wire if isinstance(wire, dict) else {}
    for resolution in setting.site.resolutions.values():
        if resolution.id == str(wire.get("id", "")) or ("id" not in wire and resolution.name == wire.get("name")):
            return resolution.id
    raise field_error("resolution", "The resolution selected is invalid.")


def _security(setting: Setting, field: Field, wire: object) -> Value:
    """https://support.atlassian.com/jira-cloud-administration/docs/configure-issue-security-schemes/"""
    given = wire if isinstance(wire, dict) else {}
    levels = [setting.site.levels[level] for level in setting.project.levels]
    found = next((one for one in levels if one.id == str(given.get("id", "")) or one.name == given.get("name")), None)
    if found is None or not setting.site.allowed(setting.person, setting.project, "SET_ISSUE_SECURITY"):
        raise field_error(field.id, "The security level selected is invalid.")  # wording unconfirmed
    return found.id


def _parent(setting: Setting, _field: Field, wire: object) -> Value:
    if isinstance(wire, dict) and wire.get("none") is True:
        return None
    given = (wire.get("id") or wire.get("key")) if isinstance(wire, dict) else None
    parent = setting.site.issue(str(given)) if given else None
    if parent is None or not setting.site.sees(setting.person, parent):
        raise field_error("parent", "Could not find issue by id or key.")
    if setting.type.subtask and parent.project != setting.project.id:
        raise field_error("project", "Sub-tasks must be created in the same project as the parent.")
    if not setting.site.fits_below(setting.type, setting.site.types[parent.type]):
        raise field_error("parentId", WRONG_LEVEL)
    return parent.id


def _epic_link(setting: Setting, field: Field, wire: object) -> Value:
    above = setting.site.issue(wire) if isinstance(wire, str) else None
    level = {"epiclink": 1}.get(field.kind, setting.type.level + 1)
    if above is None or setting.site.types[above.type].level != level or not setting.site.sees(setting.person, above):
        raise field_error(field.id, f"'{str(wire)[:80]}' is not a valid epic key.")  # unconfirmed
    return above.id


def _sprint(setting: Setting, field: Field, wire: object) -> Value:
    """Written as one number, read as a list. Jira Cloud REST v3, custom field gh-sprint."""
    if isinstance(wire, bool) or not isinstance(wire, int) or wire not in setting.site.sprints:
        words = "Sprint does not exist." if isinstance(wire, int) else "Specify a valid sprint id"
        raise field_error(field.id, words)
    return [str(wire)]


def _url(_setting: Setting, field: Field, wire: object) -> Value:
    if wire == "":
        return None
    if not isinstance(wire, str) or not re.match(r"[a-z][a-z0-9+.-]*://\S+$", wire, re.IGNORECASE):
        raise field_error(field.id, f"'{str(wire)[:80]}' is not a valid URL")  # unconfirmed
    if len(wire) > richtext.LIMIT:
        raise field_error(field.id, TOO_LONG)
    return wire


READERS: dict[str, Reader] = {
    "text": _text,
    "epicname": _text,
    "rich": _rich,
    "number": _number,
    "date": _date,
    "datetime": _moment,
    "labels": _labels,
    "person": _person,
    "people": _people,
    "option": accept_options.option,
    "options": accept_options.options,
    "versions": _versions,
    "version": _version,
    "cascade": accept_options.cascade,
    "group": _group,
    "team": _team,
    "groups": _groups,
    "components": _components,
    "priority": _priority,
    "resolution": _resolution,
    "parent": _parent,
    "security": _security,
    "epiclink": _epic_link,
    "parentlink": _epic_link,
    "sprint": _sprint,
    "url": _url,
    "projectpick": _picked_project,
}
MANY = ("labels", "people", "options", "versions", "components", "groups")
SETTABLE = {*READERS, "timetracking", "issuetype", "project"}
