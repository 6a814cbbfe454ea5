"""The set-up of an integration on one page: its steps, how far each is, and what to do next. Resumes where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crosswalk.errors import CrosswalkError
from crosswalk.store import versions
from crosswalk.store.errands import newest
from crosswalk.store.models import Connection, Integration, Pair
from crosswalk.sync import differences, errands, hooking, planwords, projectdata, reference, service
from crosswalk.sync.mapping import parse
from crosswalk.sync.saying import began
from crosswalk.web import audit
from crosswalk.web.acts import act_and_say, attempt, person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of

DONE, OPEN, WRONG, OPTIONAL, BUSY = "done", "open", "wrong", "optional", "busy"
BY_ITSELF = {"hooks", "test"}
"""The steps that change while the page is looked at."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the set-up: its name within the page, its title, how far it is, a sentence about it, and `more`."""

    name: str
    title: str
    state: str
    says: str
    more: str = ""

    @property
    def shape(self) -> str:
        """The shape beside it."""
        return {DONE: "tick", OPEN: "ring", WRONG: "diamond", OPTIONAL: "ring", BUSY: "turning"}[self.state]


def steps_of(integration: Integration, chosen: int | None = None) -> list[Step]:
    """Every step, in order; `chosen` is the pair of the feature that somebody sent here. Reads rows only."""
    return [
        _connected("aha", integration.aha, "Aha!"),
        _connected("jira", integration.jira, "Jira"),
        *_data_and_mapping(integration),
        _hooks(integration),
        _plan(integration),
        _enabled(integration),
        _test(integration, chosen),
    ]


def _connected(name: str, connection: Connection, product: str) -> Step:
    title = f"Connect {product}"
    if connection.paused:
        return Step(name, title, WRONG, connection.paused)
    if not connection.server.get("account"):
        if trouble := connection.server.get("trouble"):
            return Step(name, title, WRONG, f"The last test failed: {trouble}")
        return Step(name, title, OPEN, "Not tested yet.")
    problems = connection.server.get("problems") or []
    found = f"{connection.server['product']} {connection.server['version']}, as {connection.server['account']}."
    if problems:
        count = f"{len(problems)} thing{'' if len(problems) == 1 else 's'} to mend"
        return Step(name, title, WRONG, f"{found} {count}: {problems[0]['message']}")
    return Step(name, title, DONE, found)


def _data_and_mapping(integration: Integration) -> Iterator[Step]:
    load = newest(integration, errands.LOAD)
    if load and not load.finished_at:
        yield Step("data", DATA, OPEN, "Loading…")
    elif load and load.trouble:
        yield Step("data", DATA, WRONG, load.trouble)
    try:
        loaded = projectdata.load(integration)
        mapping = parse(integration.mapping)
        faults = [one for one in differences.faults(mapping, loaded) if not one.mild]
        needed = [] if faults else differences.needed(mapping, loaded)
    except CrosswalkError as error:
        yield Step("mapping", MAP, WRONG, error.message)
        return
    if not (load and (load.trouble or not load.finished_at)):
        twice = [one.name for one in loaded.aha.integrations if one.enabled and one.service in ("jira", "jira_connect")]
        if twice:
            yield Step("data", DATA, WRONG, f"Aha!'s own integration “{twice[0]}” is enabled: disable it in Aha!.")
        else:
            yield Step("data", DATA, DONE, f"Workspace {loaded.aha.name} and project {loaded.jira.name}.")
    if faults:
        yield Step("mapping", MAP, WRONG, f"It does not fit any more: {faults[0].what} {faults[0].remedy}")
    elif needed:
        names = ", ".join(dict.fromkeys(f"{one.name} of {one.type}" for one in needed))
        yield Step("mapping", MAP, WRONG, f"Jira asks for what nothing fills: {names}.")
    else:
        sent = ", ".join(
            f"{kind} → {line.type}" for kind, line in mapping.types.items() if differences.goes(kind, line)
        )
        proposed = not (began(integration) or integration.template_id or versions.used(integration))
        yield Step("mapping", MAP, DONE, f"{'Defaults, which fit both sides: ' if proposed else ''}{sent}.")


DATA, MAP = "Load project data", "Map types and fields"


