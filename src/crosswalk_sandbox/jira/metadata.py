"""Field definitions as JSON: the field list, create and edit metadata, allowed values. Changes nothing.

Jira Cloud REST v3 schemas FieldDetails, FieldCreateMetadata, FieldMetadata.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ (createmeta, editmeta)
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-fields/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-field/
"""

from __future__ import annotations

from crosswalk_sandbox.jira.catalogue import SEARCHERS, TYPE
from crosswalk_sandbox.jira.contexts import contexts_of, options_for
from crosswalk_sandbox.jira.edit import required_fields, screen_fields
from crosswalk_sandbox.jira.jql_kinds import spoken_names
from crosswalk_sandbox.jira.operations import operations_of
from crosswalk_sandbox.jira.shown import option_json
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Field, IssueType, Json, Named, Project
from crosswalk_sandbox.jira.views import View


def schema(field: Field) -> Json:
    """A field's JSON schema, as Jira describes it."""
    out: Json = {"type": field.schema}
    if field.items:
        out["items"] = field.items
    if field.custom:
        return out | {"custom": field.custom, "customId": int(field.id.removeprefix("customfield_"))}
    return out | {"system": field.id}


CLAUSES: dict[str, str] = {
    "aggregateprogress": "",
    "aggregatetimeestimate": "",
    "aggregatetimeoriginalestimate": "",
    "aggregatetimespent": "",
    "attachment": "attachments",
    "components": "component",
    "created": "created createdDate",
    "duedate": "due duedate",
    "fixVersions": "fixVersion",
    "issuelinks": "",
    "issuetype": "issuetype type",
    "resolutiondate": "resolutiondate resolved",
    "security": "level",
    "statuscategorychangedate": "statusCategoryChangedDate",
    "timeestimate": "remainingEstimate timeestimate",
    "timeoriginalestimate": "originalEstimate timeoriginalestimate",
    "timetracking": "",
    "updated": "updated updatedDate",
    "versions": "affectedVersion",
    "watches": "watchers",
    "worklog": "",
}
"""What the list of fields calls system fields whose clause is not their id, as others recorded it of a site."""
SEARCHABLE = frozenset({"attachment", "comment", "issuelinks", "security", "statuscategorychangedate", "workratio"})
"""Said to be searchable there, beside those that are found by a clause of their own here."""
COLUMNS = {"issuekey": ("Key", ["id", "issue", "issuekey", "key"]), "thumbnail": ("Images", [])}
"""Columns of a list of issues, which stand among the fields and are in no issue."""


def clause_names(view: View, field: Field) -> list[str]:
    """The names a query can use for a field; Cloud's have the custom field's type as well, and are in order."""
    if field.id == "issuelinks" and view.flavour.name == "cloud":
        return ["issueLink"]
    if not field.custom:
        return CLAUSES.get(field.id, field.id).split()
    number = f"cf[{field.id.removeprefix('customfield_')}]"
    if view.flavour.name != "cloud":
        return [number, field.name]
    return sorted([number, *spoken_names(field)], key=str.lower)


def details(view: View, field: Field) -> Json:
    """A field in the list of fields."""
    out: Json = {"id": field.id}
    if view.flavour.name == "cloud":
        out["key"] = field.id
    return out | {
        **view.scope(field.scope),
        "name": field.name,
        "custom": bool(field.custom),
        "orderable": field.orderable,
        "navigable": field.navigable,
        "searchable": field.searchable or field.id in SEARCHABLE,
        "clauseNames": clause_names(view, field),
        "schema": schema(field),
    }


def columns(view: View) -> list[Json]:
    """What the list of fields has beside fields."""
    known: Json = {"custom": False, "orderable": False, "navigable": True, "searchable": False}
    return [
        {
            "id": one,
            **({"key": one} if view.flavour.name == "cloud" else {}),
            "name": name,
            **known,
            "clauseNames": names,
        }
        for one, (name, names) in COLUMNS.items()
    ]


def searcher_asked(kind: str, wire: Json, errors: dict[str, str]) -> str:
    """The searcher that a request names for a type of field, "" for none; adds an error where it does not fit."""
    given, fitting = wire.get("searcherKey"), SEARCHERS.get(kind.removeprefix(TYPE))
    if fitting is None:
        return f"{kind}searcher"
    if given in (None, ""):
        return ""
    if given not in [TYPE + one for one in fitting]:
        errors["searcherKey"] = "The searcher does not fit the type of the field."  # wording unconfirmed
    return str(given)


