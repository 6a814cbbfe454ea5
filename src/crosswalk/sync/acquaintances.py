"""What people do about people: see who is missing, say who is who, and take the table out and in as CSV."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator

from django.db import transaction

from crosswalk.errors import CrosswalkError, NotFound, Refused
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person
from crosswalk.store import people
from crosswalk.store.models import Acquaintance, Integration, Pair
from crosswalk.store.people import Match
from crosswalk.sync import csvfile, projectdata
from crosswalk.sync.installation import current
from crosswalk.sync.waking import wake

COLUMNS = ("aha_id", "aha_name", "aha_email", "jira_id", "jira_name")
LONGEST_ID = 200  # characters; the store holds no more
ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+")
MOST = 20_000  # lines of a table


LATE = "Somebody said meanwhile who that is, or the person was found. Nothing was changed."
LOOK = "See the table on this page, and correct it there."


def lines_now(count: int) -> str:
    """How long the table is since it was taken in, as a sentence."""
    return f"The table has {count} line{'' if count == 1 else 's'} now."


def unmatched(integration: Integration) -> list[Acquaintance]:
    """Who was needed and not found, the most needed first."""
    return list(people.unmatched(integration.pk)[:200])


def say(integration: Integration, row: Acquaintance, other: str, seen: str = "") -> Person:
    """Say that the person of `row` is `other` on the other side: an e-mail address or an account id. Whom it names;
    without a name where the other side could not be asked, and nobody checked it.

    `seen` is the id that the table had for a person who is in it already; "" for one who was not found. Raises Refused
    where nobody there has that address or id, and where somebody said it meanwhile. Records that waited for them are
    looked at again.
    """
    side = Side(row.side)
    met = Person(row.person_id, row.email, row.name)
    text = other.strip()
    if not text:
        raise Refused("Nobody was named.", remedy="Write an e-mail address or an account id.")
    if len(text) > LONGEST_ID or not text.isprintable():
        raise Refused(
            f"That is no account: it has more than {LONGEST_ID} characters, or some that can not be seen.",
            remedy="Copy the e-mail address or the account id once more.",
        )
    there = _asked(integration, side.other, text) if "@" in text else _account(integration, side.other, text)
    ends = {side: met, side.other: there}
    with transaction.atomic():
        _as_shown(integration, row, seen)
        people.join(integration.pk, Match(ends[Side.LEFT], ends[Side.RIGHT]))
    _look_again(integration)
    return there


def forget(integration: Integration, row: Acquaintance, seen: str) -> None:
    """Take a line out of the table: from now on the person is found by exact address, or is missing again.

    Raises Refused where somebody changed the line meanwhile. Records that wait are looked at again.
    """
    with transaction.atomic():
        _as_shown(integration, row, seen)
        people.part(row.pk)
    _look_again(integration)


def _as_shown(integration: Integration, row: Acquaintance, seen: str) -> None:
    """Refuse where the line is not any more what the page showed."""
    lines = people.known(integration.pk).filter(other_id=seen) if seen else people.unmatched(integration.pk)
    if not lines.select_for_update().filter(pk=row.pk).exists():
        raise Refused(LATE, remedy=LOOK)


def proposed(integration: Integration, rows: Iterable[Acquaintance]) -> dict[int, Person]:
    """Who in the project data has exactly the address of somebody who was not found, by the row of who was missed.

    Nobody where the address is hidden, and nobody where two have it: there is no guess.
    """
    known: dict[tuple[Side, str], list[Person]] = {}
    for side, some in _people(integration).items():
        for who in some:
            known.setdefault((side, who.email.strip().lower()), []).append(who)
    found = {}
    for row in rows:
        near = known.get((Side(row.side).other, row.email.strip().lower()), []) if row.email else []
        exact = [who for who in near if who.has_address(row.email)]
        if len(exact) == 1:
            found[row.pk] = exact[0]
    return found


def _people(integration: Integration) -> dict[Side, tuple[Person, ...]]:
    """The people of the last load of project data."""
    try:
        loaded = projectdata.load(integration)
    except Refused:
        return {}
    return {Side.LEFT: loaded.aha.people, Side.RIGHT: loaded.jira.people or ()}


def _account(integration: Integration, side: Side, account: str) -> Person:
    """The person with exactly this account id. Where the side can not be asked now, what the project data knows of it,
    and a person without a name where that knows nobody."""
    try:
        here = current().bridges.joined(integration)
        found = here.aha.account(account) if side is Side.LEFT else here.jira.account(account)
    except CrosswalkError:
        every = _people(integration).get(side, ())
        return next((who for who in every if who.id == account), Person(account, "", ""))
    product = "Aha!" if side is Side.LEFT else "Jira"
    if found is None:
        raise Refused(
            f"Nobody in {product} has the account id “{account}”. A name is not enough: two people may have the same.",
            remedy="Write the e-mail address or the account id.",
            code="U1",
        )
    if not found.active:
        raise Refused(
            f"The {product} account of {found.name} is deactivated.",
            remedy=f"Activate it in {product}, or say somebody else.",
            code="U1",
        )
    return found


def _asked(integration: Integration, side: Side, email: str) -> Person:
    here = current().bridges.joined(integration)
    try:
        found = here.aha.people(email) if side is Side.LEFT else here.jira.people(email)
    except NotFound:
        found = None
    if found is None:
        raise Refused(
            f"Nobody in {'Aha!' if side is Side.LEFT else 'Jira'} has exactly the address {email}.",
            remedy="Check it for a typing error, or write the account id.",
            code="U1",
        )
    return found


def _look_again(integration: Integration) -> None:
    waiting = Pair.objects.filter(integration=integration, state=Pair.State.ASKING).values_list("pk", flat=True)
    wake(current().engine, list(waiting), current().now())


def as_csv(integration: Integration) -> str:
    """The table, and below it who is missing, as CSV with a line of names first."""
    return csvfile.as_csv(COLUMNS, _rows(integration))


def _rows(integration: Integration) -> Iterator[tuple[str, ...]]:
    for match in people.matches(integration.pk):
        left, right = match.left, match.right
        yield (left.id, left.name, left.email, right.id, right.name)
    for row in people.unmatched(integration.pk):
        met = (row.person_id, row.name, row.email) if row.side == Side.LEFT.value else ("", "", "")
        there = ("", "") if row.side == Side.LEFT.value else (row.person_id, row.name)
        yield (*met, *there)


def mark(integration: Integration) -> str:
    """What tells one table from another: a page shows it, and it comes back with what is to take the table's place."""
    rows = [(match.left.id, match.right.id) for match in people.matches(integration.pk)]
    return hashlib.sha256(repr(sorted(rows)).encode()).hexdigest()[:32]


