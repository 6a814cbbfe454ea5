"""Endpoints about the account: people, workspaces, workflows, custom field definitions, audits, deletions.

Paths and parameters: https://www.aha.io/api/resources/users and its siblings. Knows no HTTP server.
"""

from __future__ import annotations

from collections.abc import Callable

from crosswalk_sandbox.aha import actions, values
from crosswalk_sandbox.aha.call import Call, Table
from crosswalk_sandbox.aha.customs import api_type
from crosswalk_sandbox.aha.refusals import Bad, Invalid, Missing
from crosswalk_sandbox.aha.rest_records import moment
from crosswalk_sandbox.aha.show import Json, stamp
from crosswalk_sandbox.aha.state import KINDS, OWNER, ROLE_NAMES, Audit, CustomField, Deletion, Product, User, Workflow

# ---- people --------------------------------------------------------------------------------------------


def _roles(call: Call, user: User) -> list[Json]:
    return [
        {
            "role": user.role,
            "role_description": ROLE_NAMES[user.role],
            "product_id": product.id,
            "product_name": product.name,
        }
        for product in call.account.products
    ]


def _person(call: Call, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "timezone": user.timezone,
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.updated_at),
        "accessed_at": None,
        "product_roles": _roles(call, user),
    }


def _profile(call: Call, user: User) -> Json:
    owner = user.role == OWNER
    return {
        **_person(call, user),
        "user_roles": [],
        "enabled": user.enabled,
        "paid_seat": owner,
        "roadmaps_seat": owner,
        "develop_seat": False,
        "teamwork_seat": False,
        "administrator": owner,
        "administrator_roles": {
            "administer_account": owner,
            "administer_billing": owner,
            "administer_configuration": owner,
        },
        "identity_provider": {"type": "password"},
    }


def me(call: Call) -> object:
    """GET who the key belongs to."""
    account = call.account
    return {
        "user": {
            **_person(call, call.user),
            "accessed_at": stamp(account.now()),
            "preferences": {"current_product_id": int(account.products[0].id)},
            "accounts": [
                {
                    "account": {
                        "name": account.name,
                        "domain": account.domain,
                        "logo": None,
                        "alt_logo": None,
                        "enabled": True,
                    }
                }
            ],
        }
    }


def users(call: Call) -> object:
    """GET the people of the account, `email` filters."""
    email = call.query.get("email")
    found = [user for user in call.account.users if not email or user.email == email.lower()]
    return call.page("users", found, lambda user: _profile(call, user))


def user(call: Call) -> object:
    """GET one person by id or e-mail."""
    found = call.account.user(call.args["id"])
    if found is None:
        raise Missing
    profile = _profile(call, found)
    del profile["user_roles"]
    return {"user": profile}


def user_roles(call: Call) -> object:
    """GET the workspaces of a person."""
    found = call.account.user(call.args["id"])
    if found is None:
        raise Missing
    return call.page("product_roles", _roles(call, found), lambda role: role)


def product_users(call: Call) -> object:
    """GET the people of a workspace."""
    call.product()
    return call.page(
        "project_users",
        call.account.users,
        lambda one: {
            "role": one.role,
            "role_description": ROLE_NAMES[one.role],
            "user": call.show.user(one),
        },
    )


# ---- workspaces ----------------------------------------------------------------------------------------


def products(call: Call) -> object:
    """GET the workspaces."""
    found = call.account.products
    if call.query.get("updated_since"):
        since = moment(call.query["updated_since"], "updated_since")
        found = [product for product in found if product.updated_at >= since]
    return call.page("products", found, call.show.project)


def product(call: Call) -> object:
    """GET one workspace."""
    return {"product": _product(call, call.product("id"))}


def _product(call: Call, found: Product) -> Json:
    def flow(kind: str, workflow_type: str) -> Json:
        workflow = found.workflows[kind]
        return {
            "id": int(workflow.id),
            "name": workflow.name,
            "statusable_type": workflow.statusable_type,
            "workflow_type": workflow_type,
        }

    short = call.show.project(found)
    return {
        **{name: short[name] for name in ("id", "reference_prefix", "name", "product_line")},
        "product_line_type": None,
        "created_at": stamp(found.created_at),
        "updated_at": stamp(found.updated_at),
        "description": call.show.note(found.description),
        "url": short["url"],
        "resource": f"{call.show.base}/api/v1/products/{found.prefix}",
        "children": [],
        "custom_fields": [],
        "screen_definition_ids": _screen_ids(),
        "screen_definitions": _screens(call),
        "has_ideas": False,
        "has_master_features": True,
        "has_epics": True,
        **{
            f"{kind}_workflow": flow(kind, kind) for kind in ("release", "requirement", "feature", "initiative", "epic")
        },
        "strategic_imperative_workflow": flow("goal", "strategic_imperative"),
        "capacity_planning_enabled": True,
        "default_capacity_units": found.units,
        "enhanced_capacity_planning_enabled": False,
        "workspace_type": "product_workspace",
    }


