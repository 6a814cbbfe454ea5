"""One Jira project as a side of an integration: reads, changes, marks and watches issues and versions.

Sends what wire.py builds and returns what fields.py reads; how records are made is in making.py, what is set up once
in setup.py. Has the shape of `crosswalk.sync.ports.RemoteSide`, which it does not know.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from crosswalk import errors
from crosswalk.errors import CrosswalkError
from crosswalk.jira import wire, wire_meta
from crosswalk.jira.edits import Edit, edit_of, refused
from crosswalk.jira.exchanging import HISTORY, Exchanger
from crosswalk.jira.field_forms import TIME, behind
from crosswalk.jira.fields import version_wire
from crosswalk.jira.flavour import Flavour
from crosswalk.jira.history import History
from crosswalk.jira.linked import Hanger
from crosswalk.jira.making import Maker
from crosswalk.jira.marking import Marker
from crosswalk.jira.moving import Mover
from crosswalk.jira.offers import links_as, withdrawn
from crosswalk.jira.parts import Parts
from crosswalk.jira.plain import Plain
from crosswalk.jira.project import LINKED, VERSION, Project, Scope, type_of
from crosswalk.jira.ranking import Ranker
from crosswalk.jira.rights import missing_rights
from crosswalk.jira.setup import people
from crosswalk.jira.tokens import Tokens
from crosswalk.jira.watching import Watch
from crosswalk.jira.window import Window
from crosswalk.jira.wire import Json
from crosswalk.merge.records import (
    Changes,
    Draft,
    Edited,
    Exchanged,
    Failed,
    Gone,
    LeftOut,
    LookedBack,
    Made,
    Mark,
    Ordered,
    Ref,
    Snapshot,
    Steps,
    Unsaid,
    Wrote,
    nothing_told,
    untold,
)
from crosswalk.merge.values import Choice, Element, Person, Value
from crosswalk.remote.client import Client
from crosswalk.remote.landed import Landed

__all__ = ["JiraSide", "Scope"]

REMEMBERED = 1000  # snapshots kept, so that sets are changed element by element
BY_HAND = (
    "Jira Data Center lets nobody move a sub-task by REST: open it in Jira, choose More > Move, and give it the parent "
    "that it has in Aha!. Crosswalk notices."
)
RETIRED = "deleted-in-aha"
ALWAYS = frozenset({"updated", "parent"})


def _utc_now() -> datetime:
    return datetime.now(UTC)


class JiraSide(Parts, Plain):
    """See `crosswalk.sync.ports.RemoteSide`. Refs are `issue` (id, key) and `version` (id, name).

    `now` is this machine's clock; only differences of it are used, so it need not agree with the server's.
    """

    stepwise = frozenset({"status"})

    def __init__(self, client: Client, flavour: Flavour, scope: Scope, now: Callable[[], datetime] = _utc_now) -> None:
        self._project = Project(client, flavour, scope)
        self._mover, self._hanger = Mover(self._project), Hanger(self._project)
        self._ranker = Ranker(self._project, now)
        super().__init__(self._project)
        self._flavour, self._api, self._send = flavour, flavour.api, client.send
        self._scope, self._now = scope, now
        reference = self._project.reference
        self._fields = scope.fields | ALWAYS | ({reference} if reference else set()) | self._project.listing_below
        self._fields |= {self._ranker.field} if self._ranker.field else set()
        self._exchanger = Exchanger(self._project, self._fields)
        self._lock = threading.Lock()  # runs of several pairs share a side
        self._seen: OrderedDict[Ref, Snapshot] = OrderedDict()
        self._marker = Marker(self._project, self._seen.get)
        self._watch = Watch(self._project, self._worklogs.told, now)
        self._landed, self._tokens = Landed(), Tokens(self._project, Window(self._project, now))

    # ---- reading ----

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """See RemoteSide.read: one request for up to 100 issues, one for all versions."""
        return self._read(refs, history=False)

    def read_new(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """See RemoteSide.read_new: the history of a new issue is short, and comes with it."""
        return self._read(refs, history=True)

    def _read(self, refs: Sequence[Ref], *, history: bool) -> Mapping[Ref, Snapshot | Gone]:
        issues = [ref for ref in refs if ref.kind != VERSION]
        versions = [ref for ref in refs if ref.kind == VERSION]
        found: dict[Ref, Snapshot | Gone] = {}
        for start in range(0, len(issues), self._flavour.batch):
            found |= self._read_issues(issues[start : start + self._flavour.batch], history=history)
        if versions:
            found |= self._project.read_versions(versions)
        if any(isinstance(entry, Gone) for entry in found.values()):
            # A credential that Jira no longer knows sees nothing at all; that must not look like mass deletion.
            self._send(wire.myself(self._api))
        for ref, entry in found.items():
            if isinstance(entry, Snapshot):
                self._remember(ref, entry)
        return found

    def _read_issues(self, refs: Sequence[Ref], *, history: bool) -> dict[Ref, Snapshot | Gone]:
        names = [ref.id or ref.key for ref in refs]
        try:
            data = self._send(self._flavour.read_many(names, self._fields, history=history))
        except errors.NotFound as error:
            if len(refs) > 1:
                raise
            return {refs[0]: Gone(refs[0], error.message)}
        except errors.Invalid:
            if len(refs) == 1:
                raise
            # A search refuses the whole list where it does not know one of the issues.
            return {ref: self._confirm(ref, alone=False) for ref in refs}
        listed = [data] if isinstance(data, dict) and "id" in data else wire_meta.items(data)
        by_name: dict[str, Snapshot] = {}
        self._ranker.saw(listed)
        for entry in listed:
            snapshot = self._project.snapshot(entry)
            if history:
                entries = History(entry.get("changelog"), self._project.custom_names)
                snapshot = replace(snapshot, touched=entries.touched(snapshot.fields))
            by_name[snapshot.ref.id] = by_name[snapshot.ref.key] = snapshot
        return {ref: by_name.get(ref.id or ref.key) or self._confirm(ref, alone=len(refs) == 1) for ref in refs}

    def _confirm(self, ref: Ref, *, alone: bool) -> Snapshot | Gone:
        """An issue that a bulk answer leaves out: gone, or not yet in the search index?"""
        reason = "Issue does not exist or you do not have permission to see it."
        if alone and self._flavour.name == "cloud":
            return Gone(ref, reason)
        try:
            data = self._send(wire.issue(self._api, ref.id or ref.key, self._fields))
        except errors.NotFound as error:
            return Gone(ref, error.message)
        return self._project.snapshot(data)

    def _remember(self, ref: Ref, snapshot: Snapshot) -> None:
        with self._lock:
            self._seen[ref] = snapshot
            self._seen.move_to_end(ref)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def below(self, record: Snapshot, kind: str) -> Sequence[Ref]:
        """See RemoteSide.below: an issue names its sub-tasks; its other children are searched for."""
        wanted = self._scope.types_for(kind)
        infos = [self._scope.metadata.types[one] for one in sorted(wanted) if one in self._scope.metadata.types]
        if not infos or record.ref.kind == VERSION:
            return ()
        if self._project.linked or all(info.subtask for info in infos):
            return tuple(ref for ref, type_id in record.below.items() if type_id in wanted)
        among = ", ".join(info.id for info in infos)
        jql = f"{self._project.children_of(record.ref)} AND issuetype in ({among}) ORDER BY key"
        found = self._project.pages(lambda after: self._flavour.search(jql, ["updated"], after))
        return tuple(Ref("issue", str(issue["id"]), str(issue.get("key") or "")) for issue in found)

    def among(self, ref: Ref, kind: str) -> Sequence[Snapshot]:
        """See RemoteSide.among: the order comes from the other side."""
        del ref, kind
        return ()

    def order(self, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
        """See RemoteSide.order: by the rank of Jira Software, behind the first of them."""
        return self._ranker.order(refs, tell)

    def retire(self, ref: Ref) -> str:
        """See RemoteSide.retire: with a label."""
        body = wire.issue_body({}, {"labels": [{"add": RETIRED}]})
        self._send(wire.update_issue(self._api, ref.id, body))
        return f"the label “{RETIRED}”"

    def unseen(self) -> str:
        """See RemoteSide.unseen: without Browse Projects nothing of a project shows."""
        try:
            lacking = missing_rights(self._project.client, self._flavour, self._project.id)
        except errors.NotFound as error:
            return error.message
        return next((problem.message for problem in lacking if "(BROWSE_PROJECTS)" in problem.message), "")

    def deleted(self, ref: Ref) -> bool:
        """See RemoteSide.deleted: no request tells of an issue, only its hook; who may browse sees versions."""
        return ref.kind == VERSION and not self.unseen()

    def withdrawn(self, ref: Ref, field: str, entries: frozenset[Element]) -> frozenset[Element]:
        """See RemoteSide.withdrawn: one request."""
        return withdrawn(self._project, ref, field, entries)

    def links_as(self, type_: str) -> bool:
        """See RemoteSide.links_as: one request."""
        return links_as(self._project, type_)

    def takes(self, ref: Ref, kind: str) -> bool:
        """See RemoteSide.takes: by the types that the mapping names."""
        if ref.kind == VERSION:
            return self._scope.is_version(kind)
        return type_of(self._send(wire.issue(self._api, ref.id, ["issuetype"]))) in self._scope.types_for(kind)

    def standing_at(self, url: str) -> Ref | None:
        """See RemoteSide.standing_at."""
        known = self._project.scope.metadata
        site, _, key = url.partition("/browse/")
        number = key.removeprefix(f"{known.key}-")
        return Ref("issue", "", key) if site == known.site and number != key and number.isdecimal() else None

    def delete(self, ref: Ref) -> None:
        """See RemoteSide.delete."""
        try:
            self._send(wire.remove_issue(self._api, ref.id))
        except errors.NotFound:
            return

    # ---- making ----

    def create(self, drafts: Sequence[Draft]) -> Sequence[Made | Failed]:
        """See RemoteSide.create: one request for one issue, one for up to 50; a version is taken by its name."""
        return Maker(self._project, self._marker.known).create(drafts)

    def find(self, tokens: Sequence[str], kind: str, since: datetime) -> Mapping[str, Ref]:
        """See RemoteSide.find. A version has nowhere to carry a token: making it again takes the one by that name."""
        if self._scope.is_version(kind) or not tokens:
            return {}
        return self._landed.find(tokens, lambda: self._tokens.since(since))

    # ---- changing ----

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        """See RemoteSide.update. A status is reached along the workflow."""
        if ref.kind == VERSION:
            return self._update_version(ref, changes)
        fields = {name: value for name, value in changes.items() if name != LINKED}
        edit = edit_of(fields, self._project.kinds, self._flavour, self._seen.get(ref))
        left_out = {name: str(unfit) for name, unfit in edit.unfit.items()} | self._hanger.hang(ref, changes)
        answer, whole = None, LINKED not in changes
        if edit.body:
            answer, more = self._put(ref, edit)
            left_out |= more
            said = more.get("parent")
            if isinstance(said, LeftOut) and self._flavour.name == "datacenter":
                left_out["parent"] = LeftOut(said.words, BY_HAND, "L9")
        if isinstance(status := changes.get("status"), Choice):
            whole = False
            if words := self._mover.move(ref, status, told):
                left_out["status"] = words
        shown = self._project.snapshot(answer) if isinstance(answer, dict) and answer.get("fields") else None
        stamp = shown.changed_at if shown is not None else None
        answered = self._project.answered_at() if edit.body and shown is None else None
        return Wrote(self._stored(ref, shown, changes, whole=whole), left_out, stamp, answered)

    def tells(self, ref: Ref, changes: Mapping[str, Value], _presumed: Mapping[str, Value]) -> bool:
        """See RemoteSide.tells: what the history of an issue says exactly."""
        return self._exchanger.tells(ref, changes)

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        """See RemoteSide.exchange."""
        with self._lock:
            self._seen.pop(ref, None)  # what was read long ago says nothing about sets any more
        return self._exchanger.exchange(ref, changes)

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack | Gone:
        """See RemoteSide.look_back."""
        try:
            found = self._exchanger.look_back(ref, changes, since)
        except errors.NotFound:
            return self._looked(ref)
        self._remember(ref, found.record)
        return found

    def _put(self, ref: Ref, edit: Edit) -> tuple[Json, dict[str, str]]:
        """Send an edit; the fields that Jira refuses are left out and the rest is sent once more."""
        try:
            return self._edit(ref, edit), {}
        except errors.Invalid as error:
            named = [name for name in error.fields if name in edit.names]
            if (TIME in named or edit.names == {TIME}) and (fewer := edit.with_one_estimate()) is not None:
                return self._put(ref, fewer)
            if (whole := edit.with_whole(named)) is not None:
                return self._put(ref, whole)
            if not named and len(edit.names) > 1:
                return None, self._put_each(ref, edit)
            if not named:
                return None, {each: refused(error.message, name) for name in edit.names for each in behind(name)}
            rest = edit.without(named)
            words: dict[str, str] = {each: refused(error.fields[name], name) for name in named for each in behind(name)}
            return (self._edit(ref, rest) if rest.body else None), words

    def _put_each(self, ref: Ref, edit: Edit) -> dict[str, str]:
        """Field by field, where Jira does not say which one it refuses; what it refused."""
        return {name: words for one in edit.each() for name, words in self._put(ref, one)[1].items()}

    def _edit(self, ref: Ref, edit: Edit) -> Json:
        return self._send(wire.update_issue(self._api, ref.id, edit.body, self._flavour.edit_query))

    def _stored(self, ref: Ref, said: Snapshot | None, changes: Mapping[str, Value], *, whole: bool) -> Snapshot:
        """What Jira holds now: what the edit's own answer `said` over what was read before, or read again.

        Where more was sent than that edit (not `whole`), somebody may have edited the issue before it is read again:
        the fields that the answer shows count as it shows them, so that theirs is a change.
        """
        before = self._seen.get(ref)
        # The answer may hold the edited fields only (operation editIssue, returnIssue).
        if whole and said and before is not None and changes.keys() <= said.fields.keys() | {"parent"}:
            merged = replace(said, fields={**before.fields, **said.fields}, parent=said.parent or before.parent)
            self._remember(ref, merged)
            return merged
        own = {} if said is None else {name: one for name, one in said.fields.items() if name not in self.stepwise}
        kinds, since = self._project.kinds, before.changed_at if before else None
        unsaid = {name: one for name, one in changes.items() if name in kinds and name not in own}
        looked = self.look_back(ref, unsaid, since) if unsaid and since else self._looked(ref)
        if isinstance(looked, Gone):
            raise errors.NotFound(f"{ref} was written and is gone: {looked.reason}", code="A7")
        own |= looked.over
        kept = {name: own[name] for name in changes if name in own}
        # With the stamp from before the edit, what somebody wrote since is not taken for seen.
        changed_at = since if looked.over else looked.record.changed_at
        return replace(looked.record, fields={**looked.record.fields, **kept}, changed_at=changed_at)

    def _looked(self, ref: Ref) -> LookedBack | Gone:
        there = self.read([ref])[ref]
        return there if isinstance(there, Gone) else nothing_told(there)

    def _update_version(self, ref: Ref, changes: Mapping[str, Value]) -> Wrote:
        body, unfit = version_wire(changes)
        left_out: dict[str, str] = {name: str(words) for name, words in unfit.items()}
        try:
            data = self._send(wire.update_version(self._api, ref.id, body)) if body else None
        except errors.Invalid as error:
            if not (named := [name for name in error.fields if name in body]):
                raise
            left_out |= {name: refused(error.fields[name]) for name in named}
            rest = {name: value for name, value in body.items() if name not in named}
            data = self._send(wire.update_version(self._api, ref.id, rest)) if rest else None
        if data is None:
            found = self.read([ref])[ref]
            if isinstance(found, Gone):
                raise errors.NotFound(found.reason, code="L11")
            return Wrote(found, left_out)
        snapshot = self._project.version(data)
        self._remember(ref, snapshot)
        return Wrote(snapshot, left_out)

    def mark(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, CrosswalkError]:
        """See RemoteSide.mark. Issues that are made here show their record from the beginning."""
        return self._marker.show(marks)

    # ---- watching ----

    def changed(self, cursor: str) -> Changes:
        """See RemoteSide.changed: by the stamps of last changes."""
        return self._watch.changed(cursor)

    def edited(self, ref: Ref, field: str) -> Edited:
        """See RemoteSide.edited. Versions have no history."""
        if ref.kind == VERSION:
            return Edited()
        data = self._send(wire.issue(self._api, ref.id, ["updated"], HISTORY))
        return History(data.get("changelog"), self._project.custom_names).edited(field)

    def people(self, email: str) -> Person | None:
        """The person with exactly this e-mail address."""
        return people(self._project.client, self._flavour, email)

    def account(self, account_id: str) -> Person | None:
        """The person with exactly this account id (a user name on Data Center)."""
        try:
            return self._flavour.person(self._send(self._flavour.account(account_id)))
        except (errors.NotFound, errors.Invalid):
            return None
