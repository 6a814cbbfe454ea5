"""The set-up of an integration on one page: its steps, how far each is, and what to do next. Resumes where it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from crosswalk.errors import CrosswalkError
from crosswalk.store.errands import newest
from crosswalk.store.models import Act, Connection, Integration, Pair
from crosswalk.sync import differences, errands, hooking, projectdata, reference, service
from crosswalk.sync.mapping import parse
from crosswalk.sync.saying import began
from crosswalk.web.access import NEEDS
from crosswalk.web.acts import act_and_say, person
from crosswalk.web.http import PageRequest
from crosswalk.web.reading import integration_of

DONE, OPEN, WRONG, OPTIONAL = "done", "open", "wrong", "optional"
MOST_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the set-up: its name within the page, its title, how far it is, and a sentence about it."""

    name: str
    title: str
    state: str
    says: str

    @property
    def shape(self) -> str:
        """The shape beside it."""
        return {DONE: "tick", OPEN: "ring", WRONG: "diamond", OPTIONAL: "ring"}[self.state]


def steps_of(integration: Integration) -> list[Step]:
    """Every step, in order. Reads rows only."""
    return [
        _connected("aha", integration.aha, "Aha!"),
        _connected("jira", integration.jira, "Jira"),
        *_data_and_mapping(integration),
        _hooks(integration),
        _plan(integration),
        _enabled(integration),
        _test(integration),
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
        yield Step("mapping", MAP, DONE, f"{sent}.")


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
        says = f"Nothing arrived from {' and '.join(waiting)} yet. Without hooks changes are found by polling."
        return Step("hooks", "Webhooks", OPTIONAL, says)
    return Step("hooks", "Webhooks", DONE, "Both sides deliver.")


def _plan(integration: Integration) -> Step:
    plan = newest(integration, errands.PLAN)
    if plan is None or not plan.finished_at:
        return Step("plan", "Make a plan", OPEN, "See what would be written before anything is.")
    if plan.trouble:
        return Step("plan", "Make a plan", WRONG, plan.trouble)
    made = sum(count for side in plan.result["counts"].values() for count in side.values())
    return Step("plan", "Make a plan", DONE, f"{made} change{'' if made == 1 else 's'} in the last plan.")


def _enabled(integration: Integration) -> Step:
    if integration.enabled:
        return Step("enable", "Enable", DONE, "Changes are carried.")
    says = "Paused." if began(integration) else "Not enabled yet."
    return Step("enable", "Enable", OPEN, f"{says} {reference.promised(integration)}".rstrip())


def _tried(integration: Integration) -> Pair | None:
    """The feature that shows that sending works: the first one in step, else the newest one."""
    features = Pair.objects.filter(integration=integration, kind="feature")
    agreed = features.filter(state=Pair.State.AGREED).order_by("pk").first()
    return agreed or features.order_by("-pk").first()


def _test(integration: Integration) -> Step:
    waiting = _tried(integration)
    if waiting and waiting.state == Pair.State.AGREED:
        return Step("test", "Send one feature", DONE, f"{waiting.left_key} is {waiting.right_key} in Jira.")
    if waiting and waiting.reason:
        return Step("test", "Send one feature", WRONG, f"{waiting.left_key}: {waiting.reason}")
    says = "Nothing was sent yet." if integration.enabled else "Can be tried once it is enabled."
    return Step("test", "Send one feature", OPEN, says)


@require_GET
def steps(request: PageRequest, pk: int) -> HttpResponse:
    """The page."""
    found = integration_of(pk)
    every = steps_of(found)
    counted = [step for step in every if step.state != OPTIONAL]
    following = next((step for step in counted if step.state != DONE), None)
    context = {
        "integration": found,
        "steps": every,
        "next": following.name if following else "",
        "done": sum(step.state == DONE for step in counted),
        "counted": len(counted),
        "tested": _tried(found),
        "planned": any(step.name == "plan" and step.state == DONE for step in every),
        **hook_context(found),
    }
    return render(request, "setup_steps.html", context)


def hook_context(found: Integration) -> dict[str, object]:
    """What the panel about webhooks shows."""
    states = hooking.hooking(found)
    doing = NEEDS["integration-hook"].doing
    return {
        "hooking": states,
        "jira_hooked": states[1].state == hooking.DELIVERS
        or Act.objects.filter(kind="settings", what=doing, about=str(found), done=True).exists(),
        "of_app": hooking.of_app(found),
        "jira_hook": hooking.address(found, "jira"),
        "aha_hook": hooking.address(found, "aha"),
        "jira_secret": found.hook_signature.reveal(),
    }


@require_GET
def hooks(request: PageRequest, pk: int) -> HttpResponse:
    """Whether hooks arrive; a part of a page that asks again by itself."""
    found = integration_of(pk)
    return render(request, "hooks_state.html", {"integration": found, "hooking": hooking.hooking(found)})


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
        service.send(found, [service.find_ref(found, record)], person(request))
        return f"{record} is on its way to Jira."

    act_and_say(request, send, str)
    return redirect("integration-setup", pk=found.pk)
