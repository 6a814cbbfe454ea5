"""What a plan has to know beside the records: the versions, what Jira asks for, and which records are another's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from crosswalk.jira.metadata import TypeInfo
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Choice, Value
from crosswalk.store import claims
from crosswalk.store.models import Integration
from crosswalk.sync import differences, projectdata
from crosswalk.sync.above import held, sent
from crosswalk.sync.mapping import VERSION, parse
from crosswalk.sync.mapping import Mapping as Map
from crosswalk.sync.projectdata import Loaded
from crosswalk.sync.rulebook import TYPE

HIGHER = ("epic", "initiative")
TO_DO = "new"  # how Jira calls the category of the statuses before anybody has begun
Elsewhere = Callable[[Sequence[Ref]], Mapping[Ref, str]]


def nobody(refs: Sequence[Ref]) -> Mapping[Ref, str]:
    """Where no other integration has anything."""
    del refs
    return {}


@dataclass(frozen=True, slots=True)
class Outlook:
    """`versions`: names of the right's versions, case folded; a release of such a name takes that one. `types`: what
    the kinds become, in Jira's own words. `asked`: by the name of a type, case folded, the fields it requires, each
    with its name. `shown_in`: by kind, the field on the left that shows the record across. `elsewhere` names the
    integrations that have some of these records already, and may not share them. `unsent`: kinds that may stand above
    others, and which the mapping does not send. `begins`: by kind, the statuses of To Do, one of which a new issue
    is in."""

    versions: Collection[str] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shown_in: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Elsewhere = nobody
    unsent: Sequence[str] = ()
    begins: Mapping[str, Sequence[Choice]] = field(default_factory=dict)

    def type_of(self, kind: str, fields: Mapping[str, Value]) -> str:
        """What a new record of `kind` becomes, as Jira calls it."""
        chosen = fields.get(TYPE)
        return chosen.name if isinstance(chosen, Choice) and chosen.name else self.types.get(kind, kind)

    def left_out(self, record: Snapshot) -> Sequence[Ref]:
        """What stands above `record` in Aha! and is not sent with it."""
        above = ((kind, held(record, kind)) for kind in self.unsent)
        return [Ref(kind, one.id, one.name) for kind, one in above if one is not None]

    def lacking(self, kind: str, fields: Mapping[str, Value]) -> Sequence[str]:
        """What Jira asks for in a new record of `kind`, and these `fields` do not give it."""
        asked = self.asked.get(self.type_of(kind, fields).casefold(), {})
        return [name for id_, name in asked.items() if fields.get(id_) in (None, "", frozenset())]


NOTHING = Outlook()
"""Where nothing is known beside the records."""


def asks_for(type_: str) -> tuple[str, str, str]:
    """Why a record is not made whose type has a required field without a value, what to do about it, and the code."""
    return (
        f"Jira asks for it when a {type_} is made, and nothing fills it: Jira would refuse this one.",
        "Give it a fixed value on the page Mapping, under “Always set in Jira”, or join it to a field that is filled.",
        "F3",
    )


def of(integration: Integration, mapping: Map | None = None) -> Outlook:
    """What a plan of an integration has to know, with its own mapping or another one. Reads rows only."""
    loaded, mapping = projectdata.load(integration), mapping or parse(integration.mapping)
    statuses = projectdata.lists(loaded, mapping).jira_statuses
    others = Integration.objects.filter(aha__address=integration.aha.address).exclude(pk=integration.pk)

    def elsewhere(refs: Sequence[Ref]) -> Mapping[Ref, str]:
        return claims.elsewhere(integration, Side.LEFT, refs)

    return Outlook(
        frozenset(one.name.casefold() for one in loaded.jira.versions),
        {kind: "version" if line.type == VERSION else line.type for kind, line in mapping.types.items()},
        {info.name.casefold(): dict(_asked(info)) for info in loaded.jira.types.values()},
        {kind: name for kind in mapping.types if (name := _shown_in(loaded, mapping, kind))},
        nobody if mapping.shared or not others.exists() else elsewhere,
        tuple(kind for kind in HIGHER if not sent(mapping, kind)),
        {kind: [one for one in all_ if one.category == TO_DO] for kind, all_ in statuses.items()},
    )


def _asked(info: TypeInfo) -> Mapping[str, str]:
    """The reporter is left out: Jira takes the account where nobody is named."""
    return {one.id: one.name for one in differences.asked_for(info) if one.id != "reporter"}


def _shown_in(loaded: Loaded, mapping: Map, kind: str) -> str:
    link = mapping.link
    if link.aha_field and any(one.key == link.aha_field and one.kind == kind for one in loaded.aha.custom_fields):
        return f"custom:{link.aha_field}"
    return f"integration:{link.aha_integration}:url" if link.aha_integration else ""
