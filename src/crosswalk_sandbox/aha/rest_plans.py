"""Endpoints for release phases, roll-up releases, key results, notes (pages) and to-dos.

Knows no HTTP server.
Documents:
https://www.aha.io/api/resources/release_phases
https://www.aha.io/api/resources/key_results
https://www.aha.io/api/resources/notes
https://www.aha.io/api/resources/to-dos
https://www.aha.io/api/resources/roll_up_releases
https://www.aha.io/api/resources/releases
https://www.aha.io/api/resources/me
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crosswalk_sandbox.aha import actions, values
from crosswalk_sandbox.aha.call import Call, Endpoint, Table
from crosswalk_sandbox.aha.forms import long_form
from crosswalk_sandbox.aha.refusals import Invalid, Missing
from crosswalk_sandbox.aha.rest_records import change, filtered, of_product, read, remove
from crosswalk_sandbox.aha.show import PLURAL, Json, Show, type_name
from crosswalk_sandbox.aha.state import KINDS, Kind, Record

# ---- release phases ------------------------------------------------------------------------------------


def _phases(call: Call, found: Iterable[Record]) -> object:
    wanted = call.query.get("type")
    shown = [one for one in found if not wanted or one.type == wanted]
    return call.records("release_phase", shown, lambda record: long_form(call.show, record))


def all_phases(call: Call) -> object:
    """GET the phases and milestones of the account."""
    return _phases(call, (one for one in call.account.all("release_phase") if call.sees(one.product)))


def phases_of(call: Call) -> object:
    """GET the phases and milestones of a release; `type` is milestone or phase."""
    release = call.record("release")
    return _phases(call, (one for one in call.account.all("release_phase") if one.release is release))


def create_phase(call: Call) -> object:
    """POST a phase or milestone; the release is named in the body. A milestone has one date: it ends as it starts."""
    given = call.given("release_phase")
    key = values.text(given.get("release_id"), "Release").strip()
    release = call.account.find("release", key) if key else None
    if release is None:
        raise Invalid("Release must exist")
    record = actions.blank(call.account, "release_phase", release.product, call.user)
    record.release, record.type = release, "phase"
    if given.get("phase_type") == "milestone" and "end_on" not in given:
        given = {**given, "end_on": given.get("start_on")}
    siblings = [one for one in call.account.all("release_phase") if one.release is release]
    return call.one(actions.create(call.account, call.user, record, given, siblings=siblings))


# ---- roll-up releases ----------------------------------------------------------------------------------


def _rolled(call: Call) -> Record:
    found = call.record("release")
    if not found.roll_up:
        raise Missing
    return found


def read_roll_up(call: Call) -> object:
    """GET a roll-up release."""
    return {"roll_up_release": call.show.roll_up(_rolled(call))}


def change_roll_up(call: Call) -> object:
    """PUT a roll-up release. Which workspaces roll up into it (`project_ids`) is not kept."""
    found, given = _rolled(call), call.given("roll_up_release")
    return {"roll_up_release": call.show.roll_up(actions.update(call.account, call.user, found, given))}


def roll_ups(call: Call) -> object:
    """GET the roll-up releases of a workspace."""
    product = call.product()
    found = [one for one in call.account.all("release") if one.roll_up and one.product is product]
    return call.page("roll_up_releases", found, call.show.roll_up)


def create_roll_up(call: Call) -> object:
    """POST a roll-up release to a workspace."""
    product, given = call.product(), call.given("roll_up_release")
    record = actions.blank(call.account, "release", product, call.user)
    record.roll_up = True
    siblings = [one for one in call.account.all("release") if one.product is product]
    made = actions.create(call.account, call.user, record, given, siblings=siblings)
    return {"roll_up_release": call.show.roll_up(made)}


def rolled_into(call: Call) -> object:
    """GET the releases below a roll-up release."""
    above = call.record("release")
    found = filtered(call, (one for one in call.account.all("release") if one.holder is above))
    return call.records("release", found, call.show.release)


# ---- key results ---------------------------------------------------------------------------------------


def key_results_of(call: Call) -> object:
    """GET the key results of a goal."""
    goal = call.record("goal")
    found = [one for one in call.account.all("key_result") if one.holder is goal]
    return call.records("key_result", found, lambda record: long_form(call.show, record))


def create_key_result(call: Call) -> object:
    """POST a key result to a goal."""
    goal, given = call.record("goal"), call.given("key_result")
    record = actions.blank(call.account, "key_result", goal.product, call.user)
    record.holder = goal
    siblings = [one for one in call.account.all("key_result") if one.holder is goal]
    return call.one(actions.create(call.account, call.user, record, given, siblings=siblings))


# ---- notes ---------------------------------------------------------------------------------------------


def create_page(call: Call) -> object:
    """POST a note to a workspace."""
    product, given = call.product(), call.given("page")
    record = actions.blank(call.account, "page", product, call.user)
    siblings = [one for one in call.account.all("page") if one.product is product]
    return call.one(actions.create(call.account, call.user, record, given, siblings=siblings))


# ---- to-dos --------------------------------------------------------------------------------------------

TASKED: tuple[Kind, ...] = ("feature", "requirement", "epic", "release")


def _taskable(call: Call, given: Mapping[str, object]) -> Record | None:
    """What a to-do is about. Raises Invalid where it names something that does not exist."""
    key = values.text(given.get("taskable_id"), "Taskable").strip()
    wanted = values.text(given.get("taskable_type"), "Taskable type").strip()
    if not key and not wanted:
        return None
    for kind in KINDS:
        found = call.account.find(kind, key)
        if found is not None and type_name(found) == wanted:
            return found
    raise Invalid("Taskable must exist")


def create_task(call: Call) -> object:
    """POST a to-do, about a record or about nothing."""
    given = call.given("task")
    about = _taskable(call, given)
    product = about.product if about else call.account.products[0]
    record = actions.blank(call.account, "task", product, call.user)
    record.holder = about
    siblings = [one for one in call.account.all("task") if one.holder is about]
    return call.one(actions.create(call.account, call.user, record, given, siblings=siblings))


def _tasks(call: Call, found: Iterable[Record]) -> object:
    return call.records("task", filtered(call, found))


def all_tasks(call: Call) -> object:
    """GET every to-do; `updated_since` filters. There are to-dos of `type` Task only."""
    none = call.query.get("type") not in (None, "", "Task")
    return _tasks(call, () if none else call.account.all("task"))


def tasks_about(kind: Kind) -> Endpoint:
    """GET the to-dos of a record."""

    def endpoint(call: Call) -> object:
        record = call.record(kind)
        return _tasks(call, (one for one in call.account.all("task") if one.holder is record))

    return endpoint


def tasks_of_product(call: Call) -> object:
    """GET the to-dos about records of a workspace."""
    product = call.product()
    return _tasks(call, (one for one in call.account.all("task") if one.holder and one.product is product))


def tasks_of_user(call: Call) -> object:
    """GET the to-dos of a person."""
    user = call.account.user(call.args["user"])
    if user is None:
        raise Missing
    return _tasks(call, (one for one in call.account.all("task") if any(to.user is user for to in one.assignees)))


def my_tasks(call: Call) -> object:
    """GET the to-dos that the key's user still has to do."""

    def waits(task: Record) -> bool:
        return any(to.user is call.user and to.status == "pending" for to in task.assignees)

    return _tasks(call, (one for one in call.account.all("task") if waits(one)))


