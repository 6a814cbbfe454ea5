"""What the story in this package needs from outside, as protocols. Both connectors have exactly this shape.

`RemoteSide` is one account as seen by one integration; `Ledger` is the memory that survives a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from crosswalk.errors import CrosswalkError
from crosswalk.merge.birth import Birth
from crosswalk.merge.brake import Removal
from crosswalk.merge.decision import Held
from crosswalk.merge.disputes import Answer, Dispute
from crosswalk.merge.merge import Base
from crosswalk.merge.pairs import Entry, Intent, PairView, Run
from crosswalk.merge.parts import PartPair
from crosswalk.merge.records import (
    Changes,
    Draft,
    Edited,
    Exchanged,
    Failed,
    FileCopy,
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
from crosswalk.merge.rules import Side
from crosswalk.merge.values import Element, Value


class RemoteSide(Protocol):
    """One side of an integration. Every method may raise errors.RemoteError.

    `stepwise` names fields that no create takes: a new record has a value of its own there, and an update brings it to
    another one, in several steps where need be.
    """

    stepwise: frozenset[str]

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """Each of `refs` as it is now, in as few requests as the server allows."""

    def listed(self, kind: str, page: int) -> tuple[Sequence[Snapshot], int | None]:
        """A page of the list of all records of `kind`, with what stands below them, and the number of the next one
        (None: there is none). A side that is read by ids as cheaply shows none."""

    def read_new(self, refs: Sequence[Ref]) -> Mapping[Ref, Snapshot | Gone]:
        """The same of `refs` that were just made; each tells which fields were `touched` since."""

    def below(self, record: Snapshot, kind: str) -> Sequence[Ref]:
        """The records of `kind` that stand below `record`; where its own answer named them, without a request."""

    def among(self, ref: Ref, kind: str) -> Sequence[Snapshot]:
        """The records of `kind` planned in `ref` (a release), with at least their position."""

    def order(self, refs: Sequence[Ref], tell: Callable[[Sequence[Ref]], None]) -> Ordered:
        """See that these records stand in this order, where the side keeps one. `tell` is called with those that are to
        be moved before the first of them is."""

    def retire(self, ref: Ref) -> str:
        """Mark `ref` as one whose counterpart was deleted; how people see it. Repeating it changes nothing."""

    def unseen(self) -> str:
        """The right that the account lacks to see anything at all here, in words, or ""."""

    def deleted(self, ref: Ref) -> bool:
        """Whether this side itself says that `ref`, which it does not show, was deleted: not merely hidden from us."""

    def became(self, ref: Ref, title: str) -> Sequence[Ref]:
        """What `ref`, which this side does not show and which was called `title`, was converted to there, where that
        makes a new record with another id: those that may be it."""

    def lacks(self, kind: str, field: str) -> bool:
        """Whether this side has no such field of records of `kind` any more, where a record that shows nothing in a
        field does not name it: nobody emptied that. False without a request where it does."""

    def withdrawn(self, ref: Ref, field: str, entries: frozenset[Element]) -> frozenset[Element]:
        """Those of `entries`, which `ref` held in `field` and holds no more, that this side lets nobody choose there
        any more: who took them from its list took them from every record. None without a request where it has none."""

    def links_as(self, type_: str) -> bool:
        """Whether this side still has links of the type with this id or name: with it go all links of it."""

    def takes(self, ref: Ref, kind: str) -> bool:
        """Whether `ref`, which is there, may stand for a record of `kind`."""

    def delete(self, ref: Ref) -> None:
        """Delete `ref`, and nothing that stands below it. One that is gone already is no error."""

    def create(self, drafts: Sequence[Draft]) -> Sequence[Made | Failed]:
        """Make `drafts` (parents are already there), an answer for each in order.

        Raises Unanswered, ServerFault or Unreadable when it is not known which of them landed: then `find` before
        making any of them again.
        """

    def find(self, tokens: Sequence[str], kind: str, since: datetime) -> Mapping[str, Ref]:
        """Records made with one of `tokens` since shortly before `since`. Never one that carries another token."""

    def update(self, ref: Ref, changes: Mapping[str, Value], told: Steps = untold) -> Wrote:
        """Write `changes` and say what the side holds now. A field the side refuses is left out and named.

        `told` hears of the steps where one change takes several.
        """

    def tells(self, ref: Ref, changes: Mapping[str, Value], presumed: Mapping[str, Value]) -> bool:
        """Whether `exchange` could say what `changes` replace, where that should be `presumed`. Asks nobody."""

    def exchange(self, ref: Ref, changes: Mapping[str, Value]) -> Exchanged | Unsaid | None:
        """Write `changes` as `update` does, and say what the written fields held just before, without a read before it.

        Unsaid where the answer says nothing: `look_back` does. None where it surely was not written, and `update` may
        do better. Raises Unanswered, ServerFault or Unreadable when it is not known whether it was.
        """

    def look_back(self, ref: Ref, changes: Mapping[str, Value], since: datetime) -> LookedBack | Gone:
        """The record as it is now, and what an `exchange` of `changes` replaced and left that was Unsaid.

        `since` is the stamp of the record when it was known last; what others wrote after it may be told, too.
        """

    def mark(self, marks: Mapping[Ref, Mark]) -> Mapping[Ref, CrosswalkError]:
        """Show the other side's record on each of these, in as few requests as the server allows.

        Where a record can not show it, it is named, with the reason. Repeating it changes nothing.
        """

    def shown_links(self, record: Snapshot) -> Sequence[str]:
        """The addresses of records of the other side that `record` shows as its counterpart, without a request."""

    def standing_at(self, url: str) -> Ref | None:
        """The record of this side and this project that stands at `url`, by its key; None for what is elsewhere."""

    def parts(self, record: Snapshot, kind: str) -> Sequence[Part]:
        """The parts of `kind` that hang on `record`, oldest first; from its own answer where that carried them."""

    def work_below(self, record: Snapshot, paired: Callable[[Iterable[Ref]], Collection[Ref]]) -> Sequence[Part]:
        """The work logged on what stands below `record`, each with its home, as deep as nothing of it is in a pair.

        `paired` tells those of some records that are. No request where the record's own answer says that there is none.
        """

    def fetch_part(self, part: Part, most: int) -> AbstractContextManager[FileCopy]:
        """The bytes of an attachment, at most `most`, until the context ends. Raises Refused for more."""

    def room(self, size: int) -> int:
        """How many bytes an attachment may have on this side. `size` is that of one that is to be made."""

    def add_part(self, ref: Ref, kind: str, draft: PartDraft) -> Part:
        """Hang a copy on `ref`, with the id of its source inside, so that it is known again. As stored."""

    def change_part(self, ref: Ref, kind: str, part: Part, draft: PartDraft) -> Part:
        """Write the content of a part of `ref`. As stored."""

    def remove_part(self, ref: Ref, kind: str, part: Part) -> None:
        """Take a part of `ref` away. One that is gone already is no error."""

    def above(self, refs: Sequence[Ref]) -> Sequence[Ref]:
        """What `refs` stand below, as far as the work logged on them may count there. No request where none can."""

    def edited(self, ref: Ref, field: str) -> Edited:
        """Who changed a field of `ref` last, and when, by this side's own history; as far as that says so."""

    def changed(self, cursor: str) -> Changes:
        """What changed since `cursor` ("" = from now on), with overlap: the same record may be named again."""


