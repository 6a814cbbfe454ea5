"""Endpoints for features, requirements, epics, releases, initiatives and goals.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/features
https://www.aha.io/api/resources/custom_table_record_links
https://www.aha.io/api/resources/requirements
https://www.aha.io/api/resources/epics
https://www.aha.io/api/resources/releases
https://www.aha.io/api/resources/initiatives
https://www.aha.io/api/resources/goals
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from crosswalk_sandbox.aha import actions
from crosswalk_sandbox.aha.call import NOTHING, Call, Endpoint, Table
from crosswalk_sandbox.aha.forms import long_form
from crosswalk_sandbox.aha.refusals import Bad, Invalid, Missing
from crosswalk_sandbox.aha.show import PLURAL
from crosswalk_sandbox.aha.state import Kind, Product, Record


def moment(text: str, name: str) -> datetime:
    """A moment in ISO 8601; without a zone it is UTC. Raises Bad."""
    # A "+" before the zone that was not escaped in the query arrives as a blank.
    for form in (text.strip(), text.strip().replace(" ", "+")):
        try:
            found = datetime.fromisoformat(form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise Bad(f"{name} is not an ISO 8601 time")


def filtered(call: Call, records: Iterable[Record]) -> list[Record]:
    """The records that pass the filters every list of records has: `q`, `tag`, `updated_since`, `assigned_to_user`.
    https://www.aha.io/api/resources/features/list_features"""
    tests: list[Callable[[Record], bool]] = []
    query = call.query
    if query.get("q"):
        words = query["q"].lower()
        tests.append(lambda record: words in record.name.lower())
    if query.get("tag"):
        tests.append(lambda record: query["tag"] in record.tags)
    if query.get("updated_since"):
        since = moment(query["updated_since"], "updated_since")
        tests.append(lambda record: record.updated_at >= since)
    if query.get("assigned_to_user"):
        user = call.account.user(query["assigned_to_user"])
        tests.append(lambda record: user is not None and record.owner is user)
    if not tests:
        return list(records)
    return [record for record in records if all(test(record) for test in tests)]


# ---- reading, changing, deleting one record ------------------------------------------------------------


def read(kind: Kind) -> Endpoint:
    """GET of one record."""

    def endpoint(call: Call) -> object:
        seen = list(call.account.past.seen("stale", call.path, [call.record(kind)], call.account.now()))
        if not seen:
            raise Missing
        return call.one(seen[0])

    return endpoint


def change(kind: Kind, *, unwrapped: bool = False) -> Endpoint:
    """PUT of one record. `unwrapped`: the documents show this kind without its outer name as well."""

    def endpoint(call: Call) -> object:
        record = call.record(kind)
        given = call.body if unwrapped and kind not in call.body else call.given(kind)
        return call.one(actions.update(call.account, call.user, record, given))

    return endpoint


def remove(kind: Kind) -> Endpoint:
    """DELETE of one record."""

    def endpoint(call: Call) -> object:
        actions.delete(call.account, call.user, call.record(kind))
        return NOTHING

    return endpoint


def _in_product(call: Call, kind: Kind) -> Record:
    """The record of a path that names the workspace too. Raises Missing when it is not of that workspace."""
    product, record = call.product(), call.record(kind)
    if record.product is not product:
        raise Missing
    return record


def change_in_product(kind: Kind) -> Endpoint:
    """PUT of a record whose path names the workspace."""

    def endpoint(call: Call) -> object:
        record = _in_product(call, kind)
        return call.one(actions.update(call.account, call.user, record, call.given(kind)))

    return endpoint


def remove_in_product(kind: Kind) -> Endpoint:
    """DELETE of a record whose path names the workspace."""

    def endpoint(call: Call) -> object:
        actions.delete(call.account, call.user, _in_product(call, kind))
        return NOTHING

    return endpoint


# ---- lists ---------------------------------------------------------------------------------------------


def everywhere(kind: Kind) -> Endpoint:
    """The list of a kind over the whole account."""
    return lambda call: _listed(call, kind, call.account.all(kind))


