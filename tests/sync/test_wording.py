"""What a change of a mapping changes, in the words and names of people."""

from __future__ import annotations

from typing import Any

import pytest

from crosswalk.aha import metadata as aha_metadata
from crosswalk.jira import metadata as jira_metadata
from crosswalk.sync import wording
from crosswalk.sync.mapping import SETTINGS, parse

TEAM = aha_metadata.CustomField("team", "Crew", "feature", "string")
SQUAD = jira_metadata.FieldInfo("customfield_7", "Squad")
NAMES = wording.names(
    aha_metadata.Metadata("1", "FAB", "Fable", custom_fields=(TEAM,)),
    jira_metadata.Metadata("https://jira.example", "1", "FAB", fields={SQUAD.id: SQUAD}),
)
TAGS = {"name": "Tags", "aha": "tags", "jira": "labels", "direction": "off", "conflict": "newest"}
STORY: dict[str, Any] = {"types": {"feature": {"type": "Story"}}}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {"types": {"feature": {"type": "Bug"}}}, ["Feature becomes in Jira: Story → Bug."]),
        (
            {},
            {"types": {**STORY["types"], "epic": {"type": "Epic", "relation": "epic"}}},
            [
                "Epic becomes in Jira: nothing → Epic.",
                "Epic, joined to its parent: as its child → by the epic link.",
            ],
        ),
        (
            {"types": {**STORY["types"], "epic": {"type": "Epic", "create": "off"}}},
            {},
            ["Epic becomes in Jira: Epic → nothing."],
        ),
        (
            {},
            {"types": {"feature": {"type": "Story", "create": "both", "removed": "delete"}}},
            [
                "Feature, new ones are made: the default → on both sides.",
                "Feature, deleted in Aha!: ask a person → delete it.",
            ],
        ),
        (
            {},
            {"types": {"feature": {"type": "Story", "by": "custom:team", "types": {"Ops": "Task"}}}},
            [
                "Feature, the field that chooses another type: nothing → Crew.",
                "Feature is in Jira, where that field is “Ops”: nothing → Task.",
            ],
        ),
        (
            {"fields": {"feature": [TAGS]}},
            {"fields": {"feature": [{**TAGS, "direction": "once to jira", "conflict": "ask"}]}},
            [
                "Tags of a feature, direction: off → to Jira, when made.",
                "Tags of a feature, when both changed: the newer change → a person decides.",
            ],
        ),
        (
            {"fields": {"feature": [TAGS]}},
            {"fields": {"feature": [{**TAGS, "name": "{Labels}", "options": {"a": "b"}}]}},
            ["{Labels} of a feature, name: Tags → {Labels}.", "{Labels} of a feature, option “a”: nothing → b."],
        ),
        ({}, {"fields": {"feature": [TAGS]}}, ["Tags of a feature is added (off)."]),
        ({"fields": {"feature": [TAGS]}}, {}, ["Tags of a feature is taken out."]),
        (
            {},
            {"constants": {"feature": {"customfield_7": "Blue"}}},
            ["Squad of a feature, always set in Jira: nothing → Blue."],
        ),
        (
            {"statuses": {"feature": {"Done": "Shipped"}}},
            {"statuses": {"feature": {"Done": "Closed"}}, "statuses_to_jira": {"feature": {"Closed": "Done"}}},
            [
                "Jira's status “Done” of a feature means in Aha!: Shipped → Closed.",
                "Aha!'s status “Closed” of a feature leads in Jira to: nothing → Done.",
            ],
        ),
        (
            {"parts": {"comment": {}}},
            {"parts": {"comment": {"direction": "to jira", "removes": True}}},
            ["Comments, direction: both ways → to Jira.", "Comments, removals follow: no → yes."],
        ),
        (
            {},
            {"imports": "all", "shared": True, "brake": {"share": 7}},
            [
                f"Issues that appear in Jira: {wording.BROUGHT['none']} → {wording.BROUGHT['all']}.",
                "A record may be in a pair of another integration, too: no → yes.",
                "Brake on deletes, Share of records, in %: as usual → 7.",
            ],
        ),
        (
            {},
            {"link": {"aha_field": "jira_url"}, "people": {"jira": "a@b.example"}, "screens": {"Resolution": "Done"}},
            [
                "Where a record of Aha! shows its issue, in the custom field with the key: nothing → jira_url.",
                "Given where a transition asks for Resolution: nothing → Done.",
                "Who stands in for people without an account in Jira: nothing → a@b.example.",
            ],
        ),
        (
            {},
            {"link_types": {"Depends on": "is blocked by"}},
            ["A link in Aha! called “Depends on” is in Jira: nothing → is blocked by."],
        ),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(before: dict[str, Any], after: dict[str, Any], said: list[str]) -> None:
    old, new = (parse({**STORY, **data}).as_data() for data in (before, after))
    assert list(wording.changes(old, new, NAMES)) == said
    assert list(wording.changes(new, new)) == []
    assert list(wording.changes(new, old)) != []


def test_every_setting_can_be_said() -> None:
    """A setting that has no sentence would change unseen."""
    changed = {
        **{name: {"feature": {"x": "y"}} for name in ("statuses", "statuses_to_jira", "constants")},
        **{name: {"x": "y"} for name in ("screens", "link_types")},
        "types": {"feature": {"type": "Bug"}},
        "fields": {"feature": [TAGS]},
        "link": {"aha_field": "x"},
        "parts": {"comment": {}},
        "people": {"aha": "a@b.example"},
        "imports": "all",
        "shared": True,
        "brake": {"least": 3},
    }
    assert set(changed) == set(SETTINGS)
    old = parse(STORY).as_data()
    for name, value in changed.items():
        new = parse({**STORY, name: value}).as_data()
        assert list(wording.changes(old, new)), name
