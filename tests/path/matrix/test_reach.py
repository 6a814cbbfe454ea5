"""The matrix finds planted bugs: each of them makes a slice of it fail that passes without."""

from __future__ import annotations

from tests.path.matrix.bugs import BUGS, Dropped, on
from tests.path.matrix.play import Play, edits
from tests.path.matrix.rows import ROWS
from tests.path.system import System

DROPPED = {"aha": on("right", Dropped), "jira": on("left", Dropped)}
"""By the side on which people edit: what they change is not sent to the other."""
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


def test_each_row_sees_that_it_is_not_carried(cloud: System) -> None:
    """Edits of every row at once, none of which is sent: each row's own check has to say so, on each kind of record."""
    from crosswalk.sync import service

    play = Play(cloud)
    play.hands.make_fields()
    service.load_project_data(cloud.integration)
    play.map_all("both")
    play.epics()
    kinds = ("feature", "points", "epic", "initiative")
    for name in kinds:
        play.make_in_aha(name, name)
    play.make_in_aha("requirement", "requirement", below="feature")
    play.send(*kinds, "requirement")
    whole, unseen = cloud.bridge, []
    for side, word, towards, other in (("aha", "b", "to jira", "Jira"), ("jira", "c", "to aha", "Aha!")):
        cloud.bridge, play.wrong = DROPPED[side], []
        changed = edits(play, (*kinds, "requirement"), "change", side, word)
        play.step("change", side, changed)
        told = "\n".join(play.wrong)
        unseen += [
            f"{row.name} of {name}, changed in {side}"
            for name, values in changed.items()
            for row in values
            if row.flow in ("both", towards) and f": {row.name} of {name}: {other} holds" not in told
        ]
    cloud.bridge = whole
    assert unseen == []
