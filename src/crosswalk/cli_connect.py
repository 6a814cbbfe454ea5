"""Commands that connect: accounts, what they see, a new integration. Parses, calls what pages call, prints.

A secret comes from a hidden question, a file or standard input: an argument list is shown to everybody on the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from crosswalk.cli_records import pause_records
from crosswalk.cli_shared import PERSON, as_json, echo, far, kept, ready, telling
from crosswalk.errors import CrosswalkError, Refused

if TYPE_CHECKING:
    from crosswalk.store.models import Connection

JSON = click.option("--json", "data", is_flag=True, help="print data for programs")
PEM = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("name", metavar="CONNECTION")
@click.option("--side", type=click.Choice(["aha", "jira"]), help="which product answers there; needed for a new one")
@click.option("--address", help="as in the browser; needed for a new one")
@click.option("--user", help="Jira: the e-mail address (Cloud) or user name; without it the secret is an access token")
@click.option("--ends-on", help="Jira Cloud: the day the token ends, such as 2027-01-31; without it a year from now")
@click.option(
    "--secret-file", type=click.File("r"), help="where the key, token or password stands; - is standard input"
)
@click.option("--new-secret", is_flag=True, help="ask for another secret for a connection that is there")
@click.option("--authority", type=PEM, help="certificate of a private authority, PEM")
@click.option("--certificate", type=PEM, help="client certificate and its key, PEM")
@click.option("--proxy", help="such as http://proxy.example.com:3128")
@click.option("--proxy-login-file", type=click.File("r"), help="where name:password for the proxy stand")
@JSON
def connect(name: str, *, new_secret: bool, data: bool, **given: Any) -> None:
    """Make or change CONNECTION, then test it; the secret is asked for, or read from a file.

    Ends with 1 where the test fails or finds something missing; the connection stays, as on its page.
    """
    ready()
    with telling():
        secret, login = _read(file := given.pop("secret_file"), given.pop("proxy_login_file"))
        if file and not secret:
            raise Refused("--secret-file holds no secret.", remedy="Nothing was saved.")
        found = _connection(name, given["side"])
        if not secret and (new_secret or found.pk is None):
            secret = click.prompt("API key" if found.kind == "aha" else "Token or password", hide_input=True, err=True)
        saved = _saved(found, {**given, "name": name, "secret": secret, "proxy_login": login})
        from crosswalk.web import audit

        audit.note_command("connection", "Saving a connection", saved.name, f"{saved.kind} {saved.address}")
    sys.exit(0 if _tested([saved], data=data) else 1)


def _read(*files: IO[str] | None) -> tuple[str, ...]:
    """What each file holds, without the line's end; "" for none."""
    return tuple(file.read().strip("\r\n") if file else "" for file in files)


def _connection(name: str, side: str | None) -> Connection:
    """The connection of this name, or a new one on `side`. Raises Refused where the page would not let it be edited."""
    from crosswalk.store.connect_models import ConnectSite
    from crosswalk.store.grant_models import Grant
    from crosswalk.store.models import Connection

    found = Connection.objects.filter(name=name).first()
    if found is None:
        if side is None:
            raise Refused(f"There is no connection “{name}” yet.", remedy="Say which product it is for with --side.")
        return Connection(kind=side)
    if side not in (None, found.kind):
        raise Refused(f"“{name}” is a connection to {found.get_kind_display()}.", remedy="Choose another name.")
    if ConnectSite.objects.filter(connection=found).exists() or Grant.objects.filter(connection=found).exists():
        raise Refused(f"“{name}” signs in by consent, which is given in a browser.", remedy="Open Connections.")
    return found


def _saved(found: Connection, given: dict[str, Any]) -> Connection:
    """The connection with what is `given` (None: as it was), checked by the page's own form."""
    from crosswalk.web.forms import ConnectionForm, version_of

    texts = {name: given[name].read_text("utf-8") for name in ("authority", "certificate") if given[name]}
    entered = {name: value for name, value in {**given, **texts}.items() if value is not None}
    stays = {name: getattr(found, name) for name in ("name", "address", "user", "authority", "proxy", "ends_on")}
    form = ConnectionForm({**stays, **entered, "version": version_of(found)}, instance=found)
    if form.is_valid():
        return form.save()
    labels = {name: field.label or name for name, field in form.fields.items()}
    faults = [f"{labels.get(name, '')}: {' '.join(map(str, said))}".lstrip(": ") for name, said in form.errors.items()]
    raise Refused(" ".join(faults), remedy="Nothing was saved.")


