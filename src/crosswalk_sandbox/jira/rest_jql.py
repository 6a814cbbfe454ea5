"""Endpoints about queries rather than issues: taking them apart, matching issues, and what a query may be made of.

Data Center 10.3 has the completion data only.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-jql/
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from crosswalk_sandbox.jira import asked, jql, saved, search
from crosswalk_sandbox.jira.compare import HISTORY, Called, Trait
from crosswalk_sandbox.jira.contexts import exists
from crosswalk_sandbox.jira.jql_functions import FUNCTIONS, function_named
from crosswalk_sandbox.jira.jql_kinds import spoken_names
from crosswalk_sandbox.jira.jql_words import KEYWORDS, RESERVED, encoded
from crosswalk_sandbox.jira.refusals import Refusal
from crosswalk_sandbox.jira.rest_search import lag_of
from crosswalk_sandbox.jira.state import Field, Json
from crosswalk_sandbox.jira.traits import NAMES, Asker, Traits
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint

MOST_QUERIES, MOST_ISSUES = 100, 1000
VALIDATIONS = ("strict", "warn", "none")


# ---- taking apart


def parse_jql(call: Call) -> Answer:
    """POST /jql/parse: what is wrong with each query, and its structure unless it is wrong (`validation` strict)."""
    validation = call.query.get("validation") or "strict"
    if validation not in VALIDATIONS:
        allowed = ", ".join(VALIDATIONS)
        raise Refusal(400, f"The validation must be one of {allowed}.")  # wording unconfirmed
    queries = call.json(("queries",)).get("queries")
    if not isinstance(queries, list) or not queries or not all(isinstance(q, str) and q for q in queries):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return Answer(200, {"queries": [parsed(call, text, validation) for text in queries]})


def parsed(call: Call, text: str, validation: str) -> Json:
    """One query of /jql/parse. Somebody who is not signed in is told of no field and no value."""
    try:
        query = jql.parse(text)
    except Refusal as refusal:
        return {"query": text, "errors": refusal.messages}
    wrong: list[str] = []
    if validation != "none" and call.person is not None:
        wrong = faults(call, query)
    if wrong and validation == "strict":
        return {"query": text, "errors": wrong}
    out: Json = {"query": text, "structure": structure(query)}
    return out | ({"warnings": wrong} if wrong else {})


def faults(call: Call, query: jql.Query) -> list[str]:
    """What does not exist in a query that can be read."""
    searcher = search.Searcher(call.site, call.asker)
    if query.where is not None:
        searcher.test(query.where)
    searcher.sorting(query.order)
    return list(dict.fromkeys(searcher.errors))


def structure(query: jql.Query) -> Json:
    """A query as JSON."""
    out: Json = {"where": tree_json(query.where)} if query.where is not None else {}
    if query.order:
        fields = []
        for sort in query.order:
            direction = {} if sort.descending is None else {"direction": "desc" if sort.descending else "asc"}
            fields.append({"field": name_json(sort.field), **direction})
        out["orderBy"] = {"fields": fields}
    return out


def tree_json(tree: jql.Tree) -> Json:
    """A clause, or clauses that are joined. The parser limits how deep they go."""
    if isinstance(tree, jql.Not):
        return {"operator": "not", "clauses": [tree_json(tree.inner)]}
    if isinstance(tree, jql.Clause):
        out: Json = {"field": name_json(tree.field), "operator": tree.operator}
        if tree.operand is not None:
            out["operand"] = operand_json(tree.operand)
        if tree.operator in HISTORY:
            predicates = tree.predicates
            out["predicates"] = [{"operator": p.operator, "operand": operand_json(p.operand)} for p in predicates]
        return out
    joint = "and" if isinstance(tree, jql.Both) else "or"
    return {"operator": joint, "clauses": [tree_json(part) for part in tree.parts]}


def name_json(name: jql.Name) -> Json:
    """A field."""
    shown = name.text if name.text.startswith("cf[") else encoded(name.text)
    paths = "".join(f"[{encoded(p.key)}]" + (f".{p.path}" if p.path else "") for p in name.properties)
    out: Json = {"name": str(name), "encodedName": shown + paths}
    if name.properties:
        entity = name.text.partition(".")[0]
        out["property"] = [{"entity": entity, "key": p.key, "path": p.path} for p in name.properties]
    return out


def operand_json(operand: jql.Operand) -> Json:
    """A value, a list, a function or EMPTY."""
    if isinstance(operand, jql.Literal):
        return {"value": operand.text, "encodedValue": encoded(operand.text, number=operand.number)}
    if isinstance(operand, jql.Call):
        return {"function": operand.name, "arguments": list(operand.arguments), "encodedOperand": str(operand)}
    if isinstance(operand, jql.Empty):
        return {"keyword": "empty"}
    # The vendor's form has lists of plain operands only.
    return {"values": [operand_json(item) for item in flat(operand)], "encodedOperand": str(operand)}


def flat(operand: jql.Operand) -> list[jql.Operand]:
    """The operands in a list and in the lists in it."""
    out: list[jql.Operand] = []
    waiting = [operand]
    while waiting:
        one = waiting.pop()
        if isinstance(one, jql.Listed):
            waiting.extend(reversed(one.items))
        else:
            out.append(one)
    return out


# ---- matching


def match(call: Call) -> Answer:
    """POST /jql/match: which of the issues each query finds. A query that is wrong says so and finds none."""
    body = call.json(("issueIds", "jqls"))
    ids, texts = body.get("issueIds"), body.get("jqls")
    if not isinstance(ids, list) or not all(isinstance(i, int) and not isinstance(i, bool) for i in ids):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    if len(texts) > MOST_QUERIES or len(ids) > MOST_ISSUES:  # how many is not documented
        raise Refusal(400, f"At most {MOST_QUERIES} queries and {MOST_ISSUES} issues can be matched at once.")
    matches: list[Json] = []
    for text in texts:
        try:
            wanted = {str(identity) for identity in ids}
            found = search.find(call.site, call.asker, jql.parse(text), search.Reach(lag_of(call)))
            matches.append({"matchedIssues": [int(i.id) for i in found if i.id in wanted], "errors": []})
        except Refusal as refusal:
            matches.append({"matchedIssues": [], "errors": refusal.messages})
    return Answer(200, {"matches": matches})


# ---- completion

TYPES = {
    "user": "com.atlassian.jira.user.ApplicationUser", "moment": "java.util.Date", "day": "java.util.Date",
    "issue": "com.atlassian.jira.issue.Issue", "project": "com.atlassian.jira.project.Project",
    "status": "com.atlassian.jira.issue.status.Status", "version": "com.atlassian.jira.project.version.Version",
    "issuetype": "com.atlassian.jira.issue.issuetype.IssueType", "text": "java.lang.String",
    "component": "com.atlassian.jira.bc.project.component.ProjectComponent",
    "sprint": "com.atlassian.greenhopper.service.sprint.Sprint",
    "cascade": "com.atlassian.jira.issue.customfields.option.CascadingOption",
}  # fmt: skip
ALWAYS = (
    "project", "issuekey", "status", "issuetype", "statusCategory", "creator", "created", "updated", "resolved",
    "lastViewed", "comment", "text", "attachments", "filter", "category", "level", "workRatio", "worklogAuthor",
    "worklogDate", "worklogComment", "issueLinkType", "hierarchyLevel", "parentEpic", "statusCategoryChangedDate",
    "projectType",
)  # fmt: skip
COMPLETED = ("user", "project", "status", "version", "issuetype", "component", "sprint")


def reference(call: Call) -> Answer:
    """GET /jql/autocompletedata: reserved words, fields and functions."""
    return Answer(200, reference_data(call, list(call.site.fields.values())))


def reference_of_projects(call: Call) -> Answer:
    """POST /jql/autocompletedata: the same; of the custom fields those that are in one of the projects named."""
    body = call.json(("projectIds", "includeCollapsedFields"))
    ids = body.get("projectIds")
    if ids is not None and not (isinstance(ids, list) and all(isinstance(i, int) for i in ids)):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    fields = [field for field in call.site.fields.values() if ids is None or _within(call, field, ids)]
    data = reference_data(call, fields)
    if asked.flag(body, "includeCollapsedFields"):
        names = data["visibleFieldNames"]
        assert isinstance(names, list)
        names += _collapsed(call, fields)
    return Answer(200, data)


def _within(call: Call, field: Field, ids: list[int]) -> bool:
    projects = [project for project in call.site.projects.values() if not ids or int(project.id) in ids]
    return not field.custom or any(exists(call.site, field, one.id, kind) for one in projects for kind in one.types)


def _collapsed(call: Call, fields: list[Field]) -> list[Json]:
    """One entry for all fields of one name and type, "Colour[Dropdown]", as getAutoCompletePost describes them; the
    form of an entry is unconfirmed."""
    traits = Traits(call.site, call.asker)
    spoken = Counter(name for field in fields for name in spoken_names(field)[1:])
    return [field_json(encoded(name), name, traits.named(name)[0]) for name, times in spoken.items() if times > 1]


def reference_data(call: Call, fields: Iterable[Field]) -> Json:
    """The reference data. Somebody who is not signed in sees what all see."""
    person = call.person or next(iter(call.site.people.values()))
    traits = Traits(call.site, Asker(person, call.cloud))
    names: list[Json] = []
    for name in ALWAYS:
        names += [field_json(name, name, trait) for trait in traits.named(name)]
    for field in fields:
        if field.custom and not field.searchable:
            continue
        if field.custom:
            number = f"cf[{field.id.removeprefix('customfield_')}]"
            shown = f"{field.name} - {number}"
            names += [field_json(encoded(field.name), shown, t) | {"cfid": number} for t in traits.named(field.id)]
        elif (
            field.id.lower() not in {one.lower() for one in ALWAYS}
            and field.searchable
            and field.kind != "resolutiondate"
        ):
            name = NAMES.get(field.id, field.id)
            names += [field_json(name, name, trait) for trait in traits.named(field.id) if field.kind != "attachment"]
    functions = [function_json(name) for name in FUNCTIONS if function_named(name, cloud=call.cloud)]
    return {
        "visibleFieldNames": sorted(names, key=lambda one: str(one["displayName"]).lower()),
        "visibleFunctionNames": functions,
        "jqlReservedWords": sorted({*KEYWORDS, *RESERVED}),
    }


def field_json(value: str, shown: str, trait: Trait) -> Json:
    """A field for the completion of queries."""
    out: Json = {
        "value": value,
        "displayName": shown,
        "orderable": "true" if trait.order else "false",
        "searchable": "true",
        "operators": list(trait.operators),
        "types": [TYPES.get(trait.kind, "java.lang.String")],
    }
    return out | ({"auto": "true"} if trait.kind in COMPLETED else {})


def function_json(lower: str) -> Json:
    """A function for the completion of queries."""
    function = FUNCTIONS[lower]
    shown = f"{function.name}()" if function.name != "membersOf" else 'membersOf("")'
    out: Json = {"value": shown, "displayName": shown, "types": [TYPES[kind] for kind in function.kinds[:1]]}
    return out | ({"isList": "true"} if function.many else {})


def suggestions(call: Call) -> Answer:
    """GET /jql/autocompletedata/suggestions: up to 15 values of a field (or people for `by`) that hold a text."""
    name, text = call.query.get("fieldName", "").strip('"'), call.query.get("fieldValue", "").strip('"')
    predicate = call.query.get("predicateName")
    if predicate is not None:
        text = call.query.get("predicateValue") or ""
        if predicate.lower() not in ("by", "from", "to"):
            if not call.cloud:
                return Answer(200, {"results": []})
            raise Refusal(400, f"The predicate '{predicate}' is not supported.")  # wording unconfirmed
    if call.person is None:
        return Answer(200, {"results": []})
    traits = Traits(call.site, call.asker)
    named = traits.named(name)
    trait = traits.person_trait("by", lambda _doc: []) if predicate and predicate.lower() == "by" else None
    trait = trait or (named[0] if named else None)
    found = sorted(set(values_of(call, traits, trait))) if trait else []
    lower = text.lower()
    hits = [(value, shown) for shown, value in found if lower in shown.lower()][:15]
    return Answer(200, {"results": [{"value": value, "displayName": bold(shown, text)} for value, shown in hits]})


def values_of(call: Call, traits: Traits, trait: Trait) -> list[tuple[str, str]]:
    """Words a person reads and words a query takes, for the values of a field."""
    site = call.site
    if trait.kind == "user":
        people = site.people.values()
        return [(p.display_name, encoded(p.account_id if call.cloud else p.name)) for p in people if p.active]
    if trait.kind == "project":
        seen = [p for p in site.projects.values() if traits.sees(p.id)]
        return [(f"{p.name} ({p.key})", encoded(p.name)) for p in seen]
    if trait.name == "labels":
        seen_issues = [i for i in site.issues.values() if i.values.get("labels") and site.sees(traits.asker.person, i)]
        labels = {label for issue in seen_issues for label in _texts(issue.values["labels"])}
        return [(label, encoded(label)) for label in labels]
    if trait.kind in ("version", "component"):
        parts = site.versions.values() if trait.kind == "version" else site.components.values()
        return [(part.name, encoded(part.name)) for part in parts if traits.sees(part.project)]
    if trait.kind == "sprint":
        return [(sprint.name, encoded(sprint.name)) for sprint in site.sprints.values()]
    options = site.fields[trait.name].options if trait.name in site.fields else []
    named: Mapping[str, Iterable[Called]] = {
        "status": site.statuses.values(),
        "issuetype": site.types.values(),
        "priority": site.priorities.values(),
        "resolution": site.resolutions.values(),
        "category": site.project_categories.values(),
        "level": site.levels.values(),
        "filter": [kept for kept in site.filters.values() if saved.may_see(site, kept, traits.asker.person)],
    }
    return [(one.name, encoded(one.name)) for one in named.get(trait.name, options)]


def _texts(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def bold(shown: str, text: str) -> str:
    """The words with the text that was looked for in bold."""
    if not text:
        return html.escape(shown)
    pattern = re.compile(re.escape(html.escape(text)), re.IGNORECASE)
    return pattern.sub(lambda found: f"<b>{found[0]}</b>", html.escape(shown))


CLOUD = ("cloud",)
DATA = "api/X/jql/autocompletedata"
ENDPOINTS = [
    Endpoint("POST", "api/X/jql/parse", parse_jql, "parseJqlQueries", CLOUD),
    Endpoint("POST", "api/X/jql/match", match, "matchIssues", CLOUD),
    Endpoint("GET", DATA, reference, "getAutoComplete"),
    Endpoint("POST", DATA, reference_of_projects, "getAutoCompletePost", CLOUD),
    Endpoint("GET", f"{DATA}/suggestions", suggestions, "getFieldAutoCompleteForQueryString"),
]
