"""A record whose counterpart was deleted is deleted, too, where the mapping says so: behind the brake, never unsaid."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from crosswalk.merge.records import Ref
from crosswalk.merge.rules import Side
from crosswalk_sandbox.jira.state import SecurityLevel
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System
from tests.path.test_hooks import deliver

PAUSE = 61


def follow(system: System, kinds: tuple[str, ...] = ("feature", "requirement"), **words: str) -> None:
    types = system.integration.mapping["types"]
    system.remap(types={**types, **{kind: {**types[kind], **words} for kind in kinds}})


def there(system: System, key: str) -> bool:
    return any(issue.key == key for issue in system.site.issues.values())


def delete_in_jira(system: System, key: str) -> None:
    """Somebody deletes an issue; Jira's hook tells of it."""
    issue = system.site.issue(key)
    system.jira.send("DELETE", f"/issue/{key}?deleteSubtasks=true")
    told = {"webhookEvent": "jira:issue_deleted", "issue": {"id": issue.id, "key": key, "fields": {}}}
    assert deliver(system, "jira", json.dumps(told).encode()).startswith("woke 1 pair: ")


def account_of(system: System) -> Any:
    return next(one for one in system.site.people.values() if one.name == "alice")


def hide(system: System, key: str) -> None:
    """An issue gets a security level that nobody is in."""
    account_of(system).admin = False
    system.site.levels["777"] = SecurityLevel("777", "Nobody")
    system.site.issue(key).values["security"] = "777"


def wait(system: System, *refs: Ref) -> None:
    for ref in refs:
        system.wake(system.pair(ref), *system.children(ref))
    system.drain()
    system.pass_time(PAUSE)
    system.drain()


def some(system: System, count: int) -> list[Ref]:
    refs = [system.feature(f"Bell {number}") for number in range(count)]
    for ref in refs:
        system.send(ref)
    return refs


def test_a_deleted_requirement_takes_its_issue_along(system: System) -> None:
    follow(system, removed="delete")
    ref = system.feature("Bell", 2)
    system.send(ref)
    child = system.children(ref)[0]
    system.aha.send("DELETE", f"/requirements/{child.left_id}")
    look(system, ref)
    child.refresh_from_db()
    assert there(system, child.right_key), "not before others could be seen beside it"
    assert (child.state, child.right_key in child.reason) == ("waiting", True)
    wait(system, ref)
    child.refresh_from_db()
    assert not there(system, child.right_key)
    assert child.state == "gone"
    told = [line for line in system.journal(ref) if "is deleted in Jira" in line.what and line.old]
    assert [f"Name: {child.title}" in line.old for line in told] == [True]
    assert_quiet(system, ref)


def test_a_deleted_feature_takes_its_issues_along_from_below(system: System) -> None:
    follow(system, removed="delete")
    ref, *_ = refs = [system.feature("Bell", 2), *some(system, 1)]
    system.send(ref)
    keys = [pair.right_key for pair in (system.pair(ref), *system.children(ref))]
    system.aha.send("DELETE", f"/features/{ref.id}")
    system.wake(system.pair(ref))
    system.drain()
    wait(system, ref)
    assert [there(system, key) for key in keys] == [True] * 3, "three of five are many"
    assert system.pair(ref).state == "asking"
    answer(system, "yes")
    assert [there(system, key) for key in keys] == [False] * 3
    assert [pair.state for pair in (system.pair(ref), *system.children(ref))] == ["gone"] * 3
    assert_quiet(system, refs[1])


def answer(system: System, word: str) -> int:
    from crosswalk.sync import deletions

    waiting = deletions.stopped(system.integration)
    counts = [deletions.answer(system.integration, one.about, word, "a test") for one in waiting]
    system.drain()
    return sum(counts)


def test_what_is_asked_about_one_by_one_does_not_stop_other_deletes(cloud: System) -> None:
    follow(cloud, ("feature",), removed="delete")
    family, *refs = [cloud.feature("Bell", 3), *some(cloud, 2)]
    cloud.send(family)
    for child in cloud.children(family):
        cloud.aha.send("DELETE", f"/requirements/{child.left_id}")
    wait(cloud, family)
    assert [child.state for child in cloud.children(family)] == ["asking"] * 3
    cloud.aha.send("DELETE", f"/features/{refs[0].id}")
    wait(cloud, refs[0])
    assert (cloud.pair(refs[0]).state, there(cloud, cloud.pair(refs[0]).right_key)) == ("gone", False)
    keys = [child.right_key for child in cloud.children(family)]
    assert answer(cloud, "yes") == 3
    wait(cloud, family)
    assert [there(cloud, key) for key in keys] == [False] * 3
    assert "A person says so." in [line.why[-17:] for line in cloud.journal(family)]