@click.command()
@JSON
def connections(*, data: bool) -> None:
    """Show every connection and what the last test found. Shows no secret."""
    ready()
    from crosswalk.store.models import Connection

    rows = [_row(one) for one in Connection.objects.order_by("kind", "name")]
    if data:
        echo(as_json(rows))
        return
    for row in rows:
        echo(f"{row['name']}: {row['side']}, {row['address']}, {row['state']}")
    echo(f"{len(rows)} connections.")


def _row(one: Connection) -> dict[str, Any]:
    count = len(one.server.get("problems") or [])
    trouble = one.server.get("trouble")
    state = "not tested" if not one.checked_at or not one.server.get("account") else "works"
    state = f"the last test failed: {trouble}" if trouble else f"{count} to mend" if count else state
    return {
        "name": one.name,
        "side": one.kind,
        "address": one.address,
        "user": one.user,
        "state": f"paused: {one.paused}" if one.paused else state,
        "checked_at": one.checked_at,
        "ends_on": one.ends_on,
    }


@click.command()
@click.argument("connection", required=False)
@JSON
def check(connection: str | None, *, data: bool) -> None:
    """Test CONNECTION (or all): what answers, as whom, and what is missing."""
    ready()
    from crosswalk.store.models import Connection

    with telling():
        found = [_known(connection)] if connection else list(Connection.objects.order_by("name"))
        if not found:
            raise Refused("There is no connection yet.", remedy="Make one with `crosswalk connect`.")
    sys.exit(0 if _tested(found, data=data) else 1)


def _tested(found: list[Connection], *, data: bool) -> bool:
    """Test each and print what was found; whether all are well."""
    every = [_test(one) for one in found]
    if data:
        echo(as_json(every if len(every) != 1 else every[0]))
    else:
        for one in every:
            echo("\n".join(_told(one)))
    return all(one["ok"] for one in every)


def _test(one: Connection) -> dict[str, Any]:
    """What a test found, as data; the cause and the remedy where it failed."""
    from crosswalk.store.models import Connection
    from crosswalk.sync import service
    from crosswalk.sync.ends import end_of
    from crosswalk.sync.installation import current

    try:
        found = service.check_connection(one)
    except CrosswalkError as error:
        told = {"message": error.message, "remedy": error.remedy, "code": error.code}
        return {"connection": one.name, "ok": False, "error": told}
    end = end_of(Connection.objects.get(pk=one.pk), current().now().date())
    token = f"{end.words}, on {end.on}, {end.known}{f'. {end.remedy}' if end.near else ''}" if end else ""
    return {
        "connection": one.name,
        "ok": not found.problems,
        "product": found.product,
        "version": found.version,
        "flavour": found.flavour,
        "account": found.account,
        "encryption": found.tls,
        "clock": found.clock,
        "hooks": found.hooks,
        "token": token,
        "problems": [{"message": p.message, "remedy": p.remedy, "code": p.code} for p in found.problems],
    }


def _told(one: dict[str, Any]) -> list[str]:
    if "error" in one:
        return [f"{one['connection']}: {one['error']['message']} {one['error']['remedy']}".rstrip()]
    who = f"signed in as {one['account']}"
    lines = [f"{one['connection']}: {one['product']} {one['version']} {one['flavour']} {who}".replace("  ", " ")]
    lines += [f"  {name}: {one[name]}" for name in ("encryption", "clock", "hooks")]
    lines += [f"  token: {one['token']}"] if one["token"] else []
    return [*lines, *(f"  {problem['message']} {problem['remedy']}" for problem in one["problems"])]


@click.command()
@click.argument("name", metavar="CONNECTION")
@kept("connection", "Removing a connection")
def disconnect(name: str) -> None:
    """Forget CONNECTION and its secret, where no integration works over it."""
    ready()
    with telling():
        from crosswalk.sync import service

        service.remove_connection(_known(name))
    echo(f"{name} is removed.")


@click.command()
@click.argument("connection")
@click.argument("query", required=False, default="")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 5000), help="how many are shown")
@JSON
def projects(connection: str, query: str, most: int, *, data: bool) -> None:
    """Search the Jira projects or the Aha! workspaces that CONNECTION sees, by a part of their name or key."""
    ready()
    with telling():
        from crosswalk.sync import service

        found, more = service.listed(_known(connection), query, most)
        if not found and not query:
            raise Refused(f"“{connection}” sees nothing.", remedy="Give its account access to what it is to join.")
        if not found:
            remedy = f'`crosswalk projects "{connection}"` shows all.'
            raise Refused(f"Nothing that “{connection}” sees has “{query}” in its name or key.", remedy=remedy)
    if data:
        echo(as_json([{"id": one.id, "key": one.category, "name": one.name} for one in found]))
        return
    for one in found:
        echo(one.name)
    if more:
        echo(f"There are more than {most}: write more of the name, or --most.", err=True)


def _known(name: str, kind: str = "") -> Connection:
    """The connection of this name; where `kind` is given, and no name, the only one of that kind."""
    from crosswalk.store.models import Connection

    every = Connection.objects.filter(kind=kind) if kind else Connection.objects.all()
    found = every.filter(name=name) if name else every
    if len(found) != 1:
        names = ", ".join(f"“{one}”" for one in every.order_by("name")) or "none yet"
        side = f" {kind}" if kind else ""
        what = f"There is no{side} connection “{name}”." if name else f"Which{side} connection is meant?"
        raise Refused(what, remedy=f"There are: {names}.")
    return found[0]


@click.command("new")
@click.argument("name", metavar="INTEGRATION")
@click.argument("workspace")
@click.argument("project")
@click.option("--aha", default="", help="the connection to Aha!; not needed where there is one")
@click.option("--jira", default="", help="the connection to Jira; not needed where there is one")
@kept("settings", "Making an integration")
def new(name: str, workspace: str, project: str, aha: str, jira: str) -> None:
    """Join WORKSPACE and PROJECT (their keys) as INTEGRATION: loads their data and writes the usual mapping."""
    ready()
    with telling():
        from crosswalk.sync import reference, service

        ends = _known(aha, "aha"), _known(jira, "jira")
        joined = service.called(ends[0], workspace).id, service.called(ends[1], project).id
        made = service.create_integration(name, *ends, *joined, far)
        promised = reference.promised(made)
    echo(f"{made} is made, and not enabled yet. See `crosswalk steps`, `crosswalk plan`, `crosswalk enable`.")
    if promised:
        echo(promised)


@click.command()
@click.argument("integration")
@kept("settings", "Enabling or pausing", "enabled")
def enable(integration: str) -> None:
    """Have INTEGRATION carry changes from now on."""
    _switch(integration, on=True)
    echo(f"{integration} is enabled.")


@click.command()
@click.argument("integration")
@click.argument("records", nargs=-1)
def pause(**given: str | tuple[str, ...]) -> None:
    """Have INTEGRATION carry nothing until it is enabled again; with RECORDS, leave those alone until `go-on`.

    What changes meanwhile is carried then.
    """
    if given["records"]:
        pause_records(**given)
    else:
        _pause(integration=given["integration"])


@kept("settings", "Enabling or pausing", "paused")
def _pause(integration: str) -> None:
    _switch(integration, on=False)
    echo(f"{integration} is paused. Nothing is lost; `crosswalk enable` goes on with what changed.")


def _switch(name: str, *, on: bool) -> None:
    from crosswalk.cli_shared import integration

    with telling():
        found, service = integration(name)
        service.set_enabled(found, on, PERSON)


CONNECTING = (connect, connections, check, disconnect, projects, new, enable, pause)
"""For the group of all commands."""
