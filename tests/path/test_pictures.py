"""Pictures in texts: the file goes across once, and each side's text refers to its own copy of it."""

from __future__ import annotations

import json
from typing import Any

from crosswalk.merge.records import Ref
from tests.path.files import PICTURE, Desk
from tests.path.looking import assert_quiet, look, press_retry, warnings
from tests.path.system import System
from tests.path.test_refused_parts import allow


def describe_in_aha(system: System, ref: Ref, body: str) -> None:
    system.aha.put(f"/features/{ref.id}", {"feature": {"description": body}})


def in_aha(desk: Desk) -> str:
    return str(desk.feature()["description"]["body"])


def stored(system: System, desk: Desk, field: str = "description") -> Any:
    """A text of the issue as Jira keeps it: wiki markup, or the JSON of a document."""
    api = "3" if system.flavour == "cloud" else "2"
    got = desk.jira.get(f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}", params={"fields": field})
    text = got.raise_for_status().json()["fields"][field]
    return text if isinstance(text, str) else json.dumps(text)


def media_id(system: System, desk: Desk, attachment: str) -> str:
    """What documents call a file of Jira Cloud: it stands in the address that its content redirects to."""
    address = f"{system.jira_at.address}/rest/api/3/attachment/content/{attachment}"
    got = desk.jira.get(address, follow_redirects=False)
    return str(got.headers["location"]).partition("/file/")[2].partition("/")[0]


def assert_shown_in_jira(system: System, desk: Desk, name: str, field: str = "description") -> None:
    """The issue's text refers to the issue's own file `name`, and to nothing in Aha!."""
    text = stored(system, desk, field)
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


def test_a_picture_that_is_changed_in_jira_is_the_new_file(system: System, ref: Ref, desk: Desk) -> None:
    desk.put_in_jira("shot.png", PICTURE)
    show_in_jira(system, desk, "shot.png", "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab")
    look(system, ref)
    desk.put_in_jira("shot 2.png", PICTURE + b"newer")
    show_in_jira(system, desk, "shot 2.png", "0a1b2c3d-aaaa-bbbb-cccc-0123456789ac")
    look(system, ref)
    old, new = desk.feature()["description"]["attachments"]
    assert (new["download_url"] in in_aha(desk), old["download_url"] in in_aha(desk)) == (True, False)
    assert desk.in_aha() == [("shot.png", PICTURE), ("shot 2.png", PICTURE + b"newer")]
    assert_quiet(system, ref)
    show_in_jira(system, desk)
    look(system, ref)
    assert "<img" not in in_aha(desk)
    assert "Loud" in in_aha(desk)


def show_in_jira(system: System, desk: Desk, name: str = "", media: str = "") -> None:
    """An engineer writes a text that shows that file alone, or none."""
    if system.flavour == "dc":
        system.jira.edit(desk.key, description=f"Loud\n\n!{name}|width=300!" if name else "Loud")
        return
    attrs = {"type": "file", "id": media, "collection": "", "alt": name}
    single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": attrs}]}
    words = {"type": "paragraph", "content": [{"type": "text", "text": "Loud"}]}
    text = {"type": "doc", "version": 1, "content": [words, single] if name else [words]}
    address = f"{system.jira_at.address}/rest/api/3/issue/{desk.key}"
    desk.jira.put(address, json={"fields": {"description": text}}).raise_for_status()


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


def late(system: System, file: dict[str, Any], side: str) -> None:
    """The file can not be fetched until further notice."""
    path = f"^/attachments/{file['id']}/" if side == "aha" else rf"/attachment/(content/)?{file['id']}"
    system.fault(side, kind="status", status=503, method="GET", path_regex=path, times=0)


def said_in_jira(system: System, desk: Desk) -> list[str]:
    """The comments as Jira keeps them."""
    api = "3" if system.flavour == "cloud" else "2"
    got = desk.jira.get(f"{system.jira_at.address}/rest/api/{api}/issue/{desk.key}/comment").raise_for_status()
    return [json.dumps(one["body"]) for one in got.json()["comments"]]


def test_a_comment_whose_picture_comes_late_shows_it_afterwards(system: System, ref: Ref, desk: Desk) -> None:
    file = desk.put_in_aha("plan.png", PICTURE)
    late(system, file, "aha")
    body = f'<p>Look</p><p><img src="{file["download_url"]}"></p>'
    system.aha.send("POST", f"/features/{ref.id}/comments", {"comment": {"body": body}})
    look(system, ref)
    (before,) = said_in_jira(system, desk)
    assert file["download_url"] in before, "meanwhile a link"
    look(system, ref)
    assert said_in_jira(system, desk) == [before]
    system.jira.send("POST", f"/issue/{desk.key}/comment", {"body": "Go on"})
    look(system, ref)
    allow(system)
    system.pass_time(1000)
    system.drain()
    after, _ = said_in_jira(system, desk)
    (copy,) = system.issue(desk.key)["attachment"]
    assert file["download_url"] not in after
    assert (media_id(system, desk, copy["id"]) if system.flavour == "cloud" else "!plan.png!") in after
    assert system.aha.get(f"/features/{ref.id}/comments")["comments"][0]["body"] == body
    assert_quiet(system, ref)
    assert said_in_jira(system, desk)[0] == after
    assert len(said_in_jira(system, desk)) == 2