def rename_product(call: Call) -> object:
    """PUT a workspace: its name and description."""
    found, given = call.product("id"), call.given("product")
    name = values.text(given.get("name", found.name), "Name").strip()
    if not name:
        raise Invalid("Name can't be blank")
    found.name, found.updated_at = name, call.account.now()
    return {"product": _product(call, found)}


SCREENED = ("Feature", "Requirement", "Epic", "Release", "Initiative")


def _screen_id(kind: str) -> int:
    return 7_300_000_000_000_000_000 + SCREENED.index(kind)


def _screen_ids() -> Json:
    return {kind: _screen_id(kind) for kind in SCREENED}


def _screens(call: Call) -> list[Json]:
    return [_screen(call, kind) for kind in SCREENED]


def _screen(call: Call, kind: str) -> Json:
    own = [field for field in call.account.custom_fields if field.fieldable_type == kind]
    return {
        "id": _screen_id(kind),
        "screenable_type": kind,
        "name": f"Default {kind.lower()} layout",
        "custom_field_definitions": [
            {
                "id": int(field.id),
                "key": field.key,
                "position": position,
                "name": field.name,
                "type": field.type,
                "api_type": api_type(field),
                "required": False,
            }
            for position, field in enumerate(own, 1)
        ],
    }


def screens(call: Call) -> object:
    """GET the layouts: which custom fields each record type has."""
    return {"screen_definitions": _screens(call)}


def screen(call: Call) -> object:
    """GET one layout."""
    for kind in SCREENED:
        if call.args["id"] == str(_screen_id(kind)):
            return {"screen_definition": _screen(call, kind)}
    raise Missing


# ---- workflows and custom field definitions ------------------------------------------------------------


def workflows(call: Call) -> object:
    """GET the workflows of a workspace, each once. Not paged."""
    once: dict[str, Workflow] = {flow.id: flow for flow in call.product().workflows.values()}
    return {"workflows": [call.show.workflow(flow) for flow in once.values()]}


def workflow(call: Call) -> object:
    """GET one workflow."""
    found = call.account.workflows.get(call.args["id"])
    if found is None:
        raise Missing
    return {"workflow": call.show.workflow(found)}


def definitions(call: Call) -> object:
    """GET the custom field definitions of the account. Not paged."""
    return {
        "custom_field_definitions": [
            {
                "name": field.name,
                "id": field.id,
                "key": field.key,
                "type": field.type,
                "custom_fieldable_type": field.fieldable_type,
                "internal_name": None,
            }
            for field in call.account.custom_fields
        ]
    }


def _definition(call: Call) -> CustomField:
    found = next((field for field in call.account.custom_fields if field.id == call.args["id"]), None)
    if found is None:
        raise Missing
    return found


def options(call: Call) -> object:
    """GET the options of a custom field as a form shows them."""
    found = _definition(call).options
    return {"options": [{"text": text, "value": key, "meta": {"color": color}} for key, text, color in found]}


def option_list(call: Call) -> object:
    """GET the options of a custom field as they are administered."""
    return {
        "custom_field_options": [
            {"id": key, "value": text, "color": int(color.lstrip("#"), 16), "hidden": False}
            for key, text, color in _definition(call).options
        ]
    }


def _option_values(call: Call) -> tuple[str, str]:
    given = call.given("custom_field_option")
    text = values.text(given.get("value"), "Value").strip()
    if not text:
        raise Invalid("Value can't be blank")
    color = values.number(given.get("color", 0x666666), "Color", most=0xFFFFFF)
    return text, f"#{int(color or 0):06x}"


def create_option(call: Call) -> object:
    """POST an option; answers its bare text, as the document shows."""
    field, (text, color) = _definition(call), _option_values(call)
    if any(text == present for _, present, _ in field.options):
        raise Invalid("Value has already been taken")
    field.options.append((call.account.new_id(), text, color))
    return text


def _option(call: Call, field: CustomField) -> int:
    for place, (key, _, _) in enumerate(field.options):
        if key == call.args["option"]:
            return place
    raise Missing


def change_option(call: Call) -> object:
    """PUT an option: rename it. Records that carry it show the new text."""
    field = _definition(call)
    place, (text, color) = _option(call, field), _option_values(call)
    key, old, _ = field.options[place]
    field.options[place] = (key, text, color)
    _rename_values(call, field, old, text)
    return text


def _rename_values(call: Call, field: CustomField, old: str, new: str) -> None:
    for kind in KINDS:
        for record in call.account.all(kind):
            value = record.custom.get(field.key)
            if value is None or value.definition is not field:
                continue
            if isinstance(value.value, list):
                value.value = [new if one == old else one for one in value.value]
            elif value.value == old:
                value.value = new


