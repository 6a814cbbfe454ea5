"""One Jira project as an integration uses it: account, flavour, what is known, and the calls that modules share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from crosswalk import errors
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.fields import Kind, issue_snapshot, kinds_of, version_snapshot
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.metadata import EPIC_LINK, RANK, REFERENCE, Metadata, TypeInfo
from crosswalk.jira.part_fields import hanging
from crosswalk.jira.wire import Json
from crosswalk.merge.records import UNTOLD, Draft, Gone, Ref, Snapshot
from crosswalk.merge.values import Choice
from crosswalk.remote.client import Client
from crosswalk.remote.request import Request

VERSION = "version"
WORK_BELOW = frozenset({"subtasks", "issuetype", "timespent", "aggregatetimespent"})
_OFFSET = re.compile(r"[+-]\d{4}$")
LINKED = "issuelinks"
"""What the field is called that says which issue another stands below by a link, in snapshots and in a mapping."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an integration wants of a project.

    `types` maps a kind of record ("feature") to the id of an issue type, or to "version"; `relations` says how a kind
    hangs below its parent: "parent", "epic" or "relates" (where it says nothing, a sub-task has a parent, any other
    type is linked); `fields` are the ids of the fields to read; `screens` are values for fields that a transition asks
    for, by the field's name; `below` are the kinds that are made in Aha! when somebody makes them in Jira; `variants`
    are all types a kind may be, where a draft may choose another by its `issuetype`; `toiled` are the kinds for which
    the work logged below them counts.
    """

    metadata: Metadata
    types: Mapping[str, str]
    relations: Mapping[str, str] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    screens: Mapping[str, str] = field(default_factory=dict)
    below: frozenset[str] = frozenset()
    variants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    toiled: frozenset[str] = frozenset()

    def type_of(self, draft: Draft) -> TypeInfo | None:
        """The issue type a draft becomes."""
        chosen = draft.fields.get("issuetype")
        wanted = chosen.id if isinstance(chosen, Choice) else self.types.get(draft.kind, "")
        return self.metadata.types.get(wanted)

    def types_for(self, kind: str) -> frozenset[str]:
        """The ids of all issue types that records of `kind` may be."""
        return self.variants.get(kind) or frozenset({self.types[kind]} if kind in self.types else ())

    def is_version(self, kind: str) -> bool:
        """Whether records of `kind` become versions."""
        return self.types.get(kind) == VERSION


@dataclass(frozen=True, slots=True)
class Linked:
    """How issues stand below others by a link of type “Relates”: the types of those above and of those below."""

    upper: frozenset[str]
    lower: frozenset[str]

    def above(self, fields: Mapping[str, Json]) -> list[tuple[str, Ref]]:
        """What an issue may stand below: each link's id and the issue, oldest first."""
        found = [(number, ref) for number, ref, outward in _related(fields, self.upper) if self._tells(not outward)]
        return sorted(found, key=lambda one: (len(one[0]), one[0]))

    def below(self, fields: Mapping[str, Json]) -> dict[Ref, str]:
        """What stands below an issue, each with the id of its type."""
        types = {kind: _related(fields, frozenset({kind})) for kind in sorted(self.lower)}
        return {ref: kind for kind, found in types.items() for _, ref, outward in found if self._tells(outward)}

    def _tells(self, downward: bool) -> bool:
        """Whether a link counts: its types say which end is above, or it leads downward."""
        return downward or not self.upper & self.lower


def _related(fields: Mapping[str, Json], types: frozenset[str]) -> list[tuple[str, Ref, bool]]:
    """The links of type “Relates” to issues of `types`: id, the other issue, and whether it is the destination."""
    found = []
    for entry in wire_meta.objects(fields.get(LINKED)):
        outward = isinstance(entry.get("outwardIssue"), dict)
        other = entry.get("outwardIssue") if outward else entry.get("inwardIssue")
        named = str((entry.get("type") or {}).get("name") or "") == wire.LINK_TYPE
        if named and isinstance(other, dict) and type_of(other) in types:
            ref = Ref("issue", str(other["id"]), str(other.get("key") or ""))
            found.append((str(entry.get("id") or ""), ref, outward))
    return found


class Project:
    """The calls that reading, making and changing share. Raises RemoteError."""

    def __init__(self, client: Client, flavour: Flavour, scope: Scope) -> None:
        self.client, self.flavour, self.scope = client, flavour, scope
        self.api = flavour.api
        self.id = scope.metadata.project
        self.kinds: Mapping[str, Kind] = kinds_of(scope.metadata.fields)
        ranked = scope.metadata.field_by_schema(RANK)
        self.rank = ranked.id if ranked else ""
        reference = scope.metadata.field_by_name(REFERENCE)
        self.reference = reference.id if reference else ""
        related = scope.relations.get("requirement") == "relates" and "requirement" in scope.types
        upper, lower = scope.types_for("feature"), scope.types_for("requirement")
        self.linked = Linked(upper, lower) if related else None
        self.offset = "+0000"  # from UTC, of the moments that Jira writes; nothing tells its zone

    @property
    def custom_names(self) -> dict[str, str]:
        """What people call custom fields, by their id."""
        return {key: info.name for key, info in self.scope.metadata.fields.items() if info.custom}

    @property
    def listing_below(self) -> frozenset[str]:
        """The fields in which issues tell of their sub-tasks, where those are made in Aha! or their work counts."""
        return WORK_BELOW if self.scope.toiled else frozenset({"subtasks"}) if self.scope.below else frozenset()

    @property
    def above_fields(self) -> tuple[str, ...]:
        """The fields that say what an issue stands below, where that may have to know a new one."""
        link = self.scope.metadata.field_by_schema(EPIC_LINK) if self.flavour.name == "datacenter" else None
        linked = (LINKED,) if self.linked else ()
        return ("parent", *((link.id,) if link else ()), *linked) if self.scope.below or self.scope.toiled else ()

    def above(self, issue: Mapping[str, Json]) -> Ref | None:
        """What an issue stands below."""
        fields = issue.get("fields") or {}
        if self.linked and (found := self.linked.above(fields)):
            return found[0][1]
        for value in (fields.get(name) for name in self.above_fields):
            if isinstance(value, dict) and value.get("id"):
                return Ref("issue", str(value["id"]), str(value.get("key") or ""))
            if isinstance(value, str):
                return Ref("issue", "", value)
        return None

    def children_of(self, *issues: Ref) -> str:
        """The JQL for what stands below issues and is no sub-task of them."""
        name, _ = self.flavour.below_epic(issues[0], self.scope.metadata)
        custom = name.removeprefix("customfield_")
        own = custom in ("", name)
        names = [issue.id if own else issue.key for issue in issues]
        among = f"= {names[0]}" if len(names) == 1 else f"in ({', '.join(names)})"
        return f"parent {among}" if own else f"cf[{custom}] {among}"

    def level(self, type_id: str) -> int:
        """Of an issue type: 1 for epics, whose answers do not name what stands below them; 0 for one not known."""
        info = self.scope.metadata.types.get(type_id)
        return info.level if info is not None else 0

    def _spent_below(self, fields: Mapping[str, Json]) -> str:
        """See Snapshot.spent_below. Only the difference of Jira's sums is looked at, and no sum is ever carried."""
        if not self.scope.toiled:
            return ""
        own, all_ = fields.get("timespent"), fields.get("aggregatetimespent")
        if self.level(type_of({"fields": fields})) > 0 or "aggregatetimespent" not in fields:
            return UNTOLD
        return "" if (own or 0) == (all_ or 0) else f"{all_} {own}"

    def send(self, request: Request) -> Any:
        """The data of the answer to `request`."""
        return self.client.send(request)

    def answered_at(self) -> datetime | None:
        """What time the server had in its last answer, in whole seconds; None where no answer had a date."""
        at = self.client.heard.at
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def snapshot(self, data: Mapping[str, Json]) -> Snapshot:
        """An issue of an answer. Raises Unreadable where it is none."""
        try:
            found = issue_snapshot(data, self.kinds, self.flavour, self.scope.metadata.site)
        except ValueError as error:
            raise errors.Unreadable(f"Jira's answer names {error}.", remedy="Check the address.", code="N3") from None
        fields = data.get("fields")
        if isinstance(fields, dict) and (told := _OFFSET.search(str(fields.get("updated")))):
            self.offset = told[0]
        if found.parent is None and "updated" in found.fields:
            # Cloud leaves `parent` out where there is none; an answer with the stamp is a whole one.
            found = replace(found, fields={"parent": None, **found.fields})
        if self.rank and isinstance(fields, dict) and isinstance(fields.get(self.rank), str):
            found = replace(found, fields={**found.fields, self.rank: fields[self.rank]})
        parts, more = hanging(fields if isinstance(fields, dict) else {}, self.flavour, found.url)
        below = _subtasks(fields if isinstance(fields, dict) else {})
        if self.linked and isinstance(fields, dict) and isinstance(fields.get(LINKED), list):
            above = [Choice(ref.id, ref.key) for _, ref in self.linked.above(fields)]
            found = replace(found, fields={**found.fields, LINKED: above[0] if above else None})
            below |= self.linked.below(fields)
        spent = self._spent_below(fields) if isinstance(fields, dict) and "subtasks" in fields else ""
        return replace(found, parts=parts, more=more, below=below, spent_below=spent)

    def version(self, data: Mapping[str, Json]) -> Snapshot:
        """A version of an answer. Raises Unreadable where it is none."""
        try:
            return version_snapshot(data, self.scope.metadata.site, self.scope.metadata.key)
        except ValueError as error:
            raise errors.Unreadable(f"Jira's answer names {error}.", remedy="Check the address.", code="N3") from None

    def versions(self) -> list[dict[str, Json]]:
        """All versions of the project, as Jira gives them."""
        return wire_meta.items(self.send(wire.versions(self.api, self.id)))

    def read_versions(self, refs: Sequence[Ref]) -> dict[Ref, Snapshot | Gone]:
        """Each of some versions as it is now: in one request."""
        if len(refs) == 1:
            try:
                listed = [self.send(wire.version(self.api, refs[0].id))]
            except errors.NotFound:
                listed = []
        else:
            listed = self.versions()
        by_id = {entry.ref.id: entry for entry in map(self.version, listed)}
        gone = "The version was deleted or merged into another in Jira, or is hidden from the account."
        return {ref: by_id.get(ref.id) or Gone(ref, gone) for ref in refs}

    def pages(self, ask: Callable[[str], Request]) -> Iterator[dict[str, Json]]:
        """The issues of all pages of a search."""
        after = ""
        while True:
            data = self.send(ask(after)) or {}
            yield from wire_meta.items(data)
            if not (after := self.flavour.next_page(data)):
                return


def _subtasks(fields: Mapping[str, Json]) -> dict[Ref, str]:
    """The sub-tasks that an issue names, each with the id of its type."""
    return {
        Ref("issue", str(entry["id"]), str(entry.get("key") or "")): type_of(entry)
        for entry in fields.get("subtasks") or ()
        if isinstance(entry, dict) and entry.get("id")
    }


def type_of(entry: Mapping[str, Json]) -> str:
    """The id of the type of an issue, as an answer or what names it in one shows it."""
    return str(((entry.get("fields") or {}).get("issuetype") or {}).get("id") or "")


def ref_of(issue: Mapping[str, Json]) -> Ref:
    """Which issue an answer, or what names one in it, is about."""
    return Ref("issue", str(issue.get("id") or ""), str(issue.get("key") or ""))
