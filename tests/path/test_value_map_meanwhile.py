"""A table of values that is changed while a write is unanswered: our own write is nobody's edit by the new table."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, compared, look
from tests.path.system import System
from tests.path.test_fields import change, custom, line, put_in_aha, put_in_jira, remap
from tests.path.test_refused_parts import allow
from tests.path.test_workflow import both_ways, plan, status

__all__ = ["both_ways"]
SWAPPED = {"Gold": "Silver", "Silver": "Gold"}
WRITES = "graphql|features/[0-9]+$|issue/[0-9]+(/transitions)?$"
KINDS = {True: "reset_after", False: "reset_before"}
sides = pytest.mark.parametrize("to", [Side.LEFT, Side.RIGHT])
answers = pytest.mark.parametrize("landed", [True, False])


def unanswered(system: System, ref: Ref, to: Side, *, landed: bool, table: dict[str, Any]) -> None:
    """A hook's write on the side `to` gets no answer; then the mapping is changed by `table`, and all is well again."""
    side = "jira" if to is Side.RIGHT else "aha"
    for method in ("PUT", "POST"):
        system.fault(side, kind=KINDS[landed], method=method, path_regex=WRITES, times=0)
    system.wake(system.pair(ref), side=to.other)
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    system.remap(**table)
    allow(system)
    for _ in range(3):
        look(system, ref)
    assert system.pair(ref).state == "agreed", system.pair(ref).reason
    assert_quiet(system, ref)
    assert compared(system) == 0


@sides
@answers
def test_of_options(system: System, to: Side, landed: bool) -> None:
    put_in_aha(system, "extra", "SelectConstant", ("Gold", "Silver", "Tin"))
    put_in_jira(system, "customfield_10090", "select", ("Gold", "Silver", "Tin"))
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    ref = system.feature("Bell", custom_fields={"extra": "Tin"})
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(60)
    key = system.pair(ref).right_key
    if to is Side.RIGHT:
        change(system, ref, custom_fields={"extra": "Gold"})
    else:
        system.jira.edit(key, customfield_10090={"value": "Gold"})
    fields = system.integration.mapping["fields"]
    *others, extra = fields["feature"]
    table = {"fields": {**fields, "feature": [*others, {**extra, "options": SWAPPED}]}}
    unanswered(system, ref, to, landed=landed, table=table)
    held = {Side.LEFT: custom(system, ref, "extra"), Side.RIGHT: system.issue(key)["customfield_10090"]["value"]}
    assert held == {to.other: "Gold", to: "Gold" if landed else "Silver"}


@sides
@answers
def test_of_statuses(both_ways: System, to: Side, landed: bool) -> None:
    system = both_ways
    ref = system.feature("Bell")
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(60)
    if to is Side.RIGHT:
        plan(system, ref, "In development")
    else:
        system.jira.move(system.pair(ref).right_key, "In Progress")
    known = system.integration.mapping["statuses"]
    other = {**known["feature"], "In Progress": "Ready to ship", "In Review": "In development"}
    unanswered(system, ref, to, landed=landed, table={"statuses": {**known, "feature": other}})
    shown = system.aha.record("features", ref.key)["workflow_status"]["name"], status(system, ref)
    if landed:
        assert shown == ("In development", "In Progress")
    else:
        assert shown == (("In development", "In Review") if to is Side.RIGHT else ("Ready to ship", "In Progress"))


@pytest.mark.parametrize("edit", ["put in", "taken out"])
@sides
@answers
def test_of_options_of_a_list(system: System, to: Side, landed: bool, edit: str) -> None:
    """What somebody took out before the table was changed goes across: it stayed there."""
    names = ("Gold", "Silver", "Tin")
    put_in_aha(system, "extra", "SelectMultiple", names)
    put_in_jira(system, "customfield_10090", "multiselect", names)
    remap(system, line("Extra", "custom:extra", "customfield_10090"))
    before, after = (["Tin"], ["Gold", "Tin"]) if edit == "put in" else (["Gold", "Tin"], ["Tin"])
    ref = system.feature("Bell", custom_fields={"extra": before})
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(60)
    key = system.pair(ref).right_key
    if to is Side.RIGHT:
        change(system, ref, custom_fields={"extra": after})
    else:
        system.jira.edit(key, customfield_10090=[{"value": name} for name in after])
    fields = system.integration.mapping["fields"]
    *others, extra = fields["feature"]
    table = {"fields": {**fields, "feature": [*others, {**extra, "options": SWAPPED}]}}
    unanswered(system, ref, to, landed=landed, table=table)
    there = sorted(one["value"] for one in system.issue(key)["customfield_10090"])
    held = {Side.LEFT: sorted(custom(system, ref, "extra")), Side.RIGHT: there}
    assert held == {to.other: after, to: ["Silver", "Tin"] if edit == "put in" and not landed else after}
