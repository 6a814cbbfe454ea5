"""The rows of the matrix that are no fields: what hangs on records, what stands below them, releases, what one side
shows. A row says what is done in which cell, and what each side holds afterwards. Data only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.path.matrix.reasons import (
    ALWAYS_A_PLACE,
    ALWAYS_BELOW,
    AN_ORDER_IS_THERE,
    COMMENT_IS_NOT_EMPTY,
    FILE_IS_NOT_EDITED,
    FILE_IS_NOT_EMPTY,
    JIRA_COMMENT_HAS_NO_FILES,
    KEPT_BY_JIRA,
    LINK_IS_NOT_EDITED,
    MOVED_BY_HAND,
    NAME_IS_NEEDED,
    NO_CALL_ATTACHES,
    PICTURE_IS_PART_OF_TEXT,
    REFERENCE_IS_AHAS,
    RELEASE_IS_PLANNED,
    RELEASED_IS_AHAS,
    REMOVED_IS_ASKED,
    SET_BY_A_TRANSITION,
    SHOWN_ONLY,
    WORK_IS_LOGGED_IN_JIRA,
    Missing,
)

if TYPE_CHECKING:
    from tests.path.matrix.bench import Bench  # a page is written from this table, and needs no installation for it

Do = Callable[["Bench"], object]
Seen = Callable[["Bench", str], Any]


@dataclass(frozen=True)
class Cell:
    """What somebody does, and what Aha! and Jira hold afterwards; `dc` where that differs on Data Center."""

    do: Do
    aha: Any
    jira: Any
    dc: tuple[Any, Any] | None = None


@dataclass(frozen=True)
class Thing:
    """A row; `cells` by "event side"."""

    name: str
    seen: Seen
    cells: Mapping[str, Cell]
    missing: Mapping[str, Missing] = field(default_factory=dict)


FIRST, LATER = b"first", b"second"
REQUIREMENTS = ["One part 1", "One part 2", "One part 3"]
THINGS = (
    Thing(
        "Comment",
        lambda bench, side: bench.comments(side),
        {
            "create aha": Cell(lambda bench: bench.say("aha", "w-a"), ["w-a"], ["w-a"]),
            "create jira": Cell(lambda bench: bench.say("jira", "w-j"), ["w-a", "w-j"], ["w-a", "w-j"]),
            "change aha": Cell(lambda bench: bench.say_anew("aha", "w-a", "w-b"), ["w-b", "w-j"], ["w-b", "w-j"]),
            "change jira": Cell(lambda bench: bench.say_anew("jira", "w-j", "w-k"), ["w-b", "w-k"], ["w-b", "w-k"]),
            "delete aha": Cell(lambda bench: bench.unsay("aha", "w-b"), ["w-k"], ["w-k"]),
            "delete jira": Cell(lambda bench: bench.unsay("jira", "w-k"), [], []),
        },
        {"clear": COMMENT_IS_NOT_EMPTY},
    ),
    Thing(
        "File of a description or an issue",
        lambda bench, side: bench.files(side),
        {
            "create aha": Cell(lambda bench: bench.attach("aha", "a", FIRST), [("a", FIRST)], [("a", FIRST)]),
            "create jira": Cell(lambda bench: bench.attach("jira", "j", FIRST), *([("a", FIRST), ("j", FIRST)],) * 2),
            "change aha": Cell(
                lambda bench: bench.attach("aha", "a", LATER), *([("a", FIRST), ("a", LATER), ("j", FIRST)],) * 2
            ),
            "change jira": Cell(
                lambda bench: bench.attach("jira", "j", LATER),
                *([("a", FIRST), ("a", LATER), ("j", FIRST), ("j", LATER)],) * 2,
            ),
            "delete aha": Cell(
                lambda bench: bench.detach("aha", "a"), *([("a", FIRST), ("j", FIRST), ("j", LATER)],) * 2
            ),
            "delete jira": Cell(lambda bench: bench.detach("jira", "j"), *([("a", FIRST), ("j", FIRST)],) * 2),
        },
        {"change": FILE_IS_NOT_EDITED, "clear": FILE_IS_NOT_EMPTY},
    ),
    Thing(
        "File of a comment",
        lambda bench, side: bench.said_files(side),
        {
            "create aha": Cell(lambda bench: bench.attach_to_comment(), ["said.txt"], ["said.txt"]),
            "delete aha": Cell(lambda bench: bench.detach_from_comment(), [], []),
        },
        {
            "create from jira": JIRA_COMMENT_HAS_NO_FILES,
            "change": FILE_IS_NOT_EDITED,
            "clear": FILE_IS_NOT_EMPTY,
            "delete from jira": JIRA_COMMENT_HAS_NO_FILES,
        },
    ),
    Thing(
        "File of a record itself",
        lambda bench, side: bench.record_files(side),
        {
            "create aha": Cell(lambda bench: bench.attach_to_record(), ["dropped.txt"], ["dropped.txt"]),
            "delete aha": Cell(lambda bench: bench.detach("aha", "dropped"), [], []),
        },
        {
            "create from jira": NO_CALL_ATTACHES,
            "change": FILE_IS_NOT_EDITED,
            "clear": FILE_IS_NOT_EMPTY,
            "delete from jira": NO_CALL_ATTACHES,
        },
    ),
    Thing(
        "Picture in a description",
        lambda bench, side: bench.pictures(side),
        {
            "create aha": Cell(lambda bench: bench.show_picture("one.png"), ["one.png"], ["one.png"]),
            "change aha": Cell(lambda bench: bench.show_picture("two.png"), ["two.png"], ["two.png"]),
            "clear aha": Cell(lambda bench: bench.show_picture(None), [], []),
        },
        {
            "create from jira": PICTURE_IS_PART_OF_TEXT,
            "change from jira": PICTURE_IS_PART_OF_TEXT,
            "clear from jira": PICTURE_IS_PART_OF_TEXT,
            "delete": PICTURE_IS_PART_OF_TEXT,
        },
    ),
    Thing(
        "Work logged",
        lambda bench, side: bench.work(side),
        {
            "create aha": Cell(lambda bench: bench.log("aha", 60), [60], []),
            "create jira": Cell(lambda bench: bench.log("jira", 90), [60, 90], [90]),
            "change jira": Cell(lambda bench: bench.relog(30), [30, 60], [30]),
            "delete jira": Cell(lambda bench: bench.unlog(), [60], []),
        },
        {
            "change from aha": WORK_IS_LOGGED_IN_JIRA,
            "clear": WORK_IS_LOGGED_IN_JIRA,
            "delete from aha": WORK_IS_LOGGED_IN_JIRA,
        },
    ),
    Thing(
        "Record link",
        lambda bench, side: bench.links(side),
        {
            "create aha": Cell(lambda bench: bench.link("aha"), 1, 1),
            "create jira": Cell(lambda bench: bench.link("jira"), 2, 2),
            "delete aha": Cell(lambda bench: bench.unlink("aha", 20), 1, 1),
            "delete jira": Cell(lambda bench: bench.unlink("jira", "Duplicate"), 0, 0),
        },
        {"change": LINK_IS_NOT_EDITED, "clear": LINK_IS_NOT_EDITED},
    ),
    Thing(
        "Requirement",
        lambda bench, side: [name for name in bench.below(side, bench.two) if name not in REQUIREMENTS],
        {
            "create aha": Cell(lambda bench: bench.add("aha", "Rope"), ["Rope"], ["Rope"]),
            "create jira": Cell(lambda bench: bench.add("jira", "Wheel"), ["Rope", "Wheel"], ["Rope", "Wheel"]),
            "change aha": Cell(lambda bench: bench.rename("aha", "Rope", "Cord"), ["Cord", "Wheel"], ["Cord", "Wheel"]),
            "change jira": Cell(
                lambda bench: bench.rename("jira", "Wheel", "Disc"), ["Cord", "Disc"], ["Cord", "Disc"]
            ),
            "delete aha": Cell(lambda bench: bench.remove("aha", "Cord"), ["Disc"], ["Cord", "Disc"]),
            "delete jira": Cell(lambda bench: bench.remove("jira", "Disc"), ["Disc"], ["Cord"]),
        },
        {"clear": NAME_IS_NEEDED, "delete": REMOVED_IS_ASKED},
    ),
    Thing(
        "Order of requirements",
        lambda bench, side: bench.order(side),
        {
            "create aha": Cell(lambda bench: None, REQUIREMENTS[:2], REQUIREMENTS[:2]),
            "change aha": Cell(lambda bench: bench.place(bench.second, 1), *(["One part 2", "One part 1"],) * 2),
            "change jira": Cell(lambda bench: bench.rank_in_jira(), *(["One part 1", "One part 2"],) * 2),
        },
        {"create from jira": AN_ORDER_IS_THERE, "clear": AN_ORDER_IS_THERE, "delete": AN_ORDER_IS_THERE},
    ),
    Thing(
        "Aha! Rank",
        lambda bench, side: bench.ranks(side),
        {
            "create aha": Cell(lambda bench: None, [1, 2], [1, 2]),
            "change aha": Cell(lambda bench: None, [2, 1], [2, 1]),
            "change jira": Cell(
                lambda bench: bench.system.jira.edit(bench.first.right_key, customfield_10290=9), [1, 2], [1, 2]
            ),
            "clear jira": Cell(
                lambda bench: bench.system.jira.edit(bench.first.right_key, customfield_10290=None), [1, 2], [1, 2]
            ),
        },
        {"create from jira": ALWAYS_A_PLACE, "clear from aha": ALWAYS_A_PLACE, "delete": ALWAYS_A_PLACE},
    ),
    Thing(
        "Requirement below another feature",
        lambda bench, side: "One part 3" in bench.below(side, bench.two),
        {
            "change aha": Cell(lambda bench: bench.move("aha", bench.two), True, True, dc=(True, False)),
            "change jira": Cell(
                lambda bench: bench.move("jira", bench.two if bench.system.flavour == "dc" else bench.one),
                *(False, False),
                dc=(True, True),
            ),
        },
        {
            "change from aha, Data Center": MOVED_BY_HAND,
            "create": ALWAYS_BELOW,
            "clear": ALWAYS_BELOW,
            "delete": ALWAYS_BELOW,
        },
    ),
    Thing(
        "Release",
        lambda bench, side: bench.planned(side),
        {
            "create aha": Cell(lambda bench: None, *(("Own", "2027-05-05"),) * 2),
            "change aha": Cell(lambda bench: bench.plan("aha", "Other", "2027-06-06"), *(("Other", "2027-06-06"),) * 2),
            "change jira": Cell(
                lambda bench: bench.plan("jira", "Theirs", "2027-07-07"), *(("Other", "2027-06-06"),) * 2
            ),
        },
        {"create from jira": RELEASE_IS_PLANNED, "clear": RELEASE_IS_PLANNED, "delete": RELEASE_IS_PLANNED},
    ),
    Thing(
        "Released",
        lambda bench, side: bench.released(side),
        {
            "create aha": Cell(lambda bench: None, False, False),
            "change aha": Cell(lambda bench: bench.ship("aha", now=True), True, True),
            "change jira": Cell(lambda bench: bench.ship("jira", now=False), True, True),
            "clear aha": Cell(lambda bench: bench.ship("aha", now=False), False, False),
            "clear jira": Cell(lambda bench: bench.ship("jira", now=True), False, False),
        },
        {"create from jira": RELEASED_IS_AHAS, "delete": RELEASED_IS_AHAS},
    ),
    Thing(
        "Resolution",
        lambda bench, side: bench.shows(side, "resolution", "outcome"),
        {
            "create jira": Cell(lambda bench: bench.finish("Done"), "Done", "Done"),
            "change jira": Cell(lambda bench: bench.finish("Won't Do"), "Won't Do", "Won't Do"),
            "change aha": Cell(lambda bench: bench.write_over("outcome"), "Done", "Done"),
            "clear jira": Cell(lambda bench: bench.system.jira.move(bench.key(bench.two), "To Do"), None, None),
        },
        {
            "create from aha": SET_BY_A_TRANSITION,
            "clear from aha": SET_BY_A_TRANSITION,
            "delete": SET_BY_A_TRANSITION,
        },
    ),
    Thing(
        "Moment the issue was created",
        lambda bench, side: side == "jira" or bench.shows("aha", "made", "made") == bench.shows("jira", "created", ""),
        {
            "create aha": Cell(lambda bench: None, True, True),
            "change aha": Cell(lambda bench: bench.write_over("made"), True, True),
        },
        {
            "create from jira": KEPT_BY_JIRA,
            "change from jira": KEPT_BY_JIRA,
            "clear": KEPT_BY_JIRA,
            "delete": KEPT_BY_JIRA,
        },
    ),
    Thing(
        "Constant",
        lambda bench, side: side == "aha" or bench.system.issue(bench.key(bench.one))["customfield_10033"],
        {
            "create aha": Cell(lambda bench: None, True, "2027-06-01"),
            "change jira": Cell(
                lambda bench: bench.system.jira.edit(bench.key(bench.one), customfield_10033="2029-01-01"),
                True,
                "2027-06-01",
            ),
            "clear jira": Cell(
                lambda bench: bench.system.jira.edit(bench.key(bench.one), customfield_10033=None), True, "2027-06-01"
            ),
        },
        {
            "create from jira": SHOWN_ONLY,
            "change from aha": SHOWN_ONLY,
            "clear from aha": SHOWN_ONLY,
            "delete": SHOWN_ONLY,
        },
    ),
    Thing(
        "Aha! Reference",
        lambda bench, side: (
            side == "aha" or bench.one.key in str(bench.system.issue(bench.key(bench.one))["customfield_10050"])
        ),
        {
            "create aha": Cell(lambda bench: None, True, True),
            "change jira": Cell(
                lambda bench: bench.system.jira.edit(bench.key(bench.one), customfield_10050="https://example.com"),
                True,
                True,
            ),
            "clear jira": Cell(
                lambda bench: bench.system.jira.edit(bench.key(bench.one), customfield_10050=None), True, True
            ),
        },
        {
            "create from jira": REFERENCE_IS_AHAS,
            "change from aha": REFERENCE_IS_AHAS,
            "clear from aha": REFERENCE_IS_AHAS,
            "delete": REFERENCE_IS_AHAS,
        },
    ),
)
