"""A line is switched off while a write by it is unanswered, and on again later: our own write is nobody's edit."""

from __future__ import annotations

from typing import Any

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_fields import change, custom, line, put_in_aha, put_in_jira, remap
from tests.path.test_refused_parts import allow
from tests.path.test_value_map_meanwhile import KINDS, WRITES, answers, sides

FIELD = "customfield_10290"


def put(system: System, ref: Ref, side: Side, text: str) -> None:
    if side is Side.LEFT:
        change(system, ref, custom_fields={"note": text})
    else:
        system.jira.edit(system.pair(ref).right_key, **{FIELD: text})


def held(system: System, ref: Ref) -> tuple[Any, Any]:
    return custom(system, ref, "note"), system.issue(system.pair(ref).right_key)[FIELD]


def switch(system: System, direction: str) -> None:
    fields = system.integration.mapping["fields"]
    *others, note = fields["feature"]
    system.remap(fields={**fields, "feature": [*others, {**note, "direction": direction}]})


@sides
@answers
def test_of_a_line_that_is_off_for_a_while(system: System, to: Side, landed: bool) -> None:
    put_in_aha(system, "note", "TextField")
    put_in_jira(system, FIELD, "textfield")
    remap(system, line("Note", "custom:note", FIELD))
    ref = system.feature("Bell", custom_fields={"note": "one"})
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(60)
    put(system, ref, to.other, "two")
    for method in ("PUT", "POST"):
        side = "jira" if to is Side.RIGHT else "aha"
        system.fault(side, kind=KINDS[landed], method=method, path_regex=WRITES, times=0)
    system.wake(system.pair(ref), side=to.other)
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    switch(system, "off")
    allow(system)
    look(system, ref)
    put(system, ref, to.other, "three")
    look(system, ref)
    if to is Side.RIGHT:  # somebody changes something else there, so that its record is the newer
        system.jira.edit(system.pair(ref).right_key, duedate="2027-05-05")
    else:
        change(system, ref, due_date="2027-05-05")
    switch(system, "both")
    for _ in range(3):
        look(system, ref)
    assert held(system, ref) == ("three", "three")
    assert [one.what for one in warnings(system, ref) if one.kept] == [], "nobody's edit was replaced"
    assert_quiet(system, ref)
    put(system, ref, to, "four")
    look(system, ref)
    assert held(system, ref) == ("four", "four")
