"""What is asked once: does the connection work, which workspaces are there, what does one hold, who is who."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosswalk import errors
from crosswalk.aha import metadata, wire
from crosswalk.aha.fields import LISTED, person, snapshot
from crosswalk.aha.metadata import Metadata
from crosswalk.aha.wire import Json
from crosswalk.merge.records import Ref
from crosswalk.merge.values import Choice, Person
from crosswalk.remote.checkup import Checkup, Problem
from crosswalk.remote.client import Client
from crosswalk.remote.request import Request
from crosswalk.remote.telling import Tell, silent

ADDRESS = "Enter your account's own address, such as https://company.aha.io"
CONTRIBUTOR = 30  # role numbers: 20 owner, 30 contributor, 50 viewer (https://www.aha.io/api, users)
READ = ("the workspace", "releases", "statuses", "custom fields", "people", "integrations")
"""What load_metadata reads, in this order."""
SHOWN = ("id", "reference_num", "name", "url", "updated_at", "workflow_status", "release", "parking_lot")
"""What a list shows of a record, as far as its kind has it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a list: what a page shows of it before it is sent."""

    ref: Ref
    name: str
    url: str
    status: Choice | None = None
    release: Choice | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list: `page` of `pages`, and how many there are in all."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int


def check(client: Client, *workspaces: str) -> Checkup:
    """Who we are at Aha!, and what that user can not do in each of `workspaces` (ids or prefixes).

    Raises RemoteError when nothing answers, or the key is not accepted.
    """
    try:
        user = wire.one(client.send(wire.me()), "user")
    except ValueError:
        raise errors.Unreadable("What answers at this address is not Aha!.", remedy=ADDRESS, code="N3") from None
    except errors.NotFound as error:
        # Every key has a user, so a server that has no such record is another product's.
        raise errors.NotFound(
            "There is no Aha! API at this address.", remedy=ADDRESS, code="N4", call=error.call
        ) from error
    found = (_problems(client, workspace, user) for workspace in workspaces) if workspaces else (_nowhere(user),)
    problems = tuple(problem for some in found for problem in some)
    who = Person(str(user.get("id") or ""), str(user.get("email") or ""), str(user.get("name") or ""))
    hooks = "by hand: Aha! has no API for its webhook"
    return Checkup("Aha!", "v1", "", client.address, who.name or who.email, who.id, problems, hooks=hooks)


def built_in(found: Sequence[metadata.Integration]) -> Iterator[Problem]:
    """Aha!'s own integrations with Jira that are switched on: two programs would write the same records."""
    for one in found:
        if one.service in metadata.JIRAS and one.enabled:
            yield Problem(
                f"Aha!'s own Jira integration “{one.name}” is enabled on this workspace.",
                "Disable it in Aha! (Settings > Workspace > Integrations): both would write the same records.",
            )


def _nowhere(user: Json) -> Iterator[Problem]:
    """What is said of a user who may write in no workspace; of one whose roles are not told, nothing."""
    numbers = [role.get("role") for role in wire.items(user, "product_roles")]
    if numbers and all(isinstance(number, int) and number > CONTRIBUTOR for number in numbers):
        yield Problem(
            "The key's user may only read: it is contributor or owner in no workspace.",
            "Make that user a contributor or owner of the workspace that is to be joined.",
            "A14",
        )


def _problems(client: Client, workspace: str, user: Json) -> Iterator[Problem]:
    try:
        product = wire.one(client.send(wire.product(workspace)), "product")
    except errors.NotFound:
        what = f"The key's user does not see the workspace {workspace}."
        yield Problem(what, "Give that user access to it in Aha!, or choose another workspace.", "A15")
        return
    roles = {str(role.get("product_id")): role for role in wire.items(user, "product_roles")}
    role = roles.get(str(product.get("id")), {})
    number = role.get("role")
    if isinstance(number, int) and number > CONTRIBUTOR:
        yield Problem(
            f"The key's user is {role.get('role_description') or 'no contributor'} in {product.get('name')}.",
            "Make that user a contributor or owner there; otherwise nothing can be written to Aha!.",
            "A14",
        )


