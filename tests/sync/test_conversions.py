"""The table of conversions: every cell there and back, nothing stays nothing, and what has no sense says why."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.fields_page import PAGE, page

from crosswalk.aha.fields import Kind as AhaKind
from crosswalk.jira.fields import Kind as JiraKind
from crosswalk.merge.records import FieldType
from crosswalk.merge.rules import Direction, Side, Untranslatable, is_whole
from crosswalk.merge.values import Choice, Person, Rich, Value
from crosswalk.sync.choosing import Named, Options
from crosswalk.sync.conversions import (
    AHA_WORDS,
    CELLS,
    JIRA_WORDS,
    MAKERS,
    SAYS,
    Ends,
    conversion,
    misdirected,
    senseless,
    translation,
)
from crosswalk.sync.translate import People
from crosswalk.sync.turning import Short

JIRA_OPTIONS = (Choice("1", "gold"), Choice("2", "Silver"), Choice("3", "Blech"))
AHA_OPTIONS = (Choice("a", "Gold"), Choice("b", "Silver"), Choice("c", "Tin"))
TABLE = {"Tin": "Blech"}
ALICE, THERE = Person("alice@example.com", "alice@example.com", "Alice"), Person("j1", "alice@example.com", "Alice")
PEOPLE = People({ALICE.id: THERE}, {THERE.id: ALICE})
JIRA_SETS = ("choices", "words", "people", "groups", "sprints")
AHA_SETS = ("options", "words", "links", "people", "choices")
TEAMS = {"Gold": "36885b3c", **{one.name: f"id of {one.name}" for one in AHA_OPTIONS if one.name != "Gold"}}
WORDS = st.text(string.ascii_letters + "äß", min_size=1, max_size=6)
NAMES = st.sampled_from([one.name for one in AHA_OPTIONS])
LIKE_JIRA = st.sampled_from(["gold", "Silver", "Tin"])  # free texts come back as Jira spells them
NUMBERS = st.decimals(-(10**9), 10**9, places=3).map(lambda number: number.normalize() + 0)
DAYS = st.dates(date(1970, 1, 1), date(2099, 12, 31))
MOMENTS = st.datetimes(timezones=st.just(UTC))


def here(holds: str) -> FieldType:
    options = AHA_OPTIONS if holds in ("option", "open option", "options") else ()
    return FieldType(holds, "Here", options=options, closed=bool(options) and holds != "open option")


def there(holds: str) -> FieldType:
    options = JIRA_OPTIONS if holds in ("choice", "choices", "cascade") else ()
    return FieldType(holds, "There", options=options, closed=bool(options))


def ends(aha: str, jira: str) -> Ends:
    return Ends(here(aha), there(jira), TEAMS if jira == "team" else TABLE, PEOPLE)


def values(aha: str, jira: str) -> st.SearchStrategy[Any]:
    """Values of an Aha! field that have a counterpart in the Jira field."""
    texts: dict[str, st.SearchStrategy[Any]] = {
        "number": NUMBERS.map(lambda number: f"{number:f}"),
        "minutes": st.integers(0, 9999).map(str),
        "date": DAYS.map(date.isoformat),
        "moment": MOMENTS.map(datetime.isoformat),
        "url": WORDS.map(lambda word: f"https://{word}.example/"),
        "choice": LIKE_JIRA,
        "cascade": LIKE_JIRA,
        "choices": LIKE_JIRA,
    }
    text = NAMES if aha in ("option", "open option") or jira == "team" else texts.get(jira, WORDS)
    if aha in ("option", "open option", "line") and jira in ("number", "date", "moment"):
        text = texts[jira]
    entry = NAMES if aha == "options" else LIKE_JIRA if jira in ("choice", "choices", "cascade") else WORDS
    entries = st.frozensets(entry, max_size=3)
    one = jira in ("choice", "cascade", "group", "person")
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "rich": WORDS.map(lambda word: Rich("html", f"<p>{word}</p>")),
        "number": NUMBERS,
        "estimate": st.integers(0, 9999).map(Decimal),
        "date": DAYS,
        "moment": DAYS.map(lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)),
        "url": WORDS.map(lambda word: f"https://{word}.example/"),
        "flag": st.booleans(),
        "person": st.just(ALICE),
        "people": st.just(frozenset({ALICE.id})),
    }
    if aha in kinds:
        return kinds[aha]
    if aha in AHA_SETS:
        return entries.filter(lambda found: len(found) == 1) if one else entries
    return text


BOTH = sorted(pair for pair, cell in CELLS.items() if len(cell.to) == 2)
MORE = [("open option", "choice"), ("words", "choices"), ("option", "cascade"), ("line", "group"), ("words", "groups")]


def turned(form: Any, value: Value, to: Side) -> Any:
    """A value across; of a list each entry, unless the translation takes the list as one value."""
    turn = form.to_right if to is Side.RIGHT else form.to_left
    if isinstance(value, frozenset) and not is_whole(form):
        found = [turn(one) for one in value]
        return next((one for one in found if isinstance(one, Untranslatable)), frozenset(found))
    return turn(value)


@pytest.mark.parametrize("pair", [*BOTH, *MORE], ids=" to ".join)
@given(data=st.data())
def test_what_goes_both_ways_comes_back_as_it_went(pair: tuple[str, str], data: st.DataObject) -> None:
    form, value = translation(ends(*pair)), data.draw(values(*pair))
    across = turned(form, value, Side.RIGHT)
    assert not isinstance(across, Untranslatable), across
    if value not in (None, frozenset()):
        assert across not in (None, frozenset())
    assert turned(form, across, Side.LEFT) == value


@pytest.mark.parametrize("pair", [("links", "line"), ("choices", "line"), ("options", "line")], ids=" to ".join)
def test_a_comma_in_an_entry_stands_in_the_way_of_nothing_that_is_only_shown(pair: tuple[str, str]) -> None:
    named = Choice("1", "Acme, Inc.") if pair[0] == "choices" else "Acme, Inc."
    both = conversion(here(pair[0]), there(pair[1])) == CELLS["options", "line"]
    assert isinstance(translation(ends(*pair)).to_right(frozenset({named})), Untranslatable) == both
    assert translation(replace(ends(*pair), back=False)).to_right(frozenset({named})) == "Acme, Inc."


@pytest.mark.parametrize(
    ("text", "fits"), [("x" * 255, True), ("x" * 256, False), ("🚲" * 127, True), ("🚲" * 128, False)]
)
def test_one_line_of_jira_is_measured_as_jira_does(text: str, *, fits: bool) -> None:
    across = Short().to_right(text)
    assert across == text if fits else isinstance(across, Untranslatable)


@pytest.mark.parametrize("pair", sorted(CELLS), ids=" to ".join)
def test_nothing_is_nothing_on_both_sides(pair: tuple[str, str]) -> None:
    form, cell = translation(ends(*pair)), CELLS[pair]
    for side, own, other in ((Side.RIGHT, pair[0] in AHA_SETS, pair[1] in JIRA_SETS),
                             (Side.LEFT, pair[1] in JIRA_SETS, pair[0] in AHA_SETS)):  # fmt: skip
        if side in cell.to:
            meant = turned(form, frozenset() if own else None, side)
            assert meant in (None, frozenset())
            assert not is_whole(form) or (meant == frozenset()) == other


@given(st.sampled_from(sorted(CELLS)), st.data())
def test_no_value_breaks_a_conversion(pair: tuple[str, str], data: st.DataObject) -> None:
    anything: st.SearchStrategy[Any] = st.one_of(
        st.none(), st.text(max_size=9), st.booleans(), NUMBERS, DAYS, MOMENTS,
        st.builds(Choice, WORDS, WORDS), st.builds(Person, WORDS, WORDS, WORDS),
        st.builds(Rich, st.just("html"), st.text(max_size=9)),
        st.frozensets(st.one_of(WORDS, st.builds(Choice, WORDS, WORDS)), max_size=3),
    )  # fmt: skip
    value = data.draw(anything)
    form = translation(ends(*pair))
    for side in Side:
        found = form.to_right(value) if side is Side.RIGHT else form.to_left(value)
        if isinstance(found, Untranslatable):
            assert found.reason


def test_every_kind_of_both_sides_has_a_word() -> None:
    assert {*AHA_WORDS} == {str(kind) for kind in AhaKind}
    assert {*JIRA_WORDS} == {str(kind) for kind in JiraKind} | {"flag"}
    assert {cell.name for cell in CELLS.values()} == set(MAKERS) == set(SAYS)


@pytest.mark.parametrize("aha", sorted(AHA_WORDS))
@pytest.mark.parametrize("jira", sorted(JIRA_WORDS))
def test_a_pair_has_a_conversion_or_a_reason(aha: str, jira: str) -> None:
    assert (conversion(here(aha), there(jira)) is None) == bool(senseless(here(aha), there(jira)))


@pytest.mark.parametrize(
    ("aha", "jira", "said"),
    [
        ("options", "number", "only numbers, and texts of digits, become a number"),
        ("files", "line", "no field of Jira holds files"),
        ("files", "files", ""),
        ("line", "files", "only files hang on an issue"),
        ("number", "minutes", ""),
        ("rich", "words", "only choices, tags and names become labels"),
    ],
)
def test_what_has_no_sense_says_why(aha: str, jira: str, said: str) -> None:
    told = senseless(here(aha), there(jira))
    assert said in told
    assert bool(said) == bool(told)


def test_a_direction_that_can_not_be_written_says_why() -> None:
    score = FieldType("score", "Score", read_only=True)
    assert misdirected(score, there("number"), Direction.TO_RIGHT) == ""
    assert "only shows “Score”" in misdirected(score, there("number"), Direction.BOTH)
    assert misdirected(here("line"), there("sprints"), Direction.TO_LEFT) == ""
    assert "nothing can be written" in misdirected(here("line"), there("sprints"), Direction.BOTH)


@pytest.mark.parametrize(
    ("pair", "value", "code"),
    [
        (("option", "choice"), "Platinum", "F9"),
        (("options", "choices"), "Platinum", "F9"),
        (("line", "number"), "three", "F11"),
        (("line", "number"), "1_000", "F11"),
        (("line", "number"), "٣", "F11"),
        (("line", "number"), "1e400", "F11"),
        (("line", "line"), "x" * 256, "F7"),
        (("line", "url"), "nowhere", "F10"),
        (("line", "date"), "soon", "F10"),
        (("option", "choices"), 7, "F10"),
        (("people", "people"), "nobody@example.com", "U1"),
    ],
)
def test_what_has_no_counterpart_is_told_with_its_code(pair: tuple[str, str], value: Any, code: str) -> None:
    found = translation(ends(*pair)).to_right(value)
    assert isinstance(found, Untranslatable)
    assert found.code == code
    assert found.remedy


def test_options_go_by_the_table_and_then_by_name_whatever_its_case() -> None:
    form = translation(ends("option", "choice"))
    assert [form.to_right(name) for name in ("Tin", "GOLD", "Silver")] == [Choice("3"), Choice("1"), Choice("2")]
    assert [form.to_left(one) for one in JIRA_OPTIONS] == ["Gold", "Silver", "Tin"]


def test_options_that_differ_by_their_case_alone_are_told_apart() -> None:
    small, large = Choice("1", "tin"), Choice("2", "Tin")
    for table in ({}, {"tin": "tin", "Tin": "Tin"}):
        form = Named(Options((Choice("a", "tin"), Choice("b", "Tin")), (small, large), table))
        assert [form.to_right(name) for name in ("Tin", "tin")] == [large, small]
        assert [form.to_left(one) for one in (large, small)] == ["Tin", "tin"]


def test_two_entries_have_no_place_in_one() -> None:
    found = translation(ends("option", "choices")).to_left(frozenset(JIRA_OPTIONS[:2]))
    assert isinstance(found, Untranslatable)
    assert "Silver, gold" in found.reason


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: ./run python -m tools.fields_page"


FLOWS = {
    "both ways": (
        "Name; Description; Assignee; Due date; Start date; Points; Estimate; Remaining estimate; Epic; Parent; "
        "Initiative; Reporter of features, requirements, epics; comments; attachments; links; "
        "custom fields of equal name; new requirements; Rank of requirements"
    ),
    "Aha! to Jira": "Release; Release name; Release date; Released; Rank of features; Aha! Rank; Score; constants",
    "Jira to Aha!": "Status; worklogs",
    "off until somebody switches it on": "Tags; new epics; new initiatives",
}


@pytest.mark.parametrize("direction", FLOWS)
def test_the_page_says_first_what_flows_which_way(direction: str) -> None:
    (line,) = [line for line in page().splitlines() if line.startswith(f"| **{direction}**")]
    told = set(line.split("|")[2].strip().split("; "))
    assert set(FLOWS[direction].split("; ")) - told == set()


def test_the_page_names_what_only_a_line_brings() -> None:
    told = page().partition("By a line that somebody writes:")[2].partition("| what hangs")[0]
    for name in ("Sprint", "Resolution", "Moment the issue was created", "Moment of the last change"):
        assert re.search(rf"^\| {name} \|.*\| to aha, once to aha \|$", told, re.MULTILINE)
    assert "Aha! Reference" in page()


@pytest.mark.parametrize(("product", "side"), [("Jira", Side.RIGHT), ("Aha!", Side.LEFT)])
@pytest.mark.parametrize("name", ["Silver", "a b, c", "of “x” in Jira", "x is no option in Aha!"])
def test_what_a_sentence_says_is_missing_is_read_out_of_it(name: str, product: str, side: Side) -> None:
    from crosswalk.sync.missing import missing_option, no_option

    plain = name.replace("“", "").replace("”", "")
    told = f"Extra of FAB-1 was not carried. Aha! holds a value that …: {no_option(plain, product, 'Tier').reason}"
    assert missing_option(told) == (plain, side)
    assert missing_option("“Silver” is not a number") is None


DAYS_OF = [
    ("America/New_York", "2026-12-01T02:30+00:00", "2026-11-30"),
    ("America/New_York", "2026-12-01T05:00+00:00", "2026-12-01"),
    ("Pacific/Auckland", "2026-06-30T12:00+00:00", "2026-07-01"),
    ("Asia/Kolkata", "2026-06-30T18:30+00:00", "2026-07-01"),
    ("", "2026-12-01T02:30+00:00", "2026-12-01"),
    ("Nowhere/At all", "2026-12-01T02:30+00:00", "2026-12-01"),
    ("../etc/passwd", "2026-12-01T02:30+00:00", "2026-12-01"),
]


@pytest.mark.parametrize(("zone", "moment", "day"), DAYS_OF)
def test_a_moment_has_the_day_of_the_accounts_zone(zone: str, moment: str, day: str) -> None:
    at, on = datetime.fromisoformat(moment), date.fromisoformat(day)
    for aha, jira, to in (("date", "moment", Side.LEFT), ("moment", "date", Side.RIGHT)):
        assert turned(translation(replace(ends(aha, jira), zone=zone)), at, to) == on


@given(st.sampled_from(sorted(available_timezones())), st.dates(date(2012, 1, 1)))
def test_noon_is_that_day_in_any_zone(zone: str, day: date) -> None:
    """Since 2012: before, some islands crossed the date line and left a day out."""
    form = translation(replace(ends("date", "moment"), zone=zone))
    noon = form.to_right(day)
    assert isinstance(noon, datetime)
    assert noon.tzinfo is UTC
    assert form.to_left(noon) == day


def test_the_first_and_the_last_day_there_is_end_no_run() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        form = translation(replace(ends("date", "moment"), zone=zone))
        for day in (date.min, date.max):
            assert isinstance(form.to_left(form.to_right(day)), date)


SPELLED = [
    ("formula", "date", "2027-01-31", date(2027, 1, 31)),
    ("line", "date", "2027-01-31", date(2027, 1, 31)),
    ("formula", "moment", "2027-01-31", datetime(2027, 1, 31, 17, tzinfo=UTC)),
    ("line", "moment", "2027-01-31 09:30", datetime(2027, 1, 31, 14, 30, tzinfo=UTC)),
    ("line", "moment", "2027-01-31T09:30+01:00", datetime(2027, 1, 31, 8, 30, tzinfo=UTC)),
    ("formula", "number", "7.5", Decimal("7.5")),
]


@pytest.mark.parametrize(("aha", "jira", "text", "meant"), SPELLED)
def test_a_text_or_a_formula_that_spells_a_date(aha: str, jira: str, text: str, meant: Value) -> None:
    form = translation(replace(ends(aha, jira), zone="America/New_York"))
    assert form.to_right(text) == meant
    told = form.to_right("soon")
    assert isinstance(told, Untranslatable)
    assert "soon" in told.reason


REFS = Choice("r1", "FAB-7"), Choice("r2", "Spring ride")
TO_JIRA: list[tuple[str, str, Value, Value]] = [
    ("score", "line", Decimal("7.50"), "7.5"),
    ("score", "number", Decimal(7), Decimal(7)),
    ("files", "files", None, None),
    ("formula", "line", "7.5", "7.5"),
    ("formula", "rich", "7 < 8", Rich("wiki", "7 < 8")),
    ("formula", "choice", "silver", Choice("2", "Silver")),
    ("links", "line", frozenset({"FAB-9", "FAB-1"}), "FAB-1, FAB-9"),
    ("links", "choices", frozenset({"gold", "Tin"}), frozenset({Choice("1", "gold"), Choice("3", "Blech")})),
    ("links", "words", frozenset({"Spring ride", "FAB-1"}), frozenset({"Spring_ride", "FAB-1"})),
    ("person", "line", ALICE, "Alice"),
    ("people", "line", frozenset({"bruno@example.com", "alice@example.com"}), "alice@example.com, bruno@example.com"),
    ("choice", "line", REFS[1], "Spring ride"),
    ("choice", "choice", Choice("r3", "GOLD"), Choice("1", "gold")),
    ("status", "choice", Choice("s1", "Tin"), Choice("3", "Blech")),
    ("choices", "line", frozenset(REFS), "FAB-7, Spring ride"),
    ("choices", "choices", frozenset({Choice("r3", "Tin")}), frozenset({Choice("3", "Blech")})),
    ("choices", "words", frozenset(REFS), frozenset({"FAB-7", "Spring_ride"})),
]
SPRINTS = frozenset({Choice("7", "Sprint 2"), Choice("8", "Sprint 1")})
TO_AHA: list[tuple[str, str, Value, Value]] = [
    ("line", "issue", Choice("10001", "FAB-1"), "FAB-1"),
    ("line", "epic", Choice("10001", "FAB-1"), "FAB-1"),
    ("url", "issue", Choice("10001", "FAB-1"), "FAB-1"),
    ("line", "sprints", SPRINTS, "Sprint 1, Sprint 2"),
    ("option", "sprints", frozenset({Choice("7", "Silver")}), "Silver"),
    ("options", "sprints", frozenset({Choice("7", "Silver")}), frozenset({"Silver"})),
    ("words", "sprints", SPRINTS, frozenset({"Sprint 1", "Sprint 2"})),
]


def same_choices(value: Value) -> Value:
    """Choices by their ids: what they are called is no part of what is written."""
    if isinstance(value, frozenset):
        return frozenset(Choice(one.id) if isinstance(one, Choice) else one for one in value)
    return Choice(value.id) if isinstance(value, Choice) else value


@pytest.mark.parametrize(
    ("aha", "jira", "to", "value", "meant"),
    [
        *((aha, jira, Side.RIGHT, value, meant) for aha, jira, value, meant in TO_JIRA),
        *((aha, jira, Side.LEFT, value, meant) for aha, jira, value, meant in TO_AHA),
    ],
)
def test_what_goes_one_way_arrives_as_its_words_say(aha: str, jira: str, to: Side, value: Value, meant: Value) -> None:
    cell = conversion(here(aha), there(jira))
    assert cell is not None
    assert to in cell.to
    assert same_choices(turned(translation(replace(ends(aha, jira), rich="wiki")), value, to)) == same_choices(meant)


def test_every_cell_that_goes_one_way_has_an_example() -> None:
    shown = {(aha, jira) for aha, jira, *_ in (*TO_JIRA, *TO_AHA)} | {(aha, jira) for aha, jira, *_ in SPELLED}
    one_way = {pair for pair, cell in CELLS.items() if len(cell.to) == 1}
    assert one_way - shown == set()
