"""Values of one side in the other's terms, case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalk.merge.rules import Side, Untranslatable
from crosswalk.merge.values import Choice, Person, Rich
from crosswalk.sync.lines import Lists, Variant
from crosswalk.sync.mapping import Mapping
from crosswalk.sync.people import MOST, Nobody, PeopleBook, believing
from crosswalk.sync.shown import shown
from crosswalk.sync.statuses import status_table
from crosswalk.sync.translate import Labels, RichText, Summary, Table

ALICE, EMIL = Person("a1", "alice@example.com", "Alice"), Person("a5", "emil@example.com", "Emil")
JIRA_ALICE, HIDDEN_BRUNO = Person("j1", "alice@example.com", "Alice"), Person("j2", "", "Bruno")


def counted(text: str) -> int:
    """As Java counts: an emoji is two."""
    return sum(1 + (ord(character) > 0xFFFF) for character in text)


def test_of_several_types_each_goes_to_a_status_of_its_own_workflow() -> None:
    """A Bug was sent to the status of a Story, to which its workflow has no way."""
    todo, done, closed = Choice("1", "To Do"), Choice("2", "Done"), Choice("3", "Closed")
    shipped, new = Choice("b", "Shipped"), Choice("a", "New")
    variants = {"10": Variant(frozenset(), (todo, done)), "11": Variant(frozenset(), (todo, closed))}
    lists = Lists(
        {"feature": (new, shipped)}, {"feature": (todo, done, closed)}, {}, "adf", variants={"feature": variants}
    )
    statuses = {"feature": {"To Do": "New", "Done": "Shipped", "Closed": "Shipped"}}
    for named in ({}, {"feature": {"Shipped": "Done"}}):
        mapping = Mapping({}, {}, statuses, statuses_to_jira=named)
        for type_, wanted in (("10", done), ("11", closed), ("12", done), ("", done)):
            table = status_table(mapping, lists, "feature", type_)
            assert (table.to_right(shipped), table.to_right(new)) == (wanted, todo)
            assert table.to_left(done) == table.to_left(closed) == shipped


@given(st.text(max_size=400) | st.text("x🚲", min_size=120, max_size=260))
def test_a_summary_fits_and_a_cut_one_never_comes_back(name: str) -> None:
    summary = Summary().to_right(name)
    assert isinstance(summary, str)
    assert counted(summary) <= 254
    assert "\n" not in summary
    back = Summary().to_left(summary)
    cut = counted(" ".join(name.split())) > 254
    assert (Summary().loss(name, Side.RIGHT) is not None) == cut
    assert isinstance(back, Untranslatable) if cut else back == " ".join(name.split())


@given(st.text(min_size=1, max_size=40))
def test_a_label_has_no_spaces(tag: str) -> None:
    label = Labels().to_right(tag)
    assert isinstance(label, str)
    assert not any(character.isspace() for character in label)


def test_a_tag_longer_than_a_label_is_told() -> None:
    for tag in ("x" * 256, "🚲" * 128):
        assert isinstance(Labels().to_right(tag), Untranslatable)
    assert Labels().to_right("🚲" * 127) == "🚲" * 127


def test_a_choice_outside_the_table_is_told_by_name_with_a_remedy() -> None:
    table = Table("The status", left={"1": Choice("n", "New")})
    assert table.to_left(Choice("1", "To Do")) == Choice("n")
    told = table.to_left(Choice("9", "Blocked"))
    assert isinstance(told, Untranslatable)
    assert "“Blocked” has no counterpart in Aha!" in told.reason
    assert "“Blocked”" in told.remedy
    assert table.to_left(None) is None


@pytest.mark.parametrize("format_", ["adf", "wiki"])
def test_formatted_text_there_and_back(format_: str) -> None:
    text = RichText(format_)
    there = text.to_right(Rich("html", "<p>A <strong>loud</strong> bell</p>"))
    assert isinstance(there, Rich)
    assert there.format == format_
    assert text.to_left(there) == Rich("html", "<p>A <strong>loud</strong> bell</p>")
    assert text.to_right(None) is None
    assert isinstance(text.to_right("plain"), Untranslatable)


@pytest.mark.parametrize("format_", ["adf", "wiki"])
def test_a_paragraph_without_anything_in_it_is_no_text(format_: str) -> None:
    """Jira keeps it as empty, so that a write of it would never be seen there."""
    assert RichText(format_).to_right(Rich("html", "<p></p>")) is None


def test_formatted_text_is_shown_by_its_words() -> None:
    there = RichText("adf").to_right(Rich("html", "<p>A <strong>loud</strong> bell</p>"))
    assert not isinstance(there, Untranslatable)
    assert shown(there) == "A loud bell"
    assert shown(Rich("adf", "no json")) == "no json"


class Directory:
    """Both sides' people, and how often they were asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Side, str]] = []
        self.at = datetime(2027, 1, 1, tzinfo=UTC)
        self.book = PeopleBook(self.find, lambda: self.at)

    def find(self, side: Side, email: str) -> Person | None:
        self.asked.append((side, email))
        known = {
            (Side.RIGHT, "alice@example.com"): JIRA_ALICE,
            (Side.RIGHT, "bruno@example.com"): HIDDEN_BRUNO,
            (Side.LEFT, "alice@example.com"): ALICE,
        }
        return known.get((side, email))


