"""One Aha! workspace as a side of an integration: reads, changes, marks and watches its records.

Sends what wire.py builds and returns what fields.py reads; how records are made is in making.py, how changes are
noticed in watching.py, what is asked once in setup.py. Has the shape of `crosswalk.sync.ports.RemoteSide`, which it
does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from crosswalk import errors
from crosswalk.aha import converted, deletion, making, ordering, setup, wire, wire_graphql
from crosswalk.aha.exchanging import Exchanger
from crosswalk.aha.fields import LISTED
from crosswalk.aha.making import Maker, named_fields, write_each
from crosswalk.aha.marking import Marker
from crosswalk.aha.metadata import Metadata
from crosswalk.aha.parts import Parts
from crosswalk.aha.patches import Patch, not_taken, patch
from crosswalk.aha.setup import Listed
from crosswalk.aha.watching import Watch
from crosswalk.aha.wire_errors import refused
from crosswalk.aha.workspace import Scope, Workspace
from crosswalk.errors import CrosswalkError
from crosswalk.merge.records import (
    Changes,
    Draft,
    Edited,
    Exchanged,
    Failed,
    Gone,
    LookedBack,
    Made,
    Mark,
    Ordered,
    Ref,
    Snapshot,
    Steps,
    Wrote,
    nothing_told,
    untold,
)
from crosswalk.merge.values import Choice, Element, Person, Value
from crosswalk.remote.checkup import Checkup
from crosswalk.remote.client import Client
from crosswalk.remote.landed import Landed

LIST_FROM = 8  # so many records of a kind are rather looked for in the workspace's list
RETIRED = "deleted-in-jira"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AhaSide(Parts):
    """See `crosswalk.sync.ports.RemoteSide`. Refs are `feature`, `requirement`, `release`, `epic` and `initiative`.

    `now` is this machine's clock; it is asked only where the watching begins. May be used by several threads; `changed`
    by one at a time.
    """

    stepwise: frozenset[str] = frozenset()

    def __init__(self, client: Client, scope: Scope, now: Callable[[], datetime] = _utc_now) -> None:
        self._workspace = Workspace(client, scope)
        super().__init__(self._workspace)
        self._client, self._scope, self._now = client, scope, now
        self._watch, self._exchanger = Watch(self._workspace), Exchanger(self._workspace)
        self._marker, self._landed = Marker(self._workspace), Landed()
        self._made: dict[Ref, Snapshot] = {}  # as they were stored, until they are read

    # ---- reading ----

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """See RemoteSide.read: a feature brings its requirements, many records of a kind come by the list."""
        found: dict[Ref, Snapshot | Gone] = {}
        for kind in ("feature", "release", "epic", "initiative"):
            asked = [ref for ref in refs if ref.kind == kind]
            listed = self._from_list(kind, asked) if len(asked) >= LIST_FROM else {}
            found |= {ref: listed.get(ref) or self._one(ref) for ref in asked}
        found |= self._requirements([ref for ref in refs if ref.kind == "requirement"], found)
        if any(isinstance(entry, Gone) for entry in found.values()):
            # A key whose user lost the workspace sees nothing in it; that must not look like mass deletion.
            self._workspace.send(wire.product(self._scope.workspace))
        for entry in found.values():
            if isinstance(entry, Snapshot):
                self._marker.seen(entry)
        return {ref: found.get(ref) or Gone(ref, f"Aha! has no records called “{ref.kind}”.") for ref in refs}

    def read_new(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """See RemoteSide.read_new: the answer to the create held the record as it was stored."""
        return {ref: self._compared(ref, found) for ref, found in self.read(refs).items()}

    def _compared(self, ref: Ref, found: Snapshot | Gone) -> Snapshot | Gone:
        made = self._made.pop(ref, None)
        if made is None or isinstance(found, Gone):
            return found
        both = made.fields.keys() & found.fields.keys()
        return replace(found, touched=frozenset(name for name in both if made.get(name) != found.get(name)))

    def _one(self, ref: Ref) -> Snapshot | Gone:
        try:
            return self._workspace.get(ref)
        except errors.NotFound as error:
            if error.code == "N4":
                raise
            return Gone(ref, error.message)

    def _from_list(self, kind: str, refs: Sequence[Ref]) -> dict[Ref, Snapshot]:
        """Those of `refs` that the first pages of the workspace's list hold, as long as that takes fewer requests."""
        found: dict[Ref, Snapshot] = {}
        missing = set(refs)
        page: int | None = 1
        while page is not None and page <= len(refs) // 2 and missing:
            listing = wire.Listing(page, fields=LISTED[kind])
            answer = self._workspace.send(wire.records(kind, self._scope.workspace, listing))
            for entry in wire.items(answer, wire.PLURAL[kind]):
                record = self._workspace.snapshot(kind, entry)
                if record.ref in missing:
                    found[record.ref] = record
                    missing.discard(record.ref)
            page = wire.next_page(answer)
        return found

    def listed(self, kind: str, page: int) -> tuple[Sequence[Snapshot], int | None]:
        """See RemoteSide.listed: up to 200 in one request."""
        answer = self._workspace.send(
            wire.records(kind, self._scope.workspace, wire.Listing(page, fields=LISTED[kind]))
        )
        records = [self._workspace.snapshot(kind, one) for one in wire.items(answer, wire.PLURAL[kind])]
        for record in records:
            self._marker.seen(record)
        return records, wire.next_page(answer)

    def _requirements(self, refs: Sequence[Ref], read: Mapping[Ref, Snapshot | Gone]) -> dict[Ref, Snapshot | Gone]:
        """Requirements: from the features that were read, then several of one feature through it, then one by one."""
        found: dict[Ref, Snapshot | Gone] = {}

        def take(feature: Snapshot | Gone) -> None:
            if isinstance(feature, Snapshot):
                found.update({child.ref: child for child in feature.children if child.ref in refs})

        for entry in read.values():
            take(entry)
        above = [ref.key.rpartition("-")[0] for ref in refs if ref not in found]
        for key in dict.fromkeys(key for key in above if key and above.count(key) > 1):
            take(self._one(Ref("feature", "", key)))
        return found | {ref: self._one(ref) for ref in refs if ref not in found}

    def below(self, record: Snapshot, kind: str) -> Sequence[Ref]:
        """See RemoteSide.below: a feature brings its requirements."""
        return tuple(child.ref for child in record.children if child.ref.kind == kind)

    def among(self, ref: Ref, kind: str) -> Sequence[Snapshot]:
        """See RemoteSide.among: one request for up to 200."""
        listing = wire.Listing(fields=("id", "reference_num", "position"))
        pages = self._workspace.pages(lambda page: wire.planned(kind, ref.id, listing.on(page)))
        return [self._workspace.snapshot(kind, one) for page in pages for one in wire.items(page, wire.PLURAL[kind])]

    def order(self, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
        """See RemoteSide.order: of the requirements of a feature."""
        if len(refs) < 2:
            return Ordered()
        if any(ref.kind != "requirement" for ref in refs):
            return Ordered(refused="Aha! keeps its own order of what stands in a release.")
        feature = self._workspace.get(refs[0]).parent
        return ordering.order(self._workspace, feature, refs, tell) if feature else ordering.OTHER

    def retire(self, ref: Ref) -> str:
        """See RemoteSide.retire: with a tag."""
        tags = self._workspace.get(ref).get("tags")
        if not isinstance(tags, frozenset):
            raise errors.Refused(
                f"{errors.a_or_an(ref.kind, 'A')} in Aha! has no tags.", remedy="Delete it in Aha! if it is not wanted."
            )
        if RETIRED not in tags:
            self._put(ref, patch(ref.kind, {"tags": tags | {RETIRED}}))
        return f"the tag “{RETIRED}”"

    def unseen(self) -> str:
        """See RemoteSide.unseen: where a record is gone, `read` has seen that the workspace is not."""
        return ""

    def deleted(self, ref: Ref) -> bool:
        """See RemoteSide.deleted: by the history, else by the recycle bin."""
        return deletion.told(self._workspace, ref)

    def became(self, ref: Ref, title: str) -> Sequence[Ref]:
        """See RemoteSide.became: a conversion makes a new record and deletes the old one."""
        return converted.became(self._workspace, ref, title)

    def lacks(self, kind: str, field: str) -> bool:
        """See RemoteSide.lacks: with a custom field goes what every record held in it."""
        return self._workspace.lacks(kind, field)

    def withdrawn(self, ref: Ref, field: str, entries: frozenset[Element]) -> frozenset[Element]:
        """See RemoteSide.withdrawn: of custom fields that take what is in their list alone."""
        return self._workspace.withdrawn(ref.kind, field, entries)

    def links_as(self, type_: str) -> bool:
        """See RemoteSide.links_as: nobody changes these types."""
        return bool(type_)

    def takes(self, ref: Ref, kind: str) -> bool:
        """See RemoteSide.takes: a record is of one kind."""
        return ref.kind == kind

    def delete(self, ref: Ref) -> None:
        """See RemoteSide.delete."""
        try:
            self._workspace.write(wire.remove(ref.kind, ref.id, self._scope.workspace))
        except errors.NotFound:
            return

    # ---- making ----

    def create(self, drafts: Sequence[Draft]) -> Sequence[Made | Failed]:
        """See RemoteSide.create: one request each; a feature without a release goes to the parking lot."""
        return Maker(self._workspace, self._marker.tokens, self._made).create(drafts)

    def find(self, tokens: Sequence[str], kind: str, since: datetime) -> Mapping[str, Ref]:
        """See RemoteSide.find. Lists are read from the database, so what landed is found at once."""
        return self._landed.find(tokens, lambda: making.tokens(self._workspace, kind, since))

    # ---- changing ----

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        """See RemoteSide.update: the answer to the write is the read-back. Every change is one step."""
        del told
        rest = dict(changes)
        moved = rest.pop("feature", None) if ref.kind == "requirement" else None
        asked = patch(ref.kind, rest)
        left_out = {name: str(unfit) for name, unfit in asked.unfit.items()}
        stored = None
        if isinstance(moved, Choice) and (words := self._move(ref, moved)):
            left_out["feature"] = words
        if asked.by_field:
            try:
                stored = self._put(ref, asked)
            except errors.Invalid as error:
                left_out |= self._put_less(ref, asked, error)
        if stored is None:
            stored = self._workspace.get(ref)
        self._marker.seen(stored)
        sent = {name: value for name, value in changes.items() if name not in left_out}
        return Wrote(stored, left_out | not_taken(sent, stored))

    def tells(self, ref: Ref, changes: Mapping[str, Value], presumed: Mapping[str, Value]) -> bool:
        """See RemoteSide.tells: what GraphQL takes and shows."""
        return self._exchanger.tells(ref, changes, presumed)

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | None:
        """See RemoteSide.exchange."""
        return self._exchanger.exchange(ref, changes)

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack | Gone:
        """See RemoteSide.look_back: every answer here tells, so nobody asks."""
        del changes, since
        found = self.read([ref])[ref]
        return found if isinstance(found, Gone) else nothing_told(found)

    def _move(self, ref: Ref, feature: Choice) -> str:
        """Put a requirement into another feature; why it was not, or ""."""
        try:
            answer = self._workspace.write(wire_graphql.move_requirement(ref.id, feature.id))
        except (errors.Invalid, errors.Forbidden, errors.NotFound) as error:
            return refused(error.message)
        words = wire_graphql.graphql_errors(answer)
        return refused(words) if words else ""

    def _put(self, ref: Ref, asked: Patch) -> Snapshot:
        request = wire.update(ref.kind, ref.id, asked.body, self._scope.workspace)
        return self._workspace.answered(ref.kind, self._workspace.write(request))

    def _put_less(self, ref: Ref, asked: Patch, error: errors.Invalid) -> dict[str, str]:
        """Leave out what Aha! refuses and write the rest; what was left out, and Aha!'s words about it."""
        if len(asked.by_field) == 1:
            return {name: refused(error.message) for name in asked.by_field}
        named = named_fields(error, asked)
        if named:
            rest = asked.without(frozenset(named))
            words: dict[str, str] = {name: refused(text) for name, text in named.items()}
            try:
                if rest.by_field:
                    self._put(ref, rest)
            except errors.Invalid:
                return words | write_each(self._workspace, ref, rest)
            return words
        return write_each(self._workspace, ref, asked)

    # ---- showing the other side ----

    def mark(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, CrosswalkError]:
        """See RemoteSide.mark: in the URL custom field, many at once, else in the integration's fields."""
        return self._marker.show(marks)

    # ---- watching and asking ----

    def edited(self, ref: Ref, field: str) -> Edited:
        """See RemoteSide.edited."""
        return self._watch.edited(ref, field)

    def changed(self, cursor: str) -> Changes:
        """See RemoteSide.changed: of the whole account, by its history where the key may read it."""
        return self._watch.changed(cursor, self._now())

    def check(self) -> Checkup:
        """Whether the connection works, and what the key's user can not do in the workspace."""
        return setup.check(self._client, self._scope.workspace)

    def metadata(self) -> Metadata:
        """All that mapping and pages need to know of the workspace."""
        return setup.load_metadata(self._client, self._scope.workspace)

    def workspaces(self, query: str = "") -> tuple[Choice, ...]:
        """The workspaces of the account whose name or prefix contains `query`."""
        return setup.workspaces(self._client, query)

    def records(self, query: str = "", page: int = 1, kind: str = "feature") -> Listed:
        """A page of the workspace's records of a kind."""
        return setup.records(self._client, self._scope.workspace, query, page, kind)

    def all_of(self, kind: str) -> Iterator[Snapshot]:
        """Every record of `kind` in the workspace, whole, in one request for a page of them."""
        for entry in self._workspace.listed(kind, wire.Listing(fields=LISTED[kind])):
            yield self._workspace.snapshot(kind, entry)

    def releases(self) -> list[str]:
        """The ids of the workspace's releases, the parking lots among them."""
        listing = wire.Listing(fields=("id", "reference_num"))
        return [str(entry.get("id") or "") for entry in self._workspace.listed("release", listing)]

    def planned(self, release: str) -> Iterator[list[Snapshot]]:
        """The features of a release, whole, a page at a time."""
        listing = wire.Listing(fields=LISTED["feature"])
        for page in self._workspace.pages(lambda number: wire.planned("feature", release, listing.on(number))):
            found = [self._workspace.snapshot("feature", one) for one in wire.items(page, "features")]
            for record in found:
                self._marker.seen(record)
            yield found

    def count(self, release: str = "") -> int:
        """How many features the workspace has, or one release of it."""
        listing, place = wire.Listing(per_page=1, fields=("id",)), self._scope.workspace
        asked = wire.planned("feature", release, listing) if release else wire.records("feature", place, listing)
        return int(wire.pagination(self._workspace.send(asked)).get("total_records") or 0)

    def shown_link(self, record: Snapshot) -> str:
        """The address of the issue that `record` shows; "" for none."""
        return self._marker.link(record)

    def shown_links(self, record: Snapshot) -> Sequence[str]:
        """See RemoteSide.shown_links: its own, and those of any integration of Aha!'s, enabled or not."""
        own, fields = self._marker.link(record), record.fields
        others = [fields[name] for name in fields if name.startswith("integration:") and name.endswith(":url")]
        return [url for url in (own, *others) if isinstance(url, str) and url]

    def standing_at(self, url: str) -> Ref | None:
        """See RemoteSide.standing_at. records are not made in Aha! for what Jira shows."""
        del url
        return None

    def people(self, email: str) -> Person | None:
        """The person with exactly this e-mail address."""
        return setup.people(self._client, email)

    def account(self, account_id: str) -> Person | None:
        """The user with exactly this id."""
        return setup.account(self._client, account_id)