def assigned(call: Call) -> object:
    """GET what is assigned to the key's user and not done; the documents show an empty list only."""
    kinds: tuple[Kind, ...] = ("feature", "requirement", "epic")
    wanted = call.query.get("record_type", "").lower()
    found = [
        record
        for kind in kinds
        if wanted in ("", kind)
        for record in call.account.all(kind)
        if record.owner is call.user and not record.status.complete
    ]
    return {"assigned": [_assigned(call.show, record) for record in found[:200]]}


def _assigned(show: Show, record: Record) -> Json:
    return {"type": type_name(record), **show.stub(record)}


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    own: tuple[Kind, ...] = ("release_phase", "key_result", "page", "task")
    for kind in own:
        table.add(f"GET /{PLURAL[kind]}/{{id}}", read(kind))
        table.add(f"PUT /{PLURAL[kind]}/{{id}}", change(kind))
        table.add(f"DELETE /{PLURAL[kind]}/{{id}}", remove(kind))
    table.add("GET /release_phases", all_phases)
    table.add("POST /release_phases", create_phase)
    table.add("GET /releases/{id}/release_phases", phases_of)
    table.add("GET /roll_up_releases/{id}", read_roll_up)
    table.add("PUT /roll_up_releases/{id}", change_roll_up)
    table.add("GET /products/{product}/roll_up_releases", roll_ups)
    table.add("POST /products/{product}/roll_up_releases", create_roll_up)
    table.add("GET /releases/{id}/releases", rolled_into)
    table.add("GET /roll_up_releases/{id}/releases", rolled_into)
    table.add("GET /goals/{id}/key_results", key_results_of)
    table.add("POST /goals/{id}/key_results", create_key_result)
    table.add("GET /products/{product}/pages", of_product("page"))
    table.add("POST /products/{product}/pages", create_page)
    table.add("GET /tasks", all_tasks)
    table.add("POST /tasks", create_task)
    for kind in TASKED:
        table.add(f"GET /{PLURAL[kind]}/{{id}}/tasks", tasks_about(kind))
    table.add("GET /products/{product}/tasks", tasks_of_product)
    table.add("GET /users/{user}/tasks", tasks_of_user)
    table.add("GET /me/tasks", my_tasks)
    table.add("GET /me/assigned", assigned)
