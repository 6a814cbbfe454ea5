"""Templates: a mapping that several integrations use. A change of it reaches them as a plan that is shown first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from crosswalk.errors import Refused
from crosswalk.store import versions
from crosswalk.store.models import Errand, Integration, Pair, Template
from crosswalk.store.views import view
from crosswalk.sync import drafts, outlook, planwords, preview, projectdata, service
from crosswalk.sync.connect import Say, unheard
from crosswalk.sync.following import base_of
from crosswalk.sync.installation import current
from crosswalk.sync.joining import Tell
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.mapping import parse
from crosswalk.sync.overlay import overlaid, overrides
from crosswalk.sync.plandata import MOST, as_data


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking a template would do to one integration: sentences, its own settings that stay, and the plan."""

    integration: Integration
    mapping: dict[str, Any]
    changes: tuple[str, ...]
    stays: tuple[str, ...]
    plan: str = ""


def named(name: str) -> Template:
    """The template called `name`. Raises Refused."""
    found = Template.objects.filter(name=name).first()
    if found is None:
        names = ", ".join(f"“{one}”" for one in Template.objects.order_by("name")) or "none yet"
        raise Refused(f"There is no template “{name}”.", remedy=f"There are: {names}.")
    return found


def save(name: str, integration: Integration, person: str, *, connections: bool = False) -> Template:
    """Make the mapping of `integration` the template `name`, or its new form; nobody else is touched yet.

    With `connections`, integrations may be made from it without naming accounts; credentials stay where they are kept.
    """
    ends = {"aha": integration.aha, "jira": integration.jira} if connections else {}
    with transaction.atomic():
        values = {"data": integration.mapping, "person": person, "changed_at": current().now(), **ends}
        found, _ = Template.objects.update_or_create(name=name, defaults=values)
        Integration.objects.filter(pk=integration.pk).update(template=found, taken={"base": integration.mapping})
    integration.refresh_from_db()
    return found


def effect(template: Template, integration: Integration) -> Effect:
    """What `integration` would be with the template as it is now, and the plan of it. Raises MappingRefused."""
    found = fitted(template, integration)
    plan = planwords.text(plan_of(integration, parse(found.mapping))) if found.changes else ""
    return replace(found, plan=plan)


def fitted(template: Template, integration: Integration) -> Effect:
    """The same without the plan, which reads both sides. Raises MappingRefused where it does not fit there."""
    own = integration.mapping
    link = {"link": own.get("link") or {}}  # where the issue is shown belongs to one workspace
    theirs, taken = {**template.data, **link}, {**base_of(integration), **link}
    data = overlaid(taken, own, theirs) if integration.template_id == template.pk else theirs
    mapping = parse(data)
    service.check_mapping(mapping, projectdata.load(integration))
    wanted = mapping.as_data()
    stays = overrides(parse(theirs).as_data(), wanted)
    told = drafts.changes(integration, own, wanted)
    return Effect(integration, wanted, told, tuple(stays))


def look(errand: Errand, tell: Tell) -> dict[str, Any]:
    """What taking the template would do to the errand's integration, with its plan, for a page. Writes nothing."""
    integration = errand.integration
    template = Template.objects.filter(pk=errand.asked.get("template")).first()
    if template is None:
        raise Refused("The template is not there any more.")
    found = fitted(template, integration)
    plan = None
    if found.changes:
        mapping = parse(found.mapping)
        plan = _planned(integration, mapping, lambda at, of: tell(f"Looked at {at} of {of} records", at, of), MOST)
    seen = versions.digest(integration.mapping), versions.digest(template.data)
    return {"changes": list(found.changes), "stays": list(found.stays), "plan": plan, "seen": list(seen)}


@dataclass(frozen=True, slots=True)
class User:
    """An integration that uses a template: what it set itself, and whether the template changed since it took it."""

    integration: Integration
    own: tuple[str, ...]
    behind: bool
    draft: bool


