"""The command line: the same verbs as the pages. Parses, calls sync.service, prints; decides nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosswalk import __version__, config
from crosswalk.cli_connect import CONNECTING
from crosswalk.cli_help import Grouped
from crosswalk.cli_log import log
from crosswalk.cli_look import LOOKING
from crosswalk.cli_many import COMMANDS
from crosswalk.cli_operate import OPERATING
from crosswalk.cli_records import RECORDS
from crosswalk.cli_setup import SETTING_UP
from crosswalk.cli_shared import PERSON, agreed, echo, far, kept, on_the_way, shown
from crosswalk.cli_shared import integration as _integration
from crosswalk.cli_shared import ready as _ready
from crosswalk.cli_shared import telling as _telling
from crosswalk.errors import Refused
from crosswalk.sync.maplines import KINDS
from crosswalk.web import start

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.db.models import QuerySet

    from crosswalk.store.models import Pair

_ABOUT = ("deletes", "doubts", "emptied")
"""The kinds of questions about deletes (sync/deletions.py, which is not read before a command runs)."""


def _text(file: Path) -> str:
    """What a file holds; Refused, with file and line, where that is no text."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Refused(f"{file.name}:{line}: file: it is not text in UTF-8.", remedy="Save it as UTF-8.") from None


@click.group(cls=Grouped, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Keep Aha! and Jira in step. Settings come from the environment; see the reference of settings."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", type=click.IntRange(0, 65535), show_default=f"that of CROSSWALK_URL on this machine, else {config.PORT}"
)
def serve(host: str, port: int | None) -> None:
    """Serve pages and hooks; on SQLite, do the work in the same process."""
    with _telling():
        os.environ["CROSSWALK_URL"], port = config.door(os.environ, port)
        start.serve(config.read(os.environ), host, port)


@main.command()
def worker() -> None:
    """Do the work, beside other workers (PostgreSQL). Any number on any machines; one that dies is replaced."""
    with _telling():
        at_rest = start.work(config.read(os.environ))
    # Threads that still run would keep the process; what they do is taken up by another worker.
    os._exit(0 if at_rest else 1)


@main.command()
@click.argument("integration")
@click.argument("records", nargs=-1, required=True)
@kept("send", "Sending records")
def send(integration: str, records: tuple[str, ...]) -> None:
    """Send RECORDS (such as FAB-7) of INTEGRATION to Jira."""
    with _telling():
        found, service = _integration(integration)
        refs = [service.find_ref(found, record) for record in records]
        count = service.send(found, refs, PERSON)
    echo(on_the_way(count))


@main.command()
@click.argument("integration")
@click.option(
    "--approve",
    "number",
    metavar="NUMBER",
    type=int,
    help="carry what the brake stopped because it changes very much, which `crosswalk status` says with its number",
)
@kept("work", "Starting a sync")
def sync(integration: str, number: int | None) -> None:
    """Ask both sides of INTEGRATION what changed, and compare everything."""
    with _telling():
        found, service = _integration(integration)
        if number is not None:
            from crosswalk.sync import approving

            approving.approve(found, number, PERSON)
            echo(f"Approved: {found.stopped}")
            return
        count = service.sync_now(found, PERSON)
    pairs = "1 pair is" if count == 1 else f"{count} pairs are"
    echo(f"{pairs} being compared. `crosswalk log` shows what happens; the service has to run.")


@main.command()
@click.argument("names", metavar="[INTEGRATION] RECORD", nargs=-1, required=True)
@click.option("--field", default="", help="only why this field did not arrive, step by step")
def explain(names: tuple[str, ...], field: str) -> None:
    """Say why each field of RECORD (such as FAB-7 or its issue key) was or was not carried."""
    if len(names) > 2:
        raise click.UsageError("Name an integration and a record, or a record alone.")
    _ready()
    with _telling():
        from crosswalk.store.models import Pair
        from crosswalk.sync import service

        pairs = Pair.objects.select_related("integration")
        if len(names) == 2:
            pairs = pairs.filter(integration=_integration(names[0])[0])
        pair = _one_pair(names[-1], pairs.filter(left_key=names[-1]), pairs.filter(right_key=names[-1]))
        from crosswalk.sync import why
        from crosswalk.sync.installation import current
        from crosswalk.web.leads import lead

        answer = why.ask(pair, field)
        says, address = lead(pair, answer)
        where = f"{says}: {current().config.url}{address}"
        if field:
            for step in answer.steps:
                echo(f"  {step.looked}: {step.found}")
            echo(answer.sentence)
            echo(where)
            return
        echo(f"{pair}: {pair.get_state_display()} {pair.reason}".rstrip())
        echo(answer.sentence)
        echo(where)
        for line in service.explain(pair):
            echo(f"  {line['field']}: {line['verdict']}. {line['why']}")
            echo(f"    Aha!: {shown(line['left'])}    Jira: {shown(line['right'])}")
            if line["note"]:
                echo(f"    {line['note']}")