def workspaces(client: Client, query: str = "") -> tuple[Choice, ...]:
    """The workspaces whose name or prefix contains `query`: id, name, and the prefix as category. No product lines."""
    found = []
    for entry in _pages(client, wire.products, "products"):
        choice = Choice(_text(entry, "id"), _text(entry, "name"), _text(entry, "reference_prefix"))
        hit = query.casefold() in choice.name.casefold() or query.casefold() in choice.category.casefold()
        if hit and entry.get("product_line") is not True:
            found.append(choice)
    return tuple(found)


def load_metadata(client: Client, workspace: str, tell: Tell = silent) -> Metadata:
    """All that mapping and pages need to know of a workspace. What the key may not read is left empty."""
    tell("the workspace")
    product = _product(client, workspace)
    tell("releases")
    releases = tuple(
        Choice(_text(entry, "id"), _text(entry, "name"), "parking" if entry.get("parking_lot") is True else "")
        for entry in _pages(client, lambda page: wire.records("release", workspace, wire.Listing(page)), "releases")
    )
    tell("statuses")
    statuses = metadata.statuses(client.send(wire.workflows(workspace)))
    tell("custom fields")
    custom_fields = _custom_fields(client, tell)
    tell("people")
    people_there = _people_of(client, workspace)
    tell("integrations")
    return Metadata(
        workspace=_text(product, "id"),
        key=_text(product, "reference_prefix"),
        name=_text(product, "name"),
        url=_text(product, "url"),
        statuses=statuses,
        custom_fields=custom_fields,
        releases=releases,
        people=people_there,
        integrations=_integrations_of(client, workspace),
    )


def _product(client: Client, workspace: str) -> Json:
    try:
        return wire.one(client.send(wire.product(workspace)), "product")
    except ValueError:
        raise errors.Unreadable("Aha!'s answer holds no workspace.", remedy=ADDRESS, code="N3") from None
    except errors.NotFound as error:
        raise errors.NotFound(
            f"There is no workspace “{workspace}” in Aha! that the key's user sees.",
            remedy="Choose another workspace, or give the key's user access to it in Aha!.",
            code="A15",
            call=error.call,
        ) from error


def _custom_fields(client: Client, tell: Tell) -> tuple[metadata.CustomField, ...]:
    """The custom fields; those that are chosen from a list with what may be chosen, where the key may see that.

    One definition may come once for each kind of record: its options are asked for once.
    """
    found = metadata.custom_fields(client.send(wire.custom_field_definitions()))
    options: dict[str, tuple[Choice, ...]] = {}
    for number, one in enumerate(found, 1):
        if one.id and one.id not in options and one.holds in metadata.CHOSEN:
            tell("custom fields", f"options of {one.name}, {number} of {len(found)}")
            try:
                options[one.id] = metadata.options(client.send(wire.custom_field_options(one.id)))
            except (errors.Forbidden, errors.NotFound):
                options[one.id] = ()
    return tuple(replace(one, options=options.get(one.id, ())) for one in found)


def _people_of(client: Client, workspace: str) -> tuple[Person, ...]:
    found = []
    try:
        for entry in _pages(client, lambda page: wire.workspace_users(workspace, page), "project_users"):
            if isinstance(entry.get("user"), dict) and (who := person(entry["user"])):
                found.append(who)
    except (errors.Forbidden, errors.NotFound):
        return ()
    return tuple(found)


def _integrations_of(client: Client, workspace: str) -> tuple[metadata.Integration, ...]:
    """Owners only may list them."""
    try:
        listed = list(_pages(client, lambda page: wire.integrations(workspace, page), "integrations"))
    except (errors.Forbidden, errors.NotFound):
        return ()
    return tuple(_whole(client, workspace, metadata.integration(entry)) for entry in listed)


def _whole(client: Client, workspace: str, found: metadata.Integration) -> metadata.Integration:
    """The list does not say whether one is enabled: Aha!'s own ones with Jira are read alone, for that matters."""
    if found.service not in metadata.JIRAS:
        return found
    try:
        return metadata.integration(wire.one(client.send(wire.integration(workspace, found.id)), "integration"))
    except (errors.Forbidden, errors.NotFound, ValueError):
        return found


