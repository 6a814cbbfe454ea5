"""Settings: enable and pause, webhook addresses, project data, mapping, plan."""

from __future__ import annotations

from typing import Any

MAPPING = {
    "types": {"feature": {"type": "Story"}, "release": {"type": "version"}},
    "fields": {
        "feature": [
            {"name": "Status", "aha": "workflow_status", "jira": "status", "direction": "to aha"},
            {"name": "Tier", "aha": "custom:tier", "jira": "customfield_1", "options": {"Tin": "Blech"}},
        ]
    },
    "constants": {"feature": {"priority": "Low"}},
    "statuses": {"feature": {"In Progress": "Under way"}},
    "parts": {"comment": {}, "link": {"direction": "to jira"}, "worklog": {}},
    "link_types": {"Depends on": "is blocked by"},
}


def test_addresses_to_copy_are_whole(client: Any, integration: Any) -> None:
    page = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    assert 'value="http://127.0.0.1:8400/hooks/jira/hook-Boats"' in page
    assert 'value="http://127.0.0.1:8400/hooks/aha/hook-Boats"' in page


def test_the_mapping_is_shown_in_words(client: Any, integration: Any) -> None:
    integration.mapping = MAPPING
    integration.save()
    page = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    for words in (
        "Feature",
        "Story",
        "workflow_status",
        "to Aha!",
        "the newer change",
        "In Progress",
        "Under way",
        "Blech",
        "priority = ",
        "Links to other records",
        "Work logged",
        "Depends on",
        "is blocked by",
    ):
        assert words in page


def test_where_records_are_made_is_said_in_sentences(client: Any, integration: Any) -> None:
    types = {
        "feature": {"type": "Story", "by": "workflow_kind", "types": {"Bug fix": "Bug"}},
        "epic": {"type": "Epic", "create": "off"},
        "requirement": {"type": "Sub-task", "removed": "mark"},
    }
    integration.mapping = {**MAPPING, "types": types}
    integration.save()
    page = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    for words in (
        "Where workflow_kind is “Bug fix”, it becomes Bug.",
        "Epic (off)</h3>",
        "Story</h3>",
        "Switched off: none is sent.",
        "New ones are made on both sides. When a requirement is deleted in Aha!, its issue gets the label",
    ):
        assert words in page


def test_a_mapping_that_can_not_be_used_is_said_not_hidden(client: Any, integration: Any) -> None:
    integration.mapping = {"types": {"feature": {"type": ""}}, "nonsense": 1}
    integration.save()
    page = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    assert "The mapping can not be used" in page


def test_pause(client: Any, integration: Any) -> None:
    answer = client.post(f"/integrations/{integration.pk}/enable/", {"enabled": "no"}, follow=True)
    assert b"Boats is paused." in answer.content
    integration.refresh_from_db()
    assert not integration.enabled


def test_what_can_not_be_enabled_says_why(client: Any, integration: Any) -> None:
    integration.enabled, integration.mapping = False, {}
    integration.save()
    answer = client.post(f"/integrations/{integration.pk}/enable/", {"enabled": "yes"}, follow=True)
    assert b"message error" in answer.content
    integration.refresh_from_db()
    assert not integration.enabled


def test_what_was_never_enabled_is_not_called_paused(client: Any, integration: Any) -> None:
    integration.enabled, integration.polled_at = False, None
    integration.save()
    page = client.get(f"/integrations/{integration.pk}/settings/").content.decode()
    assert "Not enabled yet</h2>" in page
    assert "only records that you send or that are already joined are touched, with what stands below them." in page