def users(template: Template) -> list[User]:
    """Who uses it. Reads rows only."""
    return [_user(template, one) for one in template.users.select_related("aha", "jira").order_by("name")]


def _user(template: Template, integration: Integration) -> User:
    link = {"link": integration.mapping.get("link") or {}}
    base = {**base_of(integration), **link}
    behind = versions.digest({**template.data, **link}) != versions.digest(base)
    own = tuple(f"{path}: {_word(value)}" for path, value in overrides(base, integration.mapping).items())
    return User(integration, own, behind, versions.draft(integration) is not None)


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_word(one)}" for key, one in value.items())
    return "taken out" if value is None else str(value)


def plan_of(integration: Integration, mapping: Map) -> dict[str, Any]:
    """What changing the mapping to `mapping` would write on both sides, as the data of a plan."""
    return _planned(integration, mapping, max, None)


def _planned(integration: Integration, mapping: Map, tell: preview.Tell, most: int | None) -> dict[str, Any]:
    pairs = [view(row) for row in Pair.objects.filter(integration=integration).order_by("pk")]
    bridge = current().bridges.draft(integration, mapping).bridge
    survey = preview.survey(bridge, pairs, (), tell, outlook.of(integration, mapping))
    return as_data(survey, len(pairs), most)


def use(template: Template, integration: Integration, person: str) -> str:
    """Take the template: at once where nothing is in step yet, else as a draft that waits for a person. Says which."""
    found = fitted(template, integration)
    draft = drafts.propose(integration, found.mapping, versions.digest(integration.mapping), person)
    taken: dict[str, Any] = {"base": template.data}
    if draft is not None:  # until a person uses the draft, what was taken before counts
        before = base_of(integration) if integration.template_id == template.pk else integration.mapping
        taken = {"base": before, "next": template.data, "wanted": versions.digest(found.mapping)}
    Integration.objects.filter(pk=integration.pk).update(template=template, taken=taken)
    integration.refresh_from_db()
    if draft is not None:
        return f"{integration.name}: the change waits on its page Mapping, with its plan."
    return f"{integration.name}: {'the mapping is changed' if found.changes else 'nothing to change'}."


def update(template: Template, person: str, *, dry_run: bool) -> Iterator[str]:
    """Bring a template's present form to every integration that uses it; line by line what would be, or was, done."""
    for integration in template.users.order_by("name"):
        try:
            found = effect(template, integration)
            yield from told(found)
            if not dry_run:
                yield use(template, integration, person)
        except Refused as error:
            yield f"{integration.name}: it does not fit, and stays as it is. {error}"


def told(found: Effect) -> Iterator[str]:
    """What taking a template would do, line by line."""
    yield f"{found.integration.name}: {len(found.changes)} changes"
    yield from (f"  {line}" for line in found.changes)
    yield from (f"  its own, stays: {path}" for path in found.stays)
    yield from (f"  {line}" for line in found.plan.splitlines())


def make(template: Template, name: str, workspace: str, project: str, person: str, say: Say = unheard) -> Integration:
    """A new integration from a template that brings its connections; paused, so that its plan is seen first.

    `say` is told each list that is read.
    """
    if template.aha is None or template.jira is None:
        raise Refused(
            f"The template “{template.name}” brings no connections.", remedy="Save it again with --connections."
        )
    ends = service.workspaces(template.aha, workspace), service.projects(template.jira, project)
    words = (workspace, project)
    chosen = [[one for one in found if word in (one.category, one.id)] for found, word in zip(ends, words, strict=True)]
    if any(len(some) != 1 for some in chosen):
        raise Refused(f"There is no workspace {workspace}, or no project {project}.", remedy="Write their keys.")
    made = service.create_integration(name, template.aha, template.jira, chosen[0][0].id, chosen[1][0].id, say)
    try:
        use(template, made, person)
    except Refused:
        made.delete()
        raise
    return made