def from_csv(integration: Integration, text: str, seen: str = "") -> int:
    """Use the table in `text` in place of the one there was; lines without both ids are passed over. How many it has.

    Raises Refused, naming line and fault; and where the table is not the one with the mark `seen` any more. Then
    nothing is changed.
    """
    whole = text.removeprefix("\ufeff")
    rows = csv.reader(io.StringIO(whole, newline=""), delimiter=_delimiter(whole))
    try:
        listed = list(rows)
    except csv.Error as error:
        raise Refused(f"Line {rows.line_num} can not be read: {error}.", remedy="Save it as CSV once more.") from error
    head = [cell.strip().casefold() for cell in listed[0]] if listed else []
    if head[: len(COLUMNS)] != list(COLUMNS):
        raise Refused("The first line must name the columns.", remedy=f"Write: {','.join(COLUMNS)}")
    if len(listed) > MOST:
        raise Refused(
            f"The table has {len(listed):,} lines, more than {MOST:,}.", remedy="Leave out who is not needed."
        )
    table = [_match(number, row) for number, row in enumerate(listed[1:], 2) if any(cell.strip() for cell in row)]
    matches = [match for match in table if match is not None]
    _refuse_doubles(matches)
    with transaction.atomic():
        if seen and seen != mark(integration):
            raise Refused(
                "Somebody changed the table since this page was shown. Nothing was changed by this file.",
                remedy="Download the table once more, put your lines in, and upload it again.",
            )
        count = people.set_matches(integration.pk, matches)
    _look_again(integration)
    return count


def _delimiter(text: str) -> str:
    """What stands between the cells: a spreadsheet set to a language with decimal commas writes semicolons."""
    head = text.partition("\n")[0]
    return next((mark for mark in ";\t" if mark in head and "," not in head), ",")


def _match(number: int, row: list[str]) -> Match | None:
    if len(row) != len(COLUMNS):
        what = f"Line {number} has {len(row)} cells, {len(COLUMNS)} expected."
        raise Refused(what, remedy="Put names with commas in quotes.")
    aha_id, aha_name, aha_email, jira_id, jira_name = (csvfile.meant(cell.strip()) for cell in row)
    if not aha_id or not jira_id:
        return None
    for cell in (aha_id, jira_id):
        if len(cell) > LONGEST_ID or not cell.isprintable():
            what = f"Line {number}: an id has more than {LONGEST_ID} characters, or some that can not be seen."
            raise Refused(what, remedy="Copy the id once more.")
        if ROUNDED.fullmatch(cell):
            what = f"Line {number}: {cell} is an id that a spreadsheet took for a number, and rounded."
            raise Refused(what, remedy="Make the columns of ids text in the spreadsheet, and copy the ids once more.")
    return Match(Person(aha_id, aha_email, aha_name), Person(jira_id, "", jira_name))


def _refuse_doubles(matches: list[Match]) -> None:
    seen: set[str] = set()
    for match in matches:
        if match.left.id in seen:
            raise Refused(f"The Aha! user {match.left.id} stands in more than one line.", remedy="Keep one of them.")
        seen.add(match.left.id)