def delete_option(call: Call) -> object:
    """DELETE an option; answers 200 with its text, as the document shows."""
    field = _definition(call)
    return field.options.pop(_option(call, field))[1]


# ---- audits and deletions ------------------------------------------------------------------------------


def _audit(call: Call, audit: Audit) -> Json:
    user_json = call.show.user(audit.user)
    return {
        "id": audit.id,
        "audit_action": audit.action,
        "created_at": stamp(audit.created_at),
        "interesting": audit.interesting,
        "user": user_json,
        "contributors": [{"user": user_json}],
        "auditable_type": audit.auditable_type,
        "auditable_id": int(audit.auditable_id),
        "associated_type": audit.associated_type,
        "associated_id": int(audit.associated_id),
        "description": audit.description,
        "auditable_url": call.show.base + audit.path,
        "changes": [{"field_name": name, "value": value} for name, value in audit.changes],
    }


def _plain(value: str) -> str:
    """`CustomFieldValue`, as a query writes it, in the form of an answer: `custom_field_value`."""
    return "".join(f"_{c.lower()}" if c.isupper() and n else c.lower() for n, c in enumerate(value))


def audits(call: Call) -> object:
    """GET the history, oldest first: by kind, id, associated record, action, user, time, and `after_id`."""
    query, found = call.query, call.account.audits
    after = query.get("after_id")
    if after:
        if not after.isascii() or not after.isdecimal() or len(after) > 30:
            raise Bad("after_id is not an id")
        found = found[_first_after(found, int(after)) :]
    for name, read in (("created_since", 1), ("created_before", -1)):
        if query.get(name):
            edge = moment(query[name], name)
            found = [a for a in found if (a.created_at >= edge if read > 0 else a.created_at < edge)]
    tests: dict[str, Callable[[Audit], str]] = {
        "auditable_id": lambda a: a.auditable_id,
        "associated_id": lambda a: a.associated_id,
        "audit_action": lambda a: a.action,
        "user_id": lambda a: a.user.id,
    }
    for name, read_audit in tests.items():
        if query.get(name):
            found = [audit for audit in found if read_audit(audit) == query[name]]
    for name in ("auditable_type", "associated_type"):
        if query.get(name):
            wanted = _plain(query[name])
            found = [audit for audit in found if getattr(audit, name) == wanted]
    return call.page("audits", found, lambda audit: _audit(call, audit))


def _first_after(audits: list[Audit], number: int) -> int:
    """Where the audits with a larger id begin; the list is in order of ids."""
    low, high = 0, len(audits)
    while low < high:
        middle = (low + high) // 2
        if int(audits[middle].id) > number:
            high = middle
        else:
            low = middle + 1
    return low


def _deletion(deletion: Deletion, status: str) -> Json:
    record, by = deletion.record, deletion.deleted_by
    return {
        "status": status,
        "record": {
            "name": record.name,
            "type": "StrategicImperative" if record.kind == "goal" else record.kind.capitalize(),
            "reference_num": record.ref,
        },
        "deleted_by": {"id": int(by.id), "name": by.name, "email": by.email},
        "id": deletion.id,
        "deleted_at": stamp(deletion.deleted_at),
    }


def deletions(call: Call) -> object:
    """GET the recycle bin, newest first; it keeps seven days."""
    now = call.account.now()
    recent = [d for d in call.account.deletions.values() if (now - d.deleted_at).days < 7]
    return call.page("deletions", recent[::-1], lambda deletion: _deletion(deletion, "deleted"))


def restore(call: Call) -> object:
    """POST restore: take a record out of the recycle bin."""
    found = call.account.deletions.get(call.args["id"])
    if found is None:
        raise Missing
    actions.restore(call.account, call.user, found)
    return {"deletion": _deletion(found, "restore_in_progress")}


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    table.add("GET /me", me)
    table.add("GET /users", users)
    table.add("GET /users/{id}", user)
    table.add("GET /users/{id}/product_roles", user_roles)
    table.add("GET /products", products)
    table.add("GET /products/{id}", product)
    table.add("PUT /products/{id}", rename_product)
    table.add("GET /products/{product}/users", product_users)
    table.add("GET /products/{product}/workflows", workflows)
    table.add("GET /workflows/{id}", workflow)
    table.add("GET /screen_definitions", screens)
    table.add("GET /screen_definitions/{id}", screen)
    table.add("GET /custom_field_definitions", definitions)
    stem = "/custom_field_definitions/{id}"
    table.add(f"GET {stem}/options", options)
    table.add(f"GET {stem}/custom_field_options", option_list)
    table.add(f"POST {stem}/custom_field_options", create_option)
    table.add(f"PUT {stem}/custom_field_options/{{option}}", change_option)
    table.add(f"DELETE {stem}/custom_field_options/{{option}}", delete_option)
    table.add("GET /audits", audits)
    table.add("GET /deletions", deletions)
    table.add("POST /deletions/{id}/restore", restore)
