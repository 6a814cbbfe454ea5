"""Files of a custom field of a feature hang on its issue where a line of the mapping says so; the API takes them there
by the id of the field's value (https://www.aha.io/api, resources, attachments)."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.merge.records import Ref
from crosswalk.sync.mapping import MappingRefused
from tests.path.files import PICTURE, Desk
from tests.path.looking import assert_quiet, look
from tests.path.system import System
from tests.path.test_fields import line
from tests.path.test_pictures import assert_shown_in_jira

FIELD = line("Design files", "custom:design_files", "attachment", "to jira")
NOTE = line("Criteria", "custom:acceptance_criteria", "customfield_10032")


def value(system: System, ref: Ref, key: str) -> dict[str, Any]:
    """The value of a custom field."""
    customs = system.aha.record("features", ref.key)["custom_fields"]
    return next(one for one in customs if one["key"] == key)


def put(system: System, desk: Desk, name: str, data: bytes, key: str = "design_files") -> dict[str, Any]:
    """Add a file to a custom field."""
    held = value(system, desk.ref, key)
    place = "custom_fields" if key == "acceptance_criteria" else "custom_field_values"
    got = desk.aha.post(f"/{place}/{held['id']}/attachments", files={"attachment[data]": (name, data, "image/png")})
    found: dict[str, Any] = got.raise_for_status().json()["attachment"]
    return found


def remap(system: System, *lines: dict[str, Any], removes: bool = False) -> None:
    mapping = system.integration.mapping
    own = [FIELD["jira"], NOTE["jira"]]
    kept = [one for one in mapping["fields"]["feature"] if one["jira"] not in own]
    parts = {**mapping["parts"], "attachment": {**mapping["parts"]["attachment"], "removes": removes}}
    system.remap(fields={**mapping["fields"], "feature": [*kept, *lines]}, parts=parts)


def test_they_hang_on_the_issue_where_a_line_says_so(system: System, ref: Ref, desk: Desk) -> None:
    put(system, desk, "plan.png", PICTURE)
    look(system, ref)
    assert desk.in_jira() == [], "no line, no files"
    remap(system, FIELD, removes=True)
    look(system, ref)
    assert desk.in_jira() == [("plan.png", PICTURE)]
    assert desk.in_aha() == [], "they stay in their field"
    assert_quiet(system, ref)
    remap(system, removes=True)
    look(system, ref)
    assert desk.in_jira() == [("plan.png", PICTURE)], "a line that goes removes nothing"


def test_they_are_removed_where_the_mapping_says_so(system: System, ref: Ref, desk: Desk) -> None:
    remap(system, FIELD, removes=True)
    first = put(system, desk, "one.png", b"1")
    put(system, desk, "two.png", b"2")
    look(system, ref)
    assert len(desk.in_jira()) == 2
    system.aha.send("DELETE", f"/attachments/{first['id']}")
    look(system, ref)
    ((name, _),) = desk.in_jira()
    assert name == "two.png"
    (issue_file,) = system.issue(desk.key)["attachment"]
    system.jira.send("DELETE", f"/attachment/{issue_file['id']}")
    look(system, ref)
    assert value(system, ref, "design_files")["attachments"] == []
    assert_quiet(system, ref)


def test_a_picture_in_a_note_comes_with_it(system: System, ref: Ref, desk: Desk) -> None:
    remap(system, NOTE)
    system.aha.put(f"/features/{ref.id}", {"feature": {"custom_fields": {"acceptance_criteria": "<p>It rings</p>"}}})
    look(system, ref)
    file = put(system, desk, "bell.png", PICTURE, "acceptance_criteria")
    text = f'<p>It rings</p><p><img src="{file["download_url"]}"></p>'
    system.aha.put(f"/features/{ref.id}", {"feature": {"custom_fields": {"acceptance_criteria": text}}})
    look(system, ref)
    assert desk.in_jira() == [("bell.png", PICTURE)]
    assert_shown_in_jira(system, desk, "bell.png", "customfield_10032")
    assert_quiet(system, ref)


def test_a_paragraph_of_its_own_shows_pictures_and_people_as_a_description_does(
    system: System, ref: Ref, desk: Desk
) -> None:
    remap(system, NOTE)
    desk.put_in_jira("horn.png", PICTURE)
    system.aha.put(f"/features/{ref.id}", {"feature": {"assigned_to_user": "alice@example.com"}})
    look(system, ref)
    alice = system.issue(desk.key)["assignee"]
    if system.flavour == "cloud":
        media = {"type": "file", "id": "0a1b2c3d-aaaa-bbbb-cccc-0123456789ab", "collection": "", "alt": "horn.png"}
        single = {"type": "mediaSingle", "attrs": {"layout": "center"}, "content": [{"type": "media", "attrs": media}]}
        mention = {"type": "mention", "attrs": {"id": alice["accountId"], "text": "@somebody"}}
        blocks = [single, {"type": "paragraph", "content": [mention]}]
        body = {"fields": {"customfield_10032": {"type": "doc", "version": 1, "content": blocks}}}
        desk.jira.put(f"{system.jira_at.address}/rest/api/3/issue/{desk.key}", json=body).raise_for_status()
    else:
        system.jira.edit(desk.key, customfield_10032=f"!horn.png!\n\nAsk [~{alice['name']}]")
    look(system, ref)
    text = str(value(system, ref, "acceptance_criteria")["value"])
    assert desk.feature()["description"]["attachments"][0]["download_url"] in text.replace("&amp;", "&")
    assert "Alice Ng" in text
    assert_quiet(system, ref)


def test_a_line_that_can_not_work_says_so(system: System) -> None:
    mapping = system.integration.mapping
    fields = mapping["fields"]["feature"]
    off = {**mapping["parts"], "attachment": {**mapping["parts"]["attachment"], "direction": "off"}}
    for one, parts, said in (
        (FIELD, off, "files are not carried to Jira"),
        ({**FIELD, "direction": "both"}, mapping["parts"], "only shows “Design files”"),
    ):
        with pytest.raises(MappingRefused, match=said):
            system.remap(fields={**mapping["fields"], "feature": [*fields, one]}, parts=parts)
