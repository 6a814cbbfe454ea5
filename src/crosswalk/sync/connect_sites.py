"""The Jira sites that installed the Connect app: letting one in, pausing and resuming what hangs on it, moving away.

What a site may see is only ever what its own connection carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from crosswalk.errors import Refused
from crosswalk.jira.connect_descriptor import descriptor
from crosswalk.merge.pairs import Entry
from crosswalk.remote.checkup import Checkup
from crosswalk.store import journal
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.models import Connection, Integration, NewIntegration, Pair
from crosswalk.store.new_integrations import Wish
from crosswalk.sync import new_integration, projectdata, saying, service
from crosswalk.sync.barred import barred
from crosswalk.sync.installation import Installation, current
from crosswalk.sync.mapping import parse
from crosswalk.sync.waking import go_on


def told_to_jira() -> dict[str, object]:
    """The descriptor of the app, as this installation serves it."""
    config = current().config
    return descriptor(config.connect_app, config.url)


def settle(here: Installation, site: ConnectSite) -> None:
    """Keep `site` as it is now, and have what hangs on it pause, or go on."""
    why, was = barred(site), site.connection.paused
    site.changed_at = here.now()
    site.connection.paused = why
    site.connection.save()
    site.save()
    integrations = Integration.objects.filter(jira=site.connection)
    integrations.update(trouble=why[:500])
    news = Entry(why, level="warning", remedy="See Connections > Jira via Connect.", code="C6")
    for integration in integrations:
        if why != was:
            journal.append(integration.pk, [news if why else Entry("The Connect app works again.")], here.now())
        if not why:
            go_on(here.engine, integration, here.now())


# ---- what a person decides here


def allow(site: ConnectSite, person: str) -> Checkup:
    """Let a site in, then test the connection. Raises RemoteError where it does not answer; the site stays in."""
    here = current()
    with transaction.atomic():
        site.allowed_by = person
        settle(here, site)
    return service.check_connection(site.connection)


def forbid(site: ConnectSite) -> None:
    """Let a site in no longer: what hangs on it pauses."""
    with transaction.atomic():
        site.allowed_by = ""
        settle(current(), site)


def site_at(address: str) -> ConnectSite:
    """The site with this address. Raises Refused where none has installed the app there."""
    wanted = address.strip().rstrip("/")
    found = ConnectSite.objects.select_related("connection").filter(connection__address=wanted).first()
    if found is None:
        raise Refused(f"No site at “{wanted[:200]}” has installed the Connect app.", remedy="See the list of sites.")
    return found


def told() -> Iterator[str]:
    """A line for each site: its address, and why it may not be asked."""
    for site in ConnectSite.objects.select_related("connection").order_by("connection__address"):
        yield f"{site}: {barred(site) or f'works, allowed by {site.allowed_by}'}"


def integrations_over(site: ConnectSite) -> list[Integration]:
    """What runs over the site's connection."""
    return list(Integration.objects.select_related("aha", "jira").filter(jira=site.connection).order_by("name"))


def ways_out(site: ConnectSite) -> list[Connection]:
    """The connections with user and token that lead to the same Jira site, and were tested."""
    known = Connection.objects.filter(kind=Connection.Kind.JIRA, connect_site=None, paused="").order_by("name")
    return [one for one in known if _same_site(one, site.connection)]


def _same_site(one: Connection, other: Connection) -> bool:
    """A gateway address (api.atlassian.com) tells its site when it is tested."""
    found = {str(entry.server.get("site") or entry.address).rstrip("/").lower() for entry in (one, other)}
    return len(found) == 1 and bool(one.server.get("flavour"))


def move(integration: Integration, to: Connection, person: str) -> None:
    """Have an integration reach the same Jira site over another connection; pairs, bases and mapping stay.

    Raises Refused for another site, Forbidden where the account of `to` can not work in the project.
    """
    here = current()
    if not _same_site(to, integration.jira) or ConnectSite.objects.filter(connection=to).exists():
        raise Refused(
            f"“{to.name}” does not lead to the Jira site of {integration.name} with a user and a token.",
            remedy="Connect Jira with the address of that site, press Save and test, then move the integration.",
            code="C8",
        )
    loaded = here.bridges.load(integration.aha, integration.workspace, to, integration.project)
    if loaded.jira.project != integration.project:
        raise Refused("Another project answers there.", remedy="Check the address of the connection.", code="C8")
    service.check_mapping(parse(integration.mapping), loaded)
    was = integration.jira.name
    with transaction.atomic():
        Integration.objects.filter(pk=integration.pk).update(jira=to, trouble="")
        projectdata.keep(integration, loaded, here.now())
        line = Entry(f"Jira is reached over “{to.name}” now, no longer over “{was}”.", why=saying.asked(person))
        journal.append(integration.pk, [line], here.now(), person=person)
    integration.refresh_from_db()
    here.bridges.forget()
    go_on(here.engine, integration, here.now())


# ---- what a site may see


def pairs_of_issue(site: ConnectSite, issue_id: str) -> Sequence[Pair]:
    """The pairs of an issue in the integrations over the site's connection."""
    found = Pair.objects.select_related("integration", "parent").filter(
        integration__jira=site.connection, right_kind="issue", right_id=issue_id
    )
    return list(found.order_by("pk")[:20])


# ---- what an administrator of the site decides inside Jira


def choose(site: ConnectSite, aha: Connection) -> None:
    """Keep which Aha! account the site's administrator chose."""
    ConnectSite.objects.filter(pk=site.pk).update(aha=aha)
    site.aha = aha


def begin(site: ConnectSite, wish: Wish, who: str) -> NewIntegration:
    """Have an integration over the site's connection made. Raises Refused where the site may not be asked.

    `who` is the account id of the person in Jira; empty where Jira names nobody.
    """
    if why := barred(site):
        raise Refused(why, remedy="Ask whoever runs Crosswalk.", code="C6")
    return new_integration.begin(wish, f"the Jira account {who[:100]}" if who else "an administrator of Jira")


def making(site: ConnectSite, number: str = "") -> NewIntegration | None:
    """What is or was being made over the site's connection, by its number; without one, what is under way now."""
    found = NewIntegration.objects.select_related("aha", "made").filter(jira=site.connection)
    if number:
        return found.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    return found.filter(finished_at=None).order_by("-id").first()
