"""Pictures in texts: the file goes across once, and each side's text refers to its own copy of it."""

from __future__ import annotations

import json
from typing import Any

from crosswalk.merge.records import Ref
from tests.path.files import PICTURE, Desk
from tests.path.looking import assert_quiet, look, warnings
from tests.path.system import System


def describe_in_aha(system: System, ref: Ref, body: str) -> None:
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": body}})


def in_aha(desk: Desk) -> str:
    return str(desk.feature()["description"]["body"])


def stored(system: System, desk: Desk) -> Any:
    """The description of the issue as Jira keeps it: wiki markup, or the JSON of a document."""
    api = "3" if system.flavour == "cloud" else "2"
    got = desk.jira.get(f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}", params={"fields": "description"})
    text = got.raise_for_status().json()["fields"]["description"]
    return text if isinstance(text, str) else json.dumps(text)


def media_id(system: System, desk: Desk, attachment: str) -> str:
    """What documents call a file of Jira Cloud: it stands in the address that its content redirects to."""
    address = f"{system.jira_at.address}/rest/api/3/attachment/content/{attachment}"
    got = desk.jira.get(address, follow_redirects=False)
    return str(got.headers["location"]).partition("/file/")[2].partition("/")[0]


def assert_shown_in_jira(system: System, desk: Desk, name: str) -> None:
    """The issue's text refers to the issue's own file `name`, and to nothing in Aha!."""
    text = stored(system, desk)
    listed = {one["filename"]: one for one in system.issue(desk.key)["attachment"]}
    if system.flavour == "cloud":
        assert f'"id": "{media_id(system, desk, listed[name]["id"])}"' in text
        assert '"type": "file"' in text
        assert "external" not in text
    else:
        assert f"!{name}" in text
    assert system.aha_at.address not in text


def test_a_picture_goes_along_when_a_feature_is_sent(system: System) -> None:
    ref = system.feature("Bell", description="<p>Loud</p>")
    desk = Desk(system, ref)
    file = desk.put_in_aha("plan.png", PICTURE)
    describe_in_aha(system, ref, f'<p>Before</p><p><img src="{file["download_url"]}" alt="the plan"></p><p>After</p>')
    before = in_aha(desk)
    assert system.send(ref).state == "agreed"
    assert_shown_in_jira(system, desk, "plan.png")
    assert desk.in_jira() == [("plan.png", PICTURE)]
    for word in ("Before", "After", "the plan"):
        assert stored(system, desk).count(word) == 1
    assert_quiet(system, ref)
    assert in_aha(desk) == before
    desk.close()


