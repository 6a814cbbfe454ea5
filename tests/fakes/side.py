"""A side in memory: a real implementation of the port RemoteSide, with the faults a server has. For fast tests."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from crosswalk import errors
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
    Part,
    PartDraft,
    Ref,
    Snapshot,
    Steps,
    Unsaid,
    Wrote,
    untold,
)
from crosswalk.merge.values import Element, Value

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class Held:
    """One record of the fake server."""

    ref: Ref
    fields: dict[str, Value]
    token: str = ""
    parent: Ref | None = None
    source: Ref | None = None
    changed_at: datetime = START
    made_at: datetime = START
    marks: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    history: list[tuple[datetime, str, Value, Value]] = field(default_factory=list)


class MemorySide:
    """A server in memory. `defaults` are the fields every record has; `prefix` begins its keys.

    Faults: `next_call` holds names of what happens to coming writes: "unreachable", "too_many" and "forbidden" (nothing
    was applied), "refused_5xx" (nothing was applied, but nobody can know), "lost" (applied, and the answer lost),
    "partly" (the last of some creates is refused), "ok". "untaken" (an exchange that is to be tried
    otherwise). A `mute` side answers an exchange with nothing. `off_screen` names fields that are left out, `untold`
    those that no exchange tells. `lag` hides new records from `find`.
    """

    def __init__(self, prefix: str, kind: str, defaults: Mapping[str, Value], now: Callable[[], datetime]) -> None:
        self.prefix, self.kind, self.defaults, self.now = prefix, kind, dict(defaults), now
        self.records: dict[Ref, Held] = {}
        self.next_call: list[str] = []
        self.off_screen: set[str] = set()
        self.stepwise: frozenset[str] = frozenset()
        self.untold: set[str] = set()
        self.mute = False
        self.hidden: set[Ref] = set()
        self.lag = timedelta(0)
        self.writes: list[tuple[str, Ref, str]] = []
        self.calls: Counter[str] = Counter()
        self._numbers = itertools.count(1)

    def put(self, kind: str, fields: Mapping[str, Value], parent: Ref | None = None) -> Ref:
        """A person makes a record."""
        return self._store(kind, {**self.defaults, **fields}, "", parent)

    def edit(self, ref: Ref, name: str, value: Value) -> None:
        """A person edits a field."""
        held = self.records[ref]
        if held.fields.get(name) != value:
            held.history.append((self.now(), name, held.fields.get(name), value))
        held.fields[name] = value
        held.changed_at = self.now()
        held.touched.add(name)

    def remove(self, ref: Ref) -> None:
        """A person deletes a record, and with it what stands below."""
        for below in [held.ref for held in self.records.values() if held.parent == ref]:
            self.remove(below)
        del self.records[ref]

    def made_with(self, token: str) -> int:
        """How many records carry `token`."""
        return sum(held.token == token for held in self.records.values())

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """See RemoteSide."""
        self.calls["read"] += 1
        return {ref: self._snapshot(ref) for ref in refs}

    def listed(self, kind: str, page: int) -> tuple[Sequence[Snapshot], int | None]:
        """See RemoteSide."""
        del kind, page
        return (), None

    def read_new(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """See RemoteSide."""
        return {
            ref: replace(found, touched=frozenset(self.records[ref].touched)) if isinstance(found, Snapshot) else found
            for ref, found in self.read(refs).items()
        }

    def edited(self, ref: Ref, field: str) -> Edited:
        """See RemoteSide."""
        return Edited("somebody", self.records[ref].changed_at)

    def below(self, record: Snapshot, kind: str) -> Sequence[Ref]:
        """See RemoteSide."""
        return [held.ref for held in self.records.values() if held.parent == record.ref]

    def among(self, ref: Ref, kind: str) -> Sequence[Snapshot]:
        """See RemoteSide."""
        return []

    def order(self, refs: Sequence[Ref]) -> Ordered:
        """See RemoteSide."""
        self.writes += [("order", ref, "") for ref in refs]
        return Ordered(tuple(refs))

    def retire(self, ref: Ref) -> str:
        """See RemoteSide."""
        self.writes.append(("retire", ref, ""))
        return "marked"

    def unseen(self) -> str:
        """See RemoteSide."""
        return ""

    def delete(self, ref: Ref) -> None:
        """See RemoteSide."""
        fault = self._before("delete")
        if ref in self.records:
            self.remove(ref)
        self.writes.append(("delete", ref, ""))
        self._after(fault)

    def create(self, drafts: Sequence[Draft]) -> Sequence[Made | Failed]:
        """See RemoteSide."""
        self.calls["create"] += 1
        fault = self._before("create")
        made: list[Made | Failed] = []
        if fault == "partly":
            *drafts, last = drafts
        for draft in drafts:
            taken = {name: value for name, value in draft.fields.items() if name not in self.off_screen}
            ref = self._store(self.kind or draft.kind, dict(self.defaults), draft.token, draft.parent)
            self.records[ref].source = draft.mark.ref if draft.mark else None
            self._take("create", ref, taken)
            left_out = {name: "not on the screen" for name in draft.fields if name in self.off_screen}
            made.append(Made(draft.token, ref, left_out))
        if fault == "partly":
            made.append(Failed(last.token, errors.Invalid("create: 400")))
        self._after(fault)
        return made

    def find(self, tokens: Sequence[str], kind: str, since: datetime) -> Mapping[str, Ref]:
        """See RemoteSide."""
        self.calls["find"] += 1
        known = [held for held in self.records.values() if held.made_at + self.lag <= self.now()]
        return {held.token: held.ref for held in known if held.token in tokens and held.made_at >= since - MINUTE}

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        """See RemoteSide."""
        del told
        self.calls["update"] += 1
        return self._update("update", ref, changes)

    def _update(self, call: str, ref: Ref, changes: Mapping[str, Value]) -> Wrote:
        fault = self._before(call)
        if ref not in self.records:
            raise errors.NotFound(f"{ref} is not there")
        self._take(call, ref, {name: value for name, value in changes.items() if name not in self.off_screen})
        self._after(fault)
        found = self._snapshot(ref)
        assert isinstance(found, Snapshot)
        return Wrote(found, {name: "not on the screen" for name in changes if name in self.off_screen})

    def tells(self, ref: Ref, changes: Mapping[str, Value], presumed: Mapping[str, Value]) -> bool:
        """See RemoteSide."""
        return not self.untold & changes.keys()

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        """See RemoteSide."""
        self.calls["exchange"] += 1
        before = self._snapshot(ref)
        if isinstance(before, Gone):
            return None
        if self.next_call[:1] == ["untaken"]:
            self.next_call.pop(0)
            return None
        wrote = self._update("exchange", ref, changes)
        if self.mute and not wrote.left_out:
            return Unsaid()
        told = {name: before.fields[name] for name in changes if name in before.fields}
        return Exchanged(Snapshot(ref, told, changed_at=before.changed_at), wrote)

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack | Gone:
        """See RemoteSide: by the record's history."""
        self.calls["look_back"] += 1
        now = self.read([ref])[ref]
        if isinstance(now, Gone):
            return now
        before, left, ours = dict[str, Value](), dict[str, Value](), set[datetime]()
        for name, value in changes.items():
            sent = self.stored(name, value)
            moves = [one for one in self.records[ref].history if one[1] == name and one[0] >= since]
            match = [one for one in moves if one[3] == sent]
            if len(match) == 1:
                at, _, before[name], left[name] = match[0]
                ours.add(at)
            elif not moves and now.get(name) == sent:
                before[name] = sent
        others = [at for at, *_ in self.records[ref].history if at not in ours]
        told = Snapshot(ref, before, changed_at=max(others, default=None))
        return LookedBack(now, Exchanged(told, Wrote(replace(now, fields={**now.fields, **left}))))

    def mark(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, errors.CrosswalkError]:
        """See RemoteSide."""
        failed: dict[Ref, errors.CrosswalkError] = {}
        for ref, mark in marks.items():
            self.calls["mark"] += 1
            try:
                fault = self._before("mark")
            except (errors.Refused, errors.Forbidden, errors.Invalid, errors.NotFound) as error:
                failed[ref] = error
                continue
            if ref in self.records:
                self.records[ref].marks[mark.ref.id] = mark.url
            else:
                failed[ref] = errors.NotFound(f"{ref} is not there")
            self._after(fault)
        return failed

    def shown_links(self, record: Snapshot) -> Sequence[str]:
        """See RemoteSide."""
        return tuple(self.records[record.ref].marks.values()) if record.ref in self.records else ()

    def standing_at(self, url: str) -> Ref | None:
        """See RemoteSide: what is shown here was shown by Crosswalk, which remembers."""
        return None

    def parts(self, record: Snapshot, kind: str) -> Sequence[Part]:
        """See RemoteSide."""
        return tuple(self.records[record.ref].parts.get(kind, {}).values())

    def work_below(self, record: Snapshot, paired: Callable[[Iterable[Ref]], Collection[Ref]]) -> Sequence[Part]:
        """See RemoteSide: nobody works below anything here."""
        del record, paired
        return ()

    def deleted(self, ref: Ref) -> bool:
        """See RemoteSide: nothing is hidden here."""
        return ref not in self.records

    def became(self, ref: Ref, title: str) -> Sequence[Ref]:
        """See RemoteSide: nothing is converted here."""
        del ref, title
        return ()

    def lacks(self, kind: str, field: str) -> bool:
        """See RemoteSide: all fields stay."""
        del kind, field
        return False

    def withdrawn(self, ref: Ref, field: str, entries: frozenset[Element]) -> frozenset[Element]:
        """See RemoteSide: all entries stay."""
        del ref, field, entries
        return frozenset()

    def links_as(self, type_: str) -> bool:
        """See RemoteSide: all types stay."""
        return bool(type_)

    def takes(self, ref: Ref, kind: str) -> bool:
        """See RemoteSide."""
        return ref in self.records and bool(kind)

    def above(self, refs: Sequence[Ref]) -> Sequence[Ref]:
        """See RemoteSide."""
        del refs
        return ()

    def add_part(self, ref: Ref, kind: str, draft: PartDraft) -> Part:
        """See RemoteSide."""
        return self._part(ref, kind, Part("", draft.content, draft.source.id))

    def change_part(self, ref: Ref, kind: str, part: Part, draft: PartDraft) -> Part:
        """See RemoteSide."""
        return self._part(ref, kind, replace(part, content=draft.content))

    def remove_part(self, ref: Ref, kind: str, part: Part) -> None:
        """See RemoteSide."""
        fault = self._before("remove_part")
        self.records[ref].parts.get(kind, {}).pop(part.id, None)
        self.writes.append(("remove_part", ref, kind))
        self._after(fault)

    def hang(self, ref: Ref, kind: str, content: Value) -> Part:
        """A person comments, or whatever `kind` is."""
        made = Part(f"{self.prefix.lower()}-{kind}{next(self._numbers)}", content)
        self.records[ref].parts.setdefault(kind, {})[made.id] = made
        return made

    def _part(self, ref: Ref, kind: str, part: Part) -> Part:
        self.calls["part"] += 1
        fault = self._before("part")
        kept = part if part.id else replace(part, id=f"{self.prefix.lower()}-{kind}{next(self._numbers)}")
        self.records[ref].parts.setdefault(kind, {})[kept.id] = kept
        self.writes.append(("part", ref, kind))
        self._after(fault)
        return kept

    def changed(self, cursor: str) -> Changes:
        """See RemoteSide."""
        since = datetime.fromisoformat(cursor) if cursor else self.now()
        refs = tuple(ref for ref, held in self.records.items() if held.changed_at >= since)
        return Changes(refs, self.now().isoformat())

    def _before(self, call: str) -> str:
        fault = self.next_call.pop(0) if self.next_call else ""
        if fault == "unreachable":
            raise errors.Unreachable(f"{call}: connection refused")
        if fault == "refused_5xx":
            raise errors.ServerFault(f"{call}: 503")
        if fault == "too_many":
            raise errors.TooMany(f"{call}: 429", wait=5)
        if fault == "forbidden":
            raise errors.Forbidden(f"{call}: 403")
        return fault

    def _after(self, fault: str) -> None:
        if fault == "lost":
            raise errors.Unanswered("the answer was lost")

    def _take(self, call: str, ref: Ref, taken: Mapping[str, Value]) -> None:
        held = self.records[ref]
        stored = {name: self.stored(name, value) for name, value in taken.items()}
        moved = [(name, held.fields.get(name), value) for name, value in stored.items()]
        held.history += [(self.now(), name, old, new) for name, old, new in moved if old != new]
        held.fields.update(stored)
        held.changed_at = self.now()
        self.writes += [(call, ref, name) for name in taken]

    def stored(self, name: str, value: Value) -> Value:
        """What the server makes of a value it is given."""
        return value

    def _store(self, kind: str, fields: dict[str, Value], token: str, parent: Ref | None) -> Ref:
        number = next(self._numbers)
        ref = Ref(kind, f"{self.prefix.lower()}{number}", f"{self.prefix}-{number}")
        self.records[ref] = Held(ref, fields, token, parent, changed_at=self.now(), made_at=self.now())
        return ref

    def _snapshot(self, ref: Ref) -> Snapshot | Gone:
        held = self.records.get(ref)
        if held is None or ref in self.hidden:
            return Gone(ref, "deleted or hidden")
        below = [other.ref for other in self.records.values() if other.parent == ref]
        children = tuple(found for child in below if isinstance(found := self._snapshot(child), Snapshot))
        url = f"https://{self.prefix.lower()}.example.com/{held.ref.key}"
        return Snapshot(held.ref, dict(held.fields), url, held.changed_at, held.parent, children)


MINUTE = timedelta(minutes=1)
