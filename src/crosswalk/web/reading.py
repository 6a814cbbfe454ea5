"""What pages read from the store, in few queries. Reads only: acting is crosswalk.sync's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crosswalk.store.models import Connection, DisputeRow, Integration, JournalEntry, Pair
from crosswalk.store.pairs import ATTENTION, DIFFERING, SETTLED
from crosswalk.sync.after import DECIDE
from crosswalk.sync.hooking import SILENT
from crosswalk.sync.pulse import Pulse, Pulses
from crosswalk.sync.removed import ON_BOTH
from crosswalk.sync.saying import began
from crosswalk.web.words import Counts, Health, Next, goes_on, health, ill, next_of

ASKS = (Pair.State.ASKING, Pair.State.PARKED, Pair.State.GONE)
DUE = ~Q(dirty=F("done"))
APART = Q(dirty=F("done"), apart__isnull=False)
"""Where nothing is to be carried and two records differ all the same, if they are in step."""
FREE = Q(held="")
FREE_OF = Q(pair__held="") & ~Q(pair__state=Pair.State.GONE)
WAITING = FREE & DUE & ~Q(state__in=ASKS)
FRESH = Q(right_id=None, state=Pair.State.NEW) & ~DUE
"""Never sent: what was sent in vain waits, or needs somebody."""
# What a person may ask for in a list of pairs; the order is the order of the filters on the page (see chips.py): those
# that show a part of another one come behind it.
FILTERS: dict[str, tuple[str, Q]] = {
    "attention": ("Need you", FREE & ATTENTION),
    "conflict": ("Conflict", FREE & Q(pk__in=DisputeRow.objects.filter(winner="").values("pair"))),
    "error": ("Error", FREE & Q(state=Pair.State.PARKED)),
    "gone": ("Deleted on one side", FREE & Q(state=Pair.State.GONE)),
    "due": ("Waiting", WAITING),
    "changed": ("Changed", FREE & Q(state=Pair.State.AGREED) & DUE),
    "agreed": ("In step", FREE & Q(state=Pair.State.AGREED) & ~DUE),
    "except": ("Except for a field", DIFFERING),
    "unsent": ("Not sent", FREE & FRESH),
    "paused": ("Paused", Q(held="paused")),
    "ignored": ("Ignored", Q(held="ignored")),
    "unlinked": ("Unlinked", Q(held="unlinked")),
}
SENT = "sent"
"""Beside the filters: pairs of records that are in Jira, or that somebody holds back from it."""
BESIDES = "besides"
"""Beside the filters: those of "except" that are not in step, as another field needs somebody."""
ENDED = "ended"
"""Beside the filters: those of "gone" that need nobody."""
ALWAYS = ("attention", "due", "agreed", "unsent")
"""Filters that are offered also where they would show nothing."""


def integration_of(pk: int) -> Integration:
    """The integration with its connections, or a page that says there is none."""
    return get_object_or_404(Integration.objects.select_related("aha", "jira"), pk=pk)


def pairs_of(found: Integration, state: str, text: str) -> QuerySet[Pair]:
    """What was sent or joined, the newest first: of a filter, with words in its name, or of a key."""
    pairs = found.pairs.order_by("-id")
    if state:
        pairs = pairs.filter(FILTERS[state][1])
    if text := text.strip():
        pairs = pairs.filter(Q(title__icontains=text) | Q(left_key__iexact=text) | Q(right_key__iexact=text))
    return pairs


@dataclass(frozen=True, slots=True)
class Card:
    """An integration on the home page."""

    integration: Integration
    counts: Counts
    health: Health
    pulse: Pulse | None = None
    conflicts: int = 0
    next: Next | None = None
    asking: Sequence[Pair] = ()

    @property
    def more(self) -> int:
        """How many records need a person besides those that are named."""
        return self.counts.attention - len(self.asking)


def is_fresh(pair: Pair) -> bool:
    """What FRESH says, of one pair that nobody holds."""
    return not pair.held and pair.right_id is None and pair.state == Pair.State.NEW and pair.dirty == pair.done


def counts_of(integrations: Iterable[Integration]) -> dict[int, Counts]:
    """The counts of each integration, by id; as many queries for all as for one."""
    return _counted(_groups(Pair.objects.filter(integration__in=list(integrations))))


def _counted(groups: Iterable[dict[str, Any]]) -> dict[int, Counts]:
    found: dict[int, Counts] = {}
    for row in groups:
        was = found.get(row["integration"], Counts())
        held, state = bool(row["held"]), row["state"]
        attention = not held and state in ASKS
        found[row["integration"]] = Counts(
            was.total + row["all"],
            was.agreed + (row["all"] - row["due"] if not held and state == Pair.State.AGREED else 0),
            was.due + (row["due"] if not held and not attention else 0),
            was.attention + (row["all"] - row["settled"] if attention else 0),
            was.error + (row["all"] if not held and state == Pair.State.PARKED else 0),
            was.apart + (row["apart"] if not held and state == Pair.State.AGREED else 0),
            was.paused + (row["all"] if row["held"] == "paused" else 0),
            was.besides + (row["apart"] if not held and state == Pair.State.ASKING else 0),
        )
    return found


def _groups(pairs: QuerySet[Pair]) -> list[dict[str, Any]]:
    """Pairs counted by integration, word and state; those that are due, fresh or apart by indexes of theirs.

    Queries that read an index each cost half of one that looks into every entry (measured with 50,000 pairs). Those
    that are settled are looked for where there are any that are gone.
    """
    every, some = _numbers({"all": pairs}), {"due": DUE, "fresh": FRESH, "apart": APART}
    if any(state == Pair.State.GONE for _, *_, state in every):
        some["settled"] = SETTLED
    parts = _numbers({name: pairs.filter(which) for name, which in some.items()})
    names = ("due", "fresh", "apart", "settled")
    return [
        {**dict(zip(GROUPED, key, strict=True)), "all": count, **{name: parts.get((name, *key), 0) for name in names}}
        for (_, *key), count in every.items()
    ]


GROUPED = ("integration", "held", "state")


def _numbers(parts: Mapping[str, QuerySet[Pair]]) -> dict[tuple[Any, ...], int]:
    """How many pairs of each part there are in each group, by the name of the part and what the group is."""
    first, *more = (
        pairs.order_by().values_list(*GROUPED).annotate(all=Count("*"), part=Value(name))
        for name, pairs in parts.items()
    )
    return {(row[-1], *row[:-2]): row[-2] for row in (first.union(*more, all=True) if more else first)}


def filter_counts(found: Integration, kind: str = "") -> tuple[Counts, dict[str, int]]:
    """The counts of an integration, how many pairs (of one kind) each filter shows, and how many were SENT; three to
    seven queries."""
    counts, groups = dict.fromkeys((*FILTERS, SENT, BESIDES, ENDED), 0), _groups(found.pairs.all())
    for row in _groups(found.pairs.filter(kind=kind)) if kind else groups:
        if row["held"]:
            counts[row["held"]] += row["all"]
            counts[SENT] += row["all"] if row["held"] == "paused" else 0
            continue
        counts[SENT] += row["all"] - row["fresh"] if row["state"] != Pair.State.GONE else 0
        counts["due"] += row["due"] if row["state"] not in ASKS else 0
        counts["unsent"] += row["fresh"]
        counts["attention"] += row["all"] - row["settled"] if row["state"] in ASKS else 0
        counts["gone"] += row["all"] if row["state"] == Pair.State.GONE else 0
        counts[ENDED] += row["settled"] if row["state"] == Pair.State.GONE else 0
        counts["error"] += row["all"] if row["state"] == Pair.State.PARKED else 0
        if row["state"] == Pair.State.AGREED:
            counts["agreed"] += row["all"] - row["due"]
            counts["changed"] += row["due"]
            counts["except"] += row["apart"]
        if row["state"] == Pair.State.ASKING:
            counts["except"] += row["apart"]
            counts[BESIDES] += row["apart"]
    if counts["gone"]:  # what was deleted in Jira is in Aha! still, and was sent
        left = found.pairs.filter(FREE, state=Pair.State.GONE, deleted_on="right").exclude(reason__contains=ON_BOTH)
        counts[SENT] += (left.filter(kind=kind) if kind else left).count()
    if counts["ignored"]:  # issues are ignored, too, that are in Jira alone
        ignored = found.pairs.filter(held="ignored").exclude(left_id=None)
        counts[SENT] += (ignored.filter(kind=kind) if kind else ignored).count()
    asked = DisputeRow.objects.filter(FREE_OF, winner="", pair__integration=found)
    asked = asked.filter(pair__kind=kind) if kind else asked
    shown = {**counts, "conflict": asked.values("pair").distinct().count()}
    return _counted(groups).get(found.pk, Counts()), shown


_TOTALS: dict[tuple[int, datetime, str], int] = {}


def of_aha(found: Integration, kind: str, told: int | None, counts: Mapping[str, int]) -> dict[str, int | None]:
    """How many records of `kind` a workspace has, as Aha! `told` now, else as it did when a list was shown last.

    And how many of them were not sent, by the `counts` of that kind. None where it never did: no page asks that alone.
    """
    key = (found.pk, found.created_at, kind)
    if told is not None and kind:
        _TOTALS[key] = told
    every = _TOTALS.get(key)
    return {"every": every, "unsent": None if every is None else max(0, every - counts[SENT])}


AT_A_GLANCE = (
    *("name", "workspace_key", "project_key", "aha_id", "jira_id"),
    *("enabled", "polled_at", "swept_at", "trouble", "stopped"),
)
"""What is read of every integration: a row whole takes ten times as long."""


def overview() -> list[Card]:
    """Every integration with its counts and health, by name, in as many queries for thousands as for one."""
    connections = {one.pk: one for one in Connection.objects.all()}
    found = list(Integration.objects.only(*AT_A_GLANCE).order_by("name"))
    counts = _counted(_groups(Pair.objects.all()))
    none = Counts()
    return [_card(one, counts.get(one.pk, none), connections[one.aha_id], connections[one.jira_id]) for one in found]


def cards(integrations: QuerySet[Integration]) -> list[Card]:
    """`integrations` with their counts and health, and what the home page tells besides."""
    found = list(integrations.select_related("aha", "jira").order_by("name"))
    counts = counts_of(found)
    return at_home([card(one, counts.get(one.pk, Counts())) for one in found])


def at_home(found: Sequence[Card]) -> list[Card]:
    """Some cards with what the home page tells besides: a few queries for each."""
    rows = Integration.objects.select_related("aha", "jira").in_bulk([one.integration.pk for one in found])
    here = [pk for one in found if (pk := one.integration.pk) in rows]
    found = [replace(one, integration=rows[one.integration.pk]) for one in found if one.integration.pk in rows]
    asked = DisputeRow.objects.filter(FREE_OF, winner="", pair__integration__in=here)
    conflicts = dict(asked.values_list("pair__integration").annotate(Count("id")).order_by())
    pulses = Pulses(timezone.now())
    return [_at_home(one, conflicts.get(one.integration.pk, 0), pulses) for one in found]


SHOWN = 3  # records that ask for a person, of each integration on the home page


def _at_home(found: Card, conflicts: int, pulses: Pulses) -> Card:
    """A card with what the home page tells besides: figures, who asks for a person, what to do next."""
    it, beat = found.integration, pulses.of(found.integration)
    following = next_of(
        began=None if it.enabled else began(it),
        ill=_goes_on(it) if found.health.trouble else "",
        stopped=found.health.word == STOPPED,
        counts=found.counts,
        conflicts=conflicts,
        silent=any(one.state == SILENT for one in beat.hooks),
    )
    about_conflicts = following.route == "integration-conflicts"
    if about_conflicts:
        following = replace(following, says=following.says + _besides(it))
    asking = _asking(it, conflicts_first=about_conflicts) if found.counts.attention else ()
    return replace(found, pulse=beat, conflicts=conflicts, next=following, asking=asking)


def _asking(it: Integration, *, conflicts_first: bool) -> list[Pair]:
    """The first records that need a person: those that the button is about, then what stands above others."""
    found = it.pairs.filter(FREE, ATTENTION)
    parents_first = F("parent_id").asc(nulls_first=True), "-id"  # whoever moves an issue moves what is below it, too
    if not conflicts_first:
        return list(found.order_by(*parents_first)[:SHOWN])
    open_ = Exists(DisputeRow.objects.filter(pair=OuterRef("pk"), winner=""))
    return list(found.order_by(open_.desc(), *parents_first)[:SHOWN])


def _besides(integration: Integration) -> str:
    """That records need a person for something else than a conflict, where some do."""
    others = integration.pairs.filter(FREE, ATTENTION).exclude(remedy=DECIDE).count()
    if not others:
        return ""
    return f" {others} more record{'' if others == 1 else 's'} need{'s' if others == 1 else ''} you for something else."


STOPPED = "Stopped"


def card(integration: Integration, counts: Counts) -> Card:
    """One integration with its health."""
    return _card(integration, counts, integration.aha, integration.jira)


def _card(integration: Integration, counts: Counts, *connections: Connection) -> Card:
    """The same of one whose two connections were read apart from it: thousands share a few."""
    proofs = [moment for moment in (integration.polled_at, integration.swept_at) if moment]
    enabled, refused, brake = integration.enabled, _paused(connections), _stopped(integration)
    if trouble := integration.trouble or refused:
        kept = "" if enabled else "paused" if began(integration) else "not enabled"
        said = ill(trouble, refused=bool(refused), besides=kept or ("stopped" if brake else ""))
    elif brake:
        said = replace(ill(brake, refused=False), word=STOPPED, remedy=LOOK)
    else:
        proved = max(proofs, default=None)
        said = health(enabled=enabled, began=began(integration), counts=counts, proved_at=proved)
    return Card(integration, counts, said)


LOOK = "Open it: see what would change, then approve it or pause it."


def _goes_on(it: Integration) -> str:
    return goes_on(enabled=it.enabled, refused=bool(_paused([it.aha, it.jira])), stopped=bool(_stopped(it)))


def _stopped(integration: Integration) -> str:
    return integration.stopped if integration.enabled else ""


def _paused(connections: Sequence[Connection]) -> str:
    for connection in connections:
        if connection.paused:
            return f"{connection.name}: {connection.paused}"
    return ""


def journal(
    integration: Integration | None, level: str, text: str, pair: Pair | None = None, run: int = 0
) -> QuerySet[JournalEntry]:
    """Lines of the journal, newest first: of one integration or all, of a level or worse, that contain `text`.

    `pair` and `run` leave those of one record, and of one of its runs.
    """
    lines = JournalEntry.objects.select_related("integration", "pair").order_by("-id")
    if integration:
        lines = lines.filter(integration=integration)
    if pair:
        lines = lines.filter(pair=pair, **({"run": run} if run else {}))
    if level == "error":
        lines = lines.filter(level="error")
    elif level == "warning":
        lines = lines.filter(level__in=("warning", "error"))
    if text:
        in_line = Q(what__icontains=text) | Q(why__icontains=text) | Q(field__icontains=text)
        in_pair = Q(pair__left_key__iexact=text) | Q(pair__right_key__iexact=text) | Q(pair__title__icontains=text)
        lines = lines.filter(in_line | in_pair)
    return lines


def alike(line: JournalEntry) -> QuerySet[Pair]:
    """The pairs of the line's integration that are out of step and have a line like it: the same code, else words."""
    same = Q(code=line.code) if line.code else Q(what=line.what)
    lines = JournalEntry.objects.filter(same, integration=line.integration, level__in=("warning", "error"))
    out = Pair.objects.filter(FREE, integration=line.integration).exclude(state__in=(Pair.State.AGREED, Pair.State.NEW))
    return out.filter(pk__in=lines.values("pair")).order_by("pk")


def seen(pair: Pair) -> str:
    """What a page shows of `pair`, as a short mark."""
    newest = pair.journal.order_by("-id").values_list("id", flat=True).first() or 0
    apart = f"-{crc32(repr(pair.apart).encode()):x}" if pair.apart else ""
    ill = f"-{crc32(pair.integration.trouble.encode()):x}" if pair.integration.trouble else ""
    return f"{pair.dirty}-{pair.done}-{pair.state}-{newest}{apart}{ill}"
