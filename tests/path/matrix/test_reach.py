"""The matrix finds planted bugs: each of them makes a slice of it fail that passes without."""

from __future__ import annotations

from tests.path.matrix.bugs import BUGS
from tests.path.matrix.play import Play, edits
from tests.path.matrix.rows import ROWS
from tests.path.system import System

SLICE = ("Name", "Due date", "Tags", "NoteField and textfield")
STEPS = (
    ("change", "jira", "c"),
    ("change", "aha", "b"),
    ("clear", "aha", "empty"),
    ("create", "jira", "a"),
    ("clear", "jira", "empty"),
)


def play_slice(play: Play, direction: str) -> None:
    """A few rows of a feature, in one direction."""
    play.carriers, play.held = {}, {}
    play.map_all(direction)
    play.make_in_aha("feature", "feature")
    play.send("feature")
    for event, side, word in STEPS if direction == "both" else STEPS[:2]:
        play.step(event, side, edits(play, ["feature"], event, side, word))
    play.quiet("everything")


def test_every_planted_bug_is_found(cloud: System) -> None:
    from crosswalk.sync import service

    play = Play(cloud, [row for row in ROWS if row.name in SLICE])
    play.hands.make_fields()
    service.load_project_data(cloud.integration)
    whole = cloud.bridge
    found = {}
    for name, bug in {"nothing": whole, **BUGS}.items():
        cloud.bridge, play.wrong = bug, []
        for direction in ("both", "to jira", "once to jira", "off"):
            if name == "nothing" or not play.wrong:
                play_slice(play, direction)
        found[name] = bool(play.wrong)
    assert found == {"nothing": False, **dict.fromkeys(BUGS, True)}
