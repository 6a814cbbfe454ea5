"""Makes records from drafts, one request each, and finds again what a lost answer left behind.

Aha! has no place of its own for a create's token, so it travels behind the “#” of the Jira issue's address: in the URL
custom field that shows the issue, where the kind of record has it, else in a last paragraph of the description that
readers leave out of the text. Both are part of the create itself, so a record can not be made without its token.
A create that Aha! refuses (400, 422) was not applied and is sent again with less; one whose answer is lost never is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from crosswalk import errors
from crosswalk.aha import wire
from crosswalk.aha.fields import address_with_token, paragraph_with_token, token_of
from crosswalk.aha.patches import Patch, patch
from crosswalk.aha.wire import Json
from crosswalk.aha.wire_errors import refused, remedy_of
from crosswalk.aha.workspace import Workspace
from crosswalk.errors import CrosswalkError, RemoteError
from crosswalk.merge.records import Draft, Failed, Made, Ref, Snapshot
from crosswalk.merge.values import Choice

Answer: TypeAlias = Made | Failed

MAY_HAVE_LANDED = (errors.Unanswered, errors.ServerFault, errors.Unreadable)
OVERLAP = timedelta(minutes=10)  # the two clocks may differ
NEEDED = frozenset({"name", "release", "releases"})  # what a record can not be made without


class Maker:
    """Makes drafts in one workspace. `tokens_shown` is told of records whose link still carries a token, and `made`
    holds the records as Aha! stored them.
    """

    def __init__(self, workspace: Workspace, tokens_shown: set[Ref], made: dict[Ref, Snapshot]) -> None:
        self._workspace, self._tokens_shown, self._made = workspace, tokens_shown, made
        self._parking_lot = ""

    def create(self, drafts: Sequence[Draft]) -> list[Answer]:
        """See `crosswalk.sync.ports.RemoteSide.create`.

        What surely did not land is a Failed, so that a later failure never hides what landed before it.
        """
        answers: list[Answer] = []
        over: CrosswalkError | None = None
        for draft in drafts:
            if over is not None:
                answers.append(Failed(draft.token, over))
                continue
            try:
                answers.append(self._make(draft))
            except MAY_HAVE_LANDED:
                raise
            except CrosswalkError as error:
                answers.append(Failed(draft.token, error))
                over = error if isinstance(error, errors.NotSignedIn | errors.Unreachable | errors.TooMany) else None
        return answers

    def _make(self, draft: Draft) -> Made:
        if draft.kind not in wire.KINDS:
            raise errors.Refused(
                f"Aha! has no records that are called “{draft.kind}”.", remedy="Choose another type in the mapping."
            )
        fields = {name: value for name, value in draft.fields.items() if name != "feature"}  # its parent, in the path
        if not fields.get("name") and draft.mark is not None:
            fields["name"] = draft.mark.title  # a record needs one, also where the mapping does not carry it
        asked = patch(draft.kind, fields)
        if "name" not in asked.by_field:
            raise errors.Refused("A record in Aha! needs a name.", remedy="Give the issue a summary.", code="F5")
        parent = self._parent(draft)
        left_out = {name: str(unfit) for name, unfit in asked.unfit.items()}
        try:
            made = self._send(draft, parent, asked)
        except errors.Invalid as error:
            made = self._send_less(draft, parent, asked, error, left_out)
        return Made(draft.token, made, left_out)

    def _send(self, draft: Draft, parent: str, asked: Patch) -> Ref:
        body = self._with_token(draft, asked.body)
        data = self._workspace.write(wire.create(draft.kind, parent, body))
        record = self._workspace.answered(draft.kind, data)
        ref = record.ref
        self._made[ref] = record
        if self._workspace.scope.link_field in body.get("custom_fields", {}):
            self._tokens_shown.add(ref)
        return ref

    def _send_less(  # what Aha! names is left out; where it names nothing, everything that can follow later is
        self, draft: Draft, parent: str, asked: Patch, error: errors.Invalid, left_out: dict[str, str]
    ) -> Ref:
        named = frozenset(named_fields(error, asked))
        optional = frozenset(asked.by_field) - NEEDED
        if not optional or named & NEEDED:
            raise explained(error)
        dropped = named or optional
        try:
            ref = self._send(draft, parent, asked.without(dropped))
        except errors.Invalid as again:
            raise explained(again) from None
        if named:
            left_out |= {name: refused(words) for name, words in named_fields(error, asked).items()}
        else:
            left_out |= self._follow(ref, asked.without(NEEDED))
        return ref

    def _follow(self, ref: Ref, asked: Patch) -> dict[str, str]:
        """Write what was not sent with the create. The record is there, so no error here may say that it is not."""
        try:
            return write_each(self._workspace, ref, asked)
        except RemoteError as error:
            return dict.fromkeys(asked.by_field, str(error))

    def _with_token(self, draft: Draft, body: dict[str, Json]) -> dict[str, Json]:
        """The body with the token in it."""
        if draft.mark is not None and draft.mark.url and self._workspace.shows_links(draft.kind):
            link = {self._workspace.scope.link_field: address_with_token(draft.mark.url, draft.token)}
            return {**body, "custom_fields": {**body.get("custom_fields", {}), **link}}
        text = "theme" if draft.kind == "release" else "description"
        return {**body, text: f"{body.get(text) or ''}{paragraph_with_token(draft.mark, draft.token)}"}

    def _parent(self, draft: Draft) -> str:
        """What the record is made in: a feature's release, a requirement's feature, else the workspace."""
        if draft.kind == "requirement":
            if draft.parent is None or draft.parent.kind != "feature":
                raise errors.Refused(
                    "A requirement in Aha! belongs to a feature, and none was given.",
                    remedy="Pair the issue above it with a feature first.",
                    code="L5",
                )
            return draft.parent.id
        if draft.kind not in ("feature", "epic"):
            return self._workspace.id
        if draft.parent is not None and draft.parent.kind == "release":
            return draft.parent.id
        return _release_of(draft) or self._parked()

    def _parked(self) -> str:
        """The parking lot: where Aha! keeps what no release is chosen for."""
        if not self._parking_lot:
            listing = wire.Listing(fields=("id", "parking_lot"))
            lots = (e for e in self._workspace.listed("release", listing) if e.get("parking_lot") is True)
            self._parking_lot = str(next(lots, {}).get("id") or "")
        if not self._parking_lot:
            raise errors.Refused(
                "A feature in Aha! belongs to a release; none was given, and the workspace has no parking lot.",
                remedy="Give the issue a fix version that is paired with a release, or make a parking lot in Aha!.",
                code="L5",
            )
        return self._parking_lot


def _release_of(draft: Draft) -> str:
    """The release among the draft's fields."""
    single, several = draft.fields.get("release"), draft.fields.get("releases")
    if isinstance(single, Choice):
        return single.id
    chosen = [entry for entry in several if isinstance(entry, Choice)] if isinstance(several, frozenset) else []
    return chosen[0].id if len(chosen) == 1 else ""


