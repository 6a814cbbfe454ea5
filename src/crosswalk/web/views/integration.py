"""The records of an integration's workspace: their state, Send to Jira, and progress while work runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crosswalk.merge.records import Ref
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import holding, listing, service
from crosswalk.web.acts import Trouble, act_and_say, attempt, person
from crosswalk.web.agreed import last_told
from crosswalk.web.chips import label, offered, within
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import ALWAYS, DUE, FILTERS, card, filter_counts, integration_of, is_fresh, of_aha
from crosswalk.web.views import deletions, lone
from crosswalk.web.views.sending import NAMES, load_of
from crosswalk.web.words import SENDING, UPDATING, resting, state_of

PAGE = 50
MOST_AT_ONCE = 500
OWED = "?"
"""Behind the mark of a row whose status was not asked of Aha! since its pair was carried."""
ASK_AGAIN = 10.0  # seconds between two questions to Aha! for statuses while work is under way
MOST_BY_KEY = 5
"""Rows that are asked for one by one, where the list that is shown does not hold them any more."""


@cache
def _record_pages() -> str:
    """The address of a record's page, with 0 for its number: asked once, not for every row."""
    return reverse("record", args=[0])


@dataclass(frozen=True)
class Row:
    """A record of the workspace in the list. `mark` changes when its pair is carried or shown in another state.

    One that is `owed` a status was carried, and the page still shows the status from before.
    """

    ref: Ref
    title: str
    pair: Pair | None
    status: str = ""
    release: str = ""
    url: str = ""
    owed: bool = False

    @property
    def value(self) -> str:
        """How a form names the record."""
        return f"{self.ref.kind}:{self.ref.id}:{self.ref.key}"

    @property
    def page(self) -> str:
        """The address of its pair's page."""
        return _record_pages().replace("0", str(self.pair.pk)) if self.pair else ""

    @property
    def under_way(self) -> bool:
        """Whether it is shown as being sent or updated: then what is shown will not stay so."""
        return state_of(self.pair) in (SENDING, UPDATING)

    @cached_property
    def anchor(self) -> str:
        """Its name within the page."""
        return hashlib.sha256(f"{self.ref.kind}:{self.ref.id}".encode()).hexdigest()[:12]

    @cached_property
    def mark(self) -> str:
        """A digest of what the page shows of the pair."""
        pair = self.pair
        shown: tuple[object, ...] = ()
        if pair:
            names = ("state", "dirty", "done", "right_key", "reason", "remedy", "agreed_at", "apart")
            shown = (state_of(pair).word, *(getattr(pair, name) for name in names))
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:12] + (OWED if self.owed else "")


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows, and where it stands among the others."""

    rows: Sequence[Row]
    place: str = ""
    older: int = 0
    newer: int | None = None
    trouble: Trouble | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list: words, state, kind, page.

    `page` is a number of a page of Aha!'s; in a list of pairs, the pair behind which the page begins.
    """

    query: str = ""
    state: str = ""
    kind: str = ""
    page: int = 1

    @property
    def live(self) -> bool:
        """Whether the workspace is listed as Aha! holds it now, rather than pairs."""
        return self.state in ("", "unsent")

    @property
    def shown_kind(self) -> str:
        """The kind of record that is listed of a workspace."""
        return self.kind or listing.FEATURE


