"""What was gone from a project and is there again: the records that asked for that reason go on by themselves."""

from __future__ import annotations

from tests.path.looking import warnings
from tests.path.system import System
from tests.path.test_commands import SWEEP, work
from tests.path.test_fields import custom, line, put_in_aha, put_in_jira, remap

FIELD = "customfield_10091"


def compared(system: System, hours: float = 1.1) -> str:
    """Some time later a comparison is due; what is told then of the project."""
    system.pass_time(hours * 3600)
    work(system, SWEEP)
    system.drain()
    system.integration.refresh_from_db()
    return str(system.integration.drift)


def test_a_field(system: System) -> None:
    put_in_aha(system, "depth", "TextField")
    put_in_jira(system, FIELD, "textfield")
    remap(system, line("Depth", "custom:depth", FIELD))
    old = system.feature("Bell", custom_fields={"depth": "deep"})
    system.send(old)
    field, screens = system.site.fields.pop(FIELD), system.site.screens.values()
    shown = [screen for screen in screens if FIELD in screen.fields]
    for screen in shown:
        screen.fields.remove(FIELD)
    value = system.site.issue(system.pair(old).right_key).values.pop(FIELD)
    system.aha.put(f"/features/{old.id}", {"feature": {"custom_fields": {"depth": "deeper"}}})
    system.wake(system.pair(old))
    system.drain()
    new = system.feature("Lamp", custom_fields={"depth": "new"})
    assert [system.pair(old).state, system.send(new).state] == ["asking", "asking"]
    assert "is gone." in compared(system)
    system.site.fields[FIELD] = field
    for screen in shown:
        screen.fields.append(FIELD)
    system.site.issue(system.pair(old).right_key).values[FIELD] = value
    assert compared(system) == ""
    for ref, text in ((old, "deeper"), (new, "new")):
        assert system.pair(ref).state == "agreed"
        assert system.issue(system.pair(ref).right_key)[FIELD] == custom(system, ref, "depth") == text


def test_an_issue_type(system: System) -> None:
    (key,) = [key for key, one in system.site.types.items() if one.name == "Story"]
    (project,) = [one for one in system.site.projects.values() if one.key == "FAB"]
    project.types.remove(key)
    told = compared(system, 7)
    assert "The Jira issue type “Story” is gone." in told
    ref = system.feature("Bell", 1)
    assert system.send(ref).state == "parked"
    lines = len(warnings(system, ref))
    assert compared(system) == told
    assert len(warnings(system, ref)) == lines, "nobody looks at it in vain"
    project.types.append(key)
    assert compared(system) == ""
    assert system.pair(ref).state == "agreed"
    assert [one.state for one in system.children(ref)] == ["agreed"]
