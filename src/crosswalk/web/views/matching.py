"""Match and link: rules are chosen, both sides are read in the background, a person ticks, the ticked are linked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from crosswalk.errors import Refused
from crosswalk.store import findings, pairs
from crosswalk.store.errands import newest
from crosswalk.store.models import Errand, Finding, Integration
from crosswalk.sync import errands, joining, projectdata, proposals
from crosswalk.sync.mapping import parse
from crosswalk.sync.matching import RULES, WHY, read_expression
from crosswalk.web import audit
from crosswalk.web.acts import attempt, person
from crosswalk.web.http import PageRequest
from crosswalk.web.mapping_form import named
from crosswalk.web.mapping_sheet import Sheet
from crosswalk.web.reading import integration_of
from crosswalk.web.views import ticking

ROUTE = "integration-match"
UNCLEAR, LINKED, REFUSED = "unclear", "linked", "refused"
SORTS: dict[str, tuple[str, Q]] = {
    UNCLEAR: ("Several fit", Q(clear=False)),
    LINKED: ("Linked", Q(state=findings.DONE)),
    REFUSED: ("Not linked", Q(state=findings.REFUSED)),
}
RULE_WORDS = {name: WHY[sure] for name, sure in RULES.items()}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the form asks for, as it was typed, and what is wrong with it."""

    kind: str
    rules: tuple[str, ...]
    expression: str
    reference: str
    field: str = ""
    faults: dict[str, str] | None = None


@require_http_methods(["GET", "POST"])
def match(request: PageRequest, pk: int) -> HttpResponse:
    """The page. A post begins the search."""
    found = integration_of(pk)
    parsed, trouble = attempt(lambda: parse(found.mapping))
    kinds = joining.kinds(parsed) if parsed else []
    last = newest(found, errands.MATCH)
    if request.method == "POST":
        asked = _asked(request.POST, found, kinds)
        if not asked.faults:
            wanted = {"kind": asked.kind, "rules": list(asked.rules)}
            texts = {"expression": asked.expression, "reference": asked.field}
            errands.begin(found, errands.MATCH, {**wanted, **texts}, person(request))
            audit.note(request, audit.deed_of(request), said="Both sides are being read.")
            return redirect("integration-match", pk=found.pk)
    else:
        asked = _before(last, kinds)
    linking = newest(found, errands.LINK)
    ours = linking if linking is not None and last is not None and linking.asked.get("of") == last.pk else None
    context = {
        "integration": found,
        "kinds": kinds,
        "asked": asked,
        "rules": [(name, word, name in asked.rules, RULES[name]) for name, word in RULE_WORDS.items()],
        "errand": last,
        "linking": ours,
        "waiting": pairs.unsaid(found.pk).count(),
        "trouble": trouble,
    }
    if last is not None and last.finished_at is not None and not last.trouble:
        context |= ticking.listed(request, last, ROUTE, _some_of, _sorts)
    return render(request, "match.html", context)


def _before(last: Errand | None, kinds: list[str]) -> Looked:
    """What was asked for last, to change a little."""
    said = last.asked if last else {}
    usual = "feature" if "feature" in kinds else next(iter(kinds), "")
    kind = said.get("kind", usual)
    expression, reference = (str(said.get(name, "")) for name in ("expression", "reference"))
    return Looked(kind if kind in kinds else usual, tuple(said.get("rules", RULES)), expression, reference)


def _asked(posted: QueryDict, found: Integration, kinds: list[str]) -> Looked:
    kind, rules = posted.get("kind", ""), tuple(rule for rule in posted.getlist("rule") if rule in RULES)
    expression, reference = (posted.get(name, "").strip()[:1000] for name in ("expression", "reference"))
    faults: dict[str, str] = {}
    if kind not in kinds:
        faults["kind"] = "Choose what the mapping joins with an issue."
    if not rules:
        faults["rules"] = "Choose one rule at least."
    if "expression" in rules and expression:
        _, trouble = attempt(lambda: read_expression(expression))
        if trouble:
            faults["expression"] = f"{trouble.message} {trouble.remedy}"
    elif rules == ("expression",):
        faults["expression"] = "Write an expression, or choose another rule."
    field, trouble = attempt(lambda: _field(found, kind, reference))
    if trouble:
        faults["reference"] = f"{trouble.message} {trouble.remedy}".strip()
    return Looked(kind, rules, expression, reference, field or "", faults)


def _field(found: Integration, kind: str, text: str) -> str:
    if not text:
        return ""
    fields = Sheet(projectdata.load(found), found.mapping, kind).known.jira
    if name := named(text, fields):
        return name
    raise Refused(f"Jira has no one field “{text}” here.", remedy="Write its name as Jira shows it, or its id.")


def _sorts(tallies: list[findings.Tally]) -> list[tuple[str, str, int]]:
    """The filters: their word in the address, their label, and how many each shows."""
    sure = {str(number): (f"{number} % sure", 0) for number in WHY}
    counts = dict.fromkeys(SORTS, 0)
    for one in tallies:
        if one.clear:
            label, count = sure[str(one.confidence)]
            sure[str(one.confidence)] = label, count + one.all
        counts[UNCLEAR] += 0 if one.clear else one.all
        counts[LINKED] += one.all if one.state == findings.DONE else 0
        counts[REFUSED] += one.all if one.state == findings.REFUSED else 0
    return [(name, *said) for name, said in sure.items()] + [(name, SORTS[name][0], counts[name]) for name in SORTS]


def _some_of(last: Errand, wanted: str) -> QuerySet[Finding]:
    """Those of what was found that a filter shows."""
    some = last.findings.all()
    if wanted in SORTS:
        return some.filter(SORTS[wanted][1])
    return some.filter(confidence=int(wanted), clear=True) if wanted in map(str, WHY) else some


@require_POST
def tick(request: PageRequest, pk: int) -> HttpResponse:
    """Keep what is ticked on the page; a button ticks or unticks all that a filter shows, or links the ticked."""
    found = integration_of(pk)
    last = ticking.came_back(request, found, errands.MATCH)
    if last is None:
        return ticking.to(request, ticking.Place().address(ROUTE, pk))
    act, place = request.POST.get("act", ""), ticking.asked(request)
    if act in ("all", "none"):
        findings.tick_all(place.of(_some_of(last, place.only)), on=act == "all")
    elif act == "link":
        _begin_link(request, last)
    elif act == "stop":
        ticking.stop(request, found, errands.LINK)
    elif request.htmx:
        return render(request, "match_ticked.html", {"ticked": findings.ticked(last).count()})
    return ticking.to(request, replace(place, after=-1).address(ROUTE, pk))


def _begin_link(request: PageRequest, last: Errand) -> None:
    count = findings.ticked(last).count()
    if not count:
        messages.error(request, "Nothing is ticked. Tick the matches that are right, then link them.")
        return
    _, trouble = attempt(lambda: proposals.begin_link(last, count, person(request)))
    if trouble:
        messages.error(request, f"{trouble.message} {trouble.remedy}")
        return
    audit.note(request, audit.deed_of(request), said=f"{count} matches are being linked.")