@require_GET
def integration(request: PageRequest, pk: int) -> HttpResponse:
    """The page."""
    found, asked = integration_of(pk), asked_of(request)
    kinds = listing.kinds(found)
    asked = asked if asked.kind in kinds else replace(asked, kind="")
    shown = _live(found, asked) if asked.live else _stored(found, asked)
    counted = _counted(asked, kinds)
    counts, each = filter_counts(found, counted)
    first, bar, chips = replace(asked, page=1), _progress(found, 0), offered(each, asked.state)
    context = {
        "integration": found,
        "card": card(found, counts),
        "listing": shown,
        "query": asked.query,
        "state": asked.state,
        "kind": asked.kind,
        "counted": counted,
        "page": asked.page,
        "acts": holding.ACTS,
        "everything": address(found, replace(first, state="")),
        **of_aha(found, counted, shown.total, each),
        "unsearched": address(found, Asked(kind=asked.kind)),
        "filters": [
            (name, label(name, each), each[name], address(found, replace(first, state=name, kind=counted)))
            for name in chips
        ],
        "chips": " ".join(chips),
        "within": within(each),
        "kinds": _kinds(found, first, kinds),
        "records": NAMES[asked.shown_kind].lower(),
        "older": address(found, replace(asked, page=shown.older)) if shown.older else "",
        "newer": address(found, replace(asked, page=shown.newer)) if shown.newer is not None else "",
        **deletions.stopped(found),
        "load": load_of(found),
        "lone": lone.count_of(found),
        # A list that shows nothing fills by itself, where that asks nothing of Aha!.
        "fills": not (shown.rows or asked.live),
        # A row may have been read a moment before its pair came to rest: without script nothing would tell it again.
        "again": bool(bar["left"]) or any(row.under_way for row in shown.rows),
        **bar,
    }
    return render(request, "integration.html", context)


def asked_of(request: PageRequest) -> Asked:
    """What the address, or the form of a list, asks for."""
    data = request.POST if request.method == "POST" else request.GET
    number, state, kind = data.get("page", "1"), data.get("state", ""), data.get("kind", "")
    return Asked(
        data.get("q", "").strip()[:200],
        state if state in FILTERS else "",
        kind if kind in listing.KINDS else "",
        max(int(number), 1) if number.isdecimal() and len(number) < 18 else 1,
    )


def address(found: Integration, asked: Asked) -> str:
    """Where the list is that `asked` stands for."""
    page = str(asked.page) if asked.page > 1 else ""
    given = {"q": asked.query, "state": asked.state, "kind": asked.kind, "page": page}
    text = urlencode({name: value for name, value in given.items() if value})
    return reverse("integration", args=[found.pk]) + (f"?{text}" if text else "")


def _kinds(found: Integration, asked: Asked, kinds: Sequence[str]) -> list[tuple[str, str, bool]]:
    """The kinds to choose from: label, address, whether it is shown. None where there is one only.

    A workspace is listed a kind at a time, features first; a list of pairs shows every kind unless one is chosen.
    """
    if len(kinds) == 1:
        return []
    offered = [(NAMES[kind], "" if asked.live and kind == listing.FEATURE else kind) for kind in kinds]
    offered = offered if asked.live else [("Every kind", ""), *offered]
    return [(label, address(found, replace(asked, kind=kind)), kind == _plain(asked)) for label, kind in offered]


def _counted(asked: Asked, kinds: Sequence[str]) -> str:
    """The kind that the numbers beside the filters are of: the one that is shown as chosen, "" for every kind."""
    return asked.shown_kind if asked.live and len(kinds) > 1 else asked.kind


def _plain(asked: Asked) -> str:
    """The chosen kind as an address names it: features of a workspace need no name."""
    return "" if asked.live and asked.kind == listing.FEATURE else asked.kind


def _live(found: Integration, asked: Asked) -> Listing:
    """The workspace as Aha! holds it now; where Aha! does not answer, what was sent before.

    Aha! does not know what was sent: what is not is picked out of each of its pages.
    """
    query, number, kind = asked.query, min(asked.page, 999_999), asked.shown_kind
    page, trouble = attempt(lambda: listing.records(found, query, number, kind))
    if page is None:
        return replace(_stored(found, replace(asked, kind=kind)), trouble=trouble)
    # Aha! knows no key of an issue; where both sides number alike, two records may answer to one key.
    known = {row.ref.id for row in page.rows}
    named = found.pairs.filter(parent=None, right_key__iexact=query) if query and number == 1 else ()
    rows = [_row_of(pair) for pair in named if pair.left_id not in known]
    rows += [Row(row.ref, row.title, row.pair, row.status, row.release, row.url) for row in page.rows]
    if asked.state:
        rows = [row for row in rows if row.pair is None or is_fresh(row.pair)]
    older, newer = page.page + 1 if page.page < page.pages else 0, page.page - 1 if page.page > 1 else None
    place = f"Page {page.page} of {page.pages} · {page.total} records" if page.rows else ""
    return Listing(rows, place, older, newer, total=None if query else page.total)


