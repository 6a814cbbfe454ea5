"""A write whose answer never came, or that an old state follows: what it replaced is told and not lost all the same."""

from __future__ import annotations

import pytest

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from tests.path.looking import assert_quiet, warnings
from tests.path.system import System
from tests.path.test_bad_input import tags_and_labels
from tests.path.test_exchange import LOST, at_rest, names, rename, resummarize, waits_to_be_looked_at
from tests.path.test_refused_parts import allow

L, R = Side.LEFT, Side.RIGHT


def assert_rests(system: System, ref: Ref, name: str) -> None:
    """Both sides have this name, nothing that somebody had set was replaced for it, and it stays so."""
    assert names(system, ref) == (name, name)
    assert not [line for line in warnings(system, ref) if line.old or line.new]
    assert_quiet(system, ref)


def tagged(system: System) -> tuple[Ref, str]:
    """A feature with two tags, at rest for a minute, and the key of its issue, which has them as labels."""
    tags_and_labels(system)
    ref = system.feature("Bell", tags="brass,loud")
    system.wake(system.send(ref))
    system.drain()
    system.pass_time(60)
    return ref, str(system.pair(ref).right_key)


def test_what_is_put_back_is_not_overlooked_where_an_old_state_answers(system: System) -> None:
    """Aha! shows the feature as it was before both edits: believed, Jira's edit would be carried as the only one."""
    ref = at_rest(system)
    resummarize(system, ref, "Brass bell")
    rename(system, ref, "Silver bell")
    system.fault("aha", kind="stale", method="GET", seconds=30, times=1)
    system.wake(system.pair(ref), side=R)
    system.drain(1)
    while system.pair(ref).state == "waiting":
        system.pass_time(60)
        system.drain()
    assert names(system, ref) == ("Silver bell", "Silver bell")
    assert any(line.old == "Brass bell" and "kept here" in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


@pytest.mark.parametrize("later", [True, False])
def test_what_a_write_to_jira_replaced_is_told_also_where_no_answer_came(system: System, later: bool) -> None:
    """As where the process ends between the write and its answer: an edit of a moment before was replaced for good."""
    ref = at_rest(system)
    for edit in (rename, resummarize) if later else (resummarize, rename):
        edit(system, ref, "Silver bell" if edit is resummarize else "Brass bell")
    system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref), side=L)
    system.drain(1)
    assert (system.pair(ref).state, waits_to_be_looked_at(system, ref)) == ("waiting", True)
    assert names(system, ref) == ("Brass bell", "Brass bell"), "it landed"
    allow(system)
    system.drain()
    won, lost = ("Silver bell", "Brass bell") if later else ("Brass bell", "Silver bell")
    assert names(system, ref) == (won, won)
    assert any(line.old == lost and "kept here" in line.what for line in warnings(system, ref))
    assert not any(LOST in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


def test_a_write_to_jira_that_did_not_land_replaced_nothing(system: System) -> None:
    """The one entry since is a person's, and is not taken for what our write left."""
    ref = at_rest(system)
    resummarize(system, ref, "Silver bell")
    rename(system, ref, "Brass bell")
    system.fault("jira", kind="reset_before", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref), side=L)
    system.drain(1)
    assert (system.pair(ref).state, waits_to_be_looked_at(system, ref)) == ("waiting", True)
    assert names(system, ref) == ("Brass bell", "Silver bell"), "it did not land"
    allow(system)
    system.drain()
    assert names(system, ref) == ("Brass bell", "Brass bell")
    assert any(line.old == "Silver bell" and "kept here" in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


@pytest.mark.parametrize("side", [L, R])
@pytest.mark.parametrize("hook", [True, False])
def test_what_was_read_before_such_a_write_is_not_shown_older_later(system: System, side: Side, hook: bool) -> None:
    """The next read comes from a copy that lags behind: it would look like an edit back, and a newer one."""
    ref = at_rest(system)
    edit = rename if side is L else resummarize
    edit(system, ref, "Silver bell")
    paths = {L: ("jira", "PUT", "issue/[0-9]+$"), R: ("aha", "*", "graphql|features/[0-9]+$")}
    there, method, path = paths[side]
    for one in ("PUT", "POST") if method == "*" else (method,):
        system.fault(there, kind="reset_after", method=one, path_regex=path, times=0)
    system.wake(system.pair(ref), side=side if hook else None)
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    system.fault("aha" if side is L else "jira", kind="stale", seconds=40, times=1)
    while system.pair(ref).state == "waiting":
        system.drain(1)
    system.drain()
    assert_rests(system, ref, "Silver bell")


@pytest.mark.parametrize("system", ["dc"], indirect=True)
def test_a_state_from_before_a_write_is_not_what_it_left_though_nobody_had_seen_that_state(system: System) -> None:
    """Read before the write, and read back after it, come from two copies that lag behind, the first one more."""
    ref = at_rest(system)
    key = system.pair(ref).right_key
    system.pass_time(60)
    system.jira.edit(key, duedate="2027-05-01")
    rename(system, ref, "Brass bell")
    system.fault("jira", kind="stale", method="GET", path_regex="issue/", seconds=100, times=1)
    system.fault("jira", kind="stale", method="GET", path_regex="issue/", seconds=30, times=1)
    system.wake(system.pair(ref))
    system.drain(1)
    assert "old state" in system.pair(ref).reason
    rename(system, ref, "Tin bell")
    system.wake(system.pair(ref))
    system.drain()
    assert_rests(system, ref, "Tin bell")


@pytest.mark.parametrize("system", ["dc"], indirect=True)
def test_a_look_back_believes_no_state_from_before_the_write(system: System) -> None:
    """It is newer than all that was read, as somebody had edited the issue meanwhile, and lags behind the write."""
    ref = at_rest(system)
    system.pass_time(60)
    system.jira.edit(system.pair(ref).right_key, duedate="2027-05-01")
    system.pass_time(40)
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Brass bell"}})
    system.wake(system.pair(ref), side=L)
    system.drain(1)
    assert (names(system, ref), waits_to_be_looked_at(system, ref)) == (("Brass bell", "Brass bell"), True)
    system.fault("jira", kind="stale", method="GET", path_regex="issue/", seconds=50, times=1)
    system.pass_time(15)
    system.wake(system.pair(ref))
    system.drain(1)
    assert "old state" in system.pair(ref).reason
    assert names(system, ref) == ("Brass bell", "Brass bell"), "nothing was written back"
    system.pass_time(60)
    system.drain()
    assert system.aha.record("features", ref.key)["due_date"] == "2027-05-01"
    assert not [line for line in warnings(system, ref) if line.old or line.new]
    assert_quiet(system, ref)


@pytest.mark.parametrize("hook", [True, False])
def test_who_sets_a_value_back_after_such_a_write_counts_though_jira_does_not_show_it_yet(
    system: System, hook: bool
) -> None:
    """Both sides seem to hold the old value then. Taken for agreed, our own write looked like an edit in Jira later."""
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref), side=L if hook else None)
    system.drain(1)
    assert names(system, ref) == ("Brass bell", "Brass bell"), "it landed"
    allow(system)
    rename(system, ref, "Bell")
    system.fault("jira", kind="stale", seconds=100, times=2)
    system.wake(system.pair(ref), side=L if hook else None)
    system.drain(1)
    assert (system.pair(ref).state, "old state" in system.pair(ref).reason) == ("waiting", True)
    system.drain()
    assert_rests(system, ref, "Bell")


