"""Commands about many records and many integrations. Parses, calls sync, prints; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from crosswalk.cli_shared import PERSON, agreed, as_json, echo, far, integration, kept, on_the_way, ready, telling
from crosswalk.sync.csvfile import as_csv

if TYPE_CHECKING:
    from crosswalk.store.models import Integration, Pair
    from crosswalk.sync.joining import Found
    from crosswalk.sync.matching import Proposal

WHO = {"aha": "left", "jira": "right", "keep": "keep", "mapping": "rule"}
HEAD = ("aha", "aha name", "jira", "jira name", "confidence", "why", "linked")


@click.command()
@click.argument("name", metavar="INTEGRATION")
@click.option("--kind", default="feature", show_default=True, help="feature, epic or initiative")
@click.option("--expression", default="", help='such as: name between "[" and "]" = customfield_10050')
@click.option("--reference", default="", help="the Jira field that names the Aha! record; usually Aha! Reference")
@click.option("--rule", "rules", multiple=True, help="only these: reference, expression, title, name; without it, all")
@click.option("--least", default=90, show_default=True, type=click.IntRange(1, 100), help="confidence to link at")
@click.option("--dry-run", is_flag=True, help="say who matches, and link nobody")
@click.option("--csv", "table", is_flag=True, help="print every match as a table")
@kept("approval", "Linking records by rules")
def match(name: str, least: int, *, dry_run: bool, table: bool, rules: tuple[str, ...], **asked: str) -> None:
    """Link records of INTEGRATION that were there before, on both sides. Nothing is carried until `settle`."""
    with telling():
        found_in, _ = integration(name)
        from crosswalk.sync import joining

        texts = asked["kind"], asked["expression"], asked["reference"]
        found = joining.find(found_in, joining.Asked(*texts, rules) if rules else joining.Asked(*texts))
        _tell_matches(found, least, table=table)
        if dry_run:
            return
        count = joining.link(found_in, found, PERSON, least)
    echo(f"{count} linked. Nothing is carried until you say who counts: crosswalk settle.", err=table)


def _tell_matches(found: Found, least: int, *, table: bool) -> None:
    rows = [*found.proposals, *(child for some in found.below.values() for child in some)]
    if table:
        echo(as_csv(HEAD, (_row(one, _linked(found, one, least)) for one in rows)), nl=False)
        return
    for one in rows:
        mark = "=" if _linked(found, one, least) else "?"
        echo(f"{mark} {one.left.ref} {one.left.name} | {one.right.ref} {one.right.name} | {one.confidence} % {one.why}")
    sure = sum(_linked(found, one, least) for one in rows)
    left, right = found.alone
    echo(
        f"{sure} match, {len(rows) - sure} want a person's eye (?), {found.taken} are in a pair already; "
        f"nothing fits {left} in Aha! and {right} in Jira."
    )


def _linked(found: Found, one: Proposal, least: int) -> bool:
    """Whether this match is linked: children with their parent, if nothing rivals them."""
    if one.left.ref.kind == found.kind:
        return one.sure(least)
    above = next((p for p in found.proposals if one in found.below.get(p.left.ref, ())), None)
    return above is not None and above.sure(least) and not one.rivals


def _row(one: Proposal, linked: bool) -> tuple[str, ...]:
    ends = (str(one.left.ref), one.left.name, str(one.right.ref), one.right.name)
    return (*ends, str(one.confidence), one.why, "yes" if linked else "no")


@click.command()
@click.argument("name", metavar="INTEGRATION")
@click.argument("records", nargs=-1)
@click.option("--default", "said", required=True, type=click.Choice(list(WHO)), help="who counts where the two differ")
@click.option("--field", "fields", multiple=True, metavar="NAME=WHO", help="who counts in one field")
@click.option("--erase", multiple=True, metavar="NAME", help="in this field an empty value counts, too")
@click.option("--dry-run", is_flag=True, help="print what would be written on each side")
@kept("approval", "Settling differences")
def settle(
    name: str, records: tuple[str, ...], said: str, fields: tuple[str, ...], erase: tuple[str, ...], *, dry_run: bool
) -> None:
    """Say who counts in linked RECORDS of INTEGRATION (or in all nobody has spoken about), and carry it."""
    words = {}
    for one in fields:
        field, _, who = one.rpartition("=")
        if not field or who not in WHO:
            raise click.UsageError(f"“{one}” is not a field and who counts in it: write such as Name=aha.")
        words[field] = WHO[who]
    with telling():
        found, _ = integration(name)
        from crosswalk.merge.settle import Joining
        from crosswalk.sync import joining

        word = Joining(WHO[said], words, frozenset(erase))
        chosen = _chosen(found, joining.waiting(found), records)
        if dry_run:
            echo(joining.settled_text(found, chosen, word))
            return
        count = joining.settle(found, chosen, word, PERSON)
    echo(on_the_way(count))


def _chosen(found: Integration, pairs: Iterable[Pair], records: tuple[str, ...]) -> list[Pair]:
    """The pairs that `records` name on either side; all where none is named."""
    some = list(pairs)
    chosen = [pair for pair in some if not records or {pair.left_key, pair.right_key} & set(records)]
    known = {key for pair in chosen for key in (pair.left_key, pair.right_key)}
    if missing := [record for record in records if record not in known]:
        raise click.ClickException(f"No linked pair of {found.name} that nobody has spoken about holds {missing[0]}.")
    return chosen


@click.command("import")
@click.argument("name", metavar="INTEGRATION")
@click.option("--jql", default="", help="import what this query finds in the project")
@click.option("--release", default="", help="import a version and all that is fixed in it")
@click.option("--dry-run", is_flag=True, help="print the plan, and import nothing")
@kept("send", "Importing issues")
def import_(name: str, jql: str, release: str, *, dry_run: bool) -> None:
    """Bring issues of INTEGRATION's project to Aha!: by query, of a version, or those below what is in step."""
    if jql.strip() and release:
        raise click.UsageError("Write --jql or --release, not both.")
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import importing

        candidates = importing.find(found, importing.Asked(jql, release))
        chosen = importing.ready(candidates)
        for one in candidates:
            where = f" below {one.above}" if one.above else ""
            what = f"not imported, {one.why}" if one.why else f"becomes: {one.kind or 'feature'}"
            echo(f"{one.ref} {one.title} ({one.type}{where}) {what}")
        if dry_run:
            echo(importing.planned_text(found, chosen))
            return
        count = importing.take(found, chosen, PERSON)
    echo(on_the_way(count))


