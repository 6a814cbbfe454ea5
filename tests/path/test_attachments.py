"""Files travel both ways, each once, whatever is lost or refused on the way; one that can not never stops the rest."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from tests.path.files import PICTURE, Desk
from tests.path.looking import assert_quiet, look, only_warning, press_retry, warnings
from tests.path.system import System
from tests.path.test_refused_parts import allow


def remap(system: System, **changes: Any) -> None:
    line = {**system.integration.mapping["parts"]["attachment"], **changes}
    system.remap(parts={**system.integration.mapping["parts"], "attachment": line})


def test_both_ways_each_once(system: System, ref: Ref, desk: Desk) -> None:
    desk.put_in_aha("plan ü.png", PICTURE)
    desk.put_in_jira("log.txt", b"line\n" * 50_000, "text/plain")
    look(system, ref)
    files = [("log.txt", b"line\n" * 50_000), ("plan ü.png", PICTURE)]
    assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == files
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref)
    assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == files


def test_files_go_along_when_a_feature_is_sent(system: System) -> None:
    ref = system.feature("Bell", 1, description="<p>Loud</p>")
    desk = Desk(system, ref)
    desk.put_in_aha("plan.png", PICTURE)
    child = desk.feature()["requirements"][0]
    upload = {"attachment[data]": ("part.txt", b"part", "text/plain")}
    desk.aha.post(f"/notes/{child['description']['id']}/attachments", files=upload).raise_for_status()
    said = system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": "<p>See file</p>"}})["comment"]
    desk.put_on_comment(said["id"], "said.txt", b"said")
    assert system.send(ref).state == "agreed"
    assert sorted(desk.in_jira()) == [("plan.png", PICTURE), ("said.txt", b"said")]
    below = system.issue(system.children(ref)[0].right_key)["attachment"]
    assert [one["filename"] for one in below] == ["part.txt"]
    assert_quiet(system, ref)
    assert [name for name, _ in desk.in_aha()] == ["plan.png"]
    desk.close()


def test_the_same_name_with_other_content_is_a_new_version(system: System, ref: Ref, desk: Desk) -> None:
    desk.put_in_aha("plan.png", PICTURE)
    look(system, ref)
    desk.put_in_aha("plan.png", PICTURE[::-1])
    desk.put_in_jira("plan.png", b"third")
    look(system, ref)
    versions = sorted([("plan.png", PICTURE), ("plan.png", PICTURE[::-1]), ("plan.png", b"third")])
    assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == versions
    assert_quiet(system, ref)


def test_files_of_one_name_and_size_are_told_apart_by_content(system: System, ref: Ref, desk: Desk) -> None:
    for data in (b"aaaa", b"same"):
        desk.put_in_aha("a.txt", data, "text/plain")
    for data in (b"bbbb", b"same"):
        desk.put_in_jira("a.txt", data, "text/plain")
    look(system, ref)
    every = [("a.txt", b"aaaa"), ("a.txt", b"bbbb"), ("a.txt", b"same")]
    assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == every
    assert_quiet(system, ref)


@pytest.mark.parametrize(
    ("kind", "size", "words"),
    [("reset_before", 4, "GET"), ("html_200", 4, "sent more"), ("html_200", 40_000, "bytes and sent")],
)
def test_a_copy_whose_original_can_not_be_read_now_is_no_new_file(
    system: System, ref: Ref, desk: Desk, kind: str, size: int, words: str
) -> None:
    """Its upload had no answer, and the two are called alike: which is whose shows when both can be read again. A page
    in the place of one says nothing of it."""
    desk.put_in_jira("a.txt", b"a" * size, "text/plain")
    for side, fault, reason in (
        ("aha", {"kind": "reset_after", "method": "POST", "path_regex": "/attachments$"}, "POST"),
        ("jira", {"kind": kind, "method": "GET", "path_regex": "/attachment/(content/)?[0-9]+"}, words),
    ):
        system.pass_time(900)
        system.fault(side, times=0, **fault)
        system.wake(system.pair(ref))
        system.drain(1)
        assert (system.pair(ref).state, reason in system.pair(ref).reason) == ("waiting", True), system.pair(ref).reason
        allow(system)
    look(system, ref)
    assert desk.in_aha() == desk.in_jira() == [("a.txt", b"a" * size)]
    assert_quiet(system, ref)


def test_removals_follow_only_where_the_mapping_says_so(system: System, ref: Ref, desk: Desk) -> None:
    first, second = desk.put_in_aha("one.txt", b"1"), desk.put_in_aha("two.txt", b"2")
    look(system, ref)
    third = desk.put_in_jira("three.txt", b"3")
    look(system, ref)
    system.aha.send("DELETE", f"/attachments/{first['id']}")
    look(system, ref)
    assert len(desk.in_jira()) == 3
    remap(system, removes=True)
    system.aha.send("DELETE", f"/attachments/{second['id']}")
    system.jira.send("DELETE", f"/attachment/{third['id']}")
    look(system, ref)
    assert desk.in_jira() == [("one.txt", b"1")], "what was parted before stays"
    assert desk.in_aha() == []
    assert_quiet(system, ref)


@pytest.mark.parametrize(("direction", "aha", "jira"), [("to jira", 1, 2), ("to aha", 2, 1), ("off", 1, 1)])
def test_the_direction_is_kept(cloud: System, direction: str, aha: int, jira: int) -> None:
    ref = cloud.feature("Bell", description="<p>Loud</p>")
    cloud.send(ref)
    desk = Desk(cloud, ref)
    remap(cloud, direction=direction)
    desk.put_in_aha("a.txt", b"a")
    desk.put_in_jira("j.txt", b"j")
    look(cloud, ref)
    assert (len(desk.in_aha()), len(desk.in_jira())) == (aha, jira)
    desk.close()


def test_a_file_over_the_limit_is_told_and_the_rest_goes_on(system: System, ref: Ref, desk: Desk) -> None:
    limit, system.site.upload_limit = system.site.upload_limit, 500
    desk.put_in_aha("large.png", PICTURE)
    desk.put_in_aha("small.txt", b"small")
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Bell and whistle"}})
    system.forget()
    look(system, ref)
    assert desk.in_jira() == [("small.txt", b"small")]
    assert system.issue(desk.key)["summary"] == "Bell and whistle"
    line = only_warning(system, ref)
    assert line.code == "T1"
    assert f"{len(PICTURE):,}" in line.what
    assert "500" in line.what
    assert_quiet(system, ref)
    system.site.upload_limit = limit
    assert press_retry(system, ref).state == "agreed"
    assert len(desk.in_jira()) == 2


def test_a_file_that_aha_finds_too_large_is_told_once_and_the_rest_goes_on(
    system: System, ref: Ref, desk: Desk
) -> None:
    """Aha! publishes no limit to be asked first: its gateway refuses with a web page, or the application with words."""
    settings = system.account.settings
    settings.upload_limit = 500
    for answer in ("page", "field"):
        settings.upload_answer = answer
        desk.put_in_jira(f"large {answer}.png", PICTURE)
        desk.put_in_jira(f"small {answer}.txt", answer.encode())
        system.jira.edit(desk.key, summary=f"Bell and {answer}")
        system.jira.send("POST", f"/issue/{desk.key}/comment", {"body": f"As in {answer}"})
        look(system, ref)
        assert f"large {answer}.png" not in dict(desk.in_aha())
        assert dict(desk.in_aha())[f"small {answer}.txt"] == answer.encode()
        assert desk.feature()["name"] == f"Bell and {answer}"
        assert answer in str(system.aha.get(f"/features/{ref.id}/comments")["comments"])
        (line,) = [line for line in warnings(system, ref) if f"large {answer}" in line.what]
        assert (line.code, line.remedy in system.pair(ref).remedy) == ("T2", True)
        assert "smaller" in line.remedy
    assert system.pair(ref).state == "asking"
    system.forget()
    assert_quiet(system, ref)
    system.pass_time(90_000)
    system.drain()
    assert [path for method, path in system.requests("aha") if method == "POST"] == [], "nobody asked"
    settings.upload_limit *= 1000
    assert press_retry(system, ref).state == "agreed"
    assert sorted(desk.in_aha()) == sorted(desk.in_jira())
    assert_quiet(system, ref)


def test_a_limit_that_was_lowered_meanwhile(system: System, ref: Ref, desk: Desk) -> None:
    """Cloud says 413, Data Center 404: neither is taken for an issue that is gone."""
    desk.put_in_aha("small.txt", b"small")
    look(system, ref)
    system.site.upload_limit = 500
    desk.put_in_aha("large.png", PICTURE)
    system.aha.rename("features", ref.id, "Bell and whistle")
    look(system, ref)
    assert system.issue(desk.key)["summary"] == "Bell and whistle", "the rest goes on"
    line = only_warning(system, ref)
    assert line.code == ("T2" if system.flavour == "cloud" else "T3")
    assert "large.png" in line.what
    assert_quiet(system, ref)


def test_a_file_that_can_not_be_fetched_stops_nothing(system: System, ref: Ref, desk: Desk) -> None:
    lost = desk.put_in_jira("lost.txt", b"lost", "text/plain")
    desk.put_in_jira("kept.txt", b"kept", "text/plain")
    system.jira.edit(desk.key, summary="Renamed")
    where = f"/attachment/(content/)?{lost['id']}"
    system.fault("jira", kind="status", status=404, method="GET", path_regex=where, times=99)
    look(system, ref)
    assert desk.in_aha() == [("kept.txt", b"kept")]
    assert desk.feature()["name"] == "Renamed"
    assert "lost.txt" in only_warning(system, ref).what


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "html_200"}])
def test_a_file_whose_server_fails_is_tried_again_alone(
    system: System, ref: Ref, desk: Desk, fault: dict[str, Any]
) -> None:
    """And a page to log in is not the file."""
    broken = desk.put_in_aha("a.txt", b"aaaa", "text/plain")
    system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Renamed"}})
    system.fault("aha", method="GET", path_regex=f"^/attachments/{broken['id']}/", times=4, **fault)
    look(system, ref)
    assert system.issue(desk.key)["summary"] == "Renamed"
    for _ in range(3):
        system.pass_time(1000)
        system.drain()
    assert desk.in_jira() == [("a.txt", b"aaaa")]
    assert system.pair(ref).state == "agreed"


def test_a_lost_answer_makes_one_file(system: System, ref: Ref, desk: Desk) -> None:
    desk.put_in_aha("a.txt", b"aaaa", "text/plain")
    desk.put_in_jira("j.txt", b"jjjj", "text/plain")
    for side in ("jira", "aha"):
        system.fault(side, kind="reset_after", method="POST", path_regex="/attachments$")
    for _ in range(4):
        look(system, ref)
        system.pass_time(100)
    assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == [("a.txt", b"aaaa"), ("j.txt", b"jjjj")]
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref)


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_copy_whose_answer_was_lost_goes_with_its_original(system: System, ref: Ref, desk: Desk, side: str) -> None:
    """It was carried back as if somebody had attached it there."""
    remap(system, removes=True)
    made = (desk.put_in_aha if side == "aha" else desk.put_in_jira)("a.txt", b"aaaa", "text/plain")
    system.fault("jira" if side == "aha" else "aha", kind="reset_after", method="POST", path_regex="/attachments$")
    system.wake(system.pair(ref))
    system.drain(1)
    assert (len(desk.in_aha()), len(desk.in_jira())) == (1, 1)
    (system.aha if side == "aha" else system.jira).send(
        "DELETE", f"/{'attachments' if side == 'aha' else 'attachment'}/{made['id']}"
    )
    look(system, ref)
    assert (desk.in_aha(), desk.in_jira(), system.pair(ref).state) == ([], [], "agreed")
    assert_quiet(system, ref)


@pytest.mark.parametrize("gone", [0, 1])
@pytest.mark.parametrize("contents", [(b"aaaa", b"bbbb"), (b"aaaa", b"aaaa")])
def test_which_of_two_files_that_are_called_alike_went_is_known_also_after_lost_answers(
    system: System, ref: Ref, desk: Desk, contents: tuple[bytes, bytes], gone: int
) -> None:
    """The copy of the one that was deleted was carried back as a new file, as the other one seemed to be its own."""
    remap(system, removes=True)
    said = system.aha.post(f"/features/{ref.id}/comments", {"comment": {"body": "<p>See file</p>"}})["comment"]
    look(system, ref)
    made = [desk.put_in_aha("a.txt", contents[0], "text/plain")["id"]]
    desk.put_on_comment(said["id"], "a.txt", contents[1])
    made += [one["id"] for one in system.aha.get(f"/comments/{said['id']}")["comment"]["attachments"]]
    system.fault("jira", kind="reset_after", method="POST", path_regex="/attachments$", times=0)
    system.wake(system.pair(ref))
    system.drain(1)
    allow(system)
    assert sorted(desk.in_jira()) == [("a.txt", one) for one in contents], "both landed"
    system.aha.send("DELETE", f"/attachments/{made[gone]}")
    look(system, ref)
    look(system, ref)
    assert desk.in_jira() == [("a.txt", contents[1 - gone])]
    assert len(desk.in_aha()) == gone
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref)


def test_a_file_that_both_have_and_once_more_in_jira_is_one_in_aha(system: System, ref: Ref, desk: Desk) -> None:
    """Two of them are joined in the run in which Aha! names the one it has for the third: that ended in an error."""
    desk.put_in_aha("j.txt", b"jjjj", "text/plain")
    for _ in range(2):
        desk.put_in_jira("j.txt", b"jjjj", "text/plain")
    look(system, ref)
    assert desk.in_aha() == [("j.txt", b"jjjj")]
    assert len(desk.in_jira()) == 2
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref)


def test_one_file_twice_in_jira_is_one_in_aha(system: System, ref: Ref, desk: Desk) -> None:
    """Aha! keeps a file once (412): the second stands alone in Jira, and is not tried again and again."""
    desk.put_in_jira("j.txt", b"jjjj", "text/plain")
    look(system, ref)
    desk.put_in_jira("j.txt", b"jjjj", "text/plain")
    look(system, ref)
    assert desk.in_aha() == [("j.txt", b"jjjj")]
    assert len(desk.in_jira()) == 2
    assert system.pair(ref).state == "agreed"
    system.forget()
    assert_quiet(system, ref)
    assert not [path for method, path in system.requests("aha") if method == "POST"]
    assert warnings(system, ref) == []
    remap(system, removes=True)
    desk.jira.delete(f"/attachment/{system.issue(desk.key)['attachment'][0]['id']}").raise_for_status()
    look(system, ref)
    assert desk.in_aha() == desk.in_jira() == [("j.txt", b"jjjj")], "the other one is carried again"


@pytest.mark.parametrize("side", ["aha", "jira"])
def test_a_file_that_arrives_as_half_is_deleted_again_and_the_rest_goes_on(
    system: System, ref: Ref, desk: Desk, side: str
) -> None:
    """Something on the way keeps half of each upload (T5): nobody takes that for the file, on either side."""
    put, there = (desk.put_in_jira, desk.in_aha) if side == "aha" else (desk.put_in_aha, desk.in_jira)
    put("plan.png", PICTURE)
    settings = system.account.settings if side == "aha" else system.site
    settings.upload_kept = 0.5
    if side == "aha":
        system.jira.edit(desk.key, summary="Bell and whistle")
    else:
        system.aha.put(f"/features/{ref.id}", {"feature": {"name": "Bell and whistle"}})
    look(system, ref)
    assert there() == [], "no half is left behind"
    assert (desk.feature()["name"], system.issue(desk.key)["summary"]) == ("Bell and whistle",) * 2
    line = only_warning(system, ref)
    assert line.code == "T5"
    assert f"{len(PICTURE) // 2:,} of {len(PICTURE):,} bytes" in line.what
    assert_quiet(system, ref)
    settings.upload_kept = 1.0
    assert press_retry(system, ref).state == "agreed"
    assert there() == [("plan.png", PICTURE)]
    assert_quiet(system, ref)


@pytest.mark.parametrize("removes", [True, False])
def test_files_that_jira_does_not_show_were_not_removed_there(
    system: System, ref: Ref, desk: Desk, removes: bool
) -> None:
    """An administrator switches attachments off, or hides the field: no issue speaks of files then."""
    remap(system, removes=removes)
    desk.put_in_aha("one.txt", b"1")
    look(system, ref)
    desk.put_in_jira("two.txt", b"2")
    look(system, ref)
    both, field = [("one.txt", b"1"), ("two.txt", b"2")], system.site.fields["attachment"]
    shown, field.kind = field.kind, "hidden"
    system.aha.rename("features", ref.key, "Gong")
    for _ in range(2):
        look(system, ref)
        assert sorted(desk.in_aha()) == both
    assert (system.pair(ref).state, system.jira.summary(system.pair(ref).right_key)) == ("agreed", "Gong")
    field.kind = shown
    look(system, ref)
    assert sorted(desk.in_aha()) == sorted(desk.in_jira()) == both
    assert_quiet(system, ref)
