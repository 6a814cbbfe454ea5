"""A feature of the stand-in beside a recorded one that Aha!'s own Jira integration has touched: keys and types."""

from __future__ import annotations

import json
from typing import Any

from tests.sandbox.aha.conftest import Aha
from tests.shared_files import shared

# The recorded account has roll-up releases; the stand-in has none yet.
ABSENT = {"parent"}
# Filled here and empty there, or the reverse, or shown only when there is one.
EITHER = {"initial_estimate", "original_estimate", "initiative_reference_num", "epic_reference_num", "due_date"}
EITHER |= {"epic", "master_feature", "initiative", "assigned_to_user", "start_date", "key_results", "ended_at"}


def differences(ours: Any, recorded: Any, where: str = "") -> list[str]:
    """Where keys or types differ; lists are compared by their first item."""
    if isinstance(ours, dict) and isinstance(recorded, dict):
        odd = [f"{where}.{key}" for key in set(ours) ^ set(recorded) if key not in ABSENT | EITHER]
        shared_keys = (set(ours) & set(recorded)) - EITHER
        return odd + [fault for key in shared_keys for fault in differences(ours[key], recorded[key], f"{where}.{key}")]
    if isinstance(ours, list) and isinstance(recorded, list):
        return differences(ours[0], recorded[0], where) if ours and recorded else []
    numbers = isinstance(ours, int | float) and isinstance(recorded, int | float)
    return [] if numbers or type(ours) is type(recorded) else [f"{where}: {ours!r} and {recorded!r}"]


def test_a_feature_has_the_keys_and_types_of_the_recorded_one(aha: Aha) -> None:
    recorded = json.loads(shared("fixtures/aha/feature_with_jira_integration.json").read_text())["feature"]
    for path in ("/features/FAB-1", "/requirements/FAB-1-1"):
        fields = [
            {"name": "key", "value": "ROAD-1"},
            {"name": "url", "value": "https://jira.example.com/browse/ROAD-1"},
        ]
        aha.post(f"{path}/integrations/jira/fields", {"integration_fields": fields})
        aha.put(path, {path.split("/")[1][:-1]: {"custom_fields": {"acceptance_criteria": "<p>It rings</p>"}}})
    ours = aha.feature()
    note = [custom for custom in ours["custom_fields"] if custom["type"] == "note"]
    ours = {**ours, "custom_fields": note}
    requirement = {**ours["requirements"][0], "custom_fields": []}
    assert differences({**ours, "requirements": [requirement]}, recorded) == []
