"""What a page of Aha! may ask about one of its records: which integrations it is in, how each pair is, send it.

Knows records by the reference that people see; refuses to know who asks and how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Q

from crosswalk.errors import Refused
from crosswalk.merge.decision import load_base
from crosswalk.merge.values import MISSING
from crosswalk.store.models import Connection, Integration, Pair
from crosswalk.sync import service
from crosswalk.sync.above import sent
from crosswalk.sync.mapping import parse
from crosswalk.sync.shown import one_line

KINDS: Final = {"feature": "Features", "epic": "Epics", "requirement": "Requirements"}
"""The kinds that Aha! lets an extension stand beside."""


@dataclass(frozen=True, slots=True)
class Place:
    """An integration that a record of Aha! is in, or could be sent through; `pair` is None while it was not sent."""

    integration: Integration
    pair: Pair | None

    @property
    def status(self) -> str:
        """The issue's status as it was when both sides last agreed; empty where the mapping carries none."""
        if self.pair is None:
            return ""
        held = load_base(self.pair.base)
        lines = parse(self.integration.mapping).fields.get(self.pair.kind, ())
        values = [held[line.name].right for line in lines if line.jira == "status" and line.name in held]
        return next((one_line(value) for value in values if value not in (None, MISSING)), "")


def origin_of(address: str) -> str:
    """Scheme, host and port, as a browser says where a page came from."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def origins() -> frozenset[str]:
    """Where pages of the connected Aha! accounts come from."""
    known = Connection.objects.filter(kind=Connection.Kind.AHA).values_list("address", flat=True)
    return frozenset(origin_of(address) for address in known)


def places(reference: str, origin: str = "") -> list[Place]:
    """Where the record is or could be; only through the account whose pages come from `origin`, where one is given."""
    about = Q(workspace_key__iexact=reference.partition("-")[0]) | Q(pairs__left_key__iexact=reference)
    known = Integration.objects.select_related("aha", "jira").filter(about).distinct().order_by("name", "pk")
    chosen = [one for one in known if not origin or origin_of(one.aha.address) == origin.lower()]
    pairs = Pair.objects.filter(integration__in=chosen, left_key__iexact=reference).exclude(left_id=None)
    return [Place(one, _of(pairs, one)) for one in chosen]


def _of(pairs: Iterable[Pair], integration: Integration) -> Pair | None:
    return next((pair for pair in pairs if pair.integration_id == integration.pk), None)


def send(kind: str, reference: str, place: Place, person: str) -> str:
    """Send the record to Jira through `place`; says what is on its way. A requirement goes with its feature."""
    if not sent(parse(place.integration.mapping), kind):
        raise Refused(
            f"{KINDS[kind]} are not sent by the integration “{place.integration.name}”.",
            remedy="Say under Mapping, in Crosswalk, what they become in Jira.",
        )
    above = kind == "requirement" and (place.pair is None or place.pair.right_id is None)
    name = reference.rpartition("-")[0] if above else reference
    ref = service.find_ref(place.integration, name, "feature" if above else kind)
    service.send(place.integration, [ref], person)
    return f"{ref.key} is on the way to Jira." if not above else f"{reference} goes to Jira with {ref.key}."


def one_of(reference: str, found: list[Place], number: int) -> Place:
    """The place to send through: the one with that number, or the only one. Raises Refused."""
    chosen = [place for place in found if number in (0, place.integration.pk)]
    if not chosen:
        raise Refused(
            f"No integration covers {reference}.",
            remedy="Make an integration for its workspace in Crosswalk, or look whether it was deleted.",
        )
    if len(chosen) > 1:
        names = ", ".join(f"“{place.integration.name}”" for place in chosen)
        raise Refused(f"{reference} could go through {names}.", remedy="Choose one of them.")
    return chosen[0]