@main.command()
@click.argument("integration", required=False)
def conflicts(integration: str | None) -> None:
    """Print the fields that were changed on both sides and wait for a person (of INTEGRATION, or all)."""
    _ready()
    with _telling():
        from crosswalk.sync import conflicts as inbox

        found = inbox.waiting(_integration(integration)[0] if integration else None, limit=1000)
        for one in found:
            echo(f"{one.pair.left_key or one.pair.right_key} {one.row.field} (since {one.row.since:%Y-%m-%d %H:%M})")
            for end in one.ends:
                echo(f"  {'Aha!' if end.side == 'left' else 'Jira'}: {end.now}    before: {end.before}")
    echo(f"{len(found)} wait. `crosswalk resolve RECORD FIELD aha` (or jira, or --text) decides one.")


@main.command()
@click.argument("record")
@click.argument("field")
@click.argument("side", type=click.Choice(["aha", "jira"]), required=False)
@click.option("--text", help="this text counts on both sides, in place of a side")
@kept("approval", "Deciding a conflict")
def resolve(record: str, field: str, side: str | None, text: str | None) -> None:
    """Decide the conflict of FIELD in RECORD: what SIDE holds counts, or a text."""
    if (side is None) == (text is None):
        raise click.UsageError("Name a side, or give --text.")
    _ready()
    with _telling():
        from crosswalk.merge.rules import Side
        from crosswalk.store.models import Pair
        from crosswalk.sync import conflicts as inbox

        pairs = Pair.objects.select_related("integration")
        one = inbox.find([*pairs.filter(left_key=record), *pairs.filter(right_key=record)], field)
        if text is not None:
            inbox.by_hand(one.row.pk, one.mark, text, PERSON)
        else:
            inbox.choose(one.row.pk, one.mark, Side.LEFT if side == "aha" else Side.RIGHT, PERSON)
    echo(f"{one.row.field} of {record} is decided. The service has to run to carry it.")


@main.group()
def people() -> None:
    """The table that says who is who on the two sides."""


@people.command("export")
@click.argument("integration")
def people_export(integration: str) -> None:
    """Print the table of INTEGRATION as CSV; who is missing stands at its end."""
    with _telling():
        found, _ = _integration(integration)
        from crosswalk.sync import acquaintances

        echo(acquaintances.as_csv(found), nl=False)


@people.command("import")
@click.argument("integration")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@kept("settings", "Saying who is who")
def people_import(integration: str, file: Path) -> None:
    """Use the table in FILE (CSV) in place of the one INTEGRATION has."""
    with _telling():
        found, _ = _integration(integration)
        from crosswalk.sync import acquaintances

        echo(acquaintances.lines_now(acquaintances.from_csv(found, _text(file))))


@main.command("export")
@click.argument("integration")
def export_(integration: str) -> None:
    """Print INTEGRATION as a file that `apply` understands. Holds no secret."""
    with _telling():
        found, _ = _integration(integration)
        from crosswalk.sync import ascode

        echo(ascode.export(found), nl=False)


@main.command("add-option")
@click.argument("integration")
@click.argument("side", type=click.Choice(["aha", "jira"]))
@click.argument("field")
@click.argument("value")
@click.option("--kind", type=click.Choice(KINDS), help="of these records, where several have such a field")
@kept("settings", "Adding an option")
def add_option(integration: str, side: str, field: str, value: str, kind: str | None) -> None:
    """Add the option VALUE on SIDE to the FIELD of INTEGRATION's mapping that goes by this name."""
    with _telling():
        found, _ = _integration(integration)
        from crosswalk.merge.rules import Side
        from crosswalk.sync import options

        options.add_option(found, field, value, Side.LEFT if side == "aha" else Side.RIGHT, kind or "")
    echo(f"“{value}” is an option of {field} now. Press Retry on the records that waited for it.")


