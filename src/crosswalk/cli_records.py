"""Commands about single records: pause, ignore, retry, link, unlink, undo, put back. Parses, calls sync, prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from crosswalk.cli_shared import PERSON, agreed, echo, integration, kept, shown, telling
from crosswalk.errors import Refused
from crosswalk.merge.rules import Side

if TYPE_CHECKING:
    from crosswalk.store.models import Integration, Pair

_WAITS = "The service has to run to carry it."


def _pairs(found: Integration, records: tuple[str, ...], *, unlinked: bool = False) -> list[Pair]:
    """The pairs that `records` name: an Aha! record before an issue of the same key."""
    from crosswalk.store.models import Pair

    every = Pair.objects.filter(integration=found).select_related("integration").order_by("-pk")
    every = every.filter(held="unlinked") if unlinked else every.exclude(held="unlinked")
    chosen = []
    for name in dict.fromkeys(records):
        ends = [f"{'ends__' if unlinked else ''}{side}_key" for side in ("left", "right")]
        pair = next(filter(None, (every.filter(**{end: name}).first() for end in ends)), None)
        if pair is None:
            lost = "is not unlinked" if unlinked else "was not sent, and nothing is linked to it"
            raise click.ClickException(f"{name} {lost}.")
        chosen.append(pair)
    return chosen


def _hold(what: str, name: str, records: tuple[str, ...], *, alike: bool = False) -> None:
    """Do one of the acts of sync/holding.py to records."""
    with telling():
        found, service = integration(name)
        from crosswalk.sync import holding

        if what == "ignore":
            for record in records:
                _known(found, record, service.find_ref)
        pairs = _pairs(found, records)
        count = holding.do(_alike(pairs) if alike else pairs, what, PERSON)
    echo(holding.DONE[what].format("1 record is" if count == 1 else f"{count} records are"))


@kept("work", "Pausing records")
def pause_records(integration: str, records: tuple[str, ...]) -> None:
    """Leave records alone: what `pause` does where some are named."""
    _hold("pause", integration, records)


@click.command("go-on")
@click.argument("integration")
@click.argument("records", nargs=-1, required=True)
@kept("work", "Going on with records")
def go_on(integration: str, records: tuple[str, ...]) -> None:
    """Keep RECORDS of INTEGRATION in step again, which were paused or ignored."""
    _hold("resume", integration, records)


@click.command()
@click.argument("integration")
@click.argument("records", nargs=-1, required=True)
@kept("work", "Ignoring records")
def ignore(integration: str, records: tuple[str, ...]) -> None:
    """Leave RECORDS of INTEGRATION out, sent or not, until `go-on`."""
    _hold("ignore", integration, records)


@click.command()
@click.argument("integration")
@click.argument("records", nargs=-1, required=True)
@click.option("--alike", is_flag=True, help="and at all that stopped for the same reason")
@kept("work", "Looking at records again")
def retry(integration: str, records: tuple[str, ...], *, alike: bool) -> None:
    """Look at RECORDS of INTEGRATION now, whatever happened before."""
    _hold("resync", integration, records, alike=alike)


def _alike(pairs: list[Pair]) -> list[Pair]:
    """`pairs`, and all of their integration that stopped for the reason that the last trouble of one of them tells."""
    from crosswalk.store.models import JournalEntry
    from crosswalk.web.reading import alike

    found = {pair.pk: pair for pair in pairs}
    for pair in pairs:
        line = JournalEntry.objects.filter(pair=pair, level__in=("warning", "error")).order_by("-pk").first()
        found |= {one.pk: one for one in alike(line)} if line else {}
    return list(found.values())


def _known(found: Integration, record: str, find: Callable[..., object]) -> None:
    """Make the pair of a record that was never sent, so that it can be ignored.

    An issue of another record may have the same key, where workspace and project go by the same letters.
    """
    from crosswalk.merge.records import Ref
    from crosswalk.store.models import Pair
    from crosswalk.sync import service

    every = Pair.objects.filter(integration=found).exclude(held="unlinked")
    issue = every.filter(right_key=record).exists()
    ours = record.startswith(f"{found.workspace_key}-")
    if every.filter(left_key=record).exists() or (issue and not ours):
        return
    try:
        ref = find(found, record)
    except Refused:
        if issue:
            return
        raise
    assert isinstance(ref, Ref)
    service.pair_for(found, ref)


@click.command("unlink")
@click.argument("name", metavar="INTEGRATION")
@click.argument("records", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="unlink without asking")
@kept("approval", "Unlinking records")
def unlink(name: str, records: tuple[str, ...], *, yes: bool) -> None:
    """Take RECORDS of INTEGRATION and their issues apart. Both stay as they are, and are not kept in step."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import holding

        chosen = _pairs(found, records)
        for pair in chosen:
            echo(f"{pair}, with what stands below it")
        agreed("Unlink? Nothing is written in Aha! or Jira.", yes=yes)
        count = holding.unlink(chosen, PERSON)
    echo(f"{count} unlinked. `crosswalk link-again` undoes it.")