@pytest.mark.parametrize("word", ["yes", "no"])
def test_many_at_once_want_a_persons_word(system: System, word: str) -> None:
    from crosswalk.sync import deletions

    follow(system, removed="delete")
    refs = some(system, 4)
    for ref in refs[:3]:
        system.aha.send("DELETE", f"/features/{ref.id}")
    wait(system, *refs)
    keys = [system.pair(ref).right_key for ref in refs]
    assert all(there(system, key) for key in keys)
    (stopped,) = deletions.stopped(system.integration)
    known = system.integration.pairs.count()
    assert stopped.question == f"3 of {known} records were deleted in Aha!: delete them in Jira, too?"
    assert {system.pair(ref).state for ref in refs[:3]} == {"asking"}
    (line,) = [line for line in warnings(system, refs[0]) if f"3 of {known} records" in line.what]
    assert (line.code, "to be deleted or kept" in line.remedy) == ("L10", True)
    assert answer(system, word) == 3
    assert [there(system, key) for key in keys] == [word == "no"] * 3 + [True]
    assert {system.pair(ref).state for ref in refs[:3]} == {"gone"}
    assert deletions.stopped(system.integration) == []
    assert_quiet(system, refs[0], 1)


@pytest.mark.parametrize(
    ("brake", "gone"), [({"least": 3}, 3), ({"share": 60, "least": 0}, 3), ({"least": 0, "share": 0}, 0)]
)
def test_the_brake_is_the_integrations_own(cloud: System, brake: dict[str, int], gone: int) -> None:
    follow(cloud, removed="delete")
    cloud.remap(brake=brake)
    refs = some(cloud, 4)
    for ref in refs[:3]:
        cloud.aha.send("DELETE", f"/features/{ref.id}")
    wait(cloud, *refs)
    assert sum(not there(cloud, cloud.pair(ref).right_key) for ref in refs) == gone


def test_the_pause_and_the_window_are_the_integrations_own(cloud: System) -> None:
    follow(cloud, removed="delete")
    cloud.remap(brake={"pause": 600, "minutes": 120})
    refs = some(cloud, 4)
    cloud.aha.send("DELETE", f"/features/{refs[0].id}")
    wait(cloud, refs[0])
    assert "600 seconds after it was noticed" in cloud.pair(refs[0]).reason
    assert there(cloud, cloud.pair(refs[0]).right_key)
    cloud.pass_time(600)
    cloud.drain()
    assert not there(cloud, cloud.pair(refs[0]).right_key)


@pytest.mark.parametrize("brake", [{"least": -1}, {"share": 101}, {"minutes": 0}, {"pause": 5}, {"share": "half"}])
def test_a_brake_out_of_bounds_is_refused(cloud: System, brake: dict[str, Any]) -> None:
    from crosswalk.sync.mapping import MappingRefused

    with pytest.raises(MappingRefused, match="a whole number from"):
        cloud.remap(brake=brake)


def test_one_after_another_within_the_hour_are_many_too(cloud: System) -> None:
    follow(cloud, removed="delete")
    refs = some(cloud, 4)
    for ref in refs[:3]:
        cloud.aha.send("DELETE", f"/features/{ref.id}")
        wait(cloud, ref)
    assert [there(cloud, cloud.pair(ref).right_key) for ref in refs] == [False, False, True, True]
    cloud.pass_time(3600)
    look(cloud, refs[2])
    assert not there(cloud, cloud.pair(refs[2]).right_key), "the hour is over"


def test_what_was_edited_since_is_asked_about(system: System) -> None:
    follow(system, removed="delete")
    ref, _ = some(system, 2)
    key = system.pair(ref).right_key
    system.jira.edit(key, description="An engineer's findings")
    system.aha.send("DELETE", f"/features/{ref.id}")
    wait(system, ref)
    pair = system.pair(ref)
    assert (there(system, key), pair.state) == (True, "asking")
    assert "was changed in Jira since" in pair.reason
    assert "Description" in pair.reason
    answer(system, "yes")
    assert not there(system, key)