def searcher_of(field: Field) -> str:
    """The key of a custom field's searcher; of what was there at the start it is the first that fits."""
    if not field.custom or not field.searchable:
        return ""
    fitting = SEARCHERS.get(field.custom.removeprefix(TYPE))
    return field.searcher or (TYPE + fitting[0] if fitting else f"{field.custom}searcher")


def found(site: Site, field: Field, screens: int) -> Json:
    """A field in Cloud's paged field search."""
    return {
        "id": field.id,
        "name": field.name,
        "key": field.id,
        "schema": schema(field),
        "description": field.description,
        "isLocked": field.locked,
        "screensCount": screens,
        "contextsCount": len(contexts_of(site, field)) if field.custom else 0,
        "projectsCount": 0,
        "searcherKey": searcher_of(field),
        "stableId": field.id,
    }


def allowed_values(view: View, field: Field, project: Project, kind: IssueType) -> list[Json] | None:
    """The values a field takes, None where they are not listed."""
    site = view.site
    if field.kind == "project":
        return [view.project_short(project)]
    if field.kind == "projectpick":
        return [view.project_short(one) for one in site.projects.values()]
    if field.kind == "issuetype":
        return [view.issue_type(site.types[t]) for t in project.types]
    if field.kind == "priority":
        return [view.priority(p) for p in site.priorities.values()]
    if field.kind == "resolution":
        return [view.resolution(r) for r in site.resolutions.values()]
    if field.kind == "versions":
        return [view.version(site.versions[v]) for v in project.versions if not site.versions[v].archived]
    if field.kind == "security":
        return [view.level(site.levels[level]) for level in project.levels]
    if field.kind == "components":
        return [view.component(c) for c in site.components.values() if c.project == project.id]
    if field.kind == "version":
        return [view.version(site.versions[v]) for v in project.versions if not site.versions[v].archived]
    if field.kind == "cascade":
        return _cascading(view, options_for(site, field, project, kind))
    if field.kind in ("option", "options"):
        return [option_json(view, option) for option in options_for(site, field, project, kind)]
    return None


def _cascading(view: View, options: list[Named]) -> list[Json]:
    """The options of a cascading list, each with those below it."""
    return [
        option_json(view, option)
        | {"children": [option_json(view, one) for one in options if one.id.startswith(f"{option.id}/")]}
        for option in options
        if "/" not in option.id
    ]


def metadata(view: View, field: Field, project: Project, kind: IssueType) -> Json:
    """A field in create, edit and transition metadata, without its id."""
    required = required_fields(project, kind, view.site)
    out: Json = {
        "required": field.id in required,
        "schema": schema(field),
        "name": field.name,
        "key": field.id,
        "hasDefaultValue": field.id in ("priority", "reporter"),
        "operations": operations_of(field),
    }
    if view.flavour.name == "dc":
        out["fieldId"] = field.id
        out.pop("key")
    allowed = allowed_values(view, field, project, kind)
    if allowed is not None:
        out["allowedValues"] = allowed
    if field.kind in ("person", "people"):
        out["autoCompleteUrl"] = f"{view.base}/user/assignable/search?project={project.key}&query="
    if field.kind == "labels":
        out["autoCompleteUrl"] = f"{view.root}/rest/api/1.0/labels/suggest?query="
    return out


def create_fields(view: View, project: Project, kind: IssueType) -> list[Json]:
    """Create metadata of an issue type: the fields of its create screen, project and type among them."""
    fields = [view.site.fields["project"], *screen_fields(view.site, (project, kind), "create", view.reader)]
    if kind.subtask and not any(field.id == "parent" for field in fields):
        fields.append(view.site.fields["parent"])
    return [metadata(view, field, project, kind) | {"fieldId": field.id} for field in fields]


def edit_fields(view: View, project: Project, kind: IssueType) -> Json:
    """Edit metadata of an issue, by field id."""
    fields = screen_fields(view.site, (project, kind), "edit", view.reader)
    fields += [view.site.fields[name] for name in ("comment", "worklog") if name in view.site.fields]
    return {field.id: _edit(view, field, project, kind) for field in fields}


def _edit(view: View, field: Field, project: Project, kind: IssueType) -> Json:
    """Edit metadata carry a `key` on Cloud and a `fieldId` on Data Center from 8.x on."""
    return metadata(view, field, project, kind)
