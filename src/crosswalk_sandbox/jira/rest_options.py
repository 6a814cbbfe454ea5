"""Endpoints for the options of custom fields that are chosen from a list.

Jira Cloud REST v3 group "Issue custom field options"; Data Center 10.3 `customFields`, `customFieldOption`.
Documents:
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-custom-field-options/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-customfieldoption/
https://developer.atlassian.com/server/jira/platform/rest/v10003/api-group-customfields/
"""

from __future__ import annotations

from crosswalk_sandbox.jira import asked
from crosswalk_sandbox.jira.contexts import contexts_of, forget_option
from crosswalk_sandbox.jira.refusals import NotThere, Refusal
from crosswalk_sandbox.jira.rest_fields import context_of, field_of
from crosswalk_sandbox.jira.rest_meta import browses
from crosswalk_sandbox.jira.state import Context, Field, Json, Named
from crosswalk_sandbox.jira.tasks import see_task
from crosswalk_sandbox.jira.web import BAD_PAYLOAD, Answer, Call, Endpoint, bean

CHOICES = ("option", "options")
LISTS = (*CHOICES, "cascade")


def option_json(context: Context, option: Named) -> Json:
    """An option; one of a cascading list that stands below another names it: schema CustomFieldContextOption."""
    above, _, own = option.id.rpartition("/")
    below = {"optionId": above} if above else {}
    return {"id": own, "value": option.name, "disabled": option.id in context.disabled, **below}


def _choosing(call: Call, kinds: tuple[str, ...] = CHOICES) -> tuple[Field, Context]:
    """The field and the context. Options of a cascading list are listed and made; they are not changed here."""
    field = field_of(call)
    if field.kind not in kinds:
        raise Refusal(400, "The custom field type does not support options.")  # wording unconfirmed
    return field, context_of(call, field)


def _options(field: Field, context: Context) -> list[Named]:
    by_id = {option.id: option for option in field.options}
    return [by_id[one] for one in context.options if one in by_id]


def list_options(call: Call) -> Answer:
    field, context = _choosing(call, LISTS)
    wanted = call.query.get("optionId")
    held = [o for o in _options(field, context) if not wanted or o.id.rpartition("/")[2] == wanted]
    return Answer(200, bean(call, [option_json(context, option) for option in held], 100, 100))


def _entries(call: Call) -> list[Json]:
    entries = call.json(("options",)).get("options")
    if not isinstance(entries, list) or not 0 < len(entries) <= 1000:
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    if not all(isinstance(entry, dict) for entry in entries):
        raise Refusal(400, BAD_PAYLOAD, bare=True)
    return entries


def _free(value: str, others: list[str]) -> str:
    if value.lower() in (other.lower() for other in others):
        raise Refusal(400, f"The option value '{value}' is used already. Option values must be unique.")  # unconfirmed
    return value


def _above(field: Field, held: list[Named], entry: Json) -> str:
    """The option that a new one is to stand below, by its `optionId`: "For cascading options, the ID of a parent
    option" (schema CustomFieldOptionCreate)."""
    above = entry.get("optionId")
    if above is None:
        return ""
    if field.kind != "cascade" or not any(one.id == above for one in held):
        raise NotThere(f"The option with id '{str(above)[:40]}' does not exist.")  # wording unconfirmed
    return str(above)


def create_options(call: Call) -> Answer:
    field, context = _choosing(call, LISTS)
    made: list[tuple[str, str, bool]] = []
    held = _options(field, context)
    for entry in _entries(call):
        above = _above(field, held, entry)
        names = [one.name for one in held if one.id.rpartition("/")[0] == above]
        names += [name for where, name, _ in made if where == above]
        value = _free(asked.words(entry, "value", "The option value is required."), names)
        made.append((above, value, asked.flag(entry, "disabled")))
    out = []
    for above, value, disabled in made:
        taken = {o.id.rpartition("/")[2] for f in call.site.fields.values() for o in f.options}
        own = next(n for n in iter(lambda: call.site.next_id("option"), "") if n not in taken)
        option = Named(f"{above}/{own}" if above else own, value)
        field.options.append(option)
        context.options.append(option.id)
        if disabled:
            context.disabled.add(option.id)
        out.append(option_json(context, option))
    return Answer(200, {"options": out})


def put_options(call: Call) -> Answer:
    field, context = _choosing(call)
    held, jobs = {o.id: o for o in _options(field, context)}, []
    for entry in _entries(call):
        option = held.get(str(entry.get("id")))
        if option is None:
            raise NotThere(f"The option with id '{str(entry.get('id'))[:40]}' does not exist.")
        others = [o.name for o in held.values() if o is not option]
        value = (
            _free(asked.words(entry, "value", "The option value is required."), others) if "value" in entry else None
        )
        disabled = asked.flag(entry, "disabled", option.id in context.disabled)
        jobs.append((option, value, disabled))
    for option, value, disabled in jobs:
        option.name = value or option.name
        (context.disabled.add if disabled else context.disabled.discard)(option.id)
    return Answer(200, {"options": [option_json(context, option) for option, _, _ in jobs]})