def test_what_stands_below_is_not_taken_along(system: System) -> None:
    follow(system, ("feature",), removed="delete")
    ref = system.feature("Bell", 1)
    system.send(ref)
    key, below = system.pair(ref).right_key, system.children(ref)[0].right_key
    system.aha.send("DELETE", f"/features/{ref.id}")
    wait(system, ref)
    look(system, ref)
    pair = system.pair(ref)
    assert (there(system, key), there(system, below)) == (True, True)
    assert (pair.state, below in pair.reason) == ("asking", True)
    assert "L15" in [line.code for line in warnings(system, ref)]


def test_a_restored_record_is_in_step_again(system: System) -> None:
    from crosswalk.store.models import RemovalRow

    follow(system, removed="delete")
    ref, _ = some(system, 2)
    record = system.account.find("feature", ref.id)
    system.account.remove(record)
    look(system, ref)
    assert RemovalRow.objects.count() == 1
    system.account.add(record)
    wait(system, ref)
    assert system.pair(ref).state == "agreed"
    assert RemovalRow.objects.count() == 0
    assert_quiet(system, ref)


def test_a_workspace_out_of_sight_is_no_deletion(cloud: System) -> None:
    follow(cloud, removed="delete")
    ref, _ = some(cloud, 2)
    for path in (f"/features/{ref.id}$", "/products/[^/]*$"):
        rule = {"kind": "status", "status": 404, "method": "GET", "path_regex": path, "times": 99}
        cloud.fault("aha", **rule, body='{"error":"Record not found."}', headers={"Content-Type": "application/json"})
    wait(cloud, ref)
    pair = cloud.pair(ref)
    assert (there(cloud, pair.right_key), pair.state) == (True, "parked")
    assert "workspace" in pair.remedy


def test_a_project_that_may_not_be_browsed_is_no_deletion(system: System) -> None:
    follow(system, removed_in_jira="delete")
    ref, _ = some(system, 2)
    project = next(one for one in system.site.projects.values() if one.key == "FAB")
    account = account_of(system)
    account.admin, project.grants[account.key] = False, set()
    wait(system, ref)
    pair = system.pair(ref)
    assert pair.state == "asking"
    assert "Or it is hidden" in pair.reason
    assert system.account.find("feature", ref.id) is not None


# ---- deleted in Jira ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "tags"), [("ask", []), ("unlink", []), ("mark", ["deleted-in-jira"])])
def test_an_issue_deleted_in_jira_is_followed_as_the_mapping_says(system: System, word: str, tags: list[str]) -> None:
    from crosswalk.sync import service

    follow(system, removed_in_jira=word)
    ref, _ = some(system, 2)
    delete_in_jira(system, system.pair(ref).right_key)
    wait(system, ref)
    pair = system.pair(ref)
    assert pair.state == ("asking" if word == "ask" else "gone")
    anew = f"Nothing waits: unlink the two to be told of it no more, or to send {ref.key} anew."
    assert (pair.remedy == anew) is (word != "ask")
    line = next(one for one in service.explain(pair) if one["field"] == "Name")
    assert (line["verdict"], line["why"]) == ("skipped", "There is no record in Jira any more.")
    assert system.aha.record("features", ref.key)["tags"] == tags
    assert_quiet(system, ref)


def test_an_issue_deleted_in_jira_takes_its_record_along(system: System) -> None:
    follow(system, removed_in_jira="delete")
    ref = system.feature("Bell", 1)
    system.send(ref)
    some(system, 1)
    child = system.children(ref)[0]
    delete_in_jira(system, child.right_key)
    wait(system, ref)
    assert system.account.find("requirement", child.left_id) is None
    assert system.account.find("feature", ref.id) is not None
    delete_in_jira(system, system.pair(ref).right_key)
    wait(system, ref)
    assert system.account.find("feature", ref.id) is None
    assert system.pair(ref).state == "gone"


@pytest.mark.parametrize("edited", [False, True])
def test_an_edit_that_was_carried_just_before_does_not_keep_it(system: System, edited: bool) -> None:
    follow(system, removed_in_jira="delete")
    ref, _ = some(system, 2)
    look(system, ref)
    system.aha.rename("features", ref.key, "Brass bell")
    system.wake(system.pair(ref), side=Side.LEFT)
    system.drain()
    assert system.jira.summary(system.pair(ref).right_key) == "Brass bell"
    if edited:  # and this one was not
        system.aha.rename("features", ref.key, "Tin bell")
    delete_in_jira(system, system.pair(ref).right_key)
    wait(system, ref)
    assert (system.account.find("feature", ref.id) is not None) is edited
    assert system.pair(ref).state == ("asking" if edited else "gone")