def of_product(kind: Kind) -> Endpoint:
    """The list of a kind in one workspace."""

    def endpoint(call: Call) -> object:
        product = call.product()
        return _listed(call, kind, (record for record in call.account.all(kind) if record.product is product))

    return endpoint


def of_record(kind: Kind, holder: Kind) -> Endpoint:
    """The list of a kind that belongs to a release, an epic, an initiative or a goal."""

    def endpoint(call: Call) -> object:
        held_by = call.record(holder)
        if holder == "goal":
            return _listed(call, kind, (r for r in call.account.all(kind) if held_by in r.goals))
        if kind == "release":
            return _listed(call, kind, (r for r in call.account.all(kind) if held_by in r.initiatives))
        return _listed(call, kind, (r for r in call.account.all(kind) if getattr(r, holder) is held_by))

    return endpoint


def _listed(call: Call, kind: Kind, records: Iterable[Record]) -> object:
    indexed = call.account.past.seen("lag", call.path, records, call.account.now())
    visible = (record for record in indexed if call.sees(record.product))
    # Goals take no filters: https://www.aha.io/api/resources/goals/list_goals
    found = list(visible) if kind in ("goal", "page") else filtered(call, visible)
    if kind == "initiative" and call.query.get("only_active") == "true":
        found = [one for one in found if not one.status.complete]
    if kind == "release":
        return call.records(kind, _releases(call, found), call.show.release)
    if kind in ("initiative", "goal"):
        return call.records(kind, found, lambda record: long_form(call.show, record))
    return call.records(kind, found)


def _releases(call: Call, found: list[Record]) -> list[Record]:
    if call.query.get("parking_lot") == "true":
        found = [release for release in found if release.parking_lot]
    if call.query.get("exclude_shipped") == "true":
        found = [release for release in found if release.status.category != "shipped"]
    return found


def goals_of_initiative(call: Call) -> object:
    """GET the goals of an initiative."""
    found = call.record("initiative").goals
    return call.records("goal", found, lambda record: long_form(call.show, record))


def requirements(call: Call) -> object:
    """GET the requirements of a feature, in the long form."""
    feature = call.record("feature")
    found = filtered(call, feature.requirements)
    return call.records("requirement", found, lambda record: long_form(call.show, record))


# ---- creating ------------------------------------------------------------------------------------------


def _default_release(call: Call, product: Product) -> Record:
    """The first release of a workspace that is neither shipped nor a parking lot. Raises Invalid."""
    own = [release for release in call.account.all("release") if release.product is product]
    found = next((r for r in own if not r.parking_lot and r.status.category != "shipped"), None)
    if found is None:
        raise Invalid("The workspace has no release")
    return found


def create_in_release(kind: Kind) -> Endpoint:
    """POST a feature or an epic to a release."""

    def endpoint(call: Call) -> object:
        return _create_below(call, kind, call.record("release"))

    return endpoint


def create_epic_in_product(call: Call) -> object:
    """POST an epic to a workspace: it goes into the default release."""
    return _create_below(call, "epic", _default_release(call, call.product()))


def _create_below(call: Call, kind: Kind, release: Record) -> object:
    given = call.given(kind)
    record = actions.blank(call.account, kind, release.product, call.user)
    record.release = release
    siblings = [other for other in call.account.all(kind) if other.release is release]
    return call.one(actions.create(call.account, call.user, record, given, siblings=siblings))


def create_requirement(call: Call) -> object:
    """POST a requirement to a feature."""
    feature, given = call.record("feature"), call.given("requirement")
    record = actions.blank(call.account, "requirement", feature.product, call.user)
    record.parent = feature
    return call.one(actions.create(call.account, call.user, record, given, siblings=feature.requirements))


def create_in_product(kind: Kind) -> Endpoint:
    """POST a release, an initiative or a goal to a workspace."""

    def endpoint(call: Call) -> object:
        product, given = call.product(), call.given(kind)
        record = actions.blank(call.account, kind, product, call.user)
        siblings = [other for other in call.account.all(kind) if other.product is product]
        return call.one(actions.create(call.account, call.user, record, given, siblings=siblings))

    return endpoint