def _stored(found: Integration, asked: Asked) -> Listing:
    """Pairs of the integration, the newest first, from behind the pair that the page names (1: from the start).

    By key, so that the last page costs as little as the first.
    """
    query, number = asked.query, asked.page
    pairs = found.pairs.filter(FILTERS[asked.state][1] if asked.state else Q(parent=None))
    pairs = pairs.filter(kind=asked.kind) if asked.kind else pairs
    if query:
        pairs = pairs.filter(Q(title__icontains=query) | Q(left_key__iexact=query) | Q(right_key__iexact=query))
    behind = pairs.filter(pk__lt=number) if number > 1 else pairs
    page = list(behind.order_by("-id")[: PAGE + 1])
    rows = [_row_of(pair, told=not asked.live) for pair in page[:PAGE]]
    return Listing(rows, older=page[PAGE - 1].pk if len(page) > PAGE else 0, newer=1 if number > 1 else None)


def _row_of(pair: Pair, *, told: bool = False) -> Row:
    """A pair in the list: by its key in Aha!, the one it had before it was unlinked, or what it will be there."""
    key = pair.left_key or pair.ends.get("left_key") or pair.kind.capitalize()
    ref = Ref(pair.left_kind or pair.kind, pair.left_id or f"{holding.ALONE}{pair.pk}", key)
    return Row(ref, pair.title, pair, *(last_told(pair) if told else ("", "")), pair.left_url)