# ---- deleted, or hidden? --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["unlink", "mark", "delete"])
def test_an_issue_that_was_hidden_is_no_deletion_whatever_the_mapping_says(system: System, word: str) -> None:
    from crosswalk.sync import deletions

    follow(system, removed_in_jira=word)
    ref, _ = some(system, 2)
    key = system.pair(ref).right_key
    hide(system, key)
    for _ in range(3):
        wait(system, ref)
    pair = system.pair(ref)
    assert (pair.state, "may be hidden" in pair.reason) == ("asking", True)
    assert "make it visible" in pair.remedy
    record = system.aha.record("features", ref.key)
    assert record["tags"] == []
    (stopped,) = deletions.stopped(system.integration)
    assert stopped.question == "1 record is not shown in Jira any more: deleted, or hidden from the account?"
    assert stopped.names == (f"{key} Bell 0",)
    assert len(warnings(system, ref)) == 1
    account_of(system).admin = True
    system.site.issue(key).values["security"] = None
    wait(system, ref)
    assert system.pair(ref).state == "agreed"
    assert deletions.stopped(system.integration) == []
    assert_quiet(system, ref, 1)


@pytest.mark.parametrize(("word", "tags"), [("unlink", []), ("mark", ["deleted-in-jira"]), ("delete", None)])
def test_a_person_says_that_it_was_deleted(cloud: System, word: str, tags: list[str] | None) -> None:
    follow(cloud, removed_in_jira=word)
    ref, _ = some(cloud, 2)
    cloud.jira.send("DELETE", f"/issue/{cloud.pair(ref).right_key}")
    wait(cloud, ref)
    assert cloud.pair(ref).state == "asking", "no hook told of it"
    assert answer(cloud, "yes") == 1
    wait(cloud, ref)
    assert cloud.pair(ref).state == "gone"
    record = cloud.account.find("feature", ref.id)
    assert (record.tags if record else None) == tags
    wait(cloud, ref)
    assert cloud.pair(ref).state == "gone"


def test_where_the_mapping_asks_both_is_asked_was_it_deleted_and_what_becomes_of_the_other(system: System) -> None:
    """No hook told of it: one question after the other, each with its buttons."""
    from crosswalk.sync import deletions

    follow(system, removed_in_jira="ask")
    ref, _ = some(system, 2)
    key = system.pair(ref).right_key
    system.jira.send("DELETE", f"/issue/{key}")
    wait(system, ref)
    (stopped,) = deletions.stopped(system.integration)
    assert stopped.question == "1 record is not shown in Jira any more: deleted, or hidden from the account?"
    assert (stopped.words["yes"], stopped.names) == ("It was deleted", (f"{key} Bell 0",))
    assert "If it was deleted, say so, or that it is to be kept: on its page, " in system.pair(ref).remedy
    assert answer(system, "yes") == 1
    assert system.account.find("feature", ref.id) is not None, "that it was deleted is not that the other one goes"
    (stopped,) = deletions.stopped(system.integration)
    assert (stopped.words["yes"], system.pair(ref).state) == ("Delete it", "asking")
    assert answer(system, "yes") == 1
    assert (system.account.find("feature", ref.id), system.pair(ref).state) == (None, "gone")
    assert deletions.stopped(system.integration) == []


def test_where_the_mapping_asks_what_is_in_doubt_may_stay_or_come_back(system: System) -> None:
    from crosswalk.sync import deletions

    follow(system, removed_in_jira="ask")
    kept, back = some(system, 2)
    hide(system, system.pair(kept).right_key)
    wait(system, kept)
    assert answer(system, "no") == 1
    for _ in range(2):
        wait(system, kept)
    assert (system.pair(kept).state, deletions.stopped(system.integration)) == ("gone", [])
    hide(system, system.pair(back).right_key)
    wait(system, back)
    assert system.pair(back).state == "asking"
    for ref in (kept, back):
        system.site.issue(system.pair(ref).right_key).values["security"] = None
    wait(system, kept, back)
    assert (system.pair(kept).state, system.pair(back).state) == ("agreed", "agreed")
    assert deletions.stopped(system.integration) == []
    assert_quiet(system, back, 1)