def _hooks(integration: Integration) -> Step:
    every = hooking.hooking(integration)
    states = {one.side: one.state for one in every}
    if hooking.SILENT in states.values():
        return Step("hooks", "Webhooks", WRONG, "One fell silent. Changes are still found by polling, only slower.")
    if any(one.bare for one in every):
        return Step(
            "hooks", "Webhooks", WRONG, "Jira's webhook sends no body: both sides are asked what changed instead."
        )
    waiting = [name for side, name in (("aha", "Aha!"), ("jira", "Jira")) if states[side] == hooking.WAITING]
    if waiting:
        made = " The one in Jira is registered." if every[1].registered else ""
        says = f"Nothing arrived from {' and '.join(waiting)} yet.{made} Polling finds changes, too, only later."
        return Step("hooks", "Webhooks", OPTIONAL, says)
    return Step("hooks", "Webhooks", DONE, "Both sides deliver.")


def _plan(integration: Integration) -> Step:
    plan = newest(integration, errands.PLAN)
    if plan is None or not plan.finished_at:
        return Step("plan", "Make a plan", OPEN, "See what would be written before anything is.")
    if plan.trouble:
        return Step("plan", "Make a plan", WRONG, plan.trouble)
    if since := errands.overtaken(integration, plan):
        return Step("plan", "Make a plan", DONE, f"The last plan is overtaken. {since}")
    counted = "; ".join(f"{side}: {planwords.of_side(plan.result, side)}" for side in plan.result["counts"])
    return Step("plan", "Make a plan", DONE, f"In the last plan: {counted}.")


def _enabled(integration: Integration) -> Step:
    if integration.enabled:
        return Step("enable", "Enable", DONE, "Changes are carried.")
    says = "Paused." if began(integration) else "Records are made when you press Send, not by enabling."
    promise, more = reference.parted(reference.promised(integration))
    return Step("enable", "Enable", OPEN, f"{says} {promise}".rstrip(), more)


ON_ITS_WAY = (Pair.State.NEW, Pair.State.WAITING)
"""States that end by themselves: nobody has to do anything about them."""


def _tried(integration: Integration, chosen: int | None) -> Pair | None:
    """The feature that shows that sending works: the chosen one, else the first one in step, else the newest one."""
    features = Pair.objects.filter(integration=integration, kind="feature")
    if chosen and (tried := features.filter(pk=chosen).first()):
        return tried
    agreed = features.filter(state=Pair.State.AGREED).order_by("pk").first()
    return agreed or features.order_by("-pk").first()


def _test(integration: Integration, chosen: int | None = None) -> Step:
    waiting = _tried(integration, chosen)
    if waiting and waiting.state == Pair.State.AGREED:
        says = f"{waiting.left_key} is in Jira now, as issue {waiting.right_key}."
        return Step("test", "Send one feature", DONE, says)
    if waiting and integration.enabled and not waiting.held and waiting.state in ON_ITS_WAY:
        says = f"{waiting.left_key} is on its way to Jira. {waiting.reason}".rstrip()
        if integration.trouble:
            says = f"{waiting.left_key} is sent by itself once this is mended: {integration.trouble}"
        return Step("test", "Send one feature", BUSY, says)
    if waiting and waiting.reason:
        return Step("test", "Send one feature", WRONG, f"{waiting.left_key}: {waiting.reason}")
    says = "Nothing was sent yet." if integration.enabled else "Can be tried once it is enabled."
    return Step("test", "Send one feature", OPEN, says)


@require_GET
def steps(request: PageRequest, pk: int) -> HttpResponse:
    """The page."""
    return _page(request, integration_of(pk))


def _page(request: PageRequest, found: Integration, typed: str = "", fault: str = "") -> HttpResponse:
    """The page; with what was typed as the feature to send, where that can not be sent, and why."""
    far = _far(found, _chosen(request, found))
    context = {"integration": found, "typed": typed or _planned(found), "fault": fault, **far, **hook_context(found)}
    return render(request, "setup_steps.html", context, status=422 if fault else 200)


CHOSEN = "chosen features"
"""Where a person's session keeps which feature they sent here, by integration: the page goes on to tell of that one."""


def _chosen(request: PageRequest, found: Integration) -> int | None:
    pk: int | None = request.session.get(CHOSEN, {}).get(str(found.pk))
    return pk


def _planned(found: Integration) -> str:
    """The one feature that the last plan was about, for the field that sends it; else ""."""
    plan = newest(found, errands.PLAN)
    records = plan.asked.get("records") or [] if plan else []
    return str(records[0][-1]) if len(records) == 1 else ""