@require_POST
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send to Jira: the records named by the form. Doing it twice does it once: the store holds one pair a record."""
    found = get_object_or_404(Integration, pk=pk)
    # The button of one row sends that row alone, whatever is ticked elsewhere.
    names = request.POST.getlist("only") or request.POST.getlist("record")
    refs = [ref for ref in map(ref_of, dict.fromkeys(names)) if ref]
    if not refs:
        messages.error(request, "Nothing was chosen. Tick the records to send, or press the button in a record's row.")
    elif len(refs) > MOST_AT_ONCE or len(refs) < len(set(names)):
        messages.error(request, "The list of records is not one this page makes. Reload the page and choose again.")
    else:
        act_and_say(request, lambda: service.send(found, refs, person(request)), lambda _: _sent(refs))
    if request.htmx:
        return _fragment(request, found, of=0)
    if request.POST.get("then") == "record" and len(refs) == 1:  # whoever looked at its plan looks at it on its way
        sent = found.pairs.filter(left_kind=refs[0].kind, left_id=refs[0].id).first()
        if sent is not None:
            return redirect("record", pk=sent.pk)
    return redirect(address(found, asked_of(request)))


def _sent(refs: Sequence[Ref]) -> str:
    one = len(refs) == 1
    return f"{refs[0]} is on its way to Jira." if one else f"{len(refs)} records are on their way to Jira."


def named(text: str) -> Ref | None:
    """The record that a form names, also one that is still to come."""
    kind, _, rest = text.partition(f":{holding.ALONE}")
    number = rest.partition(":")[0]
    alone = kind.isidentifier() and len(kind) <= 20 and number.isascii() and number.isdigit() and len(number) < 18
    return Ref(kind, f"{holding.ALONE}{number}", "") if alone else ref_of(text)


def ref_of(text: str) -> Ref | None:
    kind, _, rest = text.partition(":")
    number, _, key = rest.partition(":")
    good = kind.isidentifier() and 0 < len(kind) <= 20 and 0 < len(number) <= 64 and len(key) <= 100
    return Ref(kind, number, key) if good and number.isalnum() else None


@require_POST
def sync_now(request: PageRequest, pk: int) -> HttpResponse:
    """Look at everything of the integration now; or (`approve`) carry what was shown under that number."""
    found = get_object_or_404(Integration, pk=pk)
    if "approve" in request.POST:
        deletions.approve(request, found)
    else:
        done = "Both sides are being asked what changed."
        act_and_say(request, lambda: service.sync_now(found, person(request)), lambda _: done)
    return _fragment(request, found, of=0) if request.htmx else redirect("integration", pk=found.pk)


@require_GET
def progress(request: PageRequest, pk: int) -> HttpResponse:
    """The bar, and the rows whose state changed since the page showed them."""
    found = integration_of(pk)
    of = request.GET.get("of", "0")
    return _fragment(request, found, of=int(of) if of.isdecimal() and len(of) < 9 else 0)


def _fragment(request: PageRequest, found: Integration, *, of: int) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    shown = dict(filter(None, map(_shown, data.getlist("shown")[:500])))
    listed = _rows_of(found, shown)
    rows = [row for row in listed if row.mark != shown[row.ref]]
    counted = kind if (kind := data.get("counted", "")) in listing.KINDS else ""
    counts, each = filter_counts(found, counted)
    bar, given = _progress(found, of), data.get("chips", "").split()
    chips = [name for name in FILTERS if name in given] or ALWAYS  # those that the page shows: others have no place
    changed, asked_at = _with_status(request, found, rows, busy=bool(bar["left"]))
    context = {
        "integration": found,
        "card": card(found, counts),
        "listed": listed,
        "changed": [row for row in changed if row.mark != shown[row.ref]],
        "asked_at": asked_at,
        "counted": counted,
        "chips": " ".join(chips),
        "renewed": [(name, each[name]) for name in chips if name != "unsent"],
        **of_aha(found, counted, None, each),
        **bar,
    }
    return render(request, "integration_progress.html", context)


def _with_status(
    request: PageRequest, found: Integration, rows: Sequence[Row], *, busy: bool
) -> tuple[Sequence[Row], int]:
    """`rows` as Aha! holds them now: what was carried may have changed their status. And when that was asked last.

    A row is owed its status until its pair is at rest and Aha! has told; while others are under way (`busy`), Aha! is
    asked now and then, not once a second. Who presses a button does not wait for it.
    """
    data = request.POST if request.method == "POST" else request.GET
    asked, before, now = asked_of(request), data.get("asked_at", ""), int(timezone.now().timestamp())
    last = int(before) if before.isdecimal() and len(before) < 12 else 0
    if not asked.live or "page" not in data:
        return rows, last
    at_rest = any(row.pair and row.pair.dirty == row.pair.done for row in rows)
    if request.method == "POST" or not at_rest or (busy and 0 <= now - last < ASK_AGAIN):
        return [replace(row, owed=True) for row in rows], last
    told, owed = _asked_of_aha(found, asked, rows)
    return [replace(told[row.ref], pair=row.pair) if row.ref in told else replace(row, owed=owed) for row in rows], now


def _asked_of_aha(found: Integration, asked: Asked, rows: Sequence[Row]) -> tuple[dict[Ref, Row], bool]:
    """`rows` as Aha! tells them: from the list that is shown, or by their keys where they do not stand in it any more.

    And whether Aha! is to be asked again, because it did not answer.
    """
    listed = [_live(found, replace(asked, state=""))]
    if listed[0].trouble is None:
        known = {row.ref for row in listed[0].rows}
        gone = [row.ref.key for row in rows if row.ref not in known]
        listed += [_live(found, Asked(key, kind=asked.kind)) for key in gone[:MOST_BY_KEY]]
    there = {row.ref: row for one in listed for row in one.rows if row.status}
    return there, any(one.trouble is not None for one in listed)


def _shown(text: str) -> tuple[Ref, str] | None:
    """A row on the reader's page: "kind:id:key@mark"."""
    name, _, mark = text.rpartition("@")
    ref = ref_of(name)
    return (ref, mark) if ref else None


def _rows_of(found: Integration, refs: Iterable[Ref]) -> list[Row]:
    by_id = {(ref.kind, ref.id): ref for ref in refs}
    pairs = found.pairs.filter(left_id__in=[number for _, number in by_id])
    named = ((by_id.get((pair.left_kind, str(pair.left_id))), pair) for pair in pairs)
    return [Row(ref, pair.title, pair) for ref, pair in named if ref]


def _progress(found: Integration, of: int) -> dict[str, int]:
    """How many pairs are being worked on (not those that wait for another try), and of how many since it began."""
    if resting(found):  # nothing is being carried, however much is due
        return {"left": 0, "of": 0, "done": 0}
    due = found.pairs.filter(DUE, due_at__lte=timezone.now()).filter(held="")
    left = due.exclude(state__in=("asking", "parked", "gone")).count()
    of = max(of, left)
    return {"left": left, "of": of, "done": of - left}