@pytest.mark.parametrize("word", ["mark", "delete"])
def test_a_person_says_that_the_other_one_stays(cloud: System, word: str) -> None:
    follow(cloud, removed_in_jira=word)
    ref, _ = some(cloud, 2)
    hide(cloud, cloud.pair(ref).right_key)
    wait(cloud, ref)
    assert answer(cloud, "no") == 1
    for _ in range(2):
        wait(cloud, ref)
    assert cloud.pair(ref).state == "gone"
    assert cloud.aha.record("features", ref.key)["tags"] == []
    assert [line.what for line in cloud.journal(ref)].count(f"{ref.key} stays: a person said so.") == 1


def test_a_hook_that_comes_late_ends_the_doubt(system: System) -> None:
    follow(system, removed_in_jira="delete")
    ref, _ = some(system, 2)
    key, id_ = system.pair(ref).right_key, system.pair(ref).right_id
    system.jira.send("DELETE", f"/issue/{key}")
    wait(system, ref)
    assert system.pair(ref).state == "asking"
    told = {"webhookEvent": "jira:issue_deleted", "issue": {"id": id_, "key": key}}
    deliver(system, "jira", json.dumps(told).encode())
    system.drain()
    assert system.account.find("feature", ref.id) is not None, "not before others could be seen beside it"
    system.pass_time(PAUSE)
    system.drain()
    assert system.account.find("feature", ref.id) is None


def test_a_hook_about_an_issue_that_shows_again_is_forgotten(system: System) -> None:
    follow(system, removed_in_jira="delete")
    ref, _ = some(system, 2)
    pair = system.pair(ref)
    told = {"webhookEvent": "jira:issue_deleted", "issue": {"id": pair.right_id, "key": pair.right_key}}
    deliver(system, "jira", json.dumps(told).encode())
    system.drain()
    assert system.pair(ref).state == "agreed"
    hide(system, pair.right_key)
    wait(system, ref)
    assert system.pair(ref).state == "asking"
    assert system.account.find("feature", ref.id) is not None


def test_a_record_that_aha_hides_is_no_deletion(system: System) -> None:
    follow(system, removed="delete")
    ref, _ = some(system, 2)
    rule = {"kind": "status", "status": 404, "method": "GET", "path_regex": f"/features/{ref.id}$", "times": 99}
    system.fault("aha", **rule, body='{"error":"Record not found."}', headers={"Content-Type": "application/json"})
    wait(system, ref)
    wait(system, ref)
    pair = system.pair(ref)
    assert (there(system, pair.right_key), pair.state) == (True, "asking")
    assert "does not say that it was deleted" in pair.reason


@pytest.mark.parametrize("status", [403, 404])
def test_the_recycle_bin_tells_where_the_history_may_not_be_read(system: System, status: int) -> None:
    follow(system, removed="delete")
    ref = system.feature("Bell", 1)
    some(system, 1)
    system.send(ref)
    system.fault("aha", kind="status", status=status, method="GET", path_regex="/audits$", times=99)
    child = system.children(ref)[0]
    system.aha.send("DELETE", f"/requirements/{child.left_id}")
    wait(system, ref)
    assert not there(system, child.right_key)


def test_the_page_asks_whether_they_were_deleted(cloud: System) -> None:
    follow(cloud, removed_in_jira="mark")
    ref, _ = some(cloud, 2)
    cloud.jira.send("DELETE", f"/issue/{cloud.pair(ref).right_key}")
    wait(cloud, ref)
    browser = signed_in()
    page = browser.get(f"/integrations/{cloud.integration.pk}/?state=attention").content.decode()
    assert "deleted, or hidden from the account?" in page
    assert "They were deleted" in page
    said = browser.post(
        f"/integrations/{cloud.integration.pk}/deletions/",
        {"answer": "yes:left:doubt", "last": last(page)},
        follow=True,
    )
    assert b"What the mapping says is done for 1 record." in said.content
    cloud.drain()
    assert cloud.aha.record("features", ref.key)["tags"] == ["deleted-in-jira"]


# ---- page, command, plan --------------------------------------------------------------------------------------


def three_gone(system: System) -> list[Ref]:
    follow(system, removed="delete")
    refs = some(system, 4)
    for ref in refs[:3]:
        system.aha.send("DELETE", f"/features/{ref.id}")
    return refs