def test_people_are_found_by_their_exact_address_and_asked_about_once() -> None:
    here = Directory()
    for _ in range(3):
        assert here.book.table([ALICE], []).to_right(ALICE) == JIRA_ALICE
    assert here.asked == [(Side.RIGHT, "alice@example.com")]
    here.at += timedelta(hours=1)
    here.book.table([ALICE], [])
    assert len(here.asked) == 2


def test_work_that_no_person_waits_for_asks_about_the_missing_once() -> None:
    here = Directory()
    with believing():
        for _ in range(3):
            assert isinstance(here.book.table([EMIL], []).to_right(EMIL), Untranslatable)
    assert here.asked == [(Side.RIGHT, "emil@example.com")]
    here.book.table([EMIL], [])
    assert len(here.asked) == 2, "a person who waits may just have made the account"
    here.at += timedelta(hours=1)
    with believing():
        here.book.table([EMIL], [])
    assert len(here.asked) == 3, "nothing is believed for ever"


def test_who_stands_in_is_asked_about_once() -> None:
    here = Directory()
    here.book = PeopleBook(here.find, lambda: here.at, fallback={Side.RIGHT: "alice@example.com"})
    for _ in range(3):
        assert here.book.table([EMIL], []).to_right(EMIL) == JIRA_ALICE
    assert here.asked.count((Side.RIGHT, "alice@example.com")) == 1


def test_a_person_without_an_account_is_told_and_nobody_is_guessed() -> None:
    told = Directory().book.table([EMIL], []).to_right(EMIL)
    assert isinstance(told, Untranslatable)
    assert "emil@example.com" in told.reason
    assert told.code == "U1"


def test_a_hidden_address_is_known_once_its_other_half_was_looked_up() -> None:
    here = Directory()
    bruno = Person("a2", "bruno@example.com", "Bruno")
    assert isinstance(here.book.table([], [HIDDEN_BRUNO]).to_left(HIDDEN_BRUNO), Untranslatable)
    assert here.book.table([bruno], []).to_right(bruno) == HIDDEN_BRUNO
    assert here.book.table([], [HIDDEN_BRUNO]).to_left(HIDDEN_BRUNO) == bruno


class Remembered(Nobody):
    """A memory of searches."""

    def __init__(self, here: Directory) -> None:
        self.here = here
        self.kept: dict[str, tuple[str, datetime]] = {}

    def searched(self, since: datetime) -> dict[str, str]:
        return {name: account for name, (account, at) in self.kept.items() if at > since}

    def keep_search(self, who: Person, account: str) -> None:
        self.kept[who.id] = account, self.here.at


BRUNO = Person("a2", "bruno@example.com", "Bruno")


def test_a_hidden_address_is_found_by_an_exact_search_for_each_user() -> None:
    here, stranger = Directory(), Person("j9", "", "Bruno")
    memory = Remembered(here)
    here.book = PeopleBook(here.find, lambda: here.at, memory, users=(EMIL, Person("a8", "", "Nora"), BRUNO, ALICE))
    assert here.book.table([], [HIDDEN_BRUNO]).to_left(HIDDEN_BRUNO) == BRUNO
    assert here.asked == [(Side.RIGHT, "emil@example.com"), (Side.RIGHT, "bruno@example.com")]
    assert isinstance(here.book.table([], [stranger]).to_left(stranger), Untranslatable), "a name is no proof"
    asked = list(here.asked)
    assert asked[2:] == [(Side.RIGHT, "alice@example.com")], "nobody is asked about twice"
    for _ in range(3):
        here.book.table([], [HIDDEN_BRUNO, stranger])
        here.at += timedelta(hours=1)
        here.book = PeopleBook(here.find, lambda: here.at, memory, users=(EMIL, BRUNO, ALICE))  # begun anew
    assert here.asked == asked
    here.at += timedelta(days=1)
    assert here.book.table([], [HIDDEN_BRUNO]).to_left(HIDDEN_BRUNO) == BRUNO
    assert len(here.asked) == len(asked) + 2, "tomorrow it may be somebody else's"


def test_one_run_searches_for_so_many_and_the_next_goes_on() -> None:
    here = Directory()
    crowd = tuple(Person(f"c{number}", f"c{number}@example.com") for number in range(MOST))
    here.book = PeopleBook(here.find, lambda: here.at, Remembered(here), users=(*crowd, BRUNO))
    assert isinstance(here.book.table([], [HIDDEN_BRUNO]).to_left(HIDDEN_BRUNO), Untranslatable)
    assert len(here.asked) == MOST
    assert here.book.table([], [HIDDEN_BRUNO]).to_left(HIDDEN_BRUNO) == BRUNO


def test_clearing_a_person_clears_it() -> None:
    assert Directory().book.table([None], [None]).to_right(None) is None
