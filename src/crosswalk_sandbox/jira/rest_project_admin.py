"""Endpoints that create and change projects, and for their types and categories.

Jira Cloud REST v3 groups "Projects", "Project types", "Project categories". A new project has every issue type and the
workflow of the sandbox's first one.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-types/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-components/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-categories/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-key-and-name-validation/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-project/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-projects/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-projectvalidate/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-projectcategory/
"""

from __future__ import annotations

import hashlib
import itertools
import re
from copy import deepcopy

from crosswalk_sandbox.jira import asked, directory, hooks
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_boards import add_board
from crosswalk_sandbox.jira.rest_projects import visible
from crosswalk_sandbox.jira.schemes import DEFAULT, of_role
from crosswalk_sandbox.jira.site import Site
from crosswalk_sandbox.jira.state import Json, Named, Person, Project
from crosswalk_sandbox.jira.web import Answer, Call, Endpoint, bean

KEY = re.compile(r"[A-Z][A-Z0-9]{1,9}")
BAD_KEY = "Project keys must start with an uppercase letter, followed by one or more uppercase alphanumeric characters."
KINDS = {"software": "Software", "business": "Business", "service_desk": "Service Desk"}
ASSIGNEES = ("PROJECT_LEAD", "UNASSIGNED")


# ---- projects


def _lead(call: Call, wire: Json, errors: dict[str, str]) -> Person | None:
    """`leadAccountId` on Cloud (`lead` takes an accountId there too), `lead` with a name on Data Center."""
    given = wire.get("leadAccountId", wire.get("lead")) if call.cloud else wire.get("lead")
    person = asked.person_named(call, given)
    if person is None or not person.active:
        errors["projectLead" if not call.cloud else "leadAccountId"] = (
            "You must specify a valid project lead." if given is None else "The project lead does not exist."
        )
        return None
    return person


def _key_and_name(call: Call, wire: Json, held: Project | None, errors: dict[str, str]) -> None:
    others = [p for p in call.site.projects.values() if p is not held]
    if "key" in wire or held is None:
        key = wire.get("key")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            errors["projectKey"] = BAD_KEY
        elif taken := next((p for p in others if p.key == key or key in p.former), None):
            errors["projectKey"] = f"Project '{taken.name}' uses this project key."
    if "name" in wire or held is None:
        name = wire.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > 80:
            errors["projectName"] = "You must specify a valid project name."
        elif any(p.name.lower() == name.strip().lower() for p in others):
            errors["projectName"] = "A project with that name already exists."


def _details(call: Call, wire: Json, errors: dict[str, str]) -> dict[str, object]:
    """What create and update have in common, by attribute."""
    out: dict[str, object] = {}
    for name in ("description", "url"):
        if wire.get(name) is not None:
            out[name] = wire[name]
            if not isinstance(wire[name], str) or len(str(wire[name])) > 32767:
                errors[name] = f"The {name} is not valid."
    if wire.get("assigneeType") is not None:
        out["assignee_type"] = wire["assigneeType"]
        if wire["assigneeType"] not in ASSIGNEES:
            errors["assigneeType"] = "The default assignee is not valid."
    if "categoryId" in wire:
        number = wire["categoryId"]
        known = str(number) in call.site.project_categories and not isinstance(number, bool)
        out["category"] = str(number) if known else None
        if not known and number not in (None, -1):
            errors["categoryId"] = "The project category does not exist."
    if wire.get("permissionScheme") is not None:
        scheme = asked.whole(wire["permissionScheme"])
        out["scheme"] = scheme
        if scheme not in call.site.schemes:
            errors["permissionScheme"] = "The permission scheme does not exist."  # wording unconfirmed
    return out


def create_project(call: Call) -> Answer:
    """201. The lead becomes a project administrator; a template of Jira Software brings a board."""
    call.admin()
    wire, errors = call.json(), dict[str, str]()
    _key_and_name(call, wire, None, errors)
    lead, details = _lead(call, wire, errors), _details(call, wire, errors)
    kind = wire.get("projectTypeKey", "software" if wire.get("projectTemplateKey") else None)
    if not isinstance(kind, str) or kind not in KINDS:
        errors["projectTypeKey"] = "An invalid project type was specified. Make sure the project type exists."
    template = wire.get("projectTemplateKey", "")
    if not isinstance(template, str):
        errors["projectTemplateKey"] = "The project template is not valid."
    if errors or lead is None:
        raise Refusal(400, errors=errors)
    project = _fresh(call.site, str(wire["key"]), str(wire["name"]).strip(), lead)
    for name, value in details.items():
        setattr(project, name, value)
    call.site.projects[project.id] = project
    directory.regrant(call.site, project)
    style = "kanban" if "kanban" in str(template) else "scrum"
    if kind == "software" and ("scrum" in str(template) or style == "kanban"):
        add_board(call, f"{project.key} board", project, style)
    call.jira.tell(hooks.project_event(project, "created"))
    own = f"{call.view.base}/project/{project.id}"
    return Answer(201, {"self": own, "id": int(project.id), "key": project.key})


