"""What changed: by the history, by stamps where the history is out of reach, nothing twice, nothing missed."""

from __future__ import annotations

import pytest

from crosswalk.aha.side import AhaSide
from crosswalk.merge.records import Ref
from crosswalk_sandbox.aha import actions

from .play import Sandbox


def touch(aha: Sandbox, key: str = "FAB-1", kind: str = "feature", **given: object) -> Ref:
    """A person changes a record a moment later."""
    aha.clock.advance(1)
    record = aha.record(kind, key)
    actions.update(aha.state, aha.state.users[0], record, given)
    return Ref(record.kind, record.id, record.ref)


def start(aha: Sandbox) -> tuple[AhaSide, str]:
    """A side that begins to watch after the demo was set up."""
    aha.clock.advance(3600)
    side = aha.side()
    first = side.changed("")
    assert first.refs == ()
    return side, side.changed(first.cursor).cursor


def test_each_change_is_named_once(aha: Sandbox) -> None:
    side, cursor = start(aha)
    feature = touch(aha, name="One")
    changes = side.changed(cursor)
    assert changes.refs == (feature,)
    again = side.changed(changes.cursor)
    assert again.refs == ()
    assert len(again.cursor) <= 200


@pytest.mark.parametrize(
    ("kind", "key", "given"),
    [
        ("feature", "FAB-1", {"description": "<p>Other</p>"}),
        ("feature", "FAB-1", {"tags": ["maps", "comfort", "new"]}),
        ("feature", "FAB-1", {"custom_fields": {"confidence": 5}}),
        ("requirement", "FAB-1-1", {"name": "Other"}),
        ("requirement", "FAB-1-1", {"description": "<p>Other</p>"}),
        ("release", "FAB-R-1", {"name": "Other"}),
        ("epic", "FAB-E-1", {"name": "Other"}),
        ("initiative", "FAB-S-1", {"name": "Other"}),
    ],
)
def test_every_kind_of_change_names_the_record(aha: Sandbox, kind: str, key: str, given: dict[str, object]) -> None:
    side, cursor = start(aha)
    ref = touch(aha, key, kind, **given)
    assert side.changed(cursor).refs == (ref,)


def test_a_deleted_record_is_named(aha: Sandbox) -> None:
    side, cursor = start(aha)
    ref = aha.ref("feature", "FAB-2")
    actions.delete(aha.state, aha.state.users[0], aha.record("feature", "FAB-2"))
    assert ref in side.changed(cursor).refs


def test_a_change_that_joins_an_entry_already_named_is_named_again(aha: Sandbox) -> None:
    aha.state.settings.merge_seconds = 300
    side, cursor = start(aha)
    feature = touch(aha, name="One")
    changes = side.changed(cursor)
    touch(aha, name="Two")
    later = side.changed(changes.cursor)
    assert changes.refs == later.refs == (feature,)


def test_entries_that_are_old_enough_are_not_asked_for_again(aha: Sandbox) -> None:
    side, cursor = start(aha)
    for number in range(5):
        touch(aha, name=f"Name {number}")
        aha.clock.advance(400)
        cursor = side.changed(cursor).cursor
    assert cursor.startswith("a ")
    assert cursor.split(" ")[1].isdigit()
    assert len(side._watch._named) <= 2


def test_a_restarted_process_goes_on_from_the_cursor(aha: Sandbox) -> None:
    side, cursor = start(aha)
    feature = touch(aha, name="One")
    cursor = side.changed(cursor).cursor
    other = touch(aha, "FAB-2", name="Two")
    refs = aha.side().changed(cursor).refs
    assert other in refs
    assert set(refs) <= {feature, other}


def test_all_pages_of_the_history_are_read(aha: Sandbox) -> None:
    side, cursor = start(aha)
    for number in range(230):
        touch(aha, "FAB-1" if number else "FAB-2", name=f"Name {number}")
    aha.forget()
    assert set(side.changed(cursor).refs) == {aha.ref("feature", "FAB-1"), aha.ref("feature", "FAB-2")}
    assert len(aha.calls()) == 2


@pytest.mark.parametrize(("status", "body"), [(403, '{"error": "Forbidden"}'), (404, "<html>no such page</html>")])
def test_where_the_history_is_out_of_reach_stamps_are_compared(aha: Sandbox, status: int, body: str) -> None:
    aha.fault("status", "GET", "/audits", status=status, body=body, times=0)
    side, cursor = start(aha)
    assert cursor.startswith("u ")
    feature, release = touch(aha, name="One"), touch(aha, "FAB-R-1", "release", name="Two")
    changes = side.changed(cursor)
    assert {feature, release} <= set(changes.refs)
    assert side.changed(changes.cursor).refs == ()
    assert feature in aha.side().changed(cursor).refs
