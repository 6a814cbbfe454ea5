"""Every field x create, change, clear, delete x from either side x every direction, and quiet afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.path.matrix.play import Play, edits, everything, play_both, play_one_way
from tests.path.matrix.rows import EVERY_WAY, ROWS, Row
from tests.path.system import System

DIRECTIONS = ("to jira", "to aha", "once to jira", "once to aha", "off")
EVENTS = ("create", "change", "clear", "delete")


def opened(system: System, rows: Sequence[Row] = ROWS) -> Play:
    from crosswalk.sync import service

    play = Play(system, rows)
    play.hands.make_fields()
    service.load_project_data(system.integration)
    return play


def test_every_event_from_either_side(system: System) -> None:
    play = opened(system)
    play_both(play)
    assert play.wrong == []
    wanted = {
        (row.name, "both", event, side)
        for row in ROWS
        for event in EVENTS
        for side in ("aha", "jira")
        if row.has(event, side)
    }
    assert wanted - play.cells == set(), "these cells were not played"


def test_every_direction_is_kept_to(system: System) -> None:
    play = opened(system, EVERY_WAY)
    for direction in DIRECTIONS:
        play_one_way(play, direction)
    assert play.wrong == []
    assert {(row, direction) for row, direction, *_ in play.cells} == {
        (row.name, direction) for row in EVERY_WAY for direction in DIRECTIONS
    }


def test_what_flows_one_way_is_refused_the_other_way_with_a_reason(cloud: System) -> None:
    """A feature's release may travel any way: tests/path/test_moved_about.py."""
    from crosswalk.sync.mapping import MappingRefused

    play = opened(cloud)
    play.map_all("both")
    fields, refused = cloud.integration.mapping["fields"], []
    one_way = [row for row in ROWS if row.flow != "both" and row.aha != "releases" and "feature" in row.on]
    for row in one_way:
        for direction in ("both", *DIRECTIONS[:4]):
            if direction.endswith(row.flow):
                continue
            lines = [{**one, "direction": direction} if one["name"] == row.name else one for one in fields["feature"]]
            with pytest.raises(
                MappingRefused, match=r"(and takes no value for it|can be written there)\. Turn the dir"
            ):
                cloud.remap(fields={**fields, "feature": lines})
            refused.append(row.name)
    assert {name: refused.count(name) for name in refused} == {row.name: 3 for row in one_way}
    assert cloud.integration.mapping["fields"] == fields


def test_what_can_not_be_emptied_stays_and_says_so(system: System) -> None:
    play = opened(system)
    play.map_all("both")
    play.epics()
    play.make_in_aha("feature", "feature")
    play.send("feature")
    by_name = {row.name: row for row in play.carriers["feature"].rows}
    system.jira.edit(play.carriers["feature"].key, description=None, summary="Renamed")
    play.hands.edit_aha(play.carriers["feature"], {by_name["Priority"]: None})
    play.look()
    told = "\n".join(play.warnings())
    emptied = "does not let “description” of a feature be emptied"
    for words in (emptied, "Priority name 'null' is not valid"):
        assert words in told
    held = play.hands.seen_in_aha(play.carriers["feature"])
    assert (held[by_name["Description"]], held[by_name["Name"]]) == ("<p>a</p>", "Renamed")
    (pair,) = [one for one in play.pairs() if one.left_kind == "feature"]
    assert pair.state == "asking"
    before = play.footprint()
    play.look()
    assert play.footprint() == before
    assert "\n".join(play.warnings()) == told, "told once"
    assert edits(play, ["feature"], "clear", "aha", "empty")["feature"].keys() < {
        row for _, row in everything(play, "feature")
    }
