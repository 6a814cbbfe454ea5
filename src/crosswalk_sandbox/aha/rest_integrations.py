"""Endpoints for integrations and the fields they keep on records: how a record shows its Jira issue.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/integration_fields
https://www.aha.io/api/resources/integrations
https://www.aha.io/api/resources/integration_changes
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from crosswalk_sandbox.aha import actions, values
from crosswalk_sandbox.aha.call import NOTHING, Call, Endpoint, Table
from crosswalk_sandbox.aha.forms import long_form
from crosswalk_sandbox.aha.refusals import Bad, Invalid, Missing
from crosswalk_sandbox.aha.show import PLURAL
from crosswalk_sandbox.aha.state import Integration, IntegrationField, Kind, Product, Record


def _integrations(call: Call, product: Product | None) -> list[Integration]:
    return [found for found in call.account.integrations.values() if found.product is product]


def list_integrations(call: Call) -> object:
    """GET the integrations of a workspace, or of the account where the path names none; short form."""
    product = call.product() if "product" in call.args else None
    return call.page(
        "integrations",
        _integrations(call, product),
        lambda found: {
            name: call.show.integration(found)[name] for name in ("id", "name", "service_name", "created_at")
        },
    )


def create_integration(call: Call) -> object:
    """POST an integration to a workspace or to the account."""
    product = call.product() if "product" in call.args else None
    given = call.given("integration")
    service = values.text(given.get("service_name"), "Service name").strip()
    if not service or not service.replace("_", "").isalnum():
        raise Invalid("Service name is not valid")
    account, now = call.account, call.account.now()
    version = values.number(given.get("integration_version", 1), "Integration version")
    made = Integration(
        account.new_id(),
        service,
        values.text(given.get("name"), "Name") or service.replace("_", " ").capitalize(),
        values.flag(given.get("enabled", False), "Enabled"),
        product,
        hashlib.sha256(f"callback {len(account.integrations)}".encode()).hexdigest()[:32],
        now,
        now,
        values.text(given.get("template_id"), "Template") or None,
        2 if version == 2 else 1,
    )
    account.integrations[made.id] = made
    return {"integration": call.show.integration(made)}


def _integration(call: Call) -> Integration:
    """The integration in the path, by id or service name, within the workspace of the path."""
    key = call.args["integration"]
    found = call.account.integrations.get(key)
    if "product" in call.args:
        own = _integrations(call, call.product())
        found = found if found in own else next((one for one in own if one.service_name == key), None)
    if found is None:
        raise Missing
    return found


def read_integration(call: Call) -> object:
    """GET an integration by id or service name."""
    return {"integration": call.show.integration(_integration(call))}


def change_integration(call: Call) -> object:
    """PUT an integration: switch it on or off."""
    found, given = _integration(call), call.given("integration")
    if "enabled" in given:
        found.enabled = values.flag(given["enabled"], "Enabled")
    if given.get("name"):
        found.name = values.text(given["name"], "Name")
    found.updated_at = call.account.now()
    return {"integration": call.show.integration(found)}


def send_to_integration(call: Call) -> object:
    """POST integration_changes: as if a person pressed "Send to ...". The stand-in's integrations send nothing."""
    wanted = values.text(call.body.get("integration_id"), "Integration")
    name = values.text(call.body.get("model_class"), "Model class").lower()
    key = values.text(call.body.get("model_id"), "Model")
    kind = next((kind for kind in INTEGRATED if kind == name), None)
    if wanted not in call.account.integrations or kind is None or call.account.find(kind, key) is None:
        raise Missing
    return {"status": "success"}


# ---- integration fields --------------------------------------------------------------------------------


def _named_integration(call: Call, record: Record) -> Integration:
    """The integration a field is written for. By service name it is deprecated, and served. Raises Bad."""
    key = call.args["integration"]
    found = call.account.integrations.get(key)
    if found is None:
        own = _integrations(call, record.product)
        found = next((one for one in own if one.service_name == key), None)
    if found is None:
        raise Bad("The integration does not exist")
    return found