def named_fields(error: errors.Invalid, asked: Patch) -> dict[str, str]:
    """Which of the fields that were sent the refusal names, and its words about each."""
    found = {}
    for name in asked.by_field:
        for spelled in (name, name.removeprefix("custom:"), f"custom_fields.{name.removeprefix('custom:')}"):
            if spelled in error.fields:
                found[name] = error.fields[spelled]
    return found


def write_each(workspace: Workspace, ref: Ref, asked: Patch) -> dict[str, str]:
    """Write each field alone, and say which of them Aha! refuses: its message does not always name the field."""
    left_out: dict[str, str] = {}
    for name in asked.by_field:
        try:
            workspace.write(wire.update(ref.kind, ref.id, asked.only(name).body, workspace.id))
        except errors.Invalid as error:
            left_out[name] = refused(error.message)
    return left_out


def explained(error: RemoteError) -> RemoteError:
    """The refusal with a remedy, where its words tell one."""
    if not error.remedy:
        error.remedy, error.code = remedy_of(error.message)
    return error


def tokens(workspace: Workspace, kind: str, since: datetime) -> Iterator[tuple[str, Ref]]:
    """The records of `kind` that changed since then, with the tokens of the creates that made them, "" for none.

    Requirements have no list of their own and need not move their feature's stamp: all features are looked through.
    """
    text = "theme" if kind == "release" else "description"
    keys = ("id", "reference_num", text, "custom_fields")
    if kind == "requirement":
        features = workspace.listed("feature", wire.Listing(fields=("id", "requirements")))
        entries: Iterable[Mapping[str, Json]] = (
            entry for feature in features for entry in wire.items(feature, "requirements")
        )
    else:
        entries = workspace.listed(kind, wire.Listing(fields=keys, updated_since=since - OVERLAP))
    for entry in entries:
        yield token_of(entry), Ref(kind, str(entry.get("id") or ""), str(entry.get("reference_num") or ""))