@click.command("only-in-jira")
@click.argument("name", metavar="INTEGRATION")
@click.option("--search", "words", default="", help="only what has these words in its name, or this key")
@click.option("--json", "data", is_flag=True, help="print data for programs")
def only_in_jira(name: str, words: str, *, data: bool) -> None:
    """List the issues and versions of INTEGRATION's project that are in no pair, and what each may become."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import lone

        seen = lone.look(found, words.strip())
    if data:
        rows = [
            {
                "jira": str(one.ref),
                "name": one.title,
                "type": one.type,
                "becomes": "" if one.why else one.kind or "feature",
                "below": one.above,
                "why": one.why,
            }
            for one in seen.found
        ]
        echo(as_json({"looked": seen.looked, "whole": seen.whole, "items": rows}))
        return
    for one in seen.found:
        what = f"can not be imported, {one.why}" if one.why else f"may become: {one.kind or 'feature'}"
        echo(f"{one.ref} {one.title} ({one.type}) {what}")
    rest = "" if seen.whole else ", those that changed last; --search finds others"
    echo(f"{len(seen.found)} in no pair, of {seen.looked} issues looked at{rest}.")


@click.command("send-all")
@click.argument("name", metavar="INTEGRATION")
@click.option("--release", default="", help="the features of this release alone, by its reference number or id")
@click.option("--pause", is_flag=True, help="pause what is under way")
@click.option("--go-on", is_flag=True, help="go on with what was paused")
@click.option("--yes", is_flag=True, help="send without asking")
@kept("send", "Sending many records")
def send_all(name: str, release: str, *, pause: bool, go_on: bool, yes: bool) -> None:
    """Send all of INTEGRATION that the mapping sends and Jira does not have; asked again, say how far it is.

    How many records that would be is said and asked about first.
    """
    if pause and go_on:
        raise click.UsageError("Write --pause or --go-on, not both.")
    with telling():
        found, service = integration(name)
        from crosswalk.sync import sending

        if pause or go_on:
            done = sending.pause(found) if pause else sending.go_on(found)
            nothing = "There is nothing to pause." if pause else "Nothing was paused."
            echo(("It is paused before its next page." if pause else "It goes on.") if done else nothing)
            return
        wanted = service.find_ref(found, release, "release").id if release else ""
        if not sending.under_way(found):
            counts = sending.counts(found, wanted)
            for one in counts:
                echo(f"{one.kind}s: {one.new} of {one.total} are not in Jira yet")
            agreed(f"Send {sum(one.new for one in counts)} records?", yes=yes)
        echo(sending.begin(found, wanted, PERSON).step or "On its way; the service has to run.")


@click.group()
def template() -> None:
    """Mappings that several integrations use."""


@template.command("save")
@click.argument("template")
@click.argument("name", metavar="INTEGRATION")
@click.option("--connections", is_flag=True, help="let new integrations be made with this one's accounts")
@kept("settings", "Saving a template")
def template_save(template: str, name: str, *, connections: bool) -> None:
    """Make INTEGRATION's mapping the TEMPLATE, or its new form. `template update` brings it to the others."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import templates

        templates.save(template, found, PERSON, connections=connections)
    echo(f"{template} is the mapping of {name} now. Others that use it change by: crosswalk template update.")


