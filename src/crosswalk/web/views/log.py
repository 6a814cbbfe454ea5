"""The live log: what was read, decided and written, newest first; new lines appear by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crosswalk.store import budget, exchanges
from crosswalk.store import journal as kept
from crosswalk.store.models import Integration, JournalEntry, Pair
from crosswalk.sync import options, service
from crosswalk.sync.hooks import HOOK
from crosswalk.sync.installation import current
from crosswalk.web import logfile
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.exchanges import shown
from crosswalk.web.reading import alike, journal

LEVELS = {"": "What was done", "all": "Hooks as well", "warning": "Warnings and errors", "error": "Errors"}
PAGE = 50
ASLEEP = 2000  # lines that a page has missed
MOST = 10_000  # lines of a file
ALIKE = 500  # records that are tried again at once
FORMS = logfile.FORMS


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person wants to see."""

    integration: Integration | None
    level: str
    text: str
    pair: Pair | None = None
    run: int = 0

    @property
    def lines(self) -> QuerySet[JournalEntry]:
        """What it shows, newest first."""
        lines = journal(self.integration, self.level, self.text, self.pair, self.run)
        # A hook only says that something changed; what came of it is told by the lines of the run that it woke.
        return lines if self.level or self.text or self.pair else lines.exclude(why=HOOK)

    def address(self, name: str, **more: object) -> str:
        """The address of the view `name` with this filter."""
        query = {
            "integration": self.integration.pk if self.integration else "",
            "level": self.level,
            "q": self.text,
            "record": self.pair.pk if self.pair else "",
            "run": self.run or "",
        }
        return f"{reverse(name)}?{urlencode({k: v for k, v in {**query, **more}.items() if v != ''})}"

    def address_of_file(self, form: str) -> str:
        """The address of what it shows as a file."""
        asked = self.address("log").partition("?")[2]
        return f"{reverse('log-file', args=[form])}?{asked}"


def _filter(request: HttpRequest) -> Filter:
    number, record, run = (_number(request.GET.get(name, "")) for name in ("integration", "record", "run"))
    integration = get_object_or_404(Integration, pk=number) if number else None
    pair = get_object_or_404(Pair, pk=record) if record else None
    level, text = request.GET.get("level", ""), request.GET.get("q", "").strip()[:100]
    return Filter(integration, level if level in LEVELS else "", text, pair, run)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The page."""
    wanted = _filter(request)
    newest = kept.settled(current().now())
    before = _number(request.GET.get("before", "")) or newest + 1
    found = list(wanted.lines.filter(id__lte=newest, id__lt=before)[: PAGE + 1])
    first = before > newest
    context = {
        "filter": wanted,
        "page": found[:PAGE],
        "asked": exchanges.having(found[:PAGE]),
        "addable": options.addable(found[:PAGE]),
        "integrations": Integration.objects.only("name").order_by("name"),
        "levels": LEVELS,
        "more": wanted.address("log-lines", after=newest) if first else "",
        "older": wanted.address("log", before=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "newer": "" if first else wanted.address("log"),
        "files": [(form.upper(), wanted.address_of_file(form)) for form in FORMS],
    }
    return render(request, "log.html", context)


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Lines behind the line `after`, put on top by the page; 204 while there is nothing new.

    A page that slept is loaded anew, in place of all that it missed.
    """
    wanted, now = _filter(request), current().now()
    start = _number(request.GET.get("after", ""))
    found, read = kept.behind(wanted.lines, start, now)
    if read <= start:
        return HttpResponse(status=204)
    if not start or kept.settled(now) - read > ASLEEP:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    found.reverse()
    context = {
        "lines": found,
        "filter": wanted,
        "more": wanted.address("log-lines", after=read),
        "asked": exchanges.having(found),
        "addable": options.addable(found),
    }
    return render(request, "log_lines.html", context)


@require_GET
def requests(request: HttpRequest, pk: int) -> HttpResponse:
    """The requests and answers that a line is about; with ?all=1, all of its run."""
    line = get_object_or_404(JournalEntry.objects.select_related("integration", "pair"), pk=pk)
    every = exchanges.of_lines([line]).get(line.pk, [])
    found = every if "all" in request.GET else exchanges.meant(line, every)
    context = {"line": line, "exchanges": shown(line, found), "left": len(every) - len(found), "kept": budget.CUT}
    return render(request, "log_exchanges.html" if "HX-Request" in request.headers else "log_requests.html", context)


@require_GET
def download(request: HttpRequest, form: str) -> HttpResponse:
    """What the filter shows as a file, newest first."""
    if form not in FORMS:
        raise Http404
    kind = {"csv": "text/csv", "json": "application/json"}[form]
    answer = HttpResponse(logfile.written(_filter(request).lines[:MOST], form), content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="log.{form}"'
    return answer


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Look again at the record of a line, or at all that have a line like it."""
    line = get_object_or_404(JournalEntry.objects.select_related("integration"), pk=pk)
    like = alike(line)[:ALIKE] if request.POST.get("all") else Pair.objects.filter(journal=line)
    chosen = list(like.values_list("pk", flat=True))
    if not chosen:
        messages.error(request, "No record is out of step like that any more.")
    else:
        act_and_say(request, lambda: service.retry(chosen, person(request)), _again)
    return redirect(f"{reverse('log')}?integration={line.integration_id}")


def _again(count: int) -> str:
    return "1 record is being looked at again." if count == 1 else f"{count} records are being looked at again."