def test_a_picture_that_is_added_later_goes_to_jira(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    describe_in_aha(system, ref, f'<p>Loud</p><p><img src="{file["download_url"]}"></p>')
    look(system, ref)
    assert_shown_in_jira(system, desk, "plan.png")
    assert_quiet(system, ref)


def test_a_picture_from_jira_refers_to_its_copy_in_aha(system: System, ref: Ref, desk: Desk) -> None:
    """On Cloud the editor refers to a file by a media id, and says its name as the description."""
    desk.put_in_jira("shot.png", PICTURE)
    if system.flavour == "cloud":
        media = {"type": "file", "id": "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab", "collection": "", "alt": "shot.png"}
        single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": media}]}
        words = {"type": "paragraph", "content": [{"type": "text", "text": "Loud"}]}
        body = {"fields": {"description": {"type": "doc", "version": 1, "content": [words, single]}}}
        desk.jira.put(f"{system.jira_at.address}/rest/api/3/issue/{desk.key}", json=body).raise_for_status()
    else:
        system.jira.edit(desk.key, description="Loud\n\n!shot.png|width=300!")
    look(system, ref)
    (copy,) = desk.feature()["description"]["attachments"]
    assert copy["download_url"] in in_aha(desk)
    assert desk.in_aha() == [("shot.png", PICTURE)]
    text = stored(system, desk)
    assert_quiet(system, ref)
    assert stored(system, desk) == text


def test_an_edit_beside_a_picture_comes_back_with_its_address(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    describe_in_aha(system, ref, f'<p>Loud</p><p><img src="{file["download_url"]}"></p>')
    look(system, ref)
    if system.flavour == "cloud":
        text = json.loads(stored(system, desk).replace("Loud", "Louder"))
        body = {"fields": {"description": text}}
        desk.jira.put(f"{system.jira_at.address}/rest/api/3/issue/{desk.key}", json=body).raise_for_status()
    else:
        system.jira.edit(desk.key, description=stored(system, desk).replace("Loud", "Louder"))
    look(system, ref)
    assert "Louder" in in_aha(desk)
    assert file["download_url"] in in_aha(desk)
    assert_shown_in_jira(system, desk, "plan.png")
    assert_quiet(system, ref)


def test_a_picture_whose_file_comes_late_is_referred_to_afterwards(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    describe_in_aha(system, ref, f'<p>Loud</p><p><img src="{file["download_url"]}"></p>')
    system.fault("aha", kind="status", status=503, method="GET", path_regex=f"^/attachments/{file['id']}/", times=4)
    look(system, ref)
    assert any("plan.png" in line.what for line in warnings(system, ref))
    for _ in range(3):
        system.pass_time(1000)
        system.drain()
    assert_shown_in_jira(system, desk, "plan.png")
    assert_quiet(system, ref)


def test_a_picture_in_a_comment(system: System, ref: Ref, desk: Desk) -> None:
    desk.put_in_jira("shot.png", PICTURE)
    system.jira.send("POST", f"/issue/{desk.key}/comment", {"body": "Look: !shot.png!"})
    look(system, ref)
    (copy,) = desk.feature()["description"]["attachments"]
    (comment,) = system.aha.get(f"/features/{ref.id}/comments")["comments"]
    if system.flavour == "dc":
        assert copy["download_url"] in comment["body"]
    assert_quiet(system, ref)


def test_which_of_two_files_of_one_name(system: System, ref: Ref, desk: Desk) -> None:
    """A document says which by its media id, whatever its description; in markup the newest of that name counts."""
    older = desk.put_in_jira("shot.png", PICTURE)
    desk.put_in_jira("shot.png", PICTURE + b"newer")
    if system.flavour == "cloud":
        media = {"type": "file", "id": media_id(system, desk, older["id"]), "collection": "", "alt": "the old bell"}
        single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": media}]}
        body = {"fields": {"description": {"type": "doc", "version": 1, "content": [single]}}}
        desk.jira.put(f"{system.jira_at.address}/rest/api/3/issue/{desk.key}", json=body).raise_for_status()
    else:
        system.jira.edit(desk.key, description="!shot.png|alt=the old bell!")
    look(system, ref)
    listed = {one["file_size"]: one["download_url"] for one in desk.feature()["description"]["attachments"]}
    meant = len(PICTURE) if system.flavour == "cloud" else len(PICTURE + b"newer")
    assert listed[meant] in in_aha(desk)
    assert sum(address in in_aha(desk) for address in listed.values()) == 1
    assert "the old bell" in in_aha(desk)
    assert_quiet(system, ref)


def test_one_picture_in_a_text_and_in_a_comment_is_one_file(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    picture = f'<p><img src="{file["download_url"]}"></p>'
    describe_in_aha(system, ref, "<p>Loud</p>" + picture)
    system.aha.send("POST", f"/features/{ref.id}/comments", {"comment": {"body": "<p>See</p>" + picture}})
    look(system, ref)
    assert desk.in_jira() == [("plan.png", PICTURE)]
    assert_shown_in_jira(system, desk, "plan.png")
    (comment,) = system.issue(desk.key)["comment"]["comments"]
    assert system.aha_at.address not in comment["body"].partition("plan")[2]
    assert_quiet(system, ref)
    assert desk.in_aha() == [("plan.png", PICTURE)]


def test_a_picture_that_is_taken_out_and_put_back_is_never_doubled(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    shown = f'<p>Loud</p><p><img src="{file["download_url"]}"></p>'
    describe_in_aha(system, ref, shown)
    look(system, ref)
    describe_in_aha(system, ref, "<p>Loud</p>")
    look(system, ref)
    assert "plan" not in stored(system, desk)
    assert "media" not in stored(system, desk)
    assert desk.in_jira() == [("plan.png", PICTURE)], "the file still hangs on both records"
    describe_in_aha(system, ref, shown)
    look(system, ref)
    assert_shown_in_jira(system, desk, "plan.png")
    assert desk.in_jira() == [("plan.png", PICTURE)]
    assert_quiet(system, ref)


def test_a_picture_that_is_changed_is_the_new_file(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    describe_in_aha(system, ref, f'<p>Loud</p><p><img src="{file["download_url"]}"></p>')
    look(system, ref)
    fresh = desk.put_in_aha("plan 2.png", PICTURE + b"newer")
    describe_in_aha(system, ref, f'<p>Loud</p><p><img src="{fresh["download_url"]}"></p>')
    look(system, ref)
    assert_shown_in_jira(system, desk, "plan 2.png")
    assert desk.in_jira() == [("plan.png", PICTURE), ("plan 2.png", PICTURE + b"newer")]
    assert_quiet(system, ref)


def test_a_picture_whose_file_is_gone_is_told_by_name(system: System, ref: Ref, desk: Desk) -> None:
    """Its file was deleted in Jira just when its text was edited in Aha!; the other was never there."""
    file = desk.put_in_aha("plan.png", PICTURE)
    describe_in_aha(system, ref, f'<p>Loud</p><p><img src="{file["download_url"]}"></p>')
    look(system, ref)
    (copy,) = system.issue(desk.key)["attachment"]
    system.jira.send("DELETE", f"/attachment/{copy['id']}")
    describe_in_aha(system, ref, f'<p>Louder</p><p>see <img src="{file["download_url"]}"></p>')
    look(system, ref)
    assert "Louder" in stored(system, desk)
    assert file["download_url"] in stored(system, desk), "the words lead to the original"
    assert desk.in_aha() == [("plan.png", PICTURE)]
    if system.flavour == "dc":
        system.jira.edit(desk.key, description="Loud !lost.png! and !lost.jpg|alt=a bell!")
    else:
        lost = {"type": "file", "id": "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab", "collection": ""}
        media = [{"type": "media", "attrs": {**lost, **more}} for more in ({}, {"alt": "a bell"})]
        content = [{"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [one]} for one in media]
        body = {"fields": {"description": {"type": "doc", "version": 1, "content": content}}}
        desk.jira.put(f"{system.jira_at.address}/rest/api/3/issue/{desk.key}", json=body).raise_for_status()
    look(system, ref)
    first = "lost.png" if system.flavour == "dc" else "picture"
    assert [f'alt="{word}"' in in_aha(desk) for word in (first, "a bell")] == [True, True]
    assert_quiet(system, ref)
