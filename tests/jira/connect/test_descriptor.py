"""The descriptor fits Atlassian's schema."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs

from crosswalk.jira.connect_descriptor import descriptor
from tests.shared_files import shared

BASE = "https://crosswalk.example.com"


def test_it_fits_the_schema() -> None:
    schema = json.loads(shared("fixtures/connect/jira-connect-descriptor-schema.json").read_text("utf-8"))
    told: dict[str, Any] = descriptor("crosswalk-sync", BASE)
    # The schema is of about 2022 and knows only the first of the three; a site refuses none of the others.
    known = {"gdpr": told["apiMigrations"].pop("gdpr")}
    assert told["apiMigrations"] == {"signed-install": True, "context-qsh": True}
    # Without formats: the schema calls the lifecycle's addresses whole ones, and its own words "relative to baseUrl".
    judge = jsonschema_rs.validator_for(schema, validate_formats=False)
    judge.validate({**told, "apiMigrations": known})
    assert not judge.is_valid({**told, "apiMigrations": known, "key": "a b"})
