"""Endpoints for work done: time tracking events.

Knows no HTTP server.
Document: https://www.aha.io/api/resources/time_tracking_events
"""

from __future__ import annotations

from datetime import date

from crosswalk_sandbox.aha import actions, values
from crosswalk_sandbox.aha.call import NOTHING, Call, Endpoint, Table
from crosswalk_sandbox.aha.reads import time_entry
from crosswalk_sandbox.aha.refusals import Bad, Invalid, Missing
from crosswalk_sandbox.aha.rest_records import moment
from crosswalk_sandbox.aha.show import PLURAL
from crosswalk_sandbox.aha.state import Kind, TimeEntry


def _day(call: Call, value: object) -> date:
    """The day of an entry: a date, or the timestamp that the documents speak of; today where nothing is given."""
    text = values.text(value, "Occurred on").strip()
    if not text:
        return call.account.now().date()
    try:
        return moment(text, "Occurred on").date()
    except Bad as error:
        raise Invalid("Occurred on is not a valid date") from error


def track(kind: Kind) -> Endpoint:
    """POST work done on a record."""

    def endpoint(call: Call) -> object:
        record, given = call.record(kind), call.given("time_tracking_event")
        done, units = values.estimate(given.get("work_done_text"), "Work done")
        if done is None:
            raise Invalid("Work done can't be blank")
        left, _ = values.estimate(given.get("remaining_estimate_text"), "Remaining estimate")
        wanted = values.text(given.get("user_id"), "User")
        user = call.account.user(wanted) if wanted else call.user
        if user is None:
            raise Invalid("User must exist")
        day, automatic = (
            _day(call, given.get("occurred_on")),
            values.flag(given.get("remaining_automatic"), "Remaining"),
        )
        entry = TimeEntry(call.account.new_id(), user, day, done, units or record.units, record)
        actions.track_time(call.account, call.user, entry, left, automatic=automatic)
        return {"time_tracking_event": time_entry(call.show, entry)}

    return endpoint


def untrack(call: Call) -> object:
    """DELETE an entry; the work done of its record becomes less."""
    kinds: tuple[Kind, ...] = TRACKED
    entries = (entry for kind in kinds for record in call.account.all(kind) for entry in record.time_entries)
    found = next((entry for entry in entries if entry.id == call.args["id"]), None)
    if found is None:
        raise Missing
    actions.untrack_time(call.account, call.user, found)
    return NOTHING


TRACKED: tuple[Kind, ...] = ("feature", "requirement", "initiative")


def add_to(table: Table) -> None:
    """Put the endpoints of this file into the table."""
    for kind in TRACKED:
        table.add(f"POST /{PLURAL[kind]}/{{id}}/time_tracking_events", track(kind))
    table.add("DELETE /time_tracking_events/{id}", untrack)