class Ledger(Protocol):
    """The memory. Every write of a run carries its fence and raises errors.Overtaken when another run has begun."""

    def begin(self, pair_id: int) -> tuple[Run, PairView]:
        """Start a run: raise the fence, note the dirty count. Raises errors.Refused for a pair that is no more."""

    def together(self) -> AbstractContextManager[object]:
        """What is written within is kept as one: quicker where there is much of it. A write that is refused does not
        undo the others."""

    def guard(self, run: Run) -> None:
        """Raise Overtaken unless `run` still owns its pair. Called before every write on a side."""

    def get(self, pair_id: int) -> PairView | None:
        """A pair; None where it is no more."""

    def children(self, pair_id: int) -> Sequence[PairView]:
        """The pairs below a pair, in a stable order."""

    def pair_of(self, integration_id: int, side: Side, ref: Ref) -> PairView | None:
        """The pair that holds `ref` on `side`."""

    def paired(self, integration_id: int, side: Side, refs: Iterable[Ref]) -> Collection[Ref]:
        """Those of `refs` on `side` that a pair holds, of this integration or of another one of the same account."""

    def adopt(self, run: Run, kind: str, side: Side, ref: Ref, *, child: bool) -> PairView:
        """The pair that holds `ref` on `side`, made if it is not there yet.

        With `child` it stands below `run`'s pair and is not due (this run makes it); else it stands on its own, dirty
        and due now (a release that a feature needs first).
        """

    def follow(self, run: Run, side: Side, home: str) -> str:
        """The record on `side` was moved to `home` (a workspace or project, by its key): give the pair, and what stands
        below it, to the integration that joins that with the other side's. Its name; "" where there is none.
        """

    def convert(self, run: Run, ref: Ref) -> bool:
        """The record on the left of `run`'s pair was converted to `ref`, a record of another kind: the pair goes on
        with that, as one of two records that nothing was agreed about yet. False where another pair has it."""

    def wake(self, run: Run, pair_id: int, *, delay: float = 0.0) -> None:
        """Raise another pair's dirty count: it is due now; with `delay`, in so many seconds unless it is already."""

    def show(self, run: Run, pair_id: int, state: str, reason: str = "", remedy: str = "") -> None:
        """Set state and reason of a pair below `run`'s pair; its dirty and done counts stay."""

    def intend(self, run: Run, pair_id: int, side: Side) -> Intent:
        """The open create intent of a pair of this family, stored before the create is sent; kept over retries."""

    def unanswered(self, integration_id: int, side: Side, kind: str) -> Sequence[Intent]:
        """The creates of records of `kind` on `side` that may have landed, though nobody answered."""

    def sending(self, run: Run, sent: Mapping[str, Base], at: datetime) -> None:
        """The creates with these tokens are being sent now: until told otherwise they may have landed.

        Each with what both sides hold if it lands.
        """

    def unsent(self, run: Run, tokens: Sequence[str]) -> None:
        """The creates with `tokens` surely did not land."""

    def joined(self, run: Run, pair_id: int, side: Side, ref: Ref) -> None:
        """The pair has a record on `side` now; its intent is closed. Raises Refused if another pair holds `ref`."""

    def birth(self, pair_id: int) -> Birth | None:
        """What was sent when the newest of the pair's records was made; None where that is not known."""

    def seen(self, run: Run, pair_id: int, side: Side, snapshot: Snapshot, title: str = "") -> None:
        """Keep key, address and (when given) title of a record as read, for lists and messages; its id is the same."""

    def called(self, run: Run, title: str) -> None:
        """Keep what lists and messages call `run`'s pair from now on."""

    def agree(self, run: Run, pair_id: int, base: Base) -> None:
        """Store what both sides hold now."""

    def differ(self, run: Run, pair_id: int, names: Sequence[str]) -> None:
        """Keep in which fields the two records of a pair differ although they are in step."""

    def exchanged(self, run: Run, pair_id: int, name: str, before: Held, after: Held) -> bool:
        """Put `after` in place of `before` in what another pair's base holds under `name`; False where it holds
        something else by now."""

    def deleted(self, run: Run, side: Side | None) -> None:
        """Keep that the record of `run`'s pair on `side` was surely deleted; or (None) that none was."""

    def removing(self, run: Run, side: Side, *, doubt: bool = False) -> Removal:
        """The delete that is wanted of the record of `run`'s pair on `side`; stored first, kept over retries.

        With `doubt` it is not known whether the counterpart was deleted; that moves as this is called again.
        """

    def weigh(self, run: Run, side: Side, since: datetime, asked: Collection[str] = ()) -> tuple[int, int]:
        """How many deletes on `side` of the integration, which no person spoke about, are wanted without doubt or were
        done since `since`; and how many pairs it has. Of the kinds `asked` a person is asked about each, so those that
        are only wanted do not count."""

    def removed(self, run: Run, *, done: bool) -> None:
        """What was wanted deleted of `run`'s pair is (`done`), or is not wanted deleted any more."""

    def erasing(self, run: Run, side: Side, since: datetime) -> tuple[str, int, int]:
        """Keep that fields of `run`'s record on `side` are to be emptied. A person's word on it ("yes", "no", ""); of
        how many pairs the same is wanted without a word or was done since `since`, with this one; of how many pairs.
        """

    def erased(self, run: Run, side: Side, *, done: bool) -> None:
        """What was to be emptied on `side` of `run`'s pair is (`done`), or is not to be any more."""

    def replacing(self, run: Run, side: Side, since: datetime) -> int:
        """Keep that a text of `run`'s record on `side` is replaced now; of how many pairs of the integration that was
        so since `since`, with this one."""

    def parts(self, pair_id: int, kind: str) -> Sequence[PartPair]:
        """The parts of `kind` of a pair that stand for each other, oldest first."""

    def part(self, run: Run, pair_id: int, kind: str, before: PartPair | None, after: PartPair | None) -> None:
        """Keep `after` in place of `before`: a new pair of parts, a moved one, or (None) none any more."""

    def disputes(self, pair_id: int) -> Mapping[str, Answer | None]:
        """The conflicts of a pair that a person decides, by rule; with the answer where there is one."""

    def dispute(self, run: Run, pair_id: int, found: Sequence[Dispute]) -> None:
        """Keep the conflicts that a run `found`: new ones wait for an answer, those that are no more go."""

    def holders(self, integration_id: int, kind: str, left: str) -> Sequence[int]:
        """The pairs that have a part of `kind` whose id on the left is `left`."""

    def note(
        self, run: Run, pair_id: int, entries: Sequence[Entry], *, landed: bool = False, once: bool = False
    ) -> None:
        """Append to the journal.

        While the pair is out of step, a line is left out that its last lines about the same field (on the same side)
        say already, unless a person acted since (`merge.pairs.told_already`): a pair that is looked at ten times says
        once what it wants. With `landed` the lines are about writes that ended well: only one that is the very last
        line about its field already, and this run's, is left out. With `once` they are about what wants nobody: also
        those of earlier runs count, and whatever state the pair is in.
        """

    def settle(self, run: Run, state: str, reason: str = "", remedy: str = "", code: str = "") -> None:
        """End the run for good: the done count becomes what the run saw; state and reason are shown."""

    def look_anew(self, run: Run) -> None:
        """Something new is sent: the pair's `looks` are counted anew."""

    def postpone(
        self, run: Run, due_at: datetime, reason: str, remedy: str = "", *, failed: bool = True, looked: bool = False
    ) -> None:
        """End the run without success: the pair stays dirty and is due again at `due_at`, state "waiting".

        The pair's `tries` counts how often in a row it `failed`, its `looks` how often it `looked` and saw what is not
        believed at once; `settle` starts both counts anew.
        """
