"""The lines of a mapping as values: types, fields, what hangs on records, and the words people write there. Pure."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import timedelta

from crosswalk.merge.brake import Brake
from crosswalk.merge.rules import Direction, Policy, Side

SHARED = frozenset({"initial_estimate", "original_estimate", "remaining_estimate"})
"""Aha! fields that may stand in several lines: which one counts depends on the record's units."""
REPEATED = SHARED | {"position"}
"""Aha! fields that may stand in several lines: a position is a rank, and a number to look at."""
RANKED = ("feature", "requirement")
"""Kinds whose order in Aha!, within a release or a feature, becomes the rank in Jira."""
KINDS = ("initiative", "epic", "feature", "requirement", "release")
VERSION = "version"
PARTS = ("comment", "attachment", "link", "worklog")
WORKLOG = "worklog"
TIMED = ("initiative", "feature", "requirement")
"""Kinds whose records track time in Aha!."""
SETTINGS = (
    "types",
    "fields",
    "statuses",
    "link",
    "parts",
    "statuses_to_jira",
    "screens",
    "people",
    "link_types",
    "constants",
    "imports",
    "shared",
    "brake",
)
RELATIONS = ("parent", "epic", "relates")
LINKABLE = ("requirement",)
"""The kinds that may hang by an issue link: `relates`."""
REMOVED = ("ask", "unlink", "mark", "delete")
"""What becomes of a record whose counterpart was deleted: a person is asked, nothing, it gets a label or a tag, or it
is deleted, too, behind the brake (merge/brake.py)."""
IMPORTS = ("none", "mapped", "all")
"""What becomes of issues made or moved below something that is in step: they wait as candidates; those of a type that
the mapping names become records; all do, as features where no kind is named for their type."""
DELETED = ("removed", "removed_in_jira")
DIRECTIONS: Dict[str, Direction] = {
    "to jira": Direction.TO_RIGHT,
    "to aha": Direction.TO_LEFT,
    "both": Direction.BOTH,
    "once to jira": Direction.ONCE_TO_RIGHT,
    "once to aha": Direction.ONCE_TO_LEFT,
    "off": Direction.OFF,
}
BRAKE: Dict[str, tuple[int, int]] = {
    "least": (0, 100_000),
    "share": (0, 100),
    "minutes": (1, 10_080),
    "pause": (10, 3_600),
}
"""What may be said about the brake on deletes, each from and to: records, per cent, minutes, seconds."""
CREATES: Dict[str, Direction] = {word: DIRECTIONS[word] for word in ("to jira", "to aha", "both", "off")}
POLICIES: Dict[str, Policy] = {"newest": Policy.NEWEST, "aha": Policy.LEFT, "jira": Policy.RIGHT, "ask": Policy.ASK}
WORDS: Dict[Direction, str] = {direction: word for word, direction in DIRECTIONS.items()}


@dataclass(frozen=True, slots=True)
class TypeLine:
    """What records of an Aha! kind become in Jira: an issue type by name ("version" for releases), and how they hang
    below their parent: "parent" (sub-task or child), "epic" (epic link) or "relates" (an issue link).

    `create` says on which side new ones are made across; None is the usual for the kind, see `creates`. Where the Aha!
    field `by` holds one of the values in `types`, an issue is made of the type named there instead of `type`. `removed`
    says what becomes of the issue when the record is deleted in Aha!, `removed_in_jira` what becomes of the record when
    the issue is; see REMOVED.
    """

    type: str
    relation: str = "parent"
    create: Direction | None = None
    by: str = ""
    types: Dict[str, str] = field(default_factory=dict)
    removed: str = "ask"
    removed_in_jira: str = "ask"


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field on either side, by that side's own field name, and how it travels.

    `options` maps options of the Aha! field to options of the Jira field; those of equal name need no entry.
    """

    name: str
    aha: str
    jira: str
    direction: Direction = Direction.BOTH
    conflict: Policy = Policy.NEWEST
    options: Dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartLine:
    """How what hangs on records travels: its direction, and whether edits, removals and private ones do.

    `below` is for work alone: that on sub-tasks and children which are in no pair counts for what they stand below.
    """

    direction: Direction = Direction.BOTH
    edits: bool = True
    removes: bool = False
    private: bool = False
    below: bool = False


USUAL: Dict[str, PartLine] = {
    "comment": PartLine(),
    "attachment": PartLine(),
    "link": PartLine(removes=True),
    "worklog": PartLine(Direction.TO_LEFT, removes=True, below=True),
}
"""How parts travel where a mapping says no more than their kind. Links and work are there or not: removals follow."""


@dataclass(frozen=True, slots=True)
class Standins:
    """Who stands in, by e-mail address, for people without an account on that side; "" for nobody."""

    aha: str = ""
    jira: str = ""

    @property
    def fallback(self) -> dict[Side, str]:
        """By side."""
        return {side: email for side, email in ((Side.LEFT, self.aha), (Side.RIGHT, self.jira)) if email}


@dataclass(frozen=True, slots=True)
class Link:
    """Where an Aha! record shows its issue: an Aha! integration's id, or the key of a URL custom field."""

    aha_integration: str = ""
    aha_field: str = ""


USUAL_BRAKE = Brake()


def brake_data(brake: Brake) -> dict[str, int]:
    """What a brake says, by the words of BRAKE."""
    minutes, pause = round(brake.window.total_seconds() / 60), round(brake.pause.total_seconds())
    return {"least": brake.least, "share": round(brake.share * 100), "minutes": minutes, "pause": pause}


def brake_of(given: Dict[str, int]) -> Brake:
    """The brake that `given` describes; what it leaves out is as usual."""
    said = {**brake_data(USUAL_BRAKE), **given}
    window, pause = timedelta(minutes=said["minutes"]), timedelta(seconds=said["pause"])
    return Brake(said["share"] / 100, said["least"], window, pause)


NOBODY, NOWHERE = Standins(), Link()