@main.command()
@click.argument("integration")
@click.option("--approve", "word", flag_value="yes", help="delete them, or empty their fields")
@click.option("--keep", "word", flag_value="no", help="keep them; their pairs stay unlinked")
@click.option("--side", type=click.Choice(["aha", "jira"]), help="only what would be written there")
@click.option("--about", type=click.Choice(_ABOUT), help="only deletes, only those in doubt, or only emptied fields")
@click.option("--dry-run", is_flag=True, help="say what the answer is about, and give none")
@kept("approval", "Answering about deletes")
def deletions(integration: str, word: str | None, side: str | None, about: str | None, *, dry_run: bool) -> None:
    """Show the deletes and emptied fields of INTEGRATION that wait for a person's word, or give it.

    Each question says what an answer does. Without --side and --about, the answer is about all of them.
    """
    with _telling():
        found, _ = _integration(integration)
        from crosswalk.sync import deletions as stopped

        waiting = stopped.stopped(found)
        asked = [one for one in waiting if side in (None, one.where) and about in (None, one.kind)]
        if word and not asked:
            raise Refused("Nothing waits for this answer.", remedy="`crosswalk deletions` without one shows what does.")
        for one in asked:
            echo(f"{one.question} (--side {one.where} --about {one.kind})")
            echo("".join(f"  {name}\n" for name in one.names), nl=False)
            if not word:
                echo(f"  {one.rule} --approve: {one.words['yes']}. --keep: {one.words['no']}.")
            elif dry_run:
                echo(f"  The answer would be “{one.words[word]}”; it is not given.")
            else:
                echo(stopped.answered(one.about, word, stopped.answer(found, one.about, word, PERSON)))
    if not asked:
        echo("Nothing waits for a person's word.")


@main.command()
@click.argument("integration")
@click.argument("connection")
@kept("settings", "Moving an integration to another connection")
def move(integration: str, connection: str) -> None:
    """Have INTEGRATION reach the same Jira over CONNECTION: away from Connect, with all its pairs."""
    with _telling():
        found, _ = _integration(integration)
        from crosswalk.store.models import Connection
        from crosswalk.sync import connect_sites

        to = Connection.objects.filter(name=connection, kind=Connection.Kind.JIRA).first()
        if to is None:
            raise Refused(f"There is no Jira connection “{connection}”.", remedy="See `crosswalk check`.")
        connect_sites.move(found, to, PERSON)
    echo(f"{found} reaches Jira over “{to}” now. Its webhook in Jira is still to be made: see its settings.")


@main.command("connect-sites")
@click.option("--allow", metavar="ADDRESS", help="let this site in")
@click.option("--forbid", metavar="ADDRESS", help="let it in no longer: what hangs on it pauses")
@kept("approval", "Allowing or forbidding a Jira site")
def connect_sites_(allow: str | None, forbid: str | None) -> None:
    """Show the Jira sites that installed the Connect app, and say who may go on."""
    _ready()
    with _telling():
        from crosswalk.sync import connect_sites

        if allow:
            connect_sites.allow(connect_sites.site_at(allow), PERSON)
        if forbid:
            connect_sites.forbid(connect_sites.site_at(forbid))
        for line in connect_sites.told():
            echo(line)


@main.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="check the file, say what it would change, and what that would write")
@click.option("--yes", is_flag=True, help="change the mapping without asking, whatever that writes")
@kept("settings", "Applying a file")
def apply_(file: Path, dry_run: bool, yes: bool) -> None:
    """Make or change the integration that FILE describes.

    A change of the mapping that would write something says what, and asks first. --dry-run shows the plan whole.
    """
    with _telling():
        text = _text(file)
    _ready()
    with _telling():
        from crosswalk.sync import ascode, planwords
        from crosswalk.sync.files import FileRefused

        def ask(plan: Mapping[str, Any]) -> bool:
            echo("\n".join(["The change of the mapping would write", *(f"  {one}" for one in planwords.counts(plan))]))
            agreed("Change it?", yes=False)
            return True

        try:
            for line in ascode.apply(file.name, text, dry_run=dry_run, agreed=None if yes else ask, say=far):
                echo(line)
        except FileRefused as error:  # each line as compilers write them: editors lead to the place
            echo(error, err=True)
            sys.exit(1)


@main.command()
@click.argument("user")
@click.password_option(help="asked for when it is not given")
@kept("account", "Setting a password")
def password(user: str, password: str) -> None:
    """Give USER a new password, and end a pause after wrong ones."""
    _ready()
    from axes.utils import reset
    from django.contrib.auth.models import User
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    found = User.objects.filter(username=user).first()
    if found is None:
        raise click.ClickException(f"There is no user “{user}”.")
    try:
        validate_password(password, found)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    found.set_password(password)
    found.save()
    reset(username=user)
    echo(f"{user} has a new password.")


def _one_pair(record: str, in_aha: QuerySet[Pair], in_jira: QuerySet[Pair]) -> Pair:
    """The pair that `record` names: an Aha! record before an issue of the same key, and only where there is one."""
    found = list(in_aha[:2]) or list(in_jira[:2])
    if not found:
        raise click.ClickException(f"{record} was not sent, and nothing was linked to it.")
    if len(found) > 1:
        raise click.ClickException(f"{record} is in several integrations: name one before it.")
    if found[0].left_key != record:
        echo(f"{record} is the issue in Jira; no record of that name was sent from Aha!.", err=True)
    return found[0]


for _command in (*CONNECTING, *COMMANDS, *SETTING_UP, *RECORDS, *LOOKING, *OPERATING, log):
    main.add_command(_command)