@click.command("link-again")
@click.argument("name", metavar="INTEGRATION")
@click.argument("records", nargs=-1, required=True)
@kept("approval", "Linking records again")
def link_again(name: str, records: tuple[str, ...]) -> None:
    """Join RECORDS of INTEGRATION and their issues again, which were unlinked."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import holding

        chosen = _pairs(found, records, unlinked=True)
        for pair in chosen:
            holding.relink(pair, PERSON)
    echo(f"{len(chosen)} linked again. {_WAITS}")


@click.command("undo")
@click.argument("name", metavar="INTEGRATION")
@click.argument("record")
@click.option("--run", type=click.IntRange(1), help="this run of it; without it, the last one that wrote something")
@click.option("--dry-run", is_flag=True, help="print what would be written, and write nothing")
@click.option("--yes", is_flag=True, help="write without asking")
@kept("approval", "Undoing a run")
def undo(name: str, record: str, run: int | None, *, dry_run: bool, yes: bool) -> None:
    """Put back what a run wrote in RECORD of INTEGRATION and its issue: the plan is printed first, and asked about."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import undoing

        (pair,) = _pairs(found, (record,))
        chosen = run or undoing.newest_run(pair)
        echo(f"To undo run {chosen}:")
        _put_back(pair, undoing.of_a_run(pair, chosen), dry_run=dry_run, yes=yes)


@click.command("put-back")
@click.argument("name", metavar="INTEGRATION")
@click.argument("record")
@click.argument("field")
@click.option("--dry-run", is_flag=True, help="print what would be written, and write nothing")
@click.option("--yes", is_flag=True, help="write without asking")
@kept("approval", "Putting a value back")
def put_back(name: str, record: str, field: str, *, dry_run: bool, yes: bool) -> None:
    """Put back the value of FIELD in RECORD of INTEGRATION that was replaced last: its plan is asked about first."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import undoing

        (pair,) = _pairs(found, (record,))
        _put_back(pair, undoing.of_a_line(pair, undoing.newest_kept(pair, field)), dry_run=dry_run, yes=yes)


def _put_back(pair: Pair, asked: dict[str, int], *, dry_run: bool, yes: bool) -> None:
    from crosswalk.sync import undoing
    from crosswalk.sync.connect import unheard

    data, text = undoing.plan_of(pair, asked)
    some = data["patches"] or data["doubts"]
    echo(text if some else "Nothing to do.")  # the value stands there already
    if dry_run or not some:
        return
    if not data["patches"]:
        raise Refused("There is nothing to put back.")
    agreed("Write this?", yes=yes)
    count = undoing.write(pair.integration, asked, data["patches"], PERSON, unheard)
    echo(f"{count} field{'' if count == 1 else 's'} put back. {_WAITS}")


@click.command("link")
@click.argument("name", metavar="INTEGRATION")
@click.argument("record")
@click.argument("issue")
@click.option("--field", "fields", multiple=True, metavar="NAME=WHO", help="who counts in one field: aha or jira")
@click.option("--erase", multiple=True, metavar="NAME", help="in this field an empty value counts, too")
@click.option("--dry-run", is_flag=True, help="print both values of each field, and link nothing")
@click.option("--yes", is_flag=True, help="link without asking")
@kept("approval", "Linking a record")
def link(name: str, record: str, issue: str, *, dry_run: bool, yes: bool, **words: tuple[str, ...]) -> None:
    """Link RECORD of INTEGRATION to an ISSUE that is there: both values of each field are printed first."""
    winners = _winners(**words)
    with telling():
        found, service = integration(name)
        from crosswalk.sync import linking
        from crosswalk.sync.bridge import NAMES

        seen = linking.look(found, service.find_ref(found, record), issue)
        asked = [one.field for one in seen.choices if one.asked]
        if wrong := [field for field in winners if field not in asked]:
            raise Refused(
                f"There is nothing to choose for {wrong[0]}.", remedy=f"To choose: {', '.join(asked) or 'nothing'}."
            )
        for one in seen.choices:
            echo(f"{one.field}: {shown(one.left)} | {shown(one.right)}")
            echo(f"    {f'{NAMES[winners[one.field][0]]} counts.' if one.field in winners else one.why}")
        if dry_run:
            return
        agreed(f"Link {seen.left.ref} with {seen.right.ref}?", yes=yes)
        linking.link(found, seen, seen.mark, winners, PERSON)
    echo(f"{seen.left.ref} is linked with {seen.right.ref}. {_WAITS}")


def _winners(fields: tuple[str, ...], erase: tuple[str, ...]) -> dict[str, tuple[Side, bool]]:
    """Who counts in each field that was named, and whether an empty value counts there, too."""
    sides = {"aha": Side.LEFT, "jira": Side.RIGHT}
    found = {}
    for one in fields:
        field, _, who = one.rpartition("=")
        if not field or who not in sides:
            raise click.UsageError(f"“{one}” is not a field and who counts in it: write such as Name=aha.")
        found[field] = (sides[who], field in erase)
    if alone := [field for field in erase if field not in found]:
        raise click.UsageError(f"Say who counts in {alone[0]}, too: --field {alone[0]}=aha or jira.")
    return found


RECORDS = (go_on, ignore, retry, link, unlink, link_again, undo, put_back)
"""For the group of all commands."""
