"""One Aha! workspace as an integration uses it: the account, what is wanted, and the calls several modules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.client import write_lock
from crosswalk.aha.fields import completed, snapshot
from crosswalk.aha.metadata import CLOSED, CustomField, custom_fields, options
from crosswalk.aha.wire import Json
from crosswalk.merge.records import Ref, Snapshot
from crosswalk.merge.values import Element
from crosswalk.remote.client import Client
from crosswalk.remote.request import Request


@dataclass(frozen=True, slots=True)
class Scope:
    """What an integration wants of a workspace.

    `workspace` is its id or prefix; `fields` are the fields to read (only custom ones matter: Aha! leaves out those
    that are empty). The Jira issue is shown in the fields of the integration `integration_id`, or in the URL custom
    field with the key `link_field`. `custom` are the account's custom fields, read when needed where not given.
    """

    workspace: str
    fields: frozenset[str] = frozenset()
    integration_id: str = ""
    link_field: str = ""
    custom: tuple[CustomField, ...] = field(default=())


class Workspace:
    """The calls that reading, making, changing and watching share. Raises RemoteError."""

    def __init__(self, client: Client, scope: Scope) -> None:
        self.client, self.scope = client, scope
        self.id = scope.workspace
        self._custom = scope.custom
        self._types = {custom.key: custom.type for custom in scope.custom}
        self._lock = write_lock(client.address, scope.workspace)

    def send(self, request: Request) -> Any:
        """The data of the answer to a read."""
        return self.client.send(request)

    def write(self, request: Request) -> Any:
        """The data of the answer to a write; nothing else in this process writes to the workspace meanwhile."""
        with self._lock:
            return self.client.send(request)

    def snapshot(self, kind: str, data: Json) -> Snapshot:
        """A record of an answer. Raises Unreadable where it is none."""
        try:
            return completed(snapshot(kind, data), self.scope.fields, self._types)
        except (ValueError, AttributeError) as error:
            raise _not_aha(str(error)) from None

    def answered(self, kind: str, answer: Json) -> Snapshot:
        """The record an answer holds under its kind. Raises Unreadable where there is none."""
        try:
            return self.snapshot(kind, wire.one(answer, kind))
        except ValueError as error:
            raise _not_aha(str(error)) from None

    def get(self, ref: Ref) -> Snapshot:
        """One record, read alone. Raises NotFound."""
        return self.answered(ref.kind, self.send(wire.record(ref.kind, ref.id or ref.key)))

    def pages(self, ask: Callable[[int], Request]) -> Iterator[Json]:
        """The answers to `ask(1)`, `ask(2)` ... to the last page."""
        page: int | None = 1
        while page is not None:
            answer = self.send(ask(page))
            yield answer
            page = wire.next_page(answer)

    def listed(self, kind: str, listing: wire.Listing) -> Iterator[Mapping[str, Json]]:
        """The records of all pages of a list."""

        def ask(page: int) -> Request:
            return wire.records(kind, self.id, listing.on(page))

        for answer in self.pages(ask):
            yield from wire.items(answer, wire.PLURAL[kind])

    def shows_links(self, kind: str) -> bool:
        """Whether records of `kind` have the custom field that shows the Jira issue."""
        if not self.scope.link_field:
            return False
        if not self._custom:
            self._custom = self._defined()
        return any(custom.key == self.scope.link_field and custom.kind == kind for custom in self._custom)

    def lacks(self, kind: str, name: str) -> bool:
        """Whether `name` is a custom field of `kind` that Aha! has no more, or another one by the key of that."""
        key = name.removeprefix("custom:")
        if key == name:
            return False
        known = {one.id for one in self.scope.custom if (one.kind, one.key) == (kind, key) and one.id}
        now = [one.id for one in self._defined() if (one.kind, one.key) == (kind, key)]
        return not (known.intersection(now) if known else now)

    def withdrawn(self, kind: str, name: str, entries: frozenset[Element]) -> frozenset[Element]:
        """Those of `entries` that the list of the custom field `name` of `kind` has no more."""
        among = (one for one in self.scope.custom if one.kind == kind and f"custom:{one.key}" == name)
        field = next((one for one in among if one.id and one.holds in CLOSED), None)
        if field is None:
            return frozenset()
        try:
            offered = options(self.send(wire.custom_field_options(field.id)))
        except (errors.Forbidden, errors.NotFound):
            return frozenset()
        names = {name.casefold() for one in offered for name in (one.id, one.name)}
        return frozenset(one for one in entries if isinstance(one, str) and one.casefold() not in names)

    def _defined(self) -> tuple[CustomField, ...]:
        return custom_fields(self.send(wire.custom_field_definitions()))


def _not_aha(what: str) -> errors.Unreadable:
    return errors.Unreadable(f"Aha!'s answer holds {what}.", remedy="Check the address.", code="N3")
