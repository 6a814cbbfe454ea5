"""Which integration a record belongs to, where several look at the same workspace or project. Keeps, decides nothing.

A record is the same one wherever the connection's address and its id are the same, whoever signs in there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from crosswalk.errors import Refused
from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk.store import asked
from crosswalk.store.models import Connection, Integration, Pair

ACCOUNT = {Side.LEFT: "aha", Side.RIGHT: "jira"}
BATCH = 5_000  # SQLite takes at most 32,766 parameters in a statement (https://www.sqlite.org/limits.html, item 9)


def elsewhere(integration: Integration, side: Side, refs: Iterable[Ref]) -> dict[Ref, str]:
    """Those of `refs` on `side` that another integration has a pair for, each with that integration's name."""
    return _held(_others(integration, side), side, refs)


def here(integration: Integration, side: Side, refs: Iterable[Ref]) -> dict[Ref, str]:
    """Those of `refs` on `side` that this integration has a pair for."""
    return _held(Pair.objects.filter(integration=integration), side, refs)


def _held(pairs: QuerySet[Pair], side: Side, refs: Iterable[Ref]) -> dict[Ref, str]:
    wanted = set(refs)
    found: dict[Ref, str] = {}
    for kind in sorted({ref.kind for ref in wanted}):
        for ids in batches(sorted({ref.id for ref in wanted if ref.kind == kind})):
            some = pairs.filter(**{f"{side.value}_kind": kind, f"{side.value}_id__in": ids})
            for id_, name in some.values_list(f"{side.value}_id", "integration__name"):
                found[Ref(kind, id_ or "")] = name
    return {ref: found[ref] for ref in wanted if ref in found}


def _others(integration: Integration, side: Side) -> QuerySet[Pair]:
    account: Connection = getattr(integration, ACCOUNT[side])
    there = {f"integration__{ACCOUNT[side]}__address": account.address}
    return Pair.objects.filter(**there).exclude(integration=integration)


def batches(ids: list[str]) -> Iterator[list[str]]:
    """`ids` in as many lists as statements are needed for them."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def home_of(integration: Integration, side: Side, home: str) -> Integration | None:
    """The only enabled integration that joins `home` on `side` with what `integration` joins on the other."""
    key, other = {Side.LEFT: ("workspace_key", "project"), Side.RIGHT: ("project_key", "workspace")}[side]
    found = Integration.objects.filter(
        aha__address=integration.aha.address, jira__address=integration.jira.address, enabled=True
    ).exclude(pk=integration.pk)
    joined = list(found.filter(**{f"{key}__iexact": home, other: getattr(integration, other)})[:2])
    return joined[0] if len(joined) == 1 else None


def refuse(integration: Integration, side: Side, refs: Iterable[Ref]) -> None:
    """Raise Refused where another integration has one of `refs` on `side`, and this one was not told to share it."""
    if integration.mapping.get("shared") is True:
        return
    for ref, name in elsewhere(integration, side, refs).items():
        what, remedy = belongs(str(ref), name)
        raise Refused(what, remedy=remedy)


def belongs(record: str, owner: str) -> tuple[str, str]:
    """That another integration has a record, and what to do about it."""
    tick = "tick “A record may be in a pair of another integration, too” on the page Mapping of this integration"
    return (
        f"{record} belongs to the integration “{owner}”.",
        f"Unlink it there, or {tick} (in a file: `shared: true`).",
    )


def one_at_a_time(integration: Integration) -> None:
    """Within a transaction: nobody else claims records of this Aha! account meanwhile."""
    asked.claim(integration.aha.address)
