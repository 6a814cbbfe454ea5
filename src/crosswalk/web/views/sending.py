"""Sending all of a workspace, or of one release: begun, paused, gone on with, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crosswalk.store.errands import newest
from crosswalk.store.models import Errand, Integration
from crosswalk.sync import errands, projectdata, sending
from crosswalk.sync.ranks import FEATURE
from crosswalk.sync.saying import off
from crosswalk.web.acts import Trouble, act_and_say, attempt, person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of
from crosswalk.web.words import named

MOST_RELEASES = 500
EVERYTHING = "everything in the workspace"
KINDS = ("initiative", "release", "epic", "feature", "requirement")
NAMES = {"feature": "Features", "epic": "Epics", "initiative": "Initiatives", "release": "Releases"}


@dataclass(frozen=True, slots=True)
class Load:
    """The last time that all was sent, as the page shows it."""

    errand: Errand
    release: str

    @property
    def state(self) -> str:
        """`under way`, `paused`, `failed` or `done`."""
        if self.errand.finished_at is None:
            return "paused" if self.errand.result.get("paused") else "under way"
        return "failed" if self.errand.trouble else "done"

    @property
    def by_kind(self) -> str:
        """What was sent while it ran, as a plan counts it; "" where that is not known."""
        begun, ended, result = self.errand.asked_at, self.errand.finished_at, self.errand.result
        sent = self.errand.integration.pairs.filter(created_at__gte=begun, created_at__lte=ended).exclude(right_id=None)
        counts = dict(sent.values_list("kind").annotate(Count("id")).order_by())
        alone = sum(count for kind, count in counts.items() if kind != "requirement")
        # What an earlier load had begun is older: then the numbers would not come to what was sent.
        return said_by_kind(counts) if alone >= result.get("sent", 0) + result.get("along", 0) else ""


def said_by_kind(counts: Mapping[str, int]) -> str:
    """Records of several kinds in one phrase: "2 releases, 11 features and 15 requirements"; "" for none."""
    return named([f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in KINDS if counts.get(kind)], 5)


@dataclass(frozen=True, slots=True)
class Ask:
    """The question before it is done: what a load would be about, or why that is not known."""

    release: str
    about: str
    counts: Sequence[sending.Count] = ()
    trouble: Trouble | None = None

    @property
    def named(self) -> Sequence[tuple[str, sending.Count]]:
        """The counts, each with the name of its kind."""
        return [(NAMES[one.kind], one) for one in self.counts]

    @property
    def new(self) -> int:
        """How many records would be made."""
        return sum(one.new for one in self.counts)

    @property
    def by_kind(self) -> str:
        """What would be made, in words."""
        return said_by_kind({one.kind: one.new for one in self.counts})

    @property
    def below(self) -> bool:
        """Whether there are features among them: what stands below them goes along and is not counted."""
        return any(one.new and one.kind == FEATURE for one in self.counts)


def load_of(found: Integration) -> Load | None:
    """The load that was asked for last."""
    errand = newest(found, errands.SEND)
    return Load(errand, errand.asked.get("release") or "") if errand else None


@require_http_methods(["GET", "POST"])
def send_all(request: PageRequest, pk: int) -> HttpResponse:
    """The page; by POST begin, pause or go on, with the words of `crosswalk send-all`."""
    found = integration_of(pk)
    if request.method == "POST":
        _do(request, found)
        return redirect("integration-send-all", pk=pk)
    loaded, _ = attempt(lambda: projectdata.load(found))
    releases = {one.id: one.name for one in loaded.aha.releases[:MOST_RELEASES]} if loaded else {}
    load = load_of(found)
    scope = load.release if load else ""
    asked = request.GET.get("release", "") if "ask" in request.GET else None
    ask = _asked(found, asked, releases) if asked is not None and (not asked or asked in releases) else None
    context = {
        "integration": found,
        "ask": ask,
        "sends": _sends(found),
        "off": off(found),
        "load": load,
        "errand": load.errand if load else None,
        "following": sending.following(found) if load and load.errand.result.get("own") else 0,
        "scope": ask.release if ask else scope,
        "about": _about(scope, releases),
        "scopes": [("", EVERYTHING), *((pk_, f"release {name}") for pk_, name in releases.items())],
    }
    return render(request, "send_all.html", context)


def _about(release: str, releases: Mapping[str, str]) -> str:
    return f"release {releases.get(release, release)}" if release else EVERYTHING


def _sends(found: Integration) -> str:
    names = [NAMES[kind].lower() for kind in sending.kinds_of(found)]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _asked(found: Integration, release: str, releases: Mapping[str, str]) -> Ask:
    """The question, with how many there are now; Aha! is asked."""
    counts, trouble = attempt(lambda: sending.counts(found, release))
    return Ask(release, _about(release, releases), counts or (), trouble)


def _do(request: PageRequest, found: Integration) -> None:
    acts: dict[str, Callable[[PageRequest, Integration], None]] = {"begin": _begin, "pause": _pause, "go-on": _go_on}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        messages.error(request, "The button is not one this page has. Reload the page and press again.")
    else:
        act(request, found)


def _begin(request: PageRequest, found: Integration) -> None:
    release = request.POST.get("release", "")
    known, _ = attempt(lambda: projectdata.load(found))
    if release and (known is None or release not in {one.id for one in known.aha.releases}):
        messages.error(request, "This release is not in the project data. Load project data, then choose again.")
    else:
        act_and_say(request, lambda: sending.begin(found, release, person(request)), lambda load: _begun(request, load))


def _begun(request: PageRequest, load: Errand) -> str:
    """Of two people who press at once, the second is shown the load that the first began."""
    if load.person == person(request):
        return "On its way."
    return f"{load.person} began it before you pressed; this is how far it is."


def _pause(request: PageRequest, found: Integration) -> None:
    said = {True: "It is paused before its next page.", False: "There is nothing to pause."}
    act_and_say(request, lambda: sending.pause(found), lambda done: said[done])


def _go_on(request: PageRequest, found: Integration) -> None:
    said = {True: "It goes on.", False: "Nothing was paused."}
    act_and_say(request, lambda: sending.go_on(found), lambda done: said[done])
