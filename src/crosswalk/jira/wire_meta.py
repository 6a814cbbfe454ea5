"""Builds the requests about how a Jira is set up: projects, types, fields, screens; and reads their pages. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from crosswalk.jira.wire import Json, part
from crosswalk.remote.request import Request

PAGE = 50

RIGHTS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "TRANSITION_ISSUES",
    "LINK_ISSUES",
    "MODIFY_REPORTER",
    "ADD_COMMENTS",
    "ADMINISTER_PROJECTS",
    "USER_PICKER",
    "ADMINISTER",
)
"""What an account needs in a project, and the last two in the whole of Jira (Jira Cloud REST v3, operation
getMyPermissions)."""

URL_FIELD = "com.atlassian.jira.plugin.system.customfieldtypes:url"
URL_SEARCHER = "com.atlassian.jira.plugin.system.customfieldtypes:exacttextsearcher"


def project(api: str, key_or_id: str) -> Request:
    """One project, with its issue types."""
    return Request("GET", f"{api}/project/{part(key_or_id)}", about="read a project")


def project_statuses(api: str, key_or_id: str) -> Request:
    """For each issue type of a project, the statuses of its workflow."""
    return Request("GET", f"{api}/project/{part(key_or_id)}/statuses", about="read the statuses of a project")


def issue_types(api: str, key_or_id: str, start: int) -> Request:
    """A page of the types that may be made in a project."""
    path = f"{api}/issue/createmeta/{part(key_or_id)}/issuetypes"
    return Request("GET", path, query=_page(start), about="read the issue types of a project")


def type_fields(api: str, key_or_id: str, type_id: str, start: int) -> Request:
    """A page of the fields on the create screen of a type."""
    path = f"{api}/issue/createmeta/{part(key_or_id)}/issuetypes/{part(type_id)}"
    return Request("GET", path, query=_page(start), about="read the fields of an issue type")


def edit_fields(api: str, issue_id: str) -> Request:
    """The fields of an issue that may be edited: `{fields: {id: ...}}`."""
    return Request("GET", f"{api}/issue/{part(issue_id)}/editmeta", about="read the editable fields of an issue")


def all_fields(api: str) -> Request:
    """Every field of the server, with its schema."""
    return Request("GET", f"{api}/field", about="read the fields")


def priorities(api: str) -> Request:
    """Every priority. Marked deprecated on Cloud, where its successor needs more rights."""
    return Request("GET", f"{api}/priority", about="read the priorities")


def link_types(api: str) -> Request:
    """The types of links between issues; 404 where linking is switched off."""
    return Request("GET", f"{api}/issueLinkType", about="read the link types")


def create_field(api: str, name: str, description: str) -> Request:
    """Make a custom field that holds an address. Needs the right to administer Jira."""
    body = {"name": name, "description": description, "type": URL_FIELD, "searcherKey": URL_SEARCHER}
    return Request("POST", f"{api}/field", body=body, repeatable=False, about=f"make the field {name}")


def field_contexts(api: str, field_id: str, project: str, types: Iterable[str], start: int) -> Request:
    """Which context of a custom field counts for each issue type in a project; null where the field does not exist
    (Cloud; needs the right to administer Jira): operation getCustomFieldContextsForProjectsAndIssueTypes."""
    path = f"{api}/field/{part(field_id)}/context/mapping"
    body = {"mappings": [{"projectId": project, "issueTypeId": one} for one in types]}
    return Request("POST", path, query=_page(start), body=body, about="read the contexts of a field")


def create_option(api: str, field_id: str, context: str, value: str, above: str = "") -> Request:
    """Add an option to a custom field in a context (Cloud; needs the right to administer Jira); in a cascading list
    below the option with the id `above`: operation createCustomFieldOption, schema CustomFieldOptionCreate."""
    path = f"{api}/field/{part(field_id)}/context/{part(context)}/option"
    body = {"options": [{"value": value, **({"optionId": above} if above else {})}]}
    return Request("POST", path, body=body, repeatable=False, about=f"add the option {value}")


def add_to_default_screen(api: str, field_id: str) -> Request:
    """Put a field on the first tab of the default screen. Needs the right to administer Jira."""
    return Request("POST", f"{api}/screens/addToDefault/{part(field_id)}", about="put a field on the default screen")


def screens(api: str, start: int) -> Request:
    """A page of all screens. Needs the right to administer Jira."""
    return Request("GET", f"{api}/screens", query=_page(start), about="read the screens")


def screen_tabs(api: str, screen_id: str) -> Request:
    """The tabs of a screen."""
    return Request("GET", f"{api}/screens/{part(screen_id)}/tabs", about="read the tabs of a screen")


def add_to_screen(api: str, screen_id: str, tab_id: str, field_id: str) -> Request:
    """Put a field on a tab of a screen. A field that is there already is refused with 400."""
    path = f"{api}/screens/{part(screen_id)}/tabs/{part(tab_id)}/fields"
    return Request("POST", path, body={"fieldId": field_id}, about="put a field on a screen")


def screen_scheme_of(api: str, project_id: str) -> Request:
    """Which issue type screen scheme a project uses (Cloud; needs the right to administer Jira)."""
    query = (("projectId", project_id),)
    return Request("GET", f"{api}/issuetypescreenscheme/project", query=query, about="read a project's screen scheme")


def screen_scheme_mappings(api: str, scheme_id: str, start: int) -> Request:
    """Which screen scheme each issue type has in an issue type screen scheme (Cloud)."""
    query = (*_page(start), ("issueTypeScreenSchemeId", scheme_id))
    return Request("GET", f"{api}/issuetypescreenscheme/mapping", query=query, about="read a screen scheme's types")


def screen_schemes(api: str, scheme_ids: tuple[str, ...]) -> Request:
    """The screens of some screen schemes (Cloud)."""
    query = tuple(("id", scheme_id) for scheme_id in scheme_ids)
    return Request("GET", f"{api}/screenscheme", query=query, about="read screen schemes")


def items(data: Json) -> list[dict[str, Json]]:
    """The entries of a page, whatever this server calls them.

    Cloud's createmeta says `issueTypes` and `fields`, Data Center's says `values`, as do most paged lists.
    """
    if isinstance(data, list):
        return [entry for entry in data if isinstance(entry, dict)]
    for name in ("values", "issueTypes", "fields", "issues", "issueLinkTypes", "users"):
        if isinstance(data, dict) and isinstance(data.get(name), list):
            return [entry for entry in data[name] if isinstance(entry, dict)]
    return []


def next_start(data: Json) -> int | None:
    """Where the next page begins; None when this was the last."""
    if not isinstance(data, dict) or "startAt" not in data or not (found := items(data)):
        return None
    end = int(data["startAt"]) + len(found)
    if data.get("isLast") is True:
        return None
    if "total" in data:
        return end if end < int(data["total"]) else None
    return end if data.get("isLast") is False else None


def _page(start: int) -> tuple[tuple[str, str], ...]:
    return (("startAt", str(start)), ("maxResults", str(PAGE)))


def objects(data: Json) -> list[dict[str, Json]]:
    """The objects of a list, whatever else stands in it."""
    return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []
