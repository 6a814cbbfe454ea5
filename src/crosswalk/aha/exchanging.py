"""Changes that tell what they replace, by one request to GraphQL: which fields can be told, and what was told.

REST v1 answers a change with the record as it is afterwards, and nothing says what it was before.
"""

from __future__ import annotations

from collections.abc import Mapping

from crosswalk import errors
from crosswalk.aha import wire_graphql
from crosswalk.aha.patches import patch
from crosswalk.aha.wire import Json
from crosswalk.aha.workspace import Workspace
from crosswalk.merge.records import Exchanged, Ref, Snapshot, Wrote
from crosswalk.merge.values import Choice, Maybe, Person, Value

KINDS = ("feature", "requirement", "epic")
NOT_ALLOWED = (errors.Forbidden, errors.NotFound, errors.Invalid)


class Exchanger:
    """The exchanges of one workspace. An account that once refused them is not asked again."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._refused = False

    def tells(self, ref: Ref, changes: Mapping[str, Value], presumed: Mapping[str, Value]) -> bool:
        """See RemoteSide.tells."""
        if self._refused or ref.kind not in KINDS or patch(ref.kind, changes).unfit:
            return False
        return all(_told(name, value, presumed.get(name)) for name, value in changes.items())

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | None:
        """See RemoteSide.exchange."""
        attributes = {wire_graphql.NAMED[name]: _attribute(ref.kind, name, value) for name, value in changes.items()}
        request = wire_graphql.exchange(ref.kind, ref.id, changes, attributes)
        try:
            answer = self._workspace.write(request)
        except NOT_ALLOWED:
            self._refused = True
            return None
        before, after = (self._shown(answer, alias, ref) for alias in (wire_graphql.BEFORE, wire_graphql.AFTER))
        said = wire_graphql.graphql_errors(answer)
        if after is None or said:
            # A refusal of the whole request has no data; a refusal of one value leaves the record as it was.
            self._refused = self._refused or before is None
            return None if after is None or before is not None else self._only_after(ref, after)
        return Exchanged(before, Wrote(after)) if before is not None else self._only_after(ref, after)

    def _only_after(self, ref: Ref, after: Snapshot) -> Exchanged:
        """The change of nothing was refused, the change was not: what it replaced was not told."""
        self._refused = True
        return Exchanged(Snapshot(ref, {}), Wrote(after))

    def _shown(self, answer: Json, alias: str, ref: Ref) -> Snapshot | None:
        shown = wire_graphql.shown_as_rest(answer, alias, ref.kind)
        return None if shown is None else self._workspace.snapshot(ref.kind, shown)


def _told(name: str, value: Value, presumed: Maybe) -> bool:
    """Whether a field can be told. GraphQL does not say which assignee is only the default: nobody, to REST v1."""
    match name, value:
        case "name", str():
            return True
        case "workflow_status", Choice():
            return bool(value.id)
        case "assigned_to_user", Person():
            return bool(value.id) and presumed is not None
    return False


def _attribute(kind: str, name: str, value: Value) -> Json:
    if isinstance(value, Choice | Person):
        return {"id": value.id}
    return patch(kind, {name: value}).body[name]
