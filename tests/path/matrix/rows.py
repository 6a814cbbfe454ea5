"""The rows of the matrix that are fields: what is joined with what, and what each side then holds. Data only.

A value is written as each side's own people see it: a person by address in Aha! and by user name in Jira, a text as
HTML and as wiki markup. `missing` names the cells that do not exist, each with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.path.matrix.reasons import (
    AHA_KEEPS_INITIATIVES,
    AHA_KEEPS_NAME,
    AHA_KEEPS_STATUS,
    AHA_KEEPS_TEXT,
    ALWAYS_A_CREATOR,
    ALWAYS_A_PRIORITY,
    ALWAYS_A_RELEASE,
    NO_CALL_NAMES_A_CREATOR,
    SCORE_IS_ZERO,
    SPRINT_IS_JIRAS,
    Missing,
)

Both = tuple[Any, Any]
"""What Aha! and what Jira holds."""


@dataclass(frozen=True, eq=False)
class Row:
    """A pair of fields. `a` is held first; then come `b` and `c`. `empty` is what a side holds that was cleared."""

    name: str
    aha: str  # the field's name; of a custom field the class of its definition
    jira: str  # the field's name; of a custom field its type
    a: Both
    b: Both
    c: Both
    on: tuple[str, ...] = ("feature",)
    options: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    table: Mapping[str, str] = field(default_factory=dict)
    empty: Both = (None, None)
    fresh: Both = (None, None)
    """What a new record holds by itself."""
    missing: Mapping[str, Missing] = field(default_factory=dict)
    """By event, or by event and side: "clear", "change from jira"."""
    flow: str = "both"
    """The one direction that makes sense, or "both": then every direction does."""

    @property
    def custom(self) -> bool:
        return self.aha[0].isupper()

    def has(self, event: str, side: str) -> bool:
        """Whether there is such a cell."""
        return event not in self.missing and f"{event} from {side}" not in self.missing

    @property
    def own(self) -> bool:
        """Whether Jira's field is made for the row."""
        return self.jira in TYPES


TYPES = frozenset(
    {
        *("textfield", "textarea", "float", "datepicker", "datetime", "url", "select", "radiobuttons"),
        *("multiselect", "multicheckboxes", "labels", "cascadingselect", "grouppicker", "multigrouppicker"),
        *("version", "multiversion", "multiuserpicker", "userpicker", "project", "atlassian-team"),
    }
)
ALICE, BRUNO, CHANDRA, DANA = (f"{name}@example.com" for name in ("alice", "bruno", "chandra", "dana"))
EVERY = ("feature", "requirement", "epic", "initiative")
TIERS = (("Gold", "Silver", "Tin"), ("gold", "Silver", "Blech"))
PLACES = (("Europe / Oslo", "Asia", "Asia / Pune"), ("Europe", "Europe / Oslo", "Asia", "Asia / Pune"))
TIN = {"Tin": "Blech"}
JIRAS = ((), ("gold", "Silver", "Blech"))
DAYS = ("2027-01-31", "2028-02-29", "2026-12-01")
VERSIONS = ("Autumn 2026", "spring 2027")


def same(value: Any) -> Both:
    return value, value


