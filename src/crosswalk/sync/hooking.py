"""Webhooks of an integration: register one where the API allows it, and tell whether they deliver or fell silent."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crosswalk.config import LOOPBACK
from crosswalk.errors import Refused
from crosswalk.jira import setup as jira_setup
from crosswalk.jira.wire_hooks import signed
from crosswalk.merge.pairs import Entry
from crosswalk.merge.rules import Side
from crosswalk.remote.checkup import Checkup
from crosswalk.store import journal
from crosswalk.store.connect_models import ConnectSite
from crosswalk.store.grant_models import Grant
from crosswalk.store.models import Act, Connection, HookDelivery, Integration, JournalEntry
from crosswalk.sync import dynamic, service
from crosswalk.sync.hooks import BARE
from crosswalk.sync.installation import current
from crosswalk.sync.places import Places

LATE = timedelta(minutes=10)  # a hook may come so much later than the poll that found the change
SIGNATURE = "W6"
REGISTERING = "Registering a webhook"
"""What the account of acts calls it that somebody had one registered in Jira (web/access.py, cli_setup.py)."""
WAITING, DELIVERS, SILENT = "waiting", "delivers", "silent"
MEANWHILE = "Until then polling finds what changes."


@dataclass(frozen=True, slots=True)
class Hooking:
    """Whether the hooks of one side deliver: `last` is when one arrived, `missed` when one was missing.

    `bare` says that the last one named nothing, because Jira's webhook excludes the body; `secret` whether there is one
    for Jira to sign with, `signed` whether it does; `registered`, while none arrived, that Crosswalk made the webhook.
    """

    side: str
    last: datetime | None
    missed: datetime | None
    hint: str = ""
    bare: bool = False
    secret: bool = False
    signed: bool = False
    registered: bool = False

    @property
    def mark(self) -> str:
        """What a page shows of it, as a short mark that begins with the state."""
        moments = (f"{at.timestamp():.0f}" if at else "" for at in (self.last, self.missed))
        return ".".join((self.state, *moments, *(str(int(flag)) for flag in (self.registered, self.bare))))

    @property
    def state(self) -> str:
        """Waiting for the first, delivering, or silent since a change that no hook told of."""
        if self.last is None:
            return WAITING
        return SILENT if self.missed and self.missed - self.last > LATE else DELIVERS


def address(integration: Integration, side: str) -> str:
    """Where a webhook of this side has to lead; a secret."""
    return f"{current().config.url}/hooks/{side}/{integration.hook_secret.reveal()}"


def of_app(integration: Integration) -> Grant | None:
    """The grant whose app registers the webhook itself; None where an administrator's webhook is wanted."""
    return Grant.objects.filter(connection=integration.jira).first()


def hooking(integration: Integration) -> tuple[Hooking, Hooking]:
    """Aha!'s and Jira's."""
    return Hookings().of(integration)


class Hookings:
    """Whether the hooks of integrations deliver; what neighbours share is asked once."""

    def __init__(self) -> None:
        self._places = Places()
        self._last: dict[tuple[str, int], tuple[datetime | None, bool]] = {}
        self._made: dict[int, bool] = {}

    def of(self, integration: Integration) -> tuple[Hooking, Hooking]:
        """Aha!'s and Jira's. A hook that is addressed to a neighbour tells of this integration's records, too."""
        (of_aha, _), (of_jira, bare) = self._heard(integration, "aha"), self._heard(integration, "jira")
        seal = {"secret": bool(integration.hook_signature), "signed": integration.hooks_signed}
        seal["registered"] = of_jira is None and self._registered(integration)
        return (
            Hooking("aha", of_aha, integration.aha_missed_at, _hint(integration.aha)),
            Hooking("jira", of_jira, integration.jira_missed_at, _hint(integration.jira), bare, **seal),
        )

    def _heard(self, integration: Integration, side: str) -> tuple[datetime | None, bool]:
        """When the last hook of a side arrived, and whether it named nothing."""
        there = self._places.together(getattr(integration, f"{side}_id"), side)
        if (side, there[0]) not in self._last:
            arrived = HookDelivery.objects.filter(**{"side": side, f"integration__{side}__in": there})
            last = arrived.order_by("-received_at").values_list("received_at", "outcome").first()
            self._last[side, there[0]] = (last[0], last[1] == BARE) if last else (None, False)
        return self._last[side, there[0]]

    def _registered(self, integration: Integration) -> bool:
        """Whether Crosswalk made Jira's webhook, for it or for a neighbour, whose hooks are heard, too."""
        connection = integration.jira_id
        if connection not in self._made:
            there = self._places.together(connection, "jira")
            self._made[connection] = _by_app(integration.jira) or _by_person(there)
        return self._made[connection]


def _by_app(jira: Connection) -> bool:
    site = ConnectSite.objects.filter(connection=jira)
    return site.exists() or Grant.objects.filter(connection=jira, hooks_wanted=True).exists()


