"""Endpoints about workspaces and their layouts.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/products
https://www.aha.io/api/resources/custom_table_record_links
https://www.aha.io/api/resources/custom_layouts
"""

from __future__ import annotations

import re

from crosswalk_sandbox.aha import values
from crosswalk_sandbox.aha.call import Call, Table
from crosswalk_sandbox.aha.customs import api_type
from crosswalk_sandbox.aha.normal import normal
from crosswalk_sandbox.aha.refusals import Invalid, Missing
from crosswalk_sandbox.aha.rest_records import moment
from crosswalk_sandbox.aha.show import Json, stamp
from crosswalk_sandbox.aha.state import Note, Product


def products(call: Call) -> object:
    """GET the workspaces."""
    found = [product for product in call.account.products if call.sees(product)]
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


def create_product(call: Call) -> object:
    """POST a workspace; its workflows are those of the first one."""
    given, account = call.given("product"), call.account
    name = values.text(given.get("name"), "Name").strip()
    prefix = values.text(given.get("prefix", given.get("reference_prefix")), "Prefix").strip().upper()
    if not name:
        raise Invalid("Name can't be blank")
    if not PREFIX.fullmatch(prefix) or account.product(prefix) is not None:
        raise Invalid("Prefix is not valid or has already been taken")
    now, model = account.now(), account.products[0]
    note = Note(account.new_id(), normal(values.text(given.get("description"), "Description")), now, now)
    made = Product(account.new_id(), prefix, name, now, now, note, dict(model.workflows), units=model.units)
    account.products.append(made)
    account.notes[note.id] = note
    return {"product": _product(call, made)}


def rename_product(call: Call) -> object:
    """PUT a workspace: its name and description."""
    found, given = call.product("id"), call.given("product")
    name = values.text(given.get("name", found.name), "Name").strip()
    if not name:
        raise Invalid("Name can't be blank")
    text = normal(values.text(given["description"], "Description")) if "description" in given else None
    found.name, found.updated_at = name, call.account.now()
    if text:
        found.description.body, found.description.updated_at = text, found.updated_at
    return {"product": _product(call, found)}


PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,19}", re.ASCII)
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
    """GET one layout, which the document shows without an outer name."""
    for kind in SCREENED:
        if call.args["id"] == str(_screen_id(kind)):
            return _screen(call, kind)
    raise Missing


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    table.add("GET /products", products)
    table.add("GET /products/{id}", product)
    table.add("POST /products", create_product)
    table.add("PUT /products/{id}", rename_product)
    table.add("GET /screen_definitions", screens)
    table.add("GET /screen_definitions/{id}", screen)
