"""Shows Jira issues on records: in the URL custom field where records have it, else in the integration's fields.

GraphQL writes many custom fields in one request, REST one. An account that once refused GraphQL is not asked again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

from crosswalk import errors
from crosswalk.aha import wire, wire_graphql
from crosswalk.aha.patches import patch
from crosswalk.aha.workspace import Workspace
from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import Mark, Ref, Snapshot

AT_ONCE = 100
"""Links in one request. How many Aha! takes is not documented: where it takes no more, half as many are sent."""
REMEMBERED = 1000  # links known to be shown already
NOT_SHOWN = (errors.Refused, errors.Forbidden, errors.Invalid, errors.NotFound)
NOT_ALLOWED = (errors.Forbidden, errors.NotFound, errors.Invalid)


class Marker:
    """The links of one workspace. `tokens` are records whose link still carries a create's token.

    May be used by several threads.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._scope = workspace, workspace.scope
        self._known: OrderedDict[Ref, str] = OrderedDict()
        self._lock = threading.Lock()
        self.tokens: set[Ref] = set()
        self._at_once = AT_ONCE

    def link(self, record: Snapshot) -> str:
        """The address of the issue that `record` shows; "" for none."""
        names = (f"custom:{self._scope.link_field}", f"integration:{self._scope.integration_id}:url")
        return next((url for name in names if isinstance(url := record.get(name), str)), "")

    def seen(self, record: Snapshot) -> None:
        """Keep the links that a record and what it brought along show."""
        with self._lock:
            for entry in (record, *record.children):
                if (url := self.link(entry)) and entry.ref not in self.tokens:
                    self._known[entry.ref] = url
                    self._known.move_to_end(entry.ref)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def show(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, CrosswalkError]:
        """See RemoteSide.mark. A record that has no place for the link is kept in step all the same."""
        rest = {ref: mark for ref, mark in marks.items() if self._known.get(ref) != mark.url}
        several = {ref: mark for ref, mark in rest.items() if self._workspace.shows_links(ref.kind)}
        if len(several) > 1:
            self._show_several(several)
        failed: dict[Ref, CrosswalkError] = {}
        for ref, mark in rest.items():
            if self._known.get(ref) == mark.url:
                continue
            try:
                self._show_one(ref, mark)
            except NOT_SHOWN as error:
                failed[ref] = error
        return failed

    def _show_several(self, marks: Mapping[Ref, Mark]) -> None:
        """By GraphQL. What it does not take is left to REST, which says why."""
        left = list(marks.items())
        while left and self._at_once > 1:
            some = left[: self._at_once]
            links = [(ref.kind, ref.id, mark.url) for ref, mark in some]
            try:
                answer = self._workspace.write(wire_graphql.show_links(self._scope.link_field, links))
            except NOT_ALLOWED:
                self._at_once = 0
                return
            shown = wire_graphql.shown_links(answer, links)
            if shown is None:
                self._at_once = min(self._at_once, len(some)) // 2
                continue
            for (ref, mark), done in zip(some, shown, strict=True):
                if done:
                    self._keep(ref, mark)
            del left[: len(some)]

    def _show_one(self, ref: Ref, mark: Mark) -> None:
        shown = self._in_custom_field(ref, mark) if self._workspace.shows_links(ref.kind) else False
        if not shown:
            shown = self._in_integration(ref, mark)
        if not shown:
            raise errors.Refused(
                f"{errors.a_or_an(ref.kind, 'A')} in Aha! has no place for the link to {mark.ref}.",
                remedy=(
                    f"Add a custom field of type URL to the {ref.kind} layout in Aha! and name its key in the "
                    "integration, or name the id of an integration of this workspace."
                ),
                code="L4",
            )
        self._keep(ref, mark)

    def _keep(self, ref: Ref, mark: Mark) -> None:
        with self._lock:
            self._known[ref] = mark.url
            self.tokens.discard(ref)

    def _in_integration(self, ref: Ref, mark: Mark) -> bool:
        """Whether the integration's fields show the issue now. 400: it is not one of this record's workspace."""
        if not self._scope.integration_id:
            return False
        values = {"id": mark.ref.id, "key": mark.ref.key, "url": mark.url}
        try:
            self._workspace.write(wire.put_integration_fields(ref.kind, ref.id, self._scope.integration_id, values))
        except (errors.Invalid, errors.NotFound):
            return False
        return True

    def _in_custom_field(self, ref: Ref, mark: Mark) -> bool:
        """Whether the custom field shows the issue now. Aha! passes over a field that the layout does not have."""
        name = f"custom:{self._scope.link_field}"
        body = patch(ref.kind, {name: mark.url}).body
        try:
            answer = self._workspace.write(wire.update(ref.kind, ref.id, body, self._scope.workspace))
        except errors.Invalid:
            return False
        return self._workspace.answered(ref.kind, answer).get(name) == mark.url
