"""Endpoints about one integration: how it is, what it holds, and what can be done with it."""

from __future__ import annotations

from typing import Annotated, Literal

from django.core.paginator import Paginator
from django.http import HttpRequest
from ninja import Query, Router

from crosswalk.store.acts import Deed
from crosswalk.store.models import Integration, Pair
from crosswalk.sync import acquaintances, approving, ascode, planwords, service
from crosswalk.sync.ends import near
from crosswalk.sync.installation import current
from crosswalk.web import reading
from crosswalk.web.acts import person
from crosswalk.web.api.acting import acting, refs
from crosswalk.web.api.problems import Stop
from crosswalk.web.api.rows import Number, integration_out, record_out, version_of
from crosswalk.web.api.shapes import (
    Done,
    EnabledIn,
    FileOut,
    Health,
    IntegrationOut,
    People,
    PeopleIn,
    PlanIn,
    PlanOut,
    Records,
    RecordsIn,
)
from crosswalk.web.figures import figures
from crosswalk.web.reading import integration_of

router = Router(tags=["Integrations"])


@router.get("/integrations", response=list[IntegrationOut])
def integrations(request: HttpRequest) -> list[IntegrationOut]:
    """Every integration."""
    return [integration_out(one) for one in Integration.objects.select_related("aha", "jira").order_by("name")]


@router.get("/integrations/{pk}", response=IntegrationOut)
def integration(request: HttpRequest, pk: Number) -> IntegrationOut:
    """One integration."""
    return integration_out(integration_of(pk))


@router.get("/integrations/{pk}/health", response=Health)
def health(request: HttpRequest, pk: Number) -> Health:
    """Is it in step, and if not, why; with its figures, as `crosswalk status --json` prints them."""
    found = integration_of(pk)
    (card,) = reading.cards(Integration.objects.filter(pk=pk))
    ends = near(current().now().date(), [found.aha, found.jira])
    return Health.model_validate(figures(card, ends))


@router.get("/integrations/{pk}/records", response=Records)
def records(
    request: HttpRequest,
    pk: Number,
    state: Literal["", "attention", "due", "agreed", "except"] = "",
    q: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Records:
    """Records that were sent or joined, those that came last first; a page past the end is empty."""
    pages = Paginator(reading.pairs_of(integration_of(pk), state, q), per_page)
    items = list(pages.page(page)) if page <= pages.num_pages else []
    return Records(items=[record_out(one) for one in items], total=pages.count, page=page, pages=pages.num_pages)


@router.post("/integrations/{pk}/send", response=Done)
def send(request: HttpRequest, pk: Number, body: RecordsIn) -> Done:
    """Send records to Jira. Doing it twice does it once."""
    found = integration_of(pk)
    said = f"{', '.join(body.records)} on the way to Jira."
    count = acting(request, lambda: service.send(found, refs(found, body.records), person(request)), lambda _: said)
    return Done(said=said, count=count)


@router.post("/integrations/{pk}/plan", response=PlanOut)
def plan(request: HttpRequest, pk: Number, body: PlanIn) -> PlanOut:
    """What would be written on each side now. Reads both sides and writes nothing."""
    found = integration_of(pk)
    made = service.plan(found, refs(found, body.records) or None)
    return PlanOut(text=planwords.text(made), plan=made)


@router.post("/integrations/{pk}/sync", response=Done)
def sync(request: HttpRequest, pk: Number, approve: bool = False, shown: Annotated[int, Query(ge=0)] = 0) -> Done:
    """Ask both sides what changed, and compare everything. With `approve`, what the brake stopped is carried: `shown`
    is the number that the health gives it (`stopped`)."""
    found = integration_of(pk)
    if approve:
        if found.stopped and approving.shown(found) not in (0, shown):
            raise Stop(409, approving.CHANGED, approving.READ)
        said = "Approved: everything is compared once more, and what was shown is carried."
        acting(request, lambda: approving.approve(found, shown, person(request)), lambda _: said)
        return Done(said=said, count=Pair.objects.filter(integration=found).count())
    said = "Both sides are being asked what changed."
    count = acting(request, lambda: service.sync_now(found, person(request)), lambda _: said)
    return Done(said=said, count=count)


@router.post("/integrations/{pk}/enabled", response=IntegrationOut)
def enabled(request: HttpRequest, pk: Number, body: EnabledIn) -> IntegrationOut:
    """Enable or pause. A pause keeps every change for later."""
    found = integration_of(pk)
    deed = Deed("settings", "Enabling or pausing", found.name, {"enabled": found.enabled}, {"enabled": body.enabled})
    acting(request, lambda: service.set_enabled(found, body.enabled, person(request)), lambda _: "", deed)
    return integration_out(integration_of(pk))


@router.post("/integrations/{pk}/load", response=Done)
def load(request: HttpRequest, pk: Number) -> Done:
    """Load project data."""
    found = integration_of(pk)
    acting(request, lambda: service.load_project_data(found), lambda _: "Project data is loaded.")
    return Done(said="Project data is loaded.", count=1)


@router.get("/integrations/{pk}/export", response=FileOut)
def export(request: HttpRequest, pk: Number) -> FileOut:
    """The integration as a file that `apply` understands. Holds no secret."""
    found = integration_of(pk)
    return FileOut(file=ascode.export(found), version=version_of(found))


@router.get("/integrations/{pk}/people", response=People)
def people(request: HttpRequest, pk: Number) -> People:
    """The table that says who is who, as CSV; who is missing stands at its end."""
    return People(table=acquaintances.as_csv(integration_of(pk)))


@router.put("/integrations/{pk}/people", response=Done, url_name="people")
def set_people(request: HttpRequest, pk: Number, body: PeopleIn) -> Done:
    """Use a table in place of the one there was."""
    found = integration_of(pk)
    count = acting(request, lambda: acquaintances.from_csv(found, body.table), acquaintances.lines_now)
    return Done(said=acquaintances.lines_now(count), count=count)
