"""What every RemoteSide must do, told once. A connector joins with a class that has a `stage` fixture.

The servers are the sandboxes: real HTTP, the vendor's rules, faults on order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from crosswalk import errors
from crosswalk.merge.records import (
    Changes,
    Draft,
    Exchanged,
    Failed,
    Gone,
    LookedBack,
    Made,
    Mark,
    Ref,
    Snapshot,
    Unsaid,
)
from crosswalk.merge.values import MISSING, Rich, Value
from crosswalk.sync.ports import RemoteSide
from crosswalk_sandbox.kernel.faults import Fault, Faults


@dataclass
class Stage:
    """A connector before a running sandbox, and the names its side gives to things.

    `again` opens the account anew (a process that was started again remembers nothing); `delete` and `person_edits`
    act as a person would; `settle` lets the server's search catch up; `create_path` fits the path of a create.
    """

    side: RemoteSide
    again: Callable[[], RemoteSide]
    kind: str
    name: str
    day: str
    words: str
    rich: str
    rich_value: Rich
    faults: Faults
    create_path: str
    delete: Callable[[Ref], None]
    person_edits: Callable[[Ref, str, Any], None]
    settle: Callable[[], None]
    now: Callable[[], datetime]
    mark: Mark
    shown: Callable[[Ref], Sequence[str]]
    parent: Ref | None = None
    required: dict[str, Value] = field(default_factory=dict)

    def draft(self, token: str, **fields: Value) -> Draft:
        """A record to be made, named after its token."""
        values = {self.name: f"Made with {token}", **self.required, **fields}
        return Draft(self.kind, values, token, self.parent, self.mark)

    def make(self, token: str = "token-1", **fields: Value) -> Ref:
        """A record that was made."""
        (made,) = self.side.create([self.draft(token, **fields)])
        assert isinstance(made, Made), made
        assert not made.left_out
        return made.ref

    def told(self, side: RemoteSide, ref: Ref, changes: Mapping[str, Value], since: datetime | None) -> Exchanged:
        """What an exchange says it replaced: by its own answer, or when the record is looked back at."""
        answer = side.exchange(ref, changes)
        assert answer is not None
        assert since is not None
        if isinstance(answer, Exchanged):
            return answer
        found = side.look_back(ref, changes, since)
        assert isinstance(found, LookedBack)
        return found.told

    def read(self, ref: Ref) -> Snapshot:
        """A record as it is now."""
        found = self.side.read([ref])[ref]
        assert isinstance(found, Snapshot), found
        return found


DAY = date(2027, 4, 1)
OTHER_DAY = date(2027, 5, 2)


class SideSuite:
    """Subclass it, and give it the fixture `stage`."""

    # ---- reading and making ----

    def test_what_was_written_is_read_back(self, stage: Stage) -> None:
        words = frozenset({"bell", "frame"})
        ref = stage.make(**{stage.day: DAY, stage.words: words, stage.rich: stage.rich_value})
        found = stage.read(ref)
        assert found.ref == ref
        assert found.ref.key
        assert found.get(stage.name) == "Made with token-1"
        assert found.get(stage.day) == DAY
        assert found.get(stage.words) == words
        stored = found.get(stage.rich)
        assert isinstance(stored, Rich)
        assert stored.format == stage.rich_value.format
        assert found.url.startswith("http")
        assert found.changed_at is not None
        assert found.changed_at.tzinfo is not None

    def test_empty_is_not_missing(self, stage: Stage) -> None:
        found = stage.read(stage.make())
        assert found.get(stage.day) is None
        assert found.get(stage.words) == frozenset()
        assert found.get("no_such_field") is MISSING

    def test_many_are_read_together(self, stage: Stage) -> None:
        made = stage.side.create([stage.draft(f"many-{number}") for number in range(4)])
        refs = [answer.ref for answer in made if isinstance(answer, Made)]
        assert len(set(refs)) == 4
        found = stage.side.read(refs)
        assert [found[ref].ref for ref in refs] == refs
        names = [entry.get(stage.name) for entry in found.values() if isinstance(entry, Snapshot)]
        assert names == [f"Made with many-{number}" for number in range(4)]

    def test_a_record_that_is_gone_is_said_to_be_gone(self, stage: Stage) -> None:
        ref, stays = stage.make("gone"), stage.make("stays")
        stage.delete(ref)
        found = stage.side.read([ref, stays])
        gone = found[ref]
        assert isinstance(gone, Gone)
        assert gone.reason
        assert isinstance(found[stays], Snapshot)
        assert isinstance(stage.side.read([ref])[ref], Gone)

    def test_a_field_the_side_does_not_have_is_left_out_and_named(self, stage: Stage) -> None:
        (made,) = stage.side.create([stage.draft("odd", **{"no_such_field": "x", stage.day: DAY})])
        assert isinstance(made, Made), made
        assert list(made.left_out) == ["no_such_field"]
        assert stage.read(made.ref).get(stage.day) == DAY

    def test_each_draft_has_its_own_answer(self, stage: Stage) -> None:
        good, bad = stage.draft("good"), Draft("no_such_kind", {stage.name: "x"}, "bad")
        first, second, third = stage.side.create([good, bad, stage.draft("good-2")])
        assert isinstance(first, Made)
        assert isinstance(second, Failed)
        assert isinstance(third, Made)
        assert second.token == "bad"
        assert second.error.remedy

    # ---- finding what was made ----

    def test_a_create_is_found_by_its_token(self, stage: Stage) -> None:
        since = stage.now()
        ref = stage.make("mine")
        other = stage.make("another")
        stage.settle()
        assert stage.again().find(["mine"], stage.kind, since) == {"mine": ref}
        both = stage.again().find(["mine", "another", "never sent"], stage.kind, since)
        assert both == {"mine": ref, "another": other}

    def test_a_token_that_was_never_sent_finds_nothing(self, stage: Stage) -> None:
        since = stage.now()
        stage.make("somebody's")
        stage.settle()
        assert stage.side.find(["mine"], stage.kind, since) == {}
        assert stage.side.find([], stage.kind, since) == {}

    def test_a_create_whose_answer_is_lost_is_found_once(self, stage: Stage) -> None:
        since = stage.now()
        stage.faults.add(Fault("reset_after", "POST", stage.create_path))
        with pytest.raises((errors.Unanswered, errors.ServerFault, errors.Unreadable)):
            stage.side.create([stage.draft("lost")])
        stage.settle()
        found = stage.again().find(["lost"], stage.kind, since)
        assert list(found) == ["lost"]
        assert stage.read(found["lost"]).get(stage.name) == "Made with lost"

    def test_a_create_that_never_arrived_is_not_found(self, stage: Stage) -> None:
        since = stage.now()
        stage.faults.add(Fault("reset_before", "POST", stage.create_path))
        with pytest.raises((errors.Unanswered, errors.ServerFault, errors.Unreadable)):
            stage.side.create([stage.draft("lost")])
        stage.settle()
        assert stage.side.find(["lost"], stage.kind, since) == {}

    def test_a_create_behind_half_an_answer_is_found(self, stage: Stage) -> None:
        since = stage.now()
        stage.faults.add(Fault("truncated", "POST", stage.create_path))
        with pytest.raises((errors.Unanswered, errors.ServerFault, errors.Unreadable)):
            stage.side.create([stage.draft("half")])
        stage.settle()
        assert list(stage.side.find(["half"], stage.kind, since)) == ["half"]

    # ---- changing ----

    def test_an_update_changes_one_field_and_leaves_the_others(self, stage: Stage) -> None:
        ref = stage.make(**{stage.day: DAY, stage.words: frozenset({"bell"})})
        before = stage.read(ref)
        wrote = stage.side.update(ref, {stage.day: OTHER_DAY})
        assert not wrote.left_out
        assert wrote.snapshot.get(stage.day) == OTHER_DAY
        after = stage.read(ref)
        assert after.get(stage.day) == OTHER_DAY
        for name in (stage.name, stage.words, stage.rich):
            assert after.get(name) == before.get(name) == wrote.snapshot.get(name)

    def test_an_update_says_what_is_stored_also_without_a_read_before(self, stage: Stage) -> None:
        ref = stage.make(**{stage.day: DAY})
        wrote = stage.again().update(ref, {stage.name: "A new name"})
        assert wrote.snapshot.get(stage.name) == "A new name"
        assert wrote.snapshot.get(stage.day) == DAY

    def test_a_field_can_be_emptied(self, stage: Stage) -> None:
        ref = stage.make(**{stage.day: DAY})
        wrote = stage.side.update(ref, {stage.day: None})
        assert wrote.snapshot.get(stage.day) is None
        assert stage.read(ref).get(stage.day) is None

    def test_an_update_leaves_out_what_the_side_does_not_have(self, stage: Stage) -> None:
        ref = stage.make()
        wrote = stage.side.update(ref, {"no_such_field": "x", stage.day: DAY})
        assert list(wrote.left_out) == ["no_such_field"]
        assert wrote.left_out["no_such_field"]
        assert stage.read(ref).get(stage.day) == DAY

    def test_an_update_of_a_record_that_is_gone_says_so(self, stage: Stage) -> None:
        ref = stage.make()
        stage.delete(ref)
        with pytest.raises(errors.NotFound):
            stage.side.update(ref, {stage.name: "x"})

    def test_a_repeated_update_changes_nothing(self, stage: Stage) -> None:
        ref = stage.make()
        words = frozenset({"bell"})
        first = stage.side.update(ref, {stage.words: words, stage.day: DAY})
        second = stage.again().update(ref, {stage.words: words, stage.day: DAY})
        assert first.snapshot.fields.keys() == second.snapshot.fields.keys()
        assert second.snapshot.get(stage.words) == words

    # ---- writes that tell what they replaced ----

    def test_an_exchange_says_what_it_replaced_and_what_is_there_now(self, stage: Stage) -> None:
        ref = stage.make()
        known = stage.read(ref)
        stage.settle()
        stage.person_edits(ref, stage.name, "Renamed by a person")
        changes: dict[str, Value] = {stage.name: "A new name"}
        assert stage.side.tells(ref, changes, {stage.name: "Made with token-1"})
        told = stage.told(stage.again(), ref, changes, known.changed_at)
        assert told.before.get(stage.name) == "Renamed by a person"
        assert told.before.ref == told.wrote.snapshot.ref == ref
        assert told.wrote.snapshot.get(stage.name) == "A new name"
        assert stage.read(ref).get(stage.name) == "A new name"

    def test_an_exchange_leaves_the_other_fields(self, stage: Stage) -> None:
        ref = stage.make(**{stage.day: DAY, stage.words: frozenset({"bell"})})
        before = stage.read(ref)
        assert stage.side.exchange(ref, {stage.name: "A new name"}) is not None
        after = stage.read(ref)
        for name in (stage.day, stage.words, stage.rich):
            assert after.get(name) == before.get(name)

    def test_an_exchange_of_what_is_there_already_replaces_nothing(self, stage: Stage) -> None:
        ref = stage.make()
        stage.side.exchange(ref, {stage.name: "A new name"})
        told = stage.told(stage.side, ref, {stage.name: "A new name"}, stage.read(ref).changed_at)
        assert told.wrote.snapshot.get(stage.name) == "A new name"
        assert told.before.get(stage.name) in ("A new name", "Made with token-1")  # a history tells of the change

    def test_who_looks_back_later_sees_what_others_wrote_since(self, stage: Stage) -> None:
        ref = stage.make()
        known = stage.read(ref)
        assert known.changed_at is not None
        stage.settle()
        answer = stage.side.exchange(ref, {stage.name: "A new name"})
        stage.settle()
        stage.person_edits(ref, stage.name, "Renamed by a person")
        found = stage.again().look_back(ref, {stage.name: "A new name"}, known.changed_at)
        assert isinstance(found, LookedBack)
        assert found.record.get(stage.name) == "Renamed by a person"
        if isinstance(answer, Unsaid):
            assert found.told.before.get(stage.name) == "Made with token-1"
            assert found.told.wrote.snapshot.get(stage.name) == "A new name"

    def test_who_looks_back_at_what_is_gone_is_told(self, stage: Stage) -> None:
        ref = stage.make()
        since = stage.now()
        stage.delete(ref)
        assert isinstance(stage.side.look_back(ref, {stage.name: "A new name"}, since), Gone)

    def test_a_field_that_is_not_told_exactly_is_not_exchanged(self, stage: Stage) -> None:
        ref = stage.make()
        assert not stage.side.tells(ref, {stage.rich: stage.rich_value}, {stage.rich: None})
        assert not stage.side.tells(ref, {"no_such_field": "x"}, {})
        assert not stage.side.tells(ref, {stage.name: "x", stage.rich: stage.rich_value}, {})

    def test_an_exchange_on_a_record_that_is_gone_writes_nothing(self, stage: Stage) -> None:
        ref = stage.make()
        stage.delete(ref)
        assert stage.side.exchange(ref, {stage.name: "x"}) is None

    def test_a_refused_exchange_writes_nothing(self, stage: Stage) -> None:
        ref = stage.make()
        stage.faults.add(Fault("status", "*", "graphql|issue/", status=403))
        assert stage.side.exchange(ref, {stage.name: "x"}) is None
        assert stage.read(ref).get(stage.name) == "Made with token-1"

    # ---- showing the other side, watching ----

    def test_a_mark_can_be_repeated(self, stage: Stage) -> None:
        ref = stage.make()
        mark = Mark(stage.mark.ref, "https://other.example.com/NEW-9", "Renamed")
        for side in (stage.side, stage.side, stage.again()):
            side.mark({ref: mark})
        assert list(stage.shown(ref)).count(mark.url) == 1

    def test_the_first_cursor_names_nothing(self, stage: Stage) -> None:
        stage.make()
        stage.settle()
        changes = stage.side.changed("")
        assert changes.refs == ()
        assert changes.cursor

    def test_a_change_is_noticed_once_asked_again(self, stage: Stage) -> None:
        ref = stage.make()
        stage.settle()
        start = stage.side.changed("")
        stage.settle()
        stage.person_edits(ref, stage.name, "Renamed by a person")
        stage.settle()
        assert ref in stage.again().changed(start.cursor).refs

    def test_a_new_record_is_noticed(self, stage: Stage) -> None:
        start = stage.side.changed("")
        stage.settle()
        ref = stage.make()
        stage.settle()
        changes = stage.side.changed(start.cursor)
        assert isinstance(changes, Changes)
        assert ref in changes.refs
        named = next(found for found in changes.refs if found == ref)
        assert named.kind == ref.kind

    def test_a_credential_that_is_not_accepted_is_told(self, stage: Stage) -> None:
        ref = stage.make()
        stage.faults.add(Fault("status", status=401, times=0))
        with pytest.raises(errors.NotSignedIn) as caught:
            stage.side.read([ref])
        assert caught.value.remedy
