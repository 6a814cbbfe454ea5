"""People an integration has met: who is who by hand, and who was needed and not found. Keeps, and guesses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from crosswalk.merge.rules import Side
from crosswalk.merge.values import Person
from crosswalk.store import asked
from crosswalk.store.models import Acquaintance, Pair
from crosswalk.store.need_models import Need
from crosswalk.store.pairs import mark_dirty
from crosswalk.store.text import fit


@dataclass(frozen=True, slots=True)
class Match:
    """One line of the table: a person in Aha! and the same person in Jira, by their ids; names are for reading."""

    left: Person
    right: Person


def matches(integration_id: int) -> list[Match]:
    """Who is who by hand, in the order of the names."""
    return [
        Match(Person(person, email, name), Person(other, "", other_name))
        for person, email, name, other, other_name in asked.by_hand(integration_id)
    ]


def known(integration_id: int) -> QuerySet[Acquaintance]:
    """The lines of the table, in the order of the names."""
    lines = Acquaintance.objects.filter(integration_id=integration_id, side=Side.LEFT.value)
    return lines.exclude(other_id="").order_by("name", "person_id")


def part(line: int) -> None:
    """Take this line out of the table."""
    Acquaintance.objects.filter(pk=line).delete()


def by_hand(integration_id: int) -> dict[tuple[Side, str], tuple[Person, ...]]:
    """For a person's side and id, who that is across: several in Aha! may be one in Jira."""
    found: dict[tuple[Side, str], tuple[Person, ...]] = {}
    for match in matches(integration_id):
        found[Side.LEFT, match.left.id] = (match.right,)
        found[Side.RIGHT, match.right.id] = (*found.get((Side.RIGHT, match.right.id), ()), match.left)
    return found


def set_matches(integration_id: int, table: Iterable[Match]) -> int:
    """Use `table` in place of the one there was; how many lines it has."""
    known = Acquaintance.objects.filter(integration_id=integration_id)
    known.exclude(other_id="").update(other_id="", other_name="")
    count = 0
    for match in table:
        join(integration_id, match)
        count += 1
    known.filter(other_id="", needed=0).delete()
    return count


def join(integration_id: int, match: Match) -> None:
    """Say who somebody is; both are found from now on, so nobody is missed any more. Which records did is kept for
    `met_meanwhile`, until `tidy`."""
    names = {"other_id": match.right.id, "other_name": fit(match.right.name, 200), "needed": 0, "reason": ""}
    told = {"email": match.left.email[:320], "name": fit(match.left.name, 200)}
    said, _ = Acquaintance.objects.update_or_create(
        integration_id=integration_id,
        side=Side.LEFT.value,
        person_id=match.left.id,
        defaults={**names, **{name: value for name, value in told.items() if value}},
    )
    there = Acquaintance.objects.filter(
        integration_id=integration_id, side=Side.RIGHT.value, person_id=match.right.id, other_id=""
    )
    Need.objects.filter(person__in=there).exclude(record__in=said.needs.values("record")).update(person=said)
    there.delete()


def met_meanwhile(pair_id: int, at: datetime) -> None:
    """Wake a pair, and those below it, that ask for somebody of whom it was said during the run who that is.

    Whoever says so wakes what asks by then: so this is to be called once it is seen that the pair asks.
    """
    family = Pair.objects.filter(Q(pk=pair_id) | Q(parent=pair_id), state=Pair.State.ASKING)
    ends = [(row.pk, ((row.left_kind, row.left_id), (row.right_kind, row.right_id))) for row in family]
    known = {f"{kind} {number}": pk for pk, both in ends for kind, number in both if number is not None}
    needs = Need.objects.filter(record__in=known, person__integration__pairs=pair_id).select_related("person")
    if not needs:
        return
    said = by_hand(needs[0].person.integration_id)  # of several nobody knows which
    met = [one for one in needs if len(said.get((Side(one.person.side), one.person.person_id), ())) == 1]
    for need in met:
        found(need.person.integration_id, Side(need.person.side), need.person.person_id)
    Need.objects.filter(pk__in=[need.pk for need in met]).delete()
    mark_dirty([known[need.record] for need in met], at)


def tidy() -> None:
    """Forget which records missed somebody who is known by now."""
    Need.objects.exclude(person__other_id="").delete()


def missed(integration_id: int, side: Side, who: Person, reason: str, record: str, at: datetime) -> None:
    """Nobody was found for `who`, whom `record` needed: once more, or for the first time."""
    if not asked.missed(integration_id, side, who, record, at, fit(reason, 500)):
        Acquaintance.objects.get_or_create(integration_id=integration_id, side=side.value, person_id=who.id)
        asked.missed(integration_id, side, who, record, at, fit(reason, 500))


def searched(integration_id: int, since: datetime) -> dict[str, str]:
    """By id, the Aha! users who were searched for in Jira since then, and the account that was found, "" for none."""
    rows = Acquaintance.objects.filter(
        integration_id=integration_id, side=Side.LEFT.value, searched_at__gt=since, other_id=""
    )
    return dict(rows.values_list("person_id", "found_id"))


def keep_search(integration_id: int, who: Person, account: str, at: datetime) -> None:
    """Keep whom the exact search for an Aha! user found in Jira, "" for nobody."""
    told = {"email": who.email[:320], "name": fit(who.name, 200), "found_id": account, "searched_at": at}
    Acquaintance.objects.update_or_create(
        integration_id=integration_id, side=Side.LEFT.value, person_id=who.id, defaults=told
    )


def found(integration_id: int, side: Side, person_id: str) -> None:
    """Somebody who was missed is found now."""
    rows = unmatched(integration_id).filter(side=side.value, person_id=person_id)
    rows.filter(searched_at=None).delete()
    Need.objects.filter(person__in=rows).delete()
    rows.update(needed=0, reason="")


def unmatched(integration_id: int) -> QuerySet[Acquaintance]:
    """Who was needed and not found, the most needed first."""
    known = Acquaintance.objects.filter(integration_id=integration_id, other_id="", needed__gt=0)
    return known.order_by("-needed", "name", "person_id")