def _by_person(there: Sequence[int]) -> bool:
    names = Integration.objects.filter(jira__in=there).values("name")
    return Act.objects.filter(kind="settings", what=REGISTERING, about__in=names, done=True).exists()


def _hint(there: Connection) -> str:
    """Why nothing can arrive from `there` at this service's address; "" where it can, as from the same machine."""
    here = urlsplit(current().config.url)
    if urlsplit(there.address).hostname in LOOPBACK:
        return ""
    if here.hostname in LOOPBACK:
        return (
            f"Only this machine reaches {current().config.url}. For hooks set CROSSWALK_URL to the address that others "
            f"see, start Crosswalk again, and enter the webhook anew. {MEANWHILE}"
        )
    if there.server.get("flavour") == "cloud" and here.scheme != "https":
        return (
            "Jira Cloud delivers to https addresses only. For hooks set CROSSWALK_URL to one, start Crosswalk again, "
            f"and enter the webhook anew. {MEANWHILE}"
        )
    return ""


def register(integration: Integration, person: str) -> str:
    """See that Jira has the webhook; what was done, as a sentence. Raises Refused where the API does not allow it."""
    server = integration.jira.server
    if ConnectSite.objects.filter(connection=integration.jira).exists():
        raise Refused("The Connect app brings its own webhooks.", remedy="There is nothing to register.")
    if not server.get("flavour"):
        raise Refused("The connection was not tested.", remedy="Press Test connection there, then register again.")
    if Grant.objects.filter(connection=integration.jira).exists():
        return _of_the_app(integration, person)
    checked = Checkup("Jira", str(server.get("version", "")), str(server["flavour"]), "", "", "")
    client = current().bridges.client(integration.jira)
    name, secret = f"Crosswalk: {integration.name}", _signature(integration)
    made = jira_setup.webhook(client, checked, name, address(integration, "jira"), secret)
    said = "The webhook is registered in Jira." if made else "Jira has this webhook already."
    service.note(integration, said, person)
    return said


def _signature(integration: Integration) -> str:
    """What Jira is to sign with; made here where an older Crosswalk made the integration."""
    if not integration.hook_signature:
        integration.hook_signature = secrets.token_urlsafe(32)
        integration.save(update_fields=["hook_signature"])
    return integration.hook_signature.reveal()


@dataclass(frozen=True, slots=True)
class Sealed:
    """Whose a webhook address is: the integration, what Jira signs with ("" for nothing), and whether it has to."""

    integration_id: int
    secret: str = ""
    must: bool = False

    def proves(self, header: str, body: bytes) -> bool:
        """Whether `header` (X-Hub-Signature) is there and right for the raw `body`."""
        return bool(self.secret and header) and signed(self.secret, body, header)

    def fault(self, header: str, body: bytes) -> str:
        """Why a hook of Jira's is not believed; "" where it is.

        A webhook without a secret is as good as its address, until one delivery was signed: then all have to be.
        """
        if not self.secret or self.proves(header, body) or not (header or self.must):
            return ""
        return "is signed with another secret, or was changed on its way" if header else "is not signed any more"


def addresses() -> Iterator[tuple[str, Sealed]]:
    """The unguessable part of each integration's webhook addresses, and whose it is.

    The webhook of an app (OAuth 2.0) has the same address and is never signed so.
    """
    of_apps = set(Grant.objects.values_list("connection_id", flat=True))
    for one in Integration.objects.only("hook_secret", "hook_signature", "hooks_signed", "jira_id"):
        must = one.hooks_signed and one.jira_id not in of_apps
        yield one.hook_secret.reveal(), Sealed(one.pk, one.hook_signature.reveal(), must)


def proved(integration_id: int) -> None:
    """A delivery was signed rightly: from now on all have to be."""
    Integration.objects.filter(pk=integration_id).update(hooks_signed=True)


def refused(integration_id: int, fault: str) -> None:
    """Tell in the journal that a delivery was not believed; once in an hour, however many there are."""
    at = current().now()
    told = JournalEntry.objects.filter(integration_id=integration_id, code=SIGNATURE, at__gt=at - timedelta(hours=1))
    if not told.exists():
        remedy = "Enter the secret shown under Webhooks in Jira's webhook again. Polling finds meanwhile what changed."
        line = Entry(
            f"A hook of Jira's {fault}.", "It was refused.", Side.RIGHT, "warning", remedy=remedy, code=SIGNATURE
        )
        journal.append(integration_id, [line], at)


def _of_the_app(integration: Integration, person: str) -> str:
    here = current()
    made = dynamic.register(integration.jira, here.bridges, here.now())
    said = "The app's webhook is registered in Jira." if made else "Jira has the app's webhook already."
    service.note(integration, f"{said} It is refreshed before its thirty days end.", person)
    return said