def test_the_plan_names_the_deletes(cloud: System) -> None:
    from crosswalk.sync import service

    refs = three_gone(cloud)
    text = service.plan_text(cloud.integration)
    assert text.count("Jira: Delete ") == 3
    assert text.count(" was deleted)") == 3, "each says why"
    assert f"{refs[0].key} was deleted" in text


def test_the_command_shows_and_answers(cloud: System) -> None:
    from crosswalk.store.models import Act

    refs = three_gone(cloud)
    assert told("deletions", "Fable") == "Nothing waits for a person's word.\n"
    assert "Nothing waits for this answer." in told("deletions", "Fable", "--keep", code=1)
    wait(cloud, *refs)
    shown = told("deletions", "Fable")
    assert "3 of" in shown
    assert "--approve: Delete them. --keep: Keep them." in shown
    assert cloud.pair(refs[0]).right_key in shown
    for other in (("--side", "aha"), ("--about", "doubts")):
        assert "Nothing waits for this answer." in told("deletions", "Fable", "--approve", *other, code=1)
    this = ("--side", "jira", "--about", "deletes")
    assert "would be “Delete them”; it is not given." in told("deletions", "Fable", "--approve", *this, "--dry-run")
    assert not Act.objects.filter(what="Answering about deletes").exists()
    assert "3 records are kept." in told("deletions", "Fable", "--keep", *this)
    assert [act.said for act in Act.objects.filter(what="Answering about deletes")] == ["no jira deletes"]
    cloud.drain()
    assert all(there(cloud, cloud.pair(ref).right_key) for ref in refs)
    (figures,) = json.loads(told("status", "Fable", "--json"))
    assert (figures["need_you"], figures["errors"]) == (0, 0), "what is settled needs nobody"
    assert "3 records." in told("records", "Fable", "--state", "gone")


def told(*words: str, code: int = 0) -> str:
    """What a command prints that ends with `code`."""
    from crosswalk.cli import main

    run = CliRunner().invoke(main, words)
    assert run.exit_code == code, run.output
    return run.output


def test_the_page_shows_and_answers(cloud: System) -> None:
    refs = three_gone(cloud)
    wait(cloud, *refs)
    browser = signed_in()
    page = browser.get(f"/integrations/{cloud.integration.pk}/?state=attention").content.decode()
    assert "records were deleted in Aha!: delete them in Jira, too?" in page
    assert "Delete them" in page
    address, sent = f"/integrations/{cloud.integration.pk}/deletions/", {"answer": "yes:right", "last": last(page)}
    for stale in ("", str(int(last(page)) - 3)):
        said = browser.post(address, {**sent, "last": stale}, follow=True)
        assert b"Nothing waits for this answer any more" in said.content, "what was not shown was not meant"
    said = browser.post(address, sent, follow=True)
    assert b"3 records are being deleted." in said.content
    said = browser.post(address, {**sent, "answer": "no:right"}, follow=True)
    assert b"Nothing waits for this answer any more: somebody gave one" in said.content
    cloud.drain()
    assert [there(cloud, cloud.pair(ref).right_key) for ref in refs] == [False] * 3 + [True]
    odd = browser.post(f"/integrations/{cloud.integration.pk}/deletions/", {"answer": "yes:up"})
    assert odd.status_code == 302


@pytest.mark.parametrize(
    ("side", "asks"),
    [
        (Side.LEFT, "SEA-7 was deleted in Jira: delete FAB-4 in Aha!, too?"),
        (Side.RIGHT, "FAB-4 was deleted in Aha!: delete SEA-7 in Jira, too?"),
    ],
)
def test_about_one_record_it_says_what_was_deleted_where(cloud: System, side: Side, asks: str) -> None:
    from crosswalk.store.models import Pair
    from crosswalk.sync.deletions import Stopped

    pair = Pair(left_key="FAB-4", right_key="SEA-7", title="Bell")
    assert Stopped(side, (pair,), 34).question == asks


def test_a_question_is_no_alarm_on_the_page(cloud: System) -> None:
    wait(cloud, *three_gone(cloud))
    page = signed_in().get(f"/integrations/{cloud.integration.pk}/").content.decode()
    assert '<section class="trouble mild" aria-label="3 of' in page


def last(page: str) -> str:
    """The newest of what a page asks about, which comes back with the answer."""
    return page.split('name="last" value="')[1].split('"', maxsplit=1)[0]


def signed_in() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    user = User.objects.create(username="alice", is_staff=True, is_superuser=True)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser
