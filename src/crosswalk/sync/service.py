"""What pages and commands call: the verbs of Crosswalk. Each takes rows and plain values and says what it did.

Raises errors.CrosswalkError, with message and remedy, for everything a person can mend.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from crosswalk.engine.port import INTERACTIVE
from crosswalk.errors import NotSignedIn, Refused, RemoteError
from crosswalk.merge.pairs import Entry, PairView
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice
from crosswalk.remote.checkup import Checkup, Problem
from crosswalk.store import asked, claims, errands, journal, pairs, versions
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.models import Connection, Integration, JournalEntry, Pair
from crosswalk.store.views import end_columns, view
from crosswalk.sync import (
    breaker,
    differences,
    ends,
    explaining,
    listing,
    outlook,
    plandata,
    planwords,
    preview,
    projectdata,
    reference,
    restore,
    saying,
)
from crosswalk.sync.connect import Bridges, Say, unheard
from crosswalk.sync.following import follow
from crosswalk.sync.installation import current
from crosswalk.sync.mapping import Mapping, MappingRefused, parse
from crosswalk.sync.misfits import check
from crosswalk.sync.waking import COMPARE, ERRAND, POLL, SWEEP, Cause, enqueue, go_on, wake

FIRST_SWEEP = 5.0  # seconds after an integration is enabled
NAMED = 12  # integrations that a refusal names


# ---- connections -----------------------------------------------------------------------------------------


def check_connection(connection: Connection) -> Checkup:
    """Test a connection: what answers, as whom, and what is missing. Keeps what was found."""
    here = current()
    here.bridges.forget()
    try:
        checkup = here.bridges.check(connection)
    except RemoteError as error:
        row, went = Connection.objects.filter(pk=connection.pk), not connection.paused
        row.update(server=breaker.failed(connection, error), checked_at=here.now(), paused=_paused(error))
        if went and isinstance(error, NotSignedIn):  # as where the first to be refused is a run
            breaker.tell(connection, error, here.now())
        raise
    now, ends_on = here.now(), ends.reckoned(connection, checkup.flavour, here.now().date())
    kept = {"server": asdict(checkup), "checked_at": now, "paused": "", "ends_on": ends_on}
    Connection.objects.filter(pk=connection.pk).update(**kept)
    was = connection.paused
    connection.refresh_from_db()
    for integration in breaker.hanging_on(connection):
        if was or integration.trouble:
            _goes_on(integration, connection)
    return checkup


def remove_connection(connection: Connection) -> None:
    """Forget a connection and its secret. Raises Refused where an integration works over it, or it is an app's."""
    if used := breaker.hanging_on(connection):
        names = ", ".join(f"“{one}”" for one in used[:NAMED])
        names += f" and {len(used) - NAMED} more" if len(used) > NAMED else ""
        remedy = "An integration keeps its connections; pause it if it is to carry nothing."
        raise Refused(f"“{connection}” is used by {names}.", remedy=remedy)
    if ConnectSite.objects.filter(connection=connection).exists():
        raise Refused(f"“{connection}” belongs to the Connect app.", remedy="Uninstall the app in Jira.")
    try:
        connection.delete()
    except ProtectedError:  # an integration was made with it a moment ago
        raise Refused(f"“{connection}” is used by now.", remedy="Reload the page.") from None


def _goes_on(integration: Integration, connection: Connection) -> None:
    """What waited for a connection runs now."""
    Integration.objects.filter(pk=integration.pk).update(trouble="")
    journal.append(integration.pk, [Entry(f"“{connection.name}” works; what waited goes on.")], current().now())
    go_on(current().engine, integration, current().now())


def _paused(error: RemoteError) -> str:
    """Only a refused credential pauses a connection; anything else is tried again."""
    return str(error)[:500] if isinstance(error, NotSignedIn) else ""


def workspaces(connection: Connection, query: str) -> list[Choice]:
    """Aha! workspaces whose name or prefix contains `query`."""
    return list(current().bridges.workspaces(connection, query))


def projects(connection: Connection, query: str) -> list[Choice]:
    """Jira projects whose name or key contains `query`."""
    return list(current().bridges.projects(connection, query))


def found(connection: Connection, query: str, start: int = 0) -> tuple[list[Choice], int]:
    """A page of the workspaces or projects that match `query`, and where the next one begins (0: there is none)."""
    return current().bridges.found(connection, query, start)


def listed(connection: Connection, query: str, most: int) -> tuple[list[Choice], bool]:
    """The first `most` that match `query`, and whether there are more."""
    every: list[Choice] = []
    start = 0
    while len(every) <= most:
        page, start = found(connection, query, start)
        every += page
        if not start:
            break
    return every[:most], len(every) > most or bool(start)


def called(connection: Connection, key: str) -> Choice:
    """The workspace or project with this key or id. Raises Refused, naming those that are near."""
    near, _ = listed(connection, key, 1000)
    exact = [one for one in near if key in (one.category, one.id)]
    if len(exact) == 1:
        return exact[0]
    every = near or listed(connection, "", 20)[0]
    names = ", ".join(one.category for one in every[:20]) or "none that this account sees"
    what = "workspace" if connection.kind == Connection.Kind.AHA else "project"
    raise Refused(f"There is no {what} “{key}”.", remedy=f"There are: {names}.")


# ---- integrations ----------------------------------------------------------------------------------------


def create_integration(
    name: str, aha: Connection, jira: Connection, workspace_id: str, project_id: str, say: Say = unheard
) -> Integration:
    """Join a workspace and a project: loads their data, makes the mapping an ordinary project needs. Not enabled.

    Writes nothing on a side. Without a `name` it is called as the workspace is. `say` is told each list that is read.
    """
    return keep_integration(name, aha, jira, current().bridges.load(aha, workspace_id, jira, project_id, say))


def keep_integration(name: str, aha: Connection, jira: Connection, loaded: projectdata.Loaded) -> Integration:
    """Keep a new integration of the workspace and project whose data was loaded. Raises Refused for a name in use."""
    name = name or loaded.aha.name[:200]
    mapping = projectdata.default_mapping(loaded)
    try:
        with transaction.atomic():
            integration = Integration.objects.create(
                name=name,
                aha=aha,
                jira=jira,
                workspace=loaded.aha.workspace,
                workspace_key=loaded.aha.key,
                project=loaded.jira.project,
                project_key=loaded.jira.key,
                mapping=mapping.as_data(),
                hook_secret=secrets.token_urlsafe(32),
                hook_signature=secrets.token_urlsafe(32),
            )
            projectdata.keep(integration, loaded, current().now())
    except IntegrityError:
        raise Refused(f"There is an integration “{name}” already.", remedy="Choose another name.") from None
    _note_problems(integration, loaded.problems)
    return integration


def load_project_data(integration: Integration) -> None:
    """Read both sides' types, fields, statuses and people anew."""
    here = current()
    load_now(integration, here.bridges, here.now())


def load_now(
    integration: Integration, bridges: Bridges, at: datetime, say: Say = unheard
) -> tuple[tuple[differences.Difference, ...], tuple[Problem, ...]]:
    """Read both sides' project data; what is different since it was last read, and what will not work.

    `say` is told each list before it is read.
    """
    try:
        before = projectdata.load(integration)
    except Refused:
        before = None
    loaded = bridges.load(integration.aha, integration.workspace, integration.jira, integration.project, say)
    projectdata.keep(integration, loaded, at)
    keys = {"workspace_key": loaded.aha.key, "project_key": loaded.jira.key}
    Integration.objects.filter(pk=integration.pk).update(drift="", **keys)
    if before is not None:
        follow(integration, before, loaded, at)
    problems = (*loaded.problems, *_boardless(integration, loaded))
    _note_problems(integration, problems)
    bridges.forget()
    return differences.between(before, loaded) if before else (), problems


def _boardless(integration: Integration, loaded: projectdata.Loaded) -> tuple[Problem, ...]:
    try:
        return differences.boardless(parse(integration.mapping), loaded)
    except MappingRefused:
        return ()  # what is wrong with it is said where it is used


def check_mapping(mapping: Mapping, loaded: projectdata.Loaded) -> None:
    """Raises MappingRefused, with every fault, for a mapping that does not fit the project data."""
    if problems := tuple(one for one in check(mapping, projectdata.lists(loaded, mapping)) if not one.mild):
        raise MappingRefused(problems)


def set_mapping(integration: Integration, data: dict[str, Any], person: str = "", what: str = "") -> None:
    """Use another mapping, and keep the one before. Raises MappingRefused for one that does not fit."""
    mapping = parse(data)
    check_mapping(mapping, projectdata.load(integration))
    here = current()
    with transaction.atomic():
        versions.keep(integration, mapping.as_data(), person, what, here.now())
        Integration.objects.filter(pk=integration.pk).update(mapping=mapping.as_data())
    integration.refresh_from_db()
    here.bridges.forget()


def set_enabled(integration: Integration, enabled: bool, person: str) -> bool:
    """Switch an integration on or off; False where it was so already, because somebody was quicker.

    On sees to the field in Jira that shows the record; nothing is written on a side before.

    Off pauses it: what changes meanwhile is carried when it is on again, and a load that was under way goes on then.
    """
    if enabled:
        check_mapping(parse(integration.mapping), projectdata.load(integration))
    turned = Integration.objects.filter(pk=integration.pk, enabled=not enabled).update(enabled=enabled) > 0
    integration.refresh_from_db()
    if turned:
        note(integration, "Enabled." if enabled else "Paused.", person)
    if turned and enabled:
        reference.make(integration)
    if enabled:
        enqueue(current().engine, POLL, integration.pk)
        enqueue(current().engine, SWEEP, integration.pk, delay=FIRST_SWEEP)
        for errand_id in errands.under_way(integration):
            enqueue(current().engine, ERRAND, errand_id)
    return turned


# ---- records ---------------------------------------------------------------------------------------------


def send(integration: Integration, refs: Sequence[Ref], person: str) -> int:
    """Send records to Jira: makes their pairs and has them run now. How many are on their way."""
    saying.refuse_while_off(integration, "send")
    here = current()
    chosen = [pair_for(integration, ref).pk for ref in dict.fromkeys(refs)]
    pairs.hold(Pair.objects.filter(pk__in=chosen).exclude(held="").values_list("pk", flat=True), "")
    for pair_id in chosen:
        note(integration, "Send to Jira was pressed.", person, pair_id)
    return wake(here.engine, chosen, here.now(), urgent=True, cause=Cause(f"{person} (Send to Jira)"))


def pair_for(integration: Integration, ref: Ref) -> Pair:
    """The pair of a record of Aha!, made (and not due) where there is none. Raises Refused where another has it."""
    with transaction.atomic():
        claims.one_at_a_time(integration)
        known = asked.holder(integration.pk, Side.LEFT, ref)
        if known is None:
            if asked.elsewhere(integration.pk, Side.LEFT, ref):
                claims.refuse(integration, Side.LEFT, [ref])
            named = {"kind": ref.kind, "title": ref.key, **end_columns(Side.LEFT, ref)}
            known = Pair.objects.create(integration=integration, due_at=current().now(), dirty=0, **named)
    return known


def retry(pair_ids: Sequence[int], person: str) -> int:
    """Run these pairs now, whatever happened before. How many there were. Raises Refused where one can not run."""
    here = current()
    chosen = Pair.objects.select_related("integration").filter(pk__in=pair_ids)
    for integration in {pair.integration for pair in chosen}:
        saying.refuse_while_off(integration, "retry")
    for pair in chosen:
        note(pair.integration, "Retry was pressed.", person, pair.pk)
    pairs.retry(pair_ids, here.now())
    return wake(here.engine, pair_ids, here.now(), urgent=True, cause=Cause(f"{person} (Retry)"))


def put_back(entry_id: int, person: str) -> str:
    """Put back a value that a write had replaced; what the field is called. See restore.put_back."""
    here = current()
    entry = JournalEntry.objects.select_related("pair", "integration").filter(pk=entry_id).first()
    if entry is None or entry.pair is None:
        raise Refused("There is no such line in the history.")
    name = restore.put_back(here.bridges.of(entry.integration), parse(entry.integration.mapping), entry)
    note(entry.integration, f"{name} was put back as it had been.", person, entry.pair.pk)
    wake(here.engine, [entry.pair.pk], here.now(), urgent=True, cause=Cause(f"{person} (a value was put back)"))
    return name


def sync_now(integration: Integration, person: str) -> int:
    """Ask both sides what changed, and compare everything. Raises Refused where the integration does not run."""
    saying.refuse_while_off(integration, "sync")
    here = current()
    note(integration, "Sync now was pressed.", person)
    enqueue(here.engine, POLL, integration.pk, priority=INTERACTIVE)
    enqueue(here.engine, COMPARE, integration.pk, priority=INTERACTIVE)
    return Pair.objects.filter(integration=integration).count()


def plan(integration: Integration, refs: Sequence[Ref] | None = None) -> dict[str, Any]:
    """What would be written on each side, as data: for `refs`, or for every pair of the integration. Writes nothing.

    Records that are named are planned as they would be sent, which ends what holds them.
    """
    bridge = current().bridges.of(integration)
    known = Pair.objects.filter(integration=integration)
    views, unsent = named(integration, refs) if refs is not None else ([view(one) for one in known.order_by("pk")], [])
    found = preview.survey(bridge, views, unsent, outlook=outlook.of(integration))
    return reference.counted(integration, plandata.as_data(found, known.count(), most=None))


def named(integration: Integration, refs: Sequence[Ref]) -> tuple[list[PairView], list[Ref]]:
    """The pairs of `refs` as they would be sent, and those of `refs` that are in none."""
    rows = Pair.objects.filter(integration=integration, left_id__in=[ref.id for ref in refs])
    views = [replace(view(row), held="") for row in rows.order_by("pk")]
    held = {one.left for one in views}
    return views, [ref for ref in refs if ref not in held]


def plan_text(integration: Integration, refs: Sequence[Ref] | None = None) -> str:
    """The plan as a person reads it, with the brake's word where it would refuse itself."""
    return planwords.text(plan(integration, refs))


def explain(pair: Pair) -> list[dict[str, Any]]:
    """Why each field of a pair is or is not carried, from both sides as they are now."""
    found = explaining.explain(current().bridges.of(pair.integration), view(pair))
    if found.missing and not found.fields:
        raise Refused(found.missing, remedy="Press Retry when both records can be seen again.")
    return _noted(pair, found.fields)


def expect(pair: Pair) -> list[dict[str, Any]]:
    """The fields that explain() will tell of, as both sides last agreed on them. Asks no server."""
    return _noted(pair, explaining.expect(current().bridges.of(pair.integration), view(pair)))


def _noted(pair: Pair, fields: Sequence[explaining.FieldView]) -> list[dict[str, Any]]:
    noted = {name: f"Noted {line.at:%-d %b %Y}: {line.what} {line.why}" for name, line in _not_whole(pair).items()}
    return [{**asdict(line), "note": line.note or noted.get(line.field, "")} for line in fields]


def _not_whole(pair: Pair) -> dict[str, JournalEntry]:
    """What the log says of texts that a side's format did not hold whole, by field."""
    return journal.newest_with(pair.pk, "X1")


def find_ref(integration: Integration, record: str, kind: str = "") -> Ref:
    """The record that people call `record` (`FAB-7`), or whose id it is; of the kind its key says, if none is given.

    Raises Refused where there is none.
    """
    kind = kind or listing.named_kind(integration, record)
    for pair in Pair.objects.filter(integration=integration, left_key=record).exclude(left_id=None):
        return Ref(pair.left_kind, pair.left_id or "", pair.left_key)
    found = current().bridges.of(integration).left.read([Ref(kind, "", record)])
    for entry in found.values():
        if isinstance(entry, Snapshot):
            return entry.ref
    raise Refused(
        f"There is no {kind} “{record}” in {integration.workspace_key}.", remedy="Check its reference number."
    )


def _note_problems(integration: Integration, problems: Sequence[Problem]) -> None:
    """What will not work, in the journal: better known now than when a record is refused."""
    lines = [Entry(one.message, level="warning", remedy=one.remedy, code=one.code) for one in problems]
    journal.append(integration.pk, lines, current().now())


def note(integration: Integration, what: str, person: str, pair_id: int | None = None) -> None:
    """What a person did, in the journal."""
    line = Entry(what, why=saying.asked(person))
    journal.append(integration.pk, [line], current().now(), pair_id=pair_id, person=person)