def write_fields(kind: Kind) -> Endpoint:
    """POST one integration field, or many. The answer to many differs between documents, so a setting decides."""

    def endpoint(call: Call) -> object:
        record = call.record(kind)
        integration = _named_integration(call, record)
        many = call.body.get("integration_fields")
        if many is None:
            given = call.given("integration_field")
            made = actions.write_field(call.account, record, integration, given.get("name"), given.get("value"))
            return {"integration_field": call.show.single_field(made)}
        if not isinstance(many, list) or not all(isinstance(one, Mapping) for one in many):
            raise Bad("integration_fields is not a list of objects")
        for one in many:
            if not values.text(one.get("name"), "Name").strip():
                raise Invalid("Name can't be blank")
            values.text(one.get("value"), "Value")
        written = [
            actions.write_field(call.account, record, integration, one.get("name"), one.get("value")) for one in many
        ]
        if call.account.settings.many_fields_answer == "object":
            return dict.fromkeys((field.id for field in written), None)
        return [int(field.id) for field in written]

    return endpoint


def list_fields(kind: Kind) -> Endpoint:
    """GET the fields that an integration keeps on a record."""

    def endpoint(call: Call) -> object:
        record = call.record(kind)
        integration = _named_integration(call, record)
        own = [field for field in record.fields if field.integration is integration]
        return {"integration_fields": [call.show.field(field) for field in own]}

    return endpoint


def read_field(kind: Kind) -> Endpoint:
    """GET one integration field of a record."""

    def endpoint(call: Call) -> object:
        record, name = call.record(kind), call.args["name"]
        integration = _named_integration(call, record)
        for field in record.fields:
            if field.integration is integration and field.name == name:
                return {"integration_field": call.show.single_field(field)}
        raise Missing

    return endpoint


def delete_field(call: Call) -> object:
    """DELETE an integration field."""
    found = call.account.fields.get(call.args["id"])
    if found is None:
        raise Missing
    call.account.drop_field(found)
    found.record.fields.remove(found)
    return NOTHING


def search_fields(kind: Kind) -> Endpoint:
    """GET the records of a kind that carry such an integration field: from a Jira key to the Aha! record."""

    def endpoint(call: Call) -> object:
        hits = call.account.fields_with(call.args["name"], call.args["value"])
        return _hits(call, [hit for hit in hits if hit.record.kind == kind])

    return endpoint


def search_integration(call: Call) -> object:
    """GET the records that carry such a field of one integration."""
    wanted = call.args["integration"]
    if wanted not in call.account.integrations:
        raise Missing
    hits = call.account.fields_with(call.args["name"], call.args["value"])
    return _hits(call, [hit for hit in hits if hit.integration.id == wanted])


def _hits(call: Call, hits: list[IntegrationField]) -> object:
    def shown(hit: IntegrationField) -> object:
        where = {"integration_id": call.show.id(hit.integration.id), "service_name": hit.integration.service_name}
        return {hit.record.kind: {**where, **long_form(call.show, hit.record)}}

    return call.page("records", hits, shown)


INTEGRATED: tuple[Kind, ...] = ("feature", "requirement", "epic", "release", "initiative")


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    for kind in INTEGRATED:
        plural = PLURAL[kind]
        stem = f"/{plural}/{{id}}/integrations/{{integration}}/fields"
        table.add(f"POST {stem}", write_fields(kind))
        table.add(f"GET {stem}", list_fields(kind))
        table.add(f"GET {stem}/{{name}}", read_field(kind))
        table.add(f"GET /{plural}/fields/{{name}}/value/{{value}}", search_fields(kind))
    for stem in ("/integrations", "/products/{product}/integrations"):
        table.add(f"GET {stem}", list_integrations)
        table.add(f"POST {stem}", create_integration)
        table.add(f"GET {stem}/{{integration}}", read_integration)
        table.add(f"PUT {stem}/{{integration}}", change_integration)
    table.add("GET /integrations/{integration}/fields/{name}/value/{value}", search_integration)
    table.add("DELETE /integration_fields/{id}", delete_field)
    table.add("POST /integration_changes", send_to_integration)