def test_a_file_that_is_deleted_before_it_came_changes_no_text(system: System, ref: Ref, desk: Desk) -> None:
    system.site.upload_limit = 500
    file = desk.put_in_aha("plan.png", PICTURE)
    body = f'<p>Look</p><p><img src="{file["download_url"]}"></p>'
    system.aha.send("POST", f"/features/{ref.id}/comments", {"comment": {"body": body}})
    describe_in_aha(system, ref, body)
    look(system, ref)
    before = [stored(system, desk), *said_in_jira(system, desk)]
    system.aha.send("DELETE", f"/attachments/{file['id']}")
    look(system, ref)
    assert [stored(system, desk), *said_in_jira(system, desk)] == before
    assert system.pair(ref).state == "agreed"
    assert_quiet(system, ref)


def picture(system: System, word: str) -> Any:
    """A word and the picture shot.png, as Jira's editors write them: markup, or a document that says its name."""
    if system.flavour == "dc":
        return f"{word}\n\n!shot.png!"
    media = {"type": "file", "id": "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab", "collection": "", "alt": "shot.png"}
    single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": media}]}
    return {"type": "doc", "version": 1, "content": [paragraph(word), single]}


def paragraph(word: str) -> Any:
    return {"type": "paragraph", "content": [{"type": "text", "text": word}]}


def test_texts_whose_picture_was_refused_show_it_after_retry(system: System, ref: Ref, desk: Desk) -> None:
    """Meanwhile nothing is written again and again, and an edit across beside the picture is no conflict."""
    settings = system.account.settings
    settings.upload_limit = 500
    desk.put_in_jira("shot.png", PICTURE)
    api = f"{system.jira_at.address}/rest/api/{'3' if system.flavour == 'cloud' else '2'}/issue/{desk.key}"
    desk.jira.post(f"{api}/comment", json={"body": picture(system, "Look")}).raise_for_status()
    desk.jira.put(api, json={"fields": {"description": picture(system, "See")}}).raise_for_status()
    look(system, ref)
    assert len(warnings(system, ref)) == 1
    assert_quiet(system, ref)
    describe_in_aha(system, ref, in_aha(desk).replace("See", "See here"))
    look(system, ref)
    assert "See here" in stored(system, desk)
    assert "shot.png" in stored(system, desk)
    assert len(warnings(system, ref)) == 1
    settings.upload_limit *= 1000
    assert press_retry(system, ref).state == "agreed"
    (copy,) = desk.feature()["description"]["attachments"]
    (comment,) = system.aha.get(f"/features/{ref.id}/comments")["comments"]
    for text in (in_aha(desk), comment["body"]):
        assert f'src="{copy["download_url"]}"' in text
    assert "See here" in in_aha(desk)
    assert_quiet(system, ref)


def test_a_picture_whose_file_was_removed_leaves_its_name(system: System, ref: Ref, desk: Desk) -> None:
    """Where removals of files follow: the other side's text shows no broken picture, and the rest of it stays."""
    attachment = {**system.integration.mapping["parts"]["attachment"], "removes": True}
    system.remap(parts={**system.integration.mapping["parts"], "attachment": attachment})
    one, two = desk.put_in_aha("one.png", PICTURE), desk.put_in_aha("two.png", PICTURE[::-1])
    words = {"First": one, "Second": two}
    shown = "".join(f'<p>{word} <img src="{file["download_url"]}"></p>' for word, file in words.items())
    describe_in_aha(system, ref, f"<p>Loud</p>{shown}")
    system.aha.send("POST", f"/features/{ref.id}/comments", {"comment": {"body": shown}})
    look(system, ref)
    listed = {entry["filename"]: entry for entry in system.issue(desk.key)["attachment"]}
    system.jira.send("DELETE", f"/attachment/{listed['one.png']['id']}")
    look(system, ref)
    assert [name for name, _ in desk.in_aha()] == ["two.png"]
    (comment,) = system.aha.get(f"/features/{ref.id}/comments")["comments"]
    for text in (in_aha(desk), comment["body"]):
        assert one["download_url"] not in text
        assert 'alt="one.png"' in text
        assert two["download_url"] in text
    assert_quiet(system, ref)
    media = media_id(system, desk, listed["two.png"]["id"]) if system.flavour == "cloud" else "!two.png"
    system.aha.send("DELETE", f"/attachments/{two['id']}")
    look(system, ref)
    assert desk.in_jira() == []
    (said,) = said_in_jira(system, desk)
    for text in (stored(system, desk), said):
        assert "two.png" in text
        assert two["download_url"] not in text
        assert media not in text
    assert_quiet(system, ref)
    assert system.pair(ref).state == "agreed"