def move_options(call: Call) -> Answer:
    """The named options, in this order, to the front, to the end or after another."""
    field, context = _choosing(call)
    wire = call.json()
    names, after, place = asked.texts(wire, "customFieldOptionIds"), wire.get("after"), wire.get("position")
    known = [option.id for option in _options(field, context)]
    if any(name not in known for name in names) or len(set(names)) != len(names):
        raise NotThere("An option does not exist in this context.")  # wording unconfirmed
    rest = [one for one in known if one not in names]
    if after is not None and str(after) in rest:
        at = rest.index(str(after)) + 1
    elif after is None and place in ("First", "Last"):
        at = 0 if place == "First" else len(rest)
    else:
        raise Refusal(400, "Either 'after' or 'position' must be given.")  # wording unconfirmed
    context.options = [*rest[:at], *names, *rest[at:]]
    return Answer(204)


def delete_option(call: Call) -> Answer:
    """Refused while an issue has it."""
    field, context = _choosing(call)
    one = call.params["optionId"]
    if one not in context.options:
        raise NotThere(f"The option with id '{one[:40]}' does not exist.")
    for issue in call.site.issues.values():
        value = issue.values.get(field.id)
        if value == one or (isinstance(value, list) and one in value):
            raise Refusal(400, "The option is used by an issue.")  # wording unconfirmed
    forget_option(call.site, field, one)
    return Answer(204)


def replace_option(call: Call) -> Answer:
    """Takes an option off every issue, putting `replaceWith` in its place; 303 with the address of a task."""
    field, context = _choosing(call)
    one, instead = call.params["optionId"], call.query.get("replaceWith")
    if one not in context.options or (instead is not None and instead not in context.options):
        raise NotThere("The option does not exist in this context.")  # wording unconfirmed
    place, off = list(context.options), one in context.disabled
    named = next(option for option in field.options if option.id == one)
    forget_option(call.site, field, one, instead)
    field.options.append(named)
    context.options = place
    if off:
        context.disabled.add(one)
    return see_task(call)


def get_option(call: Call) -> Answer:
    """An option by its id alone."""
    for field in call.site.fields.values() if browses(call) else ():
        for option in field.options:
            if option.id == call.params["id"]:
                own: Json = {"self": f"{call.view.base}/customFieldOption/{option.id}", "value": option.name}
                more: Json = {"id": int(option.id), "disabled": False, "childrenIds": []}
                return Answer(200, own if call.cloud else own | more)
    raise NotThere(f"A custom field option with id '{call.params['id'][:40]}' does not exist")


def dc_options(call: Call) -> Answer:
    """The options of a field, whose id is the number or `customfield_` and it."""
    given = call.params["customFieldId"]
    field = call.site.fields.get(given) or call.site.fields.get(f"customfield_{given}")
    if field is None or not field.custom:
        raise NotThere(f"The custom field with id '{given[:40]}' does not exist.")
    words, size = call.query.get("query", "").lower(), call.number("maxResults", 100, 10000)
    page = max(1, call.number("page", 1, 10**6))
    held = [(c, o) for c in contexts_of(call.site, field) for o in _options(field, c) if words in o.name.lower()]
    out: list[Json] = []
    for context, option in held[(page - 1) * size : page * size]:
        own = f"{call.view.base}/customFieldOption/{option.id}"
        off = option.id in context.disabled
        out.append({"self": own, "id": int(option.id), "value": option.name, "disabled": off, "childrenIds": []})
    return Answer(200, {"options": out, "total": len(held)})


CLOUD, DC = ("cloud",), ("dc",)
OPTION = "api/X/field/{fieldId}/context/{contextId}/option"
ENDPOINTS = [
    Endpoint("GET", OPTION, list_options, "getOptionsForContext", CLOUD),
    Endpoint("POST", OPTION, create_options, "createCustomFieldOption", CLOUD),
    Endpoint("PUT", OPTION, put_options, "updateCustomFieldOption", CLOUD),
    Endpoint("PUT", f"{OPTION}/move", move_options, "reorderCustomFieldOptions", CLOUD),
    Endpoint("DELETE", f"{OPTION}/{{optionId}}", delete_option, "deleteCustomFieldOption", CLOUD),
    Endpoint("DELETE", f"{OPTION}/{{optionId}}/issue", replace_option, "replaceCustomFieldOption", CLOUD),
    Endpoint("GET", "api/X/customFieldOption/{id}", get_option, "getCustomFieldOption"),
    Endpoint("GET", "api/X/customFields/{customFieldId}/options", dc_options, "getCustomFieldOptions", DC),
]