@pytest.mark.parametrize("hook", [True, False])
def test_what_is_taken_out_of_a_set_after_such_a_write_stays_out(system: System, hook: bool) -> None:
    """Neither what was put in nor what was taken out tells by now whether it landed; the issue's history does."""
    ref, key = tagged(system)
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "brass,new"}})
    system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref), side=L if hook else None)
    system.drain(1)
    assert set(system.issue(key)["labels"]) == {"brass", "new"}, "it landed"
    allow(system)
    system.pass_time(60)
    system.jira.edit(key, labels=["brass"])
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "brass,new,loud"}})
    system.wake(system.pair(ref), side=L if hook else None)
    system.drain()
    assert set(system.issue(key)["labels"]) == {"brass", "loud"}
    assert set(system.aha.record("features", ref.key)["tags"]) == {"brass", "loud"}
    assert_quiet(system, ref)


@pytest.mark.parametrize("hook", [True, False])
@pytest.mark.parametrize("touched", [True, False])
def test_what_was_put_into_a_set_by_such_a_write_can_be_taken_out_though_jira_does_not_show_it_yet(
    system: System, hook: bool, touched: bool
) -> None:
    """A set is written as what is put in and taken out: what the issue does not show yet would not be taken out, and
    look like somebody's later."""
    ref, key = tagged(system)
    if touched:  # by somebody, after the last look and before the write
        system.jira.edit(key, duedate="2027-05-01")
        system.pass_time(20)
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "brass,new"}})
    system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref), side=L if hook else None)
    system.drain(1)
    assert set(system.issue(key)["labels"]) == {"brass", "new"}, "it landed"
    allow(system)
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "brass,loud,old"}})
    system.fault("jira", kind="stale", method="*", seconds=10, times=2)
    system.wake(system.pair(ref), side=L if hook else None)
    system.drain()
    assert set(system.issue(key)["labels"]) == {"brass", "loud", "old"}
    assert set(system.aha.record("features", ref.key)["tags"]) == {"brass", "loud", "old"}
    assert_quiet(system, ref)