def feature_to_epic(call: Call) -> object:
    """POST convert_to_epic. The document shows the answer under an empty name; that is imitated."""
    made = actions.convert(call.account, call.user, call.record("feature"), "epic")
    return {"": long_form(call.show, made)}


def requirement_to_feature(call: Call) -> object:
    """POST convert_to_feature."""
    return call.one(actions.convert(call.account, call.user, call.record("requirement"), "feature"))


def duplicate_release(call: Call) -> object:
    """POST a copy of a release without its features; answers its id and name, as the document shows."""
    source = call.record("release")
    copy = actions.blank(call.account, "release", source.product, call.user)
    copy.start, copy.due, copy.release_date = source.start, source.due, source.release_date
    copy.parking_lot = source.parking_lot
    given = {"name": f"[Copy] {source.name}", "theme": source.description.body}
    made = actions.create(call.account, call.user, copy, given)
    return {"release": {"id": made.id, "name": made.name}}


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    placed: tuple[Kind, ...] = ("feature", "requirement", "epic")
    aims: tuple[Kind, ...] = ("release", "initiative", "goal")
    for kind in placed:
        _three(table, kind, PLURAL[kind])
    for kind in aims:
        _in_workspace(table, kind, PLURAL[kind])
    _lists(table)
    table.add("POST /releases/{id}/features", create_in_release("feature"))
    table.add("POST /releases/{id}/epics", create_in_release("epic"))
    table.add("POST /products/{product}/epics", create_epic_in_product)
    table.add("GET /features/{id}/requirements", requirements)
    table.add("POST /features/{id}/requirements", create_requirement)
    table.add("POST /features/{id}/convert_to_epic", feature_to_epic)
    table.add("POST /requirements/{id}/convert_to_feature", requirement_to_feature)
    table.add("POST /releases/{id}/duplicate", duplicate_release)


def _three(table: Table, kind: Kind, plural: str) -> None:
    table.add(f"GET /{plural}/{{id}}", read(kind))
    table.add(f"PUT /{plural}/{{id}}", change(kind, unwrapped=kind == "epic"))
    table.add(f"DELETE /{plural}/{{id}}", remove(kind))


def _in_workspace(table: Table, kind: Kind, plural: str) -> None:
    table.add(f"GET /{plural}/{{id}}", read(kind))
    table.add(f"PUT /{plural}/{{id}}", change(kind))
    table.add(f"GET /products/{{product}}/{plural}", of_product(kind))
    table.add(f"POST /products/{{product}}/{plural}", create_in_product(kind))
    table.add(f"PUT /products/{{product}}/{plural}/{{id}}", change_in_product(kind))
    table.add(f"DELETE /products/{{product}}/{plural}/{{id}}", remove_in_product(kind))
    if kind != "release":  # there is no list of all releases of an account
        table.add(f"GET /{plural}", everywhere(kind))


def _lists(table: Table) -> None:
    kinds: tuple[Kind, ...] = ("feature", "epic")
    all_holders: tuple[Kind, ...] = ("release", "initiative", "goal")
    for kind in kinds:
        plural = PLURAL[kind]
        table.add(f"GET /{plural}", everywhere(kind))
        table.add(f"GET /products/{{product}}/{plural}", of_product(kind))
        for holder in all_holders:
            table.add(f"GET /{PLURAL[holder]}/{{id}}/{plural}", of_record(kind, holder))
    table.add("GET /epics/{id}/features", of_record("feature", "epic"))
    table.add("GET /initiatives/{id}/releases", of_record("release", "initiative"))
    table.add("GET /initiatives/{id}/goals", goals_of_initiative)
    table.add("GET /goals/{id}/releases", of_record("release", "goal"))
    table.add("GET /goals/{id}/initiatives", of_record("initiative", "goal"))