def _fresh(site: Site, key: str, name: str, lead: Person) -> Project:
    """A project like the first one, with its own actors: the lead, and the defaults of each role."""
    assert site.template is not None
    like = deepcopy(site.template)
    identity = next(n for n in iter(lambda: site.next_id("project"), "") if n not in site.projects)
    project = Project(identity, key, name, lead.key, like.types)
    project.screens, project.required = like.screens, like.required
    project.transitions, project.statuses = like.transitions, like.statuses
    project.actors = {role.id: role.defaults.copy() for role in site.roles.values()}
    chief = next(
        (r for r in site.roles.values() if "ADMINISTER_PROJECTS" in of_role(site.schemes[DEFAULT], r.id)), None
    )
    if chief is not None:
        project.actors[chief.id].users.append(lead.key)
    return project


def put_project(call: Call) -> Answer:
    """Changes what is given; with a new key every issue gets a new key and keeps the old one as another name."""
    asked.administered(call)
    project, wire, errors = call.project(call.params["projectIdOrKey"]), call.json(), dict[str, str]()
    _key_and_name(call, wire, project, errors)
    details = _details(call, wire, errors)
    wants_lead = wire.get("leadAccountId") is not None or wire.get("lead") is not None
    lead = _lead(call, wire, errors) if wants_lead else None
    if errors:
        raise Refusal(400, errors=errors)
    if "key" in wire and wire["key"] != project.key:
        call.admin()
        _rename(call.site, project, str(wire["key"]))
    project.name = str(wire.get("name", project.name)).strip()
    project.lead = lead.key if lead else project.lead
    for name, value in details.items():
        setattr(project, name, value)
    if lead or "scheme" in details:
        directory.regrant(call.site, project)
    call.jira.tell(hooks.project_event(project, "updated"))
    return Answer(200, call.view.project(project))


def _rename(site: Site, project: Project, key: str) -> None:
    """The old key stays the project's, so that links with it lead there and no other project gets it."""
    project.former = [one for one in (*project.former, project.key) if one != key]
    project.key = key
    for issue in site.issues.values():
        if issue.project == project.id:
            issue.key = f"{key}-{issue.number}"
            site.keys[issue.key] = issue.id


def recent(call: Call) -> Answer:
    return Answer(200, [call.view.project_short(project) for project in visible(call)[:20]])


def pick_projects(call: Call) -> Answer:
    """Data Center's picker."""
    words = call.query.get("query", "").lower()
    found = [p for p in visible(call) if words in p.name.lower() or words in p.key.lower()]
    entries: list[Json] = [{"id": p.id, "key": p.key, "name": p.name, "html": f"{p.name} ({p.key})"} for p in found]
    return Answer(200, {"projects": entries, "total": len(entries), "header": f"Showing {len(entries)} projects"})


def validate_key(call: Call) -> Answer:
    """The check of a new key: what is wrong, or nothing."""
    errors: dict[str, str] = {}
    _key_and_name(call, {"key": call.query.get("key", ""), "name": "a name that nobody has"}, None, errors)
    return Answer(200, {"errorMessages": [], "errors": errors})


def valid_key(call: Call) -> Answer:
    """The key that was asked for, or letters that no project has: "a valid random string", here the same each time."""
    held = {project.key for project in call.site.projects.values()}
    key = call.query.get("key", "").upper()
    while not KEY.fullmatch(key) or key in held:
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=4).digest()
        key = "".join(chr(ord("A") + byte % 26) for byte in digest)
    return Answer(200, key)


def valid_name(call: Call) -> Answer:
    """The name that was asked for, with a number behind it where a project has it already."""
    name = call.query.get("name", "").strip()
    if not name:
        raise Refusal(400, "The project name must be specified.")  # wording unconfirmed
    held = {project.name.lower() for project in call.site.projects.values()}
    names = itertools.chain([name], (f"{name} {number}" for number in itertools.count(2)))
    return Answer(200, next(one for one in names if one.lower() not in held))


# ---- types


def kind_json(key: str) -> Json:
    return {
        "key": key,
        "formattedKey": KINDS[key],
        "descriptionI18nKey": f"jira.project.type.{key}.description",
        "icon": "",
        "color": "#1D7AFC",
    }


def kinds(_call: Call) -> Answer:
    return Answer(200, [kind_json(key) for key in KINDS])


def one_kind(call: Call) -> Answer:
    """A kind; `accessible` is none to somebody who has no access to Jira."""
    key = call.params["projectTypeKey"]
    if key not in KINDS or (call.person is None and call.path.endswith("/accessible")):
        raise NotThere(f"The project type '{key[:80]}' does not exist.")
    return Answer(200, kind_json(key))


# ---- categories