BUILT_IN = (
    Row(
        *("Name", "name", "summary", same("Bell"), same("Horn & [x] *y*"), same("h1. Whistle")),
        on=EVERY,
        missing={"clear": AHA_KEEPS_NAME},
    ),
    Row(
        *("Description", "description", "description", ("<p>a</p>", "a"), ("<p><strong>b</strong></p>", "*b*")),
        ("<p>c</p>", "c"),
        on=EVERY,
        missing={"clear": AHA_KEEPS_TEXT},
    ),
    Row(
        *("Assignee", "assigned_to_user", "assignee", (ALICE, "alice"), (BRUNO, "bruno"), (CHANDRA, "chandra")),
        on=EVERY,
    ),
    Row(
        *("Reporter", "created_by_user", "reporter", (BRUNO, "bruno"), (CHANDRA, "chandra"), (DANA, "dana")),
        on=("feature", "requirement", "epic"),
        fresh=(ALICE, "alice"),
        missing={"clear": ALWAYS_A_CREATOR, "on an initiative": NO_CALL_NAMES_A_CREATOR},
    ),
    Row(
        *("Due date", "due_date", "duedate", same("2027-01-31"), same("2028-02-29"), same("2026-12-01")),
        on=("feature", "epic"),
    ),
    Row(
        *("End date", "end_date", "duedate", same("2027-01-31"), same("2028-02-29"), same("2026-12-01")),
        on=("initiative",),
        missing={"delete from aha": AHA_KEEPS_INITIATIVES},
    ),
    Row(
        *("Start date", "start_date", "datepicker", same("2027-01-01"), same("2026-01-01"), same("2026-11-30")),
        on=("feature", "epic", "initiative"),
    ),
    Row(
        *("Tags", "tags", "labels", (["c", "e"], ["c", "e"]), (["a b", "c"], ["a_b", "c"]), (["c", "d"], ["c", "d"])),
        on=("feature", "epic"),
    ),
    Row(
        *("Estimate", "original_estimate", "timeoriginalestimate", (480, 28800), (180, 10800), (90, 5400)),
        on=("feature", "requirement"),
    ),
    Row(
        *("Remaining estimate", "remaining_estimate", "timeestimate", (120, 7200), (60, 3600), (45, 2700)),
        on=("feature", "requirement"),
    ),
    Row("Points", "original_estimate", "customfield_10016", same(5), same(8), same(3), on=("points",)),
    Row(
        *("Status", "workflow_status", "status", ("In development", "In Progress"), ("Ready to ship", "In Review")),
        ("Shipped", "Done"),
        on=("feature", "requirement", "epic"),
        fresh=("Under consideration", "To Do"),
        missing={"clear": AHA_KEEPS_STATUS},
    ),
    Row("Epic", "epic", "parent", same("Sound"), same("Light"), same("Sound")),
    Row(
        *(
            "Status of an initiative",
            "workflow_status",
            "status",
            ("In progress", "In Progress"),
            ("Complete", "In Review"),
        ),
        ("In progress", "In Progress"),
        on=("initiative",),
        fresh=("Not started", "To Do"),
        missing={"clear": AHA_KEEPS_STATUS, "delete from aha": AHA_KEEPS_INITIATIVES},
    ),
    Row(
        *("Due date of a requirement", "DateField", "duedate", same("2027-01-31"), same("2028-02-29")),
        same("2026-12-01"),
        on=("requirement",),
    ),
)
ON_EVERY = frozenset(
    {
        *(("TextField", "textfield"), ("NoteField", "textarea"), ("NumberField", "float"), ("DateField", "datetime")),
        *(("SelectConstant", "select"), ("SelectMultiple", "multiselect"), ("TagsField", "labels")),
        *(("UrlField", "url"), ("Records::UsersField", "multiuserpicker")),
    }
)
"""One of each sort is played on every type of record that has fields of its own on both sides; versions have none."""


def _customs(*listed: tuple[Any, ...]) -> tuple[Row, ...]:
    """Rows of custom fields: both types, the values, and perhaps the options on either side and their table."""
    return tuple(
        Row(
            f"{aha} and {jira}",
            aha,
            jira,
            *values,
            on=EVERY if (aha, jira) in ON_EVERY else ("feature",),
            options=(*more, ((), ()))[0],
            table=(*more[1:], {})[0],
        )
        for aha, jira, values, *more in listed
    )