def _far(found: Integration, chosen: int | None) -> dict[str, object]:
    """How far the set-up is: the steps, and which of them is next."""
    every = steps_of(found, chosen)
    counted = [step for step in every if step.state != OPTIONAL]
    following = next((step for step in counted if step.state != DONE), None)
    return {
        "steps": every,
        "states": {step.name: step.state for step in every},
        "next": following.name if following else "",
        "done": sum(step.state == DONE for step in counted),
        "counted": len(counted),
        "tested": _tried(found, chosen),
        # The first plan is made by one press, of what its own page begins with.
        "plan_begun": newest(found, errands.PLAN) is not None,
        "plan_of": errands.JOINED if found.pairs.exists() else errands.ALL,
        "planned": any(step.name == "plan" and step.state == DONE for step in every),
    }


def hook_context(found: Integration) -> dict[str, object]:
    """What the panel about webhooks shows."""
    every = hooking.hooking(found)
    begun, app = {one.last is not None or one.registered for one in every}, hooking.of_app(found)
    wrong = any(one.bare or one.state == hooking.SILENT for one in every) or bool(app and app.hooks_trouble)
    return {
        "hooking": every,
        # Who began with them is at it, and what is wrong with one is in sight; else they are a line: nobody needs them.
        "hooks_open": len(begun) > 1 or wrong,
        "hook_hint": _hook_hint(every),
        "of_app": app,
        "jira_hook": hooking.address(found, "jira"),
        "aha_hook": hooking.address(found, "aha"),
        "jira_secret": found.hook_signature.reveal(),
    }


def _hook_hint(every: Iterable[hooking.Hooking]) -> str:
    """What keeps hooks away, of one side or of both, said once; of a side that delivered it is plainly not so."""
    return next((one.hint for one in every if one.last is None and one.hint), "")


@require_GET
def hooks(request: PageRequest, pk: int) -> HttpResponse:
    """Whether hooks arrive; a part of a page that asks again by itself.

    The set-up says which states it shows of the steps that change by themselves, and gets those that changed.
    """
    found = integration_of(pk)
    every = hooking.hooking(found)
    before = {one.side: request.GET.get(one.side, "") for one in every}
    context: dict[str, object] = {
        "integration": found,
        "hooking": every,
        "hook_hint": _hook_hint(every),
        "moved": [one for one in every if before[one.side] and before[one.side] != one.mark],
        # Said to who reads by ear; a new moment of the last one is not.
        "turned": [one for one in every if before[one.side] and before[one.side].split(".")[0] != one.state],
    }
    if request.GET.keys() >= BY_ITSELF:
        chosen = _chosen(request, found)
        changing = (_hooks(found), _test(found, chosen))
        changed = [one for one in changing if one.state == BUSY or one.state != request.GET[one.name]]
        context |= {"states": {one.name: one.state for one in changing}, "changed": changed}
        context |= _far(found, chosen) if changed else {}
    return render(request, "hooks_state.html", context)


@require_POST
def register(request: PageRequest, pk: int) -> HttpResponse:
    """Register the webhook in Jira."""
    found = integration_of(pk)
    act_and_say(request, lambda: hooking.register(found, person(request)), str)
    return redirect("integration-setup", pk=found.pk)


@require_POST
def test(request: PageRequest, pk: int) -> HttpResponse:
    """Send one chosen feature."""
    found = integration_of(pk)
    record = request.POST.get("record", "").strip()[:100]

    def send() -> str:
        ref = service.find_ref(found, record)
        service.send(found, [ref], person(request))
        if ref.kind == "feature":
            chosen = {**request.session.get(CHOSEN, {}), str(found.pk): service.pair_for(found, ref).pk}
            request.session[CHOSEN] = chosen
        return f"{record} is on its way to Jira."

    said, trouble = attempt(send)
    told = f"{trouble.message} {trouble.remedy}".rstrip() if trouble else said or ""
    audit.note(request, audit.deed_of(request), said=told, done=trouble is None)
    if trouble:
        return _page(request, found, record, told)
    if _test(found, _chosen(request, found)).state != BUSY:
        # Else its step says so, and goes on to say when it is there; a message would go on saying that it is not.
        messages.success(request, told)
    return redirect("integration-setup", pk=found.pk)