def test_what_somebody_put_into_a_set_before_such_a_write_does_not_hide_that_jira_lags_behind(system: System) -> None:
    """Jira shows a state that nobody had seen, from before the write: what was put in came back, what was taken out
    stayed out."""
    ref, key = tagged(system)
    system.jira.edit(key, labels=["brass", "loud", "mine"])
    system.pass_time(60)
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "brass,new"}})
    read = {"method": "GET", "path_regex": "issue/"} if system.flavour == "dc" else {"path_regex": "bulkfetch"}
    system.fault("jira", kind="stale", seconds=100, times=1, **read)
    system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert set(system.issue(key)["labels"]) == {"brass", "new", "mine"}, "it landed"
    allow(system)
    system.aha.put(f"/features/{ref.id}", {"feature": {"tags": "brass,loud,old"}})
    system.fault("jira", kind="stale", seconds=20, times=2)
    system.wake(system.pair(ref))
    system.drain()
    assert set(system.issue(key)["labels"]) == {"brass", "loud", "old", "mine"}
    assert set(system.aha.record("features", ref.key)["tags"]) == {"brass", "loud", "old", "mine"}
    assert_quiet(system, ref)


@pytest.mark.parametrize("side", [L, R])
@pytest.mark.parametrize("second", ["429", "503", "reset_before"])
def test_a_later_write_that_does_not_land_does_not_make_the_first_look_like_an_edit(
    system: System, side: Side, second: str
) -> None:
    """The first landed without an answer and did not show yet when the later one was sent, over what it replaced."""
    ref = at_rest(system)
    edit = rename if side is L else resummarize
    edit(system, ref, "Brass bell")
    there, path = ("jira", "issue/[0-9]+$") if side is L else ("aha", "features/[0-9]+$")
    system.fault(there, kind="reset_after", method="PUT", path_regex=path, times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert names(system, ref) == ("Brass bell", "Brass bell"), "it landed"
    allow(system)
    edit(system, ref, "Tin bell")
    system.fault(there, kind="stale", seconds=100, times=1)
    system.fault(there, kind=second, method="PUT", path_regex=path, times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    system.pass_time(20)
    system.drain()
    assert_rests(system, ref, "Tin bell")


def test_what_such_a_write_replaced_is_put_back_also_where_jira_shows_that_first(system: System) -> None:
    """It lags behind: what it shows is the edit that was replaced, and its history tells of both."""
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    resummarize(system, ref, "Silver bell")
    system.pass_time(100)
    system.fault("jira", kind="reset_after", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref), side=L)
    system.drain(1)
    assert names(system, ref) == ("Brass bell", "Brass bell"), "it landed"
    allow(system)
    system.fault("jira", kind="stale", seconds=60, times=2)
    system.wake(system.pair(ref), side=L)
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    system.drain()
    assert names(system, ref) == ("Silver bell", "Silver bell")
    assert {line.old for line in warnings(system, ref) if line.old} == {"Silver bell", "Brass bell"}
    assert_quiet(system, ref)


@pytest.mark.parametrize("later", [True, False])
@pytest.mark.parametrize("side", [L, R])
@pytest.mark.parametrize("kind", ["429", "503", "reset_before", "reset_after"])
def test_what_was_to_be_put_back_is_put_back_by_the_next_run(
    system: System, side: Side, later: bool, kind: str
) -> None:
    """What a write told that it replaced was to be put back, and that did not land: Aha! has forgotten it by then."""
    ref = at_rest(system)
    ours, theirs = (rename, resummarize) if side is L else (resummarize, rename)
    for edit in (ours, theirs) if later else (theirs, ours):
        edit(system, ref, "Silver bell" if edit is theirs else "Brass bell")
    there, path = ("jira", "issue/[0-9]+$") if side is L else ("aha", "features/[0-9]+$")
    system.fault(there, kind=kind, method="PUT", path_regex=path, times=0, nth=2 if side is L else 1)
    for told in (side, side.other):  # Data Center tells it by the look that follows
        system.wake(system.pair(ref), side=told)
        system.drain(1)
        if system.pair(ref).state == "waiting":
            break
    assert system.pair(ref).state == "waiting"
    assert any("put back" in line.why for line in system.journal(ref))
    allow(system)
    system.drain()
    won, lost = ("Silver bell", "Brass bell") if later else ("Brass bell", "Silver bell")
    assert names(system, ref) == (won, won)
    assert any(line.old == lost and "is replaced" in line.what for line in warnings(system, ref))
    assert not any(LOST in line.what for line in warnings(system, ref))
    assert_quiet(system, ref)


@pytest.mark.parametrize("winner", ["newest", "jira", "aha"])
def test_a_text_that_such_a_write_left_in_the_server_s_own_form_is_nobody_s_edit(system: System, winner: str) -> None:
    """Aha! keeps its own markup of what was sent: that looked like an edit there, and Jira's next one was replaced."""
    fields = system.integration.mapping["fields"]
    system.remap(fields={**fields, "feature": [{**one, "conflict": winner} for one in fields["feature"]]})
    ref = system.feature("Bell", description="<p>Ring it</p><p>and more</p>")
    key = system.send(ref).right_key
    system.pass_time(60)
    system.jira.edit(key, description="Toll it\n\nand more")
    system.fault("aha", kind="reset_after", method="PUT", path_regex="features/[0-9]+$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert system.pair(ref).state == "waiting"
    allow(system)
    kept = system.account.find("feature", ref.id).description
    assert kept.body == "<p>Toll it</p><p>and more</p>", "it landed"
    kept.body = '<p dir="auto">Toll it</p><p>and\n more</p>'
    system.pass_time(60)
    system.jira.edit(key, description="Gong it\n\nand more")
    system.wake(system.pair(ref))
    system.drain()
    assert "Gong it" in system.aha.record("features", ref.key)["description"]["body"]
    assert "Gong it" in system.issue(key)["description"]
    assert not [line for line in warnings(system, ref) if line.kept]
    assert_quiet(system, ref)


@pytest.mark.parametrize("failed", [0, 6])
def test_a_write_that_never_landed_and_is_wanted_no_more_keeps_nobody_waiting_for_long(
    system: System, failed: int
) -> None:
    """However often it had failed before, which is tried again after an hour in the end."""
    ref = at_rest(system)
    rename(system, ref, "Brass bell")
    system.fault("jira", kind="reset_before", method="PUT", path_regex="issue/[0-9]+$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    assert (system.pair(ref).state, waits_to_be_looked_at(system, ref)) == ("waiting", True)
    while system.pair(ref).tries < failed:
        system.pass_time(4000)
        system.drain(1)
    allow(system)
    rename(system, ref, "Bell")
    system.wake(system.pair(ref))
    system.pass_time(4000 * bool(failed))
    asked = system.now()
    while system.pair(ref).state == "waiting":
        system.drain(1)
        system.pass_time(5)
    assert (system.now() - asked).total_seconds() < 120
    assert (system.pair(ref).state, names(system, ref)) == ("agreed", ("Bell", "Bell"))
    assert not waits_to_be_looked_at(system, ref)
    assert_quiet(system, ref)