def category_json(call: Call, category: Named) -> Json:
    own = f"{call.view.base}/projectCategory/{category.id}"
    return {"self": own, "id": category.id, "name": category.name, "description": category.description}


def categories(call: Call) -> Answer:
    return Answer(200, [category_json(call, one) for one in call.site.project_categories.values()])


def _category(call: Call) -> Named:
    found = call.site.project_categories.get(call.params["id"])
    if found is None:
        raise NotThere(f"A project category with id '{call.params['id'][:40]}' does not exist.")
    return found


def get_category(call: Call) -> Answer:
    return Answer(200, category_json(call, _category(call)))


def _category_name(call: Call, wire: Json, held: Named | None) -> str:
    name = asked.words(wire, "name", "The name of the project category must not be empty.")
    if any(c.name.lower() == name.lower() and c is not held for c in call.site.project_categories.values()):
        raise Refusal(409, errors={"name": f"The project category '{name}' already exists."})
    return name


def create_category(call: Call) -> Answer:
    call.admin()
    wire = call.json()
    name, text = _category_name(call, wire, None), asked.optional(wire, "description")
    made = Named(call.site.next_id("projectcategory"), name, text)
    call.site.project_categories[made.id] = made
    return Answer(201, category_json(call, made))


def put_category(call: Call) -> Answer:
    call.admin()
    held, wire = _category(call), call.json()
    name = _category_name(call, wire, held) if "name" in wire else held.name
    held.description = asked.optional(wire, "description", held.description)
    held.name = name
    return Answer(200, category_json(call, held))


def delete_category(call: Call) -> Answer:
    call.admin()
    gone = _category(call)
    del call.site.project_categories[gone.id]
    for project in call.site.projects.values():
        project.category = None if project.category == gone.id else project.category
    return Answer(204)


# ---- what a project says about itself


def hierarchy(call: Call) -> Answer:
    """Cloud: the levels of the issue types."""
    project = call.project(call.params["projectId"])
    levels = {1: "Epic", 0: "Base", -1: "Subtask"}
    out: list[Json] = []
    for level, name in levels.items():
        types = [call.site.types[t] for t in project.types if t in call.site.types]
        entries = [{"id": int(t.id), "name": t.name} for t in types if t.level == level]
        out.append({"level": level, "name": name, "issueTypes": entries})
    return Answer(200, {"projectId": int(project.id), "hierarchy": out})


def components_page(call: Call) -> Answer:
    from crosswalk_sandbox.jira.rest_projects import component

    project = call.project(call.params["projectIdOrKey"])
    words = call.query.get("query", "").lower()
    found = [c for c in call.site.components.values() if c.project == project.id and words in c.name.lower()]
    return Answer(200, bean(call, [component(call, c.id) for c in found]))


CLOUD, DC = ("cloud",), ("dc",)
PROJECT, CATEGORY = "api/X/project/{projectIdOrKey}", "api/X/projectCategory"
ENDPOINTS = [
    Endpoint("POST", "api/X/project", create_project, "createProject"),
    Endpoint("PUT", PROJECT, put_project, "updateProject"),
    Endpoint("GET", "api/X/project/recent", recent, "getRecent", CLOUD),
    Endpoint("GET", "api/X/project/type", kinds, "getAllProjectTypes"),
    Endpoint("GET", "api/X/project/type/accessible", kinds, "getAllAccessibleProjectTypes", CLOUD),
    Endpoint("GET", "api/X/project/type/{projectTypeKey}", one_kind, "getProjectTypeByKey"),
    Endpoint("GET", "api/X/project/type/{projectTypeKey}/accessible", one_kind, "getAccessibleProjectTypeByKey"),
    Endpoint("GET", "api/X/project/{projectId}/hierarchy", hierarchy, "getHierarchy", CLOUD),
    Endpoint("GET", f"{PROJECT}/component", components_page, "getProjectComponentsPaginated", CLOUD),
    Endpoint("GET", "api/X/projects/picker", pick_projects, "searchForProjects", DC),
    Endpoint("GET", "api/X/projectvalidate/key", validate_key, "getProject", DC),
    Endpoint("GET", "api/X/projectvalidate/key", validate_key, "validateProjectKey", CLOUD),
    Endpoint("GET", "api/X/projectvalidate/validProjectKey", valid_key, "getValidProjectKey", CLOUD),
    Endpoint("GET", "api/X/projectvalidate/validProjectName", valid_name, "getValidProjectName", CLOUD),
    Endpoint("GET", CATEGORY, categories, "getAllProjectCategories"),
    Endpoint("POST", CATEGORY, create_category, "createProjectCategory"),
    Endpoint("GET", f"{CATEGORY}/{{id}}", get_category, "getProjectCategoryById"),
    Endpoint("PUT", f"{CATEGORY}/{{id}}", put_category, "updateProjectCategory"),
    Endpoint("DELETE", f"{CATEGORY}/{{id}}", delete_category, "removeProjectCategory"),
]