def records(
    client: Client, workspace: str, query: str = "", page: int = 1, kind: str = "feature", *, per_page: int = 50
) -> Listed:
    """A page of the records of a kind in a workspace whose name contains `query`, in one request.

    Without the parking lots, which are no releases to a person; `total` is without those of this page.
    """
    fields = tuple(name for name in SHOWN if name in LISTED[kind])
    answer = client.send(wire.records(kind, workspace, wire.Listing(page, per_page, fields=fields, q=query)))
    entries = [entry for entry in wire.items(answer, wire.PLURAL[kind]) if entry.get("id")]
    lines = tuple(_line(kind, entry) for entry in entries if entry.get("parking_lot") is not True)
    told = wire.pagination(answer)
    total = _count(told.get("total_records"), len(entries)) - (len(entries) - len(lines))
    return Listed(lines, page, _count(told.get("total_pages"), page), total)


def called(client: Client, key: str, kind: str = "feature") -> Listed:
    """The record of `kind` with this reference number, as a page of one: a list's `q` is matched against names only.

    https://www.aha.io/api/resources/features/list_features
    """
    try:
        entry = wire.one(client.send(wire.record(kind, key)), kind)
    except errors.NotFound:
        return Listed((), 1, 1, 0)
    return Listed((), 1, 1, 0) if entry.get("parking_lot") is True else Listed((_line(kind, entry),), 1, 1, 1)


def features(client: Client, workspace: str, release: str = "") -> tuple[Ref, ...]:
    """Every feature of a workspace, or of the release with this id."""

    def ask(page: int) -> Request:
        listing = wire.Listing(page, fields=("id", "reference_num"))
        return wire.planned("feature", release, listing) if release else wire.records("feature", workspace, listing)

    found = _pages(client, ask, "features")
    return tuple(Ref("feature", _text(entry, "id"), _text(entry, "reference_num")) for entry in found)


def _line(kind: str, entry: Json) -> Line:
    found = snapshot(kind, entry)
    status, release, name = found.get("workflow_status"), found.get("release"), found.get("name")
    return Line(
        found.ref,
        name if isinstance(name, str) else "",
        found.url,
        status if isinstance(status, Choice) else None,
        release if isinstance(release, Choice) else None,
        found.changed_at,
    )


def people(client: Client, email: str) -> Person | None:
    """The user with exactly this e-mail address. Raises Refused for one who is deactivated, and for several."""
    listed = [(person(entry), entry) for entry in wire.items(client.send(wire.users(email)), "users")]
    exact = [(who, entry) for who, entry in listed if who is not None and who.has_address(email)]
    active = [who for who, entry in exact if entry.get("enabled") is not False]
    if len(active) > 1:
        raise errors.Refused(
            f"{len(active)} Aha! users have the e-mail address {email.strip()}: {', '.join(p.name for p in active)}",
            remedy="Leave the address with one of them, or say in the table of people who is meant.",
            code="U2",
        )
    if exact and not active:
        raise errors.Refused(
            f"The Aha! user {exact[0][0].name} ({exact[0][0].email}) is deactivated",
            remedy="Activate the user in Aha!, choose somebody else, or say in the table of people who it is now.",
            code="U1",
        )
    return active[0] if active else None


def _pages(client: Client, ask: Callable[[int], Request], name: str) -> Iterator[dict[str, Json]]:
    page: int | None = 1
    while page is not None:
        answer = client.send(ask(page))
        yield from wire.items(answer, name)
        page = wire.next_page(answer)


def _text(entry: Json, name: str) -> str:
    value = entry.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _count(value: Json, default: int) -> int:
    return value if isinstance(value, int) else default


def account(client: Client, user_id: str) -> Person | None:
    """The user with exactly this id; None where there is none."""
    try:
        found = client.send(wire.user(user_id))
    except (errors.NotFound, errors.Invalid):
        return None
    who = person(found["user"]) if isinstance(found, dict) and isinstance(found.get("user"), dict) else None
    return who if who is not None and who.id == user_id else None