@template.command("use")
@click.argument("template")
@click.argument("name", metavar="INTEGRATION")
@click.option("--dry-run", is_flag=True, help="say what would change, and what that would write")
@kept("settings", "Using a template")
def template_use(template: str, name: str, *, dry_run: bool) -> None:
    """Give INTEGRATION the mapping of TEMPLATE; where records are in step, as a draft that waits for a person."""
    with telling():
        found, _ = integration(name)
        from crosswalk.sync import templates

        chosen = templates.named(template)
        for line in templates.told(templates.effect(chosen, found)):
            echo(line)
        if not dry_run:
            echo(templates.use(chosen, found, PERSON))


@template.command("update")
@click.argument("template")
@click.option("--dry-run", is_flag=True, help="say what would change, and what that would write")
@kept("settings", "Updating from a template")
def template_update(template: str, *, dry_run: bool) -> None:
    """Bring TEMPLATE as it is now to every integration that uses it. Their own settings stay."""
    ready()
    with telling():
        from crosswalk.sync import templates

        for line in templates.update(templates.named(template), PERSON, dry_run=dry_run):
            echo(line)


@template.command("new")
@click.argument("template")
@click.argument("name", metavar="INTEGRATION")
@click.argument("workspace")
@click.argument("project")
@kept("settings", "Making an integration from a template")
def template_new(template: str, name: str, workspace: str, project: str) -> None:
    """Make a new INTEGRATION of WORKSPACE and PROJECT from TEMPLATE and its connections, not enabled yet."""
    ready()
    with telling():
        from crosswalk.sync import templates

        templates.make(templates.named(template), name, workspace, project, PERSON, far)
    echo(f"{name} is made. See its plan, then enable it.")


COMMANDS = (match, settle, import_, only_in_jira, template, send_all)