CUSTOM = _customs(
    ("TextField", "textfield", (same("a"), same("*b* [x]"), same("h1. c"))),
    ("TextField", "textarea", (same("a b"), ("*b*", "\\*b\\*"), ("c d", "c  *d*"))),
    ("NoteField", "textarea", (("<p>a</p>", "a"), ("<p><strong>b</strong></p>", "*b*"), ("<p>c</p>", "c"))),
    ("NoteField", "textfield", (("<p>a</p>", "a"), ("<p><strong>b</strong></p>", "b"), ("<p>c</p>", "c"))),
    ("NumberField", "float", (("1.5", 1.5), ("12345678901.123", 12345678901.123), ("-3.0", -3))),
    ("TextField", "float", (("1.5", 1.5), ("0", 0), ("12", 12))),
    ("DateField", "datepicker", (same("2027-01-31"), same("2028-02-29"), same("2026-12-01"))),
    (
        "DateField",
        "datetime",
        (
            ("2027-01-31", "2027-01-31T12:00:00.000-0500"),  # the day is that of the account, in New York
            ("2028-02-29", "2028-02-29T12:00:00.000-0500"),
            ("2026-11-30", "2026-12-01T03:30:00.000+0100"),
        ),
    ),
    ("UrlField", "url", (same("https://a.example/x"), same("https://b.example/?y=1#z"), same("http://c.example"))),
    ("SelectConstant", "select", (("Gold", "gold"), same("Silver"), ("Tin", "Blech")), TIERS, TIN),
    ("SelectEditable", "radiobuttons", (("Gold", "gold"), ("Tin", "Blech"), same("Silver")), TIERS, TIN),
    ("SelectConstant", "textfield", (same("Gold"), same("Tin"), same("Silver")), TIERS),
    (
        "SelectMultiple",
        "multiselect",
        ((["Gold", "Tin"], ["gold", "Blech"]), (["Tin"], ["Blech"]), (["Tin", "Silver"], ["Blech", "Silver"])),
        TIERS,
        TIN,
    ),
    ("SelectMultiple", "multicheckboxes", (same(["Gold"]), same(["Tin"]), same(["Gold", "Tin"])), (TIERS[0],) * 2),
    ("SelectConstant", "multiselect", (("Gold", ["gold"]), ("Tin", ["Blech"]), ("Silver", ["Silver"])), TIERS, TIN),
    ("SelectMultiple", "select", ((["Gold"], "gold"), (["Tin"], "Blech"), (["Silver"], "Silver")), TIERS, TIN),
    (
        "SelectMultiple",
        "labels",
        ((["a b"], ["a_b"]), (["c"], ["c"]), (["a b", "c"], ["a_b", "c"])),
        (("a b", "c"), ()),
    ),
    ("TagsField", "labels", (same(["c", "e"]), (["a b", "c"], ["a_b", "c"]), same(["c", "d"]))),
    ("TextField", "labels", (("a, b", ["a", "b"]), ("b", ["b"]), ("b, c", ["b", "c"]))),
    ("SelectConstant", "cascadingselect", (same("Europe / Oslo"), same("Asia"), same("Asia / Pune")), PLACES),
    (
        "TextField",
        "grouppicker",
        (same("jira-software-users"), same("jira-administrators"), same("jira-software-users")),
    ),
    (
        "TagsField",
        "multigrouppicker",
        (same(["jira-software-users"]), same(["jira-administrators"]), same(["jira-software-users"])),
    ),
    ("TextField", "version", (same("Autumn 2026"), same("spring 2027"), same("Autumn 2026"))),
    ("TagsField", "multiversion", (same(["Autumn 2026"]), same(["spring 2027"]), same(["Autumn 2026"]))),
    (
        "Records::UsersField",
        "multiuserpicker",
        (([BRUNO], ["bruno"]), ([CHANDRA], ["chandra"]), ([CHANDRA, ALICE], ["chandra", "alice"])),
    ),
    ("Records::UsersField", "userpicker", (([BRUNO], "bruno"), ([CHANDRA], "chandra"), ([ALICE], "alice"))),
    ("TextField", "project", (same("Fable Bicycles"), same("Operations"), same("Fable Bicycles"))),
    (
        "SelectConstant",
        "atlassian-team",
        (("Gold", "t-1"), ("Tin", "t-2"), ("Silver", "t-3")),
        (TIERS[0], ("t-1", "t-2", "t-3")),
        {"Gold": "t-1", "Tin": "t-2", "Silver": "t-3"},
    ),
    ("TagsField", "components", (same(["App"]), same(["Frame"]), same(["App", "Frame"]))),
)
CROSSED = _customs(
    ("TextField", "select", (same("gold"), same("Silver"), same("Blech")), JIRAS),
    (
        "TextField",
        "multiselect",
        (("Blech, gold", ["Blech", "gold"]), ("Silver", ["Silver"]), ("Silver, gold", ["Silver", "gold"])),
        JIRAS,
    ),
    ("TextField", "url", (same("https://a.example/x"), same("https://b.example/?y=1#z"), same("http://c.example"))),
    ("TextField", "datepicker", (same("2027-01-31"), same("2028-02-29"), same("2026-12-01"))),
    (
        "TextField",
        "datetime",
        (
            ("2027-01-31T12:00:00+00:00", "2027-01-31T12:00:00.000+0000"),
            ("2028-02-29T09:30:00+05:30", "2028-02-29T04:00:00.000+0000"),
            ("2026-12-01T00:00:00+00:00", "2026-12-01T01:00:00.000+0100"),
        ),
    ),
    ("TextField", "cascadingselect", (same("Europe / Oslo"), same("Asia"), same("Asia / Pune")), ((), PLACES[1])),
    ("NumberField", "textfield", (("1.5", "1.5"), ("2.0", "2"), ("3.0", "3"))),
    ("DateField", "textfield", (same("2027-01-31"), same("2028-02-29"), same("2026-12-01"))),
    (
        "UrlField",
        "textfield",
        (same("https://a.example/x"), same("https://b.example/?y=1"), same("http://c.example")),
    ),
    ("SelectConstant", "float", (("1", 1), ("2.5", 2.5), ("7", 7)), (("1", "2.5", "7"), ())),
    ("SelectConstant", "datepicker", (same(DAYS[0]), same(DAYS[1]), same(DAYS[2])), (DAYS, ())),
    ("SelectConstant", "labels", (("Gold", ["Gold"]), ("Tin", ["Tin"]), ("Silver", ["Silver"])), (TIERS[0], ())),
    ("SelectConstant", "version", (same("Autumn 2026"), same("spring 2027"), same("Autumn 2026")), (VERSIONS, ())),
    (
        "SelectMultiple",
        "multiversion",
        (same(["Autumn 2026"]), same(["spring 2027"]), same(["Autumn 2026", "spring 2027"])),
        (VERSIONS, ()),
    ),
    (
        "SelectMultiple",
        "textfield",
        ((["Gold", "Tin"], "Gold, Tin"), (["Tin"], "Tin"), (["Silver"], "Silver")),
        (TIERS[0], ()),
    ),
    ("TagsField", "textfield", ((["a", "b"], "a, b"), (["c"], "c"), (["d", "e"], "d, e"))),
    ("TagsField", "select", ((["gold"], "gold"), (["Silver"], "Silver"), (["Blech"], "Blech")), JIRAS),
)
"""Fields of different types, as the table of conversions has them. They are played both ways: how a direction is kept
to does not depend on types."""
PRIORITY = Row(
    *("Priority", "TextField", "priority", same("Low"), same("High"), same("Lowest")),
    fresh=same("Medium"),
    missing={"clear": ALWAYS_A_PRIORITY},
)
ONE_WAY = (
    Row(
        *("Release", "releases", "fixVersions", same(["Spring ride"]), same(["Summer tour"]), same(["Spring ride"])),
        missing={"clear from aha": ALWAYS_A_RELEASE},
        flow="to jira",
    ),
    Row("Score", "score", "float", same(7), same(9), same(2), missing={"clear": SCORE_IS_ZERO}, flow="to jira"),
    Row(
        *("Sprint", "TextField", "customfield_10020", same("FAB Sprint 1"), same("FAB Sprint 2"), same("FAB Sprint 1")),
        missing={"create from aha": SPRINT_IS_JIRAS},
        flow="to aha",
    ),
)
SUMS = ("7.0", "9.0", "2.0")
RATED = (
    Row(
        *("Records::UsersField and textfield", "Records::UsersField", "textfield"),
        *(([BRUNO], BRUNO), ([CHANDRA, ALICE], f"{ALICE}, {CHANDRA}"), ([ALICE], ALICE)),
        flow="to jira",
    ),
    *(
        Row(f"{aha} and float", aha, "float", same(7), same(9), same(2), flow="to jira")
        for aha in ("EquationField", "ScorecardField")
    ),
    *(
        Row(
            f"EquationField and {jira}",
            "EquationField",
            jira,
            (7, "7.0"),
            (9, "9.0"),
            (2, "2.0"),
            **more,
            flow="to jira",
        )
        for jira, more in (("textfield", {}), ("select", {"options": ((), SUMS)}))
    ),
)
"""What Aha! works out by itself, and what has no way back: Jira never writes it."""
ROWS = (*BUILT_IN, *CUSTOM, PRIORITY, *ONE_WAY, *RATED, *CROSSED)
EVERY_WAY = tuple(row for row in ROWS if row not in CROSSED)
